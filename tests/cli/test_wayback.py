"""A way back that nothing outlives: the order of changes, the edits of others, the place that the
timer is left in, and whose change it is."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

import private
from private import until
from support import NO_LEAKS, PROGRAM, SANITIZED, run

KEY = "net.ipv4.tcp_fin_timeout"
FRAGMENT = Path("/etc/sysctl.d/90-tuner.conf")
TEMPORARY = FRAGMENT.with_name(".90-tuner.conf.tuner-new")
LIMITS = Path("/etc/security/limits.d/90-tuner.conf")
STATE = Path("/var/lib/tuner/transactions")
MINE = "mine = 1\n"


class WayBack(unittest.TestCase):
    def setUp(self):
        private.clear()
        self.addCleanup(private.clear)
        self.old = private.Values([KEY])
        self.addCleanup(self.old.restore)
        self.addCleanup(private.kill_timers, "recover --expire")

    def profile(self, value=25, more=""):
        path = Path("/run/mine.toml")
        path.write_text(f'schema = 1\nname = "mine"\nsummary = "x"\n[sysctl."{KEY}"]\n'
                        f'exactly = {value}\nwhy = "x"\n{more}')
        return path

    def apply(self, *words, value=25, more=""):
        result = run("apply", "--profile", self.profile(value, more), "--json", *words)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return json.loads(result.stdout)["transaction"]["id"]

    def check_as_before(self):
        self.assertEqual(self.old.now(), self.old.before)
        self.assertEqual(list(FRAGMENT.parent.iterdir()), [])


class LastMoment(WayBack):
    """Somebody edits a file after tuner has looked at it and before it replaces it."""

    def run_slowly(self, calls, *words, meanwhile):
        """tuner, which waits before the first of these system calls: longer than an edit takes."""
        command = ["strace", "-f", "-qq", "-o", "/dev/null",
                   f"--inject={calls}:delay_enter=2s:when=1", PROGRAM, *map(str, words)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, **NO_LEAKS}) as process:
            try:
                meanwhile(process)
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
        return process.returncode, " ".join((out + err).split())

    def test_an_edit_before_the_rename_is_kept(self):
        self.apply()
        editor = FRAGMENT.with_name(".editor")
        edits = {
            "saved as editors do": lambda: (editor.write_text(MINE),
                                            editor.rename(FRAGMENT)),
            "appended": lambda: FRAGMENT.write_text(FRAGMENT.read_text() + MINE),
        }
        for name, edit in edits.items():
            with self.subTest(name):
                def meanwhile(_process, edit=edit):
                    self.assertTrue(until(TEMPORARY.exists))
                    edit()
                status, text = self.run_slowly("renameat2", "apply", "--profile", self.profile(35),
                                               meanwhile=meanwhile)
                self.assertIn(status, (1, 4), text)
                self.assertTrue(FRAGMENT.read_text().endswith(MINE))
                self.assertFalse(TEMPORARY.exists())
                self.assertEqual(private.get_key(KEY), "25")
                self.assertIn("someone else", text)
                self.assertEqual(run("rollback", "--force").returncode, 0)
                self.assertEqual(run("rollback").returncode, 0)
                self.check_as_before()
                self.apply()

    def test_an_edit_before_the_removal_is_kept(self):
        self.apply()

        def meanwhile(_process):
            self.assertTrue(until(lambda: "reverting" in next(STATE.glob("*/journal")).read_text()))
            FRAGMENT.write_text(MINE)
        status, text = self.run_slowly("renameat2", "rollback", meanwhile=meanwhile)
        self.assertEqual(status, 4, text)
        self.assertIn("it was edited by someone else", text)
        self.assertEqual(FRAGMENT.read_text(), MINE)
        self.assertEqual(run("rollback", "--force").returncode, 0)
        self.check_as_before()

    def test_an_edit_that_was_taken_out_when_tuner_died_goes_back(self):
        self.apply()
        TEMPORARY.write_text(MINE)  # what stood in the file's place, swapped out
        self.assertEqual(run("recover").returncode, 0)
        result = run("rollback")
        self.assertEqual(result.returncode, 4, result.stdout)
        self.assertEqual(FRAGMENT.read_text(), MINE)
        self.assertFalse(TEMPORARY.exists())

    def test_what_tuner_had_begun_to_write_is_thrown_away(self):
        self.apply()
        text = FRAGMENT.read_text()
        part = TEMPORARY.with_suffix(".tuner-part")
        for path, left in ((TEMPORARY, text), (part, text), (part, text[:40]), (part, "")):
            path.write_text(left)
            self.apply(value=35)
            self.assertFalse(TEMPORARY.exists() or part.exists())
            self.assertEqual(run("rollback").returncode, 0)
        self.assertEqual(FRAGMENT.read_text(), text)

    def test_a_shortened_file_that_was_taken_out_goes_back(self):
        for edit in (lambda text: text[:40], lambda text: ""):
            self.apply()
            shorter = edit(FRAGMENT.read_text())
            TEMPORARY.write_text(shorter)
            self.assertEqual(run("rollback").returncode, 4)
            self.assertEqual(FRAGMENT.read_text(), shorter)
            self.assertEqual(run("rollback", "--force").returncode, 0)

    def test_an_edited_file_is_never_replaced_after_a_conflict(self):
        limits = '[limits]\nnofile = { at_least = 200000, why = "x" }\n'
        self.apply(more=limits)
        for path in (FRAGMENT, LIMITS):
            path.write_text(path.read_text() + "# mine\n")
        self.assertEqual(run("apply", "--profile", self.profile(35, limits)).returncode, 1)
        self.assertEqual(run("rollback").returncode, 4)
        for _ in range(2):
            result = run("apply", "--profile", self.profile(35, limits.replace("200", "300")))
            self.assertEqual(result.returncode, 1, result.stdout)
        for path in (FRAGMENT, LIMITS):
            self.assertTrue(path.read_text().endswith("# mine\n"), path)


    def test_all_names_are_somebody_elses(self):
        for name in ("90-tuner", "99-tuner", "99-zz-tuner", "zz-tuner"):
            FRAGMENT.with_name(f"{name}.conf").write_text(MINE)
        for words in ([], ["--allow-shadowed"], ["--dry-run"]):
            result = run("apply", "--profile", self.profile(), *words)
            self.assertEqual(result.returncode, 1)
            self.assertIn("Refused: /etc/sysctl.d/90-tuner.conf: it is not tuner's file",
                          " ".join(result.stdout.split()))
        self.assertEqual(self.old.now(), self.old.before)


class Places(WayBack):
    """Where a timer would not last, nothing is changed."""

    def refused(self, *prefix):
        result = run("apply", "--profile", self.profile(), "--confirm-within", "5min", prefix=prefix)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("Refused: --confirm-within:", result.stdout)
        self.assertIn("Run it on the host", result.stdout)
        self.assertEqual((self.old.now(), list(STATE.glob("*"))), (self.old.before, []))
        return " ".join(result.stdout.split())

    def test_a_pid_namespace_that_ends(self):
        alone = ["unshare", "--pid", "--fork", "--mount-proc"]
        self.assertIn("the first process of its PID namespace", self.refused(*alone))
        script = ["sh", "-c", '"$@"; exit $?', "sh"]
        self.assertIn("(sh) of this PID namespace", self.refused(*alone, *script))
        self.assertIn("(sleep) of this PID namespace", self.in_a_container_that_runs())
        self.assertIn("/proc shows the processes of another", self.refused(
            "unshare", "--pid", "--fork", *script))

    def in_a_container_that_runs(self):
        """Whoever comes from outside finds another first process, which may end before its network."""
        with subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sleep",
                               "60"]) as outer:
            try:
                children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
                self.assertTrue(until(children.read_text))
                first = children.read_text().split()[0]
                self.assertTrue(until(lambda: Path(f"/proc/{first}/comm").read_text() == "sleep\n"))
                return self.refused("nsenter", f"--target={first}", "--pid", "--mount")
            finally:
                outer.kill()

    def test_without_a_timer_it_goes_on(self):
        result = run("apply", "--profile", self.profile(),
                     prefix=["unshare", "--pid", "--fork", "--mount-proc"])
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(run("rollback").returncode, 0)
        self.check_as_before()

    def test_a_network_namespace_that_was_made_inside_goes_with_it(self):
        result = run("apply", "--profile", self.profile(), "--confirm-within", "5min",
                     prefix=["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c",
                             'unshare --net "$@"; exit $?', "sh"])
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(run("recover").returncode, 0)  # it is none of ours
        self.assertEqual(self.old.now(), self.old.before)

    def test_the_timer_needs_no_program_at_its_time(self):
        program = Path("/run/program")
        program.mkdir()
        private.mount("-t", "tmpfs", "-o", "size=200m", "tmpfs", program)
        self.addCleanup(subprocess.run, ["umount", "-l", program], check=True)
        copy = program / "tuner"
        copy.write_bytes(Path(PROGRAM).read_bytes())
        copy.chmod(0o755)
        result = subprocess.run([copy, "apply", "--profile", self.profile(), "--confirm-within", "2s"],
                                capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(private.get_key(KEY), "25")
        private.mount("-o", "remount,noexec", program)
        copy.unlink()
        self.assertTrue(until(lambda: self.old.now() == self.old.before))

    def test_it_tries_again_when_its_journal_can_be_read(self):
        self.apply("--confirm-within", "1s")
        private.mount("-t", "tmpfs", "-o", "mode=000", "tmpfs", "/var/lib")
        Path("/var/lib/tuner").write_text("")  # no directory
        waiter, = private.timers("recover --expire")
        due = int(Path(f"/proc/{waiter}/cmdline").read_bytes().split(b"\0")[-2])
        self.assertTrue(until(lambda: time.clock_gettime(time.CLOCK_BOOTTIME) * 1000 > due + 200))
        self.assertEqual((private.timers("recover --expire"), private.get_key(KEY)), ([waiter], "25"))
        subprocess.run(["umount", "/var/lib"], check=True)
        self.assertTrue(until(lambda: self.old.now() == self.old.before))


class Borrowed(WayBack):
    """As `ip netns exec` has it: some directories of /etc are the namespace's own, others the host's."""

    LIMITS = '[limits]\nnofile = { at_least = 200000, why = "x" }\n'

    def plan(self, prepare):
        """What would be done. The directories of this test are the namespace's; what lies below them is
        the machine's, and is looked at alone."""
        script = (f"{prepare}; exec {PROGRAM} apply --profile {self.profile(more=self.LIMITS)} "
                  "--dry-run --json")
        result = subprocess.run(["unshare", "--net", "--mount", "sh", "-c", script],
                                capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        document = json.loads(result.stdout)
        return ({change["key"] for change in document["changes"]} |
                {other["subject"] for other in document["other_changes"]},
                " ".join(document["warnings"]))

    def test_each_directory_is_held_against_the_hosts(self):
        changes, warnings = self.plan("true")
        self.assertEqual((changes, warnings), ({KEY, str(LIMITS)}, ""))
        changes, warnings = self.plan("umount /etc/security")
        self.assertEqual(changes, {KEY})
        self.assertIn("these directories are the host's: /etc/security/limits.d/. Nothing is written there",
                      warnings)
        changes, warnings = self.plan("umount /etc/sysctl.d")
        self.assertIn("the host's /etc/sysctl.d", warnings)


class Interfaces(WayBack):
    """A key of an interface is that interface's, whatever it is called."""

    MARTIANS = "net.ipv4.conf.{}.log_martians"

    def link(self, *words):
        private.guard()
        subprocess.run(["ip", "link", *words], check=True)

    def setUp(self):
        super().setUp()
        for name in ("lan0", "lan1"):
            self.link("add", name, "type", "veth", "peer", "name", f"peer-{name}")
        self.addCleanup(self.remove_all)

    def remove_all(self):
        for path in list(Path("/proc/sys/net/ipv4/conf").iterdir()):
            if path.name.startswith(("lan", "peer", "new")) and path.exists():
                self.link("del", path.name)

    def martians(self, *names):
        return [private.get_key(self.MARTIANS.format(name)) for name in names]

    def change(self, *names, words=()):
        return self.apply(*words, more="".join(
            f'[sysctl."{self.MARTIANS.format(name)}"]\nexactly = 1\nwhy = "x"\n'
            for name in names))

    def test_one_that_was_renamed_is_found(self):
        self.change("lan0")
        self.link("set", "lan0", "name", "new0")
        self.assertEqual(self.martians("new0"), ["1"])
        result = run("rollback")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("2 keys as before", result.stdout)
        self.assertEqual(self.martians("new0"), ["0"])

    def test_two_that_changed_their_names(self):
        self.change("lan0")
        for old, new in (("lan0", "new0"), ("lan1", "lan0"), ("new0", "lan1")):
            self.link("set", old, "name", new)
        private.set_key(self.MARTIANS.format("lan0"), 1)  # the other one's own
        self.assertEqual(run("rollback").returncode, 0)
        self.assertEqual(self.martians("lan0", "lan1"), ["1", "0"])

    def test_another_of_that_name_is_left_alone(self):
        self.change("lan0", words=("--confirm-within", "10min"))
        self.link("del", "lan0")
        self.link("add", "lan0", "type", "veth", "peer", "name", "peer-lan0")
        private.set_key(self.MARTIANS.format("lan0"), 1)
        text = " ".join(run("rollback").stdout.split())
        self.assertIn("lan0 is gone, and its values with it", text)
        self.assertIn("1 key as before", text)
        self.assertEqual(self.martians("lan0"), ["1"])
        self.assertEqual(self.old.now(), self.old.before)

    @unittest.skipIf(SANITIZED, "strace takes too long there")
    def test_one_that_is_replaced_between_two_writes_is_not_written(self):
        profile = self.profile(more="".join(
            f'[sysctl."{self.MARTIANS.format(name)}"]\nexactly = 1\nwhy = "x"\n'
            for name in ("lan0", "lan1")))
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-P",
                   "/proc/sys/net/ipv4/conf/lan1/log_martians", "--inject=write:delay_enter=2s:when=1",
                   PROGRAM, "apply", "--profile", str(profile)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, **NO_LEAKS}) as process:
            self.assertTrue(until(lambda: self.martians("lan0") == ["1"]))
            self.link("del", "lan1")
            self.link("add", "lan1", "type", "veth", "peer", "name", "peer-lan1")
            out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, out + err)
        self.assertEqual(self.martians("lan0", "lan1"), ["0", "0"])
        self.assertEqual(self.old.now(), self.old.before)

    def test_those_that_came_meanwhile_are_named(self):
        key = self.MARTIANS.format("default")
        self.addCleanup(private.set_key, key, 0)
        self.change("default")
        self.link("add", "new0", "type", "veth", "peer", "name", "peer-new0")
        self.assertEqual(self.martians("new0"), ["1"])
        text = " ".join(run("rollback").stdout.split())
        self.assertIn("net.ipv4.conf.new0.log_martians: its interface was created meanwhile, and keeps "
                      '"1"', text)
        self.assertNotIn("lan0", text)
        self.assertEqual(self.martians("new0", "lan0", "default"), ["1", "0", "0"])


