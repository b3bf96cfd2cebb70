"""A run in the warm parent's fork knows nothing of other runs, and nothing that is out of date."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_core.utils import ensure_event_loop
from nbformat.v4 import new_code_cell, new_notebook

from analysis import engine, reads
from analysis.home import home
from analysis.warm import client, entry, jobs, processes, state

pytestmark = [
    pytest.mark.skipif(not processes.possible(), reason="no process is forked safely on this system"),
    # What other tests of this process left to the collector, such as a browser's loop, is not what is tested here.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture(autouse=True, scope="module")
def registered() -> Iterator[None]:
    entry.register()
    yield
    client.close()


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMBOOK_HOME", str(home()))


def told(*sources: str, **more: object) -> list[str]:
    """What the cells print."""
    nb = new_notebook(cells=[new_code_cell(source) for source in sources], metadata=KERNEL)
    given = {"engine_name": "claimbook", "kernel_name": "python3", "progress_bar": False, **more}
    done = papermill.execute_notebook(nb, None, **given)
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in done.cells]


def test_nothing_stays_from_run_to_run(tmp_path: Path) -> None:
    spoil = (
        "import os, sys, random, signal, tempfile, builtins, pandas, logging, warnings, altair\n"
        "mark = 1; builtins.mark = 1; pandas.mark = 1; sys.path.insert(0, '/nowhere'); os.environ['MARK'] = '1'\n"
        f"os.chdir({str(tmp_path)!r}); opened = open('left-open', 'w'); opened.write('flushed'); tempfile.tempdir = '/nowhere'\n"
        "signal.signal(signal.SIGTERM, lambda *_: None); logging.getLogger().handlers.append(None)\n"
        "from analysis.snapshots.store import store; store().releases.clear(); altair.data_transformers.disable_max_rows()"
    )
    look = (
        "import os, sys, builtins, pandas, signal, tempfile, logging, altair\nfrom analysis.snapshots.store import store\n"
        "print('mark' in globals(), hasattr(builtins, 'mark'), hasattr(pandas, 'mark'), '/nowhere' in sys.path, 'MARK' in os.environ,\n"
        "  tempfile.gettempdir() == '/nowhere', signal.getsignal(signal.SIGTERM), logging.getLogger().handlers, len(store().releases) > 9)\n"
        "print(os.getcwd(), sorted(os.listdir('/proc/self/fd')), altair.data_transformers.options)"
    )
    before = told(look)
    told(spoil)
    assert (tmp_path / "left-open").read_text() == "flushed"
    assert told(look) == before
    assert before[0].splitlines()[0] == "False False False False False False 0 [] True"


def test_random_numbers_are_new_in_each_run() -> None:
    ask = "import random, numpy, uuid; print(random.random(), numpy.random.rand(), uuid.uuid4(), numpy.random.default_rng().random())"
    first, second = (told(ask)[0].split() for _ in range(2))
    assert not set(first) & set(second)


def test_environment_and_folder_are_of_the_caller_at_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = "import os, time, sys, tempfile; print(os.getcwd(), os.environ.get('MARK'), time.tzname[0], tempfile.gettempdir(), sys.path[0])"
    told("1")
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARK", "ü x")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (line,) = told(ask)
    assert line.split()[:5] == [str(tmp_path), "ü", "x", "JST", str(tmp_path / "temporary")]
    assert "nowhere" not in line


def test_what_a_run_does_at_its_end_is_done(tmp_path: Path) -> None:
    told(
        f"import atexit, pathlib, threading, time, tempfile\nfolder = pathlib.Path({str(tmp_path)!r})\n"
        "atexit.register((folder / 'exit').write_text, 'done')\nkept = tempfile.TemporaryDirectory(dir=folder)\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), (folder / 'thread').write_text('done'))).start()"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exit", "thread"]


def test_the_end_of_a_run_is_not_the_end_of_the_job_that_runs_it(tmp_path: Path) -> None:
    (ended,) = jobs.run([jobs.Job("ends", "warm_jobs:own_ends", str(tmp_path))], workers=1)
    assert ended.fault is None
    # The run's own folder is gone and its word is said; the job's folder is there and its word not yet said.
    assert ended.value == ["ends.ipynb", "of-the-job-", "said by the"] and (tmp_path / "said by the run").exists()
    assert (tmp_path / "said by the job").exists(), "after the end of the job"
    assert not list(tmp_path.glob("of-the-*"))


def test_nothing_that_draws_is_imported_by_the_parent() -> None:
    assert told("import sys; print([name for name in sys.modules if name.startswith(('vl_convert', 'sphinx'))])") == [
        "[]\n"
    ]


def test_several_threads_of_one_caller_run_at_once() -> None:
    found: dict[int, list[str]] = {}

    def one(number: int) -> None:
        found[number] = told("import time; time.sleep(0.5)", f"print({number}, 'mark' in globals()); mark = 1")
        ensure_event_loop().close()  # nbclient opens one in each thread

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: ["", f"{number} False\n"] for number in range(4)}


def test_a_caller_whose_event_loop_runs() -> None:
    # In a process of its own: other tests of this one may have a loop that runs.
    code = (
        "import asyncio, papermill, nbformat\nfrom analysis.warm import client, entry\nentry.register()\n"
        f"nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('print(7)')], metadata={KERNEL!r})\n"
        "async def caller():\n"
        "    given = dict(engine_name='claimbook', kernel_name='python3', progress_bar=False)\n"
        "    return papermill.execute_notebook(nb, None, **given).cells[0].outputs[0].text\n"
        "print(asyncio.run(caller()), end='')\nclient.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "7\n", done.stderr


def test_a_notebook_that_runs_notebooks() -> None:
    inner = (
        "import papermill, nbformat\nnb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('print(7)')], metadata=%r)\n"
        "done = papermill.execute_notebook(nb, None, engine_name='claimbook', kernel_name='python3', progress_bar=False)\n"
        "print(done.cells[0].outputs[0].text, end='')"
    )
    assert told(f"from analysis.warm import entry; entry.register()\n{inner % KERNEL}") == ["7\n"]


def test_the_main_module_of_a_caller_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "without_guard.py"
    script.write_text(
        "print('main')\nfrom analysis.warm.jobs import Job, run\n"
        "print(sorted(ended.value for ended in run([Job(str(n), 'math:sqrt', n) for n in (1, 4)], workers=2)))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=True)
    assert (done.stdout, done.stderr) == ("main\n[1.0, 2.0]\n", "")


def test_what_was_read_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for name in ("nbclient", "claimbook"):
        monkeypatch.setenv(reads.VARIABLE, str(tmp_path / f"{name}.json"))
        engine.execute(engine.chapter("investment"), None, {}, engine=name)
        found.append(json.loads((tmp_path / f"{name}.json").read_text()))
    own, warm = found
    assert {key: warm[key] for key in ("series", "release", "claim", "theme")} == {
        key: own[key] for key in ("series", "release", "claim", "theme")
    }
    assert warm["series"]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of the test's own."""
    folder = tmp_path / "book"
    shutil.copytree(home() / "data", folder / "data")
    monkeypatch.setenv("CLAIMBOOK_HOME", str(folder))
    return folder


