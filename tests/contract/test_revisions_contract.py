"""What real releases changed, held against figures worked out by hand, and the chapter's history of verdicts."""

from __future__ import annotations

import json

import jsonschema
import pytest
from typer.testing import CliRunner

from analysis import audit, claims, diff_json, moves, revisions, verdicts, vintages
from analysis.cli import app
from analysis.home import data
from analysis.snapshots.store import store

SHARE = "nato.defence_expenditure_share_gdp"
MOST = 1000


@pytest.fixture(scope="module")
def nato() -> revisions.Diff:
    """NATO's edition of June 2024 and that of August 2025."""
    old, new = (revisions.release(store(), name) for name in ("nato-2024-06-17", "nato-2025-08-28"))
    return revisions.diff(store(), old, new, most=MOST)


def of(found: revisions.Diff, series: str) -> revisions.SeriesDiff:
    return next(entry for entry in found.series if entry.series == series)


def test_belgiums_share_of_gdp_in_two_editions(nato):
    """Both editions tell 2014 to 2024. From table 3 of each:

    2022  1.1823661435, then 1.16243721: 1.16243721 - 1.1823661435 = -0.0199289
    2023  1.2085158249 (an estimate), then 1.18178773: 1.18178773 - 1.2085158249 = -0.0267281, the largest
    2019  0.8884218135, then 0.8869968401: -0.0014250
    2018  0.8913599140, then 0.8924427561: +0.0010828, the smallest
    """
    own = [entry for entry in of(nato, SHARE).largest if entry.reporter == "BEL"]
    assert sorted(entry.year for entry in own) == list(range(2014, 2025))  # every year was told anew
    assert (own[0].year, own[0].flag_before, own[0].flag_after) == (2023, "estimate", "")
    by_year = {entry.year: entry.change for entry in own}
    assert by_year[2023] == pytest.approx(-0.0267281, abs=5e-8)
    assert by_year[2022] == pytest.approx(-0.0199289, abs=5e-8)
    assert by_year[2019] == pytest.approx(-0.0014250, abs=5e-8)
    assert (own[-1].year, own[-1].change) == (2018, pytest.approx(0.0010828, abs=5e-8))
    assert revisions.told(own[0], "% of GDP") == (
        "Belgium 2023: 1.21 per cent of GDP (estimate), then 1.18 per cent of GDP, \u22120.03 points"
    )


def test_what_the_two_editions_count(nato):
    """33 lines: 31 allies (Iceland has no forces), Europe and Canada, all of NATO. 33 x 11 years = 363 in June 2024.

    August 2025 tells a year more and nothing of Germany's 2025: 33 x 12 - 1 = 395, of which 395 - 363 = 32 are new.
    """
    share = of(nato, SHARE)
    assert share.in_both == 363 and share.withdrawn == share.outside == 0
    assert share.added == 395 - 363 == 32
    assert share.revised + share.unchanged == 363
    # 2023 of all 33 lines lost the mark of an estimate; 2024 kept it.
    assert share.flags == (("estimate", "", 33),)


def test_constant_prices_of_two_base_years_are_not_compared(nato):
    """341 amounts at prices of 2015, then 341 at those of 2021 for 31 of 33 lines: 31 x 11 = 341 in both, 22 gone."""
    constant = of(nato, "nato.defence_expenditure_usd_constant")
    assert (constant.incomparable, constant.revised, constant.added, constant.withdrawn) == (341, 0, 0, 22)
    assert {entry.reporter for entry in constant.gone} == {"NATO.EUROPE_CANADA", "NATO.TOTAL"}
    assert constant.note == (
        "not comparable: million USD, constant 2015 prices and exchange rates, then million USD, constant 2021 prices "
        "and exchange rates"
    )


def test_the_litas_of_2014_is_no_revision():
    """Lithuania 2014 in the edition of January 2016 is in litas, 3.4528 to the euro: 1111.1 / 3.4528 = 321.797, as told since."""
    old, new = (revisions.release(store(), name) for name in ("nato-2016-01-28", "nato-2024-06-17"))
    own = of(revisions.diff(store(), old, new, most=MOST), "nato.defence_expenditure_ncu_current")
    assert own.note == "not comparable, another currency: Croatia (HRK, then EUR), Lithuania (LTL, then EUR)"
    assert own.incomparable == 3  # Croatia 2014 and 2015, Lithuania 2014
    assert ("LTU", 2014) not in {(entry.reporter, entry.year) for entry in own.largest}


