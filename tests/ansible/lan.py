"""Three test hosts behind a router, each in namespaces of its own, and the way to them by SSH."""

import socket
import subprocess
import sys
from pathlib import Path

import private
from playbook import wait_for

NAMES = ["host1", "host2", "host3"]
HERE = Path(__file__).resolve().parent


def ip(*words, where=None):
    private.guard()
    space = ["-n", where] if where else []
    subprocess.run(["ip", *space, *words], check=True)


class Host:
    """A test host that runs."""

    def __init__(self, directory, name, address):
        self.name, self.address = name, address
        inside = ["unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
                  "--propagation", "private", sys.executable, "-B", HERE / "host.py", directory, name]
        with open(directory / f"log-of-{name}", "wb") as log:
            self.process = subprocess.Popen(["ip", "netns", "exec", name, *map(str, inside)],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def answers(self):
        try:
            with socket.create_connection((self.address, 22), timeout=1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def run(self, *command):
        """The output of a command on the host, past its network."""
        pid = self.process.pid
        first = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
        spaces = ["--mount", "--uts", "--pid", "--net"]
        return subprocess.run(["nsenter", "--target", first, *spaces, *command],
                              capture_output=True, text=True, check=True).stdout

    def get_key(self, key):
        return " ".join(self.run("cat", f"/proc/sys/{key.replace('.', '/')}").split())

    def has(self, path):
        return self.run("sh", "-c", f"test -e {path} && echo yes || echo no") == "yes\n"

    def end(self):
        self.process.kill()
        self.process.wait()


class Lan:
    """The wires, the router and the hosts; the directory has keys, logs and the inventory."""

    def __init__(self, directory):
        self.directory, self.hosts = directory, []

    def start(self):
        self.wire()
        self.make_keys()
        for number, name in enumerate(NAMES, start=11):
            self.hosts.append(Host(self.directory, name, f"10.99.0.{number}"))
        self.write_inventory()
        for host in self.hosts:
            wait_for(host.answers, f"{host.name} answers")

    def wire(self):
        """This namespace, a router with a bridge, and a wire from it to each host."""
        for name in ["lan", *NAMES]:
            ip("netns", "add", name)
        ip("link", "add", "uplink", "type", "veth", "peer", "name", "uplink", "netns", "lan")
        ip("addr", "add", "10.99.1.1/30", "dev", "uplink")
        ip("link", "set", "uplink", "up")
        ip("route", "add", "10.99.0.0/24", "via", "10.99.1.2")
        ip("link", "add", "bridge", "type", "bridge", where="lan")
        for device, address in (("bridge", "10.99.0.1/24"), ("uplink", "10.99.1.2/30")):
            ip("addr", "add", address, "dev", device, where="lan")
            ip("link", "set", device, "up", where="lan")
        ip("netns", "exec", "lan", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        for number, name in enumerate(NAMES, start=11):
            ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name,
               where="lan")
            ip("link", "set", name, "master", "bridge", "up", where="lan")
            ip("addr", "add", f"10.99.0.{number}/24", "dev", "eth0", where=name)
            ip("link", "set", "eth0", "up", where=name)
            ip("route", "add", "default", "via", "10.99.0.1", where=name)

    def make_keys(self):
        for name in ["key", *(f"key-of-{name}" for name in NAMES)]:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                            self.directory / name], check=True)

    def write_inventory(self):
        known = "".join(f"{host.address} " + (self.directory / f"key-of-{host.name}.pub").read_text()
                        for host in self.hosts)
        (self.directory / "known").write_text(known)
        common = (f"-F none -o IdentitiesOnly=yes -o UserKnownHostsFile={self.directory}/known "
                  "-o GlobalKnownHostsFile=none -o StrictHostKeyChecking=yes")
        lines = [f"{host.name} ansible_host={host.address}" for host in self.hosts]
        lines += ["[all:vars]", "ansible_user=root", f"ansible_ssh_common_args='{common}'",
                  f"ansible_ssh_private_key_file={self.directory}/key"]
        (self.directory / "inventory").write_text("\n".join(lines) + "\n")

    def end(self):
        for host in self.hosts:
            host.end()
        if "uplink" in [name for dummy, name in socket.if_nameindex()]:
            ip("link", "del", "uplink")
        for name in ["lan", *NAMES]:
            if Path(f"/run/netns/{name}").exists():
                ip("netns", "del", name)
