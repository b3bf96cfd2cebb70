"""Defence expenditure against targets, for one ally and for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import areas, units
from analysis.errors import ClaimbookError
from analysis.measures import groups
from analysis.measures.frames import SeriesId, empty, gravest, level, newest, shaped

if TYPE_CHECKING:
    from analysis.snapshots.store import Edition, Told


def expenditure_share(edition: Edition, *, country: str, partner: str, share: SeriesId) -> pd.DataFrame:
    """A share that a publisher computes for one country (of GDP, of defence expenditure; series' unit)."""
    return level(edition, share, reporter=country)


def move_towards_target(edition: Edition, *, country: str, partner: str, share: SeriesId, since: int) -> pd.DataFrame:
    """How far a share moved since a base year, in percentage points; positive: towards a target above it.

    Both years come from one edition where one holds both; years before `since` are left out.
    """
    frame = level(edition, share, reporter=country)
    later, rows = frame[frame["year"] > since], []
    bases = {released: _base(edition, share, country, since, released) for released in later["released"].unique()}
    for row in later.to_dict("records"):
        base = bases[row["released"]]
        if base is None:
            continue
        value, flag, released = base
        rows.append(
            {
                "year": row["year"],
                "value": row["value"] - value,
                "unit": "percentage points",
                "flag": gravest([row["flag"], flag]),
                "released": newest([row["released"], released]),
            }
        )
    return shaped(pd.DataFrame(rows)) if rows else empty()


def _base(edition: Edition, share: SeriesId, country: str, year: int, released: str) -> tuple[float, str, str] | None:
    """Value, flag and release of a base year: by the edition named where it has the year, else by the newest."""
    for release in edition.store.carrying(share):
        if release.released == released:
            frame = edition.store.figures(release, share)
            own = frame[(frame["reporter"] == country) & (frame["period"] == year) & frame["value"].notna()]
            if len(own):
                return float(own["value"].iloc[0]), own["flag"].iloc[0], released
    told = level(edition, share, reporter=country)
    told = told[told["year"] == year]
    return None if told.empty else (float(told["value"].iloc[0]), told["flag"].iloc[0], told["released"].iloc[0])


def _allies(edition: Edition, share: SeriesId, group: str) -> pd.DataFrame:
    """Figures of a group's members in the years of their membership: reporter, period, value, flag, released.

    Only lists that name all members are taken: a count over a page with a handful of them would tell of the page.
    """
    frame = edition.figures(share, ranked=True)
    inside = {year: groups.members(group, int(year)) for year in frame["period"].unique()}
    member = [code in inside[year] for code, year in zip(frame["reporter"], frame["period"], strict=True)]
    return frame[np.array(member, dtype=bool) & frame["value"].notna().to_numpy()]


def _count(frame: pd.DataFrame, short: pd.Series, unit: str) -> pd.DataFrame:
    """How many rows of each year are `short`: a row a year, `universe` the rows there are."""
    periods, counted = frame["period"].to_numpy(), short.to_numpy()
    flags, released = frame["flag"].to_numpy(object), frame["released"].to_numpy(object)
    rows = []
    for year in np.unique(periods):
        own = periods == year
        rows.append(
            {
                "year": int(year),
                "value": float(counted[own].sum()),
                "unit": unit,
                "flag": gravest(flags[own]),
                "released": newest(released[own]),
                "universe": float(own.sum()),
            }
        )
    return shaped(pd.DataFrame(rows)) if rows else empty()


def allies_short_of(
    edition: Edition, *, country: str, partner: str, share: SeriesId, target: float, group: str = "NATO"
) -> pd.DataFrame:
    """How many members of an alliance are below a target share in each year (universe: members with a figure).

    A member counts from the year it joined. Shares are compared as published, unrounded where they are.
    """
    frame = _allies(edition, share, group)
    return _count(frame, frame["value"] < target, "allies")


def allies_not_moving(
    edition: Edition, *, country: str, partner: str, share: SeriesId, target: float, since: int, group: str = "NATO"
) -> pd.DataFrame:
    """How many members that were below a target in a base year stand no higher since (universe: all such).

    Members that joined after the base year made no pledge then and are left out.
    """
    frame = _allies(edition, share, group)
    base = frame[(frame["period"] == since) & (frame["value"] < target)].set_index("reporter")["value"]
    frame = frame[frame["reporter"].isin(base.index) & (frame["period"] > since)]
    return _count(frame, frame["value"] <= frame["reporter"].map(base), "allies")


def personnel(edition: Edition, *, country: str, partner: str, persons: SeriesId) -> pd.DataFrame:
    """Military personnel (series' unit)."""
    return level(edition, persons, reporter=country)


def _average_gap(
    edition: Edition, country: str, share: SeriesId, without: Sequence[str], group: str, weights: SeriesId | None
) -> pd.DataFrame:
    """The country's share less the average of the other members of a group, `without` some of them."""
    left_out = {country, *(areas.area(code).code for code in without)}
    weighed = {} if weights is None else edition.told(weights)
    rows = []
    for year, told in edition.told(share, ranked=True).items():
        members = groups.members(group, year)
        others = [code for code in told if code in members - left_out]
        weight = weighed.get(year, {}) if weights is not None else dict.fromkeys(others)
        if country not in members or country not in told or not others or not weight.keys() >= set(others):
            continue
        used = [told[country], *(told[code] for code in others)]
        used += [weight[code] for code in others if weights is not None]
        sizes = None if weights is None else [weight[code].value for code in others]
        average = np.average([told[code].value for code in others], weights=sizes)
        late = sorted(areas.name(code) for code in members - left_out - set(others))
        rows.append(
            {
                "year": year,
                "value": told[country].value - float(average),
                "unit": "percentage points",
                "flag": gravest(entry.flag for entry in used),
                "released": newest(entry.released for entry in used),
                "note": f"averaged without {', '.join(late)}, of which there is no figure" if late else "",
            }
        )
    return shaped(pd.DataFrame(rows)) if rows else empty()


def gap_to_average(
    edition: Edition, *, country: str, partner: str, share: SeriesId, without: tuple[str, ...], group: str = "NATO"
) -> pd.DataFrame:
    """How far the country's share lies above the plain average of the other members of a group (negative: below).

    Each member counts alike, from the year it joined; members named in `without` are left out. Percentage points.
    """
    return _average_gap(edition, country, share, without, group, None)


def gap_to_weighted_average(
    edition: Edition,
    *,
    country: str,
    partner: str,
    share: SeriesId,
    gdp: SeriesId,
    without: tuple[str, ...],
    group: str = "NATO",
) -> pd.DataFrame:
    """As the gap to the plain average, each member weighing by its GDP; a year lacking one of them has no row."""
    return _average_gap(edition, country, share, without, group, gdp)


def share_of_world_spending(
    edition: Edition, *, country: str, partner: str, spending: SeriesId, world: SeriesId, group: str = "NATO"
) -> pd.DataFrame:
    """What the members of a group spend on their forces as a share of the world's total ("% of world spending").

    Members count from the year they joined. Years for which the world's total is not published, or the figure of a
    member, have no row.
    """
    spent, total = edition.told(spending), _world(edition, world)
    rows = [_world_share(spent, total, year, groups.members(group, year)) for year in spent]
    return _rows([row for row in rows if row is not None])


def share_of_world_spending_difference(
    edition: Edition,
    *,
    country: str,
    partner: str,
    spending: SeriesId,
    world: SeriesId,
    years: int,
    group: str = "NATO",
) -> pd.DataFrame:
    """By how many percentage points that share moved over so many years, with the later year's members in both.

    A year for which one of them has no figure, then or so many years before, has no row.
    """
    if years < 1:
        raise ClaimbookError(f"years is {years}; a change needs at least one year")
    spent, total = edition.told(spending), _world(edition, world)
    rows = []
    for year in spent:
        members = groups.members(group, year)
        now, then = (_world_share(spent, total, told, members) for told in (year, year - years))
        if now is not None and then is not None:
            told = {"year": year, "value": now["value"] - then["value"], "unit": "percentage points"}
            flag, released = gravest([now["flag"], then["flag"]]), newest([now["released"], then["released"]])
            rows.append({**told, "flag": flag, "released": released})
    return _rows(rows)


def _world(edition: Edition, world: SeriesId) -> dict[int, Told]:
    return {year: told["WLD"] for year, told in edition.told(world).items() if "WLD" in told}


def _world_share(
    spent: dict[int, dict[str, Told]], total: dict[int, Told], year: int, members: set[str]
) -> dict | None:
    """The share of these members in the world's total of a year; None where one of these figures is missing."""
    told, whole = spent.get(year, {}), total.get(year)
    if whole is None or not whole.value or not members or not told.keys() >= members:
        return None
    used = [told[code] for code in sorted(members)]
    # SIPRI tells countries and the world in different scales.
    part = sum(entry.value * units.factor(entry.unit, whole.unit) for entry in used)
    return {
        "year": year,
        "value": 100 * part / whole.value,
        "unit": "% of world spending",
        "flag": gravest(entry.flag for entry in (*used, whole)),
        "released": newest(entry.released for entry in (*used, whole)),
    }


def _rows(rows: list[dict]) -> pd.DataFrame:
    return shaped(pd.DataFrame(rows)) if rows else empty()
