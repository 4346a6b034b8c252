"""The two ends of connections whose limit is known, because it was made.

ends.py send|receive ADDRESS PORT OPTIONS, where OPTIONS is a JSON object; see scenes.py. Ends when
its standard input is closed; the receiver then prints how many bytes came in each tenth of a second."""

import json
import select
import socket
import sys
import time

PIECE = b"x" * (256 << 10)
TICK = 0.1
TCP_CONGESTION, TCP_WINDOW_CLAMP = 13, 10


def told_to_end():
    return bool(select.select([sys.stdin], [], [], 0)[0])


class Pace:
    """Lets through so many bytes a second; all where none is given."""

    def __init__(self, bytes_a_second):
        self.rate, self.begin, self.passed = bytes_a_second, time.monotonic(), 0

    def wait(self, piece):
        self.passed += piece
        if self.rate:
            late = self.begin + self.passed / self.rate - time.monotonic()
            if late > 0:
                time.sleep(late)


def connect(address, options):
    end = time.monotonic() + 10
    while True:
        sock = socket.socket()
        if options.get("sndbuf"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, options["sndbuf"])
        sock.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, options["congestion"].encode())
        try:
            sock.connect(address)
            return sock
        except ConnectionRefusedError:
            sock.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def send(address, options):
    """As much as goes; with `request`, an answer of `answer` bytes to each request."""
    flows = [connect(address, options) for _ in range(options["flows"])]
    if options.get("answer"):
        return answer(flows[0], options["answer"])
    piece = PIECE[:options.get("piece", len(PIECE))]
    pace = Pace(options.get("write_rate"))
    for flow in flows:
        flow.setblocking(len(flows) == 1)
    while not told_to_end():
        if len(flows) == 1:
            flows[0].sendall(piece)
            pace.wait(len(piece))
            continue
        for flow in select.select([], flows, [], TICK)[1]:
            try:
                flow.send(piece)
            except BlockingIOError:
                continue
    return None


def answer(flow, size):
    data = PIECE[:size]
    while not told_to_end():
        if select.select([flow], [], [], TICK)[0]:
            if not flow.recv(64):
                return
            flow.sendall(data)


def receive(address, options):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if options.get("rcvbuf"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["rcvbuf"])
    if options.get("clamp"):
        listener.setsockopt(socket.IPPROTO_TCP, TCP_WINDOW_CLAMP, options["clamp"])
    listener.bind(address)
    listener.listen(64)
    flows = [listener.accept()[0] for _ in range(options["flows"])]
    listener.close()
    buffer = bytearray(options.get("read_piece", 1 << 20))
    pace = Pace(options.get("read_rate"))
    ticks, begin = [], time.monotonic()
    asked = 0
    while not told_to_end():
        if options.get("answer") and asked <= 0:
            flows[0].send(b"?" * 8)
            asked = options["answer"]
        for flow in select.select(flows, [], [], TICK)[0]:
            try:
                got = flow.recv_into(buffer)
            except ConnectionResetError:
                got = 0
            if not got:
                flows.remove(flow)
                continue
            asked -= got
            place = int((time.monotonic() - begin) / TICK)
            ticks.extend([0] * (place + 1 - len(ticks)))
            ticks[place] += got
            pace.wait(got)
        if not flows:
            break
    print(json.dumps(ticks))


def main():
    what, address, port, options = sys.argv[1:]
    {"send": send, "receive": receive}[what]((address, int(port)), json.loads(options))


if __name__ == "__main__":
    main()
