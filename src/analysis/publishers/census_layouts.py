"""The three layouts in which the Census Bureau's goods trade by country is had, each read into figures.

1. country.xlsx, or a CSV copy of it: a row per partner and year, a column per flow and month, and the
   year's total (IJAN..IDEC, IYR for imports; EJAN..EDEC, EYR for exports), million USD.
2. Rows of the international trade API: a row per partner and month, whole USD, one flow to a file
   (ALL_VAL_MO for exports, GEN_VAL_MO for imports).
3. Transcribed yearly totals, million USD: `iso3, exports_year, imports_year` under a comment that tells
   the year, or `year, country_code, exports_year_musd, imports_year_musd`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from analysis import areas
from analysis.publishers.cells import text
from analysis.publishers.grid import Sheet, number

EXPORTS, IMPORTS = "census.goods_exports", "census.goods_imports"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
UNIDENTIFIED = "8220"  # the only code that the API lists without a name
HEADER_WITHIN = 30  # rows in which the header is looked for
REMEDY = "Add the spelling or the group to data/areas/census.yaml"


@dataclass(frozen=True)
class Figure:
    """One partner's year in one flow, million USD; `months` where the file has them, else None."""

    series: str
    area: str
    code: str
    year: int
    value: float
    months: tuple[float, ...] | None
    sheet: Sheet
    row: int
    column: int


@dataclass
class Table:
    """What one sheet holds. `threshold`: a transcript's partners that are left out are below it."""

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    threshold: float | None = None


def read(sheet: Sheet) -> Table:
    """The figures of one sheet, whichever layout its header words tell. LayoutError at a fault."""
    for row, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
        words = [str(cell).strip().upper() if cell is not None else "" for cell in cells]
        reader = _layout(set(words))
        if reader is None:
            continue
        for word in words:
            if word and words.count(word) > 1:
                raise sheet.fault(f"column {word} is there twice", row, words.index(word))
        return reader(sheet, row, {word: place for place, word in enumerate(words) if word})
    raise sheet.fault(
        "no header of a known layout in the first rows",
        remedy="Expected columns such as CTY_CODE, CTYNAME, year, IYR, EYR; or CTY_CODE, CTY_NAME, YEAR, "
        "MONTH, ALL_VAL_MO; or iso3, exports_year, imports_year",
    )


def _layout(words: set[str]) -> Callable[[Sheet, int, dict[str, int]], Table] | None:
    if {"YEAR", "CTY_CODE", "CTYNAME"} <= words:
        return _country_file
    if {"YEAR", "MONTH", "CTY_CODE", "CTY_NAME"} <= words:
        return _api_rows
    if "ISO3" in words:
        return _transcript_of_a_year
    if {"YEAR", "COUNTRY_CODE"} <= words:
        return _transcript_of_rows
    return None


def _country_file(sheet: Sheet, header: int, columns: dict[str, int]) -> Table:
    flows = {f"{letter}YR": s for letter, s in (("E", EXPORTS), ("I", IMPORTS)) if f"{letter}YR" in columns}
    if not flows:
        raise sheet.fault("neither EYR nor IYR is a column", header)
    used = {"YEAR", "CTY_CODE", "CTYNAME"}
    months = {}
    for total in flows:
        months[total] = [f"{total[0]}{month}" for month in MONTHS]
        missing = [name for name in months[total] if name not in columns]
        if missing:
            raise sheet.fault(f"no column {missing[0]}", header, remedy="Part years are told by their months")
        used |= {total, *months[total]}
    table = Table(notes=_unread(sheet, columns, used))
    codes: dict[str, str] = {}
    for row in _rows(sheet, header):
        if text(sheet.cell(row, columns["YEAR"])) == "":
            filled = [sheet.cell(row, columns[name]) for total in flows for name in (*months[total], total)]
            if any(cell not in (None, "") and number(cell) != 0 for cell in filled):
                raise sheet.fault("figures without a year", row, columns["YEAR"])
            table.notes.append(f"{sheet.file.name}: row {row + 1} has neither a year nor figures")
            continue
        year = _year(sheet, row, columns["YEAR"])
        code, area = _partner(sheet, row, columns["CTY_CODE"], columns["CTYNAME"], "CENSUS.", codes)
        for total, series in flows.items():
            monthly = tuple(_value(sheet, row, columns[name]) for name in months[total])
            value = _value(sheet, row, columns[total])
            if abs(sum(monthly) - value) > max(0.6, 0.001 * value):  # twelve roundings to 0.1, or 0.1%
                raise sheet.fault(
                    f"{total} is {value:,.1f}, its months sum to {sum(monthly):,.1f}", row, columns[total]
                )
            table.figures.append(Figure(series, area, code, year, value, monthly, sheet, row, columns[total]))
    return table


