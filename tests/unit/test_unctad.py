"""UNCTAD's tables: flows and stocks of every economy, and pairs of 2014; marks, groups, faults."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis import areas, observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.unctad import MISSING, NEGATIVE, NOTE, VALUE, parse

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "unctad"
original = pytest.mark.skipif(not DATA.is_dir(), reason="the publisher's files are not at hand")
STOCK = "unctad.fdi_inward_stock"
PAIR = "unctad.bilateral_fdi_inward_stock"


def economy(**cells: str) -> dict[str, str]:
    """A row of the table of all economies; the defaults are Belgium's stock in 2020."""
    ordinary = {"Year": "2020", "Economy": "056", "Economy Label": "Belgium", "Flow Label": "Stock"}
    return {**ordinary, "Direction Label": "Inward", VALUE: "548100.5", NOTE: "", MISSING: "", "more": "1", **cells}


def pair(**cells: str) -> dict[str, str]:
    """A row of the table of pairs; the defaults are what the USA reports of Belgium in 2008."""
    flows = {"FDI_inflows": "-989.0", "FDI_outflows": "4415.0", "FDI_instock": "23379.0", "FDI_outstock": ""}
    return {"reporter": "USA", "partner": "BEL", "year": "2008", **flows, **cells}


def file(folder: Path, *rows: dict[str, str], columns: list[str] | None = None) -> list[Path]:
    path = folder / "fdi.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return [path]


def values(parsed: Parsed, series: str, reporter: str = "BEL", partner: str = "") -> dict[int, float]:
    frame = observations.check(parsed.observations)
    rows = frame[(frame["series"] == series) & (frame["reporter"] == reporter) & (frame["partner"] == partner)]
    assert set(rows["unit"]) <= {"million USD"} and set(rows["flag"]) <= {""}
    return dict(zip(rows["period"], rows["value"], strict=True))


# Every economy


def test_flow_or_stock_and_direction_make_the_series(tmp_path):
    outflow = economy(**{"Flow Label": "Flow", "Direction Label": "Outward", VALUE: "-3"})
    parsed = parse(file(tmp_path, economy(), outflow))
    assert values(parsed, STOCK) == {2020: 548100.5}
    assert values(parsed, "unctad.fdi_outward_flow") == {2020: -3}
    assert parsed.partial == ()


def test_columns_may_stand_in_any_order(tmp_path):
    assert values(parse(file(tmp_path, economy(), columns=sorted(economy()))), STOCK) == {2020: 548100.5}


def test_groups_are_known_by_codes_of_four_digits_and_are_not_ranked(tmp_path):
    world = economy(**{"Economy": "0000", "Economy Label": "World"})
    ldcs = economy(**{"Economy": "1610", "Economy Label": "LDCs (Least developed countries)"})
    parsed = parse(file(tmp_path, world, ldcs))
    assert set(parsed.observations["reporter"]) == {"WLD", "UNCTAD.LDCS"}
    assert not areas.rankable() & {"WLD", "UNCTAD.LDCS"}


def test_a_state_that_lost_a_part_keeps_its_code(tmp_path):
    before = economy(**{"Economy": "736", "Economy Label": "Sudan (...2011)", "Year": "2011"})
    after = economy(**{"Economy": "729", "Economy Label": "Sudan", "Year": "2012"})
    gone = economy(**{"Economy": "729", "Economy Label": "Sudan", "Year": "2011", VALUE: "", MISSING: "Not applicable"})
    assert values(parse(file(tmp_path, before, after, gone)), STOCK, "SDN") == {2011: 548100.5, 2012: 548100.5}


def test_a_negative_stock_that_is_not_shown_has_no_row_but_a_note(tmp_path):
    parsed = parse(file(tmp_path, economy(), economy(**{"Year": "2021", VALUE: "", MISSING: NEGATIVE})))
    assert values(parsed, STOCK) == {2020: 548100.5}
    assert parsed.notes == ("Belgium, inward stock: negative, and not shown (1 figures)",)


