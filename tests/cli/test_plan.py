"""diff, recommend, bdp and resolved profiles, as scripts and people use them."""

import json
import unittest

from support import HOSTS, SOURCE, Scratch, audit, findings, on_terminal, run, validate

HOST = HOSTS / "debian12-6.1-x86_64-1g"
PAGES = HOSTS / "debian12-6.1-ppc64le-2g-64k-pages"


def document_of(command, *arguments, **options):
    """The exit status and the validated JSON document of a command."""
    result = run(command, "--json", *arguments, **options)
    document = json.loads(result.stdout)
    validate(document, command)
    return result.returncode, document


def wanted(document):
    return {change["key"]: change["wanted"] for change in document["changes"]}


class Diff(Scratch):
    def test_every_profile_on_every_host(self):
        for profile in (SOURCE / "profiles").iterdir():
            for host in sorted(HOSTS.iterdir()):
                if host.is_dir():
                    status, document = document_of("diff", "--profile", profile.stem, "--root", host)
                    self.assertEqual(status, 2 if document["changes"] else 0)
                    self.assertEqual(document["changed"], bool(document["changes"]))

    def test_inputs_give_other_values(self):
        status, document = document_of("diff", "--profile", "bulk", "--root", HOST, "--input",
                                       "rtt=100ms", "--input", "bandwidth=2.5Gbit")
        self.assertEqual(status, 2)
        self.assertEqual(wanted(document)["net.ipv4.tcp_rmem"], "4096 131072 62500000")
        self.assertEqual(document["profile"]["inputs"]["bandwidth"], "2.5Gbit")
        change = [one for one in document["changes"] if one["key"] == "net.ipv4.tcp_rmem"][0]
        self.assertEqual(change["default"], "4096 131072 6291456")
        self.assertEqual(change["running"], "4096 131072 6291456")
        self.assertEqual(change["boot"], "4096 131072 6291456")
        self.assertIn("tcp_adv_win_scale", change["derivation"])
        _, audited = audit("--profile", "bulk", "--root", HOST, "--input", "rtt=100ms", "--input",
                           "bandwidth=2.5Gbit")
        self.assertEqual(audited["profile"]["inputs"]["rtt"], "100ms")
        below = findings(audited, id="value-below-profile", key="net.ipv4.tcp_rmem")[0]
        self.assertEqual(below["wanted"], "4096 131072 62500000")

    def test_shows_the_four_values_side_by_side_with_units(self):
        result = on_terminal("diff", "--profile", "bulk", "--root", HOST)
        self.assertEqual((result.returncode, result.stderr), (2, ""))
        self.assertRegex(result.stdout, r"default +boot +running +wanted")
        self.assertRegex(result.stdout,
                         r"net.ipv4.tcp_rmem\n  max, bytes +6291456 +6291456 +6291456 +50000000  "
                         r"47.7 MiB\n")
        self.assertNotIn("Why:", result.stdout)
        self.assertIn("above the limit of tcp_mem and the memory of the host", " ".join(
            result.stdout.split()))
        reasons = on_terminal("diff", "--profile", "bulk", "--root", HOST, "-v").stdout
        for label in ("Why:", "Derivation:", "Source:", "Cost:", "From: profile bulk"):
            self.assertIn(label, reasons)
        for line in (result.stdout + reasons).splitlines():
            self.assertTrue(len(line) <= 80 or " " not in line.strip() or "/" in line, line)
        quiet = run("diff", "--profile", "bulk", "--root", HOST, "-q").stdout
        self.assertEqual(quiet, "6 keys differ. Reasons: -v.\n")

    def test_an_empty_list_is_a_value(self):
        root = self.tree(files={"records/tcp": "listen 0.0.0.0:8080 0.0.0.0:0 wq=128 inode=7\n"})
        _, document = document_of("diff", "--profile", "proxy", "--root", root)
        change, = [each for each in document["changes"]
                   if each["key"] == "net.ipv4.ip_local_reserved_ports"]
        self.assertEqual((change["default"], change["boot"], change["running"]), ("", "", ""))
        text = " ".join(run("diff", "--profile", "proxy", "--root", root).stdout.split())
        self.assertIn("default: empty boot: empty running: empty wanted: 8080", text)

    def test_nothing_differs(self):
        mine = self.profile('[sysctl."net.core.somaxconn"]\nat_least = 4096\nwhy = "x"\n')
        result = run("diff", "--profile", mine, "--root", HOST)
        self.assertEqual(result.returncode, 0)
        self.assertTrue(result.stdout.endswith("\nNothing differs.\n"), result.stdout)
        self.assertEqual(document_of("diff", "--profile", mine, "--root", HOST)[1]["changes"], [])

    def test_what_could_not_be_judged_is_incomplete(self):
        mine = self.profile('[sysctl."net.core.rmem_max"]\nat_least = "memory / 64"\nwhy = "x"\n')
        status, document = document_of("diff", "--profile", mine, "--root",
                                       self.tree(files={"proc/meminfo": None}))
        self.assertEqual(status, 3)
        self.assertEqual(document["obstacles"][0]["key"], "net.core.rmem_max")

    def test_what_differs_and_cannot_be_set_here_differs_all_the_same(self):
        mine = self.profile('[sysctl."net.ipv4.tcp_mem"]\nuntouched = true\nwhy = "x"\n')
        root = self.tree(files={"proc/sys/net/ipv4/tcp_mem": "100 200 300\n"})
        status, document = document_of("diff", "--profile", mine, "--root", root)
        self.assertEqual((status, document["changes"]), (2, []))
        self.assertIs(document["obstacles"][0]["differs"], True)
        self.assertEqual(run("diff", "--profile", mine, "--root", root, "-q").stdout,
                         "1 key differs and cannot be set here.\n")

    def test_pages_and_bytes(self):
        mine = self.profile('[sysctl."net.ipv4.tcp_mem"]\n'
                            'at_least = ["-", "-", "memory / 8"]\nwhy = "x"\n')
        _, document = document_of("diff", "--profile", mine, "--root", PAGES)
        self.assertEqual(wanted(document)["net.ipv4.tcp_mem"], "1461 1950 3979")
        self.assertEqual(document["changes"][0]["sizes"]["wanted"][2], "3979 pages (248.7 MiB)")

    def test_misuse(self):
        for words in (["diff"], ["diff", "--input", "rtt=1ms"],
                      ["diff", "--profile", "bulk", "--input", "rtt"],
                      ["diff", "--profile", "bulk", "--input", "rtt=5"],
                      ["diff", "--profile", "bulk", "--input", "rtx=5ms"],
                      ["audit", "--input", "rtt=1ms"]):
            result = run(*words)
            self.assertEqual((result.returncode, result.stdout), (64, ""), words)
            self.assertGreaterEqual(len(result.stderr.splitlines()), 2, result.stderr)
        status, document = document_of("diff")
        self.assertEqual(status, 64)
        self.assertIn("profile", document["errors"][0]["message"])


