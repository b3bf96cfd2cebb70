"""The book's own chapters run again where what they read changed; a site made in steps is the site made at once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from copies import Copy

from analysis import engine, reads
from analysis.kept import of, place

pytestmark = pytest.mark.xdist_group("rerun")

SHARE = "nato.defence_expenditure_share_gdp"
# The second time every cache of the process is warm.
_TWICE = """
import json, os, sys
from pathlib import Path
from analysis import engine, reads
if __name__ == "__main__":
    told = {}
    for _ in range(2):
        for name in engine.names():
            target = Path(sys.argv[1], "reads.json")
            os.environ[reads.VARIABLE] = str(target)
            cells = json.loads(engine.chapter(name).read_bytes())["cells"]
            space = {}
            reads.begin()
            for cell in cells:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), name, "exec"), space)
            reads.finish()
            told.setdefault(name, []).append(json.loads(target.read_text()))
    print(json.dumps(told))
"""
NOTED = (
    reads.SERIES,
    reads.RELEASE,
    reads.RELEASES,
    reads.NEWEST,
    reads.ERRATA,
    reads.CLAIM,
    reads.THEME,
    reads.LEDGER,
)


def test_warm_caches_hide_no_read_of_any_chapter(tmp_path):
    done = subprocess.run([sys.executable, "-c", _TWICE, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert sorted(told) == engine.names()
    for name, (first, again) in told.items():
        assert {kind: first[kind] for kind in NOTED} == {kind: again[kind] for kind in NOTED}, name
        assert first[reads.SERIES] and first[reads.RELEASE] and first[reads.NEVER] == again[reads.NEVER] == []


_ENGINES = """
import json
from analysis import engine, runs
if __name__ == "__main__":
    told = []
    for name in ("claimbook", "nbclient"):
        with runs.recorded() as found:
            engine.execute(engine.chapter("trade"), None, {}, engine=name)
        told.append(found.read)
    print(json.dumps(told))
"""


def test_an_ordinary_kernel_says_what_it_read_as_the_warm_one_does():
    done = subprocess.run([sys.executable, "-c", _ENGINES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    warm, ordinary = json.loads(done.stdout)
    assert {kind: warm[kind] for kind in NOTED} == {kind: ordinary[kind] for kind in NOTED}
    assert warm[reads.RELEASE] and warm[reads.NEVER] == ordinary[reads.NEVER] == []


def retell(book: Path, release: str) -> None:
    """Another figure in a snapshot, which is a valid one as before, and in the catalogue what it then has to say."""
    catalogue = book / "data" / "datapackage.json"
    package = json.loads(catalogue.read_text(encoding="utf-8"))
    entry = next(entry for entry in package["resources"] if entry["name"] == release)
    path = book / "data" / entry["path"]
    table = pq.read_table(path)
    rows = table.select(["series", "reporter", "period", "value"]).to_pylist()
    own = [n for n, row in enumerate(rows) if row["reporter"] == "BEL" and row["series"] == SHARE and row["value"]]
    at = max(own, key=lambda number: rows[number]["period"])
    values = table["value"].to_pylist()
    values[at] *= 1.5
    index = table.schema.get_field_index("value")
    pq.write_table(
        table.set_column(index, table.schema.field(index), pa.array(values, table.schema.field(index).type)), path
    )
    content = path.read_bytes()
    entry["bytes"], entry["hash"] = len(content), f"sha256:{hashlib.sha256(content).hexdigest()}"
    catalogue.write_text(json.dumps(package), encoding="utf-8")


def newest_of_nato(book: Path) -> str:
    """The newest release that tells the share of GDP."""
    package = json.loads((book / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return max(
        entry["name"] for entry in package["resources"]
        if any(scope["series"] == SHARE for scope in entry["release"]["scope"])
    )  # fmt: skip


def test_a_changed_release_runs_the_chapters_that_read_it_alone(tmp_path):
    copy = Copy(tmp_path)
    names = engine.names()
    assert set(copy.ask("run", *names)["chapters"].values()) == {f"{name}: run: no result is kept" for name in names}
    assert set(copy.ask("decide", *names)["chapters"].values()) == {
        f"{name}: kept: nothing it read has changed" for name in names
    }
    copy.close()
    release = newest_of_nato(copy.book)
    read = {name: of(place(copy.kept, name, {}))[0][0][1].reads for name in names}
    reading = {name for name in names if release in read[name][reads.RELEASE]}
    assert {"defence", "revisions"} <= reading
    assert not reading & {"trade", "investment", "openness", "security", "people"}
    retell(copy.book, release)
    told = copy.ask("run", *names)["chapters"]
    assert {name for name, text in told.items() if text == f"{name}: run: release {release} changed"} == reading
    assert sum(": kept: " in text for text in told.values()) == len(names) - len(reading)
    # What ran tells the new figure; the rest is as it was.
    again = copy.ask("decide", *names)["chapters"]
    copy.close()
    assert all(": kept: " in text for text in again.values())


@pytest.fixture
def small(tmp_path) -> Copy:
    """A book of two chapters and the statements that their cells name."""
    copy = Copy(tmp_path)
    chapters = {"defence", "trade"}
    cells = ""
    for path in (copy.book / "chapters").glob("*.ipynb"):
        if path.stem not in chapters:
            path.unlink()
        else:
            cells += path.read_text(encoding="utf-8")
    for path in (copy.book / "data" / "claims").glob("*.yaml"):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        kept = [entry for entry in told["claims"] if f'"{entry["id"]}\\' in cells or entry is told["claims"][0]]
        told["claims"] = [{key: value for key, value in entry.items() if key != "echoes"} for entry in kept]
        path.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True), encoding="utf-8")
    path = copy.book / "_toc.yml"
    toc = yaml.safe_load(path.read_text(encoding="utf-8"))
    for part in toc["parts"]:
        part["chapters"] = [
            entry for entry in part["chapters"]
            if not entry["file"].startswith("chapters/") or entry["file"].removeprefix("chapters/") in chapters
        ]  # fmt: skip
    path.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    return copy


def test_a_site_made_in_steps_is_the_site_made_at_once(small, holding):
    out = small.folder / "out"

    def build(*words: str, output: Path = out) -> str:
        done = small.command("book", "--output", str(output), *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    said = build("--explain")
    assert "pages: made: no finished build is here" in said and "trade: run: no result is kept" in said
    first = holding(out / "html")
    said = build("--explain")
    assert said.startswith("nothing to do: ") and "drawing" not in said and holding(out / "html") == first

    retell(small.book, newest_of_nato(small.book))
    said = build("--explain")
    assert "executing 1 chapters, 1 are as they were" in said and "trade: kept: " in said
    assert f"defence: run: release {newest_of_nato(small.book)} changed" in said
    steps = holding(out / "html")
    assert steps["chapters/trade.html"] == first["chapters/trade.html"]
    assert steps["chapters/defence.html"] != first["chapters/defence.html"]
    build(output=small.folder / "clean")
    assert holding(small.folder / "clean" / "html") == steps

    # A build that does not come to its end vouches for nothing, and leaves what was there.
    small.write("trade", ["year = 2020", "1 / 0"])
    failed = small.command("book", "--output", str(out), "--explain")
    assert failed.returncode == 1 and "trade: run: its cells changed" in failed.stderr
    assert not (out / ".built.json").exists() and holding(out / "html") == steps
