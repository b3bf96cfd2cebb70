"""The faults that a publisher, or what lies between, can have: a closed vocabulary.

Each function gives a Fault. Those of the transport leave the validators of a file as they are, since the right
file was damaged on its way; those of content bring their own, since the publisher itself serves other bytes.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from replica import documents, grids
from replica.calls import Call, Fault
from replica.files import Files, etag
from replica.rows import Rows
from replica.wire import Reply, as_json, as_page
from replica.worldbank import BAD_VALUE_XML

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://127.0.0.1/","1")'


def _fault(make: Callable[..., Callable[[Call], Reply]]) -> Callable[..., Fault]:
    @functools.wraps(make)
    def made(*args: Any, **options: Any) -> Fault:
        return Fault(make.__name__, (make.__doc__ or "").strip(), make(*args, **options))

    return made


# The transport


@_fault
def status(code: int, retry_after: int | str | None = None):
    """Answer this status, with Retry-After where given: seconds, or a date as HTTP spells it."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return lambda call: as_page(f"<html><body><h1>{code}</h1></body></html>", code, **headers)


@_fault
def hang():
    """Take the request and say nothing until the client leaves or the replica closes."""
    return lambda call: Reply(instead="hang")


@_fault
def reset():
    """Reset the connection before anything is said."""
    return lambda call: Reply(instead="reset")


