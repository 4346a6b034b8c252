"""What a report as a page must be, as far as its text shows: whole by itself, without scripts."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}
FORBIDDEN = {"script", "iframe", "object", "embed", "link", "img", "base", "form", "audio",
             "video", "source", "image", "foreignobject"}
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that act on what follows them
ADDRESSES = {"src", "srcset", "href", "xlink:href", "action", "background", "poster", "data"}


class Page(HTMLParser):
    """The elements and texts of a page. What is wrong with it is in `problems`."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.problems, self.elements, self.texts, self.styles = [], [], [], []
        self.open, self.declared = [], ""
        self.feed(markup)
        self.close()
        if self.open:
            self.problems.append(f"not closed: {self.open}")
        self.check_head()
        self.check_style()

    def handle_decl(self, decl):
        self.declared = decl

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in FORBIDDEN:
            self.problems.append(f"has <{tag}>")
        for name, value in attrs:
            self.check_attribute(tag, name, value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes another element")

    def handle_data(self, data):
        (self.styles if self.open and self.open[-1] == "style" else self.texts).append(data)
        if DIRECTION.search(data) and "bdi" not in self.open:
            self.problems.append(f"host data turns the text around: {data[:40]!r}")

    def handle_comment(self, data):
        self.problems.append(f"has a comment: {data[:40]}")

    def check_attribute(self, tag, name, value):
        if name.startswith("on"):
            self.problems.append(f"<{tag}> has {name}")
        if name in ADDRESSES and not value.startswith("#"):
            self.problems.append(f"<{tag}> refers to {value[:40]}")
        if name == "style":
            self.styles.append(value)

    def check_head(self):
        if self.declared.lower() != "doctype html":
            self.problems.append(f"the document type is {self.declared!r}")
        wanted = {"html": {"lang": "en"}, "meta": {"name": "viewport"}, "title": {}, "main": {}}
        for tag, attributes in wanted.items():
            if not any(tag == name and attributes.items() <= given.items()
                       for name, given in self.elements):
                self.problems.append(f"has no <{tag}> with {attributes}")
        if not any("charset" in given for name, given in self.elements if name == "meta"):
            self.problems.append("names no charset")

    def check_style(self):
        style = re.sub(r"\s+", "", " ".join(self.styles).lower())
        for wanted in ("prefers-color-scheme:dark)", "@mediaprint{"):
            if wanted not in style:
                self.problems.append(f"the style has no {wanted}")
        for outside in ("url(", "@import", "http:", "https:", "expression("):
            if outside in style:
                self.problems.append(f"the style has {outside}")

    def text(self):
        return " ".join(self.texts)

    def has_bars(self):
        """Something that is drawn by length, and said to who does not see it."""
        return any(tag == "meter" or given.get("role") in ("img", "meter") and
                   re.search(r"\d%", given.get("aria-label") or "")
                   for tag, given in self.elements)
