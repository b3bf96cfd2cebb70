"""Facts, forecasts and what cannot be tested; the registers of records and documents; faults of declarations."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import yaml
from pydantic import Field

from analysis import audit, claims, documents, models, narrative, records, verdicts
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.errors import ClaimbookError
from analysis.evaluations import Evaluation, evaluate
from analysis.models import Model, Text, validated
from analysis.records import Record
from analysis.verdicts import decide

WRITTEN, TODAY = dt.date(2021, 12, 1), dt.date(2026, 10, 31)
DOCUMENT = {
    "id": "made", "short": "Made", "title": "Made for a test", "author": "A test", "language": "en",
    "country": "BEL", "dated": WRITTEN,
}  # fmt: skip
POPULATION = "unpop.population"


def a_record(identifier: str = "founding", **fields) -> dict:
    """A record as data/records.yaml has it."""
    return {
        "id": identifier, "title": "A page", "publisher": "United Nations", "address": "https://www.un.org/page",
        "dated": "2018-06-08", "seen": dt.date(2026, 10, 1), "standing": "official", "says": "It tells of a vote.", **fields,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def register(monkeypatch) -> dict[str, Record]:
    """Records of several dates and standings."""
    listed = [
        a_record(), a_record("press", publisher="A paper", standing="press", dated="2019"),
        a_record("undated", dated=None), a_record("of-2024", publisher="NATO", dated="2024"),
        a_record("of-2025", publisher="NATO", dated="2025-03"), a_record("of-2022", publisher="The Union", dated="2022-12-31"),
    ]  # fmt: skip
    held = {entry["id"]: Record.model_validate(entry) for entry in listed}
    monkeypatch.setattr(records, "records", lambda: held)
    return held


def cited(record: object, agrees: bool | None = True, **fields) -> dict:
    return {"record": record, "agrees": agrees, "told": "It says so.", **fields}


def made(**fields) -> dict:
    return {
        "id": "made-claim", "theme": "multilateral", "title": "Made", "statement": "Made for a test", "place": "Page 1",
        "document": DOCUMENT, **fields,
    }  # fmt: skip


def fact(*listed: dict, **fields) -> Claim:
    return validated(Claim, made(kind="fact", records=list(listed), **fields), "made.yaml, made-claim")


def reading(**fields) -> dict:
    return {
        "id": "people", "label": "People", "definition": "Its people", "measure": "published_figure",
        "inputs": {"series": POPULATION}, **fields,
    }  # fmt: skip


def refused(said: str, **fields) -> None:
    with pytest.raises(ClaimbookError, match=rf"^made\.yaml, made-claim: .*{said}"):
        validated(Claim, made(**fields), "made.yaml, made-claim")


def words(claim: Claim, as_of: dt.date = TODAY) -> tuple[str, str, str]:
    found = decide(claim, {reading.id: [] for reading in claim.readings}, as_of)
    return found.when_written.word, found.as_revised.word, found.today.word


# Facts


@pytest.mark.parametrize(("agrees", "told"), [(True, ("on record", "true")), (False, ("record differs", "not true"))])
def test_a_fact_is_decided_by_its_record_and_a_dated_event_stays(agrees, told):
    assert words(fact(cited("founding", agrees))) == (told[0], "not testable", told[1])
    # However long ago: what has happened stays so.
    assert words(fact(cited("founding", agrees)), dt.date(2090, 1, 1))[2] == told[1]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"caveats": ["It holds for {partner}."]}, r"caveats\.0 is printed as it stands; write a name instead of \{partner\}"),
        ({"statement": "{country} grew."}, r"statement is printed as it stands"),
        ({"records": [cited("founding", told="Of {Country}.")]}, r"records\.0\.told is printed as it stands"),
        ({"records": [cited("founding")], "figure": {"title": "To {partner}"}}, r"figure\.title: nothing fills \{partner\}; the claim has no partner"),
        (
            {"kind": "statistic", "readings": [reading(definition="People of {nation}")], "printed": "about 11", "unit": "people"},
            r"readings\.people\.definition: nothing fills \{nation\}$",
        ),
    ],
)  # fmt: skip
def test_a_place_that_nothing_fills_is_refused(fields, said):
    refused(said, **{"kind": "fact", "records": [] if "readings" in fields else [cited("founding")], **fields})


def test_the_first_record_that_settles_it_decides():
    claim = fact(cited("undated", None), cited("founding", False), cited("press", True))
    found = decide(claim, {}, TODAY)
    assert (found.when_written.word, found.when_written.record.record.id) == ("record differs", "founding")
    assert found.when_written.choice is None and found.borne_out == (0, 0)


def test_records_that_disagree_are_both_told():
    claim = fact(cited("founding", True), cited("press", False))
    found = decide(claim, {}, TODAY)
    assert found.when_written.word == "on record"
    assert (
        "United Nations" in found.when_written.reason
        and "A paper (2019) tells it otherwise" in found.when_written.reason
    )
    text = narrative.audited(Audited(claim, {}, found))
    assert text == (
        "United Nations (8 June 2018): It says so. A paper (2019): It says so. "
        "The records do not agree; the one named first, which stands nearest to the matter, decides."
    )


def test_records_that_agree_are_not_said_to_differ():
    found = decide(fact(cited("founding"), cited("press"), cited("undated", None)), {}, TODAY)
    assert "otherwise" not in found.when_written.reason
    assert "do not agree" not in narrative.audited(Audited(fact(cited("founding"), cited("press")), {}, found))


def test_a_fact_that_no_record_settles_is_refused():
    refused("a fact needs a record in `records` that agrees or differs", kind="fact", records=[])
    refused("a fact needs a record", kind="fact", records=[cited("founding", None), cited("press", None)])


def test_a_fact_is_not_decided_by_figures():
    given = {"kind": "fact", "records": [cited("founding")], "printed": "at least 11 million", "unit": "persons"}
    refused("a fact is decided by `records`.*outturn", **given, readings=[reading()])
    claim = fact(cited("founding"), readings=[reading(role="outturn")], printed="at least 11 million", unit="persons")
    assert words(claim) == ("on record", "not testable", "true")


def test_what_figures_say_beside_a_fact_stands_in_its_newest_year(shelf, figures):
    shelf.add("unpop", "2024-07", figures(POPULATION, {("BEL", ""): {2022: 11.5e6, 2023: 11.7e6, 2024: 11.8e6}}))
    claim = fact(cited("founding"), readings=[reading(role="outturn")], printed="at least 11.6 million", unit="persons")
    found = audit.audit(claim, shelf.store())
    # Its day is the last of July 2024: the newest year that was over is 2023.
    assert found.verdicts.now["people"].evaluation.year == 2023
    assert found.verdicts.borne_out == (0, 0)
    assert narrative.audited(found).endswith(
        "People in 2023: 11.7 million people (release of July 2024); 11.6 million was reached."
    )
    told = audit.as_json(found).model_dump()
    assert told["readings"][0]["when_written"] is None and told["readings"][0]["today"]["year"] == 2023


# A state that can change


def state(*listed: dict, was: bool = True) -> Claim:
    return fact(cited("founding", was), *listed, lasting=False)


@pytest.mark.parametrize(
    ("was", "now", "word"),
    [(True, True, "true"), (True, False, "no longer true"), (False, True, "now true"), (False, False, "not true")],
)
def test_today_a_state_is_what_the_newest_record_of_the_present_says(was, now, word):
    claim = state(cited("of-2024", None, today=not now), cited("of-2025", None, today=now), was=was)
    found = decide(claim, {}, TODAY)
    assert (found.today.word, found.today.record.record.id) == (word, "of-2025")


def test_the_order_of_the_records_does_not_tell_which_is_newest():
    for listed in (("of-2025", "of-2024"), ("of-2024", "of-2025")):
        claim = state(*(cited(name, None, today=name == "of-2025") for name in listed))
        assert words(claim)[2] == "true"


def test_no_record_of_the_present_leaves_today_open():
    assert words(state()) == ("on record", "not testable", "not testable")
    # One that has no date does not say of which present it speaks.
    assert words(state(cited("undated", None, today=True)))[2] == "not testable"


@pytest.mark.parametrize(("year", "word"), [(2025, "true"), (2028, "true"), (2029, "not testable")])
def test_a_record_more_than_three_years_old_says_nothing_of_today(year, word):
    found = decide(state(cited("of-2025", None, today=True)), {}, dt.date(year, 12, 31))
    assert found.today.word == word
    if word == "not testable":
        assert found.today.reason == "newest record held: 2025"


@pytest.mark.parametrize(
    ("as_of", "word"),
    [
        (dt.date(2024, 12, 31), "no longer true"),  # the record of March 2025 is not yet there
        (dt.date(2025, 2, 28), "no longer true"),
        (dt.date(2025, 3, 30), "no longer true"),
        (dt.date(2025, 3, 31), "true"),  # a record counts from the last day that its date leaves open
        (dt.date(2021, 6, 1), "not testable"),  # before either of them
    ],
)
def test_a_record_of_a_later_day_is_hidden_from_an_earlier_one(as_of, word):
    claim = state(cited("of-2024", None, today=False), cited("of-2025", None, today=True))
    assert words(claim, as_of)[2] == word


def test_of_two_records_of_a_day_the_first_counts(register):
    register["again"] = register["of-2025"].model_copy(update={"id": "again"})
    claim = state(cited("of-2025", None, today=False), cited("again", None, today=True))
    assert words(claim)[2] == "no longer true"


def test_only_a_state_has_records_of_today():
    refused("`today` of a record is of a state that can change; say so by `lasting: false`", kind="fact",
            records=[cited("founding", today=True)])  # fmt: skip
    # Of figures a statement about a year long past lasts; facts do unless they are states.
    given = {"printed": "at least 11 million", "unit": "persons", "readings": [reading()]}
    refused("only a statement that names its `year` can be of something past", **given, lasting=True)
    assert validated(Claim, made(**given, year=1938, lasting=True), "made").lasts
    assert [fact(cited("founding"), **more).lasts for more in ({}, {"lasting": False})] == [True, False]


# What cannot be tested


def untestable(**fields) -> Claim:
    return validated(Claim, made(untestable="NATO does not publish it.", **fields), "made.yaml, made-claim")


@pytest.mark.parametrize(
    "kind", [{}, {"kind": "fact"}, {"kind": "pledge", "due": 2030}, {"kind": "pledge"}, {"kind": "forecast"}]
)
def test_what_cannot_be_tested_is_so_in_all_three_readings_of_time(kind):
    claim = untestable(**kind)
    assert words(claim) == ("not testable",) * 3
    found = decide(claim, {}, TODAY)
    assert {verdict.reason for verdict in (found.when_written, found.as_revised, found.today)} == {claim.untestable}


def test_what_cannot_be_tested_says_why_and_what_bears_on_it():
    claim = untestable(records=[cited("founding", None)])
    text = narrative.audited(Audited(claim, {}, decide(claim, {}, TODAY)))
    assert text == "It cannot be tested. NATO does not publish it. United Nations (8 June 2018): It says so."


def test_what_cannot_be_tested_has_neither_readings_nor_a_record_that_settles_it():
    given = {"untestable": "Nobody counts it.", "printed": "at least 11 million", "unit": "persons"}
    refused("a statement that is untestable has no readings", **given, readings=[reading()])
    refused(
        "leave out `untestable`, or leave `agrees` null", untestable="Nobody counts it.", records=[cited("founding")]
    )


def test_a_statement_without_readings_says_why():
    refused("give `readings`, or say in `untestable` why there are none")
    refused("give `readings`", kind="pledge", due=2030)
    refused("untestable: String should have at least 3 characters", untestable="?")


@pytest.mark.parametrize("kind", ["pledge", "forecast"])
def test_a_pledge_and_a_forecast_are_due_in_a_year(kind):
    given = {"printed": "at least 11 million", "unit": "persons", "readings": [reading()]}
    refused("has a year in `due`", kind=kind, **given)
    refused("has a year in `due`", due=2030, **given)
    assert validated(Claim, made(kind=kind, due=2030, **given), "made").due == 2030


# Forecasts

DUE = 2030


def forecast(*, due: int = DUE, second: bool = False, **fields) -> Claim:
    listed = [reading()] + ([reading(id="other", label="Other")] if second else [])
    entry = made(kind="forecast", due=due, printed="at least 12 million", unit="persons", readings=listed, **fields)
    return validated(Claim, entry, "made.yaml, made-claim")


def told(
    released: str, holds: bool | None, name: str = "people", year: int = DUE, flag: str = "projection"
) -> Evaluation:
    return Evaluation(
        reading=name, publisher="unpop", released=released, day=dt.date.fromisoformat(released), year=year,
        value=12.5e6 if holds else 11e6, unit="persons", rank=None, rank_best=None, rank_worst=None, universe=None,
        flag=flag, holds=holds, fit="rounding" if holds else None, margin=1e6, margin_unit="persons",
        note="" if holds is not None else "left open",
    )  # fmt: skip


def decided(claim: Claim, *entries: Evaluation, as_of: dt.date = TODAY) -> verdicts.Verdicts:
    order = sorted(entries, key=lambda entry: (entry.day, entry.year))
    return decide(claim, {r.id: [e for e in order if e.reading == r.id] for r in claim.readings}, as_of)


BEFORE, AFTER, NEWEST = "2019-06-17", "2022-07-11", "2024-07-11"


def test_a_forecast_is_judged_by_the_projections_that_stood_when_it_was_written():
    found = decided(forecast(), told("2017-06-21", False), told(BEFORE, True), told(AFTER, False))
    choice = found.when_written.choice
    assert (found.when_written.word, choice.evaluation.released, choice.basis) == ("supported", BEFORE, "held")
    assert found.borne_out == (1, 1)


def test_where_none_of_that_time_is_held_the_earliest_later_projection_stands_in():
    found = decided(forecast(), told(AFTER, True), told(NEWEST, False))
    choice = found.when_written.choice
    assert (found.when_written.word, choice.evaluation.released, choice.basis) == ("supported", AFTER, "reconstructed")


def test_a_projection_for_another_year_says_nothing_of_it():
    found = decided(forecast(), told(BEFORE, True, year=2029), told(BEFORE, True, year=2031))
    assert (found.when_written.word, found.as_revised.word, found.today.word) == (
        "not testable", "not testable", "not yet due",
    )  # fmt: skip
    assert found.when_written.reason == "no figure for 2030 is held"


@pytest.mark.parametrize(
    ("newest", "word"),
    [(True, "unchanged"), (False, "no longer supported"), (None, "not testable")],
)
def test_a_forecast_as_revised_is_what_the_newest_projection_says(newest, word):
    assert decided(forecast(), told(BEFORE, True), told(NEWEST, newest)).as_revised.word == word


def test_a_forecast_that_was_not_supported_may_be_now():
    found = decided(forecast(), told(BEFORE, False), told(NEWEST, True))
    assert (found.when_written.word, found.as_revised.word) == ("not supported", "now supported")


def test_the_one_release_that_is_held_revises_nothing():
    assert decided(forecast(), told(BEFORE, True)).as_revised.word == "not testable"


def test_another_reading_of_a_forecast():
    found = decided(forecast(second=True), told(BEFORE, False), told(BEFORE, True, "other"), told(NEWEST, False))
    assert (found.when_written.word, found.when_written.reading) == ("supported under another reading", "other")
    assert found.borne_out == (1, 2)
    assert found.today.reading == "people"  # the likeliest reading alone speaks of today


def test_a_forecast_is_not_yet_due_before_its_year_is_over():
    entries = [told(BEFORE, True), told(NEWEST, False)]
    for day in (dt.date(2022, 1, 1), TODAY, dt.date(2030, 12, 31)):
        assert decided(forecast(), *entries, as_of=day).today.word == "not yet due"


@pytest.mark.parametrize(
    ("then", "came", "word"),
    [(True, True, "true"), (True, False, "no longer true"), (False, True, "now true"), (False, False, "not true"),
     (True, None, "not testable")],
)  # fmt: skip
def test_once_its_year_has_come_its_figure_decides(then, came, word):
    entries = [told(BEFORE, then), told("2031-07-11", came, flag="")]
    found = decided(forecast(), *entries, as_of=dt.date(2031, 12, 31))
    assert found.today.word == word


@pytest.mark.parametrize(
    "entry", [told(NEWEST, True, flag=""), told("2031-07-11", True), told("2030-07-11", True, flag="")]
)
def test_a_projection_is_not_what_came(entry):
    """The year is over, but what is held of it was told before its end, or is marked as a projection still."""
    found = decided(forecast(), told(BEFORE, True), entry, as_of=dt.date(2032, 1, 1)).today
    assert (found.word, found.choice) == ("not testable", None)
    assert found.reason == "what is held of 2030 is still a projection"


def test_a_forecast_asked_about_before_any_release():
    found = decided(forecast(), told(NEWEST, True), as_of=dt.date(2022, 1, 1))
    assert (found.when_written.word, found.when_written.choice.basis) == ("supported", "reconstructed")
    assert (found.as_revised.word, found.today.word, found.today.choice) == ("not testable", "not yet due", None)
    assert decided(forecast()).when_written.word == "not testable"


def test_a_forecast_made_after_its_year_is_judged_by_what_was_known_then():
    found = decided(forecast(due=2020), told(AFTER, False, year=2020, flag=""), told(BEFORE, True, year=2020))
    assert (found.when_written.word, found.as_revised.word, found.today.word) == (
        "supported", "no longer supported", "no longer true",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("holds", "bears"), [(True, "bears it out"), (False, "does not bear it out"), (None, "leaves it open")]
)
def test_the_paragraph_on_a_forecast_tells_the_newest_projection(holds, bears):
    claim, entries = forecast(), [told(BEFORE, True), told(NEWEST, holds)]
    text = narrative.audited(Audited(claim, {"people": entries}, decided(claim, *entries)))
    assert text.endswith(f"{bears}.") and "The newest projection held, of 11 July 2024, makes it" in text


def test_the_paragraph_on_a_forecast_whose_year_came_tells_its_figure():
    claim, entries = forecast(), [told(BEFORE, True), told("2031-07-11", True, flag="")]
    found = decided(claim, *entries, as_of=dt.date(2031, 12, 31))
    text = narrative.audited(Audited(claim, {"people": entries}, found))
    assert "The newest figure held, of 11 July 2031, makes it 12.5 million people, which bears it out." in text


def test_a_forecast_on_figures(shelf, figures):
    later = figures(POPULATION, {("BEL", ""): {2021: 11.6e6, DUE: (11.9e6, "projection")}})
    shelf.add("unpop", "2019-06-17", figures(POPULATION, {("BEL", ""): {DUE: (12.1e6, "projection")}}))
    shelf.add("unpop", "2022-07-11", later)
    found = audit.audit(forecast(), shelf.store())
    told = found.verdicts
    assert (told.when_written.word, told.as_revised.word, told.today.word) == (
        "supported", "no longer supported", "not yet due",
    )  # fmt: skip
    assert told.when_written.choice.evaluation.value == 12.1e6
    assert told.now["people"].evaluation.value == 11.9e6


# Trends


def trend(printed: str = "rising every year", unit: str = "years without a rise", **fields) -> Claim:
    given = {"measure": "years_without_rise", "inputs": {"series": POPULATION, "over": 3}}
    entry = made(printed=printed, unit=unit, readings=[reading(**{**given, **fields})])
    return validated(Claim, entry, "made.yaml, made-claim")


def rising(shelf, figures, *values: float):
    years = {2020 - len(values) + 1 + at: value for at, value in enumerate(values)}
    shelf.add("unpop", "2021-07-01", figures(POPULATION, {("BEL", ""): years}))
    return shelf.store()


@pytest.mark.parametrize(("last", "holds", "margin"), [(4.0, True, 1.0), (3.0, False, 1.0), (2.0, False, 1.0)])
def test_a_trend_is_borne_out_where_no_year_breaks_it(shelf, figures, last, holds, margin):
    claim = trend()
    (entry,) = evaluate(claim, claim.readings[0], rising(shelf, figures, 1.0, 2.0, 3.0, last))
    assert (entry.year, entry.holds, entry.margin, entry.universe) == (2020, holds, margin, 3)


def test_a_trend_takes_a_measure_that_counts_the_years_that_break_it(shelf, figures):
    store = rising(shelf, figures, 1.0, 2.0)
    claim = trend(measure="published_figure", inputs={"series": POPULATION})
    said = "reading people: 'rising every year' needs years without a rise; published_figure tells persons"
    with pytest.raises(ClaimbookError, match=said):
        evaluate(claim, claim.readings[0], store)


def test_a_rise_is_not_tested_by_the_years_without_a_fall(shelf, figures):
    claim = trend(measure="years_without_fall")
    with pytest.raises(
        ClaimbookError, match="needs years without a rise; years_without_fall tells years without a fall"
    ):
        evaluate(claim, claim.readings[0], rising(shelf, figures, 1.0, 2.0, 3.0, 4.0))


def test_the_paragraph_on_a_trend_tells_how_many_years_break_it(shelf, figures):
    found = audit.audit(trend(), rising(shelf, figures, 1.0, 2.0, 1.5, 4.0))
    text = narrative.audited(found)
    assert text.startswith("The document says: a rise every year. ")
    assert "The nearest of all that was tried is 2020 (People): 1 of 3 years without a rise. " in text
    assert " off" not in text  # how many years a trend is off is what the figure says already


# Figures of a claim


def test_a_figure_draws_readings_that_there_are():
    given = {"printed": "at least 11 million", "unit": "persons", "readings": [reading()]}
    claim = validated(Claim, made(**given, figure={"title": "People", "readings": ["people"]}), "made")
    assert claim.figure.readings == ("people",)
    refused(
        "`figure` names no reading of the claim: peopel", **given, figure={"title": "P e o", "readings": ["peopel"]}
    )
    refused("`figure` names no reading of the claim: people", untestable="Nobody counts it.",
            figure={"title": "People", "readings": ["people"]})  # fmt: skip
    refused("figure.scale: .*greater than 0", **given, figure={"title": "People", "scale": 0})


def test_readings_are_held_against_a_printed_figure_with_a_unit():
    refused("readings are held against `printed`, which needs a `unit`", readings=[reading()], printed="11 million")
    refused("readings are held against `printed`", readings=[reading()], unit="persons")
    refused("'quite a lot'", untestable="Nobody counts it.", printed="quite a lot")


# Records that are cited


def test_a_record_is_named_by_its_id_or_brought_along():
    assert fact(cited("founding")).records[0].record.title == "A page"
    whole = a_record("mine", title="My page")
    assert fact(cited(whole)).records[0].record.title == "My page"


def test_a_record_that_is_not_held_is_told_with_the_nearest():
    refused("records.0.record: .*unknown record 'foundng'; near: founding", kind="fact", records=[cited("foundng")])
    refused("unknown record 'qqqq'; add it to data/records.yaml", kind="fact", records=[cited("qqqq")])
    refused("records.0.told: Field required", kind="fact", records=[{"record": "founding", "agrees": True}])
    refused("records.0.agrees: Field required", kind="fact", records=[{"record": "founding", "told": "So."}])


def test_the_schema_of_a_ledger_takes_a_record_by_its_id():
    told = claims.json_schema()["$defs"]["Cited"]["properties"]["record"]["anyOf"]
    assert {"type": "string"}.items() <= told[0].items()
    assert told[1] == {"$ref": "#/$defs/Record"}


def test_the_audit_tells_records_replies_and_echoes():
    reply = {
        "by": "An author",
        "dated": dt.date(2026, 1, 2),
        "text": "We meant it.",
        "address": "https://example.org/a",
    }
    claim = fact(cited("founding"), cited("undated", None), replies=[reply], echoes=["other-claim"])
    told = audit.as_json(Audited(claim, {}, decide(claim, {}, TODAY))).model_dump(mode="json")
    assert [(entry["id"], entry["agrees"], entry["dated"]) for entry in told["records"]] == [
        ("founding", True, "2018-06-08"), ("undated", None, None),
    ]  # fmt: skip
    assert told["replies"] == [{**reply, "dated": "2026-01-02"}]
    assert (told["echoes"], told["printed"], told["unit"], told["readings"]) == (["other-claim"], None, None, [])
    assert told["margin"] == {"when_written": None, "as_revised": None, "today": None}


# Echoes


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """A ledger of two documents, of which the claims' `echoes` may be set."""
    known = {name: claims.Document.model_validate({**DOCUMENT, "id": name}) for name in ("one", "two")}
    monkeypatch.setattr(claims, "documents", lambda: known)
    monkeypatch.setattr(claims, "data", lambda *parts: tmp_path)

    def write(**echoes):
        for name in known:
            entry = {key: value for key, value in made().items() if key != "document"}
            entry |= {"id": f"{name}-claim", "untestable": "Nobody counts it.", "echoes": echoes.get(name, [])}
            listed = [entry, {**entry, "id": f"{name}-again", "echoes": []}]
            (tmp_path / f"{name}.yaml").write_text(
                yaml.safe_dump({"document": name, "claims": listed}), encoding="utf-8"
            )
        return claims.declared.__wrapped__()

    return write


