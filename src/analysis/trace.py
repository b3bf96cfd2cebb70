"""Trace: which published figure could have yielded the printed one?

The search goes through every series, year, release and rank universe held, up to the document's day, and
lists the nearest. It says how many candidates it tried and how many of them a figure picked at random
would have matched, because a search wide enough always finds something. A trace never changes a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis import areas, units
from analysis.claims import Claim
from analysis.currencies import NATIONAL, currency
from analysis.errors import ClaimbookError
from analysis.evaluations import evaluate
from analysis.measures.groups import members
from analysis.quantities import Quantity
from analysis.series import Series, register
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store

# Figures at random: this many, spread evenly by ratio over a third to three times the printed one.
RANDOM_FIGURES = 401
RANDOM_REACH = 3.0


@dataclass(frozen=True)
class Candidate:
    """A published or computed figure that could have been meant.

    `definition` says how it is had from which series. `distance` is the ratio to the printed figure less one,
    or the difference in ranks. `after` tells that only releases after the document's day carry it.
    """

    definition: str
    series: tuple[str, ...]
    publisher: str
    released: tuple[str, ...]
    year: int
    value: float
    unit: str
    rank: int | None
    universe: str
    distance: float
    rounds: bool
    matches: bool
    tie: bool
    after: bool
    in_reading: str | None


@dataclass(frozen=True)
class Trace:
    """The nearest candidates, nearest first, and what the search amounts to."""

    claim: str
    printed: str
    nearest: tuple[Candidate, ...]
    tried: int
    matching: int
    by_chance: float
    releases: int


@dataclass(frozen=True)
class _Figure:
    definition: str
    series: tuple[str, ...]
    year: int
    value: float
    unit: str
    tie: bool
    rank: int | None = None
    universe: str = ""


def trace(claim: Claim, store: Store, *, most: int = 10) -> Trace:
    """Search for what could have yielded a claim's printed figure. Returns at most `most` candidates.

    The figure is the claim's own; years after the document's are left out, later releases are not (they
    are marked). The same figure told by several releases is one candidate. ClaimbookError for a claim without
    readings, and for a trend, which no single figure can tell.
    """
    if not claim.readings:
        raise ClaimbookError(f"{claim.id} prints no figure that a search could be made for")
    quantity = claim.quantity(claim.readings[0])
    if quantity.trend is not None:
        raise ClaimbookError(f"{claim.id}: {quantity.printed!r} is a trend, which no single figure could have been")
    search = _ranks if quantity.kind == "rank" else _values
    # A share is never mistaken for a stock: only series of the kinds that the claim's readings use.
    about = [register()[identifier] for reading in claim.readings for identifier in reading.series]
    kinds = {(entry.kind, entry.by if quantity.kind == "rank" else None) for entry in about}
    found: dict[tuple, Candidate] = {}
    told_by: dict[tuple, list[Release]] = {}
    for release in store.releases:
        for scope in release.scope:
            series = register()[scope.series]
            if (series.kind, series.by if quantity.kind == "rank" else None) not in kinds:
                continue
            for figure in search(claim, store, release, series):
                if figure.year > claim.document.day.year:
                    continue
                shown = figure.rank if figure.rank is not None else float(f"{figure.value:.12g}")
                key = (figure.definition, figure.year, shown)
                told_by.setdefault(key, []).append(release)
                if key not in found:
                    found[key] = _candidate(claim, quantity, figure, release)
    readings = _readings(claim, store) if found else {}
    candidates = [_completed(claim, candidate, told_by[key], readings) for key, candidate in found.items()]
    candidates.sort(key=_order)
    return Trace(
        claim=claim.id,
        printed=claim.printed,
        nearest=tuple(candidates[:most]),
        tried=len(candidates),
        matching=sum(candidate.matches for candidate in candidates),
        by_chance=_by_chance(quantity, candidates),
        releases=len(store.releases),
    )


def _order(entry: Candidate) -> tuple:
    # Figures that round to the printed one are equally near. Among them: those about the tie itself, those that
    # the claim's own readings use, the most recent when it was written, what was known by then.
    near = 0.0 if entry.rounds else round(abs(entry.distance), 6)
    return (
        near,
        not entry.tie,
        entry.in_reading is None,
        -entry.year,
        entry.after,
        abs(entry.distance),
        entry.definition,
    )


def _candidate(claim: Claim, quantity: Quantity, figure: _Figure, release: Release) -> Candidate:
    if figure.rank is not None:
        wanted = quantity.ranks()
        nearest = min(wanted, key=lambda rank: abs(rank - figure.rank))
        distance, matches = float(figure.rank - nearest), figure.rank in wanted
        rounds = matches
    else:
        goal = quantity.figure or 1.0
        distance = figure.value / goal - 1 if quantity.figure else figure.value
        fit = quantity.fit(figure.value)
        rounds, matches = fit == "rounding", fit is not None
    return Candidate(
        definition=figure.definition,
        series=figure.series,
        publisher=release.publisher,
        released=(release.released,),
        year=figure.year,
        value=figure.value,
        unit=figure.unit,
        rank=figure.rank,
        universe=figure.universe,
        distance=distance,
        rounds=rounds,
        matches=matches,
        tie=figure.tie,
        after=False,
        in_reading=None,
    )


def _completed(claim: Claim, candidate: Candidate, releases: list[Release], readings: dict[tuple, str]) -> Candidate:
    return replace(
        candidate,
        released=tuple(sorted({release.released for release in releases})),
        after=all(release.day > claim.document.day for release in releases),
        in_reading=readings.get(_told(candidate.series, candidate.year, candidate.rank, candidate.value)),
    )


def _readings(claim: Claim, store: Store) -> dict[tuple, str]:
    """Which of the claim's readings comes to a figure: the same series, year and result."""
    found: dict[tuple, str] = {}
    for reading in claim.readings:
        for entry in evaluate(claim, reading, store):
            found.setdefault(_told(reading.series, entry.year, entry.rank, entry.value), reading.id)
    return found


