"""tuner on a real kernel, in a network namespace of its own: what the counters and keys of this
kernel do, and that the facts are true of it."""

import errno
import json
import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

from support import Scratch, audit, findings, run, validate

OUTSIDE = "TUNER_TEST_OUTSIDE"  # the namespace that must not be touched
SYSCTL = Path("/proc/sys")
IP_RECVTTL = 12  # linux/in.h; the socket module does not have it
FRESH = ("unshare", "--net")  # yet another namespace, with nothing counted


def namespace():
    return os.readlink("/proc/self/ns/net")


def guard():
    """Refuses to go on in the namespace that the test was started from."""
    if os.environ[OUTSIDE] == namespace() or (SYSCTL / "net/core/netdev_max_backlog").exists():
        sys.exit("test_netns: this is not a namespace of its own")


def set_key(key, value):
    guard()
    (SYSCTL / key.replace(".", "/")).write_text(f"{value}\n")


def get_key(key):
    return " ".join((SYSCTL / key.replace(".", "/")).read_text().split())


class FreshNamespace(unittest.TestCase):
    def test_machine_wide_keys_are_skipped_and_nothing_is_invented(self):
        status, document = audit("--profile", "proxy", prefix=FRESH)
        self.assertEqual(document["host"]["netns"], "child")
        self.assertEqual(status, 2)
        for key in ("net.core.netdev_max_backlog", "net.ipv4.tcp_mem", "net.core.rmem_max"):
            about = findings(document, id="key-not-in-this-namespace", key=key)
            self.assertEqual([finding["status"] for finding in about], ["skipped"], key)
            self.assertIn("in this namespace", about[0]["message"])
        self.assertEqual(findings(document, key="net.core.netdev_max_backlog", running="1000"), [])
        self.assertEqual(findings(document, status="unknown"), [])

    def test_a_fresh_namespace_has_no_finding(self):
        _, document = audit(prefix=FRESH)
        failed = {finding["id"] for finding in findings(document, status="fail")}
        # These counters are the machine's in every namespace, and this machine has worked.
        self.assertEqual(failed - {"nic-backlog-drops", "nic-budget-squeezed"}, set())


class Placed(unittest.TestCase):
    def test_every_counter_of_this_kernel_is_judged_or_the_reason_is_told(self):
        names = []
        for file in ("netstat", "snmp"):
            lines = [line.split() for line in (Path("/proc/net") / file).read_text().splitlines()]
            names += [group[0].rstrip(":") + "." + name for group in lines[::2]
                      for name in group[1:]]
        names += [line.split()[0].replace("6", "6.", 1)
                  for line in Path("/proc/net/snmp6").read_text().splitlines()]
        self.assertGreater(len(names), 300)
        validate(json.loads(run("explain", names[0], "--json").stdout), "explain")
        for name in names:
            document = json.loads(run("explain", name, "--json").stdout)
            self.assertTrue(document.get("judged_by") or document.get("reason"), name)


class Contradictions(unittest.TestCase):
    def test_reuse_without_timestamps(self):
        before = {key: get_key(key) for key in ("net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps")}
        set_key("net.ipv4.tcp_tw_reuse", 1)
        set_key("net.ipv4.tcp_timestamps", 0)
        _, document = audit()
        self.assertEqual(findings(document, status="fail", severity="error",
                                  id="tcp-tw-reuse-without-timestamps")[0]["running"], "1")
        for key, value in before.items():
            set_key(key, value)


