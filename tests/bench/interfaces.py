"""See interfaces.sh."""

import contextlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import private  # noqa: E402
import traffic  # noqa: E402

PAIRS = 2000
LIMIT = 2


def add_pairs(space):
    lines = [f"link add a{number} type veth peer name b{number}" for number in range(PAIRS)]
    with space:
        private.guard()
        subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True,
                       check=True)


def timed(command, space):
    """Milliseconds; that something fails is no matter here, but a wrong option is."""
    with space:
        begun = time.perf_counter()
        result = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        taken = (time.perf_counter() - begun) * 1000
    if result.returncode not in (0, 2, 3):
        sys.exit(f"{' '.join(command)} ended with {result.returncode}")
    return taken


def main():
    private.enter()
    rounds, tuner = int(sys.argv[1]), os.environ["TUNER"]
    with contextlib.closing(traffic.Space()) as few, contextlib.closing(traffic.Space()) as many:
        add_pairs(many)
        plain = [tuner, "audit", "--json"]
        contestants = {"lo alone": (plain, few), f"{PAIRS} pairs": (plain, many),
                       "lo alone, --interfaces": ([*plain, "--interfaces"], few),
                       f"{PAIRS} pairs, --interfaces": ([*plain, "--interfaces"], many)}
        times = {name: [] for name in contestants}
        for _ in range(rounds + 1):
            for name, (command, space) in contestants.items():
                times[name].append(timed(command, space))
    # The first turn is not counted: it reads the program from the disk.
    median = {name: statistics.median(values[1:]) for name, values in times.items()}
    for name, value in median.items():
        print(f"{name:26}{value:8.1f} ms, median of {rounds} turns")
    ratio = median[f"{PAIRS} pairs"] / median["lo alone"]
    print(f"many / few {ratio:.2f} (limit {LIMIT}), with --interfaces "
          f"{median[f'{PAIRS} pairs, --interfaces'] / median['lo alone, --interfaces']:.2f}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
