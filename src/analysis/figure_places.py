"""Where things stand in a chart of lines: the ends of its axes, ticks, labels, and what is dashed. All arithmetic."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# Flags whose stretches of a line are dashed.
ESTIMATES = ("estimate", "uncertain", "provisional", "projection")


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


def rows_of(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Some columns of a frame as rows in the order of years: plain values, many times faster to go through."""
    told = zip(*(frame[name].tolist() for name in columns), strict=True)
    return sorted((dict(zip(columns, row, strict=True)) for row in told), key=lambda row: row["year"])


def runs(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines cut into runs, so that stretches that lead to an estimate can be drawn dashed, and gaps stay gaps.

    `rows`: line, year, value, flag, in the order of years; returns line, year, value, style, run. A gap is longer than
    the years mostly lie apart: figures of every fifth year make a line too.
    """
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        lines.setdefault(row["line"], []).append(row)
    found = []
    for line, part in lines.items():
        before, run, style = None, 0, "actual"
        years = [row["year"] for row in part]
        apart = median(late - early for early, late in pairwise(years)) if len(part) > 3 else 1
        for row in part:
            now = "estimate" if row["flag"] in ESTIMATES else "actual"
            gone = before is not None and row["year"] - before["year"] > apart
            told = {name: row[name] for name in ("line", "year", "value")}
            if before is None or now != style or gone:
                run += 1
                if before is not None and not gone:
                    found.append({**before, "style": now, "run": f"{line} {run}"})
            found.append({**told, "style": now, "run": f"{line} {run}"})
            before, style = told, now
    return found


def decimal_year(day: dt.date) -> float:
    """A day as a point on an axis of years."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def wrapped(label: str, width: int = 20) -> str:
    """A label in at most two lines."""
    if len(label) <= width:
        return label
    cut = label.rfind(" ", 0, len(label) // 2 + 4)
    return label if cut < 0 else f"{label[:cut]}\n{label[cut + 1 :]}"


def year_ticks(first: int, last: int, most: int) -> list[int]:
    """Round years, at most so many."""
    step = next((step for step in (1, 2, 5, 10, 20) if (last - first) / step < most), 50)
    return [year for year in range(first, last + 1) if year % step == 0]


def rank_ticks(high: float) -> list[int]:
    """Round ranks from 1 on: a tick at 0 would be a rank that nobody can have."""
    step = 1 if high <= 8 else 5 if high <= 30 else 10 if high <= 80 else 50
    return [1, *range(step if step > 1 else 2, int(high) + 1, step)]


def extent(values: Iterable[float], ranks: bool) -> tuple[float, float]:
    """The ends of an axis that holds some values: from zero unless they stay far above it."""
    known = list(values)
    low, high = min(known), max(known)
    if ranks:
        return 0.5, high + max(1.0, 0.08 * high)
    room = 0.06 * (high - low or abs(high) or 1.0)
    if low >= 0:
        return (0.0 if low < 0.55 * high else low - room), high + room
    return low - room, max(high + room, 0.0)


def rounded(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis moved out to round numbers, so that ticks reach as far as the lines do."""
    step = 10 ** math.floor(math.log10(high - low))
    step = next(size * step for size in (0.1, 0.2, 0.5, 1, 2) if (high - low) / (size * step) <= 8)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
