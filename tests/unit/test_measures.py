"""Measures: from observations to a tidy frame, each on a small store."""

from __future__ import annotations

import datetime as dt
import inspect
import math
import typing

import pytest

from analysis import measures
from analysis.errors import ClaimbookError
from analysis.measures import MEASURES, check_inputs, compute, frames, groups
from analysis.publishers import Partial
from analysis.series import register

X, M = "census.goods_exports", "census.goods_imports"
MIRROR_X, MIRROR_M = "comtrade.goods_exports", "comtrade.goods_imports"
SHARE, EQUIPMENT, PERSONS = "nato.defence_expenditure_share_gdp", "nato.equipment_share", "nato.military_personnel"
OPEN_X, OPEN_M, EXPORTERS = "worldbank.NE.EXP.GNFS.ZS", "worldbank.NE.IMP.GNFS.ZS", "worldbank.TX.VAL.MRCH.CD.WT"
FDI, JOBS = "bea.fdi_position_foreign_parent", "selectusa.affiliate_employment"
REPORTED, STOCK = "imf.outward_position_reported", "unctad.fdi_inward_stock"
TRADE_SHARE, GDP, PEOPLE = "worldbank.NE.TRD.GNFS.ZS", "worldbank.NY.GDP.MKTP.CD", "worldbank.SP.POP.TOTL"
BORN_ABROAD, PATENTS, RATE = "worldbank.SM.POP.TOTL", "worldbank.IP.PAT.RESD", "worldbank.PA.NUS.FCRF"
ARMS, WORLD_ARMS = "sipri.military_expenditure_usd_current", "sipri.military_expenditure_region_usd_current"
MONEY, NATO_GDP, REGIME = "nato.defence_expenditure_ncu_current", "nato.gdp_usd_current", "vdem.regime"
DAY = dt.date(2100, 1, 1)
TRADE = {"exports": X, "imports": M}
BOTH = {"expenditure": MONEY, "share": SHARE}
ABROAD = {"count": BORN_ABROAD, "population": PEOPLE}
PATH = {**BOTH, "by": 2035, "growth": 1.0, "deflator": 2.0}
SPENT = {"spending": ARMS, "world": WORLD_ARMS}
# What each measure needs, so that none is forgotten below.
INPUTS = {
    "two_way_trade": TRADE, "trade_surplus": TRADE, "trade_surplus_share": TRADE, "rank_of_surplus": TRADE,
    "rank_as_destination": {"exports": X}, "rank_as_exporter": {"exports": EXPORTERS}, "share_of_gdp": {"share": OPEN_X},
    "trade_share_of_gdp": {"exports": OPEN_X, "imports": OPEN_M}, "fdi_position": {"position": FDI},
    "rank_as_investor": {"position": FDI}, "affiliate_employment": {"jobs": JOBS}, "expenditure_share": {"share": SHARE},
    "move_towards_target": {"share": SHARE, "since": 2014}, "allies_short_of": {"share": SHARE, "target": 2.0},
    "allies_not_moving": {"share": SHARE, "target": 2.0, "since": 2014}, "personnel": {"persons": PERSONS},
    "gap_to_average": {"share": SHARE, "without": ["USA"]},
    "gap_to_weighted_average": {"share": SHARE, "gdp": NATO_GDP, "without": ["USA"]},
    "share_of_world_spending": SPENT, "share_of_world_spending_difference": {**SPENT, "years": 1},
    "rank_as_investor_by_own_reports": {"position": REPORTED}, "rank_of_inward_stock_share": {"stock": STOCK, "gdp": GDP},
    "published_figure": {"series": GDP}, "rank_among_countries": {"series": GDP, "among": "EU"},
    "rank_among_larger_countries": {"series": GDP, "population": PEOPLE, "least": 1e6},
    "rank_per_inhabitant": {"count": PATENTS, "population": PEOPLE}, "share_of_population": ABROAD,
    "share_of_population_compared": {**ABROAD, "area": "EUU"}, "compared_with": {"series": TRADE_SHARE, "area": "EUU"},
    "share_of_area": {"series": GDP, "area": "WLD"}, "change_over": {"series": ARMS, "years": 1},
    "change_since": {"series": ARMS, "since": 1949}, "difference_over": {"series": ARMS, "years": 1},
    "share_of_area_difference": {"series": GDP, "area": "WLD", "years": 1},
    "years_without_rise": {"series": ARMS, "over": 1}, "years_without_fall": {"series": ARMS, "over": 1},
    "above_average_before": {"series": ARMS, "over": 1},
    "share_in_group_since": {"series": ARMS, "group": "NATO", "since": 1949},
    "share_of_class": {"regime": REGIME, "gdp": GDP, "at_least": 2},
    "share_of_democracies_ended": {"regime": REGIME, "at_least": 2, "since": 1900, "group": "EU"},
    "expenditure_ncu": {"expenditure": MONEY}, "gdp_from_expenditure": BOTH,
    "gdp_at_exchange_rate": {"gdp": GDP, "rate": RATE}, "cost_of_target": {**PATH, "target": 2.0},
    "share_of_sum": {**PATH, "amount": 9000.0}, "yearly_step": {"expenditure": MONEY, "goal": 9000.0, "years": 3},
}  # fmt: skip
# Measures that tell something of a group, and so answer for any country alike.
OF_A_GROUP = {"allies_short_of", "allies_not_moving", "share_of_class", "share_of_democracies_ended",
              "share_of_world_spending", "share_of_world_spending_difference"}  # fmt: skip
