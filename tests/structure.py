#!/usr/bin/env python3
"""The structure that src/README.md promises, held by a test: includes run one way, the core does
not touch the system, functions and files stay short."""

import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]

# What each layer may include, beside itself and the standard library.
ALLOWED = {
    "include": set(),
    "core": {"include"},
    "engine": {"include", "core"},
    "os": {"include", "core", "engine"},
    "render": {"include", "core"},
    "cli": {"include", "core", "engine", "os", "render"},
}
SYSTEM_HEADERS = re.compile(
    r"#include <(fstream|iostream|filesystem|cstdio|unistd\.h|fcntl\.h|sys/.*|thread|ctime)>")
SYSTEM_CALLS = re.compile(r"\b(getenv|secure_getenv|system_clock|steady_clock|fopen|std::exit)\b")
# Slow to compile, so few sources include them: one writes JSON, two write and read journals.
ONE_UNIT = {"toml++": 1, "nlohmann/json.hpp": 3}
MAX_FUNCTION = 60
MAX_FILE = 300

problems = []


def layer_of(path):
    return "include" if path.parts[0] == "include" else path.parts[1]


def included_layer(name):
    if name.startswith("tuner/"):
        return "include"
    return name.split("/")[0] if "/" in name else None


def check_includes(path, text):
    layer = layer_of(path)
    for name in re.findall(r'#include "([^"]+)"', text):
        other = included_layer(name)
        if other not in ALLOWED[layer] | {layer}:
            problems.append(f"{path}: {layer} must not include {name}")


def check_purity(path, text):
    if layer_of(path) not in ("include", "core", "engine", "render"):
        return
    for pattern in (SYSTEM_HEADERS, SYSTEM_CALLS):
        for match in pattern.finditer(text):
            problems.append(f"{path}: {match.group(0)} touches the system")


HEAD = re.compile(r"^.*\) (const |override |&& )*\{$")


def indent_of(line):
    return len(line) - len(line.lstrip(" "))


def function_lengths(text):
    """The lines of each function, at the margin or in a class: from where its head begins to the
    brace below that. A head that is broken into lines begins on the last line that is not deeper
    than a class indents."""
    start, end, head = None, "", 0
    for number, line in enumerate(text.splitlines()):
        if start is not None:
            if line == end:
                yield number - start + 1
                start = None
            continue
        if line.strip() and indent_of(line) <= 2:
            head, end = number, " " * indent_of(line) + "}"
        if HEAD.match(line) and not line.lstrip().startswith(("namespace", "struct", "class")):
            start = head


def main():
    files = sorted(path.relative_to(SOURCE) for folder in ("include", "src")
                   for path in (SOURCE / folder).rglob("*.[ch]pp"))
    lengths = []
    units = dict.fromkeys(ONE_UNIT, 0)
    for path in files:
        text = (SOURCE / path).read_text()
        check_includes(path, text)
        check_purity(path, text)
        for unit in units:
            units[unit] += f"#include <{unit}" in text
        if len(text.splitlines()) > MAX_FILE:
            problems.append(f"{path}: over {MAX_FILE} lines")
        for length in function_lengths(text):
            lengths.append(length)
            if length > MAX_FUNCTION:
                problems.append(f"{path}: a function of {length} lines")
    for unit, count in units.items():
        if count != ONE_UNIT[unit]:
            problems.append(f"{unit} is included in {count} files")
    lengths.sort()
    median = lengths[len(lengths) // 2]
    if median > 12:
        problems.append(f"the median function has {median} lines")
    print(f"{len(files)} files, {len(lengths)} functions, median {median} lines, "
          f"longest {lengths[-1]}, nine in ten under {lengths[len(lengths) * 9 // 10]}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or not lengths else 0


if __name__ == "__main__":
    sys.exit(main())
