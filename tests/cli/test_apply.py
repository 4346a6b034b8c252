"""tuner apply and what rolls it back, in a namespace of its own: values, files, limits, routes,
conflicts, refusals."""

import fcntl
import json
import os
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path

import private
from private import SYSCTL, Values, clear, get_key, kill_timers, set_key
from support import Scratch, on_terminal, run, validate

FRAGMENT = Path("/etc/sysctl.d/90-tuner.conf")
PENDING = Path("/run/sysctl.d/90-tuner_pending.conf")
LIMITS = Path("/etc/security/limits.d/90-tuner.conf")
REUSE, RANGE = "net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range"
KEYS = [REUSE, RANGE, "net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem", "net.core.somaxconn",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_fin_timeout", "net.ipv4.ip_forward",
        "net.ipv4.conf.all.accept_redirects", "net.ipv4.conf.lo.forwarding",
        "net.ipv4.conf.default.forwarding", "net.ipv4.conf.all.forwarding",
        "net.ipv4.tcp_keepalive_time", "net.ipv6.conf.lo.disable_ipv6",
        "net.ipv6.conf.all.forwarding", "net.ipv6.conf.lo.forwarding"]


def act(command, *arguments, status=0, **options):
    """The validated JSON document of a command that ends with `status`."""
    result = run(command, "--json", *arguments, **options)
    document = json.loads(result.stdout)
    validate(document, command)
    if result.returncode != status:
        raise AssertionError(f"{command} ended with {result.returncode}: {result.stderr}\n"
                             f"{document.get('errors')}")
    return document


class Applied(Scratch):
    """Each test begins and ends with the values of a fresh namespace and empty directories."""

    def setUp(self):
        super().setUp()
        clear()
        self.values = Values(KEYS)
        self.addCleanup(clear)
        self.addCleanup(self.values.restore)

    def set_of(self, name="mine", **keys):
        """A profile with exact values."""
        text = "".join(f'[sysctl."{key.replace("__", ".")}"]\nexactly = {json.dumps(value)}\n'
                       f'why = "a test"\n' for key, value in keys.items())
        return self.profile(text, name)

    def check_as_before(self):
        self.assertEqual(self.values.now(), self.values.before)
        self.assertFalse(FRAGMENT.exists() or PENDING.exists() or LIMITS.exists())
        self.assertEqual(private.temporary_files(), [])


