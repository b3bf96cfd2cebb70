"""The store: figures as they stood on a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ClaimbookError
from analysis.publishers import Partial
from analysis.snapshots.store import Store

X, M, SHARE = "census.goods_exports", "census.goods_imports", "nato.defence_expenditure_share_gdp"
DAY = dt.date(2100, 1, 1)


def values(edition, series=X, **more) -> dict[tuple[str, int], tuple[float, str]]:
    """Value and release of each partner and year."""
    frame = edition.figures(series, **more)
    told = {(row.partner, row.period): (row.value, row.released) for row in frame.itertuples()}
    assert len(told) == len(frame)
    return told


def exports(figures, **partners):
    return figures(X, {("USA", partner): years for partner, years in partners.items()})


# Which release tells which year


def test_the_newest_release_by_a_day_tells_each_year(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2013: 1.0, 2014: 2.0}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2013: 1.5, 2014: 2.5, 2015: 3.5}))
    store = shelf.store()
    old, new = "2015-03-05", "2016-03-04"
    assert values(store.as_of(dt.date(2016, 3, 3))) == {("BEL", 2013): (1.0, old), ("BEL", 2014): (2.0, old)}
    assert values(store.as_of(dt.date(2016, 3, 4))) == {
        ("BEL", 2013): (1.5, new), ("BEL", 2014): (2.5, new), ("BEL", 2015): (3.5, new),
    }  # fmt: skip


def test_a_year_outside_the_newer_releases_scope_is_still_told_by_the_older(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2012: 1.0, 2013: 1.0, 2014: 2.0}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2014: 2.5, 2015: 3.5}))
    told = values(shelf.store().as_of(DAY))
    assert {year: value for (_, year), value in told.items()} == {
        2012: (1.0, "2015-03-05"), 2013: (1.0, "2015-03-05"), 2014: (2.5, "2016-03-04"), 2015: (3.5, "2016-03-04"),
    }  # fmt: skip


def test_a_year_in_the_scope_is_told_by_the_newer_release_alone(shelf, figures):
    """A partner that the newer release leaves out in a year that it tells is not filled from the older one."""
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}, NLD={2014: 9.0}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2014: 2.5}))
    assert values(shelf.store().as_of(DAY)) == {("BEL", 2014): (2.5, "2016-03-04")}


def test_a_series_that_a_newer_release_does_not_carry_stays(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}))
    shelf.add("census", "2016-03-04", figures(M, {("USA", "BEL"): {2014: 5.0}}))
    edition = shelf.store().as_of(DAY)
    assert values(edition) == {("BEL", 2014): (2.0, "2015-03-05")}
    assert values(edition, M) == {("BEL", 2014): (5.0, "2016-03-04")}


def test_a_release_of_a_month_counts_from_its_last_day(shelf, figures):
    shelf.add("census", "2016-02", exports(figures, BEL={2015: 1.0}))
    shelf.add("census", "2016-02-10", exports(figures, BEL={2015: 2.0}))
    store = shelf.store()
    assert values(store.as_of(dt.date(2016, 2, 28))) == {("BEL", 2015): (2.0, "2016-02-10")}
    assert values(store.as_of(dt.date(2016, 2, 29))) == {("BEL", 2015): (1.0, "2016-02")}


def test_before_everything_nothing_is_known(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}))
    edition = shelf.store().as_of(dt.date(1, 1, 1))
    assert edition.years(X) == {}
    assert edition.figures(X).empty
    assert list(edition.figures(X)) == ["reporter", "partner", "period", "value", "unit", "flag", "released"]


def test_a_series_that_nobody_carries_has_no_figures(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}))
    store = shelf.store()
    assert store.carrying(M) == ()
    assert store.as_of(DAY).figures(M).empty
    assert store.figures(store.releases[0], M).empty


@st.composite
def histories(draw):
    """Releases on different days, each with the years it tells."""
    days = draw(st.lists(st.dates(dt.date(2010, 1, 1), dt.date(2012, 12, 31)), min_size=1, max_size=5, unique=True))
    return {day: draw(st.sets(st.integers(2000, 2008), min_size=1)) for day in days}


@settings(max_examples=25)
@given(history=histories(), day=st.dates(dt.date(2009, 1, 1), dt.date(2013, 12, 31)))
def test_each_year_is_told_by_the_newest_release_that_has_it(history, day, tmp_path_factory, shelf_at, figures):
    shelf = shelf_at(tmp_path_factory.mktemp("history"))
    for released, years in history.items():
        shelf.add("census", released.isoformat(), exports(figures, BEL=dict.fromkeys(years, released.toordinal())))
    wanted = {}
    for released in sorted(history):
        if released <= day:
            wanted |= dict.fromkeys(history[released], released)
    edition = shelf.store().as_of(day)
    assert {year: release.day for year, release in edition.years(X).items()} == wanted
    assert list(edition.years(X)) == sorted(wanted)
    told = {year: (value, release) for (_, year), (value, release) in values(edition).items()}
    assert told == {year: (released.toordinal(), released.isoformat()) for year, released in wanted.items()}


# What can be ranked


def test_a_partial_release_tells_a_value_and_no_rank(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}, NLD={2014: 3.0}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2014: 2.5, 2015: 3.5}), [Partial(X)])
    edition = shelf.store().as_of(DAY)
    assert {year: release.released for year, release in edition.years(X).items()} == dict.fromkeys(
        (2014, 2015), "2016-03-04"
    )
    assert {year: release.released for year, release in edition.years(X, ranked=True).items()} == {2014: "2015-03-05"}
    assert values(edition, ranked=True) == {("BEL", 2014): (2.0, "2015-03-05"), ("NLD", 2014): (3.0, "2015-03-05")}


def test_a_list_cut_off_at_a_value_does_rank(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}, NLD={2014: 3.0}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2014: 2.5}), [Partial(X, missing_below=2.0)])
    assert values(shelf.store().as_of(DAY), ranked=True) == {("BEL", 2014): (2.5, "2016-03-04")}


def test_a_release_can_be_partial_in_some_years_only(shelf, figures):
    listed = exports(figures, BEL={2013: 1.0, 2014: 2.0, 2015: 3.0})
    shelf.add("census", "2016-03-04", listed, [Partial(X, None, (2013, 2014))])
    edition = shelf.store().as_of(DAY)
    assert list(edition.years(X)) == [2013, 2014, 2015]
    assert list(edition.years(X, ranked=True)) == [2015]


# Reading


def test_suppressed_and_flagged_figures_come_as_they_are(shelf, figures):
    shelf.add("nato", "2016-01-28", figures(SHARE, {("BEL", ""): {2013: 1.01, 2014: (0.97, "estimate"), 2015: None}}))
    frame = shelf.store().as_of(DAY).figures(SHARE)
    assert frame["value"].tolist()[:2] == [1.01, 0.97]
    assert frame["value"].isna().tolist() == [False, False, True]
    assert frame["flag"].tolist() == ["", "estimate", "suppressed"]
    assert frame["unit"].unique().tolist() == ["% of GDP"]
    assert frame["partner"].unique().tolist() == [""]


def test_a_list_of_some_members_withdraws_nobody(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2013: 1.0, 2014: 2.0}, NLD={2013: 3.0, 2014: 4.0}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2014: 2.5}), [Partial(X)])
    shelf.add("census", "2017-03-07", exports(figures, DEU={2014: 5.0}), [Partial(X)])
    edition = shelf.store().as_of(DAY)
    old = "2015-03-05"
    assert values(edition) == {
        ("BEL", 2013): (1.0, old), ("NLD", 2013): (3.0, old), ("NLD", 2014): (4.0, old),
        ("BEL", 2014): (2.5, "2016-03-04"), ("DEU", 2014): (5.0, "2017-03-07"),
    }  # fmt: skip
    # A rank is told by one release, which names everybody.
    assert {released for _, released in values(edition, ranked=True).values()} == {old}
    assert len(values(edition, ranked=True)) == 4


def test_a_full_list_withdraws_whom_it_does_not_name(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}, NLD={2014: 4.0}))
    shelf.add("census", "2016-03-04", exports(figures, NLD={2014: 4.5}))
    assert values(shelf.store().as_of(DAY)) == {("NLD", 2014): (4.5, "2016-03-04")}


def test_the_days_of_several_series_are_told_once_each_in_order(shelf, figures):
    shelf.add("census", "2016-03-04", exports(figures, BEL={2015: 1.0}))
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 1.0}) + figures(M, {("USA", "BEL"): {2014: 1.0}}))
    shelf.add("census", "2017-03", figures(M, {("USA", "BEL"): {2016: 1.0}}))
    store = shelf.store()
    days = [dt.date(2015, 3, 5), dt.date(2016, 3, 4), dt.date(2017, 3, 31)]
    assert store.days([X, M]) == days
    assert store.days([X]) == days[:2]
    assert store.days([X, M], until=dt.date(2017, 3, 30)) == days[:2]
    assert store.days(["census.none"]) == store.days([]) == []
    assert store.newest == days[-1]


def test_a_folder_without_releases_is_no_store(tmp_path):
    with pytest.raises(ClaimbookError, match=r"lists no release; ingest one with `claimbook data ingest`"):
        Store(tmp_path)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_a_missing_or_damaged_snapshot_is_named_with_a_remedy(shelf, figures, spoil):
    release = shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}))
    spoil(shelf.folder / release.path)
    with pytest.raises(ClaimbookError, match=r"cannot read snapshots/census/2015-03-05.parquet.*claimbook data verify"):
        shelf.store().as_of(DAY).figures(X)


def test_two_stores_do_not_see_each_others_figures(tmp_path, shelf_at, figures):
    for name, value in (("one", 1.0), ("other", 2.0)):
        shelf_at(tmp_path / name).add("census", "2015-03-05", exports(figures, BEL={2014: value}))
    told = [values(Store(tmp_path / name).as_of(DAY))["BEL", 2014][0] for name in ("one", "other")]
    assert told == [1.0, 2.0]


def test_what_a_reader_does_to_a_frame_stays_with_the_reader(shelf, figures):
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}))
    edition = shelf.store().as_of(DAY)
    frame = edition.figures(X)
    frame.assign(value=0.0)
    frame[frame["partner"] == "BEL"].rename(columns={"period": "year"})
    assert values(edition) == {("BEL", 2014): (2.0, "2015-03-05")}
