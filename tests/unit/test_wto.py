import csv
from pathlib import Path

import openpyxl
import pytest

from analysis import areas, observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Partial, wto

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "wto"
originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publisher's originals are not at hand")

ANNUAL = "  Merchandise exports by product group – annual (Million US dollar)"
MONTHLY = "  Total merchandise exports - monthly (Million US dollar)"
QUARTERLY = "  Commercial services imports by main sector – quarterly (Million US dollar)"
PRELIMINARY = (
    "  Commercial services imports by main sector – preliminary annual estimates based on quarterly "
    "statistics (2005-2020) (Million US dollar)"
)
GOODS = "SI3_AGG - TO - Total merchandise"
SERVICES = "BOP6 - SOX - Commercial services"
HEAD = ["Reporting Economy", "Product/Sector", "Partner Economy"]
MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
]
QUARTERS = ["First Quarter", "Second Quarter", "Third Quarter", "Fourth Quarter"]


def workbook(tmp_path, lines, name="WtoData_1.xlsx"):
    book = openpyxl.Workbook()
    book.active.title = "Report"
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / name)
    return tmp_path / name


def annual(tmp_path, *body, title=ANNUAL, head=(*HEAD, "2018", "2019"), name="WtoData_1.xlsx"):
    return workbook(tmp_path, [["Indicator", title], [], list(head), *map(list, body)], name)


def parts(tmp_path, values, economy="Belgium", title=MONTHLY, product=GOODS, periods=MONTHS):
    """A monthly or quarterly table of one economy; a value a period, of one year."""
    body = [[economy, product, "World", period, value] for period, value in zip(periods, values, strict=True)]
    return workbook(tmp_path, [["Indicator", title], [], [*HEAD, "Period", "2019"], *body])


def rows(parsed):
    frame = observations.check(parsed.observations)
    return {tuple(r)[:4]: tuple(r)[4:] for r in frame.itertuples(index=False, name=None)}


BELGIUM = ("Belgium", GOODS, "World", 468617, 444679)


def test_a_yearly_table(tmp_path):
    parsed = wto.parse([annual(tmp_path, BELGIUM)])
    assert rows(parsed) == {
        ("wto.merchandise_exports", "BEL", "", 2018): (468617.0, "million USD", ""),
        ("wto.merchandise_exports", "BEL", "", 2019): (444679.0, "million USD", ""),
    }
    assert parsed.released is None


def test_the_table_may_stand_elsewhere_with_columns_in_another_order(tmp_path):
    lines = [
        [None, "Downloaded from WTO Stats"],
        [],
        [None, "Indicator", ANNUAL],
        [],
        [None, 2019, "Partner Economy", "Reporting Economy", 2018, "Product/Sector"],
        [None, 444679, "World", "Belgium", 468617, GOODS],
        [],
        [None, "Source: WTO"],
    ]
    found = rows(wto.parse([workbook(tmp_path, lines)]))
    assert {key[3]: cell[0] for key, cell in found.items()} == {2018: 468617.0, 2019: 444679.0}


def test_several_tables_on_one_sheet(tmp_path):
    lines = [
        ["Indicator", ANNUAL],
        [*HEAD, "2019"],
        ["Belgium", GOODS, "World", 1],
        ["Indicator", PRELIMINARY],
        [*HEAD, "2018"],
        ["Belgium", SERVICES, "World", 2],
    ]
    assert rows(wto.parse([workbook(tmp_path, lines)])) == {
        ("wto.merchandise_exports", "BEL", "", 2019): (1.0, "million USD", ""),
        ("wto.commercial_services_imports_preliminary", "BEL", "", 2018): (2.0, "million USD", ""),
    }


@pytest.mark.parametrize(
    ("title", "series"),
    [
        (ANNUAL, "wto.merchandise_exports"),
        (ANNUAL.replace("–", "-"), "wto.merchandise_exports"),
        (ANNUAL.replace("exports", "imports"), "wto.merchandise_imports"),
        ("Total merchandise imports - annual (Million US dollars)", "wto.merchandise_imports"),
    ],
)
def test_yearly_titles_of_other_editions(tmp_path, title, series):
    assert {key[0] for key in rows(wto.parse([annual(tmp_path, BELGIUM, title=title)]))} == {series}


@pytest.mark.parametrize(
    ("title", "product", "periods", "series"),
    [
        (MONTHLY, GOODS, MONTHS, "wto.merchandise_exports_sum_of_months"),
        (MONTHLY.replace("exports", "imports"), GOODS, MONTHS, "wto.merchandise_imports_sum_of_months"),
        (QUARTERLY, SERVICES, QUARTERS, "wto.commercial_services_imports_sum_of_quarters"),
        (
            QUARTERLY.replace("imports", "exports"),
            SERVICES,
            QUARTERS,
            "wto.commercial_services_exports_sum_of_quarters",
        ),
    ],
)
def test_months_and_quarters_are_summed(tmp_path, title, product, periods, series):
    path = parts(tmp_path, range(1, len(periods) + 1), title=title, product=product, periods=periods)
    total = sum(range(1, len(periods) + 1))
    assert rows(wto.parse([path])) == {(series, "BEL", "", 2019): (float(total), "million USD", "")}


