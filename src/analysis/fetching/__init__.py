"""How the newest figures of a publisher are had: one room for each way, none of which knows the store.

A room offers ``fetch(upstream, client, held) -> Fetched | None``. `held` is the newest release of the publisher
that is held, or None; what comes back is None where the publisher has nothing newer. What a room leaves on the
disk are files in a layout that `analysis.publishers` parses; nothing of it is a release yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fetched:
    """The files of one release as they came.

    `released`: YYYY-MM-DD. `dated`: whether the publisher states that day; else it is the day of the download.
    """

    released: str
    files: tuple[Path, ...]
    addresses: tuple[str, ...]
    dated: bool = True
    note: str | None = None
