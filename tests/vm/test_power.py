"""tuner apply on a machine that is rebooted and whose power fails: a change is there as a whole or
not at all, only a confirmed one outlives a boot, and what was there before comes back.

Prints a line for each case. Ends with 1 where one failed.
"""

import argparse
import json
import random
import shlex
import signal
import sys
import time

from machine import Machine, MachineError

APPLY = "tuner apply --profile proxy"
PENDING = f"{APPLY} --confirm-within 10min"
CONFIRM_SECONDS = 5  # until the timer fires: under emulation apply has to end before it
TIMER_SLACK = 30  # emulation can be slow
CLOCK_SECONDS = 25  # of which the clock is set in the first
LONGEST_DELAY = 3  # seconds that changes are made before the power fails
LONGEST_BOOT_DELAY = 2.5  # from before sysctl files are read until recovery is over, and more
MOST_FAILURES = 3  # cuts that went wrong until it stops

# What is in flight when the power fails; each goes on for ever.
LOOPS = (f"{APPLY}; tuner rollback", f"{PENDING}; tuner confirm; tuner rollback")
LASTING = "/etc/sysctl.d /etc/security/limits.d"
DIRECTORIES = f"{LASTING} /run/sysctl.d /var/lib/tuner"
RECOVER = "tuner-recover.service"


class Failure(Exception):
    """tuner did not do what it must."""


def same_blanks(text):
    return " ".join(text.split())


def shown(values):
    return ", ".join(f"{key} = {value}" for key, value in values.items())


def expect(holds, message):
    if not holds:
        raise Failure(message)


class Host:
    """A machine with tuner; what the keys of the profile were, and what they shall be."""

    def __init__(self, image, cpus):
        self.image, self.cpus, self.machine = image, cpus, None
        self.renew()

    def renew(self):
        """A new machine: the state of the one before cannot be built on."""
        self.close()
        self.machine = Machine(self.image, self.cpus)
        self.machine.boot()
        self.has_unit = self.machine.run(f"systemctl is-enabled {RECOVER}")[0] == 0
        plan = self.json("tuner diff --profile proxy", (0, 2))
        self.wanted = {change["key"]: same_blanks(change["wanted"]) for change in plan["changes"]
                       if change["result"] == "differs"}
        self.old = self.values(self.wanted)
        expect(self.wanted and not set(self.wanted.items()) & set(self.old.items()),
               f"the profile has to change something: {self.old}, {self.wanted}")

    def close(self):
        if self.machine:
            self.machine.close()
            self.machine = None

    def boot(self):
        self.machine.boot()
        self.recover()

    def reboot(self):
        self.machine.reboot()
        self.recover()

    def recover(self):
        if not self.has_unit:
            self.tuner("tuner recover")

    def tuner(self, command, statuses=(0,)):
        status, out, err = self.machine.run(command)
        expect(status in statuses, f"{command}: exit status {status}\n{err}{out}")
        return out

    def json(self, command, statuses=(0,)):
        out = self.tuner(f"{command} --json", statuses)
        try:
            return json.loads(out)
        except ValueError as error:
            raise Failure(f"{command}: no JSON: {error}\n{out[:600]}") from None

    def values(self, keys):
        found = self.sysctl(" ".join(map(shlex.quote, keys)))
        return {key: found.get(key, "") for key in keys}  # procps leaves out what has no value

    def settings(self):
        """Every key of the network and of memory: they stay the same when nobody writes to them."""
        return {key: value for key, value in self.sysctl("-a").items()
                if key.startswith(("net.", "vm."))}

    def sysctl(self, arguments):
        _, out, _ = self.machine.run(f"sysctl {arguments} 2>/dev/null")
        return {key: same_blanks(value) for key, value in
                (line.split(" =", 1) for line in out.splitlines())}

    def listing(self, command):
        return self.machine.run(command)[1].split()

    def fragments(self):
        return self.listing("find /etc/sysctl.d -name '*tuner*'")

    def lasting(self):
        """What outlives a boot."""
        return self.listing(f"find {LASTING} -name '*tuner*' | sort")

    def leftovers(self):
        return self.listing(f"find {DIRECTORIES} -name '.*tuner*'")

    def transactions(self):
        """(ID, state), the newest first."""
        return [(one["id"], one["state"]) for one in self.json("tuner history")["transactions"]]

    def recovered(self):
        """How many transactions recovery had to finish."""
        return sum(any("tuner recover" in record["command"] for record in one["records"])
                   for one in self.json("tuner history")["transactions"])

    def newest(self):
        return (self.transactions() or [(None, None)])[0]

    def expect_values(self, wanted, when):
        values = self.values(wanted)
        wrong = {key: value for key, value in values.items() if value != wanted[key]}
        expect(not wrong, f"{when}: {shown(wrong)}\nand not: {shown(wanted)}")

    def expect_state(self, state, when):
        found = self.newest()
        expect(found[1] == state, f"{when}: the transaction is {found}, and not {state}")

    def expect_reverted(self, when):
        self.expect_values(self.old, when)
        self.expect_state("reverted", when)
        expect(not self.lasting(), f"{when}: there is {self.lasting()}")

    def evidence(self):
        """What helps to see what went wrong."""
        _, out, _ = self.machine.run(
            "tuner history | head -n 8; tuner status; "
            f"journalctl --boot --unit {RECOVER} --output cat --no-pager | tail; "
            f"find {DIRECTORIES} -name '*tuner*' -ls; grep -hv '^#' /etc/sysctl.d/*tuner*; "
            "cd /var/lib/tuner/transactions && head -c 6000 \"$(ls -t | head -n 1)/journal\"")
        return out


