"""The SVG of a picture for those who share a page: 1200 by 630 px, in the book's own font and colours.

Every line is broken by the width of its letters, so nothing runs out of its place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from analysis import answers, board, imprint, templates
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.documents import Document
from analysis.exports import names
from analysis.exports.letters import broken, legible, shortened
from analysis.site import styles
from analysis.site.drawing import FONT
from analysis.site.lettering import BOLD, REGULAR, width

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
ROOM = WIDTH - 2 * MARGIN
FOOT = 604
# Which colour a verdict's word has, as in styles/verdicts.css.
KINDS = {
    "supported": "yes",
    "now supported": "yes",
    "true": "yes",
    "now true": "yes",
    "held for an earlier year": "part",
    "supported under another reading": "part",
    "not supported": "no",
    "no longer supported": "no",
    "not true": "no",
    "no longer true": "no",
    "record differs": "no",
    "on record": "record",
    "unchanged": "record",
    "not yet due": "open",
    "not testable": "open",
}
_BARS = {"yes": "yes", "part": "bar-part", "no": "no", "open": "bar-open"}
_TITLE_SIZES = (66, 60, 54, 48, 42, 36)
_PANEL_TOP, _PANEL_HEIGHT, _GAP = 362, 186, 24
# Sizes of the text beneath a verdict, and how many lines of each have room.
_SIZES = {25: 2, 23: 2, 21: 2, 19.5: 3}
_TITLE_TOP = 126


@cache
def colours() -> dict[str, str]:
    """The colours of a light page by their names, from the book's own style sheet."""
    sheet = (styles.PARTS / "colours.css").read_text(encoding="utf-8")
    found = dict(re.findall(r"--cb-([a-z-]+):\s*(#[0-9a-f]{3,6})\s*;", sheet))
    return {**found, "bar-open": "#aab2b9", "open-ground": found["paper"]}


def claim(found: Audited, as_of: dt.date) -> str:
    """The picture of a claim: the document, what it says in short, and the two verdicts with their figures."""
    about = found.claim
    lines = _of_document(about.document)
    lines += _title(legible(about.title, about.id), legible(about.statement), _PANEL_TOP - _TITLE_TOP - 26)
    half = (ROOM - _GAP) / 2
    headings = {"when_written": f"When written, {_written(about.document)}", "today": "Today"}
    panels = [
        _panel(found, time, heading, MARGIN + number * (half + _GAP), half)
        for number, (time, heading) in enumerate(headings.items())
    ]
    return _svg(as_of, lines=lines, panels=panels)


def document(about: Document, audits: Sequence[Audited], as_of: dt.date) -> str:
    """The picture of a document: its title, and how its statements fared then and now."""
    own = [found for found in audits if found.claim.document.id == about.id]
    said = f"{len(own)} statement{'s' if len(own) != 1 else ''}, checked against public figures and records"
    title = legible(about.title, about.short)
    lines = _lines([legible(f"{about.author}, {_written(about)}", about.short)], MARGIN, 74, 26, colour="muted")
    lines += _title(title, said, 190, top=92)
    return _svg(as_of, lines=[*lines, *_fared_words(own)], bars=_fared(own))


def home(audits: Sequence[Audited], as_of: dt.date) -> str:
    """The picture of the first page: what the book does, and how all statements fared then and now."""
    number = len(board.by_document(audits))
    said = f"{len(audits)} statements of {number} strategy papers, checked against public figures and records"
    lines = _title("Was it so then? Is it so today?", said, 190, top=72)
    return _svg(as_of, lines=[*lines, *_fared_words(audits)], bars=_fared(audits))


def _svg(as_of: dt.date, **parts: Any) -> str:
    return templates.html(
        "picture.svg.j2",
        **{"lines": [], "panels": [], "bars": [], **parts},
        colours=colours(),
        width=WIDTH,
        height=HEIGHT,
        margin=MARGIN,
        foot=FOOT,
        font=FONT,
        book=imprint.BOOK,
        data=f"data up to {as_of:%-d %B %Y}",
    )


def _line(x: float, y: float, size: float, text: str, colour: str = "ink", weight: int = REGULAR) -> dict[str, Any]:
    place = {"x": f"{x:g}", "y": f"{y:g}", "size": f"{size:g}"}
    return {**place, "text": text, "colour": colour, "weight": weight, "anchor": "start"}


def _lines(
    texts: Sequence[str], x: float, y: float, size: float, *, colour: str = "ink", weight: int = REGULAR, room=ROOM
) -> list[dict[str, Any]]:
    """Lines below one another, the first of them on the base line `y`; what is too wide ends with an ellipsis."""
    fitting = [
        shortened([text, ""], 1, room, size, weight)[0] if _wide(text, size, weight, room) else text for text in texts
    ]
    return [_line(x, y + at * size * 1.3, size, text, colour, weight) for at, text in enumerate(fitting)]


def _wide(text: str, size: float, weight: int, room: float) -> bool:
    return width(text, size, weight) > room


def _of_document(about: Document) -> list[dict[str, Any]]:
    """Whose words they are: the document's title, and beneath it its author."""
    title = _lines([legible(about.title, about.short)], MARGIN, 68, 27, weight=BOLD)
    return title + _lines([legible(about.author, about.short)], MARGIN, 102, 24, colour="muted")


