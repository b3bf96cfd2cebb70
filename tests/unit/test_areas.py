"""Areas: one code each, whatever a publisher calls them."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import areas
from analysis.errors import ClaimbookError
from analysis.home import data

PUBLISHERS = sorted(path.stem for path in data("areas").glob("*.yaml") if path.stem != "common")
codes = st.sampled_from(sorted(areas.areas()))


def declared(stem: str) -> dict:
    return yaml.safe_load(data("areas", f"{stem}.yaml").read_text(encoding="utf-8"))


# Spellings


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Belgium", "BEL"), ("BELGIUM", "BEL"), (" Belgium ", "BEL"), ("Belgium*", "BEL"), ("Belgium (a)", "BEL"),
        ("Türkiye", "TUR"), ("Turkiye", "TUR"), ("Turkey", "TUR"), ("Côte d’Ivoire", "CIV"), ("Cote d'Ivoire", "CIV"),
        ("Saint Lucia", "LCA"), ("St. Lucia", "LCA"), ("St Lucia", "LCA"), ("Trinidad & Tobago", "TTO"),
        ("Trinidad and Tobago", "TTO"), ("The Netherlands", "NLD"), ("Netherlands (the)", "NLD"),
        ("Republic of Korea", "KOR"), ("Korea, Republic of", "KOR"), ("Czech Republic", "CZE"), ("Czechia", "CZE"),
        ("USSR", "SUN"), ("United States of America", "USA"), ("Kosovo", "XKX"), ("South Sudan", "SSD"),
    ],
)  # fmt: skip
def test_spellings_that_everybody_shares(name, code):
    assert areas.find(name) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sudan", "South Sudan"), ("Niger", "Nigeria"), ("Guinea", "Guinea-Bissau"), ("Congo", "DR Congo"),
     ("Dominica", "Dominican Republic"), ("North Korea", "South Korea"), ("Samoa", "American Samoa"),
     ("Ireland", "Iceland"), ("Austria", "Australia"), ("Slovakia", "Slovenia")],
)  # fmt: skip
def test_names_alike_are_told_apart(one, other):
    found = areas.find(one), areas.find(other)
    assert None not in found
    assert found[0] != found[1]


@pytest.mark.parametrize(
    "name", ["", " ", "***", "the", "of and the", "Belgi", "Atlantis", "\u6bd4\u5229\u65f6", "\x00"]
)
def test_what_nobody_spells_so_is_not_guessed(name):
    assert areas.find(name) is None


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_each_publishers_own_spellings_lead_to_the_codes_it_declares(publisher):
    file = declared(publisher)
    for spelling, code in (file.get("aliases") or {}).items():
        assert areas.find(str(spelling), publisher) == code
    for code, entry in (file.get("areas") or {}).items():
        assert areas.area(code).kind == entry["kind"]


def test_one_publishers_spelling_is_not_anothers():
    assert areas.area(areas.find("Africa", "census")).kind == "group"
    assert areas.find("Africa") is None


@pytest.mark.parametrize("publisher", [None, *PUBLISHERS])
def test_every_country_is_found_by_its_own_name(publisher):
    lost = {
        code: areas.find(area.name, publisher)
        for code, area in areas.areas().items()
        if area.kind == "country" and areas.find(area.name, publisher) != code
    }
    assert lost == {}


@given(st.text(max_size=40))
def test_reducing_a_name_twice_changes_nothing_more(name):
    assert areas.normal(areas.normal(name)) == areas.normal(name)


@given(st.text(max_size=40), st.sampled_from([str.upper, str.lower, lambda name: f"  {name} * (b)"]))
def test_case_marks_and_spaces_do_not_change_what_is_found(name, change):
    if name.upper().lower() == name.lower():  # some letters change for good when cased
        assert areas.find(change(name)) == areas.find(name)


# Codes and kinds


@given(codes)
def test_an_area_has_its_code_a_kind_that_is_declared_and_a_name(code):
    area = areas.area(code)
    assert area.code == code
    assert area.kind in areas.KINDS
    assert area.name.strip() == area.name != ""
    assert areas.name(code) == area.name


@pytest.mark.parametrize(("code", "hint"), [("BELG", "near: BEL"), ("bel", "BEL"), ("Belgium", "did you mean BEL?")])
def test_an_unknown_code_is_told_with_the_nearest(code, hint):
    with pytest.raises(ClaimbookError) as error:
        areas.area(code)
    assert repr(code) in str(error.value)
    assert hint in str(error.value)


@pytest.mark.parametrize("code", ["", "\x00", "QQQQQQ"])
def test_a_code_like_no_other_is_told_with_an_example(code):
    with pytest.raises(ClaimbookError, match="such as BEL or NLD"):
        areas.area(code)


def test_only_countries_and_former_states_are_ranked():
    assert {"BEL", "XKX", "SUN", "HKG"} <= areas.rankable()
    assert not {"WLD", "EUU", "CENSUS.0013"} & areas.rankable()
    assert {areas.area(code).kind for code in areas.rankable()} == {"country", "former"}


def test_all_but_groups_add_up_to_the_world():
    kinds = {areas.area(code).kind for code in areas.leaves()}
    assert "group" not in kinds
    assert {"country", "unspecified"} <= kinds
    assert areas.rankable() < areas.leaves()


# Running text


@pytest.mark.parametrize(
    ("code", "called", "whose"),
    [
        ("BEL", "Belgium", "Belgium's"), ("USA", "the United States", "the United States'"),
        ("NLD", "the Netherlands", "the Netherlands'"), ("CZE", "Czechia", "Czechia's"),
        ("HND", "Honduras", "Honduras'"),
    ],
)  # fmt: skip
def test_names_in_running_text(code, called, whose):
    assert areas.called(code) == called
    assert areas.possessive(code) == whose


def test_names_that_take_an_article_exist():
    assert set(areas._ARTICLE) <= set(areas.areas())


# Faulty declarations


@pytest.fixture
def declarations(monkeypatch):
    """Let areas be declared by the test; what was read before is forgotten."""

    def declare(**files):
        monkeypatch.setattr(areas, "_declarations", lambda: sorted(files.items()))
        for cached in (areas.areas, areas._spellings):
            cached.cache_clear()

    yield declare
    monkeypatch.undo()
    for cached in (areas.areas, areas._spellings):
        cached.cache_clear()


def test_a_publisher_cannot_declare_a_code_that_is_taken(declarations):
    declarations(common={}, census={"areas": {"BEL": {"kind": "group", "name": "Belgian companies"}}})
    with pytest.raises(ClaimbookError, match=r"data/areas/census.yaml: BEL is declared already"):
        areas.areas()


def test_an_alias_to_nowhere_is_refused(declarations):
    declarations(common={}, census={"aliases": {"Belgien": "BEX"}})
    with pytest.raises(ClaimbookError, match="alias 'Belgien' points to unknown code 'BEX'"):
        areas.find("Belgien", "census")


def test_a_file_with_nothing_in_it_declares_nothing(declarations):
    declarations(common={}, census={"areas": None, "aliases": None})
    assert areas.find("Belgium", "census") == "BEL"
