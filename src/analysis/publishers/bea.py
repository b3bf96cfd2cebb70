"""US Bureau of Economic Analysis: trade by selected countries, and direct investment by country.

A file's own title tells which of the two it is; analysis.publishers.bea_trade and bea_fdi read them.
Figures are in million USD, the reporter is the USA.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, bea_fdi, bea_trade
from analysis.publishers.cells import text
from analysis.publishers.grid import Sheet, read_csv, read_workbook

READERS = {
    "International Trade by Selected Countries": bea_trade.read,
    "Foreign Direct Investment in the United States": bea_fdi.read,
}
TITLE_WITHIN = 20  # rows of a sheet in which its title is looked for


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The observations of one release, which is one file, .xlsx or .csv.

    ClaimbookError where not exactly one file is named; LayoutError where its title is unknown, and at
    anything in it that is not understood.
    """
    if edition is not None:
        raise ClaimbookError("bea: a file holds one edition; leave out the edition")
    if len(files) != 1:
        raise ClaimbookError(f"bea: a release is one file, {len(files)} are named")
    path = Path(files[0])
    sheets = [read_csv(path)] if path.suffix.lower() == ".csv" else read_workbook(path)
    for words, reader in READERS.items():
        if any(_is_titled(sheet, words) for sheet in sheets):
            return reader(sheets)
    raise LayoutError("no sheet has a known title", file=path, remedy=f"Known titles hold: {'; '.join(READERS)}")


def _is_titled(sheet: Sheet, words: str) -> bool:
    return any(words.casefold() in text(cell).casefold() for cells in sheet.rows[:TITLE_WITHIN] for cell in cells)
