"""Verdicts: pure functions of a claim, its evaluations and a day. The vocabulary is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis import words
from analysis.claims import Cited, Claim, Reading
from analysis.evaluations import Evaluation, calendar

WHEN_WRITTEN = {
    "supported": "the newest year then published that can be told bears it out, by the likeliest reading",
    "held for an earlier year": "one of the three years before bears it out, by the likeliest reading, not the newest",
    "supported under another reading": "only a less likely reading bears it out",
    "not supported": "no reading that could be tested bears it out",
    "on record": "a public record says so",
    "record differs": "the public record says otherwise",
    "not yet due": "a pledge or forecast whose year had not come",
    "not testable": "no figures that could decide are held",
}
AS_REVISED = {
    "unchanged": "the newest release says the same of that year as the one that decided",
    "now supported": "by the newest release that year bears it out",
    "no longer supported": "by the newest release that year no longer bears it out",
    "not testable": "no other release with that year is held, or none that could decide",
}
TODAY = {
    "true": "the newest year bears it out by the likeliest reading, as some year did when written",
    "now true": "the newest year bears it out by the likeliest reading; when written no year by it did",
    "no longer true": "the newest year does not bear it out by the likeliest reading; when written some year did",
    "not true": "the newest year does not bear it out by the likeliest reading, nor did any year by it when written",
    "not yet due": "the year of the pledge or forecast has not come",
    "not testable": "no recent figures that could decide are held",
}
BORNE_OUT = ("supported", "held for an earlier year", "supported under another reading", "on record")

# How many years before the newest one are tried where a document names none.
EARLIER_YEARS = 3
# A newest year further back than this says nothing of today.
MAX_AGE = 3
# An edition may come out this much before its calendar day and is still that year's.
EARLY = dt.timedelta(days=31)

Evaluations = Mapping[str, Sequence[Evaluation]]


@dataclass(frozen=True)
class Choice:
    """The evaluation that stands for a year on a day, and how it was chosen.

    `basis`: held (released by then, and no newer one was due), reconstructed (a later release cut to the
    years then published), older (a newer release existed by then; neither it nor a later one is held),
    revised (the newest release held).
    """

    evaluation: Evaluation
    basis: str


@dataclass(frozen=True)
class Verdict:
    """One of the three readings of time: a word of the vocabulary, why, and the figure or the record that decided."""

    word: str
    reason: str
    choice: Choice | None = None
    reading: str | None = None
    record: Cited | None = None


@dataclass(frozen=True)
class Verdicts:
    """The three readings of time for one claim.

    `readings`: what each reading said when the claim was written; `now`: what it says in its newest year, for a
    pledge in the year it was due; `newest_then`: what the likeliest reading said of the newest year then published;
    `tried`: every step that was tried when written, in order.
    """

    when_written: Verdict
    as_revised: Verdict
    today: Verdict
    readings: dict[str, Choice | None]
    now: dict[str, Choice | None]
    newest_then: Choice | None
    tried: tuple[Choice, ...]
    as_of: dt.date

    @property
    def borne_out(self) -> tuple[int, int]:
        """How many readings bore it out, in the newest year or the three before, of how many that could be tested."""
        told = [choice for choice in self.readings.values() if choice and choice.evaluation.holds is not None]
        return sum(bool(choice.evaluation.holds) for choice in told), len(told)


def newest_full_year(reading: Reading, day: dt.date) -> int:
    """The newest full year that was published by a day, by the calendars of the reading's series."""
    return calendar(reading).newest(day)


