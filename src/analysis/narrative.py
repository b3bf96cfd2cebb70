"""Paragraphs that depend on figures, written so that they read well for any country."""

from __future__ import annotations

from analysis import areas, words
from analysis.audit import Audited
from analysis.claims import Claim, Reading
from analysis.evaluations import Evaluation
from analysis.verdicts import Choice


def audited(found: Audited) -> str:
    """What the figures said when the claim was written, what they say now, and how near it is to flipping."""
    if found.claim.kind == "fact" or found.claim.untestable is not None:
        return " ".join(_records(found))
    if found.claim.kind == "pledge":
        return " ".join(_pledge(found))
    if found.claim.kind == "forecast":
        return " ".join(sentence for sentence in [_document(found), *_written(found), _forecast(found)] if sentence)
    return " ".join(sentence for sentence in [_document(found), *_written(found), *_now(found)] if sentence)


def _records(found: Audited) -> list[str]:
    """What the records say of a fact, or why a statement cannot be tested."""
    claim, sentences = found.claim, []
    if claim.untestable is not None:
        sentences.append(f"It cannot be tested. {claim.untestable.rstrip('.')}.")
    for cited in claim.records:
        dated = f" ({words.dated(cited.record.dated)})" if cited.record.dated else ""
        sentences.append(f"{cited.record.publisher}{dated}: {cited.told.rstrip('.')}.")
    settled = {cited.agrees for cited in claim.records} - {None}
    if len(settled) > 1 and claim.untestable is None:
        sentences.append("The records do not agree; the one named first, which stands nearest to the matter, decides.")
    told = [(reading, found.verdicts.now.get(reading.id)) for reading in claim.readings]
    sentences += [_outturn(found, reading, choice) for reading, choice in told if choice is not None]
    return sentences


def _forecast(found: Audited) -> str:
    """What the newest projection of the year says."""
    choice = found.verdicts.today.choice
    if choice is None:
        return ""
    entry = choice.evaluation
    newest = "projection" if found.verdicts.today.word == "not yet due" else "figure"
    told = f"The newest {newest} held, of {words.released(entry.released)}, makes it {words.figure(entry)}"
    bears = {True: "bears it out", False: "does not bear it out", None: "leaves it open"}[entry.holds]
    return f"{told}, which {bears}."


def _written(found: Audited) -> list[str]:
    when, newest = found.verdicts.when_written, found.verdicts.newest_then
    if when.choice is None:
        return [f"When it was written it could not be tested: {when.reason}."]
    entry, sentences = when.choice.evaluation, []
    if newest is not None and newest.evaluation is not entry and newest.evaluation.year > entry.year:
        year = newest.evaluation.year
        sentences.append(f"For {year}, the newest year then published, it was {_says(newest.evaluation)}.")
    sentences.append(f"The figure that decides is that for {entry.year}: {_says(entry)}.")
    near = words.margin(entry)
    if entry.holds and near:
        sentences.append(f"It held by {near}.")
    return [*sentences, _basis(when.choice), *_others(found), _nearest(found), _moved(found)]


def _others(found: Audited) -> list[str]:
    """The other readings that bore it out when it was written."""
    told = []
    for reading in found.claim.readings:
        choice = found.verdicts.readings.get(reading.id)
        if choice is None or not choice.evaluation.holds or reading.id == found.verdicts.when_written.reading:
            continue
        entry = choice.evaluation
        told.append(f"{found.claim.define(reading.label)}, {words.figure(entry)} in {entry.year}")
    if not told:
        return []
    return [f"{'Another reading bears' if len(told) == 1 else 'Other readings bear'} it out too: {'; '.join(told)}."]


def _nearest(found: Audited) -> str:
    """Of what was tried in vain, the figure that came nearest: an author is owed the near miss."""
    if found.verdicts.when_written.word != "not supported":
        return ""
    failed = [choice.evaluation for choice in found.verdicts.tried if choice.evaluation.holds is False]
    failed = [entry for entry in failed if entry.margin is not None and entry.rank is None]
    if not failed:
        return ""
    best = min(failed, key=lambda entry: entry.margin)
    label = found.claim.define(found.claim.reading(best.reading).label)
    off = f", {near} off" if (near := words.margin(best)) else ""
    return f"The nearest of all that was tried is {best.year} ({label}): {words.figure(best)}{off}."


def _now(found: Audited) -> list[str]:
    today = found.verdicts.today
    if today.choice is None:
        return [f"Today it cannot be tested: {today.reason}."]
    entry = today.choice.evaluation
    if today.word == "not testable":
        return [f"The newest figure held is that for {entry.year}, too old to speak of today."]
    if found.claim.lasts:
        return [f"By the newest release {entry.year} was {_says(entry)}, by the likeliest reading."]
    newest = found.verdicts.now.get(found.claim.readings[0].id)
    last = newest is None or newest.evaluation.year == entry.year
    which = "newest full year held of it" if last else "newest year for which enough countries have figures"
    sentences = [f"In {entry.year}, the {which}, it is {_says(entry)}."]
    near = words.margin(entry)
    if near and entry.holds:
        sentences.append(f"It holds by {near}.")
    elif near:
        sentences.append(f"It is {near} off.")
    told = [found.verdicts.now.get(reading.id) for reading in found.claim.readings if reading.role == "reading"]
    told = [choice for choice in told if choice is not None and choice.evaluation.holds is not None]
    if len(told) > 1:
        holding = sum(bool(choice.evaluation.holds) for choice in told)
        bear = "bears" if holding <= 1 else "bear"
        sentences.append(f"In the newest year of each, {holding or 'none'} of {len(told)} readings {bear} it out.")
    return sentences


