#!/usr/bin/env python3
"""Draws README's picture, docs/session.svg: what tuner prints on a terminal for a captured Debian 12 with
a sysctl file from a blog. usage: docs/session.py PROGRAM [SVG]; a test holds the picture against it."""

import html
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
HOST = SOURCE / "tests/hosts/debian12-6.1-x86_64-1g"
BLOG = """# from a blog
net.core.somaxconn = 128
net.ipv4.tcp_mem = 50331648 67108864 100663296
net.ipv4.tcp_fin_timeout = 15
net.ipv4.tcp_tw_recycle = 1
"""
RUNS = {"proc/sys/net/core/somaxconn": "128\n", "proc/sys/net/ipv4/tcp_fin_timeout": "15\n",
        "proc/sys/net/ipv4/tcp_mem": "50331648\t67108864\t100663296\n",
        "etc/sysctl.d/99-tuning.conf": BLOG}
COMMAND = ["audit", "--root", "web01"]
COLUMNS, WIDTH, LINE, LEFT, TOP = 84, 8.4, 19, 16, 28
COLOURS = {"31": "error", "33": "warning", "36": "note"}
STYLE = """text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328;
  white-space: pre }
.page { fill: #f6f8fa; stroke: #d1d9e0 } .command { font-weight: bold } .error { fill: #b3261e; font-weight: bold }
.warning { fill: #8a5a00; font-weight: bold } .note { fill: #00696b; font-weight: bold }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .page { fill: #161b22; stroke: #30363d }
  .error { fill: #ff7b72 } .warning { fill: #e3b341 } .note { fill: #56d4dd } }
"""


def printed(program):
    """What the command prints on a terminal of COLUMNS columns."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "web01"
        shutil.copytree(HOST, root)
        for name, text in RUNS.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        ours, theirs = pty.openpty()
        pty_size = f"stty columns {COLUMNS} rows 60 && exec \"$@\""
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        for name in ("NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"):
            environment.pop(name, None)
        with subprocess.Popen(["sh", "-c", pty_size, "sh", program, *COMMAND], cwd=directory, stdin=theirs,
                              stdout=theirs, env=environment):
            os.close(theirs)
            text = b""
            try:
                while piece := os.read(ours, 65536):
                    text += piece
            except OSError:  # a terminal whose last user is gone
                pass
            os.close(ours)
    return text.decode().replace("\r\n", "\n")


def spans(line):
    """One line as SVG: what is coloured has the class of its colour."""
    text, kind = "", None
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            kind = COLOURS.get(piece[2:-1])
        elif piece:
            words = html.escape(piece, quote=False)
            text += f'<tspan class="{kind}">{words}</tspan>' if kind else words
    return text


def drawn(text):
    lines = text.rstrip("\n").split("\n")
    longest = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)  # commands are not wrapped
    width, height = int(longest * WIDTH + 2 * LEFT), (len(lines) + 1) * LINE + TOP
    rows = [f'<text x="{LEFT}" y="{TOP}" class="command">$ tuner {" ".join(COMMAND)}</text>']
    rows += [f'<text x="{LEFT}" y="{TOP + LINE * number}">{spans(line)}</text>'
             for number, line in enumerate(lines, 1) if line]
    title = "tuner audit of a host with a sysctl file from a blog"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
            f"<title>{title}</title>\n<style>{STYLE}</style>\n"
            f'<rect class="page" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>\n'
            + "\n".join(rows) + "\n</svg>\n")


def main():
    picture = Path(sys.argv[2]) if len(sys.argv) > 2 else SOURCE / "docs/session.svg"
    picture.write_text(drawn(printed(str(Path(sys.argv[1]).resolve()))), encoding="utf-8")


if __name__ == "__main__":
    main()
