"""JUnit and CSV, as a reader of each takes them."""

import json
import sys
import unittest

import tables
import trees
from sandbox import Case, ROOT, call, tuner


class Read(Case):
    def setUp(self):
        super().setUp()
        self.root = trees.hostile(self.directory / "hostile")
        self.findings = json.loads(tuner("audit", "--root", self.root, "--json").stdout)["findings"]

    def test_junit(self):
        # Pure Python, the same for every release.
        sys.path.append(str(ROOT / "usr/lib/python3/dist-packages"))
        import junitparser
        report = self.directory / "junit.xml"
        tuner("audit", "--root", self.root, "--format", "junit", "-o", report, status=2)
        suites = list(junitparser.JUnitXml.fromfile(str(report)))
        self.assertEqual(len(suites), 1)
        suite = suites[0]
        kinds = {"fail": junitparser.Failure, "unknown": junitparser.Error,
                 "skipped": junitparser.Skipped}
        cases = list(suite)
        self.assertEqual(len(cases), len(self.findings))
        for case, finding in zip(cases, self.findings):
            self.assertEqual(case.classname, f"tuner.{finding['id']}")
            wanted = kinds.get(tables.outcome_of(finding, "warning"))
            self.assertEqual([type(each) for each in case.result], [wanted] if wanted else [])
        before = suite.tests, suite.failures, suite.errors, suite.skipped
        suite.update_statistics()
        self.assertEqual((suite.tests, suite.failures, suite.errors, suite.skipped), before)

    def test_csv(self):
        sheet = self.directory / "audit.csv"
        tuner("audit", "--root", self.root, "--format", "csv", "-o", sheet, status=2)
        question = "SELECT id, status, severity, subject, running, message, line FROM audit"
        result = call("sqlite3", "-json", self.directory / "audit.db", "-cmd",
                      f".import --csv {sheet} audit", question)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        rows = json.loads(result.stdout)
        self.assertEqual(len(rows), len(self.findings))
        for row, finding in zip(rows, self.findings):
            for name in ("id", "status", "severity", "subject", "running", "message"):
                self.assertEqual(trees.plain(row[name]), trees.plain(finding[name] or ""), name)


if __name__ == "__main__":
    unittest.main()
