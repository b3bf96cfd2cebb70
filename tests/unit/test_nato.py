"""NATO's tables: workbooks of every shape since 2016, and CSV copies."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Partial, nato
from analysis.publishers.nato_workbook import year
from analysis.series import series

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "nato"
original = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="NATO's own files are not beside the checkout")

YEARS = [None, None, None, 2022, "2023e", "2024e"]
NOTE = [None, None, "Notes: Figures for 2023 and 2024 are estimates. "]


def book(folder: Path, *sheets: list[list], name: str = "def-exp.xlsx") -> Path:
    """A workbook of sheets, each given as rows of cells."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = workbook.create_sheet(f"Sheet {number}")
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                sheet.cell(row, column, value)
    path = folder / name
    workbook.save(path)
    return path


def csv(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def shares(*rows: list, years: list = YEARS, note: list = NOTE) -> list[list]:
    """A sheet in the shape of table 3 of 2024: headings and aggregates one column left of the allies."""
    return [
        [None, "Table 3 : Defence expenditure as a share of GDP and annual real change"],
        [None, "Based on 2015 prices"],
        years,
        [],
        [None, "Share of real GDP (%)"],
        *rows,
        [],
        note,
        [None, "-9-"],
    ]


def parsed(*files: Path) -> dict[tuple, tuple]:
    """What was parsed: (series, reporter, year) to (value, unit, flag); the contract is checked on the way."""
    frame = observations.check(nato.parse(files).observations)
    assert (frame["partner"] == "").all()
    for name, unit in frame[["series", "unit"]].drop_duplicates().itertuples(index=False):
        assert series(name).unit_matches(unit)
    return {(r.series, r.reporter, r.period): (r.value, r.unit, r.flag) for r in frame.itertuples()}


SHARE = "nato.defence_expenditure_share_gdp"


# --- workbooks


def test_table_in_the_shape_of_2024(tmp_path):
    found = parsed(
        book(
            tmp_path,
            shares(
                [None, None, "Belgium", 1.18, 1.21, 1.3],
                [None, None, "Czechia*", 1.34, 1.37, 2.1],
                [None, "NATO Europe and Canada", None, 1.66, 1.78, 2.02],
                [None, "NATO Total", None, 2.51, 2.53, 2.71],
                [None, "Annual real change (%)"],
                [None, None, "Belgium", 17.2, -3.7, 8.9],
            ),
        )
    )
    assert found[SHARE, "BEL", 2022] == (1.18, "% of GDP", "")
    assert found[SHARE, "CZE", 2024] == (2.1, "% of GDP", "estimate")
    assert found[SHARE, "NATO.EUROPE_CANADA", 2022] == (1.66, "% of GDP", "")
    assert found[SHARE, "NATO.TOTAL", 2023] == (2.53, "% of GDP", "estimate")
    change = ("nato.defence_expenditure_real_change", "BEL", 2023)
    assert found[change] == (-3.7, "% change on previous year", "estimate")
    assert len(found) == 15


def test_table_in_the_shape_of_2016(tmp_path):
    rows = [
        [],
        [None, "Table 2 : Defence expenditures"],
        [None, "(million US dollars)"],
        [None, "  Country", 2008, "2015 e"],
        [None, "(0)", "(1)", "(2)"],
        [None, "Current prices and exchange rates"],
        [None, "  Albania", ".", 131.7],
        [None, "  France (b)", 66454.4, 43863.8],
        [None, "  NATO - Europe *", 314220.8, 234784.7],
        [None, "  North America", 749319.4, 665688.1],
        [None, "  NATO - Total *", 1063540.3, 900472.7],
        [None, "2010 prices and exchange rates"],
        [None, "  Slovak Republic ", 1316.2, 1123.7],
        [None, " *   Two allies joined in 2009."],
        [None, "(b)   Another coverage since 2009."],
        [None, "-5-"],
    ]
    found = parsed(book(tmp_path, rows))
    current = "nato.defence_expenditure_usd_current"
    assert (current, "ALB", 2008) not in found  # "." is not available
    assert found[current, "ALB", 2015] == (131.7, "million USD", "estimate")
    assert found[current, "FRA", 2008] == (66454.4, "million USD", "")
    assert {r for s, r, _ in found if s == current} == {
        "ALB",
        "FRA",
        "NATO.EUROPE",
        "NATO.NORTH_AMERICA",
        "NATO.TOTAL",
    }
    assert found["nato.defence_expenditure_usd_constant", "SVK", 2015] == (
        1123.7,
        "million USD, constant 2010 prices and exchange rates",
        "estimate",
    )


def test_table_in_the_shape_of_2026_is_on_the_core_basis(tmp_path):
    years = [None, 2024, "2025e"]
    rows = [
        ["Table 2: Core defence expenditure"],
        ["Million US dollars"],
        ["Current prices and exchange rates"],
        years,
        ["Belgium", 8549, 14507],
        [],
        ["Constant 2021 prices and exchange rates"],
        years,
        ["Belgium", 8153, 12925],
        ["NATO Total", 1330026, 1404842],
        ["Notes: Figures for 2025 are estimates."],
    ]
    gdp = [
        ["Table 6: GDP per capita and core defence expenditure per capita"],
        ["2021 prices and exchange rates"],
        ["GDP per capita (thousand US dollars)"],
        years,
        ["Belgium", 54.0, 54.3],
        [],
        ["Core defence expenditure per capita (US dollars)"],
        years,
        ["Belgium", 688, 1086],
    ]
    found = parsed(book(tmp_path, rows, gdp))
    prices = "constant 2021 prices and exchange rates"
    assert found["nato.core_expenditure_usd_current", "BEL", 2025] == (14507, "million USD", "estimate")
    assert found["nato.core_expenditure_usd_constant", "BEL", 2024] == (8153, f"million USD, {prices}", "")
    assert found["nato.gdp_per_capita_usd_constant", "BEL", 2024] == (54.0, f"thousand USD, {prices}", "")
    assert found["nato.core_expenditure_per_capita_usd_constant", "BEL", 2025] == (1086, f"USD, {prices}", "estimate")
    assert not any(name.startswith("nato.defence") for name, _, _ in found)


def test_national_currency_beside_the_name_or_in_a_column_of_its_own(tmp_path):
    new = [
        [None, "Table 1 : Defence expenditure"],
        [None, "Million national currency units"],
        YEARS,
        [None, "Constant 2015 prices "],
        [None, None, "Estonia*   (Euros)", 555.0, 755.5, 850.3],
        [None, None, "Romania*   (New Lei)", 19000.5, 18000, 26000],
    ]
    old = [
        [None, "Table 1 : Defence expenditures"],
        [None, "(million national currency)"],
        [None, "  Country", "Currency unit\n(million)", 2010, 2011],
        [None, "(0)", "(-)", "(1)", "(2)"],
        [None, "Current prices"],
        [None, "  Estonia (b)", " Krooni-Euros", 3921.8, 279.9],
    ]
    found = parsed(book(tmp_path, new, old))
    assert found["nato.defence_expenditure_ncu_constant", "EST", 2022] == (
        555.0,
        "million national currency, constant 2015 prices",
        "",
    )
    assert found["nato.defence_expenditure_ncu_constant", "ROU", 2024][0] == 26000
    assert found["nato.defence_expenditure_ncu_current", "EST", 2011] == (279.9, "million national currency", "")


def test_gdp_in_billions_is_turned_into_millions(tmp_path):
    rows = [
        [None, "Table 4 : Gross domestic product"],
        [None, "(2010 prices and exchange rates)"],
        [None, "  Country", 2014, "2015 e"],
        [None, "Real GDP (billion US dollars)"],
        [None, "  Belgium", 500.25, 506.5],
        [None, "GDP per capita (thousand US dollars)"],
        [None, "  Belgium", 44.8, 45.1],
    ]
    found = parsed(book(tmp_path, rows))
    prices = "constant 2010 prices and exchange rates"
    assert found["nato.gdp_usd_constant", "BEL", 2014] == (500250.0, f"million USD, {prices}", "")
    assert found["nato.gdp_per_capita_usd_constant", "BEL", 2015] == (45.1, f"thousand USD, {prices}", "estimate")


def test_categories_and_personnel_in_american_spelling(tmp_path):
    categories = [
        [None, "Table 8a : Distribution of defense expenditures by category (%)"],
        [None, "  Country", 2014, 2015],
        [None, "Equipment (a)"],
        [None, "  Belgium", 3.5, 4.0],
        [None, "Personnel (b)"],
        [None, "  Belgium", 77.8, 78.8],
        [None, "Infrastructure (c)"],
        [None, "  Finland", "-", 0],
        [None, "Other (d)"],
        [None, "  Belgium", 16.8, 16.2],
        [None, "(a) Major equipment."],
    ]
    personnel = [
        [None, "Table 5 : Defense expenditures per capita and military personnel"],
        [None, "  Country", 2014, 2015],
        [None, "Defense expenditures per capita in 2010 US dollars"],
        [None, "  Belgium", 435.1, 407.0],
        [None, "Military personnel (thousands)"],
        [None, "  Belgium", 30.512, 30.811],
    ]
    found = parsed(book(tmp_path, categories, personnel))
    share = "% of defence expenditure"
    assert found["nato.equipment_share", "BEL", 2015] == (4.0, share, "")
    assert found["nato.personnel_share", "BEL", 2014] == (77.8, share, "")
    assert found["nato.infrastructure_share", "FIN", 2014] == (0.0, share, "")  # "-" is nil
    assert found["nato.other_share", "BEL", 2014] == (16.8, share, "")
    assert found["nato.military_personnel", "BEL", 2014] == (30.512, "thousand persons", "")
    assert found["nato.defence_expenditure_per_capita_usd_constant", "BEL", 2014] == (
        435.1,
        "USD, constant 2010 prices and exchange rates",
        "",
    )


def test_a_table_may_stand_anywhere_and_its_years_in_any_order(tmp_path):
    moved = [
        [],
        [],
        [None] * 4 + ["Table 7 : Military personnel"],
        [None] * 5 + ["Thousands"],
        [None] * 6 + ["2024e", 2022.0, "2019", "2023 e"],
        [],
        [None] * 5 + ["Belgium", 21.349, "1,021.363", 23.33, 21.358],
    ]
    found = parsed(book(tmp_path, moved))
    personnel = "nato.military_personnel"
    assert found == {
        (personnel, "BEL", 2024): (21.349, "thousand persons", "estimate"),
        (personnel, "BEL", 2022): (1021.363, "thousand persons", ""),  # text with a thousands separator
        (personnel, "BEL", 2019): (23.33, "thousand persons", ""),
        (personnel, "BEL", 2023): (21.358, "thousand persons", "estimate"),
    }


def test_two_tables_on_one_sheet(tmp_path):
    two = [
        *shares([None, None, "Belgium", 1.18, 1.21, 1.3]),
        ["Table 7 : Military personnel"],
        ["Thousands"],
        [None, 2023, 2024],
        ["Belgium", 21.3, 21.4],
    ]
    found = parsed(book(tmp_path, two))
    assert found["nato.military_personnel", "BEL", 2024] == (21.4, "thousand persons", "")
    assert found[SHARE, "BEL", 2024][2] == "estimate"


def test_the_table_of_change_over_a_span_repeats_others_and_is_left_out(tmp_path):
    repeats = [
        ["Table 4 : Defence expenditure real change 2014-2024e"],
        ["Million US dollars (2015 prices and exchange rates)"],
        [None, 2014, "2024e", "Real change 2014-2024e (%)"],
        ["Belgium", 4400, 6895, 56.7],
    ]
    path = book(tmp_path, repeats, shares([None, None, "Belgium", 1.18, 1.21, 1.3]))
    result = nato.parse([path])
    assert set(result.observations["series"]) == {SHARE}
    assert len(result.notes) == 1
    assert "Table 4 : Defence expenditure real change 2014-2024e" in result.notes[0]


def test_graphs_and_sheets_without_figures_are_passed_over(tmp_path):
    path = book(
        tmp_path,
        [["Defence Expenditure of NATO Countries"], ["Contents"]],
        [["Graph 1 : Defence expenditure as a share of GDP"], [2014, 2024], [1.4, 2.0]],
        shares([None, None, "Belgium", 1.18, 1.21, 1.3]),
    )
    assert {s for s, _, _ in parsed(path)} == {SHARE}


def test_left_overs_of_formulas_without_a_country_are_skipped(tmp_path):
    path = book(
        tmp_path,
        shares(
            [None, None, "Belgium", 1.18, 1.21, 1.3],
            [None, None, None, "#REF!", "#REF!", None],
            [None, None, None, 0, 0, 0],
        ),
    )
    assert len(parsed(path)) == 3


@pytest.mark.parametrize("mark", [".", "..", "...", "//", " ", None])
def test_not_available_gives_no_row(tmp_path, mark):
    path = book(tmp_path, shares([None, None, "Belgium", mark, 1.21, 1.3]))
    assert {period for _, _, period in parsed(path)} == {2023, 2024}


def test_break_marks_beside_a_figure_or_in_a_column_of_their_own(tmp_path):
    rows = [
        ["Table 7 : Military personnel"],
        ["Thousands"],
        [None, 2008, None, 2009, 2010, "2011e"],
        ["France", 347.2, "|", 239.5, 233.6, 226.7],
        ["Norway", 18.6, None, "| 18.5", "19.2|", "| 20.8"],
    ]
    found = parsed(book(tmp_path, rows))
    flags = {(reporter, period): flag for (_, reporter, period), (_, _, flag) in found.items()}
    assert flags["FRA", 2008] == "" and flags["FRA", 2009] == "break" and flags["FRA", 2010] == ""
    assert flags["NOR", 2009] == "break" and flags["NOR", 2010] == "break"
    assert flags["NOR", 2011] == "estimate"  # the more telling of two marks
    assert found["nato.military_personnel", "NOR", 2009][0] == 18.5


def test_a_note_alone_marks_estimates(tmp_path):
    years = [None, None, None, 2022, 2023, 2024]
    found = parsed(book(tmp_path, shares([None, None, "Belgium", 1.18, 1.21, 1.3], years=years)))
    assert [found[SHARE, "BEL", period][2] for period in (2022, 2023, 2024)] == ["", "estimate", "estimate"]


def test_note_and_header_on_estimates_have_to_agree(tmp_path):
    years = [None, None, None, 2022, 2023, "2024e"]
    path = book(tmp_path, shares([None, None, "Belgium", 1.18, 1.21, 1.3], years=years))
    with pytest.raises(LayoutError, match=r"estimates for \[2023, 2024\], the header marks \[2024\]") as fault:
        nato.parse([path])
    assert fault.value.sheet == "Sheet 1"


BELGIUM = [None, None, "Belgium", 1.18, 1.21, 1.3]


@pytest.mark.parametrize(
    ("rows", "place", "problem"),
    [
        (shares([None, None, "Ruritania", 1, 2, 3]), (6, "C"), "unknown country or group 'Ruritania'"),
        (shares([None, None, "Belgium", 1.1, "#REF!", 1.3]), (6, "E"), "'#REF!' is neither a figure"),
        (shares([None, None, "Belgium", 1.1, "about 2", 1.3]), (6, "E"), "'about 2' is neither a figure"),
        (shares([None, None, "Belgium", 1.1, True, 1.3]), (6, "E"), "'True' is neither a figure"),
        (shares([None, None, "Belgium", 1.1, -1.2, 1.3]), (6, "E"), "-1.2 is impossible"),
        (shares([None, None, None, 1.1, 1.2, 1.3]), (6, "D"), "in a row without a country"),
        (shares([*BELGIUM, 1.4]), (6, "G"), "'1.4' stands in a column without a year"),
        (shares([None, "Belgium", "Euros", 1, 2, 3]), (6, "C"), "'Euros' stands beside the country"),
        (shares(BELGIUM, years=[*YEARS[:5], "2024f"]), (3, "F"), "the header '2024f' is not a year"),
        (shares(BELGIUM, years=[*YEARS, "Rank"]), (3, "G"), "the header 'Rank' is not a year"),
        (shares(BELGIUM, years=[*YEARS[:5], 2022]), (3, "F"), "the year 2022 stands twice"),
        (shares(BELGIUM, [None, "Cost of living"], BELGIUM), (7, "B"), "the heading 'Cost of living'"),
        (shares(BELGIUM, [None, "Equipment (a)"], BELGIUM), (8, "C"), "do not say what these rows hold"),
        (shares(BELGIUM, [None, None, "Belgium", 1.18, 1.22, 1.3]), (7, "E"), "is 1.22 % of GDP here"),
        ([*shares(BELGIUM), BELGIUM], (10, "C"), "figures stand below the notes"),
        ([["Table 9 : Happiness"], [None, 2014, 2015], ["Belgium", 1, 2]], (1, "A"), "unknown title"),
        ([["Table 2 : Defence expenditure"], ["Belgium", 1, 2]], (2, "A"), "above the row of years"),
        ([["Belgium", 1, 2]], (1, "B"), "the figure 1 stands above any table title"),
        (
            [["Table 2 : Defence expenditure"], ["Thousand US dollars"], [None, 2014, 2015], ["Belgium", 1, 2]],
            (4, "A"),
            "unit 'thousand USD'",
        ),
        (
            [["Table 2 : Defence expenditure"], ["Million US dollars"], [None, 2014, 2015], ["Belgium", 1, 2]],
            (4, "A"),
            "price basis None",
        ),
        (
            [["Table 6 : GDP per capita and defence expenditure per capita"], [None, 2014, 2015], ["Belgium", 1, 2]],
            (3, "A"),
            "not said which of",
        ),
        (
            [
                ["Table 8a : Distribution of defence expenditure by main category"],
                [None, 2014, 2015],
                ["Percentage of total defence expenditure"],
                ["Equipment (a)"],
                ["Belgium", 101, 2],
            ],
            (5, "B"),
            "101 is impossible for nato.equipment_share: outside 0 to 100",
        ),
    ],
)
def test_what_is_not_understood_is_a_fault_at_its_cell(tmp_path, rows, place, problem):
    with pytest.raises(LayoutError) as fault:
        nato.parse([book(tmp_path, rows)])
    assert problem in fault.value.problem
    assert (fault.value.sheet, fault.value.row, fault.value.column) == ("Sheet 1", *place)
    assert f"def-exp.xlsx, sheet 'Sheet 1', row {place[0]}, column {place[1]}" in str(fault.value)


def test_a_table_without_figures_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match="holds no figures"):
        nato.parse([book(tmp_path, shares())])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (2014, (2014, False)),
        (2014.0, (2014, False)),
        ("2019", (2019, False)),
        ("2024e", (2024, True)),
        ("2015 e", (2015, True)),
        ("2015E ", (2015, True)),
        (2014.5, None),
        ("14", None),
        ("2014-2015", None),
        (True, None),
        (None, None),
    ],
)
def test_years_of_a_header(cell, expected):
    assert year(cell) == expected


