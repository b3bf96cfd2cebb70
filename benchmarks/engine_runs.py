"""What benchmarks/editions.py runs in other processes: notebooks by either engine, and cells alone."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from pathlib import Path
from typing import Any

AHEAD = 6  # seconds in which a warm parent reads ahead


def own(given: tuple[str, dict[str, Any]]) -> float:
    """A notebook by papermill's own engine, with a kernel of its own; seconds."""
    return _timed(*given, engine="nbclient")


def warm(given: tuple[str, dict[str, Any]]) -> float:
    """The same by the engine claimbook, in a process forked from this one; seconds."""
    return _timed(*given, engine="claimbook")


def where(_: Any) -> int:
    """The process that this runs in, after long enough for another one to be asked too."""
    time.sleep(0.1)
    return os.getpid()


def nothing(_: Any) -> None:
    """Do nothing."""


def _timed(notebook: str, parameters: dict[str, Any], engine: str) -> float:
    from analysis import engine as room

    began = time.perf_counter()
    room.execute(Path(notebook), None, parameters, engine=engine)
    return time.perf_counter() - began


def alone(given: tuple[str, dict[str, Any]]) -> float:
    """The cells of a notebook by themselves in this warm interpreter, each shown as IPython shows it; seconds."""
    from IPython.core.interactiveshell import InteractiveShell

    notebook, parameters = given
    shell = InteractiveShell.instance()
    cells = [
        cell for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    spent = 0.0
    for cell in cells:
        code = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", ()):
            code += "".join(f"\n{name} = {value!r}" for name, value in parameters.items())
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            result = shell.run_cell(code, store_history=False)
        spent += time.perf_counter() - began
        result.raise_error()
    return spent


def warmed(first: tuple[str, dict[str, Any]]) -> None:
    """Besides, start the warm parent of this process and let it read ahead."""
    ready()
    warm(first)
    time.sleep(AHEAD)


def ready(_: Any = None) -> None:
    """Import what papermill's own engine needs, before anything is timed."""
    import papermill  # noqa: F401

    from analysis import engine  # noqa: F401
