"""Foreign fighters (ICSR), attacks (Global Terrorism Database) and cocaine seized (European Union Drugs Agency)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.measures import frames
from analysis.publishers import Parsed, Partial, euda, gtd, icsr

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "security"
original = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publishers' files are not beside the checkout")
SEIZED = euda.SERIES


def parsed(publisher, folder: Path, header: str, *lines: str, edition: str | None = None) -> Parsed:
    path = folder / "table.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return publisher.parse([path], edition=edition)


def told(result: Parsed, series: str | None = None) -> dict[tuple[str, int], float]:
    frame = observations.check(result.observations)
    frame = frame if series is None else frame[frame["series"] == series]
    return {(row.reporter, row.period): row.value for row in frame.itertuples()}


# --- foreign fighters

FIGHTERS = "country,countrycode,icsr.date,icsr.low,icsr.high,icsr.mean,source"
LINES = (
    "belgium,BEL,20131217.0,76.0,296.0,186.0,x", "belgium,BEL,20150126.0,,,440.0,x", "Belgium,,20150126,440,440,,page",
    "kosovo,KSV,20150126.0,100.0,150.0,125.0,x", "iraq,IRQ,20150126.0,,,,x", "qatar,QAT,20150126.0,15,14,14.5,x",
    "France,,,,,1700.0,Soufan Group",
)  # fmt: skip


def test_an_estimate_is_a_range_or_one_figure_for_both_ends(tmp_path):
    result = parsed(icsr, tmp_path, FIGHTERS, *LINES, edition="2015-01-26")
    # What was counted by the second half of 2014 is told for 2014, whatever the day of the estimate.
    assert told(result, icsr.LOW) == {("BEL", 2014): 440.0, ("XKX", 2014): 100.0}
    assert told(result, icsr.HIGH) == {("BEL", 2014): 440.0, ("XKX", 2014): 150.0}
    assert result.released == "2015-01-26" and set(result.partial) == {
        Partial(icsr.LOW, 100.0),
        Partial(icsr.HIGH, 100.0),
    }
    assert result.notes == (
        "France: Soufan Group is not the publisher's",
        "iraq: no figure in the edition of 2015-01-26",
        "qatar: left out, the range 15 to 14 is printed upside down",
    )


def test_the_first_estimate_is_told_for_its_own_year(tmp_path):
    result = parsed(icsr, tmp_path, FIGHTERS, *LINES, edition="2013-12-17")
    assert told(result, icsr.LOW) == {("BEL", 2013): 76.0} and told(result, icsr.HIGH) == {("BEL", 2013): 296.0}


def test_an_estimate_is_named(tmp_path):
    with pytest.raises(ClaimbookError, match="icsr: name one edition; there are: '2013-12-17', '2015-01-26'"):
        parsed(icsr, tmp_path, FIGHTERS, *LINES)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("belgium,BEL,20160101,1,2,,x", r"row 2, column C: '20160101' is no day of an estimate known.*icsr.py"),
        ("belgium,BEL,20131217,1,,,x", r"row 2, column D: a range has two ends"),
        ("belgium,BEL,20131217,,2,,x", r"row 2, column E: a range has two ends"),
        ("belgium,BEL,20131217,1.5,2,,x", r"row 2, column D: '1.5' is not a whole number of persons"),
        ("belgium,BEL,20131217,,,many,x", r"row 2, column F: 'many' is not a figure"),
        ("belgium,BEL,20131217,-5,2,,x", r"row 2, column D: -5 is impossible for icsr.foreign_fighters_low"),
        ("ruritania,RUR,20131217,1,2,,x", r"row 2, column A: unknown country or group 'ruritania'"),
    ],
)
def test_faults_of_an_estimate(tmp_path, line, said):
    with pytest.raises(LayoutError, match=said):
        parsed(icsr, tmp_path, FIGHTERS, line)


def test_two_figures_of_one_country_disagree(tmp_path):
    with pytest.raises(LayoutError, match=r"row 3, column D: icsr.foreign_fighters_low of BEL in 2014 is 430 persons"):
        parsed(icsr, tmp_path, FIGHTERS, "belgium,BEL,20150126,,,440,x", "Belgium,,20150126,430,440,,x")


@original
def test_foreign_fighters_original():
    first = icsr.parse([ORIGINALS / "foreign_fighters.csv"], edition="2013-12-17")
    second = icsr.parse([ORIGINALS / "foreign_fighters.csv"], edition="2015-01-26")
    # Lines 8 and 61 (Belgium; again in line 107), 13 and 65 (Denmark), 25 and 76 (Kosovo).
    assert (told(first, icsr.LOW)["BEL", 2013], told(first, icsr.HIGH)["BEL", 2013]) == (76.0, 296.0)
    assert (told(second, icsr.LOW)["BEL", 2014], told(second, icsr.HIGH)["BEL", 2014]) == (440.0, 440.0)
    assert (told(second, icsr.LOW)["DNK", 2014], told(second, icsr.HIGH)["DNK", 2014]) == (100.0, 150.0)
    assert (told(first, icsr.HIGH)["XKX", 2013], told(second, icsr.HIGH)["XKX", 2014]) == (150.0, 150.0)
    # Line 39 is upside down; the 50 countries of the second estimate are those its page speaks of.
    assert ("QAT", 2013) not in told(first) and len(told(second, icsr.LOW)) == 50
    assert any(note.startswith("qatar: left out, the range 15 to 14") for note in first.notes)


# --- attacks

ATTACKS = "Entity,Year,attacks_all_types"
NAMES = {"BEL": "Belgium", "DEU": "Germany", "ESP": "Spain", "FRA": "France", "GBR": "United Kingdom", "ITA": "Italy",
         "NLD": "Netherlands"}  # fmt: skip


def attacks(change: dict[tuple[str, int], int | None] | None = None) -> list[str]:
    """Lines of a full table: each country had one attack in every year, Chad two; `change` of a line, None: no line."""
    counts = {(name, year): 1 for name in NAMES.values() for year in gtd.YEARS}
    counts |= {("Chad", year): 2 for year in gtd.YEARS} | {("Western Europe", year): 7 for year in gtd.YEARS}
    counts |= {("World", year): 9 for year in gtd.YEARS} | {("Rhodesia", 1975): 4}
    counts |= change or {}
    return [f"{name},{year},{count}" for (name, year), count in counts.items() if count is not None]


def test_a_year_without_a_row_had_no_attack(tmp_path):
    result = parsed(gtd, tmp_path, ATTACKS, *attacks({("Belgium", 2000): None, ("World", 2000): 8}))
    found = told(result)
    assert (found["BEL", 2000], found["BEL", 2001], found["NLD", 2000]) == (0.0, 1.0, 1.0)
    assert set(found) == {(code, year) for code in NAMES for year in gtd.YEARS}
    assert result.notes == ("1 of the years have no row, so no attack",) and result.partial == (Partial(gtd.SERIES),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({("Belgium", 2000): None}, r"9 attacks in the world in 2000, 8 in all countries. A missing row can then not"),
        ({("World", 2005): None}, "no row 'World' for 2005"),
        ({("Chad", 2001): "two"}, r"column C: 'two' is not a figure"),
        ({("Chad", 2001): "1.5"}, r"column C: '1.5' is not a number of attacks"),
        ({("Chad", 2001): "-2"}, r"column C: '-2' is not a number of attacks"),
        ({("Ruritania", 2001): 0}, r"column A: unknown country or group 'Ruritania'.*gtd.yaml"),
    ],
)
def test_faults_of_a_table_of_attacks(tmp_path, change, said):
    with pytest.raises(LayoutError, match=said):
        parsed(gtd, tmp_path, ATTACKS, *attacks(change))


def test_a_table_that_lacks_a_country_or_tells_it_twice(tmp_path):
    quiet = {("Belgium", year): None for year in gtd.YEARS} | {("World", year): 8 for year in gtd.YEARS}
    with pytest.raises(LayoutError, match="no row for BEL. Give the table of all countries"):
        parsed(gtd, tmp_path, ATTACKS, *attacks(quiet))
    with pytest.raises(LayoutError, match=r"column A: Belgium in 1998 stands in row 2 already"):
        parsed(gtd, tmp_path, ATTACKS, *attacks(), "Belgium,1998,1")


@original
def test_attacks_original():
    found = told(gtd.parse([ORIGINALS / "gtd_attacks_by_type.csv"]))
    # Lines 389, 390 and 395 (Belgium) and 1400 (France); Belgium has no line for 2001, 2004 and 2015.
    assert [found["BEL", year] for year in (2001, 2002, 2003, 2004, 2015, 2016)] == [0.0, 3.0, 8.0, 0.0, 0.0, 6.0]
    assert (found["FRA", 2015], found["ESP", 2011]) == (37.0, 0.0) and len(found) == 140


# --- cocaine

COCAINE = "place,level,year,value,unit,vintage,source"
REPORT = "EMCDDA European Drug Report 2019 via a paper"
BEL, ESP, NLD = (
    f"{place},country,2017,{value},tonnes seized,{REPORT},x"
    for place, value in (("Belgium", 45), ("Spain", 41), ("Netherlands", 14.6))
)
EU = f'EU,region,2017,140,"tonnes seized (""ruim 140"")",{REPORT},x'


def limit(result: Parsed, year: int) -> float | None:
    (own,) = [entry for entry in result.partial if entry.periods == (year,)]
    return own.missing_below


def test_what_is_left_of_the_total_bounds_whom_the_page_does_not_name(tmp_path):
    result = parsed(euda, tmp_path, COCAINE, BEL, ESP, NLD, EU)
    assert told(result) == {("BEL", 2017): 45.0, ("ESP", 2017): 41.0, ("NLD", 2017): 14.6, ("EUU", 2017): 140.0}
    # "Over 140" is less than 141, of which three countries have 100.6.
    assert limit(result, 2017) == 40.4
    exact = EU.replace("140", "140.4", 1).replace(' (""ruim 140"")', "")
    assert limit(parsed(euda, tmp_path, COCAINE, BEL, ESP, NLD, exact), 2017) == 39.8


@pytest.mark.parametrize("lines", [(BEL,), (EU,)], ids=["no total", "no country"])
def test_without_a_total_or_a_country_nothing_is_bounded(tmp_path, lines):
    assert limit(parsed(euda, tmp_path, COCAINE, *lines), 2017) is None


def test_ports_and_what_names_no_report_are_left_out(tmp_path):
    result = parsed(
        euda, tmp_path, COCAINE, BEL, "Antwerp,port,2017,41,tonnes seized,EDR 2019,x",
        "Belgium,country,2016,30,tonnes seized,press,x", "Belgium,country,2016,31,tonnes seized,Europol-UNODC 2021-09,x",
    )  # fmt: skip
    assert told(result) == {("BEL", 2017): 45.0}
    assert result.notes == (
        "left out: Antwerp 2017, EDR 2019",
        "left out: Belgium 2016, press",
        "left out: Belgium 2016, Europol-UNODC 2021-09",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (BEL.replace("country", "town"), r"row 2, column B: unknown level 'town'. Known: country, region, port"),
        (BEL.replace("country", "region"), r"row 2, column B: 'Belgium' is no region"),
        (EU.replace("region", "country"), r"row 2, column B: 'EU' is no country"),
        (BEL.replace("tonnes seized", "kilograms"), r"row 2, column E: the unit is 'kilograms', not tonnes seized"),
        (BEL.replace("Belgium", "Ruritania"), r"row 2, column A: unknown country or group 'Ruritania'"),
        (BEL.replace(",45,", ",-45,"), r"row 2, column D: -45 is impossible"),
    ],
)
def test_faults_of_figures_of_the_press(tmp_path, line, said):
    with pytest.raises(LayoutError, match=said):
        parsed(euda, tmp_path, COCAINE, line)


def test_a_total_below_its_countries(tmp_path):
    with pytest.raises(LayoutError, match=r"row 3, column D: less than its countries' 45 in 2017"):
        parsed(euda, tmp_path, COCAINE, BEL, EU.replace(",140,", ",40,"))


def test_a_rank_is_told_where_the_total_leaves_no_room(tmp_path, shelf):
    result = parsed(euda, tmp_path, COCAINE, BEL, ESP, NLD, EU)
    shelf.add("euda", "2019-06-06", list(result.observations.itertuples(index=False)), result.partial)
    edition = shelf.store().as_of(dt.date(2020, 1, 1))
    ranks = {}
    for member in ("BEL", "ESP", "NLD"):
        (row,) = frames.ranking(edition, SEIZED, member=member).to_dict("records")
        ranks[member] = (row["rank"], row["rank_worst"], row["universe"])
    # The 39.4 tonnes that the total leaves are less than Spain's 41, and twice the Netherlands' 14.6.
    assert ranks == {"BEL": (1, 1, 3), "ESP": (2, 2, 3), "NLD": (3, 5, 3)}


@original
def test_cocaine_original():
    file = [ORIGINALS / "cocaine_seizures.csv"]
    found = {edition: euda.parse(file, edition=edition) for edition in ("2019", "2022", "2023")}
    # Lines 2 to 6, 7 to 10 and 12; line 11 is printed as nearly 92 and left out.
    assert told(found["2019"]) == {
        ("BEL", 2017): 45.0, ("ESP", 2017): 41.0, ("NLD", 2017): 14.6, ("EUU", 2017): 140.0, ("EUU", 2016): 70.0,
    }  # fmt: skip
    assert told(found["2022"]) == {
        ("EUDA.EUROPE", 2020): 214.59, ("BEL", 2020): 70.25, ("NLD", 2020): 48.89, ("ESP", 2020): 36.9,
    }  # fmt: skip
    assert told(found["2023"]) == {("EUU", 2021): 303.0}
    # 141 - 45 - 41 - 14.6 and 214.59 - 70.25 - 48.89 - 36.9.
    assert (limit(found["2019"], 2017), limit(found["2022"], 2020)) == (40.4, 58.55)
    assert [limit(found["2019"], 2016), limit(found["2023"], 2021)] == [None] * 2
    assert len(found["2019"].notes) == 10


def test_the_level_of_one_country_is_told_from_a_partial_list(tmp_path, shelf):
    result = parsed(gtd, tmp_path, ATTACKS, *attacks())
    shelf.add("gtd", "2018-08", list(result.observations.itertuples(index=False)), result.partial)
    edition = shelf.store().as_of(dt.date(2020, 1, 1))
    frame = frames.level(edition, gtd.SERIES, reporter="BEL")
    assert list(frame["year"]) == list(gtd.YEARS) and set(frame["unit"]) == {"incidents"}
    assert frames.ranking(edition, gtd.SERIES, member="BEL").empty  # seven countries are no ranking
