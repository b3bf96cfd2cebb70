"""Ranks: who is ranked, and how much what is missing leaves open."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import areas
from analysis.errors import ClaimbookError
from analysis.measures import frames
from analysis.measures.frames import CUT_OFF, rank_frame
from analysis.publishers import Partial
from analysis.series import series
from analysis.snapshots.catalogue import Limit

X, SHARE, FDI = "census.goods_exports", "nato.defence_expenditure_share_gdp", "bea.fdi_position_foreign_parent"
DAY = dt.date(2100, 1, 1)
COUNTRIES = ["BEL", "NLD", "FRA", "DEU", "IRL", "ESP", "SUN", "XKX"]
OTHERS = ["WLD", "EUU", "CENSUS.0013", "BEA.UK_ISLANDS_CARIBBEAN"]  # three groups and a line that is no country
WORLD = series(X)  # a series whose world row is the sum of all others


def table(years: dict[int, dict[str, float | None]]) -> pd.DataFrame:
    """A frame as `rank_frame` takes it, from {year: {member: value}}; None is suppressed."""
    rows = [
        (
            member,
            year,
            math.nan if value is None else float(value),
            "million USD",
            "suppressed" if value is None else "",
        )
        for year, told in years.items()
        for member, value in told.items()
    ]
    frame = pd.DataFrame(rows, columns=["member", "year", "value", "unit", "flag"])
    return frame.assign(released="2016-03-04")


def rank(years, member="BEL", about=None, **more) -> pd.DataFrame:
    return rank_frame(table(years), about, member=member, **more)


def last(years, member="BEL", about=None, **more) -> dict:
    return rank(years, member, about, **more).to_dict("records")[-1]


def bounds(entry: dict) -> tuple[int, int, int]:
    return entry["rank_best"], entry["rank"], entry["rank_worst"]


values = st.integers(-3, 6) | st.integers(-(10**15), 10**15)  # few, so that there are ties, and huge ones
countries = st.dictionaries(st.sampled_from(COUNTRIES), values, min_size=1)
everybody = st.dictionaries(st.sampled_from(COUNTRIES + OTHERS), values | st.none(), min_size=1)


# The rank


@settings(max_examples=40)
@given(countries)
def test_a_rank_is_one_more_than_the_number_of_greater_ones(told):
    """So equal values share the better rank, and the next one is skipped."""
    frame = table({2015: told})
    for member, value in told.items():
        (entry,) = rank_frame(frame, None, member=member).to_dict("records")
        above = [other for other in told.values() if other > value]
        below = [other for other in told.values() if other < value]
        assert bounds(entry) == (1 + len(above),) * 3
        assert (entry["value"], entry["universe"], entry["note"]) == (value, len(told), "")
        assert entry["above"] == min(above) if above else math.isnan(entry["above"])
        assert entry["below"] == max(below) if below else math.isnan(entry["below"])


def test_equal_values_share_the_better_rank_and_the_next_one_is_skipped():
    told = {2015: {"BEL": 7, "NLD": 9, "FRA": 7, "DEU": 5, "IRL": 7}}
    assert [last(told, member)["rank"] for member in told[2015]] == [2, 1, 2, 5, 2]


@settings(max_examples=30)
@given(st.dictionaries(st.integers(2010, 2016), everybody, min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(years, shuffle):
    frame = table(years)
    shuffled = frame.sample(frac=1, random_state=shuffle.randrange(999)).reset_index(drop=True)
    for about in (None, WORLD):
        one = rank_frame(frame, about, member="BEL")
        other = rank_frame(shuffled, about, member="BEL")
        pd.testing.assert_frame_equal(one, other)


@settings(max_examples=40)
@given(everybody, st.dictionaries(st.sampled_from(OTHERS), values | st.none()))
def test_groups_and_remainders_never_move_a_rank(told, others):
    without = {member: value for member, value in told.items() if member in COUNTRIES}
    if without.get("BEL") is None:
        assert rank({2015: told}).empty
        return
    assert bounds(last({2015: without | others})) == bounds(last({2015: without}))
    assert last({2015: without | others})["universe"] == last({2015: without})["universe"]


@pytest.mark.parametrize("group", ["WLD", "EUU", "CENSUS.0013"])
def test_a_group_is_never_ranked_itself(group):
    assert rank({2015: {"BEL": 1, group: 9}}, group).empty
    with pytest.raises(ClaimbookError, match=f"{group} .* is a group of countries"):
        rank({2015: {"BEL": 1, group: 9}}, also=(group,))


def test_a_line_that_is_named_is_ranked_beside_countries():
    told = {2015: {"BEL": 5, "BEA.UK_ISLANDS_CARIBBEAN": 9, "NLD": 3}}
    assert last(told)["rank"] == 1
    entry = last(told, also=("BEA.UK_ISLANDS_CARIBBEAN",))
    assert (entry["rank"], entry["universe"]) == (2, 3)


def test_a_line_that_nobody_knows_is_refused():
    with pytest.raises(ClaimbookError, match=r"unknown country or group 'BEA\.UK_ISLAND'"):
        rank({2015: {"BEL": 5}}, also=("BEA.UK_ISLAND",))


def test_each_year_is_ranked_by_itself_and_gaps_stay_gaps():
    frame = rank({2010: {"BEL": 5, "NLD": 9}, 2015: {"BEL": 5, "NLD": 4}, 2013: {"NLD": 1}, 2012: {"BEL": None}})
    assert frame[["year", "rank"]].to_numpy().tolist() == [[2010, 2], [2015, 1]]


@pytest.mark.parametrize("years", [{}, {2015: {"NLD": 1}}, {2015: {"BEL": None}}, {2015: {"WLD": 1}}])
def test_a_member_without_a_figure_has_no_rank_and_no_row(years):
    frame = rank(years)
    assert frame.empty
    assert list(frame) == frames.COLUMNS


def test_a_lone_member_is_first_of_one():
    entry = last({2015: {"BEL": 0}})
    assert (*bounds(entry), entry["universe"]) == (1, 1, 1, 1)
    assert math.isnan(entry["above"])
    assert math.isnan(entry["below"])


# What is missing leaves open


@settings(max_examples=50)
@given(st.dictionaries(st.integers(2010, 2016), everybody, min_size=1), st.sampled_from([None, WORLD]))
def test_the_best_is_never_behind_the_rank_nor_the_worst_before_it(years, about):
    for entry in rank(years, about=about).to_dict("records"):
        assert 1 <= entry["rank_best"] <= entry["rank"] <= entry["rank_worst"]
        assert entry["rank"] <= entry["universe"]
        if entry["rank_best"] < entry["rank_worst"]:
            assert entry["note"]


@st.composite
def hidden(draw):
    """A year told in full, the next one in full and as published: some suppressed, some left out."""
    before = draw(
        st.dictionaries(st.sampled_from(COUNTRIES[:6]), st.integers(-20, 20), min_size=2).filter(lambda t: "BEL" in t)
    )
    truth = {m: draw(st.integers(v - 2 * abs(v) - 1, v + abs(v))) for m, v in before.items()}
    told = dict(truth)
    for member in draw(st.lists(st.sampled_from(sorted(set(before) - {"BEL"})), unique=True)):
        if draw(st.booleans()):
            told[member] = None
        else:
            del told[member]
    return before, truth, told


@given(hidden(), st.integers(1, 3))
def test_the_true_rank_is_within_the_bounds_while_nobody_more_than_doubles(case, gap):
    before, truth, told = case
    entry = last({2015 - gap: before, 2015: told})
    true = 1 + sum(value > truth["BEL"] for value in truth.values())
    assert entry["rank_best"] <= true <= entry["rank_worst"]
    missing = len(truth) - sum(value is not None for value in told.values())
    assert entry["rank_worst"] - entry["rank_best"] <= missing


@given(
    st.dictionaries(st.sampled_from(COUNTRIES[:6]), st.integers(0, 50), min_size=2).filter(
        lambda t: t.get("BEL", 0) > 0
    ),
    st.dictionaries(st.sampled_from(COUNTRIES[:6]), st.integers(0, 50)),
    st.sets(st.sampled_from(COUNTRIES[1:6])),
    st.booleans(),
)
def test_the_true_rank_is_within_what_the_world_total_leaves(truth, before, gone, suppressed):
    told = {member: value for member, value in truth.items() if member not in gone}
    if suppressed:
        told |= dict.fromkeys(gone & set(truth))
    entry = last({2014: before, 2015: told | {"WLD": sum(truth.values())}}, about=WORLD)
    true = 1 + sum(value > truth["BEL"] for value in truth.values())
    assert entry["rank_best"] <= true <= entry["rank_worst"]
    if not gone:
        assert bounds(entry) == (true,) * 3


@given(
    st.dictionaries(st.sampled_from(COUNTRIES), st.integers(0, 50), min_size=1).filter(lambda t: "BEL" in t),
    st.integers(0, 50),
)
def test_the_true_rank_is_within_the_bounds_of_a_list_cut_off(truth, cut):
    """The list holds everybody from a value on, and the country in question wherever it is."""
    told = {member: value for member, value in truth.items() if value >= cut or member == "BEL"}
    entry = last({2014: truth, 2015: told}, limits={2015: Limit(missing_below=cut)})
    true = 1 + sum(value > truth["BEL"] for value in truth.values())
    assert entry["rank_best"] <= true <= entry["rank_worst"]
    assert entry["note"].startswith(f"{CUT_OFF} {cut:,} million USD")
    if truth["BEL"] >= cut:
        assert bounds(entry) == (true,) * 3


def test_a_suppressed_member_that_was_never_told_could_stand_anywhere():
    entry = last({2015: {"BEL": 10**12, "NLD": None, "FRA": 1}})
    assert bounds(entry) == (1, 1, 2)
    assert entry["note"] == "1 withheld"


@pytest.mark.parametrize(("was", "worst"), [(49, 1), (50, 1), (51, 2)])
def test_a_suppressed_member_is_at_most_twice_what_it_last_was(was, worst):
    entry = last({2014: {"NLD": was}, 2015: {"BEL": 100, "NLD": None}})
    assert bounds(entry) == (1, 1, worst)


@pytest.mark.parametrize(("was", "worst"), [(-1, 2), (-10, 2), (0, 2), (-0.4, 2)])
def test_a_negative_figure_may_rise_to_nought(was, worst):
    entry = last({2014: {"NLD": was}, 2015: {"BEL": -0.5, "NLD": None}})
    assert bounds(entry) == (1, 1, worst)


def test_a_late_member_is_named_and_bounded():
    entry = last({2014: {"NLD": 60, "FRA": 10}, 2015: {"BEL": 100}})
    assert bounds(entry) == (1, 1, 2)
    assert entry["note"] == "no figure for 2 that had one before (Netherlands, France)"


def test_of_many_late_members_the_five_largest_are_named():
    before = {member: value for value, member in enumerate(["NLD", "FRA", "DEU", "IRL", "ESP", "ITA", "LUX"])}
    note = last({2014: before, 2015: {"BEL": 100}})["note"]
    assert note == "no figure for 7 that had one before (Luxembourg, Italy, Spain, Ireland, Germany and others)"


def test_who_was_last_told_four_years_ago_is_not_awaited():
    assert last({2011: {"NLD": 100}, 2015: {"BEL": 1}})["note"] == ""
    assert last({2012: {"NLD": 100}, 2015: {"BEL": 1}})["rank_worst"] == 2


def test_the_newest_of_the_last_three_years_bounds():
    years = {2012: {"NLD": 100}, 2013: {"NLD": 10}, 2014: {"NLD": None}, 2015: {"BEL": 50}}
    assert last(years)["rank_worst"] == 1
    assert last(years | {2014: {"NLD": 30}})["rank_worst"] == 2


def test_a_state_that_is_no_more_is_not_awaited():
    entry = last({1991: {"SUN": 900, "BEL": 1}, 1992: {"BEL": 1}})
    assert (*bounds(entry), entry["note"]) == (1, 1, 1, "")


def test_the_world_total_says_how_many_could_stand_above():
    told = {"BEL": 10, "NLD": 50, "FRA": None, "DEU": None}
    entry = last({2015: told | {"WLD": 85}}, about=WORLD)  # 25 are left: two of more than 10 at most
    assert bounds(entry) == (2, 2, 4)
    assert entry["note"] == "2 withheld, together at most 25 million USD"
    assert bounds(last({2015: told | {"WLD": 69}}, about=WORLD)) == (2, 2, 2)


def test_a_line_that_is_no_country_takes_its_share_of_the_world_total():
    told = {"BEL": 10, "NLD": None, "BEA.UK_ISLANDS_CARIBBEAN": 30, "EUU": 10, "WLD": 45}
    assert bounds(last({2015: told}, about=WORLD)) == (1, 1, 1)


def test_countries_that_are_not_listed_are_told_where_they_could_matter():
    entry = last({2015: {"BEL": 10, "WLD": 40}}, about=WORLD)
    assert bounds(entry) == (1, 1, 4)
    assert entry["note"] == "members that are not listed make up more than this value of the world total"


def test_no_more_could_stand_above_than_there_are_countries_without_a_figure():
    # What is left of the world's total is a thousand times the figure of Belgium
    entry = last({2015: {"BEL": 1, "NLD": 5, "WLD": 1006}}, about=WORLD)
    assert bounds(entry) == (2, 2, 2 + len(areas.rankable()) - 2)


def test_a_world_total_below_the_sum_of_its_parts_leaves_nothing():
    entry = last({2015: {"BEL": 10, "NLD": None, "WLD": 9}}, about=WORLD)
    assert (*bounds(entry), entry["note"]) == (1, 1, 1, "1 withheld, together at most 0 million USD")


@pytest.mark.parametrize("value", [0, -5])
def test_the_world_total_says_nothing_below_nought(value):
    entry = last({2014: {"NLD": 3}, 2015: {"BEL": value, "NLD": None, "WLD": value}}, about=WORLD)
    assert bounds(entry) == (1, 1, 2)


def test_a_suppressed_world_total_bounds_nothing():
    entry = last({2014: {"NLD": 30}, 2015: {"BEL": 10, "NLD": None, "WLD": None}}, about=WORLD)
    assert (*bounds(entry), entry["note"]) == (1, 1, 2, "1 withheld")


def test_a_suppressed_member_of_a_list_cut_off_could_stand_above():
    limits = {2015: Limit(missing_below=5)}
    entry = last({2015: {"BEL": 10, "NLD": None}}, limits=limits)
    assert bounds(entry) == (1, 1, 2)
    assert entry["note"] == f"{CUT_OFF} 5 million USD; 1 withheld"


def test_below_the_cut_anybody_who_is_not_listed_could_stand_above():
    entry = last({2015: {"BEL": 1, "NLD": 9}}, limits={2015: Limit(missing_below=5)})
    assert entry["rank_best"] == 2
    assert entry["rank_worst"] > 200


# From a store


def test_partners_are_ranked_where_a_series_is_by_partner(shelf, figures):
    told = {("USA", "BEL"): {2015: 34.0}, ("USA", "NLD"): {2015: 41.0}, ("USA", "WLD"): {2015: 75.0}}
    shelf.add("census", "2016-03-04", figures(X, told))
    frame = frames.ranking(shelf.store().as_of(DAY), X, member="BEL", reporter="USA")
    assert frame[["year", "value", "rank", "universe", "released"]].to_numpy().tolist() == [
        [2015, 34.0, 2, 2, "2016-03-04"]
    ]
    assert frames.ranking(shelf.store().as_of(DAY), X, member="BEL", reporter="NLD").empty
    assert frames.ranking(shelf.store().as_of(DAY), X, member="BEL").empty


def test_reporters_are_ranked_where_a_series_is_by_reporter(shelf, figures):
    shelf.add("nato", "2016-01-28", figures(SHARE, {("BEL", ""): {2015: 0.9}, ("LUX", ""): {2015: 0.5}}))
    frame = frames.ranking(shelf.store().as_of(DAY), SHARE, member="LUX")
    assert frame["rank"].tolist() == [2]


def test_a_partial_release_ranks_nobody(shelf, figures):
    shelf.add("census", "2016-03-04", figures(X, {("USA", "BEL"): {2015: 34.0}}), [Partial(X)])
    assert frames.ranking(shelf.store().as_of(DAY), X, member="BEL", reporter="USA").empty


def test_a_list_cut_off_ranks_with_its_bound(shelf, figures):
    told = figures(X, {("USA", "BEL"): {2014: 1.0, 2015: 34.0}, ("USA", "NLD"): {2014: 2.0, 2015: 41.0}})
    shelf.add("census", "2016-03-04", told, [Partial(X, 30.0, (2015,))])
    frame = frames.ranking(shelf.store().as_of(DAY), X, member="BEL", reporter="USA")
    assert frame["rank"].tolist() == frame["rank_worst"].tolist() == [2, 2]
    assert frame["note"].str.startswith(CUT_OFF).tolist() == [False, True]


def test_everybody_ranked_in_the_newest_year_largest_first(shelf, figures):
    told = {
        ("USA", "BEL"): {2014: 9.0, 2015: 3.0}, ("USA", "NLD"): {2015: 4.0}, ("USA", "FRA"): {2015: 4.0},
        ("USA", "WLD"): {2015: 9.0}, ("USA", "DEU"): {2014: 9.0}, ("USA", "IRL"): {2015: None},
    }  # fmt: skip
    shelf.add("census", "2016-03-04", figures(X, told))
    edition = shelf.store().as_of(DAY)
    listed = frames.members(edition, X, reporter="USA", until=2020)
    assert listed[["member", "year", "value"]].to_numpy().tolist() == [
        ["FRA", 2015, 4.0],
        ["NLD", 2015, 4.0],
        ["BEL", 2015, 3.0],
    ]
    assert frames.members(edition, X, reporter="USA", until=2014)["member"].tolist() == ["BEL", "DEU"]
    assert frames.members(edition, X, reporter="USA", until=2000).empty
    assert frames.members(edition, FDI, reporter="USA", until=2020).empty


def test_lines_that_are_named_are_listed_too(shelf, figures):
    told = {("USA", "BEL"): {2015: 3.0}, ("USA", "BEA.UK_ISLANDS_CARIBBEAN"): {2015: 4.0}}
    shelf.add("bea", "2016-07", figures(FDI, told))
    edition = shelf.store().as_of(DAY)
    also = ("BEA.UK_ISLANDS_CARIBBEAN",)
    assert frames.members(edition, FDI, reporter="USA", until=2020, also=also)["member"].tolist() == [*also, "BEL"]
    assert frames.members(edition, FDI, reporter="USA", until=2020)["member"].tolist() == ["BEL"]