FOUNDERS = ["BEL", "CAN", "DNK", "FRA", "GBR", "ITA", "LUX", "NLD", "NOR", "PRT", "USA"]


@pytest.fixture(scope="module")
def edition(kept_shelf, figures):
    """Trade of two sides that disagree, five allies of which two joined late, and a little of everything."""
    us = ("USA", "BEL")
    kept_shelf.add(
        "census", "2016-03-04",
        figures(X, {us: {2013: 30.0, 2014: 35.0, 2015: 0.0}, ("USA", "NLD"): {2014: 43.0}, ("USA", "WLD"): {2014: 90.0},
                    ("USA", "DEU"): {2014: 12.0}})
        + figures(M, {us: {2014: (20.0, "estimate"), 2015: 0.0}, ("USA", "NLD"): {2014: 21.0}, ("USA", "DEU"): {2014: 60.0},
                      ("USA", "WLD"): {2014: 110.0}}),
    )  # fmt: skip
    kept_shelf.add(
        "comtrade", "2016-06",
        figures(MIRROR_X, {("BEL", "USA"): {2014: 24e6}}) + figures(MIRROR_M, {("BEL", "USA"): {2014: 28e6}}),
    )  # fmt: skip
    kept_shelf.add(
        "nato", "2024-06-17",
        figures(SHARE, {
            ("BEL", ""): {2013: 1.01, 2014: 0.97, 2015: 0.91, 2023: 1.21, 2024: (1.30, "estimate")},
            ("USA", ""): {2014: 3.71, 2024: (3.38, "estimate")}, ("HRV", ""): {2014: 1.81, 2024: (1.81, "estimate")},
            ("FIN", ""): {2014: 1.45, 2022: 1.68, 2023: 2.15, 2024: 2.41}, ("SWE", ""): {2023: 1.66, 2024: 2.14},
            ("MNE", ""): {2014: 1.50, 2016: 1.42, 2017: 1.34, 2024: 2.02}, ("LUX", ""): {2014: 0.37, 2024: None},
            ("NATO.TOTAL", ""): {2014: 2.58, 2024: 2.71},
        })
        + figures(EQUIPMENT, {("BEL", ""): {2014: 3.5, 2024: 15.0}})
        + figures(PERSONS, {("BEL", ""): {2024: (24.5, "estimate")}})
        + figures(MONEY, {("BEL", ""): {2014: 3900.0, 2024: (8000.0, "estimate")}})
        + figures(NATO_GDP, {("HRV", ""): {2014: 60.0}, ("LUX", ""): {2014: 20.0}, ("BEL", ""): {2014: 500.0}}),
    )  # fmt: skip
    kept_shelf.add(
        "worldbank", "2025-07-01",
        figures(OPEN_X, {("BEL", ""): {2022: 95.0, 2023: 86.0}, ("LUX", ""): {2023: 200.0}, ("WLD", ""): {2023: 29.0}})
        + figures(OPEN_M, {("BEL", ""): {2023: 84.0}})
        + figures(EXPORTERS, {("BEL", ""): {2023: 5e11}, ("CHN", ""): {2023: 34e11}, ("WLD", ""): {2023: 240e11}})
        + figures(TRADE_SHARE, {("BEL", ""): {2023: 170.0}, ("EUU", ""): {2023: 100.0}})
        + figures(GDP, {("BEL", ""): {2022: 5e11, 2023: 6e11}, ("WLD", ""): {2022: 50e12, 2023: 100e12}})
        + figures(PEOPLE, {("BEL", ""): {2023: 11e6}, ("EUU", ""): {2023: 450e6}})
        + figures(BORN_ABROAD, {("BEL", ""): {2023: 2.2e6}, ("EUU", ""): {2023: 45e6}})
        + figures(PATENTS, {("BEL", ""): {2023: 1100.0}}) + figures(RATE, {("BEL", ""): {2023: 0.9}}),
    )  # fmt: skip
    kept_shelf.add("vdem", "2024-03", figures(REGIME, {("BEL", ""): {2022: 3.0, 2023: 2.0}}))
    kept_shelf.add("unctad", "2024-06-20", figures(STOCK, {("BEL", ""): {2023: 600_000.0}}))
    kept_shelf.add("imf", "2024-12", figures(REPORTED, {("BEL", "USA"): {2022: 40.0}, ("NLD", "USA"): {2022: 900.0}}))
    kept_shelf.add(
        "sipri", "2024-04-22",
        figures(ARMS, {(code, ""): {1949: 10.0, 1950: 20.0 if code == "USA" else 10.0} for code in FOUNDERS})
        + figures(WORLD_ARMS, {("WLD", ""): {1949: 0.22, 1950: 0.16}}),
    )  # fmt: skip
    fdi = {("USA", "BEL"): {2019: 50.0, 2020: -3.0}, ("USA", "LUX"): {2019: 45.0, 2020: 40.0}, ("USA", "NLD"): {2020: None},
           ("USA", "BEA.UK_ISLANDS_CARIBBEAN"): {2019: 90.0, 2020: 91.0}}  # fmt: skip
    kept_shelf.add("bea", "2020-07", figures(FDI, fdi))
    kept_shelf.add("selectusa", "2015-03-01", figures(JOBS, {us: {2012: 150_300}}), [Partial(JOBS)])
    return kept_shelf.store().as_of(DAY)


