"""What a version says of its own making, in the file version.json at its root: enough to make it again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from analysis.errors import ClaimbookError

FILE = "version.json"
SUMS = "SHA256SUMS"
CONTRACT = 1


def is_within(path: str) -> bool:
    """Whether a path names a file below the folder from which it is told, wherever that stands."""
    return "\\" not in path and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))


def _within(path: str) -> str:
    if not is_within(path):
        raise ValueError(f"{path!r} leads out of the folder")
    return path


Within = Annotated[str, AfterValidator(_within)]


class _Json(BaseModel):
    model_config = ConfigDict(extra="ignore")  # a later book reads what earlier ones wrote, and the other way round


class Snapshot(_Json):
    """One release of a publisher that the version held."""

    publisher: str
    released: str
    path: Within
    sha256: str


class Left(_Json):
    """A page that was left out, and why."""

    name: str
    title: str
    why: str


class Record(_Json):
    """How a version was made."""

    contract: int = CONTRACT
    name: str = Field(description="the calendar version, such as 2026.11")
    as_of: dt.date = Field(description="the day of the newest release held: what `today` means in it")
    retrospective: dt.date | None = Field(
        default=None, description="the day as of which it was built in retrospect; null for a version of its own time"
    )
    address: str = Field(default="", description="of the whole site's root, with a slash at its end; empty if unknown")
    commit: str | None = Field(description="the commit of the code, the ledger and the chapters")
    lock: str = Field(description="SHA-256 of requirements.lock")
    ledger: str = Field(description="SHA-256 of all declarations in data/: documents, claims, records, series, ...")
    method: str = Field(description="SHA-256 of the code of the package")
    python: str = Field(description="implementation and version")
    tools: dict[str, str] = Field(description="installed libraries that take part in the build, by name")
    snapshots: list[Snapshot]
    chapters: dict[str, str] = Field(description="titles of chapters by name")
    left_out: list[Left] = Field(default_factory=list)
    pages: list[Within] = Field(description="every page of the version, from its root")


def read(folder: Path) -> Record:
    """The record of the version in a folder; ClaimbookError where there is none or it cannot be read."""
    path = folder / FILE
    try:
        return Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ClaimbookError(
            f"{folder} holds no {FILE}, so it is not a version of the book; build one with "
            "`claimbook book --release VERSION`"
        ) from None
    except (OSError, ValidationError, ValueError) as error:
        raise ClaimbookError(f"{path} cannot be read as the record of a version: {error}") from None


def text(record: Record) -> str:
    """The record as its file holds it."""
    return json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of version.json (data/version.schema.json)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Record.model_json_schema()}
