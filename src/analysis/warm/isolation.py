"""What a fork does first, so that it is like a process of its own."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import tempfile
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

# sys.path as the interpreter made it, for runs that must not see what was added since.
PATH: list[str] = []
# What libraries put into the environment when they are imported.
ADDED: dict[str, str] = {}


class Setting(NamedTuple):
    """Where and how a run runs: the caller's environment and folder, and what it is to do."""

    environment: Mapping[bytes, bytes]
    folder: str
    path: Sequence[str] | None
    given: Any


def here(given: Any, *, path: bool = False) -> Setting:
    """The setting of this process; with `path`, what it imports from too."""
    return Setting(dict(os.environb), str(Path.cwd()), tuple(sys.path) if path else None, given)


def signals() -> None:
    """Signals as in a new process."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def exits() -> None:
    """What the process that forked is to do at its end is not for the fork: its temporary folders stay, say."""
    atexit._clear()
    weakref.finalize._registry.clear()
    weakref.finalize._registered_with_atexit = False  # so that those of the fork itself are called


def enter(setting: Setting) -> None:
    """Take the environment, the folder and the path of a setting; forget what the parent was sown or told with."""
    os.environb.clear()
    os.environb.update(setting.environment)
    for name, value in ADDED.items():
        os.environ.setdefault(name, value)
    time.tzset()
    os.chdir(setting.folder)
    sys.path[:] = PATH if setting.path is None else setting.path
    tempfile.tempdir = None
    # `random` sows itself anew in a fork; numpy does not.
    if numpy := sys.modules.get("numpy.random"):
        numpy.seed()
    gc.enable()
