"""What the feeds tell of a version: one entry for the book, for each document and for each claim that it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis import words
from analysis.imprint import BOOK
from analysis.templates import html
from analysis.versions import feeds, headlines, listed
from analysis.versions.changes import TIMES, ClaimChange, ClaimEntry, Difference
from analysis.versions.feeds import Entry, Feed
from analysis.versions.listed import Listed
from analysis.versions.news_page import VERSIONS
from analysis.versions.ways import BOOK_FEED, Teller, Ways, claim_feed, document_feed

# So many statements are told one by one in an entry.
MOST = 30


@dataclass(frozen=True)
class Publication:
    """A version that is published, and what differs from the one before it.

    For the first version `old` is None and the difference has an empty `old` and every claim as `added`. `moment` says
    its time zone; `address` is that of the site's root with a slash at its end, or nothing; `publishers` holds titles
    by their ids.
    """

    difference: Difference
    new: Listed
    old: Listed | None
    moment: dt.datetime
    address: str = ""
    publishers: Mapping[str, str] = field(default_factory=dict)

    def teller(self, feed: Feed) -> Teller:
        """What tells the difference from the place of a feed."""
        return Teller(self.difference, Ways(self.difference.old, self.difference.new, feed.root), self.publishers)


def files(publication: Publication, previous: Callable[[str], bytes | None]) -> Iterator[tuple[str, bytes]]:
    """All feeds that get an entry, each as its path and its new content.

    `previous` gives the content of a feed before, by its path, or None where there was none.
    """
    yield BOOK_FEED, book_feed(publication, previous(BOOK_FEED))
    for name in documents(publication.difference):
        path = document_feed(name)
        yield path, document_entry(publication, name, previous(path))
    for name in claims(publication.difference):
        path = claim_feed(name)
        yield path, claim_entry(publication, name, previous(path))


def book_feed(publication: Publication, previous: bytes | None) -> bytes:
    """The feed of the book with its entry on a version."""
    difference, name = publication.difference, publication.new.name
    about = Feed(
        BOOK_FEED, f"{BOOK}: versions", VERSIONS, publication.address, "What each version of the book changed."
    )
    tell = publication.teller(about)
    if publication.old is None:
        title = f"{BOOK} {name}, the first version, with {headlines.counted(len(difference.added), 'statement')}"
        return _extended(publication, previous, about, title, tell.ways.into(name, "index.html"), [_title(title)])
    title = f"{BOOK} {name}: {_within(headlines.headline(difference))}"
    told = [headlines.summary(difference), *headlines.standfirst(difference)]
    turned = [claim for claim in difference.changed if any(change.flipped for change in claim.changes)]
    href = tell.ways.to(listed.changes_of(name))
    return _extended(publication, previous, about, title, href, told, _rows(tell, turned), len(turned))


def documents(difference: Difference) -> dict[str, str]:
    """The titles of documents for which something changed, by their ids."""
    found = {entry.document: entry.document_title for entry in difference.withdrawn}
    found |= {entry.document: entry.document_title for entry in (*difference.changed, *difference.added)}
    return dict(sorted((dict(difference.documents_removed) | dict(difference.documents_added) | found).items()))


def claims(difference: Difference) -> dict[str, ClaimChange | ClaimEntry]:
    """The claims for which something changed, by their ids."""
    return {entry.id: entry for entry in sorted((*_entries(difference), *difference.changed), key=lambda one: one.id)}


def document_entry(publication: Publication, document: str, previous: bytes | None) -> bytes:
    """The feed of a document with its entry on a version. KeyError where nothing changed for it."""
    difference = publication.difference
    title = documents(difference)[document]
    gone = document in dict(difference.documents_removed)
    page = f"{listed.book_of(difference.old) if gone else 'latest/'}documents/{document}.html"
    about = Feed(document_feed(document), f"{BOOK}: {title}", page, publication.address)
    own = Difference(
        difference.old,
        difference.new,
        added=tuple(entry for entry in difference.added if entry.document == document),
        withdrawn=tuple(entry for entry in difference.withdrawn if entry.document == document),
        changed=tuple(entry for entry in difference.changed if entry.document == document),
    )
    tell = publication.teller(about)
    if gone:
        news = f"{title}: withdrawn from the book"
    elif document in dict(difference.documents_added) or publication.old is None:
        news = f"{title}: now in the book, with {headlines.counted(len(own.added), 'statement')}"
    else:
        news = f"{title}: {_within(headlines.headline(own))}"
    told = [_title(news), *([] if gone or not own.changed else headlines.standfirst(own))]
    rows = [*_rows(tell, own.changed), *(_told(tell, entry) for entry in own.added)]
    rows += [_told(tell, entry) for entry in own.withdrawn]
    href = tell.ways.document(document, old=gone)
    return _extended(publication, previous, about, news, href, told, rows, len(rows))


def claim_entry(publication: Publication, claim: str, previous: bytes | None) -> bytes:
    """The feed of a claim with its entry on a version. KeyError where nothing changed for it."""
    difference = publication.difference
    found = claims(difference)[claim]
    gone = found in difference.withdrawn
    page = f"{listed.book_of(difference.old) if gone else 'latest/'}claims/{claim}.html"
    about = Feed(claim_feed(claim), f"{BOOK}: {found.title}", page, publication.address, found.document_title)
    tell = publication.teller(about)
    if isinstance(found, ClaimChange):
        news, rows = headlines.claim(found), _rows(tell, [found])
    else:
        news = f"{found.title}: {'withdrawn from the book' if gone else _appeared(found)}"
        rows = [_told(tell, found)]
    return _extended(publication, previous, about, news, tell.ways.claim(claim, old=gone), [], rows, 1)


def _entries(difference: Difference) -> tuple[ClaimEntry, ...]:
    return (*difference.withdrawn, *difference.added)


def _appeared(found: ClaimEntry) -> str:
    words = dict(found.words)
    told = [f"{words[time]} {headlines.WHEN[time]}" for time in ("when_written", "today") if words.get(time)]
    return ", ".join(["now in the book", *told])


def _extended(
    publication: Publication,
    previous: bytes | None,
    about: Feed,
    title: str,
    href: str,
    told: Sequence[str],
    rows: Sequence[Mapping[str, Any]] = (),
    count: int = 0,
) -> bytes:
    new, old = publication.new, publication.old
    ways = publication.teller(about).ways
    links = [{"href": ways.into(new.name, "index.html"), "title": f"Version {new.name}"}]
    if old is not None:
        links.append({"href": ways.into(old.name, "index.html"), "title": f"Version {old.name}"})
        links.append({"href": ways.to(listed.changes_of(new.name)), "title": "All that changed between the two"})
    content = html(
        "versions_entry.html.j2",
        told=told,
        claims=rows[:MOST],
        more=f"{headlines.sentence(headlines.counted(count - MOST, 'more statement'))}" if count > MOST else "",
        about=_about(new),
        links=links,
    )
    identifier = feeds.entry_id(feeds.known_id(previous, about), new.name)
    entry = Entry(identifier, title, feeds.moment(publication.moment), href, content)
    return feeds.extended(previous, about, entry)


def _about(new: Listed) -> str:
    told = f"Version {new.name} has figures up to {new.as_of:%-d %B %Y}"
    told += ", and was built in retrospect from the releases held of that time" if new.retrospective else ""
    return f"{told}{'; it is a candidate' if new.candidate else ''}."


def _rows(tell: Teller, found: Sequence[ClaimChange]) -> list[dict[str, Any]]:
    """Claims and their changes, the flips first."""
    rows = []
    for claim in sorted(found, key=lambda one: not any(change.flipped for change in one.changes)):
        notes = [f"Edited: {'; '.join(edits)}."] if (edits := headlines.edits(claim)) else []
        notes += [headlines.sentence(text)] if (text := headlines.readings(claim)) else []
        if claim.sources:
            notes.append(f"New behind it: {words.listing([tell.source(source) for source in claim.sources])}.")
        rows.append(
            {
                "title": claim.title,
                "href": tell.ways.claim(claim.id),
                "before": tell.ways.claim(claim.id, old=True),
                "rows": [_row(tell.row(claim, change), change.flipped) for change in claim.changes],
                "notes": notes,
            }
        )
    return rows


def _row(row: Mapping[str, Any], flipped: bool) -> dict[str, Any]:
    before, after = row["before"], row["after"]
    return {**row, "turn": f"{after['word']}, was {before['word']}" if flipped else f"still {after['word']}"}


def _told(tell: Teller, entry: ClaimEntry) -> dict[str, Any]:
    """A claim that only one of the versions has, with its verdicts there."""
    gone = entry in tell.difference.withdrawn
    words = dict(entry.words)
    told = [f"{headlines.words_of_time(time)}: {words[time]}." for time in TIMES if words.get(time)]
    version = tell.difference.old if gone else tell.difference.new
    state = f"Withdrawn; its verdicts in version {version} were:" if gone else "New."
    return {
        "title": entry.title,
        "href": tell.ways.claim(entry.id, old=gone),
        "before": "",
        "rows": [],
        "notes": [state, *told],
    }


def _title(text: str) -> str:
    return headlines.sentence(text)


def _within(headline: str) -> str:
    """A headline as it goes on after a colon."""
    return headline[:1].lower() + headline[1:]
