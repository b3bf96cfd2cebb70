"""Numbers, ranks, amounts and dates as each language spells them; in English the same as analysis.words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from analysis import units, words
from analysis.documents import Document
from analysis.evaluations import Evaluation
from analysis.languages.catalogue import Language
from analysis.measures.frames import CUT_OFF

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_BASES = {"current USD": "USD"}

# Singular and plural of each amount. Other units are told by UNKNOWN with their English name.
AMOUNTS = {
    **{
        f"{scale}{base}".strip(): (f"{{number}} {scale}{one}", f"{{number}} {scale}{many}")
        for scale in ("", "million ", "billion ", "trillion ")
        for base, one, many in (
            ("USD", "dollar" if not scale else "dollars", "dollars"),
            ("EUR", "euro" if not scale else "euros", "euros"),
            ("persons", "person" if not scale else "people", "people"),
            ("tonnes", "tonne" if not scale else "tonnes", "tonnes"),
        )
    },
    "allies": ("{number} ally", "{number} allies"),
    "percentage points": ("{number} percentage point", "{number} percentage points"),
    "births per woman": ("{number} birth per woman", "{number} births per woman"),
    "years": ("{number} year", "{number} years"),
    "incidents above average": ("{number} incident above average", "{number} incidents above average"),
    "class": ("class {number}", "class {number}"),
}
UNKNOWN = {
    "": "{number} {unit}",
    "million": "{number} million {unit}",
    "billion": "{number} billion {unit}",
    "trillion": "{number} trillion {unit}",
}
OTHER_SHARE = "{number} per cent {unit}"
# What stands behind the sign in a unit that begins with "% ".
PER_CENT = {
    unit: f"{{number}} per cent {unit}"
    for unit in (
        "of GDP", "of all countries' GDP", "of core defence expenditure", "of defence expenditure", "of energy use",
        "of jobs", "of population", "of states", "of the world's total", "of two-way trade", "over the period",
        "a year",
    )
}  # fmt: skip
ORDINALS = {"one": "{number}st", "two": "{number}nd", "few": "{number}rd", "other": "{number}th"}
# Years that broke a trend: all rose or fell, or so many did not.
TRENDS = {
    "years without a rise": ("a rise in each of {count} years", "{number} of {count} years without a rise"),
    "years without a fall": ("a fall in each of {count} years", "{number} of {count} years without a fall"),
}


def _rounded(value: float, digits: int | None) -> Decimal:
    """A value as it is shown: three significant figures unless told otherwise."""
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2
    return Decimal(f"{value:.{digits}f}")


def _spelt(language: Language, shown: Decimal) -> str:
    digits = -shown.as_tuple().exponent
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    text = format_decimal(abs(shown), pattern, locale=language.locale)
    return f"\u2212{text}" if shown < 0 else text


def number(language: Language, value: float, digits: int | None = None) -> str:
    """A number with the language's own decimal mark and thousands, and a true minus."""
    return _spelt(language, _rounded(value, digits))


def ordinal(language: Language, rank: int) -> str:
    """A rank: 1st, 2nd; 1e, 2e; 1er, 2e."""
    form = language.locale.ordinal_form(rank)
    return language.pgettext(f"ordinal, {form}", ORDINALS[form]).format(number=rank)


def _counted(language: Language, unit: str, value: float, digits: int | None) -> str:
    shown = _rounded(value, digits)
    template = language.npgettext("amount", *AMOUNTS[unit], language.locale.plural_form(abs(shown)))
    return template.format(number=_spelt(language, shown))


def amount(language: Language, value: float, unit: str, *, plain: bool = False) -> str:
    """A value with its unit: "66.1 billion dollars", "66,1 miljard dollar", "66,1 milliards de dollars".

    `plain`: a share that is a whole number is told as one, as a document prints it.
    """
    if unit.startswith("% "):
        digits = 0 if plain and value == int(value) else 2 if abs(value) < 10 else 1
        spelt, rest = number(language, value, digits), unit[2:]
        if rest in PER_CENT:
            return language.pgettext("amount", PER_CENT[rest]).format(number=spelt)
        return language.pgettext("amount", OTHER_SHARE).format(number=spelt, unit=rest)
    factor, base = units.split(unit)
    base = _BASES.get(base, base)
    if base in ("allies", "class"):
        return _counted(language, base, value, 0)
    if base == "percentage points":
        return _counted(language, base, value, 2)
    whole, scale = value * factor, ""
    for size, word in _SCALES:
        if abs(whole) >= 0.9995 * size:  # 999.9 million is told as one billion
            whole, scale = whole / size, word
            break
    digits = 0 if not scale and whole == int(whole) else None
    if (name := f"{scale} {base}".strip()) in AMOUNTS:
        return _counted(language, name, whole, digits)
    return language.pgettext("amount", UNKNOWN[scale]).format(number=number(language, whole, digits), unit=base)


def rank(language: Language, entry: Evaluation) -> str:
    """A rank with its universe, and its bounds where coverage leaves it open."""
    if entry.rank_best != entry.rank_worst:
        best, worst = ordinal(language, entry.rank_best), ordinal(language, entry.rank_worst)
        return language.gettext("between {best} and {worst}").format(best=best, worst=worst)
    told = ordinal(language, entry.rank)
    if entry.note.startswith(CUT_OFF):  # "of 15" would be wrong: the world has more
        if entry.universe == 1:
            return told
        return language.gettext("{rank} of the {count} listed").format(rank=told, count=entry.universe)
    return language.gettext("{rank} of {count}").format(rank=told, count=entry.universe)


def figure(language: Language, entry: Evaluation, *, counted: bool = True) -> str:
    """What an evaluation says, in short: the rank where it tells one, else the amount.

    `counted`: with the number of members that a share was counted among.
    """
    if entry.rank is not None:
        return rank(language, entry)
    if entry.unit in TRENDS:
        told = language.pgettext("amount", TRENDS[entry.unit][bool(entry.value)])
        return told.format(number=number(language, entry.value, 0), count=entry.universe)
    text = amount(language, entry.value, entry.unit)
    if entry.universe is None:
        return text
    if entry.unit.startswith("% "):
        if not counted:
            return text
        return language.gettext("{amount} ({count} counted)").format(amount=text, count=entry.universe)
    return language.gettext("{amount} of {count}").format(amount=text, count=entry.universe)


def day(language: Language, when: dt.date) -> str:
    """A day in words: "27 August 2018"."""
    text = format_date(when, "long", locale=language.locale)
    # CLDR leaves out that French has an ordinal for the first of a month.
    return f"1er{text[1:]}" if language.code == "fr" and when.day == 1 else text


def dated(language: Language, text: str) -> str:
    """A date as far as it is known: "8 June 2018", "June 2018" or "2018"."""
    if len(text) == 4:
        return text
    if len(text) == 7:
        return format_skeleton("yMMMM", dt.date.fromisoformat(f"{text}-01"), locale=language.locale)
    return day(language, dt.date.fromisoformat(text))


def written(language: Language, document: Document) -> str:
    """When a document was written: its date, or the months between which it was."""
    if document.dated:
        return day(language, document.dated)
    span = format_interval(document.earliest, document.latest, "yMMMM", locale=language.locale)
    return language.gettext("undated, {span}").format(span=span)


def flag(language: Language, name: str) -> str:
    """What a publisher says of a figure's standing: "estimate"."""
    return language.pgettext("flag", words.FLAGS[name])
