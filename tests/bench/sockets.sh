#!/usr/bin/env bash
# The time of tuner sockets beside ss and beside a bare dump of the same sockets, turn by turn in a
# namespace of its own: with 400,000 in TIME_WAIT, then with 48,000 in 400 processes, and with 100,000
# connected ones.
# usage: tests/bench/sockets.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-7}
mkdir -p build/bench
for tool in bare_dump time_wait; do
  cc -O2 -Wall -Wextra -pthread -o "build/bench/$tool" "tests/bench/$tool.c"
done
TUNER=${TUNER:-$PWD/build/release/tuner} \
  exec /usr/bin/python3 -B tests/bench/sockets.py "$PWD/build/bench" "$rounds"
