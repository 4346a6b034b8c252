"""What tuner says about situations of sockets on a real kernel: each is built in a namespace of its
own, found with its numbers, and not found any more once it is fixed."""

import json
import os
import platform
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import private
import support
import traffic
from private import clear, get_key, set_key
from support import audit, findings, run, validate
from traffic import (BUCKETS, RANGE, RESERVED, REUSE, SOMAXCONN, TIMESTAMPS, Process, Space, always,
                     close_in_turn, connection, counter, fill, flood, hoard, ip, join,
                     knock, leak, leave_in_time_wait, listen, refused_a_port, resent, reset, rows,
                     send_nonsense, states, tries_until_connected, until)

NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
EXHAUSTION, OVERLAP = "ephemeral-ports-near-exhaustion", "port-range-overlaps-listeners"
OVERFLOW, CAPPED = "listen-queue-overflow", "listen-backlog-capped"
SMALL = "listen-backlog-small-in-application"
LEAK, UNANSWERED = "close-wait-leak", "connects-unanswered"
ABORTIVE, FILES = "abortive-close-in-use", "open-file-limit-near"
TABLE, DATAGRAMS = "time-wait-table-overflow", "udp-receive-errors"
WHERE = ("127.0.0.1", 8080)
LOCAL = "127.0.0.1 -> 127.0.0.1:8080"
REMOTE = ("10.77.0.1", 8080)
BETWEEN = "10.77.0.2 -> 10.77.0.1:8080"


def ask(command, *arguments, schema=None, **options):
    """The validated document of a command that must succeed."""
    result = run(command, "--json", *arguments, **options)
    if result.returncode != 0:
        raise AssertionError(f"{command} ended with {result.returncode}: {result.stderr}")
    document = json.loads(result.stdout)
    validate(document, schema or command)
    return document


def sockets(by, *arguments, **options):
    return ask("sockets", "--by", by, *arguments, **options)


def evidence_of(finding):
    return {item["name"]: str(item["value"]) for item in finding["evidence"]}


class Situation(unittest.TestCase):
    """Each test is in a fresh namespace, where nothing has been counted yet."""

    def setUp(self):
        traffic.allow_files(4096)
        clear()
        self.addCleanup(clear)
        self.space = Space()
        self.addCleanup(self.space.close)
        self.enterContext(self.space)

    def keep(self, *things):
        """The first of what a test opened; all are closed at its end."""
        for thing in things:
            self.addCleanup(thing.stop if isinstance(thing, Process) else thing.close)
        return things[0]

    def server(self, *arguments, **options):
        return self.keep(listen(*arguments, **options))

    def connection(self, server):
        client, accepted = connection(server)
        self.keep(client, accepted)
        return client, accepted

    def joined(self):
        """A server's namespace behind a veth; the test stays in the client's."""
        server = self.keep(Space())
        join(self.space, server)
        return server

    def fails(self, identifier, subject, *words, document=None, numbers=None, fix=(), **wanted):
        """The only finding of the subject; `words` are in its message, `fix` in its remedy."""
        status, document = document or audit()
        found = findings(document, id=identifier, subject=subject, status="fail")
        self.assertEqual(len(found), 1, findings(document, id=identifier))
        finding = found[0]
        kinds = wanted.pop("kinds", None)
        for name, value in wanted.items():
            self.assertEqual(finding[name], value, finding)
        if kinds:
            self.assertIn(finding["fix"]["kind"], kinds, finding)
        if finding["severity"] in ("warning", "error"):
            self.assertEqual(status, 2)
        for word in words:
            self.assertIn(word, finding["message"])
        for word in fix:
            self.assertIn(word, finding["fix"]["text"])
        shown = evidence_of(finding)
        for name, value in (numbers or {}).items():
            self.assertEqual(shown.get(name), str(value), (name, finding["evidence"]))
        for item in finding["evidence"]:
            self.assertTrue(item["source"] and item["meaning"], item)
        return finding

    def passes(self, *identifiers, document=None):
        _, document = document or audit()
        for identifier in identifiers:
            statuses = {finding["status"] for finding in findings(document, id=identifier)}
            self.assertEqual(statuses, {"pass"}, findings(document, id=identifier))

    def row(self, rows_of, **wanted):
        """The only row with the wanted values."""
        found = [each for each in rows_of
                 if all(each[name] == value for name, value in wanted.items())]
        self.assertEqual(len(found), 1, rows_of)
        return found[0]


