"""World Bank, World Development Indicators, through wbgapi: all that is declared in as few requests as can be.

One request tells the day on which the Bank last brought the figures up to date. Where that is not the day of the
release held, all indicators, economies and years are asked for together, page by page.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from sys import intern
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from analysis.errors import ClaimbookError
from analysis.fetching import Fetched
from analysis.fetching.client import Client, Unanswered, Unsteady
from analysis.fetching.upstreams import Upstream
from analysis.series import register
from analysis.snapshots.catalogue import Release, replace

DATABASE = 2  # World Development Indicators
PAGE = 32_500  # the most rows that the API gives at once
CONCEPTS = {"Country", "Series", "Time"}


def fetch(upstream: Upstream, client: Client, held: Release | None) -> Fetched | None:
    """The declared indicators as the Bank tells them now, a file for each; None where they are those held.

    ClaimbookError where the API fails for good, or where its pages do not add up to what it announced.
    """
    declared = sorted({series.code for series in register().values() if series.publisher == "worldbank"})
    tally = _Tally(client)
    client.check = tally.check
    settings = {"endpoint": upstream.address.rstrip("/"), "per_page": upstream.page_size or PAGE, "db": DATABASE}
    with client.lent(**settings) as wb:
        tally.anew()
        day = _updated(_asked(lambda: wb.source.get(DATABASE)))
        if held is not None and day == held.released:
            return None
        # Pages of another release must not be mixed with this one's.
        mark = client.folder / "answers-of"
        if not mark.is_file() or mark.read_text(encoding="utf-8") != day:
            client.forget()
            replace(mark, day.encode())
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type(Inconsistent), stop=stop_after_attempt(3), reraise=True
            ):
                with attempt:
                    titles, cells = _figures(wb, declared, tally, anew=attempt.retry_state.attempt_number > 1)
        except Unanswered:
            raise
        except ClaimbookError as error:
            # One indicator that the Bank has given up spoils the answer for all, and the answer does not say which.
            tally.anew()
            listed = {row["id"] for row in _asked(lambda: list(wb.series.list()))}
            gone = sorted(set(declared) - listed)
            raise ClaimbookError(_gone(gone) if gone else str(error)) from None
    missing = sorted(set(declared) - set(cells))
    if missing:
        raise ClaimbookError(_gone(missing))
    folder = client.folder / "raw" / day
    files = []
    for code in declared:
        about = {"name": code, "title": titles[code], "resources": [{"path": "data.csv"}]}
        replace(folder / code / "datapackage.json", json.dumps(about, ensure_ascii=False).encode())
        files.append(folder / code / "data.csv")
        replace(files[-1], cells[code])
    client.forget()
    return Fetched(day, tuple(files), (upstream.address,))


class Inconsistent(ClaimbookError):
    """Pages, each without fault, that do not belong together."""


def _figures(wb: Any, declared: list[str], tally: _Tally, *, anew: bool) -> tuple[dict[str, str], dict[str, bytes]]:
    """All figures of all indicators; `anew`: without any page that is remembered."""
    if anew:
        tally.client.forget()
    tally.anew(remember=True)
    rows = wb.refetch(
        "sources/{source}/series/{series}/country/{country}/time/{time}", ["series"],
        source=str(DATABASE), series=";".join(declared), country="all", time="all",
    )  # fmt: skip
    return _asked(lambda: _sorted(rows, tally))


class _Tally:
    """What the pages of one question said of themselves; wbgapi itself believes whatever they say."""

    def __init__(self, client: Client) -> None:
        self.client, self.total = client, 0

    def anew(self, *, remember: bool = False) -> None:
        self.total = 0
        self.client.remember = remember

    def check(self, response: requests.Response) -> None:
        """Refuse an answer that is not JSON, or not the page that was asked for, or not as long as it says."""
        host = urlsplit(response.url).netloc
        response.encoding = "utf-8"  # whatever its headers say; wbgapi reads it after us
        try:
            told = response.json()
        except ValueError:
            kind = response.headers.get("Content-Type", "something else").partition(";")[0]
            raise Unsteady(f"{host} answers {kind} that is not whole JSON") from None
        if not isinstance(told, dict) or "message" in told:
            return  # wbgapi tells what the API has to say
        asked = parse_qs(urlsplit(response.url).query)
        page, size = int(asked["page"][0]), int(asked["per_page"][0])
        rows = (told.get("source") or {}).get("data") if isinstance(told.get("source"), dict) else None
        if rows is None:
            return
        try:
            total, said = int(told["total"]), int(told["page"])
        except (KeyError, TypeError, ValueError):
            raise Unsteady(f"{host} does not say which page this is") from None
        due = max(0, min(size, total - (page - 1) * size))
        if said != page or len(rows) != due:
            raise Unsteady(f"{host} gives {len(rows):,} rows as page {said}, where {due:,} of page {page} are due")
        if self.total and total != self.total:
            raise Inconsistent(f"{host} now speaks of {total:,} rows, where it spoke of {self.total:,} before")
        self.total = total
        pages = -(-total // size)
        self.client.say(f"page {page} of {pages}", page / pages)


def _gone(codes: list[str]) -> str:
    told = f"the World Bank no longer gives {', '.join(codes)}"
    return f"{told}; put its new code into data/series/worldbank.yaml, or leave it out"


def _asked(question: Any) -> Any:
    """What wbgapi answers; its faults as ours."""
    from wbgapi import APIError

    try:
        return question()
    except APIError as error:
        raise ClaimbookError(f"the World Bank's API answers: {error.msg}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise ClaimbookError(
            f"the World Bank's API answers in a form that wbgapi does not know ({type(error).__name__}: {error})"
        ) from None


def _updated(about: dict[str, Any] | None) -> str:
    told = (about or {}).get("lastupdated")
    try:
        day = date.fromisoformat(str(told))
    except ValueError:
        raise ClaimbookError(f"the World Bank says it was last updated on {told!r}, which is not a date") from None
    if day > datetime.now(UTC).date() + timedelta(days=1):  # a day more, for it is tomorrow somewhere
        raise ClaimbookError(f"the World Bank says it was last updated on {day}, which has not come")
    return day.isoformat()


def _sorted(rows: Iterable[dict[str, Any]], tally: _Tally) -> tuple[dict[str, str], dict[str, bytes]]:
    """The titles, and a CSV file for each indicator, the same for the same figures in whatever order they came.

    Rows are taken one by one: there are about a million of them, most without a figure.
    """
    titles: dict[str, str] = {}
    cells: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
    count = 0
    for row in rows:
        told = {entry["concept"]: entry for entry in row["variable"]}
        if set(told) != CONCEPTS:
            raise ClaimbookError(f"the World Bank's API tells {', '.join(told)}, not {', '.join(sorted(CONCEPTS))}")
        economy, series, time = told["Country"], told["Series"], intern(told["Time"]["id"])
        code, who = series["id"], intern(economy["id"])
        count += 1
        seen[code].add((who, time))
        titles[code] = series["value"]
        if row["value"] is not None:
            cells[code].append((intern(economy["value"]), who, time.removeprefix("YR"), str(row["value"])))
    different = sum(map(len, seen.values()))
    if not count == different == tally.total:
        held = f"{different:,} figures in {count:,} rows"
        raise Inconsistent(f"the World Bank's pages hold {held}, where {tally.total:,} were announced")
    files = {}
    for code, found in cells.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["Country Name", "Country Code", "Year", "Value"])
        writer.writerows(sorted(found, key=lambda cell: (cell[1], cell[2])))
        files[code] = text.getvalue().encode("utf-8")
    return titles, files
