"""Calendar versions: how they are spelt and in which order they come."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ClaimbookError
from analysis.versions.names import Version, version

VERSIONS = st.builds(
    Version, st.integers(2000, 2099), st.integers(1, 12), st.integers(0, 999), st.none() | st.integers(1, 999)
)


@given(VERSIONS)
def test_a_name_tells_its_version(found):
    assert version(str(found)) == found


@given(VERSIONS, VERSIONS)
def test_two_versions_have_one_order(one, other):
    assert (one < other) + (other < one) + (one == other) == 1
    if (one.year, one.month) != (other.year, other.month):
        assert (one < other) == ((one.year, one.month) < (other.year, other.month))


def test_candidates_come_before_and_further_ones_after():
    names = ["2025.12", "2026.02", "2026.10rc1", "2026.10rc2", "2026.10rc10", "2026.10", "2026.10.1rc1", "2026.10.1"]
    names += ["2026.10.2", "2026.10.10", "2026.11rc1"]
    assert sorted(names, key=version) == names


@pytest.mark.parametrize(
    "name",
    ["", "2026", "2026.1", "2026.00", "2026.13", "1999.12", "2100.01", "2026.11.0", "2026.11.01", "2026.11rc0", "v2026.11",
     "2026.11 ", "2026.11\n", "2026-11", "2026.11.1.1", "2026.11RC1", "../2026.11", "２０２６.11", "2026.11/..", "latest"],
)  # fmt: skip
def test_other_spellings_are_refused(name):
    with pytest.raises(ClaimbookError, match="is not the name of a version; write year and month"):
        version(name)


@pytest.mark.parametrize(
    ("name", "day"), [("2024.02", "2024-02-29"), ("2026.12rc3", "2026-12-31"), ("2025.02.4", "2025-02-28")]
)
def test_a_version_ends_with_its_month(name, day):
    assert version(name).last_day == dt.date.fromisoformat(day)
