# Everything Qualgraph needs comes from an installed package. Nothing is
# downloaded while configuring: a build must give the same result without a
# network, and nobody here vouches for archives fetched behind the builder's
# back. What is missing is reported once, all of it together, with the name it
# has in the usual package managers.

set(QUALGRAPH_MISSING "")

# qualgraph_require(<what> FOUND <condition> DEBIAN .. HOMEBREW .. VCPKG .. CONDA ..)
# remembers <what> as missing when <condition> is false.
function(qualgraph_require what)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOUND;DEBIAN;HOMEBREW;VCPKG;CONDA" "")
  if(NOT arg_FOUND)
    string(
      APPEND QUALGRAPH_MISSING
      "\n  ${what}\n"
      "    Debian, Ubuntu  ${arg_DEBIAN}\n"
      "    Homebrew        ${arg_HOMEBREW}\n"
      "    vcpkg           ${arg_VCPKG}\n"
      "    conda-forge     ${arg_CONDA}\n")
    set(QUALGRAPH_MISSING "${QUALGRAPH_MISSING}" PARENT_SCOPE)
  endif()
endfunction()

# Only the headers of Boost are used. Its own package file is asked for rather
# than CMake's FindBoost, which newer versions of CMake have removed.
find_package(Boost 1.74 CONFIG QUIET)
qualgraph_require(
  "Boost headers, 1.74 or newer"
  FOUND "${Boost_FOUND}"
  DEBIAN "apt-get install libboost-dev"
  HOMEBREW "brew install boost"
  VCPKG "vcpkg install boost-graph boost-multiprecision"
  CONDA "conda install -c conda-forge libboost-headers")

# Eigen's package file refuses a request for another major version, and the
# release after 3.4 is called 5.0; both serve.
find_package(Eigen3 3.4 CONFIG QUIET)
if(NOT Eigen3_FOUND)
  find_package(Eigen3 5 CONFIG QUIET)
endif()
qualgraph_require(
  "Eigen, 3.4 or newer"
  FOUND "${Eigen3_FOUND}"
  DEBIAN "apt-get install libeigen3-dev"
  HOMEBREW "brew install eigen"
  VCPKG "vcpkg install eigen3"
  CONDA "conda install -c conda-forge eigen")

find_package(nlohmann_json 3.10 CONFIG QUIET)
qualgraph_require(
  "nlohmann/json, 3.10 or newer"
  FOUND "${nlohmann_json_FOUND}"
  DEBIAN "apt-get install nlohmann-json3-dev"
  HOMEBREW "brew install nlohmann-json"
  VCPKG "vcpkg install nlohmann-json"
  CONDA "conda install -c conda-forge nlohmann_json")

find_package(Threads QUIET)

if(QUALGRAPH_BUILD_TESTS)
  find_package(Catch2 2.13 CONFIG QUIET)
  if(NOT Catch2_FOUND)
    find_package(Catch2 3 CONFIG QUIET)
  endif()
  qualgraph_require(
    "Catch2, 2.13 or newer (for the tests; -DQUALGRAPH_BUILD_TESTS=OFF does without)"
    FOUND "${Catch2_FOUND}"
    DEBIAN "apt-get install catch2"
    HOMEBREW "brew install catch2"
    VCPKG "vcpkg install catch2"
    CONDA "conda install -c conda-forge catch2")
endif()

if(QUALGRAPH_BUILD_PYTHON)
  set(PYBIND11_FINDPYTHON ON)
  find_package(Python 3.10 COMPONENTS Interpreter Development.Module QUIET)
  qualgraph_require(
    "Python, 3.10 or newer, with its headers"
    FOUND "${Python_FOUND}"
    DEBIAN "apt-get install python3-dev"
    HOMEBREW "brew install python"
    VCPKG "vcpkg install python3"
    CONDA "conda install -c conda-forge python")
  # When pip builds the wheel it has put pybind11 on the search path already.
  # Otherwise the interpreter knows where its own copy keeps the CMake files.
  find_package(pybind11 3 CONFIG QUIET)
  if(NOT pybind11_FOUND AND Python_FOUND)
    execute_process(
      COMMAND "${Python_EXECUTABLE}" -m pybind11 --cmakedir
      OUTPUT_VARIABLE pybind11_HINT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(pybind11_HINT)
      find_package(pybind11 3 CONFIG QUIET PATHS "${pybind11_HINT}" NO_DEFAULT_PATH)
    endif()
  endif()
  qualgraph_require(
    "pybind11, 3.0 or newer (for the Python module; -DQUALGRAPH_BUILD_PYTHON=OFF does without)"
    FOUND "${pybind11_FOUND}"
    DEBIAN "python3 -m pip install 'pybind11>=3' in a virtual environment (the Debian package is older)"
    HOMEBREW "brew install pybind11"
    VCPKG "vcpkg install pybind11"
    CONDA "conda install -c conda-forge pybind11")
endif()

if(QUALGRAPH_MISSING)
  message(FATAL_ERROR "Qualgraph needs packages that were not found.\n${QUALGRAPH_MISSING}\n"
                      "If a package is installed in a place of its own, name that place with -DCMAKE_PREFIX_PATH=...")
endif()
