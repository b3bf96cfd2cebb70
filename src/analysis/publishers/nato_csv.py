"""NATO's figures as CSV copies: one table a file, or one row a figure.

Which table a wide file holds is told by its name only, so the names are declared here. Four forms::

    country,2014,...,2025e                                one table, a row an ally
    geo,2014,...,2026e                                    the same with Eurostat's two-letter codes
    measure,2014,...,2026e                                one ally, named by the file, a row a measure
    edition,table,metric,unit,country,iso3,year,value,estimate_flag    one row a figure

and the long form country,year,value, which marks no estimates and is read beside wide tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import iso3166

from analysis import areas
from analysis.errors import ClaimbookError
from analysis.publishers import Partial
from analysis.publishers import nato_measures as measures
from analysis.publishers.cells import Figure, text, unavailable
from analysis.publishers.grid import Sheet, number, read_csv
from analysis.publishers.nato_measures import Measure
from analysis.publishers.nato_workbook import year

# The name of a file (without .csv) and the series it holds. The editions since 2026 are on the core basis.
_TABLES = {
    r"shareofgdp": "defence_expenditure_share_gdp",
    r"realchange": "defence_expenditure_real_change",
    r"militarypersonn?elinthousands": "military_personnel",
    r"portionofexpenditure_equipment": "equipment_share",
    r"portionofexpenditure_infrastructure": "infrastructure_share",
    r"portionofexpenditure_other": "other_share",
    r"portionofexpenditure_personn?el": "personnel_share",
    r"def-exp-\d{4}_core_share_gdp": "core_expenditure_share_gdp",
    r"def-exp-\d{4}_core_usd_(?P<base>\d{4})_m": "core_expenditure_usd_constant",
    r"def-exp-(202[6-9]|20[3-9]\d)_equipment_share_pct": "core_equipment_share",
}
# The measures of a file about one ally, "def-exp-2026_belgium_other".
_ONE_ALLY = re.compile(r"def-exp-(202[6-9]|20[3-9]\d)_(?P<ally>[a-z-]+)_other")
_MEASURES = {
    r"core_nat_currency_current_m": "core_expenditure_ncu_current",
    r"core_nat_currency_(?P<base>\d{4})_m": "core_expenditure_ncu_constant",
    r"core_usd_current_m": "core_expenditure_usd_current",
    r"core_per_capita_(?P<base>\d{4})_usd": "core_expenditure_per_capita_usd_constant",
    r"gdp_per_capita_(?P<base>\d{4})_kusd": "gdp_per_capita_usd_constant",
    r"other_share_pct": "core_other_share",
}
# The metric and unit of a file with one row a figure: the series and the factor to its unit.
_PRICES = r"constant (?P<base>\d{4}) prices and exchange rates"
_METRICS = {
    ("defence_exp_usd_current", r"million USD, current prices and exchange rates"): "defence_expenditure_usd_current",
    ("defence_exp_usd_constant", rf"million USD, {_PRICES}"): "defence_expenditure_usd_constant",
    ("defence_exp_share_gdp", r"% of real GDP"): "defence_expenditure_share_gdp",
    ("defence_exp_real_change", r"% change on previous year, real"): "defence_expenditure_real_change",
    ("defence_exp_per_capita", rf"USD, {_PRICES}"): "defence_expenditure_per_capita_usd_constant",
    ("gdp_usd_constant", rf"billion USD, {_PRICES}"): "gdp_usd_constant",
    ("gdp_per_capita", rf"thousand USD, {_PRICES}"): "gdp_per_capita_usd_constant",
    ("military_personnel", r"thousands"): "military_personnel",
    **{(f"{category}_share", r"% of defence expenditure"): f"{category}_share" for category in measures.CATEGORIES},
}
_ROW_COLUMNS = {"edition", "metric", "unit", "country", "iso3", "year", "value", "estimate_flag"}
_ROW_IGNORED = {"table", "source"}  # where the figure was had; says nothing of the figure

# The long form: its third column, the table it is checked against, and its series and base year if it has
# one of its own. It prints no unit; that it holds constant prices shows in its growth.
_LONG = {
    "expenditure": ("defence_expenditure_real_change", "defence_expenditure_usd_constant", 2021),
    "percentage": ("defence_expenditure_share_gdp", None, None),
}
_LONG_TOLERANCE = 1e-6

_RENAME = "Which table a file holds is told by its name; give it one of the names in publishers/nato_csv.py"


def open_csv(path: Path) -> Sheet:
    """A CSV file without its comment lines, which begin with #; rows keep their places."""
    sheet = read_csv(path)
    sheet.rows = [[] if row and row[0].startswith("#") else row for row in sheet.rows]
    return sheet


def is_long(sheet: Sheet) -> bool:
    """Whether a file is of the long form country,year,value. LayoutError where it is empty."""
    names = _names(sheet)
    return len(names) == 3 and names.keys() > {"country", "year"}


