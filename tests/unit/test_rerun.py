"""Every kind of input change is seen by the chapters that it concerns, and by no others."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from copies import Copy

from analysis.kept import MOST

_START = 'from analysis import chapters\nchapter = chapters.start(country="BEL")'
ADDRESS = "https://example.org/"
SITE = {"index.html": "<p>index", "claims/one.html": "<p>one", "data/one.csv": "a,b\n"}


def cells_of(mine: Path) -> dict[str, list[str]]:
    """Small chapters that each read something else; `mine`: a folder of somebody's own files."""
    own = f"""
import os, sys
from pathlib import Path
import pandas
mine = Path({str(mine)!r})
sys.path.insert(0, str(mine))
import helper_of_mine
pandas.read_csv(mine / "table.csv"), os.environ.get("MINE"), sorted(mine.glob("more/*")), (mine / "none.txt").exists()
try:
    (mine / "absent.csv").read_text()
except FileNotFoundError:
    pass
"""
    return {
        "nato": ["year = 2020", _START, 'chapter.claim("nvs-defence-average")', 'chapter.text("nvs-defence-average")'],
        "theme": ["year = 2020", _START, 'chapter.statements("trade")'],
        "whole": [
            "year = 2020", "from analysis import claims", "from analysis.snapshots import errata; from analysis.snapshots.store import store",
            "len(store().releases), len(errata.errata()), len(claims.ledger())",
        ],
        "own": ["year = 2020", own],
        "writes": ["year = 2020", f"open({str(mine / 'out.txt')!r}, 'w').close()"],
    }  # fmt: skip