# --- CSV copies


def test_one_table_a_csv_file_told_by_its_name(tmp_path):
    found = parsed(
        csv(tmp_path, "shareofgdp.csv", 'country,2023,"2024e"\nBelgium,1.18,1.29\n"NATO Total",2.44,2.61\n'),
        csv(tmp_path, "portionofexpenditure_personel.csv", 'country,2023,"2024e"\nGermany,35.8,""\n'),
        csv(tmp_path, "militarypersonelinthousands.csv", "2024e,country,2023\n21.3,Belgium,21.4\n"),
        csv(tmp_path, "realchange.csv", "country,2023,2024e\nBelgium,-2.6,7.6\n"),
    )
    assert found == {
        (SHARE, "BEL", 2023): (1.18, "% of GDP", ""),
        (SHARE, "BEL", 2024): (1.29, "% of GDP", "estimate"),
        (SHARE, "NATO.TOTAL", 2023): (2.44, "% of GDP", ""),
        (SHARE, "NATO.TOTAL", 2024): (2.61, "% of GDP", "estimate"),
        ("nato.personnel_share", "DEU", 2023): (35.8, "% of defence expenditure", ""),
        ("nato.military_personnel", "BEL", 2023): (21.4, "thousand persons", ""),
        ("nato.military_personnel", "BEL", 2024): (21.3, "thousand persons", "estimate"),
        ("nato.defence_expenditure_real_change", "BEL", 2023): (-2.6, "% change on previous year", ""),
        ("nato.defence_expenditure_real_change", "BEL", 2024): (7.6, "% change on previous year", "estimate"),
    }


