"""Losses provoked on this kernel, in a network namespace of its own: each rule sees its own, and no
other rule takes it for something else. A TUN device brings in packets that no stack would send."""

import contextlib
import errno
import fcntl
import json
import os
import resource
import select
import socket
import struct
import subprocess
import sys
import unittest
from pathlib import Path

import private
from private import guard, set_key
from support import audit, findings, run
from traffic import CLONE_NEWNET, LIBC, until

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
HERE, THERE, STRANGER = "10.9.0.1", "10.9.0.2", "203.0.113.9"
HERE_6, THERE_6 = "fd00:9::1", "fd00:9::2"
FRAGMENT = 44  # the next header of IPv6
PORT = 7000
SYN, ACK, SYN_ACK = 0x02, 0x10, 0x12
CAUSES = {"udp-receive-errors", "udp-memory-full", "udp-send-errors", "reverse-path-drops", "receive-queue-pruned",
          "socket-backlog-drops", "checksum-errors", "fragments-lost", "listen-drops",
          "segments-retransmitted", "listen-queue-overflow", "syn-queue-overflow",
          "ports-bound-before-connect", "ephemeral-ports-near-exhaustion"}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ipv4(source, protocol, payload, identity=1, offset=0, more=False):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), identity,
                       (0x2000 if more else 0) | offset, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(HERE))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def fragment_6(payload, identity):
    """The first of a datagram of UDP."""
    head = struct.pack("!BBHI", socket.IPPROTO_UDP, 0, 1, identity)
    return struct.pack("!IHBB16s16s", 6 << 28, len(head + payload), FRAGMENT, 64,
                       socket.inet_pton(socket.AF_INET6, THERE_6),
                       socket.inet_pton(socket.AF_INET6, HERE_6)) + head + payload


def tcp(source, from_port, to_port, flags, sequence=0, acknowledged=0, payload=b"",
        damaged=False):
    head = struct.pack("!HHIIBBHHH", from_port, to_port, sequence, acknowledged, 0x50, flags,
                       65535, 0, 0)
    pseudo = socket.inet_aton(source) + socket.inet_aton(HERE) + struct.pack(
        "!BBH", 0, socket.IPPROTO_TCP, 20 + len(payload))
    right = checksum(pseudo + head + payload)
    return ipv4(source, socket.IPPROTO_TCP,
                head[:16] + struct.pack("!HH", right ^ (1 if damaged else 0), 0) + payload)