class Ports(Situation):
    def take(self, server, count):
        return [self.connection(server) for _ in range(count)]

    def test_one_port_and_one_connection(self):
        set_key(RANGE, "40000 40000")
        server = self.server()
        self.take(server, 1)
        self.assertTrue(refused_a_port(WHERE))
        self.fails(EXHAUSTION, LOCAL, "1 of 1", severity="error",
                   kinds=("sysctl", "application"), fix=[RANGE],
                   numbers={"in-use": 1, "time-wait": 0, "available": 0})
        set_key(RANGE, "40000 40099")
        self.assertFalse(refused_a_port(WHERE))
        self.passes(EXHAUSTION)

    def test_from_four_fifths_on(self):
        set_key(RANGE, "40000 40009")
        server = self.server()
        self.take(server, 7)
        self.passes(EXHAUSTION)
        self.take(server, 1)
        self.fails(EXHAUSTION, LOCAL, "8 of 10", severity="warning",
                   numbers={"in-use": 8, "available": 2})
        self.take(server, 2)
        self.fails(EXHAUSTION, LOCAL, "10 of 10", severity="error", numbers={"available": 0})
        # What is used up towards one peer is free towards another.
        other = self.server(port=8081)
        self.take(other, 1)
        _, document = audit()
        self.assertEqual([finding["subject"] for finding in
                          findings(document, id=EXHAUSTION, status="fail")], [LOCAL])

    def test_ports_in_time_wait(self):
        """tcp_tw_reuse is 2 from the start, for loopback: between hosts it does nothing."""
        space = self.joined()
        set_key(RANGE, "40000 40000")
        set_key(REUSE, 0)
        with space:
            server = self.server(REMOTE[0])
        leave_in_time_wait(*self.connection(server))
        self.assertEqual(states(), {"time-wait": 1})
        self.assertTrue(refused_a_port(REMOTE))
        self.fails(EXHAUSTION, BETWEEN, "1 of 1", severity="error", fix=[RANGE],
                   kinds=("sysctl", "application"),
                   numbers={"in-use": 0, "time-wait": 1, "available": 0})
        set_key(REUSE, 1)
        # No live connection is there to tell of the peer.
        _, document = audit()
        for finding in findings(document, id=EXHAUSTION, status="fail"):
            self.assertEqual(evidence_of(finding)["peer-timestamps"], "unknown")
        client = self.keep(tries_until_connected(REMOTE))
        self.assertEqual(client.getsockname()[1], 40000)
        set_key(RANGE, "40000 40099")
        self.passes(EXHAUSTION)

    def one_live_one_waiting(self, timestamps):
        space = self.joined()
        space.set(net__ipv4__tcp_timestamps=timestamps)
        set_key(RANGE, "40000 40001")
        set_key(REUSE, 1)
        with space:
            server = self.server(REMOTE[0])
        self.connection(server)
        leave_in_time_wait(*self.connection(server))
        self.assertEqual(states(), {"established": 1, "time-wait": 1})

    def test_reuse_towards_a_peer_without_timestamps(self):
        self.one_live_one_waiting(timestamps=0)
        self.assertEqual(get_key(TIMESTAMPS), "1")
        self.assertTrue(always(lambda: refused_a_port(REMOTE), 1.3))
        self.fails(EXHAUSTION, BETWEEN, "timestamps", "tcp_tw_reuse", severity="error",
                   numbers={"peer-timestamps": "off", "in-use": 1, "time-wait": 1,
                            "available": 0})
        set_key(RANGE, "40000 40099")
        self.assertFalse(refused_a_port(REMOTE))
        self.passes(EXHAUSTION)

    def test_reuse_towards_a_peer_with_timestamps(self):
        self.one_live_one_waiting(timestamps=1)
        _, document = audit()
        for finding in findings(document, id=EXHAUSTION, status="fail"):
            self.assertEqual(evidence_of(finding)["peer-timestamps"], "on")
            self.assertNotIn("tcp_tw_reuse cannot", finding["message"])
        self.keep(tries_until_connected(REMOTE))

    def test_peers_in_numbers(self):
        set_key(REUSE, 0)
        set_key(RANGE, "41000 41019")
        set_key(RESERVED, "41000-41004,50000")
        server = self.server()
        self.server(port=41010)
        self.take(server, 3)
        close_in_turn(server, 2)
        peers = sockets("peer")["peers"]
        peer = self.row(peers, local="127.0.0.1", remote="127.0.0.1:8080")
        # Twenty, of which five are reserved and one is bound, and five are taken.
        self.assertEqual((peer["in_use"], peer["time_wait"], peer["available"]), (3, 2, 9))
        self.assertAlmostEqual(peer["connects_per_second"], 14 / 60, 2)
        set_key(REUSE, 2)
        peer = self.row(sockets("peer")["peers"], remote="127.0.0.1:8080")
        self.assertAlmostEqual(peer["connects_per_second"], 14, 2)
        # The kernel agrees on the nine: with the two that wait kept from being taken again.
        set_key(REUSE, 0)
        self.take(server, 9)
        self.assertTrue(refused_a_port(WHERE))

    def test_a_listener_within_the_range(self):
        self.passes(OVERLAP)
        set_key(RANGE, "8000 9000")
        self.server()
        finding = self.fails(OVERLAP, RANGE)
        self.assertIn(finding["severity"], ("info", "warning"))
        self.assertIn("8080", json.dumps(finding))
        set_key(RESERVED, "8080")
        self.passes(OVERLAP)

    def test_over_ipv6(self):
        set_key(RANGE, "40000 40001")
        set_key(REUSE, 0)
        server = self.server("::1")
        self.take(server, 1)
        leave_in_time_wait(*self.connection(server))
        self.fails(EXHAUSTION, "[::1] -> [::1]:8080", "2 of 2", severity="error",
                   numbers={"in-use": 1, "time-wait": 1, "available": 0})
        peer = self.row(sockets("peer")["peers"], remote="[::1]:8080")
        self.assertEqual((peer["local"], peer["in_use"], peer["time_wait"]), ("::1", 1, 1))
        set_key(RANGE, "40000 40099")
        self.passes(EXHAUSTION)