def test_two_letter_codes_comments_and_the_core_basis(tmp_path):
    found = parsed(
        csv(tmp_path, "def-exp-2026_core_usd_2021_m.csv", "# a comment, with commas\ngeo,2025e\nEL,6853\nUK,80128\n"),
        csv(tmp_path, "def-exp-2026_core_share_gdp.csv", "geo,2025e\nBE,2.0\nNATO_EUR_CAN,2.31\nNATO_TOTAL,2.75\n"),
        csv(tmp_path, "def-exp-2026_equipment_share_pct.csv", "geo,2025e\nBE,13.36\n"),
    )
    usd = ("nato.core_expenditure_usd_constant", "million USD, constant 2021 prices and exchange rates")
    assert found == {
        (usd[0], "GRC", 2025): (6853, usd[1], "estimate"),
        (usd[0], "GBR", 2025): (80128, usd[1], "estimate"),
        ("nato.core_expenditure_share_gdp", "BEL", 2025): (2.0, "% of GDP", "estimate"),
        ("nato.core_expenditure_share_gdp", "NATO.EUROPE_CANADA", 2025): (2.31, "% of GDP", "estimate"),
        ("nato.core_expenditure_share_gdp", "NATO.TOTAL", 2025): (2.75, "% of GDP", "estimate"),
        ("nato.core_equipment_share", "BEL", 2025): (13.36, "% of core defence expenditure", "estimate"),
    }


