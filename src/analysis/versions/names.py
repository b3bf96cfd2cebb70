"""Names of versions: calendar versions such as 2026.11, 2026.11.1 (the next in the same month), 2026.12rc1."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering

from analysis.errors import ClaimbookError

_NAME = re.compile(r"(20[0-9]{2})\.(0[1-9]|1[0-2])(?:\.([1-9][0-9]{0,2}))?(?:rc([1-9][0-9]{0,2}))?", re.ASCII)


@total_ordering
@dataclass(frozen=True)
class Version:
    """A calendar version. `micro` counts further ones of a month; `candidate` is None once it is out for good."""

    year: int
    month: int
    micro: int = 0
    candidate: int | None = None

    @property
    def _key(self) -> tuple[float, ...]:
        return self.year, self.month, self.micro, float("inf") if self.candidate is None else self.candidate

    def __lt__(self, other: Version) -> bool:
        return self._key < other._key

    def __str__(self) -> str:
        micro = f".{self.micro}" if self.micro else ""
        return f"{self.year}.{self.month:02}{micro}" + ("" if self.candidate is None else f"rc{self.candidate}")

    @property
    def last_day(self) -> dt.date:
        """The last day of its month: no figure in it can be newer."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


def version(name: str) -> Version:
    """A version by its name; ClaimbookError where it is not spelt as one."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ClaimbookError(
            f"{name!r} is not the name of a version; write year and month, such as 2026.11, 2026.11.1 for another one "
            "of that month, 2026.12rc1 for a candidate"
        )
    year, month, micro, candidate = found.groups()
    return Version(int(year), int(month), int(micro or 0), int(candidate) if candidate else None)
