"""SelectUSA fact sheets on foreign direct investment, from a CSV of rows read off the sheets.

Columns: dataset, measure, concept, reporter, partner, year, value, unit, vintage, source, flag. One file
holds several editions, told apart by `vintage`. The figures are the Bureau of Economic Analysis' as the
sheets print them; a sheet covers one partner, and only some partners have a sheet. Reporter is the USA.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import areas, observations
from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.grid import Sheet, number, read_csv
from analysis.publishers.table import Row

COLUMNS = (
    "dataset",
    "measure",
    "concept",
    "reporter",
    "partner",
    "year",
    "value",
    "unit",
    "vintage",
    "source",
    "flag",
)
SHEET = "SelectUSA country fact sheet"
JOBS = "SelectUSA country fact sheet (BEA AMNE)"
RANKING = "SelectUSA published ranking (by UBO)"
STATEMENTS = ("SelectUSA Monthly Update", "Embassy of Belgium")  # single sentences, not tables
INWARD, OUTWARD = "United States", "United States (outward, to)"
TOP15 = "selectusa.fdi_position_ubo_top15"
# Series and unit by dataset, measure and reporter, and a word of the concept that must agree.
SERIES = {
    (SHEET, "position", INWARD): ("selectusa.fdi_position_ubo", "million USD", "ultimate beneficial owner"),
    (SHEET, "flow", INWARD): ("selectusa.fdi_flow", "million USD", "financial transactions"),
    (SHEET, "position", OUTWARD): ("selectusa.usdia_position", "million USD", "USDIA"),
    (SHEET, "flow", OUTWARD): ("selectusa.usdia_flow", "million USD", "USDIA"),
    (JOBS, "employment", INWARD): ("selectusa.affiliate_employment", "persons", "employees"),
    (RANKING, "position", INWARD): (TOP15, "million USD", "UBO"),
}
NOT_GIVEN = {"N/A*", "NA*", "*"}  # the sheet prints an asterisk and no figure
RANK = re.compile(r"published rank (\d+)")
TYPO = "PRINTED VALUE LOOKS LIKE A TYPO in the sheet"


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The observations of one edition: the rows whose vintage is `edition` or begins with it.

    ClaimbookError, with the editions there are, where `edition` names none or several, or is needed and
    not named. LayoutError at anything in the file that is not understood.
    """
    if not files:
        raise ClaimbookError("selectusa: no file is named")
    rows = [row for path in files for row in _rows(read_csv(Path(path)))]
    chosen = _edition(rows, edition)
    figures: dict[tuple[str, str, int], tuple[float, str, str, Row]] = {}
    notes: list[str] = []
    for row in rows:
        if row["vintage"] != chosen:
            continue
        series, unit = _series(row)
        partner = areas.find(row["partner"], "selectusa")
        if partner is None:
            raise row.fault(f"unknown partner {row['partner']!r}", "partner", "Add it to data/areas/selectusa.yaml")
        year = number(row["year"])
        if year is None or year != int(year) or not 1900 <= year <= 2100:
            raise row.fault(f"{row['year']!r} is not a year", "year")
        found, note = _figure(row, unit)
        if note:
            notes.append(f"{series} {partner} {int(year)}: {note}")
        if found is None:
            continue
        key = (series, partner, int(year))
        before = figures.setdefault(key, (*found, unit, row))
        if str(before[:2]) != str(found):  # text, for a suppressed value is NaN
            raise row.fault(f"{found[0]:,.0f} here and {before[0]:,.0f} in row {before[3].at + 1}", "value")
    observed = [
        (series, "USA", partner, year, value, unit, flag)
        for (series, partner, year), (value, flag, unit, _) in figures.items()
    ]
    ranked = [(year, row) for (series, _, year), (*_, row) in figures.items() if series == TOP15]
    listed = sorted({series for series, _, _ in figures} - {TOP15})
    partial = (*(Partial(series) for series in listed), *_ranking(ranked))
    return Parsed(observations.make(observed), partial, notes=tuple(notes))