def _api_rows(sheet: Sheet, header: int, columns: dict[str, int]) -> Table:
    known = {"ALL_VAL_MO": EXPORTS, "GEN_VAL_MO": IMPORTS}
    found = [name for name in known if name in columns]
    if len(found) != 1:
        raise sheet.fault(f"{len(found)} of the columns {', '.join(known)}; one is needed", header)
    measure = found[0]
    used = {"YEAR", "MONTH", "CTY_CODE", "CTY_NAME", measure}
    table = Table(notes=_unread(sheet, columns, used))
    codes: dict[str, str] = {}
    dollars: dict[tuple[str, int], dict[int, float]] = defaultdict(dict)
    places: dict[tuple[str, int], tuple[str, int]] = {}
    for row in _rows(sheet, header):
        year = _year(sheet, row, columns["YEAR"])
        month = number(sheet.cell(row, columns["MONTH"]))
        if month not in range(1, 13):
            raise sheet.fault(f"{sheet.cell(row, columns['MONTH'])!r} is not a month", row, columns["MONTH"])
        code, area = _partner(sheet, row, columns["CTY_CODE"], columns["CTY_NAME"], "CENSUS.API.", codes)
        value = _value(sheet, row, columns[measure])
        key = (code, year)
        if dollars[key].setdefault(int(month), value) != value:
            raise sheet.fault(
                f"{area} {year}-{int(month):02} is {value:,.0f} here and {dollars[key][int(month)]:,.0f} above",
                row,
                columns[measure],
            )
        places.setdefault(key, (area, row))
    for (code, year), monthly in dollars.items():
        area, row = places[code, year]
        # The API leaves out the months in which a partner had no trade.
        millions = tuple(monthly.get(month, 0.0) / 1e6 for month in range(1, 13))
        value = sum(monthly.values()) / 1e6
        table.figures.append(Figure(known[measure], area, code, year, value, millions, sheet, row, columns[measure]))
    return table


def _transcript_of_a_year(sheet: Sheet, header: int, columns: dict[str, int]) -> Table:
    flows = {"EXPORTS_YEAR": EXPORTS, "IMPORTS_YEAR": IMPORTS}
    _need(sheet, header, columns, flows)
    comment = " ".join(",".join(text(cell) for cell in cells) for cells in sheet.rows[:header])
    if "million USD" not in comment:
        raise sheet.fault("the comment above the header does not say 'million USD'", 0)
    years = set(re.findall(r"\b((?:19|20)\d\d)\.json\b", comment))
    if len(years) != 1:
        raise sheet.fault(
            "the comment above the header does not tell the year", 0, remedy="Name the source as in 2025.json"
        )
    year = int(years.pop())
    above = re.search(r">=\s*(\d[\d,]*(?:\.\d+)?)", comment)
    table = Table(
        notes=_unread(sheet, columns, {"ISO3", *flows}),
        threshold=float(above[1].replace(",", "")) if above else None,
    )
    for row in _rows(sheet, header):
        _transcribed(table, sheet, row, year, columns["ISO3"], {columns[c]: s for c, s in flows.items()})
    return table


