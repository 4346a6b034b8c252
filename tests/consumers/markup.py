"""What a report as a page must be, as far as its text shows: whole by itself, with no script but the
one that its policy names."""

import base64
import hashlib
import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}
WITHIN = {"wbr", "span", "bdi"}  # what may stand within a word
FORBIDDEN = {"iframe", "object", "embed", "link", "img", "base", "form", "audio",
             "video", "source", "image", "foreignobject"}
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that act on what follows them
ADDRESSES = {"src", "srcset", "href", "xlink:href", "action", "background", "poster", "data"}


POLICY = {"default-src": "'none'", "style-src": "'unsafe-inline'", "base-uri": "'none'",
          "form-action": "'none'"}


class Page(HTMLParser):
    """The elements and texts of a page. What is wrong with it is in `problems`. `file`: where it
    lies, for links to its neighbours; without one it has none."""

    def __init__(self, markup, file=None):
        super().__init__(convert_charrefs=True)
        self.problems, self.elements, self.texts, self.styles = [], [], [], []
        self.scripts, self.links, self.file, self.within = [], [], file, False
        self.open, self.declared = [], ""
        self.feed(markup)
        self.close()
        self.check_policy()
        self.check_anchors()
        if self.open:
            self.problems.append(f"not closed: {self.open}")
        self.check_head()
        self.check_style()

    def handle_decl(self, decl):
        self.declared = decl

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.border(tag)
        if tag == "wbr":
            self.check_break(self.texts[-1])
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
        self.border(tag)
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes another element")

    def border(self, tag):
        """Text goes on within a word where only such tags stand between."""
        self.within = self.within and tag in WITHIN

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside in ("style", "script"):
            (self.styles if inside == "style" else self.scripts).append(data)
            return
        if self.within and self.texts:
            self.texts[-1] += data
        else:
            self.texts.append(data)
        self.within = True
        if DIRECTION.search(data) and "bdi" not in self.open:
            self.problems.append(f"host data turns the text around: {data[:40]!r}")

    def handle_comment(self, data):
        self.problems.append(f"has a comment: {data[:40]}")

    def check_attribute(self, tag, name, value):
        if name.startswith("on"):
            self.problems.append(f"<{tag}> has {name}")
        if name in ADDRESSES:
            self.check_address(tag, name, value)
        if name == "style":
            self.styles.append(value)

    def check_address(self, tag, name, value):
        if (tag, name) != ("a", "href"):
            self.problems.append(f"<{tag}> refers to {value[:40]}")
        elif value.startswith("#"):
            self.links.append(value[1:])
        elif not (self.file and re.fullmatch(r"(hosts/|\.\./)[\w.-]+\.html", value, re.ASCII) and
                  (self.file.parent / value).is_file()):
            self.problems.append(f"<a> leads to {value[:40]}")

    def check_break(self, before):
        """A key may be broken behind its dots, a path behind its slashes."""
        if not before.endswith((".", "/")):
            self.problems.append(f"may be broken behind {before[-20:]!r}")

    def check_anchors(self):
        names = [given["id"] for _, given in self.elements if "id" in given]
        if len(names) != len(set(names)):
            self.problems.append("an anchor is there twice")
        for name in set(self.links) - set(names):
            self.problems.append(f"a link leads to #{name}, which is not there")

    def check_policy(self):
        given = [given["content"] for name, given in self.elements
                 if name == "meta" and given.get("http-equiv") == "Content-Security-Policy"]
        policy = dict(part.strip().split(" ", 1) for part in given[0].split(";")) if given else {}
        wanted = dict(POLICY)
        if self.scripts:
            digest = hashlib.sha256("".join(self.scripts).encode()).digest()
            wanted["script-src"] = f"'sha256-{base64.b64encode(digest).decode()}'"
        if policy != wanted or len(self.scripts) > 1:
            self.problems.append(f"the policy is {policy}, not {wanted}")

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
