"""Each system call of each command that changes something fails once, with EIO; from each open on
there are no descriptors left; from each write of a file system on it is read-only. Whatever fails,
what the journal says is so, the exit status too, and a later run brings all back.

usage: test_faults.py [--all]; without it, every 23rd fault. ./dev lab runs all of them."""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path

import private
from support import NO_LEAKS, PROGRAM, run

KEYS = ["net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_rmem"]
PROFILE = Path("/run/mine.toml")
OTHER = Path("/run/other.toml")
TEXT = ('schema = 1\nname = "{}"\nsummary = "x"\n[sysctl."net.ipv4.tcp_fin_timeout"]\n'
        'exactly = {}\nwhy = "x"\n[sysctl."net.ipv4.tcp_rmem"]\nexactly = ["4KiB", "128KiB", "{} B"]\n'
        'why = "x"\n[limits]\nnofile = {{ at_least = {}, why = "x" }}\n')
DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/etc/security/limits.d")
LATER = ("--confirm-within", "10min")
EVERY = 31
WRITES = ("fsync", "fdatasync", "renameat", "renameat2", "unlinkat", "mkdir", "mkdirat", "ftruncate")
# Without these the program does not begin, or does not end; and what it says goes nowhere.
NEVER = {"exit_group", "execve", "brk", "mmap", "munmap", "mprotect", "arch_prctl", "rseq",
         "set_robust_list", "set_tid_address", "prlimit64", "rt_sigreturn", "restart_syscall", "futex"}


def seen():
    """The values and the files that a change is about."""
    files = {str(path): path.read_text() for directory in DIRECTORIES if Path(directory).is_dir()
             for path in Path(directory).iterdir() if path.is_file() and not path.name.startswith(".")}
    return {key: private.get_key(key) for key in KEYS}, files


