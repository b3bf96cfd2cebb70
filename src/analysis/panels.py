"""Blocks of HTML that chapters and pages share: the claim with its verdicts, the tables of readings and of records.

Everything that comes from data is escaped here and in the templates, and nowhere else.
"""

from __future__ import annotations

import re
from html import escape

from analysis import answers, words
from analysis.audit import Audited
from analysis.claims import Cited, Claim
from analysis.documents import Document
from analysis.evaluations import Evaluation
from analysis.verdicts import Choice, Verdict, choose_newest

HEADINGS = {"when_written": "When written", "as_revised": "That year, as revised", "today": "Today"}
BASES = {
    "held": "as published then",
    "reconstructed": "from a later release, cut to the years then published",
    "older": "from an older release; a newer one existed and is not held",
    "revised": "newest release held",
}
LANGUAGES = {"en": "English", "nl": "Dutch", "fr": "French", "de": "German"}
_OWN_TITLE = re.compile(r"\([^()]*\btitle\b[^()]*\)$")
_MARKS = {True: "bears it out", False: "does not bear it out", None: "leaves it open"}
_STANDINGS = {"official": "official", "press": "press", "other": "another source"}
_AGREES = {True: "bears it out", False: "tells it otherwise", None: "bears on it without settling it"}


def badge(word: str) -> str:
    """A verdict as a badge: the word itself, its colour only a support."""
    return f'<span class="cb-verdict" data-verdict="{escape(word.replace(" ", "-"))}">{escape(word)}</span>'


def in_language(tag: str, text: str, language: str) -> str:
    """Text in an element that says its language where it is not that of the page."""
    marked = f' lang="{escape(language)}"' if language != "en" else ""
    return f"<{tag}{marked}>{escape(text)}</{tag}>"


def cited(document: Document) -> str:
    """A document's title, leading to the original where its address is known."""
    title = in_language("cite", document.title, document.language)
    return f'<a href="{escape(document.address)}">{title}</a>' if document.address else title


def told_of(audited: Audited, name: str) -> str:
    """The figure behind one reading of time, as HTML; empty where none decided."""
    return escape(answers.figure_of(audited, name))


def verdict_list(audited: Audited, *, answered: bool = False) -> str:
    """The three verdicts with the figures or the record that decided, and why.

    `answered`: a sentence beside it tells already why it was so then and is so today.
    """
    cells = []
    for name, heading in HEADINGS.items():
        verdict: Verdict = getattr(audited.verdicts, name)
        why = f"{_sentence(verdict.reason)} " if not answered or _adds(audited, name) else ""
        why = f"{why}{_had(name, verdict)}".strip()
        if audited.claim.untestable is not None:  # it says why once, not under each of the three
            why = ""
        cells.append(
            f"<div><dt>{heading}</dt><dd>{badge(verdict.word)}"
            f'<span class="cb-figure-told">{told_of(audited, name)}</span>'
            + (f'<span class="cb-why">{escape(why)}</span>' if why else "")
            + "</dd></div>"
        )
    return f'<dl class="cb-verdicts">{"".join(cells)}</dl>'


def _adds(audited: Audited, name: str) -> bool:
    """Whether the reason of a verdict adds to the sentence that answers the statement."""
    fact = audited.claim.kind == "fact" and audited.claim.lasts
    return name == "as_revised" or (name == "today" and (fact or ";" in audited.verdicts.today.reason))