def test_a_file_about_one_ally_ranks_nobody(tmp_path):
    path = csv(
        tmp_path,
        "def-exp-2026_belgium_other.csv",
        "measure,2024,2025e\ncore_nat_currency_current_m,7901,12845\ngdp_per_capita_2021_kusd,54.0,54.3\n",
    )
    assert parsed(path)["nato.core_expenditure_ncu_current", "BEL", 2025] == (
        12845,
        "million national currency",
        "estimate",
    )
    assert nato.parse([path]).partial == (
        Partial("nato.core_expenditure_ncu_current"),
        Partial("nato.gdp_per_capita_usd_constant"),
    )


SHARES_2025 = "country,2023,2024e\nBelgium,1.18178773,1.286805534\n"
CHANGE_2025 = "country,2023,2024e\nBelgium,1.0,10.0\n"
EXPENDITURE_2025 = "Country,Year,Expenditure\nBelgium,2024,1100\nBelgium,2023,1000\n"


def test_the_long_form_takes_its_estimates_from_the_tables_beside_it(tmp_path):
    long = csv(tmp_path, "a_defence_exp_long.csv", EXPENDITURE_2025)
    found = parsed(long, csv(tmp_path, "realchange.csv", CHANGE_2025))
    usd = "million USD, constant 2021 prices and exchange rates"
    assert found["nato.defence_expenditure_usd_constant", "BEL", 2023] == (1000, usd, "")
    assert found["nato.defence_expenditure_usd_constant", "BEL", 2024] == (1100, usd, "estimate")


