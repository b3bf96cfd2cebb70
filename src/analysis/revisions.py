"""What a release changed against an earlier one of the same publisher: added, revised, withdrawn, series by series.

A release says nothing of what lies outside its scope: a year that it does not tell, or a member that a list of some
members leaves out, is not withdrawn by it. Constant prices at another base year are another unit, not a revision.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import areas, words
from analysis.currencies import NATIONAL, currency
from analysis.errors import ClaimbookError
from analysis.series import series as registered
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store

# Figures nearer to each other than this share of them are the same: files round in their last digits.
EQUAL = 1e-9
# How many of the largest revisions are told unless somebody says otherwise.
MOST = 10
# How many years a publisher may take to restate old years in a country's new currency.
RESTATED_AFTER = 2
# From fewer figures it cannot be seen how a release rounds.
FEWEST = 6


@dataclass(frozen=True)
class Revision:
    """One figure in both releases; None where a release suppresses or does not tell it.

    `change`: in percentage points for shares and rates in per cent, else per cent of the old figure; None where there
    is nothing to reckon it from (an old figure of zero).
    """

    reporter: str
    partner: str
    year: int
    before: float | None
    after: float | None
    flag_before: str
    flag_after: str
    change: float | None

    @property
    def who(self) -> str:
        """Of whom it is told: "Belgium", "the United States with Belgium"."""
        if not self.partner:
            return areas.called(self.reporter)
        return f"{areas.called(self.reporter)} with {areas.called(self.partner)}"


@dataclass(frozen=True)
class SeriesDiff:
    """What became of one series, counted in observations.

    `rounded`: no further apart than one of the two releases rounds; `suppressed`, `disclosed`: told in one and
    withheld in the other; `incomparable`: in both, in units or currencies that cannot be compared, which `note`
    names; `outside`: in the old release and outside the new one's scope, so neither withdrawn nor told again.
    `flags`: flag before, flag after, how many. `largest` revisions and `gone` (withdrawn, newest years first) are at
    most as many as were asked for.
    """

    series: str
    unit_before: str
    unit_after: str
    note: str
    added: int
    revised: int
    rounded: int
    suppressed: int
    disclosed: int
    unchanged: int
    incomparable: int
    withdrawn: int
    outside: int
    flags: tuple[tuple[str, str, int], ...]
    largest: tuple[Revision, ...]
    gone: tuple[Revision, ...]

    @property
    def title(self) -> str:
        """The title of the series."""
        return registered(self.series).title

    @property
    def in_both(self) -> int:
        """How many figures both releases tell or suppress, in units that can be compared."""
        return self.revised + self.rounded + self.suppressed + self.disclosed + self.unchanged

    @property
    def points(self) -> bool:
        """Whether changes are told in percentage points, not in per cent of the old figure."""
        return in_points(self.unit_after)


@dataclass(frozen=True)
class Diff:
    """What the newer of two releases of a publisher changed. `only_old`, `only_new`: series that one alone carries."""

    old: Release
    new: Release
    series: tuple[SeriesDiff, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]

    def count(self, name: str) -> int:
        """One of the counts of SeriesDiff, over all series that both carry."""
        return sum(getattr(entry, name) for entry in self.series)


def in_points(unit: str) -> bool:
    """Whether a change in this unit is told in percentage points."""
    return unit.startswith(("%", "percentage points"))


def release(store: Store, name: str) -> Release:
    """A release by its name. ClaimbookError, with the nearest names, where there is none."""
    known = {entry.name: entry for entry in store.releases}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 3)
    publisher = name.partition("-")[0]
    own = [entry for entry in known if entry.startswith(f"{publisher}-")]
    hint = f"near: {', '.join(near)}" if near else f"of {publisher} there are: {', '.join(own)}" if own else ""
    raise ClaimbookError(f"no release {name!r} is held; {hint or '`claimbook data list` tells which are'}")


def earlier(store: Store, new: Release) -> Release | None:
    """The earlier release of the same publisher that shares most series with `new`, the newest of equals.

    None where no earlier one shares any.
    """
    own = {scope.series for scope in new.scope}
    known = [entry for entry in store.releases if entry.publisher == new.publisher and entry.day < new.day]
    sharing = [(len(own & {scope.series for scope in entry.scope}), entry.day, entry) for entry in known]
    shared, _, found = max(sharing, key=lambda item: item[:2], default=(0, None, None))
    return found if shared else None


def before(store: Store, new: Release) -> Release:
    """The same as `earlier`; ClaimbookError where there is none."""
    found = earlier(store, new)
    if found is None:
        raise ClaimbookError(
            f"no earlier release of {new.publisher} held shares a series with {new.name}; name two releases"
        )
    return found


def check(store: Store, old: Release, new: Release) -> None:
    """ClaimbookError where the two are not an older and a newer release of one publisher."""
    own = [entry.name for entry in store.releases if entry.publisher == new.publisher]
    if old.publisher != new.publisher:
        raise ClaimbookError(
            f"{old.name} and {new.name} are of two publishers; of {new.publisher} there are: {', '.join(own)}"
        )
    if old.day >= new.day:
        raise ClaimbookError(
            f"{old.name} is not before {new.name}; name the older one first. There are: {', '.join(own)}"
        )


def diff(store: Store, old: Release, new: Release, *, series: str | None = None, most: int = MOST) -> Diff:
    """What `new` changed against `old`, over all series or one alone, with at most `most` revisions of each.

    ClaimbookError where the two are not an older and a newer release of one publisher, or where neither carries the
    series that is asked for.
    """
    check(store, old, new)
    told, tells = ([scope.series for scope in entry.scope] for entry in (old, new))
    if series is not None:
        if series not in {*told, *tells}:
            there = sorted({*told, *tells})
            near = difflib.get_close_matches(series, there, 3)
            hint = f"near: {', '.join(near)}" if near else f"they carry: {', '.join(there)}"
            raise ClaimbookError(f"neither {old.name} nor {new.name} carries {series!r}; {hint}")
        told, tells = [name for name in told if name == series], [name for name in tells if name == series]
    return Diff(
        old=old,
        new=new,
        series=tuple(_series(store, old, new, name, most) for name in sorted(set(told) & set(tells))),
        only_old=tuple(sorted(set(told) - set(tells))),
        only_new=tuple(sorted(set(tells) - set(told))),
    )


def _series(store: Store, old: Release, new: Release, name: str, most: int) -> SeriesDiff:
    was, now = _Told.of(store.figures(old, name)), _Told.of(store.figures(new, name))
    at, to, alone = _matched(was, now)
    before, after, unit_before, unit_after = was.values[at], now.values[to], was.units[0], now.units[0]
    differ = ~np.isclose(before, after, rtol=EQUAL, atol=0, equal_nan=True)  # two that are suppressed are the same
    if unit_before != unit_after:
        comparable = np.zeros(len(at), dtype=bool)
        note = f"not comparable: {unit_before}, then {unit_after}"
    else:
        comparable, note = _one_money(was.reporters[at], was.years[at], differ, unit_after, old.day.year, new.day.year)
    known, knows = ~np.isnan(before), ~np.isnan(after)
    apart = differ & known & knows & comparable
    coarse = _coarser(_step(was.values), _step(now.values))
    rounded = apart & (np.abs(after - before) <= coarse / 2 * (1 + EQUAL))
    revised = apart & ~rounded
    flagged = np.flatnonzero(was.flags[at] != now.flags[to])
    flags = Counter(zip(was.flags[at[flagged]], now.flags[to[flagged]], strict=True))
    full = {year for year in new.scope_of(name).periods if new.scope_of(name).limit(year) is None}
    # A year in a release's scope with every member listed: what it leaves out is withdrawn.
    kept = np.isin(was.years[alone], list(full))
    gone = alone[kept]
    return SeriesDiff(
        series=name,
        unit_before=unit_before,
        unit_after=unit_after,
        note=note,
        added=len(now.values) - len(to),
        revised=int(revised.sum()),
        rounded=int(rounded.sum()),
        suppressed=int((known & ~knows & comparable).sum()),
        disclosed=int((~known & knows & comparable).sum()),
        unchanged=int((comparable & ~differ).sum()),
        incomparable=int((~comparable).sum()),
        withdrawn=len(gone),
        outside=len(alone) - len(gone),
        flags=tuple((*pair, count) for pair, count in sorted(flags.items())),
        largest=_largest(was, now, at[revised], to[revised], in_points(unit_after), most),
        gone=tuple(_revision(was, index) for index in gone[np.argsort(-was.years[gone], kind="stable")][:most]),
    )


@dataclass(frozen=True)
class _Told:
    """The figures of a series in one release, a column an array: for a few hundred figures a frame's joins are slow."""

    reporters: np.ndarray
    partners: np.ndarray
    years: np.ndarray
    values: np.ndarray
    flags: np.ndarray
    units: list[str]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Told:
        texts = [frame[name].to_numpy(object) for name in ("reporter", "partner")]
        return cls(
            *texts, frame["period"].to_numpy(np.int64), frame["value"].to_numpy(float),
            frame["flag"].to_numpy(object), [str(frame["unit"].iloc[0])],
        )  # fmt: skip


