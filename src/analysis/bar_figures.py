"""Charts of bars, and of what became of each country from one year to another: a row a country, one highlighted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import words
from analysis.figures import COLOURS, INK, Caption, finish, tips
from analysis.vegalite import Spec, data, field, layered, view

if TYPE_CHECKING:
    from altair import LayerChart


def _names(order: list[str], limit: int) -> Spec:
    axis = {"domain": False, "ticks": False, "grid": False, "labelLimit": limit, "labelColor": INK}
    return field("label:N", sort=order, title=None, axis=axis)


def _shade(others: str) -> Spec:
    """The country of a chapter in colour, the others quiet."""
    return field("kind:N", legend=None, scale={"domain": ["this", "other"], "range": [COLOURS[1], others]})


def bars(frame: pd.DataFrame, caption: Caption, *, highlight: str, unit: str, line: float | None = None) -> LayerChart:
    """Horizontal bars in the order of the frame, one of them highlighted; `line` marks a threshold.

    `frame`: label, value, note (shown behind the figure, may be empty).
    """
    frame = frame.reset_index(drop=True).copy()
    whole = 0 if (frame["value"] % 1 == 0).all() else None  # people are counted: no "90.0" beside "440"
    frame["text"] = [
        f"{words.number(value, whole)} {note}".strip()
        for value, note in zip(frame["value"], frame["note"], strict=True)
    ]
    frame["kind"] = ["this" if label == highlight else "other" for label in frame["label"]]
    order = list(frame["label"])
    table = frame[["label", "value"]].round(4)
    table.columns = ["Name", unit]
    own, shade, tooltip = (
        data(frame[["label", "value", "text", "kind"]]),
        _shade("#9fb3c4"),
        tips("label", "", "value", unit),
    )
    x = field("value:Q", title=None, axis=None, scale={"domainMin": min(0.0, float(frame["value"].min()))})
    mark = None if line is None else data([{"at": line}])
    charts = []
    for width in (500, 190):
        y = _names(order, 150 if width == 190 else 200)
        layers = [
            view(own, "bar", {"x": x, "y": y, "color": shade, "tooltip": tooltip}, height={"band": 0.74}),
            view(own, "text", {"x": x, "y": y, "text": field("text:N")}, align="left", dx=5, fontSize=12, color=INK),
        ]
        if mark is not None:
            layers.append(view(mark, "rule", {"x": field("at:Q")}, color="#8a6d00", strokeDash=[4, 3]))
        charts.append(layered(layers, width=width, height=21 * len(frame)))
    return finish(charts[0], charts[1], caption, table)


def dumbbells(
    frame: pd.DataFrame, caption: Caption, *, highlight: str, first: str, second: str, target: float, unit: str
) -> LayerChart:
    """From one year to another, a line a country, with a target; in the order of the frame.

    `frame`: label, before, after (NaN where a country has no figure in the first year).
    """
    frame = frame.reset_index(drop=True).copy()
    frame["kind"] = ["this" if label == highlight else "other" for label in frame["label"]]
    order = list(frame["label"])
    table = frame[["label", "before", "after"]].round(2)
    table.columns = ["Name", f"{first} ({unit})", f"{second} ({unit})"]
    top = float(max(frame["after"].max(), frame["before"].max(), target)) * 1.04
    scale = {"domain": [0, top], "nice": False}
    axis = {"orient": "top", "tickCount": 4, "domain": False, "ticks": False}
    own, shade = data(frame[["label", "before", "after", "kind"]]), _shade("#5f7d95")
    goal = data([{"at": target, "label": f"target {words.number(target, 0)}"}])
    begin, end = field("before:Q", scale=scale), field("after:Q", scale=scale)
    charts = []
    for width in (500, 190):
        y = _names(order, 150 if width == 190 else 200)
        layers = [
            view(goal, "rule", {"x": field("at:Q", scale=scale)}, color="#8a6d00", strokeWidth=1.5),
            view(
                own, "rule",
                {"x": {**begin, "title": None, "axis": axis}, "x2": {"field": "after"}, "y": y, "color": shade},
                strokeWidth=2,
            ),
            view(
                own, "point",
                {"x": begin, "y": y, "color": shade, "tooltip": tips("label", "", "before", f"In {first}, {unit}")},
                size=46, strokeWidth=1.8, fill="white", opacity=1,
            ),
            view(
                own, "point",
                {"x": end, "y": y, "color": shade, "tooltip": tips("label", "", "after", f"In {second}, {unit}")},
                size=62, filled=True, opacity=1,
            ),
        ]  # fmt: skip
        charts.append(layered(layers, width=width, height=19 * len(frame)))
    return finish(charts[0], charts[1], caption, table)
