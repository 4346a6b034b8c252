"""tuner sockets --by limit, measured inputs, and what a snapshot keeps of both. What limits a flow over
a path with delay is shown by tests/lab/scenes.py."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import unittest

import private
from support import HOSTS, PROGRAM, Scratch, run, validate
from traffic import until

RECORD = ("flows time_us=1000000 connections=3 moving=1 bytes=14000000 most=40 link_speed=0\n"
          "flow 10.80.0.1:36450 10.80.0.2:5001 pid=812 comm=nginx first.send_buffer=4194304 "
          "first.scales=1 last.acked=14000000 last.busy=1000000 last.rtt=100000 last.min_rtt=100000 "
          "last.segment=1448 last.cwnd=9000 last.send_queue=4000000 last.own_scale=11 "
          "last.send_buffer=4194304 last.send_memory=4194304 last.receive_buffer=131072 "
          "last.scales=1 last.peer_window=7526400 looks=100 buffer=100 rtt_sum=10000000 "
          "acked_peak0=70000000 acked_peak1=70000000 acked_peak2=70000000\n")
HOST = "debian12-6.1-x86_64-1g"
MUCH = 2 << 20  # more than what a snapshot waits for


class Recorded(Scratch):
    def host(self, record):
        """A tree of its own with this record."""
        tree = self.directory / str(len(list(self.directory.iterdir())))
        self.tree(HOST, files={"records/flows": record}).rename(tree)
        return tree

    def limits(self, tree, *words):
        document = json.loads(run("sockets", "--by", "limit", "--root", tree, "--json", *words).stdout)
        validate(document, "sockets")
        return document["limits"]

    def test_names_the_buffer_and_its_size(self):
        one, = self.limits(self.host(RECORD))
        self.assertEqual((one["limited_by"], one["key"], one["direction"]),
                         ("send-buffer", "net.ipv4.tcp_wmem", "sending"))
        self.assertEqual(one["bits_per_second"], 112_000_000)
        # The line carries 560 Mbit/s: its bursts come at that rate. 7 MB on the way, twice that.
        self.assertEqual(one["needs_bytes"], 14 << 20)

    def test_text_names_the_program_and_the_fix(self):
        text = run("sockets", "--by", "limit", "--root", self.host(RECORD)).stdout
        self.assertIn("1 of 3 connections moved data in 1 s.", text)
        self.assertIn("to 10.80.0.2:5001, nginx (pid 812)", text)
        self.assertIn("Fix: net.ipv4.tcp_wmem = 4096 16384 14680064", text)

    def test_a_tree_without_a_record_says_so(self):
        result = run("sockets", "--by", "limit", "--root", HOSTS / HOST)
        self.assertEqual(result.returncode, 1)
        self.assertIn("records/flows: the tree has no record of connections", result.stderr)

    def test_a_damaged_record_is_no_crash(self):
        for record in ("", "flows\nflow x y\n", RECORD.replace("acked=14000000", "acked=-1"),
                       RECORD.replace("time_us=1000000", "time_us=0"),
                       RECORD.replace("own_scale=11", "own_scale=77"),
                       RECORD.replace("segment=1448", "segment=4294967295"),
                       RECORD.replace("looks=100 ", ""),
                       RECORD.replace("looks=100", "looks=99999999999999999999")):
            result = run("sockets", "--by", "limit", "--root", self.host(record))
            self.assertEqual(result.returncode, 1, record)
            self.assertIn("malformed", result.stderr)

    def test_states_have_no_limit(self):
        result = run("sockets", "--by", "limit", "--state", "listen")
        self.assertEqual(result.returncode, 64)
        self.assertIn("only live connections move data", result.stderr)

    def test_inputs_are_measured(self):
        tree = self.host(RECORD)
        words = ("--root", tree, "--profile", "bulk", "--input", "rtt=measured",
                 "--input", "bandwidth=measured", "--json")
        for command in ("audit", "diff"):
            document = json.loads(run(command, *words).stdout)
            validate(document, command)
            inputs = document["profile"]["inputs"]
            self.assertEqual(inputs["rtt"]["value"], "100ms")
            self.assertEqual(inputs["bandwidth"]["value"], "560Mbit")
            self.assertEqual(inputs["rtt"]["measured"]["connections"], 1)
            self.assertEqual(inputs["connections"], "20")
        wanted, = (change["wanted"] for change in document["changes"]
                   if change["key"] == "net.ipv4.tcp_wmem")
        self.assertEqual(wanted, "4096 16384 14000000")
        text = run("diff", *words[:-1], "-v").stdout
        self.assertIn("95th percentile of the least round trips of 1 connection", " ".join(text.split()))
        why, = (change["why"] for change in document["changes"]
                if change["key"] == "net.ipv4.tcp_wmem")
        self.assertRegex(why, r"rtt 100ms, measured at 20\S+Z on 1 connection: 95th percentile")
        said = run("bdp", "--root", tree, "--rtt", "measured", "--bandwidth", "measured").stdout
        self.assertIn("7 MB are in flight when 560 Mbit/s for 100 ms is full", said)
        shown = run("profile", "show", "bulk", "--resolved", "--root", tree, "--input",
                    "connections=measured", "--json")
        self.assertEqual(json.loads(shown.stdout)["inputs"]["connections"]["value"], "40")

    def test_too_little_is_an_error_with_a_hint(self):
        quiet = RECORD.replace("acked=14000000", "acked=14000")
        for tree in (self.host(quiet), HOSTS / HOST):
            result = run("diff", "--root", tree, "--profile", "bulk", "--input", "rtt=measured")
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertIn("rtt=measured: ", result.stderr)
            self.assertIn("or give a value", result.stderr)
        result = run("diff", "--profile", "web", "--input", "memory_share=measured")
        self.assertEqual(result.returncode, 64)


class Live(unittest.TestCase):
    """Over the loopback of a namespace of its own."""

    def test_a_reader_that_does_not_read(self):
        text = subprocess.run([sys.executable, "-B", __file__, "live"], capture_output=True,
                              text=True, check=True).stdout
        limits, snapshot = (json.loads(line) for line in text.splitlines())
        validate(limits, "sockets")
        by = {each["direction"]: each for each in limits["limits"]}
        self.assertEqual(by["receiving"]["limited_by"], "application")
        self.assertEqual(by["sending"]["limited_by"], "peer-window")
        self.assertEqual(by["receiving"]["pid"], by["sending"]["pid"])
        self.assertTrue(by["receiving"]["accepted"])
        self.assertEqual({(each["direction"], each["limited_by"]) for each in snapshot["limits"]},
                         {("receiving", "application"), ("sending", "peer-window")})


def slow_reader():
    """A flow whose reader takes 2.5 MB a second, looked at; run in a process of its own."""
    private.enter()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    listener = socket.create_server(("127.0.0.1", 0))
    sender = socket.create_connection(listener.getsockname())
    receiver, _ = listener.accept()
    done = threading.Event()

    sender.settimeout(0.1)

    def write():
        while not done.is_set():
            with contextlib.suppress(OSError):
                sender.send(b"x" * 65536)

    taken = [0]

    def read():
        while not done.wait(0.02):
            taken[0] += len(receiver.recv(50_000))

    threads = [threading.Thread(target=each) for each in (write, read)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: taken[0] > MUCH, 30)
        words = [PROGRAM, "sockets", "--by", "limit", "--json"]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        print(json.dumps(json.loads(told)))
        subprocess.run([PROGRAM, "snapshot", "-o", "/run/snapshot", "--anonymise"], check=True,
                       capture_output=True)
        told = subprocess.run([*words, "--root", "/run/snapshot"], capture_output=True, text=True,
                              check=True).stdout
        print(json.dumps(json.loads(told)))
    finally:
        done.set()
        for thread in threads:
            thread.join()
        for each in (sender, receiver):
            each.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["live"]:
        slow_reader()
    else:
        unittest.main()