def choose_when_written(reading: Reading, evaluations: Sequence[Evaluation], year: int, day: dt.date) -> Choice | None:
    """The evaluation that tells best what was known of a year on a day; None where none can.

    The newest release held that existed that day. Where a newer edition was due by then but is not held,
    the earliest later one that has the year; and where there is none, the older one after all.
    """
    told = [entry for entry in evaluations if entry.year == year]
    before = [entry for entry in told if entry.day <= day]
    due = calendar(reading)
    # A later release may stand in only for a year that had been told by then.
    after = [entry for entry in told if entry.day > day and due.first_told(year) <= day]
    if before and before[-1].day >= due.last_edition(day) - EARLY:
        return Choice(before[-1], "held")
    if after:
        return Choice(after[0], "reconstructed")
    if before:
        return Choice(before[-1], "older")
    return None


def choose_newest(evaluations: Sequence[Evaluation], year: int, as_of: dt.date) -> Choice | None:
    """The evaluation of a year by the newest release on or before a day; None where there is none."""
    told = [entry for entry in evaluations if entry.year == year and entry.day <= as_of]
    return Choice(told[-1], "revised") if told else None


def decide(claim: Claim, evaluations: Evaluations, as_of: dt.date) -> Verdicts:
    """The verdicts on a claim. `as_of` moves "today" and hides later releases; never what was known when written.

    `evaluations` maps each reading's id to its evaluations, oldest release first.
    """
    if claim.untestable is not None:
        return _without_figures(as_of, *(Verdict("not testable", claim.untestable) for _ in range(3)))
    if claim.kind == "fact":
        return _fact(claim, evaluations, as_of)
    if claim.kind == "pledge":
        return _pledge(claim, evaluations, as_of)
    if claim.kind == "forecast":
        return _forecast(claim, evaluations, as_of)
    readings = [reading for reading in claim.readings if reading.role == "reading"]
    written = claim.document.day
    ladder = _ladder(claim, readings, written)
    base = {reading.id: _base_year(claim, reading, written) for reading in readings}
    known = {
        (reading.id, year): choose_when_written(reading, evaluations[reading.id], year, written)
        for reading, year in ladder
    }
    when = _when_written(claim, readings, ladder, base, known)
    revised = _as_revised(ladder, evaluations, when, as_of)
    today = _today(claim, readings[0], evaluations, when, as_of)
    at_writing = {reading.id: _own_step(reading, ladder, known) for reading in readings}
    now = {
        reading.id: choose_newest(evaluations[reading.id], claim.year, as_of)
        if claim.lasts
        else newest(evaluations[reading.id], as_of)
        for reading in claim.readings
    }
    newest_then = known[readings[0].id, base[readings[0].id]]
    tried = tuple(choice for choice in known.values() if choice is not None)
    return Verdicts(when, revised, today, at_writing, now, newest_then, tried, as_of)


def _base_year(claim: Claim, reading: Reading, day: dt.date) -> int:
    return claim.year if claim.year is not None else newest_full_year(reading, day)


def _ladder(claim: Claim, readings: Sequence[Reading], day: dt.date) -> list[tuple[Reading, int]]:
    """The steps in the order in which they are tried: the likeliest reading's years, then the others'."""
    steps = []
    for reading in readings:
        base = _base_year(claim, reading, day)
        reach = 0 if claim.year is not None else EARLIER_YEARS
        steps += [(reading, base - back) for back in range(reach + 1)]
    return steps


def _own_step(reading: Reading, ladder, known) -> Choice | None:
    """What a reading said when the claim was written: the first of its years that bears it out, else its newest."""
    told = [known[step.id, year] for step, year in ladder if step is reading and known[step.id, year]]
    return next((choice for choice in told if choice.evaluation.holds), told[0] if told else None)


