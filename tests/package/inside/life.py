#!/usr/bin/env python3
"""The life of the installed package, inside of a chroot and of a network namespace of its own:
installed, used, upgraded, removed, installed again, purged. Prints a line for each step."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NET = Path("/proc/sys/net")
COUNTERS = {"nf_conntrack_count"}  # no settings: they move by themselves
SYSCTL_DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/lib/sysctl.d")
UNITS = ("tuner-recover.service", "tuner-verify.service", "tuner-metrics.service",
         "tuner-metrics.timer")
LINK = Path("/etc/systemd/system/sysinit.target.wants/tuner-recover.service")
FRAGMENT = Path("/etc/sysctl.d/90-tuner.conf")
STATE = Path("/var/lib/tuner")
METRICS = Path("/var/lib/prometheus/node-exporter/tuner.prom")
SHARE = Path("/usr/share")
COMPLETIONS = ("bash-completion/completions/tuner", "zsh/vendor-completions/_tuner",
               "fish/vendor_completions.d/tuner.fish")


def expect(true, what):
    if not true:
        sys.exit(f"FAILED: {what}")


def say(step, what):
    print(f"{step}: {what}", flush=True)


def run(*words, status=0):
    """What a program printed, on both channels."""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    expect(done.returncode == status, f"{' '.join(words)} ended with {done.returncode}, "
                                      f"not {status}:\n{done.stdout}")
    return done.stdout


def guard():
    """What a child namespace does not have: finding it means being in the machine's own."""
    expect(not (NET / "core/netdev_max_backlog").exists(), "this is not a namespace of its own")


def own_directories():
    """The directories of sysctl files and of units as mounts of their own: where tuner may not look at
    PID 1, it takes one on the file system of the root for that of the machine, and leaves it alone."""
    for directory in (FRAGMENT.parent, LINK.parents[1]):
        with tempfile.TemporaryDirectory() as kept:
            shutil.copytree(directory, kept, symlinks=True, dirs_exist_ok=True)
            run("mount", "-t", "tmpfs", "tmpfs", str(directory))
            shutil.copytree(kept, directory, symlinks=True, dirs_exist_ok=True)


def settings():
    """Every network key of this namespace, and every file that sets some at boot."""
    found = {}
    for path in sorted(NET.rglob("*")):
        if path.is_file() and path.name not in COUNTERS and os.access(path, os.R_OK):
            try:
                found[str(path)] = path.read_text(encoding="ascii")
            except OSError:
                pass  # a key that only takes
    for directory in SYSCTL_DIRECTORIES:
        for path in sorted(Path(directory).glob("*")):
            found[str(path)] = path.read_bytes()
    expect(len(found) > 300, f"only {len(found)} settings can be seen")
    return found


def unchanged(before, what):
    now = settings()
    differs = sorted(name for name in before.keys() | now.keys()
                     if before.get(name) != now.get(name))
    expect(not differs, f"{what} changed {differs}")


def apt(*words, status=0):
    return run("apt-get", "-y", "-q", "--no-install-recommends", *words, status=status)


def installed():
    return run("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", "tuner")


def test_install(package):
    before = settings()
    apt("install", package)
    unchanged(before, "the installation")
    expect(not STATE.exists() and not Path("/run/tuner").exists(), "the package came with a state")
    say("install", f"{installed()}, {len(before)} settings as before")


def test_files():
    units = [unit for unit in UNITS if Path("/usr/lib/systemd/system", unit).is_file()]
    expect(units == list(UNITS), f"of the units only {units} are there")
    for unit in UNITS:
        state = subprocess.run(["systemctl", "is-enabled", unit], capture_output=True, text=True,
                               check=False).stdout.strip()
        expect(state in ("disabled", "static"), f"{unit} is {state}")
    wanted = [str(path) for path in Path("/etc/systemd").rglob("tuner*")]
    expect(not wanted, f"enabled: {wanted}")
    missing = [name for name in COMPLETIONS if not (SHARE / name).is_file()]
    expect(not missing, f"no completion: {missing}")
    run("bash", "-n", str(SHARE / COMPLETIONS[0]))
    changed = run("dpkg", "--verify", "tuner")
    expect(changed == "", f"dpkg --verify says: {changed}")
    say("files", f"{len(UNITS)} units, none enabled; {len(COMPLETIONS)} completions; dpkg --verify "
                 "is silent")


