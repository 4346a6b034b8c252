"""A path with rate, delay, loss and queue between two network namespaces, and flows over it."""

import contextlib
import json
import select
import subprocess
from pathlib import Path as File
from statistics import mean

from private import set_key
from traffic import Space, ip

DEVICE = "path0"
LEFT, RIGHT = "10.80.0.1", "10.80.0.2"
PORT = 5001
MTU = 1500
# The device's own queue only has to hold what comes while the delay line is not running.
DEVICE_QUEUE = 20000  # packets
INTERVALS = 10        # of the receiver's report, in a second


class Tools:
    """The programs of the lab, built from this directory."""

    def __init__(self, directory):
        self.delayline = str(File(directory, "delayline"))
        self.flow = str(File(directory, "flow"))


class Path:
    """Left and right with a delay line between them. `rtt` in seconds, `rate` in Mbit/s, `loss` a
    fraction of the packets, `queue` in bytes: one bandwidth x delay, but at least 256 KiB, where
    nothing is said."""

    def __init__(self, tools, rate, rtt, loss=0.0, queue=None, swallow=None):
        self.tools, self.rate, self.rtt = tools, rate, rtt
        self.bdp = round(rate * 1e6 / 8 * rtt)
        self.left, self.right = Space(), Space()
        command = [tools.delayline, self.left.path(), self.right.path(), "--rate", str(rate),
                   "--delay", str(round(rtt / 2 * 1e6)), "--queue",
                   str(queue or max(self.bdp, 256 << 10)), "--loss", str(round(loss * 1e6))]
        if swallow:
            command += ["--swallow", str(swallow)]
        self.line = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not select.select([self.line.stdout], [], [], 10)[0] or \
                self.line.stdout.readline() != b"ready\n":
            self.close()
            raise RuntimeError("the delay line does not start")
        for space, own, other in ((self.left, LEFT, RIGHT), (self.right, RIGHT, LEFT)):
            with space:
                ip("address", "add", own, "peer", other, "dev", DEVICE)
                ip("link", "set", DEVICE, "mtu", MTU, "txqueuelen", DEVICE_QUEUE, "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.line.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.line.wait(5)
        self.line.kill()
        self.line.wait()
        self.line.stdout.close()
        self.left.close()
        self.right.close()

    def set(self, keys):
        """At both ends."""
        for space in (self.left, self.right):
            with space:
                for key, value in keys.items():
                    set_key(key, value)

    def congestion(self, name, more=""):
        """By the routes: a namespace may have only what the machine allows as its default."""
        for space, other in ((self.left, RIGHT), (self.right, LEFT)):
            with space:
                ip("route", "replace", other, "dev", DEVICE, "congctl", name, *more.split())

    @contextlib.contextmanager
    def background(self, seconds, flows):
        """Flows from left to right, as fast as they go, while the body runs and for so many
        seconds at most: their sender and their receiver."""
        with self.right:
            receiver = subprocess.Popen([self.tools.flow, "receive", RIGHT, str(PORT), str(flows)],
                                        stdout=subprocess.PIPE, text=True)
        with self.left:
            sender = subprocess.Popen([self.tools.flow, "send", RIGHT, str(PORT), str(flows),
                                       str(seconds)], stdout=subprocess.PIPE, text=True)
        try:
            yield sender, receiver
        finally:
            for process in (sender, receiver):
                process.kill()
                process.communicate()

    def transfer(self, seconds, flows=1):
        """What such flows came to."""
        with self.background(seconds, flows) as (sender, receiver):
            sent, _ = sender.communicate(timeout=seconds + 60)
            received, _ = receiver.communicate(timeout=60)
        return Transfer(json.loads(received), json.loads(sent), seconds)


class Transfer:
    """Throughput in Mbit/s of data in the second half of that time; memory in bytes, of both ends
    at their peaks."""

    def __init__(self, received, sent, seconds):
        whole = seconds * INTERVALS
        # What a reset cut off at the end is no interval of its own. Half of the time is a whole
        # number of round trips: a flow that its window limits comes in a burst in each.
        steady = (received["intervals"] + [0] * whole)[whole // 2 - 1:whole - 1]
        self.throughput = mean(steady) * INTERVALS * 8 / 1e6
        self.memory = received["memory"] + sent["memory"]
        self.send_buffer, self.receive_buffer = sent["buffer"], received["buffer"]
        self.retransmits = sent["retransmits"]


def received_bytes():
    """By the device of this namespace, headers of IP included."""
    line = next(line for line in File("/proc/net/dev").read_text(encoding="ascii").splitlines()
                if line.lstrip().startswith(DEVICE))
    return int(line.split(":")[1].split()[0])


def ping(address, count, interval=0.02):
    """The round trips in seconds."""
    out = subprocess.run(["ping", "-n", "-c", str(count), "-i", str(interval), "-W", "3", address],
                         capture_output=True, text=True, check=True).stdout
    return [float(line.split("time=")[1].split()[0]) / 1000 for line in out.splitlines()
            if "time=" in line]
