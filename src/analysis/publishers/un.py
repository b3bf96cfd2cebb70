"""The scale of assessments of the UN General Assembly: each member's share of the regular budget, in per cent.

Read is a CSV with a row a member state and a column a scale, headed by the last year that the scale held
for; the scale begins in the year after the one before it. A share holds for every year of its scale, but a
state that appears for the first time may have joined late in a scale: its first share counts for the last
year alone. "-" and "NA" mean not a member, a letter and a stroke (b/) that a note tells the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import Figure, area_at, collect, text, year_of
from analysis.publishers.grid import Sheet, number, read_csv
from analysis.publishers.table import refuse
from analysis.series import series

SERIES = "un.scale_of_assessments"
HEAD = "Member State"
NOT_A_MEMBER = {"-", "NA"}
MARK = re.compile(r"[a-z]/")
# What a name carries beside the name: "(formerly Burma)", the letter of a note.
BESIDE = re.compile(r"\s*\(formerly [^()]*\)|\s+[a-z]/$")
# Shares add up to 100, but a state that joins before the next scale comes on top, and one that left is gone.
ROUNDING = 0.05
NEWCOMERS = 10.0


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The share of every member in every year of every scale; years whose list has gaps come out partial.

    LayoutError at an unknown state, a cell that is neither a share nor a known mark, years out of order, and
    a scale that does not add up to about 100 per cent.
    """
    refuse("un", edition)
    if len(files) != 1:
        raise ClaimbookError(f"un: one file holds every scale, not {len(files)}")
    sheet = read_csv(Path(files[0]))
    head, scales = _scales(sheet)
    notes: list[str] = []
    figures = list(_figures(sheet, head, scales, notes))
    partial = Partial(SERIES, periods=tuple(_gaps(sheet, head, scales, figures, notes)))
    return Parsed(collect(figures), (partial,) if partial.periods else (), notes=tuple(notes))


def _scales(sheet: Sheet) -> tuple[int, dict[int, range]]:
    """The row of the header, and the years of each scale by its column."""
    head = next((row for row, line in enumerate(sheet.rows) if line and text(line[0]) == HEAD), None)
    if head is None:
        raise sheet.fault(f"no column {HEAD!r}", remedy="Give the table of all scales, a row a member state")
    scales: dict[int, range] = {}
    before = None
    for column, cell in enumerate(sheet.rows[head][1:], start=1):
        year = year_of(cell)
        if year is None:
            raise sheet.fault(f"{text(cell)!r} is not the last year of a scale", head, column)
        if before is not None and year <= before:
            raise sheet.fault(f"the scale to {year} stands after the one to {before}", head, column)
        scales[column] = range(year if before is None else before + 1, year + 1)
        before = year
    return head, scales


def _figures(sheet: Sheet, head: int, scales: dict[int, range], notes: list[str]) -> Iterator[Figure]:
    """A figure for each state and year."""
    unit = series(SERIES).unit
    for row in range(head + 1, len(sheet.rows)):
        if not any(map(text, sheet.rows[row])):
            continue
        code = area_at(sheet, row, 0, "un", BESIDE.sub("", text(sheet.cell(row, 0))))
        member = False
        for column, years in scales.items():
            told = text(sheet.cell(row, column))
            share = number(told)
            if told in NOT_A_MEMBER or MARK.fullmatch(told):
                member = False
                if told not in NOT_A_MEMBER:
                    notes.append(f"{code} {years[0]}-{years[-1]}: no share but the mark of a note ({told})")
                continue
            if share is None:
                raise sheet.fault(f"{told!r} is not a share", row, column, "Known are a number, '-', 'NA' and 'b/'")
            for year in years if member or column == min(scales) else years[-1:]:
                yield Figure(SERIES, code, year, share, unit, "", sheet, row, column)
            member = True


def _gaps(
    sheet: Sheet, head: int, scales: dict[int, range], figures: Sequence[Figure], notes: list[str]
) -> Iterator[int]:
    """The years whose list lacks a member: what it adds up to is short of 100, or Yugoslavia has no line."""
    listed = {figure.reporter for figure in figures}
    for column, years in scales.items():
        total = sum(figure.value for figure in figures if figure.column == column and figure.period == years[-1])
        if abs(total - 100) > NEWCOMERS:
            raise sheet.fault(f"the shares add up to {total:.2f} per cent", head, column)
        if abs(total - 100) > ROUNDING:
            notes.append(f"the scale to {years[-1]} adds up to {total:.3f} per cent")
        # A member from 1945 to 1992, whose successor is listed from 1996.
        no_yugoslavia = "YUG" not in listed and years[-1] < 1996
        if total < 100 - ROUNDING or no_yugoslavia:
            yield from years
