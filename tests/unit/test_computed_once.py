"""Measures are computed once for each state of knowledge, country and inputs, and never told from another's."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis import measures
from analysis.errors import ClaimbookError

SHARE, MONEY = "nato.defence_expenditure_share_gdp", "nato.defence_expenditure_ncu_current"


def shares(figures, **countries):
    return figures(SHARE, {(country, ""): years for country, years in countries.items()})


def told(store, day: str, country: str = "BEL", measure: str = "published_figure", **inputs) -> dict[int, float]:
    edition = store.as_of(dt.date.fromisoformat(day))
    frame = measures.compute(measure, edition, country=country, partner="", inputs=inputs or {"series": SHARE})
    return dict(zip(frame["year"], frame["value"], strict=True))


@pytest.fixture
def store(shelf, figures):
    shelf.add("nato", "2024-06-17", shares(figures, BEL={2023: 1.2, 2024: 1.3}, NLD={2023: 1.6, 2024: 2.0}))
    shelf.add("nato", "2025-08-28", shares(figures, BEL={2023: 1.1, 2024: 1.3}, NLD={2023: 1.7, 2024: 1.9}))
    return shelf.store()


def test_each_day_and_each_country_has_its_own(store):
    for _ in range(2):
        assert told(store, "2024-12-31") == {2023: 1.2, 2024: 1.3}
        assert told(store, "2025-12-31") == {2023: 1.1, 2024: 1.3}
        assert told(store, "2025-12-31", "NLD") == {2023: 1.7, 2024: 1.9}


def test_each_input_has_its_own(store):
    counts = [told(store, "2025-12-31", measure="allies_short_of", share=SHARE, target=target) for target in (1.2, 2.5)]
    assert counts == [{2023: 1.0, 2024: 0.0}, {2023: 2.0, 2024: 2.0}]


def test_a_store_that_was_opened_again_is_read_again(shelf, figures, store):
    assert told(store, "2026-12-31") == {2023: 1.1, 2024: 1.3}
    shelf.add("nato", "2026-07-01", shares(figures, BEL={2023: 1.0}))
    assert told(shelf.store(), "2026-12-31") == {2023: 1.0, 2024: 1.3}


def test_what_a_caller_does_to_a_frame_is_seen_by_nobody_else(store):
    edition = store.as_of(dt.date(2025, 12, 31))
    asked = {"country": "BEL", "partner": "", "inputs": {"series": SHARE}}
    frame = measures.compute("published_figure", edition, **asked)
    frame["value"] = 0.0
    frame.loc[0, "year"] = 1900
    frame.index = frame.index[::-1]
    assert told(store, "2025-12-31") == {2023: 1.1, 2024: 1.3}


def test_a_fault_is_told_each_time(store):
    for _ in range(2):
        with pytest.raises(ClaimbookError, match="no input 'serie'"):
            measures.check_inputs("published_figure", {"serie": SHARE})
        with pytest.raises(ClaimbookError, match="over is 0"):
            told(store, "2025-12-31", measure="years_without_rise", series=SHARE, over=0)
    assert measures.check_inputs("allies_short_of", {"share": SHARE, "target": 2}) == (SHARE,)
    assert measures.check_inputs("expenditure_ncu", {"expenditure": MONEY}) == (MONEY,)
