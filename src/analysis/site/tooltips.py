"""What a chart tells under the pointer, where its notebook does not say: the fields that place and colour a mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MARKS = frozenset(("line", "trail", "area", "point", "circle", "square", "bar", "tick", "arc"))
"""Marks that show figures. Text, rules and rectangles are labels, thresholds and bands of a chart."""

_PLACES = ("x", "y", "theta", "radius")
_SHADES = ("color", "fill", "stroke")
_NAMES = ("nominal", "ordinal")
_COPIED = ("field", "type", "aggregate", "bin", "timeUnit")
FIGURES = ",.3~f"
"""Thousands apart and three decimals at most, as in the table below a chart."""


def told(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification with a tooltip on every mark that shows figures and has none of its own."""
    return _told(spec, {}, spec.get("config", {}).get("mark", {}).get("tooltip") is not None)


def _told(view: Mapping[str, Any], above: Mapping[str, Any], settled: bool) -> dict[str, Any]:
    view = dict(view)
    encoding = {**above, **view.get("encoding", {})}
    for key in ("layer", "vconcat", "hconcat", "concat"):
        if key in view:
            view[key] = [_told(part, encoding, settled) for part in view[key]]
    if isinstance(view.get("spec"), dict):  # facets and repetitions
        view["spec"] = _told(view["spec"], encoding, settled)
    mark = view.get("mark")
    kind = mark.get("type") if isinstance(mark, Mapping) else mark
    own = "tooltip" in encoding or (isinstance(mark, Mapping) and "tooltip" in mark)
    if kind in MARKS and not own and not settled and (fields := _fields(encoding)):
        view["encoding"] = {**view.get("encoding", {}), "tooltip": fields}
    return view


def _fields(encoding: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Names first, then places. A colour without a legend is told only where nothing else names the mark."""
    channels = {name: encoding[name] for name in (*_PLACES, *_SHADES) if _has_field(encoding.get(name))}
    names = [name for name in _PLACES if name in channels and channels[name].get("type") in _NAMES]
    shade = next((name for name in _SHADES if name in channels), None)
    if shade and (not names or channels[shade].get("legend", True) is not None):
        names.insert(0, shade)
    order = [*names, *(name for name in _PLACES if name in channels and name not in names)]
    fields = []
    for name in order:
        field = _field(channels[name])
        if field["title"] not in {other["title"] for other in fields}:
            fields.append(field)
    return fields


def _has_field(channel: Any) -> bool:
    return isinstance(channel, Mapping) and ("field" in channel or "aggregate" in channel)


def _field(channel: Mapping[str, Any]) -> dict[str, Any]:
    guide = channel.get("axis") or channel.get("legend") or {}
    field = {key: channel[key] for key in _COPIED if key in channel}
    title = channel.get("title") or guide.get("title") or _name(channel)
    field["title"] = " ".join(title) if isinstance(title, list) else title
    if "format" in guide:
        field["format"] = guide["format"]
        if "formatType" in guide:
            field["formatType"] = guide["formatType"]
    elif channel.get("type") == "quantitative":
        field["format"] = FIGURES
    return field


def _name(channel: Mapping[str, Any]) -> str:
    """A field's name as words: `gdp_growth` becomes "Gdp growth"."""
    field = channel.get("field")
    words = field if isinstance(field, str) else str(channel.get("aggregate") or "Value")
    words = words.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
