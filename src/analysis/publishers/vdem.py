"""V-Dem's Regimes of the World, as Our World in Data republishes it: one row an area and year.

Columns: Code (ISO 3166 alpha-3, or OWID_* for what ISO does not list), Year, the class (regime_row_owid in the
copies of 2022, Political regime in those of 2026) and, in some copies, Entity with the area's name. The classes
are 0 closed autocracy, 1 electoral autocracy, 2 electoral democracy, 3 liberal democracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis import areas
from analysis.publishers import Parsed
from analysis.publishers.cells import collect
from analysis.publishers.table import Row, gathered, refuse

SERIES = "vdem.regime"
CLASS = ("regime_row_owid", "Political regime")
# Nothing that is audited looks further back, and the states of before are other states.
SINCE = 1900


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The classes from 1900 on. LayoutError at a code, a year or a class that is not understood.

    Rows with neither code nor name stand for several areas at once; they are left out, and the notes count them.
    """
    refuse("vdem", edition)
    figures, nameless = [], 0
    for row in gathered("vdem", files, "Code", "Year", CLASS):
        period = row.year("Year")
        if period < SINCE:
            continue
        if not row["Code"] and not row["Entity"]:
            nameless += 1
            continue
        value = row.number(CLASS[0])
        if value != int(value):
            raise row.fault(f"{row[CLASS[0]]!r} is no class", CLASS[0], "Classes are the whole numbers 0 to 3")
        figures.append(row.figure(SERIES, _area(row), period, value, CLASS[0]))
    notes = (f"{nameless} rows since {SINCE} with neither code nor name are left out",) if nameless else ()
    return Parsed(collect(figures), notes=notes)


def _area(row: Row) -> str:
    """The area of a row: by its code, where it has one."""
    if not row["Code"]:
        return row.area("Entity", "vdem")
    known = areas.areas().get(row["Code"])
    return known.code if known and known.kind == "country" else row.area("Code", "vdem")
