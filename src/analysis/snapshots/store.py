"""Read the figures as they stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis import reads, retrospect
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.snapshots import catalogue, errata
from analysis.snapshots.catalogue import Release

_COLUMNS = ["reporter", "partner", "period", "value", "unit", "flag"]
_TEXT = ["reporter", "partner", "unit", "flag"]


class Store:
    """The releases of a data folder, read when first asked for and kept."""

    def __init__(self, folder: Path, until: dt.date | None = None) -> None:
        """Open the catalogue of a data folder; ClaimbookError where it holds no release. `until` hides later ones."""
        self.folder = folder
        with reads.told_finer():
            held = catalogue.releases(folder)
        self._releases = [release for release in held if until is None or release.day <= until]
        if not held:
            raise ClaimbookError(f"{folder}/{catalogue.FILE} lists no release; ingest one with `claimbook data ingest`")
        if not self._releases:
            raise ClaimbookError(f"no release of {until} or before is held; the first is of {held[0].released}")
        self._figures: dict[tuple[str, str], pd.DataFrame] = {}
        self._carrying: dict[str, tuple[Release, ...]] = {}

    # Whatever is asked of a store is noted where it is asked, before any cache: see analysis.reads.
    @property
    def releases(self) -> list[Release]:
        """Every release held, oldest first."""
        self._note(reads.RELEASES)
        return self._releases

    @releases.setter
    def releases(self, held: list[Release]) -> None:
        self._releases = held

    @property
    def newest(self) -> dt.date:
        """The day of the newest release held: what "today" means unless somebody says otherwise."""
        self._note(reads.NEWEST)
        return self._releases[-1].day

    def carrying(self, series: str) -> tuple[Release, ...]:
        """The releases that carry a series, oldest first."""
        self._note(reads.SERIES, series)
        if series not in self._carrying:
            self._carrying[series] = tuple(release for release in self._releases if release.scope_of(series))
        return self._carrying[series]

    def figures(self, release: Release, series: str) -> pd.DataFrame:
        """The observations of one series in one release: reporter, partner, period, value, unit, flag.

        Without those that are known to be wrong and left out (analysis.snapshots.errata). ClaimbookError where the
        snapshot is missing or was cut short.
        """
        self._reads(release, series)
        key = (release.name, series)
        if key not in self._figures:
            self._figures[key] = errata.without(self.told(release, series), series, release, self._releases)
        return self._figures[key]

    def told(self, release: Release, series: str) -> pd.DataFrame:
        """The same as the publisher tells it, errors and all."""
        self._reads(release, series)
        try:
            with reads.told_finer():
                table = _read(self.folder / release.path, series)
            columns = {name: _column(table[name], name in _TEXT) for name in table.column_names}
        except Exception as error:  # a missing or damaged file makes pyarrow raise many kinds
            raise ClaimbookError(f"cannot read {release.path}: {error}; run `claimbook data verify`") from None
        return pd.DataFrame(columns, copy=False)

    def days(self, series: Iterable[str], until: dt.date | None = None) -> list[dt.date]:
        """The days on which any of the series was released, oldest first."""
        found = {release.day for name in series for release in self.carrying(name)}
        return sorted(day for day in found if until is None or day <= until)

    def as_of(self, day: dt.date) -> Edition:
        """The figures as known on a day."""
        return Edition(self, day)

    def _reads(self, release: Release, series: str) -> None:
        self._note(reads.SERIES, series)
        self._note(reads.RELEASE, release.name, release.path)

    def _note(self, kind: str, *what: str) -> None:
        if reads.listening():
            reads.note(kind, str(self.folder), *what)


class Told(NamedTuple):
    """One figure, its unit, its flag and the release that tells it."""

    value: float
    unit: str
    flag: str
    released: str


@dataclass(frozen=True)
class Edition:
    """The figures as known on a day: for each series and year, the newest release by then that has it.

    A year outside a release's scope is not withdrawn by it: the release before still tells it. Nor is a member
    that a list of some members only does not name.
    """

    store: Store
    day: dt.date

    def years(self, series: str, *, ranked: bool = False) -> dict[int, Release]:
        """Which release tells which year; with `ranked`, only releases that can rank that year."""
        return {year: told[-1] for year, told in self._years(series, ranked).items()}

    def figures(self, series: str, *, ranked: bool = False) -> pd.DataFrame:
        """Observations of one series over all years held: reporter, partner, period, value, unit, flag, released.

        `released` is the release's date as the catalogue spells it. With `ranked`, each year is told by one release.
        """
        return _figures(self.store, series, self._chosen(series, ranked))

    def told(self, series: str, *, ranked: bool = False) -> dict[int, dict[str, Told]]:
        """The same figures by year, in order, and by reporter; not those that are suppressed or about a partner.

        Where every country of every year is asked for, plain values are many times faster than frames.
        """
        return _told(self.store, series, self._chosen(series, ranked))

    def _years(self, series: str, ranked: bool) -> dict[int, tuple[Release, ...]]:
        self.store._note(reads.SERIES, series)
        return _years(self.store, series, self.day, ranked)

    def _chosen(self, series: str, ranked: bool) -> tuple[tuple[int, str], ...]:
        told = self._years(series, ranked)
        if reads.listening():
            for release in {release.name: release for releases in told.values() for release in releases}.values():
                self.store._reads(release, series)
        return tuple((year, release.name) for year in told for release in told[year])


@lru_cache(maxsize=512)
def _figures(store: Store, series: str, chosen: tuple[tuple[int, str], ...]) -> pd.DataFrame:
    years: dict[str, list[int]] = {}
    for year, name in chosen:
        years.setdefault(name, []).append(year)
    parts = []
    for release in store.carrying(series):
        told = years.get(release.name, [])
        if not told:
            continue
        frame = store.figures(release, series)
        if len(told) < len(release.scope_of(series).periods):
            frame = frame[frame["period"].isin(told)]
        # Said outright, texts are taken as they are; else pandas keeps them in arrays that are slow to go through.
        released = pd.Series(np.full(len(frame), release.released, dtype=object), index=frame.index, dtype=object)
        parts.append(frame.assign(released=released))
    if not parts:
        return pd.DataFrame(columns=[*_COLUMNS, "released"])
    if len(parts) == 1:
        return parts[0]
    frame = pd.concat(parts, ignore_index=True)
    if len(chosen) > len({year for year, _ in chosen}):  # several releases tell a year: the newest wins
        frame = frame.drop_duplicates(["reporter", "partner", "period"], keep="last", ignore_index=True)
    return frame


@lru_cache(maxsize=128)
def _told(store: Store, series: str, chosen: tuple[tuple[int, str], ...]) -> dict[int, dict[str, Told]]:
    frame = _figures(store, series, chosen)
    frame = frame[(frame["partner"] == "") & frame["value"].notna()]
    entries = map(Told._make, zip(*(frame[name].tolist() for name in Told._fields), strict=True))
    found: dict[int, dict[str, Told]] = {}
    for year, code, entry in zip(frame["period"].tolist(), frame["reporter"].tolist(), entries, strict=True):
        found.setdefault(year, {})[code] = entry
    return dict(sorted(found.items()))


def _read(path: Path, series: str) -> pa.Table:
    """One series of a snapshot: only the row groups whose statistics say that they can hold it."""
    file = pq.ParquetFile(path, read_dictionary=["series", *_TEXT])
    groups = []
    for number in range(file.num_row_groups):
        told = file.metadata.row_group(number).column(0).statistics
        if told is None or told.min <= series <= told.max:
            groups.append(number)
    table = file.read_row_groups(groups, columns=["series", *_COLUMNS], use_threads=False)
    return table.filter(pc.equal(table["series"], series)).select(_COLUMNS)


def _column(column: pa.ChunkedArray, text: bool) -> pd.Series:
    if not text:
        return pd.Series(column.to_numpy())
    # Each spelling is made once and shared: most of the time of reading went into making strings.
    array = column.unify_dictionaries().combine_chunks()
    spellings = np.array(array.dictionary.to_pylist(), dtype=object)
    return pd.Series(spellings[array.indices.to_numpy()] if len(spellings) else [], dtype=object)


@lru_cache(maxsize=4096)
def _years(store: Store, series: str, day: dt.date, ranked: bool) -> dict[int, tuple[Release, ...]]:
    """The releases that tell a year, oldest first: the newest, and where it lists some members only those before it."""
    chosen: dict[int, tuple[Release, ...]] = {}
    for release in store.carrying(series):
        if release.day > day:
            break
        scope = release.scope_of(series)
        for year in scope.periods:
            if ranked and not scope.ranks(year):
                continue
            before = chosen.get(year, ()) if not ranked and scope.limit(year) else ()
            chosen[year] = (*before, release)
    return dict(sorted(chosen.items()))


@cache
def store() -> Store:
    """The book's own store, opened once; in retrospect as it would have been."""
    return Store(data(), until=retrospect.day())
