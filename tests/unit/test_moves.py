"""Which verdicts a release moved, on stores and ledgers made for the purpose."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import audit, claims
from analysis.errors import ClaimbookError
from analysis.moves import TIMES, Change, Move, history, moves, told
from analysis.revisions import release

X, M = "census.goods_exports", "bea.goods_services_imports"
SHARE = "nato.defence_expenditure_share_gdp"
DOCUMENT = {
    "id": "doc", "short": "A document", "title": "A document", "author": "Somebody", "language": "en",
    "dated": "2018-08-27", "country": "BEL", "partner": "USA",
}  # fmt: skip
BELOW = {
    "id": "share", "label": "NATO", "definition": "Share of GDP", "measure": "expenditure_share",
    "inputs": {"share": SHARE},
}  # fmt: skip
TRADE = {
    "id": "goods", "label": "Goods", "definition": "Exports and imports", "measure": "two_way_trade",
    "inputs": {"exports": X, "imports": M},
}  # fmt: skip


def made(folder, *readings, printed="below one per cent", unit="% of GDP", dated="2018-08-27", **more) -> claims.Claim:
    """A claim read from a ledger of its own."""
    entry = {
        "id": "doc-claim", "theme": "trade", "title": "A claim", "statement": "What it says.", "place": "Page 1",
        "printed": printed, "unit": unit, "readings": list(readings or [BELOW]), **more,
    }  # fmt: skip
    path = folder / "doc.yaml"
    path.write_text(yaml.safe_dump({"document": {**DOCUMENT, "dated": dated}, "claims": [entry]}), encoding="utf-8")
    return claims.read(path)[0]


@pytest.fixture
def claim(tmp_path):
    """See `made`."""
    return lambda *readings, **more: made(tmp_path, *readings, **more)


@pytest.fixture
def nato(shelf, figures):
    """Add a release of NATO's with shares of Belgium."""
    return lambda day, years: shelf.add("nato", day, figures(SHARE, {("BEL", ""): years}))


def moved(claim, store, old, new) -> dict[str, Change]:
    """What became of each reading of time, where anything did."""
    found = moves([claim], store, release(store, old), release(store, new))
    assert len(found) <= 1
    return {change.time: change for move in found for change in move.changes}


def words(found: dict[str, Change]) -> dict[str, tuple[str, str, str, str]]:
    return {time: (change.kind, change.cause, change.before, change.after) for time, change in found.items()}


# What a release moves


def test_a_newer_year_that_does_not_bear_it_out_flips_today_alone(shelf, nato, claim):
    nato("2018-07-10", {2016: 0.91, 2017: 0.9})
    nato("2020-07-10", {2016: 0.91, 2017: 0.9, 2019: 1.07})
    found = moved(claim(), shelf.store(), "nato-2018-07-10", "nato-2020-07-10")
    assert words(found) == {
        "as_revised": ("decided", "", "not testable", "unchanged"),
        "today": ("flipped", "year", "true", "no longer true"),
    }
    today = found["today"]
    assert (today.figure_before, today.figure_after) == ("0.90 per cent of GDP in 2017", "1.07 per cent of GDP in 2019")
    assert (today.margin_before, today.margin_after) == (pytest.approx(0.1), pytest.approx(0.07))
    assert told(today) == (
        "today was true, now no longer true: 0.90 per cent of GDP in 2017, then 1.07 per cent of GDP in 2019"
    )


def test_a_revision_of_the_same_year_is_told_as_one_and_leaves_what_was_known_then(shelf, nato, claim):
    nato("2018-07-10", {2017: 0.98})
    nato("2018-12-10", {2017: 0.99})
    nato("2019-01-10", {2017: 1.04})
    found = moved(claim(), shelf.store(), "nato-2018-12-10", "nato-2019-01-10")
    assert words(found) == {
        "as_revised": ("flipped", "revision", "unchanged", "no longer supported"),
        "today": ("flipped", "revision", "true", "no longer true"),
    }
    assert found["as_revised"].basis_before == "revised"
    assert told(found["as_revised"]) == (
        "that year, as revised was unchanged, now no longer supported: 0.99 per cent of GDP in 2017, "
        "then 1.04 per cent of GDP in 2017"
    )


