"""The other side of a run's cells: what nbclient takes for a kernel manager and a kernel client."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import signal
from collections.abc import Callable
from queue import Empty
from typing import Any

from nbclient.exceptions import DeadKernelError

from analysis.warm import cells, client, wire

_GRACE = 5.0  # seconds that a run has for what it does at its end, as a kernel has
_TICK = 0.5


class Manager:
    """As a jupyter_client.KernelManager, for one run."""

    ipykernel = True

    def __init__(self, book: bool) -> None:
        """Nothing is started yet. `book`: whether the cells seem to read the book's figures."""
        self._book = book
        self.fork: client.Fork | None = None
        self._client: Client | None = None

    @property
    def has_kernel(self) -> bool:
        """Whether there is a process."""
        return self.fork is not None

    def start_kernel(self, extra_arguments: Any = (), **_: Any) -> None:
        """Fork a process for the cells."""
        try:
            self.fork = client.fork("cells", {"arguments": list(extra_arguments)}, book=self._book)
        except OSError as error:
            raise DeadKernelError(f"no process can be forked for it: {error}") from None

    def client(self) -> Client:
        """Who speaks with it."""
        self._client = Client(self.fork)
        return self._client

    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self.fork is not None and self.fork.look() is None

    def interrupt_kernel(self) -> None:
        """As Ctrl-C does."""
        self.fork.signal(signal.SIGINT)

    async def shutdown_kernel(self, now: bool = False, **_: Any) -> None:
        """Let the process end in its own way; a cell that still runs is interrupted, then killed."""
        speaker = self._client
        if speaker is not None and not now:
            if not speaker.idle:
                self.interrupt_kernel()
                await speaker.until(lambda: speaker.idle, _GRACE / 2)
            if speaker.idle:
                with contextlib.suppress(OSError):
                    wire.exchange(self.fork.channel, [b"end"], speaker.pump)
                await speaker.until(lambda: False, _GRACE)
        self.fork.kill()

    async def cleanup_resources(self, **_: Any) -> None:
        """Nothing of it stays, nor anybody who waits for a word from it."""
        if self.fork is not None:
            self.fork.kill()
            if self._client is not None:
                self._client.pump()
                for _ in range(3):
                    await asyncio.sleep(0)
                self._client.detach()
            self.fork.close()

    def cause(self) -> str:
        """How the process ended that ended too soon."""
        return self.fork.fault or f"the process that ran it {self.fork.wait(1) or 'does not answer'}"


