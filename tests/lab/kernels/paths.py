"""Flows over netem's path: what a profile gains, and what keys do that a child namespace lacks."""

import json
from statistics import mean

RATE = 200      # Mbit/s
RTT = 200       # ms
SECONDS = 4
LIMIT = 100000  # packets in netem's queue: none is lost
INTERVALS = 10  # of flow's report, in a second
BUFFER = 8 << 20
GAIN = 1.3
BULK = f"--profile bulk --input bandwidth={RATE}Mbit --input rtt={RTT}ms"
# "A few hundred" where megabytes were meant, in pages of 4 KiB.
FEW_PAGES = (384, 512, 768)
SMALL_PAGE = 4096
CAPS = ("net.core.rmem_max", "net.core.wmem_max")
SMALL_DEFAULT = 1 << 20  # bytes; since 6.18 the caps start above, and fill the path as they are
NO_LOSS = 0.9
ATTEMPTS = 2
DEFAULT_BYTES = 253952   # of TOAST 2015
BUSY = ("net.core.busy_read", "net.core.busy_poll")
LOSSES = ("TCPMemoryPressures", "TCPAbortOnMemory", "TCPRcvQDrop", "TCPOFODrop")


def counters(names, numbers):
    found = dict(zip(names.split()[1:], map(int, numbers.split()[1:])))
    return {name: found.get(name, 0) for name in LOSSES}


def limit_of(document):
    """What tuner says limits the one flow; None where it saw none."""
    limits = json.loads(document)["limits"]
    return limits[0]["limited_by"] if limits else None


def flow(machine, flows=1, options=""):
    """{"mbit", "receive_buffer", "send_buffer", "counters"} of flows in the steady state."""
    out = machine.output(f"path.sh {RATE}mbit {RTT // 2}ms {LIMIT} {flows} {SECONDS} {options}",
                         SECONDS + 60).splitlines()
    received, sent = json.loads(out[0]), json.loads(out[1])
    left, right = counters(*out[2:4]), counters(*out[4:6])
    steady = received["intervals"][SECONDS * INTERVALS // 2:SECONDS * INTERVALS]
    return {"mbit": round(mean(steady or [0]) * INTERVALS * 8 / 1e6, 1),
            "receive_buffer": received["buffer"], "send_buffer": sent["buffer"],
            "retransmits": sent["retransmits"],
            "limits": [limit_of(out[6]), limit_of(out[7])],
            "counters": {name: left[name] + right[name] for name in LOSSES}}


def set_keys(machine, keys):
    machine.output("; ".join(f"echo '{value}' >/proc/sys/{key.replace('.', '/')}"
                             for key, value in keys.items()))


def get_keys(machine, keys):
    return {key: machine.output(f"cat /proc/sys/{key.replace('.', '/')}").strip() for key in keys}


def steady_growth(machine):
    """A processor that is emulated makes acknowledgements come late now and then. CUBIC takes that
    for a queue and ends slow start (HyStart); then seconds go by that say nothing on buffers."""
    machine.output("echo 0 >/sys/module/tcp_cubic/parameters/hystart")


def measure(machine):
    """(default, bulk, what was asked for by default, and with bulk, the caps of both)"""
    default, asked = flow(machine), flow(machine, options=f"--buffer {BUFFER}")
    caps = get_keys(machine, CAPS)
    machine.output(f"tuner apply {BULK}")
    wanted = get_keys(machine, CAPS)
    bulk, asked_bulk = flow(machine), flow(machine, options=f"--buffer {BUFFER}")
    machine.output("tuner rollback")
    return default, bulk, asked, asked_bulk, (caps, wanted)


def less(more, fewer, gain):
    enough = more["mbit"] >= gain * fewer["mbit"]
    return [] if enough else [f"that is less than {gain} times as much"]


def wrong_limits(default, bulk, buffers_are_small):
    """A buffer of either end by default, and none of them with bulk."""
    buffers = {"send-buffer", "receive-buffer"}
    named = [f"{name}: it says {flow['limits']}" for name, flow, small
             in (("default", default, buffers_are_small), ("bulk", bulk, False))
             if bool(buffers & set(flow["limits"])) != small]
    return named


def check_netem(machine, report):
    """Also the caps of buffers that are asked for: bulk sets both kinds. What a busy host has
    disturbed is measured once more."""
    steady_growth(machine)
    for _ in range(ATTEMPTS):
        default, bulk, asked, asked_bulk, (caps, wanted) = measure(machine)
        gain = GAIN if int(caps[CAPS[0]]) < SMALL_DEFAULT else NO_LOSS
        failures, of_caps = less(bulk, default, GAIN), less(asked_bulk, asked, gain)
        if not failures and not of_caps:
            break
    report.record("netem", {"rate": RATE, "rtt": RTT, "default": default, "bulk": bulk})
    report.check("netem", {}, failures, f"{RATE} Mbit/s, {RTT} ms: {default['mbit']} Mbit/s by "
                 f"default, {bulk['mbit']} with bulk")
    said = {"default": default["limits"], "bulk": bulk["limits"]}
    report.check("limits", {}, wrong_limits(default, bulk, gain == GAIN),
                 f"what limits the flow, at its sender and its receiver: {said}")
    report.record("buffers", {"caps": caps, "caps_bulk": wanted, "asked": asked,
                              "asked_bulk": asked_bulk})
    report.check("caps", {}, of_caps, f"asked for {BUFFER} bytes: {asked['mbit']} Mbit/s with "
                 f"{caps[CAPS[0]]} as the most, {asked_bulk['mbit']} with {wanted[CAPS[0]]}")


def check_new_sockets(machine, report):
    """TCP does not look at rmem_default and wmem_default; UDP does."""
    before = json.loads(machine.output("flow buffers"))
    old = get_keys(machine, ("net.core.rmem_default", "net.core.wmem_default"))
    set_keys(machine, dict.fromkeys(old, DEFAULT_BYTES))
    after = json.loads(machine.output("flow buffers"))
    set_keys(machine, old)
    failures = []
    if after["tcp"] != before["tcp"]:
        failures.append("those of TCP changed")
    if after["udp"] != [DEFAULT_BYTES, DEFAULT_BYTES]:
        failures.append("those of UDP are others")
    report.record("new_sockets", {"before": before, "after": after})
    report.check("new sockets", {}, failures, f"{before} became {after}")


def check_memory_limit(machine, report):
    key = "net.ipv4.tcp_mem"
    share = machine.page_size() // SMALL_PAGE
    pages = " ".join(str(number // share) for number in FEW_PAGES)
    untouched, old = flow(machine, 8), get_keys(machine, (key,))
    set_keys(machine, {key: pages})
    lowered = flow(machine, 8)
    set_keys(machine, old)
    report.record("memory_limit", {"tcp_mem": old[key], "lowered_to": pages,
                                   "untouched": untouched, "lowered": lowered})
    failures = []
    if lowered["mbit"] * GAIN > untouched["mbit"]:
        failures.append("throughput does not fall")
    report.check("memory limit", {}, failures,
                 f"8 flows: {untouched['mbit']} Mbit/s, {lowered['mbit']} with {pages} pages")


def check_busy_keys(machine, report):
    there = {key: machine.run(f"test -e /proc/sys/{key.replace('.', '/')}")[0] == 0 for key in BUSY}
    report.record("busy_keys", there)
    missing = [f"{key} is not there" for key, found in there.items() if not found]
    report.check("busy keys", {}, missing, ", ".join(BUSY))
