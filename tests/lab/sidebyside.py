"""The peers side by side: throughput, memory, queues and waiting, each in namespaces of its own."""

import contextlib
import math
import socket
import threading
import time
from statistics import median, quantiles

from outcome import DATA, LESS, MORE, Outcome, Row
from path import LEFT, Path
from peers import DEFAULT, OURS, PEERS, TWICE, Peer, settle, settle_ours
from queues import kept_of_burst
from sockets import WEB
from traffic import listen

CUBIC = "cubic"  # the kernel's own default; Debian's kernels have it
SECONDS = {0.01: 1, 0.05: 2, 0.1: 6, 0.2: 6}  # for each round trip, until half of them are steady
SHOWN = (600, 0.2)  # Mbit/s and round trip of the path on which tuner has to show what it is for
PATHS = [(rate, rtt) for rate in (100, 1000) for rtt in SECONDS] + [SHOWN]
REQUEST = b"?" * 200
ANSWER = b"!" * 1000


def everyone():
    return [peer.name for peer in PEERS] + [OURS]


def settler(lab, name, profile, **inputs):
    """Sets a namespace as one of them has it."""
    peer = next((peer for peer in PEERS if peer.name == name), None)
    if peer:
        return lambda space: settle(space, peer)
    return lambda space: settle_ours(lab.tuner, space, profile, **inputs)


def prepare(lab, path, name, profile="bulk"):
    """Both ends as one of them has it."""
    path.congestion(CUBIC)
    inputs = {"bandwidth": f"{path.rate}Mbit", "rtt": f"{round(path.rtt * 1000)}ms"}
    settled = settler(lab, name, profile, **(inputs if profile == "bulk" else {}))
    for space in (path.left, path.right):
        if name == TWICE:
            settle(space, twice(path))
        else:
            settled(space)


def twice(path):
    return Peer(TWICE, "", {"net.ipv4.tcp_rmem": f"4096 131072 {2 * path.bdp}",
                            "net.ipv4.tcp_wmem": f"4096 16384 {2 * path.bdp}"})


def single_flow(lab, rate, rtt):
    title = f"One flow at {rtt * 1000:.0f} ms and {rate} Mbit/s"
    shown = (rate, rtt) == SHOWN

    def measure(setting):
        with Path(lab.tools, rate, rtt) as path:
            prepare(lab, path, setting)
            flow = path.transfer(SECONDS[rtt])
        return flow.throughput, flow.memory / 2**20
    outcome = compare(lab, measure, name_of(rate, rtt), title, "Mbit/s", "bulk",
                      also=["memory MiB"], more=[TWICE] if shown else [],
                      most=rate * DATA)
    if shown:
        show_what_it_is_for(outcome)
    return outcome


def name_of(rate, rtt):
    return f"flow-{rate}-{rtt * 1000:.0f}ms"


def show_what_it_is_for(outcome):
    default, ours = outcome.row(DEFAULT), outcome.row(OURS)
    outcome.holds = (outcome.holds and ours.median >= 0.95 * outcome.row(TWICE).median
                     and ours.median >= 5 * default.median
                     and ours.median >= 1.3 * outcome.row("TuneD network-throughput").median)
    outcome.demand += ("; it has 95% of what buffers of twice the BDP reach, 1.3 times TuneD "
                       "network-throughput and 5 times the default")
    sentence = (f"{outcome.title}: {default.median:.0f} Mbit/s with the kernel's default, "
                f"{ours.median:.0f} with profile bulk")
    outcome.effects = {"net.ipv4.tcp_rmem": sentence, "net.ipv4.tcp_wmem": sentence}


def compare(lab, measure, name, title, unit, profile, better=MORE, also=(), more=(),
            most=math.inf, notes=()):
    """All of them. `measure` gives the figure of one, and then those that stand beside it."""
    rows = {setting: Row(setting, [], {other: [] for other in also})
            for setting in [*everyone(), *more]}

    def run(setting):
        figure, *others = measure(setting)
        rows[setting].values.append(figure)
        for other, value in zip(also, others):
            rows[setting].also[other].append(value)
    lab.shuffled(list(rows), run)
    rows[OURS].note = f"profile {profile}"
    return Outcome(name=name, title=title, unit=unit, better=better, rows=list(rows.values()),
                   demand="tuner is no worse than any other",
                   holds=lab.no_worse(rows.values(), OURS, better, most), notes=list(notes))


def many_flows(lab, flows=64, rate=600, rtt=0.05, seconds=5):
    def measure(setting):
        with Path(lab.tools, rate, rtt) as path:
            prepare(lab, path, setting)
            result = path.transfer(seconds, flows)
        return result.throughput, result.memory / 2**20
    return compare(lab, measure, "many-flows",
                   f"{flows} flows together at {rtt * 1000:.0f} ms and {rate} Mbit/s", "Mbit/s",
                   "bulk", also=["memory MiB"])


def burst(lab, connects=3000):
    """An application that asks for a queue of 4096 and is busy while they come."""
    def measure(setting):
        return [kept_of_burst(settler(lab, setting, "web"), connects)]
    return compare(lab, measure, "burst",
                   f"Connections that survive a burst of {connects:,}, listen(4096)", "connections",
                   "web", notes=["This kernel starts with 4096: only what lowers it does harm."])


def answer_requests(server):
    connection, _ = server.accept()
    with contextlib.suppress(OSError), connection:
        while connection.recv(len(REQUEST), socket.MSG_WAITALL):
            connection.sendall(ANSWER)


def request_times(path, seconds):
    """Milliseconds of requests, one after another on a kept-alive connection, while four flows fill
    the path in the direction of the answers."""
    with path.left:
        server = listen(LEFT, WEB)
    threading.Thread(target=answer_requests, args=(server,), daemon=True).start()
    with path.right:
        client = socket.create_connection((LEFT, WEB), timeout=30)
    times = []
    with server, client, path.background(seconds + 1, flows=4):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            client.sendall(REQUEST)
            client.recv(len(ANSWER), socket.MSG_WAITALL)
            times.append((time.monotonic() - begun) * 1000)
    return times[len(times) // 4:]  # without the flows' slow start


def short_requests(lab, rate=100, rtt=0.02, seconds=5):
    def measure(setting):
        with Path(lab.tools, rate, rtt) as path:
            prepare(lab, path, setting, profile="latency")
            times = request_times(path, seconds)
        return median(times), quantiles(times, n=100)[98]
    return compare(lab, measure, "short-requests", "Short requests while four flows fill a path of "
                   f"{rate} Mbit/s and {rtt * 1000:.0f} ms", "ms", "latency", LESS, ["p99 ms"],
                   notes=["The queue of the path decides, and no setting is in its way."])
