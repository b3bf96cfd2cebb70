"""Messages of several parts over a stream socket."""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_COUNT = struct.Struct("!I")
_CHUNK = 1 << 18
_DONTWAIT = getattr(socket, "MSG_DONTWAIT", 0)  # none on Windows


def session(**given: Any) -> Any:
    """A Jupyter session that makes and reads messages, unsigned: nobody else is on the line."""
    from jupyter_client.session import Session

    made = Session(key=b"unsigned", **given)  # an empty key is complained of
    made.auth = None
    return made


def packed(parts: Sequence[Any]) -> bytes:
    """A message as it goes over the line: how many parts, how long each is, the parts."""
    lengths = [memoryview(part).nbytes for part in parts]
    return b"".join((_COUNT.pack(len(parts)), struct.pack(f"!{len(parts)}Q", *lengths), *parts))


def send(line: socket.socket, parts: Sequence[Any]) -> None:
    """Send a message, waiting until all of it is taken. OSError where the other side is gone."""
    line.sendall(packed(parts))


def exchange(line: socket.socket, parts: Sequence[Any], arrived: Callable[[], None]) -> None:
    """Send a message, and call `arrived` whenever there is something to read before all of it is taken.

    Two sides that both send at length would else wait for each other for ever. OSError where the other side is gone.
    """
    rest = memoryview(packed(parts))
    poll = select.poll()
    poll.register(line, select.POLLIN | select.POLLOUT)
    while rest:
        ((_, event),) = poll.poll()
        if event & select.POLLIN:
            arrived()
        if event & ~select.POLLIN:
            try:
                rest = rest[line.send(rest, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                continue


class Reader:
    """Cuts what a socket brings into messages."""

    def __init__(self, line: socket.socket) -> None:
        """Read from `line`, which may be blocking: only what is there is taken."""
        self._line = line
        self._held = bytearray()
        self.over = False

    def messages(self) -> Iterator[list[bytes]]:
        """The messages that have come in whole; `over` is set once the other side has closed the line."""
        while not self.over:
            if not _DONTWAIT and not select.select([self._line], [], [], 0)[0]:
                break
            try:
                chunk = self._line.recv(_CHUNK, _DONTWAIT)
            except BlockingIOError:
                break
            except ConnectionError:  # gone with something of ours unread
                chunk = b""
            self._held += chunk
            self.over = not chunk
            yield from self._cut()

    def next(self) -> list[bytes] | None:
        """Wait for one message; None where the other side closes the line before."""
        for found in self._cut():
            return found
        while chunk := self._line.recv(_CHUNK):
            self._held += chunk
            for found in self._cut():
                return found
        self.over = True
        return None

    def _cut(self) -> Iterator[list[bytes]]:
        while len(self._held) >= _COUNT.size:
            (count,) = _COUNT.unpack_from(self._held)
            start = _COUNT.size + 8 * count
            if len(self._held) < start:
                return
            lengths = struct.unpack_from(f"!{count}Q", self._held, _COUNT.size)
            if len(self._held) < start + sum(lengths):
                return
            parts = []
            for length in lengths:
                parts.append(bytes(memoryview(self._held)[start : start + length]))
                start += length
            del self._held[:start]
            yield parts
