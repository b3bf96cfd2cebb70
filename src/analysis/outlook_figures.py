"""Charts of paths: the declared ones against the outturn, and one that readers move.

The arithmetic of the second stands twice, here for the browser and in analysis.scenarios for everything else; a test
holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis import figures
from analysis.figures import COLOURS, INK, WIDE, Caption
from analysis.vegalite import Data, Spec, data, field, layered, stacked, view

if TYPE_CHECKING:
    from altair import LayerChart, VConcatChart

KINDS = {
    "pledges of the allies": COLOURS[0],
    "decisions of the government": COLOURS[1],
    "told or proposed by an audited document": COLOURS[3],
}
# Targets of one year nearer than this share one mark: their numbers would lie upon each other.
NEAR = 0.12
# A number stands below its mark where another mark of the same year is nearer than this above it.
CLOSE = 0.4
# Where a number stands: by whether it is below its mark.
PLACES = ((False, {"baseline": "bottom", "dy": -8}), (True, {"baseline": "top", "dy": 8}))
# Widths of the panels of the chart that readers move, in px: with axis and margins they fill the drawing.
PANEL_WIDE, PANEL_NARROW = 634, 308
# What thousands of billions take more on the axis.
WIDER = 14


def paths(outturn: pd.DataFrame, lines: pd.DataFrame, caption: Caption) -> LayerChart:
    """Numbered paths in per cent of GDP against the outturn.

    `outturn`: year, value, flag; `lines`: number, line (its name), kind (of KINDS), year, value, one row a path and
    year.
    """
    ends = _ends(lines)
    first, last = int(min(outturn["year"].min(), lines["year"].min())), int(lines["year"].max())
    high = max(outturn["value"].max(), lines["value"].max())
    shown = [kind for kind in KINDS if kind in set(lines["kind"])]
    shades = {"domain": shown, "range": [KINDS[kind] for kind in shown]}
    quiet = field("kind:N", scale=shades, legend=None)
    own = data(figures.runs({**row, "line": "outturn"} for row in figures.rows_of(outturn, "year", "value", "flag")))
    outturn = outturn.sort_values("year")
    end = data(outturn.tail(1)[["year", "value"]])
    # Named where it is old: there it runs below every path that begins from it.
    named = data(outturn.head(2).tail(1)[["year", "value"]].assign(label="outturn"))
    declared, marks = data(lines[["line", "kind", "year", "value"]]), data(ends)
    numbered = [(data(part), place) for below, place in PLACES if len(part := ends[ends["below"] == below])]
    tooltip = figures.tips("line", "year", "value", "per cent of GDP")
    y = field("value:Q", title=None, scale={"domain": [0, _above(float(high) * 1.04)], "nice": False},
              axis={"domain": False, "ticks": False, "tickCount": 6})  # fmt: skip
    charts = []
    for small in (False, True):
        ticks = [year for year in range(first, last + 1) if year % (5 if small else 2) == 0]
        x = field("year:Q", title=None, scale={"domain": [first, last + 0.6], "nice": False},
                  axis={"format": "d", "grid": False, "values": ticks})  # fmt: skip
        legend = {"title": None, "orient": "top", "columns": 1 if small else 3, "labelLimit": 300, "labelFontSize": 12,
                  "symbolType": "stroke", "offset": 8}  # fmt: skip
        at = {"x": x, "y": y}
        layers = [
            view(
                declared, "line",
                {**at, "detail": field("line:N"), "color": {**quiet, "legend": legend}, "tooltip": tooltip},
                strokeWidth=1.7, opacity=0.85,
            ),
            view(
                own, "line", {**at, "detail": field("run:N"), "strokeDash": figures.DASHES, "tooltip": tooltip},
                strokeWidth=3, color=INK, strokeCap="round",
            ),
            view(end, "point", at, filled=True, size=44, color=INK, opacity=1),
            view(marks, "point", {**at, "color": quiet}, filled=True, size=34, opacity=1),
        ]  # fmt: skip
        for part, place in numbered:
            layers += figures.halo(
                part, align="center", fontSize=12.5, fontWeight=600, **place,
                encode={**at, "text": field("label:N"), "color": quiet},
            )  # fmt: skip
        layers += figures.halo(
            named, align="left", dy=9, fontSize=12.5, fontWeight=600, baseline="top", color=INK,
            encode={**at, "text": field("label:N")},
        )  # fmt: skip
        charts.append(layered(layers, width=500 if small else WIDE, height=340 if small else 360))
    wide = lines.pivot_table(index="year", columns="line", values="value", sort=False)
    table = wide.join(outturn.set_index("year")["value"].rename("outturn"), how="outer").sort_index()
    table = table[["outturn", *dict.fromkeys(lines["line"])]].round(2).rename_axis("Year").reset_index()
    return figures.finish(charts[0], charts[1], caption, table)


def _ends(lines: pd.DataFrame) -> pd.DataFrame:
    """The last point of each path, with the numbers of those that end at the same place."""
    ends = lines.sort_values("year", kind="stable").groupby("number", sort=True).tail(1).sort_values("number")
    told: list[dict] = []
    for row in ends.to_dict("records"):
        for other in told:
            if other["year"] == row["year"] and abs(other["value"] - row["value"]) < NEAR:
                other["label"] += f", {row['number']}"
                break
        else:
            told.append({key: row[key] for key in ("year", "value", "kind")} | {"label": str(row["number"])})
    for mark in told:
        mark["below"] = any(
            mark["year"] == other["year"] and 0 < other["value"] - mark["value"] < CLOSE for other in told
        )
    return pd.DataFrame(told)


def _above(value: float) -> float:
    """The next half above a value."""
    return -(-value // 0.5) * 0.5


@dataclass(frozen=True)
class Start:
    """Where the chart that readers move begins.

    `year`; `gdp` and `spent` of that year in billions of `currency` (as running text calls it); `share` in per cent
    of GDP; `digits`: decimals of billions.
    """

    year: int
    gdp: float
    share: float
    spent: float
    currency: str
    digits: int


@dataclass(frozen=True)
class Knob:
    """A slider: what it is called, where it begins and how far it goes."""

    label: str
    value: float
    low: float
    high: float
    step: float


def knobs(start: Start, *, target: float, by: int, growth: float, deflator: float, last: int) -> dict[str, Knob]:
    """The sliders by the name of their parameter, each wide enough for the value that it begins with."""

    def fine(value: float) -> float:
        return 0.1 if round(value, 1) == value else 0.01

    return {
        "by": Knob("Target year", by, start.year + 1, last, 1),
        "target": Knob("Target, % of GDP", target, min(0.5, target), max(6.0, target), fine(target)),
        "growth": Knob("Real growth, % a year", growth, min(-2.0, growth), max(5.0, growth), fine(growth)),
        "deflator": Knob("Rise of prices, % a year", deflator, min(-1.0, deflator), max(6.0, deflator), fine(deflator)),
    }


# What Vega computes; `year` is a path's year, `by`, `target`, `growth` and `deflator` are the sliders.
_SHARE = "share0 + (target - share0) * (datum.year - year0) / (by - year0)"
_CONSTANT = "datum.share / 100 * gdp0 * pow(1 + growth / 100, datum.year - year0)"
_CURRENT = "datum.constant * pow(1 + deflator / 100, datum.year - year0)"
_PATH: list[Spec] = [
    {"filter": "datum.year <= by"},
    *(
        {"calculate": text, "as": name}
        for name, text in (("share", _SHARE), ("constant", _CONSTANT), ("current", _CURRENT))
    ),
]
_END_CONSTANT = "target / 100 * gdp0 * pow(1 + growth / 100, by - year0)"
_END_CURRENT = "end_constant * pow(1 + deflator / 100, by - year0)"


def sentence(start: Start, *, by: str, target: str, current: str, constant: str, more: str) -> list[tuple[str, str]]:
    """The sentence above the chart, in parts: ("text", words) or ("value", what stands for a figure)."""
    return [
        ("text", "In "), ("value", by), ("text", ", "), ("value", target), ("text", " per cent of GDP is "),
        ("value", current), ("text", f" billion {start.currency}, or "), ("value", constant),
        ("text", f" billion at the prices of {start.year}. On average that is "), ("value", more),
        ("text", f" billion more in each year than in the one before, from {start.spent:,.{start.digits}f} billion in "
                 f"{start.year}."),
    ]  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """A line of the path: the field it draws, what the legend calls it and how it looks.

    `lift`: how far the figure at its end is moved from it, in px, so that two do not meet; `figure`: that figure, as
    an expression.
    """

    field: str
    name: str
    colour: str
    dash: tuple[int, int]
    lift: int
    figure: str


def _told(start: Start) -> str:
    """The sentence as an expression that Vega evaluates anew whenever a slider moves."""
    money = f"',.{start.digits}f'"
    parts = sentence(
        start,
        by="by",
        target="format(target, '.2~f')",
        current=f"format(end_current, {money})",
        constant=f"format(end_constant, {money})",
        more=f"format((end_current - {start.spent!r}) / (by - year0), ',.{start.digits}f')",
    )
    return " + ".join(value if kind == "value" else f"'{value}'" for kind, value in parts)


def moved(
    start: Start, outturn: pd.DataFrame, sliders: Mapping[str, Knob], caption: Caption, table: pd.DataFrame, told: str
) -> VConcatChart:
    """A path from where a country stands to a target, with sliders for target, year, growth and prices.

    `outturn`: year, share (per cent of GDP), spent (billion, at prices of the year; may be missing); `table`, `told`:
    the figures and the sentence as the sliders begin. All arithmetic is done where the chart is shown.
    """
    first, last = int(outturn["year"].min()), int(sliders["by"].high)
    fixed = {"year0": start.year, "gdp0": start.gdp, "share0": start.share}
    params: list[Spec] = [{"name": name, "value": value} for name, value in fixed.items()]
    for name, knob in sliders.items():
        bind = {"input": "range", "min": knob.low, "max": knob.high, "step": knob.step, "name": knob.label}
        params.append({"name": name, "value": knob.value, "bind": bind})
    for name, expression in (("end_constant", _END_CONSTANT), ("end_current", _END_CURRENT), ("told", _told(start))):
        params.append({"name": name, "expr": expression})
    money = f"',.{start.digits}f'"
    share = _Line("share", "asked for", COLOURS[1], (1, 0), 0, "format(datum.share, '.2~f')")
    current = _Line("current", "at prices of each year", COLOURS[1], (1, 0), -6, f"format(datum.current, {money})")
    constant = _Line(
        "constant", f"at prices of {start.year}", COLOURS[0], (6, 3), 7, f"format(datum.constant, {money})"
    )
    shares, spent = (
        _SoFar(name, data(outturn[["year", name]].dropna().assign(line="so far"))) for name in ("share", "spent")
    )
    charts = []
    for small in (False, True):
        wider = WIDER if start.spent >= 500 else 0
        width, room = (PANEL_NARROW, 30) if small else (PANEL_WIDE, 34)
        width, room = width - wider, room + wider
        ticks = [year for year in range(first, last + 1) if year % 5 == 0]
        # Room at the right for the figure at the end of a path, wherever the slider puts it.
        scale = {"domain": [first, last + (4 if small else 2)], "nice": False}
        x = field("year:Q", title=None, scale=scale, axis={"format": "d", "grid": False, "values": ticks})
        axis = {"domain": False, "ticks": False, "tickCount": 5, "minExtent": room, "maxExtent": room}
        path = {"sequence": {"start": start.year, "stop": last + 1, "step": 1, "as": "year"}}
        panels = [
            layered(
                _panel(path, own, lines, x, axis, columns=1 if small else 3, told_as=title),
                title=_heading(title), width=width, height=height,
            )
            for title, own, lines, height in (
                ("Per cent of GDP", shares, [share], 150),
                (f"Billion {start.currency}", spent, [constant, current], 220),
            )
        ]  # fmt: skip
        charts.append(stacked(panels, spacing=18, resolve={"scale": {"color": "independent"}}, params=params))
    return figures.finish(charts[0], charts[1], caption, table, told={"signal": "told", "text": told})


def _heading(text: str) -> Spec:
    return {"text": text, "anchor": "start", "frame": "group", "fontSize": 12.5, "fontWeight": 600, "color": INK,
            "offset": 8, "orient": "top"}  # fmt: skip


@dataclass(frozen=True)
class _SoFar:
    """What was spent so far: the field that tells it, and the rows."""

    field: str
    rows: Data


def _panel(
    path: Spec,
    own: _SoFar,
    lines: Sequence[_Line],
    x: Spec,
    axis: Spec,
    *,
    columns: int,
    told_as: str,
) -> list[Spec]:
    """The layers of a panel: what was spent so far in ink, the path in colour, the figure at its end beside it.

    `path`: the years of the path; `columns`: of the legend; `told_as`: what the figures are.
    """
    names, shades = [line.name for line in reversed(lines)], [line.colour for line in reversed(lines)]
    legend = {"title": None, "orient": "top", "columns": columns, "symbolType": "stroke", "offset": 4,
              "labelFontSize": 12, "symbolStrokeWidth": 2.4, "labelLimit": 200}  # fmt: skip
    colour = field("line:N", scale={"domain": ["so far", *names], "range": [INK, *shades]}, legend=legend)

    def at(name: str) -> Spec:
        return {"x": x, "y": field(f"{name}:Q", title=None, scale={"zero": True}, axis=axis)}

    def drawn(name: str) -> Spec:
        return {**at(name), "color": colour, "tooltip": figures.tips("line", "year", name, told_as)}

    layers = [view(own.rows, "line", drawn(own.field), strokeWidth=2.6, strokeCap="round")]
    for line in lines:
        end = [*_PATH, {"filter": "datum.year == by"}, {"calculate": line.figure, "as": "label"}]
        named = [*_PATH, {"calculate": f"'{line.name}'", "as": "line"}]
        layers += [
            view(path, "line", drawn(line.field), named, strokeWidth=2.4, strokeDash=list(line.dash)),
            view(path, "point", at(line.field), end, filled=True, size=48, color=line.colour, opacity=1),
            *figures.halo(
                path, align="left", baseline="middle", dx=8, dy=line.lift, fontSize=13, fontWeight=600,
                color=line.colour, encode={**at(line.field), "text": field("label:N")}, transform=end,
            ),
        ]  # fmt: skip
    return layers
