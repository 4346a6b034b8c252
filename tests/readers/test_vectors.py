"""Replays recorded cases with the real readers: what was observed when the cases were written has
to be observed again, or this machine is no judge of a model.

usage: test_vectors.py READERS VECTORS
"""

import base64
import json
import sys

import oracle
import sandbox

RECORDER_READ = 8192  # longer values were cut when they were recorded


def content(spec):
    """A recorded file as sandbox.Tree.fill takes it."""
    if isinstance(spec, str):
        return spec.encode()
    if "symlink" in spec:
        return ("link", spec["symlink"])
    if spec.get("dir"):
        return ("dir",)
    if "b64" in spec:
        text = base64.b64decode(spec["b64"])
    elif "parts" in spec:
        text = b"".join(part.encode() * count for part, count in spec["parts"])
    else:
        text = spec.get("text", "").encode()
    return ("mode", int(str(spec.get("mode", "644")), 8), text)


def arguments(reader, case, expected):
    """The arguments of the recorded command. Readers that behaved alike share one entry, which
    shows the command of the first of them only."""
    first_is_systemd = "systemd" in expected["argv"][0]
    recorded = expected["argv"][1:]
    if first_is_systemd == (reader.family == "systemd"):
        return recorded
    if reader.family == "procps":
        files = [one for one in recorded if not one.startswith("--")]
        patterns = [f"--pattern=^{one.split('=')[1]}" for one in recorded if "--prefix=" in one]
        return [*patterns, *reader.arguments(files if case["mode"] == "file" else None)]
    return [one for one in recorded if one not in ("-p", "--system")]


def recorded_value(value):
    if isinstance(value, dict) and "error" in value:
        return f"error {value['error']}"
    if isinstance(value, dict):
        return oracle.normal(base64.b64decode(value["b64"]))
    return " ".join(value.split())


def recorded_write(path, text, result):
    """Comparable with a traced entry: the text is shortened to what the record holds of it."""
    if isinstance(text, dict):
        text = base64.b64decode(text["b64"]) if "b64" in text else text["head"].encode()
    elif text is not None:
        text = text.encode()
    return [path.encode(), text, result if isinstance(result, str) else "ok"]


def attempts(writes):
    """One entry for each attempt on a file: a retry, or a chunk of a long text, is the same one."""
    entries, rest = [], 0
    for path, text, result in writes:
        entry = recorded_write(path, text, result)
        length = text.get("len", 0) if isinstance(text, dict) else 0
        retry = entry[2] != "ok" and entries[-1:] == [entry]
        if not retry and not 0 < length == rest:
            entries.append(entry)
        rest = length - result if length else 0
    return entries


def same_writes(wanted, got):
    paths = [(path, outcome) for path, _, outcome in got]
    if [(path, outcome) for path, _, outcome in wanted] != paths:
        return False
    return all((ours or b"").startswith(theirs or b"") for (_, theirs, _), (_, ours, _)
               in zip(wanted, got))


def unsuppressed(writes):
    """Without the opens that wrote nothing because the value was right: records differ on them."""
    return [one for one in writes if one[1] is not None or one[2] != "ok"]


def replay(judge, case, reader, expected):
    setup = case["setup"]
    judge.tree.fill({path: content(spec) for path, spec in case["files"].items()},
                    setup.get("split_lib", False))
    judge.renew(setup.get("links", []), setup.get("pre"))
    read_only = setup.get("ro_proc_sys", False)
    if read_only:
        judge.tree.set_read_only(True)
    try:
        result = judge.run(reader, arguments(reader, case, expected), list(expected["final"]),
                           trace=True, plain_user=setup.get("nonroot", False),
                           given=setup.get("stdin", "").encode())
    finally:
        if read_only:
            judge.tree.set_read_only(False)
    return compare(case, expected, result)


def compare(case, expected, result):
    if result.status != expected["rc"]:
        yield f"exit status {result.status}, recorded {expected['rc']}: {result.messages.strip()}"
    for path, value in expected["final"].items():
        wanted, got = recorded_value(value), result.values[path]
        if len(wanted) == RECORDER_READ:
            got = got[:RECORDER_READ]
        if got != wanted and touched(case, path):
            yield f"{path} is {got[:80]!r}, recorded {wanted[:80]!r}"
    wanted = unsuppressed(attempts(expected["writes"]))
    if not same_writes(wanted, unsuppressed(result.writes)):
        yield f"writes {shown(result.writes)}, recorded {shown(wanted)}"


def touched(case, path):
    """Keys that no file names keep a default, which differs between machines."""
    words = json.dumps(case["files"])
    return path.rsplit("/", 1)[-1] in words or "b64" in words


def shown(writes):
    return [(path.decode(), text and text[:30], outcome) for path, text, outcome in writes]


def main():
    if len(sys.argv) != 3 or not oracle.can_trace():
        sys.exit(__doc__ + "\nneeds strace")
    sandbox.enter()
    directory, vectors = sys.argv[1:]
    with open(vectors, encoding="utf-8") as source:
        cases = json.load(source)["vectors"]
    judge = oracle.Oracle(directory)
    readers = {reader.name: reader for reader in judge.readers}
    agreed, runs = {}, {}
    for case in cases:
        for expected in case["expected"]:
            for name in expected["implementations"]:
                if name not in readers:
                    continue
                problems = list(replay(judge, case, readers[name], expected))
                runs[name] = runs.get(name, 0) + 1
                agreed[name] = agreed.get(name, 0) + (not problems)
                for problem in problems:
                    print(f"{case['id']}: {name}: {problem}")
    for name in sorted(set(runs) | set(readers)):
        print(f"{name}: {agreed.get(name, 0)} of {runs.get(name, 0)} cases as recorded")
    return 0 if agreed == runs and runs else 1


if __name__ == "__main__":
    sys.exit(main())
