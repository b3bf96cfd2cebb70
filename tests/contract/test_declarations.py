"""What data/ declares besides the ledger: series, areas, memberships."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest
import yaml

from analysis import areas, claims
from analysis.home import data
from analysis.measures import groups
from analysis.series import register
from analysis.snapshots.store import store

YAML = sorted(path for path in data().rglob("*.yaml"))
SERIES = list(register().values())
PUBLISHERS = sorted(path.stem for path in data("series").glob("*.yaml"))


def twice(node: yaml.Node) -> list[str]:
    """Keys given twice anywhere below a node: plain YAML would lose the first in silence."""
    found = []
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        found += [key for key in keys if keys.count(key) > 1]
        found += [key for _, value in node.value for key in twice(value)]
    if isinstance(node, yaml.SequenceNode):
        found += [key for value in node.value for key in twice(value)]
    return found


@pytest.mark.parametrize("path", YAML, ids=lambda path: str(path.relative_to(data())))
def test_a_file_is_yaml_without_a_key_given_twice(path):
    text = path.read_text(encoding="utf-8")
    assert twice(yaml.compose(text)) == []
    assert text.startswith("#"), "begins with a line on what it is"


def test_a_key_given_twice_would_be_noticed():
    assert twice(yaml.compose("a: 1\nb: [{c: 1, c: 2}]")) == ["c", "c"]


# -- Series --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", SERIES, ids=lambda entry: entry.id)
def test_a_series_is_told_in_full(entry):
    assert entry.title[0].isupper() and not entry.title.endswith(".")
    assert entry.concept.endswith(".") and entry.code
    assert entry.note is None or entry.note.endswith(".")
    if entry.world is not None:
        assert areas.area(entry.world).kind == "group"
    if entry.minimum is not None and entry.maximum is not None:
        assert entry.minimum < entry.maximum
    if entry.kind == "share":
        assert entry.unit.startswith("% of")


@pytest.mark.parametrize("entry", SERIES, ids=lambda entry: entry.id)
def test_a_calendar_is_a_day_of_every_year(entry):
    for year in range(1949, 2030):
        assert entry.calendar.first_told(year) >= dt.date(year, 1, 1)
    assert entry.calendar.years_after <= 3


def test_no_release_told_a_year_long_before_its_calendar_day():
    """A calendar may be some weeks late, as when an edition comes out early; more, and it is wrong."""
    for release in store().releases:
        for scope in release.scope:
            full = [year for year in scope.periods if year < release.day.year]
            if full:
                first = register()[scope.series].calendar.first_told(max(full))
                assert first <= release.day + dt.timedelta(days=31), (release.name, scope.series, max(full), first)


def test_every_series_is_held_by_a_release_or_by_no_claim():
    used = {name for claim in claims.ledger() for reading in claim.readings for name in reading.series}
    held = {scope.series for release in store().releases for scope in release.scope}
    assert used <= held <= set(register())


def test_a_release_declares_limits_for_lists_that_are_cut_off():
    """Lists of the largest, of some partners only, or of one ally: nothing may be ranked in them without a bound."""
    limited = {
        scope.series: scope
        for release in store().releases
        for scope in release.scope
        if scope.limits and not any(limit.missing_below for limit in scope.limits)
    }
    assert {"bea.goods_services_exports", "selectusa.fdi_position_ubo", "nato.core_expenditure_ncu_current"} <= set(
        limited
    )
    for release in store().carrying("selectusa.fdi_position_ubo_top15"):
        (limit,) = release.scope_of("selectusa.fdi_position_ubo_top15").limits
        assert limit.missing_below > 0


# -- Areas ---------------------------------------------------------------------------------------------------


def own_areas(name: str) -> dict:
    """What a publisher declares of areas; nothing where the spellings that all share will do."""
    path = data("areas", f"{name}.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.exists() else {}


def spellings(name: str) -> dict[str, set[str]]:
    """The codes that a publisher's spellings point to, by the spelling as `areas.find` compares it."""
    declared = own_areas(name)
    found = defaultdict(set)
    for code, entry in (declared.get("areas") or {}).items():
        found[areas.normal(entry["name"])].add(code)
    for spelling, code in (declared.get("aliases") or {}).items():
        found[areas.normal(spelling)].add(code)
    return found


