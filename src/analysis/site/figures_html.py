"""Figures of a page: caption, drawing with a text alternative, the figures as a table, downloads, the source."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import SphinxError
from sphinx.util import logging

from analysis.site import figure_files, live
from analysis.site.drawing import NARROW, WIDE, Drawing, FigureError, draw, merged
from analysis.site.figure_words import MIME, Table, Words, name, words

NARROWEST_WIDE, NARROWEST_PHONE = 626, 334
"""The narrowest room for the wide and the narrow drawing, in px: the style sheet changes over at a column of
650 and a phone of 390 px leaves 358, each less what a page may set aside for padding."""

_NUMBER = re.compile(r"[<>≤≥≈~]?\s?[+\-−–]?[$€£]?\d[\d.,\s]*\s?%?")

logger = logging.getLogger(__name__)


class FigureFault(SphinxError):
    """Ends the build with the name of the page and of the figure."""

    category = "Figure error"


def drawings(spec: Mapping[str, Any], said: Words, cache: Path | None = None) -> tuple[Drawing, Drawing]:
    """The drawings for wide columns and for phones. FigureError if it cannot be drawn."""
    wide = draw(dict(spec), limit=WIDE, narrowest=NARROWEST_WIDE, cache=cache)
    return wide, draw(narrow(spec, said), limit=NARROW, narrowest=NARROWEST_PHONE, cache=cache)


def narrow(spec: Mapping[str, Any], said: Words) -> dict[str, Any]:
    """The specification as it is drawn for phones."""
    return merged(dict(spec), said.narrow)


def figure_html(
    spec: Mapping[str, Any], *, id: str = "", page: str = "", cache: Path | None = None, png: bool = True
) -> str:
    """The HTML of a figure with this id on a page, such as "chapters/trade", as the table of contents names it.

    Drawn twice, for wide columns and for phones; the style sheet shows one of them. With a `page` it has downloads
    and becomes live; their files are made by analysis.site.downloads. The same specification gives the same bytes.
    Without `png` none in dots is offered. FigureError if it cannot be drawn.
    """
    said = words(spec)
    anchor = f"fig-{id or name(said, ())}"
    folder = figure_files.folder(page, anchor.removeprefix("fig-"))
    up = "../" * page.count("/")
    moves = live.moves(spec)
    wakes = ""
    if page:
        script = escape(f"{up}{figure_files.address(folder)}/{figure_files.LIVE}")
        wakes = f' data-live="{script}" data-engine="{escape(live.engine(spec))}"'
    parts = [f'<figure class="cb-figure{" cb-live" if page else ""}" id="{anchor}"{wakes}>']
    if said.title or said.subtitle:
        parts.append(_caption(said, anchor))
    if said.told:
        parts.append(f'<p class="cb-told">{escape(said.told["text"])}</p>')
    parts.append(f'<div class="cb-chart" role="img" aria-label="{escape(said.alt or "Chart")}">')
    for drawing, kind in zip(drawings(spec, said, cache), ("wide", "narrow"), strict=True):
        svg = drawing.with_ids(f"{anchor}-{kind}")
        parts.append(svg.replace("<svg ", f'<svg class="cb-{kind}" aria-hidden="true" focusable="false" ', 1))
    parts.append("</div>")
    if said.table or page:
        parts.append('<div class="cb-below">')
        if said.table:
            parts.append(_table_html(said.table, said.title, moves=moves))
        if page:
            parts.append(_downloads_html(said, f"{up}{figure_files.address(folder)}", folder.rpartition("/")[2], png))
        parts.append("</div>")
    if said.source:
        parts.append(f'<p class="cb-source">Source: {escape(said.source)}</p>')
    parts.append("</figure>")
    return "\n".join(parts)


def _caption(said: Words, anchor: str) -> str:
    """Title with a link to itself, and subtitle. No heading: a figure is no part of the page's outline."""
    parts = ["<figcaption>"]
    if said.title:
        title = escape(said.title)
        link = f'<a class="cb-permalink" href="#{anchor}" aria-label="Link to the figure: {title}">#</a>'
        parts.append(f'<span class="cb-figure-title">{title} {link}</span>')
    if said.subtitle:
        parts.append(f'<span class="cb-figure-subtitle">{escape(said.subtitle)}</span>')
    return "\n".join([*parts, "</figcaption>"])


def _downloads_html(said: Words, folder: str, id: str, png: bool) -> str:
    """Links to the files of a figure, in one line."""
    links = "".join(
        f'<li><a href="{escape(folder)}/{escape(file)}" download="">{label}</a></li>'
        for label, file in figure_files.offered(id, table=said.table is not None, png=png)
    )
    of = f" of the figure: {escape(said.title)}" if said.title else ""
    return f'<ul class="cb-downloads" aria-label="Downloads{of}">{links}</ul>'


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
        place = f"{page}, figure {len(taken) + 1}"
        try:
            spec = json.loads(data.content) if isinstance(data.content, str | bytes) else data.content
            said = words(spec)
            place += f" ({said.title})" if said.title else ""
            if inline:
                return [nodes.inline(text=said.alt)]
            cache = getattr(env.config, "claimbook_figure_cache", "") if env else ""
            own = name(said, taken)
            png = getattr(env.config, "claimbook_png", True) if env else True
            drawn = Path(cache) if cache else None
            html = figure_html(spec, id=own, page=page if env else "", cache=drawn, png=png)
        except (FigureError, json.JSONDecodeError) as error:
            raise FigureFault(f"{place}: {error}") from error
        taken.append(own)
        if env is not None:
            live.note(env, env.docname, live.engine(spec))
        if not said.alt:
            logger.warning("%s has no text alternative", place, type="claimbook", subtype="figure")
        raw = nodes.raw("", html, format="html")
        if env is None:
            return [raw]
        elsewhere = addnodes.only(expr="not html")
        elsewhere += nodes.paragraph(text=" ".join(f"{text.rstrip('.')}." for text in (said.title, said.alt) if text))
        return [raw, elsewhere]
