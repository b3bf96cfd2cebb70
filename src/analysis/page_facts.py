"""What each page of the book says of itself: to search engines, to those who share it, and to the book's own search."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import nbformat

from analysis import board, engine
from analysis.audit import Audited
from analysis.documents import Document
from analysis.documents import audited as audited_documents
from analysis.exports import jsonld, names
from analysis.languages import alternates, summary
from analysis.site.head import PageFacts

# How long a description may be before those who show it cut it.
LONGEST = 300
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"[*_`]")


def facts(stage: Path, audits: Sequence[Audited], as_of: dt.date, address: str) -> dict[str, PageFacts]:
    """The facts of every page, by its name in the table of contents.

    `stage` holds the book's texts; `address` is its public address with a slash at its end, or nothing.
    """
    told = {"index": _home(stage, audits, as_of, address)}
    for found in audits:
        told[f"claims/{found.claim.id}"] = _claim(found, as_of, address)
    for document in audited_documents().values():
        own = [entry for entry in audits if entry.claim.document.id == document.id]
        told[f"documents/{document.id}"] = _document(document, own, as_of, address)
    for name in sorted(path.stem for path in (stage / "chapters").glob("*.ipynb")):
        told[f"chapters/{name}"] = PageFacts(
            description=opening_of(engine.chapter(name)),
            picture=names.HOME_PICTURE,
            kind="chapter",
            filters={"Page": ["Chapter"]},
        )
    for path in sorted(stage.glob("*.md")):
        if path.stem not in told:
            told[path.stem] = PageFacts(
                description=_opening(path.read_text(encoding="utf-8")),
                picture=names.HOME_PICTURE,
                filters={"Page": ["About the book"]},
            )
    return told


def _home(stage: Path, audits: Sequence[Audited], as_of: dt.date, address: str) -> PageFacts:
    return PageFacts(
        description=_opening((stage / "index.md").read_text(encoding="utf-8")),
        picture=names.HOME_PICTURE,
        data=jsonld.home(audits, as_of, address),
        languages=alternates("index.html"),
        kind="home",
    )


def _claim(found: Audited, as_of: dt.date, address: str) -> PageFacts:
    places = names.places(found.claim)
    return PageFacts(
        description=summary(found),
        picture=places.picture,
        data=jsonld.claim(found, as_of, address),
        languages=alternates(places.page),
        kind="claim",
        filters={
            "Page": ["Statement"],
            "Document": [found.claim.document.short],
            "When written": [found.verdicts.when_written.word],
            "Today": [found.verdicts.today.word],
        },
    )


def _document(document: Document, own: Sequence[Audited], as_of: dt.date, address: str) -> PageFacts:
    count = f"{len(own)} statement{'s' if len(own) != 1 else ''}"
    fared = ", ".join(f"{entry.count} {entry.word}" for entry in board.counts(own, "when_written")) if own else ""
    return PageFacts(
        description=f"{document.title} ({document.author}, {document.when}): {count} audited"
        + (f"; when written {fared}." if fared else "."),
        picture=names.document_picture(document),
        data=jsonld.document(document, own, as_of, address),
        kind="document",
        filters={"Page": ["Document"], "Document": [document.short]},
    )


def opening_of(notebook: Path) -> str:
    """The first paragraph of a chapter, as the descriptions of pages have it."""
    return _opening(_prose(notebook))


def _prose(notebook: Path) -> str:
    """The Markdown of a notebook."""
    cells = nbformat.read(notebook, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def _opening(text: str) -> str:
    """The first paragraph of a text in Markdown, without its markup, in as many whole sentences as have room."""
    for block in re.split(r"\n\s*\n", text):
        if block.strip() and not block.lstrip().startswith(("#", "`", "|", "{", "<", "-", "(")):
            plain = " ".join(_MARKUP.sub("", _LINK.sub(r"\1", block)).split())
            break
    else:
        return ""
    if len(plain) <= LONGEST:
        return plain
    whole = plain[:LONGEST].rpartition(". ")[0]
    return f"{whole}." if whole else f"{plain[: LONGEST - 1].rpartition(' ')[0]}\u2026"
