"""Cautions: what is odd about a release beside the ones before it, told by its name, its series and its place."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import observations
from analysis.publishers import Partial
from analysis.snapshots import ingest
from analysis.snapshots.catalogue import Release
from analysis.snapshots.guard import cautions
from analysis.snapshots.store import Store

GDP, SHARE = "worldbank.NY.GDP.MKTP.CD", "worldbank.NE.EXP.GNFS.ZS"
COUNTRIES = ("BEL", "NLD", "FRA", "DEU", "ITA", "ESP", "POL", "SWE", "DNK", "FIN")


def gdp(years=range(2015, 2021), *, of=COUNTRIES, times: float = 1.0) -> dict:
    """GDP of ten countries, each with growth of its own, so that no two figures are alike."""
    return {
        (code, ""): {year: times * 1e11 * (number + 1) * 1.03 ** (year - 2015) for year in years}
        for number, code in enumerate(of)
    }


@pytest.fixture
def compared(shelf, figures):
    """What is odd about figures released on a day, beside those of March 2021."""

    def compare(told: dict, *, before: dict | None = None, released: str = "2021-10-01", series: str = GDP):
        rows = figures(series, gdp() if before is None else before)
        first = shelf.add("worldbank", "2021-03-01", rows, obtained="downloaded")
        assert first.scope_of(series)
        frame = observations.make(figures(series, told))
        release = Release(
            publisher="worldbank", released=released, obtained="downloaded", files=(), scope=ingest.scope_of(frame, ())
        )
        return cautions(release, frame, Store(shelf.folder))

    return compare


def names(found) -> list[str]:
    return [caution.name for caution in found]


def test_the_same_figures_a_year_on_are_not_odd(compared):
    assert compared(gdp(range(2015, 2022)), released="2022-03-01") == []


def test_ordinary_revisions_are_not_odd(compared):
    revised = {key: {year: value * 1.07 for year, value in told.items()} for key, told in gdp().items()}
    assert compared(revised) == []


def test_a_window_of_years_that_moves_on_is_not_odd(compared):
    assert compared(gdp(range(2017, 2022)), released="2022-03-01") == []


@pytest.mark.parametrize("times", [10.0, 100.0, 1000.0, 0.1, 0.001])
def test_a_series_that_is_a_power_of_ten_too_large(compared, times):
    (found,) = compared(gdp(times=times))
    assert (found.name, found.series) == ("values-jump", GDP)
    assert "half of its figures" in found.text and "2021-03-01" in found.text


def test_one_figure_a_thousand_times_too_large_is_named_with_its_place(compared):
    told = gdp()
    told["BEL", ""][2019] *= 1000
    (found,) = compared(told)
    assert found.name == "values-jump" and "BEL 2019" in found.text and "2021-03-01" in found.text


def test_a_small_figure_may_well_be_ten_times_another(compared):
    before = gdp() | {("TUV", ""): dict.fromkeys(range(2015, 2021), 1e6)}
    told = gdp() | {("TUV", ""): {**before["TUV", ""], 2020: 1e7}}
    assert compared(told, before=before) == []


def test_a_newest_year_a_thousand_times_the_year_before(compared):
    told = gdp()
    for key, more in gdp(range(2021, 2022), times=1000).items():
        told[key] |= more
    (found,) = compared(told, released="2022-03-01")
    assert found.name == "values-jump" and "2021" in found.text and "2020" in found.text


def test_a_figure_that_was_or_is_nought_does_not_jump(compared):
    before, told = gdp(), gdp()
    before["BEL", ""][2019] = 0.0
    told["NLD", ""][2019] = 0.0
    assert compared(told, before=before) == []


def test_a_lost_country_is_named(compared):
    found = compared(gdp(of=COUNTRIES[:-1]))
    assert names(found) == ["countries-lost"] and found[0].text.startswith("FIN, which")


def test_a_list_of_some_members_may_lose_one_all_the_same(shelf, figures):
    shelf.add("worldbank", "2021-03-01", figures(GDP, gdp()), partial=[Partial(GDP)], obtained="downloaded")
    frame = observations.make(figures(GDP, gdp(of=COUNTRIES[:-1])))
    release = Release(
        publisher="worldbank",
        released="2021-10-01",
        obtained="downloaded",
        files=(),
        scope=ingest.scope_of(frame, [Partial(GDP)]),
    )
    assert names(cautions(release, frame, Store(shelf.folder))) == ["countries-lost"]


def test_a_country_lost_in_one_year_only_is_no_lost_country(compared):
    told = gdp()
    del told["FIN", ""][2016]
    assert compared(told) == []


def test_a_year_with_far_fewer_gdp(compared):
    told = gdp()
    for code in COUNTRIES[:3]:
        del told[code, ""][2018]
    (found,) = compared(told)
    assert found.name == "coverage-collapsed" and found.text.startswith("2018: 7 figures, where")
    assert found.text.endswith("had 10")


def test_lost_years_are_named(compared):
    told = {key: {year: value for year, value in row.items() if year not in (2018, 2020)} for key, row in gdp().items()}
    found = compared(told)
    assert names(found) == ["years-lost"] and found[0].text.startswith("2018, 2020, which")


def test_a_year_that_has_not_come(compared):
    told = gdp()
    told["BEL", ""][2090] = 1e12
    assert names(compared(told)) == ["future-year"]


def test_projections_may_tell_years_to_come_where_they_did_before(shelf, figures):
    series = "unpop.population"
    shelf.add("unpop", "2019-06-17", figures(series, {("BEL", ""): {2019: 11.5e6, 2100: 12e6}}))
    for last, odd in ((2100, []), (2102, []), (2150, ["future-year"])):
        frame = observations.make(figures(series, {("BEL", ""): {2019: 11.5e6, 2100: 12e6, last: 12e6}}))
        release = Release(
            publisher="unpop", released="2022-07-11", obtained="downloaded", files=(), scope=ingest.scope_of(frame, ())
        )
        ahead = last - 2022 > 2100 - 2019
        assert names(cautions(release, frame, Store(shelf.folder))) == (odd if ahead else [])


def test_a_date_that_goes_backwards(compared):
    found = compared(gdp(), released="2020-12-01")
    assert names(found) == ["date-backwards"] and "2021-03-01" in found[0].text


def test_a_lost_series(shelf, figures):
    both = [*figures(GDP, gdp()), *figures(SHARE, {("BEL", ""): {2019: 82.0}})]
    shelf.add("worldbank", "2021-03-01", both, obtained="downloaded")
    third = "worldbank.NE.IMP.GNFS.ZS"
    frame = observations.make([*figures(GDP, gdp()), *figures(third, {("BEL", ""): {2019: 81.0}})])
    release = Release(
        publisher="worldbank", released="2021-10-01", obtained="downloaded", files=(), scope=ingest.scope_of(frame, ())
    )
    # Half of the two series is not more than half: another product of the same publisher.
    assert cautions(release, frame, Store(shelf.folder)) == []
    shelf.add("worldbank", "2021-04-01", [*both, *figures(third, {("BEL", ""): {2019: 81.0}})], obtained="downloaded")
    (found,) = cautions(release, frame, Store(shelf.folder))
    assert (found.name, found.series) == ("series-lost", SHARE)


def test_suppressed_figures_neither_jump_nor_are_lost(shelf, figures):
    series = "bea.fdi_position_foreign_parent"
    told = {("USA", code): {2015: 100.0 * (n + 1), 2016: 120.0 * (n + 1)} for n, code in enumerate(COUNTRIES)}
    shelf.add("bea", "2020-07-01", figures(series, told))
    told["USA", "BEL"][2016] = None
    frame = observations.make(figures(series, told))
    assert np.isnan(frame["value"]).sum() == 1
    release = Release(
        publisher="bea", released="2021-07", obtained="downloaded", files=(), scope=ingest.scope_of(frame, ())
    )
    assert cautions(release, frame, Store(shelf.folder)) == []


def test_without_anything_held_nothing_is_odd(figures):
    frame = observations.make(figures(GDP, gdp(times=1000) | {("BEL", ""): {2015: 1e12, 2090: 1e12}}))
    release = Release(
        publisher="worldbank", released="2021-10-01", obtained="downloaded", files=(), scope=ingest.scope_of(frame, ())
    )
    assert cautions(release, frame, None) == []