class Resolved(Scratch):
    def test_it_is_a_profile_and_stays_what_it_is(self):
        for name in ("proxy", "bulk"):
            for host in (HOST, PAGES):
                shown = run("profile", "show", name, "--resolved", "--root", host, "--input",
                            "rtt=77ms").stdout
                self.assertIn('# given on the command line\n[inputs.rtt]\ndefault = "77ms"', shown)
                path = self.directory / f"{name}.toml"
                path.write_text(shown)
                self.assertEqual(run("profile", "validate", path).returncode, 0)
                strip = lambda text: [line for line in text.splitlines() if not line.startswith("#")]
                again = run("profile", "show", path, "--resolved", "--root", host).stdout
                self.assertEqual(strip(again), strip(shown))
                plans = [wanted(document_of("diff", "--profile", profile, "--root", host, "--input",
                                            "rtt=77ms")[1]) for profile in (name, path)]
                self.assertEqual(plans[0], plans[1])

    def test_it_says_where_each_value_is_from(self):
        shown = run("profile", "show", "proxy", "--resolved", "--root",
                    HOSTS / "linux-6.18-x86_64-24g").stdout
        self.assertIn('# from base, by way of proxy > web\n[sysctl."net.core.somaxconn"]', shown)
        self.assertIn("this kernel's default is larger and is kept: 4096 131072 33554432", shown)
        self.assertIn("max(16MiB, receive_buffer(bdp)) is 16 MiB; bdp is 2.5 MB, 1Gbit for 20ms",
                      shown)

    def test_a_site_profile_overrides_one_value_of_a_shipped_one(self):
        mine = self.profile('include = ["web"]\n[sysctl."net.core.somaxconn"]\nat_least = 9000\n'
                            'why = "the sale on Friday"\n')
        shown = run("profile", "show", mine, "--resolved", "--root", HOST).stdout
        self.assertIn('# from mine; replaces base\n[sysctl."net.core.somaxconn"]\nat_least = 9000',
                      shown)
        self.assertIn("# from web, by way of mine\n", shown)
        _, document = document_of("diff", "--profile", mine, "--root", HOST)
        self.assertEqual(wanted(document)["net.core.somaxconn"], "9000")
        status, shown = document_of("profile", "show", mine, "--resolved", "--root", HOST)
        self.assertEqual(status, 0)
        somaxconn = [one for one in shown["demands"] if one["key"] == "net.core.somaxconn"][0]
        self.assertEqual((somaxconn["chain"], somaxconn["replaces"]), (["mine"], ["base"]))

    def test_its_options_go_with_it_alone(self):
        for words in (["show", "web", "--root", HOST], ["list", "--resolved"],
                      ["show", "web", "--input", "rtt=1ms"]):
            self.assertEqual(run("profile", *words).returncode, 64, words)


