#!/usr/bin/env bash
# One way in which a user reaches rondo, tried with the small program beside this script.
#   check.sh prefix|find_package|pkg_config|add_subdirectory BUILD_DIR STAGE_DIR
# prefix: installs BUILD_DIR into STAGE_DIR/prefix and moves that once, as an installed tree may be.
# find_package, pkg_config: build and run the program against it.
# add_subdirectory: configures a project with rondo's sources inside and compiles the program there. Linking would build
# the library once more; FULL=1 does that, and installs from there too.
# Exits with 77, a skip, where pkg-config is missing.
set -euo pipefail

way=$1 build=$2 stage=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_dir=$(cd "$here/../.." && pwd)
cmake=${CMAKE:-cmake}
cxx=${CXX:-g++}
prefix=$stage/moved

configure() {  # configure NAME [cmake arguments...]
  local name=$1
  shift
  rm -rf "${stage:?}/$name"
  "$cmake" -S "$here/$name" -B "$stage/$name" -G "${GENERATOR:-Ninja}" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_COMPILER="$cxx" "$@"
}

run() {  # run PROGRAM: the program and what it must print
  local got
  got=$("$@")
  printf '%s\n' "$got"
  diff <(printf '%s\n' "$got") "$here/expected.txt"
}

case $way in
  prefix)
    rm -rf "${stage:?}/prefix" "$prefix"
    "$cmake" --install "$build" --prefix "$stage/prefix" >/dev/null
    mv "$stage/prefix" "$prefix"
    leftovers=$(grep -rlF -e "$build" -e "$source_dir" "$prefix" --include='*.cmake' --include='*.pc' --include='*.h' || true)
    if [ -n "$leftovers" ]; then
      echo "installed files that name the build or source folder: $leftovers"
      exit 1
    fi
    if find "$prefix" -name '*-inl.h' | grep -q .; then
      echo "installed headers that only the sources may include:"
      find "$prefix" -name '*-inl.h'
      exit 1
    fi
    ;;
  find_package)
    configure find_package -DCMAKE_PREFIX_PATH="$prefix"
    "$cmake" --build "$stage/find_package"
    run "$stage/find_package/program"
    ;;
  pkg_config)
    command -v pkg-config >/dev/null || { echo "skipped: pkg-config is not installed"; exit 77; }
    pc_dir=$(dirname "$(find "$prefix" -name rondo.pc)")
    export PKG_CONFIG_PATH=$pc_dir
    static=()
    compgen -G "$pc_dir/../librondo.a" >/dev/null && static=(--static)
    mkdir -p "$stage/pkg_config"
    # shellcheck disable=SC2046
    "$cxx" -O1 $(pkg-config --cflags rondo) "$here/program.cpp" -o "$stage/pkg_config/program" \
      $(pkg-config "${static[@]}" --libs rondo) -Wl,-rpath,"$pc_dir/.."
    run "$stage/pkg_config/program"
    ;;
  add_subdirectory)
    if [ "${FULL:-0}" = 1 ]; then
      configure add_subdirectory -DRONDO_SOURCE_DIR="$source_dir" -DRONDO_INSTALL=ON "${@:4}"
      "$cmake" --build "$stage/add_subdirectory"
      run "$stage/add_subdirectory/program"
    else
      configure add_subdirectory -DRONDO_SOURCE_DIR="$source_dir"
      "$cmake" --build "$stage/add_subdirectory" --target program_object
    fi
    ;;
  *)
    echo "check.sh: unknown way '$way'; need prefix, find_package, pkg_config or add_subdirectory"
    exit 2
    ;;
esac
