"""Holds `tuner boot` against the real readers, on generated configuration trees.

The readers are systemd-sysctl and procps' sysctl of three Debian releases, which fetch.sh gets.
Compared are the exit status, the value of every key afterwards, and for a sample the writes in
their order. Ends with 1 on a difference.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time

import generate
import oracle
import sandbox

EXPERIMENTS = 150  # how often a difference is tried to be shown with less
# The keys of whose range tuner knows; of others it says what is written, not whether it is taken.
NAMES = re.compile(r"(%s)$|net/ipv[46]/conf/[^/]+/(%s)$" % (
    "|".join(generate.NUMBERS + generate.VECTORS + generate.OTHERS),
    "|".join(generate.SWITCHES + generate.SWITCHES6)))
ATTEMPTS = ("written", "unchanged", "refused")  # what opened the file to write to it

# A key that the kernel changes when another is written: (the key, what was written).
COUPLED = [(re.compile(one), re.compile(other)) for one, other in (
    (r"net/ipv4/(ip_forward|conf/[^/]+/(forwarding|accept_redirects))$",
     r"net/ipv4/(ip_forward|conf/(all|default)/forwarding)$"),
    (r"net/ipv4/conf/[^/]+/(?P<name>\w+)$", r"net/ipv4/conf/default/(?P<name>\w+)$"),
    (r"net/ipv6/conf/[^/]+/(?P<name>disable_ipv6|forwarding)$",
     r"net/ipv6/conf/all/(?P<name>disable_ipv6|forwarding)$"))]


def key_path(key):
    """The path of a key in tuner's spelling: dots, or slashes where a name has a dot."""
    first = re.search(r"[./]", key)
    if first and first[0] == ".":
        return key.translate(str.maketrans("./", "/."))
    return key


def coupled(path, written):
    for pattern, source in COUPLED:
        found = pattern.match(path)
        for other in written if found else ():
            cause = source.match(other)
            if cause and found.groupdict() == cause.groupdict():
                return True
    return False


class Model:
    """What tuner says that a reader does."""

    def __init__(self, document, name):
        self.reader = next(one for one in document["readers"] if one["name"] == name)
        family = name.split("-")[0]
        self.keys = {key_path(entry["key"]): entry[family] for entry in document["keys"]}
        self.written = {one["path"] for one in self.reader["writes"]}

    def differences(self, result, defaults):
        sure = all(NAMES.match(path) or path in generate.STUBBORN for path in self.written)
        if sure and result.status != self.reader["status"]:
            yield f"exit status {self.reader['status']}, really {result.status}"
        for path, real in result.values.items():
            said = self.keys.get(path)
            if said is not None and said["value"] is None:
                continue  # the kernel refused the last text; what it then holds is not said
            value = " ".join(said["value"].split()) if said else defaults[path]
            # What the kernel changes by itself is said of keys that a file sets, and of no others.
            if value != real and (said or not coupled(path, self.written)):
                kind = "set" if said else "not set"
                yield f"{path}: {value!r} ({kind}), really {real!r}, before {defaults[path]!r}"
        if result.writes is not None:
            yield from self.order(result.writes)

    def order(self, real):
        said = [(os.path.normpath(one["path"]), one["text"] or "") for one in self.reader["writes"]
                if one["result"] in ATTEMPTS]
        done = [(os.path.normpath(path.decode("utf-8", "replace")),
                 None if text is None else text.decode("utf-8", "replace"))
                for path, text, outcome in real if text is not None or outcome == "ok"]
        if [path for path, _ in said] != [path for path, _ in done]:
            yield f"writes {said}, really {done}"
            return
        for (path, text), (_, wrote) in zip(said, done):
            if wrote is not None and not same_text(text, wrote):
                yield f"{path}: text {text[:80]!r}, really {wrote[:80]!r}"


def kind_of(line):
    return line.split(" ")[0] if line.startswith(("exit", "writes", "tuner")) else "value"


def same_text(said, wrote):
    wrote = wrote.removesuffix("\n")
    if said == wrote:
        return True
    # A write that the kernel takes in part goes on with the rest: only its first part is seen.
    part = wrote.rstrip(" \t\r")
    return (part != wrote and said.startswith(part)) or (
        len(wrote) > 4000 and (said.startswith(wrote) or wrote.startswith(said)))