def test_an_echo_is_a_claim_of_another_document(ledger):
    assert [entry.echoes for entry in ledger(one=["two-claim"])] == [("two-claim",), (), (), ()]


@pytest.mark.parametrize("echo", ["one-again", "one-claim", "three-claim"])
def test_a_document_is_no_echo_of_itself(ledger, echo):
    with pytest.raises(
        ClaimbookError, match=f"one-claim: `echoes` names '{echo}', which is no claim of another document"
    ):
        ledger(one=[echo])


# The registers


def in_file(monkeypatch, tmp_path, listed) -> None:
    (tmp_path / "list.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    monkeypatch.setattr(models, "data", lambda *parts: tmp_path / "list.yaml")


def read_records(monkeypatch, tmp_path, *listed):
    monkeypatch.undo()
    in_file(monkeypatch, tmp_path, list(listed))
    return records.records.__wrapped__()


def test_the_register_of_records(monkeypatch, tmp_path):
    held = read_records(monkeypatch, tmp_path, a_record(), a_record("other", language="nl", dated="2018-06"))
    assert list(held) == ["founding", "other"]
    assert (held["other"].year, held["other"].language, held["founding"].language) == (2018, "nl", "en")
    assert records.Record.model_validate(a_record(dated=None)).year is None


@pytest.mark.parametrize(
    ("dated", "told"), [(2018, "2018"), (dt.date(2018, 6, 8), "2018-06-08"), ("2018-06", "2018-06")]
)
def test_a_date_without_quotes_is_read_as_it_stands(dated, told):
    assert Record.model_validate(a_record(dated=dated)).dated == told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dated": "8 June 2018"}, "dated: "), ({"dated": "2018-13"}, "dated: .*2018-13 is no date"),
        ({"dated": "2018-02-30"}, "dated: .*2018-02-30 is no date"), ({"dated": "0000"}, "dated: .*0000 is no date"),
        ({"dated": True}, "dated: "), ({"address": "www.un.org"}, "address: "), ({"standing": "rumour"}, "standing: .*'official'"),
        ({"language": "English"}, "language: "), ({"says": ""}, "says: "), ({"seen": None}, "seen: "),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"), ({"id": "Two Words"}, "id: "),
    ],
)  # fmt: skip
def test_a_fault_in_the_register_is_named(monkeypatch, tmp_path, wrong, said):
    identifier = wrong.get("id", "founding")
    with pytest.raises(ClaimbookError, match=rf"^data/records\.yaml, {identifier}: {said}"):
        read_records(monkeypatch, tmp_path, a_record("before"), {**a_record(), **wrong})


