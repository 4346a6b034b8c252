"""The facts beside a kernel: the defaults of an untouched system, the keys of the profiles, and
what a write outside a key's range does."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

from report import same_blanks

SOURCE = Path(__file__).resolve().parents[3]
PROFILES = ("base", "bulk", "latency", "proxy", "web", "toast-2015")
INTERFACES = ("all", "default", "lo")
# Facts give seconds that fit on every kernel; ticks are an int, and this is a thousand a second.
MOST_TICKS = 1000
INT_MAX = 2**31 - 1
LONG_MAX = 2**63 - 1  # the most that tuner writes: what is above cannot be asked of it
SNAPSHOT = "/run/snapshot"
STORED, REFUSED, TAKEN = "stored", "refused", "taken"


def fact_keys():
    """Every key of the facts that a kernel can have; a star stands for the machine's interfaces."""
    keys = set()
    for area in sorted(Path(SOURCE, "src", "knowledge").glob("area_*.cpp")):
        keys.update(re.findall(r'\.key = "([^"]+)"', area.read_text()))
    for key in sorted(keys):
        if not key.startswith(("net.", "vm.", "fs.", "kernel.")) or key.endswith("*"):
            continue  # a limit of the process, or a family of keys that are gone
        for name in INTERFACES if "*" in key else ("",):
            yield key.replace("*", name)


def file_of(key):
    return "/proc/sys/" + key.replace(".", "/")


class Facts:
    """What `tuner explain` says of every key, read from a snapshot of the machine."""

    def __init__(self, machine, tuner, directory):
        archive = machine.output(f"tuner snapshot -o {SNAPSHOT} >/dev/null 2>&1 && "
                                 f"tar -cz -C {SNAPSHOT} . | base64 -w 0")
        subprocess.run(f"base64 -d | tar -xz -C '{directory}'", shell=True, check=True,
                       input=archive.encode())
        self.documents = {key: self.explain(tuner, directory, key) for key in fact_keys()}
        self.present = {key: document for key, document in self.documents.items()
                        if document["here"]["state"] == "present"}

    @staticmethod
    def explain(tuner, directory, key):
        done = subprocess.run([tuner, "explain", key, "--json", "--root", directory],
                              stdout=subprocess.PIPE, check=True, text=True)
        return json.loads(done.stdout)


def within(running, default):
    """`default` has a number or LOW..HIGH for each element."""
    numbers, expected = running.split(), default.split()
    if len(numbers) != len(expected):
        return False
    for number, interval in zip(numbers, expected):
        low, _, high = interval.partition("..")
        if not int(low) <= int(number) <= int(high or low):
            return False
    return True


def check_audit(machine, report):
    document = json.loads(machine.output("tuner audit --json", statuses=(0, 2, 3)))
    by_status = {"fail": [], "unknown": [], "skipped": []}
    for finding in document["findings"]:
        if finding["status"] in by_status:
            key = finding["key"] or finding["subject"]
            by_status[finding["status"]].append(f"{finding['id']} {key}: {finding['message']}")
    report.document["page_size"] = document["host"]["page_size"]
    failures = [f"{status} {text}" for status in ("fail", "unknown") for text in by_status[status]]
    checks = document["summary"]["checks"]
    report.check("audit", {"checks": checks, "skipped": by_status["skipped"]}, failures,
                 f"{checks} findings of an untouched system, {len(by_status['skipped'])} skipped")


def check_defaults(facts, report):
    failures, judged, unstated = [], 0, []
    for key, document in facts.present.items():
        here = document["here"]
        if not here["default"]:
            unstated.append(key)
            continue
        judged += 1
        if not within(here["running"], here["default"]):
            failures.append(f"{key} is {here['running']}, its default here {here['default']}")
    if judged < 100:
        failures.append(f"only {judged} defaults are known")
    report.check("defaults",
                 {"present": len(facts.present), "judged": judged, "unstated": unstated}, failures,
                 f"{judged} of {len(facts.present)} keys have the default that tuner says, "
                 f"{len(unstated)} have none that is a number")


def demands(profile):
    """Every demand of a profile and of what it includes, by key."""
    text = tomllib.loads(Path(SOURCE, "profiles", f"{profile}.toml").read_text())
    found = {}
    for name in text.get("include", []):
        found.update(demands(name))
    return {**found, **text.get("sysctl", {})}


def check_profiles(machine, facts, report):
    """A key of a profile is there, or the profile says why it need not be, or tuner does."""
    failures, keys = [], 0
    for profile in PROFILES:
        document = json.loads(machine.output(f"tuner diff --profile {profile} --json",
                                             statuses=(0, 2)))
        planned = {change["key"] for change in document["changes"]}
        obstacles = {each["key"]: each["message"] for each in document["obstacles"]}
        for key, demand in demands(profile).items():
            keys += 1
            gone = key not in facts.present
            if gone and key in planned:
                failures.append(f"{profile}: {key} is not there, and is to be set")
            if gone and not (obstacles.get(key) or "when" in demand or "never" in demand):
                failures.append(f"{profile}: {key} is not there, and nothing is said")
            if not gone and key in obstacles:
                failures.append(f"{profile}: {key} is there, and skipped: {obstacles[key]}")
    report.check("profiles", {"demands": keys}, failures,
                 f"{keys} demands of {len(PROFILES)} profiles are for keys that are there")


