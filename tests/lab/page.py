"""The results as one HTML page with plots, without anything to load."""

from html import escape

import machines
from outcome import shown

OURS = "tuner"
COLOURS = ("#6b7280", "#b45309", "#a16207", "#0f766e", "#7c3aed", "#1d4ed8", "#9ca3af")
WIDTH, BAR, LABEL = 720, 22, 250
CHART_HEIGHT, LEFT, BOTTOM, TOP = 300, 60, 40, 12

STYLE = """
:root { color-scheme: light dark; --ink: #1f2937; --paper: #ffffff; --rule: #d1d5db; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --paper: #111827; --rule: #374151; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
svg { max-width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
svg .rule { stroke: var(--rule); } h2 { margin-top: 2.5rem; } .miss { color: #b91c1c; }
table { border-collapse: collapse; font-size: .9rem; display: block; overflow-x: auto; }
td, th { border-bottom: 1px solid var(--rule); padding: .3rem .6rem; text-align: left; }
.key { display: inline-block; margin-right: 1rem; font-size: .9rem; }
.key i { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; }
"""


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(str(words))}</text>'


def bars(outcome):
    """A bar for each setting, with a line from the worst to the best run."""
    rows = outcome["rows"]
    most = max(max(row["values"]) for row in rows) or 1
    room = WIDTH - LABEL - 130
    names = [row["setting"] for row in rows]
    chosen = names.index(OURS) if OURS in names else len(names) - 1
    parts = []
    for index, row in enumerate(rows):
        y = index * (BAR + 8)
        length = room * row["median"] / most
        colour = COLOURS[5] if index == chosen else COLOURS[0]
        middle = y + BAR / 2
        parts += [text(LABEL - 8, middle + 4, row["setting"], "end"),
                  f'<rect x="{LABEL}" y="{y}" width="{max(length, 1):.1f}" height="{BAR}" '
                  f'fill="{colour}"/>',
                  f'<line x1="{LABEL + room * min(row["values"]) / most:.1f}" y1="{middle}" '
                  f'x2="{LABEL + room * max(row["values"]) / most:.1f}" y2="{middle}" '
                  'stroke="currentColor" stroke-width="2"/>',
                  text(LABEL + length + 6, middle + 4, f'{shown(row["median"])} {outcome["unit"]}')]
    return drawing(len(rows) * (BAR + 8), parts, outcome["title"])


def drawing(height, parts, title):
    return (f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
            f'aria-label="{escape(title)}">{"".join(parts)}</svg>')


def axes(xs, top, x_unit, y_unit, across, down):
    parts = []
    for tick in range(5):
        value = top * tick / 4
        y = down(value)
        parts += [f'<line class="rule" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 10}" y2="{y:.1f}"/>',
                  text(LEFT - 6, y + 4, shown(value), "end")]
    for x in xs:
        parts.append(text(across(x), CHART_HEIGHT - BOTTOM + 18, f"{x:g}", "middle"))
    parts += [text(WIDTH - 10, CHART_HEIGHT - 4, x_unit, "end"), text(4, TOP, y_unit)]
    return parts


def lines(series, x_unit, y_unit, title):
    """`series` is [(name, [(x, y)])]; the last is drawn on top and thicker."""
    xs = sorted({x for _, points in series for x, _ in points})
    top = max(y for _, points in series for _, y in points) * 1.05

    def across(x):
        return LEFT + 20 + (WIDTH - LEFT - 50) * (x - xs[0]) / (xs[-1] - xs[0] or 1)

    def down(y):
        return CHART_HEIGHT - BOTTOM - (CHART_HEIGHT - BOTTOM - TOP - 8) * y / top
    parts = axes(xs, top, x_unit, y_unit, across, down)
    for index, (_, points) in enumerate(series):
        way = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in points)
        width = 4 if index == len(series) - 1 else 2
        parts.append(f'<polyline points="{way}" fill="none" stroke="{COLOURS[index]}" '
                     f'stroke-width="{width}" stroke-opacity=".85"/>')
    keys = "".join(f'<span class="key"><i style="background:{COLOURS[index]}"></i>{escape(name)}'
                   "</span>" for index, (name, _) in enumerate(series))
    return f"<p>{keys}</p>{drawing(CHART_HEIGHT, parts, title)}"


def flow_plots(flows):
    """Throughput against the round trip, a plot for each rate."""
    paths = {}
    for outcome in flows:
        _, rate, trip = outcome["name"].split("-")
        paths.setdefault(int(rate), []).append((float(trip.removesuffix("ms")), outcome))
    text_of_all = ""
    for rate, cells in sorted(paths.items()):
        if len(cells) == 1:
            text_of_all += section(cells[0][1])
            continue
        cells.sort(key=lambda cell: cell[0])
        names = [row["setting"] for row in cells[0][1]["rows"]]
        series = [(name, [(trip, row["median"]) for trip, outcome in cells
                          for row in outcome["rows"] if row["setting"] == name])
                  for name in names]
        text_of_all += f"<h3>{rate} Mbit/s</h3>" + lines(
            series, "round trip, ms", "Mbit/s", f"Throughput of one flow on {rate} Mbit/s")
    return text_of_all


def section(outcome):
    missed = "" if outcome["holds"] else ' <strong class="miss">Not shown.</strong>'
    notes = "".join(f" {escape(note)}" for note in outcome["notes"])
    return (f"<h3>{escape(outcome['title'])}</h3>{bars(outcome)}"
            f"<p>It has to show: {escape(outcome['demand'])}.{missed}{notes}</p>")


def kernel_rows(kernels):
    head, lines = machines.rows(kernels)
    cells = "".join(f"<th>{escape(word)}</th>" for word in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(word)}</td>" for word in line) + "</tr>"
                   for line in lines)
    return f"<table><tr>{cells}</tr>{body}</table>"


def html(record):
    flows = [each for each in record["outcomes"] if each["name"].startswith("flow-")]
    line = [each for each in record["outcomes"] if each["name"].startswith("line-")]
    rest = [each for each in record["outcomes"] if each not in flows + line]
    kernels = record.get("kernels", [])
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        '<meta name=viewport content="width=device-width">',
        f"<title>tuner: what the lab measured</title><style>{STYLE}</style>",
        "<h1>What the lab measured</h1>",
        f"<p>{record['date']}, Linux {escape(record['kernel'])}, {record['cpus']} processors, "
        f"{record['runs']} runs of each setting side by side. Figures are medians; the line in a "
        "bar goes from the worst to the best run.</p>",
        "<h2>One flow</h2>", flow_plots(flows),
        "<h2>Side by side, and one value at a time</h2>", *map(section, rest),
        "<h2>The delay line</h2>", *map(section, line)]
    if kernels:
        parts += ["<h2>Kernels</h2>", kernel_rows(kernels)]
    return "\n".join(parts) + "\n"
