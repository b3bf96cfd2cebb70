"""From an SVG to a small PNG, in a process of its own: imports little, so that such a process starts at once."""

from __future__ import annotations

import functools
import io
from types import ModuleType

from PIL import Image

from analysis.site.drawing import FONTS

_MOST = 256


@functools.cache
def _engine() -> ModuleType:
    """vl-convert with this package's font."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def engraved(svg: str) -> bytes:
    """The SVG as PNG, one pixel for each of its px."""
    return small(_engine().svg_to_png(svg))


def small(png: bytes) -> bytes:
    """A PNG of at most 256 colours, in a fifth of the bytes; the same pixels where they suffice.

    Transparency is lost: the pictures have a ground.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    made = io.BytesIO()
    picture.quantize(_MOST, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()
