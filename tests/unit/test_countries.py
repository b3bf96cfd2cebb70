"""Measures of any series of a country, on small stores whose values are worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.errors import ClaimbookError
from analysis.measures import compute, frames, groups
from analysis.publishers import Partial
from analysis.series import series

REAL, CURRENT = "sipri.military_expenditure_usd_constant", "sipri.military_expenditure_usd_current"
WORLD = "sipri.military_expenditure_region_usd_constant"
TRADE, GROWTH = "worldbank.NE.TRD.GNFS.ZS", "worldbank.SP.POP.GROW"
GDP, PEOPLE, BORN_ABROAD = "worldbank.NY.GDP.MKTP.CD", "worldbank.SP.POP.TOTL", "worldbank.SM.POP.TOTL"
PATENTS, ATTACKS = "worldbank.IP.PAT.RESD", "gtd.attacks"
DAY = dt.date(2100, 1, 1)


def prices(base: int, scale: str = "million") -> str:
    """The unit of figures at constant prices, as SIPRI spells it."""
    return f"{scale} USD, constant {base} prices and exchange rates"


def frame_of(shelf, name: str, *, country: str = "BEL", day: dt.date = DAY, **inputs):
    return compute(name, shelf.store().as_of(day), country=country, partner="", inputs=inputs)


def told(shelf, name: str, **more) -> dict[int, float]:
    frame = frame_of(shelf, name, **more)
    assert list(frame) == frames.COLUMNS
    assert frame["year"].is_monotonic_increasing and frame["year"].is_unique and frame["value"].notna().all()
    return {row.year: round(row.value, 6) for row in frame.itertuples()}


def only(shelf, name: str, **more) -> dict:
    (row,) = frame_of(shelf, name, **more).to_dict("records")
    return row


# Changes


@pytest.fixture
def two_bases(shelf, figures):
    """Two editions at the prices of 2015 and of 2020: those of 2020 are twice as high throughout."""
    old = {("BEL", ""): {2010: 100.0, 2015: 90.0, 2016: 80.0}}
    new = {("BEL", ""): {2015: 180.0, 2016: 162.0, 2020: 270.0}}
    shelf.add("sipri", "2017-04-24", figures(REAL, old, prices(2015)))
    shelf.add("sipri", "2021-04-26", figures(REAL, new, prices(2020)))
    return shelf


def test_both_ends_of_a_change_come_from_one_release(two_bases):
    # 2020 and 2015 by the newer edition: 270 / 180 is half as much again. The older one tells 2015 as 90.
    assert told(two_bases, "change_over", series=REAL, years=5) == {2020: 50.0}
    # 2016 a year on: 162 / 180 by the newer edition, not 80 / 90 and never 162 / 90.
    assert told(two_bases, "change_over", series=REAL, years=1) == {2016: -10.0}


def test_a_base_year_that_only_an_older_release_tells_is_no_base(two_bases):
    # 2010 is told by the older edition alone, at other prices: 180 / 100 would be a rise that never was.
    assert told(two_bases, "change_since", series=REAL, since=2010) == {}
    assert told(two_bases, "change_over", series=REAL, years=10) == {}


def test_the_older_release_tells_its_own_changes_on_its_own_day(two_bases):
    day = dt.date(2018, 1, 1)
    assert told(two_bases, "change_since", series=REAL, since=2010, day=day) == {2015: -10.0, 2016: -20.0}
    assert told(two_bases, "change_over", series=REAL, years=5, day=day) == {2015: -10.0}


def test_a_change_since_a_year_counts_from_that_year_on(two_bases):
    # 162 / 180 and 270 / 180, by the newer edition.
    frame = frame_of(two_bases, "change_since", series=REAL, since=2015)
    assert frame["year"].tolist() == [2016, 2020]
    assert frame["value"].tolist() == pytest.approx([-10.0, 50.0])
    assert set(frame["unit"]) == {"% over the period"}
    assert set(frame["released"]) == {"2021-04-26"}


def test_nothing_changed_since_a_year_that_nobody_tells(two_bases):
    assert told(two_bases, "change_since", series=REAL, since=2013) == {}
    assert told(two_bases, "change_since", series=REAL, since=2020) == {}


@pytest.mark.parametrize(("name", "more"), [("change_over", {"years": 1}), ("change_since", {"since": 2014})])
@pytest.mark.parametrize("base", [0.0, -2.0])
def test_a_change_of_nothing_or_of_less_than_nothing_is_no_share(shelf, figures, name, more, base):
    # From -2 to -1 is a rise, and 100 * (-1 / -2 - 1) would call it a fall by half.
    shelf.add("worldbank", "2020-07-01", figures(GROWTH, {("BEL", ""): {2014: base, 2015: -1.0}}))
    assert told(shelf, name, series=GROWTH, **more) == {}


@pytest.mark.parametrize(("name", "more"), [("change_over", {"years": 1}), ("change_since", {"since": 2014})])
def test_a_figure_may_fall_to_nothing_and_below(shelf, figures, name, more):
    shelf.add("worldbank", "2020-07-01", figures(GROWTH, {("BEL", ""): {2014: 2.0, 2015: -1.0}}))
    assert told(shelf, name, series=GROWTH, **more) == {2015: -150.0}


def test_a_suppressed_end_tells_no_change(shelf, figures):
    shelf.add("sipri", "2017-04-24", figures(REAL, {("BEL", ""): {2014: None, 2015: 90.0, 2016: None}}, prices(2015)))
    for name, more in (("change_over", {"years": 1}), ("change_since", {"since": 2014})):
        assert told(shelf, name, series=REAL, **more) == {}


def test_a_change_carries_the_gravest_flag_of_its_ends(shelf, figures):
    shelf.add("worldbank", "2020-07-01", figures(GROWTH, {("BEL", ""): {2014: (2.0, "estimate"), 2015: 3.0}}))
    assert only(shelf, "change_over", series=GROWTH, years=1)["flag"] == "estimate"


@pytest.mark.parametrize("years", [0, -1])
@pytest.mark.parametrize("name", ["change_over", "difference_over"])
def test_a_change_needs_a_year(two_bases, name, years):
    with pytest.raises(ClaimbookError, match=f"years is {years}; a change needs at least one year"):
        frame_of(two_bases, name, series=REAL, years=years)


def test_a_share_moves_by_percentage_points_and_a_rate_by_its_own_unit(shelf, figures):
    shelf.add("worldbank", "2020-07-01", figures(TRADE, {("BEL", ""): {2009: 150.0, 2019: 165.5}}))
    row = only(shelf, "difference_over", series=TRADE, years=10)
    assert (row["year"], row["value"], row["unit"]) == (2019, 15.5, "percentage points")
    shelf.add("gtd", "2018-08", figures(ATTACKS, {("BEL", ""): {2016: 4.0, 2017: 2.0}}))
    row = only(shelf, "difference_over", series=ATTACKS, years=1)
    assert (row["year"], row["value"], row["unit"]) == (2017, -2.0, "incidents")


def test_a_difference_is_told_whatever_its_base(shelf, figures):
    shelf.add("worldbank", "2020-07-01", figures(GROWTH, {("BEL", ""): {2013: 0.0, 2014: -2.0, 2015: -1.0}}))
    assert told(shelf, "difference_over", series=GROWTH, years=1) == {2014: -2.0, 2015: 1.0}


# Years that break a trend


def rising(shelf, figures, values: dict[int, object], **more):
    shelf.add("sipri", "2021-04-26", figures(REAL, {("BEL", ""): values}, prices(2020)))
    return told(shelf, "years_without_rise", series=REAL, **more)


def test_years_without_a_rise_among_the_last(shelf, figures):
    # Steps: 2011 up, 2012 down, 2013 up, 2014 up. Windows of two end in 2012, 2013 and 2014.
    assert rising(shelf, figures, {2010: 5.0, 2011: 6.0, 2012: 4.0, 2013: 5.0, 2014: 9.0}, over=2) == {
        2012: 1, 2013: 1, 2014: 0,
    }  # fmt: skip
    frame = frame_of(shelf, "years_without_rise", series=REAL, over=2)
    assert set(frame["unit"]) == {"years without a rise"}
    assert set(frame["universe"]) == {2}


def test_a_standstill_is_neither_a_rise_nor_a_fall(shelf, figures):
    assert rising(shelf, figures, {2010: 5.0, 2011: 5.0}, over=1) == {2011: 1}
    assert told(shelf, "years_without_fall", series=REAL, over=1) == {2011: 1}


def test_falls_are_counted_the_other_way_round(shelf, figures):
    rising(shelf, figures, {2010: 5.0, 2011: 6.0, 2012: 4.0, 2013: 3.0}, over=3)
    frame = frame_of(shelf, "years_without_fall", series=REAL, over=3)
    assert frame[["year", "value", "unit"]].to_numpy().tolist() == [[2013, 1.0, "years without a fall"]]


def test_a_missing_year_breaks_the_window(shelf, figures):
    # 2012 is missing: neither its own step nor that of 2013 can be told, so 2014 stands alone with 2015.
    values = {2010: 1.0, 2011: 2.0, 2013: 3.0, 2014: 4.0, 2015: 5.0}
    assert rising(shelf, figures, values, over=2) == {2015: 0}
    assert told(shelf, "years_without_rise", series=REAL, over=1) == {2011: 0, 2014: 0, 2015: 0}


def test_a_suppressed_year_breaks_the_window_too(shelf, figures):
    assert rising(shelf, figures, {2010: 1.0, 2011: None, 2012: 3.0, 2013: 4.0}, over=1) == {2013: 0}


def test_a_window_lies_within_one_release(two_bases):
    # The newer edition tells the step of 2016 alone (2015 is its first year): no window of two.
    assert told(two_bases, "years_without_rise", series=REAL, over=1) == {2016: 1}
    assert told(two_bases, "years_without_rise", series=REAL, over=2) == {}


def test_a_window_that_two_releases_share_is_not_told(shelf, figures):
    shelf.add("sipri", "2017-04-24", figures(REAL, {("BEL", ""): {2010: 1.0, 2011: 2.0, 2012: 3.0}}, prices(2015)))
    shelf.add("sipri", "2021-04-26", figures(REAL, {("BEL", ""): {2012: 8.0, 2013: 9.0, 2014: 9.5}}, prices(2020)))
    # 2011 by the older edition, 2013 and 2014 by the newer one; the step of 2012 by neither as it stands now.
    assert told(shelf, "years_without_rise", series=REAL, over=1) == {2011: 0, 2013: 0, 2014: 0}
    assert told(shelf, "years_without_rise", series=REAL, over=2) == {2014: 0}


@pytest.mark.parametrize("over", [0, -3])
@pytest.mark.parametrize("name", ["years_without_rise", "years_without_fall", "above_average_before"])
def test_a_window_holds_a_year_at_least(shelf, figures, name, over):
    shelf.add("gtd", "2018-08", figures(ATTACKS, {("BEL", ""): {2016: 4.0, 2017: 2.0}}))
    with pytest.raises(ClaimbookError, match=f"over is {over}; .* one at least"):
        frame_of(shelf, name, series=ATTACKS, over=over)


# Against the years before


def test_a_year_above_the_average_before_it(shelf, figures):
    shelf.add("gtd", "2018-08", figures(ATTACKS, {("BEL", ""): {2013: 1.0, 2014: 4.0, 2015: 1.0, 2016: 8.0}}))
    # 2015: 1 - (4 + 1) / 2; 2016: 8 - (1 + 4) / 2.
    assert told(shelf, "above_average_before", series=ATTACKS, over=2) == {2015: -1.5, 2016: 5.5}
    # 2016: 8 - (1 + 4 + 1) / 3.
    assert told(shelf, "above_average_before", series=ATTACKS, over=3) == {2016: 6.0}
    assert told(shelf, "above_average_before", series=ATTACKS, over=4) == {}


def test_an_average_with_a_year_missing_is_not_told(shelf, figures):
    shelf.add("gtd", "2018-08", figures(ATTACKS, {("BEL", ""): {2013: 1.0, 2015: 1.0, 2016: 8.0, 2017: 2.0}}))
    # Two years before 2016 are 2015 and 2014, which is missing; before 2017 they are 2016 and 2015.
    assert told(shelf, "above_average_before", series=ATTACKS, over=2) == {2017: -2.5}


def test_figures_at_different_prices_are_never_averaged(two_bases):
    # 2015 and 2016 at the prices of 2020, 2010 at those of 2015; by themselves they are one year apart.
    assert told(two_bases, "above_average_before", series=REAL, over=1) == {2016: -18.0}


def test_an_average_over_a_change_of_base_is_not_told(shelf, figures):
    shelf.add("sipri", "2017-04-24", figures(REAL, {("BEL", ""): {2015: 90.0}}, prices(2015)))
    shelf.add("sipri", "2021-04-26", figures(REAL, {("BEL", ""): {2016: 162.0}}, prices(2020)))
    assert told(shelf, "above_average_before", series=REAL, over=1) == {}


# Figures and shares


def test_a_figure_as_it_is_published_of_a_country_or_a_group(shelf, figures):
    shelf.add(
        "worldbank", "2020-07-01", figures(GROWTH, {("BEL", ""): {2019: 0.5}, ("EUU", ""): {2019: (0.1, "estimate")}})
    )
    assert told(shelf, "published_figure", series=GROWTH) == {2019: 0.5}
    row = only(shelf, "published_figure", country="EUU", series=GROWTH)
    assert (row["value"], row["unit"], row["flag"]) == (0.1, "% a year", "estimate")


def test_a_share_of_the_population(shelf, figures):
    shelf.add(
        "worldbank", "2020-07-01",
        figures(BORN_ABROAD, {("BEL", ""): {2015: 2.0, 2019: 3.0}, ("EUU", ""): {2015: 40.0}})
        + figures(PEOPLE, {("BEL", ""): {2015: 16.0, 2018: 17.0}, ("EUU", ""): {2015: 500.0}}),
    )  # fmt: skip
    # 2 of 16 and 40 of 500; 2019 has no population, 2018 no count.
    given = {"count": BORN_ABROAD, "population": PEOPLE}
    assert told(shelf, "share_of_population", **given) == {2015: 12.5}
    assert told(shelf, "share_of_population_compared", **given, area="EUU") == {2015: 4.5}
    assert told(shelf, "share_of_population_compared", country="EUU", **given, area="BEL") == {2015: -4.5}


def test_a_share_stands_above_that_of_an_area(shelf, figures):
    shelf.add(
        "worldbank", "2020-07-01", figures(TRADE, {("BEL", ""): {2018: 160.0, 2019: 165.0}, ("EUU", ""): {2019: 92.5}})
    )
    row = only(shelf, "compared_with", series=TRADE, area="EUU")
    assert (row["year"], row["value"], row["unit"]) == (2019, 72.5, "percentage points")


@pytest.fixture
def products(shelf, figures):
    """Products of Belgium and of the world: a quarter, a fifth, and a year of which the world's is missing."""
    of = {("BEL", ""): {2005: 25.0, 2015: 20.0, 2016: 30.0}, ("WLD", ""): {2005: 100.0, 2015: 100.0}}
    shelf.add("worldbank", "2020-07-01", figures(GDP, of))
    return shelf


