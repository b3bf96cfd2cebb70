"""The audited documents: who wrote them, when, where they can be read (data/documents.yaml)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from analysis import retrospect
from analysis.models import Address, Model, Text, listed

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Document(Model):
    """An audited document. An undated one gives the range of days in which it was written."""

    id: Identifier
    short: Text
    title: Text
    author: Text
    language: str = Field(pattern=r"^[a-z]{2}$", description="ISO 639-1")
    dated: dt.date | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    dating: Text | None = Field(default=None, description="how an undated document was dated")
    address: Address | None = None
    address_note: Text | None = Field(default=None, description="what the address leads to, or that none is known")
    country: str = Field(description="the country it is about")
    partner: str | None = Field(default=None, description="the other side of a tie")

    @model_validator(mode="after")
    def _one_dating(self) -> Document:
        if (self.dated is None) == (self.earliest is None or self.latest is None):
            raise ValueError("give either `dated`, or `earliest` and `latest` with `dating`")
        if self.dated is None and self.dating is None:
            raise ValueError("say in `dating` how the range was found")
        return self

    @property
    def day(self) -> dt.date:
        """The day whose figures count as those of the time: the date, or the end of the range."""
        return self.dated or self.latest

    @property
    def when(self) -> str:
        """The date in words."""
        if self.dated:
            return f"{self.dated:%-d %B %Y}"
        return f"undated, between {self.earliest:%B %Y} and {self.latest:%B %Y}"


@cache
def documents() -> dict[str, Document]:
    """The declared documents by id, in the order of the file. ClaimbookError names a faulty entry."""
    return listed(Document, "documents.yaml")


def audited() -> dict[str, Document]:
    """The documents that the book audits: all, or in retrospect those written by its day."""
    day = retrospect.day()
    return {name: entry for name, entry in documents().items() if day is None or entry.day <= day}
