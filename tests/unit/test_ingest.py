"""Ingest: the files of a release become one immutable snapshot, or nothing at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import multiprocessing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Partial
from analysis.snapshots import catalogue, promote
from analysis.snapshots import ingest as room
from analysis.snapshots.ingest import encode, faults, ingest, scope_of
from analysis.snapshots.store import Store
from analysis.snapshots.verify import verify

X, M = "census.goods_exports", "census.goods_imports"
HEADER = "year,country_code,exports_year_musd,imports_year_musd\n"
BELGIUM = "2015,BEL,34173.8,19486.8\n"


def census(folder: Path, body: str = BELGIUM, name: str = "trade.csv") -> Path:
    """A transcript of yearly totals as the Census Bureau's parser reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(HEADER + body, encoding="utf-8")
    return folder / name


def worldbank(folder: Path, updated: str = "2026-02-24", value: str = "82.97") -> Path:
    """A download of the World Bank, which states its own date."""
    lines = [
        ["Data Source", "World Development Indicators"], [], ["Last Updated Date", updated], [],
        ["Country Name", "Country Code", "Indicator Name", "Indicator Code", "2019"],
        ["Belgium", "BEL", "Exports of goods and services (% of GDP)", "NE.EXP.GNFS.ZS", value],
    ]  # fmt: skip
    path = folder / "API_NE.EXP.GNFS.ZS_DS2_en_csv_v2_1.csv"
    path.write_text("\r\n".join("".join(f'"{cell}",' for cell in line) for line in lines), encoding="utf-8", newline="")
    return path


def all_well(folder: Path) -> bool:
    return all(not problems for _, problems in verify(folder))


# A release is added


def test_a_release_is_added_with_its_figures_scope_and_files(tmp_path):
    file, folder = census(tmp_path), tmp_path / "data"
    release = ingest(
        "census",
        [file],
        "2016-03-04",
        folder=folder,
        obtained="transcribed",
        addresses=["https://census.gov/a"],
        note="n",
    )
    assert catalogue.releases(folder) == [release]
    assert (release.name, release.obtained, release.addresses, release.note) == (
        "census-2016-03-04", "transcribed", ("https://census.gov/a",), "n",
    )  # fmt: skip
    assert [scope.series for scope in release.scope] == [X, M]
    assert release.files[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (release.files[0].name, release.files[0].bytes) == ("trade.csv", file.stat().st_size)
    figures = Store(folder).as_of(dt.date(2016, 3, 4)).figures(X)
    assert figures[["reporter", "partner", "period", "value", "unit", "flag"]].to_numpy().tolist() == [
        ["USA", "BEL", 2015, 34173.8, "million USD", ""]
    ]
    assert all_well(folder)


def test_releases_stand_beside_each_other(tmp_path):
    folder = tmp_path / "data"
    ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    before = (folder / "snapshots/census/2016-03-04.parquet").read_bytes()
    ingest("census", [census(tmp_path, "2015,BEL,1,1\n2016,BEL,2,2\n")], "2017-03", folder=folder)
    ingest("worldbank", [worldbank(tmp_path)], "2026-02-24", folder=folder)
    assert [release.name for release in catalogue.releases(folder)] == [
        "census-2016-03-04", "census-2017-03", "worldbank-2026-02-24",
    ]  # fmt: skip
    assert (folder / "snapshots/census/2016-03-04.parquet").read_bytes() == before
    assert all_well(folder)


def test_an_empty_catalogue_that_was_there_is_filled(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / catalogue.FILE).write_text("{}", encoding="utf-8")
    ingest("census", [census(tmp_path)], "2016-03-04", folder=tmp_path / "data")
    assert len(catalogue.releases(tmp_path / "data")) == 1


def test_what_a_list_leaves_out_is_kept_with_its_scope(tmp_path):
    listed = "2014,BEL,30,1\n2014,WLD,100,1\n2015,BEL,34,1\n2015,WLD,34,1\n"
    release = ingest("census", [census(tmp_path, listed)], "2016-03-04", folder=tmp_path / "data")
    scope = catalogue.releases(tmp_path / "data")[0].scope_of(X)
    assert scope == release.scope_of(X)
    assert scope.limit(2014).missing_below == 70
    assert scope.limit(2015) is None


# The same again


def test_the_same_figures_again_change_nothing(tmp_path, holding):
    folder = tmp_path / "data"
    first = ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    before = holding(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert ingest("census", [census(tmp_path / "copy")], "2016-03-04", folder=folder) == first
    assert holding(folder) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_other_figures_under_the_same_date_are_refused(tmp_path, holding):
    folder = tmp_path / "data"
    ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    before = holding(folder)
    revised = census(tmp_path, "2015,BEL,34173.9,19486.8\n")
    with pytest.raises(ClaimbookError, match=r"census-2016-03-04 is held already with other figures"):
        ingest("census", [revised], "2016-03-04", folder=folder)
    assert holding(folder) == before
    ingest("census", [revised], "2016-06-03", folder=folder)
    assert len(catalogue.releases(folder)) == 2


def test_a_month_and_a_day_of_it_are_two_releases(tmp_path):
    folder = tmp_path / "data"
    ingest("census", [census(tmp_path)], "2016-03", folder=folder)
    ingest("census", [census(tmp_path, "2015,BEL,1,1\n")], "2016-03-04", folder=folder)
    assert [release.released for release in catalogue.releases(folder)] == ["2016-03-04", "2016-03"]


def test_figures_that_a_crash_left_behind_are_taken_over(tmp_path):
    folder = tmp_path / "data"
    left = folder / "snapshots/census/2016-03-04.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a file")
    ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    assert all_well(folder)


# A fault writes nothing at all


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BELGIUM + "2015,Atlantis,1,1\n", r"trade.csv, row 3, column B: 'Atlantis' is not a known country"),
        (BELGIUM + "2015,NLD,-1,1\n", r"row 3, column C: '-1' is not an amount"),
        (BELGIUM + "2015,NLD,nan,1\n", "row 3, column C"),
        (BELGIUM + "2015,NLD,1e999,1\n", "row 3, column C"),
        (BELGIUM + "2015,BEL,1,1\n", "row 3"),
        (BELGIUM + "1066,NLD,1,1\n", "'1066' is not a year"),
        ("2015," + "x" * 140_000 + ",1,1\n", "trade.csv: not comma-separated text"),
        ("", "nothing written, the files hold no observation"),
    ],
)
def test_a_fault_in_a_file_writes_nothing(tmp_path, holding, body, said):
    folder = tmp_path / "data"
    ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    before = holding(folder)
    with pytest.raises(ClaimbookError, match=said):
        ingest("census", [census(tmp_path, body)], "2017-03-04", folder=folder)
    assert holding(folder) == before


