"""A publisher with a new file, a store that holds the releases before it, and what the store is to become."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import processes
from processes import NEW, SAME, Farm
from replica import Replica

from analysis.snapshots import catalogue, promote
from analysis.snapshots.verify import verify

DAY = "2026-03-01"
CATALOGUE, NEWEST = f"data/{catalogue.FILE}", f"data/snapshots/census/{DAY}.parquet"
CODES = ["BEL", "NLD", "FRA", "DEU", "GBR", "ITA", "ESP", "CHN", "JPN", "KOR", "MEX", "CAN", "BRA", "IND"]

Contents = dict[str, bytes | None]


def table(until: int, scale: float = 1.0) -> bytes:
    """Yearly trade of some partners from 2000 on, as the Census Bureau's parser reads it."""
    cells = itertools.product(range(2000, until + 1), enumerate(CODES))
    rows = [f"{year},{code},{scale * (999.5 + n * year)},{scale * (777.5 + n * year)}" for year, (n, code) in cells]
    return "\n".join(["year,country_code,exports_year_musd,imports_year_musd", *rows, ""]).encode()


def all_well(folder: Path) -> bool:
    return all(not problems for _, problems in verify(folder))


def below(place: Path, *names: str) -> Contents:
    """Every file and folder of a store and its quarantine, hidden ones too; a folder holds None."""
    roots = [place / name for name in names or ("data", "data.quarantine")]
    found = [path for root in roots if root.exists() for path in (root, *root.rglob("*"))]
    return {str(path.relative_to(place)): path.read_bytes() if path.is_file() else None for path in found}


class Site:
    """Copies of one store, and refreshes of them.

    `before` and `after`: what the store holds, and what a refresh makes of it where nothing goes wrong.
    """

    def __init__(self, farm: Farm, replica: Replica, folder: Path) -> None:
        self.farm, self.replica, self.folder = farm, replica, folder
        self._numbers = itertools.count()
        self.before = below(folder / "first")
        place = self.copy()
        assert farm.run(*self.job(place)) == NEW
        self.after = below(place)
        assert set(self.after) - set(self.before) == {NEWEST}

    def copy(self, of: Path | None = None) -> Path:
        """A place of its own, with the store as it was before, or as it is at another place."""
        return Path(shutil.copytree(of or self.folder / "first", self.folder / f"case-{next(self._numbers)}"))

    def upstream(self, file: str = "trade.csv") -> dict:
        """Where the new file is, or a faulty one."""
        pace = {"attempts": 2, "first_wait": 0.01, "per_second": 1000}
        return {"publisher": "census", "how": "file", "address": f"{self.replica.url}/files/{file}", "pace": pace}

    def job(self, place: Path) -> tuple:
        """The refresh of the store at a place."""
        return (processes.refresh, place / "data", place / "cache", self.upstream())

    def state(self, place: Path) -> str:
        """Whether the new release is "absent", "moved" into place or "listed"; fails where anything is not whole."""
        assert all_well(place / "data")
        found = below(place, "data")
        listed = found[CATALOGUE] != self.before[CATALOGUE]
        staged = {name for name in found if name.startswith(f"data/{promote.STAGING}")}
        moved = NEWEST in found
        due = self.after if listed else self.before | ({NEWEST: self.after[NEWEST]} if moved else {})
        assert {name: content for name, content in found.items() if name not in staged} == due
        return "listed" if listed else "moved" if moved else "absent"

    def mended(self, place: Path, state: str) -> None:
        """The next refresh ends as one that nothing happened to, and leaves nothing behind."""
        assert self.farm.run(*self.job(place)) == (SAME if state == "listed" else NEW)
        assert below(place) == self.after


@contextmanager
def opened(folder: Path) -> Iterator[Site]:
    """A site in a folder of its own, for tests that work on copies."""
    farm = Farm()
    try:
        for day, until in (("2025-12-01", 2021), ("2026-01-01", 2022)):
            (folder / f"{day}.csv").write_bytes(table(until))
            assert farm.run(processes.ingest, folder / "first" / "data", folder / f"{day}.csv") == 0
        (folder / f"{DAY}.csv").write_bytes(table(2023))
        with Replica() as replica:
            for name, content in (("trade.csv", table(2023)), ("odd.csv", table(2023, 1000)), ("bad.csv", b"year\n")):
                replica.files.put(name, content, modified=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
            yield Site(farm, replica, folder)
    finally:
        farm.close()