def test_a_year_that_lacks_a_month_is_left_out_and_noted(tmp_path):
    body = [["Belgium", GOODS, "World", m, 1, None if m == "May" else 2] for m in MONTHS]
    body += [["China", GOODS, "World", m, 3, 4] for m in MONTHS]
    path = workbook(tmp_path, [["Indicator", MONTHLY], [*HEAD, "Period", "2019", "2020"], *body])
    parsed = wto.parse([path])
    assert {key[1::2]: cell[0] for key, cell in rows(parsed).items()} == {
        ("BEL", 2019): 12.0,
        ("CHN", 2019): 36.0,
        ("CHN", 2020): 48.0,
    }
    assert parsed.notes == ("WtoData_1.xlsx: 2020 is not complete and left out for BEL",)


def test_other_products_are_left_out_and_counted(tmp_path):
    transport = ("Belgium", "BOP6 - SC - Transport", "World", 5, 6)
    total = ("Belgium", SERVICES, "World", 7, 8)
    parsed = wto.parse([annual(tmp_path, transport, total, title=PRELIMINARY)])
    assert [cell[0] for cell in rows(parsed).values()] == [7.0, 8.0]
    assert parsed.notes == ("WtoData_1.xlsx: rows of other products are not used: SC (1)",)


def test_trade_within_and_beyond_the_union_keeps_its_partner(tmp_path):
    body = [("European Union", GOODS, partner, 1, 2) for partner in ("World", "European Union", "Extra EU Trade")]
    found = rows(wto.parse([annual(tmp_path, *body)]))
    assert {key[1:3] for key in found} == {("EUU", ""), ("EUU", "EUU"), ("EUU", "WTO.EXTRA_EU")}


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("Chinese Taipei", "TWN", "country"),
        ("Hong Kong, China", "HKG", "country"),
        ("Macao, China", "MAC", "country"),
        ("Korea, Republic of", "KOR", "country"),
        ("Türkiye", "TUR", "country"),
        ("Turkey", "TUR", "country"),
        ("Viet Nam", "VNM", "country"),
        ("Aruba, the Netherlands with respect to", "ABW", "country"),
        ("Lao People's Democratic Republic", "LAO", "country"),
        ("European Union", "EUU", "group"),
        ("European Union (28)", "WTO.EU28", "group"),
        ("Southern Common Market (MERCOSUR)", "WTO.MERCOSUR", "group"),
        ("Least-developed countries", "WTO.LDC", "group"),
        ("Belgium-Luxembourg", "WTO.BELGIUM_LUXEMBOURG", "former"),
        ("World", "WLD", "group"),
    ],
)
def test_economies(tmp_path, name, code, kind):
    found = rows(wto.parse([annual(tmp_path, (name, GOODS, "World", 1, 2))]))
    assert {(key[1], areas.area(key[1]).kind) for key in found} == {(code, kind)}


def test_empty_cells_are_no_rows_and_zero_is_one(tmp_path):
    path = annual(tmp_path, ("Belgium", GOODS, "World", None, 0), ("China", GOODS, "World", "..", "1,234.5"))
    assert {key[1::2]: cell[0] for key, cell in rows(wto.parse([path])).items()} == {
        ("BEL", 2019): 0.0,
        ("CHN", 2019): 1234.5,
    }


# CSV


def as_csv(tmp_path, lines, name="merch_exports.csv"):
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return tmp_path / name


def test_a_csv_without_title_with_a_trailing_column(tmp_path):
    path = as_csv(tmp_path, [[*HEAD, "2018", "2019", ""], ["Belgium", GOODS, "World", "5", "", ""]])
    assert rows(wto.parse([path])) == {("wto.merchandise_exports", "BEL", "", 2018): (5.0, "million USD", "")}


def test_the_name_of_a_csv_without_title_says_the_flow(tmp_path):
    lines = [[*HEAD, "2018"], ["Belgium", GOODS, "World", "5"]]
    assert {key[0] for key in rows(wto.parse([as_csv(tmp_path, lines, "wto_imports.csv")]))} == {
        "wto.merchandise_imports"
    }
    with pytest.raises(LayoutError, match=r"trade\.csv, row 1: no Indicator line says what this is"):
        wto.parse([as_csv(tmp_path, lines, "trade.csv")])