def test_the_long_form_of_shares_adds_nothing_but_has_to_agree(tmp_path):
    table = csv(tmp_path, "shareofgdp.csv", SHARES_2025)
    agrees = csv(tmp_path, "defence_per_long.csv", "Country,Year,Percentage\nBelgium,2024,1.2868060\n")
    result = nato.parse([agrees, table])
    assert len(result.observations) == 2
    assert "defence_per_long.csv: left out" in result.notes[0]
    differs = csv(tmp_path, "defence_per_long.csv", "Country,Year,Percentage\nBelgium,2024,1.2868080\n")
    with pytest.raises(LayoutError, match=r"row 2, column C: BEL in 2024 does not agree"):
        nato.parse([differs, table])


@pytest.mark.parametrize(
    ("beside", "problem"),
    [
        (("realchange.csv", CHANGE_2025.replace("10.0", "10.1")), "BEL in 2024 does not agree"),
        (("shareofgdp.csv", SHARES_2025), "no table of defence_expenditure_real_change to check"),
    ],
)
def test_the_long_form_is_not_trusted_alone(tmp_path, beside, problem):
    long = csv(tmp_path, "defence_exp_long.csv", EXPENDITURE_2025)
    with pytest.raises(LayoutError) as fault:
        nato.parse([long, csv(tmp_path, *beside)])
    assert problem in fault.value.problem


