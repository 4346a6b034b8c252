"""The tables of build.sh, from what the compiler's runs cost."""

import json
import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path

MOST_SECONDS = 6  # of a unit
MOST_MEMORY = 700  # MiB of a compiler's process
ROOT = Path(__file__).resolve().parent.parent.parent


def units(scratch, name):
    """Seconds, MiB and what was compiled, dearest first. Of the builds of one run the lesser time of each
    unit: what else the machine does only adds."""
    least = {}
    for line in (scratch / f"{name}.units").read_text(encoding="utf-8").splitlines():
        user, system, memory, *command = line.split()
        if "-c" in command or command[-1].endswith(".cxx"):
            row = (float(user) + float(system), int(memory) / 1024, command[-1])
            least[command[-1]] = min(least.get(command[-1], row), row)
    return sorted(least.values(), reverse=True)


def lines_below(*directories):
    return sum(path.read_text(encoding="utf-8").count("\n") for directory in directories
               for path in Path(directory).rglob("*") if path.suffix in (".cpp", ".hpp", ".cc", ".h"))


def show(name, rows, lines):
    total = sum(row[0] for row in rows)
    print(f"{name:8}{total:8.1f} s of processor time, {len(rows):4} units, {lines:6} lines, "
          f"{total / lines * 1000:5.2f} s for 1,000, peak {max(row[1] for row in rows):4.0f} MiB")
    return total


def cost_of(command, directory):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=directory, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show_one_unit(scratch):
    """The yardstick without ninja: one unit ten times."""
    commands = json.loads((scratch / "tuner/compile_commands.json").read_text(encoding="utf-8"))
    entry = next(entry for entry in commands if entry["file"].endswith("fmt_library.cpp"))
    times = sorted(cost_of(shlex.split(entry["command"]), scratch / "tuner") for _ in range(10))
    print(f"fmt_library.cpp ten times: {times[0]:.2f} to {times[-1]:.2f} s, median {times[5]:.2f}")


def header_costs(scratch):
    """What each of our headers costs to compile by itself, beyond the precompiled one."""
    commands = json.loads((scratch / "tuner/compile_commands.json").read_text(encoding="utf-8"))
    words = shlex.split(next(entry["command"] for entry in commands if "/Unity/" in entry["file"]))
    options = words[words.index(next(word for word in words if word.startswith("-"))):words.index("-o")]
    source = scratch / "header.cpp"

    def cost(text):
        source.write_text(text, encoding="utf-8")
        return cost_of(["g++", *options, '-DTUNER_VERSION="0"', "-fsyntax-only", source], scratch / "tuner")

    nothing = cost("")
    names = [path.relative_to(ROOT / top) for top in ("include", "src")
             for path in (ROOT / top).rglob("*.hpp")]
    return sorted(((cost(f'#include "{name}"\n') - nothing, str(name)) for name in names),
                  reverse=True)


def users(scratch):
    """How many units reach each header."""
    deps = subprocess.run(["ninja", "-t", "deps"], cwd=scratch / "tuner", check=True,
                          capture_output=True, text=True).stdout
    count = {}
    for line in deps.splitlines():
        if line.endswith(".hpp"):
            name = os.path.realpath(os.path.join(scratch / "tuner", line.strip()))
            count[name] = count.get(name, 0) + 1
    return count


def main():
    scratch = Path(sys.argv[1])
    ours, lines = units(scratch, "tuner"), lines_below(ROOT / "src", ROOT / "include")
    total = show("tuner", ours, lines)
    if (scratch / "before-build.units").exists():
        before = show("before", units(scratch, "before-build"),
                      int((scratch / "before.lines").read_text(encoding="utf-8")))
        print(f"now / before: {total / before:.3f} (the aim of the first time was a sixth)")
    if (scratch / "ninja.units").exists():
        theirs = lines_below(scratch / "yardstick/src")
        yardstick = show("ninja", units(scratch, "ninja"), theirs)
        print(f"for 1,000 lines, tuner / ninja: {total / lines / (yardstick / theirs):.2f} (at most 2)")
    else:
        show_one_unit(scratch)
    print("\nthe dearest units")
    for seconds, memory, name in ours[:10]:
        print(f"{seconds:6.2f} s {memory:5.0f} MiB  {name.replace(str(scratch) + '/tuner/', '')}")
    print("\nthe dearest headers: beyond the precompiled one, and the units that reach it")
    reach = users(scratch)
    for seconds, name in header_costs(scratch)[:10]:
        place = next(str(ROOT / top / name) for top in ("include", "src") if (ROOT / top / name).exists())
        print(f"{seconds:6.2f} s {reach.get(place, 0):4} units  {name}")
    bad = [row for row in ours if row[0] > MOST_SECONDS or row[1] > MOST_MEMORY]
    for seconds, memory, name in bad:
        print(f"{name} costs {seconds:.1f} s and {memory:.0f} MiB; at most {MOST_SECONDS} s and "
              f"{MOST_MEMORY} MiB", file=sys.stderr)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
