"""From a finding to the next command: single values, what an audit wants, what the next boot does, and
that every command which a run prints can be run."""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import private
from private import get_key, set_key
from support import HOSTS, PROGRAM, SOURCE, audit, findings, run
from test_apply import Applied, FRAGMENT, RANGE, REUSE, act

SACK, STAMPS, SOMAXCONN = ("net.ipv4.tcp_sack", "net.ipv4.tcp_timestamps", "net.core.somaxconn")
FIN = "net.ipv4.tcp_fin_timeout"
RESERVED = "net.ipv4.ip_local_reserved_ports"
LATER = Path("/etc/sysctl.d/zz-later.conf")
COMMAND = re.compile(r"^(?:Next: |  )(tuner .*)$", re.MULTILINE)


class Asked(Applied):
    def setUp(self):
        super().setUp()
        more = private.Values([SACK, STAMPS, "net.ipv4.tcp_window_scaling"])
        self.addCleanup(more.restore)

    def pasted(self, command, *more):
        """A printed command, as a shell runs it. What stands behind a # does not count."""
        tools = self.directory / "bin"
        tools.mkdir(exist_ok=True)
        if not (tools / "tuner").exists():
            (tools / "tuner").symlink_to(PROGRAM)
        command = re.sub(r"\s+# .*$", "", command)
        return subprocess.run(["sh", "-c", " ".join([command, *more])], capture_output=True,
                              text=True, check=False, timeout=120, cwd=self.directory,
                              env={"PATH": f"{tools}:{os.environ['PATH']}", "LANG": "C.UTF-8"})


