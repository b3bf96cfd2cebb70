"""`claimbook diff`: what changed from one version of the book to another."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from analysis.errors import ClaimbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.versions.changes import Change, ClaimChange, ClaimEntry, Difference

# How many figures that moved, and how many names of what came, are listed unless all are asked for.
LISTED = 10


def diff(
    old: Annotated[str, typer.Argument(metavar="V1", help="A version by its name, or a folder that holds one.")],
    new: Annotated[str, typer.Argument(metavar="V2", help="The version that it is compared with.")],
    site: Annotated[Path, typer.Option("--site", metavar="DIR", help="The site that was published into.")] = Path(
        "_site"
    ),
    every: Annotated[bool, typer.Option("--all", help="List every figure that moved and every release.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (data/changes.schema.json).")] = False,
) -> None:
    """Tell what changed from one version of the book to another, and why."""
    from analysis.versions import difference, difference_json

    found = difference.difference(*(folder(name, site) for name in (old, new)))
    if as_json:
        sys.stdout.write(difference_json.report(found).model_dump_json(indent=2) + "\n")
        return
    _Page(Console(highlight=False, markup=False), every).write(found)


def folder(name: str, site: Path) -> Path:
    """The folder of a version: of the site's, by its name, or any by its path. ClaimbookError names those there are."""
    from analysis.versions import names, record

    if "/" in name or "\\" in name or name in (".", ".."):
        if not Path(name).is_dir():
            raise ClaimbookError(f"there is no folder {name}; name a version of {site}, or the folder of a built one")
        return Path(name)
    if name in ("latest", "stable") and (site / name / record.FILE).is_file():
        return site / name
    inside = site / "v"
    if (inside / name / record.FILE).is_file():
        return inside / name
    if (Path(name) / record.FILE).is_file():
        return Path(name)
    there = [entry.name for entry in inside.iterdir() if (entry / record.FILE).is_file()] if inside.is_dir() else []
    if not there:
        raise ClaimbookError(
            f"{site} holds no version, so there is no {name!r}; say where the site is by --site DIR, or publish one "
            "with `claimbook publish VERSION --into DIR`"
        )
    known = sorted(there, key=lambda entry: (not _is_name(entry), names.version(entry) if _is_name(entry) else 0))
    raise ClaimbookError(f"{site} holds no version {name!r}; there are: {', '.join(known)}")


def _is_name(name: str) -> bool:
    from analysis.versions import names

    try:
        names.version(name)
    except ClaimbookError:
        return False
    return True


class _Page:
    """What is printed. Nothing of it is markup, and nothing of it drives the terminal."""

    def __init__(self, out: Console, every: bool) -> None:
        self.out, self.every = out, every

    def write(self, found: Difference) -> None:
        self.line(paragraph(found))
        self._flips(found)
        for heading, entries in (("Added", found.added), ("Withdrawn", found.withdrawn)):
            self._entries(heading, entries)
        self._moved(found)
        edited = [(claim, edit) for claim in found.changed for edit in claim.edits]
        self._part("Edited in the ledger", [f"{claim.id}: {edit}" for claim, edit in edited])
        new = [f"{claim.id}: {', '.join(claim.sources)}" for claim in found.changed if claim.sources]
        self._part("New releases behind statements", self._few(new))
        chapters = [f"chapter {name} came: {title}" for name, title in found.chapters_added]
        chapters += [f"chapter {name} went: {title}" for name, title in found.chapters_removed]
        self._part("Chapters", chapters)
        for heading, releases in (("Releases that came", found.releases), ("Releases dropped", found.dropped)):
            self._part(heading, self._few([f"{publisher} {released}" for publisher, released in releases]))

    def _flips(self, found: Difference) -> None:
        groups: dict[str, list[tuple[ClaimChange, Change]]] = {}
        for claim, change in found.flips():
            groups.setdefault(claim.document_title, []).append((claim, change))
        for document, flips in groups.items():
            self._heading(f"Other answers: {document}")
            last = None
            for claim, change in flips:
                if claim.id != last:
                    self.line(f"  {claim.title} ({claim.id})")
                self.line(f"    {change.sentence}")
                last = claim.id

    def _entries(self, heading: str, entries: Sequence[ClaimEntry]) -> None:
        groups: dict[str, list[ClaimEntry]] = {}
        for entry in entries:
            groups.setdefault(entry.document_title, []).append(entry)
        for document, own in groups.items():
            self._heading(f"{heading}: {document}")
            for entry in own:
                words = dict(entry.words)
                told = f"when written {words['when_written']}" if "when_written" in words else ""
                told += f", today {words['today']}" if told and "today" in words else ""
                self.line(f"  {entry.title} ({entry.id}){f': {told}' if told else ''}")

    def _moved(self, found: Difference) -> None:
        moved = [(claim, change) for claim in found.changed for change in claim.of("moved")]
        moved.sort(key=lambda pair: -1.0 if pair[1].share is None else pair[1].share, reverse=True)
        self._part(
            "The same answers by other figures or records, the largest moves first",
            self._few([f"{claim.id}: {change.sentence}" for claim, change in moved]),
        )

    def _few(self, lines: list[str]) -> list[str]:
        if self.every or len(lines) <= LISTED:
            return lines
        return [*lines[:LISTED], f"and {len(lines) - LISTED} more (--all)"]

    def _part(self, heading: str, lines: Iterable[str]) -> None:
        lines = list(lines)
        if lines:
            self._heading(heading)
        for text in lines:
            self.line(f"  {text}")

    def _heading(self, text: str) -> None:
        self.out.print()
        self.line(text, style="bold")

    def line(self, text: str, style: str | None = None) -> None:
        self.out.print(plain(text), style=style, soft_wrap=True)


def paragraph(found: Difference) -> str:
    """A difference in numbers, as a paragraph."""
    from analysis.versions import difference_json

    told = difference_json.counts(found)
    if found.empty:
        return f"Nothing differs between {found.old} and {found.new}."
    parts = [
        _count(told.flipped, "answer is another one", "answers are other ones"),
        _count(told.decided, "answer came where there was none", "answers came where there were none"),
        _count(told.opened, "answer was lost", "answers were lost"),
        _count(told.moved, "answer stands by another figure or record", "answers stand by other figures or records"),
    ]
    sentences = [f"From {found.old} to {found.new}: {_list(parts) or 'no answer is another one'}."]
    entries = [_count(told.added, "statement was added", "statements were added")]
    entries.append(_count(told.withdrawn, "was withdrawn", "were withdrawn"))
    entries.append(_count(told.edited, "was edited", "were edited"))
    if _list(entries):
        text = _list(entries)
        sentences.append((text if "statement" in text else f"Of the statements {text}") + ".")
    if told.causes:
        sentences.append(f"Causes: {', '.join(f'{cause} {count}' for cause, count in told.causes.items())}.")
    releases = [
        _count(len(found.releases), "release came", "releases came"),
        _count(len(found.dropped), "is no longer held", "are no longer held"),
    ]
    if _list(releases):
        sentences.append(f"{_list(releases)}.")
    sentences.append("The method is another one." if found.method else "The method is the same.")
    return " ".join(sentences)


def _count(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}" if count else ""


def _list(parts: Iterable[str]) -> str:
    from analysis import words

    return words.listing([part for part in parts if part])


def plain(text: str) -> str:
    """A text on one line, without characters that drive a terminal or turn the direction of what follows."""
    kept = (" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in kept if unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
