"""Files for download, with the validators that let a client ask whether anything is new."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime

from replica.wire import Reply, Request, as_page

FIRST = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """A file as it is served now."""

    content: bytes
    modified: dt.datetime
    validators: bool = True

    @property
    def etag(self) -> str:
        """A strong validator: other bytes, other tag."""
        return etag(self.content)


class Files:
    """Files by name, served as /files/<name>. New content of a name is a day younger than the old."""

    def __init__(self) -> None:
        """No files."""
        self._files: dict[str, File] = {}

    def __setitem__(self, name: str, content: bytes) -> None:
        """Serve `content` under a name."""
        self.put(name, content)

    def __getitem__(self, name: str) -> bytes:
        """The content served under a name."""
        return self._files[name].content

    def put(self, name: str, content: bytes, *, modified: dt.datetime | None = None, validators: bool = True) -> None:
        """Serve `content` under a name; without `validators` a client cannot ask whether it is new."""
        before = self._files.get(name)
        if modified is None and before is not None:
            modified = before.modified + dt.timedelta(days=before.content != content)
        self._files[name] = File(content, modified or FIRST, validators)

    def remove(self, name: str) -> None:
        """Serve a file no longer. KeyError where there is none."""
        del self._files[name]

    def answer(self, request: Request, url: str) -> Reply:
        """The reply to a request below /files."""
        name = request.path.removeprefix("/files/")
        if name not in self._files:
            return as_page("<html><body><h1>404 Not Found</h1></body></html>", 404)
        file = self._files[name]
        suffix = "." + name.rpartition(".")[2].lower()
        kind = KINDS.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Content-Type": kind, "Accept-Ranges": "bytes"}
        if file.validators:
            headers |= {"ETag": file.etag, "Last-Modified": format_datetime(file.modified, usegmt=True)}
            if _unchanged(request, file):
                del headers["Content-Type"]
                return Reply(status=304, headers=headers)
        return _part(request, file, headers)


def etag(content: bytes) -> str:
    """The entity tag of some bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def _unchanged(request: Request, file: File) -> bool:
    if (tags := request.headers.get("If-None-Match")) is not None:  # the other is not looked at beside it
        return tags.strip() == "*" or file.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = _day(request.headers.get("If-Modified-Since"))
    return since is not None and file.modified.replace(microsecond=0) <= since


def _part(request: Request, file: File, headers: dict[str, str]) -> Reply:
    size = len(file.content)
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if condition and condition != file.etag and _day(condition) != file.modified:
        asked = None  # the file is another by now: all of it
    if asked is None or asked[0] == "bytes=-":
        return Reply(file.content, headers=headers)
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    else:
        first, last = max(size - int(asked[2]), 0), size - 1
    if first > last:
        return Reply(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    return Reply(file.content[first : last + 1], 206, {**headers, "Content-Range": f"bytes {first}-{last}/{size}"})


def _day(text: str | None) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
