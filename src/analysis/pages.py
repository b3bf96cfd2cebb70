"""The pages that are generated: the scoreboard, the methods and the sources."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis import panels, verdicts, words
from analysis.audit import Audited
from analysis.measures import MEASURES, frames
from analysis.quantities import parse
from analysis.series import register
from analysis.snapshots.catalogue import publishers
from analysis.snapshots.store import Store

PAGES = Path(__file__).parent / "site" / "pages"

# What the methods page shows of the rounding grammar; the intervals beside them are computed.
EXAMPLES = (
    ("66 billion", 0.0), ("around 66 billion", 0.02), ("85 per cent", 0.0), ("over 150,000", 0.0),
    ("below one per cent", 0.0), ("nearly 6 billion", 0.0), ("a quarter", 0.0), ("12th largest", 0.0), ("top 10", 0.0),
)  # fmt: skip

_html = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=FileSystemLoader(PAGES))
# Pages are Markdown around blocks of HTML that are escaped already.
_markdown = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, loader=FileSystemLoader(PAGES))


def raw(html: str) -> str:
    """A block of HTML inside a Markdown page, whatever its text holds."""
    fence = "`" * 3
    while fence in html:
        fence += "`"
    return f"{fence}{{raw}} html\n{html.strip()}\n{fence}"


def index(template: str, audits: Sequence[Audited], as_of: dt.date, chapters: Sequence[str]) -> str:
    """The first page: the prose of index.md with the scoreboard filled in."""
    known = {
        "scoreboard": raw(scoreboard(audits, as_of, chapters)),
        "standfirst": standfirst(audits, as_of),
    }
    for name, text in known.items():
        template = template.replace(f"{{{{ {name} }}}}", text)
    return template


def standfirst(audits: Sequence[Audited], as_of: dt.date) -> str:
    """How many statements of how many documents, and how many were borne out when written."""
    borne = sum(entry.verdicts.when_written.word in verdicts.BORNE_OUT for entry in audits)
    due = sum(entry.verdicts.when_written.word == "not yet due" for entry in audits)
    documents = len({entry.claim.document.id for entry in audits})
    return (
        f"It audits {len(audits)} statements of {documents} document{'s' if documents != 1 else ''} by the figures "
        f"released up to {as_of:%-d %B %Y}. Of the {len(audits) - due} that could be judged when they were written, "
        f"{borne} were borne out by the figures of the time, in the newest year, an earlier one or by another reading."
    )


def scoreboard(audits: Sequence[Audited], as_of: dt.date, chapters: Sequence[str]) -> str:
    """The table of all claims with their verdicts, as HTML. `chapters`: names of the pages that exist."""
    rows = []
    for entry in audits:
        claim, found = entry.claim, entry.verdicts
        borne, tested = found.borne_out
        rows.append(
            {
                "title": claim.title,
                "link": f"chapters/{claim.theme}.html#{claim.id}" if claim.theme in chapters else None,
                "document": claim.document.short,
                "verdicts": [
                    {
                        "badge": Markup(panels.badge(getattr(found, name).word)),
                        "figure": Markup(panels.told_of(entry, name)),
                    }
                    for name in panels.HEADINGS
                ],
                "readings": f"{borne} of {tested}" if claim.kind != "pledge" else "by its wording",
            }
        )
    template = _html.get_template("scoreboard.html.j2")
    return template.render(rows=rows, headings=list(panels.HEADINGS.values()), as_of=f"{as_of:%-d %B %Y}")


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as a block of HTML; cells that are not Markup are escaped."""
    return raw(_html.get_template("table.html.j2").render(caption=caption, head=head, rows=rows))


def methods() -> str:
    """The methods page; its tables come from the code that applies the rules."""
    vocabularies = []
    for heading, words_of in (
        ("When written", verdicts.WHEN_WRITTEN),
        ("That year, as revised", verdicts.AS_REVISED),
        ("Today", verdicts.TODAY),
    ):
        rows = [(Markup(panels.badge(word)), meaning) for word, meaning in words_of.items()]
        vocabularies.append(_table(heading, ["Verdict", "It means that"], rows))
    grammar = [(text, _interval(text, tolerance)) for text, tolerance in EXAMPLES]
    measures = [(name.replace("_", " "), _summary(function)) for name, function in sorted(MEASURES.items())]
    return _markdown.get_template("methods.md.j2").render(
        earlier_years=verdicts.EARLIER_YEARS,
        max_age=verdicts.MAX_AGE,
        growth_bound=f"{frames.GROWTH_BOUND:g}",
        vocabularies="\n\n".join(vocabularies),
        grammar=_table("What is read from a printed figure", ["Printed", "Borne out by"], grammar),
        measures=_table("The measures that readings use", ["Measure", "What it is"], measures),
    )


def _summary(function: Any) -> str:
    return " ".join(inspect.getdoc(function).split("\n\n")[0].split()).replace("`", "")


def _interval(printed: str, tolerance: float) -> str:
    quantity = parse(printed, tolerance=tolerance)
    if quantity.kind == "rank":
        ranks = quantity.ranks()
        return f"rank {ranks[0]}" if len(ranks) == 1 else f"ranks {ranks[0]} to {ranks[-1]}"
    low, high = quantity.low, quantity.high
    told = [] if low is None else [f"{'from' if quantity.low_in else 'more than'} {_plain(low)}"]
    told += [] if high is None else [f"{'to' if quantity.high_in else 'less than'} {_plain(high)}"]
    text = ", ".join(told)
    if quantity.slack:
        text += f"; with a tolerance of {tolerance:.0%}, by {_plain(quantity.slack)} more on either side"
    return text


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def sources(store: Store) -> str:
    """The sources page: every publisher with its terms, releases and series."""
    known = publishers()
    held = [known[name] for name in sorted({release.publisher for release in store.releases})]
    overview = [(entry.title, entry.product, entry.cadence, entry.licence_title) for entry in held]
    return _markdown.get_template("sources.md.j2").render(
        overview=_table("Publishers", ["Publisher", "What", "How often", "Licence"], overview),
        publishers=[
            {
                "title": entry.title,
                "about": raw(_html.get_template("publisher.html.j2").render(e=entry)),
                "releases": _table(
                    f"Releases held of {entry.title}",
                    ["Released", "Years", "Series", "Figures", "How it was had"],
                    [_release(release) for release in store.releases if release.publisher == entry.name],
                ),
                "series": _table(
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
    )


def _release(release: Any) -> tuple:
    years = [year for scope in release.scope for year in scope.periods]
    count = sum(scope.observations for scope in release.scope)
    had = release.obtained + (f". {release.note}" if release.note else "")
    span = f"{min(years)}\u2013{max(years)}"
    return words.released(release.released), span, str(len(release.scope)), f"{count:,}", had
