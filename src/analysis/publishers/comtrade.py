"""UN Comtrade: a country's goods trade by partner and year, as that country reported it, in dollars.

Read are the CSV of the former site (``Trade Flow Code``, ``Trade Value (US$)``) and that of the present
site and interface (``flowCode``, ``primaryValue``). Columns are found by name. Only all commodities
together (TOTAL), whole years, and no break-down by second partner, customs procedure or transport.

A country's file names partners that are remainders ("Other Asia, nes", "Bunkers"): areas COMTRADE.*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import iso3166

from analysis import areas, observations
from analysis.errors import ClaimbookError
from analysis.publishers import Parsed, Partial
from analysis.publishers.grid import Sheet, number, read_csv
from analysis.series import series

PUBLISHER = "comtrade"
FLOWS = {
    "2": "comtrade.goods_exports",
    "X": "comtrade.goods_exports",
    "1": "comtrade.goods_imports",
    "M": "comtrade.goods_imports",
    "3": "comtrade.goods_reexports",
    "RX": "comtrade.goods_reexports",
    "4": "comtrade.goods_reimports",
    "RM": "comtrade.goods_reimports",
}
# Parts of exports and imports that the present site lists beside them: domestic and foreign goods, processing.
PARTS = {"DX", "FM", "XIP", "XOP", "MIP", "MOP"}

# What we call a column, and how the former and the present site call it (see `_normal`).
NEEDED = {
    "year": ("year", "refyear"),
    "flow": ("tradeflowcode", "flowcode"),
    "reporter": ("reportercode",),
    "partner": ("partnercode",),
    "commodity": ("commoditycode", "cmdcode"),
    "value": ("tradevalueus$", "primaryvalue"),
}
HELPFUL = {
    "period": ("period",),
    "reporter_iso": ("reporteriso",),
    "partner_iso": ("partneriso",),
}
# Columns that must say "all together", and how they say it.
WHOLES = {
    "2ndpartnercode": {"", "0"},
    "partner2code": {"", "0"},
    "customsproccode": {"", "0", "C00"},
    "customscode": {"", "0", "C00"},
    "modeoftransportcode": {"", "0"},
    "motcode": {"", "0"},
    "moscode": {"", "0"},
    "typecode": {"", "C"},
    "freqcode": {"", "A"},
}
# Partners' sum may differ from World by this share; Belgium's lack about 110 dollars of 3e11.
TOLERANCE = 0.001


@dataclass(frozen=True)
class Cell:
    """A figure and where it stands."""

    value: float
    sheet: Sheet
    row: int


def parse(files: Sequence[Path], *, edition: str | None = None) -> Parsed:
    """Observations of the four flows from one or several files of one download.

    The notes say how far partners' sums are from World. A reporter whose partners fall short of World
    makes its series partial for that year, with the shortfall as the bound. A row that stands twice with
    the same value is one; LayoutError where the values differ, or on anything else not understood.
    """
    if edition is not None:
        raise ClaimbookError("a UN Comtrade file holds one edition: leave the edition out")
    if not files:
        raise ClaimbookError("no UN Comtrade file to parse")
    cells: dict[tuple[str, str, str, int], Cell] = {}
    notes: list[str] = []
    for path in files:
        _read(read_csv(Path(path)), cells, notes)
    partial, sums = _coverage(cells)
    rows = [(*key, cell.value, series(key[0]).unit, "") for key, cell in cells.items()]
    return Parsed(observations.make(rows), partial, None, (*notes, *sums))


def _normal(name: object) -> str:
    """A column's name without spaces, case and signs: both sites' spellings of one name fall together."""
    return re.sub(r"[^a-z0-9$]", "", str(name or "").casefold())


def _header(sheet: Sheet) -> tuple[int, dict[str, int], dict[str, int]]:
    """Header row, columns by our name, and the columns of WHOLES by theirs."""
    missing = ""
    for row, line in enumerate(sheet.rows[:20]):
        heads = [_normal(cell) for cell in line]
        place = {
            name: heads.index(spelling)
            for name, spellings in {**NEEDED, **HELPFUL}.items()
            for spelling in spellings
            if spelling in heads
        }
        lacking = [name for name in NEEDED if name not in place]
        if not lacking:
            return row, place, {head: n for n, head in enumerate(heads) if head in WHOLES}
        missing = missing or f"; the first row lacks {', '.join(lacking)}"
    raise sheet.fault(
        f"no header of a UN Comtrade table{missing}",
        remedy="Download the table as CSV, with the codes of flow, reporter, partner and commodity",
    )


def _read(sheet: Sheet, cells: dict[tuple[str, str, str, int], Cell], notes: list[str]) -> None:
    """Add a file's figures to `cells`, keyed by series, reporter, partner and year."""
    head, place, wholes = _header(sheet)
    width = len(sheet.rows[head])
    parts = empty = 0
    for row, line in enumerate(sheet.rows[head + 1 :], head + 1):
        if not any(cell.strip() for cell in line):
            continue
        if any(cell.strip() for cell in line[width:]):
            raise sheet.fault("more cells than the header has", row, width, "Save the table again as CSV")
        text = {name: str(sheet.cell(row, column) or "").strip() for name, column in place.items()}
        for name, column in wholes.items():
            if (said := str(sheet.cell(row, column) or "").strip()) not in WHOLES[name]:
                raise sheet.fault(
                    f"{sheet.rows[head][column]} is {said!r}, a part of the trade",
                    row,
                    column,
                    "Download yearly goods totals without break-downs",
                )
        if text["commodity"] != "TOTAL":
            raise sheet.fault(
                f"commodity {text['commodity']!r} is not TOTAL",
                row,
                place["commodity"],
                "Download all commodities together",
            )
        if text["flow"] in PARTS:
            parts += 1
            continue
        if text["flow"] not in FLOWS:
            raise sheet.fault(
                f"flow {text['flow']!r} is not understood", row, place["flow"], f"Known: {', '.join(FLOWS)}"
            )
        year = _year(sheet, row, place, text)
        if text["value"] == "":
            empty += 1
            continue
        value = _value(sheet, row, place["value"])
        key = (
            FLOWS[text["flow"]],
            _area(sheet, row, place, text, "reporter"),
            _area(sheet, row, place, text, "partner"),
            year,
        )
        first = cells.setdefault(key, Cell(value, sheet, row))
        if first.value != value:
            raise sheet.fault(
                f"{key[0]} of {key[1]} with {key[2]} in {year} is {value:.0f} here, but {first.value:.0f} in "
                f"{first.sheet.file.name}, row {first.row + 1}",
                row,
                place["value"],
                "Files of different download days are different releases",
            )
    if parts:
        notes.append(f"{sheet.file.name}: {parts} rows of parts of exports and imports are not used")
    if empty:
        notes.append(f"{sheet.file.name}: {empty} rows without a value")


