"""SIPRI, the workbook of its Military Expenditure Database.

Each sheet is one measure, found by the title and the statements above its header; columns are found by
the header words. SIPRI marks figures by the colour of the font. Figures are in the unit that the sheet
states; shares, which the workbook holds as fractions, are turned into per cent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import areas
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed
from analysis.publishers.cells import Figure, collect, text, unavailable
from analysis.publishers.grid import Sheet, number, read_workbook
from analysis.series import series

# A sheet is known by all of these words standing above its header: series, words, factor.
_BASE = r"constant \(?(?P<base>\d{4})\)?"
_COUNTRIES = (
    ("military_expenditure_ncu_financial_year", (r"in local currency", r"are for (financial|fiscal) years"), 1),
    ("military_expenditure_ncu_current", (r"in local currency", r"are for calendar years"), 1),
    (
        "military_expenditure_usd_constant",
        (rf"by country,? in {_BASE} us ?\$", r"us ?\$ ?m\., (at|in) constant", r"exchange rates"),
        1,
    ),
    ("military_expenditure_usd_current", (r"millions of us ?\$ at current prices and exchange rates",), 1),
    ("military_expenditure_share_gdp", (r"percentage of (gross domestic product|gdp)",), 100),
    ("military_expenditure_per_capita_usd_current", (r"per capita", r"in current us ?\$"), 1),
    ("military_expenditure_share_government", (r"percentage of government spending",), 100),
)
_REGIONS = (r"by region in constant us dollars", r"us ?\$ ?b\., at constant (?P<base>\d{4}) prices")
_OTHER_SHEETS = re.compile(r"footnotes and special notes.*", re.IGNORECASE)

# Columns beside the years: what they say is in the sheet of footnotes or concerns no figure.
_BESIDE = re.compile(r"|country|region|currency|notes?|fiscal year\b.*|reporting year|omitted countries", re.IGNORECASE)
# The newest year again, at its own prices. Older editions had it among countries too, repeating a sheet.
_OWN_PRICES = re.compile(r"(?P<year>\d{4}) \(?current( prices)?\)?", re.IGNORECASE)
_NOTE = re.compile(r"[†‡§¶‖*\d]|notes?\b|sources?\b|figures\b", re.IGNORECASE)
_SCALED_CURRENCY = re.compile(r"(m|b|tr)\. .*|.*(million|billion|trillion).*", re.IGNORECASE)

# Theme 1 is the text colour of the workbook, index 8 and FF000000 are black, 64 is the system's text colour.
_COLOURS = {
    ("indexed", 8): "",
    ("indexed", 64): "",
    ("theme", 1): "",
    ("rgb", "FF000000"): "",
    ("indexed", 12): "blue",
    ("rgb", "FF0000FF"): "blue",
    ("indexed", 10): "red",
    ("rgb", "FFFF0000"): "red",
}
_COUNTRY_MARKS = {"blue": "estimate", "red": "uncertain"}
_REGION_MARKS = {"red": "estimate"}

# The states that SIPRI's footnotes call without armed forces (Haiti 1995-2011, Panama since 1990). A zero of
# any other is a figure or an exchange rate that is lacking.
_WITHOUT_FORCES = {"CRI", "HTI", "ISL", "PAN"}


@dataclass
class _Table:
    """A sheet's table: its series, unit and factor, its header row and what its columns are."""

    sheet: Sheet
    header: int
    series: str
    unit: str
    factor: int
    flags: dict[str, str]
    years: dict[int, int]
    own_prices: dict[int, int]
    regions: bool


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The observations of one edition, made of its workbook. The workbook states no day of publication.

    LayoutError names the cell of anything that is not understood. `edition` is refused: a workbook is one.
    """
    if edition is not None:
        raise ClaimbookError(f"a SIPRI workbook is one edition; leave out edition {edition!r}")
    if not files:
        raise ClaimbookError("no files given; give SIPRI's workbook (SIPRI-Milex-data-...xlsx)")
    figures: list[Figure] = []
    lacking: list[Figure] = []
    for path in map(Path, files):
        found = []
        for sheet in read_workbook(path, fonts=True):
            table = _table(sheet)
            if table is not None:
                found += _figures(table)
        if not found:
            raise LayoutError("no table found", file=path, remedy="Give SIPRI's workbook of all countries")
        figures += [figure for figure in found if not _is_lacking(figure)]
        lacking += [figure for figure in found if _is_lacking(figure)]
    return Parsed(collect(figures), notes=_notes(lacking))


def _table(sheet: Sheet) -> _Table | None:
    """The table of a sheet, None for an empty sheet or one of footnotes."""
    title = next((text(cell) for row in sheet.rows for cell in row if text(cell)), "")
    if not title or _OTHER_SHEETS.fullmatch(title):
        return None
    header = next((row for row, cells in enumerate(sheet.rows) if _label_column(cells) is not None), None)
    if header is None:
        raise sheet.fault(f"no header row below the title {title!r}", remedy="It begins with Country or Region")
    lines = [text(cell) for row in sheet.rows[:header] for cell in row if text(cell)]
    name, factor, base, regions = _measure(sheet, title, lines)
    identifier = f"sipri.{name}"
    years: dict[int, int] = {}
    own_prices: dict[int, int] = {}
    for column, cell in enumerate(sheet.rows[header]):
        year = number(cell)
        if year is not None and year == int(year) and 1900 <= year <= 2100:
            if int(year) in years.values():
                raise sheet.fault(f"the year {int(year)} stands twice in the header", header, column)
            years[column] = int(year)
        elif match := _OWN_PRICES.fullmatch(text(cell)):
            own_prices |= {column: int(match["year"])} if regions else {}
        elif not _BESIDE.fullmatch(text(cell)):
            raise sheet.fault(
                f"the header {text(cell)!r} is not known", header, column, "Add it to publishers/sipri.py"
            )
    if not years:
        raise sheet.fault("the header has no years", header)
    return _Table(
        sheet,
        header,
        identifier,
        series(identifier).unit.format(base_year=base),
        factor,
        _flags(lines, _REGION_MARKS if regions else _COUNTRY_MARKS),
        years,
        own_prices,
        regions,
    )


def _label_column(cells: Sequence[Any]) -> int | None:
    return next((c for c, cell in enumerate(cells) if text(cell).casefold() in {"country", "region"}), None)


def _measure(sheet: Sheet, title: str, lines: list[str]) -> tuple[str, int, str | None, bool]:
    """The series a sheet is, the factor to its unit, the base year and whether it is that of regions."""
    said = " | ".join(lines).casefold()
    if all(re.search(words, said) for words in _REGIONS):
        return "military_expenditure_region_usd_constant", 1, _base_year(sheet, said), True
    known = [(n, factor) for n, words, factor in _COUNTRIES if all(re.search(w, said) for w in words)]
    if len(known) != 1:
        raise sheet.fault(
            f"the title {title!r} and the statements below it name no known measure and unit",
            0,
            0,
            "Add their words to publishers/sipri.py",
        )
    name, factor = known[0]
    if name.startswith("military_expenditure_ncu") and re.search(r"\b(millions?|billions?|[mb]\.)", said):
        raise sheet.fault(f"the sheet {title!r} states a scale; whole units were expected", 0, 0)
    return name, factor, _base_year(sheet, said) if name.endswith("constant") else None, False


def _base_year(sheet: Sheet, said: str) -> str:
    years = {match[1] for match in re.finditer(r"constant \(?(\d{4})\)?", said)}
    if len(years) != 1:
        raise sheet.fault(f"the base year of constant prices is told as {sorted(years)}", 0, 0)
    return years.pop()


def _flags(lines: list[str], marks: dict[str, str]) -> dict[str, str]:
    """The flag that each colour stands for, as far as the sheet explains the colour."""
    return {colour: flag for colour, flag in marks.items() if any(f"in {colour}" in line.casefold() for line in lines)}


def _figures(table: _Table) -> list[Figure]:
    sheet = table.sheet
    label = _label_column(sheet.rows[table.header])
    beside = {c: text(cell).casefold() for c, cell in enumerate(sheet.rows[table.header])}
    figures: list[Figure] = []
    for row in range(table.header + 1, len(sheet.rows)):
        name = text(sheet.cell(row, label))
        held = [c for c in (*table.years, *table.own_prices) if not unavailable(sheet.cell(row, c))]
        if not name:
            if any(text(cell) for cell in sheet.rows[row]):
                raise sheet.fault("the row holds something but no country", row, label)
            continue
        reporter = areas.find(name, "sipri")
        if reporter is None:
            if not held and _NOTE.match(name):
                continue
            raise sheet.fault(
                f"unknown country or region {name!r}", row, label, "Add its spelling to data/areas/sipri.yaml"
            )
        _check_beside(sheet, row, beside)
        heading = not table.regions and areas.area(reporter).kind == "group" and reporter != "EUU"
        if heading and held:
            raise sheet.fault(f"the heading {name!r} has a figure beside it", row, held[0])
        figures += [_figure(table, row, column, reporter) for column in held]
    if not figures:
        raise sheet.fault("the table holds no figures")
    return figures


def _figure(table: _Table, row: int, column: int, reporter: str) -> Figure:
    sheet = table.sheet
    cell = sheet.cell(row, column)
    value = number(cell)
    if value is None:
        raise sheet.fault(
            f"{text(cell)!r} is neither a figure nor a known mark",
            row,
            column,
            "Compare the cell with the publisher's own copy",
        )
    if table.factor == 100 and value > 2:
        raise sheet.fault(
            f"a share of {value:g}, where fractions of one were expected", row, column, "Is the sheet in per cent?"
        )
    flag = _flag(table, row, column)
    if column in table.own_prices:
        current = "sipri.military_expenditure_region_usd_current"
        year, unit = table.own_prices[column], series(current).unit
        return Figure(current, reporter, year, value, unit, flag, sheet, row, column)
    period = table.years[column]
    return Figure(table.series, reporter, period, value * table.factor, table.unit, flag, sheet, row, column)


def _flag(table: _Table, row: int, column: int) -> str:
    """What the colour of a cell's font says of its figure."""
    font = table.sheet.fonts[row][column]
    kind = font.color.type if font is not None and font.color is not None else "auto"
    if kind == "auto":
        return ""
    shown = (kind, getattr(font.color, kind))
    colour = _COLOURS.get(shown)
    if colour == "":
        return ""
    if colour is None or colour not in table.flags:
        raise table.sheet.fault(
            f"the font colour {colour or shown} is not explained",
            row,
            column,
            "The sheet says what its colours mean; add the colour to publishers/sipri.py",
        )
    return table.flags[colour]


