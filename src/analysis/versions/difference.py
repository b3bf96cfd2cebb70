"""What differs between two frozen versions: claims, verdicts, the figures behind them, and why.

Read from version.json and api/ of the two folders alone, so that it can be told of versions that no code of today
could build again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.versions import apis, causes, edits
from analysis.versions.apis import OPEN, Entry
from analysis.versions.causes import Why
from analysis.versions.changes import TIMES, Change, ClaimChange, ClaimEntry, Difference, Told
from analysis.versions.edits import Pair

_BEFORE = {
    "when_written": "when written it was",
    "as_revised": "as revised, that year was",
    "today": "today was",
}
_STILL = {
    "when_written": "when written it is still",
    "as_revised": "as revised, that year is still",
    "today": "today is still",
}


def difference(old: Path, new: Path) -> Difference:
    """What differs between the versions in two folders; claims in the newer index's order, then the older's.

    Why each verdict changed is told by the rule of analysis.versions.causes. A figure that tells the same to the last
    digits of a sum has not moved. ClaimbookError names a file that is missing or broken.
    """
    was, now = apis.read(old), apis.read(new)
    shared = (Pair(was, now, was.claims[name], entry) for name, entry in now.claims.items() if name in was.claims)
    return Difference(
        old=was.record.name,
        new=now.record.name,
        added=tuple(_entry(entry) for name, entry in now.claims.items() if name not in was.claims),
        withdrawn=tuple(_entry(entry) for name, entry in was.claims.items() if name not in now.claims),
        changed=tuple(found for pair in shared if (found := _claim(pair)) is not None),
        documents_added=_lacking(now.documents, was.documents),
        documents_removed=_lacking(was.documents, now.documents),
        chapters_added=_lacking(now.record.chapters, was.record.chapters),
        chapters_removed=_lacking(was.record.chapters, now.record.chapters),
        releases=tuple(release for release in now.releases if release not in was.releases),
        dropped=tuple(release for release in was.releases if release not in now.releases),
        method=was.record.method != now.record.method,
    )


def introduced(new: Path) -> Difference:
    """A first version against nothing: every claim and document of it is new. ClaimbookError as for `difference`."""
    now = apis.read(new)
    return Difference(
        old="",
        new=now.record.name,
        added=tuple(_entry(entry) for entry in now.claims.values()),
        documents_added=tuple(now.documents.items()),
        chapters_added=tuple(now.record.chapters.items()),
        releases=tuple(now.releases),
    )


def _lacking(here: dict[str, str], there: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, title) for name, title in here.items() if name not in there)


def _entry(entry: Entry) -> ClaimEntry:
    words = tuple((time, word) for time in TIMES if (word := entry.word(time)))
    return ClaimEntry(entry.id, entry.title, *entry.document, words)


def _claim(pair: Pair) -> ClaimChange | None:
    was, now = pair.was, pair.now
    found = ClaimChange(
        now.id,
        now.title,
        *now.document,
        changes=tuple(_changes(pair)),
        edits=edits.edits(pair),
        readings_added=tuple(name for name in now.readings if pair.comparable and name not in was.readings),
        readings_removed=tuple(name for name in was.readings if pair.comparable and name not in now.readings),
        sources=tuple(" ".join(release) for release in now.sources if release not in was.sources),
    )
    told = (found.changes, found.edits, found.readings_added, found.readings_removed, found.sources)
    return found if any(told) else None


def _changes(pair: Pair) -> Iterator[Change]:
    written: Why | None = None
    records: set[tuple[str, str]] = set()
    for time in TIMES:
        before, after = pair.was.told(time), pair.now.told(time)
        kind = _kind(pair, time, before, after)
        decided = (pair.was.deciding(time), pair.now.deciding(time))
        if kind is None or (kind == "moved" and not after.figure and decided in records):
            continue  # what lasts is decided by one record in each reading of time: told once
        records.add(decided)
        why = causes.why(pair, time, before, after, written)
        if time == "when_written" and kind != "moved":
            written = why
        share = causes.share(before, after)
        sentence = _sentence(time, kind, before, after, share, why)
        yield Change(time, kind, why.cause, before, after, share, sentence, why.words)


def _kind(pair: Pair, time: str, before: Told, after: Told) -> str | None:
    if not before.word or not after.word:  # written before there was such a reading of time
        return None
    if before.word != after.word:
        return "opened" if after.word in OPEN else "decided" if before.word in OPEN else "flipped"
    told = ("reading", "year", "unit", "rank")
    same = all(getattr(before, name) == getattr(after, name) for name in told)
    if same and apis.close(before.value, after.value) and pair.was.deciding(time) == pair.now.deciding(time):
        return None
    # A record that a contract did not name yet is none that changed.
    named = all("record" in {**entry.file, **entry.summary} for entry in (pair.was, pair.now))
    return "moved" if before.figure or after.figure or named else None


def _sentence(time: str, kind: str, before: Told, after: Told, share: float | None, why: Why) -> str:
    if kind == "moved":
        text = f'{_STILL[time]} "{after.word}": {_figures(before, after)}{_moved(before, after, share)}'
    else:
        text = f'{_BEFORE[time]} "{before.word}", now "{after.word}"'
        figures = _figures(before, after)
        text += f": {figures}" if figures else ""
    return " ".join(f"{text} ({why.words})".split())


def _figures(before: Told, after: Told) -> str:
    """Both figures where there are two, the one where there is one and why there is no other, else the reasons."""
    if before.figure and after.figure:
        return before.figure if before.figure == after.figure else f"{before.figure}, then {after.figure}"
    if before.figure:
        return f"{before.figure}, then none: {after.reason}" if after.reason else f"{before.figure}, then none"
    if after.figure:
        return after.figure
    if before.word in OPEN or before.reason == after.reason:
        return after.reason
    return ", then ".join(filter(None, (before.reason, after.reason)))


def _moved(before: Told, after: Told, share: float | None) -> str:
    if not share:
        return ""
    return f", {'what lies behind it moved by' if before.figure == after.figure else 'a move of'} {of_margin(share)}"


def of_margin(share: float) -> str:
    """A share of the margin that a figure had, in words."""
    if share < 0.005:
        return "less than 1 per cent of its margin"
    return f"{share:,.1f} times its margin" if share >= 2 else f"{100 * share:.0f} per cent of its margin"
