"""What the expectations derived by hand share: audits of the book's own claims, and how a figure is compared."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from analysis import audit as room
from analysis import claims
from analysis.audit import Audited
from analysis.evaluations import Evaluation
from analysis.snapshots.store import store
from analysis.verdicts import Choice

TODAY = dt.date(2026, 10, 31)  # the day of the newest release held, census 2026-10 (a month counts from its last day)
# "That year, as revised" reads the year in the newest release. Where that is the release that told it already
# "when written", nothing was revised and the verdict is the same by construction.
SAME_RELEASE = "not testable"


@cache
def audited(claim: str, as_of: dt.date | None = None) -> Audited:
    """The audit of a claim of the ledger, on the day of the newest release held or on another."""
    return room.audit(claims.claim(claim), store(), as_of)


def words(claim: str, as_of: dt.date | None = None) -> tuple[str, str, str]:
    """The three verdicts: when written, that year as revised, today."""
    found = audited(claim, as_of).verdicts
    return found.when_written.word, found.as_revised.word, found.today.word


def figure(choice: Choice | None, year: int, released: str, basis: str, value: float, **told) -> None:
    """The figure that decided; `told` names what else the evaluation must say."""
    assert choice is not None, f"no figure, expected {value} for {year}"
    entry = choice.evaluation
    found = (entry.year, entry.released, choice.basis)
    assert found == (year, released, basis), f"{found}, expected {(year, released, basis)}"
    assert entry.value == pytest.approx(value, rel=1e-9), f"{year}: {entry.value!r}, expected {value!r}"
    for name, wanted in told.items():
        found = getattr(entry, name)
        same = found == (pytest.approx(wanted, rel=1e-6) if isinstance(wanted, float) else wanted)
        assert same, f"{name}: {found!r}, expected {wanted!r}"


def single(claim: str, reading: str, year: int, released: str) -> Evaluation:
    """The one evaluation of a reading for a year by a release."""
    (entry,) = [e for e in audited(claim).evaluations[reading] if (e.year, e.released) == (year, released)]
    return entry