def test_a_share_of_a_larger_area(products):
    frame = frame_of(products, "share_of_area", series=GDP, area="WLD")
    assert frame[["year", "value", "unit"]].to_numpy().tolist() == [
        [2005, 25.0, "% of the world's total"], [2015, 20.0, "% of the world's total"],
    ]  # fmt: skip


def test_a_share_of_a_larger_area_moves_in_percentage_points(products):
    row = only(products, "share_of_area_difference", series=GDP, area="WLD", years=10)
    assert (row["year"], row["value"], row["unit"]) == (2015, -5.0, "percentage points")


def test_a_share_of_nothing_has_no_row(shelf, figures):
    shelf.add("worldbank", "2020-07-01", figures(GDP, {("BEL", ""): {2015: 0.0}, ("WLD", ""): {2015: 0.0}}))
    assert told(shelf, "share_of_area", series=GDP, area="WLD") == {}


@pytest.mark.parametrize("name", ["compared_with", "share_of_area"])
def test_an_area_that_is_not_known_is_told_what_would_be(products, name):
    with pytest.raises(ClaimbookError, match="unknown country or group 'EU27'"):
        frame_of(products, name, series=GDP, area="EU27")


# The share in a group


def test_a_share_in_a_group_counts_the_members_of_each_year(shelf, figures):
    six = dict.fromkeys(["DEU", "FRA", "ITA", "LUX", "NLD"], 18.0)
    # 1972: 10 of 100 with five at 18; 1973: Denmark, Ireland and the United Kingdom join with 50 each: 10 of 250.
    joining = dict.fromkeys(["DNK", "GBR", "IRL"], 50.0)
    table = {
        (code, ""): {1972: value, 1973: value} for code, value in {**six, **joining, "BEL": 10.0, "USA": 999.0}.items()
    }
    shelf.add("worldbank", "2020-07-01", figures(PEOPLE, table))
    row = only(shelf, "share_in_group_since", series=PEOPLE, group="EU", since=1972)
    assert (row["year"], row["value"], row["unit"]) == (1973, pytest.approx(-6.0), "percentage points")


