"""--since FILE: what changed between an earlier audit, or collection of hosts, and this one."""

import json
import sys
import unittest
from pathlib import Path

from support import Scratch, audit, run, validate

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "consumers"))
import trees  # noqa: E402
from markup import Page  # noqa: E402

BACKLOG = {b"proc/sys/net/core/somaxconn": b"100\n"}
SACK = {b"proc/sys/net/ipv4/tcp_sack": b"0\n"}
BELOW = "value-below-kernel-default"


class Since(Scratch):
    def former(self, *words):
        """The file that a run with --json wrote."""
        path = self.directory / "former.json"
        run(*words, "--json", "-o", path)
        return path

    def host(self, name, files):
        return trees.host(self.directory / name, files, "debian12-6.1-x86_64-1g")


class Audits(Since):
    def setUp(self):
        super().setUp()
        self.before = self.host("before", SACK)
        self.after = self.host("after", BACKLOG)
        self.file = self.former("audit", "--root", self.before)

    def test_tells_what_is_new_gone_and_as_it_was(self):
        _, document = audit("--root", self.after, "--since", self.file)
        _, former = audit("--root", self.before)
        since = document["since"]
        self.assertEqual([(each["id"], each["subject"]) for each in since["new"]],
                         [(BELOW, "net.core.somaxconn")])
        self.assertEqual([each["subject"] for each in since["gone"]], ["disable_sack"])
        failed = sum(each["status"] == "fail" for each in document["findings"])
        self.assertEqual(since["unchanged"] + len(since["new"]), failed)
        self.assertEqual(since["unchanged"] + len(since["gone"]),
                         sum(each["status"] == "fail" for each in former["findings"]))
        self.assertIsNone(former["since"])

    def test_nothing_has_changed_against_itself(self):
        _, document = audit("--root", self.before, "--since", self.file)
        self.assertEqual((document["since"]["new"], document["since"]["gone"]), ([], []))

    def test_text_and_page_say_so(self):
        words = ("audit", "--root", self.after, "--since", self.file)
        text = " ".join(run(*words).stdout.split())
        self.assertRegex(text, rf"Since 20\S+: 1 new: {BELOW} \(net.core.somaxconn\); 1 gone: \S+")
        page = Page(run(*words, "--format", "html").stdout)
        self.assertEqual(page.problems, [])
        self.assertIn("What changed", page.text())

    def test_another_profile_and_host_are_named(self):
        text = " ".join(run("audit", "--root", self.after, "--profile", "web",
                            "--since", self.file).stdout.split())
        self.assertIn("That was an audit without a profile.", text)

    def test_one_that_cannot_be_judged_is_not_gone(self):
        unread = self.host("unread", {b"proc/sys/net/ipv4/tcp_sack": b"no number\n"})
        _, document = audit("--root", unread, "--since", self.file)
        self.assertEqual(document["since"]["gone"], [])

    def test_bad_files_are_refused_with_their_names(self):
        for text, detail in (("{", "not JSON, at byte 2"), ("[]", "not a JSON document of tuner"),
                             ('{"schema": "tuner/fleet/1"}', "not a JSON document of tuner audit"),
                             ('{"schema": "tuner/audit/1"}', "not a complete JSON document")):
            self.file.write_text(text)
            result = run("audit", "--root", self.after, "--since", self.file)
            self.assertEqual((result.returncode, result.stdout), (64, ""), text)
            self.assertIn(f"{self.file}: {detail}", result.stderr)
        result = run("audit", "--since", self.directory / "none.json")
        self.assertIn("none.json: No such file or directory", result.stderr)
        result = run("audit", "--since", self.file, "--format", "csv")
        self.assertEqual(result.returncode, 64)


class Fleets(Since):
    def rewrite(self, name, text):
        """A new file: trees share what they have in common."""
        path = self.directory / name
        path.unlink()
        path.write_text(text)

    def test_tells_hosts_and_findings(self):
        for name, files in (("hosts/a", SACK), ("hosts/b", {}), ("hosts/c", BACKLOG)):
            self.host(name, files)
        file = self.former("fleet", self.directory / "hosts")
        (self.directory / "hosts/c").rename(self.directory / "hosts/d")
        self.rewrite("hosts/a/proc/sys/net/ipv4/tcp_sack", "1\n")
        self.rewrite("hosts/b/proc/sys/net/core/somaxconn", "100\n")
        words = ("fleet", self.directory / "hosts", "--since", file)
        document = json.loads(run(*words, "--json").stdout)
        validate(document, "fleet")
        since = document["since"]
        self.assertEqual((since["new_hosts"], since["missing_hosts"]), (["d"], ["c"]))
        self.assertEqual([(each["id"], each["about"], each["names"]) for each in since["new"]],
                         [(BELOW, "net.core.somaxconn", ["b"])])
        self.assertEqual([each["names"] for each in since["gone"]], [["a"]])
        text = " ".join(run(*words).stdout.split())
        self.assertIn(f"New: {BELOW} (net.core.somaxconn) on b", text)
        self.assertIn("1 finding is new on some hosts, 1 is gone from some; 1 host is new: d; "
                      "1 host is missing: c.", text)
        page = Page(run(*words, "--format", "html").stdout)
        self.assertEqual(page.problems, [])
        self.assertIn("What changed", page.text())


if __name__ == "__main__":
    unittest.main()
