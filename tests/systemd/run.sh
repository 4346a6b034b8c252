#!/usr/bin/env bash
# run.sh CACHE TUNER: the timers of this build under the real systemd of two releases, each in a
# container of its own. Ends with 77, which ctest shows as skipped, where that cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ "$(id -u)" -eq 0 ] || skip 'namespaces need root'
grep -qw overlay /proc/filesystems || skip 'the kernel has no overlay'
unshare --net --mount --pid --fork --cgroup true 2>/dev/null || skip 'no namespace can be made here'
"$here/../fetch.sh" "$1" readers || skip 'systemd cannot be fetched'
TUNER=$2 exec /usr/bin/python3 -B "$here/test_timers.py" "$1/readers"
