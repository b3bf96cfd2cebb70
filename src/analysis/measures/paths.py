"""Defence expenditure in money, and what a target comes to under stated growth and prices.

GDP in national currency is had in two ways: as expenditure over share by one edition of one publisher, which is
what that publisher reckoned with; or from GDP in dollars at the year's average exchange rate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import currencies, reads
from analysis.measures.frames import SeriesId, empty, joined, level, shaped
from analysis.scenarios import Economy, step
from analysis.series import series as registered

if TYPE_CHECKING:
    from analysis.snapshots.catalogue import Release
    from analysis.snapshots.store import Edition


def expenditure_ncu(
    edition: Edition, *, country: str, partner: str, expenditure: SeriesId, restated: bool = False
) -> pd.DataFrame:
    """Defence expenditure in the country's own currency, at prices of each year (million EUR, say).

    In the currency that the publisher tells it in, where the register of series names another one than the country's
    own. `restated`: the publisher restates the figures of earlier currencies in the present one; else a year in which
    the currency is not certain has no row.
    """
    told_in = registered(expenditure).currencies.get(country)
    return _in_currency(level(edition, expenditure, reporter=country), country, restated=restated, told_in=told_in)


def gdp_from_expenditure(
    edition: Edition, *, country: str, partner: str, expenditure: SeriesId, share: SeriesId
) -> pd.DataFrame:
    """GDP in the country's own currency that a publisher reckoned with: expenditure over its share of GDP.

    Both from one edition, so that figures of unlike vintages never meet. Where the share is printed to two decimals,
    GDP is known to about half a per cent.
    """
    return _reckoned(edition, country, expenditure, share)


@reads.remembered(256)
def _reckoned(edition: Edition, country: str, expenditure: SeriesId, share: SeriesId) -> pd.DataFrame:
    found: dict[int, dict] = {}
    for release in edition.store.carrying(expenditure):
        if release.day > edition.day or release.scope_of(share) is None:
            continue
        money, ratio = (_told(edition, release, series, country) for series in (expenditure, share))
        unit = money["unit"].to_numpy(object)[0] if len(money) else ""
        frame = joined(
            money.assign(unit=""), ratio.assign(unit=""), lambda amount, per_cent: 100 * amount / per_cent, unit=unit
        )
        found.update({row["year"]: row for row in frame.to_dict("records")})
    return _in_currency(shaped(pd.DataFrame(list(found.values()))), country) if found else empty()


def _told(edition: Edition, release: Release, series: SeriesId, country: str) -> pd.DataFrame:
    """One series of one country as a single release tells it."""
    frame = edition.store.figures(release, series)
    frame = frame[(frame["reporter"] == country) & frame["value"].notna()].rename(columns={"period": "year"})
    return shaped(frame.assign(released=release.released))


def gdp_at_exchange_rate(
    edition: Edition, *, country: str, partner: str, gdp: SeriesId, rate: SeriesId
) -> pd.DataFrame:
    """GDP in millions of the country's own currency: GDP in dollars at the year's average exchange rate."""
    dollars, each = (level(edition, series, reporter=country).assign(unit="") for series in (gdp, rate))
    frame = joined(dollars, each, lambda amount, price: amount * price / 1e6, unit=f"million {currencies.NATIONAL}")
    return _in_currency(frame, country)


def cost_of_target(
    edition: Edition, *, country: str, partner: str, expenditure: SeriesId, share: SeriesId, target: float, by: int,
    growth: float, deflator: float,
) -> pd.DataFrame:  # fmt: skip
    """What a target share of GDP comes to in a later year, reckoned from the GDP of each year before it.

    `target` in per cent of GDP, `by` the later year; `growth` of real GDP and `deflator` in per cent a year from the
    base year on. With a deflator of 0 the result is at prices of the base year; with no growth either, it is the
    target of the base year's own GDP. Unit: million of the country's own currency.
    """

    def rule(year: int, gdp: float) -> float:
        return Economy(year, gdp, growth, deflator).cost(target, by)

    return _later(gdp_from_expenditure(
        edition, country=country, partner=partner, expenditure=expenditure, share=share
    ), by, rule)  # fmt: skip


def share_of_sum(
    edition: Edition, *, country: str, partner: str, expenditure: SeriesId, share: SeriesId, amount: float, by: int,
    growth: float, deflator: float,
) -> pd.DataFrame:  # fmt: skip
    """What a fixed sum spent in a later year is as a share of GDP then, reckoned from the GDP of each year before it.

    `amount` in million of the country's own currency, spent in the year `by`; `growth` and `deflator` as in the cost
    of a target. With a deflator of 0 the sum is of the base year's money. Unit: % of GDP.
    """

    def rule(year: int, gdp: float) -> float:
        return Economy(year, gdp, growth, deflator).share(amount, by)

    frame = _later(gdp_from_expenditure(
        edition, country=country, partner=partner, expenditure=expenditure, share=share
    ), by, rule)  # fmt: skip
    return frame.assign(unit="% of GDP")


def yearly_step(
    edition: Edition, *, country: str, partner: str, expenditure: SeriesId, goal: float, years: int
) -> pd.DataFrame:
    """By how much expenditure has to rise each year to reach a sum in so many equal steps, from each year's level.

    `goal` and the result in million of the country's own currency, at the prices in which both ends are told.
    """
    frame = expenditure_ncu(edition, country=country, partner=partner, expenditure=expenditure)
    return frame.assign(value=[step(value, goal, years) for value in frame["value"]])


def _later(frame: pd.DataFrame, by: int, rule: Callable[[int, float], float]) -> pd.DataFrame:
    """The rows of years before `by`, each with what `rule` makes of its year and value."""
    frame = frame[frame["year"] < by].reset_index(drop=True)
    values = [rule(int(year), float(value)) for year, value in zip(frame["year"], frame["value"], strict=True)]
    return frame.assign(value=np.array(values, dtype=float))


def _in_currency(
    frame: pd.DataFrame, country: str, *, restated: bool = False, told_in: str | None = None
) -> pd.DataFrame:
    """Units with the currency's code in place of "national currency"; years of which it is not certain left out.

    Certain is a currency that was the only one from the year of the figure to that of its release, or `told_in`, where
    that is known; empty, it is known to be uncertain.
    """
    units = []
    for year, unit, released in zip(frame["year"], frame["unit"], frame["released"], strict=True):
        last = int(released[:4])
        code = told_in
        if told_in is None:
            code = currencies.currency(country, last if restated else int(year), last)
        plain = unit.removesuffix(" units")  # "national currency units" are units of it, as "EUR" is
        units.append(plain.replace(currencies.NATIONAL, code) if code else "")
    frame = frame.assign(unit=np.array(units, dtype=object))
    return frame[frame["unit"] != ""].reset_index(drop=True)