def profile_keys():
    return {key for profile in PROFILES for key, demand in demands(profile).items()
            if not (demand.get("untouched") or demand.get("never"))}


def true_range(document, hz):
    low, high = document["range"]["min"], document["range"]["max"]
    if document["unit"] == "seconds" and high == INT_MAX // MOST_TICKS:
        return -((INT_MAX + 1) // hz), INT_MAX // hz
    return low, high


def writes(key, document, hz, to_be_set):
    """(key, value before, value, what has to come of it): what is tried on a key. `stored` is in
    its range; outside the kernel has `refused` it, or has `taken` it and not kept it."""
    low, high = true_range(document, hz)
    before = document["here"]["running"]
    numbers = before.split()
    beyond = (low - 1, high + 1) if high < LONG_MAX else (low - 1,)
    for number in beyond:
        for index in range(len(numbers)):
            value = " ".join([*numbers[:index], str(number), *numbers[index + 1:]])
            yield key, before, value, document["range"]["outside"]
    if to_be_set:
        for number in (low, high):
            yield key, before, " ".join([str(number)] * len(numbers)), STORED


def writable_numbers(machine, facts):
    """Keys with numbers that tuner may write, and that this kernel lets root write."""
    files = machine.output("find /proc/sys -type f -perm -200").split()
    writable = set(files)
    for key, document in facts.present.items():
        numeric = re.fullmatch(r"-?\d+( -?\d+)*", document["here"]["running"] or "")
        if document.get("range") and document["written_by_tuner"] and numeric:
            if file_of(key) in writable:
                yield key, document


# A range of local ports may not reach below the privileged ones, whatever else it may.
RANGE = "net.ipv4.ip_local_port_range"
PRIVILEGED = "echo {} >/proc/sys/net/ipv4/ip_unprivileged_port_start"
# The shell's read asks for a byte at a time, and a file of a sysctl answers only the first time.
SCRIPT = """
try() { # FILE BEFORE VALUE: whether it was taken, what was said, the value after and at the end
  status=taken message=
  if ! echo "$3" 2>/run/message >"$1"; then status=refused; read -r message </run/message; fi
  after=$(cat "$1")
  last=$after
  if [ $status = taken ]; then
    echo "$2" >"$1"
    last=$(cat "$1")
  fi
  echo "$status|$message|$after|$last"
}
"""


# Minimums of newer kernels that some stable releases have too, which their version does not tell:
# 6.12.107 takes less for tcp_rmem, 6.12.117 does not.
NEWER_MINIMUMS = {"net.ipv4.tcp_rmem": 4096}


def is_newer_minimum(key, value, answer):
    return answer[0] == REFUSED and int(value.split()[0]) < NEWER_MINIMUMS.get(key, 0)


def objection(expected, before, value, answer):
    """What is wrong with the answer to a write; nothing where it is as expected."""
    status, message, after, last = answer
    if last != before:
        return f"{before} could not be restored: {last}"
    if expected == STORED and (status != "taken" or after != value):
        return f"{value} is in range, but {status}: {message}, then {after}"
    if expected == REFUSED and (status != "refused" or "Invalid argument" not in message):
        return f"{value} is out of range, but {status} {message}, then {after}"
    if expected == REFUSED and after != before:
        return f"{value} was refused, but {before} became {after}"
    if expected == TAKEN and after == value:
        return f"{value} is out of range, but stored"
    return ""


def check_ranges(machine, facts, report):
    """The kernel refuses with EINVAL what facts say that it refuses, and nothing changes."""
    wanted = profile_keys()
    tried = [each for key, document in writable_numbers(machine, facts)
             for each in writes(key, document, int(machine.kernel.hz), key in wanted)]
    lines = [f"try {file_of(key)} '{before}' '{value}'" for key, before, value, _ in tried]
    of_range = [index for index, (key, *_) in enumerate(tried) if key == RANGE]
    lines[of_range[-1]] += "\n" + PRIVILEGED.format(1024)
    lines[of_range[0]] = PRIVILEGED.format(0) + "\n" + lines[of_range[0]]
    out = machine.output("\n".join((SCRIPT, *lines, "")), 120).splitlines()
    failures = [] if len(out) == len(tried) else [f"{len(out)} answers to {len(tried)} writes"]
    for (key, before, value, expected), line in zip(tried, out):
        answer = [same_blanks(part) for part in line.split("|")]
        wrong = objection(expected, before, value, answer)
        if wrong and not is_newer_minimum(key, value, answer):
            failures.append(f"{key}: {wrong}")
    keys = len({key for key, *_ in tried})
    claimed = {key for key, *_, expected in tried if expected == TAKEN}
    seen = {key for (key, *_), line in zip(tried, out) if line.startswith(TAKEN)}
    failures += [f"{key}: no number out of range is taken" for key in sorted(claimed - seen)]
    counted = {name: sum(expected == name for *_, expected in tried)
               for name in (STORED, REFUSED, TAKEN)}
    report.check("ranges", {"keys": keys, **counted}, failures,
                 f"of {keys} keys {counted[REFUSED]} writes out of range are refused, "
                 f"{counted[TAKEN]} not kept, {counted[STORED]} at the ends stored")
