"""The whole ledger with its verdicts: one row for each claim, as CSV and as JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Sequence
from typing import Any

from analysis import answers, audit, imprint
from analysis.audit import Audited
from analysis.cells import safe
from analysis.exports import names

_OWN = {
    "id": "the claim's id, which never changes its meaning",
    "document": "id of the audited document",
    "document_title": "its title, in its own language",
    "author": "who wrote it",
    "dated": "its date, YYYY-MM-DD; empty where it is undated",
    "earliest": "first day on which an undated document can have been written",
    "latest": "last day on which an undated document can have been written",
    "theme": "theme of the claim",
    "kind": "statistic, pledge, forecast or fact",
    "title": "the claim in short",
    "statement": "what the document says, in our own words",
    "place": "where in the document",
    "printed": "the printed figure; empty where the statement prints none",
    "unit": "unit of the printed figure",
    "tolerance": "how far a figure may be off the printed one, as a share of it",
    "threshold": "what an adjective was taken to mean",
    "due": "year by which a pledge is due or of which a forecast speaks",
    "country": "ISO 3166 code of the country it is about",
    "partner": "ISO 3166 code of the other side of a tie",
    "untestable": "why nothing can decide it",
    "unheld": "the likeliest reading, where no figures of it are held",
    "answer": "was it so then and is it so today, in a sentence or two",
}
_OF_A_TIME = {
    "verdict": "the verdict",
    "reason": "why",
    "reading": "id of the reading that decided",
    "definition": "what that reading counts",
    "year": "year of the figure that decided",
    "value": "the figure, in the unit beside it",
    "value_unit": "unit of the figure",
    "rank": "rank among the members, where the claim is of a rank",
    "rank_best": "best rank that missing members could leave it at",
    "rank_worst": "worst rank that missing members could leave it at",
    "universe": "how many members were ranked or counted",
    "flag": "what the publisher says of the figure, such as estimate",
    "publisher": "who published the figure",
    "released": "date of the release, YYYY-MM-DD or YYYY-MM",
    "basis": "held, reconstructed, older or revised: how the figure was had",
    "margin": "how far the figure may move before the verdict flips, in the unit beside it",
    "margin_unit": "unit of the margin",
    "margin_share": "the margin as a share of the value",
    "record": "id of the public record that decided",
    "record_publisher": "who published that record",
    "record_address": "where that record can be read",
}
_REST = {
    "readings_bearing_out": "readings that bore it out when it was written",
    "readings_tested": "readings that could be tested",
    "publishers": "publishers of all figures used, with semicolons between",
    "page": "the claim's page, from the root of the book or by its address",
    "as_of": "day of the newest release held: what today means",
}
_WHEN = {
    "when_written": "when written",
    "as_revised": "of the same year by the newest release",
    "today": "by the newest figures",
}
COLUMNS: dict[str, str] = {
    **_OWN,
    **{f"{name}_{time}": f"{told}; {_WHEN[time]}" for time in names.TIMES for name, told in _OF_A_TIME.items()},
    **_REST,
}
"""The columns of the ledger in their order, each with what it holds."""


def files(audits: Sequence[Audited], as_of: dt.date, address: str) -> dict[str, str]:
    """ledger.csv and ledger.json. `address` of the book's root with a trailing "/", or ""."""
    rows = [row(found, as_of, address) for found in audits]
    return {names.LEDGER_CSV: _csv(rows), names.LEDGER_JSON: _json(rows, as_of)}


def row(found: Audited, as_of: dt.date, address: str) -> dict[str, Any]:
    """One claim, a value or None for each of COLUMNS."""
    claim, document = found.claim, found.claim.document
    borne, tested = found.verdicts.borne_out
    plain = ("id", "theme", "kind", "title", "statement", "place", "printed", "unit", "threshold", "due")
    told = {name: getattr(claim, name) for name in (*plain, "untestable", "unheld")}
    told |= {name: getattr(document, name) for name in ("author", "dated", "earliest", "latest")}
    told |= {
        "document": document.id,
        "document_title": document.title,
        "tolerance": claim.tolerance,
        "country": claim.about,
        "partner": claim.other or None,
        "answer": answers.answer(found),
        "readings_bearing_out": borne,
        "readings_tested": tested,
        "publishers": "; ".join(source.title for source in audit.sources(found)) or None,
        "page": f"{address}{names.places(claim).page}",
        "as_of": as_of,
    }
    for time in names.TIMES:
        told |= {f"{name}_{time}": value for name, value in _of(found, time).items()}
    return {name: _plain(told[name]) for name in COLUMNS}


def _of(found: Audited, time: str) -> dict[str, Any]:
    """The columns of one reading of time."""
    verdict, choice, cited = names.verdict(found, time), names.figure(found, time), names.record(found, time)
    told: dict[str, Any] = {**dict.fromkeys(_OF_A_TIME), "verdict": verdict.word, "reason": verdict.reason}
    if choice is not None:
        entry = choice.evaluation
        same = ("reading", "year", "value", "rank", "rank_best", "rank_worst", "universe", "publisher", "released")
        told |= {name: getattr(entry, name) for name in same}
        told |= {
            "definition": found.claim.define(found.claim.reading(entry.reading).definition),
            "value_unit": entry.unit,
            "flag": entry.flag or None,
            "basis": choice.basis,
        }
        if entry.margin is not None:
            share = entry.margin / abs(entry.value) if entry.value else None
            told |= {"margin": entry.margin, "margin_unit": entry.margin_unit, "margin_share": share}
    if cited is not None:
        record = cited.record
        told |= {"record": record.id, "record_publisher": record.publisher, "record_address": record.address}
    return told


def _plain(value: Any) -> Any:
    """A value as JSON and CSV tell it: dates as text, no number that is none."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(value) for value in entry.values()] for entry in rows)
    return buffer.getvalue()


def _json(rows: Sequence[dict[str, Any]], as_of: dt.date) -> str:
    told = {
        "as_of": as_of.isoformat(),
        "maker": imprint.MAKER,
        "licence": imprint.LICENCE,
        "licence_address": imprint.LICENCE_ADDRESS,
        "terms": names.TERMS,
        "columns": COLUMNS,
        "rows": list(rows),
    }
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
