"""What every export says alike: on which terms it may be used, and where the files of a claim stand."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.audit import Audited
from analysis.claims import Cited, Claim
from analysis.documents import Document
from analysis.imprint import LICENCE
from analysis.verdicts import Choice, Verdict

TERMS = (
    f"Statements and verdicts: {LICENCE}. Figures keep the terms of their publishers, told in `sources` of each "
    "statement's file and on the page Sources."
)
# The names that the audit's JSON gives to the readings of time.
TIMES = ("when_written", "as_revised", "today")

HOME_PICTURE = "pictures/home.png"
INDEX, INDEX_SCHEMA, CLAIM_SCHEMA = "api/verdicts.json", "api/verdicts.schema.json", "api/claim.schema.json"
LEDGER_CSV, LEDGER_JSON = "ledger.csv", "ledger.json"


@dataclass(frozen=True)
class Places:
    """Where in the site the files of a claim stand; `csv` is None where it has no figures."""

    page: str
    json: str
    csv: str | None
    picture: str
    bibtex: str
    csl: str


def places(claim: Claim) -> Places:
    """The paths of a claim's files, from the root of the site."""
    page = f"claims/{claim.id}"
    return Places(
        page=f"{page}.html",
        json=f"api/{page}.json",
        csv=f"{page}.csv" if claim.readings else None,
        picture=f"pictures/{page}.png",
        bibtex=f"{page}.bib",
        csl=f"{page}.cite.json",
    )


def document_picture(document: Document) -> str:
    """The path of a document's picture."""
    return f"pictures/documents/{document.id}.png"


def verdict(found: Audited, time: str) -> Verdict:
    """The verdict of one reading of time."""
    return getattr(found.verdicts, time)


def figure(found: Audited, time: str) -> Choice | None:
    """The figure behind a verdict; None where none is told, as beside "not testable".

    An old figure beside "today" would be quoted as today's.
    """
    told = verdict(found, time)
    return None if told.word == "not testable" else told.choice


def record(found: Audited, time: str) -> Cited | None:
    """The public record that decided; None where none did."""
    told = verdict(found, time)
    return None if told.word == "not testable" else told.record
