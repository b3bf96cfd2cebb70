"""Scale words in units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ClaimbookError
from analysis.units import factor, split

SCALES = {"": 1.0, "thousand ": 1e3, "million ": 1e6, "billion ": 1e9, "trillion ": 1e12}
scales = st.sampled_from(list(SCALES))
bases = st.sampled_from(["USD", "current USD", "persons", "% of GDP", "USD, constant 2015 prices and exchange rates"])


@given(scales, bases)
def test_a_unit_is_a_factor_and_a_base(scale, base):
    assert split(scale + base) == (SCALES[scale], base)


@pytest.mark.parametrize("unit", ["million", "Million USD", "millions USD", "", "USD million"])
def test_what_is_no_scale_word_before_a_unit_stays_in_the_unit(unit):
    assert split(unit) == (1.0, unit)


@given(scales, scales, bases)
def test_there_and_back_is_one(source, target, base):
    there, back = factor(source + base, target + base), factor(target + base, source + base)
    assert there * back == pytest.approx(1)
    assert there == SCALES[source] / SCALES[target]


@given(scales, bases)
def test_a_unit_in_itself_is_exactly_one(scale, base):
    assert factor(scale + base, scale + base) == 1.0


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("USD", "EUR"),
        ("million USD", "million persons"),
        ("current USD", "USD"),
        ("% of GDP", "% of two-way trade"),
        ("million USD, constant 2015 prices", "million USD, constant 2021 prices"),
        ("million", "USD"),
    ],
)
def test_two_dimensions_cannot_be_told_in_each_other(source, target):
    with pytest.raises(ClaimbookError) as error:
        factor(source, target)
    assert repr(source) in str(error.value)
    assert repr(target) in str(error.value)
