"""The real readers: where their binaries are, running them, and what they wrote."""

import errno
import os
import re
import shutil
import subprocess
from pathlib import Path

import sandbox

RELEASES = ("bookworm", "trixie", "sid")
LINKS = ("a0", "a1", "b0", "eth0", "eth0.100")
DEADLINE = 60  # seconds; a reader that hangs fails the run
LOADERS = ("usr/lib/ld-linux*.so*", "usr/lib64/ld-linux*.so*", "lib64/ld-linux*.so*",
           "lib/ld-linux*.so*", "usr/lib64/ld64.so*", "lib64/ld64.so*")
LIBRARIES = ("lib/*-linux-gnu*", "usr/lib/*-linux-gnu*", "usr/lib/*-linux-gnu*/systemd")
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin"}
NOBODY = 65534


def first_of(root, *patterns):
    for pattern in patterns:
        for path in root.glob(pattern):
            return path
    raise FileNotFoundError(f"{root}: has none of {', '.join(patterns)}")


class Reader:
    """One binary with the libraries that it needs, below /opt of the chroot."""

    def __init__(self, family, release, root, binaries):
        self.family = family
        self.directory = Path("/opt") / f"{release}-{family}"
        copy = binaries / self.directory.name
        copy.mkdir()
        names = {"systemd": ("usr/lib/systemd/systemd-sysctl", "lib/systemd/systemd-sysctl"),
                 "procps": ("usr/sbin/sysctl", "sbin/sysctl")}[family]
        program = first_of(root, *names)
        loader = first_of(root, *LOADERS)
        path = ":".join(str(directory) for pattern in LIBRARIES for directory in root.glob(pattern))
        listing = subprocess.run([loader, "--library-path", path, "--list", program], check=True,
                                 capture_output=True, text=True).stdout
        for library in [program, loader, *re.findall(r"=> (\S+)", listing)]:
            if Path(library).exists():
                shutil.copy(library, copy / Path(library).name)
        self.program, self.loader = program.name, loader.name
        self.name = f"{family}-{self.version(copy)}"

    def version(self, copy):
        output = subprocess.run([copy / self.loader, "--library-path", copy, copy / self.program,
                                 "--version"], check=True, capture_output=True, text=True).stdout
        return re.search(r"(?:systemd|procps-ng) ([0-9.]+)", output).group(1)

    def command(self, arguments):
        directory = str(self.directory)
        return [f"{directory}/{self.loader}", "--library-path", directory, "--argv0", self.program,
                f"{directory}/{self.program}", *arguments]

    def arguments(self, files=None):
        """files: None as at boot, or the files that are given by name."""
        if self.family == "systemd":
            return list(files or [])
        return ["--system"] if files is None else ["-p", *files]


def find_readers(directory, binaries):
    return [Reader(family, release, Path(directory) / release, binaries)
            for family in ("systemd", "procps") for release in RELEASES]


def can_trace():
    return shutil.which("strace") is not None


class Result:
    def __init__(self, status, values, writes, messages):
        self.status, self.values, self.writes, self.messages = status, values, writes, messages


def normal(value):
    """A value as it is compared: single blanks between elements."""
    if isinstance(value, int):
        return f"error {errno.errorcode.get(value, value)}"
    return " ".join(value.decode("utf-8", "backslashreplace").split())


class Oracle:
    def __init__(self, directory, links=LINKS):
        self.tree = sandbox.Tree()
        self.readers = find_readers(directory, self.tree.binaries)
        self.links = links
        self.renew()
        self.tree.copy_defaults()
        self.observed = self.observable()
        self.defaults = self.read_back(self.observed)

    def renew(self, links=None, before=None):
        """A fresh namespace, with interfaces and with the values that a case starts from."""
        sandbox.fresh()
        (self.tree.jail / "proc/sys/kernel/domainname").write_text("(none)\n")
        (self.tree.jail / "proc/sys/kernel/panic").write_text("0\n")
        sandbox.raise_loopback()
        for link in self.links if links is None else links:
            sandbox.add_link(link)
        for path, value in (before or {}).items():
            (self.tree.jail / "proc/sys" / path).write_text(f"{value}\n")

    def observable(self):
        """Every key of the namespace that a file can name and that can be read."""
        root = self.tree.jail / "proc/sys"
        return sorted(os.path.join(directory, name)[len(str(root)) + 1:]
                      for directory, _, names in os.walk(root) for name in names
                      if "/neigh/" not in directory and name != "stable_secret")

    def read_back(self, paths):
        root = str(self.tree.jail / "proc/sys")
        return {path: normal(sandbox.read_key(f"{root}/{path}")) for path in paths}

    def run(self, reader, arguments, observed=None, trace=False, plain_user=False, given=None):
        """Runs a reader on the tree in the present namespace and reads the keys back."""
        sandbox.guard()
        command = reader.command(arguments)
        output = self.tree.base / "trace"
        user = [f"--userspec=+{NOBODY}:+{NOBODY}"] if plain_user else []
        command = ["chroot", *user, str(self.tree.jail), *command]
        if trace:
            command = ["strace", "-f", "-qq", "-xx", "-s", "70000", "-o", str(output), "-e",
                       "trace=openat,open,write,close", *command]
        finished = subprocess.run(command, env=ENVIRONMENT, input=given or b"", check=False,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  timeout=DEADLINE)
        return Result(finished.returncode, self.read_back(observed or self.observed),
                      traced_writes(output.read_text()) if trace else None,
                      finished.stderr.decode(errors="replace"))


OPENED = re.compile(r'open(?:at)?\((?:\S+, )?"((?:\\x..)*)", (\S+?)[,)].* += (-?\d+)(?: (E\w+))?')
WROTE = re.compile(r'write\((\d+), "((?:\\x..)*)"(?:\.\.\.)?, \d+\) += (-?\d+)(?: (E\w+))?')
CLOSED = re.compile(r"close\((\d+)\)")


def unescape(text):
    return bytes.fromhex(text.replace("\\x", ""))


def traced_writes(trace):
    """[path below /proc/sys, bytes or None, "ok" or the error], an entry for each open."""
    entries, handles = [], {}
    for line in trace.splitlines():
        if found := OPENED.search(line):
            path = unescape(found[1])
            if not path.startswith(b"/proc/sys/") or "O_RDONLY" in found[2]:
                continue
            entry = [re.sub(rb"/+", b"/", path)[len(b"/proc/sys/"):], None, found[4] or "ok"]
            entries.append(entry)
            if found[4] is None:
                handles[found[3]] = entry
        elif (found := WROTE.search(line)) and found[1] in handles:
            note_write(handles[found[1]], unescape(found[2]), int(found[3]), found[4])
        elif found := CLOSED.search(line):
            handles.pop(found[1], None)
    return entries


def note_write(entry, text, length, error):
    if error is not None:
        # A second attempt with the same text on the same file says nothing new.
        entry[1] = text if entry[1] is None else entry[1]
        entry[2] = error
        return
    entry[1] = (entry[1] or b"") + text[:length]
    entry[2] = "ok"
