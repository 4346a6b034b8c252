"""What the command line tests share: running the program, captured trees, schemas."""

import json
import os
import shutil
import subprocess
import tempfile
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


def validate(document, command):
    schema = json.loads((SOURCE / f"schemas/{command}-1.json").read_text())
    jsonschema.validate(document, schema)


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
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tuner-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def tree(self, host=QUIET_HOST, files=None):
        """A captured host with files replaced; a file of None is taken away."""
        root = self.folder / "root"
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
        path = self.folder / f"{name}.toml"
        path.write_text(f'schema = 1\nname = "{name}"\nsummary = "a test"\n{text}')
        return path
