"""One value at a time, over a path with delay: the trouble without it, and its absence with it."""

import select
import socket
import time

from outcome import LESS, Row, Skipped, trouble_and_cure
from path import PORT, RIGHT, Path
from private import get_key

CUBIC, RENO, BBR = "cubic", "reno", "bbr"
ANSWER = 14000  # bytes that ten segments carry and three do not


def slow_path(tools, **more):
    """100 Mbit/s and 50 ms: 625 kB in flight."""
    return Path(tools, 100, 0.05, **more)


def throughput(lab, keys, seconds=2, make=slow_path, congestion=CUBIC, **more):
    """Mbit/s of one flow, once for each run."""
    values = []
    for _ in range(lab.runs):
        with make(lab.tools, **more) as path:
            path.congestion(congestion)
            path.set(keys)
            values.append(path.transfer(seconds).throughput)
    return values


def window_scaling(lab):
    key = "net.ipv4.tcp_window_scaling"
    return trouble_and_cure(
        "window-scaling", "One flow at 50 ms and 100 Mbit/s", "Mbit/s",
        Row("tcp_window_scaling 0", throughput(lab, {key: 0})),
        Row("tcp_window_scaling 1", throughput(lab, {key: 1})), [key], factor=5)


def receive_autotuning(lab):
    key = "net.ipv4.tcp_moderate_rcvbuf"
    return trouble_and_cure(
        "receive-autotuning", "One flow at 50 ms and 100 Mbit/s", "Mbit/s",
        Row("tcp_moderate_rcvbuf 0", throughput(lab, {key: 0})),
        Row("tcp_moderate_rcvbuf 1", throughput(lab, {key: 1})), [key], factor=3)


def selective_acknowledgements(lab):
    # A route that names a module would load it, for the whole machine.
    if BBR not in get_key("net.ipv4.tcp_available_congestion_control").split():
        raise Skipped(f"selective acknowledgements, this kernel has not loaded {BBR}")
    key = "net.ipv4.tcp_sack"
    return trouble_and_cure(
        "selective-acknowledgements",
        "One bbr flow at 50 ms and 100 Mbit/s, 1 in 100 packets lost", "Mbit/s",
        Row("tcp_sack 0", throughput(lab, {key: 0}, seconds=4, congestion=BBR, loss=0.01)),
        Row("tcp_sack 1", throughput(lab, {key: 1}, seconds=4, congestion=BBR, loss=0.01)),
        [key], factor=1.5)


def congestion_control(lab):
    key = "net.ipv4.tcp_congestion_control"

    def run(name):
        return throughput(lab, {}, seconds=10, congestion=name, loss=0.0001,
                          make=lambda tools, **more: Path(tools, 100, 0.1, **more))
    return trouble_and_cure(
        "congestion-control",
        "One flow at 100 ms and 100 Mbit/s, 1 in 10,000 packets lost", "Mbit/s",
        Row(RENO, run(RENO)), Row(CUBIC, run(CUBIC)), [key], factor=1.2)


def mtu_probing(lab):
    key = "net.ipv4.tcp_mtu_probing"
    return trouble_and_cure(
        "mtu-probing", "One flow over a path that silently drops packets over 1400 bytes, 50 ms",
        "Mbit/s",
        Row("tcp_mtu_probing 0", throughput(lab, {key: 0}, seconds=8, swallow=1400)),
        Row("tcp_mtu_probing 1", throughput(lab, {key: 1}, seconds=8, swallow=1400)), [key],
        factor=10, least=0.5,
        notes=["In seconds 4 to 8 of the flow, while it still recovers from the black hole."])