def case_machine(host):
    """The machine itself: a file is applied at boot, and a cut loses what was not flushed."""
    machine = host.machine
    echo = "head -c 300000 /dev/zero | tr '\\0' x; echo e >&2; exit 3"
    expect(machine.run(echo) == (3, "x" * 300000, "e\n"), "a long answer does not arrive")
    expect(machine.run("sleep 60", timeout=1)[0] == 124, "a command is not ended in time")
    machine.run("echo net.ipv4.tcp_fin_timeout = 33 >/etc/sysctl.d/50-test.conf")
    machine.reboot()
    expect(host.values(["net.ipv4.tcp_fin_timeout"]) == {"net.ipv4.tcp_fin_timeout": "33"},
           "a file in /etc/sysctl.d is not applied at boot")
    machine.run("rm /etc/sysctl.d/50-test.conf; echo a >/root/flushed; sync; echo b >/root/lost")
    machine.cut()
    machine.boot()
    found = host.listing("ls /root /etc/sysctl.d/50-test.conf 2>/dev/null")
    expect("flushed" in found, "a cut loses what was flushed")
    expect("lost" not in found, "a cut loses nothing, so it is none")
    expect("/etc/sysctl.d/50-test.conf" not in found, "a cut undoes what was flushed")
    return "what was flushed is kept over a cut, the rest is lost"


def case_confirmed(host):
    before = host.settings()
    document = host.json(APPLY)
    expect(document["transaction"]["state"] == "confirmed", f"it is {document['transaction']}")
    changed = {change["key"]: same_blanks(change["wanted"]) for change in document["changes"]
               if "changed" in (change["runtime"], change["persisted"])}
    expect(changed == host.wanted, f"changed: {shown(changed)}\nand not: {shown(host.wanted)}")
    host.expect_values(host.wanted, "after apply")
    host.reboot()
    host.expect_values(host.wanted, "after a reboot")
    expect_boot_agrees(host)
    applied = host.settings()
    host.tuner("tuner rollback")
    host.expect_reverted("after rollback")
    # Nothing else may have moved. The kernel sizes some keys anew at each boot: those are as since
    # this one, the others as before apply.
    moved = {key: value for key, value in host.settings().items()
             if value not in (before.get(key), applied.get(key))}
    expect(not moved, f"after rollback, and not as before: {shown(moved)}")
    host.reboot()
    host.expect_reverted("after rollback and a reboot")
    return f"{len(changed)} keys hold after a reboot, and the old ones after rollback and another"


def expect_boot_agrees(host):
    """tuner's own account of the boot is that of the machine."""
    entries = {entry["key"]: entry for entry in host.json("tuner boot", (0, 1, 2))["keys"]}
    for key, value in host.wanted.items():
        said = entries.get(key) and entries[key]["systemd"]
        expect(said and same_blanks(said["value"] or "") == value, f"tuner boot: {key}: {said}")
        expect(not entries[key]["differs_from_running"], f"tuner boot: {key} differs from running")
    findings = host.json("tuner audit --profile proxy", (0, 2, 3))["findings"]
    differing = [finding for finding in findings
                 if finding["id"] == "boot-differs-from-running" and finding["status"] == "fail"]
    expect(not differing, f"tuner audit: {differing}")