def test_autopkgtests(directory):
    for script in ("audit", "manual", "transaction"):
        shown = run(str(directory / script)).strip().splitlines() or ["passes"]
        say(f"autopkgtest {script}", shown[-1])


def test_waiting():
    before = settings()
    run("tuner", "apply", "--profile", "proxy", "--confirm-within", "5min")
    applied = settings()
    expect(applied != before, "apply changed nothing")
    shown = apt("remove", "tuner", status=100)
    expect("tuner confirm" in shown, f"the refused removal says: {shown}")
    expect(installed()[1] == "i", installed())
    unchanged(applied, "the refused removal")
    say("apply, remove", "refused while a change waits for its confirmation")


def test_confirm_and_rollback(before):
    run("tuner", "confirm")
    expect("in force" in run("tuner", "status"), "the status after the confirmation")
    expect(FRAGMENT.is_file(), f"{FRAGMENT} is not there")
    run("tuner", "rollback")
    unchanged(before, "a rollback")
    say("confirm, rollback", "every setting as it was before")


def test_upgrade(package):
    run("tuner", "apply", "--profile", "proxy")
    expect(LINK.is_symlink(), f"apply has not enabled {LINK.name}")
    applied, status = settings(), run("tuner", "status")
    apt("install", package)
    expect(installed().endswith("-2"), installed())
    unchanged(applied, "the upgrade")
    expect(run("tuner", "status") == status, "the upgrade changed the status")
    expect(LINK.is_symlink(), f"the upgrade has disabled {LINK.name}")
    say("apply, upgrade", f"{installed()}; settings, history and the unit's link stay")


def test_remove():
    applied = settings()
    METRICS.parent.mkdir(parents=True, exist_ok=True)
    METRICS.touch()
    shown = apt("remove", "tuner")
    for word in ("stays in force", "tuner rollback", str(FRAGMENT)):
        expect(word in shown, f"the removal does not say {word}: {shown}")
    unchanged(applied, "the removal")
    expect(STATE.is_dir() and LINK.is_symlink(), "the removal took the history or the link")
    expect(not METRICS.exists(), "the removal leaves metrics that nobody renews")
    say("remove", "settings, history and the unit's link stay, and it says so")


def test_come_back(package):
    applied = settings()
    apt("install", package)
    unchanged(applied, "the second installation")
    expect("in force" in run("tuner", "status"), "the history is lost")
    expect(run("systemctl", "is-enabled", UNITS[0]).strip() == "enabled", "the unit is disabled")
    say("install again", "what was applied is known, and the unit is enabled as it was")


def test_purge():
    applied = settings()
    shown = apt("purge", "tuner")
    expect(str(FRAGMENT) in shown.split("left as they are")[-1], f"the purge says: {shown}")
    unchanged(applied, "the purge")
    left = [path for path in (STATE, Path("/run/tuner"), LINK, SHARE / "tuner")
            if path.exists() or path.is_symlink()]
    left += [path for path in Path("/var/lib/systemd").rglob("*tuner*")]
    expect(not left, f"left by the purge: {left}")
    expect(FRAGMENT.is_file(), f"the purge took {FRAGMENT}")
    say("purge", f"history, lock and link are gone; {FRAGMENT} stays, and it says so")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", required=True)
    parser.add_argument("--newer", required=True, help="the same as revision 2")
    parser.add_argument("--tests", required=True, type=Path, help="debian/tests")
    options = parser.parse_args()
    guard()
    own_directories()
    before = settings()
    test_install(options.package)
    test_files()
    test_autopkgtests(options.tests)
    test_waiting()
    test_confirm_and_rollback(before)
    test_upgrade(options.newer)
    test_remove()
    test_come_back(options.newer)
    test_purge()


main()
