"""The settings that are held side by side, each as its author gives it."""

import json
import os
import subprocess
from dataclasses import dataclass, field

from private import SYSCTL, clear, get_key, set_key

DEFAULT, OURS, TWICE = "kernel default", "tuner", "buffers of 2 BDP"


@dataclass
class Peer:
    """`floors` are keys that are raised only where they are lower."""
    name: str
    source: str
    keys: dict = field(default_factory=dict)
    floors: dict = field(default_factory=dict)


PEERS = [
    Peer(DEFAULT, "Documentation/networking/ip-sysctl.rst"),
    Peer("TuneD network-throughput",
         "TuneD, profiles/network-throughput and throughput-performance, commit 03369da748ba",
         {"net.ipv4.tcp_rmem": "4096 131072 16777216", "net.ipv4.tcp_wmem": "4096 16384 16777216"},
         {"net.core.somaxconn": 2048}),
    Peer("TuneD network-latency",
         "TuneD 2.20, profiles/network-latency and latency-performance",
         {"net.core.busy_read": 50, "net.core.busy_poll": 50, "net.ipv4.tcp_fastopen": 3}),
    Peer("ESnet host tuning", "fasterdata.es.net, host tuning of Linux, hosts of 10 Gbit/s",
         {"net.core.rmem_max": 67108864, "net.core.wmem_max": 67108864,
          "net.ipv4.tcp_rmem": "4096 87380 33554432", "net.ipv4.tcp_wmem": "4096 65536 33554432",
          "net.ipv4.tcp_mtu_probing": 1, "net.core.default_qdisc": "fq"}),
    Peer("TOAST 2015", "the article's commands, word for word",
         {"net.ipv4.tcp_window_scaling": 1, "net.core.rmem_default": 253952,
          "net.core.wmem_default": 253952, "net.core.rmem_max": 16777216,
          "net.core.wmem_max": 16777216, "net.ipv4.tcp_rmem": "253952 253952 16777216",
          "net.ipv4.tcp_wmem": "253952 253952 16777216", "net.core.netdev_max_backlog": 30000,
          "net.core.somaxconn": 1024, "net.ipv4.tcp_max_syn_backlog": 1024,
          "net.ipv4.ip_local_port_range": "1024 65535", "net.ipv4.tcp_max_tw_buckets": 1800000,
          "net.ipv4.tcp_timestamps": 1, "net.ipv4.tcp_tw_reuse": 1}),
]


def namespaced(key):
    """Whether this namespace has the key and may set it."""
    return os.access(SYSCTL / key.replace(".", "/"), os.W_OK)


def settle(space, peer):
    """Sets what this namespace has of a peer's keys; returns the others, which are the machine's."""
    with space:
        left_out = [key for key in (*peer.keys, *peer.floors) if not namespaced(key)]
        for key, value in peer.keys.items():
            if key not in left_out:
                set_key(key, value)
        for key, value in peer.floors.items():
            if key not in left_out and int(get_key(key)) < value:
                set_key(key, value)
    return left_out


def settle_ours(tuner, space, profile, **inputs):
    """Sets what tuner apply comes to there; returns the keys that are the machine's."""
    clear()  # each namespace is a host of its own, without the history of others
    words = [word for name, value in inputs.items() for word in ("--input", f"{name}={value}")]
    with space:
        done = subprocess.run([tuner, "apply", "--profile", profile, *words, "--runtime-only",
                               "--json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"tuner apply --profile {profile}: {done.stdout}{done.stderr}")
    changes = json.loads(done.stdout)["changes"]
    clear()
    return [change["key"] for change in changes if change["runtime"] == "skipped"]
