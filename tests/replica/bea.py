"""The Bureau of Economic Analysis' API: datasets ITA (international transactions) and MNE (direct investment).

The forms of ITA, of the parameter list and of the request echoed above follow recorded replies (2020): a withheld
figure is an empty DataValue with the NoteRef (D), one that rounds to zero is "0" with (*). MNE's columns follow tables
printed from it; that DataValue there has commas and "(D)", and that its header has UTCProductionTime, is not recorded.
Errors come with status 200. Seen by users: 3 (UserId not valid), 20 (no such dataset), 36 (parameter missing), 40
(value not valid); the wording is in part the replica's own, and so is that an empty choice of years is error 40.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Self

import pandas as pd

from analysis import areas
from analysis.snapshots.store import Store
from replica.rows import Rows, held, named
from replica.wire import Reply, Request, as_json

INDICATORS = {
    f"bea.{item}_{flow}": (f"{short}{code}", f"{words} {told}")
    for item, code, told in (
        ("goods_services", "GdsServ", "goods and services"),
        ("goods", "Gds", "goods"),
        ("services", "Serv", "services"),
    )
    for flow, short, words in (
        ("exports", "Exp", "Exports of"),
        ("imports", "Imp", "Imports of"),
        ("balance", "Bal", "Balance on"),
    )
}
POSITION = "22"  # the MNE series of foreign direct investment positions in the United States
MNE = {"bea.fdi_position_foreign_parent": f"MNE.{POSITION}.Country"}
DESCRIBED = {code: words for code, words in INDICATORS.values()}
# Keys of areas that are not their names without blanks.
KEYS = {
    "KOR": "KoreaRepOf", "BEA.EUROPEAN_UNION": "EU", "BEA.CAFTA_DR": "CaftaDrCountries", "WLD": "AllCountries",
    "BEA.TRADE_SOUTH_CENTRAL_AMERICA": "SouthAndCenAm",
}  # fmt: skip
NUMBERS = {
    "WLD": "000",
    "CAN": "100",
    "MEX": "213",
    "BEL": "302",
    "DEU": "308",
    "NLD": "319",
    "GBR": "327",
    "CHN": "650",
}
NOTES = {
    "(D)": "Suppressed to avoid the disclosure of data of individual companies.",
    "(*)": "Transactions between zero and +/- $500,000.",
}
MARKS = {"suppressed": "(D)", "rounds_to_zero": "(*)"}
ITA_DIMENSIONS = (
    "Indicator", "AreaOrCountry", "Frequency", "Year", "TimeSeriesId", "TimeSeriesDescription", "TimePeriod", "CL_UNIT",
    "UNIT_MULT", "DataValue",
)  # fmt: skip
MNE_COLUMNS = (
    "Year", "SeriesID", "SeriesName", "Row", "ColumnGParent", "ColumnParent", "Column", "RowCode", "ColumnCode",
    "ColumnParentCode", "ColumnGParentCode", "TableScale", "DataValueUnformatted", "TableColumnDisplayOrder",
    "TableRowDisplayOrder", "DataValue",
)  # fmt: skip


class Bea(Rows):
    """Rows with the columns indicator, area, year, value (million USD); and name, flag where they are known.

    An indicator is ITA's code (ExpGdsServ) or, of MNE, such as "MNE.22.Country" or "MNE.22.CountryofUBO". An area is
    ITA's key (Belgium, KoreaRepOf) or MNE's number (302). Flags: "suppressed", "rounds_to_zero".
    """

    SERIES, COUNTRY, NAME = "indicator", "area", "name"
    KEY: ClassVar[str] = "replica-key"

    def __init__(self, rows: pd.DataFrame, lastupdated: str = "2025-03-06") -> None:
        """Keys that are known are in `keys`, `KEY` among them."""
        rows = rows if "name" in rows else rows.assign(name=rows["area"])
        super().__init__(rows if "flag" in rows else rows.assign(flag=""))
        self.keys = {self.KEY}
        self.lastupdated = lastupdated

    @classmethod
    def of(cls, store: Store, *release_names: str) -> Self:
        """The figures of releases held, trade and direct investment together. "All other countries" has no key."""
        parts = []
        releases = held(store, release_names)
        for release in releases:
            for series in [scope.series for scope in release.scope]:
                frame = store.figures(release, series)
                frame = frame[frame["partner"] != "BEA.ALL_OTHER_COUNTRIES"]
                partners = sorted(frame["partner"].unique())
                keys = _numbers(partners) if series in MNE else {code: _key(code) for code in partners}
                indicator = MNE.get(series) or INDICATORS[series][0]
                told = frame.assign(indicator=indicator, area=frame["partner"].map(keys), name=named(frame["partner"]))
                parts.append(told[["indicator", "area", "name", "period", "value", "flag"]])
        rows = pd.concat(parts, ignore_index=True).rename(columns={"period": "year"})
        rows.loc[rows["area"].isin(["AllCountries", "000"]), "name"] = "All countries"
        return cls(rows, max(release.day for release in releases).isoformat())

    def answer(self, request: Request, url: str) -> Reply:
        """The reply to a request at /api/data."""
        asked = {name.upper(): value for name, value in request.query.items()}
        if request.path.rstrip("/") != "/api/data":
            return Reply(b"not found", 404, {"Content-Type": "text/plain"})
        if asked.get("RESULTFORMAT", "JSON").upper() != "JSON":
            return Reply(b"the replica speaks JSON only", 501, {"Content-Type": "text/plain"})
        results = self._results(asked)
        echo = [{"ParameterName": name, "ParameterValue": value.upper()} for name, value in asked.items()]
        return as_json({"BEAAPI": {"Request": {"RequestParam": echo}, "Results": results}})

    def asked(self, request: Request) -> str | None:
        """The first indicator that a request asks figures of; None where it asks for none."""
        asked = {name.upper(): value for name, value in request.query.items()}
        if asked.get("METHOD", "").upper() != "GETDATA":
            return None
        told = asked.get("INDICATOR", "").split(",")[0] or f"MNE.{asked.get('SERIESID')}.{asked.get('CLASSIFICATION')}"
        held = self.rows["indicator"][self.rows["indicator"].str.upper() == told.upper()]
        return held.iloc[0] if len(held) else None

    def widened(self, request: Request, code: str = "", year: int | None = None) -> Request:
        """The request as it would be if it asked for another country or year too."""
        more = {"AREAORCOUNTRY": code, "COUNTRY": code, "YEAR": str(year or "")}
        query = {
            name: f"{text},{more[name.upper()]}" if more.get(name.upper()) and text.upper() != "ALL" else text
            for name, text in request.query.items()
        }
        return replace(request, query=query)

    def _results(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("USERID") not in self.keys:
            return error(3, "The UserId provided in the request is not valid.")
        method, dataset = asked.get("METHOD", "").upper(), asked.get("DATASETNAME", "").upper()
        if method == "GETDATASETLIST":
            told = {"ITA": "International Transactions Accounts", "MNE": "Multinational Enterprises"}
            return {"Dataset": [{"DatasetName": key, "DatasetDescription": text} for key, text in told.items()]}
        if dataset not in ("ITA", "MNE"):
            return error(20, "The dataset requested in the request does not exist.")
        if method == "GETPARAMETERVALUES":
            return self._parameter_values(dataset, asked.get("PARAMETERNAME", "").upper())
        if method == "GETDATA":
            return self._ita(asked) if dataset == "ITA" else self._mne(asked)
        return error(40, f"The method {method} is not valid or is not served by the replica.")

    def _parameter_values(self, dataset: str, name: str) -> dict[str, Any]:
        rows = self.rows[self.rows["indicator"].str.startswith("MNE.") == (dataset == "MNE")]
        if name == "YEAR":
            pairs = [(str(year), str(year)) for year in sorted(rows["year"].unique())]
        elif name == {"ITA": "AREAORCOUNTRY", "MNE": "COUNTRY"}[dataset]:
            pairs = rows[["area", "name"]].drop_duplicates("area").sort_values("area").values.tolist()
        elif dataset == "ITA" and name == "INDICATOR":
            pairs = [(code, DESCRIBED.get(code, code)) for code in rows["indicator"].unique()]
        elif dataset == "MNE" and name == "SERIESID":
            pairs = [(code, _series_name(code)) for code in dict.fromkeys(rows["indicator"].str.split(".").str[1])]
        elif dataset == "MNE" and name == "CLASSIFICATION":
            pairs = [(code, code) for code in dict.fromkeys(rows["indicator"].str.split(".").str[2])]
        else:
            return error(40, f"The parameter {name} of {dataset} is not valid.")
        return {"ParamValue": [{"Key": key, "Desc": text} for key, text in pairs]}

    def _ita(self, asked: dict[str, str]) -> dict[str, Any]:
        indicators, places = asked.get("INDICATOR", "ALL"), asked.get("AREAORCOUNTRY", "ALLCOUNTRIES")
        if all(text.upper() == "ALL" or "," in text for text in (indicators, places)):
            return error(40, "Exactly one Indicator is needed where more than one AreaOrCountry is requested.")
        if asked.get("FREQUENCY", "ALL").upper() not in ("A", "ALL"):
            return error(40, "The replica holds annual figures only.")
        rows = self.rows[~self.rows["indicator"].str.startswith("MNE.")]
        for column, text in (("indicator", indicators), ("area", places), ("year", asked.get("YEAR", "ALL"))):
            rows = _chosen(rows, column, text)
            if rows.empty:
                return error(40, f"Parameter value {text} is not valid for {column}.")
        data = [self._ita_row(row) for row in rows.itertuples()]
        dimensions = [
            {"Ordinal": str(n), "Name": name, "DataType": "numeric" if value else "string", "IsValue": str(int(value))}
            for n, name in enumerate(ITA_DIMENSIONS, 1)
            for value in [name == "DataValue"]
        ]
        stamp = f"{self.lastupdated} 08:30:00.000"
        return {"TsLastUpdated": stamp, "Dimensions": dimensions, "Data": data, "Notes": _notes(rows)}

    def _ita_row(self, row: Any) -> dict[str, str]:
        described = f"{DESCRIBED.get(row.indicator, row.indicator)}; {row.name}; annual"
        return {
            "Indicator": row.indicator, "AreaOrCountry": row.area, "Frequency": "A", "Year": str(row.year),
            "TimeSeriesId": f"TSI_Ita{row.indicator}{row.area}_A", "TimeSeriesDescription": described,
            "TimePeriod": str(row.year), "CL_UNIT": "USD", "UNIT_MULT": "6",
            "DataValue": "" if pd.isna(row.value) else _plain(row.value), "NoteRef": MARKS.get(row.flag, ""),
        }  # fmt: skip

    def _mne(self, asked: dict[str, str]) -> dict[str, Any]:
        for name in ("DIRECTIONOFINVESTMENT", "CLASSIFICATION", "YEAR"):
            if not asked.get(name):
                return error(36, f"The required parameter {name} is missing.")
        series = asked.get("SERIESID", "0")
        if asked["DIRECTIONOFINVESTMENT"].upper() != "INWARD":
            return error(40, "The replica holds inward investment only.")
        rows = self.rows
        told = rows["indicator"].str.upper() == f"MNE.{series}.{asked['CLASSIFICATION']}".upper()
        if not told.any():
            return error(40, f"No data of series {series} by {asked['CLASSIFICATION']}.")
        rows = rows[told]
        for column, text in (("area", asked.get("COUNTRY", "ALL")), ("year", asked["YEAR"])):
            rows = _chosen(rows, column, text)
            if rows.empty:
                return error(40, f"Parameter value {text} is not valid for {column}.")
        dimensions = [{"Ordinal": str(n), "Name": name} for n, name in enumerate(MNE_COLUMNS, 1)]
        data = [_mne_row(n, series, row) for n, row in enumerate(rows.itertuples(), 1)]
        stamp = f"{self.lastupdated}T12:30:00.000"
        return {"UTCProductionTime": stamp, "Dimensions": dimensions, "Data": data, "Notes": _notes(rows)}


def error(code: int, text: str) -> dict[str, Any]:
    """What stands in place of results."""
    return {"Error": {"APIErrorCode": str(code), "APIErrorDescription": text}}


def _mne_row(number: int, series: str, row: Any) -> dict[str, str]:
    plain = "" if pd.isna(row.value) else _plain(row.value)
    printed = MARKS.get(row.flag) or (f"{row.value:,.0f}" if plain else "")
    cells = (
        str(row.year), series, _series_name(series), row.name, "", "", "All Industries Total", row.area, "0", "0", "0",
        "Millions of Dollars", plain, "1.0", str(float(number)), printed,
    )  # fmt: skip
    return dict(zip(MNE_COLUMNS, cells, strict=True))


def _series_name(series: str) -> str:
    position = "Foreign Direct Investment Position in the United States on a Historical-Cost Basis"
    return position if series == POSITION else f"Series {series}"


def _chosen(rows: pd.DataFrame, column: str, text: str) -> pd.DataFrame:
    if text.upper() == "ALL":
        return rows
    return rows[rows[column].astype(str).str.upper().isin(text.upper().split(","))]


def _notes(rows: pd.DataFrame) -> list[dict[str, str]]:
    found = {MARKS[flag] for flag in rows["flag"].unique() if flag in MARKS}
    return [{"NoteRef": mark, "NoteText": text} for mark, text in NOTES.items() if mark in found]


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _key(code: str) -> str:
    return KEYS.get(code) or re.sub(r"[^A-Za-z]", "", areas.name(code).title())


def _numbers(partners: list[str]) -> dict[str, str]:
    """MNE's number of each partner: the Bureau's own of some, others from 700 on."""
    return {code: NUMBERS.get(code, str(number)) for number, code in enumerate(partners, 700)}
