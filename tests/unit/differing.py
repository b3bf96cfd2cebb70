"""Differences between two versions, made by hand for the tests of pages and feeds that tell them."""

from __future__ import annotations

import datetime as dt

from analysis.versions.changes import Change, ClaimChange, ClaimEntry, Difference, Told
from analysis.versions.listed import Listed

OLD = Listed("2024.06", dt.date(2024, 6, 30), dt.date(2024, 6, 30), candidate=False, published=dt.date(2026, 11, 20))
NEW = Listed("2025.12", dt.date(2025, 12, 31), None, candidate=False, published=dt.date(2026, 11, 21))
PUBLISHERS = {"nato": "NATO", "census": "US Census Bureau"}
STRATEGY, PAPER = ("ics", "Country Strategy"), ("nvs", "Security Strategy")
BEFORE = Told(
    "true", "0.91 per cent of GDP in 2018", "core", 2018, 0.91, "% of GDP", publisher="nato", released="2019-06-25",
    margin=0.09, margin_unit="% of GDP",
)  # fmt: skip
AFTER = Told(
    "no longer true", "2.00 per cent of GDP in 2025", "core", 2025, 2.0, "% of GDP", publisher="nato",
    released="2025-08-28", margin=1.0, margin_unit="% of GDP",
)  # fmt: skip
FLIP = Change(
    "today", "flipped", "new year", BEFORE, AFTER, 12.1,
    'today was "true", now "no longer true": 0.91 per cent, then 2.00 per cent (a newer year is told, in NATO\'s release)',
    "a newer year is told, in NATO's release",
)  # fmt: skip
DECIDED = Change(
    "when_written", "decided", "new release", Told("not testable", reason="no figure for 2017 is held"),
    Told("supported", "33 per cent in 2017", "goods", 2017, 33.0, "%", publisher="census", released="2023-03"),
    None, 'when written it was "not testable", now "supported" (US Census Bureau\'s release of March 2023 tells it)',
    "US Census Bureau's release of March 2023 tells it",
)  # fmt: skip
OPENED = Change(
    "today", "opened", "time passed", Told("true", "1st in 2020"), Told("not testable", reason="newest held: 2020"),
    None, 'today was "true", now "not testable" (the newest year told, 2020, is too long ago)',
    "the newest year told, 2020, is too long ago",
)  # fmt: skip


def moved(share: float | None, time: str = "today") -> Change:
    """A figure that moved with the answer kept."""
    before = Told("true", f"{share} before", value=1.0, publisher="nato", released="2024-06-17")
    after = Told("true", f"{share} after", value=2.0, publisher="nato", released="2025-08-28")
    return Change(time, "moved", "revision", before, after, share, "today is still", "the same year is told anew")


def claim(name: str, *changes: Change, document: tuple[str, str] = STRATEGY, title: str = "", **more) -> ClaimChange:
    """A claim that changed; its title is "Statement <name>" unless told otherwise."""
    return ClaimChange(name, title or f"Statement {name}", *document, changes, **more)


def entry(name: str, *, document: tuple[str, str] = PAPER, title: str = "", words=None) -> ClaimEntry:
    """A claim that only one version has."""
    told = (("when_written", "supported"), ("today", "true")) if words is None else words
    return ClaimEntry(name, title or f"Statement {name}", *document, told)


def difference(*changed: ClaimChange, **more) -> Difference:
    """A difference between OLD and NEW."""
    return Difference(OLD.name, NEW.name, changed=changed, **more)


def everything(title: str = "") -> Difference:
    """A difference in which each thing that can be told is there once; `title` takes the place of every title."""
    named = {"title": title} if title else {}
    ics, nvs = (("ics", title), ("nvs", title)) if title else (STRATEGY, PAPER)
    return difference(
        claim("a", FLIP, document=ics, sources=("nato 2025-08-28",), **named),
        claim("b", DECIDED, document=ics, **named),
        claim("c", OPENED, document=ics, **named),
        claim("d", moved(0.4), document=ics, **named),
        claim(
            "e", document=ics, edits=(title or "its statement", "the reading goods was added"),
            readings_added=("goods",), readings_removed=(title or "services",), **named,
        ),
        added=(entry("f", document=nvs, **named),),
        withdrawn=(entry("g", document=ics, **named),),
        documents_added=(nvs,),
        documents_removed=(("old", title or "A document of before"),),
        chapters_added=(("people", title or "People"),),
        chapters_removed=(("trade", title or "Trade"),),
        releases=(("nato", "2025-08-28"), ("census", "2023-03")),
        dropped=(("census", "2011-02-11"),),
        method=True,
    )  # fmt: skip