def test_a_fault_leaves_not_even_a_new_folder(tmp_path):
    with pytest.raises(LayoutError):
        ingest("census", [census(tmp_path, "2015,Atlantis,1,1\n")], "2017-03-04", folder=tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_one_bad_file_among_good_ones_writes_nothing(tmp_path):
    good, bad = census(tmp_path, name="good.csv"), census(tmp_path, "2015,NLD,x,1\n", name="bad.csv")
    with pytest.raises(LayoutError, match=r"bad\.csv, row 2"):
        ingest("census", [good, bad], "2016-03-04", folder=tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    with pytest.raises(ClaimbookError, match=f"{name}: no such file"):
        ingest("census", [tmp_path / name], "2016-03-04", folder=tmp_path / "data")


def test_no_file_at_all_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="no file"):
        ingest("census", [], "2016-03-04", folder=tmp_path / "data")


def test_a_fault_of_the_figures_as_a_whole_names_each_of_them(tmp_path, monkeypatch, figures):
    rows = figures(X, {("USA", "BEL"): {2014: -1.0, 2015: -2.0}})
    parsed = room.publishers.Parsed(observations.make(rows))
    monkeypatch.setattr(room.publishers, "parse", lambda *_, **__: parsed)
    with pytest.raises(ClaimbookError, match="nothing written, 2 fault") as error:
        ingest("census", [census(tmp_path)], "2016-03-04", folder=tmp_path / "data")
    assert "USA BEL 2014: impossible value -1 (below 0)" in str(error.value)
    assert not (tmp_path / "data").exists()


def test_a_crash_between_figures_and_catalogue_leaves_the_catalogue_as_it_was(tmp_path, monkeypatch, holding):
    folder = tmp_path / "data"
    ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    before = holding(folder)[catalogue.FILE]

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(catalogue, "text", crash)
        ingest("census", [census(tmp_path, "2016,BEL,1,1\n")], "2017-03-04", folder=folder)
    assert holding(folder)[catalogue.FILE] == before
    # The figures are there and in no release: whoever writes next removes them, and nobody is alarmed until then.
    assert (folder / "snapshots/census/2017-03-04.parquet").is_file() and all_well(folder)
    ingest("census", [census(tmp_path, "2016,BEL,1,1\n")], "2018-03-04", folder=folder)
    assert not (folder / "snapshots/census/2017-03-04.parquet").exists() and all_well(folder)
    assert not (folder / promote.STAGING).exists()


def test_a_file_that_nobody_was_writing_is_a_fault_still(tmp_path):
    folder = tmp_path / "data"
    ingest("census", [census(tmp_path)], "2016-03-04", folder=folder)
    (folder / "snapshots/census/2017-03-04.parquet").write_bytes(b"something")
    assert [problems for _, problems in verify(folder) if problems] == [
        ["snapshots/census/2017-03-04.parquet is in no release"]
    ]


# What is asked for


@pytest.mark.parametrize("publisher", ["censu", "", "../census", "CENSUS", "oecd"])
def test_an_unknown_publisher_is_told_which_there_are(tmp_path, publisher):
    with pytest.raises(ClaimbookError, match="is not declared in data/publishers.yaml; there are: .*census") as error:
        ingest(publisher, [census(tmp_path)], "2016-03-04", folder=tmp_path / "data")
    assert repr(publisher) in str(error.value)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "released", ["", "2016", "4 March 2016", "2016-02-30", "20160304", "2016-W09-5", "2016-03-04/../x"]
)
def test_a_date_that_is_none_is_refused_before_anything_is_read(tmp_path, released):
    with pytest.raises(ClaimbookError, match="is not a date"):
        ingest("census", [tmp_path / "none.csv"], released, folder=tmp_path / "data")


