"""Trace: the search for what could have yielded a printed figure, on small stores."""

from __future__ import annotations

import math

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import areas, claims
from analysis.errors import ClaimbookError
from analysis.publishers import Partial
from analysis.trace import RANDOM_FIGURES, RANDOM_REACH, trace

X, M = "census.goods_exports", "census.goods_imports"
MIRROR_X, MIRROR_M = "comtrade.goods_exports", "comtrade.goods_imports"
FDI, SHARE = "bea.fdi_position_foreign_parent", "nato.defence_expenditure_share_gdp"
US = ("USA", "BEL")
DOCUMENT = {
    "id": "doc", "short": "A document", "title": "A document", "author": "Somebody", "language": "en",
    "dated": "2018-08-27", "country": "BEL", "partner": "USA",
}  # fmt: skip
GOODS = {
    "id": "goods", "label": "Goods", "definition": "Exports plus imports of goods", "measure": "two_way_trade",
    "inputs": {"exports": X, "imports": M},
}  # fmt: skip
MARKET = {
    "id": "market", "label": "Market", "definition": "Exports by destination", "measure": "rank_as_destination",
    "inputs": {"exports": X},
}  # fmt: skip
SOURCE = {
    "id": "source", "label": "Source", "definition": "Position by parent", "measure": "rank_as_investor",
    "inputs": {"position": FDI},
}  # fmt: skip


@pytest.fixture
def claim(tmp_path):
    """A claim read from a ledger of its own."""

    def made(printed: str, *readings: dict, unit: str = "USD", document: dict | None = None, **more) -> claims.Claim:
        entry = {
            "id": "doc-claim", "theme": "trade", "title": "A claim", "statement": "What it says.", "place": "Page 1",
            "printed": printed, "unit": unit, "readings": list(readings or [GOODS]), **more,
        }  # fmt: skip
        path = tmp_path / "doc.yaml"
        path.write_text(
            yaml.safe_dump({"document": {**DOCUMENT, **(document or {})}, "claims": [entry]}), encoding="utf-8"
        )
        return claims.read(path)[0]

    return made


@pytest.fixture(scope="module")
def trade(kept_shelf, figures):
    """Goods trade of two sides, told by three releases, the last one after the document."""
    out = {year: 20_000.0 + 700 * (year - 2005) for year in range(2005, 2018)}
    into = {year: 9_000.0 + 450 * (year - 2005) for year in range(2005, 2018)}
    wide = {("USA", "NLD"): {2017: 41_000.0}, ("USA", "WLD"): {2017: 1_500_000.0}, ("BEL", "USA"): {2017: 1.0}}

    def until(year, table):
        return {key: value for key, value in table.items() if key <= year}

    for released, year in (("2017-03-07", 2016), ("2018-03-07", 2017)):
        told = figures(X, {US: until(year, out), **(wide if year == 2017 else {})})
        kept_shelf.add("census", released, told + figures(M, {US: until(year, into)}))
    kept_shelf.add("census", "2020-03-06", figures(X, {US: {2017: 28_123.0, 2019: 29_900.0}}))
    kept_shelf.add(
        "comtrade", "2018-06",
        figures(MIRROR_X, {("BEL", "USA"): {2017: 21.7e9}}) + figures(MIRROR_M, {("BEL", "USA"): {2017: 33.3e9}}),
    )  # fmt: skip
    kept_shelf.add("nato", "2018-07", figures(SHARE, {("BEL", ""): {2017: 0.91}}))
    return kept_shelf.store()


# What is found


def test_the_planted_figure_comes_first(trade, claim):
    found = trace(claim("around 42.8 billion"), trade)  # 28.4 out and 14.4 in, 2017
    first = found.nearest[0]
    assert first.definition.endswith("United States with Belgium: exports plus imports")
    assert (first.series, first.year, first.value, first.unit) == ((X, M), 2017, 42.8e9, "USD")
    assert (first.publisher, first.released, first.in_reading) == ("census", ("2018-03-07",), "goods")
    assert first.rounds and first.matches and first.tie and not first.after
    assert (first.rank, first.universe, first.distance) == (None, "", 0.0)