class Shelf(Copy):
    """A copy of the book with small chapters, and what is somebody's own beside it."""

    def __init__(self, folder: Path) -> None:
        self.mine = folder / "mine"
        (self.mine / "more").mkdir(parents=True)
        (self.mine / "table.csv").write_text("a,b\n1,2\n")
        (self.mine / "more" / "one.txt").write_text("1")
        (self.mine / "helper_of_mine.py").write_text("VALUE = 1\n")
        super().__init__(folder, cells_of(self.mine))
        self.names = sorted(cells_of(self.mine))
        self.variables = {"TMPDIR": str(folder / "passing"), "MINE": "one"}
        (folder / "passing").mkdir()

    def told(self, what: str = "decide", **variables: str) -> tuple[dict[str, str], list[str]]:
        """What is said of each chapter, and why the site has to be made anew."""
        said = self.ask(what, *self.names, address=ADDRESS, variables={**self.variables, **variables})
        return {name: text.removeprefix(f"{name}: ") for name, text in said["chapters"].items()}, said["site"]

    def verdicts(self, what: str = "decide", **variables: str) -> dict[str, str]:
        return self.told(what, **variables)[0]

    def catalogue(self, change: Callable[[list[dict]], None]) -> None:
        path = self.book / "data" / "datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        change(package["resources"])
        path.write_text(json.dumps(package), encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def swap(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Iterator[Shelf]:
    """Chapters that have run once, and a site that was made of them."""
    made = Shelf(tmp_path_factory.mktemp("rerun"))
    assert all(text == "run: no result is kept" for text in made.verdicts("run").values())
    for name, text in SITE.items():
        (made.kept / "html" / name).parent.mkdir(parents=True, exist_ok=True)
        (made.kept / "html" / name).write_text(text)
    known = [name for name in made.names if name != "writes"]
    assert made.ask("mark", *known, address=ADDRESS, variables=made.variables) is None
    yield made
    made.close()


@pytest.fixture
def changed(shelf: Shelf) -> Iterator[Shelf]:
    """The same, put back as it was after the test."""
    before = {path: path.read_bytes() for path in shelf.folder.rglob("*") if path.is_file()}
    yield shelf
    for path in [path for path in shelf.folder.rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def test_where_nothing_changed_everything_is_kept_but_what_cannot_be_known(shelf):
    told, site = shelf.told()
    assert told.pop("writes") == f"run: a run of it is never kept: it writes {shelf.mine / 'out.txt'}"
    assert set(told.values()) == {"kept: nothing it read has changed"}
    assert site == []


def nato(entries: list[dict], number: int = 0) -> dict:
    """An entry of NATO's in the catalogue."""
    return [entry for entry in entries if entry["release"]["publisher"] == "nato"][number]


def other(entries: list[dict]) -> dict:
    return next(entry for entry in entries if entry["release"]["publisher"] == "euda")


def a_newer_one(entries: list[dict]) -> None:
    entry = json.loads(json.dumps(other(entries)))
    entry["name"], entry["release"]["released"] = "euda-2031-01-01", "2031-01-01"
    entries.append(entry)


def flip(shelf: Shelf, publisher: str) -> None:
    path = sorted((shelf.book / "data" / "snapshots" / publisher).glob("*.parquet"))[-1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cell(shelf: Shelf, name: str, change: Callable[[dict], object]) -> None:
    path = shelf.book / "chapters" / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def ledger(shelf: Shelf, change: Callable[[list[dict]], object], document: str = "nvs") -> None:
    path = shelf.book / "data" / "claims" / f"{document}.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(told["claims"])
    path.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")


def claim(claims: list[dict], name: str) -> dict:
    return next(entry for entry in claims if entry["id"] == name)


ERRATUM = """
- id: tried-out
  series: {series}
  reporter: BEL
  periods: "2014"
  since: {since}
  wrong: Tried out.
  shown_by: A test.
  reported: Not reported.
  action: noted
  expect: {{period: 2014, value: 1}}
"""
EVERY = ("nato", "own", "theme", "whole")
SHARE = "nato.defence_expenditure_share_gdp"
# What is changed, which chapters run, and what the first of them says.
CHANGES: dict[str, tuple[Callable[[Shelf], object], tuple[str, ...], str]] = {
    "cells": (lambda s: cell(s, "own", lambda n: n["cells"][1].update(source="1")), ("own",), "its cells changed"),
    "tags": (
        lambda s: cell(s, "own", lambda n: n["cells"][1]["metadata"].update(tags=["hide-input"])), ("own",),
        "its cells changed",
    ),
    "default parameter": (
        lambda s: cell(s, "theme", lambda n: n["cells"][0].update(source="year = 2021")), ("theme",),
        "its cells changed",
    ),
    "outputs alone": (lambda s: cell(s, "own", lambda n: n["cells"][1].update(execution_count=7)), (), ""),
    "package source": (
        lambda s: s.append("src/analysis/units.py", "\n# more\n"), EVERY, r"package source changed \(units.py\)",
    ),
    "new module": (
        lambda s: (s.package / "measures" / "more.py").write_text(""), EVERY,
        r"package source changed \(measures/more.py\)",
    ),
    "template": (
        lambda s: s.append("src/analysis/site/pages/table.html.j2", "\n"), EVERY,
        r"package source changed \(site/pages/table.html.j2\)",
    ),
    "lock": (lambda s: s.append("book/requirements.lock", "\n"), EVERY, "requirements.lock changed"),
    "lock gone": (lambda s: (s.book / "requirements.lock").unlink(), EVERY, "requirements.lock is gone"),
    "snapshot byte": (lambda s: flip(s, "nato"), ("nato",), r"release nato-\S+ changed"),
    "snapshot gone": (
        lambda s: shutil.rmtree(s.book / "data" / "snapshots" / "nato"), ("nato",), r"release nato-\S+ is gone",
    ),
    "snapshot of another": (lambda s: flip(s, "euda"), (), ""),
    "date of an entry": (
        lambda s: s.catalogue(lambda e: nato(e)["release"].update(released="2015-02-03")), ("nato", "whole"),
        "release nato-2015-02-03 is new",
    ),
    "scope of an entry": (
        lambda s: s.catalogue(lambda e: nato(e)["release"]["scope"][0].update(reporters=1)), ("nato", "whole"),
        r"release nato-\S+ changed",
    ),
    "entry of another": (
        lambda s: s.catalogue(lambda e: other(e)["release"].update(note="Tried.")), ("whole",),
        r"release euda-\S+ changed",
    ),
    "newest release": (
        lambda s: s.catalogue(a_newer_one), ("nato", "theme", "whole"),
        r"the newest release is of 2031-01-01, of \S+ before",
    ),
    "order of the catalogue": (lambda s: s.catalogue(lambda e: e.reverse()), (), ""),
    "erratum": (
        lambda s: s.append("book/data/errata.yaml", ERRATUM.format(series=SHARE, since="nato-2016-01-28")),
        ("nato", "whole"), f"the known errors of {SHARE} changed",
    ),
    "erratum of another": (
        lambda s: s.append("book/data/errata.yaml", ERRATUM.format(series="gtd.attacks", since="gtd-2021")), ("whole",),
        "data/errata.yaml changed",
    ),
    "its statement": (
        lambda s: ledger(s, lambda c: claim(c, "nvs-defence-average").update(place="page 99")), ("nato", "whole"),
        "statement nvs-defence-average changed",
    ),
    "another statement": (
        lambda s: ledger(s, lambda c: claim(c, "nvs-africa-2050").update(place="page 99")), ("whole",),
        "statement nvs-africa-2050 changed",
    ),
    "statement of the theme": (
        lambda s: ledger(s, lambda c: claim(c, "ics-two-way-trade").update(place="page 99"), "ics"), ("theme", "whole"),
        "statement ics-two-way-trade changed",
    ),
    "new statement of the theme": (
        lambda s: ledger(s, lambda c: c.append({**claim(c, "nvs-africa-2050"), "id": "nvs-new", "theme": "trade"})),
        ("theme", "whole"), "statement nvs-new is new",
    ),
    "statement gone": (
        lambda s: ledger(s, lambda c: c.remove(claim(c, "ics-liege-cargo")), "ics"), ("theme", "whole"),
        "statement ics-liege-cargo is gone",
    ),
    "order of statements": (lambda s: ledger(s, lambda c: c.reverse(), "ics"), ("theme", "whole"), "another order"),
    "layout of the ledger": (lambda s: ledger(s, lambda c: None), (), ""),
    "areas": (lambda s: s.append("book/data/areas/nato.yaml", "\n"), EVERY, "data/areas/nato.yaml changed"),
    "new areas": (
        lambda s: (s.book / "data" / "areas" / "new.yaml").write_text("{}\n"), EVERY, "data/areas/new.yaml is new",
    ),
    "series": (lambda s: s.append("book/data/series/nato.yaml", "\n"), EVERY, "data/series/nato.yaml changed"),
    "publishers": (lambda s: s.append("book/data/publishers.yaml", "\n"), EVERY, "data/publishers.yaml changed"),
    "records": (lambda s: s.append("book/data/records.yaml", "\n"), EVERY, "data/records.yaml changed"),
    "conventions": (lambda s: s.append("book/data/conventions.yaml", "\n"), EVERY, "data/conventions.yaml changed"),
    "memberships": (lambda s: s.append("book/data/memberships.yaml", "\n"), EVERY, "data/memberships.yaml changed"),
    "documents": (lambda s: s.append("book/data/documents.yaml", "\n"), EVERY, "data/documents.yaml changed"),
    "own table": (lambda s: s.append("mine/table.csv", "3,4\n"), ("own",), "table.csv changed"),
    "own table gone": (lambda s: (s.mine / "table.csv").unlink(), ("own",), "table.csv is gone"),
    "own table that comes": (lambda s: (s.mine / "absent.csv").write_text(""), ("own",), "absent.csv is new"),
    "own module": (lambda s: s.append("mine/helper_of_mine.py", "#\n"), ("own",), "helper_of_mine.py changed"),
    "own folder": (lambda s: (s.mine / "more" / "two.txt").write_text(""), ("own",), "the files of .* are others"),
    "page": (lambda s: s.append("book/about.md", "\nMore.\n"), (), ""),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_runs_the_chapters_that_read_it_and_no_others(changed, change):
    does, running, reason = CHANGES[change]
    does(changed)
    told, site = changed.told()
    told.pop("writes")
    assert sorted(name for name, text in told.items() if text.startswith("run: ")) == sorted(running), told
    if running:
        assert re.search(reason, told[running[0]]), told
    assert site, "no site is vouched for where any input changed"


@pytest.mark.parametrize(
    ("variables", "running", "reason"),
    [
        ({"CLAIMBOOK_AS_OF": "2024-06-30"}, EVERY, "environment variable CLAIMBOOK_AS_OF changed"),
        ({"CLAIMBOOK_VERSION": "2030.01"}, EVERY, "environment variable CLAIMBOOK_VERSION changed"),
        ({"TZ": "Asia/Tokyo"}, EVERY, "environment variable TZ changed"),
        ({"MINE": "two"}, ("own",), "environment variable MINE changed"),
        ({"OF_NOBODY": "1"}, (), ""),
    ],
)
def test_variables_that_the_package_or_a_cell_reads_are_seen(shelf, variables, running, reason):
    told, site = shelf.told(**variables)
    told.pop("writes")
    assert sorted(name for name, text in told.items() if text.startswith("run: ")) == sorted(running)
    assert not running or reason in told[running[0]]
    assert bool(site) is bool(running)


def test_another_library_is_seen(changed, tmp_path):
    for name in ("pandas-0.0.1", "of_nobody_before-1.0"):
        (tmp_path / f"{name}.dist-info").mkdir()
    path = os.pathsep.join((str(changed.folder / "src"), str(tmp_path)))
    told = changed.verdicts(PYTHONPATH=path)
    assert "of-nobody-before is newly installed" in told["own"] and "another pandas: 0.0.1" in told["own"]


def test_what_ipython_runs_at_each_start_is_seen(changed, tmp_path):
    (tmp_path / "profile_default" / "startup").mkdir(parents=True)
    (tmp_path / "profile_default" / "startup" / "00.py").write_text("year = 1\n")
    assert "00.py is new" in changed.verdicts(IPYTHONDIR=str(tmp_path))["own"]


@pytest.mark.parametrize("damage", ["cut short", "a byte", "empty"])
def test_a_damaged_result_is_not_used(changed, damage):
    (path,) = (changed.kept / "own").glob("*.kept")
    content = path.read_bytes()
    told = {"cut short": content[:-9], "empty": b"", "a byte": content[:-99] + b"\x01" + content[-98:]}
    path.write_bytes(told[damage])
    assert changed.verdicts()["own"] == "run: the kept result is damaged"


def test_going_back_and_forth_runs_nothing_and_old_results_are_forgotten(changed):
    table = changed.mine / "table.csv"
    before = table.read_text()
    table.write_text("a,b\n5,6\n")
    assert changed.verdicts("run")["own"].startswith("run: ")
    assert changed.verdicts()["own"].startswith("kept: ")
    table.write_text(before)
    assert changed.verdicts()["own"].startswith("kept: ")
    place = changed.kept / "own"
    for number in range(MOST + 2):
        shutil.copy(next(place.glob("*.kept")), place / f"{number:032x}.kept")
    table.write_text("a,b\n7,8\n")
    changed.verdicts("run")
    assert len(list(place.glob("*.kept"))) == MOST and changed.verdicts()["own"].startswith("kept: ")


def test_what_changes_during_a_run_is_not_kept(changed):
    """The chapter itself changes a file that it and others depend on, as somebody might beside it."""
    areas = changed.book / "data" / "areas" / "nato.yaml"
    changed.write(
        "own", ["year = 2020", f"import os\nos.truncate({str(areas)!r}, os.stat({str(areas)!r}).st_size - 1)"]
    )
    assert changed.verdicts("run")["own"].startswith("run: ")
    assert changed.verdicts()["own"].startswith("run: ")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda site: (site / "index.html").write_text("<p>by hand"), "html/index.html was altered"),
        (lambda site: (site / "claims" / "one.html").unlink(), "html/claims/one.html is gone"),
        (lambda site: (site / "more.html").write_text(""), "html/more.html is not of the build"),
        (lambda site: shutil.rmtree(site), "html/claims/one.html is gone"),
        (lambda site: (site.parent / ".built.json").unlink(), "no finished build is here"),
        (lambda site: (site.parent / ".built.json").write_text("{"), ".built.json is damaged"),
        (lambda site: (site.parent / ".built.json").write_text('{"format": 1}'), ".built.json is damaged"),
    ],
)
def test_a_site_that_is_not_as_it_was_made_is_made_anew(changed, change, reason):
    change(changed.kept / "html")
    assert changed.told()[1][0] == reason


@pytest.mark.parametrize(
    "change", ["book/_config.yml", "book/_toc.yml", "book/index.md", "src/analysis/site/static/js/shell.js"]
)
def test_what_only_pages_are_made_of_is_seen(changed, change):
    changed.append(change, "\n")
    name = change.removeprefix("book/").removeprefix("src/analysis/")
    assert any(name in reason for reason in changed.told()[1])


def test_another_address_is_seen(shelf):
    said = shelf.ask("decide", address="https://example.com/", variables=shelf.variables)
    assert said["site"] == ["another address"]


def test_a_site_with_a_chapter_that_runs_every_time_is_never_vouched_for(changed):
    assert changed.ask("mark", "writes", variables=changed.variables) == "what a chapter read is not known"
