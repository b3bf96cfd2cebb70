"""Jobs for the tests of forked jobs: they are found by name, so they stand in a module."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat

from analysis.errors import ClaimbookError
from analysis.warm import place

SEEN: list[Any] = []


def double(number: int) -> tuple[int, int, int]:
    """Twice a number, who did it, and how many jobs this process has seen."""
    SEEN.append(number)
    return 2 * number, os.getpid(), len(SEEN)


def large(size: int) -> int:
    held = bytearray(size)
    held[::4096] = b"x" * len(held[::4096])
    return len(held)


def surroundings(_: None) -> dict[str, Any]:
    return {"folder": str(Path.cwd()), "variable": os.environ.get("WARM_TEST"), "imported": "vl_convert" in sys.modules}


def refuse(text: str) -> None:
    raise ClaimbookError(text)


def stumble(_: None) -> None:
    raise ValueError("stumbled")


def leave(status: int) -> None:
    sys.exit(status)


def unpicklable(_: None) -> Any:
    return lambda: None


def die(way: str) -> None:
    place("the first step")
    place(f"the way of {way}")
    left = subprocess.Popen(["sleep", "600"])
    place(f"the way of {way}, beside {left.pid}")
    {
        "segfault": lambda: ctypes.string_at(0),
        "abort": os.abort,
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "exit": lambda: os._exit(7),
        "stop": lambda: time.sleep(600),
        "loop": lambda: all(iter(lambda: True, False)),
    }[way]()


def sleeper(_: None) -> None:
    place(str(os.getpid()))
    time.sleep(600)


def notebook(sources: list[str]) -> list[str]:
    """Run a notebook from within a job; the texts that its cells print."""
    import papermill

    from analysis.warm import entry

    entry.register()
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources], metadata=metadata)
    done = papermill.execute_notebook(nb, None, engine_name="claimbook", kernel_name="python3", progress_bar=False)
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in done.cells]


def own_ends(folder: str) -> list[str]:
    """A job with a temporary folder and a word for its end runs a notebook that has both too; what is left then."""
    import atexit
    import tempfile

    from analysis import engine

    atexit.register(Path(folder, "said by the job").touch)
    cells = [
        "import atexit, pathlib, tempfile, sys",
        f"kept = tempfile.TemporaryDirectory(prefix='of-the-run-', dir={folder!r})",
        f"atexit.register(pathlib.Path({folder!r}, 'said by the run').touch)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    path = Path(folder, "ends.ipynb")
    nbformat.write(notebook, path)
    with tempfile.TemporaryDirectory(prefix="of-the-job-", dir=folder):
        engine.execute(path, None, {})
        return sorted(entry.name[:11] for entry in Path(folder).iterdir())
