"""Plain rows under a header: places, spellings, numbers, years, areas, and the faults of each."""

from __future__ import annotations

import pytest

from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import table


def written(folder, text, name="rows.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_found_by_their_header_wherever_its_columns_stand(tmp_path):
    path = written(tmp_path, '# read off a page\n\nextra,b,a\nx," 1,200 ",Belgium\n,,\ny,2,Norway\n')
    first, second = table.rows(path, "a", "b")
    assert (first["a"], first.number("b"), first["extra"], first["nowhere"]) == ("Belgium", 1200.0, "x", "")
    assert (second["a"], second.number("b")) == ("Norway", 2.0)


@pytest.mark.parametrize("header", ["a", "older"])
def test_a_column_may_have_several_spellings(tmp_path, header):
    (row,) = table.rows(written(tmp_path, f"{header}\n7\n"), ("a", "older"))
    assert row["a"] == "7"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("b\n1\n", r"row 1: the column 'a' is there 0 times"),
        ("a,a\n1,2\n", r"row 1: the column 'a' is there 2 times"),
        ("a,b\n1\n", r"row 2: 1 cells under 2 columns"),
        ("a,b\n1,2,3\n", r"row 2: 3 cells under 2 columns"),
    ],
)
def test_a_table_that_is_not_one(tmp_path, text, said):
    with pytest.raises(LayoutError, match=said):
        table.rows(written(tmp_path, text), "a")


@pytest.mark.parametrize(("cell", "year"), [("2014", 2014), ("2014.0", 2014), (" 1900 ", 1900)])
def test_a_year_may_be_written_as_a_number(tmp_path, cell, year):
    (row,) = table.rows(written(tmp_path, f"a,b\n{cell},x\n"), "a")
    assert row.year("a") == year


@pytest.mark.parametrize("cell", ["2014.5", "15", "x", "1e9", "nan"])
def test_what_is_not_a_year_is_told_with_its_place(tmp_path, cell):
    (row,) = table.rows(written(tmp_path, f"b,a\nx,{cell}\n"), "a")
    with pytest.raises(LayoutError, match=rf"row 2, column B: '{cell}' is not a year"):
        row.year("a")


@pytest.mark.parametrize("cell", ["x", "inf", "1.2.3", "true"])
def test_what_is_not_a_number_is_told_with_its_place(tmp_path, cell):
    (row,) = table.rows(written(tmp_path, f"b,a\nx,{cell}\n"), "a")
    with pytest.raises(LayoutError, match=rf"rows.csv, row 2, column B: '{cell}' is not a figure"):
        row.number("a")


def test_an_unknown_area_is_told_with_its_place_and_remedy(tmp_path):
    known, unknown = table.rows(written(tmp_path, "a\nTürkiye\nRuritania\n"), "a")
    assert known.area("a", "vdem") == "TUR"
    with pytest.raises(LayoutError, match=r"row 3, column A: unknown country or group 'Ruritania'.*areas/vdem.yaml"):
        unknown.area("a", "vdem")


def test_no_file_and_the_choice_of_an_edition():
    with pytest.raises(ClaimbookError, match="gtd: no file is named"):
        table.gathered("gtd", [], "a")
    assert table.chosen("icsr", ["2013"], None) == "2013"
    assert table.chosen("icsr", ["2013", "2015", "2013"], "2015") == "2015"
    with pytest.raises(ClaimbookError, match="icsr: name one edition; there are: '2013', '2015'"):
        table.chosen("icsr", ["2013", "2015", "2013"], None)
    with pytest.raises(ClaimbookError, match="icsr: there is no edition '2014'; there are: '2013'"):
        table.chosen("icsr", ["2013"], "2014")
    with pytest.raises(ClaimbookError, match="eiu: a file holds one edition; leave out edition '2022'"):
        table.refuse("eiu", "2022")
