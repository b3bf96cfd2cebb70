"""The book as it would have been on an earlier day: later releases, documents, records and replies are hidden.

Set for a whole process and those it starts (kernels, workers), so that no room can forget it.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

from analysis.errors import ClaimbookError

VARIABLE = "CLAIMBOOK_AS_OF"


def day() -> dt.date | None:
    """The day as of which the book is made; None for one of its own time. ClaimbookError where it is no date."""
    told = os.environ.get(VARIABLE)
    if not told:
        return None
    try:
        return dt.date.fromisoformat(told)
    except ValueError:
        raise ClaimbookError(f"{VARIABLE} is {told!r}; write a date such as 2024-06-30") from None


def environment(as_of: dt.date | None) -> Mapping[str, str]:
    """What the environment of a process must say so that it makes the book as of a day; nothing for its own time."""
    return {} if as_of is None else {VARIABLE: as_of.isoformat()}
