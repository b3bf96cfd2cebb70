"""What a verdict stands on, in each language: figures with year and reading, records, documents, verdict words."""

from __future__ import annotations

from typing import Any

from babel import Locale

from analysis import areas
from analysis.audit import Audited
from analysis.claims import Cited, Claim
from analysis.documents import Document
from analysis.languages import spelling
from analysis.languages.catalogue import SOURCE, Language
from analysis.languages.phrases import N_, Phrase, leaf, phrase
from analysis.verdicts import Choice, Verdict

HEADINGS = {"when_written": N_("When written"), "as_revised": N_("That year, as revised"), "today": N_("Today")}
KINDS = {
    "statistic": N_("statistic"), "pledge": N_("pledge"), "forecast": N_("forecast"), "fact": N_("fact"),
}  # fmt: skip
# A pledge to move, by its way and by whether the level was reached that it moved towards.
MOVED = {
    (True, True): N_("up {change} from {since} to {year}; {level} reached: {told}"),
    (True, False): N_("up {change} from {since} to {year}; {level} not reached: {told}"),
    (False, True): N_("down {change} from {since} to {year}; {level} reached: {told}"),
    (False, False): N_("down {change} from {since} to {year}; {level} not reached: {told}"),
}
# By whether it tells of several years together, and whether its publisher flags it.
IN_YEAR = {
    (False, False): N_("{figure} in {year}"),
    (False, True): N_("{figure} in {year}, {flag}"),
    (True, False): N_("{figure} up to {year}"),
    (True, True): N_("{figure} up to {year}, {flag}"),
}
# Units of figures that tell of several years.
SPANS = ("% over", "years without")
MOVED_ALONE = {True: N_("up {change} from {since} to {year}"), False: N_("down {change} from {since} to {year}")}


def verdict(word: str, language: Language) -> str:
    """A word of the closed vocabulary."""
    return language.gettext(word)


def author(document: Document, language: Language) -> Phrase:
    """Who wrote a document, as it stands within a sentence."""
    translated = language.data("author", document.author)
    if language.code == SOURCE and document.author.startswith(("A ", "An ", "The ")):
        return leaf(document.author[:1].lower() + document.author[1:])
    return translated


def written(document: Document, language: Language) -> str:
    """When a document was written."""
    return spelling.written(language, document)


def about(document: Document, language: Language) -> Phrase:
    """A document's author and date."""
    template = language.gettext("{author}, {date}")
    return phrase(template, author=author(document, language), date=written(document, language))


def source(cited: Cited, language: Language) -> Phrase:
    """Whose record it is, and of when."""
    publisher = language.data("publisher", cited.record.publisher)
    if not cited.record.dated:
        return publisher
    dated = spelling.dated(language, cited.record.dated)
    return phrase(language.gettext("{publisher}, {date}"), publisher=publisher, date=dated)


def label(claim: Claim, text: str, language: Language) -> Phrase:
    """A reading's short name with the names of country and partner filled in."""
    translated = language.known("reading", text)
    if translated is None or language.code == SOURCE:
        return leaf(claim.define(text), "" if language.code == SOURCE else SOURCE)
    for token, code in (("country", claim.about), ("partner", claim.other)):
        if code:
            translated = translated.replace(f"{{{token}}}", _area(code, language.locale))
    return leaf(translated)


def _area(code: str, locale: Locale) -> str:
    """The name of a country; groups and former states have their English one."""
    import iso3166

    entry = iso3166.countries_by_alpha3.get(code)
    return locale.territories.get(entry.alpha2, areas.name(code)) if entry else areas.name(code)


def of_choice(
    found: Audited,
    choice: Choice | None,
    language: Language,
    *,
    named: bool | None = False,
    dated: bool = True,
    counted: bool = False,
) -> Phrase:
    """The figure that decided and its year; an empty phrase where none did.

    `named`: with its reading's name always (True), never (None), or where the figure alone does not say what it is.
    `dated`: with year and flag; `counted`: with the number of members that a share was counted among.
    """
    if choice is None:
        return leaf("")
    entry = choice.evaluation
    needed = entry.rank is not None or entry.unit.startswith(("percentage points", *SPANS))
    figure, year = spelling.figure(language, entry, counted=counted), str(entry.year)
    text = leaf(figure)
    if dated:
        template = IN_YEAR[entry.unit.startswith(SPANS), bool(entry.flag)]
        flag = spelling.flag(language, entry.flag) if entry.flag else ""
        text = phrase(language.gettext(template), figure=figure, year=year, flag=flag)
    if named is None or not (named or needed):
        return text
    name = label(found.claim, found.claim.reading(entry.reading).label, language)
    return phrase(language.gettext("{name}: {figure}"), name=name, figure=text)


def figure_of(found: Audited, name: str, language: Language, *, counted: bool = True) -> Phrase:
    """The figure behind one reading of time; an empty phrase where none decided.

    Beside a pledge to move stands the level that it moved towards, so that neither is quoted without the other.
    """
    told: Verdict = getattr(found.verdicts, name)
    if told.choice is None:
        return leaf("")
    entry = told.choice.evaluation
    if name == "today" and told.word == "not testable":  # an old value under "today" would be quoted as today's
        return phrase(language.gettext("newest year held: {year}"), year=str(entry.year))
    if found.claim.kind == "forecast" and name == "today" and told.word == "not yet due":
        figure = spelling.figure(language, entry)
        return phrase(language.gettext("newest projection for {year}: {figure}"), year=str(entry.year), figure=figure)
    if entry.unit == "percentage points" and found.claim.kind == "pledge":
        return _moved(found, told.choice, language)
    return of_choice(found, told.choice, language, named=None, counted=counted)


def _moved(found: Audited, choice: Choice, language: Language) -> Phrase:
    entry, claim = choice.evaluation, found.claim
    up = entry.value > 0
    known = {
        "change": spelling.amount(language, abs(entry.value), entry.unit),
        "since": str(claim.readings[0].inputs.get("since")),
        "year": str(entry.year),
    }
    for reading in claim.readings:
        level = found.verdicts.now.get(reading.id)
        if reading.role != "outturn" or level is None or level.evaluation.holds is None:
            continue
        wanted = claim.quantity(reading).figure
        if wanted is None:
            continue
        return phrase(
            language.gettext(MOVED[up, level.evaluation.holds]),
            **known,
            level=spelling.amount(language, wanted, claim.unit_of(reading), plain=True),
            told=spelling.figure(language, level.evaluation),
        )
    return phrase(language.gettext(MOVED_ALONE[up]), **known)


def decided(found: Audited, name: str) -> bool:
    """Whether a figure decided one reading of time."""
    return getattr(found.verdicts, name).choice is not None


def cells(found: Audited, language: Language, *, counted: bool = True) -> list[dict[str, Any]]:
    """The three verdicts with the figures that decided, as templates show them."""
    shown = []
    for name, heading in HEADINGS.items():
        if (found.claim.kind, name) == ("fact", "as_revised"):  # a record is not revised as figures are
            continue
        word = getattr(found.verdicts, name).word
        shown.append(
            {
                "heading": language.gettext(heading),
                "slug": word.replace(" ", "-"),
                "word": verdict(word, language),
                "figure": figure_of(found, name, language, counted=counted) if decided(found, name) else "",
                "source": _record(found, name, language),
            }
        )
    return shown


def _record(found: Audited, name: str, language: Language) -> Phrase | str:
    """The record that decided; empty where figures did, and where what is past stays so."""
    judged: Verdict = getattr(found.verdicts, name)
    if judged.record is None or (name == "today" and found.claim.lasts):
        return ""
    return source(judged.record, language)
