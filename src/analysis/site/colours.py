"""The colours of charts: what each becomes on a dark page.

Charts are drawn for white paper. The style sheet turns their colours by attribute, so that one drawing serves both
and a live chart, which sets the same attributes, needs no redrawing. A colour that the table lacks would vanish on a
dark page, so a drawing that uses one is refused (see analysis.site.drawing).
"""

from __future__ import annotations

import re

PAPER, DARK_PAPER = "#ffffff", "#14181b"
"""The grounds that charts stand on: `--cb-paper` of the style sheet, light and dark."""

TEXT = {
    # the five of analysis.figures.COLOURS, which are lines and the labels at their ends
    "#0b5c96": "#5aa9ec", "#b34700": "#f5925a", "#00734f": "#2fae7e", "#8a3b73": "#e3a3d8", "#4a4f57": "#d3dae1",
    # ink, from strong to quiet
    "#000": "#ffffff", "black": "#ffffff", "#1f2328": "#e6e9eb", "#33383d": "#ccd2d7", "#5b6470": "#a9b1b8",
    # on the band of what is claimed
    "#6b5500": "#f0d486",
}  # fmt: skip
"""Text, and lines that may be text: at least 4.5 to 1 on the dark paper."""

LINES = {
    "#8a6d00": "#d9b23c", "#5f7d95": "#8fabc2", "#9fb3c4": "#71889b", "#8b9298": "#7d868e", "#888": "#8d949a",
    # Vega-Lite's own, for charts that name no colour
    "#4c78a8": "#6f9fd0", "#f58518": "#f58518", "#e45756": "#f07170", "#72b7b2": "#72b7b2", "#54a24b": "#67ba5d",
    "#eeca3b": "#eeca3b", "#b279a2": "#c48fb6", "#ff9da6": "#ffb3ba", "#9d755d": "#b88d73", "#bab0ac": "#bab0ac",
}  # fmt: skip
"""Lines, dots and bars: at least 3 to 1 on the dark paper."""

GROUNDS = {
    "#fff": DARK_PAPER, "#ffffff": DARK_PAPER, "white": DARK_PAPER, "#f0dfa8": "#4a3b10",
    "#e8eaed": "#2a3137", "#d5d9de": "#49525a", "#dfe3e6": "#2d343a", "#ddd": "#2d343a",
}  # fmt: skip
"""Paper, bands, grid lines and axes: nothing has to be read from them."""

DARK = {**TEXT, **LINES, **GROUNDS}
_NONE = frozenset(("none", "transparent", "currentcolor"))
_TAG = re.compile(r"<[^>]+>")
_PAINT = re.compile(r'\s(?:fill|stroke)="([^"]*)"')


def used(svg: str) -> list[str]:
    """The colours of a drawing as they stand in it, in lower case, in their order and each once."""
    found = (value.lower() for tag in _TAG.findall(svg) for value in _PAINT.findall(tag))
    return list(dict.fromkeys(value for value in found if value not in _NONE and not value.startswith("url(")))


def unknown(svg: str) -> list[str]:
    """The colours of a drawing that nobody has said a dark one for."""
    return [colour for colour in used(svg) if colour not in DARK]


def css() -> str:
    """The rules that turn charts dark, on screens only: as the reader chose, or the system where no script runs."""
    names = {light: f"--cb-chart-{light.removeprefix('#')}" for light in DARK}
    lines = []
    for light, name in names.items():
        for paint in ("fill", "stroke"):
            lines.append(f'.cb-chart [{paint}="{light}" i] {{ {paint}: var({name}, {light}); }}')
    dark = " ".join(f"{names[light]}: {colour};" for light, colour in DARK.items())
    lines += [
        f'@media screen {{ html[data-theme="dark"] {{ {dark} }} }}',
        f"@media screen and (prefers-color-scheme: dark) {{ html:not([data-theme]) {{ {dark} }} }}",
    ]
    return "\n" + "\n".join(lines) + "\n"
