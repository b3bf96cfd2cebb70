"""Scale words in units: "million USD" and "USD" differ by a factor, "USD" and "EUR" by more than that."""

from __future__ import annotations

from analysis.errors import ClaimbookError

# Units that are counted one by one: the next value after 0 is 1.
COUNTED = frozenset({"allies", "countries", "years without a rise", "years without a fall"})
_FACTORS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


def split(unit: str) -> tuple[float, str]:
    """A unit as factor and base: "million USD" is (1e6, "USD")."""
    word, _, rest = unit.partition(" ")
    return (_FACTORS[word], rest) if word in _FACTORS and rest else (1.0, unit)


def factor(source: str, target: str) -> float:
    """What to multiply a value in `source` by to have it in `target`.

    ClaimbookError where the two do not measure the same thing.
    """
    (there, base), (here, wanted) = split(source), split(target)
    if base != wanted:
        raise ClaimbookError(f"a value in {source!r} cannot be told in {target!r}")
    return there / here


def comparable(source: str, target: str) -> bool:
    """Whether a value in `source` can be told in `target`."""
    return split(source)[1] == split(target)[1]
