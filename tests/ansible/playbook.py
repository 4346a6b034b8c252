"""Running ansible-playbook with the collection, away from the settings of this machine."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
COLLECTION = SOURCE / "packaging/ansible"
FRAGMENT = Path("/etc/sysctl.d/90-tuner.conf")
DEADLINE = 120  # seconds; a playbook that hangs fails the test
NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


def wait_for(condition, what, seconds=30):
    """Until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"it did not come to this in {seconds} s: {what}")
        time.sleep(0.05)


def install(target):
    """The program and its profiles, as packages lay them out, where every user can run it."""
    program = Path(os.environ["TUNER"])
    (target / "bin").mkdir(parents=True)
    shutil.copy(program, target / "bin/tuner")
    shutil.copytree(SOURCE / "profiles", target / "share/tuner/profiles")


class Outcome:
    """What a run of ansible-playbook came to."""

    def __init__(self, process, results):
        self.status, self.output = process.returncode, process.stdout + process.stderr
        self.results = results

    def of(self, task, host=None):
        """The outcome and the result of a task; of which host, where there are several."""
        found = [entry for entry in self.results
                 if entry["task"] == task and host in (None, entry["host"])]
        if len(found) != 1:
            raise AssertionError(f"{task} {host} is there {len(found)} times:\n{self.output}")
        return found[0]["outcome"], found[0]["result"]

    def result(self, task, host=None):
        """The result of a task that ended well."""
        outcome, result = self.of(task, host)
        if outcome != "ok":
            raise AssertionError(f"{task} {host} {outcome}:\n{self.output}")
        return result

    def failure(self, task, host=None):
        """The message of a task that failed."""
        outcome, result = self.of(task, host)
        if outcome != "failed":
            raise AssertionError(f"{task} {host} {outcome}:\n{self.output}")
        return result["msg"]


def environment(directory):
    """Nothing of the caller's; what Ansible writes stays below the directory."""
    return {"PATH": f"{directory}/tuner/bin:{os.environ['PATH']}", "LANG": "C.UTF-8",
            "HOME": str(directory / "home"), "ANSIBLE_HOME": str(directory / "home/ansible"),
            "ANSIBLE_CONFIG": str(directory / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_COLLECTIONS_PATH": str(directory / "collections"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "results", "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(directory / "home/cp"),
            "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3", "PYTHONDONTWRITEBYTECODE": "1",
            "TUNER_TEST_RESULTS": str(directory / "home/results")}


class Playbooks(unittest.TestCase):
    """A test with a directory that has the collection and the program."""

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="tuner-test-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.directory.chmod(0o755)
        install(self.directory / "tuner")
        shutil.copytree(COLLECTION, self.directory / "collections/ansible_collections/tuner/network")
        (self.directory / "home").mkdir()
        (self.directory / "ansible.cfg").touch()

    def play(self, *tasks, options=(), prefix=(), **keywords):
        """Runs one play with these tasks; without an inventory on this machine."""
        play = {"hosts": "all", "gather_facts": False, "tasks": list(tasks), **keywords}
        book, home = self.directory / "book.json", self.directory / "home"
        book.write_text(json.dumps([play]))
        results = home / "results"
        results.write_text("")
        if prefix:
            subprocess.run(["chown", "-R", "65534:65534", home], check=True)
        place = [] if "-i" in options else ["-i", "localhost,", "-c", "local"]
        process = subprocess.run([*prefix, "ansible-playbook", *place, *options, str(book)],
                                 env=environment(self.directory), stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True, timeout=DEADLINE, check=False)
        return Outcome(process, [json.loads(line) for line in results.read_text().splitlines()])


def task(name, module, keywords=None, **arguments):
    """A task with a module of the collection."""
    return {"name": name, f"tuner.network.tuner_{module}": arguments, **(keywords or {})}
