"""What the declarations in data share: strict models, and faults told by file, entry and field."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from analysis.errors import ClaimbookError

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
