#!/usr/bin/env bash
# cross.sh DIR SOURCE...: tuner and what each SOURCE is, for the ppc64le machine, built below
# DIR/build-ppc64le with Debian's cross compiler and the libraries of that architecture, which are
# fetched once to DIR/libraries-ppc64le. Builds what changed. Ends with 75 where the mirror is out of
# reach or the compiler is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source_directory=$(readlink -f "$here/../../..")
umask 022
# shellcheck source=../../packages.sh
. "$here/../../packages.sh"

suite=bookworm
compiler=powerpc64le-linux-gnu-g++
libraries=(libboost-program-options1.74-dev libboost-program-options1.74.0 libboost1.74-dev
  libexpected-dev libfmt-dev libfmt9 libmd-dev libmd0 libmnl-dev libmnl0 libtomlplusplus-dev
  libtomlplusplus3 nlohmann-json3-dev)

# fetch_libraries DIRECTORY
fetch_libraries() {
  find_mirror
  work=$(mktemp -d "$target/.cross-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  open_suite "$work" "$suite" ppc64el
  download "$work" "${libraries[@]}"
  unpack "$work/root" "$work"/*.deb
  mv "$work/root" "$1"
}

[ $# -ge 2 ] || die 64 'usage: cross.sh DIR SOURCE...'
need_tools apt-get dpkg-deb $compiler cmake flock ninja pkg-config
mkdir -p "$1"
target=$(readlink -f "$1")
exec 9>"$target/lock"
flock 9
rm -rf "$target"/.cross-* # of a run that was killed
export CROSS_LIBRARIES=$target/libraries-ppc64le
build=$target/build-ppc64le
[ -d "$CROSS_LIBRARIES" ] || fetch_libraries "$CROSS_LIBRARIES"
mkdir -p "$build"
logged "$build/configure.log" 1 'cannot configure' \
  cmake -S "$source_directory" -B "$build" -G Ninja -DTUNER_TESTS=OFF -DBoost_USE_STATIC_LIBS=ON \
  -DCMAKE_TOOLCHAIN_FILE="$here/powerpc64le.cmake" -DCMAKE_BUILD_TYPE=
logged "$build/build.log" 1 'cannot build' cmake --build "$build" --target tuner
for source in "${@:2}"; do
  program=$build/$(basename "$source" .cpp)
  if [ ! "$program" -nt "$source" ]; then
    logged "$program.log" 1 "cannot build $source" \
      $compiler -O2 -std=c++20 -static -o "$program" "$source"
  fi
done
