"""Blocks of HTML that chapters and pages share: the claim with its verdicts, the table of readings.

Everything that comes from data is escaped here and nowhere else.
"""

from __future__ import annotations

from html import escape

from analysis import words
from analysis.audit import Audited
from analysis.evaluations import Evaluation
from analysis.verdicts import Choice, Verdict

HEADINGS = {"when_written": "When written", "as_revised": "That year, as revised", "today": "Today"}
BASES = {
    "held": "as published then",
    "reconstructed": "from a later release, cut to the years then published",
    "older": "from an older release; a newer one existed and is not held",
    "revised": "newest release",
}
_MARKS = {True: "bears it out", False: "does not bear it out", None: "leaves it open"}
_OUTTURN = {True: "reached", False: "not reached", None: "leaves it open"}


def badge(word: str) -> str:
    """A verdict as a badge: the word itself, its colour only a support."""
    return f'<span class="cb-verdict" data-verdict="{escape(word.replace(" ", "-"))}">{escape(word)}</span>'


def told(choice: Choice | None) -> str:
    """The figure that decided, its year and its release; empty where none did."""
    if choice is None:
        return ""
    entry = choice.evaluation
    text = f"{words.figure(entry)} in {entry.year}"
    if entry.flag:
        text += f" ({words.FLAGS[entry.flag]})"
    return escape(text)


def told_of(audited: Audited, name: str) -> str:
    """The figure behind one reading of time. Beside a pledge to move stands the level that it moved towards, so
    that neither is quoted without the other."""
    verdict: Verdict = getattr(audited.verdicts, name)
    choice = verdict.choice
    if choice is not None and name == "today" and verdict.word == "not testable":
        return f"newest year held: {choice.evaluation.year}"  # an old value under "today" would be quoted as today's
    text = told(choice)
    if choice is None or choice.evaluation.unit != "percentage points":
        return text
    entry = choice.evaluation
    since = audited.claim.readings[0].inputs.get("since")
    flag = f" ({words.FLAGS[entry.flag]})" if entry.flag else ""
    way = "up" if entry.value > 0 else "down"
    text = escape(f"{way} {words.amount(abs(entry.value), entry.unit)} from {since} to {entry.year}{flag}")
    for reading in audited.claim.readings:
        level = audited.verdicts.now.get(reading.id)
        if reading.role == "outturn" and level is not None:
            reached = _OUTTURN[level.evaluation.holds]
            wanted = (reading.printed or "").removeprefix("at least ")
            return f"{text}; {escape(f'{wanted} {reached}: {words.figure(level.evaluation)}')}"
    return text


def claim_box(audited: Audited) -> str:
    """The claim in our words, its place, and its three verdicts with the figures that decided."""
    claim, found = audited.claim, audited.verdicts
    cells = []
    for name, heading in HEADINGS.items():
        verdict: Verdict = getattr(found, name)
        cells.append(
            f"<div><dt>{heading}</dt><dd>{badge(verdict.word)}"
            f'<span class="cb-figure-told">{told_of(audited, name)}</span>'
            f'<span class="cb-why">{escape(_sentence(verdict.reason))}{_had(name, verdict)}</span></dd></div>'
        )
    caveats = "".join(f"<li>{escape(text)}</li>" for text in claim.caveats)
    if claim.threshold:
        caveats = f"<li>{escape(claim.threshold)}.</li>" + caveats
    judged = ""
    if claim.kind == "pledge":
        wording = claim.define(claim.readings[0].definition)
        judged = f'<p class="cb-place">Judged is the pledge in its own words, due {claim.due}: {escape(wording)}.</p>'
    language = f' lang="{claim.document.language}"' if claim.document.language != "en" else ""
    return (
        f'<section class="cb-claim" aria-labelledby="{claim.id}">'
        f'<p class="cb-claim-title" id="{claim.id}"><strong>{escape(claim.title)}</strong></p>'
        f'<p class="cb-statement">{escape(claim.statement)}</p>'
        f'<p class="cb-place">In our words, from {_cited(audited, language)}, '
        f"{escape(claim.document.author)}, {escape(claim.document.when)}. {escape(claim.place)}.</p>"
        f'{judged}<dl class="cb-verdicts">{"".join(cells)}</dl>'
        + (f'<ul class="cb-caveats">{caveats}</ul>' if caveats else "")
        + "</section>"
    )