@_fault
def drop():
    """Send half of the body that Content-Length promises, then close."""
    return lambda call: _sent(call.whole(), lambda body: len(body) // 2)


@_fault
def length_too_long():
    """Promise 1000 bytes more than there are."""
    return lambda call: (reply := call.whole()) and replace(reply, declared=len(reply.body) + 1000)


@_fault
def length_too_short():
    """Promise half of the bytes that come."""
    return lambda call: (reply := call.whole()) and replace(reply, declared=len(reply.body) // 2)


@_fault
def truncated():
    """Cut the body in half, and promise no more than that."""
    return lambda call: (reply := call.whole()) and replace(reply, body=reply.body[: len(reply.body) // 2])


@_fault
def gzip_cut():
    """Compress the body and cut the stream in half."""

    def act(call: Call) -> Reply:
        reply = call.whole()
        packed = gzip.compress(reply.body, mtime=0)
        return replace(reply, body=packed[: len(packed) // 2], headers={**reply.headers, "Content-Encoding": "gzip"})

    return act


@_fault
def corrupted():
    """Flip bits all through the middle of the body."""

    def act(call: Call) -> Reply:
        reply = call.whole()
        body = bytearray(reply.body)
        for place in range(len(body) // 3, 2 * len(body) // 3, 7):
            body[place] ^= 0x5A
        return replace(reply, body=bytes(body))

    return act


@_fault
def wrong_type():
    """Call the right body an HTML page."""
    return lambda call: (r := call.whole()) and replace(r, headers={**r.headers, "Content-Type": "text/html"})


@_fault
def html():
    """Answer a page of HTML under status 200."""
    return lambda call: as_page("<!doctype html><html><body><h1>Scheduled maintenance</h1></body></html>")


@_fault
def xml():
    """Answer XML under status 200: the World Bank's words for a bad value."""
    return lambda call: as_page(BAD_VALUE_XML, kind="text/xml; charset=utf-8")


@_fault
def redirect():
    """Send the client to another address."""
    return lambda call: Reply(status=302, headers={"Location": call.elsewhere + call.request.target})


# Pages


@_fault
def empty():
    """Leave out all rows under the right header; a file has no bytes."""
    return lambda call: _document(call, documents.without_rows) or replace(call.whole(), body=b"")


@_fault
def repeated():
    """Give page 1's rows under the header of the page asked for; where there are no pages, every row twice."""

    def act(call: Call) -> Reply:
        if "page" not in call.request.query:
            return _document(call, documents.repeat_rows) or _grid(call, grids.repeat_rows)
        first = call.right(request=replace(call.request, query={**call.request.query, "page": "1"}))
        document = json.loads(first.body)
        header = document[0] if isinstance(document, list) else document
        header["page"] = int(call.request.query["page"])
        return as_json(document)

    return act


@_fault
def pages_too_few():
    """Say that there are half the rows, and the pages that would take. World Bank only."""
    return lambda call: _counted(call, lambda total, size: max(total // 2, 1))


@_fault
def pages_too_many():
    """Say that there are two pages more. World Bank only."""
    return lambda call: _counted(call, lambda total, size: total + 2 * size)


# Content


@_fault
def renamed(old: str | None = None, new: str = "Economy"):
    """Call the column, field or concept of the country (or `old`) by another name."""
    return lambda call: (
        _document(call, lambda document: documents.rename(document, old, new))
        or _grid(call, lambda rows: grids.rename(rows, old, new))
    )


@_fault
def new_country(code: str = "ZZZ", name: str = "Nowhere"):
    """Tell a country that nobody knows, whether or not it is asked for."""
    return lambda call: _edited(
        _widened(call, code=code),
        ("new", code, name),
        lambda room: room.add_country(code, name),
        lambda rows: grids.add_country(rows, name),
    )


@_fault
def missing_country(name: str = "Belgium"):
    """Leave a country out, named by its name or code; the first where it is not held."""
    return lambda call: _edited(
        call,
        ("missing", name),
        lambda room: [room.drop(**{room.COUNTRY: code}) for code in room.pick(name)],
        lambda rows: grids.drop_country(rows, name),
    )


@_fault
def script_name(name: str = "Belgium"):
    """Put a script tag into a country's name."""
    return lambda call: _edited(
        call,
        ("script", name),
        lambda room: [room.call(code, f"{room.name_of(code)}{SCRIPT}") for code in room.pick(name)],
        lambda rows: grids.call(rows, name, SCRIPT),
    )


@_fault
def formula(name: str = "Belgium"):
    """Put a formula where text is due: in a workbook's first figure, elsewhere in a country's name."""
    return lambda call: _edited(
        call,
        ("formula", name),
        lambda room: [room.call(code, FORMULA) for code in room.pick(name)],
        lambda rows: grids.first_figure(rows, lambda value: FORMULA),
    )


@_fault
def thousandfold(series: str | None = None):
    """Multiply one series by 1000: the first asked for unless named; in a file, every figure."""

    def act(call: Call) -> Reply:
        told = series or (call.room.asked(call.request) if isinstance(call.room, Rows) else None)
        if isinstance(call.room, Rows) and told is None:
            return call.right()  # nothing of figures is asked for
        return _edited(
            call,
            ("thousandfold", told),
            lambda room: room.scale(told, 1000.0),
            lambda rows: grids.figures(rows, lambda value: value * 1000),
        )

    return act


@_fault
def future_year(year: int = 2090):
    """Tell the newest figures as those of a year to come, asked for or not; in a file, call the newest year so."""
    return lambda call: _edited(
        _widened(call, year=year),
        ("future", year),
        lambda room: room.repeat_newest(year),
        lambda rows: grids.newest_year(rows, year),
    )


@_fault
def nan():
    """Write the first figure as a bare NaN; in a file, as the text NaN."""

    def change(document: Any) -> None:
        for holder, key in documents.figures(document)[:1]:
            holder[key] = float("nan")

    return lambda call: _document(call, change) or _grid(call, lambda rows: grids.first_figure(rows, lambda v: "NaN"))


@_fault
def text_numbers():
    """Change the type of every figure: texts where numbers are due, numbers where texts are (Census, BEA)."""

    def change(document: Any) -> None:
        for holder, key in documents.figures(document):
            value = holder[key]
            holder[key] = float(value.replace(",", "")) if isinstance(value, str) else str(value)

    return lambda call: _document(call, change) or _grid(call, lambda rows: grids.figures(rows, "{:,}".format))


@_fault
def zip_bomb(megabytes: int = 200):
    """Give a workbook of a few hundred kilobytes that unpacks to `megabytes` of blanks in a sheet."""
    return lambda call: _with_body(call.whole(), grids.bomb(megabytes))


# The faults that take no argument of necessity, for tests that try them all.
ALL: dict[str, Callable[..., Fault]] = {
    make.__name__: make
    for make in (
        hang, reset, drop, length_too_long, length_too_short, truncated, gzip_cut, corrupted, wrong_type, html, xml,
        redirect, empty, repeated, pages_too_few, pages_too_many, renamed, new_country, missing_country, script_name,
        formula, thousandfold, future_year, nan, text_numbers, zip_bomb,
    )
}  # fmt: skip


def _sent(reply: Reply, count: Callable[[bytes], int]) -> Reply:
    return replace(reply, sent=count(reply.body))


def _with_body(reply: Reply, body: bytes) -> Reply:
    headers = {**reply.headers, "ETag": etag(body)} if "ETag" in reply.headers else reply.headers
    return replace(reply, body=body, headers=headers)


def _edited(call: Call, key: tuple, edit: Callable[[Any], Any], change: Callable[[list[list]], Any]) -> Reply:
    """The reply of a room whose rows were edited, or a file whose cells were changed."""
    if isinstance(call.room, Rows):
        return call.right(room=call.room.variant(key, edit))
    return _grid(call, change)


def _widened(call: Call, **more: Any) -> Call:
    """The call, its request asking for another country or year too."""
    return replace(call, request=call.room.widened(call.request, **more)) if isinstance(call.room, Rows) else call


def _grid(call: Call, change: Callable[[list[list]], Any]) -> Reply:
    if not isinstance(call.room, Files):
        raise TypeError(f"this fault is not for {call.request.target}")
    reply = call.whole()
    return _with_body(reply, grids.changed(reply.body, change)) if reply.status == 200 else reply


def _document(call: Call, change: Callable[[Any], Any]) -> Reply | None:
    """The reply with its JSON document changed in place; None where it is a file."""
    if isinstance(call.room, Files):
        return None
    reply = call.right()
    if not reply.body or "json" not in reply.headers.get("Content-Type", ""):
        return reply
    document = json.loads(reply.body)
    if documents.heads(document) is not None:
        change(document)
    return replace(as_json(document), headers=reply.headers)


def _counted(call: Call, count: Callable[[int, int], int]) -> Reply:
    document = json.loads((reply := call.right()).body)
    header = document[0] if isinstance(document, list) else document
    if "total" not in header:
        raise TypeError(f"no pages are counted in the reply to {call.request.target}")
    size = int(header["per_page"])
    header["total"] = count(header["total"], size)
    header["pages"] = -(-header["total"] // size)
    return replace(as_json(document), headers=reply.headers)
