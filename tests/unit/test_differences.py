"""Differences between two versions, on small frozen ones that were made of real audits."""

from __future__ import annotations

import itertools
import json
import math
import re

import frozen
import hostile
import jsonschema
import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.versions import apis, causes, changes, cli_difference, difference_json
from analysis.versions.changes import CAUSES, KINDS, TIMES, Difference, Told
from analysis.versions.difference import difference

NAMES = tuple(frozen.DAYS)
PAIRS = tuple(itertools.combinations(NAMES, 2))
BELOW, SURPLUS, TERROR = "ics-defence-below-one-per-cent", "ics-trade-surplus", "ics-terror-target"
HOST = "ics-nato-founder-host"
CLAIMS = (*frozen.CLAIMS, HOST, "ics-cocaine-entry", "nvs-democracies-gdp", "manifesto-twelve-billion")


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """Folders of five versions, by name; none of them is changed by a test."""
    folder = tmp_path_factory.mktemp("site") / "v"
    return {name: frozen.frozen(folder, name, claims=CLAIMS, retrospective=name != NAMES[-1]) for name in NAMES}


@pytest.fixture(scope="module")
def found(versions):
    """The difference between two versions by their names."""
    known: dict[tuple[str, str], Difference] = {}

    def between(old: str, new: str) -> Difference:
        if (old, new) not in known:
            known[old, new] = difference(versions[old], versions[new])
        return known[old, new]

    return between


@pytest.fixture
def make(tmp_path):
    """A version of some claims on a day of DAYS, in a folder of its own; `also` edits its JSON by path."""
    counter = itertools.count()

    def made(*claims, on="2026.11", name="2026.11", also=None, **more):
        day = frozen.DAYS[on]
        target = frozen.frozen(
            tmp_path / str(next(counter)), name, day, claims or (BELOW,), retrospective=False, **more
        )
        for path, change in (also or {}).items():
            frozen.edit(target, path, change)
        return target

    return made


def claim(name: str, on: str = "2026.11", **update):
    """A claim of the ledger with something edited."""
    return frozen.ledger(frozen.DAYS[on])[name].model_copy(update=update)


def file(name: str) -> str:
    return f"api/claims/{name}.json"


def told(found: Difference, name: str) -> dict[str, tuple[str, str]]:
    """Kind and cause for each reading of time of a claim that changed."""
    return {x.time: (x.kind, x.cause) for entry in found.changed if entry.id == name for x in entry.changes}


def only(found: Difference, name: str, time: str) -> changes.Change:
    (entry,) = (entry for entry in found.changed if entry.id == name)
    (change,) = (change for change in entry.changes if change.time == time)
    return change


def words(folder) -> dict[tuple[str, str], str]:
    """Words by claim and reading of time, read without the room that is tested."""
    index = json.loads((folder / "api" / "verdicts.json").read_text(encoding="utf-8"))
    return {(entry["id"], time): word for entry in index["claims"] for time, word in entry["verdict"].items()}


# What holds for any two versions


