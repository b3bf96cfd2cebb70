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
    """How many statements of how many documents, how they fared when written, and by which releases."""
    told = [entry.verdicts.when_written for entry in audits]
    counts = {word: sum(verdict.word == word for verdict in told) for word in verdicts.WHEN_WRITTEN}
    due = len(told) - counts["not yet due"]
    bases = [verdict.choice.basis for verdict in told if verdict.choice is not None]
    documents = len({entry.claim.document.id for entry in audits})
    parts = [f"{count} {_fared(word)}" for word, count in counts.items() if count and word != "not yet due"]
    return (
        f"It audits {len(audits)} statements of {documents} document{'s' if documents != 1 else ''} by the figures "
        f"released up to {as_of:%-d %B %Y}. Of the {due} that could be judged when they were written, "
        f"{_listed(parts)}. The release of that time is held for {bases.count('held') or 'none'} of them; "
        f"{bases.count('reconstructed')} are judged by a later release, cut to the years then published, and "
        f"{bases.count('older')} by an older one."
    )


def _fared(word: str) -> str:
    return {
        "supported": "held by the newest year then published",
        "held for an earlier year": "held only for an earlier year",
        "supported under another reading": "held only by another reading",
        "not supported": "did not hold by any reading",
        "not testable": "could not be tested",
    }.get(word, f"are {word}")


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


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
                "readings": f"{borne} of {tested}" if claim.kind != "pledge" else "\u2013",
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
    text = _between(quantity.low, quantity.high, quantity.low_in)
    if quantity.slack:
        low, high = quantity.ends()
        text += f"; with a tolerance of {tolerance:.0%}, {_plain(low)} to {_plain(high)}"
    return text


def _between(low: float | None, high: float | None, low_in: bool) -> str:
    told = [] if low is None else [f"{'at least' if low_in else 'more than'} {_plain(low)}"]
    told += [] if high is None else [f"less than {_plain(high)}"]
    return " and ".join(told)


def _plain(value: float) -> str:
    if value >= 1e9:
        return f"{value / 1e9:.4g} billion"
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
                    ["Released", "Years", "Series", "Figures", "How it was obtained"],
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
