"""Run the chapters of a book side by side, each with a record of what it read."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis import engine, reads
from analysis.errors import ClaimbookError
from analysis.warm import jobs
from analysis.warm.jobs import Job


def execute(names: Sequence[str]) -> Iterator[tuple[str, bytes, dict[str, Any] | None]]:
    """Run chapters with their own defaults, as many at once as there are processors.

    Yields name, executed notebook and what it read (as `one`) as each is done. ClaimbookError of the first that fails,
    once the others are done.
    """
    faults = []
    for ended in jobs.run([Job(name, "analysis.runs:one", name) for name in names], workers=os.cpu_count() or 1):
        if ended.fault is None:
            yield ended.job.name, *ended.value
        else:
            faults.append(ended.fault)
    if faults:
        raise ClaimbookError(faults[0])


def one(name: str) -> tuple[bytes, dict[str, Any] | None]:
    """Run a chapter with its own defaults: the executed notebook as it is kept, and what it read, where that is known.

    ClaimbookError with the last line of a failing cell's error.
    """
    with recorded() as told:
        executed = engine.text(engine.clean(engine.execute(engine.chapter(name), None, {})))
    return executed, told.read


class Recorded:
    """What a run read, once it has ended; None where it did not say."""

    read: dict[str, Any] | None = None


@contextmanager
def recorded() -> Iterator[Recorded]:
    """What is run inside, in this process or one that it starts, says what it reads; one run only."""
    told, before = Recorded(), os.environ.get(reads.VARIABLE)
    # Not a TemporaryDirectory: a process that is forked inside would remove it at its own end.
    folder = Path(tempfile.mkdtemp(prefix="claimbook-"))
    file = folder / "reads.json"
    os.environ[reads.VARIABLE] = str(file)
    try:
        yield told
        if file.is_file():
            told.read = json.loads(file.read_text(encoding="utf-8"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if before is None:
            del os.environ[reads.VARIABLE]
        else:
            os.environ[reads.VARIABLE] = before
