"""Two refreshes at once, a reader beside a writer, and locks that were never given back."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import processes
import pytest
from crash_sites import DAY, Site, all_well, below, opened, table
from processes import NEW, SAME, wait_until

from analysis.errors import ClaimbookError
from analysis.snapshots import promote
from analysis.snapshots.store import Store


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.mark.parametrize("turn", range(3))
def test_two_refreshes_of_one_store(site, turn):
    place = site.copy()
    running = [site.farm.start(*site.job(place)) for _ in range(2)]
    assert sorted(job.wait() for job in running) == [NEW, SAME]
    assert below(place) == site.after and all_well(place / "data")


@pytest.mark.parametrize("turn", range(3))
def test_refreshes_of_two_stores_with_one_cache(site, turn):
    """As the book's own and the live one have it."""
    places = [site.copy(), site.copy()]
    jobs = [(processes.refresh, place / "data", places[0] / "cache", site.upstream()) for place in places]
    running = [site.farm.start(*job) for job in jobs]
    assert [job.wait() for job in running] == [NEW, NEW]
    assert [below(place) for place in places] == [site.after, site.after]


@pytest.mark.parametrize("turn", range(3))
def test_a_refresh_and_an_ingest(site, turn):
    place = site.copy()
    others = [site.folder / f"{year}-03-01.csv" for year in range(2020, 2025)]
    for file in others:
        file.write_bytes(table(int(file.stem[:4]) - 1))
    running = [
        site.farm.start(*site.job(place)),
        site.farm.start(processes.ingest, place / "data", *others),
    ]
    assert [job.wait() for job in running] == [NEW, 0]
    held = [release.released for release in Store(place / "data").releases]
    assert held == [*(file.stem for file in others), "2025-12-01", "2026-01-01", DAY]
    assert all_well(place / "data") and not (place / "data" / promote.STAGING).exists()
    assert all(below(place)[name] == content for name, content in site.after.items() if name.endswith(".parquet"))


def test_live_stores_are_made_at_once_and_refreshed(site):
    book, live = site.copy(), site.copy() / "live"
    running = [site.farm.start(processes.mirror, book / "data", live / "data") for _ in range(3)]
    assert [job.wait() for job in running] == [0, 0, 0]
    assert below(live) == site.before
    refreshing = (processes.refresh, live / "data", live / "cache", site.upstream())
    running = [
        site.farm.start(*job) for job in (refreshing, (processes.mirror, book / "data", live / "data"), refreshing)
    ]
    assert sorted(job.wait() for job in running) == [NEW, 0, SAME]
    assert below(live) == site.after and all_well(live / "data")
    assert below(book) == site.before


def test_a_reader_beside_a_writer_never_sees_anything_half_there(site, tmp_path):
    place = site.copy()
    files = []
    for day in range(1, 13):
        files.append(tmp_path / f"2026-04-{day:02}.csv")
        files[-1].write_bytes(table(2022, 1 + day / 1000))
    told = tmp_path / "ready", tmp_path / "stop", tmp_path / "tally"
    reader = site.farm.start(processes.read, place / "data", *told)
    wait_until(told[0].exists)
    assert site.farm.run(processes.ingest, place / "data", *files) == 0
    told[1].touch()
    assert reader.wait() == 0
    seen = [int(number) for number in told[2].read_text().split()]
    print(f"the reader saw a store of {', '.join(map(str, seen))} releases")
    assert seen[0] == 2 and seen[-1] == 14


def test_the_lock_of_a_killed_process_holds_nobody_up(site, tmp_path):
    place = site.copy()
    holder = site.farm.start(processes.hold_locks, place / "data", tmp_path / "ready")
    wait_until((tmp_path / "ready").exists)
    for of in ("", "refresh"):
        lock = promote.locked(place / "data", "one", 0, of=of)
        with pytest.raises(ClaimbookError, match="another one into data/"), lock:
            pass
    assert holder.kill() == -signal.SIGKILL
    assert (place / ".data.lock").exists() and (place / ".data.refresh.lock").exists()
    with promote.locked(place / "data", wait=0, of="refresh"), promote.locked(place / "data", wait=0):
        pass
    site.mended(place, site.state(place))
