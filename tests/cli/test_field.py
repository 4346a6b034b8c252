"""Cases that people reported in the field, each an example of its kind: tests/field."""

import json
import shutil
import socket
import struct
import unittest

from support import HOSTS, SOURCE, Scratch, audit, findings, run

FIELD = SOURCE / "tests/field"


def endpoint(address, port):
    """As /proc/net/tcp has it."""
    return f"{struct.unpack('<I', socket.inet_aton(address))[0]:08X}:{port:04X}"


class Field(Scratch):
    def case(self, name, host):
        """A captured host with the files of the case over it."""
        root = self.directory / name
        shutil.copytree(HOSTS / host, root)
        shutil.copytree(FIELD / name, root, dirs_exist_ok=True)
        return root

    def lint(self, *arguments):
        document = json.loads(run("lint", "--format", "json", *arguments).stdout)
        return [(finding["location"]["file"].rpartition("/")[2], finding["location"]["line"],
                 finding["id"]) for finding in document["findings"]]

    def test_01_bbr_is_a_module(self):
        root = self.case("01-bbr-called-missing", "debian13-6.12-x86_64-4g")
        _, document = audit("--root", root)
        about = findings(document, status="fail", key="net.ipv4.tcp_congestion_control")
        self.assertEqual([finding["message"] for finding in about],
                         ["It is cubic now and will be bbr after a boot, from /etc/sysctl.d/99-bbr.conf:2."])
        shutil.rmtree(root / "lib/modules")
        _, document = audit("--root", root)
        about = findings(document, key="net.ipv4.tcp_congestion_control",
                         id="boot-differs-from-running")
        self.assertEqual([finding["status"] for finding in about], ["unknown"])

    def test_02_node_ports_have_no_listener(self):
        root = self.case("02-nodeports-in-port-range", "linux-6.18-x86_64-24g")
        _, document = audit("--root", root, "--profile", "proxy")
        fix = findings(document, id="port-range-narrow")[0]["fix"]["text"]
        self.assertIn("10250,10256,30000-32767 reserved", fix)
        shown = run("diff", "--root", root, "--profile", "proxy").stdout
        self.assertIn("10250,10256,30000-32767", shown)

    def test_03_a_packaged_file_may_be_overridden(self):
        root = self.case("03-vendor-file-overridden", "debian13-6.12-x86_64-4g")
        status, document = audit("--root", root)
        self.assertEqual((status, findings(document, status="fail")), (0, []))
        self.assertEqual(self.lint("--root", root), [])

    def test_04_reverse_path_filter(self):
        root = self.case("04-rp-filter-drops", "debian12-6.1-x86_64-1g")
        status, document = audit("--root", root)
        self.assertEqual(status, 2)
        about = findings(document, status="fail")[0]
        self.assertEqual(about["id"], "reverse-path-drops")
        self.assertIn("rp_filter = 2", about["fix"]["text"])
        self.assertIn("Not 0 for all", about["fix"]["text"])

    def test_06_no_number_in_keys_without_a_fact(self):
        found = self.lint(FIELD / "06-no-number-in-keys-without-a-fact/99-router.conf",
                          "--kernel", "6.18")
        self.assertEqual(found, [("99-router.conf", line, "value-refused") for line in range(1, 7)])

    def test_07_newer_than_the_kernel(self):
        file = FIELD / "07-newer-than-the-kernel/90-web.conf"
        found = self.lint(file, "--kernel", "3.10")
        self.assertEqual([line for _, line, name in found if name == "key-newer-than-kernel"],
                         [1, 2, 3, 4, 5, 6])
        self.assertEqual([line for _, line, name in found if name == "value-refused"], [7, 8])
        found = self.lint(file, "--kernel", "4.4")
        self.assertEqual([line for _, line, _ in found], [1, 3, 4, 5, 8])
        self.assertEqual(self.lint(file, "--kernel", "6.18"), [])

    def test_09_ufw_has_its_own_file(self):
        root = self.case("09-ufw-has-its-own-file", "debian13-6.12-x86_64-4g")
        shown = " ".join(run("boot", "--root", root).stdout.split())
        self.assertIn("ufw sets it to 0 (/etc/ufw/sysctl.conf:2) after that.", shown)
        _, document = audit("--root", root)
        about = findings(document, status="fail", key="net.ipv4.conf.all.accept_redirects")
        self.assertEqual([finding["severity"] for finding in about], ["info"])
        self.assertIn("but ufw sets it to 0 later (/etc/ufw/sysctl.conf:2)",
                      about[0]["message"])
        self.assertIn("point IPT_SYSCTL", about[0]["fix"]["text"])
        (root / "etc/ufw/ufw.conf").write_text("ENABLED=no\n")
        _, document = audit("--root", root)
        about = findings(document, status="fail", key="net.ipv4.conf.all.accept_redirects")
        self.assertIn("It is 0 now and will be 1 after a boot", about[0]["message"])

    def test_11_kube_proxy_owns_conntrack(self):
        root = self.case("11-kube-proxy-owns-conntrack-max", "linux-6.18-x86_64-24g")
        _, document = audit("--root", root)
        full = findings(document, id="conntrack-table-near-full")[0]
        self.assertIn("kube-proxy sets this key", full["fix"]["text"])
        self.assertEqual(full["fix"]["kind"], "application")
        boot = findings(document, id="boot-differs-from-running")[0]
        self.assertNotIn("after a boot", boot["message"])
        self.assertIn("kube-proxy sets it", run("boot", "--root", root).stdout)

    def test_12_ports_bound_before_connect(self):
        root = self.case("12-ports-bound-before-connect", "debian12-6.1-x86_64-1g")
        lines = ["  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"
                 "   uid  timeout inode"]
        for index in range(28100):
            local = endpoint("10.0.0.5", 32768 + index)
            remote = endpoint(f"10.0.1.{1 + index % 10}", 8080)
            state = 1 if index % 3 else 6
            lines.append(f"{index % 9999:4}: {local} {remote} {state:02X} 00000000:00000000 "
                         f"00:00000000 00000000     0        0 {1000 + index} 1 "
                         "0000000000000000 100 0 0 10 0")
        (root / "proc/net/tcp").write_text("\n".join(lines) + "\n")
        _, document = audit("--root", root)
        about = findings(document, status="fail")
        self.assertEqual([finding["id"] for finding in about], ["ports-bound-before-connect"])
        self.assertIn("28,100 of its 28,232 local ports", about[0]["message"])
        self.assertIn("IP_BIND_ADDRESS_NO_PORT", about[0]["fix"]["text"])
        peers = run("sockets", "--root", root, "--by", "peer").stdout.splitlines()
        first = next(line for line in peers if "10.0.1.1:8080" in line)
        self.assertIn("132", first.split())

    def test_14_not_a_sysctl_file(self):
        directory = FIELD / "14-not-a-sysctl-file"
        for name in ("playbook.yml", "tasks.sh", "compose.yml", "pod.yaml", "talos.yaml",
                     "configuration.nix", "tuned.conf"):
            self.assertEqual([finding[2] for finding in self.lint(directory / name)],
                             ["not-a-sysctl-file"], name)
        self.assertEqual(self.lint(directory / "90-app.conf.j2", "--kernel", "6.18"),
                         [("90-app.conf.j2", 6, "key-removed-from-kernel")])

    def test_16_fragments_lost(self):
        root = self.case("16-fragments-lost", "debian12-6.1-x86_64-1g")
        _, document = audit("--root", root)
        lost = findings(document, id="fragments-lost")[0]
        self.assertEqual((lost["status"], lost["severity"]), ("fail", "error"))
        self.assertIn("262,000 of 262,144", lost["message"])
        self.assertIn("4194304", lost["fix"]["text"])
        self.assertEqual([(line, name) for _, line, name in self.lint("--root", root)],
                         [(1, "value-below-kernel-default"), (2, "value-below-kernel-default")])
        page = run("explain", "net.ipv4.ipfrag_high_thresh", "--root", root).stdout
        self.assertIn("4194304", page)

    def test_18_rp_filter_off_on_purpose(self):
        root = self.case("18-rp-filter-off-on-purpose", "debian12-6.1-x86_64-1g")
        self.assertEqual(self.lint("--root", root), [])

    def test_20_files_that_nobody_reads(self):
        root = self.case("20-files-that-nobody-reads", "debian13-6.12-x86_64-4g")
        _, document = audit("--root", root)
        about = findings(document, id="file-never-applied", status="fail")
        self.assertEqual([finding["subject"] for finding in about],
                         ["/etc/sysctl.conf", "/etc/sysctl.d/99-tuning"])
        shown = run("boot", "--root", root).stdout
        self.assertIn("/etc/sysctl.conf:1 is not applied at boot", shown)
        self.assertIn("/etc/sysctl.d/99-tuning.conf", shown)


if __name__ == "__main__":
    unittest.main()
