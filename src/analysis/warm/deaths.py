"""How a process ended, in words."""

from __future__ import annotations

import signal
from typing import NamedTuple


class End(NamedTuple):
    """The end of a process: its exit status, or a signal as a negative number, or None where nobody could tell.

    `peak`: the most memory it held, in bytes.
    """

    code: int | None
    peak: int

    def __str__(self) -> str:
        """Such as "died of SIGSEGV" or "left with exit status 3"."""
        if self.code is None:
            return "was lost with the warm parent"
        if self.code >= 0:
            return f"left with exit status {self.code}"
        try:
            name = signal.Signals(-self.code).name
        except ValueError:
            name = f"signal {-self.code}"
        # Memory that runs out ends a process this way too, and nothing then says so.
        return f"died of {name}" + (" (killed from outside, perhaps for want of memory)" if self.code == -9 else "")
