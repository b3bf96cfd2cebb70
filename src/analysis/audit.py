"""The audit: every claim with its evaluations and verdicts, and the JSON that is a contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis import verdicts
from analysis.claims import KINDS, Cited, Claim
from analysis.evaluations import Evaluation, evaluate
from analysis.records import STANDINGS
from analysis.snapshots.catalogue import publishers
from analysis.snapshots.store import Store
from analysis.verdicts import Choice, Verdict, Verdicts

CONTRACT = 2


@dataclass(frozen=True)
class Audited:
    """A claim with all its evaluations (by reading id) and its verdicts."""

    claim: Claim
    evaluations: dict[str, list[Evaluation]]
    verdicts: Verdicts


def audit(claim: Claim, store: Store, as_of: dt.date | None = None) -> Audited:
    """Audit one claim. `as_of` defaults to the day of the newest release held, never to the clock."""
    day = as_of or store.newest
    found = {reading.id: evaluate(claim, reading, store) for reading in claim.readings}
    return Audited(claim, found, verdicts.decide(claim, found, day))


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EvaluationJson(_Json):
    """One reading in one year by one release."""

    publisher: str = Field(description="who made the release that is named")
    released: str = Field(description="YYYY-MM-DD, or YYYY-MM where the day is not known; the newest of those used")
    year: int
    value: float
    unit: str
    rank: int | None
    rank_best: int | None = Field(description="best rank that missing members could leave it at")
    rank_worst: int | None
    universe: int | None = Field(description="how many members were ranked or counted")
    flag: str
    verdict: Literal["supported", "not supported", "not testable"]
    fit: Literal["rounding", "tolerance"] | None
    margin: float | None = Field(description="how far the value may move before the verdict flips, in margin_unit")
    margin_unit: str
    note: str


class ChosenJson(EvaluationJson):
    """The evaluation that stands for a reading at a time, and how it was chosen."""

    basis: Literal["held", "reconstructed", "older", "revised"]


class ReadingJson(_Json):
    """A reading: its definition, the evaluations chosen, and every evaluation there is."""

    id: str
    definition: str
    role: Literal["reading", "outturn"]
    measure: str
    series: list[str]
    printed: str
    unit: str
    when_written: ChosenJson | None
    today: ChosenJson | None
    evaluations: list[EvaluationJson]


class VerdictJson(_Json):
    """The three readings of time."""

    when_written: Literal[tuple(verdicts.WHEN_WRITTEN)]
    as_revised: Literal[tuple(verdicts.AS_REVISED)]
    today: Literal[tuple(verdicts.TODAY)]


class ReasonJson(_Json):
    """Why, for each reading of time."""

    when_written: str
    as_revised: str
    today: str


class MarginJson(_Json):
    """How far the deciding figure is from flipping its verdict."""

    reading: str
    year: int
    released: str
    value: float
    unit: str
    share_of_value: float | None


class MarginsJson(_Json):
    """Margins for each reading of time; null where nothing was decided by a figure."""

    when_written: MarginJson | None
    as_revised: MarginJson | None
    today: MarginJson | None


class CoverageJson(_Json):
    """On what the verdicts stand."""

    basis: str | None = Field(description="how the figures of the time were had")
    readings_bearing_out: int
    readings_tested: int
    notes: list[str]


class SourceJson(_Json):
    """A publisher whose figures were used, with its releases and terms."""

    publisher: str
    title: str
    product: str
    address: str
    licence: str
    licence_address: str
    terms: str
    cite: str
    releases: list[str]


class RecordJson(_Json):
    """A public record and what it says of the claim; `agrees` null: it bears on it without settling it."""

    id: str
    title: str
    publisher: str
    address: str
    dated: str | None
    seen: dt.date
    standing: Literal[tuple(STANDINGS)]
    agrees: bool | None
    today: bool | None = Field(description="what it says of the present, where the fact is a state that can change")
    told: str


class ReplyJson(_Json):
    """What an author of the document answered."""

    by: str
    dated: dt.date
    text: str
    address: str | None


class ClaimJson(_Json):
    """One claim, audited."""

    id: str
    document: str
    theme: str
    title: str
    statement: str
    place: str
    kind: Literal[tuple(KINDS)]
    printed: str | None = Field(description="the printed figure; null where the statement prints none")
    unit: str | None
    tolerance: float
    threshold: str | None
    due: int | None = Field(description="the year by which a pledge is due or a forecast speaks of")
    untestable: str | None = Field(description="why nothing can decide it; null where something can")
    unheld: str | None = Field(description="the likeliest reading, where no figures of it are held")
    lasts: bool = Field(description="whether it is of something past, which later years cannot change")
    country: str
    partner: str
    verdict: VerdictJson
    reason: ReasonJson
    margin: MarginsJson
    coverage: CoverageJson
    caveats: list[str]
    readings: list[ReadingJson]
    records: list[RecordJson]
    echoes: list[str] = Field(description="claims of other documents that say the same; no record of it")
    replies: list[ReplyJson]
    sources: list[SourceJson]


class AuditJson(_Json):
    """What `claimbook audit --json` prints."""

    contract: int
    as_of: dt.date
    claims: list[ClaimJson]


def _evaluation(entry: Evaluation) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in EvaluationJson.model_fields}


def _chosen(choice: Choice | None) -> ChosenJson | None:
    return None if choice is None else ChosenJson(**_evaluation(choice.evaluation), basis=choice.basis)


def _margin(verdict: Verdict) -> MarginJson | None:
    choice = verdict.choice
    if choice is None or choice.evaluation.margin is None:
        return None
    entry = choice.evaluation
    share = entry.margin / abs(entry.value) if entry.value else None
    return MarginJson(
        reading=entry.reading,
        year=entry.year,
        released=entry.released,
        value=entry.margin,
        unit=entry.margin_unit,
        share_of_value=share,
    )


def sources(audited: Audited) -> list[SourceJson]:
    """The publishers whose figures a claim's readings use, with the releases held."""
    released: dict[str, set[str]] = {}
    for entries in audited.evaluations.values():
        for entry in entries:
            for name, release in entry.sources:
                released.setdefault(name, set()).add(release)
    known = publishers()
    return [
        SourceJson(
            publisher=name,
            title=known[name].title,
            product=known[name].product,
            address=known[name].home,
            licence=known[name].licence_title,
            licence_address=known[name].licence_address,
            terms=known[name].terms,
            cite=known[name].cite,
            releases=sorted(released[name]),
        )
        for name in sorted(released)
    ]


