"""Crash safety: whatever a refresh is doing when it is killed, the store holds what it held, or the new release too."""

from __future__ import annotations

import itertools
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import processes
import pytest
from crash_sites import CATALOGUE, DAY, Contents, Site, all_well, below, opened, table
from processes import NEW, QUARANTINED, SAME, wait_until
from replica import Replica, WorldBank

from analysis.snapshots.store import Store

KILLED, CUT = -signal.SIGKILL, -signal.SIGXFSZ


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened(tmp_path_factory.mktemp("site")) as made:
        yield made


# Killed while it fetches, parses and promotes


def test_killed_at_every_step_on_the_disk(site):
    states = []
    for step in itertools.count(1):
        place = site.copy()
        code = site.farm.run(processes.dying_at, step, place, *site.job(place))
        if code != KILLED:
            break
        states.append(site.state(place))
        site.mended(place, states[-1])
    assert code == NEW and below(place) == site.after
    told = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    print(f"killed at each of {len(states)} steps; the new release was then: {told}")
    assert len(states) > 20 and list(dict.fromkeys(states)) == ["absent", "moved", "listed"]


def test_killed_in_the_middle_of_a_file(site):
    """The system ends the process where a file reaches a size, so that its first bytes are there and no more."""
    sizes = range(0, len(site.after[CATALOGUE]) + 500, 500)
    codes = []
    for size in sizes:
        place = site.copy()
        job = (processes.ingest, place / "data", site.folder / f"{DAY}.csv")
        codes.append(site.farm.run(processes.dying_within, size, *job))
        if codes[-1] == CUT:
            site.mended(place, site.state(place))
    print(f"killed in the middle of {codes.count(CUT)} files")
    assert set(codes) == {CUT, 0} and codes.count(CUT) > 10


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment(site, seed):
    usual = ended(site, site.job(site.copy()))
    chance, codes = random.Random(seed), []
    for _ in range(10):
        place = site.copy()
        running = site.farm.start(*site.job(place))
        time.sleep(chance.uniform(0, usual))
        codes.append(running.kill())
        site.mended(place, site.state(place))
    print(f"killed at {codes.count(KILLED)} moments; it had ended before {codes.count(NEW)}")
    assert set(codes) <= {KILLED, NEW} and KILLED in codes


def test_killed_again_and_again(site):
    """One store and one cache; no refresh comes to its end but the last."""
    place = site.copy()
    for step in (4, 9, 14, 19, 24):
        assert site.farm.run(processes.dying_at, step, place, *site.job(place)) == KILLED
        assert site.state(place) != "listed"
    site.mended(place, site.state(place))


def test_killed_while_pages_come(site, small_bank, tmp_path):
    """What had come is not asked for again, but for the page that was on its way."""
    rows = small_bank.rows[small_bank.rows["economy"].isin(["BEL", "NLD", "USA", "WLD"])].reset_index(drop=True)
    with Replica(worldbank=WorldBank(rows, small_bank.titles, "2026-07-01")) as replica:
        address = {"how": "worldbank", "address": f"{replica.url}/v2", "page_size": 100}
        upstream = site.upstream() | {"publisher": "worldbank"} | address

        def job(place: Path) -> tuple:
            return (processes.refresh, place / "data", place / "cache", upstream)

        def copy(name: str) -> Path:
            replica.forget()
            return Path(shutil.copytree(tmp_path / "first", tmp_path / name))

        assert site.farm.run(*job(tmp_path / "first")) == NEW
        replica.worldbank.lastupdated = "2026-10-01"
        whole = copy("whole")
        assert site.farm.run(*job(whole)) == NEW
        usual = len(replica.requests)
        assert usual > 9
        for number in (1, 4, 8):
            place = copy(f"killed after {number}")
            running = site.farm.start(*job(place))
            wait_until(lambda due=number: len(replica.requests) >= due)
            assert running.kill() == KILLED
            assert below(place) == below(tmp_path / "first") and all_well(place / "data")
            assert site.farm.run(*job(place)) == NEW
            assert below(place) == below(whole)
            assert len(replica.requests) <= usual + 2


