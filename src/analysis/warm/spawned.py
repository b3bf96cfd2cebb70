"""Jobs where no process can be forked: each in a new interpreter, which is slower and does the same."""

from __future__ import annotations

import multiprocessing
import pickle
import socket
from typing import Any

from analysis.warm import wire
from analysis.warm.deaths import End


class Spawned:
    """A process for a job; to be used as an `analysis.warm.client.Fork`."""

    fault = ""

    def __init__(self, job: Any) -> None:
        """Start it."""
        self.channel, theirs = socket.socketpair()
        given = job.function, pickle.dumps(job.payload)
        context = multiprocessing.get_context("spawn")
        with theirs:
            self._process = context.Process(target=_do, args=(theirs, *given))
            self._process.start()

    def fileno(self) -> int:
        """What becomes readable when it has ended."""
        return self._process.sentinel

    def look(self) -> End | None:
        """How it ended, None while it lives. The memory it held is not known."""
        code = self._process.exitcode
        if code is None:
            return None
        return End(code, 0)

    def wait(self, seconds: float | None = None) -> End | None:
        """Wait until it has ended; None if it has not within `seconds`."""
        self._process.join(seconds)
        return self.look()

    def kill(self) -> End | None:
        """End it."""
        self._process.kill()
        return self.wait()

    def close(self) -> None:
        """Let go of it."""
        self._process.join()
        self._process.close()
        self.channel.close()


def _do(channel: socket.socket, function: str, payload: bytes) -> None:
    from analysis.warm import work

    wire.send(channel, work.done(function, payload, lambda text: wire.send(channel, [work.PLACE, text.encode()])))
