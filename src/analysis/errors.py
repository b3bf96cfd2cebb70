"""Errors that name the thing, the place and the remedy."""

from __future__ import annotations

from pathlib import Path


class ClaimbookError(Exception):
    """Anything a user can put right. The command line prints it without a traceback."""


class LayoutError(ClaimbookError):
    """A publisher's file holds something its parser does not understand.

    The message names file, sheet, row and column as a spreadsheet shows them (row 1, column A).
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | Path,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
    ) -> None:
        """Keep the place apart from the problem, so that reports can group by either."""
        self.problem, self.file, self.sheet, self.row, self.column = (
            problem,
            Path(file).name,
            sheet,
            row,
            column,
        )
        place = [self.file]
        if sheet is not None:
            place.append(f"sheet {sheet!r}")
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column {column}")
        super().__init__(f"{', '.join(place)}: {problem}" + (f". {remedy}" if remedy else ""))
