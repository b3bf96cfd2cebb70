"""Where the book's data and chapters are."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from analysis.errors import ClaimbookError

_MARK = Path("data") / "datapackage.json"


@cache
def home() -> Path:
    """The folder that holds data/ and chapters/.

    In this order: the environment variable CLAIMBOOK_HOME; the working directory or the nearest folder
    above it that holds data/datapackage.json; the checkout or the installed package this code is part of.
    ClaimbookError where none of them does.
    """
    named = os.environ.get("CLAIMBOOK_HOME")
    if named:
        folder = Path(named).expanduser().resolve()
        if not (folder / _MARK).is_file():
            raise ClaimbookError(f"CLAIMBOOK_HOME names {folder}, which has no {_MARK}; name a folder that has one")
        return folder
    here = Path.cwd()
    package = Path(__file__).resolve().parent
    for folder in (here, *here.parents, package.parents[1], package / "_book"):
        if (folder / _MARK).is_file():
            return folder
    raise ClaimbookError(f"no {_MARK} here, above here or beside the package; set CLAIMBOOK_HOME to a book's folder")


def data(*parts: str) -> Path:
    """A path inside the data folder."""
    return home().joinpath("data", *parts)