class Set(Asked):
    def test_single_values_and_back(self):
        document = act("apply", "--set", "somaxconn=9000", f"{FIN}=30")
        self.assertIsNone(document["profile"])
        self.assertEqual({one["key"]: one["wanted"] for one in document["changes"]},
                         {SOMAXCONN: "9000", FIN: "30"})
        self.assertEqual((get_key(SOMAXCONN), get_key(FIN)), ("9000", "30"))
        self.assertIn(f"{SOMAXCONN} = 9000", FRAGMENT.read_text())
        self.assertFalse(act("apply", "--set", "somaxconn=9000", "--set", f"{FIN}=30")["changed"])
        act("rollback")
        self.check_as_before()

    def test_all_else_stays(self):
        act("apply", "--profile", "proxy")
        before = FRAGMENT.read_text()
        reuse, ports = get_key(REUSE), get_key(RANGE)
        document = act("apply", "--set", f"{FIN}=30")
        self.assertEqual([one["key"] for one in document["changes"]], [FIN])
        self.assertEqual((get_key(REUSE), get_key(RANGE)), (reuse, ports))
        text = FRAGMENT.read_text()
        for line in before.splitlines():
            self.assertIn(line, text)
        act("rollback")
        self.assertEqual(FRAGMENT.read_text(), before)
        act("rollback")
        self.check_as_before()

    def test_a_profile_leaves_single_values_alone(self):
        """Unless it asks for something that they are not."""
        act("apply", "--set", f"{FIN}=30", "somaxconn=16384", f"{REUSE}=0")
        document = act("apply", "--profile", "proxy")
        changed = {one["key"]: one["wanted"] for one in document["changes"]}
        self.assertNotIn(FIN, changed)
        self.assertNotIn(SOMAXCONN, changed)
        self.assertEqual((get_key(FIN), get_key(SOMAXCONN), get_key(REUSE)), ("30", "16384", "1"))
        text = FRAGMENT.read_text()
        self.assertIn(f"{SOMAXCONN} = 16384", text)
        self.assertIn(f"{FIN} = 30", text)
        self.assertEqual(act("apply", "--profile", "proxy")["changes"], [])
        act("rollback")
        self.assertEqual((get_key(FIN), get_key(SOMAXCONN), get_key(REUSE)), ("30", "16384", "0"))
        act("rollback")
        self.check_as_before()

    def test_beside_a_profile_it_has_the_last_word(self):
        plan = {one["key"]: one["wanted"] for one in
                act("apply", "--profile", "proxy", "--set", f"{REUSE}=0", "-n")["changes"]}
        self.assertIn(RANGE, plan)
        self.assertNotEqual(plan.get(REUSE), "1")

    def test_sizes_vectors_and_names(self):
        # None of these is what a namespace begins with.
        for text, key, wanted in (
                ("net.ipv4.tcp_rmem=4096 131072 31MiB", "net.ipv4.tcp_rmem", "4096 131072 32505856"),
                ("net.ipv4.tcp_rmem=- - 32505856", "net.ipv4.tcp_rmem", "4096 131072 32505856"),
                ("net/ipv4/tcp_wmem=4096 16384 8388608", "net.ipv4.tcp_wmem", "4096 16384 8388608"),
                ("net.ipv4.tcp_keepalive_time=600", "net.ipv4.tcp_keepalive_time", "600"),
                ("net.ipv4.tcp_keepalive_time = 10min", "net.ipv4.tcp_keepalive_time", "600"),
                ("net.ipv4.conf.lo.accept_redirects=0", "net.ipv4.conf.lo.accept_redirects", "0"),
                ("tcp_fin_timeout=31", FIN, "31")):
            plan = act("apply", "-n", "--set", text)["changes"]
            self.assertEqual({one["key"]: one["wanted"] for one in plan}, {key: wanted}, text)

    def test_ports_of_services_are_reserved(self):
        import socket
        with socket.create_server(("127.0.0.1", 8080)):
            act("apply", "--set", "ip_local_port_range=1024 65000")
            self.assertEqual((get_key(RANGE), get_key(RESERVED)), ("1024 65000", "8080"))
        act("rollback")
        self.check_as_before()

    def test_what_cannot_be_set_is_refused(self):
        """Whoever asked must not go on as if it were set."""
        for text in ("tcp_congestion_control=nosuch", "net.core.netdev_max_backlog=5000",
                     "net.ipv4.conf.eth9.rp_filter=1"):
            result = run("apply", "--set", text, f"{FIN}=30")
            self.assertEqual(result.returncode, 1, text + result.stdout)
            self.assertIn("Refused:", result.stdout)
            self.assertEqual(get_key(FIN), "60", text)

    def test_congestion_controls_are_listed(self):
        said = run("apply", "--set", "tcp_congestion_control=ren").stdout
        self.assertRegex(" ".join(said.split()), r'Did you mean "reno"\? Choose .*reno')

    def test_what_is_set_and_what_is_kept_are_counted_apart(self):
        set_key(FIN, 30)
        said = run("apply", "--set", f"{FIN}=30", "somaxconn=9000", "-n").stdout
        self.assertIn(f"{FIN}: 30 is running, and the file will keep it; without it the next boot sets 60",
                      " ".join(said.split()))
        self.assertIn("1 key would be set, and 1 key kept for the next boot.", said)
        said = run("apply", "--set", f"{FIN}=30", "somaxconn=9000").stdout
        self.assertIn("1 key set and verified, 1 key kept for the next boot in ", said)
        act("rollback")

    def test_a_value_that_an_audit_will_fault_is_answered(self):
        for value, fault in (("tcp_sack=0", "folklore-setting"),
                             ("tcp_window_scaling=0", "window-scaling-off"),
                             ("somaxconn=128", "value-below-kernel-default")):
            self.assertRegex(run("apply", "--set", value, "-n").stdout,
                             rf"Warning: net\.\S+: {fault}: ")
        self.assertNotIn("Warning: net.", run("apply", "--set", "somaxconn=9000", "-n").stdout)

    def test_refusals_name_the_way_out(self):
        for words, text in ((["--set", "net.core.somaxcon=1"], 'Did you mean "net.core.somaxconn"?'),
                            (["--set", "fin_timeout=30"], f'Did you mean "{FIN}"?'),
                            (["--set", "somaxconn"], "KEY=VALUE"),
                            (["--set", "somaxconn=many"], '"many" is not a valid value for this key'),
                            (["--set", "somaxconn=-1"], "outside the range"),
                            (["--set", "net.ipv4.tcp_rmem=4096"], "it has 1 element"),
                            (["--set", "net.ipv4.tcp_rmem=9 8 7"], "not in ascending order"),
                            (["--set", "tcp_mem=1 2 3"], "counts pages"),
                            (["--set", "somaxconn=1", "somaxconn=2"], "too"),
                            (["--fix", "listen-backlog-caped"], 'listen-backlog-capped"?'),
                            (["somaxconn=9000"], "--set somaxconn=9000"),
                            (["proxy"], "--profile"), ([], "--set"),
                            (["--set", f"{FIN}=30", "--only", SOMAXCONN], SOMAXCONN)):
            result = run("apply", *words)
            self.assertEqual(result.returncode, 64, result.stdout + result.stderr)
            self.assertIn(text, result.stderr)
        self.check_as_before()


