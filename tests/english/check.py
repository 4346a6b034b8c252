#!/usr/bin/env python3
"""The English of the tree: spelling and single words by codespell, phrases that a native speaker
stumbles over, and the one form of error messages."""

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
HERE = "tests/english/"
# What others wrote, what was recorded, and what is not English.
ELSEWHERE = (HERE, "tests/hosts/", "tests/vectors/", "tests/field/", "tests/lab/RESULTS", "man/ko/", "LICENSE")
# Names, and mistakes that tests make on purpose.
IGNORED = "nd,aks,shwo,atleast"
STRING = r'"((?:[^"\\]|\\.)*)"'
problems = []


def texts():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=SOURCE, check=True, capture_output=True,
                            text=True).stdout
    for name in filter(None, listed.split("\0")):
        path = SOURCE / name
        if name.startswith(ELSEWHERE) or not path.is_file() or path.is_symlink():
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def phrases():
    for line in (SOURCE / HERE / "phrases.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, words = line.split(" => ")
            yield re.compile(pattern, re.IGNORECASE), words


def check_phrases(name, text, known):
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, words in known:
            if match := pattern.search(line):
                problems.append(f"{name}:{number}: \"{match.group(0)}\": write {words}")


def check_errors(name, text):
    """Subject, what is wrong, hint: "--pid: conflicts with --netns." and "Give one of them." """
    for match in re.finditer(rf"\.(detail|hint) =\s*{STRING}", text):
        field, words = match.groups()
        line = text.count("\n", 0, match.start()) + 1
        if field == "detail" and (re.match(r"[A-Z][a-z]", words) or words.endswith(".")):
            problems.append(f"{name}:{line}: what is wrong must not be a sentence of its own: {words}")
        if field == "hint" and not re.match(r"[A-Z]|tuner |sysctl ", words):
            problems.append(f"{name}:{line}: a hint is a sentence: {words}")
        if re.match(r"it (is|has|was) (a|an|not|given)\b", words) and field == "detail" and name.startswith("src/cli/"):
            problems.append(f"{name}:{line}: leave out \"it is\": {words}")


def check_spelling(names):
    result = subprocess.run(
        ["codespell", "--quiet-level=3", "--ignore-words-list", IGNORED, "-D", "-", "-D",
         HERE + "words.txt", *names], cwd=SOURCE, check=False, capture_output=True, text=True)
    problems.extend(result.stdout.splitlines())
    if result.returncode not in (0, 65):
        problems.append(f"codespell ended with status {result.returncode}: {result.stderr}")


def main():
    known, names = list(phrases()), []
    for name, text in texts():
        names.append(name)
        check_phrases(name, text, known)
        if name.startswith("src/") and name.endswith(".cpp"):
            check_errors(name, text)
    check_spelling(names)
    print(f"{len(names)} files, {len(known)} phrases")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or not names or not known else 0


if __name__ == "__main__":
    sys.exit(main())
