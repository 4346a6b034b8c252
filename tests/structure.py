#!/usr/bin/env python3
"""The structure that src/README.md promises, held by a test: each room includes those above it alone,
the pure ones do not touch the system, a header and its source have one name in one room, a name has
one meaning, and functions and files stay short."""

import collections
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]

# Each room includes itself and those before it. include/tuner is the model's headers.
ROOMS = ["model", "text", "knowledge", "read", "profile", "sockets", "boot", "judge", "rules", "lint",
         "change", "os", "render", "cli"]
# These do not know each other: what is shown comes to them as values.
STRANGERS = {("render", "os")}
# A vector is malformed where it has fewer elements than its fact says, wherever it is read.
UPWARD = {("src/model/snapshot.cpp", "knowledge/facts.hpp")}
PURE = set(ROOMS) - {"os", "cli"}
# The system's headers, of which the C library's POSIX ones end in .h as in arpa/inet.h.
SYSTEM_HEADERS = re.compile(r"#include <((?:fstream|iostream|filesystem|cstdio|thread|ctime)|[\w/]+\.h)>")
SYSTEM_CALLS = re.compile(r"\b(getenv|secure_getenv|system_clock|steady_clock|fopen|std::exit)\b")
# fmt is no part of the system; inet_ntop(3) and fnmatch(3) are pure functions of their arguments.
NO_SYSTEM = {"fmt/core.h", "arpa/inet.h", "fnmatch.h"}
# Slow to compile, so few sources include them: one writes JSON, two write and read journals, one reads
# what earlier runs wrote.
ONE_UNIT = {"toml++": 1, "nlohmann/json.hpp": 4}
# Where one name is several functions on purpose: each writes its own type as JSON; two programs.
OVERLOADED = {"append_json", "main"}
MAX_FUNCTION = 60
MAX_FILE = 300
MIN_SOURCE = 25
# Shorter, since what they are alone has a name that somebody looks for.
SHORT = {
    "src/model/": "the functions of one header of the vocabulary",
    "src/knowledge/key_name.cpp": "how people write a key; options, explain and boot ask it",
    "src/knowledge/measurements.cpp": "the lab's results, which the build writes",
    "src/knowledge/purpose.cpp": "finds a row of the tables beside it",
    "src/read/sysctl.cpp": "the parser of a value below /proc/sys",
    "src/os/assigned_value.cpp": "what systemd makes of one line",
    "src/os/sha256.cpp": "the adapter of a library",
    "src/render/json_snapshot.cpp": "one output",
    "src/cli/follow_up.cpp": "how a command that comes next is quoted",
    "src/cli/output_option.cpp": "one option that many commands take",
}

problems = []


def room_of(path):
    return "model" if path.parts[0] == "include" else path.parts[1]


def included_room(name):
    if name.startswith("tuner/"):
        return "model"
    return name.split("/")[0] if "/" in name else None


def check_includes(path, text):
    room = room_of(path)
    for name in re.findall(r'#include "([^"]+)"', text):
        other = included_room(name)
        above = other in ROOMS[:ROOMS.index(room) + 1] and (room, other) not in STRANGERS
        if not above and (str(path), name) not in UPWARD:
            problems.append(f"{path}: {room} must not include {name}")


def check_purity(path, text):
    if room_of(path) not in PURE:
        return
    for match in SYSTEM_HEADERS.finditer(text):
        if match.group(1) not in NO_SYSTEM:
            problems.append(f"{path}: {match.group(0)} touches the system")
    for match in SYSTEM_CALLS.finditer(text):
        problems.append(f"{path}: {match.group(0)} touches the system")


def outside_anonymous(text):
    """Without the functions that only their file sees."""
    kept, anonymous = [], False
    for line in text.splitlines():
        if line == "namespace {":
            anonymous = True
        elif line == "}  // namespace":
            anonymous = False
        elif not anonymous:
            kept.append(line)
    return "\n".join(kept)


DEFINED = re.compile(r"^(?!static|using|return|else|if|for|while|namespace|extern|#|//|template|\s|[})])"
                     r"[\w:<>,&*\s]*?[\s&*](\w+)\([^;{}]*\)[^;{}]*\{", re.M)
INLINE = re.compile(r"^(?:inline|constexpr)[^\n;=]*?\b(\w+)\([^;]*?\)[^;{]*\{", re.M)
DECLARED = re.compile(r"^(?!using|extern|struct|class|enum|constexpr|inline|template|friend|#|\s)"
                      r"[\w:<>,&*\s]+?\b(\w+)\([^;{}]*\);", re.M)
