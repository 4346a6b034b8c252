#!/usr/bin/env bash
# The processor time and the memory of tuner fleet over 10,000 hosts, in each format.
# usage: tests/bench/fleet.sh [HOSTS]
#
# Each host is a directory of its own, with hard links to one of 56 variants of the captured trees. Only
# what the fleet opens is there, by a trace of it: the other thousand files of a snapshot are never
# looked at, and 10,000 times as many would need a file system of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${TUNER:-$PWD/build/release/tuner}
hosts=${1:-10000}

# room DIRECTORY: whether it has a million inodes and 2 GiB left. Not every file system counts inodes.
room() {
  [ -w "$1" ] || return 1
  local inodes kib
  inodes=$(df --output=iavail "$1" | tail -n 1)
  kib=$(df --output=avail "$1" | tail -n 1)
  { [ "$inodes" -eq 0 ] || [ "$inodes" -gt 1000000 ]; } && [ "$kib" -gt 2097152 ]
}

for directory in /dev/shm "${TMPDIR:-/tmp}"; do
  if room "$directory"; then break; fi
  directory=
done
[ -n "$directory" ] || {
  echo 'skipped: no directory has room for the hosts'
  exit 77
}
scratch=$(mktemp -d "$directory/tuner-fleet-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# What it opens of a host, whichever of the captured ones it is.
strace -f -e trace=openat2 -o "$scratch/trace" "$program" fleet tests/hosts >/dev/null || true
sed -nE 's/.*openat2\([0-9]+, "([^"]+)".*\) = [0-9]+$/\1/p' "$scratch/trace" |
  sort -u >"$scratch/opened"

/usr/bin/python3 - "$scratch" "$hosts" <<'PYTHON'
import os
import sys
import time
from pathlib import Path

TREES = Path("tests/hosts")
# What makes variants of a captured tree: one file each, the first is as it was.
CHANGES = ({}, {"proc/sys/net/core/somaxconn": "128\n"},
           {"proc/sys/net/ipv4/tcp_timestamps": "0\n"}, {"proc/sys/net/core/somaxconn": "8192\n"},
           {"proc/sys/net/ipv4/tcp_tw_recycle": "1\n"},
           {"proc/sys/net/ipv4/tcp_mem": "50331648\t67108864\t100663296\n"},
           {"proc/sys/net/ipv4/tcp_fin_timeout": "15\n"},
           {"proc/sys/net/core/rmem_default": "253952\n"})


def make_variant(tree, opened, changes, target):
    for path in (*opened, *changes):
        source, copy = tree / path, target / path
        if path in changes or source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(changes[path].encode() if path in changes else source.read_bytes())


def contents(variant):
    """Its directories, parents first, and its files."""
    directories, files = [], []
    for directory, _, names in os.walk(variant):
        inner = os.path.relpath(directory, variant)
        directories.append(inner)
        files += [os.path.join(inner, name) for name in names]
    return directories, files


def main():
    scratch, count = Path(sys.argv[1]), int(sys.argv[2])
    opened = (scratch / "opened").read_text().split()
    variants = []
    for tree in sorted(path for path in TREES.iterdir() if path.is_dir()):
        for changes in CHANGES:
            target = scratch / f"variants/{len(variants)}"
            make_variant(tree, opened, changes, target)
            variants.append((target, *contents(target)))
    begun, linked, made = time.monotonic(), 0, 0
    (scratch / "hosts").mkdir()
    for number in range(count):
        source, directories, files = variants[number % len(variants)]
        host = scratch / f"hosts/host{number:05}"
        for directory in directories:
            os.mkdir(os.path.join(host, directory) if directory != "." else host)
        for file in files:
            os.link(os.path.join(source, file), os.path.join(host, file))
        linked, made = linked + len(files), made + len(directories)
    print(f"{count} hosts of {len(variants)} variants: {made} directories, {linked} links, made in "
          f"{time.monotonic() - begun:.1f} s below {scratch.parent}")


main()
PYTHON

failed=0
for format in text json html; do
  status=0
  figures=$(/usr/bin/time -q -f '%U %S %M' -o /dev/stdout "$program" fleet "$scratch/hosts" \
    --format "$format" -o "$scratch/report.$format") || status=$?
  read -r user system kib <<<"$figures"
  printf '%s hosts, %s: %s s user + %s s system (at most 10), %s MiB (at most 64), %s bytes\n' \
    "$hosts" "$format" "$user" "$system" $((kib / 1024)) "$(stat -c %s "$scratch/report.$format")"
  [ "$status" -eq 2 ] || failed=1
  awk -v u="$user" -v s="$system" -v k="$kib" 'BEGIN {exit !(u + s < 10 && k < 64 * 1024)}' ||
    failed=1
done
# It did look at all of them.
/usr/bin/python3 - "$scratch/report.json" "$hosts" <<'PYTHON' || failed=1
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
summary = document["summary"]
print(f"{summary}, {len(document['keys'])} keys differ")
sys.exit(not (summary["hosts"] == int(sys.argv[2]) == len(document["hosts"])
              and summary["unread"] == 0 and summary["with_error"] and summary["clean"]))
PYTHON
exit "$failed"
