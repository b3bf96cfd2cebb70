"""Defence expenditure against targets, for one ally and for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.measures import groups
from analysis.measures.frames import SeriesId, empty, gravest, level, newest, shaped

if TYPE_CHECKING:
    from analysis.snapshots.store import Edition


def expenditure_share(edition: Edition, *, country: str, partner: str, share: SeriesId) -> pd.DataFrame:
    """A share that a publisher computes for one country (of GDP, of defence expenditure; series' unit)."""
    return level(edition, share, reporter=country)


def move_towards_target(edition: Edition, *, country: str, partner: str, share: SeriesId, since: int) -> pd.DataFrame:
    """How far a share moved since a base year, in percentage points; positive: towards a target above it.

    Both years come from one edition where one holds both; years before `since` are left out.
    """
    frame = level(edition, share, reporter=country)
    rows = []
    for row in frame[frame["year"] > since].to_dict("records"):
        base = _base(edition, share, country, since, row["released"])
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
    """Figures of a group's members in the years of their membership: reporter, period, value, flag, released."""
    frame = edition.figures(share)
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