@pytest.fixture
def union(shelf, figures):
    """The six of 1958 with Belgium at 20 of 100 in 1960, then at 10 of 100; in 1962 Luxembourg is missing."""

    def shares(belgium: float, luxembourg: object) -> dict[str, object]:
        return {"BEL": belgium, "LUX": luxembourg, **dict.fromkeys(["DEU", "FRA", "ITA", "NLD"], (80 - belgium) / 4)}

    years = {1960: shares(20.0, 20.0), 1961: shares(10.0, 20.0), 1962: shares(10.0, None)}
    table = {(code, ""): {year: told[code] for year, told in years.items()} for code in years[1960]}
    table["DEU", ""][1961] = (table["DEU", ""][1961], "estimate")
    shelf.add("worldbank", "2020-07-01", figures(PEOPLE, table))
    return shelf


def test_a_member_without_a_figure_leaves_the_share_untold(union):
    # Left out, Luxembourg would lift everybody's share in 1962.
    row = only(union, "share_in_group_since", series=PEOPLE, group="EU", since=1960)
    assert (row["year"], row["value"]) == (1961, pytest.approx(-10.0))
    assert told(union, "share_in_group_since", series=PEOPLE, group="EU", since=1962) == {}


def test_a_share_in_a_group_carries_the_flags_of_the_whole(union):
    assert only(union, "share_in_group_since", series=PEOPLE, group="EU", since=1960)["flag"] == "estimate"


