"""What the tests share: small stores, built through the helpers that build the real one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from five import ADDRESS, FIVE, checkout_of
from hypothesis import HealthCheck, settings

from analysis import observations
from analysis.publishers import Partial
from analysis.series import series
from analysis.snapshots import catalogue, ingest
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store

# A day or a version that a shell happens to hold is not what tests are about.
for _name in ("CLAIMBOOK_AS_OF", "CLAIMBOOK_VERSION"):
    os.environ.pop(_name, None)
# What a shell starts in the background ignores Ctrl-C, and so does all that it starts; tests interrupt what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
# The same examples on every machine; `pytest --hypothesis-profile=search` looks for new ones.
# A machine that is busy with other tests is no fault of what is tested.
_UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repeatable", derandomize=True, database=None, **_UNHURRIED)
settings.register_profile("search", max_examples=1000, **_UNHURRIED)
settings.load_profile("repeatable")


def rows_of(identifier: str, table: Mapping[tuple[str, str], Mapping[int, object]], unit: str | None = None) -> list:
    """Rows of one series from {(reporter, partner): {year: value}}.

    A value is a number, a pair of number and flag, or None for a suppressed one.
    """
    rows = []
    for (reporter, partner), years in table.items():
        for year, told in years.items():
            value, flag = told if isinstance(told, tuple) else (told, "suppressed" if told is None else "")
            rows.append((identifier, reporter, partner, year, value, unit or series(identifier).unit, flag))
    return rows


class Shelf:
    """A data folder to which releases are added one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        publisher: str,
        released: str,
        rows: Sequence[tuple],
        partial: Sequence[Partial] = (),
        obtained: str = "transcribed",
    ) -> Release:
        """Add a release that holds these rows, as `ingest` would."""
        frame = observations.make(list(rows))
        assert ingest.faults(frame) == []
        release = Release(
            publisher=publisher,
            released=released,
            obtained=obtained,
            files=(),
            scope=ingest.scope_of(frame, partial),
        )
        content = ingest.encode(frame)
        catalogue.replace(self.folder / release.path, content)
        entry = catalogue.resource(
            release,
            catalogue.publishers()[publisher],
            size=len(content),
            sha256=ingest.sha256(self.folder / release.path),
        )
        held = catalogue.read(self.folder).get("resources", [])
        catalogue.replace(self.folder / catalogue.FILE, catalogue.text([*held, entry]))
        return release

    def store(self) -> Store:
        """The folder as a store, opened anew."""
        return Store(self.folder)


@pytest.fixture(scope="session")
def shelf_at() -> Callable[[Path], Shelf]:
    """A data folder at a place of the test's own choice."""
    return Shelf


@pytest.fixture(scope="session")
def figures() -> Callable[..., list]:
    """See `rows_of`."""
    return rows_of


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty data folder."""
    return Shelf(tmp_path / "data")


@pytest.fixture(scope="module")
def kept_shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """An empty data folder that the tests of a module share."""
    return Shelf(tmp_path_factory.mktemp("store") / "data")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path and what it holds."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def holding() -> Callable[[Path], dict[str, bytes]]:
    """See `contents`."""
    return contents


@pytest.fixture(scope="session")
def claimbook() -> Callable[..., subprocess.CompletedProcess]:
    """Run the command in a process of its own, with the code and the data of a checkout, away from any network."""

    def run(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
        own = {key: value for key, value in os.environ.items() if not key.startswith("CLAIMBOOK")}
        nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
        told = {"CLAIMBOOK_HOME": str(checkout), "PYTHONPATH": str(checkout / "src"), **nowhere, **environment}
        call = [sys.executable, "-c", "from analysis.cli import app; app()", *words]
        return subprocess.run(call, env={**own, **told}, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def five_versions(tmp_path_factory: pytest.TempPathFactory, claimbook: Callable) -> Path:
    """A folder with `checkout/` and the `site/` of five versions published from it: once for all processes, or given.

    `CLAIMBOOK_FIVE` names such a folder that is already there.
    """
    if given := os.environ.get("CLAIMBOOK_FIVE"):
        return Path(given).resolve()
    tree = Path(__file__).resolve().parents[1]
    if not (tree / ".git").exists() or shutil.which("git") is None:
        pytest.skip("versions are built from a git checkout, and this is none")
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    place = shared / "five"
    with FileLock(shared / "five.lock"):
        if not (place / "done").exists():
            place.mkdir()
            checkout_of(tree, place / "checkout")
            for name, day in FIVE.items():
                words = ("publish", name, "--into", str(place / "site"), "--address", ADDRESS)
                done = claimbook(
                    place / "checkout", *words, *(("--as-of", day) if day else ()), SOURCE_DATE_EPOCH="1800000000"
                )
                assert done.returncode == 0, done.stdout + done.stderr
            (place / "done").touch()
    return place


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site: built once, whichever process of the tests comes first, or given.

    `CLAIMBOOK_BUILT` names the folder of a site that is already there. The command builds in a process of its own,
    so that it makes no difference what else the tests have started.
    """
    if given := os.environ.get("CLAIMBOOK_BUILT"):
        return Path(given).resolve()
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    page = shared / "book" / "html" / "index.html"
    with FileLock(shared / "book.lock"):
        if not page.is_file():
            call = [
                sys.executable,
                "-c",
                "from analysis.cli import app; app()",
                "book",
                "--output",
                str(shared / "book"),
            ]
            done = subprocess.run(call, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            assert "drawing" in done.stderr, "a long step that says nothing looks like a hang"
    return page.parent


@pytest.fixture(scope="session")
def built_editions(tmp_path_factory: pytest.TempPathFactory, claimbook: Callable) -> Path:
    """The site of three editions, one of them small: built once for all processes, or given by `CLAIMBOOK_EDITIONS`."""
    if given := os.environ.get("CLAIMBOOK_EDITIONS"):
        return Path(given).resolve()
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with FileLock(shared / "editions.lock"):
        if not (shared / "editions" / "index.html").is_file():
            words = ("editions", "--countries", "NLD,EST,GRD,BVT", "--output", str(shared / "editions"))
            done = claimbook(Path(__file__).resolve().parents[1], *words)
            assert done.returncode == 0, done.stdout + done.stderr
            (shared / "editions.txt").write_text(done.stdout, encoding="utf-8")
    return shared / "editions"