@pytest.mark.parametrize("name", ["common", *PUBLISHERS])
def test_no_two_spellings_of_a_publisher_point_to_different_codes(name):
    for spelling, codes in spellings(name).items():
        if name == "census" and all(areas.area(code).kind == "group" for code in codes):
            # The Bureau's table and its interface use one name for groups that they number, and cut, differently.
            codes = {code for code in codes if not code.startswith("CENSUS.API.")}
        assert len(codes) <= 1, f"{spelling!r} is {codes}"


@pytest.mark.parametrize("name", PUBLISHERS)
def test_a_publisher_does_not_turn_a_common_name_into_another_place(name):
    """A publisher may narrow a name that all share to a line of its own, never to another country."""
    for spelling, codes in spellings(name).items():
        shared = areas.find(spelling)
        for code in codes:
            if shared is not None and areas.area(code).kind == areas.area(shared).kind == "country":
                assert code == shared, f"{spelling!r} is {shared} to all and {code} to {name}"


@pytest.mark.parametrize("name", ["common", *PUBLISHERS])
def test_areas_are_declared_with_their_kind(name):
    declared = own_areas(name)
    for code, entry in (declared.get("areas") or {}).items():
        assert set(entry) == {"kind", "name"} and entry["kind"] in areas.KINDS
        # A publisher's own lines carry its name, so that they never collide; the World Bank's codes are its own.
        if name not in ("common", "worldbank") and entry["kind"] != "former" and len(code) != 3:
            assert code.startswith(f"{name.upper()}."), code
    for code in (declared.get("aliases") or {}).values():
        assert code in areas.areas()


@pytest.mark.parametrize(
    ("publisher", "spelling", "code"),
    [
        ("census", "Korea, South", "KOR"),
        ("bea", "Curacao", "CUW"),
        ("nato", "Türkiye", "TUR"),
        ("nato", "Turkey", "TUR"),
        ("sipri", "United States of America", "USA"),
        ("wto", "Hong Kong, China", "HKG"),
        ("comtrade", "Belgium", "BEL"),
        ("worldbank", "Slovak Republic", "SVK"),
        ("selectusa", "South Korea", "KOR"),
    ],
)
def test_a_spelling_is_found(publisher, spelling, code):
    assert areas.find(spelling, publisher) == code


def test_groups_are_never_ranked_and_remainders_are_no_country():
    for code in areas.rankable():
        assert areas.area(code).kind in ("country", "former")
    assert not {"WLD", "EUU", "BEA.UK_ISLANDS_CARIBBEAN", "CENSUS.0003"} & areas.rankable()
    assert {"BEL", "XKX", "HKG", "SUN"} <= areas.rankable()


# -- Memberships ---------------------------------------------------------------------------------------------


def memberships() -> dict:
    return yaml.safe_load(data("memberships.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("group", ["NATO", "EU"])
def test_members_are_countries_and_joined_after_the_foundation(group):
    entry = memberships()[group]
    founded = {"NATO": 1949, "EU": 1958}[group]
    for code, year in entry["members"].items():
        assert areas.area(code).kind == "country"
        assert founded <= year <= store().newest.year
    assert set(entry.get("left", {})) <= set(entry["members"])
    assert entry["source"] and entry["title"]


@pytest.mark.parametrize(
    ("group", "year", "count"),
    [
        # NATO's tables leave out Iceland: 12 founders less one, 14 by 1955, 15 with Spain, 18 in 1999, 25 in 2004,
        # 27 in 2009, 28 in 2017, 29 in 2020, 30 in 2023, 31 in 2024.
        ("NATO", 1949, 11), ("NATO", 1955, 14), ("NATO", 1982, 15), ("NATO", 1999, 18), ("NATO", 2004, 25),
        ("NATO", 2014, 27), ("NATO", 2017, 28), ("NATO", 2020, 29), ("NATO", 2023, 30), ("NATO", 2024, 31),
        ("EU", 1958, 6), ("EU", 1973, 9), ("EU", 1981, 10), ("EU", 1986, 12), ("EU", 1995, 15), ("EU", 2004, 25),
        ("EU", 2007, 27), ("EU", 2013, 28), ("EU", 2019, 28), ("EU", 2020, 27), ("EU", 2025, 27),
    ],
)  # fmt: skip
def test_members_in_a_year(group, year, count):
    assert len(groups.members(group, year)) == count


def test_natos_tables_list_its_members():
    edition = next(release for release in store().releases if release.name == "nato-2024-06-17")
    frame = store().figures(edition, "nato.defence_expenditure_share_gdp")
    listed = {code for code in frame["reporter"] if areas.area(code).kind == "country"}
    assert listed == groups.members("NATO", 2024)
