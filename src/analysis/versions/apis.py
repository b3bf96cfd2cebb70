"""What a frozen version says of its claims: version.json and api/ read as plain JSON.

An older book wrote it by older code, so that what is missing or of another shape counts as not told.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import ClaimbookError
from analysis.exports.names import INDEX
from analysis.records import last_day
from analysis.versions import record
from analysis.versions.changes import Told

Json = dict[str, Any]
# Words that decide nothing: what comes after one of them is no change of mind.
OPEN = frozenset({"not testable", "not yet due"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)


class Key(NamedTuple):
    """Which evaluation of a claim is meant."""

    reading: str
    publisher: str
    released: str
    year: int


class Judged(NamedTuple):
    """What an evaluation tells, and whether it bears the claim out."""

    value: float | None
    rank: int | None
    verdict: str

    def same(self, other: Judged) -> bool:
        """Whether two tell the same, but for the last digits of sums."""
        return close(self.value, other.value) and (self.rank, self.verdict) == (other.rank, other.verdict)


@dataclass(frozen=True)
class Entry:
    """A claim in one version: its summary in the index, its own file, and the day up to which figures count."""

    id: str
    summary: Json
    file: Json
    until: dt.date

    @cached_property
    def claim(self) -> Json:
        """What the audit says of it; the summary's fields where its file does not repeat them."""
        return {**self.summary, **mapping(self.file.get("claim"))}

    @property
    def title(self) -> str:
        """Its title; its id where none is told."""
        return text(self.claim.get("title")) or self.id

    @property
    def document(self) -> tuple[str, str]:
        """Id and title of its document."""
        told = mapping(self.file.get("document"))
        name = text(self.claim.get("document")) or text(told.get("id"))
        return name, text(self.summary.get("document_title")) or text(told.get("title")) or name

    @cached_property
    def readings(self) -> dict[str, Json]:
        """Its readings by id, the likeliest first."""
        return {name: entry for entry in rows(self.claim.get("readings")) if (name := text(entry.get("id")))}

    @cached_property
    def records(self) -> dict[str, Json]:
        """Its public records by id, in order."""
        return {name: entry for entry in rows(self.claim.get("records")) if (name := text(entry.get("id")))}

    @cached_property
    def evaluations(self) -> dict[Key, Judged]:
        """Every evaluation by a release that had come when the version was made, with what it tells."""
        found = {}
        for name, reading in self.readings.items():
            for entry in rows(reading.get("evaluations")):
                year, released = whole(entry.get("year")), text(entry.get("released"))
                if year is not None and by(released, self.until):
                    key = Key(name, text(entry.get("publisher")), released, year)
                    found[key] = Judged(
                        number(entry.get("value")), whole(entry.get("rank")), text(entry.get("verdict"))
                    )
        return found

    @cached_property
    def sources(self) -> dict[tuple[str, str], str]:
        """Titles of publishers by (publisher, released), for each release that stands behind it."""
        found = {}
        for entry in rows(self.claim.get("sources")):
            name, releases = text(entry.get("publisher")), entry.get("releases")
            for released in releases if isinstance(releases, list) else ():
                if name and by(text(released), self.until):
                    found[name, text(released)] = text(entry.get("title")) or name
        return found

    def word(self, time: str) -> str:
        """The verdict in one reading of time; empty where this version tells none."""
        return text(mapping(self.claim.get("verdict")).get(time))

    def deciding(self, time: str) -> str:
        """The id of the record that decided; empty where none did."""
        told = mapping(self.summary.get("record")) or mapping(self.file.get("record"))
        return text(told.get(time))

    def told(self, time: str) -> Told:
        """What the version says of one reading of time."""
        figures = mapping(self.summary.get("figure")) or mapping(self.file.get("figure"))
        figure, margin = mapping(figures.get(time)), mapping(mapping(self.claim.get("margin")).get(time))
        reason = text(mapping(self.claim.get("reason")).get(time))
        year, value = whole(figure.get("year")), number(figure.get("value"))
        if year is None or value is None:
            return Told(self.word(time), reason=reason)
        unit = text(figure.get("unit"))
        reading = text(figure.get("reading"))
        # Where nothing is decided nothing can flip; and a margin may speak of another figure.
        word = self.word(time)
        own = word not in OPEN and (text(margin.get("reading")), whole(margin.get("year"))) == (reading, year)
        return Told(
            word,
            figure=text(figure.get("told")) or f"{value:,.6g} {unit}".strip() + f" in {year}",
            reading=reading,
            year=year,
            value=value,
            unit=unit,
            rank=whole(figure.get("rank")),
            publisher=text(figure.get("publisher")),
            released=text(figure.get("released")),
            margin=number(margin.get("value")) if own else None,
            margin_unit=text(margin.get("unit")) if own else "",
            reason=reason,
        )


