"""Cells of CSV files that are opened in a spreadsheet."""

from __future__ import annotations

from typing import Any

# What a spreadsheet takes for the beginning of a formula, wherever a text cell begins with it; four of them in full
# width too.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe(cell: Any) -> Any:
    """A cell that no spreadsheet computes: numbers as they are, text with an apostrophe before a formula's sign."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
