"""Measures on regimes: classes of one publisher joined with figures of another, on small stores."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.errors import ClaimbookError
from analysis.measures import compute, frames

REGIME, FREEDOM, GDP = "vdem.regime", "freedomhouse.status", "worldbank.NY.GDP.MKTP.CD"
DAY = dt.date(2100, 1, 1)


def frame_of(shelf, name: str, *, day: dt.date = DAY, **inputs):
    frame = compute(name, shelf.store().as_of(day), country="WLD", partner="", inputs=inputs)
    assert list(frame) == frames.COLUMNS
    assert frame["year"].is_monotonic_increasing and frame["value"].notna().all()
    return frame


def told(shelf, name: str, **more) -> dict[int, tuple[float, int]]:
    """Value and universe by year."""
    return {row.year: (round(row.value, 6), row.universe) for row in frame_of(shelf, name, **more).itertuples()}


# What democracies make up


@pytest.fixture
def world(shelf, figures):
    """A democracy, two autocracies, a country without a class, one without a product, and two groups."""
    classes = {
        ("BEL", ""): {2018: 3.0, 2019: 2.0}, ("CHN", ""): {2018: 0.0, 2019: 0.0}, ("RUS", ""): {2018: 1.0, 2019: 1.0},
        ("TWN", ""): {2018: 3.0, 2019: 3.0}, ("EUU", ""): {2018: 3.0}, ("SUN", ""): {2018: 0.0},
    }  # fmt: skip
    product = {
        ("BEL", ""): {2018: 30.0, 2019: 30.0, 2020: 30.0}, ("CHN", ""): {2018: 60.0, 2019: 70.0},
        ("RUS", ""): {2018: 10.0, 2019: (20.0, "estimate")}, ("LIE", ""): {2018: 900.0}, ("EUU", ""): {2018: 500.0},
        ("TWN", ""): {2018: None}, ("WLD", ""): {2018: 5000.0},
    }  # fmt: skip
    shelf.add("vdem", "2020-03", figures(REGIME, classes))
    shelf.add("worldbank", "2020-07-01", figures(GDP, product))
    return shelf


def test_the_share_of_a_class_and_above(world):
    # 2018: 30 of 30 + 60 + 10; 2019: 30 of 30 + 70 + 20. Three countries have both class and product.
    assert told(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=2) == {2018: (30.0, 3), 2019: (25.0, 3)}
    # Class 1 and above: Russia too.
    assert told(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=1)[2018] == (40.0, 3)
    assert told(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=3) == {2018: (30.0, 3), 2019: (0.0, 3)}


def test_who_lacks_a_class_or_a_product_is_left_out_of_both(world):
    """Neither Liechtenstein's product nor Taiwan's class counts, nor any group's."""
    assert told(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=0) == {2018: (100.0, 3), 2019: (100.0, 3)}


def test_a_year_without_classes_has_no_row(world):
    assert 2020 not in told(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=2)


def test_a_share_of_a_class_names_its_unit_its_gravest_flag_and_its_newest_release(world):
    frame = frame_of(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=2)
    assert set(frame["unit"]) == {"% of all countries' GDP"}
    assert frame["flag"].tolist() == ["", "estimate"]
    assert set(frame["released"]) == {"2020-07-01"}
    assert frame["rank"].isna().all()


def test_only_what_was_released_by_then_is_joined(world):
    assert told(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=2, day=dt.date(2020, 6, 30)) == {}


def test_a_revised_class_moves_the_share(world, figures):
    world.add(
        "vdem",
        "2021-03",
        figures(REGIME, {("BEL", ""): {2019: 1.0}, ("CHN", ""): {2019: 0.0}, ("RUS", ""): {2019: 2.0}}),
    )
    frame = frame_of(world, "share_of_class", regime=REGIME, gdp=GDP, at_least=2)
    # 2019: now Russia alone, 20 of 120.
    assert frame["value"].tolist() == pytest.approx([30.0, 100 * 20 / 120])
    assert frame["released"].tolist() == ["2020-07-01", "2021-03"]


def test_products_of_nothing_have_no_share(shelf, figures):
    shelf.add("freedomhouse", "2020-03", figures(FREEDOM, {("BEL", ""): {2019: 2.0}}))
    shelf.add("worldbank", "2020-07-01", figures(GDP, {("BEL", ""): {2019: 0.0}}))
    assert told(shelf, "share_of_class", regime=FREEDOM, gdp=GDP, at_least=2) == {}


# Democracies that ended


@pytest.fixture
def europe(shelf, figures):
    """Between the wars: Belgium stays, Germany and Austria end, Spain begins later, Czechoslovakia vanishes."""
    classes = {
        "BEL": {1919: 2, 1925: 2, 1933: 2, 1939: 2}, "DEU": {1919: 2, 1925: 2, 1933: 0, 1939: 0},
        "AUT": {1919: 2, 1925: 2, 1933: 1}, "ESP": {1919: 1, 1925: 0, 1933: 2, 1939: 0},
        "CZE": {1925: 2, 1933: 2}, "HUN": {1919: 0, 1925: 1, 1933: 1, 1939: (1, "estimate")},
        "GBR": {1910: 2}, "USA": {1919: 2, 1939: 0},
    }  # fmt: skip
    shelf.add("vdem", "2024-03", figures(REGIME, {(code, ""): told for code, told in classes.items()}))
    return shelf


