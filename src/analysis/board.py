"""Tables of statements with their verdicts, and how they fared in words and as a bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis import panels
from analysis.audit import Audited
from analysis.documents import Document
from analysis.templates import html

# What a verdict on the time of writing comes to, for counting: each is told by its words first.
OUTCOMES = {
    "borne out": ("supported", "on record"),
    "borne out with a reservation": ("held for an earlier year", "supported under another reading"),
    "not borne out": ("not supported", "record differs"),
    "not yet due": ("not yet due",),
    "not testable": ("not testable",),
}
# The same for the verdict of today.
TODAY = {
    "true": ("true", "now true"),
    "not true": ("not true", "no longer true"),
    "not yet due": ("not yet due",),
    "not testable": ("not testable",),
}
# Whose colour an outcome has; the others are open.
_KINDS = {
    "borne out": "yes",
    "true": "yes",
    "borne out with a reservation": "part",
    "not borne out": "no",
    "not true": "no",
}
BAR_WIDTH, BAR_HEIGHT, GAP = 400, 14, 2


@dataclass(frozen=True)
class Count:
    """How many statements came to an outcome; `kind` names its colour."""

    word: str
    kind: str
    count: int


def counts(audits: Sequence[Audited], name: str) -> list[Count]:
    """How many statements came to each outcome in one reading of time; those that none came to are left out."""
    groups = TODAY if name == "today" else OUTCOMES
    told = [getattr(entry.verdicts, name).word for entry in audits]
    tally = {group: sum(word in own for word in told) for group, own in groups.items()}
    return [Count(group, _KINDS.get(group, "open"), count) for group, count in tally.items() if count]


def bar(found: Sequence[Count], label: str) -> str:
    """The counts as an SVG bar with its words beneath, as HTML; the words alone tell all of it."""
    total = sum(entry.count for entry in found)
    room = BAR_WIDTH - GAP * (len(found) - 1)
    parts, at = [], 0.0
    for entry in found:
        width = room * entry.count / total
        parts.append({"kind": entry.kind, "x": f"{at:.1f}", "width": f"{width:.1f}"})
        at += width + GAP
    words = ", ".join(f"{entry.count} {entry.word}" for entry in found)
    return html("bar.html.j2", parts=parts, found=found, label=f"{label}: {words}", width=BAR_WIDTH, height=BAR_HEIGHT)


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence with commas and an "and"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def readings_told(found: Audited) -> str:
    """What bears a statement out, for the last column of a table: so many readings, or another kind of evidence."""
    if found.claim.untestable is not None:
        return "none possible"
    if found.claim.kind == "fact":
        return "record"
    if found.claim.kind == "pledge":
        return "\u2013"
    borne, tested = found.verdicts.borne_out
    if found.claim.unheld is not None and not borne:
        return "likeliest not held"
    return f"{borne} of {tested}"


def by_document(audits: Sequence[Audited]) -> list[tuple[Document, list[Audited]]]:
    """The statements of each document, in the order in which they are given."""
    groups: dict[str, tuple[Document, list[Audited]]] = {}
    for entry in audits:
        groups.setdefault(entry.claim.document.id, (entry.claim.document, []))[1].append(entry)
    return list(groups.values())


def table(audits: Sequence[Audited], as_of: dt.date, *, up: str = "", grouped: bool = True) -> str:
    """Statements with their three verdicts as HTML, each leading to its page.

    `up` leads from the page to the root of the book; `grouped` by document, else one list with the places.
    """
    if grouped:
        groups = [
            {"title": document.short, "id": document.id, "rows": [_row(entry, place=False) for entry in own]}
            for document, own in by_document(audits)
        ]
    else:
        groups = [{"title": "", "id": "", "rows": [_row(entry, place=True) for entry in audits]}]
    count = f"{len(audits)} statement{'s' if len(audits) != 1 else ''}"
    order = "" if grouped else ", in the order of the text"
    return html(
        "scoreboard.html.j2",
        groups=groups,
        headings=list(panels.HEADINGS.values()),
        caption=f"{count}{order}, by the figures released up to {as_of:%-d %B %Y}.",
        label="Statements and verdicts",
        up=up,
    )


def _row(found: Audited, *, place: bool) -> dict[str, Any]:
    return {
        "id": found.claim.id,
        "title": found.claim.title,
        "place": found.claim.place if place else "",
        "readings": readings_told(found),
        "verdicts": [
            {
                "badge": Markup(panels.badge(getattr(found.verdicts, name).word)),
                "figure": Markup(panels.told_of(found, name)),
            }
            if (found.claim.kind, name) != ("fact", "as_revised")
            else {"badge": "\u2013", "figure": ""}  # a record is not revised as figures are
            for name in panels.HEADINGS
        ],
    }