def _rows(sheet: Sheet) -> Iterator[Row]:
    header = next((i for i, cells in enumerate(sheet.rows) if "vintage" in cells and "partner" in cells), None)
    if header is None:
        raise sheet.fault("no header with the columns " + ", ".join(COLUMNS))
    columns = {name.strip(): place for place, name in enumerate(sheet.rows[header])}
    for name in COLUMNS:
        if sheet.rows[header].count(name) != 1:
            raise sheet.fault(f"the column {name} is there {sheet.rows[header].count(name)} times", header)
    for at in range(header + 1, len(sheet.rows)):
        if any(cell.strip() for cell in sheet.rows[at]):
            row = Row(sheet, at, columns)
            if len(sheet.rows[at]) != len(sheet.rows[header]):
                raise sheet.fault(f"{len(sheet.rows[at])} cells under {len(columns)} columns", at)
            if not _is_statement(row) and row["dataset"] not in (SHEET, JOBS, RANKING):
                raise row.fault(f"unknown dataset {row['dataset']!r}", "dataset")
            yield row


def _is_statement(row: Row) -> bool:
    return row["dataset"].startswith(STATEMENTS)


def _edition(rows: list[Row], edition: str | None) -> str:
    """The vintage that `edition` names, or the only one there is."""
    tables = list(dict.fromkeys(row["vintage"] for row in rows if not _is_statement(row)))
    statements = {row["vintage"] for row in rows if _is_statement(row)}
    there_are = "there are: " + "; ".join(repr(vintage) for vintage in tables)
    if edition is None:
        if len(tables) != 1:
            raise ClaimbookError(f"selectusa: name one edition of {len(tables)}; {there_are}")
        return tables[0]
    found = [edition] if edition in tables else [v for v in tables if edition and v.startswith(edition)]
    if len(found) == 1:
        return found[0]
    if not found and edition in statements:
        raise ClaimbookError(
            f"selectusa: {edition!r} holds single statements, not a table; cite them as records; {there_are}"
        )
    raise ClaimbookError(f"selectusa: {edition!r} names {len(found)} editions; {there_are}")


def _series(row: Row) -> tuple[str, str]:
    known = SERIES.get((row["dataset"], row["measure"], row["reporter"]))
    if known is None:
        raise row.fault(f"unknown measure {row['measure']!r} of reporter {row['reporter']!r}", "measure")
    series, unit, word = known
    if word not in row["concept"]:
        raise row.fault(f"the concept of {series} should name {word!r}", "concept")
    if row["unit"] != unit:
        raise row.fault(f"the unit is {row['unit']!r}, not {unit!r}", "unit")
    return series, unit


def _figure(row: Row, unit: str) -> tuple[tuple[float, str] | None, str | None]:
    """Value and flag, None where there is no figure, and a note on what is out of the ordinary."""
    mark, value = row["flag"], number(row["value"])
    ranked = RANK.fullmatch(mark) is not None
    if ranked != (row["dataset"] == RANKING):
        raise row.fault(f"{mark!r} in the dataset {row['dataset']!r}", "flag")
    if mark == "(D)" or mark in NOT_GIVEN:
        if row["value"]:
            raise row.fault(f"a figure, {row['value']!r}, that the flag {mark!r} says is not given", "value")
        return ((float("nan"), "suppressed"), None) if mark == "(D)" else (None, f"not given ({mark})")
    if not (mark == "" or mark == TYPO or ranked):
        raise row.fault(f"unknown flag {mark!r}", "flag")
    if value is None:
        raise row.fault(f"{row['value']!r} is not a figure", "value")
    if value != int(value):
        if unit != "million USD":
            raise row.fault(f"{row['value']!r} is not a whole number of {unit}", "value")
        # The Bureau publishes whole millions: one sheet of 2015 prints billions in part of its table.
        return None, f"left out, {row['value']} is not a whole number of millions: the sheet has another unit"
    if unit == "persons" and value < 0:
        raise row.fault(f"{row['value']!r} is negative", "value")
    return (value, ""), ("looks like a misprint in the sheet; kept as printed" if mark == TYPO else None)


def _ranking(ranked: list[tuple[int, Row]]) -> Iterator[Partial]:
    """Checks the printed ranks against the values; what is not listed is below the last one listed."""
    years: dict[int, list[tuple[int, float, Row]]] = defaultdict(list)
    for year, row in ranked:
        years[year].append((int(RANK.fullmatch(row["flag"])[1]), number(row["value"]), row))
    for year, entries in sorted(years.items()):
        entries.sort(key=lambda entry: entry[0])
        for place, (rank, value, row) in enumerate(entries, start=1):
            if rank != place:
                raise row.fault(f"printed rank {rank} of {year} is at place {place} of the list", "flag")
            if place > 1 and value > entries[place - 2][1]:
                raise row.fault(f"printed rank {rank} of {year} has more than rank {rank - 1}", "value")
        yield Partial(TOP15, missing_below=entries[-1][1], periods=(year,))
