"""tuner apply, confirm and rollback on a kernel: what was wanted is there, and what was there
before comes back."""

import json
import time

from facts import file_of
from report import same_blanks

PROFILES = ("proxy", "web", "bulk")
FRAGMENT = "/etc/sysctl.d/90-tuner.conf"
CONFIRM_SECONDS = 2
TIMER_SLACK = 30
# Some files can be written alone, or hold a secret that is not set.
VALUES = "find /proc/sys/net -type f -perm -600 -exec grep -H '' {} + 2>/dev/null || true"


class Failure(Exception):
    """tuner did not do what it must."""


def expect(holds, message):
    if not holds:
        raise Failure(message)


def values(machine):
    """Every value below /proc/sys/net that can be written."""
    lines = machine.output(VALUES).splitlines()
    return {name: same_blanks(value) for name, value in (line.split(":", 1) for line in lines)}


def difference(before, after):
    return [f"{name}: {before.get(name)} became {after.get(name)}"
            for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]


class Change:
    """One profile on one machine."""

    def __init__(self, machine, profile):
        self.machine, self.apply = machine, f"tuner apply --profile {profile}"
        self.before = values(machine)
        plan = self.json(f"tuner diff --profile {profile}", 2)
        self.wanted = {file_of(change["key"]): same_blanks(change["wanted"])
                       for change in plan["changes"]}

    def run(self, command, status=0):
        found, out, err = self.machine.run(command)
        expect(found == status, f"{command}: exit status {found}\n{err}{out}")
        return out

    def json(self, command, status=0):
        return json.loads(self.run(f"{command} --json", status))

    def expect_fragment(self, there, when):
        found = self.machine.run(f"test -e {FRAGMENT}")[0] == 0
        expect(found == there, f"{when}: {FRAGMENT} is {'' if found else 'not '}there")

    def expect_before(self, when):
        """Waits for nothing: it is back, or it is not."""
        changed = difference(self.before, values(self.machine))
        expect(not changed, f"{when}: {'; '.join(changed)}")
        self.expect_fragment(False, when)

    def expect_wanted(self, when):
        found = values(self.machine)
        wrong = [f"{name}: {found.get(name)}, wanted {value}" for name, value in self.wanted.items()
                 if found.get(name) != value]
        expect(not wrong, f"{when}: {'; '.join(wrong)}")

    def expect_kept(self, when):
        self.expect_wanted(when)
        self.expect_fragment(True, when)
        again = self.json(f"{self.apply} --detailed-exitcode")
        expect(not again["changed"], f"{when}: a second apply changes something")

    def state(self):
        return self.json("tuner history")["transactions"][0]["state"]

    def kept(self):
        self.run(self.apply)
        self.expect_kept("apply")
        self.run("tuner rollback")
        self.expect_before("rollback")

    def confirmed(self):
        self.run(f"{self.apply} --confirm-within 60s")
        self.expect_wanted("pending")
        self.expect_fragment(False, "pending")
        self.run("tuner confirm")
        self.expect_kept("confirm")
        self.run("tuner rollback")
        self.expect_before("rollback of what was confirmed")

    def unconfirmed(self):
        self.run(f"{self.apply} --confirm-within {CONFIRM_SECONDS}s")
        deadline = time.monotonic() + CONFIRM_SECONDS + TIMER_SLACK
        while self.state() != "reverted" and time.monotonic() < deadline:
            pass  # each look takes the machine a while
        expect(self.state() == "reverted", f"it is {self.state()} after its time")
        self.expect_before("the time to confirm is over")


def check_changes(machine, report):
    failures, counts = [], {}
    for profile in PROFILES:
        try:
            change = Change(machine, profile)
            counts[profile] = len(change.wanted)
            for way in (change.kept, change.confirmed, change.unconfirmed):
                way()
        except Failure as failure:
            failures.append(f"{profile}: {failure}")
            machine.run("tuner rollback --force")
    said = ", ".join(f"{count} of {profile}" for profile, count in counts.items())
    report.check("changes", {"values": counts}, failures,
                 f"{said} were set, confirmed, and rolled back by hand and by time")