@pytest.mark.parametrize(
    ("printed", "value", "words"),
    [
        ("around 14.0 billion", 14.0e9, "exports less imports"),
        ("around 21.4 billion", 21.4e9, "half of exports plus imports"),
        ("around 28.4 billion", 28.4e9, "US goods exports by destination (Census basis), United States with Belgium"),
        ("around 33.3 billion", 33.3e9, "Goods imports, total, by origin, Belgium with United States"),
        ("around 55.0 billion", 55.0e9, "exports plus imports"),
    ],
)
def test_levels_sums_and_differences_of_every_side_are_tried(trade, claim, printed, value, words):
    first = trace(claim(printed), trade).nearest[0]
    assert (first.value, first.year) == (pytest.approx(value), 2017)
    assert first.definition.endswith(words)


def test_the_same_figure_told_by_several_releases_is_one_candidate(trade, claim):
    found = trace(claim("around 28.1 billion"), trade, most=200)
    told = [
        entry for entry in found.nearest if entry.year == 2010 and entry.definition.endswith(": exports plus imports")
    ]
    assert [entry.released for entry in told] == [("2017-03-07", "2018-03-07")]


def test_a_figure_that_only_a_later_release_carries_is_marked(trade, claim):
    found = trace(claim("around 28.12 billion"), trade)
    first = found.nearest[0]
    assert (first.value, first.year, first.released, first.after) == (28.123e9, 2017, ("2020-03-06",), True)
    assert [entry.after for entry in found.nearest[1:]] == [False] * (len(found.nearest) - 1)


def test_a_figure_that_an_earlier_release_carries_too_is_not_marked(trade, claim):
    found = trace(claim("around 27.7 billion", document={"dated": "2017-06-01"}), trade)
    first = found.nearest[0]
    assert (first.value, first.year, first.released) == (27.7e9, 2016, ("2017-03-07", "2018-03-07"))
    assert not first.after
    assert any(entry.after for entry in found.nearest)


def test_years_after_the_document_are_left_out(trade, claim):
    found = trace(claim("around 29.9 billion"), trade, most=200)
    assert max(entry.year for entry in found.nearest) == 2017
    later = trace(claim("around 29.9 billion", document={"dated": "2020-06-01"}), trade, most=200)
    assert (later.nearest[0].year, later.nearest[0].value, later.nearest[0].after) == (2019, 29.9e9, False)


def test_statistics_of_the_partner_on_others_are_left_out(trade, claim):
    found = trace(claim("around 41.0 billion"), trade, most=200)
    assert not any(entry.value in (41e9, 1500e9) for entry in found.nearest)


def test_a_share_is_never_mistaken_for_a_flow(trade, claim):
    found = trace(claim("around 42.8 billion"), trade, most=200)
    assert not any(SHARE in entry.series for entry in found.nearest)


def test_everything_tried_is_counted_and_only_the_nearest_listed(trade, claim):
    found = trace(claim("around 42.8 billion"), trade, most=3)
    everything = trace(claim("around 42.8 billion"), trade, most=10_000)
    assert len(found.nearest) == 3
    assert found.nearest == everything.nearest[:3]
    assert found.tried == len(everything.nearest) == everything.tried
    assert found.matching == sum(entry.matches for entry in everything.nearest) == 1
    assert found.releases == 5
    assert (found.claim, found.printed) == ("doc-claim", "around 42.8 billion")
    keys = [(entry.definition, entry.year, entry.value) for entry in everything.nearest]
    assert len(keys) == len(set(keys))


def test_candidates_come_nearest_first(trade, claim):
    found = trace(claim("around 42.8 billion", tolerance=0.05), trade, most=10_000)
    near = [0.0 if entry.rounds else round(abs(entry.distance), 6) for entry in found.nearest]
    assert near == sorted(near)
    for entry in found.nearest:
        assert entry.distance == pytest.approx(entry.value / 42.8e9 - 1)
        assert entry.matches or not entry.rounds


