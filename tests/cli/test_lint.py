"""lint: sysctl files in a repository, on a host and from a pipe, in every format."""

import json
import os
import subprocess
import unittest
import xml.etree.ElementTree as xml

from support import PROGRAM, SOURCE, Scratch, run
from test_plan import document_of

CASES = SOURCE / "tests/lint"
MIXED = CASES / "mixed.conf"
MYTH = "folklore-setting:fin_timeout_time_wait"


def piped(text, *arguments):
    return subprocess.run([PROGRAM, "lint", *arguments], input=text, capture_output=True,
                          timeout=60, check=False, env={"LANG": "C.UTF-8"})


class Lint(Scratch):
    def fixes(self, files):
        root = self.tree(files=files)
        document = json.loads(run("lint", "--root", root, "--json").stdout)
        return {(finding["location"]["file"], finding["key"]): finding["fix"]
                for finding in document["findings"]}

    def test_a_fix_is_held_against_the_other_files(self):
        key = "net.core.somaxconn"
        fixes = self.fixes({
            "usr/lib/sysctl.d/60-app.conf": f"{key} = 128\nnet.ipv4.tcp_window_scaling = 0\n",
            "etc/sysctl.d/99-me.conf": f"{key} = 1024\n"})
        # With the line out the vendor's worse value would come back; what the vendor's line says is
        # overruled already; what decides in the vendor's file is changed in a copy.
        self.assertEqual(fixes, {
            ("/etc/sysctl.d/99-me.conf", key): "Write the value you want: without the line, /usr/lib/sysctl.d/60-app.conf:1 sets it to 128.",
            ("/usr/lib/sysctl.d/60-app.conf", "net.ipv4.tcp_window_scaling"):
                "Copy /usr/lib/sysctl.d/60-app.conf to /etc/sysctl.d/60-app.conf. In the copy: "
                "Remove the line."})

    def test_points_at_the_place_and_says_the_way_out(self):
        path = self.directory / "a.conf"
        path.write_text("net.core.rmem_max = 16M\n")
        result = run("lint", path, "--kernel", "6.18")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout, f"{path}:1:21: error: The kernel refuses it: 16M is not a "
                         "number. [value-refused]\n    net.core.rmem_max = 16M\n"
                         "                        ^~~\n    Fix: The kernel does not know units: write the "
                         "number of bytes.\n1 error: 1 setting in 1 file. Reasons: -v, or tuner "
                         "explain NAME.\n")
        self.assertIn("Why: A write outside the range", run("lint", path, "-v").stdout)
        self.assertEqual(run("lint", path, "-q").stdout.count("\n"), 1)

    def test_is_quiet_where_nothing_is_wrong(self):
        result = run("lint", CASES / "quiet.conf", "--kernel", "6.18")
        self.assertEqual((result.returncode, result.stdout, result.stderr),
                         (0, "Nothing is wrong: 15 settings in 1 file.\n", ""))

    def test_the_documents_values_are_clean_for_their_time(self):
        path = CASES / "toast-2015.conf"
        status, old = document_of("lint", path, "--kernel", "3.10")
        self.assertEqual(status, 2)
        self.assertEqual([(one["id"], one["key"]) for one in old["findings"]],
                         [("key-unknown", "ipv4.tcp_timestamps")])
        _, new = document_of("lint", path, "--kernel", "6.18")
        self.assertEqual(new["summary"]["severity"]["warning"], 0)
        self.assertEqual({one["severity"] for one in new["findings"]
                          if one["key"] != "ipv4.tcp_timestamps"}, {"info"})

    def test_json_has_all_that_the_text_says(self):
        status, document = document_of("lint", MIXED, "--kernel", "6.18")
        self.assertEqual(status, 2)
        first = document["findings"][0]
        self.assertEqual(first["location"], {"file": str(MIXED), "line": 1, "column": 1,
                                             "end_column": 14})
        allowed = [one for one in document["findings"] if one["allowed"]]
        self.assertEqual([(one["subject"], one["allowed"], one["status"]) for one in allowed],
                         [("disable_sack", "lossless fabric, 2024-11", "skipped")])
        counted = document["summary"]["severity"]
        self.assertEqual(sum(counted.values()) + 1, len(document["findings"]))

    def test_sarif(self):
        result = run("lint", "--format", "sarif", "tests/lint/mixed.conf", "--kernel", "6.18",
                     cwd=SOURCE)
        log = json.loads(result.stdout)
        self.assertEqual((log["version"], len(log["runs"])), ("2.1.0", 1))
        rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
        results = log["runs"][0]["results"]
        self.assertGreater(len(results), 10)
        for one in results:
            self.assertIn(one["ruleId"], rules)
            self.assertIn(one["level"], ("note", "warning", "error"))
            place = one["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], "tests/lint/mixed.conf")
            self.assertGreater(place["region"]["endColumn"], place["region"]["startColumn"])
        kept = [one for one in results if "suppressions" in one]
        self.assertEqual([one["suppressions"][0]["kind"] for one in kept], ["inSource"])

    def test_junit(self):
        text = run("lint", "--format", "junit", MIXED, CASES / "quiet.conf", "--kernel",
                   "6.18").stdout
        suites = xml.fromstring(text).findall("testsuite")
        self.assertEqual([suite.get("failures") for suite in suites][1], "0")
        self.assertEqual(int(suites[0].get("failures")), len(suites[0].findall(".//failure")))
        self.assertEqual(int(suites[0].get("tests")), len(suites[0].findall("testcase")))

    def test_every_format_survives_every_byte(self):
        path = self.directory / 'odd "<&>\u00e9 name.conf'
        path.write_bytes(bytes(range(256)) * 3 + b"\xed\xa0\x80 \xef\xbf\xbf \xf4\x90\x80\x80" b"\nnet.ipv4.tcp_fin_timeout = 15 # \xff<&\"]]>\n")
        for form in ("text", "json", "sarif", "junit"):
            result = subprocess.run([PROGRAM, "lint", "--format", form, path], capture_output=True,
                                    check=False, timeout=60)
            self.assertEqual(result.returncode, 2, form)
            if form in ("json", "sarif"):
                json.loads(result.stdout.decode())
            elif form == "junit":
                xml.fromstring(result.stdout)

    def test_reads_from_a_pipe(self):
        result = piped(b"# TIME_WAIT\nnet.ipv4.tcp_fin_timeout = 15\n", "-", "--kernel", "6.18")
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"-:2:28: warning: It does not shorten TIME_WAIT", result.stdout)
        self.assertEqual(piped(b"", "-").returncode, 0)
        self.assertIn(b"1 setting in 1 file", piped(b"net.ipv4.tcp_sack = 0\n", "/dev/stdin").stdout)

    def test_a_directory_is_walked(self):
        for name in ("b/one.conf", "a.conf", "b/c/two.conf", ".git/three.conf", "notes.txt"):
            path = self.directory / "repo" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("net.ipv4.tcp_fin_timeout = 15\n")
        (self.directory / "repo/b/loop").symlink_to("..")
        _, document = document_of("lint", "repo", "--kernel", "6.18", cwd=self.directory)
        self.assertEqual([one["location"]["file"] for one in document["findings"]],
                         ["repo/a.conf", "repo/b/c/two.conf", "repo/b/one.conf"])

    def test_what_cannot_be_read_is_said_and_the_rest_is_linted(self):
        result = run("lint", self.directory / "nosuch.conf")
        self.assertEqual(result.returncode, 1)
        self.assertIn("nosuch.conf: it is absent", result.stderr)
        result = run("lint", self.directory / "nosuch.conf", CASES / "quiet.conf", "--kernel", "6.18")
        self.assertEqual(result.returncode, 3)
        self.assertIn("15 settings in 1 file", result.stdout)
        self.assertEqual(run("lint", self.directory / "nosuch", MIXED).returncode, 2)

    def test_a_host_is_linted_as_a_whole(self):
        root = self.tree(files={
            "etc/sysctl.d/50-a.conf": "net.core.somaxconn = 8000\n",
            "usr/lib/sysctl.d/50-c.conf": "net.core.somaxconn = 8001\n",
            "etc/sysctl.d/90-b.conf": "net.core.somaxconn = 8192\nnet.ipv4.tcp_fin_timeout = 15\n"})
        _, document = document_of("lint", "--root", root)
        found = {(one["id"], one["location"]["file"], one["location"]["line"])
                 for one in document["findings"]}
        self.assertEqual({one for one in found if one[0] == "fragment-shadowed"},
                         {("fragment-shadowed", "/etc/sysctl.d/50-a.conf", 1)})
        self.assertIn(("folklore-setting", "/etc/sysctl.d/90-b.conf", 2), found)
        self.assertTrue(document["kernel"].startswith("6.1"))
        _, one = document_of("lint", "--root", root, "etc/sysctl.d/90-b.conf")
        self.assertEqual(one["summary"]["files"], 1)

    def test_a_line_that_is_overruled_can_be_allowed(self):
        root = self.tree(files={
            "etc/sysctl.d/50-a.conf":
                "# tuner: allow fragment-shadowed wanted\nnet.core.somaxconn = 8000\n",
            "etc/sysctl.d/90-b.conf": "net.core.somaxconn = 8192\nnet.ipv4.conf.*.rp_filter = 2\n",
            "etc/sysctl.d/10-c.conf": "net.ipv4.conf.all.rp_filter = 1\n"})
        _, document = document_of("lint", "--root", root)
        self.assertEqual([(one["id"], one["allowed"]) for one in document["findings"]],
                         [("fragment-shadowed", "wanted")])

    @unittest.skipIf(os.geteuid() != 0, "needs another user's eyes")
    def test_a_directory_that_cannot_be_read_does_not_end_the_walk(self):
        for name in ("a/1.conf", "b/2.conf", "z.conf"):
            path = self.directory / "repo" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("net.ipv4.tcp_sack = 0\n")
        os.chmod(self.directory, 0o755)
        os.chmod(self.directory / "repo/b", 0)
        result = run("lint", self.directory / "repo", "-q",
                     prefix=("setpriv", "--reuid=65534", "--clear-groups"))
        self.assertIn("2 settings in 2 files", result.stdout)
        self.assertIn("repo/b: it is not permitted", result.stderr)
        os.chmod(self.directory / "repo/b", 0o755)

    def test_a_directory_without_files_is_no_success(self):
        (self.directory / "repo").mkdir()
        result = run("lint", self.directory / "repo")
        self.assertEqual((result.returncode, result.stdout), (1, "Nothing was judged.\n"))
        self.assertEqual(run("lint", "").returncode, 64)

    def test_a_repository_without_a_host(self):
        root = self.directory / "repo"
        (root / "etc/sysctl.d").mkdir(parents=True)
        (root / "etc/sysctl.d/a.conf").write_text("# TIME_WAIT\nnet.ipv4.tcp_fin_timeout = 15\n")
        status, document = document_of("lint", "--root", root, "--kernel", "5.10")
        self.assertEqual((status, document["kernel"]), (2, "5.10"))
        self.assertEqual(document["summary"]["files"], 1)

    def test_mistakes(self):
        for words, part in ((["--kernel", "six"], "like 5.10"), (["--format", "xml"], "sarif"),
                            (["--json", "--format", "sarif"], "conflicts with")):
            result = run("lint", *words, MIXED)
            self.assertEqual(result.returncode, 64, words)
            self.assertIn(part, result.stderr)

    def test_names_are_explained(self):
        document = json.loads(run("explain", "readers-differ", "--json").stdout)
        self.assertTrue(document["why"])
        self.assertIn("element-count", run("explain", "elemnt-count").stderr)

    def test_a_closed_pipe_ends_it_quietly(self):
        read, write = os.pipe()
        os.close(read)
        result = subprocess.run([PROGRAM, "lint", *([MIXED] * 200)], stdout=write,
                                stderr=subprocess.PIPE, check=False, timeout=60)
        os.close(write)
        self.assertEqual(result.stderr, b"")


if __name__ == "__main__":
    unittest.main()
