"""Tables of statements with their verdicts, how readers search them, and how they fared in words and as a bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from analysis import answers, panels
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.documents import Document
from analysis.templates import html
from analysis.verdicts import AS_REVISED

# What a verdict on the time of writing comes to, for counting: each is told by its words first.
OUTCOMES = {
    "borne out": ("supported", "on record"),
    "borne out with a reservation": ("held for an earlier year", "supported under another reading"),
    "not borne out": ("not supported", "record differs"),
    "not yet due": ("not yet due",),
    "not testable": ("not testable",),
}
# The same for the verdict of today.
TODAY = {
    "true": ("true", "now true"),
    "not true": ("no longer true", "not true"),
    "not yet due": ("not yet due",),
    "not testable": ("not testable",),
}
# Whose colour an outcome has; the others are open.
_KINDS = {
    "borne out": "yes",
    "true": "yes",
    "borne out with a reservation": "part",
    "not borne out": "no",
    "not true": "no",
}
BAR_WIDTH, BAR_HEIGHT, GAP = 400, 14, 2
# What a reading of time is called in an address.
PARAMETERS = {"when_written": "written", "as_revised": "revised", "today": "today"}
# The readings of time in which documents are compared.
OVERVIEW = ("when_written", "today")
# From what holds to what cannot be told: the order in which verdicts are sorted and listed.
RANKS = {
    "when_written": tuple(word for words in OUTCOMES.values() for word in words),
    "as_revised": tuple(AS_REVISED),
    "today": tuple(word for words in TODAY.values() for word in words),
}
# Fewer statements than this are read sooner than they are searched.
SEARCHED_FROM = 10


@dataclass(frozen=True)
class Wording:
    """How a board speaks and where it leads; by itself English, with the pages of the book.

    `say` turns an English text, which may hold places in braces, into the board's language, `day` a date. `figure`
    (what decided one reading of time), `title`, `place`, `short` and `about` (a document's
    author and date) come from the ledger: plain text, or something
    with `__html__` that marks its language. `claim` and `document` are addresses below `up`, with the id for {}.
    """

    say: Callable[[str], str] = str
    day: Callable[[dt.date], str] = "{:%-d %B %Y}".format
    figure: Callable[[Audited, str], Any] = answers.figure_of
    title: Callable[[Claim], Any] = attrgetter("title")
    place: Callable[[Claim], Any] = attrgetter("place")
    short: Callable[[Document], Any] = attrgetter("short")
    about: Callable[[Document], Any] = "{0.author}, {0.when}".format
    claim: str = "claims/{}.html"
    document: str = "documents/{}.html"


ENGLISH = Wording()


@dataclass(frozen=True)
class Count:
    """How many statements came to an outcome by one of `verdicts`; `kind` names its colour."""

    word: str
    kind: str
    count: int
    verdicts: tuple[str, ...] = ()


def counts(audits: Sequence[Audited], name: str) -> list[Count]:
    """How many statements came to each outcome in one reading of time; those that none came to are left out."""
    groups = TODAY if name == "today" else OUTCOMES
    told = [getattr(entry.verdicts, name).word for entry in audits]
    tally = {group: sum(word in own for word in told) for group, own in groups.items()}
    return [
        Count(group, _KINDS.get(group, "open"), count, tuple(word for word in groups[group] if word in told))
        for group, count in tally.items()
        if count
    ]


def bar(found: Sequence[Count], label: str, *, name: str = "", within: str = "", wording: Wording = ENGLISH) -> str:
    """The counts as an SVG bar with its words beneath, as HTML; the words alone tell all of it.

    With the `name` of the reading of time they lead to the statements they count, in the board of the same page;
    `within` is the document to which those belong, where the board holds several.
    """
    total = sum(entry.count for entry in found)
    room = BAR_WIDTH - GAP * (len(found) - 1)
    parts, at = [], 0.0
    for entry in found:
        width = room * entry.count / total
        parts.append({"kind": entry.kind, "x": f"{at:.1f}", "width": f"{width:.1f}"})
        at += width + GAP
    told = [
        {
            "count": entry.count,
            "word": wording.say(entry.word),
            "kind": entry.kind,
            "href": _asking(entry, name, within),
        }
        for entry in found
    ]
    return html("bar.html.j2", parts=parts, found=told, label=label, width=BAR_WIDTH, height=BAR_HEIGHT)


def _asking(entry: Count, name: str, within: str) -> str:
    """The address of the statements behind a count, on the same page; empty where they cannot be asked for."""
    if not name:
        return ""
    asked = [("document", within)] if within else []
    asked += [(PARAMETERS[name], _slug(word)) for word in entry.verdicts]
    return f"?{urlencode(asked)}#board"


def readings_told(found: Audited, say: Callable[[str], str] = str) -> str:
    """What bears a statement out, for the last column of a table: so many readings, or another kind of evidence."""
    if found.claim.untestable is not None:
        return say("none possible")
    if found.claim.kind == "fact":
        return say("record")
    if found.claim.kind == "pledge":
        return "\u2013"
    borne, tested = found.verdicts.borne_out
    if _likeliest_unheld(found):
        return say("likeliest not held")
    return say("{borne} of {tested}").format(borne=borne, tested=tested)


def _likeliest_unheld(found: Audited) -> bool:
    return found.claim.unheld is not None and not found.verdicts.borne_out[0]


def by_document(audits: Sequence[Audited]) -> list[tuple[Document, list[Audited]]]:
    """The statements of each document, in the order in which they are given."""
    groups: dict[str, tuple[Document, list[Audited]]] = {}
    for entry in audits:
        groups.setdefault(entry.claim.document.id, (entry.claim.document, []))[1].append(entry)
    return list(groups.values())


def table(
    audits: Sequence[Audited],
    as_of: dt.date,
    *,
    up: str = "",
    grouped: bool = True,
    searched: bool = False,
    wording: Wording = ENGLISH,
) -> str:
    """Statements with their three verdicts as HTML, each leading to its page.

    `up` leads from the page to the root of the book; `grouped` by document, else one list with the places.
    `searched`: with an anchor for each statement and what `_static/js/board.js` needs to sort, search and filter them;
    one such board can stand on a page, and without scripts it is a plain table.
    """
    say = wording.say
    groups = [
        {
            "title": wording.short(document),
            "id": document.id,
            "href": up + wording.document.format(document.id),
            "rows": [_row(entry, up, wording, place=False) for entry in own],
        }
        for document, own in by_document(audits)
    ]
    if not grouped:
        groups = [{"title": "", "id": "", "rows": [_row(entry, up, wording, place=True) for entry in audits]}]
    one = "1 statement, by the figures released up to {day}."
    many = "{count} statements, by the figures released up to {day}."
    return html(
        "scoreboard.html.j2",
        groups=groups,
        say=say,
        searched=searched,
        columns=[
            {"name": PARAMETERS[name], "heading": say(heading), "order": " ".join(map(_slug, RANKS[name]))}
            for name, heading in panels.HEADINGS.items()
        ],
        caption=say(one if len(audits) == 1 else many).format(count=len(audits), day=wording.day(as_of)),
        controls=_controls(audits, wording, grouped=grouped) if is_searched(audits) and searched else None,
    )


def is_searched(audits: Sequence[Audited]) -> bool:
    """Whether a board of these has controls, so that links may ask for some of its statements."""
    return len(audits) >= SEARCHED_FROM


def overview(
    audits: Sequence[Audited], documents: Sequence[Document], *, up: str = "", wording: Wording = ENGLISH
) -> str:
    """All documents with how their statements fared, as HTML; the counts lead into the board of the same page."""
    own = {document.id: entries for document, entries in by_document(audits)}
    asked = is_searched(audits)
    rows = []
    for document in documents:
        bars = []
        for name in OVERVIEW:
            found, label = counts(own.get(document.id, ()), name), wording.say(panels.HEADINGS[name])
            drawn = bar(found, label, name=name if asked else "", within=document.id, wording=wording) if found else ""
            bars.append(Markup(drawn))
        rows.append(
            {
                "href": up + wording.document.format(document.id),
                "short": wording.short(document),
                "about": wording.about(document),
                "count": len(own.get(document.id, ())),
                "bars": bars,
            }
        )
    headings = [wording.say(panels.HEADINGS[name]) for name in OVERVIEW]
    return html("documents.html.j2", rows=rows, headings=headings, say=wording.say)


def _controls(audits: Sequence[Audited], wording: Wording, *, grouped: bool) -> dict[str, Any]:
    """What a reader may choose by: lists with one choice, and the verdicts, of which any number; each with its words.

    A list or a set of verdicts in which there is nothing to choose is left out.
    """
    say = wording.say
    themes = {entry.claim.theme: _theme(entry, say) for entry in audits}
    years = sorted({year for entry in audits for year in _years(entry)}, reverse=True)
    lists = [
        (
            "document",
            say("Document"),
            say("All documents"),
            [(doc.id, str(wording.short(doc))) for doc, _ in by_document(audits)],
        ),
        ("theme", say("Theme"), say("All themes"), sorted(themes.items(), key=lambda item: item[1])),
        (
            "year",
            say("Year of a figure"),
            say("All years"),
            [*((str(year), str(year)) for year in years), ("none", say("No figure"))],
        ),
    ]
    verdicts = []
    for name in OVERVIEW:
        there = {getattr(entry.verdicts, name).word for entry in audits}
        words = [(_slug(word), say(word)) for word in RANKS[name] if word in there]
        verdicts.append((PARAMETERS[name], say(panels.HEADINGS[name]), words))
    orders = [
        ("", say("Document order") if grouped else say("Order of the text")),
        ("title", say("Title, A to Z")),
        *(
            (PARAMETERS[name], say("Verdict: {reading}").format(reading=say(heading)))
            for name, heading in panels.HEADINGS.items()
        ),
        ("year", say("Newest figures first")),
        ("readings", say("Most readings that bear it out")),
    ]
    return {
        "lists": [entry for entry in lists if len(entry[3]) > 1],
        "verdicts": [entry for entry in verdicts if len(entry[2]) > 1],
        "orders": orders,
    }


def _row(found: Audited, up: str, wording: Wording, *, place: bool) -> dict[str, Any]:
    claim, told = found.claim, found.verdicts
    borne, tested = told.borne_out
    counted = not (claim.untestable or claim.kind in ("fact", "pledge") or _likeliest_unheld(found) or not tested)
    cells = []
    for name in panels.HEADINGS:
        word = getattr(told, name).word
        if (claim.kind, name) == ("fact", "as_revised"):  # a record is not revised as figures are
            cells.append({"word": "", "slug": "", "figure": ""})
        else:
            cells.append({"word": wording.say(word), "slug": _slug(word), "figure": wording.figure(found, name)})
    return {
        "id": claim.id,
        "href": up + wording.claim.format(claim.id),
        "title": wording.title(claim),
        "place": wording.place(claim) if place else "",
        # What a search finds beside the words that are shown.
        "find": " ".join([claim.printed or "", "" if place else claim.place]).strip(),
        "theme": claim.theme,
        "years": " ".join(map(str, _years(found))),
        "share": f"{borne / tested:.3f}" if counted else "",
        "readings": readings_told(found, wording.say),
        "verdicts": cells,
    }


def _theme(found: Audited, say: Callable[[str], str]) -> str:
    name = found.claim.theme.replace("-", " ")
    return say(name[:1].upper() + name[1:])


def _years(found: Audited) -> list[int]:
    """The years of the figures that stand beside its verdicts."""
    choices = [getattr(found.verdicts, name).choice for name in panels.HEADINGS]
    return sorted({choice.evaluation.year for choice in choices if choice is not None})


def _slug(word: str) -> str:
    """A verdict as it stands in an address and in an attribute."""
    return word.replace(" ", "-")
