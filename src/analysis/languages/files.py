"""The files of the site in Dutch and French, and the cards in all languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from analysis.audit import Audited
from analysis.languages import cards, pages, short
from analysis.languages.catalogue import SOURCE, TRANSLATED, Language, language, languages

_CLAIM = re.compile(r"(?:(?:nl|fr)/)?(claims/[a-z0-9-]+\.html)")
_HOME = re.compile(r"(?:(?:nl|fr)/)?(index\.html)")
# What the script of the board needs; its words stand in the page.
BOARD = "js/board.js"


def alternates(path: str) -> dict[str, str]:
    """A page of the site in each language it is in, its own included: language to site path.

    Empty for pages that are in English alone. `path` may be the one in any language.
    """
    found = _HOME.fullmatch(path) or _CLAIM.fullmatch(path)
    if found is None:
        return {}
    return {SOURCE: found[1], **{code: f"{code}/{found[1]}" for code in TRANSLATED}}


def files(
    audits: Sequence[Audited],
    as_of: dt.date,
    address: str,
    *,
    picture: Callable[[Audited], str] = lambda found: "",
    data: Callable[[Audited], list] = lambda found: [],
) -> dict[str, str]:
    """Pages and cards by site path. `address`: the book's public address with a slash at its end, or nothing.

    `picture` gives the site path of a statement's picture, `data` the schema.org objects of its page.
    """
    made = {cards.SHEET: cards.sheet()}
    for found in audits:
        for spoken in languages():
            made[cards.path(found.claim.id, spoken)] = cards.card(found, as_of, spoken, address)
    for code in TRANSLATED:
        spoken = language(code)
        made[f"{code}/index.html"] = _home(audits, as_of, spoken, address)
        for found in audits:
            path = f"{code}/claims/{found.claim.id}.html"
            made[path] = _claim(path, found, as_of, spoken, address, picture(found), data(found))
    return made


def _home(audits: Sequence[Audited], as_of: dt.date, spoken: Language, address: str) -> str:
    from analysis.site import head, shell

    path = f"{spoken.code}/index.html"
    facts = head.PageFacts(description=pages.about(audits, as_of, spoken), languages=alternates(path), kind="home")
    body = pages.home(audits, as_of, spoken)
    return shell.page(
        path=path,
        title=pages.title(spoken),
        language=spoken.code,
        body=body,
        facts=facts,
        scripts=(BOARD,),
        address=address,
    )


def _claim(path: str, found: Audited, as_of: dt.date, spoken: Language, address: str, picture: str, data: list) -> str:
    from analysis.site import head, shell

    facts = head.PageFacts(
        description=str(short.short(found, spoken)),
        picture=picture,
        data=data,
        languages=alternates(path),
        kind="claim",
    )
    return shell.page(
        path=path,
        title=f"{spoken.data('claim title', found.claim.title)} – claimbook",
        language=spoken.code,
        body=pages.claim(found, as_of, spoken, address),
        facts=facts,
        address=address,
    )
