"""The answer to a claim in a sentence or two, was it so then and is it so today; and the figure behind each verdict."""

from __future__ import annotations

from analysis import words
from analysis.audit import Audited
from analysis.claims import Cited
from analysis.verdicts import MAX_AGE, Choice, Verdict

OUTTURN = {True: "reached", False: "not reached", None: "leaves it open"}


def answer(found: Audited) -> str:
    """What the three verdicts come to, in plain words with the figures or the record that decided."""
    if found.claim.untestable is not None:
        return "No public figure or record at hand can decide it."
    told = {"fact": _fact, "pledge": _pledge, "forecast": _forecast}.get(found.claim.kind, _statistic)
    return " ".join(sentence for sentence in told(found) if sentence)


def _statistic(found: Audited) -> list[str]:
    return [_then(found), _today(found)]


def _then(found: Audited) -> str:
    when, newest = found.verdicts.when_written, found.verdicts.newest_then
    if when.choice is None:
        return f"When it was written it could not be tested: {when.reason}."
    figure = _named(found, when, figure_of(found, "when_written"))
    if when.word == "held for an earlier year":
        gone = "for the newest year then published no figure is held"
        if newest is not None:
            open_ = newest.evaluation.holds is None
            year = newest.evaluation.year
            gone = f"the figure for {year}, the newest then published, {'leaves it open' if open_ else 'did not'}"
        return f"When it was written an earlier year bore it out: {figure}; {gone}."
    if when.word == "supported under another reading":
        label = found.claim.define(found.claim.reading(when.reading).label)
        return f"When it was written it held by a less likely reading only ({label}): {figure}."
    if when.word == "supported":
        newest_year = "the year it names" if found.claim.year else "the newest year then published"
        if newest is not None and newest.evaluation.year != when.choice.evaluation.year:
            newest_year = "the newest year that could be told"
        return f"When it was written {newest_year} bore it out: {figure}."
    if when.choice.basis == "reconstructed":  # what was published then is not at hand and may have said otherwise
        return f"By a later release, cut to the years published when it was written, no reading bears it out; {figure}."
    return f"When it was written no reading bore it out; by the likeliest it was {figure}."


def _today(found: Audited) -> str:
    today = found.verdicts.today
    if today.word == "not testable":
        return f"Today it cannot be tested: {today.reason}."
    when = "By the newest figures" if found.claim.lasts else "Today"
    opening = {
        "true": f"{when} it holds",
        "now true": f"{when} it holds by the likeliest reading, by which it did not when it was written",
        "no longer true": f"{when} it no longer holds",
        "not true": f"{when} it does not hold",
    }[today.word]
    if found.verdicts.when_written.word == "supported under another reading" and today.word == "not true":
        opening += " by the likeliest reading, by which it did not then either"
    return f"{opening}: {_named(found, today, figure_of(found, 'today'))}.{_otherwise(found)}"


def otherwise(found: Audited) -> Choice | None:
    """What a reading says that answers otherwise today than the likeliest, so that neither is quoted alone.

    None where none does, and of statements that are no statistic or that today's figures do not answer.
    """
    if found.claim.kind != "statistic" or found.verdicts.today.word in ("not testable", "not yet due"):
        return None
    first = found.verdicts.today.choice.evaluation
    for reading in found.claim.readings:
        choice = found.verdicts.now.get(reading.id)
        if choice is None or reading.role != "reading" or choice.evaluation.holds is not (not first.holds):
            continue
        if found.verdicts.as_of.year - choice.evaluation.year <= MAX_AGE or found.claim.lasts:
            return choice
    return None


def _otherwise(found: Audited) -> str:
    choice = otherwise(found)
    if choice is None:
        return ""
    bears = "bears" if choice.evaluation.holds else "does not bear"
    label = found.claim.define(found.claim.reading(choice.evaluation.reading).label)
    return f" Another reading {bears} it out: {told(choice)} ({label})."


def _named(found: Audited, verdict: Verdict, figure: str) -> str:
    """A figure with its reading's name behind it, where the figure alone does not say what it is."""
    entry = verdict.choice.evaluation
    if entry.rank is None and not entry.unit.startswith(("percentage points", "% over", "years without")):
        return figure
    return f"{figure} ({found.claim.define(found.claim.reading(entry.reading).label)})"


