"""Every file for machines that takes no drawing: the API, the ledger, the citations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from analysis.audit import Audited
from analysis.exports import api, citations, ledger


def files(audits: Sequence[Audited], as_of: dt.date, address: str) -> dict[str, str]:
    """The files by their paths in the site. `address` of the book's root with a trailing "/", or ""."""
    made: dict[str, str] = {}
    for room in (api, ledger, citations):
        made |= room.files(audits, as_of, address)
    return made
