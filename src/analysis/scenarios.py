"""Paths of defence expenditure: arithmetic on GDP, shares, growth and prices, and the paths that were declared.

Money is in whatever unit GDP is given in, millions or billions of a currency. Shares are in per cent of GDP, rates
in per cent a year. "Current" is at the prices of each year, "constant" at the prices of the start year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pydantic import Field, model_validator

from analysis import areas, retrospect
from analysis.documents import Identifier, documents
from analysis.errors import ClaimbookError
from analysis.models import Address, Model, Text, listed
from analysis.records import last_day, records

# A year this far from the start would multiply any assumption into nonsense.
LONGEST = 100


@dataclass(frozen=True)
class Economy:
    """An economy that grows at constant rates from a start year.

    `year`: the start year; `gdp`: GDP of that year at its own prices (any unit of money); `growth`: real growth,
    `deflator`: growth of the GDP deflator, both in per cent a year. ClaimbookError for what cannot be.
    """

    year: int
    gdp: float
    growth: float
    deflator: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.gdp) and self.gdp > 0):
            raise ClaimbookError(f"GDP is {self.gdp:g}; it has to be more than nothing")
        for name, rate in (("growth", self.growth), ("deflator", self.deflator)):
            if not (math.isfinite(rate) and rate > -100):
                raise ClaimbookError(f"{name} is {rate:g} per cent a year; it has to be more than -100")

    def _years(self, year: int) -> int:
        ahead = year - self.year
        if not 0 <= ahead <= LONGEST:
            raise ClaimbookError(f"{year} is not within {LONGEST} years after the start year {self.year}")
        return ahead

    def prices(self, year: int) -> float:
        """The price level of a year; that of the start year is 1."""
        return (1 + self.deflator / 100) ** self._years(year)

    def gdp_constant(self, year: int) -> float:
        """GDP of a year at the prices of the start year."""
        return self.gdp * (1 + self.growth / 100) ** self._years(year)

    def gdp_current(self, year: int) -> float:
        """GDP of a year at its own prices."""
        return self.gdp_constant(year) * self.prices(year)

    def cost(self, share: float, year: int) -> float:
        """What a share of GDP (per cent) comes to in a year, at its own prices."""
        return share / 100 * self.gdp_current(year)

    def share(self, amount: float, year: int, *, constant: bool = False) -> float:
        """What a sum spent in a year is as a share of its GDP, in per cent.

        The sum is of the year's own money, or with `constant` of money of the start year.
        """
        return 100 * amount / (self.gdp_constant(year) if constant else self.gdp_current(year))


@dataclass(frozen=True)
class Point:
    """One year of a path: its share of GDP in per cent, and what that is at current and at constant prices."""

    year: int
    share: float
    current: float
    constant: float


def shares(start: int, share: float, points: list[tuple[int, float]]) -> dict[int, float]:
    """The share of GDP (per cent) in each year, straight from one point to the next.

    `start`, `share`: where the path begins; `points`: (year, share) in the order of years. ClaimbookError where a
    point does not lie after the one before, or a share is negative.
    """
    found = {start: share}
    for (year, low), (until, high) in pairwise([(start, share), *points]):
        if until <= year:
            raise ClaimbookError(f"a path that is at {low:g} per cent in {year} cannot have its target in {until}")
        if until - year > LONGEST:
            raise ClaimbookError(f"a path from {year} to {until} is longer than {LONGEST} years")
        if not (math.isfinite(low) and math.isfinite(high) and min(low, high) >= 0):
            raise ClaimbookError(f"a share of GDP is a number of 0 or more, in per cent, not {min(low, high):g}")
        for ahead in range(1, until - year + 1):
            found[year + ahead] = low + (high - low) * ahead / (until - year)
    return found


def path(economy: Economy, *, share: float, target: float, by: int) -> list[Point]:
    """The straight path from `share` in the economy's start year to `target` in the year `by` (per cent of GDP)."""
    return [
        Point(year, told, economy.cost(told, year), economy.cost(told, year) / economy.prices(year))
        for year, told in shares(economy.year, share, [(by, target)]).items()
    ]


def step(start: float, goal: float, years: int) -> float:
    """By how much a sum has to rise each year to go from `start` to `goal` in so many equal steps."""
    if years < 1:
        raise ClaimbookError(f"a sum cannot rise over {years} years; it takes one at least")
    return (goal - start) / years


def stepped(start: float, goal: float, first: int, by: int) -> dict[int, float]:
    """The sum in each year from `start` in the year `first` to `goal` in the year `by`, by equal yearly steps."""
    if by <= first:
        raise ClaimbookError(f"a sum that is {start:g} in {first} cannot reach {goal:g} in {by}")
    rise = step(start, goal, by - first)
    return {year: start + rise * (year - first) for year in range(first, by + 1)}


class Stop(Model):
    """A point of a declared path: a share of GDP (per cent) in a year."""

    year: int = Field(ge=1949, le=2100)
    share: float = Field(gt=0, le=25)


class Declared(Model):
    """A path of defence expenditure that somebody decided on or proposed (data/paths.yaml)."""

    id: Identifier
    label: Text = Field(max_length=28, description="short, for a line in a chart")
    title: Text
    country: str | None = Field(default=None, description="the country whose path it is, ISO 3166 alpha-3")
    group: str | None = Field(default=None, description="or the group of data/memberships.yaml whose members are meant")
    decided: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="year, month or day")
    decided_by: Text
    since: int = Field(description="the year whose outturn it starts from")
    points: tuple[Stop, ...] = Field(min_length=1)
    record: Identifier | None = Field(default=None, description="the public record that tells it")
    address: Address | None = Field(default=None, description="or the page that does, where it is not a record")
    document: Identifier | None = Field(default=None, description="or the audited document that says so")
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Declared:
        years = [self.since, *(stop.year for stop in self.points)]
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError(f"its years {', '.join(map(str, years))} do not follow each other")
        if sum(source is not None for source in (self.record, self.address, self.document)) != 1:
            raise ValueError("name its one source: a `record`, an `address` or the audited `document` that says so")
        if self.record is not None and self.record not in records():
            raise ValueError(f"`record` is {self.record!r}, which is not in data/records.yaml")
        if self.document is not None and self.document not in documents():
            raise ValueError(f"`document` is {self.document!r}, which is not in data/documents.yaml")
        if (self.country is None) == (self.group is None):
            raise ValueError("say whose path it is: a `country` or a `group`")
        if self.country is not None and self.country not in areas.areas():
            raise ValueError(f"`country` is {self.country!r}, which is no ISO 3166 alpha-3 code")
        return self

    @property
    def target(self) -> Stop:
        """Its last point."""
        return self.points[-1]

    @property
    def decided_in(self) -> int:
        """The year in which it was decided."""
        return int(self.decided[:4])

    def shares(self, start: float) -> dict[int, float]:
        """The share of GDP (per cent) in each year, from `start` in the year `since`."""
        return shares(self.since, start, [(stop.year, stop.share) for stop in self.points])


def declared() -> tuple[Declared, ...]:
    """The declared paths, in the order of data/paths.yaml; in retrospect those decided by its day.

    ClaimbookError names a faulty entry and its field.
    """
    day = retrospect.day()
    return tuple(path for path in _all_declared() if day is None or last_day(path.decided) <= day)


@cache
def _all_declared() -> tuple[Declared, ...]:
    return tuple(listed(Declared, "paths.yaml").values())
