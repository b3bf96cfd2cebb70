"""The scale of assessments: spans of years, newcomers, marks, gaps, faults; and what the table adds up to."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed
from analysis.publishers.un import SERIES, parse

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "un-scale"
ORIGINAL = DATA / "UNGA_scale_of_assessment.csv"
original = pytest.mark.skipif(not ORIGINAL.is_file(), reason="the publisher's file is not at hand")
HEAD = "Member State,2009,2012,2013"


def file(folder: Path, *lines: str, head: str = HEAD) -> list[Path]:
    path = folder / "scale.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return [path]


def shares(parsed: Parsed, code: str) -> dict[int, float]:
    frame = observations.check(parsed.observations)
    assert set(frame["series"]) == {SERIES} and set(frame["unit"]) == {"% of regular budget"}
    own = frame[frame["reporter"] == code]
    return dict(zip(own["period"], own["value"], strict=True))


ALL_BUT_BELGIUM = "Germany,98.9,98.99,99"


def test_a_share_holds_from_the_year_after_the_scale_before(tmp_path):
    parsed = parse(file(tmp_path, "Belgium,1.1,1.01,1.0", ALL_BUT_BELGIUM))
    assert shares(parsed, "BEL") == {2009: 1.1, 2010: 1.01, 2011: 1.01, 2012: 1.01, 2013: 1.0}
    assert parsed.partial == () and parsed.notes == ()


def test_the_first_share_of_a_state_counts_for_the_last_year_of_its_scale_alone(tmp_path):
    parsed = parse(file(tmp_path, "South Sudan,-,0.004,0.003", "Germany,100,99.996,99.997"))
    assert shares(parsed, "SSD") == {2012: 0.004, 2013: 0.003}


@pytest.mark.parametrize("mark", ["-", "NA", "b/"])
def test_a_mark_is_no_share_and_a_state_that_comes_back_is_new(tmp_path, mark):
    parsed = parse(file(tmp_path, f"Syrian Arab Republic,{mark},0.03,0.03", "Germany,100,99.97,99.97"))
    assert shares(parsed, "SYR") == {2012: 0.03, 2013: 0.03}
    assert any("SYR" in note for note in parsed.notes) == (mark == "b/")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Myanmar (formerly  Burma)", "MMR"),
        ("Serbia (formerly Yugoslavia) f/", "SRB"),
        ("Iran (Islamic Republic of)", "IRN"),
        ('"Germany, Federal Republic of"', "DEU"),
        ("United Arab Republic", "UN.UAR"),
    ],
)
def test_names_are_read_without_what_stands_beside_them(tmp_path, name, code):
    assert shares(parse(file(tmp_path, f"{name},100,100,100")), code)[2013] == 100


def test_a_list_that_falls_short_of_100_is_partial_and_one_with_newcomers_on_top_is_not(tmp_path):
    parsed = parse(file(tmp_path, "Belgium,1.0,1.0,2.2", "Germany,98.9,99.0,99.0"))
    assert [(limit.series, limit.missing_below, limit.periods) for limit in parsed.partial] == [(SERIES, None, (2009,))]
    assert parsed.notes == (
        "the scale to 2009 adds up to 99.900 per cent",
        "the scale to 2013 adds up to 101.200 per cent",
    )


def test_a_list_without_yugoslavia_is_partial_until_its_successor_is_listed(tmp_path):
    lines = ("Belgium,1,1,1", "Germany,99,99,99")
    head = "Member State,1992,1995,1997"
    assert parse(file(tmp_path, *lines, head=head)).partial[0].periods == (1992, 1993, 1994, 1995)
    assert parse(file(tmp_path, *lines, "Yugoslavia,0,0,-", head=head)).partial == ()


@pytest.mark.parametrize(
    ("lines", "head", "problem"),
    [
        (("Atlantis,1,1,1",), HEAD, r"row 2, column A: unknown area 'Atlantis'"),
        (("Belgium,100,?,100",), HEAD, r"row 2, column C: '\?' is not a share"),
        (("Belgium,100,100",), HEAD, r"row 2, column D: '' is not a share"),
        (("Belgium,100,101,100",), HEAD, r"row 2, column C: 101 is impossible"),
        (("Belgium,1,100,100",), HEAD, r"row 1, column B: the shares add up to 1\.00 per cent"),
        (("Belgium,100,100,100", "Belgium,0,0,0"), HEAD, r"row 3, column B: un\.scale_of_assessments of BEL in 2009"),
        (("Belgium,100,100,100",), "Member State,2012,2009,2013", r"row 1, column C: the scale to 2009 stands after"),
        (("Belgium,100,100,100",), "Member State,2009,twelve,2013", r"row 1, column C: 'twelve' is not the last year"),
        (("Belgium,100,100,100",), "Country,2009,2012,2013", r"scale\.csv: no column 'Member State'"),
    ],
)
def test_what_is_not_understood_is_a_fault(tmp_path, lines, head, problem):
    with pytest.raises(LayoutError, match=problem):
        parse(file(tmp_path, *lines, head=head))


def test_an_edition_or_several_files_are_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="holds one edition"):
        parse(file(tmp_path, "Belgium,100,100,100"), edition="2012")
    with pytest.raises(ClaimbookError, match="one file holds every scale, not 0"):
        parse([])


# The original


@original
def test_shares_of_the_original():
    parsed = parse([ORIGINAL])
    belgium = shares(parsed, "BEL")
    # Row of Belgium: 1.42 in the first column (1946), 0.998 under 2015, 0.885 under 2018, 0.773 under 2027.
    assert belgium[1946] == 1.42 and {belgium[year] for year in (2013, 2014, 2015)} == {0.998}
    assert {belgium[year] for year in (2016, 2017, 2018)} == {0.885} and belgium[2025] == belgium[2027] == 0.773
    assert set(belgium) == set(range(1946, 2028))
    # The scale after 1955 is headed 1957, the one after 1958 1961.
    assert belgium[1956] == belgium[1957] == 1.27 and belgium[1959] == belgium[1961] == 1.30
    # Both Germanies have their first share under 1973, having joined that September; one under 1992.
    germany = shares(parsed, "DEU")
    assert min(germany) == 1973 and germany[1991] == 8.08 and germany[1992] == 8.93
    assert shares(parsed, "UN.UAR") == {1961: 0.32}


@original
def test_every_list_that_is_not_partial_adds_up_to_100():
    parsed = parse([ORIGINAL])
    frame = parsed.observations
    partial = set(parsed.partial[0].periods)
    # No line for Yugoslavia until 1992, nor for its successor before 1996: none of these years is ranked.
    assert partial == set(range(1946, 1996))
    total = frame[~frame["period"].isin(partial)].groupby("period")["value"].sum()
    # 2003: Switzerland (1.274) and Timor-Leste, which joined in the last year of the scale, came on top of it.
    assert round(total.pop(2003), 3) == 101.088
    # Shares have three decimals (two before 1998); states that joined late in a scale lack its earlier years.
    assert list(total.index) == [*range(1996, 2003), *range(2004, 2028)]
    assert total.between(99.99, 100.01 + 1e-9).all()
