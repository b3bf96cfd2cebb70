"""What a release changed, on stores made for the purpose."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import revisions
from analysis.errors import ClaimbookError
from analysis.publishers import Partial
from analysis.revisions import Revision, SeriesDiff, changed, diff, earlier, release, told

X, M = "census.goods_exports", "census.goods_imports"
SHARE, MONEY = "nato.defence_expenditure_share_gdp", "nato.defence_expenditure_ncu_current"
CONSTANT = "nato.defence_expenditure_usd_constant"
OLD, NEW = "2024-06-17", "2025-08-28"


def shares(figures, **countries):
    return figures(SHARE, {(country, ""): years for country, years in countries.items()})


def exports(figures, **partners):
    return figures(X, {("USA", partner): years for partner, years in partners.items()})


@pytest.fixture
def changes(shelf):
    """What the second of two releases changed in the one series that both carry."""

    def between(old, new, *, publisher="nato", partial=(), days=(OLD, NEW), **more) -> SeriesDiff:
        first = shelf.add(publisher, days[0], old)
        second = shelf.add(publisher, days[1], new, partial)
        (found,) = diff(shelf.store(), first, second, **more).series
        return found

    return between


def counts(found: SeriesDiff) -> dict[str, int]:
    """The counts that are not nought."""
    names = ("added", "revised", "rounded", "suppressed", "disclosed", "unchanged", "incomparable", "withdrawn")
    return {name: getattr(found, name) for name in (*names, "outside") if getattr(found, name)}


# What is counted


def test_figures_are_added_revised_withdrawn_or_stay(changes, figures):
    found = changes(
        shares(figures, BEL={2022: 1.1823, 2023: 1.2085}, NLD={2023: 1.6}),
        shares(figures, BEL={2022: 1.1823, 2023: 1.1818, 2024: 1.2868}),
    )
    assert counts(found) == {"added": 1, "revised": 1, "withdrawn": 1, "unchanged": 1}
    assert found.gone == (Revision("NLD", "", 2023, 1.6, None, "", "", None),)
    (only,) = found.largest
    assert (only.reporter, only.year, only.before, only.after) == ("BEL", 2023, 1.2085, 1.1818)
    assert only.change == pytest.approx(-0.0267)
    assert found.note == ""


def test_a_year_outside_the_newer_releases_scope_is_not_withdrawn(changes, figures):
    found = changes(shares(figures, BEL={2013: 1.0, 2014: 0.9712}), shares(figures, BEL={2014: 0.9663, 2015: 0.91}))
    assert counts(found) == {"added": 1, "revised": 1, "outside": 1}
    assert found.gone == ()


@pytest.mark.parametrize("partial", [Partial(X), Partial(X, missing_below=2.0)], ids=["some members", "cut off"])
def test_whom_a_list_of_some_members_leaves_out_is_not_withdrawn(changes, figures, partial):
    old, new = exports(figures, BEL={2014: 2.0}, NLD={2014: 4.0}), exports(figures, BEL={2014: 2.5})
    assert counts(changes(old, new, publisher="census", partial=[partial])) == {"revised": 1, "outside": 1}


def test_a_list_can_be_of_some_members_in_some_years(changes, figures):
    old = exports(figures, BEL={2013: 1.0, 2014: 2.0}, NLD={2013: 3.0, 2014: 4.0})
    new = exports(figures, BEL={2013: 1.0, 2014: 2.0})
    found = changes(old, new, publisher="census", partial=[Partial(X, None, (2013,))])
    assert counts(found) == {"unchanged": 2, "withdrawn": 1, "outside": 1}
    assert [(entry.partner, entry.year) for entry in found.gone] == [("NLD", 2014)]


def test_what_was_withdrawn_is_named_newest_first_and_no_more_than_asked_for(changes, figures):
    old = shares(figures, BEL={2022: 1.1, 2023: 1.2}, NLD={2022: 1.6, 2023: 1.7})
    found = changes(old, shares(figures, POL={2022: 2.2, 2023: 3.2}), most=3)
    assert (found.withdrawn, found.added) == (4, 2)
    assert [(entry.reporter, entry.year) for entry in found.gone] == [("BEL", 2023), ("NLD", 2023), ("BEL", 2022)]


@pytest.mark.parametrize(
    ("factor", "kind"), [(1 + 4e-10, "unchanged"), (1 - 4e-10, "unchanged"), (1 + 4e-9, "revised")]
)
def test_figures_that_differ_in_their_last_digits_are_the_same(changes, figures, factor, kind):
    value = 0.9710156802802978
    assert counts(changes(shares(figures, BEL={2014: value}), shares(figures, BEL={2014: value * factor}))) == {kind: 1}


def test_suppressed_figures_are_neither_missing_nor_revised(changes, figures):
    old = exports(figures, BEL={2012: None, 2013: None, 2014: 3.14159, 2015: 2.0})
    new = exports(figures, BEL={2012: None, 2013: 2.71828, 2014: None})
    found = changes(old, new, publisher="census")
    assert counts(found) == {"unchanged": 1, "disclosed": 1, "suppressed": 1, "outside": 1}
    assert found.flags == (("", "suppressed", 1), ("suppressed", "", 1))
    assert found.largest == ()


def test_flags_that_changed_are_counted_whatever_became_of_the_value(changes, figures):
    old = shares(figures, BEL={2022: 1.18, 2023: (1.21, "estimate"), 2024: (1.3, "estimate")}, NLD={2022: 1.5})
    new = shares(figures, BEL={2022: (1.18, "break"), 2023: 1.18, 2024: 1.3}, NLD={2022: 1.5})
    found = changes(old, new)
    assert found.flags == (("", "break", 1), ("estimate", "", 2))
    assert counts(found) == {"revised": 1, "unchanged": 3}
    assert (found.largest[0].flag_before, found.largest[0].flag_after) == ("estimate", "")


def test_constant_prices_of_another_base_year_are_no_revision(changes, figures):
    base = "million USD, constant {} prices and exchange rates"
    table = {("BEL", ""): {2022: 6105.5, 2023: 6331.7}, ("NLD", ""): {2023: 1.0}}
    found = changes(
        figures(CONSTANT, table, base.format(2015)),
        figures(CONSTANT, {("BEL", ""): {2022: 7256.4, 2023: 6331.7, 2024: 8207.2}}, base.format(2021)),
    )
    assert counts(found) == {"added": 1, "incomparable": 2, "withdrawn": 1}  # even the figure that looks the same
    assert found.largest == ()
    assert found.note == (
        "not comparable: million USD, constant 2015 prices and exchange rates, then million USD, constant 2021 prices "
        "and exchange rates"
    )


def test_a_country_that_changed_its_money_is_not_revised(changes, figures):
    """Croatia took the euro in 2023; the litas of 2014 went out a year before the older release, which still has them."""
    old = {"HRV": {2014: 6113.2}, "LTU": {2014: 1110.4, 2015: 425.3}, "BEL": {2014: 3913.1}, "CZE": {2014: 41.25}}
    new = {"HRV": {2014: 1064.7}, "LTU": {2014: 322.1, 2015: 424.8}, "BEL": {2014: 3914.6}, "CZE": {2014: 41.25}}
    both = [figures(MONEY, {(code, ""): years for code, years in table.items()}) for table in (old, new)]
    found = changes(*both, days=("2016-01-28", "2024-06-17"))
    assert counts(found) == {"incomparable": 2, "revised": 2, "unchanged": 1}
    assert {(entry.reporter, entry.year) for entry in found.largest} == {("LTU", 2015), ("BEL", 2014)}
    assert found.note == "not comparable, another currency: Croatia (HRK, then EUR), Lithuania (LTL, then EUR)"


def test_the_same_figure_after_a_change_of_money_stays_the_same(changes, figures):
    both = [figures(MONEY, {("HRV", ""): {2014: 1064.7}})] * 2
    found = changes(*both, days=("2016-01-28", "2024-06-17"))
    assert (counts(found), found.note) == ({"unchanged": 1}, "")


ROUNDED = {2014: 0.98, 2015: 0.92, 2016: 0.92, 2017: 0.91, 2018: 0.93, 2019: 0.9}


def test_a_difference_that_is_only_rounding_is_no_revision(changes, figures):
    new = {2014: 0.9780, 2015: 0.9150, 2016: 0.9249, 2017: 0.8951, 2018: 0.9351, 2019: 0.9}
    found = changes(shares(figures, BEL=ROUNDED), shares(figures, BEL=new))
    assert counts(found) == {"rounded": 3, "revised": 2, "unchanged": 1}  # 0.8951 and 0.9351 round to something else
    assert [entry.year for entry in found.largest] == [2017, 2018]


def test_the_newer_release_can_be_the_one_that_rounds(changes, figures):
    old = {year: value + 0.0031 for year, value in ROUNDED.items()}
    assert counts(changes(shares(figures, BEL=old), shares(figures, BEL=ROUNDED))) == {"rounded": 6}


def test_a_few_figures_do_not_tell_that_a_release_rounds(changes, figures):
    few = dict(list(ROUNDED.items())[:5])
    old = {year: value + 0.0031 for year, value in few.items()}
    assert counts(changes(shares(figures, BEL=old), shares(figures, BEL=few))) == {"revised": 5}


def test_two_releases_that_round_alike_are_taken_at_their_word(changes, figures):
    found = changes(shares(figures, BEL=ROUNDED), shares(figures, BEL={**ROUNDED, 2014: 0.97}))
    assert counts(found) == {"revised": 1, "unchanged": 5}


# The largest


def test_amounts_are_put_in_order_by_relative_change_and_those_from_zero_come_last(changes, figures):
    old = exports(figures, BEL={2015: 100.11}, NLD={2015: 1000.22}, DEU={2015: 0.0}, FRA={2015: 10.33})
    new = exports(figures, BEL={2015: 150.11}, NLD={2015: 900.22}, DEU={2015: 7.44}, FRA={2015: 2.33})
    found = changes(old, new, publisher="census")
    assert [entry.partner for entry in found.largest] == ["FRA", "BEL", "NLD", "DEU"]
    told = [entry.change for entry in found.largest]
    assert told[:3] == pytest.approx([100 * -8 / 10.33, 100 * 50 / 100.11, 100 * -100 / 1000.22])
    assert told[3] is None and not found.points


def test_shares_are_put_in_order_by_points(changes, figures):
    old = shares(figures, LUX={2023: 0.4111}, POL={2023: 3.9222}, USA={2023: 3.1})
    new = shares(figures, LUX={2023: 0.7111}, POL={2023: 3.2622}, USA={2023: 3.1})
    found = changes(old, new, most=1)
    assert found.revised == 2 and found.points
    assert [(entry.reporter, pytest.approx(-0.66) == entry.change) for entry in found.largest] == [("POL", True)]


def test_a_fall_below_zero_is_more_than_all_of_it(changes, figures):
    flow = "selectusa.fdi_flow"
    old, new = (figures(flow, {("USA", "BEL"): {2012: value}}) for value in (1387.5, -3443.25))
    (only,) = changes(old, new, publisher="selectusa").largest
    assert only.change == pytest.approx(100 * (-3443.25 - 1387.5) / 1387.5)


@pytest.mark.parametrize(
    ("entry", "unit", "said"),
    [
        (Revision("BEL", "", 2023, 1.2085, 1.1818, "estimate", "", -0.0267), "% of GDP",
         "Belgium 2023: 1.21 per cent of GDP (estimate), then 1.18 per cent of GDP, \u22120.03 points"),
        (Revision("USA", "NLD", 2015, 1000.0, 1200.0, "", "provisional", 20.0), "million USD",
         "The United States with the Netherlands 2015: 1.00 billion dollars, then 1.20 billion dollars (provisional), "
         "+20.0 per cent"),
        (Revision("BEL", "", 2015, 0.0, 7.5, "", "", None), "million USD",
         "Belgium 2015: 0 dollars, then 7.50 million dollars, from zero"),
        (Revision("BEL", "", 2015, 1000.0, 1004.0, "", "", 0.4), "million USD",
         "Belgium 2015: 1.00 billion dollars, then 1.00 billion dollars, +0.40 per cent"),
    ],
)  # fmt: skip
def test_a_revision_in_words(entry, unit, said):
    assert told(entry, unit) == said


def test_a_change_that_rounds_to_nothing_has_no_sign():
    assert changed(Revision("BEL", "", 2015, 1.0, 1.0001, "", "", 0.0001), "% of GDP") == "0.00 points"


# Which releases


@pytest.fixture
def several(shelf, figures):
    """Releases of two publishers, some of which share series."""
    shelf.add("census", "2015-03-05", exports(figures, BEL={2014: 2.0}) + figures(M, {("USA", "BEL"): {2014: 5.0}}))
    shelf.add("census", "2016-03-04", exports(figures, BEL={2015: 2.5}))
    shelf.add("census", "2017-03", figures(M, {("USA", "BEL"): {2016: 1.0}}))
    shelf.add("census", "2018-03", exports(figures, BEL={2017: 1.0}) + figures(M, {("USA", "BEL"): {2017: 1.0}}))
    shelf.add("nato", "2016-07-04", shares(figures, BEL={2015: 0.91}))
    shelf.add("nato", "2017-07-04", figures(MONEY, {("BEL", ""): {2015: 4000.0}}))
    return shelf.store()


def test_series_of_one_release_alone_are_named(several):
    found = diff(several, release(several, "census-2015-03-05"), release(several, "census-2016-03-04"))
    assert [entry.series for entry in found.series] == [X]
    assert (found.only_old, found.only_new) == ((M,), ())
    back = diff(several, release(several, "census-2016-03-04"), release(several, "census-2017-03"))
    assert (back.series, back.only_old, back.only_new) == ((), (X,), (M,))
    assert revisions.sentence(back.series) == "the two releases tell no figure in common that could be compared"


def test_the_earlier_release_with_most_series_in_common_is_taken_the_newest_of_equals(several):
    assert earlier(several, release(several, "census-2018-03")).name == "census-2015-03-05"  # two series, not one
    assert earlier(several, release(several, "census-2017-03")).name == "census-2015-03-05"  # the only one with imports
    assert earlier(several, release(several, "nato-2017-07-04")) is None
    with pytest.raises(
        ClaimbookError, match="no earlier release of census held shares a series with census-2015-03-05"
    ):
        revisions.before(several, release(several, "census-2015-03-05"))


def test_the_newest_of_releases_that_share_as_many_series_is_taken(shelf, figures):
    for day in ("2015-03-05", "2016-03-04", "2017-03-07"):
        shelf.add("census", day, exports(figures, BEL={2014: 2.0}))
    store = shelf.store()
    assert earlier(store, release(store, "census-2017-03-07")).name == "census-2016-03-04"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("census-2016-03-04", "nato-2016-07-04"), "of two publishers; of nato there are: nato-2016-07-04, nato-2017-07-04"),
        (("census-2016-03-04", "census-2015-03-05"), "census-2016-03-04 is not before census-2015-03-05; name the older"),
        (("census-2016-03-04", "census-2016-03-04"), "is not before census-2016-03-04.*There are: census-2015-03-05, "),
        (("census-2015-3-5", "census-2016-03-04"), "no release 'census-2015-3-5' is held; near: census-2015-03-05"),
        (("census", "census-2016-03-04"), "no release 'census' is held"),
        (("nato-x", "census-2016-03-04"), "no release 'nato-x' is held; of nato there are: nato-2016-07-04, "),
        (("q", "census-2016-03-04"), "no release 'q' is held; `claimbook data list` tells which are"),
    ],
)  # fmt: skip
def test_a_wrong_release_is_named_with_what_there_is(several, names, said):
    with pytest.raises(ClaimbookError, match=said):
        diff(several, *(release(several, name) for name in names))


def test_one_series_alone(several):
    pair = [release(several, name) for name in ("census-2015-03-05", "census-2018-03")]
    assert [entry.series for entry in diff(several, *pair, series=M).series] == [M]
    with pytest.raises(ClaimbookError, match=f"neither .* carries 'census.goods_export'; near: {X}, {M}"):
        diff(several, *pair, series="census.goods_export")
    with pytest.raises(ClaimbookError, match=f"carries 'q'; they carry: {X}, {M}"):
        diff(several, *pair, series="q")


# Whatever the figures


@st.composite
def tables(draw):
    keys = st.tuples(st.sampled_from(["BEL", "NLD", "POL"]), st.integers(2014, 2017))
    value = st.one_of(st.none(), st.floats(0, 9, allow_nan=False).map(lambda number: round(number, 4)))
    found = draw(st.dictionaries(keys, value, min_size=1, max_size=9))
    table: dict = {}
    for (country, year), figure in found.items():
        table.setdefault((country, ""), {})[year] = figure
    return table


@settings(max_examples=40)
@given(old=tables(), new=tables(), partial=st.booleans())
def test_every_figure_is_counted_once(old, new, partial, tmp_path_factory, shelf_at, figures):
    shelf = shelf_at(tmp_path_factory.mktemp("any"))
    first = shelf.add("nato", OLD, figures(SHARE, old))
    second = shelf.add("nato", NEW, figures(SHARE, new), [Partial(SHARE)] if partial else [])
    (found,) = diff(shelf.store(), first, second, most=100).series
    assert found.in_both + found.withdrawn + found.outside == first.scope[0].observations
    assert found.in_both + found.added == second.scope[0].observations
    assert len(found.largest) == found.revised and len(found.gone) == found.withdrawn
    sizes = [abs(entry.change) for entry in found.largest]
    assert sizes == sorted(sizes, reverse=True)
    assert not (partial and found.withdrawn)
    assert all(math.isfinite(entry.before) and entry.after is None for entry in found.gone if entry.before is not None)


@settings(max_examples=10)
@given(table=tables())
def test_a_release_that_says_the_same_changed_nothing(table, tmp_path_factory, shelf_at, figures):
    shelf = shelf_at(tmp_path_factory.mktemp("same"))
    pair = [shelf.add("nato", day, figures(SHARE, table)) for day in (OLD, NEW)]
    (found,) = diff(shelf.store(), *pair).series
    assert counts(found) == {"unchanged": pair[0].scope[0].observations}
