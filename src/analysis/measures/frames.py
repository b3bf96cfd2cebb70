"""What measures are made of: levels, sums of two series, and ranks with their coverage."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import areas, reads
from analysis.errors import ClaimbookError
from analysis.measures import groups
from analysis.series import Series
from analysis.series import series as registered
from analysis.snapshots.catalogue import day_of

if TYPE_CHECKING:
    from analysis.snapshots.store import Edition

# The id of a series in data/series; measures mark their series inputs with it.
SeriesId = str

COLUMNS = [
    "year",  # calendar year
    "value",  # in `unit`
    "unit",
    "flag",  # the gravest flag among the observations used (see analysis.observations.FLAGS)
    "released",  # the newest release among those used, as the catalogue spells it
    "rank",  # position among `universe`, 1 is the largest; NaN for a plain value
    "rank_best",  # best and worst position that missing members could leave it at
    "rank_worst",
    "universe",  # how many members were ranked
    "above",  # value of the next member above and below, in `unit`; NaN at the ends
    "below",
    "note",  # what a reader must know of the coverage; empty where there is nothing
]

_TEXT = {"unit", "flag", "released", "note"}
_GRAVITY = ["", "rounds_to_zero", "provisional", "projection", "estimate", "break", "uncertain", "suppressed"]
# A member that is missing this year is taken to be at most this many times what it last was.
GROWTH_BOUND = 2.0
# How the note begins where a list is cut off at a value.
CUT_OFF = "those not listed have at most"
# How many years back a member's last figure still bounds it.
BOUND_YEARS = 3


def gravest(flags: Iterable[str]) -> str:
    """The flag that weighs most among several."""
    return max(dict.fromkeys(flags), key=_GRAVITY.index, default="")


def pairwise(rule: Callable[[tuple[str, str]], str], left: Iterable[str], right: Iterable[str]) -> list[str]:
    """A rule for two columns, asked once for each pair that occurs: they are few, the rows many."""
    pairs = list(zip(left, right, strict=True))
    told = {pair: rule(pair) for pair in set(pairs)}
    return [told[pair] for pair in pairs]


def newest(releases: Iterable[str]) -> str:
    """The newest of release dates as the catalogue spells them: a month counts from its last day."""
    return max(dict.fromkeys(releases), key=day_of)


def empty() -> pd.DataFrame:
    """A frame with the columns of COLUMNS and no row."""
    return shaped(pd.DataFrame({"year": pd.Series(dtype="int64"), "value": pd.Series(dtype="float64")}))


def shaped(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column of COLUMNS, sorted by year."""
    columns = {}
    for name in COLUMNS:
        if name in frame:
            columns[name] = frame[name].to_numpy(dtype=object if name in _TEXT else None)
        else:
            columns[name] = np.full(len(frame), *(("", object) if name in _TEXT else (math.nan, float)))
    order = np.argsort(columns["year"], kind="stable")
    # Said outright, object columns are taken as they are, and with one index they are not laid side by side anew.
    index = pd.RangeIndex(len(order))
    told = {name: pd.Series(column[order], index, column.dtype, copy=False) for name, column in columns.items()}
    return pd.DataFrame(told, index, copy=False)


def level(edition: Edition, identifier: SeriesId, *, reporter: str, partner: str = "") -> pd.DataFrame:
    """One series for one reporter (and partner): a row for each year with a figure."""
    return _level(edition, identifier, reporter, partner).copy(deep=False)


@reads.remembered(1024)  # many readings begin with the same few figures
def _level(edition: Edition, identifier: SeriesId, reporter: str, partner: str) -> pd.DataFrame:
    frame = edition.figures(identifier)
    frame = frame[(frame["reporter"] == reporter) & (frame["partner"] == partner) & frame["value"].notna()]
    return shaped(frame.rename(columns={"period": "year"}))


def joined(
    left: pd.DataFrame, right: pd.DataFrame, rule: Callable[[Any, Any], Any], unit: str | None = None
) -> pd.DataFrame:
    """A frame computed from two others over the years that both have.

    `rule` takes the two columns of values and returns the new one; `unit` is its unit, the left one's if None.
    A year that it cannot be told of (a share of nothing) has no row. ClaimbookError where the units differ.
    """
    years, a, b = np.intersect1d(left["year"], right["year"], return_indices=True)
    left, right = left.take(a), right.take(b)
    same_unit(left["unit"], right["unit"])
    with np.errstate(divide="ignore", invalid="ignore"):
        values = rule(left["value"].to_numpy(), right["value"].to_numpy())
    frame = pd.DataFrame(
        {
            "year": years,
            "value": values,
            "unit": left["unit"].to_numpy(object) if unit is None else unit,
            "flag": pairwise(gravest, left["flag"], right["flag"]),
            "released": pairwise(newest, left["released"], right["released"]),
        }
    )
    return shaped(frame[np.isfinite(frame["value"].to_numpy(float))])


