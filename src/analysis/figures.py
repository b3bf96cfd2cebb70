"""Charts that a careful newspaper would print: Altair specifications, the same bytes for the same figures.

Each function returns a plain Altair chart. Beside the drawing it carries, under `usermeta`, what a page
needs: title and subtitle, a text alternative, the source line, the figures as a table, and the changes that
fit the drawing to a phone (see analysis.site.figures_html, which turns all this into a figure).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis import words

MIME = "application/vnd.vegalite.v6+json"
FONT = "Claimbook Sans"

# Dark enough to be read as text on white (4.5 to 1 and more), told apart also by colour-blind readers.
COLOURS = ("#0b5c96", "#b34700", "#00734f", "#8a3b73", "#4a4f57")
# Flags whose stretches of a line are dashed.
ESTIMATES = ("estimate", "uncertain", "provisional", "projection")
INK, QUIET, FAINT, BAND = "#1f2328", "#5b6470", "#d5d9de", "#f0dfa8"
WIDE, NARROW = 620, 300


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


def styled(chart: alt.LayerChart) -> alt.LayerChart:
    """A chart in the style of the house."""
    return (
        chart.configure(font=FONT, background="transparent", padding={"left": 0, "right": 4, "top": 4, "bottom": 0})
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET, labelFontSize=12, titleColor=QUIET, titleFontSize=12, titleFontWeight="normal",
            gridColor="#e8eaed", domainColor=FAINT, tickColor=FAINT, labelPadding=6,
        )
    )  # fmt: skip


def finish(
    wide: alt.LayerChart, narrow: alt.LayerChart, caption: Caption, table: pd.DataFrame, told: dict | None = None
) -> alt.LayerChart:
    """Put the phone's drawing and all a page needs beside the wide one.

    `told`: for a chart that readers move, the sentence above it ({"signal": its name, "text": as it begins}).
    """
    small = styled(narrow).to_dict()
    rows = [[None if value is None or value != value else value for value in row] for row in table.to_numpy().tolist()]
    about = {
        "title": caption.title,
        "subtitle": caption.subtitle,
        "source": caption.source,
        "alt": caption.alt,
        "table": {"columns": [str(column) for column in table.columns], "rows": rows},
        "narrow": {key: small[key] for key in ("width", "height", "layer", "vconcat") if key in small},
    }
    if told is not None:
        about["told"] = told
    missing = {"datasets": small.get("datasets", {})}
    about["narrow"].update({key: value for key, value in missing.items() if value})
    return styled(wide).properties(usermeta={"claimbook": about}, description=caption.alt)


def tips(name: str, year: str, value: str, told_as: str) -> list[alt.Tooltip]:
    """What a live chart tells under the pointer: a name, a year ("" for none) and a value, by their fields.

    `told_as` is what the value is: a unit, or a word for it.
    """
    years = [alt.Tooltip(f"{year}:Q", title="Year", format="d")] if year else []
    title = told_as[:1].upper() + told_as[1:]
    return [
        alt.Tooltip(f"{name}:N", title="Name"), *years, alt.Tooltip(f"{value}:Q", title=title, format=",.3~f")
    ]  # fmt: skip


def spread(values: Sequence[float], gap: float, low: float = -math.inf, high: float = math.inf) -> list[float]:
    """Positions near the values, in their order, at least `gap` apart: for labels at the ends of lines.

    They stay between `low` and `high`, beyond which nothing is drawn, as long as there is room for all of them.
    """
    order = sorted(range(len(values)), key=lambda index: values[index])
    placed = [values[index] for index in order]
    for _ in range(50):
        moved = False
        for lower in range(len(placed) - 1):
            short = gap - (placed[lower + 1] - placed[lower])
            if short > 1e-9:
                placed[lower] -= short / 2
                placed[lower + 1] += short / 2
                moved = True
        if not moved:
            break
    for index, value in enumerate(placed):
        placed[index] = max(value, low if index == 0 else placed[index - 1] + gap)
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], high if index == len(placed) - 1 else placed[index + 1] - gap)
    positions = [0.0] * len(values)
    for place, index in zip(placed, order, strict=True):
        positions[index] = place
    return positions


def runs(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines cut into runs, so that stretches that lead to an estimate can be drawn dashed, and gaps stay gaps.

    A gap is longer than the years mostly lie apart: figures of every fifth year make a line too.
    """
    rows = []
    for line, part in frame.groupby("line", sort=False):
        before, run, style = None, 0, "actual"
        apart = part["year"].sort_values().diff().median() if len(part) > 3 else 1
        for row in part.sort_values("year").to_dict("records"):
            now = "estimate" if row["flag"] in ESTIMATES else "actual"
            gone = before is not None and row["year"] - before["year"] > apart
            if before is None or now != style or gone:
                run += 1
                if before is not None and not gone:
                    rows.append({**before, "style": now, "run": f"{line} {run}"})
            rows.append({**row, "style": now, "run": f"{line} {run}"})
            before, style = row, now
    return pd.DataFrame(rows)