class Round(Applied):
    def test_apply_again_and_back(self):
        document = act("apply", "--profile", "proxy")
        self.assertTrue(document["changed"])
        self.assertEqual(document["transaction"]["state"], "confirmed")
        changes = {change["key"]: change for change in document["changes"]}
        self.assertGreaterEqual(set(changes), {REUSE, RANGE, "net.ipv4.tcp_wmem"})
        for key, change in changes.items():
            self.assertEqual((change["runtime"], change["persisted"], change["error"]),
                             ("changed", "changed", None), key)
            self.assertEqual(get_key(key), change["wanted"])
            self.assertEqual(change["file"], str(FRAGMENT))
        text = FRAGMENT.read_text()
        again = act("apply", "--profile", "proxy")
        self.assertEqual((again["changed"], again["changes"], again["transaction"]),
                         (False, [], None))
        self.assertIn("Nothing to change", run("apply", "--profile", "proxy").stdout)
        self.assertEqual(FRAGMENT.read_text(), text)
        back = act("rollback")
        self.assertEqual(back["transaction"]["state"], "reverted")
        self.check_as_before()
        states = [record["state"]
                  for record in act("history")["transactions"][0]["records"]]
        self.assertEqual(states, ["applying", "confirming", "confirmed", "reverting", "reverted"])
        self.assertIn("Nothing to roll back", act("rollback")["message"])
        act("apply", "--profile", "proxy")
        self.assertEqual(FRAGMENT.read_text(), text)  # no date, no ID

    def test_the_next_boot_agrees(self):
        """The file that was written says to both readers what runs, and the linter likes it."""
        act("apply", "--profile", "proxy")
        keys = json.loads(run("boot", "--json").stdout)["keys"]
        self.assertGreater(len(keys), 2)
        for key in keys:
            for reader in ("systemd", "procps"):
                value = key[reader]["value"]
                self.assertEqual(" ".join(value.split()), get_key(key["key"]), key["key"])
        self.assertEqual(run("lint", FRAGMENT).returncode, 0)

    def test_a_dry_run_opens_nothing_for_writing(self):
        trace = self.directory / "trace"
        result = run("apply", "--profile", "proxy", "--dry-run", "--json",
                     prefix=("strace", "-f", "-o", trace))
        document = json.loads(result.stdout)
        validate(document, "apply")
        self.assertTrue(document["dry_run"] and document["changed"] and document["changes"])
        text = trace.read_text()
        self.assertIn("ip_local_port_range", text)
        self.assertEqual(re.findall(r".*\b(?:O_WRONLY|O_RDWR|O_CREAT)\b.*", text), [])
        changing = r"^\d+ (?:mkdir|unlink|rename|mount|prlimit64\([1-9]|ftruncate|flock)\w*\(.*"
        self.assertEqual(re.findall(changing, text, re.MULTILINE), [])
        self.check_as_before()
        self.assertFalse(Path("/var/lib/tuner").exists() or Path("/run/tuner").exists())

    def test_exit_codes_tell_of_a_change(self):
        words = ("apply", "--profile", "proxy", "--detailed-exitcode")
        self.assertEqual(run(*words, "--dry-run").returncode, 2)
        self.assertEqual(run(*words).returncode, 2)
        self.assertEqual(run(*words).returncode, 0)
        self.assertEqual(run(*words, "--dry-run").returncode, 0)

    def test_only_what_runs_and_only_what_boots(self):
        document = act("apply", "--profile", "proxy", "--runtime-only")
        self.assertEqual(get_key(REUSE), "1")
        self.assertFalse(FRAGMENT.exists() or LIMITS.exists())
        self.assertEqual({change["persisted"] for change in document["changes"]}, {"unchanged"})
        act("rollback")
        document = act("apply", "--profile", "proxy", "--persist-only")
        self.assertEqual(self.values.now(), self.values.before)
        self.assertIn(REUSE, FRAGMENT.read_text())
        self.assertEqual({change["runtime"] for change in document["changes"]}, {"unchanged"})
        act("rollback")
        self.check_as_before()
        self.assertEqual(run("apply", "--profile", "proxy", "--persist-only",
                             "--runtime-only").returncode, 64)

    def test_some_keys(self):
        act("apply", "--profile", "proxy", "--only", REUSE)
        self.assertEqual((get_key(REUSE), get_key(RANGE)), ("1", self.values.before[RANGE]))
        self.assertNotIn(RANGE, FRAGMENT.read_text())
        self.assertFalse(LIMITS.exists())
        act("apply", "--profile", "proxy", "--except", "tcp_wmem")
        self.assertEqual(get_key(RANGE), "1024 65535")
        self.assertIn(REUSE, FRAGMENT.read_text())
        self.assertNotIn("tcp_wmem", FRAGMENT.read_text())
        wrong = run("apply", "--profile", "proxy", "--only", "net.ipv4.tcp_tw_reus")
        self.assertEqual(wrong.returncode, 64)
        self.assertIn("Did you mean", wrong.stderr)

    def test_export_is_the_file_and_does_nothing(self):
        text = run("apply", "--profile", "proxy", "--export", "-").stdout
        target = self.directory / "90-proxy.conf"
        self.assertEqual(run("apply", "--profile", "proxy", "--export", target).returncode, 0)
        self.assertEqual(target.read_text(), text)
        self.check_as_before()
        self.assertEqual(run("lint", target).returncode, 0)
        # Under a name of its own it is nobody's but its owner's, and a profile that it meets needs
        # no file of tuner's.
        Path("/etc/sysctl.d/90-proxy.conf").write_text(text)
        act("apply", "--profile", "proxy")
        self.assertFalse(FRAGMENT.exists())
        act("rollback")
        Path("/etc/sysctl.d/90-proxy.conf").unlink()
        act("apply", "--profile", "proxy")
        self.assertTrue(text.startswith(FRAGMENT.read_text()))
        self.assertIn("# This is what differs on ", text)
        commands = re.findall(r"^#   (sysctl -w .*)$", text, re.MULTILINE)
        after = self.values.now()
        act("rollback")
        for command in commands:
            subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)
        self.assertEqual(self.values.now(), after)

    def test_another_profile_replaces_the_first(self):
        first = self.set_of("first", net__ipv4__tcp_fin_timeout=30, net__core__somaxconn=5000)
        second = self.set_of("second", net__core__somaxconn=6000)
        act("apply", "--profile", first)
        act("apply", "--profile", second)
        self.assertEqual(get_key("net.core.somaxconn"), "6000")
        before = self.values.before
        self.assertEqual(get_key("net.ipv4.tcp_fin_timeout"), before["net.ipv4.tcp_fin_timeout"])
        self.assertNotIn("fin_timeout", FRAGMENT.read_text())
        act("rollback")
        self.assertEqual((get_key("net.core.somaxconn"), get_key("net.ipv4.tcp_fin_timeout")),
                         ("5000", "30"))
        self.assertIn("fin_timeout = 30", FRAGMENT.read_text())
        act("rollback")
        self.check_as_before()

    def test_a_lost_history_keeps_the_file(self):
        act("apply", "--profile", "proxy")
        text = FRAGMENT.read_text()
        subprocess.run(["rm", "-r", "/var/lib/tuner"], check=True)
        self.assertFalse(act("apply", "--profile", "proxy")["changed"])
        self.assertEqual(FRAGMENT.read_text(), text)
        self.assertIn("No change is in force", run("status").stdout)

    def test_a_key_that_moves_others_takes_them_back(self):
        set_key("net.ipv4.conf.lo.forwarding", 1)
        before = self.values.now()
        act("apply", "--profile", self.set_of(net__ipv4__ip_forward=1))
        self.assertEqual(get_key("net.ipv4.conf.default.forwarding"), "1")
        self.assertEqual(get_key("net.ipv4.conf.all.accept_redirects"), "0")
        act("rollback")
        self.assertEqual(self.values.now(), before)

    def test_fifty_are_kept(self):
        profiles = [self.set_of(f"p{count}", net__core__somaxconn=5000 + count)
                    for count in range(2)]
        for count in range(53):
            act("apply", "--profile", profiles[count % 2], "--runtime-only")
        act("apply", "--profile", profiles[1], "--runtime-only")
        self.assertLessEqual(len(act("history")["transactions"]), 51)


class Copied(Applied):
    """A command that is to be run next stands on a line of its own, however narrow the terminal."""

    def test_what_to_run_next(self):
        identifier = r"\d{8}-\d{6}-[0-9a-f]{4}"
        for say in (lambda *words: on_terminal(*words, columns=40), run):
            self.assertRegex(say("apply", "--profile", "proxy").stdout,
                             rf"To\s+undo\s+it:\n  tuner rollback {identifier}\n$")
            act("rollback")
            self.assertRegex(say("apply", "--profile", "proxy", "--confirm-within", "5min").stdout,
                             r"unless\s+you\s+run:\n  tuner confirm\n$")
            status = say("status").stdout
            for command in ("tuner confirm.", "tuner rollback."):
                self.assertIn(command, status)
            act("rollback")
            self.check_as_before()


