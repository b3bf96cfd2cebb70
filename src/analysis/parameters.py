"""The parameters that a chapter's notebook declares, and values for them from the command line."""

from __future__ import annotations

import ast
import difflib
import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from papermill.inspection import inspect_notebook

from analysis import engine
from analysis.chapters import check
from analysis.errors import ClaimbookError


@dataclass(frozen=True)
class Parameter:
    """A parameter of a chapter as its notebook declares it."""

    name: str
    kind: str
    default: Any
    help: str


def parameters_of(name: str) -> list[Parameter]:
    """The parameters of a chapter, read from its parameters cell."""
    found = inspect_notebook(str(engine.chapter(name)))
    return [
        Parameter(key, entry["inferred_type_name"], ast.literal_eval(entry["default"]), entry["help"])
        for key, entry in found.items()
    ]


def parse(name: str, given: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE strings as a chapter's parameters, typed and checked.

    ClaimbookError for a name that the chapter does not have, a value of another type, or one out of range.
    """
    known = {entry.name: entry for entry in parameters_of(name)}
    values: dict[str, Any] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise ClaimbookError(f"{text!r} is not NAME=VALUE")
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(known)}"
            raise ClaimbookError(f"chapter {name} has no parameter {key!r}; {hint}")
        if known[key].kind == "int":
            if not re.fullmatch(r"-?[0-9]{1,9}", value):
                raise ClaimbookError(f"{key} is {value!r}; write a whole number such as {known[key].default}")
            values[key] = int(value)
        elif known[key].kind == "float":
            if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", value):
                raise ClaimbookError(f"{key} is {value!r}; write a number such as {known[key].default}")
            values[key] = float(value)
        else:
            values[key] = value
    wanted = inspect.signature(check).parameters
    check(**{key: values.get(key, entry.default) for key, entry in known.items() if key in wanted})
    return values
