"""World Bank, World Development Indicators: one value per indicator, economy and year.

Two layouts are read, told by their first words:

* the long one, ``Country Name, Country Code, Year, Value``, one indicator a file, which is told by the
  ``datapackage.json`` beside the file, by its folder or by its name; undated. A whole archive of such
  files (.tar.*, .zip) is read in place, and of it only what data/series/worldbank.yaml declares;
* the Bank's own ``API_*.csv`` download: ``Data Source``, ``Last Updated Date``, then a column a year.

An indicator's id is ``worldbank.`` and the Bank's code in capitals. An empty cell means that there is
no figure. Aggregates keep the Bank's codes (data/areas/worldbank.yaml).
"""

from __future__ import annotations

import bz2
import csv
import datetime as dt
import gzip
import io
import json
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from analysis import areas, observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.publishers import Parsed, Partial
from analysis.publishers.grid import Sheet, read_csv
from analysis.series import Series, register

PUBLISHER = "worldbank"
DECLARE = "Declare it in data/series/worldbank.yaml"
ARCHIVES = (".tar.xz", ".tar.gz", ".tgz", ".tar.bz2", ".tar", ".zip")
COMPRESSED = {".xz": lzma.open, ".gz": gzip.open, ".tgz": gzip.open, ".bz2": bz2.open}
MAX_MEMBERS, MAX_MEMBER, MAX_TOTAL = 20_000, 64_000_000, 2_000_000_000
MISSING = ("", "..", "...")
CODE = re.compile(r"[A-Za-z0-9]{2,}(\.[A-Za-z0-9]+)+")
YEAR = re.compile(r"((?:18|19|20)\d{2})(?: \[YR\1\])?")
SEPARATED = r"-?\d{1,3}(,\d{3})+(\.\d+)?"
# The Bank lists 217 economies. A file with fewer than this was cut to some of them and ranks nobody.
FULL_LIST = 100

# How the Bank's titles say the unit. A title that says none of these is taken at the declared unit.
UNITS = (
    (r"\bcurrent US\$", "current USD"),
    (r"\bconstant (\d{4}) US\$", r"constant \1 USD"),
    (r"\bcurrent (?:international|PPP) \$", "current international dollars"),
    (r"\bconstant (\d{4}) (?:international|PPP) \$", r"constant \1 international dollars"),
    (r"\(annual %\)", "% a year"),
    (r"\((\w+ CO2e)\)", r"\1"),
    (r"\(% of total\)", "% of total population"),
    (r"\(% (?:of )?([^()]+)\)", r"% of \1"),
)


@dataclass(frozen=True)
class Table:
    """The cells of one indicator in one file.

    `cells` has the columns country, name, year, value (text as printed), row and column (counted from 0).
    `updated` is the day on which the Bank says that it brought the figures up to date.
    """

    sheet: Sheet
    indicator: str
    title: str | None
    cells: pd.DataFrame
    updated: str | None = None


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """Observations of the declared indicators in `files`, which must be of one release.

    `released` is the download's own Last Updated Date, None for the long layout. LayoutError on an
    undeclared indicator in a file that was named itself; in an archive such indicators are left out
    and counted in the notes. ClaimbookError where an edition is asked for: a file holds only one.
    """
    if edition is not None:
        raise ClaimbookError("a World Bank file holds one edition: leave the edition out")
    if not files:
        raise ClaimbookError("no World Bank file to parse")
    tables: list[Table] = []
    notes: list[str] = []
    for path in map(Path, files):
        if path.name.lower().endswith(ARCHIVES):
            found, note = _archive(path)
            tables += found
            notes.append(note)
        else:
            tables += _file(path, notes)
    for table in tables:
        if table.updated != tables[0].updated:
            raise table.sheet.fault(
                f"last updated {table.updated or 'on an unstated day'}, but {tables[0].sheet.file.name} "
                f"{tables[0].updated or 'on an unstated day'}",
                remedy="Parse files of one release at a time",
            )
    frame = pd.concat([_observe(number, table) for number, table in enumerate(tables)], ignore_index=True)
    frame = _once(frame, tables)
    rows = list(frame[observations.COLUMNS].itertuples(index=False, name=None))
    return Parsed(observations.make(rows), _partial(tables), tables[0].updated, tuple(notes))


def _declared() -> dict[str, Series]:
    """The declared series by the Bank's code."""
    return {series.code: series for series in register().values() if series.publisher == PUBLISHER}


