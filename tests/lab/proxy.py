"""A storm of connects through a real reverse proxy, nginx, to one backend."""

import contextlib
import select
import socket
import subprocess
import tempfile
import time
from pathlib import Path as File

from outcome import Outcome, Row
from peers import OURS, Peer, settle
from sidebyside import compare, settler
from traffic import Space, counter, join, until

CLIENTS = 32
FRONT, BACK = 8080, 9000
BACKEND = "10.77.0.1"
REQUEST = b"GET / HTTP/1.1\r\nHost: lab\r\n\r\n"
PORTS = 28232  # of the kernel's default range

CONFIGURATION = """
daemon off; master_process off; worker_rlimit_nofile 4096;
pid {directory}/nginx.pid; error_log {directory}/error.log crit;
events {{ worker_connections 2048; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300;
  client_body_temp_path {directory}/a; proxy_temp_path {directory}/b; fastcgi_temp_path {directory}/c;
  uwsgi_temp_path {directory}/d; scgi_temp_path {directory}/e;
  server {{ {server} }}
}}
"""
# Without "keepalive" in an upstream each request is a connection of its own; the proxy has the
# whole answer before the backend closes, so it closes first and keeps TIME_WAIT.
FORWARD = ('listen {front}; location / {{ proxy_pass http://{backend}; proxy_http_version 1.1; '
           'proxy_set_header Connection ""; }}')
ANSWER = 'listen {back}; location / {{ default_type text/plain; return 200 "ok"; }}'


# How nginx tells of EADDRNOTAVAIL.
NO_PORT = "(99: Cannot assign requested address) while connecting to upstream"


class Nginx:
    def __init__(self, root, space, server):
        self.directory = tempfile.TemporaryDirectory(dir="/run")  # the lab's own
        configuration = File(self.directory.name, "nginx.conf")
        configuration.write_text(CONFIGURATION.format(directory=self.directory.name, server=server),
                                 encoding="utf-8")
        libraries = [f"{root}/lib/x86_64-linux-gnu", f"{root}/usr/lib/x86_64-linux-gnu"]
        with space:
            self.process = subprocess.Popen(
                # It must not outlive a lab that was killed.
                ["setpriv", "--pdeathsig", "KILL", f"{libraries[0]}/ld-linux-x86-64.so.2",
                 "--library-path", ":".join(libraries),
                 f"{root}/usr/sbin/nginx", "-c", str(configuration), "-p", self.directory.name,
                 "-e", f"{self.directory.name}/error.log"], stderr=subprocess.DEVNULL)

    def without_port(self):
        """How often it found no local port."""
        return File(self.directory.name, "error.log").read_text(encoding="utf-8").count(NO_PORT)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.directory.cleanup()


class Client:
    """One connection to the proxy, kept alive; a request as soon as the answer is there."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", FRONT), timeout=10)
        self.received = b""
        self.ask()

    def ask(self):
        self.received = b""
        self.socket.sendall(REQUEST)

    def answer(self):
        """The status, when the whole of an answer has come."""
        part = self.socket.recv(65536)
        if not part:
            raise RuntimeError("the proxy closed a kept-alive connection")
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return None
        length = int(head.lower().split(b"content-length:")[1].split()[0])
        return int(head.split(b" ", 2)[1]) if len(body) >= length else None


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Storm:
    """What became of the connects: `good` were answered, `bad` found no port."""

    def __init__(self, proxy, seconds, until_failure=False):
        self.good = self.bad = 0
        clients = {client.socket.fileno(): client for client in (Client() for _ in range(CLIENTS))}
        poll = select.epoll()
        for number in clients:
            poll.register(number, select.EPOLLIN)
        opened = counter("Tcp.ActiveOpens", "snmp")
        begun = time.monotonic()
        while time.monotonic() - begun < seconds and not (until_failure and self.bad):
            for number, _ in poll.poll(1):
                status = clients[number].answer()
                if status is None:
                    continue
                if status == 200:
                    self.good += 1
                else:
                    self.bad += 1
                clients[number].ask()
        self.seconds = time.monotonic() - begun
        opened = counter("Tcp.ActiveOpens", "snmp") - opened
        for client in clients.values():
            client.socket.close()
        # Each client may have connected before the first reading, or wait for one more answer.
        if abs(opened - self.good) > CLIENTS:
            raise RuntimeError(f"{self.good} answers came from {opened} connects")
        if not 0 <= proxy.without_port() - self.bad <= CLIENTS:
            raise RuntimeError(f"{self.bad} requests failed, {proxy.without_port()} for a port")


def storm(lab, prepare, seconds, loopback=False, until_failure=False):
    """`prepare` sets the proxy's namespace."""
    proxy, backend = Space(), Space()
    servers = []
    try:
        if loopback:
            place, where = proxy, "127.0.0.1"
        else:
            join(proxy, backend)
            place, where = backend, BACKEND
        prepare(proxy)
        servers.append(Nginx(lab.nginx, place, ANSWER.format(back=BACK)))
        servers.append(Nginx(lab.nginx, proxy, FORWARD.format(front=FRONT,
                                                              backend=f"{where}:{BACK}")))
        with proxy:
            until(lambda: answers(FRONT))
            return Storm(servers[1], seconds, until_failure)
    finally:
        for server in servers:
            server.close()
        proxy.close()
        backend.close()