class Comparison:
    def __init__(self, options):
        self.options = options
        self.judge = oracle.Oracle(options.readers)
        self.judge.observed = [path for path in self.judge.observed if NAMES.match(path)]
        self.judge.defaults = {path: self.judge.defaults[path] for path in self.judge.observed}
        self.readers = self.judge.readers
        self.seconds = {"readers": 0.0, "tuner": 0.0}

    def ask(self, readers, arguments):
        """tuner's document on what these readers, one of each family, do with the tree."""
        command = [self.options.tuner, "boot", "--json", "--root", str(self.judge.tree.root)]
        for reader in readers:
            command += ["--reader", reader.name]
        for path in arguments or []:
            command += ["--file", path]
        finished = subprocess.run(command, capture_output=True, timeout=oracle.DEADLINE,
                                  check=False)
        try:
            return json.loads(finished.stdout)
        except ValueError:
            message = finished.stderr.decode(errors="replace").strip()[-600:]
            raise RuntimeError(f"exit status {finished.returncode}, no JSON: {message}") from None

    def leave_out_unknown(self):
        """sid moves on: a reader that tuner has no model of yet is said, not compared."""
        known = []
        for reader in self.readers:
            self.judge.tree.fill({})
            try:
                Model(self.ask([reader], None), reader.name)
                known.append(reader)
            except (RuntimeError, KeyError, StopIteration) as error:
                print(f"not compared: {reader.name}: {error!r}")
        self.readers = known
        return bool(known)

    def really(self, reader, case, trace):
        begin = time.monotonic()
        self.judge.renew()
        result = self.judge.run(reader, reader.arguments(case.arguments), trace=trace)
        self.seconds["readers"] += time.monotonic() - begin
        return result

    def pairs(self, readers):
        """One reader of each family at a time, which is what one run of tuner can take."""
        families = [[one for one in readers if one.family == family]
                    for family in ("systemd", "procps")]
        for index in range(max(map(len, families))):
            yield [family[index] for family in families if index < len(family)]

    def differences(self, case, trace, readers=None):
        """(reader, what differs) of a case."""
        self.judge.tree.fill(case.files, case.split_lib)
        for pair in self.pairs(readers or self.readers):
            results = [(reader, self.really(reader, case, trace)) for reader in pair]
            if self.options.oracle_only:
                continue
            begin = time.monotonic()
            try:
                document = self.ask(pair, case.arguments)
                models = [Model(document, reader.name) for reader in pair]
            except (RuntimeError, KeyError, StopIteration) as error:
                yield from ((reader, f"tuner: {error!r}") for reader in pair)
                continue
            finally:
                self.seconds["tuner"] += time.monotonic() - begin
            for (reader, result), model in zip(results, models):
                for line in model.differences(result, self.judge.defaults):
                    yield reader, line

    def shrunk(self, case, trace, reader, kind):
        """A smaller case on which this reader still differs, and in the same way."""
        tries = 0
        progress = True
        while progress:
            progress = False
            for candidate in generate.smaller(case):
                tries += 1
                if tries > EXPERIMENTS:
                    return case
                found = self.differences(candidate, trace, [reader])
                if any(kind_of(line) == kind for _, line in found):
                    case, progress = candidate, True
                    break
        return case

    def report(self, seed, case, found, trace):
        print(f"== --seed {seed} --trees 1")
        for name in sorted({reader.name for reader, _ in found}):
            lines = [line for reader, line in found if reader.name == name]
            print(f"{name}: " + "\n    ".join(lines[:8]))
        reader, line = found[0]
        small = self.shrunk(case, trace, reader, kind_of(line))
        print(f"as little as shows it for {reader.name}: {small.shown()}")
        for _, line in self.differences(small, trace, [reader]):
            print(f"    {line}")
        result = self.really(reader, small, True)
        print(f"    really: status {result.status}, writes {result.writes}")
        print(f"    stderr: {result.messages.strip()[:600]}", flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", required=True, metavar="DIR", help="what fetch.sh made")
    parser.add_argument("--tuner", default=os.environ.get("TUNER", "tuner"), metavar="PATH")
    parser.add_argument("--trees", type=int, default=200)
    parser.add_argument("--seed", type=int, help="of the first tree; the others count up from it")
    parser.add_argument("--strace-every", type=int, default=10, metavar="K",
                        help="compare the order of writes too in one of K trees; 0: in none")
    parser.add_argument("--most", type=int, default=5, help="differing trees until it stops")
    parser.add_argument("--only", action="append", metavar="READER", help="such as procps-4.0.4")
    parser.add_argument("--oracle-only", action="store_true", help="run the real readers alone")
    return parser.parse_args()


def main():
    options = parse()
    sandbox.enter()
    comparison = Comparison(options)
    if options.only:
        comparison.readers = [one for one in comparison.readers if one.name in options.only]
    if not options.oracle_only and not comparison.leave_out_unknown():
        return 1
    if options.strace_every and not oracle.can_trace():
        print("no strace: the order of writes is not compared")
        options.strace_every = 0
    seed = random.randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}; {', '.join(reader.name for reader in comparison.readers)}", flush=True)
    begin, differing = time.monotonic(), 0
    for index in range(options.trees):
        case = generate.Generator(seed + index).case()
        trace = options.strace_every > 0 and index % options.strace_every == 0
        found = list(comparison.differences(case, trace))
        if found:
            differing += 1
            comparison.report(seed + index, case, found, trace)
        if differing >= options.most:
            break
    took = time.monotonic() - begin
    parts = ", ".join(f"{name} {part:.1f} s" for name, part in comparison.seconds.items())
    print(f"{index + 1} trees, {differing} differ, {took:.1f} s ({parts})")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
