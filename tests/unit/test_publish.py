"""Publishing: what is frozen stays, what is shown is whole, what cannot be is refused and changes nothing."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import shutil
from pathlib import Path

import frozen
import pytest
from filelock import FileLock
from shelves import faults, seen

from analysis.corrections import Correction
from analysis.errors import ClaimbookError
from analysis.versions import record, shelf, sums
from analysis.versions.publish import correct, publish

MOMENT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
FEW = ("ics-two-way-trade", "ics-defence-below-one-per-cent", "ct-plan-r")
NAMES = ("2019.06", "2022.06", "2024.06")


def put(built: Path, site: Path, **more) -> bool:
    return publish(built, site, moment=MOMENT, say=lambda text: None, **more)


def sealed(folder: Path) -> Path:
    """A version whose SHA256SUMS fits it after it was changed by hand."""
    (folder / record.SUMS).write_text(sums.text(sums.of_folder(folder)))
    return folder


def renamed(built: Path, name: str, to: Path) -> Path:
    """The same version by another name; pages say none."""
    shutil.rmtree(to / name, ignore_errors=True)
    shutil.copytree(built, to / name, copy_function=shutil.copyfile)
    frozen.edit(to / name, record.FILE, lambda told: told.update(name=name))
    return sealed(to / name)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("built")
    return {name: frozen.frozen(folder, name, claims=FEW) for name in NAMES}


@pytest.fixture
def site(built: dict[str, Path], tmp_path: Path) -> Path:
    """A site with the first two versions."""
    for name in NAMES[:2]:
        assert put(built[name], tmp_path / "site")
    return tmp_path / "site"


# What is published


def test_a_first_version_is_a_whole_site(built, tmp_path):
    site = tmp_path / "a" / "site"
    assert put(built["2019.06"], site)
    shown = seen(site)
    assert faults(site) == []
    expected = {
        "index.html",
        "versions.html",
        "versions.json",
        "SHA256SUMS",
        "_headers",
        "layer/layer.js",
        "feeds/book.xml",
    }
    assert expected <= set(shown) and "changes.html" not in shown and not (site / "changes").exists()
    assert b"url=latest/index.html" in shown["index.html"]


def test_each_version_stays_byte_for_byte(site, built):
    before = {name: (sums.of_folder(site / "v" / name), (site / "v" / name).stat().st_ino) for name in NAMES[:2]}
    assert put(built[NAMES[2]], site)
    assert {
        name: (sums.of_folder(site / "v" / name), (site / "v" / name).stat().st_ino) for name in NAMES[:2]
    } == before
    assert sums.of_folder(site / "v" / NAMES[2]) == sums.of_folder(built[NAMES[2]])
    assert faults(site) == []


def test_latest_and_stable_follow_and_a_candidate_is_not_stable(site, built, tmp_path):
    assert (site / "latest").resolve() == (site / "stable").resolve() == (site / "v" / "2022.06").resolve()
    candidate = renamed(built["2024.06"], "2024.06rc1", tmp_path)
    assert put(candidate, site)
    assert ((site / "latest").resolve().name, (site / "stable").resolve().name) == ("2024.06rc1", "2022.06")
    assert put(built["2024.06"], site)
    assert {(site / name).resolve().name for name in ("latest", "stable")} == {"2024.06"}
    assert faults(site) == []


def test_what_does_not_change_is_one_file_on_the_disk(site):
    old, new = (site / "v" / name for name in NAMES[:2])
    told = sums.read(new)
    same = {path for path, value in sums.read(old).items() if told.get(path) == value}
    assert same and all((old / path).samefile(new / path) for path in same)
    assert not any((old / path).samefile(new / path) for path in set(sums.read(old)) & set(told) - same)


def test_a_shared_file_that_was_altered_is_not_shared_again(site, built):
    path = "_static/js/shell.js"
    (site / "v" / "2022.06" / path).chmod(0o644)
    (site / "v" / "2022.06" / path).write_text("altered")
    assert put(built[NAMES[2]], site)
    assert (site / "v" / NAMES[2] / path).read_bytes() == (built[NAMES[2]] / path).read_bytes()


def test_files_of_versions_cannot_be_written_by_mistake(site):
    modes = {path.stat().st_mode & 0o222 for path in (site / "v").rglob("*") if path.is_file()}
    assert modes == {0}


def test_a_site_may_be_moved_and_copied(site, tmp_path):
    moved = site.rename(tmp_path / "elsewhere")
    assert faults(moved) == []
    followed = tmp_path / "followed"
    shutil.copytree(moved, followed, symlinks=False)
    assert faults(followed) == []


def test_the_map_and_headers_of_a_site_with_an_address(built, tmp_path):
    folder = frozen.frozen(tmp_path, "2026.11", claims=FEW, address="https://example.org/book/")
    site = tmp_path / "site"
    put(built["2019.06"], site)
    put(folder, site)
    shown = seen(site)
    places = shown["sitemap.xml"].decode()
    assert "https://example.org/book/latest/claims/ct-plan-r.html" in places
    assert "https://example.org/book/changes/2026.11/</loc>" in places and "/v/" not in places
    rules = shown["_headers"].decode()
    assert "/v/:version/claims/*\n  Content-Security-Policy: frame-ancestors 'self'\n" in rules
    assert "script-src" not in rules  # pages of old versions state their own, which others may not narrow


def test_folders_of_old_versions_keep_their_headers(built, tmp_path):
    old = tmp_path / "2018.01"
    shutil.copytree(built["2019.06"], old, copy_function=shutil.copyfile)
    (old / "essays").mkdir()
    (old / "essays" / "one.html").write_text(frozen.page("2018.01", "essays/one.html", "One", "."))
    frozen.edit(old, record.FILE, lambda told: told.update(name="2018.01", pages=[*told["pages"], "essays/one.html"]))
    put(sealed(old), tmp_path / "site")
    put(built["2019.06"], tmp_path / "site")
    assert "/v/:version/essays/*" in (tmp_path / "site" / "_headers").read_text()


def test_readers_in_the_middle_of_a_page_find_the_generation_before(site, built):
    before = shelf.Shelf(site).now
    put(built[NAMES[2]], site)
    assert before.is_dir() and shelf.Shelf(site).now != before
    numbers = [path.name for path in (site / "generations").iterdir() if path.name.isdigit()]
    assert len(numbers) == 2


# What is refused


def test_the_same_version_twice_is_no_change(site, built):
    before = seen(site)
    assert put(built["2022.06"], site) is False
    assert seen(site) == before


def test_the_same_version_with_other_content_is_refused(site, built, tmp_path):
    before = seen(site)
    other = tmp_path / "other"
    shutil.copytree(built["2022.06"], other, copy_function=shutil.copyfile)
    (other / "index.html").write_text("another")
    with pytest.raises(ClaimbookError, match=r"published with other content.*index\.html.*2022\.06\.1"):
        put(sealed(other), site)
    assert seen(site) == before


def test_an_older_version_is_refused(site, built, tmp_path):
    before = seen(site)
    with pytest.raises(ClaimbookError, match=r"2022\.06 is published, which comes after 2021\.01"):
        put(renamed(built["2019.06"], "2021.01", tmp_path), site)
    assert seen(site) == before


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "index.html").write_text("altered"), r"index\.html is not what SHA256SUMS says"),
        (lambda folder: (folder / "index.html").unlink(), r"lacks index\.html"),
        (lambda folder: (folder / "stray.html").write_text("x"), r"holds stray\.html"),
        (lambda folder: (folder / record.SUMS).write_text("nonsense\n"), "not of the form of sha256sum"),
        (lambda folder: (folder / record.SUMS).unlink(), "cannot be read"),
        (lambda folder: (folder / record.FILE).unlink(), r"holds no version\.json"),
        (lambda folder: (folder / record.FILE).write_text("{"), "cannot be read as the record"),
        (lambda folder: (folder / "api" / "verdicts.json").write_text("{}") and sealed(folder), r"verdicts\.json"),
    ],
)
def test_a_version_that_is_not_whole_is_refused(site, built, tmp_path, spoil, told):
    before = seen(site)
    folder = tmp_path / "spoilt"
    shutil.copytree(built[NAMES[2]], folder, copy_function=shutil.copyfile)
    spoil(folder)
    with pytest.raises(ClaimbookError, match=told):
        put(folder, site)
    assert {name: text for name, text in seen(site).items() if not name.startswith(f"v/{NAMES[2]}/")} == before
    assert faults(site) == []
    # Whatever was left behind is in nobody's way.
    assert put(built[NAMES[2]], site) and faults(site) == []


@pytest.mark.parametrize("name", ["../up", "v2026", "2026.13", "2026.1", "2026.11.0", "2026.11-rc1", "２０２６.11", ""])
def test_names_that_are_no_versions_are_refused(site, built, tmp_path, name):
    before = seen(site)
    folder = renamed(built[NAMES[2]], "2024.06", tmp_path)
    frozen.edit(folder, record.FILE, lambda told: told.update(name=name))
    with pytest.raises(ClaimbookError, match="is not the name of a version"):
        put(sealed(folder), site)
    assert seen(site) == before


def test_a_folder_that_holds_something_else_is_left_alone(built, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("mine")
    (site / "CNAME").write_text("example.org")
    with pytest.raises(ClaimbookError, match="is not this site's"):
        put(built["2019.06"], site)
    assert (site / "index.html").read_text() == "mine"
    (site / "index.html").unlink()
    assert put(built["2019.06"], site)
    assert (site / "CNAME").read_text() == "example.org" and faults(site) == []


def test_two_publishers_do_not_meet(site, built):
    before = seen(site)
    refused = pytest.raises(ClaimbookError, match="another has been changing site/")
    with FileLock(site / "generations" / ".lock"), refused, shelf.Shelf(site).locked(wait=0.1):
        raise AssertionError("not reached")
    assert seen(site) == before and put(built[NAMES[2]], site)


# Corrections


def entry(**change) -> Correction:
    told = {
        "id": "wrong-year", "dated": "2026-11-23", "title": "A wrong year", "told": "It said 2015; it is 2016.",
        "since": "2019.06", "last": "2019.06", "fixed": "2022.06", "claims": ["ics-two-way-trade"],
        "reported_by": "us", "reported_on": "2026-11-22",
    }  # fmt: skip
    return Correction(**{**told, **change})


def test_a_correction_changes_the_layer_and_nothing_frozen(site):
    before = seen(site)
    assert correct(site, [entry()]) == ["2019.06"]
    after = seen(site)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {"layer/versions.js", "versions.html", "versions.json", "SHA256SUMS"}
    assert "A wrong year" in after["layer/versions.js"].decode() and faults(site) == []
    assert correct(site, []) == [] and seen(site) == before


def test_corrections_of_an_empty_site_are_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="holds no published version"):
        correct(tmp_path / "none", [])
    assert not (tmp_path / "none").exists()


# Growth


def test_one_version_more_costs_the_same_beside_many(built, tmp_path, monkeypatch):
    """Counted are files that are opened, linked and hashed, which noise does not change."""
    site, counts = tmp_path / "site", []
    versions = [f"{year}.{month:02}" for year, month in itertools.product(range(2030, 2034), range(1, 13))]
    opened = []
    digest = sums.digest
    monkeypatch.setattr(sums, "digest", lambda path: opened.append(path) or digest(path))
    for name in versions:
        folder = renamed(built["2019.06"], name, tmp_path / "names")
        opened.clear()
        assert put(folder, site)
        counts.append(len(opened))
    assert max(counts[2:]) <= counts[2] + 2, counts
    assert faults(site) == []
    told = json.loads((site / "versions.json").read_text())
    assert len(told["versions"]) == len(versions)


# Sites that were copied, damaged or built by somebody with other habits


def without_links(site: Path, to: Path) -> Path:
    """A copy in which links were followed, as some hosts and tools make them."""
    return Path(shutil.copytree(site, to, symlinks=False))


def links_as_text(site: Path, to: Path) -> Path:
    """A copy as git makes it where it may make no links."""
    shutil.copytree(site, to, symlinks=True)
    for path in [path for path in to.rglob("*") if path.is_symlink()]:
        target = path.readlink()
        path.unlink()
        path.write_text(str(target))
    return to


def without_generations(site: Path, to: Path) -> Path:
    """A copy that lost what its links lead to."""
    shutil.copytree(site, to, symlinks=True)
    shutil.rmtree(to / "generations")
    return to


@pytest.mark.parametrize("copied", [without_links, links_as_text, without_generations])
def test_a_copy_that_is_no_site_is_refused_before_anything_is_touched(site, built, tmp_path, copied):
    place = copied(site, tmp_path / "copy")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    other = tmp_path / "other"
    shutil.copytree(built["2022.06"], other, copy_function=shutil.copyfile)
    (other / "index.html").write_text("forged")
    for action in (lambda: put(sealed(other), place), lambda: correct(place, [])):
        with pytest.raises(ClaimbookError, match=r"is not this site's own link|generations/ was lost"):
            action()
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_one_version_without_a_list_is_replaced_only_by_itself(built, tmp_path):
    site, other = tmp_path / "site", tmp_path / "other"
    put(built["2019.06"], site)
    shutil.rmtree(site / "generations")
    shutil.copytree(built["2019.06"], other, copy_function=shutil.copyfile)
    (other / "index.html").write_text("forged")
    with pytest.raises(ClaimbookError, match="is there and no list names it"):
        put(sealed(other), site)
    assert put(built["2019.06"], site) and faults(site) == []


@pytest.mark.parametrize(
    "path", ["../../v/2019.06/index.html", "/etc/hostname", "a/../../b.html", "a//b.html", "a\\b.html"]
)
def test_paths_that_lead_out_of_a_version_are_refused(site, built, tmp_path, path):
    before = seen(site)
    folder = tmp_path / "hostile"
    shutil.copytree(built[NAMES[2]], folder, copy_function=shutil.copyfile)
    with (folder / record.SUMS).open("a") as file:
        file.write(f"{'0' * 64}  {path}\n")
    with pytest.raises(ClaimbookError, match="not of the form of sha256sum"):
        put(folder, site)
    shutil.rmtree(folder)
    shutil.copytree(built[NAMES[2]], folder, copy_function=shutil.copyfile)
    frozen.edit(folder, record.FILE, lambda told: told["pages"].append(path))
    with pytest.raises(ClaimbookError, match="leads out of the folder"):
        put(sealed(folder), site)
    assert seen(site) == before


def test_whoever_makes_it_everybody_can_read_it(built, tmp_path):
    site = tmp_path / "site"
    before = os.umask(0o077)
    try:
        for name in NAMES[:2]:
            put(built[name], site)
    finally:
        os.umask(before)
    for path in [site / "v", *(site / "v").rglob("*"), *(site / "generations").rglob("*"), site / "changes"]:
        if not path.is_symlink() and path.name != shelf.LOCK:
            assert path.stat().st_mode & 0o777 in ((0o755,) if path.is_dir() else (0o444, 0o644)), path


def test_files_that_came_back_writable_are_frozen_again(site, built):
    for path in (site / "v" / "2022.06").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    put(built[NAMES[2]], site)
    shared = site / "v" / NAMES[2] / "_static" / "js" / "shell.js"
    assert shared.samefile(site / "v" / "2022.06" / "_static" / "js" / "shell.js")
    assert shared.stat().st_mode & 0o222 == 0


def test_a_version_that_is_built_anew_meanwhile_is_not_taken_for_the_first(site, built, tmp_path):
    folder = tmp_path / "built"
    shutil.copytree(built[NAMES[2]], folder, copy_function=shutil.copyfile)

    def swap(text: str) -> None:
        if text.startswith("freezing"):
            shutil.rmtree(folder)
            renamed(built[NAMES[2]], "2024.07", tmp_path).rename(folder)

    with pytest.raises(ClaimbookError, match=r"was built anew while version 2024\.06 was published"):
        publish(folder, site, moment=MOMENT, say=swap)
    assert faults(site) == [] and not (site / "v" / "2024.06").exists()


def test_readers_of_the_newest_are_not_led_back_in_time(site, built, tmp_path):
    with pytest.raises(ClaimbookError, match="would be led back in time"):
        put(renamed(built["2019.06"], "2026.12", tmp_path), site)


def test_the_version_that_is_suggested_could_come(site, built, tmp_path):
    put(renamed(built["2022.06"], "2022.06.1", tmp_path), site)
    other = renamed(built["2022.06"], "2022.06", tmp_path)
    (other / "index.html").write_text("another")
    with pytest.raises(ClaimbookError, match=r"such as 2022\.06\.2$"):
        put(sealed(other), site)


def test_a_generation_that_a_stopped_publisher_left_is_cleared_and_the_one_before_stays(site, built):
    before = shelf.Shelf(site).now
    stray = site / "generations" / "0099"
    shutil.copytree(before, stray, symlinks=True)
    put(built[NAMES[2]], site)
    assert not stray.exists() and before.is_dir() and shelf.Shelf(site).now.name == "0100"


def test_each_page_fits_one_rule_of_the_headers(built, tmp_path):
    put(built["2019.06"], tmp_path / "site")
    lines = (tmp_path / "site" / "_headers").read_text().splitlines()
    rules = [line for line in lines if line.startswith(("/v/:version", "/latest", "/index", "/versions"))]
    assert not [rule for rule in rules if "*" in rule and not rule.endswith("/*")]
    assert {"/latest/index.html", "/latest/", "/versions", "/versions.html"} <= set(rules)
