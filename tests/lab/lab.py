"""See ./dev lab: shows for each value that a profile sets the trouble without it, and its absence
with it, in namespaces of its own. report.py makes tables of what it measured."""

import argparse
import datetime
import json
import math
import os
import platform
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path as File

HERE = File(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
import private  # noqa: E402
import proxy  # noqa: E402
import queues  # noqa: E402
import scenes  # noqa: E402
import selftest  # noqa: E402
import sidebyside  # noqa: E402
import sockets  # noqa: E402
import switches  # noqa: E402
from outcome import Skipped  # noqa: E402
from path import Tools  # noqa: E402
from peers import PEERS, settle  # noqa: E402
from traffic import Space  # noqa: E402

RUNS = 3
ATTEMPTS = 3  # of a short run
# Nothing is measured finer than that: one interval more or less at the end of a run.
TOLERANCE = 0.02
ALONE = 0.1  # where there is one run, and so no spread
ACCURACY = 0.03  # of the delay line
BUSY = 0.1  # the same on a machine that does other things too
NOISE = 0.1  # the most that a spread may excuse


class Lab:
    """What experiments need: tools, how often to run, in which order."""

    def __init__(self, options):
        self.tools = Tools(options.tools)
        self.tuner = os.environ["TUNER"]
        self.nginx = options.nginx
        self.runs = 1 if options.short else RUNS
        self.tolerance = ALONE if options.short else TOLERANCE
        self.accuracy = BUSY if options.short else ACCURACY
        self.chance = random.Random(options.seed)
        self.hold_defaults()

    def hold_defaults(self):
        """A namespace copies the machine's buffers: those of a tuned one are no kernel's default."""
        space = Space()
        with space:
            for key in ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"):
                here = json.loads(subprocess.run([self.tuner, "explain", key, "--json"], check=True,
                                                 capture_output=True, text=True).stdout)["here"]
                if ".." not in here["default"] and here["running"] != here["default"]:
                    sys.exit(f"{key} is {here['running']} on this machine, its kernel's default is "
                             f"{here['default']}: what is measured would not be the default")
        space.close()

    def repeat(self, run):
        return [run() for _ in range(self.runs)]

    def shuffled(self, cases, run):
        """Each case as often as is due, in another order each time."""
        for _ in range(self.runs):
            order = list(cases)
            self.chance.shuffle(order)
            for case in order:
                run(case)

    def no_worse(self, rows, name, better="more", most=math.inf):
        """Than any other row by more than runs of one setting differ by. CUBIC leaves slow
        start early now and then, whatever the buffers, so the spread is that of any other setting,
        but not tuner itself, and a tenth at most. `most` is what the path can carry: what waited
        for a retransmission is read at once, and may look like more."""
        rows = list(rows)
        own = next(row for row in rows if row.setting == name)
        spread = max(row.spread for row in rows if row is not own)
        for other in rows:
            best = min(other.median, most)
            allowed = max(min(spread, NOISE * best), self.tolerance * best)
            behind = best - own.median if better == "more" else own.median - best
            if behind > allowed:
                return False
        return True


def experiments(options):
    """(what it is about, function) in the order of the report."""
    short = options.short
    paths = [("delay line", each) for each in selftest.experiments(short)]
    paths += [(sidebyside.name_of(*path), lambda lab, path=path: sidebyside.single_flow(lab, *path))
              for path in ([sidebyside.SHOWN] if short else sidebyside.PATHS)]
    if not short:
        paths += [("flows", sidebyside.many_flows), ("requests", sidebyside.short_requests),
                  ("queues", sidebyside.burst)]
    chosen = switches.SHORT if short else switches.EXPERIMENTS
    paths += [("switches", each) for each in chosen]
    paths += [("sockets", each) for each in sockets.EXPERIMENTS + queues.EXPERIMENTS]
    paths.append(("limits", scenes.short if short else scenes.whole))
    if options.nginx:
        storms = [proxy.short_storm] if short else [proxy.until_out_of_ports, proxy.side_by_side]
        paths += [("proxy", each) for each in storms]
    return [(kind, each) for kind, each in paths if not options.only or kind in options.only]


def outcomes_of(experiment, lab, attempts):
    """What a machine that is busy with other things spoiled is measured again; nothing where the
    experiment failed altogether."""
    found = []
    for _ in range(attempts):
        try:
            found = experiment(lab)
        except Skipped:
            raise
        except Exception as error:  # what else was measured is not lost
            print(f"it failed: {error!r}", flush=True)
            continue
        found = found if isinstance(found, list) else [found]
        if all(outcome.holds for outcome in found):
            break
    return found


def run_all(options):
    """What was measured, and the kinds of which there is nothing."""
    lab = Lab(options)
    outcomes, failed = [], []
    for kind, experiment in experiments(options):
        begun = time.monotonic()
        try:
            found = outcomes_of(experiment, lab, ATTEMPTS if options.short else 1)
        except Skipped as why:
            print(f"skipped: {why}", flush=True)
            continue
        took = time.monotonic() - begun
        if not found:
            failed.append(kind)
        for outcome in found:
            outcome.kernel, outcome.date = kernel(), datetime.date.today().isoformat()
            outcomes.append(outcome)
            figures = ", ".join(f"{row.setting} {row.median:.4g}" for row in outcome.rows)
            print(f"{'shown' if outcome.holds else 'NOT SHOWN'}: {outcome.name}: {outcome.title}: "
                  f"{figures} {outcome.unit} ({took:.0f} s)", flush=True)
            took = 0
    return lab, outcomes, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="directory of delayline and flow")
    parser.add_argument("--nginx", help="where Debian's nginx is unpacked")
    parser.add_argument("--short", action="store_true", help="one run of the most important")
    parser.add_argument("--only", action="append", help="kind of experiments, may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of the order")
    parser.add_argument("--results", help="where to write what was measured, as JSON")
    options = parser.parse_args()
    private.enter()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # not without taking everything down
    begun = time.monotonic()
    lab, outcomes, failed = run_all(options)
    if options.results:
        record = {"date": datetime.date.today().isoformat(), "kernel": kernel(),
                  "machine": platform.machine(), "cpus": os.cpu_count(), "runs": lab.runs,
                  "seed": options.seed, "seconds": round(time.monotonic() - begun),
                  "peers": describe_peers(),
                  "outcomes": [outcome.figures() for outcome in outcomes]}
        write_results(File(options.results), record, again=bool(options.only))
    missed = [outcome.name for outcome in outcomes if not outcome.holds] + failed
    if missed:
        sys.exit(f"not shown: {', '.join(missed)}")


def kernel():
    """Its version, without what a builder added to it."""
    return re.match(r"[\d.]+", platform.release())[0].rstrip(".")


def describe_peers():
    """Who is compared, and what of it only a whole machine can have."""
    described = []
    for peer in PEERS:
        space = Space()
        described.append({"name": peer.name, "source": peer.source, "keys": peer.keys,
                          "floors": peer.floors, "left_out": settle(space, peer)})
        space.close()
    return described


def write_results(file, record, again):
    """What is measured again replaces what was there, and the rest stays."""
    if again and file.is_file():
        earlier = json.loads(file.read_text(encoding="utf-8"))
        new = {outcome["name"]: outcome for outcome in record["outcomes"]}
        earlier["outcomes"] = [new.pop(outcome["name"], outcome)
                               for outcome in earlier["outcomes"]] + list(new.values())
        record = earlier
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
