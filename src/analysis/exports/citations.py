"""How to cite a claim's page: as a line of text, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from analysis import bibtex, imprint
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
    day = f"{as_of:%-d %B %Y}"
    on = f"{document.title}, {document.author}, {document.when}"
    where = f"{address}{page}" if address else f"Page: {page}"
    key = f"{imprint.BOOK}-{entry.id}"
    item = {
        "id": key,
        "type": "webpage",
        "author": [{"literal": imprint.MAKER}],
        "title": entry.title,
        "container-title": imprint.BOOK,
        "issued": {"date-parts": [[as_of.year, as_of.month, as_of.day]]},
        "number": entry.id,
        "reviewed-author": [{"literal": document.author}],
        "reviewed-title": document.title,
        "note": f"On {on}. Data up to {day}.",
        "language": "en",
        **({"URL": f"{address}{page}"} if address else {}),
    }
    fields = {
        "author": imprint.MAKER,
        "title": entry.title,
        "howpublished": f"In: {imprint.BOOK}, statement {entry.id}",
        "year": str(as_of.year),
        "date": as_of.isoformat(),
        "note": f"On {on}. Data up to {day}",
        "url": f"{address}{page}" if address else "",
    }
    return Citation(
        text=f"{imprint.MAKER}: “{entry.title}” (statement {entry.id}), on {on}. "
        f"In: {imprint.BOOK}, data up to {day}. {where}",
        bibtex=bibtex.entry("misc", key, fields),
        csl=json.dumps([item], indent=1, ensure_ascii=False) + "\n",
    )


def files(audits: Sequence[Audited], as_of: dt.date, address: str) -> dict[str, str]:
    """The citation of every claim as a BibTeX file and a CSL-JSON file, by their paths in the site."""
    made = {}
    for found in audits:
        cited, places = claim(found, as_of, address), names.places(found.claim)
        made |= {places.bibtex: cited.bibtex, places.csl: cited.csl}
    return made
