#!/usr/bin/env bash
# The processor time of an audit beside the bare reading of the same files and beside sysctl -a, in
# one run, turn by turn; and its memory. usage: tests/bench/audit.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-15}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
g++ -O2 -std=c++20 -o "$scratch/read_files" tests/bench/read_files.cpp

# What the audit opens below /proc, found or not, as it opens it.
strace -f -e trace=openat -o "$scratch/trace" build/release/tuner audit --format json >/dev/null || true
sed -n 's/.*openat([0-9]*, "\(proc\/[^"]*\)", O_RDONLY.*/\/\1/p;
  s/.*openat([0-9]*, "\([a-z]*\/[^"]*\)", O_RDONLY.*/\/proc\/sys\/\1/p' "$scratch/trace" |
  grep -v '^/proc/sys/\(proc\|run\|etc\)' >"$scratch/files"

exec /usr/bin/python3 - "$scratch" "$rounds" <<'PYTHON'
import os
import resource
import statistics
import subprocess
import sys

scratch, rounds = sys.argv[1], int(sys.argv[2])
BATCH = 20  # runs that are counted together: one is shorter than the clock tick of some kernels


def cost(command, stdin=None):
    """Seconds of processor time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(BATCH):
        with open(stdin or os.devnull, "rb") as source:
            subprocess.run(command, stdin=source, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / BATCH


def peak_memory(command):
    """MiB; counted from outside by a small program, since a child of this one starts as large."""
    result = subprocess.run(["/usr/bin/time", "-q", "-f", "%M", *command], capture_output=True,
                            text=True, check=False)
    return int(result.stderr.split()[-1]) / 1024


AUDIT = ["build/release/tuner", "audit", "--format", "json"]
CONTESTANTS = {
    "audit": (AUDIT, None),
    "bare": ([f"{scratch}/read_files"], f"{scratch}/files"),
    "sysctl": (["sysctl", "-a"], None),
}
seconds = {name: [] for name in CONTESTANTS}
for _ in range(rounds):
    for name, (command, stdin) in CONTESTANTS.items():
        seconds[name].append(cost(command, stdin))
median = {name: statistics.median(times) for name, times in seconds.items()}
files = sum(1 for _ in open(f"{scratch}/files", encoding="ascii"))
memory = peak_memory(AUDIT)
for name, time in median.items():
    print(f"{name:8}{time * 1000:8.2f} ms of processor time, median of {rounds} turns")
ratio, share = median["audit"] / median["bare"], median["audit"] / median["sysctl"]
print(f"audit / bare reading of its {files} files: {ratio:.2f} (at most 3)")
print(f"audit / sysctl -a: {share:.3f} (at most 0.15)")
print(f"memory: {memory:.1f} MiB (at most 12)")
sys.exit(0 if ratio <= 3 and share <= 0.15 and memory <= 12 else 1)
PYTHON
