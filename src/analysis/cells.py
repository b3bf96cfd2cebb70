"""Cells of CSV files that are opened in a spreadsheet."""

from __future__ import annotations

import re
from typing import Any

# What a spreadsheet takes for the beginning of a formula, wherever a text cell begins with it; four of them in full
# width too.
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
FORMULAS = (*_SIGNS, "\t", "\r", "\n")
# Where lists are separated by semicolons a spreadsheet splits lines at them too, and heeds no quotes within a cell.
_WITHIN = re.compile(rf'([;\r\n])(?="*[{re.escape(_SIGNS)}])')


def safe(cell: Any) -> Any:
    """A cell that no spreadsheet computes: numbers as they are, text with an apostrophe before a formula's sign.

    The sign may also follow what a spreadsheet in another country takes for the end of a cell.
    """
    if not isinstance(cell, str):
        return cell
    within = _WITHIN.sub(r"\1'", cell)
    return f"'{within}" if cell.startswith(FORMULAS) else within
