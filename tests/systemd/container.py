"""A release of systemd as the first process of a container."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROFILE = ('schema = 1\nname = "mine"\nsummary = "x"\n[sysctl."net.ipv4.tcp_fin_timeout"]\n'
           'exactly = 25\nwhy = "x"\n')
KEY = "net.ipv4.tcp_fin_timeout"


def groups():
    """Where the groups of version 2 are mounted, which systemd 257 alone may still do without."""
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(place)
    raise OSError("there are no control groups of version 2")


def wait_for(what, condition, seconds=60):
    """What the condition returns, as soon as that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {seconds} s")


class Container:
    def __init__(self, root):
        self.group = groups() / f"tuner-test-{os.getpid()}-{root.name}"
        self.group.mkdir()
        self.log = open(f"/tmp/tuner-systemd-{os.getpid()}-{root.name}.log", "w+",  # pylint: disable=consider-using-with
                        encoding="utf-8")
        os.unlink(self.log.name)
        self.outer = subprocess.Popen([HERE / "boot.sh", root, os.environ["TUNER"], self.group],  # pylint: disable=consider-using-with
                                      stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        try:
            self.init = wait_for("the first process", self.find_init)
            wait_for("systemd", lambda: self.run("systemctl", "is-active", "basic.target",
                                                 check=False).returncode == 0)
            self.write("etc/mine.toml", PROFILE)
        except AssertionError as error:
            self.log.seek(0)
            log = self.log.read()[-3000:]
            self.close()
            raise AssertionError(f"{error}\n{log}") from None

    def find_init(self):
        """systemd, once it has taken over from the script that starts it."""
        if self.outer.poll() is not None:
            raise AssertionError("the container ended")
        for line in Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children").read_text(
                encoding="ascii").split():
            with contextlib.suppress(OSError):
                if Path(f"/proc/{line}/comm").read_text(encoding="utf-8").strip() == "systemd":
                    return int(line)
        return None

    def close(self):
        with contextlib.suppress(AttributeError, ProcessLookupError):
            os.kill(self.init, signal.SIGKILL)  # all of its namespace goes with it
        self.outer.kill()
        self.outer.wait()
        self.log.close()
        for directory in sorted(self.group.rglob("*"), reverse=True):
            if directory.is_dir():
                wait_for(f"{directory} to be empty", lambda directory=directory: not (
                    (directory / "cgroup.procs").read_text(encoding="ascii")))
                directory.rmdir()
        wait_for("the group to be empty", lambda: not (
            (self.group / "cgroup.procs").read_text(encoding="ascii")))
        self.group.rmdir()

    def run(self, *words, check=True):
        result = subprocess.run(
            ["nsenter", "--target", str(self.init), "--mount", "--pid", "--net", "--cgroup", "--uts",
             "--ipc", f"--root=/proc/{self.init}/root", "--wd=/", *map(str, words)],
            capture_output=True, text=True, timeout=120, check=False,
            env={"PATH": "/opt:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"})
        if check and result.returncode != 0:
            raise AssertionError(f"{words}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def unit(self, properties, *words):
        """The exit status and the output of a unit that runs these words."""
        lines = [*properties, "Type=oneshot", "ExecStart=" + " ".join(map(str, words)),
                 "StandardOutput=truncate:/run/output", "StandardError=append:/run/output",
                 "Environment=PATH=/opt:/usr/sbin:/usr/bin:/sbin:/bin"]
        self.write("run/systemd/system/once.service", "[Service]\n" + "\n".join(lines) + "\n")
        self.run("systemctl", "daemon-reload")
        self.run("systemctl", "start", "once.service", check=False)
        status = self.run("systemctl", "show", "--property=ExecMainStatus", "once.service").stdout
        self.run("systemctl", "reset-failed", "once.service", check=False)
        return int(status.strip().partition("=")[2]), self.path("run/output").read_text(
            encoding="utf-8")

    def path(self, name):
        return Path(f"/proc/{self.init}/root") / name

    def write(self, name, text):
        self.path(name).write_text(text, encoding="utf-8")

    def value(self, *prefix):
        """Of the key, in the container's network namespace, or where the prefix leads."""
        return self.run(*prefix, "sysctl", "-n", KEY).stdout.strip()

    def status(self):
        return json.loads(self.run("tuner", "status", "--json").stdout)

    def changes(self):
        """The newest first."""
        return json.loads(self.run("tuner", "history", "--json").stdout)["transactions"]

    def state(self):
        return self.changes()[0]["state"]

    def newest(self):
        return self.changes()[0]["id"]

    def units(self):
        return self.run("systemctl", "list-units", "--all", "--plain", "--no-legend",
                        "tuner-*").stdout.split()
