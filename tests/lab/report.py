"""Makes of what the lab measured RESULTS.json, RESULTS.md and RESULTS.html, and the table of the
guide in docs/.

usage: report.py LAB.json KERNELS.json DIRECTORY   (KERNELS.json may be missing)"""

import json
import sys
from pathlib import Path
from statistics import median

import machines
import page
from outcome import DATA, shown

BEGIN, END = "<!-- lab: begin -->", "<!-- lab: end -->"


def with_spread(row):
    """The median, and how far the runs are apart."""
    values = row["values"]
    spread = max(values) - min(values)
    return shown(row["median"]) + (f" ±{shown(spread / 2)}" if spread > 0.005 * max(values) else "")


def cell(row):
    text = with_spread(row)
    for name, also in row["also"].items():
        text += f", {name} {shown(median(also))}"
    return text


def table(head, lines):
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines)) + "\n"


def verdict(outcome):
    return "yes" if outcome["holds"] else "**no**"


def carried_at_most(flow):
    """Of data, by the rate in the name."""
    return int(flow["name"].split("-")[1]) * DATA


def flows_table(outcomes):
    names = [row["setting"] for row in max(outcomes, key=lambda each: len(each["rows"]))["rows"]]
    lines = []
    for outcome in outcomes:
        rows = {row["setting"]: row for row in outcome["rows"]}
        best = min(max(row["median"] for row in outcome["rows"]), carried_at_most(outcome))
        cells = []
        for name in names:
            row = rows.get(name)
            text = "" if row is None else (f"{with_spread(row)} "
                                           f"({shown(median(row['also']['memory MiB']))} MiB)")
            cells.append(f"**{text}**" if row and row["median"] >= 0.98 * best else text)
        lines.append([outcome["title"].removeprefix("One flow at "), *cells, verdict(outcome)])
    return table(["path", *names, "holds"], lines)


def comparison(outcome):
    lines = [[row["setting"], cell(row), row["note"]] for row in outcome["rows"]]
    return (f"### {outcome['title']}\n\n" + table(["setting", outcome["unit"], ""], lines) +
            f"\nIt has to show: {outcome['demand']}. Shown: {verdict(outcome)}."
            + "".join(f" {note}" for note in outcome["notes"]) + "\n\n")


def one_value_table(outcomes):
    lines = []
    for outcome in outcomes:
        figures = "; ".join(f"{row['setting']}: {cell(row)}" for row in outcome["rows"])
        lines.append([". ".join([outcome["title"], *outcome["notes"]]), figures, outcome["unit"],
                      str(len(outcome["rows"][0]["values"])), outcome["demand"], verdict(outcome)])
    return table(["what", "figures", "unit", "runs", "it has to show", "shown"], lines)


def left_out(peers):
    lines = [f"- {peer['name']}: {', '.join(peer['left_out'])}." for peer in peers
             if peer["left_out"]]
    if not lines:
        return ""
    return ("\nA namespace does not have these keys, so they were not set for the table. rmem_max, "
            "wmem_max, rmem_default and wmem_default were measured in whole machines, below; the "
            "others were not measured:\n\n" + "\n".join(lines) + "\n")


def sources(peers):
    return "\n".join(f"- {peer['name']}: {peer['source']}" for peer in peers)


