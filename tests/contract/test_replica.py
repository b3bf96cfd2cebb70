"""The replica of the publishers: real clients get the store's figures from it, and meet each fault as it is told."""

from __future__ import annotations

import io
import json
import math
import socket
import time
import zipfile
import zlib

import openpyxl
import pandas as pd
import pytest
import requests
import urllib3
import wbgapi as wb
from replica import Bea, Census, Replica, WorldBank, faults

from analysis.publishers import census as census_parser
from analysis.publishers import worldbank as worldbank_parser
from analysis.series import register, series
from analysis.snapshots.store import store

RELEASE = "worldbank-2026-07-01"
X, M, GDP = "NE.EXP.GNFS.ZS", "NE.IMP.GNFS.ZS", "NY.GDP.MKTP.CD"
TIMEOUT = 5.0
DATA = r"/series/.*/country/"


def release(name: str):
    return next(entry for entry in store().releases if entry.name == name)


@pytest.fixture(scope="module")
def figures() -> WorldBank:
    return WorldBank.of(store(), RELEASE, [X, M, GDP])


@pytest.fixture(scope="module")
def trade() -> Census:
    return Census.of(store(), "census-2025-10-18")


@pytest.fixture(scope="module")
def accounts() -> Bea:
    return Bea.of(store(), "bea-2025-03-06", "bea-2020-07")


@pytest.fixture
def replica(figures, trade, accounts):
    """A replica whose rooms the test may change: what they are copied from is read once for all tests."""
    with Replica(*(room.copy() for room in (figures, trade, accounts))) as running:
        yield running


@pytest.fixture
def bank(replica, monkeypatch):
    """wbgapi pointed at the replica, with nothing kept from before: it keeps lists for the life of the process."""
    for name, value in (("endpoint", f"{replica.url}/v2"), ("per_page", 1000), ("get_options", {"timeout": TIMEOUT})):
        monkeypatch.setattr(wb, name, value)
    monkeypatch.setattr(wb.source, "_concepts", {})
    monkeypatch.setattr(wb.source, "_metadata_flags", {})
    monkeypatch.setattr(wb.time, "_time_values", {})
    for name, value in (("_localized_metadata", {}), ("_iso2Codes", {}), ("_class_data", None), ("_aggs", None)):
        monkeypatch.setattr(wb.economy, name, value)
    return wb


@pytest.fixture
def get(replica):
    """GET a path of the replica with requests, on a session of its own."""
    with requests.Session() as session:
        session.trust_env = False
        yield lambda path, **options: session.get(replica.url + path, **{"timeout": TIMEOUT, **options})


def told(code: str, country: str, year: int) -> float:
    frame = store().figures(release(RELEASE), f"worldbank.{code}")
    return frame[(frame["reporter"] == country) & (frame["period"] == year)]["value"].item()


def workbook(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(content: bytes) -> list[list]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]


TABLE = [["Country", "2023", "2024"], ["Belgium", 1.5, 2.5], ["Netherlands", 3.5, 4.5]]


# The World Bank


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # wbgapi's own use of pandas
def test_wbgapi_gets_the_stores_figures(bank):
    frame = bank.data.DataFrame(X, ["BEL", "NLD", "WLD"], range(1990, 2025), numericTimeKeys=True)
    held = store().figures(release(RELEASE), f"worldbank.{X}")
    held = held[held["reporter"].isin(["BEL", "NLD", "WLD"]) & held["period"].between(1990, 2024)]
    expected = held.pivot(index="reporter", columns="period", values="value")
    pd.testing.assert_frame_equal(
        frame.astype(float), expected, check_names=False, check_index_type=False, check_column_type=False
    )
    assert (frame.to_numpy(float) == expected.to_numpy()).all()


def test_several_series_come_in_pages_of_the_size_asked_for(bank, replica):
    bank.per_page = 100
    rows = list(bank.data.fetch([X, GDP], ["BEL", "USA"], "all"))
    years = len(replica.worldbank.years)
    assert len(rows) == 2 * 2 * years
    asked = [request.query["page"] for request in replica.requests if "/series/" in request.path]
    assert asked == [str(page) for page in range(1, math.ceil(4 * years / 100) + 1)]
    found = {(row["series"], row["economy"], row["time"]): row["value"] for row in rows}
    assert found[GDP, "BEL", "YR2019"] == told(GDP, "BEL", 2019)
    assert found[X, "USA", "YR1960"] is None or found[X, "USA", "YR1960"] == told(X, "USA", 1960)


