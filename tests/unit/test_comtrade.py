import csv
from pathlib import Path

import pytest

from analysis import areas, observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Partial, comtrade

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "comtrade"
originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publisher's originals are not at hand")

FORMER = {
    "Classification": "H5",
    "Year": "2019",
    "Period": "2019",
    "Trade Flow Code": "2",
    "Trade Flow": "Export",
    "Reporter Code": "56",
    "Reporter": "Belgium",
    "Reporter ISO": "BEL",
    "Partner Code": "842",
    "Partner": "USA",
    "Partner ISO": "USA",
    "2nd Partner Code": "",
    "Customs Proc. Code": "",
    "Mode of Transport Code": "",
    "Commodity Code": "TOTAL",
    "Netweight (kg)": "0",
    "Trade Value (US$)": "100",
    "Flag": "4",
}
PRESENT = {
    "typeCode": "C",
    "freqCode": "A",
    "refYear": "2019",
    "period": "2019",
    "reporterCode": "56",
    "reporterISO": "BEL",
    "flowCode": "X",
    "partnerCode": "842",
    "partnerISO": "USA",
    "partner2Code": "0",
    "cmdCode": "TOTAL",
    "customsCode": "C00",
    "mosCode": "0",
    "motCode": "0",
    "primaryValue": "100.5",
}
WORLD = {"Partner Code": "0", "Partner": "World", "Partner ISO": "WLD"}
NETHERLANDS = {"Partner Code": "528", "Partner": "Netherlands", "Partner ISO": "NLD"}


def write(tmp_path, *changes, base=FORMER, name="belgium.csv", columns=None):
    """A file with a row for each of `changes` to the base row."""
    columns = columns or list(base)
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({**base, **change} for change in changes)
    return path


def rows(parsed):
    frame = observations.check(parsed.observations)
    return {tuple(r)[:4]: tuple(r)[4:] for r in frame.itertuples(index=False, name=None)}


def test_a_row_of_the_former_site(tmp_path):
    parsed = comtrade.parse([write(tmp_path, {})])
    assert rows(parsed) == {("comtrade.goods_exports", "BEL", "USA", 2019): (100.0, "USD", "")}
    assert parsed.released is None


def test_a_row_of_the_present_site(tmp_path):
    found = rows(comtrade.parse([write(tmp_path, {}, base=PRESENT)]))
    assert found == {("comtrade.goods_exports", "BEL", "USA", 2019): (100.5, "USD", "")}


def test_capitals_make_no_difference(tmp_path):
    base = {key[0].upper() + key[1:]: cell for key, cell in PRESENT.items()}
    assert len(rows(comtrade.parse([write(tmp_path, {}, base=base)]))) == 1


def test_columns_may_stand_in_any_order_with_others_between(tmp_path):
    columns = [*reversed(FORMER), "Remark"]
    path = write(tmp_path, {"Remark": "x"}, columns=columns)
    assert rows(comtrade.parse([path])) == {("comtrade.goods_exports", "BEL", "USA", 2019): (100.0, "USD", "")}


def test_the_table_may_stand_lower_and_hold_blank_lines(tmp_path):
    path = write(tmp_path, {}, {"Year": "2018", "Period": "2018"})
    head, first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["UN Comtrade", "", head, first, ",,,", second]), encoding="utf-8")
    assert {key[3] for key in rows(comtrade.parse([path]))} == {2018, 2019}


@pytest.mark.parametrize(
    ("former", "present", "series"),
    [
        ("1", "M", "comtrade.goods_imports"),
        ("2", "X", "comtrade.goods_exports"),
        ("3", "RX", "comtrade.goods_reexports"),
        ("4", "RM", "comtrade.goods_reimports"),
    ],
)
def test_flows_of_both_sites(tmp_path, former, present, series):
    one = rows(comtrade.parse([write(tmp_path, {"Trade Flow Code": former})]))
    two = rows(comtrade.parse([write(tmp_path, {"flowCode": present}, base=PRESENT)]))
    assert {key[0] for key in (*one, *two)} == {series}


def test_parts_of_flows_are_left_out_and_counted(tmp_path):
    parsed = comtrade.parse([write(tmp_path, {}, {"flowCode": "DX"}, {"flowCode": "FM"}, base=PRESENT)])
    assert len(parsed.observations) == 1
    assert "belgium.csv: 2 rows of parts of exports and imports are not used" in parsed.notes