class Pair:
    """A connection from left to right, to write and read by hand."""

    def __init__(self, path):
        with path.right:
            self.listener = socket.socket()
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.listener.bind((RIGHT, PORT))
            self.listener.listen(1)
        with path.left:
            self.left = socket.create_connection((RIGHT, PORT), timeout=10)
        self.right, _ = self.listener.accept()
        self.left.settimeout(30)
        self.right.settimeout(30)

    def pass_on(self, source, target, size):
        """Seconds until `size` bytes have arrived."""
        begun = time.monotonic()
        source.setblocking(False)
        left, arrived = size, 0
        while arrived < size:
            writing = [source] if left else []
            readable, writable, _ = select.select([target], writing, [], 30)
            if not readable and not writable:
                raise RuntimeError("nothing arrives")
            if writable:
                left -= source.send(bytes(min(left, 1 << 18)))
            if readable:
                arrived += len(target.recv(1 << 20))
        return time.monotonic() - begun

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in (self.left, self.right, self.listener):
            each.close()


def slow_start_after_idle(lab):
    key = "net.ipv4.tcp_slow_start_after_idle"

    def run(value):
        with Path(lab.tools, 100, 0.2) as path:
            path.congestion(CUBIC)
            path.set({key: value})
            with Pair(path) as pair:
                for _ in range(3):
                    pair.pass_on(pair.left, pair.right, 2 << 20)
                time.sleep(4)  # the pause itself: the window halves in each retransmission timeout
                return pair.pass_on(pair.left, pair.right, 2 << 20)
    return trouble_and_cure(
        "slow-start-after-idle", "2 MiB at 200 ms and 100 Mbit/s on a connection that was idle for 4 s", "s",
        Row("tcp_slow_start_after_idle 1", lab.repeat(lambda: run(1))),
        Row("tcp_slow_start_after_idle 0", lab.repeat(lambda: run(0))), [key], better=LESS,
        factor=2)


def first_flight(lab):
    def run(segments):
        with Path(lab.tools, 100, 0.2) as path:
            path.congestion(CUBIC, f"initcwnd {segments}")
            with Pair(path) as pair:
                return pair.pass_on(pair.left, pair.right, ANSWER)
    return trouble_and_cure(
        "initial-window", "A response of 14 kB at 200 ms on a new connection", "s",
        Row("initcwnd 3", lab.repeat(lambda: run(3))),
        Row("initcwnd 10", lab.repeat(lambda: run(10))), [], better=LESS, factor=1.5)


def unsent_data(lab):
    key = "net.ipv4.tcp_notsent_lowat"

    def run(value):
        """An application that writes whenever the kernel takes more, as HTTP/2 servers do; then
        something urgent turns up."""
        with Path(lab.tools, 100, 0.1, queue=256 << 10) as path:
            path.congestion(CUBIC)
            path.set({key: value})
            with Pair(path) as pair:
                pair.left.setblocking(False)
                pair.right.setblocking(False)
                written = arrived = 0
                turned_up = urgent = None
                begun = time.monotonic()
                while urgent is None or arrived < urgent:
                    readable, writable, _ = select.select(
                        [pair.right], [] if urgent else [pair.left], [], 30)
                    if turned_up is None and time.monotonic() - begun > 4:
                        turned_up = time.monotonic()
                    if writable:
                        written += pair.left.send(b"!" if turned_up else bytes(16 << 10))
                        urgent = written if turned_up else None
                    if readable:
                        arrived += len(pair.right.recv(1 << 20))
                return time.monotonic() - turned_up
    return trouble_and_cure(
        "unsent-data", "An urgent response behind a download on the same connection, 100 ms and "
        "100 Mbit/s", "s",
        Row("tcp_notsent_lowat 4294967295", lab.repeat(lambda: run(4294967295))),
        Row("tcp_notsent_lowat 131072", lab.repeat(lambda: run(131072))), [key], better=LESS,
        factor=2)


EXPERIMENTS = [window_scaling, receive_autotuning, selective_acknowledgements, congestion_control,
               mtu_probing, slow_start_after_idle, first_flight, unsent_data]
SHORT = [window_scaling, slow_start_after_idle, first_flight]
