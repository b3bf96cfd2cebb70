"""What a warm parent holds that could grow old: where any of it has changed, a new parent is started."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.errors import ClaimbookError
from analysis.home import home

PACKAGE = Path(__file__).resolve().parents[1]
# What the store shows, and what libraries take from the environment when they are imported.
_NAMES = ("CLAIMBOOK_HOME", "CLAIMBOOK_AS_OF", "CLAIMBOOK_VERSION", "LANG", "LANGUAGE", "HOME", "GLIBC_TUNABLES")
_BEGINNINGS = (
    "PYTHON", "LC_", "LD_", "MALLOC_", "OMP_", "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "NPY_", "NUMEXPR_", "NUMPY_",
    "PANDAS_", "ARROW_", "PYARROW_", "ALTAIR_", "JUPYTER_", "IPYTHON", "XDG_",
)  # fmt: skip
# Options of the interpreter that change what a cell shows: a kernel does not take them over from who starts it.
_NOT_TAKEN = ("-W", "-O", "-b", "-d", "-v", "-i", "-q", "-Xdev", "-Xtracemalloc", "-Ximporttime", "-Xshowrefcount")
_LIMITS = tuple(value for name, value in vars(resource).items() if name.startswith("RLIMIT_"))


class State(NamedTuple):
    """Everything that a parent takes over when it starts; two that are equal make parents that are equal."""

    command: tuple[str, ...]
    home: str
    environment: tuple[tuple[str, str], ...]
    inherited: tuple
    files: int


def now() -> State:
    """The state as a parent that is started now would find it. It looks at some hundreds of files: milliseconds."""
    try:
        book = str(home.__wrapped__())  # not as it was when this process first asked
    except ClaimbookError:
        book = ""
    flags = subprocess._args_from_interpreter_flags()
    taken = tuple(flag for number, flag in enumerate(flags) if not _dropped(flags, number))
    told = tuple(
        sorted((key, value) for key, value in os.environ.items() if key in _NAMES or key.startswith(_BEGINNINGS))
    )
    return State((sys.executable, *taken), book, told, _inherited(), hash(tuple(_files(book))))


def _dropped(flags: list[str], number: int) -> bool:
    one = "".join(flags[number : number + 2]) if flags[number] == "-X" else flags[number]
    before = "".join(flags[number - 1 : number + 1]) if number and flags[number - 1] == "-X" else ""
    return one.startswith(_NOT_TAKEN) or before.startswith(_NOT_TAKEN)


def _inherited() -> tuple:
    """What a process hands to those it starts, besides its environment."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    umask = next((line for line in status.splitlines() if line.startswith("Umask")), "")
    limits = tuple(resource.getrlimit(limit) for limit in _LIMITS)
    # A relative entry means another folder from another folder.
    paths = [Path(entry).absolute() for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    cores = tuple(sorted(os.sched_getaffinity(0)))
    return umask, limits, os.getuid(), os.getpriority(os.PRIO_PROCESS, 0), cores, tuple(map(str, paths))


def _files(book: str) -> Iterator[tuple]:
    for name in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:  # touched by what pip does there
        yield name, Path(name).stat().st_mtime_ns
    yield from _walk(str(PACKAGE))
    if book:
        yield from _walk(os.path.join(book, "data"))  # noqa: PTH118 (pathlib costs as much as the look)


def _walk(folder: str) -> Iterator[tuple]:
    folders = [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        if entry.name != "__pycache__":
                            folders.append(entry.path)
                    else:
                        told = entry.stat()
                        yield entry.path, told.st_mtime_ns, told.st_size, told.st_ino
        except OSError:  # goes away while we look: another state than before or after
            yield folder, None
