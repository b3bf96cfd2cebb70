"""The folder of all editions: one writer at a time, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.editions.making import RECORDS
from analysis.errors import ClaimbookError

LOCK = ".lock"


@contextmanager
def locked(site: Path) -> Iterator[None]:
    """Hold the folder while editions are made in it; ClaimbookError where somebody else does, or it is none of ours."""
    if site.exists() and not site.is_dir():
        raise ClaimbookError(f"{site} is a file; name a folder for the editions with --output")
    if site.is_dir() and any(site.iterdir()) and not (site / RECORDS).is_dir():
        raise ClaimbookError(f"{site} holds something else than editions; name another folder with --output")
    (site / RECORDS).mkdir(parents=True, exist_ok=True)
    lock = FileLock(site / RECORDS / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ClaimbookError(
            f"editions are being made in {site} already; wait for that, or name another folder"
        ) from None
    try:
        yield
    finally:
        lock.release()
