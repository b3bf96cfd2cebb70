"""One module per publisher. Each knows its publisher's file layout and nothing of claims or charts.

A publisher module offers::

    parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed

It raises LayoutError on anything that it does not understand and never guesses. `edition` chooses one
edition where a single file holds several; a module that has no use for it refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pandas as pd

from analysis.errors import ClaimbookError

NAMES = (
    "bea", "census", "comtrade", "eiu", "euda", "freedomhouse", "gtd", "icsr", "imf",
    "nato", "selectusa", "sipri", "un", "unctad", "unpop", "vdem", "worldbank", "wto",
)  # fmt: skip


@dataclass(frozen=True)
class Partial:
    """Says that a file lists only some of the countries, so that nothing is ranked by mistake.

    `missing_below`: every country that is not listed is known to be below this value, in the series'
    unit, because the file says so or because it is the top of a ranked list. None: nothing is known.
    `periods`: the years it holds for; None for all of them.
    """

    series: str
    missing_below: float | None = None
    periods: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Parsed:
    """What one release of a publisher says: observations (see analysis.observations) and their limits.

    `released`: the day of publication as the file itself states it (ISO date), None where it does not.
    """

    observations: pd.DataFrame
    partial: tuple[Partial, ...] = ()
    released: str | None = None
    notes: tuple[str, ...] = field(default=())


def parser(name: str) -> Callable[..., Parsed]:
    """The `parse` function of a publisher. ClaimbookError names the publishers there are."""
    if name not in NAMES:
        raise ClaimbookError(f"unknown publisher {name!r}; there are: {', '.join(NAMES)}")
    return import_module(f"analysis.publishers.{name}").parse


def parse(name: str, files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """Parse the files of one release of a publisher. LayoutError names the place of a fault."""
    return parser(name)(files, edition=edition)
