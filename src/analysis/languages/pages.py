"""The pages in Dutch and French: the scoreboard, and a short page for each statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from analysis import board, verdicts
from analysis.audit import Audited
from analysis.languages import share, short, spelling, told
from analysis.languages.catalogue import SOURCE, Language
from analysis.templates import html

VOCABULARIES = {
    "when_written": verdicts.WHEN_WRITTEN,
    "as_revised": verdicts.AS_REVISED,
    "today": verdicts.TODAY,
}


def title(language: Language) -> str:
    """The title of the first page."""
    return language.gettext("claimbook: statements of strategy papers, held against public figures")


def about(audits: Sequence[Audited], as_of: dt.date, language: Language) -> str:
    """What the first page holds, in a sentence."""
    text = language.gettext(
        "{count} statements of strategy papers, held against public statistics and records up to {day}: "
        "did they hold when they were written, and do they hold today?"
    )
    return text.format(count=len(audits), day=spelling.day(language, as_of))


def wording(language: Language) -> board.Wording:
    """How the scoreboard speaks in a language, and where it leads."""
    return board.Wording(
        say=language.gettext,
        day=lambda day: spelling.day(language, day),
        figure=lambda found, name: told.figure_of(found, name, language) if told.decided(found, name) else "",
        title=lambda claim: language.data("claim title", claim.title),
        place=lambda claim: language.foreign(claim.place, SOURCE),
        short=lambda document: language.data("document", document.short),
        about=lambda document: told.about(document, language),
        claim=f"{language.code}/claims/{{}}.html",
    )


def home(audits: Sequence[Audited], as_of: dt.date, language: Language) -> str:
    """The article of the first page: what the book is, its documents, the scoreboard, and what its words mean."""
    spoken = wording(language)
    # Beside a count stands a form of the word that fits one statement and several.
    counted = replace(spoken, say=lambda text: language.known("outcome", text) or language.gettext(text))
    documents = [document for document, _ in board.by_document(audits)]
    groups = [
        (
            language.gettext(heading),
            [(word, language.gettext(word), language.gettext(text)) for word, text in own.items()],
        )
        for heading, own in zip(told.HEADINGS.values(), VOCABULARIES.values(), strict=True)
    ]
    return html(
        "language_home.html.j2",
        _=language.gettext,
        count=len(audits),
        day=spelling.day(language, as_of),
        documents=Markup(board.overview(audits, documents, up="../", wording=counted)),
        scoreboard=Markup(board.table(audits, as_of, up="../", searched=True, wording=spoken)),
        groups=groups,
    )


def claim(found: Audited, as_of: dt.date, language: Language, address: str) -> str:
    """The article of a statement's page: the short answer, the three verdicts, where it stands, what to copy."""
    entry = found.claim
    return html(
        "language_claim.html.j2",
        _=language.gettext,
        claim=entry,
        title=language.data("claim title", entry.title),
        kind=language.gettext(told.KINDS[entry.kind]),
        short=language.data("document", entry.document.short),
        answer=short.short(found, language),
        verdicts=told.cells(found, language),
        cited=language.foreign(entry.document.title, entry.document.language, "cite"),
        about=told.about(entry.document, language),
        place=language.foreign(entry.place, SOURCE),
        day=spelling.day(language, as_of),
        share=Markup(share.block(found, as_of, address, language.code, quoted=False)),
    )
