"""Numbers, ranks, units and releases as running text tells them."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import observations, words
from analysis.evaluations import Evaluation
from analysis.measures.frames import CUT_OFF

MINUS = "\u2212"


def evaluation(**more) -> Evaluation:
    """A plain evaluation, changed where the test says so."""
    about = {
        "reading": "goods", "publisher": "census", "released": "2016-03-04", "day": dt.date(2016, 3, 4), "year": 2015,
        "value": 34_173_800_000.0, "unit": "USD", "rank": None, "rank_best": None, "rank_worst": None, "universe": None,
        "flag": "", "holds": True, "fit": "rounding", "margin": 1e9, "margin_unit": "USD", "note": "",
    }  # fmt: skip
    return Evaluation(**{**about, **more})


@pytest.mark.parametrize(
    ("rank", "told"),
    [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"),
        (21, "21st"), (22, "22nd"), (23, "23rd"), (101, "101st"), (111, "111th"), (112, "112th"), (213, "213th"),
    ],
)  # fmt: skip
def test_ordinals(rank, told):
    assert words.ordinal(rank) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [(66.12, "66.1"), (171.4, "171"), (1234567, "1,234,567"), (5.678, "5.68"), (0, "0"), (-5.678, f"{MINUS}5.68"),
     (-1234.5, f"{MINUS}1,234"), (100, "100"), (10, "10.0"), (1, "1.00")],
)  # fmt: skip
def test_three_significant_figures(value, told):
    assert words.number(value) == told


@given(st.floats(1, 1e15), st.sampled_from([1, -1]))
def test_a_number_is_within_half_a_per_cent_of_what_it_tells(value, sign):
    told = words.number(sign * value)
    assert float(told.replace(",", "").replace(MINUS, "-")) == pytest.approx(sign * value, rel=0.005)
    assert told.startswith(MINUS) == (sign < 0)


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_number_to_so_many_digits(value, digits):
    told = words.number(value, digits)
    assert len(told.partition(".")[2]) == digits
    assert float(told.replace(",", "").replace(MINUS, "-")) == pytest.approx(value, abs=0.51 * 10**-digits)


@pytest.mark.parametrize("value", [-0.0, -0.001, -0.004])
def test_what_rounds_to_nought_has_no_minus(value):
    assert MINUS not in words.number(value)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (66.1e9, "USD", "66.1 billion dollars"),
        (66_100, "million USD", "66.1 billion dollars"),
        (1.5e12, "current USD", "1.50 trillion dollars"),
        (-19_486.8, "million USD", f"{MINUS}19.5 billion dollars"),
        (2_300_000, "persons", "2.30 million people"),
        (150_000, "persons", "150,000 people"),
        (29.5, "thousand persons", "29,500 people"),
        (0.967, "% of GDP", "0.97 per cent of GDP"),
        (85.04, "% of GDP", "85.0 per cent of GDP"),
        (-0.12, "% of GDP", f"{MINUS}0.12 per cent of GDP"),
        (1, "allies", "1 ally"),
        (0, "allies", "0 allies"),
        (18.0, "allies", "18 allies"),
        (0.3, "percentage points", "0.30 percentage points"),
        (3.99, "billion EUR", "3.99 billion euros"),
        (12_000, "million EUR", "12.0 billion euros"),
        (0, "years without a rise", "no year without a rise"),
        (1, "years without a fall", "1 year without a fall"),
        (3.0, "years without a rise", "3 years without a rise"),
        (2.0, "class", "class 2"),
        (-25.8, "% over the period", f"{MINUS}25.8 per cent over the period"),
        (41.25, "per million inhabitants", "41.2 per million inhabitants"),
        (0, "USD", "0 dollars"),
        (12.5, "USD", "12.5 dollars"),
        (5, "tonnes", "5 tonnes"),
    ],
)
def test_amounts_with_their_unit(value, unit, told):
    assert words.amount(value, unit) == told


def test_the_name_of_a_unit_leaves_its_scale_out():
    assert [words.unit_name(unit) for unit in ("million USD", "thousand persons", "EUR")] == [
        "dollars",
        "people",
        "euros",
    ]


@pytest.mark.parametrize(("release", "told"), [("2025-03-06", "6 March 2025"), ("2020-07", "July 2020")])
def test_a_release_in_words(release, told):
    assert words.released(release) == told


def test_a_rank_tells_its_universe():
    entry = evaluation(rank=10, rank_best=10, rank_worst=10, universe=232)
    assert words.rank(entry) == words.figure(entry) == "10th of 232"


def test_a_rank_in_a_list_cut_off_does_not_pretend_to_a_universe():
    entry = evaluation(rank=12, rank_best=12, rank_worst=12, universe=15, note=f"{CUT_OFF} 9,000 million USD")
    assert words.rank(entry) == "12th of the 15 listed"


def test_a_rank_left_open_tells_its_bounds():
    assert words.rank(evaluation(rank=10, rank_best=10, rank_worst=12, universe=232)) == "between 10th and 12th"


def test_a_count_tells_of_how_many():
    assert words.figure(evaluation(value=18.0, unit="allies", universe=28)) == "18 allies of 28"
    assert words.figure(evaluation(value=1.0, unit="allies", universe=31)) == "1 ally of 31"


@pytest.mark.parametrize(("value", "told"), [(0.0, "a rise in each of 5 years"), (1.0, "1 of 5 years without a rise")])
def test_years_that_break_a_trend_are_told_of_how_many(value, told):
    entry = evaluation(
        value=value, unit="years without a rise", universe=5, margin=1.0, margin_unit="years without a rise"
    )
    assert words.figure(entry) == told
    assert words.margin(entry) == ""  # how far it is from flipping is the figure itself


def test_a_share_tells_how_many_were_counted():
    entry = evaluation(value=54.17, unit="% of states", universe=24)
    assert words.figure(entry) == "54.2 per cent of states (24 counted)"


@pytest.mark.parametrize(("text", "told"), [("2018-06-08", "8 June 2018"), ("2018-06", "June 2018"), ("2018", "2018")])
def test_a_date_as_far_as_it_is_known(text, told):
    assert words.dated(text) == told


def test_a_plain_figure_is_an_amount():
    assert words.figure(evaluation()) == "34.2 billion dollars"


def test_a_margin_in_the_unit_of_the_claim():
    assert words.margin(evaluation()) == "1.00 billion dollars"
    assert words.margin(evaluation(margin=0.033, margin_unit="% of GDP")) == "0.03 percentage points"
    assert words.margin(evaluation(margin=2.0, margin_unit="allies")) == "2 allies"


def test_the_margin_of_a_rank_is_also_told_as_a_share_of_the_value():
    entry = evaluation(rank=10, rank_best=10, rank_worst=10, value=-200.0, margin=50.0, margin_unit="million USD")
    assert words.margin(entry) == "50.0 million dollars (25.0 per cent of its value)"


@pytest.mark.parametrize("margin", [None, math.nan])
def test_where_nothing_could_flip_it_there_is_no_margin(margin):
    assert words.margin(evaluation(margin=margin)) == ""


def test_every_flag_but_none_has_words():
    assert set(words.FLAGS) == set(observations.FLAGS) - {""}
