"""Scenes in which one thing is known to limit a connection, because the scene made it, and whether
tuner names it. Freeing just that limit has to bring a tenth more, or the scene is void."""

import contextlib
import json
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path as File
from statistics import mean

from outcome import DATA, Outcome, Row
from path import PORT, RIGHT, Path

ENDS = str(File(__file__).resolve().parent / "ends.py")
TICKS = 10  # in a second
LARGE = 96 << 20
FLOOR = 4 << 10
KINDS = ("send buffer", "receive buffer", "path", "loss", "writer", "reader", "SO_SNDBUF",
         "SO_RCVBUF", "clamp", "many flows", "requests")
# What the sender may say, what the receiver may say, by kind.
TRUTH = {
    "send buffer": ({"send-buffer"}, {"unknown"}),
    "receive buffer": ({"peer-window"}, {"receive-buffer"}),
    "path": ({"congestion"}, {"congestion", "unknown"}),
    "loss": ({"congestion"}, {"congestion", "unknown"}),
    "writer": ({"application"}, {"unknown"}),
    "reader": ({"peer-window"}, {"application"}),
    "SO_SNDBUF": ({"setting"}, {"unknown"}),
    "SO_RCVBUF": ({"peer-window"}, {"setting"}),
    "clamp": ({"peer-window"}, {"setting"}),
    "many flows": ({"congestion"}, {"congestion", "unknown"}),
    "requests": ({"application"}, {"unknown", "idle"}),
}


@dataclass
class Scene:
    """`rate` in Mbit/s, `rtt` in ms; the rest in bytes, and the options of ends.py."""
    kind: str
    rate: float
    rtt: float
    loss: float = 0.0
    queue: int = 256 << 10
    wmem: int = LARGE
    rmem: int = LARGE
    sender: dict = field(default_factory=dict)
    receiver: dict = field(default_factory=dict)

    @property
    def bdp(self):
        return self.rate * 1e6 / 8 * self.rtt / 1e3

    def freed(self):
        """The same without what limits it; none where the path does."""
        if self.kind in ("path", "loss", "many flows"):
            return None
        both = {name: self.sender[name] for name in ("congestion", "flows")}
        return Scene("free", self.rate, self.rtt, self.loss, self.queue, sender=both,
                     receiver={"flows": 1})

    def describe(self):
        more = {**self.sender, **self.receiver}
        for name, whole in (("wmem", self.wmem), ("rmem", self.rmem)):
            if whole != LARGE:
                more[name] = whole
        if self.loss:
            more["loss"] = f"{self.loss:.2%}"
        return (f"{self.kind}: {self.rate:.0f} Mbit/s, {self.rtt:.0f} ms, queue {self.queue >> 10} KiB, "
                + ", ".join(f"{name} {value}" for name, value in more.items() if name != "flows"
                            or value > 1))


def scene_of(chance, kind):
    """One of a kind. What is made narrow has room for a tenth to a half of the path."""
    rate = 10 ** chance.uniform(0.7, 2.5)  # 5 to 300 Mbit/s
    rtt = 10 ** chance.uniform(0.3, 2.45)  # 2 to 280 ms
    narrow = kind not in ("path", "loss", "many flows")
    if narrow and rate * rtt < 2000:  # a window below 250 KB is hardly a limit
        rtt = min(280, 2000 / rate * chance.uniform(1, 3))
        rate = max(rate, 2000 / rtt)
    scene = Scene(kind, max(5, round(rate)), max(1, round(rtt)))
    scene.queue = int(max(64 << 10, scene.bdp * chance.choice([0.5, 1, 2])))
    part = chance.uniform(0.12, 0.45)
    scene.sender = {"flows": 1, "congestion": chance.choice(["cubic", "cubic", "bbr"]),
                    "piece": chance.choice([16 << 10, 256 << 10])}
    scene.receiver = {"flows": 1}
    window = int(scene.bdp * part)
    if kind == "send buffer":
        scene.wmem = max(FLOOR * 8, int(window * 1.5))
    elif kind == "receive buffer":
        scene.rmem = max(FLOOR * 16, int(window * 1.5))
    elif kind == "loss":
        scene.loss = 10 ** chance.uniform(-3.3, -1.7)
    elif kind == "writer":
        scene.sender.update(write_rate=scene.rate * 1e6 / 8 * part, piece=chance.choice([4, 16, 64]) << 10)
    elif kind == "reader":
        scene.receiver.update(read_rate=scene.rate * 1e6 / 8 * part, read_piece=16 << 10)
    elif kind == "SO_SNDBUF":
        scene.sender["sndbuf"] = max(FLOOR * 4, int(window * 0.75))
    elif kind == "SO_RCVBUF":
        scene.receiver["rcvbuf"] = max(FLOOR * 8, int(window * 0.75))
    elif kind == "clamp":
        scene.receiver["clamp"] = max(FLOOR * 8, min(window, 1 << 20))
    elif kind == "many flows":
        flows = chance.randint(4, 16)
        scene.sender["flows"] = scene.receiver["flows"] = flows
    elif kind == "requests":
        scene.sender["answer"] = scene.receiver["answer"] = chance.choice([4, 12, 40]) << 10
    return scene


@dataclass
class Seen:
    """What a run came to: Mbit/s of data while tuner looked, and what it said at both ends."""
    rate: float
    sender: dict
    receiver: dict


def report_of(process):
    out, errors = process.communicate(timeout=60)
    if process.returncode:
        raise RuntimeError(f"tuner failed: {errors}")
    limits = json.loads(out)["limits"]
    return limits[0] if limits else {"limited_by": "idle", "key": None, "evidence": []}