def _told(series: tuple[str, ...], year: int, rank: int | None, value: float) -> tuple:
    return frozenset(series), year, rank if rank is not None else float(f"{value:.9g}")


def _by_chance(quantity: Quantity, candidates: list[Candidate]) -> float:
    """How many candidates a figure picked at random, of the same size and precision, would match."""
    if not candidates:
        return 0.0
    if quantity.kind == "rank":
        ranks = np.array([candidate.rank for candidate in candidates])
        reach = range(1, max(2 * int(quantity.high), 20) + 1)
        if quantity.low == 1 and "top" in quantity.printed.casefold():  # of any "top n" up to the reach
            return float(np.mean([(ranks <= n).sum() for n in reach]))
        return float(np.mean([(ranks == n).sum() for n in reach]))
    if not quantity.figure:
        return float(sum(candidate.matches for candidate in candidates))
    low, high = quantity.ends()
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    values = np.sort([candidate.value for candidate in candidates])
    factors = np.exp(np.linspace(-math.log(RANDOM_REACH), math.log(RANDOM_REACH), RANDOM_FIGURES))
    counts = np.searchsorted(values, high * factors, "left") - np.searchsorted(values, low * factors, "left")
    return float(np.mean(counts))


def _factor(unit: str, wanted: str) -> float | None:
    """The factor from a series' unit to the claim's, for units of one dimension; None for others."""
    (scale, base), (goal, target) = units.split(unit), units.split(wanted)
    plain = base.replace("current ", "").split(",")[0]
    if plain == target:
        return scale / goal
    return None


def _values(claim: Claim, store: Store, release: Release, about: Series) -> Iterator[_Figure]:
    """Levels of one series, and sums and differences of it with the imports that go with its exports."""
    scope = release.scope_of(about.id)
    frame = store.figures(release, about.id)
    unit = str(frame["unit"].iloc[0])
    if NATIONAL in unit:
        frame, unit = _in_own_currency(frame, claim, unit)
    factor = _factor(unit, claim.unit)
    if factor is None or scope is None:
        return
    own = _own(frame, claim)
    for (reporter, partner), part in own.groupby(["reporter", "partner"]):
        who, tie = _who(reporter, partner), not claim.other or claim.other in (reporter, partner)
        for year, value in zip(part["period"], part["value"], strict=True):
            yield _Figure(f"{about.title}, {who}", (about.id,), int(year), value * factor, claim.unit, tie)
    other = register().get(about.id.replace("exports", "imports"))
    if "exports" not in about.id or other is None or release.scope_of(other.id) is None:
        return
    into = _own(store.figures(release, other.id), claim)
    both = own.merge(into, on=["reporter", "partner", "period"], suffixes=("_x", "_m"))
    combine: dict[str, Callable] = {
        "exports plus imports": lambda x, m: x + m,
        "exports less imports": lambda x, m: x - m,
        "imports less exports": lambda x, m: m - x,
        "half of exports plus imports": lambda x, m: (x + m) / 2,
    }
    for (reporter, partner), part in both.groupby(["reporter", "partner"]):
        who, tie = _who(reporter, partner), not claim.other or claim.other in (reporter, partner)
        for words, rule in combine.items():
            results = rule(part["value_x"], part["value_m"]) * factor
            for year, value in zip(part["period"], results, strict=True):
                definition = f"{about.title} and {other.title}, {who}: {words}"
                yield _Figure(definition, (about.id, other.id), int(year), float(value), claim.unit, tie)


