"""One of Debian's kernels under software emulation, with tuner, flow, losses, ip and tc alone.

It is told what to do as tests/vm does, so that other machine's conversation is used here.
"""

import gzip
import importlib.util
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TUNER_SHARE = "usr/share/tuner"
# How a machine of each of Debian's architectures is emulated, and where its kernel writes. QEMU 7.2
# leaves an address in the flags after cmpxchg16b (cx16), which 6.12 dies of now and then.
EMULATORS = {
    "amd64": (["qemu-system-x86_64", "-machine", "q35,sata=off,smbus=off", "-cpu",
               "qemu64,+rdrand,-cx16"], "ttyS0"),
    "ppc64el": (["qemu-system-ppc64", "-machine",
                 "pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off"],
                "hvc0")}


def load(path):
    spec = importlib.util.spec_from_file_location("vm_machine", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vm = load(HERE.parents[1] / "vm" / "machine.py")
MachineError = vm.MachineError


class Kernel:
    """What fetch.sh has made of one."""

    def __init__(self, cache, name):
        self.name, self.directory = name, Path(cache, name)
        self.release, self.hz, self.arch = (
            Path(self.directory, file).read_text().strip() for file in ("release", "hz", "arch"))
        self.tools = Path(cache, f"tools-{self.arch}")


def libraries(program):
    """What a program of this machine is linked with."""
    listed = subprocess.run(["ldd", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    return re.findall(r"(/\S+) \(0x", listed)


def fill(tree, kernel, build, programs):
    """Everything that the machine has, below `tree`."""
    shutil.copytree(kernel.tools, tree)
    shutil.copytree(kernel.directory / "modules", tree / "lib" / "modules")
    for name in ("dev", "proc", "sys", "run", "tmp", "root", "etc", "var/lib", "usr/bin"):
        Path(tree, name).mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "init.sh", tree / "init")
    shutil.copy(HERE / "path.sh", tree / "bin")
    for program in (Path(build, "tuner"), Path(programs, "flow"), Path(programs, "losses")):
        shutil.copy(program, tree / "usr" / "bin")
    # Of a program that was built here, what it needs is here too.
    if kernel.arch == "amd64":
        for library in libraries(Path(build, "tuner")):
            shutil.copy(library, tree / "lib" / Path(library).name)
    Path(tree, "lib64").symlink_to("lib")
    shutil.copytree(Path(build, "share", "tuner", "profiles"), tree / TUNER_SHARE / "profiles")


def make_initramfs(directory, kernel, build, programs):
    tree = Path(directory, "tree")
    fill(tree, kernel, build, programs)
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    archive = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], cwd=tree,
                             check=True, input=names.encode(), stdout=subprocess.PIPE).stdout
    Path(directory, "initrd.img").write_bytes(gzip.compress(archive, 1))
    shutil.rmtree(tree)


class Machine(vm.Machine):
    """It is on from the beginning, and every module is loaded."""

    running = set()

    def __init__(self, kernel, build, programs, cpus=1):
        self.kernel, self.cpus, self.process, self.boot_id = kernel, cpus, None, None
        self.directory = tempfile.TemporaryDirectory(prefix="tuner-kernel-")
        self.console = Path(self.directory.name, "console")
        self.running.add(self)
        try:
            make_initramfs(self.directory.name, kernel, build, programs)
            self.boot()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        super().close()
        self.running.discard(self)

    def command(self):
        emulator, console = EMULATORS[self.kernel.arch]
        return [
            "setpriv", "--pdeathsig", "KILL",  # it must not outlive a test that was killed
            *emulator, "-accel", "tcg", "-smp", str(self.cpus), "-m", str(vm.MEMORY),
            "-nic", "none", "-display", "none", "-nodefaults", "-no-user-config", "-no-reboot",
            "-kernel", str(self.kernel.directory / "vmlinuz"),
            "-initrd", f"{self.directory.name}/initrd.img",
            "-append", f"console={console} quiet panic=-1 mitigations=off random.trust_cpu=on",
            "-serial", f"file:{self.console}",
            "-chardev", "stdio,id=agent,signal=off", "-device", "virtio-serial-pci",
            "-device", "virtserialport,chardev=agent,name=tuner.agent"]

    def settle(self, timeout=vm.BOOT):
        if self.read(time.monotonic() + timeout) != ["ready"]:
            raise self.error("it is not ready")

    def output(self, command, timeout=60, statuses=(0,)):
        """What a command prints that ends with one of these statuses."""
        status, out, err = self.run(command, timeout)
        if status not in statuses:
            raise self.error(f"{command[:200]}: exit status {status}\n{err}{out[-2000:]}")
        return out

    def page_size(self):
        """The kernel tells every program in its auxiliary vector; the sixth kind is the page's."""
        words = self.output("od -A n -t d8 -v /proc/self/auxv").split()
        return int(dict(zip(words[::2], words[1::2]))["6"])
