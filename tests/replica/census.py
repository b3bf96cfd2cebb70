"""The Census Bureau's international trade API, exports and imports by partner and month.

A reply is a list of lists of texts, header first; a parameter that is not `get` or `key` restricts the rows and is a
column too, after those of `get`. Seen by users: 204 without a body where there is nothing for the time asked; 400
with `error: unknown variable 'X'` as text; since 12 May 2026 a request without a key is sent by 302 to
missing_key.html, one with a wrong key to invalid_key.html, with the header X-DataWebAPI-KeyError, and both pages
answer 200, so a client that follows sees HTML under a good status. Before that day 500 requests a day were free, which
`needs_key = False` does. The header's value with a wrong key (here 2) was not seen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar, Self

import pandas as pd

from analysis import areas
from analysis.snapshots.store import Store
from replica.rows import Rows, held
from replica.wire import Reply, Request, as_page

PATH = re.compile(r"/data/timeseries/intltrade/(exports|imports)/hs")
MEASURES = {"exports": "ALL_VAL_MO", "imports": "GEN_VAL_MO"}
SERIES = {"exports": "census.goods_exports", "imports": "census.goods_imports"}
PERIOD = re.compile(r"(?:from (?P<first>\d{4}(?:-\d\d)?))? ?(?:to (?P<last>\d{4}(?:-\d\d)?))?|(?P<one>\d{4}(?:-\d\d)?)")
PAGES = {"missing_key": "Missing Key", "invalid_key": "Invalid Key"}
# The Bureau's codes of some partners; the others get numbers of their own from FIRST_CODE on.
CODES = {
    "CAN": "1220", "MEX": "2010", "GBR": "4120", "NLD": "4210", "BEL": "4231", "LUX": "4239", "FRA": "4279",
    "DEU": "4280", "CHN": "5700", "JPN": "5880", "CENSUS.UNIDENTIFIED": "8220",
}  # fmt: skip
FIRST_CODE = 9000


class Census(Rows):
    """Rows with the columns direction ("exports" or "imports"), CTY_CODE, CTY_NAME, year, month, value (whole USD)."""

    SERIES, COUNTRY, NAME = "direction", "CTY_CODE", "CTY_NAME"
    KEY: ClassVar[str] = "replica-key"

    def __init__(self, rows: pd.DataFrame) -> None:
        """Keys that are known are in `keys`, `KEY` among them."""
        super().__init__(rows)
        self.keys = {self.KEY}
        self.needs_key = True
        self.free_requests = 500
        self._keyless = 0

    @classmethod
    def of(cls, store: Store, release_name: str) -> Self:
        """A release's yearly figures over twelve months, in whole dollars whose sum is exact.

        Groups that only country.xlsx has (CENSUS.0003) are left out, as the API has others (CENSUS.API.0003).
        """
        (release,) = held(store, release_name)
        parts = []
        for direction, series in SERIES.items():
            frame = store.figures(release, series)
            frame = frame[~frame["partner"].str.match(r"CENSUS\.\d{4}$") | frame["partner"].isin(_countries())]
            parts.append(frame.assign(direction=direction)[["direction", "partner", "period", "value"]])
        yearly = pd.concat(parts, ignore_index=True)
        codes = _codes(sorted(yearly["partner"].unique()))
        dollars = (yearly["value"] * 1e6).round().astype("int64")
        months = []
        for month in range(1, 13):
            share = dollars // 12 + (dollars % 12 >= month)
            months.append(yearly.assign(month=month, value=share))
        rows = pd.concat(months, ignore_index=True).rename(columns={"period": "year"})
        rows["CTY_CODE"] = rows["partner"].map(codes)
        rows["CTY_NAME"] = rows["partner"].map({code: _name(code) for code in codes})
        rows = rows.sort_values(["direction", "year", "month", "CTY_CODE"], ignore_index=True)
        return cls(rows[["direction", "CTY_CODE", "CTY_NAME", "year", "month", "value"]])

    def answer(self, request: Request, url: str) -> Reply:
        """The reply to a request below /data; `url` is where the replica stands."""
        if page := re.fullmatch(r"/data/(missing_key|invalid_key)\.html", request.path):
            told = PAGES[page[1]]
            return as_page(
                f"<!doctype html><html><head><title>{told}</title></head><body><h1>{told}</h1></body></html>"
            )
        asked = PATH.fullmatch(request.path)
        if asked is None:
            return as_page("<html><body><h1>404 Not Found</h1></body></html>", 404)
        if (wrong := self._wrong_key(request.query.get("key", ""))) is not None:
            headers = {"Location": f"{url}/data/{wrong}.html", "X-DataWebAPI-KeyError": str([*PAGES].index(wrong) + 1)}
            return Reply(status=302, headers=headers)
        return self._rows_of(asked[1], request.query)

    def asked(self, request: Request) -> str | None:
        """The direction that a request asks figures of; None where it asks for none."""
        match = PATH.fullmatch(request.path)
        return match[1] if match else None

    def widened(self, request: Request, code: str = "", year: int | None = None) -> Request:
        """The request as it would be if it asked for another country or year too."""
        query = dict(request.query)
        for name, more in (("CTY_CODE", code), ("YEAR", str(year or ""))):
            if more and query.get(name, "*") != "*":
                query[name] += f",{more}"
        if year and (asked := PERIOD.fullmatch(query.get("time", "").strip())):
            query["time"] = f"from {asked['first'] or asked['one'] or '0000'}"
        return replace(request, query=query)

    def _wrong_key(self, key: str) -> str | None:
        if key:
            return None if key in self.keys else "invalid_key"
        if self.needs_key:
            return "missing_key"
        self._keyless += 1
        return "missing_key" if self._keyless > self.free_requests else None

    def _rows_of(self, direction: str, query: dict[str, str]) -> Reply:
        table = self.kept(("table", direction), lambda: self._table(direction))
        restricting = [name for name in query if name not in ("get", "key")]
        columns = [name for name in query.get("get", "").split(",") if name] + restricting
        if not query.get("get"):
            return as_page("error: missing 'get' argument", 400, "text/plain")
        for name in columns:
            if name not in table:
                return as_page(f"error: unknown variable '{name}'", 400, "text/plain")
        for name in restricting:
            there = _within(table["time"], query[name]) if name == "time" else _among(table[name], query[name])
            if there is None:
                return as_page(f"error: invalid '{name}' argument", 400, "text/plain")
            table = table[there]
        if table.empty:
            return Reply(status=204)
        lines = [columns, *table[columns].itertuples(index=False, name=None)]
        body = "[" + ",\n".join("[" + ",".join(map(_text, line)) + "]" for line in lines) + "]"
        return Reply(body.encode(), headers={"Content-Type": "application/json;charset=utf-8"})

    def _table(self, direction: str) -> pd.DataFrame:
        """What can be asked for, as texts. The API has no row for a month without trade."""
        rows = self.rows[(self.rows["direction"] == direction) & self.rows["value"].fillna(0).ne(0)]
        year, month = rows["year"].astype(str), rows["month"].astype(str).str.zfill(2)
        return pd.DataFrame(
            {
                "CTY_CODE": rows["CTY_CODE"], "CTY_NAME": rows["CTY_NAME"],
                MEASURES[direction]: rows["value"].round().astype("int64").astype(str),
                "YEAR": year, "MONTH": month, "time": year + "-" + month,
            }
        )  # fmt: skip


def _within(times: pd.Series, asked: str) -> pd.Series | None:
    """Which times, such as 2024-01, are within "2024", "2024-12", "from 2013-01 to 2024-12" or one end of it."""
    match = PERIOD.fullmatch(asked.strip())
    if not asked.strip() or match is None:
        return None
    first, last = (match["one"], match["one"]) if match["one"] else (match["first"], match["last"])
    first, last = first or "0000", last or "9999"
    return (times >= (first if len(first) > 4 else f"{first}-01")) & (
        times <= (last if len(last) > 4 else f"{last}-12")
    )


def _among(values: pd.Series, asked: str) -> pd.Series:
    return values.notna() if asked == "*" else values.isin(asked.split(","))


def _text(cell: str) -> str:
    return "null" if cell is None else '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _countries() -> set[str]:
    return {code for code, area in areas.areas().items() if area.kind != "group"}


def _codes(partners: list[str]) -> dict[str, str]:
    """The Bureau's code of each partner."""
    codes = {}
    for number, partner in enumerate(partners, FIRST_CODE):
        own = "-" if partner == "WLD" else partner.removeprefix("CENSUS.API.") if "API" in partner else str(number)
        codes[partner] = CODES.get(partner, own)
    return codes


def _name(partner: str) -> str:
    if partner == "CENSUS.UNIDENTIFIED":
        return ""  # the one partner that the API lists without a name
    return "TOTAL FOR ALL COUNTRIES" if partner == "WLD" else areas.name(partner).upper()
