"""Real processes for the tests of crashes: each is forked off one that has everything imported, and killed at will.

A job is a function of a module. It is told no more than paths and addresses, and does what the command does.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

TIMEOUT = 60  # seconds after which a job counts as one that never ends
# What a job leaves with: what became of a refresh, that something was raised, that it had to be ended.
NEW, FAILED, SAME, QUARANTINED, WRONG, HUNG = 0, 1, 2, 3, 70, 71
# What a program asks of the disk, as Python tells it.
STEPS = {
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink",
}  # fmt: skip

Work = Callable[..., int | None]


class Job:
    """One running process."""

    def __init__(self, farm: Farm, pid: int) -> None:
        self._farm, self._pid = farm, pid

    def wait(self) -> int:
        """What it leaves with; minus the signal where it was killed, HUNG where it does not end."""
        return self._farm.ask("wait", self._pid)

    def kill(self) -> int:
        """SIGKILL, whatever it does at this moment; and what it left with, if that was before."""
        os.kill(self._pid, signal.SIGKILL)
        return self.wait()


class Farm:
    """A process with everything imported, which forks another one for each job."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def start(self, job: Work, *args: Any) -> Job:
        """Run a job beside this process."""
        return Job(self, self.ask("start", job, *args))

    def run(self, job: Work, *args: Any) -> int:
        """Run a job to its end, and tell what it leaves with."""
        return self.start(job, *args).wait()

    def ask(self, *order: Any) -> Any:
        """What the process answers to an order."""
        self._pipe.send(order)
        assert self._pipe.poll(2 * TIMEOUT), "the process that starts others does not answer"
        return self._pipe.recv()

    def close(self) -> None:
        """End it, and whatever it still has running."""
        self._pipe.close()
        self._process.join(TIMEOUT)


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for another process to have done something."""
    until = time.monotonic() + TIMEOUT
    while not happened():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.002)


def _serve(pipe: Any) -> None:
    _warm()
    running: set[int] = set()
    while True:
        try:
            order, what, *args = pipe.recv()
        except EOFError:
            break
        if order == "wait":
            answer = _left(what)
            running.discard(what)
        else:
            answer = os.fork()
            if answer == 0:
                pipe.close()
                _end_with(what, *args)
            running.add(answer)
        pipe.send(answer)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _left(pid: int) -> int:
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return HUNG


def _warm() -> None:
    """Import and read what every job needs; nothing of it starts a thread."""
    ways = ("fetching.files", "fetching.worldbank", "publishers.census", "publishers.worldbank")
    for name in ("cli", "fetching.client", "newest", "snapshots.verify", "versions.publish", *ways):
        importlib.import_module(f"analysis.{name}")
    importlib.import_module("wbgapi")
    from analysis import areas, observations, series
    from analysis.snapshots import catalogue, ingest

    for register in (areas.areas, series.register, catalogue.publishers):
        register()
    ingest.faults(observations.make([]))


def _end_with(job: Work, *args: Any) -> None:
    code = WRONG
    try:
        code = job(*args) or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


# Jobs


def refresh(folder: Path, cache: Path, upstream: dict[str, Any], accept: tuple[str, ...] = ()) -> int:
    """`claimbook data refresh`; a failure is printed."""
    from analysis.fetching.upstreams import Upstream
    from analysis.refresh import refresh

    os.environ["CLAIMBOOK_CACHE"] = str(cache)
    (outcome,) = refresh([Upstream(**upstream)], folder, accept=accept, by="A. Nalyst")
    if outcome.word == "failed":
        print(outcome.text, file=sys.stderr)
    return {"new": NEW, "failed": FAILED, "same": SAME, "quarantined": QUARANTINED}[outcome.word]


def ingest(folder: Path, *files: Path) -> None:
    """`claimbook data ingest` of files of the Census Bureau, one after the other, each named by its day."""
    from analysis.snapshots.ingest import ingest

    for file in files:
        ingest("census", [file], file.stem, folder=folder)


def command(log: Path, cache: Path, *words: str) -> int:
    """The command line itself; what it prints goes into the file `log`."""
    from analysis.cli import app

    os.environ["CLAIMBOOK_CACHE"] = str(cache)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        app(list(words))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def mirror(book: Path, folder: Path) -> None:
    """Bring a live store up to a book's."""
    from analysis.newest import mirror

    mirror(book, folder)


def put(store: Path, files: tuple[Path, ...], fault: str) -> None:
    """Put files of the Census Bureau's release of 1 March 2026 in quarantine."""
    from analysis import quarantine
    from analysis.fetching import Fetched

    quarantine.put("census", Fetched("2026-03-01", files, ("https://census.gov/a",)), store, faults=[fault])


def clear(store: Path) -> None:
    """Take that release out of quarantine."""
    from analysis import quarantine

    quarantine.clear("census-2026-03-01", store)


def publish(built: Path, site: Path) -> None:
    """Publish a version that is built into a site."""
    import datetime as dt

    from analysis.versions.publish import publish

    publish(built, site, moment=dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC), say=lambda text: None)


def hold_locks(folder: Path, ready: Path) -> None:
    """Take both locks of a store and never give them back."""
    from analysis.snapshots import promote

    with promote.locked(folder, of="refresh"), promote.locked(folder):
        ready.touch()
        signal.pause()


def read(folder: Path, ready: Path, stop: Path, tally: Path) -> None:
    """Open a store again and again, read and verify all that it lists, once more when `stop` is there.

    How many releases were seen is written into `tally`, the numbers in order.
    """
    from analysis.snapshots.store import Store
    from analysis.snapshots.verify import verify

    seen: set[int] = set()
    last = False
    while not last:
        last = stop.exists()
        store = Store(folder)
        for release in store.releases:
            for scope in release.scope:
                assert len(store.figures(release, scope.series)) == scope.observations
        problems = {name: found for name, found in verify(folder) if found}
        assert not problems, problems
        seen.add(len(store.releases))
        ready.touch()
    tally.write_text(" ".join(map(str, sorted(seen))))


# Ways to die


def dying_at(step: int, place: Path, job: Work, *args: Any) -> int | None:
    """Run a job that kills itself just before its n-th step on the disk below `place`, the first being 1.

    Steps are what changes a folder, what opens a file to write, and what makes a file or folder last.
    """
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, args: tuple) -> None:
        if event not in STEPS or not isinstance(args[0], str | bytes | os.PathLike):
            return
        path = Path(os.fsdecode(args[0]))
        only_read = event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        # Where a tree is removed, its files are named by their names alone.
        if not only_read and (place in path.parents or not path.is_absolute()):
            count()

    def lasting(descriptor: int, fsync: Callable[[int], None] = os.fsync) -> None:
        count()
        fsync(descriptor)

    sys.addaudithook(heard)
    os.fsync = lasting  # no audit event tells of it
    return job(*args)


def dying_within(size: int, job: Work, *args: Any) -> int | None:
    """Run a job that the system kills where a file of its own grows beyond `size` bytes: the first of them are there."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    return limited_to(size, job, *args)


def limited_to(size: int, job: Work, *args: Any) -> int | None:
    """Run a job that cannot make a file larger than `size` bytes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return job(*args)
