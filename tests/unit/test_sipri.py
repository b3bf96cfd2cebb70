"""SIPRI's workbook: one measure a sheet, figures marked by the colour of their font."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.styles.colors import Color

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import sipri
from analysis.series import series

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "sipri"
original = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="SIPRI's own workbooks are not beside the checkout")

COLOURS = "Figures in blue: estimates. Figures in red: uncertain."
GDP = [
    ["Military expenditure by country as percentage of gross domestic product, 1949-2024   © SIPRI 2024"],
    [COLOURS],
    [""],
]
CONSTANT = [
    ["Military expenditure by country, in constant (2023) US$ m., 1949-2024      © SIPRI 2024"],
    ["Figures are in US $m., at constant 2023 prices and exchange rates"],
    [COLOURS],
]
CURRENT = [
    ["Military expenditure by country, in millions of US$ at current prices and exchange rates, 1949-2024"],
    [COLOURS],
]
LOCAL = "Military expenditure by country, in local currency, 1949–2025   © SIPRI 2026"
CALENDAR = [[LOCAL], ["Figures are in local currency at current prices and are for calendar years, unless otherwise"]]
FINANCIAL = [
    [LOCAL],
    ["Figures are in local currency at current prices and are for financial years."],
    ["Financial years begin in the year named."],
]
PER_CAPITA = [["Military expenditure per capita  by country, 1949-2024"], ["Figures are in current US$"]]
GOVERNMENT = [["Military expenditure by country as percentage of government spending, 1988–2025"], [COLOURS]]
REGIONS = [
    ["Military expenditure by region in constant US dollars     © SIPRI 2024"],
    ["Figures are in US$ b., at constant 2023 prices, except for the last, in US$ b. at 2024 prices."],
    ["Figures in red: more than a tenth is estimated."],
]
HEADER = ["Country", "Notes", 2023, 2024]


class Coloured:
    """A value in a cell whose font has a colour."""

    def __init__(self, value, colour: Color) -> None:
        self.value, self.colour = value, colour


def blue(value) -> Coloured:
    return Coloured(value, Color(indexed=12))


def red(value) -> Coloured:
    return Coloured(value, Color(rgb="FFFF0000"))


def book(folder: Path, *sheets: list[list], name: str = "milex.xlsx") -> Path:
    """A workbook of sheets, each given as rows of cells."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"Sheet {number}")
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                cell = sheet.cell(row, column)
                cell.value = value.value if isinstance(value, Coloured) else value
                if isinstance(value, Coloured):
                    cell.font = Font(color=value.colour)
    path = folder / name
    workbook.save(path)
    return path


def parsed(*files: Path) -> dict[tuple, tuple]:
    """What was parsed: (series, reporter, year) to (value, unit, flag); the contract is checked on the way."""
    frame = observations.check(sipri.parse(files).observations)
    assert (frame["partner"] == "").all()
    for name, unit in frame[["series", "unit"]].drop_duplicates().itertuples(index=False):
        assert series(name).unit_matches(unit)
    return {(r.series, r.reporter, r.period): (r.value, r.unit, r.flag) for r in frame.itertuples()}


SHARE = "sipri.military_expenditure_share_gdp"


@pytest.mark.parametrize(
    ("above", "name", "unit"),
    [
        (CALENDAR, "ncu_current", "national currency units"),
        (FINANCIAL, "ncu_financial_year", "national currency units"),
        (CONSTANT, "usd_constant", "million USD, constant 2023 prices and exchange rates"),
        (CURRENT, "usd_current", "million USD"),
        (PER_CAPITA, "per_capita_usd_current", "USD"),
    ],
)
def test_a_sheet_is_known_by_its_title_and_statements(tmp_path, above, name, unit):
    path = book(tmp_path, [*above, HEADER, ["Belgium", "", 730, "1,234.5"]])
    assert parsed(path) == {
        (f"sipri.military_expenditure_{name}", "BEL", 2023): (730, unit, ""),
        (f"sipri.military_expenditure_{name}", "BEL", 2024): (1234.5, unit, ""),
    }


def test_fractions_become_per_cent(tmp_path):
    path = book(
        tmp_path,
        [*GDP, HEADER, ["Kuwait", "95", 0.0125, 1.17]],
        [*GOVERNMENT, ["Country", "Notes", "Reporting year", 2023, 2024, None], ["Kuwait", "", "CY", 0.05, 0.5]],
    )
    found = parsed(path)
    assert found[SHARE, "KWT", 2023] == (1.25, "% of GDP", "")
    assert found[SHARE, "KWT", 2024][0] == pytest.approx(117)
    assert found["sipri.military_expenditure_share_government", "KWT", 2024] == (
        50,
        "% of government expenditure",
        "",
    )


