"""A private namespace with a directory tree in the place of the machine's files.

The readers run in a chroot whose /proc/sys holds the keys of a fresh network namespace and nothing
else of this machine, so that not even a key with `..` in it reaches a setting of the machine.
"""

import atexit
import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

OUTSIDE = "TUNER_TEST_OUTSIDE"  # the namespace that must not be touched
SYSCTL = Path("/proc/sys")
CLONE_NEWUTS, CLONE_NEWNET = 0x04000000, 0x40000000
# What a child namespace does not have: finding it means being in the machine's own.
INITIAL_ONLY = SYSCTL / "net/core/netdev_max_backlog"
LINK_KINDS = ("dummy", "ifb", "bridge")  # not every kernel has each; bridges go slowly
OWNED = ("etc", "run", "usr", "lib", "case")  # what a case may fill

libc = ctypes.CDLL(None, use_errno=True)


def namespace():
    return os.readlink("/proc/self/ns/net")


def guard():
    """Refuses to go on in the namespace that the test was started from."""
    if os.environ.get(OUTSIDE, namespace()) == namespace() or INITIAL_ONLY.exists():
        sys.exit("this is not a namespace of its own")


def enter():
    """Starts the program again in namespaces of its own, once."""
    if OUTSIDE in os.environ:
        guard()
        return
    command = ["unshare", "--net", "--mount", "--uts", "--propagation", "private"]
    if subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print("skipped: no right to make a network namespace")
        sys.exit(0)
    os.environ[OUTSIDE] = namespace()
    os.execvp(command[0], [*command, sys.executable, "-B", *sys.argv])


def fresh():
    """Another namespace for this process: every key of it has its default."""
    if libc.unshare(CLONE_NEWNET | CLONE_NEWUTS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    guard()


def attribute(kind, content):
    size = 4 + len(content)
    return struct.pack("=HH", size, kind) + content + b"\0" * (-size % 4)


def add_link(name):
    """An interface without a peer, through netlink: a process for each would be slow."""
    newlink, ifname, linkinfo, info_kind = 16, 3, 18, 1
    request_ack_create_excl = 0x1 | 0x4 | 0x400 | 0x200
    error = 0
    for kind in LINK_KINDS:
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + attribute(ifname, name.encode() + b"\0")
        body += attribute(linkinfo, attribute(info_kind, kind.encode()))
        head = struct.pack("=IHHII", 16 + len(body), newlink, request_ack_create_excl, 1, 0)
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
            link.send(head + body)
            error = -struct.unpack_from("=i", link.recv(65536), 16)[0]
        if error == 0:
            return
    raise OSError(error, f"adding the link {name}")


def raise_loopback():
    """As on every machine: an interface with an address does not follow conf/default."""
    set_flags, up = 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        fcntl.ioctl(link, set_flags, struct.pack("16sH22x", b"lo", up))


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


class Tree:
    """The configuration files of a case, which the chroot and the program under test share."""

    def __init__(self):
        guard()
        self.base = Path(tempfile.mkdtemp(prefix="tuner-readers-"))
        atexit.register(self.remove)
        mount("-t", "tmpfs", "none", self.base)
        self.root, self.jail, self.binaries = (self.base / name for name in
                                               ("tree", "jail", "binaries"))
        for directory in (self.root / "proc/sys", self.root / "dev", self.root / "opt", self.jail,
                       self.binaries):
            directory.mkdir(parents=True)
        os.mknod(self.root / "dev/null", 0o20666, os.makedev(1, 3))
        os.chmod(self.root / "dev/null", 0o666)
        # A second view of the same files. What is mounted there is not seen in the first.
        mount("--bind", self.root, self.jail)
        mount("--bind", self.binaries, self.jail / "opt")
        self.mount_proc()

    def mount_proc(self):
        proc = self.jail / "proc"
        mount("--bind", "/proc", proc)
        mount("-o", "remount,bind,ro", proc)
        mount("-t", "tmpfs", "none", proc / "sys")
        (proc / "sys/net").mkdir()
        (proc / "sys/kernel").mkdir()
        (proc / "sys/kernel/panic").write_text("0\n")  # a plain file, for who may not write it
        mount("--bind", "/proc/sys/net", proc / "sys/net")
        (proc / "sys/kernel/domainname").touch()
        mount("--bind", "/proc/sys/kernel/domainname", proc / "sys/kernel/domainname")

    def set_read_only(self, on):
        for name in ("net", "kernel/domainname"):
            mount("-o", f"remount,bind,{'ro' if on else 'rw'}", self.jail / "proc/sys" / name)

    def remove(self):
        subprocess.run(["umount", "-l", self.base], check=False)
        self.base.rmdir()

    def fill(self, files, split_lib=False):
        """files: path -> bytes, ("link", target), ("dir",) or ("mode", mode, bytes)."""
        for name in OWNED:
            path = self.root / name
            if path.is_symlink():
                path.unlink()
            elif path.exists():
                shutil.rmtree(path)
        for name in ("etc/sysctl.d", "run", "usr/lib", "usr/local/lib", "case"):
            (self.root / name).mkdir(parents=True)
        if split_lib:
            (self.root / "lib").mkdir()
        else:
            (self.root / "lib").symlink_to("usr/lib")
        for path, content in files.items():
            self.plant(os.path.join(os.fsencode(self.root), os.fsencode(path).lstrip(b"/")),
                       content)

    @staticmethod
    def plant(target, content):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if isinstance(content, bytes):
            content = ("mode", 0o644, content)
        if content[0] == "link":
            os.symlink(content[1], target)
        elif content[0] == "dir":
            os.makedirs(target, exist_ok=True)
        else:
            with open(target, "wb") as out:
                out.write(content[2])
            os.chmod(target, content[1])

    def copy_defaults(self):
        """The keys of this namespace as plain files, for a program that reads a captured tree."""
        source, target = self.jail / "proc/sys", self.root / "proc/sys"
        shutil.rmtree(target)
        for directory, _, names in os.walk(source):
            copy = target / Path(directory).relative_to(source)
            copy.mkdir(parents=True, exist_ok=True)
            for name in names:
                mode = os.stat(Path(directory, name)).st_mode & 0o777
                value = read_key(Path(directory, name)) if mode & 0o444 else b""
                (copy / name).write_bytes(value if isinstance(value, bytes) else b"")
                os.chmod(copy / name, mode)


def read_key(path):
    """The bytes of a key, or the error number; one read, since lists are cut by a short one."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        return error.errno
    try:
        return os.read(handle, 1 << 18)
    except OSError as error:
        return error.errno
    finally:
        os.close(handle)