def test_a_date_other_than_the_one_a_file_states_is_refused(tmp_path):
    file = worldbank(tmp_path, updated="2026-02-24")
    with pytest.raises(ClaimbookError, match="released on 2026-02-24, not 2026-02-23; use --released 2026-02-24"):
        ingest("worldbank", [file], "2026-02-23", folder=tmp_path / "data")
    assert not (tmp_path / "data").exists()
    assert ingest("worldbank", [file], "2026-02-24", folder=tmp_path / "data").day == dt.date(2026, 2, 24)


def test_the_month_of_the_date_that_a_file_states_will_do(tmp_path):
    assert ingest("worldbank", [worldbank(tmp_path)], "2026-02", folder=tmp_path / "data").released == "2026-02"


def test_an_edition_that_a_publisher_has_no_use_for_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="edition"):
        ingest("census", [census(tmp_path)], "2016-03-04", folder=tmp_path / "data", edition="2016")


# What is wrong with observations


def test_every_kind_of_fault_is_told(figures):
    rows = [
        *figures(X, {("USA", "BEL"): {2014: 1.0}}),
        *figures(X, {("USA", "XYZ"): {2014: 1.0}}),
        *figures(X, {("USA", "NLD"): {2014: 1.0}}, unit="USD"),
        *figures(X, {("USA", "FRA"): {2014: float("inf")}}),
        *figures("nato.equipment_share", {("BEL", ""): {2014: 100.1}}),
        ("census.goods", "QQ", "", 2014, 1.0, "million USD", ""),
    ]
    told = "\n".join(faults(observations.make(rows)))
    for said in (
        "partner 'XYZ' is neither an ISO 3166 country nor declared in data/areas",
        "reporter 'QQ' is neither",
        "unit 'USD' where data/series declares 'million USD'",
        "census.goods_exports: 2 units in one release",
        "nato.equipment_share, BEL  2014: impossible value 100.1 (above 100)",
        "series 'census.goods' is not declared in data/series",
        "finite fails for inf",
    ):
        assert said in told


def test_no_fault_and_no_rows_are_no_faults(figures):
    assert faults(observations.make([])) == []
    assert faults(observations.make(figures(X, {("USA", "BEL"): {2014: 0.0, 2015: None}}))) == []


