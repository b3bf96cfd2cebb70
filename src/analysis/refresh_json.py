"""What a refresh did, as data: data/refresh.schema.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis import claims, diff_json, moves, revisions
from analysis.refresh import OUTCOMES, Outcome
from analysis.snapshots import errata
from analysis.snapshots.guard import CAUTIONS
from analysis.snapshots.store import Store

CONTRACT = 1


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CautionJson(_Json):
    """Something odd about a release beside the ones before it."""

    name: Literal[tuple(CAUTIONS)]
    series: str = Field(description="empty where it is about the whole release")
    text: str


class OutcomeJson(_Json):
    """What became of one publisher."""

    publisher: str
    outcome: Literal[tuple(OUTCOMES)]
    text: str
    release: str | None = Field(description="name of the release that was added, or of the newest held")
    requests: int
    cautions: list[CautionJson]
    quarantine: str | None = Field(description="the folder in which a release waits that was not taken")
    advice: list[str] = Field(description="what would let the publisher be asked better")
    moved: list[str] = Field(description="verdicts that the release moved, in words")
    diff: diff_json.DiffJson | None = Field(description="what it changed against the release before")


class RefreshJson(_Json):
    """What a refresh did, publisher by publisher in the order in which they were asked."""

    contract: int = CONTRACT
    outcomes: list[OutcomeJson]


def outcome(found: Outcome, folder: Path) -> OutcomeJson:
    """One outcome as data; for a new release, what it changed in the store `folder` and which verdicts it moved."""
    text, moved, diff, advice = found.text, [], None, list(found.advice)
    if found.word == "new":
        store = Store(folder)
        text, moved, diff = _changed(found, store)
        advice += [f"known error {name}: {told}" for name, told in errata.problems(store) if _is_of(name, found)]
    return OutcomeJson(
        publisher=found.publisher,
        outcome=found.word,
        text=text,
        release=found.release.name if found.release else None,
        requests=found.requests,
        cautions=[CautionJson(name=entry.name, series=entry.series, text=entry.text) for entry in found.cautions],
        quarantine=str(found.quarantine) if found.quarantine else None,
        advice=advice,
        moved=moved,
        diff=diff,
    )


def _is_of(name: str, found: Outcome) -> bool:
    return errata.errata()[name].series.startswith(f"{found.publisher}.")


def _changed(found: Outcome, store: Store) -> tuple[str, list[str], diff_json.DiffJson | None]:
    release = found.release
    count = sum(scope.observations for scope in release.scope)
    text = f"new release {release.name}: {count:,} observations of {len(release.scope)} series"
    old = revisions.earlier(store, release)
    if old is None:
        return f"{text}; nothing before to compare with", [], None
    changed = revisions.diff(store, old, release)
    moved = moves.moves(claims.ledger(), store, old, release)
    flipped = len({move.claim.id for move in moved if move.of("flipped", "decided", "opened")})
    counts = ", ".join(f"{changed.count(name):,} {name}" for name in ("added", "revised", "withdrawn"))
    verdicts = "no verdict moved" if not flipped else f"{flipped} verdict{'s' * (flipped > 1)} moved"
    return f"{text}; against {old.released} {counts}; {verdicts}", moves.lines(moved), diff_json.report(changed, moved)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of what `claimbook data refresh --json` prints."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RefreshJson.model_json_schema()}
