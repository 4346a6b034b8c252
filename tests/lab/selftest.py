"""Holds the delay line against itself: what was asked for is what is measured."""

import time
from statistics import median

from outcome import LESS, MORE, Outcome, Row
from path import LEFT, RIGHT, Path, ping, received_bytes
from sidebyside import CUBIC

PATHS = ((10, 0.02), (100, 0.01), (100, 0.2), (600, 0.1), (1000, 0.01), (1000, 0.2))
SHORT = ((100, 0.05), (300, 0.02))
ROOM = 4 << 20  # bytes: what the kernel gives by itself
LOSS = 0.1
PINGS = 2000  # of which some 380 are not answered: within 15% of that in 999 of 1000 runs


def near(asked, measured, allowed):
    return abs(measured - asked) <= allowed * asked


def within(lab):
    return f"within {lab.accuracy:.0%} of what was asked for"


def round_trip(lab, paths):
    rows = []
    for rtt in sorted({rtt for _, rtt in paths}):
        with Path(lab.tools, 1000, rtt) as path, path.left:
            rows.append(Row(f"{rtt * 1000:.0f} ms asked for",
                            [median(ping(RIGHT, 30)) * 1000], note=f"{rtt * 1000:.0f}"))
    return Outcome(
        name="line-delay", title="Round trips of the delay line, by ping", unit="ms", better=LESS,
        rows=rows, demand=within(lab),
        holds=all(near(float(row.note), row.median, lab.accuracy) for row in rows))


def rate(lab, paths):
    """What leaves the line with the headers of IP, counted by the device at its end while a flow
    with buffers of twice the BDP, or more, fills it."""
    rows = []
    for asked, rtt in paths:
        with Path(lab.tools, asked, rtt) as path:
            path.congestion(CUBIC)
            size = max(ROOM, 2 * path.bdp)
            path.set({"net.ipv4.tcp_rmem": f"4096 131072 {size}",
                      "net.ipv4.tcp_wmem": f"4096 16384 {size}"})
            rows.append(Row(f"{asked} Mbit/s at {rtt * 1000:.0f} ms", [filled(path)],
                            note=f"{asked}"))
    return Outcome(
        name="line-rate", title="Rate of the delay line, headers of IP included", unit="Mbit/s",
        better=MORE, rows=rows, demand=within(lab),
        holds=all(near(float(row.note), row.median, lab.accuracy) for row in rows))


def filled(path, measure=1.5):
    """Mbit/s of one flow after ten round trips and more of growing."""
    growing = 1 + 20 * path.rtt
    with path.background(round(growing + measure + 2), flows=1), path.right:
        time.sleep(growing)  # the flow's slow start is not what is measured
        begun, before = time.monotonic(), received_bytes()
        time.sleep(measure)
        return (received_bytes() - before) * 8 / 1e6 / (time.monotonic() - begun)


def loss(lab):
    with Path(lab.tools, 1000, 0.002, loss=LOSS) as path, path.left:
        answered = len(ping(RIGHT, PINGS, interval=0.001))
    lost = 1 - (answered / PINGS) ** 0.5  # on both ways
    return Outcome(
        name="line-loss", title="Loss of the delay line, 10% asked for", unit="%", better=LESS,
        rows=[Row(f"{PINGS:,} pings", [lost * 100])], demand="within 15% of that",
        holds=near(LOSS, lost, 0.15))


def both_ways(lab):
    """The way back is no other: ping from the right."""
    with Path(lab.tools, 1000, 0.1) as path, path.right:
        measured = median(ping(LEFT, 20))
    return Outcome(name="line-back", title="Round trip from the other end, 100 ms asked for",
                   unit="ms", better=LESS, rows=[Row("ping from the right", [measured * 1000])],
                   demand=within(lab), holds=near(0.1, measured, lab.accuracy))


def experiments(short):
    paths = SHORT if short else PATHS
    return [lambda lab: round_trip(lab, paths), lambda lab: rate(lab, paths), both_ways, loss]
