"""Pages on versions: what one changed against another, told as news, and the list of all of them.

They stand beside the versions: their links lead into `v/<version>/`, those of their frame into `latest/`. Everything
comes from the differences, so it is escaped by the templates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from analysis.imprint import BOOK
from analysis.site import shell
from analysis.site.head import PageFacts
from analysis.templates import html
from analysis.versions import headlines, listed
from analysis.versions.changes import Difference
from analysis.versions.listed import Listed
from analysis.versions.news_sections import sections
from analysis.versions.ways import BOOK_FEED, Teller, Ways, document_feed

VERSIONS = "versions.html"
WHOLE = "changes.html"
LATEST = "latest/"


def step(difference: Difference, old: Listed, new: Listed, publishers: Mapping[str, str] | None = None) -> str:
    """The article of changes/<version>/index.html: what a version changed against the one before it.

    `publishers` holds titles by their ids.
    """
    kicker = f"What changed in version {new.name}"
    return _changes(difference, old, new, publishers, listed.changes_of(new.name), kicker)


def whole(difference: Difference, old: Listed, new: Listed, publishers: Mapping[str, str] | None = None) -> str:
    """The article of changes.html: what has changed since the first version."""
    return _changes(difference, old, new, publishers, WHOLE, "What has changed since the first version")


def step_page(
    difference: Difference,
    old: Listed,
    new: Listed,
    publishers: Mapping[str, str] | None = None,
    *,
    address: str = "",
) -> str:
    """The page changes/<version>/index.html; `address` is that of the site's root with a slash at its end."""
    title = f"{headlines.headline(difference)} · version {new.name} · {BOOK}"
    return _page(
        listed.changes_of(new.name),
        title,
        headlines.summary(difference),
        step(difference, old, new, publishers),
        address,
    )


def whole_page(
    difference: Difference,
    old: Listed,
    new: Listed,
    publishers: Mapping[str, str] | None = None,
    *,
    address: str = "",
) -> str:
    """The page changes.html."""
    title = f"What has changed since the first version · {BOOK}"
    return _page(WHOLE, title, headlines.summary(difference), whole(difference, old, new, publishers), address)


def versions_page(entries: Sequence[Listed], documents: Mapping[str, str] | None = None, *, address: str = "") -> str:
    """The page versions.html."""
    title = f"Versions · {BOOK}"
    return _page(VERSIONS, title, "Every version of this book.", versions(entries, documents), address)


def versions(entries: Sequence[Listed], documents: Mapping[str, str] | None = None) -> str:
    """The article of versions.html: every version, the newest first.

    `documents` holds titles by ids: those that have a feed.
    """
    found = listed.ordered(entries)
    latest, stable = listed.latest(found), listed.stable(found)
    older = [*found[1:], None]
    rows = [_version(entry, before, latest, stable) for entry, before in zip(found, older, strict=True)]
    return html(
        "versions_list.html.j2",
        told=_told_of(found),
        caption=f"{headlines.sentence(headlines.counted(len(found), 'version'))[:-1]} of the book",
        rows=rows,
        whole=WHOLE if len(found) > 1 else "",
        json=listed.FILE,
        feeds={
            "book": BOOK_FEED,
            "documents": [
                {"href": quote(document_feed(name)), "title": title} for name, title in (documents or {}).items()
            ],
        },
    )


def _page(path: str, title: str, description: str, body: str, address: str) -> str:
    facts = PageFacts(description=description)
    return shell.page(
        path=path,
        title=title,
        language="en",
        body=body,
        facts=facts,
        address=address,
        inside=LATEST,
        feed=BOOK_FEED,
    )


def _told_of(found: Sequence[Listed]) -> str:
    """The list in a sentence: how many, of which days, how many in retrospect."""
    if not found:
        return "None has been published yet."
    newest, oldest = found[0], found[-1]
    if len(found) == 1:
        return f"One version has been published, with figures up to {_day(newest.as_of)}."
    count = headlines.sentence(headlines.spelt(len(found)))[:-1]
    told = f"{count} versions have been published, with figures up to {_day(oldest.as_of)} in the first and "
    told += f"{_day(newest.as_of)} in the newest."
    late = sum(entry.retrospective is not None for entry in found)
    if late:
        verb = "was" if late == 1 else "were"
        told += (
            f" {headlines.sentence(headlines.spelt(late))[:-1]} {verb} built in retrospect, from the releases held of "
        )
        told += "what had been published by then."
    return told


def _version(entry: Listed, before: Listed | None, latest: str | None, stable: str | None) -> dict[str, Any]:
    tags = [
        *(["latest"] if entry.name == latest else []),
        *(["stable"] if entry.name == stable else []),
        *(["candidate"] if entry.candidate else []),
        *(["in retrospect"] if entry.retrospective else []),
    ]
    first = "The first version." if before is None else ""
    return {
        "name": entry.name,
        "href": f"{listed.book_of(entry.name)}index.html",
        "as_of": _day(entry.as_of),
        "published": _day(entry.published),
        "retrospective": f"built as of {_day(entry.retrospective)}" if entry.retrospective else "",
        "summary": headlines.sentence(entry.summary) if entry.summary else first,
        "changes": listed.changes_of(entry.name) if before else "",
        "before": before.name if before else "",
        "tags": tags,
        "corrections": [
            {
                "dated": _day(noted.dated),
                "title": noted.title,
                "href": f"{LATEST}corrections.html#correction-{quote(noted.id)}",
            }
            for noted in entry.corrections
        ],
    }


def _changes(
    difference: Difference,
    old: Listed,
    new: Listed,
    publishers: Mapping[str, str] | None,
    path: str,
    kicker: str,
) -> str:
    ways = Ways(difference.old, difference.new, "../" * path.count("/"))
    tell = Teller(difference, ways, publishers or {})
    return html(
        "versions_changes.html.j2",
        all=ways.to(VERSIONS),
        kicker=kicker,
        headline=headlines.headline(difference),
        standfirst=" ".join(headlines.standfirst(difference)),
        sides=[_side(entry, ways) for entry in (old, new)],
        sections=sections(tell),
        old=old.name,
        new=new.name,
    )


def _side(entry: Listed, ways: Ways) -> dict[str, str]:
    about = f"figures up to {_day(entry.as_of)}"
    if entry.retrospective:
        about += ", built in retrospect from the releases held of what had been published by then"
    return {"name": entry.name, "href": ways.into(entry.name, "index.html"), "about": about}


def _day(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"
