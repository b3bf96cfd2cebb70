"""The ledger: what each document says, as data, before anything is computed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from analysis import areas, measures, quantities, reads, records, restating, retrospect, yamls
from analysis.documents import Document, Identifier, documents
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.models import Address, Model, Text, validated
from analysis.quantities import Quantity
from analysis.records import Record
from analysis.series import series as registered
from analysis.snapshots.catalogue import publishers

KINDS = {
    "statistic": "a figure, or a comparison that figures can test",
    "pledge": "what somebody undertook to do by a year; judged by its own wording in that year",
    "forecast": "what is expected of a year to come; judged by the projections published for it",
    "fact": "an event or a state of affairs; decided by a public record",
}
_PLACE = re.compile(r"\{[^{}]*\}")


class Note(Model):
    """A publisher's own note on a definition, told in our words."""

    text: Text
    address: Address | None = None


class Reading(Model):
    """One way to read a claim: a measure, its inputs and what they define.

    `role` outturn: shown beside a pledge, never part of its verdict.
    """

    id: Identifier
    label: Text = Field(max_length=40, description="short, for the end of a line in a chart")
    definition: Text = Field(description="one sentence; {country}, {country's}, {partner}, {partner's} are filled in")
    elsewhere: Text | None = Field(
        default=None, description="how it reads for any country, one sentence with places (analysis.restating)"
    )
    measure: str
    inputs: dict[str, Any] = Field(default_factory=dict)
    printed: str | None = Field(default=None, description="the figure this reading is held against, if another")
    unit: str | None = None
    role: Literal["reading", "outturn"] = "reading"
    note: Note | None = Field(default=None, description="the publisher's note; without it, that of the first series")

    @property
    def series(self) -> tuple[str, ...]:
        """The ids of the series it uses."""
        return measures.check_inputs(self.measure, self.inputs)

    @property
    def cited(self) -> Note:
        """The publisher's note on the definition: the reading's own, else that of its first series."""
        about = registered(self.series[0])
        if self.note is not None and self.note.address is not None:
            return self.note
        text = self.note.text if self.note is not None else about.note or about.concept
        return Note(text=text, address=publishers()[about.publisher].methods)


