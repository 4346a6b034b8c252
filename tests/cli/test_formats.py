"""The formats of an audit for monitoring, CI, sheets and people: their form, what they escape and
how they end. tests/consumers has them read by the programs that they are for."""

import os
import re
import stat
import sys
import time
import unittest
from collections import Counter
from pathlib import Path

from support import HOSTS, QUIET_HOST, SOURCE, Scratch, audit, run

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "consumers"))
import exposition  # noqa: E402
import tables  # noqa: E402
import trees  # noqa: E402
from markup import Page  # noqa: E402
from perfdata import counts_of  # noqa: E402
from watch import Watch  # noqa: E402


class Formats(Scratch):
    def hostile(self):
        return trees.hostile(self.directory / "hostile")

    def host(self, *changes):
        files = {path: content for change in changes for path, content in change.items()}
        return trees.host(self.directory / f"host{len(os.listdir(self.directory))}", files)

    def printed(self, form, root, *words, **options):
        result = run("audit", "--format", form, "--root", root, *words, **options)
        self.assertEqual(result.stderr, "")
        return result.returncode, result.stdout


class Prometheus(Formats):
    def metrics(self, root, *words):
        status, text = self.printed("prometheus", root, *words)
        return status, exposition.Metrics(text)

    def check_against_json(self, root, *words):
        status, metrics = self.metrics(root, *words)
        expected, document = audit("--root", root, *words)
        self.assertEqual(status, expected)
        self.assertEqual(metrics.value("tuner_audit_complete"), document["complete"])
        for name, count in document["summary"]["status"].items():
            self.assertEqual(metrics.value("tuner_audit_checks", status=name), count)
        for name, count in document["summary"]["severity"].items():
            self.assertEqual(metrics.value("tuner_audit_findings", severity=name), count)
        failed = Counter((finding["id"], finding["severity"]) for finding in document["findings"]
                         if finding["status"] == "fail")
        samples = metrics.samples.get("tuner_audit_failed_subjects", [])
        self.assertEqual({(labels["id"], labels["severity"]): value for labels, value in samples},
                         failed)
        return metrics

    def test_counts_what_json_counts(self):
        for root in (HOSTS / QUIET_HOST, self.host(trees.UNKNOWN), self.hostile()):
            self.check_against_json(root, "--profile", "proxy")
            self.assertNotIn("tuner_profile_info", self.check_against_json(root).samples)

    def test_every_metric_is_a_gauge_that_is_explained(self):
        metrics = self.metrics(self.hostile(), "--profile", "proxy")[1]
        self.assertEqual(set(metrics.samples), {
            "tuner_build_info", "tuner_profile_info", "tuner_audit_timestamp_seconds",
            "tuner_audit_complete", "tuner_audit_checks", "tuner_audit_findings",
            "tuner_audit_findings_waived", "tuner_audit_failed_subjects"})
        self.assertEqual(set(metrics.types.values()), {"gauge"})
        for name in metrics.samples:
            self.assertIn(name, metrics.types)
            self.assertGreater(len(metrics.helps[name]), 10)

    def test_says_who_made_it_and_when(self):
        before = int(time.time())
        metrics = self.metrics(HOSTS / QUIET_HOST, "--profile", "proxy")[1]
        made = metrics.value("tuner_audit_timestamp_seconds")
        self.assertTrue(before <= made <= time.time() + 1, made)
        _, document = audit("--root", HOSTS / QUIET_HOST, "--profile", "proxy")
        self.assertEqual(metrics.value("tuner_build_info", version=document["tool"]["version"]), 1)
        digest = document["profile"]["sha256"]
        self.assertEqual(metrics.value("tuner_profile_info", name="proxy", sha256=digest), 1)

    def test_a_run_that_fails_writes_nothing(self):
        target = self.directory / "tuner.prom"
        target.write_text("old")
        result = run("audit", "--format", "prometheus", "-o", target, "--profile", "nosuch")
        self.assertEqual((result.returncode, result.stdout), (78, ""))
        self.assertEqual(target.read_text(), "old")
        self.assertEqual(run("audit", "--format", "prometheus", "--root", HOSTS / QUIET_HOST, "-o",
                             self.directory / "nosuch/tuner.prom").returncode, 1)


