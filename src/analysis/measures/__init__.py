"""Named functions from observations to a tidy frame.

A measure knows definitions, units, rank universes and coverage rules; it knows nothing of claims.
Each takes an Edition (the figures as known on a day), the country and its partner, and what else its
signature names. It returns one row a year, with the columns of `frames.COLUMNS`.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints

import pandas as pd
from pydantic import ConfigDict, TypeAdapter, ValidationError

from analysis import reads
from analysis.errors import ClaimbookError
from analysis.measures import countries, defence, investment, paths, regimes, trade
from analysis.series import series

Measure = Callable[..., pd.DataFrame]

MEASURES: dict[str, Measure] = {
    function.__name__: function
    for room in (trade, investment, defence, countries, regimes, paths)
    for function in vars(room).values()
    if inspect.isfunction(function) and function.__module__ == room.__name__ and not function.__name__.startswith("_")
}

_GIVEN = ("edition", "country", "partner")


def measure(name: str) -> Measure:
    """A measure by name. ClaimbookError, with the nearest names, where there is none."""
    if name not in MEASURES:
        near = difflib.get_close_matches(name, MEASURES, 3) or sorted(MEASURES)
        raise ClaimbookError(f"unknown measure {name!r}; there are: {', '.join(near)}")
    return MEASURES[name]


@dataclass(frozen=True)
class _Inputs:
    """The inputs of a measure, told apart by how they are written: in a list of the ledger nothing can be looked up."""

    written: str
    given: Mapping[str, Any] = field(compare=False)

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> _Inputs:
        return cls(repr(sorted(inputs.items())), dict(inputs))


@cache
def _types(name: str) -> dict[str, TypeAdapter]:
    hints = get_type_hints(measure(name), localns={"Edition": Any})
    config = ConfigDict(allow_inf_nan=False)
    return {key: TypeAdapter(hint, config=config) for key, hint in hints.items() if key not in (*_GIVEN, "return")}


def check_inputs(name: str, inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """The series among the inputs of a measure, once the inputs fit its signature.

    ClaimbookError names an input that is missing, unknown, of another type or not a registered series.
    """
    return _checked(name, _Inputs.of(inputs))


@reads.remembered(1024)  # asked of a reading again and again
def _checked(name: str, told: _Inputs) -> tuple[str, ...]:
    inputs = told.given
    known = inspect.signature(measure(name)).parameters
    wanted = {key: known[key] for key in known if key not in _GIVEN}
    unknown = sorted(set(inputs) - set(wanted))
    if unknown:
        raise ClaimbookError(f"measure {name} has no input {unknown[0]!r}; it takes: {', '.join(wanted)}")
    missing = [key for key, entry in wanted.items() if entry.default is entry.empty and key not in inputs]
    if missing:
        raise ClaimbookError(f"measure {name} needs the input {missing[0]!r}")
    for key, adapter in _types(name).items():
        if key in inputs:
            try:
                adapter.validate_python(inputs[key], strict=not isinstance(inputs[key], list))
            except ValidationError as error:
                said = error.errors()[0]["msg"]
                raise ClaimbookError(f"measure {name}, input {key}: {inputs[key]!r}: {said}") from None
    named = [str(inputs[key]) for key, entry in wanted.items() if entry.annotation == "SeriesId" and key in inputs]
    return tuple(series(identifier).id for identifier in named)


def compute(name: str, edition: Any, *, country: str, partner: str, inputs: Mapping[str, Any]) -> pd.DataFrame:
    """A measure's frame: one row a year, columns of `frames.COLUMNS`, sorted by year."""
    return _computed(name, edition, country, partner, _Inputs.of(inputs)).copy(deep=False)


@reads.remembered(1024)  # a claim, its chart and its verdicts ask for the same: the whole ledger is some 300 frames
def _computed(name: str, edition: Any, country: str, partner: str, told: _Inputs) -> pd.DataFrame:
    return measure(name)(edition, country=country, partner=partner, **told.given)