def _matched(was: _Told, now: _Told) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where figures that both tell stand in each, and those that the first alone tells: by reporter, partner, year."""
    codes = np.zeros(len(was.years) + len(now.years), dtype=np.int64)
    for name in ("reporters", "partners", "years"):
        column = np.concatenate([getattr(was, name), getattr(now, name)])
        own, known = pd.factorize(column, sort=True)
        codes = codes * len(known) + own
    left, right = codes[: len(was.years)], codes[len(was.years) :]
    _, at, to = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    order = np.argsort(left, kind="stable")
    return at, to, order[~np.isin(left[order], right)]


def _one_money(
    reporters: np.ndarray, years: np.ndarray, differ: np.ndarray, unit: str, old: int, new: int
) -> tuple[np.ndarray, str]:
    """Which figures in national currency are in the same one in both releases, and a note on those that are not.

    `old`, `new`: the years of the releases. Figures that are the same need no such question.
    """
    if NATIONAL not in unit:
        return np.ones(len(years), dtype=bool), ""
    money = [
        _other_money(code, int(year), old, new) if apart else ""
        for code, year, apart in zip(reporters, years, differ, strict=True)
    ]
    found = {code: told for code, told in zip(reporters, money, strict=True) if told}
    named = ", ".join(f"{areas.name(code)} ({told})" for code, told in sorted(found.items()))
    one = np.array([not told for told in money], dtype=bool)
    return one, f"not comparable, another currency: {named}" if named else ""


def _step(values: np.ndarray) -> float:
    """To what all figures are rounded: 1, 0.1, 0.01 or 0.001; 0 where they are told more finely, or are few."""
    known = values[~np.isnan(values)]
    if len(known) < FEWEST:
        return 0.0
    return next((10.0**-digits for digits in range(4) if np.array_equal(known, known.round(digits))), 0.0)


def _coarser(left: float, right: float) -> float:
    """The coarser of two roundings; 0 where both are alike, so that every difference is a revision."""
    return 0.0 if math.isclose(left, right) else max(left, right)


def _other_money(country: str, year: int, old: int, new: int) -> str:
    """Both currencies in which releases of two years may tell a country's year, where it changed its own; else empty.

    A publisher restates old years in the new currency when it comes to it, some a year or two late.
    """
    now, was, late = (currency(country, then, then) for then in (new, min(year, old), old - RESTATED_AFTER))
    return f"{was}, then {now or 'several'}" if was and late and now not in (was, late) else ""


def _largest(was: _Told, now: _Told, at: np.ndarray, to: np.ndarray, points: bool, most: int) -> tuple[Revision, ...]:
    """The revisions that moved most, the newer year first of those that moved as much."""
    old, change = was.values[at], now.values[to] - was.values[at]
    if not points:
        # From zero no share can be reckoned: such figures come last.
        change = 100 * change / np.where(old == 0, math.nan, np.abs(old))
    order = np.lexsort((-was.years[at], -np.where(np.isnan(change), -math.inf, np.abs(change))))[:most]
    return tuple(_revision(was, at[index], now, to[index], change[index]) for index in order)


def _revision(was: _Told, at: int, now: _Told | None = None, to: int = 0, change: float | None = None) -> Revision:
    def known(value: float) -> float | None:
        return None if math.isnan(value) else float(value)

    return Revision(
        reporter=was.reporters[at],
        partner=was.partners[at],
        year=int(was.years[at]),
        before=known(was.values[at]),
        after=None if now is None else known(now.values[to]),
        flag_before=was.flags[at],
        flag_after="" if now is None else now.flags[to],
        change=None if change is None else known(change),
    )


def changed(entry: Revision, unit: str) -> str:
    """How far a figure moved, in words: "+0.05 points", "\u22123.1 per cent"; "from zero" where nothing tells it."""
    if entry.change is None:
        return "from zero"
    if in_points(unit):
        return f"{_signed(entry.change, 2)} points"
    return f"{_signed(entry.change, 1 if abs(entry.change) >= 1 else 2)} per cent"


def _signed(value: float, digits: int) -> str:
    text = words.number(value, digits)
    return text if value <= 0 or text.strip("0.") == "" else f"+{text}"


def told(entry: Revision, unit: str) -> str:
    """A revision in words: "Belgium 2023: 1.21 (estimate), then 1.18 per cent of GDP (\u22120.03 points)"."""
    was, now = ("suppressed" if value is None else words.amount(value, unit) for value in (entry.before, entry.after))
    flags = [f" ({words.FLAGS[flag]})" if flag and value is not None else ""
             for flag, value in ((entry.flag_before, entry.before), (entry.flag_after, entry.after))]  # fmt: skip
    who = entry.who[:1].upper() + entry.who[1:]
    return f"{who} {entry.year}: {was}{flags[0]}, then {now}{flags[1]}, {changed(entry, unit)}"


def sentence(entries: Sequence[SeriesDiff]) -> str:
    """How much of what both releases tell was revised, in words."""
    both = sum(entry.in_both for entry in entries)
    revised = sum(entry.revised for entry in entries)
    if not both:
        return "the two releases tell no figure in common that could be compared"
    share = words.number(100 * revised / both, 1)
    return f"{revised:,} of {both:,} figures in both were revised ({share} per cent)"
