"""What waits: for the lock, for a confirmation, for the next audit. It ends when it is told to, and
what it stands on is on the disk."""

import contextlib
import fcntl
import json
import os
import re
import signal
import stat
import subprocess
import time
import unittest
from pathlib import Path

import private
from private import until
from support import NO_LEAKS, PROGRAM, run

KEY = "net.ipv4.tcp_fin_timeout"
STATE = Path("/var/lib/tuner")
DAY = 24 * 60 * 60


def is_gone(pid):
    """Whether a process has ended; one that nobody waits for is a zombie."""
    with contextlib.suppress(OSError):
        return re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.M) is not None
    return True


class Waiting(unittest.TestCase):
    def setUp(self):
        private.clear()
        self.addCleanup(private.clear)
        self.old = private.Values([KEY])
        self.addCleanup(self.old.restore)
        self.addCleanup(private.kill_timers, "recover --expire")
        self.profile = Path("/run/mine.toml")
        self.profile.write_text(f'schema = 1\nname = "mine"\nsummary = "x"\n[sysctl."{KEY}"]\n'
                                'exactly = 25\nwhy = "x"\n')

    def apply(self, *words):
        result = run("apply", "--profile", self.profile, "--json", *words)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["transaction"]["id"]

    def timer(self):
        """The process that waits for the change that was applied."""
        journal, = STATE.glob("transactions/*/journal")
        return int(re.search(r'"timer":"process:(\d+):', journal.read_text())[1])


class Lock(Waiting):
    def setUp(self):
        super().setUp()
        self.apply("--confirm-within", "10min")
        os.kill(self.timer(), signal.SIGKILL)
        self.lock = open("/run/tuner/lock", "rb+")  # pylint: disable=consider-using-with
        self.addCleanup(self.lock.close)
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def waiter(self, *words):
        """A run that sleeps in the kernel until the lock is free."""
        process = subprocess.Popen([PROGRAM, *words], stdout=subprocess.PIPE,  # pylint: disable=consider-using-with
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        asleep = re.compile(rf"-> FLOCK .* {process.pid} ")
        self.assertTrue(until(lambda: asleep.search(Path("/proc/locks").read_text())))
        return process

    def test_ctrl_c_ends_the_wait(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.waiter("confirm")
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=5), -number)
        self.assertEqual(private.get_key(KEY), "25")

    def test_who_waits_goes_on_when_the_lock_is_free(self):
        process = self.waiter("confirm")
        fcntl.flock(self.lock, fcntl.LOCK_UN)
        self.assertEqual(process.wait(timeout=30), 0)

    def test_patience_ends(self):
        process = self.waiter("confirm")
        self.assertEqual(process.wait(timeout=60), 75)
        self.assertIn("another tuner process holds the lock", process.stderr.read())


class Timer(Waiting):
    def test_a_shutdown_is_not_kept_waiting(self):
        self.apply("--confirm-within", "10min")
        timer = self.timer()
        for ignored in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            os.kill(timer, ignored)
        self.assertFalse(is_gone(timer))
        os.kill(timer, signal.SIGTERM)
        self.assertTrue(until(lambda: is_gone(timer)))
        self.assertEqual(private.get_key(KEY), "25")
        self.assertIsNotNone(json.loads(run("status", "--json").stdout)["waiting"])

    def test_what_is_started_early_waits_until_it_is_time(self):
        identity = self.apply("--confirm-within", "4s")
        os.kill(self.timer(), signal.SIGKILL)
        journal, = STATE.glob("transactions/*/journal")
        due = int(re.search(r'"confirm_by_ms":(\d+)', journal.read_text())[1])
        result = run("recover", "--expire", identity)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000, due)
        self.assertEqual(self.old.now(), self.old.before)

    def test_one_that_waits_early_ends_when_it_is_told_to(self):
        identity = self.apply("--confirm-within", "10min")
        os.kill(self.timer(), signal.SIGKILL)
        with subprocess.Popen([PROGRAM, "recover", "--expire", identity]) as process:
            asleep = Path(f"/proc/{process.pid}/stat")
            self.assertTrue(until(lambda: asleep.read_text().rpartition(")")[2].split()[0] == "S"))
            process.terminate()
            self.assertEqual(process.wait(timeout=5), -signal.SIGTERM)
        self.assertEqual(run("confirm").returncode, 0)


