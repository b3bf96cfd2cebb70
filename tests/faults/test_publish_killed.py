"""Whatever a publisher is doing when it is stopped, readers find the site as it was, or with the new version: whole."""

from __future__ import annotations

import itertools
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import frozen
import processes
import pytest
from processes import Farm
from shelves import Seen, faults, seen

KILLED, CUT = -signal.SIGKILL, -signal.SIGXFSZ
CLAIMS = ("ics-two-way-trade", "ct-plan-r")
FIRST, SECOND, THIRD = "2019.06", "2022.06", "2024.06"


class Press:
    """A site with two versions, copies of it, and publishers of a third."""

    def __init__(self, farm: Farm, folder: Path) -> None:
        self.farm, self.folder = farm, folder
        self.built = [frozen.frozen(folder / "built", name, claims=CLAIMS) for name in (FIRST, SECOND, THIRD)]
        self._numbers = itertools.count()
        for built in self.built[:2]:
            assert farm.run(processes.publish, built, folder / "first") == 0
        self.before = seen(folder / "first")
        assert faults(folder / "first") == []
        done = self.copy()
        assert farm.run(*self.job(done)) == 0
        self.after = seen(done)
        assert faults(done) == [] and f"v/{THIRD}/index.html" in self.after

    def copy(self) -> Path:
        """The site with two versions, at a place of its own."""
        return Path(shutil.copytree(self.folder / "first", self.folder / f"site-{next(self._numbers)}", symlinks=True))

    def job(self, site: Path) -> tuple:
        """Publish the third version into a site."""
        return processes.publish, self.built[2], site

    def state(self, site: Path) -> str:
        """Whether readers see the site as it was ("before"), or with the new version ("after"); else it fails.

        Both were found without fault; what is byte for byte one of them is so too.
        """
        found = seen(site)
        if found["versions.json"] == self.after["versions.json"]:
            assert found == self.after
            return "after"
        assert listed(found) == self.before
        return "before"

    def mended(self, site: Path) -> None:
        """The next publisher ends as one that nothing happened to, and leaves nothing behind."""
        assert self.farm.run(*self.job(site)) == 0
        assert seen(site) == self.after
        assert {path.name for path in (site / "generations").iterdir() if path.name.startswith(".new-")} == set()


def listed(found: Seen) -> Seen:
    """What of a site readers are led to: not a version that is there and that nothing names yet."""
    return {name: text for name, text in found.items() if f"/{THIRD}/" not in name}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    farm = Farm()
    try:
        yield Press(farm, tmp_path_factory.mktemp("press"))
    finally:
        farm.close()


def test_killed_at_every_step_on_the_disk(press):
    states = []
    for step in itertools.count(1):
        site = press.copy()
        code = press.farm.run(processes.dying_at, step, site, *press.job(site))
        if code != KILLED:
            break
        states.append(press.state(site))
        if step % 10 == 0 or states[-1] != states[max(0, len(states) - 2)]:
            press.mended(site)
        shutil.rmtree(site)
    assert code == 0
    print(f"killed at each of {len(states)} steps; readers then saw the site {states.count('before')} times as it was")
    assert len(states) > 60 and list(dict.fromkeys(states)) == ["before", "after"]


def test_killed_in_the_middle_of_a_file(press):
    """The system ends the process where a file reaches a size, so that its first bytes are there and no more."""
    largest = max(len(text) for text in press.after.values())
    codes = []
    for size in range(0, largest + 4000, 4000):
        site = press.copy()
        codes.append(press.farm.run(processes.dying_within, size, *press.job(site)))
        press.state(site)
        press.mended(site)
        shutil.rmtree(site)
    print(f"killed in the middle of {codes.count(CUT)} files")
    assert set(codes) == {CUT, 0} and codes.count(CUT) > 5


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment(press, seed):
    chance, codes = random.Random(seed), []
    begun = time.monotonic()
    press.farm.run(*press.job(press.copy()))
    usual = time.monotonic() - begun
    for _ in range(10):
        site = press.copy()
        running = press.farm.start(*press.job(site))
        time.sleep(chance.uniform(0, usual))
        codes.append(running.kill())
        press.state(site)
        press.mended(site)
    assert set(codes) <= {KILLED, 0} and KILLED in codes


def test_killed_again_and_again(press):
    """One site; no publisher comes to its end but the last."""
    site = press.copy()
    for step in (5, 25, 45, 65, 85):
        assert press.farm.run(processes.dying_at, step, site, *press.job(site)) == KILLED
        assert press.state(site) == "before"
    press.mended(site)


def test_a_first_publisher_that_is_killed_leaves_nothing_to_see(press):
    states = set()
    for step in itertools.count(1, 7):
        site = press.folder / f"fresh-{step}"
        code = press.farm.run(processes.dying_at, step, site, processes.publish, press.built[0], site)
        if code != KILLED:
            break
        states.add("versions.json" in seen(site))
        assert faults(site) == []
        assert press.farm.run(processes.publish, press.built[0], site) == 0 and faults(site) == []
    assert states == {False} or states == {False, True}
