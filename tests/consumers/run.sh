#!/usr/bin/env bash
# run.sh CACHE SCREENSHOTS TUNER: lets the programs that tuner's formats are for read what it writes.
# They are fetched to CACHE, run in a chroot there and in namespaces of their own, and screenshots of the
# pages stay in SCREENSHOTS. Ends with 77, which ctest shows as skipped, where they cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ $# -eq 3 ] || {
  printf 'usage: run.sh CACHE SCREENSHOTS TUNER\n' >&2
  exit 64
}
space=(unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private)
[ "$(id -u)" -eq 0 ] || skip 'a chroot needs root'
"${space[@]}" true 2>/dev/null || skip 'no namespace can be made here'
"$here/../fetch.sh" "$1" consumers || skip 'the programs cannot be fetched'
mkdir -p "$2"
CONSUMERS=$(readlink -f "$1/consumers")
SCREENSHOTS=$(readlink -f "$2")
TUNER=$(readlink -f "$3")
TUNER_TEST_OUTSIDE=$(readlink /proc/self/ns/net)
export CONSUMERS SCREENSHOTS TUNER TUNER_TEST_OUTSIDE
exec "${space[@]}" /usr/bin/python3 -B -m unittest discover -s "$here" -t "$here"
