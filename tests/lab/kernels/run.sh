#!/usr/bin/env bash
# run.sh DIR TUNER_BUILD [OPTION...]: runs test_kernels.py with these options on this build of
# tuner; DIR keeps kernels, tools and what is built for other architectures. Ends with 77, which
# ctest shows as skipped, where the machines cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
unavailable=75 # of fetch.sh and cross.sh
sources=("$here/../flow.cpp" "$here/losses.cpp")
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

# prepared COMMAND...: or nothing can be tested.
prepared() {
  local status=0
  "$@" || status=$?
  [ "$status" -ne "$unavailable" ] || skip 'the parts of the machines cannot be had'
  [ "$status" -eq 0 ] || exit "$status"
}

# chosen OPTION...: the kernels that they name, or all.
chosen() {
  local kernels=()
  while [ $# -gt 0 ]; do
    case $1 in
    --kernel) kernels+=("${2-}") && shift ;;
    --kernel=*) kernels+=("${1#*=}") ;;
    esac
    shift
  done
  [ ${#kernels[@]} -gt 0 ] || kernels=(5.10 6.1 6.12 sid ppc64le)
  printf '%s\n' "${kernels[@]}"
}

[ $# -ge 2 ] || {
  printf 'usage: run.sh DIR TUNER_BUILD [OPTION...]\n' >&2
  exit 64
}
[ "$(id -u)" -eq 0 ] || skip 'the files of a machine belong to root'
for tool in cpio g++ setpriv qemu-system-x86_64; do
  command -v "$tool" >/dev/null || skip "needs $tool"
done
mkdir -p "$1"
for kernel in $(chosen "${@:3}"); do
  prepared "$here/fetch.sh" "$1" "$kernel"
  if [ "$kernel" = ppc64le ]; then
    command -v qemu-system-ppc64 >/dev/null || skip 'needs qemu-system-ppc64'
    prepared "$here/cross.sh" "$1" "${sources[@]}"
  fi
done
for source in "${sources[@]}"; do
  program=$(basename "$source" .cpp)
  if [ ! "$1/$program" -nt "$source" ]; then
    g++ -O2 -std=c++20 -static -o "$1/.$program-$$" "$source"
    mv "$1/.$program-$$" "$1/$program"
  fi
done
exec /usr/bin/python3 -B "$here/test_kernels.py" --cache "$1" --tuner "$2" --programs "$1" \
  "${@:3}"