def _in_own_currency(frame: pd.DataFrame, claim: Claim, unit: str) -> tuple[pd.DataFrame, str]:
    """The country's figures in national currency, of the years in which it had the document's, and that unit."""
    day = claim.document.day
    code = currency(claim.about, day.year, day.year)
    years = {year for year in frame["period"].unique() if currency(claim.about, min(year, day.year), day.year) == code}
    own = frame[(frame["reporter"] == claim.about) & frame["period"].isin(years)]
    return own, unit.replace(f"{NATIONAL} units", code).replace(NATIONAL, code)


def _own(frame: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    pair = [code for code in (claim.about, claim.other) if code]
    keep = frame["reporter"].isin(pair) & frame["partner"].isin([*pair, "", "WLD"]) & frame["value"].notna()
    if claim.other:
        # Statistics of the partner alone, on the rest of the world, are about somebody else.
        keep &= (frame["reporter"] == claim.about) | (frame["partner"] == claim.about)
    return frame[keep]


def _who(reporter: str, partner: str) -> str:
    if partner in ("", "WLD"):
        return areas.name(reporter)
    return f"{areas.name(reporter)} with {areas.name(partner)}"


def _universes(frame: pd.DataFrame) -> dict[str, Callable[[int], set[str]]]:
    codes = set(frame["member"].unique())
    countries = codes & areas.rankable()
    lines = codes & areas.leaves()
    universes: dict[str, Callable[[int], set[str]]] = {"all countries": lambda year: countries}
    if lines != countries:
        universes["all countries and territories listed together"] = lambda year: lines
    if len(countries) > 60:
        universes["members of the European Union"] = lambda year: countries & members("EU", year)
        universes["members of NATO"] = lambda year: countries & members("NATO", year)
    return universes


def _ranks(claim: Claim, store: Store, release: Release, about: Series) -> Iterator[_Figure]:
    """Ranks of the country in one series of one release, in each universe that makes sense of it."""
    scope = release.scope_of(about.id)
    frame = store.figures(release, about.id)
    full = [year for year in scope.periods if scope.ranks(year)]
    frame = frame[frame["period"].isin(full) & frame["value"].notna()]
    if about.by == "partner":
        sides = [(claim.other, claim.about)] if claim.other else []
        parts = [(frame[frame["reporter"] == reporter], "partner", member, f"partners of {areas.called(reporter)}")
                 for reporter, member in sides]  # fmt: skip
    else:
        parts = [(frame[frame["partner"].isin(["", "WLD"])], "reporter", claim.about, "")]
    for part, column, member, among in parts:
        part = part.rename(columns={column: "member"})
        if member not in set(part["member"]):
            continue
        tie = bool(claim.other) == (about.by == "partner")
        table = _ByYear(part)
        told: set[tuple] = set()
        for universe, inside in _universes(part).items():
            for year in table.years:
                found = table.rank(year, member, inside(year))
                if found is None:
                    continue
                rank, count, value, unit = found
                if (year, rank) in told:
                    continue  # a narrower universe that leaves the rank as it is says nothing new
                told.add((year, rank))
                where = f"{universe} ({count})" + (f", {among}" if among else "")
                definition = f"{about.title}: rank of {areas.name(member)} among {universe}"
                yield _Figure(definition, (about.id,), year, value, unit, tie, rank, where)


class _ByYear:
    """Members and their values year by year, as arrays: a search ranks thousands of years."""

    def __init__(self, part: pd.DataFrame) -> None:
        part = part.sort_values("period", kind="stable")
        self._codes, members = pd.factorize(part["member"])
        self._members = {str(member): code for code, member in enumerate(members)}
        self._values, self._units = part["value"].to_numpy(float), part["unit"].to_numpy(object)
        years, starts = np.unique(part["period"].to_numpy(), return_index=True)
        ends = [*starts[1:], len(part)]
        self._rows = {int(year): slice(first, last) for year, first, last in zip(years, starts, ends, strict=True)}

    @property
    def years(self) -> list[int]:
        """Every year, the earliest first."""
        return list(self._rows)

    def rank(self, year: int, member: str, inside: set[str]) -> tuple[int, int, float, str] | None:
        """The rank of a member among those inside, how many they are, its value and the unit; None without it."""
        if member not in inside:
            return None
        rows = self._rows[year]
        codes, values = self._codes[rows], self._values[rows]
        own = np.flatnonzero(codes == self._members[member])
        if not len(own):
            return None
        ranked = np.zeros(len(self._members), dtype=bool)
        ranked[[self._members[name] for name in inside if name in self._members]] = True
        among, value = ranked[codes], float(values[own[0]])
        return 1 + int((values[among] > value).sum()), int(among.sum()), value, str(self._units[rows][0])
