"""boot: which file wins, for both readers, as scripts and people use it."""

import os
import shutil
import unittest

from support import HOSTS, Scratch, on_terminal, run
from test_plan import document_of

FILES = {
    "usr/lib/sysctl.d/50-default.conf": "net.core.somaxconn = 4096\nnet.ipv4.tcp_fin_timeout=15\n",
    "etc/sysctl.d/90-x.conf": "# ours\nnet.ipv4.tcp_fin_timeout=30\n"
                              "net.ipv4.ip_local_port_range = 1000 65535\n"
                              "net.netfilter.nf_conntrack_max=262144\nno assignment\n",
    "etc/sysctl.conf": "net.ipv4.tcp_fin_timeout=20\n",
    "var/lib/dpkg/status": "Package: procps\nStatus: install ok installed\nVersion: 2:4.0.2-3\n\n"
                           "Package: systemd\nStatus: install ok installed\n"
                           "Version: 252.39-1~deb12u2\n\n"
                           "Package: old\nStatus: deinstall ok config-files\nVersion: 1\n",
}


def by_key(document):
    return {entry["key"]: entry for entry in document["keys"]}


class Boot(Scratch):
    def document(self, *arguments, files=None):
        shutil.rmtree(self.directory / "root", ignore_errors=True)
        root = self.tree(files=FILES if files is None else files)
        return document_of("boot", "--root", root, *arguments)

    def test_names_winner_losers_and_what_runs(self):
        status, document = self.document()
        self.assertEqual(status, 0)
        entry = by_key(document)["net.ipv4.tcp_fin_timeout"]
        self.assertEqual(entry["running"], "60")
        self.assertEqual(entry["systemd"], {"value": "30", "file": "/etc/sysctl.d/90-x.conf",
                                            "line": 2, "error": None})
        self.assertEqual(entry["procps"], {"value": "20", "file": "/etc/sysctl.conf", "line": 1,
                                           "error": None})
        self.assertEqual(entry["shadowed"], [{"file": "/usr/lib/sysctl.d/50-default.conf",
                                              "line": 2, "value": "15", "hidden_by": None}])
        self.assertEqual((entry["readers_agree"], entry["differs_from_running"]), (False, True))
        same = by_key(document)["net.core.somaxconn"]
        self.assertEqual((same["readers_agree"], same["differs_from_running"]), (True, False))

    TUNED = {"run/tuned/tuned.pid": "77\n", "etc/tuned/active_profile": "mine\n",
             "proc/77/cmdline": "/usr/bin/python3\0/usr/sbin/tuned\0",
             "usr/lib/tuned/mine/tuned.conf": "[sysctl]\nnet.ipv4.tcp_fin_timeout = 20\n",
             "usr/lib/sysctl.d/50-default.conf": "net.ipv4.tcp_fin_timeout = 15\n"}

    def owner(self, more):
        """What tuner boot says of the program that sets the key later."""
        shutil.rmtree(self.directory / "root", ignore_errors=True)
        root = self.tree(files={**self.TUNED, **more})
        return run("boot", "--root", root, "tcp_fin_timeout").stdout

    def test_tuned_has_the_last_word_unless_the_administrator_has(self):
        ours = {"etc/sysctl.d/90-x.conf": "net.ipv4.tcp_fin_timeout = 40\n"}
        off = {"etc/tuned/tuned-main.conf": "daemon = 1\nreapply_sysctl = 0  # ours\n"}
        self.assertIn("TuneD, profile mine sets it to 20 (/usr/lib/tuned/mine/tuned.conf:2)", self.owner({}))
        self.assertNotIn("TuneD", self.owner(ours))
        self.assertIn("TuneD, profile mine sets it to 20 (/usr/lib/tuned/mine/tuned.conf:2)", self.owner({**ours, **off}))

    def test_a_failure_that_a_dash_expects_is_no_warning(self):
        root = self.tree(files={"etc/sysctl.d/90-x.conf": "-net.ipv4.nosuch = 1\n"
                                                          "net.ipv4.norsuch = 1\n"})
        _, document = document_of("audit", "--root", root)
        told = {finding["key"]: finding["severity"] for finding in document["findings"]
                if finding["id"] == "boot-differs-from-running" and finding["status"] == "fail"}
        self.assertEqual(told, {"net.ipv4.nosuch": "info", "net.ipv4.norsuch": "warning"})

    def test_a_vendors_file_is_copied_and_not_edited(self):
        root = self.tree(files={"usr/lib/sysctl.d/60-app.conf": "net.ipv4.tcp_fin_timeout = 30\n"})
        text = run("audit", "--root", root).stdout
        self.assertIn("Copy /usr/lib/sysctl.d/60-app.conf to /etc/sysctl.d/60-app.conf and change line 1",
                      " ".join(text.split()))

    def test_says_why_a_value_is_not_taken(self):
        keys = by_key(self.document()[1])
        ports = keys["net.ipv4.ip_local_port_range"]
        for reader in ("systemd", "procps"):
            self.assertIsNone(ports[reader]["value"])
            self.assertIn("ip_unprivileged_port_start, 1024", ports[reader]["error"])
        conntrack = keys["net.netfilter.nf_conntrack_max"]
        self.assertIsNone(conntrack["systemd"]["value"])
        self.assertIn("module nf_conntrack", conntrack["late"])
        loaded = self.document(files={**FILES, "etc/modules-load.d/f.conf": "nf_conntrack\n"})[1]
        self.assertIsNone(by_key(loaded)["net.netfilter.nf_conntrack_max"]["late"])

    def test_procps_keeps_what_stood_before_a_refused_line(self):
        """It writes each line in turn; systemd-sysctl writes the last one alone."""
        _, document = self.document(files={
            "etc/sysctl.d/10-a.conf": "net.ipv4.ip_default_ttl = 99\n",
            "etc/sysctl.d/20-b.conf": "net.ipv4.ip_default_ttl = 256\n"})
        entry = by_key(document)["net.ipv4.ip_default_ttl"]
        self.assertEqual(entry["procps"]["value"], "99")
        self.assertEqual(entry["procps"]["file"], "/etc/sysctl.d/10-a.conf")
        self.assertIsNone(entry["systemd"]["value"])
        self.assertFalse(entry["readers_agree"])

    def test_detects_and_takes_other_versions(self):
        readers = [(one["name"], one["installed"]) for one in self.document()[1]["readers"]]
        self.assertEqual(readers, [("systemd-252", "252.39-1~deb12u2"),
                                   ("procps-4.0.2", "2:4.0.2-3")])
        asked = self.document("--reader", "systemd-262", "--reader", "procps-4.0.7")[1]
        self.assertEqual([one["name"] for one in asked["readers"]], ["systemd-262", "procps-4.0.7"])
        nearest = self.document("--reader", "systemd-259.1")[1]
        self.assertEqual(nearest["readers"][0]["name"], "systemd-257")

    def test_versions_differ_where_it_shows(self):
        files = {"etc/sysctl.d/a.conf":
                 "net.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.l*.rp_filter\n"}
        old = by_key(self.document("--reader", "procps-4.0.4", files=files)[1])
        new = by_key(self.document("--reader", "procps-4.0.7", files=files)[1])
        self.assertEqual(old["net.ipv4.conf.lo.rp_filter"]["procps"]["value"], "2")
        self.assertIsNone(new["net.ipv4.conf.lo.rp_filter"]["procps"])
        self.assertEqual(new["net.ipv4.conf.all.rp_filter"]["procps"]["value"], "2")

    def test_files_instead_of_directories(self):
        document = self.document("--file", "/etc/sysctl.conf", "--file", "/etc/sysctl.d/90-x.conf")[1]
        entry = by_key(document)["net.ipv4.tcp_fin_timeout"]
        self.assertEqual((entry["systemd"]["value"], entry["procps"]["value"]), ("30", "30"))
        self.assertNotIn("net.core.somaxconn", by_key(document))
        self.assertEqual(document["readers"][1]["status"], 1)

    def test_a_hidden_or_excluded_line_is_named_when_asked_for(self):
        files = {"usr/lib/sysctl.d/50-x.conf": "net.core.somaxconn=1024\n",
                 "etc/sysctl.d/50-x.conf": "# nothing\n"}
        self.assertNotIn("net.core.somaxconn", by_key(self.document(files=files)[1]))
        hidden = by_key(self.document("somaxconn", files=files)[1])["net.core.somaxconn"]
        self.assertEqual(hidden["shadowed"], [{"file": "/usr/lib/sysctl.d/50-x.conf", "line": 1,
                                               "value": "1024",
                                               "hidden_by": "/etc/sysctl.d/50-x.conf"}])
        files = {"etc/sysctl.d/a.conf": "net.core.somaxconn=1024\n",
                 "etc/sysctl.d/b.conf": "-net.core.somaxconn\n"}
        excluded = by_key(self.document(files=files)[1])["net.core.somaxconn"]
        self.assertIsNone(excluded["systemd"])
        self.assertEqual(excluded["procps"]["value"], "1024")
        self.assertEqual(excluded["excluded_by"], {"file": "/etc/sysctl.d/b.conf", "line": 1})

    def test_a_key_whose_directory_is_not_there_is_one_key(self):
        files = {"etc/sysctl.d/a.conf": "net.bridge.bridge-nf-call-iptables = 1\n"}
        document = self.document(files=files)[1]
        self.assertEqual(list(by_key(document)), ["net.bridge.bridge-nf-call-iptables"])
        entry = document["keys"][0]
        self.assertTrue(entry["readers_agree"])
        self.assertIn("br_netfilter", entry["late"])

    def test_only_the_keys_that_were_asked_for(self):
        document = self.document("net/ipv4/tcp_fin_timeout", "net.ipv4.tcp_sack")[1]
        self.assertEqual(list(by_key(document)), ["net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_sack"])
        unset = by_key(document)["net.ipv4.tcp_sack"]
        self.assertEqual((unset["running"], unset["systemd"], unset["procps"]), ("1", None, None))

    def test_a_tree_without_proc_is_read_too(self):
        root = self.directory / "bare"
        (root / "etc/sysctl.d").mkdir(parents=True)
        (root / "etc/sysctl.d/a.conf").write_text("net.ipv4.tcp_fin_timeout = 30\nvm.x = 1\n")
        status, document = document_of("boot", "--root", root)
        self.assertEqual(status, 0)
        entry = by_key(document)["net.ipv4.tcp_fin_timeout"]
        self.assertEqual((entry["running"], entry["systemd"]["value"]), (None, "30"))
        self.assertFalse(entry["differs_from_running"])

    def test_mistakes(self):
        for words, part in ((["--reader", "busybox-1"], "systemd-252"),
                            (["--reader", "systemd-252", "--reader", "systemd-257"], "one of"),
                            (["net.ipv4.tcp_fin_timeot"], "tcp_fin_timeout"), (["a b"], "net.core"),
                            (["net.ipv4.conf.*.rp_filter"], "one key")):
            result = run("boot", "--root", HOSTS / "debian12-6.1-x86_64-1g", *words)
            self.assertEqual(result.returncode, 64, words)
            self.assertIn(part, result.stderr)

    @unittest.skipIf(os.geteuid() != 0, "needs another user's eyes")
    def test_what_cannot_be_read_makes_it_incomplete(self):
        for hidden in ("etc/sysctl.conf", "etc/sysctl.d"):
            shutil.rmtree(self.directory / "root", ignore_errors=True)
            root = self.tree(files=FILES)
            os.chmod(self.directory, 0o755)
            os.chmod(root / hidden, 0)
            result = run("boot", "--root", root,
                         prefix=("setpriv", "--reuid=65534", "--clear-groups"))
            self.assertEqual(result.returncode, 3, result.stderr)
            self.assertIn(f"/{hidden} is not permitted", result.stderr)

    def test_a_file_that_is_not_there_is_a_failure(self):
        result = run("boot", "--file", self.directory / "gone.conf")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no such file", result.stdout)

    def test_text(self):
        text = on_terminal("boot", "--root", self.tree(files=FILES)).stdout
        self.assertIn("net.ipv4.tcp_fin_timeout\n  systemd: 30 (/etc/sysctl.d/90-x.conf:2)\n"
                      "  procps: 20 (/etc/sysctl.conf:1)\n"
                      "  overruled: 15 (/usr/lib/sysctl.d/50-default.conf:2)\n"
                      "  The readers disagree.\n  Running now: 60.\n", text)
        self.assertIn('90-x.conf:5: it has no "=" and is skipped.', text)
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)

    def test_diff_and_audit_know_the_boot(self):
        root = self.tree(files=FILES)
        change = [one for one in document_of("diff", "--profile", "proxy", "--root", root)[1]["changes"]
                  if one["key"] == "net.ipv4.ip_local_port_range"][0]
        self.assertIsNone(change["boot"])
        found = document_of("audit", "--root", root)[1]["findings"]
        about = [one for one in found if one["key"] == "net.ipv4.tcp_fin_timeout"
                 and one["id"] == "boot-differs-from-running"][0]
        self.assertEqual((about["running"], about["boot"]), ("60", "30"))
        self.assertEqual(about["location"], {"file": "/etc/sysctl.d/90-x.conf", "line": 2})


if __name__ == "__main__":
    unittest.main()
