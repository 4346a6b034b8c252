"""What an experiment found: figures side by side, and whether they show what they have to."""

from dataclasses import dataclass, field
from statistics import median

MORE, LESS = "more", "less"
DATA = 1448 / 1500  # of a packet; the rest are headers


class Skipped(Exception):
    """An experiment that cannot be made here, and why."""


@dataclass
class Row:
    """One setting and what each of its runs came to."""
    setting: str
    values: list
    also: dict = field(default_factory=dict)  # other figures of the same runs, by name
    note: str = ""

    @property
    def median(self):
        return median(self.values)

    @property
    def spread(self):
        return max(self.values) - min(self.values)

    def figures(self):
        return {"setting": self.setting, "median": self.median, "values": self.values,
                "also": self.also, "note": self.note}


@dataclass
class Outcome:
    """`demand` is what the figures have to show, in words; `effects` is a sentence for each key
    that tuner explain shows."""
    name: str
    title: str
    unit: str
    better: str
    rows: list
    demand: str
    holds: bool
    effects: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    kernel: str = ""
    date: str = ""

    def row(self, setting):
        return next(row for row in self.rows if row.setting == setting)

    def figures(self):
        return {"name": self.name, "title": self.title, "unit": self.unit, "better": self.better,
                "rows": [row.figures() for row in self.rows], "demand": self.demand,
                "holds": self.holds, "notes": self.notes, "kernel": self.kernel, "date": self.date,
                "effects": self.effects if self.holds else {}}


def shown(value):
    """As a table has it: three digits that count."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def trouble_and_cure(name, title, unit, trouble, cure, keys, better=MORE, factor=2.0, notes=(),
                     least=0):
    """Two settings: with the second it has to be `factor` times better than with the first, and the
    larger figure, the cure's or the trouble's, has to be `least`: nothing is zero times anything."""
    low, high = (trouble, cure) if better == MORE else (cure, trouble)
    sentence = (f"{title}: {shown(trouble.median)} {unit} with {trouble.setting}, "
                f"{shown(cure.median)} with {cure.setting}")
    return Outcome(name=name, title=title, unit=unit, better=better, rows=[trouble, cure],
                   demand=f"{cure.setting} is at least {factor:g} times better"
                   + (f", {high.setting} at least {least:g} {unit}" if least else ""),
                   holds=high.median > 0 and high.median >= max(factor * low.median, least),
                   effects={key: sentence for key in keys}, notes=list(notes))
