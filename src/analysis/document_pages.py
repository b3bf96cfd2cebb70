"""One page for each audited document: what it is, how its statements fared, and each of them with its verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from analysis import board, panels, retrospect, words
from analysis.audit import Audited
from analysis.blocks import escape_markdown
from analysis.documents import Document
from analysis.templates import html, markdown, raw


def page(document: Document, audits: Sequence[Audited], as_of: dt.date) -> str:
    """The page of a document in Markdown. `audits`: those of its statements, in the order of the text."""
    about = html(
        "document_about.html.j2",
        document=document,
        title=Markup(panels.in_language("cite", document.title, document.language)),
        language=panels.LANGUAGES.get(document.language, document.language),
    )
    return markdown(
        "document.md.j2",
        title=escape_markdown(document.short),
        about=raw(about),
        count=len(audits),
        fared=escape_markdown(fared(audits)) if audits else "",
        then=raw(_bar(audits, "when_written")) if audits else "",
        today=raw(_bar(audits, "today")) if audits else "",
        statements=raw(board.table(audits, as_of, up="../", grouped=False, searched=True)) if audits else "",
    )


def _bar(audits: Sequence[Audited], name: str) -> str:
    asked = name if board.is_searched(audits) else ""
    return board.bar(board.counts(audits, name), panels.HEADINGS[name], name=asked)


def fared(audits: Sequence[Audited]) -> str:
    """How many statements of which kind a document makes, in a sentence."""
    untestable = sum(entry.claim.untestable is not None for entry in audits)
    facts = sum(entry.claim.kind == "fact" and entry.claim.untestable is None for entry in audits)
    figures = len(audits) - untestable - facts
    neither = "neither" if retrospect.day() is None else "none held of that time"
    parts = [
        text
        for count, text in (
            (figures, f"{figures} that public figures can test"),
            (facts, f"{facts} that public records settle"),
            (untestable, f"{untestable} that {neither} can decide"),
        )
        if count
    ]
    opening = "One statement of it is" if len(audits) == 1 else f"{len(audits)} statements of it are"
    if len(parts) == 1:
        return f"{opening} in the ledger, {parts[0].partition(' ')[2].replace('that', 'which', 1)}."
    return f"{opening} in the ledger: {words.listing(parts)}."
