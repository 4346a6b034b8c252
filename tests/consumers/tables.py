"""CSV and JUnit, read strictly: what is not well-formed is an error."""

import csv
import io
import re
import xml.etree.ElementTree as xml

FIELD = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
RECORDS = re.compile(rf"(?:{FIELD}(?:,{FIELD})*\r?\n)+")
ELEMENTS = {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
            "properties", "property"}
OUTCOMES = {"failure": "fail", "error": "unknown", "skipped": "skipped"}


def rows_of(text):
    """The header and the rows of RFC 4180."""
    if not RECORDS.fullmatch(text):
        raise ValueError("not RFC 4180")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    if any(len(row) != len(header) for row in rows):
        raise ValueError("rows of several lengths")
    return header, [dict(zip(header, row)) for row in rows]


class Suite:
    """The one suite of a report: attributes, and (id, name, outcome, text) of each case."""

    def __init__(self, data):
        root = xml.fromstring(data)
        strange = {element.tag for element in root.iter()} - ELEMENTS
        if strange:
            raise ValueError(f"elements that are not JUnit's: {strange}")
        self.element, = root.iter("testsuite")
        self.cases = [self.case(element) for element in self.element.iter("testcase")]
        self.count("tests", len(self.cases))
        for element, attribute in (("failure", "failures"), ("error", "errors"),
                                   ("skipped", "skipped")):
            self.count(attribute, len(list(root.iter(element))))

    def count(self, attribute, number):
        if self.element.get(attribute) != str(number):
            raise ValueError(f"{attribute} is {self.element.get(attribute)}, not {number}")

    @staticmethod
    def case(element):
        outcomes = [OUTCOMES[child.tag] for child in element if child.tag in OUTCOMES]
        if len(outcomes) > 1:
            raise ValueError("a case with two outcomes")
        text = " ".join([*element.itertext(),
                         *(child.get("message", "") for child in element)])
        outcome = outcomes[0] if outcomes else (
            "below" if element.find("system-out") is not None else "pass")
        return element.get("classname"), element.get("name"), outcome, text


def outcome_of(finding, line):
    """What the case of a finding has to show, with --fail-on `line`."""
    order = ("info", "warning", "error", "never")
    below = order.index(finding["severity"]) < order.index(line)
    return "below" if finding["status"] == "fail" and below else finding["status"]