class Fix(Asked):
    def test_next_is_a_command_that_mends(self):
        for key in (SACK, STAMPS):
            set_key(key, 0)
        set_key(SOMAXCONN, 100)
        shown = run("audit").stdout
        command, = COMMAND.findall(shown)
        self.assertEqual(shown.splitlines()[-1], f"Next: {command}")
        self.assertEqual(json.loads(run("audit", "--json").stdout)["next"], command)
        waiting = json.loads(self.pasted(command, "--json").stdout)["transaction"]
        self.assertEqual(waiting["state"], "applied")
        self.assertEqual((get_key(SACK), get_key(STAMPS), get_key(SOMAXCONN)), ("1", "1", "4096"))
        self.assertRegex(run("audit").stdout, r"\ANothing is wrong: .*\n\Z")
        act("rollback")
        self.assertEqual((get_key(SACK), get_key(STAMPS), get_key(SOMAXCONN)), ("0", "0", "100"))

    def test_many_are_fixed_at_once(self):
        set_key(STAMPS, 0)
        set_key(SACK, 0)
        set_key(SOMAXCONN, 100)
        set_key("net.ipv4.tcp_wmem", "4096 4096 65536")
        set_key(REUSE, 1)
        set_key("net.ipv4.tcp_window_scaling", 0)
        command, = COMMAND.findall(run("audit").stdout)
        self.assertIn("--fix-all", command)
        self.assertEqual(self.pasted(command).returncode, 0)
        act("confirm")
        self.assertNotIn("Next:", run("audit").stdout)

    def test_only_what_is_named(self):
        set_key(SACK, 0)
        set_key(STAMPS, 0)
        changes = act("apply", "--fix", "timestamps-off")["changes"]
        self.assertEqual([one["key"] for one in changes], [STAMPS])
        again = run("apply", "--fix", "timestamps-off")
        self.assertEqual(again.returncode, 0)
        self.assertIn("nothing is wrong there any more", again.stdout)
        act("rollback")

    def test_what_no_value_mends(self):
        """What a limit or an application has to do is refused with their names."""
        LATER.write_text(f"{FIN} = 50\n")
        named = run("apply", "--fix", "boot-differs-from-running")
        self.assertEqual(named.returncode, 1)
        self.assertIn(f"If the file is right, load it with sysctl -p {LATER}. If what runs is right: Edit {LATER}:1.",
                      named.stderr)
        self.assertIn("no sysctl fixes this", run("apply", "--fix-all", "-n").stdout)

    def test_elements_out_of_order_are_mended_at_once(self):
        """Never by a mix of what runs and the default that does not rise either."""
        self.addCleanup(set_key, "net.ipv4.tcp_rmem", get_key("net.ipv4.tcp_rmem"))
        for broken in ("16777216 87380 4096", "8192 4096 65536", "65536 87380 6291456"):
            set_key("net.ipv4.tcp_rmem", broken)
            command, = COMMAND.findall(run("audit").stdout)
            self.assertEqual(self.pasted(command).returncode, 0, command)
            numbers = [int(word) for word in get_key("net.ipv4.tcp_rmem").split()]
            self.assertEqual(numbers, sorted(numbers), broken)
            self.assertNotIn("Next:", run("audit").stdout)
            act("rollback")

    def test_fewer_ports_than_the_kernel_chooses_need_no_profile(self):
        set_key(RANGE, "32768 40000")
        command, = COMMAND.findall(run("audit").stdout)
        self.assertIn("--fix port-range-narrow", command)
        self.assertEqual(self.pasted(command).returncode, 0, command)
        self.assertEqual(get_key(RANGE), "32768 60999")
        act("rollback")

    def test_what_a_profile_asks_for_needs_it(self):
        for name in ("port-range-narrow", "value-differs-from-profile", "value-below-profile"):
            result = run("apply", "--fix", name)
            self.assertEqual(result.returncode, 64)
            self.assertIn("Add the --profile that the audit was run with.", result.stderr)

    def test_the_line_of_the_key_that_is_to_be_set_is_named(self):
        for name, key, value in (("10-base", STAMPS, 0), ("50-web", REUSE, 1)):
            Path(f"/etc/sysctl.d/{name}.conf").write_text(f"{key} = {value}\n")
            set_key(key, value)
        text = run("audit").stdout
        self.assertIn(f"{STAMPS} is set in /etc/sysctl.d/10-base.conf:1.", text)
        self.assertIn("Set in /etc/sysctl.d/50-web.conf:1.", text)

    def test_nothing_to_fix_touches_nothing(self):
        act("apply", "--profile", "proxy")
        before = FRAGMENT.read_text()
        document = act("apply", "--fix-all")
        self.assertEqual((document["changed"], document["changes"]), (False, []))
        self.assertEqual((FRAGMENT.read_text(), get_key(REUSE)), (before, "1"))

    def test_one_value_for_one_key(self):
        """Two rules ask for somaxconn here; both get the larger value."""
        set_key(SOMAXCONN, 100)
        profile = self.profile('[sysctl."net.core.somaxconn"]\nat_least = 50000\nwhy = "a test"\n')
        document = audit("--profile", profile)[1]
        values = {setting["value"] for finding in findings(document, status="fail")
                  for setting in finding["fix"]["settings"] if setting["key"] == SOMAXCONN}
        self.assertEqual(values, {"50000"})
        text = run("audit", "--profile", profile).stdout
        self.assertEqual(text.count("Fix: net.core.somaxconn = 50000"), 1, text)

    def test_what_else_has_to_be_done_is_said_again(self):
        """Raising somaxconn does nothing until the program listens anew."""
        import socket
        set_key(SOMAXCONN, 2)
        with socket.create_server(("127.0.0.1", 8081), backlog=100):
            clients = [socket.socket() for _ in range(5)]
            for client in clients:
                self.addCleanup(client.close)
                client.setblocking(False)
                client.connect_ex(("127.0.0.1", 8081))
            self.assertTrue(private.until(
                lambda: "listen-backlog-capped" in run("audit").stdout))
            text = run("apply", "--fix", "listen-backlog-capped").stdout
            self.assertIn("so that it calls listen() again", text)

    def test_next_is_for_this_place_and_user(self):
        set_key(SACK, 0)
        stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        self.assertIn("Next: sudo tuner apply", run("audit", prefix=stranger).stdout)
        inner = ["unshare", "--pid", "--fork", "--mount-proc"]
        command, = COMMAND.findall(run("audit", prefix=inner).stdout)
        self.assertNotIn("--confirm-within", command)

    def test_lines_that_the_new_file_makes_idle_are_named(self):
        Path("/etc/sysctl.d/50-old.conf").write_text(f"{FIN} = 15\n")
        self.assertIn("/etc/sysctl.d/50-old.conf sets other values (line 1)",
                      run("apply", "--set", f"{FIN}=30", "-n").stdout)

    def test_a_belief_is_fixed_by_its_name_and_the_file_says_why(self):
        Path("/etc/sysctl.d/20-old.conf").write_text(f"{FIN} = 15\n")
        set_key(FIN, 15)
        result = run("apply", "--fix", "fin_timeout_time_wait")
        self.assertEqual((result.returncode, get_key(FIN)), (0, "60"), result.stdout + result.stderr)
        self.assertIn(f"# Asked for with --fix folklore-setting: {FIN} is 15: it does not shorten",
                      FRAGMENT.read_text())
        # A remark on the value is nothing that anybody has to do.
        self.assertNotIn("default", result.stdout)

    def test_the_line_that_set_a_value_is_named(self):
        LATER.write_text("# old\nnet.ipv4.tcp_sack = 0\n")
        set_key(SACK, 0)
        self.assertIn(f"Set in {LATER}:2.", run("audit").stdout)
        set_key(SOMAXCONN, 100)
        LATER.write_text("net.core.somaxconn = 200\n")
        self.assertIn(f"The next boot sets it to 200, by {LATER}:1.", run("audit").stdout)


