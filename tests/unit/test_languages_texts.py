"""Dutch and French: catalogues in step with their sources, spelling, and a short answer to every statement."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from string import Formatter

import pytest
from test_answers import audited, choice, claim, reading

from analysis import audit, board, claims, verdicts, words
from analysis.documents import documents
from analysis.errors import ClaimbookError
from analysis.evaluations import Evaluation
from analysis.languages import catalogue, messages, pages, short, spelling, told
from analysis.languages.catalogue import SOURCE, TRANSLATED, language
from analysis.languages.phrases import leaf, phrase
from analysis.snapshots.store import store
from analysis.verdicts import Verdict

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"
WORDS = {*verdicts.WHEN_WRITTEN, *verdicts.AS_REVISED, *verdicts.TODAY}
OPEN = Verdict("not testable", "nothing held")


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(entry, store()) for entry in claims.ledger()]


def places(text: str) -> set[str]:
    """The places of a template; "{country's}" is the same place as "{country}", as other languages have no such case."""
    return {name.removesuffix("'s") for _, name, _, _ in Formatter().parse(text) if name is not None}


# Catalogues


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalogue_is_in_step_and_complete(code):
    told_ = {(entry.id, entry.context) for entry in messages.template() if entry.id}
    held = catalogue.read(code)
    there = {(entry.id, entry.context): entry for entry in held if entry.id}
    assert set(there) == told_, "run `make messages`, then translate what is new"
    assert not held.obsolete
    for entry in there.values():
        strings = entry.string if entry.pluralizable else (entry.string,)
        assert all(strings) and len(strings) == (2 if entry.pluralizable else 1), entry.id
        assert not entry.fuzzy


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_have_the_places_of_their_texts(code):
    for entry in catalogue.read(code):
        if not entry.id:
            continue
        ids, strings = (entry.id, entry.string) if entry.pluralizable else ((entry.id,), (entry.string,))
        for text in strings:
            assert places(text) == places(ids[0]), entry.id
            assert text == text.strip()


def test_bringing_a_catalogue_in_step_changes_nothing_that_is_in_step():
    for code in TRANSLATED:
        held, made = catalogue.read(code), messages.update(code)
        assert {(e.context, e.id): e.string for e in held if e.id} == {
            (e.context, e.id): e.string for e in made if e.id
        }


def test_french_has_its_spaces():
    for entry in catalogue.read("fr"):
        for text in entry.string if entry.pluralizable else (entry.string,):
            assert not re.search(r" [:;?!%»]|« ", text) or not entry.id, text


def test_titles_and_short_names_of_the_ledger_are_all_translated():
    for code in TRANSLATED:
        spoken = language(code)
        for entry in claims.ledger():
            assert spoken.known("claim title", entry.title), entry.id
        for document in documents().values():
            assert spoken.known("document", document.short) and spoken.known("author", document.author)


def test_a_title_without_a_translation_is_shown_in_english_and_marked():
    told_ = language("nl").data("claim title", "A statement of <somebody> else")
    assert str(told_) == "A statement of <somebody> else"
    assert told_.__html__() == '<span lang="en">A statement of &lt;somebody&gt; else</span>'
    assert language(SOURCE).data("claim title", "Of somebody").__html__() == "Of somebody"


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(ClaimbookError, match="no texts in language 'de'; there are: en, nl, fr"):
        language("de")


def test_every_text_of_the_board_is_translated(audits):
    for code in TRANSLATED:
        missing = []

        def say(text: str, code: str = code, missing: list = missing) -> str:
            if language(code).known(None, text) is None and language(code).known("outcome", text) is None:
                missing.append(text)
            return text

        wording = dataclasses.replace(pages.wording(language(code)), say=say)
        board.table(audits, store().newest, searched=True, wording=wording)
        board.table(audits[:1], store().newest, grouped=False, searched=True, wording=wording)
        board.overview(audits, list(documents().values()), wording=wording)
        assert missing == []


# Phrases


def test_phrases_escape_what_they_are_filled_with_and_mark_its_language():
    hostile = '{0} {x} <script>alert(1)</script> & "quoted"'
    made = phrase("{one} & <{two}>", one=leaf(hostile, "nl", "cite"), two=hostile)
    assert str(made) == f"{hostile} & <{hostile}>"
    shown = made.__html__()
    assert "<script>" not in shown and shown.count("&lt;script&gt;") == 2
    assert shown.startswith('<cite lang="nl">{0} {x} &lt;script&gt;') and " &amp; &lt;" in shown


# Spelling


@pytest.mark.parametrize(
    ("code", "value", "unit", "spelt"),
    [
        ("en", 66.083e9, "USD", "66.1 billion dollars"),
        ("nl", 66.083e9, "USD", "66,1 miljard dollar"),
        ("fr", 66.083e9, "USD", "66,1 milliards de dollars"),
        ("fr", 1.24e9, "current USD", "1,24 milliard de dollars"),
        ("fr", 1.99e12, "EUR", "1,99 billion d’euros"),
        ("nl", 2.5e12, "EUR", "2,50 biljoen euro"),
        ("fr", 36_460.0, "million USD", "36,5 milliards de dollars"),
        ("en", 0.9999e9, "USD", "1.00 billion dollars"),
        ("nl", 158_500.0, "persons", "158.500 personen"),
        ("fr", 158_500.0, "persons", f"158{NARROW}500 personnes"),
        ("en", 1.0, "persons", "1 person"),
        ("nl", 1.0, "allies", "1 bondgenoot"),
        ("nl", 2.0, "allies", "2 bondgenoten"),
        ("fr", 0.0, "allies", "0 allié"),
        ("fr", 1.9, "incidents above average", "1,90 incident au-dessus de la moyenne"),
        ("fr", -1.08, "percentage points", f"{MINUS}1,08 point de pourcentage"),
        ("fr", -9.246, "percentage points", f"{MINUS}9,25 points de pourcentage"),
        ("nl", -0.009, "% a year", f"{MINUS}0,01 procent per jaar"),
        ("fr", 0.91, "% of GDP", f"0,91{NARROW}% du PIB"),
        ("nl", -0.001, "% of GDP", "0,00 procent van het bbp"),
        ("nl", 12.0, "% of something else", "12,0 procent (of something else)"),
        ("fr", 3e6, "hectares", "3,00 millions de hectares"),
        ("en", 3e6, "hectares", "3.00 million hectares"),
    ],
)
def test_amounts(code, value, unit, spelt):
    assert spelling.amount(language(code), value, unit) == spelt


@pytest.mark.parametrize(
    ("code", "spelt"),
    [
        ("en", ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th"]),
        ("nl", ["1e", "2e", "3e", "4e", "11e", "12e", "21e", "112e"]),
        ("fr", ["1er", "2e", "3e", "4e", "11e", "12e", "21e", "112e"]),
    ],
)
def test_ordinals(code, spelt):
    assert [spelling.ordinal(language(code), rank) for rank in (1, 2, 3, 4, 11, 12, 21, 112)] == spelt


def test_dates_and_months():
    day = dt.date(2021, 12, 1)
    assert [spelling.day(language(code), day) for code in ("en", "nl", "fr")] == [
        "1 December 2021", "1 december 2021", "1er décembre 2021",
    ]  # fmt: skip
    assert spelling.day(language("fr"), dt.date(2018, 8, 11)) == "11 août 2018"
    assert [spelling.dated(language("nl"), text) for text in ("2018", "2018-07", "2018-07-09")] == [
        "2018", "juli 2018", "9 juli 2018",
    ]  # fmt: skip
    undated = documents()["manifesto"]
    assert spelling.written(language("nl"), undated) == "ongedateerd, maart–juni 2024"
    assert spelling.written(language("fr"), documents()["ics"]) == "27 août 2018"


def test_ranks_keep_their_bounds_and_their_universe():
    entry = Evaluation(
        reading="r", publisher="p", released="2024-06-17", day=dt.date(2024, 6, 17), year=2023, value=1.0, unit="USD",
        rank=1, rank_best=1, rank_worst=1, universe=15, flag="", holds=True, fit=None, margin=None, margin_unit="", note="",
    )  # fmt: skip
    nl, fr = language("nl"), language("fr")
    assert spelling.figure(nl, entry) == "1e van 15" and spelling.figure(fr, entry) == "1er sur 15"
    between = dataclasses.replace(entry, rank_worst=3)
    assert spelling.figure(nl, between) == "tussen de 1e en de 3e plaats"
    assert spelling.figure(fr, between) == "entre le 1er et le 3e rang"


def test_english_is_spelt_as_everywhere_in_the_book(audits):
    english, compared = language(SOURCE), 0
    for found in audits:
        for entries in found.evaluations.values():
            for entry in entries[-60:]:
                # An ally or a year alone is one in the plural elsewhere.
                if abs(entry.value) != 1:
                    assert spelling.figure(english, entry) == words.figure(entry)
                    compared += 1
    assert compared > 1000


# Short answers


def test_every_statement_has_a_short_answer_of_two_sentences_in_each_language(audits):
    lengths = []
    for found in audits:
        for code in ("en", "nl", "fr"):
            spoken = language(code)
            text = str(short.short(found, spoken))
            says, fared = text.split("”. " if code != "fr" else "». ")
            assert found.claim.document.title in says and str(spoken.data("claim title", found.claim.title)) in says
            assert fared.endswith(".") and not re.search(r"\.\s", re.sub(r"\(.*?\)", "", fared)), text
            assert "{" not in text and "()" not in text and "  " not in text
        lengths.append(len(str(short.short(found, language(SOURCE)))))
    # As long as a description in a search result, but where a figure may not stand without another.
    assert sorted(lengths)[len(lengths) // 2] < 300 and sum(length < 300 for length in lengths) >= 2 * len(lengths) / 3


def test_no_verdict_is_left_in_english(audits):
    english = re.compile(rf"\b(?:{'|'.join(sorted(WORDS, key=len, reverse=True))}|pledge|written|figures|reading)\b")
    for found in audits:
        for code in TRANSLATED:
            spoken = language(code)
            own = str(short._fared(found, spoken))
            assert not english.search(own), own
            for cell in told.cells(found, spoken):
                assert not english.search(f"{cell['heading']} {cell['word']} {cell['figure']}"), cell


def test_every_verdict_has_a_word_of_its_own_in_each_language():
    for code in TRANSLATED:
        assert len({told.verdict(word, language(code)) for word in WORDS}) == len(WORDS)


def test_a_figure_that_another_reading_contradicts_is_not_quoted_alone(audits):
    found = next(entry for entry in audits if entry.claim.id == "ics-trade-surplus")
    assert "but by another reading it does not (Goods and services: 8.28 per cent" in str(
        short.short(found, language("en"))
    )
    assert "maar volgens een andere lezing niet (goederen en diensten: 8,28 procent" in str(
        short.short(found, language("nl"))
    )


def fared(found: audit.Audited, code: str = "en") -> str:
    return str(short._fared(found, language(code)))


def verdict(word: str, of: str = "nato", **change) -> Verdict:
    told_ = {"value": 0.91, "year": 2017, "holds": True, **change}
    return Verdict(
        word, "because", choice(told_.pop("value"), told_.pop("year"), told_.pop("holds"), of=of, **told_), of
    )


@pytest.mark.parametrize(
    "then",
    ["supported", "held for an earlier year", "supported under another reading", "not supported", "not testable"],
)
@pytest.mark.parametrize("today", ["true", "now true", "no longer true", "not true", "not testable"])
@pytest.mark.parametrize("lasting", [False, True])
def test_any_pair_of_verdicts_on_a_statistic_can_be_told(then, today, lasting):
    made = claim(lasting=lasting, year=2017 if lasting else None)
    when = OPEN if then == "not testable" else verdict(then)
    now = verdict(today, year=2025, value=2.0)
    for code in ("en", "nl", "fr"):
        text = fared(audited(made, when, now), code)
        assert "2025" in text or (then == today == "not testable")
        assert ("2017" in text) is (then != "not testable")


def test_a_figure_that_is_still_the_newest_is_told_once():
    same = fared(audited(claim(), verdict("supported"), verdict("true")))
    assert (
        same
        == "When written, the figures bore it out (0.91 per cent of GDP in 2017); today it still holds, by the same figure."
    )


def test_figures_had_from_a_later_release_are_not_called_those_of_the_time():
    when = Verdict("not supported", "because", choice(1.2, 2017, False, basis="reconstructed"), "nato")
    text = fared(audited(claim(), when, verdict("not true", holds=False)))
    assert text.startswith("By a later release, cut to the years then published, no reading bears it out")


def test_pledges():
    pledge = claim(kind="pledge", due=2024)
    wait = Verdict("not yet due", "due by 2024")
    assert fared(audited(pledge, wait, wait)) == "The pledge is not yet due; its year is 2024."
    assert fared(audited(pledge, wait, wait), "nl") == "De termijn van de belofte loopt nog, tot 2024."
    kept = fared(audited(pledge, wait, verdict("true", year=2024)), "fr")
    assert kept == (
        f"À l’époque, l’engagement n’était pas encore arrivé à échéance{NARROW}; pour autant que des chiffres puissent "
        f"en vérifier les termes, il a été tenu (0,91{NARROW}% du PIB en 2024)."
    )
    assert "could not be tested; as far as figures" in fared(audited(pledge, OPEN, verdict("not true", year=2024)))
    for word in ("supported", "not supported"):
        assert "2024, was over" in fared(audited(pledge, verdict(word), verdict("true")))


def test_a_pledge_to_move_is_told_with_the_level_it_moved_towards():
    made = claims.claim("ics-wales-two-per-cent")
    level = next(entry.id for entry in made.readings if entry.role == "outturn")
    moved = Verdict("true", "kept", choice(0.32, 2024, True, of="own-wording", unit="percentage points"), "own-wording")
    wait = Verdict("not yet due", "due")
    found = audited(made, wait, moved, {level: choice(1.29, 2024, False, of=level)})
    assert str(told.figure_of(found, "today", language("nl"))) == (
        "0,32 procentpunt gestegen van 2014 tot 2024; 2 procent van het bbp niet bereikt: 1,29 procent van het bbp"
    )
    alone = str(told.figure_of(audited(made, wait, moved), "today", language("fr")))
    assert alone == "en hausse de 0,32 point de pourcentage de 2014 à 2024"


def test_forecasts():
    forecast = claim(kind="forecast", due=2050)
    then = verdict("supported", year=2050, flag="projection")
    for holds, said in ((True, "bears it out"), (False, "does not bear it out"), (None, "leaves it open")):
        text = fared(audited(forecast, then, verdict("not yet due", year=2050, holds=holds)))
        assert text == (
            "The projections of the time bore it out (0.91 per cent of GDP); "
            f"2050 has not come, and the newest projection {said} (0.91 per cent of GDP)."
        )
    assert fared(audited(forecast, then, Verdict("not yet due", "2050"))).endswith("; 2050 has not come.")
    for word in ("not supported", "supported under another reading"):
        assert fared(audited(forecast, verdict(word), verdict("true", year=2050)), "nl").startswith(
            "De projecties van toen"
        )


def test_old_values_are_not_quoted_as_those_of_today():
    found = audited(claim(), verdict("supported"), verdict("not testable", year=2014, value=7.7))
    for code, said in (("en", "newest year held: 2014"), ("nl", "nieuwste beschikbare jaar: 2014")):
        assert str(told.figure_of(found, "today", language(code))) == said
        assert said in fared(found, code) and "7" not in fared(found, code).replace("2017", "")


def test_labels_are_filled_with_names_in_the_language():
    made = claim(readings=(reading(label="Goods, {country's} reports"),))
    assert str(told.label(made, "Goods, {country's} reports", language("en"))) == "Goods, Belgium's reports"
    assert str(told.label(made, "Goods, {country's} reports", language("nl"))) == "goederen, volgens België"
    assert (
        told.label(made, "Another <label>", language("nl")).__html__() == '<span lang="en">Another &lt;label&gt;</span>'
    )
