"""What cannot be read is never taken for what is not there: descriptors that are used up, faults of a
disk, and files in the wrong place, form or machine."""

import json
import os
import re
import resource
import subprocess
import unittest
from pathlib import Path

import private
from support import PROGRAM, SANITIZED, run

KEY = "net.ipv4.tcp_fin_timeout"
TRANSACTIONS = Path("/var/lib/tuner/transactions")
NOTHING = re.compile(r"Nothing (?:was ever|is applied|waits|is left|to)|nothing has drifted")
LOOKS = ["history", "status", "recover", "rollback", "confirm"]


class Unreadable(unittest.TestCase):
    def setUp(self):
        private.clear()
        self.addCleanup(private.clear)
        self.addCleanup(private.Values([KEY]).restore)
        self.profile = Path("/run/mine.toml")
        self.profile.write_text(f'schema = 1\nname = "mine"\nsummary = "x"\n[sysctl."{KEY}"]\n'
                                'exactly = 25\nwhy = "x"\n')
        self.assertEqual(run("apply", "--profile", self.profile).returncode, 0)
        self.directory, = TRANSACTIONS.iterdir()
        self.journal = self.directory / "journal"
        self.text = self.journal.read_bytes()

    def mounted(self, source, place):
        private.mount("--bind", source, place)
        self.addCleanup(subprocess.run, ["umount", place], check=True)

    def is_told(self, *words, status=(1, 3), **options):
        result = run(*words, **options)
        self.assertIn(result.returncode, status, (words, result.stdout, result.stderr))
        text = " ".join((result.stdout + result.stderr).split())
        self.assertEqual(NOTHING.findall(text), [], (words, text))
        return text

    def all_say(self, what):
        for command in LOOKS:
            self.assertIn(what, self.is_told(command))
        for words in (["apply"], ["apply", "--dry-run"]):
            self.assertIn(what, self.is_told(*words, "--profile", "proxy", status=(1,)))
        self.assertEqual(private.get_key(KEY), "25")

    @unittest.skipIf(SANITIZED, "it opens pipes by itself")
    def test_descriptors_that_are_used_up(self):
        """Each number of them: the answer of one who has enough, or an error that says why."""
        enough = {command: run(command).stdout for command in ("history", "status")}
        for count in range(4, 16):
            for command in LOOKS:
                with self.subTest(command=command, count=count):
                    result = subprocess.run(
                        [PROGRAM, command], capture_output=True, text=True, timeout=60, check=False,
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE,
                                                              (count, count)))
                    if result.returncode == 0 and command in enough:
                        self.assertEqual(result.stdout, enough[command])
                    elif result.returncode != 0:
                        self.assertIn(result.returncode, (1, 3))
                        text = " ".join((result.stdout + result.stderr).split())
                        self.assertIn("Too many open files", text)
                        self.assertEqual(NOTHING.findall(text), [], text)
                    if command == "rollback" and result.returncode == 0:
                        self.assertNotEqual(private.get_key(KEY), "25")
                        self.assertEqual(run("apply", "--profile", self.profile).returncode, 0)
                        enough = {name: run(name).stdout for name in enough}

    def test_a_directory_in_the_place_of_the_journal(self):
        self.journal.unlink()
        self.journal.mkdir()
        self.all_say("cannot be read: Is a directory")

    def test_a_file_in_the_place_of_the_directory(self):
        self.directory.rename("/var/lib/tuner/aside")
        self.directory.write_text("x")
        self.all_say("cannot be read: Not a directory")

    def test_a_link_in_the_place_of_the_journal(self):
        self.journal.rename("/var/lib/tuner/aside")
        self.journal.symlink_to("/var/lib/tuner/aside")
        self.all_say("cannot be read: Too many levels of symbolic links")

    def test_a_journal_that_is_gone(self):
        self.journal.unlink()
        self.all_say("cannot be read: No such file")

    def test_a_fault_of_the_disk(self):
        self.mounted("/proc/self/mem", self.journal)  # reading at 0 fails
        self.all_say("cannot be read:")

    def test_a_file_that_others_may_not_read(self):
        """A user without the right to look is told so, and no more."""
        stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        for command in ("history", "status"):
            text = self.is_told(command, status=(77,), prefix=stranger)
            self.assertIn("Permission denied", text)

    def test_another_machines_changes_are_named_and_let_be(self):
        machine = Path("/run/machine")
        machine.write_text("0123456789abcdef0123456789abcdef\n")
        boot = Path("/run/boot")
        boot.write_text("0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b\n")
        self.mounted(machine, "/etc/machine-id")
        self.mounted(boot, "/proc/sys/kernel/random/boot_id")
        for command in ("history", "status"):
            text = self.is_told(command, status=(0,))
            self.assertIn(f"{self.directory.name} (profile mine) was made under another machine-id", text)
        self.assertEqual(run("rollback").returncode, 0)
        self.assertEqual(private.get_key(KEY), "25")

    def test_what_is_not_seen_is_not_gone(self):
        """Without /proc/sys, a value that could not be rolled back is not called gone."""
        private.mount("-t", "tmpfs", "tmpfs", "/proc/sys/net")
        try:
            text = self.is_told("rollback", status=(1, 4))
        finally:
            subprocess.run(["umount", "/proc/sys/net"], check=True)
        self.assertNotIn("no longer has this key", text)
        self.assertEqual(private.get_key(KEY), "25")
        self.assertEqual(run("rollback").returncode, 0)
        self.assertNotEqual(private.get_key(KEY), "25")

    def test_a_machine_that_cannot_be_told(self):
        self.mounted("/proc/self/mem", "/etc/machine-id")
        for command in LOOKS:
            self.assertIn("/etc/machine-id: cannot be read", self.is_told(command))

    def test_a_value_that_cannot_be_read_may_have_drifted(self):
        fragment = Path("/etc/sysctl.d/90-tuner.conf")
        self.assertTrue(fragment.exists())
        self.mounted("/proc/self/mem", fragment)
        self.is_told("status")
        self.assertTrue(json.loads(run("status", "--json").stdout)["errors"])


if __name__ == "__main__":
    private.enter()
    unittest.main()
