"""Situations of sockets, each in a network namespace of its own, for tests and benchmarks."""

import contextlib
import ctypes
import errno
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

from private import guard, set_key

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
RANGE, RESERVED = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"
REUSE, TIMESTAMPS = "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"
SOMAXCONN, BUCKETS = "net.core.somaxconn", "net.ipv4.tcp_max_tw_buckets"
# The numbers of /proc/net/tcp, include/net/tcp_states.h.
STATES = ("none", "established", "syn-sent", "syn-recv", "fin-wait-1", "fin-wait-2", "time-wait",
          "close", "close-wait", "last-ack", "listen", "closing")


def until(condition, seconds=10):
    """What `condition` returns as soon as that is true."""
    deadline = time.monotonic() + seconds
    while True:
        outcome = condition()
        if outcome:
            return outcome
        if time.monotonic() > deadline:
            raise AssertionError(f"what is waited for did not come in {seconds} s")
        time.sleep(0.01)


def always(condition, seconds):
    """Whether `condition` is true for that long, asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            return False
        time.sleep(0.02)
    return True


def refuse_netlink():
    """For this process and its children socket(AF_NETLINK) fails with EPERM, as containers have it.
    A seccomp filter for x86-64 (linux/filter.h, linux/seccomp.h)."""
    load, jump_if_equal, give = 0x20, 0x15, 0x06
    call, family, allow, refuse = 0, 16, 0x7FFF0000, 0x00050000 | errno.EPERM
    program = b"".join(struct.pack("HBBI", *step) for step in (
        (load, 0, 0, call), (jump_if_equal, 0, 3, 41), (load, 0, 0, family),
        (jump_if_equal, 0, 1, socket.AF_NETLINK), (give, 0, 0, refuse), (give, 0, 0, allow)))
    steps = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    check(LIBC.prctl(no_new_privileges, 1, 0, 0, 0), "prctl")
    check(LIBC.prctl(set_seccomp, filter_mode, ctypes.create_string_buffer(header), 0, 0), "prctl")


def allow_files(count):
    """As many open files for this process, as far as its hard limit goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def check(outcome, what):
    if outcome != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def own_namespace():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


class Space:
    """A network namespace with lo up. `with` enters it: what is made or started inside belongs to
    it and stays there. It lasts until close() and the last socket in it."""

    def __init__(self):
        guard()
        self.outside = []
        outside = own_namespace()
        try:
            check(LIBC.unshare(CLONE_NEWNET), "unshare")
            guard()
            self.descriptor = own_namespace()
            ip("link", "set", "lo", "up")
        finally:
            check(LIBC.setns(outside, CLONE_NEWNET), "setns")
            os.close(outside)

    def __enter__(self):
        self.outside.append(own_namespace())
        check(LIBC.setns(self.descriptor, CLONE_NEWNET), "setns")
        return self

    def __exit__(self, *_):
        outside = self.outside.pop()
        check(LIBC.setns(outside, CLONE_NEWNET), "setns")
        os.close(outside)

    def path(self):
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    def inode(self):
        return os.fstat(self.descriptor).st_ino

    def set(self, **keys):
        """`set(net__core__somaxconn=128)`"""
        with self:
            for key, value in keys.items():
                set_key(key.replace("__", "."), value)

    def close(self):
        os.close(self.descriptor)


def ip(*words):
    guard()
    subprocess.run(["ip", *map(str, words)], check=True)


def join(client, server, network="10.77.0"):
    """A veth pair: v0 is NETWORK.2 in `client`, and v1 NETWORK.1 in `server`."""
    with client:
        ip("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", server.path())
        ip("address", "add", f"{network}.2/24", "dev", "v0")
        ip("link", "set", "v0", "up")
    with server:
        ip("address", "add", f"{network}.1/24", "dev", "v1")
        ip("link", "set", "v1", "up")
        # The kernel tells of the carrier a little later; what is sent before is lost.
        until(lambda: is_up("v1"))
    with client:
        until(lambda: is_up("v0"))


def is_up(interface):
    text = subprocess.run(["ip", "-json", "link", "show", interface], capture_output=True,
                          text=True, check=True).stdout
    return json.loads(text)[0]["operstate"] == "UP"


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listen(address="127.0.0.1", port=8080, backlog=128, reuse_port=False):
    server = socket.socket(family_of(address))
    # The port is still in use by connections of the listener before.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse_port:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if ":" in address:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, port))
    server.listen(backlog)
    return server


def connect(where):
    """A socket with an ephemeral port; OSError where none is free."""
    client = socket.socket(family_of(where[0]))
    try:
        client.settimeout(5)
        client.connect(where[:2])
    except OSError:
        client.close()
        raise
    return client


def connection(server):
    """The client's end and the server's."""
    client = connect(server.getsockname())
    accepted, _ = server.accept()
    return client, accepted


def refused_a_port(where):
    """Whether connect() finds no port."""
    try:
        connect(where).close()
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return True
        raise
    return False