def test_who_is_no_member_has_no_share(union):
    assert told(union, "share_in_group_since", country="USA", series=PEOPLE, group="EU", since=1960) == {}
    with pytest.raises(ClaimbookError, match="no group 'G7' in data/memberships.yaml; there are: NATO, EU"):
        frame_of(union, "share_in_group_since", series=PEOPLE, group="G7", since=1960)


def test_a_revised_base_year_dates_the_share(union, figures):
    later = {(code, ""): {1960: 25.0 if code == "BEL" else 15.0} for code in ("BEL", "LUX", "DEU", "FRA", "ITA", "NLD")}
    union.add("worldbank", "2021-07-01", figures(PEOPLE, later))
    # 10 of 100 in 1961, told in 2020, less 25 of 100 in 1960, told in 2021.
    row = only(union, "share_in_group_since", series=PEOPLE, group="EU", since=1960)
    assert (row["value"], row["released"]) == (pytest.approx(-15.0), "2021-07-01")


# Ranks


def ranks(shelf, name: str, **more) -> dict[int, tuple]:
    frame = frame_of(shelf, name, **more)
    return {row.year: (row.rank_best, row.rank, row.rank_worst, row.universe) for row in frame.itertuples()}


def test_a_rank_among_all_countries_leaves_groups_out(shelf, figures):
    table = {
        ("BEL", ""): {2019: 165.0},
        ("LUX", ""): {2019: 382.0},
        ("USA", ""): {2019: 26.0},
        ("EUU", ""): {2019: 300.0},
    }
    shelf.add("worldbank", "2020-07-01", figures(TRADE, table))
    assert ranks(shelf, "rank_among_countries", series=TRADE) == {2019: (2, 2, 2, 3)}
    assert ranks(shelf, "rank_among_countries", country="EUU", series=TRADE) == {}


