"""Sentences with places in them that a figure of any country fills: "In {year} {country} was {rank:largest} ...".

| place | what stands there |
|---|---|
| {country}, {country's}, {partner}, {partner's} | the names, as running text has them |
| {year} | the year of the figure |
| {since} | the year from which a change over so many years is told |
| {figure} | the value with its unit |
| {size} | the same without its sign |
| {number} | the value without sign and unit |
| {moved} | "rose by", "fell by" and how much, or "did not change" |
| {sign:more|fewer} | the first word where the value is above zero, else the second |
| {rank:largest} | "the largest", "the 12th largest", "the 3rd or 4th largest", "at best the 84th largest" |
| {place} | the same as a bare place: "12th", "3rd or 4th", "84th at best" |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analysis.errors import ClaimbookError

_PLACE = re.compile(r"\{([a-z']+)(?::([^{}|]+)(?:\|([^{}|]+))?)?\}")
_PLAIN = ("country", "country's", "partner", "partner's", "year", "since", "figure", "size", "number", "moved", "place")


def places(text: str) -> list[tuple[str, str, str]]:
    """The places of a sentence: name, and the words given with it.

    ClaimbookError for a place that there is not, words where none belong, or a brace that stands alone.
    """
    found = []
    for match in _PLACE.finditer(text):
        name, first, second = match[1], match[2] or "", match[3] or ""
        given = bool(first) + bool(second)
        wanted = {"rank": 1, "sign": 2}.get(name, 0)
        if name not in (*_PLAIN, "rank", "sign") or given != wanted:
            raise ClaimbookError(
                f"{match[0]} is no place that a figure fills; there are {{{'}, {'.join(_PLAIN)}}}, "
                "{rank:largest} and {sign:more|fewer}"
            )
        found.append((name, first, second))
    if re.search(r"[{}]", _PLACE.sub("", text)):
        raise ClaimbookError(f"a brace of {text!r} belongs to no place")
    return found


def check(text: str, inputs: Mapping[str, Any]) -> None:
    """Check a sentence of the ledger; ClaimbookError where a figure of its reading could not fill it."""
    if not text:
        return
    names = {name for name, _, _ in places(text)}
    if "year" not in names:
        raise ClaimbookError(f"{text!r} does not tell its year; put {{year}} into it")
    if "since" in names and not isinstance(inputs.get("years"), int):
        raise ClaimbookError(f"{text!r} tells {{since}}, and its measure tells no change over so many `years`")


def filled(text: str, known: Mapping[str, Any]) -> str:
    """The sentence with its places filled, its first letter a capital, with a full stop.

    `known`: a text for each plain place, `rank` and `sign` as functions of the words given with them.
    """

    def fill(match: re.Match[str]) -> str:
        value = known[match[1]]
        words = [word for word in (match[2], match[3]) if word]
        return value(*words) if words else str(value)

    told = _PLACE.sub(fill, text)
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."