class Words(Waiting):
    def test_keys_that_are_gone_are_not_as_before(self):
        subprocess.run(["ip", "link", "add", "gone0", "type", "veth"], check=True)
        with open(self.profile, "a", encoding="ascii") as profile:
            profile.write('[sysctl."net.ipv4.conf.gone0.log_martians"]\nexactly = 1\nwhy = "x"\n')
        self.apply()
        subprocess.run(["ip", "link", "del", "gone0"], check=True)
        text = " ".join(run("rollback").stdout.split())
        self.assertIn("Skipped net.ipv4.conf.gone0.log_martians: gone0 is gone, and its values with "
                      "it", text)
        self.assertIn("is rolled back: 1 key as before", text)

    def test_what_cannot_be_set_is_not_as_it_is_wanted(self):
        self.profile.write_text('schema = 1\nname = "mine"\nsummary = "x"\n'
                                '[sysctl."net.core.netdev_max_backlog"]\nexactly = 7\nwhy = "x"\n')
        text = run("apply", "--profile", self.profile).stdout
        self.assertIn("Skipped: net.core.netdev_max_backlog", text)
        self.assertIn("Nothing to change except what is skipped", text)
        self.assertNotIn("this host already matches", text)

    def test_what_the_next_boot_reads_is_not_read_back(self):
        result = run("apply", "--profile", self.profile, "--persist-only")
        self.assertIn("1 key kept for the next boot in /etc/sysctl.d/90-tuner.conf",
                      " ".join(result.stdout.split()))
        self.assertNotIn("verified", result.stdout)
        self.assertEqual(self.old.now(), self.old.before)

    def test_a_full_disk_is_no_file_of_somebody(self):
        Path("/run/tuner").mkdir()
        private.mount("-t", "tmpfs", "-o", "nr_inodes=1,mode=755", "tmpfs", "/run/tuner")
        self.addCleanup(subprocess.run, ["umount", "/run/tuner"], check=True)
        result = run("apply", "--profile", self.profile)
        self.assertEqual(result.returncode, 1)
        self.assertIn("/run/tuner/lock: No space left on device", result.stderr)


class Unwritten(Waiting):
    """A journal that cannot be written."""

    def closed(self):
        """The directory of the state, read-only for as long as the test wants."""
        private.mount("--bind", STATE, STATE)
        private.mount("-o", "remount,bind,ro", STATE)
        self.mounted = True
        self.addCleanup(lambda: self.mounted and self.opened())

    def opened(self):
        subprocess.run(["umount", STATE], check=True)
        self.mounted = False

    def test_a_change_that_cannot_be_confirmed_waits_on(self):
        self.apply("--confirm-within", "10min")
        timer = self.timer()
        self.closed()
        result = run("confirm")
        self.opened()
        self.assertEqual(result.returncode, 1)
        self.assertIn("still waiting", result.stdout)
        self.assertIn("Read-only file system", result.stdout)
        self.assertEqual(private.get_key(KEY), "25")
        self.assertFalse(is_gone(timer))
        self.assertTrue(json.loads(run("status", "--json").stdout)["timer_runs"])
        self.assertEqual(run("confirm").returncode, 0)

    def test_a_way_back_that_cannot_be_noted_says_both(self):
        self.apply()
        self.closed()
        result = run("rollback")
        self.opened()
        self.assertEqual(result.returncode, 1)
        text = " ".join(result.stdout.split())
        self.assertIn("is rolled back: 1 key as before. That could not be recorded", text)
        self.assertEqual(self.old.now(), self.old.before)


