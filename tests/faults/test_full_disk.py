"""A disk that takes no more: a clear line, the store as it was, and all is well once there is room."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import processes
import pytest
from crash_sites import CATALOGUE, DAY, Site, all_well, below, opened
from processes import FAILED, NEW, QUARANTINED

PAGE = 4096  # a small disk in memory is filled by whole pages


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(asked, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def filled(disk: Path) -> Callable[[int], None]:
    """Fill the disk up to some pages."""

    def fill(pages: int) -> None:
        filler = disk / "filler"
        filler.unlink(missing_ok=True)
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
        filler.write_bytes(bytes(free - pages * PAGE))

    return fill


def told(site: Site, log: Path, place: Path, cache: Path, file: str = "trade.csv") -> tuple[int, list[str]]:
    """What `claimbook data refresh` leaves with, and the lines it prints."""
    declared = log.with_suffix(".yaml")
    entry = site.upstream(file)
    # JSON is YAML.
    declared.write_text(str({entry.pop("publisher"): entry}).replace("'", '"'))
    words = ("data", "refresh", "--store", str(place / "data"), "--upstreams", str(declared))
    code = site.farm.run(processes.command, log, cache, *words)
    return code, log.read_text().splitlines()


def test_the_disk_of_the_store_is_full(site, disk, filled, tmp_path):
    place, cache = disk / "place", tmp_path / "cache"
    shutil.copytree(site.folder / "first", place)
    filled(0)
    code, lines = told(site, tmp_path / "log", place, cache)
    assert (code, lines) == (1, [f"census: census-{DAY}: nothing was added to data/: the disk is full"])
    for pages in itertools.count():
        filled(pages)
        code = site.farm.run(processes.refresh, place / "data", cache, site.upstream())
        if code == NEW:
            break
        assert code == FAILED and all_well(place / "data") and below(place) == site.before
    assert pages > 3 and below(place) == site.after


def test_the_disk_of_the_quarantine_is_full(site, disk, filled, tmp_path):
    place = disk / "place"
    shutil.copytree(site.folder / "first", place)
    for pages in itertools.count():
        filled(pages)
        code, lines = told(site, tmp_path / "log", place, tmp_path / "cache", "bad.csv")
        if code == QUARANTINED:
            break
        (line,) = lines
        assert code == FAILED and line.startswith(f"census: census-{DAY} is not taken (")
        assert line.endswith("nor kept in data.quarantine/: the disk is full")
        assert all_well(place / "data") and below(place) == site.before
    assert pages > 2 and (place / "data.quarantine" / f"census-{DAY}" / "report.md").is_file()
    assert below(place, "data") == site.before


@pytest.mark.parametrize("anew", [True, False], ids=["a new cache", "what is left of one"])
def test_the_disk_of_the_cache_is_full(site, disk, filled, tmp_path, anew):
    place, cache = site.copy(), disk / "cache"
    filled(0)
    code, (line,) = told(site, tmp_path / "log", place, cache)
    assert code == 1 and line.startswith(f"census: cannot keep what was fetched in {cache}: ") and "full" in line
    for pages in itertools.count():
        if anew:
            shutil.rmtree(cache)
        filled(pages)
        code = site.farm.run(processes.refresh, place / "data", cache, site.upstream())
        if code == NEW:
            break
        assert code == FAILED and below(place) == site.before
    assert pages > 3 and below(place) == site.after and all_well(place / "data")


@pytest.mark.parametrize("size", [1500, 5000], ids=["figures", "catalogue"])
def test_a_file_that_may_not_grow_so_large(site, tmp_path, size):
    """Where no disk can be mounted: the system refuses the end of a file, that of the figures or of the catalogue."""
    place, log = site.copy(), tmp_path / "log"
    assert len(site.after[f"data/snapshots/census/{DAY}.parquet"]) < 5000 < len(site.after[CATALOGUE])
    words = ("data", "ingest", "census", str(site.folder / f"{DAY}.csv"), "--released", DAY)
    job = (processes.command, log, tmp_path / "cache", *words, "--store", str(place / "data"))
    assert site.farm.run(processes.limited_to, size, *job) == 1
    assert log.read_text() == f"error: census-{DAY}: nothing was added to data/: [Errno 27] File too large\n"
    assert below(place) == site.before
    site.mended(place, "absent")
