"""One observation: the row that every publisher's figures are turned into."""

from __future__ import annotations

import math

import pandera.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import observations

ROW = {
    "series": "census.goods_exports", "reporter": "USA", "partner": "BEL", "period": 2015, "value": 34173.8,
    "unit": "million USD", "flag": "",
}  # fmt: skip


def row(**more) -> tuple:
    return tuple({**ROW, **more}.values())


def faults(*rows: tuple) -> str:
    """What the contract says against these rows."""
    with pytest.raises(pandera.errors.SchemaErrors) as error:
        observations.check(observations.make(list(rows)))
    return str(error.value.failure_cases.to_string())


def test_a_row_in_order_is_an_observation():
    frame = observations.check(observations.make([row(), row(partner="", period=1800), row(period=2150)]))
    assert list(frame.columns) == observations.COLUMNS
    assert frame["period"].dtype == "int64"
    assert frame["value"].dtype == "float64"


def test_no_rows_are_an_empty_frame_of_the_same_form():
    frame = observations.check(observations.make([]))
    assert frame.shape == (0, len(observations.COLUMNS))


@given(st.permutations([row(partner=partner, period=year) for partner in ("", "BEL", "NLD") for year in (2014, 2015)]))
def test_rows_come_out_in_the_order_of_their_key(rows):
    made = observations.make(rows)
    assert made.equals(observations.make(sorted(rows)))
    assert made[observations.KEY].apply(tuple, axis=1).is_monotonic_increasing


def test_a_suppressed_row_has_no_value_and_says_so():
    frame = observations.check(observations.make([row(value=None, flag="suppressed")]))
    assert math.isnan(frame["value"].item())


@pytest.mark.parametrize("flag", sorted(set(observations.FLAGS) - {"suppressed"}))
def test_every_other_flag_stands_beside_a_value(flag):
    observations.check(observations.make([row(flag=flag)]))
    assert "suppressed" in faults(row(flag=flag, value=None))


def test_a_suppressed_row_with_a_value_is_a_fault():
    assert "empty exactly where the flag says suppressed" in faults(row(flag="suppressed"))


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_an_infinite_value_is_a_fault(value):
    assert "finite" in faults(row(value=value))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("series", "census", "str_matches"), ("series", "Census.goods", "str_matches"), ("reporter", "U", "str_length"),
        ("reporter", "", "str_length"), ("period", 1799, "in_range"), ("period", 2151, "in_range"),
        ("unit", "", "str_length"), ("flag", "guess", "isin"), ("flag", "Estimate", "isin"),
    ],
)  # fmt: skip
def test_what_no_observation_can_be_is_told_by_column(field, value, said):
    told = faults(row(**{field: value}))
    assert field in told
    assert said in told


def test_the_same_key_twice_is_a_fault_even_with_one_value():
    assert "unique" in faults(row(), row())
    assert "unique" in faults(row(), row(value=1.0))


def test_all_faults_are_told_at_once():
    told = faults(row(period=1000), row(flag="guess"), row(partner="NLD", value=math.inf))
    assert all(word in told for word in ("in_range", "isin", "finite"))


def test_a_column_more_or_in_another_place_is_a_fault():
    frame = observations.make([row()])
    for wrong in (frame.assign(note=""), frame[frame.columns[::-1]], frame.drop(columns="flag")):
        with pytest.raises(pandera.errors.SchemaErrors):
            observations.check(wrong)
