# Installs the engine as built into a fresh folder, then configures, builds and
# runs a project that knows it only as find_package(qualgraph). Boost, Eigen and
# nlohmann/json are hidden from that project: it must not need them.
cmake_minimum_required(VERSION 3.24)

function(run)
  execute_process(
    COMMAND ${ARGV}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE text
    ERROR_VARIABLE text)
  if(NOT result EQUAL 0)
    string(JOIN " " command ${ARGV})
    message(FATAL_ERROR "failed (${result}): ${command}\n${text}")
  endif()
  set(text "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${BINARY}")
run("${CMAKE_COMMAND}" --install "${ENGINE_BINARY}" --config "${CONFIG}" --prefix "${BINARY}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BINARY}/build" -G "${GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DCMAKE_PREFIX_PATH=${BINARY}/prefix" -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON
    -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
run("${CMAKE_COMMAND}" --build "${BINARY}/build" --config "${CONFIG}")
run("${CMAKE_COMMAND}" --build "${BINARY}/build" --config "${CONFIG}" --target run_consumer)
message(STATUS "${text}")