def test_a_former_state_is_ranked_in_its_time_and_is_never_late(shelf, figures):
    table = {("BEL", ""): {1990: 5.0, 1992: 5.0}, ("SUN", ""): {1990: 200.0}, ("DDR", ""): {1990: 4.0}}
    shelf.add("sipri", "2021-04-26", figures(CURRENT, table))
    assert ranks(shelf, "rank_among_countries", series=CURRENT) == {1990: (2, 2, 2, 3), 1992: (1, 1, 1, 1)}
    assert frame_of(shelf, "rank_among_countries", series=CURRENT)["note"].tolist() == ["", ""]


def test_a_rank_among_the_members_of_a_group(shelf, figures):
    # Before 2023 Finland was no ally; Switzerland never was.
    both = dict.fromkeys((2022, 2023))
    table = {
        (code, ""): dict.fromkeys(both, value)
        for code, value in {"BEL": 1.0, "FIN": 2.0, "CHE": 3.0, "USA": 4.0}.items()
    }
    shelf.add("sipri", "2025-04-30", figures(CURRENT, table))
    assert ranks(shelf, "rank_among_countries", series=CURRENT, among="NATO") == {
        2022: (2, 2, 2, 2),
        2023: (3, 3, 3, 3),
    }
    assert ranks(shelf, "rank_among_countries", country="FIN", series=CURRENT, among="NATO") == {2023: (2, 2, 2, 3)}
    assert ranks(shelf, "rank_among_countries", country="CHE", series=CURRENT, among="NATO") == {}


