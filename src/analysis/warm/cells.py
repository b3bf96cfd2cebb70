"""Run cells in this process, which was forked for it: IPython's own kernel, its messages over the channel.

Only the transport is another one than a kernel's: no ZeroMQ, no thread for each socket, no connection file.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import os
import re
import signal
import socket
import sys
import threading
from types import SimpleNamespace
from typing import Any

import ipykernel_launcher
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop

from analysis import reads
from analysis.warm import wire
from analysis.warm.streams import Line, Outgoing, Publisher, Stream

# An option by its full name, as papermill hands them on.
_WRITTEN_OUT = re.compile(r"--\w+\.\w+=")
READY, SHELL, IOPUB = b"ready", b"shell", b"iopub"


def run(channel: socket.socket, reader: wire.Reader, given: Any) -> int:
    """Run what comes over the channel until it is closed or told to end. `given`: arguments of a kernel's command."""
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    connection = f"kernel-{os.getpid()}.json"
    sys.argv = [ipykernel_launcher.__file__, "-f", connection, *given["arguments"]]
    app = App.instance(channel=channel, connection_file=connection)
    app.initialize(given["arguments"])
    reads.begin()
    wire.send(channel, [READY])
    Cells(app, channel, reader).run()
    return _leave(app)


def _leave(app: App) -> int:
    """Do at the end what an interpreter does that anybody could notice: call back, close files, wait for threads."""
    with contextlib.suppress(Exception):
        reads.finish()
    threading._shutdown()
    atexit._run_exitfuncs()
    app.shell.user_ns.clear()
    with contextlib.suppress(Exception):
        vars(app.shell.user_module).clear()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    return 0


class Kernel(IPythonKernel):
    """A kernel that is handed its messages."""

    def __init__(self, **traits: Any) -> None:
        """As IPython's; what a cell forks must never come to go on in its place."""
        super().__init__(**traits)
        self._process = os.getpid()
        self._execute_sleep = 0.0  # nothing is still on its way

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    def start(self) -> None:
        """Be ready; there are no sockets to listen to."""
        self.shell.exit_now = False
        self.io_loop = IOLoop.current()

    async def do_execute(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run a cell. A fork that comes back from it ends here."""
        try:
            return await super().do_execute(*args, **kwargs)
        finally:
            if os.getpid() != self._process:
                os._exit(0)

    async def dispatch(self, line: Line, parts: list[bytes]) -> None:
        """Do what a message on the shell channel asks for, in the order of IPython's own dispatch_shell."""
        identities, rest = self.session.feed_identities(parts)
        message = self.session.deserialize(rest)
        self.set_parent(identities, message, channel="shell")
        with self.iopub_socket.holding():  # what it is busy with follows
            self._publish_status("busy", "shell")
        handler = self.shell_handlers.get(message["header"]["msg_type"])
        if handler is not None:
            self.pre_handler_hook()
            try:
                result = handler(line, identities, message)
                if asyncio.iscoroutine(result):
                    await result
            except Exception:
                self.log.error("Exception in message handler:", exc_info=True)
            except KeyboardInterrupt:
                self.log.error("KeyboardInterrupt caught in kernel.")
            finally:
                self.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        self._publish_status("idle", "shell")

    def _abort_queues(self, *_: Any) -> None:
        """Nothing is ever queued."""


class App(IPKernelApp):
    """The kernel's application: configuration, startup files, streams and shell as ever, no sockets."""

    def __init__(self, channel: socket.socket | None = None, **traits: Any) -> None:
        """Over `channel`."""
        super().__init__(**traits)
        self.channel = channel

    def flatten_flags(self) -> tuple[dict, dict]:
        """Short names of options, which are dear to take in, only where one may be used."""
        if all(_WRITTEN_OUT.match(argument) for argument in self.argv):
            return {}, {}
        return super().flatten_flags()

    def init_connection_file(self) -> None:
        """There is none."""

    def init_poller(self) -> None:
        """The warm parent looks after that."""

    def init_heartbeat(self) -> None:
        """There is none."""

    def write_connection_file(self, **_: Any) -> None:
        """There is none."""

    def log_connection_info(self) -> None:
        """There is none."""

    def init_sockets(self) -> None:
        """Lines over the channel in the place of sockets."""
        self.session = wire.session(parent=self)
        outgoing = Outgoing(self.channel)
        self.line = Line(outgoing, SHELL, hold=True)  # it is idle right after each reply, and says so
        self.iopub_socket = Line(outgoing, IOPUB)
        self.iopub_thread = Publisher(self.iopub_socket, outgoing.lock)
        self.configure_tornado_logger()
        self.outstream_class = f"{Stream.__module__}.{Stream.__qualname__}"

    def init_io(self) -> None:
        """Streams over the lines."""
        super().init_io()
        self.iopub_thread.start()

    def init_kernel(self) -> None:
        """The kernel, without the threads that a real one has for its sockets."""
        given: dict[str, Any] = {}
        if "shell_channel_thread" in Kernel.class_trait_names():
            given["shell_channel_thread"] = SimpleNamespace(parent_thread=threading.main_thread())
        self.kernel = Kernel.instance(
            parent=self,
            session=self.session,
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            **given,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


class Cells:
    """The loop that waits for messages and lets the kernel handle one after the other."""

    def __init__(self, app: App, channel: socket.socket, reader: wire.Reader) -> None:
        """For an application that is initialized."""
        self._app, self._channel, self._reader = app, channel, reader

    def run(self) -> None:
        """Until a message says that it is over, the channel is closed, or a cell asks to leave."""
        self._app.kernel.start()
        loop = IOLoop.current()
        self._queue: asyncio.Queue = asyncio.Queue()
        loop.asyncio_loop.add_reader(self._channel, self._arrived)
        # One task for all cells, so that what one sets in its context is there for the next.
        task = loop.asyncio_loop.create_task(self._serve(loop))
        loop.start()
        del task

    def _arrived(self) -> None:
        for parts in self._reader.messages():
            self._queue.put_nowait(parts)
        if self._reader.over:
            self._queue.put_nowait(None)

    async def _serve(self, loop: IOLoop) -> None:
        while parts := await self._queue.get():
            if parts[0] != SHELL:
                break
            await self._app.kernel.dispatch(self._app.line, parts[1:])
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        loop.stop()
