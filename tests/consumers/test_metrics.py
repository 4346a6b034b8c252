"""Metrics, as promtool and node_exporter read them."""

import threading
import unittest
import urllib.request

import exposition
import trees
from sandbox import Case, call, tuner, wait_for

ADDRESS = "127.0.0.1:9100"
WRITES = 50
FAILED = "node_textfile_scrape_error"


class Promtool(Case):
    def test_has_no_complaint(self):
        hosts = [trees.HOSTS / trees.QUIET, trees.hostile(self.directory / "hostile")]
        for host in hosts:
            text = tuner("audit", "--root", host, "--format", "prometheus", "--profile",
                         "proxy").stdout
            result = call("promtool", "check", "metrics", data=text)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_would_complain(self):
        result = call("promtool", "check", "metrics", data="tuner_audit_complete 1")
        self.assertNotEqual(result.returncode, 0)


class NodeExporter(Case):
    def setUp(self):
        super().setUp()
        self.textfiles = self.directory / "textfile"
        self.textfiles.mkdir()
        self.target = self.textfiles / "tuner.prom"

    def write(self, host):
        result = tuner("audit", "--root", host, "--format", "prometheus", "-o", self.target)
        self.assertEqual((result.stdout, result.stderr), ("", ""))
        self.assertIn(result.returncode, (0, 2, 3))

    def scrape(self):
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}/metrics", timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def exporter(self):
        self.start("prometheus-node-exporter", "--collector.disable-defaults",
                   "--collector.textfile", f"--collector.textfile.directory={self.textfiles}",
                   f"--web.listen-address={ADDRESS}", "--web.disable-exporter-metrics",
                   "--log.level=error")
        return wait_for("an answer of node_exporter", self.scrape)

    def tuners(self, text):
        """The lines of tuner's samples, in order."""
        return sorted(line for line in text.splitlines() if line.startswith("tuner_"))

    def test_shows_all_of_them(self):
        self.write(trees.hostile(self.directory / "hostile"))
        answer = self.exporter()
        self.assertIn(f"{FAILED} 0\n", answer)
        self.assertIn("node_textfile_mtime_seconds{", answer)
        shown = exposition.Metrics("\n".join(self.tuners(answer)) + "\n").samples
        written = exposition.Metrics(self.target.read_text()).samples
        self.assertEqual({name: sorted(map(repr, values)) for name, values in shown.items()},
                         {name: sorted(map(repr, values)) for name, values in written.items()})
        for name in written:
            self.assertIn(f"# TYPE {name} gauge\n", answer)

    def test_never_sees_a_part(self):
        hosts = [trees.HOSTS / trees.QUIET, trees.hostile(self.directory / "hostile")]
        self.write(hosts[0])
        self.assertIn(f"{FAILED} 0\n", self.exporter())
        done, problems, counts = threading.Event(), [], {"reads": 0, "scrapes": 0}

        def look(kind, step):
            while not done.is_set():
                try:
                    step()
                    counts[kind] += 1
                except Exception as error:
                    problems.append(f"{kind}: {error!r}")
                    return

        def read():
            metrics = exposition.Metrics(self.target.read_text())
            metrics.value("tuner_audit_complete")
            for path in self.textfiles.glob("*.prom"):
                self.assertEqual(path, self.target)

        def scrape():
            answer = self.scrape()
            self.assertIn(f"{FAILED} 0\n", answer)
            self.assertIn("tuner_audit_complete ", answer)

        threads = [threading.Thread(target=look, args=each)
                   for each in (("reads", read), ("scrapes", scrape))]
        for thread in threads:
            thread.start()
        for number in range(WRITES):
            self.write(hosts[number % 2])
        enough = lambda: problems or min(counts.values()) >= WRITES
        wait_for("looks at the file", enough)
        done.set()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])
        print(f"{WRITES} writes, {counts['reads']} reads, {counts['scrapes']} scrapes")


if __name__ == "__main__":
    unittest.main()