def _written(about: Document) -> str:
    if about.dated:
        return f"{about.dated:%-d %B %Y}"
    first, last = about.earliest.year, about.latest.year
    return f"in {first}" if first == last else f"between {first} and {last}"


def _title(title: str, said: str, height: float, *, top: float = _TITLE_TOP) -> list[dict[str, Any]]:
    """The title as large as it may be with the statement beneath it; without it where both have no room."""
    for beneath in (said, ""):
        for size in _TITLE_SIZES:
            lines = broken(title, ROOM, size, BOLD)
            under = broken(beneath, ROOM, 28) if beneath else []
            needed = len(lines) * size * 1.14 + (18 + len(under) * 36 if under else 0)
            if len(lines) <= (2 if beneath else 4) and needed <= height:
                return _set(lines, under, size, top + (height - needed) * 0.45)
    lines = shortened(broken(title, ROOM, _TITLE_SIZES[-1], BOLD), 4, ROOM, _TITLE_SIZES[-1], BOLD)
    return _set(lines, [], _TITLE_SIZES[-1], top)


def _set(lines: Sequence[str], under: Sequence[str], size: float, top: float) -> list[dict[str, Any]]:
    set_ = [_line(MARGIN, top + size * (0.94 + at * 1.14), size, text, "ink", BOLD) for at, text in enumerate(lines)]
    start = top + len(lines) * size * 1.14 + 18 + 26
    return set_ + [_line(MARGIN, start + at * 36, 28, text, "muted") for at, text in enumerate(under)]


def _panel(found: Audited, time: str, heading: str, x: float, wide: float) -> dict[str, Any]:
    """One verdict: when, its word, and the figure or the record behind it."""
    word = names.verdict(found, time).word
    kind, inner = KINDS[word], wide - 56
    told, least = _behind(found, time), min(_SIZES)
    fitting = ((size, lines) for size, most in _SIZES.items() if len(lines := broken(told, inner, size)) <= most)
    size, lines = next(fitting, (least, shortened(broken(told, inner, least), _SIZES[least], inner, least)))
    text_x, text_y = x + 28, _PANEL_TOP
    first = text_y + (126 if len(lines) > 2 else 130)
    label = _label(found, time) if len(lines) == 1 else ""
    word_size = next(size for size in (36, 33, 30, 27, 24) if size == 24 or not _wide(word, size, BOLD, inner - 40))
    return {
        "x": x,
        "y": _PANEL_TOP,
        "width": wide,
        "height": _PANEL_HEIGHT,
        "kind": kind,
        "ink": colours()[kind],
        "ground": colours()[f"{kind}-ground"],
        "sign_x": text_x + 13,
        "sign_y": text_y + 78,
        "sign_r": 13,
        "lines": [
            _line(text_x, text_y + 40, 22, heading, "muted"),
            _line(text_x + 40, text_y + 90, word_size, word, "verdict", BOLD),
            *(_line(text_x, first + at * size * 1.22, size, text) for at, text in enumerate(lines)),
            *_lines([label] if label else [], text_x, first + 34, 21, colour="muted", room=inner),
        ],
    }


def _behind(found: Audited, time: str) -> str:
    """What stands beneath a verdict: the figure, whose record it was, or that there is neither."""
    cited = names.record(found, time)
    if cited is not None:
        return legible(answers.source(cited))
    if told := answers.figure_of(found, time):
        return legible(told)
    about: Claim = found.claim
    if about.untestable is not None:
        return "no public figure or record can decide it"
    if names.verdict(found, time).word == "not yet due" and about.due:
        return f"its year is {about.due}"
    return "no figures that could decide are held"


def _label(found: Audited, time: str) -> str:
    """The reading whose figure it is; empty where no figure decided."""
    choice = names.figure(found, time)
    about = found.claim
    return legible(about.define(about.reading(choice.evaluation.reading).label)) if choice is not None else ""


_TIMES = {"when_written": ("When written", 330), "today": ("Today", 452)}


def _fared(audits: Sequence[Audited]) -> list[dict[str, str]]:
    """The two bars: how the statements fared when written, and today."""
    parts = []
    for time, (_, y) in _TIMES.items():
        found = board.counts(audits, time)
        total, at = sum(entry.count for entry in found), float(MARGIN)
        for entry in found:
            wide = (ROOM - 3 * (len(found) - 1)) * entry.count / total
            place = {"x": f"{at:.1f}", "y": f"{y + 14}", "width": f"{wide:.1f}", "height": "30"}
            parts.append({**place, "fill": colours()[_BARS[entry.kind]]})
            at += wide + 3
    return parts


def _fared_words(audits: Sequence[Audited]) -> list[dict[str, Any]]:
    """What the two bars say, in words."""
    lines = []
    for time, (heading, y) in _TIMES.items():
        told = ", ".join(f"{entry.count} {entry.word}" for entry in board.counts(audits, time))
        lines += [_line(MARGIN, y, 24, heading, "ink", BOLD)]
        lines += _lines([told], MARGIN, y + 76, 23, colour="muted")
    return lines
