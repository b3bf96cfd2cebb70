"""`api/claims/<id>.json`: everything of one claim in a file, and its JSON Schema."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from analysis import answers
from analysis.audit import Audited, ClaimJson
from analysis.claims import KINDS
from analysis.exports import citations, names, verdicts_json
from analysis.exports.verdicts_json import BookJson, DecidingJson, FiguresJson, Json, PathsJson


class DocumentJson(Json):
    """The audited document. An undated one gives the range of days in which it was written."""

    id: str
    short: str
    title: str
    author: str
    language: str = Field(description="ISO 639-1")
    dated: dt.date | None
    earliest: dt.date | None
    latest: dt.date | None
    dating: str | None = Field(description="how an undated document was dated")
    address: str | None
    address_note: str | None = Field(description="what the address leads to, or that none is known")
    country: str
    partner: str | None


class CitationJson(Json):
    """How to cite the claim's page."""

    text: str
    bibtex: str


class ClaimFileJson(BookJson):
    """One claim: what the audit says of it, and what stands around it in the book."""

    id: str
    kind: Literal[tuple(KINDS)]
    answer: str = Field(description="was it so then and is it so today, in a sentence or two")
    document: DocumentJson
    figure: FiguresJson
    record: DecidingJson
    claim: ClaimJson = Field(description="as in data/audit.schema.json")
    paths: PathsJson
    citation: CitationJson


def claim_file(found: Audited, told: ClaimJson, as_of: dt.date, address: str) -> ClaimFileJson:
    """A claim's file; `told` is what the audit's JSON says of it."""
    claim = found.claim
    cited = citations.claim(found, as_of, address)
    document = {name: getattr(claim.document, name) for name in DocumentJson.model_fields}
    return ClaimFileJson(
        **verdicts_json.book("../" + names.CLAIM_SCHEMA.removeprefix("api/"), as_of, address),
        id=claim.id,
        kind=claim.kind,
        answer=answers.answer(found),
        document=DocumentJson(**document),
        claim=told,
        paths=verdicts_json.paths(found),
        citation=CitationJson(text=cited.text, bibtex=cited.bibtex),
        **verdicts_json.deciding(found),
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `api/claims/<id>.json` (data/claim.schema.json)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ClaimFileJson.model_json_schema()}
