"""The short answer to a claim in two sentences: what the document says, and how it fared then and today.

Each clause is a whole main clause, so that a translation may order its words as it likes.
"""

from __future__ import annotations

from analysis import answers
from analysis.audit import Audited
from analysis.languages import told
from analysis.languages.catalogue import Language
from analysis.languages.phrases import N_, Phrase, phrase

SAYS = {
    "statistic": N_("{document} ({author}, {date}) says, in our words: {title}."),
    "fact": N_("{document} ({author}, {date}) says, in our words: {title}."),
    "pledge": N_("{document} ({author}, {date}) names this pledge, in our words: {title}."),
    "forecast": N_("{document} ({author}, {date}) expects, in our words: {title}."),
}
THEN = {
    "supported": N_("When written, the figures bore it out ({figure})"),
    "held for an earlier year": N_("When written, only an earlier year bore it out ({figure})"),
    "supported under another reading": N_("When written, only a less likely reading bore it out ({figure})"),
    "not supported": N_("When written, no reading bore it out ({figure})"),
    "not testable": N_("When written, it could not be tested"),
}
# What was published then is not at hand and may have said otherwise.
THEN_RECONSTRUCTED = N_("By a later release, cut to the years then published, no reading bears it out ({figure})")
TODAY = {
    "true": N_("today it holds ({figure})"),
    "now true": N_("today it holds by the likeliest reading ({figure}), as it did not then"),
    "no longer true": N_("today it no longer holds ({figure})"),
    "not true": N_("today it does not hold ({figure})"),
}
LIKELIEST = N_("today it does not hold by the likeliest reading ({figure})")
SAME = N_("today it still holds, by the same figure")
# Of what is past no later year says anything, but a later release may.
LASTING = {
    "true": N_("by the newest figures it holds ({figure})"),
    "now true": N_("by the newest figures it holds by the likeliest reading ({figure}), as it did not then"),
    "no longer true": N_("by the newest figures it no longer holds ({figure})"),
    "not true": N_("by the newest figures it does not hold by the likeliest reading ({figure})"),
}
PROJECTED = {
    "supported": N_("The projections of the time bore it out ({figure})"),
    "supported under another reading": N_(
        "The projections of the time bore it out by a less likely reading ({figure})"
    ),
    "not supported": N_("The projections of the time did not bear it out ({figure})"),
    "not testable": N_("When written, it could not be tested"),
}
TO_COME = {
    True: N_("{due} has not come, and the newest projection bears it out ({figure})"),
    False: N_("{due} has not come, and the newest projection does not bear it out ({figure})"),
    None: N_("{due} has not come, and the newest projection leaves it open ({figure})"),
}
PLEDGED = {
    "not yet due": N_("When written, the pledge was not yet due"),
    "supported": N_("When it was written its year, {due}, was over, and the pledge had been kept ({figure})"),
    "not supported": N_("When it was written its year, {due}, was over, and the pledge had not been kept ({figure})"),
    "not testable": N_("When written, it could not be tested"),
}
KEPT = {
    "true": N_("as far as figures can test its wording, it was kept ({figure})"),
    "not true": N_("as far as figures can test its wording, it was not kept ({figure})"),
}
RECORD = {
    (True, False): N_("A public record bears it out ({source})"),
    (False, False): N_("The public record tells it otherwise ({source})"),
    (True, True): N_("The public record nearest to the matter bears it out ({source}), another tells it otherwise"),
    (False, True): N_("The public record nearest to the matter tells it otherwise ({source}), another bears it out"),
}
STATE = {
    "true": N_("it is still so today ({source})"),
    "now true": N_("by now it is so ({source})"),
    "no longer true": N_("it is no longer so today ({source})"),
    "not true": N_("it is not so today ({source})"),
    "not testable": N_("whether it is so today cannot be told"),
}
STILL = {
    "true": N_("by the same record it is still so today"),
    "now true": N_("by the same record it is so by now"),
    "no longer true": N_("by the same record it is no longer so today"),
    "not true": N_("by the same record it is not so today"),
}


def short(found: Audited, language: Language) -> Phrase:
    """The short answer: `str()` of it is plain text; a template of a page takes it as HTML, languages marked."""
    return phrase("{says} {fared}", says=_says(found, language), fared=_fared(found, language))


def _says(found: Audited, language: Language) -> Phrase:
    claim, document = found.claim, found.claim.document
    quoted = language.pgettext("quoted", "“{text}”")
    return phrase(
        language.gettext(SAYS[claim.kind]),
        document=phrase(quoted, text=language.foreign(document.title, document.language, "cite")),
        author=told.author(document, language),
        date=told.written(document, language),
        title=phrase(quoted, text=language.data("claim title", claim.title)),
    )