def test_the_font_colour_marks_estimates_and_uncertain_figures(tmp_path):
    header = ["Country", "Notes", *range(2016, 2025)]
    values = [
        blue(0.01),
        Coloured(0.01, Color(rgb="FF0000FF")),
        red(0.01),
        Coloured(0.01, Color(indexed=10)),
        Coloured(0.01, Color(indexed=8)),
        Coloured(0.01, Color(theme=1)),
        Coloured(0.01, Color(rgb="FF000000")),
        Coloured(0.01, Color(auto=True)),
        0.01,
    ]
    found = parsed(book(tmp_path, [*GDP, header, ["Belgium", "", *values]]))
    flags = [found[SHARE, "BEL", period][2] for period in range(2016, 2025)]
    assert flags == ["estimate", "estimate", "uncertain", "uncertain", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("above", "value", "said"),
    [
        (GDP, Coloured(0.01, Color(rgb="FF00B050")), "the font colour ('rgb', 'FF00B050') is not explained"),
        (GDP, Coloured(0.01, Color(theme=4)), "the font colour ('theme', 4) is not explained"),
        (GDP[:1], blue(0.01), "the font colour blue is not explained"),
    ],
)
def test_a_colour_that_the_sheet_does_not_explain_is_a_fault(tmp_path, above, value, said):
    path = book(tmp_path, [*above, HEADER, ["Belgium", "", 0.01, value]])
    with pytest.raises(LayoutError) as fault:
        sipri.parse([path])
    assert fault.value.problem == said
    assert (fault.value.row, fault.value.column) == (len(above) + 2, "D")


@pytest.mark.parametrize("mark", ["...", ". .", "…", "xxx", "", " ", None])
def test_unavailable_and_not_yet_a_state_give_no_row(tmp_path, mark):
    path = book(tmp_path, [*GDP, HEADER, ["Belgium", "", mark, 0.013]])
    assert set(parsed(path)) == {(SHARE, "BEL", 2024)}


def test_headings_of_regions_hold_nothing_and_former_states_are_countries_of_their_time(tmp_path):
    path = book(
        tmp_path,
        [
            *CURRENT,
            ["Country", "Notes", 1989, 2024],
            [],
            ["Europe"],
            ["Central Europe", "", "...", "..."],
            ["Czechoslovakia", "", 3, "xxx"],
            ["German Democratic Republic", "", 4, "xxx"],
            ["Yugoslavia", "", 5, "xxx"],
            ["USSR", "", 6, "xxx"],
            ["Middle East"],
            ["Yemen, North", "", 7, "xxx"],
            ["European Union", "†¶103", "xxx", 1188],
        ],
    )
    codes = {reporter: value for (_, reporter, _), (value, _, _) in parsed(path).items()}
    assert codes == {"CSK": 3, "DDR": 4, "YUG": 5, "SUN": 6, "YAR": 7, "EUU": 1188}


def test_regional_totals_and_their_newest_year_at_its_own_prices(tmp_path):
    path = book(
        tmp_path,
        [
            *REGIONS,
            ["Region", 1991, 2024, "2024 (current prices)", "", "Omitted countries"],
            ["World", ". .", 2676.5, 2718.2, None, ""],
            ["sub-Saharan Africa", 17.4, red(23.2), red(21.9)],
            ["Asia & Oceania", 133.2, 632.2, 629.3, None, "Korea, North, Laos"],
            ["Central and Western Europe", 340.7, 472.3, 480.1],
        ],
    )
    found = parsed(path)
    constant = "sipri.military_expenditure_region_usd_constant"
    own = "sipri.military_expenditure_region_usd_current"
    unit = "billion USD, constant 2023 prices and exchange rates"
    assert (constant, "WLD", 1991) not in found
    assert found[constant, "WLD", 2024] == (2676.5, unit, "")
    assert found[own, "WLD", 2024] == (2718.2, "billion USD", "")
    # red means here that more than a tenth of the total is estimated
    assert found[constant, "SIPRI.SUB_SAHARAN_AFRICA", 2024] == (23.2, unit, "estimate")
    assert found[own, "SIPRI.SUB_SAHARAN_AFRICA", 2024] == (21.9, "billion USD", "estimate")
    assert {reporter for _, reporter, _ in found} == {
        "WLD",
        "SIPRI.SUB_SAHARAN_AFRICA",
        "SIPRI.ASIA_OCEANIA",
        "SIPRI.CENTRAL_WESTERN_EUROPE",
    }


def test_the_newest_year_at_its_own_prices_repeats_a_sheet_among_countries(tmp_path):
    path = book(tmp_path, [*CONSTANT, [*HEADER, "2024 Current"], ["Belgium", "", 7000, 8000, 9000]])
    assert {value for value, _, _ in parsed(path).values()} == {7000, 8000}