class Whose(WayBack):
    def journal(self):
        path, = STATE.glob("*/journal")
        return path

    def test_a_second_container_lets_the_first_ones_change_be(self):
        """The same machine-id and boot, another network namespace, one /var/lib/tuner."""
        identity = self.apply("--confirm-within", "10min")
        before = self.journal().read_text()
        other = ["unshare", "--net", "--pid", "--fork", "--mount-proc"]
        for words in (["recover"], ["rollback"], ["confirm"], ["status"], ["history"]):
            result = run(*words, prefix=other)
            self.assertIn(result.returncode, (0, 1), (words, result.stderr))
            self.assertEqual(self.journal().read_text(), before, words)
        refused = run("rollback", identity, prefix=other)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("another network namespace", refused.stderr)
        # Nor does it stand in the way.
        result = run("apply", "--profile", self.profile(), "--runtime-only", "--json", prefix=other)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(private.get_key(KEY), "25")
        self.assertEqual(run("rollback", identity).returncode, 0)
        self.check_as_before()

    def test_values_of_another_namespace_are_not_taken_back_here(self):
        for words in (["--runtime-only"], []):
            identity = self.apply(*words)
            result = run("rollback", identity, prefix=["unshare", "--net"])
            self.assertEqual(result.returncode, 1, result.stdout)
            self.assertIn("another network namespace", result.stderr)
            self.assertEqual(private.get_key(KEY), "25")
            self.assertEqual(run("rollback").returncode, 0)

    def test_files_of_a_namespace_that_is_gone_can_be_taken_back(self):
        """As after a container was started again."""
        container = ["unshare", "--net", "--pid", "--fork", "--mount-proc"]
        for words, status in ((["--runtime-only"], 1), ([], 0)):
            made = run("apply", "--profile", self.profile(), "--json", *words, prefix=container)
            identity = json.loads(made.stdout)["transaction"]["id"]
            result = run("rollback", identity, prefix=container)
            self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertFalse(FRAGMENT.exists())

    def test_what_waits_elsewhere_is_named(self):
        identity = self.apply("--confirm-within", "10min")
        text = run("status", prefix=["unshare", "--net"]).stdout
        self.assertIn(identity, text)
        self.assertIn("another network namespace", " ".join(text.split()))


