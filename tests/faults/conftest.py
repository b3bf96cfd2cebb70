"""What the tests of faults share: a small World Bank, a store that holds its release, and refreshes from a replica."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import wbgapi
import yaml
from replica import Replica, WorldBank

from analysis.fetching.upstreams import upstreams
from analysis.refresh import Outcome, refresh
from analysis.snapshots.store import Store, store

FIRST, SECOND = "2026-07-01", "2026-10-01"
# Where each series that the book declares is told by a release held.
HELD = [f"worldbank-{day}" for day in ("2026-07-13", "2026-07-01", "2026-02-24", "2025-12-04", "2025-06-05")]
PACE = {"attempts": 4, "first_wait": 0.01, "longest_wait": 2.0, "connect": 2.0, "read": 0.5, "per_second": 1000}
PAGE = 2500


@pytest.fixture(scope="session")
def small_bank() -> WorldBank:
    """All declared series, some 110 economies, four years: enough to be ranked, and more than ten pages."""
    whole = WorldBank.of(store(), HELD)
    rows = whole.rows[whole.rows["year"].between(2020, 2023)]
    codes = sorted(rows["economy"].unique())
    wanted = {"BEL", "NLD", "FRA", "DEU", "USA", "WLD", *codes[:: max(1, len(codes) // 104)]}
    return WorldBank(rows[rows["economy"].isin(wanted)].reset_index(drop=True), whole.titles, FIRST)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is remembered from test to test, neither by us nor by wbgapi."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CLAIMBOOK_CACHE", str(folder))
    for name in ("CENSUS_API_KEY", "CLAIMBOOK_UPSTREAMS"):
        monkeypatch.delenv(name, raising=False)
    wbgapi.source._concepts.clear()
    return folder


@pytest.fixture
def replica(small_bank: WorldBank) -> Iterator[Replica]:
    """A replica whose World Bank has brought out a release after the one held."""
    bank = small_bank.copy()
    bank.lastupdated = SECOND
    with Replica(worldbank=bank) as running:
        yield running


@pytest.fixture(scope="session")
def first_release(small_bank: WorldBank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small World Bank's first release, as a refresh brought it."""
    folder = tmp_path_factory.mktemp("held") / "data"
    with pytest.MonkeyPatch.context() as patch, Replica(worldbank=small_bank.copy()) as running:
        patch.setenv("CLAIMBOOK_CACHE", str(folder.parent / "cache"))
        (outcome,) = refresh(declared(folder.parent, running.url), folder)
        assert (outcome.word, outcome.release.released) == ("new", FIRST), outcome
    return folder


@pytest.fixture
def held(first_release: Path, tmp_path: Path) -> Path:
    """A store of the test's own that holds that release."""
    return Path(shutil.copytree(first_release, tmp_path / "data"))


def declared(folder: Path, url: str, **entries: dict) -> list:
    """Upstreams at a replica: the World Bank unless others are named."""
    entries = entries or {"worldbank": {"how": "worldbank", "address": f"{url}/v2", "page_size": PAGE}}
    path = folder / f"upstreams-{len(list(folder.glob('upstreams-*')))}.yaml"
    path.write_text(yaml.safe_dump({name: {"pace": PACE, **entry} for name, entry in entries.items()}))
    return list(upstreams(path).values())


@pytest.fixture
def upstreams_at(tmp_path: Path) -> Callable[..., list]:
    """See `declared`."""
    return lambda url, **entries: declared(tmp_path, url, **entries)


@pytest.fixture
def refreshed(held: Path, replica: Replica, tmp_path: Path) -> Callable[..., Outcome]:
    """Refresh the held store from the replica's World Bank."""

    def run(**more) -> Outcome:
        (outcome,) = refresh(declared(tmp_path, replica.url), held, **more)
        return outcome

    return run


@pytest.fixture(scope="session")
def second_release(small_bank: WorldBank, first_release: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The snapshot of the second release as it is where nothing goes wrong."""
    folder = tmp_path_factory.mktemp("second")
    shutil.copytree(first_release, folder / "data")
    bank = small_bank.copy()
    bank.lastupdated = SECOND
    with pytest.MonkeyPatch.context() as patch, Replica(worldbank=bank) as running:
        patch.setenv("CLAIMBOOK_CACHE", str(folder / "cache"))
        (outcome,) = refresh(declared(folder, running.url), folder / "data")
        assert outcome.word == "new", outcome
    return (folder / "data" / Store(folder / "data").releases[-1].path).read_bytes()
