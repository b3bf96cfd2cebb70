"""A file of plain rows under one header, as simple publishers and those who copy them give it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis import areas
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers.cells import Figure, text
from analysis.publishers.grid import Sheet, number, read_csv
from analysis.series import series


@dataclass(frozen=True)
class Row:
    """A row: its place, and its cells by column name as stripped text."""

    sheet: Sheet
    at: int
    columns: dict[str, int]

    def __getitem__(self, name: str) -> str:
        """The text of the cell in the column of this name; empty where there is none, or no such column."""
        return text(self.sheet.cell(self.at, self.columns[name])) if name in self.columns else ""

    def fault(self, problem: str, name: str, remedy: str | None = None) -> LayoutError:
        """A LayoutError at the cell in the column of this name."""
        return self.sheet.fault(problem, self.at, self.columns[name], remedy)

    def number(self, name: str) -> float:
        """The number in a cell. LayoutError where it holds none."""
        found = number(self[name])
        if found is None:
            raise self.fault(f"{self[name]!r} is not a figure", name)
        return found

    def year(self, name: str) -> int:
        """The year in a cell, also where it is written 2012.0. LayoutError where it holds none."""
        found = number(self[name])
        if found is None or found != int(found) or not 1700 <= found <= 2150:
            raise self.fault(f"{self[name]!r} is not a year", name)
        return int(found)

    def area(self, name: str, publisher: str) -> str:
        """The code of the area that a cell names. LayoutError where no spelling known is meant."""
        found = areas.find(self[name], publisher)
        if found is None:
            remedy = f"Add its spelling to data/areas/{publisher}.yaml"
            raise self.fault(f"unknown country or group {self[name]!r}", name, remedy)
        return found

    def figure(self, identifier: str, reporter: str, period: int, value: float, name: str, flag: str = "") -> Figure:
        """A figure of a series, in the series' unit, that stands in the column of this name."""
        at = self.columns[name]
        return Figure(identifier, reporter, period, value, series(identifier).unit, flag, self.sheet, self.at, at)


def rows(path: Path, *columns: str | tuple[str, ...]) -> list[Row]:
    """The rows of a CSV file that are not blank, found by their header; lines that begin with # are comments.

    `columns`: names that must be there, once each; one of several spellings is given as a tuple and known by
    its first. LayoutError names what is missing, doubled or out of line. Other columns may be there or not.
    """
    sheet = read_csv(Path(path))
    named = {names[0]: names for names in ((name,) if isinstance(name, str) else name for name in columns)}
    lines = [at for at, cells in enumerate(sheet.rows) if any(map(text, cells)) and not text(cells[0]).startswith("#")]
    if not lines:
        raise sheet.fault("the file is empty")
    header = [text(cell) for cell in sheet.rows[lines[0]]]
    places = {cell: place for place, cell in enumerate(header) if cell}
    for name, spellings in named.items():
        found = [place for place, cell in enumerate(header) if cell in spellings]
        if len(found) != 1:
            wanted = " or ".join(map(repr, spellings))
            raise sheet.fault(f"the column {wanted} is there {len(found)} times", lines[0])
        places[name] = found[0]
    for at in lines[1:]:
        if len(sheet.rows[at]) != len(header):
            raise sheet.fault(f"{len(sheet.rows[at])} cells under {len(header)} columns", at)
    return [Row(sheet, at, places) for at in lines[1:]]


def gathered(publisher: str, files: Sequence[Path], *columns: str | tuple[str, ...]) -> list[Row]:
    """The rows of all files of a release (see `rows`). ClaimbookError where no file is named."""
    if not files:
        raise ClaimbookError(f"{publisher}: no file is named")
    return [row for path in files for row in rows(path, *columns)]


def refuse(publisher: str, edition: str | None) -> None:
    """ClaimbookError where an edition is named though the publisher's file holds one only."""
    if edition is not None:
        raise ClaimbookError(f"{publisher}: a file holds one edition; leave out edition {edition!r}")


def chosen(publisher: str, editions: Iterable[str], edition: str | None) -> str:
    """The edition named, or the only one there is. ClaimbookError lists those there are."""
    known = list(dict.fromkeys(editions))
    if edition is None and len(known) == 1:
        return known[0]
    if edition not in known:
        problem = "name one edition" if edition is None else f"there is no edition {edition!r}"
        raise ClaimbookError(f"{publisher}: {problem}; there are: {', '.join(map(repr, known))}")
    return edition
