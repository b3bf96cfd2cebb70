"""Do a job in this process, which was forked for it."""

from __future__ import annotations

import atexit
import gc
import importlib
import pickle
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from analysis.errors import ClaimbookError
from analysis.warm import listen, wire

PLACE, VALUE, FAULT = b"place", b"value", b"fault"
_LINES = 12  # of a traceback: enough to see where, short enough for a report


def run(channel: socket.socket, reader: wire.Reader, given: tuple[str, bytes]) -> int:
    """Do a job and send its value or its fault. `given`: the function as "module:function", its pickled payload."""
    del reader
    outcome = done(*given, lambda text: wire.send(channel, [PLACE, text.encode()]))
    wire.send(channel, outcome)
    listen(None)
    threading._shutdown()
    atexit._run_exitfuncs()
    gc.collect()
    return 0


def done(function: str, payload: bytes, told: Callable[[str], None]) -> tuple[bytes, bytes]:
    """What came of a job: VALUE and the pickled value, or FAULT and its text. Places go to `told`."""
    listen(told)
    try:
        value = called(function, payload)
    except ClaimbookError as error:
        return FAULT, str(error).encode()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return FAULT, _last_lines(error).encode("utf-8", "replace")
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    try:
        return VALUE, pickle.dumps(value)
    except Exception as error:
        return FAULT, f"its value cannot be sent back: {type(error).__name__}: {error}".encode()


def called(function: str, payload: bytes) -> Any:
    """Import a function and call it with a payload."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(pickle.loads(payload))


def _last_lines(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).rstrip().splitlines()
    return "\n".join(lines if len(lines) <= _LINES else ["...", *lines[-_LINES:]])
