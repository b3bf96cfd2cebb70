"""Hear from Python itself which files a run opens, and what else it does that cannot be known by its files.

Python tells its audit hooks of every file that is opened, folder that is listed, process that is started and host
that is asked. Such a hook stays for the life of a process, so one is set only in a process that runs a chapter.
"""

from __future__ import annotations

import _collections_abc
import hashlib
import importlib
import os
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis import arrow_files, reads
from analysis.home import home

# What makes a run that cannot be known by what it read.
_UNKNOWABLE = {
    **dict.fromkeys(
        (
            "subprocess.Popen",
            "os.system",
            "os.exec",
            "os.fork",
            "os.forkpty",
            "os.posix_spawn",
            "os.spawn",
            "pty.spawn",
        ),
        "it starts other processes",
    ),
    **dict.fromkeys(
        ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"),
        "it asks a network",
    ),
}
# Modules that start processes without any event.
_STARTERS = ("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver")
_WRITES = os.O_WRONLY | os.O_RDWR
_IMPORTLIB = str(Path(importlib.__file__).parent)
_SYSTEM = ("/proc", "/dev", "/sys")
Told = Callable[[str], None]

_listener: tuple[Files, Told] | None = None
_hooked = False


def begin(files: Files, never: Told) -> None:
    """Hear of files from now on; `never` is called with the reason where a run cannot be known by its files."""
    global _listener, _hooked
    arrow_files.begin(
        lambda path: files.read(path) if files.counts(path) else None,
        lambda path: files.listed(path) if files.counts(path) else None,
        lambda path: never(f"it writes {path}") if files.counts(path) and not files.is_passing(path) else None,
    )
    _listener = files, never
    os.environ.__class__ = _Variables
    if not _hooked:
        _hooked = True
        sys.addaudithook(_heard)


def finish() -> None:
    """Hear of nothing any more."""
    global _listener
    _listener = None
    os.environ.__class__ = _PLAIN
    arrow_files.finish()


_PLAIN: Any = type(os.environ)


class _Variables(_PLAIN):
    """The environment, which hears of the variables that code outside the package and Python's own asks for."""

    def __getitem__(self, name: str) -> str:
        if _listener is not None and _is_asked_by_cells(_listener[0]):
            _listener[0].asked(name)
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        if _listener is not None and _is_asked_by_cells(_listener[0]):
            _listener[1]("it goes through all environment variables")
        return super().__iter__()