def test_a_late_member_of_the_group_leaves_the_rank_open_and_an_outsider_does_not(shelf, figures):
    table = {("BEL", ""): {2018: 1.0, 2019: 1.0}, ("NLD", ""): {2018: 2.0}, ("CHE", ""): {2018: 3.0}}
    shelf.add("sipri", "2025-04-30", figures(CURRENT, table))
    assert ranks(shelf, "rank_among_countries", series=CURRENT, among="NATO")[2019] == (1, 1, 2, 1)
    assert "(Netherlands)" in frame_of(shelf, "rank_among_countries", series=CURRENT, among="NATO")["note"].tolist()[-1]
    assert ranks(shelf, "rank_among_countries", series=CURRENT)[2019] == (1, 1, 3, 1)


def test_a_late_member_is_bounded_by_what_it_had_before_it_joined(shelf, figures):
    # Finland's figure of 2022, a year before it joined, bounds what it could be in 2023.
    shelf.add("sipri", "2025-04-30", figures(CURRENT, {("BEL", ""): {2022: 1.0, 2023: 1.0}, ("FIN", ""): {2022: 2.0}}))
    assert ranks(shelf, "rank_among_countries", series=CURRENT, among="NATO") == {
        2022: (1, 1, 1, 1),
        2023: (1, 1, 2, 1),
    }


@pytest.mark.parametrize("after", [{}, {2020: 9.0}])
def test_who_left_a_group_is_not_late(shelf, figures, after):
    # The United Kingdom left in 2020, whether it has a figure for that year or not.
    shelf.add(
        "worldbank",
        "2022-07-01",
        figures(GDP, {("BEL", ""): {2019: 5.0, 2020: 5.0}, ("GBR", ""): {2019: 9.0, **after}}),
    )
    assert ranks(shelf, "rank_among_countries", series=GDP, among="EU") == {2019: (2, 2, 2, 2), 2020: (1, 1, 1, 1)}
    assert frame_of(shelf, "rank_among_countries", series=GDP, among="EU")["note"].tolist() == ["", ""]


def test_a_withheld_figure_of_an_outsider_leaves_nothing_open(shelf, figures):
    table = {("BEL", ""): {2019: 1.0}, ("NLD", ""): {2019: None}, ("CHE", ""): {2019: None}}
    shelf.add("sipri", "2025-04-30", figures(CURRENT, table))
    row = only(shelf, "rank_among_countries", series=CURRENT, among="NATO")
    assert (row["rank_best"], row["rank_worst"], row["note"]) == (1, 2, "1 withheld")


