"""The rounding grammar: what a printed figure may mean, as an interval.

A figure stands for every value that rounds to it. "66 billion" is 65.5 up to, not including, 66.5 billion;
"85 per cent" is 84.5 up to 85.5; "12th" is the rank 12; "top 10" the ranks 1 to 10. A word of approximation
("around") widens by a tolerance that is declared with the claim before anything is computed, so that a
value within rounding and one merely within tolerance can be told apart.

    phrase    = [hedge] figure | ordinal ["largest"] | "top" number | trend
    hedge     = around, about, some, roughly, approximately | nearly, almost, just under | just over
              | over, more than, above | at least | below, under, less than, fewer than | at most, up to
    figure    = number [scale] ["per cent"] | [article] fraction
    scale     = thousand, million, billion (bn), trillion
    fraction  = half, third, quarter, fifth, tenth, "three quarters", "two thirds", ...
    trend     = rising every year, falling every year, positive, negative
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from analysis.errors import ClaimbookError

# How far from the figure "nearly" and "just over" may reach, as a share of it.
JUST = Decimal("0.05")
# A fraction in words is a share in per cent, read to the nearest twentieth: "a quarter" is 22.5 to 27.5.
FRACTION_STEP = Decimal(5)

Kind = Literal["value", "rank", "trend"]

_HEDGES = {
    "about": ("around", "about", "some", "roughly", "approximately", "circa"),
    "nearly": ("nearly", "almost", "just under", "just below"),
    "just over": ("just over", "just above"),
    "over": ("over", "more than", "above", "exceeding"),
    "at least": ("at least", "no less than"),
    "below": ("below", "under", "less than", "fewer than"),
    "at most": ("at most", "up to", "no more than"),
}
_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: number for number, word in enumerate(_NUMBER_WORDS.split())}
_SCALES = {"thousand": 3, "million": 6, "m": 6, "billion": 9, "bn": 9, "trillion": 12, "tn": 12}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_TRENDS = {"rising every year": "rising", "falling every year": "falling"}
# A trend is held against the number of years that break it, which a measure counts.
TREND_UNITS = {"rising": "years without a rise", "falling": "years without a fall"}


@dataclass(frozen=True)
class Quantity:
    """A printed figure read by the grammar.

    `low` and `high` bound what rounds to it (None: unbounded); the ends belong to it where `low_in`,
    `high_in`. `slack` is how far a declared tolerance reaches beyond both ends. Values are in the unit of
    the claim, ranks are whole numbers.
    """

    printed: str
    kind: Kind
    low: float | None = None
    high: float | None = None
    low_in: bool = True
    high_in: bool = False
    slack: float = 0.0
    trend: str | None = None
    figure: float | None = None

    def fit(self, value: float) -> Literal["rounding", "tolerance"] | None:
        """How a value bears the figure out: by rounding alone, within the tolerance only, or not.

        For a trend the value is the number of years that break it, in the unit of TREND_UNITS.
        """
        if self._inside(value, 0.0):
            return "rounding"
        if self.slack and self._inside(value, self.slack):
            return "tolerance"
        return None

    def _inside(self, value: float, slack: float) -> bool:
        low = -math.inf if self.low is None else self.low - slack
        high = math.inf if self.high is None else self.high + slack
        # A tolerance is a closed interval: its ends are declared, not rounded.
        above = value >= low if self.low_in or slack else value > low
        under = value <= high if self.high_in or slack else value < high
        return above and under

    def margin(self, value: float) -> float:
        """How far a value is from flipping: to the nearest end, tolerance included; never negative."""
        ends = [end for end in self.ends() if end is not None]
        return min(abs(value - end) for end in ends)

    def ends(self) -> tuple[float | None, float | None]:
        """The ends beyond which the figure is not borne out, tolerance included."""
        return (
            None if self.low is None else self.low - self.slack,
            None if self.high is None else self.high + self.slack,
        )

    def ranks(self) -> range:
        """The ranks that bear out a rank: 12th is {12}, top 10 is 1 to 10."""
        if self.kind != "rank":
            raise ClaimbookError(f"{self.printed!r} is not a rank")
        return range(int(self.low), int(self.high) + 1)


def parse(printed: str, *, tolerance: float = 0.0) -> Quantity:
    """Read a printed figure.

    `tolerance` is a share of the figure (0.02 is two per cent) and is taken only with a word of
    approximation. ClaimbookError names what is not understood and shows what would be.
    """
    text = " ".join(printed.casefold().replace("\u2019", "'").split())
    if not 0 <= tolerance < math.inf:
        raise _not_understood(printed, f"the tolerance {tolerance} is not a share of the figure such as 0.02")
    hedge, rest = _hedge(text)
    if tolerance and hedge != "about":
        raise _not_understood(printed, "a tolerance goes with a word of approximation such as 'around'")
    if text in _TRENDS:
        return Quantity(printed, "trend", high=0.0, high_in=True, trend=_TRENDS[text])
    if text in ("positive", "negative"):
        return (
            Quantity(printed, "value", low=0.0, low_in=False, figure=0.0)
            if text == "positive"
            else Quantity(printed, "value", high=0.0, figure=0.0)
        )
    rank = _rank(text)
    if rank is not None:
        low, high = rank
        if min(low, high) < 1:
            raise _not_understood(printed, "ranks begin at 1")
        return Quantity(printed, "rank", low=low, high=high, high_in=True, figure=high)
    value, step = _figure(rest, printed)
    half = step / 2
    if hedge is None or hedge == "about":
        low, high, ends = value - half, value + half, (True, False)
    elif hedge == "nearly":
        low, high, ends = value - abs(value) * JUST, value, (True, False)
    elif hedge == "just over":
        low, high, ends = value, value + abs(value) * JUST, (False, True)
    elif hedge in ("over", "at least"):
        low, high, ends = value, None, (hedge == "at least", False)
    else:
        low, high, ends = None, value, (False, hedge == "at most")
    return Quantity(
        printed,
        "value",
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        low_in=ends[0],
        high_in=ends[1],
        slack=float(abs(value) * Decimal(str(tolerance))),
        figure=float(value),
    )


def _rank(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(?:the )?(\d+)(?:st|nd|rd|th)(?: largest| biggest| highest)?", text)
    if found:
        return int(found[1]), int(found[1])
    found = re.fullmatch(r"(?:the )?(\w+)(?: largest| biggest| highest)", text)
    if found and found[1] in _ORDINALS:
        return _ORDINALS[found[1]], _ORDINALS[found[1]]
    found = re.fullmatch(r"(?:among the |in the |the )?top (\w+)", text)
    if found:
        number = _WORDS.get(found[1], int(found[1]) if found[1].isdecimal() else None)
        if number is not None:
            return 1, number
    return None


def _hedge(text: str) -> tuple[str | None, str]:
    # Longest first, so that "just over" is not taken for "over".
    words = sorted(((word, kind) for kind, words in _HEDGES.items() for word in words), key=lambda w: -len(w[0]))
    for word, kind in words:
        if text.startswith(word + " "):
            return kind, text[len(word) + 1 :]
    return None, text


def _figure(text: str, printed: str) -> tuple[Decimal, Decimal]:
    """A figure and the step it is rounded to."""
    percent = re.fullmatch(r"(.+?) ?(?:%|per cent|percent|percentage points?)", text)
    body = percent[1] if percent else text
    fraction = re.fullmatch(r"(?:(an?|one|two|three|four) )?(\w+?)s?", body)
    if fraction and fraction[2] in _PARTS and not percent:
        count = _WORDS.get(fraction[1], 1) if fraction[1] else 1
        return Decimal(100) * count / _PARTS[fraction[2]], FRACTION_STEP
    found = re.fullmatch(r"([a-z]+|-?[\d.,']+)(?: ([a-z]+))?", body)
    if not found or (found[2] and found[2] not in _SCALES):
        raise _not_understood(printed, f"{text!r} is not a figure")
    scale = Decimal(10) ** _SCALES[found[2]] if found[2] else Decimal(1)
    digits = found[1].replace("'", "")
    if digits in _WORDS:
        return _WORDS[digits] * scale, scale
    if re.search(r",\d{3}(?!\d)", digits) and not re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        raise _not_understood(printed, f"{digits!r} has its thousands separated in a way that is not understood")
    if "," in digits and not re.search(r",\d{3}(?!\d)", digits):
        raise _not_understood(printed, f"{digits!r}: write a decimal point, and commas between thousands")
    try:
        number = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        raise _not_understood(printed, f"{digits!r} is not a number") from None
    if not number.is_finite():  # Decimal reads the words "nan" and "infinity"
        raise _not_understood(printed, f"{digits!r} is not a number")
    step = Decimal(1).scaleb(min(0, number.as_tuple().exponent))
    if not found[2] and not percent and "." not in digits:
        # A bare 150,000 was rounded to its last digit that is not nought; "66 billion" to its last digit.
        plain = str(abs(int(number)))
        step = Decimal(10) ** (len(plain) - len(plain.rstrip("0"))) if plain.strip("0") else Decimal(1)
    return number * scale, step * scale


def _not_understood(printed: str, why: str) -> ClaimbookError:
    return ClaimbookError(
        f"printed figure {printed!r}: {why}. Understood are, for example: 'around 66 billion', 'over 150,000', "
        "'85 per cent', 'below one per cent', 'a quarter', 'less than half', '12th', 'top 10'"
    )