class Listeners(Situation):
    def crowd(self, server, count):
        return [self.keep(client) for client in fill(server, count)]

    def kernel_queue(self, port=8080):
        """Its length as the kernel shows it."""
        found = [row for row in rows() if row[3] == "0A" and row[1].endswith(f":{port:04X}")]
        self.assertEqual(len(found), 1)
        return int(found[0][4].split(":")[1], 16)

    def test_capped_by_somaxconn(self):
        set_key(SOMAXCONN, 128)
        server = self.server(backlog=1024)
        answered = self.crowd(server, 800)
        self.assertEqual((len(answered), self.kernel_queue()), (129, 129))
        overflows = counter("TcpExt.ListenOverflows")
        self.assertGreater(overflows, 600)
        document = audit("--since-last")
        self.fails(OVERFLOW, "127.0.0.1:8080", document=document,
                   numbers={"TcpExt.ListenOverflows": overflows, "queued": 129, "limit": 128})
        finding = self.fails(CAPPED, "127.0.0.1:8080", document=document, key=SOMAXCONN)
        self.assertEqual(finding["fix"]["kind"], "sysctl")
        self.passes(SMALL, document=document)
        self.assertEqual(self.row(sockets("listener")["listeners"], address="127.0.0.1:8080"),
                         {"address": "127.0.0.1:8080", "queued": 129, "limit": 128,
                          "capped_by": "somaxconn", "pid": os.getpid(), "unit": None,
                          "comm": Path("/proc/self/comm").read_text().strip()})
        for _ in answered:
            self.keep(server.accept()[0])
        # The counter stays, and nobody is to be blamed now.
        self.fails(OVERFLOW, SOMAXCONN, numbers={"TcpExt.ListenOverflows": overflows})
        self.passes(CAPPED, SMALL)
        set_key(SOMAXCONN, 4096)
        server.listen(1024)
        self.assertEqual(len(self.crowd(server, 800)), 800)
        until(lambda: self.kernel_queue() == 800)
        self.assertEqual(counter("TcpExt.ListenOverflows"), overflows)
        self.passes(OVERFLOW, CAPPED, SMALL, document=audit("--since-last"))
        row = self.row(sockets("listener")["listeners"], address="127.0.0.1:8080")
        self.assertEqual((row["queued"], row["limit"], row["capped_by"]),
                         (800, 1024, "application"))

    def test_small_in_the_application(self):
        set_key(SOMAXCONN, 4096)
        server = self.server(backlog=16)
        self.assertEqual(len(self.crowd(server, 100)), 17)
        document = audit()
        self.fails(OVERFLOW, "127.0.0.1:8080", document=document,
                   numbers={"queued": 17, "limit": 16})
        finding = self.fails(SMALL, "127.0.0.1:8080", document=document, fix=["reload"])
        self.assertEqual(finding["fix"]["kind"], "application")
        self.assertRegex(finding["fix"]["text"], r"will not|does not|not help|no help|cannot")
        self.passes(CAPPED, document=document)
        for _ in range(17):
            self.keep(server.accept()[0])
        server.listen(1024)
        self.assertEqual(len(self.crowd(server, 100)), 100)
        self.passes(CAPPED, SMALL)

    def test_a_limit_from_before_the_sysctl_was_raised(self):
        """The cap is taken at listen(): raising the sysctl afterwards reaches no open socket."""
        set_key(SOMAXCONN, 16)
        server = self.server(backlog=1024)
        set_key(SOMAXCONN, 4096)
        self.assertEqual(len(self.crowd(server, 100)), 17)
        self.fails(SMALL, "127.0.0.1:8080", fix=["reload"])
        self.passes(CAPPED)

    def test_names_of_listeners(self):
        listening = [("0.0.0.0", 81), ("127.0.0.1", 82), ("::", 80), ("::1", 83)]
        for address, port in listening:
            self.crowd(self.server(address, port, backlog=2), 10)
        names = ["0.0.0.0:81", "127.0.0.1:82", "[::]:80", "[::1]:83"]
        document = audit()
        for name in names:
            self.fails(OVERFLOW, name, document=document, numbers={"queued": 3, "limit": 2})
        self.assertEqual(sorted(row["address"] for row in sockets("listener")["listeners"]),
                         sorted(names))

    def test_one_row_for_each_of_several_on_a_port(self):
        for backlog in (5, 6, 7):
            self.server(backlog=backlog, reuse_port=True)
        found = sockets("listener")["listeners"]
        self.assertEqual({row["address"] for row in found}, {"127.0.0.1:8080"})
        self.assertEqual(sorted(row["limit"] for row in found), [5, 6, 7])
        self.assertEqual({row["pid"] for row in found}, {os.getpid()})

    def test_nothing_is_under_pressure(self):
        self.server(backlog=1)
        self.passes(OVERFLOW, CAPPED, SMALL)


