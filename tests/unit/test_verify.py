"""Verify: whatever is not as the catalogue says is told."""

from __future__ import annotations

import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import observations
from analysis.errors import ClaimbookError
from analysis.publishers import Partial
from analysis.snapshots import catalogue, ingest
from analysis.snapshots.verify import verify

X, M = "census.goods_exports", "census.goods_imports"
NAME, PATH = "census-2016-03-04", "snapshots/census/2016-03-04.parquet"


@pytest.fixture
def held(shelf, figures):
    """A store of two releases, in order."""
    rows = figures(X, {("USA", "BEL"): {2014: 34.0, 2015: None}, ("USA", "NLD"): {2014: 43.0, 2015: 40.0}})
    shelf.add("census", "2015-03-05", figures(M, {("USA", "BEL"): {2014: 20.0}}), [Partial(M)])
    shelf.add("census", "2016-03-04", rows, [Partial(X, 9.0, (2015,))])
    return shelf.folder


def told(folder) -> dict[str, list[str]]:
    return dict(verify(folder))


def change(folder, **fields) -> None:
    """Change fields of the second release's entry in the catalogue."""
    package = catalogue.read(folder)
    entry = next(entry for entry in package["resources"] if entry["name"] == NAME)
    entry.update(fields)
    (folder / catalogue.FILE).write_text(json.dumps(package), encoding="utf-8")


def scope_of(folder) -> dict:
    return next(entry for entry in catalogue.read(folder)["resources"] if entry["name"] == NAME)["release"]


def swap(folder, frame: pd.DataFrame | None = None, table: pa.Table | None = None) -> None:
    """Put other figures in place, and their size and hash into the catalogue: only what they say is wrong."""
    if table is None:
        (folder / PATH).write_bytes(ingest.encode(frame))
    else:
        pq.write_table(table, folder / PATH)
    change(folder, bytes=(folder / PATH).stat().st_size, hash=f"sha256:{ingest.sha256(folder / PATH)}")


def frame_of(folder) -> pd.DataFrame:
    frame = pq.read_table(folder / PATH).to_pandas()
    return observations.make(list(frame.itertuples(index=False, name=None)))


def test_a_store_in_order_has_no_problem(held):
    assert told(held) == {"census-2015-03-05": [], NAME: []}


# Figures


@pytest.fixture(scope="module")
def kept(kept_shelf, figures):
    """A store of two releases that is left as it was found."""
    for released in ("2015-03-05", "2016-03-04"):
        kept_shelf.add("census", released, figures(X, {("USA", "BEL"): {2014: 34.0}, ("USA", "NLD"): {2014: 43.0}}))
    return kept_shelf.folder


@settings(max_examples=50)
@given(place=st.integers(0, 10**9), flip=st.integers(1, 255))
@example(place=244, flip=128)
def test_any_byte_changed_is_told(place, flip, kept):
    content = bytearray(whole := (kept / PATH).read_bytes())
    content[place % len(content)] ^= flip
    try:
        (kept / PATH).write_bytes(content)
        problems = told(kept)
        assert problems["census-2015-03-05"] == []
        assert "the file was changed" in problems[NAME][0]
    finally:
        (kept / PATH).write_bytes(whole)


def test_a_changed_file_is_not_even_parsed(held, monkeypatch):
    """A damaged file can make the Parquet reader end the whole process, without a word."""
    (held / PATH).write_bytes(b"x" + (held / PATH).read_bytes()[1:])
    read = pq.read_table
    monkeypatch.setattr(pq, "read_table", lambda path: pytest.fail() if path.match("2016*") else read(path))
    assert len(told(held)[NAME]) == 1


@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: content + b"\x00", lambda _: b""])
def test_a_file_cut_short_or_made_longer_is_told(held, spoil):
    (held / PATH).write_bytes(spoil((held / PATH).read_bytes()))
    assert any("bytes where the catalogue says" in problem for problem in told(held)[NAME])
    assert any("the file was changed" in problem for problem in told(held)[NAME])


def test_a_missing_file_is_told(held):
    (held / PATH).unlink()
    assert told(held) == {"census-2015-03-05": [], NAME: [f"{PATH} is missing"]}


@pytest.mark.parametrize(
    "stray", ["snapshots/census/2017-03-04.parquet", "snapshots/oecd/x", "snapshots/census/.2016-03-04.parquet.a1b2c3"]
)
def test_a_stray_file_is_told(held, stray):
    (held / stray).parent.mkdir(exist_ok=True)
    (held / stray).write_bytes(b"")
    assert told(held) == {"census-2015-03-05": [], NAME: [], "snapshots": [f"{stray} is in no release"]}


def test_figures_that_are_no_parquet_are_told_even_where_the_hash_fits(held):
    (held / PATH).write_bytes(b"PAR1 not really PAR1")
    change(held, bytes=20, hash=f"sha256:{ingest.sha256(held / PATH)}")
    assert ["not readable as Parquet" in problem for problem in told(held)[NAME]] == [True]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("partner", "XYZ", "partner 'XYZ' is neither an ISO 3166 country"),
        ("series", "census.goods", "series 'census.goods' is not declared"),
        ("unit", "USD", "unit 'USD' where data/series declares 'million USD'"),
        ("value", -1.0, "impossible value -1 (below 0)"),
        ("value", float("inf"), "finite"),
        ("value", float("nan"), "empty exactly where the flag says suppressed"),
        ("flag", "guess", "isin"),
        ("period", 2013, "the scope declared for census.goods_exports is not what the file holds"),
    ],
)
def test_an_impossible_observation_is_told_even_where_the_hash_fits(held, column, value, said):
    frame = frame_of(held)
    frame.loc[0, column] = value
    swap(held, frame)
    problems = told(held)
    assert problems["census-2015-03-05"] == []
    assert any(said in problem for problem in problems[NAME]), problems


