"""Every reading of a claim, in every year and every release that can tell it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from analysis import measures, units
from analysis.claims import Claim, Reading
from analysis.errors import ClaimbookError
from analysis.measures.frames import COLUMNS
from analysis.quantities import TREND_UNITS, Quantity
from analysis.series import Calendar, series
from analysis.snapshots.catalogue import Release, day_of
from analysis.snapshots.store import Edition, Store


@dataclass(frozen=True)
class Evaluation:
    """One reading in one year by one release: the figure, and whether it bears the claim out.

    `holds` is None where coverage leaves it open. `margin` is how far the value may move before `holds`
    flips, in `unit`; for a rank, how far the country's own value may move before its rank counts otherwise.
    `sources`: publisher and release of each series that it is made of; `released` is the newest of them, and
    `publisher` who made that one.
    """

    reading: str
    publisher: str
    released: str
    day: dt.date
    year: int
    value: float
    unit: str
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    universe: int | None
    flag: str
    holds: bool | None
    fit: str | None
    margin: float | None
    margin_unit: str
    note: str
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def verdict(self) -> str:
        """The evaluation alone: supported, not supported or not testable."""
        return {True: "supported", False: "not supported", None: "not testable"}[self.holds]


@dataclass(frozen=True)
class Calendars:
    """When a year is first told for all series of a reading, each of which may have ended."""

    each: tuple[Calendar, ...]

    @property
    def _latest(self) -> Calendar:
        return max(self.each, key=lambda entry: (entry.years_after, entry.month, entry.day))

    def newest(self, day: dt.date) -> int:
        """The newest full year that all of them had told by a day."""
        return min(entry.newest(day) for entry in self.each)

    def first_told(self, year: int) -> dt.date:
        """The day on which the last of them is due to tell a year."""
        return self._latest.first_told(year)

    def last_edition(self, day: dt.date) -> dt.date:
        """The last day on or before `day` on which the latest of them was due."""
        return self._latest.last_edition(day)


def calendar(reading: Reading) -> Calendars:
    """The calendars of all series of a reading."""
    return Calendars(tuple(series(identifier).calendar for identifier in reading.series))


def evaluate(claim: Claim, reading: Reading, store: Store) -> list[Evaluation]:
    """All evaluations of a reading, by release and then by year.

    Each day on which one of its series was released gives one state of knowledge; a year told by the same
    releases as before is not repeated. ClaimbookError names the claim and the reading that cannot be evaluated.
    """
    quantity, unit = claim.quantity(reading), claim.unit_of(reading)
    found: dict[tuple[str, int], Evaluation] = {}
    try:
        for day in store.days(reading.series):
            edition = store.as_of(day)
            frame = measures.compute(
                reading.measure, edition, country=claim.about, partner=claim.other, inputs=reading.inputs
            )
            told = _told(reading, edition)
            for values in zip(*(frame[name].tolist() for name in COLUMNS), strict=True):
                row = dict(zip(COLUMNS, values, strict=True))
                key = (row["released"], row["year"])
                if key not in found:
                    found[key] = _evaluation(reading, _sources(told, row), row, quantity, unit)
    except ClaimbookError as error:
        raise ClaimbookError(f"{claim.id}, reading {reading.id}: {error}") from None
    return sorted(found.values(), key=lambda entry: (entry.day, entry.released, entry.year))


def newest_elsewhere(claim: Claim, reading: Reading, store: Store, day: dt.date) -> Evaluation | None:
    """A reading's newest full year as known on a day, for a country that the ledger says nothing of."""
    found = elsewhere(claim, reading, store, day)
    return found[-1] if found else None