class Closing(Situation):
    def test_a_full_time_wait_table(self):
        set_key(BUCKETS, 50)
        server = self.server(backlog=64)
        close_in_turn(server, 300)
        self.assertLessEqual(states()["time-wait"], 50)
        overflowed = counter("TcpExt.TCPTimeWaitOverflow")
        self.assertGreaterEqual(overflowed, 250)
        finding = self.fails(TABLE, BUCKETS, numbers={"TcpExt.TCPTimeWaitOverflow": overflowed})
        self.assertRegex(finding["fix"]["text"], r"\d (KiB|MiB|bytes)")
        fixed = self.keep(Space())
        fixed.set(**{BUCKETS.replace(".", "__"): 4096})
        with fixed:
            close_in_turn(self.server(backlog=64), 300)
            self.assertEqual(states()["time-wait"], 300)
            self.passes(TABLE)

    def test_linger_zero(self):
        server = self.server()
        close_in_turn(server, 1)
        self.passes(ABORTIVE)
        for _ in range(3):
            client, _ = self.connection(server)
            reset(client)
        self.assertEqual(counter("TcpExt.TCPAbortOnData"), 3)
        self.fails(ABORTIVE, "TCP", numbers={"TcpExt.TCPAbortOnData": 3})
        with self.keep(Space()):
            close_in_turn(self.server(), 3)
            self.passes(ABORTIVE)

    def test_a_close_with_data_unread(self):
        server = self.server()
        client, accepted = self.connection(server)
        client.send(b"unread")
        until(lambda: accepted.recv(1, socket.MSG_PEEK))
        accepted.close()
        self.assertEqual(counter("TcpExt.TCPAbortOnClose"), 1)
        self.fails(ABORTIVE, "TCP", numbers={"TcpExt.TCPAbortOnClose": 1})

    def test_a_server_that_never_closes(self):
        process = self.keep(leak(120))
        self.assertEqual(states()["close-wait"], 120)
        finding = self.fails(LEAK, "leaky", "120", str(process.pid), severity="warning",
                             numbers={"close-wait": 120}, kinds=["application"])
        self.assertIn("has not called close()", finding["message"] + finding["fix"]["text"])
        self.assertLess(float(evidence_of(finding)["oldest"]), 60)
        row = self.row(sockets("process")["processes"], pid=process.pid)
        self.assertEqual((row["comm"], row["close_wait"]), ("leaky", 120))
        self.assertEqual(row["open_files"], len(os.listdir(f"/proc/{process.pid}/fd")))
        self.assertGreaterEqual(row["oldest_close_wait_seconds"], 0)
        self.assertLess(row["oldest_close_wait_seconds"], 60)
        process.stop()
        self.assertNotIn("close-wait", states())
        self.passes(LEAK)

    def test_a_few_that_are_not_old(self):
        process = self.keep(leak(99))
        self.passes(LEAK)
        _, document = audit()
        self.assertEqual(findings(document, id=LEAK)[0]["subject"], "TCP")
        row = self.row(sockets("process")["processes"], pid=process.pid)
        self.assertEqual(row["close_wait"], 99)

    def test_each_process_is_counted_alone(self):
        for name, port in (("one", 8080), ("other", 8081)):
            self.keep(leak(60, name, listen(port=port)))
        self.assertEqual(states()["close-wait"], 120)
        self.passes(LEAK)


class Files(Situation):
    def test_near_its_own_limit(self):
        name = f"hoard-{os.getpid()}"  # of all the machine's processes
        process = self.keep(hoard(190, 200, name))
        _, hard = resource_limits(process.pid)
        self.fails(FILES, name, str(process.pid), kinds=["limit"],
                   numbers={"open-files": 190, "soft-limit": 200, "hard-limit": hard})

    def test_not_so_near(self):
        names = {f"{word}-{os.getpid()}" for word in ("few", "relaxed")}
        process = self.keep(hoard(170, 200, f"few-{os.getpid()}"))
        self.keep(hoard(190, 400, f"relaxed-{os.getpid()}"))
        _, document = audit()
        failed = {finding["subject"] for finding in findings(document, id=FILES, status="fail")}
        self.assertFalse(names & failed, failed)
        self.assertEqual(len(os.listdir(f"/proc/{process.pid}/fd")), 170)

    def test_in_the_table(self):
        server = listen()
        process = self.keep(Process("keeper", lambda: server, keep=[server]).ready())
        server.close()
        soft, hard = resource_limits(process.pid)
        row = self.row(sockets("process")["processes"], pid=process.pid)
        self.assertEqual(row, {"pid": process.pid, "comm": "keeper", "unit": None, "sockets": 1,
                               "close_wait": 0,
                               "open_files": len(os.listdir(f"/proc/{process.pid}/fd")),
                               "soft_limit": soft, "hard_limit": hard,
                               "oldest_close_wait_seconds": None})


def resource_limits(pid):
    line = re.search(r"Max open files +(\d+) +(\d+)", Path(f"/proc/{pid}/limits").read_text())
    return int(line[1]), int(line[2])


