"""The one line of figures by which the first page of all editions shows each country at a glance."""

from __future__ import annotations

from typing import Any

from analysis.series import register, series
from analysis.snapshots.store import Store

SERIES = "worldbank.NE.TRD.GNFS.ZS"
FIRST_YEAR = 1990


def line(country: str, store: Store) -> list[tuple[int, float]]:
    """Year and value of a country in the series of the overview, from its first year on; empty where there is none."""
    if SERIES not in register() or not store.carrying(SERIES):
        return []
    told = store.as_of(store.newest).told(SERIES)
    return [(year, told[year][country].value) for year in sorted(told) if year >= FIRST_YEAR and country in told[year]]


def about() -> dict[str, Any]:
    """What the line shows: title and unit of the series."""
    found = series(SERIES)
    return {"title": found.title, "unit": found.unit, "publisher": found.publisher}
