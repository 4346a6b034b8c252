"""seeds.py TARGET DIRECTORY: what fuzzing begins with, from the captured hosts, the profiles and the
models' corpus. Nothing of it is kept in the repository twice."""

import json
import re
import struct
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
HOSTS = SOURCE / "tests/hosts"
PROC = {"netstat": b"n", "snmp": b"n", "snmp6": b"n", "sockstat": b"s", "softnet_stat": b"s",
        "nf_conntrack": b"s", "arp_cache": b"s", "ndisc_cache": b"s", "ip_vs": b"v",
        "meminfo": b"m", "file-nr": b"m", "limits": b"m", "uptime": b"m", "osrelease": b"m",
        "cgroup": b"m", "tcp": b"t", "tcp6": b"t", "udp": b"t", "udp6": b"t"}
RECORDS = [b"pprocesses looked_at=2 unread=1\n7 open=3 soft=4 hard=5 unit=a.service comm=a inodes=1,2\n",
           b"rroute shown=default%20via%2010.0.0.1 device=eth0 initcwnd=10 initrwnd=0\n",
           b"iinterface name=eth0 qdisc=1 received=2 missed=3 sent=4 packets_received=5 packets_sent=6\n",
           b"tlisten 0.0.0.0:80 0.0.0.0:0 rq=1 wq=128 inode=7\n"
           b"established [2001:db8::1]:80 [2001:db8::2]:9 timestamps=1\n",
           b'w[[waiver]]\nfinding = "timestamps-off"\nreason = "x"\nuntil = 2027-06-30\n']


def hosts_files():
    """Each file of each captured host that is read as text."""
    for path in sorted(HOSTS.glob("*/**/*")):
        if path.is_file() and "/proc/sys/" not in str(path):
            yield path


def proc():
    for path in hosts_files():
        if path.name in PROC:
            yield PROC[path.name] + path.read_bytes()
    yield b"p30000-30010,40000\n"


def records():
    yield from RECORDS
    for path in HOSTS.glob("*/capture.toml"):
        yield b"c" + path.read_bytes()


def profile():
    for path in sorted((SOURCE / "profiles").glob("*.toml")):
        yield path.read_bytes()


def fleet():
    for path in hosts_files():
        below = "/".join(path.relative_to(HOSTS).parts[1:])
        yield f"== {below}\n".encode() + path.read_bytes()
    for name, value in (("net/core/somaxconn", 128), ("net/ipv4/tcp_mem", "1 2 3"),
                        ("net/ipv4/tcp_rmem", f"{2**63 - 1} {2**63 - 1} {2**63 - 1}"),
                        ("net/ipv4/tcp_tw_reuse", 1), ("fs/file-nr", f"{2**63 - 1} 0 1"),
                        ("net/ipv4/tcp_ehash_entries", -2**63)):
        yield f"== proc/sys/{name}\n{value}\n".encode()
    yield b"== etc/sysctl.d/x.conf\nnet.ipv4.ip_forward = 1\nnet.ipv4.*.x = 2\n"
    for record, name in zip(RECORDS, ("processes", "default-routes", "interfaces", "tcp")):
        yield f"== records/{name}\n".encode() + record[1:]
    edge = f"TCP: inuse 1 orphan {2**63 - 1} tw {2**63 - 1} alloc 1 mem {2**63 - 1}\n"
    yield f"== proc/net/sockstat\n{edge}UDP: inuse 1 mem {2**63 - 1}\nFRAG: inuse 0 memory 0\n".encode()
    yield b"== proc/net/softnet_stat\n" + (b" ".join([b"7fffffffffffffff"] * 13) + b"\n") * 2
    for name in ("netstat", "snmp", "snmp6", "stat/nf_conntrack"):
        text = (HOSTS / "linux-6.18-x86_64-24g/proc/net" / name).read_text()
        largest = "7fffffffffffffff" if name.startswith("stat/") else str(2**63 - 1)
        yield f"== proc/net/{name}\n{re.sub(r'(?<= )[0-9a-f]+', largest, text)}".encode()


def journal():
    place = {"machine": "m", "boot": "b", "network_namespace": "4:5", "first_namespace": True}
    actor = {"user": "root", "command": "tuner apply"}
    step = {"kind": "sysctl", "part": "live", "target": "net/core/somaxconn", "original": "1",
            "wanted": {"hex": "ff0a"}, "follows": False, "moved": False, "mode": 420,
            "interface_index": 0, "why": "w"}
    plan = {"journal": 1, "id": "20260131-120000-1a2b", "number": 1, "created": 1, "actor": actor,
            "place": place, "profile": "proxy", "profile_sha256": "0", "version": "0",
            "confirm_within_ms": 5, "steps": [step]}
    record = {"at": 1, "actor": actor, "reason": "", "confirm_by_ms": 9, "timer": "process:1:2",
              "followed": [["a", "1"]], "conflicts": ["x"]}
    lines = [json.dumps(plan)]
    for state in ("armed", "applying", "applied", "confirming", "confirmed", "reverting", "reverted",
                  "conflict"):
        lines.append(json.dumps({"state": state, **record}))
        yield "\n".join(lines).encode() + b"\n"


def attribute(kind, payload):
    text = struct.pack("=HH", 4 + len(payload), kind) + payload
    return text + b"\0" * (-len(text) % 4)


def netlink():
    def message(kind, payload):
        return struct.pack("=HH", kind, len(payload)) + payload
    link = struct.pack("=BxHiII", 0, 1, 2, 0, 0) + attribute(3, b"eth0\0") + attribute(23, b"\7" * 200)
    queue = attribute(7 | 0x8000, attribute(3, b"\7" * 20))
    discipline = struct.pack("=BxxxiIII", 0, 2, 0, 0xFFFFFFFF, 0) + queue
    route = struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0) + attribute(5, b"\12\0\0\1")
    route += attribute(4, b"\2\0\0\0") + attribute(8 | 0x8000, attribute(11, b"\12\0\0\0"))
    nexthop = struct.pack("=HBBi", 16, 0, 0, 2) + attribute(5, b"\12\0\0\1")
    several = struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0) + attribute(9, nexthop)
    sock = struct.pack("=BBBB", 2, 1, 0, 0) + b"\1" * 48 + b"\2" * 20 + attribute(2, b"\3" * 232)
    for messages in ([(16, link), (36, discipline)], [(24, route), (24, several)], [(20, sock)],
                     [(2, struct.pack("=i", -1))]):
        yield b"".join(message(*one) for one in messages)


def main():
    target, directory = sys.argv[1], Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(globals()[target]()):
        (directory / f"seed-{number}").write_bytes(seed)


if __name__ == "__main__":
    main()
