import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Partial, worldbank

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data" / "worldbank"
originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publisher's originals are not at hand")

LONG = "Country Name,Country Code,Year,Value\n"
TITLES = {
    "NE.EXP.GNFS.ZS": "Exports of goods and services (% of GDP)",
    "NY.GDP.MKTP.KD": "GDP (constant 2015 US$)",
    "SP.POP.TOTL": "Population, total",
    "SL.UEM.TOTL.ZS": "Unemployment, total (% of total labor force) (modeled ILO estimate)",
}


def long_file(tmp_path, code="NE.EXP.GNFS.ZS", body="Belgium,BEL,2019,82.97\n", header=LONG, package=True):
    folder = tmp_path / code.lower()
    folder.mkdir(exist_ok=True)
    (folder / "data.csv").write_text(header + body, encoding="utf-8")
    if package:
        described = {
            "title": TITLES.get(code, code),
            "name": code.lower(),
            "worldbank": {"indicator": code.lower()},
            "resources": [{"path": "data.csv"}],
        }
        (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    return folder / "data.csv"


def api_file(tmp_path, rows, code="NE.EXP.GNFS.ZS", title=None, years=("2018", "2019"), updated="2026-02-24"):
    """A download as the Bank writes it: byte order mark, CRLF, quotes and a comma at each line's end."""
    head = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years]
    lines = [["Data Source", "World Development Indicators"], [], ["Last Updated Date", updated], [], head]
    for name, country, *values in rows:
        lines.append([name, country, title or TITLES.get(code, code), code, *values])
    text = "\r\n".join("".join(f'"{cell}",' for cell in line) for line in lines) + "\r\n"
    path = tmp_path / f"API_{code}_DS2_en_csv_v2_1.csv"
    path.write_text("\ufeff" + text, encoding="utf-8", newline="")
    return path


def rows(parsed):
    frame = observations.check(parsed.observations)
    return {
        (r.series, r.reporter, r.period): (r.value, r.unit, r.flag, r.partner) for r in frame.itertuples(index=False)
    }


# The long layout


def test_a_long_file_gives_a_row_per_economy_and_year(tmp_path):
    parsed = worldbank.parse([long_file(tmp_path, body="Belgium,BEL,2019,82.97\nWorld,WLD,2019,28.5\n")])
    assert rows(parsed) == {
        ("worldbank.NE.EXP.GNFS.ZS", "BEL", 2019): (82.97, "% of GDP", "", ""),
        ("worldbank.NE.EXP.GNFS.ZS", "WLD", 2019): (28.5, "% of GDP", "", ""),
    }
    assert parsed.released is None


def test_columns_are_found_by_their_words_and_unknown_ones_are_told(tmp_path):
    path = long_file(tmp_path, header="Value,Footnote,Year,Country Code,Country Name\n", body="5,x,2019,BEL,B\n")
    parsed = worldbank.parse([path])
    assert rows(parsed)["worldbank.NE.EXP.GNFS.ZS", "BEL", 2019][0] == 5.0
    assert parsed.notes == ("NE.EXP.GNFS.ZS: columns not used: Footnote",)


def test_an_empty_value_is_no_row_and_a_zero_is_one(tmp_path):
    path = long_file(tmp_path, body="Belgium,BEL,2018,\nBelgium,BEL,2019,0\nBelgium,BEL,2020,..\n")
    assert {key[2]: cell[0] for key, cell in rows(worldbank.parse([path])).items()} == {2019: 0.0}


def test_namibia_is_not_a_missing_value(tmp_path):
    path = long_file(tmp_path, body="Namibia,NAM,2019,36.4\n")
    assert ("worldbank.NE.EXP.GNFS.ZS", "NAM", 2019) in rows(worldbank.parse([path]))


def test_thousands_may_be_separated(tmp_path):
    path = long_file(tmp_path, "SP.POP.TOTL", 'Belgium,BEL,2019,"11,488,980"\n')
    assert rows(worldbank.parse([path]))["worldbank.SP.POP.TOTL", "BEL", 2019][0] == 11_488_980