def _cited(audited: Audited, language: str) -> str:
    title = f"<cite{language}>{escape(audited.claim.document.title)}</cite>"
    address = audited.claim.document.address
    return f'<a href="{escape(address)}">{title}</a>' if address else title


def _had(name: str, verdict: Verdict) -> str:
    """How the figures of the time were had, where they were not had as published then."""
    if name != "when_written" or verdict.choice is None or verdict.choice.basis == "held":
        return ""
    return f" Taken {escape(BASES[verdict.choice.basis])}."


def readings_table(audited: Audited) -> str:
    """Every reading with its figure when written and its newest one, and whether they bear the claim out."""
    claim, found = audited.claim, audited.verdicts
    borne, tested = found.borne_out
    pledge = claim.kind == "pledge"
    rows = []
    for reading in claim.readings:
        outturn = reading.role == "outturn"
        note = ""
        if reading.note is not None:
            text = escape(reading.note.text)
            where = f' <a href="{escape(reading.note.address)}">Publisher\'s note</a>' if reading.note.address else ""
            note = f'<br><span class="cb-note">{text}{where}</span>'
        tag = '<span class="cb-tag">outturn</span> ' if outturn else ""
        cells = [f'<th scope="row">{tag}{escape(claim.define(reading.definition))}{note}</th>']
        if not pledge:
            cells.append(_cell("When written", found.readings.get(reading.id), outturn))
        cells.append(_cell(f"In {claim.due}" if pledge else "Newest year", found.now.get(reading.id), outturn))
        rows.append(f'<tr role="row">{"".join(cells)}</tr>')
    columns = [f"In {claim.due}"] if pledge else ["When written", "Newest year"]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ["Reading", *columns])
    count = sum(reading.role == "reading" for reading in claim.readings)
    outturns = len(claim.readings) - count
    caption = f"{count} reading{'s' if count != 1 else ''} of the statement, the likeliest first"
    caption += f", and {outturns} outturn{'s' if outturns != 1 else ''}" if outturns else ""
    caption = caption.replace(", the likeliest first", "") if count == 1 else caption
    if not pledge:
        when = f"in {claim.year}" if claim.year else "in the newest year then published or the three before"
        caption += f"; {borne} of {tested} that could be tested bear it out {when}"
    table = (
        f'<table class="cb-readings" role="table"><caption>{escape(caption)}.</caption>'
        f'<thead><tr role="row">{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
    return f'<div class="cb-scroll" tabindex="0" role="region" aria-label="Readings">{table}</div>'


def _cell(heading: str, choice: Choice | None, outturn: bool) -> str:
    if choice is None:
        return f'<td role="cell" data-label="{escape(heading)}">no figure held</td>'
    entry: Evaluation = choice.evaluation
    marks = _OUTTURN if outturn else _MARKS
    flag = f", {words.FLAGS[entry.flag]}" if entry.flag else ""
    within = " within tolerance" if entry.fit == "tolerance" else ""
    release = f"release of {words.released(entry.released)}, {BASES[choice.basis]}"
    note = f"; {entry.note}" if entry.note else ""
    figure = f"<strong>{escape(words.figure(entry))}</strong> in {entry.year}{flag}"
    return (
        f'<td role="cell" data-label="{escape(heading)}">{figure}<br>{marks[entry.holds]}{within}<br>'
        f'<span class="cb-note">{escape(release + note)}</span></td>'
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