class Connecting(Situation):
    def test_a_peer_that_never_answers(self):
        """192.0.2.0/24 is behind a host that forwards nothing and does not say so."""
        self.joined()
        ip("route", "add", "192.0.2.0/24", "via", "10.77.0.1")
        waiting = [knock(("192.0.2.1", 9), 5), knock(("192.0.2.2", 7), 2)]
        for clients in waiting:
            self.keep(*clients)
        until(lambda: resent() == 7)
        document = audit()
        for subject, count in (("192.0.2.1:9", 5), ("192.0.2.2:7", 2)):
            self.fails(UNANSWERED, subject, document=document, kinds=("application", "none"),
                       numbers={"syn-sent": count})
        self.assertEqual(len(findings(document[1], id=UNANSWERED, status="fail")), 2)
        for clients in waiting:
            for client in clients:
                client.close()
        self.assertEqual(states(), {})
        # The counter of this namespace still tells of them, but no peer is named any more.
        self.assertLessEqual({finding["subject"] for finding in
                              findings(audit()[1], id=UNANSWERED)}, {"TCP"})
        with self.keep(Space()):
            self.connection(self.server())
            self.passes(UNANSWERED)

    def test_the_first_window_of_a_route(self):
        self.joined()
        ip("route", "add", "default", "via", "10.77.0.1", "dev", "v0", "initcwnd", 4)
        self.fails("initcwnd-below-ten", "default via 10.77.0.1 dev v0", "4", kinds=["route"])
        ip("route", "replace", "default", "via", "10.77.0.1", "dev", "v0")
        self.passes("initcwnd-below-ten")

    def test_datagrams_that_nobody_reads(self):
        self.keep(flood(200))
        drops = [row[-1] for row in rows("udp") if row[1].endswith(":14E9")]
        self.assertEqual(len(drops), 1)
        self.assertGreater(int(drops[0]), 100)
        self.fails(DATAGRAMS, "127.0.0.1:5353", drops[0], numbers={"drops": drops[0]})
        with self.keep(Space()):
            self.keep(flood(1))
            self.passes(DATAGRAMS)

    def test_tables_with_room(self):
        """A namespace cannot fill the neighbours' table for itself alone: it is the machine's."""
        _, document = audit()
        for identifier in ("conntrack-table-near-full", "neighbour-table-near-full"):
            found = {finding["status"] for finding in findings(document, id=identifier)}
            self.assertTrue(found and found <= {"pass", "skipped"}, (identifier, found))


class Interfaces(Situation):
    def test_drops_are_said_when_asked_for(self):
        server = self.joined()
        with server:
            before = self.dropped("v1")
        send_nonsense("v0", 20)
        with server:
            until(lambda: self.dropped("v1") >= before + 20)
            dropped = self.dropped("v1")
            found = findings(audit("--interfaces")[1], id="interface-drops", status="fail")
            self.assertEqual(len(found), 1, found)
            self.assertIn("v1", found[0]["subject"])
            self.assertIn(str(dropped), json.dumps(found[0]["evidence"]))
            self.assertEqual(findings(audit()[1], id="interface-drops"), [])
        self.assertEqual(findings(audit("--interfaces")[1], id="interface-drops", status="fail"),
                         [])

    @staticmethod
    def dropped(name):
        text = subprocess.run(["ip", "-json", "-statistics", "link", "show", name],
                              capture_output=True, text=True, check=True).stdout
        return json.loads(text)[0]["stats64"]["rx"]["dropped"]


class States(Situation):
    def test_all_and_some(self):
        server = self.server()
        self.connection(server)
        close_in_turn(server, 3)
        expected = {"established": 2, "time-wait": 3, "listen": 1}
        until(lambda: states() == expected)
        document = ask("sockets")  # --by state is what is meant
        self.assertEqual(document["schema"], "tuner/sockets/1")
        counted = document["states"]
        self.assertEqual({name: count for name, count in counted.items() if count}, expected)
        self.assertEqual(set(counted), set(traffic.STATES[1:]))
        for wanted in (["time-wait"], ["time-wait", "listen"]):
            words = [word for name in wanted for word in ("--state", name)]
            counted = sockets("state", *words)["states"]
            self.assertEqual({name: count for name, count in counted.items() if count},
                             {name: expected[name] for name in wanted})

    def test_subflows_of_mptcp_are_tcp_sockets(self):
        if not Path("/proc/sys/net/mptcp/enabled").is_file():
            self.skipTest("no MPTCP here")
        server, client = (socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_MPTCP)
                          for _ in range(2))
        self.addCleanup(server.close)
        self.addCleanup(client.close)
        server.bind(WHERE)
        server.listen(16)
        client.connect(WHERE)
        accepted = server.accept()[0]
        self.addCleanup(accepted.close)
        counted = sockets("state")["states"]
        self.assertEqual((counted["established"], counted["listen"]), (2, 1))
        self.assertEqual([row["pid"] for row in sockets("listener")["listeners"]], [os.getpid()])

    def test_without_netlink_proc_tells_less(self):
        if platform.machine() != "x86_64":
            self.skipTest("the filter knows the calls of x86-64 alone")
        server = self.server()
        self.connection(server)
        result = subprocess.run([support.PROGRAM, "sockets", "--by", "listener", "--json"],
                                capture_output=True, preexec_fn=traffic.refuse_netlink, check=True)
        listeners = json.loads(result.stdout)["listeners"]
        self.assertEqual([(row["address"], row["limit"], row["capped_by"]) for row in listeners],
                         [("127.0.0.1:8080", None, None)])
        result = subprocess.run([support.PROGRAM, "sockets", "--json"], capture_output=True,
                                preexec_fn=traffic.refuse_netlink, check=True)
        self.assertEqual(json.loads(result.stdout)["states"]["established"], 2)

    def test_a_name_with_a_newline_begins_no_line(self):
        server = listen()
        forger = self.keep(Process("a\nERROR b", lambda: server, keep=[server]).ready())
        server.close()
        text = run("sockets", "--by", "process").stdout
        self.assertIn(f"a?ERROR b (pid {forger.pid})", text)

    def test_a_state_that_does_not_exist(self):
        result = run("sockets", "--state", "time-wiat")
        self.assertEqual(result.returncode, 64)
        self.assertIn("did you mean", result.stderr.lower())
        self.assertIn("time-wait", result.stderr)

    def test_only_what_was_asked_for(self):
        keys = {"state": "states", "peer": "peers", "process": "processes",
                "listener": "listeners"}
        for by, key in keys.items():
            with self.subTest(by=by):
                self.assertEqual(set(keys.values()) & set(sockets(by)), {key})
                self.assertEqual(run("sockets", "--by", by).returncode, 0)

    def test_a_sample(self):
        self.server()
        self.assertEqual(sockets("state", "--sample", "100ms")["states"]["listen"], 1)