def test_the_folder_tells_the_indicator_where_there_is_no_package(tmp_path):
    path = long_file(tmp_path, package=False)
    assert ("worldbank.NE.EXP.GNFS.ZS", "BEL", 2019) in rows(worldbank.parse([path]))


def test_the_file_name_tells_the_indicator_too_and_a_strange_package_is_ignored(tmp_path):
    path = tmp_path / "ne.exp.gnfs.zs.csv"
    path.write_text(LONG + "Belgium,BEL,2019,1\n", encoding="utf-8")
    (tmp_path / "datapackage.json").write_text('{"name": "other", "resources": [{"path": "x.csv"}]}')
    assert ("worldbank.NE.EXP.GNFS.ZS", "BEL", 2019) in rows(worldbank.parse([path]))


def test_nothing_tells_the_indicator(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(LONG + "Belgium,BEL,2019,1\n", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"data\.csv: nothing says which indicator this is"):
        worldbank.parse([path])


def test_folder_and_package_must_agree(tmp_path):
    path = long_file(tmp_path)
    (path.parent / "datapackage.json").write_text('{"name": "sp.pop.totl", "resources": [{"path": "data.csv"}]}')
    with pytest.raises(LayoutError, match=r"says sp\.pop\.totl, but the file stands as ne\.exp\.gnfs\.zs"):
        worldbank.parse([path])


def test_an_undeclared_indicator_is_a_fault_with_its_remedy(tmp_path):
    path = long_file(tmp_path, "ZZ.NOT.DECLARED")
    with pytest.raises(LayoutError, match=r"ZZ\.NOT\.DECLARED.*Declare it in data/series/worldbank\.yaml"):
        worldbank.parse([path])


def test_the_base_year_comes_from_the_title(tmp_path):
    path = long_file(tmp_path, "NY.GDP.MKTP.KD")
    assert rows(worldbank.parse([path]))["worldbank.NY.GDP.MKTP.KD", "BEL", 2019][1] == "constant 2015 USD"


def test_constant_prices_without_a_base_year_are_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"no base year in the title None of NY\.GDP\.MKTP\.KD"):
        worldbank.parse([long_file(tmp_path, "NY.GDP.MKTP.KD", package=False)])


def test_a_changed_unit_is_a_fault(tmp_path):
    rows_ = [("Belgium", "BEL", "1", "2")]
    path = api_file(tmp_path, rows_, title="Exports of goods and services (current US$)")
    with pytest.raises(LayoutError, match=r"is in 'current USD' .* but declared in '% of GDP'"):
        worldbank.parse([path])


@pytest.mark.parametrize(
    ("title", "code", "unit"),
    [
        ("Population ages 65 and above (% of total)", "SP.POP.65UP.TO.ZS", "% of total population"),
        ("GDP, PPP (constant 2011 international $)", "NY.GDP.MKTP.PP.KD", "constant 2011 international dollars"),
        ("GDP per person employed (constant 2017 PPP $)", "SL.GDP.PCAP.EM.KD", "constant 2017 international dollars"),
        ("Foreign direct investment, net inflows (BoP, current US$)", "BX.KLT.DINV.CD.WD", "current USD"),
        (TITLES["SL.UEM.TOTL.ZS"], "SL.UEM.TOTL.ZS", "% of total labor force"),
        ("Official exchange rate (LCU per US$, period average)", "PA.NUS.FCRF", "local currency per USD"),
    ],
)
def test_units_are_read_from_titles_of_any_edition(tmp_path, title, code, unit):
    path = api_file(tmp_path, [("Belgium", "BEL", "1", "2")], code=code, title=title)
    assert set(worldbank.parse([path]).observations["unit"]) == {unit}


@pytest.mark.parametrize("value", ["n.a", "nan", "inf", "True", "2019-01-01", "1,23", "1e999"])
def test_what_is_not_a_number_is_a_fault_with_its_place(tmp_path, value):
    path = long_file(tmp_path, body=f'Aruba,ABW,2019,1\nBelgium,BEL,2019,"{value}"\n')
    with pytest.raises(LayoutError) as caught:
        worldbank.parse([path])
    assert str(caught.value).startswith("data.csv, sheet 'NE.EXP.GNFS.ZS', row 3, column D: ")
    assert repr(value) in str(caught.value)