class Timer(WayBack):
    def waiter(self):
        process, = private.timers("recover --expire")
        return process

    def test_only_kill_and_term_end_it(self):
        self.apply("--confirm-within", "10min")
        process = self.waiter()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
                       signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO, signal.SIGXCPU,
                       signal.SIGPIPE, signal.SIGRTMIN, signal.SIGRTMAX):
            os.kill(process, number)
        self.assertEqual(private.timers("recover --expire"), [process])
        self.assertTrue(json.loads(run("status", "--json").stdout)["timer_runs"])

    @unittest.skipIf(SANITIZED, "sanitizers have memory of their own")
    def test_it_is_small(self):
        self.apply("--confirm-within", "10min")
        status = Path(f"/proc/{self.waiter()}/status")
        self.assertTrue(until(
            lambda: int(re.search(r"VmRSS:\s+(\d+) kB", status.read_text())[1]) < 2048))

    def test_it_waits_until_the_system_takes_the_values_again(self):
        self.apply("--confirm-within", "1s")
        private.mount("--bind", "/proc/sys/net", "/proc/sys/net")
        private.mount("-o", "remount,bind,ro", "/proc/sys/net")
        try:
            journal, = STATE.glob("*/journal")
            self.assertTrue(until(lambda: journal.read_text().count('"reverting"') >= 4))
        finally:
            subprocess.run(["umount", "/proc/sys/net"], check=True)
        self.assertTrue(until(lambda: self.old.now() == self.old.before))

    def test_one_of_another_namespace_is_let_be(self):
        identity = self.apply("--confirm-within", "1s")
        process = self.waiter()
        os.kill(process, signal.SIGSTOP)
        due = int(Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[-2])
        self.assertTrue(until(lambda: time.clock_gettime(time.CLOCK_BOOTTIME) * 1000 > due))
        result = run("recover", "--expire", identity, "--at", "0", prefix=["unshare", "--net"])
        self.assertIn("No unfinished change", result.stdout)
        self.assertEqual(private.get_key(KEY), "25")
        os.kill(process, signal.SIGCONT)
        self.assertTrue(until(lambda: self.old.now() == self.old.before))

    def test_a_user_cannot_play_the_timer(self):
        result = run("recover", "--expire", "x", "--at", "0",
                     prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        self.assertEqual(result.returncode, 77)

    def test_what_went_back_and_could_not_be_noted_does_not_wait(self):
        self.apply("--confirm-within", "10min")
        private.mount("--bind", STATE.parent, STATE.parent)
        private.mount("-o", "remount,bind,ro", STATE.parent)
        try:
            self.assertEqual(run("rollback").returncode, 1)
            text = " ".join(run("status").stdout.split())
        finally:
            subprocess.run(["umount", STATE.parent], check=True)
        self.assertIn("its values are rolled back, which is not recorded yet", text)
        self.assertNotIn("waiting for", text)
        self.assertEqual(run("recover").returncode, 0)
        self.check_as_before()
        self.assertEqual(json.loads(run("history", "--json").stdout)["transactions"][0]["state"],
                         "reverted")

    def test_a_confirmation_that_could_not_be_synced_is_none(self):
        self.apply("--confirm-within", "2s")
        result = subprocess.run(
            ["strace", "-qq", "-o", "/dev/null", "--inject=fdatasync:error=EIO:when=1", PROGRAM,
             "confirm"], capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, **NO_LEAKS})
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("still waiting", result.stdout)
        self.assertTrue(until(lambda: self.old.now() == self.old.before))
        self.check_as_before()