def read(sheet: Sheet, edition: str | None = None) -> tuple[list[Figure], list[Partial]]:
    """The figures of a file, any form but the long one, and which of its series list one ally only.

    `edition` chooses where a file of rows holds several. LayoutError names the cell of anything that is not
    understood.
    """
    names = _names(sheet)
    if names.keys() >= _ROW_COLUMNS:
        return _read_rows(sheet, names, edition), []
    if edition is not None:
        raise ClaimbookError(f"{sheet.file.name} holds one edition; leave out edition {edition!r}")
    label = next((name for name in ("country", "geo", "measure") if name in names), None)
    if label is None:
        raise sheet.fault("no column is named country, geo or measure", _top(sheet), 0)
    years = _years(sheet, label)
    if label == "measure":
        return _read_one_ally(sheet, years)
    measure = _declared(_TABLES, sheet.file.stem)
    if measure is None:
        raise sheet.fault(f"the name {sheet.file.stem!r} is not known", remedy=_RENAME)
    figures = []
    for row, name in _labels(sheet, label):
        reporter = _geo(name) if label == "geo" else areas.find(name, "nato")
        figures += _row(sheet, row, years, measure, _known(sheet, row, names[label], name, reporter))
    return figures, []


def read_long(sheet: Sheet, beside: Sequence[Figure]) -> list[Figure]:
    """The figures of a file of the long form, checked against the tables of the same edition `beside` it.

    A share has to equal the table of shares, and growth the table of real change; both within 1e-6. The
    shares are that table over again and yield nothing new; estimates are those that the table marks.
    LayoutError where they do not agree, or where the table to check against is not given.
    """
    names = _names(sheet)
    kind = next(iter(names.keys() - {"country", "year"}))
    if kind not in _LONG:
        raise sheet.fault(f"the header {kind!r} is not known", _top(sheet), names[kind], f"Known: {', '.join(_LONG)}")
    table, name, base_year = _LONG[kind]
    told = {(f.reporter, f.period): f for f in beside if f.series == f"nato.{table}"}
    if not told:
        raise sheet.fault(
            f"there is no table of {table} to check the file against",
            remedy="Give the other tables of the same edition with it",
        )
    found: dict[tuple[str, int], tuple[int, float]] = {}
    for row, country in _labels(sheet, "country"):
        reporter = _known(sheet, row, names["country"], country, areas.find(country, "nato"))
        period = year(sheet.cell(row, names["year"]))
        if period is None:
            raise sheet.fault(f"{sheet.cell(row, names['year'])!r} is not a year", row, names["year"])
        value = _value(sheet, row, names[kind])
        if value is not None:
            found[reporter, period[0]] = row, value
    for (reporter, period), (row, value) in found.items():
        before = found.get((reporter, period - 1), (0, 0.0))[1]
        if name is not None and not before:
            continue  # no year before it, so no growth to check
        checked = value if name is None else (value / before - 1) * 100
        if (reporter, period) not in told or abs(checked - told[reporter, period].value) > _LONG_TOLERANCE:
            raise sheet.fault(
                f"{reporter} in {period} does not agree with the table of {table}",
                row,
                names[kind],
                "Give the tables of the same edition",
            )
    if name is None:
        return []
    estimates = {period for (_, period), figure in told.items() if figure.flag == "estimate"}
    unit = measures.unit(name, base_year)
    return [
        Figure(
            f"nato.{name}",
            reporter,
            period,
            value,
            unit,
            "estimate" if period in estimates else "",
            sheet,
            row,
            names[kind],
        )
        for (reporter, period), (row, value) in found.items()
    ]


def _read_rows(sheet: Sheet, names: dict[str, int], edition: str | None) -> list[Figure]:
    for name, column in names.items():
        if name not in _ROW_COLUMNS | _ROW_IGNORED:
            raise sheet.fault(f"the column {name!r} is not known", _top(sheet), column)
    editions = sorted({said for _, said in _labels(sheet, "edition")})
    if edition is None and len(editions) > 1:
        raise sheet.fault(f"holds several editions: {', '.join(editions)}", remedy="Choose one by edition")
    if edition is not None and edition not in editions:
        raise ClaimbookError(f"{sheet.file.name} holds no edition {edition!r}; it has {', '.join(editions)}")
    figures = []
    for row, of in _labels(sheet, "edition"):
        if edition is not None and of != edition:
            continue
        said = {name: text(sheet.cell(row, column)) for name, column in names.items()}
        found = areas.find(said["country"], "nato")
        reporter = _known(sheet, row, names["country"], said["country"], found)
        if reporter != said["iso3"]:
            raise sheet.fault(
                f"{said['country']!r} is {reporter}, not {said['iso3']!r}", row, names["iso3"], "Put the code right"
            )
        measure = _metric(said["metric"], said["unit"])
        if measure is None:
            raise sheet.fault(
                f"metric {said['metric']!r} in unit {said['unit']!r} is not known",
                row,
                names["metric"],
                "Declare it in publishers/nato_csv.py",
            )
        period = year(said["year"])
        if period is None:
            raise sheet.fault(f"{said['year']!r} is not a year", row, names["year"])
        if said["estimate_flag"] not in {"", "e"}:
            raise sheet.fault(f"the flag {said['estimate_flag']!r} is not known", row, names["estimate_flag"])
        estimate = bool(said["estimate_flag"]) or period[1]
        figures += _row(sheet, row, {names["value"]: (period[0], estimate)}, measure, reporter)
    return figures


