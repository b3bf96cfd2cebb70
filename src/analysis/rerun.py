"""Whether the kept result of a chapter still holds, and in words why or why not.

A result holds where everything that stood there when it was made stands there still: its cells and parameters, the
package, what is installed, declarations, and of releases, statements and files those that it read (analysis.reads).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis import claims, engine, kept, reads, reasons
from analysis.hearing import of_file, of_listing, of_variable
from analysis.home import home
from analysis.inputs import Inputs
from analysis.kept import Result
from analysis.snapshots import errata
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store, store

LOCK = "requirements.lock"
# What in data/ is read by statement, by release or by series, and not as a whole.
FINER = ("data/claims/", "data/snapshots/", "data/datapackage.json", f"data/{errata.FILE}")
UNCHANGED = "nothing it read has changed"
# Kinds that analysis.reads hands over with what they held.
GIVEN = ("files", "folders", "variables")


@dataclass(frozen=True)
class Verdict:
    """Whether a chapter has to run, and why; `result` is the kept one where it does not."""

    name: str
    parameters: Mapping[str, Any]
    reason: str
    result: Result | None = None

    @property
    def text(self) -> str:
        """A line for a reader."""
        return f"{self.name}: {'run' if self.result is None else 'kept'}: {self.reason}"


def given(read: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """What the files, folders and variables hold now that a run was given, by kind and name."""
    return {
        "files": {path: of_file(home() / path) for path in read["files"]},
        "folders": {path: of_listing(home() / path) for path in read["folders"]},
        "variables": {name: of_variable(name) for name in read["variables"]},
    }


class Present:
    """What stands there now, by the kinds of what a chapter depends on."""

    def __init__(self, inputs: Inputs, held: Store | None = None) -> None:
        """`held`: the book's store, where it is not that of this process."""
        self.inputs = inputs
        self._given = held

    @property
    def _held(self) -> Store:
        return self._given or store()

    def state(self, name: str, parameters: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """All that a chapter's result depends on which read these things (as analysis.reads writes them)."""
        book = self.inputs.book
        known = {claim for theme in read[reads.THEME] for claim in self._theme(theme)}
        known |= {*read[reads.CLAIM], *(self._claims if read[reads.LEDGER] else ())}
        carrying = {series: self._carrying(series) for series in read[reads.SERIES]}
        entries = {release for releases in carrying.values() for release in releases}
        if read[reads.RELEASES]:
            entries |= set(self._entries)
        return {
            "cells": {name: cells(engine.chapter(name))},
            "parameters": {key: json.dumps(value, default=str) for key, value in parameters.items()},
            "installed": dict(self.inputs.installed),
            "lock": {LOCK: book.get(LOCK, "")},
            "package": dict(self.inputs.package),
            "surroundings": dict(self.inputs.variables),
            "profile": dict(self.inputs.profile),
            "declarations": {
                path: sha for path, sha in book.items() if path.startswith("data/") and not path.startswith(FINER)
            },
            "series": {series: " ".join(releases) for series, releases in carrying.items()},
            "releases": {"": " ".join(self._entries)} if read[reads.RELEASES] else {},
            "snapshots": {name: self._snapshot(name) for name in read[reads.RELEASE]},
            "entries": {name: self._entries.get(name, "") for name in sorted(entries)},
            "newest": {"": self._newest} if read[reads.NEWEST] else {},
            "errata": {series: self._errata(series) for series in read[reads.SERIES]},
            "register": {f"data/{errata.FILE}": book.get(f"data/{errata.FILE}", "")} if read[reads.ERRATA] else {},
            "themes": {theme: " ".join(self._theme(theme)) for theme in read[reads.THEME]},
            "ledger": {"": " ".join(self._claims)} if read[reads.LEDGER] else {},
            "statements": {name: self._claims.get(name, "") for name in sorted(known)},
            **given(read),
        }

    def _carrying(self, series: str) -> list[str]:
        return [release.name for release in self._held.carrying(series)]

    @cached_property
    def _releases(self) -> dict[str, Release]:
        return {release.name: release for release in self._held.releases}

    @cached_property
    def _entries(self) -> dict[str, str]:
        """What the catalogue says of each release, oldest first."""
        return {name: _digest(release.model_dump_json()) for name, release in self._releases.items()}

    def _snapshot(self, name: str) -> str:
        """What the snapshot of a release holds, whatever the catalogue says of it."""
        return self.inputs.book.get(f"data/{self._releases[name].path}", "") if name in self._releases else ""

    @property
    def _newest(self) -> str:
        return self._held.newest.isoformat()

    def _errata(self, series: str) -> str:
        """The known errors of a series, with the days from and to which they stand."""
        told = []
        for entry in errata.errata().values():
            if entry.series == series:
                ends = [self._releases[name] for name in (entry.since, entry.mended) if name in self._releases]
                told.append(f"{entry.model_dump_json()} {[end.released for end in ends]}")
        return _digest(*told)

    @cached_property
    def _claims(self) -> dict[str, str]:
        """Every statement by id, in the order of the ledger: as declared, and as audited in retrospect."""
        audited = {claim.id: claim.model_dump_json() for claim in claims.ledger()}
        return {claim.id: _digest(claim.model_dump_json(), audited.get(claim.id, "")) for claim in claims.declared()}

    def _theme(self, theme: str) -> list[str]:
        return [claim.id for claim in claims.of_theme(theme)]


def verdict(name: str, folder: Path, present: Present, parameters: Mapping[str, Any] | None = None) -> Verdict:
    """Whether a chapter has to run with these parameters (its own, where none are given); `folder`: of kept results."""
    parameters = parameters or {}
    found, damaged = kept.of(kept.place(folder, name, parameters))
    why = None
    for path, result in found:
        if result.never:
            why = why or f"a run of it is never kept: {result.never[0]}"
            continue
        differing = reasons.of(result.state, present.state(name, parameters, result.reads))
        if not differing:
            kept.used(path)
            return Verdict(name, parameters, UNCHANGED, result)
        why = why or reasons.few(differing)
    if damaged and (why is None or len(found) < damaged):
        why = "the kept result is damaged"
    return Verdict(name, parameters, why or "no result is kept")


def keep(
    name: str,
    folder: Path,
    present: Present,
    executed: bytes,
    read: Mapping[str, Any] | None,
    parameters: Mapping[str, Any] | None = None,
) -> Result | None:
    """Keep the result of a chapter that ran, with what it read; None where that is not known or has changed since."""
    parameters = parameters or {}
    if read is None or read.get("format") != reads.FORMAT or not present.inputs.are_settled():
        return None
    place = kept.place(folder, name, parameters)
    if read[reads.NEVER]:
        return kept.keep(place, Result(read, {}, b"", tuple(read[reads.NEVER])))
    state = present.state(name, parameters, read)
    # Files and variables were read by the run itself: what it was given then is what counts.
    if all(state[kind] == read[kind] for kind in GIVEN):
        return kept.keep(place, Result(read, state, executed))
    return None


def cells(notebook: Path) -> str:
    """A hash of a notebook without its outputs and counts."""
    told = json.loads(notebook.read_bytes())
    for cell in told["cells"]:
        for name in ("outputs", "execution_count"):
            cell.pop(name, None)
    return _digest(json.dumps(told, sort_keys=True))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
