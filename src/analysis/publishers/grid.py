"""A workbook or CSV file as a grid of cells with addresses, for parsers that find tables by their words."""

from __future__ import annotations

import csv
import math
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from analysis.errors import LayoutError

MAX_CELLS = 5_000_000
MAX_FIELD = 100_000
MAX_UNPACKED = 30_000_000  # bytes of a workbook; the largest at hand unpacks to 9 MB, seven times its size
MAX_RATIO = 50


@dataclass
class Sheet:
    """One sheet: `rows[r][c]` counted from 0; `at(r, c)` names a cell as a spreadsheet does."""

    file: Path
    title: str | None
    rows: list[list[Any]]
    fonts: list[list[Any]] | None = None

    def cell(self, row: int, column: int) -> Any:
        """The value of a cell, None beyond the edge."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def fault(
        self, problem: str, row: int | None = None, column: int | None = None, remedy: str | None = None
    ) -> LayoutError:
        """A LayoutError at a cell of this sheet (row and column counted from 0)."""
        return LayoutError(
            problem,
            file=self.file,
            sheet=self.title,
            row=None if row is None else row + 1,
            column=None if column is None else get_column_letter(column + 1),
            remedy=remedy,
        )


_NUMBER = re.compile(r"[-\u2212]?(\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def number(value: Any) -> float | None:
    """The number a cell holds, as a number or as text with thousands separators; None where it holds none.

    Booleans, dates, NaN and infinities are not numbers.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value.strip().replace(",", "").replace("\u2212", "-"))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def read_csv(path: Path, *, delimiter: str = ",") -> Sheet:
    """A CSV file as a sheet of strings, whatever its line ends and byte order mark.

    LayoutError where the file cannot be read as UTF-8 text.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LayoutError("no such file", file=path) from None
    except OSError as error:
        raise LayoutError(f"cannot be read ({error.strerror})", file=path) from None
    except UnicodeDecodeError as error:
        raise LayoutError(f"not UTF-8 text (byte {error.start})", file=path, remedy="Save it as UTF-8") from None
    # The limit belongs to the whole process, and other libraries lift it.
    limit = csv.field_size_limit(MAX_FIELD)
    try:
        rows = list(csv.reader(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), delimiter=delimiter))
    except csv.Error as error:
        raise LayoutError(f"not comma-separated text ({error})", file=path) from None
    finally:
        csv.field_size_limit(limit)
    while rows and not rows[-1]:
        rows.pop()
    return Sheet(Path(path), None, rows)


def _bounded(path: Path) -> None:
    """LayoutError where a workbook would unpack to more than any publisher's does: a few bytes can hold gigabytes."""
    try:
        with zipfile.ZipFile(path) as book:
            size = sum(entry.file_size for entry in book.infolist())
            packed = sum(entry.compress_size for entry in book.infolist())
    except (OSError, ValueError, zipfile.BadZipFile):
        return  # openpyxl says what is wrong
    if size > 1_000_000 and size > MAX_RATIO * packed:
        raise LayoutError(f"unpacks to {size / packed:,.0f} times its size, more than {MAX_RATIO}", file=path)
    if size > MAX_UNPACKED:
        raise LayoutError(f"unpacks to {size / 1e6:,.0f} MB, more than {MAX_UNPACKED / 1e6:,.0f}", file=path)


def read_workbook(path: Path, *, fonts: bool = False) -> list[Sheet]:
    """The visible sheets of an .xlsx workbook, values as last computed by the publisher.

    `fonts` keeps each cell's font (some publishers mark estimates by colour). LayoutError where the
    file is not a workbook or is unreasonably large.
    """
    _bounded(path)
    try:
        book = load_workbook(path, data_only=True, read_only=not fonts)
    except FileNotFoundError:
        raise LayoutError("no such file", file=path) from None
    except Exception as error:  # openpyxl raises many kinds for a damaged file
        raise LayoutError(f"not a readable .xlsx workbook ({error})", file=path) from None
    try:
        return [_sheet(sheet, path, fonts) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except LayoutError:
        raise
    except Exception as error:  # a sheet is only read now, and may be damaged on its own
        raise LayoutError(f"not a readable .xlsx workbook ({error})", file=path) from None
    finally:
        book.close()


def _sheet(sheet: Any, path: Path, fonts: bool) -> Sheet:
    """One sheet of a workbook. LayoutError where it is unreasonably large."""
    if not fonts:  # some publishers' sheets state a smaller size than they have, and would be cut off
        sheet.reset_dimensions()
    rows: list[list[Any]] = []
    cells: list[list[Any]] = []
    count = 0
    for line in sheet.iter_rows():
        count += len(line) + 1  # a row costs too, be it empty
        if count > MAX_CELLS:
            raise LayoutError(f"more than {MAX_CELLS:,} cells", file=path, sheet=sheet.title)
        rows.append([cell.value for cell in line])
        if fonts:
            cells.append([cell.font for cell in line])
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise LayoutError(f"more than {MAX_CELLS:,} cells", file=path, sheet=sheet.title)
    rows = [line + [None] * (width - len(line)) for line in rows]
    return Sheet(Path(path), sheet.title, rows, cells if fonts else None)
