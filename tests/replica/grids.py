"""Changes to the cells of a CSV file or a workbook, and a workbook that unpacks to far more than it is."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

YEAR = re.compile(r"(?:19|20)\d\d")


def changed(content: bytes, change: Callable[[list[list]], Any]) -> bytes:
    """A file with its cells changed, a workbook's sheet by sheet. ValueError where that changes nothing."""
    made = _workbook(content, change) if content[:2] == b"PK" else _csv(content, change)
    if made is None:
        raise ValueError("the fault found nothing to change in this file")
    return made


def _csv(content: bytes, change: Callable[[list[list]], Any]) -> bytes | None:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    before = [list(row) for row in rows]
    change(rows)
    if rows == before:
        return None
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _workbook(content: bytes, change: Callable[[list[list]], Any]) -> bytes | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it will not keep
        book = openpyxl.load_workbook(io.BytesIO(content))
    touched = False
    for sheet in book.worksheets:
        rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
        before = [list(row) for row in rows]
        change(rows)
        for number in range(max(len(rows), len(before))):
            row = rows[number] if number < len(rows) else []
            for column in range(max(len(row), len(before[number]) if number < len(before) else 0)):
                cell = sheet.cell(number + 1, column + 1)
                value = row[column] if column < len(row) else None
                if cell.value != value and not isinstance(cell, MergedCell):
                    cell.value = value
                    touched = True
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue() if touched else None


# What a change does to rows of cells, in place


def rename(rows: list[list], old: str | None, new: str) -> None:
    """Rename a header cell: the one called `old`, or the first text of the first row with two cells and no figure."""
    for row in rows:
        filled = [cell for cell in row if cell not in (None, "")]
        words = [n for n, cell in enumerate(row) if str(cell).strip() == old] if old is not None else _texts(row)
        if words and (old is not None or (len(filled) >= 2 and not any(map(_is_figure, filled)))):
            row[words[0]] = new
            return


def add_country(rows: list[list], name: str) -> None:
    """Repeat the last row that has figures under another name."""
    for number in range(len(rows) - 1, -1, -1):
        if any(_is_figure(cell) for cell in rows[number]) and (words := _texts(rows[number])):
            row = list(rows[number])
            row[words[0]] = name
            rows.insert(number + 1, row)
            return


def repeat_rows(rows: list[list]) -> None:
    """Tell every row that has figures twice."""
    rows[:] = [row for row in rows for _ in range(1 + any(map(_is_figure, row)))]


def drop_country(rows: list[list], name: str) -> None:
    """Drop every row that has a cell of this name, or the first with figures where there is none."""
    there = [row for row in rows if any(isinstance(c, str) and c.strip().casefold() == name.casefold() for c in row)]
    there = there or [row for row in rows if any(_is_figure(c) for c in row)][:1]
    rows[:] = [row for row in rows if not any(row is gone for gone in there)]


def call(rows: list[list], name: str, more: str) -> None:
    """Add to the name of a country, or of the first row with figures."""
    for row in rows:
        for n in _texts(row):
            if row[n].strip().casefold() == name.casefold():
                row[n] += more
                return
    for row in rows:
        if any(_is_figure(cell) for cell in row) and (words := _texts(row)):
            row[words[0]] += more
            return


def figures(rows: list[list], change: Callable[[float], Any]) -> None:
    """Change every figure; years are none."""
    for row in rows:
        for n, cell in enumerate(row):
            if _is_figure(cell):
                row[n] = change(_number(cell))


def first_figure(rows: list[list], change: Callable[[float], Any]) -> None:
    """Change the first figure."""
    for row in rows:
        for n, cell in enumerate(row):
            if _is_figure(cell):
                row[n] = change(_number(cell))
                return


def newest_year(rows: list[list], year: int) -> None:
    """Call the newest year by another number."""
    found = [str(cell).strip() for row in rows for cell in row if _is_year(cell)]
    for row in rows:
        for n, cell in enumerate(row):
            if found and str(cell).strip() == max(found):
                row[n] = str(year) if isinstance(cell, str) else year


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        return None
    try:
        return float(cell.replace(",", "")) if isinstance(cell, str) else cell
    except ValueError:
        return None


def _is_year(cell: Any) -> bool:
    return not isinstance(cell, float) and YEAR.fullmatch(str(cell).strip()) is not None


def _is_figure(cell: Any) -> bool:
    number = _number(cell)
    return number is not None and number == number and not _is_year(cell)


def _texts(row: list) -> list[int]:
    return [n for n, cell in enumerate(row) if isinstance(cell, str) and cell.strip() and _number(cell) is None]


@lru_cache(maxsize=2)
def bomb(megabytes: int) -> bytes:
    """A workbook of one sheet that unpacks to about `megabytes` of blanks, none of its cells longer than Excel allows."""
    names = "http://schemas.openxmlformats.org"
    office, package = f"{names}/officeDocument/2006", f"{names}/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{names}/spreadsheetml/2006/main" xmlns:r="{office}/relationships">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    row = b'<row><c t="inlineStr"><is><t xml:space="preserve">' + b" " * 32_000 + b"</t></is></c></row>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name, text in parts.items():
            book.writestr(name, head + text)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{head}<worksheet xmlns="{names}/spreadsheetml/2006/main"><sheetData>'.encode())
            for _ in range(megabytes * 1_000_000 // len(row)):
                sheet.write(row)
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()