class Bdp(unittest.TestCase):
    def test_the_source_documents_examples(self):
        for bandwidth, rtt, size, count in (("100Mbit", "2s", "25 MB", 25000000),
                                            ("40Mbit", "40ms", "0.2 MB", 200000)):
            result = run("bdp", "--bandwidth", bandwidth, "--rtt", rtt, "--root", HOST)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue(result.stdout.startswith(size + " are in flight"), result.stdout)
            _, document = document_of("bdp", "--bandwidth", bandwidth, "--rtt", rtt, "--root", HOST)
            self.assertEqual(document["bdp_bytes"], count)

    def test_says_what_the_present_settings_allow(self):
        _, document = document_of("bdp", "--bandwidth", "1Gbit", "--rtt", "100ms", "--root", HOST)
        self.assertEqual(document["window_scale"], 8)
        self.assertEqual(document["receive"]["wanted_bytes"], 25000000)
        self.assertEqual(document["receive"]["running_bytes"], 6291456)
        self.assertEqual(document["receive"]["limit_bits_per_second"], 251658240)
        text = run("bdp", "--bandwidth", "1Gbit", "--rtt", "100ms", "--root", HOST).stdout
        self.assertIn("limit this path to about receiving 251.66 Mbit/s and sending 223.7 ",
                      " ".join(text.split()))
        text = run("bdp", "--bandwidth", "10Mbit", "--rtt", "10ms", "--root", HOST).stdout
        self.assertIn("The current settings fill the path.", text)

    def test_the_largest_window_is_the_end_of_one_connection(self):
        _, document = document_of("bdp", "--bandwidth", "400Gbit", "--rtt", "1s", "--root", HOST)
        self.assertIs(document["beyond_windows"], True)
        self.assertEqual(document["receive"]["wanted_bytes"], 2**31 - 1)
        text = run("bdp", "--bandwidth", "400Gbit", "--rtt", "1s", "--root", HOST).stdout
        self.assertIn("1,073,725,440", text)

    def test_misuse(self):
        for words in ([], ["--bandwidth", "1Gbit"], ["--bandwidth", "0Gbit", "--rtt", "1s"],
                      ["--bandwidth", "1Gbit", "--rtt", "5"], ["--bandwidth", "5s", "--rtt", "1s"]):
            result = run("bdp", *words)
            self.assertEqual((result.returncode, result.stdout), (64, ""), words)
            self.assertGreaterEqual(len(result.stderr.splitlines()), 2, result.stderr)


class Recommend(Scratch):
    def counted(self, opened, accepted):
        snmp = (HOST / "proc/net/snmp").read_text().splitlines()
        place = [line.startswith("Tcp:") for line in snmp].index(True)
        names, numbers = snmp[place].split(), snmp[place + 1].split()
        numbers[names.index("ActiveOpens")] = str(opened)
        numbers[names.index("PassiveOpens")] = str(accepted)
        snmp[place + 1] = " ".join(numbers)
        return self.tree(files={"proc/net/snmp": "\n".join(snmp) + "\n"})

    def test_an_audit_without_a_profile_ends_with_the_same_line(self):
        root = self.counted(9000, 11000)
        status, document = document_of("recommend", "--root", root)
        self.assertEqual((status, document["profile"], document["confidence"]),
                         (0, "proxy", "medium"))
        text = " ".join(run("recommend", "--root", root).stdout.split())
        line = f"Profile proxy fits this host (confidence medium): {document['reason']}."
        self.assertIn(line, text)
        self.assertIn("Tcp.ActiveOpens 9000", text)
        self.assertTrue(text.endswith(f"tuner diff --root {root} --profile proxy"), text)
        audited = " ".join(run("audit", "-v", "--root", root).stdout.split())
        self.assertTrue(audited.endswith(line), audited)
        with_profile = run("audit", "-v", "--root", root, "--profile", "web").stdout
        self.assertNotIn("fits this host", with_profile)

    def test_it_says_when_it_cannot_tell(self):
        status, document = document_of("recommend", "--root", HOST)
        self.assertEqual((status, document["profile"], document["confidence"]), (0, None, "none"))
        self.assertIn("Cannot tell", run("recommend", "--root", HOST).stdout)
        root = self.tree(files={"proc/net/snmp": None})
        status, document = document_of("recommend", "--root", root)
        self.assertEqual((status, document["profile"]), (3, None))
        self.assertIn("/proc/net/snmp is absent", document["reason"])
        (root / "proc/net/tcp").write_text("header\nnonsense\n")
        (root / "proc/net/snmp").write_text((HOST / "proc/net/snmp").read_text())
        status, document = document_of("recommend", "--root", root)
        self.assertEqual(status, 3)
        self.assertIn("unknown", [item["value"] for item in document["evidence"]])


if __name__ == "__main__":
    unittest.main()
