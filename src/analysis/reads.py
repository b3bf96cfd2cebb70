"""What a process reads of the book while a chapter runs, noted as it happens and declared nowhere by hand.

The store and the ledger note what is asked of them; every other file is heard of from Python itself
(analysis.hearing). Where the environment variable CLAIMBOOK_READS names a file, `finish` writes into it, as JSON, what
was read since `begin`; without it nobody listens. docs/incremental.md tells what cannot be heard.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

VARIABLE = "CLAIMBOOK_READS"
FORMAT = 1
# Kinds of notes.
SERIES, RELEASE, RELEASES, NEWEST, ERRATA = "series", "release", "releases", "newest", "errata"
CLAIM, THEME, LEDGER, NEVER = "claim", "theme", "ledger", "never"
_Value = TypeVar("_Value")
_Note = tuple[str, ...]

_run: _Run | None = None
# Of each thread: `gathering`, the notes of what is being computed to be remembered; `finer`, see told_finer.
_local = threading.local()


def listening() -> bool:
    """Whether anybody gathers notes."""
    return _run is not None or getattr(_local, "gathering", None) is not None


def note(kind: str, *what: str) -> None:
    """Note that something was read.

    Of a store's figures: its folder, and what of it; of the ledger: the id of a statement, or a theme. NEVER and a
    reason: what is made now must not be used again.
    """
    if is_told_finer():
        return
    found = getattr(_local, "gathering", None)
    if found is None and _run is not None:
        found = _run.notes
    if found is not None:
        found.add((kind, *what))


@contextmanager
def told_finer() -> Iterator[None]:
    """What is read inside is not noted, neither as files: the reader notes afterwards what of it was used."""
    before, _local.finer = is_told_finer(), True
    try:
        yield
    finally:
        _local.finer = before


def is_told_finer() -> bool:
    """Whether this thread is within `told_finer`."""
    return getattr(_local, "finer", False)


def whole(kind: str) -> Callable[[Callable[[], _Value]], Callable[[], _Value]]:
    """As functools.cache, for declarations of which each use reads a part: noted by `kind`, and not by their files."""

    def decorate(function: Callable[[], _Value]) -> Callable[[], _Value]:
        @functools.cache
        def kept() -> _Value:
            with told_finer():
                return function()

        @functools.wraps(function)
        def wrapper() -> _Value:
            note(kind)
            return kept()

        wrapper.cache_clear = kept.cache_clear
        return wrapper

    return decorate


def remembered(maxsize: int | None) -> Callable[[Callable[..., _Value]], Callable[..., _Value]]:
    """As functools.lru_cache, and what was read while computing is noted again whenever the kept value is used."""

    def decorate(function: Callable[..., _Value]) -> Callable[..., _Value]:
        @functools.lru_cache(maxsize=maxsize)
        def kept(*args: Any, **named: Any) -> tuple[_Value, frozenset[_Note]]:
            with _gathering() as found:
                value = function(*args, **named)
            return value, frozenset(found)

        @functools.wraps(function)
        def wrapper(*args: Any, **named: Any) -> _Value:
            value, found = kept(*args, **named)
            _note_all(found)
            return value

        wrapper.cache_info, wrapper.cache_clear = kept.cache_info, kept.cache_clear
        return wrapper

    return decorate


@contextmanager
def _gathering() -> Iterator[set[_Note]]:
    """Gather what this thread reads, for its own sake: whatever hears of it outside, and whether it is told finer."""
    found: set[_Note] = set()
    before = getattr(_local, "gathering", None), is_told_finer()
    _local.gathering, _local.finer = found, False
    try:
        yield found
    except BaseException:
        _local.gathering, _local.finer = before
        _note_all(found)  # nothing is remembered of it, and yet it was read
        raise
    finally:
        _local.gathering, _local.finer = before


def _note_all(found: Iterable[_Note]) -> None:
    if listening():
        for what in found:
            note(*what)


def begin() -> None:
    """From now on note what is read, where CLAIMBOOK_READS names a file; once begun, beginning again does nothing."""
    global _run
    if _run is None and os.environ.get(VARIABLE):
        _run = _Run(Path(os.environ[VARIABLE]).absolute())


def finish() -> None:
    """Write what was read since `begin` into the file that CLAIMBOOK_READS named; nothing where none was begun."""
    global _run
    if _run is not None:
        run, _run = _run, None
        run.end()


class _Run:
    """Gathers the notes and the files of one run, from now until its end."""

    def __init__(self, target: Path) -> None:
        from analysis import hearing  # who never records does not pay for it

        self._target, self._process = target, os.getpid()
        self.notes: set[_Note] = set()
        self._files = hearing.Files()
        hearing.begin(self._files, lambda why: self.notes.add((NEVER, why)))
        atexit.register(finish)  # in an ordinary kernel nobody else says that the run has ended

    def end(self) -> None:
        from analysis import hearing
        from analysis.home import data

        hearing.finish()
        atexit.unregister(finish)
        if os.getpid() != self._process:  # a process that a cell forked says nothing in the name of its parent
            return
        told = _by_kind(self._own(str(data())))
        told |= self._files.told(lambda why: told[NEVER].append(why))
        temporary = self._target.with_name(f".{self._target.name}.{self._process}")
        temporary.write_text(json.dumps({"format": FORMAT, **told}, sort_keys=True), encoding="utf-8")
        temporary.replace(self._target)

    def _own(self, book: str) -> Iterator[_Note]:
        """The notes without the folder of the book's own store; of another store its files count as they are."""
        for kind, *what in sorted(self.notes):
            if kind not in (SERIES, RELEASE, RELEASES, NEWEST):
                yield kind, *what
            elif what[0] == book:
                yield kind, *what[1:2]
            else:
                self._files.read(str(Path(what[0], what[2] if kind == RELEASE else "datapackage.json")))
                self._files.read(str(Path(book, "errata.yaml")))


def _by_kind(notes: Iterable[_Note]) -> dict[str, Any]:
    """What was read by kind: names in order, or whether it was, where a whole is meant."""
    names: dict[str, Any] = {kind: [] for kind in (SERIES, RELEASE, CLAIM, THEME, NEVER)}
    wholes = dict.fromkeys((RELEASES, NEWEST, ERRATA, LEDGER), False)
    for kind, *what in notes:
        if kind in wholes:
            wholes[kind] = True
        elif what[0] not in names[kind]:
            names[kind].append(what[0])
    return names | wholes
