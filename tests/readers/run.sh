#!/usr/bin/env bash
# run.sh DIR TUNER TREES: holds the models against the real readers, which are fetched to DIR. Ends
# with 77, which ctest shows as skipped, where they cannot be had or namespaces cannot be made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ "$(id -u)" -eq 0 ] || skip 'namespaces need root'
unshare --net --mount true 2>/dev/null || skip 'no namespace can be made here'
"$here/fetch.sh" "$1" || skip 'the packages of the readers cannot be fetched'
/usr/bin/python3 -B "$here/test_vectors.py" "$1" "$here/../vectors/sysctl_d.json"
exec /usr/bin/python3 -B "$here/compare.py" --readers "$1" --tuner "$2" --trees "$3" \
  --strace-every 10