def test_a_value_that_cannot_be_is_a_fault(tmp_path):
    path = long_file(tmp_path, body="Belgium,BEL,2019,-1\n")
    with pytest.raises(LayoutError, match=r"row 2, column D: value -1 of BEL 2019 is beyond 0"):
        worldbank.parse([path])


def test_a_share_above_its_whole_is_a_fault(tmp_path):
    path = long_file(tmp_path, "SL.UEM.TOTL.ZS", "Belgium,BEL,2019,100.5\n")
    with pytest.raises(LayoutError, match=r"row 2, column D: value 100.5 of BEL 2019 is beyond 100"):
        worldbank.parse([path])


def test_an_unknown_country_is_a_fault(tmp_path):
    path = long_file(tmp_path, body="Belgium,BEL,2019,1\nAtlantis,ATL,2019,1\n")
    with pytest.raises(LayoutError, match=r"row 3: country code 'ATL' \(Atlantis\).*data/areas/worldbank\.yaml"):
        worldbank.parse([path])


def test_a_year_that_is_none_is_a_fault(tmp_path):
    path = long_file(tmp_path, body="Belgium,BEL,2019e,1\n")
    with pytest.raises(LayoutError, match=r"row 2, column C: year '2019e' is not understood"):
        worldbank.parse([path])


def test_a_missing_column_is_a_fault(tmp_path):
    path = long_file(tmp_path, header="Country Name,ISO,Year,Value\n")
    with pytest.raises(LayoutError, match=r"row 1: no column 'Country Code' among"):
        worldbank.parse([path])


def test_codes_given_up_in_2016_are_understood(tmp_path):
    path = long_file(tmp_path, body="Romania,ROM,2014,1\nCongo,ZAR,2014,2\nKosovo,KSV,2014,3\n")
    assert {key[1] for key in rows(worldbank.parse([path]))} == {"ROU", "COD", "XKX"}


def test_the_same_figure_twice_is_one_and_two_figures_are_a_fault(tmp_path):
    same = long_file(tmp_path, body="Belgium,BEL,2019,1\nBelgium,BEL,2019,1.0\n")
    assert len(worldbank.parse([same]).observations) == 1
    other = long_file(tmp_path, body="Belgium,BEL,2019,1\nBelgium,BEL,2019,2\n")
    with pytest.raises(LayoutError, match=r"row 3, column D: .*BEL in 2019 is 2\.0 here, but 1\.0 in data\.csv, row 2"):
        worldbank.parse([other])


def test_a_few_economies_rank_nobody(tmp_path):
    assert worldbank.parse([long_file(tmp_path)]).partial == (Partial("worldbank.NE.EXP.GNFS.ZS"),)


# The Bank's own download


def test_a_download_gives_its_date_and_a_row_per_filled_year(tmp_path):
    path = api_file(tmp_path, [("Belgium", "BEL", "82.6", ""), ("Not classified", "INX", "", "")])
    parsed = worldbank.parse([path])
    assert rows(parsed) == {("worldbank.NE.EXP.GNFS.ZS", "BEL", 2018): (82.6, "% of GDP", "", "")}
    assert parsed.released == "2026-02-24"


def test_years_may_be_marked_and_lines_be_blank(tmp_path):
    path = api_file(tmp_path, [("Belgium", "BEL", "1", "2"), ("", "", "", "")], years=("2018 [YR2018]", "2019"))
    text = path.read_text(encoding="utf-8").replace(
        '"","","Exports of goods and services (% of GDP)","NE.EXP.GNFS.ZS","","",', ","
    )
    path.write_text(text, encoding="utf-8")
    assert {key[2] for key in rows(worldbank.parse([path]))} == {2018, 2019}


def test_a_header_that_is_no_year_is_a_fault(tmp_path):
    path = api_file(tmp_path, [("Belgium", "BEL", "1", "2")], years=("2018", "2019 (p)"))
    with pytest.raises(LayoutError, match=r"row 5, column F: column '2019 \(p\)' is neither a year nor known"):
        worldbank.parse([path])


