"""Economist Intelligence, Democracy Index: the class of regime, from a copy by Our World in Data.

Columns read: Entity, Year, regime_eiu. The publisher allows no redistribution of its index. So only the classes of
the two years that a claim needs are taken, and no score: YEARS is that limit, and is not to be widened for
convenience. The classes are the publisher's, cut at 4, 6 and 8 of the ten points of its index.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.publishers import Parsed
from analysis.publishers.cells import collect
from analysis.publishers.table import gathered, refuse

SERIES = "eiu.regime"
YEARS = (2020, 2021)
# Averages that Our World in Data computes; they have a score and no class.
AVERAGES = {"World", "Africa", "Asia", "Europe", "North America", "Oceania", "South America"}


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The classes of YEARS: 0 authoritarian, 1 hybrid, 2 flawed democracy, 3 full democracy.

    LayoutError at a country without a class, or a country, year or class that is not understood.
    """
    refuse("eiu", edition)
    figures, averages = [], 0
    for row in gathered("eiu", files, "Entity", "Year", "regime_eiu"):
        period = row.year("Year")
        if period not in YEARS:
            continue
        if row["Entity"] in AVERAGES:
            averages += 1
            continue
        value = row.number("regime_eiu")
        if value != int(value):
            raise row.fault(f"{row['regime_eiu']!r} is no class", "regime_eiu", "Classes are the whole numbers 0 to 3")
        figures.append(row.figure(SERIES, row.area("Entity", "eiu"), period, value, "regime_eiu"))
    notes = (
        f"only {YEARS[0]} and {YEARS[1]} are taken, as the publisher's terms allow no redistribution",
        f"{averages} averages of continents and the world are left out",
    )
    return Parsed(collect(figures), notes=notes)
