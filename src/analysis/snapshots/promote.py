"""Bring files into the store: all of them or none, whatever happens in between.

New files are written beside the store's own, in `.staging`, and moved into place when they are whole: a snapshot
first, then the catalogue that lists it. Before a snapshot is moved, a note of it is left in `.staging`, so that
the next writer knows what a killed one left behind, and removes it.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from analysis.errors import ClaimbookError
from analysis.snapshots import catalogue
from analysis.snapshots.catalogue import Publisher, Release

STAGING = ".staging"
WAIT = 60  # seconds that a writer waits for another


@contextmanager
def locked(folder: Path, purpose: str = "ingest", wait: float | None = None, of: str = "") -> Iterator[None]:
    """Hold the one lock that writers of a store share, by whatever path it is named; or a lock `of` something longer.

    Whoever holds either finds the store rid of what a killed writer left. ClaimbookError where another has held it
    for longer than `wait` seconds, a minute if it is not said, or where it cannot be had at all.
    """
    wait = WAIT if wait is None else wait
    place = folder.resolve()
    lock = FileLock(place.parent / f".{place.name}{of and '.' + of}.lock", timeout=wait)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        held = lock.acquire()
    except Timeout:
        raise ClaimbookError(
            f"another {purpose} into {place.name}/ has run for {wait:.0f} seconds; wait for it to end"
        ) from None
    except OSError as error:
        raise ClaimbookError(f"cannot write beside {place.name}/: {reason(error)}") from None
    with held:
        if not of:
            sweep(folder)
        elif (folder / STAGING).exists():
            with locked(folder):
                pass
        yield


def promote(release: Release, content: bytes, publisher: Publisher, folder: Path) -> bool:
    """Add a release and its snapshot to a store; False where it is there already with the same figures.

    ClaimbookError, the store as it was, where it is there with other figures, where another writer is at work for
    too long, or where the disk takes no more.
    """
    digest = hashlib.sha256(content).hexdigest()
    with locked(folder):
        resources = catalogue.read(folder).get("resources", [])
        held = next((entry for entry in resources if entry["name"] == release.name), None)
        if held is not None:
            if held["hash"] == f"sha256:{digest}":
                return False
            raise ClaimbookError(
                f"{release.name} is held already with other figures; a release is immutable. "
                "If this is a correction by the publisher, ingest it under the day of the correction"
            )
        entry = catalogue.resource(release, publisher, size=len(content), sha256=digest)
        note = folder / STAGING / f"{release.name}.json"
        try:
            _put(note, json.dumps({"path": release.path, "sha256": digest}).encode(), folder)
            # The figures first, then the catalogue: a crash in between leaves a file that nobody reads yet.
            _put(folder / release.path, content, folder)
            _put(folder / catalogue.FILE, catalogue.text([*resources, entry]), folder)
        except OSError as error:
            with suppress(OSError):
                sweep(folder)
            raise ClaimbookError(f"{release.name}: nothing was added to {folder.name}/: {reason(error)}") from None
        sweep(folder)
    return True


def interrupted(folder: Path) -> Iterator[Path]:
    """The snapshots that a writer has moved into a store and not listed: one that was killed, or one at work."""
    listed = {entry.get("path") for entry in catalogue.read(folder).get("resources", [])}
    for note in _staged(folder):
        told = _told(note) if note.suffix == ".json" else {}
        path = folder / str(told.get("path"))
        if told.get("path") in listed or not path.is_file() or path.parents[1] != folder / "snapshots":
            continue
        with suppress(FileNotFoundError):  # its writer had to give up meanwhile
            if hashlib.sha256(path.read_bytes()).hexdigest() == told.get("sha256"):
                yield path


def sweep(folder: Path) -> None:
    """Remove what a killed writer left behind; to be called by whoever holds the lock."""
    for path in list(interrupted(folder)):
        path.unlink()
    for path in _staged(folder):
        path.unlink()
    with suppress(OSError):
        (folder / STAGING).rmdir()


def reason(error: OSError) -> str:
    """Why the disk did not take something, in plain words where they are known."""
    return "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error)


def _put(path: Path, content: bytes, folder: Path) -> None:
    catalogue.replace(path, content, staging=folder / STAGING)


def _staged(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):  # a reader holds no lock, and a writer may have just ended
        return sorted((folder / STAGING).iterdir())
    return []


def _told(note: Path) -> dict[str, Any]:
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # cut short, or gone meanwhile
        return {}
    return told if isinstance(told, dict) else {}