def test_a_tolerance_lets_more_match_and_leaves_the_rounding_apart(trade, claim):
    narrow, wide = (trace(claim("around 42.8 billion", tolerance=share), trade, most=10_000) for share in (0.0, 0.05))
    assert narrow.tried == wide.tried
    assert narrow.matching < wide.matching
    assert sum(entry.rounds for entry in narrow.nearest) == sum(entry.rounds for entry in wide.nearest)
    assert narrow.by_chance < wide.by_chance


# By chance


@pytest.mark.parametrize(
    "printed", ["around 42.8 billion", "43 billion", "nearly 45 billion", "just over 20.0 billion"]
)
def test_by_chance_is_how_many_a_figure_of_that_precision_would_match(trade, claim, printed):
    found = trace(claim(printed), trade, most=10_000)
    quantity = claim(printed).quantity(claim(printed).readings[0])
    values = np.array([entry.value for entry in found.nearest])
    matched = []
    for step in range(RANDOM_FIGURES):
        factor = RANDOM_REACH ** (2 * step / (RANDOM_FIGURES - 1) - 1)
        matched.append(((values >= quantity.low * factor) & (values < quantity.high * factor)).sum())
    assert found.by_chance == pytest.approx(np.mean(matched), abs=0.05)
    assert 0 < found.by_chance < found.tried


@pytest.mark.parametrize("printed", ["at most zero", "positive", "negative"])
def test_a_side_of_zero_is_matched_by_whatever_it_matches(trade, claim, printed):
    found = trace(claim(printed), trade)
    assert found.by_chance == found.matching


@pytest.mark.parametrize(("printed", "above"), [("over 40 billion", True), ("below 40 billion", False)])
def test_by_chance_of_an_open_end_is_how_many_lie_beyond_a_figure_at_random(trade, claim, printed, above):
    found = trace(claim(printed), trade, most=10_000)
    values = np.array([entry.value for entry in found.nearest])
    steps = [40 * RANDOM_REACH ** (2 * step / (RANDOM_FIGURES - 1) - 1) for step in range(RANDOM_FIGURES)]
    scale = 1e9 if values.max() > 1e6 else 1
    beyond = [(values >= scale * goal).sum() if above else (values < scale * goal).sum() for goal in steps]
    assert found.by_chance == pytest.approx(np.mean(beyond), abs=0.05)
    assert 0 < found.by_chance != found.matching


def test_a_figure_nothing_comes_near_to_matches_nothing(trade, claim):
    found = trace(claim("around 900 trillion"), trade)
    assert (found.matching, found.by_chance) == (0, 0.0)
    assert found.nearest
    assert all(math.isfinite(entry.distance) for entry in found.nearest)


@settings(max_examples=20)
@given(number=st.integers(1, 999), scale=st.sampled_from(["thousand", "million", "billion", "trillion"]))
def test_by_chance_is_sane_for_any_figure(number, scale, trade, tmp_path_factory):
    entry = {
        "id": "doc-claim", "theme": "trade", "title": "A claim", "statement": "What it says.", "place": "Page 1",
        "printed": f"{number} {scale}", "unit": "USD", "readings": [GOODS], "document": DOCUMENT,
    }  # fmt: skip
    found = trace(claims.Claim.model_validate(entry), trade, most=10_000)
    assert 0 <= found.by_chance <= found.tried
    assert 0 <= found.matching <= found.tried == len(found.nearest)
    # A coarse figure is matched by chance more often than a fine one of the same size.
    entry["printed"] = f"{number}.00 {scale}"
    assert trace(claims.Claim.model_validate(entry), trade).by_chance <= found.by_chance + 1e-9


# Nothing to find


@pytest.mark.parametrize("unit", ["EUR", "persons", "% of GDP", "allies"])
def test_a_unit_that_no_series_is_told_in_has_no_candidate(trade, claim, unit):
    found = trace(claim("around 42.8 billion", unit=unit), trade)
    assert (found.nearest, found.tried, found.matching, found.by_chance) == ((), 0, 0, 0.0)


def test_a_country_of_which_nothing_is_held_has_no_candidate(trade, claim):
    assert trace(claim("around 42.8 billion", country="TUV"), trade).tried == 0