def claim_box(audited: Audited, page: str = "../claims/{}.html") -> str:
    """The claim in our words, its place, and its three verdicts; its title leads to its `page`."""
    claim = audited.claim
    notes = [f"{claim.threshold}."] if claim.threshold else []
    notes += [_sentence(claim.untestable)] if claim.untestable else []
    caveats = "".join(f"<li>{escape(text)}</li>" for text in [*notes, *claim.caveats])
    judged = f'<p class="cb-place">{escape(text)}</p>' if (text := judged_by(claim)) else ""
    return (
        f'<section class="cb-claim" aria-labelledby="{claim.id}">'
        f'<p class="cb-claim-title" id="{claim.id}"><a href="{page.format(claim.id)}">'
        f"<strong>{escape(claim.title)}</strong></a></p>"
        f'<p class="cb-statement">{escape(claim.statement)}</p>'
        f'<p class="cb-place">In our words, from {cited(claim.document)}, '
        f"{escape(claim.document.author)}, {escape(claim.document.when)}. {escape(claim.place)}.</p>"
        f"{judged}{verdict_list(audited)}"
        + (f'<ul class="cb-caveats">{caveats}</ul>' if caveats else "")
        + "</section>"
    )


def judged_by(claim: Claim) -> str:
    """What a pledge or a forecast is judged by; empty for other statements."""
    if not claim.readings or claim.kind not in ("pledge", "forecast"):
        return ""
    wording = claim.define(claim.readings[0].definition)
    if claim.kind == "pledge":
        return f"Judged is the pledge in its own words, due {claim.due}: {wording}."
    return f"Judged are the projections for {claim.due}: {wording}."


def _had(name: str, verdict: Verdict) -> str:
    """How the figures of the time were had, where they were not had as published then."""
    if name != "when_written" or verdict.choice is None or verdict.choice.basis == "held":
        return ""
    return f"Taken {BASES[verdict.choice.basis]}."


def readings_table(audited: Audited) -> str:
    """Every reading with its figure when written and its newest one, and whether they bear the claim out.

    Empty for a claim without readings.
    """
    claim, found = audited.claim, audited.verdicts
    if not claim.readings:
        return ""
    then, now = "When written", "Newest year"
    if claim.kind == "pledge":
        then, now = "", f"In {claim.due}"
    if claim.kind == "forecast":
        then, now = f"{claim.due}, as projected when written", f"{claim.due}, newest projection held"
    if claim.kind == "fact":
        then = ""
    newest = found.now
    if claim.kind == "statistic" and claim.lasts:  # the newest year says nothing of a statement on another one
        now = f"{claim.year}, newest release held"
        newest = {name: choose_newest(told, claim.year, found.as_of) for name, told in audited.evaluations.items()}
    rows = [_unheld(claim.unheld, (then, now))] if claim.unheld else []
    notes: set[str] = set()
    for reading in claim.readings:
        text = "Note as above." if reading.cited.text in notes else reading.cited.text
        notes.add(reading.cited.text)
        note = f'<br><span class="cb-note">{escape(text)} '
        note += f'<a href="{escape(reading.cited.address)}">Publisher\'s note</a></span>'
        outturn = reading.role == "outturn"
        # Only a level, or what was pledged, is reached or not; another figure bears the statement out, or does not.
        level = outturn and (claim.kind == "pledge" or claim.quantity(reading).printed.startswith("at least "))
        tag = '<span class="cb-tag">outturn</span> ' if outturn and claim.kind != "fact" else ""
        cells = [f'<th scope="row">{tag}{escape(claim.define(reading.definition))}{note}</th>']
        if then:
            cells.append(_cell(then, found.readings.get(reading.id), level))
        cells.append(_cell(now, newest.get(reading.id), level))
        rows.append(f'<tr role="row">{"".join(cells)}</tr>')
    first = "Figure" if claim.kind == "fact" else "Reading"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in [first, then, now] if name)
    return _scrolled("cb-readings", f"Readings: {claim.title}", _readings_caption(audited), head, rows)


def _readings_caption(audited: Audited) -> str:
    claim = audited.claim
    borne, tested = audited.verdicts.borne_out
    count = sum(reading.role == "reading" for reading in claim.readings) + (claim.unheld is not None)
    outturns = len(claim.readings) - sum(reading.role == "reading" for reading in claim.readings)
    if claim.kind == "fact":
        return "What public figures say beside the records; they do not decide"
    caption = f"{count} readings of the statement, the likeliest first" if count > 1 else "One reading of the statement"
    caption += f", and {outturns} outturn{'s' if outturns != 1 else ''}" if outturns else ""
    if claim.kind == "pledge":
        return caption
    when = f"in {claim.year}" if claim.year else "in the newest year then published or the three before"
    when = f"by the projections for {claim.due}" if claim.kind == "forecast" else when
    return f"{caption}; {borne} of {tested} that could be tested bear{'s' if borne == 1 else ''} it out {when}"


