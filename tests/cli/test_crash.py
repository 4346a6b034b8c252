"""Killing tuner: at every system call, at random times, with its terminal, and in races."""

import collections
import json
import os
import pty
import random
import re
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import private
from private import Values, clear, get_key, kill_timers
from support import PROGRAM, run

FRAGMENT = Path("/etc/sysctl.d/90-tuner.conf")
LIMITS = Path("/etc/security/limits.d/90-tuner.conf")
PENDING = Path("/run/sysctl.d/90-tuner_pending.conf")
KEYS = ["net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_wmem"]
KILL_AT = os.environ.get("TUNER_KILL_AT", str(Path(PROGRAM).parent / "tests/kill_at"))
SURROUNDINGS = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
RANDOM_KILLS = int(os.environ.get("TUNER_KILLS", "200"))
RACES = int(os.environ.get("TUNER_RACES", "200"))
SEED = int(os.environ.get("TUNER_SEED", "5"))


def wait_for(what, seconds):
    """Whether `what` comes true before the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.01)
    return what()


class Crash(unittest.TestCase):
    def setUp(self):
        clear()
        self.old = Values(KEYS)
        self.addCleanup(clear)
        self.addCleanup(self.old.restore)
        self.assertEqual(run("apply", "--profile", "proxy").returncode, 0)
        self.new = self.old.now()
        self.assertEqual(run("rollback").returncode, 0)
        self.forget()

    def forget(self):
        """Without a history each round begins alike."""
        clear()
        self.assertEqual(self.old.now(), self.old.before)

    def check_and_go_back(self, case):
        """After the next command all is old, or all is new; and nothing lies about."""
        results = []

        def recovered():
            """The process of a timer that has just begun still has the lock for a moment."""
            results.append(run("recover"))
            return results[-1].returncode != 75

        wait_for(recovered, 10)
        result = results[-1]
        self.assertEqual(result.returncode, 0, (case, result.stdout, result.stderr))
        values = self.old.now()
        waits = PENDING.exists()
        files = (FRAGMENT.exists(), LIMITS.exists())
        self.assertIn(values, (self.old.before, self.new), case)
        if values == self.new and not waits:
            self.assertEqual(files, (True, True), case)
        else:
            self.assertEqual(files, (False, False), case)
        history = json.loads(run("history", "--json").stdout)["transactions"]
        state = history[0]["state"] if history else "reverted"
        expected = "applied" if waits else "confirmed" if values == self.new else "reverted"
        self.assertEqual(state, expected, case)
        self.assertEqual(private.temporary_files(), [], case)
        if values == self.new:
            self.assertEqual(run("rollback").returncode, 0, case)
        # A timer that has just begun has it for a moment; nobody keeps it.
        end = subprocess.run(["flock", "--timeout", "10", "/run/tuner/lock", "true"], check=False)
        self.assertEqual(end.returncode, 0, case)
        self.forget()
        return state


class EverySystemCall(Crash):
    """strace counts each system call by its name; together that is every one of them."""

    def calls_of(self, words):
        trace = Path("/run/trace")
        subprocess.run(["strace", "-n", "-o", trace, PROGRAM, *words], env=SURROUNDINGS, check=True,
                       stdout=subprocess.DEVNULL)
        counts = collections.Counter()
        for line in trace.read_text().splitlines():
            if call := re.match(r"\[ *(\d+)\] (\w+)\(", line):
                counts[(call[2], int(call[1]))] += 1
        # Before execve there is no tuner.
        return {call: count for call, count in counts.items() if call[0] != "execve"}

    def killed(self, words, call, number):
        result = subprocess.run([KILL_AT, str(call[1]), str(number), PROGRAM, *words],
                                env=SURROUNDINGS, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, check=False)
        self.assertIn(result.returncode, (128 + signal.SIGKILL, 0))
        return result.returncode != 0

    def every_call(self, words, prepare, sample=1):
        prepare()
        counts = self.calls_of(words)
        self.check_and_go_back("untouched")
        self.assertGreater(sum(counts.values()), 100)
        kills = 0
        states = collections.Counter()
        for call, count in sorted(counts.items()):
            for number in range(1, count + 1, sample):
                prepare()
                kills += self.killed(words, call, number)
                states[self.check_and_go_back((words, call, number))] += 1
        self.assertGreater(kills, sum(counts.values()) * 0.9)  # a few depend on the moment
        return kills, dict(states)

    def test_apply(self):
        done = self.every_call(["apply", "--profile", "proxy"], lambda: None)
        print("\nkilled at every system call of apply:", *done)

    def test_confirm(self):
        def prepare():
            result = run("apply", "--profile", "proxy", "--confirm-within", "10min")
            self.assertEqual(result.returncode, 0)

        done = self.every_call(["confirm"], prepare)
        print("\nkilled at every system call of confirm:", *done)

    def test_apply_and_wait(self):
        """Timers of runs that were killed before they had written them down end by themselves."""
        words = ["apply", "--profile", "proxy", "--confirm-within", "30s"]
        self.addCleanup(kill_timers, "recover --expire")
        done = self.every_call(words, lambda: None)
        print("\nkilled at every system call of apply --confirm-within:", *done)

    def test_recover(self):
        """Recovery after a kill behind the last value, and killed in its turn."""
        trace = Path("/run/trace")
        subprocess.run(["strace", "-n", "-e", "trace=write", "-o", trace, PROGRAM, "apply", "--profile",
                        "proxy"], env=SURROUNDINGS, check=True, stdout=subprocess.DEVNULL)
        lines = [line for line in trace.read_text().splitlines() if "] write(" in line]
        write = ("write", int(re.match(r"\[ *(\d+)\]", lines[0])[1]))
        behind = max(index for index, line in enumerate(lines) if '"1\\n"' in line) + 2
        self.check_and_go_back("traced")

        def prepare():
            self.assertTrue(self.killed(["apply", "--profile", "proxy"], write, behind))
            self.assertNotEqual(self.old.now(), self.old.before)

        done = self.every_call(["recover"], prepare)
        print("\nkilled at every system call of recover:", *done)

    def test_rollback(self):
        def prepare():
            self.assertEqual(run("apply", "--profile", "proxy").returncode, 0)

        done = self.every_call(["rollback"], prepare)
        print("\nkilled at every system call of rollback:", *done)


class RandomTimes(Crash):
    def test_apply(self):
        source = random.Random(SEED)
        states = collections.Counter()
        started = time.monotonic()
        run("apply", "--profile", "proxy")
        usual = time.monotonic() - started
        run("rollback")
        self.forget()
        for count in range(RANDOM_KILLS):
            delay = source.uniform(0, usual)
            process = subprocess.Popen([PROGRAM, "apply", "--profile", "proxy"], env=SURROUNDINGS,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)  # the moment of the kill is what is varied
            process.kill()
            process.wait()
            states[self.check_and_go_back((count, delay))] += 1
        print("\nkilled at random times:", dict(states))
        self.assertEqual(sum(states.values()), RANDOM_KILLS)


class DeadMan(Crash):
    def is_old(self):
        return self.old.now() == self.old.before

    def in_a_terminal(self, *words):
        """A shell with a terminal and a session of its own, and tuner in it."""
        process, terminal = pty.fork()
        if process == 0:
            os.execvpe("sh", ["sh", "-c", f"{PROGRAM} {' '.join(words)}; exec sleep 60"],
                       SURROUNDINGS)
        self.addCleanup(os.close, terminal)
        self.assertTrue(wait_for(lambda: self.old.now() == self.new, 5))
        self.assertTrue(wait_for(lambda: "applied" in run("history", "--json").stdout, 5))
        return process

    def session_of(self, process):
        """Every process of the session that `process` leads."""
        found = []
        for path in Path("/proc").iterdir():
            if path.name.isdigit():
                try:
                    fields = (path / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[3]) == process:
                    found.append(int(path.name))
        return found

    def test_the_terminal_goes_away(self):
        for number in (signal.SIGHUP, signal.SIGKILL):
            process = self.in_a_terminal("apply", "--profile", "proxy", "--confirm-within", "3s")
            begun = time.monotonic()
            for member in self.session_of(process):
                os.kill(member, number)
            os.waitpid(process, 0)
            self.assertTrue(wait_for(self.is_old, 5), number)
            self.assertGreater(time.monotonic() - begun, 2)
            self.assertTrue(wait_for(lambda: "reverted" in run("history", "--json").stdout, 2))
            self.assertFalse(PENDING.exists())
            self.forget()

    def test_confirmed_in_time_it_stays(self):
        run("apply", "--profile", "proxy", "--confirm-within", "900ms")
        self.assertEqual(run("confirm").returncode, 0)
        self.assertFalse(wait_for(self.is_old, 1.5))
        self.assertTrue(FRAGMENT.exists())

    def test_at_the_same_instant(self):
        """Who is first wins, and the other one says so."""
        winners = collections.Counter()
        source = random.Random(SEED)
        for count in range(RACES):
            within = 60
            begun = time.monotonic()
            applied = run("apply", "--profile", "proxy", "--confirm-within", f"{within}ms")
            self.assertEqual(applied.returncode, 0, applied.stderr)
            # A confirmation takes its time to start, so it begins a little before the timer.
            moment = begun + within / 1000 + source.uniform(-0.010, 0.010)
            time.sleep(max(0, moment - time.monotonic()))
            confirmed = run("confirm")
            settled = wait_for(
                lambda: json.loads(run("history", "--json").stdout)["transactions"][0]["state"]
                in ("confirmed", "reverted"), 5)
            self.assertTrue(settled, count)
            state = self.check_and_go_back(count)
            winners[state] += 1
            said, status = ("stay", 0) if state == "confirmed" else ("rolled back", 1)
            self.assertEqual(confirmed.returncode, status, confirmed.stderr)
            self.assertIn(said, " ".join(confirmed.stdout.split()), count)
        print("\nraces:", dict(winners))
        self.assertEqual(sum(winners.values()), RACES)


if __name__ == "__main__":
    private.enter()
    unittest.main()
