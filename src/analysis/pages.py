"""The pages that are generated once: the first page, the methods and the glossary (sources: analysis.source_page)."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from analysis import board, glossary, panels, retrospect, verdicts, words
from analysis.audit import Audited
from analysis.claims import KINDS
from analysis.documents import Document
from analysis.home import data
from analysis.measures import MEASURES, frames
from analysis.models import Model, Text, listed
from analysis.quantities import parse
from analysis.records import STANDINGS
from analysis.templates import html, markdown, raw, table

# What the methods page shows of the rounding grammar; the intervals beside them are computed.
EXAMPLES = (
    ("66 billion", 0.0), ("around 66 billion", 0.02), ("85 per cent", 0.0), ("over 150,000", 0.0),
    ("below one per cent", 0.0), ("nearly 6 billion", 0.0), ("a quarter", 0.0), ("12th largest", 0.0), ("top 10", 0.0),
)  # fmt: skip
# Names of measures are told in words, these in capitals.
_CAPITALS = {"gdp": "GDP", "fdi": "FDI", "un": "UN", "eu": "EU", "nato": "NATO", "ppp": "PPP"}

# Inputs that the descriptions of measures name, as a reader would say them.
_INPUTS = {
    "`seen_by` one": "one",
    "at least `least`": "at least so many",
    "with `half`, their average": "or half of it",
}


class Convention(Model):
    """A rule set beforehand for a word that documents use (data/conventions.yaml)."""

    term: Text
    rule: Text
    used_for: Text


def index(template: str, audits: Sequence[Audited], as_of: dt.date, documents: Sequence[Document]) -> str:
    """The first page: the prose of index.md with the documents and the scoreboard filled in."""
    known = {
        "documents": raw(board.overview(audits, documents)),
        "scoreboard": raw(board.table(audits, as_of, searched=True)),
        "standfirst": standfirst(audits, as_of),
    }
    # In one go: what is filled in may itself hold the name of another part.
    return re.sub(rf"\{{\{{ ({'|'.join(known)}) \}}\}}", lambda found: known[found[1]], template)


def standfirst(audits: Sequence[Audited], as_of: dt.date) -> str:
    """How many statements of how many documents, how they fared when written, and on which evidence.

    Figures, facts and what nothing can decide are counted apart.
    """
    untestable = [entry for entry in audits if entry.claim.untestable is not None]
    facts = [entry for entry in audits if entry.claim.kind == "fact" and entry not in untestable]
    figures = [entry for entry in audits if entry not in untestable and entry not in facts]
    documents = len(board.by_document(audits))
    day = retrospect.day()
    sentences = [
        f"**This version was built in retrospect**, as if the book had existed on {day:%-d %B %Y}." if day else "",
        f"It audits {_count(len(audits), 'statement')} of {_count(documents, 'document')}, by the figures released up "
        f"to {as_of:%-d %B %Y} and by public records.",
        _of_figures(figures),
        _of_facts(facts),
        f"No public figure or record {'held of that time ' if day else ''}can decide "
        f"{'one' if len(untestable) == 1 else f'the other {len(untestable)}'}; "
        f"{'its page says' if len(untestable) == 1 else 'their pages say'} why."
        if untestable
        else "",
        _basis(figures),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"


def _of_figures(figures: Sequence[Audited]) -> str:
    told = Counter(entry.verdicts.when_written.word for entry in figures)
    if not told:
        return ""
    parts = [
        f"{told[word]} {text}"
        for word, text in (
            ("supported", "held for the newest year then published"),
            ("held for an earlier year", "only for an earlier year"),
            ("supported under another reading", "only by a less likely reading"),
            ("not supported", "by no reading"),
            ("not testable", "could not be tested"),
            ("not yet due", f"{'was' if told['not yet due'] == 1 else 'were'} not yet due"),
        )
        if told[word]
    ]
    return f"Of {len(figures)} that are held against figures, {words.listing(parts)} when written."


def _of_facts(facts: Sequence[Audited]) -> str:
    told = Counter(entry.verdicts.when_written.word for entry in facts)
    if not told:
        return ""
    if not told["record differs"]:
        return f"{_count(len(facts), 'fact')} {'is' if len(facts) == 1 else 'are'} on record."
    are = "is" if told["on record"] == 1 else "are"
    differ = f"of {told['record differs']} the record differs"
    return f"Of {_count(len(facts), 'fact')}, {told['on record'] or 'none'} {are} on record and {differ}."


def _basis(figures: Sequence[Audited]) -> str:
    """How many are judged by figures as they were then published, and how many by a stand-in."""
    told = Counter(entry.verdicts.when_written.choice.basis for entry in figures if entry.verdicts.when_written.choice)
    if not told:
        return ""
    others = [
        f"{told[basis]} from {text}"
        for basis, text in (
            ("reconstructed", "a later one, cut to the years then published"),
            ("older", "an older one"),
        )
        if told[basis]
    ]
    were = "was" if told["held"] == 1 else "were"
    own = f"Of the figures that decided, {told['held'] or 'none'} {were} taken from the release of the time"
    return f"{own}, {', and '.join(others)}." if others else f"{own}."


def methods(audits: Sequence[Audited]) -> str:
    """The methods page; its tables come from the ledger and from the code that applies the rules."""
    vocabularies = []
    for heading, words_of in (
        ("When written", verdicts.WHEN_WRITTEN),
        ("That year, as revised", verdicts.AS_REVISED),
        ("Today", verdicts.TODAY),
    ):
        rows = [(Markup(panels.badge(word)), meaning) for word, meaning in words_of.items()]
        vocabularies.append(table(heading, ["Verdict", "It means that"], rows))
    grammar = [(text, _interval(text, tolerance)) for text, tolerance in EXAMPLES]
    held = [(entry.term, entry.rule, entry.used_for) for entry in conventions()]
    return markdown(
        "methods.md.j2",
        earlier_years=verdicts.EARLIER_YEARS,
        max_age=verdicts.MAX_AGE,
        growth_bound=f"{frames.GROWTH_BOUND:g}",
        kinds=table("Kinds of statement", ["Kind", "What it is"], list(KINDS.items())),
        standings=table("Standing of a record", ["Standing", "What it is"], list(STANDINGS.items())),
        vocabularies="\n\n".join(vocabularies),
        grammar=table("What is read from a printed figure", ["Printed", "Borne out by"], grammar),
        conventions=table("Rules for words", ["Where a document says", "It is read as", "Used for"], held)
        if held
        else "",
        declared=_declared(audits),
        measures=table("The measures that readings use", ["Measure", "What it is", "Statements"], measures(audits)),
    )


def conventions() -> list[Convention]:
    """The rules for words, in the order of data/conventions.yaml; none where there is no such file."""
    return list(listed(Convention, "conventions.yaml", "term").values()) if data("conventions.yaml").is_file() else []


def _declared(audits: Sequence[Audited]) -> str:
    """The tolerances and thresholds that were declared with statements, before any result on the page."""
    rows = []
    for entry in audits:
        claim = entry.claim
        link = Markup('<a href="claims/{}.html">{}</a>').format(claim.id, claim.title)
        if claim.threshold:
            rows.append((link, claim.threshold))
        elif claim.tolerance:
            rows.append((link, f"{claim.printed}, with a tolerance of {claim.tolerance:.0%}"))
    return table("Tolerances and thresholds declared with statements", ["Statement", "Declared"], rows) if rows else ""


def measures(audits: Sequence[Audited]) -> list[tuple[str, str, str]]:
    """The measures that the ledger's readings use: name in words, what it is, how many statements use it."""
    used = Counter(name for entry in audits for name in {reading.measure for reading in entry.claim.readings})
    return [(_spoken(name), _summary(MEASURES[name]), str(used[name])) for name in sorted(used)]


def _spoken(name: str) -> str:
    text = " ".join(_CAPITALS.get(word, word) for word in name.split("_")).replace("two way", "two-way")
    return text[:1].upper() + text[1:]


def _summary(function: Any) -> str:
    """What a measure says of itself, without what only matters to code: units, columns, names of inputs."""
    text = " ".join(inspect.getdoc(function).split("\n\n")[0].split())
    text = re.sub(r"\s*\((?:[^()]*\bunit\b|value:|universe:|columns?\b|\"%)[^()]*\)", "", text)
    text = re.sub(r",? in \"%[^\"]*\"", "", text)
    for code, said in _INPUTS.items():
        text = text.replace(code, said)
    return re.sub(r"`([^`]*)`", lambda found: found[1].replace("_", " "), text)


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


def glossary_page() -> str:
    """The glossary."""
    return markdown("glossary.md.j2", terms=raw(html("glossary.html.j2", terms=glossary.terms())))
