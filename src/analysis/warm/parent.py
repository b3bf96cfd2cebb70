"""The warm parent: a process without threads of Python's own that forks a process for each request.

A request comes over the control line with two sockets: the channel of the fork, and a line on which the parent tells
how it fares: {"pid"} at once, {"code", "peak"} when it has ended; a number that comes back is a signal for it.
Who closes that line is not interested any more, and the fork is killed. Who closes the control line is gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pickle
import select
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from typing import NoReturn

from analysis.warm import isolation, preload, processes, wire

RETIRE, BOOK = b"retire", "book"
# Before the name of a module to import.
AHEAD = "import:"
TASKS = {"cells": "analysis.warm.cells", "work": "analysis.warm.work"}
_LOOK = 2.0  # seconds after which the parent looks whether who started it is still there


def main(control: int, root: str, book: str) -> None:
    """Serve until the control line is closed. `root`: the folder of the package; `book`: the book's folder, or none."""
    added = root not in sys.path
    isolation.PATH[:] = sys.path
    if added:
        sys.path.insert(0, root)
    gc.disable()
    Parent(socket.socket(fileno=control), book).serve()
    os._exit(0)


class Parent:
    """The serving loop, and the forks that are alive: by pid the line on which each one's fate is told."""

    def __init__(self, control: socket.socket, book: str) -> None:
        """Import what runs need. Reading comes later, when there is time."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        processes.adopt()
        self._control = control
        self._lines: dict[int, socket.socket] = {}
        self._owner = os.getppid()
        self._over = self._retired = False
        preload.modules()
        preload.forget()
        self._book: str | None = book
        self._ahead: set[str] = set()
        self._reading: Iterator[None] | None = preload.first_times()
        os.chdir("/")  # holds no folder that somebody may want to take away
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "_over", True))
        self._wake, wake = self._pipe
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Serve requests; in between read ahead."""
        while not self._over and (self._lines or not self._retired):
            ready = self._wait()
            if self._wake in ready:
                self._reap()
            for pid, line in list(self._lines.items()):
                if line.fileno() in ready:
                    self._signal(pid, line)
            if self._control.fileno() in ready:
                self._request()
            if not ready and os.getppid() != self._owner:
                break
        for pid in self._lines:
            processes.signal_group(pid, signal.SIGKILL)
        for pid in list(self._lines):
            self._tell(pid)

    def _wait(self) -> set[int]:
        poll = select.poll()
        for line in (self._wake, *self._lines.values(), self._control):
            poll.register(line, select.POLLIN)
        found = poll.poll(0 if self._reading else _LOOK * 1000)
        if not found and self._reading:
            try:
                next(self._reading)
            except StopIteration:
                self._reading = None
        return {number for number, _ in found}

    def _request(self) -> None:
        """Fork for a request, or take the word that there will be none."""
        word, lines, _, _ = socket.recv_fds(self._control, 512, 2)
        self._over, self._retired = not word, self._retired or word == RETIRE
        if not lines:
            return
        for name in word.decode().split():
            if name.startswith(AHEAD) and name not in self._ahead:
                self._ahead.add(name)
                preload.modules([name.removeprefix(AHEAD)])
                preload.forget()
        if self._book is not None and BOOK in word.decode().split():
            preload.modules(preload.BOOK)
            preload.forget()
            self._reading = preload.reading(bool(self._book))
            self._book = None
        channel, line = (socket.socket(fileno=number) for number in lines)
        try:
            pid = processes.fork()
        except OSError as error:
            line.send(json.dumps({"fault": f"cannot fork: {error}"}).encode())
            channel.close()
            line.close()
            return
        if not pid:
            self._become(word.decode().split()[0], channel, line)
        channel.close()
        self._lines[pid] = line
        with contextlib.suppress(OSError):  # gone already: seen at the next look
            line.send(json.dumps({"pid": pid}).encode())

    def _become(self, task: str, channel: socket.socket, line: socket.socket) -> NoReturn:
        """Go on as a fork."""
        isolation.signals()
        os.setsid()
        for other in (self._control, line, *self._lines.values()):
            other.close()
        for end in self._pipe:
            os.close(end)
        begin(task, channel)

    def _signal(self, pid: int, line: socket.socket) -> None:
        try:
            told = line.recv(16)
        except ConnectionError:
            told = b""
        if not told:
            processes.signal_group(pid, signal.SIGKILL)
            self._tell(pid)
            return
        processes.signal_group(pid, int(told))

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 4096)
        for pid in list(self._lines):
            if processes.ended(pid):
                self._tell(pid)
        processes.orphans(self._lines)

    def _tell(self, pid: int) -> None:
        """Reap a fork and tell how it ended."""
        end = processes.reap(pid)
        line = self._lines.pop(pid)
        with contextlib.suppress(OSError):
            line.send(json.dumps({"code": end.code, "peak": end.peak}).encode())
        line.close()


def begin(task: str, channel: socket.socket) -> NoReturn:
    """Take the setting that comes over the channel and do what it says; the process ends with it."""
    status = 70
    try:
        processes.end_with_parent()
        reader = wire.Reader(channel)
        if told := reader.next():
            setting = pickle.loads(told[0])
            isolation.enter(setting)
            status = importlib.import_module(TASKS[task]).run(channel, reader, setting.given)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(status)
