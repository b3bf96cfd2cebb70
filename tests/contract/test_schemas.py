"""`claimbook audit --json` is a contract: its schema, and what every claim in it says."""

from __future__ import annotations

import json

import jsonschema
import pytest
from typer.testing import CliRunner

from analysis import audit, claims, diff_json, refresh_json, verdicts
from analysis.cli import app
from analysis.exports import claim_json, verdicts_json
from analysis.home import data
from analysis.snapshots.catalogue import day_of
from analysis.snapshots.store import store
from analysis.versions import difference_json
from analysis.versions import record as version_record

CLAIM = {
    "id", "document", "statement", "place", "verdict", "margin", "coverage", "readings", "sources",
}  # fmt: skip
EVALUATION = {"publisher", "released", "year", "value", "unit", "rank", "universe", "flag", "verdict"}


@pytest.fixture(scope="module")
def printed() -> dict:
    """What the command prints for the whole ledger."""
    result = CliRunner().invoke(app, ["audit", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "room",
    [claims, audit, diff_json, refresh_json, verdicts_json, claim_json, difference_json, version_record],
    ids=["claims", "audit", "diff", "refresh", "verdicts", "claim", "changes", "version"],
)
def test_the_published_schemas_are_up_to_date(room):
    own = {difference_json: "changes", version_record: "version"}
    name = own.get(room) or room.__name__.rpartition(".")[2].removesuffix("_json")
    told = json.loads(data(f"{name}.schema.json").read_text(encoding="utf-8"))
    assert told == room.json_schema(), "run `claimbook schemas`"
    jsonschema.Draft202012Validator.check_schema(told)


def test_the_command_that_writes_them_agrees():
    result = CliRunner().invoke(app, ["schemas", "--check"])
    assert result.exit_code == 0, result.output


def test_the_audit_keeps_its_schema(printed):
    schema = json.loads(data("audit.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(printed)
    assert printed["contract"] == audit.CONTRACT
    assert printed["as_of"] == store().newest.isoformat()


def test_the_schema_refuses_a_word_that_is_not_in_the_vocabulary(printed):
    schema = json.loads(data("audit.schema.json").read_text(encoding="utf-8"))
    wrong = json.loads(json.dumps(printed))
    wrong["claims"][0]["verdict"]["today"] = "probably"
    with pytest.raises(jsonschema.ValidationError, match="probably"):
        jsonschema.Draft202012Validator(schema).validate(wrong)


def test_every_claim_is_there_with_every_field(printed):
    assert [entry["id"] for entry in printed["claims"]] == [claim.id for claim in claims.ledger()]
    for entry in printed["claims"]:
        assert set(entry) >= CLAIM
        assert set(entry["verdict"]) == {"when_written", "as_revised", "today"}
        assert entry["verdict"]["when_written"] in verdicts.WHEN_WRITTEN
        assert entry["verdict"]["as_revised"] in verdicts.AS_REVISED
        assert entry["verdict"]["today"] in verdicts.TODAY
        for reading in entry["readings"]:
            assert set(reading) >= {"id", "definition", "evaluations"}
            assert reading["evaluations"], f"{entry['id']}/{reading['id']} has no figure"
            for evaluation in reading["evaluations"]:
                assert set(evaluation) >= EVALUATION
                assert evaluation["verdict"] in ("supported", "not supported", "not testable")


def test_a_year_is_told_once_by_a_release(printed):
    for entry in printed["claims"]:
        for reading in entry["readings"]:
            keys = [(evaluation["released"], evaluation["year"]) for evaluation in reading["evaluations"]]
            assert len(keys) == len(set(keys)), (entry["id"], reading["id"])
            assert [day_of(released) for released, _ in keys] == sorted(day_of(released) for released, _ in keys)


def test_ranks_lie_within_their_bounds(printed):
    seen = 0
    for entry in printed["claims"]:
        for reading in entry["readings"]:
            for evaluation in reading["evaluations"]:
                if evaluation["rank"] is None:
                    assert evaluation["rank_best"] is None and evaluation["rank_worst"] is None
                    continue
                seen += 1
                assert 1 <= evaluation["rank_best"] <= evaluation["rank"] <= evaluation["rank_worst"]
                assert evaluation["rank"] <= evaluation["universe"]
    assert seen > 100


def test_margins_are_positive_and_told_with_their_unit(printed):
    for entry in printed["claims"]:
        for margin in filter(None, entry["margin"].values()):
            assert margin["value"] >= 0 and margin["unit"]
        for reading in entry["readings"]:
            for evaluation in reading["evaluations"]:
                assert evaluation["margin"] is None or evaluation["margin"] >= 0


def test_every_source_names_its_terms_and_the_releases_used(printed):
    for entry in printed["claims"]:
        used = {}
        for reading in entry["readings"]:
            for evaluation in reading["evaluations"]:
                used.setdefault(evaluation["publisher"], set()).add(evaluation["released"])
        told = {source["publisher"]: set(source["releases"]) for source in entry["sources"]}
        assert all(told[publisher] >= releases for publisher, releases in used.items())
        for source in entry["sources"]:
            assert source["cite"] and source["terms"] and source["licence_address"].startswith("https://")


def test_coverage_counts_the_readings(printed):
    for entry in printed["claims"]:
        coverage = entry["coverage"]
        readings = sum(reading["role"] == "reading" for reading in entry["readings"])
        assert 0 <= coverage["readings_bearing_out"] <= coverage["readings_tested"] <= readings
        borne_out = entry["verdict"]["when_written"] in verdicts.BORNE_OUT
        if entry["kind"] == "fact":  # its records decide, not what figures say beside it
            assert (coverage["readings_tested"], coverage["basis"]) == (0, None)
            continue
        assert borne_out == (coverage["readings_bearing_out"] > 0)
        if coverage["basis"] == "reconstructed":
            assert any("cut to the years then published" in note for note in coverage["notes"])


def test_a_fact_is_decided_by_the_first_record_that_settles_it(printed):
    seen = 0
    for entry in printed["claims"]:
        if entry["kind"] != "fact" or entry["untestable"]:
            continue
        seen += 1
        first = next(record["agrees"] for record in entry["records"] if record["agrees"] is not None)
        assert entry["verdict"]["when_written"] == ("on record" if first else "record differs")
        assert entry["verdict"]["as_revised"] == "not testable"
        assert all(reading["role"] == "outturn" for reading in entry["readings"])
        assert all(margin is None for margin in entry["margin"].values())
    assert seen > 10


def test_what_cannot_be_tested_says_why_and_has_no_figures(printed):
    untestable = [entry for entry in printed["claims"] if entry["untestable"]]
    assert untestable
    for entry in untestable:
        assert set(entry["verdict"].values()) == {"not testable"}
        assert set(entry["reason"].values()) == {entry["untestable"]}
        assert entry["readings"] == [] and entry["sources"] == []


def test_a_record_leads_to_its_page(printed):
    for entry in printed["claims"]:
        for record in entry["records"]:
            assert record["address"].startswith("http") and record["told"] and record["title"] and record["publisher"]


def test_only_pledges_and_forecasts_are_due(printed):
    for entry in printed["claims"]:
        if not entry["untestable"]:
            assert (entry["due"] is not None) == (entry["kind"] in ("pledge", "forecast"))
        assert (entry["printed"] is not None) or not entry["readings"]


def test_some_claims_only(printed):
    result = CliRunner().invoke(app, ["audit", "nvs-trade-share", "ics-fdi-rank", "--json"])
    told = json.loads(result.stdout)
    assert [entry["id"] for entry in told["claims"]] == ["nvs-trade-share", "ics-fdi-rank"]
    whole = {entry["id"]: entry for entry in printed["claims"]}
    assert all(entry == whole[entry["id"]] for entry in told["claims"])


def test_another_day_is_printed_as_the_day():
    result = CliRunner().invoke(app, ["audit", "ics-trade-surplus", "--as-of", "2024-12", "--json"])
    told = json.loads(result.stdout)
    assert told["as_of"] == "2024-12-31"
    assert told["claims"][0]["verdict"] == {
        "when_written": "supported",
        "as_revised": "not testable",  # by then the release of March 2023 was still the newest with 2017
        "today": "true",
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["audit", "ics-trade-surplsu"], "ics-trade-surplus"),
        (["audit", "--as-of", "yesterday"], "YYYY-MM-DD"),
        (["audit", "--claims", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_a_fault_of_the_user_is_told_in_a_line(arguments, told):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert told in result.stderr and "Traceback" not in result.output