def act(*words, status=(0,)):
    result = run(*words)
    if result.returncode not in status:
        raise AssertionError(f"{words}: {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def transactions():
    return json.loads(act("history", "--json").stdout)["transactions"]


def apply(*words, profile=PROFILE):
    act("apply", "--profile", profile, *words)


def alone():
    """A change that waits, whose timer was killed."""
    apply(*LATER)
    private.kill_timers("recover --expire")


def late():
    """The same, and its time has expired: the timer was killed before."""
    for _ in range(20):
        apply("--confirm-within", "300ms")
        private.kill_timers("recover --expire")
        if transactions()[0]["state"] == "applied":
            break
    deadline = time.monotonic() + 10
    while "its time has expired" not in run("status").stdout:
        if time.monotonic() > deadline:
            raise AssertionError("its time never comes")
        time.sleep(0.01)


# What is there before, and the command. The state that a success leaves.
CASES = {
    "apply": (lambda: None, lambda: ["apply", "--profile", PROFILE], "confirmed"),
    "replace": (lambda: apply(profile=OTHER), lambda: ["apply", "--profile", PROFILE], "confirmed"),
    "wait": (lambda: None, lambda: ["apply", "--profile", PROFILE, *LATER], "applied"),
    "confirm": (lambda: apply(*LATER), lambda: ["confirm"], "confirmed"),
    "rollback": (apply, lambda: ["rollback"], "reverted"),
    "rollback, waiting": (lambda: apply(*LATER), lambda: ["rollback"], "reverted"),
    "expire": (late, lambda: ["recover", "--expire", transactions()[0]["id"]], "reverted"),
    "recover, late": (late, lambda: ["recover"], "reverted"),
    "recover, waiting": (alone, lambda: ["recover"], "applied"),
}


class Machine:
    """Brings everything back to where it began, and tells what it would be."""

    def __init__(self):
        PROFILE.write_text(TEXT.format("mine", 25, 7000000, 200000))
        OTHER.write_text(TEXT.format("other", 35, 8000000, 300000))
        self.old = private.Values(KEYS)
        self.start = seen()

    def clear(self):
        private.kill_timers("recover --expire")
        private.clear()
        PROFILE.write_text(TEXT.format("mine", 25, 7000000, 200000))
        OTHER.write_text(TEXT.format("other", 35, 8000000, 300000))
        self.old.restore()

    def under_strace(self, words, *options):
        return subprocess.run(
            ["strace", "-qq", *options, PROGRAM, *map(str, words)], capture_output=True, text=True,
            timeout=60, check=False, env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **NO_LEAKS})

    def calls(self, words):
        """How often each system call is made."""
        result = self.under_strace(words, "-o", "/run/calls")
        if result.returncode != 0:
            raise AssertionError(f"{words}: {result.stdout}{result.stderr}")
        names = re.findall(r"^(\w+)\(", Path("/run/calls").read_text(errors="replace"), re.M)
        return {name: count for name, count in collections.Counter(names).items()
                if name not in NEVER}

    def faults(self, case):
        """As strace has them: which calls, the error, and when."""
        prepare, words, _ = CASES[case]
        self.clear()
        prepare()
        calls = self.calls(words())
        once = [f"{name}:error=EIO:when={number}" for name, count in calls.items()
                for number in range(1, count + 1)]
        none = [f"openat:error=EMFILE:when={number}+" for number in range(1, calls["openat"] + 1)]
        closed = [f"{name}:error=EROFS:when={number}+" for name in WRITES
                  for number in range(1, calls.get(name, 0) + 1)]
        return once + none + closed

    def judge(self, case, fault):
        """None where it held; else what went wrong."""
        prepare, words, goal = CASES[case]
        self.clear()
        prepare()
        before = seen()
        result = self.under_strace(words(), "-o", "/dev/null",
                                   f"--inject={fault}")
        after = seen()
        said = f"exit status {result.returncode}: {result.stdout[-600:]}{result.stderr[-600:]}"
        known = transactions()
        state = known[0]["state"] if known else "none"
        if "while loading shared libraries" in result.stderr:
            return None if after == before else f"it did not begin, and changed: {after}"
        if result.returncode < 0 or result.returncode > 78:
            return f"it died, {said}"
        if state == "reverted" and case not in ("replace", "confirm") and after != self.start:
            return f"it is not as before, and called reverted: {after}, {said}"
        if state == "confirmed" and result.returncode == 0 and after[0] == self.start[0]:
            return f"nothing is set, and it is called confirmed, {said}"
        # All is in its place, and the next run writes that down.
        nearly = goal == "confirmed" and state == "confirming" and after[0] != self.start[0]
        if result.returncode == 0 and state != goal and not nearly:
            return f"it is {state} and not {goal}, {said}"
        if result.returncode == 1 and case != "confirm" and after not in (before, self.start) and (
                state != "confirmed"):
            return f"it failed, and something changed: {after}, {said}"
        if state == "applied" and result.returncode == 0:
            document = json.loads(act("status", "--json").stdout)
            if not document["timer_runs"]:
                return f"it waits without a timer, {said}"
        act("recover", status=(0, 1, 4))
        for _ in range(4):
            if all(one["state"] == "reverted" for one in transactions()):
                break
            act("rollback", status=(0, 4))
        if seen() != self.start:
            return f"it does not come back: {seen()}, {said}"
        left = private.temporary_files()
        return f"left behind: {left}, {said}" if left else None


def run_all(machine, every):
    """How many held of how many, by case; what did not is printed."""
    total = collections.Counter()
    held = collections.Counter()
    for case in CASES:
        for index, fault in enumerate(machine.faults(case)):
            if index % every:
                continue
            kind = (case, re.search(r"error=(\w+)", fault)[1])
            total[kind] += 1
            try:
                trouble = machine.judge(case, fault)
            except AssertionError as error:
                trouble = str(error)
            held[kind] += not trouble
            if trouble:
                print(f"{case}: {fault}: {trouble}", flush=True)
        for kind, count in total.items():
            if kind[0] == case:
                print(f"{case}, {kind[1]}: {held[kind]} of {count} held", flush=True)
    print(f"{sum(held.values())} of {sum(total.values())} held")
    machine.clear()
    return sum(held.values()) == sum(total.values())


class Faults(unittest.TestCase):
    def test_each_holds(self):
        machine = Machine()
        self.addCleanup(machine.clear)
        self.assertTrue(run_all(machine, EVERY))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    private.enter()
    private.guard()
    if options.all:
        sys.exit(0 if run_all(Machine(), 1) else 1)
    unittest.main(argv=sys.argv[:1])