def ended(site: Site, job: tuple) -> float:
    """How long a refresh takes that nobody kills."""
    began = time.monotonic()
    assert site.farm.run(*job) == NEW
    return time.monotonic() - began


# Killed while something is put into quarantine or taken out of it


def seen(place: Path) -> Contents:
    """What waits in quarantine, where anybody would look."""
    found = below(place, "data.quarantine")
    return {name: content for name, content in found.items() if "/." not in name and name != "data.quarantine"}


@pytest.fixture
def putting(site, tmp_path) -> Callable[[Path, str], tuple]:
    """The job that puts files of some kind in quarantine, each kind with figures and a fault of its own."""

    def made(place: Path, kind: str) -> tuple:
        folder = tmp_path / kind
        if not folder.exists():
            folder.mkdir()
            for number in range(3):
                (folder / f"{number}.csv").write_bytes(table(2020 + number, len(kind)))
        return (processes.put, place / "data", tuple(sorted(folder.iterdir())), f"{kind} fault")

    return made


@pytest.mark.parametrize("doing", ["put", "replaced", "cleared"])
def test_killed_while_in_quarantine(site, putting, doing):
    start = site.copy()
    if doing != "put":
        assert site.farm.run(*putting(start, "old")) == 0

    def job(place: Path) -> tuple:
        return (processes.clear, place / "data") if doing == "cleared" else putting(place, "newer")

    end = site.copy(start)
    assert site.farm.run(*job(end)) == 0
    was, becomes = seen(start), seen(end)
    assert {len(was), len(becomes)} == ({7} if doing == "replaced" else {0, 7})
    found = []
    for step in itertools.count(1):
        place = site.copy(start)
        code = site.farm.run(processes.dying_at, step, place, *job(place))
        if code != KILLED:
            break
        found.append(seen(place))
        assert found[-1] in (was, {}, becomes), f"half of a release waits after step {step}"
        assert below(place, "data") == site.before and all_well(place / "data")
        assert site.farm.run(*job(place)) == 0
        assert below(place) == below(end), f"something was left behind after step {step}"
    print(f"killed at each of {len(found)} steps while a release in quarantine was {doing}")
    assert code == 0 and below(place) == below(end)
    assert len(found) > 5 and was in found and (becomes in found or doing == "put")


def test_what_other_processes_left_in_quarantine_is_removed(site, putting):
    place = site.copy()
    for name in (".census-2026-03-01.4711", ".nato-2025-08-28.old"):
        (place / "data.quarantine" / name / "files").mkdir(parents=True)
        (place / "data.quarantine" / name / "files" / "half.csv").write_bytes(b"ha")
    assert site.farm.run(*putting(place, "old")) == 0
    assert [path.name for path in (place / "data.quarantine").iterdir()] == [f"census-{DAY}"]


def test_killed_while_a_release_that_waits_is_accepted(site):
    odd, start = site.upstream("odd.csv"), site.copy()
    assert site.farm.run(processes.refresh, start / "data", start / "cache", odd) == QUARANTINED
    waits, states = seen(start), []
    for step in itertools.count(1):
        place = site.copy(start)
        job = (processes.refresh, place / "data", place / "cache", odd, ("values-jump",))
        code = site.farm.run(processes.dying_at, step, place / "data.quarantine", *job)
        if code != KILLED:
            break
        taken = len(Store(place / "data").releases) == 3
        states.append((taken, bool(seen(place))))
        assert all_well(place / "data")
        assert seen(place) == waits or (taken and not seen(place))
        assert site.farm.run(*job) == (SAME if taken else NEW)
        assert set(below(place)) == set(site.after), f"something was left behind after step {step}"
    assert code == NEW and not (place / "data.quarantine").exists()
    assert set(states) == {(False, True), (True, True), (True, False)}