class Kernel(Asked):
    def test_what_it_refuses_and_what_it_takes_without_a_word(self):
        """The table of constraints (knowledge/constraints.cpp), on this kernel."""
        floor = "net.ipv4.ip_unprivileged_port_start"
        for key in (RANGE, floor, "net.ipv4.tcp_rmem"):
            self.addCleanup(set_key, key, get_key(key))
        for key, value in ((RANGE, "2000 1999"), (RANGE, "1023 60000"), (floor, "32769")):
            before = get_key(key)
            with self.assertRaises(OSError):
                set_key(key, value)
            self.assertEqual(get_key(key), before)
        for key, value in ((RANGE, "1024 1024"), ("net.ipv4.tcp_rmem", "9000 8000 7000"),
                           (STAMPS, "0"), (REUSE, "1"), ("net.ipv4.tcp_moderate_rcvbuf", "0")):
            self.addCleanup(set_key, key, get_key(key))
            set_key(key, value)
            self.assertEqual(get_key(key), value)


class Elsewhere(Asked):
    """Another network namespace, from a finding to its way back."""

    def test_from_the_finding_to_the_way_back(self):
        space = subprocess.Popen(["unshare", "--net", "sh", "-c",
                                  "echo 0 > /proc/sys/net/ipv4/tcp_sack && exec sleep 600"])
        self.addCleanup(space.wait)
        self.addCleanup(space.kill)
        self.assertTrue(private.until(
            lambda: Path(f"/proc/{space.pid}/comm").read_text(encoding="ascii") == "sleep\n"))
        self.addCleanup(run, "rollback", "--pid", space.pid, "--force")
        sack = lambda: subprocess.run(
            ["nsenter", "--target", str(space.pid), "--net", "cat", "/proc/sys/net/ipv4/tcp_sack"],
            capture_output=True, text=True, check=True).stdout
        command, = COMMAND.findall(run("audit", "--pid", space.pid).stdout)
        self.assertIn(f"--pid {space.pid}", command)
        confirm, = COMMAND.findall(self.pasted(command).stdout)
        here = run("confirm")
        self.assertEqual(here.returncode, 1, here.stdout)
        self.assertIn("add --netns or --pid", here.stdout)
        self.assertEqual((sack(), get_key(SACK)), ("1\n", "1"))
        self.assertEqual(self.pasted(confirm).returncode, 0, confirm)
        self.assertEqual(run("rollback", "--pid", space.pid).returncode, 0)
        self.assertEqual(sack(), "0\n")