def test_every_year_of_every_economy_has_a_row_and_null_where_there_is_no_figure(get, replica):
    reply = get(f"/v2/en/sources/2/series/{X}/country/all/time/all?format=json&per_page=32500").json()
    assert reply["total"] == len(replica.worldbank.economies) * len(replica.worldbank.years)
    assert len(reply["source"]["data"]) == reply["total"]
    values = [row["value"] for row in reply["source"]["data"]]
    assert sum(value is not None for value in values) == len(store().figures(release(RELEASE), f"worldbank.{X}"))
    assert reply["lastupdated"] == "2026-07-01"


def test_the_source_tells_when_it_was_updated(bank, replica):
    assert bank.source.get(2)["lastupdated"] == "2026-07-01"
    replica.worldbank.lastupdated = "2026-10-01"
    assert [row["lastupdated"] for row in bank.source.list(2)] == ["2026-10-01"]


def test_wbgapi_tells_aggregates_from_countries(bank):
    assert {"WLD", "EUU", "HIC"} <= bank.economy.aggregates()
    assert "BEL" not in bank.economy.aggregates()
    assert dict(bank.economy.Series(["BEL", "USA"])) == {"BEL": "Belgium", "USA": "United States"}
    assert [row["id"] for row in bank.series.list()] == [X, M, GDP]


def test_titles_state_units_that_the_parser_accepts(tmp_path):
    """For every series of the release, a download with the replica's title parses to the release's own unit."""
    carried = release(RELEASE)
    codes = [scope.series.removeprefix("worldbank.") for scope in carried.scope]
    others = [s.code for s in register().values() if s.publisher == "worldbank" and s.code not in codes]
    bank = WorldBank.of(
        store(), [RELEASE, *(f"worldbank-{day}" for day in ("2026-07-13", "2026-02-24", "2025-12-04", "2025-06-05"))]
    )
    assert set(bank.series) == {*codes, *others}
    for number, code in enumerate(bank.series):
        path = tmp_path / str(number) / f"API_{code}.csv"
        path.parent.mkdir()
        head = f'"Data Source","World Development Indicators"\n\n"Last Updated Date","{bank.lastupdated}"\n\n'
        names = '"Country Name","Country Code","Indicator Name","Indicator Code","2000"\n'
        path.write_text(f'{head}{names}"Belgium","BEL","{bank.titles[code]}","{code}","2"\n', encoding="utf-8")
        unit = worldbank_parser.parse([path]).observations["unit"].item()
        assert series(f"worldbank.{code}").unit_matches(unit)