class Ends(WayBack):
    def test_what_somebody_set_is_never_overwritten_by_a_second_attempt(self):
        self.apply(more='[sysctl."net.ipv4.ip_forward"]\nexactly = 1\nwhy = "x"\n')
        theirs = "net.ipv4.conf.lo.forwarding"
        private.set_key(theirs, 7)
        for _ in range(2):
            result = run("rollback")
            self.assertEqual(result.returncode, 4)
            self.assertIn(f"Left alone {theirs}: it was changed by someone else: it is \"7\"",
                          " ".join(result.stdout.split()))
            self.assertEqual(private.get_key(theirs), "7")
        self.assertEqual(private.get_key("net.ipv4.ip_forward"), "0")
        self.assertEqual(run("rollback", "--force").returncode, 0)
        self.assertEqual(private.get_key(theirs), "0")

    def test_a_confirmation_that_comes_too_late_is_none(self):
        self.apply("--confirm-within", "1s")
        self.assertTrue(until(lambda: self.old.now() == self.old.before))
        self.assertTrue(until(lambda: json.loads(run("history", "--json").stdout)
                              ["transactions"][0]["state"] == "reverted"))
        result = run("confirm")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("was rolled back: it was not confirmed in time", " ".join(result.stdout.split()))
        self.assertIn("was not confirmed in time", " ".join(run("status").stdout.split()))

    def test_a_confirmation_twice_is_one(self):
        self.apply("--confirm-within", "10min")
        self.assertEqual([run("confirm").returncode for _ in range(2)], [0, 0])

    def test_what_was_taken_back_in_part_has_drifted(self):
        self.apply()
        private.set_key(KEY, 50)
        self.assertEqual(run("rollback").returncode, 4)
        self.assertEqual(run("status", "--detailed-exitcode").returncode, 2)
        self.assertEqual(run("rollback", "--force").returncode, 0)
        self.assertEqual(run("status", "--detailed-exitcode").returncode, 0)

    def test_another_profile_with_the_same_limit_changes_no_limit(self):
        limits = '[limits]\nnofile = { at_least = 200000, why = "x" }\n'
        self.apply(more=limits)
        other = Path("/run/other.toml")
        other.write_text(self.profile(35, limits).read_text().replace('"mine"', '"other"'))
        document = json.loads(run("apply", "--profile", other, "--json").stdout)
        self.assertEqual((document["changed"], document["other_changes"]), (True, []))
        more = limits.replace("200", "300")
        other.write_text(other.read_text().replace(limits, more))
        document = json.loads(run("apply", "--profile", other, "--json", "--dry-run").stdout)
        self.assertEqual([one["running"] for one in document["other_changes"]],
                         ["*: soft 200000, hard 200000; root: soft 200000, hard 200000"])


if __name__ == "__main__":
    private.enter()
    private.guard()
    unittest.main()