def test_every_fault_of_an_entry_is_named_at_once(monkeypatch, tmp_path):
    with pytest.raises(ClaimbookError, match="address: .*; standing: "):
        read_records(monkeypatch, tmp_path, a_record(address="here", standing="rumour"))


def test_two_records_never_share_an_id(monkeypatch, tmp_path):
    with pytest.raises(ClaimbookError, match=r"data/records\.yaml: two entries share the id founding"):
        read_records(monkeypatch, tmp_path, a_record(), a_record())


def test_a_record_is_known_by_its_day():
    day = dt.date(2018, 6, 8)
    known = {dated: Record.model_validate(a_record(dated=dated)).known_by(day) for dated in
             ("2018-06-08", "2018-06-09", "2018-06", "2018-07", "2018", "2019", None)}  # fmt: skip
    assert [dated for dated, told in known.items() if told] == ["2018-06-08"]
    assert Record.model_validate(a_record(dated="2018-06")).known_by(dt.date(2018, 6, 30))
    assert Record.model_validate(a_record(dated="2018")).known_by(dt.date(2018, 12, 31))


def read_documents(monkeypatch, tmp_path, *listed):
    in_file(monkeypatch, tmp_path, list(listed))
    return documents.documents.__wrapped__()


def test_the_register_of_documents(monkeypatch, tmp_path):
    ranged = {**DOCUMENT, "id": "ranged", "dated": None, "earliest": dt.date(2020, 1, 1), "latest": dt.date(2020, 3, 1),
              "dating": "By what it tells."}  # fmt: skip
    held = read_documents(monkeypatch, tmp_path, DOCUMENT, ranged)
    assert [(entry.day, entry.when) for entry in held.values()] == [
        (WRITTEN, "1 December 2021"), (dt.date(2020, 3, 1), "undated, between January 2020 and March 2020"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dated": None}, "give either `dated`, or `earliest` and `latest` with `dating`"),
        ({"earliest": dt.date(2020, 1, 1), "latest": dt.date(2020, 3, 1)}, "give either `dated`"),
        ({"dated": None, "earliest": dt.date(2020, 1, 1), "latest": dt.date(2020, 3, 1)}, "say in `dating`"),
        ({"language": "EN"}, "language: "), ({"author": None}, "author: "), ({"pages": 3}, "pages: Extra inputs"),
    ],
)  # fmt: skip
def test_a_fault_in_the_documents_is_named(monkeypatch, tmp_path, wrong, said):
    with pytest.raises(ClaimbookError, match=rf"^data/documents\.yaml, made: .*{said}"):
        read_documents(monkeypatch, tmp_path, {**DOCUMENT, **wrong})


