"""Known errors: left out or noted, guarded by what the publisher tells, and only in the releases that have them."""

from __future__ import annotations

import pytest

from analysis import source_page
from analysis.errors import ClaimbookError
from analysis.models import validated
from analysis.snapshots import errata, guard
from analysis.snapshots.errata import Erratum
from analysis.snapshots.store import Store, store
from analysis.snapshots.verify import verify

GDP = "worldbank.NY.GDP.MKTP.CD"


def an_error(**fields) -> dict:
    return {
        "id": "bel-gdp", "series": GDP, "reporter": "BEL", "periods": "2015-2016", "since": "worldbank-2021-03-01",
        "wrong": "Ten times too high.", "shown_by": "Another source.", "reported": "Not yet.", "action": "left out",
        "expect": {"period": 2016, "value": 20.0}, **fields,
    }  # fmt: skip


@pytest.fixture
def register(monkeypatch):
    """Put errors into the register."""

    def put(*entries: dict) -> None:
        known = {entry["id"]: Erratum.model_validate(entry) for entry in entries}
        monkeypatch.setattr(errata, "errata", lambda: known)
        errata._by_series.cache_clear()

    yield put
    errata._by_series.cache_clear()


@pytest.fixture
def held(shelf, figures):
    """Three releases that tell Belgium's and France's product of 2015 to 2017; the last has other figures for Belgium."""
    for released, belgium in (("2020-03-01", 2.0), ("2021-03-01", 20.0), ("2022-03-01", 2.0)):
        told = {("BEL", ""): dict.fromkeys((2015, 2016, 2017), belgium), ("FRA", ""): dict.fromkeys((2015, 2016), 9.0)}
        shelf.add("worldbank", released, figures(GDP, told))
    return shelf.folder


def years(folder, released: str, reporter: str = "BEL") -> list[int]:
    held = Store(folder)
    release = next(entry for entry in held.releases if entry.released == released)
    frame = held.figures(release, GDP)
    return sorted(frame.loc[frame["reporter"] == reporter, "period"])


def test_what_is_left_out_is_as_if_it_had_not_been_told(register, held):
    register(an_error(mended="worldbank-2022-03-01"))
    assert years(held, "2021-03-01") == [2017] and years(held, "2021-03-01", "FRA") == [2015, 2016]
    # Neither the release before has it nor the one that mends it.
    assert years(held, "2020-03-01") == years(held, "2022-03-01") == [2015, 2016, 2017]
    # As of that day the release before tells those years no longer: the newer one is what stands for them.
    edition = Store(held).as_of(Store(held).releases[1].day)
    assert 2016 not in edition.told(GDP) or "BEL" not in edition.told(GDP)[2016]


def test_the_snapshot_stays_as_it_came(register, held):
    register(an_error(mended="worldbank-2022-03-01"))
    whole = Store(held)
    assert len(whole.told(whole.releases[1], GDP)) == 5
    assert all(not problems for _, problems in verify(held))


def test_what_is_noted_stays(register, held):
    register(an_error(mended="worldbank-2022-03-01", action="noted"))
    assert years(held, "2021-03-01") == [2015, 2016, 2017]


def test_an_error_that_stands_is_left_out_of_every_later_release(register, held):
    register(an_error())
    assert years(held, "2021-03-01") == years(held, "2022-03-01") == [2017]


def test_the_guard_fails_once_the_publisher_mends_it(register, held):
    register(an_error())
    ((name, told),) = errata.problems(Store(held))
    assert name == "bel-gdp"
    assert told == (
        "worldbank-2022-03-01 tells 2 for 2016, no longer 20: the publisher has mended it; "
        "say so by `mended: worldbank-2022-03-01` in errata.yaml"
    )
    assert [name for name, problems in verify(held) if problems] == ["errata.yaml"]
    register(an_error(mended="worldbank-2022-03-01"))
    assert list(errata.problems(Store(held))) == []


def test_the_guard_fails_where_the_error_was_never_there(register, held):
    register(an_error(expect={"period": 2016, "value": 21.0}, mended="worldbank-2022-03-01"))
    assert [told for _, told in errata.problems(Store(held))] == ["worldbank-2021-03-01 does not tell 21 for 2016"]


def test_the_guard_fails_where_it_is_not_mended(register, held):
    register(
        an_error(since="worldbank-2020-03-01", expect={"period": 2016, "value": 2.0}, mended="worldbank-2022-03-01")
    )
    assert [told for _, told in errata.problems(Store(held))] == [
        "worldbank-2022-03-01 tells 2 still; it is not `mended` there"
    ]


def test_of_releases_that_are_not_held_nothing_is_said(register, held):
    register(an_error(since="worldbank-2019-03-01"), an_error(id="other", mended="worldbank-2030-03-01"))
    assert list(errata.problems(Store(held))) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"action": "forgotten"}, "action: Input should be 'left out' or 'noted'"),
        ({"expect": {"period": 2016}}, r"expect\.value: Field required"),
        ({"id": "Bel GDP"}, "id: String should match"),
        ({"wrong": ""}, "wrong: String should have at least 3"),
    ],
)
def test_a_faulty_entry_is_named(fields, told):
    with pytest.raises(ClaimbookError, match=rf"^errata\.yaml, bel-gdp: {told}"):
        validated(Erratum, an_error(**fields), "errata.yaml, bel-gdp")


# The book's own register


def test_every_error_of_the_book_stands_where_it_says():
    names = {release.name for release in store().releases}
    for entry in errata.errata().values():
        assert entry.since in names and (entry.mended or entry.since) in names
        assert entry.expect.period in entry.periods
        assert entry.series in {scope.series for release in store().releases for scope in release.scope}
    assert list(errata.problems(store())) == []
    assert len(errata.errata()) >= 9


def test_the_page_of_sources_tells_them():
    text = source_page.sources(store())
    assert text.count("Ten times too high") == 4 and "Belarus, 1992\u20132024" in text
    assert "mended by that of 27 April 2026" in text and "Austria, 2024" in text


def test_the_checks_of_a_refresh_would_have_found_sipri_s():
    """The edition of 2026 beside that of 2025 as it came: Belarus ten times, Sierra Leone a thousand times."""
    releases = {release.name: release for release in store().releases}
    new, old = releases["sipri-2026-04-27"], releases["sipri-2025-04-30"]
    for series, who in (
        ("sipri.military_expenditure_ncu_current", "BLR"),
        ("sipri.military_expenditure_share_government", "SLE"),
    ):
        told, before = store().told(new, series), store().told(old, series)
        mine = told["reporter"] == who
        found = guard._jumps(series, told[mine], old, before[before["reporter"] == who])
        assert [caution.name for caution in found] == ["values-jump"]
