"""The IMF's survey of direct investment: year-ends, confidential and blank cells, faults."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis import areas, observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed
from analysis.publishers.imf import SERIES, parse

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "imf-cdis"
original = pytest.mark.skipif(not DATA.is_dir(), reason="the publisher's files are not at hand")
TITLES = (
    "Table 6-o: Outward Direct Investment Positions by All Reporting Economies Cross-classified by "
    "Counterpart Economies, as of end-{}"
)
TITLE = TITLES.format(2012)
EXTRACTED = "Data extracted from IMF Data Warehouse on:1/25/2024 1:40:32 PM"
TABLE = [
    ["Investment in:", "Belgium", "Korea, Rep. of", "Total Investment"],
    ["Austria", 12.5, None, 12.5],
    ["United States", 33749.06454, "C", 33749.06454],
    ["Not Specified (including Confidential)", 0, 4, 4],
    ["World", 40000, 5, 40005],
]


def file(folder: Path, table=TABLE, *, title=TITLE, unit="US Dollars, Millions", note=EXTRACTED) -> Path:
    book = Workbook()
    sheet = book.active
    for line in ([], [title], [unit], *table, [], ["Notes"], ["Blank cells are not available."], [note]):
        sheet.append(line)
    path = folder / f"cdis_{len(list(folder.iterdir()))}.xlsx"
    book.save(path)
    return path


def changed(row: int, column: int, value: object) -> list[list]:
    return [[value if (r, c) == (row, column) else cell for c, cell in enumerate(line)] for r, line in enumerate(TABLE)]


def entry(parsed: Parsed, reporter: str, partner: str, year: int = 2012) -> tuple[float, str] | None:
    frame = observations.check(parsed.observations)
    assert set(frame["series"]) == {SERIES} and set(frame["unit"]) == {"million USD"}
    key = (frame["reporter"] == reporter) & (frame["partner"] == partner) & (frame["period"] == year)
    rows = frame[key]
    return None if rows.empty else (rows["value"].item(), rows["flag"].item())


def test_the_investor_reports_and_the_partner_is_where_it_invests(tmp_path):
    parsed = parse([file(tmp_path)])
    assert entry(parsed, "BEL", "USA") == (33749.06454, "")
    assert entry(parsed, "BEL", "IMF.NOT_SPECIFIED") == (0.0, "")
    assert entry(parsed, "IMF.REPORTERS", "WLD") == (40005.0, "")
    assert "IMF.REPORTERS" not in areas.rankable() and parsed.partial == ()
    assert parsed.released == "2024-01-25"


def test_confidential_is_suppressed_and_a_blank_has_no_row(tmp_path):
    parsed = parse([file(tmp_path)])
    value, flag = entry(parsed, "KOR", "USA")
    assert math.isnan(value) and flag == "suppressed"
    assert entry(parsed, "KOR", "AUT") is None


def test_a_workbook_a_year(tmp_path):
    parsed = parse([file(tmp_path), file(tmp_path, changed(1, 1, "13"), title=TITLES.format(2013))])
    assert entry(parsed, "BEL", "AUT") == (12.5, "") and entry(parsed, "BEL", "AUT", 2013) == (13.0, "")


def test_columns_and_rows_may_be_moved(tmp_path):
    moved = [[line[0], *line[:0:-1]] for line in TABLE]
    moved[1:4] = moved[3:0:-1]
    assert parse([file(tmp_path, [[], *moved])]).observations.equals(parse([file(tmp_path)]).observations)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (changed(1, 1, "n"), r"row 5, column B: 'n' is neither a number nor C"),
        (changed(0, 1, "Atlantis"), r"row 4, column B: unknown area 'Atlantis'"),
        (changed(1, 0, "Atlantis"), r"row 5, column A: unknown area 'Atlantis'"),
        (changed(1, 0, None), r"row 5, column A: unknown area ''"),
        (changed(0, 2, "Belgium"), r"row 4: an investor is there twice"),
        (changed(2, 0, "Austria"), r"row 6, column B: imf\.outward_position_reported of BEL AUT in 2012"),
        (changed(0, 0, "Investment from:"), r"no line that reads 'Investment in:'"),
        ([*TABLE, ["Austria", 1, 1, 1]], r"row 9, column A: a row below World"),
        (TABLE[:-1], r"the table does not end with World"),
    ],
)
def test_a_table_not_understood_is_a_fault(tmp_path, table, problem):
    with pytest.raises(LayoutError, match=rf"cdis_0\.xlsx, sheet 'Sheet'.*{problem}"):
        parse([file(tmp_path, table)])


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ({"title": TITLE.replace("6-o", "6-i").replace("Outward", "Inward")}, "no title of Table 6-o"),
        ({"unit": "Euros, Millions"}, "no line that reads 'US Dollars, Millions'"),
        ({"note": "Data source: reports"}, "no line that reads 'Data extracted"),
        ({"note": EXTRACTED.replace("1/25", "25/1")}, "names no day"),
    ],
)
def test_another_table_or_unit_is_a_fault(tmp_path, named, problem):
    with pytest.raises(LayoutError, match=problem):
        parse([file(tmp_path, **named)])


def test_workbooks_of_different_days_are_not_mixed(tmp_path):
    later = file(tmp_path, title=TITLES.format(2013), note=EXTRACTED.replace("1/25", "1/26"))
    with pytest.raises(LayoutError, match="different days: 2024-01-25, 2024-01-26"):
        parse([file(tmp_path), later])


def test_an_edition_or_no_file_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="edition '2024'"):
        parse([file(tmp_path)], edition="2024")
    with pytest.raises(ClaimbookError, match="no file is named"):
        parse([])


@original
def test_two_year_ends_of_the_original():
    parsed = parse([DATA / "CDIS_Table_6_2009.xlsx", DATA / "CDIS_Table_6_2015.xlsx"])
    # Row "United States" of 2015: 29008.4115 under Belgium; row "Belgium": 48096 under United States.
    assert entry(parsed, "BEL", "USA", 2015) == (29008.4115, "")
    assert entry(parsed, "USA", "BEL", 2015) == (48096.0, "")
    # Row "Andorra, Principality of" of 2015: C under Austria; row "Afghanistan": blank under Albania.
    assert entry(parsed, "AUT", "AND", 2015)[1] == "suppressed"
    assert entry(parsed, "ALB", "AFG", 2015) is None
    assert parsed.released == "2024-01-25"


@original
def test_what_reporters_tell_of_the_united_states_adds_up_to_the_total():
    frame = parse([DATA / "CDIS_Table_6_2018.xlsx"]).observations
    told = frame[(frame["partner"] == "USA") & frame["value"].notna()].set_index("reporter")["value"]
    assert told.drop("IMF.REPORTERS").sum() == pytest.approx(told["IMF.REPORTERS"])