def _transcript_of_rows(sheet: Sheet, header: int, columns: dict[str, int]) -> Table:
    flows = {"EXPORTS_YEAR_MUSD": EXPORTS, "IMPORTS_YEAR_MUSD": IMPORTS}
    _need(sheet, header, columns, flows)
    table = Table(notes=_unread(sheet, columns, {"YEAR", "COUNTRY_CODE", *flows}))
    for row in _rows(sheet, header):
        year = _year(sheet, row, columns["YEAR"])
        code = columns["COUNTRY_CODE"]
        _transcribed(table, sheet, row, year, code, {columns[c]: s for c, s in flows.items()})
    return table


def _transcribed(table: Table, sheet: Sheet, row: int, year: int, code: int, flows: dict[int, str]) -> None:
    printed = text(sheet.cell(row, code))
    group = re.fullmatch(r"AGG_(\d{4})_\w+", printed)
    area = f"CENSUS.{group[1]}" if group else printed
    if area not in areas.areas():
        raise sheet.fault(f"{printed!r} is not a known country or group", row, code, REMEDY)
    for column, series in flows.items():
        value = _value(sheet, row, column)
        table.figures.append(Figure(series, area, printed, year, value, None, sheet, row, column))


def _partner(sheet: Sheet, row: int, code_at: int, name_at: int, prefix: str, codes: dict[str, str]) -> tuple[str, str]:
    """Code and area of a partner. A code means one area throughout a sheet."""
    printed, name = text(sheet.cell(row, code_at)), text(sheet.cell(row, name_at))
    code = printed.zfill(4) if printed.isdigit() else printed
    known = areas.find(name, "census")
    if re.fullmatch(r"-|0\d{3}|\dXXX", code):
        area = "WLD" if known == "WLD" else f"{prefix}{code}"
        declared = areas.areas().get(area)
        named = declared is not None and areas.normal(name) == areas.normal(declared.name)
        if declared is None or not (named or known == area):
            raise sheet.fault(f"group {code} is called {name!r}, which is not known", row, name_at, REMEDY)
    elif re.fullmatch(r"[1-9]\d{3}", code):
        if not name and code == UNIDENTIFIED:
            known = "CENSUS.UNIDENTIFIED"
        if known is None or areas.area(known).kind == "group":
            raise sheet.fault(f"unknown partner {name!r} (code {code})", row, name_at, REMEDY)
        area = known
    else:
        raise sheet.fault(f"{printed!r} is not a partner's code", row, code_at)
    if codes.setdefault(code, area) != area:
        raise sheet.fault(f"code {code} is {area} here and {codes[code]} above", row, code_at)
    return code, area


def _rows(sheet: Sheet, header: int) -> Iterator[int]:
    """The rows below the header, without blank ones and notes (a lone text in the first column)."""
    for row in range(header + 1, len(sheet.rows)):
        filled = [place for place, cell in enumerate(sheet.rows[row]) if text(cell)]
        lone = filled == [0] and number(sheet.rows[row][0]) is None
        if not filled or lone:
            continue
        if filled[-1] >= len(sheet.rows[header]):  # an unquoted thousands separator moves a row's cells
            raise sheet.fault("a cell beyond the last column of the header", row, filled[-1])
        yield row


def _need(sheet: Sheet, header: int, columns: dict[str, int], names: dict[str, str]) -> None:
    for name in names:
        if name not in columns:
            raise sheet.fault(f"no column {name.lower()}", header)


def _unread(sheet: Sheet, columns: dict[str, int], used: set[str]) -> list[str]:
    return [f"{sheet.file.name}: column {name} is not read" for name in columns if name not in used]


def _year(sheet: Sheet, row: int, column: int) -> int:
    year = number(sheet.cell(row, column))
    if year is None or year != int(year) or not 1900 <= year <= 2100:
        raise sheet.fault(f"{sheet.cell(row, column)!r} is not a year", row, column)
    return int(year)


def _value(sheet: Sheet, row: int, column: int) -> float:
    value = number(sheet.cell(row, column))
    if value is None or value < 0:
        raise sheet.fault(f"{sheet.cell(row, column)!r} is not an amount of trade", row, column)
    return value
