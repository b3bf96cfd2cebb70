"""What is odd about a release beside the ones before it: each a caution with a name that a person can accept.

A release without fault may still be wrong: cut short at the publisher's, a thousand times too big, a year that has not
come. Cautions are of a closed vocabulary; where there is one, the release waits until somebody takes it over that name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.areas import areas
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store

CAUTIONS = {
    "date-backwards": "it is older than a release of the publisher that is held",
    "series-lost": "a series that the release before had is not there",
    "countries-lost": "countries that the release before had in every year that both tell are not there",
    "years-lost": "years that the release before had are not there",
    "values-jump": "figures are about ten, a hundred or a thousand times what they were",
    "coverage-collapsed": "a year has far fewer figures than it had",
    "future-year": "it tells a year that has not come, further ahead than the releases before",
}
KEY = ["reporter", "partner", "period"]
COLLAPSED = 0.8  # of the figures that a year had
JUMP = 8.0  # a median of a series, or the newest year of it, this many times what it was
NEAR = 0.02  # how near to a power of ten a single figure's ratio is an oddity
LARGE = 0.001  # a single figure below this share of its year's largest may well be ten times another


@dataclass(frozen=True)
class Caution:
    """One oddity of one series: its name in CAUTIONS, the series, and what was seen where."""

    name: str
    series: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.series + ': ' if self.series else ''}{self.text}"


def cautions(release: Release, frame: pd.DataFrame, store: Store | None) -> list[Caution]:
    """What is odd about a release beside what is held of its series; empty where nothing is.

    `frame`: its observations. Each series is compared with the newest other release that carries it; where none is
    held, there is nothing to compare it with.
    """
    held = [] if store is None else [entry for entry in store.releases if entry.publisher == release.publisher]
    found = []
    if held and held[-1].day > release.day:
        found.append(Caution("date-backwards", "", f"{release.released}, where {held[-1].released} is held"))
    by_series = dict(iter(frame.groupby("series")))
    for identifier in sorted(_expected(release, held) - set(by_series)):
        found.append(Caution("series-lost", identifier, f"not in the release of {release.released}"))
    for identifier, new in sorted(by_series.items()):
        before = [entry for entry in held if entry.scope_of(identifier) and entry.released != release.released]
        previous = before[-1] if before else None
        old = store.figures(previous, identifier) if previous else None
        found += _of_series(identifier, release, new, previous, old)
    return found


def _expected(release: Release, held: list[Release]) -> set[str]:
    """The series that the newest release of the same product had: a publisher's products come out on their own days."""
    names = {scope.series for scope in release.scope}
    for entry in reversed(held):
        theirs = {scope.series for scope in entry.scope}
        alike = entry.obtained == "downloaded" and len(names & theirs) * 2 > len(theirs)
        if alike and entry.released != release.released:
            return theirs
    return set()


def _of_series(
    identifier: str, release: Release, new: pd.DataFrame, previous: Release | None, old: pd.DataFrame | None
) -> list[Caution]:
    if previous is None:
        return []
    found = []
    last = int(new["period"].max())
    usual = max(0, int(old["period"].max()) - previous.day.year)  # projections, and estimates for the running year
    if last - release.day.year > usual:
        found.append(Caution("future-year", identifier, f"{last}, released in {release.day.year}"))
    return found + _lost(identifier, new, previous, old) + _jumps(identifier, new, previous, old)


def _lost(identifier: str, new: pd.DataFrame, previous: Release, old: pd.DataFrame) -> list[Caution]:
    found = []
    years = sorted(set(old["period"]) - set(new["period"]))
    # A window of years that moves on, as NATO's does, loses the oldest ones and nothing else.
    years = [year for year in years if year > int(new["period"].min())]
    if years:
        found.append(Caution("years-lost", identifier, f"{_few(years)}, which the release of {previous.released} had"))
    common = set(old["period"]) & set(new["period"])
    was, now = old[old["period"].isin(common)], new[new["period"].isin(common)]
    for column in ("reporter", "partner"):
        kinds = areas()
        gone = sorted(code for code in set(was[column]) - set(now[column]) if code and kinds[code].kind == "country")
        if gone:
            text = f"{_few(gone)}, which the release of {previous.released} had"
            found.append(Caution("countries-lost", identifier, text))
    counts = pd.DataFrame({"was": was.groupby("period").size(), "now": now.groupby("period").size()})
    fewer = counts[counts["now"] < COLLAPSED * counts["was"]]
    if len(fewer):
        year = int(fewer.index[-1])
        had, has = int(fewer["was"].iloc[-1]), int(fewer["now"].fillna(0).iloc[-1])
        text = f"{year}: {has} figures, where the release of {previous.released} had {had}"
        found.append(Caution("coverage-collapsed", identifier, text))
    return found


def _jumps(identifier: str, new: pd.DataFrame, previous: Release, old: pd.DataFrame) -> list[Caution]:
    # Constant prices at another base year are not comparable; any other unit than the declared one is a fault.
    both = new.merge(old, on=[*KEY, "unit"], suffixes=("", "_before"))
    both = both[both["value"] * both["value_before"] > 0]
    if len(both):
        ratio = both["value"] / both["value_before"]
        middle = float(np.median(ratio))
        if not 1 / JUMP < middle < JUMP:
            text = f"half of its figures are {_times(middle)} what the release of {previous.released} had"
            return [Caution("values-jump", identifier, text)]
        power = np.log10(ratio).round()
        odd = (power != 0) & ((ratio / 10.0**power - 1).abs() < NEAR) & _large(both)
        if odd.any():
            return [Caution("values-jump", identifier, _cell(both[odd], f"in {previous.released}"))]
    last = sorted(set(new["period"]) - set(old["period"]))
    if not last:
        return []
    year = last[-1]
    two = new[new["period"] == year].merge(new[new["period"] == year - 1], on=KEY[:2], suffixes=("", "_before"))
    two = two[two["value"] * two["value_before"] > 0]
    if len(two) < 3:
        return []
    ratio = two["value"] / two["value_before"]
    middle = float(np.median(ratio))
    if not 1 / JUMP < middle < JUMP:
        text = f"half of the figures of {year} are {_times(middle)} those of {year - 1}"
        return [Caution("values-jump", identifier, text)]
    return []


def _large(both: pd.DataFrame) -> pd.Series:
    """Which figures matter beside the largest of their year."""
    largest = both["value"].abs().groupby(both["period"]).transform("max")
    return both[["value", "value_before"]].abs().max(axis=1) >= LARGE * largest


def _cell(odd: pd.DataFrame, when: str) -> str:
    row = odd.iloc[0]
    where = " ".join(str(row[name]) for name in KEY if row[name] != "")
    more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
    return f"{where} is {row['value']:g}, where it was {row['value_before']:g} {when}{more}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f} times" if ratio > 1 else f"{ratio:g} times"


def _few(items: list) -> str:
    shown = ", ".join(map(str, items[:8]))
    return shown if len(items) <= 8 else f"{shown} and {len(items) - 8} more"
