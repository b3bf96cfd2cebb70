"""The first page of an edition: every statement as it is true of its country, by theme, ready to cite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from analysis import areas, claims, imprint, left_out
from analysis.blocks import escape_markdown
from analysis.documents import audited as documents
from analysis.editions.contents import listed, order
from analysis.editions.statements import Statement, Subject, restatable
from analysis.left_out import Left
from analysis.measures.frames import CUT_OFF
from analysis.templates import html, markdown, raw


def first(
    about: Subject, told: Sequence[Statement], kept: Sequence[str], left: Sequence[Left], as_of: dt.date, address: str
) -> str:
    """The page in Markdown. `kept`: the chapters of the edition; `address`: where the edition is public, or nothing."""
    themes = sorted({statement.theme for statement in told}, key=_place)
    parts = [
        {
            "title": left_out.title(theme) if theme in order() else theme.capitalize(),
            "chapter": theme if theme in kept else "",
            "statements": raw(
                html(
                    "edition_statements.html.j2",
                    statements=[_shown(entry, about, as_of, address) for entry in told if entry.theme == theme],
                )
            ),
        }
        for theme in themes
    ]
    return markdown(
        "edition.md.j2",
        title=escape_markdown(about.name),
        standfirst=escape_markdown(standfirst(about, told, as_of)),
        parts=parts,
        apart=escape_markdown(apart(left)),
        made=escape_markdown(made(about)),
    )


def _place(theme: str) -> tuple[int, str]:
    known = order()
    return (known.index(theme) if theme in known else len(known), theme)


def standfirst(about: Subject, told: Sequence[Statement], as_of: dt.date) -> str:
    """What the edition is, how many statements it restates, and by which figures."""
    restated = sum(len(statement.claims) for statement in told)
    home = areas.called(next(iter(documents().values())).country)
    whole = len(restatable())
    count = f"all {whole}" if restated == whole else f"{restated} of the {whole}"
    text = (
        f"{count_of_documents()} state figures about {home}. This edition asks the "
        f"same of {about.called}: it restates {count} statements that figures of any country can fill, in "
        f"{len(told)} sentence{'s' if len(told) != 1 else ''}, by the figures "
        f"released up to {as_of:%-d %B %Y}. Where a tie is meant, its other side is {areas.called(about.partner)}."
    )
    return f"{text} No document said these sentences: they are what the figures say."


def count_of_documents() -> str:
    """How many documents are audited, as a sentence begins with it."""
    count = len(documents())
    numbers = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return f"{numbers[count] if count < len(numbers) else count} document{'s' if count != 1 else ''}"


def apart(left: Sequence[Left]) -> str:
    """Which chapters the edition does not have, and why, a paragraph for each reason."""
    reasons: dict[str, list[str]] = {}
    for entry in left:
        reasons.setdefault(entry.why, []).append(entry.title)
    return "\n\n".join(
        f"The chapter{'s' if len(titles) > 1 else ''} {listed(titles)}: {why[:1].lower()}{why[1:]}"
        for why, titles in reasons.items()
    )


def made(about: Subject) -> str:
    """By which rule a sentence is chosen."""
    return (
        "Each statement has readings, the likeliest first. A sentence tells the first of them for which a figure of "
        "the last years is held; where none is, the first for which any is held. A rank that countries without figures "
        "leave open is told with its bounds, by the newest year in which they are close. The parameters of the "
        f"chapters are country {about.country} and partner {about.partner}; everything else is as in the book."
    )


def _shown(entry: Statement, about: Subject, as_of: dt.date, address: str) -> Mapping[str, Any]:
    titles = [claims.claim(name).title for name in entry.claims]
    of = f"{entry.universe} countries" if entry.universe and entry.rank and not entry.note.startswith(CUT_OFF) else ""
    return {
        "anchor": entry.claims[0],
        "sentence": entry.sentence,
        "beside": entry.beside,
        "definition": entry.definition,
        "of": of,
        "note": f"{entry.note[:1].upper()}{entry.note[1:]}",
        "source": entry.source,
        "others": entry.others,
        "cite": citation(entry, about, as_of, address),
        "restates": "; ".join(
            f"\u201c{title}\u201d ({name})" for title, name in zip(titles, entry.claims, strict=True)
        ),
    }


def citation(entry: Statement, about: Subject, as_of: dt.date, address: str) -> str:
    """A sentence as it is cited: its words, the edition, the day up to which its figures go, who published them."""
    version = f", version {imprint.version()}" if imprint.version() else ""
    where = f" {address}{quote(about.country)}/index.html#{entry.claims[0]}" if address else ""
    return (
        f"\u201c{entry.sentence}\u201d {imprint.MAKER}: {imprint.BOOK}{version}, edition {about.name} and "
        f"{areas.name(about.partner)}, data up to {as_of:%-d %B %Y}. Figures: {entry.source}.{where}"
    )
