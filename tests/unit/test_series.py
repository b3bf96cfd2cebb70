"""The register of series, and the calendar that says when a year is first told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis import series as room
from analysis.errors import ClaimbookError
from analysis.series import Calendar, Series, register, series

days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
calendars = st.builds(
    lambda after, day: Calendar(years_after=after, month=day.month, day=day.day),
    st.integers(0, 5),
    st.dates(dt.date(2001, 1, 1), dt.date(2001, 12, 31)),
)
MARCH = Calendar(years_after=1, month=3, day=6)
SUMMER = Calendar(years_after=0, month=7, day=1)
CONCEPT = "What is measured, and on which basis."


# When a year is first told


def test_a_figure_is_told_on_its_day_so_many_years_after():
    assert MARCH.first_told(2017) == dt.date(2018, 3, 6)
    assert SUMMER.first_told(2017) == dt.date(2017, 7, 1)


@pytest.mark.parametrize(
    ("day", "year"),
    [("2018-03-05", 2016), ("2018-03-06", 2017), ("2018-12-31", 2017), ("2019-01-01", 2017), ("2020-02-29", 2018)],
)
def test_the_newest_full_year_changes_on_the_day_it_is_due(day, year):
    assert MARCH.newest(dt.date.fromisoformat(day)) == year


@pytest.mark.parametrize("day", ["2018-01-01", "2018-06-30", "2018-07-01", "2018-12-31"])
def test_a_running_year_is_not_full_although_an_estimate_of_it_is_out(day):
    assert SUMMER.newest(dt.date.fromisoformat(day)) == 2017


def test_a_series_told_years_later_is_that_much_older():
    assert Calendar(years_after=5, month=12, day=31).newest(dt.date(2020, 12, 30)) == 2014
    assert Calendar(years_after=5, month=12, day=31).newest(dt.date(2020, 12, 31)) == 2015


@given(calendars, days)
def test_the_newest_year_was_due_and_the_next_was_not(calendar, day):
    newest = calendar.newest(day)
    assert calendar.first_told(newest) <= day
    assert newest < day.year
    assert newest + 1 == day.year or calendar.first_told(newest + 1) > day


@given(calendars, days, days)
def test_time_never_takes_a_year_back(calendar, one, other):
    early, late = sorted((one, other))
    assert calendar.newest(early) <= calendar.newest(late)
    assert calendar.last_edition(early) <= calendar.last_edition(late)


@given(calendars, st.integers(1900, 2100))
def test_a_later_year_is_told_a_year_later(calendar, year):
    first, next_ = calendar.first_told(year), calendar.first_told(year + 1)
    assert (next_.year - first.year, next_.month, next_.day) == (1, first.month, first.day)


@given(calendars, days)
def test_the_last_edition_is_the_newest_that_was_due(calendar, day):
    last = calendar.last_edition(day)
    assert last <= day
    assert (last.month, last.day) == (calendar.month, calendar.day)
    assert dt.date(last.year + 1, last.month, last.day) > day


def test_the_last_edition_on_leap_days_and_around_its_own_day():
    end = Calendar(years_after=1, month=2, day=28)
    assert end.last_edition(dt.date(2020, 2, 29)) == dt.date(2020, 2, 28)
    assert end.last_edition(dt.date(2020, 2, 27)) == dt.date(2019, 2, 28)
    assert end.newest(dt.date(2020, 2, 28)) == end.newest(dt.date(2020, 2, 29)) == 2019
    assert MARCH.last_edition(dt.date(2018, 3, 6)) == dt.date(2018, 3, 6)
    assert MARCH.last_edition(dt.date(2018, 3, 5)) == dt.date(2017, 3, 6)


@pytest.mark.parametrize(("month", "day"), [(2, 29), (2, 30), (4, 31), (13, 1), (0, 1), (1, 0), (1, 32)])
def test_a_day_that_not_every_year_has_is_refused_when_it_is_declared(month, day):
    with pytest.raises(ValidationError):
        Calendar(years_after=1, month=month, day=day)


@pytest.mark.parametrize("after", [-1, 6])
def test_a_figure_before_its_year_or_long_after_is_refused(after):
    with pytest.raises(ValidationError, match="years_after"):
        Calendar(years_after=after, month=1)


def test_the_first_of_the_month_unless_told_otherwise():
    assert Calendar(years_after=1, month=4).first_told(2020) == dt.date(2021, 4, 1)


# One series


def a_series(**more) -> Series:
    about = {
        "id": "nato.share", "publisher": "nato", "title": "Share", "unit": "% of GDP", "concept": CONCEPT,
        "code": "Table 3", "kind": "share", "by": "reporter", "calendar": {"years_after": 0, "month": 7},
    }  # fmt: skip
    return Series(**{**about, **more})


def test_a_unit_is_matched_to_the_letter():
    assert a_series().unit_matches("% of GDP")
    for other in ("% of gdp", "x% of GDP", "% of GDP ", "% of GDPx", "", "Xof GDP"):
        assert not a_series().unit_matches(other)


def test_the_base_year_of_constant_prices_may_move():
    constant = a_series(unit="million USD, constant {base_year} prices (2.0)")
    assert constant.unit_matches("million USD, constant 2015 prices (2.0)")
    assert constant.unit_matches("million USD, constant 2021 prices (2.0)")
    for other in ("15", "20155", "{base_year}", "year"):
        assert not constant.unit_matches(f"million USD, constant {other} prices (2.0)")
    assert not constant.unit_matches("million USD, constant 2015 prices (2x0)")


@pytest.mark.parametrize("identifier", ["nato", "NATO.share", "nato.", ".share", "nato.share gdp", "nato/share", ""])
def test_an_id_is_publisher_dot_name(identifier):
    with pytest.raises(ValidationError, match=r"publisher\.name"):
        a_series(id=identifier)


@pytest.mark.parametrize("field", [{"kind": "level"}, {"by": "country"}, {"concept": "short"}, {"colour": "red"}])
def test_a_series_is_declared_in_the_words_there_are(field):
    with pytest.raises(ValidationError, match=next(iter(field))):
        a_series(**field)


# The register


def test_every_series_declared_is_found_under_its_publisher():
    for identifier, entry in register().items():
        assert series(identifier) is entry
        assert identifier == entry.id
        assert identifier.startswith(f"{entry.publisher}.")


def test_an_unknown_series_is_told_with_the_nearest():
    with pytest.raises(ClaimbookError, match=r"unknown series 'census.goods_export'; near: census\.goods_exports"):
        series("census.goods_export")
    with pytest.raises(ClaimbookError, match="unknown series 'q'$"):
        series("q")


@pytest.fixture
def declared(monkeypatch, tmp_path):
    """Read the register from the test's own file; the real one is read anew afterwards."""

    def declare(text: str) -> dict[str, Series]:
        (tmp_path / "nato.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(room, "data", lambda *parts: tmp_path)
        register.cache_clear()
        return register()

    yield declare
    monkeypatch.undo()
    register.cache_clear()


def test_defaults_hold_for_every_series_that_says_nothing_else(declared):
    found = declared(
        "defaults: {by: reporter, kind: share, unit: '% of GDP', calendar: {years_after: 0, month: 7}}\n"
        f"series:\n  one: &one {{title: One, concept: '{CONCEPT}', code: a}}\n  two: {{<<: *one, kind: rate}}\n"
    )
    assert [(entry.id, entry.kind, entry.unit) for entry in found.values()] == [
        ("nato.one", "share", "% of GDP"),
        ("nato.two", "rate", "% of GDP"),
    ]


def test_a_faulty_declaration_names_file_series_and_field(declared):
    with pytest.raises(ClaimbookError, match=r"data/series/nato.yaml, one: (.|\n)*calendar"):
        declared("series:\n  one: {title: One, code: a, kind: share, by: reporter, unit: USD}\n")


def test_a_calendar_with_an_impossible_day_is_a_faulty_declaration(declared):
    with pytest.raises(ClaimbookError, match="nato.yaml, one: (.|\n)*no day 31 in month 4"):
        declared(
            f"series:\n  one: {{title: One, code: a, kind: share, by: reporter, unit: USD, concept: '{CONCEPT}', "
            "calendar: {years_after: 1, month: 4, day: 31}}\n"
        )
