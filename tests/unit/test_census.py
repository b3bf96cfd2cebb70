"""The Census Bureau's goods trade: three layouts, part years, groups, replaced codes, faults."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.census import parse
from analysis.publishers.census_layouts import MONTHS

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "census"
originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publisher's files are not at hand")
X, M = "census.goods_exports", "census.goods_imports"
HEADER = ["year", "CTY_CODE", "CTYNAME", *(f"I{m}" for m in MONTHS), "IYR", *(f"E{m}" for m in MONTHS), "EYR"]


def line(year, code, name, imports=12.0, exports=24.0, published=12):
    """A row of country.xlsx whose yearly totals are spread evenly over the months published."""
    row = [year, code, name]
    for total in (imports, exports):
        row += [total / published if month < published else 0 for month in range(12)] + [total]
    return row


def world(year, imports, exports, published=12):
    return line(year, "0015", "World, Not Seasonally Adjusted", imports, exports, published)


def workbook(folder: Path, rows, name="country.xlsx", sheet="country") -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def text(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder / name


def value(parsed: Parsed, series: str, partner: str, year: int) -> float | None:
    """The single value of a key, None where it has no row."""
    o = observations.check(parsed.observations)
    found = o[(o.series == series) & (o.partner == partner) & (o.period == year)]
    assert len(found) <= 1
    return None if found.empty else found.value.item()


# country.xlsx


def test_reads_the_years_of_both_flows(tmp_path):
    file = workbook(
        tmp_path, [HEADER, line("2015", "4231", "Belgium", 19486.8, 34173.8), world("2015", 19486.8, 34173.8)]
    )
    parsed = parse([file])
    assert value(parsed, X, "BEL", 2015) == 34173.8
    assert value(parsed, M, "BEL", 2015) == 19486.8
    assert value(parsed, X, "WLD", 2015) == 34173.8
    assert set(parsed.observations.reporter) == {"USA"}
    assert set(parsed.observations.unit) == {"million USD"}
    assert parsed.partial == ()


def test_columns_may_stand_in_any_order_below_a_title_with_one_more_column(tmp_path):
    rows = [HEADER, line(2015, "4231", "Belgium", 10, 20), world(2015, 10, 20)]
    order = [28, 2, 15, 0, *range(3, 15), 1, *range(16, 28)]
    shuffled = [[row[place] for place in order] for row in rows]
    shuffled[0].insert(3, "REGION")
    for row in shuffled[1:]:
        row.insert(3, "somewhere")
    parsed = parse([workbook(tmp_path, [["U.S. Trade in Goods"], [], *shuffled])])
    assert value(parsed, X, "BEL", 2015) == 20
    assert value(parsed, M, "BEL", 2015) == 10
    assert parsed.notes == ("country.xlsx: column REGION is not read",)


def test_a_csv_copy_with_carriage_returns_and_thousands_separators(tmp_path):
    rows = [HEADER, line("2011", "4231", "Belgium", 12000, 24000), world("2011", 12000, 24000)]
    cells = [[f'"{c:,.1f}"' if isinstance(c, float | int) else f'"{c}"' for c in row] for row in rows]
    parsed = parse([text(tmp_path, "country.csv", "\r".join(",".join(row) for row in cells))])
    assert value(parsed, X, "BEL", 2011) == 24000


def test_a_year_with_an_unpublished_month_is_left_out_by_flow(tmp_path):
    late = line(2016, "4231", "Belgium", 12, 24)
    december = HEADER.index("EDEC")
    late[HEADER.index("EYR")] -= late[december]
    late[december] = 0
    rows = [HEADER, line(2015, "4231", "Belgium"), world(2015, 12, 24), late]
    parsed = parse([workbook(tmp_path, rows)])
    assert value(parsed, X, "BEL", 2015) == 24
    assert value(parsed, M, "BEL", 2016) == 12
    assert value(parsed, X, "BEL", 2016) is None
    assert "census.goods_exports 2016 is left out: months published: 11 of 12" in parsed.notes
    assert Partial(X, None, (2016,)) not in parsed.partial


def test_a_year_without_any_figure_is_left_out(tmp_path):
    rows = [HEADER, line(2015, "4231", "Belgium"), world(2015, 12, 24), line(2016, "4231", "Belgium", 0, 0)]
    assert set(parse([workbook(tmp_path, rows)]).observations.period) == {2015}


def test_a_month_that_only_a_group_has_is_unpublished(tmp_path):
    rows = [
        HEADER,
        line(2015, "4231", "Belgium", 6, 6, published=11),
        line(2015, "0004", "World, Seasonally Adjusted"),
    ]
    assert parse([workbook(tmp_path, rows)]).observations.empty


def test_a_partner_without_trade_in_a_published_year_has_a_zero(tmp_path):
    rows = [HEADER, line(2015, "4231", "Belgium"), line(2015, "5790", "Korea, North", 0, 0), world(2015, 12, 24)]
    assert value(parse([workbook(tmp_path, rows)]), X, "PRK", 2015) == 0


def test_groups_have_areas_of_their_own_and_the_world_is_the_unadjusted_one(tmp_path):
    rows = [
        HEADER,
        line(2015, 4231, "Belgium"),
        line(2015, 3, "European Union", 12, 24),  # a code that lost its leading zeros
        line(2015, "0004", "World, Seasonally Adjusted", 13, 25),
        world(2015, 12, 24),
    ]
    parsed = parse([workbook(tmp_path, rows)])
    assert value(parsed, X, "CENSUS.0003", 2015) == 24
    assert value(parsed, X, "CENSUS.0004", 2015) == 25
    assert value(parsed, X, "WLD", 2015) == 24


def test_what_the_list_lacks_of_the_world_bounds_every_partner_left_out(tmp_path):
    rows = [
        HEADER,
        line(1985, "4231", "Belgium"),
        line(1987, "4231", "Belgium", 900, 800),
        world(1987, 1000, 1000.4),
        line(1992, "4231", "Belgium", 10000, 10000),
        world(1992, 10001, 9995),  # within a thousandth: a full list
    ]
    assert set(parse([workbook(tmp_path, rows)]).partial) == {
        Partial(X, None, (1985,)),
        Partial(M, None, (1985,)),
        Partial(X, 201.0, (1987,)),
        Partial(M, 100.0, (1987,)),
    }


def test_partners_that_sum_to_more_than_the_world_are_a_fault(tmp_path):
    rows = [HEADER, line(2015, "4231", "Belgium", 12, 24), world(2015, 12, 20)]
    with pytest.raises(LayoutError, match=r"country\.xlsx, sheet 'country', row 3, column AC: the partners of 2015"):
        parse([workbook(tmp_path, rows)])


def test_a_total_that_is_not_its_months_is_a_fault(tmp_path):
    row = line(2015, "4231", "Belgium", 12000, 24000)
    row[HEADER.index("IYR")] += 13
    with pytest.raises(LayoutError, match=r"row 2, column P: IYR is 12,013\.0, its months sum to 12,000\.0"):
        parse([workbook(tmp_path, [HEADER, row])])
    row[HEADER.index("IYR")] -= 3  # within a thousandth: months are rounded one by one
    assert value(parse([workbook(tmp_path, [HEADER, row])]), M, "BEL", 2015) == 12010


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (-1, "-1 is not an amount of trade"),
        (True, "True is not an amount of trade"),
        (dt.datetime(2015, 1, 1), "is not an amount of trade"),
        ("n/a", "'n/a' is not an amount of trade"),
        ("nan", "'nan' is not an amount of trade"),
        ("1e999", "'1e999' is not an amount of trade"),
        (None, "None is not an amount of trade"),
    ],
)
def test_a_cell_that_is_no_amount_is_a_fault(tmp_path, cell, problem):
    row = line(2015, "4231", "Belgium")
    row[HEADER.index("IFEB")] = cell
    with pytest.raises(LayoutError, match=rf"sheet 'country', row 2, column E: .*{problem}"):
        parse([workbook(tmp_path, [HEADER, row])])


@pytest.mark.parametrize("year", ["20x5", 2015.5, 15, True])
def test_a_year_not_understood_is_a_fault(tmp_path, year):
    with pytest.raises(LayoutError, match=r"row 2, column A: .* is not a year"):
        parse([workbook(tmp_path, [HEADER, line(year, "4231", "Belgium")])])


@pytest.mark.parametrize(
    ("code", "name", "problem"),
    [
        ("4999", "Ruritania", r"row 2, column C: unknown partner 'Ruritania' \(code 4999\)"),
        ("4999", "Europe", r"column C: unknown partner 'Europe'"),  # a group's name on a country's code
        ("4231", "", r"column C: unknown partner ''"),
        ("0099", "New Group", r"column C: group 0099 is called 'New Group', which is not known"),
        ("0012", "Asia", r"column C: group 0012 is called 'Asia'"),  # a group's code on another group
        ("42X1", "Belgium", r"column B: '42X1' is not a partner's code"),
        ("42310", "Belgium", r"column B: '42310' is not a partner's code"),
    ],
)
def test_an_unknown_partner_is_a_fault(tmp_path, code, name, problem):
    with pytest.raises(LayoutError, match=problem):
        parse([workbook(tmp_path, [HEADER, line(2015, code, name)])])


def test_a_code_that_means_two_countries_is_a_fault(tmp_path):
    rows = [HEADER, line(2014, "4231", "Belgium"), line(2015, "4231", "Luxembourg")]
    with pytest.raises(LayoutError, match="row 3, column B: code 4231 is LUX here and BEL above"):
        parse([workbook(tmp_path, rows)])


def test_a_year_under_an_old_and_a_new_code_is_their_sum(tmp_path):
    rows = [
        HEADER,
        line(2011, "7320", "Sudan", 6, 14, published=7),
        line(2011, "7321", "Sudan", 4, 60),
        world(2011, 10, 74),
    ]
    parsed = parse([workbook(tmp_path, rows)])
    assert value(parsed, X, "SDN", 2011) == 74
    assert "census.goods_exports SDN 2011 is the sum of codes 7320 + 7321" in parsed.notes


def test_an_old_code_without_trade_changes_nothing(tmp_path):
    rows = [
        HEADER,
        line(2003, "5080", "Israel", 0, 0),
        line(2003, "5081", "Israel", 7, 8),
        world(2003, 7, 8),
    ]
    parsed = parse([workbook(tmp_path, rows)])
    assert value(parsed, X, "ISR", 2003) == 8
    assert parsed.notes == ()


def test_two_codes_of_one_country_with_trade_are_a_fault(tmp_path):
    rows = [HEADER, line(2015, "4231", "Belgium"), line(2015, "4239", "Belgium")]
    with pytest.raises(LayoutError, match="row 3, column AC: BEL 2015 has trade under code 4231 and under 4239"):
        parse([workbook(tmp_path, rows)])


def test_former_states_and_parts_of_territories_keep_apart(tmp_path):
    names = {
        "4610": ("USSR", "SUN"),
        "4790": ("Yugoslavia (fomer)", "YUG"),
        "4799": ("Serbia and Montenegro", "SCG"),
        "4350": ("Czechoslovakia", "CSK"),
        "2771": ("Netherlands Antilles", "ANT"),
        "5082": ("Gaza Strip admin. by Israel", "CENSUS.5082"),
        "5083": ("West Bank admin. by Israel", "CENSUS.5083"),
        "4280": ("Germany", "DEU"),
        "5210": ("Republic of Yemen", "YEM"),
        "8220": ("Unidentified Countries", "CENSUS.UNIDENTIFIED"),
    }
    rows = [line(1992, code, name, exports=place) for place, (code, (name, _)) in enumerate(names.items(), 1)]
    parsed = parse([workbook(tmp_path, [HEADER, *rows])])
    for place, (_, area) in enumerate(names.values(), 1):
        assert value(parsed, X, area, 1992) == place


def test_a_row_with_neither_year_nor_figures_is_noted(tmp_path):
    rows = [HEADER, line(None, "5220", "Yemen", 0, 0), line(2015, "4231", "Belgium")]
    parsed = parse([workbook(tmp_path, rows)])
    assert parsed.notes == ("country.xlsx: row 2 has neither a year nor figures",)
    assert set(parsed.observations.partner) == {"BEL"}


def test_figures_without_a_year_are_a_fault(tmp_path):
    with pytest.raises(LayoutError, match="row 2, column A: figures without a year"):
        parse([workbook(tmp_path, [HEADER, line(None, "5220", "Yemen", 0, 12)])])


def test_blank_rows_and_lone_notes_are_skipped(tmp_path):
    rows = [HEADER, [], line(2015, "4231", "Belgium"), ["Source: the Bureau"]]
    assert len(parse([workbook(tmp_path, rows)]).observations) == 2


def test_the_same_row_twice_is_one_and_a_different_one_a_fault(tmp_path):
    row = line(2015, "4231", "Belgium")
    assert len(parse([workbook(tmp_path, [HEADER, row, row])]).observations) == 2
    with pytest.raises(LayoutError, match=r"row 3, column P: BEL 2015 is 15\.0 here and 12\.0 in country\.xlsx, row 2"):
        parse([workbook(tmp_path, [HEADER, row, line(2015, "4231", "Belgium", 15)])])


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ([c for c in HEADER if c != "EAUG"], "row 1: no column EAUG"),
        ([c for c in HEADER if c not in ("EYR", "IYR")], "row 1: neither EYR nor IYR is a column"),
        ([*HEADER, "EYR"], "row 1, column AC: column EYR is there twice"),
        (["a", "b"], "sheet 'country': no header of a known layout"),
    ],
)
def test_a_header_not_understood_is_a_fault(tmp_path, header, problem):
    with pytest.raises(LayoutError, match=problem):
        parse([workbook(tmp_path, [header])])


def test_a_file_of_one_flow_has_one_series(tmp_path):
    rows = [HEADER, line(2015, "4231", "Belgium")]
    exports = [[c for h, c in zip(HEADER, row, strict=True) if not h.startswith("I")] for row in rows]
    assert set(parse([workbook(tmp_path, exports)]).observations.series) == {X}


def test_an_edition_is_refused_and_a_file_needed(tmp_path):
    with pytest.raises(ClaimbookError, match="leave out the edition"):
        parse([tmp_path / "country.xlsx"], edition="2015")
    with pytest.raises(ClaimbookError, match="no file"):
        parse([])


# rows of the trade API


def api(folder, measure="ALL_VAL_MO", partners=(("4231", "BELGIUM", 1e6),), months=range(1, 13), extra=""):
    rows = [f"CTY_CODE,CTY_NAME,{measure},YEAR,MONTH"]
    rows += [f'{code},"{name}",{dollars:.0f},2015,{m:02}' for code, name, dollars in partners for m in months]
    return text(folder, f"{measure}.csv", "\n".join(rows) + "\n" + extra)


def test_two_api_files_make_one_release_in_millions(tmp_path):
    total = ("-", "TOTAL FOR ALL COUNTRIES", 1.5e6)
    partners = (("4231", "BELGIUM", 1.5e6), ("4XXX", "EUROPE", 2e6), ("0003", "EUROPEAN UNION", 2e6), total)
    parsed = parse([api(tmp_path, partners=partners), api(tmp_path, "GEN_VAL_MO")])
    assert value(parsed, X, "BEL", 2015) == 18
    assert value(parsed, M, "BEL", 2015) == 12
    assert value(parsed, X, "WLD", 2015) == 18
    assert value(parsed, X, "CENSUS.API.4XXX", 2015) == 24
    assert value(parsed, X, "CENSUS.API.0003", 2015) == 24
    assert parsed.partial == (Partial(M, None, (2015,)),)  # the imports have no total


def test_an_api_month_without_trade_is_left_out_by_the_api(tmp_path):
    parsed = parse([api(tmp_path, extra="4239,LUXEMBOURG,5000000,2015,03\n")])
    assert value(parsed, X, "LUX", 2015) == 5


def test_an_api_year_without_its_last_months_is_left_out(tmp_path):
    parsed = parse([api(tmp_path, months=range(1, 9))])
    assert parsed.observations.empty
    assert parsed.notes == ("census.goods_exports 2015 is left out: months published: 8 of 12",)


def test_the_api_leaves_unidentified_countries_without_a_name(tmp_path):
    parsed = parse([api(tmp_path, extra="8220,,7000000,2015,07\n")])
    assert value(parsed, X, "CENSUS.UNIDENTIFIED", 2015) == 7
    with pytest.raises(LayoutError, match=r"ALL_VAL_MO\.csv, row 14, column B: unknown partner ''"):
        parse([api(tmp_path, extra="4239,,7000000,2015,07\n")])


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("4231,BELGIUM,2,2015,01\n", "row 14, column C: BEL 2015-01 is 2 here and 1,000,000 above"),
        ("4239,LUXEMBOURG,2,2015,13\n", "row 14, column E: '13' is not a month"),
        ("4239,LUXEMBOURG,,2015,12\n", "row 14, column C: '' is not an amount of trade"),
        ("8XXX,ELSEWHERE,2,2015,12\n", "row 14, column B: group 8XXX is called 'ELSEWHERE'"),
    ],
)
def test_an_api_row_not_understood_is_a_fault(tmp_path, extra, problem):
    with pytest.raises(LayoutError, match=problem):
        parse([api(tmp_path, extra=extra)])


def test_an_api_file_of_two_flows_is_a_fault(tmp_path):
    file = text(tmp_path, "a.csv", "CTY_CODE,CTY_NAME,ALL_VAL_MO,GEN_VAL_MO,YEAR,MONTH\n")
    with pytest.raises(LayoutError, match=r"row 1: 2 of the columns ALL_VAL_MO, GEN_VAL_MO; one is needed"):
        parse([file])


# transcripts

COMMENT = "# Transcribed from 2025.json (rounded). Million: million USD. Rows: every partner >= 2,000, and the EU.\n"
YEAR = COMMENT + "iso3,exports_year,imports_year\nAGG_0003_EU,412548.3,632896.5\nBEL,36283.9,27176.9\n"
ROWS = "year,country_code,exports_year_musd,imports_year_musd\n2024,BEL,34264.7,27778.2\n2025,BEL,36283.9,27176.9\n"


def test_a_transcribed_year_tells_its_year_and_threshold_in_the_comment(tmp_path):
    parsed = parse([text(tmp_path, "t.csv", YEAR)])
    assert value(parsed, X, "BEL", 2025) == 36283.9
    assert value(parsed, M, "CENSUS.0003", 2025) == 632896.5
    assert set(parsed.partial) == {Partial(X, 2000.0, (2025,)), Partial(M, 2000.0, (2025,))}


def test_transcribed_rows_bound_nobody_and_a_second_file_adds_what_it_knows(tmp_path):
    rows = text(tmp_path, "r.csv", ROWS)
    assert Partial(X, None, (2024, 2025)) in parse([rows]).partial
    for files in ([rows, text(tmp_path, "t.csv", YEAR)], [text(tmp_path, "t.csv", YEAR), rows]):
        parsed = parse(files)
        assert value(parsed, X, "BEL", 2024) == 34264.7
        assert value(parsed, X, "BEL", 2025) == 36283.9
        assert {p for p in parsed.partial if p.series == X} == {
            Partial(X, None, (2024,)),
            Partial(X, 2000.0, (2025,)),
        }


def test_two_transcripts_that_differ_are_a_fault(tmp_path):
    rows = text(tmp_path, "r.csv", ROWS.replace("36283.9", "36283.8"))
    with pytest.raises(
        LayoutError, match=r"r\.csv, row 3, column C: BEL 2025 is 36,283\.8 here and 36,283\.9 in t\.csv, row 4"
    ):
        parse([text(tmp_path, "t.csv", YEAR), rows])


def test_a_transcript_beside_the_bureaus_own_file_must_agree(tmp_path):
    rows = text(tmp_path, "r.csv", ROWS)
    country = workbook(tmp_path, [HEADER, line(2024, "4231", "Belgium", 27778.2, 34264.7)])
    assert value(parse([country, rows]), X, "BEL", 2024) == 34264.7
    country = workbook(tmp_path, [HEADER, line(2024, "4231", "Belgium", 27778.2, 34177.9)])
    with pytest.raises(LayoutError, match=r"r\.csv, row 2, column C: BEL 2024 is 34,264\.7 here and 34,177\.9"):
        parse([country, rows])


def test_a_full_list_tells_more_than_a_transcript_beside_it(tmp_path):
    transcript = text(tmp_path, "t.csv", YEAR.replace("AGG_0003_EU,412548.3,632896.5\n", ""))
    rows = [HEADER, line(2025, "4231", "Belgium", 27176.9, 36283.9), world(2025, 27176.9, 36283.9)]
    assert parse([workbook(tmp_path, rows), transcript]).partial == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (YEAR.replace("2025.json", "a page"), "row 1: the comment above the header does not tell the year"),
        (YEAR.replace("million USD", "EUR"), "row 1: the comment above the header does not say 'million USD'"),
        (YEAR.replace("36283.9", "36,283.9"), "row 4, column D: a cell beyond the last column of the header"),
        (YEAR.replace("BEL", "XYZ"), "row 4, column A: 'XYZ' is not a known country or group"),
        (YEAR.replace("AGG_0003_EU", "AGG_0099_XX"), "row 3, column A: 'AGG_0099_XX' is not a known"),
        (YEAR.replace("27176.9", "27176.9x"), "row 4, column C: '27176.9x' is not an amount of trade"),
        (YEAR.replace("imports_year", "imports"), "row 2: no column imports_year"),
    ],
)
def test_a_transcript_not_understood_is_a_fault(tmp_path, content, problem):
    with pytest.raises(LayoutError, match=problem):
        parse([text(tmp_path, "t.csv", content)])


# the publisher's own files


@originals
def test_the_edition_of_february_2012():
    parsed = parse([ORIGINALS / "country-2012-02.csv"])
    # line 1680, "2011,4231,Belgium": IYR 17429.94244, EYR 29876.948901
    assert value(parsed, M, "BEL", 2011) == 17429.94244
    assert value(parsed, X, "BEL", 2011) == 29876.948901
    # line 281, "2011,0015,World, Not Seasonally Adjusted", and line 66, the seasonally adjusted one
    assert value(parsed, X, "WLD", 2011) == 1480665.525192
    assert value(parsed, X, "CENSUS.0004", 2011) == 1480665
    # line 3001 is ",5220,Yemen,0,0,..."
    assert "country-2012-02.csv: row 3001 has neither a year nor figures" in parsed.notes
    assert parsed.observations.period.max() == 2011


@originals
@pytest.mark.parametrize(
    ("file", "last", "part", "imports_2022"),
    [
        ("country-2023-03.xlsx", 2022, "2023", 26774.158451000003),  # P2614
        ("country-2025-04.xlsx", 2024, "2025", 26606.857827999997),  # P2763
    ],
)
def test_the_workbooks(file, last, part, imports_2022):
    parsed = parse([ORIGINALS / file])
    assert parsed.observations.period.max() == last
    assert sum(f"{part} is left out" in note for note in parsed.notes) == 2
    assert value(parsed, M, "BEL", 2022) == imports_2022
    assert value(parsed, X, "BEL", 2015) == 34173.801448  # AC2607 and AC2756
    assert value(parsed, X, "WLD", 2015) == 1503328.3497459998  # AC345 and AC361
    assert value(parsed, X, "SUN", 1989) == 4283.5  # AC3146 and AC3327
    assert value(parsed, X, "PRK", 2022) == 0  # AC5525 and AC5844
    # 63.4 under code 7740 (AC7707, AC8159) and 75.5 under code 7749 (AC7743, AC8197)
    assert value(parsed, X, "ETH", 1993) == pytest.approx(138.9)
    assert [p.periods for p in parsed.partial if p.series == X and p.missing_below is None] == [(1985, 1986)]
    bounds = {p.periods: p.missing_below for p in parsed.partial if p.series == X}
    assert bounds[(1991,)] == 7182  # 421730.0 in the world row less 414548.6 of the partners listed


@originals
def test_the_api_rows_of_october_2025():
    files = [ORIGINALS / f"api-rows-{flow}-2013-2024-fetched-2025-10.csv" for flow in ("exports", "imports")]
    parsed = parse(files)
    # twelve rows "4231,BELGIUM,...,2024,MM" each: 2600673732 + ... + 2342076645; 1697991536 + ... + 2167364205
    assert value(parsed, X, "BEL", 2024) == pytest.approx(34200.503741, abs=1e-9)
    assert value(parsed, M, "BEL", 2024) == pytest.approx(27786.935658, abs=1e-9)
    # rows with code "-", 2013
    assert value(parsed, X, "WLD", 2013) == pytest.approx(1578516.879950, abs=1e-6)
    assert parsed.partial == ()


@originals
def test_the_transcripts_of_october_2026():
    files = [ORIGINALS / f"country-2026-10-transcribed-{name}.csv" for name in ("2025", "rows")]
    parsed = parse(files)
    assert value(parsed, X, "BEL", 2025) == 36283.9  # line 8 and line 52
    assert value(parsed, X, "BEL", 2023) == 38437.4  # line 43
    assert Partial(X, 2000.0, (2025,)) in parsed.partial
    assert Partial(X, None, (2023, 2024)) in parsed.partial
