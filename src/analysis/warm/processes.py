"""Fork, and end a fork with all that it has started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

from analysis.warm.deaths import End

# Of Linux's prctl.
_DEATH_SIGNAL, _SUBREAPER = 1, 36


def possible() -> bool:
    """Whether processes can be forked safely: on Linux. System libraries elsewhere do not stand it."""
    return sys.platform == "linux"


def fork() -> int:
    """os.fork, without its warning: the other threads are of OpenBLAS and Arrow, which look after themselves."""
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*fork", DeprecationWarning)
        return os.fork()


def adopt() -> None:
    """Let orphans among what is started below become this process's own children, so that it can reap them."""
    _prctl(_SUBREAPER, 1)


def end_with_parent() -> None:
    """Let this process be killed when the one that forked it ends, in whatever way."""
    _prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def ended(pid: int) -> bool:
    """Whether a child has ended; it is not reaped."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return found is not None


def reap(pid: int) -> End:
    """Wait for a child that leads a group, then end what it left behind: its group, and its session if it leads one."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # its number stays taken until the group is killed
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if _stat(pid)[1] == pid:
        _end_session(pid)
    _, status, usage = os.wait4(pid, 0)
    return End(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a child that is not reaped yet, and to its group."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:  # it has not come to lead one yet
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def orphans(known: Iterable[int]) -> None:
    """Reap what has been adopted and has ended."""
    for pid in _children() or ():
        if pid not in known:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _end_session(session: int) -> None:
    for _ in range(100):  # killing one makes its children ours
        children = _children()
        found = _everybody() if children is None else children
        members = [pid for pid in found if pid != session and _stat(pid)[1] == session]
        if not any(_stat(pid)[0] not in "Zx" for pid in members) and children is None:
            return
        if not members:
            return
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG if children is None else 0)


def _children() -> list[int] | None:
    """The children of this process; None where the system does not list them."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return None
    return [int(pid) for pid in listed.split()]


def _everybody() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208


def _stat(pid: int) -> tuple[str, int | None]:
    """The state of a process and its session; "x" and None where there is none."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "x", None
    fields = told.rpartition(")")[2].split()
    return fields[0], int(fields[3])