class Elsewhere(Situation):
    """Other namespaces than the one that tuner is started in."""

    def setUp(self):
        super().setUp()
        self.inner = self.keep(Space())
        with self.inner:
            server = self.server(backlog=2)
            client, _ = self.connection(server)
            reset(client)
            for client in fill(server, 10):
                self.keep(client)
        self.server()  # in the outer one, with nothing amiss

    def named(self, name):
        directory = Path("/run/netns")
        directory.mkdir(exist_ok=True)
        path = directory / name
        path.write_text("")
        self.addCleanup(path.unlink)
        private.mount("--bind", self.inner.path(), path)
        self.addCleanup(subprocess.run, ["umount", path], check=True)
        return name

    def check_inner(self, document):
        self.fails(ABORTIVE, "TCP", document=document, numbers={"TcpExt.TCPAbortOnData": 1})
        self.fails(SMALL, "127.0.0.1:8080", document=document)
        self.fails(OVERFLOW, "127.0.0.1:8080", document=document,
                   numbers={"queued": 3, "limit": 2})

    def test_by_path_name_and_process(self):
        self.passes(ABORTIVE, OVERFLOW, SMALL)
        with self.inner:
            process = self.keep(Process("inmate", lambda: None).ready())
        for words in (("--netns", self.inner.path()), ("--netns", self.named("inner")),
                      ("--pid", process.pid), ("--netns", f"/proc/{process.pid}/ns/net")):
            with self.subTest(words=words):
                self.check_inner(audit(*words))
        self.passes(ABORTIVE, OVERFLOW, SMALL)

    def test_the_header_names_it(self):
        with self.inner:
            process = self.keep(Process("inmate", lambda: None).ready())
        named = self.named("inner")
        for words, name in ((("--netns", named), "inner"), (("--pid", process.pid),
                                                            f"of pid {process.pid}")):
            for command in ("audit", "sockets"):
                head = run(command, *words).stdout.splitlines()[0]
                self.assertIn(f" network namespace {name}", head)
                self.assertNotIn("child", head)

    def test_keys_are_of_that_namespace(self):
        with self.inner:
            set_key(REUSE, 1)
            set_key(TIMESTAMPS, 0)
        identifier = "tcp-tw-reuse-without-timestamps"
        found = findings(audit("--netns", self.inner.path())[1], id=identifier, status="fail")
        self.assertEqual([finding["running"] for finding in found], ["1"])
        self.assertEqual(findings(audit()[1], id=identifier, status="fail"), [])

    def test_its_processes(self):
        with self.inner:
            process = self.keep(leak(101, server=listen(port=8090)))
        self.fails(LEAK, "leaky", str(process.pid), document=audit("--pid", process.pid),
                   numbers={"close-wait": 101})
        self.passes(LEAK)

    def test_all(self):
        with self.inner:
            processes = [self.keep(Process("inmate", lambda: None).ready()) for _ in range(2)]
        name = self.named("inner")
        result = run("audit", "--all-netns", "--json")
        document = json.loads(result.stdout)
        validate(document, "namespaces")
        self.assertEqual(document["schema"], "tuner/namespaces/1")
        row = self.row(document["namespaces"], inode=self.inner.inode())
        self.assertEqual((row["name"], row["processes"]), (name, len(processes)))
        self.assertEqual(row["summary"], audit("--netns", name)[1]["summary"])
        self.row(document["namespaces"], inode=self.space.inode())
        self.assertIn("inner", run("audit", "--all-netns").stdout)

    def test_all_in_one_sample(self):
        """Both namespaces count within the same time, and their lines are the same time's."""
        with self.inner:
            process = self.keep(Process("inmate", lambda: None).ready())
        document = json.loads(run("audit", "--all-netns", "--json", "--sample", "50ms").stdout)
        for inode in (self.inner.inode(), self.space.inode()):
            self.assertIsNone(self.row(document["namespaces"], inode=inode)["error"])
        row = self.row(document["namespaces"], inode=self.inner.inode())
        # What was reset before is not of the sample.
        self.assertNotIn(ABORTIVE, [each["id"] for each in row["failures"]])
        whole = json.loads(run("audit", "--all-netns", "--json").stdout)["namespaces"]
        self.assertIn(ABORTIVE, [each["id"] for each in
                                 self.row(whole, inode=self.inner.inode())["failures"]])
        self.assertEqual(row["pid"], process.pid)

    def test_all_of_many_with_few_descriptors(self):
        """More namespaces than descriptors, by name alone."""
        directory = Path("/run/netns")
        directory.mkdir(exist_ok=True)
        for number in range(40):
            subprocess.run(["ip", "netns", "add", f"many-{number}"], check=True)
            self.addCleanup(subprocess.run, ["ip", "netns", "delete", f"many-{number}"], check=True)
        (directory / "stale").write_text("")
        self.addCleanup((directory / "stale").unlink)
        result = subprocess.run(
            [support.PROGRAM, "audit", "--all-netns", "--json"], capture_output=True, text=True,
            timeout=120, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)))
        document = json.loads(result.stdout)
        validate(document, "namespaces")
        rows = {each["name"]: each for each in document["namespaces"]}
        for number in range(40):
            row = rows[f"many-{number}"]
            self.assertEqual((row["error"], row["pid"], row["processes"]), (None, 0, 0))
            self.assertIsNotNone(row["summary"])
        self.assertNotIn("stale", rows)
        begun = time.monotonic()
        run("audit", "--all-netns", "--json", "--sample", "1s")
        self.assertLess(time.monotonic() - begun, 40, "one sample after the other")

    def test_those_that_cannot_be_seen_are_counted(self):
        stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        result = run("audit", "--all-netns", prefix=stranger)
        self.assertRegex(" ".join(result.stdout.split()),
                         r"cannot see the namespaces? of \d+ process(es)?: run it with sudo\.")

    def test_what_is_no_namespace(self):
        pipe = Path("/run/pipe")
        os.mkfifo(pipe)  # to open it would be to wait
        self.addCleanup(pipe.unlink)
        for path in (pipe, "/etc/passwd", "/proc/self/ns/mnt"):
            result = run("audit", "--netns", path)
            self.assertEqual(result.returncode, 1)
            self.assertIn("not a network namespace", result.stderr)

    def test_none_of_that_name(self):
        result = run("audit", "--netns", "nowhere")
        self.assertNotIn(result.returncode, (0, 2))
        self.assertIn("nowhere", result.stderr)


