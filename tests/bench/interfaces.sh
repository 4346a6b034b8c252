#!/usr/bin/env bash
# The time of an audit among 2,000 veth pairs beside one with lo alone, turn by turn in namespaces
# of their own. usage: tests/bench/interfaces.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
TUNER=${TUNER:-$PWD/build/release/tuner} \
  exec /usr/bin/python3 -B tests/bench/interfaces.py "${1:-15}"
