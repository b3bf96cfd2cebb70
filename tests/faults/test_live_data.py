"""A chapter run with `data=live` fetches first, into a store of its own; the book's stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from analysis import newest
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.snapshots import catalogue
from analysis.snapshots.store import Store
from analysis.snapshots.verify import verify

EXPORTS = "TX.VAL.MRCH.CD.WT"


@pytest.fixture
def book(first_release: Path, tmp_path: Path) -> Path:
    """A book whose figures are the small World Bank's first release."""
    folder = tmp_path / "book"
    shutil.copytree(home() / "data", folder / "data", ignore=shutil.ignore_patterns("snapshots", catalogue.FILE))
    shutil.copytree(first_release, folder / "data", dirs_exist_ok=True)
    shutil.copytree(home() / "chapters", folder / "chapters")
    return folder


def run(book: Path, url: str, cache: Path, *words: str) -> subprocess.CompletedProcess:
    """A command of claimbook's in that book, the World Bank being a replica's."""
    file = book.parent / "live.yaml"
    pace = {"attempts": 2, "first_wait": 0.01, "read": 2, "connect": 1, "per_second": 1000}
    entry = {"how": "worldbank", "address": f"{url}/v2", "page_size": 2500, "pace": pace}
    file.write_text(yaml.safe_dump({"worldbank": entry}))
    own = {"CLAIMBOOK_HOME": str(book), "CLAIMBOOK_CACHE": str(cache), "CLAIMBOOK_UPSTREAMS": str(file)}
    command = [sys.executable, "-c", "from analysis.cli import app; app()", *words]
    return subprocess.run(command, env={**os.environ, **own}, cwd=book, capture_output=True, text=True, timeout=300)


def shown(notebook: Path) -> str:
    return json.dumps(json.loads(notebook.read_text(encoding="utf-8")), ensure_ascii=False)


def test_a_chapter_is_run_with_figures_fetched_first(book, replica, own_cache, holding, tmp_path):
    before = holding(book / "data")
    rows = replica.worldbank.rows
    own = rows[(rows["series"] == EXPORTS) & (rows["economy"] == "BEL") & (rows["year"] == 2023)]
    replica.worldbank.change(EXPORTS, "BEL", 2023, float(own["value"].iloc[0]) / 2)
    output = tmp_path / "live.ipynb"
    done = run(book, replica.url, own_cache, "run", "openness", str(output), "-p", "data=live")
    assert done.returncode == 0, done.stderr
    told = shown(output)
    assert "by the figures released up to 1 October 2026. The publishers were asked for newer figures" in told
    assert holding(book / "data") == before
    (live,) = (own_cache / "live").glob("*/data")
    assert [release.released for release in Store(live).releases] == ["2026-07-01", "2026-10-01"]
    assert all(not problems for _, problems in verify(live))
    # Again: one question, and nothing is fetched twice.
    replica.forget()
    done = run(book, replica.url, own_cache, "run", "openness", str(output), "-p", "data=live")
    assert done.returncode == 0 and len(replica.requests) == 1


def test_the_page_on_revisions_announces_a_flipped_verdict(book, replica, own_cache, tmp_path):
    rows = replica.worldbank.rows
    own = rows[(rows["series"] == EXPORTS) & (rows["economy"] == "BEL") & (rows["year"] == 2023)]
    replica.worldbank.change(EXPORTS, "BEL", 2023, float(own["value"].iloc[0]) / 2)
    output, options = tmp_path / "revisions.ipynb", ("-p", "data=live", "-p", f"series=worldbank.{EXPORTS}")
    done = run(book, replica.url, own_cache, "run", "revisions", str(output), *options)
    assert done.returncode == 0, done.stderr
    told = shown(output)
    assert "claims/nvs-top-ten-exporter.html" in told and "Today was true, now no longer true" in told
    without = run(book, "http://127.0.0.1:9", tmp_path / "other", "run", "revisions", str(output), *options)
    assert without.returncode == 0, without.stderr
    assert "now no longer true" not in shown(output)


def test_where_nobody_answers_the_chapter_says_so_and_runs(book, own_cache, tmp_path):
    output = tmp_path / "live.ipynb"
    done = run(book, "http://127.0.0.1:9", own_cache, "run", "openness", str(output), "-p", "data=live")
    assert done.returncode == 0, done.stderr
    told = shown(output)
    assert "by the figures released up to 1 July 2026" in told and "None could be taken from: worldbank." in told


def test_a_misspelt_source_of_figures_is_refused_before_anything_is_asked(book, replica, own_cache, tmp_path):
    done = run(book, replica.url, own_cache, "run", "openness", str(tmp_path / "x.ipynb"), "-p", "data=lives")
    assert done.returncode == 1 and "data is 'lives'; write 'snapshots' or 'live'" in done.stderr
    assert replica.requests == [] and not (own_cache / "live").exists()


def test_the_mirror_takes_what_the_book_holds_and_keeps_what_was_fetched(held, shelf_at, figures, tmp_path):
    live = tmp_path / "live"
    newest.mirror(held, live)
    assert [release.name for release in Store(live).releases] == [release.name for release in Store(held).releases]
    told = figures("census.goods_exports", {("USA", "BEL"): {2016: 1.0}})
    shelf_at(live).add("census", "2027-03-01", told)
    shelf_at(held).add("census", "2026-12-01", told)
    newest.mirror(held, live)
    assert {release.released for release in Store(live).releases} == {"2026-07-01", "2026-12-01", "2027-03-01"}
    assert all(not problems for _, problems in verify(live))


def test_a_release_that_the_book_holds_with_other_figures_is_told(held, shelf_at, figures, tmp_path):
    live = tmp_path / "live"
    newest.mirror(held, live)
    shelf_at(live).add("census", "2026-12-01", figures("census.goods_exports", {("USA", "BEL"): {2016: 1.0}}))
    shelf_at(held).add("census", "2026-12-01", figures("census.goods_exports", {("USA", "BEL"): {2016: 2.0}}))
    with pytest.raises(
        ClaimbookError, match=r"^census-2026-12-01 was fetched with other figures than the book now holds"
    ):
        newest.mirror(held, live)
