"""The record of a version: what it was made from, in hashes that change with what decides and with nothing else."""

from __future__ import annotations

import datetime as dt
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.snapshots.store import store
from analysis.versions import making, record, sums


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small repository with one commit."""
    for name in ("data/claims/a.yaml", "data/corrections.yaml", "requirements.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("[]\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "first"]):
        subprocess.run([*git, *words], check=True)
    return tmp_path


def told(root: Path) -> record.Record:
    return making.record_of(
        "2030.01", root=root, store=store(), address="", chapters={"b": "B"}, left=[], pages=["z.html", "a.html"]
    )


def test_a_record_survives_its_file(checkout, tmp_path):
    made = told(checkout)
    (tmp_path / record.FILE).write_text(record.text(made))
    assert record.read(tmp_path) == made
    assert made.pages == ["a.html", "z.html"] and made.as_of == store().newest
    assert len(made.snapshots) == len(store().releases)
    assert made.snapshots[0].sha256 == sums.digest(home() / made.snapshots[0].path)


def test_what_is_not_committed_has_no_commit(checkout):
    assert making.uncommitted(checkout) == [] and len(making.commit(checkout)) == 40
    (checkout / "data" / "new.yaml").write_text("[]")
    assert making.uncommitted(checkout) == ["data/new.yaml"] and making.commit(checkout) is None


def test_a_folder_that_is_no_checkout_of_its_own_has_no_commit(checkout, tmp_path_factory):
    assert making.uncommitted(checkout / "data") is None  # another project's repository may lie above
    assert making.commit(tmp_path_factory.mktemp("none")) is None


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("data/claims/a.yaml", True),
        ("data/conventions.yaml", True),
        ("data/corrections.yaml", False),
        ("notes.yaml", False),
    ],
)
def test_the_hash_of_the_ledger_changes_with_what_decides(checkout, path, changes):
    before = told(checkout).ledger
    (checkout / path).write_text("- changed\n")
    assert (told(checkout).ledger != before) is changes


def test_libraries_are_those_that_building_needs(checkout):
    found = told(checkout).tools
    assert found["jupyter-book"] == metadata.version("jupyter-book") and "sphinx" in found and "zlib" in found
    assert not {"claimbook", "playwright", "ruff"} & set(found)


def test_figures_newer_than_the_month_of_a_version_are_refused():
    newest = store().newest
    making.check(f"{newest:%Y.%m}", store())
    before = newest.replace(day=1) - dt.timedelta(days=1)
    with pytest.raises(ClaimbookError, match=f"ends on .*--as-of {before}"):
        making.check(f"{before:%Y.%m}", store())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "2030.01"}'])
def test_a_record_that_cannot_be_read_says_so(tmp_path, content):
    (tmp_path / record.FILE).write_text(content)
    with pytest.raises(ClaimbookError, match=r"version\.json cannot be read as the record of a version"):
        record.read(tmp_path)


def test_what_later_books_add_to_a_record_is_no_fault(checkout, tmp_path):
    text = record.text(told(checkout)).replace("{", '{"of_the_future": 1,', 1)
    (tmp_path / record.FILE).write_text(text)
    assert record.read(tmp_path).name == "2030.01"


@pytest.mark.parametrize("name", ["a\nb", "a\\b", "a\rb"])
def test_names_that_a_list_of_hashes_cannot_hold_are_refused(name):
    with pytest.raises(ClaimbookError, match="cannot be listed"):
        sums.text({name: "0" * 64})


def test_sums_are_what_sha256sum_reads(tmp_path):
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "c.html").write_text("é")
    (tmp_path / record.SUMS).write_text(sums.text(sums.of_folder(tmp_path)))
    assert sums.read(tmp_path) == sums.of_folder(tmp_path)
    subprocess.run(["sha256sum", "--check", "--quiet", record.SUMS], cwd=tmp_path, check=True)