# Files


def _file(path: Path, notes: list[str]) -> list[Table]:
    """The tables of a single CSV file."""
    sheet = read_csv(path)
    if _text(sheet.cell(0, 0)) == "Data Source":
        tables = _wide(sheet)
    else:
        indicator, title = _identity(path, sheet)
        sheet.title = indicator  # all files of this layout have the same name
        tables = [_long(sheet, indicator, title, notes)]
    declared = _declared()
    for table in tables:
        if table.indicator not in declared:
            raise table.sheet.fault(
                f"indicator {table.indicator} ({table.title or 'no title'}) is not declared",
                remedy=f"{DECLARE} or leave the file out",
            )
    return tables


def _identity(path: Path, sheet: Sheet) -> tuple[str, str | None]:
    """The indicator of a long file and its title, from the data package beside it, its folder or its name."""
    package, beside = {}, path.parent / "datapackage.json"
    if beside.is_file():
        package = _package(beside.read_bytes(), beside)
        resources = package.get("resources") or [{}]
        if path.name not in {resource.get("path") for resource in resources}:
            package = {}  # describes other files
    stated = (package.get("worldbank") or {}).get("indicator") or package.get("name")
    placed = next((name for name in (path.parent.name, path.stem) if CODE.fullmatch(name)), None)
    if stated and placed and stated.upper() != placed.upper():
        raise sheet.fault(
            f"datapackage.json says {stated}, but the file stands as {placed}",
            remedy="Put the file beside its own datapackage.json",
        )
    if not (stated or placed):
        raise sheet.fault(
            "nothing says which indicator this is",
            remedy="Put it beside its datapackage.json or in a folder named by the indicator's code",
        )
    return (stated or placed).upper(), package.get("title")


def _package(content: bytes, path: Path) -> dict:
    try:
        package = json.loads(content)
    except ValueError as error:
        raise LayoutError(f"not readable as JSON ({error})", file=path) from None
    if not isinstance(package, dict):
        raise LayoutError("not a data package", file=path)
    return package


def _archive(path: Path) -> tuple[list[Table], str]:
    """The tables of the declared indicators in an archive, and a note on those left out."""
    declared = _declared()
    found: dict[str, dict[str, bytes]] = {}
    seen: set[str] = set()
    for name, content in _members(path, lambda name: name.parent.name.upper() in declared):
        if name.name == "data.csv":
            seen.add(name.parent.name.upper())
        if content is not None:
            found.setdefault(str(name.parent), {})[name.name] = content
    tables = []
    for folder, content in found.items():
        indicator = PurePosixPath(folder).name.upper()
        if "data.csv" not in content:
            continue
        sheet = Sheet(path, f"{folder}/data.csv", [])
        try:
            sheet.rows = list(csv.reader(io.StringIO(content["data.csv"].decode("utf-8-sig"))))
        except (UnicodeDecodeError, csv.Error) as error:
            raise sheet.fault(f"not readable as UTF-8 CSV ({error})") from None
        package = _package(content.get("datapackage.json", b"{}"), Path(folder) / "datapackage.json")
        tables.append(_long(sheet, indicator, package.get("title"), []))
    if not tables:
        raise LayoutError("no <indicator>/data.csv of a declared indicator in this archive", file=path, remedy=DECLARE)
    note = (
        f"{path.name}: took {len(tables)} of {len(seen)} indicators; "
        f"{len(seen - set(declared))} are not declared in data/series/worldbank.yaml"
    )
    return tables, note


def _members(path: Path, wanted: Callable[[PurePosixPath], bool]) -> Iterator[tuple[PurePosixPath, bytes | None]]:
    """The data.csv and datapackage.json of an archive, with their content where wanted.

    Nothing is unpacked to disk, names serve as labels only, and sizes are bounded.
    """
    if not path.is_file():
        raise LayoutError("no such file", file=path)
    total = 0
    try:
        for count, (label, size, read) in enumerate(_entries(path), 1):
            total += size
            if count > MAX_MEMBERS or size > MAX_MEMBER or total > MAX_TOTAL:
                raise LayoutError(
                    f"unreasonably large archive at {label!r}", file=path, remedy="Name its CSV files instead"
                )
            name = PurePosixPath(label)
            if name.name in ("data.csv", "datapackage.json"):
                yield name, read() if wanted(name) else None
    except (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, OSError) as error:
        raise LayoutError(f"not a readable archive ({error})", file=path) from None


