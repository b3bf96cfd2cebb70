"""US Census Bureau: the international trade API where a key is set, the Bureau's yearly file where none is."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests

from analysis.errors import ClaimbookError
from analysis.fetching import Fetched, files
from analysis.fetching.client import Client, Unsteady
from analysis.fetching.upstreams import Upstream
from analysis.snapshots.catalogue import Release, replace

# Flow, and the Bureau's name of a month's value: total exports; general imports, customs value. Whole dollars.
FLOWS = {"exports": "ALL_VAL_MO", "imports": "GEN_VAL_MO"}
FIRST_YEAR = 2013
NO_KEY = re.compile(r"<title>\s*(invalid|missing) key\b", re.IGNORECASE)


def fetch(upstream: Upstream, client: Client, held: Release | None) -> Fetched | None:
    """Both flows by month and partner, one request each; without a key the file of the same figures by year.

    The API does not say when its figures were published: they are dated by the day of the download. ClaimbookError
    where the key is refused, or where an answer is not the table that was asked for.
    """
    key = os.environ.get(upstream.key.variable, "").strip() if upstream.key else ""
    if not key:
        if upstream.key:
            ask = f"a key is free at {upstream.key.ask}"
            client.advice.append(f"{upstream.key.variable} is not set, so the yearly file is asked for; {ask}")
        return files.fetch(upstream, client, held)
    today = datetime.now(UTC).date()
    client.check = partial(_table, upstream.key.variable)
    client.remember = False  # so that nothing of a request that holds the key is kept
    paths = []
    for flow, measure in FLOWS.items():
        asked = {
            "get": f"CTY_CODE,CTY_NAME,{measure}",
            "time": f"from {upstream.first_year or FIRST_YEAR}-01 to {today.year}-12",
            upstream.key.parameter: key,
        }
        response = client.get(f"{upstream.api.rstrip('/')}/{flow}/hs", params=asked)
        if response.status_code == 204:
            raise ClaimbookError(f"the Census Bureau's API has no {flow} for the years asked for")
        path = client.folder / "raw" / today.isoformat() / f"{flow}.csv"
        replace(path, _rows(json.loads(response.content), flow, measure))
        paths.append(path)
    return Fetched(today.isoformat(), tuple(paths), (upstream.api,), dated=False, note=upstream.note)


def _table(variable: str, response: requests.Response) -> None:
    """Refuse what is not a JSON table; a key that is not accepted is told by a web page under a good status."""
    host = urlsplit(response.url).netloc
    if response.status_code == 204:
        return
    try:
        told = json.loads(response.content)  # UTF-8, whatever the headers say
    except (ValueError, RecursionError):
        if re.search(r"(invalid|missing)_key", urlsplit(response.url).path) or NO_KEY.search(response.text[:2000]):
            raise ClaimbookError(
                f"{host} does not accept the key in {variable}; correct it, or unset it to take the yearly file"
            ) from None
        raise Unsteady(f"{host} answers something that is not whole JSON") from None
    if not (isinstance(told, list) and len(told) > 1 and all(isinstance(row, list) for row in told)):
        raise Unsteady(f"{host} answers something that is not a table")


def _rows(table: list[list[Any]], flow: str, measure: str) -> bytes:
    """The table as the rows that analysis.publishers.census_layouts reads, in an order of their own."""
    header = [str(name) for name in table[0]]
    wanted = ("CTY_CODE", "CTY_NAME", measure, "time")
    missing = [name for name in wanted if name not in header]
    if missing:
        raise ClaimbookError(f"the Census Bureau's API gives {flow} without {missing[0]}; it gives {', '.join(header)}")
    places = [header.index(name) for name in wanted]
    rows = []
    for number, row in enumerate(table[1:], start=2):
        if len(row) != len(header):
            raise ClaimbookError(f"the Census Bureau's API gives {len(row)} cells in row {number} of {flow}")
        code, name, value, time = ("" if row[place] is None else str(row[place]) for place in places)
        year, dash, month = time.partition("-")
        if not dash:
            raise ClaimbookError(f"the Census Bureau's API gives {time!r} in row {number} of {flow}, which is no month")
        rows.append((code, name, value, year, month))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["CTY_CODE", "CTY_NAME", measure, "YEAR", "MONTH"])
    writer.writerows(sorted(rows, key=lambda row: (row[3], row[4], row[0])))
    return text.getvalue().encode("utf-8")
