"""The rules of decision, on evaluations made for the purpose: no release is read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import verdicts
from analysis.claims import Claim
from analysis.evaluations import Evaluation
from analysis.series import Calendar
from analysis.verdicts import BORNE_OUT, choose_newest, choose_when_written, decide, newest

# The calendar of the series below (World Bank): a year is told on 1 July of the next one.
WRITTEN = dt.date(2018, 8, 27)  # so 2017 is judged, then 2016, 2015, 2014
LAST_EDITION = dt.date(2018, 7, 1)
TODAY = dt.date(2026, 10, 31)
HELD, LATER, NEWEST = "2018-07-15", "2021-07-01", "2026-07-01"


def made(*, readings=("first", "second"), outturn=None, dated=WRITTEN, **fields) -> Claim:
    """A claim with readings of one series of shares; what they are held against plays no part here."""
    entry = {
        "definition": "A share of GDP",
        "measure": "share_of_gdp",
        "inputs": {"share": "worldbank.NE.EXP.GNFS.ZS"},
    }
    listed = [{"id": name, "label": name, **entry} for name in readings]
    if outturn:
        listed.append({"id": outturn, "label": outturn, "role": "outturn", **entry})
    document = {
        "id": "made", "short": "Made", "title": "Made for a test", "author": "A test", "language": "en",
        "country": "BEL", "dated": dated,
    }  # fmt: skip
    return Claim.model_validate(
        {
            "id": "made-claim", "theme": "trade", "title": "Made", "statement": "Made for a test", "place": "Page 1",
            "printed": "85 per cent", "unit": "% of GDP", "readings": listed, "document": document, **fields,
        }
    )  # fmt: skip


def told(year: int, released: str, holds: bool | None, reading: str = "first", **fields) -> Evaluation:
    """What a reading says of a year by a release; None where its coverage leaves it open."""
    known = {
        "reading": reading, "publisher": "worldbank", "released": released, "day": dt.date.fromisoformat(released),
        "year": year, "value": 85.0 if holds else 70.0, "unit": "% of GDP", "rank": None, "rank_best": None,
        "rank_worst": None, "universe": None, "flag": "", "holds": holds, "fit": "rounding" if holds else None,
        "margin": 0.5, "margin_unit": "% of GDP", "note": "" if holds is not None else "three are late",
    }  # fmt: skip
    return Evaluation(**{**known, **fields})


def shelf(claim: Claim, *entries: Evaluation) -> dict[str, list[Evaluation]]:
    """Evaluations by reading, oldest release first, as `evaluate` hands them over."""
    order = sorted(entries, key=lambda entry: (entry.day, entry.released, entry.year))
    return {reading.id: [entry for entry in order if entry.reading == reading.id] for reading in claim.readings}


def decided(claim: Claim, *entries: Evaluation, as_of: dt.date = TODAY) -> verdicts.Verdicts:
    return decide(claim, shelf(claim, *entries), as_of)


def all_years(released: str, reading: str = "first", holds: bool | None = False, years=range(2014, 2018)):
    return [told(year, released, holds, reading) for year in years]


# -- Which release -------------------------------------------------------------------------------------------


def chosen(*entries: Evaluation, year: int = 2017, day: dt.date = WRITTEN):
    claim = made()
    return choose_when_written(claim.readings[0], shelf(claim, *entries)["first"], year, day)


def test_the_newest_release_of_that_day_is_held():
    choice = chosen(told(2017, HELD, True), told(2017, "2018-08-01", False), told(2017, LATER, True))
    assert (choice.basis, choice.evaluation.released) == ("held", "2018-08-01")


def test_a_release_of_the_very_day_is_held():
    assert chosen(told(2017, "2018-08-27", True)).basis == "held"
    assert chosen(told(2017, "2018-08-28", True)).basis == "reconstructed"
    assert chosen(told(2017, "2018-07-01", True), told(2017, LATER, True)).basis == "held"  # the calendar's own day


def test_the_earliest_later_release_stands_in_where_a_newer_one_was_due():
    old = told(2017, "2018-03-01", False)  # before the edition due on 1 July 2018, which is not held
    choice = chosen(old, told(2017, LATER, True), told(2017, NEWEST, False))
    assert (choice.basis, choice.evaluation.released) == ("reconstructed", LATER)


def test_an_older_release_is_used_only_where_no_later_one_tells_the_year():
    choice = chosen(told(2014, "2015-01-01", True), told(2014, "2016-01-01", False), year=2014)
    assert (choice.basis, choice.evaluation.released) == ("older", "2016-01-01")


def test_never_a_release_that_lacks_the_year():
    assert chosen(told(2016, HELD, True), told(2016, LATER, True)) is None


def test_as_revised_takes_the_newest_release_by_the_day():
    entries = [told(2017, HELD, True), told(2017, LATER, False), told(2017, NEWEST, True), told(2018, NEWEST, False)]
    assert choose_newest(entries, 2017, TODAY).evaluation.released == NEWEST
    assert choose_newest(entries, 2017, dt.date(2026, 6, 30)).evaluation.released == LATER
    assert choose_newest(entries, 2017, dt.date(2018, 7, 14)) is None


def test_the_newest_year_leaves_out_the_one_still_running():
    entries = [told(2024, "2026-07-01", True), told(2025, "2026-07-01", False), told(2026, "2026-07-01", True)]
    assert newest(entries, TODAY).evaluation.year == 2025
    assert newest(entries, dt.date(2027, 1, 1)).evaluation.year == 2026
    assert newest(entries, dt.date(2026, 6, 30)) is None


@pytest.mark.parametrize(
    ("day", "year"),
    [("2018-06-30", 2016), ("2018-07-01", 2017), ("2018-12-31", 2017), ("2019-06-30", 2017), ("2019-07-01", 2018)],
)
def test_the_newest_full_year_follows_the_calendar(day, year):
    assert verdicts.newest_full_year(made().readings[0], dt.date.fromisoformat(day)) == year


def test_a_year_that_is_told_before_it_ends_is_not_full():
    calendar = Calendar(years_after=0, month=7, day=1)
    assert calendar.newest(dt.date(2018, 8, 27)) == 2017
    assert calendar.newest(dt.date(2018, 1, 1)) == 2017
    assert calendar.last_edition(dt.date(2018, 6, 30)) == dt.date(2017, 7, 1)
    assert calendar.last_edition(dt.date(2018, 7, 1)) == dt.date(2018, 7, 1)


# -- When written --------------------------------------------------------------------------------------------


def test_supported_by_the_newest_year_of_the_likeliest_reading():
    found = decided(made(), told(2017, HELD, True), told(2016, HELD, False), *all_years(HELD, "second"))
    assert (found.when_written.word, found.when_written.reading) == ("supported", "first")
    assert found.when_written.choice.evaluation.year == 2017


@pytest.mark.parametrize("back", [1, 2, 3])
def test_held_for_an_earlier_year_of_the_likeliest_reading(back):
    years = [told(year, HELD, year == 2017 - back) for year in range(2010, 2018)]
    found = decided(made(), *years, *all_years(HELD, "second", True)).when_written
    assert (found.word, found.choice.evaluation.year, found.reading) == (
        "held for an earlier year",
        2017 - back,
        "first",
    )


def test_the_nearest_earlier_year_is_taken():
    years = [told(2017, HELD, False), told(2016, HELD, False), told(2015, HELD, True), told(2014, HELD, True)]
    assert decided(made(), *years).when_written.choice.evaluation.year == 2015


def test_no_more_than_three_earlier_years_are_tried():
    years = [told(year, HELD, year <= 2013) for year in range(2008, 2018)]
    assert decided(made(), *years).when_written.word == "not supported"


def test_a_year_that_was_not_yet_told_supports_nothing():
    years = [*all_years(HELD), told(2018, LATER, True), told(2019, LATER, True)]
    assert decided(made(), *years).when_written.word == "not supported"


def test_supported_under_another_reading_only_where_the_likeliest_fails_in_all_years():
    entries = [*all_years(HELD), told(2016, HELD, True, "second")]
    found = decided(made(), *entries).when_written
    assert (found.word, found.reading, found.choice.evaluation.year) == (
        "supported under another reading",
        "second",
        2016,
    )


def test_the_readings_are_tried_in_their_order():
    entries = [*all_years(HELD), *all_years(HELD, "second", True), *all_years(HELD, "third", True)]
    found = decided(made(readings=("first", "second", "third")), *entries).when_written
    assert found.reading == "second"


def test_not_supported_where_no_reading_bears_it_out():
    found = decided(made(), *all_years(HELD), *all_years(HELD, "second")).when_written
    assert found.word == "not supported"
    assert (found.reading, found.choice.evaluation.year) == ("first", 2017)


def test_not_testable_without_a_figure():
    found = decided(made()).when_written
    assert (found.word, found.choice) == ("not testable", None)
    assert "2017" in found.reason


def test_not_testable_where_coverage_leaves_every_year_open():
    found = decided(made(), *all_years(HELD, holds=None), *all_years(HELD, "second", None)).when_written
    assert found.word == "not testable"
    assert "three are late" in found.reason


def test_an_open_year_is_passed_over_for_an_earlier_one_and_the_reason_says_so():
    found = decided(made(), told(2017, HELD, None), told(2016, HELD, True)).when_written
    assert (found.word, found.choice.evaluation.year) == ("supported", 2016)
    assert "for 2017 too many figures were still missing" in found.reason
    found = decided(made(), told(2016, HELD, True)).when_written
    assert found.word == "held for an earlier year" and "is not held" in found.reason
    found = decided(made(), told(2017, HELD, None), told(2016, HELD, False), told(2015, HELD, True)).when_written
    assert found.word == "held for an earlier year" and "leaves it open" in found.reason


def test_not_testable_where_only_a_less_likely_reading_failed():
    found = decided(made(), *all_years(HELD, "second")).when_written
    assert (found.word, found.choice) == ("not testable", None)


def test_a_named_year_is_judged_alone():
    claim = made(year=2012)
    years = [told(year, LATER, year != 2012) for year in range(2008, 2018)]
    assert decided(claim, *years).when_written.word == "not supported"
    found = decided(claim, told(2012, LATER, True), *all_years(HELD)).when_written
    assert (found.word, found.choice.evaluation.year) == ("supported", 2012)


def test_a_document_of_a_range_is_judged_by_its_last_day():
    claim = made()
    document = claim.document.model_copy(
        update={"dated": None, "earliest": dt.date(2017, 1, 1), "latest": WRITTEN, "dating": "made"}
    )
    ranged = claim.model_copy(update={"document": document})
    entries = [*all_years(HELD), told(2017, HELD, True, "second")]
    assert decided(ranged, *entries) == decided(claim, *entries)


# -- As revised ----------------------------------------------------------------------------------------------


def test_unchanged_where_the_newest_release_still_bears_it_out():
    found = decided(made(), told(2017, HELD, True), told(2017, LATER, False), told(2017, NEWEST, True)).as_revised
    assert (found.word, found.choice.evaluation.released) == ("unchanged", NEWEST)


def test_no_longer_supported_where_it_does_not():
    found = decided(made(), told(2017, HELD, True), told(2017, NEWEST, False)).as_revised
    assert (found.word, found.choice.evaluation.year) == ("no longer supported", 2017)


def test_as_revised_keeps_to_the_year_and_the_reading_that_decided():
    entries = [told(2017, HELD, False), told(2016, HELD, True)]
    revised = [told(2017, NEWEST, True), told(2016, NEWEST, False), told(2016, NEWEST, True, "second")]
    assert decided(made(), *entries, *revised).as_revised.word == "no longer supported"


def test_now_supported_where_the_newest_release_bears_out_one_of_the_years():
    found = decided(made(), *all_years(HELD), told(2015, NEWEST, True)).as_revised
    assert (found.word, found.choice.evaluation.year) == ("now supported", 2015)
    entries = [*all_years(HELD), *all_years(HELD, "second"), told(2016, NEWEST, True, "second")]
    found = decided(made(), *entries).as_revised
    assert (found.word, found.reading) == ("now supported", "second")


def test_unchanged_where_it_was_not_supported_and_is_not_now():
    found = decided(made(), *all_years(HELD), *all_years(NEWEST)).as_revised
    assert (found.word, found.choice.evaluation.year) == ("unchanged", 2017)


def test_as_revised_is_not_testable_before_any_release_tells_the_year():
    found = decided(made(), told(2017, LATER, True), as_of=dt.date(2019, 1, 1))
    assert (found.when_written.word, found.as_revised.word) == ("supported", "not testable")
    assert decided(made()).as_revised.word == "not testable"


def test_as_revised_is_not_testable_where_the_newest_release_leaves_it_open():
    assert decided(made(), told(2017, HELD, True), told(2017, NEWEST, None)).as_revised.word == "not testable"


# -- Today ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "word"),
    [
        (True, True, "true"),
        (True, False, "no longer true"),
        (False, True, "now true"),
        (False, False, "not true"),
        (None, True, "now true"),
        (None, False, "not true"),
        (True, None, "not testable"),
        (False, None, "not testable"),
    ],
)
def test_today_compares_the_newest_year_with_when_it_was_written(then, now, word):
    entries = [*all_years(HELD, holds=then), told(2025, NEWEST, now)]
    assert decided(made(), *entries).today.word == word


def test_today_is_told_by_the_likeliest_reading_alone():
    entries = [*all_years(HELD), told(2017, HELD, True, "second"), told(2025, NEWEST, True, "second")]
    found = decided(made(), *entries, told(2024, NEWEST, False))
    # The likeliest did not bear it out when it was written either: nothing that it says was lost since.
    assert (found.when_written.word, found.today.word) == ("supported under another reading", "not true")
    assert found.today.reason.endswith("by the likeliest reading, nor did any year by it when written")
    assert decided(made(), *entries, told(2024, NEWEST, True)).today.word == "now true"
    assert decided(made(), told(2025, NEWEST, True, "second")).today.word == "not testable"


@pytest.mark.parametrize(("year", "word"), [(2025, "true"), (2023, "true"), (2022, "not testable")])
def test_a_year_more_than_three_years_back_says_nothing_of_today(year, word):
    entries = [*all_years(HELD, holds=True), told(year, NEWEST, True)]
    found = decided(made(), *entries).today
    assert found.word == word
    assert (str(year) in found.reason) and found.choice.evaluation.year == year


def test_today_is_not_testable_without_a_release_by_then():
    found = decided(made(), told(2017, LATER, True), as_of=dt.date(2020, 1, 1)).today
    assert (found.word, found.choice) == ("not testable", None)


# -- Where coverage leaves the newest year open ----------------------------------------------------------------


@pytest.mark.parametrize(("holds", "word"), [(True, "true"), (False, "no longer true")])
def test_the_newest_year_that_coverage_does_not_leave_open_speaks_of_today(holds, word):
    entries = [
        *all_years(HELD, holds=True),
        told(2025, NEWEST, None),
        told(2024, NEWEST, holds),
        told(2023, NEWEST, not holds),
    ]
    found = decided(made(), *entries).today
    assert (found.word, found.choice.evaluation.year) == (word, 2024)
    assert found.reason.startswith("for 2025 too many figures are still missing; the figure for 2024")


def test_a_year_left_open_gives_way_to_no_year_too_far_back():
    # As of 2026 a year is too old before 2023.
    open_years = [told(year, NEWEST, None) for year in (2023, 2024, 2025)]
    found = decided(made(), *all_years(HELD, holds=True), *open_years, told(2022, NEWEST, True)).today
    assert (found.word, found.choice.evaluation.year) == ("not testable", 2025)
    found = decided(made(), *all_years(HELD, holds=True), *open_years[1:], told(2023, NEWEST, True)).today
    assert (found.word, found.choice.evaluation.year) == ("true", 2023)


# -- Statements about a year long past -------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "word"), [(True, "true"), (False, "no longer true"), (None, "not testable")])
def test_of_a_year_long_past_the_newest_release_speaks_today(now, word):
    claim = made(year=2012, lasting=True)
    entries = [told(2012, HELD, True), told(2012, NEWEST, now), told(2025, NEWEST, not now)]
    found = decided(claim, *entries).today
    assert (found.word, found.choice.evaluation.year) == (word, 2012)


def test_a_statement_on_a_year_that_may_change_is_judged_today_by_the_newest():
    found = decided(made(year=2012), told(2012, HELD, True), told(2012, NEWEST, True), told(2025, NEWEST, False)).today
    assert (found.word, found.choice.evaluation.year) == ("no longer true", 2025)


def test_of_a_year_long_past_nothing_is_told_before_its_first_release():
    found = decided(made(year=2012, lasting=True), told(2012, LATER, True), as_of=dt.date(2019, 1, 1)).today
    assert (found.word, found.choice) == ("not testable", None)


# -- Where no figures of the likeliest reading are held ----------------------------------------------------------

UNHELD = "The contributions to the whole system."


def test_readings_that_are_held_may_bear_out_what_the_likeliest_would_tell():
    found = decided(made(unheld=UNHELD), told(2017, HELD, True), told(2025, NEWEST, True))
    assert (found.when_written.word, found.when_written.reading) == ("supported under another reading", "first")
    assert (found.today.word, found.today.choice) == ("not testable", None)


def test_readings_that_are_held_never_refute_it():
    found = decided(made(unheld=UNHELD), *all_years(HELD), *all_years(HELD, "second"), told(2025, NEWEST, False))
    assert (found.when_written.word, found.when_written.choice, found.today.word) == (
        "not testable",
        None,
        "not testable",
    )
    assert "The contributions to the whole system" in found.when_written.reason


# -- Pledges -------------------------------------------------------------------------------------------------


def pledge(due: int, dated: dt.date = WRITTEN) -> Claim:
    return made(kind="pledge", due=due, outturn="outturn", dated=dated)


@pytest.mark.parametrize("due", [2018, 2024, 2035])
def test_a_pledge_written_by_its_year_is_not_yet_due(due):
    found = decided(pledge(due), *all_years(HELD, holds=True, years=range(2014, 2026)))
    assert (found.when_written.word, found.as_revised.word) == ("not yet due", "not testable")
    assert found.when_written.choice is None and found.borne_out == (0, 0)


def test_a_pledge_is_not_due_until_its_year_is_over_and_told():
    claim = pledge(2024)
    entries = [told(2024, "2024-06-17", True), told(2024, "2025-07-10", False)]
    assert decided(claim, *entries, as_of=dt.date(2024, 12, 31)).today.word == "not yet due"
    assert decided(claim, *entries, as_of=dt.date(2025, 1, 1)).today.word == "true"
    assert decided(claim, *entries, as_of=dt.date(2025, 7, 10)).today.word == "not true"
    assert decided(claim, as_of=dt.date(2025, 6, 30)).today.word == "not yet due"  # told on 1 July
    assert decided(claim, as_of=dt.date(2025, 7, 1)).today.word == "not testable"


def test_a_pledge_left_open_by_coverage_is_not_testable():
    assert decided(pledge(2024), told(2024, NEWEST, None)).today.word == "not testable"


def test_a_pledge_is_judged_in_the_year_it_was_due_and_no_other():
    found = decided(pledge(2024), told(2023, NEWEST, True), told(2024, NEWEST, False), told(2025, NEWEST, True))
    assert (found.today.word, found.today.choice.evaluation.year) == ("not true", 2024)


@pytest.mark.parametrize(("holds", "word"), [(True, "supported"), (False, "not supported"), (None, "not testable")])
def test_a_pledge_told_of_after_its_year_is_judged_when_written(holds, word):
    claim = pledge(2016)
    found = decided(claim, told(2016, HELD, holds), told(2016, NEWEST, True))
    assert found.when_written.word == word
    assert found.as_revised.word == ("unchanged" if holds else "now supported")
    assert found.today.word == "true"


def test_an_outturn_is_shown_apart():
    found = decided(pledge(2024), told(2024, NEWEST, True), told(2024, NEWEST, False, "outturn"))
    assert found.today.word == "true"
    assert found.now["outturn"].evaluation.holds is False
    assert "outturn" not in found.readings


# -- Counting ------------------------------------------------------------------------------------------------


def test_each_reading_counts_by_the_first_of_its_years_that_fits():
    first = [told(2017, HELD, False), told(2016, HELD, True)]
    second = [told(2017, HELD, True, "second"), told(2016, HELD, False, "second")]
    found = decided(made(), *first, *second)
    assert found.borne_out == (2, 2)
    assert found.readings["first"].evaluation.year == 2016
    assert found.readings["second"].evaluation.year == 2017
    told_of_neither = decided(made(), told(2017, HELD, False), told(2015, HELD, False))
    assert told_of_neither.readings["first"].evaluation.year == 2017


def test_a_reading_that_leaves_it_open_is_not_counted():
    assert decided(made(), told(2017, HELD, True), told(2017, HELD, None, "second")).borne_out == (1, 1)


# -- What holds for all of them --------------------------------------------------------------------------------

RELEASES = ("2016-07-01", "2018-03-01", HELD, "2019-07-01", NEWEST)


@st.composite
def shelves(draw, readings=("first", "second")) -> list[Evaluation]:
    """Any figures for any years by any releases; a release tells no year that was not over."""
    keys = [
        (reading, released, year)
        for reading, released, year in itertools.product(readings, RELEASES, range(2012, 2026))
        if year < int(released[:4])
    ]
    picked = draw(st.lists(st.sampled_from(keys), unique=True, max_size=24))
    holds = st.sampled_from([True, False, False, None])
    return [told(year, released, draw(holds), reading) for reading, released, year in picked]


def by_the_rules(entries: list[Evaluation]) -> tuple[str, str | None, int | None]:
    """The same rules told another way: a list of all steps, then the first that holds."""
    steps = []
    for reading in ("first", "second"):
        for year in (2017, 2016, 2015, 2014):
            of_year = {entry.day: entry.holds for entry in entries if (entry.reading, entry.year) == (reading, year)}
            current = [day for day in of_year if LAST_EDITION <= day <= WRITTEN]
            later = [day for day in of_year if day > WRITTEN]
            day = max(current) if current else min(later) if later else max(of_year, default=None)
            steps.append((reading, year, of_year.get(day)))
    holding = [step for step in steps if step[2]]
    if not holding:
        return "no", None, None
    reading, year, _ = holding[0]
    word = "supported" if (reading, year) == ("first", 2017) else "held for an earlier year"
    return (word if reading == "first" else "supported under another reading"), reading, year


@given(shelves())
def test_the_ladder_agrees_with_the_rules_told_another_way(entries):
    found = decided(made(), *entries).when_written
    word, reading, year = by_the_rules(entries)
    if word == "no":
        assert found.word in ("not supported", "not testable")
    else:
        assert (found.word, found.reading, found.choice.evaluation.year) == (word, reading, year)


@given(shelves(), st.sampled_from([None, 2016]), st.dates(dt.date(2016, 1, 1), TODAY))
def test_every_word_is_of_its_vocabulary_and_told_with_a_reason(entries, year, as_of):
    found = decided(made(year=year), *entries, as_of=as_of)
    for verdict, words in (
        (found.when_written, verdicts.WHEN_WRITTEN),
        (found.as_revised, verdicts.AS_REVISED),
        (found.today, verdicts.TODAY),
    ):
        assert verdict.word in words
        assert verdict.reason
    # Kept for documentary facts and for pledges.
    assert found.when_written.word not in ("on record", "record differs", "not yet due")
    assert found.today.word != "not yet due"


@given(shelves(), st.dates(dt.date(2016, 1, 1), TODAY))
def test_another_day_never_moves_when_written_and_shows_nothing_released_later(entries, as_of):
    then, now = decided(made(), *entries, as_of=as_of), decided(made(), *entries)
    assert (then.when_written, then.readings) == (now.when_written, now.readings)
    for choice in (then.as_revised.choice, then.today.choice, *then.now.values()):
        assert choice is None or choice.evaluation.day <= as_of


@given(shelves(), st.dates(dt.date(2016, 1, 1), TODAY))
def test_releases_of_after_a_day_make_no_difference_to_that_day(entries, as_of):
    claim = made()
    then = decided(claim, *entries, as_of=as_of)
    known = decided(claim, *[entry for entry in entries if entry.day <= max(as_of, WRITTEN)], as_of=as_of)
    assert then.now == known.now


@given(shelves(readings=("first", "second", "outturn")))
def test_an_outturn_never_decides(entries):
    without = [entry for entry in entries if entry.reading != "outturn"]
    for claim in (made(outturn="outturn"), pledge(2024)):
        shown, hidden = decided(claim, *entries), decided(claim, *without)
        assert (shown.when_written, shown.as_revised, shown.today) == (
            hidden.when_written,
            hidden.as_revised,
            hidden.today,
        )
        assert shown.borne_out == hidden.borne_out


@given(shelves())
def test_as_revised_and_today_agree_with_the_word_before_them(entries):
    found = decided(made(), *entries)
    was = found.when_written.word in BORNE_OUT
    if found.as_revised.word == "no longer supported":
        assert was
    if found.as_revised.word == "now supported":
        assert not was
    by_the_likeliest = was and found.when_written.word != "supported under another reading"
    if found.today.word in ("true", "no longer true"):
        assert by_the_likeliest
    if found.today.word in ("now true", "not true"):
        assert not by_the_likeliest


def test_vocabularies_are_closed():
    assert list(verdicts.WHEN_WRITTEN) == [
        "supported", "held for an earlier year", "supported under another reading", "not supported",
        "on record", "record differs", "not yet due", "not testable",
    ]  # fmt: skip
    assert list(verdicts.AS_REVISED) == ["unchanged", "now supported", "no longer supported", "not testable"]
    assert sorted(verdicts.TODAY) == sorted(
        ["true", "no longer true", "now true", "not true", "not yet due", "not testable"]
    )
    assert set(BORNE_OUT) < set(verdicts.WHEN_WRITTEN)


def test_an_evaluation_alone_says_one_of_three_words():
    entry = told(2017, HELD, True)
    words = [dataclasses.replace(entry, holds=holds).verdict for holds in (True, False, None)]
    assert words == ["supported", "not supported", "not testable"]


# -- Rules that are not kept yet -------------------------------------------------------------------------------


def test_not_supported_needs_the_year_that_is_judged():
    # 2017 is the year to judge; that 2016 fails does not show that 2017 would have failed.
    assert decided(made(), told(2016, HELD, False)).when_written.word == "not testable"
    assert decided(made(), told(2017, HELD, None), told(2016, HELD, False)).when_written.word == "not testable"


def test_an_edition_that_came_out_early_is_this_years():
    # NATO's edition of 2024 is dated 17 June, SIPRI's of 2026 27 April: both days before the calendar's.
    choice = chosen(told(2017, "2018-06-17", True), told(2017, LATER, False))
    assert (choice.basis, choice.evaluation.released) == ("held", "2018-06-17")


def test_a_named_year_that_was_not_told_yet_is_not_testable_when_written():
    # Written in August 2018, told on 1 July 2019: nobody could have known, and no later release may say so.
    assert decided(made(year=2018), told(2018, LATER, True)).when_written.word == "not testable"


def test_a_pledge_whose_year_was_not_told_yet_is_not_judged_when_written():
    claim = pledge(2017, dated=dt.date(2018, 3, 1))  # told on 1 July 2018
    assert decided(claim, told(2017, LATER, True)).when_written.word in ("not yet due", "not testable")


def test_an_outturn_is_not_shown_before_its_year_is_over():
    found = decided(pledge(2024), told(2024, "2024-06-17", False, "outturn"), as_of=dt.date(2024, 12, 31))
    assert found.now["outturn"] is None
