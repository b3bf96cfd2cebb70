"""`api/verdicts.json`: every claim with its verdicts in a file that is read at once, and its JSON Schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis import answers, imprint
from analysis.audit import Audited, ClaimJson, MarginsJson, ReasonJson, VerdictJson
from analysis.claims import KINDS
from analysis.exports import names

CONTRACT = 1


class Json(BaseModel):
    """A part of a file: no field but those declared."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FigureJson(Json):
    """The figure behind a verdict."""

    reading: str
    definition: str
    year: int
    value: float
    unit: str
    rank: int | None
    rank_best: int | None = Field(description="best rank that missing members could leave it at")
    rank_worst: int | None
    universe: int | None = Field(description="how many members were ranked or counted")
    flag: str
    publisher: str = Field(description="who made the release that is named")
    released: str = Field(description="YYYY-MM-DD, or YYYY-MM where the day is not known; the newest of those used")
    basis: Literal["held", "reconstructed", "older", "revised"]
    told: str = Field(description="the figure in words")


class FiguresJson(Json):
    """The figures behind the verdicts; null where no figure decided."""

    when_written: FigureJson | None
    as_revised: FigureJson | None
    today: FigureJson | None


class DecidingJson(Json):
    """The ids of the records that decided; null where none did."""

    when_written: str | None
    as_revised: str | None
    today: str | None


class PathsJson(Json):
    """The files of a claim, from the root of the book."""

    page: str
    json_: str = Field(alias="json")
    csv: str | None = Field(description="every figure of the claim; null where it has none")
    picture: str
    bibtex: str
    csl: str = Field(description="the citation as CSL-JSON")


class SummaryJson(Json):
    """A claim with its verdicts and what decided them."""

    id: str
    document: str
    document_title: str
    theme: str
    kind: Literal[tuple(KINDS)]
    title: str
    statement: str = Field(description="what the document says, in our own words")
    answer: str = Field(description="was it so then and is it so today, in a sentence or two")
    verdict: VerdictJson
    reason: ReasonJson
    figure: FiguresJson
    margin: MarginsJson = Field(description="how far each deciding figure is from flipping its verdict")
    record: DecidingJson
    paths: PathsJson


class BookJson(Json):
    """What each of these files says of the book."""

    schema_: str = Field(alias="$schema", description="the schema of this file, from the place of this file")
    contract: int
    as_of: dt.date = Field(description="the day of the newest release held: what `today` means")
    address: str | None = Field(description="of the book's root, from which `paths` lead; null where it is not known")
    maker: str
    licence: str = Field(description="of statements and verdicts")
    licence_address: str
    terms: str


class VerdictsJson(BookJson):
    """Every claim with its verdicts."""

    claims: list[SummaryJson]


def book(schema: str, as_of: dt.date, address: str) -> dict[str, Any]:
    """The fields of BookJson; `schema` leads from the file to its schema."""
    return {
        "$schema": schema,
        "contract": CONTRACT,
        "as_of": as_of,
        "address": address or None,
        "maker": imprint.MAKER,
        "licence": imprint.LICENCE,
        "licence_address": imprint.LICENCE_ADDRESS,
        "terms": names.TERMS,
    }


def deciding(found: Audited) -> dict[str, Any]:
    """What decided each verdict: `figure` and `record`, as in SummaryJson."""
    figures = FiguresJson(**{time: _figure(found, time) for time in names.TIMES})
    told = {time: names.record(found, time) for time in names.TIMES}
    return {
        "figure": figures,
        "record": DecidingJson(**{time: cited.record.id if cited else None for time, cited in told.items()}),
    }


def _figure(found: Audited, time: str) -> FigureJson | None:
    choice = names.figure(found, time)
    if choice is None:
        return None
    entry = choice.evaluation
    own = ("definition", "basis", "told")
    return FigureJson(
        **{name: getattr(entry, name) for name in FigureJson.model_fields if name not in own},
        definition=found.claim.define(found.claim.reading(entry.reading).definition),
        basis=choice.basis,
        told=answers.figure_of(found, time),
    )


def paths(found: Audited) -> PathsJson:
    """The files of a claim."""
    return PathsJson(**asdict(names.places(found.claim)))


def _summary(found: Audited, told: ClaimJson) -> SummaryJson:
    same = ("id", "document", "theme", "kind", "title", "statement", "verdict", "reason", "margin")
    return SummaryJson(
        **{name: getattr(told, name) for name in same},
        document_title=found.claim.document.title,
        answer=answers.answer(found),
        paths=paths(found),
        **deciding(found),
    )


def index(audits: Sequence[tuple[Audited, ClaimJson]], as_of: dt.date, address: str) -> VerdictsJson:
    """The index of all claims, each with what the audit's JSON says of it."""
    told = [_summary(found, entry) for found, entry in audits]
    return VerdictsJson(**book(names.INDEX_SCHEMA.removeprefix("api/"), as_of, address), claims=told)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `api/verdicts.json` (data/verdicts.schema.json)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **VerdictsJson.model_json_schema()}
