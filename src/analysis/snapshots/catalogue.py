"""The catalogue: data/datapackage.json, a Frictionless Data Package with one resource for each release."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import os
import re
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from analysis import yamls
from analysis.errors import ClaimbookError
from analysis.home import data

FILE = "datapackage.json"
OBTAINED = Literal["downloaded", "extracted", "transcribed"]


def _spell(periods: tuple[int, ...] | None) -> str | None:
    if periods is None:
        return None
    runs: list[list[int]] = []
    for period in sorted(periods):
        if runs and period == runs[-1][1] + 1:
            runs[-1][1] = period
        else:
            runs.append([period, period])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _read(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if not text:
        return ()
    ends = [[int(end) for end in run.split("-")] for run in text.split(",")]
    return tuple(period for run in ends for period in range(run[0], run[-1] + 1))


# Years are written "1960-2017,2019": a line a series, not a line a year.
Periods = Annotated[tuple[int, ...], BeforeValidator(_read), PlainSerializer(_spell)]


class SourceFile(BaseModel):
    """A publisher's file as it was parsed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    bytes: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Limit(BaseModel):
    """Years for which a series does not list every country.

    `missing_below`: what is not listed is known to be below this value (in the series' unit).
    `periods`: None for all years.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    missing_below: float | None = None
    periods: Periods | None = None


class Scope(BaseModel):
    """What a release says of one series. Nothing outside its scope is withdrawn by a release."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    series: str
    periods: Periods
    reporters: int
    partners: int
    observations: int
    limits: tuple[Limit, ...] = ()

    def limit(self, period: int) -> Limit | None:
        """The limit that holds for a year; None where every country is listed."""
        for limit in self.limits:
            if limit.periods is None or period in limit.periods:
                return limit
        return None

    def ranks(self, period: int) -> bool:
        """Whether a rank can be told for the year: a full list, or one whose gaps are bounded."""
        limit = self.limit(period)
        return period in self.periods and (limit is None or limit.missing_below is not None)


class Acceptance(BaseModel):
    """That somebody took a release over something odd: which caution, what was seen, who and on which day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    caution: str
    text: str
    by: str = Field(min_length=1)
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class Release(BaseModel):
    """One release of one publisher. `released` is YYYY-MM-DD, or YYYY-MM where the day is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    publisher: str
    released: str = Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")
    obtained: OBTAINED
    addresses: tuple[str, ...] = ()
    note: str | None = None
    files: tuple[SourceFile, ...]
    scope: tuple[Scope, ...]
    accepted: tuple[Acceptance, ...] | None = None

    @property
    def name(self) -> str:
        """The release's name, unique in the catalogue."""
        return f"{self.publisher}-{self.released}"

    @property
    def path(self) -> str:
        """Where the observations are, relative to the catalogue."""
        return f"snapshots/{self.publisher}/{self.released}.parquet"

    @property
    def day(self) -> dt.date:
        """The day from which the release counts as published; a month counts from its last day."""
        return day_of(self.released)

    def scope_of(self, series: str) -> Scope | None:
        """The scope of one series, None where the release does not carry it."""
        return next((scope for scope in self.scope if scope.series == series), None)


class Publisher(BaseModel):
    """Who publishes, on which terms, how often, and how to cite it (data/publishers.yaml).

    `methods`: the publisher's own account of its definitions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    home: str
    product: str
    cadence: str
    cite: str
    licence: str
    licence_title: str
    licence_address: str
    terms: str
    methods: str


@cache
def day_of(released: str) -> dt.date:
    """A release date as a day. ClaimbookError where it is not a date."""
    try:
        # fromisoformat also reads 20200701 and 2020-W27-3, which no catalogue spells.
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", released):
            raise ValueError
        if len(released) == 7:
            year, month = (int(part) for part in released.split("-"))
            return dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date.fromisoformat(released)
    except ValueError:
        raise ClaimbookError(
            f"{released!r} is not a date; write YYYY-MM-DD, or YYYY-MM if the day is not known"
        ) from None


@cache
def publishers() -> dict[str, Publisher]:
    """The publishers declared in data/publishers.yaml. ClaimbookError names a faulty entry."""
    declared = yamls.read(data("publishers.yaml"))
    try:
        return {name: Publisher(name=name, **entry) for name, entry in declared.items()}
    except ValidationError as error:
        raise ClaimbookError(f"data/publishers.yaml: {error}") from None


def read(folder: Path) -> dict[str, Any]:
    """The catalogue of a data folder as it stands, a new empty one where there is none."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ClaimbookError(f"{path.name} is not JSON ({error}); restore it from version control") from None
    if not isinstance(package, dict) or not isinstance(package.get("resources", []), list):
        raise ClaimbookError(f"{path.name} is not a data package; restore it from version control")
    return package


def releases(folder: Path) -> list[Release]:
    """Every release in the catalogue, oldest first. ClaimbookError names a faulty entry."""
    found = [release_of(entry) for entry in read(folder).get("resources", [])]
    return sorted(found, key=lambda release: (release.day, release.publisher, release.released))


def release_of(entry: Any) -> Release:
    """The release that a resource of the catalogue describes. ClaimbookError names a faulty entry."""
    try:
        release = Release.model_validate(entry["release"])
    except (KeyError, TypeError, ValidationError) as error:
        name = entry.get("name") if isinstance(entry, dict) else entry
        raise ClaimbookError(f"{FILE}, resource {name!r}: {error}") from None
    day_of(release.released)
    return release


def resource(release: Release, publisher: Publisher, *, size: int, sha256: str) -> dict[str, Any]:
    """A release as a resource of a Frictionless Data Package."""
    text = ["series", "reporter", "partner", "unit", "flag"]
    order = ["series", "reporter", "partner", "period", "value", "unit", "flag"]
    kinds = {"period": "integer", "value": "number"} | dict.fromkeys(text, "string")
    return {
        "name": release.name,
        "title": f"{publisher.title}: {publisher.product}, release of {release.released}",
        "path": release.path,
        "type": "file",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "licenses": [{"name": publisher.licence, "title": publisher.licence_title, "path": publisher.licence_address}],
        "sources": [{"title": publisher.title, "path": address} for address in release.addresses or (publisher.home,)],
        "schema": {
            "fields": [{"name": name, "type": kinds[name]} for name in order],
            "primaryKey": ["series", "reporter", "partner", "period"],
            "missingValues": [],
        },
        "release": release.model_dump(mode="json", exclude_none=True),
    }


def text(resources: list[dict[str, Any]]) -> bytes:
    """The catalogue's file for these resources, in the order of their names."""
    package = {
        "profile": "data-package",
        "name": "claimbook-figures",
        "title": "Releases of public figures that claimbook audits statements against",
        "resources": sorted(resources, key=lambda entry: entry["name"]),
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def replace(path: Path, content: bytes, *, staging: Path | None = None) -> None:
    """Write or replace a file in one step, and make it last: a reader sees the old one or the new one.

    `staging`: where it is written before it is moved into place, on the same disk; beside it if none is named.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if staging is not None:
        staging.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=staging or path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    with suppress(OSError):  # not every system lets a folder be made to last
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