class Atomic(Formats):
    def written(self, name, *words, before=None):
        """The events of writing a file in a directory of its own, and the file."""
        directory = self.directory / f"textfile{len(os.listdir(self.directory))}"
        directory.mkdir()
        target = directory / name
        if before is not None:
            target.write_text(before)
            target.chmod(0o644)
        watch = Watch(directory)
        mask = os.umask(0o077)
        try:
            result = run("audit", "-o", target, "--root", HOSTS / QUIET_HOST, *words)
        finally:
            os.umask(mask)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        self.assertEqual(os.listdir(directory), [name])
        return watch.events(), target

    def check_renamed(self, events, target):
        last = [event for name, event in events if name == target.name]
        self.assertEqual(last, ["to"], events)
        others = {name for name, _ in events} - {target.name}
        self.assertEqual(len(others), 1, events)
        self.assertIn((others.pop(), "from"), events)

    def test_a_collector_never_sees_a_part(self):
        for before in (None, "old 1\n"):
            events, target = self.written("tuner.prom", "--format", "prometheus", before=before)
            self.check_renamed(events, target)
            self.assertFalse([name for name, event in events
                              if name.endswith(".prom") and event != "to"])
            mode = 0o600 if before is None else 0o644  # what the umask leaves; what it had
            self.assertEqual(stat.S_IMODE(target.stat().st_mode), mode)
            exposition.Metrics(target.read_text())

    def test_a_page_too(self):
        events, target = self.written("report.html", "--format", "html")
        self.check_renamed(events, target)
        self.assertEqual(Page(target.read_text()).problems, [])


class Nagios(Formats):
    def plugin(self, *words):
        """Exit status, word and whole output of a run in the plugin's form."""
        result = run("audit", "--format", "nagios", *words)
        head = re.match(r"TUNER (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+", result.stdout)
        self.assertTrue(head, result.stdout + result.stderr)
        states = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
        self.assertEqual(states.index(head[1]), result.returncode, result.stdout)
        return head[1], result.stdout

    def test_the_state_follows_the_worst(self):
        hosts = {"clean": self.host(), "info": self.host(trees.INFO),
                 "warning": self.host(trees.WARNING), "error": self.host(trees.ERROR),
                 "unknown": self.host(trees.UNKNOWN),
                 "both": self.host(trees.UNKNOWN, trees.WARNING)}
        wanted = {"clean": "OK", "info": "OK", "warning": "WARNING", "error": "CRITICAL",
                  "unknown": "UNKNOWN", "both": "WARNING"}
        for name, state in wanted.items():
            self.assertEqual(self.plugin("--root", hosts[name])[0], state, name)
        moved = (("info", "info", "WARNING"), ("info", "error", "CRITICAL"),
                 ("error", "warning", "OK"), ("error", "error", "CRITICAL"),
                 ("never", "error", "OK"), ("error", "both", "UNKNOWN"))
        for line, name, state in moved:
            self.assertEqual(self.plugin("--fail-on", line, "--root", hosts[name])[0], state,
                             (line, name))

    def test_performance_data_counts_what_json_counts(self):
        for root in (self.host(), self.hostile(), self.host(trees.UNKNOWN)):
            _, output = self.plugin("--root", root)
            counts = counts_of(output.splitlines()[0].split("|")[1])
            _, document = audit("--root", root)
            severity = document["summary"]["severity"]
            self.assertEqual(counts, {"errors": severity["error"], "infos": severity["info"],
                                      "warnings": severity["warning"],
                                      "unknown": document["summary"]["status"]["unknown"]})

    def test_host_data_cannot_break_out(self):
        _, output = self.plugin("--root", self.hostile())
        self.assertEqual(output.count("|"), 1)
        self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f]", output))
        self.assertTrue(1 < len(output.splitlines()) <= 10, output)
        self.assertLess(len(output.encode()), 4096)

    def test_a_run_that_fails_is_unknown(self):
        bad = self.profile("[limits]\nnofile = 1\n")
        for words in (["--profile", "nosuch"], ["--profile", bad], ["--fail-on", "warn1ng"],
                      ["--root", self.directory / "nosuch"], ["--input", "rtt=x"], ["--all-netns"],
                      ["--profile", "proxy", "--input", "rtt=80"], ["extra"], ["--profilx"]):
            state, output = self.plugin(*words)
            self.assertEqual((state, output.count("|")), ("UNKNOWN", 0), words)
        state, _ = self.plugin("--profile", self.directory / "a|b\x1b\n", "--root", self.host())
        self.assertEqual(state, "UNKNOWN")