def _pledge(found: Audited) -> list[str]:
    when, today, due = found.verdicts.when_written, found.verdicts.today, found.claim.due
    then = f"When it was written the pledge was not yet due; its year is {due}."
    if when.word != "not yet due":
        figure = figure_of(found, "when_written")
        then = f"When it was written its year, {due}, was over: {when.word}{f' ({figure})' if figure else ''}."
    if today.word == "not yet due":
        return [then if when.word != "not yet due" else f"The pledge is not yet due; its year is {due}."]
    if today.word == "not testable":
        return [then, f"Today it cannot be tested: {today.reason}."]
    kept = "kept" if today.word in ("true", "now true") else "not kept"
    return [then, f"As far as figures can test its wording, it was {kept}: {figure_of(found, 'today')}."]


def _forecast(found: Audited) -> list[str]:
    when, today, due = found.verdicts.when_written, found.verdicts.today, found.claim.due
    if when.choice is None:
        then = f"When it was written it could not be tested: {when.reason}."
    else:
        bore = "did not bear it out" if when.word == "not supported" else "bore it out"
        if when.word == "supported under another reading":
            bore += f" by a less likely reading only ({found.claim.define(found.claim.reading(when.reading).label)})"
        figure = words.figure(when.choice.evaluation)
        then = f"The projections for {due} that stood when it was written {bore}: {figure}."
    if today.word != "not yet due":
        return [then, _today(found)]
    if today.choice is None:
        return [then, f"{due} has not come."]
    entry = today.choice.evaluation
    bears = {True: "bears it out", False: "does not bear it out", None: "leaves it open"}[entry.holds]
    return [then, f"{due} has not come; the newest projection {bears}: {words.figure(entry)}."]


def _fact(found: Audited) -> list[str]:
    claim, when, today = found.claim, found.verdicts.when_written, found.verdicts.today
    deciding = when.record
    other = next((c for c in claim.records if c.agrees is not None and c.agrees != deciding.agrees), None)
    said = "bears it out" if deciding.agrees else "tells it otherwise"
    if other is None:
        then = f"{'A' if deciding.agrees else 'The'} public record {said}. {source(deciding)}: {_sentence(deciding)}"
    else:
        against = "tells it otherwise" if deciding.agrees else "bears it out"
        then = (
            f"The public record nearest to the matter {said}. {source(deciding)}: {_sentence(deciding)} "
            f"Another {against}. {source(other)}: {_sentence(other)}"
        )
    if claim.lasts:
        return [then]
    if today.word == "not testable":
        return [then, f"Whether it is so today cannot be told: {today.reason}."]
    opening = {
        "true": "It is so today",
        "now true": "It is so today",
        "no longer true": "It is no longer so today",
        "not true": "It is not so today",
    }[today.word]
    if today.record is None:
        return [then, f"{opening}."]
    again = "" if today.record is deciding else f" {_sentence(today.record)}"
    return [then, f"{opening}, by {source(today.record)}.{again}"]


def _sentence(cited: Cited) -> str:
    """What a record says of the statement, as a sentence."""
    return cited.told.rstrip(".") + "."


def source(cited: Cited) -> str:
    """Whose record it is, and of when: "United Nations (8 June 2018)"."""
    dated = f" ({words.dated(cited.record.dated)})" if cited.record.dated else ""
    return f"{cited.record.publisher}{dated}"


def told(choice: Choice | None) -> str:
    """The figure that decided and its year; empty where none did."""
    if choice is None:
        return ""
    entry = choice.evaluation
    return f"{words.figure(entry)} in {entry.year}" + (f" ({words.FLAGS[entry.flag]})" if entry.flag else "")


def figure_of(found: Audited, name: str) -> str:
    """The figure behind one reading of time, empty where none decided.

    Beside a pledge to move stands the level that it moved towards, so that neither is quoted without the other.
    """
    verdict: Verdict = getattr(found.verdicts, name)
    choice = verdict.choice
    if choice is None:
        return ""
    if name == "today" and verdict.word == "not testable":
        return f"newest year held: {choice.evaluation.year}"  # an old value under "today" would be quoted as today's
    entry = choice.evaluation
    if found.claim.kind == "forecast" and name == "today" and verdict.word == "not yet due":
        return f"newest projection for {entry.year}: {words.figure(entry)}"
    if entry.unit != "percentage points" or found.claim.kind != "pledge":
        return told(choice)
    since = found.claim.readings[0].inputs.get("since")
    flag = f" ({words.FLAGS[entry.flag]})" if entry.flag else ""
    way = "up" if entry.value > 0 else "down"
    text = f"{way} {words.amount(abs(entry.value), entry.unit)} from {since} to {entry.year}{flag}"
    for reading in found.claim.readings:
        level = found.verdicts.now.get(reading.id)
        if reading.role == "outturn" and level is not None:
            wanted = (reading.printed or "").removeprefix("at least ")
            return f"{text}; {wanted} {OUTTURN[level.evaluation.holds]}: {words.figure(level.evaluation)}"
    return text