def case_pending(host):
    document = host.json(PENDING)
    expect(document["transaction"]["state"] == "applied", f"it is {document['transaction']}")
    host.expect_values(host.wanted, "while it is pending")
    timers = host.listing("systemctl list-timers --all --no-legend --plain")
    expect(any(word.startswith("tuner") and word.endswith(".timer") for word in timers),
           f"no timer of tuner's: {timers}")
    expect(not host.fragments(), f"while it is pending there is {host.fragments()}")
    host.machine.cut()
    host.boot()
    host.expect_reverted("after a cut")
    expect(not host.leftovers(), f"after a cut there is {host.leftovers()}")
    return "a cut takes a pending change back" + (
        "" if host.has_unit else f" (there is no {RECOVER}: tuner recover was run by hand)")


def case_kept(host):
    """What a command has reported as done is there after the next moment's cut: all was flushed."""
    for done, values, state in (
            (APPLY, host.wanted, "confirmed"), ("tuner rollback", host.old, "reverted"),
            (f"{PENDING} && tuner confirm", host.wanted, "confirmed")):
        host.tuner(done)
        host.machine.cut()
        host.boot()
        host.expect_values(values, f"cut right after {done}")
        host.expect_state(state, f"cut right after {done}")
        expect(bool(host.fragments()) == (state == "confirmed"),
               f"cut right after {done}: in /etc/sysctl.d there is {host.fragments()}")
    host.tuner("tuner rollback")
    host.expect_reverted("after rollback")
    return "apply, rollback and confirm outlive a cut right after them"


def case_timer(host):
    begin = time.monotonic()
    host.tuner(f"{APPLY} --confirm-within {CONFIRM_SECONDS}s")
    deadline = time.monotonic() + CONFIRM_SECONDS + TIMER_SLACK
    while host.newest()[1] != "reverted" and time.monotonic() < deadline:
        pass  # each look takes the machine a while
    took = time.monotonic() - begin
    host.expect_reverted(f"{took:.0f} s after apply")
    return f"what is not confirmed in {CONFIRM_SECONDS} s was reverted after {took:.1f} s"


def case_clock(host):
    """A clock that is set starts the service, as waking up does: it waits until it is time."""
    identifier = host.json(f"{APPLY} --confirm-within {CLOCK_SECONDS}s")["transaction"]["id"]
    host.machine.run("date -s '+1 hour'")
    active = f"systemctl is-active tuner-{identifier}.service"
    deadline = time.monotonic() + CLOCK_SECONDS
    while host.machine.run(active)[0] != 0:
        expect(time.monotonic() < deadline, "the service did not start when the clock was set")
    host.expect_state("applied", "while the service waits")
    host.expect_values(host.wanted, "while the service waits")
    deadline += TIMER_SLACK
    while host.newest()[1] != "reverted" and time.monotonic() < deadline:
        pass  # each look takes the machine a while
    host.expect_reverted("when the time was over")
    host.machine.run("date -s '-1 hour'")
    identifier = host.json(f"{APPLY} --confirm-within {CLOCK_SECONDS}s")["transaction"]["id"]
    host.machine.run("date -s '+1 hour'")
    host.tuner("tuner confirm")
    _, left, _ = host.machine.run("systemctl list-units --all --no-legend --plain 'tuner-2*'")
    expect(not left.strip(), f"after confirm there is {left}")
    host.expect_values(host.wanted, "after confirm")
    host.tuner("tuner rollback")
    return "a clock that is set does not end the time that there is to confirm"


def case_namespace(host):
    """ip netns exec has mounts of its own over the files of the host: those are left alone."""
    inside = "ip netns exec other"
    units = "find /etc/systemd/system -name 'tuner*'"
    before = host.listing(units)
    host.machine.run("ip netns add other")
    document = host.json(f"{inside} {APPLY}")
    expect(document["changed"], "nothing is set in the namespace")
    expect(any("the host's /etc" in warning for warning in document["warnings"]),
           f"no word on /etc: {document['warnings']}")
    written = host.listing("find /etc/sysctl.d /etc/security/limits.d -name '*tuner*'")
    expect(not written, f"the host has {written}")
    expect(host.listing(units) == before, f"the host's units were {before}")
    host.expect_values(host.old, "after apply in another namespace")
    identifier = document["transaction"]["id"]
    refused, _, said = host.machine.run(f"tuner rollback {identifier}")
    expect(refused == 1 and "another network namespace" in said, f"{refused}: {said}")
    host.tuner(f"{inside} tuner rollback")
    host.machine.run("ip netns del other")
    return "what is applied in a namespace of its own leaves the files of the host alone"


