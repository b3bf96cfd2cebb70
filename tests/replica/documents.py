"""Where the figures are in the JSON that the publishers send.

Three forms: {"source": {"data": [...]}}, [[header], [row], ...] and {"BEAAPI": {"Results": {"Data": [...]}}}.
"""

from __future__ import annotations

from typing import Any


def heads(document: Any) -> int | None:
    """How many of a document's rows are its header; None where it is not one of figures."""
    if isinstance(document, list):
        return 1 if document and isinstance(document[0], list) else None
    if "BEAAPI" in document:
        return 0 if "Data" in document["BEAAPI"]["Results"] else None
    return 0 if isinstance(document.get("source"), dict) else None


def rows(document: Any) -> list:
    """The rows, to be changed in place, the header among them where there is one."""
    if isinstance(document, list):
        return document
    return document["BEAAPI"]["Results"]["Data"] if "BEAAPI" in document else document["source"]["data"]


def without_rows(document: Any) -> None:
    """Leave out all rows but the header."""
    del rows(document)[heads(document) :]


def repeat_rows(document: Any) -> None:
    """Tell every row twice."""
    rows(document).extend(rows(document)[heads(document) :])


def figures(document: Any) -> list[tuple[Any, Any]]:
    """Where the figures are: holder and key of each."""
    found = rows(document)
    if isinstance(document, list):
        return [(row, n) for n, name in enumerate(found[0]) if name.endswith("_VAL_MO") for row in found[1:]]
    if "BEAAPI" in document:
        return [(row, "DataValue") for row in found if any(mark.isdigit() for mark in row["DataValue"])]
    return [(row, "value") for row in found if row["value"] is not None]


def rename(document: Any, old: str | None, new: str) -> None:
    """Call the column, field or concept `old`, that of the country where None, by another name."""
    found = rows(document)
    if isinstance(document, list):
        found[0] = [new if name == (old or "CTY_CODE") else name for name in found[0]]
        return
    for number, row in enumerate(found):
        if "variable" in row:
            for variable in row["variable"]:
                variable["concept"] = new if variable["concept"] == (old or "Country") else variable["concept"]
        else:
            name = old or ("AreaOrCountry" if "AreaOrCountry" in row else "Row")
            found[number] = {new if key == name else key: value for key, value in row.items()}
