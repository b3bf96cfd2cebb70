"""International Centre for the Study of Radicalisation: fighters who went to Syria and Iraq, from two estimates.

Columns read: country, icsr.date (the day of the estimate, which is its edition), icsr.low, icsr.high, icsr.mean.
A range is told by its ends, a single figure by icsr.mean alone: then both ends are that figure. A mean beside a
range, and every other column, is not the publisher's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import Figure, collect
from analysis.publishers.table import Row, chosen, gathered

LOW, HIGH = "icsr.foreign_fighters_low", "icsr.foreign_fighters_high"
# The year that an estimate is for. That of January 2015 counts who had gone by the second half of 2014.
PERIODS = {"2013-12-17": 2013, "2015-01-26": 2014}
# That of January 2015 leaves out whoever has five fighters or fewer, and whoever it has no sufficient data for: those
# are taken not to have more than a hundred.
MISSING_BELOW = {"2015-01-26": 100.0}
COLUMNS = ("country", "icsr.date", "icsr.low", "icsr.high", "icsr.mean", "source")


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The estimates of one edition, named by its day, 2013-12-17 or 2015-01-26.

    The list holds countries for which an estimate could be made, not all; MISSING_BELOW bounds the others.
    Left out by rule, and told in the notes: rows of other publishers, which have no day; countries without
    a figure; a range that ends below where it begins. ClaimbookError where several editions are there and none is
    named; LayoutError at anything not understood.
    """
    rows = gathered("icsr", files, *COLUMNS)
    own = [(row, _day(row)) for row in rows if row["icsr.date"]]
    wanted = chosen("icsr", (day for _, day in own), edition)
    figures: list[Figure] = []
    notes = [f"{row['country']}: {row['source']} is not the publisher's" for row in rows if not row["icsr.date"]]
    for row, day in own:
        if day != wanted:
            continue
        found = _range(row)
        if found is None:
            notes.append(f"{row['country']}: no figure in the edition of {day}")
        elif found[0] > found[1]:
            notes.append(f"{row['country']}: left out, the range {found[0]:g} to {found[1]:g} is printed upside down")
        else:
            reporter = row.area("country", "icsr")
            for name, value in zip((LOW, HIGH), found, strict=True):
                figures.append(row.figure(name, reporter, PERIODS[day], value, name.replace("foreign_fighters_", "")))
    limits = tuple(Partial(name, MISSING_BELOW.get(wanted)) for name in (LOW, HIGH))
    return Parsed(collect(figures), limits, released=wanted, notes=tuple(notes))


def _day(row: Row) -> str:
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:\.0)?", row["icsr.date"])
    day = "-".join(match.groups()) if match else None
    if day not in PERIODS:
        remedy = "Say in publishers/icsr.py which year an estimate of that day is for"
        raise row.fault(f"{row['icsr.date']!r} is no day of an estimate known", "icsr.date", remedy)
    return day


def _range(row: Row) -> tuple[float, float] | None:
    """The two ends of an estimate; None where the row holds none."""
    ends = [name for name in ("icsr.low", "icsr.high") if row[name]]
    if len(ends) == 1:
        raise row.fault("a range has two ends", ends[0])
    if not ends and not row["icsr.mean"]:
        return None
    low, high = ends or ("icsr.mean", "icsr.mean")
    for name in {low, high}:
        if row.number(name) != int(row.number(name)):
            raise row.fault(f"{row[name]!r} is not a whole number of persons", name)
    return row.number(low), row.number(high)
