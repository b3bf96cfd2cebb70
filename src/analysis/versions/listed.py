"""The versions of a site as its file versions.json lists them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.errors import ClaimbookError
from analysis.versions.names import version

FILE = "versions.json"
CONTRACT = 1


@dataclass(frozen=True)
class Noted:
    """A correction that concerns a version: its id and title in the log of corrections, the day it was logged."""

    id: str
    title: str
    dated: dt.date


@dataclass(frozen=True)
class Listed:
    """A version as the site lists it.

    `as_of`: the day up to which its figures go; `retrospective`: the day as of which it was built in retrospect, None
    for one of its own time; `summary`: in a line what changed since the version before it.
    """

    name: str
    as_of: dt.date
    retrospective: dt.date | None
    candidate: bool
    published: dt.date
    summary: str = ""
    corrections: tuple[Noted, ...] = ()


class _Json(BaseModel):
    model_config = ConfigDict(extra="ignore")  # a later book reads what earlier ones wrote, and the other way round


class NotedJson(_Json):
    """A correction that concerns a version."""

    id: str = Field(description="in the log of corrections")
    title: str = Field(description="in one line what was wrong")
    dated: dt.date = Field(description="the day on which it was logged")


class ListedJson(_Json):
    """A version."""

    name: str = Field(description="the calendar version, such as 2026.11")
    as_of: dt.date = Field(description="the day up to which its figures go")
    retrospective: dt.date | None = Field(
        default=None, description="the day as of which it was built in retrospect; null for a version of its own time"
    )
    candidate: bool = Field(default=False, description="whether it was published for trial")
    published: dt.date = Field(description="the day on which it was published")
    summary: str = Field(default="", description="in a line what changed since the version before it")
    corrections: list[NotedJson] = Field(default_factory=list, description="corrections that concern it")
    book: str = Field(default="", description="its first page, from the root of the site")
    changes: str | None = Field(
        default=None, description="the differences to the version before it, from the root; null for the first"
    )


class VersionsJson(_Json):
    """All versions of a site, the newest first."""

    contract: int = CONTRACT
    latest: str | None = Field(default=None, description="the newest version; null where there is none")
    stable: str | None = Field(default=None, description="the newest version that is no candidate")
    versions: list[ListedJson]


def ordered(listed: Iterable[Listed]) -> list[Listed]:
    """The versions, newest first by their names.

    ClaimbookError where a name is not that of a version, or comes twice.
    """
    found = sorted(listed, key=lambda entry: version(entry.name), reverse=True)
    for newer, older in pairwise(found):
        if newer.name == older.name:
            raise ClaimbookError(f"version {newer.name} is listed twice in {FILE}; publish makes it anew")
    return found


def latest(listed: Iterable[Listed]) -> str | None:
    """The name of the newest version."""
    return next((entry.name for entry in ordered(listed)), None)


def stable(listed: Iterable[Listed]) -> str | None:
    """The name of the newest version that is no candidate."""
    return next((entry.name for entry in ordered(listed) if not entry.candidate), None)


def book_of(name: str) -> str:
    """The folder of a version, from the root of the site, with a slash at its end."""
    return f"v/{name}/"


def changes_of(name: str) -> str:
    """The page of what a version changed, from the root of the site."""
    return f"changes/{name}/index.html"


def to_json(listed: Sequence[Listed]) -> dict[str, Any]:
    """The versions as versions.json holds them."""
    entries = ordered(listed)
    told = VersionsJson(
        latest=latest(entries),
        stable=stable(entries),
        versions=[_entry(entry, first=entry is entries[-1]) for entry in entries],
    )
    return told.model_dump(mode="json")


def text(listed: Sequence[Listed]) -> str:
    """The file versions.json."""
    return json.dumps(to_json(listed), indent=1, ensure_ascii=False) + "\n"


def from_json(told: Any) -> list[Listed]:
    """The versions that a versions.json tells, newest first; ClaimbookError where it is not one."""
    try:
        read = VersionsJson.model_validate(told)
    except ValidationError as error:
        raise ClaimbookError(f"this is no {FILE}: {error}") from None
    return ordered(
        Listed(
            name=entry.name,
            as_of=entry.as_of,
            retrospective=entry.retrospective,
            candidate=entry.candidate,
            published=entry.published,
            summary=entry.summary,
            corrections=tuple(Noted(noted.id, noted.title, noted.dated) for noted in entry.corrections),
        )
        for entry in read.versions
    )


def read(path: Path) -> list[Listed]:
    """The versions that a file tells, newest first; ClaimbookError where there is none or it cannot be read."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ClaimbookError(f"{path} cannot be read as the list of a site's versions: {error}") from None
    return from_json(told)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of versions.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **VersionsJson.model_json_schema()}


def _entry(entry: Listed, *, first: bool) -> ListedJson:
    return ListedJson(
        name=entry.name,
        as_of=entry.as_of,
        retrospective=entry.retrospective,
        candidate=entry.candidate,
        published=entry.published,
        summary=entry.summary,
        corrections=[NotedJson(id=noted.id, title=noted.title, dated=noted.dated) for noted in entry.corrections],
        book=f"{book_of(entry.name)}index.html",
        changes=None if first else changes_of(entry.name),
    )
