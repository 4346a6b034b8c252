"""See sockets.sh."""

import contextlib
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import private  # noqa: E402
import traffic  # noqa: E402
from private import set_key  # noqa: E402

WAITING, THREADS = 400000, 2
LIFETIME = 60  # seconds in TIME_WAIT: all must be measured before the first ones are gone
PROCESSES, EACH = 400, 120
MOST_MEMORY = 32  # MiB
CONNECTED, FULL = 100000, 2000  # sockets; of one process
ATTRIBUTES = str(1 << 1 | 1 << 6)  # INET_DIAG_INFO, INET_DIAG_SKMEMINFO


def timed(command):
    """Milliseconds."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) * 1000


def peak_memory(command):
    """MiB; counted from outside by a small program, since a child of this one starts as large."""
    result = subprocess.run(["/usr/bin/time", "-q", "-f", "%M", *command], check=True, text=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return int(result.stderr.split()[-1]) / 1024


def in_turns(commands, rounds):
    """The median of each, beginning with another one in every round."""
    times = {name: [] for name in commands}
    names = list(commands)
    for name in names:
        timed(commands[name])  # what is read from the disk is read
    for turn in range(rounds):
        for place in range(len(names)):
            name = names[(turn + place) % len(names)]
            times[name].append(timed(commands[name]))
    for name in names:
        print(f"  {name:26}{statistics.median(times[name]):9.1f} ms   "
              f"({min(times[name]):.1f} to {max(times[name]):.1f})")
    return {name: statistics.median(values) for name, values in times.items()}


def within(what, value, limit, unit=""):
    print(f"  {what:34}{value:7.3f}{unit} (limit {limit}{unit})"
          f"{'' if value <= limit else '  MISSED'}")
    return value <= limit


def waiting_now():
    """From the kernel's own count, which needs no dump."""
    text = Path("/proc/net/sockstat").read_text(encoding="ascii")
    words = next(line for line in text.splitlines() if line.startswith("TCP:")).split()
    return int(words[words.index("tw") + 1])


def fill_table(tools):
    set_key("net.ipv4.ip_local_port_range", "1024 65535")
    set_key("net.ipv4.tcp_max_tw_buckets", 2 * WAITING)
    set_key("net.ipv4.tcp_tw_reuse", 0)
    begun = time.monotonic()
    subprocess.run([f"{tools}/time_wait", str(WAITING), str(THREADS)], check=True)
    return begun


def many_sockets(tools, tuner, rounds):
    ss, bare = "ss -tan state time-wait", "bare dump"
    by_state, by_peer = "tuner sockets --by state", "tuner sockets --by peer"
    commands = {ss: ["ss", "-tan", "state", "time-wait"], bare: [f"{tools}/bare_dump"],
                by_state: [tuner, "sockets", "--by", "state"],
                by_peer: [tuner, "sockets", "--by", "peer"]}
    begun = fill_table(tools)
    before = waiting_now()
    print(f"{before} sockets in TIME_WAIT, built in {time.monotonic() - begun:.1f} s; "
          f"median of {rounds} turns")
    median = in_turns(commands, rounds)
    memory = {name: peak_memory(commands[name]) for name in (by_state, by_peer)}
    after = waiting_now()
    if before != after:
        print(f"  only {after} are left after {time.monotonic() - begun:.0f} s of {LIFETIME}: "
              "take fewer rounds")
        return False
    return all([within("--by state / ss", median[by_state] / median[ss], 0.5),
                within("--by state / bare dump", median[by_state] / median[bare], 1.3),
                within("--by peer / ss", median[by_peer] / median[ss], 0.8),
                *(within(f"memory, {name[14:]}", size, MOST_MEMORY, " MiB")
                  for name, size in memory.items())])


def connected_pairs():
    """The sockets of one process: both ends of half as many connections."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(EACH)
        return [traffic.connection(server) for _ in range(EACH // 2)]


def many_processes(tuner, rounds):
    ss, by_process = "ss -tanp", "tuner sockets --by process"
    processes = []
    try:
        for number in range(PROCESSES):
            processes.append(traffic.Process(f"server-{number}", connected_pairs))
            if number % 20 == 19:  # not all of them want a processor at once
                for process in processes[-20:]:
                    process.ready(60)
        print(f"{traffic.states()['established']} sockets in {PROCESSES} processes; "
              f"median of {rounds} turns")
        median = in_turns({ss: ["ss", "-tanp"],
                           by_process: [tuner, "sockets", "--by", "process"]}, rounds)
    finally:
        for process in processes:
            process.stop()
    return within("--by process / ss", median[by_process] / median[ss], 0.5)


def processor_time(command, rounds):
    """Milliseconds of user and system, the median of so many runs."""
    times = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return statistics.median(times)


def connected():
    """Both ends of half as many connections; each has moved something."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        pairs = [traffic.connection(server) for _ in range(FULL // 2)]
    for near, _ in pairs:
        near.send(b"x")
    return pairs


def limits_of_connections(tools, tuner, rounds):
    """Two looks and what is between them, against one bare dump with the same attributes, and ss."""
    set_key("net.ipv4.ip_local_port_range", "1024 65535")
    processes = [traffic.Process(f"server-{number}", connected)
                 for number in range(CONNECTED // FULL)]
    try:
        for process in processes:
            process.ready(120)
        return judge_limits(tools, tuner, rounds)
    finally:
        for process in processes:
            process.stop()


def judge_limits(tools, tuner, rounds):
    print(f"{traffic.states()['established']} connected sockets; processor time, "
          f"median of {rounds} runs")
    ss, bare, limit = (["ss", "-tinpm"], [f"{tools}/bare_dump", ATTRIBUTES],
                       [tuner, "sockets", "--by", "limit"])
    two = [*limit, "--sample", "1ms"]  # two looks, and nothing in between
    times = {}
    for name, command in (("ss", ss), ("bare", bare), ("limit", limit), ("two", two)):
        times[name] = processor_time(command, rounds)
        print(f"  {' '.join(command[-3:])[-34:]:36}{times[name]:9.1f} ms")
    memory = peak_memory(limit)
    return all([within("--by limit / ss -tinpm", times["limit"] / times["ss"], 0.5),
                within("one look / bare dump", times["two"] / 2 / times["bare"], 1.5),
                within("memory, --by limit", memory, 64, " MiB")])


def main():
    private.enter()
    traffic.allow_files(4096)
    tools, rounds, tuner = sys.argv[1], int(sys.argv[2]), os.environ["TUNER"]
    good = True
    for measure in (lambda: many_sockets(tools, tuner, rounds),
                    lambda: many_processes(tuner, rounds),
                    lambda: limits_of_connections(tools, tuner, rounds)):
        with contextlib.closing(traffic.Space()) as space, space:
            good = measure() and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
