"""tuner audit as scripts and people use it."""

import os
import re
import shlex
import stat
import subprocess
import sys
import unittest

from support import HOSTS, PROGRAM, SOURCE, Scratch, audit, findings, on_terminal, run


class ThisHost(unittest.TestCase):
    def test_reads_what_the_kernel_prints(self):
        _, document = audit("--profile", "proxy")
        self.assertEqual(document["host"]["kernel"], os.uname().release)
        self.assertEqual(document["host"]["page_size"], os.sysconf("SC_PAGE_SIZE"))
        for finding in document["findings"]:
            if finding["running"] is None or finding["key"] == "RLIMIT_NOFILE":
                continue
            path = "/proc/sys/" + finding["key"].replace(".", "/")
            with open(path, encoding="ascii") as file:
                self.assertEqual(finding["running"], " ".join(file.read().split()), path)

    def test_the_profile_is_named_with_the_hash_of_its_file(self):
        import hashlib
        _, document = audit("--profile", SOURCE / "profiles/web.toml")
        text = (SOURCE / "profiles/web.toml").read_bytes()
        self.assertEqual(document["profile"]["sha256"], hashlib.sha256(text).hexdigest())

    def test_a_sample_judges_what_comes_in_between(self):
        status, document = audit("--sample", "20ms")
        self.assertEqual(findings(document, id="listen-queue-overflow", status="fail"), [])
        self.assertIn(status, (0, 2, 3))


class CapturedHosts(Scratch):
    def test_large_pages(self):
        _, document = audit("--root", HOSTS / "debian12-6.1-ppc64le-2g-64k-pages")
        self.assertEqual(document["host"]["page_size"], 65536)
        memory = findings(document, id="tcp-mem-changed", subject="net.ipv4.tcp_mem")[0]
        self.assertEqual(memory["status"], "pass")
        self.assertEqual(memory["running"], "1461 1950 2922")
        self.assertIn("2922 pages (182.6 MiB)", memory["message"])
        self.assertEqual(findings(document, status="fail"), [])

    def test_a_child_namespace_skips_what_is_the_machines(self):
        host = HOSTS / "linux-6.18-x86_64-24g-child-netns"
        _, document = audit("--root", host, "--profile", "proxy")
        self.assertEqual(document["host"]["netns"], "child")
        for key in ("net.ipv4.tcp_mem", "net.core.netdev_max_backlog", "net.core.rmem_max"):
            about = findings(document, key=key)
            self.assertTrue(about, key)
            self.assertEqual({finding["status"] for finding in about} - {"pass"}, {"skipped"}, key)

    def test_tw_recycle_is_not_mentioned_where_it_is_gone(self):
        result = run("audit", "--root", HOSTS / "debian12-6.1-x86_64-1g", "--profile", "proxy",
                     "--verbose")
        self.assertNotIn("recycle", result.stdout)

    def test_tw_recycle_is_an_error_where_it_is_on(self):
        root = self.tree(files={"proc/sys/net/ipv4/tcp_tw_recycle": "1\n"})
        status, document = audit("--root", root)
        self.assertEqual(status, 2)
        finding = findings(document, id="tcp-tw-recycle-enabled")[0]
        self.assertEqual((finding["status"], finding["severity"]), ("fail", "error"))
        self.assertIn("NAT", finding["message"])
        self.assertIn("4.12", finding["message"])

    def test_exit_statuses(self):
        quiet = self.tree()
        self.assertEqual(audit("--root", quiet)[0], 0)
        (quiet / "proc/sys/net/core/rmem_default").write_text("253952\n")  # a remark
        self.assertEqual(audit("--root", quiet)[0], 0)
        self.assertEqual(audit("--root", quiet, "--fail-on", "info")[0], 2)
        (quiet / "proc/net/snmp").unlink()
        status, document = audit("--root", quiet)
        self.assertEqual((status, document["complete"]), (3, False))
        (quiet / "proc/sys/net/ipv4/tcp_timestamps").write_text("0\n")  # a warning
        self.assertEqual(audit("--root", quiet)[0], 2)
        self.assertEqual(audit("--root", quiet, "--fail-on", "error")[0], 3)
        self.assertEqual(audit("--root", quiet, "--fail-on", "never")[0], 3)

    def test_the_summary_adds_up(self):
        for host in sorted(HOSTS.iterdir()):
            if not host.is_dir():
                continue
            _, document = audit("--root", host, "--profile", "toast-2015")
            summary = document["summary"]
            self.assertEqual(summary["checks"], len(document["findings"]))
            self.assertEqual(sum(summary["status"].values()), summary["checks"])
            self.assertEqual(sum(summary["severity"].values()), summary["status"]["fail"])

    def test_damaged_files_are_values(self):
        for content in ("", "\0", "Tcp: 1\n", "\xff" * 70000):
            with self.subTest(content=content[:8]):
                root = self.tree(files={"proc/net/netstat": content,
                                        "proc/sys/net/ipv4/tcp_rmem": content})
                status, document = audit("--root", root)
                self.assertEqual(status, 3)
                self.assertTrue(findings(document, status="unknown"))
                self.doCleanups()
                self.setUp()