class Junit(Formats):
    def suite(self, root, *words):
        """The suite, and the findings that it has to show."""
        status, text = self.printed("junit", root, *words)
        expected, document = audit("--root", root, *words)
        self.assertEqual(status, expected)
        return tables.Suite(text.encode()), document["findings"]

    def test_each_finding_is_a_case(self):
        for root, line in ((self.hostile(), "warning"), (self.host(trees.UNKNOWN), "info"),
                           (self.host(trees.INFO), "warning"), (self.host(trees.INFO), "info"),
                           (self.host(trees.ERROR), "never")):
            suite, findings = self.suite(root, "--fail-on", line)
            self.assertEqual(len(suite.cases), len(findings))
            for (group, name, outcome, text), finding in zip(suite.cases, findings):
                self.assertEqual(group, "tuner." + finding["id"])
                self.assertIn(trees.plain(name), [trees.plain(finding[key] or "") for key in
                                                  ("subject", "key", "id")])
                self.assertEqual(outcome, tables.outcome_of(finding, line), finding)
                if finding["status"] != "pass":
                    self.assertIn(trees.plain(finding["message"]), trees.plain(text))


    def test_a_run_that_fails_leaves_no_older_report(self):
        target = self.directory / "report.xml"
        for words in ((), ("-o", target)):
            target.write_text("yesterday's")
            result = run("audit", "--profile", "nosuch", "--format", "junit", *words)
            self.assertEqual(result.returncode, 78)
            self.assertIn("nosuch", result.stderr)
            text = target.read_text() if words else result.stdout
            suite = tables.Suite(text.encode())
            self.assertEqual([case[2] for case in suite.cases], ["unknown"])


class Csv(Formats):
    HEADER = ("hostname,id,status,severity,subject,key,running,boot,wanted,unit,message,fix,file,"
              "line,waived")

    def test_has_a_row_for_each_finding(self):
        for root in (self.hostile(), self.host(trees.UNKNOWN)):
            header, rows = tables.rows_of(self.printed("csv", root)[1])
            self.assertEqual(",".join(header), self.HEADER)
            _, document = audit("--root", root)
            self.assertEqual(len(rows), len(document["findings"]))
            for row, finding in zip(rows, document["findings"]):
                place = finding["location"] or {"file": None, "line": None}
                wanted = {**finding, **place, **document["host"], "fix": finding["fix"]["text"],
                          "waived": (finding["waiver"] or {"reason": ""})["reason"]}
                for name, value in row.items():
                    expected = "" if wanted[name] is None else str(wanted[name])
                    self.assertEqual(trees.plain(value), trees.plain(expected), name)

    def test_a_line_break_stays_within_its_field(self):
        text = self.printed("csv", self.hostile())[1]
        places = {row["file"] for row in tables.rows_of(text)[1]} - {""}
        self.assertEqual(len(places), 1)
        self.assertIn("|,&'", places.pop())


