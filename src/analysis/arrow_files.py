"""Hear of files that Arrow opens by itself, of which Python is told nothing: Parquet above all, also through pandas."""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis import reads

# Where a path is the first thing given; classes hear it when one is made.
_WAYS = {
    "pyarrow": ("memory_map",),
    "pyarrow.csv": ("open_csv", "read_csv"),
    "pyarrow.dataset": ("dataset",),
    "pyarrow.feather": ("read_feather", "read_table"),
    "pyarrow.json": ("read_json",),
    "pyarrow.parquet": (
        "ParquetDataset.__init__",
        "ParquetFile.__init__",
        "read_metadata",
        "read_schema",
        "read_table",
    ),
}
_WRITERS = {"pyarrow.parquet": ("ParquetWriter.__init__",)}
_Path = Callable[[str], None]
_before: list[tuple[Any, str, Any]] = []


def begin(read: _Path, listed: _Path, written: _Path) -> None:
    """From now on `read` is called for each file that is opened, `listed` for each folder that is gone through.

    And `written` for each Parquet file that is written.
    """
    finish()
    _hear(_WAYS, read, listed)
    _hear(_WRITERS, written, written)


def _hear(all_ways: Mapping[str, Sequence[str]], read: _Path, listed: _Path) -> None:
    for name, ways in all_ways.items():
        with suppress(ImportError):  # an Arrow that was built without it has no such way
            module = importlib.import_module(name)
            for way in ways:
                *inner, last = way.split(".")
                owner = functools.reduce(getattr, inner, module)
                if hasattr(owner, last):
                    _before.append((owner, last, getattr(owner, last)))
                    setattr(owner, last, _heard(getattr(owner, last), bool(inner), read, listed))


def finish() -> None:
    """Put everything back as it was."""
    while _before:
        setattr(*_before.pop())


def _heard(function: Callable[..., Any], bound: bool, read: _Path, listed: _Path) -> Callable[..., Any]:
    @functools.wraps(function)
    def opening(*args: Any, **named: Any) -> Any:
        given = args[1:] if bound else args
        for source in (
            *given[:1],
            *(named.get(name) for name in ("source", "path", "path_or_paths", "where", "input_file")),
        ):
            for path in source if isinstance(source, list | tuple) else (source,):
                if isinstance(path, str | os.PathLike) and not reads.is_told_finer():
                    _note(Path(path).absolute(), read, listed)
        return function(*args, **named)

    return opening


def _note(path: Path, read: _Path, listed: _Path) -> None:
    if not path.is_dir():
        read(str(path))
        return
    listed(str(path))
    for part in sorted(path.rglob("*")):
        (listed if part.is_dir() else read)(str(part))
