"""A publisher's own file: at an address that stays, or the newest one that a page links to."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import requests

from analysis.errors import ClaimbookError
from analysis.fetching import Fetched
from analysis.fetching.client import Client, Unsteady
from analysis.fetching.upstreams import Upstream
from analysis.publishers.grid import MAX_UNPACKED
from analysis.snapshots.catalogue import Release, replace

# A compressed answer that is cut off looks whole to the library that unpacks it. What is remembered is never taken
# without asking whether it still holds, nor in the place of an answer that did not come.
ASKED = {"headers": {"Accept-Encoding": "identity"}, "expire_after": 0}


def fetch(upstream: Upstream, client: Client, held: Release | None) -> Fetched | None:
    """The newest file of a publisher; None where it is, byte for byte, the one that the newest release was made of.

    Its day is what its name tells, else what the server says of its last change, else today. ClaimbookError where the
    page links to no such file, or where what comes is not the kind of file that its name promises.
    """
    address, day = (upstream.address, None) if upstream.link is None else _newest(upstream, client)
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    known = set() if held is None else {file.sha256 for file in held.files}
    client.check = lambda response: _whole(response, name)
    response = client.get(address, **ASKED)
    if getattr(response, "from_cache", False) and _digest(response) not in known:
        # It was not taken when it came: it may have been damaged on its way, and have the tag of the right one.
        client.forget()
        response = client.get(address, **ASKED)
    digest = _digest(response)
    if digest in known:
        return None
    path = client.folder / "raw" / digest[:16] / (re.sub(r"[^\w.\-]", "_", name).lstrip(".") or "file")
    replace(path, response.content)
    stated = day or _changed(response)
    return Fetched(stated or _today().isoformat(), (path,), (address,), dated=stated is not None, note=upstream.note)


def _newest(upstream: Upstream, client: Client) -> tuple[str, str | None]:
    """The address of the newest file that a page links to, and its day where its name tells one."""
    client.check = lambda page: _linked(page, upstream)
    client.remember = False  # an old page under the tag of the newest would hide every file to come
    found = _linked(client.get(upstream.address, **ASKED), upstream)
    client.remember = True
    address = max(found, key=lambda address: (_order(found[address]), address))
    year, month, day, _ = _order(found[address])
    if not (month and day):
        return address, None
    try:
        told = date(year, month, day)
    except ValueError:
        raise ClaimbookError(f"{address}: its name tells no day; correct `link` in data/upstreams.yaml") from None
    if told > _today():
        raise ClaimbookError(f"{address}: its name tells a day to come; correct `link` in data/upstreams.yaml")
    return address, told.isoformat()


def _linked(page: requests.Response, upstream: Upstream) -> dict[str, re.Match[str]]:
    """The addresses that a page links to whose names fit, and how they do. Unsteady where there is none."""
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    host, found = urlsplit(page.url).netloc, {}
    text = page.content.lower()
    if not text or (b"<html" in text and b"</html" not in text):
        raise Unsteady(f"{host} sends a page that is cut off")
    try:
        links = BeautifulSoup(page.content, "html.parser").select("a[href]")
    except ParserRejectedMarkup:
        raise Unsteady(f"{host} sends what is not a web page") from None
    for link in links:
        try:
            address = urljoin(page.url, str(link["href"])).partition("#")[0]
            parts = urlsplit(address)
        except ValueError:  # no address at all
            continue
        if parts.scheme in ("http", "https") and (match := re.search(upstream.link, unquote(parts.path))):
            found[address] = match
    if not found:
        raise Unsteady(
            f"{host} no longer links to a file named like {upstream.link}; download it by hand and "
            "`claimbook data ingest` it, or correct `link` in data/upstreams.yaml"
        )
    return found


def _order(match: re.Match[str]) -> tuple[int, int, int, str]:
    """Year, month and day as far as a name tells them, and the name."""
    told = match.groupdict()
    try:
        year, month, day = (int(told.get(name) or 0) for name in ("year", "month", "day"))
    except ValueError:
        raise ClaimbookError(f"{match.string}: its name tells no day; correct `link` in data/upstreams.yaml") from None
    return (year + 2000 if 0 < year < 100 else year, month, day, match[0])


def _changed(response: requests.Response) -> str | None:
    """The day on which a file was last changed, as its server tells it; None for a day to come."""
    try:
        told = parsedate_to_datetime(response.headers["Last-Modified"]).astimezone(UTC).date()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return told.isoformat() if told <= _today() else None


def _today() -> date:
    return datetime.now(UTC).date()


def _digest(response: requests.Response) -> str:
    return hashlib.sha256(response.content).hexdigest()


def _whole(response: requests.Response, name: str) -> None:
    """Refuse an answer that is cut off, or another kind of file than the name that was asked for promises."""
    host, content = urlsplit(response.url).netloc, response.content
    if not content:
        raise Unsteady(f"{host} sends an empty answer for {name}")
    if PurePosixPath(name).suffix.lower() in (".xlsx", ".zip"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as book:
                small = sum(entry.file_size for entry in book.infolist()) <= MAX_UNPACKED
                damaged = book.testzip() if small else None  # the parser refuses one that would unpack to more
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            damaged = name
        if damaged:
            raise Unsteady(f"{host} sends a damaged {name}")
    elif PurePosixPath(name).suffix.lower() == ".csv" and content.lstrip()[:1] == b"<":
        raise Unsteady(f"{host} sends a web page where {name} is due")
