"""What a run is heard to read: series, releases, statements, files, variables; and what makes it unknowable."""

from __future__ import annotations

import ast
import glob
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv, feather

from analysis import chapters, claims, evaluations, hearing, reads
from analysis.home import home
from analysis.snapshots import errata
from analysis.snapshots.store import Store, store

X, SHARE = "census.goods_exports", "nato.defence_expenditure_share_gdp"


@pytest.fixture
def heard(tmp_path, monkeypatch) -> Callable[[Callable[[], Any]], dict]:
    """What is read while a function runs."""

    def told(function: Callable[[], Any]) -> dict:
        target = tmp_path / "told" / "reads.json"
        target.parent.mkdir(exist_ok=True)
        monkeypatch.setenv(reads.VARIABLE, str(target))
        reads.begin()
        try:
            function()
        finally:
            reads.finish()
        return json.loads(target.read_text(encoding="utf-8"))

    def run(function: Callable[[], Any]) -> dict:
        # The tests themselves are modules of somebody's own: what they come from is left out.
        before, found = told(lambda: None)["files"], told(function)
        return {**found, "files": {path: sha for path, sha in found["files"].items() if path not in before}}

    return run


@pytest.fixture
def outside(tmp_path_factory, monkeypatch) -> Path:
    """A folder of somebody's own files, which is neither the book's nor one for passing things."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("passing")))
    return tmp_path_factory.mktemp("outside")


def test_without_the_variable_nobody_listens(monkeypatch, tmp_path):
    monkeypatch.delenv(reads.VARIABLE, raising=False)
    reads.begin()
    assert not reads.listening()
    store().carrying(SHARE)
    reads.finish()
    assert list(tmp_path.iterdir()) == []


def test_ways_into_the_store_are_all_noted_though_its_caches_are_warm(heard):
    held, day = store(), store().newest
    newest = held.carrying(SHARE)[-1]
    ways = {
        "carrying": lambda: held.carrying(SHARE),
        "days": lambda: held.days([SHARE]),
        "years": lambda: held.as_of(day).years(SHARE),
        "ranked years": lambda: held.as_of(day).years(SHARE, ranked=True),
    }
    figures = {
        "figures of an edition": lambda: held.as_of(day).figures(SHARE),
        "ranked": lambda: held.as_of(day).figures(SHARE, ranked=True),
        "told": lambda: held.as_of(day).told(SHARE),
    }
    for name, way in (ways | figures).items():
        for _ in range(2):
            found = heard(way)
            assert found["series"] == [SHARE], name
            assert (newest.name in found["release"]) is (name in figures), name
            assert not found["releases"] and not found["newest"] and found["files"] == {}
    for way in (lambda: held.figures(newest, SHARE), lambda: held.told(newest, SHARE)):
        assert heard(way)["release"] == [newest.name]
    assert heard(lambda: held.newest)["newest"] and heard(lambda: held.releases)["releases"]


def test_an_edition_of_an_earlier_day_reads_no_later_release(heard):
    held = store()
    first = held.carrying(SHARE)[0]
    assert heard(lambda: held.as_of(first.day).figures(SHARE))["release"] == [first.name]


def test_another_store_counts_by_its_files(heard, shelf, figures):
    release = shelf.add("census", "2024-02-01", figures(X, {("USA", "BEL"): {2023: 1.0}}))
    found = heard(lambda: shelf.store().as_of(release.day).figures(X))
    assert found["series"] == [] and found["release"] == []
    assert {str(shelf.folder / "datapackage.json"), str(shelf.folder / release.path)} <= set(found["files"])
    assert all(found["files"].values())


def test_the_book_opened_anew_counts_by_series_and_not_by_its_catalogue(heard):
    found = heard(lambda: Store(home() / "data").carrying(SHARE))
    assert found["series"] == [SHARE] and found["files"] == {}


def test_statements_are_noted_one_by_one_or_by_theme(heard):
    some = claims.ledger()[0]
    assert heard(lambda: claims.claim(some.id))["claim"] == [some.id]
    assert heard(lambda: claims.audited(some.id))["claim"] == [some.id]
    found = heard(lambda: claims.of_theme(some.theme))
    assert found["theme"] == [some.theme] and found["claim"] == [] and not found["ledger"]
    for whole in (claims.ledger, claims.declared):
        assert heard(whole)["ledger"]


def test_errors_known_of_a_series_go_with_it_and_the_register_counts_as_a_whole(heard):
    series = next(iter(errata.errata().values())).series
    assert not heard(lambda: store().as_of(store().newest).figures(series))["errata"]
    assert heard(errata.errata)["errata"]


def test_what_is_remembered_tells_its_reads_again(heard):
    claim = next(entry for entry in claims.ledger() if entry.readings)
    first = heard(lambda: evaluations.evaluate(claim, claim.readings[0], store()))
    again = heard(lambda: evaluations.evaluate(claim, claim.readings[0], store()))
    assert first["release"] and (first["series"], first["release"]) == (again["series"], again["release"])


def test_remembered_counts_as_the_cache_it_is_and_passes_faults_on(heard):
    calls = []

    @reads.remembered(None)
    def twice(number: int) -> int:
        """Doubled."""
        calls.append(number)
        reads.note(reads.SERIES, str(home() / "data"), f"series.{number}")
        return 2 * number if number else 1 // number

    assert twice.__doc__ == "Doubled." and twice(1) == twice(1) == 2 and calls == [1]
    assert heard(lambda: twice(1))["series"] == ["series.1"]
    outer = reads.remembered(None)(lambda: twice(1))
    outer()
    assert heard(outer)["series"] == ["series.1"]
    with pytest.raises(ZeroDivisionError):
        twice(0)
    assert not reads.listening()

    def fails() -> None:
        with pytest.raises(ZeroDivisionError):
            twice(0)

    assert heard(fails)["series"] == ["series.0"]


def test_what_is_first_computed_where_reads_are_told_finer_is_remembered_all_the_same(heard):
    level = reads.remembered(None)(lambda: store().carrying(SHARE))

    def finer() -> None:
        with reads.told_finer():
            level()

    assert heard(finer)["series"] == []
    assert heard(level)["series"] == [SHARE]


def test_threads_of_a_run_are_heard(heard):
    def run() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(store().carrying, (SHARE, X)))

    assert heard(run)["series"] == [X, SHARE]


def test_files_are_known_by_what_they_hold_and_absent_ones_by_their_absence(heard, outside):
    table = outside / "mine.csv"
    table.write_text("a,b\n1,2\n")

    def run() -> None:
        pd.read_csv(table)
        for missing in (outside / "none.csv", home() / "data" / "none.yaml"):
            with pytest.raises(FileNotFoundError):
                missing.read_text()
        os.close(os.open(home() / "about.md", os.O_RDONLY))
        glob.glob(str(outside / "*"))  # noqa: PTH207 - as a chapter may

    found = heard(run)
    here = {path: digest for path, digest in found["files"].items() if not path.startswith("/usr/share/")}
    mine, none = str(table), str(outside / "none.csv")
    assert set(here) == {mine, none, "data/none.yaml", "about.md"}
    assert here[mine] == hearing.of_file(table) != "" and here[none] == here["data/none.yaml"] == ""
    assert found["folders"] == {str(outside): hearing.of_listing(outside)} and found["never"] == []


def test_files_that_arrow_opens_by_itself_are_heard_of_too(heard, outside):
    table = pd.DataFrame({"a": [1]})
    names = ("one.parquet", "two.parquet", "three.parquet", "some/four.parquet", "five.csv", "six.csv", "seven.feather")
    (outside / "some").mkdir()
    for name in names:
        getattr(table, f"to_{name.split('.')[1]}")(outside / name)

    def run() -> None:
        pd.read_parquet(outside / "one.parquet")
        pq.read_table(str(outside / "two.parquet"))
        pq.ParquetFile(outside / "three.parquet").close()
        pd.read_parquet(outside / "some")
        pd.read_csv(outside / "five.csv", engine="pyarrow")
        csv.read_csv(outside / "six.csv")
        feather.read_table(outside / "seven.feather")

    ways = pq.read_table, pq.ParquetFile.__init__
    found = heard(run)
    assert {str(outside / name) for name in names} <= set(found["files"]) and str(outside / "some") in found["folders"]
    assert (pq.read_table, pq.ParquetFile.__init__) == ways, "a process that does not record is as it was"


def test_what_belongs_to_python_or_the_package_is_no_file_of_the_run(heard):
    found = heard(lambda: [Path(module.__file__).read_bytes() for module in (json, reads, pd)])
    assert found["files"] == {} == found["folders"]


def test_what_a_run_made_itself_is_not_what_it_was_given(heard, tmp_path):
    made = tmp_path / "made.csv"

    def run() -> None:
        made.write_text("x")
        made.read_text()

    found = heard(run)
    assert found["files"] == {} and found["never"] == []


def test_modules_of_somebodys_own_count_though_they_were_imported_before(heard, outside, monkeypatch):
    (outside / "helper_of_a_chapter.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(outside)
    import helper_of_a_chapter

    monkeypatch.delitem(sys.modules, "helper_of_a_chapter")
    found = heard(lambda: monkeypatch.setitem(sys.modules, "helper_of_a_chapter", helper_of_a_chapter))
    assert list(found["files"]) == [str(outside / "helper_of_a_chapter.py")]


def test_variables_that_cells_ask_for_are_known_and_not_told(heard, monkeypatch):
    monkeypatch.setenv("MINE", "a secret")
    cell = "import os\nos.environ['MINE'], os.getenv('OTHER'), 'THIRD' in os.environ"
    found = heard(lambda: exec(compile(cell, "a cell", "exec"), {}))
    assert set(found["variables"]) == {"MINE", "OTHER", "THIRD"}
    assert found["variables"]["OTHER"] == "" and "secret" not in json.dumps(found)
    # Python's own questions are of no cell.
    assert heard(lambda: exec(compile("import pathlib\npathlib.Path.home()", "a cell", "exec"), {}))["variables"] == {}
    assert type(os.environ).__module__ == "os"


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (lambda place: subprocess.run([sys.executable, "-c", ""], check=True), "starts other processes"),
        (lambda place: os.system("true"), "starts other processes"),
        (lambda place: _asked(("127.0.0.1", 9)), "asks a network"),
        (lambda place: sqlite3.connect(place / "some.db").close(), "opens a database"),
        (lambda place: (place / "out.txt").write_text("x"), "writes"),
        (lambda place: (place / "out.txt").open("a").close(), "writes"),
        (lambda place: pq.write_table(pa.table({"a": [1]}), place / "out.parquet"), "writes"),
        (lambda place: (place / "out").mkdir(), "makes, moves or removes"),
        (lambda place: place.rename(place.with_name("moved")), "makes, moves or removes"),
        (lambda place: (place / "link").symlink_to(place), "makes, moves or removes"),
        (lambda place: exec(compile("import os\ndict(os.environ)", "a cell", "exec"), {}), "environment variables"),
        (lambda place: reads.note(reads.NEVER, "it is told so"), "it is told so"),
    ],
)
def test_what_cannot_be_known_by_its_files_is_never_used_again(heard, outside, does, why):
    found = heard(lambda: does(outside))
    assert any(why in reason for reason in found["never"]), found["never"]


def _asked(address: tuple[str, int]) -> None:
    with socket.socket() as line:
        line.connect_ex(address)


def test_a_file_that_changes_meanwhile_makes_a_run_unknowable(heard, outside):
    file = outside / "a.txt"

    def run() -> None:
        file.write_text("before")
        reads._run._files._made.clear()  # as if another process had written it
        file.read_text()
        file.write_text("after it")

    assert any("changed while it ran" in reason for reason in heard(run)["never"])


def test_figures_fetched_live_are_never_used_again(heard, monkeypatch, tmp_path):
    monkeypatch.setenv("CLAIMBOOK_CACHE", str(tmp_path / "cache"))
    none = tmp_path / "none.yaml"
    none.write_text("{}\n")
    monkeypatch.setenv("CLAIMBOOK_UPSTREAMS", str(none))
    found = heard(lambda: chapters.start(data="live"))
    assert "figures are fetched live" in found["never"]


# Rooms whose caches hide no read of a chapter: they hold declarations of data/ that count for every chapter as a whole,
# what is made of the package alone, or what only the build uses.
_DECLARATIONS = {"areas", "catalogue", "corrections", "currencies", "documents", "glossary", "groups", "records"}
_DECLARATIONS |= {"scenarios", "series", "upstreams"}
_PACKAGE = {"__init__", "home", "observations", "reads"}
_BUILD = {"cards", "drawing", "engraving", "frame", "layer", "lettering", "pictures", "styles"}
# These are noted at their entrances, before the cache.
_NOTED = {"errata._by_series", "store._figures", "store._told", "store._years", "store.store"}


def test_every_cache_of_the_package_is_known_to_hide_no_read():
    """A cache over the store or the ledger hides what later runs read, unless it is one of analysis.reads."""
    found = set()
    for path in Path(reads.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for decorator in getattr(node, "decorator_list", ()):
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if getattr(called, "id", getattr(called, "attr", "")) in ("cache", "lru_cache"):
                    found.add(f"{path.stem}.{node.name}")
    known = _DECLARATIONS | _PACKAGE | _BUILD
    assert {name for name in found if name.split(".")[0] not in known} == _NOTED, "use reads.remembered or reads.whole"
