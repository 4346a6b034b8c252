"""What a command writes: nothing outside of what it promises, whatever links lie in its way."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import private
from support import HOSTS, NO_LEAKS, PROGRAM, QUIET_HOST, SANITIZED, run

STRANGER = 65534
KEY = "net.ipv4.tcp_fin_timeout"
# strace -y shows the descriptor's path in front of a relative one.
OPEN = re.compile(r'open(?:at2?)?\((?:(?:AT_FDCWD|\d+)<(?P<at>[^>]*)>, )?"(?P<path>[^"]*)"(?P<rest>.*)')
CHANGE = re.compile(r'(?:^|\s)(?P<call>rename\w*|unlink\w*|mkdir\w*|symlink\w*|link\w*|rmdir|truncate'
                    r'|f?chmod\w*|f?chown\w*|mknod\w*)\((?P<rest>.*)')
PATHS = re.compile(r'(?:<(?P<at>/[^>]*)>, )?"(?P<path>[^"]*)"')
ON_DESCRIPTOR = re.compile(r"\d+<(?P<path>/[^>]*)>")


def absolute(at, path, directory):
    return os.path.normpath(path if path.startswith("/") else os.path.join(at or directory, path))


def written(words, directory):
    """Every path that a run opened for writing, made, renamed, linked or took away."""
    trace = directory / "trace"
    subprocess.run(["strace", "-f", "-y", "-qq", "-s", "4096", "-o", trace, "-e", "trace=%file,%desc",
                    PROGRAM, *map(str, words)], check=True, cwd=directory, capture_output=True,
                   timeout=120, env={**os.environ, **NO_LEAKS})
    paths = set()
    for line in trace.read_text(errors="replace").splitlines():
        if (opened := OPEN.search(line)) is not None:
            if re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)", opened["rest"]):
                paths.add(absolute(opened["at"], opened["path"], directory))
        elif (change := CHANGE.search(line)) is not None:
            rest = change["rest"]
            # The first word of a link is its text, which nothing is looked up for.
            named = list(PATHS.finditer(rest))[1 if change["call"].startswith("symlink") else 0:]
            paths |= {absolute(one["at"], one["path"], directory) for one in named}
            if not named and (one := ON_DESCRIPTOR.match(rest)) is not None:
                paths.add(one["path"])
    return {path for path in paths if not path.startswith(("/dev/", "/proc/self/"))}


class Place(unittest.TestCase):
    def setUp(self):
        private.clear()
        self.addCleanup(private.clear)
        self.directory = Path(tempfile.mkdtemp(dir="/run"))
        self.addCleanup(shutil.rmtree, self.directory)



class Reach(Place):
    def below(self, paths, *places):
        self.assertNotEqual(paths, set())
        outside = {path for path in paths
                   if not any(path == place or path.startswith(place + "/") for place in places)}
        self.assertEqual(outside, set())

    def test_a_snapshot_writes_below_its_directory_alone(self):
        paths = written(["snapshot", "-o", "out", "--anonymise"], self.directory)
        self.assertGreater(len(paths), 100)
        self.below(paths, str(self.directory / "out"))

    def test_apply_and_rollback_write_where_the_manual_says(self):
        promised = ("/proc/sys/net", "/etc/sysctl.d", "/etc/systemd/system", "/var/lib/tuner",
                    "/run/tuner", "/etc/security/limits.d", "/run/sysctl.d")
        profile = self.directory / "mine.toml"
        profile.write_text(f'schema = 1\nname = "mine"\nsummary = "a test"\n[sysctl."{KEY}"]\n'
                           'exactly = 25\nwhy = "a test"\n')
        old = private.Values([KEY])
        self.addCleanup(old.restore)
        paths = written(["apply", "--profile", profile], self.directory)
        self.assertEqual(old.now()[KEY], "25")
        self.below(paths, *promised)
        self.assertIn("/proc/sys/" + KEY.replace(".", "/"), paths)
        self.below(written(["rollback"], self.directory), *promised)
        self.assertEqual(old.now(), old.before)

    def test_those_that_only_look_write_nothing(self):
        for words in (["audit"], ["boot"], ["diff", "--profile", "proxy"], ["sockets"], ["status"],
                      ["history"], ["recommend"]):
            trace = self.directory / "trace"
            subprocess.run(["strace", "-f", "-y", "-qq", "-o", trace, "-e", "trace=%file", PROGRAM,
                            *words], check=False, cwd=self.directory, capture_output=True,
                           timeout=120, env={**os.environ, **NO_LEAKS})
            changes = [line for line in trace.read_text(errors="replace").splitlines()
                       if re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)|rename|unlink|mkdir|symlink", line)
                       and "/dev/null" not in line]
            self.assertEqual(changes, [], words)


class Planted(Place):
    def test_a_directory_of_a_stranger_or_open_to_others_is_refused(self):
        for owner, mode, why in ((STRANGER, 0o755, "belongs to user"), (0, 0o777, "others"),
                                 (0, 0o775, "others")):
            directory = self.directory / f"{owner}{mode}"
            directory.mkdir()
            directory.chmod(mode)
            os.chown(directory, owner, owner)
            result = run("snapshot", "-o", directory)
            self.assertEqual(result.returncode, 1)
            self.assertIn(why, result.stderr)
            self.assertEqual(list(directory.iterdir()), [])

    def test_a_link_is_not_filled(self):
        (self.directory / "target").mkdir()
        (self.directory / "link").symlink_to("target")
        for name in ("link", "link/", "link//"):
            result = run("snapshot", "-o", f"{self.directory}/{name}")
            self.assertEqual(result.returncode, 1, name)
            self.assertEqual(list((self.directory / "target").iterdir()), [])

    def test_an_absolute_link_of_the_host_is_not_written_through(self):
        """A root as merged-usr hosts with an absolute /lib have it."""
        root = self.directory / "root"
        for name in ("usr", "proc", "etc", "out", "run"):
            (root / name).mkdir(parents=True)
        for name in ("lib", "lib64", "bin"):
            (root / name).symlink_to(f"/usr/{name}")
        program = root / "tuner"
        shutil.copy2(PROGRAM, program)
        mounted = []
        self.addCleanup(lambda: [subprocess.run(["umount", "-R", place], check=True)
                                 for place in reversed(mounted)])
        private.mount("--rbind", "/proc", root / "proc")
        mounted.append(root / "proc")
        libraries = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=True)
        for library in re.findall(r"(/\S+)", libraries.stdout):
            copy = root / "usr" / library.removeprefix("/usr").lstrip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(library, copy)
        release = os.uname().release
        modules = root / "usr/lib/modules" / release / "modules.dep"
        modules.parent.mkdir(parents=True)
        whole = "kernel/net/ipv4/tcp_bbr.ko:\nkernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko\n"
        modules.write_text(whole)
        result = subprocess.run(["chroot", root, "/tuner", "snapshot", "-o", "/out"],
                                capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(modules.read_text(), whole)
        copy = root / "out/usr/lib/modules" / release / "modules.dep"
        self.assertEqual(copy.read_text(), "kernel/net/ipv4/tcp_bbr.ko:\n")
        self.assertEqual(os.readlink(root / "out/lib"), "/usr/lib")
        audit = run("audit", "--root", root / "out")
        self.assertIn(audit.returncode, (0, 2), audit.stderr)


class Refused(Place):
    """One exit status for what a disk refuses, whichever command is refused."""

    PROFILE = ["--profile", "proxy"]

    def attempts(self, directory):
        """Commands that write to a directory."""
        yield ["audit", "-o", directory / "report"]
        yield ["fleet", HOSTS, "-o", directory / "report"]
        yield ["apply", *self.PROFILE, "--export", directory / "plan.conf"]
        yield ["snapshot", "-o", directory / "tree"]

    def statuses(self, directory, prefix=()):
        found = {}
        for words in self.attempts(directory):
            result = run(*words, prefix=prefix)
            found[words[0]] = result.returncode
            self.assertGreaterEqual(len(result.stderr.splitlines()), 2, (words, "no hint"))
        return found

    def mounted(self, place, *options):
        place.mkdir(exist_ok=True)
        private.mount("-t", "tmpfs", *options, "tmpfs", place)
        self.addCleanup(subprocess.run, ["umount", place], check=True)

    def test_a_file_system_that_is_read_only(self):
        place = self.directory / "read-only"
        self.mounted(place, "-o", "ro")
        self.assertEqual(set(self.statuses(place).values()), {1})
        private.mount("-o", "remount,bind,ro", "/etc/sysctl.d")
        self.addCleanup(private.mount, "-o", "remount,bind,rw", "/etc/sysctl.d")
        self.assertEqual(run("apply", *self.PROFILE).returncode, 1)

    def test_a_disk_that_is_full(self):
        place = self.directory / "full"
        self.mounted(place, "-o", "size=4k")
        (place / "filler").write_bytes(b"x" * 4096)
        self.assertEqual(set(self.statuses(place).values()), {1})
        self.assertEqual([path.name for path in place.iterdir()
                          if path.name not in ("filler", "tree")], [])
        self.assertEqual(run("audit", "-o", "/dev/full").returncode, 1)
        self.mounted(Path("/etc/sysctl.d"), "-o", "size=4k")
        Path("/etc/sysctl.d/filler").write_bytes(b"x" * 4096)
        old = private.Values([KEY])
        self.assertEqual(run("apply", *self.PROFILE).returncode, 1)
        self.assertEqual(old.now(), old.before)

    def test_a_right_that_is_missing(self):
        place = self.directory / "private"
        place.mkdir(mode=0o700)
        self.directory.chmod(0o755)
        stranger = ["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups"]
        self.assertEqual(set(self.statuses(place, stranger).values()), {77})
        self.assertEqual(run("apply", *self.PROFILE, prefix=stranger).returncode, 77)


class Pipes(Place):
    """A pipe in a directory of files keeps nobody waiting; one that a user names is read."""

    def setUp(self):
        super().setUp()
        self.pipe = Path("/etc/sysctl.d/50-pipe.conf")
        os.mkfifo(self.pipe)
        self.writer = os.open(self.pipe, os.O_RDWR)  # who holds it open, and writes nothing
        self.addCleanup(os.close, self.writer)

    def test_in_a_directory(self):
        for words in (["boot"], ["audit"], ["lint", "/etc/sysctl.d"], ["lint"],
                      ["diff", "--profile", "proxy"], ["apply", "--profile", "proxy", "--dry-run"],
                      ["snapshot", "-o", self.directory / "tree"]):
            run(*words)  # within the deadline of each test's run
        result = run("apply", "--profile", "proxy")
        self.assertIn("/etc/sysctl.d/50-pipe.conf", result.stdout + result.stderr)

    def test_named(self):
        named = self.directory / "named"
        os.mkfifo(named)
        writer = os.open(named, os.O_RDWR)
        os.write(writer, b"net.ipv4.tcp_sack = 0\n")
        with subprocess.Popen([PROGRAM, "lint", named], stdout=subprocess.PIPE, text=True) as process:
            opened = Path(f"/proc/{process.pid}/fd")
            while process.poll() is None:
                with contextlib.suppress(OSError):
                    if str(named) in [os.readlink(one) for one in opened.iterdir()]:
                        break
            os.close(writer)
            self.assertIn("named:1", process.communicate(timeout=60)[0])


class Anonymous(Place):
    def snapshot_on(self, name):
        """The directory of an anonymous snapshot of a host of that name."""
        tree = self.directory / name
        subprocess.run(["unshare", "--uts", "sh", "-c", 'hostname "$1" && shift && exec "$@"', "sh",
                        name, PROGRAM, "snapshot", "-q", "-o", tree, "--anonymise"], check=True,
                       timeout=120)
        return tree

    def test_a_host_called_like_a_part_of_keys(self):
        plain = {str(path.relative_to(self.snapshot_on("web01")))
                 for path in (self.directory / "web01").rglob("*")}
        text = "net.core.somaxconn = 1\nnet.ipv4.conf.all.log_martians = 0\n"
        Path("/etc/sysctl.d/50-x.conf").write_text(text)
        plain |= {"etc/sysctl.d/50-x.conf"}
        for name in ("core", "net", "all", "default", "tcp", "x"):
            with self.subTest(name=name):
                tree = self.snapshot_on(name)
                paths = {str(path.relative_to(tree)) for path in tree.rglob("*")}
                # A file of one's own may be named after the host; the kernel's are not.
                self.assertEqual({path for path in plain - paths if path.startswith("proc/")}, set())
                fragment, = (tree / "etc/sysctl.d").glob("50-*.conf")
                self.assertEqual(fragment.read_text(), text)
                self.assertEqual((tree / "proc/sys/kernel/hostname").read_text(), "host\n")

    def test_no_name_is_left(self):
        subprocess.run(["ip", "link", "add", "enx0a0b0c0d0e0f", "address", "0a:0b:0c:0d:0e:0f",
                        "type", "veth", "peer", "name", "web77-vpn"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "del", "enx0a0b0c0d0e0f"], check=True)
        subprocess.run(["ip", "address", "add", "10.99.88.77/24", "dev", "enx0a0b0c0d0e0f"],
                       check=True)
        home = self.directory / "home"
        home.mkdir()
        private.mount("--bind", home, "/home")
        self.addCleanup(subprocess.run, ["umount", "/home"], check=True)
        passwd = self.directory / "passwd"
        passwd.write_text("root:x:0:0::/root:/bin/sh\nzoe:x:1000:1000:Zoe:/home/zoe:/bin/sh\n"
                          "bob:x:1001:1001:Bob:/home/bob:/bin/sh\n")
        private.mount("--bind", passwd, "/etc/passwd")
        self.addCleanup(subprocess.run, ["umount", "/etc/passwd"], check=True)
        (home / "zoe").mkdir()
        (home / "zoe/zoe.conf").write_text("net.ipv4.tcp_sack = 1\n")
        Path("/etc/sysctl.d/60-zoe.conf").symlink_to("/home/zoe/zoe.conf")
        Path("/etc/sysctl.d/70-10.99.88.77-enx0a0b0c0d0e0f.conf").write_text(
            "kernel.core_pattern = /srv/web77/zoe.%p\nnet.ipv4.tcp_sack = 1 # zoe on web77\n")
        Path("/etc/sysctl.d/80-bob.conf").write_text("net.ipv4.tcp_dsack = 1\n")
        Path("/etc/sysctl.d/99-web77.conf").write_text(
            "# zoe, for web77 and 10.99.88.77\nnet.ipv4.conf.enx0a0b0c0d0e0f.rp_filter = 2\n"
            "net.ipv4.conf.web77-vpn.rp_filter = 2\nkernel.hostname = web77\n")
        tree = self.snapshot_on("web77")
        secrets = [b"web77", b"zoe", b"bob", b"10.99.88.77", b"0a0b0c0d0e0f", b"0a:0b:0c:0d:0e:0f"]
        for path in tree.rglob("*"):
            name = str(path.relative_to(tree)).encode()
            text = os.readlink(path).encode() if path.is_symlink() else b""
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            for secret in secrets:
                for where in (name, text, content):
                    self.assertNotIn(secret, where.lower(), path)
        self.assertEqual(sorted(path.name for path in (tree / "etc/sysctl.d").iterdir()),
                         ["60-user1.conf", "70-240.0.0.1-enx020000000001.conf", "80-user2.conf",
                          "99-host.conf"])
        self.assertEqual((tree / "etc/sysctl.d/60-user1.conf").read_text(), "net.ipv4.tcp_sack = 1\n")


    def test_what_cannot_be_read_is_said(self):
        """A user's snapshot, and one with few descriptors: nothing is left out in silence."""
        Path("/etc/sysctl.d/50-secret.conf").write_text("net.ipv4.tcp_sack = 0\n")
        Path("/etc/sysctl.d/50-secret.conf").chmod(0o600)
        own = self.directory / "own"
        own.mkdir(mode=0o700)
        os.chown(own, STRANGER, STRANGER)
        self.directory.chmod(0o755)
        stranger = ["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups"]
        result = run("snapshot", "-o", own, prefix=stranger)
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn("/etc/sysctl.d/50-secret.conf: not permitted", result.stderr)
        self.assertEqual((own / "etc/sysctl.d/50-secret.conf").stat().st_mode & 0o777, 0)
        whole = self.directory / "whole"
        self.assertEqual(run("snapshot", "-o", whole).returncode, 0)
        for number in range(5, 12) if not SANITIZED else ():  # it opens pipes by itself
            tree = self.directory / f"few-{number}"
            result = run("snapshot", "-o", tree, prefix=["prlimit", f"--nofile={number}"])
            if result.returncode == 0:
                self.assertEqual({path.relative_to(tree) for path in tree.rglob("*")},
                                 {path.relative_to(whole) for path in whole.rglob("*")})
                continue
            self.assertIn(result.returncode, (1, 3), number)
            self.assertIn("Too many open files", result.stderr)
            self.assertLess(len(result.stderr.splitlines()), 25)


