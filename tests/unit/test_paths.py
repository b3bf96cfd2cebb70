"""Measures of expenditure in money and of what targets come to, on a small store and on the book's own."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis import currencies
from analysis.errors import ClaimbookError
from analysis.measures import check_inputs, compute
from analysis.snapshots.store import store

MONEY, SHARE = "nato.defence_expenditure_ncu_current", "nato.defence_expenditure_share_gdp"
GDP, RATE = "worldbank.NY.GDP.MKTP.CD", "worldbank.PA.NUS.FCRF"
SIPRI = "sipri.military_expenditure_ncu_current"
BOTH = {"expenditure": MONEY, "share": SHARE}


@pytest.fixture(scope="module")
def small(kept_shelf, figures):
    """Two editions that tell money and share, and one between them that tells shares alone."""
    bel, hrv = ("BEL", ""), ("HRV", "")
    kept_shelf.add(
        "nato", "2023-07-07",
        figures(MONEY, {bel: {2021: 5000.0, 2022: 6000.0}, hrv: {2022: 1000.0}})
        + figures(SHARE, {bel: {2021: 1.0, 2022: 1.2}, hrv: {2022: 2.0}}),
    )  # fmt: skip
    kept_shelf.add("nato", "2024-02-14", figures(SHARE, {bel: {2021: 0.9, 2022: 1.1, 2023: 1.1}}))
    kept_shelf.add(
        "nato", "2024-06-17",
        figures(MONEY, {bel: {2022: 6600.0, 2023: (7500.0, "estimate")}, hrv: {2024: 1500.0}})
        + figures(SHARE, {bel: {2022: 1.2, 2023: (1.25, "estimate")}, hrv: {2024: 2.0}}),
    )  # fmt: skip
    kept_shelf.add(
        "worldbank", "2025-07-01",
        figures(GDP, {("BEL", ""): {2022: 500e9, 2023: 600e9}, ("LTU", ""): {2014: 40e9, 2015: 40e9}})
        + figures(RATE, {("BEL", ""): {2022: 0.95, 2024: 0.9}, ("LTU", ""): {2014: 2.6, 2015: 0.9}}),
    )  # fmt: skip
    others = {("SOM", ""): {2023: 1.4e8}, ("VEN", ""): {2023: 1.1e22}}
    kept_shelf.add("sipri", "2025-04-28", figures(SIPRI, {("BEL", ""): {1950: 8e8, 2023: 7e9}, **others}))
    return kept_shelf.store()


def told(small, name, *, country="BEL", day="2100-01-01", **inputs):
    frame = compute(name, small.as_of(dt.date.fromisoformat(day)), country=country, partner="", inputs=inputs)
    return {row.year: (round(row.value, 6), row.unit, row.flag, row.released) for row in frame.itertuples()}


def values(*given, **more):
    return {year: entry[0] for year, entry in told(*given, **more).items()}


# Expenditure


def test_expenditure_is_told_in_the_countrys_currency(small):
    assert told(small, "expenditure_ncu", expenditure=MONEY) == {
        2021: (5000.0, "million EUR", "", "2023-07-07"),
        2022: (6600.0, "million EUR", "", "2024-06-17"),
        2023: (7500.0, "million EUR", "estimate", "2024-06-17"),
    }


def test_a_year_whose_currency_is_not_certain_has_no_row(small):
    # Croatia took the euro in 2023: the figure for 2022 may be in kuna or restated
    assert list(told(small, "expenditure_ncu", country="HRV", expenditure=MONEY)) == [2024]


def test_a_publisher_that_restates_tells_all_years_in_the_present_currency(small):
    assert list(told(small, "expenditure_ncu", expenditure=SIPRI)) == [2023]
    restated = told(small, "expenditure_ncu", expenditure=SIPRI, restated=True)
    assert restated == {1950: (8e8, "EUR", "", "2025-04-28"), 2023: (7e9, "EUR", "", "2025-04-28")}


def test_money_told_in_another_currency_than_the_countrys_own_is_so_named_and_told_of_none_where_nobody_knows(small):
    # SIPRI's sheet tells Somalia in US dollars, and Venezuela in a bolivar that cannot be told from another
    somalia = told(small, "expenditure_ncu", country="SOM", expenditure=SIPRI, restated=True)
    assert somalia == {2023: (1.4e8, "USD", "", "2025-04-28")}
    assert told(small, "expenditure_ncu", country="VEN", expenditure=SIPRI, restated=True) == {}


def test_the_currency_of_a_span_of_years():
    assert currencies.currency("BEL", 2008, 2026) == "EUR"
    assert currencies.currency("BEL", 1998, 2026) == ""
    assert currencies.currency("HRV", 2022, 2024) == "" and currencies.currency("HRV", 2024, 2026) == "EUR"
    assert currencies.currency("NATO.TOTAL", 2020, 2021) == ""
    assert (currencies.named("EUR"), currencies.named("PLN")) == ("euros", "Polish zlotys")


# GDP


def test_gdp_is_expenditure_over_share_within_one_edition(small):
    # 6600 / 1.2 per cent and 7500 / 1.25 per cent by the edition of June 2024; 2021 by that of 2023. The shares of
    # February 2024 have no expenditure beside them and are never put together with another edition's.
    assert told(small, "gdp_from_expenditure", **BOTH) == {
        2021: (500_000.0, "million EUR", "", "2023-07-07"),
        2022: (550_000.0, "million EUR", "", "2024-06-17"),
        2023: (600_000.0, "million EUR", "estimate", "2024-06-17"),
    }


def test_gdp_on_an_earlier_day_is_that_of_the_editions_then(small):
    assert values(small, "gdp_from_expenditure", day="2024-05-01", **BOTH) == {2021: 500_000.0, 2022: 500_000.0}
    assert values(small, "gdp_from_expenditure", day="2020-01-01", **BOTH) == {}


def test_gdp_of_a_country_without_figures_is_empty(small):
    assert told(small, "gdp_from_expenditure", country="JPN", **BOTH) == {}


def test_gdp_at_the_exchange_rate_is_in_millions_of_the_currency(small):
    assert told(small, "gdp_at_exchange_rate", gdp=GDP, rate=RATE) == {
        2022: (475_000.0, "million EUR", "", "2025-07-01")
    }
    # 2014 was in litas
    assert values(small, "gdp_at_exchange_rate", country="LTU", gdp=GDP, rate=RATE) == {2015: 36_000.0}


# What a target comes to


def test_the_cost_of_a_target_grows_with_the_economy_and_with_prices(small):
    found = told(small, "cost_of_target", target=2.0, by=2024, growth=10.0, deflator=50.0, **BOTH)
    # From 2023: 600,000 x 1.1 x 1.5 x 2 per cent. From 2022: 550,000 x 1.21 x 2.25 x 2 per cent.
    assert found[2023] == (19_800.0, "million EUR", "estimate", "2024-06-17")
    assert found[2022][0] == 29_947.5
    assert found[2021][0] == round(500_000 * 1.331 * 3.375 * 0.02, 6)


def test_without_a_deflator_the_cost_is_at_prices_of_the_base_year(small):
    assert values(small, "cost_of_target", target=2.0, by=2024, growth=10.0, deflator=0.0, **BOTH)[2023] == 13_200.0
    assert values(small, "cost_of_target", target=2.0, by=2030, growth=0.0, deflator=0.0, **BOTH)[2023] == 12_000.0


def test_base_years_lie_before_the_year_of_the_target(small):
    assert list(values(small, "cost_of_target", target=2.0, by=2023, growth=0.0, deflator=0.0, **BOTH)) == [2021, 2022]
    assert values(small, "cost_of_target", target=2.0, by=2021, growth=0.0, deflator=0.0, **BOTH) == {}


def test_a_sum_as_a_share_of_gdp_then(small):
    nominal = told(small, "share_of_sum", amount=12_000.0, by=2024, growth=10.0, deflator=50.0, **BOTH)
    # 12,000 of 600,000 x 1.1 x 1.5 = 990,000
    assert nominal[2023] == (1.212121, "% of GDP", "estimate", "2024-06-17")
    constant = values(small, "share_of_sum", amount=12_000.0, by=2024, growth=10.0, deflator=0.0, **BOTH)
    assert constant[2023] == round(100 * 12 / 660, 6)


def test_the_yearly_step_from_each_years_level(small):
    found = told(small, "yearly_step", expenditure=MONEY, goal=12_000.0, years=6)
    assert found[2023] == (750.0, "million EUR", "estimate", "2024-06-17")
    assert {year: entry[0] for year, entry in found.items()} == {2021: round(7000 / 6, 6), 2022: 900.0, 2023: 750.0}


def test_impossible_inputs_are_refused(small):
    with pytest.raises(ClaimbookError, match="growth is -100 per cent"):
        told(small, "cost_of_target", target=2.0, by=2030, growth=-100.0, deflator=0.0, **BOTH)
    with pytest.raises(ClaimbookError, match="cannot rise over 0 years"):
        told(small, "yearly_step", expenditure=MONEY, goal=12_000.0, years=0)
    with pytest.raises(ClaimbookError, match="input by: '2030'"):
        check_inputs("cost_of_target", {**BOTH, "target": 2.0, "by": "2030", "growth": 1.5, "deflator": 2.0})
    with pytest.raises(ClaimbookError, match="needs the input 'share'"):
        check_inputs(
            "share_of_sum", {"expenditure": MONEY, "amount": 12_000.0, "by": 2030, "growth": 1.5, "deflator": 2.0}
        )


# The book's own figures. In NATO's workbook of June 2024 Belgium's 2023 stands in TABLE1!M12, 7,047.2425 million euros,
# and in TABLE3!M12, 1.2085158 per cent: GDP is 583,132 million.


def test_two_per_cent_of_2030_from_the_edition_of_june_2024():
    edition = store().as_of(dt.date(2024, 6, 17))
    inputs = {**BOTH, "target": 2.0, "by": 2030, "growth": 1.5, "deflator": 2.0}

    def cost(**change):
        frame = compute("cost_of_target", edition, country="BEL", partner="", inputs={**inputs, **change})
        return float(frame[frame["year"] == 2023]["value"].iloc[0])

    # 583,132 x 2 per cent = 11,662.6; x 1.015^7 (1.109845) = 12,943.7; x 1.02^7 (1.148686) = 14,868.2
    assert cost(growth=0.0, deflator=0.0) == pytest.approx(11_662.6, abs=0.1)
    assert cost(deflator=0.0) == pytest.approx(12_943.7, abs=0.2)
    assert cost() == pytest.approx(14_868.2, abs=0.3)


def test_a_sixth_of_the_way_to_twelve_billion_from_the_edition_of_june_2024():
    edition = store().as_of(dt.date(2024, 6, 17))
    frame = compute(
        "yearly_step", edition, country="BEL", partner="", inputs={"expenditure": MONEY, "goal": 12_000.0, "years": 6}
    )
    # (12,000 - 7,047.24) / 6
    assert float(frame[frame["year"] == 2023]["value"].iloc[0]) == pytest.approx(825.46, abs=0.01)