ROWS_HEADER = "edition,table,metric,unit,country,iso3,year,value,estimate_flag,source\n"
ROWS = (
    'E1,Table 5,gdp_usd_constant,"billion USD, constant 2015 prices and exchange rates",Belgium,BEL,2018,500.5,,x\n'
    "E1,Table 3,defence_exp_share_gdp,% of real GDP,Belgium,BEL,2019,0.93,e,x\n"
)


def test_a_row_a_figure(tmp_path):
    found = parsed(csv(tmp_path, "rows.csv", ROWS_HEADER + ROWS))
    assert found == {
        ("nato.gdp_usd_constant", "BEL", 2018): (
            500500.0,
            "million USD, constant 2015 prices and exchange rates",
            "",
        ),
        (SHARE, "BEL", 2019): (0.93, "% of GDP", "estimate"),
    }


def test_of_several_editions_one_is_chosen(tmp_path):
    path = csv(tmp_path, "rows.csv", ROWS_HEADER + ROWS + "E2" + ROWS.splitlines()[1].removeprefix("E1") + "\n")
    with pytest.raises(LayoutError, match="holds several editions: E1, E2"):
        nato.parse([path])
    assert len(nato.parse([path], edition="E1").observations) == 2
    assert len(nato.parse([path], edition="E2").observations) == 1
    with pytest.raises(ClaimbookError, match="no edition 'E3'; it has E1, E2"):
        nato.parse([path], edition="E3")


