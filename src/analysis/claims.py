"""The ledger: what each document says, as data, before anything is computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from analysis import areas, measures, quantities, yamls
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.quantities import Quantity

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(_Model):
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


class Note(_Model):
    """A publisher's own note on a definition, told in our words."""

    text: Text
    address: Address | None = None


class Reading(_Model):
    """One way to read a claim: a measure, its inputs and what they define.

    `role` outturn: shown beside a pledge, never part of its verdict.
    """

    id: Identifier
    label: Text = Field(max_length=40, description="short, for the end of a line in a chart")
    definition: Text = Field(description="one sentence; {country}, {country's}, {partner}, {partner's} are filled in")
    measure: str
    inputs: dict[str, Any] = Field(default_factory=dict)
    printed: str | None = Field(default=None, description="the figure this reading is held against, if another")
    unit: str | None = None
    role: Literal["reading", "outturn"] = "reading"
    note: Note | None = None

    @property
    def series(self) -> tuple[str, ...]:
        """The ids of the series it uses."""
        return measures.check_inputs(self.measure, self.inputs)


class Claim(_Model):
    """A statement of a document, in our own words, with every way to read it, the likeliest first."""

    id: Identifier
    theme: Identifier
    title: Text
    statement: Text
    place: Text
    kind: Literal["statistic", "pledge"] = "statistic"
    printed: str = Field(description="the printed figure, in the rounding grammar")
    unit: str = Field(description="unit of the printed figure, as the measure's but for thousand, million, billion")
    tolerance: float = Field(default=0.0, ge=0, le=0.25, description="as a share of the figure")
    threshold: Text | None = Field(default=None, description="what an adjective was taken to mean, declared beforehand")
    year: int | None = Field(default=None, description="the year it names, if it names one")
    due: int | None = Field(default=None, description="the year by which a pledge is due")
    country: str | None = None
    partner: str | None = None
    caveats: tuple[Text, ...] = ()
    readings: tuple[Reading, ...] = Field(min_length=1)
    document: Document = Field(json_schema_extra={"readOnly": True})

    @model_validator(mode="after")
    def _consistent(self) -> Claim:
        if (self.kind == "pledge") != (self.due is not None):
            raise ValueError("a pledge, and only a pledge, has a year in `due`")
        if self.readings[0].role != "reading":
            raise ValueError("the first reading is the likeliest one and cannot be an outturn")
        names = [reading.id for reading in self.readings]
        if len(names) != len(set(names)):
            raise ValueError("two readings share an id")
        try:
            for code in (self.about, self.other):
                if code:
                    areas.area(code)
            for reading in self.readings:
                measures.check_inputs(reading.measure, reading.inputs)
                self.quantity(reading)
        except ClaimbookError as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def about(self) -> str:
        """The country the claim is about."""
        return self.country or self.document.country

    @property
    def other(self) -> str:
        """The other side of the tie; empty where there is none."""
        return self.partner or self.document.partner or ""

    def reading(self, identifier: str) -> Reading:
        """A reading by id. ClaimbookError names the readings there are."""
        for entry in self.readings:
            if entry.id == identifier:
                return entry
        known = ", ".join(entry.id for entry in self.readings)
        raise ClaimbookError(f"claim {self.id} has no reading {identifier!r}; there are: {known}")

    def quantity(self, reading: Reading) -> Quantity:
        """What a reading is held against."""
        if reading.printed is not None:
            return quantities.parse(reading.printed)
        return quantities.parse(self.printed, tolerance=self.tolerance)

    def define(self, text: str) -> str:
        """A reading's definition or label with the names of country and partner filled in."""
        return areas.filled(text, country=self.about, partner=self.other)

    def unit_of(self, reading: Reading) -> str:
        """The unit of what a reading is held against."""
        return reading.unit or self.unit


class LedgerFile(_Model):
    """A file of data/claims: the claims of one document, which it names or brings along."""

    document: Identifier | Document
    claims: tuple[dict[str, Any], ...] = Field(min_length=1)


@cache
def documents() -> dict[str, Document]:
    """The audited documents by id (data/documents.yaml), in the order of the file."""
    found = {}
    for entry in yamls.read(data("documents.yaml")):
        document = _validated(Document, entry, f"data/documents.yaml, {entry.get('id')}")
        if document.id in found:
            raise ClaimbookError(f"data/documents.yaml: two documents share the id {document.id}")
        found[document.id] = document
    return found


def read(path: Path) -> list[Claim]:
    """The claims of one ledger file. ClaimbookError names file, claim and field of what is wrong."""
    where = path.name
    ledger = _validated(LedgerFile, yamls.read(path), where)
    if isinstance(ledger.document, Document):
        document = ledger.document
    elif ledger.document in documents():
        document = documents()[ledger.document]
    else:
        raise ClaimbookError(
            f"{where}: document {ledger.document!r} is not in data/documents.yaml; "
            "declare it there, or write the whole document here"
        )
    claims = []
    for entry in ledger.claims:
        if "document" in entry:
            raise ClaimbookError(f"{where}, {entry.get('id')}: the document is named once, on top of the file")
        claims.append(_validated(Claim, {**entry, "document": document}, f"{where}, {entry.get('id')}"))
    _unique(claims, where)
    return claims


@cache
def ledger() -> tuple[Claim, ...]:
    """Every claim of the book, in the order of documents and of each file."""
    found = [claim for path in sorted(data("claims").glob("*.yaml")) for claim in read(path)]
    order = list(documents())
    found.sort(key=lambda claim: order.index(claim.document.id))
    _unique(found, "data/claims")
    return tuple(found)


def claim(identifier: str, claims: Sequence[Claim] | None = None) -> Claim:
    """A claim by id. ClaimbookError, with the nearest ids, where there is none."""
    import difflib

    known = {entry.id: entry for entry in (ledger() if claims is None else claims)}
    if identifier not in known:
        near = difflib.get_close_matches(identifier, known, 3) or sorted(known)
        raise ClaimbookError(f"no claim {identifier!r}; there are: {', '.join(near)}")
    return known[identifier]


def _unique(claims: Sequence[Claim], where: str) -> None:
    seen: set[str] = set()
    for entry in claims:
        if entry.id in seen:
            raise ClaimbookError(f"{where}: two claims share the id {entry.id}")
        seen.add(entry.id)


def _validated(model: type[BaseModel], entry: Any, where: str) -> Any:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'entry'}: {e['msg']}" for e in error.errors()]
        raise ClaimbookError(f"{where}: " + "; ".join(lines)) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a ledger file, for editors and for other ledgers (data/claims.schema.json)."""
    claim_schema = Claim.model_json_schema()
    definitions = claim_schema.pop("$defs")
    claim_schema["properties"].pop("document")
    claim_schema["required"].remove("document")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "claimbook ledger",
        "description": "The claims of one document.",
        "type": "object",
        "additionalProperties": False,
        "required": ["document", "claims"],
        "properties": {
            "document": {
                "anyOf": [
                    {"type": "string", "description": "id of a document in data/documents.yaml"},
                    {"$ref": "#/$defs/Document"},
                ]
            },
            "claims": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Claim"}},
        },
        "$defs": {**definitions, "Claim": claim_schema},
    }