def _is_asked_by_cells(files: Files) -> bool:
    """Whether the code that asks for a variable, through whatever ways Python offers, is neither Python's nor ours."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename in _WAYS:
        frame = frame.f_back
    file = frame.f_code.co_filename
    return not file.startswith("<frozen") and files.counts(_absolute(file))


_WAYS = {__file__, os.__file__, _collections_abc.__file__, "<frozen os>", "<frozen _collections_abc>"}


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if _listener is None or event not in _EVENTS or reads.is_told_finer():
        return
    files, never = _listener
    with reads.told_finer():  # what is done to look at a file is not what the run did
        try:
            _EVENTS[event](event, args, files, never)
        except Exception as error:  # a hook that raised would fail what the run is doing
            never(f"what it opened could not be told ({error})")


def _opened(event: str, args: tuple[Any, ...], files: Files, never: Told) -> None:
    path, _, flags = args
    if isinstance(path, int) or path is None:  # a file that is open already
        return
    path = _absolute(os.fsdecode(path))
    if not files.counts(path):
        return
    writes = bool(flags & _WRITES)
    if writes and not files.is_passing(path):
        never(f"it writes {path}")
    if flags & os.O_TRUNC or (writes and flags & os.O_EXCL):
        files.made(path)
    elif not flags & os.O_WRONLY:
        files.read(path)


def _listed(event: str, args: tuple[Any, ...], files: Files, never: Told) -> None:
    path = args[0] if args and args[0] is not None else "."
    if isinstance(path, int):
        return
    # Imports list the folders that they look in; what they find counts as a file, and what is installed by itself.
    if sys._getframe(2).f_code.co_filename.startswith(("<frozen importlib", _IMPORTLIB)):
        return
    path = _absolute(os.fsdecode(path))
    if files.counts(path):
        files.listed(path)


def _database(event: str, args: tuple[Any, ...], files: Files, never: Told) -> None:
    if args[0] != ":memory:":
        never("it opens a database")


def _moved(event: str, args: tuple[Any, ...], files: Files, never: Told) -> None:
    paths = [args[0], args[1]] if event in ("os.rename", "os.link", "os.symlink") else [args[0]]
    for path in (_absolute(os.fsdecode(path)) for path in paths if isinstance(path, str | bytes | os.PathLike)):
        made_before = event == "os.mkdir" and Path(path).is_dir()
        if files.counts(path) and not files.is_passing(path) and not made_before:
            never(f"it makes, moves or removes {path}")


def _unknowable(event: str, args: tuple[Any, ...], files: Files, never: Told) -> None:
    never(_UNKNOWABLE[event])


_EVENTS: dict[str, Callable[[str, tuple[Any, ...], Files, Told], None]] = {
    "open": _opened, "os.listdir": _listed, "os.scandir": _listed, "sqlite3.connect": _database,
    **dict.fromkeys(_UNKNOWABLE, _unknowable),
    **dict.fromkeys(("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"), _moved),
}  # fmt: skip


class Files:
    """The files that a run was given, with what they hold."""

    def __init__(self) -> None:
        """Nothing as yet."""
        self._read: dict[str, tuple[int, ...] | None] = {}
        self._listed: set[str] = set()
        self._asked: dict[str, str] = {}
        self._made: set[str] = set()
        self._changed: set[str] = set()
        self._modules = set(sys.modules)
        self._grounds = dict(_grounds())
        self._passing = [*_spellings(tempfile.gettempdir()), *_spellings(_cache())]

    def counts(self, path: str) -> bool:
        """Whether a path can be an input: not what belongs to Python, nor to the package, which counts as a whole.

        Of nested folders the innermost decides: a book may lie inside an environment, and the other way round.
        """
        # What Python compiles goes under a passing name first; the source counts.
        if (
            path.endswith(".pyc")
            or f"{os.sep}__pycache__{os.sep}" in path
            or any(_within(path, folder) for folder in _SYSTEM)
        ):
            return False
        inside = [ground for ground in self._grounds if _within(path, ground)]
        return self._grounds[max(inside, key=len)] if inside else True

    def is_passing(self, path: str) -> bool:
        """Whether a path lies where files are put for a while: to write there changes nothing for others."""
        return any(_within(path, place) for place in self._passing)

    def made(self, path: str) -> None:
        """The run makes a file anew; what it reads of it later is its own."""
        if path not in self._read:
            self._made.add(path)

    def read(self, path: str) -> None:
        """The run opens a file, or asks for one that is not there."""
        if path in self._made:
            return
        stamp = _stamp(path)
        if self._read.setdefault(path, stamp) != stamp:
            self._changed.add(path)

    def asked(self, name: str) -> None:
        """The run asks for an environment variable."""
        if name not in self._asked:
            self._asked[name] = of_variable(name)

    def listed(self, path: str) -> None:
        """The run looks which files a folder has."""
        self._listed.add(path)

    def told(self, never: Told) -> dict[str, dict[str, str]]:
        """What was read: SHA-256 of each file, of the names in each folder, of each variable; below home without it."""
        for name, module in list(sys.modules.items()):
            source = getattr(module, "__file__", None)
            if isinstance(source, str) and name != "__main__" and self.counts(_absolute(source)):
                self.read(_absolute(source))
        if any(name in sys.modules and name not in self._modules for name in _STARTERS):
            never("it starts other processes")
        files = {_spelt(path): of_file(path) for path in sorted(self._read)}
        for path, stamp in sorted(self._read.items()):
            if path in self._changed or _stamp(path) != stamp:
                never(f"{_spelt(path)} changed while it ran")
        folders = {_spelt(path): of_listing(path) for path in sorted(self._listed)}
        return {"files": files, "folders": folders, "variables": dict(sorted(self._asked.items()))}


def of_file(path: str | Path) -> str:
    """The SHA-256 of a file; empty where there is none that can be read."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def of_listing(path: str | Path) -> str:
    """The SHA-256 of the names in a folder; empty where there is none."""
    try:
        return hashlib.sha256("\0".join(sorted(entry.name for entry in Path(path).iterdir())).encode()).hexdigest()
    except OSError:
        return ""


def of_variable(name: str) -> str:
    """The SHA-256 of an environment variable, which may be a secret; empty where it is not set."""
    try:
        told = _PLAIN.__getitem__(os.environ, name)
    except KeyError:
        return ""
    return hashlib.sha256(os.fsencode(told)).hexdigest()


def _grounds() -> Iterator[tuple[str, bool]]:
    """Folders by whether what lies in them can be an input."""
    schemes = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    yield from _each((*prefixes, *schemes, str(Path(__file__).parent)), False)
    yield from _each((str(home()),), True)


def _each(paths: Iterable[str], counts: bool) -> Iterator[tuple[str, bool]]:
    return ((spelling, counts) for path in paths for spelling in _spellings(path))


def _absolute(path: str) -> str:
    # Links stay as they are spelt: where one leads to another file, that is a change.
    return os.path.abspath(path)  # noqa: PTH100


def _spellings(path: str) -> set[str]:
    return {_absolute(path), os.path.realpath(path)}


def _cache() -> str:
    return os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _stamp(path: str) -> tuple[int, ...] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _spelt(path: str) -> str:
    """A path below the book's home without it, so that a copy of the book is the same book."""
    return Path(path).relative_to(home()).as_posix() if _within(path, str(home())) else path