def test_a_trend_cannot_be_traced(trade, claim):
    with pytest.raises(ClaimbookError, match="'rising every year' is a trend"):
        trace(claim("rising every year"), trade)


def test_a_trace_changes_nothing(trade, claim):
    one, other = (trace(claim("around 42.8 billion"), trade) for _ in range(2))
    assert one == other


# Ranks


@pytest.fixture
def markets(shelf, figures):
    """Belgium is third in 2016 and second of all in 2017, when a line of islands is larger than it."""
    told = {
        US: {2016: 30.0, 2017: 30.0}, ("USA", "NLD"): {2016: 40.0, 2017: 40.0},
        ("USA", "DEU"): {2016: 35.0, 2017: 20.0}, ("USA", "BEA.UK_ISLANDS_CARIBBEAN"): {2017: 31.0}, ("USA", "EUU"): {2016: 99.0, 2017: 99.0},
    }  # fmt: skip
    shelf.add("bea", "2018-07", figures(FDI, told))
    return shelf


def test_the_planted_rank_comes_first_with_its_universe(markets, claim):
    found = trace(claim("2nd", SOURCE, unit="rank"), markets.store())
    first = found.nearest[0]
    assert (first.year, first.rank, first.distance) == (2017, 2, 0.0)
    assert first.universe.startswith("all countries (3), partners of the United States")
    assert first.rounds and first.matches and first.tie and first.in_reading == "source"
    assert (first.value, first.unit) == (30.0, "million USD")


def test_lines_that_are_no_countries_are_a_universe_of_their_own(markets, claim):
    found = trace(claim("3rd", SOURCE, unit="rank", document={"dated": "2018-08-27"}), markets.store())
    assert [
        (entry.year, entry.rank, entry.universe.partition(" (")[0]) for entry in found.nearest if entry.matches
    ] == [
        (2016, 3, "all countries"),  # as the claim's own reading ranks them, so it comes first
        (2017, 3, "all countries and territories listed together"),
    ]
    assert found.matching == 2
    assert found.tried == 3


def test_a_group_is_in_no_universe(markets, claim):
    assert trace(claim("4th", SOURCE, unit="rank"), markets.store()).matching == 0


def test_top_n_is_matched_by_every_rank_up_to_n(markets, claim):
    found = trace(claim("top 2", SOURCE, unit="rank"), markets.store())
    assert {(entry.rank, entry.matches, entry.distance) for entry in found.nearest} == {(2, True, 0.0), (3, False, 1.0)}
    assert found.by_chance > trace(claim("2nd", SOURCE, unit="rank"), markets.store()).by_chance


def test_a_partial_list_yields_no_rank(shelf, figures, claim):
    shelf.add("census", "2018-03-07", figures(X, {US: {2017: 30.0}, ("USA", "NLD"): {2017: 40.0}}), [Partial(X)])
    assert trace(claim("2nd", MARKET, unit="rank"), shelf.store()).tried == 0


def test_members_of_a_union_are_a_universe_where_there_are_enough_countries(shelf, figures, claim):
    others = sorted(areas.rankable() - {"USA", "BEL", "DEU", "SWE"})[:70]
    told = {("USA", code): {2017: 50.0} for code in others} | {US: {2017: 30.0}, ("USA", "DEU"): {2017: 60.0}}
    shelf.add("census", "2018-03-07", figures(X, told))
    found = trace(claim("12th", MARKET, unit="rank"), shelf.store(), most=99)
    universes = {entry.universe.partition(" (")[0]: entry for entry in found.nearest}
    assert set(universes) >= {"all countries", "members of the European Union"}
    assert universes["all countries"].rank == 72
    assert universes["members of the European Union"].rank < 72


def test_by_chance_of_a_rank_is_within_what_was_tried(markets, claim):
    for printed in ("1st", "2nd", "12th", "400th", "top 1", "top 10"):
        found = trace(claim(printed, SOURCE, unit="rank"), markets.store())
        assert 0 <= found.by_chance <= found.tried