# How long something has lasted is another number at each look.
DURATION = re.compile(r"\b\d+(\.\d+)? ?(ms|s|sec|seconds?|min|minutes?)\b")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|\b[0-9a-f]{1,4}(::?[0-9a-f]{1,4}){2,}")


def failing(document, anonymous=False):
    """What fails, in a form that can be compared."""
    found = set()
    for finding in findings(document, status="fail"):
        if finding["id"].startswith("nic-"):
            continue  # counters of the whole machine, which go on meanwhile
        texts = [DURATION.sub("N s", finding[name] or "") for name in ("subject", "message")]
        if anonymous:
            texts = [ADDRESS.sub("ADDRESS", text) for text in texts]
        found.add((finding["id"], finding["severity"], *texts))
    return found


class Snapshots(Situation):
    """A tree that is audited elsewhere says what the host itself said."""

    HOME = "10.77.31.2"
    HOME6 = "fd4d:7a1c:99::2"

    def setUp(self):
        super().setUp()
        self.directory = Path(tempfile.mkdtemp(prefix="tuner-test-"))
        self.addCleanup(shutil.rmtree, self.directory)
        join(self.space, self.keep(Space()), "10.77.31")
        ip("address", "add", f"{self.HOME6}/64", "dev", "v0", "nodad")
        set_key(RANGE, "40000 40199")
        server = self.server(self.HOME)
        for _ in range(200):
            self.connection(server)
        for address, port in ((self.HOME, 8081), (self.HOME6, 8082)):
            for client in fill(self.server(address, port, backlog=16), 40):
                self.keep(client)
        self.keep(leak(120, server=listen(self.HOME, 8083)))

    def compare(self, anonymous):
        before = failing(audit()[1], anonymous)
        tree = self.directory / "tree"
        result = run("snapshot", "-o", tree, *(["--anonymise"] if anonymous else []))
        self.assertEqual(result.returncode, 0, result.stderr)
        after = failing(audit()[1], anonymous)
        with self.keep(Space()):
            status, document = audit("--root", tree)
        replayed = failing(document, anonymous)
        self.assertEqual(status, 2)
        self.assertEqual(before & after - replayed, set())
        self.assertEqual(replayed - (before | after), set())
        self.assertGreaterEqual({finding[0] for finding in replayed},
                                {EXHAUSTION, OVERFLOW, SMALL, LEAK})
        return tree, document

    def test_plain(self):
        _, document = self.compare(anonymous=False)
        document = (2, document)
        self.fails(EXHAUSTION, f"{self.HOME} -> {self.HOME}:8080", "200 of 200",
                   document=document)
        self.fails(SMALL, f"{self.HOME}:8081", document=document)
        self.fails(SMALL, f"[{self.HOME6}]:8082", document=document)
        self.fails(LEAK, "leaky", document=document, numbers={"close-wait": 120})

    def test_anonymised(self):
        tree, document = self.compare(anonymous=True)
        self.fails(LEAK, "leaky", document=(2, document), numbers={"close-wait": 120})
        mac = subprocess.run(["ip", "-json", "link", "show", "v0"], capture_output=True,
                             text=True, check=True).stdout
        secrets = {json.loads(mac)[0]["address"].encode()}
        for home, family in ((self.HOME, socket.AF_INET), (self.HOME6, socket.AF_INET6),
                             ("10.77.31.1", socket.AF_INET)):
            packed = socket.inet_pton(family, home)
            # As text, as the kernel's tables have it, as it goes over the wire.
            words = b"".join(packed[at:at + 4][::-1] for at in range(0, len(packed), 4))
            secrets |= {home.encode(), packed, packed.hex().encode(), words.hex().encode()}
        files = [path for path in tree.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 10)
        for path in files:
            content = path.read_bytes().lower()
            for secret in secrets:
                self.assertNotIn(secret.lower(), content, path)
            for secret in (self.HOME, self.HOME6):
                self.assertNotIn(secret, str(path))
        self.assertNotIn(self.HOME, json.dumps(document["findings"]))


    def test_names_and_addresses_in_sysctl_files(self):
        name = "web01-of-the-test"
        Path("/etc/sysctl.d/50-x.conf").write_text(
            f"# {name}.example is behind gateway:10.9.8.7, 10.9.8.1-10.9.8.5\n"
            f"net.ipv4.ip_forward = 0\n", encoding="ascii")
        tree = self.directory / "tree"
        self.assertEqual(run("snapshot", "-o", tree, "--anonymise").returncode, 0)
        copy = (tree / "etc/sysctl.d/50-x.conf").read_text(encoding="ascii")
        self.assertEqual(copy, "#\nnet.ipv4.ip_forward = 0\n")

    def test_without_netlink_the_files_are_kept(self):
        if platform.machine() != "x86_64":
            self.skipTest("the filter knows the calls of x86-64 alone")
        tree = self.directory / "tree"
        result = subprocess.run([support.PROGRAM, "snapshot", "-q", "-o", tree, "--anonymise"],
                                capture_output=True, text=True, check=False,
                                preexec_fn=traffic.refuse_netlink)
        self.assertEqual(result.returncode, 3)
        self.assertIn("not recorded: default routes", result.stderr)
        counted = sockets("state", "--root", tree)["states"]
        self.assertEqual(counted["close-wait"], 120)
        self.assertNotIn("021F4D0A", (tree / "proc/net/tcp").read_text())  # 10.77.31.2

    def test_a_directory_that_is_too_small_is_left_empty(self):
        small = Path("/run/small")
        small.mkdir()
        private.mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", small)
        self.addCleanup(small.rmdir)
        self.addCleanup(subprocess.run, ["umount", small], check=True)
        result = run("snapshot", "-o", small)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(list(small.iterdir()), [])


