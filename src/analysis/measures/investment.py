"""Direct investment of a country in its partner, and the jobs at the affiliates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.measures.frames import SeriesId, level, ranking

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