def _year(sheet: Sheet, row: int, place: dict[str, int], text: dict[str, str]) -> int:
    if not re.fullmatch(r"(19|20)\d{2}", text["year"]):
        raise sheet.fault(f"year {text['year']!r} is not understood", row, place["year"])
    if text.get("period", text["year"]) != text["year"]:
        raise sheet.fault(
            f"period {text['period']!r} is not the year {text['year']}",
            row,
            place["period"],
            "Download yearly figures",
        )
    return int(text["year"])


def _value(sheet: Sheet, row: int, column: int) -> float:
    value = number(sheet.cell(row, column))
    if value is None or value < 0:
        raise sheet.fault(f"value {sheet.cell(row, column)!r} is not a number of dollars", row, column)
    return value


def _by_code(code: str) -> str | None:
    """The area that UN Comtrade gives a number: its own list first, then ISO's numbers."""
    if f"COMTRADE.{code}" in areas.areas():
        return f"COMTRADE.{code}"
    country = iso3166.countries_by_numeric.get(code.zfill(3))
    return areas.find(code, PUBLISHER) or (country.alpha3 if country else None)


def _by_iso(iso: str) -> str | None:
    return iso if iso in areas.areas() else areas.find(iso, PUBLISHER)


def _area(sheet: Sheet, row: int, place: dict[str, int], text: dict[str, str], side: str) -> str:
    """The reporter or partner of a row. Its number decides; its ISO letters, where given, must agree."""
    code, iso = text[side], text.get(f"{side}_iso", "")
    remedy = "Declare it in data/areas/comtrade.yaml"
    found = _by_code(code.lstrip("0") or "0") if code.isdecimal() else None
    if found is None:
        raise sheet.fault(f"{side} {code!r} (ISO {iso!r}) is not known", row, place[side], remedy)
    if found.startswith("COMTRADE."):
        return found  # what stands for letters there differs from edition to edition
    if iso and _by_iso(iso) != found:
        raise sheet.fault(
            f"{side} {code} is {found}, but its ISO letters say {iso!r}", row, place[f"{side}_iso"], remedy
        )
    return found


def _coverage(cells: dict[tuple[str, str, str, int], Cell]) -> tuple[tuple[Partial, ...], list[str]]:
    """Series that lack partners, and a note a reporter and flow on how far partners sum to World."""
    totals: dict[tuple[str, str, int], dict[str, float]] = {}
    for (name, reporter, partner, year), cell in cells.items():
        kind = areas.area(partner).kind
        side = "world" if partner == "WLD" else "partners" if kind != "group" else "groups"
        sums = totals.setdefault((name, reporter, year), {})
        sums[side] = sums.get(side, 0.0) + cell.value
    partial: dict[tuple[str, int], float | None] = {}
    worst: dict[tuple[str, str], float] = {}
    for (name, reporter, year), sums in totals.items():
        if "partners" not in sums:
            continue  # World alone: nothing to rank
        key = (name, year)
        if "world" not in sums:
            partial[key] = None
            continue
        gap = sums["partners"] - sums["world"]
        if abs(gap) >= abs(worst.get((name, reporter), 0.0)):
            worst[name, reporter] = gap
        if -gap > TOLERANCE * sums["world"] and partial.get(key, 0.0) is not None:
            partial[key] = max(-gap, partial.get(key) or 0.0)
    found = tuple(Partial(name, bound, (year,)) for (name, year), bound in sorted(partial.items()))
    notes = [
        f"{name} of {reporter}: partners' sum differs from World by at most {gap:+,.0f} USD a year"
        for (name, reporter), gap in sorted(worst.items())
    ]
    return found, notes