class SinceLast(Situation):
    def overflow(self):
        before = counter("TcpExt.ListenOverflows")
        server = listen(backlog=1)
        for thing in [server, *fill(server, 8)]:
            thing.close()
        self.assertGreater(counter("TcpExt.ListenOverflows"), before)
        return counter("TcpExt.ListenOverflows") - before

    def test_only_what_is_new(self):
        first = self.overflow()
        self.fails(OVERFLOW, SOMAXCONN, document=audit("--since-last"),
                   numbers={"TcpExt.ListenOverflows": first})
        self.assertTrue(list(Path("/var/lib/tuner").iterdir()))
        self.passes(OVERFLOW, document=audit("--since-last"))
        second = self.overflow()
        self.fails(OVERFLOW, SOMAXCONN, document=audit("--since-last"),
                   numbers={"TcpExt.ListenOverflows": second})
        # An audit that was not asked to look back judges all, and keeps nothing.
        self.fails(OVERFLOW, SOMAXCONN, numbers={"TcpExt.ListenOverflows": first + second})

    def test_counters_that_cannot_be_kept_are_a_warning(self):
        first = self.overflow()
        Path("/var/lib/tuner").write_text("in the way", encoding="ascii")
        self.addCleanup(Path("/var/lib/tuner").unlink)
        document = audit("--since-last")
        self.fails(OVERFLOW, SOMAXCONN, document=document,
                   numbers={"TcpExt.ListenOverflows": first})
        self.assertIn("cannot save counters", document[1]["warnings"][0])

    def test_another_namespace_has_counters_of_its_own(self):
        audit("--since-last")
        with self.keep(Space()):
            count = self.overflow()
            self.fails(OVERFLOW, SOMAXCONN, document=audit("--since-last"),
                       numbers={"TcpExt.ListenOverflows": count})


class Unprivileged(Situation):
    """A user who may not look into the processes of others."""

    def setUp(self):
        super().setUp()
        directory = Path(tempfile.mkdtemp(prefix="tuner-test-"))
        self.addCleanup(shutil.rmtree, directory)
        program = directory / "tuner"
        program.write_bytes(Path(support.PROGRAM).read_bytes())
        program.chmod(0o755)
        directory.chmod(0o755)
        self.addCleanup(setattr, support, "PROGRAM", support.PROGRAM)
        support.PROGRAM = str(program)

    def test_sockets_are_shown_without_their_owners(self):
        self.connection(self.server())
        self.assertEqual(sockets("state", prefix=NOBODY)["states"]["established"], 2)
        peer = self.row(sockets("peer", prefix=NOBODY)["peers"], remote="127.0.0.1:8080")
        self.assertEqual(peer["in_use"], 1)
        row = self.row(sockets("listener", prefix=NOBODY)["listeners"])
        self.assertEqual((row["address"], row["pid"], row["comm"]),
                         ("127.0.0.1:8080", None, None))
        own = sockets("process", prefix=NOBODY)["processes"]
        self.assertNotIn(os.getpid(), [row["pid"] for row in own if row["open_files"]])

    def test_files_of_others_are_unknown(self):
        about = findings(audit(prefix=NOBODY)[1], id=FILES)
        self.assertEqual([finding["status"] for finding in about], ["unknown"])
        self.assertIn("not permitted", about[0]["message"])

    def test_an_audit_says_what_it_could_not_see(self):
        self.keep(leak(120))
        status, document = audit(prefix=NOBODY)
        self.assertNotEqual(status, 77)
        found = findings(document, id=LEAK)
        self.assertEqual([finding["status"] for finding in found], ["unknown"])
        self.assertIn("not permitted", found[0]["message"])
        self.passes(EXHAUSTION, OVERFLOW, document=(status, document))


if __name__ == "__main__":
    private.enter()
    unittest.main()
