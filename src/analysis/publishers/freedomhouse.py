"""Freedom House, Freedom in the World: the status of every country, in a file of all editions since 2013.

Columns read: fh_full_country, country_or_territory (c or t), edition, year, status (F, PF, NF). An edition judges
the calendar year before it. Scores and ratings are not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.publishers import Parsed
from analysis.publishers.cells import collect
from analysis.publishers.table import gathered, refuse

SERIES = "freedomhouse.status"
STATUS = {"NF": 0.0, "PF": 1.0, "F": 2.0}
COLUMNS = ("fh_full_country", "country_or_territory", "edition", "year", "status")


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The status of countries by the year judged: 0 Not Free, 1 Partly Free, 2 Free.

    Territories are parts of countries, or disputed: they are left out by rule and the notes count them.
    LayoutError at a country, a year or a status that is not understood.
    """
    refuse("freedomhouse", edition)
    figures, territories = [], {}
    for row in gathered("freedomhouse", files, *COLUMNS):
        period = row.year("year")
        if row.year("edition") != period + 1:
            raise row.fault(f"the edition of {row['edition']} does not judge {period}", "edition")
        kind = row["country_or_territory"]
        if kind == "t":
            territories[row["fh_full_country"]] = territories.get(row["fh_full_country"], 0) + 1
            continue
        if kind != "c":
            raise row.fault(f"{kind!r} is neither c nor t", "country_or_territory")
        if row["status"] not in STATUS:
            raise row.fault(f"unknown status {row['status']!r}", "status", f"Known: {', '.join(STATUS)}")
        reporter = row.area("fh_full_country", "freedomhouse")
        figures.append(row.figure(SERIES, reporter, period, STATUS[row["status"]], "status"))
    left = f"{sum(territories.values())} rows of territories are left out: {', '.join(sorted(territories))}"
    return Parsed(collect(figures), notes=(left,) if territories else ())
