"""The book about other countries: what its site holds, what is made again, and what an interruption leaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from analysis.editions.making import RECORDS, WORK
from analysis.site import inline, links
from analysis.versions import sums

pytestmark = pytest.mark.xdist_group("editions")
TREE = Path(__file__).resolve().parents[2]
COUNTRIES = ("NLD", "EST", "GRD")


def editions(claimbook, site: Path, *words: str, countries: str = "NLD,EST,GRD", **variables: str):
    return claimbook(TREE, "editions", "--countries", countries, "--output", str(site), *words, **variables)


def report(done) -> dict[str, str]:
    told = json.loads(done.stdout)
    return {entry["country"]: entry["word"] for entry in told["editions"]}


@pytest.fixture
def site(built_editions: Path, tmp_path: Path) -> Path:
    """The three editions, to be changed by one test."""
    shutil.copytree(built_editions, tmp_path / "editions")
    return tmp_path / "editions"


def test_every_link_leads_somewhere_and_every_page_keeps_its_policy(built_editions):
    assert links.check(built_editions) == []
    assert inline.check(built_editions) == []


def test_it_has_a_page_for_each_country_and_one_that_leads_to_all(built_editions):
    first = (built_editions / "index.html").read_text(encoding="utf-8")
    for code, name in zip(COUNTRIES, ("Netherlands", "Estonia", "Grenada"), strict=True):
        assert f'href="{code}/index.html"' in first and name in first
        page = (built_editions / code / "index.html").read_text(encoding="utf-8")
        assert f"<h1>{name}" in page
    # Of Grenada no share of trade in GDP is held.
    assert first.count('role="img"') == 2 and 'aria-label="Netherlands: ' in first
    assert first.count("no such figures") == 1
    assert "BVT" not in first and not (built_editions / "BVT").exists()


def test_chapters_without_figures_are_left_out_of_the_contents_and_named_in_a_line(built_editions):
    page = (built_editions / "GRD" / "index.html").read_text(encoding="utf-8")
    assert not (built_editions / "GRD" / "defence.html").exists()
    assert 'href="defence.html"' not in page
    assert "no figures are held that would tell of Grenada" in page and "Defence" in page
    assert (built_editions / "NLD" / "defence.html").is_file()


def test_charts_are_drawn_and_can_be_taken_away_without_pictures_in_dots(built_editions):
    page = (built_editions / "NLD" / "defence.html").read_text(encoding="utf-8")
    assert page.count('<figure class="cb-figure') >= 8 and "<svg" in page
    assert ".png" not in page and ".csv" in page
    assert not list((built_editions / "figures").rglob("*.png"))
    assert "the Netherlands" in page


def test_sentences_stand_in_one_table_for_each_edition_and_for_all(built_editions):
    rows = (built_editions / "statements.csv").read_text(encoding="utf-8").splitlines()
    own = [(built_editions / code / "statements.csv").read_text(encoding="utf-8").splitlines() for code in COUNTRIES]
    assert sorted(rows[1:]) == sorted(line for lines in own for line in lines[1:])
    told = json.loads((built_editions / "statements.json").read_text(encoding="utf-8"))
    assert {edition["country"] for edition in told["editions"]} == set(COUNTRIES)
    jsonschema.validate(told, json.loads((built_editions / "statements.schema.json").read_text(encoding="utf-8")))
    page = (built_editions / "NLD" / "index.html").read_text(encoding="utf-8")
    nld = next(edition for edition in told["editions"] if edition["country"] == "NLD")
    for statement in nld["statements"]:
        assert f'id="{statement["claims"][0]}"' in page
        assert statement["sources"] and statement["year"]


def test_nothing_is_left_of_the_work(built_editions):
    assert not (built_editions / WORK).exists()
    assert not list(built_editions.rglob("*.partial"))


def test_what_is_as_it_was_is_not_made_again_and_what_was_touched_is(claimbook, site):
    before = sums.of_folder(site)
    done = editions(claimbook, site, "--json")
    assert done.returncode == 0, done.stderr
    assert report(done) == dict.fromkeys(COUNTRIES, "unchanged")
    assert sums.of_folder(site) == before

    (site / "GRD" / "trade.html").unlink()
    changed = site / "EST" / "index.html"
    changed.write_text(changed.read_text(encoding="utf-8").replace("Estonia", "Elsewhere"), encoding="utf-8")
    done = editions(claimbook, site, "--json")
    assert report(done) == {"NLD": "unchanged", "GRD": "made", "EST": "made"}
    after = sums.of_folder(site)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= {
        name for name in before.keys() | after.keys() if name.startswith(("pagefind/", f"{RECORDS}/", ".chapters/"))
    }


def test_an_edition_that_was_not_finished_is_made_again(claimbook, site):
    (site / RECORDS / "GRD.json").unlink()
    (site / WORK / "GRD" / "stage").mkdir(parents=True)
    done = editions(claimbook, site, "--json")
    assert report(done) == {"NLD": "unchanged", "EST": "unchanged", "GRD": "made"}
    assert not (site / WORK).exists()


def test_another_partner_or_address_makes_it_again(claimbook, site):
    done = editions(claimbook, site, "--json", "--partner", "DEU", countries="GRD")
    assert report(done) == {"GRD": "made"}
    assert "Germany" in (site / "GRD" / "index.html").read_text(encoding="utf-8")
    done = editions(claimbook, site, "--json", "--address", "https://example.org/e/", countries="GRD")
    assert report(done) == {"GRD": "made"}
    assert "https://example.org/e/GRD/index.html#" in (site / "GRD" / "index.html").read_text(encoding="utf-8")
    assert "https://example.org/e/GRD/" in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert report(editions(claimbook, site, "--json", countries="GRD")) == {"GRD": "made"}
    assert not (site / "sitemap.xml").exists() and not (site / "robots.txt").exists()


def test_one_edition_joins_those_that_are_there(claimbook, site):
    done = claimbook(TREE, "edition", "MLT", "--output", str(site))
    assert done.returncode == 0, done.stderr
    assert "open" in done.stdout
    first = (site / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{code}/index.html"' in first for code in (*COUNTRIES, "MLT"))


def test_a_country_of_which_nothing_is_known_is_told_and_is_no_failure_among_many(claimbook, site):
    done = claimbook(TREE, "edition", "BVT", "--output", str(site))
    assert done.returncode == 1 and "no figures are held that tell anything of Bouvet Island" in done.stderr
    # Nor does one stay that was made when there were figures
    record = json.loads((site / RECORDS / "GRD.json").read_text(encoding="utf-8"))
    record |= {"country": "BVT", "country_name": "Bouvet Island"}
    (site / RECORDS / "BVT.json").write_text(json.dumps(record), encoding="utf-8")
    shutil.copytree(site / "GRD", site / "BVT")
    done = editions(claimbook, site, countries="GRD,BVT")
    assert done.returncode == 0 and "without figures: Bouvet Island" in done.stdout
    assert not (site / "BVT").exists() and not (site / RECORDS / "BVT.json").exists()
    assert "BVT" not in (site / "index.html").read_text(encoding="utf-8")


def test_the_list_of_all_is_made_again_where_a_run_ended_before_it(claimbook, site):
    (site / RECORDS / "overview").unlink()
    (site / "index.html").write_text("of another time", encoding="utf-8")
    assert set(report(editions(claimbook, site, "--json")).values()) == {"unchanged"}
    assert 'href="NLD/index.html"' in (site / "index.html").read_text(encoding="utf-8")
    made = (site / "index.html").stat().st_mtime_ns
    editions(claimbook, site)
    assert (site / "index.html").stat().st_mtime_ns == made


def home_with(tmp_path: Path, cell: str) -> Path:
    """A copy of the book with one chapter, into which a cell was put."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(TREE / "data", home / "data")
    (home / "chapters").mkdir()
    for name in ("_config.yml", "index.md"):
        shutil.copy(TREE / name, home / name)
    (home / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n- caption: C\n  chapters:\n  - file: chapters/trade\n", encoding="utf-8"
    )
    notebook = json.loads((TREE / "chapters" / "trade.ipynb").read_text(encoding="utf-8"))
    place = next(n for n, found in enumerate(notebook["cells"]) if "parameters" in found["metadata"].get("tags", ()))
    own = {"cell_type": "code", "execution_count": None, "id": "own", "metadata": {}, "outputs": [], "source": cell}
    notebook["cells"].insert(place + 1, own)
    (home / "chapters" / "trade.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    time.sleep(0.2)  # what is younger than the command, but for the lag of a disk's clock, counts as changed meanwhile
    return home


def run(home: Path, site: Path, *words: str, countries: str) -> list[str]:
    call = "from analysis.cli import app; app()"
    return [sys.executable, "-c", call, "editions", "--countries", countries, "--output", str(site), *words]


def own_environment(home: Path) -> dict[str, str]:
    return {**os.environ, "CLAIMBOOK_HOME": str(home), "PYTHONPATH": str(TREE / "src")}


def test_one_that_fails_is_reported_with_its_reason_and_stops_no_other(tmp_path):
    deaths = {
        "GRD": "raise ValueError('of Grenada')",
        "MLT": "import os; os.kill(os.getpid(), 11)",
        "CYP": "import os; os._exit(3)",
    }
    cell = "".join(f"if country == {code!r}:\n    {death}\n" for code, death in deaths.items())
    home, site = home_with(tmp_path, cell), tmp_path / "site"
    done = subprocess.run(
        run(home, site, "--json", countries="GRD,MLT,CYP,EST"),
        env=own_environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert report(done) == {"GRD": "failed", "MLT": "failed", "CYP": "failed", "EST": "made"}
    why = {entry["country"]: entry["why"] for entry in json.loads(done.stdout)["editions"]}
    assert "trade.ipynb, cell" in why["GRD"] and "ValueError: of Grenada" in why["GRD"]
    assert "SIGSEGV" in why["MLT"] and "trade" in why["MLT"]
    assert "3" in why["CYP"] and "trade" in why["CYP"]
    assert 'href="EST/index.html"' in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "GRD").exists()
    assert "GRD failed" in done.stderr


def test_an_interruption_keeps_what_is_made_and_the_next_run_goes_on_from_there(tmp_path):
    home, site = (
        home_with(tmp_path, "if country in ('CYP', 'LUX'):\n    import time\n    time.sleep(600)\n"),
        tmp_path / "site",
    )
    running = subprocess.Popen(
        run(home, site, "--workers", "1", "--json", countries="GRD,CYP,LUX"),
        env=own_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 300
    # The first edition is done, the second has begun.
    while not ((site / RECORDS / "GRD.json").is_file() and (site / WORK / "CYP").is_dir()):
        assert running.poll() is None and time.monotonic() < deadline, running.communicate()
        time.sleep(0.1)
    refused = subprocess.run(
        run(home, site, countries="EST"), env=own_environment(home), capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1 and "are being made in" in refused.stderr
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 130, err
    assert "goes on from there" in err
    assert [entry["country"] for entry in json.loads(out)["editions"]] == ["GRD"]
    assert not (site / RECORDS / "CYP.json").exists() and not (site / "CYP").exists()
    done = subprocess.run(
        run(home, site, "--json", countries="GRD,EST"),
        env=own_environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert report(done) == {"GRD": "unchanged", "EST": "made"}, done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--countries", "NDL"), "near: NZL, NPL, NLD"),
        (("--countries", "NLD,NLD"), "stands twice"),
        (("--countries", " , "), "no country is named"),
        (("--countries", "USA", "--partner", "USA"), "both USA"),
        (("--countries", "GRD", "--address", "ftp://x"), "is not the address"),
        (("--countries", "GRD", "--book", "javascript:alert(1)"), "is not the address"),
        (("--countries", "GRD", "--scheduler", "tcp://127.0.0.1:9"), "no Dask scheduler answers"),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_written(claimbook, tmp_path, words, said):
    done = claimbook(TREE, "editions", *words, "--output", str(tmp_path / "site"))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert said in " ".join(done.stderr.split())
    assert not list(tmp_path.glob("site/*.html"))


def test_a_folder_of_something_else_is_left_alone(claimbook, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = editions(claimbook, tmp_path, countries="GRD")
    assert done.returncode == 1 and "holds something else" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_same_is_made_again_byte_for_byte_in_another_place(claimbook, built_editions, tmp_path):
    surroundings = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}
    done = editions(claimbook, tmp_path / "elsewhere", countries="NLD,EST,GRD", **surroundings)
    assert done.returncode == 0, done.stderr
    hidden = (RECORDS, ".chapters", ".figures")
    one, other = (
        {name: told for name, told in sums.of_folder(folder).items() if not name.startswith(hidden)}
        for folder in (built_editions, tmp_path / "elsewhere")
    )
    assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} == set()
