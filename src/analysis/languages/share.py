"""What a reader may take along from a statement's page: the short answer, and the line that embeds its card."""

from __future__ import annotations

import datetime as dt

from markupsafe import Markup

from analysis.audit import Audited
from analysis.languages import cards, short
from analysis.languages.catalogue import SOURCE, languages
from analysis.languages.catalogue import language as spoken
from analysis.templates import html

# Stands for the book's address where it is not known.
PLACEHOLDER = "https://ADDRESS-OF-THIS-BOOK/"
FRAME = Markup(
    '<iframe src="{source}" title="{title}" width="100%" height="{height}" frameborder="0" loading="lazy"></iframe>'
)


def summary(found: Audited) -> str:
    """The short answer in English as plain text: for the head of the page, and wherever it is quoted."""
    return str(short.short(found, spoken(SOURCE)))


def snippet(found: Audited, as_of: dt.date, address: str, language: str = SOURCE) -> str:
    """The HTML by which another page shows the card of a statement."""
    known = spoken(language)
    claim = found.claim
    source = f"{address or PLACEHOLDER}{cards.path(claim.id, known)}"
    title = f"{known.data('claim title', claim.title)} – claimbook"
    return str(FRAME.format(source=source, title=title, height=cards.height(found, as_of, known)))


def block(found: Audited, as_of: dt.date, address: str, language: str = SOURCE, *, quoted: bool = True) -> str:
    """The short answer and the line that embeds the card, with the ways to the other languages, as HTML.

    For a page in the folder claims/ of its language. `address`: the book's public address, or nothing; `quoted`: with
    the short answer, which a page that has it elsewhere need not repeat.
    """
    known = spoken(language)
    up = "../" if language == SOURCE else "../../"
    others = [
        {
            "code": entry.code,
            "name": entry.name,
            "href": f"{up}{'' if entry.code == SOURCE else entry.code + '/'}claims/{found.claim.id}.html",
        }
        for entry in languages()
        if entry.code != language
    ]
    return html(
        "claim_share.html.j2",
        _=known.gettext,
        answer=short.short(found, known) if quoted else "",
        snippet=snippet(found, as_of, address, language),
        placeholder="" if address else PLACEHOLDER,
        card=up + cards.path(found.claim.id, known),
        others=others,
    )
