"""BEA "Foreign Direct Investment in the United States: Selected Items by Detailed Country".

One list of countries under world regions, years across. Within a region come the larger countries, then
"Other", then the countries that make up "Other". Only the position on a historical-cost basis, by
country of the foreign parent, is read.
"""

from __future__ import annotations

import re
from collections import defaultdict

from analysis import areas, observations
from analysis.errors import LayoutError
from analysis.publishers import Parsed
from analysis.publishers.bea_cells import figure, in_millions, year
from analysis.publishers.cells import text
from analysis.publishers.grid import Sheet

SERIES = "bea.fdi_position_foreign_parent"
POSITION = re.compile(r"position on a historical-cost basis", re.IGNORECASE)
# Regions by the label in the list (as areas.normal spells it): code, and the region they are part of.
REGIONS = {
    "europe": ("BEA.EUROPE", "WLD"),
    "latin america other western hemisphere": ("BEA.LATIN_AMERICA", "WLD"),
    "south central america": ("BEA.SOUTH_CENTRAL_AMERICA", "BEA.LATIN_AMERICA"),
    "other western hemisphere": ("BEA.OTHER_WESTERN_HEMISPHERE", "BEA.LATIN_AMERICA"),
    "africa": ("BEA.AFRICA", "WLD"),
    "middle east": ("BEA.MIDDLE_EAST", "WLD"),
    "asia pacific": ("BEA.ASIA_PACIFIC", "WLD"),
}

FOOTNOTE = re.compile(r"[\s\\]*\d?[\d,\\ .]*$")  # "Europe 1", "Europe \\1\\......"

Line = tuple[str, int]  # an area's code and its row


def read(sheets: list[Sheet]) -> Parsed:
    """The observations of the file. LayoutError at anything not understood."""
    found: list[tuple] = []
    notes: list[str] = []
    for sheet in sheets:
        header = next((row for row in range(len(sheet.rows)) if len(_years(sheet, row)) > 1), None)
        if header is None:
            notes.append(f"{sheet.title or sheet.file.name}: no table")
            continue
        columns, unread = _columns(sheet, header)
        notes += [f"{sheet.title or sheet.file.name}: not read: {item}" for item in unread]
        if not columns:
            continue
        if found:
            raise sheet.fault("a second table of the position", header)
        in_millions(sheet, header)
        found = _rows(sheet, header, columns)
    if not found:
        raise LayoutError("no table of the position on a historical-cost basis by foreign parent", file=sheets[0].file)
    return Parsed(observations.make(found), notes=tuple(notes))


def _years(sheet: Sheet, row: int) -> dict[int, tuple[int, str]]:
    return {column: told for column, cell in enumerate(sheet.rows[row]) if (told := year(cell)) is not None}


def _columns(sheet: Sheet, header: int) -> tuple[dict[int, tuple[int, str]], list[str]]:
    """The columns of the position with their year and flag, and the items in other columns.

    An item's label stands above its first year and holds up to the next label in that row.
    """
    above = " ".join(text(cell) for cells in sheet.rows[:header] for cell in cells)
    years = _years(sheet, header)
    labels = next(
        (
            {column: text(cell) for column, cell in enumerate(cells) if text(cell)}
            for cells in reversed(sheet.rows[:header])
            if any(POSITION.search(text(cell)) for cell in cells)
        ),
        {},
    )
    if not labels or re.search(r"ultimate benef", above, re.IGNORECASE):
        return {}, [text(above)[:80]]
    columns, unread, seen = {}, [], {}
    for column, told in years.items():
        label = next((labels[place] for place in sorted(labels, reverse=True) if place <= column), "")
        if not POSITION.search(label):
            unread.append(f"{label} {told[0]}")
            continue
        if seen.setdefault(told[0], column) != column:
            raise sheet.fault(f"the year {told[0]} is there twice", header, column)
        columns[column] = told
    return columns, unread


