"""The committed outputs are a reference only if a change in them is noticed: in a chart, a table or a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import engine
from analysis.figures import MIME
from analysis.home import home


def chart(outputs: list[dict]) -> None:
    data = next(output["data"][MIME] for output in outputs if MIME in output.get("data", {}))
    rows = next(rows for rows in data["datasets"].values() if "value" in rows[0])
    rows[0]["value"] += 1


def words(kind: str) -> Callable[[list[dict]], None]:
    def change(outputs: list[dict]) -> None:
        output = next(output for output in outputs if kind in output.get("data", {}))
        text = "".join(output["data"][kind])
        assert "2014" in text or "2025" in text
        output["data"][kind] = text.replace("2014", "2013").replace("2025", "2024")

    return change


@pytest.mark.parametrize(
    ("change", "fails"),
    [(lambda outputs: None, False), (chart, True), (words("text/html"), True), (words("text/markdown"), True)],
    ids=["nothing", "chart", "table", "sentence"],
)
def test_nbval_notices(change: Callable[[list[dict]], None], fails: bool, tmp_path: Path) -> None:
    notebook = json.loads(engine.chapter("investment").read_text(encoding="utf-8"))
    change([output for cell in notebook["cells"] for output in cell.get("outputs", [])])
    copy = tmp_path / "investment.ipynb"
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default", "--nbval", str(copy)],
        cwd=tmp_path,
        env={**os.environ, "CLAIMBOOK_HOME": str(home())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout[-1500:]
