"""Where each publisher's figures are fetched from, and how gently (data/upstreams.yaml)."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from analysis import yamls
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.models import Address, Model, Text, validated
from analysis.snapshots.catalogue import publishers

Seconds = float
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+(:\d+)?$")]


class Pace(Model):
    """How often a request is tried, and how long is waited; waits are in seconds."""

    attempts: int = Field(default=5, ge=1, le=10)
    first_wait: Seconds = Field(default=1.0, ge=0, description="at most before the second try; doubled each time")
    longest_wait: Seconds = Field(default=60.0, ge=0, description="a server that asks for more is left alone")
    connect: Seconds = Field(default=10.0, gt=0)
    read: Seconds = Field(default=120.0, gt=0, description="between two pieces of an answer")
    per_second: float = Field(default=2.0, gt=0, description="requests to one host")


class Key(Model):
    """A key that an API asks for, taken from the environment and never written down."""

    variable: str = Field(pattern=r"^[A-Z][A-Z0-9_]+$")
    parameter: str = Field(description="its name in a request")
    ask: Address = Field(description="where one is had")


class Upstream(Model):
    """How one publisher's newest figures are had.

    `how`: by a client of the publisher's API (worldbank, census), as one file whose address stays (file), or as the
    newest file that a page links to (page), told by `link`, a pattern of the file's name.
    """

    publisher: str
    how: Literal["worldbank", "census", "file", "page"]
    address: Address
    hosts: tuple[Host, ...] = Field(default=(), description="other hosts that a link or a redirect may lead to")
    link: str | None = Field(default=None, description="groups year, month and day in it tell which file is newest")
    api: Address | None = Field(default=None, description="asked instead where the key is set")
    key: Key | None = None
    page_size: int | None = Field(default=None, ge=1)
    first_year: int | None = None
    note: Text | None = None
    pace: Pace = Pace()

    @field_validator("address", "api")
    @classmethod
    def _secure(cls, value: str | None) -> str | None:
        if value is not None and not secure(value):
            raise ValueError("https is needed, except for this machine itself")
        return value

    @field_validator("link")
    @classmethod
    def _pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from None
        return value

    @model_validator(mode="after")
    def _whole(self) -> Upstream:
        if (self.how == "page") != (self.link is not None):
            raise ValueError("a page, and nothing else, has a `link`")
        if (self.api is None) != (self.key is None):
            raise ValueError("`api` and `key` go together")
        return self

    @property
    def allowed(self) -> frozenset[str]:
        """The hosts that may be asked, with the port where one is named."""
        named = [urlsplit(address).netloc for address in (self.address, self.api) if address]
        return frozenset((*named, *self.hosts))


def secure(address: str) -> bool:
    """Whether an address is asked by https, or is one of this machine itself. ValueError where it is no address."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        own = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        own = False
    return parts.scheme == "https" or (parts.scheme == "http" and own)


@cache
def upstreams(file: Path | None = None) -> dict[str, Upstream]:
    """The upstreams declared in data/upstreams.yaml or in another file, by publisher.

    ClaimbookError names a faulty entry, or one of a publisher that is not declared.
    """
    path = file or data("upstreams.yaml")
    declared = yamls.read(path)
    if not isinstance(declared, dict):
        raise ClaimbookError(f"{path.name}: not a list of publishers")
    found = {}
    for name, entry in declared.items():
        if name not in publishers():
            raise ClaimbookError(f"{path.name}: publisher {name!r} is not declared in data/publishers.yaml")
        if not isinstance(entry, dict):
            raise ClaimbookError(f"{path.name}, {name}: not an entry; say `how` and `address`")
        found[name] = validated(Upstream, {"publisher": name, **entry}, f"{path.name}, {name}")
    return found