def coverage_notes(audited: Audited) -> list[str]:
    """What a reader must know of the figures that decided, each note once."""
    notes = []
    for verdict in (audited.verdicts.when_written, audited.verdicts.as_revised, audited.verdicts.today):
        choice = verdict.choice
        if choice is None:
            continue
        entry = choice.evaluation
        if choice.basis == "reconstructed":
            notes.append(f"{entry.year} is told by the release of {entry.released}, cut to the years then published")
        if choice.basis == "older":
            notes.append(f"a newer release than that of {entry.released} existed by then and is not held")
        if entry.flag:
            notes.append(f"{entry.year} in the release of {entry.released}: {entry.flag.replace('_', ' ')}")
        if entry.note:
            notes.append(f"{entry.year} in the release of {entry.released}: {entry.note}")
    return list(dict.fromkeys(notes))


def as_json(audited: Audited) -> ClaimJson:
    """An audited claim as the contract tells it."""
    claim, found = audited.claim, audited.verdicts
    borne, tested = found.borne_out
    return ClaimJson(
        id=claim.id,
        document=claim.document.id,
        theme=claim.theme,
        title=claim.title,
        statement=claim.statement,
        place=claim.place,
        kind=claim.kind,
        printed=claim.printed,
        unit=claim.unit,
        tolerance=claim.tolerance,
        threshold=claim.threshold,
        due=claim.due,
        untestable=claim.untestable,
        unheld=claim.unheld,
        lasts=claim.lasts,
        country=claim.about,
        partner=claim.other,
        verdict=VerdictJson(
            when_written=found.when_written.word, as_revised=found.as_revised.word, today=found.today.word
        ),
        reason=ReasonJson(
            when_written=found.when_written.reason, as_revised=found.as_revised.reason, today=found.today.reason
        ),
        margin=MarginsJson(
            when_written=_margin(found.when_written), as_revised=_margin(found.as_revised), today=_margin(found.today)
        ),
        coverage=CoverageJson(
            basis=found.when_written.choice.basis if found.when_written.choice else None,
            readings_bearing_out=borne,
            readings_tested=tested,
            notes=coverage_notes(audited),
        ),
        caveats=list(claim.caveats),
        readings=[
            ReadingJson(
                id=reading.id,
                definition=claim.define(reading.definition),
                role=reading.role,
                measure=reading.measure,
                series=list(reading.series),
                printed=reading.printed or str(claim.printed),
                unit=claim.unit_of(reading),
                when_written=_chosen(found.readings.get(reading.id)),
                today=_chosen(found.now.get(reading.id)),
                evaluations=[EvaluationJson(**_evaluation(entry)) for entry in audited.evaluations[reading.id]],
            )
            for reading in claim.readings
        ],
        records=[_record(cited) for cited in claim.records],
        echoes=list(claim.echoes),
        replies=[ReplyJson(**reply.model_dump()) for reply in claim.replies],
        sources=sources(audited),
    )


def _record(cited: Cited) -> RecordJson:
    own = ("agrees", "today", "told")
    told = {name: getattr(cited.record, name) for name in RecordJson.model_fields if name not in own}
    return RecordJson(**told, **{name: getattr(cited, name) for name in own})


def report(audits: Sequence[Audited], as_of: dt.date) -> AuditJson:
    """The whole audit as the contract tells it."""
    return AuditJson(contract=CONTRACT, as_of=as_of, claims=[as_json(entry) for entry in audits])


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `claimbook audit --json` (data/audit.schema.json)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **AuditJson.model_json_schema()}
