"""Configuration trees that are nasty on purpose, from a seed."""

import random
import re
from dataclasses import dataclass, field

DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
NUMBERS = ("net/ipv4/tcp_keepalive_time", "net/ipv4/tcp_fin_timeout", "net/ipv4/ip_default_ttl",
           "net/ipv4/tcp_sack", "net/ipv4/tcp_syncookies", "net/ipv4/tcp_ecn",
           "net/core/somaxconn", "net/ipv4/ip_unprivileged_port_start", "net/ipv4/tcp_retries2")
SWITCHES = ("rp_filter", "log_martians", "forwarding", "accept_redirects")
SWITCHES6 = ("disable_ipv6", "forwarding", "accept_ra")
INTERFACES = ("all", "default", "lo", "a0", "a1", "b0", "eth0", "eth0.100")
VECTORS = ("net/ipv4/tcp_rmem", "net/ipv4/tcp_wmem")
OTHERS = ("net/ipv4/ip_forward", "net/ipv4/ip_local_port_range",
          "net/ipv4/ip_local_reserved_ports", "net/ipv4/ping_group_range",
          "net/ipv4/tcp_congestion_control")
STUBBORN = ("net/core/rmem_max", "net/ipv4/tcp_available_congestion_control",
            "net/ipv4/route/flush", "net/ipv4/conf", "net/ipv4", "net/ipv4/no_such_key",
            "net/ipv4/conf/gone0/rp_filter", "no_such", "net/ipv4/conf/a0/mc_forwarding")

GOOD_NAMES = (b"10-a.conf", b"100-b.conf", b"20-c.conf", b"9-d.conf", b"Z.conf", b"a.conf",
              b"a-b.conf", b"a.b.conf", b"a_b.conf", b"99-sysctl.conf", b"99-tuner.conf",
              b"zz.conf", b"50 blank.conf", b"\xff.conf")
ODD_NAMES = (b".hidden.conf", b"x.conf~", b"x.conf.bak", b"x.CONF", b"x", b".conf", b"-.conf",
             b"x.conf.d", b".x.conf.swp", b"x.conf.dpkg-new", b"#x.conf", b"*.conf")
GLOB_PARTS = ("*", "a*", "a?", "[ab]0", "[!a]*", "[a-c]?", "eth*", "{a0,b0}", "{a,b}*", "zz*",
              "*0", "e*.1?0", "\\a*", "a\\0", "[a0", "**", "[[:alpha:]]0", "*.100", "?l?",
              "{b,a}?", "{a0,}*", "[^a]0", ".*", "[b-a]*")