class Printed(Place):
    """The commands that a run prints do what it has shown, pasted into a shell."""

    def pasted(self, text, *more, prefix=()):
        """Runs the command on its own line; the finished process and its words."""
        command, = [line.strip() for line in text.splitlines() if line.startswith("  tuner ")]
        tools = self.directory / "bin"
        tools.mkdir(exist_ok=True)
        if not (tools / "tuner").exists():
            (tools / "tuner").symlink_to(PROGRAM)
        return subprocess.run([*prefix, "sh", "-c", " ".join([command, *more])],
                              capture_output=True,
                              text=True, check=False, timeout=120, cwd=self.directory,
                              env={"PATH": f"{tools}:{os.environ['PATH']}", "LANG": "C.UTF-8"})

    def test_diff(self):
        own = self.directory / "a profile's"
        own.mkdir()
        (own / "mine.toml").write_text(
            f'schema = 1\nname = "mine"\nsummary = "a test"\n[sysctl."{KEY}"]\nexactly = 25\n'
            'why = "a test"\n')
        for words in (["--profile", "bulk", "--input", "rtt=123ms", "--input", "bandwidth=1Gbit"],
                      ["--profile", "a profile's/mine.toml"]):
            shown = run("diff", *words, cwd=self.directory)
            wanted = {change["key"]: change["wanted"] for change in
                      json.loads(run("diff", *words, "--json", cwd=self.directory).stdout)["changes"]}
            self.assertEqual(shown.returncode, 2, shown.stderr)
            applied = json.loads(self.pasted(shown.stdout, "--dry-run", "--json").stdout)
            changed = {change["key"]: change["wanted"] for change in applied["changes"]}
            self.assertTrue(wanted)
            self.assertEqual({key: changed.get(key) for key in wanted}, wanted)

    def test_recommend_fleet_and_snapshot(self):
        hosts = self.directory / "the host's trees"
        shutil.copytree(HOSTS / QUIET_HOST, hosts / "one")
        shutil.copytree(HOSTS / QUIET_HOST, hosts / "the worst")
        sack = hosts / "the worst/proc/sys/net/ipv4/tcp_sack"
        sack.write_text("0\n")
        fleet = run("fleet", hosts, "--profile", "proxy", "--input", "rtt=90ms")
        found = json.loads(self.pasted(fleet.stdout, "--json").stdout)
        self.assertEqual(found["host"]["root"], str(hosts / "the worst"))
        self.assertIn("rtt", json.dumps(found["profile"]))
        self.assertTrue([one for one in found["findings"] if one["status"] == "fail"
                         and one["subject"] == "disable_sack"])
        snapshot = run("snapshot", "-o", hosts / "this one")
        self.assertIn(self.pasted(snapshot.stdout).returncode, (0, 2, 3))

    def among_own_processes(self):
        """How to run something where no process ends but one's own; another network is there."""
        first = subprocess.Popen(["unshare", "--pid", "--fork", "--mount-proc", "--kill-child",
                                  "unshare", "--net", "sh", "-c",
                                  "echo 0 > /proc/sys/net/ipv4/tcp_sack && exec sleep 600"])
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        children = Path(f"/proc/{first.pid}/task/{first.pid}/children")
        self.assertTrue(private.until(children.read_text))
        child, = children.read_text().split()
        self.assertTrue(private.until(
            lambda: Path(f"/proc/{child}/comm").read_text() == "sleep\n"))
        return ["nsenter", "--target", child, "--pid", "--mount"]

    def test_all_namespaces(self):
        prefix = self.among_own_processes()
        shown = run("audit", "--all-netns", "--profile", "proxy", prefix=prefix)
        self.assertIn(shown.returncode, (0, 2, 3))
        again = self.pasted(shown.stdout, "--json", prefix=prefix)
        self.assertEqual(again.returncode, 2, again.stderr)
        document = json.loads(again.stdout)
        self.assertEqual(document["profile"]["name"], "proxy")
        self.assertIn("disable_sack", [one["subject"] for one in document["findings"]
                                       if one["status"] == "fail"])

    def test_process_that_has_ended(self):
        ended = subprocess.Popen(["true"])
        ended.wait()
        result = run("audit", "--pid", ended.pid)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"process {ended.pid}: no such process", result.stderr)