def test_a_list_cut_off_leaves_open_the_members_of_the_group_alone(shelf, figures):
    table = {("BEL", ""): {2019: 1.0}, ("CHE", ""): {2019: 8.0}, ("NLD", ""): {2019: 7.0}}
    shelf.add("sipri", "2025-04-30", figures(CURRENT, table), [Partial(CURRENT, missing_below=5.0)])
    row = only(shelf, "rank_among_countries", series=CURRENT, among="NATO")
    # Of the 28 members in 2019 that NATO's tables list (29 less Iceland) two are there, 26 could stand above.
    assert len(groups.members("NATO", 2019)) == 28
    assert (row["rank_best"], row["rank_worst"]) == (2, 2 + 26)


def test_the_rest_of_the_world_says_nothing_of_a_group(shelf, figures):
    """The world's total bounds who is missing in the world; among a group only its own members count."""
    population = "unpop.population"
    assert series(population).world == "WLD"
    shelf.add("unpop", "2024-07", figures(population, {("BEL", ""): {2019: 11.0}, ("WLD", ""): {2019: 100.0}}))
    assert ranks(shelf, "rank_among_countries", series=population) == {2019: (1, 1, 9, 1)}  # 89 left: eight of 11
    assert ranks(shelf, "rank_among_countries", series=population, among="EU") == {2019: (1, 1, 1, 1)}


def test_a_group_to_be_ranked_among_must_be_declared(shelf, figures):
    shelf.add("sipri", "2025-04-30", figures(CURRENT, {("BEL", ""): {2019: 1.0}}))
    with pytest.raises(ClaimbookError, match="no group 'BENELUX' in data/memberships.yaml; there are: NATO, EU"):
        frame_of(shelf, "rank_among_countries", series=CURRENT, among="BENELUX")


def test_the_partner_that_a_rank_is_about(shelf, figures):
    position = "imf.outward_position_reported"
    table = {("BEL", "USA"): {2019: 5.0}, ("NLD", "USA"): {2019: 7.0}, ("FRA", "DEU"): {2019: 9.0}}
    shelf.add("imf", "2024-12", figures(position, table))
    assert ranks(shelf, "rank_among_countries", series=position, to="USA") == {2019: (2, 2, 2, 2)}
    assert ranks(shelf, "rank_among_countries", series=position) == {}
    with pytest.raises(ClaimbookError, match="unknown country or group 'US'"):
        frame_of(shelf, "rank_among_countries", series=position, to="US")


@pytest.fixture
def small_and_large(shelf, figures):
    """Luxembourg is small throughout, Cyprus grows large, Malta shrinks; of Kosovo no population is told."""
    trade = {"BEL": 150.0, "LUX": 380.0, "CYP": 160.0, "MLT": 170.0, "XKX": 999.0, "USA": 26.0}
    people = {"BEL": (11e6, 11e6), "LUX": (6e5, 6e5), "CYP": (9e5, 1e6), "MLT": (2e6, 9e5), "USA": (3e8, 3e8)}
    shelf.add(
        "worldbank", "2020-07-01",
        figures(TRADE, {(code, ""): {2018: value, 2019: value} for code, value in trade.items()})
        + figures(PEOPLE, {(code, ""): dict(zip((2018, 2019), told, strict=True)) for code, told in people.items()}),
    )  # fmt: skip
    return shelf


def test_a_rank_among_larger_countries(small_and_large):
    # 2018: Malta, Belgium, the United States. 2019: Cyprus has its million (exactly), Malta has lost it.
    given = {"series": TRADE, "population": PEOPLE, "least": 1e6}
    assert ranks(small_and_large, "rank_among_larger_countries", **given) == {2018: (2, 2, 2, 3), 2019: (2, 2, 2, 3)}
    assert ranks(small_and_large, "rank_among_larger_countries", country="MLT", **given) == {2018: (1, 1, 1, 3)}
    assert ranks(small_and_large, "rank_among_larger_countries", country="LUX", **given) == {}
    assert ranks(small_and_large, "rank_among_larger_countries", country="XKX", **given) == {}
    assert frame_of(small_and_large, "rank_among_larger_countries", **given)["note"].tolist() == ["", ""]