class Drift(Asked):
    def test_the_command_that_sets_it_again(self):
        act("apply", "--set", f"{FIN}=30", "net.ipv4.tcp_wmem=4096 16384 8388608")
        set_key("net.ipv4.tcp_wmem", "4096 16384 4194304")
        command, = COMMAND.findall(run("status").stdout)
        self.assertEqual(self.pasted(command).returncode, 0, command)
        self.assertEqual(get_key("net.ipv4.tcp_wmem"), "4096 16384 8388608")
        self.assertIn("Nothing has drifted.", run("status").stdout)


    def test_audit_sets_again_what_tuners_file_has(self):
        act("apply", "--set", "somaxconn=8192", f"{FIN}=30")
        set_key(SOMAXCONN, 512)
        set_key(FIN, 40)
        before = FRAGMENT.read_text()
        command, = COMMAND.findall(run("audit").stdout)
        self.assertEqual(self.pasted(command).returncode, 0, command)
        self.assertEqual((get_key(SOMAXCONN), get_key(FIN)), ("8192", "30"))
        act("confirm")
        self.assertEqual(FRAGMENT.read_text(), before)
        self.assertEqual(findings(audit()[1], id="boot-differs-from-running", status="fail"), [])

    def test_a_profile_sets_a_single_value_again_and_leaves_it_alone(self):
        act("apply", "--set", "somaxconn=8192")
        set_key(SOMAXCONN, 512)
        changes = act("apply", "--profile", "web")["changes"]
        self.assertEqual({one["key"]: one["wanted"] for one in changes}[SOMAXCONN], "8192")
        self.assertIn(f"{SOMAXCONN} = 8192", FRAGMENT.read_text())
        self.assertFalse(act("apply", "--profile", "web")["changed"])
        # Nor does a file of somebody's that would win change what was asked for.
        Path("/etc/sysctl.d/99-zz.conf").write_text("net.core.somaxconn = 512\n")
        act("apply", "--profile", "proxy")
        self.assertEqual(get_key(SOMAXCONN), "8192")
        self.assertIn(f"{SOMAXCONN} = 8192", Path("/etc/sysctl.d/zz-tuner.conf").read_text())

    def test_a_file_that_lost_goes_to_a_name_that_wins(self):
        act("apply", "--set", f"{FIN}=30", "somaxconn=9000")
        late = Path("/etc/sysctl.d/99-yours.conf")
        late.write_text(f"# mine\n{FIN} = 15\nnet.core.somaxconn = 100\n")
        said = " ".join(run("apply", "--set", f"{FIN}=30").stdout.split())
        self.assertIn(f"99-zz-tuner.conf replaces {FRAGMENT}, which another file overrides.",
                      said)
        self.assertIn(f"{late} sets other values (lines 2, 3), which tuner's file now overrides", said)
        self.assertEqual(act("status")["next_boot"], [])
        act("rollback")

    def test_a_colleagues_file_that_overrides_is_answered_both_ways(self):
        act("apply", "--set", f"{FIN}=30", f"{REUSE}=1")
        Path("/etc/sysctl.d/95-colleague.conf").write_text(f"{REUSE} = 0\n")
        set_key(REUSE, 0)
        found = run("audit").stdout
        command, = COMMAND.findall(found)
        self.assertIn(f"to keep /etc/sysctl.d/95-colleague.conf:1 instead: tuner apply --set '{REUSE}=0'",
                      found)
        self.assertEqual(self.pasted(command).returncode, 0, command)
        act("confirm")
        self.assertEqual((get_key(REUSE), act("status")["next_boot"]), ("1", []))
        act("rollback")
        act("apply", "--set", f"{REUSE}=0")
        self.assertNotIn("Next:", run("audit").stdout)
        self.assertEqual(act("status")["next_boot"], [])

    def test_vectors_of_a_line_that_loses_are_set_and_printed_whole(self):
        wmem = "net.ipv4.tcp_wmem"
        self.addCleanup(set_key, wmem, get_key(wmem))
        act("apply", "--set", f"{wmem}=4096 16384 8388608")
        LATER.write_text(f"{wmem} = 4096 16384 4194304\n")
        set_key(wmem, "4096 16384 4194304")
        found, = findings(audit()[1], id="fragment-shadowed", status="fail")
        self.assertEqual(found["fix"]["settings"], [{"key": wmem, "value": "4096 16384 8388608"}])
        self.assertNotIn("\t", found["message"] + found["fix"]["text"])
        other = re.search(r"instead: (tuner apply .*)$", found["fix"]["text"])[1]
        done = self.pasted(other)
        self.assertEqual((done.returncode, get_key(wmem)), (0, "4096 16384 4194304"), done.stderr)
        self.assertNotIn("Next:", run("audit").stdout)

    def test_lint_leaves_tuners_file_alone(self):
        Path("/etc/sysctl.d/60-old.conf").write_text(f"{STAMPS} = 0\n{REUSE} = 1\n")
        set_key(STAMPS, 0)
        set_key(REUSE, 1)
        act("apply", "--fix", "tcp-tw-reuse-without-timestamps")
        said = run("lint").stdout
        self.assertIn(f"60-old.conf:1:1: note: No effect: {FRAGMENT}", said)
        for word in ("remove that too", "[tcp-tw-reuse-without-timestamps]", "[timestamps-off]"):
            self.assertNotIn(word, said)

    def test_a_line_that_loses_for_good_does_not_stop_another_key(self):
        act("apply", "--set", f"{FIN}=30")
        Path("/etc/sysctl.d/zzz.conf").write_text(f"{FIN} = 15\n")
        said = run("apply", "--set", "somaxconn=9000")
        self.assertEqual((said.returncode, get_key(SOMAXCONN)), (0, "9000"), said.stdout)
        self.assertIn(f"Warning: {FIN}: /etc/sysctl.d/zzz.conf:1 says 15", said.stdout)
        asked = run("apply", "--set", f"{FIN}=31")
        self.assertEqual(asked.returncode, 1)
        self.assertEqual(asked.stdout.count("zzz.conf:1 says 15"), 1, asked.stdout)


