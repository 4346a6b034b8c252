"""What the command line tests share: running the program, captured trees, schemas."""

import contextlib
import fcntl
import json
import os
import pty
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import tty
import unittest
from pathlib import Path

import jsonschema

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TUNER", str(SOURCE / "build/release/tuner"))
HOSTS = SOURCE / "tests/hosts"
QUIET_HOST = "debian12-6.1-x86_64-1g"
# A build for the sanitizers needs memory and descriptors of its own, and its search for leaks cannot
# run under strace.
SANITIZED = b"__asan_init" in Path(PROGRAM).read_bytes()
NO_LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}
DEADLINE = 60  # seconds; a program that hangs fails the test


def run(*arguments, env=None, prefix=(), cwd=None):
    """The finished process, with text output. Colours and profiles of the caller do not count."""
    surroundings = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    surroundings.update(env or {})
    return subprocess.run([*prefix, PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          env=surroundings, cwd=cwd, timeout=DEADLINE, check=False)


class Terminal:
    """The program with stdout on a terminal of that many columns, and stderr on the same with
    `both`; else what it says there is in `messages`."""

    def __init__(self, *arguments, columns=80, both=False, env=None, cwd=None):
        handle, inner = pty.openpty()
        tty.setraw(inner)  # lines as they are written
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        surroundings = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm",
                        "NO_COLOR": "1"}
        surroundings.update(env or {})
        self.process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=inner,
            stderr=inner if both else subprocess.PIPE, env=surroundings, cwd=cwd,
            preexec_fn=heed_interrupts)
        os.close(inner)
        self.shown = b""
        self.reader = threading.Thread(target=self.drain, args=(handle,))
        self.reader.start()

    def drain(self, handle):
        # The kernel has an error for who reads a terminal that nobody writes to any more.
        with contextlib.suppress(OSError):
            while data := os.read(handle, 65536):
                self.shown += data
        os.close(handle)

    def result(self):
        """The finished process, as of run()."""
        _, messages = self.process.communicate(timeout=DEADLINE)
        self.reader.join(DEADLINE)
        return subprocess.CompletedProcess(self.process.args, self.process.returncode,
                                           self.shown.decode(), (messages or b"").decode())


def heed_interrupts():
    """A shell has its background jobs ignore ^C, and they their children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def on_terminal(*arguments, **options):
    return Terminal(*arguments, **options).result()


def strictly(schema):
    """The schema with every member that it does not describe refused, so that what the program writes
    and what is promised are the same fields. Users get the schemas without this: fields may be added."""
    if isinstance(schema, list):
        return [strictly(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: strictly(part) for name, part in schema.items()}
    if "properties" in strict and "additionalProperties" not in strict:
        strict["additionalProperties"] = False
    return strict


def validate(document, command):
    """The shared definitions are put into the schema: how references to another file are resolved
    differs with the version of the library."""
    text = (SOURCE / f"schemas/{command}-1.json").read_text().replace("common-1.json#", "#")
    shared = json.loads((SOURCE / "schemas/common-1.json").read_text())
    jsonschema.validate(document, strictly({**json.loads(text), "$defs": shared["$defs"]}))


def audit(*arguments, **options):
    """The exit status and the validated JSON document of an audit."""
    result = run("audit", "--format", "json", *arguments, **options)
    document = json.loads(result.stdout)
    validate(document, "audit")
    return result.returncode, document


def findings(document, **wanted):
    """The findings that have all the wanted values."""
    return [finding for finding in document["findings"]
            if all(finding[name] == value for name, value in wanted.items())]


class Scratch(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="tuner-test-"))
        self.addCleanup(shutil.rmtree, self.directory)

    def tree(self, host=QUIET_HOST, files=None):
        """A captured host with files replaced; a file of None is taken away."""
        root = self.directory / "root"
        shutil.copytree(HOSTS / host, root)
        for path, content in (files or {}).items():
            target = root / path
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        return root

    def profile(self, text, name="mine"):
        path = self.directory / f"{name}.toml"
        path.write_text(f'schema = 1\nname = "{name}"\nsummary = "a test"\n{text}')
        return path