def test_a_later_release_stands_in_where_none_of_the_time_is_held(shelf, nato, claim):
    nato("2016-01-28", {2014: 0.97, 2015: 0.9})
    nato("2020-07-10", {2016: 0.91, 2017: 0.92})
    when = moved(claim(), shelf.store(), "nato-2016-01-28", "nato-2020-07-10")["when_written"]
    assert words({"": when})[""] == ("flipped", "year", "held for an earlier year", "supported")
    assert when.basis_before == "older"  # an edition of July 2018 was due, and is not held


def test_another_reading_can_be_told_from_then_on(shelf, figures, nato, claim):
    sipri = "sipri.military_expenditure_share_gdp"
    other = {**BELOW, "id": "other", "label": "Other", "inputs": {"share": sipri}}
    nato("2011-03-10", {2010: 1.1})
    shelf.add("sipri", "2018-05-02", figures(sipri, {("BEL", ""): {2017: 0.91}}))
    nato("2019-07-10", {2017: 0.9})
    when = moved(claim(BELOW, other), shelf.store(), "nato-2011-03-10", "nato-2019-07-10")["when_written"]
    assert words({"": when})[""] == ("flipped", "reading", "supported under another reading", "supported")
    # How near the one was to flipping says nothing of the other.
    assert (when.margin_before, when.margin_after, when.margin_unit) == (None, None, "")


def test_an_answer_can_be_lost(shelf, figures, claim):
    """A partner that is suppressed from then on may have more or less: the rank of that year is open again."""
    rank = {
        "id": "rank",
        "label": "Rank",
        "definition": "Rank",
        "measure": "rank_as_destination",
        "inputs": {"exports": X},
    }
    for day, other in (("2016-03-04", 40.0), ("2017-03-07", 40.0), ("2018-03-06", None)):
        table = {("USA", "BEL"): {2014: 33.0, 2015: 34.0}, ("USA", "NLD"): {2014: 39.0, 2015: other}}
        shelf.add("census", day, figures(X, table))
    wanted = claim(rank, printed="2nd largest", unit="rank", dated="2016-08-27")
    found = moved(wanted, shelf.store(), "census-2017-03-07", "census-2018-03-06")
    assert words(found)["as_revised"] == ("opened", "revision", "unchanged", "not testable")
    assert told(found["as_revised"]) == (
        "that year, as revised was unchanged, now not testable: 2nd of 2 in 2015, then between 1st and 2nd in 2015"
    )


def test_the_same_answer_can_come_nearer_to_flipping(shelf, nato, claim):
    nato("2018-07-10", {2017: 0.9})
    nato("2019-07-10", {2018: 0.97})
    found = moved(claim(), shelf.store(), "nato-2018-07-10", "nato-2019-07-10")
    assert words(found) == {"today": ("margin", "year", "true", "true")}
    today = found["today"]
    assert (today.margin_before, today.margin_after, today.margin_unit) == (
        pytest.approx(0.1), pytest.approx(0.03), "% of GDP",
    )  # fmt: skip
    assert today.shrank
    assert told(today) == (
        "today still true, its margin shrank from 0.10 percentage points to 0.03 percentage points: "
        "0.90 per cent of GDP in 2017, then 0.97 per cent of GDP in 2018"
    )


@pytest.mark.parametrize(
    ("value", "shrank", "how"), [(0.94, False, "shrank"), (0.96, True, "shrank"), (0.8, False, "grew")]
)
def test_only_a_margin_that_falls_below_half_is_called_shrunk(shelf, nato, claim, value, shrank, how):
    nato("2018-07-10", {2017: 0.9})
    nato("2019-07-10", {2018: value})
    today = moved(claim(), shelf.store(), "nato-2018-07-10", "nato-2019-07-10")["today"]
    assert today.shrank == shrank
    assert f"its margin {how} from 0.10 percentage points" in told(today)


# What it leaves alone


def test_a_release_without_the_series_moves_nothing(shelf, figures, nato, claim):
    nato("2018-07-10", {2017: 0.9})
    shelf.add("nato", "2019-07-10", figures("nato.equipment_share", {("BEL", ""): {2018: 1.0}}))
    assert moved(claim(), shelf.store(), "nato-2018-07-10", "nato-2019-07-10") == {}


