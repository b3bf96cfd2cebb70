"""The register of public records: pages that were read, with their addresses (data/records.yaml).

A record decides a documentary fact. Agreement between two audited documents is no record.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache
from typing import Any, Literal

from pydantic import Field, field_validator

from analysis.documents import Identifier
from analysis.models import Address, Model, Text, listed, named

STANDINGS = {
    "official": "published by the body that decided, acted or counted",
    "press": "told by a news medium or an agency",
    "other": "told by somebody else, such as a research institute",
}


class Record(Model):
    """A public record that was read: what it is, where it stands and what it says, in our own words."""

    id: Identifier
    title: Text
    publisher: Text
    address: Address
    dated: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="as far as the page tells it: year, month or day",
    )
    seen: dt.date = Field(description="the day on which it was read")
    standing: Literal[tuple(STANDINGS)]
    language: str = Field(default="en", pattern=r"^[a-z]{2}$", description="ISO 639-1")
    says: Text

    @property
    def year(self) -> int | None:
        """The year of which it speaks as the present; None where the page has no date."""
        return int(self.dated[:4]) if self.dated else None

    @field_validator("dated", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        # YAML reads 2018 as a number and 2018-06-08 as a date.
        return str(value) if isinstance(value, int | dt.date) else value

    @field_validator("dated")
    @classmethod
    def _a_date(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                dt.date.fromisoformat(value + "-01-01"[len(value) - 4 :])
            except ValueError:
                raise ValueError(f"{value} is no date") from None
        return value

    def known_by(self, day: dt.date) -> bool:
        """Whether it is dated on or before a day: where only its month or year is told, the end of that; else never."""
        return self.dated is not None and last_day(self.dated) <= day


def last_day(dated: str) -> dt.date:
    """The last day that a date can mean, told as year, month or day."""
    year, month, day = (*map(int, dated.split("-")), 0, 0)[:3]
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


@cache
def records() -> dict[str, Record]:
    """Every record by id. ClaimbookError names a faulty entry."""
    return listed(Record, "records.yaml")


def record(identifier: str) -> Record:
    """A record by id. ClaimbookError, with the nearest ids, where there is none."""
    return named(records(), identifier, "record", "add it to data/records.yaml")
