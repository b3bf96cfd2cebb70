"""From a Vega-Lite specification to a plain SVG drawing: the same specification gives the same bytes.

The drawing engine (vl-convert) starts with the first drawing that is not in the cache, in UTC, with the
font of this package and without leave to load anything. What it returns is cleaned: only shapes and text,
no classes, no roles, coordinates to two decimals, ids numbered in the order of the document.
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
import math
import os
import re
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

from analysis.errors import ClaimbookError
from analysis.site import colours

FONT = "Claimbook Sans"
FONTS = Path(__file__).parent / "static" / "fonts"

WIDE = 672
"""Total width of a drawing for the text column of a computer's screen, in px."""
NARROW = 342
"""Total width of a drawing for phones (390 px wide, less the margins of the page), in px."""
SMALLEST_TEXT = 11.0
"""No text may come out smaller than this, in px, in the narrowest column that its drawing is meant for."""

ID = "cb-drawing-"
"""Every id in a drawing begins with this; the page replaces it by something unique (see `with_ids`)."""

_INK, _GRID = "#33383d", "#dfe3e6"
_TEXT = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": _INK, "titleColor": _INK, "titleFontWeight": 400}
HOUSE_STYLE: dict[str, Any] = {
    "background": None,
    "padding": {"left": 0, "top": 5, "right": 5, "bottom": 0},  # flush with the text of the page
    "axis": {**_TEXT, "gridColor": _GRID, "domainColor": "#8b9298", "tickColor": "#8b9298"},
    "legend": _TEXT,
    "header": _TEXT,
    "text": {"fontSize": 12, "color": _INK},
    "title": {"fontSize": 14, "fontWeight": 600, "color": _INK},
    "view": {"stroke": None},
}
"""Lies beneath the `config` of every specification, which wins."""

_SHAPES = {"svg", "g", "path", "rect", "line", "circle", "ellipse", "polygon", "polyline", "text", "tspan", "defs"}
_SHAPES |= {"clipPath", "linearGradient", "radialGradient", "stop"}
_DROPPED = frozenset(("class", "role", "pointer-events", "cursor", "font-family", "stroke-miterlimit"))
_NOTHING = frozenset(("", "M0,0h0v0h0Z"))
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?|-?\d+(?:\.\d+)?e-\d+")
_REFERENCE = re.compile(r"url\(\s*[\"']?(#?)([^)\"']*)[\"']?\s*\)")


class FigureError(ClaimbookError):
    """A figure that cannot be drawn as it stands. The page and the name of the figure are added by the caller."""


@dataclass(frozen=True)
class Drawing:
    """One SVG element for use inside an HTML page, and its total size in px."""

    svg: str
    width: float
    height: float

    def with_ids(self, prefix: str) -> str:
        """The SVG with `prefix` before its ids, so that several drawings can stand on a page."""
        return self.svg.replace(f' id="{ID}', f' id="{prefix}-').replace(f"url(#{ID}", f"url(#{prefix}-")


def merged(base: Any, over: Any) -> Any:
    """`base` with `over` laid upon it, key by key; a scalar, a list or null replaces what was there.

    A list in `base` may be met by a mapping of positions: {"layer": {"1": {...}}} changes the second layer.
    FigureError if there is no such position.
    """
    if isinstance(base, list) and isinstance(over, dict):
        result = list(base)
        for position, value in over.items():
            if not str(position).isdecimal() or int(position) >= len(result):
                raise FigureError(f"overrides name position {position!r} of a list of {len(result)}")
            result[int(position)] = merged(result[int(position)], value)
        return result
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: merged(base.get(key), value) for key, value in over.items()}}
    return deepcopy(over)


