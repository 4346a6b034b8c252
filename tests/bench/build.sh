#!/usr/bin/env bash
# What a clean build costs in processor time, in all and for 1,000 lines, beside a yardstick in the same
# run: ninja, or where its source is out of reach one of our units ten times; the dearest units and headers. Fails where a unit costs more than 6 s.
# usage: tests/bench/build.sh [COMMIT]: the build of COMMIT too.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=../packages.sh
. tests/packages.sh
scratch=$(mktemp -d)
trap 'git worktree prune; rm -rf "$scratch"' EXIT

# compile NAME SOURCE [CMAKE OPTION...]: a clean build; the cost of each unit is added to NAME.units.
compile() {
  rm -rf "${scratch:?}/$1"
  printf '#!/bin/sh\nexec /usr/bin/time -a -o "%s" -f "%%U %%S %%M %%C" "$@"\n' \
    "$scratch/$1.units" >"$scratch/$1.timed"
  chmod +x "$scratch/$1.timed"
  logged "$scratch/log" 1 "cannot configure $1" env -C "$2" cmake -B "$scratch/$1" \
    -DCMAKE_CXX_COMPILER_LAUNCHER="$scratch/$1.timed" "${@:3}"
  logged "$scratch/log" 1 "cannot build $1" cmake --build "$scratch/$1"
}

# fetch_yardstick: ninja's own source, of Debian's source package.
fetch_yardstick() {
  find_mirror
  open_suite "$scratch/apt" bookworm
  printf 'deb-src [signed-by=%s] %s bookworm main\n' "$keyring" "$uri" >>"$scratch/apt/sources.list"
  logged "$scratch/log" $unavailable 'cannot get the list of sources' apt-get "${apt[@]}" update
  logged "$scratch/log" $unavailable "cannot get ninja's source" \
    env -C "$scratch" apt-get "${apt[@]}" source --download-only ninja-build
  tar -xf "$scratch"/ninja-build_*.orig.tar.gz -C "$scratch/yardstick" --strip-components=1
}

ours=(--preset release -DTUNER_TESTS=OFF)
mkdir "$scratch/yardstick"
if (fetch_yardstick); then
  yardstick=(compile ninja "$scratch/yardstick" -G Ninja -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Release)
else
  yardstick=(true)
fi
for _ in 1 2; do
  "${yardstick[@]}"
  compile tuner "$PWD" "${ours[@]}"
done
if [ $# -gt 0 ]; then
  git worktree add -q --detach "$scratch/before" "$1"
  compile before-build "$scratch/before" "${ours[@]}"
  find "$scratch"/before/{src,include} -name '*.[ch]pp' -exec cat {} + | wc -l >"$scratch/before.lines"
  git worktree remove --force "$scratch/before"
fi
/usr/bin/python3 -B tests/bench/build.py "$scratch"
