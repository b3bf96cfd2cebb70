"""The newest figures that publishers give, in a store of its own: what a chapter run with `-p data live` reads.

The store lies in the user's cache folder, holds the book's releases and what was fetched beside them, and is kept, so
that the next run asks only for what is newer. The book's own store is read and never written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from analysis import reads
from analysis.errors import ClaimbookError
from analysis.fetching.upstreams import upstreams
from analysis.home import data
from analysis.refresh import Outcome, cache_folder, refresh
from analysis.snapshots import catalogue, promote
from analysis.snapshots.store import Store


def opened() -> tuple[Store, tuple[Outcome, ...]]:
    """The live store, refreshed, and what became of each publisher; each is told on stderr as it is done.

    ClaimbookError where a release of the book and one that was fetched share a name and not their figures.
    """
    reads.note(reads.NEVER, "figures are fetched live")
    folder = cache_folder() / "live" / hashlib.sha256(str(data()).encode()).hexdigest()[:16] / "data"
    mirror(data(), folder)
    file = os.environ.get("CLAIMBOOK_UPSTREAMS")
    outcomes = []
    for outcome in refresh(list(upstreams(Path(file) if file else None).values()), folder):
        outcomes.append(outcome)
        print(f"{outcome.publisher}: {outcome.text}", file=sys.stderr, flush=True)
    return Store(folder), tuple(outcomes)


def mirror(book: Path, folder: Path) -> None:
    """Bring every release of a store into another one that may hold more; the files first, then the catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    with promote.locked(folder):
        held = {entry["name"]: entry for entry in catalogue.read(folder).get("resources", [])}
        for entry in catalogue.read(book).get("resources", []):
            release, known = catalogue.release_of(entry), held.get(entry["name"])
            if known is not None and known["hash"] != entry["hash"]:
                told = f"{release.name} was fetched with other figures than the book now holds"
                raise ClaimbookError(f"{told}; remove {folder} and run anew")
            if known is None or not (folder / release.path).is_file():
                (folder / release.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(book / release.path, folder / release.path)
            held[entry["name"]] = entry
        catalogue.replace(
            folder / catalogue.FILE, catalogue.text(list(held.values())), staging=folder / promote.STAGING
        )
        promote.sweep(folder)
