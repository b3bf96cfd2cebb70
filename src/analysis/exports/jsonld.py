"""schema.org data blocks: a ClaimReview and a Dataset for a claim, a WebSite and a Dataset for the book.

What is reviewed is what the document said when it was written, so the rating is the verdict on that time. Its
`alternateName` is the verdict's word. Its number stands on a scale of three: 3 borne out, 2 borne out with a
reservation, 1 not borne out. A statement that is not testable or not yet due has the word and no number.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from analysis import answers, audit, board, imprint
from analysis.audit import Audited
from analysis.documents import Document
from analysis.exports import citations, names
from analysis.site.head import json_text

text = json_text
"""A block as JSON that nothing in it can end: for `<script type="application/ld+json">`."""

CONTEXT = "https://schema.org"
SCALE = {"borne out": 3, "borne out with a reservation": 2, "not borne out": 1}
"""What the verdict when written comes to (board.OUTCOMES), as a number; the others have none."""
# Who is told without a name is a person: "A candidate in the election"; every other author is a body.
_UNNAMED = re.compile(r"^(An?|One) ")


def claim(found: Audited, as_of: dt.date, address: str) -> list[dict[str, Any]]:
    """The blocks of a claim's page: the review, and its figures where it has some.

    `address` of the book's root with a trailing "/", or "": then no address of the book is written.
    """
    blocks = [_review(found, as_of, address)]
    if found.claim.readings:
        blocks.append(_figures(found, as_of, address))
    return blocks


def home(audits: Sequence[Audited], as_of: dt.date, address: str) -> list[dict[str, Any]]:
    """The blocks of the first page: the book, and the whole ledger with its verdicts."""
    site = {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": imprint.BOOK,
        "description": imprint.ABOUT,
        "inLanguage": "en",
        "publisher": _maker(address),
        "license": imprint.LICENCE_ADDRESS,
        **_at(address, ""),
    }
    ledger = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": "Ledger of claimbook with verdicts",
        "description": f"{len(audits)} statements of {len(board.by_document(audits))} strategy papers, each with its "
        "verdict when it was written, by that year's figures as revised since, and by the newest figures, the figure "
        "or the public record that decided, and how far it is from deciding otherwise.",
        "creator": _maker(address),
        "license": imprint.LICENCE_ADDRESS,
        "dateModified": as_of.isoformat(),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        **_at(address, ""),
        **_distribution(
            address,
            ("text/csv", names.LEDGER_CSV),
            ("application/json", names.LEDGER_JSON),
            ("application/json", names.INDEX),
        ),
    }
    return [site, ledger]


def document(about: Document, audits: Sequence[Audited], as_of: dt.date, address: str) -> list[dict[str, Any]]:
    """The block of a document's page: a collection of the reviews of its statements."""
    own = [found for found in audits if found.claim.document.id == about.id]
    parts = [{"@type": "ClaimReview", "name": e.claim.title, **_at(address, names.places(e.claim).page)} for e in own]
    page = {
        "@context": CONTEXT,
        "@type": "CollectionPage",
        "name": f"{about.title}: its statements and their verdicts",
        "about": _work(about),
        "author": _maker(address),
        "inLanguage": "en",
        "dateModified": as_of.isoformat(),
        "license": imprint.LICENCE_ADDRESS,
        "hasPart": parts,
        **_at(address, f"documents/{about.id}.html"),
    }
    return [page]


def rating(found: Audited) -> dict[str, Any]:
    """The rating of a statement by its verdict when written; without a number where nothing decided."""
    verdict = found.verdicts.when_written
    told = {
        "@type": "Rating",
        "alternateName": verdict.word,
        "reviewAspect": "when written",
        "ratingExplanation": verdict.reason,
    }
    outcome = next(group for group, words in board.OUTCOMES.items() if verdict.word in words)
    if outcome in SCALE:
        low, high = min(SCALE.values()), max(SCALE.values())
        told |= {"ratingValue": SCALE[outcome], "worstRating": low, "bestRating": high}
    return told


def _review(found: Audited, as_of: dt.date, address: str) -> dict[str, Any]:
    about = found.claim
    return {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "name": about.title,
        "claimReviewed": about.statement,
        "itemReviewed": {
            "@type": "Claim",
            "name": about.title,
            "text": about.statement,
            "author": _author(about.document),
            "appearance": _work(about.document),
            **_dated(about.document),
        },
        "reviewRating": rating(found),
        "reviewBody": answers.answer(found),
        "author": _maker(address),
        "datePublished": as_of.isoformat(),
        "dateModified": as_of.isoformat(),
        "inLanguage": "en",
        "license": imprint.LICENCE_ADDRESS,
        **_at(address, names.places(about).page),
    }


def _figures(found: Audited, as_of: dt.date, address: str) -> dict[str, Any]:
    about, sources = found.claim, audit.sources(found)
    told = [entry.year for entries in found.evaluations.values() for entry in entries]
    publishers = ", ".join(source.title for source in sources)
    units = {entry.id: found.evaluations[entry.id][0].unit for entry in about.readings if found.evaluations[entry.id]}
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": f"Figures on: {about.title}",
        "description": f"Every figure by which this statement is tested, by year and by release, with the verdict it "
        f"comes to: {about.statement} Figures of {publishers}, on the terms of their publishers.",
        "creator": _maker(address),
        # First our own terms, for what is computed; then those of the publishers, for what is theirs.
        "license": list(dict.fromkeys([imprint.LICENCE_ADDRESS, *(source.licence_address for source in sources)])),
        "citation": citations.claim(found, as_of, address).text,
        "dateModified": as_of.isoformat(),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        **({"temporalCoverage": f"{min(told)}/{max(told)}"} if told else {}),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": about.define(entry.definition), "unitText": units[entry.id]}
            for entry in about.readings
            if entry.id in units
        ],
        "isBasedOn": [_source(source) for source in sources],
        **_at(address, names.places(about).page),
        **_distribution(address, ("text/csv", names.places(about).csv), ("application/json", names.places(about).json)),
    }


def _source(source: audit.SourceJson) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "name": source.product,
        "description": f"{source.product}, as published by {source.title}. To cite: {source.cite}.",
        "creator": {"@type": "Organization", "name": source.title, "url": source.address},
        "url": source.address,
        "license": source.licence_address,
        "version": "; ".join(source.releases),
    }


def _work(about: Document) -> dict[str, Any]:
    """The audited document, with its date where it has one, and else how it is dated."""
    own = {"url": about.address} if about.address else {}
    return {
        "@type": "CreativeWork",
        "name": about.title,
        "author": _author(about),
        "inLanguage": about.language,
        **own,
        **(_dated(about) or {"description": about.when}),
    }


def _author(about: Document) -> dict[str, str]:
    return {"@type": "Person" if _UNNAMED.match(about.author) else "Organization", "name": about.author}


def _dated(about: Document) -> dict[str, str]:
    return {"datePublished": about.dated.isoformat()} if about.dated else {}


def _maker(address: str) -> dict[str, str]:
    return {"@type": "Organization", "name": imprint.MAKER, **_at(address, "")}


def _at(address: str, path: str) -> dict[str, str]:
    return {"url": f"{address}{path}"} if address else {}


def _distribution(address: str, *files: tuple[str, str]) -> dict[str, Any]:
    """The files of a data set, where their addresses are known."""
    if not address:
        return {}
    made = [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{address}{path}"} for kind, path in files]
    return {"distribution": made}
