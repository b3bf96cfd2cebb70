"""The log of our own mistakes in published versions (data/corrections.yaml).

A frozen version is never rewritten: a notice is put over its pages by the site's own layer, and the log is a page of
the book. Errors of publishers are known errors (analysis.snapshots.errata).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, TypeAdapter, model_validator

from analysis import yamls
from analysis.documents import Identifier
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.models import Address, Model, Text, validated
from analysis.versions import names

FILE = "corrections.yaml"
EVERY_PAGE = "*"
US = "us"
# English and the translations: a mistake about a statement stands in all of them. Cards run no script to tell of it.
CLAIM_PAGES = ("claims/{}.html", "nl/claims/{}.html", "fr/claims/{}.html")
# No segment begins with a dot, and no sign means anything in an address.
_PAGE = r"(\*|([A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*\.html)"


def _a_version(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError('write the version in quotes, such as "2026.10": YAML takes it for the number 2026.1')
    if isinstance(value, str):
        try:
            names.version(value)
        except ClaimbookError as error:
            raise ValueError(str(error)) from None
    return value


def _a_page(value: str) -> str:
    if not re.fullmatch(_PAGE, value):
        raise ValueError(
            f"{value!r} is no page within a version; write its path from the version's root, such as claims/x.html, "
            'or "*" for every page'
        )
    return value


VersionName = Annotated[str, BeforeValidator(_a_version), Field(examples=["2026.11", "2026.11.1", "2026.12rc1"])]
Page = Annotated[str, AfterValidator(_a_page), Field(json_schema_extra={"pattern": f"^{_PAGE}$"})]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]


class Correction(Model):
    """A mistake of ours that was published: what, in which versions, on which pages, and who found it."""

    id: Identifier
    dated: dt.date = Field(description="the day on which it was logged")
    title: Text
    told: Text = Field(description="what was wrong and what is right, in plain words")
    since: VersionName = Field(description="the first version that has it")
    last: VersionName | None = Field(default=None, description="the last version that has it; null while it stands")
    fixed: VersionName | None = Field(
        default=None, description="the version that has it right; null while none does, or where it is no longer told"
    )
    pages: tuple[Page, ...] = Field(default=(), description='from the root of a version; ["*"] is every page')
    claims: tuple[Identifier, ...] = Field(
        default=(), description="statements, withdrawn ones too: their pages follow, in every language"
    )
    reported_by: Name = Field(description="a name, if its owner wishes to be named; `us` where we found it")
    reported_on: dt.date
    address: Address | None = Field(default=None, description="where it was reported and answered")

    @model_validator(mode="after")
    def _in_order(self) -> Correction:
        if self.last is not None and names.version(self.last) < names.version(self.since):
            raise ValueError(f"`last` {self.last} comes before `since` {self.since}")
        if self.fixed is not None and self.last is None:
            raise ValueError(f"{self.fixed} has it right, so name in `last` the last version that has it wrong")
        if self.fixed is not None and names.version(self.fixed) <= names.version(self.last):
            raise ValueError(f"`fixed` {self.fixed} has to come after `last` {self.last}")
        if self.reported_on > self.dated:
            raise ValueError(f"reported on {self.reported_on}, after it was logged on {self.dated}")
        return self

    @model_validator(mode="after")
    def _somewhere(self) -> Correction:
        if not self.pages and not self.claims:
            raise ValueError('name its `pages` or its `claims`; `pages: ["*"]` is every page')
        if EVERY_PAGE in self.pages and (len(self.pages) > 1 or self.claims):
            raise ValueError('`pages: ["*"]` is every page; name no other page and no `claims` beside it')
        return self

    @property
    def where(self) -> tuple[str, ...]:
        """Every page that has it, from the root of a version, those of its claims too; ("*",) for all of them."""
        own = (form.format(claim) for claim in self.claims for form in CLAIM_PAGES)
        return tuple(dict.fromkeys((*self.pages, *own)))

    def affects(self, version: str, page: str) -> bool:
        """Whether a page of a version has it. ClaimbookError where that is not the name of a version.

        A candidate comes before the version that it is one for, so `since: "2026.12"` leaves 2026.12rc1 out.
        """
        return self.concerns(version) and (EVERY_PAGE in self.pages or page in self.where)

    def concerns(self, version: str) -> bool:
        """Whether a version has it on some page. ClaimbookError where that is not the name of a version."""
        asked = names.version(version)
        return asked >= names.version(self.since) and (self.last is None or asked <= names.version(self.last))


@cache
def corrections() -> tuple[Correction, ...]:
    """The book's log, the newest entry first. ClaimbookError names a faulty one."""
    return read(data(FILE))


def read(path: Path) -> tuple[Correction, ...]:
    """The log in a file, the newest entry first, those of a day as the file has them.

    ClaimbookError names a faulty entry and its field, an id that two entries share, or a file that holds no list.
    """
    entries = yamls.read(path)
    if not isinstance(entries, list):
        raise ClaimbookError(f"{path.name} holds no list of corrections; where there is none write []")
    found: dict[str, Correction] = {}
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id") if isinstance(entry, dict) else None
        item = validated(Correction, entry, f"{path.name}, {name or f'entry {number}'}")
        if item.id in found:
            raise ClaimbookError(f"{path.name}: two entries share the id {item.id}")
        found[item.id] = item
    return tuple(sorted(found.values(), key=lambda entry: entry.dated, reverse=True))


def as_layer(entries: Sequence[Correction] | None = None) -> list[dict[str, Any]]:
    """The log, or these entries of it, as the mutable layer takes it: plain data, the newest first."""
    return [
        {
            "id": entry.id,
            "dated": entry.dated.isoformat(),
            "title": entry.title,
            "told": entry.told,
            "first": entry.since,
            "last": entry.last,
            "pages": list(entry.where),
            "fixed": entry.fixed,
            "reported_by": entry.reported_by,
        }
        for entry in (corrections() if entries is None else entries)
    ]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the log, for editors (data/corrections.schema.json)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "claimbook corrections",
        "description": "Our own mistakes in published versions of the book.",
        **TypeAdapter(list[Correction]).json_schema(),
    }
