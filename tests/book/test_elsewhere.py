"""Plain papermill runs every chapter for other countries, from any folder, and says what is wrong otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import areas, claims, engine

# The last one is no ally and has another currency.
COUNTRIES = ("NLD", "EST", "JPN")


def papermill(*words: str, cwd: Path) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if key != "CLAIMBOOK_HOME"}
    return subprocess.run(
        [sys.executable, "-m", "papermill", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", engine.names())
def test_chapter_runs_for_another_country(name: str, country: str, tmp_path: Path) -> None:
    done = papermill(str(engine.chapter(name)), "out.ipynb", "-p", "country", country, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    notebook = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    shown = json.dumps(outputs, ensure_ascii=False)
    assert areas.called(country) in shown
    boxed = {claim.id for claim in claims.ledger() if f'id=\\"{claim.id}\\"' in shown}
    about = {claims.claim(identifier).about for identifier in boxed}
    assert all(areas.area(code).kind == "group" for code in about), (
        "of this country the ledger says nothing: no verdict"
    )


def test_a_country_without_figures_is_told_so(tmp_path: Path) -> None:
    done = papermill(
        str(engine.chapter("trade")), "out.ipynb", "-p", "country", "USA", "-p", "partner", "DEU", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "no figures are held for the United States" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_an_unknown_country_stops_at_once(tmp_path: Path) -> None:
    done = papermill(str(engine.chapter("defence")), "out.ipynb", "-p", "country", "BLE", cwd=tmp_path)
    assert done.returncode != 0
    assert "unknown country or group 'BLE'" in done.stderr


@pytest.mark.parametrize("name", engine.names())
def test_help_tells_every_parameter(name: str, tmp_path: Path) -> None:
    done = papermill("--help-notebook", str(engine.chapter(name)), cwd=tmp_path)
    assert done.returncode == 0
    for parameter in ("country: str", "start_year: int", "end_year: int", "as_of: str"):
        assert parameter in done.stdout
    assert "ISO 3166 alpha-3" in done.stdout
