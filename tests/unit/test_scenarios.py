"""The arithmetic of paths, worked out by hand, and the paths that were declared."""

from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import models, scenarios
from analysis.errors import ClaimbookError
from analysis.measures import groups
from analysis.scenarios import Declared, Economy, declared, path, shares, step, stepped

rates = st.floats(-5, 12)
years = st.integers(0, 40)


def near(value):
    return pytest.approx(value, rel=1e-9)


# GDP at constant and at current prices

# 640 in 2025, growth of 1.5 and prices up by 2 per cent a year. In 2027:
#   constant 640 x 1.015 x 1.015 = 659.344; prices 1.02 x 1.02 = 1.0404; current 659.344 x 1.0404 = 685.9814976
ECONOMY = Economy(2025, 640.0, 1.5, 2.0)


def test_gdp_grows_at_constant_prices_and_at_current_ones():
    assert ECONOMY.gdp_constant(2027) == near(659.344)
    assert ECONOMY.prices(2027) == near(1.0404)
    assert ECONOMY.gdp_current(2027) == near(685.9814976)


def test_in_the_start_year_both_are_the_same():
    assert ECONOMY.gdp_constant(2025) == ECONOMY.gdp_current(2025) == 640.0
    assert ECONOMY.prices(2025) == 1.0


def test_a_share_costs_more_as_the_economy_grows():
    assert ECONOMY.cost(2.0, 2025) == near(12.8)
    assert ECONOMY.cost(2.0, 2027) == near(13.719629952)  # 2 per cent of 685.9814976


def test_a_sum_is_less_of_gdp_in_money_of_the_later_year_than_in_money_of_the_first():
    assert ECONOMY.share(12.0, 2027) == near(100 * 12 / 685.9814976)  # 1.7493
    assert ECONOMY.share(12.0, 2027, constant=True) == near(100 * 12 / 659.344)  # 1.8200
    assert ECONOMY.share(12.8, 2025) == ECONOMY.share(12.8, 2025, constant=True) == near(2.0)


def test_falling_prices_and_a_shrinking_economy_are_reckoned_too():
    shrinking = Economy(2025, 100.0, -10.0, -50.0)
    assert shrinking.gdp_constant(2026) == near(90.0)
    assert shrinking.gdp_current(2027) == near(100 * 0.81 * 0.25)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((2025, 0.0, 1.5, 2.0), "GDP is 0; it has to be more than nothing"),
        ((2025, -3.0, 1.5, 2.0), "GDP is -3"),
        ((2025, math.nan, 1.5, 2.0), "GDP is nan"),
        ((2025, 640.0, -100.0, 2.0), "growth is -100 per cent a year; it has to be more than -100"),
        ((2025, 640.0, math.inf, 2.0), "growth is inf"),
        ((2025, 640.0, 1.5, -150.0), "deflator is -150 per cent a year"),
        ((2025, 640.0, 1.5, math.nan), "deflator is nan"),
    ],
)
def test_an_impossible_economy_is_refused(given, said):
    with pytest.raises(ClaimbookError, match=said):
        Economy(*given)


@pytest.mark.parametrize("year", [2024, 2126])
def test_years_before_the_start_or_far_after_it_are_refused(year):
    with pytest.raises(ClaimbookError, match=f"{year} is not within 100 years after the start year 2025"):
        ECONOMY.gdp_constant(year)


@given(rates, rates, years, st.floats(0.1, 10))
def test_cost_and_share_undo_each_other(growth, deflator, ahead, share):
    economy = Economy(2000, 500.0, growth, deflator)
    assert economy.share(economy.cost(share, 2000 + ahead), 2000 + ahead) == pytest.approx(share)


@given(rates, rates, years)
def test_with_the_rates_at_nought_nothing_changes(growth, deflator, ahead):
    assert Economy(2000, 500.0, 0.0, 0.0).gdp_current(2000 + ahead) == 500.0
    assert Economy(2000, 500.0, growth, 0.0).gdp_current(2000 + ahead) == pytest.approx(
        Economy(2000, 500.0, growth, deflator).gdp_constant(2000 + ahead)
    )


# Paths in per cent of GDP


def test_a_straight_path_moves_by_the_same_each_year():
    told = shares(2025, 2.0, [(2035, 3.5)])
    assert list(told) == list(range(2025, 2036))
    assert told[2025] == 2.0 and told[2026] == near(2.15) and told[2030] == near(2.75) and told[2035] == near(3.5)


def test_a_path_of_two_stretches_bends_at_its_point():
    told = shares(2021, 1.04, [(2030, 1.54), (2035, 2.0)])
    assert told[2030] == near(1.54)
    assert told[2024] == near(1.04 + 3 * 0.50 / 9)
    assert told[2031] == near(1.54 + 0.46 / 5)
    assert told[2035] == near(2.0)


def test_a_target_may_lie_below_the_start():
    assert shares(2024, 3.0, [(2026, 2.0)]) == {2024: 3.0, 2025: near(2.5), 2026: near(2.0)}


def test_a_path_in_money_follows_share_growth_and_prices():
    points = path(ECONOMY, share=2.0, target=2.2, by=2027)
    assert [point.year for point in points] == [2025, 2026, 2027]
    first, middle, last = points
    assert (first.share, first.current, first.constant) == (2.0, near(12.8), near(12.8))
    # 2.1 per cent of 640 x 1.015 x 1.02 = 662.592, and of 649.6 at prices of 2025
    assert (middle.share, middle.current, middle.constant) == (near(2.1), near(13.914432), near(13.6416))
    assert (last.current, last.constant) == (near(0.022 * 685.9814976), near(0.022 * 659.344))


