"""Ports, tables and limits of sockets, one value at a time: the situations of the source documents on
this kernel."""

import contextlib
import errno
import os
import resource
import time
from pathlib import Path as File

from outcome import LESS, Outcome, Row, trouble_and_cure
from private import set_key
from traffic import (Process, Space, allow_files, always, close_in_turn, connection, counter, join,
                     knock, leak, leave_in_time_wait, listen, refused_a_port, rows, states, until)

RANGE, REUSE = "net.ipv4.ip_local_port_range", "net.ipv4.tcp_tw_reuse"
STAMPS = "net.ipv4.tcp_timestamps"
BUCKETS, FIN_TIMEOUT = "net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_fin_timeout"
SERVER, WEB = "10.77.0.1", 80
TIME_WAIT = "06"  # in /proc/net/tcp


@contextlib.contextmanager
def two_hosts():
    """A client and a server with a cable between them."""
    client, server = Space(), Space()
    join(client, server)
    try:
        yield client, server
    finally:
        client.close()
        server.close()


def set_in(space, keys):
    with space:
        for key, value in keys.items():
            set_key(key, value)


def connects_in_turn(client, server, ports, seconds):
    """How many of the connects of so many seconds get a port, when each is closed by the client at
    once and there are only so many ports."""
    set_in(client, {RANGE: f"40000 {40000 + ports - 1}"})
    with server:
        listener = listen(SERVER, WEB)
    done = 0
    deadline = time.monotonic() + seconds
    with client:
        while time.monotonic() < deadline:
            try:
                leave_in_time_wait(*connection(listener))
                done += 1
            except OSError as error:
                if error.errno != errno.EADDRNOTAVAIL:
                    raise
                time.sleep(0.001)  # the next try of a client that is told "no"
    listener.close()
    return done


def port_reuse(name, title, keys, trouble, cure):
    """Each of them: (label, keys of the client, keys of the server)."""
    def run(setting):
        label, of_client, of_server = setting

        def once():
            with two_hosts() as (client, server):
                set_in(client, of_client)
                set_in(server, of_server)
                return connects_in_turn(client, server, 20, 3)
        return Row(label, [once()])
    return trouble_and_cure(name, title, "connections", run(trouble), run(cure), keys)


def time_wait_reuse(_):
    return port_reuse(
        "time-wait-reuse", "Connections to one backend in 3 s with 20 ports, over veth", [REUSE],
        ("tcp_tw_reuse 2", {REUSE: 2}, {}), ("tcp_tw_reuse 1", {REUSE: 1}, {}))


def reuse_without_timestamps(_):
    return port_reuse(
        "reuse-without-timestamps",
        "Connections to one backend in 3 s with 20 ports and tcp_tw_reuse 1, over veth", [STAMPS],
        ("tcp_timestamps 0 at the backend", {REUSE: 1}, {STAMPS: 0}),
        ("tcp_timestamps 1 at both ends", {REUSE: 1}, {STAMPS: 1}))


def time_wait_length(_):
    """What tcp_fin_timeout does to TIME_WAIT: nothing. By the timer that /proc/net/tcp shows."""
    def seconds_left(timeout):
        with Space() as space:
            set_key(FIN_TIMEOUT, timeout)
            with listen() as server:
                leave_in_time_wait(*connection(server))
            until(lambda: states().get("time-wait"))
            timers = [int(row[5].split(":")[1], 16) / os.sysconf("SC_CLK_TCK")
                      for row in rows() if row[3] == TIME_WAIT]
            space.close()
            return max(timers)
    default, short = seconds_left(60), seconds_left(5)
    return Outcome(
        name="time-wait-length", title="How long a socket stays in TIME_WAIT", unit="s",
        better=LESS, rows=[Row("tcp_fin_timeout 60", [default]), Row("tcp_fin_timeout 5", [short])],
        demand="the same with both: TIME_WAIT is no matter of this key",
        holds=min(default, short) > 55,
        effects={FIN_TIMEOUT: f"A socket in TIME_WAIT has {default:.0f} s left with "
                              f"tcp_fin_timeout 60, {short:.0f} s with 5: the key only "
                              "affects FIN_WAIT2"})


