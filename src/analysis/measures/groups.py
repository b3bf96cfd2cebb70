"""Who belongs to a group of countries in a year (data/memberships.yaml)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pandas as pd

from analysis import yamls
from analysis.errors import ClaimbookError
from analysis.home import data


@cache
def _groups() -> dict[str, dict]:
    return yamls.read(data("memberships.yaml"))


def joined(group: str) -> dict[str, int]:
    """Members of a group, former ones too, by the year they joined. ClaimbookError names the groups there are."""
    if group not in _groups():
        raise ClaimbookError(f"no group {group!r} in data/memberships.yaml; there are: {', '.join(_groups())}")
    return _groups()[group]["members"]


def members(group: str, year: int) -> set[str]:
    """The members of a group in a year: a member counts from the year it joined to the year before it left."""
    left = _groups()[group].get("left", {}) if group in _groups() else {}
    return {code for code, since in joined(group).items() if since <= year < left.get(code, year + 1)}


def counted(group: str) -> Callable[[int], set[str]] | None:
    """Who is ranked in a year among the members of a group; None, everybody, without a group."""
    return partial(members, group) if group else None


def inside(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    """The rows of a frame of member and year that fall into membership of a group; all of them without a group."""
    if not group:
        return frame
    known = {year: members(group, int(year)) for year in frame["year"].unique()}
    keep = [code in known[year] for code, year in zip(frame["member"], frame["year"], strict=True)]
    return frame[np.array(keep, dtype=bool)]