class Counters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        guard()
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    def listener(self, backlog):
        server = socket.socket()
        self.addCleanup(server.close)
        server.bind(("127.0.0.1", 0))
        server.listen(backlog)
        return server

    def client(self):
        client = socket.socket()
        self.addCleanup(client.close)
        return client

    def test_a_full_accept_queue(self):
        server = self.listener(1)
        for _ in range(8):
            client = self.client()
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        _, document = audit()
        finding = findings(document, id="listen-queue-overflow")[0]
        self.assertEqual(finding["status"], "fail")
        self.assertGreater(int(finding["evidence"][0]["value"]), 0)
        self.assertIn("this network namespace began", finding["evidence"][0]["meaning"])

    def test_a_full_time_wait_table(self):
        server = self.listener(64)
        before = get_key("net.ipv4.tcp_max_tw_buckets")
        set_key("net.ipv4.tcp_max_tw_buckets", 2)
        for _ in range(40):
            client = self.client()
            client.connect(server.getsockname())
            accepted, _ = server.accept()
            client.close()
            accepted.close()
        _, document = audit()
        set_key("net.ipv4.tcp_max_tw_buckets", before)
        finding = findings(document, id="time-wait-table-overflow")[0]
        self.assertEqual((finding["status"], finding["severity"]), ("fail", "error"))
        self.assertTrue(findings(document, id="tcp-max-tw-buckets-lowered", status="fail"))

    def test_datagrams_lost_by_an_ipv6_socket_that_is_gone(self):
        receiver = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
        receiver.bind(("::1", 0))
        sender = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        for _ in range(1000):
            sender.sendto(b"x" * 200, receiver.getsockname())
        receiver.close()
        _, document = audit()
        finding = findings(document, id="udp-receive-errors")[0]
        self.assertEqual((finding["status"], finding["severity"]), ("fail", "error"))
        lost = {item["name"]: int(item["value"]) for item in finding["evidence"]}
        self.assertGreater(lost["Udp6.RcvbufErrors"], 900)

    def test_linger_zero(self):
        server = self.listener(8)
        client = self.client()
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        self.addCleanup(accepted.close)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
        _, document = audit()
        finding = findings(document, id="abortive-close-in-use")[0]
        self.assertEqual(finding["fix"]["kind"], "application")
        self.assertIn("not a sysctl problem", finding["message"])