def tries_until_connected(where, seconds=5):
    """The socket, once the kernel gives a port."""
    def attempt():
        try:
            return connect(where)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                return None
            raise
    return until(attempt, seconds)


def leave_in_time_wait(client, accepted):
    """The client closes first, and so is the one who waits."""
    client.shutdown(socket.SHUT_WR)
    while accepted.recv(64):
        pass
    accepted.close()
    # The last acknowledgement is the client's: without it, it would be a reset.
    while client.recv(64):
        pass
    client.close()


def reset(client):
    """A close that throws away what is on the way."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def knock(where, count):
    """Connects that nobody waits for."""
    clients = []
    for _ in range(count):
        client = socket.socket(family_of(where[0]))
        client.setblocking(False)
        client.connect_ex(where[:2])
        clients.append(client)
    return clients


def is_answered(client):
    poll = select.poll()  # select() knows no descriptor above 1023
    poll.register(client, select.POLLOUT)
    return bool(poll.poll(0))


def fill(server, count):
    """Connects that nobody accepts, one after another. Those that the full queue turned away are
    closed, so that nothing is sent again and the counters rest; the others are returned."""
    answered = []
    for _ in range(count):
        before = counter("TcpExt.ListenOverflows")
        client = knock(server.getsockname(), 1)[0]
        until(lambda: is_answered(client) or counter("TcpExt.ListenOverflows") > before)
        if is_answered(client):
            answered.append(client)
        else:
            client.close()
    return answered


def rows(table="tcp"):
    """The sockets of this namespace as /proc/net shows them: columns as text."""
    lines = Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()
    return [line.split() for line in lines[1:]]


def states():
    """How many sockets of TCP are in each state that there is."""
    counted = {}
    for row in rows() + rows("tcp6"):
        name = STATES[int(row[3], 16)]
        counted[name] = counted.get(name, 0) + 1
    return counted


def resent():
    """How many SYNs without an answer were sent more than once."""
    return sum(row[3] == "02" and int(row[6], 16) > 0 for row in rows())


def counter(name, table="netstat"):
    """`counter("TcpExt.ListenOverflows")`"""
    group, field = name.split(".")
    lines = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()
             if line.startswith(f"{group}:")]
    return int(lines[1][lines[0].index(field)])


class Process:
    """A process under a name of its own, which runs `work` and then keeps what that returned. It
    has only the sockets in `keep`, and ends with its parent or with stop()."""

    def __init__(self, name, work, keep=()):
        self.reading, writing = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self.live(name, work, {0, 1, 2, writing, *(each.fileno() for each in keep)}, writing,
                      parent)
        os.close(writing)

    @staticmethod
    def live(name, work, kept, writing, parent):
        try:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            for number in map(int, os.listdir("/proc/self/fd")):
                if number not in kept:
                    with contextlib.suppress(OSError):
                        os.close(number)
            Path("/proc/self/comm").write_text(name, encoding="ascii")
            held = [work()]
            os.write(writing, b"1")
            while held:
                signal.pause()
        except BaseException as error:  # the parent's stack must not be unwound here
            os.write(2, f"{name}: {error!r}\n".encode())
        finally:
            os._exit(1)

    def ready(self, seconds=10):
        """Waits until the work is done."""
        poll = select.poll()  # select() knows no descriptor above 1023
        poll.register(self.reading, select.POLLIN)
        if not poll.poll(seconds * 1000) or os.read(self.reading, 1) != b"1":
            raise AssertionError("the process did not come so far")
        return self

    def stop(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.reading)
            self.pid = 0


def leak(count, name="leaky", server=None):
    """A process that accepts and never closes, and whose clients all have gone: `count` sockets in
    CLOSE_WAIT."""
    server = server or listen()
    where = server.getsockname()
    process = Process(name, lambda: [server.accept() for _ in range(count)], keep=[server])
    server.close()
    clients = [connect(where) for _ in range(count)]
    process.ready()
    for client in clients:
        client.close()
    until(lambda: states().get("close-wait", 0) >= count)
    return process


def hoard(count, limit, name):
    """A process with `count` open files and a soft limit of its own."""
    def work():
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        files = []
        while len(os.listdir("/proc/self/fd")) - 1 < count:  # one is the listing itself
            files.append(os.open("/dev/null", os.O_RDONLY))
        return files
    return Process(name, work).ready()


def close_in_turn(server, count):
    """Connections one after another, each closed by the client first."""
    for _ in range(count):
        leave_in_time_wait(*connection(server))


def flood(count, port=5353):
    """A UDP socket that got more datagrams than its buffer takes; nobody reads it."""
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    receiver.bind(("127.0.0.1", port))
    before = counter("Ip.InDelivers", "snmp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(count):
            sender.sendto(bytes(500), receiver.getsockname())
    until(lambda: counter("Ip.InDelivers", "snmp") >= before + count)
    return receiver


def send_nonsense(interface, count):
    """Frames of a protocol that nobody receives: the other end drops them."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind((interface, 0))
        for _ in range(count):
            sender.send(b"\xff" * 6 + b"\2\0\0\0\0\1" + b"\x88\xb5" + bytes(50))