class NextBoot(Asked):
    def test_a_change_that_waits_is_no_drift(self):
        act("apply", "--set", f"{FIN}=30")
        act("apply", "--set", f"{FIN}=31", "--confirm-within", "5min")
        looked = run("audit")
        self.assertNotIn("Next:", looked.stdout)
        self.assertIn("a change is waiting for confirmation: see tuner status", looked.stderr)
        self.assertIn("30 (/etc/sysctl.d/90-tuner.conf", run("boot", FIN).stdout)
        self.assertIn("is waiting for confirmation", run("apply", "--set", f"{FIN}=32", "-n").stdout)
        act("rollback")
        self.assertNotIn(f"{FRAGMENT}: replaced", run("history", "-v").stdout)

    def test_all_lines_of_a_key_are_named(self):
        for name, value in (("10-a", 8192), ("50-b", 128), ("99-c", 128)):
            Path(f"/etc/sysctl.d/{name}.conf").write_text(f"{SOMAXCONN} = {value}\n")
        text = run("audit").stdout
        for name in ("10-a", "50-b", "99-c"):
            self.assertRegex(text, rf"Fix: .*/etc/sysctl.d/{name}.conf:1")

    def test_what_only_root_may_read_says_so(self):
        act("apply", "--set", f"{FIN}=30")
        stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        for command in ("status", "history"):
            denied = run(command, prefix=stranger)
            self.assertEqual((denied.returncode, denied.stderr.splitlines()[1].strip()),
                             (77, "Run it with sudo."))

    def test_audit_judges_the_files_of_a_namespace_that_has_its_own(self):
        LATER.write_text("net.ipv4.tcp_timestamps = 0\n")
        said = " ".join(run("audit").stdout.split())
        self.assertIn(f"It is 1 now and will be 0 after a boot, from {LATER}:1. That would cause timestamps-off.", said)
        found, = findings(audit()[1], id="boot-differs-from-running", status="fail")
        self.assertEqual(found["key"], STAMPS)

    def test_status_says_who_wins(self):
        act("apply", "--profile", "proxy")
        self.assertEqual(run("status", "--detailed-exitcode").returncode, 0)
        LATER.write_text(f"\n{REUSE} = 0\n")
        text = " ".join(run("status").stdout.split())
        self.assertIn(f"in {FRAGMENT} loses to {LATER} (line 2): {REUSE}.", text)
        self.assertEqual(run("status", "--detailed-exitcode").returncode, 2)
        change, = act("status")["next_boot"]
        self.assertEqual((change["change"], change["key"], change["boot"], change["line"]),
                         ("overruled", REUSE, "0", 2))

    def test_what_no_file_keeps(self):
        act("apply", "--set", f"{FIN}=30", "--runtime-only")
        self.assertEqual([one["change"] for one in act("status")["next_boot"]], ["ends"])
        LATER.write_text(f"{FIN} = 50\n")
        self.assertIn(f"At the next boot {LATER}:1 sets {FIN} to 50.", run("status").stdout)

    def test_a_file_that_stays_is_told(self):
        act("apply", "--set", f"{FIN}=30")
        with FRAGMENT.open("a", encoding="utf-8") as file:
            file.write("# mine\n")
        result = run("rollback")
        self.assertEqual(result.returncode, 4)
        said = f"{FRAGMENT} stays, and the next boot sets 1 key from it: {FIN}."
        self.assertIn(said, " ".join(result.stdout.split()))
        self.assertIn(said, " ".join(run("status").stdout.split()))

    def test_confirm_looks_again(self):
        act("apply", "--set", f"{FIN}=30", "--confirm-within", "5min")
        LATER.write_text(f"{FIN} = 50\n")
        self.assertIn(str(LATER), run("confirm").stdout)

    def test_one_that_waits_is_not_called_lost(self):
        act("apply", "--set", f"{FIN}=30", "--runtime-only")
        act("apply", "--set", f"{FIN}=31", "--confirm-within", "5min")
        self.assertEqual(act("status")["next_boot"], [])
        self.assertRegex(" ".join(run("status").stdout.split()),
                         r"\(net.ipv4.tcp_fin_timeout, by \S+\) is waiting for confirmation: 4 min \d+ s left")
        act("rollback")

    def test_what_another_profile_replaces(self):
        first = act("apply", "--profile", "proxy")["transaction"]["id"]
        text = run("apply", "--profile", self.set_of(net__core__somaxconn=5000)).stdout
        self.assertIn(f"It replaces {first}.", text)
        self.assertRegex(text, rf"{REUSE}: 1 -> \d, its value before tuner")
        self.assertRegex(run("history").stdout, rf"{first}  .*: replaced by \S+")
        self.assertEqual([one["profile"] for one in act("status")["in_force"]], ["mine"])


