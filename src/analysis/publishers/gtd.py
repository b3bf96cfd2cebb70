"""Global Terrorism Database (START): how many attacks a year, from a copy of counts by country.

Columns read: Entity, Year, attacks_all_types. The publisher allows no redistribution of its database. So only the
counts of the countries and years that a claim needs are taken: COUNTRIES and YEARS are that limit.

The file has no row for a country in a year without an attack. That a missing row means none, and not that the
count is missing, is checked: in each of YEARS the rows of all countries add up to the row World.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import collect
from analysis.publishers.table import Row, gathered, refuse

SERIES = "gtd.attacks"
COUNT = "attacks_all_types"
COUNTRIES = ("BEL", "DEU", "ESP", "FRA", "GBR", "ITA", "NLD")
YEARS = range(1998, 2018)
WORLD = "World"
REGIONS = {
    *("Australasia & Oceania", "Central America & Caribbean", "Central Asia", "East Asia", "Eastern Europe"),
    *("Middle East & North Africa", "North America", "South America", "South Asia", "Southeast Asia"),
    *("Sub-Saharan Africa", "Western Europe"),
}


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The attacks recorded in COUNTRIES in each of YEARS, zero where the file has no row for a year.

    LayoutError where a count or a year is not understood, where a country has no row in any year, or where the
    countries of a year do not add up to the world's attacks.
    """
    refuse("gtd", edition)
    rows = [row for row in gathered("gtd", files, "Entity", "Year", COUNT) if row.year("Year") in YEARS]
    counted: dict[tuple[str, int], Row] = {}
    for row in rows:
        if row.number(COUNT) != int(row.number(COUNT)) or row.number(COUNT) < 0:
            raise row.fault(f"{row[COUNT]!r} is not a number of attacks", COUNT)
        first = counted.setdefault((row["Entity"], row.year("Year")), row)
        if first is not row:
            raise row.fault(f"{row['Entity']} in {row['Year']} stands in row {first.at + 1} already", "Entity")
    _check(counted, files)
    own = {}
    for row in rows:
        if row["Entity"] not in REGIONS | {WORLD} and (code := row.area("Entity", "gtd")) in COUNTRIES:
            own[code, row.year("Year")] = row
    figures = []
    for code in COUNTRIES:
        held = next((row for (country, _), row in own.items() if country == code), None)
        if held is None:
            raise LayoutError(f"no row for {code}", file=files[0], remedy="Give the table of all countries")
        for year in YEARS:
            row = own.get((code, year))
            value = row.number(COUNT) if row else 0.0
            figures.append((row or held).figure(SERIES, code, year, value, COUNT))
    quiet = len(figures) - len(own)
    return Parsed(collect(figures), (Partial(SERIES),), notes=(f"{quiet} of the years have no row, so no attack",))


def _check(counted: dict[tuple[str, int], Row], files: Sequence[Path]) -> None:
    """LayoutError where the countries of a year do not add up to the world."""
    sums: dict[int, float] = defaultdict(float)
    for (name, year), row in counted.items():
        if name not in REGIONS | {WORLD}:
            sums[year] += row.number(COUNT)
    for year in YEARS:
        world = counted.get((WORLD, year))
        if world is None:
            raise LayoutError(f"no row {WORLD!r} for {year}", file=files[0], remedy="Give the table of all countries")
        if world.number(COUNT) != sums[year]:
            problem = f"{world.number(COUNT):g} attacks in the world in {year}, {sums[year]:g} in all countries"
            raise world.fault(problem, COUNT, "A missing row can then not be taken for none")
