"""Five versions of the book, four of them in retrospect: what each knows, what changed, and each byte made again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from five import ADDRESS, FIVE
from shelves import faults

from analysis.snapshots.catalogue import day_of
from analysis.versions import record, sums
from analysis.versions.changes import Change, Difference
from analysis.versions.difference import difference
from analysis.versions.rebuild import compared

pytestmark = pytest.mark.xdist_group("versions")

RETROSPECTIVE = [name for name, day in FIVE.items() if day]
FIRST, LAST = min(FIVE), max(FIVE)


@pytest.fixture(scope="module")
def site(five_versions: Path) -> Path:
    return five_versions / "site"


def text(page: Path) -> str:
    return " ".join(BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ").split())


def claims(version: Path) -> Iterator[dict]:
    for path in sorted((version / "api" / "claims").glob("*.json")):
        yield json.loads(path.read_bytes())


def test_five_versions_stand_side_by_side_and_all_is_whole(site):
    assert faults(site) == []
    listed = json.loads((site / "versions.json").read_bytes())
    assert [entry["name"] for entry in listed["versions"]] == sorted(FIVE, reverse=True)
    assert {entry["name"]: entry["retrospective"] or "" for entry in listed["versions"]} == FIVE
    done = subprocess.run(["sha256sum", "--quiet", "--check", "SHA256SUMS"], cwd=site, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", RETROSPECTIVE)
def test_nothing_of_a_later_day_is_in_a_version_made_in_retrospect(site, name):
    day, version = dt.date.fromisoformat(FIVE[name]), site / "v" / name
    seen = 0
    for claim in claims(version):
        document = claim["document"]
        assert dt.date.fromisoformat(document["dated"] or document["latest"]) <= day, claim["id"]
        for reading in claim["claim"]["readings"]:
            for entry in reading["evaluations"]:
                assert day_of(entry["released"]) <= day, (claim["id"], reading["id"])
                seen += 1
        for cited in claim["claim"]["records"]:
            assert cited["dated"] and cited["dated"] <= FIVE[name], (claim["id"], cited["id"])
    assert seen > 100
    assert record.read(version).as_of <= day
    held = {(entry.publisher, entry.released) for entry in record.read(version).snapshots}
    assert held and all(day_of(released) <= day for _, released in held)


@pytest.mark.parametrize("name", RETROSPECTIVE)
def test_a_version_made_in_retrospect_says_so_on_every_page(site, name):
    version = site / "v" / name
    day = dt.date.fromisoformat(FIVE[name])
    assert f"built in retrospect , as if the book had existed on {day:%-d %B %Y}" in text(version / "index.html")
    assert f"The book did not exist on {day:%-d %B %Y}." in text(version / "version.html")
    for path in sorted(version.rglob("*.html")):
        page = path.relative_to(version).as_posix()
        if not page.startswith(("cards/", "nl/", "fr/")):
            assert f"Version {name}, built in retrospect as of {day:%-d %B %Y}" in text(path), page


def test_the_version_of_today_is_of_its_own_time(site):
    assert record.read(site / "v" / LAST).retrospective is None
    assert "in retrospect" not in text(site / "v" / LAST / "index.html")


def test_chapters_without_figures_of_their_day_are_left_out_and_said_to_be(site):
    told = {name: record.read(site / "v" / name) for name in FIVE}
    assert {entry.name for entry in told[FIRST].left_out} == {"multilateral", "openness", "people", "scenarios"}
    assert told[LAST].left_out == [] and len(told[LAST].chapters) == 9
    about = text(site / "v" / FIRST / "version.html")
    for entry in told[FIRST].left_out:
        assert entry.title in about and entry.why in about
        assert not (site / "v" / FIRST / "chapters" / f"{entry.name}.html").exists()
    assert "World Bank" in next(entry.why for entry in told[FIRST].left_out if entry.name == "people")


def test_documents_that_were_not_written_are_left_out(site):
    held = {name: {path.stem for path in (site / "v" / name / "documents").glob("*.html")} for name in FIVE}
    assert held == {
        "2019.06": {"ics"},
        "2022.06": {"ics", "ct", "nvs"},
        "2024.06": {"ics", "ct", "nvs", "manifesto"},
        "2025.12": {"ics", "ct", "nvs", "manifesto"},
        "2026.11": {"ics", "ct", "nvs", "manifesto", "openness"},
    }


def test_citations_name_the_version_and_search_engines_the_newest(site):
    page = BeautifulSoup((site / "v" / FIRST / "claims" / "ics-two-way-trade.html").read_text(), "html.parser")
    assert page.select_one("link[rel=canonical]")["href"] == f"{ADDRESS}latest/claims/ics-two-way-trade.html"
    assert f"{ADDRESS}v/{FIRST}/claims/ics-two-way-trade.html" in page.select_one(".cb-cite").get_text()
    told = csv.DictReader(io.StringIO((site / "v" / FIRST / "ledger.csv").read_text(encoding="utf-8-sig")))
    assert len(list(told)) == len(list(claims(site / "v" / FIRST)))


# What changed


def found(told: Difference, claim: str, time: str) -> Change:
    return next(
        change for entry in told.changed if entry.id == claim for change in entry.changes if change.time == time
    )


def test_the_differences_from_the_first_to_the_last_are_news(site):
    told = difference(site / "v" / FIRST, site / "v" / LAST)
    below = found(told, "ics-defence-below-one-per-cent", "today")
    assert (below.before.word, below.after.word, below.cause) == ("true", "no longer true", "new year")
    assert "2.00 per cent of GDP in 2025" in below.sentence and below.share > 1
    held = {claim["id"] for claim in claims(site / "v" / FIRST)}
    assert {entry.id for entry in told.added} == {claim["id"] for claim in claims(site / "v" / LAST)} - held
    assert not told.withdrawn
    news = text(site / "changes.html")
    assert "Defence spending below one per cent of GDP" in news
    assert re.search(r"A newer year is told, in NATO's release of 28 August 2025\.", news)


def test_each_step_has_its_page_its_data_and_its_feed(site, claimbook, five_versions):
    for old, new in pairwise(FIVE):
        told = json.loads((site / "changes" / new / "changes.json").read_bytes())
        done = claimbook(five_versions / "checkout", "diff", old, new, "--site", str(site), "--json")
        assert done.returncode == 0 and json.loads(done.stdout) == told
        assert f"version {new}" in text(site / "changes" / new / "index.html")
    feed = BeautifulSoup((site / "feeds" / "book.xml").read_bytes(), "xml")
    assert len(feed.select("entry")) == len(FIVE)


# Made again


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        (FIRST, {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        (LAST, {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "HOME": "/nonexistent"}),
    ],
)
def test_a_version_is_made_again_byte_for_byte(five_versions, claimbook, tmp_path, name, environment):
    """In another folder, time zone, locale and hash seed, with no cache and no network."""
    done = claimbook(
        five_versions / "checkout", "rebuild", name, "--site", str(five_versions / "site"),
        "--output", str(tmp_path / "again"), **environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every byte the same" in done.stdout
    again = tmp_path / "again" / "built" / "html"
    assert sums.of_folder(again) == sums.read(five_versions / "site" / "v" / name)


def test_a_frozen_file_that_was_altered_is_found(tmp_path):
    for side in ("frozen", "again"):
        (tmp_path / side / "claims").mkdir(parents=True)
        for page in ("index.html", "claims/a.html"):
            (tmp_path / side / page).write_text("as it was")
    (tmp_path / "frozen" / "claims" / "a.html").write_text("altered")
    (tmp_path / "again" / "more.html").write_text("more")
    assert compared(tmp_path / "frozen", tmp_path / "again").differing == ("claims/a.html", "more.html")


@pytest.fixture
def small(site: Path, tmp_path: Path) -> Callable[..., Path]:
    """A site that holds the record of one version and nothing else."""

    def make(**change) -> Path:
        folder = tmp_path / "small" / "v" / FIRST
        folder.mkdir(parents=True)
        told = json.loads((site / "v" / FIRST / record.FILE).read_bytes())
        told |= {key: value(told[key]) if callable(value) else value for key, value in change.items()}
        (folder / record.FILE).write_text(json.dumps(told))
        return tmp_path / "small"

    return make


@pytest.mark.parametrize(
    ("change", "words", "told"),
    [
        ({"commit": None}, (), "built from files that were not committed"),
        ({"commit": "0" * 40}, (), "which this checkout does not have; fetch it"),
        ({"python": "CPython 2.7.18"}, (), "Python CPython 2.7.18 then"),
        ({"tools": lambda told: {**told, "pandas": "0.1"}}, (), "pandas 0.1 then"),
        ({}, ("--output", "."), "is not empty"),
    ],
)
def test_a_version_that_cannot_be_made_again_says_why(five_versions, claimbook, small, change, words, told):
    done = claimbook(five_versions / "checkout", "rebuild", FIRST, "--site", str(small(**change)), *words)
    assert done.returncode == 1 and told in " ".join(done.stderr.split()), done.stderr


def test_a_version_that_there_is_not_is_named_with_those_there_are(five_versions, claimbook):
    done = claimbook(five_versions / "checkout", "rebuild", "2023.01", "--site", str(five_versions / "site"))
    assert done.returncode == 1 and "there are: 2019.06, 2022.06" in " ".join(done.stderr.split())


def test_what_is_not_committed_is_not_published(five_versions, claimbook, tmp_path):
    stray = five_versions / "checkout" / "data" / "stray.txt"
    stray.write_text("x")
    try:
        done = claimbook(five_versions / "checkout", "publish", "2026.12", "--into", str(tmp_path / "site"))
    finally:
        stray.unlink()
    assert done.returncode == 1 and "data/stray.txt" in done.stderr and not (tmp_path / "site").exists()


def test_figures_newer_than_the_version_are_refused(five_versions, claimbook, tmp_path):
    done = claimbook(five_versions / "checkout", "publish", "2019.07", "--into", str(tmp_path / "site"))
    told = " ".join(done.stderr.split())
    assert done.returncode == 1 and "hide later releases with --as-of 2019-07-31" in told
    assert not (tmp_path / "site").exists()
