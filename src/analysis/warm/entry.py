"""What papermill finds under its entry point: imports nothing until a notebook is run with it."""

from __future__ import annotations

from typing import Any


class Engine:
    """The papermill engine `claimbook` (analysis.warm.engine), imported when it is used.

    Papermill loads every engine that is installed whenever it is imported itself, in the middle of its own import.
    """

    @classmethod
    def execute_notebook(cls, *args: Any, **kwargs: Any) -> Any:
        """As of papermill.engines.Engine."""
        return _engine().execute_notebook(*args, **kwargs)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """As of papermill.engines.Engine."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """As of papermill.engines.Engine."""
        return _engine().nb_language(nb, language)


def register() -> None:
    """Make it known to papermill, also where the package is used without being installed."""
    from papermill.engines import papermill_engines

    papermill_engines.register(_engine().NAME, _engine())


def _engine() -> Any:
    from analysis.warm.engine import ClaimbookEngine

    return ClaimbookEngine
