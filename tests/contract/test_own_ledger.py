"""Somebody else's ledger works as the book's own does: another document, other countries, the same rules."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from analysis import audit, claims
from analysis.cli import app
from analysis.errors import ClaimbookError
from analysis.snapshots.store import store

LEDGER = Path(__file__).with_name("own_ledger.yaml")


@pytest.fixture(scope="module")
def audited() -> dict[str, audit.Audited]:
    return {claim.id: audit.audit(claim, store(), dt.date(2026, 10, 31)) for claim in claims.read(LEDGER)}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = LEDGER.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "ledger.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_it_keeps_the_schema():
    plain = yaml.load(LEDGER.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # as an editor sees it: text
    plain["claims"] = [
        {key: int(value) if key in ("year", "due") else value for key, value in entry.items()}
        for entry in plain["claims"]
    ]
    jsonschema.Draft202012Validator(claims.json_schema()).validate(plain)


def test_a_named_year(audited):
    # worldbank/ALL_325_indicators_...tar.xz, ne.exp.gnfs.zs/data.csv: Netherlands 2019 (line 7515) 85.32094, within
    # 84.5 to 85.5; 2025 (line 7521) 80.66934. ne.imp.gnfs.zs 2019 (line 7584): 75.35573; both: 160.67667.
    found = audited["polder-exports-share"].verdicts
    assert (found.when_written.word, found.today.word) == ("supported", "no longer true")
    assert found.when_written.choice.evaluation.value == pytest.approx(85.3209394926528)
    assert found.when_written.choice.basis == "reconstructed"
    assert found.today.choice.evaluation.value == pytest.approx(80.6693413415314)
    assert found.readings["both"].evaluation.value == pytest.approx(85.3209394926528 + 75.3557323923463)
    assert found.borne_out == (1, 2)


def test_another_country_than_the_documents(audited):
    # tx.val.mrch.cd.wt/data.csv: written in October 2022, 2021 is judged: China, the United States, then Germany
    # with 1,627,375 million (line 3143); in 2025 with 1,764,188 million third again.
    entry = audited["polder-neighbour"]
    assert (entry.claim.about, entry.claim.other) == ("DEU", "DEU")
    found = entry.verdicts
    assert (found.when_written.word, found.today.word) == ("supported", "true")
    evaluation = found.when_written.choice.evaluation
    assert (evaluation.year, evaluation.rank, evaluation.value) == (2021, 3, 1_627_375e6)
    assert found.today.choice.evaluation.value == 1_764_188e6
    assert entry.claim.define(entry.claim.readings[0].label) == "Germany's goods"


def test_reconstructed_and_revised(audited):
    # nato/240617-def-exp-2024-TABLES-en.xlsx, TABLE3, Netherlands (row 29), 2021: K29 1.36028, the earliest edition
    # held after October 2022; 2025-edition-csv/shareofgdp.csv line 20: 2021 1.319154555, 2025e 2.491210214.
    found = audited["polder-defence"].verdicts
    assert (found.when_written.word, found.as_revised.word, found.today.word) == (
        "supported",
        "unchanged",
        "no longer true",
    )
    choice = found.when_written.choice
    assert (choice.evaluation.year, choice.evaluation.released, choice.basis) == (2021, "2024-06-17", "reconstructed")
    assert choice.evaluation.value == pytest.approx(1.3602763398820505)
    assert found.as_revised.choice.evaluation.value == pytest.approx(1.319154555)
    assert found.today.choice.evaluation.value == pytest.approx(2.491210214)


def test_a_pledge_still_to_come(audited):
    found = audited["polder-pledge"].verdicts
    assert (found.when_written.word, found.as_revised.word, found.today.word) == (
        "not yet due",
        "not testable",
        "not yet due",
    )


def test_the_command_line_audits_it():
    result = CliRunner().invoke(app, ["audit", "polder-defence", "--claims", str(LEDGER), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    jsonschema.Draft202012Validator(audit.json_schema()).validate(told)
    (entry,) = told["claims"]
    assert (entry["id"], entry["document"], entry["country"]) == ("polder-defence", "polder", "NLD")
    assert entry["readings"][0]["definition"] == (
        "The Netherlands' defence expenditure as a share of GDP, NATO's definition"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("worldbank.NE.EXP.GNFS.ZS}", "worldbank.NE.EXP.GNFS.ZZ}", "worldbank.NE.EXP.GNFS.ZS"),  # names the nearest
        ("measure: share_of_gdp", "measure: share_of_gnp", "share_of_gdp"),
        ("printed: 85 per cent", "printed: quite a lot", "quite a lot"),
        ("country: NLD", "country: HOL", "HOL"),
        ("year: 2019", "yaer: 2019", "yaer"),
        ("id: polder-neighbour", "id: polder-exports-share", "polder-exports-share"),
        ("due: 2035\n    ", "", "due"),
        ("dated: 2022-10-15\n  ", "", "dated"),
        ("place: Page 1", "place: Page 1\n    place: Page 2", "place"),
        ("inputs: {share: worldbank.NE.EXP.GNFS.ZS}", "inputs: {shares: worldbank.NE.EXP.GNFS.ZS}", "shares"),
    ],
)
def test_a_fault_is_named(tmp_path, old, new, told):
    with pytest.raises(ClaimbookError, match=r"ledger\.yaml") as fault:
        claims.read(changed(tmp_path, old, new))
    assert told in str(fault.value)


def test_a_document_that_the_book_knows_may_be_named(tmp_path):
    text = LEDGER.read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text("document: ics\nclaims:" + text.split("claims:", 1)[1], encoding="utf-8")
    assert {claim.document.id for claim in claims.read(path)} == {"ics"}
    path.write_text("document: nowhere\nclaims:" + text.split("claims:", 1)[1], encoding="utf-8")
    with pytest.raises(ClaimbookError, match="nowhere"):
        claims.read(path)


def test_a_unit_that_the_measure_does_not_have_is_refused(tmp_path):
    path = changed(tmp_path, 'unit: "% of GDP"', "unit: tonnes")
    claim = claims.claim("polder-exports-share", claims.read(path))
    with pytest.raises(ClaimbookError, match=r"^polder-\S+, reading \S+: .*tonnes"):
        audit.audit(claim, store())