class Order(Waiting):
    """Changes lie one on the other."""

    def change(self, value):
        text = self.profile.read_text().rpartition("exactly")[0]
        self.profile.write_text(text + f'exactly = {value}\nwhy = "x"\n')
        return self.apply()

    def files(self):
        return {path.name: path.read_text() for path in Path("/etc/sysctl.d").iterdir()}

    def test_an_older_one_is_not_taken_from_below_a_newer(self):
        first, second = self.change(25), self.change(35)
        before = self.files()
        for words in ([first], [first, "--force"]):
            result = run("rollback", *words)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"{second} was applied after it", result.stderr)
            self.assertIn(f"tuner rollback --through {first}", result.stderr)
            self.assertEqual((private.get_key(KEY), self.files()), ("35", before))
        self.assertEqual(run("rollback", second).returncode, 0)
        self.assertEqual(private.get_key(KEY), "25")
        self.assertEqual(run("rollback", first).returncode, 0)
        self.assertEqual((self.old.now(), self.files()), (self.old.before, {}))
        self.assertEqual(run("rollback", first).returncode, 0)  # rolled back already

    def test_all_down_to_one(self):
        identities = [self.change(value) for value in (25, 35, 25, 35)]
        result = run("rollback", "--through", identities[1], "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        document = json.loads(result.stdout)
        self.assertEqual([one["id"] for one in document["finished"]],
                         identities[:1:-1])
        self.assertEqual(document["run"]["id"], identities[1])
        self.assertEqual(private.get_key(KEY), "25")
        self.assertEqual(run("rollback").returncode, 0)
        self.assertEqual((self.old.now(), self.files()), (self.old.before, {}))

    def test_what_somebody_set_stays_and_the_rest_goes_back(self):
        first, second, third = [self.change(value) for value in (25, 35, 45)]
        private.set_key(KEY, 50)
        result = run("rollback", "--through", first)
        self.assertEqual(result.returncode, 4)
        self.assertIn(f"\n  tuner rollback --through {first} --force\n", result.stdout)
        self.assertEqual((private.get_key(KEY), self.files()), ("50", {}))
        self.assertEqual(run("rollback", "--through", first, second).returncode, 64)
        self.assertEqual(run("rollback", first, "--force").returncode, 1)
        self.assertEqual(private.get_key(KEY), "50")
        self.assertEqual(run("rollback", third, "--force").returncode, 0)
        self.assertEqual(private.get_key(KEY), "35")
        self.assertEqual(run("rollback", "--through", first, "--force").returncode, 0)
        self.assertEqual((self.old.now(), self.files()), (self.old.before, {}))


class Limits(Waiting):
    """What a session is limited to cuts no change in two."""

    def test_a_file_that_may_not_grow(self):
        for size in (0, 400, 1000, 2200, 3300, 5000):
            for words in ([], ["--confirm-within", "1s"]):
                private.clear()
                result = subprocess.run(
                    ["prlimit", f"--fsize={size}", PROGRAM, "apply", "--profile", self.profile, *words],
                    capture_output=True, text=True, timeout=60, check=False)
                self.assertIn(result.returncode, (0, 1, 4), (size, result.stderr))
                if result.returncode == 0 and words:
                    self.assertTrue(until(lambda: self.old.now() == self.old.before), size)
                elif result.returncode == 0:
                    self.assertEqual(run("rollback").returncode, 0)
                else:
                    run("recover")
                self.assertEqual(self.old.now(), self.old.before, (size, words, result.stdout))


class Dead(Waiting):
    """A timer that somebody killed."""

    def test_it_is_seen_and_armed_again(self):
        self.apply("--confirm-within", "3s")
        self.assertIs(json.loads(run("status", "--json").stdout)["timer_runs"], True)
        first = self.timer()
        os.kill(first, signal.SIGKILL)
        self.assertTrue(until(lambda: is_gone(first)))
        self.assertIn("timer is no longer running", " ".join(run("status").stdout.split()))
        self.assertIs(json.loads(run("status", "--json").stdout)["timer_runs"], False)
        self.assertIn("still waiting", run("recover").stdout)
        self.assertIs(json.loads(run("status", "--json").stdout)["timer_runs"], True)
        self.assertTrue(until(lambda: self.old.now() == self.old.before))

    def test_confirm_stops_the_second(self):
        self.apply("--confirm-within", "10min")
        os.kill(self.timer(), signal.SIGKILL)
        run("recover")
        second, = private.timers("recover --expire") or private.timers("--confirm-within") or [0]
        self.assertEqual(run("confirm").returncode, 0)
        self.assertTrue(until(lambda: is_gone(second)))
        self.assertIsNone(json.loads(run("status", "--json").stdout)["timer_runs"])


class Kept(Waiting):
    def names(self):
        return {path.name for path in STATE.glob("counters-*")}

    def test_a_reader_that_comes_once_a_year_finds_its_counters(self):
        self.assertIn(run("audit", "--since-last").returncode, (0, 2, 3))
        mine, = self.names()
        for days, stays in ((399, True), (401, False)):
            other = STATE / f"counters-1-{days}"
            other.write_text("x")
            then = time.time() - days * DAY
            os.utime(other, (then, then))
            run("audit", "--since-last")
            self.assertEqual(other.exists(), stays, days)
        self.assertIn(mine, self.names())

    def test_no_more_than_64_readers(self):
        STATE.mkdir(mode=0o755)
        for number in range(200):
            path = STATE / f"counters-{number}-text"
            path.write_text("x")
            os.utime(path, (time.time() - 1000 + number,) * 2)
        run("audit", "--since-last")
        kept = self.names()
        self.assertEqual(len(kept), 64)
        self.assertIn("counters-199-text", kept)
        self.assertNotIn("counters-100-text", kept)
        run("audit", "--since-last")  # who comes again takes nobody's place
        self.assertEqual(self.names(), kept)

    def test_what_is_since_the_last_audit_says_so(self):
        for words, last in (([], False), (["--sample", "1ms"], False), (["--since-last"], True)):
            if last:
                run("audit", "--since-last", "--json")
            host = json.loads(run("audit", "--json", *words).stdout)["host"]
            self.assertEqual((host["since_last_audit"], host["sample_ms"] is not None),
                             (last, bool(words)))

    def test_one_mode_of_the_directory(self):
        for words in (["audit", "--since-last"], ["apply", "--profile", self.profile]):
            for mask in (0o022, 0o027, 0o077):
                private.clear()
                before = os.umask(mask)
                run(*words)
                os.umask(before)
                self.assertEqual(stat.S_IMODE(STATE.stat().st_mode), 0o755, (words, mask))


class Durable(Waiting):
    def test_recovery_is_on_the_disk_before_it_is_noted(self):
        Path("/etc/systemd/system/tuner-recover.service").write_text("[Service]\nExecStart=/bin/true\n")
        trace = Path("/run/trace")
        subprocess.run(["strace", "-f", "-y", "-qq", "-o", trace, "-e",
                        "trace=mkdir,symlinkat,fsync,renameat", PROGRAM, "apply", "--profile",
                        self.profile], check=True, capture_output=True, timeout=60,
                       env={**os.environ, **NO_LEAKS})
        calls = trace.read_text()
        wants = "/etc/systemd/system/sysinit.target.wants"
        self.assertTrue(Path(wants, "tuner-recover.service").is_symlink())
        order = [re.escape(f'mkdir("{wants}"'), rf"fsync\(\d+<{re.escape(wants.rpartition('/')[0])}>\)",
                 rf"symlinkat\(.*{re.escape(wants)}", rf"fsync\(\d+<{re.escape(wants)}>\)",
                 r'renameat\(.*"recover-enabled"']
        places = [match.start() if (match := re.search(call, calls)) else None for call in order]
        self.assertNotIn(None, places, calls)
        self.assertEqual(places, sorted(places))


if __name__ == "__main__":
    private.enter()
    unittest.main()
