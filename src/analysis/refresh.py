"""Bring the newest releases of publishers into the store, beside those that are held and never instead of them.

What is fetched is parsed, checked against what is declared and against the releases before, and only then added. What
is faulty or odd goes into quarantine, a folder beside the store, with a report that says what to do. One publisher's
trouble is never another's.
"""

from __future__ import annotations

import getpass
import importlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import platformdirs

from analysis import quarantine
from analysis.errors import ClaimbookError
from analysis.fetching import Fetched
from analysis.fetching.upstreams import Upstream
from analysis.models import named
from analysis.snapshots import catalogue, guard, ingest, promote
from analysis.snapshots.catalogue import Acceptance, Release
from analysis.snapshots.store import Store

# The room that fetches, for each way that an upstream can be had.
ROOMS = {"worldbank": "worldbank", "census": "census", "file": "files", "page": "files"}
OUTCOMES = {
    "new": "a release was added",
    "same": "the publisher has nothing newer",
    "quarantined": "what came is faulty or odd; it waits in quarantine",
    "failed": "the publisher could not be asked, or did not answer as it should",
}
PATIENCE = 900  # seconds that a refresh waits for another one

Say = Callable[..., None]


@dataclass(frozen=True)
class Outcome:
    """What became of one publisher: a word of OUTCOMES and why, in a line; `requests`: how many went out."""

    publisher: str
    word: str
    text: str
    release: Release | None = None
    cautions: tuple[guard.Caution, ...] = ()
    quarantine: Path | None = None
    requests: int = 0
    advice: tuple[str, ...] = ()


def cache_folder() -> Path:
    """Where answers are remembered and files kept as they came: CLAIMBOOK_CACHE, else the user's own cache folder."""
    named = os.environ.get("CLAIMBOOK_CACHE")
    return Path(named).expanduser() if named else platformdirs.user_cache_path("claimbook")


def chosen(names: Sequence[str], known: dict[str, Upstream]) -> list[Upstream]:
    """The upstreams of the publishers named, or all of them. ClaimbookError for one that cannot be asked."""
    by_hand = "its releases are ingested by hand: `claimbook data ingest`"
    for name in names:
        if name not in known and name in catalogue.publishers():
            raise ClaimbookError(f"no upstream is declared for {name}; {by_hand}; declared are: {', '.join(known)}")
    return [named(known, name, "publisher") for name in names] if names else list(known.values())


def refresh(
    upstreams: Sequence[Upstream],
    folder: Path,
    *,
    accept: Sequence[str] = (),
    by: str | None = None,
    say: Say | None = None,
) -> Iterator[Outcome]:
    """Refresh one publisher after the other, under a lock of its own, and yield what became of each.

    `accept`: names of cautions over which a release is taken all the same; `by` is who takes it, the user if nobody
    is named. `say(publisher, text, share)` is told what goes on. ClaimbookError for an unknown name in `accept`, or
    where another refresh does not end.
    """
    for name in accept:
        if name not in guard.CAUTIONS:
            raise ClaimbookError(f"--accept {name}: there is no such caution; there are: {', '.join(guard.CAUTIONS)}")
    say = say or (lambda publisher, text, share=None: None)
    folder.mkdir(parents=True, exist_ok=True)
    with promote.locked(folder, "refresh", PATIENCE, of="refresh"):
        for upstream in upstreams:
            say(upstream.publisher, "asking")
            try:
                yield _one(upstream, folder, tuple(accept), by, say)
            except ClaimbookError as error:
                yield Outcome(upstream.publisher, "failed", str(error))
            except (OSError, sqlite3.Error) as error:  # the cache's disk is full, or not ours to write
                where = cache_folder()
                yield Outcome(upstream.publisher, "failed", f"cannot keep what was fetched in {where}: {error}")


def _one(upstream: Upstream, folder: Path, accept: tuple[str, ...], by: str | None, say: Say) -> Outcome:
    from analysis.fetching.client import Client

    name = upstream.publisher
    store = Store(folder) if catalogue.read(folder).get("resources") else None
    ours = [] if store is None else [entry for entry in store.releases if entry.publisher == name]
    held = next((entry for entry in reversed(ours) if entry.obtained == "downloaded"), None)
    client = Client(upstream, cache_folder() / name, say=lambda text, share=None: say(name, text, share))
    try:
        room = importlib.import_module(f"analysis.fetching.{ROOMS[upstream.how]}")
        fetched: Fetched | None = room.fetch(upstream, client, held)
        found = _taken(name, fetched, folder, store, held, accept, by, say)
    except ClaimbookError as error:
        found = Outcome(name, "failed", str(error))
    finally:
        client.close()
    return replace(found, requests=client.asked, advice=tuple(client.advice))


def _taken(
    name: str, fetched: Fetched | None, folder: Path, store: Store | None, held: Release | None,
    accept: tuple[str, ...], by: str | None, say: Say,
) -> Outcome:  # fmt: skip
    """What becomes of what was fetched: added, known already, or put in quarantine."""
    if fetched is None:
        quarantine.clear(held.name, folder)  # a refresh that was killed had taken it, and not come to this
        return Outcome(name, "same", f"nothing newer than {held.released}", held)
    say(name, "reading")
    try:
        made = ingest.prepare(name, fetched.files, fetched.released, addresses=fetched.addresses, note=fetched.note)
    except ClaimbookError as error:
        where = quarantine.put(name, fetched, folder, faults=[str(error)])
        return Outcome(name, "quarantined", f"not understood: {error}", quarantine=where)
    if not fetched.dated and store is not None and _told_already(made.observations, store):
        return Outcome(name, "same", "the same figures as are held", held)
    say(name, "comparing")
    odd = guard.cautions(made.release, made.observations, store)
    refused = [caution for caution in odd if caution.name not in accept]
    if refused:
        where = quarantine.put(name, fetched, folder, odd=odd)
        names = ", ".join(dict.fromkeys(caution.name for caution in refused))
        return Outcome(name, "quarantined", f"odd: {names}", cautions=tuple(odd), quarantine=where)
    release = made.release.model_copy(update={"accepted": _accepted(odd, by)})
    added = promote.promote(release, ingest.encode(made.observations), catalogue.publishers()[name], folder)
    quarantine.clear(release.name, folder)
    if not added:
        return Outcome(name, "same", f"nothing newer than {release.released}", release)
    return Outcome(name, "new", OUTCOMES["new"], release, cautions=tuple(odd))


def _told_already(frame: pd.DataFrame, store: Store) -> bool:
    """Whether the newest figures held are these, so that a download without a date of its own brings nothing."""
    edition = store.as_of(store.newest)
    for identifier, part in frame.groupby("series"):
        known = edition.figures(identifier)
        known = known[known["period"].isin(part["period"])]
        both = part.merge(known, on=[*guard.KEY, "unit", "flag", "value"], how="outer", indicator=True)
        if (both["_merge"] != "both").any():
            return False
    return True


def _accepted(odd: Sequence[guard.Caution], by: str | None) -> tuple[Acceptance, ...] | None:
    if not odd:
        return None
    today, who = datetime.now(UTC).date().isoformat(), by or getpass.getuser()
    return tuple(Acceptance(caution=caution.name, text=str(caution), by=who, on=today) for caution in odd)
