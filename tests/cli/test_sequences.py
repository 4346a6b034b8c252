"""Random sequences of changes, rollbacks, confirmations and edits of others on a real namespace: in
the end all goes back but for what others set, and that is named.

usage: test_sequences.py [COUNT]; without it 8. ./dev lab runs 500."""

import json
import random
import sys
import time
import unittest
from pathlib import Path

import private
from support import run

FIN, BACKLOG, WMEM, RMEM = KEYS = ("net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_max_syn_backlog",
                                   "net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem")
FRAGMENT = Path("/etc/sysctl.d/90-tuner.conf")
LIMITS = Path("/etc/security/limits.d/90-tuner.conf")
# No value of a profile is one that others set.
PROFILES = {
    "one": f'[sysctl."{FIN}"]\nexactly = 21\nwhy = "x"\n'
           f'[sysctl."{RMEM}"]\nexactly = ["4KiB", "100KiB", "1MiB"]\nwhy = "x"\n',
    "two": f'[sysctl."{FIN}"]\nexactly = 22\nwhy = "x"\n'
           f'[sysctl."{BACKLOG}"]\nexactly = 5022\nwhy = "x"\n'
           '[limits]\nnofile = { at_least = 220000, why = "x" }\n',
    "three": f'[sysctl."{BACKLOG}"]\nexactly = 5023\nwhy = "x"\n'
             f'[sysctl."{WMEM}"]\nexactly = ["4KiB", "64KiB", "3MiB"]\nwhy = "x"\n'
             '[limits]\nnofile = { at_least = 230000, why = "x" }\n',
}
MINE = "# mine\n"


class Sequence:
    def __init__(self, seed, old):
        self.random = random.Random(seed)
        self.old = old
        self.theirs = {key: set() for key in KEYS}
        self.edited = set()
        self.log = []

    def tuner(self, *words):
        result = run(*words)
        self.log.append((words, result.returncode, result.stdout + result.stderr))
        if result.returncode not in (0, 1, 4, 64, 75):
            raise AssertionError(self.log)
        return result

    def transactions(self):
        return json.loads(run("history", "--json").stdout)["transactions"]

    def apply(self):
        name = self.random.choice(list(PROFILES))
        # None wins against a file that others have edited; that it is refused is part of it.
        words = self.random.choice(([], [], ["--confirm-within", "10min"],
                                    ["--confirm-within", "100ms"], ["--runtime-only"],
                                    ["--only", FIN], ["--persist-only"]))
        result = self.tuner("apply", "--profile", f"/run/profiles/{name}.toml", *words)
        if words == ["--confirm-within", "100ms"] and result.returncode == 0:
            self.wait_for_expiry()

    def wait_for_expiry(self):
        deadline = time.monotonic() + 30
        while any(one["state"] == "applied" for one in self.transactions()):
            if time.monotonic() > deadline:
                raise AssertionError("it never goes back")
            time.sleep(0.01)

    def disturb(self):
        key = self.random.choice((*KEYS, FRAGMENT, LIMITS))
        if key in (FRAGMENT, LIMITS):
            self.edited.add(key)
            if key.exists() and self.random.random() < 0.3:
                key.unlink()
            else:
                key.write_text((key.read_text() if key.exists() else "") + MINE)
            return
        number = self.random.randrange(30, 35)
        value = f"4096 {number}000 {number}00000" if key in (RMEM, WMEM) else str(number)
        private.set_key(key, value)
        self.theirs[key].add(value)
        self.log.append((key, value))

    def roll_back(self):
        words = ["--force"] if self.random.random() < 0.3 else []
        known = self.transactions()
        if known and self.random.random() < 0.5:
            identity = self.random.choice(known)["id"]
            words += self.random.choice(([identity], ["--through", identity]))
        self.tuner("rollback", *words)

    def step(self):
        act = self.random.choices((self.apply, self.disturb, self.roll_back,
                                   lambda: self.tuner("confirm"), lambda: self.tuner("recover")),
                                  (5, 2, 3, 1, 1))[0]
        act()

    def finish(self):
        for force in ([], ["--force"]):
            known = self.transactions()
            if not known:
                return
            self.tuner("rollback", *force)  # one that waits goes first
            for _ in known:
                self.tuner("rollback", *force)
            self.tuner("rollback", "--through", known[-1]["id"], *force)
            self.judge(bool(force))

    def judge(self, forced):
        states = {one["id"]: one for one in self.transactions()}
        named = " ".join(sentence for one in states.values() if one["state"] == "conflict"
                         for sentence in one["records"][-1]["conflicts"])
        if forced and named:
            raise AssertionError(f"left: {named}")
        for key, value in self.old.now().items():
            if value == self.old.before[key]:
                continue
            if value not in self.theirs[key]:
                raise AssertionError(f"{key} is {value}")
        for path in (FRAGMENT, LIMITS):
            if path.exists() and not (path in self.edited and MINE in path.read_text()):
                raise AssertionError(f"{path} is still there: {path.read_text()}")
        left = private.temporary_files()
        if left:
            raise AssertionError(f"left behind: {left}")


def play(seeds):
    directory = Path("/run/profiles")
    old = private.Values(KEYS)
    failed = 0
    for seed in seeds:
        private.kill_timers("recover --expire")
        private.clear()
        old.restore()
        directory.mkdir(exist_ok=True)
        for name, text in PROFILES.items():
            (directory / f"{name}.toml").write_text(
                f'schema = 1\nname = "{name}"\nsummary = "x"\n{text}')
        sequence = Sequence(seed, old)
        try:
            for _ in range(10):
                sequence.step()
            sequence.finish()
        except AssertionError as error:
            failed += 1
            print(f"seed {seed}: {error}\n" + "\n".join(map(str, sequence.log)), flush=True)
    private.clear()
    old.restore()
    print(f"{len(seeds) - failed} of {len(seeds)} sequences went back")
    return failed == 0


class Sequences(unittest.TestCase):
    def test_all_goes_back(self):
        self.assertTrue(play(range(1, 9)))


if __name__ == "__main__":
    private.enter()
    private.guard()
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        sys.exit(0 if play(range(1, int(sys.argv[1]) + 1)) else 1)
    unittest.main()
