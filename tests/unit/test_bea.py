"""BEA trade by selected countries and direct investment by country: tables found by words, sums, faults."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis import areas, observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.bea import parse

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "bea"
originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publisher's files are not at hand")
PARTNERS = ["Belgium", "Korea, South", "All other countries", "South/\nCentral America"]
FLOWS = ("Exports of", "Imports of", "Balance on")
ITEMS = ("Goods and Services", "Goods", "Services")
FDI = "bea.fdi_position_foreign_parent"


def row_of(parsed: Parsed, series: str, partner: str, year: int) -> tuple[float, str] | None:
    """Value and flag of a key, None where it has no row."""
    o = observations.check(parsed.observations)
    found = o[(o.series == series) & (o.partner == partner) & (o.period == year)]
    assert len(found) <= 1
    return None if found.empty else (found.value.item(), found.flag.item())


def value(parsed: Parsed, series: str, partner: str, year: int) -> float | None:
    found = row_of(parsed, series, partner, year)
    return None if found is None else found[0]


# trade by selected countries and areas


def table(number=1, title="Exports of Goods and Services", years=((2015, 40, 50, 60, 70),), updated="March 6, 2025"):
    return [
        [f"Last updated {updated}"],
        [f"Table {number}. U.S. International Trade by Selected Countries and Areas"],
        [title],
        ["[Millions of dollars, quarters seasonally adjusted]"],
        [],
        ["Period", *PARTNERS],
        ["Annual"],
        *([*row] for row in years),
        ["Quarterly"],
        ["2015 1 ", 1, 1, 1, 1],
        [],
        ["(R) Revised\n"],
    ]


def workbook(folder: Path, sheets: dict[str, list[list]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "trade.xlsx")
    return folder / "trade.xlsx"


def nine(flows=((40, 50, 60, 70), (10, 20, 30, 40), (30, 30, 30, 30))) -> dict[str, list[list]]:
    sheets = {}
    for item in ITEMS:
        for flow, cells in zip(FLOWS, flows, strict=True):
            number = len(sheets) + 1
            sheets[f"Table {number}"] = table(number, f"{flow} {item}", [(2015, *cells)])
    return sheets


def test_the_nine_tables_are_told_by_their_titles(tmp_path):
    contents = [["Last updated March 6, 2025"], ["Table of Contents"], ["Table 4. ... - Exports of Goods"]]
    parsed = parse([workbook(tmp_path, {"Readme": contents, **nine()})])
    for item in ("goods_services", "goods", "services"):
        for flow, expected in (("exports", 40), ("imports", 10), ("balance", 30)):
            assert value(parsed, f"bea.{item}_{flow}", "BEL", 2015) == expected
    assert parsed.released == "2025-03-06"
    assert parsed.notes == ()
    assert set(parsed.observations.period) == {2015}  # no quarter
    assert set(parsed.partial) == {Partial(series) for series in set(parsed.observations.series)}
    assert len(parsed.partial) == 9


def test_partners_are_countries_or_groups_of_the_bureau(tmp_path):
    parsed = parse([workbook(tmp_path, {"1": table()})])
    assert {p: areas.area(p).kind for p in parsed.observations.partner} == {
        "BEL": "country",
        "KOR": "country",
        "BEA.ALL_OTHER_COUNTRIES": "unspecified",
        "BEA.TRADE_SOUTH_CENTRAL_AMERICA": "group",
    }


def test_a_moved_table_with_columns_in_another_order(tmp_path):
    rows = [[None, None, *row] for row in [[], *table(years=[("2015", "1,040", 50, 60, 70)])]]
    header = next(row for row in rows if "Period" in row)
    for row in rows:
        if len(row) == len(header):
            row[3], row[4] = row[4], row[3]
    parsed = parse([workbook(tmp_path, {"1": rows})])
    assert value(parsed, "bea.goods_services_exports", "BEL", 2015) == 1040
    assert value(parsed, "bea.goods_services_exports", "KOR", 2015) == 50


def test_year_labels_and_marks(tmp_path):
    years = [
        (2013, "n.a.", 50, 60, 70),
        (None, None, None, None, None),
        ("2014 (R)", "(D)", "(*)", 60, 70),
        ("2015 (P)", 1, 50, 60, 70),
    ]
    parsed = parse([workbook(tmp_path, {"1": table(years=years)})])
    series = "bea.goods_services_exports"
    assert row_of(parsed, series, "BEL", 2013) is None
    assert math.isnan(value(parsed, series, "BEL", 2014))
    assert row_of(parsed, series, "BEL", 2014)[1] == "suppressed"
    assert row_of(parsed, series, "KOR", 2014) == (0.0, "rounds_to_zero")
    assert row_of(parsed, series, "BEL", 2015) == (1.0, "provisional")


@pytest.mark.parametrize("label", ["2015 1", "2015 2 (R)", "2015Q1", "Quarterly", "(R) Revised"])
def test_quarters_and_notes_end_the_annual_rows(tmp_path, label):
    rows = table()
    del rows[8:]
    rows.append([label] if label.startswith("(R)") else [label, 1, 1, 1, 1])
    assert set(parse([workbook(tmp_path, {"1": rows})]).observations.period) == {2015}


def test_a_table_that_is_not_there_is_noted(tmp_path):
    sheets = nine()
    del sheets["Table 6"]
    parsed = parse([workbook(tmp_path, sheets)])
    assert parsed.notes == ("there is no table of bea.goods_balance",)


def test_a_balance_may_differ_by_rounding_only(tmp_path):
    near = ((40, 50, 60, 70), (10, 20, 30, 40), (32, 28, 30, 30))
    assert value(parse([workbook(tmp_path, nine(near))]), "bea.goods_balance", "BEL", 2015) == 32
    far = ((40, 50, 60, 70), (10, 20, 30, 40), (30, 33, 30, 30))
    with pytest.raises(
        LayoutError,
        match="sheet 'Table 3', row 8, column C: KOR 2015: the balance is 33, exports less imports 30",
    ):
        parse([workbook(tmp_path, nine(far))])


def test_a_suppressed_side_leaves_the_balance_unchecked(tmp_path):
    cells = (("(D)", 50, 60, 70), (10, 20, 30, 40), (99, 30, 30, 30))
    assert value(parse([workbook(tmp_path, nine(cells))]), "bea.goods_balance", "BEL", 2015) == 99


@pytest.mark.parametrize(
    ("place", "cell", "problem"),
    [
        ((5, 1), "Ruritania", "row 6, column B: unknown partner 'Ruritania'"),
        ((5, 2), "Belgium", "row 6, column C: BEL has two columns"),
        ((5, 1), None, "row 8, column B: a figure in a column without a partner"),
        ((7, 0), "2O15", "row 8, column A: '2O15' is not a year"),
        ((7, 0), None, "row 8, column A: '' is not a year"),
        ((7, 1), "forty", "row 8, column B: 'forty' is neither a figure nor a mark"),
        ((7, 1), None, "row 8, column B: an empty cell"),
        ((7, 1), True, "row 8, column B: True is neither"),
        ((7, 1), dt.date(2015, 1, 1), "row 8, column B: .* is neither"),
        ((7, 1), -40, "row 8, column B: -40 is negative"),
        ((3, 0), "[Billions of dollars]", "row 6: the unit above the table is not millions of dollars"),
        ((2, 0), "Exports of Wine", "row 6: the lines above the table do not name one flow"),
        ((0, 0), "Last updated Mars 6, 2025", "row 1, column A: 'Mars 6, 2025' is not a day"),
        ((5, 0), "When", "neither a table with a Period column nor a table of contents"),
    ],
)
def test_a_trade_table_not_understood_is_a_fault(tmp_path, place, cell, problem):
    rows = table()
    rows[place[0]][place[1]] = cell
    with pytest.raises(LayoutError, match=rf"trade\.xlsx, sheet 'T', ?.*{problem}|sheet 'T': {problem}"):
        parse([workbook(tmp_path, {"T": rows})])


def test_a_year_twice_a_table_twice_and_two_days_are_faults(tmp_path):
    twice = table(years=[(2015, 1, 2, 3, 4), (2015, 1, 2, 3, 4)])
    with pytest.raises(LayoutError, match="row 9, column A: the year 2015 is in row 8 already"):
        parse([workbook(tmp_path, {"1": twice})])
    with pytest.raises(LayoutError, match=r"sheet '2', row 6: bea\.goods_services_exports is in sheet '1' already"):
        parse([workbook(tmp_path, {"1": table(), "2": table()})])
    sheets = {"1": table(), "2": table(2, "Exports of Goods", updated="June 5, 2025")}
    with pytest.raises(LayoutError, match="sheet '2': last updated 2025-06-05, but sheet '1' says 2025-03-06"):
        parse([workbook(tmp_path, sheets)])


def test_a_table_without_years_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match="row 6, column A: no annual rows"):
        parse([workbook(tmp_path, {"1": table(years=[])})])


def test_one_file_without_an_edition(tmp_path):
    file = workbook(tmp_path, {"1": table()})
    with pytest.raises(ClaimbookError, match="leave out the edition"):
        parse([file], edition="March 2025")
    for files in ([], [file, file]):
        with pytest.raises(ClaimbookError, match=f"one file, {len(files)} are named"):
            parse(files)


def test_an_unknown_title_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"trade\.xlsx: no sheet has a known title"):
        parse([workbook(tmp_path, {"1": [["Gross Domestic Product"]]})])


# direct investment by country

LIST = """"Foreign Direct Investment in the United States: Selected Items by Detailed Country, 2018–2019",,
[Millions of dollars],,
,Direct investment position on a historical-cost basis,
All countries,2018,2019
,"1,000","2,000"
,,
Canada,100,200
,,
Europe 1,800,"1,690"
Belgium,700,"1,500"
,,
Germany,60,150
Other,40,40
Albania,(*),0
Bulgaria,40,(D)
,,
Latin America and Other Western Hemisphere,98,107
,,
South and Central America,90,100
Brazil,90,100
Other,0,0
Chile,-6,-4
Peru,6,4
,,
Other Western Hemisphere,8,7
Curacao 2,--,7
"United Kingdom Islands, Caribbean  4",8,(*)
Other,0,0
,,
Africa,2,3
South Africa,2,3
"""


def fdi(folder: Path, content: str = LIST) -> Path:
    (folder / "fdi.csv").write_text(content, encoding="utf-8")
    return folder / "fdi.csv"


def test_reads_the_list_with_its_regions(tmp_path):
    parsed = parse([fdi(tmp_path)])
    expected = {
        "WLD": 2000,
        "CAN": 200,
        "BEA.EUROPE": 1690,
        "BEL": 1500,
        "DEU": 150,
        "BEA.EUROPE_OTHER": 40,
        "ALB": 0,
        "BEA.LATIN_AMERICA": 107,
        "BEA.SOUTH_CENTRAL_AMERICA": 100,
        "BRA": 100,
        "BEA.SOUTH_CENTRAL_AMERICA_OTHER": 0,
        "CHL": -4,
        "PER": 4,
        "BEA.OTHER_WESTERN_HEMISPHERE": 7,
        "CUW": 7,
        "BEA.UK_ISLANDS_CARIBBEAN": 0,
        "BEA.OTHER_WESTERN_HEMISPHERE_OTHER": 0,
        "BEA.AFRICA": 3,
        "ZAF": 3,
    }
    o = observations.check(parsed.observations)
    told = o[(o.period == 2019) & (o.flag != "suppressed")]
    assert dict(zip(told.partner, told.value, strict=True)) == expected
    assert set(o.series) == {FDI}
    assert row_of(parsed, FDI, "BGR", 2019)[1] == "suppressed"
    assert row_of(parsed, FDI, "ALB", 2018) == (0.0, "rounds_to_zero")
    assert row_of(parsed, FDI, "CUW", 2018) is None
    assert parsed.partial == ()
    # Regions repeat what countries say; lines of several territories do not, and add up to the world with them.
    for code in expected:
        if code == "WLD" or code.startswith("BEA."):
            islands = "_ISLANDS_" in code
            assert areas.area(code).kind == ("unspecified" if islands else "group"), code


def test_the_total_may_stand_on_the_line_of_its_label(tmp_path):
    printed = LIST.replace('All countries,2018,2019\n,"1,000","2,000"', ',2018,2019p\nAll countries,"1,000","2,000"')
    parsed = parse([fdi(tmp_path, printed)])
    assert value(parsed, FDI, "WLD", 2018) == 1000
    assert row_of(parsed, FDI, "BEL", 2019) == (1500.0, "provisional")


def test_a_workbook_with_other_items_beside_and_on_other_sheets(tmp_path):
    title = "Foreign Direct Investment in the United States: Selected Items by Detailed Country, 2018-2019"
    rows = [
        [None, title],
        [None, "[Millions of dollars]"],
        [None, None, "Financial transactions", None, "Direct investment position on a historical-cost basis"],
        [None, None, "2018", "2019", 2018.0, 2019.0],
        [None, "All countries", 1, 2, 1000, 2000],
        [None, "Belgium\\1\\....", 1, 2, "1,000", "2,000"],
        [None, "1. Figures are at historical cost."],
        [None, "which is not market value"],
    ]
    income = [[title], ["[Millions of dollars]"], ["Income"], [None, 2018, 2019], ["All countries", 5, 5]]
    ultimate = [
        [title, "by Country of Ultimate Beneficial Owner"],
        ["[Millions of dollars]"],
        [None, "Direct investment position on a historical-cost basis"],
        [None, 2018, 2019],
        ["All countries", 6, 6],
    ]
    sheets = {"Notes": [["Notes"]], "P": rows, "I": income, "U": ultimate}
    parsed = parse([workbook(tmp_path, sheets)])
    assert value(parsed, FDI, "BEL", 2019) == 2000
    assert len(parsed.observations) == 4
    assert "P: not read: Financial transactions 2018" in parsed.notes
    assert "Notes: no table" in parsed.notes
    assert sum(note.startswith(("I: not read", "U: not read")) for note in parsed.notes) == 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Belgium,700", "Belgium,750", r"row 9, column B: BEA\.EUROPE 2018 is 800, its parts sum to 850"),
        ("Canada,100", "Canada,110", "row 5, column B: WLD 2018 is 1,000, its parts sum to 1,010"),
        ("Chile,-6", "Chile,-9", r"row 21, column B: BEA\.SOUTH_CENTRAL_AMERICA_OTHER 2018 is 0"),
        ("Belgium,700", "Ruritania,700", "row 10, column A: unknown country 'Ruritania'"),
        ("Belgium,700", "OECD,700", "row 10, column A: unknown country 'OECD'"),
        ("Belgium,700", "Germany,700", r"row 12, column A: 'Germany' \(DEU\) is in row 10 already"),
        ("Belgium,700", "Belgium,(E)", r"row 10, column B: '\(E\)' is neither a figure nor a mark"),
        ("Belgium,700", "Belgium,", "row 10, column B: an empty cell"),
        ("Belgium,700", ",700", "row 10, column B: figures without a label"),
        ("Canada,100,200", "Other,100,200", "row 7, column A: 'Other' does not follow the countries of a region"),
        ("[Millions of dollars]", "[Billions of dollars]", "row 4: the unit above the table is not millions"),
        ("All countries,2018,2019", "All countries,2019,2019", "row 4, column C: the year 2019 is there twice"),
        ("on a historical-cost basis", "at market value", r"fdi\.csv: no table of the position on a historical"),
        ("All countries,2018", "Everything,2018", "row 5, column B: figures without a label"),
        ("Belgium,700", "Walloon provinces,,\nBelgium,700", "row 10, column A: 'Walloon provinces' has no figures"),
        ("Belgium,700", "1. A footnote,,\nBelgium,700", "row 11, column B: figures below the notes"),
    ],
)
def test_a_list_not_understood_is_a_fault(tmp_path, old, new, problem):
    assert LIST.count(old) == 1
    with pytest.raises(LayoutError, match=problem):
        parse([fdi(tmp_path, LIST.replace(old, new))])


def test_a_sum_with_a_suppressed_part_is_not_checked(tmp_path):
    parsed = parse([fdi(tmp_path, LIST.replace('Belgium,700,"1,500"', 'Belgium,(D),"1,500"'))])
    assert value(parsed, FDI, "BEA.EUROPE", 2018) == 800


# the publisher's own files


@originals
def test_the_trade_workbook_of_march_2025():
    parsed = parse([ORIGINALS / "trad-geo-time-series-0125.xlsx"])
    # cells C24 (2015) and C33 (2024) of tables 1, 2, 3, 4, 7 and 9
    expected = {
        "goods_services_exports": (40421, 40525),
        "goods_services_imports": (25662, 34329),
        "goods_services_balance": (14759, 6195),
        "goods_exports": (34088, 34201),
        "services_exports": (6333, 6324),
        "services_balance": (333, -7),
    }
    for name, (of_2015, of_2024) in expected.items():
        assert value(parsed, f"bea.{name}", "BEL", 2015) == of_2015
        assert value(parsed, f"bea.{name}", "BEL", 2024) == of_2024
    assert value(parsed, "bea.goods_exports", "IRL", 1999) == 6381  # K8 of table 4; "n.a." in table 1
    assert value(parsed, "bea.goods_services_exports", "IRL", 1999) is None
    assert value(parsed, "bea.goods_services_exports", "BEA.ALL_OTHER_COUNTRIES", 2024) == 683064  # Y33
    assert parsed.released == "2025-03-06"
    assert (parsed.observations.period.min(), parsed.observations.period.max()) == (1999, 2024)
    countries = [p for p in parsed.observations.partner.unique() if p in areas.rankable()]
    assert len(countries) == 23
    assert parsed.notes == ()


@originals
def test_the_direct_investment_list_of_july_2020():
    parsed = parse([ORIGINALS / "fdius-selected-items-by-country-2008-2019.csv"])
    # line 11, Belgium: 23,379 in 2008, 65,918 in 2019; line 5: the totals under "All countries"
    assert value(parsed, FDI, "BEL", 2008) == 23379
    assert value(parsed, FDI, "BEL", 2019) == 65918
    assert value(parsed, FDI, "WLD", 2019) == 4458362
    assert value(parsed, FDI, "BEA.UK_ISLANDS_CARIBBEAN", 2019) == 90554  # line 102
    assert value(parsed, FDI, "ANT", 2010) == 2819  # line 101, "--" from 2011 on
    assert row_of(parsed, FDI, "ANT", 2011) is None
    assert row_of(parsed, FDI, "CUW", 2010) is None  # line 100, "--" until 2010
    assert row_of(parsed, FDI, "AZE", 2008)[1] == "suppressed"  # line 31
    assert row_of(parsed, FDI, "BGR", 2008) == (0.0, "rounds_to_zero")  # line 34
    assert value(parsed, FDI, "TON", 2019) == 0
    assert set(parsed.observations.period) == set(range(2008, 2020))
