"""The rounding grammar: every phrase of it, and what must hold of any figure read by it."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import units
from analysis.errors import ClaimbookError
from analysis.quantities import TREND_UNITS, parse

SCALES = {"": 0, " thousand": 3, " million": 6, " billion": 9, " bn": 9, " trillion": 12}
ABOUT = ("around", "about", "some", "roughly", "approximately", "circa")
HEDGES = (
    *("", *ABOUT, "nearly", "almost", "just under", "just below", "just over", "just above"),
    *("over", "more than", "above", "exceeding", "at least", "no less than"),
    *("below", "under", "less than", "fewer than", "at most", "up to", "no more than"),
)


@st.composite
def figures(draw) -> tuple[str, Decimal, Decimal]:
    """What is printed, its value, and the step to which it is rounded."""
    scale = draw(st.sampled_from(list(SCALES)))
    places = draw(st.integers(0 if scale else 1, 3))
    number = Decimal(draw(st.integers(-99_999_999, 99_999_999))).scaleb(-places)
    printed = f"{number:,.{places}f}{scale}"
    factor = Decimal(10) ** SCALES[scale]
    return printed, number * factor, Decimal(1).scaleb(-places) * factor


# What rounds to the figure fits, its neighbours do not


@given(figures(), st.decimals("-0.499", "0.499", places=3))
def test_what_rounds_to_the_printed_figure_bears_it_out(figure, off):
    printed, value, step = figure
    assert parse(printed).fit(float(value + off * step)) == "rounding"


@given(figures(), st.decimals("0.501", "1000", places=3), st.sampled_from([-1, 1]))
def test_what_rounds_to_a_neighbour_does_not(figure, off, side):
    printed, value, step = figure
    assert parse(printed).fit(float(value + side * off * step)) is None


@given(figures())
def test_half_a_step_below_rounds_up_to_it_and_half_a_step_above_to_the_next(figure):
    printed, value, step = figure
    quantity = parse(printed)
    assert quantity.fit(float(value - step / 2)) == "rounding"
    assert quantity.fit(float(value + step / 2)) is None
    assert quantity.figure == float(value)


@given(figures(), st.sampled_from(ABOUT), st.decimals("-3", "3", places=2))
def test_a_word_of_approximation_alone_widens_nothing(figure, hedge, off):
    printed, value, step = figure
    told = float(value + off * step)
    assert parse(f"{hedge} {printed}").fit(told) == parse(printed).fit(told)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("66 billion", 65.5e9, 66.5e9),
        ("66.0 billion", 65.95e9, 66.05e9),
        ("66 bn", 65.5e9, 66.5e9),
        ("2 m", 1.5e6, 2.5e6),
        ("1.5 tn", 1.45e12, 1.55e12),
        ("85 per cent", 84.5, 85.5),
        ("85 percent", 84.5, 85.5),
        ("85%", 84.5, 85.5),
        ("85 %", 84.5, 85.5),
        ("2 percentage points", 1.5, 2.5),
        ("1 percentage point", 0.5, 1.5),
        ("100 per cent", 99.5, 100.5),
        ("0.90 per cent", 0.895, 0.905),
        ("one per cent", 0.5, 1.5),
        ("twenty million", 19.5e6, 20.5e6),
        ("seven", 6.5, 7.5),
        ("zero", -0.5, 0.5),
        ("-2.5 billion", -2.55e9, -2.45e9),
        # A bare whole number was rounded to its last digit that is not nought.
        ("150,000", 145_000, 155_000),
        ("151,000", 150_500, 151_500),
        ("151", 150.5, 151.5),
        ("1,234,567", 1_234_566.5, 1_234_567.5),
        # A Swiss apostrophe stands between thousands too, straight or curly.
        ("150'000", 145_000, 155_000),
        ("150\u2019000", 145_000, 155_000),
    ],
)
def test_a_number_stands_for_all_that_rounds_to_it(printed, low, high):
    quantity = parse(printed)
    assert (quantity.low, quantity.high, quantity.low_in, quantity.high_in) == (low, high, True, False)


@pytest.mark.parametrize(
    ("printed", "share"),
    [
        ("half", 50), ("a half", 50), ("one half", 50), ("a third", 100 / 3), ("two thirds", 200 / 3),
        ("a quarter", 25), ("quarter", 25), ("three quarters", 75), ("a fifth", 20), ("four fifths", 80),
        ("a sixth", 100 / 6), ("an eighth", 12.5), ("three eighths", 37.5), ("a tenth", 10),
    ],
)  # fmt: skip
def test_a_fraction_is_a_share_in_per_cent_to_the_nearest_twentieth(printed, share):
    quantity = parse(printed)
    assert quantity.figure == pytest.approx(share)
    assert (quantity.low, quantity.high) == (pytest.approx(share - 2.5), pytest.approx(share + 2.5))


# Hedges


@pytest.mark.parametrize("hedge", ["over", "more than", "above", "exceeding"])
def test_over_leaves_out_the_figure_itself(hedge):
    quantity = parse(f"{hedge} 150,000")
    assert quantity.fit(150_000) is None
    assert quantity.fit(150_001) == quantity.fit(1e12) == "rounding"
    assert quantity.fit(149_999) is None


@pytest.mark.parametrize("hedge", ["at least", "no less than"])
def test_at_least_holds_the_figure_itself(hedge):
    assert parse(f"{hedge} two per cent").fit(2.0) == "rounding"
    assert parse(f"{hedge} two per cent").fit(1.999) is None


@pytest.mark.parametrize("hedge", ["below", "under", "less than", "fewer than"])
def test_below_leaves_out_the_figure_itself(hedge):
    quantity = parse(f"{hedge} one per cent")
    assert quantity.fit(1.0) is None
    assert quantity.fit(0.999) == quantity.fit(-5) == "rounding"


@pytest.mark.parametrize("hedge", ["at most", "up to", "no more than"])
def test_at_most_holds_the_figure_itself(hedge):
    assert parse(f"{hedge} zero").fit(0) == "rounding"
    assert parse(f"{hedge} zero").fit(1) is None
    assert parse(f"{hedge} a fifth").fit(20.0) == "rounding"


@pytest.mark.parametrize("hedge", ["nearly", "almost", "just under", "just below"])
def test_nearly_reaches_a_twentieth_below_and_never_the_figure(hedge):
    quantity = parse(f"{hedge} 200 million")
    assert [quantity.fit(value * 1e6) for value in (189, 190, 199.9, 200)] == [None, "rounding", "rounding", None]


@pytest.mark.parametrize("hedge", ["just over", "just above"])
def test_just_over_reaches_a_twentieth_above_and_never_the_figure(hedge):
    quantity = parse(f"{hedge} half")
    assert [quantity.fit(value) for value in (50, 50.1, 52.5, 52.6)] == [None, "rounding", "rounding", None]


def test_nearly_a_negative_figure_lies_below_it():
    assert parse("nearly -100.0").fit(-104) == "rounding"
    assert parse("just over -100.0").fit(-96) == "rounding"


@given(st.sampled_from([hedge for hedge in HEDGES if hedge]), figures())
def test_a_hedge_moves_only_the_ends_never_the_figure(hedge, figure):
    printed, value, _ = figure
    assert parse(f"{hedge} {printed}").figure == float(value)


OPPOSITES = [("over", "at most"), ("more than", "no more than"), ("at least", "below"), ("no less than", "under")]


@given(st.sampled_from(OPPOSITES), figures(), st.floats(allow_nan=False, allow_infinity=False))
def test_opposite_hedges_share_every_value_between_them(pair, figure, value):
    fits = [parse(f"{hedge} {figure[0]}").fit(value) for hedge in pair]
    assert fits.count(None) == 1


# Tolerance


@given(figures(), st.sampled_from(ABOUT), st.floats(0, 0.25), st.floats(0, 0.25), st.floats(-3, 3))
def test_a_tolerance_only_widens(figure, hedge, one, other, off):
    printed, value, step = figure
    told = float(value) + off * max(float(step), abs(float(value)) * 0.1)
    narrow, wide = (parse(f"{hedge} {printed}", tolerance=share) for share in sorted((one, other)))
    if narrow.fit(told) is not None:
        assert wide.fit(told) is not None
    # Within rounding stays within rounding: a tolerance never relabels it.
    assert (narrow.fit(told) == "rounding") == (wide.fit(told) == "rounding")


def test_within_tolerance_is_told_apart_from_within_rounding():
    quantity = parse("around 66 billion", tolerance=0.02)  # 1.32 billion beyond 65.5 and 66.5
    told = [quantity.fit(value * 1e9) for value in (64.17, 64.18, 65.49, 65.5, 66.49, 66.5, 67.82, 67.83)]
    assert told == [None, *["tolerance"] * 2, *["rounding"] * 2, *["tolerance"] * 2, None]
    assert quantity.ends() == (pytest.approx(64.18e9), pytest.approx(67.82e9))


@pytest.mark.parametrize(
    "printed", ["66 billion", "over 66 billion", "12th", "top 10", "positive", "rising every year"]
)
def test_a_tolerance_without_a_word_of_approximation_is_refused(printed):
    with pytest.raises(ClaimbookError, match=r"'around'") as error:
        parse(printed, tolerance=0.02)
    assert repr(printed) in str(error.value)


@pytest.mark.parametrize("tolerance", [-0.02, math.nan, math.inf])
def test_a_tolerance_that_is_no_share_is_refused(tolerance):
    with pytest.raises(ClaimbookError, match="is not a share"):
        parse("around 66 billion", tolerance=tolerance)


# Margin


@given(figures(), st.sampled_from(HEDGES), st.floats(-1e15, 1e15))
def test_the_margin_is_nought_at_an_end_and_positive_elsewhere(figure, hedge, value):
    quantity = parse(f"{hedge} {figure[0]}".strip(), tolerance=0.02 if hedge in ABOUT else 0.0)
    ends = [end for end in quantity.ends() if end is not None]
    assert ends
    for end in ends:
        assert quantity.margin(end) == 0
    assert (quantity.margin(value) > 0) == (value not in ends)


@given(figures(), st.sampled_from(HEDGES), st.floats(-1e15, 1e15), st.floats(0, 0.99), st.sampled_from([-1, 1]))
def test_a_value_moved_by_less_than_its_margin_keeps_its_answer(figure, hedge, value, part, side):
    quantity = parse(f"{hedge} {figure[0]}".strip())
    moved = value + side * part * quantity.margin(value)
    assert (quantity.fit(value) is None) == (quantity.fit(moved) is None)


# Ranks


@given(st.integers(1, 400), st.sampled_from(["", " largest", " biggest", " highest"]), st.sampled_from(["", "the "]))
def test_an_ordinal_is_one_rank(rank, largest, the):
    suffix = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    quantity = parse(f"{the}{rank}{suffix}{largest}")
    assert quantity.kind == "rank"
    assert list(quantity.ranks()) == [rank]


@given(st.integers(1, 400), st.sampled_from(["", "the ", "in the ", "among the "]))
def test_top_n_is_the_ranks_one_to_n(number, before):
    assert list(parse(f"{before}top {number}").ranks()) == list(range(1, number + 1))


@pytest.mark.parametrize(
    ("printed", "ranks"),
    [("top ten", range(1, 11)), ("top three", range(1, 4)), ("twelfth largest", range(12, 13)),
     ("second biggest", range(2, 3)), ("the third highest", range(3, 4)), ("first largest", range(1, 2))],
)  # fmt: skip
def test_ranks_in_words(printed, ranks):
    assert parse(printed).ranks() == ranks


def test_a_word_that_could_be_either_is_a_rank_only_with_largest():
    assert parse("third largest").kind == "rank"
    assert parse("a third").kind == "value"


def test_a_figure_that_is_no_rank_has_no_ranks():
    with pytest.raises(ClaimbookError, match="'85 per cent' is not a rank"):
        parse("85 per cent").ranks()


# Trends and signs


@pytest.mark.parametrize("printed", ["rising every year", "Falling  every year"])
def test_a_trend_is_borne_out_where_no_year_breaks_it(printed):
    quantity = parse(printed)
    assert (quantity.kind, quantity.trend) == ("trend", printed.split()[0].casefold())
    assert [quantity.fit(years) for years in (0.0, 1.0, 5.0)] == ["rounding", None, None]
    assert [quantity.margin(years) for years in (0.0, 1.0, 5.0)] == [0.0, 1.0, 5.0]
    assert quantity.ends() == (None, 0.0)


def test_each_trend_is_held_against_the_years_that_break_it():
    assert {parse(f"{way} every year").trend for way in ("rising", "falling")} == set(TREND_UNITS)
    assert set(TREND_UNITS.values()) <= units.COUNTED


def test_a_trend_has_no_tolerance_and_no_rank():
    with pytest.raises(ClaimbookError, match="a tolerance goes with a word of approximation"):
        parse("rising every year", tolerance=0.02)
    with pytest.raises(ClaimbookError, match="is not a rank"):
        parse("rising every year").ranks()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_positive_and_negative_leave_out_nought(value):
    assert (parse("positive").fit(value) is not None) == (value > 0)
    assert (parse("negative").fit(value) is not None) == (value < 0)


# Bad input


@given(st.sampled_from(HEDGES), figures())
def test_case_and_spaces_say_nothing(hedge, figure):
    printed = f"{hedge} {figure[0]}".strip()
    spaced = f"  {printed.upper().replace(' ', chr(0xA0) + '  ')}\n"
    ours, theirs = parse(printed), parse(spaced)
    assert (ours.low, ours.high, ours.low_in, ours.high_in) == (theirs.low, theirs.high, theirs.low_in, theirs.high_in)


def test_neither_nan_nor_an_infinite_value_bears_anything_out():
    for printed in ("66 billion", "over 5", "at most zero", "positive", "12th"):
        assert [parse(printed).fit(value) for value in (math.nan, math.inf, -math.inf)] == [None] * 3


@pytest.mark.parametrize(
    "printed",
    [
        "", " ", "large", "66 billions of dollars", "66 zillion", "$66 billion", "66bn", "1e5", "--5", "-", ".", "'",
        "1.2.3", "1,5 billion", "12,34", "1,000,00", "1.000.000", "around", "around over 5", "nan", "inf", "infinity",
        "infinity billion", "snan", "half per cent", "0th", "the 0th largest", "top 0", "top zero", "top -1", "top \u00b2",
        "top many", "twelfth", "umpteenth largest", "rising", "\u5341\u4ebf", "66 billion\x00", "five halves of",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named_and_shown_how_to_write(printed):
    with pytest.raises(ClaimbookError) as error:
        parse(printed)
    assert f"printed figure {printed!r}" in str(error.value)
    assert "Understood are, for example: 'around 66 billion'" in str(error.value)


@given(st.text(max_size=30) | st.text("0123456789.,'- abcdehilmnoprstuvw%", max_size=20))
@example("top \u2468")
@example("\u0664\u0665th")
def test_any_text_is_a_figure_or_a_fault_told(text):
    try:
        quantity = parse(text)
    except ClaimbookError as error:
        assert repr(text) in str(error)
    else:
        assert quantity.kind in ("value", "rank", "trend")
        assert quantity.printed == text