@pytest.mark.parametrize(
    ("name", "content", "place", "problem"),
    [
        ("unknown.csv", SHARES_2025, (None, None), "the name 'unknown' is not known"),
        ("shareofgdp.csv", SHARES_2025.replace("Belgium", "Ruritania"), (2, "A"), "unknown country or group"),
        ("shareofgdp.csv", SHARES_2025.replace("2024e", "Rank"), (1, "C"), "'rank' is not a year"),
        ("shareofgdp.csv", SHARES_2025.replace("1.18178773", '"1,18"'), (2, "B"), "'1,18' is neither a figure"),
        ("shareofgdp.csv", SHARES_2025.replace("1.18178773", "nan"), (2, "B"), "'nan' is neither a figure"),
        ("shareofgdp.csv", SHARES_2025.strip() + ",7\n", (2, "D"), "beyond the columns of the header"),
        ("shareofgdp.csv", "", (None, None), "the file is empty"),
        ("shareofgdp.csv", "nation,2023\nBelgium,1\n", (1, "A"), "no column is named country, geo or measure"),
        ("def-exp-2026_core_share_gdp.csv", "geo,2025e\nXX,1\n", (2, "A"), "unknown country or group 'XX'"),
        ("def-exp-2026_belgium_other.csv", "measure,2025e\ntanks,1\n", (2, "A"), "measure 'tanks' is not known"),
        ("def-exp-2026_utopia_other.csv", "measure,2025e\nother_share_pct,1\n", (None, None), "no known ally"),
        ("rows.csv", ROWS_HEADER + ROWS.replace("BEL", "LUX"), (2, "F"), "'Belgium' is BEL, not 'LUX'"),
        ("rows.csv", ROWS_HEADER + ROWS.replace("billion", "trillion"), (2, "C"), "is not known"),
        ("rows.csv", ROWS_HEADER + ROWS.replace(",e,", ",?,"), (3, "I"), "the flag '?' is not known"),
        ("rows.csv", "rank," + ROWS_HEADER + "1," + ROWS, (1, "A"), "the column 'rank' is not known"),
    ],
)
def test_a_fault_in_a_csv_file_names_its_cell(tmp_path, name, content, place, problem):
    with pytest.raises(LayoutError) as fault:
        nato.parse([csv(tmp_path, name, content)])
    assert problem in str(fault.value)
    assert (fault.value.file, fault.value.row, fault.value.column) == (name, *place)


def test_files_that_cannot_be_parsed(tmp_path):
    with pytest.raises(ClaimbookError, match="no files given"):
        nato.parse([])
    with pytest.raises(LayoutError, match=r"'\.pdf' is not known"):
        nato.parse([tmp_path / "def-exp.pdf"])
    with pytest.raises(LayoutError, match="no such file"):
        nato.parse([tmp_path / "missing.xlsx"])
    with pytest.raises(LayoutError, match="no figures found"):
        nato.parse([book(tmp_path, [["Contents"]])])
    with pytest.raises(ClaimbookError, match="holds one edition"):
        nato.parse([book(tmp_path, shares(BELGIUM))], edition="2024")
    with pytest.raises(ClaimbookError, match="holds one edition"):
        nato.parse([csv(tmp_path, "shareofgdp.csv", SHARES_2025)], edition="2025")


def test_the_same_figure_twice_is_one_row_and_another_value_a_fault(tmp_path):
    first = book(tmp_path, shares(BELGIUM), name="first.xlsx")
    same = book(tmp_path, shares(BELGIUM), name="same.xlsx")
    other = book(tmp_path, shares([None, None, "Belgium", 1.18, 1.21, 1.4]), name="other.xlsx")
    assert len(parsed(first, same)) == 3
    with pytest.raises(LayoutError, match=r"other.xlsx, sheet 'Sheet 1', row 6, column F.*first.xlsx"):
        nato.parse([first, other])


# --- NATO's own files


@original
def test_original_of_january_2016():
    found = parsed(ORIGINALS / "pr-2016-11-def-exp-tables_e.xlsx")
    assert len(found) == 3204
    assert found[SHARE, "BEL", 2015] == (pytest.approx(0.902983249), "% of GDP", "estimate")  # TABLE3!J10
    prices = "constant 2010 prices and exchange rates"
    assert found["nato.defence_expenditure_usd_constant", "NATO.EUROPE", 2008] == (  # TABLE2!C65
        pytest.approx(288207.56, abs=0.01),
        f"million USD, {prices}",
        "",
    )
    assert found["nato.defence_expenditure_ncu_current", "EST", 2011][0] == 279.946  # TABLE1!G16, in euros
    assert found["nato.gdp_usd_constant", "USA", 2014][0] == pytest.approx(16156639, abs=1)  # TABLE4!I37
    assert found["nato.military_personnel", "TUR", 2015][0] == pytest.approx(462.62188, abs=1e-5)  # TABLE5!J63
    assert found["nato.equipment_share", "BEL", 2012][0] == pytest.approx(3.5739043)  # TABLE6a!G10
    assert found["nato.other_share", "LUX", 2015][0] == pytest.approx(16.20541)  # TABLE6b!J52
    assert (SHARE, "ALB", 2008) not in found  # TABLE3!C9 is "."