def told(edition, name: str, *, country="BEL", partner="USA", day: dt.date | None = None, **inputs) -> list[tuple]:
    """Year and value of each row, rounded a little."""
    frame = frame_of(edition, name, country=country, partner=partner, day=day, **inputs)
    return [(row.year, round(row.value, 6)) for row in frame.itertuples()]


def frame_of(edition, name: str, *, country="BEL", partner="USA", day: dt.date | None = None, **inputs):
    state = edition if day is None else edition.store.as_of(day)
    return compute(name, state, country=country, partner=partner, inputs={**INPUTS[name], **inputs})


# Every measure


def test_every_measure_is_tried_here():
    assert set(INPUTS) == set(MEASURES)
    for name, inputs in INPUTS.items():
        named = [value for value in inputs.values() if isinstance(value, str) and value in register()]
        assert list(check_inputs(name, inputs)) == named


@pytest.mark.parametrize("name", sorted(INPUTS))
@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(2015, 3, 1), dt.date(2016, 3, 4), DAY])
@pytest.mark.parametrize("country", ["BEL", "TUV"])
def test_every_measure_answers_with_one_form(edition, name, day, country):
    """Before any release, with half of the series, and for a country of which nothing is known too."""
    frame = frame_of(edition, name, country=country, day=day)
    assert list(frame) == frames.COLUMNS
    assert frame["year"].is_monotonic_increasing
    assert frame["year"].is_unique
    assert frame["value"].notna().all()
    for column in ("unit", "flag", "released", "note"):
        assert all(isinstance(text, str) for text in frame[column])
    if day.year == 1900:
        assert frame.empty
    if country == "BEL" and day == DAY:
        assert len(frame)
    if country == "TUV" and name not in OF_A_GROUP:
        assert frame.empty


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_every_measure_says_what_it_tells(name):
    assert inspect.getdoc(measures.measure(name))
    hints = typing.get_type_hints(measures.measure(name), localns={"Edition": object})
    assert {"country", "partner", "return"} <= set(hints)


# Trade


def test_two_way_trade_is_exports_plus_imports(edition):
    assert told(edition, "two_way_trade") == [(2014, 55.0), (2015, 0.0)]
    frame = frame_of(edition, "two_way_trade")
    assert frame["unit"].tolist() == ["million USD"] * 2
    assert frame["flag"].tolist() == ["estimate", ""]  # the gravest of the two
    assert frame["released"].tolist() == ["2016-03-04"] * 2
    assert frame["rank"].isna().all()


def test_the_mirror_is_seen_by_the_other_side(edition):
    mirror = {"exports": MIRROR_X, "imports": MIRROR_M}
    assert told(edition, "two_way_trade", **mirror, seen_by="country") == [(2014, 52e6)]
    assert told(edition, "two_way_trade", **mirror) == []
    assert told(edition, "two_way_trade", country="USA", partner="BEL", **mirror) == [(2014, 52e6)]


def test_each_side_has_the_surplus_that_the_other_lacks(edition):
    mirror = {"exports": MIRROR_X, "imports": MIRROR_M, "seen_by": "country"}
    assert told(edition, "trade_surplus") == [(2014, 15.0), (2015, 0.0)]  # the partner sells more
    assert told(edition, "trade_surplus", surplus_of="country") == [(2014, -15.0), (2015, 0.0)]
    # Belgium says that it bought 28 and sold 24: by its figures too the United States has a surplus.
    assert told(edition, "trade_surplus", **mirror) == [(2014, 4e6)]
    assert told(edition, "trade_surplus", **mirror, surplus_of="country") == [(2014, -4e6)]


def test_a_surplus_as_a_share_of_two_way_trade(edition):
    ours = told(edition, "trade_surplus_share")
    assert ours == [(2014, round(100 * 15 / 55, 6))]
    assert told(edition, "trade_surplus_share", surplus_of="country") == [(2014, -ours[0][1])]
    mirror = {"exports": MIRROR_X, "imports": MIRROR_M, "seen_by": "country"}
    assert told(edition, "trade_surplus_share", **mirror) == [(2014, round(100 * 4 / 52, 6))]
    assert set(frame_of(edition, "trade_surplus_share")["unit"]) == {"% of two-way trade"}


