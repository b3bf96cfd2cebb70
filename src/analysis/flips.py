"""What would change a verdict, in words: the figures and the records that would do it."""

from __future__ import annotations

from analysis import areas, words
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.evaluations import Evaluation
from analysis.quantities import Quantity
from analysis.verdicts import MAX_AGE, Verdict


def told(found: Audited) -> list[str]:
    """What would change the verdicts of a claim, a sentence each; empty where nothing can be said."""
    claim = found.claim
    if claim.untestable is not None:
        return ["A public figure or a public record that covers it would make it testable."]
    if claim.kind == "fact":
        return _fact(found)
    sentences = []
    for verdict in (found.verdicts.when_written, found.verdicts.today):
        sentence = _figure(claim, verdict)
        if sentence and sentence not in sentences:
            sentences.append(sentence)
    if claim.unheld is not None:
        sentences.append(f"Figures of the likeliest reading would decide it: {claim.unheld.rstrip('.')}.")
    return [*sentences, *_other_readings(found)]


def _figure(claim: Claim, verdict: Verdict) -> str:
    """What the figure behind one verdict would have to be."""
    if verdict.choice is None or verdict.choice.evaluation.holds is None or verdict.word == "not testable":
        return ""
    entry = verdict.choice.evaluation
    reading = claim.reading(entry.reading)
    quantity = claim.quantity(reading)
    if quantity.kind == "rank":
        return _rank(claim, entry, quantity)
    span = needed(quantity, claim.unit_of(reading), inside=not entry.holds)
    own = words.amount(entry.value, entry.unit)
    if quantity.trend is not None:
        return f"In the years up to {entry.year} {span} would change the answer; there was {own}."
    when = f"For {entry.year}"
    if claim.kind == "forecast":
        when += f", by the projection of {words.released(entry.released)},"
    if entry.holds:
        return f"{when} {span} would not bear it out; the figure is {own}."
    return f"{when} {span} would bear it out; the figure is {own}, {words.margin(entry)} off."


def needed(quantity: Quantity, unit: str, *, inside: bool) -> str:
    """The figures that bear a quantity out (`inside`), or those that do not, as running text."""
    if quantity.trend is not None:
        way = "rise" if quantity.trend == "rising" else "fall"
        return f"a {way} in every year" if inside else f"a single year without a {way}"
    low, high = quantity.ends()
    # A tolerance is a closed interval: its ends still bear it out.
    low_in, high_in = quantity.low_in or bool(quantity.slack), quantity.high_in or bool(quantity.slack)
    if not inside:
        parts = [] if high is None else [_above(high, unit, included=not high_in)]
        parts += [] if low is None else [_below(low, unit, included=not low_in)]
        return f"a figure {' or '.join(parts)}"
    if low is None:
        return f"a figure {_below(high, unit, included=high_in)}"
    if high is None:
        return f"a figure {_above(low, unit, included=low_in)}"
    least, most = words.amount(low, unit), words.amount(high, unit)
    # "from 64.2 to 67.8 billion dollars": the unit once, where both have the same.
    least = least.partition(" ")[0] if least.partition(" ")[2] == most.partition(" ")[2] else least
    return f"a figure from {least} to {most}" if high_in else f"a figure from {least} to just under {most}"


def _above(end: float, unit: str, *, included: bool) -> str:
    if end == 0:
        return "of zero or more" if included else "above zero"
    return f"{'of at least' if included else 'above'} {words.amount(end, unit)}"


def _below(end: float, unit: str, *, included: bool) -> str:
    if end == 0:
        return "of zero or less" if included else "below zero"
    return f"{'of at most' if included else 'below'} {words.amount(end, unit)}"


def _rank(claim: Claim, entry: Evaluation, quantity: Quantity) -> str:
    """How far a country is from another answer: to the next one in its own figures, or in places."""
    wanted = quantity.ranks()
    who, near = areas.called(claim.about), words.margin(entry)
    goal = words.ordinal(wanted[0]) if len(wanted) == 1 else f"among the first {wanted[-1]}"
    place = words.rank(entry) if entry.rank_best != entry.rank_worst else words.ordinal(entry.rank)
    if entry.holds and near:
        return f"For {entry.year} a change of {near} in the figure of {who} would move it out of its place, {place}."
    if entry.holds:
        room = _places(wanted[-1] + 1 - entry.rank_worst)
        return f"For {entry.year} {who}, {place}, would have to fall {room} not to be {goal}."
    below = entry.rank > wanted[-1]
    if near:
        return f"For {entry.year} {near} {'more' if below else 'less'} would have put {who}, {place}, {goal}."
    away = entry.rank - wanted[-1] if below else wanted[0] - entry.rank
    return f"For {entry.year} {who}, {place}, was {_places(away)} from being {goal}."


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _other_readings(found: Audited) -> list[str]:
    """The readings that would give another answer today, had one of them been the likeliest."""
    claim = found.claim
    told_by = {
        reading.id: found.verdicts.now.get(reading.id) for reading in claim.readings if reading.role == "reading"
    }
    first = told_by.get(claim.readings[0].id)
    if first is None or first.evaluation.holds is None or found.verdicts.today.word == "not testable":
        return []
    other = [
        reading
        for reading in claim.readings[1:]
        if (choice := told_by.get(reading.id)) is not None
        and choice.evaluation.holds is (not first.evaluation.holds)
        and found.verdicts.as_of.year - choice.evaluation.year <= MAX_AGE
    ]
    if not other:
        return []
    named = "; ".join(claim.define(reading.label) for reading in other)
    verb = "bears it out" if not first.evaluation.holds else "does not bear it out"
    return [f"Today the answer depends on the reading: by another one the newest year {verb} ({named})."]


def _fact(found: Audited) -> list[str]:
    cited = found.verdicts.when_written.record
    if cited is None:
        return []
    way = "tells it otherwise" if cited.agrees else "bears it out"
    sentences = [f"A record that stands nearer to the matter and {way} would change the verdict."]
    if found.verdicts.today.word == "not testable" and not found.claim.lasts:
        sentences.append(f"For today it takes a record no more than {MAX_AGE} years old.")
    return sentences