def _rows(sheet: Sheet, header: int, columns: dict[int, tuple[int, str]]) -> list[tuple]:
    lines, parts = _lines(sheet, header, columns)
    figures: dict[tuple[str, int], tuple[float, str]] = {}
    for code, row in lines:
        for column, (when, flag) in columns.items():
            found = figure(sheet, row, column)
            if found is not None:
                figures[code, when] = (found[0], found[1] or flag)
    _check_sums(sheet, dict(lines), parts, columns, figures)
    return [(SERIES, "USA", code, when, value, "million USD", flag) for (code, when), (value, flag) in figures.items()]


def _lines(sheet: Sheet, header: int, columns: dict[int, tuple[int, str]]) -> tuple[list[Line], dict[str, list[str]]]:
    """The lines of the list with the area each stands for, and the parts that make up each sum."""
    first = min(_years(sheet, header))  # labels stand left of every figure
    names = [text(cell) for cell in sheet.rows[header][:first]]
    lines: list[Line] = []
    known: dict[str, int] = {}
    parts: dict[str, list[str]] = defaultdict(list)
    above = "WLD"  # the sum that the next line is a part of
    total_is_due = any(areas.normal(name) == "all countries" for name in names)
    notes = False
    for row in range(header + 1, len(sheet.rows)):
        at = next((column for column in range(first) if text(sheet.cell(row, column))), 0)
        label = text(sheet.cell(row, at)) if first else ""
        filled = any(text(sheet.cell(row, column)) for column in columns)
        if not filled:
            if label and not (notes or _is_note(label)):
                raise sheet.fault(f"{label!r} has no figures and is not a known note", row, at)
            notes = notes or bool(label)
            continue
        if notes:
            raise sheet.fault("figures below the notes", row, first)
        key = areas.normal(FOOTNOTE.sub("", label))
        if (not label and total_is_due) or key == "all countries":
            code, above, total_is_due = "WLD", "WLD", False
        elif not label:
            raise sheet.fault("figures without a label", row, first)
        elif key in REGIONS:
            code, parent = REGIONS[key]
            parts[parent].append(code)
            above = code
        elif key == "other":
            if above == "WLD" or above.endswith("_OTHER"):
                raise sheet.fault("'Other' does not follow the countries of a region", row, at)
            code = f"{above}_OTHER"
            parts[above].append(code)
            above = code
        else:
            code = _listed(sheet, row, at, key)
            parts[above].append(code)
        if code in known:
            raise sheet.fault(f"{label!r} ({code}) is in row {known[code] + 1} already", row, at)
        known[code] = row
        lines.append((code, row))
    if "WLD" not in known:
        raise sheet.fault("no line 'All countries'", header)
    return lines, parts


def _listed(sheet: Sheet, row: int, at: int, key: str) -> str:
    code = areas.find(key, "bea")
    if code is None or (areas.area(code).kind == "group" and not code.startswith("BEA.")):
        label = text(sheet.cell(row, at))
        raise sheet.fault(f"unknown country {label!r}", row, at, "Add the spelling to data/areas/bea.yaml")
    return code


def _is_note(label: str) -> bool:
    return bool(re.match(r"\d+\.|\(?[*D]\)?[\s.]|n\.a\.|[pr]\s|note|source|legend|release", label, re.IGNORECASE))


def _check_sums(
    sheet: Sheet,
    rows: dict[str, int],
    parts: dict[str, list[str]],
    columns: dict[int, tuple[int, str]],
    figures: dict[tuple[str, int], tuple[float, str]],
) -> None:
    """LayoutError where a sum is not that of its parts, as far as none of them is suppressed."""
    for whole, members in parts.items():
        for column, (when, _) in columns.items():
            printed = figures.get((whole, when))
            values = [figures[member, when][0] for member in members if (member, when) in figures]
            if printed is None:
                continue
            rounding = (len(values) + 1) / 2
            if abs(sum(values) - printed[0]) > rounding:  # never so with a suppressed (NaN) one
                raise sheet.fault(
                    f"{whole} {when} is {printed[0]:,.0f}, its parts sum to {sum(values):,.0f}",
                    rows[whole],
                    column,
                )
