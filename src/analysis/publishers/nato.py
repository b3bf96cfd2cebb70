"""NATO, Defence Expenditure of NATO Countries.

One edition is a workbook of NATO's own (read by nato_workbook), CSV copies of its tables (nato_csv), or what a page
of the press printed of it (nato_press).
An edition has about ten years, the newest two of them estimates; figures are in the unit and at the base
year that the edition prints. Aggregates of allies are groups and never ranked with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial, nato_csv, nato_press, nato_workbook
from analysis.publishers.cells import Figure, collect


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The observations of one edition, made of one or several files (.xlsx, .csv).

    `edition` chooses one where a CSV file of rows holds several. LayoutError names the cell of anything that
    is not understood.
    """
    if not files:
        raise ClaimbookError("no files given; give a workbook of NATO's or the CSV tables of one edition")
    figures: list[Figure] = []
    partial: list[Partial] = []
    notes: list[str] = []
    long = []
    for path in map(Path, files):
        if path.suffix.casefold() == ".xlsx":
            if edition is not None:
                raise ClaimbookError(f"{path.name} holds one edition; leave out edition {edition!r}")
            found, said = nato_workbook.read(path)
            figures += found
            notes += said
        elif path.suffix.casefold() == ".csv":
            sheet = nato_csv.open_csv(path)
            if nato_press.is_press(sheet):
                found, listed, said = nato_press.read(path, edition)
                figures += found
                partial += listed
                notes += said
                continue
            if nato_csv.is_long(sheet):
                long.append(sheet)
                continue
            found, one_ally = nato_csv.read(sheet, edition)
            figures += found
            partial += one_ally
        else:
            raise LayoutError(f"the ending {path.suffix!r} is not known", file=path, remedy="Give .xlsx or .csv")
    for sheet in long:
        found = nato_csv.read_long(sheet, figures)
        figures += found
        if not found:
            notes.append(f"{sheet.file.name}: left out, as it agrees with the table of shares and adds nothing")
    if not figures:
        raise LayoutError("no figures found", file=files[0], remedy="Give a workbook with NATO's tables")
    return Parsed(collect(figures), tuple(partial), notes=tuple(notes))