@dataclass
class Case:
    files: dict = field(default_factory=dict)  # path -> what sandbox.Tree.fill takes
    arguments: list = None  # None as at boot
    split_lib: bool = False

    def shown(self):
        lines = [f"split_lib={self.split_lib} arguments={self.arguments}"]
        for path, content in self.files.items():
            text = content if len(content) < 2000 or not isinstance(content, bytes) else (
                content[:900], f"... {len(content)} bytes ...", content[-900:])
            lines.append(f"  {path!r}: {text!r}")
        return "\n".join(lines)


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, *choices):
        return self.random.choice(choices)

    # keys

    def path(self):
        kind = self.random.random()
        if kind < 0.35:
            return self.pick(*NUMBERS)
        if kind < 0.60:
            return f"net/ipv4/conf/{self.pick(*INTERFACES)}/{self.pick(*SWITCHES)}"
        if kind < 0.70:
            return f"net/ipv6/conf/{self.pick(*INTERFACES)}/{self.pick(*SWITCHES6)}"
        if kind < 0.90:
            return self.pick(*VECTORS, *OTHERS)
        return self.pick(*STUBBORN)

    def with_glob(self, path):
        parts = path.split("/")
        kind = self.random.random()
        if "conf" in parts[:-2] and kind < 0.75:
            parts[3] = self.pick(*GLOB_PARTS)
            if self.chance(0.1):
                parts[1] = self.pick("ipv*", "ipv?", "*", "ipv[46]", "ip{v4,v6}")
            elif self.chance(0.1):
                parts[4] = self.pick("rp_*", "log_martian?", "forward*", "{rp_filter,forwarding}")
        elif kind < 0.9:
            parts[-1] = self.pick(parts[-1][:-1] + "?", parts[-1][:-2] + "*", "*" + parts[-1][1:],
                                  parts[-1][:-1] + "[a-z0-9]", "tcp_{sack,ecn}", "tcp_[se]*k")
        else:
            parts[1:] = [self.pick("*/" + parts[-1], "*")]
        return "/".join(parts)

    def spell(self, path):
        """One of the spellings of a key: the first separator decides what the others mean."""
        kind = self.random.random()
        dotted = path.translate(str.maketrans("/.", "./"))
        if kind < 0.55:
            return dotted
        if kind < 0.75:
            return path
        return self.pick(
            path.replace("/", "."), "/" + path, "." + dotted, path.replace("/", "//", 2),
            dotted.replace(".", "..", 1), path + "/", dotted + ".", path.replace("/", "/./", 1),
            path.replace("net/", "net/../net/", 1), "../sys/" + path, path.replace("/", ".", 1),
            dotted.replace(".", "/", 1), path.upper(), "proc/sys/" + path, "/proc/sys/" + path,
            path.replace("/", " /", 1), "//" + path, "./" + path, path + "/.", path + "/..",
            dotted[:5] + "." + dotted[5:], "\u00a0" + dotted, dotted + "\u00a0")

    # values

    def number(self):
        return self.pick("0", "1", "2", "31", "99", "1001", "1500", "60", "3", "-1", "256", "0x10",
                         "010", "+1", "1e3", "1 # inline", "1 2", "1,2", "12abc", "99999999999",
                         "9223372036854775808", "000000000000000000000001", "", '"1"', "'1'",
                         "1=2", "= 1", "1;", "0 x", "1\t", "1\\", "\u00a01", "--1", "- 1", "1\v")

    def value(self, path):
        name = path.rsplit("/", 1)[-1]
        if self.chance(0.08):
            return self.number()
        if name in ("tcp_rmem", "tcp_wmem"):
            return self.pick("4096 131072 6291456", "4096\t131072\t6291456", "4097 131073", "4097",
                             "4096 16384 4194304 5", "8192 1 2", "4097 131073 bad", "0 0 0", "",
                             "4096  131072   6291456", "4096,131072,6291456", "-1 5 6")
        if name == "ip_local_port_range":
            return self.pick("15000 60999", "1024\t65535", "50000 40000", "1000 60999", "40000",
                             "32768 60999", "32768\t60999", "1 65536", "2000 3000 4000", "")
        if name == "ip_local_reserved_ports":
            return self.pick("8080", "8080,9148", "1-5", "5-1", "1,2,3,4", "8080 9148", "", "70000",
                             "3000-3010,3005-3020", "8080,", ",8080", "0", "1-", "10000 , 10001")
        if name == "ping_group_range":
            return self.pick("0 2147483647", "5 1", "1 0", "0 0", "0", "-1 5", "7 4294967295")
        if name == "tcp_congestion_control":
            return self.pick("reno", "bbr", "cubic", "nosuchcc", "reno # x", '"reno"', "RENO", "")
        if path.split("/")[-3:-2] == ["conf"] and self.chance(0.75):
            return self.pick("0", "1", "2")
        if self.chance(0.6):
            return self.pick("30", "1", "99", "120", "5", "2048")
        return self.number()

    # lines

    def around(self):
        return "" if self.chance(0.6) else self.pick(" ", "\t", "  ", " \t ", "\v", "\f", "\u00a0")

    def assignment(self):
        path = self.path()
        value = self.value(path)
        if self.chance(0.17):
            path = self.with_glob(path)
        key = self.spell(path)
        prefix = "" if self.chance(0.85) else self.pick("-", "- ", "--", "-\t", " -")
        if prefix and self.chance(0.4):
            return prefix + key  # an exclusion
        return f"{self.around()}{prefix}{key}{self.around()}={self.around()}{value}{self.around()}"

    def odd_line(self):
        key = self.spell(self.path())
        return self.pick(
            f"# {key}=1", f"; {key}=1", f";{key}=1", f"  # {key}=1", f"\t; {key} = 1", "", "  ",
            key, f"{key} 1", "= 5", "=", "-", "-=", "-=1", "- = 1", "x", ";", "#", " =", "==", "=;",
            f"{key}=1\\", f"\ufeff{key}=1", f"{key}=\0 1", f"\0{key}=1", f"{key}=1\r{key}=0",
            f"{key}\0=1", f"\r{key}=1", "-*", "-net.*", "-net/ipv4/conf/*", "[section]", "*=1",
            "*/*=1", ".=1", "/=1", "..=1", "./.=1", f"{key} = 1 = 2", f"{key}==2", f"\v{key}=1",
            f"{key}: 1", "include x.conf", f"{key}=\u20ac", "\udcff\udcfe=\udcff", f"{key}=\udcff",
            f"-{key}=")

    def text(self):
        lines = [self.odd_line() if self.chance(0.12) else self.assignment()
                 for _ in range(self.random.randint(0, 7) if self.chance(0.9) else 1)]
        if len(lines) > 1 and self.chance(0.25):  # the same key again
            lines.append(self.pick(*lines))
        if self.chance(0.004):
            lines.insert(len(lines) // 2, self.long_line())
        end = "\n" if self.chance(0.86) else self.pick("\r\n", "\r\n", "\r", "\n\r", "\0")
        text = end.join(lines) + (end if self.chance(0.85) else "")
        if self.chance(0.01):
            text = "\ufeff" + text
        return text.encode("utf-8", "surrogateescape")

    def long_line(self):
        length = self.pick(5000, 1 << 16, (1 << 20) - 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1)
        head = self.pick("#", "net.ipv4.tcp_sack=0 ", "net.ipv4.ip_local_reserved_ports=")
        if head.endswith("ports="):
            return head + ",".join(str(port) for port in range(10000, 18000, 2))
        return head + "x" * (length - len(head))

    # trees

    def entry(self):
        if self.chance(0.8):
            return self.text()
        return self.pick(b"", b"", ("link", "/dev/null"), ("link", "/dev/null"), ("dir",),
                         ("link", "../gone"), ("link", "/etc/elsewhere.txt"), ("link", "a.conf"),
                         ("link", "../elsewhere.txt"), ("link", "../../case/a.conf"),
                         ("link", "/etc/sysctl.conf"), ("link", "."), ("link", "/usr/lib"),
                         ("mode", 0o000, b"net.ipv4.tcp_sack=0\n"), b"\n")

    def case(self):
        case = Case(split_lib=self.chance(0.15))
        directories = DIRECTORIES + (("/lib/sysctl.d",) if case.split_lib else ())
        for _ in range(self.pick(1, 1, 2, 3, 4, 6)):
            name = self.pick(*GOOD_NAMES) if self.chance(0.88) else self.pick(*ODD_NAMES)
            directory = self.pick("/etc/sysctl.d", *directories)
            case.files[directory.encode() + b"/" + name] = self.entry()
        if self.chance(0.3):
            case.files[b"/etc/sysctl.conf"] = self.entry()
            if self.chance(0.5):
                case.files[b"/etc/sysctl.d/99-sysctl.conf"] = ("link", "../sysctl.conf")
        case.files[b"/etc/elsewhere.txt"] = self.text()
        if self.chance(0.35):
            self.name_files(case)
        return case

    def name_files(self, case):
        for name in (b"a", b"b", b"c"):
            if self.chance(0.7):
                case.files[b"/case/" + name + b".conf"] = self.text()
        case.arguments = [self.pick(
            "/case/a.conf", "/case/b.conf", "/case/c.conf", "/case/c.conf", "/case/a.conf",
            "/case/gone.conf", "case/a.conf", "a.conf", "./case/b.conf", "/etc/sysctl.conf",
            "/etc/sysctl.d/a.conf", "/case", "99-tuner.conf", "/dev/null", "/etc/sysctl.d")
            for _ in range(self.pick(1, 1, 2, 3))]


def smaller(case):
    """Cases with one thing less, the big things first."""
    for path in case.files:
        yield Case({name: content for name, content in case.files.items() if name != path},
                   case.arguments, case.split_lib)
    for index in range(len(case.arguments or []) if len(case.arguments or []) > 1 else 0):
        yield Case(case.files, case.arguments[:index] + case.arguments[index + 1:], case.split_lib)
    for path, content in case.files.items():
        lines = re.split(rb"(?<=[\n\r\0])", content) if isinstance(content, bytes) else []
        for index in range(len(lines) if len(lines) > 1 else 0):
            rest = b"".join(lines[:index] + lines[index + 1:])
            yield Case({**case.files, path: rest}, case.arguments, case.split_lib)
    if case.split_lib:
        yield Case(case.files, case.arguments)
