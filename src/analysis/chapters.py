"""What the notebooks of chapters/ call: parameters that are checked, and the blocks of a chapter.

A chapter is about a `country` and, where a tie is meant, its `partner`. Its sections take their measures from
the ledger's claims; where the ledger has no such claim about the country, the same measures are shown
without a verdict.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis import areas, audit, board, claims, figures, narrative, panels, retrospect
from analysis.blocks import Html, Markdown
from analysis.errors import ClaimbookError
from analysis.evaluations import newest_elsewhere
from analysis.plates import Plates, shown_with_its_claim
from analysis.snapshots.catalogue import day_of
from analysis.snapshots.store import store

if TYPE_CHECKING:
    from analysis.refresh import Outcome

FIRST_YEAR, LAST_YEAR = 1949, 2050
DATA = ("snapshots", "live")


def start(
    country: str = "BEL",
    partner: str = "",
    start_year: int = 2000,
    end_year: int = 2025,
    as_of: str = "",
    data: str = "snapshots",
) -> Chapter:
    """Check a chapter's parameters and open it.

    `country`, `partner`: ISO 3166 alpha-3; `start_year`, `end_year`: the years shown; `as_of`: YYYY-MM-DD,
    empty for the day of the newest release held; `data`: "snapshots" for the releases of the book, "live" to
    fetch newer ones first, into a store of their own. ClaimbookError names the parameter that is wrong and says
    what would be right.
    """
    day = check(country, partner, start_year, end_year, as_of, data)
    figures.enable()
    if data == "snapshots":
        return Chapter(store(), country, partner, start_year, end_year, day or store().newest)
    from analysis import newest

    given, outcomes = newest.opened()
    chapter = Chapter(given, country, partner, start_year, end_year, day or given.newest)
    return replace(chapter, fetched=outcomes)


def check(
    country: str = "BEL",
    partner: str = "",
    start_year: int = 2000,
    end_year: int = 2025,
    as_of: str = "",
    data: str = "snapshots",
) -> dt.date | None:
    """Check a chapter's parameters and open nothing; the day that `as_of` names, None where it names none.

    ClaimbookError names the parameter that is wrong and says what would be right.
    """
    for name, code in (("country", country), ("partner", partner)):
        if not isinstance(code, str):
            raise ClaimbookError(f"{name} is {code!r}; write an ISO 3166 alpha-3 code in quotes, such as 'BEL'")
        if not code and name == "partner":
            continue
        if _named(name, areas.area, code).kind != "country":
            raise ClaimbookError(f"{name}: {code} is {areas.name(code)}, which is not a country; name one, such as BEL")
    if country == partner:
        raise ClaimbookError(f"country and partner are both {country}; name two countries")
    for name, year in (("start_year", start_year), ("end_year", end_year)):
        if isinstance(year, bool) or not isinstance(year, int):
            raise ClaimbookError(f"{name} is {year!r}; write a year such as 2010, without quotes")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ClaimbookError(f"{name} is {year}; years from {FIRST_YEAR} to {LAST_YEAR} can be shown")
    if start_year >= end_year:
        raise ClaimbookError(f"start_year {start_year} is not before end_year {end_year}")
    if not isinstance(as_of, str):
        raise ClaimbookError(f"as_of is {as_of!r}; write a date in quotes, such as '2024-06-30', or '' for the newest")
    if data not in DATA:
        raise ClaimbookError(f"data is {data!r}; write {' or '.join(map(repr, DATA))}")
    if not as_of:
        return None
    day, first = _named("as_of", day_of, as_of), store().releases[0].day
    if day < first:
        raise ClaimbookError(f"as_of {day} lies before the first release held ({first})")
    return day


def _named(parameter: str, read: Callable[[str], Any], value: str) -> Any:
    """What is read from a parameter's value; its fault names the parameter."""
    try:
        return read(value)
    except ClaimbookError as error:
        raise ClaimbookError(f"{parameter}: {error}") from None


@dataclass(frozen=True)
class Chapter(Plates):
    """An open chapter: figures and claims for one country, and the blocks that its cells show.

    `fetched`: what became of each publisher that was asked for newer figures.
    """

    fetched: tuple[Outcome, ...] = ()

    def heading(self) -> Markdown:
        """Which country, which years, which state of the figures."""
        who = areas.called(self.country)
        tie = f" and {areas.called(self.partner)}" if self.partner else ""
        day = retrospect.day()
        years = f"{self.start_year} to {self.end_year}" if day is None else f"from {self.start_year} on"
        text = f"About {who}{tie}, {years}, by the figures released up to {self.as_of:%-d %B %Y}."
        if day is not None:
            text += " The text between the figures was written later and may speak of later events."
        amiss = [outcome.publisher for outcome in self.fetched if outcome.word not in ("new", "same")]
        if self.fetched:
            text += " The publishers were asked for newer figures when this was run."
        if amiss:
            text += f" None could be taken from: {', '.join(amiss)}."
        return Markdown(text)

    @cached_property
    def _audits(self) -> dict[str, audit.Audited]:
        return {}

    def audited(self, identifier: str) -> audit.Audited:
        """The claim, audited as of the chapter's day."""
        if identifier not in self._audits:
            self._audits[identifier] = audit.audit(claims.audited(identifier), self.store, self.as_of)
        return self._audits[identifier]

    def claim(self, identifier: str) -> Html:
        """The claim with its verdicts; for another country, the newest figures by the same readings."""
        if self.is_later(identifier):
            day = f"{retrospect.day():%-d %B %Y}"
            text = f"Left out: this part rests on a statement of a document that was not written by {day}."
            return Html(f'<p class="cb-elsewhere">{text}</p>', text)
        if self.is_audited(identifier):
            return Html(panels.claim_box(self.audited(identifier)))
        claim = self.subject(identifier)
        newest = {reading.id: newest_elsewhere(claim, reading, self.store, self.as_of) for reading in claim.readings}
        text = narrative.elsewhere(claim, newest)
        return Html(f'<p class="cb-elsewhere">{panels.escape(text)}</p>', text)

    def statements(self, theme: str) -> Html:
        """Every statement of the ledger on a theme about the chapter's country, each with its verdicts."""
        about = [entry for entry in claims.of_theme(theme) if self.is_audited(entry.id)]
        if not about:
            text = f"The ledger holds no statement on this theme about {areas.called(self.country)}."
            return Html(f'<p class="cb-elsewhere">{panels.escape(text)}</p>', text)
        return Html(board.table([self.audited(entry.id) for entry in about], self.as_of, up="../"))

    @shown_with_its_claim
    def text(self, identifier: str) -> Markdown:
        """The paragraph that tells the figures; empty for a country without such a claim."""
        return Markdown(narrative.audited(self.audited(identifier)) if self.is_audited(identifier) else "")

    @shown_with_its_claim
    def readings(self, identifier: str) -> Html:
        """The table of all readings; empty for a country without such a claim."""
        return Html(panels.readings_table(self.audited(identifier)) if self.is_audited(identifier) else "")
