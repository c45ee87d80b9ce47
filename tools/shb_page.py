# SPDX-License-Identifier: GPL-2.0-only
"""How a following went, as a page that needs nothing else: curves over time, then the table."""
import html
import io

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot     # noqa: E402  pylint: disable=wrong-import-position

# What of a line of the file curve is drawn, and what it means.
CHARTS = (
    (3, "Free blocks of order 9 (2 MiB)", "more is better for huge pages"),
    (4, "Free blocks of order 10 (4 MiB)", "the kernel's own counts per-cpu pages as if just drained"),
    (7, "Free memory unusable for order 9, 1/1000", "0: all of it is in blocks of 2 MiB or more"),
    (5, "Free memory unusable for order 3, 1/1000", "what a kernel stack or a network buffer finds"),
    (8, "Fallbacks to another type", "since the beginning; each mixes a pageblock, or takes it"),
    (2, "Free pages", "the same for all, but for what had no place"),
)
COLOURS = ("#222222", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f00", "#8b4513")
STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
h1 { font-size: 1.5rem } .legend span { margin-right: 1.5rem; font-weight: bold } svg { width: 100%; height: auto } pre { overflow-x: auto; font-size: .85rem; background: #f5f5f5; padding: 1rem }"""


def read(text):
    """{column: {moment: [values of a line]}}, in the order in which the columns come."""
    columns = {}
    for line in text.splitlines():
        words = line.split()
        if line.startswith("#") or len(words) < 9:
            continue
        columns.setdefault(words[1], {})[float(words[0])] = [None, None] + [int(w) for w in words[2:]]
    return columns


def charts(columns):
    """One SVG of all charts, a line a column; the kernel's is dashed."""
    matplotlib.rcParams.update({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9})
    figure, axes = pyplot.subplots(3, 2, figsize=(11, 9.5), sharex=True, layout="constrained")
    for axis, (field, title, meaning) in zip(axes.flat, CHARTS):
        for k, (name, points) in enumerate(columns.items()):
            axis.plot(list(points), [p[field] for p in points.values()], color=COLOURS[k % len(COLOURS)],
                      linestyle="--" if name == "kernel" else "-", linewidth=max(3 - 0.4 * k, 1))
        axis.set_title(title, loc="left", fontweight="bold")
        axis.set_xlabel(meaning, loc="left", color="#666666")
        axis.grid(alpha=0.3)
        axis.margins(x=0.01)
    figure.supxlabel("seconds")
    out = io.StringIO()
    figure.savefig(out, format="svg")
    pyplot.close(figure)
    return out.getvalue()[out.getvalue().index("<svg"):]


def legend(columns):
    """Which colour is whose."""
    return " ".join(f'<span style="color: {COLOURS[k % len(COLOURS)]}">{"- - -" if name == "kernel" else "&mdash;"} {html.escape(name)}</span>'
                    for k, name in enumerate(columns))


def draw(curve, table, title):
    """The page. @curve: lines of the file curve, as often as it was read; @table: the file compare."""
    columns = read(curve)
    drawn = charts(columns) if columns else "<p>No moment was seen: it was over too soon.</p>"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>shadowbuddy: {html.escape(title)}</title><style>{STYLE}</style></head>
<body><h1>The same page traffic under other decisions</h1>
<p>{html.escape(title)}: the kernel (dashed) and each candidate, which got the same allocations and frees at the same time.</p>
<p class="legend">{legend(columns)}</p>
{drawn}
<h2>At the end</h2>
<pre>{html.escape(table)}</pre>
</body></html>
"""
