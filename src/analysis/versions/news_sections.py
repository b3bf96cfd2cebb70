"""The sections of a page of differences, as its template takes them. A section without content is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis import words
from analysis.versions import headlines
from analysis.versions.changes import TIMES, ClaimChange, ClaimEntry
from analysis.versions.ways import Teller

# So many are read at a glance; more are folded.
MOVED, LISTED, ENTRIES = 10, 12, 12
LARGEST_FIRST = (
    "The largest moves come first, measured against the margin that the verdict had; which way they went is told by "
    "the margins before and after."
)


def sections(tell: Teller) -> list[dict[str, Any]]:
    """All sections that have something to tell, in order."""
    return [entry for entry in _all(tell) if entry]


def _all(tell: Teller) -> Iterable[dict[str, Any] | None]:
    found = headlines.by_kind(tell.difference.changed)
    yield _turns(tell, "flipped", "Verdicts that flipped", found.flipped, "flipped")
    yield _turns(tell, "decided", "Answered now, and not before", found.decided, "got an answer")
    yield _turns(tell, "opened", "Answered before, and not now", found.opened, "lost their answer")
    yield _entries(tell, "new", "New statements", tell.difference.added)
    yield _entries(tell, "withdrawn", "Withdrawn statements", tell.difference.withdrawn)
    yield _moved(tell, found.moved)
    yield _list(
        "readings",
        "Readings that came or went",
        "statement with other readings",
        "statements with other readings",
        [_noted(tell, claim, f": {text}") for claim in tell.difference.changed if (text := headlines.readings(claim))],
    )
    yield _list(
        "edits",
        "Edits of the ledger",
        "edited statement",
        "edited statements",
        [
            _noted(tell, claim, f": {'; '.join(text)}")
            for claim in tell.difference.changed
            if (text := headlines.edits(claim))
        ],
    )
    yield _method(tell)
    yield _releases(tell)
    yield _list(
        "dropped",
        "Releases that are no longer held",
        "dropped release",
        "dropped releases",
        [
            {"href": "", "title": tell.publishers.get(name, name), "told": f", {headlines.released(released)}"}
            for name, released in tell.difference.dropped
        ],
    )
    yield _list(
        "parts",
        "Documents and chapters that came or went",
        "document or chapter",
        "documents and chapters",
        list(_parts(tell)),
    )


def _turns(tell: Teller, anchor: str, title: str, found: Sequence[headlines.Found], verb: str) -> dict[str, Any] | None:
    """Verdicts whose word is another one, by document and statement."""
    if not found:
        return None
    groups = []
    for document, rows in headlines.grouped(found, lambda entry: entry[0].document).items():
        claims = headlines.grouped(rows, lambda entry: entry[0].id).values()
        title_of = rows[0][0].document_title
        groups.append(
            {
                "title": title_of,
                "href": tell.ways.document(document),
                "caption": headlines.sentence(
                    f"{headlines.counted(len(rows), 'verdict')} that {_verb(verb, len(rows))}"
                )[:-1],
                "claims": [
                    {
                        "title": entries[0][0].title,
                        "href": tell.ways.claim(entries[0][0].id),
                        "rows": [tell.row(*entry) for entry in _in_order(entries)],
                    }
                    for entries in claims
                ],
            }
        )
    told = headlines.causes(found) if anchor != "flipped" else ""
    short = f"{len(found):,} {_verb(verb, len(found))}"
    return {"kind": "turns", "anchor": anchor, "title": title, "short": short, "told": told, "groups": groups}


def _verb(verb: str, count: int) -> str:
    return verb.replace("their", "its") if count == 1 else verb


def _in_order(found: Iterable[headlines.Found]) -> list[headlines.Found]:
    order = list(TIMES)
    return sorted(found, key=lambda entry: order.index(entry[1].time) if entry[1].time in order else len(order))


def _moved(tell: Teller, found: Sequence[headlines.Found]) -> dict[str, Any] | None:
    if not found:
        return None
    rows = [tell.row(claim, change) for claim, change in found]
    rest = rows[MOVED:]
    return {
        "kind": "moves",
        "anchor": "moved",
        "title": "Kept, by another figure or record",
        "short": f"{len(rows):,} kept otherwise",
        "told": LARGEST_FIRST if len(rows) > 1 else "",
        "caption": "Verdicts kept by another figure or record",
        "rows": rows[:MOVED],
        "folded": rest,
        "more": headlines.sentence(headlines.counted(len(rest), "more verdict"))[:-1],
    }


def _entries(tell: Teller, anchor: str, title: str, found: Sequence[ClaimEntry]) -> dict[str, Any] | None:
    """Statements that only one of the versions has, by document, with their verdicts there."""
    if not found:
        return None
    old = anchor == "withdrawn"
    fresh = dict(tell.difference.documents_removed if old else tell.difference.documents_added)
    kept = {claim.document for claim in tell.difference.changed}
    kept |= {entry.document for entry in (tell.difference.added if old else ())}
    groups = []
    for document, entries in headlines.grouped(found, lambda entry: entry.document).items():
        count = headlines.sentence(headlines.counted(len(entries), f"{anchor} statement"))
        whole = f"The document {'left the book' if old else 'is new in the book'}. " if document in fresh else ""
        times = [time for time in TIMES if any(dict(entry.words).get(time) for entry in entries)]
        groups.append(
            {
                "title": entries[0].document_title,
                "href": tell.ways.document(document, old=old and document not in kept),
                "told": f"{whole}{count} {headlines.fared(entries)}".strip(),
                "caption": f"With the verdicts of version {tell.ways.old if old else tell.ways.new}",
                "folded": f"All {len(entries)} statements with their verdicts" if len(entries) > ENTRIES else "",
                "times": [headlines.words_of_time(time) for time in times],
                "claims": [
                    {
                        "title": entry.title,
                        "href": tell.ways.claim(entry.id, old=old),
                        "words": [dict(entry.words).get(time, "") for time in times],
                    }
                    for entry in entries
                ],
            }
        )
    return {
        "kind": "entries",
        "anchor": anchor,
        "title": title,
        "short": f"{len(found):,} {anchor} statement{'s' if len(found) != 1 else ''}",
        "told": "",
        "groups": groups,
    }


def _releases(tell: Teller) -> dict[str, Any] | None:
    """New releases by publisher, with the statements that stand on them now."""
    releases = headlines.grouped(tell.difference.releases, lambda entry: entry[0])
    behind: dict[str, dict[str, tuple[ClaimChange, list[str]]]] = {}
    for claim in tell.difference.changed:
        for source in claim.sources:
            publisher, _, released = source.rpartition(" ")
            behind.setdefault(publisher or source, {}).setdefault(claim.id, (claim, []))[1].append(released)
    names = sorted({*releases, *behind}, key=lambda name: (tell.publishers.get(name, name).casefold(), name))
    if not names:
        return None
    groups = []
    for name in names:
        claims = [
            _noted(tell, claim, f": {words.listing([headlines.released(day) for day in sorted(days)])}")
            for claim, days in behind.get(name, {}).values()
        ]
        groups.append(
            {
                "title": tell.publishers.get(name, name),
                "told": _released(sorted(released for _, released in releases.get(name, []))),
                "claims": claims,
                "more": headlines.sentence(headlines.counted(len(claims), "statement"))[:-1],
            }
        )
    total = len(tell.difference.releases)
    return {
        "kind": "releases",
        "anchor": "releases",
        "title": "New figures, by publisher",
        "short": f"{total:,} new release{'s' if total != 1 else ''}",
        "told": "",
        "groups": groups,
    }


def _released(days: Sequence[str]) -> str:
    if not days:
        return "none; one held before decides"
    told = [headlines.released(day) for day in days]
    return words.listing(told) if len(told) <= 4 else f"{headlines.spelt(len(told))}, from {told[0]} to {told[-1]}"


def _method(tell: Teller) -> dict[str, Any] | None:
    if not tell.difference.method:
        return None
    count = sum(change.cause == "method change" for claim in tell.difference.changed for change in claim.changes)
    told = f"The code that computes figures and judges them is another one. {headlines.sentence(_by_method(count))}"
    return {"kind": "told", "anchor": "method", "title": "Method", "short": "another method", "told": told}


def _by_method(count: int) -> str:
    if count == 0:
        return "no difference is put down to it"
    return f"{headlines.counted(count, 'difference is', 'differences are')} put down to it"


def _parts(tell: Teller) -> Iterable[dict[str, str]]:
    difference, ways = tell.difference, tell.ways
    for entries, old in ((difference.documents_added, False), (difference.documents_removed, True)):
        for name, title in entries:
            told = ", a document that left the book" if old else ", a new document"
            yield {"href": ways.document(name, old=old), "title": title, "told": told}
    for entries, old in ((difference.chapters_added, False), (difference.chapters_removed, True)):
        for name, title in entries:
            path = f"chapters/{name.removeprefix('chapters/')}.html"
            told = ", a chapter that left the book" if old else ", a new chapter"
            yield {"href": ways.into(difference.old if old else difference.new, path), "title": title, "told": told}


def _list(anchor: str, title: str, noun: str, many: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    if not rows:
        return None
    rest = rows[LISTED:]
    return {
        "kind": "list",
        "anchor": anchor,
        "title": title,
        "short": f"{len(rows):,} {noun if len(rows) == 1 else many}",
        "told": "",
        "rows": rows[:LISTED],
        "folded": rest,
        "more": f"{len(rest):,} more",
    }


def _noted(tell: Teller, claim: ClaimChange, told: str) -> dict[str, str]:
    return {"href": tell.ways.claim(claim.id), "title": claim.title, "told": told}