def one_port(_):
    """The range of one port of the documents: the second connection to the same place."""
    with two_hosts() as (client, server):
        set_in(client, {RANGE: "1024 1024"})
        with server:
            listener = listen(SERVER, WEB)
        with client:
            leave_in_time_wait(*connection(listener))
            refused = refused_a_port((SERVER, WEB))
            set_key(RANGE, "1024 65535")
            wide = not refused_a_port((SERVER, WEB))
        listener.close()
    return Outcome(
        name="one-port", title="A second connection while the first is in TIME_WAIT",
        unit="connections", better="more",
        rows=[Row("ip_local_port_range 1024 1024", [1 - int(refused)],
                  note="EADDRNOTAVAIL" if refused else ""),
              Row("ip_local_port_range 1024 65535", [int(wide)])],
        demand="refused with one port, done with the range of proxy", holds=refused and wide,
        effects={RANGE: "A second connection to the same address and port while the first is in "
                        "TIME_WAIT: fails with a range of one port, succeeds with 1024 65535"})


def time_wait_table(lab):
    """Closes without TIME_WAIT, when the table is smaller than what a minute brings."""
    def overflows(buckets):
        with Space() as space:
            set_key(BUCKETS, buckets)
            with listen() as server:
                close_in_turn(server, 300)
            lost = counter("TcpExt.TCPTimeWaitOverflow")
            space.close()
            return lost
    return trouble_and_cure(
        "time-wait-table", "Connections out of 300 that close without TIME_WAIT",
        "connections", Row("tcp_max_tw_buckets 50", lab.repeat(lambda: overflows(50))),
        Row("tcp_max_tw_buckets 65536", lab.repeat(lambda: overflows(65536))), [BUCKETS],
        better=LESS, least=200)


def open_files(_):
    """accept() of a process whose limit is the usual one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    high = 65535 if hard == resource.RLIM_INFINITY else min(65535, hard)
    return trouble_and_cure(
        "open-files", "Connections out of 1,500 that a server can accept and keep", "connections",
        Row("nofile 1024", [accepted(1024)]), Row(f"nofile {high}", [accepted(high)]),
        ["RLIMIT_NOFILE"], factor=1.4)


def accepted(limit, clients=1500):
    def accept_all():
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        kept = []
        with contextlib.suppress(OSError):
            while len(kept) < clients:
                kept.append(server.accept()[0])
        return kept
    with Space() as space, listen(backlog=4096) as server:
        allow_files(clients + 100)
        callers = knock(server.getsockname(), clients)
        until(lambda: states().get("established", 0) >= 2 * clients)
        process = Process("server", accept_all, keep=[server]).ready()
        files = File(f"/proc/{process.pid}/fd")
        count = sum(os.readlink(each).startswith("socket:") for each in files.iterdir())
        process.stop()
        for each in callers:
            each.close()
        space.close()
    return count - 1  # the listener


def close_wait(_):
    """An application that does not close: no sysctl helps, a close does."""
    def left(keys, fix=False):
        with Space() as space:
            for key, value in keys.items():
                set_key(key, value)
            process = leak(100)
            if fix:
                process.stop()
                until(lambda: states().get("close-wait", 0) == 0)
            else:
                always(lambda: states().get("close-wait", 0) == 100, 3)
            count = states().get("close-wait", 0)
            process.stop()
            space.close()
            return count
    short = {FIN_TIMEOUT: 1, "net.ipv4.tcp_keepalive_time": 1, "net.ipv4.tcp_keepalive_intvl": 1,
             "net.ipv4.tcp_keepalive_probes": 1, REUSE: 1, BUCKETS: 10}
    rows = [Row("the kernel's default", [left({})]),
            Row("fin_timeout, keepalive, tw_reuse, tw_buckets all short", [left(short)]),
            Row("the application closes", [left({}, fix=True)])]
    return Outcome(
        name="close-wait", title="Sockets out of 100 in CLOSE_WAIT without SO_KEEPALIVE that are left after 3 s",
        unit="sockets", better=LESS, rows=rows,
        demand="100 whatever the sysctls say, 0 when the application closes",
        holds=[row.median for row in rows] == [100, 100, 0],
        notes=["This is not a sysctl problem."])


EXPERIMENTS = [one_port, time_wait_reuse, reuse_without_timestamps, time_wait_length,
               time_wait_table, open_files, close_wait]