class Plans(Scratch):
    """A plan is written to the kernel in its order; then nothing differs any more."""

    def listen(self, port, kind=socket.SOCK_STREAM):
        service = socket.socket(socket.AF_INET, kind)
        self.addCleanup(service.close)
        service.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            service.listen()

    def plan(self, *arguments):
        result = run("diff", "--json", *arguments)
        self.assertIn(result.returncode, (0, 2), result.stderr)
        return json.loads(result.stdout)

    def carry_out(self, *arguments):
        changes = self.plan(*arguments)["changes"]
        for change in changes:
            before = get_key(change["key"])
            self.assertEqual(before, change["running"])
            self.addCleanup(set_key, change["key"], before or "\n")
            set_key(change["key"], change["wanted"])
            self.assertEqual(get_key(change["key"]), change["wanted"])
        self.assertEqual(self.plan(*arguments)["changes"], [])
        return {change["key"]: change["wanted"] for change in changes}

    @classmethod
    def setUpClass(cls):
        guard()
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    def test_the_kernel_takes_every_value(self):
        for profile in ("proxy", "bulk"):
            wanted = self.carry_out("--profile", profile, "--input", "rtt=150ms")
            self.assertIn("net.ipv4.tcp_wmem", wanted)
            self.doCleanups()

    def test_widening_takes_no_port_that_something_listens_on(self):
        self.listen(8080)
        self.listen(51820, socket.SOCK_DGRAM)
        set_key("net.ipv4.ip_local_reserved_ports", "8079,9000-9001")
        self.addCleanup(set_key, "net.ipv4.ip_local_reserved_ports", "\n")
        wanted = self.carry_out("--profile", "proxy")
        self.assertEqual(list(wanted)[-3:-1] if "net.ipv4.tcp_tw_reuse" in wanted
                         else list(wanted)[-2:],
                         ["net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_local_port_range"])
        self.assertEqual(wanted["net.ipv4.ip_local_reserved_ports"], "8079-8080,9000-9001,51820")

    def test_the_range_begins_where_the_kernel_lets_it(self):
        before = get_key("net.ipv4.ip_unprivileged_port_start")
        set_key("net.ipv4.ip_unprivileged_port_start", 3000)
        self.addCleanup(set_key, "net.ipv4.ip_unprivileged_port_start", before)
        with self.assertRaises(OSError):
            set_key("net.ipv4.ip_local_port_range", "1024 65535")
        self.assertEqual(self.carry_out("--profile", "proxy")["net.ipv4.ip_local_port_range"],
                         "3000 65535")

    def test_what_the_kernel_resets_is_written_after_it(self):
        mine = self.profile("".join(f'[sysctl."{key}"]\nexactly = {value}\nwhy = "x"\n'
                                    for key, value in (
            ("net.ipv4.conf.all.accept_redirects", 1), ("net.ipv4.ip_forward", 1),
            ("net.ipv6.conf.lo.disable_ipv6", 0), ("net.ipv6.conf.all.disable_ipv6", 1),
            ("net.ipv6.conf.default.forwarding", 0), ("net.ipv6.conf.all.forwarding", 1))))
        set_key("net.ipv4.ip_forward", 0)
        set_key("net.ipv4.conf.all.accept_redirects", 1)
        for change in self.plan("--profile", mine)["changes"]:
            set_key(change["key"], change["wanted"])
        self.assertEqual(self.plan("--profile", mine)["changes"], [])
        for key in ("net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.all.forwarding",
                    "net.ipv4.ip_forward"):
            set_key(key, 0)

    def test_what_the_machine_keeps_to_itself_is_said_beforehand(self):
        obstacles = {obstacle["key"]: obstacle["reason"] for obstacle in
                     self.plan("--profile", "web")["obstacles"]}
        self.assertIn("net.core.rmem_max", obstacles)
        with self.assertRaises(OSError):
            set_key("net.core.rmem_max", 16777216)

    def test_a_congestion_control_that_is_not_allowed_is_an_obstacle(self):
        mine = self.profile('[sysctl."net.ipv4.tcp_congestion_control"]\n'
                            'exactly = "no_such_control"\nwhy = "x"\n')
        planned = self.plan("--profile", mine)
        self.assertEqual(planned["changes"], [])
        self.assertEqual(planned["obstacles"][0]["key"], "net.ipv4.tcp_congestion_control")
        with self.assertRaises(OSError):
            set_key("net.ipv4.tcp_congestion_control", "no_such_control")


class Facts(unittest.TestCase):
    """Every key of this namespace that tuner knows and may be written."""

    @classmethod
    def setUpClass(cls):
        cls.facts = {}
        for directory in ("net/ipv4", "net/core", "net/mptcp", "net/ipv6", "net/unix"):
            for path in sorted((SYSCTL / directory).glob("*")):
                if not path.is_file():
                    continue
                key = str(path.relative_to(SYSCTL)).replace("/", ".")
                result = run("explain", key, "--json")
                document = json.loads(result.stdout)
                if document.get("known", True):
                    cls.facts[key] = document

    def writable(self):
        for key, fact in self.facts.items():
            if fact["scope"] == "network namespace" and fact["written_by_tuner"]:
                yield key, fact

    def test_they_are_many(self):
        self.assertGreater(len(self.facts), 60)

    def test_a_number_outside_the_range_is_refused_and_changes_nothing(self):
        refused = 0
        for key, fact in self.writable():
            low, high = fact["range"]["min"], fact["range"]["max"]
            if not fact["here"]["sizes"]:
                continue
            if abs(high) == (2**31 - 1) // 1000:
                continue  # counted in ticks: how many a second this kernel has, no file shows
            for number in [low - 1] * (low > -2**31) + [high + 1] * (high < 2**31 - 1):
                with self.subTest(key=key, number=number):
                    before = get_key(key)
                    guard()
                    with self.assertRaises(OSError) as raised:
                        (SYSCTL / key.replace(".", "/")).write_text(f"{number}\n")
                    self.assertEqual(raised.exception.errno, errno.EINVAL)
                    self.assertEqual(get_key(key), before)
                    refused += 1
        self.assertGreater(refused, 50)

    def test_the_ends_of_the_range_are_taken(self):
        for key, fact in self.writable():
            # One that may not be below another key has its lower end there.
            if fact["elements"] or not fact["here"]["sizes"] or "port" in key or "frag" in key:
                continue
            before = get_key(key)
            for number in (fact["range"]["min"], fact["range"]["max"]):
                if abs(number) >= 2**31 - 1 or "seconds" in fact["unit"]:
                    continue  # jiffies overflow below the ends; no range at all
                with self.subTest(key=key, number=number):
                    set_key(key, number)
                    self.assertEqual(get_key(key), str(number))
            set_key(key, before)


