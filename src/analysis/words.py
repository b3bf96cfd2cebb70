"""Figures in words: the same spelling of numbers, ranks, units and releases on every page."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from analysis import units
from analysis.evaluations import Evaluation
from analysis.measures.frames import CUT_OFF

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_UNITS = {
    "USD": "dollars",
    "current USD": "dollars",
    "EUR": "euros",
    "persons": "people",
    "% of GDP": "per cent of GDP",
}
# The three readings of time, as running text calls them.
TIMES = {"when_written": "when written", "as_revised": "that year, as revised", "today": "today"}
FLAGS = {
    "estimate": "estimate",
    "projection": "projection",
    "provisional": "provisional",
    "uncertain": "highly uncertain",
    "break": "break in series",
    "suppressed": "suppressed",
    "rounds_to_zero": "rounds to zero",
}


def listing(parts: Sequence[str]) -> str:
    """Parts of a sentence with commas and an "and"; empty where there are none."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def ordinal(rank: int) -> str:
    """A rank as 1st, 2nd, 3rd, 4th, ..."""
    suffix = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix}"


def number(value: float, digits: int | None = None) -> str:
    """A number with commas between thousands and a true minus; three significant figures unless told otherwise."""
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2
    text = f"{abs(value):,.{digits}f}"
    return f"\u2212{text}" if value < 0 and float(text.replace(",", "")) != 0 else text


def amount(value: float, unit: str) -> str:
    """A value with its unit as running text tells it: "66.1 billion dollars", "0.97 per cent of GDP"."""
    if unit.startswith("% "):
        return f"{number(value, 2 if abs(value) < 10 else 1)} per cent {unit[2:]}"
    factor, base = units.split(unit)
    name = _UNITS.get(base, base)
    if base == "allies":
        return f"{number(value, 0)} {'ally' if value == 1 else 'allies'}"
    if base == "percentage points":
        return f"{number(value, 2)} percentage points"
    if base.startswith("years without"):
        return f"{number(value, 0) if value else 'no'} {'years'[: 4 if value in (0, 1) else 5]}{base[5:]}"
    if base == "class":
        return f"class {number(value, 0)}"
    whole = value * factor
    for scale, word in _SCALES:
        if abs(whole) >= 0.9995 * scale:  # 999.9 million is told as one billion
            return f"{number(whole / scale)} {word} {name}"
    return f"{number(whole, 0 if whole == int(whole) else None)} {name}"


def rank(entry: Evaluation) -> str:
    """A rank with its universe, and its bounds where coverage leaves it open: "10th of 232"."""
    if entry.rank_best != entry.rank_worst:
        return f"between {ordinal(entry.rank_best)} and {ordinal(entry.rank_worst)}"
    if entry.note.startswith(CUT_OFF):  # "of 15" would be wrong: the world has more
        return f"{ordinal(entry.rank)} of the {entry.universe} listed" if entry.universe > 1 else ordinal(entry.rank)
    return f"{ordinal(entry.rank)} of {entry.universe}"


def figure(entry: Evaluation) -> str:
    """What an evaluation says, in short: the rank where it tells one, else the amount."""
    if entry.rank is not None:
        return rank(entry)
    text = amount(entry.value, entry.unit)
    if entry.unit.startswith("years without"):
        if not entry.value:
            return f"a {entry.unit.rpartition(' ')[2]} in each of {entry.universe} years"
        return f"{number(entry.value, 0)} of {entry.universe} {entry.unit}"
    if entry.unit.startswith("% ") and entry.universe is not None:
        return f"{text} ({entry.universe} counted)"
    if entry.universe is not None:
        text += f" of {entry.universe}"
    return text


def released(release: str) -> str:
    """A release date in words: "6 March 2025", or "July 2020" where the day is not known."""
    if len(release) == 7:
        return f"{dt.date.fromisoformat(release + '-01'):%B %Y}"
    return f"{dt.date.fromisoformat(release):%-d %B %Y}"


def printed(text: str) -> str:
    """A printed figure as running text tells it: signs and trends in words."""
    told = {
        "positive": "above zero",
        "negative": "below zero",
        "rising every year": "a rise every year",
        "falling every year": "a fall every year",
        "1st largest": "the largest",
    }
    return told.get(text, text)


def dated(text: str) -> str:
    """A date as far as it is known, in words: "8 June 2018", "June 2018" or "2018"."""
    return text if len(text) == 4 else released(text)


def margin(entry: Evaluation) -> str:
    """How far a verdict is from flipping, in words; empty where nothing could flip it."""
    if entry.margin is None or math.isnan(entry.margin) or entry.margin_unit.startswith("years without"):
        return ""
    if entry.margin_unit.startswith("%"):
        return f"{number(entry.margin, 2)} percentage points"
    # How far a difference may move is told in what it is a difference of.
    text = amount(entry.margin, entry.margin_unit.removesuffix(" above average"))
    if entry.rank is not None and entry.value:
        return f"{text} ({number(100 * entry.margin / abs(entry.value), 1)} per cent of its value)"
    return text


def unit_name(unit: str) -> str:
    """A unit as running text tells it: dollars, people."""
    _, base = units.split(unit)
    return _UNITS.get(base, base)