def _entries(path: Path) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    """Name, size and reader of each regular file in an archive."""
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as book:
            for entry in book.infolist():
                if not entry.is_dir():
                    yield entry.filename, entry.file_size, lambda entry=entry: book.read(entry)
    else:
        # Python's own reader of compressed tar streams takes a cut-off file for a complete one; these do not.
        opener = COMPRESSED.get(path.suffix.lower(), open)
        with opener(path, "rb") as stream, tarfile.open(fileobj=stream, mode="r|") as book:
            for member in book:
                if member.isreg():
                    yield member.name, member.size, lambda member=member: book.extractfile(member).read()


# Layouts


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _header(sheet: Sheet, row: int, names: Sequence[str]) -> dict[str, int]:
    """The column of each of `names` in a header row."""
    heads = [_text(cell) for cell in sheet.rows[row]] if row < len(sheet.rows) else []
    missing = [name for name in names if name not in heads]
    if missing:
        raise sheet.fault(
            f"no column {missing[0]!r} among {heads}",
            row,
            remedy="Known layouts: Country Name, Country Code, Year, Value; and the Bank's API_*.csv",
        )
    return {name: heads.index(name) for name in names}


def _long(sheet: Sheet, indicator: str, title: str | None, notes: list[str]) -> Table:
    """The table of a file with a row per economy and year."""
    names = ("Country Name", "Country Code", "Year", "Value")
    place = _header(sheet, 0, names)
    others = [head for head in map(_text, sheet.rows[0]) if head and head not in names]
    if others:
        notes.append(f"{indicator}: columns not used: {', '.join(others)}")
    where = [place[name] for name in names]
    cells = [
        (*(_text(line[column]) if column < len(line) else "" for column in where), row)
        for row, line in enumerate(sheet.rows)
        if row > 0 and any(line)
    ]
    frame = pd.DataFrame(cells, columns=["name", "country", "year", "value", "row"])
    frame["column"] = place["Value"]
    bad = frame[~frame["year"].str.fullmatch(r"(?:18|19|20)\d{2}")]
    if len(bad):
        first = bad.iloc[0]
        raise sheet.fault(f"year {first['year']!r} is not understood", first["row"], place["Year"])
    return Table(sheet, indicator, title, frame)


def _wide(sheet: Sheet) -> list[Table]:
    """The tables, mostly one, of a download with a column per year."""
    head = next((n for n, line in enumerate(sheet.rows) if line and _text(line[0]) == "Country Name"), 0)
    place = _header(sheet, head, ("Country Name", "Country Code", "Indicator Name", "Indicator Code"))
    updated = _updated(sheet, head)
    years: dict[int, str] = {}
    for column, cell in enumerate(sheet.rows[head]):
        text = _text(cell)
        if match := YEAR.fullmatch(text):
            years[column] = match[1]
        elif text and text not in place:
            raise sheet.fault(f"column {text!r} is neither a year nor known", head, column)
    cells, titles = [], {}
    for row, line in enumerate(sheet.rows[head + 1 :], head + 1):
        if not any(_text(cell) for cell in line):
            continue
        name, country, title, indicator = (_text(sheet.cell(row, column)) for column in place.values())
        if not CODE.fullmatch(indicator):
            raise sheet.fault(f"indicator code {indicator!r} is not understood", row, place["Indicator Code"])
        if titles.setdefault(indicator.upper(), title) != title:
            raise sheet.fault(f"a second title of {indicator}: {title!r}", row, place["Indicator Name"])
        for column, cell in enumerate(line):
            if column in years:
                cells.append((indicator.upper(), name, country, years[column], _text(cell), row, column))
            elif _text(cell) and column not in place.values():
                raise sheet.fault(f"value {_text(cell)!r} stands under no year", row, column)
    frame = pd.DataFrame(cells, columns=["indicator", "name", "country", "year", "value", "row", "column"])
    if frame.empty:
        raise sheet.fault("no figures", head)
    return [
        Table(sheet, indicator, titles[indicator], part.drop(columns="indicator"), updated)
        for indicator, part in frame.groupby("indicator", sort=False)
    ]


def _updated(sheet: Sheet, head: int) -> str:
    """The Last Updated Date above the header of a download."""
    for row, line in enumerate(sheet.rows[:head]):
        if line and _text(line[0]) == "Last Updated Date":
            try:
                return dt.date.fromisoformat(_text(sheet.cell(row, 1))).isoformat()
            except ValueError:
                raise sheet.fault(f"date {sheet.cell(row, 1)!r} is not understood", row, 1) from None
    raise sheet.fault("no Last Updated Date above the header", head)


