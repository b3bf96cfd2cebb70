"""What `claimbook diff --json` prints and changes.json holds: a contract, its schema in data/changes.schema.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis.versions import changes as rooms
from analysis.versions.changes import Change, ClaimChange, ClaimEntry, Difference, Told

CONTRACT = 1
# A word is a plain string: an old version may have one that is no longer in the vocabulary.
_Time = Literal[tuple(rooms.TIMES)]


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NamedJson(_Json):
    """A document or a chapter."""

    id: str
    title: str


class ReleaseJson(_Json):
    """A release of a publisher."""

    publisher: str
    released: str = Field(description="YYYY-MM-DD, or YYYY-MM where the day is not known")


class WordJson(_Json):
    """The verdict in one reading of time."""

    time: _Time
    word: str


class EntryJson(_Json):
    """A claim that only one of the two versions has, with its verdicts there."""

    claim: str
    title: str
    document: str
    document_title: str
    verdicts: list[WordJson]


class ToldJson(_Json):
    """What one version says; all but `word` and `reason` empty or null where no figure decided."""

    word: str
    figure: str = Field(description="in words")
    reading: str
    year: int | None
    value: float | None
    unit: str
    rank: int | None
    publisher: str
    released: str
    margin: float | None = Field(description="how far the figure could move before the verdict flips")
    margin_unit: str
    reason: str


class ChangeJson(_Json):
    """What became of one reading of time of a claim."""

    time: _Time
    kind: Literal[tuple(rooms.KINDS)] = Field(
        description="; ".join(f"{name}: {what}" for name, what in rooms.KINDS.items())
    )
    cause: Literal[tuple(rooms.CAUSES)] = Field(
        description="; ".join(f"{name}: {what}" for name, what in rooms.CAUSES.items())
    )
    before: ToldJson
    after: ToldJson
    share: float | None = Field(
        description="how far the figure moved as a share of the margin it had; null where the two cannot be compared"
    )
    sentence: str = Field(description="the change in plain words")
    because: str = Field(description="what stands behind it, in plain words")


class ClaimChangeJson(_Json):
    """A claim that both versions have, and what became of it."""

    claim: str
    title: str
    document: str
    document_title: str
    changes: list[ChangeJson]
    edits: list[str] = Field(description="what was edited in the ledger, in words")
    readings_added: list[str]
    readings_removed: list[str]
    sources: list[ReleaseJson] = Field(description="releases that stand behind it now and did not before")


class CountsJson(_Json):
    """The difference in numbers; a claim with two changes of a kind counts twice."""

    added: int
    withdrawn: int
    flipped: int
    decided: int
    opened: int
    moved: int
    edited: int = Field(description="claims that were edited in the ledger")
    causes: dict[str, int] = Field(description="how many changes each cause has; those that have none are left out")


class DifferenceJson(_Json):
    """All that differs between an older and a newer version of the book."""

    contract: int
    old: str
    new: str
    method: bool = Field(description="whether the code that judges is another one")
    counts: CountsJson
    changed: list[ClaimChangeJson]
    added: list[EntryJson]
    withdrawn: list[EntryJson]
    documents_added: list[NamedJson]
    documents_removed: list[NamedJson]
    chapters_added: list[NamedJson]
    chapters_removed: list[NamedJson]
    releases: list[ReleaseJson] = Field(description="releases that the newer version holds and the older did not")
    dropped: list[ReleaseJson] = Field(description="releases that the older version held and the newer does not")


def report(found: Difference) -> DifferenceJson:
    """A difference as the contract tells it."""
    return DifferenceJson(
        contract=CONTRACT,
        old=found.old,
        new=found.new,
        method=found.method,
        counts=counts(found),
        changed=[_claim(claim) for claim in found.changed],
        added=[_entry(entry) for entry in found.added],
        withdrawn=[_entry(entry) for entry in found.withdrawn],
        documents_added=_named(found.documents_added),
        documents_removed=_named(found.documents_removed),
        chapters_added=_named(found.chapters_added),
        chapters_removed=_named(found.chapters_removed),
        releases=_releases(found.releases),
        dropped=_releases(found.dropped),
    )


def text(found: Difference) -> str:
    """A difference as changes.json holds it."""
    return report(found).model_dump_json(indent=1) + "\n"


def counts(found: Difference) -> CountsJson:
    """A difference in numbers."""
    changes = [change for claim in found.changed for change in claim.changes]
    causes = [change.cause for change in changes]
    return CountsJson(
        added=len(found.added),
        withdrawn=len(found.withdrawn),
        **{kind: sum(change.kind == kind for change in changes) for kind in rooms.KINDS},
        edited=sum(bool(claim.edits) for claim in found.changed),
        causes={cause: causes.count(cause) for cause in rooms.CAUSES if cause in causes},
    )


def _claim(claim: ClaimChange) -> ClaimChangeJson:
    return ClaimChangeJson(
        claim=claim.id,
        title=claim.title,
        document=claim.document,
        document_title=claim.document_title,
        changes=[_change(change) for change in claim.changes],
        edits=list(claim.edits),
        readings_added=list(claim.readings_added),
        readings_removed=list(claim.readings_removed),
        # A publisher's name has no space in it, and a date has none.
        sources=_releases(source.rpartition(" ")[::2] for source in claim.sources),
    )


def _change(change: Change) -> ChangeJson:
    same = {name: getattr(change, name) for name in ("time", "kind", "cause", "share", "sentence", "because")}
    return ChangeJson(**same, before=_told(change.before), after=_told(change.after))


def _told(told: Told) -> ToldJson:
    return ToldJson(**dataclasses.asdict(told))


def _entry(entry: ClaimEntry) -> EntryJson:
    return EntryJson(
        claim=entry.id,
        title=entry.title,
        document=entry.document,
        document_title=entry.document_title,
        verdicts=[WordJson(time=time, word=word) for time, word in entry.words],
    )


def _named(entries: Iterable[tuple[str, str]]) -> list[NamedJson]:
    return [NamedJson(id=name, title=title) for name, title in entries]


def _releases(entries: Iterable[tuple[str, str]]) -> list[ReleaseJson]:
    return [ReleaseJson(publisher=publisher, released=released) for publisher, released in entries]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `claimbook diff --json` and of changes.json (data/changes.schema.json)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **DifferenceJson.model_json_schema()}
