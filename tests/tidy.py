#!/usr/bin/env python3
"""tidy.py BUILD OUTPUT [--all]: clang-tidy on what changed on the day of the last commit and since,
committed or not; with --all on everything. What is older was checked before it landed. BUILD is a build
of Clang with its precompiled header; OUTPUT keeps what was found clean.

Sources of a directory are checked together, since most of the time goes into what they include: every
check walks all of it. They are written out as one file: the analyser does not follow calls into included
files."""

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MOST = 170_000  # characters; larger ones take no less, and keep one processor busy at the end

ROOT = Path(__file__).resolve().parent.parent


def git(*words):
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True,
                          text=True).stdout.splitlines()


def changed_files():
    """Relative paths; None for all, where every commit is of one day."""
    days = [line.split() for line in git("log", "--format=%H %cs")]
    base = next((commit for commit, day in days if day != days[0][1]), None)
    if not base:
        return None
    return set(git("diff", "--name-only", base)) | set(git("ls-files", "--others",
                                                              "--exclude-standard"))


class Unit:
    """What is checked in one run: sources one after the other, and the compiler's options."""

    def __init__(self, name, options, sources):
        self.name, self.options, self.sources = name, options, sources
        self.starts, text = [], []
        for source in sources:
            self.starts.append((sum(part.count("\n") for part in text), source))
            text.append((ROOT / source).read_text(encoding="utf-8"))
        self.text = "".join(text)

    def place(self, line):
        """The source and its line for a line of the whole."""
        start, source = [entry for entry in self.starts if entry[0] < line][-1]
        return f"{source}:{line - start}"


def units_of(build):
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = Path(entry["file"])
        if build.resolve() not in file.parents:
            sources = [file]
        else:
            sources = map(Path, re.findall(r'^#include "(.*)"$', file.read_text(encoding="utf-8"),
                                           re.M))
        sources = [str(source.relative_to(ROOT)) for source in sources
                   if ROOT / "src" in source.parents]
        words = shlex.split(entry["command"])
        if sources:
            yield Unit(file.stem, words[1:words.index("-o")], sources)


def joined(units, most):
    """The units of a directory with the same options in as few as come to `most` characters each. What
    an anonymous namespace names is the only one of that name in its directory, so they go together."""
    groups = {}
    for unit in units:
        if len(unit.sources) == 1:
            yield unit  # a program, or it includes what nothing else does
            continue
        groups.setdefault((tuple(unit.options), str(Path(unit.sources[0]).parent)), []).append(unit)
    for (options, directory), members in groups.items():
        parts = -(-sum(len(unit.text) for unit in members) // most)
        sources = [source for unit in members for source in unit.sources]
        for part in range(parts):
            name = f"{directory.replace('/', '_')}_{part}"
            yield Unit(name, list(options), sources[part::parts])


def headers_unit(options, headers):
    """A unit that includes these headers: no source that includes them need have changed."""
    unit = Unit("headers", options, [])
    unit.text = "".join(f'#include "{re.sub("^(include|src)/", "", header)}"\n'
                        for header in sorted(headers))
    return unit


def check(unit, output, seed):
    """What clang-tidy says of it; nothing where that was nothing before."""
    known = hashlib.sha256((seed + " ".join(unit.options) + unit.text).encode()).hexdigest()[:32]
    stamp = output / known
    if stamp.exists():
        return ""
    file = output / f"{unit.name}.cpp"
    file.write_text(unit.text, encoding="utf-8")
    run = subprocess.run(["clang-tidy", "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(file),
                          "--", *unit.options], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamp.touch()
        return ""
    found = re.sub(rf"^{re.escape(str(file))}:(\d+)", lambda match: unit.place(int(match[1])),
                   run.stdout, flags=re.M)
    return found or run.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    units = list(units_of(options.build))
    headers = {name for name in git("ls-files", "src/*.hpp", "include/*.hpp") if
               (ROOT / name).exists()}
    seed = "".join((ROOT / name).read_text(encoding="utf-8") for name in
                   [".clang-tidy", *sorted(headers)])
    extra = []
    changed = None if options.all else changed_files()
    if changed is not None:
        # Headers of the command line want a definition that no other part has.
        plain = next((unit.options for unit in units
                      if any(word.startswith("-DTUNER_VERSION") for word in unit.options)),
                     units[0].options)
        # The analyser takes four fifths of the time: it looks at what changed alone, does not follow
        # calls into templates, which is most of that, and gives a function up after a third of the
        # paths. With --all it does all of it.
        shallow = ["-Xclang", "-analyzer-config", "-Xclang",
                   "c++-template-inlining=false,max-nodes=75000"]
        units = [Unit(unit.name, [*unit.options, *shallow], touched) for unit in units
                 if (touched := [source for source in unit.sources if source in changed])]
        if headers & changed:
            extra.append(headers_unit(plain, headers & changed))
    units = sorted(joined(units, MOST), key=lambda unit: len(unit.text), reverse=True) + extra
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(check, unit, options.output, seed) for unit in units]
        for done, future in enumerate(running, 1):
            found = future.result()
            failed |= bool(found)
            print(f"[{done}/{len(running)}] {found}".rstrip(), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