def markdown(record):
    outcomes = record["outcomes"]
    line = [each for each in outcomes if each["name"].startswith("line-")]
    flows = [each for each in outcomes if each["name"].startswith("flow-")]
    many = [each for each in outcomes if len(each["rows"]) > 3 and each not in flows + line]
    single = [each for each in outcomes if each not in line + flows + many]
    text = f"""# What the lab measured

{record["date"]}, Linux {record["kernel"]}, {record["machine"]}, {record["cpus"]} processors,
{record["seconds"] // 60} minutes and those of the kernels. What stands side by side ran
{record["runs"]} times in shuffled order (seed {record["seed"]}), but for the connects until no port
is left; single values ran as often as the tables say. Each figure is the median; ± is half of the
distance between the best and the worst run. This file is written by `./dev lab`, and so are
`RESULTS.json` and `RESULTS.html`.

tuner is held to this: no worse than any other by more than the runs of another setting differ (a
tenth at most), or by 2%.

## One flow

Mbit/s of data in the second half of the run, with the congestion control cubic; in brackets what
the sockets of both ends held at most. tuner is profile `bulk` with the rate and the round trip of the
path. In bold what is within 2% of the best. A figure may be above the rate: what waited for a
retransmission is read at once when it comes.

{flows_table(flows)}{left_out(record["peers"])}
Sources:

{sources(record["peers"])}

## Side by side

{"".join(comparison(outcome) for outcome in many)}## One value at a time

{one_value_table(single)}
## The delay line

{one_value_table(line)}
"""
    kernels = record.get("kernels", [])
    text += ("## Kernels\n\nDebian's kernels in QEMU, without KVM, each with a path of netem, "
             "200 Mbit/s and 200 ms; CUBIC's HyStart is off there, since an emulated processor "
             "answers late now and then. In brackets the checks of an audit, the keys whose default "
             "was judged, the profiles' demands and the writes out of range that were refused.\n\n")
    text += table(*machines.rows(kernels)) if kernels else "Not measured in this run.\n"
    return text.rstrip() + "\n"


def heart(record):
    """What docs/guide.md shows."""
    outcomes = {outcome["name"]: outcome for outcome in record["outcomes"]}
    text = ""
    if flow := outcomes.get("flow-600-200ms"):
        rows = [[row["setting"], f"{shown(row['median'])} Mbit/s",
                 f"{shown(median(row['also']['memory MiB']))} MiB"] for row in flow["rows"]]
        text += (f"{flow['title']}, tuner with profile `bulk`, and what the sockets of both ends "
                 f"held:\n\n{table(['setting', 'throughput', 'memory'], rows)}\n")
    if storm := outcomes.get("connect-storm"):
        rows = [[row["setting"], shown(row["median"]), row["note"]] for row in storm["rows"]]
        text += f"{storm['title']}:\n\n{table(['setting', 'connects', 'why it ended'], rows)}\n"
    if limits := outcomes.get("limits"):
        rows = [[row["setting"], f"{shown(row['median'])} %", str(row["also"]["scenes"][0])]
                for row in limits["rows"]]
        text += (f"{limits['title']}. In each, the lab made one thing the limit. "
                 f"{' '.join(limits['notes'])}\n\n{table(['what limits', 'right', 'scenes'], rows)}\n")
    return text + f"Measured on Linux {record['kernel']}, {record['date']}, by `./dev lab`.\n"


def put_into(page, text):
    """Between the lines that say where it belongs."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def effects(record):
    """What tuner explain says: sentences for each key."""
    said = {}
    for outcome in record["outcomes"]:
        for key, sentence in outcome["effects"].items():
            said.setdefault(key, []).append({"text": sentence, "kernel": outcome["kernel"],
                                             "date": outcome["date"]})
    for key, sentences in machines.effects(record.get("kernels", [])).items():
        said.setdefault(key, []).extend(sentences)
    return said


def main():
    lab, kernels, directory = map(Path, sys.argv[1:4])
    record = json.loads(lab.read_text(encoding="utf-8"))
    if kernels.is_file():
        record["kernels"] = json.loads(kernels.read_text(encoding="utf-8"))["kernels"]
    record["effects"] = effects(record)
    texts = {"RESULTS.json": json.dumps(record, indent=1) + "\n", "RESULTS.md": markdown(record),
             "RESULTS.html": page.html(record)}
    # Nothing is written before all of it could be made.
    put_into(Path(directory).resolve().parents[1] / "docs/guide.md", heart(record))
    for name, text in texts.items():
        Path(directory, name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
