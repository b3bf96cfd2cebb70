"""What the cells of a publisher's table say: a figure, or that there is none; a year; an area."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import areas, observations
from analysis.publishers.grid import Sheet
from analysis.series import series

NOT_AVAILABLE = frozenset({"", ".", "..", "...", "…", "//", "n.a.", "n/a", "na", "xxx"})


@dataclass(frozen=True)
class Figure:
    """One figure and the cell it stands in (row and column counted from 0)."""

    series: str
    reporter: str
    period: int
    value: float
    unit: str
    flag: str
    sheet: Sheet
    row: int
    column: int
    partner: str = ""


def year_of(value: Any) -> int | None:
    """The year that a cell holds, as a number or as text; None where it holds none."""
    plain = text(value).removesuffix(".0")
    return int(plain) if re.fullmatch(r"(1[89]|20|21)\d\d", plain) else None


def area_at(sheet: Sheet, row: int, column: int, publisher: str, name: str | None = None) -> str:
    """The code of the area that a cell names, or `name`, where that is the part of it that does.

    LayoutError where no spelling known is meant.
    """
    name = text(sheet.cell(row, column)) if name is None else name
    code = areas.find(name, publisher) if name else None
    if code is None:
        raise sheet.fault(f"unknown area {name!r}", row, column, f"Declare it in data/areas/{publisher}.yaml")
    return code


def text(value: Any) -> str:
    """A cell as text on one line, ordinary spaces only; empty where the cell is."""
    return "" if value is None else " ".join(str(value).split())


def unavailable(value: Any) -> bool:
    """Whether a cell is empty or holds one of the marks for "not available" or "not applicable"."""
    return text(value).replace(". .", "..").casefold() in NOT_AVAILABLE


def collect(figures: Iterable[Figure]) -> pd.DataFrame:
    """Observations (see analysis.observations) from figures; the same figure may stand in several places.

    LayoutError names the cell of a figure outside what its series allows, and the cell where a figure
    stands a second time with another value. A suppressed figure's value is NaN.
    """
    kept: dict[tuple[str, str, str, int], Figure] = {}
    for figure in figures:
        declared = series(figure.series)
        low = -math.inf if declared.minimum is None else declared.minimum
        high = math.inf if declared.maximum is None else declared.maximum
        if figure.value < low or figure.value > high:
            raise figure.sheet.fault(
                f"{figure.value:g} is impossible for {figure.series}: outside {low:g} to {high:g}",
                figure.row,
                figure.column,
                "Compare the cell with the publisher's own copy",
            )
        key = (figure.series, figure.reporter, figure.partner, figure.period)
        first = kept.setdefault(key, figure)
        # As text, for a suppressed value is NaN and equals nothing.
        if (str(first.value), first.unit) != (str(figure.value), figure.unit):
            other = first.sheet.fault(f"{first.value:g}", first.row, first.column)
            raise figure.sheet.fault(
                f"{figure.series} of {f'{figure.reporter} {figure.partner}'.strip()} in {figure.period} is "
                f"{figure.value:g} {figure.unit} "
                f"here, but elsewhere ({other}) {first.unit}",
                figure.row,
                figure.column,
                "Give the files of one edition only",
            )
    return observations.make(
        [(f.series, f.reporter, f.partner, f.period, f.value, f.unit, f.flag) for f in kept.values()]
    )