def test_a_whole_release_is_served_in_pages_of_the_greatest_size(get, replica):
    """Some 840,000 rows: all are counted, and those of a page in the middle compared."""
    replica.worldbank = room = WorldBank.of(store(), RELEASE)
    held = {
        (code, row.reporter, row.period): row.value
        for code in room.series
        for row in store().figures(release(RELEASE), f"worldbank.{code}").itertuples()
    }
    path = f"/v2/en/sources/2/series/{';'.join(room.series)}/country/all/time/all"
    total = len(room.series) * len(room.economies) * len(room.years)
    pages = math.ceil(total / 32_500)
    rows = nulls = 0
    for page in range(1, pages + 1):
        reply = get(path, params={"per_page": 32_500, "page": page, "format": "json"})
        rows += reply.content.count(b'{"variable":')
        nulls += reply.content.count(b'"value":null')
        if page == pages // 2:
            told = reply.json()
    assert (rows, rows - nulls) == (total, len(held))
    assert (told["page"], told["pages"], told["per_page"], told["total"]) == (pages // 2, pages, 32_500, total)
    assert len({row["variable"][1]["id"] for row in told["source"]["data"]}) >= 2
    for row in told["source"]["data"]:
        country, code, year = (part["id"] for part in row["variable"])
        assert row["value"] == held.get((code, country, int(year[2:])))


def test_what_the_bank_does_not_hold_is_told_in_its_own_words(bank, replica):
    with pytest.raises(wb.APIError, match="Invalid value: The provided parameter value is not valid"):
        list(bank.data.fetch("NO.SUCH.SERIES", "BEL"))
    with pytest.raises(wb.APIError, match="Invalid value"):
        list(bank.data.fetch(X, "XYZ"))
    bank.per_page = 32_501
    with pytest.raises(wb.APIError, match="Invalid value"):
        list(bank.data.fetch(X, "BEL"))
    bank.per_page = 1000
    replica.worldbank.errors = "xml"
    with pytest.raises(wb.APIResponseError, match="JSON decoding error"):
        list(bank.data.fetch("NO.SUCH.SERIES", "BEL"))


def test_years_that_the_source_lacks_are_passed_over(bank):
    assert [row["time"] for row in bank.data.fetch(X, "BEL", ["YR1950", "YR2019", "2020"])] == ["YR2019", "YR2020"]


def test_a_long_address_is_refused_and_wbgapi_cuts_its_own(get, bank, replica):
    economies = list(replica.worldbank.economies)
    long = f"/v2/en/sources/2/series/{X}/country/{';'.join(economies * 2)}/time/all?format=json"
    assert get(long).status_code == 414
    rows = list(bank.data.fetch([X, M], [*economies, *economies[:120]], ["YR2019"]))
    assert {row["economy"] for row in rows} == set(economies)


def test_edits_make_another_release(bank, replica):
    room = replica.worldbank
    room.change(X, "BEL", 2019, 12.5)
    room.change(X, "NLD", 2019, None)
    room.add(series=X, economy="BEL", year=2026, value=99.0)
    room.scale(M, 0.5)
    room.drop(economy="LUX")
    room.retitle(X, "Exports (current US$)")
    values = {
        (row["series"], row["economy"], row["time"]): row["value"]
        for row in bank.data.fetch([X, M], ["BEL", "NLD"], [2019, "YR2026"])
    }
    assert values[X, "BEL", "YR2019"] == 12.5
    assert values[X, "NLD", "YR2019"] is None
    assert values[X, "BEL", "YR2026"] == 99.0 and values[X, "NLD", "YR2026"] is None
    assert values[M, "BEL", "YR2019"] == told(M, "BEL", 2019) * 0.5
    with pytest.raises(wb.APIError, match="Invalid value"):
        list(bank.data.fetch(X, "LUX"))
    assert bank.series.get(X)["value"] == "Exports (current US$)"
    with pytest.raises(KeyError, match="no row of"):
        room.change(X, "LUX", 2019, 1.0)


def test_what_the_replica_does_not_know_is_not_answered_as_if_it_did(get):
    assert get(f"/v2/en/sources/2/series/{X}/country/BEL/time/all?format=json&mrv=3").status_code == 501
    assert get(f"/v2/en/sources/2/series/{X}/country/BEL/time/all").status_code == 501
    assert get("/v2/en/topic?format=json").status_code == 404
    assert get("/nowhere").status_code == 404


# The Census Bureau


def test_census_rows_sum_to_the_stores_years(get, tmp_path):
    """The rows as they come, written to files, go through the parser to the figures of the release."""
    paths = []
    for direction, measure in (("exports", "ALL_VAL_MO"), ("imports", "GEN_VAL_MO")):
        columns = f"CTY_CODE,CTY_NAME,{measure},YEAR,MONTH"
        params = {"get": columns, "time": "from 2013-01 to 2024-12", "key": Census.KEY}
        rows = get(f"/data/timeseries/intltrade/{direction}/hs", params=params).json()
        assert rows[0] == [*columns.split(","), "time"]
        assert all(isinstance(cell, str) for row in rows for cell in row)
        frame = pd.DataFrame(rows[1:], columns=rows[0]).drop(columns="time")
        paths.append(tmp_path / f"{direction}.csv")
        frame.to_csv(paths[-1], index=False)
    parsed = census_parser.parse(paths).observations
    key = ["series", "partner", "period"]
    held = pd.concat(
        store().figures(release("census-2025-10-18"), name).assign(series=name)
        for name in ("census.goods_exports", "census.goods_imports")
    )
    held = held[held["value"] > 0]  # the API has no row where there was no trade
    found, expected = (frame.set_index(key)["value"].sort_index().astype(float) for frame in (parsed, held))
    pd.testing.assert_series_equal(found, expected, rtol=1e-12, check_index_type=False)


@pytest.mark.parametrize(
    ("asked", "times"),
    [
        ("2024-12", {"2024-12"}),
        ("2024", {f"2024-{month:02}" for month in range(1, 13)}),
        ("from 2024-11", {"2024-11", "2024-12"}),
        ("from 2023-12 to 2024-01", {"2023-12", "2024-01"}),
    ],
)
def test_census_times(get, asked, times):
    params = {"get": "CTY_NAME,GEN_VAL_MO", "time": asked, "key": Census.KEY}
    rows = get("/data/timeseries/intltrade/imports/hs", params=params).json()
    assert {row[-1] for row in rows[1:]} == times
    assert ["BELGIUM"] * len(times) == [row[0] for row in rows[1:] if row[0] == "BELGIUM"]


def test_census_has_no_body_where_it_has_no_data_and_names_what_it_does_not_know(get):
    path = "/data/timeseries/intltrade/exports/hs"
    reply = get(path, params={"get": "CTY_CODE,ALL_VAL_MO", "time": "2031-01", "key": Census.KEY})
    assert (reply.status_code, reply.content) == (204, b"")
    reply = get(path, params={"get": "CTY_CODE,GEN_VAL_MO", "time": "2024-01", "key": Census.KEY})
    assert (reply.status_code, reply.text) == (400, "error: unknown variable 'GEN_VAL_MO'")
    reply = get(path, params={"get": "CTY_CODE", "time": "lately", "key": Census.KEY})
    assert (reply.status_code, reply.text) == (400, "error: invalid 'time' argument")
    one = get(path, params={"get": "CTY_NAME", "CTY_CODE": "4231", "YEAR": "2024", "MONTH": "01", "key": Census.KEY})
    assert one.json() == [["CTY_NAME", "CTY_CODE", "YEAR", "MONTH"], ["BELGIUM", "4231", "2024", "01"]]


def test_census_keys(get, replica):
    path, ask = "/data/timeseries/intltrade/exports/hs", {"get": "CTY_CODE", "time": "2024-01", "CTY_CODE": "4231"}
    missing = get(path, params=ask)
    assert [past.status_code for past in missing.history] == [302]
    assert missing.history[0].headers["X-DataWebAPI-KeyError"]
    assert missing.status_code == 200 and missing.url.endswith("/data/missing_key.html")
    assert "<title>Missing Key</title>" in missing.text
    wrong = get(path, params={**ask, "key": "guess"}, allow_redirects=False)
    assert wrong.status_code == 302 and wrong.headers["Location"].endswith("/data/invalid_key.html")
    replica.census.needs_key = False
    replica.census.free_requests = 2
    assert [len(get(path, params=ask).history) for _ in range(3)] == [0, 0, 1]


# The Bureau of Economic Analysis


def bea(get, **query):
    asked = {"UserID": Bea.KEY, "method": "GetData", "ResultFormat": "JSON", **query}
    return get("/api/data", params=asked).json()["BEAAPI"]["Results"]


def test_bea_trade_is_the_stores(get):
    results = bea(get, datasetname="ITA", Indicator="ExpGdsServ", AreaOrCountry="Belgium", Frequency="A", Year="ALL")
    held = store().figures(release("bea-2025-03-06"), "bea.goods_services_exports")
    held = held[held["partner"] == "BEL"].set_index("period")["value"].to_dict()
    assert {int(row["Year"]): float(row["DataValue"]) for row in results["Data"]} == held
    first = results["Data"][0]
    assert (first["UNIT_MULT"], first["CL_UNIT"], first["Frequency"]) == ("6", "USD", "A")
    assert first["TimeSeriesDescription"] == "Exports of goods and services; Belgium; annual"
    assert results["TsLastUpdated"].startswith("2025-03-06")
    everyone = bea(get, datasetname="ITA", Indicator="ImpGds", AreaOrCountry="All", Frequency="A", Year="2020,2021")
    assert {"Belgium", "KoreaRepOf", "EU"} <= {row["AreaOrCountry"] for row in everyone["Data"]}


def test_bea_positions_are_the_stores_with_what_is_withheld(get):
    results = bea(
        get, datasetname="MNE", DirectionOfInvestment="Inward", Classification="Country", SeriesID="22",
        Country="all", Year="2019",
    )  # fmt: skip
    found = {row["Row"]: row["DataValue"] for row in results["Data"]}
    held = store().figures(release("bea-2020-07"), "bea.fdi_position_foreign_parent")
    held = held[held["period"] == 2019].set_index("partner")
    assert float(found["Belgium"].replace(",", "")) == held["value"]["BEL"]
    assert float(found["All countries"].replace(",", "")) == held["value"]["WLD"]
    assert sum(value == "(D)" for value in found.values()) == (held["flag"] == "suppressed").sum() > 0
    assert results["Notes"][0]["NoteRef"] == "(D)"


def test_bea_errors_have_status_200(get):
    wrong = bea(get, UserID="guess", datasetname="ITA")
    assert wrong == {
        "Error": {"APIErrorCode": "3", "APIErrorDescription": "The UserId provided in the request is not valid."}
    }
    assert bea(get, datasetname="NIPA")["Error"]["APIErrorCode"] == "20"
    assert bea(get, datasetname="ITA", Indicator="ExpGds", AreaOrCountry="Atlantis")["Error"]["APIErrorCode"] == "40"
    assert bea(get, datasetname="ITA", AreaOrCountry="All")["Error"]["APIErrorCode"] == "40"
    assert bea(get, datasetname="MNE", SeriesID="22")["Error"]["APIErrorCode"] == "36"


def test_bea_tells_what_can_be_asked_for(get):
    areas = bea(get, method="GetParameterValues", datasetname="ITA", ParameterName="AreaOrCountry")["ParamValue"]
    assert {"Key": "KoreaRepOf", "Desc": "South Korea"} in areas
    codes = bea(get, method="GetParameterValues", datasetname="ITA", ParameterName="Indicator")["ParamValue"]
    assert {"Key": "ExpGdsServ", "Desc": "Exports of goods and services"} in codes
    assert bea(get, method="GetDatasetList")["Dataset"][0]["DatasetName"] == "ITA"


# Files


def test_files_answer_whether_they_are_new(get, replica):
    replica.files["table.csv"] = b"a,b\n1,2\n"
    first = get("/files/table.csv")
    assert (first.status_code, first.content) == (200, b"a,b\n1,2\n")
    held = {"If-None-Match": first.headers["ETag"]}
    again = get("/files/table.csv", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert get("/files/table.csv", headers=since).status_code == 304
    replica.files["table.csv"] = b"a,b\n1,3\n"
    for condition in (held, since, {**held, **since}):
        assert get("/files/table.csv", headers=condition).content == b"a,b\n1,3\n"
    replica.files.put("plain.csv", b"x", validators=False)
    assert not {"ETag", "Last-Modified"} & set(get("/files/plain.csv").headers)
    assert get("/files/missing.csv").status_code == 404


def test_files_can_be_had_in_part_and_by_their_headers_alone(get, replica):
    replica.files["data.bin"] = bytes(range(100))
    head = requests.head(f"{replica.url}/files/data.bin", timeout=TIMEOUT)
    assert (head.headers["Content-Length"], head.content) == ("100", b"")
    part = get("/files/data.bin", headers={"Range": "bytes=90-"})
    assert (part.status_code, part.content) == (206, bytes(range(90, 100)))
    assert part.headers["Content-Range"] == "bytes 90-99/100"
    assert get("/files/data.bin", headers={"Range": "bytes=2-3"}).content == b"\2\3"
    assert get("/files/data.bin", headers={"Range": "bytes=-2"}).content == b"\x62\x63"
    assert get("/files/data.bin", headers={"Range": "bytes=100-"}).status_code == 416
    resume = {"Range": "bytes=50-", "If-Range": head.headers["ETag"]}
    assert get("/files/data.bin", headers=resume).status_code == 206
    replica.files["data.bin"] = bytes(100)
    assert get("/files/data.bin", headers=resume).status_code == 200


# The replica itself


def test_requests_are_kept_in_order(get, replica):
    get("/files/one?a=1&b=", headers={"X-Told": "yes"})
    requests.head(f"{replica.url}/files/two", timeout=TIMEOUT)
    first, second = replica.requests
    assert (first.method, first.path, first.query) == ("GET", "/files/one", {"a": "1", "b": ""})
    assert first.headers["x-told"] == "yes"
    assert (second.method, second.path) == ("HEAD", "/files/two")
    replica.forget()
    assert replica.requests == []


def test_a_fault_meets_the_requests_it_is_meant_for(get, replica):
    replica.files["a"] = replica.files["b"] = b"right"
    rule = replica.misbehave(faults.status(500), path=r"/files/a", times=2, after=1)
    assert [get(f"/files/{name}").status_code for name in "abaaba"] == [200, 200, 500, 500, 200, 200]
    assert (rule.seen, rule.used) == (4, 2)
    replica.misbehave(faults.status(502), times=None)
    assert [get("/files/a").status_code for _ in range(3)] == [502] * 3
    replica.heal()
    assert get("/files/a").content == b"right"


def test_an_error_of_the_replica_itself_is_not_taken_for_a_fault(figures):
    with pytest.raises(TypeError, match="not for /v2"), Replica(worldbank=None) as replica:
        replica.misbehave(faults.thousandfold())
        assert requests.get(f"{replica.url}/v2/en/region", timeout=TIMEOUT).status_code == 500


def test_it_closes_at_once_though_clients_hang_and_keep_connections(capfd):
    with requests.Session() as session, Replica() as replica:
        replica.files["a"] = b"right"
        assert session.get(f"{replica.url}/files/a", timeout=TIMEOUT).content == b"right"
        replica.misbehave(faults.hang(), times=None)
        port = int(replica.url.rpartition(":")[2])
        waiting = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        waiting.sendall(b"GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n")
        while len(replica.requests) < 2:
            time.sleep(0.01)
    with waiting:
        assert waiting.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    assert capfd.readouterr().err == ""


# Faults of the transport


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [
        (faults.status(429, retry_after=1), "1"),
        (faults.status(500), None),
        (faults.status(502), None),
        (faults.status(503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), "Wed, 21 Oct 2026 07:28:00 GMT"),
    ],
)
def test_status(bank, get, replica, fault, retry_after):
    replica.misbehave(fault, path=DATA, times=2)
    with pytest.raises(wb.APIError) as caught:
        list(bank.data.fetch(X, "BEL"))
    reply = get(f"/v2/en/sources/2/series/{X}/country/BEL/time/all?format=json")
    assert caught.value.code == reply.status_code in (429, 500, 502, 503)
    assert reply.headers.get("Retry-After") == retry_after
    assert len(list(bank.data.fetch(X, "BEL", [2019]))) == 1


def test_hang(bank, replica):
    bank.get_options = {"timeout": 0.3}
    replica.misbehave(faults.hang(), path=DATA)
    with pytest.raises(requests.exceptions.ReadTimeout):
        list(bank.data.fetch(X, "BEL"))
    assert len(list(bank.data.fetch(X, "BEL", [2019]))) == 1


@pytest.mark.parametrize("fault", [faults.reset(), faults.drop(), faults.length_too_long()])
def test_a_connection_that_breaks_is_an_error_of_requests(bank, replica, fault):
    replica.misbehave(fault, path=DATA)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        list(bank.data.fetch(X, "BEL"))
    assert len(list(bank.data.fetch(X, "BEL", [2019]))) == 1


@pytest.mark.parametrize(
    "fault", [faults.truncated(), faults.length_too_short(), faults.corrupted(), faults.html(), faults.xml()]
)
def test_what_is_not_json_is_an_error_of_wbgapi(bank, replica, fault):
    replica.misbehave(fault, path=DATA)
    with pytest.raises(wb.APIResponseError, match="JSON decoding error"):
        list(bank.data.fetch(X, "BEL"))
    assert len(list(bank.data.fetch(X, "BEL", [2019]))) == 1


def test_a_cut_stream_of_gzip_is_not_noticed_by_requests(get, replica):
    """It gives what could be unpacked, without a word: a client must find out by itself."""
    right = b"".join(b"%d,%d\n" % (number, number * 7919 % 1009) for number in range(5000))
    replica.files["table.csv"] = right
    replica.misbehave(faults.gzip_cut())
    reply = get("/files/table.csv")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.content) < len(right) and right.startswith(reply.content)