def _read_one_ally(sheet: Sheet, years: dict[int, tuple[int, bool]]) -> tuple[list[Figure], list[Partial]]:
    named = _ONE_ALLY.fullmatch(sheet.file.stem)
    reporter = areas.find(named["ally"].replace("-", " "), "nato") if named else None
    if reporter is None:
        raise sheet.fault(f"the name {sheet.file.stem!r} names no known ally", remedy=_RENAME)
    figures = []
    for row, name in _labels(sheet, "measure"):
        measure = _declared(_MEASURES, name)
        if measure is None:
            raise sheet.fault(
                f"the measure {name!r} is not known",
                row,
                _names(sheet)["measure"],
                "Declare it in publishers/nato_csv.py",
            )
        figures += _row(sheet, row, years, measure, reporter)
    return figures, [Partial(series) for series in sorted({figure.series for figure in figures})]


def _top(sheet: Sheet) -> int:
    """The row of the header: the first that is not blank."""
    top = next((row for row, cells in enumerate(sheet.rows) if any(map(text, cells))), None)
    if top is None:
        raise sheet.fault("the file is empty")
    return top


def _names(sheet: Sheet) -> dict[str, int]:
    """The columns by their names."""
    top = _top(sheet)
    names: dict[str, int] = {}
    for column, cell in enumerate(sheet.rows[top]):
        name = text(cell).casefold()
        if not name or name in names:
            raise sheet.fault(f"the header {name!r} is empty or stands twice", top, column)
        names[name] = column
    return names


def _years(sheet: Sheet, label: str) -> dict[int, tuple[int, bool]]:
    years: dict[int, tuple[int, bool]] = {}
    for name, column in _names(sheet).items():
        if name == label:
            continue
        found = year(name)
        if found is None or found[0] in {known for known, _ in years.values()}:
            raise sheet.fault(f"the header {name!r} is not a year, or a year told twice", _top(sheet), column)
        years[column] = found
    return years


def _labels(sheet: Sheet, label: str) -> list[tuple[int, str]]:
    """The rows below the header that are not blank, with what their label says."""
    top, names = _top(sheet), _names(sheet)
    labels = []
    for row in range(top + 1, len(sheet.rows)):
        filled = [column for column, cell in enumerate(sheet.rows[row]) if text(cell)]
        if filled and filled[-1] >= len(names):
            raise sheet.fault("a cell stands beyond the columns of the header", row, filled[-1])
        if filled:
            labels.append((row, text(sheet.cell(row, names[label]))))
    return labels


def _known(sheet: Sheet, row: int, column: int, name: str, reporter: str | None) -> str:
    if reporter is None:
        raise sheet.fault(f"unknown country or group {name!r}", row, column, "Add its spelling to data/areas/nato.yaml")
    return reporter


def _row(sheet: Sheet, row: int, years: dict[int, tuple[int, bool]], measure: Measure, reporter: str) -> list[Figure]:
    return [
        Figure(
            f"nato.{measure.name}",
            reporter,
            period,
            value * measure.factor,
            measure.unit,
            "estimate" if estimate else "",
            sheet,
            row,
            column,
        )
        for column, (period, estimate) in years.items()
        if (value := _value(sheet, row, column)) is not None
    ]


def _value(sheet: Sheet, row: int, column: int) -> float | None:
    cell = sheet.cell(row, column)
    if unavailable(cell):
        return None
    found = 0.0 if text(cell) == "-" else number(cell)
    if found is None:
        raise sheet.fault(f"{cell!r} is neither a figure nor a known mark", row, column)
    return found


def _declared(names: dict[str, str], said: str) -> Measure | None:
    for pattern, name in names.items():
        if match := re.fullmatch(pattern, said):
            base = match.groupdict().get("base")
            return Measure(name, measures.unit(name, int(base) if base else None))
    return None


def _metric(metric: str, unit: str) -> Measure | None:
    for (known, pattern), name in _METRICS.items():
        if metric == known and (match := re.fullmatch(pattern, unit)):
            base = match.groupdict().get("base")
            factor = 1000 if unit.startswith("billion") else 1
            return Measure(name, measures.unit(name, int(base) if base else None), factor)
    return None


def _geo(code: str) -> str | None:
    """The area of a two-letter code; Eurostat's own codes and NATO's groups are declared as spellings."""
    entry = iso3166.countries_by_alpha2.get(code)
    return entry.alpha3 if entry else areas.find(code, "nato")