CATALOGUES = ("src/rules/", "src/cli/commands/", "src/knowledge/area_")
PROGRAMS = {"src/cli/main.cpp", "src/cli/make_manual.cpp"}


def headers_of(path):
    """Where the header of a source may stand: NAME.hpp, or, for NAME_part.cpp, NAME.hpp too."""
    parts = path.stem.split("_")
    for length in range(len(parts), 0, -1):
        name = "_".join(parts[:length]) + ".hpp"
        yield path.with_name(name)
        if room_of(path) == "model":
            yield Path("include/tuner") / name


def check_namesakes(texts):
    for path, text in texts.items():
        if path.suffix == ".cpp":
            catalogued = str(path).startswith(CATALOGUES) or str(path) in PROGRAMS
            if not catalogued and not any(header in texts for header in headers_of(path)):
                problems.append(f"{path}: no header has its name")
        elif DECLARED.search(re.sub(r"//[^\n]*", "", text)):
            directory = Path("src/model") if path.parts[0] == "include" else path.parent
            own = [source for source in texts if source.suffix == ".cpp" and source.parent == directory
                   and (source.stem == path.stem or source.stem.startswith(path.stem + "_"))]
            if not own:
                problems.append(f"{path}: no source has its name")


def check_names(texts):
    """A search finds a function that other files see once."""
    where = collections.defaultdict(list)
    for path, text in texts.items():
        seen = re.sub(r'R"(\w*)\(.*?\)\1"', "", outside_anonymous(text), flags=re.S)
        for match in (DEFINED if path.suffix == ".cpp" else INLINE).finditer(seen):
            if f"::{match.group(1)}(" not in match.group(0):
                where[match.group(1)].append(str(path))
    for name, places in where.items():
        if len(places) > 1 and name not in OVERLOADED:
            problems.append(f"{name} is defined {len(places)} times: {', '.join(places)}")
    return len(where)


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


def check_sizes(path, text):
    count = len(text.splitlines())
    if count > MAX_FILE:
        problems.append(f"{path}: over {MAX_FILE} lines")
    reason = any(str(path).startswith(name) for name in SHORT)
    if path.suffix == ".cpp" and count < MIN_SOURCE and not reason:
        problems.append(f"{path}: {count} lines, too few for a file of their own")


def check_lengths(texts):
    lengths = []
    for path, text in texts.items():
        for length in function_lengths(text):
            lengths.append(length)
            if length > MAX_FUNCTION:
                problems.append(f"{path}: a function of {length} lines")
    lengths.sort()
    median = lengths[len(lengths) // 2]
    if median > 12:
        problems.append(f"the median function has {median} lines")
    return lengths


def check_map():
    """Each file that the map names is there."""
    below = [path for path in SOURCE.iterdir() if not path.name.startswith((".", "build"))]
    names = {path.name for directory in below for path in [directory, *directory.rglob("*")]}
    text = (SOURCE / "src/README.md").read_text()
    for name in re.findall(r"`[\w./-]*?([\w.-]+\.(?:cpp|hpp|py|json|cmake|in|txt))`", text):
        if name not in names and name != "X.hpp" and name != "X.cpp":
            problems.append(f"src/README.md: there is no {name}")


def main():
    texts = {path.relative_to(SOURCE): path.read_text() for directory in ("include", "src")
             for path in sorted((SOURCE / directory).rglob("*.[ch]pp"))}
    texts.pop(Path("src/precompiled.hpp"))
    for path, text in texts.items():
        check_includes(path, text)
        check_purity(path, text)
        check_sizes(path, text)
    for unit, most in ONE_UNIT.items():
        count = sum(f"#include <{unit}" in text for text in texts.values())
        if count != most:
            problems.append(f"{unit} is included in {count} files")
    check_namesakes(texts)
    names = check_names(texts)
    lengths = check_lengths(texts)
    lines = sum(len(text.splitlines()) for text in texts.values())
    print(f"{len(texts)} files, {lines} lines, {names} names that other files see; {len(lengths)} "
          f"functions, median {lengths[len(lengths) // 2]} lines, longest {lengths[-1]}, nine in ten "
          f"under {lengths[len(lengths) * 9 // 10]}")
    check_map()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or not lengths or not names else 0


if __name__ == "__main__":
    sys.exit(main())