def keys(**settings):
    return lambda space: settle(space, Peer("", "", {name.replace("__", "."): value
                                                     for name, value in settings.items()}))


def until_out_of_ports(lab, seconds=60):
    """How many connects until the first that finds no port, within a minute."""
    cases = [
        ("tcp_tw_reuse 0, veth", keys(net__ipv4__tcp_tw_reuse=0), False, seconds),
        # After twice the ports of the range it cannot run out any more: a port rests for a second.
        ("tcp_tw_reuse 2, the default, loopback", keys(net__ipv4__tcp_tw_reuse=2), True,
         min(seconds, 20)),
        ("tcp_tw_reuse 2, the default, veth", keys(net__ipv4__tcp_tw_reuse=2), False, seconds),
        ("profile proxy, veth", settler(lab, OURS, "proxy"), False, seconds)]
    rows = []
    for label, prepare, loopback, longest in cases:
        result = storm(lab, prepare, longest, loopback, until_failure=True)
        rows.append(Row(label, [result.good],
                        also={"seconds": [round(result.seconds, 1)], "failures": [result.bad]},
                        note=f"no port left after {result.seconds:.1f} s" if result.bad
                        else f"none failed in {result.seconds:.0f} s"))
    done = [row.median for row in rows]
    failed = [row.also["failures"][0] > 0 for row in rows]
    text = ("Connections from a proxy to one backend over veth until the ports run out: "
            f"{done[0]:,} with tcp_tw_reuse 0, {done[2]:,} with the default of 2; "
            f"with profile proxy they never ran out, in {done[3]:,} connections and {seconds} s")
    return Outcome(
        name="connect-storm", title="Connections through nginx to one backend until the ports run out, "
        f"for {seconds} s at most", unit="connections", better="more", rows=rows,
        demand="0 runs out after about 28,000; 2 does so too, but on loopback; proxy never",
        holds=failed == [True, False, True, False] and near_ports(done[0]) and near_ports(done[2]),
        effects={"net.ipv4.tcp_tw_reuse": text, "net.ipv4.ip_local_port_range": text})


def near_ports(connects, ports=PORTS):
    return abs(connects - ports) < ports / 20


def short_storm(lab):
    """The default beside the profile, for `./dev test`. With few ports: below 470 connects a second the
    default's own would be free again before the last is taken, and a busy machine may be that slow."""
    few = 4096
    default = storm(lab, keys(net__ipv4__tcp_tw_reuse=2, net__ipv4__ip_local_port_range="32768 36863"),
                    60, until_failure=True)
    with_profile = storm(lab, settler(lab, OURS, "proxy"), 8, until_failure=True)
    return Outcome(
        name="connect-storm", title="Connects through nginx to one backend, over veth",
        unit="connections", better="more",
        rows=[Row(f"{few:,} ports and tcp_tw_reuse 2 until none is left", [default.good]),
              Row("profile proxy in 8 s", [with_profile.good])],
        demand="the default runs out when each port was used once; proxy does not, with more connects",
        holds=default.bad > 0 and near_ports(default.good, few) and with_profile.bad == 0
        and with_profile.good > few)


def side_by_side(lab, seconds=20):
    """Connects a second and failures of a proxy, for each of the peers."""
    def measure(setting):
        result = storm(lab, settler(lab, setting, "proxy"), seconds)
        return result.good / result.seconds, result.bad
    outcome = compare(lab, measure, "proxy",
                      f"A proxy without upstream keep-alive for {seconds} s, over veth",
                      "connects/s", "proxy", also=["failures"])
    outcome.demand += ", and has no failure"
    outcome.holds = outcome.holds and sum(outcome.row(OURS).also["failures"]) == 0
    return outcome
