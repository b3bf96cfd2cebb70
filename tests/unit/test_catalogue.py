"""The catalogue: how releases are spelt, and that it is replaced in one step."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.errors import ClaimbookError
from analysis.snapshots import catalogue
from analysis.snapshots.catalogue import Limit, Release, Scope, SourceFile, day_of

X = "census.goods_exports"
years = st.sets(st.integers(1800, 2150), min_size=1, max_size=60).map(lambda found: tuple(sorted(found)))


def scope(periods, **more) -> Scope:
    return Scope(series=X, periods=periods, reporters=1, partners=2, observations=4, **more)


def release(released="2016-03-04", publisher="census", **more) -> Release:
    return Release(
        publisher=publisher, released=released, obtained="downloaded", files=(), scope=(scope((2015,)),), **more
    )


def entry(held: Release) -> dict:
    publisher = catalogue.publishers()[held.publisher]
    return catalogue.resource(held, publisher, size=3, sha256="0" * 64)


# Years


@given(years)
def test_years_are_spelt_in_runs_and_read_back(periods):
    told = scope(periods).model_dump(mode="json")
    assert isinstance(told["periods"], str)
    assert Scope.model_validate(told) == scope(periods)
    assert Scope.model_validate_json(json.dumps(told)).periods == periods


@given(st.permutations(list(range(2000, 2012))))
def test_the_order_of_years_does_not_change_their_spelling(periods):
    assert scope(tuple(periods)).model_dump()["periods"] == "2000-2011"


@pytest.mark.parametrize(
    ("periods", "told"),
    [((2015,), "2015"), ((2015, 2016), "2015-2016"), ((1960, 1961, 1962, 2019), "1960-1962,2019"),
     ((1985, 1987, 1989), "1985,1987,1989"), ((), "")],
)  # fmt: skip
def test_how_years_are_spelt(periods, told):
    assert scope(periods).model_dump()["periods"] == told
    assert Scope.model_validate({**scope(()).model_dump(), "periods": told}).periods == periods


@pytest.mark.parametrize("text", ["then", "2015-", "2015,,2016", "2015-then", "2015.5", "-2015"])
def test_years_that_are_not_understood_are_refused(text):
    with pytest.raises(ValidationError, match="periods"):
        Scope.model_validate({**scope(()).model_dump(), "periods": text})


# Limits


@given(years, years)
def test_a_year_can_be_ranked_unless_its_list_has_gaps_of_unknown_size(periods, limited):
    held = scope(periods, limits=(Limit(periods=limited),))
    for year in {*periods, *limited, 1799}:
        assert held.ranks(year) == (year in periods and year not in limited)


def test_a_list_cut_off_at_a_value_can_be_ranked():
    held = scope((2014, 2015), limits=(Limit(missing_below=9_000.0, periods=(2015,)),))
    assert held.ranks(2014)
    assert held.ranks(2015)
    assert held.limit(2014) is None
    assert held.limit(2015).missing_below == 9_000.0


def test_a_limit_without_years_holds_for_all():
    held = scope((2014, 2015), limits=(Limit(),))
    assert not held.ranks(2014)
    assert not held.ranks(2015)
    assert Scope.model_validate(held.model_dump(mode="json", exclude_none=True)) == held


def test_a_limit_of_nought_is_not_the_same_as_no_limit():
    held = scope((2015,), limits=(Limit(missing_below=0.0),))
    assert held.ranks(2015)
    assert Scope.model_validate(held.model_dump(mode="json", exclude_none=True)) == held


# Days


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_a_day_is_that_day_and_a_month_its_last_day(day):
    assert day_of(day.isoformat()) == day
    month = day_of(f"{day:%Y-%m}")
    assert (month.year, month.month) == (day.year, day.month)
    assert (month + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize(("released", "day"), [("2020-02", 29), ("2021-02", 28), ("2000-02", 29), ("1900-02", 28)])
def test_february_ends_on_its_own_last_day(released, day):
    assert day_of(released).day == day


@pytest.mark.parametrize(
    "released",
    [
        "", "2020", "2020-13", "2020-00", "2020-02-30", "2021-02-29", "2020-7-1", "20200701", "2020-W27", "2020-W27-3",
        "2020-07-01T00:00", "2020- 7", "+202-07", "July 2020", "\u0662\u0660\u0662\u0660-07", "2020-07-01\n", "0000-07",
    ],
)  # fmt: skip
def test_what_is_not_a_date_is_named_and_shown_how_to_write(released):
    with pytest.raises(ClaimbookError, match=r"is not a date; write YYYY-MM-DD, or YYYY-MM") as error:
        day_of(released)
    assert repr(released) in str(error.value)


def test_a_release_counts_from_its_day_and_is_kept_under_its_name():
    held = release("2020-07", publisher="bea")
    assert held.day == dt.date(2020, 7, 31)
    assert held.name == "bea-2020-07"
    assert held.path == "snapshots/bea/2020-07.parquet"
    assert held.scope_of(X).periods == (2015,)
    assert held.scope_of("census.goods_imports") is None


def test_a_release_knows_no_field_but_its_own():
    with pytest.raises(ValidationError, match="colour"):
        release(colour="red")
    with pytest.raises(ValidationError, match="sha256"):
        SourceFile(name="a", bytes=1, sha256="abc")


# The file


def test_what_is_written_is_read_back_oldest_first(tmp_path):
    held = [release("2016-03"), release("2016-03-04"), release("2015-12-31"), release("2016-03-31", publisher="bea")]
    catalogue.replace(tmp_path / catalogue.FILE, catalogue.text([entry(one) for one in held]))
    assert [one.name for one in catalogue.releases(tmp_path)] == [
        "census-2015-12-31", "census-2016-03-04", "bea-2016-03-31", "census-2016-03",
    ]  # fmt: skip


def test_the_order_in_which_releases_come_does_not_change_the_file(tmp_path):
    entries = [entry(release(f"2016-03-0{day}")) for day in range(1, 6)]
    catalogue.replace(tmp_path / "one" / catalogue.FILE, catalogue.text(entries))
    catalogue.replace(tmp_path / "other" / catalogue.FILE, catalogue.text(entries[::-1]))
    assert (tmp_path / "one" / catalogue.FILE).read_bytes() == (tmp_path / "other" / catalogue.FILE).read_bytes()


def test_a_folder_without_a_catalogue_holds_nothing(tmp_path):
    assert catalogue.read(tmp_path) == {}
    assert catalogue.releases(tmp_path) == []


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{}", b"[]", b'{"resources": {}}', b"null"])
def test_a_catalogue_that_is_none_says_so(tmp_path, content):
    (tmp_path / catalogue.FILE).write_bytes(content)
    with pytest.raises(ClaimbookError, match=r"datapackage.json is not .*restore it from version control"):
        catalogue.read(tmp_path)


@pytest.mark.parametrize(
    "spoilt",
    [{"release": None}, {"release": {}}, {"release": {"publisher": "census", "released": "2016-03"}}, "text", None, 3],
)
def test_a_faulty_entry_is_named(tmp_path, spoilt):
    wrong = {**entry(release()), **spoilt} if isinstance(spoilt, dict) else spoilt
    (tmp_path / catalogue.FILE).write_text(json.dumps({"resources": [wrong]}), encoding="utf-8")
    name = "'census-2016-03-04'" if isinstance(spoilt, dict) else repr(spoilt)
    with pytest.raises(ClaimbookError, match=f"datapackage.json, resource {name}"):
        catalogue.releases(tmp_path)


def test_a_date_that_no_calendar_has_is_a_faulty_entry(tmp_path):
    catalogue.replace(tmp_path / catalogue.FILE, catalogue.text([entry(release("2016-02-30"))]))
    with pytest.raises(ClaimbookError, match="'2016-02-30' is not a date"):
        catalogue.releases(tmp_path)


def test_a_resource_says_whose_it_is_and_on_which_terms():
    told = entry(release(addresses=("https://www.census.gov/country.xlsx",)))
    assert told["sources"] == [{"title": "US Census Bureau", "path": "https://www.census.gov/country.xlsx"}]
    assert told["licenses"][0]["name"] == "us-government-work"
    assert [field["name"] for field in told["schema"]["fields"]] == [
        "series", "reporter", "partner", "period", "value", "unit", "flag",
    ]  # fmt: skip
    assert entry(release())["sources"][0]["path"].startswith("https://")


# Replacing a file


def test_a_file_is_replaced_as_a_whole_and_can_be_read_by_all(tmp_path):
    path = tmp_path / "deep" / "file"
    for content in (b"one", b"the other"):
        catalogue.replace(path, content)
        assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("breaking", ["fsync", "replace"])
def test_a_fault_while_writing_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, breaking):
    path = tmp_path / "file"
    catalogue.replace(path, b"old")

    def fails(*_args, **_more):
        raise OSError("no space left")

    if breaking == "fsync":
        monkeypatch.setattr(os, "fsync", fails)
    else:
        monkeypatch.setattr(catalogue.Path, "replace", fails)
    with pytest.raises(OSError, match="no space left"):
        catalogue.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_content_is_on_the_disk_before_it_takes_the_place_of_the_old(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, catalogue.Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append("fsync"), fsync(handle))[1])
    monkeypatch.setattr(catalogue.Path, "replace", lambda *path: (steps.append("replace"), replace(*path))[1])
    catalogue.replace(tmp_path / "file", b"new")
    assert steps == ["fsync", "replace", "fsync"]  # the folder's entry last
