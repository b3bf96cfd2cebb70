"""The ways from a page or a feed to the versions that it speaks of, and one verdict before and after as shown there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from analysis.versions import headlines, listed
from analysis.versions.changes import Change, ClaimChange, Difference, Told

BOOK_FEED = "feeds/book.xml"


def document_feed(document: str) -> str:
    """The path of the feed of a document."""
    return f"feeds/documents/{document}.xml"


def claim_feed(claim: str) -> str:
    """The path of the feed of a claim."""
    return f"feeds/claims/{claim}.xml"


@dataclass(frozen=True)
class Ways:
    """The ways from one page or feed to the versions that it speaks of. `root` leads to the root of the site."""

    old: str
    new: str
    root: str

    def to(self, path: str) -> str:
        """To a file beside the versions."""
        return f"{self.root}{quote(path)}"

    def into(self, version: str, path: str) -> str:
        """To a page of a version."""
        return self.to(f"{listed.book_of(version)}{path}")

    def claim(self, claim: str, *, old: bool = False) -> str:
        """To the page of a claim, in the newer version unless told otherwise."""
        return self.into(self.old if old else self.new, f"claims/{claim}.html")

    def document(self, document: str, *, old: bool = False) -> str:
        """To the page of a document, in the newer version unless told otherwise."""
        return self.into(self.old if old else self.new, f"documents/{document}.html")


@dataclass(frozen=True)
class Teller:
    """A difference with what its pages need: the ways, and the titles of publishers by their ids."""

    difference: Difference
    ways: Ways
    publishers: Mapping[str, str] = field(default_factory=dict)

    def row(self, claim: ClaimChange, change: Change) -> dict[str, Any]:
        """One verdict before and after."""
        before, after = change.before, change.after
        sides = {
            name: {
                "word": told.word,
                "figure": told.figure,
                "source": headlines.source(told, self.publishers),
                "margin": headlines.margin(told),
                "reason": "" if told.figure or before.reason == after.reason else told.reason,
            }
            for name, told in (("before", before), ("after", after))
        }
        return {
            "title": claim.title,
            "href": self.ways.claim(claim.id),
            "document": claim.document_title,
            "time": headlines.words_of_time(change.time),
            "figures": _figures(before, after),
            "label": headlines.sentence(change.cause)[:-1],
            "because": headlines.because(change),
            "share": headlines.share(change),
            **sides,
        }

    def source(self, text: str) -> str:
        """A source of a claim, "publisher released", in words."""
        publisher, _, released = text.rpartition(" ")
        told = headlines.released(released)
        return f"{self.publishers.get(publisher, publisher)}, {told}" if publisher else text


def _figures(before: Told, after: Told) -> str:
    """Both figures in a sentence; the reasons where there is none."""
    if before.figure and after.figure:
        return headlines.sentence(
            after.figure if before.figure == after.figure else f"{before.figure}, then {after.figure}"
        )
    if after.figure:
        return headlines.sentence(after.figure)
    told = f"{before.figure}, then none: {after.reason}" if before.figure else after.reason
    return headlines.sentence(told) if told else ""