class Printed(Asked):
    """Every command that a run prints is one that tuner takes."""

    def commands(self):
        profiles = sorted(path.stem for path in (SOURCE / "profiles").glob("*.toml"))
        hosts = sorted(path for path in HOSTS.iterdir() if (path / "proc").is_dir())
        for host in hosts:
            for words in ([], *(["--profile", name] for name in profiles)):
                yield from COMMAND.findall(run("audit", "--root", host, *words).stdout)
            yield from COMMAND.findall(run("recommend", "--root", host).stdout)
            yield from COMMAND.findall(
                run("diff", "--root", host, "--profile", "bulk", "--input", "rtt=120ms").stdout)

    def test_of_captured_hosts(self):
        commands = sorted(set(self.commands()))
        self.assertGreater(len(commands), 5)
        for command in commands:
            more = ["-n"] if command.startswith("tuner apply") else []
            result = self.pasted(command, *more)
            self.assertIn(result.returncode, (0, 1, 2, 3), command + result.stderr)
            self.assertFalse(result.returncode == 1 and not result.stdout, command + result.stderr)

    def test_of_a_change_on_its_way(self):
        texts = [run("apply", "--profile", "proxy", "--confirm-within", "5min").stdout,
                 run("status").stdout]
        for command in COMMAND.findall("".join(texts)):
            self.assertIn(command.split()[1], ("confirm", "rollback", "history"))
        act("confirm")
        text = run("apply", "--profile", "web").stdout
        for command in COMMAND.findall(text):
            self.assertEqual(self.pasted(command).returncode, 0, command)


if __name__ == "__main__":
    private.enter()
    unittest.main()