@original
def test_shares_are_expenditure_over_gdp_in_the_original_of_january_2016():
    found = parsed(ORIGINALS / "pr-2016-11-def-exp-tables_e.xlsx")
    shares_read = {
        (reporter, period): value for (name, reporter, period), (value, _, _) in found.items() if name == SHARE
    }
    assert len(shares_read) == 238
    for (reporter, period), share in shares_read.items():
        spent = found["nato.defence_expenditure_usd_constant", reporter, period][0]
        assert spent / found["nato.gdp_usd_constant", reporter, period][0] * 100 == pytest.approx(share, rel=1e-9)


@original
def test_original_of_june_2024():
    found = parsed(ORIGINALS / "240617-def-exp-2024-TABLES-en.xlsx")
    assert len(found) == 5346
    assert found[SHARE, "BEL", 2019] == (pytest.approx(0.88842181), "% of GDP", "")  # TABLE3!I12, year as text
    assert found[SHARE, "POL", 2024][0] == pytest.approx(4.120191)  # TABLE4!H44 repeats TABLE3
    assert found[SHARE, "SVK", 2024][0] == 2  # TABLE3!N35, rounded by NATO
    assert found["nato.defence_expenditure_ncu_current", "BEL", 2024] == (7900, "million national currency", "estimate")
    assert found["nato.military_personnel", "BEL", 2014][0] == 30.512  # TABLE7!E24, one column to the right
    assert found["nato.military_personnel", "NATO.TOTAL", 2024][0] == pytest.approx(3418.609)  # TABLE7!O55
    assert found["nato.gdp_usd_current", "ISL", 2014][0] == pytest.approx(17867.997, abs=1e-3)  # TABLE5!D24
    assert found["nato.infrastructure_share", "FIN", 2014] == (0, "% of defence expenditure", "")  # TABLE8b!D19
    assert found["nato.other_share", "USA", 2024][0] == pytest.approx(43.162786)  # TABLE8b!N74
    assert {p for (_, _, p), (_, _, flag) in found.items() if flag == "estimate"} == {2023, 2024}


@original
def test_original_copies_of_august_2025():
    result = nato.parse(sorted((ORIGINALS / "2025-edition-csv").glob("*.csv")))
    found = parsed(*sorted((ORIGINALS / "2025-edition-csv").glob("*.csv")))
    assert len(found) == 3004
    assert result.partial == ()
    assert found[SHARE, "BEL", 2025] == (2.000904949, "% of GDP", "estimate")  # shareofgdp.csv!M3
    assert (SHARE, "DEU", 2025) not in found  # shareofgdp.csv!M12 is empty
    assert found["nato.defence_expenditure_usd_constant", "ALB", 2014] == (  # ..._exp_long.csv!C2
        196.2267957,
        "million USD, constant 2021 prices and exchange rates",
        "",
    )


@original
def test_original_rows_of_june_2019():
    found = parsed(ORIGINALS / "2019-edition-rows.csv")
    assert len(found) == 2681  # every row of the file
    assert found["nato.defence_expenditure_usd_current", "ALB", 2012][0] == 183.21253466259935  # row 2
    assert found[SHARE, "ALB", 2012] == (1.4870774625809662, "% of GDP", "")  # row 4


@original
def test_original_transcription_of_july_2026():
    result = nato.parse(sorted((ORIGINALS / "2026-edition-transcribed").glob("*.csv")))
    found = parsed(*sorted((ORIGINALS / "2026-edition-transcribed").glob("*.csv")))
    assert len(found) == 1339
    assert found["nato.core_expenditure_share_gdp", "LTU", 2026] == (5.33, "% of GDP", "estimate")  # row LT
    assert found["nato.core_expenditure_usd_constant", "GRC", 2014][0] == 4688  # row EL
    assert found["nato.core_expenditure_ncu_current", "BEL", 2026][0] == 13296  # belgium_other, row 4
    assert {part.series for part in result.partial} == {
        "nato.core_expenditure_ncu_constant",
        "nato.core_expenditure_ncu_current",
        "nato.core_expenditure_per_capita_usd_constant",
        "nato.core_expenditure_usd_current",
        "nato.core_other_share",
        "nato.gdp_per_capita_usd_constant",
    }
    assert all(part.missing_below is None and part.periods is None for part in result.partial)
