"""How wide words are in the font of the figures, for lines that have to fit."""

from __future__ import annotations

import struct
from functools import cache

from analysis.site import drawing

REGULAR, BOLD = 400, 600
MISSING = "□"
"""Stands for a character that the font lacks: another font would draw it differently on each machine."""


def shown(text: str) -> str:
    """Text in one line, as it can be drawn: without what has no shape, characters that the font lacks as a box."""
    line = " ".join(text.split())
    return "".join(letter if letter in drawing.characters() else MISSING for letter in line if letter.isprintable())


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Width of one line in px, without kerning, for text that `shown` gave."""
    advances, em = _advances(weight)
    return sum(advances.get(ord(letter), em) for letter in text) * size / em


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
def _advances(weight: int) -> tuple[dict[int, int], int]:
    """The advance of each character in units of the font, and the units of an em."""
    font = (drawing.FONTS / f"claimbook-sans-{weight}.ttf").read_bytes()
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {font[at : at + 4]: struct.unpack_from(">II", font, at + 8) for at in range(12, 12 + 16 * count, 16)}
    (em,) = struct.unpack_from(">H", font, tables[b"head"][0] + 18)
    (measured,) = struct.unpack_from(">H", font, tables[b"hhea"][0] + 34)
    metrics = tables[b"hmtx"][0]
    # The glyphs after the last that is measured are as wide as that one.
    return {
        character: struct.unpack_from(">H", font, metrics + 4 * min(glyph, measured - 1))[0]
        for character, glyph in _glyphs(font, tables[b"cmap"][0])
    }, em


def _glyphs(font: bytes, cmap: int) -> list[tuple[int, int]]:
    """Characters and the numbers of their glyphs, from the font's table of segments (format 4)."""
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    starts = [cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * number)[0] for number in range(count)]
    table = next(at for at in starts if struct.unpack_from(">H", font, at)[0] == 4)
    segments = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends, begins, deltas, ranges = (table + 14 + extra + 2 * segments * n for n, extra in enumerate((0, 2, 2, 2)))
    found = []
    for number in range(segments):
        last, first, delta, offset = (
            struct.unpack_from(">H", font, at + 2 * number)[0] for at in (ends, begins, deltas, ranges)
        )
        for character in range(first, min(last, 0xFFFE) + 1):
            place = ranges + 2 * number + offset + 2 * (character - first)
            glyph = struct.unpack_from(">H", font, place)[0] if offset else character
            if glyph or not offset:
                found.append((character, (glyph + delta) % 65536))
    return found
