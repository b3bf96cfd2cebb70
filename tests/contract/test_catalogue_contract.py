"""The catalogue of releases: a valid data package, complete in its terms, and true to the publishers' files."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from frictionless import Package

from analysis import areas, observations, publishers
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.series import series
from analysis.snapshots import catalogue, ingest
from analysis.snapshots.verify import verify

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data"
PACKAGE = json.loads(data("datapackage.json").read_text(encoding="utf-8"))
RELEASES = catalogue.releases(data())
BY_NAME = pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)


def test_it_is_a_valid_data_package():
    report = Package.validate_descriptor(PACKAGE)
    assert report.valid, report.flatten(["message"])
    report = Package.from_descriptor(PACKAGE, basepath=str(data())).validate()
    assert report.valid, report.flatten(["name", "message"])
    assert len(report.tasks) == len(PACKAGE["resources"])


def test_the_validation_notices_a_change(tmp_path):
    entry = json.loads(json.dumps(PACKAGE["resources"][0]))
    target = tmp_path / entry["path"]
    target.parent.mkdir(parents=True)
    target.write_bytes(data(entry["path"]).read_bytes()[:-1] + b"x")
    report = Package.from_descriptor({**PACKAGE, "resources": [entry]}, basepath=str(tmp_path)).validate()
    assert not report.valid


def test_the_store_is_what_the_catalogue_says():
    assert {name: problems for name, problems in verify(data()) if problems} == {}


def test_no_release_is_listed_twice():
    names = [entry["name"] for entry in PACKAGE["resources"]]
    assert names == sorted(set(names))
    assert len({release.path for release in RELEASES}) == len(RELEASES) == len(names)


def test_no_path_of_a_machine_is_in_it():
    text = data("datapackage.json").read_text(encoding="utf-8")
    assert not re.search(r"/(work|tmp|home|root|Users)/|\\\\|file:", text)


# -- Publishers ------------------------------------------------------------------------------------------------


def test_every_publisher_has_a_parser_and_releases():
    held = {release.publisher for release in RELEASES}
    assert set(catalogue.publishers()) == set(publishers.NAMES) == held


@pytest.mark.parametrize("publisher", catalogue.publishers().values(), ids=lambda publisher: publisher.name)
def test_a_publisher_is_told_in_full(publisher):
    for text in (publisher.title, publisher.product, publisher.cadence, publisher.cite, publisher.licence_title):
        assert len(text) > 3 and not text.endswith(".")
    assert publisher.terms.endswith(".") and len(publisher.terms) > 20
    for address in (publisher.home, publisher.licence_address):
        assert re.fullmatch(r"https://[^\s]+\.[^\s]+", address)
    assert re.fullmatch(r"[A-Za-z0-9.-]+", publisher.licence)


@BY_NAME
def test_a_release_carries_its_publishers_terms(release):
    (entry,) = [entry for entry in PACKAGE["resources"] if entry["name"] == release.name]
    publisher = catalogue.publishers()[release.publisher]
    assert entry["licenses"] == [
        {"name": publisher.licence, "title": publisher.licence_title, "path": publisher.licence_address}
    ], "data/publishers.yaml changed since the release was ingested: bring the catalogue's licences up to date"
    assert entry["sources"] and all(source["title"] == publisher.title for source in entry["sources"])
    assert all(source["path"].startswith("https://") for source in entry["sources"])


@BY_NAME
def test_a_release_says_how_it_was_had(release):
    assert release.files and all(file.bytes > 0 for file in release.files)
    # What was not downloaded as the publisher made it says what it is.
    assert release.obtained == "downloaded" or release.note
    assert release.day >= catalogue.day_of("2012-01-01")


# -- What a release holds ----------------------------------------------------------------------------------------


@cache
def held(path: str) -> pd.DataFrame:
    frame = pq.read_table(data(path)).to_pandas()
    for column in ("series", "reporter", "partner", "unit", "flag"):
        frame[column] = frame[column].astype(str)
    frame["period"] = frame["period"].astype("int64")
    return frame


@BY_NAME
def test_observations_keep_their_contract(release):
    frame = held(release.path)
    observations.check(frame)
    assert ingest.faults(frame) == []
    assert frame["series"].str.startswith(f"{release.publisher}.").all()


@BY_NAME
def test_units_are_those_that_are_declared(release):
    for (identifier, unit), _ in held(release.path).groupby(["series", "unit"]):
        assert series(identifier).unit_matches(unit), (identifier, unit)


@BY_NAME
def test_a_series_is_told_of_reporters_or_of_partners_as_declared(release):
    for identifier, part in held(release.path).groupby("series"):
        if series(identifier).by == "partner":
            assert (part["partner"] != "").all(), identifier


@BY_NAME
def test_a_world_total_is_not_less_than_its_parts(release):
    """Where the world is declared to be the full total, countries and remainders do not exceed it but by rounding."""
    frame = held(release.path)
    for identifier in frame["series"].unique():
        about = series(identifier)
        if about.world is None:
            continue
        part = frame[(frame["series"] == identifier) & frame["value"].notna()]
        column = "partner" if about.by == "partner" else "reporter"
        other = "reporter" if about.by == "partner" else "partner"
        world = part[part[column] == about.world].set_index([other, "period"])["value"]
        leaves = part[part[column].isin(areas.leaves())].groupby([other, "period"])["value"].sum()
        over = ((leaves - world) / world).dropna()
        assert (over < 0.001).all(), f"{identifier}: {over[over >= 0.001]}"
        if release.obtained == "downloaded" and identifier.endswith("goods_exports"):
            assert len(over), identifier


# -- The originals -----------------------------------------------------------------------------------------------


@cache
def originals() -> dict[str, Path]:
    """The publishers' files beside the checkout, by their SHA-256."""
    found = {}
    for path in sorted(ORIGINALS.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                found[hashlib.file_digest(file, "sha256").hexdigest()] = path
    return found


def parsed(release: catalogue.Release, files: list[Path]) -> pd.DataFrame:
    try:
        return publishers.parse(release.publisher, files).observations
    except ClaimbookError as error:
        editions = re.findall(r"'([^']+)'", str(error).partition("there are:")[2])
        if not editions:
            raise
    # One file may hold several editions, which the catalogue does not name: one of them must be the release.
    wanted = held(release.path)
    for edition in editions:
        try:
            frame = publishers.parse(release.publisher, files, edition=edition).observations
        except ClaimbookError:
            continue  # single statements, which are no table, or another edition than that of a second file
        if len(frame) == len(wanted) and set(frame["series"]) == set(wanted["series"]):
            ordered = frame.sort_values(observations.KEY, ignore_index=True)
            if ordered["value"].equals(wanted["value"]) and ordered["partner"].equals(wanted["partner"]):
                return frame
    raise AssertionError(f"no edition in {files[0].name} is {release.name}")


@BY_NAME
@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publishers' originals are not beside the checkout")
def test_a_release_is_what_the_parser_makes_of_the_originals(release):
    missing = [file.name for file in release.files if file.sha256 not in originals()]
    if missing:
        pytest.skip(f"not beside the checkout: {', '.join(missing)}")
    files = [originals()[file.sha256] for file in release.files]
    assert [path.name for path in files] == [file.name for file in release.files]
    frame = parsed(release, files).sort_values(observations.KEY, kind="stable", ignore_index=True)
    # A release may keep no more series than the publisher's terms allow.
    frame = frame[frame["series"].isin(scope.series for scope in release.scope)].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame, held(release.path), check_exact=True, check_dtype=False)
