"""Direct investment of a country in its partner, and the jobs at the affiliates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import units
from analysis.errors import ClaimbookError
from analysis.measures.frames import SeriesId, empty, gravest, level, newest, pairwise, rank_frame, ranking

if TYPE_CHECKING:
    from analysis.snapshots.store import Edition


def fdi_position(edition: Edition, *, country: str, partner: str, position: SeriesId) -> pd.DataFrame:
    """The stock of direct investment of the country in its partner, as the partner counts it (series' unit)."""
    return level(edition, position, reporter=partner, partner=country)


def rank_as_investor(
    edition: Edition, *, country: str, partner: str, position: SeriesId, also: tuple[str, ...] = ()
) -> pd.DataFrame:
    """The country's rank among all sources of direct investment in its partner (value: its position).

    `also` names lines ranked beside countries, such as a group of islands that the publisher lists as one.
    """
    return ranking(edition, position, member=country, reporter=partner, also=tuple(also))


def affiliate_employment(edition: Edition, *, country: str, partner: str, jobs: SeriesId) -> pd.DataFrame:
    """Employees of affiliates in the partner that owners in the country hold (series' unit, persons)."""
    return level(edition, jobs, reporter=partner, partner=country)


def rank_as_investor_by_own_reports(
    edition: Edition, *, country: str, partner: str, position: SeriesId
) -> pd.DataFrame:
    """The country's rank among investors in its partner, by what each investor's own country reports (mirror data)."""
    return ranking(edition, position, member=country, partner=partner)


def rank_of_inward_stock_share(
    edition: Edition, *, country: str, partner: str, stock: SeriesId, gdp: SeriesId
) -> pd.DataFrame:
    """The country's rank by the stock of inward direct investment as a share of GDP (value: that share, "% of GDP")."""
    keys = ["reporter", "period"]
    product = edition.figures(gdp)[[*keys, "value", "unit", "flag", "released"]]
    frame = edition.figures(stock, ranked=True).merge(product, on=keys, suffixes=("", "_gdp"))
    if frame.empty:
        return empty()
    factors = {}
    for unit in {*frame["unit"], *frame["unit_gdp"]}:
        factors[unit], base = units.split(unit)
        if base not in ("USD", "current USD"):
            raise ClaimbookError(f"a share of GDP needs stock and GDP in dollars of the year, not in {base!r}")
    frame["value"] = 100 * frame["value"] * frame["unit"].map(factors) / frame["value_gdp"]
    frame["value"] /= frame["unit_gdp"].map(factors)
    frame["flag"] = pairwise(gravest, frame["flag"], frame["flag_gdp"])
    frame["released"] = pairwise(newest, frame["released"], frame["released_gdp"])
    ranked = frame.assign(unit="% of GDP").rename(columns={"reporter": "member", "period": "year"})
    return rank_frame(ranked, None, member=country)
