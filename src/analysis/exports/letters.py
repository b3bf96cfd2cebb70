"""Words that have to fit a picture: letters of the font, lines of even width, an end where no room is left."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from analysis.site.drawing import characters
from analysis.site.lettering import MISSING, REGULAR, width

ELLIPSIS = "…"


def legible(text: str, instead: str = "") -> str:
    """Text on one line, in letters that the font has; any other letter is told by a box.

    Marks of direction and control characters are taken out. Where more than a third of its letters are lacking,
    `instead` stands for it, if that is not empty.
    """
    known = characters()
    plain = "".join(
        letter
        for letter in " ".join(unicodedata.normalize("NFC", text).split())
        if letter in known or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp")
    )
    plain = "".join(_nearest(letter, known) for letter in plain)
    lacking = plain.count(MISSING) - text.count(MISSING)
    if instead and lacking * 3 > len(plain):
        return legible(instead)
    return plain


def _nearest(letter: str, known: frozenset[str]) -> str:
    """A letter, or the same without its accents, or in its plain form; else a box."""
    if letter in known:
        return letter
    parts = "".join(part for part in unicodedata.normalize("NFKD", letter) if part in known)
    return parts or MISSING


def broken(text: str, room: float, size: float, weight: int = REGULAR) -> list[str]:
    """Lines no wider than `room`, as even in width as their number allows; a word that is too long is cut."""
    words = [part for word in text.split() for part in _cut(word, room, size, weight)]
    lines = _filled(words, room, size, weight)
    if len(lines) < 2:
        return lines
    # The narrowest room that needs no more lines: a title without a last word on a line of its own.
    low, high = room / 2, room
    while high - low > 1:
        middle = (low + high) / 2
        fits = all(width(word, size, weight) <= middle for word in words)
        if fits and len(_filled(words, middle, size, weight)) == len(lines):
            high = middle
        else:
            low = middle
    return _filled(words, high, size, weight)


def _filled(words: Sequence[str], room: float, size: float, weight: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and width(f"{lines[-1]} {word}", size, weight) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(word: str, room: float, size: float, weight: int) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width(parts[-1] + letter, size, weight) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def shortened(lines: Sequence[str], most: int, room: float, size: float, weight: int = REGULAR) -> list[str]:
    """At most so many lines, the last one with an ellipsis where any were left out."""
    if len(lines) <= most:
        return list(lines)
    last = lines[most - 1]
    while last and width(last + ELLIPSIS, size, weight) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;:") + ELLIPSIS]
