"""What the declarations in data share: strict models, and faults told by file, entry and field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from analysis import yamls
from analysis.errors import ClaimbookError
from analysis.home import data

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]

_Declared = TypeVar("_Declared", bound=BaseModel)


class Model(BaseModel):
    """A declaration: unknown fields are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def validated(model: type[_Declared], entry: Any, where: str) -> _Declared:
    """An entry as its model. ClaimbookError names the place, and every field that is wrong."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'entry'}: {e['msg']}" for e in error.errors()]
        raise ClaimbookError(f"{where}: " + "; ".join(lines)) from None


def listed(model: type[_Declared], file: str, key: str = "id") -> dict[str, _Declared]:
    """The entries of a list in data/, by their `key` and in the order of the file.

    ClaimbookError names a faulty entry and its field, or a key that two entries share.
    """
    found: dict[str, _Declared] = {}
    for number, entry in enumerate(yamls.read(data(file)), start=1):
        name = entry.get("id", entry.get("term")) if isinstance(entry, dict) else None
        item = validated(model, entry, f"data/{file}, {name or f'entry {number}'}")
        own = getattr(item, key)
        if own in found:
            raise ClaimbookError(f"data/{file}: two entries share the {key} {own}")
        found[own] = item
    return found


def named(known: Mapping[str, _Declared], identifier: str, what: str, remedy: str = "") -> _Declared:
    """An entry by id. ClaimbookError, with the nearest ids or else the remedy, where there is none."""
    import difflib

    if identifier not in known:
        near = difflib.get_close_matches(identifier, known, 3)
        hint = f"near: {', '.join(near)}" if near else remedy
        raise ClaimbookError(f"unknown {what} {identifier!r}" + (f"; {hint}" if hint else ""))
    return known[identifier]
