"""What a terminal gets that a pipe does not: lines of its width, and colour."""

import re
import unittest

from support import HOSTS, QUIET_HOST, Scratch, on_terminal, run

HOST = HOSTS / QUIET_HOST
WIDTHS = {40: 40, 100: 100, 200: 120, 20: 40, 0: 80}  # of the terminal, and what is used of it
FULL = ("--root", HOST, "--profile", "proxy")
PROSE = (("audit", *FULL, "-v"), ("audit", "--root", HOST), ("recommend", "--root", HOST),
         ("explain", "tcp_rmem", "--root", HOST), ("explain", "TcpExt.ListenDrops", "--root", HOST),
         ("explain", "listen-queue-overflow", "--root", HOST), ("boot", "--root", HOST),
         ("bdp", "--bandwidth", "1Gbit", "--rtt", "80ms", "--root", HOST, "-v"),
         ("profile", "list"), ("fleet", HOSTS), ("diff", *FULL, "-v"))
TABLE = re.compile(r" {2,}\S.* {3,}\S|.*  /")  # columns, and the list of files that a reader takes
LABEL = 14


def is_prose(line):
    """Text that could be broken: neither a table, nor a command, nor one word that is too long."""
    words = line.split()
    return len(words) > 1 and words[0] != "tuner" and not TABLE.match(line)


class Width(Scratch):
    def test_lines_have_the_width_of_the_terminal(self):
        for words in PROSE:
            for width, used in WIDTHS.items():
                result = on_terminal(*words, columns=width)
                self.assertIn(result.returncode, (0, 2), result.stderr)
                longest = 0
                for line in result.stdout.splitlines():
                    if not is_prose(line):
                        continue
                    # A word that does not fit may have a label beside it, no more.
                    fits = max(map(len, line.split())) + LABEL < used
                    if fits and "tuner " not in line:
                        self.assertLessEqual(len(line), used, (words, width, line))
                    longest = max(longest, len(line))
                self.assertGreater(longest, min(used, 70) * 0.6, words)

    def test_a_pipe_gets_whole_sentences(self):
        for words in PROSE:
            result = run(*words)
            wide = on_terminal(*words, columns=200)
            self.assertEqual(result.stdout.split(), wide.stdout.split(), words)
            self.assertLessEqual(result.stdout.count("\n"), wide.stdout.count("\n"))
        said = run("audit", *FULL, "-v").stdout
        self.assertRegex(said, r"\n        Why: .{100,}\n        Source: ")

    def test_a_file_is_no_terminal(self):
        path = self.folder / "report.txt"
        result = on_terminal("audit", *FULL, "-v", "-o", path, columns=40, env={"NO_COLOR": ""})
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(path.read_text(), run("audit", *FULL, "-v").stdout)

    def test_a_command_is_never_broken(self):
        path = self.folder / "old.conf"
        path.write_text("net.ipv4.tcp_fin_timeout = 15\n")
        said = on_terminal("lint", path, "--kernel", "6.18", columns=40).stdout
        self.assertIn("# tuner: allow folklore-setting:fin_timeout_time_wait REASON.", said)
        self.assertIn("tuner explain NAME.", said)
        said = on_terminal("fleet", HOSTS, "--profile", "proxy", columns=40).stdout
        self.assertRegex(said, rf"\n  tuner audit --profile proxy --root {HOSTS}/\S+\n$")
        said = on_terminal("diff", *FULL, columns=40).stdout
        self.assertIn("\n  tuner apply --profile proxy\n", said)


class Colour(unittest.TestCase):
    def coloured(self, **env):
        return "\x1b[" in on_terminal("audit", *FULL, env={"NO_COLOR": "", **env}).stdout

    def test_a_terminal_that_has_it(self):
        self.assertTrue(self.coloured())
        self.assertFalse(self.coloured(NO_COLOR="1"))

    def test_a_dumb_one_and_one_that_nothing_is_known_of(self):
        for name in ("dumb", ""):
            self.assertFalse(self.coloured(TERM=name))
            self.assertTrue(self.coloured(TERM=name, CLICOLOR_FORCE="1"))
            self.assertFalse(self.coloured(TERM=name, CLICOLOR_FORCE="1", NO_COLOR="1"))
        self.assertIn("\x1b[", on_terminal("audit", *FULL, "--color", "always",
                                           env={"TERM": "dumb"}).stdout)


if __name__ == "__main__":
    unittest.main()