@pytest.mark.parametrize(
    ("start", "share", "points", "said"),
    [
        (2025, 2.0, [(2025, 3.5)], "at 2 per cent in 2025 cannot have its target in 2025"),
        (2025, 2.0, [(2020, 3.5)], "cannot have its target in 2020"),
        (2021, 1.0, [(2030, 1.5), (2029, 2.0)], "at 1.5 per cent in 2030 cannot have its target in 2029"),
        (2025, 2.0, [(2126, 3.5)], "longer than 100 years"),
        (2025, -2.0, [(2030, 3.5)], "not -2"),
        (2025, 2.0, [(2030, math.nan)], "in per cent, not"),
    ],
)
def test_a_path_that_cannot_be_is_refused(start, share, points, said):
    with pytest.raises(ClaimbookError, match=said):
        shares(start, share, points)


# Sums in money


def test_from_six_to_twelve_in_six_years_is_one_a_year():
    assert step(6.0, 12.0, 6) == 1.0
    assert stepped(6.0, 12.0, 2024, 2030) == {
        2024: 6.0, 2025: 7.0, 2026: 8.0, 2027: 9.0, 2028: 10.0, 2029: 11.0, 2030: 12.0,
    }  # fmt: skip


def test_what_the_manifestos_sum_is_of_gdp():
    # 600 billion in 2023; in 2030, seven years on, 600 x 1.015^7 = 665.907 at constant prices, and times 1.02^7 =
    # 1.148686 that is 764.917 at current ones
    economy = Economy(2023, 600.0, 1.5, 2.0)
    assert economy.gdp_constant(2030) == pytest.approx(665.907, abs=5e-4)
    assert economy.gdp_current(2030) == pytest.approx(764.917, abs=2e-3)
    assert economy.share(12.0, 2030) == pytest.approx(1.5688, abs=5e-5)
    assert economy.share(12.0, 2030, constant=True) == pytest.approx(1.8021, abs=5e-5)
    assert economy.cost(2.0, 2030) == pytest.approx(15.29836, abs=5e-5)


def test_steps_over_no_years_are_refused():
    with pytest.raises(ClaimbookError, match="cannot rise over 0 years"):
        step(6.0, 12.0, 0)
    with pytest.raises(ClaimbookError, match="is 6 in 2030 cannot reach 12 in 2030"):
        stepped(6.0, 12.0, 2030, 2030)


# Declared paths

ENTRY = {
    "id": "a-path", "label": "A path, 2020", "title": "A path", "country": "BEL", "decided": "2020-05",
    "decided_by": "Somebody", "since": 2019, "points": [{"year": 2030, "share": 2.0}],
    "address": "https://example.org/path",
}  # fmt: skip


def test_the_paths_of_the_issue_are_declared():
    targets = {(entry.target.year, entry.target.share) for entry in declared()}
    assert targets >= {
        (2024, 2.0),
        (2030, 1.3),
        (2030, 1.35),
        (2030, 1.54),
        (2030, 2.0),
        (2035, 2.0),
        (2025, 2.0),
        (2035, 3.5),
    }
    assert len({entry.id for entry in declared()}) == len({entry.label for entry in declared()}) == len(declared())


@pytest.mark.parametrize("entry", declared(), ids=lambda entry: entry.id)
def test_a_declared_path_begins_before_it_was_decided_and_names_a_group_that_there_is(entry):
    assert entry.since <= entry.decided_in <= entry.target.year
    assert entry.shares(1.0)[entry.target.year] == pytest.approx(entry.target.share)
    if entry.group:
        assert "BEL" in groups.members(entry.group, entry.decided_in)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"since": 2030}, "years 2030, 2030 do not follow each other"),
        ({"points": [{"year": 2030, "share": 2.0}, {"year": 2028, "share": 2.5}]}, "2019, 2030, 2028 do not follow"),
        ({"points": []}, "points: "),
        ({"points": [{"year": 2030, "share": 0}]}, "points.0.share: "),
        ({"address": None}, "name its one source"),
        ({"document": "manifesto"}, "name its one source"),
        ({"address": None, "document": "nobody"}, "`document` is 'nobody'"),
        ({"address": None, "record": "nobody"}, "`record` is 'nobody'"),
        ({"address": "www.example.org"}, "address: "),
        ({"country": None}, "say whose path it is"),
        ({"group": "NATO"}, "say whose path it is"),
        ({"country": "BEX"}, "`country` is 'BEX'"),
        ({"decided": "June 2020"}, "decided: "),
        ({"colour": "blue"}, "colour: "),
    ],
)
def test_a_fault_names_the_entry_and_its_field(tmp_path, monkeypatch, change, said):
    entry = {key: value for key, value in {**ENTRY, **change}.items() if value is not None}
    with pytest.raises(ClaimbookError, match=r"data/paths\.yaml, a-path: ") as caught:
        _read(tmp_path, monkeypatch, [entry])
    assert said in str(caught.value)


def test_an_id_given_twice_is_refused(tmp_path, monkeypatch):
    with pytest.raises(ClaimbookError, match="two entries share the id a-path"):
        _read(tmp_path, monkeypatch, [ENTRY, ENTRY])


def test_a_whole_entry_is_read(tmp_path, monkeypatch):
    (entry,) = _read(tmp_path, monkeypatch, [ENTRY])
    assert isinstance(entry, Declared)
    assert entry.shares(0.9)[2030] == 2.0 and entry.shares(0.9)[2019] == 0.9


def _read(folder, monkeypatch, entries):
    (folder / "paths.yaml").write_text(yaml.safe_dump(entries))
    monkeypatch.setattr(models, "data", folder.joinpath)
    return scenarios._all_declared.__wrapped__()
