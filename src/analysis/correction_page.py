"""The page of corrections: how mistakes of ours are handled, how to report one, and the log of those there were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from analysis import retrospect
from analysis.audit import Audited
from analysis.corrections import EVERY_PAGE, US, Correction, corrections
from analysis.templates import html, markdown, raw


def page(audits: Sequence[Audited], entries: Sequence[Correction] | None = None) -> str:
    """The page with the book's log, or with these entries, in their order.

    A book made in retrospect has no entry that was logged after its day.
    """
    day = retrospect.day()
    titles = {entry.claim.id: entry.claim.title for entry in audits}
    told = [
        {"entry": entry, "versions": _versions(entry), "where": _where(entry, titles)}
        for entry in (corrections() if entries is None else entries)
        if day is None or entry.dated <= day
    ]
    return markdown("corrections.md.j2", log=raw(html("corrections.html.j2", told=told, us=US)) if told else "")


def _versions(entry: Correction) -> str:
    """Which versions have it, and which has it right."""
    if entry.last is None:
        return f"{entry.since} and every later one so far; not yet put right"
    affected = entry.since if entry.since == entry.last else f"{entry.since} to {entry.last}"
    return f"{affected}; " + (f"right since {entry.fixed}" if entry.fixed else "no longer told in later ones")


def _where(entry: Correction, titles: Mapping[str, str]) -> Markup:
    """Its pages. Statements of this book are linked; one withdrawn since has only its id, and a page only its path."""
    if EVERY_PAGE in entry.pages:
        return Markup("Every page")
    told = [
        Markup('<a href="claims/{}.html">{}</a>').format(name, titles[name])
        if name in titles
        else Markup("the statement <code>{}</code>").format(name)
        for name in entry.claims
    ]
    told += [Markup("<code>{}</code>").format(name) for name in entry.pages]
    return escape("; ").join(told)