@pytest.mark.parametrize(
    "lines",
    [
        [[*HEAD, "2018"], ["Belgium", SERVICES, "World", "5"]],
        [[*HEAD, "2018"], ["Belgium", "SI3_AGG - AG - Agricultural products", "World", "5"]],
        [[*HEAD, "Period", "2018"], ["Belgium", GOODS, "World", "January", "5"]],
        [[*HEAD, "2018"]],
    ],
)
def test_without_title_only_yearly_merchandise_totals_are_taken(tmp_path, lines):
    with pytest.raises(LayoutError, match="no Indicator line says what this is"):
        wto.parse([as_csv(tmp_path, lines)])


def test_a_csv_with_its_title(tmp_path):
    lines = [["Indicator", PRELIMINARY], [], [*HEAD, "2018"], ["Belgium", SERVICES, "World", "5"]]
    assert {key[0] for key in rows(wto.parse([as_csv(tmp_path, lines)]))} == {
        "wto.commercial_services_imports_preliminary"
    }


# Faults


@pytest.mark.parametrize(
    "title",
    [
        "Merchandise export volume indices, not seasonally adjusted - quarterly (2005Q1=100)",
        "Commercial services exports by sector and partner – annual (Million US dollar)",
        "Total merchandise exports - quarterly (Million US dollar)",
        "",
    ],
)
def test_another_indicator_is_a_fault_that_lists_those_understood(tmp_path, title):
    with pytest.raises(LayoutError, match=r"'Report', row 1.*: indicator .* is not understood\. Understood are: "):
        wto.parse([annual(tmp_path, BELGIUM, title=title)])


@pytest.mark.parametrize("unit", [" (Billion US dollar)", ""])
def test_another_unit_is_a_fault(tmp_path, unit):
    title = ANNUAL.replace(" (Million US dollar)", unit)
    with pytest.raises(LayoutError, match=r"row 1, column B: unit of .* is not understood"):
        wto.parse([annual(tmp_path, BELGIUM, title=title)])


def test_an_unknown_economy_is_a_fault(tmp_path):
    path = annual(tmp_path, BELGIUM, ("Atlantis", GOODS, "World", 1, 2))
    with pytest.raises(LayoutError, match=r"'Report', row 5, column A: economy 'Atlantis'.*data/areas/wto\.yaml"):
        wto.parse([path])
    path = annual(tmp_path, ("Belgium", GOODS, "Atlantis", 1, 2))
    with pytest.raises(LayoutError, match="row 4, column C: economy 'Atlantis'"):
        wto.parse([path])


@pytest.mark.parametrize("value", [True, -1, "n/k", "nan", "12*"])
def test_what_is_no_value_is_a_fault_with_its_place(tmp_path, value):
    path = annual(tmp_path, BELGIUM, ("China", GOODS, "World", 1, value))
    with pytest.raises(LayoutError, match=r"sheet 'Report', row 5, column E: value .* is not a number"):
        wto.parse([path])


def test_an_unknown_period_is_a_fault(tmp_path):
    path = parts(tmp_path, [1], periods=["Januar"])
    with pytest.raises(LayoutError, match="row 4, column D: period 'Januar' is not understood"):
        wto.parse([path])


def test_a_header_that_is_no_year_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"row 3, column E: column '2019 \(p\)' is neither a year nor known"):
        wto.parse([annual(tmp_path, BELGIUM, head=(*HEAD, "2018", "2019 (p)"))])
    with pytest.raises(LayoutError, match="row 3: no years in the header, or one twice"):
        wto.parse([annual(tmp_path, BELGIUM, head=(*HEAD, "2018", "2018"))])
    with pytest.raises(LayoutError, match="row 3: no column 'Partner Economy'"):
        wto.parse([annual(tmp_path, BELGIUM, head=(*HEAD[:2], "", "2018", "2019"))])


def test_a_value_beyond_the_last_year_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match="row 4, column F: value '7' stands under no year"):
        wto.parse([annual(tmp_path, (*BELGIUM, 7))])


def test_a_product_without_code_and_a_table_without_the_total_are_faults(tmp_path):
    with pytest.raises(LayoutError, match="row 4, column B: product 'Total' has no code"):
        wto.parse([annual(tmp_path, ("Belgium", "Total", "World", 1, 2))])
    with pytest.raises(LayoutError, match="row 3: no rows of product SOX"):
        wto.parse([annual(tmp_path, ("Belgium", "BOP6 - SC - Transport", "World", 1, 2), title=PRELIMINARY)])


def test_the_same_row_twice_is_one_and_two_values_are_a_fault(tmp_path):
    assert len(rows(wto.parse([annual(tmp_path, BELGIUM, BELGIUM)]))) == 2
    other = (*BELGIUM[:4], 444680)
    with pytest.raises(LayoutError) as caught:
        wto.parse([annual(tmp_path, BELGIUM, other)])
    assert str(caught.value).startswith("WtoData_1.xlsx, sheet 'Report', row 5, column E: wto.merchandise_exports BEL")
    assert "444680 here, but 444679 in WtoData_1.xlsx, row 4" in str(caught.value)


