"""One page for each claim: what was said, is it so, was it so then, how do you know, where are the figures.

A page is a notebook that comes executed, so that its chart goes the way of every other chart of the book.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis import (
    answers,
    areas,
    audit,
    claim_csv,
    claims,
    engine,
    figures,
    flips,
    glossary,
    imprint,
    narrative,
    panels,
    words,
)
from analysis.audit import Audited
from analysis.blocks import Html, escape_markdown
from analysis.chapters import LAST_YEAR, start
from analysis.claims import Claim
from analysis.exports import citations, names
from analysis.languages import share
from analysis.snapshots.store import store
from analysis.templates import html, markdown, raw
from analysis.trace import Candidate, trace

# How many years before its document a claim's chart begins.
YEARS_BEFORE = 30
# How many of a trace's candidates are shown.
CANDIDATES = 5
# Candidates further off than this tell nothing: as a share of the printed figure, and in places of a rank.
NEAR, NEAR_PLACES = 0.1, 2


@dataclass(frozen=True)
class Page:
    """A claim's page: the notebook as text, and its figures as CSV, empty where it has none."""

    notebook: bytes
    csv: str


def page(found: Audited, address: str = "", chapters: Sequence[str] | None = None) -> Page:
    """The page of a claim of the ledger. Reads the store for its chart and its trace; takes a second or less.

    `address` of the book's root with a trailing "/", for its citation; "" where it is not known. `chapters`: names of
    those that the book has; all if it is not said.
    """
    claim, known = found.claim, claims.ledger()
    cells = [_markdown(top(found, known, chapters))]
    if claim.readings:
        cells.append(_chart(found))
    cells.append(_markdown(rest(found, known, address)))
    kernel = {"display_name": "Python 3", "language": "python", "name": engine.KERNEL}
    notebook = {
        "cells": [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells, start=1)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Page(engine.text(notebook), claim_csv.text(found) if claim.readings else "")


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _chart(found: Audited) -> dict[str, Any]:
    """The claim's chart as a cell that was executed: the call, and what it returned."""
    claim = found.claim
    country = claim.about if areas.area(claim.about).kind == "country" else claim.document.country
    asked = {"country": country, "partner": claim.other, **years(claim, found.verdicts.as_of)}
    chart = start(**asked).chart(claim.id)
    if isinstance(chart, Html):
        return _markdown(raw(chart.html))
    figures.enable()
    bundle = chart._repr_mimebundle_(None, None)
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    told = ", ".join(f"{name}={value!r}" for name, value in asked.items() if value != "").replace("'", '"')
    call = f'from analysis import chapters\n\nchapters.start({told}).chart("{claim.id}")'
    output = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
    return {
        "cell_type": "code",
        "metadata": {"tags": ["hide-input"]},
        "source": call,
        "execution_count": 1,
        "outputs": [output],
    }


def years(claim: Claim, as_of: dt.date) -> dict[str, int]:
    """The years that a claim's chart shows: a generation before the document up to the year it speaks of."""
    last = max(as_of.year, claim.due or 0)
    return {"start_year": claim.document.day.year - YEARS_BEFORE, "end_year": min(last, LAST_YEAR)}


def top(found: Audited, known: Sequence[Claim], chapters: Sequence[str] | None = None) -> str:
    """The page down to its chart: the answer, the verdicts, the statement, its place, its chapter if there is one."""
    claim = found.claim
    own = [entry for entry in known if entry.document.id == claim.document.id]
    statement = html(
        "claim_statement.html.j2",
        claim=claim,
        cited=Markup(panels.cited(claim.document)),
        language=panels.LANGUAGES.get(claim.document.language, claim.document.language),
        judged=panels.judged_by(claim),
        held_against=held_against(claim),
    )
    crumbs = html(
        "claim_crumbs.html.j2",
        document=claim.document,
        number=own.index(claim) + 1,
        count=len(own),
        chapter=chapter_of(claim, engine.names() if chapters is None else chapters),
    )
    return markdown(
        "claim_top.md.j2",
        title=escape_markdown(claim.title),
        crumbs=raw(crumbs),
        answer=raw(html("claim_answer.html.j2", answer=answers.answer(found))),
        verdicts=raw(panels.verdict_list(found, answered=True)),
        statement=raw(statement),
        untestable=raw(html("untestable.html.j2", reason=claim.untestable)) if claim.untestable else "",
        records=_records(found) if _decided_by_records(claim) else "",
        figures=bool(claim.readings),
        fact=claim.kind == "fact",
    )


def _decided_by_records(claim: Claim) -> bool:
    """Whether records come first on the page; beside a statistic they come after its figures."""
    return claim.kind == "fact" or not claim.readings


def _records(found: Audited) -> str:
    """The public records of a claim, and a word where those that decide differ; empty without any."""
    records = found.claim.records
    if not records:
        return ""
    differ = found.claim.kind == "fact" and len({cited.agrees for cited in records} - {None}) > 1
    return raw(panels.records_table(found) + (html("differ.html.j2") if differ else ""))


def held_against(claim: Claim) -> str:
    """What a printed figure or a threshold is taken to mean, in words; empty where nothing is measured."""
    if claim.printed is None or claim.unit is None or not claim.readings:
        return ""
    quantity = claim.quantity(claim.readings[0])
    printed = words.printed(claim.printed)
    if quantity.kind == "rank" or quantity.trend is not None:
        return printed
    # "a figure from 64.2 to 67.8 billion dollars": the verdict's own ends, the tolerance included.
    span = flips.needed(quantity, claim.unit_of(claim.readings[0]), inside=True)
    if claim.threshold or claim.kind == "pledge":
        return span
    if None in quantity.ends():  # "over 150,000" needs no rounding
        return printed
    tolerance = f", a tolerance of {claim.tolerance:.0%} included" if quantity.slack else ""
    return f"{printed}; read as {span}{tolerance}"


def chapter_of(claim: Claim, chapters: Sequence[str]) -> dict[str, str] | None:
    """The chapter on a claim's theme: its title, and its address with the claim's place; None where there is none.

    `chapters`: names of those that the book has.
    """
    if claim.theme not in chapters:
        return None
    cells = json.loads(engine.chapter(claim.theme).read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells]
    title = next((text[2:].partition("\n")[0] for text in code if text.startswith("# ")), claim.theme)
    shown = any(f'chapter.claim("{claim.id}")' in text for text in code)
    return {"title": title, "address": f"chapters/{claim.theme}.html" + (f"#{claim.id}" if shown else "")}


def rest(found: Audited, known: Sequence[Claim], address: str = "") -> str:
    """The page below its chart: readings, what would change the verdict, records, sources, trace, how to cite."""
    claim, as_of = found.claim, found.verdicts.as_of
    by_id = {entry.id: entry for entry in known}
    keep = [claim.threshold + "."] if claim.threshold else []
    keep += [*claim.caveats, *(_note(note) for note in audit.coverage_notes(found))]
    texts = [claim.statement, *keep, claim.untestable or ""]
    texts += [text for entry in claim.readings for text in (claim.define(entry.definition), entry.cited.text)]
    echoes = [by_id[identifier] for identifier in claim.echoes if identifier in by_id]
    return markdown(
        "claim_rest.md.j2",
        narrative=escape_markdown(narrative.audited(found)) if claim.readings and claim.kind != "fact" else "",
        readings=raw(panels.readings_table(found)) if claim.readings else "",
        records="" if _decided_by_records(claim) else _records(found),
        flips=_list(flips.told(found)),
        keep=_list(keep),
        terms=raw(html("terms.html.j2", terms=used)) if (used := glossary.used(texts)) else "",
        echoes=raw(html("echoes.html.j2", echoes=echoes)) if echoes else "",
        replies=raw(html("replies.html.j2", replies=claim.replies)) if claim.replies else "",
        sources=raw(_sources(found)) if claim.readings else "",
        trace=_trace(claim),
        share=raw(share.block(found, as_of, address)),
        cite=raw(_cite(claim, citations.claim(found, as_of, address), as_of, address)),
    )


def _cite(claim: Claim, cited: citations.Citation, as_of: dt.date, address: str) -> str:
    """How to cite the page: in words, as BibTeX and as CSL-JSON."""
    page = names.places(claim).page
    return html(
        "claim_cite.html.j2",
        claim=claim,
        cited=cited,
        maker=imprint.MAKER,
        as_of=f"{as_of:%-d %B %Y}",
        place=f"{address}{page}" if address else f"Page: {page}",
    )


def _note(text: str) -> str:
    """A note on coverage as a sentence, its release dates in words."""
    text = re.sub(r"\b\d{4}-\d{2}(-\d{2})?\b", lambda found: words.released(found[0]), text)
    return f"{text[:1].upper()}{text[1:]}."


def _list(sentences: Sequence[str]) -> str:
    return raw(html("list.html.j2", items=sentences)) if sentences else ""


def _sources(found: Audited) -> str:
    rows = []
    for entry in audit.sources(found):
        released = [words.released(release) for release in entry.releases]
        rows.append({"entry": entry, "releases": released})
    return html("claim_sources.html.j2", rows=rows, id=found.claim.id)


def traceable(claim: Claim) -> bool:
    """Whether the statement prints a figure of its own that a search could find: no pledge, threshold or trend."""
    if claim.kind != "statistic" or claim.threshold or not claim.readings:
        return False
    quantity = claim.quantity(claim.readings[0])
    # Of "over 150,000" or "top 10" half of all figures would be one; a search for them would say nothing.
    exact = quantity.low == quantity.high if quantity.kind == "rank" else None not in quantity.ends()
    return quantity.trend is None and bool(quantity.figure) and exact


def _trace(claim: Claim) -> str:
    """The nearest candidates of a claim's trace, and how many would match by chance."""
    if not traceable(claim):
        return ""
    found = trace(claim, store(), most=CANDIDATES)
    if not found.nearest:
        return ""
    near = [entry for entry in found.nearest if abs(entry.distance) <= (NEAR_PLACES if entry.rank else NEAR)]
    rows = [_candidate(claim, entry) for entry in near]
    if not rows:
        return ""
    chance = f"{found.by_chance:,.0f}" if found.by_chance >= 10 else f"{found.by_chance:.1f}"
    return raw(html("claim_trace.html.j2", printed=found.printed, rows=rows, found=found, chance=chance))


def _places(distance: float) -> str:
    return f"{distance:.0f} place{'s' if round(distance) != 1 else ''}"


def _candidate(claim: Claim, entry: Candidate) -> dict[str, Any]:
    many = len(entry.released)
    released = words.released(entry.released[0])
    if many > 1:
        released = f"{many} releases, {released} to {words.released(entry.released[-1])}"
    off = "matches"
    if not entry.matches:
        off = f"{entry.distance:+.1%}" if entry.rank is None else _places(abs(entry.distance))
    elif not entry.rounds:
        off = f"within rounding and tolerance, {entry.distance:+.1%}"
    marks = []
    if entry.in_reading:
        marks.append(f"as in the reading: {claim.define(claim.reading(entry.in_reading).label)}")
    if entry.after:
        marks.append("released later")
    return {
        "figure": words.ordinal(entry.rank) if entry.rank is not None else words.amount(entry.value, entry.unit),
        "year": entry.year,
        "definition": entry.definition + (f" ({entry.universe})" if entry.universe else ""),
        "released": released,
        "off": off.replace("-", "\u2212"),
        "marks": "; ".join(marks),
    }
