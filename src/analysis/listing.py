"""A table of statements with their verdicts, each leading to its own page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from analysis import panels
from analysis.audit import Audited


def statements(audits: Sequence[Audited], caption: str, *, up: str = "../", document: bool = True) -> str:
    """The table as HTML; `up` leads from the page to the root of the book, `document` adds that column."""
    heads = ["Statement", *(["Document"] if document else []), *panels.HEADINGS.values()]
    rows = []
    for entry in audits:
        claim = entry.claim
        link = f'<a href="{up}claims/{claim.id}.html">{escape(claim.title)}</a>'
        cells = [f'<th scope="row" data-label="Statement">{link}</th>']
        if document:
            cells.append(f'<td role="cell" data-label="Document">{escape(claim.document.short)}</td>')
        for name, heading in panels.HEADINGS.items():
            told = panels.told_of(entry, name)
            figure = f'<span class="cb-figure-told">{told}</span>' if told else ""
            badge = panels.badge(getattr(entry.verdicts, name).word)
            cells.append(f'<td role="cell" data-label="{escape(heading)}">{badge}{figure}</td>')
        rows.append(f'<tr role="row">{"".join(cells)}</tr>')
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return (
        f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="cb-scoreboard" role="table"><caption>{escape(caption)}.</caption>'
        f'<thead><tr role="row">{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )
