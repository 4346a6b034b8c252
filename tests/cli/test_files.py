"""What is written where: -o, and nothing outside of what was named."""

import os
import stat
import subprocess
import unittest

from support import HOSTS, PROGRAM, QUIET_HOST, Scratch, run

AUDIT = ["audit", "--format", "csv", "--root", str(HOSTS / QUIET_HOST)]
STRANGER = 65534


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


class Output(Scratch):
    def setUp(self):
        super().setUp()
        self.text = run(*AUDIT).stdout
        self.log = self.directory / "log"
        self.log.write_text("what was there\n")

    def through_shell(self, redirection):
        """Runs an audit with its output by way of a shell's redirection."""
        subprocess.run(["sh", "-c", f'"$@" {redirection}', "sh", PROGRAM, *AUDIT,
                        *self.output], check=True, cwd=self.directory)

    def test_what_is_open_already_is_written_to(self):
        (self.directory / "link").symlink_to("/dev/stdout")
        for number, name in ((1, "/dev/stdout"), (1, "/proc/self/fd/1"), (1, "link"),
                             (2, "/dev/stderr"), (7, "/dev/fd/7"), (1, "/dev/fd/../fd/1")):
            with self.subTest(name=name):
                self.log.write_text("what was there\n")
                inode = self.log.stat().st_ino
                self.output = ["-o", name]
                self.through_shell(f"{number}>>log")
                self.assertEqual(self.log.read_text(), "what was there\n" + self.text)
                self.assertEqual(self.log.stat().st_ino, inode)

    def test_a_pipe_is_written_to(self):
        self.output = ["-o", "/dev/stdout"]
        self.through_shell("| cat > copy")
        self.assertEqual((self.directory / "copy").read_text(), self.text)
        fifo = self.directory / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE, text=True) as reader:
            self.assertEqual(run(*AUDIT, "-o", fifo).returncode, 0)
            self.assertEqual(reader.communicate(timeout=60)[0], self.text)
        self.assertTrue(stat.S_ISFIFO(fifo.stat().st_mode))

    def test_a_file_keeps_its_mode_and_link(self):
        self.log.chmod(0o640)
        (self.directory / "link").symlink_to("log")
        self.assertEqual(run(*AUDIT, "-o", self.directory / "link").returncode, 0)
        self.assertEqual((self.log.read_text(), mode_of(self.log)), (self.text, 0o640))
        self.assertTrue((self.directory / "link").is_symlink())

    def test_a_new_file_has_what_the_umask_leaves(self):
        for mask, mode in ((0o022, 0o644), (0o027, 0o640), (0o077, 0o600)):
            target = self.directory / f"new{mask}"
            before = os.umask(mask)
            try:
                self.assertEqual(run(*AUDIT, "-o", target).returncode, 0)
            finally:
                os.umask(before)
            self.assertEqual(mode_of(target), mode)

    @unittest.skipUnless(os.geteuid() == 0, "another owner takes root")
    def test_a_file_keeps_its_owner(self):
        os.chown(self.log, STRANGER, STRANGER)
        self.assertEqual(run(*AUDIT, "-o", self.log).returncode, 0)
        found = self.log.stat()
        self.assertEqual((found.st_uid, found.st_gid), (STRANGER, STRANGER))
        self.assertEqual(self.log.read_text(), self.text)

    @unittest.skipUnless(os.geteuid() == 0, "another owner takes root")
    def test_an_owner_that_cannot_be_given_is_kept_in_place(self):
        self.directory.chmod(0o777)
        self.log.chmod(0o666)  # root's, and a stranger may write it
        inode = self.log.stat().st_ino
        as_stranger = ["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups"]
        result = run(*AUDIT, "-o", self.log, prefix=as_stranger)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual((self.log.read_text(), self.log.stat().st_uid), (self.text, 0))
        self.assertEqual((self.log.stat().st_ino, mode_of(self.log)), (inode, 0o666))
        self.assertEqual(os.listdir(self.directory), ["log"])

    @unittest.skipUnless(os.geteuid() == 0, "another user takes root")
    def test_what_cannot_be_replaced_is_written_in_place(self):
        """One's own file with a group that is not one's own, and a file in a directory that is closed."""
        as_stranger = ["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups"]
        for owner, directory, mode in ((STRANGER, 0o777, 0o660), (0, 0o755, 0o666)):
            self.log.write_text("old")
            os.chown(self.log, owner, 0)
            self.log.chmod(mode)
            self.directory.chmod(directory)
            result = run(*AUDIT, "-o", self.log, prefix=as_stranger)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertEqual(self.log.read_text(), self.text)
            self.assertEqual((self.log.stat().st_uid, mode_of(self.log)), (owner, mode))

    @unittest.skipUnless(os.geteuid() == 0, "another user takes root")
    def test_a_link_that_somebody_planted_is_not_followed(self):
        self.directory.chmod(0o1777)
        link = self.directory / "report"
        link.symlink_to("log")
        os.lchown(link, STRANGER, STRANGER)
        result = run(*AUDIT, "-o", link)
        self.assertEqual(result.returncode, 77)
        self.assertEqual(self.log.read_text(), "what was there\n")
        os.lchown(link, 0, 0)
        self.assertEqual(run(*AUDIT, "-o", link).returncode, 0)
        self.assertEqual(self.log.read_text(), self.text)

    def test_a_slow_pipe_gets_all(self):
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        with subprocess.Popen([PROGRAM, "lint", "-v", *[str(HOSTS.parent / "lint/mixed.conf")] * 40],
                              stdout=writing) as writer:
            os.close(writing)
            with open(reading, encoding="utf-8") as pipe:
                got = pipe.read()
            self.assertEqual(writer.wait(timeout=60), 2)
        self.assertGreater(len(got), 70000)  # more than a pipe holds
        self.assertIn("40 files", got)

    def test_what_cannot_be_written_is_said_and_nothing_is_left(self):
        for name, status in (("no/such/directory", 1), (".", 1), ("log/", 1)):
            result = run(*AUDIT, "-o", self.directory / name if name != "log/" else f"{self.log}/")
            self.assertEqual(result.returncode, status, name)
            self.assertIn("Give a file that can be written.", result.stderr)
        self.assertEqual(os.listdir(self.directory), ["log"])
        self.assertEqual(self.log.read_text(), "what was there\n")


if __name__ == "__main__":
    unittest.main()