def draw(spec: dict[str, Any], *, limit: int, narrowest: int, cache: Path | None = None) -> Drawing:
    """Draw a Vega-Lite specification, `limit` px wide over all.

    Where `width` is a number it is adjusted until the drawing fills `limit` px together with its labels, which
    change with the data. Where it is not (a step, several views beside each other), the drawing is left as it is.
    `narrowest` is the narrowest column the drawing is shown in, in px; text that would be scaled below
    SMALLEST_TEXT there is refused. `cache` is a folder for finished drawings.
    FigureError if the specification loads anything, draws nothing, cannot be drawn, or uses a strange colour.
    """
    spec = prepared(spec, limit)
    try:
        source = json.dumps(spec, sort_keys=True, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FigureError(f"its specification is not JSON: {error}") from error
    if cache is None:
        svg = _drawn(source, limit)
    else:
        kept = cache / f"{_key(source, limit)}.svg"
        svg = _read(kept)
        if svg is None:
            svg = _drawn(source, limit)
            keep(kept, svg)
    width, height = _size(svg)
    _check_text(svg, min(1.0, narrowest / width))
    if strange := colours.unknown(svg):
        raise FigureError(
            f"it is drawn in {strange[0]}, for which nobody has said what it is on a dark page: use a colour of "
            "analysis.site.colours.DARK, or add this one there"
        )
    return Drawing(svg, width, height)


def prepared(spec: dict[str, Any], limit: int) -> dict[str, Any]:
    """The specification in house style, without what the page says around the drawing."""
    _check_self_contained(spec, "the specification")
    spec = {key: value for key, value in spec.items() if key not in ("usermeta", "title", "description")}
    config = merged(HOUSE_STYLE, spec.get("config") or {})
    spec["config"] = {**config, "font": FONT, "aria": False}
    if spec.get("width") == "container":
        spec["width"] = limit
    return spec


def _check_self_contained(node: Any, place: str) -> None:
    """Refuse addresses of data, pictures and links; rows of data may hold any words."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            _check_self_contained(item, f"{place}[{number}]")
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("url", "href"):
                raise FigureError(
                    f"{place} holds {key!r} ({json.dumps(value)[:80]}): a figure carries all its data inline"
                )
            if key not in ("values", "datasets", "usermeta"):
                _check_self_contained(value, f"{place}.{key}")


@functools.cache
def converter() -> ModuleType:
    """vl-convert, started in UTC (dates would else move with the machine) and with this package's font."""
    outside = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        import vl_convert

        zone = vl_convert.get_local_tz()
        vl_convert.register_font_directory(str(FONTS))
        vl_convert.vegalite_to_svg({"mark": "point"})  # the engine reads its time zone with its first drawing
    finally:
        if outside is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = outside
    if zone not in ("UTC", "Etc/UTC"):
        raise FigureError(f"vl-convert was started in time zone {zone} before the first figure; start it with TZ=UTC")
    return vl_convert


@functools.cache
def font_digest() -> str:
    """SHA-256 over the fonts the drawings are measured with."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(FONTS.glob("*.ttf")))).hexdigest()


@functools.cache
def characters() -> frozenset[str]:
    """The characters that the font holds; any other would be drawn with whatever font the machine has."""
    return frozenset((FONTS / "characters.txt").read_text(encoding="utf-8"))


def _key(source: str, limit: int) -> str:
    """Names a finished drawing by everything its bytes depend on, this module among it."""
    parts = (
        source,
        str(limit),
        metadata.version("vl-convert-python"),
        font_digest(),
        hashlib.sha256(Path(__file__).read_bytes()).hexdigest(),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _read(path: Path) -> str | None:
    """A finished drawing, or None where there is none or it is not whole."""
    try:
        svg = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return svg if svg.startswith("<svg ") and svg.endswith("</svg>") else None


def keep(path: Path, content: str | bytes) -> None:
    """Put the file in its place at one stroke, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".drawing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _drawn(source: str, limit: int) -> str:
    """The cleaned SVG, `limit` px wide with all its labels where the specification's `width` is a number."""
    spec = json.loads(source)
    for _ in range(4):
        svg = _cleaned(_converted(spec))
        excess = _size(svg)[0] - limit
        if -2 <= excess <= 0 or not isinstance(spec.get("width"), int | float):
            break
        spec["width"] -= math.ceil(excess)
        if spec["width"] < 60:
            raise FigureError(f"its labels leave no room for the drawing within {limit} px: shorten them")
    return svg


def _converted(spec: dict[str, Any]) -> str:
    engine = converter()
    wanted = re.search(r"vega-lite/v(\d+\.\d+)", str(spec.get("$schema", "")))
    version = wanted[1] if wanted and wanted[1] in engine.get_vegalite_versions() else None
    try:
        return engine.vegalite_to_svg(json.dumps(spec, ensure_ascii=False), vl_version=version, allowed_base_urls=[])
    except ValueError as error:
        lines = [line.strip() for line in str(error).splitlines() if not line.strip().startswith("at ")]
        raise FigureError(" ".join(lines)[:400]) from error


def _cleaned(svg: str) -> str:
    """Shapes and text only, in a form that can stand inside a page."""
    root = ElementTree.fromstring(svg)
    shown = root.find("./{*}g/{*}g")
    if shown is None or not _draws_marks(shown):
        raise FigureError("it draws nothing: no row of its data has a mark")
    ids: dict[str, str] = {}
    for element in root.iter():
        if "id" in element.attrib:
            ids[element.attrib["id"]] = f"{ID}{len(ids) + 1}"
    _clean(root, ids)
    size = {key: root.attrib[key] for key in ("width", "height", "viewBox")}
    root.attrib.clear()
    root.attrib.update(size, **{"font-family": f"{FONT}, sans-serif"})
    return ElementTree.tostring(root, encoding="unicode")


def _draws_marks(group: ElementTree.Element) -> bool:
    """True if any mark of the data (as against axes and legends) has a shape."""
    marks = (element for element in group.iter() if "role-mark" in element.get("class", "").split())
    return any(not _invisible(shape) for mark in marks for shape in mark)


def _clean(element: ElementTree.Element, ids: dict[str, str]) -> None:
    element.tag = element.tag.rpartition("}")[2]
    if element.tag not in _SHAPES:
        raise FigureError(f"its drawing holds <{element.tag}>, which is neither a shape nor text")
    for name, value in list(element.attrib.items()):
        del element.attrib[name]
        cleaned = _attribute(element.tag, name, value, ids)
        if cleaned is not None:
            element.attrib[name] = cleaned
    for child in list(element):
        if _invisible(child):
            element.remove(child)
        else:
            _clean(child, ids)


def _attribute(tag: str, name: str, value: str, ids: dict[str, str]) -> str | None:
    """What is left of one attribute; None for what a still drawing has no use for."""
    if name.startswith("on") or name.endswith("href") or name == "style":
        raise FigureError(f"its drawing holds {name}={value[:80]!r} on <{tag}>, which is not allowed in a page")
    if name == "font-family" and value.strip("'\"") != FONT:
        raise FigureError(f"its text is set in {value!r}; figures are set in {FONT!r}, so leave the font out")
    if name == "id":
        return ids[value]
    if name in _DROPPED or name.startswith("aria-") or (name == "opacity" and value == "1"):
        return None
    if "NaN" in value or "Infinity" in value:
        raise FigureError(f"its drawing holds {name}={value[:80]!r} on <{tag}>: a value or a scale is not a number")
    for reference in _REFERENCE.finditer(value):
        if not reference[1] or reference[2] not in ids:
            raise FigureError(f"its drawing refers to {reference[0]!r}, which is not in it")
    value = _REFERENCE.sub(lambda found: f"url(#{ids[found[2]]})", value)
    return _LONG_NUMBER.sub(_rounded, value)


def _rounded(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _invisible(element: ElementTree.Element) -> bool:
    """Labels that gave way to their neighbours and the empty paths around groups."""
    tag = element.tag.rpartition("}")[2]
    return (
        element.get("display") == "none"
        or element.get("opacity") == "0"
        or (tag == "path" and element.get("d", "") in _NOTHING)
    )


def _size(svg: str) -> tuple[float, float]:
    found = re.match(r'<svg width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        raise FigureError("its drawing has no size")
    return float(found[1]), float(found[2])


def _check_text(svg: str, scale: float) -> None:
    """Refuse letters that the font lacks and text too small to read in the narrowest column."""
    text = html.unescape("".join(re.findall(r">([^<]+)<", svg)))
    if lacking := sorted(set(text) - characters()):
        raise FigureError(
            f"its text holds {lacking[0]!r} (U+{ord(lacking[0]):04X}), which the font of the figures lacks"
        )
    sizes = [float(size) for size in re.findall(r' font-size="([\d.]+)px"', svg)]
    if sizes and min(sizes) * scale < SMALLEST_TEXT - 0.01:
        raise FigureError(
            f"its smallest text would be {min(sizes) * scale:.1f} px high (at least {SMALLEST_TEXT:g}): "
            "use larger text or a smaller width"
        )
