"""One page for each audited document: what it is, how its statements fared, and each of them with its verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from analysis import board, panels
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
        then=raw(board.bar(board.counts(audits, "when_written"), "When written")) if audits else "",
        today=raw(board.bar(board.counts(audits, "today"), "Today")) if audits else "",
        statements=raw(board.table(audits, as_of, up="../", grouped=False)) if audits else "",
    )


def fared(audits: Sequence[Audited]) -> str:
    """How many statements of which kind a document makes, in a sentence."""
    untestable = sum(entry.claim.untestable is not None for entry in audits)
    facts = sum(entry.claim.kind == "fact" and entry.claim.untestable is None for entry in audits)
    figures = len(audits) - untestable - facts
    parts = [
        text
        for count, text in (
            (figures, f"{figures} that public figures can test"),
            (facts, f"{facts} that public records settle"),
            (untestable, f"{untestable} that neither can decide"),
        )
        if count
    ]
    opening = "One statement of it is" if len(audits) == 1 else f"{len(audits)} statements of it are"
    if len(parts) == 1:
        return f"{opening} in the ledger, {parts[0].partition(' ')[2].replace('that', 'which', 1)}."
    return f"{opening} in the ledger: {board.listed(parts)}."


def overview(audits: Sequence[Audited], documents: Sequence[Document]) -> str:
    """All documents with how their statements fared when written, as a block of HTML for the first page."""
    own = {document.id: entries for document, entries in board.by_document(audits)}
    rows = [
        {
            "document": document,
            "count": len(own.get(document.id, [])),
            "bar": Markup(board.bar(board.counts(own[document.id], "when_written"), "When written"))
            if document.id in own
            else "",
        }
        for document in documents
    ]
    return html("documents.html.j2", rows=rows)
