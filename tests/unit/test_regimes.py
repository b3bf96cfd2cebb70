"""The classes of regimes: V-Dem, Freedom House and the Democracy Index."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, eiu, freedomhouse, vdem

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "regimes"
original = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publishers' files are not beside the checkout")

HEADERS = {
    vdem: "Entity,Code,Year,regime_row_owid",
    freedomhouse: "fh_full_country,country_or_territory,edition,year,status",
    eiu: "Entity,Year,regime_eiu,democracy_eiu",
}


def parsed(publisher, folder: Path, *lines: str, header: str | None = None) -> Parsed:
    path = folder / "classes.csv"
    path.write_text("\n".join([header or HEADERS[publisher], *lines]) + "\n", encoding="utf-8")
    return publisher.parse([path])


def told(result: Parsed) -> dict[tuple[str, int], float]:
    frame = observations.check(result.observations)
    assert set(frame["unit"]) == {"class"} and set(frame["flag"]) == {""} and set(frame["partner"]) == {""}
    return {(row.reporter, row.period): row.value for row in frame.itertuples()}


# --- V-Dem


def test_vdem_classes_by_code_or_by_name(tmp_path):
    found = told(
        parsed(
            vdem, tmp_path, "Belgium,BEL,1899,0", "Belgium,BEL,1900,1", "Kosovo,OWID_KOS,2021,2",
            "German Democratic Republic,,1949,0", "Palestine/Gaza,,2021,0", "South Yemen,,1990,0",
        )
    )  # fmt: skip
    assert found == {
        ("BEL", 1900): 1.0, ("XKX", 2021): 2.0, ("DDR", 1949): 0.0, ("VDEM.GAZA", 2021): 0.0, ("YMD", 1990): 0.0
    }  # fmt: skip


def test_vdem_copies_of_2026_have_another_heading_and_no_names(tmp_path):
    result = parsed(
        vdem, tmp_path, "1990,3,OWID_GFR", "1990,0,OWID_GDR", "2007,0,", "2007,1,",
        header="Year,Political regime,Code",
    )  # fmt: skip
    assert told(result) == {("VDEM.GFR", 1990): 3.0, ("DDR", 1990): 0.0}
    assert result.notes == ("2 rows since 1900 with neither code nor name are left out",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Atlantis,ATL,1950,1", r"row 2, column B: unknown country or group 'ATL'"),
        ("World,WLD,1950,1", r"row 2, column B: unknown country or group 'WLD'"),
        ("Atlantis,,1950,1", r"row 2, column A: unknown country or group 'Atlantis'"),
        ("Belgium,BEL,195,1", r"row 2, column C: '195' is not a year"),
        ("Belgium,BEL,1950,", r"row 2, column D: '' is not a figure"),
        ("Belgium,BEL,1950,2.5", r"row 2, column D: '2.5' is no class"),
        ("Belgium,BEL,1950,4", r"row 2, column D: 4 is impossible for vdem.regime: outside 0 to 3"),
    ],
)
def test_vdem_faults(tmp_path, line, said):
    with pytest.raises(LayoutError, match=said):
        parsed(vdem, tmp_path, line)


def test_vdem_a_country_classed_twice_in_a_year(tmp_path):
    with pytest.raises(LayoutError, match=r"row 3, column D: vdem.regime of BEL in 1950 is 2 class here"):
        parsed(vdem, tmp_path, "Belgium,BEL,1950,3", "Belgium,BEL,1950,2")


@original
def test_vdem_originals():
    older = told(vdem.parse([ORIGINALS / "vdem-regimes-to-2021.csv"]))
    # Lines 2539, 2540, 2563 and 2642; Germany in line 9954; the GDR, which has no code, in line 9756.
    assert [older["BEL", year] for year in (1918, 1919, 1942, 2021)] == [0.0, 1.0, 0.0, 3.0]
    assert (older["DEU", 1949], older["DDR", 1949]) == (3.0, 0.0)
    # Lines 1279 and 1281; Czechoslovakia under Czechia's code in line 6547.
    assert (older["AUT", 1932], older["AUT", 1934], older["CZE", 1930]) == (2.0, 0.0, 2.0)
    result = vdem.parse([ORIGINALS / "vdem-regimes-to-2025.csv"])
    newer = told(result)
    # Lines 2635, 2718, 7599, 30741 and 31126; Austria in 2021 was revised (line 1409).
    assert (newer["BEL", 1942], newer["BEL", 2025], newer["DDR", 1949], newer["VDEM.GFR", 1990]) == (0.0, 3.0, 0.0, 3.0)
    assert newer["YMD", 1990] == 0.0 and ("DEU", 1990) not in newer
    assert (older["AUT", 2021], newer["AUT", 2021]) == (2.0, 3.0)
    # Lines that begin with a comma and a year from 1900 on.
    assert result.notes == ("99 rows since 1900 with neither code nor name are left out",)
    assert {year for _, year in newer} == set(range(1900, 2026))


# --- Freedom House


def test_freedom_house_judges_the_year_before_the_edition(tmp_path):
    result = parsed(
        freedomhouse, tmp_path, "Belgium,c,2025.0,2024.0,F", "Hungary,c,2025,2024,PF", "Congo (Kinshasa),c,2025,2024,NF",
        "Tibet,t,2025,2024,NF", "Kosovo,c,2013,2012,PF", "Crimea,t,2025,2024,NF", "Tibet,t,2024,2023,NF",
    )  # fmt: skip
    assert told(result) == {("BEL", 2024): 2.0, ("HUN", 2024): 1.0, ("COD", 2024): 0.0, ("XKX", 2012): 1.0}
    assert result.notes == ("3 rows of territories are left out: Crimea, Tibet",) and result.partial == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Belgium,c,2025,2025,F", r"row 2, column C: the edition of 2025 does not judge 2025"),
        ("Belgium,x,2025,2024,F", r"row 2, column B: 'x' is neither c nor t"),
        ("Belgium,c,2025,2024,Free", r"row 2, column E: unknown status 'Free'. Known: NF, PF, F"),
        ("Ruritania,c,2025,2024,F", r"row 2, column A: unknown country or group 'Ruritania'.*freedomhouse.yaml"),
    ],
)
def test_freedom_house_faults(tmp_path, line, said):
    with pytest.raises(LayoutError, match=said):
        parsed(freedomhouse, tmp_path, line)


@original
def test_freedom_house_original():
    result = freedomhouse.parse([ORIGINALS / "freedom-house-fh_full.csv"])
    found = told(result)
    # Lines 2592, 1546 and 78 (Hungary), 2707 and 192 (Türkiye), 19 (Belgium), 132 (North Korea).
    assert [found["HUN", year] for year in (2012, 2017, 2024)] == [2.0, 2.0, 1.0]
    assert (found["TUR", 2012], found["TUR", 2024], found["BEL", 2024], found["PRK", 2024]) == (1.0, 0.0, 2.0, 0.0)
    # The edition of 2025 names 85 countries Free, 51 Partly Free and 59 Not Free.
    newest = [value for (_, year), value in found.items() if year == 2024]
    assert [newest.count(status) for status in (2.0, 1.0, 0.0)] == [85, 51, 59]
    assert result.notes[0].startswith("188 rows of territories are left out: Abkhazia, Crimea,")


# --- Democracy Index


def test_democracy_index_two_years_and_no_averages(tmp_path):
    result = parsed(
        eiu, tmp_path, "Belgium,2019,2,7.64", "Belgium,2020,2,7.51", "Timor,2021,2,7.06", "World,2020,,5.37",
        "Europe,2021,,7.4", "Democratic Republic of Congo,2021,0,1.4",
    )  # fmt: skip
    assert told(result) == {("BEL", 2020): 2.0, ("TLS", 2021): 2.0, ("COD", 2021): 0.0}
    assert result.notes[1] == "2 averages of continents and the world are left out"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Belgium,2021,,7.51", r"row 2, column C: '' is not a figure"),
        ("Belgium,2021,2.5,7.51", r"row 2, column C: '2.5' is no class"),
        ("Belgium,2021,5,7.51", r"row 2, column C: 5 is impossible for eiu.regime"),
        ("Ruritania,2021,1,5", r"row 2, column A: unknown country or group 'Ruritania'"),
    ],
)
def test_democracy_index_faults(tmp_path, line, said):
    with pytest.raises(LayoutError, match=said):
        parsed(eiu, tmp_path, line)


@original
def test_democracy_index_original():
    found = told(eiu.parse([ORIGINALS / "eiu-democracy-index-2006-2022.csv"]))
    # Lines 224, 225, 854, 855 and 1050.
    assert [found[key] for key in (("BEL", 2020), ("BEL", 2021))] == [2.0, 2.0]
    assert [found[key] for key in (("FRA", 2020), ("FRA", 2021), ("HKG", 2021))] == [2.0, 2.0, 1.0]
    # The index of 2021 has 21 full and 53 flawed democracies, 34 hybrid and 59 authoritarian regimes.
    newest = [value for (_, year), value in found.items() if year == 2021]
    assert [newest.count(regime) for regime in (3.0, 2.0, 1.0, 0.0)] == [21, 53, 34, 59]
    assert {year for _, year in found} == set(eiu.YEARS)


@original
def test_democracy_index_classes_are_the_published_cuts_of_the_score():
    lines = (ORIGINALS / "eiu-democracy-index-2006-2022.csv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split(",") for line in lines]
    judged = [(float(row[3]), int(row[2])) for row in cells if row[1] in ("2020", "2021") and row[2]]
    assert len(judged) == 334
    assert all(sum(round(score, 2) > cut for cut in (4, 6, 8)) == regime for score, regime in judged)


@pytest.mark.parametrize("publisher", list(HEADERS), ids=lambda module: module.__name__)
def test_these_files_hold_one_edition(publisher):
    with pytest.raises(ClaimbookError, match="a file holds one edition"):
        publisher.parse([Path("any.csv")], edition="2024")
    with pytest.raises(ClaimbookError, match="no file is named"):
        publisher.parse([])