def _says(entry: Evaluation) -> str:
    text = words.figure(entry)
    if entry.rank is not None:
        text += f", with {words.amount(entry.value, entry.unit)}"
    if entry.flag:
        text += f" ({words.FLAGS[entry.flag]})"
    return text


def _document(found: Audited) -> str:
    claim = found.claim
    printed = _printed(found, claim.readings[0])
    if claim.quantity(claim.readings[0]).trend is not None:
        return f"The document says: {printed}."
    if claim.threshold:
        return f"A test was set beforehand. {claim.threshold}."
    if printed in ("above zero", "below zero"):
        return f"It holds where the figure is {printed}."
    quantity = claim.quantity(claim.readings[0])
    if not quantity.slack:
        return f"The document says: {printed}."
    low, high = (words.amount(end, claim.unit) for end in quantity.ends())
    span = f"from {low} to {high} (rounding and a tolerance of {claim.tolerance:.0%})"
    return f"The document says: {printed}. That is read as anything {span}."


def _printed(found: Audited, reading: Reading) -> str:
    """The printed figure of a reading with its unit, as running text tells it."""
    printed, unit = words.printed(reading.printed or found.claim.printed), found.claim.unit_of(reading)
    if unit == "rank" or unit.startswith("years without") or printed in ("above zero", "below zero"):
        return printed
    if unit.startswith("% "):
        return f"{printed} {unit[2:]}"
    return f"{printed} {words.unit_name(unit)}"


def _basis(choice: Choice) -> str:
    released = words.released(choice.evaluation.released)
    if choice.basis == "reconstructed":
        return f"It is taken from the release of {released}, because the release of that time is not held."
    if choice.basis == "older":
        return f"It is taken from the release of {released}; a newer one existed by then and is not held."
    return f"It was published in the release of {released}."


def _moved(found: Audited) -> str:
    when, revised = found.verdicts.when_written.choice, found.verdicts.as_revised.choice
    if when is None or revised is None or when.evaluation.year != revised.evaluation.year:
        return ""
    old, new = when.evaluation, revised.evaluation
    if old.released == new.released:
        return "No other release with that year is held."
    if words.figure(old) == words.figure(new):
        return f"The release of {words.released(new.released)} says the same of that year."
    return f"The release of {words.released(new.released)} makes it {words.figure(new)}."


def _pledge(found: Audited) -> list[str]:
    claim, sentences = found.claim, []
    choice = found.verdicts.today.choice
    if choice is None:
        return [f"The pledge is due by {claim.due}; {found.verdicts.today.reason}."]
    entry = choice.evaluation
    if entry.unit == "percentage points":
        moved = "rose" if entry.value > 0 else "fell" if entry.value < 0 else "stood still"
        by = f"by {words.amount(abs(entry.value), entry.unit)} " if entry.value else ""
        sentences.append(f"Since the pledge was made the share {moved} {by}up to {entry.year} {_release(entry)}.")
    else:
        sentences.append(_outturn(found, claim.readings[0], choice))
        sentences.append(_reached_before(found))
    for reading in claim.readings[1:]:
        told = found.verdicts.now.get(reading.id)
        if told is not None:
            sentences.append(_outturn(found, reading, told))
    return [sentence for sentence in sentences if sentence]


def _reached_before(found: Audited) -> str:
    """The years before the due one in which the level was reached, by the newest release of each."""
    first, due = found.claim.readings[0], found.claim.due
    newest = {
        entry.year: entry
        for entry in found.evaluations[first.id]
        if entry.day <= found.verdicts.as_of and entry.year < due
    }
    years = [str(year) for year in sorted(newest) if newest[year].holds]
    if not years or found.verdicts.today.choice.evaluation.holds:
        return ""
    told = years[0] if len(years) == 1 else f"{', '.join(years[:-1])} and {years[-1]}"
    return f"The level had been reached in {told}."


def _outturn(found: Audited, reading: Reading, choice: Choice) -> str:
    entry = choice.evaluation
    told = f"{found.claim.define(reading.label)} in {entry.year}: {words.figure(entry)} {_release(entry)}"
    level = reading.printed or found.claim.printed
    if not level.startswith("at least "):
        return f"{told}."
    return f"{told}; {level.removeprefix('at least ')} was {'reached' if entry.holds else 'not reached'}."


def _release(entry: Evaluation) -> str:
    flag = f"{words.FLAGS[entry.flag]}, " if entry.flag else ""
    return f"({flag}release of {words.released(entry.released)})"


def elsewhere(claim: Claim, newest: dict[str, Evaluation | None]) -> str:
    """The newest figures of a claim's readings for a country that the ledger says nothing of."""
    told = []
    for reading in claim.readings:
        entry = newest.get(reading.id)
        if entry is not None:
            told.append(f"{claim.define(reading.label)}: {words.figure(entry)} in {entry.year}")
    who = areas.called(claim.about)
    if not told:
        return f"No figures are held for {who}."
    return f"The ledger holds no claim of this kind about {who}. The newest figures are: {'; '.join(told)}."
