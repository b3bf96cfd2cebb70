"""A request on its way to a room, and what a fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from requests.structures import CaseInsensitiveDict

from replica.wire import Reply, Request, as_page

CONDITIONS = ("If-None-Match", "If-Modified-Since", "Range", "If-Range")


class Room(Protocol):
    """What serves the paths of one publisher."""

    def answer(self, request: Request, url: str) -> Reply:
        """The right reply."""


@dataclass(frozen=True)
class Call:
    """A request, the room that it is for, and where the replica and its second listener stand."""

    request: Request
    room: Room | None
    url: str
    elsewhere: str

    def right(self, room: Room | None = None, request: Request | None = None) -> Reply:
        """The right reply, or that of another room or to another request."""
        room = room or self.room
        return room.answer(request or self.request, self.url) if room else as_page("no such publisher", 404)

    def whole(self) -> Reply:
        """The right reply with its whole body, whatever the client holds already."""
        headers = {name: value for name, value in self.request.headers.items() if name not in CONDITIONS}
        return self.right(request=replace(self.request, headers=CaseInsensitiveDict(headers)))


@dataclass(frozen=True)
class Fault:
    """A fault: its name, what it does in a line, and the reply it makes."""

    name: str
    told: str
    act: Callable[[Call], Reply]
