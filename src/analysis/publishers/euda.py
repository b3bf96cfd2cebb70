"""European Union Drugs Agency (until 2024 the EMCDDA): cocaine seized, as pages of the press print its figures.

Columns: place, level (country, region or port), year, value, unit, vintage, source. The vintage names the agency's
publication, whose year is the edition, and the page that prints the figure. A region is a total. Ports are parts of
countries, what names no publication of the agency is somebody else's figure, and one printed as "nearly" so many is of
a year that was not told in full: all three are left out by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import areas
from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import Figure, collect
from analysis.publishers.table import Row, chosen, gathered

SERIES = "euda.cocaine_seized"
COLUMNS = ("place", "level", "year", "value", "unit", "vintage", "source")
LEVELS = {"country": "country", "region": "group", "port": None}  # and the kind of area that each stands for
EDITION = re.compile(r"(?:EMCDDA|EUDA|EDR|European Drug Report)\b.*?\b(20\d\d)\b")
UNIT = re.compile(r'tonnes seized(?: \("(?P<hedge>(?:over|more than|ruim|nearly)(?= \d)|largest)(?: \d+)?"\))?')
OVER = {"over", "more than", "ruim"}


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The tonnes seized by one edition, named by its year.

    A page names the largest countries only. Where it prints a total of a region too, no country that is not named
    can be above what is left of it: that is the `missing_below` of the year. A total printed as "over" so many
    tonnes is taken to be less than one tonne more. Where it calls a country's figure the largest, nobody is above
    that. LayoutError at anything not understood.
    """
    rows = gathered("euda", files, *COLUMNS)
    notes = []
    own: list[tuple[str, Row]] = []
    for row in rows:
        if row["level"] not in LEVELS:
            raise row.fault(f"unknown level {row['level']!r}", "level", f"Known: {', '.join(LEVELS)}")
        named = EDITION.search(row["vintage"])
        if LEVELS[row["level"]] is None or named is None or "nearly" in row["unit"]:
            notes.append(f"left out: {row['place']} {row['year']}, {row['vintage']}")
        else:
            own.append((named[1], row))
    wanted = chosen("euda", (name for name, _ in own), edition)
    told = [_figure(row) for name, row in own if name == wanted]
    limits = tuple(_limits({(figure.reporter, figure.period): (figure, hedge) for figure, hedge in told}))
    return Parsed(collect(figure for figure, _ in told), limits, notes=tuple(notes))


def _figure(row: Row) -> tuple[Figure, str]:
    """The figure of a row, and the word that it is printed with: "over", "largest"; mostly none."""
    unit = UNIT.fullmatch(row["unit"])
    if unit is None:
        raise row.fault(f"the unit is {row['unit']!r}, not tonnes seized", "unit")
    reporter = row.area("place", "euda")
    if areas.area(reporter).kind != LEVELS[row["level"]]:
        raise row.fault(f"{row['place']!r} is no {row['level']}", "level")
    figure = row.figure(SERIES, reporter, row.year("year"), row.number("value"), "value")
    return figure, unit["hedge"] or ""


def _limits(told: dict[tuple[str, int], tuple[Figure, str]]) -> Iterator[Partial]:
    """For each year, what is left of the total printed for a region once the countries named are taken away."""
    for year in sorted({year for _, year in told}):
        here = [(figure, hedge) for (_, period), (figure, hedge) in told.items() if period == year]
        totals = [(figure, hedge) for figure, hedge in here if areas.area(figure.reporter).kind == "group"]
        named = [figure.value for figure, _ in here if areas.area(figure.reporter).kind == "country"]
        largest = [figure.value for figure, hedge in here if hedge == "largest"]
        if len(totals) != 1 or not named:
            yield Partial(SERIES, periods=(year,))
            continue
        total, hedge = totals[0]
        left = total.value + (1 if hedge in OVER else 0) - sum(named)
        if left < 0:
            raise total.sheet.fault(f"less than its countries' {sum(named):g} in {year}", total.row, total.column)
        yield Partial(SERIES, missing_below=round(min([left, *largest]), 2), periods=(year,))
