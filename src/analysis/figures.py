"""Charts that a careful newspaper would print: Altair specifications, the same bytes for the same figures.

Each function returns a plain Altair chart (see analysis.vegalite). Beside the drawing it carries, under `usermeta`,
what a page needs: title and subtitle, a text alternative, the source line, the figures as a table, and the changes
that fit the drawing to a phone (see analysis.site.figures_html, which turns all this into a figure).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.figure_places import ESTIMATES as ESTIMATES
from analysis.figure_places import decimal_year, extent, rank_ticks, rounded, rows_of, runs, spread, wrapped, year_ticks
from analysis.vegalite import Data, Spec, chart, data, field, layered, view

MIME = "application/vnd.vegalite.v6+json"
FONT = "Claimbook Sans"

# Dark enough to be read as text on white (4.5 to 1 and more), told apart also by colour-blind readers.
COLOURS = ("#0b5c96", "#b34700", "#00734f", "#8a3b73", "#4a4f57")
INK, QUIET, FAINT, BAND = "#1f2328", "#5b6470", "#d5d9de", "#f0dfa8"
WIDE, NARROW = 620, 300
STYLE: Spec = {
    "font": FONT,
    "background": "transparent",
    "padding": {"left": 0, "right": 4, "top": 4, "bottom": 0},
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET, "labelFontSize": 12, "titleColor": QUIET, "titleFontSize": 12, "titleFontWeight": "normal",
        "gridColor": "#e8eaed", "domainColor": FAINT, "tickColor": FAINT, "labelPadding": 6,
    },
}  # fmt: skip
# Stretches of a line that lead to an estimate are dashed.
DASHES = field("style:N", legend=None, scale={"domain": ["actual", "estimate"], "range": [[1, 0], [5, 4]]})


@dataclass(frozen=True)
class Claimed:
    """What a document claims, to be drawn as a band: values or ranks from `low` to `high`, None for no end."""

    label: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Caption:
    """What stands around a chart on a page."""

    title: str
    subtitle: str
    source: str
    alt: str


def enable() -> None:
    """Make Altair answer with the specification alone, so that outputs do not change from run to run."""
    alt.renderers.register("claimbook", _render)
    alt.renderers.enable("claimbook")


def _render(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    about = spec.get("usermeta", {}).get("claimbook", {})
    return {MIME: spec, "text/plain": about.get("alt") or "A chart."}


def finish(
    wide: Spec, narrow: Spec, caption: Caption, table: pd.DataFrame, told: dict | None = None
) -> alt.LayerChart | alt.VConcatChart:
    """The chart of the wide drawing, in the style of the house, with the phone's and all a page needs beside it.

    `told`: for a chart that readers move, the sentence above it ({"signal": its name, "text": as it begins}).
    """
    rows = [[None if value is None or value != value else value for value in row] for row in table.to_numpy().tolist()]
    about = {
        "title": caption.title,
        "subtitle": caption.subtitle,
        "source": caption.source,
        "alt": caption.alt,
        "table": {"columns": [str(column) for column in table.columns], "rows": rows},
        "narrow": {key: narrow[key] for key in ("width", "height", "layer", "vconcat", "datasets") if key in narrow},
    }
    if told is not None:
        about["told"] = told
    return chart({**wide, "config": STYLE, "usermeta": {"claimbook": about}, "description": caption.alt})


def tips(name: str, year: str, value: str, told_as: str) -> list[Spec]:
    """What a live chart tells under the pointer: a name, a year ("" for none) and a value, by their fields.

    `told_as` is what the value is: a unit, or a word for it.
    """
    years = [field(f"{year}:Q", title="Year", format="d")] if year else []
    title = told_as[:1].upper() + told_as[1:]
    return [field(f"{name}:N", title="Name"), *years, field(f"{value}:Q", title=title, format=",.3~f")]


def lines(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    claimed: Claimed | None = None,
    day: dt.date | None = None,
    by: bool = False,
    ranks: bool = False,
    unit: str = "",
) -> alt.LayerChart:
    """Lines over years with the claim as a band and the document's day as a rule (`by`: it was written by that day).

    `frame`: line (label), year, value, flag; one row a line and year. With `ranks` the axis runs downwards
    from 1. Labels stand at the ends of the lines; on a phone, above the drawing. Estimates are dashed.
    """
    names = list(dict.fromkeys(frame["line"]))
    rows = rows_of(frame, "line", "year", "value", "flag")
    band = [] if claimed is None else [end for end in (claimed.low, claimed.high) if end is not None]
    low, high = extent([*(float(row["value"]) for row in rows), *band], ranks)
    low, high = (low, high) if ranks else rounded(low, high)
    first, last = int(rows[0]["year"]), int(rows[-1]["year"])
    axes = _Axes(first, last, low, high, ranks)
    below, above = [], []
    if claimed is not None:
        below, above = _band(claimed, axes)
    if day is not None and first <= decimal_year(day) - 0.5 <= last:
        rule, text = _rule(day, axes, by)
        below, above = below + rule, above + text
    scale = {"domain": names, "range": list(COLOURS[: len(names)]) or [COLOURS[0]]}
    colour = field("line:N", scale=scale, legend=None)
    legend = {"title": None, "orient": "top", "columns": 1, "labelLimit": 290, "labelFontSize": 12,
              "symbolType": "stroke"}  # fmt: skip
    tooltip = tips("line", "year", "value", unit or ("Rank" if ranks else "Value"))
    parts = runs(rows)
    # The likeliest reading last and a little stronger, so that no other line hides it.
    strokes = []
    for likeliest in (False, True):
        own = [row for row in parts if (row["line"] == names[0]) == likeliest]
        if own:
            strokes.append((data(own), 3.0 if likeliest and len(names) > 1 else 2.2))
    points = [{name: row[name] for name in ("line", "year", "value")} for row in rows]
    # A year without neighbours makes no line: it is told by a dot.
    sizes = Counter(row["run"] for row in parts)
    alone = [{name: row[name] for name in ("line", "year", "value")} for row in parts if sizes[row["run"]] == 1]
    dots = [(data(alone), 30)] if alone else []
    last_of = {row["line"]: index for index, row in enumerate(points)}
    ends = [points[index] for index in sorted(last_of.values())]
    charts = []
    for width, height in ((WIDE, 330), (NARROW, 300)):
        small = width == NARROW
        labelled = not small and len(names) > 1
        marks = data(_labelled(ends, low, high, height) if labelled else ends)
        x, y = axes.years(5 if small else 8), axes.values()
        named = field("line:N", scale=scale, legend=legend) if small and len(names) > 1 else colour
        drawn = {"x": x, "y": y, "color": named, "detail": field("run:N"), "strokeDash": DASHES, "tooltip": tooltip}
        dotted = {"x": x, "y": y, "color": colour, "tooltip": tooltip}
        layers = [
            *below,
            *(view(own, "line", drawn, strokeCap="round", clip=True, strokeWidth=stroke, strokeJoin="round")
              for own, stroke in strokes),
            *(view(own, "point", dotted, filled=True, size=size, opacity=1) for own, size in [*dots, (marks, 38)]),
        ]  # fmt: skip
        if labelled:
            layers += halo(
                marks, align="left", dx=9, fontSize=12.5, fontWeight=600, lineBreak="\n", baseline="middle",
                encode={
                    "x": field("year:Q", scale=axes.x), "y": field("place:Q", scale=axes.y), "text": field("label:N"),
                    "color": colour,
                },
            )  # fmt: skip
        charts.append(layered([*layers, *above], width=width if small else 500, height=height))
    return finish(charts[0], charts[1], caption, _by_year(rows, names, unit))


def _by_year(rows: Sequence[Mapping[str, Any]], names: Sequence[str], unit: str) -> pd.DataFrame:
    """The figures of lines as a table, a row a year; NaN where a line has none."""
    told = [row for row in rows if finite(row["value"])]
    years = list(dict.fromkeys(row["year"] for row in told))
    grid = np.full((len(years), 1 + len(names)), math.nan)
    grid[:, 0] = years
    for row in told:
        grid[years.index(row["year"]), 1 + names.index(row["line"])] = row["value"]
    return pd.DataFrame(grid.round(4), columns=["Year", *(f"{name} ({unit})" if unit else name for name in names)])


def _labelled(ends: Sequence[Mapping[str, Any]], low: float, high: float, height: int) -> list[dict[str, Any]]:
    """The ends of lines with their names and where these stand, on an axis so many px high."""
    labels = [wrapped(row["line"]) for row in ends]
    tall = 32 if any("\n" in label for label in labels) else 18
    places = spread([row["value"] for row in ends], (high - low) * tall / height, float(low), float(high))
    return [{**row, "label": label, "place": place} for row, label, place in zip(ends, labels, places, strict=True)]


@dataclass(frozen=True)
class _Axes:
    """The ends of both axes; ranks run downwards."""

    first: int
    last: int
    low: float
    high: float
    ranks: bool

    @property
    def x(self) -> Spec:
        # Stated in every layer: layers share a scale, and one that starts at nought would win.
        return {"domain": [self.first, self.last], "nice": False, "zero": False}

    @property
    def y(self) -> Spec:
        ends = [self.high, self.low] if self.ranks else [self.low, self.high]
        return {"domain": ends, "nice": False, "zero": False, "clamp": True}

    def years(self, most: int) -> Spec:
        scale = {"domain": [self.first, self.last], "nice": False}
        ticks = year_ticks(self.first, self.last, most)
        return field("year:Q", title=None, scale=scale, axis={"format": "d", "grid": False, "values": ticks})

    def values(self) -> Spec:
        ticks = {"values": rank_ticks(self.high), "format": "d"} if self.ranks else {"tickCount": 5}
        return field("value:Q", title=None, scale=self.y, axis={"domain": False, "ticks": False, **ticks})


def halo(source: Data | Spec, *, encode: Spec, transform: Sequence[Spec] = (), **mark: Any) -> list[Spec]:
    """Text that stays legible over lines: a light outline below, the text above."""
    above = dict(mark)
    mark.pop("color", None)
    outline = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round", "strokeOpacity": 0.85, "fill": "#ffffff"}
    shown = {name: channel for name, channel in encode.items() if name != "color"}
    return [
        view(source, "text", shown, transform, **mark, **outline),
        view(source, "text", encode, transform, **above),
    ]


def _band(claimed: Claimed, axes: _Axes) -> tuple[list[Spec], list[Spec]]:
    low, high = axes.low, axes.high
    bottom = low if claimed.low is None else claimed.low
    top = high if claimed.high is None else claimed.high
    if axes.ranks:
        bottom, top = bottom - 0.5, top + 0.5
    own = data([{"from": axes.first, "to": axes.last, "bottom": bottom, "top": top, "label": claimed.label}])
    begin = field("from:Q", scale=axes.x)
    span = view(
        own, "rect",
        {"x": begin, "x2": {"field": "to"}, "y": field("bottom:Q", scale=axes.y), "y2": {"field": "top"}},
        color=BAND, opacity=0.75, clip=True,
    )  # fmt: skip
    ends = []
    if claimed.low is None or claimed.high is None:
        edge = "top" if claimed.low is None else "bottom"
        ends = [view(own, "rule", {"y": field(f"{edge}:Q", scale=axes.y)}, color="#8a6d00", strokeWidth=1.2)]
    # The label of a closed band stands outside it; that of an open one inside, where the claim holds.
    if axes.ranks:
        inside = claimed.low == 1 and claimed.high != 1
        edge, place = ("bottom" if inside else "top"), {"baseline": "top", "dy": 6}
    elif claimed.high is None:
        edge, place = "bottom", {"baseline": "bottom", "dy": -5}
    elif claimed.low is None:
        # A band at the foot of the axis has no room for words.
        inside = top - low > 0.08 * (high - low)
        edge, place = "top", {"baseline": "top", "dy": 6} if inside else {"baseline": "bottom", "dy": -5}
    else:
        edge, place = "top", {"baseline": "bottom", "dy": -4}
    channels = {"x": begin, "y": field(f"{edge}:Q", scale=axes.y), "text": field("label:N")}
    text = halo(own, encode=channels, align="left", dx=4, fontSize=12, color="#6b5500", **place)
    return [span, *ends], text


def _rule(day: dt.date, axes: _Axes, by: bool) -> tuple[list[Spec], list[Spec]]:
    """The day on which a document was written: the rule, and its words, which stand above the lines."""
    at = decimal_year(day) - 0.5  # a year's figure stands for the whole year, its middle at the tick
    label = f"written {'by ' if by else ''}{day:%-d %b %Y}"
    own = data([{"at": at, "foot": axes.high if axes.ranks else axes.low, "label": label}])
    where = field("at:Q", scale=axes.x)
    left = at > axes.first + 0.6 * (axes.last - axes.first)
    place = {"align": "right", "dx": -5} if left else {"align": "left", "dx": 5}
    channels = {"x": where, "y": field("foot:Q", scale=axes.y), "text": field("label:N")}
    text = halo(own, encode=channels, baseline="bottom", dy=-4, fontSize=12, color=QUIET, **place)
    return [view(own, "rule", {"x": where}, color=QUIET, strokeDash=[2, 3])], text


def alt_lines(
    frame: pd.DataFrame, what: str, *, told: Callable[[float], str], claimed: Claimed | None = None, ranks: bool = False
) -> str:
    """A text alternative for lines: for each its span, lowest, highest and last; `told` words a value."""
    parts = [f"Line chart: {what}."]
    least, most = ("best", "worst") if ranks else ("lowest", "highest")
    rows = rows_of(frame, "line", "year", "value")
    for name in dict.fromkeys(frame["line"]):
        part = [row for row in rows if row["line"] == name]
        known = [row for row in part if finite(row["value"])]
        low, high = (ends(known, key=lambda row: row["value"]) for ends in (min, max))
        last = part[-1]
        parts.append(
            f"{name}, {int(part[0]['year'])} to {int(last['year'])}: "
            f"{least} {told(low['value'])} in {int(low['year'])}, {most} {told(high['value'])} in {int(high['year'])}, "
            f"last {told(last['value'])}."
        )
    if claimed is not None:
        parts.append(f"A band bears the words “{claimed.label}”.")
    return " ".join(parts)


def finite(value: float) -> bool:
    """Whether a value can be drawn."""
    return value is not None and math.isfinite(value)