GIVEN = {"regime": REGIME, "at_least": 2, "since": 1919, "group": "EUROPE"}


def test_the_share_of_democracies_that_ended(europe):
    assert told(europe, "share_of_democracies_ended", **GIVEN) == {
        1925: (0.0, 3),  # Belgium, Germany and Austria since 1919, all still
        1933: (50.0, 4),  # with Czechoslovakia: Germany and Austria are none any more
        1939: (80.0, 5),  # with Spain, that was one in 1933: Belgium alone is left
    }


def test_a_state_that_vanished_is_no_democracy_any_more(europe):
    """Neither Austria nor Czechoslovakia is classed in 1939: both count, as ended."""
    ended = told(europe, "share_of_democracies_ended", **GIVEN)[1939]
    assert ended == (100 * 4 / 5, 5)


def test_the_first_year_has_no_democracies_before_it(europe):
    assert min(told(europe, "share_of_democracies_ended", **GIVEN)) == 1925


def test_years_before_the_one_named_do_not_count(europe):
    """The United Kingdom, classed in 1910 alone, is no democracy since 1919; from 1910 on it is one that ended."""
    assert told(europe, "share_of_democracies_ended", **{**GIVEN, "since": 1910})[1919] == (100.0, 1)
    since = told(europe, "share_of_democracies_ended", **{**GIVEN, "since": 1933})
    assert since == {1939: (round(100 * 2 / 3, 6), 3)}  # Belgium, Spain and Czechoslovakia of 1933; Belgium stays


def test_of_all_states_that_are_classed(europe):
    """A state that vanished is not among all: in 1939 Belgium, Germany, Spain and Hungary are."""
    assert told(europe, "share_of_democracies_ended", **GIVEN, of_all=True) == {
        1919: (40.0, 5), 1925: (round(100 * 2 / 6, 6), 6), 1933: (50.0, 6), 1939: (75.0, 4),
    }  # fmt: skip


def test_states_outside_the_group_do_not_count(europe):
    """The United States, a democracy in 1919 and none in 1939 here, is no European state."""
    assert told(europe, "share_of_democracies_ended", **GIVEN)[1939][1] == 5
    with pytest.raises(ClaimbookError, match="no group 'EUROPA' in data/memberships.yaml; there are: NATO, EU"):
        frame_of(europe, "share_of_democracies_ended", **{**GIVEN, "group": "EUROPA"})


def test_a_state_counts_in_the_years_of_its_membership(shelf, figures):
    """Publishers class today's states in years in which they were parts of others: Estonia joins in 1918, Spain long ago."""
    classes = {("EST", ""): {1917: 2.0, 1918: 0.0, 1919: 0.0}, ("ESP", ""): {1917: 2.0, 1918: 2.0}}
    shelf.add("vdem", "2024-03", figures(REGIME, classes))
    given = {**GIVEN, "since": 1900}
    assert told(shelf, "share_of_democracies_ended", **given) == {1918: (0.0, 1), 1919: (100.0, 1)}
    assert told(shelf, "share_of_democracies_ended", **given, of_all=True) == {
        1917: (0.0, 1), 1918: (50.0, 2), 1919: (100.0, 1),
    }  # fmt: skip


def test_a_former_state_that_was_a_democracy_is_one_that_ended(shelf, figures):
    """East Germany leaves the group in 1990; what is told of it later does not count, what it was before does."""
    classes = {("DDR", ""): {1989: 2.0, 1990: 2.0}, ("BEL", ""): {1989: 2.0, 1990: 2.0}}
    shelf.add("vdem", "2024-03", figures(REGIME, classes))
    assert told(shelf, "share_of_democracies_ended", **{**GIVEN, "since": 1980}) == {1990: (50.0, 2)}


def test_a_year_that_tells_of_no_member_has_no_row(shelf, figures):
    shelf.add("vdem", "2024-03", figures(REGIME, {("BEL", ""): {1920: 2.0, 1922: 0.0}, ("XKX", ""): {1921: 2.0}}))
    assert told(shelf, "share_of_democracies_ended", **GIVEN) == {1922: (100.0, 1)}


def test_a_share_of_states_names_its_unit_and_the_flags_up_to_its_year(europe):
    frame = frame_of(europe, "share_of_democracies_ended", **GIVEN)
    assert set(frame["unit"]) == {"% of states"}
    assert frame["flag"].tolist() == ["", "", "estimate"]


def test_nothing_is_told_of_a_group_that_never_had_one(europe):
    assert told(europe, "share_of_democracies_ended", **{**GIVEN, "at_least": 3}) == {}
    assert told(europe, "share_of_democracies_ended", **{**GIVEN, "since": 1939}) == {}
