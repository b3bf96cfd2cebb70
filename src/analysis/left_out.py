"""Which chapters a book made in retrospect leaves out: those for which no figure of its day is held."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import claims, engine, retrospect
from analysis.claims import Claim
from analysis.series import series
from analysis.snapshots.catalogue import publishers
from analysis.snapshots.store import store
from analysis.words import listing


@dataclass(frozen=True)
class Left:
    """A chapter that is left out: its name, its title, and why."""

    name: str
    title: str
    why: str


def left_out(name: str, executed: bytes) -> Left | None:
    """Why a chapter is left out, by its executed notebook: nothing to draw, or every statement of it written later.

    None where it is not, or where the book is of its own time.
    """
    day = retrospect.day()
    cells = json.loads(executed)["cells"]
    if day is None:
        return None
    claimed = _named(cells)
    later = sum(claim.document.day > day for claim in claimed)
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    drawn = any("vega" in kind for output in outputs for kind in output.get("data", ()))
    if drawn and not (claimed and later == len(claimed)):
        return None
    needed = dict.fromkeys(
        series(identifier).publisher for claim in claimed for reading in claim.readings for identifier in reading.series
    )
    held = {release.publisher for release in store().releases}
    missing = [publishers()[publisher].title for publisher in needed if publisher not in held]
    parts = []
    if missing:
        parts.append(f"no release by then is held of {listing(missing)}")
    if later:
        of = "all" if later == len(claimed) else f"{later} of"
        parts.append(f"{of} the {len(claimed)} statements it rests on were written later")
    why = "; ".join(parts) or "the releases held by then have none of its figures"
    return Left(name, title(name), f"{why[:1].upper()}{why[1:]}.")


def asked(name: str) -> list[Claim]:
    """The claims that the cells of a chapter name, in the order of the ledger."""
    return _named(json.loads(engine.chapter(name).read_text(encoding="utf-8"))["cells"])


def _named(cells: Sequence[Mapping[str, Any]]) -> list[Claim]:
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [claim for claim in claims.declared() if f'"{claim.id}"' in code]


def title(name: str) -> str:
    """The title of a chapter, from the first heading of its notebook."""
    cells = json.loads(engine.chapter(name).read_text(encoding="utf-8"))["cells"]
    found = re.search(r"^# (.+)$", "\n".join("".join(cell["source"]) for cell in cells), re.MULTILINE)
    return found[1].strip() if found else name
