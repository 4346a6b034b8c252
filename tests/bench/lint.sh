#!/usr/bin/env bash
# Linting 10,000 files of 100 lines: processor time, and whether memory grows with their number.
# usage: tests/bench/lint.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$PWD/build/release/tuner
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

/usr/bin/python3 - "$scratch" <<'PYTHON'
import os
import random
import sys

LINES = ["net.ipv4.tcp_fin_timeout = 60", "net.core.somaxconn = 8192", "# words of a comment", "",
         "net.ipv4.tcp_rmem = 4096\t131072\t67108864", "net.ipv4.conf.eth0.rp_filter = 2",
         "vm.swappiness = 10", "net.ipv4.tcp_keepalive_time = 600", "kernel.pid_max = 4194304",
         "net.ipv4.ip_local_port_range = 32768 60999", "net.core.rmem_max=67108864",
         "net.ipv4.tcp_syncookies = 1  # on", "net.ipv4.tcp_tw_reuse = 1"]
chance = random.Random(1)
for directory, count in (("few", 100), ("many", 10000)):
    os.mkdir(f"{sys.argv[1]}/{directory}")
    for number in range(count):
        with open(f"{sys.argv[1]}/{directory}/{number:05}.conf", "w", encoding="ascii") as file:
            file.writelines(chance.choice(LINES) + "\n" for _ in range(100))
PYTHON

# measure DIRECTORY: "SECONDS KIB", processor time and peak memory.
measure() {
  /usr/bin/time -q -f '%U %S %M' "$program" lint "$scratch/$1" 2>&1 >/dev/null |
    awk '{print $1 + $2, $3}'
}

read -r _ small < <(measure few)
read -r seconds large < <(measure many)
printf '10,000 files of 100 lines: %s s of processor time (at most 2)\n' "$seconds"
printf 'memory: %s KiB for 100 files, %s KiB for 10,000 (at most 1.25 times)\n' "$small" "$large"
awk -v s="$seconds" -v a="$small" -v b="$large" 'BEGIN {exit !(s < 2 && b <= a * 1.25)}'
