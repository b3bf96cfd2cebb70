"""Execute chapters with papermill, and keep the committed ones the same from run to run."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import reads
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.snapshots.catalogue import replace

KERNEL = "python3"
# Kernels complain of their transport and of being stopped.
_ARGUMENTS = ["--IPKernelApp.log_level=50"]
# Before the first cell, so that whatever it opens is known.
_RECORDING = "--IPKernelApp.exec_lines=__import__('analysis.reads').reads.begin()"


def names() -> list[str]:
    """The chapters there are, by name."""
    return sorted(path.stem for path in home().joinpath("chapters").glob("*.ipynb"))


def chapter(name: str) -> Path:
    """The notebook of a chapter. ClaimbookError names the chapters there are."""
    if name not in names():
        raise ClaimbookError(f"no chapter {name!r}; there are: {', '.join(names())}")
    return home() / "chapters" / f"{name}.ipynb"


def execute(
    notebook: Path,
    output: Path | None,
    parameters: Mapping[str, Any],
    *,
    progress: bool = False,
    engine: str = "claimbook",
) -> Any:
    """Execute a notebook and return it; write it to `output` where one is named, its folder made if need be.

    `engine`: papermill's engine, "claimbook" (analysis.warm.engine) or papermill's own, "nbclient".
    ClaimbookError with the last line of a failing cell's error, or how the process ended that ran the cell.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from analysis.warm import entry

    entry.register()

    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # Kernels find the same book from wherever they are started.
    os.environ.setdefault("CLAIMBOOK_HOME", str(home()))
    given = {
        "kernel_name": KERNEL,
        "progress_bar": progress,
        "extra_arguments": _ARGUMENTS + ([_RECORDING] if os.environ.get(reads.VARIABLE) else []),
    }
    try:
        if output is None:
            return _unwritten(notebook, parameters, engine, given)
        return papermill.execute_notebook(
            str(notebook), str(output), parameters=dict(parameters), engine_name=engine, **given
        )
    except PapermillExecutionError as error:
        raise ClaimbookError(f"{notebook.name}, cell {error.cell_index}: {error.ename}: {error.evalue}") from None
    except DeadKernelError as error:
        raise ClaimbookError(str(error) if engine == "claimbook" else f"{notebook.name}: {error}") from None


def _unwritten(notebook: Path, parameters: Mapping[str, Any], engine: str, given: Mapping[str, Any]) -> Any:
    """Papermill's steps but for the last: it puts a notebook into text also where no file is wanted.

    That costs half of what papermill adds to a quick run.
    """
    import nbformat
    from papermill import execute, iorw
    from papermill.engines import papermill_engines
    from papermill.parameterize import parameterize_notebook

    told = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in told.get("cells", ()):  # old outputs would be copied and checked before they are taken out
        if "outputs" in cell:
            cell["outputs"] = []
    node = iorw.load_notebook_node(nbformat.from_dict(told))
    if parameters:
        node = parameterize_notebook(node, dict(parameters), kernel_name=given["kernel_name"], engine_name=engine)
    node = execute.remove_error_markers(execute.prepare_notebook_metadata(node, str(notebook), None))
    executed = papermill_engines.execute_notebook_with_engine(
        engine, node, input_path=str(notebook), output_path=None, **given
    )
    execute.raise_for_execution_errors(executed, None)
    return executed


def clean(notebook: Any) -> Any:
    """A notebook without anything that changes from run to run: counts, times, paths, versions."""
    notebook.metadata = type(notebook.metadata)(
        kernelspec={"display_name": "Python 3", "language": "python", "name": KERNEL},
        language_info={"name": "python"},
    )
    count = 0
    for cell in notebook.cells:
        kept = {key: value for key, value in cell.metadata.items() if key == "tags"}
        cell.metadata = type(cell.metadata)(**kept)
        if "injected-parameters" in kept.get("tags", ()):
            cell.id = "injected-parameters"  # papermill takes one of chance
        if cell.cell_type == "code":
            # Numbered in order, because nbval takes a cell without a number for one that was never run.
            count += 1
            cell.execution_count = count
            # What a library says on stderr differs from machine to machine.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = count
    return notebook


def text(notebook: Any) -> bytes:
    """A notebook as it is committed."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")


def write(name: str) -> None:
    """Execute a committed chapter with its own defaults and write it back."""
    path = chapter(name)
    replace(path, text(clean(execute(path, None, {}))))
