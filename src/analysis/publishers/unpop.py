"""UN Population Division, World Population Prospects: population, and persons under 25, by revision.

Two files are read. The workbook of probabilistic projections (PPP/POPTOT) gives the median of the total
population of every country and region on 1 July, in thousands. A CSV holds Africa and the World in several
revisions, told apart by `vintage`, of which `edition` chooses one: figures of the 2019 revision and before are
of 1 July, those taken from the packages of the 2022 revision and later are of 31 December and make a series
of their own. Both files may be given together, where they are of one revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis import areas
from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.cells import Figure, area_at, collect, text, unavailable, year_of
from analysis.publishers.grid import Sheet, number, read_workbook
from analysis.publishers.table import Row, rows

UNIT = "persons"
MID_YEAR, YEAR_END, YOUNG = "unpop.population", "unpop.population_year_end", "unpop.population_under_25"
# The columns africa_share_world and under25_share repeat what these say.
COLUMNS = ("vintage", "area", "year", "population", "under25", "unit")
VINTAGE = re.compile(r"WPP(\d{4}) medium \((?:via OWID|(PPgp)/wpp\1)\)")
PACKAGES_AT_YEAR_END = 2022  # the first revision whose package dates population to the end of the year
# The last year that each revision estimates; what follows is projected.
ESTIMATED_TO = {2015: 2015, 2017: 2015, 2019: 2020, 2022: 2021, 2024: 2023}
TABLE = re.compile(
    r"File PPP/POPTOT: Probabilistic projection of total population \(both sexes combined\).*\(thousands\)"
)
MEDIAN = re.compile(r"Median \(50 percent\) prediction interval\b.*")
REVISION = re.compile(r"POP/DB/WPP/Rev\.(\d{4})/PPP/POPTOT")
DATED = re.compile(r"Total population, both sexes combined, as of 1 July \(thousands\)")
NAME, ISO3, TYPE = "Region, subregion, country or area *", "ISO3 Alpha-code", "Type"
COUNTRY, SEPARATOR = "Country/Area", "Label/Separator"


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """The observations of one revision; `edition` is the beginning of a vintage of the CSV, such as WPP2019.

    What comes from the CSV is partial. ClaimbookError, with the editions there are, where `edition` names none
    or several. LayoutError at anything that is not understood, and where the files are of two revisions.
    """
    paths = [Path(file) for file in files]
    tables = [path for path in paths if path.suffix.lower() == ".csv"]
    if not paths:
        raise ClaimbookError("unpop: no file is named")
    if edition is not None and not tables:
        raise ClaimbookError("a workbook of projections holds one edition: leave the edition out")
    revisions: dict[int, Sheet] = {}
    listed = [figure for path in tables for figure in _chosen(rows(path, *COLUMNS), edition, revisions)]
    whole = [figure for path in paths if path not in tables for figure in _median(read_workbook(path), revisions)]
    if len(revisions) > 1:
        raise [*revisions.values()][-1].fault(f"files of several revisions: {', '.join(map(str, revisions))}")
    complete = {figure.series for figure in whole}
    partial = tuple(Partial(name) for name in sorted({figure.series for figure in listed} - complete))
    return Parsed(collect([*listed, *whole]), partial)


def _known(revision: int, sheet: Sheet, row: int, column: int, revisions: dict[int, Sheet]) -> None:
    """Keeps the revision. LayoutError where it is not known until which year it estimates."""
    if revision not in ESTIMATED_TO:
        remedy = "Say in ESTIMATED_TO until which year it estimates"
        raise sheet.fault(f"the revision of {revision} is not known", row, column, remedy)
    revisions.setdefault(revision, sheet)


def _figure(name: str, area: str, revision: int, year: int, thousands: float, place: tuple) -> Figure:
    # A year that had not come is projected, even if the revision counts it among its estimates.
    flag = "projection" if year > ESTIMATED_TO[revision] or year >= revision else ""
    return Figure(name, area, year, float(round(1000 * thousands)), UNIT, flag, *place)


# The CSV of Africa and the World


def _chosen(table: list[Row], edition: str | None, revisions: dict[int, Sheet]) -> Iterator[Figure]:
    """The figures of one vintage."""
    vintages = list(dict.fromkeys(row["vintage"] for row in table))
    chosen = [vintage for vintage in vintages if vintage.startswith(edition or "")]
    if len(chosen) != 1:
        raise ClaimbookError(f"unpop: name one edition; there are: {'; '.join(map(repr, vintages))}")
    told = VINTAGE.fullmatch(chosen[0])
    for row in table:
        if row["vintage"] != chosen[0]:
            continue
        if told is None:
            raise row.fault(f"vintage {chosen[0]!r} is not understood", "vintage")
        revision = int(told[1])
        _known(revision, row.sheet, row.at, row.columns["vintage"], revisions)
        if row["unit"] != UNIT:
            raise row.fault(f"the unit is {row['unit']!r}, not {UNIT!r}", "unit")
        all_ages = YEAR_END if told[2] and revision >= PACKAGES_AT_YEAR_END else MID_YEAR
        for column, name in (("population", all_ages), ("under25", YOUNG)):
            if column == "population" or row[column]:
                place = (row.sheet, row.at, row.columns[column])
                area, persons = row.area("area", "unpop"), row.number(column)
                yield _figure(name, area, revision, row.year("year"), persons / 1000, place)


# The workbook of every country


def _median(sheets: Sequence[Sheet], revisions: dict[int, Sheet]) -> Iterator[Figure]:
    """The figures of the sheet of medians; the sheets of the intervals beside it are not used."""
    sheet = next((sheet for sheet in sheets if _line(sheet, TABLE) and _line(sheet, MEDIAN)), None)
    if sheet is None:
        remedy = "Give the workbook of the total population, both sexes combined"
        raise sheets[0].fault("no sheet of the median of PPP/POPTOT, in thousands", remedy=remedy)
    revision, dated = _line(sheet, REVISION), _line(sheet, DATED)
    head = next((row for row, line in enumerate(sheet.rows) if {NAME, ISO3, TYPE} <= set(map(text, line))), None)
    if revision is None or dated is None or head is None:
        raise sheet.fault("no revision, no line that dates the figures to 1 July, or no header")
    _known(int(revision[2][1]), sheet, *revision[:2], revisions)
    words = [text(cell) for cell in sheet.rows[head]]
    years = {column: year for column, word in enumerate(words) if (year := year_of(word))}
    if not years or len(set(years.values())) != len(years):
        raise sheet.fault("no years in the header, or one twice", head)
    for row in range(head + 1, len(sheet.rows)):
        kind = text(sheet.cell(row, words.index(TYPE)))
        if not kind and not any(map(text, sheet.rows[row])):
            continue
        area = _area(sheet, row, words, kind)
        for column, year in years.items():
            value = number(sheet.cell(row, column))
            if value is None and not (kind == SEPARATOR and unavailable(sheet.cell(row, column))):
                raise sheet.fault(f"{text(sheet.cell(row, column))!r} is not a number of persons", row, column)
            if value is not None:
                yield _figure(MID_YEAR, area, int(revision[2][1]), year, value, (sheet, row, column))


def _line(sheet: Sheet, words: re.Pattern) -> tuple[int, int, re.Match] | None:
    """The first cell that says just this."""
    for row, line in enumerate(sheet.rows):
        for column, cell in enumerate(line):
            if isinstance(cell, str) and (found := words.fullmatch(text(cell))):
                return row, column, found
    return None


def _area(sheet: Sheet, row: int, words: list[str], kind: str) -> str:
    """A country by its code, a region by its name; a heading has no figures, and no code either."""
    code = text(sheet.cell(row, words.index(ISO3)))
    if kind == SEPARATOR:
        return ""
    if kind != COUNTRY:
        if code:
            raise sheet.fault(f"a {kind!r} with a country's code", row, words.index(ISO3))
        name = text(sheet.cell(row, words.index(NAME)))
        apart = f"{name} ({kind.casefold()})"  # a region that is called as a country is
        found = area_at(sheet, row, words.index(NAME), "unpop", apart if areas.find(apart, "unpop") else name)
        if areas.area(found).kind != "group":
            raise sheet.fault(f"a {kind!r} that goes by the name of a country, {name!r}", row, words.index(NAME))
        return found
    if code not in areas.rankable():
        raise sheet.fault(f"unknown country {code!r}", row, words.index(ISO3), "Declare it in data/areas/unpop.yaml")
    return code