def test_an_unknown_flow_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"belgium\.csv, row 2, column D: flow '9' is not understood"):
        comtrade.parse([write(tmp_path, {"Trade Flow Code": "9"})])


def test_an_empty_value_is_no_row_and_a_zero_is_one(tmp_path):
    path = write(tmp_path, {"Trade Value (US$)": ""}, {"Trade Value (US$)": "0", **NETHERLANDS})
    parsed = comtrade.parse([path])
    assert [(key[2], cell[0]) for key, cell in rows(parsed).items()] == [("NLD", 0.0)]
    assert "belgium.csv: 1 rows without a value" in parsed.notes


def test_thousands_may_be_separated(tmp_path):
    found = rows(comtrade.parse([write(tmp_path, {"Trade Value (US$)": "1,234,567"})]))
    assert found["comtrade.goods_exports", "BEL", "USA", 2019][0] == 1_234_567


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "-5", "True", "1,23", "n.a.", "2019-01-01"])
def test_what_is_no_value_is_a_fault_with_its_place(tmp_path, value):
    path = write(tmp_path, NETHERLANDS, {"Trade Value (US$)": value})
    with pytest.raises(LayoutError) as caught:
        comtrade.parse([path])
    assert str(caught.value).startswith(f"belgium.csv, row 3, column Q: value {value!r} is not a number")


def test_one_commodity_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"row 2, column O: commodity '27' is not TOTAL"):
        comtrade.parse([write(tmp_path, {"Commodity Code": "27"})])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("partner2Code", "56"),
        ("customsCode", "C01"),
        ("motCode", "2100"),
        ("mosCode", "1"),
        ("typeCode", "S"),
        ("freqCode", "M"),
    ],
)
def test_a_break_down_is_a_fault(tmp_path, column, value):
    with pytest.raises(LayoutError, match=f"row 2, column [A-Z]: {column} is '{value}', a part of the trade"):
        comtrade.parse([write(tmp_path, {column: value}, base=PRESENT)])


def test_a_month_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"row 2, column C: period '201903' is not the year 2019"):
        comtrade.parse([write(tmp_path, {"Period": "201903"})])


def test_a_year_that_is_none_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"row 2, column B: year '2019e' is not understood"):
        comtrade.parse([write(tmp_path, {"Year": "2019e"})])


