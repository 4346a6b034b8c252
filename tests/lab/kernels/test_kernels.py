"""Every profile and every fact on kernels that Debian built, under software emulation.

Prints a line for each check and kernel. Ends with 1 where one failed.
"""

import argparse
import datetime
import json
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from changes import check_changes
from facts import Facts, check_audit, check_defaults, check_profiles, check_ranges
from losses import check_losses
from machine import Kernel, Machine
from paths import check_busy_keys, check_memory_limit, check_netem, check_new_sockets
from report import Report

KERNELS = ("5.10", "6.1", "6.12", "sid", "ppc64le")


def check_facts(machine, tuner, report):
    """What an untouched system shows comes first."""
    with tempfile.TemporaryDirectory(prefix="tuner-kernel-") as directory:
        facts = Facts(machine, tuner, directory)
    check_audit(machine, report)
    check_defaults(facts, report)
    check_profiles(machine, facts, report)
    check_busy_keys(machine, report)
    check_ranges(machine, facts, report)


def parts_of(kernel, options):
    """Where tuner is for a kernel's architecture, and where the other programs are."""
    if kernel.arch == "ppc64el":
        build = Path(options.cache, "build-ppc64le")
        return build, build
    return options.tuner, options.programs


def check_settings(machine, tuner, report):
    check_facts(machine, tuner, report)
    check_changes(machine, report)
    check_losses(machine, report)


def check_flows(machine, _, report):
    check_new_sockets(machine, report)
    check_netem(machine, report)
    check_memory_limit(machine, report)


def on_machine(checks, kernel, options, report):
    try:
        with Machine(kernel, *parts_of(kernel, options)) as machine:
            checks(machine, str(Path(options.tuner, "tuner")), report)
    # Whatever goes wrong with one machine, the others are still told of.
    except Exception as error:
        report.check("machine", {}, [repr(error)], "it failed")


def run_kernel(name, options):
    """Flows have a machine of their own, so that both kinds of checks run at once."""
    begin = time.monotonic()
    kernel = Kernel(options.cache, name)
    report = Report(kernel)
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(on_machine, checks, kernel, options, report)
                     for checks in (check_flows, check_settings)]:
            done.result()
    report.record("date", datetime.date.today().isoformat())
    report.record("seconds", round(time.monotonic() - begin, 1))
    print(f"     {name}: {kernel.release}, {report.document['seconds']} s", flush=True)
    return report


def stop(*_):
    """Whoever waits for a machine then hears that it has ended, and removes it."""
    for machine in list(Machine.running):
        if machine.process:
            machine.process.kill()
    sys.exit(1)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, metavar="DIR", help="of fetch.sh and cross.sh")
    parser.add_argument("--tuner", required=True, metavar="DIR", help="the build of tuner")
    parser.add_argument("--programs", required=True, metavar="DIR",
                        help="flow and losses, linked statically")
    parser.add_argument("--kernel", action="append", choices=KERNELS, metavar="NAME")
    parser.add_argument("--results", metavar="FILE", help="what was measured, as JSON")
    return parser.parse_args()


def main():
    options = parse()
    signal.signal(signal.SIGTERM, stop)
    reports = [run_kernel(name, options) for name in options.kernel or KERNELS]
    if options.results:
        document = {"kernels": [report.document for report in reports]}
        Path(options.results).write_text(json.dumps(document, indent=1) + "\n")
    return 1 if any(report.failed for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
