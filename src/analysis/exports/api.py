"""The files under api/: the index of verdicts, a file for each claim, and the schemas of both."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from analysis import audit
from analysis.audit import Audited
from analysis.exports import claim_json, names, verdicts_json


def files(audits: Sequence[Audited], as_of: dt.date, address: str) -> dict[str, str]:
    """The files by their paths in the site. `address` of the book's root with a trailing "/", or ""."""
    told = [(found, audit.as_json(found)) for found in audits]
    made = {names.INDEX: _text(verdicts_json.index(told, as_of, address))}
    for found, entry in told:
        made[names.places(found.claim).json] = _text(claim_json.claim_file(found, entry, as_of, address))
    made[names.INDEX_SCHEMA] = _schema(verdicts_json.json_schema(), names.INDEX_SCHEMA, address)
    made[names.CLAIM_SCHEMA] = _schema(claim_json.json_schema(), names.CLAIM_SCHEMA, address)
    return made


def _text(file: BaseModel) -> str:
    return file.model_dump_json(by_alias=True, indent=1) + "\n"


def _schema(schema: dict[str, Any], path: str, address: str) -> str:
    """A schema as it is published: named by its address, where that is known."""
    named = {"$id": f"{address}{path}"} if address else {}
    return json.dumps({**named, **schema}, indent=1, ensure_ascii=False) + "\n"