def _fared(found: Audited, language: Language) -> Phrase:
    claim, when, today = found.claim, found.verdicts.when_written, found.verdicts.today
    if claim.untestable is not None:
        return phrase(language.gettext("No public figure or record at hand can decide it."))
    if claim.kind == "pledge" and when.word == today.word == "not yet due":
        return phrase(language.gettext("The pledge is not yet due; its year is {due}."), due=str(claim.due))
    if when.word == today.word == "not testable":
        return phrase(language.gettext("No figures that could decide it are at hand, neither of then nor of today."))
    clauses = {"fact": _record, "pledge": _pledge, "forecast": _forecast}.get(claim.kind, _statistic)
    then, now = clauses(found, language)
    if now is None:
        return phrase(language.gettext("{then}."), then=then)
    other = answers.otherwise(found)
    if other is None:
        return phrase(language.gettext("{then}; {today}."), then=then, today=now)
    figure = told.of_choice(found, other, language, named=True)
    if str(figure) == str(told.of_choice(found, when.choice, language, named=True)):
        return phrase(language.gettext("{then}; {today}, but by the other it still does."), then=then, today=now)
    template = {
        True: language.gettext("{then}; {today}, but by another reading it does ({figure})."),
        False: language.gettext("{then}; {today}, but by another reading it does not ({figure})."),
    }[other.evaluation.holds]
    return phrase(template, then=then, today=now, figure=figure)


def _statistic(found: Audited, language: Language) -> tuple[Phrase, Phrase | None]:
    when = found.verdicts.when_written
    template = THEN[when.word]
    if when.word == "not supported" and when.choice.basis == "reconstructed":
        template = THEN_RECONSTRUCTED
    named = when.word == "supported under another reading"
    then = phrase(language.gettext(template), figure=told.of_choice(found, when.choice, language, named=named))
    return then, _today(found, language)


def _today(found: Audited, language: Language) -> Phrase:
    """Today's verdict on what figures of full years tell."""
    when, today = found.verdicts.when_written, found.verdicts.today
    if today.word == "not testable":
        if today.choice is None:
            return phrase(language.gettext("today it cannot be tested"))
        year = str(today.choice.evaluation.year)
        return phrase(language.gettext("today it cannot be tested (newest year held: {year})"), year=year)
    again = when.choice is not None and when.choice.evaluation.reading == today.choice.evaluation.reading
    figure = told.of_choice(found, today.choice, language, named=None if again else False)
    template = (LASTING if found.claim.lasts else TODAY)[today.word]
    if not found.claim.lasts and when.word == "supported under another reading" and today.word == "not true":
        template = LIKELIEST
    if again and today.word == "true" and str(figure) == str(told.of_choice(found, when.choice, language, named=None)):
        template = SAME
    return phrase(language.gettext(template), figure=figure)


def _pledge(found: Audited, language: Language) -> tuple[Phrase, Phrase | None]:
    when, today = found.verdicts.when_written, found.verdicts.today
    figure = told.figure_of(found, "when_written", language)
    then = phrase(language.gettext(PLEDGED[when.word]), due=str(found.claim.due), figure=figure)
    if today.word not in KEPT:
        return then, phrase(language.gettext("today it cannot be tested"))
    return then, phrase(language.gettext(KEPT[today.word]), figure=told.figure_of(found, "today", language))


def _forecast(found: Audited, language: Language) -> tuple[Phrase, Phrase | None]:
    when, today, due = found.verdicts.when_written, found.verdicts.today, str(found.claim.due)
    named = when.word == "supported under another reading"
    figure = told.of_choice(found, when.choice, language, named=named, dated=False)
    then = phrase(language.gettext(PROJECTED[when.word]), figure=figure)
    if today.word != "not yet due":
        return then, _today(found, language)
    if today.choice is None:
        return then, phrase(language.gettext("{due} has not come"), due=due)
    template = language.gettext(TO_COME[today.choice.evaluation.holds])
    newest = told.of_choice(found, today.choice, language, named=None, dated=False)
    return then, phrase(template, due=due, figure=newest)


def _record(found: Audited, language: Language) -> tuple[Phrase, Phrase | None]:
    deciding, today = found.verdicts.when_written.record, found.verdicts.today
    differ = any(cited.agrees is not None and cited.agrees != deciding.agrees for cited in found.claim.records)
    template = RECORD[bool(deciding.agrees), differ]
    then = phrase(language.gettext(template), source=told.source(deciding, language))
    if found.claim.lasts:  # what is past stays so; today adds nothing
        return then, None
    if today.record is None or today.word == "not testable":
        return then, phrase(language.gettext(STATE["not testable"]))
    if today.record is deciding:
        return then, phrase(language.gettext(STILL[today.word]))
    return then, phrase(language.gettext(STATE[today.word]), source=told.source(today.record, language))