def test_a_release_that_repeats_what_was_known_moves_nothing_but_the_comparison(shelf, nato, claim):
    nato("2018-07-10", {2017: 0.9})
    nato("2018-09-10", {2017: 0.9})
    nato("2018-10-10", {2017: 0.9})
    first = moved(claim(), shelf.store(), "nato-2018-07-10", "nato-2018-09-10")
    assert words(first) == {"as_revised": ("decided", "", "not testable", "unchanged")}
    assert moved(claim(), shelf.store(), "nato-2018-09-10", "nato-2018-10-10") == {}


def test_a_statement_that_was_not_written_yet_had_no_verdict_to_move(shelf, nato, claim):
    nato("2016-07-10", {2015: 0.9})
    nato("2018-08-26", {2015: 0.9, 2016: 1.2})
    nato("2018-08-27", {2015: 0.9, 2016: 1.2, 2017: 0.9})
    store = shelf.store()
    assert moved(claim(), store, "nato-2016-07-10", "nato-2018-08-26") == {}
    assert moved(claim(), store, "nato-2018-08-26", "nato-2018-08-27")["today"].after == "true"


def test_as_of_is_the_day_of_the_newer_release_both_times(shelf, nato, claim):
    """A year that is full by then counts before and after alike: the calendar moves nothing."""
    nato("2018-07-10", {2017: 0.9, 2018: 0.95})
    nato("2019-07-10", {2017: 0.9, 2018: 0.95})
    found = moved(claim(), shelf.store(), "nato-2018-07-10", "nato-2019-07-10")
    assert "today" not in found


def test_two_publishers_are_not_compared(shelf, figures, nato, claim):
    nato("2018-07-10", {2017: 0.9})
    shelf.add("census", "2019-03-05", figures(X, {("USA", "BEL"): {2018: 1.0}}))
    store = shelf.store()
    with pytest.raises(ClaimbookError, match="of two publishers"):
        moves([claim()], store, release(store, "nato-2018-07-10"), release(store, "census-2019-03-05"))


# What came in between


def trade(shelf, figures):
    """Exports by one publisher and imports by another, whose releases take turns."""

    def out(day, years):
        shelf.add("census", day, figures(X, {("USA", "BEL"): years}))

    def into(day, years):
        shelf.add("bea", day, figures(M, {("USA", "BEL"): years}))

    out("2018-03-05", {2017: 30.0})
    into("2018-03-06", {2017: 20.0})
    out("2019-03-05", {2017: 33.0})
    into("2019-03-06", {2017: 25.0})
    out("2020-03-05", {2017: 39.0})
    return shelf.store()


def test_releases_of_the_same_publisher_in_between_are_left_out_and_others_stay(shelf, figures, claim):
    store = trade(shelf, figures)
    wanted = claim(TRADE, printed="around 50 million", unit="million USD")
    # Exports of 2018 (30) with imports of 2019 (25), though no day ever knew the two together; then 39 and 25.
    today = moved(wanted, store, "census-2018-03-05", "census-2020-03-05")["today"]
    assert (today.figure_before, today.figure_after) == ("55.0 million dollars in 2017", "64.0 million dollars in 2017")
    # Against the release just before it, 33 and 25.
    today = moved(wanted, store, "census-2019-03-05", "census-2020-03-05")["today"]
    assert (today.figure_before, today.figure_after) == ("58.0 million dollars in 2017", "64.0 million dollars in 2017")


def test_two_releases_of_one_day_are_each_taken_alone(shelf, figures, claim):
    shelf.add("census", "2018-03-05", figures(X, {("USA", "BEL"): {2017: 30.0}}))
    shelf.add("bea", "2018-03-06", figures(M, {("USA", "BEL"): {2017: 20.0}}))
    shelf.add("census", "2019-03-05", figures(X, {("USA", "BEL"): {2017: 33.0}}))
    shelf.add("bea", "2019-03-05", figures(M, {("USA", "BEL"): {2017: 25.0}}))
    steps = history([claim(TRADE, printed="around 50 million", unit="million USD")], shelf.store())
    told = {
        step.release.name: (change.figure_before, change.figure_after)
        for step in steps
        for move in step.moves
        for change in move.changes
        if change.time == "today"
    }
    after = "58.0 million dollars in 2017"
    assert told == {
        "bea-2019-03-05": ("53.0 million dollars in 2017", after),  # 33 and 20
        "census-2019-03-05": ("55.0 million dollars in 2017", after),  # 30 and 25
    }