def test_a_share_of_no_trade_at_all_has_no_row(edition):
    assert (2015, 0.0) in told(edition, "two_way_trade")
    assert [year for year, _ in told(edition, "trade_surplus_share")] == [2014]


@pytest.mark.parametrize("name", ["two_way_trade", "trade_surplus", "trade_surplus_share", "rank_of_surplus"])
def test_series_of_two_units_are_never_put_together(shelf, figures, name):
    shelf.add("census", "2016-03-04", figures(X, {("USA", "BEL"): {2014: 35.0}}))
    shelf.add("comtrade", "2016-06", figures(MIRROR_M, {("USA", "BEL"): {2014: 20e6}}))
    with pytest.raises(ClaimbookError, match="not in 'million USD' and 'USD'"):
        frame_of(shelf.store().as_of(DAY), name, imports=MIRROR_M)


def test_the_rank_of_a_market(edition):
    frame = frame_of(edition, "rank_as_destination")
    assert frame[["year", "value", "rank", "universe"]].to_numpy().tolist() == [
        [2013, 30.0, 1, 1], [2014, 35.0, 2, 3], [2015, 0.0, 1, 1],
    ]  # fmt: skip
    assert frame_of(edition, "rank_as_destination", country="WLD").empty


def test_the_rank_by_surplus_orders_deficits_last(edition):
    ranks = {code: frame_of(edition, "rank_of_surplus", country=code) for code in ("NLD", "BEL", "DEU")}
    at = {code: frame[frame["year"] == 2014].iloc[0] for code, frame in ranks.items()}
    assert {code: (row["value"], row["rank"], row["universe"]) for code, row in at.items()} == {
        "NLD": (22.0, 1, 3), "BEL": (15.0, 2, 3), "DEU": (-48.0, 3, 3),
    }  # fmt: skip
    assert at["BEL"]["flag"] == "estimate"  # that of the imports


def test_a_partner_whose_imports_are_withheld_leaves_the_rank_by_surplus_open(shelf, figures):
    out = {("USA", "BEL"): {2014: 35.0}, ("USA", "NLD"): {2014: 43.0}}
    into = {("USA", "BEL"): {2014: 20.0}, ("USA", "NLD"): {2014: None}}
    shelf.add("census", "2016-03-04", figures(X, out) + figures(M, into))
    (row,) = frame_of(shelf.store().as_of(DAY), "rank_of_surplus").to_dict("records")
    assert (row["rank_best"], row["rank_worst"], row["note"]) == (1, 2, "1 withheld")


def test_the_rank_among_exporters_of_the_world(edition):
    frame = frame_of(edition, "rank_as_exporter")
    assert frame[["rank", "universe"]].to_numpy().tolist() == [[2, 2]]


def test_trade_as_a_share_of_gdp_is_added_up_or_halved(edition):
    assert told(edition, "share_of_gdp") == [(2022, 95.0), (2023, 86.0)]
    assert told(edition, "trade_share_of_gdp") == [(2023, 170.0)]
    assert told(edition, "trade_share_of_gdp", half=True) == [(2023, 85.0)]
    assert set(frame_of(edition, "trade_share_of_gdp")["unit"]) == {"% of GDP"}


# Investment


def test_a_position_may_be_negative(edition):
    assert told(edition, "fdi_position") == [(2019, 50.0), (2020, -3.0)]


def test_the_rank_of_an_investor_with_and_without_a_line_of_islands(edition):
    alone = frame_of(edition, "rank_as_investor")
    assert alone[["rank", "rank_worst", "universe"]].to_numpy().tolist() == [[1, 1, 2], [2, 3, 2]]
    islands = frame_of(edition, "rank_as_investor", also=["BEA.UK_ISLANDS_CARIBBEAN"])
    assert islands[["rank", "rank_worst", "universe"]].to_numpy().tolist() == [[2, 2, 3], [3, 4, 3]]


def test_jobs_at_affiliates_are_those_in_the_partner(edition):
    assert told(edition, "affiliate_employment") == [(2012, 150_300)]
    assert told(edition, "affiliate_employment", country="USA", partner="BEL") == []


def test_the_rank_of_an_investor_by_what_each_country_reports_of_itself(edition):
    row = frame_of(edition, "rank_as_investor_by_own_reports").to_dict("records")[0]
    assert (row["year"], row["value"], row["rank"], row["universe"]) == (2022, 40.0, 2, 2)
    assert frame_of(edition, "rank_as_investor_by_own_reports", partner="DEU").empty


def stocks(shelf, figures, stock: dict, gdp: dict, **units):
    shelf.add("unctad", "2024-06-20", figures(STOCK, {(code, ""): {2022: told} for code, told in stock.items()}))
    shelf.add(
        "worldbank", "2024-07-01", figures(GDP, {(code, ""): {2022: told} for code, told in gdp.items()}, **units)
    )
    return shelf.store().as_of(DAY)


