"""What `claimbook data diff --json` prints: a contract, its schema in data/diff.schema.json."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analysis import moves as moves_room
from analysis.moves import Change, Move
from analysis.revisions import Diff, Revision, SeriesDiff
from analysis.snapshots.catalogue import Release
from analysis.verdicts import AS_REVISED, TODAY, WHEN_WRITTEN

CONTRACT = 1
WORDS = tuple(dict.fromkeys((*WHEN_WRITTEN, *AS_REVISED, *TODAY)))


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReleaseJson(_Json):
    """A release."""

    name: str
    publisher: str
    released: str = Field(description="YYYY-MM-DD, or YYYY-MM where the day is not known")


class RevisionJson(_Json):
    """One figure in both releases."""

    reporter: str
    partner: str
    year: int
    before: float | None = Field(description="null where it is suppressed")
    after: float | None = Field(description="null where it is suppressed or withdrawn")
    flag_before: str
    flag_after: str
    change: float | None = Field(description="in change_unit of the series; null where there is nothing to reckon from")


class FlagsJson(_Json):
    """How many figures changed from one flag to another; an ordinary figure has an empty one."""

    before: str
    after: str
    figures: int


class SeriesJson(_Json):
    """What became of a series that both releases carry, counted in observations."""

    series: str
    title: str
    unit_before: str
    unit_after: str
    change_unit: Literal["percentage points", "% of the old figure"]
    note: str = Field(description="why figures cannot be compared; empty where all can")
    added: int
    revised: int
    rounded: int = Field(description="no further apart than one of the two releases rounds")
    suppressed: int = Field(description="told before, withheld now")
    disclosed: int = Field(description="withheld before, told now")
    unchanged: int
    incomparable: int = Field(description="in both, in units or currencies that cannot be compared")
    withdrawn: int = Field(description="within the new release's scope, and left out")
    outside: int = Field(description="outside the new release's scope: neither withdrawn nor told again")
    flags: list[FlagsJson]
    largest: list[RevisionJson] = Field(description="the largest revisions, largest first")
    gone: list[RevisionJson] = Field(description="what was withdrawn, the newest years first")


class ChangeJson(_Json):
    """What became of one reading of time of a claim."""

    time: Literal[tuple(moves_room.TIMES)]
    kind: Literal[tuple(moves_room.KINDS)] = Field(
        description="; ".join(f"{name}: {what}" for name, what in moves_room.KINDS.items())
    )
    cause: Literal[tuple(moves_room.CAUSES)] = Field(
        description="; ".join(f"{name or 'empty'}: {what}" for name, what in moves_room.CAUSES.items())
    )
    before: Literal[WORDS]
    after: Literal[WORDS]
    figure_before: str
    figure_after: str
    reason: str = Field(description="why, by the new release")
    basis_before: Literal["", "held", "reconstructed", "older", "revised"] = Field(
        description="how the figure before was had; empty where none decided"
    )
    margin_before: float | None = Field(description="how far the figure could move before the verdict flipped")
    margin_after: float | None
    margin_unit: str
    told: str = Field(description="the change in plain words")


class MoveJson(_Json):
    """A claim whose verdicts or margins the new release moved."""

    claim: str
    title: str
    changes: list[ChangeJson]


class DiffJson(_Json):
    """What the newer of two releases changed, and which verdicts it moved, decided on its day."""

    contract: int
    old: ReleaseJson
    new: ReleaseJson
    as_of: dt.date
    series: list[SeriesJson]
    only_old: list[str] = Field(description="series that the new release does not carry; it withdraws none of them")
    only_new: list[str] = Field(description="series that the old release does not carry")
    moves: list[MoveJson]


def report(found: Diff, moved: Sequence[Move]) -> DiffJson:
    """A difference and its moves as the contract tells them."""
    return DiffJson(
        contract=CONTRACT,
        old=_release(found.old),
        new=_release(found.new),
        as_of=found.new.day,
        series=[_series(entry) for entry in found.series],
        only_old=list(found.only_old),
        only_new=list(found.only_new),
        moves=[
            MoveJson(claim=move.claim.id, title=move.claim.title, changes=[_change(change) for change in move.changes])
            for move in moved
        ],
    )


def _release(entry: Release) -> ReleaseJson:
    return ReleaseJson(name=entry.name, publisher=entry.publisher, released=entry.released)


def _series(entry: SeriesDiff) -> SeriesJson:
    own = ("title", "change_unit", "flags", "largest", "gone")
    return SeriesJson(
        **{name: getattr(entry, name) for name in SeriesJson.model_fields if name not in own},
        title=entry.title,
        change_unit="percentage points" if entry.points else "% of the old figure",
        flags=[FlagsJson(before=before, after=after, figures=count) for before, after, count in entry.flags],
        largest=[_revision(item) for item in entry.largest],
        gone=[_revision(item) for item in entry.gone],
    )


def _revision(entry: Revision) -> RevisionJson:
    return RevisionJson(**dataclasses.asdict(entry))


def _change(change: Change) -> ChangeJson:
    known = {name: getattr(change, name) for name in ChangeJson.model_fields if name != "told"}
    return ChangeJson(**known, told=moves_room.told(change))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `claimbook data diff --json` (data/diff.schema.json)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **DiffJson.model_json_schema()}
