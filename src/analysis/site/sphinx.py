"""Let Jupyter Book make a site in the present process, which makes one and ends."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from analysis.errors import ClaimbookError
from analysis.site.extension import CACHE_VARIABLE, FACTS_VARIABLE


def build(stage: Path, work: Path, *, facts: Path, cache: Path) -> Path:
    """Make the pages of a stage with warnings as errors; returns the folder of the site.

    `facts` is the file that analysis.site.head wrote, `cache` the folder of drawings. What Sphinx says goes into
    jupyter-book.log in `work`. ClaimbookError with its warnings where it fails.
    """
    from jupyter_book.cli.main import main

    log = work / "jupyter-book.log"
    os.environ.update({CACHE_VARIABLE: str(cache), FACTS_VARIABLE: str(facts)})
    os.environ.pop("SOURCE_DATE_EPOCH", None)  # Sphinx would let it change the years of a copyright
    arguments = ["build", str(stage), "--path-output", str(work), "-W", "--keep-going"]
    with log.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        try:
            failed = main(args=arguments, standalone_mode=False)
        except SystemExit as end:
            failed = end.code
        except Exception as error:  # Jupyter Book raises what it likes
            failed = f"{type(error).__name__}: {error}"
    if failed:
        raise ClaimbookError(
            f"Jupyter Book failed (all of it in {log}):\n  " + "\n  ".join(warnings(log) or [str(failed)])
        )
    return work / "_build" / "html"


def warnings(log: Path) -> list[str]:
    """What a log of Jupyter Book says went wrong; its last lines where nothing is marked so."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return ([line for line in lines if "WARNING" in line or "ERROR" in line or "error" in line] or lines[-20:])[:20]
