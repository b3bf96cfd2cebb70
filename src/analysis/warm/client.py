"""Ask the warm parent for forks: starts it, and another one where the first has grown old."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
from time import monotonic
from typing import Any

from analysis.warm import in_job, isolation, listen, parent, processes, state, wire
from analysis.warm.deaths import End

_START = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; sys.path.insert(0, {root!r}); "
    "from analysis.warm import parent; sys.path.remove({root!r}); parent.main({control}, {root!r}, {book!r})"
)
# Seconds.
_ENDS_WITHIN = 10.0
_LOOK = 0.1


class Fork:
    """A process that was forked for us: `channel` speaks with it, `wait` tells how it ended."""

    def __init__(self, channel: socket.socket, line: socket.socket) -> None:
        """Of the parent's: `line` is where it tells of the process."""
        self.channel, self._line = channel, line
        self.end: End | None = None
        self.fault = ""
        self.pid: int | None = None

    def fileno(self) -> int:
        """What becomes readable when there is something to `look` at."""
        return self._line.fileno()

    def look(self) -> End | None:
        """How it ended, None while it lives."""
        while self.end is None:
            try:
                told = self._line.recv(4096, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except ConnectionError:
                told = b""
            if not told:
                self.end = End(None, 0)
                break
            found = json.loads(told)
            self.pid = found.get("pid", self.pid)
            if "fault" in found:
                self.fault, self.end = found["fault"], End(None, 0)
            elif "code" in found:
                self.end = End(found["code"], found["peak"])
        return self.end

    def wait(self, seconds: float | None = None) -> End | None:
        """Wait until it has ended and is reaped; None if it has not within `seconds`."""
        if self.look():  # it may be closed by now
            return self.end
        poll = select.poll()
        poll.register(self, select.POLLIN)
        until = None if seconds is None else monotonic() + seconds
        while not self.look():
            left = _LOOK if until is None else min(_LOOK, until - monotonic())
            if left <= 0:
                return None
            poll.poll(left * 1000)
        return self.end

    def signal(self, number: int) -> None:
        """Send it a signal; SIGKILL goes to all of its group and session too."""
        with contextlib.suppress(OSError):
            self._line.send(str(int(number)).encode())

    def kill(self) -> End:
        """End it with all of its group and session, and wait for that."""
        if not self.look():
            self.signal(signal.SIGKILL)
        return self.wait(_ENDS_WITHIN) or End(None, 0)

    def close(self) -> None:
        """Let go of it. What still runs is killed."""
        self.channel.close()
        self._line.close()


class OwnFork(Fork):
    """A process that a job has forked from itself."""

    def __init__(self, channel: socket.socket, pid: int) -> None:
        """A child of this process that leads a group."""
        super().__init__(channel, channel)
        self.pid = pid
        self._handle: int | None = None
        with contextlib.suppress(OSError):  # systems there are without; it is then looked at now and again
            self._handle = os.pidfd_open(pid)

    def fileno(self) -> int:
        """What becomes readable when it has ended."""
        return self.channel.fileno() if self._handle is None else self._handle

    def look(self) -> End | None:
        """How it ended, None while it lives."""
        if self.end is None and processes.ended(self.pid):
            self.end = processes.reap(self.pid)
        return self.end

    def signal(self, number: int) -> None:
        """Send it a signal; SIGKILL goes to all of its group too."""
        if self.end is None:
            processes.signal_group(self.pid, number)

    def close(self) -> None:
        """Let go of it. What still runs is killed."""
        self.kill()
        self.channel.close()
        if self._handle is not None:
            os.close(self._handle)


class Warm:
    """A parent that runs, and the state it was started in."""

    def __init__(self, told: state.State) -> None:
        """Start it; it answers when it has imported what it needs, which takes a second or so."""
        self.state = told
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = _START.format(root=str(state.PACKAGE.parent), control=theirs.fileno(), book=told.home)
        environment = {key: value for key, value in os.environ.items() if key != "CLAIMBOOK_READS"}
        with theirs:
            self.process = subprocess.Popen(
                [*told.command, "-c", code],
                stdin=subprocess.DEVNULL,
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def fork(self, task: str, setting: isolation.Setting) -> Fork:
        """A process for a task of the parent's. ConnectionError where the parent is gone."""
        ours, channel = socket.socketpair()
        line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with channel, theirs:
            try:
                socket.send_fds(self.control, [task.encode()], [channel.fileno(), theirs.fileno()])
            except OSError:
                ours.close()
                line.close()
                raise
        with contextlib.suppress(OSError):  # it has ended already; its line tells how
            wire.exchange(ours, [pickle.dumps(setting)], lambda: None)
        return Fork(ours, line)

    def gone(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def retire(self) -> None:
        """Let it end after its last fork."""
        with contextlib.suppress(OSError):
            self.control.send(parent.RETIRE)

    def close(self) -> None:
        """End it now, with its forks."""
        self.control.close()
        try:
            self.process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_lock = threading.Lock()
_warm: list[Warm] = []  # the newest last; those before it still have forks


def fork(task: str, given: Any, *, path: bool = False, book: bool = True, ahead: str = "") -> Fork:
    """A process for a task: "cells" or "work", which is handed `given`; with `path` it imports from where we do.

    `book`: whether it is likely to read the book's figures, so that the parent had better read them ahead;
    `ahead`: a module that the parent imports first, once, so that no fork has to.

    It comes from the warm parent, or in a job from this very process. OSError where none can be forked.
    """
    setting = isolation.here(given, path=path)
    if in_job():
        return _own(task, setting)
    with _lock:
        words = [task, *([parent.BOOK] if book else []), *([f"{parent.AHEAD}{ahead}"] if ahead else [])]
        for attempt in (1, 2):
            warm = _current()
            try:
                return warm.fork(" ".join(words), setting)
            except ConnectionError:  # it was killed since the last time
                if attempt == 2:
                    raise
                _warm.remove(warm)
                warm.close()
    raise AssertionError


def close() -> None:
    """End every parent of this process; the next fork starts a new one."""
    with _lock:
        while _warm:
            _warm.pop().close()


def _current() -> Warm:
    """The parent that is as one started now would be."""
    told = state.now()
    for old in [old for old in _warm if old.gone()]:
        old.close()
        _warm.remove(old)
    if not _warm or _warm[-1].state != told:
        for old in _warm:
            old.retire()
        _warm.append(Warm(told))
    return _warm[-1]


def _own(task: str, setting: isolation.Setting) -> Fork:
    ours, channel = socket.socketpair()
    pid = processes.fork()
    if not pid:
        isolation.signals()
        os.setpgid(0, 0)  # a group of its own, in the session of the job: it ends with either
        ours.close()
        listen(None)
        isolation.exits()
        # The job waits for this within a loop of its own, which is not ours.
        asyncio._set_running_loop(None)
        asyncio.set_event_loop(asyncio.new_event_loop())
        parent.begin(task, channel)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    channel.close()
    fork = OwnFork(ours, pid)
    with contextlib.suppress(OSError):
        wire.exchange(ours, [pickle.dumps(setting)], lambda: None)
    return fork


def _forget() -> None:
    """A process that was forked from a caller has no parent of its own yet."""
    global _lock
    _lock = threading.Lock()
    for warm in _warm:
        warm.control.close()
        warm.process.returncode = 0  # not our child: nothing to wait for
    _warm.clear()


atexit.register(close)
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget)
