"""The text format 0.0.4 of Prometheus, read strictly."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def labels_of(text):
    return {name: re.sub(r'\\[\\n"]', lambda match: UNESCAPED[match.group()], value)
            for name, value in re.findall(LABEL, text or "")}


class Metrics:
    """`samples` has a list of (labels, value) for each metric. A line that is none is an error."""

    def __init__(self, text):
        if not text.endswith("\n"):
            raise ValueError("no newline at the end")
        self.types, self.helps, self.samples = {}, {}, {}
        self.last = None
        for line in text[:-1].split("\n"):
            self.read(line)

    def read(self, line):
        if head := re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line):
            known = self.helps if head[1] == "HELP" else self.types
            if head[2] in known or head[2] in self.samples:
                raise ValueError(f"too late or twice: {line}")
            known[head[2]] = head[3]
            return
        sample = SAMPLE.fullmatch(line)
        if not sample:
            raise ValueError(f"neither a sample nor a head: {line!r}")
        name, labels = sample[1], labels_of(sample[2])
        if name in self.samples and name != self.last:
            raise ValueError(f"{name} is not together")
        self.last = name
        if any(labels == other for other, _ in self.samples.setdefault(name, [])):
            raise ValueError(f"twice: {line}")
        self.samples[name].append((labels, float(sample[sample.re.groups])))

    def value(self, name, /, **labels):
        """The value of the one sample that has these labels."""
        found = [value for own, value in self.samples.get(name, []) if own == labels]
        if len(found) != 1:
            raise ValueError(f"{len(found)} of {name} {labels}")
        return found[0]