def same_unit(left: Iterable[str], right: Iterable[str]) -> None:
    """ClaimbookError where two columns of units differ: figures of unlike units are never added up."""
    for one, other in set(zip(left, right, strict=True)):
        if one != other:
            raise ClaimbookError(f"two series can be put together in one unit only, not in {one!r} and {other!r}")


def ranking(
    edition: Edition,
    identifier: SeriesId,
    *,
    member: str,
    reporter: str | None = None,
    partner: str = "",
    also: tuple[str, ...] = (),
    among: str = "",
) -> pd.DataFrame:
    """The rank of one member among all countries of a series, one row a year.

    Ranks partners of `reporter` where the series is by partner, else reporters. Only countries are ranked,
    and lines named in `also` (a group of islands, say); with `among`, only the members of a group. Equal
    values share the better rank. Where members are suppressed, late or not listed, `rank_best` and
    `rank_worst` bound the rank.
    """
    about = registered(identifier)
    frame = edition.figures(identifier, ranked=True)
    if about.by == "partner":
        frame = frame[frame["reporter"] == reporter].rename(columns={"partner": "member", "period": "year"})
    else:
        frame = frame[frame["partner"] == partner].rename(columns={"reporter": "member", "period": "year"})
    limits = {
        year: scope.limit(year)
        for year, release in edition.years(identifier, ranked=True).items()
        if (scope := release.scope_of(identifier)) is not None
    }
    if among:  # what is left of the world's total says nothing of a group's members alone
        about = None
    return rank_frame(frame, about, member=member, also=also, limits=limits, counted=groups.counted(among))


def universe(also: Iterable[str] = ()) -> frozenset[str]:
    """The codes that are ranked: countries, and the lines named. ClaimbookError for an unknown line or a group."""
    for code in also:
        if areas.area(code).kind == "group":
            raise ClaimbookError(f"{code} ({areas.name(code)}) is a group of countries and is never ranked with them")
    return areas.rankable() | frozenset(also)


def rank_frame(
    frame: pd.DataFrame,
    about: Series | None,
    *,
    member: str,
    also: tuple[str, ...] = (),
    limits: dict | None = None,
    counted: Callable[[int], Collection[str]] | None = None,
) -> pd.DataFrame:
    """Rank one member in a frame of member, year, value, unit, flag, released (see `ranking`).

    `counted` tells who is ranked in a year where not everybody is; figures of years in which a member is not
    ranked still bound what it could be in those in which it is.
    """
    ranked = frame[frame["member"].isin(universe(also))]
    own = ranked[(ranked["member"] == member) & ranked["value"].notna()].sort_values("year")
    if counted is not None:
        own = own[[member in counted(int(year)) for year in own["year"]]]
    if own.empty:
        return empty()
    table = _Table(ranked, _rest(frame, about), limits or {}, counted)
    rows = []
    for row in own.to_dict("records"):
        year, value = int(row["year"]), float(row["value"])
        values = table.values(year)
        higher, lower = values[values > value], values[values < value]
        best = 1 + len(higher)
        doubt, note = table.missing(year, value, row["unit"])
        rows.append(
            {
                **{key: row[key] for key in ("year", "value", "unit", "flag", "released")},
                "rank": best,
                "rank_best": best,
                "rank_worst": best + doubt,
                "universe": len(values),
                "above": float(higher.min()) if len(higher) else math.nan,
                "below": float(lower.max()) if len(lower) else math.nan,
                "note": note,
            }
        )
    return shaped(pd.DataFrame(rows))


