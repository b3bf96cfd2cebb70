"""Charts that readers move: what a page needs to draw them in the browser, and the engine that does it.

A specification whose parameters are bound to sliders becomes live. Its static drawing stands on the page until the
live one is ready, and stays where scripts do not run. The engine (Vega, Vega-Lite and Vega-Embed, as vl-convert
carries them) is one file of the site itself, read when such a chart comes into view; expressions are interpreted,
never compiled. No page asks another host for anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site import drawing
from analysis.site.drawing import FigureError

SCRIPT, STYLE = "js/live.js", "css/live.css"
# Where a built site keeps engines, below its _static.
FOLDER = "js"
_SNIPPET = "window.claimbookEmbed = vegaEmbed;"
_NOTICE = (
    "/* Vega, Vega-Lite and Vega-Embed, copyright University of Washington Interactive Data Lab and contributors,\n"
    "   BSD 3-Clause License; with D3 and other libraries that they use. See LICENSES.txt beside this file. */\n"
)
_KEPT = "claimbook_engines"


def is_live(spec: Mapping[str, Any]) -> bool:
    """Whether readers can move a chart: one of its parameters is bound to an input."""
    return any(isinstance(param.get("bind"), Mapping) and "input" in param["bind"] for param in spec.get("params", ()))


def engine(spec: Mapping[str, Any]) -> str:
    """The name of the engine's file for a specification; it changes with everything its bytes depend on."""
    wanted = re.search(r"vega-lite/v(\d+\.\d+)", str(spec.get("$schema", "")))
    if wanted is None:
        raise FigureError("a chart that readers move has to name its version of Vega-Lite in $schema")
    parts = (metadata.version("vl-convert-python"), _SNIPPET, _NOTICE)
    return f"vega-lite-{wanted[1]}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:8]}.js"


def block(spec: Mapping[str, Any], narrow: Mapping[str, Any], told: Mapping[str, str] | None) -> str:
    """The data of a live chart as a block of a page, which holds no script: both its specifications as JSON.

    `narrow` is the whole specification for phones. `told` names the signal that puts the chart into words.
    """
    data = {
        "engine": engine(spec),
        "wide": _self_contained(spec, drawing.WIDE),
        "narrow": _self_contained(narrow, drawing.NARROW),
        "told": told["signal"] if told else None,
    }
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    # Nothing in the data can end the block it stands in.
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" class="cb-live-data">{text}</script>'


def _self_contained(spec: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """A specification in house style that names no address, as wide as its drawing."""
    found = drawing.prepared(dict(spec), limit)
    found.pop("$schema", None)
    if isinstance(found.get("width"), int | float):
        # The drawing's width was fitted with its labels; the browser does the same.
        found["width"], found["autosize"] = limit, {"type": "fit-x", "contains": "padding"}
    return found


def bundle(name: str, cache: Path | None) -> str:
    """The engine of that name as the text of a classic script; `cache` is a folder for finished ones."""
    kept = cache / name if cache else None
    if kept is not None and kept.is_file():
        return kept.read_text(encoding="utf-8")
    version = name.removeprefix("vega-lite-").rpartition("-")[0]
    known = drawing.converter().get_vegalite_versions()
    if version not in known:
        raise FigureError(f"Vega-Lite {version} is not among those that vl-convert carries: {', '.join(known)}")
    code = drawing.converter().javascript_bundle(_SNIPPET, vl_version=version)
    # Its names stay its own: a classic script shares them with every other.
    text = f"{_NOTICE}(function () {{\n{code}\n}})();\n"
    if kept is not None:
        drawing.keep(kept, text)
    return text


def note(env: BuildEnvironment, page: str, name: str) -> None:
    """Remember that a page needs an engine."""
    _kept(env).setdefault(page, set()).add(name)


def _kept(env: BuildEnvironment) -> dict[str, set[str]]:
    if not hasattr(env, _KEPT):
        setattr(env, _KEPT, {})
    return getattr(env, _KEPT)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("html-page-context", _add_files)
    app.connect("build-finished", _write_engines)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    _kept(env).pop(page, None)


def _merge(app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    _kept(env).update({page: names for page, names in _kept(other).items() if page in pages})


def _add_files(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Script and style sheet, on the pages that need them only."""
    if page in _kept(app.env):
        app.add_css_file(STYLE, priority=901)
        app.add_js_file(SCRIPT, loading_method="defer")


def _write_engines(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    cache = getattr(app.config, "claimbook_figure_cache", "")
    folder = Path(app.outdir) / "_static" / FOLDER
    for name in sorted(set().union(*_kept(app.env).values())):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(bundle(name, Path(cache) if cache else None), encoding="utf-8")
