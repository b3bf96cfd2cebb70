"""Sentences with places that a figure fills: what they say for every kind of figure, and what is refused beforehand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import claims, restating
from analysis.editions.statements import WIDE, place, ranked
from analysis.errors import ClaimbookError


def filled(text: str, **known) -> str:
    return restating.filled(text, known)


def test_places_are_filled_and_the_sentence_ends_once():
    told = filled(
        "in {year} {country's} share {moved}.", **{"year": 2024, "country's": "Belgium's", "moved": "rose by 2"}
    )
    assert told == "In 2024 Belgium's share rose by 2."


def test_words_given_with_a_place_reach_it():
    known = {"year": 2020, "sign": lambda above, below: below, "rank": lambda what: f"the 12th {what}"}
    told = filled("In {year} {sign:more|fewer} were {rank:most open}", **known)
    assert told == "In 2020 fewer were the 12th most open."


def test_what_is_filled_in_is_not_filled_again():
    assert filled("{country} in {year}", country="{year}", year=2020) == "{year} in 2020."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In {year} {nation}", "{nation} is no place"),
        ("In {year} {rank}", "{rank} is no place"),
        ("In {year} {sign:more}", "{sign:more} is no place"),
        ("In {year} {country:x}", "{country:x} is no place"),
        ("In {year} { country}", "a brace"),
        ("In {year} {country", "a brace"),
        ("{country} rose", "does not tell its year"),
        ("Since {since} to {year}", "tells {since}"),
    ],
)
def test_a_sentence_that_could_not_be_filled_is_refused(text, said):
    with pytest.raises(ClaimbookError, match=said.replace("{", r"\{").replace("|", r"\|")):
        restating.check(text, {})


def test_since_needs_a_measure_over_so_many_years():
    restating.check("Between {since} and {year}", {"years": 25})


@pytest.mark.parametrize(
    ("best", "worst", "told", "bare"),
    [
        (1, 1, "the largest", "1st"),
        (2, 2, "the 2nd largest", "2nd"),
        (12, 12, "the 12th largest", "12th"),
        (1, 2, "the largest or the 2nd largest", "1st or 2nd"),
        (3, 4, "the 3rd or the 4th largest", "3rd or 4th"),
        (1, 5, "between the largest and the 5th largest", "between 1st and 5th"),
        (21, 23, "between the 21st and the 23rd largest", "between 21st and 23rd"),
        (84, 270, "at best the 84th largest", "84th at best"),
        (1, 99, "at best the largest", "1st at best"),
    ],
)
def test_ranks_in_words(best, worst, told, bare):
    assert ranked(best, worst, "largest") == told
    assert place(best, worst) == bare


@given(st.integers(1, 250), st.integers(0, 250))
def test_a_rank_never_claims_more_than_its_bounds(best, more):
    told = ranked(best, best + more, "largest")
    assert ("at best" in told) == (more > WIDE)
    if best > 1:
        assert str(best) in told


def test_every_sentence_of_the_ledger_can_be_filled():
    for claim in claims.declared():
        for reading in claim.readings:
            if reading.elsewhere:
                restating.check(reading.elsewhere, reading.inputs)
                ranks = claim.unit_of(reading) == "rank"
                names = {name for name, _, _ in restating.places(reading.elsewhere)}
                assert ranks == bool(names & {"rank", "place"}), (claim.id, reading.id)


def test_a_partner_needs_one():
    claim = next(entry for entry in claims.declared() if entry.id == "nvs-trade-share")
    told = claim.model_dump(exclude={"document"}) | {"document": claim.document}
    told["readings"][0]["elsewhere"] = "In {year} {country} and {partner}"
    with pytest.raises(ValueError, match="names a partner; the claim has none"):
        type(claim).model_validate(told)
