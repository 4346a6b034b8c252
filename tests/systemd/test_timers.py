"""A change that nobody confirms goes back, whatever is done meanwhile to systemd, to the timer, to
the program and to the unit that made the change. usage: test_timers.py ROOTS"""

import sys
import threading
import unittest
from pathlib import Path

from container import PROFILE, Container, wait_for

RELEASES = {"bookworm": "252", "trixie": "257"}
OLD, NEW = "60", "25"
APPLY = ("tuner", "apply", "--profile", "/etc/mine.toml", "--confirm-within")
OTHER = ("nsenter", "--net=/run/other")  # a network namespace that PID 1 does not live in


class Timers:
    """The cases of one release; each begins and ends with nothing applied."""

    release = ""

    @classmethod
    def setUpClass(cls):
        cls.box = Container(ROOTS / cls.release)

    @classmethod
    def tearDownClass(cls):
        cls.box.close()

    def tearDown(self):
        self.box.run("tuner", "rollback", check=False)
        self.assertEqual(self.box.value(), OLD)

    def apply(self, within, *prefix):
        """What an earlier test's timer still does goes first: then tuner is busy and says to try
        again."""
        busy = 75
        results = []

        def applied():
            results.append(self.box.run(*prefix, *APPLY, within, check=False))
            return results[-1].returncode != busy
        wait_for("the lock", applied)
        self.assertEqual(results[-1].returncode, 0, results[-1].stderr)
        self.assertEqual(self.box.value(*prefix), NEW)

    def expect_back(self, *prefix):
        wait_for("the way back", lambda: self.box.value(*prefix) == OLD)
        wait_for("the end of the change", lambda: self.box.state() == "reverted")

    def test_release(self):
        version = self.box.run("systemctl", "--version").stdout
        self.assertTrue(version.startswith(f"systemd {RELEASES[self.release]} "), version)

    def test_it_goes_back_and_leaves_no_unit(self):
        self.apply("1s")
        self.expect_back()
        wait_for("the units to end", lambda: not self.box.units())

    def test_confirm_ends_both_units(self):
        self.apply("10min")
        self.assertEqual(len([word for word in self.box.units() if word.startswith("tuner-")]), 2)
        self.box.run("tuner", "confirm")
        self.assertEqual(self.box.units(), [])

    def test_isolate_reload_reexec(self):
        self.apply("4s")
        self.box.run("systemctl", "isolate", "other.target")
        self.box.run("systemctl", "daemon-reload")
        self.box.run("systemctl", "daemon-reexec")
        self.assertTrue(self.box.status()["timer_runs"])
        self.expect_back()

    def test_killed(self):
        self.apply("3s")
        self.box.run("systemctl", "kill", "--signal=KILL", "tuner-*.service")
        wait_for("another process", lambda: self.box.run(
            "systemctl", "is-active", "tuner-*.service", check=False).returncode == 0)
        self.expect_back()

    def test_stopped_is_seen_and_armed_again(self):
        self.apply("4s")
        self.box.run("systemctl", "stop", "tuner-*.service", "tuner-*.timer")
        self.assertFalse(self.box.status()["timer_runs"])
        self.box.run("tuner", "recover")
        self.assertTrue(self.box.status()["timer_runs"])
        self.expect_back()

    def test_the_program_is_gone_at_its_time(self):
        self.box.run("mount", "--bind", "/opt", "/opt")
        self.apply("2s")
        self.box.run("mount", "-o", "remount,bind,noexec", "/opt")
        self.addCleanup(self.box.run, "/usr/bin/umount" if self.box.path("usr/bin/umount").exists()
                        else "/bin/umount", "-l", "/opt")
        wait_for("the way back", lambda: self.box.value() == OLD)

    def test_a_unit_of_its_own(self):
        status, text = self.box.unit(
            ["PrivateTmp=yes", "ProtectControlGroups=yes", "ProtectSystem=strict",
             "ReadWritePaths=/etc/sysctl.d /run /var/lib"], "/opt/tuner", *APPLY[1:], "2s")
        self.assertEqual((status, self.box.value()), (0, NEW), text)
        self.expect_back()

    def test_another_namespace_from_a_unit_that_ends(self):
        self.box.path("run/other").touch()
        self.box.run("unshare", "--net=/run/other", "true" if self.box.path("usr/bin/true").exists()
                     else "sysctl", "--version")
        status, text = self.box.unit(["PrivateTmp=yes", "ProtectControlGroups=yes"],
                                     "/opt/nsenter", *OTHER[1:], *APPLY, "2s")
        self.assertEqual((status, self.box.value(*OTHER), self.box.value()), (0, NEW, OLD), text)
        wait_for("the way back", lambda: self.box.value(*OTHER) == OLD)

    def test_what_is_not_seen_is_not_gone(self):
        self.apply("10min")
        for command in ("recover", "rollback"):
            status, text = self.box.unit(["ProcSubset=pid"], "/opt/tuner", command)
            self.assertEqual(status, 1, text)
            self.assertIn("cannot be read", " ".join(text.split()))
            self.assertEqual((self.box.value(), self.box.state()), (NEW, "applied"))

    def test_emergency(self):
        """It stops what requires sysinit.target, as most units do."""
        self.apply("3s")
        self.box.run("systemctl", "stop", "sysinit.target")
        self.assertTrue(self.box.status()["timer_runs"])
        self.expect_back()
        self.box.run("systemctl", "start", "basic.target")

    def test_a_clone_takes_back_what_its_template_had(self):
        """Another machine-id, and another boot."""
        self.box.run("tuner", "apply", "--profile", "/etc/mine.toml")
        first = self.box.newest()
        self.box.write("run/id", "0123456789abcdef0123456789abcdef\n")
        self.box.write("run/boot", "0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b\n")
        self.box.write("etc/other.toml", PROFILE.replace('"mine"', '"other"').replace("25", "35"))
        places = {"/run/id": "/etc/machine-id", "/run/boot": "/proc/sys/kernel/random/boot_id"}
        for source, place in places.items():
            self.box.run("/opt/mount", "--bind", source, place)
        try:
            self.assertIn(f"--adopt {first}", " ".join(self.box.run("tuner", "status").stdout.split()))
            self.box.run("tuner", "apply", "--profile", "/etc/other.toml")
            refused = self.box.run("tuner", "rollback", "--adopt", first, check=False)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("was applied after it", refused.stderr)
            self.box.run("tuner", "rollback", "--adopt", "--through", first)
            self.assertEqual(self.box.value(), OLD)
            self.assertFalse(list(self.box.path("etc/sysctl.d").glob("*tuner*")))
        finally:
            for place in places.values():
                self.box.run("/opt/umount", place)

    def test_a_unit_that_may_write_nothing(self):
        status, text = self.box.unit(["ProtectSystem=strict"], "/opt/tuner", *APPLY[1:], "2s")
        self.assertEqual((status, self.box.value()), (1, OLD), text)
        self.assertIn("Read-only file system", text)
        self.assertNotIn("not a file created by tuner", text)

    def test_what_cannot_be_set_is_refused_with_its_reason(self):
        status, text = self.box.unit(["ProtectKernelTunables=yes"], "/opt/tuner", *APPLY[1:], "2s")
        self.assertEqual(status, 1, text)
        self.assertIn("/proc/sys: mounted read-only here", " ".join(text.split()))


class Bookworm(Timers, unittest.TestCase):
    release = "bookworm"


class Trixie(Timers, unittest.TestCase):
    release = "trixie"


def main():
    """The releases beside each other: most of it is waiting."""
    results = {}

    def run(case):
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
        results[case.release] = unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful()

    threads = [threading.Thread(target=run, args=(case,)) for case in (Bookworm, Trixie)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(0 if all(results.values()) and len(results) == len(threads) else 1)


if __name__ == "__main__":
    ROOTS = Path(sys.argv[1])
    main()