class Client:
    """As a jupyter_client.AsyncKernelClient, over the channel of a fork."""

    def __init__(self, fork: client.Fork) -> None:
        """Of a process that was just forked."""
        self.fork = fork
        self.allow_stdin = False
        self.idle = False
        self.session = wire.session()
        self.shell_channel = Channel(self, cells.SHELL)
        self.iopub_channel = Channel(self, cells.IOPUB)
        self._reader = wire.Reader(fork.channel)
        self._queues: dict[bytes, collections.deque] = collections.defaultdict(collections.deque)
        self._waiting: set[asyncio.Future] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start_channels(self) -> None:
        """They are open."""

    def stop_channels(self) -> None:
        """The manager closes them."""

    def is_alive(self) -> bool:
        """Whether the process has not ended, or has but left something to read."""
        return self.fork.look() is None or any(self._queues.values())

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for its first word. RuntimeError where it does not come within `timeout` seconds."""
        try:
            await self.get(cells.READY, timeout)
        except Empty:
            raise RuntimeError(f"Kernel didn't respond in {timeout:d} seconds") from None
        self.idle = True

    def execute(
        self,
        code: str,
        silent: bool = False,
        store_history: bool = True,
        user_expressions: dict[str, Any] | None = None,
        allow_stdin: bool | None = None,
        stop_on_error: bool = True,
        **_: Any,
    ) -> str:
        """Ask for the execution of code; returns the id of the request."""
        return self.ask(
            "execute_request",
            code=code,
            silent=silent,
            store_history=store_history,
            user_expressions=user_expressions or {},
            allow_stdin=self.allow_stdin if allow_stdin is None else allow_stdin,
            stop_on_error=stop_on_error,
        )

    def kernel_info(self) -> str:
        """Ask what it is; returns the id of the request."""
        return self.ask("kernel_info_request")

    def ask(self, kind: str, **content: Any) -> str:
        """Send a request; returns its id."""
        message = self.session.msg(kind, content)
        self.send(message)
        return message["header"]["msg_id"]

    def send(self, message: dict[str, Any]) -> None:
        """Send a message on the shell channel."""
        self.idle = False
        parts = [*self.session.serialize(message), *message.get("buffers", ())]
        with contextlib.suppress(OSError):  # who waits for the answer hears of it
            wire.exchange(self.fork.channel, [cells.SHELL, *parts], self.pump)

    def pump(self) -> None:
        """Sort what has come in to where it is waited for."""
        for name, *parts in self._reader.messages():
            if name == cells.READY:
                self._queues[name].append({})
                continue
            message = self.session.deserialize(self.session.feed_identities(parts)[1])
            self._queues[name].append(message)
            if name == cells.IOPUB and message["content"].get("execution_state") == "idle":
                self.idle = True
        if self._loop is not None and self._reader.over:
            self._loop.remove_reader(self.fork.channel)
        if self._loop is not None and self.fork.look() is not None:
            self._loop.remove_reader(self.fork)
        for future in self._waiting:
            _wake(future)

    async def get(self, name: bytes, timeout: float | None) -> dict[str, Any]:
        """The next message of a channel. queue.Empty where none comes in time; DeadKernelError where none ever will."""
        loop = asyncio.get_running_loop()
        until = None if timeout is None else loop.time() + timeout
        while not self._queues[name]:
            if self._over():
                if name == cells.IOPUB:
                    raise asyncio.CancelledError  # the other channel tells
                while self._queues[cells.IOPUB]:  # first what it still said
                    await asyncio.sleep(0)
                raise DeadKernelError("Kernel died")
            left = _TICK if until is None else min(_TICK, until - loop.time())
            if left <= 0:
                raise Empty
            await self._something(loop, left)
        return self._queues[name].popleft()

    async def until(self, test: Callable[[], bool], seconds: float) -> None:
        """Wait until a test holds, or the process has ended, or the time is over, handing on what is still said."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not test() and not self._over() and (left := end - loop.time()) > 0:
            await self._something(loop, min(left, _TICK))

    def _over(self) -> bool:
        """Whether it has ended and all that it said is read."""
        if self.fork.look() is None:
            return False
        self.pump()
        return True

    async def _something(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        """Wait until something comes in, or it ends, or the time is over."""
        self._attach(loop)
        future = loop.create_future()
        self._waiting.add(future)
        timer = loop.call_later(seconds, _wake, future)
        try:
            await future
        finally:
            timer.cancel()
            self._waiting.discard(future)

    def _attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let a loop call `pump`; kept from wait to wait, as attaching costs as much as a message."""
        if loop is not self._loop:
            self.detach()
            self._loop = loop
            for source in (self.fork, self.fork.channel):
                loop.add_reader(source, self.pump)

    def detach(self) -> None:
        """Let no loop call any more."""
        if self._loop is not None and not self._loop.is_closed():
            for source in (self.fork, self.fork.channel):
                self._loop.remove_reader(source)
        self._loop = None


def _wake(future: asyncio.Future) -> None:
    if not future.done():
        future.set_result(None)


class Channel:
    """One channel of a client."""

    def __init__(self, owner: Client, name: bytes) -> None:
        """By the name that its messages bear."""
        self._owner, self._name = owner, name

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message. queue.Empty where none comes within `timeout` seconds."""
        return await self._owner.get(self._name, timeout)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._owner.send(message)
