"""Run functions, each in a process of its own that is forked from the warm parent, some at once.

for ended in jobs.run((Job(code, "analysis.editions.making:job", code) for code in codes), workers=2):
    print(ended.job.name, ended.fault or ended.value)
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any

from analysis.warm import processes, wire

_NOWHERE = "its beginning"


@dataclass(frozen=True)
class Job:
    """A function to be called with a payload: `function` is written "module:function", `payload` can be pickled.

    `ahead`: a module of this package that the warm parent imports before, so that each job finds it there. `book`:
    whether it reads the book's figures, so that the parent reads them before; by itself what this package's jobs do.
    """

    name: str
    function: str
    payload: Any = None
    ahead: str = ""
    book: bool | None = None


@dataclass(frozen=True)
class Ended:
    """What came of a job: its value, or why there is none. `seconds` it took; `peak`: most memory it held, in bytes."""

    job: Job
    value: Any
    fault: str | None
    seconds: float
    peak: int


class Running:
    """A job that runs."""

    def __init__(self, job: Job, fork: Any) -> None:
        """In a process that was just forked."""
        self.job, self.fork, self.place = job, fork, _NOWHERE
        self.began = time.monotonic()
        self._reader = wire.Reader(fork.channel)
        self._outcome: tuple[bytes, bytes] | None = None
        self._late = 0.0

    def read(self) -> list[str]:
        """Take what it has said; returns the places that it has come to."""
        from analysis.warm import work

        places = []
        for kind, told in self._reader.messages():
            if kind == work.PLACE:
                self.place = told.decode()
                places.append(self.place)
            else:
                self._outcome = kind, told
        return places

    @property
    def silent(self) -> bool:
        """Whether nothing more will be said."""
        return self._reader.over

    def stop(self, limit: float) -> None:
        """End it, as it has taken longer than `limit` seconds."""
        self._late = limit
        self.fork.kill()

    def ended(self) -> Ended:
        """What came of it, after its end."""
        from analysis.warm import work

        end, value, fault = self.fork.wait(), None, None
        if self._outcome is None and self._late:
            fault = f"took longer than {self._late:g} s in {self.place}"
        elif self._outcome is None:
            fault = self.fork.fault or f"{end} in {self.place}"
        elif self._outcome[0] == work.FAULT:
            fault = self._outcome[1].decode("utf-8", "replace")
        else:
            try:
                value = pickle.loads(self._outcome[1])
            except Exception as error:
                fault = f"its value cannot be read: {type(error).__name__}: {error}"
        return Ended(self.job, value, fault, time.monotonic() - self.began, end.peak)


def run(
    jobs: Iterable[Job],
    *,
    workers: int,
    limit: float | None = None,
    heard: Callable[[Job, str], None] | None = None,
) -> Iterator[Ended]:
    """Run jobs, each in a process of its own, and tell of each as it ends; the next job is taken when a worker is free.

    A fault is the text of a ClaimbookError, the last lines of another error's traceback, or how the process ended and
    in which place; it stops no other job. `limit`: the seconds that a job may take. `heard` is called with each place
    that a job says it has come to (analysis.warm.place). Who stops listening stops what runs.
    """
    begin = _forked
    if not processes.possible():
        from analysis.warm.spawned import Spawned as begin
    waiting = iter(jobs)
    running: list[Running] = []
    more = True
    try:
        while running or more:
            while more and len(running) < max(1, workers):
                job = next(waiting, None)
                if job is None:
                    more = False
                    break
                try:
                    running.append(Running(job, begin(job)))
                except Exception as error:  # a payload that cannot be pickled, no process to be had
                    yield Ended(job, None, f"cannot be started: {type(error).__name__}: {error}", 0.0, 0)
            _wait(running, limit)
            for one in list(running):
                over = one.fork.look()
                for place in one.read():
                    if heard:
                        heard(one.job, place)
                if not over and limit is not None and time.monotonic() - one.began > limit:
                    one.stop(limit)
                    over = True
                if over:
                    running.remove(one)
                    ended = one.ended()
                    one.fork.close()
                    yield ended
    finally:
        for one in running:
            one.fork.kill()
            one.fork.close()


def _forked(job: Job) -> Any:
    from analysis.warm import client

    given = (job.function, pickle.dumps(job.payload))
    book = job.function.startswith("analysis.") if job.book is None else job.book
    return client.fork("work", given, path=True, book=book, ahead=job.ahead)


def _wait(running: list[Running], limit: float | None) -> None:
    """Wait until something has happened, or the first time is over."""
    if not running:
        return
    sources = [one.fork.fileno() for one in running] + [one.fork.channel for one in running if not one.silent]
    left = None if limit is None else max(0.0, min(one.began for one in running) + limit - time.monotonic()) + 0.001
    connection.wait(sources, left)