def test_the_rank_by_inward_stock_as_a_share_of_gdp(shelf, figures):
    # Belgium: 600 billion of 600 billion; the Netherlands twice their product; the United States half of it.
    # Taiwan's product and Liechtenstein's stock are not held; the world is no country.
    state = stocks(
        shelf, figures,
        {"BEL": 6e5, "NLD": 2e6, "USA": 10e6, "TWN": 9e9, "WLD": 9e9, "DEU": None},
        {"BEL": 6e11, "NLD": 1e12, "USA": 20e12, "LIE": 1.0, "WLD": 1.0, "DEU": 4e12},
    )  # fmt: skip
    (row,) = frame_of(state, "rank_of_inward_stock_share").to_dict("records")
    assert (row["value"], row["unit"], row["above"], row["below"]) == (100.0, "% of GDP", 200.0, 50.0)
    # Germany's stock is withheld and could stand above.
    assert (row["rank"], row["rank_worst"], row["universe"], row["note"]) == (2, 3, 3, "1 withheld")
    assert row["released"] == "2024-07-01"


def test_a_stock_is_a_share_of_gdp_in_dollars_of_the_year_alone(shelf, figures):
    shelf.add("unctad", "2024-06-20", figures(STOCK, {("BEL", ""): {2022: 6e5}}))
    product = figures("worldbank.NY.GDP.MKTP.PP.KD", {("BEL", ""): {2022: 6e11}}, "constant 2021 international dollars")
    shelf.add("worldbank", "2024-07-01", product)
    with pytest.raises(ClaimbookError, match="needs stock and GDP in dollars of the year, not in 'constant 2021"):
        frame_of(shelf.store().as_of(DAY), "rank_of_inward_stock_share", gdp="worldbank.NY.GDP.MKTP.PP.KD")


# Defence


def test_a_share_as_published(edition):
    assert told(edition, "expenditure_share")[:3] == [(2013, 1.01), (2014, 0.97), (2015, 0.91)]
    assert frame_of(edition, "expenditure_share")["flag"].tolist()[-1] == "estimate"


def test_a_move_towards_a_target_counts_from_the_base_year(edition):
    assert told(edition, "move_towards_target") == [(2015, -0.06), (2023, 0.24), (2024, 0.33)]
    assert told(edition, "move_towards_target", share=EQUIPMENT) == [(2024, 11.5)]
    assert set(frame_of(edition, "move_towards_target")["unit"]) == {"percentage points"}
    # Nothing is told without a base year, or by the base year alone.
    assert told(edition, "move_towards_target", since=1990) == []
    assert told(edition, "move_towards_target", since=2024) == []


def test_allies_count_from_the_year_they_joined(edition):
    frame = frame_of(edition, "allies_short_of")
    counted = {row.year: (row.value, row.universe) for row in frame.itertuples()}
    assert counted[2014] == (3, 4)  # Belgium, Croatia and Luxembourg; Montenegro and Finland were outside
    assert 2016 not in counted  # Montenegro alone had a figure, a year before it joined
    assert counted[2017] == (1, 1)
    assert 2022 not in counted
    assert counted[2023] == (1, 2)  # Finland is in, Sweden is not
    assert counted[2024] == (2, 6)  # Belgium and Croatia; Luxembourg has no figure
    assert set(frame["unit"]) == {"allies"}


def test_an_ally_exactly_at_the_target_is_not_short_of_it(edition):
    counted = dict(told(edition, "allies_short_of", target=1.81))
    assert counted[2014] == 2  # Belgium and Luxembourg, not Croatia


def test_a_count_carries_the_gravest_flag(edition):
    flags = {row.year: row.flag for row in frame_of(edition, "allies_short_of").itertuples()}
    assert (flags[2014], flags[2024]) == ("", "estimate")


def test_allies_that_stand_no_higher_than_in_the_base_year(edition):
    frame = frame_of(edition, "allies_not_moving")
    counted = {row.year: (row.value, row.universe) for row in frame.itertuples()}
    assert counted == {2015: (1, 1), 2023: (0, 1), 2024: (1, 2)}  # Croatia stands still; Luxembourg is withheld
    assert frame_of(edition, "allies_not_moving", since=2100).empty


def test_a_member_that_left_counts_to_the_year_before(shelf, figures):
    shelf.add("nato", "2024-06-17", figures(SHARE, {("GBR", ""): dict.fromkeys((2019, 2020, 2021), 1.0)}))
    assert told(shelf.store().as_of(DAY), "allies_short_of", group="EU") == [(2019, 1.0)]


def test_a_group_that_is_not_declared_is_told_which_there_are(edition):
    with pytest.raises(ClaimbookError, match="no group 'OPEC' in data/memberships.yaml; there are: NATO, EU"):
        frame_of(edition, "allies_short_of", group="OPEC")


