"""Editions on a real Dask cluster on loopback: a scheduler, two workers, one of them killed in the middle of its work."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.editions.making import RECORDS
from analysis.versions import sums

pytest.importorskip("distributed", reason="Dask is not installed (extra `cluster`)")
pytestmark = pytest.mark.xdist_group("editions")
TREE = Path(__file__).resolve().parents[2]
COUNTRIES = ("NLD", "EST", "GRD", "MLT")
SECONDS = 120


def environment(folder: Path, **more: str) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith(("CLAIMBOOK", "DASK"))}
    return {**own, "PYTHONPATH": str(TREE / "src"), "TMPDIR": str(folder), **more}


@contextlib.contextmanager
def started(log: Path, *words: str, env: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A command of Dask's that runs until the end of the test, with all that it started."""
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words], env=env, stdout=file, stderr=file, start_new_session=True
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(said: str, found) -> None:
    deadline = time.monotonic() + SECONDS
    while not found():
        assert time.monotonic() < deadline, said
        time.sleep(0.1)


@contextlib.contextmanager
def worker(folder: Path, address: str, **more: str) -> Iterator[subprocess.Popen]:
    """A worker that has found its scheduler, with a folder of its own."""
    folder.mkdir()
    words = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder), "--no-dashboard")
    log = folder.with_suffix(".log")
    with started(log, "worker", address, *words, env=environment(folder, **more)) as process:
        until(f"{folder.name} did not start", lambda: "Registered to" in log.read_text(encoding="utf-8"))
        yield process


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler."""
    told = tmp_path / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    with started(tmp_path / "scheduler.log", "scheduler", *words, env=environment(tmp_path)):
        until("the scheduler did not start", lambda: told.is_file() and told.read_text(encoding="utf-8").endswith("}"))
        yield json.loads(told.read_text(encoding="utf-8"))["address"]


@pytest.fixture
def cluster(scheduler: str, tmp_path: Path) -> Iterator[tuple[str, dict[str, subprocess.Popen]]]:
    """The address of a scheduler, and its two workers by the names of their folders."""
    with contextlib.ExitStack() as stack:
        yield scheduler, {name: stack.enter_context(worker(tmp_path / name, scheduler)) for name in ("one", "two")}


def making(folder: Path) -> list[Path]:
    """The editions at which a worker is."""
    return list(folder.glob("claimbook-edition-*/.work/*/stage"))


def test_editions_come_back_from_a_cluster_and_a_killed_worker_costs_a_retry(cluster, built_editions, tmp_path):
    address, workers = cluster
    site = tmp_path / "site"
    call = "from analysis.cli import app; app()"
    words = ["editions", "--countries", ",".join(COUNTRIES), "--scheduler", address, "--output", str(site), "--json"]
    running = subprocess.Popen(
        [sys.executable, "-c", call, *words], env=environment(tmp_path, CLAIMBOOK_HOME=str(TREE)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until("no worker began", lambda: making(tmp_path / "one") or running.poll() is not None)
    os.kill(workers["one"].pid, signal.SIGKILL)
    out, err = running.communicate(timeout=600)
    assert running.returncode == 0, err
    report = json.loads(out)
    assert {entry["country"]: entry["word"] for entry in report["editions"]} == dict.fromkeys(COUNTRIES, "made"), report
    assert all((site / RECORDS / f"{code}.json").is_file() for code in COUNTRIES)
    assert 'href="MLT/index.html"' in (site / "index.html").read_text(encoding="utf-8")
    # What was made there is what is made here.
    here, there = sums.of_folder(built_editions), sums.of_folder(site)
    own = [name for name in here if name.split("/")[0] in COUNTRIES or name.startswith("figures/")]
    assert own and {name for name in own if here[name] != there.get(name)} == set()
    # The one that was killed took all that it had started with it.
    until("something of the killed worker still runs", lambda: not alive(tmp_path / "one"))


def alive(folder: Path) -> list[str]:
    """The processes whose temporary folder is that of a worker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"TMPDIR={folder}\0".encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def test_the_book_reaches_workers_that_have_no_such_folder(cluster, tmp_path):
    address, _ = cluster
    # The copy is moved away from the workers' sight by its name: they find nothing where it says that the book is.
    site, away = tmp_path / "site", tmp_path / "elsewhere"
    code = (
        "import os, sys\n"
        "from analysis.editions import cluster_book\n"
        "old = cluster_book.Book.__init__\n"
        f"cluster_book.Book.__init__ = lambda self, home, *rest: old(self, {str(away)!r}, *rest)\n"
        "from analysis.cli import app; app()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "editions", "--countries", "GRD", "--scheduler", address, "--output", str(site)],
        env=environment(tmp_path, CLAIMBOOK_HOME=str(TREE)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (site / "GRD" / "index.html").is_file()
    assert list(tmp_path.glob("*/dask-scratch-space/*/claimbook-*/data/datapackage.json"))


def test_a_cluster_without_workers_is_refused(tmp_path, claimbook):
    told = tmp_path / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    with started(tmp_path / "scheduler.log", "scheduler", *words, env=environment(tmp_path)):
        until("the scheduler did not start", lambda: told.is_file() and told.read_text(encoding="utf-8").endswith("}"))
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        done = claimbook(
            TREE, "editions", "--countries", "GRD", "--scheduler", address, "--output", str(tmp_path / "site")
        )
    assert done.returncode == 1 and "has no workers" in done.stderr


def editions(address: str, folder: Path) -> subprocess.CompletedProcess:
    """The command for one small edition, sent to a cluster."""
    call = [sys.executable, "-c", "from analysis.cli import app; app()", "editions", "--countries", "GRD"]
    return subprocess.run(
        [*call, "--scheduler", address, "--output", str(folder / "site")],
        env=environment(folder, CLAIMBOOK_HOME=str(TREE)), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_worker_with_another_claimbook_is_named_and_given_nothing(scheduler, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(TREE / "src", other, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "analysis" / "words.py").open("a", encoding="utf-8") as file:
        file.write("# another claimbook\n")
    with worker(tmp_path / "one", scheduler, PYTHONPATH=str(other)):
        done = editions(scheduler, tmp_path)
    assert done.returncode == 1
    assert "has another claimbook" in done.stderr and "from the same commit" in done.stderr
    assert "tcp://127.0.0.1:" in done.stderr
    assert not list((tmp_path / "site").glob("GRD*"))


def test_a_scheduler_without_workers_says_how_to_start_one(scheduler, tmp_path):
    done = editions(scheduler, tmp_path)
    assert done.returncode == 1
    assert f"has no workers yet; start some with: dask worker {scheduler}" in " ".join(done.stderr.split())
