"""sys.stdout and sys.stderr of a run's cells: IPython's own streams, without the sockets that carry them.

What is written to file descriptors 1 and 2 past Python is caught too, and comes in the order in which it was written.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream

from analysis.warm import wire

_CHUNK = 1 << 16


class Outgoing:
    """The channel's sending side. Messages that are held go with the next one: each sending wakes the reader."""

    def __init__(self, channel: Any) -> None:
        """Over `channel`."""
        self.lock = threading.RLock()
        self._channel, self._pid = channel, os.getpid()
        self._held: list[bytes] = []

    def put(self, parts: Sequence[Any], hold: bool) -> None:
        """Send a message, or hold it. Where the other side is gone, nobody is left to hear of it."""
        if os.getpid() != self._pid:  # a fork of a cell's has no say
            return
        with self.lock:
            self._held.append(wire.packed(parts))
            if not hold:
                told, self._held = b"".join(self._held), []
                with contextlib.suppress(OSError):
                    self._channel.sendall(told)


class Line:
    """One of the kernel's sockets: what is sent on it goes over the channel, after the socket's name."""

    def __init__(self, outgoing: Outgoing, name: bytes, *, hold: bool = False) -> None:
        """`hold`: whether its messages can wait for the next one on another line."""
        self._outgoing, self._name, self._hold = outgoing, name, hold

    def send_multipart(self, parts: Sequence[Any], *_: Any, **__: Any) -> None:
        """As of a ZeroMQ socket."""
        self._outgoing.put([self._name, *parts], self._hold)

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """What is sent inside can wait."""
        before, self._hold = self._hold, True
        try:
            yield
        finally:
            self._hold = before

    def flush(self, *_: Any) -> None:
        """Nothing is held back for long."""


class Publisher(IOPubThread):
    """What stands in the place of IPython's publishing thread: sends at once, and wakes streams when their time comes.

    One thread, for as long as the run: it reads what comes on the descriptors, and flushes what was written.
    """

    def __init__(self, line: Line, lock: threading.RLock) -> None:
        """Publish on `line`. It serves as its own clock: `io_loop`."""
        # Not IPython's own __init__, which would open sockets.
        self.line, self.lock, self.thread, self.socket, self.io_loop = line, lock, None, self, self
        self.background_socket = self
        self._caught: dict[int, Stream] = {}
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._waker, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._run, name="IOPub", daemon=True).start()

    def catch(self, number: int, stream: Stream) -> None:
        """Watch a descriptor for a stream."""
        self._caught[number] = stream

    def schedule(self, function: Callable[[], None]) -> None:
        """Call it at once."""
        function()

    def send_multipart(self, *args: Any, **kwargs: Any) -> None:
        """Send on the line."""
        self.line.send_multipart(*args, **kwargs)

    send = None

    def call_later(self, delay: float, function: Callable[[], None]) -> None:
        """Call it after some seconds."""
        with self.lock:
            self._due.append((monotonic() + delay, function))
            first = len(self._due) == 1
        if first:
            with contextlib.suppress(BlockingIOError):
                os.write(self._wake, b"\0")

    def _run(self) -> None:
        poll = select.poll()
        for number in (self._waker, *self._caught):
            poll.register(number, select.POLLIN)
        while True:
            due = self._due
            wait = max(0.0, min(at for at, _ in due) - monotonic()) * 1000 if due else None
            ready = {number for number, _ in poll.poll(wait)}
            if self._waker in ready:
                os.read(self._waker, _CHUNK)
            for number in ready & set(self._caught):
                with self.lock:
                    if not self._caught[number].catch_up():
                        poll.unregister(number)
            with self.lock:
                now = monotonic()
                over = [function for at, function in self._due if at <= now]
                self._due = [entry for entry in self._due if entry[0] > now]
                for function in over:
                    function()

    def stop(self) -> None:
        """It ends with the process."""

    def close(self) -> None:
        """Nothing is open."""


class Stream(OutStream):
    """IPython's stream, flushed by whoever flushes it."""

    def __init__(self, session: Any, publisher: Publisher, name: str, *, echo: Any = None, **_: Any) -> None:
        """For "stdout" or "stderr"."""
        super().__init__(session, publisher, name, echo=echo, watchfd=False)
        self._publisher, self._caught = publisher, None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._original_stdstream_fd = getattr(sys, f"__{name}__").fileno()
        self._original_stdstream_copy = os.dup(self._original_stdstream_fd)
        self._caught, into = os.pipe()
        os.set_blocking(self._caught, False)
        os.dup2(into, self._original_stdstream_fd)
        os.close(into)
        publisher.catch(self._caught, self)

    def catch_up(self) -> bool:
        """Take what has come on the descriptor; False once nobody can write there any more."""
        while True:
            try:
                found = os.read(self._caught, _CHUNK)
            except BlockingIOError:
                return True
            if not found:
                return False
            if text := self._decoder.decode(found):
                super().write(text)
            with contextlib.suppress(OSError):  # as a kernel does, into the terminal that it was started from
                os.write(self._original_stdstream_copy, found)

    def write(self, string: str) -> int | None:
        """Write after what has come on the descriptor until now."""
        if not self._is_master_process():  # a fork of a cell's: its words come back on the descriptor
            if not isinstance(string, str):
                raise TypeError(f"write() argument must be str, not {type(string)}")
            rest = string.encode("utf-8", "replace")
            while rest:
                rest = rest[os.write(self._original_stdstream_fd, rest) :]
            return len(string)
        if self._caught is not None:
            with self._publisher.lock:
                self.catch_up()
        return super().write(string)

    def flush(self) -> None:
        """Send what has been written, on either way."""
        if self._is_master_process():
            self._flush()

    def _flush(self) -> None:
        # Whoever else flushes waits, so that nothing overtakes.
        with self._publisher.lock:
            if self._caught is not None:
                self.catch_up()
            super()._flush()

    def close(self) -> None:
        """Stays open as long as the process, as do those of a kernel."""
