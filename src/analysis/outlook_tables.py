"""Figures and tables of the chapter on scenarios, as text and HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analysis import words
from analysis.documents import documents
from analysis.records import record
from analysis.scenarios import Declared

if TYPE_CHECKING:
    from analysis.outlook import Base


def cited(path: Declared) -> str:
    """Where a path is told, as a link where it can be followed."""
    address, text = path.address, urlsplit(path.address or "").netloc.removeprefix("www.")
    if path.record is not None:
        address, text = record(path.record).address, record(path.record).publisher
    elif path.document is not None:
        address, text = documents()[path.document].address, documents()[path.document].title
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else f"<cite>{escape(text)}</cite>"


def plain(value: float) -> str:
    """A figure as it was written: 2, 1.54, 3.5, with a true minus."""
    return f"{value:g}".replace("-", "\u2212")


def billion(value: float, base: Base) -> str:
    """Millions told as billions."""
    return words.number(value / 1e3, base.digits)


def priced(base: Base) -> list[str]:
    """How the two columns of money are headed."""
    return [f"Billion {base.money}, prices of the year", f"At prices of {base.year}"]


def cards(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    """A table whose rows become cards on phones; cells are HTML, escaped already."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = []
    for row in rows:
        cells = [f'<th scope="row">{row[0]}</th>']
        cells += [
            f'<td role="cell" data-label="{escape(name)}">{cell}</td>'
            for name, cell in zip(head[1:], row[1:], strict=True)
        ]
        body.append(f'<tr role="row">{"".join(cells)}</tr>')
    table = (
        f'<table class="cb-readings cb-paths" role="table"><caption>{escape(caption)}.</caption>'
        f'<thead><tr role="row">{top}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    )
    after = f'<p class="cb-source">{escape(note)}</p>' if note else ""
    return f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">{table}</div>{after}'


def by_year(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of figures by year."""
    top = f'<th scope="col">{escape(head[0])}</th>' + "".join(
        f'<th scope="col" class="cb-num">{escape(name)}</th>' for name in head[1:]
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="cb-num">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="cb-years"><caption>{escape(caption)}.</caption><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
