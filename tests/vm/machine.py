"""A Debian 12 under software emulation, whose power can be cut.

What the machine has flushed is in the file of its disk when it is cut, what it has not is lost with
its memory; so a change that was not followed by fsync() is a change that can be lost.
"""

import base64
import os
import select
import subprocess
import tempfile
import time
from pathlib import Path

QEMU = "qemu-system-x86_64"
BOOT = 180  # seconds; some ten are usual, but emulation shares its processor
SLACK = 30  # what the host waits longer than what it waits for
# The kernel sizes its buffers from memory; from 1 GiB on the defaults are those of larger machines.
MEMORY = 1024


class MachineError(Exception):
    """The machine, not what is tested on it, has failed."""


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def decoded(text):
    return "" if text == "-" else base64.b64decode(text).decode(errors="replace")


class Machine:
    """Has a copy of the image for itself; what happened to its disk is kept over boots."""

    def __init__(self, image, cpus=1):
        self.cpus = cpus
        self.process = None
        self.boot_id = None
        self.directory = tempfile.TemporaryDirectory(prefix="tuner-vm-")
        self.console = Path(self.directory.name, "console")
        subprocess.run(["cp", "--sparse=always", "--reflink=auto",
                        *(Path(image, name) for name in ("disk.img", "vmlinuz", "initrd.img")),
                        self.directory.name], check=True)

    def command(self):
        directory = self.directory.name
        return [
            "setpriv", "--pdeathsig", "KILL",  # it must not outlive a test that was killed
            QEMU, "-machine", "q35,sata=off,smbus=off", "-accel", "tcg", "-cpu", "qemu64,+rdrand",
            "-smp", str(self.cpus), "-m", str(MEMORY), "-nic", "none", "-display", "none",
            "-nodefaults", "-no-user-config", "-no-reboot",
            "-kernel", f"{directory}/vmlinuz", "-initrd", f"{directory}/initrd.img",
            "-append", "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on",
            "-drive", f"file={directory}/disk.img,format=raw,if=virtio,cache=writeback",
            "-serial", f"file:{self.console}",
            "-chardev", "stdio,id=agent,signal=off", "-device", "virtio-serial-pci",
            "-device", "virtserialport,chardev=agent,name=tuner.agent"]

    def boot(self, timeout=BOOT, settled=True):
        """Switches it on and waits until every unit has been started; or, not settled, until it
        says hello, just before sysctl files are read; then it takes no command until settle()."""
        if self.process:
            raise MachineError("it is running already")
        deadline = time.monotonic() + timeout
        self.pending, self.number = b"", 0
        with open(Path(self.directory.name, "qemu"), "wb") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=log, bufsize=0)
        word, boot_id = self.read(deadline)
        if word != "hello" or boot_id == self.boot_id:
            raise self.error(f"said {word} {boot_id}")
        self.boot_id = boot_id
        if settled:
            self.settle(deadline - time.monotonic())

    def settle(self, timeout=BOOT):
        """Waits until every unit has been started, and well."""
        if self.read(time.monotonic() + timeout) != ["ready"]:
            raise self.error("it is not ready")
        _, state, _ = self.run("systemctl is-system-running --wait", timeout)
        if state.strip() != "running":
            _, failed, _ = self.run("systemctl --failed --no-legend --plain; "
                                    "journalctl --boot --priority warning --no-pager | tail -n 20")
            raise self.error(f"it is {state.strip()}:\n{failed}")

    def run(self, command, timeout=60):
        """(status, stdout, stderr) of a shell command, run as root; the status is 124 where it
        took too long."""
        self.send("run", str(max(1, round(timeout))), command)
        status, out, err = self.answer(timeout + SLACK)
        return int(status), decoded(out), decoded(err)

    def start(self, command):
        """Returns when the command has begun."""
        self.send("start", "-", command)
        self.answer(SLACK)

    def cut(self):
        """The power fails."""
        self.process.kill()
        self.gone()

    def reboot(self, timeout=BOOT):
        self.start("systemctl reboot")
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self.error("it does not shut down") from None
        self.gone()
        self.boot(timeout)

    def close(self):
        if self.process:
            self.cut()
        self.directory.cleanup()

    def gone(self):
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process = None

    def send(self, kind, seconds, command):
        self.number += 1
        line = f"{self.number} {kind} {seconds} {encoded(command)}\n".encode()
        while line:
            try:
                line = line[self.process.stdin.write(line):]
            except BrokenPipeError:
                raise self.error("it has ended") from None

    def answer(self, timeout):
        number, *rest = self.read(time.monotonic() + timeout)
        if number != str(self.number):
            raise self.error(f"answered {number}, asked was {self.number}")
        return rest

    def read(self, deadline):
        """The words of its next line."""
        output = self.process.stdout.fileno()
        while b"\n" not in self.pending:
            ready, _, _ = select.select([output], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise self.error("it does not answer")
            part = os.read(output, 1 << 16)
            if not part:
                raise self.error("it has ended")
            self.pending += part
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode().split(" ")

    def error(self, message):
        """With what it printed last."""
        shown = [message]
        for name in ("qemu", "console"):
            path = Path(self.directory.name, name)
            if path.exists():
                shown += path.read_text(errors="replace").splitlines()[-15:]
        return MachineError("\n    ".join(shown))
