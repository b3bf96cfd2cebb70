"""A figure as a picture that can be quoted: title, drawing, source, and where it comes from, on white ground.

The SVG carries the font of its text. The PNG is drawn from it at twice its size, by the engine of the drawings.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import io
from html import escape
from importlib import metadata
from pathlib import Path

from PIL import Image

from analysis.imprint import BOOK
from analysis.site import colours, drawing, lettering
from analysis.site.citing import Figure, line
from analysis.site.drawing import FONT, FONTS, Drawing
from analysis.site.lettering import BOLD, REGULAR

MARGIN, SCALE = 24, 2
_INK, _QUIET, _RULE = "#1f2328", "#5b6470", "#d5d9de"
_WOFF2 = "data:font/woff2;base64,"


def svg(figure: Figure, drawn: Drawing) -> str:
    """The picture as an SVG document that needs no other file."""
    return _composed(figure, drawn, _fonts())


def png(figure: Figure, drawn: Drawing, cache: Path | None = None) -> bytes:
    """The picture as PNG; `cache` is a folder for finished ones. Starts the drawing engine if it is not there."""
    source = _composed(figure, drawn, "")
    kept = cache / f"{_key(source)}.png" if cache else None
    if kept is not None and kept.is_file() and (found := kept.read_bytes()).endswith(b"IEND\xaeB`\x82"):
        return found
    made = _squeezed(drawing.converter().svg_to_png(source, scale=SCALE))
    if kept is not None:
        drawing.keep(kept, made)
    return made


def _key(source: str) -> str:
    """Names a finished picture by everything its bytes depend on, this module among it."""
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    parts = (
        source,
        str(SCALE),
        metadata.version("vl-convert-python"),
        metadata.version("pillow"),
        drawing.font_digest(),
        own,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _squeezed(png: bytes) -> bytes:
    """The same picture in a third of the bytes: the engine packs its dots for speed."""
    made = io.BytesIO()
    Image.open(io.BytesIO(png)).save(made, "PNG", optimize=True)
    return made.getvalue()


def _composed(figure: Figure, drawn: Drawing, fonts: str) -> str:
    """Words above and below the drawing, each line put in its place: SVG breaks no lines itself."""
    said, room = figure.said, drawn.width
    lines: list[str] = []
    y = float(MARGIN)

    def put(text: str, size: float, weight: int = REGULAR, colour: str = _INK, gap: float = 0) -> None:
        nonlocal y
        for words in lettering.wrapped(text, size, room, weight):
            y += round(size * 1.3, 1)
            strong = f' font-weight="{weight}"' if weight != REGULAR else ""
            lines.append(
                f'<text x="{MARGIN}" y="{y - size * 0.3:.1f}" font-size="{size:g}px"{strong} fill="{colour}">'
                f"{escape(words)}</text>"
            )
        y += gap if text else 0

    put(figure.title if said.title else "", 18, BOLD, gap=2)
    put(said.subtitle, 14, colour=_QUIET, gap=2)
    put(said.told["text"] if said.told else "", 14, gap=2)
    y += 10
    inner = drawn.with_ids("drawing").replace("<svg ", f'<svg x="{MARGIN}" y="{y:.1f}" ', 1)
    y += drawn.height + 14
    lines.append(f'<path d="M{MARGIN},{y:.1f}h{room:g}" stroke="{_RULE}"/>')
    y += 6
    put(f"Source: {figure.source}" if figure.source else "", 12, colour=_QUIET)
    put(f"{BOOK}: {figure.where}", 12, colour=_QUIET)
    put("Chart: CC BY 4.0. Figures: the terms of their publishers.", 12, colour=_QUIET)
    width, height = round(room + 2 * MARGIN, 1), round(y + MARGIN - 6, 1)
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}, sans-serif">'
        f"<title>{escape(figure.title)}</title><desc>{escape(line(said.alt))}</desc>{fonts}"
        f'<rect width="100%" height="100%" fill="{colours.PAPER}"/>{"".join(lines)}{inner}</svg>\n'
    )


@functools.cache
def _fonts() -> str:
    """The two fonts as a style sheet inside the picture."""
    rules = []
    for weight in (REGULAR, BOLD):
        data = base64.b64encode((FONTS / f"claimbook-sans-{weight}.woff2").read_bytes()).decode()
        rules.append(f'@font-face{{font-family:"{FONT}";font-weight:{weight};src:url("{_WOFF2}{data}")}}')
    return f"<defs><style>{''.join(rules)}</style></defs>"