@pytest.mark.parametrize("name", NAMES)
def test_a_version_does_not_differ_from_itself(found, name):
    same = found(name, name)
    assert same.empty and same == Difference(name, name)
    assert cli_difference.paragraph(same) == f"Nothing differs between {name} and {name}."


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_each_word_that_differs_is_told_once(found, versions, old, new):
    was, now = words(versions[old]), words(versions[new])
    flips = [(entry.id, change.time) for entry, change in found(old, new).flips()]
    assert sorted(flips) == sorted(key for key in now if key in was and was[key] != now[key])
    for entry, change in found(old, new).flips():
        assert (change.before.word, change.after.word) == (was[entry.id, change.time], now[entry.id, change.time])
        assert f'"{change.before.word}"' in change.sentence and f'"{change.after.word}"' in change.sentence


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_kinds_causes_and_sentences_are_of_the_vocabulary(found, old, new):
    for entry in found(old, new).changed:
        for change in entry.changes:
            assert change.cause in CAUSES and change.time in TIMES and change.kind in KINDS
            assert change.flipped == (change.kind != "moved")
            assert (change.kind == "opened") == (change.flipped and change.after.word in apis.OPEN)
            assert (change.kind == "decided") == (
                change.flipped and change.before.word in apis.OPEN and change.after.word not in apis.OPEN
            )
            for figure in (change.before.figure, change.after.figure):
                assert figure in change.sentence
            assert "  " not in change.sentence and "None" not in change.sentence


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_other_way_round_the_same_statements_differ(found, old, new):
    there, back = found(old, new), found(new, old)
    assert there.added == back.withdrawn and there.withdrawn == back.added
    assert there.documents_added == back.documents_removed
    assert set(there.releases) == set(back.dropped) and set(there.dropped) == set(back.releases)
    assert {(e.id, c.time, c.before, c.after) for e, c in there.flips()} == {
        (e.id, c.time, c.after, c.before) for e, c in back.flips()
    }


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_what_a_book_in_retrospect_hid_was_not_edited(found, old, new):
    """All five are of one ledger: whatever is told as an edit would be none."""
    assert not [(entry.id, entry.edits) for entry in found(old, new).changed if entry.edits]
    assert not any(entry.readings_added or entry.readings_removed for entry in found(old, new).changed)
    assert "ledger edit" not in {c.cause for entry in found(old, new).changed for c in entry.changes}


def test_claims_follow_the_newer_index_and_then_the_older(versions, found):
    order = [entry["id"] for entry in json.loads((versions["2026.11"] / "api/verdicts.json").read_bytes())["claims"]]
    first = found("2019.06", "2026.11")
    assert [entry.id for entry in first.changed] == sorted((e.id for e in first.changed), key=order.index)
    assert [entry.id for entry in first.added] == sorted((e.id for e in first.added), key=order.index)


# Causes, as they come about


@pytest.mark.parametrize(
    ("old", "new", "name", "time", "kind", "cause"),
    [
        ("2022.06", "2024.06", BELOW, "as_revised", "moved", "revision"),
        ("2022.06", "2024.06", BELOW, "today", "flipped", "new year"),
        ("2019.06", "2022.06", BELOW, "today", "moved", "time passed"),
        ("2025.12", "2026.11", "ics-well-below-commitments", "today", "flipped", "time passed"),
        ("2022.06", "2024.06", SURPLUS, "when_written", "decided", "new release"),
        ("2024.06", "2025.12", SURPLUS, "as_revised", "decided", "new release"),
        ("2024.06", "2025.12", "ics-wales-two-per-cent", "today", "decided", "new release"),
        ("2019.06", "2022.06", TERROR, "today", "opened", "time passed"),
        # A release came in between, but what it tells grew too old as well.
        ("2019.06", "2026.11", "ics-cocaine-entry", "today", "opened", "time passed"),
        ("2022.06", "2024.06", "nvs-defence-average", "when_written", "flipped", "new release"),
        ("2025.12", "2026.11", "nvs-democracies-gdp", "when_written", "moved", "new release"),
        ("2024.06", "2025.12", "manifesto-twelve-billion", "today", "moved", "time passed"),
        ("2019.06", "2022.06", HOST, "when_written", "decided", "new record"),
        ("2022.06", "2024.06", HOST, "today", "decided", "new record"),
        ("2025.12", "2026.11", "nvs-founder-host", "today", "moved", "new record"),
        ("2024.06", "2025.12", "nvs-africa-2050", "today", "moved", "revision"),
        ("2024.06", "2022.06", BELOW, "as_revised", "moved", "new release"),
    ],
)
def test_the_cause_is_decided_from_evidence(found, old, new, name, time, kind, cause):
    assert told(found(old, new), name)[time] == (kind, cause)


