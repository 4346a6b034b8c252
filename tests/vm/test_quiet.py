"""A fresh Debian that was busy with apt and a compiler for five minutes: the audit finds nothing.

Needs a mirror that the machine can reach through this one. Ends with 1 where more is found than two
notes, and with 77 where the packages cannot be had.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from machine import Machine

BUSY = 300          # seconds
MOST_NOTES = 2
ROOM = 1 << 30      # bytes more of disk, for the compiler
SKIPPED = 77
# The addresses of QEMU's network for users.
NETWORK = """
set -e
for device in /sys/class/net/e*; do device=${device##*/}; done
ip link set "$device" up
ip addr add 10.0.2.15/24 dev "$device"
ip route add default via 10.0.2.2
echo nameserver 10.0.2.3 >/etc/resolv.conf
"""
INSTALL = """
set -e
echo 'deb MIRROR bookworm main' >/etc/apt/sources.list
apt-get -q update
apt-get -q -y --no-install-recommends install gcc libc6-dev
"""
# A C library's headers, over and over.
COMPILE = """
printf '#include <stdio.h>\\n#include <stdlib.h>\\n#include <math.h>\\nint main() { return 0; }\\n' >/tmp/a.c
end=$(($(cut -d. -f1 /proc/uptime) + SECONDS_LEFT))
runs=0
while [ "$(cut -d. -f1 /proc/uptime)" -lt $end ]; do
  gcc -O2 -o /tmp/a /tmp/a.c || exit 1
  runs=$((runs + 1))
done
echo $runs
"""


class Online(Machine):
    """Reaches what this machine reaches, and has room for a compiler."""

    def __init__(self, image, cpus):
        super().__init__(image, cpus)
        disk = Path(self.directory.name, "disk.img")
        with open(disk, "r+b") as file:
            file.truncate(disk.stat().st_size + ROOM)
        subprocess.run(["resize2fs", "-f", disk], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def command(self):
        command = super().command()
        place = command.index("-nic")
        return [*command[:place], "-nic", "user,model=virtio-net-pci", *command[place + 2:]]


def run(machine, commands, timeout):
    status, out, err = machine.run(commands, timeout)
    if status != 0:
        print(f"skipped: {err.strip()[-300:]}")
        sys.exit(SKIPPED)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", required=True, metavar="DIR", help="what image.sh printed")
    parser.add_argument("--mirror", required=True, metavar="URI")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # not without removing the machine
    machine = Online(options.image, 2)
    try:
        machine.boot()
        begin = time.monotonic()
        run(machine, NETWORK, 60)
        run(machine, INSTALL.replace("MIRROR", options.mirror), 900)
        left = max(0, BUSY - int(time.monotonic() - begin))
        runs = run(machine, COMPILE.replace("SECONDS_LEFT", str(left)), left + 120).strip()
        status, out, _ = machine.run("tuner audit --json", 60)
        findings = [finding for finding in json.loads(out)["findings"]
                    if finding["status"] == "fail"]
        busy = time.monotonic() - begin
    finally:
        machine.close()
    for finding in findings:
        print(f"     {finding['severity']} {finding['id']}: {finding['message']}")
    loud = any(finding["severity"] != "info" for finding in findings)
    good = not loud and len(findings) <= MOST_NOTES
    print(f"{'ok  ' if good else 'FAIL'} quiet: {busy:.0f} s of apt and gcc ({runs} programs), exit status "
          f"{status}, {len(findings)} findings")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