def test_the_same_key_twice_is_told(held):
    frame = frame_of(held)
    swap(held, pd.concat([frame, frame.tail(1)]))
    assert any("unique" in problem for problem in told(held)[NAME])


@pytest.mark.parametrize("column", [name for name in observations.COLUMNS if name != "value"])
def test_a_cell_without_anything_is_told(held, column):
    table = pq.read_table(held / PATH)
    empty = pa.nulls(len(table), table.schema.field(column).type)
    swap(held, table=table.set_column(table.schema.get_field_index(column), table.schema.field(column), empty))
    assert told(held)[NAME] == [f"{column}: cells without anything"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: table.drop_columns(["flag"]),
        lambda table: table.append_column("note", table["flag"]),
        lambda table: table.select(table.column_names[::-1]),
        lambda table: table.rename_columns([*table.column_names[:-1], "mark"]),
        lambda table: table.set_column(3, "period", table["period"].cast(pa.int64())),
        lambda table: table.set_column(4, "value", table["value"].cast(pa.string())),
    ],
)
def test_columns_other_than_ingest_writes_are_told(held, spoil):
    swap(held, table=spoil(pq.read_table(held / PATH)))
    (problem,) = told(held)[NAME]
    assert "where series, reporter, partner, period, value, unit, flag are due" in problem


# The catalogue


def test_a_changed_hash_or_size_is_told(held):
    change(held, hash="sha256:" + "0" * 64)
    (problem,) = told(held)[NAME]
    assert problem.endswith(f"where the catalogue says sha256:{'0' * 64}: the file was changed")
    change(held, hash=f"sha256:{ingest.sha256(held / PATH)}", bytes=1)
    (problem,) = told(held)[NAME]
    assert problem.endswith("bytes where the catalogue says 1")


@pytest.mark.parametrize("field", ["hash", "bytes", "path", "name"])
def test_an_entry_that_lacks_a_field_is_told(held, field):
    package = catalogue.read(held)
    next(entry for entry in package["resources"] if entry["name"] == NAME).pop(field)
    (held / catalogue.FILE).write_text(json.dumps(package), encoding="utf-8")
    assert "None" in told(held)[NAME][0]


@pytest.mark.parametrize(
    "changed",
    [{"periods": "2014-2016"}, {"periods": "2014"}, {"reporters": 2}, {"partners": 3}, {"observations": 3}],
)
def test_a_changed_scope_is_told(held, changed):
    release = scope_of(held)
    release["scope"][0].update(changed)
    change(held, release=release)
    assert told(held)[NAME] == [f"the scope declared for {X} is not what the file holds"]


def test_a_series_more_or_less_in_the_scope_is_told(held):
    release = scope_of(held)
    other = {**release["scope"][0], "series": M}
    change(held, release={**release, "scope": [*release["scope"], other]})
    assert told(held)[NAME] == [f"the scope declared for {M} is not what the file holds"]
    change(held, release={**release, "scope": []})
    assert told(held)[NAME] == [f"{X} is in the file but not in the declared scope"]


def test_a_release_under_another_name_or_path_is_told(held):
    change(held, path="snapshots/census/2015-03-05.parquet")
    problems = told(held)
    assert "the catalogue names it 'census-2016-03-04' at 'snapshots/census/2015-03-05.parquet'" in problems[NAME][0]


def test_a_release_of_nobody_is_told(shelf, held):
    release = {**scope_of(held), "publisher": "oecd"}
    change(held, name="oecd-2016-03-04", path="snapshots/oecd/2016-03-04.parquet", release=release)
    (held / "snapshots/oecd").mkdir()
    (held / PATH).rename(held / "snapshots/oecd/2016-03-04.parquet")
    assert told(held)["oecd-2016-03-04"] == ["publisher 'oecd' is not declared in publishers.yaml"]


def test_a_release_listed_twice_is_told(held):
    package = catalogue.read(held)
    package["resources"].append(package["resources"][-1])
    (held / catalogue.FILE).write_text(json.dumps(package), encoding="utf-8")
    assert (NAME, ["the catalogue lists it twice"]) in list(verify(held))


@pytest.mark.parametrize(
    "release", [{}, None, {"scope": [{"periods": "then"}]}, {"publisher": "census", "released": "2016-02-30"}]
)
def test_an_entry_that_is_no_release_is_told_by_name(held, release):
    change(held, release={**scope_of(held), **release} if release else release)
    with pytest.raises(ClaimbookError, match="2016-02-30|resource 'census-2016-03-04'"):
        told(held)


def test_an_empty_store_is_a_fault(tmp_path):
    with pytest.raises(ClaimbookError, match="lists no release"):
        told(tmp_path)