def test_redirect_leads_to_the_second_listener(get, replica):
    replica.misbehave(faults.redirect(), times=2)
    assert get("/files/a?b=1").text == "<html><body>elsewhere</body></html>"
    assert [(request.path, request.query) for request in replica.elsewhere.requests] == [("/files/a", {"b": "1"})]
    assert get("/files/a", allow_redirects=False).headers["Location"] == f"{replica.elsewhere.url}/files/a"
    assert len(replica.elsewhere.requests) == 1


def test_wrong_type(get, replica):
    replica.misbehave(faults.wrong_type())
    reply = get(f"/v2/en/sources/2/series/{X}/country/BEL/time/YR2019?format=json")
    assert reply.headers["Content-Type"] == "text/html"
    assert reply.json()["source"]["data"][0]["value"] == told(X, "BEL", 2019)


# Faults of pages


def pages(get, *, per_page: int = 40, page: int = 1) -> dict:
    query = f"format=json&per_page={per_page}&page={page}"
    return get(f"/v2/en/sources/2/series/{X}/country/BEL;NLD/time/all?{query}").json()


def test_pages(get, replica):
    first, second = pages(get), pages(get, page=2)
    replica.misbehave(faults.empty())
    assert pages(get, page=2) == {**second, "source": {**second["source"], "data": []}}
    replica.misbehave(faults.repeated())
    assert pages(get, page=2) == {**first, "page": 2}
    replica.misbehave(faults.pages_too_few())
    assert pages(get) == {**first, "total": first["total"] // 2, "pages": 2}
    replica.misbehave(faults.pages_too_many())
    assert pages(get) == {**first, "total": first["total"] + 80, "pages": first["pages"] + 2}
    assert pages(get, page=9)["source"]["data"] == []


def test_wbgapi_believes_a_wrong_count(bank, replica):
    bank.per_page = 40
    whole = len(list(bank.data.fetch(X, ["BEL", "NLD"])))
    replica.misbehave(faults.pages_too_few(), path=DATA)
    assert len(list(bank.data.fetch(X, ["BEL", "NLD"]))) < whole
    replica.misbehave(faults.pages_too_many(), path=DATA)
    replica.forget()
    assert len(list(bank.data.fetch(X, ["BEL", "NLD"]))) == whole
    assert len(replica.requests) == math.ceil(whole / 40) + 2


def test_empty_and_repeated_elsewhere(get, replica):
    path, ask = "/data/timeseries/intltrade/exports/hs", {"get": "ALL_VAL_MO", "time": "2024-01", "CTY_CODE": "4231"}
    right = get(path, params={**ask, "key": Census.KEY}).json()
    replica.misbehave(faults.empty())
    assert get(path, params={**ask, "key": Census.KEY}).json() == right[:1]
    replica.misbehave(faults.repeated())
    assert get(path, params={**ask, "key": Census.KEY}).json() == [*right, right[1]]
    replica.misbehave(faults.empty())
    assert bea(get, datasetname="ITA", Indicator="ExpGds", AreaOrCountry="Belgium")["Data"] == []
    replica.files["a.csv"] = b"a\n"
    replica.misbehave(faults.empty())
    assert get("/files/a.csv").content == b""


# Faults of content


def test_renamed(bank, get, replica):
    replica.misbehave(faults.renamed(), path=DATA)
    with pytest.raises(KeyError):  # which wbgapi does not turn into an error of its own
        list(bank.data.fetch(X, "BEL"))
    replica.misbehave(faults.renamed())
    params = {"get": "CTY_CODE,ALL_VAL_MO", "time": "2024-01", "key": Census.KEY}
    assert get("/data/timeseries/intltrade/exports/hs", params=params).json()[0] == ["Economy", "ALL_VAL_MO", "time"]
    replica.misbehave(faults.renamed())
    row = bea(get, datasetname="ITA", Indicator="ExpGds", AreaOrCountry="Belgium")["Data"][0]
    assert row["Economy"] == "Belgium" and "AreaOrCountry" not in row


def test_countries(bank, get, replica):
    replica.misbehave(faults.new_country(), path=DATA, times=None)
    bank.per_page = 100
    rows = {(row["economy"], row["time"]) for row in bank.data.fetch(X)}
    assert len(rows) == (len(replica.worldbank.economies) + 1) * len(replica.worldbank.years)
    assert ("ZZZ", "YR2019") in rows
    replica.heal()
    replica.misbehave(faults.missing_country(), path=DATA, times=None)
    assert "BEL" not in {row["economy"] for row in bank.data.fetch(X, time=[2019])}
    replica.misbehave(faults.script_name(), path="/api/data")
    row = bea(get, datasetname="ITA", Indicator="ExpGds", AreaOrCountry="Belgium")["Data"][0]
    assert row["TimeSeriesDescription"] == "Exports of goods; Belgium<script>alert(1)</script>; annual"
    replica.misbehave(faults.formula(), path="/data/")
    params = {"get": "CTY_NAME", "time": "2024-01", "CTY_CODE": "4231", "key": Census.KEY}
    assert get("/data/timeseries/intltrade/exports/hs", params=params).json()[1][0].startswith("=HYPERLINK(")
    replica.heal()
    assert told(X, "BEL", 2019) in [row["value"] for row in bank.data.fetch(X, "BEL")]


def test_values(bank, get, replica):
    def values(code: str, *years: int) -> list:
        return [row["value"] for row in bank.data.fetch([X, M], "BEL", list(years)) if row["series"] == code]

    replica.misbehave(faults.thousandfold(), path=DATA)
    assert values(X, 2019) == [told(X, "BEL", 2019) * 1000]
    replica.misbehave(faults.thousandfold(M), path=DATA, times=2)
    assert (values(X, 2019), values(M, 2019)) == ([told(X, "BEL", 2019)], [told(M, "BEL", 2019) * 1000])
    replica.misbehave(faults.text_numbers(), path=DATA)
    assert values(X, 2019) == [str(told(X, "BEL", 2019))]
    replica.misbehave(faults.nan(), path=DATA)
    first, second = values(X, 2018, 2019)
    assert math.isnan(first) and second == told(X, "BEL", 2019)
    replica.misbehave(faults.future_year(), path=DATA)
    newest = f"YR{replica.worldbank.years[-1]}"
    told_then = {row["time"]: row["value"] for row in bank.data.fetch(GDP, "BEL")}
    assert told_then["YR2090"] == told_then[newest] is not None
    replica.misbehave(faults.text_numbers(), path="/data/")
    params = {"get": "ALL_VAL_MO", "time": "2024-01", "CTY_CODE": "4231", "key": Census.KEY}
    assert isinstance(get("/data/timeseries/intltrade/exports/hs", params=params).json()[1][0], float)


def test_a_bare_nan_is_not_json(get, replica):
    replica.misbehave(faults.nan())
    text = get(f"/v2/en/sources/2/series/{X}/country/BEL/time/YR2019?format=json").text
    assert '"value": NaN' in text

    def refuse(constant):
        raise ValueError(constant)

    with pytest.raises(ValueError, match="NaN"):
        json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (faults.renamed(), [["Economy", "2023", "2024"], *TABLE[1:]]),
        (faults.renamed("2024", "2024e"), [["Country", "2023", "2024e"], *TABLE[1:]]),
        (faults.new_country(), [*TABLE, ["Nowhere", 3.5, 4.5]]),
        (faults.missing_country(), [TABLE[0], TABLE[2]]),
        (faults.script_name(), [TABLE[0], ["Belgium<script>alert(1)</script>", 1.5, 2.5], TABLE[2]]),
        (faults.formula(), [TABLE[0], ["Belgium", faults.FORMULA, 2.5], TABLE[2]]),
        (faults.thousandfold(), [TABLE[0], ["Belgium", 1500.0, 2500.0], ["Netherlands", 3500.0, 4500.0]]),
        (faults.future_year(), [["Country", "2023", "2090"], *TABLE[1:]]),
        (faults.nan(), [TABLE[0], ["Belgium", "NaN", 2.5], TABLE[2]]),
        (faults.text_numbers(), [TABLE[0], ["Belgium", "1.5", "2.5"], ["Netherlands", "3.5", "4.5"]]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_files_with_changed_content(get, replica, fault, expected):
    replica.files["table.xlsx"] = workbook(TABLE)
    tag = get("/files/table.xlsx").headers["ETag"]
    replica.misbehave(fault, times=2)
    reply = get("/files/table.xlsx")
    assert cells(reply.content) == expected
    # The publisher serves other bytes under another tag, to a client that holds the right ones too.
    again = get("/files/table.xlsx", headers={"If-None-Match": tag})
    assert again.status_code == 200 and again.headers["ETag"] != tag
    assert cells(get("/files/table.xlsx").content) == TABLE


def test_csv_with_changed_content(get, replica):
    replica.files["table.csv"] = b"Country,Year,Value\r\nBelgium,2024,1.5\r\n"
    replica.misbehave(faults.renamed())
    assert get("/files/table.csv").content == b"Economy,Year,Value\r\nBelgium,2024,1.5\r\n"
    replica.misbehave(faults.thousandfold())
    assert get("/files/table.csv").content == b"Country,Year,Value\r\nBelgium,2024,1500.0\r\n"


def test_a_damaged_workbook_keeps_the_tag_of_the_right_one(get, replica):
    replica.files["table.xlsx"] = workbook(TABLE)
    right = get("/files/table.xlsx")
    for fault in (faults.corrupted(), faults.truncated()):
        replica.misbehave(fault)
        reply = get("/files/table.xlsx")
        assert reply.headers["ETag"] == right.headers["ETag"] and reply.content != right.content
        with pytest.raises((zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError)):
            cells(reply.content)


def test_zip_bomb(get, replica):
    replica.files["table.xlsx"] = workbook(TABLE)
    replica.misbehave(faults.zip_bomb())
    content = get("/files/table.xlsx").content
    assert len(content) < 1_000_000
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert 190e6 < sum(entry.file_size for entry in book.infolist()) < 210e6
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    assert next(iter(sheet.values)) == (" " * 32_000,)


ASKED = {
    "worldbank": f"/v2/en/sources/2/series/{X}/country/BEL;NLD/time/all?format=json&per_page=40&page=2",
    "census": f"/data/timeseries/intltrade/exports/hs?get=CTY_CODE,CTY_NAME,ALL_VAL_MO&YEAR=2024&key={Census.KEY}",
    "bea": f"/api/data?UserID={Bea.KEY}&method=GetData&datasetname=ITA&Indicator=ExpGds&AreaOrCountry=All",
    "files": "/files/table.xlsx",
}
PAGED = ("pages_too_few", "pages_too_many")  # which the World Bank alone has


@pytest.mark.parametrize("room", ASKED)
def test_no_fault_passes_unseen(replica, room):
    def reply() -> tuple:
        try:
            # A connection of its own: what a fault leaves on one that is kept would spoil the next answer.
            with requests.Session() as session:
                session.trust_env = False
                found = session.get(f"{replica.url}{ASKED[room]}", timeout=0.3 if fault == "hang" else TIMEOUT)
        except requests.exceptions.RequestException as error:
            return (type(error),)
        return found.status_code, found.url, found.headers.get("Content-Type"), found.content

    replica.files["table.xlsx"] = workbook(TABLE)
    fault = ""
    right = reply()
    assert right[0] == 200
    for fault, make in faults.ALL.items():
        if room == "worldbank" or fault not in PAGED:
            replica.misbehave(make())
            assert reply() != right, fault
            assert reply() == right, fault


def test_each_fault_has_a_name_and_is_described():
    made = [make() for make in faults.ALL.values()] + [faults.status(500)]
    assert {fault.name for fault in made} == {*faults.ALL, "status"}
    assert all(fault.told and "\n" not in fault.told for fault in made)


def test_requests_of_another_client_go_the_same_way(replica):
    """urllib3 on its own, which pooch and others stand on."""
    replica.files["a"] = b"right"
    with urllib3.PoolManager() as pool:
        assert pool.request("GET", f"{replica.url}/files/a", timeout=TIMEOUT).data == b"right"
        replica.misbehave(faults.status(429, retry_after=0), times=2)
        retries = urllib3.Retry(total=3, status_forcelist=[429], backoff_factor=0)
        assert pool.request("GET", f"{replica.url}/files/a", timeout=TIMEOUT, retries=retries).data == b"right"
    assert len(replica.requests) == 4