def test_a_value_beyond_the_last_year_is_a_fault(tmp_path):
    path = api_file(tmp_path, [("Belgium", "BEL", "1", "2", "3")])
    with pytest.raises(LayoutError, match=r"row 6, column G: value '3' stands under no year"):
        worldbank.parse([path])


def test_a_fault_in_a_download_names_its_cell(tmp_path):
    path = api_file(tmp_path, [("Aruba", "ABW", "1", "2"), ("Belgium", "BEL", "1", "x")])
    with pytest.raises(LayoutError, match=r"row 7, column F: value 'x' is not a number"):
        worldbank.parse([path])


def test_a_download_without_its_date_is_a_fault(tmp_path):
    path = api_file(tmp_path, [("Belgium", "BEL", "1", "2")], updated="February")
    with pytest.raises(LayoutError, match=r"row 3, column B: date 'February' is not understood"):
        worldbank.parse([path])
    path.write_text(path.read_text(encoding="utf-8").replace("Last Updated Date", "x"), encoding="utf-8")
    with pytest.raises(LayoutError, match="no Last Updated Date above the header"):
        worldbank.parse([path])


def test_files_of_two_releases_are_a_fault(tmp_path):
    first = api_file(tmp_path, [("Belgium", "BEL", "1", "2")])
    second = api_file(tmp_path, [("Belgium", "BEL", "1", "2")], code="SP.POP.TOTL", updated="2026-07-13")
    with pytest.raises(LayoutError, match=r"SP\.POP\.TOTL.*last updated 2026-07-13, but API_NE.* 2026-02-24"):
        worldbank.parse([first, second])
    with pytest.raises(LayoutError, match="last updated on an unstated day"):
        worldbank.parse([first, long_file(tmp_path)])


def test_two_indicators_of_one_day_are_one_release(tmp_path):
    files = [api_file(tmp_path, [("Belgium", "BEL", "1", "2")], code=c) for c in ("NE.EXP.GNFS.ZS", "SP.POP.TOTL")]
    assert set(worldbank.parse(files).observations["series"]) == {
        "worldbank.NE.EXP.GNFS.ZS",
        "worldbank.SP.POP.TOTL",
    }


# The archive


def archive(tmp_path, name, members):
    path = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as book:
            for label, text in members.items():
                book.writestr(label, text)
    else:
        with tarfile.open(path, f"w:{name.rsplit('.', 1)[1]}") as book:
            for label, text in members.items():
                info = tarfile.TarInfo(label)
                info.size = len(text.encode())
                book.addfile(info, io.BytesIO(text.encode()))
    return path


MEMBERS = {
    "README.md": "x",
    "indicators/ny.gdp.mktp.kd/data.csv": LONG + "Belgium,BEL,2019,494\n",
    "indicators/ny.gdp.mktp.kd/datapackage.json": json.dumps({"title": TITLES["NY.GDP.MKTP.KD"]}),
    "indicators/sp.pop.totl/data.csv": LONG + "Belgium,BEL,2019,11488980\n",
    "indicators/zz.not.declared/data.csv": "anything",
    "../../escape/data.csv": "anything",
}


@pytest.mark.parametrize("name", ["all.tar.xz", "all.tar.gz", "all.zip"])
def test_an_archive_gives_what_is_declared_and_counts_the_rest(tmp_path, name):
    parsed = worldbank.parse([archive(tmp_path, name, MEMBERS)])
    assert {key: cell[:2] for key, cell in rows(parsed).items()} == {
        ("worldbank.NY.GDP.MKTP.KD", "BEL", 2019): (494.0, "constant 2015 USD"),
        ("worldbank.SP.POP.TOTL", "BEL", 2019): (11_488_980.0, "persons"),
    }
    assert parsed.notes == (f"{name}: took 2 of 4 indicators; 2 are not declared in data/series/worldbank.yaml",)
    assert sorted(p.name for p in tmp_path.rglob("*")) == [name]  # nothing is unpacked


def test_a_fault_in_an_archive_names_the_member(tmp_path):
    bad = {**MEMBERS, "indicators/sp.pop.totl/data.csv": LONG + "Belgium,BEL,2019,many\n"}
    with pytest.raises(LayoutError, match=r"all\.zip, sheet 'indicators/sp\.pop\.totl/data\.csv', row 2, column D"):
        worldbank.parse([archive(tmp_path, "all.zip", bad)])