def test_of_many_faults_twenty_are_told(figures):
    told = faults(observations.make(figures(X, {("USA", "BEL"): dict.fromkeys(range(1950, 2000), -1.0)})))
    assert len(told) == 20


# The scope


def test_the_scope_is_what_the_figures_hold(figures):
    rows = figures(X, {("USA", "BEL"): {2014: 1.0, 2015: None}, ("USA", "NLD"): {2012: 1.0}, ("BEL", ""): {2012: 2.0}})
    scope, *others = scope_of(observations.make(rows), [Partial(X, 5.0, (2012,)), Partial(M, None)])
    assert not others
    assert (scope.series, scope.periods) == (X, (2012, 2014, 2015))
    assert (scope.reporters, scope.partners, scope.observations) == (2, 2, 4)
    assert [(limit.missing_below, limit.periods) for limit in scope.limits] == [(5.0, (2012,))]


# Bytes

table = st.dictionaries(
    st.tuples(st.sampled_from(["USA", "BEL"]), st.sampled_from(["", "BEL", "NLD", "FRA"]), st.integers(1990, 2020)),
    st.none() | st.floats(0, 1e12),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40)
@given(table, st.randoms(use_true_random=False))
def test_the_same_figures_are_the_same_bytes_in_whatever_order_they_come(cells, shuffle):
    rows = [(X, *key, value, "million USD", "suppressed" if value is None else "") for key, value in cells.items()]
    frame = observations.make(rows)
    content = encode(frame)
    shuffle.shuffle(rows)
    assert encode(observations.make(rows)) == content
    assert encode(frame.sample(frac=1, random_state=shuffle.randrange(99))) == content


@settings(max_examples=40)
@given(table)
def test_figures_come_back_as_they_went_in(cells):
    rows = [(X, *key, value, "million USD", "suppressed" if value is None else "") for key, value in cells.items()]
    frame = observations.make(rows)
    back = pq.read_table(io.BytesIO(encode(frame))).to_pandas()
    for column in observations.COLUMNS:
        assert back[column].astype(frame[column].dtype).equals(frame[column]), column


def test_two_ingests_elsewhere_give_the_same_bytes(tmp_path, holding):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        ingest("census", [census(tmp_path / name)], "2016-03-04", folder=tmp_path / name / "data")
    assert holding(tmp_path / "one" / "data") == holding(tmp_path / "other" / "data")
    content = (tmp_path / "one" / "data" / catalogue.FILE).read_text(encoding="utf-8")
    assert str(tmp_path) not in content


# Two at once


def _one_after_another(source: str, folder: str, years: list[int], gate) -> None:
    gate.wait()
    for year in years:
        ingest("census", [Path(source) / f"{year}.csv"], f"{year + 1}-03-04", folder=Path(folder))


def test_two_ingests_at_once_lose_nothing(tmp_path):
    for year in range(1990, 2006):
        census(tmp_path, f"{year},BEL,{year},1\n", name=f"{year}.csv")
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(2)
    workers = [
        spawn.Process(target=_one_after_another, args=(str(tmp_path), str(tmp_path / "data"), years, gate))
        # Both add the last three: the one that comes second must find them there.
        for years in ([*range(1990, 1997), 2003, 2004, 2005], [*range(1997, 2003), 2003, 2004, 2005])
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    held = catalogue.releases(tmp_path / "data")
    assert [release.released for release in held] == [f"{year + 1}-03-04" for year in range(1990, 2006)]
    assert all_well(tmp_path / "data")


def test_an_ingest_that_never_ends_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(promote, "WAIT", 0.1)
    with promote.locked(tmp_path / "data"), pytest.raises(ClaimbookError, match="another ingest into data/"):
        ingest("census", [census(tmp_path)], "2016-03-04", folder=tmp_path / "data")
    assert catalogue.releases(tmp_path / "data") == []


def test_a_folder_has_one_lock_by_whatever_path_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(promote, "WAIT", 0.1)
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.chdir(folder)
    with promote.locked(folder):
        for name in (tmp_path / "link", Path(), Path("../data")):
            with pytest.raises(ClaimbookError, match="another ingest"):
                ingest("census", [census(tmp_path)], "2016-03-04", folder=name)
    ingest("census", [census(tmp_path)], "2016-03-04", folder=Path())
    assert len(catalogue.releases(folder)) == 1
