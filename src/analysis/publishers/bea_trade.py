"""BEA "U.S. International Trade by Selected Countries and Areas": nine tables, a column per partner.

Goods and services, goods (balance of payments basis) and services, each as exports, imports and
balance. Only the annual rows are read; the quarterly ones are seasonally adjusted.
"""

from __future__ import annotations

import datetime as dt
import re

from analysis import areas, observations
from analysis.errors import LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.bea_cells import figure, in_millions, year
from analysis.publishers.cells import text
from analysis.publishers.grid import Sheet

TITLE = re.compile(r"\b(exports of|imports of|balance on) (goods and services|goods|services)\b", re.IGNORECASE)
FLOWS = {"exports of": "exports", "imports of": "imports", "balance on": "balance"}
ITEMS = {"goods and services": "goods_services", "goods": "goods", "services": "services"}
# Series in threes: exports, imports, balance.
NAMES = [tuple(f"bea.{item}_{flow}" for flow in FLOWS.values()) for item in ITEMS.values()]
QUARTER = re.compile(r"(?:19|20)\d\d\s*:?\s*Q?[1-4]\b.*", re.IGNORECASE)
UPDATED = re.compile(r"last updated:? (\w+ \d{1,2}, \d{4})", re.IGNORECASE)
ROUNDING = 2.0  # exports, imports and balance are rounded one by one

Cells = dict[tuple[str, int], tuple[float, str, int, int]]  # partner, year: value, flag, row, column


def read(sheets: list[Sheet]) -> Parsed:
    """The observations of the workbook. LayoutError at anything not understood."""
    tables: dict[str, tuple[Sheet, Cells]] = {}
    days: dict[str, Sheet] = {}
    for sheet in sheets:
        day = _released(sheet)
        if day is not None:
            days.setdefault(day, sheet)
        header = _header(sheet)
        if header is None:
            continue
        series = _series(sheet, header[0])
        if series in tables:
            raise sheet.fault(f"{series} is in sheet {tables[series][0].title!r} already", header[0])
        in_millions(sheet, header[0])
        tables[series] = (sheet, _cells(sheet, *header, signed=series.endswith("_balance")))
    if not tables:
        raise LayoutError("no sheet holds a table with a Period column", file=sheets[0].file)
    if len(days) > 1:
        first, second = list(days)[:2]
        raise days[second].fault(f"last updated {second}, but sheet {days[first].title!r} says {first}")
    _check_balances(tables)
    rows = [
        (series, "USA", partner, period, value, "million USD", flag)
        for series, (_, cells) in tables.items()
        for (partner, period), (value, flag, _, _) in cells.items()
    ]
    return Parsed(
        observations.make(rows),
        tuple(Partial(series) for series in tables),
        released=next(iter(days), None),
        notes=tuple(f"there is no table of {name}" for names in NAMES for name in names if name not in tables),
    )


def _released(sheet: Sheet) -> str | None:
    for row, cells in enumerate(sheet.rows[:30]):
        for column, cell in enumerate(cells):
            match = UPDATED.search(text(cell))
            if match:
                try:
                    return dt.datetime.strptime(match[1], "%B %d, %Y").date().isoformat()
                except ValueError:
                    raise sheet.fault(f"{match[1]!r} is not a day", row, column) from None
    return None


def _header(sheet: Sheet) -> tuple[int, int] | None:
    """Row and column of the cell "Period"; None for a sheet of contents."""
    for row, cells in enumerate(sheet.rows[:40]):
        for column, cell in enumerate(cells):
            if text(cell).casefold() == "period":
                return row, column
    words = [text(cell).casefold() for cells in sheet.rows for cell in cells]
    if not any(words) or "table of contents" in words:
        return None
    raise sheet.fault("neither a table with a Period column nor a table of contents")


def _series(sheet: Sheet, header: int) -> str:
    found = {
        (match[1].lower(), match[2].lower())
        for cells in sheet.rows[:header]
        for cell in cells
        if (match := TITLE.search(text(cell)))
    }
    if len(found) != 1:
        raise sheet.fault("the lines above the table do not name one flow, such as Exports of Goods", header)
    flow, item = found.pop()
    return f"bea.{ITEMS[item]}_{FLOWS[flow]}"


def _cells(sheet: Sheet, header: int, period: int, *, signed: bool) -> Cells:
    partners = _partners(sheet, header, period)
    cells: Cells = {}
    years: dict[int, int] = {}
    for row in range(header + 1, len(sheet.rows)):
        label = text(sheet.cell(row, period))
        if label.casefold() == "quarterly" or QUARTER.fullmatch(label):
            break
        filled = [column for column, cell in enumerate(sheet.rows[row]) if text(cell)]
        told = year(sheet.cell(row, period))
        if told is None:
            if not filled or label.casefold() == "annual":
                continue
            if filled == [period] and years:
                break  # the notes below the table
            raise sheet.fault(f"{label!r} is not a year", row, period)
        when, flag = told
        if when in years:
            raise sheet.fault(f"the year {when} is in row {years[when] + 1} already", row, period)
        years[when] = row
        for column in filled:
            if column != period and column not in partners:
                raise sheet.fault("a figure in a column without a partner", row, column)
        for column, partner in partners.items():
            found = figure(sheet, row, column)
            if found is None:
                continue
            value, mark = found
            if value < 0 and not signed:
                raise sheet.fault(f"{value:,.0f} is negative", row, column)
            cells[partner, when] = (value, mark or flag, row, column)
    if not years:
        raise sheet.fault("no annual rows", header, period)
    return cells


def _partners(sheet: Sheet, header: int, period: int) -> dict[int, str]:
    partners: dict[int, str] = {}
    for column, cell in enumerate(sheet.rows[header]):
        name = re.sub(r"\s*\(?\d\)?$", "", text(cell))
        if column == period or not name:
            continue
        code = areas.find(name, "bea")
        if code is None:
            raise sheet.fault(f"unknown partner {name!r}", header, column, "Add the spelling to data/areas/bea.yaml")
        if code in partners.values():
            raise sheet.fault(f"{code} has two columns", header, column)
        partners[column] = code
    return partners


def _check_balances(tables: dict[str, tuple[Sheet, Cells]]) -> None:
    """LayoutError where exports less imports are not the balance, as far as all three are printed."""
    for names in NAMES:
        if any(name not in tables for name in names):
            continue
        (_, exports), (_, imports), (sheet, balance) = (tables[name] for name in names)
        for key, (value, _, row, column) in balance.items():
            if key not in exports or key not in imports:
                continue
            expected = exports[key][0] - imports[key][0]
            if abs(expected - value) > ROUNDING:  # never so with a suppressed (NaN) one
                raise sheet.fault(
                    f"{key[0]} {key[1]}: the balance is {value:,.0f}, exports less imports {expected:,.0f}",
                    row,
                    column,
                )