def _unheld(definition: str, headings: tuple[str, str]) -> str:
    """The likeliest reading where no figures of it are held."""
    cells = "".join(f'<td role="cell" data-label="{escape(name)}">no figures held</td>' for name in headings if name)
    return f'<tr role="row"><th scope="row">{escape(definition[:1].upper() + definition[1:])}</th>{cells}</tr>'


def _cell(heading: str, choice: Choice | None, level: bool) -> str:
    if choice is None:
        return f'<td role="cell" data-label="{escape(heading)}">no figure held</td>'
    entry: Evaluation = choice.evaluation
    marks = answers.OUTTURN if level else _MARKS
    flag = f", {words.FLAGS[entry.flag]}" if entry.flag else ""
    within = " within tolerance" if entry.fit == "tolerance" else ""
    release = f"release of {words.released(entry.released)}, {BASES[choice.basis]}"
    note = f"; {entry.note}" if entry.note else ""
    figure = f"<strong>{escape(words.figure(entry))}</strong> in {entry.year}{flag}"
    return (
        f'<td role="cell" data-label="{escape(heading)}">{figure}<br>{marks[entry.holds]}{within}<br>'
        f'<span class="cb-note">{escape(release + note)}</span></td>'
    )


def records_table(audited: Audited) -> str:
    """The public records cited on a claim, the one that stands nearest to the matter first; empty without any."""
    records = audited.claim.records
    if not records:
        return ""
    deciding = audited.verdicts.when_written.record
    rows = [_record(entry, entry is deciding) for entry in records]
    names = ("Record", "What it says", "For the statement")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    caption = f"{len(records)} public record{'s' if len(records) != 1 else ''}"
    caption += ", the one nearest to the matter first" if len(records) > 1 else ""
    return _scrolled("cb-readings", f"Public records: {audited.claim.title}", caption, head, rows)


def _record(entry: Cited, decides: bool) -> str:
    record = entry.record
    dated = words.dated(record.dated) if record.dated else "undated"
    # A title that was translated, or made up for a page without one, says so in brackets and is in English.
    language = "en" if _OWN_TITLE.search(record.title) else record.language
    where = f'<a href="{escape(record.address)}">{in_language("cite", record.title, language)}</a>'
    about = f"{escape(record.publisher)}, {dated}; {_STANDINGS[record.standing]}; read {record.seen:%-d %B %Y}"
    if record.language != "en":
        about += f"; in {escape(LANGUAGES.get(record.language, record.language))}"
    says = escape(record.says)
    told = escape(_sentence(entry.told))
    tag = '<br><span class="cb-note">This record decides.</span>' if decides else ""
    today = ""
    if entry.today is not None:
        today = f'<br><span class="cb-note">Of today: {_AGREES[entry.today]}</span>'
    return (
        f'<tr role="row"><th scope="row">{where}<br><span class="cb-note">{about}</span></th>'
        f'<td role="cell" data-label="What it says">{says}</td>'
        f'<td role="cell" data-label="For the statement"><strong>{_AGREES[entry.agrees]}</strong><br>{told}{tag}{today}'
        "</td></tr>"
    )


def _scrolled(kind: str, label: str, caption: str, head: str, rows: list[str]) -> str:
    table = (
        f'<table class="{kind}" role="table"><caption>{escape(caption)}.</caption>'
        f'<thead><tr role="row">{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
    return f'<div class="cb-scroll" tabindex="0" role="region" aria-label="{escape(label)}">{table}</div>'


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