@dataclass(frozen=True)
class Frozen:
    """A version: its record, and its claims by id in the order of its index."""

    record: record.Record
    claims: dict[str, Entry]

    @property
    def day(self) -> dt.date:
        """The day up to which it knows what happened."""
        return self.record.retrospective or self.record.as_of

    @property
    def documents(self) -> dict[str, str]:
        """Titles of the documents that it audits, by id."""
        return dict(entry.document for entry in self.claims.values() if entry.document[0])

    @property
    def releases(self) -> dict[tuple[str, str], str]:
        """Hashes of the releases that it holds, by (publisher, released)."""
        return {(entry.publisher, entry.released): entry.sha256 for entry in self.record.snapshots}


def read(folder: Path) -> Frozen:
    """A frozen version. ClaimbookError names the file that is missing or broken, and the remedy."""
    made = record.read(folder)
    until = max(made.as_of, made.retrospective or made.as_of)
    path = folder / INDEX
    listed = _json(path, made.name).get("claims")
    if not isinstance(listed, list):
        raise _broken(path, made.name, "it holds no list `claims`")
    found: dict[str, Entry] = {}
    for summary in listed:
        name = text(mapping(summary).get("id"))
        if not _ID.fullmatch(name):
            raise _broken(path, made.name, f"{name[:60]!r} is no id of a statement")
        if name not in found:
            own = _json(folder / "api" / "claims" / f"{name}.json", made.name)
            found[name] = Entry(name, mapping(summary), own, until)
    return Frozen(made, found)


def _json(path: Path, version: str) -> Json:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ClaimbookError(
            f"{path} is missing, so that nothing can be told of version {version}; publish it anew from where it was "
            f"built, or make it again with `claimbook rebuild {version}`"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(path, version, str(error)) from None
    if not isinstance(told, dict):
        raise _broken(path, version, "it is no object")
    return told


def _broken(path: Path, version: str, why: str) -> ClaimbookError:
    return ClaimbookError(
        f"{path} cannot be read as a file of version {version}: {why}; compare it with {record.SUMS} there and restore "
        f"it, or make it again with `claimbook rebuild {version}`"
    )


def mapping(told: Any) -> Json:
    """An object, an empty one where it is none."""
    return told if isinstance(told, dict) else {}


def rows(told: Any) -> list[Json]:
    """The objects of a list."""
    return [entry for entry in told if isinstance(entry, dict)] if isinstance(told, list) else []


def text(told: Any) -> str:
    """A text, empty where it is none."""
    return told if isinstance(told, str) else ""


def number(told: Any) -> float | None:
    """A finite number; None where it is none."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    try:
        return float(told) if math.isfinite(told) else None
    except OverflowError:
        return None


def whole(told: Any) -> int | None:
    """A whole number of a size that every reader of JSON keeps; None where it is none."""
    return told if isinstance(told, int) and not isinstance(told, bool) and abs(told) < 2**53 else None


def close(old: float | None, new: float | None) -> bool:
    """Whether two values are the same, but for the last digits of sums."""
    if old is None or new is None:
        return old is new
    return math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-12)


def by(dated: str, day: dt.date) -> bool:
    """Whether a date, told to the day, the month or the year, lies on or before a day to its end; else never."""
    try:
        return _DAY.fullmatch(dated) is not None and last_day(dated) <= day
    except ValueError:
        return False
