"""What `statements.json` holds, of one edition and of all: a contract, its schema in data/statements.schema.json."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceJson(_Json):
    """Who published a figure, in which release."""

    publisher: str = Field(description="its short name, as data/publishers.yaml has it")
    title: str
    released: str = Field(description="YYYY-MM-DD, or YYYY-MM where the day is not known")


class StatementJson(_Json):
    """A sentence that is true of the country by the figures held, and its figure."""

    claims: list[str] = Field(description="the statements of the documents that it restates, by id")
    theme: str
    sentence: str
    definition: str
    reading: str = Field(description="the reading of the first claim that it follows, by id")
    measure: str
    series: list[str]
    year: int = Field(description="the year of the figure; of a change, its last one")
    value: float = Field(description="in `unit`; of a rank, the figure that is ranked")
    unit: str
    rank: int | None = Field(description="the best that it can be; equal figures share the better place")
    rank_best: int | None
    rank_worst: int | None = Field(description="where those without a figure all stood above, as far as they could")
    universe: int | None = Field(description="how many with a figure are ranked")
    flag: str = Field(description="what the publisher says of the figure, such as estimate; empty for nothing")
    note: str
    sources: list[SourceJson]
    beside: str = Field(description="the same for the country of the documents, in words; empty where there is none")
    others: list[str] = Field(description="the same claims by their other readings, as sentences")


class EditionJson(_Json):
    """The statements of one edition; countries by ISO 3166 alpha-3."""

    country: str
    country_name: str
    partner: str = Field(description="the other side of ties")
    partner_name: str
    as_of: dt.date = Field(description="the day up to which releases are taken into account")
    statements: list[StatementJson]


class EditionsJson(_Json):
    """Those of all editions of a site."""

    editions: list[EditionJson]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `statements.json`, of one edition or of all."""
    told = TypeAdapter(EditionJson | EditionsJson).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Statements of editions", **told}