def test_the_edition_of_july_2018_was_rounded():
    """Belgium 2014: 0.98 as a news page printed it, 0.978 in the workbook of June 2019: the same figure."""
    old, new = (revisions.release(store(), name) for name in ("nato-2018-07", "nato-2019-06-25"))
    share = of(revisions.diff(store(), old, new, most=MOST), SHARE)
    own = {entry.year for entry in share.largest if entry.reporter == "BEL"}
    # 2012 1.04/1.038, 2013 1.01/1.010, 2014 0.98/0.978, 2015 0.92/0.922 round to what was printed; 0.906, 0.895 and
    # 0.910 do not round to 0.92, 0.91 and 0.93.
    assert own == {2016, 2017, 2018}
    assert share.in_both == share.revised + share.rounded


def test_belgiums_2014_as_ten_releases_told_it():
    frame = vintages.vintages(store(), SHARE, "BEL", [2014])
    assert [(row.released, round(row.value, 3)) for row in frame.itertuples()] == [
        ("2016-01-28", 0.971), ("2018-07", 0.98), ("2019-06-25", 0.978), ("2023-07", 0.97), ("2024-06-17", 0.971),
        ("2025-08-28", 0.966),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def steps() -> list[moves.Step]:
    audited = [audit.audit(claim, store()) for claim in claims.ledger()]
    return moves.history(claims.ledger(), store(), {entry.claim.id: entry.evaluations for entry in audited})


def test_the_history_ends_where_the_audit_stands(steps):
    """The last word that a release gave is the audit's of the day of the newest release that speaks of the claim."""
    last: dict[tuple[str, str], tuple[moves.Step, str]] = {}
    for step in steps:
        for move in step.moves:
            for change in move.changes:
                if change.kind != "margin":
                    last[move.claim.id, change.time] = step, change.after
    assert len(last) > 40
    known = {claim.id: claim for claim in claims.ledger()}
    for (name, time), (step, word) in last.items():
        found = audit.audit(known[name], store(), step.release.day).verdicts
        if time != "when_written":  # of that a release still to come may stand in
            assert getattr(found, time).word == word, (name, time, step.release.name)


def test_no_answer_of_the_time_was_changed_by_a_later_release(steps):
    changed = [change for step in steps for move in step.moves for change in move.of("flipped", "opened")]
    assert changed
    assert not [change for change in changed if change.time == "when_written" and change.basis_before == "held"]
    held = [audit.audit(claim, store()).verdicts.when_written.choice for claim in claims.ledger()]
    assert sum(choice is not None and choice.basis == "held" for choice in held) > 3


def test_a_verdict_that_a_release_flipped_is_told_with_both_figures():
    """Asia's weight, that of the Atlantic: what 2024 bore out, 2025 no longer does (World Bank, 1 July 2026)."""
    old, new = (revisions.release(store(), name) for name in ("worldbank-2025-12-04", "worldbank-2026-07-01"))
    found = moves.moves([claims.claim("nvs-shift-to-asia")], store(), old, new)
    (today,) = [change for move in found for change in move.changes if change.time == "today"]
    assert (today.kind, today.cause, today.before, today.after) == ("flipped", "year", "true", "no longer true")
    assert today.figure_before.endswith("in 2024") and today.figure_after.endswith("in 2025")


def test_the_published_schema_is_up_to_date():
    told = json.loads(data("diff.schema.json").read_text(encoding="utf-8"))
    assert told == diff_json.json_schema(), "run `claimbook schemas`"
    jsonschema.Draft202012Validator.check_schema(told)


@pytest.mark.parametrize("arguments", [["nato-2025-08-28"], ["sipri-2025-04-30", "sipri-2026-04-27", "--most", "2"]])
def test_the_command_keeps_its_schema(arguments):
    result = CliRunner().invoke(app, ["data", "diff", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    jsonschema.Draft202012Validator(json.loads(data("diff.schema.json").read_text(encoding="utf-8"))).validate(told)
    assert told["contract"] == diff_json.CONTRACT
    known = {*verdicts.WHEN_WRITTEN, *verdicts.AS_REVISED, *verdicts.TODAY}
    assert all({change["before"], change["after"]} <= known for move in told["moves"] for change in move["changes"])
