"""The statements of editions for machines: one CSV and one JSON for each edition, and one of each for all."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from analysis import areas
from analysis.cells import safe
from analysis.editions.statements import Statement, Subject

COLUMNS = (
    "country", "country_name", "partner", "claims", "theme", "sentence", "year", "value", "unit", "rank", "rank_best",
    "rank_worst", "universe", "flag", "note", "reading", "measure", "definition", "series", "publishers", "released",
)  # fmt: skip


def record(about: Subject, told: Sequence[Statement], as_of: dt.date) -> dict[str, Any]:
    """An edition's statements as JSON has them."""
    return {
        "country": about.country,
        "country_name": about.name,
        "partner": about.partner,
        "partner_name": areas.name(about.partner),
        "as_of": as_of.isoformat(),
        "statements": [asdict(statement) for statement in told],
    }


def bare(known: Mapping[str, Any]) -> dict[str, Any]:
    """A record without what is of use to the site alone."""
    return {
        name: value for name, value in known.items() if name not in ("chapters", "left", "line", "read", "key", "sum")
    }


def as_json(records: Any) -> str:
    """JSON as it is published."""
    return json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def as_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """The statements of editions as CSV, a line each; safe to open in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for edition in records:
        for told in edition["statements"]:
            row = {**{name: edition[name] for name in ("country", "country_name", "partner")}, **told}
            row["claims"], row["series"] = " ".join(told["claims"]), " ".join(told["series"])
            row["publishers"] = " ".join(source["publisher"] for source in told["sources"])
            row["released"] = " ".join(source["released"] for source in told["sources"])
            writer.writerow([safe("" if row[name] is None else row[name]) for name in COLUMNS])
    return buffer.getvalue()
