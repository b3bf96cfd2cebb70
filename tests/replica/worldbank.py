"""The World Bank's v2 API in the form `sources/2/...` that wbgapi asks for.

Seen in the Bank's own help text on advanced data queries: the form of concepts and data, with page, pages, per_page,
total and lastupdated above them. Seen by users: an unknown series is answered with something that is not JSON
(`errors = "xml"` does that; the default is the JSON message of the other endpoints); per_page=32501 passes and 50000
brings an HTML page (here all above `most_per_page` brings a message); years that the source lacks are passed over.
Not seen anywhere: the order of rows, and a page beyond the last, which here is empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import iso3166
import numpy as np
import pandas as pd

from analysis import areas
from analysis.series import series as declared
from analysis.snapshots.store import Store
from replica.rows import Rows, held, named
from replica.wire import Reply, Request, as_json, as_page

SOURCE = {"id": "2", "name": "World Development Indicators"}
PARAMETERS = {"format", "per_page", "page", "databid"}
LONGEST_URL = 1500
BAD_VALUE = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
BAD_VALUE_XML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<wb:error xmlns:wb="http://www.worldbank.org">'
    '<wb:message id="120" key="Invalid value">The provided parameter value is not valid</wb:message></wb:error>'
)
# Our units in the words that the Bank's titles put into brackets.
BANK_UNITS = (
    (r"current USD", "current US$"),
    (r"constant (\d{4}) USD", r"constant \1 US$"),
    (r"current international dollars", "current international $"),
    (r"constant (\d{4}) international dollars", r"constant \1 international $"),
    (r"% a year", "annual %"),
)


class WorldBank(Rows):
    """Rows with the columns series (the Bank's code), economy, economy name, year, value."""

    SERIES, COUNTRY, NAME = "series", "economy", "economy name"

    def __init__(self, observations: pd.DataFrame, titles: Mapping[str, str], lastupdated: str) -> None:
        """`titles` by the Bank's code; `lastupdated` is YYYY-MM-DD."""
        super().__init__(observations)
        self.titles = dict(titles)
        self.lastupdated = lastupdated
        self.most_per_page = 32_500
        self.errors = "json"

    @classmethod
    def of(cls, store: Store, release_name: str | Sequence[str], series: Iterable[str] | None = None) -> Self:
        """The figures of a release held; of several, the first that carries a series tells it.

        `series`: the Bank's codes, all that the releases carry where None. KeyError where one is not carried.
        """
        releases = held(store, release_name)
        carried: dict[str, Any] = {}
        for release in releases:
            for scope in release.scope:
                carried.setdefault(scope.series.removeprefix("worldbank."), release)
        parts, titles = [], {}
        for code in carried if series is None else series:
            frame = store.figures(carried[code], f"worldbank.{code}")
            parts.append(frame.assign(series=code)[["series", "reporter", "period", "value"]])
            titles[code] = title(declared(f"worldbank.{code}").title, frame["unit"].iloc[0])
        rows = pd.concat(parts, ignore_index=True).rename(columns={"reporter": "economy", "period": "year"})
        rows["year"] = rows["year"].astype("int64")
        rows["economy name"] = named(rows["economy"])
        return cls(rows, titles, releases[0].day.isoformat())

    def retitle(self, series: str, title: str) -> None:
        """Give a series another title. KeyError where there is no such series."""
        if series not in self.titles:
            raise KeyError(series)
        self.titles = {**self.titles, series: title}

    # What there is

    @property
    def series(self) -> list[str]:
        """The codes of the series held."""
        return self.kept("series", lambda: list(self.rows["series"].unique()))

    @property
    def economies(self) -> dict[str, str]:
        """Names by code, in order of code."""

        def make() -> dict[str, str]:
            found = self.rows[["economy", "economy name"]].drop_duplicates("economy").sort_values("economy")
            return dict(found.itertuples(index=False, name=None))

        return self.kept("economies", make)

    @property
    def years(self) -> list[int]:
        """Every year that any series or economy has."""
        return self.kept("years", lambda: sorted(self.rows["year"].unique().tolist()))

    def _values(self, series: str) -> list[str]:
        """The values of a series as JSON, economies by years, null where there is none."""

        def make() -> list[str]:
            economies = {code: place for place, code in enumerate(self.economies)}
            years = {year: place for place, year in enumerate(self.years)}
            where = self.kept("where", lambda: self.rows.groupby("series", sort=False).indices)
            rows = self.rows.iloc[where[series]]
            grid = np.full(len(economies) * len(years), np.nan)
            grid[rows["economy"].map(economies) * len(years) + rows["year"].map(years)] = rows["value"]
            return [
                "null" if v != v else str(int(v)) if abs(v) < 1e15 and v == int(v) else repr(v) for v in grid.tolist()
            ]

        return self.kept(("values", series), make)

    # What is asked

    def answer(self, request: Request, url: str) -> Reply:
        """The reply to a request below /v2; `url` is where the replica stands."""
        if len(url + request.target) > LONGEST_URL:
            return as_page("<html><body><h2>Request-URI Too Long</h2></body></html>", 414)
        unknown = set(request.query) - PARAMETERS
        if unknown or request.query.get("format") != "json":
            told = ", ".join(sorted(unknown)) or "other formats than JSON"
            return as_page(f"the replica does not serve {told}", 501, "text/plain")
        page, per_page = request.query.get("page", "1"), request.query.get("per_page", "50")
        if not (page.isdigit() and per_page.isdigit() and int(page) and 0 < int(per_page) <= self.most_per_page):
            return self._bad()
        place = (int(page), int(per_page))
        parts = request.path.removeprefix("/v2/").strip("/").split("/")
        parts = parts[1:] if re.fullmatch(r"[a-z]{2}", parts[0]) else parts
        match parts:
            case ["sources", "2"]:
                return self._list([self._source()], place)
            case ["sources", "2", "concepts"]:
                names = ("Country", "Series", "Time")
                return self._concepts([{"id": name, "value": name} for name in names], len(names), place)
            case ["sources", "2", ("series" | "country" | "time") as concept, ids]:
                return self._members(concept, ids, place)
            case ["sources", "2", "series", series, "country", economies, "time", years]:
                with self._guard:  # all of a reply from the same rows
                    return self._data(series, economies, years, place)
            case ["region" | "incomelevel" | "lendingtype"]:
                return self._list(self._groups(parts[0]), place)
            case ["country", "all"] | ["country"]:
                return self._list(self.kept("countries", self._countries), place)
            case ["sources", "2", ("series" | "country" | "time"), *_] | ["sources", *_]:
                return self._bad()
        return as_page(f"the replica does not serve {request.path}", 404, "text/plain")

    def asked(self, request: Request) -> str | None:
        """The first series that a request asks figures of; None where it asks for none."""
        match = re.search(r"/series/([^;/]+)[^/]*/country/", request.path)
        return (self.series[0] if match[1] == "all" else match[1]) if match else None

    def widened(self, request: Request, code: str = "", year: int | None = None) -> Request:
        """The request as it would be if it asked for another country or year too."""
        path = request.path
        for concept, more in (("country", code), ("time", f"YR{year}" if year else "")):
            if more:
                path = re.sub(rf"(/{concept}/)(?!all(?:/|$))([^/]+)", rf"\1\2;{more}", path)
        return replace(request, path=path)

    def _bad(self) -> Reply:
        if self.errors == "xml":
            return as_page(BAD_VALUE_XML, kind="text/xml; charset=utf-8")
        return as_json([{"message": [BAD_VALUE]}])

    def _source(self) -> dict[str, str]:
        told = {"lastupdated": self.lastupdated, "code": "WDI", "description": "", "url": ""}
        return {**SOURCE, **told, "dataavailability": "Y", "metadataavailability": "Y", "concepts": "3", "databid": "2"}

    def _list(self, entries: list[dict], place: tuple[int, int]) -> Reply:
        page, size = place
        # In this form per_page is a text.
        header = {**_header(page, size, len(entries)), "per_page": str(size)}
        return as_json([header, entries[(page - 1) * size : page * size]])

    def _concepts(self, concepts: list[dict], total: int, place: tuple[int, int]) -> Reply:
        return as_json({**_header(*place, total), "source": [{**SOURCE, "concept": concepts}]})

    def _members(self, concept: str, ids: str, place: tuple[int, int]) -> Reply:
        held = {
            "series": {code: self.titles.get(code, code) for code in self.series},
            "country": self.economies,
            "time": {f"YR{year}": str(year) for year in self.years},
        }[concept]
        chosen = _chosen(ids, list(held))
        if chosen is None:
            return self._bad()
        page, size = place
        variables = [{"id": code, "value": held[code]} for code in chosen[(page - 1) * size : page * size]]
        name = concept.capitalize()
        return self._concepts([{"id": name, "name": name, "variable": variables}], len(chosen), place)

    def _data(self, series: str, economies: str, years: str, place: tuple[int, int]) -> Reply:
        codes, chosen = _chosen(series, self.series), _chosen(economies, list(self.economies))
        if codes is None or chosen is None:
            return self._bad()
        asked = {text.upper().removeprefix("YR") for text in years.split(";")}
        at = [n for n, year in enumerate(self.years) if years.lower() == "all" or str(year) in asked]
        cells, countries, times = self.kept(("block", *chosen, *at), lambda: self._block(chosen, at))
        (page, size), block = place, len(cells)
        total = block * len(codes)
        first, last = (page - 1) * size, min(page * size, total)
        found: list[str] = []
        for number, code in enumerate(codes):
            start, end = max(first - number * block, 0), min(last - number * block, block)
            if start < end:
                told, values = _variable("Series", code, self.titles.get(code, code)) + ",", self._values(code)
                parts = zip(countries[start:end], times[start:end], cells[start:end], strict=True)
                found += [f"{country}{told}{time}{values[cell]}}}" for country, time, cell in parts]
        head = json.dumps({**_header(page, size, total), "lastupdated": self.lastupdated})[:-1]
        body = f'{head},"source":{{"id":"2","name":"{SOURCE["name"]}","data":[{",".join(found)}]}}}}'
        return Reply(body.encode(), headers={"Content-Type": "application/json;charset=utf-8"})

    def _block(self, chosen: list[str], at: list[int]) -> tuple[list[int], list[str], list[str]]:
        """Of each economy and year asked for: where its value stands, and its country and time as JSON."""
        where = {code: n for n, code in enumerate(self.economies)}
        countries = [f'{{"variable":[{_variable("Country", code, self.economies[code])},' for code in chosen]
        times = [f'{_variable("Time", f"YR{self.years[n]}", str(self.years[n]))}],"value":' for n in at]
        cells = [where[code] * len(self.years) + n for code in chosen for n in at]
        return cells, [country for country in countries for _ in at], times * len(chosen)

    # Countries and how the Bank groups them: what it takes for wbgapi to tell aggregates from countries

    def _groups(self, kind: str) -> list[dict]:
        if kind == "region":
            return [{"id": "", "code": "WLD", "iso2code": "1W", "name": "World"}]
        return [{"id": "NA", "iso2code": "NA", "value": "Aggregates"}]

    def _countries(self) -> list[dict]:
        nothing = {"id": "", "iso2code": "", "value": ""}
        aggregate = {"id": "NA", "iso2code": "NA", "value": "Aggregates"}
        found = []
        # wbgapi fails where the United States are not in this list.
        for code, name in {"USA": "United States", **self.economies}.items():
            known = areas.areas().get(code)
            group = aggregate if known and known.kind not in ("country", "former") else nothing
            iso = iso3166.countries_by_alpha3.get(code)
            found.append(
                {
                    "id": code, "iso2Code": iso.alpha2 if iso else "", "name": name, "region": group,
                    "adminregion": nothing, "incomeLevel": group, "lendingType": group,
                    "capitalCity": "", "longitude": "", "latitude": "",
                }
            )  # fmt: skip
        return found


def title(name: str, unit: str) -> str:
    """A title as the Bank would spell it, with the unit in brackets: "Exports (% of GDP)"."""
    for pattern, words in BANK_UNITS:
        if match := re.fullmatch(pattern, unit):
            unit = match.expand(words)
            break
    return f"{name.split(', share of')[0]} ({unit})"


def _header(page: int, per_page: int, total: int) -> dict[str, int]:
    return {"page": page, "pages": -(-total // per_page), "per_page": per_page, "total": total}


def _variable(concept: str, code: str, name: str) -> str:
    return json.dumps({"concept": concept, "id": code, "value": name}, ensure_ascii=False, separators=(",", ":"))


def _chosen(asked: str, held: list[str]) -> list[str] | None:
    """The codes asked for, None where one is not held; unknown years are passed over."""
    if asked.lower() == "all":
        return held
    codes = [code for code in dict.fromkeys(asked.split(";")) if code]
    if codes and all(re.fullmatch(r"YR\d+|\d{4}", code) for code in codes):
        return [code for code in held if code in codes or code.removeprefix("YR") in codes]
    return codes if codes and set(codes) <= set(held) else None