# All releases


def test_history_tells_every_release_in_order_and_what_it_moved(shelf, figures, nato, claim):
    nato("2018-07-10", {2017: 0.9})
    shelf.add("census", "2019-03-05", figures(X, {("USA", "BEL"): {2018: 1.0}}))
    nato("2020-07-10", {2017: 0.9, 2019: 1.07})
    nato("2021-07-10", {2017: 0.9, 2019: 1.08, 2020: 0.95})
    store, wanted = shelf.store(), claim()
    steps = history([wanted], store)
    assert [step.release.name for step in steps] == [entry.name for entry in store.releases]
    assert [len(step.moves) for step in steps] == [0, 0, 1, 1]
    flips = [[(change.before, change.after) for move in step.moves for change in move.of("flipped")] for step in steps]
    assert flips == [[], [], [("true", "no longer true")], [("no longer true", "true")]]
    until = history([wanted], store, until=dt.date(2020, 12, 31))
    assert until == steps[:3]


def test_evaluations_that_are_known_are_not_reckoned_again(shelf, nato, claim):
    """They are taken as they are: with those of another claim the history is another one."""
    nato("2018-07-10", {2017: 0.9})
    nato("2020-07-10", {2017: 0.9, 2019: 1.07})
    store, wanted = shelf.store(), claim()
    found = audit.audit(wanted, store).evaluations
    assert history([wanted], store, {wanted.id: found}) == history([wanted], store)
    assert not any(step.moves for step in history([wanted], store, {wanted.id: {"share": []}}))


YEARS = st.dictionaries(st.integers(2014, 2020), st.sampled_from([0.8, 0.9, 0.95, 1.05, 1.2]), min_size=1)


@settings(max_examples=25)
@given(told_by=st.lists(YEARS, min_size=2, max_size=4))
def test_before_and_after_are_the_audits_without_and_with_the_release(told_by, tmp_path_factory, shelf_at, figures):
    """A move is what two audits say, one of a store in which the release was never added."""
    folder = tmp_path_factory.mktemp("audits")
    days = [f"{year}-07-10" for year in (2018, 2019, 2020, 2021)][: len(told_by)]
    wanted, whole = made(folder, dated="2018-08-27"), shelf_at(folder / "whole")
    for day, years in zip(days, told_by, strict=True):
        whole.add("nato", day, figures(SHARE, {("BEL", ""): years}))
    steps = history([wanted], whole.store())
    for number in range(1, len(days)):
        parts = [shelf_at(folder / f"{number}{kind}") for kind in ("before", "after")]
        for part, until in zip(parts, (number, number + 1), strict=True):
            for day, years in list(zip(days, told_by, strict=True))[:until]:
                part.add("nato", day, figures(SHARE, {("BEL", ""): years}))
        as_of = dt.date.fromisoformat(days[number])
        was, now = (audit.audit(wanted, part.store(), as_of).verdicts for part in parts)
        moved = {
            time: (getattr(was, time).word, getattr(now, time).word)
            for time in TIMES
            if getattr(was, time).word != getattr(now, time).word
        }
        changes = [change for move in steps[number].moves for change in move.changes if change.kind != "margin"]
        assert {change.time: (change.before, change.after) for change in changes} == moved


def test_changes_are_told_apart_by_kind(shelf, nato, claim):
    nato("2018-07-10", {2017: 0.9})
    nato("2020-07-10", {2017: 0.9, 2019: 1.07})
    store = shelf.store()
    (move,) = moves([claim()], store, *store.releases)
    assert isinstance(move, Move) and move.release.name == "nato-2020-07-10"
    assert [change.time for change in move.of("flipped")] == ["today"]
    assert [change.time for change in move.of("flipped", "decided")] == ["as_revised", "today"]
    assert move.of("opened") == ()
