"""A copy of the book, its package too, in which anything may be changed; what is asked of it runs in its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from analysis.home import home

_TREE = Path(__file__).resolve().parents[1]
# Answers each question in a fork that has read nothing of the book yet; a question with "alone" ends the process.
_ANSWERS = """
import json, os, sys, traceback
from pathlib import Path
from analysis import built, inputs, reasons, rerun, runs

def answer(what, kept, names, address):
    looked = inputs.look()
    present = rerun.Present(looked)
    verdicts = [rerun.verdict(name, kept, present) for name in names]
    if what == "mark":
        return built.mark(kept, kept / "html", looked, {"address": address}, [entry.result for entry in verdicts])
    if what == "run":
        for name, executed, read in runs.execute([entry.name for entry in verdicts if entry.result is None]):
            rerun.keep(name, kept, present, executed, read)
    site = built.stale(kept, kept / "html", looked, {"address": address})
    return {"chapters": {entry.name: entry.text for entry in verdicts}, "site": site}

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        if not asked["alone"] and os.fork():
            os.wait()
            continue
        try:
            os.environ.update(asked["variables"])
            sys.path[:0] = asked["variables"].get("PYTHONPATH", "").split(os.pathsep)
            said = answer(asked["what"], Path(asked["kept"]), asked["names"], asked["address"])
        except BaseException:
            said = {"fault": traceback.format_exc()}
        print(json.dumps(said), flush=True)
        os._exit(0) if not asked["alone"] else sys.exit()
"""


class Copy:
    """A book of its own below a folder: `book` has data/ and chapters/, `package` the source, `kept` what is kept."""

    def __init__(self, folder: Path, chapters: Mapping[str, Sequence[str]] | None = None) -> None:
        """Of the book that is tested; with `chapters`, the cells of each by name, in place of its own."""
        self.folder, self.book, self.kept = folder, folder / "book", folder / "kept"
        self.package = folder / "src" / "analysis"
        self._process: subprocess.Popen | None = None
        away = shutil.ignore_patterns("__pycache__", "_book", ".*")
        shutil.copytree(_TREE / "src" / "analysis", self.package, ignore=away)
        shutil.copytree(home() / "data", self.book / "data", ignore=away)
        for name in ("_config.yml", "_toc.yml", "about.md", "index.md", "requirements.lock"):
            shutil.copy(home() / name, self.book / name)
        if chapters is None:
            shutil.copytree(home() / "chapters", self.book / "chapters", ignore=away)
        else:
            (self.book / "chapters").mkdir()
            for name, cells in chapters.items():
                self.write(name, cells)

    def write(self, name: str, cells: Sequence[str]) -> None:
        """Write a chapter; its first cell holds the parameters."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)]
        )
        notebook.cells[0].metadata["tags"] = ["parameters"]
        notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
        (self.book / "chapters" / f"{name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")

    def ask(self, what: str, *names: str, address: str = "", variables: Mapping[str, str] | None = None) -> Any:
        """Ask of chapters and of the site at an address: `decide`; or `run` them first, or `mark` the site as made.

        What writes is asked in a process of its own, begun after all that has changed.
        """
        alone = what != "decide"
        told = {"what": what, "kept": str(self.kept), "names": names, "address": address, "alone": alone}
        line = json.dumps({**told, "variables": dict(variables or {})}) + "\n"
        if alone:
            done = self._call([sys.executable, "-W", "ignore", "-c", _ANSWERS], {}, line)
            assert done.returncode == 0, done.stdout + done.stderr
            said = json.loads(done.stdout)
        else:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-W", "ignore", "-c", _ANSWERS], env=self._environment({}), cwd=self.folder,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                )  # fmt: skip
            self._process.stdin.write(line)
            self._process.stdin.flush()
            said = json.loads(self._process.stdout.readline())
        assert not said or "fault" not in said, said["fault"]
        return said

    def close(self) -> None:
        """Let the process that answers end."""
        if self._process is not None:
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()
            self._process = None

    def command(self, *words: str, **variables: str) -> subprocess.CompletedProcess:
        """Run `claimbook` with these words."""
        return self._call([sys.executable, "-c", "from analysis.cli import app; app()", *words], variables)

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith("CLAIMBOOK")}
        return {**own, "CLAIMBOOK_HOME": str(self.book), "PYTHONPATH": str(self.folder / "src"), **variables}

    def _call(self, words: Sequence[str], variables: Mapping[str, str], said: str = "") -> subprocess.CompletedProcess:
        time.sleep(0.05)  # what changed in the moment in which a process began is not kept: see analysis.inputs
        return subprocess.run(
            words, env=self._environment(variables), cwd=self.folder, input=said, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
