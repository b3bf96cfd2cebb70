"""NATO's own workbook of tables on defence expenditure, any edition since 2016.

Tables are found by their titles ("Table 3 : ..."), blocks by their headings, columns by the row of years.
A heading may stand above or below the years, on any row and column; every block may have years of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis import areas
from analysis.publishers import nato_measures as measures
from analysis.publishers.cells import Figure, text, unavailable
from analysis.publishers.grid import Sheet, number, read_workbook

_TITLE = re.compile(r"(?P<kind>table|graph|chart|figure)\s+\w+\s*[:.\-–]\s*(?P<words>.+)", re.IGNORECASE)
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)\s*(?P<estimate>e?)", re.IGNORECASE)
_NOTE = re.compile(r"notes?\b|sources?\b|\*|\([a-z]\)|e\s|-\s*\d+\s*-$", re.IGNORECASE)
_HEADER_WORD = re.compile(r"country|currency unit ?(\(million\))?", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"\((\d+|-)\)")
_ESTIMATES = re.compile(r"figures for ([\d\s,and]+) are estimates?", re.IGNORECASE)


def year(value: Any) -> tuple[int, bool] | None:
    """The year of a header cell and whether it is marked as an estimate ("2024e"); None where it is none."""
    found = number(value)
    match = _YEAR.fullmatch(f"{found:g}" if found is not None else text(value))
    return (int(match["year"]), bool(match["estimate"])) if match else None


def read(path: Path) -> tuple[list[Figure], list[str]]:
    """The figures of a workbook and notes on what was left out by rule.

    LayoutError names the cell of anything that is not understood.
    """
    figures: list[Figure] = []
    notes: list[str] = []
    for sheet in read_workbook(path):
        reader = _Reader(sheet)
        reader.read()
        figures += reader.figures
        notes += reader.notes
    return figures, notes


class _Reader:
    """Reads one sheet from top to bottom, keeping what titles, headings and years have said."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.figures: list[Figure] = []
        self.notes: list[str] = []
        self.words: measures.Words | None = None
        self.skipping = False
        self._start_table()

    def _start_table(self) -> None:
        self.years: dict[int, tuple[int, bool]] = {}
        self.table: list[Figure] = []
        self.below = False  # among the notes under a table
        self.estimates: set[int] | None = None  # as a note says

    def read(self) -> None:
        for row, cells in enumerate(self.sheet.rows):
            filled = {column: value for column, value in enumerate(cells) if text(value)}
            if not filled:
                continue
            first = next(iter(filled.values()))
            if isinstance(first, str) and (title := _TITLE.fullmatch(text(first))):
                self._title(row, next(iter(filled)), title)
            elif self.skipping or all(_COLUMN_NUMBER.fullmatch(text(value)) for value in filled.values()):
                continue
            elif self.words is None:
                self._untitled(row, filled)
            elif self._is_header(filled):
                self._header(row, filled)
            elif self._is_line(filled):
                self._line(row, filled)
            else:
                self._figures(row, filled)
        self._close()

    def _title(self, row: int, column: int, title: re.Match) -> None:
        self._close()
        self._start_table()
        self.skipping = title["kind"].casefold() != "table" or measures.repeats_others(title["words"])
        if self.skipping:
            self.notes.append(f"{self.sheet.file.name}: left out, as it repeats other tables: {title[0]}")
            return
        self.words = measures.opened(title["words"])
        if self.words is None:
            raise self.sheet.fault(
                f"a table of unknown title {title[0]!r}",
                row,
                column,
                "Add its words to publishers/nato_measures.py",
            )

    def _untitled(self, row: int, filled: dict[int, Any]) -> None:
        for column, value in filled.items():
            if number(value) is not None:
                raise self.sheet.fault(
                    f"the figure {value!r} stands above any table title",
                    row,
                    column,
                    "A title reads like 'Table 2 : Defence expenditure'",
                )

    def _is_header(self, filled: dict[int, Any]) -> bool:
        named = any(isinstance(v, str) and areas.find(v, "nato") for v in filled.values())
        return not named and sum(year(value) is not None for value in filled.values()) >= 2

    def _header(self, row: int, filled: dict[int, Any]) -> None:
        self.years = {}
        for column, value in filled.items():
            if found := year(value):
                if found[0] in {known for known, _ in self.years.values()}:
                    raise self.sheet.fault(f"the year {found[0]} stands twice in the header", row, column)
                self.years[column] = found
            elif not _HEADER_WORD.fullmatch(text(value)):
                raise self.sheet.fault(
                    f"the header {text(value)!r} is not a year",
                    row,
                    column,
                    "A header reads like 2023 or '2024e'",
                )
        self.below = False

    def _is_line(self, filled: dict[int, Any]) -> bool:
        """Whether a row is words only: a heading, a unit line or a note, wherever they stand."""
        if any(number(value) is not None or text(value).startswith("#") for value in filled.values()):
            return False
        return len(filled) == 1 or not any(column in self.years for column in filled)

    def _line(self, row: int, filled: dict[int, Any]) -> None:
        line = text(next(iter(filled.values())))
        if estimates := _ESTIMATES.search(line):
            self.estimates = {int(found) for found in re.findall(r"\d{4}", estimates[1])}
        if _NOTE.match(line):
            self.below = True
            return
        heard = self.words.heard(line) if len(filled) == 1 else None
        if heard is not None:
            self.words, self.below = heard, False
        elif not self.below and not areas.find(line, "nato"):
            raise self.sheet.fault(
                f"the heading {line!r} is not understood",
                row,
                next(iter(filled)),
                "Add its words to publishers/nato_measures.py",
            )

    def _figures(self, row: int, filled: dict[int, Any]) -> None:
        if not self.years:
            raise self.sheet.fault("figures stand above the row of years", row, next(iter(filled)))
        labels = {column: text(v) for column, v in filled.items() if column < min(self.years)}
        if not labels:
            self._residue(row, filled)
            return
        if self.below:
            raise self.sheet.fault("figures stand below the notes of the table", row, next(iter(filled)))
        try:
            measure = self.words.measure()
        except ValueError as problem:
            raise self.sheet.fault(
                f"the table's words do not say what these rows hold: {problem}",
                row,
                next(iter(filled)),
                f"The title is {self.words.title!r}",
            ) from None
        reporter = self._reporter(row, labels)
        breaks = self._stray(row, filled)
        for column, (period, estimate) in self.years.items():
            value, broken = self._value(row, column)
            if value is None:
                continue
            flag = "estimate" if estimate else "break" if broken or column in breaks else ""
            self.table.append(
                Figure(
                    f"nato.{measure.name}",
                    reporter,
                    period,
                    value * measure.factor,
                    measure.unit,
                    flag,
                    self.sheet,
                    row,
                    column,
                )
            )

    def _residue(self, row: int, filled: dict[int, Any]) -> None:
        """Rows without a name are left-overs of the publisher's formulas: errors and zeros, never figures."""
        for column, value in filled.items():
            if text(value) != "#REF!" and number(value) != 0:
                raise self.sheet.fault(
                    f"{text(value)!r} stands in a row without a country",
                    row,
                    column,
                    "Compare the row with the publisher's own copy",
                )

    def _reporter(self, row: int, labels: dict[int, str]) -> str:
        column, label = next(iter(labels.items()))
        in_currency = self.words.unit == "million national currency"
        name = re.sub(r"\s*\([^()]*\)\s*$", "", label) if in_currency else label
        code = areas.find(name, "nato")
        if code is None:
            raise self.sheet.fault(
                f"unknown country or group {label!r}",
                row,
                column,
                "Add its spelling to data/areas/nato.yaml",
            )
        for other, extra in list(labels.items())[1:]:
            if not in_currency or number(extra) is not None:
                raise self.sheet.fault(f"{extra!r} stands beside the country {label!r}", row, other)
        return code

    def _stray(self, row: int, filled: dict[int, Any]) -> set[int]:
        """The columns of years that a break mark "|" in a column of its own stands before."""
        breaks = set()
        for column, value in filled.items():
            if column in self.years or column < min(self.years):
                continue
            after = [other for other in self.years if other > column]
            if text(value) != "|" or not after:
                raise self.sheet.fault(f"{text(value)!r} stands in a column without a year", row, column)
            breaks.add(min(after))
        return breaks

    def _value(self, row: int, column: int) -> tuple[float | None, bool]:
        """The figure of a cell, None where there is none, and whether a break mark stands beside it."""
        value = self.sheet.cell(row, column)
        broken = isinstance(value, str) and "|" in value
        bare = value.replace("|", " ") if broken else value
        if unavailable(bare):
            return None, broken
        if text(bare) in {"-", "–"}:
            return 0.0, broken
        found = number(bare)
        if found is None:
            raise self.sheet.fault(
                f"{text(value)!r} is neither a figure nor a known mark",
                row,
                column,
                "Compare the cell with the publisher's own copy",
            )
        return found, broken

    def _close(self) -> None:
        """End a table: what its note says of estimates has to agree with the years marked "e"."""
        if self.words is None or self.skipping:
            return
        if not self.table:
            raise self.sheet.fault(f"the table {self.words.title!r} holds no figures")
        marked = {figure.period for figure in self.table if figure.flag == "estimate"}
        told = self.estimates & {figure.period for figure in self.table} if self.estimates else set()
        if marked and self.estimates and marked != told:
            raise self.sheet.fault(
                f"the note tells of estimates for {sorted(self.estimates)}, the header marks {sorted(marked)}",
                remedy="Compare the header with the publisher's own copy",
            )
        self.figures += [replace(figure, flag="estimate") if figure.period in told else figure for figure in self.table]
        self.words = None
