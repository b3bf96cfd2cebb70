"""US Census Bureau: US goods trade by partner, yearly, in million USD.

Exports are total exports, free alongside ship, domestic goods and re-exports together. Imports are
general imports at customs value. Neither is seasonally adjusted. Reporter is the USA; codes below 1000
and codes such as 4XXX are groups. Source: "U.S. Trade in Goods by Country" (country.xlsx) and the
international trade API; analysis.publishers.census_layouts says how each is laid out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis import areas, observations
from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.census_layouts import Figure, Table, read
from analysis.publishers.grid import read_csv, read_workbook

UNIT = "million USD"
FULL_LIST = 0.001  # a list within 0.1% of the world row is a full one; newest years differ by 0.01%
# Codes the Bureau replaced: a country's year with trade under both is their sum. Ethiopia's old code held
# Eritrea too, until mid-1993, and Sudan's held South Sudan, until July 2011.
REPLACED = {"5080": "5081", "4802": "4801", "7320": "7321", "7740": "7749"}

Year = tuple[str, int]  # a series and a year


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The observations of one release, from one file or several of the same vintage.

    A year of which a month is not published yet is left out, and the notes say so. LayoutError names the
    place of anything not understood, and of one key told twice with different values.
    """
    if edition is not None:
        raise ClaimbookError("census: a release holds one edition; name its files and leave out the edition")
    if not files:
        raise ClaimbookError("census: no file is named")
    figures: list[Figure] = []
    notes: list[str] = []
    missing: dict[Year, float | None] = {}
    for path in files:
        sheets = [read_csv(path)] if Path(path).suffix.lower() == ".csv" else read_workbook(path)
        for table in (read(sheet) for sheet in sheets if any(sheet.rows)):
            whole, left_out = _whole_years(table)
            figures += whole
            notes += table.notes + left_out
            for year, bound in _missing_below(whole, table.threshold).items():
                missing[year] = bound if year not in missing else _tighter(bound, missing[year])
    merged, sums = _one_per_area(figures)
    rows = [(f.series, "USA", f.area, f.year, f.value, UNIT, "") for f in merged]
    return Parsed(observations.make(rows), _partial(missing), notes=(*notes, *sums))


def _whole_years(table: Table) -> tuple[list[Figure], list[str]]:
    """The figures of years whose twelve months are all published: a month nobody traded in is not."""
    months: dict[Year, set[int]] = defaultdict(set)
    for figure in table.figures:
        if figure.months is not None and not _is_group(figure):
            months[figure.series, figure.year] |= {m for m, value in enumerate(figure.months) if value}
    part = {year for year, published in months.items() if len(published) < 12}
    notes = [
        f"{series} {year} is left out: months published: {len(months[series, year])} of 12"
        for series, year in sorted(part)
    ]
    return [f for f in table.figures if (f.series, f.year) not in part], notes


def _missing_below(figures: list[Figure], threshold: float | None) -> dict[Year, float | None]:
    """What a partner that is not listed can have at most, by year; None where nothing tells.

    0 where the partners listed add up to the world row. Where they fall short of it (1987 to 1991 list
    the larger partners only), no partner left out can have more than what is short.
    """
    listed: dict[Year, float] = defaultdict(float)
    world: dict[Year, Figure] = {}
    for figure in figures:
        year = (figure.series, figure.year)
        if figure.area == "WLD":
            world[year] = figure
        listed[year] += 0.0 if _is_group(figure) else figure.value
    bounds: dict[Year, float | None] = {}
    for year, total in listed.items():
        if year not in world:
            bounds[year] = threshold
            continue
        printed = world[year]
        short = printed.value - total
        if short < -FULL_LIST * printed.value:
            raise printed.sheet.fault(
                f"the partners of {printed.year} sum to {total:,.1f}, more than the world's {printed.value:,.1f}",
                printed.row,
                printed.column,
            )
        bounds[year] = float(math.ceil(short)) if short > FULL_LIST * printed.value else 0.0
    return bounds


def _tighter(one: float | None, other: float | None) -> float | None:
    return min((bound for bound in (one, other) if bound is not None), default=None)


def _partial(missing: dict[Year, float | None]) -> tuple[Partial, ...]:
    years: dict[tuple[str, float | None], list[int]] = defaultdict(list)
    for (series, year), bound in sorted(missing.items(), key=lambda item: item[0]):
        if bound != 0.0:
            years[series, bound].append(year)
    return tuple(Partial(series, bound, tuple(periods)) for (series, bound), periods in years.items())


def _one_per_area(figures: list[Figure]) -> tuple[list[Figure], list[str]]:
    """One figure for each series, area and year, and a note on each that is the sum of two codes."""
    by_code: dict[tuple[str, str, int, str], Figure] = {}
    for figure in figures:
        first = by_code.setdefault((figure.series, figure.area, figure.year, figure.code), figure)
        if not _same(figure, first):
            raise _differs(figure, first)
    by_area: dict[tuple[str, str, int], Figure] = {}
    for figure in by_code.values():
        key = (figure.series, figure.area, figure.year)
        by_area[key] = _join(by_area[key], figure) if key in by_area else figure
    notes = [f"{f.series} {f.area} {f.year} is the sum of codes {f.code}" for f in by_area.values() if "+" in f.code]
    return list(by_area.values()), notes


def _join(first: Figure, other: Figure) -> Figure:
    """One figure from two codes of one area, of which one has no trade or replaced the other that year."""
    if first.months is None or other.months is None:  # a transcript beside another file: codes differ
        if not _same(other, first):
            raise _differs(other, first)
        return first
    if not (first.value and other.value):
        return first if first.value else other
    if REPLACED.get(first.code, first.code) != REPLACED.get(other.code, other.code):
        raise other.sheet.fault(
            f"{other.area} {other.year} has trade under code {first.code} and under {other.code}",
            other.row,
            other.column,
            "Give one of the codes an area of its own in data/areas/census.yaml",
        )
    return replace(first, code=f"{first.code} + {other.code}", value=first.value + other.value)


def _same(one: Figure, other: Figure) -> bool:
    return math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9)


def _differs(figure: Figure, first: Figure) -> Exception:
    return figure.sheet.fault(
        f"{figure.area} {figure.year} is {figure.value:,.1f} here and {first.value:,.1f} in "
        f"{first.sheet.file.name}, row {first.row + 1}",
        figure.row,
        figure.column,
        "Files of one release must be of one vintage",
    )


def _is_group(figure: Figure) -> bool:
    return areas.area(figure.area).kind == "group"
