"""What the warm parent imports before it serves, and what it reads while nobody asks for anything."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence

from analysis.warm import isolation

# vl-convert is not among them and none of them imports it: a process forked after it has drawn hangs.
MODULES = (
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.magics.script",
    "IPython.core.oinspect",
    "IPython.core.ultratb",
    "IPython.display",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "altair",
    "analysis.warm.cells",
    "analysis.warm.engine",
    "analysis.warm.outside",
    "analysis.warm.work",
    "bdb",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "pandas",
    "pandas.io.formats.html",
    "papermill.execute",
    "pdb",
    "pyarrow.parquet",
    "sqlite3",
    "tornado.platform.asyncio",
)

# And these before the first run that is likely to read the book.
BOOK = ("analysis.audit", "analysis.chapters", "analysis.engine", "analysis.outlook", "analysis.vintages")


def modules(names: Sequence[str] = MODULES) -> None:
    """Import them. One that cannot be imported is left to the cells that want it: they then say why."""
    # Else a debugger complains when it is imported. Of the parent alone: a fork has the environment of who asks for it.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    before = set(os.environ)
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            continue
    isolation.ADDED.update({name: os.environ[name] for name in set(os.environ) - before})


def first_times() -> Iterator[None]:
    """Do and forget what costs many times more the first time in a process: a chart, a table, checking a notebook."""
    for step in (_chart, _notebook):
        with contextlib.suppress(Exception):
            step()
        yield
    gc.collect()
    forget()


def reading(book: bool) -> Iterator[None]:
    """Read in small steps what runs would each read for themselves; ends where something is at fault.

    The caches that it fills, the store's own and those of analysis.reads, tell their reads again in each run that
    uses them. `book`: whether there is a book to read.
    """
    yield from first_times()
    try:
        if book:
            yield from _audits()
    except Exception:
        return
    finally:
        gc.collect()
        forget()


def forget() -> None:
    """Put out of sight what a new process would not have, warnings given; and freeze the rest."""
    for module in list(sys.modules.values()):
        if hasattr(module, "__warningregistry__"):
            del module.__warningregistry__
    gc.freeze()  # collecting in a fork would else copy every page it looks at


def _chart() -> None:
    import altair
    import pandas

    frame = pandas.DataFrame({"x": [1, 2], "y": [1.5, 2.5], "z": ["a", "b"]})
    # Without parameters: those are numbered through a process.
    altair.Chart(frame).mark_line().encode(x="x:Q", y="y:Q", color="z:N").to_dict()
    frame._repr_html_()
    repr(frame)


def _notebook() -> None:
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager

    for minor in (4, 5):
        nbformat.reads(json.dumps({"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": []}), as_version=4)
    KernelSpecManager().get_kernel_spec("python3")


def _audits() -> Iterator[None]:
    from analysis import audit, claims, templates
    from analysis.snapshots.store import store

    templates.ready()
    yield

    for claim in claims.ledger():
        audit.audit(claim, store())
        yield
