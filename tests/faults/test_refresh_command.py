"""`claimbook data refresh` as an analyst runs it: what is printed, what it leaves with, what stands in the store."""

from __future__ import annotations

import json
import socket

import jsonschema
import pytest
import yaml
from replica import faults
from typer.testing import CliRunner

from analysis import refresh_json
from analysis.cli import app
from analysis.snapshots.store import Store

EXPORTS = "TX.VAL.MRCH.CD.WT"


@pytest.fixture
def command(held, replica, tmp_path):
    """Run a command of `claimbook data` on the held store, the World Bank being the replica's."""
    path = tmp_path / "upstreams.yaml"
    pace = {"attempts": 2, "first_wait": 0.01, "read": 0.5, "per_second": 1000}
    entry = {"how": "worldbank", "address": f"{replica.url}/v2", "page_size": 2500, "pace": pace}
    path.write_text(yaml.safe_dump({"worldbank": entry}))

    def run(*words: str):
        more = ("--upstreams", str(path)) if words[0] == "refresh" else ()
        return CliRunner().invoke(app, ["data", *words, "--store", str(held), *more])

    return run


def halve(replica) -> None:
    """Belgium's exports of goods of 2023 are half of what they were said to be."""
    rows = replica.worldbank.rows
    own = rows[(rows["series"] == EXPORTS) & (rows["economy"] == "BEL") & (rows["year"] == 2023)]
    replica.worldbank.change(EXPORTS, "BEL", 2023, float(own["value"].iloc[0]) / 2)


def test_a_flipped_verdict_is_announced(command, replica):
    halve(replica)
    result = command("refresh", "--publisher", "worldbank")
    assert result.exit_code == 0, result.output
    first, *rest = result.stdout.splitlines()
    assert first.startswith("worldbank: new release worldbank-2026-10-01: ")
    assert "0 added, 1 revised, 0 withdrawn" in first and "moved" in first
    (told,) = [line for line in rest if "nvs-top-ten-exporter: today" in line]
    assert "today was true, now no longer true" in told
    diff = command("diff", "worldbank-2026-10-01")
    assert diff.exit_code == 0 and "nvs-top-ten-exporter: today was true, now no longer true" in diff.stdout
    assert "2026-07-01" in diff.stdout


def test_it_is_announced_as_json_too(command, replica):
    halve(replica)
    result = command("refresh", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    jsonschema.Draft202012Validator(refresh_json.json_schema()).validate(told)
    (outcome,) = told["outcomes"]
    assert (outcome["outcome"], outcome["release"]) == ("new", "worldbank-2026-10-01")
    assert any("nvs-top-ten-exporter: today was true, now no longer true" in line for line in outcome["moved"])
    (move,) = [entry for entry in outcome["diff"]["moves"] if entry["claim"] == "nvs-top-ten-exporter"]
    (change,) = [entry for entry in move["changes"] if entry["time"] == "today"]
    assert (change["kind"], change["before"], change["after"]) == ("flipped", "true", "no longer true")


def test_nothing_newer(command):
    assert command("refresh").exit_code == 0
    result = command("refresh")
    assert (result.exit_code, result.stdout) == (0, "worldbank: nothing newer than 2026-10-01\n")


def test_a_release_in_quarantine_is_told_with_its_report(command, replica, held):
    replica.worldbank.scale(EXPORTS, 1000)
    result = command("refresh")
    assert result.exit_code == 3
    assert "worldbank: odd: values-jump" in result.stdout and "report.md" in result.stdout
    assert f"values-jump: worldbank.{EXPORTS}: half of its figures are 1,000 times" in result.stdout
    assert command("verify").exit_code == 0
    taken = command("refresh", "--accept", "values-jump", "--by", "A. Nalyst")
    assert taken.exit_code == 0 and "values-jump, accepted" in taken.stdout
    assert {entry.by for entry in Store(held).releases[-1].accepted} == {"A. Nalyst"}
    assert command("verify").exit_code == 0


def test_a_publisher_that_fails_is_told_in_a_line(command, replica):
    replica.misbehave(faults.status(503), times=None)
    result = command("refresh")
    assert result.exit_code == 1
    assert result.stdout.count("\n") == 1 and "503" in result.stdout and "(tried 2 times)" in result.stdout


def test_without_a_network_there_is_a_line_for_each_publisher(held, holding, tmp_path):
    before = holding(held)
    with socket.socket() as taken:  # bound and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        path = tmp_path / "upstreams.yaml"
        pace = {"first_wait": 0.01, "connect": 0.5}
        path.write_text(
            yaml.safe_dump(
                {
                    "worldbank": {"how": "worldbank", "address": f"{address}/v2", "pace": pace},
                    "census": {"how": "file", "address": f"{address}/country.xlsx", "pace": pace},
                    "nato": {"how": "page", "address": f"{address}/page", "link": "xlsx$", "pace": pace},
                },
                sort_keys=False,
            )
        )
        result = CliRunner().invoke(app, ["data", "refresh", "--store", str(held), "--upstreams", str(path)])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["worldbank", "census", "nato"]
    assert all("cannot be reached (tried 2 times)" in line for line in lines)
    assert holding(held) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--publisher", "worldbnk"), "unknown publisher 'worldbnk'; near: worldbank"),
        (("--publisher", "icsr"), "no upstream is declared for icsr; its releases are ingested by hand"),
        (("--accept", "all"), "--accept all: there is no such caution"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(command, replica, words, told):
    result = command("refresh", *words)
    assert result.exit_code == 1 and told in result.stderr
    assert replica.requests == []
