"""The modules on a namespace of this machine."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import private
import yaml
from playbook import FRAGMENT, NOBODY, SOURCE, Playbooks, task, wait_for

HOST = str(SOURCE / "tests/hosts/debian12-6.1-x86_64-1g")
GO_ON = {"ignore_errors": True}
CHECK = {"check_mode": True, "diff": True}


def keys_of_proxy(program):
    """What the profile sets in a namespace."""
    out = subprocess.run([program, "apply", "--profile", "proxy", "--dry-run",
                          "--json"], capture_output=True, check=True).stdout
    return [change["key"] for change in json.loads(out)["changes"]]


def timers():
    """The processes that wait for the time of a change; here are none but those of this test."""
    for directory in Path("/proc").glob("[0-9]*"):
        if b"--expire" in (directory / "cmdline").read_bytes().split(b"\0"):
            yield int(directory.name)


class Applied(Playbooks):
    """Each test begins and ends with the values of a fresh namespace."""

    def setUp(self):
        super().setUp()
        private.clear()
        self.values = private.Values(keys_of_proxy(self.directory / "tuner/bin/tuner"))
        self.assertIn("net.ipv4.tcp_tw_reuse", self.values.before)
        self.addCleanup(private.clear)
        self.addCleanup(self.values.restore)

    def as_before(self):
        return self.values.now() == self.values.before and not FRAGMENT.exists()


class Apply(Applied):
    def test_again_and_back(self):
        outcome = self.play(task("first", "apply", profile="proxy"),
                            task("second", "apply", profile="proxy"))
        first, second = outcome.result("first"), outcome.result("second")
        self.assertTrue(first["changed"])
        self.assertEqual({change["key"]: change["wanted"] for change in first["changes"]},
                         self.values.now())
        self.assertEqual(first["transaction"]["state"], "confirmed")
        self.assertEqual((second["changed"], second["transaction"]), (False, None))
        self.assertTrue(FRAGMENT.exists())
        back = {"state": "rolled_back", "id": first["transaction"]["id"]}
        outcome = self.play(task("look", "apply", CHECK, **back), task("back", "apply", **back),
                            task("look again", "apply", CHECK, **back),
                            task("again", "apply", **back))
        changed = [outcome.result(name)["changed"]
                   for name in ("look", "back", "look again", "again")]
        self.assertEqual(changed, [True, True, False, False])
        self.assertIn("already rolled back", outcome.result("again")["msg"])
        self.assertTrue(self.as_before())

    def test_check_mode_and_difference(self):
        outcome = self.play(task("look", "apply", profile="proxy"), options=["--check", "--diff"])
        look = outcome.result("look")
        self.assertTrue(look["changed"])
        self.assertTrue(self.as_before())
        self.assertIn("-net.ipv4.tcp_tw_reuse = 2\n", outcome.output)
        self.assertIn("+net.ipv4.tcp_tw_reuse = 1\n", outcome.output)
        done = self.play(task("do", "apply", profile="proxy"), options=["--diff"]).result("do")
        settings, file = done["diff"]
        self.assertEqual(settings, look["diff"][0])
        self.assertEqual((file["before_header"], file["before"], file["after"]),
                         (str(FRAGMENT), "", FRAGMENT.read_text()))
        self.assertEqual(look["diff"][1]["before"], "")
        self.assertTrue(look["diff"][1]["after"].startswith(file["after"]))
        again = self.play(task("look", "apply", profile="proxy"), options=["--check", "--diff"])
        self.assertFalse(again.result("look")["changed"])

    def test_options_reach_the_program(self):
        outcome = self.play(
            task("one key", "apply", profile="proxy", only=["net.ipv4.tcp_tw_reuse"],
                 runtime_only=True),
            task("the others", "apply", CHECK, profile="proxy", inputs={"rtt": "80ms"},
                 persist_only=True, **{"except": ["net.ipv4.tcp_tw_reuse"]}))
        one, others = outcome.result("one key"), outcome.result("the others")
        self.assertEqual([(change["key"], change["runtime"]) for change in one["changes"]],
                         [("net.ipv4.tcp_tw_reuse", "changed")])
        self.assertNotIn("net.ipv4.tcp_tw_reuse", [each["key"] for each in others["changes"]])
        self.assertNotIn("changed", {change["runtime"] for change in others["changes"]})
        self.assertIn("changed", {change["persisted"] for change in others["changes"]})
        self.assertEqual(others["profile"]["inputs"]["rtt"], "80ms")
        self.assertFalse(FRAGMENT.exists())


class Confirm(Applied):
    def test_in_time(self):
        keep = {"state": "confirmed", "id": "{{ done.transaction.id }}"}
        outcome = self.play(
            task("do", "apply", {"register": "done"}, profile="proxy", confirm_within="5min"),
            task("busy", "apply", GO_ON, profile="web"), task("look", "apply", CHECK, **keep),
            task("keep", "apply", **keep), task("again", "apply", **keep),
            task("nothing waits", "apply", state="confirmed"))
        self.assertEqual(outcome.result("do")["transaction"]["state"], "applied")
        self.assertIn("is waiting for confirmation", outcome.failure("busy"))
        self.assertIn("exit status 75", outcome.failure("busy"))
        changed = [outcome.result(name)["changed"]
                   for name in ("look", "keep", "again", "nothing waits")]
        self.assertEqual(changed, [True, True, False, False])
        self.assertEqual(outcome.result("keep")["transaction"]["state"], "confirmed")
        self.assertTrue(FRAGMENT.exists())

    def test_too_late(self):
        done = self.play(task("do", "apply", profile="proxy", confirm_within="500ms")).result("do")
        self.assertTrue(done["changed"])
        wait_for(self.as_before, "the values are back")
        outcome = self.play(task("keep", "apply", state="confirmed", id=done["transaction"]["id"]))
        self.assertIn("was rolled back: it was not confirmed in time", outcome.failure("keep"))

    def test_the_timer_is_gone(self):
        done = self.play(task("do", "apply", profile="proxy", confirm_within="3s")).result("do")
        waiting = list(timers())
        self.assertEqual(len(waiting), 1)
        os.kill(waiting[0], signal.SIGKILL)
        end = time.monotonic() + 3
        wait_for(lambda: time.monotonic() > end, "its time has expired")
        self.assertFalse(self.as_before())
        outcome = self.play(task("keep", "apply", state="confirmed", id=done["transaction"]["id"]))
        self.assertIn("was rolled back", outcome.failure("keep"))
        self.assertTrue(outcome.of("keep")[1]["changed"])
        self.assertTrue(self.as_before())


class Audit(Applied):
    def test_never_changes(self):
        outcome = self.play(
            task("host", "audit"), task("never", "audit", root=HOST, profile="proxy"),
            task("error", "audit", root=HOST, profile="proxy", fail_on="error"),
            task("warning", "audit", GO_ON, root=HOST, profile="proxy", fail_on="warning"))
        for name in ("host", "never", "error"):
            result = outcome.result(name)
            self.assertFalse(result["changed"])
            self.assertEqual(len(result["findings"]), result["summary"]["checks"])
        self.assertEqual(outcome.result("host")["host"]["netns"], "child")
        self.assertTrue(outcome.result("never")["complete"])
        message = outcome.failure("warning")
        self.assertIn("warning port-range-narrow (net.ipv4.ip_local_port_range)", message)
        self.assertRegex(message, r", \d+ more\.$")
        self.assertLess(len(message), 300)
        self.assertFalse(outcome.of("warning")[1]["changed"])
        self.assertTrue(self.as_before())

    def test_errors_alone(self):
        tree = self.directory / "tree"
        shutil.copytree(HOST, tree)
        (tree / "proc/sys/net/ipv4/tcp_mem").write_text("50331648\t67108864\t100663296\n")
        outcome = self.play(task("error", "audit", GO_ON, root=str(tree), profile="proxy",
                                 fail_on="error"))
        self.assertEqual(outcome.failure("error"),
                         "tuner audit: error tcp-mem-in-bytes (net.ipv4.tcp_mem).")

    def test_normal_user(self):
        outcome = self.play(task("audit", "audit"),
                            task("look", "apply", CHECK, profile="proxy"),
                            task("do", "apply", GO_ON, profile="proxy"), prefix=NOBODY)
        self.assertGreater(outcome.result("audit")["summary"]["checks"], 0)
        self.assertTrue(outcome.result("look")["changed"])
        self.assertIn("changing the host needs root", outcome.failure("do"))
        self.assertIn("exit status 77", outcome.failure("do"))


def task_of_readme():
    """The task that the guide shows for playbooks without the collection."""
    text = (SOURCE / "docs/guide.md").read_text()
    blocks = [block.split("```")[0] for block in text.split("```yaml\n")[1:]]
    found = [block for block in blocks if "ansible.builtin.command: tuner apply" in block]
    if len(found) != 1:
        raise AssertionError(f"the guide has {len(found)} such blocks")
    return yaml.safe_load(found[0])


class Readme(Applied):
    def test_task(self):
        tasks = task_of_readme()
        name = tasks[0]["name"]
        changed = [self.play(*tasks).result(name)["changed"] for dummy in range(2)]
        self.assertEqual(changed, [True, False])
        outcome, result = self.play(*tasks, prefix=NOBODY).of(name)
        self.assertEqual((outcome, result["rc"]), ("failed", 77))
