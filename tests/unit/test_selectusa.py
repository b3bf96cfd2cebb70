"""SelectUSA's rows: editions, what is given and what is not, printed ranks, faults."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.selectusa import COLUMNS, parse

ORIGINAL = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "selectusa" / "selectusa-rows.csv"
original = pytest.mark.skipif(not ORIGINAL.is_file(), reason="the publisher's file is not at hand")
SHEET = "SelectUSA country fact sheet"
UBO = "historical cost; by country of ultimate beneficial owner (UBO)"
USDIA = 'USDIA historical cost; (sheet mislabels it "Position (UBO)")'
OUTWARD = "United States (outward, to)"


def row(**cells) -> dict[str, str]:
    """A row of the file; the defaults are a fact sheet's position by ultimate owner."""
    ordinary = {
        "dataset": SHEET,
        "measure": "position",
        "concept": UBO,
        "reporter": "United States",
        "partner": "Belgium",
        "year": "2014",
        "value": "36460.0",
        "unit": "million USD",
        "vintage": "Sheet of Sept 2015 (BEA)",
        "source": "a sheet",
        "flag": "",
    }
    return {**ordinary, **cells}


def flow(**cells):
    return row(**{"measure": "flow", "concept": "financial transactions; by foreign parent", **cells})


def outward(**cells):
    return row(**{"reporter": OUTWARD, "concept": USDIA, **cells})


def jobs(**cells):
    told = {
        "dataset": f"{SHEET} (BEA AMNE)",
        "measure": "employment",
        "concept": "employees of US affiliates by country of owner",
        "unit": "persons",
        "value": "158500.0",
    }
    return row(**{**told, **cells})


def ranked(rank, partner, value, year="2014", **cells):
    told = {"dataset": "SelectUSA published ranking (by UBO)", "concept": "historical cost; UBO; top-15 list"}
    return row(**{**told, "partner": partner, "value": value, "year": year, "flag": f"published rank {rank}"}, **cells)


def statement(**cells):
    told = {"dataset": "SelectUSA Monthly Update (Jan 2013)", "vintage": "2013-01", "flag": "published rank 10"}
    return row(**{**told, **cells})


def file(folder: Path, *rows: dict[str, str], columns=COLUMNS) -> list[Path]:
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="more")
        writer.writeheader()
        writer.writerows({name: cell for name, cell in r.items() if name in columns} for r in rows)
    return [folder / "rows.csv"]


def entry(parsed: Parsed, series: str, partner="BEL", year=2014) -> tuple[float, str, str] | None:
    """Value, unit and flag of a key, None where it has no row."""
    o = observations.check(parsed.observations)
    found = o[(o.series == f"selectusa.{series}") & (o.partner == partner) & (o.period == year)]
    assert len(found) <= 1
    return None if found.empty else (found.value.item(), found.unit.item(), found.flag.item())


def test_each_measure_is_a_series_of_its_own(tmp_path):
    rows = [
        row(),
        flow(value="1329.0"),
        outward(value="48128.0"),
        outward(measure="flow", concept="USDIA financial outflows", value="-1257.0"),
        jobs(),
    ]
    parsed = parse(file(tmp_path, *rows))
    assert entry(parsed, "fdi_position_ubo") == (36460.0, "million USD", "")
    assert entry(parsed, "fdi_flow") == (1329.0, "million USD", "")
    assert entry(parsed, "usdia_position") == (48128.0, "million USD", "")
    assert entry(parsed, "usdia_flow") == (-1257.0, "million USD", "")
    assert entry(parsed, "affiliate_employment") == (158500.0, "persons", "")
    assert set(parsed.observations.reporter) == {"USA"}
    assert set(parsed.partial) == {Partial(series) for series in set(parsed.observations.series)}
    assert parsed.notes == ()


def test_columns_in_another_order_and_one_more(tmp_path):
    parsed = parse(file(tmp_path, row(), columns=(*reversed(COLUMNS), "remark")))
    assert entry(parsed, "fdi_position_ubo") == (36460.0, "million USD", "")


def test_the_world_and_a_misprint_kept_as_printed(tmp_path):
    typo = "PRINTED VALUE LOOKS LIKE A TYPO in the sheet"
    parsed = parse(file(tmp_path, row(partner="World", year="2012", value="2,064,033", flag=typo)))
    assert entry(parsed, "fdi_position_ubo", "WLD", 2012) == (2064033.0, "million USD", "")
    assert parsed.notes == ("selectusa.fdi_position_ubo WLD 2012: looks like a misprint in the sheet; kept as printed",)