def elsewhere(claim: Claim, reading: Reading, store: Store, day: dt.date, *, years: int = 1) -> list[Evaluation]:
    """The same for the newest `years` that are told, oldest first.

    In the ledger's unit where the figure can be told in it; else in its own, say another currency.
    """
    frame = measures.compute(
        reading.measure, store.as_of(day), country=claim.about, partner=claim.other, inputs=reading.inputs
    )
    frame = frame[frame["year"] < day.year].tail(years)
    told, found = _told(reading, store.as_of(day)), []
    for values in zip(*(frame[name].tolist() for name in COLUMNS), strict=True):
        row = dict(zip(COLUMNS, values, strict=True))
        wanted = claim.unit_of(reading)
        unit = wanted if units.split(wanted)[1] == units.split(row["unit"])[1] else row["unit"]
        found.append(_evaluation(reading, _sources(told, row), row, claim.quantity(reading), unit))
    return found


def _told(reading: Reading, edition: Edition) -> list[dict[int, Release]]:
    """Which release tells which year, for each series of a reading that is held."""
    return [told for identifier in reading.series if (told := edition.years(identifier))]


def _sources(told: list[dict[int, Release]], row: dict) -> tuple[tuple[str, str], ...]:
    """Publisher and release of each series that tells a row's year, and of the newest release that it names.

    That one may tell another year that the row is made of too, say the one since which a change is counted.
    """
    found = set()
    for years in told:
        here = years.get(row["year"]) or max(years.values(), key=lambda entry: entry.day)
        found.add((here.publisher, here.released))
    if not any(released == row["released"] for _, released in found):
        found |= {(entry.publisher, entry.released) for years in told for entry in years.values()
                  if entry.released == row["released"]}  # fmt: skip
    return tuple(sorted(found))


def _evaluation(
    reading: Reading, sources: tuple[tuple[str, str], ...], row: dict, quantity: Quantity, unit: str
) -> Evaluation:
    ranked = not math.isnan(row["rank"])
    note, value, shown = row["note"], float(row["value"]), row["unit"]
    holds: bool | None
    if quantity.kind == "rank":
        if not ranked:
            raise ClaimbookError(f"{quantity.printed!r} is a rank and {reading.measure} tells none")
        holds, fit, margin, margin_unit = *_rank(quantity, row), shown
    else:
        if quantity.trend is not None and shown != TREND_UNITS[quantity.trend]:
            wanted = TREND_UNITS[quantity.trend]
            raise ClaimbookError(f"{quantity.printed!r} needs {wanted}; {reading.measure} tells {shown}")
        told = value * units.factor(shown, unit)
        fit = quantity.fit(told)
        holds, margin, margin_unit = fit is not None, quantity.margin(told), unit
        if unit in units.COUNTED and holds:
            margin += 1  # the end itself still bears it out; the next whole number does not
        value, shown = told, unit
    return Evaluation(
        reading=reading.id,
        publisher=next((name for name, released in sources if released == row["released"]), sources[0][0]),
        released=row["released"],
        day=day_of(row["released"]),
        year=int(row["year"]),
        value=value,
        unit=shown,
        rank=int(row["rank"]) if ranked else None,
        rank_best=int(row["rank_best"]) if ranked else None,
        rank_worst=int(row["rank_worst"]) if ranked else None,
        universe=None if math.isnan(row["universe"]) else int(row["universe"]),
        flag=row["flag"],
        holds=holds,
        fit=fit,
        margin=margin,
        margin_unit=margin_unit,
        note=note,
        sources=sources,
    )


def _rank(quantity: Quantity, row: dict) -> tuple[bool | None, str | None, float | None]:
    wanted = quantity.ranks()
    best, worst = int(row["rank_best"]), int(row["rank_worst"])
    possible = [rank in wanted for rank in range(best, worst + 1)]
    holds = possible[0] if all(p == possible[0] for p in possible) else None
    if holds is None:
        return None, None, None
    # A single step up or down flips an exact rank; only the end of a "top ten" does.
    value, above, below = row["value"], row["above"], row["below"]
    steps = []
    if holds and best - 1 not in wanted and best > 1:
        steps.append(above - value)
    if holds and worst + 1 not in wanted:
        steps.append(value - below)
    if not holds and best - 1 in wanted:
        steps.append(above - value)
    if not holds and best + 1 in wanted:
        steps.append(value - below)
    steps = [step for step in steps if not math.isnan(step)]
    return holds, "rounding" if holds else None, min(steps) if steps else None
