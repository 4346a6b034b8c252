"""Losses that need keys of the whole machine, each made on purpose: the audit names that one cause."""

import json

from paths import get_keys, set_keys

# What is to be told, the first kernel that counts it, the limits, and what runs into them.
CASES = [("conntrack-table-near-full", (0,), {"net.netfilter.nf_conntrack_max": 16},
          "losses conntrack"),
         ("udp-memory-full", (5, 11), {"net.ipv4.udp_mem": "1 1 1"}, "losses udp"),
         ("orphans-near-limit", (0,), {"net.ipv4.tcp_max_orphans": 4}, "losses orphans")]
# Loaded once more, so that it tracks without a rule that asks for it.
TRACK = ("for module in /lib/modules/*nf_conntrack.ko; do"
         ' rmmod nf_conntrack && insmod "$module" enable_hooks=1; done')


def findings(machine):
    document = json.loads(machine.output("tuner audit --json", statuses=(0, 2, 3)))
    return {finding["id"]: finding["message"] for finding in document["findings"]
            if finding["status"] == "fail"}


def check_losses(machine, report):
    """Last of all: it leaves the machine as nobody would have it."""
    version = tuple(int(part) for part in report.kernel.release.split("-")[0].split(".")[:2])
    machine.output(TRACK)
    failures, told = [], []
    for name, since, limits, command in CASES:
        if version < since:
            continue
        usual = get_keys(machine, limits)
        set_keys(machine, limits)
        before = findings(machine)
        machine.output(command)
        after = findings(machine)
        set_keys(machine, usual)
        new = sorted(set(after) - set(before))
        if new != [name]:
            failures.append(f"{command}: the audit tells {new} instead of {name}")
        told += [after[name] for name in new]
    report.check("losses", {"told": told}, failures, f"{len(told)} made, each told as what it is")