class Losses(unittest.TestCase):
    def setUp(self):
        guard()
        # A namespace for each test, with nothing counted.
        self.assertEqual(LIBC.unshare(CLONE_NEWNET), 0)
        guard()
        self.line = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        self.addCleanup(os.close, self.line)
        fcntl.ioctl(self.line, TUNSETIFF, struct.pack("16sH14x", b"line", IFF_TUN | IFF_NO_PI))
        for words in (["link", "set", "lo", "up"], ["address", "add", f"{HERE}/24", "dev", "line"],
                      ["link", "set", "line", "up"],
                      ["address", "add", f"{HERE_6}/64", "dev", "line", "nodad"]):
            subprocess.run(["ip", *words], check=True)
        for scope in ("all", "default", "line"):
            set_key(f"net.ipv4.conf.{scope}.rp_filter", 0)

    def bring_in(self, packet):
        os.write(self.line, packet)

    def take_out(self, flags):
        """The next segment of TCP with these flags that leaves by the device."""
        while True:
            self.assertTrue(select.select([self.line], [], [], 10)[0])
            packet = os.read(self.line, 2000)
            # Not a router solicitation of IPv6.
            if packet[0] >> 4 == 4 and packet[9] == socket.IPPROTO_TCP and packet[33] == flags:
                return packet

    def listener(self, receive_buffer=0):
        server = socket.socket()
        self.addCleanup(server.close)
        if receive_buffer:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        server.bind((HERE, PORT))
        server.listen(1000)
        return server

    def only(self, name, severity):
        """The one cause that an audit names."""
        _, document = audit()
        failed = [finding for finding in findings(document, status="fail")
                  if finding["id"] in CAUSES]
        self.assertEqual([(finding["id"], finding["severity"]) for finding in failed],
                         [(name, severity)], failed)
        return failed[0]

    def test_the_reverse_path_filter(self):
        set_key("net.ipv4.conf.line.rp_filter", 1)
        for _ in range(50):
            self.bring_in(ipv4(STRANGER, socket.IPPROTO_UDP, struct.pack("!HHHH", 1, 2, 8, 0)))
        finding = self.only("reverse-path-drops", "error")
        self.assertIn("TcpExt.IPReversePathFilter", finding["evidence"][0]["name"])

    def test_damaged_segments(self):
        self.listener()
        for number in range(50):
            self.bring_in(tcp(THERE, 1000 + number, PORT, SYN, damaged=True))
        self.assertIn("not a sysctl problem",
                      self.only("checksum-errors", "warning")["message"])

    def test_syns_from_where_there_is_no_route_back(self):
        self.listener()
        for number in range(50):
            self.bring_in(tcp(STRANGER, 1000 + number, PORT, SYN))
        self.assertIn("ip route get", self.only("listen-drops", "error")["fix"]["text"])

    def test_fragments_above_the_memory_for_them(self):
        set_key("net.ipv4.ipfrag_low_thresh", 4096)
        set_key("net.ipv4.ipfrag_high_thresh", 65536)
        for identity in range(300):
            self.bring_in(ipv4(THERE, socket.IPPROTO_UDP, b"x" * 1400, identity, more=True))
        finding = self.only("fragments-lost", "error")
        self.assertIn("net.ipv4.ipfrag_high_thresh = 4194304", finding["fix"]["text"])

    def test_fragments_of_ipv6_above_the_memory_for_them(self):
        # The kernel takes an address of IPv6 into use a moment after it was added.
        address = socket.inet_pton(socket.AF_INET6, HERE_6).hex()
        until(lambda: f"{address} 80 " in Path("/proc/net/ipv6_route").read_text())
        set_key("net.ipv6.ip6frag_low_thresh", 4096)
        set_key("net.ipv6.ip6frag_high_thresh", 65536)
        for identity in range(300):
            self.bring_in(fragment_6(b"x" * 1400, identity))
        finding = self.only("fragments-lost", "error")
        self.assertEqual(finding["subject"], "IPv6")
        self.assertIn("net.ipv6.ip6frag_high_thresh = 4194304", finding["fix"]["text"])

    def test_datagrams_that_the_device_refuses_in_silence(self):
        limited = subprocess.run(["tc", "qdisc", "add", "dev", "line", "root", "tbf", "rate", "8kbit",
                                  "burst", "1540", "limit", "1540"], check=False)
        if limited.returncode != 0:
            self.skipTest("this kernel has no tbf")
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        for _ in range(3000):
            self.assertEqual(sender.sendto(b"x", (THERE, PORT)), 1)
        self.assertIn("tc -s qdisc", self.only("udp-send-errors", "warning")["fix"]["text"])

    def test_a_peer_that_acknowledges_nothing(self):
        clients = []
        for number in range(60):
            client = socket.socket()
            self.addCleanup(client.close)
            client.setblocking(False)
            self.assertEqual(client.connect_ex((THERE, 8000 + number)), errno.EINPROGRESS)
            clients.append(client)
        for _ in clients:
            local, remote, sequence = struct.unpack("!HHI", self.take_out(SYN)[20:28])
            self.bring_in(tcp(THERE, remote, local, SYN_ACK, 1, sequence + 1))
        for client in clients:
            until(lambda client=client: select.select([], [client], [], 0)[1])
            client.send(b"x")

        def again():
            while True:
                with contextlib.suppress(BlockingIOError):
                    while True:
                        os.read(self.line, 2000)
                with open("/proc/net/snmp", encoding="ascii") as file:
                    lines = [line.split() for line in file if line.startswith("Tcp:")]
                return int(dict(zip(*lines))["RetransSegs"]) > 150
        until(again)
        finding = self.only("segments-retransmitted", "warning")
        self.assertIn("followed a timeout", finding["message"])

    def test_a_reader_that_does_not_read(self):
        server = self.listener(receive_buffer=2304)
        self.bring_in(tcp(THERE, 1000, PORT, SYN, 0))
        begin = struct.unpack("!I", self.take_out(SYN_ACK)[24:28])[0] + 1
        self.bring_in(tcp(THERE, 1000, PORT, ACK, 1, begin))
        accepted, _ = server.accept()
        self.addCleanup(accepted.close)
        # One byte in two, each in a packet of its own: none can be merged with another.
        for number in range(3, 1000, 2):
            self.bring_in(tcp(THERE, 1000, PORT, ACK, number, begin, b"x"))
        self.only("receive-queue-pruned", "error")

    def test_ports_that_bind_takes_from_all_peers(self):
        set_key("net.ipv4.ip_local_port_range", "40000 40199")
        servers = []
        for _ in range(4):
            server = socket.socket()
            self.addCleanup(server.close)
            server.bind(("127.0.0.1", 0))
            server.listen(100)
            servers.append(server)
        for number in range(180):
            client = socket.socket()
            self.addCleanup(client.close)
            client.bind(("127.0.0.1", 0))
            client.connect(servers[number % 4].getsockname())
        finding = self.only("ports-bound-before-connect", "warning")
        self.assertIn("IP_BIND_ADDRESS_NO_PORT", finding["fix"]["text"])

    def test_connect_alone_is_not_taken_for_bind(self):
        """Two runs of ports that hardly overlap, as connect() makes them, prove nothing."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        servers = []
        for _ in range(2):
            server = socket.socket()
            self.addCleanup(server.close)
            server.bind(("127.0.0.1", 0))
            server.listen(1000)
            servers.append(server)
        for number in range(1200):
            client = socket.create_connection(servers[number % 2].getsockname())
            self.addCleanup(client.close)
        _, document = audit()
        self.assertEqual(findings(document, id="ports-bound-before-connect", status="fail"), [])
        peers = run("sockets", "--by", "peer", "--json")
        left = [peer["available"] for peer in json.loads(peers.stdout)["peers"]]
        self.assertEqual(len(left), 2)
        self.assertGreater(min(left), 28232 - 610)  # its own 600, and the ports of the servers

    def test_a_few_hundred_short_connections_are_quiet(self):
        server = self.listener()
        for _ in range(300):
            client = socket.create_connection((HERE, PORT))
            accepted, _ = server.accept()
            client.sendall(b"?" * 100)
            self.assertEqual(len(accepted.recv(100)), 100)
            accepted.sendall(b"!" * 1000)
            received = 0
            while received < 1000:
                received += len(client.recv(1000))
            client.close()
            self.assertEqual(accepted.recv(1), b"")
            accepted.close()
        _, document = audit()
        self.assertEqual([(finding["id"], finding["message"])
                          for finding in findings(document, status="fail")
                          # These are the machine's in every namespace.
                          if not finding["id"].startswith("nic-")], [])


if __name__ == "__main__":
    private.enter()
    if not os.path.exists("/dev/net/tun"):
        print("skipped: needs /dev/net/tun")
        sys.exit(77)
    unittest.main()
