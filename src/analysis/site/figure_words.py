"""What a specification says about itself, for the page around its drawing.

A notebook hands over a Vega-Lite specification; what the page says around the drawing stands in it under
`usermeta.claimbook`, every key optional:

    title, subtitle, alt, source   plain text
    id                             a name for links, unique on its page: a-z, 0-9 and hyphens
    table                          {"columns": [text], "rows": [[text, number or null]]}
    narrow                         what is different on phones, laid upon the specification (see drawing.merged)
    told                           {"signal": name of a parameter, "text": what it says at first}: the sentence above
                                   a chart that readers move (see analysis.site.live), told anew when they do
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.site.drawing import FigureError

MIME = "application/vnd.vegalite.v6+json"
LONGEST_ID = 60

_TEXTS = ("title", "subtitle", "alt", "source", "id")
_PARTS = ("table", "narrow", "told")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Names that a folder cannot have on Windows.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_HIDDEN = frozenset(("remove-output", "remove_output", "remove-cell", "remove_cell"))


@dataclass(frozen=True)
class Table:
    """The figures behind a drawing; the first column names the rows."""

    columns: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Words:
    """What the page says around a drawing. Empty text stands for nothing said."""

    title: str = ""
    subtitle: str = ""
    alt: str = ""
    source: str = ""
    id: str = ""
    table: Table | None = None
    narrow: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] | None = None


def words(spec: Mapping[str, Any]) -> Words:
    """What `usermeta.claimbook` says, with the specification's own title and description to fall back on.

    FigureError names a key that is unknown or holds what it should not: a misspelt key is never passed over.
    """
    said = (spec.get("usermeta") or {}).get("claimbook") or {}
    if not isinstance(said, dict):
        raise FigureError("usermeta.claimbook is not a mapping")
    if unknown := sorted(set(said) - {*_TEXTS, *_PARTS}):
        known = ", ".join([*_TEXTS, *_PARTS])
        raise FigureError(f"usermeta.claimbook has an unknown key {unknown[0]!r}; there are: {known}")
    for key in _TEXTS:
        if not isinstance(said.get(key) or "", str):
            raise FigureError(f"usermeta.claimbook.{key} is not text: {said[key]!r}")
    if said.get("id") and not _ID.fullmatch(said["id"]):
        raise FigureError(f"usermeta.claimbook.id {said['id']!r} is not made of a-z, 0-9 and single hyphens")
    if not isinstance(said.get("narrow") or {}, dict):
        raise FigureError("usermeta.claimbook.narrow is not a mapping")
    title = said.get("title") or _plain(spec.get("title"))
    return Words(
        title=title,
        subtitle=said.get("subtitle") or "",
        alt=said.get("alt") or _plain(spec.get("description")) or title,
        source=said.get("source") or "",
        id=said.get("id") or "",
        table=_table(said.get("table")),
        narrow=said.get("narrow") or {},
        told=_sentence(said.get("told"), spec),
    )


def _plain(title: Any) -> str:
    """The words of a Vega-Lite title: text, lines, or a mapping that holds either."""
    if isinstance(title, dict):
        title = title.get("text")
    if isinstance(title, list):
        title = " ".join(str(line) for line in title)
    return title if isinstance(title, str) else ""


def _sentence(said: Any, spec: Mapping[str, Any]) -> dict[str, str] | None:
    """The sentence above a chart that readers move, once its signal is known to exist."""
    if said is None:
        return None
    if (
        not isinstance(said, dict)
        or set(said) != {"signal", "text"}
        or not all(isinstance(v, str) for v in said.values())
    ):
        raise FigureError("usermeta.claimbook.told is not {signal: name of a parameter, text: what it says}")
    if said["signal"] not in {param.get("name") for param in spec.get("params", ())}:
        raise FigureError(f"usermeta.claimbook.told names {said['signal']!r}, which is no parameter of the chart")
    return said


def _table(said: Any) -> Table | None:
    if not said:
        return None
    if not isinstance(said, dict) or set(said) != {"columns", "rows"} or not said["columns"]:
        raise FigureError("usermeta.claimbook.table is not {columns: [...], rows: [[...]]}")
    columns, rows = said["columns"], said["rows"]
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(columns):
            raise FigureError(f"row {number} of usermeta.claimbook.table does not fit its {len(columns)} columns")
        for value in row:
            if isinstance(value, bool) or not isinstance(value, str | int | float | None):
                raise FigureError(f"row {number} of usermeta.claimbook.table holds {value!r}, not text or a number")
            if isinstance(value, float) and math.isinf(value):
                raise FigureError(f"row {number} of usermeta.claimbook.table holds an infinite number")
    return Table([str(column) for column in columns], rows)


def name(said: Words, taken: Collection[str]) -> str:
    """The id of a figure on a page whose figures so far are `taken`: its own, or one made of its title.

    It stays the same when the figures of a chart change, so that links to it hold. Of figures with the same title
    the second has "-2" behind it. FigureError where an id of its own is taken.
    """
    if said.id:
        if said.id in taken:
            raise FigureError(f"an earlier figure of the page has the id {said.id!r} too")
        return said.id
    plain = unicodedata.normalize("NFKD", said.title).encode("ascii", "ignore").decode().lower().replace("'", "")
    parts = re.findall(r"[a-z0-9]+", plain)
    while len("-".join(parts)) > LONGEST_ID and len(parts) > 1:
        parts.pop()
    base = "-".join(parts)[:LONGEST_ID] or "chart"
    if _RESERVED.fullmatch(base):
        base = f"chart-{base}"
    number = 1
    while (found := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return found


def figures(notebook: Mapping[str, Any]) -> Iterator[tuple[str, Words, dict[str, Any]]]:
    """The figures that a page made of a notebook shows, in order: id, words, specification.

    FigureError from the first that cannot be understood.
    """
    taken: list[str] = []
    for cell in notebook["cells"]:
        if _HIDDEN & set(cell.get("metadata", {}).get("tags", ())):
            continue
        for output in cell.get("outputs", ()):
            spec = output.get("data", {}).get(MIME)
            if spec is not None:
                said = words(spec)
                taken.append(name(said, taken))
                yield taken[-1], said, spec
