#!/usr/bin/env bash
# run.sh CACHE TUNER TREES: compares the models with the real readers, which are fetched to CACHE. Ends
# with 77, which ctest shows as skipped, where they cannot be had or namespaces cannot be made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ "$(id -u)" -eq 0 ] || skip 'namespaces need root'
unshare --net --mount true 2>/dev/null || skip 'no namespace can be made here'
"$here/../fetch.sh" "$1" readers || skip 'the packages of the readers cannot be fetched'
/usr/bin/python3 -B "$here/test_vectors.py" "$1/readers" "$here/../vectors/sysctl_d.json"
exec /usr/bin/python3 -B "$here/compare.py" --readers "$1/readers" --tuner "$2" --trees "$3" \
  --strace-every 10
