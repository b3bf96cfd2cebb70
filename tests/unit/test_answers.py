"""The answer in plain words, and what would change it: worded from verdicts made by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from analysis import answers, flips
from analysis.audit import Audited
from analysis.claims import Cited, Claim
from analysis.documents import documents
from analysis.evaluations import Evaluation
from analysis.quantities import parse
from analysis.records import Record
from analysis.verdicts import Choice, Verdict, Verdicts

AS_OF = dt.date(2026, 6, 30)
SERIES = {"share": "nato.defence_expenditure_share_gdp"}


def reading(name: str = "nato", **change) -> dict:
    return {
        "id": name,
        "label": name.upper(),
        "definition": "A share",
        "measure": "expenditure_share",
        "inputs": SERIES,
        **change,
    }


def claim(**change) -> Claim:
    told = {"id": "made", "theme": "defence", "title": "A title", "statement": "A statement.", "place": "Page one"}
    told |= {
        "printed": "below one per cent",
        "unit": "% of GDP",
        "readings": (reading(),),
        "document": documents()["ics"],
    }
    return Claim.model_validate({**told, **change})


def choice(value: float, year: int, holds: bool | None, *, basis: str = "held", of: str = "nato", **change) -> Choice:
    entry = Evaluation(
        reading=of, publisher="nato", released="2024-06-17", day=dt.date(2024, 6, 17), year=year, value=value,
        unit="% of GDP", rank=None, rank_best=None, rank_worst=None, universe=None, flag="", holds=holds,
        fit=None, margin=abs(value - 1), margin_unit="% of GDP", note="",
    )  # fmt: skip
    return Choice(dataclasses.replace(entry, **change), basis)


def audited(
    made: Claim, when: Verdict, today: Verdict, now: dict | None = None, newest: Choice | None = None
) -> Audited:
    revised = Verdict("not testable", "no other release")
    told = Verdicts(when, revised, today, {}, now or {}, newest, (), AS_OF)
    return Audited(made, {entry.id: [] for entry in made.readings}, told)


NOT_TODAY = Verdict("not testable", "newest held: 2019", choice(0.9, 2019, True))


@pytest.mark.parametrize(
    ("when", "newest", "said"),
    [
        (Verdict("supported", "", choice(0.91, 2017, True), "nato"), None, "the newest year then published bore it out: 0.91 per cent of GDP in 2017."),
        (
            Verdict("held for an earlier year", "", choice(0.91, 2015, True), "nato"),
            choice(1.2, 2017, False),
            "an earlier year bore it out: 0.91 per cent of GDP in 2015; the figure for 2017, the newest then published, did not.",
        ),
        (Verdict("held for an earlier year", "", choice(0.91, 2015, True), "nato"), None, "in 2015; for the newest year then published no figure is held."),
        (Verdict("not supported", "", choice(1.2, 2017, False), "nato"), None, "no reading bore it out; by the likeliest it was 1.20 per cent of GDP in 2017."),
        (Verdict("supported under another reading", "", choice(0.91, 2017, True), "nato"), None, "held by a less likely reading only (NATO): 0.91"),
        (Verdict("not testable", "no release with 2017 is held"), None, "could not be tested: no release with 2017 is held."),
    ],
)  # fmt: skip
def test_when_it_was_written(when, newest, said):
    assert said in answers.answer(audited(claim(), when, NOT_TODAY, newest=newest))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("true", "Today it holds: 0.95 per cent of GDP in 2025 (estimate)."),
        ("now true", "Today it holds by the likeliest reading, by which it did not when it was written: 0.95"),
        ("no longer true", "Today it no longer holds: 0.95"),
        ("not true", "Today it does not hold: 0.95"),
    ],
)
def test_today(word, said):
    today = Verdict(word, "", choice(0.95, 2025, True, flag="estimate"), "nato")
    assert said in answers.answer(audited(claim(), Verdict("not testable", "why"), today))


@pytest.mark.parametrize(
    ("first", "other", "year", "role", "said"),
    [
        (True, False, 2025, "reading", "Another reading does not bear it out: 1.20 per cent of GDP in 2025 (CORE)."),
        (False, True, 2025, "reading", "Another reading bears it out: 1.20 per cent of GDP in 2025 (CORE)."),
        (True, True, 2025, "reading", ""),  # it answers alike
        (True, None, 2025, "reading", ""),  # it leaves it open
        (True, False, 2019, "reading", ""),  # too old to tell of today
        (True, False, 2025, "outturn", ""),  # shown beside, never decides
    ],
)
def test_a_reading_that_answers_otherwise_today_is_told_beside(first, other, year, role, said):
    made = claim(readings=(reading(), reading("core", role=role)))
    own = choice(0.95, 2025, first)
    now = {"nato": own, "core": choice(1.2, year, other, of="core")}
    today = Verdict("true" if first else "not true", "", own, "nato")
    text = answers.answer(audited(made, Verdict("not testable", "why"), today, now=now))
    assert text.partition(" in 2025.")[2].strip() == said


def test_an_old_figure_is_never_told_as_today_s():
    text = answers.answer(audited(claim(), Verdict("not testable", "why"), NOT_TODAY))
    assert text.endswith("Today it cannot be tested: newest held: 2019.") and "0.90" not in text


def test_a_pledge_is_told_by_its_own_wording():
    made = claim(kind="pledge", due=2024, printed="at least two per cent")
    when = Verdict("not yet due", "due by 2024")
    kept = answers.answer(audited(made, when, Verdict("true", "", choice(2.1, 2024, True), "nato")))
    assert kept == (
        "When it was written the pledge was not yet due; its year is 2024. "
        "As far as figures can test its wording, it was kept: 2.10 per cent of GDP in 2024."
    )
    broken = answers.answer(audited(made, when, Verdict("not true", "", choice(1.3, 2024, False), "nato")))
    assert "As far as figures can test its wording, it was not kept: 1.30" in broken
    open_ = answers.answer(audited(made.model_copy(update={"due": 2035}), when, Verdict("not yet due", "")))
    assert open_ == "The pledge is not yet due; its year is 2035."


def test_a_forecast_is_told_by_its_projections():
    made = claim(kind="forecast", due=2050)
    when = Verdict("supported", "", choice(0.9, 2050, True), "nato")
    text = answers.answer(audited(made, when, Verdict("not yet due", "", choice(1.1, 2050, False), "nato")))
    assert text == (
        "The projections for 2050 that stood when it was written bore it out: 0.90 per cent of GDP. "
        "2050 has not come; the newest projection does not bear it out: 1.10 per cent of GDP."
    )


def cited(name: str, agrees: bool | None, dated: str | None = "2019-06-07") -> Cited:
    about = {"title": "A page", "address": "https://example.org", "seen": "2026-01-02", "standing": "official"}
    own = Record.model_validate({"id": name, "publisher": name.title(), "says": "It says so.", "dated": dated, **about})
    return Cited(record=own, agrees=agrees, told="So it is.")


def fact(records: tuple[Cited, ...], today: Verdict, **change) -> Audited:
    made = claim(kind="fact", readings=(), printed=None, unit=None, records=records, **change)
    word = "on record" if records[0].agrees else "record differs"
    return audited(made, Verdict(word, "", record=records[0]), today)


PAST = Verdict("true", "it speaks of what was so then")


def test_a_fact_is_told_by_its_record():
    told = answers.answer(fact((cited("council", True),), PAST))
    assert told == "A public record bears it out. Council (7 June 2019): So it is."
    told = answers.answer(fact((cited("council", False, None),), PAST))
    assert told == "The public record tells it otherwise. Council: So it is."


def test_records_that_differ_are_both_told_the_deciding_one_first():
    told = answers.answer(
        fact((cited("council", False, None), cited("press", None), cited("paper", True, "2020")), PAST)
    )
    assert told == (
        "The public record nearest to the matter tells it otherwise. Council: So it is. "
        "Another bears it out. Paper (2020): So it is."
    )


def test_a_state_that_can_change_is_told_of_today():
    one = cited("council", True, "2026-01")
    gone = answers.answer(fact((one,), Verdict("no longer true", "", record=one), lasting=False))
    assert gone.endswith("It is no longer so today, by Council (January 2026).")
    unknown = answers.answer(fact((one,), Verdict("not testable", "no record speaks of it"), lasting=False))
    assert unknown.endswith("Whether it is so today cannot be told: no record speaks of it.")


def test_what_nothing_can_decide():
    made = claim(readings=(), untestable="Nobody counts them.")
    told = audited(made, *(Verdict("not testable", "Nobody counts them.") for _ in range(2)))
    assert answers.answer(told) == "No public figure or record at hand can decide it."
    assert flips.told(told) == ["A public figure or a public record that covers it would make it testable."]


# What would change the verdict


@pytest.mark.parametrize(
    ("printed", "tolerance", "unit", "inside", "outside"),
    [
        # 66 billion is 65.5 up to, not including, 66.5.
        ("66 billion", 0.0, "USD", "a figure from 65.5 to just under 66.5 billion dollars", "a figure of at least 66.5 billion dollars or below 65.5 billion dollars"),
        # With a tolerance of 2 per cent, 1.32 on both sides, the ends belong to it.
        ("around 66 billion", 0.02, "USD", "a figure from 64.2 to 67.8 billion dollars", "a figure above 67.8 billion dollars or below 64.2 billion dollars"),
        ("below one per cent", 0.0, "% of GDP", "a figure below 1.00 per cent of GDP", "a figure of at least 1.00 per cent of GDP"),
        ("over 150,000", 0.0, "persons", "a figure above 150,000 people", "a figure of at most 150,000 people"),
        ("at least 10 per cent", 0.0, "% of GDP", "a figure of at least 10.0 per cent of GDP", "a figure below 10.0 per cent of GDP"),
        ("at most 3", 0.0, "allies", "a figure of at most 3 allies", "a figure above 3 allies"),
        ("positive", 0.0, "% of GDP", "a figure above zero", "a figure of zero or less"),
        ("negative", 0.0, "% of GDP", "a figure below zero", "a figure of zero or more"),
        ("rising every year", 0.0, "years without a rise", "a rise in every year", "a single year without a rise"),
        ("falling every year", 0.0, "years without a fall", "a fall in every year", "a single year without a fall"),
    ],
)  # fmt: skip
def test_the_figures_that_bear_it_out_and_those_that_do_not(printed, tolerance, unit, inside, outside):
    quantity = parse(printed, tolerance=tolerance)
    assert flips.needed(quantity, unit, inside=True) == inside
    assert flips.needed(quantity, unit, inside=False) == outside
    # The words say of the ends what the grammar does.
    for end, words in zip(quantity.ends(), ("below", "above"), strict=True):
        if end is not None and quantity.kind == "value":
            belongs = quantity.fit(end) is not None
            assert (f"{words} " in outside) is belongs


def test_both_deciding_figures_are_held_against_what_would_flip_them():
    when = Verdict("supported", "", choice(0.91, 2017, True), "nato")
    today = Verdict("no longer true", "", choice(2.0, 2025, False), "nato")
    assert flips.told(audited(claim(), when, today)) == [
        "For 2017 a figure of at least 1.00 per cent of GDP would not bear it out; the figure is 0.91 per cent of GDP.",
        "For 2025 a figure below 1.00 per cent of GDP would bear it out; the figure is 2.00 per cent of GDP, 1.00 percentage points off.",
    ]


def test_a_figure_too_old_for_today_is_not_held_against_anything():
    assert flips.told(audited(claim(), Verdict("not testable", "why"), NOT_TODAY)) == []


def rank(place: int, year: int, holds: bool, margin: float | None, best: int | None = None, worst: int | None = None):
    return choice(
        100.0, year, holds, unit="million USD", rank=place, rank_best=best or place, rank_worst=worst or place,
        universe=190, margin=margin, margin_unit="million USD",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "told", "said"),
    [
        ("10th largest", rank(10, 2016, True, 3.0), "For 2016 a change of 3.00 million dollars (3.0 per cent of its value) in the figure of Belgium would move it out of its place, 10th."),
        ("10th largest", rank(11, 2016, False, 3.0), "For 2016 3.00 million dollars (3.0 per cent of its value) more would have put Belgium, 11th, 10th."),
        ("10th largest", rank(9, 2016, False, 3.0), "For 2016 3.00 million dollars (3.0 per cent of its value) less would have put Belgium, 9th, 10th."),
        ("10th largest", rank(16, 2016, False, None), "For 2016 Belgium, 16th, was 6 places from being 10th."),
        ("10th largest", rank(7, 2016, False, None), "For 2016 Belgium, 7th, was 3 places from being 10th."),
        ("top 10", rank(12, 2016, False, None), "For 2016 Belgium, 12th, was 2 places from being among the first 10."),
        ("top 20", rank(12, 2016, True, None, worst=18), "For 2016 Belgium, between 12th and 18th, would have to fall 3 places not to be among the first 20."),
    ],
)  # fmt: skip
def test_ranks(printed, told, said):
    measure = {"measure": "rank_as_destination", "inputs": {"exports": "census.goods_exports"}}
    made = claim(printed=printed, unit="rank", readings=(reading(**measure),))
    assert flips.told(audited(made, Verdict("supported", "", told, "nato"), NOT_TODAY)) == [said]


def test_a_reading_with_another_answer_today_is_named():
    made = claim(readings=(reading(), reading("core"), reading("old")))
    first, other, old = choice(2.0, 2025, False), choice(0.9, 2025, True, of="core"), choice(0.9, 2015, True, of="old")
    today = Verdict("not true", "", first, "nato")
    told = audited(made, Verdict("not testable", ""), today, now={"nato": first, "core": other, "old": old})
    assert (
        flips.told(told)[-1]
        == "Today the answer depends on the reading: by another one the newest year bears it out (CORE)."
    )


def test_a_fact_is_changed_by_a_record_nearer_to_the_matter():
    told = flips.told(fact((cited("council", True),), PAST))
    assert told == ["A record that stands nearer to the matter and tells it otherwise would change the verdict."]
    unknown = fact((cited("council", False),), Verdict("not testable", "no record"), lasting=False)
    assert flips.told(unknown)[-1] == "For today it takes a record no more than 3 years old."