def whole(host):
    """Which of its two states the host is in. Anything between them is a failure."""
    values, lasting, transactions = host.values(host.wanted), host.lasting(), host.transactions()
    states = [state for _, state in transactions]
    expect(not host.leftovers(), f"there is {host.leftovers()}")
    expect(set(states) <= {"confirmed", "reverted"} and states.count("confirmed") <= 1,
           f"more is in force than one, or not finished: {transactions}")
    in_force = "confirmed" in states
    both = ((host.old, False, False), (host.wanted, True, True))
    expect((values, bool(lasting), in_force) in both,
           f"neither as before nor as wanted: {shown(values)}\n{lasting}, {transactions[:3]}")
    expect(not in_force or states[0] == "confirmed",
           f"history does not begin with the newest transaction: {transactions[:3]}")
    return "wanted" if in_force else "old"


def one_cut(host, loop, delay, boot_delay):
    """(which state it is in after the boot, whether a transaction had begun)."""
    before = host.newest()
    host.machine.start(f"while :; do {loop}; done")
    time.sleep(delay)
    host.machine.cut()
    if boot_delay is not None:
        host.machine.boot(settled=False)
        time.sleep(boot_delay)
        host.machine.cut()
    host.boot()
    state, begun, lasting = whole(host), host.newest()[0] != before[0], host.lasting()
    host.tuner(APPLY)
    host.expect_values(host.wanted, "apply after the cut")
    expect(state == "old" or host.lasting() == lasting,
           f"of {host.lasting()} there was only {lasting}")
    host.tuner("tuner rollback")
    host.expect_values(host.old, "apply and rollback after the cut")
    expect(whole(host) == "old", "rollback after the cut left the change")
    return state, begun


def case_cuts(host, cuts, seed):
    rng = random.Random(seed)
    states, begun, failures, before = [], 0, 0, host.recovered()
    for index in range(cuts):
        loop, delay = rng.choice(LOOPS), rng.uniform(0, LONGEST_DELAY)
        # Recovery is cut too, now and then.
        boot_delay = rng.uniform(0, LONGEST_BOOT_DELAY) if index % 4 == 3 else None
        try:
            state, has_begun = one_cut(host, loop, delay, boot_delay)
            states.append(state)
            begun += has_begun
        except (Failure, MachineError) as error:
            failures += 1
            again = "" if boot_delay is None else f", and {boot_delay:.2f} s into the next boot"
            print(f"FAIL cut {index + 1} of {cuts}, seed {seed}: after {delay:.2f} s of "
                  f"{loop}{again}:\n{error}", flush=True)
            explain(host)
            if failures == MOST_FAILURES:
                break
            host.renew()
    expect(not failures, f"{failures} of {index + 1} cuts")
    expect(begun or cuts < 8, f"none of {cuts} cuts came after a transaction had begun")
    return (f"{cuts} cuts, {begun} after a transaction had begun, {host.recovered() - before} of "
            f"which recovery finished: {states.count('old')} left the old values, "
            f"{states.count('wanted')} the wanted ones (seed {seed})")


def explain(host):
    if host.machine.process:
        try:
            print(host.evidence(), flush=True)
        except MachineError as error:
            print(error, flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image", required=True, metavar="DIR", help="what image.sh printed")
    parser.add_argument("--short", action="store_true", help="the case of two boots alone: pending")
    parser.add_argument("--case", action="append", metavar="NAME",
                        choices=("machine", "confirmed", "pending", "kept", "timer", "clock",
                                 "namespace", "cuts"))
    parser.add_argument("--cuts", type=int, default=30)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--cpus", type=int, default=1, help="of the machine")
    return parser.parse_args()


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # not without removing the machine
    seed = random.randrange(10**6) if options.seed is None else options.seed
    cases = {"machine": case_machine, "confirmed": case_confirmed, "pending": case_pending,
             "kept": case_kept, "timer": case_timer, "clock": case_clock, "namespace": case_namespace,
             "cuts": lambda host: case_cuts(host, options.cuts, seed)}
    names = ["pending"] if options.short else options.case or cases
    begin, failed = time.monotonic(), 0
    host = Host(options.image, options.cpus)
    print(f"booted in {time.monotonic() - begin:.0f} s", flush=True)
    try:
        for index, name in enumerate(names):
            begin = time.monotonic()
            try:
                said = cases[name](host)
                print(f"ok   {name}: {said} ({time.monotonic() - begin:.0f} s)", flush=True)
            except (Failure, MachineError, KeyError) as error:
                failed += 1
                print(f"FAIL {name}: {error!r}" if isinstance(error, KeyError)
                      else f"FAIL {name}: {error}", flush=True)
                if name != "cuts":  # it has explained each
                    explain(host)
                if index + 1 < len(names):
                    host.renew()
    finally:
        host.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
