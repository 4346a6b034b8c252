"""The collection over SSH, on three test hosts."""

import json

from lan import NAMES, Lan
from playbook import FRAGMENT, Playbooks, task, wait_for

CHECK = {"check_mode": True, "diff": True}
REUSE, HOPS = "net.ipv4.tcp_tw_reuse", "net.ipv4.ip_default_ttl"
# Its answers get as far as the router: a setting that cuts a host off.
CUT_OFF = f"""schema = 1
name = "cut-off"
summary = "a test"
[sysctl."{HOPS}"]
exactly = 1
why = "a test"
"""


def command(name, *words):
    return {"name": name, "ansible.builtin.command": {"argv": list(words)}, "changed_when": False}


class Hosts(Playbooks):
    def setUp(self):
        super().setUp()
        self.lan = Lan(self.directory)
        self.addCleanup(self.lan.end)
        self.lan.start()
        self.first, self.second, self.third = self.lan.hosts
        self.addCleanup(self.show_logs_of_failure)

    def show_logs_of_failure(self):
        if any(error for dummy, error in getattr(self._outcome, "errors", []) if error):
            for name in NAMES:
                print((self.directory / f"log-of-{name}").read_text())

    def play_there(self, *tasks, **keywords):
        return self.play(*tasks, options=["-i", str(self.directory / "inventory")], **keywords)

    def check_untouched(self, host):
        self.assertEqual((host.get_key(REUSE), host.get_key(HOPS)), ("2", "64"), host.name)
        self.assertFalse(host.has(FRAGMENT), host.name)


class Everywhere(Hosts):
    def test_first_and_second_run(self):
        outcome = self.play_there(
            task("look", "apply", CHECK, profile="proxy"),
            command("value after the look", "cat", f"/proc/sys/{REUSE.replace('.', '/')}"),
            task("first", "apply", profile="proxy"), task("second", "apply", profile="proxy"),
            task("audit", "audit"))
        self.assertEqual(outcome.status, 0, outcome.output)
        for host in self.lan.hosts:
            changed = [outcome.result(name, host.name)["changed"]
                       for name in ("look", "first", "second", "audit")]
            self.assertEqual(changed, [True, True, False, False])
            self.assertEqual(outcome.result("value after the look", host.name)["stdout"], "2")
            self.assertEqual(outcome.result("audit", host.name)["host"]["hostname"], host.name)
            self.assertEqual(host.get_key(REUSE), "1")
            self.assertTrue(host.has(FRAGMENT))


class OneFails(Hosts):
    def test_the_others_go_on(self):
        self.second.run("mount", "-o", "remount,ro", "/etc/sysctl.d")
        self.third.run("rm", "/usr/local/bin/tuner")
        outcome = self.play_there(task("do", "apply", profile="proxy"),
                                  task("keep", "audit"))
        self.assertTrue(outcome.result("do", "host1")["changed"])
        outcome.result("keep", "host1")
        self.assertEqual(self.first.get_key(REUSE), "1")
        self.assertIn("mounted read-only", outcome.failure("do", "host2"))
        self.assertIn("no program tuner", outcome.failure("do", "host3"))
        for host in (self.second, self.third):
            self.check_untouched(host)
        self.assertNotEqual(outcome.status, 0)


    def test_the_next_batch_is_spared(self):
        self.second.run("rm", "/usr/local/bin/tuner")
        outcome = self.play_there(task("do", "apply", profile="proxy"), serial=[2, 1],
                                  max_fail_percentage=0)
        self.assertTrue(outcome.result("do", "host1")["changed"])
        outcome.failure("do", "host2")
        self.assertEqual(len(outcome.results), 2, outcome.output)
        self.check_untouched(self.third)


class Rollout(Hosts):
    def role(self, **variables):
        return {"roles": [{"role": "tuner.network.tune", **variables}], "serial": 1,
                "max_fail_percentage": 0}

    def test_stops_at_a_host_that_is_cut_off(self):
        profile = self.directory / "cut-off.toml"
        profile.write_text(CUT_OFF)
        outcome = self.play_there(**self.role(
            tuner_profile=f"{{{{ '{profile}' if inventory_hostname == 'host2' else 'proxy' }}}}",
            tuner_confirm_within="{{ '5s' if inventory_hostname == 'host2' else '2min' }}"))
        self.assertNotEqual(outcome.status, 0)
        keep, wait = "tuner.network.tune : Keep it", "tuner.network.tune : Connect anew"
        self.assertTrue(outcome.result(keep, "host1")["changed"], outcome.output)
        outcome.result(wait, "host1")
        self.assertEqual(self.first.get_key(REUSE), "1")
        self.assertTrue(self.first.has(FRAGMENT))
        bad = [entry for entry in outcome.results if entry["outcome"] in ("failed", "unreachable")]
        self.assertEqual([entry["host"] for entry in bad], ["host2"], outcome.output)
        wait_for(lambda: self.second.get_key(HOPS) == "64", "host2 has its hops again")
        wait_for(self.second.answers, "host2 answers again")
        self.check_untouched(self.second)
        history = json.loads(self.second.run("tuner", "history", "--json"))["transactions"]
        self.assertEqual([entry["records"][-1]["reason"] for entry in history],
                         ["it was not confirmed in time"])
        self.assertNotIn("host3", [entry["host"] for entry in outcome.results])
        self.check_untouched(self.third)
        self.assertFalse(self.third.has("/var/lib/tuner"))

    def test_second_run_has_nothing_to_confirm(self):
        role = self.role(tuner_profile="proxy", tuner_inputs={"rtt": "80ms"})
        first, again = self.play_there(**role), self.play_there(**role)
        for outcome, kept in ((first, "ok"), (again, "skipped")):
            self.assertEqual(outcome.status, 0, outcome.output)
            for name in NAMES:
                self.assertEqual(outcome.of("tuner.network.tune : Keep it", name)[0], kept)
                applied = outcome.result("tuner.network.tune : Set it, to go back by itself", name)
                self.assertEqual(applied["profile"]["inputs"]["rtt"], "80ms")
                self.assertEqual(outcome.of("tuner.network.tune : The package is there", name)[0],
                                 "skipped")
