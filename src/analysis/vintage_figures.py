"""The chart of how the same year was told by successive releases."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING

import pandas as pd

from analysis import figures, words
from analysis.figures import COLOURS, NARROW, WIDE, Caption
from analysis.vegalite import Spec, data, field, layered, view

if TYPE_CHECKING:
    from altair import LayerChart

# Room at the right for the years that stand at the ends of lines, in px.
ROOM = 46
# How far apart these labels stand at least, in px.
APART = 15
# Years below which the axis names the months of releases.
SHORT = 2.0


def retold(frame: pd.DataFrame, caption: Caption) -> LayerChart:
    """A line for each year told, over the days of the releases that told it; rings are estimates.

    `frame`: year (that is told), released (as the catalogue spells it), day, value, flag; one row a year and release.
    """
    frame = frame.sort_values(["year", "day"], kind="stable")
    years = list(dict.fromkeys(frame["year"]))
    drawn = pd.DataFrame(
        {
            "line": [str(year) for year in frame["year"]],
            "at": [round(_decimal(day), 4) for day in frame["day"]],
            "value": frame["value"].astype(float),
            "release": [f"Release of {words.released(released)}" for released in frame["released"]],
            "kind": ["estimate" if flag in figures.ESTIMATES else "figure" for flag in frame["flag"]],
        }
    )
    low, high = _ends(drawn["value"])
    first, last = _span(drawn["at"])
    # Neighbouring years differ in colour; each stands at the end of its own line, so that five are enough.
    shades = {"domain": [str(year) for year in years], "range": [COLOURS[n % len(COLOURS)] for n in range(len(years))]}
    colour = field("line:N", scale=shades, legend=None)
    x_scale, y_scale = ({"domain": ends, "nice": False, "zero": False} for ends in ([first, last], [low, high]))
    y = field("value:Q", title=None, scale=y_scale, axis={"domain": False, "ticks": False, "tickCount": 6})
    # The release first: it is the name of a point here, the year told is its line's.
    tooltip = [
        field("release:N", title="Release"), field("line:N", title="Year told"),
        field("value:Q", title="Value", format=",.2~f"),
    ]  # fmt: skip
    all_points = data(drawn)
    dots = [
        (data(own), how)
        for own, how in (
            (drawn[drawn["kind"] == "figure"], {"filled": True, "size": 30, "opacity": 1}),
            (drawn[drawn["kind"] == "estimate"], {"fill": "white", "size": 34, "strokeWidth": 1.8, "opacity": 1}),
        )
        if len(own)
    ]
    charts = []
    for width, height in ((WIDE - ROOM, 400), (NARROW - ROOM, 380)):
        axis = _axis(frame["day"], first, last, 5 if width < WIDE / 2 else 10)
        x = field("at:Q", title=None, scale=x_scale, axis=axis)
        shown = {"x": x, "y": y, "color": colour, "tooltip": tooltip}
        ends = _labels(drawn, (high - low) * APART / height)
        layers = [
            view(all_points, "line", shown, strokeWidth=1.8, strokeJoin="round", strokeCap="round"),
            *(view(own, "point", shown, **how) for own, how in dots),
            *figures.halo(
                data(ends), align="left", dx=8, fontSize=12.5, fontWeight=600, baseline="middle",
                encode={"x": x, "y": field("place:Q", scale=y_scale), "text": field("line:N"), "color": colour},
            ),
        ]  # fmt: skip
        charts.append(layered(layers, width=width, height=height))
    return figures.finish(charts[0], charts[1], caption, _table(frame, years))


def _decimal(day: dt.date) -> float:
    """A day as a point on an axis of years, 1 January of a year at its number."""
    start = dt.date(day.year, 1, 1)
    return day.year + (day - start).days / (dt.date(day.year + 1, 1, 1) - start).days


def _ends(values: pd.Series) -> tuple[float, float]:
    """The ends of the value axis. How far figures moved is the matter, so that it need not begin at zero."""
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return low - room, high + room


def _span(days: pd.Series) -> tuple[float, float]:
    """The ends of the axis of days; some room on both sides where there is one release, or a few of one month."""
    first, last = float(days.min()), float(days.max())
    room = max(0.0, 0.25 - (last - first)) / 2
    return first - room, last + room


def _axis(days: pd.Series, first: float, last: float, most: int) -> Spec:
    """Years below the axis; where releases lie within a year or two, the months in which they came."""
    if last - first < SHORT:
        told = {f"{_decimal(day):.4f}": f"{day:%b %Y}" for day in sorted(set(days))}
        label = f"{json.dumps(told)}[format(datum.value, '.4f')]"
        return {"grid": False, "values": [float(at) for at in told], "labelExpr": label, "labelOverlap": True}
    step = next((step for step in (1, 2, 5, 10) if (last - first) / step <= most), 20)
    years = [year for year in range(math.ceil(first), math.floor(last) + 1) if year % step == 0]
    return {"format": "d", "grid": False, "values": years}


def _labels(drawn: pd.DataFrame, gap: float) -> pd.DataFrame:
    """The end of each line and where its year stands: those that end on the same day are kept apart."""
    ends = drawn.groupby("line", sort=False).tail(1)[["line", "at", "value"]].copy()
    ends["place"] = 0.0
    for _, part in ends.groupby("at"):
        ends.loc[part.index, "place"] = figures.spread(list(part["value"]), gap)
    return ends


def _table(frame: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """A row for each release, a column for each year that is told."""
    digits = 3 if float(frame["value"].abs().max()) < 10 else 1
    texts = [
        words.number(value, digits) + (f" ({words.FLAGS[flag]})" if flag in figures.ESTIMATES else "")
        for value, flag in zip(frame["value"], frame["flag"], strict=True)
    ]
    told = frame.assign(text=texts).pivot_table(
        index=["day", "released"], columns="year", values="text", aggfunc="first"
    )
    told = told.reindex(columns=years).fillna("").sort_index().reset_index()
    told.insert(0, "Release of", [words.released(released) for released in told["released"]])
    told = told.drop(columns=["day", "released"]).rename_axis(columns=None)
    told.columns = [str(column) for column in told.columns]
    return told