class Cited(Model):
    """A public record and what it says of a claim.

    `agrees` True or False settles a fact; None bears on it without settling it. `today`: what it says of the
    present, where the fact is a state that can change.
    """

    record: Record
    agrees: bool | None
    told: Text
    today: bool | None = None

    @field_validator("record", mode="before", json_schema_input_type=Identifier | Record)
    @classmethod
    def _registered(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return records.record(value)
        except ClaimbookError as error:
            raise ValueError(str(error)) from None


class Reply(Model):
    """What an author of the document answered."""

    by: Text
    dated: dt.date
    text: Text
    address: Address | None = None


class Figure(Model):
    """How a claim's chart is drawn where nothing else is asked for."""

    title: Text = Field(description="{country}, {country's}, {partner}, {partner's} are filled in")
    unit: str = Field(default="", description="what stands beside the axis")
    scale: float = Field(default=1.0, gt=0, description="values are divided by it")
    readings: tuple[Identifier, ...] = Field(
        default=(), description="those drawn; all of the first one's unit if empty"
    )


class Claim(Model):
    """A statement of a document, in our own words, with every way to read it, the likeliest first."""

    id: Identifier
    theme: Identifier
    title: Text
    statement: Text
    place: Text
    kind: Literal[tuple(KINDS)] = "statistic"
    printed: str | None = Field(default=None, description="the printed figure, in the rounding grammar")
    unit: str | None = Field(
        default=None, description="unit of the printed figure, as the measure's but for thousand, million, billion"
    )
    tolerance: float = Field(default=0.0, ge=0, le=0.25, description="as a share of the figure")
    threshold: Text | None = Field(default=None, description="what an adjective was taken to mean, declared beforehand")
    year: int | None = Field(default=None, description="the year it names, if it names one")
    due: int | None = Field(default=None, description="the year by which a pledge is due or a forecast speaks of")
    country: str | None = None
    partner: str | None = None
    untestable: Text | None = Field(default=None, description="why no figure and no record at hand can decide it")
    unheld: Text | None = Field(
        default=None, description="the likeliest reading where no figures of it are held; the others cannot refute it"
    )
    lasting: bool | None = Field(
        default=None,
        description="whether what was so then stays so: facts do unless they are states; statements on figures do not",
    )
    caveats: tuple[Text, ...] = ()
    readings: tuple[Reading, ...] = ()
    records: tuple[Cited, ...] = ()
    echoes: tuple[Identifier, ...] = Field(default=(), description="claims of other documents that say the same")
    replies: tuple[Reply, ...] = ()
    figure: Figure | None = None
    document: Document = Field(json_schema_extra={"readOnly": True})

    @model_validator(mode="after")
    def _consistent(self) -> Claim:
        if (self.kind in ("pledge", "forecast")) != (self.due is not None) and self.untestable is None:
            raise ValueError("a pledge or a forecast, and nothing else, has a year in `due`")
        settled = any(cited.agrees is not None for cited in self.records)
        if self.untestable is not None and self.readings:
            raise ValueError("a statement that is untestable has no readings; give them, or say why there are none")
        if self.untestable is not None and settled:
            raise ValueError(
                "a record that agrees or differs decides it; leave out `untestable`, or leave `agrees` null"
            )
        if self.lasts and any(cited.today is not None for cited in self.records):
            raise ValueError("`today` of a record is of a state that can change; say so by `lasting: false`")
        if self.kind == "fact" and any(reading.role == "reading" for reading in self.readings):
            raise ValueError("a fact is decided by `records`; what figures say beside it has the role outturn")
        if self.untestable is None and self.kind == "fact" and not settled:
            raise ValueError("a fact needs a record in `records` that agrees or differs")
        if self.untestable is None and self.kind != "fact" and not self.readings:
            raise ValueError("give `readings`, or say in `untestable` why there are none")
        unknown = set(self.figure.readings if self.figure else ()) - {reading.id for reading in self.readings}
        if unknown:
            raise ValueError(f"`figure` names no reading of the claim: {min(unknown)}")
        if self.kind != "fact" and self.lasting and self.year is None:
            raise ValueError("only a statement that names its `year` can be of something past (`lasting`)")
        if self.readings:
            self._check_readings()
        for code in (self.about, self.other):
            if code:
                _told(lambda code=code: areas.area(code))
        if self.printed is not None and not self.readings:
            _told(lambda: quantities.parse(self.printed, tolerance=self.tolerance))
        self._check_places()
        return self

    def _check_places(self) -> None:
        """No text is printed with a place in it that nothing fills."""
        own = {"title": self.title, "statement": self.statement, "place": self.place, "threshold": self.threshold}
        own |= {"untestable": self.untestable, "unheld": self.unheld}
        own |= {f"caveats.{at}": text for at, text in enumerate(self.caveats)}
        own |= {f"records.{at}.told": cited.told for at, cited in enumerate(self.records)}
        for name, text in own.items():
            if text and (found := _PLACE.search(text)):
                raise ValueError(f"{name} is printed as it stands; write a name instead of {found[0]}")
        filled = {f"readings.{entry.id}.label": entry.label for entry in self.readings}
        filled |= {f"readings.{entry.id}.definition": entry.definition for entry in self.readings}
        if self.figure is not None:
            filled["figure.title"] = self.figure.title
        for name, text in filled.items():
            if found := _PLACE.search(self.define(text)):
                partner = "; the claim has no partner" if "partner" in found[0] and not self.other else ""
                raise ValueError(f"{name}: nothing fills {found[0]}{partner}")

    def _check_readings(self) -> None:
        if self.printed is None or self.unit is None:
            raise ValueError("readings are held against `printed`, which needs a `unit`")
        if self.kind != "fact" and self.readings[0].role != "reading":
            raise ValueError("the first reading is the likeliest one and cannot be an outturn")
        names = [reading.id for reading in self.readings]
        if len(names) != len(set(names)):
            raise ValueError("two readings share an id")
        for reading in self.readings:
            _told(lambda reading=reading: measures.check_inputs(reading.measure, reading.inputs))
            _told(lambda reading=reading: self.quantity(reading))
            self._check_elsewhere(reading)

    def _check_elsewhere(self, reading: Reading) -> None:
        if reading.elsewhere is None:
            return
        _told(lambda: restating.check(reading.elsewhere, reading.inputs))
        if "{partner" in reading.elsewhere and not self.other:
            raise ValueError(f"readings.{reading.id}.elsewhere names a partner; the claim has none")

    @property
    def lasts(self) -> bool:
        """Whether the statement is of something past, which later years cannot change."""
        return self.kind == "fact" if self.lasting is None else self.lasting

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


class LedgerFile(Model):
    """A file of data/claims: the claims of one document, which it names or brings along."""

    document: Identifier | Document
    claims: tuple[dict[str, Any], ...] = Field(min_length=1)


def read(path: Path) -> list[Claim]:
    """The claims of one ledger file. ClaimbookError names file, claim and field of what is wrong."""
    where = path.name
    ledger = validated(LedgerFile, yamls.read(path), where)
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
        claims.append(validated(Claim, {**entry, "document": document}, f"{where}, {entry.get('id')}"))
    _unique(claims, where)
    return claims


def ledger() -> tuple[Claim, ...]:
    """The claims that the book audits: all, or in retrospect what was written, recorded and answered by its day."""
    day = retrospect.day()
    if day is None:
        return declared()
    written = [claim for claim in declared() if claim.document.day <= day]
    return tuple(_then(claim, day, {entry.id for entry in written}) for claim in written)


def _then(claim: Claim, day: dt.date, names: Collection[str]) -> Claim:
    """A claim as it would have been audited on a day on which there were claims of these names."""
    known = tuple(cited for cited in claim.records if cited.record.known_by(day))
    change = {
        "records": known,
        "replies": tuple(reply for reply in claim.replies if reply.dated <= day),
        "echoes": tuple(name for name in claim.echoes if name in names),
    }
    if claim.kind == "fact" and claim.untestable is None and not any(cited.agrees is not None for cited in known):
        why = f"No record that was dated by {day:%-d %B %Y} and would settle it is held."
        change |= {"untestable": why, "readings": (), "figure": None}
    return claim.model_copy(update=change)


@reads.whole(reads.LEDGER)
def declared() -> tuple[Claim, ...]:
    """Every claim declared, in the order of documents and of each file."""
    found = [claim for path in sorted(data("claims").glob("*.yaml")) for claim in read(path)]
    order = list(documents())
    found.sort(key=lambda claim: order.index(claim.document.id))
    _unique(found, "data/claims")
    known = {entry.id: entry for entry in found}
    for entry in found:
        for other in entry.echoes:
            if other not in known or known[other].document.id == entry.document.id:
                raise ClaimbookError(f"{entry.id}: `echoes` names {other!r}, which is no claim of another document")
    return tuple(found)


def claim(identifier: str, claims: Sequence[Claim] | None = None) -> Claim:
    """A claim by id, of all that are declared or of those given. ClaimbookError, with the nearest ids, for none."""
    import difflib

    if claims is None:
        with reads.told_finer():
            claims = declared()
        reads.note(reads.CLAIM, identifier)
    known = {entry.id: entry for entry in claims}
    if identifier not in known:
        near = difflib.get_close_matches(identifier, known, 3) or sorted(known)
        raise ClaimbookError(f"no claim {identifier!r}; there are: {', '.join(near)}")
    return known[identifier]


def audited(identifier: str) -> Claim:
    """A claim that the book audits, by id. ClaimbookError, with the nearest ids, for none."""
    with reads.told_finer():
        held = ledger()
    reads.note(reads.CLAIM, identifier)
    return claim(identifier, held)


def of_theme(theme: str) -> list[Claim]:
    """The claims that the book audits on a theme, in the order of the ledger."""
    with reads.told_finer():
        held = ledger()
    reads.note(reads.THEME, theme)
    return [entry for entry in held if entry.theme == theme]


def _unique(claims: Sequence[Claim], where: str) -> None:
    seen: set[str] = set()
    for entry in claims:
        if entry.id in seen:
            raise ClaimbookError(f"{where}: two claims share the id {entry.id}")
        seen.add(entry.id)


def _told(check: Any) -> None:
    """Run a check; what it finds wrong is told as the model's own fault."""
    try:
        check()
    except ClaimbookError as error:
        raise ValueError(str(error)) from None


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