class Html(Formats):
    def page(self, root, *words):
        status, markup = self.printed("html", root, *words)
        page = Page(markup)
        self.assertEqual(page.problems, [])
        return status, page

    def test_tells_all_that_failed(self):
        root = self.hostile()
        status, page = self.page(root, "--profile", SOURCE / "profiles/base.toml")
        document = audit("--root", root, "--profile", SOURCE / "profiles/base.toml")[1]
        self.assertEqual(status, 2)
        text = trees.plain(page.text())
        failed = [each for each in document["findings"] if each["status"] == "fail"]
        self.assertGreater(len(failed), 10)
        for finding in failed:
            wanted = [finding[name] for name in ("id", "message", "why", "source")]
            wanted += [finding["fix"]["text"]]
            if finding["id"] == "boot-differs-from-running":
                wanted += [finding["running"], finding["boot"], finding["location"]["file"]]
            wanted += [each[name] for each in finding["evidence"] for name in ("name", "value")]
            for words in filter(None, wanted):
                self.assertIn(trees.plain(words), text)
        for words in (document["host"]["hostname"], document["host"]["kernel"], "2 errors",
                      "base", document["tool"]["version"]):
            self.assertIn(trees.plain(words), text)

    def test_a_good_host_gets_a_verdict_and_its_limits(self):
        status, page = self.page(HOSTS / QUIET_HOST)
        self.assertEqual(status, 0)
        self.assertIn("Nothing is wrong", page.text())
        self.assertTrue(page.has_bars())


    def test_says_what_to_do_first(self):
        page = self.page(self.hostile(), "--profile", "proxy")[1]
        text = trees.plain(page.text())
        places = [text.index(words) for words in (
            "Audited 20", "profile proxy", "2 errors, ", "What to do", "tuner apply --profile proxy",
            "Findings", "Limits and queues", "What boots and what runs", "Other checks")]
        self.assertEqual(places, sorted(places))
        commands = [tag for tag, _ in page.elements if tag == "pre"]
        self.assertEqual(len(commands), 1)

    def test_findings_are_grouped_as_in_the_text(self):
        page = self.page(self.hostile(), "--profile", "proxy")[1]
        cards = [given["id"] for tag, given in page.elements
                 if tag == "section" and given.get("class", "").startswith("card") and "id" in given]
        printed = run("audit", "--root", self.directory / "hostile", "--profile", "proxy").stdout
        blocks = re.findall(r"^(?:ERROR  |WARNING|NOTE   ) ", printed, re.MULTILINE)
        self.assertEqual(cards, [f"f{number + 1}" for number in range(len(blocks))])
        self.assertGreater(len(cards), 5)
        self.assertLessEqual(set(cards), set(page.links))

    def test_says_where_a_value_comes_from(self):
        root = self.host(trees.WARNING, {b"etc/sysctl.d/60-x.conf":
                                         b"net.ipv4.tcp_timestamps = 0\nfs.protected_fifos = 2\n"
                                         b"kernel.pid_max = 9\nnet.ipv4.nosuch = 1\n"})
        text = trees.plain(self.page(root)[1].text())
        self.assertIn("Set in /etc/sysctl.d/60-x.conf:1", text)
        boots = text[text.index("What boots and what runs"):text.index("Other checks")]
        self.assertIn("net.ipv4.nosuch", boots)
        self.assertNotIn("fs.protected", boots)
        self.assertNotIn("kernel.pid_max", boots)


class Everywhere(Formats):
    def test_exit_statuses_are_as_usual(self):
        for form in ("prometheus", "csv", "junit", "html"):
            for files, status in ((trees.INFO, 0), (trees.WARNING, 2), (trees.UNKNOWN, 3)):
                self.assertEqual(self.printed(form, self.host(files))[0], status, form)
            warned = self.host(trees.WARNING)
            self.assertEqual(self.printed(form, warned, "--fail-on", "error")[0], 0)

    def test_all_namespaces_are_refused(self):
        for form in ("csv", "junit", "prometheus", "html"):
            result = run("audit", "--all-netns", "--format", form)
            self.assertEqual(result.returncode, 64, form)
            # A build server wants to be told in its own words.
            self.assertEqual(result.stdout != "", form == "junit")
            self.assertIn("--all-netns", result.stderr)
            self.assertGreaterEqual(len(result.stderr.splitlines()), 2, "no hint")

    def test_a_misspelt_one_is_named(self):
        for wrong, right in (("promethius", "prometheus"), ("nagois", "nagios"), ("htm", "html")):
            result = run("audit", "--format", wrong)
            self.assertEqual(result.returncode, 64)
            self.assertIn(f'"{right}"', result.stderr)

    def test_an_unwritable_target_is_a_failure(self):
        for form in ("prometheus", "csv", "junit", "html"):
            result = run("audit", "--format", form, "--root", HOSTS / QUIET_HOST, "-o",
                         "/dev/full")
            self.assertEqual(result.returncode, 1, form)


if __name__ == "__main__":
    unittest.main()
