# Shell functions that tests/run and notebooks/start share: they bring a bare
# machine to the point where Qualgraph can be built. Sourced, never run.
#
# A caller has set `root` to the folder of the project.

venv="$root/build/venv"
timings=""

say() { printf '%s\n' "$*"; }

fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# step <title> <command...> : runs the command and remembers how long it took.
#
# It must be called as a plain command, never in a condition or before `||`:
# bash would then ignore a failure inside the command and carry on.
step() {
    current_step=$1
    local began=$SECONDS
    shift
    printf '\n== %s\n' "$current_step"
    "$@"
    timings+="$(printf '%5d s  %s' $((SECONDS - began)) "$current_step")"$'\n'
    current_step=""
}

current_step=""
trap '[[ -z $current_step ]] || printf "\nStopped in the step: %s\n" "$current_step" >&2' EXIT

# The folders in which a compiler of this machine would look for a package, as
# far as the environment tells.
has_header() {
    local path flags=()
    for path in ${CMAKE_PREFIX_PATH:+${CMAKE_PREFIX_PATH//[:;]/ }} ${CONDA_PREFIX:-} /usr /usr/local /opt/homebrew; do
        flags+=(-I "$path/include" -I "$path/include/eigen3")
    done
    "$cxx" -std=c++20 "${flags[@]}" -include "$1" -E -x c++ /dev/null >/dev/null 2>&1
}

find_compiler() {
    for cxx in ${CXX:-} c++ g++ clang++; do
        if command -v "$cxx" >/dev/null; then return 0; fi
    done
    cxx=""
    return 1
}

cmake_is_new_enough() {
    local version
    version=$(cmake --version 2>/dev/null | sed -n 's/^cmake version //p') || return 1
    [[ -n $version && $(printf '%s\n' 3.24 "$version" | sort -V | head -n 1) == 3.24 ]]
}

# A Python without ensurepip cannot make a virtual environment, one without its
# headers cannot compile a module; Debian packs both apart from the program.
python_can() {
    case $1 in
        venv) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
        headers) "$python" -c 'import os, sysconfig, sys
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' 2>/dev/null ;;
        version) "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null ;;
    esac
}

# Fills `missing` with Debian's names of what is not there yet.
# $1: "tests" when the C++ tests will be built too.
list_missing() {
    missing=()
    find_compiler || missing+=(g++)
    cmake_is_new_enough || missing+=(cmake)
    command -v ninja >/dev/null || missing+=(ninja-build)
    if [[ -z $cxx ]]; then
        # Nothing to ask yet; installing what is there already does no harm.
        missing+=(libboost-dev libeigen3-dev nlohmann-json3-dev)
        [[ $1 != tests ]] || missing+=(catch2)
    else
        has_header boost/graph/adjacency_list.hpp || missing+=(libboost-dev)
        has_header Eigen/Core || missing+=(libeigen3-dev)
        has_header nlohmann/json.hpp || missing+=(nlohmann-json3-dev)
        [[ $1 != tests ]] || has_header catch2/catch_test_macros.hpp || has_header catch2/catch.hpp || missing+=(catch2)
    fi
    command -v "$python" >/dev/null || missing+=(python3)
    python_can venv || missing+=(python3-venv)
    python_can headers || missing+=(python3-dev)
}

# Installs the missing system packages, or says which they are and stops.
system_packages() {
    local as_root=()
    list_missing "$1"
    if ((${#missing[@]} == 0)); then
        say "nothing to install"
    else
        if ! command -v apt-get >/dev/null; then
            fail "These are missing (by their Debian names): ${missing[*]}
Homebrew:    brew install boost eigen nlohmann-json catch2 cmake ninja python
conda-forge: conda install -c conda-forge cxx-compiler libboost-headers eigen nlohmann_json catch2 cmake ninja python"
        fi
        if ((EUID != 0)); then
            # Ask for a password only where somebody can type one.
            if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
                as_root=(sudo)
            else
                fail "These packages are missing, and only root may install them:
  apt-get install ${missing[*]}"
            fi
        fi
        # A compiler cache is worth having but never required: it comes along
        # when something is installed anyway.
        command -v ccache >/dev/null || missing+=(ccache)
        say "installing ${missing[*]}"
        local log="$root/build/apt.log"
        "${as_root[@]}" apt-get update >"$log" 2>&1 </dev/null || say "apt-get update failed; trying the lists at hand"
        if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
            tail -n 30 "$log" >&2
            fail "apt-get install ${missing[*]} failed; the whole output is in build/apt.log"
        fi
        find_compiler || fail "No C++ compiler was found."
    fi
    python_can version || fail "Qualgraph needs Python 3.10 or newer; $python is $("$python" --version 2>&1)."
}

# Makes build/venv, or takes the one that is there when it still works and
# belongs to the same Python.
virtual_environment() {
    local stamp
    stamp=$("$python" -c 'import sys; print(sys.version, sys.prefix)')
    if [[ -x $venv/bin/python && -f $venv/made-by && $(<"$venv/made-by") == "$stamp" ]]; then
        say "build/venv is there"
    else
        rm -rf "$venv"
        "$python" -m venv "$venv"
        # Dependency groups are understood by pip 25.1 and newer.
        "$venv/bin/python" -m pip install --quiet --upgrade "pip>=25.1"
        printf '%s\n' "$stamp" >"$venv/made-by"
    fi
    export PATH="$venv/bin:$PATH" VIRTUAL_ENV="$venv"
    unset PYTHONPATH PYTHONHOME
    # Where the system's CMake or Ninja is too old or could not be had, the ones
    # from PyPI serve.
    cmake_is_new_enough || "$venv/bin/python" -m pip install --quiet "cmake>=3.24"
    command -v ninja >/dev/null || "$venv/bin/python" -m pip install --quiet ninja
}

# Builds the wheel from this folder and installs it with its extras.
# $@: further arguments for pip, such as --group test.
#
# Without isolation and with a build folder that stays, so that a second run
# compiles only what has changed. pip always puts a package given as a folder
# in place anew, so what is installed is what is in the folder.
install_wheel() {
    "$venv/bin/python" -m pip install --quiet --group "$root/pyproject.toml:build"
    "$venv/bin/python" -m pip install --quiet --no-build-isolation \
        --config-settings=build-dir="$root/build/wheel" \
        --config-settings=cmake.define.QUALGRAPH_WERROR="${QUALGRAPH_WERROR:-OFF}" \
        "$@"
    "$venv/bin/qualgraph" --version
}

prepare() {
    mkdir -p "$root/build"
    python=${PYTHON:-python3}
    # The cache recognises a file in another clone, too.
    export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=true
    # All cores, also in the build that pip starts.
    export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(getconf _NPROCESSORS_ONLN)}"
}
