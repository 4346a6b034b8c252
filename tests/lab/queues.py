"""The queues of a listener: accepted connections and half-open ones, one value at a time."""

import random
import socket
import struct

from outcome import Outcome, Row, trouble_and_cure
from private import set_key
from sockets import SERVER, WEB, set_in, two_hosts
from traffic import allow_files, always, counter, ip, is_answered, knock, listen, states, until

SOMAXCONN = "net.core.somaxconn"
COOKIES, SYN_BACKLOG = "net.ipv4.tcp_syncookies", "net.ipv4.tcp_max_syn_backlog"
STRANGERS = "198.18.0.0/15"  # addresses for benchmarks, RFC 2544


def backlog(lab):
    """A burst of connects to an application that asks for a queue of 4096 and is busy meanwhile."""
    def kept(most):
        return lab.repeat(lambda: kept_of_burst(with_keys({SOMAXCONN: most})))
    return trouble_and_cure(
        "listen-queue", "Connections that survive a burst of 1,000 at a busy server, listen(4096)",
        "connections", Row("somaxconn 128", kept(128)), Row("somaxconn 4096", kept(4096)),
        [SOMAXCONN], factor=5)


def with_keys(keys):
    return lambda space: set_in(space, keys)


def kept_of_burst(prepare, burst=1000, wanted=4096):
    """`prepare` sets the server's namespace."""
    with two_hosts() as (client, server):
        prepare(server)
        with server:
            listener = listen(SERVER, WEB, backlog=wanted)
            dropped = counter("TcpExt.ListenOverflows")
        with client:
            allow_files(burst + 100)
            clients = knock((SERVER, WEB), burst)
        with server:
            # Each of them is in the queue now, or was turned away.
            until(lambda: states().get("established", 0) + states().get("syn-recv", 0)
                  + counter("TcpExt.ListenOverflows") - dropped >= burst)
            kept = states().get("established", 0)
        for each in clients:
            each.close()
        listener.close()
        return kept


def checksum(data):
    words = struct.unpack(f"!{len(data) // 2}H", data)
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def half_open(target, port, count):
    """SYNs from addresses that nobody has, so that no handshake ends."""
    chance = random.Random(7)
    place = socket.inet_aton(target)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for number in range(count):
            source = socket.inet_aton(f"198.18.{number >> 8 & 255}.{number & 255}")
            head = struct.pack("!HHIIBBHHH", chance.randrange(1024, 65536), port,
                               chance.getrandbits(32), 0, 5 << 4, 2, 64240, 0, 0)
            pseudo = source + place + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(head))
            head = head[:16] + struct.pack("!H", checksum(pseudo + head)) + head[18:]
            packet = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(head), number & 0xFFFF, 0, 64,
                                 socket.IPPROTO_TCP, 0, source, place)
            raw.sendto(packet + head, (target, 0))


def let_strangers_in(keys):
    """The answers to them go to the client's host, which throws them away."""
    ip("route", "add", STRANGERS, "via", "10.77.0.2")
    for key, value in keys.items():
        set_key(key, value)


def answered_in_flood(keys, flood=2000, guests=50):
    """How many honest clients get in at once while the SYN queue is full."""
    with two_hosts() as (client, server):
        with server:
            let_strangers_in(keys)
            listener = listen(SERVER, WEB, backlog=128)
        with client:
            half_open(SERVER, WEB, flood)
            clients = knock((SERVER, WEB), guests)
            # Their SYNs are answered within this burst, or wait for a retransmission of a second.
            always(lambda: True, 0.3)
            inside = sum(is_answered(each) for each in clients)
            for each in clients:
                each.close()
        listener.close()
        return inside


def syn_flood(lab):
    return trouble_and_cure(
        "syn-flood", "Clients out of 50 that connect at once during a flood of 2,000 SYNs",
        "clients", Row("tcp_syncookies 0", lab.repeat(lambda: answered_in_flood({COOKIES: 0}))),
        Row("tcp_syncookies 1", lab.repeat(lambda: answered_in_flood({COOKIES: 1}))), [COOKIES],
        factor=5, least=45)


def syn_backlog(lab):
    """Since 4.4 the listener's backlog bounds the SYN queue while cookies are on."""
    small = Row("tcp_max_syn_backlog 128", lab.repeat(lambda: waiting_syns({SYN_BACKLOG: 128})))
    large = Row("tcp_max_syn_backlog 4096", lab.repeat(lambda: waiting_syns({SYN_BACKLOG: 4096})))
    sentence = (f"Half-open connections of a listen(1024) socket under 1,500 SYNs: {small.median:.0f} "
                f"with 128, {large.median:.0f} with 4096; tcp_syncookies 1")
    return Outcome(
        name="syn-backlog", title="Half-open connections of a listen(1024) socket under 1,500 SYNs, "
        "tcp_syncookies 1", unit="connections", better="more", rows=[small, large],
        demand="the same with both: the key has no effect while tcp_syncookies is on",
        holds=small.median == large.median > 128, effects={SYN_BACKLOG: sentence})


def waiting_syns(keys):
    with two_hosts() as (client, server):
        with server:
            let_strangers_in(keys)
            listener = listen(SERVER, WEB, backlog=1024)
            before = counter("Tcp.InSegs", "snmp")
        with client:
            half_open(SERVER, WEB, 1500)
        with server:
            until(lambda: counter("Tcp.InSegs", "snmp") - before >= 1500)
            waiting = states().get("syn-recv", 0)
        listener.close()
        return waiting


EXPERIMENTS = [backlog, syn_flood, syn_backlog]
