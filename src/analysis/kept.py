"""Results of chapters that are kept beside a built book, several of each, each with what it was made from.

A file holds the SHA-256 of all that follows, a line of JSON, and the executed notebook. It is written in one step, so
that an interruption leaves the old ones, and whatever was damaged is known by its sum.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.snapshots.catalogue import replace

FOLDER = ".chapters"
FORMAT = 1
# How many results of one chapter are kept, so that going back and forth between states of a book costs nothing.
MOST = 6
_ENDING = ".kept"
_Kinds = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Result:
    """A chapter's result: the executed notebook, what it read, and what stood there then, by kind and name.

    `never`: why it must not be used again; there is then no notebook.
    """

    reads: Mapping[str, Any]
    state: _Kinds
    notebook: bytes
    never: tuple[str, ...] = ()


def place(folder: Path, name: str, parameters: Mapping[str, Any]) -> Path:
    """Where the results of a chapter with these parameters are kept."""
    if not parameters:
        return folder / name
    told = json.dumps(parameters, sort_keys=True, default=str)
    return folder / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def of(place: Path) -> tuple[list[tuple[Path, Result]], int]:
    """The results kept in a place, the one used last first, and how many files are damaged."""
    found, damaged = [], 0
    for path in _files(place):
        result = _read(path)
        if result is None:
            damaged += 1
        else:
            found.append((path, result))
    return found, damaged


def keep(place: Path, result: Result) -> Result:
    """Keep a result; the oldest beyond MOST are forgotten, and so are damaged ones and what was half written."""
    told = {"format": FORMAT, "reads": result.reads, "state": result.state, "never": result.never}
    content = json.dumps(told, sort_keys=True).encode() + b"\n" + result.notebook
    told_sum = hashlib.sha256(content).hexdigest()
    replace(place / f"{told_sum[:32]}{_ENDING}", told_sum.encode() + b"\n" + content)
    files = _files(place)
    for number, path in enumerate(files):
        if number >= MOST or _read(path) is None:
            path.unlink(missing_ok=True)
    for path in place.glob(f".*{_ENDING}.*"):  # of a process that was killed as it wrote
        path.unlink(missing_ok=True)
    return result


def used(path: Path) -> None:
    """Note that a result was used just now."""
    os.utime(path)


def _files(place: Path) -> list[Path]:
    paths = [path for path in place.glob(f"*{_ENDING}") if re.fullmatch(r"[0-9a-f]{32}", path.stem)]
    return sorted(paths, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def _read(path: Path) -> Result | None:
    """A kept result; None where the file is not what was written."""
    try:
        told_sum, content = path.read_bytes().split(b"\n", 1)
        if hashlib.sha256(content).hexdigest().encode() != told_sum:
            return None
        head, notebook = content.split(b"\n", 1)
        told = json.loads(head)
        if told["format"] != FORMAT:
            return None
        return Result(told["reads"], told["state"], notebook, tuple(told["never"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