class Others(Applied):
    """What somebody else changed meanwhile."""

    def test_a_conflict_is_left_and_named(self):
        act("apply", "--profile", "proxy")
        set_key(REUSE, 0)
        FRAGMENT.write_text(FRAGMENT.read_text() + "# mine\n")
        drift = {one["subject"] for one in act("status")["drift"]}
        self.assertEqual(drift, {REUSE, str(FRAGMENT)})
        refused = act("apply", "--profile", "web", status=1)
        self.assertIn("it was edited since tuner wrote it", refused["refusals"][0]["reason"])
        back = act("rollback", status=4)
        self.assertEqual(back["transaction"]["state"], "conflict")
        self.assertEqual(get_key(REUSE), "0")
        self.assertTrue(FRAGMENT.read_text().endswith("# mine\n"))
        self.assertEqual(get_key(RANGE), self.values.before[RANGE])
        left = {step["target"] for step in back["run"]["steps"] if step["result"] == "conflict"}
        self.assertEqual(left, {REUSE, str(FRAGMENT)})
        act("rollback", status=4)
        act("rollback", "--force")
        self.check_as_before()

    def test_a_value_that_went_back_by_itself_is_no_conflict(self):
        act("apply", "--profile", "proxy")
        set_key(REUSE, self.values.before[REUSE])
        FRAGMENT.unlink()
        act("rollback")
        self.check_as_before()

    def test_the_first_change_has_boots_finish_what_is_cut_off(self):
        unit = Path("/etc/systemd/system/tuner-recover.service")
        link = Path("/etc/systemd/system/sysinit.target.wants") / unit.name
        unit.write_text("[Service]\nExecStart=/usr/bin/tuner recover\n")
        profile = self.set_of(**{REUSE: 1})
        act("apply", "--profile", profile, "--dry-run")
        self.assertFalse(link.is_symlink())
        act("apply", "--profile", profile)
        self.assertEqual(os.readlink(link), str(unit))
        act("rollback")
        self.assertTrue(link.is_symlink())
        # Who disables it has decided.
        link.unlink()
        act("apply", "--profile", profile)
        self.assertFalse(link.is_symlink())

    def test_a_masked_unit_stays_masked(self):
        directory = Path("/etc/systemd/system")
        (directory / "tuner-recover.service").symlink_to("/dev/null")
        act("apply", "--profile", self.set_of(**{REUSE: 1}))
        self.assertFalse((directory / "sysinit.target.wants").exists())

    def test_units_that_cannot_be_linked_are_told_and_nothing_else_fails(self):
        directory = Path("/etc/systemd/system")
        (directory / "tuner-recover.service").write_text("[Service]\n")
        (directory / "sysinit.target.wants").write_text("a file")
        result = run("apply", "--profile", self.set_of(**{REUSE: 1}))
        self.assertEqual(result.returncode, 0)
        self.assertIn("tuner-recover.service is not enabled", result.stderr)
        self.assertEqual(get_key(REUSE), "1")

    def test_drift_is_an_exit_status_where_it_is_asked_for(self):
        act("apply", "--profile", self.set_of(**{REUSE: 1}))
        act("status", "--detailed-exitcode")
        set_key(REUSE, 0)
        act("status")
        act("status", "--detailed-exitcode", status=2)

    def test_a_boot_ends_what_was_set_for_one_boot_alone(self):
        def boot():
            own = self.directory / "boot_id"
            own.write_text("00000000-1111-2222-3333-444444444444\n")
            where = SYSCTL / "kernel/random/boot_id"
            private.mount("--bind", own, where)
            self.addCleanup(subprocess.run, ["umount", where], check=True)

        act("apply", "--profile", self.set_of(**{REUSE: 1}), "--runtime-only")
        set_key(REUSE, 0)
        act("status", "--detailed-exitcode", status=2)
        boot()
        self.assertEqual(act("status", "--detailed-exitcode")["drift"], [])
        # What a file keeps has to be there after a boot.
        act("apply", "--profile", self.set_of(**{REUSE: 1}))
        boot()
        set_key(REUSE, 0)
        act("status", "--detailed-exitcode", status=2)

    def test_two_at_once(self):
        Path("/run/tuner").mkdir()
        script = ("import fcntl, sys; f = open('/run/tuner/lock', 'w'); "
                  "fcntl.flock(f, fcntl.LOCK_EX); f.write('4711 tuner apply --profile bulk'); "
                  "f.flush(); print('held', flush=True); sys.stdin.read()")
        with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as holder:
            self.assertEqual(holder.stdout.readline(), "held\n")
            result = run("apply", "--profile", "proxy")
            self.assertEqual(result.returncode, 75)
            self.assertIn("PID 4711", result.stderr)
            self.assertIn("tuner apply --profile bulk", result.stderr)
            holder.stdin.close()
        self.check_as_before()
        act("apply", "--profile", "proxy")

    def test_one_waits_and_a_second_is_refused(self):
        waiting = act("apply", "--profile", "proxy", "--confirm-within", "5min")
        self.assertEqual(waiting["transaction"]["state"], "applied")
        self.assertIsNotNone(waiting["transaction"]["confirm_by"])
        self.assertEqual({change["persisted"] for change in waiting["changes"]}, {"pending"})
        self.assertTrue(PENDING.exists() and not FRAGMENT.exists())
        second = run("apply", "--profile", "web")
        self.assertEqual(second.returncode, 75)
        self.assertIn(waiting["transaction"]["id"], second.stderr)
        self.assertEqual(act("status")["waiting"]["id"], waiting["transaction"]["id"])
        self.assertEqual(act("confirm")["transaction"]["state"], "confirmed")
        self.assertTrue(FRAGMENT.exists() and not PENDING.exists())
        self.assertIn("already confirmed", act("confirm", waiting["transaction"]["id"])["message"])
        act("rollback")
        self.check_as_before()

    def test_a_waiting_change_is_rolled_back(self):
        act("apply", "--profile", "proxy", "--confirm-within", "5min")
        act("rollback")
        self.check_as_before()

    def test_nothing_is_taken_back_below_one_that_waits(self):
        first = act("apply", "--profile", "latency")["transaction"]["id"]
        act("apply", "--profile", "proxy", "--confirm-within", "5min")
        self.assertEqual(run("rollback", first).returncode, 75)
        act("confirm")
        act("rollback")
        act("rollback")
        self.check_as_before()

    def wait_until_late(self):
        """Until the change that waits should have been confirmed."""
        deadline = time.monotonic() + 10
        while "its time has expired" not in " ".join(run("status").stdout.split()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_a_rollback_that_comes_too_late_takes_nothing_else_back(self):
        act("apply", "--profile", self.set_of("first", net__core__somaxconn=5000))
        late = act("apply", "--profile", "proxy", "--confirm-within", "2s")["transaction"]["id"]
        with open("/run/tuner/lock", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the timer cannot come first
            self.wait_until_late()
            self.assertGreater(kill_timers(f"recover --expire {late}"), 0)
        message = act("rollback")["message"]
        self.assertIn("the newest change", message)
        self.assertEqual(get_key("net.core.somaxconn"), "5000")

    def test_a_conflict_of_an_earlier_run_is_told(self):
        act("apply", "--profile", "proxy", "--confirm-within", "2s")
        self.assertGreater(kill_timers("recover --expire"), 0)
        set_key(REUSE, 0)
        self.wait_until_late()
        result = act("apply", "--profile", self.set_of(net__core__somaxconn=5000), status=4)
        self.assertEqual(result["finished"][0]["state"], "conflict")

    def test_the_lock_is_for_root_alone(self):
        act("apply", "--profile", "proxy")
        self.assertEqual(Path("/run/tuner/lock").stat().st_mode & 0o777, 0o600)

    def test_a_change_that_cannot_be_told_is_made_all_the_same(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            result = subprocess.run([os.environ["TUNER"], "apply", "--profile", "proxy"],
                                    stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"No space left", result.stderr)
        self.assertEqual(get_key(REUSE), "1")

    def test_an_unknown_id(self):
        for command in ("rollback", "confirm", "history"):
            result = run(command, "20200101-000000-0000")
            self.assertEqual(result.returncode, 64)
            self.assertIn("no such change", result.stderr)


class Refused(Applied):
    def test_the_name_is_one_that_wins(self):
        rival = Path("/etc/sysctl.d/95-vendor.conf")
        rival.write_text(f"{REUSE} = 0\n")
        document = act("apply", "--profile", "proxy")
        self.assertEqual({change["file"] for change in document["changes"]},
                         {"/etc/sysctl.d/99-tuner.conf"})
        act("rollback")
        self.assertEqual([path.name for path in Path("/etc/sysctl.d").iterdir()],
                         ["95-vendor.conf"])

    def test_a_file_that_no_name_beats(self):
        rival = Path("/etc/sysctl.d/zzz.conf")
        rival.write_text(f"{REUSE} = 0\n")
        document = act("apply", "--profile", "proxy", status=1)
        refusal = document["refusals"][0]
        self.assertEqual(refusal["subject"], REUSE)
        self.assertIn("/etc/sysctl.d/zzz.conf:1", refusal["reason"])
        self.assertIn("--allow-shadowed", refusal["way_out"])
        self.check_as_before()
        document = act("apply", "--profile", "proxy", "--allow-shadowed")
        self.assertTrue(any("zzz.conf" in warning for warning in document["warnings"]))

    def test_what_cannot_be_taken_back(self):
        profile = self.profile('[sysctl."net.ipv6.conf.lo.disable_ipv6"]\nexactly = 1\nwhy = "x"\n')
        self.assertIn("--allow-one-way",
                      act("apply", "--profile", profile, status=1)["refusals"][0]["way_out"])
        self.check_as_before()
        act("apply", "--profile", profile, "--allow-one-way")
        self.assertEqual(get_key("net.ipv6.conf.lo.disable_ipv6"), "1")

    def test_no_rights_and_nothing_touched(self):
        program = self.directory / "tuner"
        program.write_bytes(Path(os.environ["TUNER"]).read_bytes())
        program.chmod(0o755)
        self.directory.chmod(0o755)
        profile = self.set_of(net__core__somaxconn=5000)
        profile.chmod(0o644)
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", str(program)]
        for words in (["apply", "--profile", str(profile)], ["confirm"], ["rollback"], ["recover"]):
            result = subprocess.run([*user, *words], capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode, 77, result.stderr)
            self.assertIn("root", result.stderr)
        look = subprocess.run([*user, "apply", "--profile", str(profile), "--dry-run"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(look.returncode, 0, look.stderr)
        self.assertFalse(Path("/var/lib/tuner").exists() or Path("/run/tuner").exists())

    def test_keys_that_are_none(self):
        for key in ("net.ipv4.../core.x", "net.core.somaxconn\\nx", "net.core.\\u0000x",
                    "net/../kernel/panic"):
            profile = self.profile(f'[sysctl."{key}"]\nexactly = 1\nwhy = "x"\n')
            self.assertEqual(run("apply", "--profile", profile).returncode, 78, key)
        self.check_as_before()

    def test_a_read_only_proc(self):
        private.mount("--bind", "/proc/sys/net", "/proc/sys/net")
        private.mount("-o", "remount,bind,ro", "/proc/sys/net")
        try:
            for words in ([], ["--dry-run"], ["--confirm-within", "5min"]):
                result = run("apply", "--profile", "proxy", "--only", REUSE, *words)
                self.assertEqual(result.returncode, 1)
                self.assertIn("Refused: /proc/sys: mounted read-only here", result.stdout)
                self.assertNotIn("overrides any name", result.stdout)
            self.assertFalse(any(Path("/var/lib/tuner/transactions").glob("*")))
            act("apply", "--profile", "proxy", "--only", REUSE, "--persist-only")
            act("rollback")
        finally:
            subprocess.run(["umount", "/proc/sys/net"], check=True)
        self.check_as_before()

    def test_a_read_only_etc(self):
        private.mount("-o", "remount,ro", "/etc/sysctl.d")
        try:
            result = run("apply", "--profile", "proxy", "--only", REUSE)
            self.assertEqual(result.returncode, 1)
            self.assertIn("--runtime-only", result.stderr)
            self.assertEqual(self.values.now(), self.values.before)
            act("apply", "--profile", "proxy", "--only", REUSE, "--runtime-only")
        finally:
            private.mount("-o", "remount,rw", "/etc/sysctl.d")


    def test_what_is_below_run_is_not_kept(self):
        Path("/run/sysctl.d").mkdir(exist_ok=True)
        Path("/run/sysctl.d/50-x.conf").write_text(f"{REUSE} = 1\n")
        act("apply", "--profile", "proxy")
        self.assertIn(REUSE, FRAGMENT.read_text())


class FullDisk(Applied):
    def fill(self, directory):
        private.mount("-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", directory)
        self.addCleanup(subprocess.run, ["umount", directory], check=True)
        return Path(directory) / "ballast"

    def test_no_room_for_the_file(self):
        ballast = self.fill("/etc/sysctl.d")
        with self.assertRaises(OSError):
            ballast.write_bytes(b"x" * 100_000)
        result = run("apply", "--profile", "proxy")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("No space left", result.stdout)
        self.assertEqual(self.values.now(), self.values.before)
        self.assertEqual([path.name for path in Path("/etc/sysctl.d").iterdir()], ["ballast"])
        self.assertFalse(LIMITS.exists())
        waiting = act("apply", "--profile", "proxy", "--confirm-within", "5min")
        act("confirm", status=1)
        self.assertEqual(act("status")["waiting"]["id"], waiting["transaction"]["id"])
        ballast.unlink()
        act("confirm")
        act("rollback")
        self.check_as_before()

    def test_no_room_for_the_journal(self):
        Path("/var/lib/tuner").mkdir()
        ballast = self.fill("/var/lib/tuner")
        with self.assertRaises(OSError):
            ballast.write_bytes(b"x" * 100_000)
        result = run("apply", "--profile", "proxy")
        self.assertEqual(result.returncode, 1)
        self.assertIn("No space left", result.stdout + result.stderr)
        self.check_as_before()
        # Room for the plan and not for all that follows: nothing is left half done.
        for room in range(4096, 24576, 4096):
            size = Path("/var/lib/tuner/ballast").stat().st_size
            os.truncate(ballast, max(0, size - room))
            result = run("apply", "--profile", "proxy")
            os.truncate(ballast, 0)
            run("recover")
            if result.returncode == 0:
                run("rollback")
            self.check_as_before()
            with self.assertRaises(OSError):
                ballast.write_bytes(b"x" * 100_000)


class Moved(Applied):
    """Keys that the kernel writes when others are written, and keys that bound each other."""

    def test_a_key_with_a_demand_that_its_parent_moves(self):
        for family, other in (("ipv4", "net.ipv4.conf.all.accept_redirects"),
                              ("ipv6", "net.ipv6.conf.lo.forwarding")):
            parent = "net.ipv4.ip_forward" if family == "ipv4" else "net.ipv6.conf.all.forwarding"
            for before, child in ((0, 0), (0, 1), (1, 0), (1, 1)):
                set_key(parent, before)
                set_key(other, child)
                for wanted, asked in ((0, 0), (0, 1), (1, 0), (1, 1)):
                    keys = Values([parent, other, "net.ipv4.conf.lo.forwarding"])
                    profile = self.set_of(**{parent.replace(".", "__"): wanted,
                                             other.replace(".", "__"): asked})
                    case = (family, before, child, wanted, asked)
                    act("apply", "--profile", profile, "--runtime-only")
                    self.assertEqual((get_key(parent), get_key(other)),
                                     (str(wanted), str(asked)), case)
                    self.assertFalse(act("apply", "--profile", profile,
                                         "--runtime-only")["changed"], case)
                    run("rollback")
                    self.assertEqual(keys.now(), keys.before, case)
                    clear()
            set_key(parent, 0)

    def test_ports_that_bound_each_other_go_back(self):
        first = "net.ipv4.ip_unprivileged_port_start"
        keys = Values([first, RANGE])
        self.addCleanup(keys.restore)
        set_key(first, 500)
        set_key(RANGE, "600 60999")
        own = Values([first, RANGE])
        profile = self.profile(f'[sysctl."{first}"]\nexactly = 1024\nwhy = "x"\n'
                               f'[sysctl."{RANGE}"]\nexactly = [2000, 60000]\nwhy = "x"\n')
        act("apply", "--profile", profile, "--runtime-only")
        act("apply", "--profile", self.set_of("other", net__core__somaxconn=5000),
            "--runtime-only")
        self.assertEqual(own.now(), own.before)
        set_key(RANGE, keys.before[RANGE])

    def test_an_interface_whose_name_is_no_text(self):
        odd = os.fsdecode(b"d\xff")
        subprocess.run(["ip", "link", "add", odd, "type", "veth", "peer", "v1"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "del", odd], check=True)
        profile = self.set_of(net__ipv6__conf__all__forwarding=1)
        act("apply", "--profile", profile, "--runtime-only")
        act("rollback")
        self.assertEqual(get_key("net.ipv6.conf.all.forwarding"), "0")

    def test_what_a_boot_made_of_an_earlier_value_is_still_ours(self):
        """A change that was confirmed, one that was not kept, and then the boot: the file's value
        runs again, and goes back with the next profile."""
        key = "net.ipv4.tcp_fin_timeout"
        act("apply", "--profile", self.set_of("first", net__ipv4__tcp_fin_timeout=30))
        act("apply", "--profile", self.set_of("second", net__ipv4__tcp_fin_timeout=40),
            "--runtime-only")
        set_key(key, 30)
        act("apply", "--profile", self.set_of("third", net__core__somaxconn=5000))
        self.assertEqual(get_key(key), self.values.before[key])

    def test_the_first_value_is_never_forgotten(self):
        key = "net.ipv4.tcp_fin_timeout"
        profiles = [self.set_of(f"p{value}", net__ipv4__tcp_fin_timeout=value)
                    for value in (30, 40)]
        for count in range(54):
            act("apply", "--profile", profiles[count % 2], "--runtime-only")
        act("apply", "--profile", self.set_of("third", net__core__somaxconn=5000),
            "--runtime-only")
        self.assertEqual(get_key(key), self.values.before[key])


class Planted(Applied):
    """Links and directories where tuner is going to write."""

    def refused(self, *words, status=1):
        result = run("apply", "--profile", "proxy", *words)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertEqual(self.values.now(), self.values.before)
        return result.stdout + result.stderr

    def test_at_the_fragment(self):
        victim = self.directory / "victim"
        victim.write_text("precious")
        FRAGMENT.symlink_to(victim)
        document = act("apply", "--profile", "proxy")
        self.assertNotEqual(document["changes"][0]["file"], str(FRAGMENT))
        self.assertEqual(victim.read_text(), "precious")
        act("rollback")
        FRAGMENT.unlink()
        FRAGMENT.mkdir()
        act("apply", "--profile", "proxy")
        act("rollback")

    def test_at_the_limits(self):
        victim = self.directory / "victim"
        victim.write_text("precious")
        LIMITS.symlink_to(victim)
        self.assertIn("someone else", " ".join(self.refused().split()))
        self.assertEqual(victim.read_text(), "precious")
        LIMITS.unlink()
        LIMITS.mkdir()
        self.assertIn("not a regular file", self.refused())

    def test_at_the_waiting_file(self):
        victim = self.directory / "victim"
        victim.write_text("precious")
        PENDING.parent.mkdir(exist_ok=True)
        PENDING.symlink_to(victim)
        self.assertIn("it is a symlink", self.refused("--confirm-within", "5min"))
        self.assertEqual(victim.read_text(), "precious")

    def test_at_the_temporary_file(self):
        victim = self.directory / "victim"
        victim.write_text("precious")
        temporary = FRAGMENT.parent / ".90-tuner.conf.tuner-new"
        temporary.symlink_to(victim)
        act("apply", "--profile", "proxy")
        self.assertEqual(victim.read_text(), "precious")
        self.assertFalse(FRAGMENT.is_symlink())
        act("rollback")
        temporary.mkdir()
        (temporary / "x").write_text("")
        self.refused()
        self.assertEqual(get_key(REUSE), self.values.before[REUSE])

    def test_at_the_lock(self):
        victim = self.directory / "victim"
        victim.write_text("precious")
        Path("/run/tuner").mkdir()
        lock = Path("/run/tuner/lock")
        lock.symlink_to(victim)
        self.assertIn("not a file created by tuner", self.refused())
        lock.unlink()
        lock.mkdir()
        self.assertIn("not a file created by tuner", self.refused())
        lock.rmdir()
        os.mkfifo(lock)
        self.assertIn("not a file created by tuner", self.refused())
        self.assertEqual(victim.read_text(), "precious")

    def test_at_the_directories(self):
        for directory in ("/run/tuner", "/var/lib/tuner"):
            path = Path(directory)
            path.symlink_to(self.directory)
            self.assertIn("not a directory created by tuner", self.refused())
            path.unlink()
            path.mkdir()
            path.chmod(0o777)
            self.assertIn("writable by others than its owner", self.refused())
            os.chown(path, 65534, 65534)
            self.assertIn("belongs to user 65534", self.refused())
            path.rmdir()
        self.assertEqual(list(self.directory.iterdir()), [])


class Profiles(Applied):
    def test_a_profile_that_others_may_write(self):
        directory = self.directory / "profiles"
        directory.mkdir()
        (directory / "proxy.toml").write_text('schema = 1\nname = "proxy"\nsummary = "x"\n')
        path = {"TUNER_PROFILE_PATH": str(directory)}
        for target, mode in ((directory, 0o777), (directory / "proxy.toml", 0o666)):
            before = target.stat().st_mode
            target.chmod(mode)
            result = run("apply", "--profile", "proxy", env=path)
            self.assertEqual(result.returncode, 78, result.stderr)
            self.assertIn("chmod go-w", result.stderr)
            target.chmod(before)
        # Behind sudo, the variable may lead to what belongs to the user who called it, or to root.
        os.chown(directory / "proxy.toml", 1234, 1234)
        self.assertEqual(run("apply", "--profile", "proxy", env=path).returncode, 78)
        sudo = {**path, "SUDO_UID": "1234"}
        self.assertEqual(run("apply", "--profile", "proxy", env=sudo).returncode, 0)
        os.chown(directory / "proxy.toml", 4321, 4321)
        self.assertEqual(run("apply", "--profile", "proxy", env=sudo).returncode, 78)
        self.check_as_before()


class Journals(Applied):
    def journal(self):
        return next(Path("/var/lib/tuner/transactions").glob("*/journal"))

    def test_an_edited_journal_is_never_followed(self):
        act("apply", "--profile", "proxy", "--confirm-within", "5min")
        path = self.journal()
        whole = path.read_bytes()
        for damaged in (whole.replace(b'"original":"2"', b'"original":"0"'), whole[:40],
                        b"0" * 64 + whole[64:], whole[1:], b"", b"\0" * 100):
            path.write_bytes(damaged)
            for words in (("apply", "--profile", "web"), ("recover",)):
                result = run(*words)
                self.assertEqual(result.returncode, 1, (words, result.stdout, result.stderr))
                self.assertIn(str(path), result.stdout + result.stderr)
            self.assertEqual(get_key(REUSE), "1")
            self.assertEqual(run("history").returncode, 3)
        path.write_bytes(whole)
        act("rollback")
        self.check_as_before()

    def test_a_damaged_newest_one_hides_no_other(self):
        act("apply", "--profile", self.set_of("first", net__core__somaxconn=5000))
        identifier = act("apply", "--profile", "proxy")["transaction"]["id"]
        path = Path(f"/var/lib/tuner/transactions/{identifier}/journal")
        path.write_bytes(path.read_bytes().replace(b"proxy", b"porxy", 1))
        Path("/var/lib/tuner/transactions/stray").write_text("no directory")
        for words in (("rollback",), ("confirm",), ("rollback", identifier)):
            result = run(*words)
            self.assertEqual(result.returncode, 1, words)
            self.assertIn("checksum", result.stderr)
        self.assertEqual(get_key(REUSE), "1")

    def test_a_torn_last_record_is_ignored(self):
        act("apply", "--profile", "proxy", "--confirm-within", "5min")
        path = self.journal()
        whole = path.read_bytes()
        for torn in (b"a", b"0" * 70, whole.splitlines()[-1][:-5], b"\0" * 50):
            path.write_bytes(whole + torn)
            self.assertEqual(act("status")["waiting"]["state"], "applied")
        act("confirm")
        self.assertEqual(act("history")["transactions"][0]["state"], "confirmed")

    def test_a_journal_of_another_machine(self):
        blank, boot = Path("/run/blank"), Path("/run/boot")
        blank.write_text("0123456789abcdef0123456789abcdef\n")
        identifier = act("apply", "--profile", "proxy")["transaction"]["id"]
        blank.write_text("")
        boot.write_text("0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b\n")
        private.mount("--bind", boot, "/proc/sys/kernel/random/boot_id")
        self.addCleanup(subprocess.run, ["umount", "/proc/sys/kernel/random/boot_id"], check=True)
        self.assertEqual(act("history")["foreign"], [identifier])
        act("recover")
        self.assertEqual(act("rollback")["message"], "Nothing to roll back.")
        self.assertTrue(FRAGMENT.exists())
        self.assertEqual(run("rollback", identifier).returncode, 64)
        self.assertIn(f"\n  tuner rollback --adopt {identifier}\n", run("status").stdout)
        self.assertEqual(run("rollback", "--adopt").returncode, 64)
        act("rollback", "--adopt", identifier)
        self.assertFalse(FRAGMENT.exists())
        self.assertNotIn(identifier, run("status").stdout)

    def test_a_machine_id_that_changes_in_the_window(self):
        blank = Path("/run/blank")
        blank.write_text("0123456789abcdef0123456789abcdef\n")
        act("apply", "--profile", "proxy", "--confirm-within", "5min")
        blank.write_text("")
        act("rollback")
        self.check_as_before()


class Limits(Applied):
    def test_a_higher_limit_is_never_lowered(self):
        Path("/etc/security/limits.conf").write_text("* soft nofile 100000\n* hard nofile 200000\n"
                                                     "root - nofile unlimited\n")
        act("apply", "--profile", "proxy")
        self.assertFalse(LIMITS.exists())
        act("rollback")
        Path("/etc/security/limits.conf").write_text("root - nofile unlimited\n* soft nofile 512\n")
        act("apply", "--profile", "proxy")
        self.assertIn("soft nofile 65535", LIMITS.read_text())
        self.assertNotIn("root", LIMITS.read_text())
        act("rollback")
        Path("/etc/security/limits.conf").unlink()
        self.check_as_before()

    def test_who_asks_makes_no_difference(self):
        profile = self.profile('[limits]\nnofile = { at_least = 10000, why = "a test" }\n')
        prefix = ("prlimit", "--nofile=4096:4096")
        act("apply", "--profile", profile, prefix=prefix)
        text = LIMITS.read_text()
        self.assertIn("hard", text)
        self.assertFalse(act("apply", "--profile", profile)["changed"])
        act("apply", "--profile", self.set_of("other", net__core__somaxconn=5000))
        self.assertFalse(LIMITS.exists())
        act("rollback")
        self.assertEqual(LIMITS.read_text(), text)

    def test_a_file_of_somebody_else(self):
        LIMITS.write_text("* - nofile 1000000\n")
        self.assertIn("someone else",
                      act("apply", "--profile", "proxy", status=1)["refusals"][0]["reason"])
        self.assertEqual(LIMITS.read_text(), "* - nofile 1000000\n")

    def test_a_reason_of_several_lines_stays_a_comment(self):
        profile = self.profile('[limits]\nnofile = { at_least = 15000, why = """because\n'
                               'root hard nofile 5""" }\n')
        act("apply", "--profile", profile)
        for line in LIMITS.read_text().splitlines():
            self.assertTrue(line.startswith(("#", "*", "root ")), line)
            self.assertFalse(line.startswith("root hard"), line)

    def test_a_service(self):
        units = Path("/etc/systemd/system")
        (units / "proxyd.service").write_text("[Service]\nExecStart=/bin/true\n")
        drop_in = units / "proxyd.service.d/90-tuner.conf"
        document = act("apply", "--profile", "proxy", "--service", "proxyd.service")
        self.assertIn("LimitNOFILE=65535:524288\n", drop_in.read_text())
        note = next(one["note"] for one in document["other_changes"]
                    if one["subject"] == str(drop_in))
        self.assertIn("systemctl daemon-reload && systemctl restart proxyd.service", note)
        self.assertFalse(act("apply", "--profile", "proxy", "--service",
                             "proxyd.service")["changed"])
        act("rollback")
        self.assertFalse(drop_in.parent.exists())
        (units / "proxyd.service").write_text("[Service]\nLimitNOFILE=infinity\n")
        # As systemctl takes it.
        act("apply", "--profile", "proxy", "--service", "proxyd")
        self.assertFalse(drop_in.exists())
        act("rollback")
        self.assertEqual(run("apply", "--profile", "base", "--service",
                             "proxyd.service").returncode, 64)
        for wrong in ("none.service", "proxyd.socket", "../x.service", "nosuch"):
            self.assertEqual(run("apply", "--profile", "proxy", "--service", wrong).returncode, 64)

    def test_processes_that_run(self):
        script = ("import resource, socket, sys\n"
                  "resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200))\n"
                  "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
                  "print(s.getsockname()[1], flush=True)\nsys.stdin.read()")
        with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as server:
            server.stdout.readline()
            limits = Path(f"/proc/{server.pid}/limits")
            # Raising a hard limit takes a right that a test may not have.
            profile = self.profile('[limits]\nnofile = { at_least = 150, why = "a test" }\n')
            act("apply", "--profile", profile)
            self.assertRegex(limits.read_text(), r"Max open files +100 +200")
            document = act("apply", "--profile", profile, "--running-processes")
            self.assertRegex(limits.read_text(), r"Max open files +150 +200")
            subjects = [one["subject"] for one in document["other_changes"]]
            self.assertEqual(len(subjects), 1, subjects)
            self.assertIn(f"process {server.pid} ", subjects[0])
            act("rollback")
            self.assertRegex(limits.read_text(), r"Max open files +100 +200")
            act("apply", "--profile", profile, "--running-processes")
            server.stdin.close()
        steps = act("rollback")["run"]["steps"]
        ended = [step for step in steps if step["kind"] == "limit"]
        self.assertEqual(ended[0]["result"], "skipped")
        self.assertIn("ended", ended[0]["detail"])


class Routes(Applied):
    def route(self, *words):
        subprocess.run(["ip", *words], check=True)

    def shown(self, family="-4"):
        return subprocess.run(["ip", family, "route", "show", "default"], capture_output=True,
                              text=True, check=True).stdout

    def test_the_windows_of_a_default_route(self):
        self.route("route", "add", "default", "dev", "lo", "metric", "7", "mtu", "1400",
                   "initcwnd", "4", "advmss", "1300", "src", "127.0.0.1")
        self.addCleanup(self.route, "route", "del", "default")
        before = self.shown()
        document = act("apply", "--profile", "proxy")
        after = self.shown()
        self.assertEqual(after.split(), before.replace("initcwnd 4", "initcwnd 10").split())
        note = [one["note"] for one in document["other_changes"] if "dev lo" in one["subject"]]
        self.assertEqual(len(note), 1)
        self.assertIn("until the route is set up again", note[0])
        self.assertFalse(act("apply", "--profile", "proxy")["changed"])
        act("rollback")
        self.assertEqual(self.shown().split(), before.split())

    def test_ipv6_with_an_end(self):
        self.route("link", "add", "v0", "type", "veth", "peer", "v1")
        self.addCleanup(self.route, "link", "del", "v0")
        for name in ("v0", "v1"):
            self.route("link", "set", name, "up")
        self.route("-6", "route", "add", "default", "dev", "v0", "metric", "9", "mtu", "1400",
                   "initcwnd", "4", "expires", "900")
        self.assertIn("expires 8", self.shown("-6").replace("expires 900", "expires 899"))
        act("apply", "--profile", "proxy")
        after = self.shown("-6")
        for part in ("initcwnd 10", "mtu 1400", "metric 9", "expires 8"):
            self.assertIn(part, after)
        act("rollback")
        self.assertIn("initcwnd 4", self.shown("-6"))

    def test_what_is_left_alone(self):
        self.route("route", "add", "default", "metric", "3", "initcwnd", "4",
                   "nexthop", "dev", "lo", "weight", "1", "nexthop", "dev", "lo", "weight", "2")
        self.addCleanup(self.route, "route", "del", "default")
        before = self.shown()
        document = act("apply", "--profile", "proxy")
        reasons = [one["reason"] for one in document["skipped"] if "default" in one["key"]]
        self.assertEqual(len(reasons), 1)
        self.assertIn("several next hops", reasons[0])
        self.assertEqual(self.shown(), before)


class Namespaces(Applied):
    def test_another_namespace_is_left_alone(self):
        act("apply", "--profile", "proxy", "--confirm-within", "5min")
        inner = ("unshare", "--net", "--")
        document = json.loads(run("recover", "--json", prefix=inner).stdout)
        self.assertEqual(document["message"], "No unfinished change.")
        self.assertIn("No change is waiting", run("confirm", prefix=inner).stdout)
        identifier = act("status")["waiting"]["id"]
        for command in ("confirm", "rollback"):
            result = run(command, identifier, prefix=inner)
            self.assertEqual(result.returncode, 1)
            self.assertIn("another network namespace", result.stderr)
        self.assertEqual(get_key(REUSE), "1")
        act("rollback")


if __name__ == "__main__":
    private.enter()
    unittest.main()