def test_a_large_country_that_is_late_leaves_the_rank_open(shelf, figures):
    shelf.add(
        "worldbank", "2020-07-01",
        figures(TRADE, {("BEL", ""): {2018: 150.0, 2019: 150.0}, ("NLD", ""): {2018: 160.0}})
        + figures(PEOPLE, {(code, ""): dict.fromkeys((2018, 2019), 11e6) for code in ("BEL", "NLD")}),
    )  # fmt: skip
    given = {"series": TRADE, "population": PEOPLE, "least": 1e6}
    assert ranks(shelf, "rank_among_larger_countries", **given) == {2018: (2, 2, 2, 2), 2019: (1, 1, 2, 1)}


@pytest.fixture
def inventors(shelf, figures):
    """Patents by inhabitant: Belgium 4 of 2 million, Switzerland 9 of 3 million; Taiwan has patents and no people."""
    shelf.add(
        "worldbank", "2020-07-01",
        figures(PATENTS, {("BEL", ""): {2018: 4.0, 2019: (4.0, "estimate")}, ("CHE", ""): {2018: 9.0, 2019: 9.0},
                          ("TWN", ""): {2018: 99.0, 2019: 99.0}, ("WLD", ""): {2018: 999.0}})
        + figures(PEOPLE, {("BEL", ""): {2018: 2e6, 2019: 2e6}, ("CHE", ""): {2018: 3e6}, ("WLD", ""): {2018: 1e6}}),
    )  # fmt: skip
    return shelf


def test_a_rank_per_inhabitant(inventors):
    row = frame_of(inventors, "rank_per_inhabitant", count=PATENTS, population=PEOPLE).to_dict("records")[0]
    assert (row["value"], row["unit"], row["above"]) == (2.0, "per million inhabitants", 3.0)
    assert (row["rank_best"], row["rank"], row["rank_worst"], row["universe"]) == (2, 2, 2, 2)


def test_a_country_whose_population_is_missing_is_late_if_it_was_there_before(inventors):
    # 2019: Switzerland's population is missing; twice its 3 of 2018 would stand above Belgium's 2.
    told = ranks(inventors, "rank_per_inhabitant", count=PATENTS, population=PEOPLE)
    assert told[2019] == (1, 1, 2, 1)
    assert ranks(inventors, "rank_per_inhabitant", country="CHE", count=PATENTS, population=PEOPLE) == {
        2018: (1, 1, 1, 2)
    }
    assert ranks(inventors, "rank_per_inhabitant", country="TWN", count=PATENTS, population=PEOPLE) == {}


def test_a_rank_per_inhabitant_carries_flags_and_the_newer_release(inventors, figures):
    inventors.add("worldbank", "2021-07-01", figures(PEOPLE, {("BEL", ""): {2019: 4e6}}))
    frame = frame_of(inventors, "rank_per_inhabitant", count=PATENTS, population=PEOPLE)
    assert frame[["year", "value", "flag", "released"]].to_numpy().tolist() == [
        [2018, 2.0, "", "2020-07-01"], [2019, 1.0, "estimate", "2021-07-01"],
    ]  # fmt: skip


def test_a_rank_per_inhabitant_among_a_group(inventors):
    given = {"count": PATENTS, "population": PEOPLE, "among": "EU"}
    assert ranks(inventors, "rank_per_inhabitant", **given) == {2018: (1, 1, 1, 1), 2019: (1, 1, 1, 1)}
    assert ranks(inventors, "rank_per_inhabitant", country="CHE", **given) == {}


def test_figures_about_a_partner_are_no_figures_of_a_country(shelf, figures):
    """A series that tells both keeps them apart: a tie's figure never takes the place of the country's own."""
    position = "imf.outward_position_reported"
    shelf.add(
        "imf",
        "2024-12",
        figures(position, {("BEL", "USA"): {2019: 5.0}, ("BEL", ""): {2019: 50.0}, ("NLD", "USA"): {2019: 70.0}}),
    )
    shelf.add("worldbank", "2020-07-01", figures(PEOPLE, {(code, ""): {2019: 1e6} for code in ("BEL", "NLD")}))
    row = only(shelf, "rank_per_inhabitant", count=position, population=PEOPLE)
    assert (row["value"], row["universe"]) == (50.0, 1)