@pytest.mark.parametrize(
    ("old", "new", "name", "time", "sentence"),
    [
        (
            "2022.06", "2024.06", BELOW, "today",
            'today was "true", now "no longer true": 0.93 per cent of GDP in 2019 (estimate), then 1.21 per cent of GDP '
            "in 2023 (estimate) (a newer year is told, in NATO's release of 17 June 2024)",
        ),
        (
            "2019.06", "2022.06", TERROR, "today",
            'today was "true", now "not testable": 1.90 incidents above average in 2017, then none: newest held: 2017 '
            "(the newest year told, 2017, is too long ago)",
        ),
        (
            "2019.06", "2022.06", HOST, "when_written",
            'when written it was "not testable", now "on record": by VRT (7 August 2021) (a record that came since)',
        ),
        (
            "2022.06", "2024.06", BELOW, "as_revised",
            'as revised, that year is still "unchanged": 0.90 per cent of GDP in 2017, then 0.88 per cent of GDP in '
            "2017, a move of 11 per cent of its margin (the same year is told anew, in NATO's release of 17 June 2024)",
        ),
        (
            "2024.06", "2025.12", "ics-wales-two-per-cent", "today",
            'today was "not yet due", now "true": up 0.32 percentage points from 2014 to 2024 (estimate); two per cent '
            "not reached: 1.29 per cent of GDP (2024 is over, and NATO's release of 28 August 2025 tells it)",
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_in_plain_words(found, old, new, name, time, sentence):
    assert only(found(old, new), name, time).sentence == sentence


def test_a_pledge_comes_due_without_a_release(make):
    """All that its year needs was held, and then the year was over."""
    name = "ics-wales-two-per-cent"
    waiting = {"today": "not yet due"}

    def undue(entry):
        entry["verdict"] |= waiting
        for part in ("figure", "margin"):
            entry[part]["today"] = None

    old = make(name, name="2025.12", also={
        "api/verdicts.json": lambda told: undue(told["claims"][0]),
        file(name): lambda told: (undue(told["claim"] | {"figure": told["figure"]}), told["figure"].update(today=None)),
        "version.json": lambda told: told.update(as_of="2025-12-31"),
    })  # fmt: skip
    change = only(difference(old, make(name)), name, "today")
    assert (change.kind, change.cause) == ("decided", "time passed")
    assert change.sentence.endswith("(its year has come)")


# Edits of the ledger


def test_another_printed_figure_is_an_edit_of_the_ledger(make):
    found = difference(make(BELOW), make(claim(BELOW, printed="below 2.5 per cent")))
    change = only(found, BELOW, "today")
    assert (change.before.word, change.after.word, change.cause) == ("no longer true", "true", "ledger edit")
    edit = "the printed figure, from “below one per cent” to “below 2.5 per cent”"
    assert found.changed[0].edits == (edit,)
    assert change.sentence.endswith(f"(the ledger was edited: {edit})")


def test_an_edit_of_the_printed_figure_moves_no_figure(make):
    """Beside it a release told another year: that is why the figure is another one."""
    old = make(claim(BELOW, printed="below 2.5 per cent"), on="2024.06", name="2024.06")
    found = difference(old, make(claim(BELOW, printed="below 2.6 per cent")))
    assert told(found, BELOW)["today"] == ("moved", "new year")
    assert found.changed[0].edits


def test_a_reading_that_is_removed_and_one_that_is_added(make):
    whole = claim(BELOW)
    less = claim(BELOW, readings=whole.readings[1:])
    gone, came = difference(make(whole), make(less)), difference(make(less), make(whole))
    assert (gone.changed[0].readings_removed, gone.changed[0].readings_added) == (("nato",), ())
    assert (came.changed[0].readings_removed, came.changed[0].readings_added) == ((), ("nato",))
    assert "the reading nato was removed" in gone.changed[0].edits
    assert "the reading nato was added" in came.changed[0].edits
    assert {cause for found in (gone, came) for _, cause in told(found, BELOW).values()} == {"ledger edit"}
    assert "the reading nato was removed" in only(gone, BELOW, "today").sentence


def test_another_order_of_readings_decides_by_another(make):
    whole = claim(BELOW)
    found = difference(make(whole), make(claim(BELOW, readings=whole.readings[::-1])))
    assert found.changed[0].edits == ("the order of its readings",)
    assert {cause for _, cause in told(found, BELOW).values()} == {"ledger edit"}


def test_a_text_that_is_edited_changes_no_verdict(make):
    found = difference(make(BELOW), make(claim(BELOW, title="Below one", statement="x" * 200, caveats=("New.",))))
    (entry,) = found.changed
    assert entry.edits == (f"its title, from “{claim(BELOW).title}” to “Below one”", "its statement", "its caveats")
    assert entry.changes == () and entry.title == "Below one"


def test_a_record_that_could_have_been_known_is_an_edit(make):
    whole = claim(HOST)
    settled = [cited for cited in whole.records if cited.agrees is not None]
    old = make(claim(HOST, records=tuple(cited for cited in whole.records if cited is not settled[0])))
    found = difference(old, make(whole))
    assert told(found, HOST)["when_written"] == ("moved", "ledger edit")
    assert any(re.match(r"the record by .+ was added", edit) for edit in found.changed[0].edits)
    back = difference(make(whole), old)
    assert told(back, HOST)["when_written"] == ("moved", "ledger edit")
    assert any("was removed" in edit for edit in back.changed[0].edits)


def test_what_a_record_is_told_to_say_is_an_edit(make):
    whole = claim(HOST)
    other = tuple(
        cited.model_copy(update={"agrees": None if cited.agrees is None else not cited.agrees})
        for cited in whole.records
    )
    found = difference(make(whole), make(claim(HOST, records=other)))
    assert told(found, HOST)["when_written"] == ("flipped", "ledger edit")
    assert "whether it agrees" in only(found, HOST, "when_written").sentence


def test_another_definition_that_moves_a_figure_is_an_edit(make):
    def other(entry):
        reading = entry["claim"]["readings"][0]
        reading["definition"] = "Another one"
        for told in reading["evaluations"]:
            told["value"] += 0.001

    def index(told):
        told["claims"][0]["figure"]["today"]["value"] += 0.001

    found = difference(make(BELOW), make(BELOW, also={file(BELOW): other, "api/verdicts.json": index}, method="b" * 64))
    assert told(found, BELOW) == {"today": ("moved", "ledger edit")}


# Another method


def judged(value: float = 0.0, word: str | None = None) -> dict:
    """Edits of a version: every evaluation of BELOW moved, and the word of today."""

    def index(told):
        for figure in filter(None, told["claims"][0]["figure"].values()):
            figure["value"] += value
        told["claims"][0]["verdict"]["today"] = word or told["claims"][0]["verdict"]["today"]

    def own(told):
        for entry in told["claim"]["readings"]:
            for evaluation in entry["evaluations"]:
                evaluation["value"] += value
        told["claim"]["verdict"]["today"] = word or told["claim"]["verdict"]["today"]

    return {"api/verdicts.json": index, file(BELOW): own}


def test_the_very_same_evaluation_told_otherwise_is_another_method(make):
    found = difference(make(BELOW), make(BELOW, also=judged(0.01), method="b" * 64))
    assert found.method
    assert set(told(found, BELOW).values()) == {("moved", "method change")}
    assert len(told(found, BELOW)) == 3


def test_the_same_evaluations_judged_otherwise_are_another_method(make):
    found = difference(make(BELOW), make(BELOW, also=judged(word="true"), method="b" * 64))
    assert told(found, BELOW) == {"today": ("flipped", "method change")}
    assert "judged by another method" in only(found, BELOW, "today").sentence


def test_where_only_the_ledger_differs_it_was_edited(make):
    also = judged(0.01) | {"version.json": lambda told: told.update(ledger="b" * 64)}
    assert {cause for _, cause in told(difference(make(BELOW), make(BELOW, also=also)), BELOW).values()} == {
        "ledger edit"
    }


def test_a_figure_that_moved_by_less_than_sums_differ_has_not(make):
    assert difference(make(BELOW), make(BELOW, also=judged(1e-15))).empty


def test_a_release_that_came_to_be_held_behind_an_evaluation_is_no_method(make):
    """A measure of two series is named by the newer release; the older one may have been fetched since."""
    also = judged(0.01)
    own = also[file(BELOW)]

    def with_source(told):
        own(told)
        told["claim"]["sources"].append({"publisher": "sipri", "title": "SIPRI", "releases": ["2017-01-01"]})

    new = make(BELOW, also=also | {file(BELOW): with_source}, method="b" * 64)
    change = only(difference(make(BELOW), new), BELOW, "today")
    assert change.cause == "new release" and "of 1 January 2017 came to be held" in change.sentence


def test_an_evaluation_that_only_a_newer_method_can_make(make):
    """Its release was held before: no release came."""

    def without(entry):
        entry["verdict"] |= {"today": "not testable"}
        for part in ("figure", "margin"):
            if part in entry:
                entry[part]["today"] = None

    def own(told):
        without(told["claim"])
        for reading in told["claim"]["readings"]:
            reading["evaluations"] = [entry for entry in reading["evaluations"] if entry["year"] < 2025]

    old = make(BELOW, also={"api/verdicts.json": lambda told: without(told["claims"][0]), file(BELOW): own})
    assert told(difference(old, make(BELOW, method="b" * 64)), BELOW) == {"today": ("decided", "method change")}
    assert told(difference(make(BELOW), old), BELOW)["today"][0] == "opened"


def test_a_method_that_judges_alike_is_not_why_a_newer_year_flips(make):
    """Beside the flip every value moved a little, by the method too."""
    old = make(BELOW, on="2022.06", name="2022.06")
    found = difference(old, make(BELOW, on="2024.06", name="2024.06", also=judged(1e-4), method="b" * 64))
    assert told(found, BELOW)["today"] == ("flipped", "new year")


def test_what_hangs_on_the_verdict_when_written_has_its_cause(make):
    def retold(entry):
        entry["verdict"] |= {"when_written": "not supported", "today": "not true"}

    new = make(BELOW, method="b" * 64, also={
        "api/verdicts.json": lambda told: retold(told["claims"][0]), file(BELOW): lambda told: retold(told["claim"]),
    })  # fmt: skip
    found = difference(make(BELOW), new)
    assert told(found, BELOW) == {
        "when_written": ("flipped", "method change"), "today": ("flipped", "method change"),
    }  # fmt: skip
    assert only(found, BELOW, "today").sentence.endswith("(what was so when it was written is judged otherwise)")


# Entries, releases, chapters, shares


def test_statements_documents_releases_and_chapters_that_only_one_has(tmp_path):
    old = frozen.frozen(tmp_path, "2019.06", claims=(BELOW, TERROR), chapters={"trade": "Trade", "old": "Old"})
    new = frozen.frozen(
        tmp_path, "2022.06", claims=("nvs-trade-share", "nvs-africa-2050", BELOW), chapters={"trade": "Trade", "new": "New"}
    )  # fmt: skip
    found = difference(old, new)
    assert [entry.id for entry in found.added] == ["nvs-trade-share", "nvs-africa-2050"]
    assert found.added[1].words == (
        ("when_written", "supported"), ("as_revised", "not testable"), ("today", "not yet due"),
    )  # fmt: skip
    assert (found.added[0].document, found.added[0].document_title) == ("nvs", "Nationale Veiligheidsstrategie")
    assert [entry.id for entry in found.withdrawn] == [TERROR]
    assert found.documents_added == (("nvs", "Nationale Veiligheidsstrategie"),) and found.documents_removed == ()
    assert (found.chapters_added, found.chapters_removed) == ((("new", "New"),), (("old", "Old"),))
    days = {released for _, released in found.releases}
    assert days and all("2019-06" <= released <= "2022-06-30" for released in days)
    assert found.dropped == () and not found.method


def test_releases_behind_a_statement_are_told_where_no_figure_moved(found):
    (entry,) = (entry for entry in found("2022.06", "2024.06").changed if entry.id == BELOW)
    assert entry.sources == ("nato 2023-03", "nato 2023-07", "nato 2024-06-17")


def test_the_share_is_of_the_margin_that_the_figure_had(found):
    seen = 0
    for old, new in PAIRS:
        for entry in found(old, new).changed:
            for change in entry.changes:
                before, after = change.before, change.after
                if change.share is None:
                    continue
                seen += 1
                assert (before.reading, before.unit) == (after.reading, after.unit)
                assert change.share * before.margin == pytest.approx(abs(after.value - before.value), abs=1e-9)
                if change.kind == "moved":
                    assert f"{100 * change.share:.0f} per cent" in change.sentence or not 0.005 <= change.share < 2
    assert seen > 20


FIGURE = Told("true", "1 USD", "a", 2020, 1.0, "USD", None, "bea", "2021-01-01", 0.5, "USD")


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ({}, {"value": 1.25}, 0.5),
        ({}, {"value": 0.5}, 1.0),
        ({}, {"value": 1.0 + 1e-13}, 0.0),
        ({"margin": None}, {"value": 2.0}, None),
        ({"margin": 0.0}, {"value": 2.0}, None),
        ({}, {"value": 2.0, "reading": "b"}, None),
        ({}, {"value": 2.0, "unit": "EUR"}, None),
        ({"margin_unit": "EUR"}, {"value": 2.0}, None),
        ({}, {"value": None, "year": None}, None),
    ],
)
def test_a_share_needs_one_reading_one_unit_and_a_margin(before, after, share):
    fields = vars(FIGURE)
    assert causes.share(Told(**fields | before), Told(**fields | after)) == (
        share if share is None else pytest.approx(share)
    )


# Older contracts, hostile texts, broken files


def strip(*names):
    """Take fields out wherever they stand, as a contract that did not know them."""

    def change(told):
        if isinstance(told, dict):
            for name in names:
                told.pop(name, None)
            told = list(told.values())
        for entry in told if isinstance(told, list) else ():
            change(entry)

    return change


@pytest.mark.parametrize(
    "names",
    [
        ("figure",), ("record",), ("margin",), ("reason",), ("sources",), ("told",), ("evaluations",), ("readings",),
        ("records",), ("title", "document_title"), ("rank", "universe", "lasts", "threshold", "echoes", "tolerance"),
        ("claim",), ("figure", "record", "margin", "reason", "answer", "document", "coverage"),
    ],
    ids=lambda names: names[0],
)  # fmt: skip
def test_an_older_contract_is_read_leniently(versions, tmp_path, names):
    """No field that one side did not know yet is told as an edit, and every flip is still told."""
    old = frozen.frozen(tmp_path, "2022.06", claims=CLAIMS)
    for path in sorted(old.glob("api/**/*.json")):
        if "schema" not in path.name:
            frozen.edit(old, str(path.relative_to(old)), strip(*names))
    for one, other in ((old, versions["2024.06"]), (versions["2024.06"], old)):
        found = difference(one, other)
        assert not [(entry.id, entry.edits) for entry in found.changed if entry.edits]
        was, now = words(one), words(other)
        flips = sorted((entry.id, change.time) for entry, change in found.flips())
        assert flips == sorted(key for key in now if key in was and was[key] != now[key])
        jsonschema.validate(json.loads(difference_json.text(found)), difference_json.json_schema())
    assert difference(old, old).empty


def test_a_word_that_is_no_longer_in_the_vocabulary_is_told(make):
    old = make(BELOW, also=judged(word="rather so"))
    change = only(difference(old, make(BELOW)), BELOW, "today")
    assert change.kind == "flipped" and change.before.word == "rather so"


def test_a_reading_of_time_that_was_not_told_yet_is_no_change(make):
    old = make(BELOW, also={
        "api/verdicts.json": lambda told: told["claims"][0]["verdict"].pop("as_revised"),
        file(BELOW): lambda told: told["claim"]["verdict"].pop("as_revised"),
    })  # fmt: skip
    assert told(difference(old, make(BELOW)), BELOW) == {}


JUNK = st.sampled_from([None, True, -1, 0.5, 1e400, "", "x", "2020", [], [1, None], {}, {"id": 5}, 10**400])


@given(st.lists(st.tuples(st.integers(0, 10**6), JUNK), min_size=1, max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_may_be_of_another_shape(versions, tmp_path, edits):
    """Whatever an old version holds: a difference, or a fault told in a line."""
    new = versions["2026.11"]
    old = frozen.frozen(tmp_path, "2025.12", claims=(BELOW, HOST))
    for number, junk in edits:
        paths = sorted(path for path in old.glob("api/**/*.json") if "schema" not in path.name)
        path = paths[number % len(paths)]
        frozen.edit(old, str(path.relative_to(old)), lambda told, number=number, junk=junk: _put(told, number, junk))
    try:
        found = difference(old, new)
    except ClaimbookError as error:
        assert "api" in str(error) and "claimbook rebuild 2025.12" in str(error)
    else:
        json.loads(difference_json.text(found))
        assert all(
            change.share is None or math.isfinite(change.share) for entry in found.changed for change in entry.changes
        )


def _put(told, number, junk):
    """Put a value in the place of one that is found by a number."""
    places = []

    def walk(node):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            places.append((node, key))
            if isinstance(value, dict | list):
                walk(value)

    walk(told)
    if places:
        node, key = places[number % len(places)]
        node[key] = junk


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_texts_are_told_and_drive_nothing(tmp_path, text):
    names = (BELOW, HOST, "nvs-founder-host")
    old = frozen.frozen(tmp_path / "v", "2024.06", claims=names)
    frozen.frozen(
        tmp_path / "v", "2026.11", claims=(*names, TERROR), change=lambda told: hostile.claim(told, text),
        chapters={"trade": text},
    )  # fmt: skip
    found = difference(old, tmp_path / "v" / "2026.11")
    assert found.changed and all(entry.title == text for entry in found.changed)
    report = json.loads(difference_json.text(found))
    jsonschema.validate(report, difference_json.json_schema())
    printed = run("2024.06", "2026.11", "--site", str(tmp_path), "--all").output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", printed)
    assert BELOW in printed


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("api/verdicts.json", None, "is missing"),
        ("api/verdicts.json", b"{", "cannot be read"),
        ("api/verdicts.json", b"[]", "no object"),
        ("api/verdicts.json", b'{"claims": {}}', "no list `claims`"),
        ("api/verdicts.json", b"\xff\xfe\x00", "cannot be read"),
        ("api/verdicts.json", b'{"claims": [{"id": "../../etc/passwd"}]}', "is no id"),
        ("api/verdicts.json", b'{"claims": [7]}', "is no id"),
        (file(BELOW), None, "is missing"),
        (file(BELOW), b"[" * 100_000, "cannot be read"),
        (file(BELOW), b"null", "no object"),
    ],
)
def test_what_is_missing_or_broken_is_named_with_the_remedy(make, path, content, told):
    whole, broken = make(BELOW), make(BELOW, name="2024.06")
    if content is None:
        (broken / path).unlink()
    else:
        (broken / path).write_bytes(content)
    for pair in ((whole, broken), (broken, whole)):
        with pytest.raises(ClaimbookError) as error:
            difference(*pair)
        assert str(broken / path) in str(error.value) and told in str(error.value)
        assert "`claimbook rebuild 2024.06`" in str(error.value)


def test_a_folder_that_is_no_version_is_refused(make, tmp_path):
    with pytest.raises(ClaimbookError, match=r"version\.json"):
        difference(tmp_path, make(BELOW))


# What is printed


def run(*arguments: str):
    """Run the command as `claimbook diff`."""
    app = typer.Typer()
    app.command()(cli_difference.diff)
    return CliRunner().invoke(app, list(arguments))


def test_the_contract_keeps_its_schema(found):
    schema = json.loads(data("changes.schema.json").read_text(encoding="utf-8"))
    assert schema == difference_json.json_schema(), "run `claimbook schemas`"
    for old, new in PAIRS:
        report = json.loads(difference_json.text(found(old, new)))
        jsonschema.Draft202012Validator(schema).validate(report)
        counts, all_changes = report["counts"], [c for entry in report["changed"] for c in entry["changes"]]
        assert sum(counts[kind] for kind in KINDS) == len(all_changes) == sum(counts["causes"].values())
        assert (counts["added"], counts["withdrawn"]) == (len(report["added"]), len(report["withdrawn"]))


def test_json_is_printed(versions):
    site = versions["2024.06"].parents[1]
    result = run("2022.06", "2024.06", "--site", str(site), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["counts"]["flipped"] == 2


def test_text_begins_with_numbers_and_goes_on_with_other_answers_by_document(versions):
    site = versions["2024.06"].parents[1]
    lines = run("2022.06", "2024.06", "--site", str(site)).output.splitlines()
    assert lines[0].startswith(
        "From 2022.06 to 2024.06: 2 answers are other ones, 3 answers came where there were none, 1 answer was lost and "
    )
    assert "The method is the same." in lines[0]
    headings = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert headings == [
        "Other answers: Integrated Country Strategy, Belgium",
        "Other answers: Nationale Veiligheidsstrategie",
        "Added: Defence and Security Manifesto",
        "The same answers by other figures or records, the largest moves first",
        "New releases behind statements",
        "Releases that came",
    ]
    at = lines.index(f"  {claim(BELOW).title} ({BELOW})")
    assert lines[at + 1].startswith('    today was "true", now "no longer true": 0.93 per cent of GDP')


def test_the_largest_moves_come_first_and_no_more_than_ten(versions, found):
    site = versions["2024.06"].parents[1]
    few = run("2024.06", "2026.11", "--site", str(site)).output
    every = run("2024.06", "2026.11", "--site", str(site), "--all").output
    assert re.search(r"and \d+ more \(--all\)", few) and "(--all)" not in every
    moved = [(e, c) for e in found("2024.06", "2026.11").changed for c in e.of("moved") if c.share is not None]
    first = max(moved, key=lambda pair: pair[1].share)
    assert every.split("largest moves first\n")[1].startswith(f"  {first[0].id}: {first[1].sentence}")


def test_versions_are_named_or_given_by_their_folders(versions):
    site = versions["2024.06"].parents[1]
    named = run("2022.06", "2024.06", "--site", str(site)).output
    assert run(str(versions["2022.06"]), str(versions["2024.06"])).output == named


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2023.01", r"holds no version '2023\.01'; there are: 2019\.06, 2022\.06, 2024\.06, 2025\.12, 2026\.11"),
        ("./nowhere", "there is no folder ./nowhere"),
        ("..", r"holds no version\.json"),
    ],
)
def test_a_version_that_there_is_not_is_told_with_those_there_are(versions, name, told):
    result = run(name, "2024.06", "--site", str(versions["2024.06"].parents[1]))
    assert isinstance(result.exception, ClaimbookError)
    assert re.search(told, str(result.exception))


def test_a_site_that_holds_nothing_is_told_with_the_way_to_publish(tmp_path):
    with pytest.raises(ClaimbookError, match="claimbook publish VERSION --into DIR"):
        cli_difference.folder("2024.06", tmp_path)


def test_latest_and_stable_are_versions_too(versions, tmp_path):
    (tmp_path / "latest").symlink_to(versions["2026.11"])
    assert cli_difference.folder("latest", tmp_path) == tmp_path / "latest"
