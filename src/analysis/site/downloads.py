"""What readers take away from a figure: data, pictures, specification, citation; and what makes it live.

Made beside each other for all pages, by the processes that draw, and put into the site when it stands:

    made = downloads.make(stage, work / "figures", cache=..., edition=...)   # before Sphinx
    downloads.put(work / "figures", site)                                     # after it
"""

from __future__ import annotations

import csv
import io
import json
import math
import multiprocessing
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from analysis.cells import safe
from analysis.site import citing, drawing, figure_files, figure_words, figures_html, live, pictures
from analysis.site.citing import Edition, Figure
from analysis.site.drawing import FigureError
from analysis.site.figure_words import Table

_WHAT = {
    ".csv": "the figures as a table, in UTF-8; numbers with a decimal point and nothing between thousands",
    ".svg": "the picture, which can be made larger without loss",
    ".png": "the picture in dots, at twice its size",
    ".vl.json": "the chart as a Vega-Lite specification with its data (https://vega.github.io/editor/ opens it)",
}


def make(stage: Path, folder: Path, *, cache: Path, edition: Edition, workers: int | None = None) -> None:
    """Draw every figure of the notebooks below `stage` and write its files below `folder`, several pages at once.

    Drawings and pictures are kept in `cache`, where Sphinx finds them too. A figure that cannot be drawn is passed
    over with the rest of its page: the fault is told when the page is made, with the names of page and figure.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notebooks = sorted(stage.rglob("*.ipynb"), key=lambda path: (-path.stat().st_size, path))
    # Started anew, not forked: the drawing engine does not survive a fork, nor do threads of this process.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=workers or os.cpu_count() or 1, mp_context=context) as pool:
        pages = [(path, path.relative_to(stage).with_suffix("").as_posix()) for path in notebooks]
        for future in [pool.submit(make_page, path, page, folder, cache, edition) for path, page in pages]:
            future.result()


def make_page(
    notebook: Path, page: str, folder: Path, cache: Path | None, edition: Edition, png: bool = True
) -> list[str]:
    """Draw the figures of one page and write their files; returns the ids of those that could be.

    Without `png` none in dots is made.
    """
    made: list[str] = []
    try:
        for id, said, spec in figure_words.figures(json.loads(notebook.read_text(encoding="utf-8"))):
            figure = Figure(page, id, said, edition)
            for name, content in files(figure, spec, cache=cache, png=png).items():
                target = folder / page / id / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content if isinstance(content, bytes) else content.encode())
            made.append(id)
    except FigureError:
        pass
    return made


def put(folder: Path, site: Path) -> None:
    """Put what `make` wrote into the finished site."""
    shutil.copytree(folder, site / figure_files.ROOT, dirs_exist_ok=True)


def files(
    figure: Figure, spec: Mapping[str, Any], *, cache: Path | None = None, png: bool = True
) -> dict[str, str | bytes]:
    """The files of a figure by their names: what readers are offered, and what makes it live.

    The same figure of the same edition gives the same bytes. FigureError if it cannot be drawn.
    """
    said = figure.said
    wide, _ = figures_html.drawings(spec, said, cache)
    found: dict[str, str | bytes] = {
        f"{figure.id}.svg": pictures.svg(figure, wide),
        f"{figure.id}.vl.json": specification(figure, spec),
        figure_files.BIBTEX: citing.entry(figure),
        figure_files.CSL: citing.csl_json(figure),
        figure_files.LIVE: live.script(f"fig-{figure.id}", spec, figures_html.narrow(spec, said), said.told),
    }
    if png:
        found[f"{figure.id}.png"] = pictures.png(figure, wide, cache)
    if said.table:
        found[f"{figure.id}.csv"] = table_csv(said.table)
    listed = {f"{figure.id}{ending}": what for ending, what in _WHAT.items() if f"{figure.id}{ending}" in found}
    found[figure_files.README] = citing.readme(figure, listed, moves=live.moves(spec))
    return found


def table_csv(table: Table) -> str:
    """The figures of a chart as CSV: a header, a line each; nothing stands for a gap."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([safe(citing.line(column)) for column in table.columns])
    for row in table.rows:
        writer.writerow([safe(_cell(value)) for value in row])
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    """A number as it is, whole ones without ".0" as a table shows them; text in one line."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return citing.line(value)
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def specification(figure: Figure, spec: Mapping[str, Any]) -> str:
    """The chart as a Vega-Lite specification that stands alone: house style, title, source and place in it."""
    said = figure.said
    found = drawing.prepared(dict(spec), drawing.WIDE)
    # Where the font is missing, as in the Vega editor, another takes its place.
    found["config"] = {**found["config"], "font": f"{drawing.FONT}, sans-serif", "aria": True}
    found["config"].pop("background", None)
    found["background"], found["padding"] = "white", 12
    if said.title:
        found["title"] = {"text": said.title, "subtitle": said.subtitle, "anchor": "start", "frame": "group"}
    found["description"] = said.alt
    about = {"source": said.source, "place": figure.place, "cite": citing.sentence(figure)}
    found["usermeta"] = {"claimbook": {**about, "licence": citing.TERMS.replace("\n", " ")}}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