def _when_written(claim, readings, ladder, base, known) -> Verdict:
    first = readings[0]
    for reading, year in ladder:
        choice = known[reading.id, year]
        if choice is None or not choice.evaluation.holds:
            continue
        if reading is not first or claim.unheld is not None:
            return Verdict(
                "supported under another reading", f"by: {claim.define(reading.definition)}", choice, reading.id
            )
        if year == base[first.id]:
            return Verdict("supported", f"the figure for {year} bears it out", choice, reading.id)
        last = base[first.id]
        told = known[first.id, last]
        if all(
            (step := known[first.id, later]) and step.evaluation.holds is None for later in range(year + 1, last + 1)
        ):
            # Coverage leaves the newer years open: this is the newest that can be told.
            reason = f"the figure for {year} bears it out; for {last} too many figures were still missing"
            return Verdict("supported", reason, choice, reading.id)
        then = "is not held" if told is None else "leaves it open" if told.evaluation.holds is None else "does not"
        reason = f"the figure for {year} bears it out; that for {last}, the newest then published, {then}"
        return Verdict("held for an earlier year", reason, choice, reading.id)
    if claim.unheld is not None:
        reason = f"no figures are held for the likeliest reading ({claim.unheld.rstrip('.')}); no other bears it out"
        return Verdict("not testable", reason, None, first.id)
    tested = [known[step[0].id, step[1]] for step in ladder]
    if not any(choice and choice.evaluation.holds is False for choice in tested):
        return Verdict("not testable", _why_not(known[first.id, base[first.id]], base[first.id]), None, first.id)
    decisive = known[first.id, base[first.id]]
    if decisive is None or decisive.evaluation.holds is None:
        reason = _why_not(known[first.id, base[first.id]], base[first.id])
        return Verdict("not testable", f"{reason}; no other reading bears it out", None, first.id)
    return Verdict("not supported", "no reading that could be tested bears it out", decisive, first.id)


def _why_not(choice: Choice | None, year: int) -> str:
    if choice is None:
        return f"no figure for {year} is held"
    return f"the figures for {year} leave it open: {choice.evaluation.note}"


def _as_revised(ladder, evaluations: Evaluations, when: Verdict, as_of: dt.date) -> Verdict:
    if when.word in BORNE_OUT:
        decided = when.choice.evaluation
        choice = choose_newest(evaluations[when.reading], decided.year, as_of)
        if choice is None or choice.evaluation.holds is None:
            why = f"no release by then has {decided.year}" if choice is None else _why_not(choice, decided.year)
            return Verdict("not testable", why, choice, when.reading)
        if choice.evaluation.released == decided.released:
            return Verdict("not testable", f"no other release with {decided.year} is held", None, when.reading)
        if choice.evaluation.holds:
            return Verdict("unchanged", f"the newest release still bears out {decided.year}", choice, when.reading)
        reason = f"the newest release no longer bears out {decided.year}"
        return Verdict("no longer supported", reason, choice, when.reading)
    choices = [(reading.id, choose_newest(evaluations[reading.id], year, as_of)) for reading, year in ladder]
    for reading, choice in choices:
        if choice and choice.evaluation.holds:
            reason = f"by the newest release {choice.evaluation.year} bears it out"
            return Verdict("now supported", reason, choice, reading)
    first = next(((reading, choice) for reading, choice in choices if choice), (None, None))
    if when.word == "not supported" and any(choice and choice.evaluation.holds is False for _, choice in choices):
        if when.choice and first[1] and when.choice.evaluation.released == first[1].evaluation.released:
            reason = f"no other release with {first[1].evaluation.year} is held"
            return Verdict("not testable", reason, None, first[0])
        return Verdict("unchanged", "the newest releases do not bear it out either", first[1], first[0])
    return Verdict(
        "not testable", "nothing decided when it was written, so there is nothing to compare", None, first[0]
    )


def newest(evaluations: Sequence[Evaluation], as_of: dt.date) -> Choice | None:
    """The newest full year in the newest release on or before a day."""
    years = [entry.year for entry in evaluations if entry.day <= as_of and entry.year < as_of.year]
    return choose_newest(evaluations, max(years), as_of) if years else None


