"""What a terminal gets that a pipe does not: lines of its width, colour, how far a command is, and
^C that ends a sample."""

import fcntl
import json
import os
import platform
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

from private import until
from support import (DEADLINE, HOSTS, PROGRAM, QUIET_HOST, Scratch, Terminal, heed_interrupts,
                     on_terminal, run, validate)

HOST = HOSTS / QUIET_HOST
WIDTHS = {40: 40, 100: 100, 200: 120, 20: 40, 0: 80}  # of the terminal, and what is used of it
FULL = ("--root", HOST, "--profile", "proxy")
PROSE = (("audit", *FULL, "-v"), ("audit", "--root", HOST), ("recommend", "--root", HOST),
         ("explain", "tcp_rmem", "--root", HOST), ("explain", "TcpExt.ListenDrops", "--root", HOST),
         ("explain", "listen-queue-overflow", "--root", HOST), ("boot", "--root", HOST),
         ("bdp", "--bandwidth", "1Gbit", "--rtt", "80ms", "--root", HOST, "-v"),
         ("profile", "list"), ("fleet", HOSTS), ("diff", *FULL, "-v"))
TABLE = re.compile(r" {2,}\S.* {3,}\S|.*  /")  # columns, and the list of files that a reader takes
ERASE = "\r\x1b[K"
LABEL = 14
SAMPLING = "Sampling: {} of 3 s (Ctrl-C to judge what has been seen so far)"


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
        path = self.directory / "report.txt"
        result = on_terminal("audit", *FULL, "-v", "-o", path, columns=40, env={"NO_COLOR": ""})
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(path.read_text(), run("audit", *FULL, "-v").stdout)

    def test_a_command_is_never_broken(self):
        path = self.directory / "old.conf"
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


class Progress(Scratch):
    def test_a_sample_says_how_far_it_is_and_leaves_nothing(self):
        words = ("sockets", "--sample", "2200ms")
        seen = Terminal(*words, both=True)
        silent = [Terminal(*words, "--json", both=True), Terminal(*words, "-q", both=True),
                  Terminal(*words, both=True, env={"TERM": "dumb"}), Terminal(*words),
                  Terminal("sockets", "--sample", "900ms", both=True)]
        shown = seen.result().stdout
        lines = "".join(ERASE + SAMPLING.format(second) for second in (1, 2)) + ERASE
        self.assertTrue(shown.startswith(lines), shown)
        self.assertIn("STATE", shown)
        self.assertEqual(shown.count(ERASE), 3)
        for terminal in silent:
            result = terminal.result()
            self.assertNotIn("Sampling", result.stdout + result.stderr)
            self.assertNotIn(ERASE, result.stdout + result.stderr)

    def test_the_line_is_never_longer_than_the_terminal(self):
        shown = on_terminal("audit", "-v", "--sample", "1200ms", columns=30, both=True).stdout
        self.assertIn(ERASE + "Sampling: 1 of 2 s (Ctrl-C to" + ERASE, shown)

    def test_a_fleet(self):
        hosts = self.directory / "hosts"
        hosts.mkdir()
        # Enough of them for two seconds.
        begin = time.monotonic()
        self.assertIn(run("audit", *FULL).returncode, (0, 2))
        count = 100 + int(20 / (time.monotonic() - begin))
        while True:
            for number in range(len(list(hosts.iterdir())), count):
                (hosts / f"h{number:05}").symlink_to(HOST)
            begin = time.monotonic()
            result = on_terminal("fleet", hosts, both=True)
            if time.monotonic() - begin > 1.5:
                break
            count *= 4
        self.assertIn(result.returncode, (0, 2), result.stdout)
        shown = re.findall(r"\r\x1b\[KAuditing hosts: ([\d,]+) of ([\d,]+)", result.stdout)
        self.assertTrue(shown)
        numbers = [int(done.replace(",", "")) for done, _ in shown]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual({every for _, every in shown}, {f"{count:,}"})
        self.assertRegex(result.stdout, rf"of {count:,}\r\x1b\[K{count:,} hosts below")