class _Table:
    """Values of all members by year, and what the missing ones could be."""

    def __init__(
        self,
        ranked: pd.DataFrame,
        rest: dict[int, float],
        limits: dict,
        counted: Callable[[int], Collection[str]] | None,
    ) -> None:
        years, self._years = pd.factorize(ranked["year"], sort=True)
        codes, members = pd.factorize(ranked["member"], sort=True)
        self._members = np.asarray(members, dtype=object)
        self._matrix = np.full((len(self._years), len(self._members)), math.nan)
        self._matrix[years, codes] = ranked["value"].to_numpy()
        self._withheld = np.zeros(self._matrix.shape, dtype=bool)
        self._withheld[years, codes] = (ranked["flag"] == "suppressed").to_numpy()
        self._at = {int(year): index for index, year in enumerate(self._years)}
        self._gone = np.array([areas.area(code).kind == "former" for code in self._members], dtype=bool)
        self._rest, self._limits, self._counted = rest, limits, counted

    def _inside(self, year: int) -> np.ndarray:
        """Which members are ranked in a year."""
        if self._counted is None:
            return np.ones(len(self._members), dtype=bool)
        counted = self._counted(year)
        return np.array([code in counted for code in self._members], dtype=bool)

    def values(self, year: int) -> np.ndarray:
        row = self._matrix[self._at[year]]
        return row[~np.isnan(row) & self._inside(year)]

    def missing(self, year: int, value: float, unit: str) -> tuple[int, str]:
        """How many missing members could stand above `value` in a year, and what to tell a reader.

        A suppressed member, and one that was there in the last years but is not now, is bounded by GROWTH_BOUND
        times its last figure; where the world total is published and additive, all missing members together are
        bounded by what is left of it (taking them not to be negative); a list cut off at a value bounds what it
        leaves out by that value.
        """
        limit = self._limits.get(year)
        cut_off = None if limit is None else limit.missing_below
        row, inside = self._matrix[self._at[year]], self._inside(year)
        withheld = self._withheld[self._at[year]] & inside
        last = np.full(len(row), math.nan)
        for back in range(1, BOUND_YEARS + 1):
            if year - back in self._at:
                before = self._matrix[self._at[year - back]]
                last = np.where(np.isnan(last), before, last)
        absent = np.isnan(row) & inside
        late = absent & ~withheld & ~np.isnan(last) & ~self._gone & (cut_off is None)
        # A negative figure may rise by as much: twice of it would be less, not more.
        grown = last + (GROWTH_BOUND - 1) * np.abs(last)
        bounded = np.where(late | withheld, grown, -math.inf)
        could = int((bounded > value).sum() + (withheld & np.isnan(last)).sum())
        if cut_off is not None and cut_off > value:  # any country that is not listed could stand above
            could = self._unlisted(year, ~absent & inside)
        rest = self._rest.get(year)
        if rest is not None and value > 0 and (cut_off is None or cut_off > value):
            could = max(0, int(rest // value))
            if could > withheld.sum():  # many times a small figure goes into what is left, which few are there to share
                could = min(could, self._unlisted(year, ~absent & inside))
        notes = [] if cut_off is None else [f"{CUT_OFF} {cut_off:,.0f} {unit}"]
        if withheld.any():
            bound = "" if rest is None else f", together at most {max(rest, 0):,.0f} {unit}"
            notes.append(f"{int(withheld.sum())} withheld{bound}")
        if late.any():
            # The largest first: they are the ones that could matter.
            order = sorted(np.flatnonzero(late), key=lambda index: -last[index])
            names = ", ".join(areas.name(self._members[index]) for index in order[:5])
            notes.append(
                f"no figure for {len(order)} that had one before ({names}{' and others' if len(order) > 5 else ''})"
            )
        if could and not notes:
            notes.append("members that are not listed make up more than this value of the world total")
        return could, "; ".join(notes)

    def _unlisted(self, year: int, listed: np.ndarray) -> int:
        """How many that are ranked in a year have no figure in it."""
        everybody = areas.rankable() if self._counted is None else self._counted(year)
        return len(frozenset(everybody) - frozenset(self._members[listed]))


def _rest(frame: pd.DataFrame, about: Series | None) -> dict[int, float]:
    """What is left of the world total in each year once every line that is not a group is taken away."""
    if about is None or about.world is None:
        return {}
    told = frame[frame["value"].notna()]
    world = told[told["member"] == about.world].set_index("year")["value"]
    leaves = told[told["member"].isin(areas.leaves())].groupby("year")["value"].sum()
    return {int(year): float(total - leaves.get(year, 0.0)) for year, total in world.items()}


def members(
    edition: Edition,
    identifier: SeriesId,
    *,
    reporter: str | None = None,
    also: tuple[str, ...] = (),
    among: str = "",
    until: int,
) -> pd.DataFrame:
    """Everybody that is ranked in the newest year up to `until`: member, year, value, unit, released, largest first."""
    frame, column = edition.figures(identifier, ranked=True), "reporter"
    if registered(identifier).by == "partner":
        frame, column = frame[frame["reporter"] == reporter], "partner"
    frame = frame.rename(columns={column: "member", "period": "year"})
    frame = frame[frame["value"].notna() & (frame["year"] <= until)]
    frame = groups.inside(frame[frame["member"].isin(universe(also))], among)
    frame = frame[frame["year"] == frame["year"].max()]
    frame = frame.sort_values(["value", "member"], ascending=[False, True])
    return frame[["member", "year", "value", "unit", "released"]].reset_index(drop=True)
