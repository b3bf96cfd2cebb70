"""What the cells of the Bureau of Economic Analysis' tables mean, whichever table they stand in."""

from __future__ import annotations

import re
from typing import Any

from analysis.publishers.cells import text
from analysis.publishers.grid import Sheet, number

NOT_AVAILABLE = {"n.a.", "n.a", "--", "...", "…"}
SUPPRESSED = {"(D)", "(d)"}
ROUNDS_TO_ZERO = {"(*)", "*"}
MARKS = {"": "", "r": "", "p": "provisional"}  # (R) revised, (P) preliminary


def year(cell: Any) -> tuple[int, str] | None:
    """Year and flag of a label such as 2019, "2019 (R)" or "2019p"; None where it is no year."""
    label = text(cell) if isinstance(cell, str) else ""
    whole = number(cell)
    if whole is not None and whole == int(whole):
        label = str(int(whole))
    match = re.fullmatch(r"((?:19|20)\d\d)\s*\(?([rp]?)\)?", label, re.IGNORECASE)
    return (int(match[1]), MARKS[match[2].lower()]) if match else None


def figure(sheet: Sheet, row: int, column: int) -> tuple[float, str] | None:
    """Value and flag of a cell; None where the figure is not available. LayoutError at anything else."""
    cell = sheet.cell(row, column)
    value = number(cell)
    if value is not None:
        return value, ""
    mark = text(cell)
    if mark in SUPPRESSED:
        return float("nan"), "suppressed"
    if mark in ROUNDS_TO_ZERO:
        return 0.0, "rounds_to_zero"
    if mark in NOT_AVAILABLE:
        return None
    raise sheet.fault(
        f"{cell!r} is neither a figure nor a mark such as (D), (*) or n.a." if mark else "an empty cell",
        row,
        column,
    )


def in_millions(sheet: Sheet, header: int) -> None:
    """LayoutError unless the lines above the header row say that figures are in millions of dollars."""
    above = " ".join(text(cell) for cells in sheet.rows[:header] for cell in cells)
    if not re.search(r"\bmillions of (?:u\.?s\.? )?dollars\b", above, re.IGNORECASE):
        raise sheet.fault("the unit above the table is not millions of dollars", header)
