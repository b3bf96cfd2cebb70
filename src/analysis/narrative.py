"""Paragraphs that depend on figures, written so that they read well for any country."""

from __future__ import annotations

from analysis import areas, words
from analysis.audit import Audited
from analysis.claims import Claim, Reading
from analysis.evaluations import Evaluation
from analysis.verdicts import Choice


def audited(found: Audited) -> str:
    """What the figures said when the claim was written, what they say now, and how near it is to flipping."""
    if found.claim.kind == "pledge":
        return " ".join(_pledge(found))
    sentences = [_document(found)]
    when, today = found.verdicts.when_written, found.verdicts.today
    if when.choice is not None:
        entry = when.choice.evaluation
        sentences.append(f"The figure that decides is that for {entry.year}: {_says(found, entry)}.")
        sentences.append(_basis(when.choice))
    else:
        sentences.append(f"When it was written it could not be tested: {when.reason}.")
    moved = _moved(found)
    if moved:
        sentences.append(moved)
    if today.choice is not None:
        entry = today.choice.evaluation
        if today.word == "not testable":
            sentences.append(
                f"The newest figure held is that for {entry.year} ({words.figure(entry)}), too old to speak of today."
            )
        else:
            sentences.append(f"In {entry.year}, the newest full year held, it is {_says(found, entry)}.")
            near = words.margin(entry)
            if near:
                sentences.append(f"A change of {near} would turn today's answer.")
    return " ".join(sentence for sentence in sentences if sentence)


def _says(found: Audited, entry: Evaluation) -> str:
    text = words.figure(entry)
    if entry.rank is not None:
        text += f", with {words.amount(entry.value, entry.unit)}"
    if entry.flag:
        text += f" ({words.FLAGS[entry.flag]})"
    return text


def _document(found: Audited) -> str:
    if found.claim.threshold:
        return f"The test set beforehand is: {_printed(found, found.claim.readings[0])}."
    return f"The document says: {_printed(found, found.claim.readings[0])}."


def _printed(found: Audited, reading: Reading) -> str:
    """The printed figure of a reading with its unit, as running text tells it."""
    printed, unit = reading.printed or found.claim.printed, found.claim.unit_of(reading)
    if unit == "rank":
        return printed
    if unit.startswith("% "):
        return f"{printed} {unit[2:]}"
    return f"{printed} {words.unit_name(unit)}"


def _basis(choice: Choice) -> str:
    released = words.released(choice.evaluation.released)
    if choice.basis == "reconstructed":
        return f"It is taken from the release of {released}, because the one of that time is not held."
    if choice.basis == "older":
        return f"It is taken from the release of {released}; a newer one existed by then and is not held."
    return f"It was published in the release of {released}."


def _moved(found: Audited) -> str:
    when, revised = found.verdicts.when_written.choice, found.verdicts.as_revised.choice
    if when is None or revised is None or when.evaluation.year != revised.evaluation.year:
        return ""
    old, new = when.evaluation, revised.evaluation
    if old.released == new.released:
        return "No later release of that year is held." if when.basis != "reconstructed" else ""
    if words.figure(old) == words.figure(new):
        return f"The release of {words.released(new.released)} says the same of that year."
    return f"The release of {words.released(new.released)} makes it {words.figure(new)}."


def _pledge(found: Audited) -> list[str]:
    claim, sentences = found.claim, []
    choice = found.verdicts.today.choice
    if choice is None:
        return [f"The pledge is due by {claim.due}; {found.verdicts.today.reason}."]
    entry = choice.evaluation
    moved = "rose" if entry.value > 0 else "fell" if entry.value < 0 else "stood still"
    sentences.append(
        f"Since the pledge was made the share {moved} by {words.amount(abs(entry.value), entry.unit)} "
        f"(release of {words.released(entry.released)})."
    )
    for reading in claim.readings:
        outturn = found.verdicts.now.get(reading.id)
        if reading.role == "outturn" and outturn is not None:
            sentences.append(_outturn(found, reading, outturn))
    return sentences


def _outturn(found: Audited, reading: Reading, choice: Choice) -> str:
    entry = choice.evaluation
    told = f"{found.claim.define(reading.label)} in {entry.year}: {words.figure(entry)}"
    release = f"(release of {words.released(entry.released)})"
    if entry.unit == "allies":
        return f"{told} {release}."
    said = "reached" if entry.holds else "not reached"
    return f"{told}, {_printed(found, reading)} was {said} {release}."


def elsewhere(claim: Claim, newest: dict[str, Choice | None]) -> str:
    """The newest figures of a claim's readings for a country that the ledger says nothing of."""
    told = []
    for reading in claim.readings:
        choice = newest.get(reading.id)
        if choice is not None:
            told.append(f"{claim.define(reading.label)}: {words.figure(choice.evaluation)} in {choice.evaluation.year}")
    who = areas.called(claim.about)
    if not told:
        return f"No figures are held for {who}."
    return f"The ledger holds no claim of this kind about {who}. The newest figures are: {'; '.join(told)}."
