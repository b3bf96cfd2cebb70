"""The register of series: what each is, in which unit, whose definition, and when a year is first told."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis import yamls
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.models import named


class Calendar(BaseModel):
    """The day on which the figure for a year is usually first published.

    `years_after` 1, `month` 3, `day` 6 means: the figure for 2017 appears on 6 March 2018. `ended`: the day of the
    last edition, where none came after it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    years_after: int = Field(ge=0, le=5)
    month: int = Field(ge=1, le=12)
    day: int = Field(default=1, ge=1, le=31)
    ended: dt.date | None = None

    @model_validator(mode="after")
    def _in_every_year(self) -> Calendar:
        try:
            dt.date(2001, self.month, self.day)
        except ValueError:
            raise ValueError(f"no day {self.day} in month {self.month} of every year") from None
        return self

    def first_told(self, year: int) -> dt.date:
        """The day on which the figure for `year` is due."""
        return dt.date(year + self.years_after, self.month, self.day)

    def newest(self, day: dt.date) -> int:
        """The newest full year whose figure was due by `day`; a year still running is not full."""
        day = min(day, self.ended) if self.ended else day
        year = day.year - 1
        while self.first_told(year) > day:
            year -= 1
        return year

    def last_edition(self, day: dt.date) -> dt.date:
        """The last day on or before `day` on which an edition was due."""
        day = min(day, self.ended) if self.ended else day
        due = dt.date(day.year, self.month, self.day)
        return due if due <= day else dt.date(day.year - 1, self.month, self.day)


class Series(BaseModel):
    """One series. `unit` may hold {base_year} where the base of constant prices moves with the edition.

    `currencies`: the ISO 4217 codes for countries whose money is told in another currency than their own; empty where
    nobody can say in which.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    publisher: str
    title: str
    unit: str
    concept: str = Field(min_length=20)
    code: str
    kind: Literal["flow", "stock", "share", "index", "count", "rate"]
    by: Literal["reporter", "partner"]
    calendar: Calendar
    world: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    note: str | None = None
    currencies: dict[str, Annotated[str, Field(pattern="^([A-Z]{3})?$")]] = Field(default_factory=dict)

    @field_validator("id")
    @classmethod
    def _spelling(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z]+\.[A-Za-z0-9_.]+", value):
            raise ValueError("an id is publisher.name")
        return value

    def unit_matches(self, unit: str) -> bool:
        """Whether a unit met in a file is this series' unit."""
        return re.fullmatch(re.escape(self.unit).replace(re.escape("{base_year}"), r"\d{4}"), unit) is not None


@cache
def register() -> dict[str, Series]:
    """Every series by id. ClaimbookError names file and field of a faulty declaration."""
    found: dict[str, Series] = {}
    for path in sorted(data("series").glob("*.yaml")):
        declared = yamls.read(path)
        defaults = declared.get("defaults", {})
        for name, entry in declared["series"].items():
            try:
                series = Series(id=f"{path.stem}.{name}", publisher=path.stem, **{**defaults, **entry})
            except ValidationError as error:
                raise ClaimbookError(f"data/series/{path.name}, {name}: {error}") from None
            found[series.id] = series
    return found


def series(identifier: str) -> Series:
    """A series by id. ClaimbookError, with the nearest ids, where there is none."""
    return named(register(), identifier, "series")
