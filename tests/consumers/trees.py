"""Trees of hosts for tests of formats: names and values that try to break out of each of them."""

import os
import re
import shutil
import tempfile
from pathlib import Path

HOSTS = Path(__file__).resolve().parents[1] / "hosts"
QUIET = "debian12-6.1-x86_64-1g"

# Quotes, separators and markup of every format, control characters, and no UTF-8.
EVIL = (b"a\"b\\c|d<svg/onload=alert(1)>&e'\x1b[31m\x07\xff\x80]]>,\xc3\xa9;\x7f{{$(id)`"
        b"\xe2\x80\xae--><!--")
EVIL_FILE = b"etc/sysctl.d/60-\"<img src=x onerror=alert(1)>|,&'\xff\n\x1b\\.conf"
FILES = {
    b"proc/sys/kernel/hostname": b"web" + EVIL + b"\n",
    b"proc/sys/net/ipv4/tcp_congestion_control": EVIL + b"\n",
    b"proc/sys/net/core/somaxconn": b"128\n",
    b"proc/sys/net/ipv4/tcp_mem": b"50331648\t67108864\t100663296\n",
    b"proc/sys/net/ipv4/tcp_fin_timeout": b"15\n",
    b"proc/sys/net/ipv4/tcp_timestamps": b"0\n",
    b"proc/sys/net/ipv4/tcp_tw_recycle": b"1\n",
    b"proc/sys/net/core/rmem_default": b"253952\n",
    b"proc/sys/net/netfilter/nf_conntrack_max": EVIL + b"\n",
    b"etc/tuner/waivers.toml": b'[[waiver]]\nfinding = "timestamps-off"\n'
                               b'reason = "a <b>peer</b> | that, \\"cannot\\"\\u0001"\n',
    EVIL_FILE: b"net.ipv4.tcp_keepalive_time = " + EVIL + b"\nnet.core.somaxconn = 512 # x"
               + EVIL + b"\nnet.ipv4.conf.e<i>|h,\"x.rp_filter=1\nnet.ipv4.tcp_syn_retries = 3\n",
}
# One host for each way to end; a file of None is not there.
WARNING = {b"proc/sys/net/ipv4/tcp_timestamps": b"0\n"}
ERROR = {b"proc/sys/net/ipv4/tcp_tw_recycle": b"1\n"}
INFO = {b"proc/sys/net/core/rmem_default": b"253952\n"}
UNKNOWN = {b"proc/net/snmp": None}


def put(root, path, content):
    """A file that is not shared with the tree it was linked from."""
    target = os.path.join(os.fsencode(root), path)
    if os.path.lexists(target):
        os.unlink(target)
    if content is None:
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(content)


copies = tempfile.TemporaryDirectory(prefix="tuner-trees-")


def link(source, target):
    """A link is cheaper than a copy; another file system takes none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def host(root, files=None, base=QUIET):
    """A captured host at `root` with some files replaced. The others are links to one copy: who
    changes one of them takes it away first."""
    copy = Path(copies.name) / base
    if not copy.exists():
        shutil.copytree(HOSTS / base, copy)
    shutil.copytree(copy, root, copy_function=link)
    for path, content in (files or {}).items():
        put(root, path, content)
    return Path(root)


def hostile(root):
    return host(root, FILES)


def set_traps(root, secret):
    """What a reader could hang on, run out of memory with or be led out of the tree by."""
    (root / "proc/sys/net/loop").symlink_to(".")
    (root / "proc/self/again").symlink_to(root)
    for path in ("proc/net/netstat", "proc/sys/net/ipv4/tcp_rmem", "capture.toml"):
        put(root, path.encode(), b"")
        os.truncate(root / path, 1 << 32)
    for path in ("somaxconn", "netdev_max_backlog"):
        (root / "proc/sys/net/core" / path).unlink()
    # A line without an end takes no memory on a disk.
    for path in ("proc/net/tcp", "records/tcp"):
        put(root, path.encode(), b"")
        os.truncate(root / path, 1 << 32)
    os.mkfifo(root / "proc/sys/net/core/somaxconn")
    (root / "proc/sys/net/core/netdev_max_backlog").symlink_to(secret)


def plain(text):
    """Text without what a format may have to replace: control characters, marks of direction,
    bytes that are no UTF-8, and how white space is broken."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd?\u200b-\u200f\u202a-\u202e]", "",
                  text)
    return re.sub(r"\s+", " ", text).strip()