class NoText(Place):
    """Bytes that are no UTF-8, wherever a host may have some."""

    BYTES = b"n\xff\xfe\xc3(x"

    def setUp(self):
        super().setUp()
        self.addCleanup(private.Values([KEY]).restore)
        machine = self.directory / "machine-id"
        machine.write_bytes(self.BYTES + b"\n")
        private.mount("--bind", machine, "/etc/machine-id")
        self.addCleanup(subprocess.run, ["umount", "/etc/machine-id"], check=True)
        link = b"if" + self.BYTES[:4]
        subprocess.run([b"ip", b"link", b"add", link, b"type", b"veth"], check=True)
        self.addCleanup(subprocess.run, [b"ip", b"link", b"del", link], check=True)
        fragments = b"/etc/sysctl.d/50-" + self.BYTES + b".conf"
        Path(os.fsdecode(fragments)).write_bytes(
            b"# \xff\xfe\nnet.ipv4.tcp_sack = \xff\nnet.ipv4.conf." + link + b".rp_filter = 1\n"
            b"net.\xff.x = 1\n")
        self.program = os.fsencode(self.directory) + b"/" + self.BYTES
        os.symlink(PROGRAM, self.program)
        self.profile = os.fsencode(self.directory) + b"/" + self.BYTES + b".toml"
        with open(self.profile, "wb") as file:
            file.write(b'schema = 1\nname = "' + b"mine" + b'"\nsummary = "x"\n')

    def run_as(self, *words):
        """On a host of such a name, under such a name. The exit status and both outputs."""
        rename = ("import os, socket, sys; socket.sethostname(sys.argv[1]);"
                  "os.execv(sys.argv[2], sys.argv[2:])")
        command = [b"unshare", b"--uts", os.fsencode(sys.executable), b"-c", rename.encode(),
                   self.BYTES, self.program,
                   *[word if isinstance(word, bytes) else word.encode() for word in words]]
        result = subprocess.run(command, capture_output=True, timeout=120, check=False,
                                env={b"PATH": os.environb[b"PATH"], b"SUDO_USER": self.BYTES})
        self.assertIn(result.returncode, (0, 1, 2, 3, 4, 64, 78), (words, result.stderr))
        self.assertNotIn(b"internal error", result.stderr, words)
        result.stdout.decode("utf-8")
        result.stderr.decode("utf-8")
        return result

    def test_every_command(self):
        for words in (["audit"], ["audit", "-v"], ["boot"], ["lint"], ["sockets"], ["status"],
                      ["history"], ["recommend"], ["diff", "--profile", "proxy"], ["explain", "x"],
                      ["audit", "--all-netns"], [b"\xff"], ["explain", b"\xff\xfe"],
                      ["audit", "--profile", b"\xff"], ["audit", "--profile", self.profile],
                      ["lint", b"/etc/sysctl.d/50-" + self.BYTES + b".conf"],
                      ["audit", "--root", self.BYTES], ["fleet", "/etc/sysctl.d"]):
            self.run_as(*words)
            if words[0] != b"\xff":
                document = self.run_as(*words, "--format", "json").stdout
                if document:
                    json.loads(document)
        for form in ("csv", "junit", "prometheus", "nagios", "html"):
            self.run_as("audit", "--format", form)
        for name in (b"plain", b"anonymous"):
            tree = os.fsencode(self.directory) + b"/" + name + self.BYTES
            options = ["--anonymise"] if name == b"anonymous" else []
            self.assertEqual(self.run_as("snapshot", "-o", tree, *options).returncode, 0)
            self.run_as("audit", "--root", tree)

    def test_a_change_is_made_and_taken_back(self):
        before = private.get_key(KEY)
        profile = self.directory / "mine.toml"
        profile.write_text(f'schema = 1\nname = "mine"\nsummary = "x"\n[sysctl."{KEY}"]\n'
                           'exactly = 25\nwhy = "x"\n')
        self.assertEqual(self.run_as("apply", "--profile", str(profile)).returncode, 0)
        self.assertEqual(private.get_key(KEY), "25")
        history = json.loads(self.run_as("history", "--format", "json").stdout)
        self.assertEqual(len(history["transactions"]), 1)
        self.assertEqual(self.run_as("rollback").returncode, 0)
        self.assertEqual(private.get_key(KEY), before)


if __name__ == "__main__":
    private.enter()
    unittest.main()
