"""How wide words are in the font of the figures, for lines that have to fit."""

from __future__ import annotations

from functools import cache

from PIL import ImageFont

from analysis.site import drawing

REGULAR, BOLD = 400, 600
_EM = 2048
MISSING = "□"
"""Stands for a character that the font lacks: another font would draw it differently on each machine."""


def shown(text: str) -> str:
    """Text in one line, as it can be drawn: without what has no shape, characters that the font lacks as a box."""
    line = " ".join(text.split())
    return "".join(letter if letter in drawing.characters() else MISSING for letter in line if letter.isprintable())


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Width of one line in px, without kerning, for text that `shown` gave."""
    return _font(weight).getlength(text) * size / _EM


def wrapped(text: str, size: float, limit: float, weight: int = REGULAR) -> list[str]:
    """Text cut into lines of at most `limit` px; a word longer than a line is cut."""
    lines: list[str] = []
    for word in shown(text).split():
        if lines and width(f"{lines[-1]} {word}", size, weight) <= limit:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and width(lines[-1] + letter, size, weight) > limit:
                lines.append("")
            lines[-1] += letter
    return lines


@cache
def _font(weight: int) -> ImageFont.FreeTypeFont:
    # Large, so that no width is rounded to the dots of a screen.
    return ImageFont.truetype(drawing.FONTS / f"claimbook-sans-{weight}.ttf", _EM, layout_engine=ImageFont.Layout.BASIC)
