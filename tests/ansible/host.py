"""Becomes a test host: directories and settings of its own, and an SSH server as its first process."""

import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))

import private  # noqa: E402

CONFIGURATION = """ListenAddress 0.0.0.0
HostKey {directory}/key-of-{name}
AuthorizedKeysFile {directory}/key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PidFile none
UseDNS no
"""


def put(path, text):
    """A file of this host over the machine's."""
    own = Path("/run") / path.name
    own.write_text(text)
    own.chmod(0o600 if path.name == "shadow" else 0o644)
    private.mount("--bind", own, path)


def serve(root, configuration):
    """Runs the server that was unpacked there, with the libraries beside it; waits for whoever ends, as
    the first process of a host does."""
    directories = [str(directory) for usr in ("lib", "usr/lib") for directory in root.glob(f"{usr}/*-linux-gnu*")]
    program = str(root / "usr/sbin/sshd")
    server = os.posix_spawn(program, [program, "-D", "-e", "-f", str(configuration)],
                            {"PATH": os.defpath, "LD_LIBRARY_PATH": ":".join(directories)})
    while os.wait()[0] != server:
        pass


def main():
    directory, name = Path(sys.argv[1]), sys.argv[2]
    private.furnish()
    private.be_init()
    socket.sethostname(name)
    Path("/run/sshd").mkdir(mode=0o755)
    Path("/run/root").mkdir(mode=0o700)
    # Neither a locked root nor its home has a say here.
    put(Path("/etc/passwd"), "root:x:0:0:root:/run/root:/bin/bash\n"
        "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n"
        "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n")
    put(Path("/etc/shadow"), "root:*:20000:0:99999:7:::\n")
    private.mount("-t", "tmpfs", "tmpfs", "/usr/local/bin")
    os.symlink(directory / "tuner/bin/tuner", "/usr/local/bin/tuner")
    server = directory / f"sshd-of-{name}"
    server.write_text(CONFIGURATION.format(directory=directory, name=name))
    serve(Path(os.environ["SSHD"]), server)


if __name__ == "__main__":
    main()
