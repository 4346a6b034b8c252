#!/usr/bin/env bash
# run.sh DIR TUNER_BUILD [OPTION...]: runs test_power.py with these options on a machine with this
# build of tuner, or test_quiet.py where the first is --quiet; DIR keeps the image. Ends with 77, which ctest shows as skipped, where such a
# machine cannot be made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
unavailable=75 # of image.sh
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ $# -ge 2 ] || {
  printf 'usage: run.sh DIR TUNER_BUILD [OPTION...]\n' >&2
  exit 64
}
[ "$(id -u)" -eq 0 ] || skip 'making an image needs root'
for tool in qemu-system-x86_64 debootstrap mke2fs setpriv; do
  command -v "$tool" >/dev/null || skip "needs $tool"
done
status=0
image=$("$here/image.sh" "$1" "$2") || status=$?
[ "$status" -ne "$unavailable" ] || skip 'the parts of the machine cannot be fetched'
[ "$status" -eq 0 ] || exit "$status"
if [ "${3-}" = --quiet ]; then
  # shellcheck source=../packages.sh
  . "$here/../packages.sh"
  find_mirror
  exec /usr/bin/python3 -B "$here/test_quiet.py" --image "$image" --mirror "$uri" "${@:4}"
fi
exec /usr/bin/python3 -B "$here/test_power.py" --image "$image" "${@:3}"
