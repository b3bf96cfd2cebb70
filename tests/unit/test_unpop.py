"""World Population Prospects: revisions, days, projections, regions; a sheet that understates its size; faults."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.grid import read_workbook
from analysis.publishers.unpop import MID_YEAR, YEAR_END, YOUNG, parse

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "population"
TABLE, BOOK = DATA / "wpp_africa.csv", DATA / "UN_PPP2024_Output_PopTot.xlsx"
original = pytest.mark.skipif(not DATA.is_dir(), reason="the publisher's files are not at hand")
OWID, PACKAGE_2019 = "WPP2017 medium (via OWID)", "WPP2019 medium (PPgp/wpp2019)"
PACKAGE_2024 = "WPP2024 medium (PPgp/wpp2024)"


def row(**cells: str) -> dict[str, str]:
    """A row of the CSV; the defaults are Africa in 2015, by the revision of 2017."""
    told = {"vintage": OWID, "area": "Africa", "year": "2015", "population": "1194369908.0", "under25": "720775126.0"}
    return {**told, "unit": "persons", "africa_share_world": "0.16", **cells}


def table(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "wpp.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


HEAD = ["Index", "Variant", "Region, subregion, country or area *", "ISO3 Alpha-code", "Type", 2024, "2025"]
LINES = [
    [1, "Median PI", "World", "", "World", 8161972.572, 8231613.07],
    [2, "Median PI", "Geographic regions", "", "Label/Separator", "...", "..."],
    [3, "Median PI", "Africa", "", "Region", 1515140.849, 1549867.579],
    [4, "Median PI", "Türkiye", "TUR", "Country/Area", 87473.805, 87685.426],
    [5, "Median PI", "Micronesia", "", "Subregion", 526.923, 528.68],
]
WORDS = [
    "File PPP/POPTOT: Probabilistic projection of total population (both sexes combined) by region, 2024-2100 (thousands)",
    "Median (50 percent) prediction interval, 2024 - 2100",
    "POP/DB/WPP/Rev.2024/PPP/POPTOT",
    "Total population, both sexes combined, as of 1 July (thousands)",
]


def book(folder: Path, lines=LINES, words=WORDS, head=HEAD) -> Path:
    made = Workbook()
    for title, swap in (("Lower 95", ("Median (50", "Lower 95 (95")), ("Median", ("", ""))):
        sheet = made.create_sheet(title)
        for word in words:
            sheet.append([None, None, word.replace(*swap)])
        sheet.append(head)
        for line in lines:
            sheet.append([cell / 2 if title == "Lower 95" and isinstance(cell, float) else cell for cell in line])
    path = folder / "PopTot.xlsx"
    made.save(path)
    return path


def changed(at: int, column: int, value: object) -> list[list]:
    return [[value if (r, c) == (at, column) else cell for c, cell in enumerate(line)] for r, line in enumerate(LINES)]


def entry(parsed: Parsed, series: str, area: str, year: int) -> tuple[float, str] | None:
    frame = observations.check(parsed.observations)
    assert set(frame["unit"]) == {"persons"}
    rows = frame[(frame["series"] == series) & (frame["reporter"] == area) & (frame["period"] == year)]
    return None if rows.empty else (rows["value"].item(), rows["flag"].item())


# The CSV


def test_one_vintage_is_chosen_and_nothing_in_it_is_ranked(tmp_path):
    rows = (row(), row(vintage=PACKAGE_2019, population="1182439000.0000002", under25="715504000"))
    parsed = parse([table(tmp_path, *rows)], edition="WPP2019")
    assert entry(parsed, MID_YEAR, "UNPOP.AFRICA", 2015) == (1182439000, "")
    assert entry(parsed, YOUNG, "UNPOP.AFRICA", 2015) == (715504000, "")
    assert parsed.partial == (Partial(MID_YEAR), Partial(YOUNG))


def test_without_an_edition_the_only_vintage_is_taken(tmp_path):
    assert entry(parse([table(tmp_path, row())]), MID_YEAR, "UNPOP.AFRICA", 2015) == (1194369908, "")


@pytest.mark.parametrize(
    ("vintage", "year", "flag"),
    [
        (OWID, "2015", ""),
        (OWID, "2016", "projection"),  # past when published, but after the last year estimated
        (PACKAGE_2019, "2015", ""),
        (PACKAGE_2019, "2020", "projection"),  # counted among the estimates a year before it came
    ],
)
def test_what_was_not_yet_estimated_is_a_projection(tmp_path, vintage, year, flag):
    parsed = parse([table(tmp_path, row(vintage=vintage, year=year, area="World"))])
    assert entry(parsed, MID_YEAR, "WLD", int(year)) == (1194369908, flag)


def test_the_packages_date_population_to_the_end_of_the_year_from_2022_on(tmp_path):
    parsed = parse([table(tmp_path, row(vintage=PACKAGE_2024, year="2050", under25=""))])
    assert entry(parsed, YEAR_END, "UNPOP.AFRICA", 2050) == (1194369908, "projection")
    assert set(parsed.observations["series"]) == {YEAR_END} and parsed.partial == (Partial(YEAR_END),)


@pytest.mark.parametrize("edition", [None, "WPP", "WPP2012"])
def test_editions_are_named_where_none_or_several_are_meant(tmp_path, edition):
    with pytest.raises(ClaimbookError, match=r"there are: 'WPP2017 medium \(via OWID\)'; 'WPP2019 medium"):
        parse([table(tmp_path, row(), row(vintage=PACKAGE_2019))], edition=edition)


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        ({"area": "Mu"}, "column B: .*'Mu'"),
        ({"year": "2015-16"}, "column C: '2015-16' is not a year"),
        ({"population": ""}, "column D: '' is not a figure"),
        ({"under25": "many"}, "column E: 'many' is not a figure"),
        ({"unit": "thousands"}, "column F: the unit is 'thousands', not 'persons'"),
        ({"population": "7"}, "column D: unpop.population of UNPOP.AFRICA in 2015 is 7 persons"),
    ],
)
def test_a_row_not_understood_is_a_fault(tmp_path, faulty, problem):
    with pytest.raises(LayoutError, match=rf"wpp\.csv, row 3, {problem}"):
        parse([table(tmp_path, row(), row(**faulty))])


@pytest.mark.parametrize(
    ("vintage", "problem"),
    [
        ("WPP2017 high (via OWID)", "'WPP2017 high .* is not understood"),
        ("WPP2019 medium (PPgp/wpp2022)", "is not understood"),
        ("WPP2026 medium (via OWID)", "the revision of 2026 is not known"),
    ],
)
def test_a_vintage_not_understood_is_a_fault(tmp_path, vintage, problem):
    with pytest.raises(LayoutError, match=rf"row 2, column A: .*{problem}|row 2, column A: {problem}"):
        parse([table(tmp_path, row(vintage=vintage))])


# The workbook


def test_the_median_is_taken_in_persons_countries_by_code_and_regions_by_name(tmp_path):
    parsed = parse([book(tmp_path)])
    assert entry(parsed, MID_YEAR, "WLD", 2024) == (8161972572, "projection")
    assert entry(parsed, MID_YEAR, "UNPOP.AFRICA", 2025) == (1549867579, "projection")
    assert entry(parsed, MID_YEAR, "TUR", 2024) == (87473805, "projection")
    assert entry(parsed, MID_YEAR, "UNPOP.MICRONESIA", 2024) == (526923, "projection")
    assert len(parsed.observations) == 8 and parsed.partial == ()  # the heading has no figures


def test_both_files_of_a_revision_go_together(tmp_path):
    files = [book(tmp_path), table(tmp_path, row(), row(vintage=PACKAGE_2024, year="2024", under25=""))]
    parsed = parse(files, edition="WPP2024")
    assert entry(parsed, MID_YEAR, "UNPOP.AFRICA", 2024) == (1515140849, "projection")
    assert entry(parsed, YEAR_END, "UNPOP.AFRICA", 2024) == (1194369908, "projection")
    assert parsed.partial == (Partial(YEAR_END),)
    with pytest.raises(LayoutError, match="files of several revisions: 2017, 2024"):
        parse(files, edition="WPP2017")


def test_a_sheet_that_understates_its_size_is_read_whole(tmp_path):
    whole, cut = book(tmp_path), tmp_path / "cut.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(cut, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part, count = re.subn(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', part)
                assert count == 1
            target.writestr(name, part)
    assert parse([cut]).observations.equals(parse([whole]).observations)
    assert {len(line) for line in read_workbook(cut)[-1].rows} == {len(HEAD)}


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (changed(3, 3, "TRK"), "row 9, column D: unknown country 'TRK'"),
        (changed(3, 3, ""), "row 9, column D: unknown country ''"),
        (changed(2, 2, "Mu"), "row 8, column C: unknown area 'Mu'"),
        (changed(2, 2, "Brazil"), "row 8, column C: a 'Region' that goes by the name of a country, 'Brazil'"),
        (changed(2, 3, "TUR"), "row 8, column D: a 'Region' with a country's code"),
        (changed(3, 5, "..."), r"row 9, column F: '\.\.\.' is not a number of persons"),
        (changed(3, 5, -1), "row 9, column F: -1000 is impossible"),
        (changed(2, 2, "World"), "row 8, column F: unpop.population of WLD in 2024"),
    ],
)
def test_a_line_not_understood_is_a_fault(tmp_path, lines, problem):
    with pytest.raises(LayoutError, match=rf"PopTot\.xlsx, sheet 'Median', {problem}"):
        parse([book(tmp_path, lines)])


@pytest.mark.parametrize(
    ("words", "head", "problem"),
    [
        (WORDS[1:], HEAD, "no sheet of the median of PPP/POPTOT"),
        (WORDS[:-1], HEAD, "no revision, no line that dates the figures to 1 July, or no header"),
        (WORDS, [*HEAD[:3], "ISO", *HEAD[4:]], "no revision, no line that dates the figures to 1 July, or no header"),
        (WORDS, [*HEAD[:5], 2024, "2024"], "no years in the header, or one twice"),
        ([word.replace("Rev.2024", "Rev.2030") for word in WORDS], HEAD, "the revision of 2030 is not known"),
    ],
)
def test_another_table_is_a_fault(tmp_path, words, head, problem):
    with pytest.raises(LayoutError, match=problem):
        parse([book(tmp_path, words=words, head=head)])


def test_an_edition_of_a_workbook_or_no_file_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="a workbook of projections holds one edition"):
        parse([book(tmp_path)], edition="WPP2024")
    with pytest.raises(ClaimbookError, match="no file is named"):
        parse([])


# The originals


@original
def test_africa_by_revision_in_the_original():
    old = parse([TABLE], edition="WPP2017")
    assert entry(old, MID_YEAR, "UNPOP.AFRICA", 1950) == (228670019, "")  # the first row
    assert entry(old, YOUNG, "UNPOP.AFRICA", 1950) == (138112085, "")
    assert len(old.observations) == 2 * 2 * 151
    new = parse([TABLE], edition="WPP2022")
    assert set(new.observations["series"]) == {YEAR_END} and len(new.observations) == 2 * 79


@original
def test_the_revision_of_2019_equals_its_age_groups():
    parsed = parse([TABLE], edition="WPP2019")
    groups = pd.read_parquet(DATA / "wpp2019_broad_age_tidy.parquet")
    assert len(parsed.observations) == 2 * 2 * 31
    for code, area in ((903, "UNPOP.AFRICA"), (900, "WLD")):
        for line in groups[groups["un_code"] == code].to_dict("records"):
            total, young = (entry(parsed, series, area, line["year"])[0] for series in (MID_YEAR, YOUNG))
            assert total == pytest.approx(1000 * line["total"], abs=1)
            assert young == pytest.approx(1000 * (line["0-14"] + line["15-24"]), abs=1)


@original
def test_the_workbook_of_2024():
    parsed = parse([BOOK, TABLE], edition="WPP2024")
    # Row 18, World, 2024: 8161972.572; row 55, Africa, 2024 and 2025: 1515140.849 and 1549867.579 (thousands).
    assert entry(parsed, MID_YEAR, "WLD", 2024) == (8161972572, "projection")
    africa = [entry(parsed, MID_YEAR, "UNPOP.AFRICA", year)[0] for year in (2024, 2025)]
    assert africa == [1515140849, 1549867579]
    # The end of 2024 lies half-way between two middles of a year.
    assert entry(parsed, YEAR_END, "UNPOP.AFRICA", 2024)[0] == pytest.approx(sum(africa) / 2, rel=1e-3)


@original
def test_the_world_is_the_sum_of_its_countries():
    frame = parse([BOOK]).observations
    assert frame["reporter"].nunique() == 237 + 1 + 58  # countries, the World, and regions by their names
    countries = frame[frame["reporter"].str.fullmatch("[A-Z]{3}") & (frame["reporter"] != "WLD")]
    world = frame[frame["reporter"] == "WLD"].set_index("period")["value"]
    assert (countries.groupby("period")["value"].sum() - world).abs().max() < 20