class Effects(unittest.TestCase):
    def test_the_ttl_of_a_socket_that_is_open_changes_at_once(self):
        key = "net.ipv4.ip_default_ttl"
        self.addCleanup(set_key, key, get_key(key))
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            receiver.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
            receiver.settimeout(10)
            receiver.bind(("127.0.0.1", 0))
            sender.connect(receiver.getsockname())
            seen = []
            for ttl in (64, 5):
                set_key(key, ttl)
                sender.send(b"x")
                data = receiver.recvmsg(1, socket.CMSG_SPACE(4))[1][0][2]
                seen.append(int.from_bytes(data[:4], sys.byteorder))
        self.assertEqual(seen, [64, 5])
        document = json.loads(run("explain", key, "--json").stdout)
        self.assertEqual(document["takes_effect"], "at once")


class SiteProfiles(Scratch):
    def test_the_administrators_directory_comes_first_and_builds_on_the_shipped_ones(self):
        site = self.profile('include = ["web"]\n[sysctl."net.core.somaxconn"]\nat_least = 9000\n'
                            'why = "the sale on Friday"\n', "site")
        # A directory of its own in the place of /etc, for this one command.
        script = ('mount -t tmpfs none /etc && mkdir -p /etc/tuner/profiles && '
                  f'cp {site} /etc/tuner/profiles/ && exec "$@"')
        # The program is reached by its path, which the shell hands on.
        prefix = ("unshare", "--mount", "sh", "-c", script, "sh")
        result = run("profile", "show", "site", "--resolved", "--json", prefix=prefix)
        self.assertEqual(result.returncode, 0, result.stderr)
        document = json.loads(result.stdout)
        self.assertEqual(document["path"], "/etc/tuner/profiles/site.toml")
        demand = [one for one in document["demands"] if one["key"] == "net.core.somaxconn"][0]
        self.assertEqual((demand["value"], demand["why"]), ("9000", "the sale on Friday"))
        self.assertIn("site", run("profile", "list", prefix=prefix).stdout)


class Unprivileged(Scratch):
    def test_a_plain_user_gets_what_can_be_read(self):
        """Nothing that an audit reads needs a right, and no value is invented."""
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        program = self.directory / "tuner"
        program.write_bytes(Path(os.environ["TUNER"]).read_bytes())
        program.chmod(0o755)
        self.directory.chmod(0o755)
        result = subprocess.run([*command, str(program), "audit", "--json"], capture_output=True,
                                text=True, timeout=60, check=False)
        document = json.loads(result.stdout)
        self.assertIn(result.returncode, (0, 2, 3), result.stderr)
        self.assertGreater(document["summary"]["status"]["pass"], 30)


def main():
    if OUTSIDE in os.environ:
        guard()
        unittest.main()
    enter = ["unshare", "--net", "--mount"]
    if subprocess.run([*enter, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print("skipped: no right to make a network namespace")
        return
    os.environ[OUTSIDE] = namespace()
    os.environ.setdefault("TUNER", str(Path(__file__).resolve().parents[2] / "build/release/tuner"))
    os.execvp(enter[0], [*enter, sys.executable, "-B", *sys.argv])


if __name__ == "__main__":
    main()