def _decimal_year(day: dt.date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


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
    frame = frame.sort_values("year", kind="stable")
    colours = alt.Scale(domain=names, range=list(COLOURS[: len(names)]) or [COLOURS[0]])
    low, high = _extent(frame["value"], claimed, ranks)
    first, last = int(frame["year"].min()), int(frame["year"].max())
    low, high = (low, high) if ranks else _round(low, high)
    y_scale = alt.Scale(domain=[high, low] if ranks else [low, high], nice=False, zero=False, clamp=True)
    # Stated in every layer: layers share a scale, and one that starts at nought would win.
    x_scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    table = frame.pivot_table(index="year", columns="line", values="value", sort=False).reindex(columns=names)
    table = table.sort_index().round(4).rename_axis(columns=None).reset_index()
    table.columns = ["Year", *[f"{name} ({unit})" if unit else name for name in names]]
    tooltip = tips("line", "year", "value", unit or ("Rank" if ranks else "Value"))
    charts = []
    for width, height in ((WIDE, 330), (NARROW, 300)):
        small = width == NARROW
        x = alt.X(
            "year:Q", title=None, scale=alt.Scale(domain=[first, last], nice=False),
            axis=alt.Axis(format="d", grid=False, values=_year_ticks(first, last, 5 if small else 8)),
        )  # fmt: skip
        # Ranks run downwards from 1, and a tick at 0 would be a rank that nobody can have.
        ticks = {"values": _rank_ticks(high), "format": "d"} if ranks else {"tickCount": 5}
        y = alt.Y("value:Q", title=None, scale=y_scale, axis=alt.Axis(domain=False, ticks=False, **ticks))
        layers: list[alt.Chart] = []
        name: list[alt.Chart] = []
        if claimed is not None:
            band, name = _band(claimed, low, high, x_scale, y_scale, ranks)
            layers += band
        if day is not None and first <= _decimal_year(day) - 0.5 <= last:
            rule, told = _rule(day, low, high, x_scale, y_scale, ranks, by)
            layers, name = layers + rule, name + told
        colour = alt.Color("line:N", scale=colours, legend=None)
        if small and len(names) > 1:
            legend = alt.Legend(
                title=None, orient="top", columns=1, labelLimit=290, labelFontSize=12, symbolType="stroke"
            )
            colour = alt.Color("line:N", scale=colours, legend=legend)
        parts = runs(frame)[["line", "year", "value", "style", "run"]]
        dash = alt.StrokeDash(
            "style:N", legend=None, scale=alt.Scale(domain=["actual", "estimate"], range=[[1, 0], [5, 4]])
        )
        # The likeliest reading last and a little stronger, so that no other line hides it.
        for first_line in (False, True):
            own = parts[(parts["line"] == names[0]) == first_line]
            if len(own):
                mark = {"strokeWidth": 3.0 if first_line and len(names) > 1 else 2.2, "strokeJoin": "round"}
                layers.append(
                    alt.Chart(own)
                    .mark_line(strokeCap="round", clip=True, **mark)
                    .encode(x=x, y=y, color=colour, detail="run:N", strokeDash=dash, tooltip=tooltip)
                )
        # A year without neighbours makes no line: it is told by a dot.
        alone = parts[parts.groupby("run")["year"].transform("size") == 1][["line", "year", "value"]]
        if len(alone):
            layers.append(
                alt.Chart(alone)
                .mark_point(filled=True, size=30, opacity=1)
                .encode(x=x, y=y, color=alt.Color("line:N", scale=colours, legend=None), tooltip=tooltip)
            )
        ends = frame.groupby("line", sort=False).tail(1)[["line", "year", "value"]].copy()
        layers.append(
            alt.Chart(ends)
            .mark_point(filled=True, size=38, opacity=1)
            .encode(x=x, y=y, color=alt.Color("line:N", scale=colours, legend=None), tooltip=tooltip)
        )
        if not small and len(names) > 1:
            ends["label"] = [_wrap(name) for name in ends["line"]]
            tall = 32 if ends["label"].str.contains("\n").any() else 18
            ends["place"] = spread(list(ends["value"]), (high - low) * tall / height, low, high)
            layers += halo(
                alt.Chart(ends), align="left", dx=9, fontSize=12.5, fontWeight=600, lineBreak="\n", baseline="middle",
                encode={
                    "x": alt.X("year:Q", scale=x_scale),
                    "y": alt.Y("place:Q", scale=y_scale),
                    "text": alt.Text("label:N"),
                    "color": alt.Color("line:N", scale=colours, legend=None),
                },
            )  # fmt: skip
        layers += name
        charts.append(alt.layer(*layers).properties(width=width if small else 500, height=height))
    return finish(charts[0], charts[1], caption, table)


def _wrap(label: str, width: int = 20) -> str:
    """A label in at most two lines."""
    if len(label) <= width:
        return label
    cut = label.rfind(" ", 0, len(label) // 2 + 4)
    return label if cut < 0 else f"{label[:cut]}\n{label[cut + 1 :]}"


def _year_ticks(first: int, last: int, most: int) -> list[int]:
    """Round years, at most so many."""
    step = next((step for step in (1, 2, 5, 10, 20) if (last - first) / step < most), 50)
    return [year for year in range(first, last + 1) if year % step == 0]


def halo(chart: alt.Chart, **mark: Any) -> list[alt.Chart]:
    """Text that stays legible over lines: a light outline below, the text above."""
    channels = mark.pop("encode")
    colour = mark.pop("color", None)
    below = chart.mark_text(
        **mark, stroke="#ffffff", strokeWidth=4, strokeJoin="round", strokeOpacity=0.85, fill="#ffffff"
    )
    above = chart.mark_text(**mark, **({} if colour is None else {"color": colour}))
    shown = {name: channel for name, channel in channels.items() if name != "color"}
    return [below.encode(**shown), above.encode(**channels)]


def _rank_ticks(high: float) -> list[int]:
    step = 1 if high <= 8 else 5 if high <= 30 else 10 if high <= 80 else 50
    return [1, *range(step if step > 1 else 2, int(high) + 1, step)]


def _extent(values: pd.Series, claimed: Claimed | None, ranks: bool) -> tuple[float, float]:
    """The ends of the value axis: room for the band, from zero unless the lines stay far above it."""
    known = [float(value) for value in values]
    ends = [] if claimed is None else [end for end in (claimed.low, claimed.high) if end is not None]
    low, high = min(known + ends), max(known + ends)
    if ranks:
        return 0.5, high + max(1.0, 0.08 * high)
    room = 0.06 * (high - low or abs(high) or 1.0)
    if low >= 0:
        return (0.0 if low < 0.55 * high else low - room), high + room
    return low - room, max(high + room, 0.0)


def _round(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis moved out to round numbers, so that ticks reach as far as the lines do."""
    step = 10 ** math.floor(math.log10(high - low))
    step = next(size * step for size in (0.1, 0.2, 0.5, 1, 2) if (high - low) / (size * step) <= 8)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _band(
    claimed: Claimed, low: float, high: float, x_scale: alt.Scale, y_scale: alt.Scale, ranks: bool
) -> tuple[list[alt.Chart], list[alt.Chart]]:
    first, last = x_scale.domain
    bottom = low if claimed.low is None else claimed.low
    top = high if claimed.high is None else claimed.high
    if ranks:
        bottom, top = bottom - 0.5, top + 0.5
    data = pd.DataFrame({"from": [first], "to": [last], "bottom": [bottom], "top": [top], "label": [claimed.label]})
    base = alt.Chart(data)
    span = base.mark_rect(color=BAND, opacity=0.75, clip=True).encode(
        x=alt.X("from:Q", scale=x_scale), x2="to:Q", y=alt.Y("bottom:Q", scale=y_scale), y2="top:Q"
    )
    ends = []
    if claimed.low is None or claimed.high is None:
        edge = "top" if claimed.low is None else "bottom"
        ends = [base.mark_rule(color="#8a6d00", strokeWidth=1.2).encode(y=alt.Y(f"{edge}:Q", scale=y_scale))]
    # The label of a closed band stands outside it; that of an open one inside, where the claim holds.
    if ranks:
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
    channels = {
        "x": alt.X("from:Q", scale=x_scale),
        "y": alt.Y(f"{edge}:Q", scale=y_scale),
        "text": alt.Text("label:N"),
    }
    text = halo(base, encode=channels, align="left", dx=4, fontSize=12, color="#6b5500", **place)
    return [span, *ends], text


def _rule(
    day: dt.date, low: float, high: float, x_scale: alt.Scale, y_scale: alt.Scale, ranks: bool, by: bool
) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """The day on which a document was written: the rule, and its words, which stand above the lines."""
    first, last = x_scale.domain
    at = _decimal_year(day) - 0.5  # a year's figure stands for the whole year, its middle at the tick
    data = pd.DataFrame(
        {"at": [at], "foot": [high if ranks else low], "label": [f"written {'by ' if by else ''}{day:%-d %b %Y}"]}
    )
    left = at > first + 0.6 * (last - first)
    rule = alt.Chart(data).mark_rule(color=QUIET, strokeDash=[2, 3]).encode(x=alt.X("at:Q", scale=x_scale))
    channels = {
        "x": alt.X("at:Q", scale=x_scale),
        "y": alt.Y("foot:Q", scale=y_scale),
        "text": alt.Text("label:N"),
    }
    place = {"align": "right", "dx": -5} if left else {"align": "left", "dx": 5}
    text = halo(alt.Chart(data), encode=channels, baseline="bottom", dy=-4, fontSize=12, color=QUIET, **place)
    return [rule], text


def _names(limit: int) -> alt.Axis:
    return alt.Axis(domain=False, ticks=False, grid=False, labelLimit=limit, labelColor=INK)


def bars(
    frame: pd.DataFrame, caption: Caption, *, highlight: str, unit: str, line: float | None = None
) -> alt.LayerChart:
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
    charts = []
    for width in (500, 190):
        small = width == 190
        y = alt.Y("label:N", sort=order, title=None, axis=_names(150 if small else 200))
        x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domainMin=min(0.0, float(frame["value"].min()))))
        base = alt.Chart(frame[["label", "value", "text", "kind"]])
        shade = alt.Color(
            "kind:N", legend=None, scale=alt.Scale(domain=["this", "other"], range=[COLOURS[1], "#9fb3c4"])
        )
        layers = [
            base.mark_bar(height={"band": 0.74}).encode(
                x=x, y=y, color=shade, tooltip=tips("label", "", "value", unit)
            ),
            base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(x=x, y=y, text="text:N"),
        ]
        if line is not None:
            mark = pd.DataFrame({"at": [line]})
            layers.append(alt.Chart(mark).mark_rule(color="#8a6d00", strokeDash=[4, 3]).encode(x="at:Q"))
        charts.append(alt.layer(*layers).properties(width=width, height=21 * len(frame)))
    return finish(charts[0], charts[1], caption, table)


def dumbbells(
    frame: pd.DataFrame, caption: Caption, *, highlight: str, first: str, second: str, target: float, unit: str
) -> alt.LayerChart:
    """From one year to another, a line a country, with a target; in the order of the frame.

    `frame`: label, before, after (NaN where a country has no figure in the first year).
    """
    frame = frame.reset_index(drop=True).copy()
    frame["kind"] = ["this" if label == highlight else "other" for label in frame["label"]]
    order = list(frame["label"])
    table = frame[["label", "before", "after"]].round(2)
    table.columns = ["Name", f"{first} ({unit})", f"{second} ({unit})"]
    top = float(max(frame["after"].max(), frame["before"].max(), target)) * 1.04
    charts = []
    for width in (500, 190):
        small = width == 190
        y = alt.Y("label:N", sort=order, title=None, axis=_names(150 if small else 200))
        scale = alt.Scale(domain=[0, top], nice=False)
        axis = alt.Axis(orient="top", tickCount=4, domain=False, ticks=False)
        shade = alt.Color(
            "kind:N", legend=None, scale=alt.Scale(domain=["this", "other"], range=[COLOURS[1], "#5f7d95"])
        )
        base = alt.Chart(frame[["label", "before", "after", "kind"]])
        goal = pd.DataFrame({"at": [target], "label": [f"target {words.number(target, 0)}"]})
        layers = [
            alt.Chart(goal).mark_rule(color="#8a6d00", strokeWidth=1.5).encode(x=alt.X("at:Q", scale=scale)),
            base.mark_rule(strokeWidth=2).encode(
                x=alt.X("before:Q", scale=scale, title=None, axis=axis), x2="after:Q", y=y, color=shade
            ),
            base.mark_point(size=46, strokeWidth=1.8, fill="white", opacity=1).encode(
                x=alt.X("before:Q", scale=scale),
                y=y,
                color=shade,
                tooltip=tips("label", "", "before", f"In {first}, {unit}"),
            ),
            base.mark_point(size=62, filled=True, opacity=1).encode(
                x=alt.X("after:Q", scale=scale),
                y=y,
                color=shade,
                tooltip=tips("label", "", "after", f"In {second}, {unit}"),
            ),
        ]
        charts.append(alt.layer(*layers).properties(width=width, height=19 * len(frame)))
    return finish(charts[0], charts[1], caption, table)


def alt_lines(
    frame: pd.DataFrame, what: str, *, told: Callable[[float], str], claimed: Claimed | None = None, ranks: bool = False
) -> str:
    """A text alternative for lines: for each its span, lowest, highest and last; `told` words a value."""
    parts = [f"Line chart: {what}."]
    least, most = ("best", "worst") if ranks else ("lowest", "highest")
    for name, part in frame.groupby("line", sort=False):
        part = part.sort_values("year")
        low, high, last = part.loc[part["value"].idxmin()], part.loc[part["value"].idxmax()], part.iloc[-1]
        parts.append(
            f"{name}, {int(part['year'].iloc[0])} to {int(last['year'])}: "
            f"{least} {told(low['value'])} in {int(low['year'])}, {most} {told(high['value'])} in {int(high['year'])}, "
            f"last {told(last['value'])}."
        )
    if claimed is not None:
        parts.append(f"A band bears the words “{claimed.label}”.")
    return " ".join(parts)


def finite(value: float) -> bool:
    """Whether a value can be drawn."""
    return value is not None and math.isfinite(value)