def test_a_change_is_seen_by_the_next_run(copied: Path) -> None:
    ask = "from analysis import glossary; print(glossary.terms()[0].term)\nfrom analysis.snapshots.store import store; print(len(store().releases))"
    path = copied / "data" / "glossary.yaml"
    first = told(ask)
    path.write_text(path.read_text(encoding="utf-8").replace("- term: ", "- term: A CHANGED ", 1), encoding="utf-8")
    second = told(ask)
    assert "CHANGED" not in first[0] and second[0].startswith("A CHANGED")
    catalogue = json.loads((copied / "data" / "datapackage.json").read_text(encoding="utf-8"))
    catalogue["resources"] = catalogue["resources"][:-1]
    (copied / "data" / "datapackage.json").write_text(json.dumps(catalogue), encoding="utf-8")
    assert int(told(ask)[0].splitlines()[1]) == int(second[0].splitlines()[1]) - 1


@pytest.mark.parametrize("change", ["data", "as of", "version", "home", "path", "umask", "threads"])
def test_what_makes_a_parent_old(change: str, copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state.now()
    monkeypatch.setenv("MARK", "1")
    monkeypatch.setenv(reads.VARIABLE, "/nowhere")
    assert state.now() == before
    mask = os.umask(0o77) if change == "umask" else None
    if change == "data":
        (copied / "data" / "claims" / "new.yaml").write_text("", encoding="utf-8")
    elif change == "home":
        monkeypatch.setenv("CLAIMBOOK_HOME", str(home()))
    elif change != "umask":
        names = {
            "as of": "CLAIMBOOK_AS_OF",
            "version": "CLAIMBOOK_VERSION",
            "path": "PYTHONPATH",
            "threads": "OMP_NUM_THREADS",
        }
        monkeypatch.setenv(names[change], "1")
    try:
        assert state.now() != before
    finally:
        if mask is not None:
            os.umask(mask)


def test_plain_papermill_finds_the_engine(tmp_path: Path) -> None:
    if "claimbook" not in {found.name for found in _entry_points()}:
        pytest.skip("the package is not installed")
    path = tmp_path / "one.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("print('found')")], metadata=KERNEL), path)
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        "claimbook",
        "--no-progress-bar",
        str(path),
        str(tmp_path / "out.ipynb"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[0].outputs[0].text == "found\n"


def _entry_points() -> object:
    from importlib.metadata import entry_points

    return entry_points(group="papermill.engine")