CALLS = {"x86_64": {"rt_sigtimedwait": "128", "write": "1"},
         "aarch64": {"rt_sigtimedwait": "137", "write": "64"}}.get(platform.machine())


@unittest.skipUnless(CALLS and Path("/proc/self/syscall").exists(), "where a process waits is unknown")
class Interrupted(unittest.TestCase):
    """^C during a sample."""

    def await_call(self, process, name):
        call = Path(f"/proc/{process.pid}/syscall")
        self.assertTrue(until(lambda: call.read_text(encoding="ascii").split()[0] == CALLS[name]))

    def start(self, *words, prepare=heed_interrupts, stdout=subprocess.PIPE):
        process = subprocess.Popen([PROGRAM, *words], stdout=stdout, stderr=subprocess.PIPE,
                                   text=True, preexec_fn=prepare, stdin=subprocess.DEVNULL)
        for stream in filter(None, (process.stdout, process.stderr)):
            self.addCleanup(stream.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def interrupt(self, process):
        self.await_call(process, "rt_sigtimedwait")
        process.send_signal(signal.SIGINT)

    def judged(self, *words, within=10):
        """What a minute's sample says that ^C ended."""
        process = self.start(*words, "--sample", "60s")
        self.interrupt(process)
        begin = time.monotonic()
        said, messages = process.communicate(timeout=DEADLINE)
        self.assertLess(time.monotonic() - begin, within)
        self.assertIn(process.returncode, (0, 2, 3), messages)
        return said

    def test_an_audit_judges_what_was_seen(self):
        document = json.loads(self.judged("audit", "--json"))
        validate(document, "audit")
        self.assertTrue(0 < document["host"]["sample_ms"] < 30000, document["host"])
        self.assertRegex(self.judged("audit"), r"Judged in a sample of \d{1,5} ms\.\n")

    def test_sockets_too(self):
        document = json.loads(self.judged("sockets", "--by", "peer", "--json"))
        validate(document, "sockets")
        self.assertTrue(0 < document["sample_seconds"] < 30, document["sample_seconds"])

    def test_all_namespaces_too(self):
        if os.geteuid() != 0:
            self.skipTest("only root may enter them")
        document = json.loads(self.judged("audit", "--all-netns", "--json", within=DEADLINE))
        validate(document, "namespaces")
        self.assertGreater(len(document["namespaces"]), 0)

    def test_the_line_is_gone_from_a_terminal(self):
        terminal = Terminal("audit", "--sample", "60s", both=True)
        self.assertTrue(until(lambda: b"Sampling: 1 of 60 s" in terminal.shown))
        terminal.process.send_signal(signal.SIGINT)
        result = terminal.result()
        self.assertIn(result.returncode, (0, 2, 3))
        self.assertRegex(result.stdout, r"judge what has been seen so far\)\r\x1b\[K\S[\s\S]*\ssample\sof\s\d+\sm?s\.\n")

    def blocked(self, *words):
        """A process that does not end by itself: nobody reads its pipe, which is full."""
        inner, outer = os.pipe()
        self.addCleanup(os.close, inner)
        os.write(outer, b"x" * fcntl.fcntl(outer, fcntl.F_SETPIPE_SZ, 4096))
        process = self.start(*words, stdout=outer)
        os.close(outer)
        return process

    def test_a_second_one_ends_the_process(self):
        process = self.blocked("audit", "--sample", "60s")
        self.interrupt(process)
        self.await_call(process, "write")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(DEADLINE), -signal.SIGINT)

    def test_after_a_sample_it_ends_the_process(self):
        process = self.blocked("audit", "--sample", "1ms")
        self.await_call(process, "write")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(DEADLINE), -signal.SIGINT)

    def test_where_it_is_ignored_it_stays_so(self):
        ignore = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = self.start("audit", "--json", "--sample", "1s", prepare=ignore)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=DEADLINE)
        self.assertEqual(json.loads(said)["host"]["sample_ms"], 1000)


if __name__ == "__main__":
    unittest.main()