def test_a_zero_is_nil_only_where_there_are_no_forces(tmp_path):
    header = ["Country", "Notes", *range(2020, 2025)]
    path = book(
        tmp_path,
        [
            *CURRENT,
            header,
            ["Iceland", "86", 0, 0, 0, 0, 0],
            ["Albania", "3", 0, 0, 0, 222.5, 0],
        ],
    )
    found = parsed(path)
    assert [found["sipri.military_expenditure_usd_current", "ISL", y][0] for y in range(2020, 2025)] == [0] * 5
    assert [period for _, reporter, period in found if reporter == "ALB"] == [2023]
    assert sipri.parse([path]).notes == (
        "sipri.military_expenditure_usd_current: zeros left out, as they stand for figures or exchange rates "
        "that are lacking: ALB 2020-2022, 2024",
    )


def test_columns_and_sheets_may_stand_in_any_order(tmp_path):
    path = book(
        tmp_path,
        [],
        [["Footnotes and special notes"], ["†", "Without pensions"]],
        [*CONSTANT, [2024, "Notes", "Country", "", "2023"], [8197, "", "Belgium", None, 7600]],
        [
            *FINANCIAL,
            ["Country", "Currency", "Fiscal Year (Jan-Dec if not stated)", "Notes", 2024],
            ["Belgium", "Euro", "", "", 7914800000],
            ["† Figures do not include pensions"],
        ],
    )
    found = parsed(path)
    assert found["sipri.military_expenditure_usd_constant", "BEL", 2023][0] == 7600
    assert found["sipri.military_expenditure_usd_constant", "BEL", 2024][0] == 8197
    assert found["sipri.military_expenditure_ncu_financial_year", "BEL", 2024][0] == 7914800000


@pytest.mark.parametrize(
    ("rows", "place", "problem"),
    [
        ([*GDP, HEADER, ["Ruritania", "", 0.01, 0.01]], (5, "A"), "unknown country or region 'Ruritania'"),
        ([*GDP, HEADER, ["Ruritania", "", None, None]], (5, "A"), "unknown country or region 'Ruritania'"),
        ([*GDP, HEADER, ["Belgium", "", 0.01, "§"]], (5, "D"), "'§' is neither a figure nor a known mark"),
        ([*GDP, HEADER, ["Belgium", "", 0.01, "1,5"]], (5, "D"), "'1,5' is neither a figure nor a known mark"),
        ([*GDP, HEADER, ["Belgium", "", True, 0.01]], (5, "C"), "'True' is neither a figure"),
        ([*GDP, HEADER, ["Belgium", "", -0.01, 0.01]], (5, "C"), "-1 is impossible for sipri.military"),
        ([*GDP, HEADER, ["Belgium", "", 0.01, 2.1]], (5, "D"), "a share of 2.1, where fractions of one"),
        ([*GDP, HEADER, ["Europe", "", 0.01, "..."]], (5, "C"), "the heading 'Europe' has a figure beside it"),
        ([*GDP, HEADER, ["Belgium", "", 0.01, 0.02, 16]], (5, "E"), "'16' stands in a column without a header"),
        ([*GDP, HEADER, [None, "", 0.01, 0.02]], (5, "A"), "the row holds something but no country"),
        ([*GDP, [*HEADER, "Rank"], ["Belgium", "", 0.01, 0.02, 3]], (4, "E"), "the header 'Rank' is not known"),
        ([*GDP, [*HEADER, 2023], ["Belgium", "", 1, 1, 1]], (4, "E"), "the year 2023 stands twice"),
        ([*GDP, ["Country", "Notes"], ["Belgium", ""]], (4, None), "the header has no years"),
        (
            [*GDP, HEADER, ["Belgium", "", 0.01, 0.02], ["Belgium", "", 0.01, 0.03]],
            (6, "D"),
            "share_gdp of BEL in 2024 is 3 % of GDP here",
        ),
        ([["Military balance"], HEADER, ["Belgium", "", 1, 2]], (1, "A"), "name no known measure and unit"),
        ([[LOCAL], HEADER, ["Belgium", "", 1, 2]], (1, "A"), "name no known measure and unit"),
        ([*CALENDAR, ["in millions"], HEADER, ["Belgium", "", 1, 2]], (1, "A"), "states a scale"),
        (
            [*CALENDAR, ["Country", "Currency", 2024], ["Belgium", "m. euros", 1]],
            (4, "B"),
            "the currency 'm. euros' has a scale",
        ),
        (
            [CONSTANT[0], ["Figures are in US $m., at constant 2022 prices and exchange rates"], HEADER],
            (1, "A"),
            "the base year of constant prices is told as ['2022', '2023']",
        ),
    ],
)
def test_what_is_not_understood_is_a_fault_at_its_cell(tmp_path, rows, place, problem):
    with pytest.raises(LayoutError) as fault:
        sipri.parse([book(tmp_path, rows)])
    assert problem in fault.value.problem
    assert (fault.value.sheet, fault.value.row, fault.value.column) == ("Sheet 1", *place)
    assert f"milex.xlsx, sheet 'Sheet 1', row {place[0]}" in str(fault.value)