def test_a_table_of_something_else_is_a_fault(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Country,Year,Value\nBelgium,2019,1\n", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"x\.csv: no header .* lacks flow, reporter, partner, commodity, value"):
        comtrade.parse([path])


def test_cells_beyond_the_header_are_a_fault_unless_empty(tmp_path):
    path = write(tmp_path, {})
    text = path.read_text(encoding="utf-8").rstrip("\r\n")
    path.write_text(text + ",\n", encoding="utf-8")
    assert len(comtrade.parse([path]).observations) == 1
    path.write_text(text + ",7\n", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"row 2, column S: more cells than the header has"):
        comtrade.parse([path])


# Areas


@pytest.mark.parametrize(
    ("code", "iso", "area", "kind"),
    [
        ("0", "WLD", "WLD", "group"),
        ("0", "W00", "WLD", "group"),
        ("842", "USA", "USA", "country"),
        ("251", "FRA", "FRA", "country"),
        ("757", "CHE", "CHE", "country"),
        ("56", "", "BEL", "country"),
        ("004", "AFG", "AFG", "country"),
        ("535", "BES", "BES", "country"),
        ("490", "", "COMTRADE.490", "country"),
        ("490", "S19", "COMTRADE.490", "country"),
        ("837", "", "COMTRADE.837", "unspecified"),
        ("899", "_X", "COMTRADE.899", "unspecified"),
        ("58", "BLX", "COMTRADE.58", "former"),
        ("97", "EUR", "EUU", "group"),
    ],
)
def test_partners_are_told_by_number(tmp_path, code, iso, area, kind):
    (key,) = rows(comtrade.parse([write(tmp_path, {"Partner Code": code, "Partner ISO": iso})]))
    assert (key[2], areas.area(key[2]).kind) == (area, kind)


def test_an_unknown_partner_is_a_fault(tmp_path):
    change = {"Partner Code": "999", "Partner": "Atlantis", "Partner ISO": "ATL"}
    with pytest.raises(LayoutError, match=r"row 2, column I: partner '999' \(ISO 'ATL'\).*data/areas/comtrade"):
        comtrade.parse([write(tmp_path, change)])


def test_number_and_letters_must_agree(tmp_path):
    with pytest.raises(LayoutError, match=r"row 2, column K: partner 528 is NLD, but its ISO letters say 'USA'"):
        comtrade.parse([write(tmp_path, {**NETHERLANDS, "Partner ISO": "USA"})])
    with pytest.raises(LayoutError, match=r"row 2, column H: reporter 56 is BEL, but its ISO letters say 'XYZ'"):
        comtrade.parse([write(tmp_path, {"Reporter ISO": "XYZ"})])


# Several rows and files


def test_the_same_row_in_two_files_is_one(tmp_path):
    files = [write(tmp_path, WORLD, name=name) for name in ("belgium.csv", "totals.csv")]
    assert len(comtrade.parse(files).observations) == 1


def test_two_values_of_one_key_are_a_fault_that_names_both(tmp_path):
    one = write(tmp_path, NETHERLANDS, WORLD)
    two = write(tmp_path, {**WORLD, "Trade Value (US$)": "101"}, name="totals.csv")
    with pytest.raises(LayoutError) as caught:
        comtrade.parse([one, two])
    assert str(caught.value).startswith("totals.csv, row 2, column Q: comtrade.goods_exports of BEL with WLD")
    assert "is 101 here, but 100 in belgium.csv, row 3" in str(caught.value)


def test_partners_that_sum_to_world_are_a_full_list(tmp_path):
    whole = {**WORLD, "Trade Value (US$)": "300000"}
    path = write(tmp_path, whole, {"Trade Value (US$)": "200000"}, {**NETHERLANDS, "Trade Value (US$)": "99990"})
    parsed = comtrade.parse([path])
    assert parsed.partial == ()
    assert parsed.notes == (
        "comtrade.goods_exports of BEL: partners' sum differs from World by at most -10 USD a year",
    )


def test_partners_that_fall_short_of_world_bound_what_is_missing(tmp_path):
    path = write(tmp_path, {**WORLD, "Trade Value (US$)": "1000"}, {"Trade Value (US$)": "900"})
    assert comtrade.parse([path]).partial == (Partial("comtrade.goods_exports", 100.0, (2019,)),)


def test_groups_are_no_part_of_the_sum(tmp_path):
    union = {"Partner Code": "97", "Partner ISO": "EUR", "Trade Value (US$)": "100"}
    path = write(tmp_path, {**WORLD, "Trade Value (US$)": "1000"}, {"Trade Value (US$)": "900"}, union)
    assert comtrade.parse([path]).partial == (Partial("comtrade.goods_exports", 100.0, (2019,)),)


def test_partners_without_world_bound_nothing(tmp_path):
    assert comtrade.parse([write(tmp_path, {})]).partial == (Partial("comtrade.goods_exports", None, (2019,)),)


def test_world_alone_ranks_nobody_and_says_nothing(tmp_path):
    parsed = comtrade.parse([write(tmp_path, WORLD)])
    assert (parsed.partial, parsed.notes) == ((), ())


def test_an_edition_and_an_empty_call_are_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="leave the edition out"):
        comtrade.parse([write(tmp_path, {})], edition="2022")
    with pytest.raises(ClaimbookError, match="no UN Comtrade file"):
        comtrade.parse([])


# The originals


@originals
def test_the_downloads_of_2021_and_2022_are_one_release():
    parsed = comtrade.parse(sorted(ORIGINALS.glob("*.csv")))
    found = rows(parsed)
    # 2297 + 2007 + 1332 + 2026 rows, of which 25 of Belgium and the USA with World stand twice
    assert len(found) == 7637
    # belgium.csv, line 906; united_states_2019_2020.csv, lines 50 to 52 and 377
    assert found["comtrade.goods_exports", "BEL", "USA", 2018][0] == 18_829_444_909
    assert found["comtrade.goods_imports", "USA", "BEL", 2019][0] == 20_708_084_707
    assert found["comtrade.goods_exports", "USA", "BEL", 2019][0] == 34_768_383_035
    assert found["comtrade.goods_reexports", "USA", "BEL", 2019][0] == 4_984_589_694
    assert found["comtrade.goods_imports", "USA", "COMTRADE.490", 2019][0] == 55_958_770_135
    # world_totals_simplified.csv, line 405
    assert found["comtrade.goods_reimports", "CHN", "WLD", 2017][0] == 132_369_371_926
    assert parsed.partial == ()
    assert "comtrade.goods_exports of BEL: partners' sum differs from World by at most -121 USD a year" in parsed.notes
