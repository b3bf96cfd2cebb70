"""How to cite a claim's page: as a line of text, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from analysis import bibtex, imprint, retrospect
from analysis.audit import Audited
from analysis.exports import names


@dataclass(frozen=True)
class Citation:
    """A citation as text, as a BibTeX entry, and as CSL-JSON: a list of one item."""

    text: str
    bibtex: str
    csl: str


def claim(found: Audited, as_of: dt.date, address: str) -> Citation:
    """The citation of a claim's page, with the day up to which the data goes as its date.

    `address` of the book's root with a trailing "/", or "": then the page is named by its path.
    """
    entry, document = found.claim, found.claim.document
    page = names.places(entry).page
    day, edition = f"{as_of:%-d %B %Y}", _edition()
    late = retrospect.day() is not None  # the day of its figures is then not the day of its publication
    on = f"{document.title}, {document.author}, {document.when}"
    where = f"{address}{page}" if address else f"Page: {page}"
    key = f"{imprint.BOOK}-{entry.id}"
    item = {
        "id": key,
        "type": "webpage",
        "author": [{"literal": imprint.MAKER}],
        "title": entry.title,
        "container-title": imprint.BOOK,
        **({} if late else {"issued": {"date-parts": [[as_of.year, as_of.month, as_of.day]]}}),
        **({"version": imprint.version()} if imprint.version() else {}),
        "number": entry.id,
        "reviewed-author": [{"literal": document.author}],
        "reviewed-title": document.title,
        "note": f"On {on}. {edition[:1].upper()}{edition[1:]}{', data' if edition else 'Data'} up to {day}.",
        "language": "en",
        **({"URL": f"{address}{page}"} if address else {}),
    }
    fields = {
        "author": imprint.MAKER,
        "title": entry.title,
        "howpublished": f"In: {imprint.BOOK}, statement {entry.id}",
        "year": "" if late else str(as_of.year),
        "date": "" if late else as_of.isoformat(),
        "version": imprint.version(),
        "note": f"On {on}. {edition[:1].upper()}{edition[1:]}{', data' if edition else 'Data'} up to {day}",
        "url": f"{address}{page}" if address else "",
    }
    return Citation(
        text=f"{imprint.MAKER}: “{entry.title}” (statement {entry.id}), on {on}. "
        f"In: {imprint.BOOK}, {f'{edition}, ' if edition else ''}data up to {day}. {where}",
        bibtex=bibtex.entry("misc", key, fields),
        csl=json.dumps([item], indent=1, ensure_ascii=False) + "\n",
    )


def _edition() -> str:
    """Which version is cited, and whether it was built in retrospect; empty for a book that is none."""
    name, day = imprint.version(), retrospect.day()
    parts = [f"version {name}"] if name else []
    return ", ".join([*parts, f"built in retrospect as of {day:%-d %B %Y}"] if day else parts)


def files(audits: Sequence[Audited], as_of: dt.date, address: str) -> dict[str, str]:
    """The citation of every claim as a BibTeX file and a CSL-JSON file, by their paths in the site."""
    made = {}
    for found in audits:
        cited, places = claim(found, as_of, address), names.places(found.claim)
        made |= {places.bibtex: cited.bibtex, places.csl: cited.csl}
    return made