def _check_beside(sheet: Sheet, row: int, beside: dict[int, str]) -> None:
    """Nothing stands under an empty header, and a currency names no scale."""
    for column, cell in enumerate(sheet.rows[row]):
        header = beside.get(column, "")
        if text(cell) and not header:
            raise sheet.fault(f"{text(cell)!r} stands in a column without a header", row, column)
        if header == "currency" and _SCALED_CURRENCY.fullmatch(text(cell)):
            raise sheet.fault(f"the currency {text(cell)!r} has a scale; whole units were expected", row, column)


def _is_lacking(figure: Figure) -> bool:
    return figure.value == 0 and figure.reporter not in _WITHOUT_FORCES


def _notes(lacking: list[Figure]) -> tuple[str, ...]:
    """One note a series on the zeros that were left out."""
    years: dict[str, dict[str, list[int]]] = {}
    for figure in lacking:
        years.setdefault(figure.series, {}).setdefault(figure.reporter, []).append(figure.period)
    return tuple(
        f"{name}: zeros left out, as they stand for figures or exchange rates that are lacking: "
        + "; ".join(f"{area} {_spans(told)}" for area, told in sorted(found.items()))
        for name, found in sorted(years.items())
    )


def _spans(years: list[int]) -> str:
    """Years with runs drawn together: 1992, 1994-1996."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and year == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], year]
        else:
            spans.append([year])
    return ", ".join("-".join(map(str, span)) for span in spans)
