"""The page of sources: every publisher with its terms, its releases and series, and the errors known in them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from analysis import areas, words
from analysis.blocks import escape_markdown
from analysis.series import register
from analysis.snapshots.catalogue import publishers
from analysis.snapshots.errata import Erratum, errata
from analysis.snapshots.store import Store
from analysis.templates import html, markdown, raw, table


def sources(store: Store) -> str:
    """The sources page: every publisher with its terms, releases and series."""
    known = publishers()
    names = {release.name for release in store.releases}
    held = [known[name] for name in sorted({release.publisher for release in store.releases})]
    overview = [(entry.title, entry.product, entry.cadence, entry.licence_title) for entry in held]
    return markdown(
        "sources.md.j2",
        overview=table("Publishers", ["Publisher", "What", "How often", "Licence"], overview),
        publishers=[
            {
                "title": escape_markdown(entry.title),
                "about": raw(html("publisher.html.j2", e=entry)),
                "releases": table(
                    f"Releases held of {entry.title}",
                    ["Released", "Years", "Series", "Figures", "How it was obtained"],
                    [_release(release) for release in store.releases if release.publisher == entry.name],
                ),
                "series": table(
                    f"Series of {entry.title}",
                    ["Series", "Unit", "What it measures"],
                    [
                        (series.title, series.unit.replace("{base_year}", "base year"), series.concept)
                        for series in register().values()
                        if series.publisher == entry.name and store.carrying(series.id)
                    ],
                ),
            }
            for entry in held
        ],
        errors=table(
            "Known errors in the figures held",
            ["Where", "What is wrong, and how it is known", "Reported", "What is done"],
            [_error(entry, names) for entry in errata().values() if entry.since in names],
        ),
    )


def _error(entry: Erratum, held: Collection[str]) -> tuple[str, str, str, str]:
    """A known error; that a release which is not `held` has mended it, is not told."""
    who = areas.name(entry.partner or entry.reporter)
    years = f"{entry.periods[0]}\u2013{entry.periods[-1]}" if len(entry.periods) > 1 else f"{entry.periods[0]}"
    source = publishers()[register()[entry.series].publisher].title
    until = f", mended by that of {words.released(entry.mended.partition('-')[2])}" if entry.mended in held else ""
    release = f"release of {words.released(entry.since.partition('-')[2])}{until}"
    where = f"{source}, {register()[entry.series].title}: {who}, {years}; {release}"
    return where, f"{entry.wrong} {entry.shown_by}", entry.reported, entry.action


def _release(release: Any) -> tuple:
    years = [year for scope in release.scope for year in scope.periods]
    count = sum(scope.observations for scope in release.scope)
    had = release.obtained + (f". {release.note}" if release.note else "")
    for entry in release.accepted or ():
        had += f". Taken by {entry.by} on {words.dated(entry.on)} over what was odd: {entry.text}"
    span = f"{min(years)}\u2013{max(years)}"
    return words.released(release.released), span, str(len(release.scope)), f"{count:,}", had
