"""What a release changed against an earlier one of the same publisher: added, revised, withdrawn, series by series.

A release says nothing of what lies outside its scope: a year that it does not tell, or a member that a list of some
members leaves out, is not withdrawn by it. Constant prices at another base year are another unit, not a revision.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import areas, words
from analysis.currencies import NATIONAL, currency
from analysis.errors import ClaimbookError
from analysis.series import series as registered
from analysis.snapshots.catalogue import Release, Scope
from analysis.snapshots.store import Store

# Figures nearer to each other than this share of them are the same: files round in their last digits.
EQUAL = 1e-9
# How many of the largest revisions are told unless somebody says otherwise.
MOST = 10
# How many years a publisher may take to restate old years in a country's new currency.
RESTATED_AFTER = 2
# From fewer figures it cannot be seen how a release rounds.
FEWEST = 6
KEY = ["reporter", "partner", "period"]


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
    was, now = store.figures(old, name), store.figures(new, name)
    unit_before, unit_after = str(was["unit"].iloc[0]), str(now["unit"].iloc[0])
    columns = [*KEY, "value", "flag"]
    frame = was[columns].merge(now[columns], on=KEY, how="outer", suffixes=("_before", "_after"), indicator="side")
    both, left = frame[frame["side"] == "both"], frame[frame["side"] == "left_only"]
    kept = _in_scope(left["period"], new.scope_of(name))
    differ = ~_same(both["value_before"], both["value_after"])
    if unit_before != unit_after:
        comparable = pd.Series(False, index=both.index)
        note = f"not comparable: {unit_before}, then {unit_after}"
    else:
        comparable, note = _one_money(both, differ, unit_after, old.day.year, new.day.year)
    before, after = both["value_before"].notna(), both["value_after"].notna()
    apart = differ & before & after & comparable
    coarse = _coarser(_step(was["value"]), _step(now["value"]))
    rounded = apart & ((both["value_after"] - both["value_before"]).abs() <= coarse / 2 * (1 + EQUAL))
    revised = both[apart & ~rounded]
    flags = both[both["flag_before"] != both["flag_after"]].groupby(["flag_before", "flag_after"]).size()
    return SeriesDiff(
        series=name,
        unit_before=unit_before,
        unit_after=unit_after,
        note=note,
        added=int((frame["side"] == "right_only").sum()),
        revised=len(revised),
        rounded=int(rounded.sum()),
        suppressed=int((before & ~after & comparable).sum()),
        disclosed=int((~before & after & comparable).sum()),
        unchanged=int((comparable & ~differ).sum()),
        incomparable=int((~comparable).sum()),
        withdrawn=int(kept.sum()),
        outside=int((~kept).sum()),
        flags=tuple((*pair, int(count)) for pair, count in flags.items()),
        largest=_largest(revised, in_points(unit_after), most),
        gone=tuple(_revision(row, None) for row in _newest(left[kept]).head(most).to_dict("records")),
    )


def _one_money(both: pd.DataFrame, differ: pd.Series, unit: str, old: int, new: int) -> tuple[pd.Series, str]:
    """Which figures in national currency are in the same one in both releases, and a note on those that are not.

    `old`, `new`: the years of the releases. Figures that are the same need no such question.
    """
    if NATIONAL not in unit:
        return pd.Series(True, index=both.index), ""
    money = [
        _other_money(code, year, old, new) if apart else ""
        for code, year, apart in zip(both["reporter"], both["period"], differ, strict=True)
    ]
    found = {code: told for code, told in zip(both["reporter"], money, strict=True) if told}
    named = ", ".join(f"{areas.name(code)} ({told})" for code, told in sorted(found.items()))
    one = pd.Series([not told for told in money], index=both.index, dtype=bool)
    return one, f"not comparable, another currency: {named}" if named else ""


def _same(left: pd.Series, right: pd.Series) -> pd.Series:
    """Whether figures are the same; two that are suppressed are."""
    a, b = left.to_numpy(float), right.to_numpy(float)
    return pd.Series(np.isclose(a, b, rtol=EQUAL, atol=0, equal_nan=True), index=left.index)


def _in_scope(years: pd.Series, scope: Scope) -> pd.Series:
    """Whether a year lies in a release's scope with every member listed, so that what it leaves out is withdrawn."""
    full = {year for year in scope.periods if scope.limit(year) is None}
    return years.isin(full)


def _step(values: pd.Series) -> float:
    """To what all figures are rounded: 1, 0.1, 0.01 or 0.001; 0 where they are told more finely, or are few."""
    known = values.to_numpy(float)
    known = known[~np.isnan(known)]
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


def _largest(revised: pd.DataFrame, points: bool, most: int) -> tuple[Revision, ...]:
    old, new = revised["value_before"], revised["value_after"]
    # From zero no share can be reckoned: such figures come last.
    change = (new - old) if points else 100 * (new - old) / old.abs().where(old != 0)
    ranked = revised.assign(change=change, size=change.abs())
    ranked = ranked.sort_values(["size", "period", "reporter", "partner"], ascending=[False, False, True, True])
    return tuple(_revision(row, row["change"]) for row in ranked.head(most).to_dict("records"))


def _newest(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["period", "reporter", "partner"], ascending=[False, True, True])


def _revision(row: dict, change: float | None) -> Revision:
    def known(value: float) -> float | None:
        return None if value is None or math.isnan(value) else float(value)

    return Revision(
        reporter=row["reporter"],
        partner=row["partner"],
        year=int(row["period"]),
        before=known(row["value_before"]),
        after=known(row["value_after"]),
        flag_before=row["flag_before"],
        flag_after=row["flag_after"] if isinstance(row["flag_after"], str) else "",
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
