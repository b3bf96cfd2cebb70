"""Charts that come alive: what the browser needs to draw them anew, and the engine that does it.

Every chart answers the pointer with its figures; one whose parameters are bound to sliders is moved by readers too.
The static drawing stands on the page until the live one is ready, and stays where scripts do not run. What a chart
is drawn from is a file beside its downloads, and the engine (Vega, Vega-Lite and Vega-Embed, as vl-convert carries
them) is one file of the site itself; both are read when the chart comes into view. Expressions are interpreted,
never compiled. No page asks another host for anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site import drawing, tooltips
from analysis.site.drawing import FigureError
from analysis.site.head import json_text

SCRIPT = "js/live.js"
# Where a built site keeps engines, below its _static.
FOLDER = "js"
_SNIPPET = "window.claimbookEmbed = vegaEmbed;"
_NOTICE = (
    "/* Vega, Vega-Lite and Vega-Embed, copyright University of Washington Interactive Data Lab and contributors,\n"
    "   BSD 3-Clause License; with D3 and other libraries that they use. See LICENSES.txt beside this file. */\n"
)
_KEPT = "claimbook_engines"


def moves(spec: Mapping[str, Any]) -> bool:
    """Whether readers can move a chart: one of its parameters is bound to an input."""
    return any(isinstance(param.get("bind"), Mapping) and "input" in param["bind"] for param in spec.get("params", ()))


def engine(spec: Mapping[str, Any]) -> str:
    """The name of the engine's file for a specification; it changes with everything its bytes depend on."""
    wanted = re.search(r"vega-lite/v(\d+\.\d+)", str(spec.get("$schema", "")))
    if wanted is None:
        raise FigureError("a chart of a page has to name its version of Vega-Lite in $schema, as Altair does")
    parts = (metadata.version("vl-convert-python"), _SNIPPET, _NOTICE)
    return f"vega-lite-{wanted[1]}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:8]}.js"


def script(anchor: str, spec: Mapping[str, Any], narrow: Mapping[str, Any], told: Mapping[str, str] | None) -> str:
    """What a live chart is drawn from, as a classic script that hands it to the page (js/live.js) in an event.

    `anchor` is the id of the figure's element, `narrow` the whole specification for phones. `told` names the signal
    that puts the chart into words.
    """
    data = {
        "figure": anchor,
        "wide": _self_contained(spec, drawing.WIDE),
        "narrow": _self_contained(narrow, drawing.NARROW),
        "told": told["signal"] if told else None,
    }
    return f'document.dispatchEvent(new CustomEvent("cb-figure",{{detail:{json_text(data)}}}));\n'


def _self_contained(spec: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """A specification in house style that names no address, as wide as its drawing, with something to tell."""
    found = _with_one_legend(tooltips.told(drawing.prepared(dict(spec), limit)))
    found.pop("$schema", None)
    if isinstance(found.get("width"), int | float):
        # The drawing's width was fitted with its labels; the browser does the same.
        found["width"], found["autosize"] = limit, {"type": "fit-x", "contains": "padding"}
    return found


def _with_one_legend(view: Mapping[str, Any]) -> dict[str, Any]:
    """Layers that share the colours of a line name its legend too: the same drawing, and no warning."""
    view = dict(view)
    for key in ("layer", "vconcat", "hconcat", "concat"):
        if key in view:
            view[key] = [_with_one_legend(part) for part in view[key]]
    colours = [layer.get("encoding", {}).get("color", {}) for layer in view.get("layer", ())]
    lines = [
        _is_line(layer) and colour.get("legend") for layer, colour in zip(view.get("layer", ()), colours, strict=True)
    ]
    named = next((colour for colour, line in zip(colours, lines, strict=True) if line), None)
    if named is not None and "resolve" not in view:
        for layer, colour in zip(view["layer"], colours, strict=True):
            if colour.get("legend", named) is None and all(colour.get(k) == named.get(k) for k in ("field", "scale")):
                layer["encoding"] = {**layer["encoding"], "color": {**colour, "legend": named["legend"]}}
    return view


def _is_line(layer: Mapping[str, Any]) -> bool:
    mark = layer.get("mark")
    return (mark.get("type") if isinstance(mark, Mapping) else mark) == "line"


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
    """Remember that a page needs an engine. The theme puts the script on every page that holds a figure."""
    _kept(env).setdefault(page, set()).add(name)


def _kept(env: BuildEnvironment) -> dict[str, set[str]]:
    if not hasattr(env, _KEPT):
        setattr(env, _KEPT, {})
    return getattr(env, _KEPT)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _write_engines)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    _kept(env).pop(page, None)


def _merge(app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    _kept(env).update({page: names for page, names in _kept(other).items() if page in pages})


def _write_engines(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    cache = getattr(app.config, "claimbook_figure_cache", "")
    folder = Path(app.outdir) / "_static" / FOLDER
    for name in sorted(set().union(*_kept(app.env).values())):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(bundle(name, Path(cache) if cache else None), encoding="utf-8")
