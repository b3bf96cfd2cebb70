"""Known errors in the figures: a register (data/errata.yaml), and what is done about each.

A snapshot says what the publisher said and is never mended by us. What is known to be wrong is left out when it is
read, as if it had not been told, or noted only; the page on sources lists all of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

import pandas as pd
from pydantic import Field

from analysis import reads
from analysis.models import Model, Text, listed
from analysis.snapshots.catalogue import Periods, Release

if TYPE_CHECKING:
    from analysis.snapshots.store import Store

FILE = "errata.yaml"


class Expected(Model):
    """A figure that a release tells as long as the error stands, in the series' unit."""

    period: int
    value: float


class Erratum(Model):
    """One error: its place, what is wrong, how that is known, whom it was told to, what is done.

    `since` and `mended` name the first release held that has it, and the first that no longer has it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]+$")
    series: str
    reporter: str
    partner: str = ""
    periods: Periods
    since: str
    mended: str | None = None
    wrong: Text
    shown_by: Text
    reported: Text
    action: Literal["left out", "noted"]
    expect: Expected

    def concerns(self, release: Release, known: Iterable[Release]) -> bool:
        """Whether a release has the error, by its place among those `known`."""
        days = {entry.name: entry.day for entry in known}
        if self.since not in days or release.day < days[self.since]:
            return False
        return self.mended not in days or release.day < days[self.mended]

    def within(self, frame: pd.DataFrame) -> pd.Series:
        """Which observations of the series it is about."""
        place = (frame["reporter"] == self.reporter) & (frame["partner"] == self.partner)
        return place & frame["period"].isin(self.periods)


@reads.whole(reads.ERRATA)
def errata() -> dict[str, Erratum]:
    """The known errors by id. ClaimbookError names a faulty entry."""
    return listed(Erratum, FILE)


@cache
def _by_series() -> dict[str, tuple[Erratum, ...]]:
    found: dict[str, tuple[Erratum, ...]] = {}
    with reads.told_finer():  # who reads a series of the store depends on the errors of that series
        declared = errata()
    for entry in declared.values():
        found[entry.series] = (*found.get(entry.series, ()), entry)
    return found


def without(frame: pd.DataFrame, series: str, release: Release, known: Iterable[Release]) -> pd.DataFrame:
    """The observations of a series in a release but for those that an error has left out."""
    for entry in _by_series().get(series, ()):
        if entry.action == "left out" and entry.concerns(release, known):
            frame = frame[~entry.within(frame)]
    return frame


def problems(store: Store) -> Iterator[tuple[str, str]]:
    """Entries that the figures no longer bear out: (id, what is wrong with it and what to do).

    An error that the newest release with its place no longer has, one that stands still in the release that `mended`
    names, and one that was never there. Of releases that a store does not hold nothing is said.
    """
    known = {release.name: release for release in store.releases}
    for entry in errata().values():
        if entry.since not in known or (entry.mended or entry.since) not in known:
            continue
        if not _tells(entry, store, known[entry.since]):
            yield entry.id, f"{entry.since} does not tell {entry.expect.value:g} for {entry.expect.period}"
        if entry.mended is not None:
            if _tells(entry, store, known[entry.mended]):
                yield entry.id, f"{entry.mended} tells {entry.expect.value:g} still; it is not `mended` there"
            continue
        telling = [release for release in store.carrying(entry.series) if _value(entry, store, release) is not None]
        if telling and not _tells(entry, store, telling[-1]):
            value = _value(entry, store, telling[-1])
            told = f"{telling[-1].name} tells {value:g} for {entry.expect.period}, no longer {entry.expect.value:g}"
            yield entry.id, f"{told}: the publisher has mended it; say so by `mended: {telling[-1].name}` in {FILE}"


def _value(entry: Erratum, store: Store, release: Release) -> float | None:
    frame = store.told(release, entry.series)
    found = frame[entry.within(frame) & (frame["period"] == entry.expect.period)]
    return float(found["value"].iloc[0]) if len(found) else None


def _tells(entry: Erratum, store: Store, release: Release) -> bool:
    value = _value(entry, store, release)
    return value is not None and math.isclose(value, entry.expect.value, rel_tol=1e-9)