@pytest.mark.parametrize(
    ("year", "members"),
    [(1948, set()), (1957, set()), (1958, {"BEL", "NLD", "LUX", "DEU", "FRA", "ITA"})],
)
def test_the_union_began_with_six(year, members):
    assert groups.members("EU", year) == members


@pytest.mark.parametrize(
    ("group", "code", "first", "last"),
    [("NATO", "FIN", 2023, 2100), ("NATO", "MNE", 2017, 2100), ("EU", "GBR", 1973, 2019), ("EU", "HRV", 2013, 2100)],
)
def test_a_membership_begins_and_ends_with_its_years(group, code, first, last):
    inside = [year for year in range(1940, 2101) if code in groups.members(group, year)]
    assert inside == list(range(first, last + 1))


def test_personnel(edition):
    frame = frame_of(edition, "personnel")
    assert frame[["year", "value", "unit", "flag"]].to_numpy().tolist() == [
        [2024, 24.5, "thousand persons", "estimate"]
    ]


# Against the average of the allies


def gap(edition, *, weighted=False, **more) -> dict[int, float]:
    return dict(told(edition, "gap_to_weighted_average" if weighted else "gap_to_average", **more))


def test_the_gap_to_the_average_counts_each_other_ally_alike(edition):
    # 2014, without the United States and without Belgium itself: Croatia 1.81 and Luxembourg 0.37; NATO's own total and
    # Finland and Montenegro, outside then, are no allies. 2024: Croatia, Finland, Sweden, Montenegro.
    assert gap(edition)[2014] == pytest.approx(0.97 - (1.81 + 0.37) / 2)
    assert gap(edition)[2024] == pytest.approx(1.30 - (1.81 + 2.41 + 2.14 + 2.02) / 4)
    assert gap(edition, without=[])[2014] == pytest.approx(0.97 - (1.81 + 0.37 + 3.71) / 3)
    assert set(frame_of(edition, "gap_to_average")["unit"]) == {"percentage points"}


def test_a_year_with_nobody_to_compare_with_or_without_the_country_has_no_row(edition):
    # 2013 and 2015 tell of Belgium alone; 2016, 2017 and 2022 tell nothing of Belgium.
    assert set(gap(edition)) == {2014, 2023, 2024}
    assert gap(edition, country="FIN").keys() == {2023, 2024}  # an ally since 2023


def allies(shelf, figures, shares: dict, gdp: dict | None = None):
    shelf.add(
        "nato", "2024-06-17",
        figures(SHARE, {(code, ""): {2020: told} for code, told in shares.items()})
        + figures(NATO_GDP, {(code, ""): {2020: told} for code, told in (gdp or {}).items()}),
    )  # fmt: skip
    return shelf.store().as_of(DAY)


def test_turkiye_may_be_left_out(shelf, figures):
    state = allies(shelf, figures, {"BEL": 1.0, "TUR": 3.0, "NLD": 1.5, "USA": 4.0})
    assert gap(state) == {2020: pytest.approx(1.0 - 2.25)}
    assert gap(state, without=["USA", "TUR"]) == {2020: -0.5}


def test_who_is_left_out_must_be_known(edition):
    with pytest.raises(ClaimbookError, match="unknown country or group 'TRK'.*TUR"):
        gap(edition, without=["USA", "TRK"])


def test_an_average_names_the_allies_of_which_there_is_no_figure(shelf, figures):
    everybody = dict.fromkeys(groups.members("NATO", 2020), 2.0)
    state = allies(shelf, figures, {**everybody, "DEU": None, "ALB": None})
    (row,) = frame_of(state, "gap_to_average").to_dict("records")
    assert (row["value"], row["note"]) == (0.0, "averaged without Albania, Germany, of which there is no figure")


def test_an_average_of_all_of_them_has_nothing_to_note(shelf, figures):
    state = allies(shelf, figures, dict.fromkeys(groups.members("NATO", 2020), 2.0))
    assert frame_of(state, "gap_to_average")["note"].tolist() == [""]


def test_the_weighted_average_weighs_by_gdp(shelf, figures):
    # (3 * 10 + 1 * 30) / 40 = 1.5; the country's own product plays no part.
    state = allies(shelf, figures, {"BEL": 1.0, "TUR": 3.0, "NLD": 1.0}, {"TUR": 10.0, "NLD": 30.0})
    assert gap(state, weighted=True) == {2020: -0.5}


@pytest.mark.parametrize("missing", [{}, {"TUR": None}])
def test_an_ally_without_a_weight_leaves_the_weighted_average_untold(shelf, figures, missing):
    state = allies(shelf, figures, {"BEL": 1.0, "TUR": 3.0, "NLD": 1.0}, {"NLD": 30.0, "BEL": 20.0, **missing})
    assert gap(state, weighted=True) == {}
    assert gap(state, weighted=True, without=["TUR"]) == {2020: 0.0}


