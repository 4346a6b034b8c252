"""A network and mount namespace of its own, in which a test may apply what it likes."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OUTSIDE = "TUNER_TEST_OUTSIDE"  # the namespace that must not be touched
SYSCTL = Path("/proc/sys")
# What a child namespace does not have: finding it means being in the machine's own.
INITIAL_ONLY = SYSCTL / "net/core/netdev_max_backlog"
STATE = [Path(name) for name in ("/etc/sysctl.d", "/etc/security", "/etc/systemd/system",
                                 "/var/lib", "/run")]
UNSHARED = SYSCTL / "net"  # all other keys are the machine's, in every namespace


def namespace():
    return os.readlink("/proc/self/ns/net")


def timers(words):
    """The pids of processes of this mount namespace that were called with these words: another test
    may run the same command in its own."""
    here, found = os.readlink("/proc/self/ns/mnt"), []
    for process in Path("/proc").glob("[0-9]*"):
        # Whoever ends meanwhile was not meant.
        with contextlib.suppress(OSError):
            called = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words in called and os.readlink(process / "ns/mnt") == here:
                found.append(int(process.name))
    return found


def kill_timers(words):
    """How many there were."""
    pids = timers(words)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(pids)


def guard():
    """Refuses to go on in the namespace that the test was started from."""
    if os.environ.get(OUTSIDE, namespace()) == namespace() or INITIAL_ONLY.exists():
        sys.exit("this is not a namespace of its own")


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True)


def furnish():
    """Empty directories over those of the machine; what is not of this namespace is read-only."""
    guard()
    for directory in STATE:
        if directory.is_dir():
            mount("-t", "tmpfs", "tmpfs", directory)
    (Path("/etc/security") / "limits.d").mkdir()
    for directory in SYSCTL.iterdir():
        if directory.is_dir() and directory != UNSHARED:
            mount("--bind", directory, directory)
            mount("-o", "remount,bind,ro", directory)
    # The files of the program's own machine have no say here.
    empty = Path(tempfile.mkdtemp(dir="/run"))
    for directory in ("/usr/lib/sysctl.d", "/usr/local/lib/sysctl.d"):
        if Path(directory).is_dir():
            mount("--bind", empty, directory)
    blank = empty.parent / "blank"
    blank.write_text("")
    for file in ("/etc/sysctl.conf", "/etc/machine-id"):
        if Path(file).is_file():
            mount("--bind", blank, file)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def be_init():
    """The first process of a PID namespace that stands for a host: tuner leaves a timer behind only
    where that process stays."""
    Path("/proc/self/comm").write_text("init")


def enter():
    """Starts the program again in namespaces of its own, once."""
    if OUTSIDE in os.environ:
        furnish()
        return
    command = ["unshare", "--net", "--mount", "--propagation", "private"]
    if subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print("skipped: no right to make a namespace")
        sys.exit(77)
    os.environ[OUTSIDE] = namespace()
    os.environ.setdefault("TUNER", str(Path(__file__).resolve().parents[2] / "build/release/tuner"))
    os.execvp(command[0], [*command, sys.executable, "-B", *sys.argv])


def clear():
    """Empties the directories of the state; what is mounted or linked in them goes too."""
    guard()
    for directory in ("/etc/sysctl.d", "/etc/security/limits.d", "/var/lib/tuner", "/run/tuner",
                   "/run/sysctl.d", "/etc/systemd/system"):
        path = Path(directory)
        if path.is_symlink() or path.is_file():
            path.unlink()
        if not path.is_dir():
            continue
        for child in path.iterdir():
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            else:
                child.unlink()
    for directory in ("/var/lib/tuner", "/run/tuner"):
        if Path(directory).is_dir():
            Path(directory).rmdir()


def until(what, seconds=30):
    """Whether `what` comes true before the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.005)
    return what()


def get_key(key):
    return " ".join((SYSCTL / key.replace(".", "/")).read_text().split())


def set_key(key, value):
    guard()
    (SYSCTL / key.replace(".", "/")).write_text(f"{value}\n")


class Values:
    """Keys as they were, to be put back."""

    def __init__(self, keys):
        self.before = {key: get_key(key) for key in keys}

    def now(self):
        return {key: get_key(key) for key in self.before}

    def restore(self):
        for key, value in self.before.items():
            if get_key(key) != value:
                set_key(key, value)


def temporary_files():
    """What a run that was cut off may have left behind."""
    found = []
    for directory in ("/etc/sysctl.d", "/etc/security/limits.d", "/run/sysctl.d", "/var/lib/tuner",
                   "/etc/systemd/system"):
        for path in Path(directory).rglob(".*"):
            found.append(str(path))
    return found
