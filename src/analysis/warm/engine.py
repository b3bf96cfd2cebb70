"""The papermill engine `claimbook`: papermill's own, with a process forked from a warm parent in a kernel's place."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from analysis import warm
from analysis.warm import processes

_EVERY = 1.0  # seconds between two saves, at the least


class Saving(NotebookExecutionManager):
    """Papermill's own bookkeeping; the notebook is not written before and after each cell of a quick one."""

    def save(self, **kwargs: Any) -> None:
        """Save, unless the last time is less than a second ago."""
        if (self.now() - self.last_save_time).total_seconds() >= _EVERY or self._must:
            super().save(**kwargs)

    _must = True  # the first and the last one

    def notebook_start(self, **kwargs: Any) -> None:
        """Save at once: where the notebook cannot be written, that is told before it runs."""
        super().notebook_start(**kwargs)
        self._must = False

    def notebook_complete(self, **kwargs: Any) -> None:
        """Save what there is."""
        self._must = True
        super().notebook_complete(**kwargs)


class WarmClient(PapermillNotebookClient):
    """Papermill's client of a run in place of a kernel."""

    def __init__(self, nb_man: NotebookExecutionManager, notebook: str, **kwargs: Any) -> None:
        """`notebook`: what it is called where something goes wrong."""
        super().__init__(nb_man, **kwargs)
        self._notebook = notebook

    def create_kernel_manager(self) -> Any:
        """The stand-in of a kernel manager."""
        from analysis.warm.outside import Manager

        self.km = Manager(any(cell.cell_type == "code" and "analysis" in cell.source for cell in self.nb.cells))
        return self.km

    async def _async_poll_kernel_alive(self) -> None:
        """Not needed: the stand-in tells of the end at once, and who waits for a reply hears of it."""

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        """Execute a cell; one that ends the process, or takes too long, is marked and named."""
        place = f"{self._notebook}, cell {cell_index}"
        warm.place(place)
        try:
            return super().execute_cell(cell, cell_index, **kwargs)
        except (DeadKernelError, CellTimeoutError) as error:
            self.nb_man.cell_exception(self.nb.cells[cell_index], cell_index=cell_index, exception=error)
            error.args = (f"{place}: {self.km.cause() if isinstance(error, DeadKernelError) else error}",)
            raise

    def start_new_kernel_client(self, **kwargs: Any) -> Any:
        """Wait until the process is ready; one that never is, is named."""
        manager = self.km  # gone after a failure
        try:
            return super().start_new_kernel_client(**kwargs)
        except DeadKernelError as error:
            error.args = (f"{self._notebook}, before its first cell: {manager.cause()}",)
            raise


class ClaimbookEngine(NBClientEngine):
    """Runs a notebook's cells in a process forked from a warm parent, or in a job from the job's own process.

    Everything else is as with papermill's own engine, which is used where no process can be forked safely, and for
    notebooks of another kernel than this Python's.
    """

    NAME = "claimbook"

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str | None,
        output_path: str | None = None,
        progress_bar: Any = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **kwargs: Any,
    ) -> Any:
        """As papermill's own."""
        given = {
            "output_path": output_path, "progress_bar": progress_bar, "log_output": log_output,
            "autosave_cell_every": autosave_cell_every,
        }  # fmt: skip
        if why := unsuitable(kernel_name or nb.metadata.get("kernelspec", {}).get("name") or "python3"):
            logger.info(f"The engine claimbook leaves this notebook to papermill's own: {why}")
            return NBClientEngine.execute_notebook(nb, kernel_name, **given, **kwargs)
        manager = Saving(nb, **given)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str | None,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        **kwargs: Any,
    ) -> Any:
        """Run the cells. DeadKernelError and CellTimeoutError name notebook, cell and cause."""
        notebook = kwargs.get("input_path") or nb_man.nb.metadata.get("papermill", {}).get("input_path")
        merged = merge_kwargs(
            remove_args(["timeout", "startup_timeout", "input_path"], **kwargs),
            timeout=execution_timeout if execution_timeout else kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
        )
        name = Path(notebook).name if isinstance(notebook, str) and "\n" not in notebook else "notebook"
        return WarmClient(nb_man, name, **merged).execute()


def unsuitable(kernel_name: str) -> str:
    """Why a notebook of a kernel has to be left to papermill's own engine; empty where it need not."""
    if not processes.possible():
        return f"no process is forked on {sys.platform}"
    told = _kernel(kernel_name)
    if told is None:
        return f"the kernel {kernel_name!r} is not that of {sys.executable}"
    return ""


_kernels: dict[tuple, tuple[float, bool | None]] = {}


def _kernel(name: str) -> bool | None:
    """True for the IPython kernel of this very interpreter, started in the ordinary way; None for every other one."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    key = (name, sys.executable, *(os.environ.get(key) for key in ("JUPYTER_PATH", "JUPYTER_DATA_DIR", "HOME")))
    if key in _kernels and time.monotonic() - _kernels[key][0] < 5:
        return _kernels[key][1]
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None  # papermill's own engine says so in its own way
    command = spec.argv
    ours = (
        command[1:] == ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
        and _interpreter(command[0])
        and not spec.env
        and json.dumps(spec.metadata).count("kernel_provisioner") == 0
    )
    _kernels[key] = time.monotonic(), ours or None
    return ours or None


def _interpreter(command: str) -> bool:
    """Whether a kernel's command starts this interpreter. Jupyter takes the bare name for it."""
    major, minor = sys.version_info[:2]
    if command in ("python", f"python{major}", f"python{major}.{minor}"):
        return True
    return Path(command).absolute() == Path(sys.executable).absolute()