def test_files_that_cannot_be_parsed(tmp_path):
    with pytest.raises(ClaimbookError, match="no files given"):
        sipri.parse([])
    with pytest.raises(LayoutError, match="no such file"):
        sipri.parse([tmp_path / "missing.xlsx"])
    with pytest.raises(LayoutError, match="no table found"):
        sipri.parse([book(tmp_path, [["Footnotes and special notes"]])])
    with pytest.raises(LayoutError, match="no header row"):
        sipri.parse([book(tmp_path, GDP)])
    with pytest.raises(LayoutError, match="the table holds no figures"):
        sipri.parse([book(tmp_path, [*GDP, HEADER, ["Belgium", "", "...", "..."]])])
    with pytest.raises(ClaimbookError, match="leave out edition '2024'"):
        sipri.parse([book(tmp_path, [*GDP, HEADER, ["Belgium", "", 0.01, 0.02]])], edition="2024")


# --- SIPRI's own workbooks


@original
def test_original_of_april_2025():
    result = sipri.parse([ORIGINALS / "SIPRI-Milex-data-1949-2024_2.xlsx"])
    frame = observations.check(result.observations)
    assert len(frame) == 53658
    assert result.released is None
    found = {
        (r.series.removeprefix("sipri.military_expenditure_"), r.reporter, r.period): r for r in frame.itertuples()
    }
    algeria = found["ncu_current", "DZA", 2022]  # Local currency calendar years!BY11
    assert (algeria.value, algeria.unit) == (1300000000000, "national currency units")
    assert found["usd_constant", "DZA", 2023].value == 18263.96796826213  # Constant (2023) US$!BZ10
    assert found["usd_constant", "DZA", 2023].unit == "million USD, constant 2023 prices and exchange rates"
    assert found["usd_current", "DZA", 2024].value == 21811.24255503127  # Current US$!BZ10
    assert found["share_gdp", "DZA", 2024].value == pytest.approx(7.971457235512186)  # Share of GDP!BZ10, x 100
    assert found["per_capita_usd_current", "DZA", 1988].value == 43.25713551017009  # Per capita!C10
    assert found["region_usd_constant", "WLD", 1988].value == 1749.513662987565  # Regional totals!B15
    assert found["region_usd_current", "WLD", 2024].value == 2718.18371875139  # Regional totals!AM15
    assert ("region_usd_constant", "WLD", 1991) not in found
    assert ("usd_current", "YUG", 1958) not in found  # Current US$!L151 is 0 for want of an exchange rate
    assert found["ncu_current", "YUG", 1958].value == 1790000000
    assert found["usd_current", "ISL", 2024].value == 0  # Current US$!BZ170
    counts = frame[frame["series"].str.endswith("share_gdp")]["flag"].value_counts().to_dict()
    assert counts == {"": 6269, "estimate": 1829, "uncertain": 147}  # fonts counted in Share of GDP


@original
def test_original_of_april_2026():
    result = sipri.parse([ORIGINALS / "SIPRI-Milex-data-1949-2025_v1.2.xlsx"])
    frame = observations.check(result.observations)
    assert len(frame) == 54988
    found = {
        (r.series.removeprefix("sipri.military_expenditure_"), r.reporter, r.period): r for r in frame.itertuples()
    }
    assert found["ncu_financial_year", "BEL", 2025].value == 12882000000  # Local currency financial years!CC
    assert found["ncu_financial_year", "BEL", 1949].value == 205080000
    assert found["usd_constant", "DZA", 2025].value == 24128.442879148966  # Constant (2024) US$!CB10
    assert found["region_usd_current", "WLD", 2025].value == pytest.approx(2886.6, abs=0.05)  # Regional totals
    assert found["region_usd_constant", "SIPRI.CENTRAL_WESTERN_EUROPE", 2025].value == pytest.approx(546.8, abs=0.05)
    assert found["ncu_current", "EUU", 2024].value == 1098000000
    assert ("share_government", "QAT", 2025) not in found  # Share of Govt. spending!AO195 is empty
    assert found["share_government", "CRI", 1988].value == 0  # Share of Govt. spending!D67
