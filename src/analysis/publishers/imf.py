"""The IMF's Coordinated Direct Investment Survey, Table 6-o: positions abroad as each investor reports them.

A workbook holds one year-end: a title that names it, a line with the unit, a header "Investment in:" with the
investors that report, and a row for each economy invested in, down to World; notes follow. "C" is
confidential, a blank is not reported. The day of the IMF's extract, in the last note, is the edition's.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.errors import ClaimbookError
from analysis.publishers import Parsed
from analysis.publishers.cells import Figure, area_at, collect, text
from analysis.publishers.grid import Sheet, number, read_workbook
from analysis.publishers.table import refuse

SERIES, UNIT = "imf.outward_position_reported", "million USD"
TITLE = re.compile(r"Table 6-o: Outward Direct Investment Positions by All Reporting Economies .* as of end-(\d{4})")
PRINTED_UNIT = re.compile(r"US Dollars, Millions")
HEAD, END, WORLD = re.compile(r"Investment in:"), re.compile("Notes"), "World"
EXTRACTED = re.compile(r"Data extracted from IMF Data Warehouse on:\s*(\d{1,2})/(\d{1,2})/(\d{4})\b.*")
CONFIDENTIAL = "C"
REMEDY = "Give the workbooks of Table 6-o as the survey's page offers them, in US dollars"


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """Observations of one extract: reporter is the investor, partner where it invests; a workbook a year.

    LayoutError on another table or unit, an unknown economy, a cell that is neither a number nor C, and
    workbooks extracted on different days.
    """
    refuse("imf", edition)
    if not files:
        raise ClaimbookError("imf: no file is named")
    figures: list[Figure] = []
    days: set[str] = set()
    for path in map(Path, files):
        sheets = read_workbook(path)
        sheet = next((sheet for sheet in sheets if _line(sheet, TITLE)), None)
        if sheet is None:
            raise sheets[0].fault("no title of Table 6-o with its year-end", remedy=REMEDY)
        days.add(_day(sheet))
        if len(days) > 1:
            raise sheet.fault(f"workbooks extracted on different days: {', '.join(sorted(days))}", remedy=REMEDY)
        figures += _figures(sheet)
    return Parsed(collect(figures), released=days.pop())


def _line(sheet: Sheet, words: re.Pattern) -> tuple[int, re.Match] | None:
    """The first row whose first cell says just this."""
    for row, line in enumerate(sheet.rows):
        if line and (found := words.fullmatch(text(line[0]))):
            return row, found
    return None


def _needed(sheet: Sheet, words: re.Pattern) -> tuple[int, re.Match]:
    found = _line(sheet, words)
    if found is None:
        raise sheet.fault(f"no line that reads {words.pattern!r}", remedy=REMEDY)
    return found


def _day(sheet: Sheet) -> str:
    row, found = _needed(sheet, EXTRACTED)
    month, day, year = map(int, found.groups())
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise sheet.fault(f"{found[0]!r} names no day", row, 0) from None


def _figures(sheet: Sheet) -> Iterator[Figure]:
    """The figures of a workbook; a blank is not reported."""
    year = int(_needed(sheet, TITLE)[1][1])
    _needed(sheet, PRINTED_UNIT)
    head, end = _needed(sheet, HEAD)[0], _needed(sheet, END)[0]
    reporters = {column: area_at(sheet, head, column, "imf") for column, cell in enumerate(sheet.rows[head]) if column}
    if len(set(reporters.values())) != len(reporters):
        raise sheet.fault("an investor is there twice", head)
    last = ""
    for row in range(head + 1, end):
        if not text(sheet.cell(row, 0)) and not any(map(text, sheet.rows[row])):
            continue
        if last == WORLD:
            raise sheet.fault(f"a row below {WORLD}", row, 0)
        last = text(sheet.cell(row, 0))
        partner = area_at(sheet, row, 0, "imf")
        for column, reporter in reporters.items():
            cell = sheet.cell(row, column)
            value = number(cell)
            if value is not None:
                yield Figure(SERIES, reporter, year, value, UNIT, "", sheet, row, column, partner)
            elif text(cell).upper() == CONFIDENTIAL:
                yield Figure(SERIES, reporter, year, math.nan, UNIT, "suppressed", sheet, row, column, partner)
            elif text(cell):
                raise sheet.fault(f"{text(cell)!r} is neither a number nor C", row, column)
    if last != WORLD:
        raise sheet.fault(f"the table does not end with {WORLD}", end, 0)