class Waivers(Scratch):
    FILES = {"proc/sys/net/ipv4/tcp_timestamps": "0\n"}

    def with_waiver(self, text):
        return self.tree(files={**self.FILES, "etc/tuner/waivers.toml": text})

    def test_a_waived_finding_is_counted_and_shown(self):
        root = self.with_waiver('[[waiver]]\nfinding = "timestamps-off"\n'
                                'reason = "a peer that cannot"\nuntil = 2999-01-01\n')
        status, document = audit("--root", root)
        self.assertEqual(status, 0)
        self.assertEqual(document["summary"]["waived"], 1)
        waived = findings(document, id="timestamps-off")[0]
        self.assertEqual(waived["waiver"]["reason"], "a peer that cannot")
        text = run("audit", "--root", root).stdout
        self.assertIn("a peer that cannot", text)
        self.assertIn("1 is waived", text)

    def test_one_that_ran_out_counts_no_more(self):
        root = self.with_waiver('[[waiver]]\nfinding = "timestamps-off"\nreason = "x"\n'
                                'until = 2020-01-01\n')
        status, document = audit("--root", root)
        self.assertEqual(status, 2)
        self.assertIn("expired on 2020-01-01", document["warnings"][0])

    def test_a_bad_one_names_the_place(self):
        root = self.with_waiver('[[waiver]]\nfinding = "timestamp-off"\nreason = "x"\n')
        result = run("audit", "--root", root)
        self.assertEqual(result.returncode, 78)
        self.assertIn("waivers.toml:2:1", result.stderr)
        self.assertIn('Did you mean "timestamps-off"', result.stderr)


class NextBoot(Scratch):
    def test_what_the_next_boot_sets_is_judged_too(self):
        """A harmful line that is not in force yet is as bad as what it will set."""
        root = self.tree(files={"etc/sysctl.d/99-blog.conf":
                                "net.ipv4.tcp_mem = 50331648 67108864 100663296\n"
                                "net.ipv4.tcp_window_scaling = 0\nnet.ipv4.tcp_sack = 0\n"
                                "net.ipv4.tcp_fin_timeout = 31\n"})
        status, document = audit("--root", root)
        self.assertEqual(status, 2)
        found = {one["key"]: one for one in
                 findings(document, id="boot-differs-from-running", status="fail")}
        for key, fault, severity in (("tcp_mem", "tcp-mem-in-bytes", "error"),
                                     ("tcp_window_scaling", "window-scaling-off", "error"),
                                     ("tcp_sack", "folklore-setting", "warning")):
            one = found["net.ipv4." + key]
            self.assertEqual(one["severity"], severity, key)
            self.assertIn(f"That would cause {fault}.", one["message"])
            self.assertIn("99-blog.conf:", one["fix"]["text"])
        self.assertNotIn("That would cause", found["net.ipv4.tcp_fin_timeout"]["message"])