def test_two_files_that_differ_are_a_fault(tmp_path):
    one = annual(tmp_path, BELGIUM, name="one.xlsx")
    two = annual(tmp_path, (*BELGIUM[:4], 444680), name="two.xlsx")
    with pytest.raises(LayoutError, match=r"two\.xlsx, sheet 'Report', row 4: .* in one\.xlsx, row 4"):
        wto.parse([one, two])


def test_a_workbook_of_something_else_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match="no table with a column 'Reporting Economy'"):
        wto.parse([workbook(tmp_path, [["Country", 2019], ["Belgium", 1]])])


# What is missing


def test_economies_that_sum_to_world_are_a_full_list(tmp_path):
    body = [("World", GOODS, "World", 1000), ("Belgium", GOODS, "World", 995), ("Europe", GOODS, "World", 995)]
    assert wto.parse([annual(tmp_path, *body, head=(*HEAD, "2019"))]).partial == ()


def test_economies_that_fall_short_of_world_bound_what_is_missing(tmp_path):
    body = [("World", GOODS, "World", 1000, 1000), ("Belgium", GOODS, "World", 900, 999)]
    assert wto.parse([annual(tmp_path, *body)]).partial == (Partial("wto.merchandise_exports", 100.0, (2018,)),)


def test_economies_without_world_bound_nothing(tmp_path):
    assert wto.parse([annual(tmp_path, BELGIUM)]).partial == (Partial("wto.merchandise_exports", None, (2018, 2019)),)


def test_an_edition_and_an_empty_call_are_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="leave the edition out"):
        wto.parse([annual(tmp_path, BELGIUM)], edition="2021")
    with pytest.raises(ClaimbookError, match="no WTO file"):
        wto.parse([])


# The originals


@originals
def test_the_annual_table_of_april_2021():
    parsed = wto.parse([ORIGINALS / "wto_merch_exports_2014_2019.csv"])
    found = rows(parsed)
    assert len(found) == 260 * 6 - 5  # Gibraltar has one year of six
    assert found["wto.merchandise_exports", "BEL", "", 2018][0] == 468_617  # H30
    assert found["wto.merchandise_exports", "TWN", "", 2014][0] == 320_092  # D230
    assert found["wto.merchandise_exports", "EUU", "WTO.EXTRA_EU", 2019][0] == 2_387_518  # I89
    world = {year: found["wto.merchandise_exports", "WLD", "", year][0] for year in range(2014, 2020)}
    for year, total in world.items():
        listed = sum(c[0] for k, c in found.items() if k[2:] == ("", year) and k[1] in areas.rankable())
        assert 0 < total - listed < 0.0003 * total
    assert parsed.partial == ()


@originals
def test_the_monthly_table_of_april_2021():
    parsed = wto.parse([ORIGINALS / "WtoData_20210401162703.xlsx"])
    found = rows(parsed)
    # I64:I75 of Belgium, 2018
    months = [41183, 39106, 43168, 38341, 39372, 40958, 39200, 36021, 38453, 40871, 38267, 33710]
    assert found["wto.merchandise_exports_sum_of_months", "BEL", "", 2018][0] == sum(months)
    # K148 is empty: China's January 2020
    assert ("wto.merchandise_exports_sum_of_months", "CHN", "", 2020) not in found
    assert not any(key[3] == 2021 for key in found)
    assert parsed.partial == (Partial("wto.merchandise_exports_sum_of_months", None, tuple(range(2014, 2021))),)


@originals
def test_the_services_tables_of_april_2021():
    files = [ORIGINALS / f"WtoData_{stamp}.xlsx" for stamp in ("20210401165435", "20210402114713")]
    parsed = wto.parse(files)
    found = rows(parsed)
    # I766:I769 of the quarterly table, G130 of the yearly one
    quarters = 30568 + 30282 + 30580 + 33338
    assert found["wto.commercial_services_imports_sum_of_quarters", "BEL", "", 2018][0] == quarters
    assert found["wto.commercial_services_imports_preliminary", "BEL", "", 2014][0] == 117_433  # D130
    bounds = {p.periods: p.missing_below for p in parsed.partial if p.series.endswith("preliminary")}
    assert bounds[(2018,)] == 135_453  # world's 5688075 less the sum of the countries listed


@originals
def test_the_volume_indices_are_refused():
    with pytest.raises(LayoutError, match=r"volume indices.* is not understood"):
        wto.parse([ORIGINALS / "WtoData_20210402095215.xlsx"])
