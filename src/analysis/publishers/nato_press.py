"""NATO's shares of GDP as pages of the press printed them, for editions of which no table is at hand.

Each file says in its first lines which page it was read from. Four forms::

    country,2011,...,2018e                         a table of several years; `note` may say "looks swapped"
    country,share_gdp_2017,usd_bn_2017             a table of one year; the dollars are not taken
    country,year,value,edition_on_page,page        several pages, told apart by the short name in `page`
    topic,measure,year,value,unit,statement,...    sentences, of which those on a share of GDP are read

A page mostly prints some allies only. A year of it is complete where it names as many as NATO's own tables then did.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from analysis import areas
from analysis.publishers import Partial
from analysis.publishers.cells import Figure, unavailable
from analysis.publishers.grid import Sheet
from analysis.publishers.nato_workbook import year
from analysis.publishers.table import Row, chosen, refuse, rows

SERIES = "nato.defence_expenditure_share_gdp"
_WIDE = re.compile(r"\w+_[\w-]*share_partial|graphicnews_\w+")
_ONE_YEAR = re.compile(r"share_gdp_(\d{4})")
_PAGES = {"country", "year", "value", "edition_on_page", "page"}
_SENTENCES = {"topic", "measure", "year", "value", "unit", "statement"}
_SENTENCE = re.compile(r"(?P<ally>.+) share of GDP \(NATO (?P<edition>.+)\)")
# How many allies NATO's tables list from a year on; Iceland keeps no forces and is in none.
_ALLIES = {2009: 27, 2017: 28, 2020: 29, 2023: 30, 2024: 31}
_MARKS = {"estimate": r"{year} estimates", "provisional": r"provisional {year} figures"}


def is_press(sheet: Sheet) -> bool:
    """Whether a CSV file (without its comment lines) is of one of the forms read here."""
    names = set(next((cells for cells in sheet.rows if any(cells)), []))
    told = any(map(_ONE_YEAR.fullmatch, names)) or bool(_WIDE.fullmatch(sheet.file.stem))
    return told or names >= _PAGES or names >= _SENTENCES


def read(path: Path, edition: str | None = None) -> tuple[list[Figure], list[Partial], list[str]]:
    """The figures of one page, which years it lists in part, and notes on what was left out by rule.

    `edition`: the short name of a page, or what a sentence says of the edition, where a file holds several.
    LayoutError names the cell of anything that is not understood.
    """
    listed = rows(path)
    names = listed[0].columns.keys() if listed else set()
    notes: list[str] = []
    if names >= _SENTENCES:
        figures = list(_sentences(listed, edition, notes))
    elif names >= _PAGES:
        figures = list(_pages(listed, edition))
    else:
        refuse(path.name, edition)
        figures = list(_tables(listed, notes))
    return figures, list(_partial(figures)), notes


def _tables(listed: list[Row], notes: list[str]) -> Iterator[Figure]:
    for row in listed:
        if "looks swapped" in row["note"]:
            notes.append(f"{row['country']} left out: {row['note']}")
            continue
        if row["note"]:
            raise row.fault(f"the note {row['note']!r} is not known", "note")
        for name, column in row.columns.items():
            if name in {"country", "note"} or name.startswith("usd_bn_"):
                continue
            period = year(match[1] if (match := _ONE_YEAR.fullmatch(name)) else name)
            if period is None:
                raise row.sheet.fault(f"the header {name!r} is not a year", column=column)
            if not unavailable(row[name]):
                yield _share(row, name, period[0], "estimate" if period[1] else "")


def _pages(listed: list[Row], edition: str | None) -> Iterator[Figure]:
    """The rows of one page: the first row of a page tells its edition and address, the others its short name."""
    blocks: list[list[Row]] = []
    for row in listed:
        if row["edition_on_page"] or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    named = {block[-1]["page"]: block for block in blocks}
    wanted = chosen("nato", named, edition)
    first = named[wanted][0]
    for row in named[wanted]:
        if row is not first and row["page"] != wanted:
            raise row.fault(f"the page {row['page']!r} stands among the rows of {wanted!r}", "page")
        period = row.year("year")
        said = (flag for flag, words in _MARKS.items() if words.format(year=period) in first["edition_on_page"])
        yield _share(row, "value", period, next(said, ""))


def _sentences(listed: list[Row], edition: str | None, notes: list[str]) -> Iterator[Figure]:
    own = [row for row in listed if row["topic"] == "nato"]
    told = {match["edition"]: (row, match["ally"]) for row in own if (match := _SENTENCE.fullmatch(row["measure"]))}
    notes += [f"left out: {row['measure']}" for row in own if not _SENTENCE.fullmatch(row["measure"])]
    row, ally = told[chosen("nato", told, edition)]
    if row["unit"] != "percent":
        raise row.fault(f"the unit is {row['unit']!r}, not percent", "unit")
    reporter = areas.find(ally, "nato")
    if reporter is None:
        raise row.fault(f"unknown country {ally!r}", "measure", "Add its spelling to data/areas/nato.yaml")
    flag = "estimate" if row["statement"].startswith("estimate") else ""
    yield row.figure(SERIES, reporter, row.year("year"), row.number("value"), "value", flag)


def _share(row: Row, name: str, period: int, flag: str) -> Figure:
    return row.figure(SERIES, row.area("country", "nato"), period, row.number(name), name, flag)


def _partial(figures: list[Figure]) -> Iterator[Partial]:
    """The years in which allies are missing that NATO's tables listed in the newest of the years."""
    listed: dict[int, set[str]] = defaultdict(set)
    for figure in figures:
        if areas.area(figure.reporter).kind == "country":
            listed[figure.period].add(figure.reporter)
    due = max((count for since, count in _ALLIES.items() if since <= max(listed, default=0)), default=0)
    if lacking := tuple(sorted(period for period, codes in listed.items() if len(codes) < due)):
        yield Partial(SERIES, periods=lacking)
