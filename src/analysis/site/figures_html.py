"""Figures of a page: caption, drawing with a text alternative, the figures as a table, the source.

A notebook hands over a Vega-Lite specification; what the page says around the drawing stands in it under
`usermeta.claimbook`, every key optional:

    title, subtitle, alt, source   plain text
    id                             a name for links, unique on its page: a-z, 0-9 and hyphens
    table                          {"columns": [text], "rows": [[text, number or null]]}
    narrow                         what is different on phones, laid upon the specification (see `merged`)
    told                           {"signal": name of a parameter, "text": what it says at first}: the sentence above
                                   a chart that readers move (see analysis.site.live), told anew when they do
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import SphinxError
from sphinx.util import logging

from analysis.site import live
from analysis.site.drawing import NARROW, WIDE, FigureError, draw, merged

MIME = "application/vnd.vegalite.v6+json"
NARROWEST_WIDE, NARROWEST_PHONE = 626, 334
"""The narrowest room for the wide and the narrow drawing, in px: the style sheet changes over at a column of
650 and a phone of 390 px leaves 358, each less the padding that drawings have in dark mode."""

_TEXTS = ("title", "subtitle", "alt", "source", "id")
_PARTS = ("table", "narrow", "told")
_NUMBER = re.compile(r"[<>≤≥≈~]?\s?[+\-−–]?[$€£]?\d[\d.,\s]*\s?%?")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

logger = logging.getLogger(__name__)


class FigureFault(SphinxError):
    """Ends the build with the name of the page and of the figure."""

    category = "Figure error"


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


def figure_html(spec: Mapping[str, Any], *, number: int = 1, cache: Path | None = None) -> tuple[str, str]:
    """The id of a figure and its HTML, for a specification that is the page's `number`th figure.

    Drawn twice, for wide columns and for phones; the style sheet shows one of them. The same specification
    and number give the same bytes. FigureError if it cannot be drawn.
    """
    said = words(spec)
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
    name = f"fig-{said.id}" if said.id else f"fig-{digest}-{number}"
    wide = draw(dict(spec), limit=WIDE, narrowest=NARROWEST_WIDE, cache=cache)
    small = merged(dict(spec), said.narrow)
    narrow = draw(small, limit=NARROW, narrowest=NARROWEST_PHONE, cache=cache)
    moves = live.is_live(spec)
    parts = [f'<figure class="cb-figure{" cb-live" if moves else ""}" id="{name}">']
    if said.title or said.subtitle:
        parts.append("<figcaption>")
        if said.title:
            parts.append(f'<span class="cb-figure-title">{escape(said.title)}</span>')
        if said.subtitle:
            parts.append(f'<span class="cb-figure-subtitle">{escape(said.subtitle)}</span>')
        parts.append("</figcaption>")
    if said.told:
        parts.append(f'<p class="cb-told">{escape(said.told["text"])}</p>')
    parts.append(f'<div class="cb-chart" role="img" aria-label="{escape(said.alt or "Chart")}">')
    for drawing, kind in ((wide, "wide"), (narrow, "narrow")):
        svg = drawing.with_ids(f"{name}-{kind}")
        parts.append(svg.replace("<svg ", f'<svg class="cb-{kind}" aria-hidden="true" focusable="false" ', 1))
    parts.append("</div>")
    if moves:
        parts.append(live.block(spec, small, said.told))
    if said.table:
        parts.append(_table_html(said.table, said.title, moves=moves))
    if said.source:
        parts.append(f'<p class="cb-source">Source: {escape(said.source)}</p>')
    parts.append("</figure>")
    return name, "\n".join(parts)


def _table_html(table: Table, title: str, *, moves: bool) -> str:
    caption = escape(title or "The figures of the chart")
    first = " that the sliders begin with," if moves else ""
    shown = [_column([row[i] for row in table.rows], names=i == 0) for i in range(len(table.columns))]
    heads = "".join(
        f'<th scope="col"{_align(numeric)}>{escape(column)}</th>'
        for column, (_, numeric) in zip(table.columns, shown, strict=True)
    )
    body = []
    for i in range(len(table.rows)):
        cells = [f'<th scope="row">{escape(shown[0][0][i])}</th>']
        cells += [f"<td{_align(numeric)}>{escape(texts[i])}</td>" for texts, numeric in shown[1:]]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(
        (
            f'<details class="cb-data"><summary>The figures{first} as a table</summary>',
            f'<div class="cb-scroll" tabindex="0" role="region" aria-label="Table: {caption}">',
            f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>",
            f"<tbody>{''.join(body)}</tbody></table></div></details>",
        )
    )


def _align(numeric: bool) -> str:
    return ' class="cb-num"' if numeric else ""


def _column(values: Sequence[Any], *, names: bool) -> tuple[list[str], bool]:
    """A column as text, and whether it is set flush right, being numbers for the most part.

    Numbers get a comma between thousands and as many decimals as the column needs, three at most; in the
    column of row names (years) they are left as they are.
    """
    if names:
        return [_text(value) if value is not None else "n/a" for value in values], False
    floats = [value for value in values if isinstance(value, float) and not math.isnan(value)]
    decimals = next((d for d in range(3) if all(abs(round(v, d) - v) < 1e-9 for v in floats)), 3)
    texts, numbers, gaps = [], 0, 0
    for value in values:
        if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
            texts.append("" if value == "" else "n/a")
            gaps += 1
        elif isinstance(value, str):
            texts.append(value)
            numbers += bool(_NUMBER.fullmatch(value))
        else:
            texts.append(f"{value:,.{decimals}f}".replace("-", "−"))
            numbers += 1
    return texts, numbers * 2 > len(values) - gaps


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


class ChartRenderer:
    """Draws Vega-Lite outputs of notebooks when MyST-NB reads a page (entry point `myst_nb.mime_renderers`)."""

    mime_priority_overrides = [("*", MIME, 1)]  # noqa: RUF012 (MyST-NB adds it to a list)

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """The nodes of one output, or None if it is not a Vega-Lite specification.

        HTML pages get the figure; what is not HTML gets its title and text alternative.
        FigureFault names the page and the figure that cannot be drawn.
        """
        if data.mime_type != MIME:
            return None
        document, env = renderer.renderer.document, renderer.renderer.sphinx_env
        page = env.docname if env else str(document["source"])
        taken = document.setdefault("claimbook_figures", [])
        number = len(taken) + 1
        place = f"{page}, figure {number}"
        try:
            spec = json.loads(data.content) if isinstance(data.content, str | bytes) else data.content
            said = words(spec)
            place += f" ({said.title})" if said.title else ""
            if inline:
                return [nodes.inline(text=said.alt)]
            cache = getattr(env.config, "claimbook_figure_cache", "") if env else ""
            name, html = figure_html(spec, number=number, cache=Path(cache) if cache else None)
            if name in taken:
                raise FigureError(f"an earlier figure of the page has the id {name!r} too")
        except (FigureError, json.JSONDecodeError) as error:
            raise FigureFault(f"{place}: {error}") from error
        taken.append(name)
        if live.is_live(spec) and env is not None:
            live.note(env, env.docname, live.engine(spec))
        if not said.alt:
            logger.warning("%s has no text alternative", place, type="claimbook", subtype="figure")
        raw = nodes.raw("", html, format="html")
        if env is None:
            return [raw]
        elsewhere = addnodes.only(expr="not html")
        elsewhere += nodes.paragraph(text=" ".join(f"{text.rstrip('.')}." for text in (said.title, said.alt) if text))
        return [raw, elsewhere]
