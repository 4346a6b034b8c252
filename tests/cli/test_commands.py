"""The command line: misuse, profiles, explanations, help."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import HOSTS, PROGRAM, SANITIZED, SOURCE, Scratch, on_terminal, run, validate


class Words(unittest.TestCase):
    """What people type before they know better."""

    def test_help_and_version(self):
        self.assertEqual(run("help").stdout, run("--help").stdout)
        self.assertEqual(run("help", "apply").stdout, run("apply", "--help").stdout)
        self.assertEqual(run("version").stdout, run("--version").stdout)
        self.assertEqual(run("help", "nosuch").returncode, 64)

    def test_a_profile_without_its_option(self):
        for command in ("audit", "diff", "apply"):
            result = run(command, "proxy")
            self.assertEqual(result.returncode, 64)
            self.assertIn("--profile proxy", result.stderr)

    def test_a_bad_choice_lists_the_choices(self):
        for words, wanted in ((["audit", "--format", "yaml"], "text, json, csv"),
                              (["sockets", "--by", "x"], "state, peer, process, listener or limit"),
                              (["sockets", "--state", "x"], "time-wait, close"),
                              (["audit", "--fail-on", "x"], "note, warning, error or never")):
            result = run(*words)
            self.assertEqual(result.returncode, 64)
            self.assertIn(wanted, result.stderr)

    def test_states_rates_and_times_in_other_spellings(self):
        self.assertEqual(run("sockets", "--state", "TIME_WAIT").returncode, 0)
        self.assertEqual(run("bdp", "--bandwidth", "1Gbps", "--rtt", "10ms").stdout,
                         run("bdp", "--bandwidth", "1Gbit", "--rtt", "10ms").stdout)

    def test_a_belief_by_its_name(self):
        for name in ("fin_timeout_time_wait", "folklore-setting:fin_timeout_time_wait"):
            result = run("explain", name)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("orphaned FIN_WAIT2", result.stdout)


class Misuse(unittest.TestCase):
    def refused(self, *words):
        result = run(*words)
        self.assertEqual(result.returncode, 64, words)
        self.assertEqual(bool(result.stdout), "--json" in words)
        self.assertTrue(result.stderr.startswith("tuner: "), result.stderr)
        self.assertGreaterEqual(len(result.stderr.splitlines()), 2, "no hint")
        return result.stderr

    def test_options_are_never_guessed(self):
        self.assertIn("write --profile", self.refused("audit", "--prof", "proxy"))
        self.assertIn('"--profile"', self.refused("audit", "--profilx"))
        self.refused("audit", "-p=x")
        self.refused("audit", "-p", "x")

    def test_values_are_never_options(self):
        self.assertIn("--dry-run is an option", self.refused("audit", "--profile", "--dry-run"))
        self.assertIn("--json is an option", self.refused("audit", "--profile", "--json"))
        self.assertIn("missing", self.refused("audit", "--profile"))
        self.assertIn("empty", self.refused("audit", "--profile="))
        self.assertIn("empty", self.refused("audit", "--profile", ""))
        self.assertIn("no value", self.refused("audit", "--quiet=yes"))
        self.assertIn("twice", self.refused("audit", "--profile", "web", "--profile", "proxy"))

    def test_words(self):
        self.assertIn("unexpected argument", self.refused("audit", "proxy"))
        self.assertIn("unexpected argument", self.refused("explain", "a", "b"))
        self.assertIn("missing", self.refused("explain"))
        self.assertIn('"audit"', self.refused("adit"))
        self.assertIn('"show"', self.refused("profile", "shwo", "web"))
        self.assertIn("missing name", self.refused("profile", "show"))

    def test_relations(self):
        self.assertIn("--pid: conflicts with --netns",
                      self.refused("status", "--pid", "1", "--netns", "x"))
        self.assertIn("--since-last: conflicts with --sample",
                      self.refused("audit", "--since-last", "--sample", "1s"))
        self.assertIn("--input: requires --profile", self.refused("audit", "--input", "rtt=1ms"))
        self.assertIn("--at: requires --expire", self.refused("recover", "--at", "1"))
        self.assertIn("--rtt is required", self.refused("bdp", "--bandwidth", "1Gbit"))
        self.assertIn("--root: requires --resolved",
                      self.refused("profile", "show", "web", "--root", "/"))

    def test_usage_comes_from_the_options(self):
        usage = run("rollback", "--help").stdout
        self.assertIn("Usage: tuner rollback [ID] [--through ID] [--adopt] [--force]\n"
                      "                      [--netns NAME|PATH | --pid PID] [--format text|json]\n",
                      usage)

    def test_choices(self):
        self.assertIn('"warning"', self.refused("audit", "--fail-on", "warn1ng"))
        self.assertIn("not a format", self.refused("audit", "--format", "yaml"))
        self.assertIn("conflicts with", self.refused("audit", "--format", "text", "--json"))
        self.assertIn("auto, always or never", self.refused("audit", "--color", "red"))
        self.assertIn("10s", self.refused("audit", "--sample", "10"))
        self.assertIn("cannot be sampled", self.refused("audit", "--sample", "1s", "--root", "/tmp"))

    @unittest.skipIf(SANITIZED, "it needs more memory by itself")
    def test_too_little_memory_is_said(self):
        little = ["prlimit", f"--as={1 << 26}"]
        with tempfile.NamedTemporaryFile(suffix=".conf") as file:
            file.truncate(1 << 26)
            result = run("lint", file.name, prefix=little)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("not enough memory", result.stderr)
        self.assertIn("tuner recover", result.stderr)

    def test_json_is_promised_on_failure_too(self):
        for words in (["audit", "--json", "--profile", "nosuch"], ["audit", "--json", "extra"],
                      ["explain", "--json", "nosuch"], ["profile", "--json", "show", "nosuch"]):
            result = run(*words)
            self.assertNotEqual(result.returncode, 0)
            document = json.loads(result.stdout)
            validate(document, words[0])
            self.assertEqual(len(document["errors"]), 1)
            self.assertTrue(document["errors"][0]["message"])

    def test_no_command_shows_the_way(self):
        result = run()
        self.assertEqual(result.returncode, 64)
        self.assertIn("tuner audit", result.stderr)


class BadProfiles(Scratch):
    def refused(self, path, line=None, name=None):
        result = run("audit", "--profile", path)
        self.assertEqual(result.returncode, 78, result.stderr)
        self.assertEqual(result.stdout, "")
        where = f"{name or path}:{line}:" if line else str(name or path)
        self.assertIn(where, result.stderr)
        self.assertGreaterEqual(len(result.stderr.splitlines()), 2, "no hint")
        self.assertEqual(run("profile", "validate", path).returncode, 78)
        return result.stderr

    def demand(self, text, key="net.core.rmem_max"):
        return self.profile(f'[sysctl."{key}"]\n{text}\nwhy = "x"\n')

    def test_each_mistake_names_the_place_and_the_way_out(self):
        self.assertIn("counts bytes", self.refused(self.demand('at_least = "80ms"'), 5))
        self.assertIn("somaxconn", self.refused(self.demand("at_least = 1", "net.core.somaxcon"), 4))
        self.assertIn("at_least", self.refused(self.demand("at_leest = 1"), 5))
        self.assertIn("elements", self.refused(self.demand('at_least = ["1 B", "2 B"]'), 5))
        self.assertIn("no unit", self.refused(self.demand("at_least = 16777216"), 5))

    def test_loops(self):
        a = self.profile('include = ["b"]\n', "a")
        self.profile('include = ["a"]\n', "b")
        self.assertIn("a -> b -> a", self.refused(a, 4, name=self.directory / "b.toml"))
        self.assertIn("c -> c", self.refused(self.profile('include = ["c"]\n', "c"), 4))
        self.assertIn("nosuch", self.refused(self.profile('include = ["nosuch"]\n', "d"), 4))
        self.assertIn("by their names", self.refused(self.profile('include = ["../x"]\n', "e"), 4))

    def test_values_that_cannot_be_meant(self):
        self.assertIn("not in ascending order", self.refused(self.demand(
            'covers = "65535 1024"', "net.ipv4.ip_local_port_range"), 5))
        self.assertIn("not in ascending order", self.refused(self.demand(
            'exactly = ["3 MiB", "2 MiB", "1 MiB"]', "net.ipv4.tcp_rmem"), 5))
        self.assertIn("read-only", self.refused(self.demand(
            "at_least = 1", "net.ipv4.tcp_ehash_entries"), 5))
        self.assertIn("not a condition", self.refused(self.demand(
            'at_least = "1 MiB"\nwhen = "has net.nope"'), 6))
        self.assertIn("Name the interface", self.refused(self.demand(
            "exactly = 1", "net.ipv4.conf.*.rp_filter"), 4))
        self.assertIn("outside", self.refused(self.profile(
            '[limits]\nnofile = { at_least = -1, why = "x" }\n'), 5))
        self.assertIn("1.3B", self.refused(self.demand('at_least = "1.3B"'), 5))
        self.assertIn("the list is empty", self.refused(self.demand(
            "one_of = []", "net.ipv4.tcp_tw_reuse"), 5))

    def test_broken_bytes(self):
        path = self.directory / "mine.toml"
        path.write_bytes(b'schema = 1\nname = "\xff\xfe"\n')
        self.refused(path, 2)
        path.write_bytes(b"schema = 1\n[\b")
        self.refused(path, 2)
        path.write_bytes(b"")
        self.refused(path, 1)

    def test_no_regular_files(self):
        self.refused(self.directory)
        os.mkfifo(self.directory / "pipe.toml")
        self.refused(self.directory / "pipe.toml")
        self.refused(self.directory / "nosuch.toml")

    @unittest.skipUnless(os.geteuid() == 0, "needs root, which alone distrusts owners")
    def test_root_follows_no_file_that_others_may_write(self):
        path = self.profile("")
        self.assertEqual(run("profile", "validate", path).returncode, 0)
        path.chmod(0o666)
        self.assertIn("chmod go-w", self.refused(path))
        path.chmod(0o644)
        os.chown(path, 12345, -1)
        self.assertIn("user 12345", self.refused(path))
        self.assertEqual(run("profile", "validate", path, env={"SUDO_UID": "12345"}).returncode, 0)
        os.chown(path, 0, -1)
        self.directory.chmod(0o777)
        self.assertIn("chmod go-w", self.refused(path, name=self.directory))
        self.directory.chmod(0o1777)
        self.assertEqual(run("profile", "validate", path).returncode, 0)


class Profiles(Scratch):
    def test_the_path_variable_comes_first(self):
        self.profile('[sysctl."net.core.somaxconn"]\nat_least = 1\nwhy = "x"\n', "web")
        document = json.loads(run("profile", "show", "web", "--json",
                                  env={"TUNER_PROFILE_PATH": str(self.directory)}).stdout)
        validate(document, "profile")
        self.assertEqual(document["path"], str(self.directory / "web.toml"))

    def test_list_names_all_of_them(self):
        document = json.loads(run("profile", "list", "--json").stdout)
        validate(document, "profile")
        names = [profile["name"] for profile in document["profiles"]]
        self.assertEqual(names, sorted(path.stem for path in (SOURCE / "profiles").iterdir()))

    def test_list_says_what_it_cannot_read(self):
        (self.directory / "broken.toml").write_text("[")
        result = run("profile", "list", env={"TUNER_PROFILE_PATH": str(self.directory)})
        self.assertEqual(result.returncode, 78)
        self.assertIn("broken.toml:1", result.stderr)
        self.assertIn("proxy", result.stdout)

    def test_show_is_the_file_and_resolved_has_the_includes(self):
        text = (SOURCE / "profiles/proxy.toml").read_text()
        self.assertEqual(run("profile", "show", "proxy").stdout, text)
        resolved = run("profile", "show", "proxy", "--resolved").stdout
        self.assertIn("# from base", resolved)
        (self.directory / "proxy.toml").write_text(resolved)
        self.assertEqual(run("profile", "validate", self.directory / "proxy.toml").returncode, 0)


class Explain(Scratch):
    def test_every_fact_and_finding_has_a_text_and_a_document(self):
        host = HOSTS / "debian12-6.1-ppc64le-2g-64k-pages"
        for name in ("net.ipv4.tcp_mem", "tcp_mem", "net/ipv4/tcp_rmem", "RLIMIT_NOFILE",
                     "net.ipv4.conf.eth0/100.rp_filter", "listen-queue-overflow"):
            text = on_terminal("explain", name, "--root", host)
            self.assertEqual(text.returncode, 0, name)
            for line in text.stdout.splitlines()[1:]:
                self.assertLessEqual(len(line), 80, line)
            validate(json.loads(run("explain", name, "--json").stdout), "explain")

    def test_what_the_lab_measured_is_told(self):
        results = json.loads((SOURCE / "tests/lab/RESULTS.json").read_text())
        for key, effects in results["effects"].items():
            text = " ".join(run("explain", key).stdout.split())
            told = json.loads(run("explain", key, "--json").stdout)["measured"]
            for effect in effects:
                self.assertIn(f"Measured: {effect['text']} (Linux {effect['kernel']}, ", text)
            self.assertEqual([each["effect"] for each in told],
                             [each["text"] for each in effects])
        self.assertNotIn("Measured:", run("explain", "net.core.optmem_max").stdout)

    def test_pages_are_shown_in_bytes_of_this_host(self):
        result = run("explain", "tcp_mem", "--root", HOSTS / "debian12-6.1-ppc64le-2g-64k-pages")
        self.assertIn("1461 pages (91.3 MiB)", result.stdout)

    def test_what_congestion_control_can_be_set_is_said(self):
        root = self.tree(files={"lib/modules/6.1.0-56-cloud-amd64/modules.dep":
                                "kernel/net/ipv4/tcp_bbr.ko.xz:\n"})
        said = " ".join(run("explain", "tcp_congestion_control", "--root", root).stdout.split())
        self.assertIn("Offered: bbr: a module of this kernel, loaded when it is set; cubic: loaded",
                      said)

    def test_a_key_without_a_fact_is_shown_as_unknown(self):
        host = HOSTS / "debian12-6.1-x86_64-1g"
        result = run("explain", "net.ipv4.icmp_ratelimit", "--root", host)
        self.assertEqual(result.returncode, 0)
        self.assertIn("1000", result.stdout)
        self.assertIn("knows nothing about this key", result.stdout)
        document = json.loads(run("explain", "net.ipv4.icmp_ratelimit", "--json", "--root",
                                  host).stdout)
        validate(document, "explain")
        self.assertIs(document["known"], False)

    def test_what_must_not_be_written_is_said(self):
        result = run("explain", "net.netfilter.nf_hooks_lwtunnel")
        self.assertIn("tuner never writes it", result.stdout)

    def test_misspelt_names(self):
        for wrong, right in (("tcp_rmen", "net.ipv4.tcp_rmem"), ("net.core.somaxcon", "somaxconn"),
                             ("listen-queue-overflo", "listen-queue-overflow")):
            result = run("explain", wrong)
            self.assertEqual(result.returncode, 64)
            self.assertIn(right, result.stderr)


class Help(unittest.TestCase):
    COMMANDS = ("apply", "audit", "bdp", "boot", "completion", "confirm", "diff", "explain", "fleet",
                "history", "lint", "profile", "recommend", "recover", "rollback", "snapshot", "sockets", "status")

    def test_every_command_shows_examples_first(self):
        for command in self.COMMANDS:
            result = run(command, "--help")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue(result.stdout.startswith("Examples:\n"))
            self.assertIn(command, run("--help").stdout)
            for line in (result.stdout + run("--help").stdout).splitlines():
                self.assertLessEqual(len(line), 80, line)

    # Options are put in by the build, which fails where one is left out.
    def pages(self, name="tuner.8"):
        for language in ("", "ko/"):
            yield Path(PROGRAM).parent / "man" / (language + name)

    def test_the_manual_has_every_command_and_its_usage(self):
        for page in self.pages():
            text = page.read_text(encoding="utf-8")
            for command in self.COMMANDS:
                self.assertEqual(len(re.findall(rf"^\.It Ic {command}$", text, re.MULTILINE)), 1)
                self.assertTrue(re.search(rf"^\.Nm\n\.Ic {command}$", text, re.MULTILINE), command)

    def test_every_option_is_in_the_usage_of_its_command(self):
        for command in self.COMMANDS:
            text = run(command, "--help").stdout
            usage = text.split("\nUsage: ")[1].split("\n\n")[0]
            options = text.split("\nOptions:\n")[1:]
            for line in "".join(options).split("\nOptions of every")[0].splitlines():
                names = re.findall(r"(?<!\S)--?[a-zA-Z-]+", line[:28])
                if names:
                    self.assertTrue(any(name in usage for name in names), (command, line))

    def test_the_manual_is_well_formed(self):
        for page in [*self.pages(), *self.pages("tuner-findings.7")]:
            result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], check=False,
                                    capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_a_manual_that_leaves_an_option_out_is_refused(self):
        text = (SOURCE / "man/tuner.8.in").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as directory:
            source, page = Path(directory) / "in", Path(directory) / "page"
            for wrong, word in ((text.replace('.\\" @option rtt\n', ""), "rtt"),
                                (text.replace("@option rtt", "@option rrt"), "rrt"),
                                (text + '.\\" @option rtt\n', "rtt")):
                source.write_text(wrong, encoding="utf-8")
                result = subprocess.run([Path(PROGRAM).parent / "tuner_make_manual", source, page],
                                        check=False, capture_output=True, text=True)
                self.assertEqual(result.returncode, 1)
                self.assertIn(word, result.stderr)
                self.assertFalse(page.exists())

    def finding_names(self):
        for rule in (SOURCE / "src/rules").iterdir():
            yield rule.stem.replace("_", "-")
        table = (SOURCE / "src/lint/lint_names.cpp").read_text()
        yield from re.findall(r'^    \{"([a-z-]+)", ', table, re.MULTILINE)

    def test_the_manual_says_of_each_finding_what_the_rule_says(self):
        english, korean = (page.read_text(encoding="utf-8") for page in self.pages("tuner-findings.7"))
        english = english.replace("\\-", "-")
        for name in self.finding_names():
            what = json.loads(run("explain", name, "--json").stdout)["what"]
            self.assertTrue(f".It Cm {name}\n{what}\n" in english, name)
            self.assertTrue(f".It Cm {name}\n" in korean.replace("\\-", "-"), name)

    def test_version_is_the_package_version(self):
        version = (SOURCE / "packaging/VERSION").read_text().strip()
        self.assertEqual(run("--version").stdout, f"tuner {version}\n")


if __name__ == "__main__":
    unittest.main()
