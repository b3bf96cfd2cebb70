"""A warm parent: one process that has imported and read what every run needs, and forks a process for each run.

`analysis.warm.engine` is papermill's engine `claimbook` on top of it, `analysis.warm.jobs` runs functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable

_listener: tuple[int, Callable[[str], None]] | None = None


def place(text: str) -> None:
    """Say where a job is, such as "defence, cell 7"; a fault names the place told last. Outside of a job: nothing."""
    if in_job():
        _listener[1](text)


def in_job() -> bool:
    """Whether this very process is a job's, not one that a job started."""
    return _listener is not None and _listener[0] == os.getpid()


def listen(told: Callable[[str], None] | None) -> None:
    """Make this process a job's, whose places go to `told`; None: make it none."""
    global _listener
    _listener = None if told is None else (os.getpid(), told)