def test_what_a_footnote_says_is_noted(tmp_path):
    parsed = parse(file(tmp_path, economy(**{NOTE: "Asset/liability basis."})))
    assert parsed.notes == ("Belgium, inward stock: Asset/liability basis. (1 figures)",)
    assert values(parsed, STOCK) == {2020: 548100.5}


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        ({"Economy Label": "Atlantis"}, "column C: .*'Atlantis'"),
        ({"Economy": "5600"}, "column B: code '5600' is not that of a country"),
        ({"Economy Label": "World"}, "column B: code '056' is not that of a group"),
        ({"Flow Label": "Both"}, "column D: 'Both' is neither of"),
        ({"Direction Label": "Sideways"}, "column E: 'Sideways' is neither of"),
        ({VALUE: ""}, "column F: '' is not a figure"),
        ({VALUE: "1.2.3"}, "column F: '1.2.3' is not a figure"),
        ({MISSING: "Lost"}, "column H: mark 'Lost' is not known"),
        ({MISSING: "Not applicable"}, "column F: a figure, '548100.5', beside the mark"),
        ({"Year": "about 2020"}, "column A: 'about 2020' is not a year"),
        ({"Year": "2019", VALUE: "7"}, "column F: unctad.fdi_inward_stock of BEL in 2019 is 7 million USD"),
    ],
)
def test_a_row_not_understood_is_a_fault(tmp_path, faulty, problem):
    with pytest.raises(LayoutError, match=rf"fdi\.csv, row 3, {problem}"):
        parse(file(tmp_path, economy(Year="2019"), economy(**faulty)))


def test_a_missing_column_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"fdi\.csv, row 1: the column 'Flow Label' is there 0 times"):
        parse(file(tmp_path, economy(), columns=[name for name in economy() if name != "Flow Label"]))


# Pairs


def test_a_row_of_a_pair_gives_up_to_four_figures_and_nothing_is_ranked(tmp_path):
    parsed = parse(file(tmp_path, pair()))
    assert values(parsed, PAIR, "USA", "BEL") == {2008: 23379.0}
    assert values(parsed, "unctad.bilateral_fdi_inward_flow", "USA", "BEL") == {2008: -989.0}
    assert len(parsed.observations) == 3  # the blank is not available
    assert Partial(PAIR) in parsed.partial and len(parsed.partial) == 4


def test_codes_that_hold_several_areas_are_left_out_and_noted(tmp_path):
    parsed = parse(file(tmp_path, pair(), pair(partner="ABW"), pair(partner="ABW", FDI_instock="1")))
    assert set(parsed.observations["partner"]) == {"BEL"}
    assert parsed.notes == ("partner ABW: left out, for its rows hold several areas (2 figures)",)


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        ({"partner": "Belgium"}, "column B: unknown code 'Belgium'"),
        ({"FDI_instock": "much"}, "column F: 'much' is not a figure"),
        ({"FDI_instock": "7"}, "column F: unctad.bilateral_fdi_inward_stock of USA BEL in 2008 is 7"),
    ],
)
def test_a_pair_not_understood_is_a_fault(tmp_path, faulty, problem):
    with pytest.raises(LayoutError, match=rf"fdi\.csv, row 3, {problem}"):
        parse(file(tmp_path, pair(), pair(**faulty)))


def test_an_edition_or_several_files_are_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="edition '2014'"):
        parse(file(tmp_path, pair()), edition="2014")
    with pytest.raises(ClaimbookError, match="give the one file of an edition, not 0"):
        parse([])


# The originals


@original
def test_every_economy_of_the_original():
    parsed = parse([DATA / "US_FdiFlowsStock.csv"])
    assert values(parsed, "unctad.fdi_inward_flow", "USA")[2024] == 278848  # 2024,840,"United States",Flow,Inward
    assert values(parsed, "unctad.fdi_inward_flow", "WLD")[1990] == 204887.703  # the first row
    frame = parsed.observations
    assert len(frame) == 34952 - 1520 - 155  # rows, less not applicable, less negative
    assert (frame.loc[frame["series"].str.endswith("stock"), "value"] >= 0).all()
    assert sorted(frame["period"].unique()) == list(range(1990, 2025))


@original
def test_regions_of_the_original_are_the_sum_of_their_parts():
    frame = parse([DATA / "US_FdiFlowsStock.csv"]).observations
    flows = frame[(frame["series"] == "unctad.fdi_inward_flow") & (frame["period"] == 2020)].set_index("reporter")
    parts = ("AFRICA", "AMERICAS", "ASIA", "EUROPE", "OCEANIA")
    assert flows.loc[[f"UNCTAD.{part}" for part in parts], "value"].sum() == pytest.approx(flows.loc["WLD", "value"])


@original
def test_pairs_of_the_original():
    parsed = parse([DATA / "bilateral-fdi-2001-2012.csv"])
    stock = values(parsed, PAIR, "USA", "BEL")
    # USA,BEL,2001 and USA,BEL,2012
    assert stock[2001] == 15623 and stock[2012] == 88697 and len(stock) == 12
    assert set(parsed.observations["reporter"]) == {"USA", "BEL"}
