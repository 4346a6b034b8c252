"""The root that the consumers run in: a chroot in namespaces of its own. The test's directory has the
same name inside, and /host is this machine, for tuner itself. See run.sh."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

OUTSIDE = "TUNER_TEST_OUTSIDE"  # the namespace that must not be touched
ROOT = Path(os.environ["CONSUMERS"])
PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WRAPPER = """#!/bin/sh
exec chroot /host '{}' "$@"
"""


def guard():
    """Refuses to go on in the namespace that the tests were started from."""
    if os.environ.get(OUTSIDE, "") in ("", os.readlink("/proc/self/ns/net")):
        sys.exit("this is not a namespace of its own: start run.sh")


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True)


def furnish():
    """Once: what the chroot shares with the outside."""
    guard()
    if (ROOT / "proc/self").exists():
        return
    mount("-t", "tmpfs", "tmpfs", ROOT / "tmp")
    (ROOT / "tmp").chmod(0o1777)
    mount("--rbind", "/", ROOT / "host")
    mount("--rbind", "/dev", ROOT / "dev")
    mount("--bind", "/proc", ROOT / "proc")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def environment(**more):
    return {"PATH": PATHS, "LANG": "C.UTF-8", "HOME": "/tmp", **more}


def inside(*words):
    """The command line that runs a program of the root."""
    return ["chroot", str(ROOT), *map(str, words)]


def call(*words, data=None, cwd=None, **more):
    """A finished program of the root. `cwd` is a directory of the test."""
    if cwd:
        words = ("env", "-C", cwd, *words)
    return subprocess.run(inside(*words), input=data, capture_output=True, text=True,
                          env=environment(**more), timeout=120, check=False)


def tuner(*words, status=None, **more):
    """The finished tuner, outside of the chroot."""
    result = subprocess.run([os.environ["TUNER"], *map(str, words)], capture_output=True,
                            text=True, timeout=60, check=False,
                            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more})
    if status is not None and result.returncode != status:
        raise AssertionError(f"{words}: {result.returncode}, {result.stderr}")
    return result


def wait_for(what, condition, seconds=30):
    """What the condition returns, as soon as that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


class Case(unittest.TestCase):
    """A test with a directory that has the same name in the chroot."""

    def setUp(self):
        furnish()
        self.directory = Path(tempfile.mkdtemp(prefix="tuner-consumers-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.directory)
        twin = ROOT / self.directory.relative_to("/")
        twin.mkdir()
        mount("--bind", self.directory, twin)
        self.addCleanup(subprocess.run, ["umount", "-l", twin], check=True)

    def start(self, *words, **options):
        """A program of the root that runs until the test ends."""
        process = subprocess.Popen(inside(*words), env=environment(), **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def program(self):
        """tuner as the programs of the root call it."""
        wrapper = self.directory / "bin/tuner"
        wrapper.parent.mkdir()
        wrapper.write_text(WRAPPER.format(os.environ["TUNER"]))
        wrapper.chmod(0o755)
        return wrapper