# Observations


def _observe(number: int, table: Table) -> pd.DataFrame:
    """Observations of a table, with `table` (its number), row and column of each for later faults."""
    series = _declared()[table.indicator]
    cells = table.cells
    frame = cells[~cells["value"].isin(MISSING)].copy()
    frame["value"] = _numbers(table, frame, series)
    frame["period"] = frame["year"].astype("int64")
    frame["reporter"] = frame["country"].map(_codes(table))
    frame["series"], frame["unit"] = series.id, _unit(table, series)
    frame["partner"], frame["flag"], frame["table"] = "", "", number
    return frame[[*observations.COLUMNS, "table", "row", "column"]]


def _codes(table: Table) -> dict[str, str]:
    """Our code of each country code in a table."""
    codes = {}
    for country, first in table.cells.drop_duplicates("country").set_index("country").iterrows():
        code = country if country in areas.areas() else areas.find(country, PUBLISHER)
        if not country or code is None:
            raise table.sheet.fault(
                f"country code {country!r} ({first['name']}) is not known",
                first["row"],
                remedy="Declare it in data/areas/worldbank.yaml",
            )
        codes[country] = code
    return codes


def _numbers(table: Table, frame: pd.DataFrame, series: Series) -> pd.Series:
    """The values of cells that are not empty, as numbers within what the series allows."""
    text = frame["value"]
    separated = text.str.fullmatch(SEPARATED)
    if separated.any():
        text = text.where(~separated, text.str.replace(",", ""))
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        first = frame[wrong].iloc[0]
        raise table.sheet.fault(f"value {first['value']!r} is not a number", first["row"], first["column"])
    for bound, beyond in ((series.minimum, numbers.lt), (series.maximum, numbers.gt)):
        if bound is not None and beyond(bound).any():
            first = frame[beyond(bound)].iloc[0]
            raise table.sheet.fault(
                f"value {first['value']} of {first['country']} {first['year']} is beyond {bound:g}, "
                f"which {series.id} cannot be",
                first["row"],
                first["column"],
                remedy="Correct the file, or the limit in data/series/worldbank.yaml",
            )
    return numbers


def _unit(table: Table, series: Series) -> str:
    """The unit that the Bank's title states, the declared one where it states none."""
    stated = None
    for pattern, unit in UNITS:
        if table.title and (match := re.search(pattern, table.title)):
            stated = match.expand(unit)
            break
    if stated is None and "{base_year}" in series.unit:
        raise table.sheet.fault(
            f"no base year in the title {table.title!r} of {table.indicator}",
            remedy="Put the file beside its datapackage.json, whose title states the base year",
        )
    if stated is not None and not series.unit_matches(stated):
        raise table.sheet.fault(
            f"{table.indicator} is in {stated!r} ({table.title}), but declared in {series.unit!r}",
            remedy="A changed unit is another series: see data/series/worldbank.yaml",
        )
    return stated or series.unit


def _once(frame: pd.DataFrame, tables: list[Table]) -> pd.DataFrame:
    """One row per key. The same figure twice is one; two figures for one key are a fault."""
    frame = frame.drop_duplicates([*observations.KEY, "value", "unit"])
    again = frame[frame.duplicated(observations.KEY)]
    if len(again):
        second = again.iloc[0]
        same = (frame[observations.KEY] == second[observations.KEY]).all(axis=1)
        first = frame[same].iloc[0]
        raise tables[second["table"]].sheet.fault(
            f"{second['series']} of {second['reporter']} in {second['period']} is {second['value']} here, but "
            f"{first['value']} in {tables[first['table']].sheet.file.name}, row {first['row'] + 1}",
            second["row"],
            second["column"],
            remedy="Parse one release at a time",
        )
    return frame


def _partial(tables: list[Table]) -> tuple[Partial, ...]:
    """The series of which too few economies are listed for a ranking."""
    listed: dict[str, set[str]] = {}
    for table in tables:
        codes = {code for code in _codes(table).values() if code in areas.rankable()}
        listed.setdefault(_declared()[table.indicator].id, set()).update(codes)
    return tuple(Partial(series) for series, codes in listed.items() if len(codes) < FULL_LIST)