def _today(claim: Claim, first: Reading, evaluations: Evaluations, when: Verdict, as_of: dt.date) -> Verdict:
    """The newest year by the likeliest reading; where coverage leaves that open, the newest that it does not."""
    if claim.unheld is not None:
        return Verdict("not testable", "no figures are held for the likeliest reading", None, first.id)
    if claim.lasts:  # of what is past, no later year says anything
        choice = choose_newest(evaluations[first.id], claim.year, as_of)
        if choice is None or choice.evaluation.holds is None:
            return Verdict("not testable", _why_not(choice, claim.year), choice, first.id)
        return _told_today(first, choice, when, "by the newest release ")
    last = newest(evaluations[first.id], as_of)
    if last is None:
        return Verdict("not testable", "no release by then has it", None, first.id)
    year = last.evaluation.year
    if as_of.year - year > MAX_AGE:
        return Verdict("not testable", f"newest held: {year}", last, first.id)
    if last.evaluation.holds is not None:
        return _told_today(first, last, when)
    for earlier in range(year - 1, as_of.year - MAX_AGE - 1, -1):
        choice = choose_newest(evaluations[first.id], earlier, as_of)
        if choice is not None and choice.evaluation.holds is not None:
            open_years = f"{year}" if earlier == year - 1 else f"{earlier + 1} to {year}"
            return _told_today(first, choice, when, f"for {open_years} too many figures are still missing; ")
    return Verdict("not testable", _why_not(last, year), last, first.id)


def _told_today(first: Reading, choice: Choice, when: Verdict, before: str = "") -> Verdict:
    """The word for a year that is told, by the likeliest reading then and now."""
    year = choice.evaluation.year
    was = when.word in ("supported", "held for an earlier year")
    if choice.evaluation.holds:
        return Verdict("true" if was else "now true", f"{before}the figure for {year} bears it out", choice, first.id)
    reason = f"{before}the figure for {year} does not bear it out"
    if when.word == "supported under another reading":
        reason += " by the likeliest reading, nor did any year by it when written"
    return Verdict("no longer true" if was else "not true", reason, choice, first.id)


def _pledge(claim: Claim, evaluations: Evaluations, as_of: dt.date) -> Verdicts:
    """A pledge is tested by its own wording in the year it was due; its outturn is shown apart."""
    first, due, written = claim.readings[0], claim.due, claim.document.day
    if written.year <= due:
        when = Verdict("not yet due", f"due by {due}, written in {written.year}", None, first.id)
    else:
        choice = choose_when_written(first, evaluations[first.id], due, written)
        holds = choice.evaluation.holds if choice else None
        word = {True: "supported", False: "not supported", None: "not testable"}[holds]
        when = Verdict(word, f"by the figures for {due}", choice, first.id)
    over = as_of.year > due
    now = {
        reading.id: choose_newest(evaluations[reading.id], due, as_of) if over else None for reading in claim.readings
    }
    choice = now[first.id]
    if not over or (choice is None and newest_full_year(first, as_of) < due):
        today = Verdict("not yet due", f"due by {due}", None, first.id)
    elif choice is None or choice.evaluation.holds is None:
        today = Verdict("not testable", _why_not(choice, due), choice, first.id)
    else:
        kept = choice.evaluation.holds
        reason = f"by its own wording it was {'kept' if kept else 'not kept'} in {due}"
        today = Verdict("true" if kept else "not true", reason, choice, first.id)
    if when.word == "not yet due":
        revised = Verdict("not testable", "it was not due when written, so there was nothing to revise", None, first.id)
    else:
        revised = _as_revised([(first, due)], evaluations, when, as_of)
    at_writing = {reading.id: None for reading in claim.readings if reading.role == "reading"}
    return Verdicts(when, revised, today, at_writing, now, None, (), as_of)


def _without_figures(as_of: dt.date, when: Verdict, revised: Verdict, today: Verdict) -> Verdicts:
    return Verdicts(when, revised, today, {}, {}, None, (), as_of)


