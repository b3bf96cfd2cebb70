"""What a frozen page says, read from its HTML: its title, what it shows a reader, the statements that it links to.

An old page was written by older code, so nothing is asked of it but an <article>; what is not found is empty.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from html import unescape

from analysis.languages import spelling
from analysis.languages.catalogue import languages

_ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
# Attributes may hold ">" in quotes. Possessive, so that a quote which never ends costs no time.
_TAG = re.compile(r"""<(?:!--.*?--|(/?)([a-zA-Z][^\s/>]*)((?:[^"'>]++|"[^"]*"|'[^']*')*+))>""", re.DOTALL)
_CLASS = re.compile(r"""\bclass=["']([^"']*)["']""")
_SPACE = re.compile(r"\s+")
_H1 = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
_STATEMENT = re.compile(r"""\bhref=["'](?:\.\./)*claims/([a-z0-9][a-z0-9-]*)\.html""")
_VERDICTS = re.compile(r"""<dl\b[^>]*\bclass=["']cb-verdicts["'][^>]*>(.*?)</dl>""", re.DOTALL)
_CELL = re.compile(r"<dt\b[^>]*>(.*?)</dt>(.*?)(?=<dt\b|\Z)", re.DOTALL)
_FIGURE = re.compile(r"""<span\b[^>]*\bclass=["']cb-figure-told["'][^>]*>(.*?)</span>""", re.DOTALL)
_SOURCE = re.compile(r"""<span\b[^>]*\bclass=["']cb-why["'][^>]*>(.*?)</span>""", re.DOTALL)

# What tells nothing of the subject: code, drawings (their figures stand in the table below), controls.
_UNREAD_TAGS = frozenset(("script", "style", "svg", "template", "button"))
# What names its own version or place: citations, the line that embeds a card, the way to the data, the shown code.
_UNREAD_CLASSES = frozenset(("headerlink", "cb-cite", "cb-cite-file", "cb-embed", "cb-machine", "above-input"))
_BOUND = "data-version-bound"


def article(page: str) -> str:
    """The HTML of a page's article; the whole page where none is marked."""
    found = _ARTICLE.search(page)
    return found[0] if found else page


def title(part: str) -> str:
    """The first heading within an article, as plain text."""
    found = _H1.search(part)
    return text(found[0]) if found else ""


def text(part: str) -> str:
    """What a reader is shown of a piece of HTML, with single spaces."""
    return _SPACE.sub(" ", unescape(" ".join(_pieces(part)))).strip()


def digest(part: str, version: str, as_of: dt.date, address: str = "") -> str:
    """A short name of what an article says: the same for two versions that differ in nothing but name and day.

    The version's name, its day in every language and the book's address are taken out of the text.
    """
    told = text(part)
    for bound in _bound(version, as_of, address):
        told = told.replace(bound, "\0")
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def statements(part: str) -> tuple[str, ...]:
    """The ids of the statements that an article links to, each once, in its order."""
    return tuple(dict.fromkeys(_STATEMENT.findall(part)))


def verdict_cells(part: str) -> dict[str, tuple[str, str]]:
    """What the first verdicts of an article stand on, by the heading of each: (figure, source or reason)."""
    found = _VERDICTS.search(part)
    cells = _CELL.findall(found[1]) if found else []
    return {text(heading): (_first(_FIGURE, cell), _first(_SOURCE, cell)) for heading, cell in cells}


def _first(pattern: re.Pattern[str], part: str) -> str:
    found = pattern.search(part)
    return text(found[1]) if found else ""


def _bound(version: str, as_of: dt.date, address: str) -> list[str]:
    """What a page has of its own version, the longest first."""
    days = {as_of.isoformat(), *(spelling.day(language, as_of) for language in languages())}
    return sorted(filter(None, {version, address, *days}), key=len, reverse=True)


def _pieces(part: str) -> Iterator[str]:
    """The text between tags, without what tells nothing."""
    place, unread, depth = 0, "", 0
    for found in _TAG.finditer(part):
        if not unread:
            yield part[place : found.start()]
        place = found.end()
        end, tag = found[1], (found[2] or "").lower()
        if unread:
            depth += 0 if tag != unread else -1 if end else 1
            unread = unread if depth else ""
        elif tag and not end and _is_unread(tag, found[3]):
            unread, depth = tag, 1
    if not unread:
        yield part[place:]


def _is_unread(tag: str, attributes: str) -> bool:
    if tag in _UNREAD_TAGS or _BOUND in attributes:
        return True
    found = _CLASS.search(attributes)
    return found is not None and not _UNREAD_CLASSES.isdisjoint(found[1].split())