def test_two_documents_never_share_an_id(monkeypatch, tmp_path):
    with pytest.raises(ClaimbookError, match=r"data/documents\.yaml: two entries share the id made"):
        read_documents(monkeypatch, tmp_path, DOCUMENT, DOCUMENT)


# Declarations


class Inner(Model):
    """Something inside another."""

    name: Text


class Outer(Model):
    """Something with others inside."""

    inner: tuple[Inner, ...] = Field(min_length=1)


def test_a_fault_is_told_by_place_entry_and_field():
    with pytest.raises(ClaimbookError, match=r"^file\.yaml, third: inner\.1\.name: String should have at least 3"):
        validated(Outer, {"inner": [{"name": "long enough"}, {"name": " x "}]}, "file.yaml, third")
    with pytest.raises(ClaimbookError, match=r"^file\.yaml: entry: Input should be a valid dictionary"):
        validated(Outer, "text", "file.yaml")


def test_a_declaration_never_changes_and_is_trimmed():
    told = validated(Inner, {"name": "  long enough "}, "file.yaml")
    assert told.name == "long enough"
    with pytest.raises(ValueError, match="frozen"):
        told.name = "another"


def test_verdicts_of_records_are_values_that_never_change():
    found = decide(fact(cited("founding")), {}, TODAY)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.when_written.word = "supported"