def test_an_archive_of_something_else_is_a_fault(tmp_path):
    with pytest.raises(LayoutError, match=r"no <indicator>/data\.csv of a declared indicator"):
        worldbank.parse([archive(tmp_path, "all.zip", {"README.md": "x"})])


@pytest.mark.parametrize("name", ["all.tar.xz", "all.tar.gz", "all.zip"])
def test_a_damaged_archive_is_a_fault(tmp_path, name):
    path = archive(tmp_path, name, MEMBERS)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(LayoutError, match="not a readable archive"):
        worldbank.parse([path])


@pytest.mark.parametrize("limit", ["MAX_MEMBERS", "MAX_MEMBER", "MAX_TOTAL"])
def test_an_unreasonable_archive_is_a_fault(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(worldbank, limit, 3)
    with pytest.raises(LayoutError, match="unreasonably large archive"):
        worldbank.parse([archive(tmp_path, "all.tar.xz", MEMBERS)])


# The call


def test_an_edition_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="leave the edition out"):
        worldbank.parse([long_file(tmp_path)], edition="2026")


def test_no_file_is_refused():
    with pytest.raises(ClaimbookError, match="no World Bank file"):
        worldbank.parse([])


def test_a_missing_file_is_a_fault(tmp_path):
    for name in ("data.csv", "all.tar.xz"):
        with pytest.raises(LayoutError, match="no such file"):
            worldbank.parse([tmp_path / name])


# The originals


@originals
def test_the_archive_of_july_2026():
    parsed = worldbank.parse(list(ORIGINALS.glob("ALL_*.tar.xz")))
    found = rows(parsed)
    # indicators/ne.exp.gnfs.zs/data.csv, lines 538 and 7290
    assert found["worldbank.NE.EXP.GNFS.ZS", "BEL", 2019] == (82.9674275396401, "% of GDP", "", "")
    assert found["worldbank.NE.EXP.GNFS.ZS", "NAM", 2019] == (36.4008818615818, "% of GDP", "", "")
    # indicators/sp.pop.totl/data.csv, line 1183
    assert found["worldbank.SP.POP.TOTL", "BEL", 2019] == (11_488_980.0, "persons", "", "")
    assert "of 325 indicators" in parsed.notes[0]
    assert parsed.partial == ()
    assert parsed.released is None


@originals
def test_the_downloads_of_two_days_hold_two_vintages_of_one_indicator():
    downloads = ORIGINALS / "api-downloads"
    older = worldbank.parse([downloads / "API_NY.GDP.PCAP.KD.ZG_DS2_en_csv_v2_94752.csv"])
    newer = worldbank.parse([downloads / "API_NY.GDP.PCAP.KD.ZG_DS2_en_csv_v2_33455.csv"])
    assert (older.released, newer.released) == ("2026-02-24", "2026-07-13")
    key = ("worldbank.NY.GDP.PCAP.KD.ZG", "BEL", 2024)
    # row 23 (Belgium), column BQ (2024)
    assert rows(older)[key][0] == 0.400004034972383
    assert rows(newer)[key][0] == 0.427122650657566
    assert ("worldbank.NY.GDP.PCAP.KD.ZG", "BEL", 2025) not in rows(older)
    assert rows(newer)["worldbank.NY.GDP.PCAP.KD.ZG", "BEL", 2025][0] == 0.279800186935191
    assert older.partial == newer.partial == ()


@originals
def test_every_download_parses_with_the_others_of_its_day():
    days: dict[str, list[Path]] = {}
    for path in sorted((ORIGINALS / "api-downloads").glob("API_*.csv")):
        days.setdefault(path.read_text(encoding="utf-8-sig").split('"')[7], []).append(path)
    assert {day: len(files) for day, files in days.items()} == {
        "2025-06-05": 1,
        "2025-12-04": 3,
        "2026-02-24": 7,
        "2026-07-13": 12,
    }
    for day, files in days.items():
        parsed = worldbank.parse(files)
        observations.check(parsed.observations)
        assert parsed.released == day
        assert len(set(parsed.observations["series"])) == len(files)
