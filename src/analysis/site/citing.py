"""How to quote a figure: the lines of its README, a BibTeX entry and an item of CSL-JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from analysis import __version__, bibtex, imprint, retrospect
from analysis.imprint import BOOK, LICENCE_ADDRESS, MAKER
from analysis.site.figure_words import Words

TERMS = (
    f"Text and charts: Creative Commons Attribution 4.0 International (CC BY 4.0), {LICENCE_ADDRESS}\n"
    "Figures: the terms of their publishers, told on the page Sources of the book. Where you pass figures on,\n"
    "those terms apply."
)


@dataclass(frozen=True)
class Edition:
    """A state of the book: its address with a "/" at the end ("" where not known), the day of its newest data."""

    address: str = ""
    as_of: dt.date | None = None


@dataclass(frozen=True)
class Figure:
    """A figure of the book: the page it stands on (as in the table of contents), its id there, what it says."""

    page: str
    id: str
    said: Words
    edition: Edition = Edition()

    @property
    def where(self) -> str:
        """The page it stands on; an address where the book's is known."""
        return f"{self.edition.address}{quote(self.page)}.html"

    @property
    def place(self) -> str:
        """Where on its page it stands."""
        return f"{self.where}#fig-{self.id}"

    @property
    def title(self) -> str:
        """Its title in one line; a figure has to be called something."""
        return line(self.said.title) or "Figure"

    @property
    def source(self) -> str:
        """Where its figures come from, in one line."""
        return line(self.said.source)


def line(text: str) -> str:
    """Text in one line, without control characters and marks that turn its direction."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _dated(figure: Figure) -> str:
    day = figure.edition.as_of
    late = retrospect.day()
    told = f", built in retrospect as of {late.day} {late:%B %Y}" if late else ""
    return f"{told}, data up to {day.day} {day:%B %Y}" if day else told


def _issued(figure: Figure) -> dt.date | None:
    """The day to cite as its date; none in retrospect, where the day of its figures is not that of its publication."""
    return None if retrospect.day() else figure.edition.as_of


def _version() -> str:
    return imprint.version() or __version__


def sentence(figure: Figure) -> str:
    """The citation in words."""
    source = f" Source of the figures: {figure.source.rstrip('.')}." if figure.source else ""
    return f"{MAKER}: “{figure.title}”. In: {BOOK} {_version()}{_dated(figure)}. {figure.place}.{source} CC BY 4.0."


def entry(figure: Figure) -> str:
    """The BibTeX entry of a figure."""
    day = _issued(figure)
    notes = [f"Source of the figures: {figure.source.rstrip('.')}" if figure.source else "", "CC BY 4.0"]
    fields = {
        "author": [MAKER],
        "title": figure.title,
        "howpublished": f"Figure in {BOOK} {_version()}{_dated(figure)}",
        "year": str(day.year) if day else "",
        "date": day.isoformat() if day else "",
        # An address has to lead somewhere; without one the place is told in words.
        "url": figure.place if figure.edition.address else "",
        "note": "; ".join(note for note in ["" if figure.edition.address else figure.place, *notes] if note),
    }
    return bibtex.entry("misc", f"{BOOK}-{figure.page}-{figure.id}".replace("/", "-"), fields)


def item(figure: Figure) -> dict[str, Any]:
    """The figure as CSL-JSON, for reference managers."""
    day = _issued(figure)
    found: dict[str, Any] = {
        "id": f"{BOOK}-{figure.page}-{figure.id}".replace("/", "-"),
        "type": "figure",
        "title": figure.title,
        "author": [{"literal": MAKER}],
        "container-title": BOOK,
        "version": _version(),
        # The schema of CSL-JSON has no field for a licence.
        "note": (f"Source of the figures: {figure.source.rstrip('.')}. " if figure.source else "") + LICENCE_ADDRESS,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "URL" if figure.edition.address else "section": figure.place,
    }
    return {key: value for key, value in found.items() if value}


def csl_json(figure: Figure) -> str:
    """A file of CSL-JSON with one item."""
    return json.dumps([item(figure)], ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def readme(figure: Figure, files: dict[str, str], *, moves: bool) -> str:
    """What README.txt beside the downloads says. `files`: what each file is, by its name."""
    said = figure.said
    parts = [
        ("", figure.title + (f"\n{line(said.subtitle)}" if said.subtitle else "")),
        ("", "Readers can move this chart; the files show it as it begins." if moves else ""),
        ("Where it stands", figure.place),
        ("Source and releases", figure.source or "Not told beside the chart; see its page."),
        ("What the picture shows", line(said.alt)),
        ("Files", "\n".join(f"{name}: {what}" for name, what in files.items())),
        ("Licence", TERMS),
        ("How to cite", f"{sentence(figure)}\nAlso as cite.bib (BibTeX) and cite.json (CSL-JSON)."),
    ]
    told = [f"{head}\n{'-' * len(head)}\n{text}" if head else text for head, text in parts if text]
    return "\n\n".join(told) + "\n"
