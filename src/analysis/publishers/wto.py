"""WTO Stats: an economy's trade in goods and commercial services with the world, in million dollars.

Read are the report workbooks of the WTO's data portal (an ``Indicator`` line with title and unit, then
``Reporting Economy``, ``Product/Sector``, ``Partner Economy``, perhaps ``Period``, and a column a year)
and the same table as CSV, also without its title line. Of each table only the total of its products is
taken: TO of merchandise, SOX of commercial services. Monthly and quarterly tables give years by sum,
and only years of which no month or quarter is missing.

The partner of a total is empty; European aggregates also show trade within and beyond the group.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import areas, observations
from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import text, unavailable
from analysis.publishers.grid import Sheet, number, read_csv, read_workbook
from analysis.series import series

PUBLISHER = "wto"
UNIT = {"million us dollar": "million USD", "million us dollars": "million USD"}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august")
MONTHS += ("september", "october", "november", "december")
QUARTERS = ("first quarter", "second quarter", "third quarter", "fourth quarter")
# A table whose economies sum to World within this share lists all that matter.
TOLERANCE = 0.01


@dataclass(frozen=True)
class Kind:
    """A kind of table: its title without the unit, our series, the product taken, the periods of a year."""

    title: str
    series: str
    product: str
    periods: tuple[str, ...] = ()


KINDS = (
    Kind(r"(?:total )?merchandise (exports|imports)(?: by product group)? - annual", "merchandise_{}", "TO"),
    Kind(r"total merchandise (exports|imports) - monthly", "merchandise_{}_sum_of_months", "TO", MONTHS),
    Kind(
        r"commercial services (exports|imports) by main sector - quarterly",
        "commercial_services_{}_sum_of_quarters",
        "SOX",
        QUARTERS,
    ),
    Kind(
        r"commercial services (exports|imports) by main sector - preliminary annual estimates\b.*",
        "commercial_services_{}_preliminary",
        "SOX",
    ),
)
UNDERSTOOD = (
    "Understood are: merchandise exports or imports (annual, monthly); commercial services exports or "
    "imports by main sector (quarterly, preliminary annual estimates); all in million US dollar"
)


@dataclass(frozen=True)
class Table:
    """A table: where its header stands, what it holds, and the columns of its words and years."""

    sheet: Sheet
    head: int
    end: int
    kind: Kind
    series: str
    place: dict[str, int]
    years: dict[int, int]


@dataclass(frozen=True)
class Cell:
    """A figure and where it stands."""

    value: float
    sheet: Sheet
    row: int


Key = tuple[str, str, str, int]


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """Observations from one or several tables of one release; key is series, economy, partner and year.

    Series whose economies do not sum to World, or of which World is not given, come out partial.
    LayoutError on another indicator (the message lists those understood), another unit, an unknown
    economy or period, a cell that is not a number, or two values for one key.
    """
    if edition is not None:
        raise ClaimbookError("a WTO file holds one edition: leave the edition out")
    if not files:
        raise ClaimbookError("no WTO file to parse")
    cells: dict[Key, Cell] = {}
    notes: list[str] = []
    for path in map(Path, files):
        sheets = [read_csv(path)] if path.suffix.lower() == ".csv" else read_workbook(path)
        tables = [table for sheet in sheets for table in _tables(sheet)]
        if not tables:
            raise sheets[0].fault("no table with a column 'Reporting Economy'", remedy=UNDERSTOOD)
        for table in tables:
            for key, cell in _read(table, notes).items():
                _add(cells, key, cell)
    rows = [(*key, cell.value, series(key[0]).unit, "") for key, cell in cells.items()]
    return Parsed(observations.make(rows), _partial(cells), None, tuple(notes))


def _filled(line: Sequence[Any]) -> list[str]:
    return [word for word in map(text, line) if word]


def _add(cells: dict, key: tuple, cell: Cell, column: int | None = None) -> None:
    """Keep a figure; the same one again is nothing new, another one for the key is a fault."""
    first = cells.setdefault(key, cell)
    if first.value != cell.value:
        raise cell.sheet.fault(
            f"{' '.join(str(part) for part in key if part)} is {cell.value:g} here, but {first.value:g} in "
            f"{first.sheet.file.name}, row {first.row + 1}",
            cell.row,
            column,
            "Parse one release at a time",
        )


# Finding tables


def _tables(sheet: Sheet) -> Iterator[Table]:
    """The tables of a sheet, each under its Indicator line."""
    heads = [row for row, line in enumerate(sheet.rows) if any(text(cell) == "Reporting Economy" for cell in line)]
    titles = [row for row, line in enumerate(sheet.rows) if _filled(line)[:1] == ["Indicator"]]
    for head, following in zip(heads, [*heads[1:], len(sheet.rows)], strict=False):
        above = max((row for row in titles if row < head), default=None)
        below = min((row for row in titles if row > head), default=following)
        kind, name = _kind(sheet, above, head)
        place, years = _columns(sheet, head, kind)
        yield Table(sheet, head, min(below, following), kind, name, place, years)


def _kind(sheet: Sheet, row: int | None, head: int) -> tuple[Kind, str]:
    """Kind and series of the table under an Indicator line; without one, of yearly merchandise only."""
    if row is None:
        return _untitled(sheet, head)
    title = [*_filled(sheet.rows[row]), ""][1]
    column = next((n for n, cell in enumerate(sheet.rows[row]) if text(cell) == title), None)
    plain = re.sub(r"\s*[\u2010-\u2015]\s*", " - ", title.casefold())
    stated = re.fullmatch(r"(.*?)\s*\(([^()]*)\)", plain)
    for kind in KINDS:
        if match := re.fullmatch(kind.title, stated[1] if stated else plain):
            if not stated or stated[2] not in UNIT:
                raise sheet.fault(f"unit of {title!r} is not understood", row, column, UNDERSTOOD)
            return kind, f"{PUBLISHER}.{kind.series.format(match[1])}"
    raise sheet.fault(f"indicator {title!r} is not understood", row, column, UNDERSTOOD)


def _untitled(sheet: Sheet, head: int) -> tuple[Kind, str]:
    """Kind and series of a table without title, whose file name must say the flow."""
    heads = [text(cell) for cell in sheet.rows[head]]
    products = {
        text(line[heads.index("Product/Sector")])
        for line in sheet.rows[head + 1 :]
        if "Product/Sector" in heads and len(line) > heads.index("Product/Sector")
    }
    flows = [flow for flow in ("exports", "imports") if flow in sheet.file.stem.casefold()]
    only_total = all(product.startswith("SI3_AGG - TO ") for product in products if product)
    if not any(products) or not only_total or len(flows) != 1 or "Period" in heads:
        raise sheet.fault(
            "no Indicator line says what this is",
            head,
            remedy="Keep the line with title and unit; only yearly merchandise totals (SI3_AGG - TO) go "
            "without it, in a file whose name says exports or imports",
        )
    return KINDS[0], f"{PUBLISHER}.{KINDS[0].series.format(flows[0])}"


def _columns(sheet: Sheet, head: int, kind: Kind) -> tuple[dict[str, int], dict[int, int]]:
    """The columns of words by their names, and the years by their columns."""
    words = ["Reporting Economy", "Product/Sector", "Partner Economy"] + ["Period"] * bool(kind.periods)
    place: dict[str, int] = {}
    years: dict[int, int] = {}
    for column, cell in enumerate(sheet.rows[head]):
        word = text(cell)
        if word in words and word not in place:
            place[word] = column
        elif re.fullmatch(r"(19|20)\d{2}", word):
            years[column] = int(word)
        elif word:
            raise sheet.fault(f"column {word!r} is neither a year nor known", head, column)
    if missing := [word for word in words if word not in place]:
        raise sheet.fault(f"no column {missing[0]!r}", head)
    if not years or len(set(years.values())) != len(years):
        raise sheet.fault("no years in the header, or one twice", head)
    return place, years


# Reading one


def _read(table: Table, notes: list[str]) -> dict[Key, Cell]:
    """The figures of a table by key, months and quarters summed."""
    sheet, kind = table.sheet, table.kind
    parts: dict[tuple[str, str, str, int, str], Cell] = {}
    others: dict[str, int] = {}
    for row in range(table.head + 1, table.end):
        line = sheet.rows[row]
        filled = [n for n, cell in enumerate(line) if text(cell)]
        if not filled or _is_note(line, filled):
            continue
        words = {name: text(sheet.cell(row, column)) for name, column in table.place.items()}
        product = words["Product/Sector"].split(" - ")
        if len(product) < 2:
            raise sheet.fault(f"product {words['Product/Sector']!r} has no code", row, table.place["Product/Sector"])
        if product[1] != kind.product:
            others[product[1]] = others.get(product[1], 0) + 1
            continue
        reporter = _area(table, row, "Reporting Economy", words)
        partner = _area(table, row, "Partner Economy", words)
        period = words.get("Period", "").casefold()
        if kind.periods and period not in kind.periods:
            raise sheet.fault(f"period {words['Period']!r} is not understood", row, table.place["Period"])
        for column in filled:
            if column in table.years:
                value = _value(sheet, row, column)
                if value is not None:
                    key = (table.series, reporter, "" if partner == "WLD" else partner)
                    _add(parts, (*key, table.years[column], period), Cell(value, sheet, row), column)
            elif column not in table.place.values():
                raise sheet.fault(f"value {text(line[column])!r} stands under no year", row, column)
    if not parts:
        raise sheet.fault(f"no rows of product {kind.product}", table.head)
    if others:
        left = ", ".join(f"{code} ({count})" for code, count in sorted(others.items()))
        notes.append(f"{sheet.file.name}: rows of other products are not used: {left}")
    if not kind.periods:
        return {key[:4]: cell for key, cell in parts.items()}
    return _sums(table, parts, notes)


def _sums(table: Table, parts: dict, notes: list[str]) -> dict[Key, Cell]:
    """Yearly sums where no month or quarter is missing; the years left out are noted."""
    gathered: dict[Key, list[Cell]] = {}
    for key, cell in parts.items():
        gathered.setdefault(key[:4], []).append(cell)
    whole = len(table.kind.periods)
    for year in sorted({key[3] for key in gathered}):
        economies = {key[1] for key in gathered if key[3] == year}
        short = {key[1] for key, found in gathered.items() if key[3] == year and len(found) < whole}
        if short:
            names = "all economies" if short == economies else ", ".join(sorted(short))
            notes.append(f"{table.sheet.file.name}: {year} is not complete and left out for {names}")
    return {
        key: Cell(math.fsum(cell.value for cell in found), table.sheet, found[0].row)
        for key, found in gathered.items()
        if len(found) == whole
    }


def _is_note(line: Sequence[Any], filled: list[int]) -> bool:
    """Whether a row is a source or note line: a single text that says so."""
    return len(filled) == 1 and bool(re.match(r"(source|notes?|legend|footnotes?)\b", text(line[filled[0]]), re.I))


def _area(table: Table, row: int, side: str, words: dict[str, str]) -> str:
    code = areas.find(words[side], PUBLISHER) if words[side] else None
    if code is None:
        raise table.sheet.fault(
            f"economy {words[side]!r} is not known",
            row,
            table.place[side],
            "Declare it in data/areas/wto.yaml",
        )
    return code


def _value(sheet: Sheet, row: int, column: int) -> float | None:
    """A value in million dollars, None where there is none."""
    cell = sheet.cell(row, column)
    if unavailable(cell):
        return None
    value = number(cell)
    if value is None or value < 0:
        raise sheet.fault(f"value {text(cell)!r} is not a number of dollars", row, column)
    return value


def _partial(cells: dict[Key, Cell]) -> tuple[Partial, ...]:
    """Series and years whose economies do not sum to World; what they lack bounds each one missing."""
    listed: dict[tuple[str, int], float] = {}
    world: dict[tuple[str, int], float] = {}
    for (name, reporter, partner, year), cell in cells.items():
        if partner == "" and reporter == "WLD":
            world[name, year] = cell.value
        elif partner == "" and reporter in areas.rankable():
            listed[name, year] = listed.get((name, year), 0.0) + cell.value
    lacking: dict[tuple[str, float | None], list[int]] = {}
    for name, year in sorted({(key[0], key[3]) for key in cells}):
        total = world.get((name, year))
        missing = None if total is None else total - listed.get((name, year), 0.0)
        if missing is None or missing > TOLERANCE * total:
            lacking.setdefault((name, missing), []).append(year)
    return tuple(Partial(name, missing, tuple(years)) for (name, missing), years in lacking.items())
