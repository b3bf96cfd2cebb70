"""Is an edition still as it would be made now? By everything that it is made of, and by its files as they are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from analysis import rerun
from analysis.editions.making import RECORDS, Order, own_folders
from analysis.inputs import Inputs


def digest(found: Inputs) -> str:
    """One of everything that any edition is made of: figures, ledger, chapters, code, libraries, variables."""
    told = [dict(part) for part in (found.book, found.package, found.installed, found.variables, found.profile)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def kept(order: Order, known: str) -> dict[str, Any] | None:
    """The record of an edition that was made of the same and whose files nobody has changed; None for any other."""
    path = _record(order)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    read = record.get("read")
    if read is None or record.get("key") != _key(order, known) or record.get("sum") != total(order):
        return None
    return record if rerun.given(read) == read else None


def keep(order: Order, known: str) -> None:
    """Write into the record of an edition, just made, of what it was made, and the sum of its files.

    What its chapters read besides the book stands there already; where that cannot be known, it is made each time.
    """
    path = _record(order)
    record = json.loads(path.read_text(encoding="utf-8")) | {"key": _key(order, known), "sum": total(order)}
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(record, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    partial.replace(path)


def total(order: Order) -> str:
    """One SHA-256 over the names and contents of all files of an edition."""
    found = hashlib.sha256()
    for folder in own_folders(order.country):
        for path in sorted((order.folder / folder).rglob("*")):
            if path.is_file():
                found.update(path.relative_to(order.folder).as_posix().encode() + b"\0")
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _record(order: Order) -> Path:
    return order.folder / RECORDS / f"{order.country}.json"


def _key(order: Order, known: str) -> str:
    told = json.dumps([known, order.country, order.partner, order.address, order.book])
    return hashlib.sha256(told.encode()).hexdigest()
