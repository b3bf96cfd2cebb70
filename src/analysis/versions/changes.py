"""What is told of the differences between two versions, claim by claim. Made by analysis.versions.difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.words import TIMES as TIMES

KINDS = {
    "flipped": "another answer than before",
    "decided": "an answer where there was none",
    "opened": "no answer where there was one",
    "moved": "the same answer by another figure or record",
}
CAUSES = {
    "ledger edit": "the statement, its readings or its records were edited",
    "method change": "the same figures are judged by another method",
    "revision": "the same year is told anew by another release",
    "new year": "a newer year is told",
    "new release": "another release decides than those held before",
    "new record": "another public record decides than those counted before",
    "time passed": "nothing came, but time: a year was over, a figure grew too old, or a pledge came due",
}


@dataclass(frozen=True)
class Told:
    """What one version says of one reading of time. `figure` in words, empty where none decided.

    `margin`: how far the figure could move before the verdict flips, in `margin_unit`; None where nothing could flip.
    """

    word: str
    figure: str = ""
    reading: str = ""
    year: int | None = None
    value: float | None = None
    unit: str = ""
    rank: int | None = None
    publisher: str = ""
    released: str = ""
    margin: float | None = None
    margin_unit: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """What became of one reading of time (a key of TIMES) of a claim.

    `kind` is a key of KINDS, `cause` of CAUSES. `share`: how far the figure moved as a share of the margin it had; None
    where the two cannot be compared. `sentence` tells it in plain words, `because` what stands behind it.
    """

    time: str
    kind: str
    cause: str
    before: Told
    after: Told
    share: float | None
    sentence: str
    because: str = ""

    @property
    def flipped(self) -> bool:
        """Whether the word itself is another one."""
        return self.before.word != self.after.word


@dataclass(frozen=True)
class ClaimChange:
    """A claim that both versions have, and what became of it.

    `edits` name what was edited in the ledger, in words ("its statement", "the reading balance-of-payments was added");
    `sources` are releases that now stand behind it and did not before, as "publisher released".
    """

    id: str
    title: str
    document: str
    document_title: str
    changes: tuple[Change, ...] = ()
    edits: tuple[str, ...] = ()
    readings_added: tuple[str, ...] = ()
    readings_removed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def of(self, *kinds: str) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)


@dataclass(frozen=True)
class ClaimEntry:
    """A claim that only one of the two versions has, with its words there by reading of time."""

    id: str
    title: str
    document: str
    document_title: str
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that differs between an older and a newer version, each named as it is published.

    `releases` are those that the newer book holds and the older did not, as (publisher, released);
    `dropped` the other way round. `chapters_added` and `chapters_removed` are (name, title).
    `method`: whether the code that judges is another one.
    """

    old: str
    new: str
    added: tuple[ClaimEntry, ...] = ()
    withdrawn: tuple[ClaimEntry, ...] = ()
    changed: tuple[ClaimChange, ...] = ()
    documents_added: tuple[tuple[str, str], ...] = ()
    documents_removed: tuple[tuple[str, str], ...] = ()
    chapters_added: tuple[tuple[str, str], ...] = ()
    chapters_removed: tuple[tuple[str, str], ...] = ()
    releases: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    method: bool = False

    def flips(self) -> Iterator[tuple[ClaimChange, Change]]:
        """Every reading of time whose word is another one."""
        for claim in self.changed:
            for change in claim.changes:
                if change.flipped:
                    yield claim, change

    @property
    def empty(self) -> bool:
        """Whether nothing at all differs."""
        return not any(value for name, value in vars(self).items() if name not in ("old", "new"))
