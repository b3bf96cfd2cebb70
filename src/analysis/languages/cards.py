"""A card for each statement: a small page of its own, without scripts, for other sites to show in a frame."""

from __future__ import annotations

import datetime as dt
import math
import re

from analysis.audit import Audited
from analysis.languages import spelling, told
from analysis.languages.catalogue import SOURCE, Language
from analysis.site import styles
from analysis.templates import html

SHEET = "_static/card.css"
# Stricter than a page's: a card runs nothing and sends nothing.
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"


# What a card takes at 300 pixels' width, as measured in a browser: so much, and so much for each character.
BASE, EACH, STEP = 210, 0.7, 20
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def path(identifier: str, language: Language) -> str:
    """The site path of a statement's card."""
    return f"cards/{identifier}{'' if language.code == SOURCE else '.' + language.code}.html"


def sheet() -> str:
    """The style sheet of the cards: the book's colours and verdicts, and little else."""
    parts = [(styles.PARTS / f"{name}.css").read_text(encoding="utf-8") for name in ("colours", "verdicts", "card")]
    parts.insert(1, styles.DARK.format(colours=(styles.PARTS / "dark.css").read_text(encoding="utf-8")))
    return re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", "\n".join(parts))).strip() + "\n"


def height(found: Audited, as_of: dt.date, language: Language) -> int:
    """How high a frame has to be, in pixels, that the card needs no scroll bar from 300 pixels' width on."""
    document = found.claim.document
    shown = [language.data("claim title", found.claim.title), document.title, told.about(document, language)]
    for cell in told.cells(found, language, counted=False):
        shown += [cell["heading"], cell["word"], cell["figure"] or cell["source"]]
    shown.append(language.gettext("Data up to {day}.").format(day=spelling.day(language, as_of)))
    return STEP * math.ceil((BASE + EACH * sum(len(str(text)) for text in shown)) / STEP)


def card(found: Audited, as_of: dt.date, language: Language, address: str) -> str:
    """The card of a statement as a whole page. `address`: the book's public address, or nothing."""
    claim = found.claim
    prefix = "" if language.code == SOURCE else f"{language.code}/"
    page = f"{prefix}claims/{claim.id}.html"
    return (
        html(
            "card.html.j2",
            _=language.gettext,
            language=language.code,
            policy=POLICY,
            version=styles.version(sheet().encode()),
            canonical=f"{address}{page}" if address else "",
            page=f"../{page}",
            title=language.data("claim title", claim.title),
            plain=str(language.data("claim title", claim.title)),
            verdicts=told.cells(found, language, counted=False),
            cited=language.foreign(claim.document.title, claim.document.language, "cite"),
            about=told.about(claim.document, language),
            day=spelling.day(language, as_of),
        )
        + "\n"
    )