@contextlib.contextmanager
def ends_of(line, scene):
    def end(space, what, address, options):
        with space:
            return subprocess.Popen(["/usr/bin/python3", "-B", ENDS, what, address, str(PORT),
                                     json.dumps(options)], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True)
    receiver = end(line.right, "receive", RIGHT, scene.receiver)
    sender = end(line.left, "send", RIGHT, scene.sender)
    try:
        yield sender, receiver
    finally:
        for process in (sender, receiver):
            process.kill()
            process.communicate()


def play(tools, tuner, scene, looks=True):
    """Lets it run until it is steady, and has tuner look at both ends."""
    steady = min(max(2.0, 30 * scene.rtt / 1000), 6.0)
    with Path(tools, scene.rate, scene.rtt / 1000, scene.loss, scene.queue) as line:
        line.set({"net.ipv4.tcp_wmem": f"4096 16384 {max(scene.wmem, 16384)}",
                  "net.ipv4.tcp_rmem": f"4096 {min(131072, scene.rmem)} {scene.rmem}",
                  "net.ipv4.tcp_no_metrics_save": "1"})
        with ends_of(line, scene) as (sender, receiver):
            begin = time.monotonic()
            time.sleep(steady)
            spoken = []
            before = time.monotonic() - begin
            if looks:
                for space in (line.left, line.right):
                    with space:
                        spoken.append(subprocess.Popen([tuner, "sockets", "--by", "limit", "--json"],
                                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                                       text=True))
                told = [report_of(process) for process in spoken]
            else:
                time.sleep(1.5)
                told = [{}, {}]
            after = time.monotonic() - begin
            receiver.stdin.close()
            receiver.stdin = None
            ticks = json.loads(receiver.communicate(timeout=30)[0])
        whole = ticks[int(before * TICKS):max(int(after * TICKS), int(before * TICKS) + 1)]
        return Seen(mean(whole or [0]) * TICKS * 8 / 1e6, *told)


def verdict(tools, tuner, scene):
    """A record of the scene: what was said, and whether it is right; None where it is void."""
    seen = play(tools, tuner, scene)
    free = scene.freed()
    if free is None:
        # Buffers that are large cannot be larger; without loss the path has to be full.
        void = scene.kind != "loss" and seen.rate < 0.8 * scene.rate * DATA
        freed = None
    else:
        freed = play(tools, tuner, free, looks=False).rate
        void = freed < 1.1 * seen.rate
    return {**record_of(scene, seen), "freed": freed and round(freed, 1), "void": void}


def record_of(scene, seen):
    at_sender, at_receiver = TRUTH[scene.kind]
    proposals = [end["key"] for end in (seen.sender, seen.receiver) if end["key"]]
    return {"scene": scene.describe(), "kind": scene.kind, "rate": round(seen.rate, 1),
            "sender": seen.sender["limited_by"], "receiver": seen.receiver["limited_by"],
            "right": seen.sender["limited_by"] in at_sender,
            "right at the receiver": seen.receiver["limited_by"] in at_receiver,
            "proposed without need": bool(proposals) and
            scene.kind not in ("send buffer", "receive buffer"),
            "said": [seen.sender, seen.receiver]}


PER_KIND = 20
ATTEMPTS = 3  # a scene that is void is made again from other numbers
SHORT = (Scene("send buffer", 40, 60, wmem=180 << 10,
               sender={"flows": 1, "congestion": "cubic", "piece": 256 << 10},
               receiver={"flows": 1}),
         Scene("receive buffer", 40, 60, rmem=180 << 10,
               sender={"flows": 1, "congestion": "cubic", "piece": 256 << 10},
               receiver={"flows": 1}),
         Scene("path", 40, 20, sender={"flows": 1, "congestion": "cubic", "piece": 256 << 10},
               receiver={"flows": 1}))


def outcome_of(records, void):
    """A row for each kind: how often tuner named the limit at the end that has it, and what it said
    else."""
    rows = []
    for kind in KINDS:
        own = [each for each in records if each["kind"] == kind]
        if not own:
            continue
        said = Counter(each["sender"] for each in own if not each["right"])
        said.update(f"{each['receiver']} at the receiver" for each in own
                    if not each["right at the receiver"])
        rows.append(Row(kind, [100 * mean(each["right"] for each in own)],
                        also={"scenes": [len(own)]},
                        note=", ".join([f"{len(own)} scenes"] + [f"{name}: {times}" for name, times
                                                                 in said.most_common()])))
    right = mean(each["right"] for each in records)
    needless = sum(each["proposed without need"] for each in records)
    return Outcome(
        name="limits", title="Scenes in which tuner names what limits the sender", unit="% right",
        better="more", rows=rows, demand="95% right, and no buffer proposed where none is too small",
        holds=right >= 0.95 and needless == 0,
        notes=[f"Right at the sender in {right:.1%} of {len(records)}, at the receiver in "
               f"{mean(each['right at the receiver'] for each in records):.1%}.",
               f"Buffers proposed without need: {needless}.",
               f"Void, since freeing the limit brought less than a tenth: {void}."])


def whole(lab):
    records, void = [], 0
    for kind in KINDS:
        for _ in range(PER_KIND):
            for _ in range(ATTEMPTS):
                record = verdict(lab.tools, lab.tuner, scene_of(lab.chance, kind))
                if not record["void"]:
                    records.append(record)
                    break
                void += 1
    return outcome_of(records, void)


def short(lab):
    """Three scenes that are known to be sound."""
    records = []
    for scene in SHORT:
        seen = play(lab.tools, lab.tuner, scene)
        records.append(record_of(scene, seen))
    return outcome_of(records, 0)
