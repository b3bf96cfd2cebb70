"""Regimes and what the countries that have them make up: classes of a publisher joined with figures of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import areas
from analysis.measures import groups
from analysis.measures.frames import SeriesId, empty, gravest, newest, shaped

if TYPE_CHECKING:
    from analysis.snapshots.store import Edition

# How many countries without a product are named.
NAMED = 8


def share_of_class(
    edition: Edition, *, country: str, partner: str, regime: SeriesId, gdp: SeriesId, at_least: int
) -> pd.DataFrame:
    """What countries of a class and above make up of all countries' product ("% of all countries' GDP").

    A country without a class or without a product is left out of both; `universe` counts those that are in, and the
    note names classed countries whose product is not told.
    """
    product = edition.told(gdp)
    rows = []
    for year, told in edition.told(regime).items():
        priced = product.get(year, {})
        both = [code for code in told if code in priced and code in areas.rankable()]
        total = sum(priced[code].value for code in both)
        if not total:
            continue
        used = [entry for code in both for entry in (told[code], priced[code])]
        left = sorted(areas.name(code) for code in told if code not in priced and code in areas.rankable())
        others = " and others" if len(left) > NAMED else ""
        rows.append(
            {
                "year": year,
                "value": 100 * sum(priced[code].value for code in both if told[code].value >= at_least) / total,
                "unit": "% of all countries' GDP",
                "flag": gravest(entry.flag for entry in used),
                "released": newest(entry.released for entry in used),
                "universe": float(len(both)),
                "note": f"no product is told for {', '.join(left[:NAMED])}{others}" if left else "",
            }
        )
    return shaped(pd.DataFrame(rows)) if rows else empty()


def share_of_democracies_ended(
    edition: Edition,
    *,
    country: str,
    partner: str,
    regime: SeriesId,
    at_least: int,
    since: int,
    group: str,
    of_all: bool = False,
) -> pd.DataFrame:
    """Of a group's states that were democracies at some time since a year, the share that are none in each later year.

    A state that is not classed in the later year any more counts as none. With `of_all`, the share of all the
    group's states that are classed in the year and are no democracies. In "% of states".
    """
    rows: list[dict] = []
    once: set[str] = set()
    flag, released = "", []
    for year, classed in edition.told(regime).items():
        # Publishers carry classes of today's states back into years in which they were parts of others.
        members = groups.members(group, year)
        now = {code: entry for code, entry in classed.items() if code in members}
        if year < since or not now:
            continue
        flag = gravest([flag, *(entry.flag for entry in now.values())])
        released = [newest([*released, *(entry.released for entry in now.values())])]
        democracies = {code for code, entry in now.items() if entry.value >= at_least}
        considered = set(now) if of_all else once
        if considered:
            rows.append(
                {
                    "year": year,
                    "value": 100 * len(considered - democracies) / len(considered),
                    "unit": "% of states",
                    "flag": flag,
                    "released": released[0],
                    "universe": float(len(considered)),
                }
            )
        once = once | democracies
    return shaped(pd.DataFrame(rows)) if rows else empty()