class Text(Scratch):
    def test_fits_eighty_columns_and_ends_with_a_verdict(self):
        for profile in ("proxy", "toast-2015", "latency"):
            result = on_terminal("audit", "--root", HOSTS / "debian12-6.1-x86_64-1g", "--profile",
                                 profile)
            lines = result.stdout.splitlines()
            for line in lines[2:-1]:
                self.assertLessEqual(len(line), 80, line)
            self.assertIn("tuner explain", " ".join(lines[-3:-1]))
            self.assertEqual(lines[-1], f"Next: tuner apply --profile {profile} --confirm-within "
                                        "2min  # on the host itself")
            self.assertEqual(result.stderr, "")

    def test_a_good_host_gets_one_line(self):
        for words in ([], ["-q"]):
            result = run("audit", *words, "--root", HOSTS / "debian12-6.1-x86_64-1g")
            self.assertRegex(result.stdout, r"\ANothing is wrong: .*\n\Z")
        whole = run("audit", "-v", "--root", HOSTS / "debian12-6.1-x86_64-1g")
        self.assertGreater(len(whole.stdout.splitlines()), 90)

    def test_colour_follows_the_rules(self):
        root = self.tree(files={"proc/sys/net/ipv4/tcp_timestamps": "0\n"})
        coloured = lambda *words, **env: "\x1b[" in run("audit", "--root", root, *words,
                                                        env=env).stdout
        self.assertFalse(coloured())
        self.assertTrue(coloured(CLICOLOR_FORCE="1"))
        self.assertFalse(coloured(CLICOLOR_FORCE="1", NO_COLOR="1"))
        self.assertTrue(coloured("--color", "always", NO_COLOR="1"))
        self.assertFalse(coloured("--color", "never", CLICOLOR_FORCE="1"))

    def test_a_plain_locale_gets_ascii(self):
        result = run("audit", "-v", "--root", HOSTS / "debian12-6.1-x86_64-1g", env={"LANG": "C"})
        self.assertTrue(result.stdout.isascii())
        self.assertIn(" - Linux 6.1.0", result.stdout)

    def test_a_hostile_tree_cannot_write_to_the_terminal(self):
        root = self.tree(files={"proc/sys/kernel/hostname": "\x1b]0;owned\x07\n",
                                "proc/sys/net/ipv4/tcp_congestion_control": "\x1b[31mreno\n"})
        result = run("audit", "--root", root, "--profile", "base")
        self.assertNotIn("\x1b", result.stdout)

    def test_a_reader_that_goes_away_is_a_failure_not_a_signal(self):
        import subprocess
        from support import PROGRAM
        command = f"{PROGRAM} audit --verbose --root {HOSTS}/debian12-6.1-x86_64-1g; echo $? >&2"
        process = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        process.stdout.close()
        self.assertIn(process.stderr.read().strip(), ("0", "1"))
        process.stderr.close()
        process.wait()


class Readme(Scratch):
    def test_the_session_is_what_the_program_says(self):
        root = self.tree(files={"proc/sys/net/core/somaxconn": "128\n",
                                "proc/sys/net/ipv4/tcp_mem": "50331648\t67108864\t100663296\n",
                                "proc/sys/net/ipv4/tcp_fin_timeout": "15\n"})
        root.rename(self.directory / "web01")
        (self.directory / "old.conf").write_text(
            "net.ipv4.tcp_fin_timeout = 15   # fewer TIME_WAIT\nnet.ipv4.tcp_rmem = 16777216\n"
            "net.ipv4.tcp_tw_recycle = 1\n")
        guide = (SOURCE / "docs/guide.md").read_text()
        for words in (["audit", "--root", "web01", "--profile", "proxy"],
                      ["diff", "--root", "web01", "--profile", "bulk", "--input", "rtt=120ms"],
                      ["lint", "old.conf", "--kernel", "6.18"]):
            said = on_terminal(*words, cwd=self.directory).stdout
            self.assertTrue(f"$ tuner {' '.join(words)}\n{said}```" in guide, said)

    def test_the_picture_is_what_the_program_prints(self):
        picture = self.directory / "session.svg"
        subprocess.run([sys.executable, "-B", SOURCE / "docs/session.py", PROGRAM, picture], check=True)
        self.assertEqual(picture.read_text(), (SOURCE / "docs/session.svg").read_text())

    def test_every_command_that_is_shown_is_understood(self):
        lines = []
        for name in ("README.md", "docs/guide.md"):
            for block in (SOURCE / name).read_text().split("```")[1::2]:
                lines += re.findall(r"^(?:sudo )?(tuner [^#|\n]+?)(?:  .*|\s*#.*)?$", block, re.MULTILINE)
        self.assertGreater(len(lines), 30)
        for line in lines:
            words = shlex.split(line)[1:]
            if ">" not in words:
                self.assertEqual(run(*words, "--help").returncode, 0, line)


class Output(Scratch):
    def test_replaces_the_file_and_keeps_its_mode(self):
        report = self.directory / "report.json"
        report.write_text("old")
        report.chmod(0o640)
        result = run("audit", "--json", "-o", report, "--root", HOSTS / "debian12-6.1-x86_64-1g")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        self.assertIn('"tuner/audit/1"', report.read_text())
        self.assertEqual(stat.S_IMODE(report.stat().st_mode), 0o640)
        self.assertEqual(os.listdir(self.directory), ["report.json"])

    def test_follows_a_link(self):
        target = self.directory / "target"
        target.write_text("old")
        (self.directory / "link").symlink_to(target)
        run("audit", "-o", self.directory / "link", "--root", HOSTS / "debian12-6.1-x86_64-1g")
        self.assertTrue((self.directory / "link").is_symlink())
        self.assertIn("Nothing is wrong", target.read_text())

    def test_a_full_device_is_a_failure(self):
        result = run("audit", "-o", "/dev/full", "--root", HOSTS / "debian12-6.1-x86_64-1g")
        self.assertEqual(result.returncode, 1)
        self.assertIn("No space left", result.stderr)


if __name__ == "__main__":
    unittest.main()
