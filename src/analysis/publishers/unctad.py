"""UNCTAD's statistics of foreign direct investment, in million dollars at current prices.

Two tables are read, told apart by their columns. UNCTADstat's "Foreign direct investment: Inward and outward
flows and stock" has a row for each economy or group, year, flow or stock, and direction; economies have codes
of three digits, groups of four. The table drawn from the Bilateral FDI Statistics of 2014 has a row for each
reporter, partner and year (ISO 3166 codes) and is a list with gaps, so that nothing in it is ranked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import areas
from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import Figure, collect, text
from analysis.publishers.grid import read_csv
from analysis.publishers.table import Row, refuse, rows

UNIT = "million USD"
VALUE = "US$ at current prices in millions"
NOTE, MISSING = f"{VALUE} Footnote", f"{VALUE} Missing value"
ALL = ("Year", "Economy", "Economy Label", "Flow Label", "Direction Label", VALUE, NOTE, MISSING)
FLOWS, DIRECTIONS = ("Flow", "Stock"), ("Inward", "Outward")
NEGATIVE = "Negative accumulation of flows; Value included in regional and global totals"
NO_FIGURE = ("Not applicable", NEGATIVE)
PAIRS = ("reporter", "partner", "year")
BILATERAL = {
    "FDI_inflows": "unctad.bilateral_fdi_inward_flow",
    "FDI_outflows": "unctad.bilateral_fdi_outward_flow",
    "FDI_instock": "unctad.bilateral_fdi_inward_stock",
    "FDI_outstock": "unctad.bilateral_fdi_outward_stock",
}
# Codes under which the table runs several areas together (every figure of one beside every one of the other).
RUN_TOGETHER = {"ABW", "SRB"}


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """Observations of one of the two tables.

    LayoutError on other columns, an unknown economy, mark or code, and a cell that is not a number.
    """
    refuse("unctad", edition)
    if len(files) != 1:
        raise ClaimbookError(f"unctad: give the one file of an edition, not {len(files)}")
    path, notes = Path(files[0]), Counter()
    head = next((line for line in read_csv(path).rows if any(map(text, line))), [])
    partial: tuple[Partial, ...] = ()
    if set(BILATERAL) & set(map(text, head)):
        figures = collect(_bilateral(rows(path, *PAIRS, *BILATERAL), notes))
        partial = tuple(Partial(name) for name in BILATERAL.values())
    else:
        figures = collect(_economies(rows(path, *ALL), notes))
    return Parsed(figures, partial, notes=tuple(f"{note} ({count} figures)" for note, count in sorted(notes.items())))


def _economies(table: list[Row], notes: Counter) -> Iterator[Figure]:
    """The figures of the table of all economies."""
    for row in table:
        name, code = row["Economy Label"], row.area("Economy Label", "unctad")
        if len(row["Economy"]) not in (3, 4) or (len(row["Economy"]) == 4) != (areas.area(code).kind == "group"):
            raise row.fault(
                f"code {row['Economy']!r} is not that of a {areas.area(code).kind}, as {name} is", "Economy"
            )
        flow, direction = row["Flow Label"], row["Direction Label"]
        if flow not in FLOWS:
            raise row.fault(f"{flow!r} is neither of {FLOWS}", "Flow Label")
        if direction not in DIRECTIONS:
            raise row.fault(f"{direction!r} is neither of {DIRECTIONS}", "Direction Label")
        if row[NOTE]:
            notes[f"{name}, {direction.lower()} {flow.lower()}: {row[NOTE]}"] += 1
        if row[MISSING]:
            if row[MISSING] not in NO_FIGURE:
                raise row.fault(f"mark {row[MISSING]!r} is not known", MISSING)
            if row[VALUE]:
                raise row.fault(f"a figure, {row[VALUE]!r}, beside the mark {row[MISSING]!r}", VALUE)
            if row[MISSING] == NEGATIVE:
                notes[f"{name}, {direction.lower()} stock: negative, and not shown"] += 1
            continue
        yield _figure(row, f"unctad.fdi_{direction.lower()}_{flow.lower()}", "Year", VALUE, code)


def _bilateral(table: list[Row], notes: Counter) -> Iterator[Figure]:
    """The figures of the table of pairs; a blank is not available."""
    for row in table:
        for side in ("reporter", "partner"):
            if row[side] not in areas.areas():
                raise row.fault(f"unknown code {row[side]!r}", side, "Codes are ISO 3166 alpha-3")
        if row["partner"] in RUN_TOGETHER:
            notes[f"partner {row['partner']}: left out, for its rows hold several areas"] += 1
            continue
        for column, name in BILATERAL.items():
            if row[column]:
                yield _figure(row, name, "year", column, row["reporter"], row["partner"])


def _figure(row: Row, name: str, year: str, column: str, reporter: str, partner: str = "") -> Figure:
    place = (row.sheet, row.at, row.columns[column])
    return Figure(name, reporter, row.year(year), row.number(column), UNIT, "", *place, partner)
