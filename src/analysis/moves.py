"""Which verdicts a release moved: decided with it and as if it had never come, both on the day of that release.

No release replaces another. What was known when a statement was written is read from the releases of that time, so
that a later one changes it only where none of the time is held and the later one stands in.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis import answers, verdicts, words
from analysis.audit import Audited
from analysis.claims import Claim, Reading
from analysis.evaluations import Evaluation, evaluate
from analysis.revisions import EQUAL, check
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store
from analysis.verdicts import Evaluations, Verdict
from analysis.words import TIMES

# Words that decide nothing: what comes after one of them is no change of mind.
OPEN = frozenset({"not testable", "not yet due"})
KINDS = {
    "flipped": "another answer than before",
    "decided": "an answer where there was none",
    "opened": "no answer where there was one",
    "margin": "the same answer, nearer to flipping or further from it",
}
CAUSES = {
    "revision": "the same reading and year, told anew",
    "year": "another year by the same reading",
    "reading": "another reading",
    "": "no figure behind one of the two",
}
# A margin that is less than this share of what it was is worth a line.
SHRUNK = 0.5


@dataclass(frozen=True)
class Change:
    """What became of one reading of time (a key of TIMES): words and figures before and after a release.

    `kind` is a key of KINDS, `cause` one of CAUSES; `basis_before`: how the figure before was had (see
    verdicts.Choice). The margins are how far the figure could move before the verdict flips, in
    `margin_unit`; None where the two cannot be compared: another reading, another unit, nothing that could flip.
    """

    time: str
    kind: str
    cause: str
    before: str
    after: str
    figure_before: str
    figure_after: str
    reason: str
    basis_before: str
    margin_before: float | None
    margin_after: float | None
    margin_unit: str
    margin_words: tuple[str, str]

    @property
    def shrank(self) -> bool:
        """Whether the same answer is less than half as far from flipping as it was."""
        return self.kind == "margin" and self.margin_after < SHRUNK * self.margin_before


@dataclass(frozen=True)
class Move:
    """A claim whose verdicts, or whose margins, a release moved."""

    claim: Claim
    release: Release
    changes: tuple[Change, ...]

    def of(self, *kinds: str) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)


@dataclass(frozen=True)
class Step:
    """A release and all that it moved."""

    release: Release
    moves: tuple[Move, ...]


class _Without(Store):
    """A store as it would be had some of its releases never come, and none after a day."""

    def __init__(self, whole: Store, hidden: Iterable[str], day: dt.date) -> None:
        self._whole, self.folder = whole, whole.folder
        self._shown = {entry.name for entry in whole.releases if entry.day <= day} - set(hidden)
        self.releases = [entry for entry in whole.releases if entry.name in self._shown]

    def carrying(self, series: str) -> tuple[Release, ...]:
        return tuple(entry for entry in self._whole.carrying(series) if entry.name in self._shown)

    def figures(self, release: Release, series: str) -> pd.DataFrame:
        return self._whole.figures(release, series)


def moves(claims: Iterable[Claim], store: Store, old: Release, new: Release) -> list[Move]:
    """What `new` moved, against what was known with no release of its publisher after `old`.

    Of claims with a reading that uses a series of `new`, and written by its day: before there was no verdict to
    move. ClaimbookError where the two are not an older and a newer release of one publisher.
    """
    check(store, old, new)
    hidden = [entry for entry in store.releases if entry.publisher == new.publisher and old.day < entry.day <= new.day]
    told = ((claim, _evaluated(claim, store)) for claim in _concerned(claims, new))
    return [move for claim, found in told if (move := _move(claim, found, store, hidden, new)) is not None]


def history(
    claims: Iterable[Claim], store: Store, evaluated: Mapping[str, Evaluations] | None = None,
    until: dt.date | None = None,
) -> list[Step]:  # fmt: skip
    """What each release moved when it came, oldest first; a release that moved nothing is there too.

    `evaluated`: evaluations by claim and reading, where they are known already; `until`: hides later releases.
    """
    claims = list(claims)
    known = dict(evaluated or {})
    steps = []
    for new in store.releases:
        if until is not None and new.day > until:
            break
        found = []
        for claim in _concerned(claims, new):
            if claim.id not in known:
                known[claim.id] = _evaluated(claim, store)
            move = _move(claim, known[claim.id], store, [new], new)
            if move is not None:
                found.append(move)
        steps.append(Step(new, tuple(found)))
    return steps


def _concerned(claims: Iterable[Claim], new: Release) -> Iterator[Claim]:
    carried = {scope.series for scope in new.scope}
    for claim in claims:
        if claim.document.day <= new.day and any(carried & set(reading.series) for reading in claim.readings):
            yield claim


def _evaluated(claim: Claim, store: Store) -> dict[str, list[Evaluation]]:
    return {reading.id: evaluate(claim, reading, store) for reading in claim.readings}


def _move(claim: Claim, found: Evaluations, store: Store, hidden: Sequence[Release], new: Release) -> Move | None:
    after = {name: [entry for entry in told if entry.day <= new.day] for name, told in found.items()}
    before = {
        reading.id: _before(claim, reading, after[reading.id], store, hidden, new.day) for reading in claim.readings
    }
    was, now = (Audited(claim, told, verdicts.decide(claim, told, new.day)) for told in (before, after))
    changes = tuple(change for time in TIMES if (change := _change(was, now, time)) is not None)
    return Move(claim, new, changes) if changes else None


def _before(
    claim: Claim, reading: Reading, after: list[Evaluation], store: Store, hidden: Sequence[Release], day: dt.date
) -> list[Evaluation]:
    """What a reading would say on a day, had some releases never come."""
    first, names = min(entry.day for entry in hidden), {entry.name for entry in hidden}
    others = (entry for name in reading.series for entry in store.carrying(name) if entry.name not in names)
    if not any(first <= entry.day <= day for entry in others):
        return [entry for entry in after if entry.day < first]
    # Another release came in that time, whose figures may stand beside hidden ones: reckoned anew without those.
    return evaluate(claim, reading, _Without(store, names, day))


def _change(was: Audited, now: Audited, time: str) -> Change | None:
    then, here = getattr(was.verdicts, time), getattr(now.verdicts, time)
    margins = _margins(then, here)
    if then.word != here.word:
        kind = "opened" if here.word in OPEN else "decided" if then.word in OPEN else "flipped"
    elif margins is None or math.isclose(margins[0].margin, margins[1].margin, rel_tol=EQUAL):
        return None
    else:
        kind = "margin"
    old, new = margins or (None, None)
    return Change(
        time=time,
        kind=kind,
        cause=_cause(then, here),
        before=then.word,
        after=here.word,
        figure_before=answers.figure_of(was, time),
        figure_after=answers.figure_of(now, time),
        reason=here.reason,
        basis_before=then.choice.basis if then.choice else "",
        margin_before=old and old.margin,
        margin_after=new and new.margin,
        margin_unit=old.margin_unit if old else "",
        margin_words=(words.margin(old), words.margin(new)) if old and new else ("", ""),
    )


def _cause(then: Verdict, here: Verdict) -> str:
    if then.choice is None or here.choice is None:
        return ""
    old, new = then.choice.evaluation, here.choice.evaluation
    if old.reading != new.reading:
        return "reading"
    return "revision" if old.year == new.year else "year"


def _margins(then: Verdict, here: Verdict) -> tuple[Evaluation, Evaluation] | None:
    """The evaluations behind two verdicts, where how far they are from flipping can be compared."""
    if then.choice is None or here.choice is None or {then.word, here.word} & OPEN:
        return None
    old, new = then.choice.evaluation, here.choice.evaluation
    if old.reading != new.reading or old.margin_unit != new.margin_unit:
        return None
    known = all(entry.margin is not None and math.isfinite(entry.margin) for entry in (old, new))
    return (old, new) if known else None


def lines(moved: Iterable[Move]) -> list[str]:
    """What is worth a line of all that moved, with the claim's id: answers that changed, then margins that shrank."""
    found = [
        (change.kind, f"{move.claim.id}: {told(change)}")
        for move in moved
        for change in move.changes
        if change.kind != "margin" or change.shrank
    ]
    return [text for kind in KINDS for own, text in found if own == kind]


def told(change: Change) -> str:
    """A change in plain words: "today was true, now no longer true: 5th of 190 in 2022, then 12th of 191 in 2023"."""
    time = TIMES[change.time]
    was, now = change.figure_before, change.figure_after
    figures = f"{was}, then {now}" if was and now and was != now else now or was
    if change.kind == "margin":
        how = "shrank" if change.margin_after < change.margin_before else "grew"
        near, far = change.margin_words
        return f"{time} still {change.after}, its margin {how} from {near} to {far}: {figures}"
    text = f"{time} was {change.before}, now {change.after}"
    return f"{text}: {figures}" if figures else text