def test_a_suppressed_figure_has_a_row_without_a_value(tmp_path):
    value, _, flag = entry(parse(file(tmp_path, row(value="", flag="(D)"))), "fdi_position_ubo")
    assert math.isnan(value)
    assert flag == "suppressed"


@pytest.mark.parametrize("mark", ["N/A*", "NA*", "*"])
def test_a_figure_that_is_not_given_has_no_row_but_a_note(tmp_path, mark):
    parsed = parse(file(tmp_path, row(value="", flag=mark), flow()))
    assert entry(parsed, "fdi_position_ubo") is None
    assert parsed.notes == (f"selectusa.fdi_position_ubo BEL 2014: not given ({mark})",)


def test_a_fraction_of_a_million_is_left_out_with_a_note(tmp_path):
    parsed = parse(file(tmp_path, outward(partner="Taiwan", value="16.91"), outward()))
    assert entry(parsed, "usdia_position", "TWN") is None
    assert parsed.notes == (
        "selectusa.usdia_position TWN 2014: left out, 16.91 is not a whole number of millions: "
        "the sheet has another unit",
    )


# editions


def test_one_edition_of_several_is_chosen_by_its_name_or_its_beginning(tmp_path):
    later = row(vintage="Sheet of Feb 2016 (BEA)", value="36500.0")
    files = file(tmp_path, row(), later, statement())
    assert entry(parse(files, edition="Sheet of Sept 2015 (BEA)"), "fdi_position_ubo")[0] == 36460
    assert entry(parse(files, edition="Sheet of Feb 2016"), "fdi_position_ubo")[0] == 36500


def test_a_full_name_that_others_begin_with_is_no_doubt(tmp_path):
    files = file(tmp_path, row(vintage="Sheet"), row(vintage="Sheet 2", value="1.0"))
    assert entry(parse(files, edition="Sheet"), "fdi_position_ubo")[0] == 36460


@pytest.mark.parametrize(
    ("edition", "problem"),
    [
        (None, "name one edition of 2"),
        ("Sheet of", "'Sheet of' names 2 editions"),
        ("Sheet of 2017", "'Sheet of 2017' names 0 editions"),
        ("", "'' names 0 editions"),
        ("2013-01", "'2013-01' holds single statements, not a table"),
    ],
)
def test_an_edition_in_doubt_is_refused_with_those_there_are(tmp_path, edition, problem):
    files = file(tmp_path, row(), row(vintage="Sheet of Feb 2016 (BEA)"), statement())
    with pytest.raises(ClaimbookError) as caught:
        parse(files, edition=edition)
    assert problem in str(caught.value)
    assert "there are: 'Sheet of Sept 2015 (BEA)'; 'Sheet of Feb 2016 (BEA)'" in str(caught.value)


def test_no_file_is_refused():
    with pytest.raises(ClaimbookError, match="no file is named"):
        parse([])


# the printed ranking

TOP = [ranked(1, "United Kingdom", "465795.0"), ranked(2, "Japan", "374720.0"), ranked(3, "Belgium", "36460.0")]


def test_nobody_left_out_of_a_ranking_has_more_than_its_last(tmp_path):
    parsed = parse(file(tmp_path, *reversed(TOP), ranked(1, "Japan", "7.0", year="2013")))
    assert entry(parsed, "fdi_position_ubo_top15") == (36460.0, "million USD", "")
    assert parsed.partial == (
        Partial("selectusa.fdi_position_ubo_top15", 7.0, (2013,)),
        Partial("selectusa.fdi_position_ubo_top15", 36460.0, (2014,)),
    )


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([*TOP, ranked(4, "Norway", "36461.0")], "row 5, column G: printed rank 4 of 2014 has more than rank 3"),
        ([*TOP, ranked(5, "Norway", "1.0")], "row 5, column K: printed rank 5 of 2014 is at place 4"),
        ([*TOP, ranked(3, "Norway", "36460.0")], "row 5, column K: printed rank 3 of 2014 is at place 4"),
        ([*TOP, ranked(4, "Belgium", "36459.0")], r"row 5, column G: 36,459 here and 36,460 in row 4"),
        ([row(flag="published rank 1")], "row 2, column K: 'published rank 1' in the dataset"),
        ([ranked(1, "Japan", "7.0") | {"flag": ""}], "row 2, column K: '' in the dataset"),
    ],
)
def test_a_ranking_that_contradicts_itself_is_a_fault(tmp_path, rows, problem):
    with pytest.raises(LayoutError, match=problem):
        parse(file(tmp_path, *rows))