def _fact(claim: Claim, evaluations: Evaluations, as_of: dt.date) -> Verdicts:
    """A fact is decided by its records; what figures say of it in their newest year stands beside as the outturn."""
    decided = _by_records(claim, as_of)
    return replace(decided, now={reading.id: newest(evaluations[reading.id], as_of) for reading in claim.readings})


def _by_records(claim: Claim, as_of: dt.date) -> Verdicts:
    """The first record that settles a fact decides; a state of affairs needs a recent one for today."""
    deciding = next(cited for cited in claim.records if cited.agrees is not None)
    others = [cited for cited in claim.records if cited.agrees is not None and cited.agrees != deciding.agrees]
    reason = f"by {_source(deciding)}"
    if others:
        reason += f"; {_source(others[0])} tells it otherwise"
    was = bool(deciding.agrees)
    when = Verdict("on record" if was else "record differs", reason, record=deciding)
    revised = Verdict("not testable", "a record of a fact is not revised as figures are", record=deciding)
    if claim.lasts:
        # What has happened, or was so on the day that the statement names, stays so.
        today = Verdict(
            "true" if was else "not true",
            "judged is what was so, or was expected, when it was written",
            record=deciding,
        )
        return _without_figures(as_of, when, revised, today)
    present = [cited for cited in claim.records if cited.today is not None and cited.record.known_by(as_of)]
    newest_first = sorted(present, key=lambda cited: cited.record.dated, reverse=True)
    if not newest_first:
        today = Verdict("not testable", "no record at hand speaks of the present")
    elif as_of.year - newest_first[0].record.year > MAX_AGE:
        today = Verdict("not testable", f"newest record held: {newest_first[0].record.year}", record=newest_first[0])
    else:
        cited = newest_first[0]
        word = ("true" if was else "now true") if cited.today else ("no longer true" if was else "not true")
        today = Verdict(word, f"by {_source(cited)}", record=cited)
    return _without_figures(as_of, when, revised, today)


def _source(cited: Cited) -> str:
    dated = f" ({words.dated(cited.record.dated)})" if cited.record.dated else ""
    return f"{cited.record.publisher}{dated}"


def _forecast(claim: Claim, evaluations: Evaluations, as_of: dt.date) -> Verdicts:
    """A forecast is judged by the projections for its year: those published when it was written, and the newest.

    What the year itself brings decides once it has come.
    """
    due, written = claim.due, claim.document.day
    readings = [reading for reading in claim.readings if reading.role == "reading"]
    first = readings[0]
    ladder = [(reading, due) for reading in readings]
    then = {reading.id: _projection(evaluations[reading.id], due, written) for reading in readings}
    known = {(reading.id, due): then[reading.id] for reading in readings}
    when = _when_written(claim, readings, ladder, {reading.id: due for reading in readings}, known)
    revised = _as_revised(ladder, evaluations, when, as_of)
    now = {reading.id: choose_newest(evaluations[reading.id], due, as_of) for reading in claim.readings}
    choice = now[first.id]
    if as_of.year <= due:
        today = Verdict("not yet due", f"it speaks of {due}", choice, first.id)
    elif choice is None or choice.evaluation.holds is None:
        today = Verdict("not testable", _why_not(choice, due), choice, first.id)
    elif choice.evaluation.day.year <= due or choice.evaluation.flag == "projection":
        # A forecast is not borne out by another one.
        today = Verdict("not testable", f"what is held of {due} is still a projection", None, first.id)
    else:
        today = _told_today(first, choice, when)
    tried = tuple(choice for choice in known.values() if choice is not None)
    return Verdicts(when, revised, today, then, now, then[first.id], tried, as_of)


def _projection(evaluations: Sequence[Evaluation], year: int, day: dt.date) -> Choice | None:
    """The newest projection of a year on a day; where none is held of that time, the earliest later one."""
    told = [entry for entry in evaluations if entry.year == year]
    before = [entry for entry in told if entry.day <= day]
    if before:
        return Choice(before[-1], "held")
    return Choice(told[0], "reconstructed") if told else None