def test_a_revised_weight_dates_the_average(shelf, figures):
    allies(shelf, figures, {"BEL": 1.0, "TUR": 3.0, "NLD": 1.0}, {"TUR": 10.0, "NLD": 30.0})
    shelf.add("nato", "2025-08-28", figures(NATO_GDP, {("TUR", ""): {2020: 10.0}, ("NLD", ""): {2020: 10.0}}))
    (row,) = frame_of(shelf.store().as_of(DAY), "gap_to_weighted_average").to_dict("records")
    assert (row["value"], row["released"]) == (-1.0, "2025-08-28")


# The alliance in the world


def world(shelf, figures, spent: dict[int, dict[str, object]], total: dict[int, float]):
    codes = {code for told in spent.values() for code in told}
    table = {(code, ""): {year: told[code] for year, told in spent.items() if code in told} for code in sorted(codes)}
    shelf.add("sipri", "2024-04-22", figures(ARMS, table) + figures(WORLD_ARMS, {("WLD", ""): total}))
    return shelf.store().as_of(DAY)


def test_the_members_share_in_the_worlds_spending(edition):
    # Eleven founders at 10 million each are 110 of 220 million; in 1950 they are 120 of 160.
    frame = frame_of(edition, "share_of_world_spending")
    assert dict(zip(frame["year"], frame["value"], strict=True)) == pytest.approx({1949: 50.0, 1950: 75.0})
    assert set(frame["unit"]) == {"% of world spending"}
    assert told(edition, "share_of_world_spending_difference") == [(1950, 25.0)]
    assert set(frame_of(edition, "share_of_world_spending_difference")["unit"]) == {"percentage points"}


def test_an_accession_moves_nothing(shelf, figures):
    # In 1951 eleven founders spend 1 each of 100; in 1952, with Greece and Turkiye at 4.5 each, 20 of 100.
    # Both years with the thirteen of 1952: 20 of 100 then and in 1951.
    everybody = {**dict.fromkeys(FOUNDERS, 1.0), "GRC": 4.5, "TUR": 4.5, "RUS": 40.0}
    state = world(shelf, figures, {1951: everybody, 1952: everybody}, {1951: 0.1, 1952: 0.1})
    assert told(state, "share_of_world_spending") == [(1951, 11.0), (1952, 20.0)]
    assert told(state, "share_of_world_spending_difference") == [(1952, 0.0)]


@pytest.mark.parametrize("gap", [{}, {"LUX": None}])
def test_a_member_without_a_figure_leaves_the_alliances_share_untold(shelf, figures, gap):
    but_one = {code: 1.0 for code in FOUNDERS if code != "LUX"}
    state = world(shelf, figures, {1949: {**but_one, **gap}, 1950: {**but_one, "LUX": 1.0}}, {1949: 0.1, 1950: 0.1})
    assert told(state, "share_of_world_spending") == [(1950, 11.0)]
    assert told(state, "share_of_world_spending_difference") == []


def test_a_year_without_the_worlds_total_has_no_row(shelf, figures):
    years = {1949: dict.fromkeys(FOUNDERS, 1.0), 1950: dict.fromkeys(FOUNDERS, 1.0)}
    state = world(shelf, figures, years, {1950: 0.1})
    assert told(state, "share_of_world_spending") == [(1950, 11.0)]


def test_totals_and_members_at_the_prices_of_one_year_are_compared(shelf, figures):
    """Each edition has its own base; the years that only the older one tells keep theirs."""
    real, of_world = "sipri.military_expenditure_usd_constant", "sipri.military_expenditure_region_usd_constant"
    given = {"spending": real, "world": of_world}
    for day, base, years in (("2016-04-05", 2014, (1949, 1950)), ("2021-04-26", 2020, (1950,))):
        unit = f"USD, constant {base} prices and exchange rates"
        table = {(code, ""): dict.fromkeys(years, 1.0) for code in FOUNDERS}
        shelf.add("sipri", day, figures(real, table, f"million {unit}")
                  + figures(of_world, {("WLD", ""): dict.fromkeys(years, 0.1)}, f"billion {unit}"))  # fmt: skip
    assert told(shelf.store().as_of(DAY), "share_of_world_spending", **given) == [(1949, 11.0), (1950, 11.0)]


def test_totals_and_members_at_different_prices_are_never_compared(shelf, figures):
    real = "sipri.military_expenditure_usd_constant"
    unit = "million USD, constant 2020 prices and exchange rates"
    shelf.add(
        "sipri", "2021-04-26",
        figures(real, {(code, ""): {1950: 1.0} for code in FOUNDERS}, unit) + figures(WORLD_ARMS, {("WLD", ""): {1950: 0.1}}),
    )  # fmt: skip
    with pytest.raises(ClaimbookError, match="'million USD, constant 2020 .* cannot be told in 'billion USD'"):
        frame_of(shelf.store().as_of(DAY), "share_of_world_spending", spending=real)