# faults


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        (row(dataset="Somebody's list"), 'column A: unknown dataset "Somebody\'s list"'),
        (row(measure="income"), "column B: unknown measure 'income' of reporter 'United States'"),
        (row(concept="foreign parent"), "column C: the concept of selectusa.fdi_position_ubo should name"),
        (row(reporter="Belgium"), "column B: unknown measure 'position' of reporter 'Belgium'"),
        (row(partner="Ruritania"), "column E: unknown partner 'Ruritania'"),
        (row(year="FY14"), "column F: 'FY14' is not a year"),
        (row(value="much"), "column G: 'much' is not a figure"),
        (row(value=""), "column G: '' is not a figure"),
        (row(value="nan"), "column G: 'nan' is not a figure"),
        (row(flag="(D)"), r"column G: a figure, '36460.0', that the flag '\(D\)' says is not given"),
        (row(flag="N/A*"), "column G: a figure, '36460.0'"),
        (row(flag="revised"), "column K: unknown flag 'revised'"),
        (row(unit="billion USD"), "column H: the unit is 'billion USD', not 'million USD'"),
        (jobs(value="158.5"), "column G: '158.5' is not a whole number of persons"),
        (jobs(value="-1.0"), "column G: '-1.0' is negative"),
        (row(value="36461.0"), "column G: 36,461 here and 36,460 in row 2"),
    ],
)
def test_a_row_not_understood_is_a_fault(tmp_path, faulty, problem):
    with pytest.raises(LayoutError, match=rf"rows\.csv, row 3, {problem}"):
        parse(file(tmp_path, row(), faulty))


def test_the_same_row_twice_is_one(tmp_path):
    hidden = row(value="", flag="(D)", year="2013")
    assert len(parse(file(tmp_path, row(), row(), hidden, hidden)).observations) == 2


def test_a_file_without_its_columns_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"rows\.csv, row 1: the column flag is there 0 times"):
        parse(file(tmp_path, row(), columns=COLUMNS[:-1]))
    with pytest.raises(LayoutError, match=r"rows\.csv: no header with the columns dataset"):
        parse(file(tmp_path, row(), columns=("dataset", "value")))


def test_an_unquoted_separator_is_a_fault(tmp_path):
    (path,) = file(tmp_path, row())
    path.write_text(path.read_text().replace("36460.0", "36,460.0"))
    with pytest.raises(LayoutError, match=r"rows\.csv, row 2: 12 cells under 11 columns"):
        parse([path])


# the publisher's own rows


@original
def test_the_sheets_of_september_2015():
    parsed = parse([ORIGINAL], edition="SelectUSA fact sheet Sept 2015")
    # lines 696, 701, 706 and 711, Belgium 2014; line 854, World 2012
    assert entry(parsed, "fdi_position_ubo") == (36460.0, "million USD", "")
    assert entry(parsed, "fdi_flow") == (1329.0, "million USD", "")
    assert entry(parsed, "usdia_position") == (48128.0, "million USD", "")
    assert entry(parsed, "usdia_flow") == (-1257.0, "million USD", "")
    assert entry(parsed, "affiliate_employment", year=2012) == (158600.0, "persons", "")
    assert entry(parsed, "fdi_position_ubo", "WLD", 2012)[0] == 2064033
    assert any("WLD 2012: looks like a misprint" in note for note in parsed.notes)
    assert parsed.observations.partner.nunique() == 44


@original
def test_the_sheets_of_early_2015():
    parsed = parse([ORIGINAL], edition="SelectUSA fact sheet Feb-Mar 2015 (BEA)")
    assert entry(parsed, "usdia_position", "KWT", 2010)[2] == "suppressed"  # line 304, (D)
    assert entry(parsed, "fdi_position_ubo", "KWT", 2010)[0] == 1781  # line 309
    assert sum("TWN" in note for note in parsed.notes) == 10  # lines 542 to 551 print billions


@original
@pytest.mark.parametrize(
    ("edition", "year", "belgium", "last"),
    [
        ("SelectUSA report", 2012, 47728, 29175),  # rank 11; Mexico is 15th
        ("SelectUSA Belgium fact sheet", 2013, 34260, 32878),  # rank 14
        ("SelectUSA US fact sheet (BEA", 2014, 36460, 31448),  # rank 12
    ],
)
def test_the_printed_rankings(edition, year, belgium, last):
    parsed = parse([ORIGINAL], edition=edition)
    assert len(parsed.observations) == 15
    assert entry(parsed, "fdi_position_ubo_top15", year=year)[0] == belgium
    assert parsed.partial == (Partial("selectusa.fdi_position_ubo_top15", last, (year,)),)


@original
def test_the_statements_are_no_edition():
    with pytest.raises(ClaimbookError, match="holds single statements"):
        parse([ORIGINAL], edition="page, data to 2015")
