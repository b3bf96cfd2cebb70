"""The figures of a claim as CSV: every reading in every year by every release."""

from __future__ import annotations

import csv
import io

from analysis.audit import Audited
from analysis.cells import safe
from analysis.evaluations import Evaluation
from analysis.snapshots.catalogue import publishers

COLUMNS = (
    "statement", "reading", "definition", "publisher", "released", "year", "value", "unit", "rank", "rank_best",
    "rank_worst", "universe", "flag", "verdict", "margin", "margin_unit", "note",
)  # fmt: skip


def text(found: Audited) -> str:
    """The evaluations of a claim as CSV in UTF-8, a header and a line each, by reading, release and year.

    Nothing stands for None. Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    known = publishers()

    def made_by(entry: Evaluation) -> str:
        return "; ".join(dict.fromkeys(known[name].title for name, _ in entry.sources))

    own = ("statement", "definition")
    for reading in found.claim.readings:
        definition = found.claim.define(reading.definition)
        for entry in found.evaluations[reading.id]:
            told = {name: getattr(entry, name) for name in COLUMNS if name not in own}
            told |= {"statement": found.claim.id, "definition": definition, "publisher": made_by(entry)}
            writer.writerow([safe(told[name]) for name in COLUMNS])
    return buffer.getvalue()
