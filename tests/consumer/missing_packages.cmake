# Configures Qualgraph while pretending that packages are absent. It must stop,
# and its one message must name every one of them for four package managers.
cmake_minimum_required(VERSION 3.24)

file(REMOVE_RECURSE "${BINARY}")
execute_process(
  COMMAND
    "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BINARY}" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON
    -DCMAKE_DISABLE_FIND_PACKAGE_Catch2=ON
  RESULT_VARIABLE result
  OUTPUT_VARIABLE text
  ERROR_VARIABLE text)

if(result EQUAL 0)
  message(FATAL_ERROR "configured although three packages are absent:\n${text}")
endif()
foreach(
  name IN
  ITEMS "libboost-dev"
        "brew install boost"
        "vcpkg install boost-graph"
        "libboost-headers"
        "libeigen3-dev"
        "brew install eigen"
        "vcpkg install eigen3"
        "-c conda-forge eigen"
        "apt-get install catch2")
  string(FIND "${text}" "${name}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "the message does not name \"${name}\":\n${text}")
  endif()
endforeach()
if(text MATCHES "nlohmann-json3-dev")
  message(FATAL_ERROR "the message names a package that is there:\n${text}")
endif()
