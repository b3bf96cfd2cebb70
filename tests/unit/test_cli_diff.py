"""`claimbook data diff` on a store made for the purpose, with the book's own ledger."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.diff_json import json_schema

SHARE, EQUIPMENT, CONSTANT = (
    "nato.defence_expenditure_share_gdp", "nato.equipment_share", "nato.defence_expenditure_usd_constant",
)  # fmt: skip
BASE = "million USD, constant {} prices and exchange rates"


@pytest.fixture(scope="module")
def folder(kept_shelf, figures):
    """Three releases: the second flips a claim of the ledger on Belgium's share, the third changes nothing."""
    years = {2015: 0.92, 2016: 0.91, 2017: 0.9041, 2018: (0.93, "estimate")}
    later = {**years, 2018: 0.8912, 2019: 0.9312, 2020: 1.07}
    kept_shelf.add(
        "nato", "2018-07-10",
        figures(SHARE, {("BEL", ""): years, ("NLD", ""): {2017: 1.1512, 2018: 1.21}})
        + figures(CONSTANT, {("BEL", ""): {2017: 4204.2}}, BASE.format(2015)),
    )  # fmt: skip
    kept_shelf.add(
        "nato", "2021-07-10",
        figures(SHARE, {("BEL", ""): later, ("NLD", ""): {2017: 1.1512}})
        + figures(CONSTANT, {("BEL", ""): {2017: 5033.0}}, BASE.format(2021)),
    )  # fmt: skip
    kept_shelf.add("nato", "2021-08-10", figures(SHARE, {("BEL", ""): later, ("NLD", ""): {2017: 1.1512}}))
    kept_shelf.add("nato", "2021-09-10", figures(EQUIPMENT, {("BEL", ""): {2020: 11.0}}))
    return str(kept_shelf.folder)


@pytest.fixture
def run(folder, monkeypatch):
    """Run the command on that store."""
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(app, ["data", "diff", *arguments, "--store", folder])


def test_counts_the_largest_revisions_and_verdicts_are_printed(run):
    result = run("nato-2018-07-10", "nato-2021-07-10")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "nato-2018-07-10, then nato-2021-07-10: 1 of 5 figures in both were revised (20.0 per cent)."
    share = next(line for line in lines if SHARE in line)
    assert re.findall(r"\d+", share.split(SHARE)[1]) == ["2", "1", "1", "4", "0"]  # added, revised, withdrawn, same
    assert f"{SHARE}: flags changed, 1 from estimate to no mark" in lines
    assert (
        f"{CONSTANT}: not comparable: million USD, constant 2015 prices and exchange rates, then million USD, "
        "constant 2021 prices and exchange rates"
    ) in lines
    assert "  Belgium 2018: 0.93 per cent of GDP (estimate), then 0.89 per cent of GDP, \u22120.04 points" in lines
    assert "  withdrawn: the Netherlands 2018" in lines
    moved = lines[lines.index("Verdicts that moved") + 1 :]
    assert (
        "  ics-defence-below-one-per-cent: today was true, now no longer true: "
        "0.93 per cent of GDP in 2018 (estimate), then 1.07 per cent of GDP in 2020"
    ) in moved


def test_without_an_old_release_the_one_before_is_taken(run):
    assert run("nato-2021-08-10").output.startswith("nato-2021-07-10, then nato-2021-08-10: 0 of 7 figures in both")
    result = run("nato-2021-09-10")
    assert result.exit_code == 1
    assert "no earlier release of nato held shares a series with nato-2021-09-10" in result.stderr


def test_that_no_verdict_moved_is_said(run):
    result = run("nato-2021-08-10", "nato-2021-09-10")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "  no verdict moved"
    assert "the two releases tell no figure in common" in result.output
    assert (
        f"Only in nato-2021-08-10: {SHARE}" in result.output
        and f"Only in nato-2021-09-10: {EQUIPMENT}" in result.output
    )


def test_json_keeps_its_schema_and_tells_the_same(run):
    result = run("nato-2018-07-10", "nato-2021-07-10", "--json", "--most", "1")
    told = json.loads(result.stdout)
    jsonschema.Draft202012Validator(json_schema()).validate(told)
    assert (told["contract"], told["as_of"], told["new"]["released"]) == (1, "2021-07-10", "2021-07-10")
    share = next(entry for entry in told["series"] if entry["series"] == SHARE)
    assert (share["added"], share["revised"], share["withdrawn"], share["unchanged"]) == (2, 1, 1, 4)
    assert share["flags"] == [{"before": "estimate", "after": "", "figures": 1}]
    assert share["largest"][0]["change"] == pytest.approx(-0.0388)
    assert share["gone"] == [
        {"reporter": "NLD", "partner": "", "year": 2018, "before": 1.21, "after": None, "flag_before": "",
         "flag_after": "", "change": None},
    ]  # fmt: skip
    constant = next(entry for entry in told["series"] if entry["series"] == CONSTANT)
    assert (constant["incomparable"], constant["change_unit"]) == (1, "% of the old figure")
    moves = {move["claim"]: move["changes"] for move in told["moves"]}
    today = next(change for change in moves["ics-defence-below-one-per-cent"] if change["time"] == "today")
    assert (today["kind"], today["cause"], today["before"], today["after"]) == (
        "flipped", "year", "true", "no longer true",
    )  # fmt: skip
    assert today["told"].startswith("today was true, now no longer true: ")


def test_one_series_alone_tells_the_verdicts_that_rest_on_it(run):
    told = json.loads(run("nato-2018-07-10", "nato-2021-07-10", "--series", CONSTANT, "--json").stdout)
    assert [entry["series"] for entry in told["series"]] == [CONSTANT]
    assert "ics-defence-below-one-per-cent" not in {move["claim"] for move in told["moves"]}
    assert run("nato-2018-07-10", "nato-2021-07-10", "--series", SHARE).output.count("ics-defence-below") >= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nato-2018-7-10", "nato-2021-07-10"], "no release 'nato-2018-7-10' is held; near: nato-2018-07-10"),
        (["nato-2021-07-10", "nato-2018-07-10"], "nato-2021-07-10 is not before nato-2018-07-10"),
        (["nato-2018-07-10", "nato-2021-07-10", "nato-2021-08-10"], "3 releases are named; name one or two"),
        (["nato-2018-07-10", "nato-2021-07-10", "--series", "nato.defence"], "carries 'nato.defence'"),
    ],
)
def test_a_fault_of_the_user_is_told_in_a_line(run, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.stderr and "Traceback" not in result.output
