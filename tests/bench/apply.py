"""See apply.sh."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import private  # noqa: E402
from private import Values, clear, get_key  # noqa: E402

KEYS = {"net.core.somaxconn": 5000, "net.ipv4.tcp_fin_timeout": 31, "net.ipv4.tcp_tw_reuse": 1,
        "net.ipv4.ip_local_port_range": "2000 61000", "net.ipv4.tcp_keepalive_time": 3600,
        "net.ipv4.tcp_keepalive_intvl": 31, "net.ipv4.tcp_keepalive_probes": 5,
        "net.ipv4.tcp_syn_retries": 5, "net.ipv4.tcp_synack_retries": 4,
        "net.ipv4.tcp_max_syn_backlog": 8192, "net.ipv4.tcp_max_tw_buckets": 300000,
        "net.ipv4.tcp_rfc1337": 1, "net.ipv4.tcp_mtu_probing": 1,
        "net.ipv4.tcp_notsent_lowat": 131072, "net.ipv4.tcp_retries2": 10,
        "net.ipv4.tcp_rmem": "4096 131072 20000000", "net.ipv4.tcp_wmem": "4096 16384 20000000",
        "net.ipv4.tcp_ecn": 1, "net.ipv4.tcp_fastopen": 3, "net.ipv4.tcp_orphan_retries": 3,
        "net.ipv4.tcp_no_metrics_save": 1, "net.ipv4.tcp_limit_output_bytes": 2000000,
        "net.ipv4.tcp_retries1": 4, "net.ipv4.tcp_base_mss": 1000,
        "net.ipv4.ip_default_ttl": 63}

BYTES = {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_notsent_lowat",
         "net.ipv4.tcp_limit_output_bytes", "net.ipv4.tcp_base_mss"}


def timed(command):
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) * 1000


def wrong():
    return [key for key, value in KEYS.items() if get_key(key) != str(value)]


def form(key, value):
    """As a profile writes it: sizes with a unit, vectors as arrays."""
    unit = " B" if key in BYTES else ""
    words = [f'"{word}{unit}"' if unit else word for word in str(value).split()]
    return words[0] if len(words) == 1 else f"[{', '.join(words)}]"


def main():
    private.enter()
    clear()
    peer, rounds = Path(sys.argv[1]), int(sys.argv[2])
    before = Values(KEYS)
    profile = Path("/run/mine.toml")
    profile.write_text('schema = 1\nname = "mine"\nsummary = "x"\n' + "".join(
        f'[sysctl."{key}"]\nexactly = {form(key, value)}\nwhy = "x"\n'
        for key, value in KEYS.items()))
    theirs = peer / "etc/tuned/bench/tuned.conf"
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("[main]\nsummary=bench\n[sysctl]\n" +
                      "".join(f"{key}={value}\n" for key, value in KEYS.items()))
    commands = {
        "tuner": [os.environ["TUNER"], "apply", "--profile", str(profile)],
        "TuneD": ["/usr/bin/python3", str(peer / "usr/sbin/tuned"), "--no-dbus", "--no-socket",
                  "-p", "bench", "-l", "/run/tuned-bench.log"],
    }
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            clear()
            before.restore()
            times[name].append(timed(command))
            assert not wrong(), (name, wrong())
    median = {name: statistics.median(values) for name, values in times.items()}
    for name, value in median.items():
        print(f"{name:6}{value:8.1f} ms for {len(KEYS)} keys, median of {rounds} turns "
              f"({min(times[name]):.1f} to {max(times[name]):.1f})")
    print(f"tuner / TuneD {median['tuner'] / median['TuneD']:.3f}")
    slow = median["tuner"] > 20 or median["tuner"] > median["TuneD"] / 10
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