@pytest.mark.parametrize("years", [0, -10])
def test_the_share_moves_over_a_year_at_least(edition, years):
    with pytest.raises(ClaimbookError, match=f"years is {years}; a change needs at least one year"):
        frame_of(edition, "share_of_world_spending_difference", years=years)


# As of a day


def test_a_measure_knows_what_was_released_by_its_day(shelf, figures):
    shelf.add("nato", "2015-01-28", figures(SHARE, {("BEL", ""): {2014: 0.97}}))
    shelf.add("nato", "2016-01-28", figures(SHARE, {("BEL", ""): {2014: 1.01, 2015: 0.91}}))
    store = shelf.store()
    days = [dt.date(2015, 1, 27), dt.date(2015, 1, 28), dt.date(2016, 1, 28)]
    assert [told(store.as_of(day), "expenditure_share") for day in days] == [
        [], [(2014, 0.97)], [(2014, 1.01), (2015, 0.91)],
    ]  # fmt: skip


def test_a_frame_computed_from_two_releases_names_the_newer(shelf, figures):
    shelf.add("census", "2016-03-04", figures(X, {("USA", "BEL"): {2014: 35.0}}))
    shelf.add("census", "2016-06-03", figures(M, {("USA", "BEL"): {2014: 20.0}}))
    assert frame_of(shelf.store().as_of(DAY), "two_way_trade")["released"].tolist() == ["2016-06-03"]


def test_a_month_is_newer_than_a_day_of_it(shelf, figures):
    shelf.add("census", "2016-03", figures(X, {("USA", "BEL"): {2014: 35.0}}))
    shelf.add("census", "2016-03-04", figures(M, {("USA", "BEL"): {2014: 20.0}}))
    assert frame_of(shelf.store().as_of(DAY), "two_way_trade")["released"].tolist() == ["2016-03"]


# Names and inputs


def test_an_unknown_measure_is_told_with_the_nearest():
    with pytest.raises(ClaimbookError, match="unknown measure 'two_way_trad'; there are: two_way_trade"):
        measures.measure("two_way_trad")
    with pytest.raises(
        ClaimbookError, match=r"unknown measure 'q'; there are: above_average_before, .*years_without_rise"
    ):
        measures.measure("q")


@pytest.mark.parametrize("name", ["_sides", "level", "joined", "series", "__init__"])
def test_helpers_are_no_measures(name):
    with pytest.raises(ClaimbookError, match="unknown measure"):
        measures.measure(name)


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("two_way_trade", {"exports": X}, "needs the input 'imports'"),
        ("two_way_trade", {**TRADE, "colour": 1}, "has no input 'colour'; it takes: exports, imports, seen_by"),
        ("two_way_trade", {**TRADE, "country": "BEL"}, "has no input 'country'"),
        (
            "two_way_trade",
            {**TRADE, "exports": "census.good_exports"},
            "unknown series 'census.good_exports'; near: census.",
        ),
        ("two_way_trade", {**TRADE, "exports": None}, "input exports: None"),
        ("two_way_trade", {**TRADE, "seen_by": "Country"}, "input seen_by: 'Country'.*'country' or 'partner'"),
        ("trade_share_of_gdp", {"exports": OPEN_X, "imports": OPEN_M, "half": "no"}, "input half: 'no'"),
        ("rank_as_investor", {"position": FDI, "also": "BEA.UK_ISLANDS_CARIBBEAN"}, "input also: 'BEA.UK"),
        ("rank_as_investor", {"position": FDI, "also": [1]}, r"input also: \[1\]"),
        ("allies_short_of", {"share": SHARE, "target": math.nan}, "input target: nan.*finite"),
        ("allies_short_of", {"share": SHARE, "target": "2"}, "input target: '2'"),
        ("allies_short_of", {"share": SHARE, "target": True}, "input target: True"),
        ("move_towards_target", {"share": SHARE, "since": 2014.5}, "input since: 2014.5"),
        ("move_towards_target", {"share": SHARE, "since": "2014"}, "input since: '2014'"),
        ("gap_to_average", {"share": SHARE, "without": "USA"}, "input without: 'USA'"),
        ("gap_to_weighted_average", {"share": SHARE, "without": []}, "needs the input 'gdp'"),
        ("change_over", {"series": ARMS, "years": 2.5}, "input years: 2.5"),
        ("change_over", {"series": "sipri.milex", "years": 2}, "unknown series 'sipri.milex'"),
        ("rank_among_larger_countries", {"series": GDP, "population": PEOPLE, "least": math.inf}, "input least: inf"),
        ("share_of_democracies_ended", {**INPUTS["share_of_democracies_ended"], "of_all": 1}, "input of_all: 1"),
    ],
)
def test_inputs_that_do_not_fit_are_named(name, inputs, said):
    with pytest.raises(ClaimbookError, match=said):
        check_inputs(name, inputs)


def test_a_whole_number_will_do_for_a_target():
    assert check_inputs("allies_short_of", {"share": SHARE, "target": 2}) == (SHARE,)
