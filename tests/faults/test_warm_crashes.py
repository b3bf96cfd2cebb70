"""Every way in which a run or a job can die is told of, with its place, and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from analysis import engine
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.warm import client, entry, processes
from analysis.warm.jobs import Ended, Job, Running, run
from analysis.warm.spawned import Spawned

pytestmark = [
    pytest.mark.skipif(not processes.possible(), reason="no process is forked safely on this system"),
    # Clients of real kernels, and other tests of this process, leave sockets and loops to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
LEAVES = "import os, signal, subprocess, ctypes\nleft = subprocess.Popen(['sleep', '600'])\nprint(left.pid, flush=True)"


@pytest.fixture(autouse=True, scope="module")
def nothing_left() -> Iterator[None]:
    """After all of it no process of ours is left, not even one that has ended."""
    entry.register()
    before = set(children())  # of other tests in this process: a browser, say
    yield
    client.close()
    left = [Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in set(children()) - before]
    assert [line for line in left if "resource_tracker" not in line] == []  # of multiprocessing, until the very end


def children() -> list[str]:
    return [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMBOOK_HOME", str(home()))


def written(folder: Path, *sources: str) -> Path:
    path = folder / "awkward.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources], metadata=KERNEL), path)
    return path


def executed(path: Path, **more: object) -> nbformat.NotebookNode:
    given = {"engine_name": "claimbook", "kernel_name": "python3", "progress_bar": False, **more}
    return papermill.execute_notebook(str(path), str(path.with_name("out.ipynb")), **given)


def gone(pid: int) -> bool:
    """Whether a process is no more; one that was killed may need a moment."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z" and os.getppid() != pid:
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            if parent == 1:  # not ours to reap
                return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("last", "cause"),
    [
        ("ctypes.string_at(0)", "died of SIGSEGV"),
        ("os.abort()", "died of SIGABRT"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "died of SIGKILL (killed from outside, perhaps for want of memory)"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "died of SIGTERM"),
        ("os._exit(3)", "left with exit status 3"),
        ("os._exit(0)", "left with exit status 0"),
    ],
)
def test_a_run_that_dies(last: str, cause: str, tmp_path: Path) -> None:
    path = written(tmp_path, "print('before')", f"{LEAVES}\n{last}", "print('never')")
    with pytest.raises(DeadKernelError) as raised:
        executed(path)
    assert str(raised.value) == f"awkward.ipynb, cell 1: the process that ran it {cause}"
    nb = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert [cell.metadata.papermill.status for cell in nb.cells] == ["completed", "failed", "pending"]
    assert nb.cells[0].outputs[0].text == "before\n" and nb.metadata.papermill.exception
    assert gone(int(nb.cells[1].outputs[0].text))
    with pytest.raises(ClaimbookError, match="awkward.ipynb, cell 1: the process that ran it"):
        engine.execute(path, None, {})


@pytest.mark.parametrize(
    "loop",
    ["while True: pass", "while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass"],
    ids=["heeds an interrupt", "does not"],
)
def test_a_run_without_end(loop: str, tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError, match=r"^awkward.ipynb, cell 0: A cell timed out .* after 1 seconds"):
        executed(written(tmp_path, f"{LEAVES}\n{loop}"), execution_timeout=1)
    nb = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert nb.cells[0].metadata.papermill.status == "failed"
    assert gone(int(nb.cells[0].outputs[0].text))


def test_what_a_cell_starts_ends_with_its_run(tmp_path: Path) -> None:
    nb = executed(written(tmp_path, LEAVES, "group = subprocess.Popen(['sh', '-mc', 'sleep 600 & echo $!; wait'], stdout=-1)\nprint(int(group.stdout.readline()))"))  # fmt: skip
    assert all(gone(int(cell.outputs[0].text)) for cell in nb.cells)


def test_a_run_that_never_comes_to_its_first_cell(tmp_path: Path) -> None:
    ends = ["--IPKernelApp.exec_lines=import os; os._exit(3)"]
    with pytest.raises(
        DeadKernelError, match="awkward.ipynb, before its first cell: the process that ran it left with exit status 3"
    ):
        executed(written(tmp_path, "1"), extra_arguments=ends)


def test_a_caller_without_file_descriptors_keeps_its_warm_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed(written(tmp_path, "1"))
    before = client._warm[-1]

    def none(*_: object) -> None:
        raise OSError(errno.EMFILE, "too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(client.Warm, "fork", none)
        with pytest.raises(DeadKernelError, match="no process can be forked for it: .*too many open files"):
            executed(written(tmp_path, "1"))
    assert client._warm[-1] is before and not before.gone()
    executed(written(tmp_path, "1"))


def test_a_fork_that_comes_back_from_its_cell_ends_there(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    note = f"open({str(trace)!r}, 'a').write(cell)"
    nb = executed(written(tmp_path, f"import os\ncell = 'one '\npid = os.fork()\n{note}", "ended = os.waitpid(pid, 0)[1]; ended", f"cell = 'two '\n{note};"))  # fmt: skip
    assert trace.read_text() == "one one two "
    assert nb.cells[1].outputs[-1].data["text/plain"] == "0"
    for end in ("raise ValueError", "import sys; sys.exit(3)"):
        nb = executed(written(tmp_path, f"import os\npid = os.fork()\nif not pid:\n    {end}", "os.waitpid(pid, 0)[1]"))
        assert nb.cells[1].outputs[-1].data["text/plain"] == "0"


def test_the_warm_parent_is_killed(tmp_path: Path) -> None:
    executed(written(tmp_path, "1"))
    kill = "import os, signal; print(os.getpid(), flush=True); os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(600)"
    with pytest.raises(DeadKernelError, match="cell 0: the process that ran it was lost with the warm parent"):
        executed(written(tmp_path, kill))
    assert gone(int(nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[0].outputs[0].text))
    assert executed(written(tmp_path, "print('again')")).cells[0].outputs[0].text == "again\n"


SCRIPT = """
import papermill, sys
from analysis.warm import entry
entry.register()
papermill.execute_notebook(sys.argv[1], None, engine_name='claimbook', kernel_name='python3', progress_bar=False)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_the_caller_goes_away(number: int, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    source = f"import os, subprocess, time\nleft = subprocess.Popen(['sleep', '600'])\nwith open({str(told)!r}, 'w') as file: file.write(f'{{os.getpid()}} {{os.getppid()}} {{left.pid}} .')\ntime.sleep(600)"  # fmt: skip
    command = [sys.executable, "-c", SCRIPT, str(written(tmp_path, source))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as caller:
        while not (told.exists() and told.read_text().endswith(".")):
            assert caller.poll() is None
            time.sleep(0.05)
        caller.send_signal(number)
    assert all(gone(int(pid)) for pid in told.read_text().split()[:3])


def done(*jobs: Job, **more: object) -> list[Ended]:
    return sorted(run(jobs, workers=2, **more), key=lambda ended: ended.job.name)


def test_jobs_come_back_each_from_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = done(*(Job(f"{n}", "warm_jobs:double", n) for n in range(6)))
    assert [(ended.value[0], ended.value[2], ended.fault) for ended in found] == [(2 * n, 1, None) for n in range(6)]
    assert len({ended.value[1] for ended in found} | {os.getpid()}) == 7
    assert all(ended.peak > 1 << 20 and ended.seconds > 0 for ended in found)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARM_TEST", "here")
    (ended,) = done(Job("where", "warm_jobs:surroundings"))
    assert ended.value == {"folder": str(tmp_path), "variable": "here", "imported": False}


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("segfault", "died of SIGSEGV in the way of segfault"),
        ("abort", "died of SIGABRT in the way of abort"),
        ("kill", "died of SIGKILL (killed from outside, perhaps for want of memory) in the way of kill"),
        ("exit", "left with exit status 7 in the way of exit"),
        ("stop", "took longer than 3 s in the way of stop"),
        ("loop", "took longer than 3 s in the way of loop"),
    ],
)
def test_a_job_that_dies(way: str, fault: str) -> None:
    heard: list[tuple[str, str]] = []
    jobs = [Job("1", "warm_jobs:double", 1), Job("2", "warm_jobs:die", way), Job("3", "warm_jobs:double", 3)]
    first, second, third = done(*jobs, limit=3, heard=lambda job, place: heard.append((job.name, place)))
    assert (first.value[0], third.value[0], second.value) == (2, 6, None)
    text, _, left = second.fault.partition(", beside ")
    assert text == fault
    assert gone(int(left))
    assert heard[:2] == [("2", "the first step"), ("2", f"the way of {way}")]


def test_faults_of_jobs() -> None:
    found = done(
        Job("1", "warm_jobs:refuse", "name a country"),
        Job("2", "warm_jobs:stumble"),
        Job("3", "warm_jobs:leave", 4),
        Job("4", "warm_jobs:unpicklable"),
        Job("5", "no_such_module:f"),
        Job("6", "warm_jobs:double", lambda: None),
        Job("7", "warm_jobs:double", 7),
    )
    faults = [ended.fault for ended in found]
    assert faults[0] == "name a country"
    assert faults[1].startswith("Traceback") and faults[1].endswith("ValueError: stumbled")
    assert faults[2].endswith("SystemExit: 4")
    assert faults[3].startswith("its value cannot be sent back")
    assert "No module named 'no_such_module'" in faults[4]
    assert faults[5].startswith("cannot be started")
    assert faults[6] is None


def test_a_job_runs_notebooks() -> None:
    said: list[str] = []
    jobs = [Job(f"{n}", "warm_jobs:notebook", ["import os; print(os.getpid())", f"print({n})"]) for n in range(3)]
    found = done(*jobs, heard=lambda _, place: said.append(place))
    assert [(ended.value[1], ended.fault) for ended in found] == [(f"{n}\n", None) for n in range(3)]
    assert sorted(said) == ["notebook, cell 0"] * 3 + ["notebook, cell 1"] * 3
    (died,) = done(Job("1", "warm_jobs:notebook", ["1", f"{LEAVES}\nctypes.string_at(0)"]))
    assert died.fault.endswith("DeadKernelError: notebook, cell 1: the process that ran it died of SIGSEGV")
    pid = "import os; open({!r}, 'w').write(str(os.getpid()) + ' .'); import time; time.sleep(600)"
    (late,) = done(Job("1", "warm_jobs:notebook", ["1", pid.format(str(Path.cwd() / ".pid-of-test"))]), limit=3)
    told = Path(".pid-of-test")
    try:
        assert late.fault == "took longer than 3 s in notebook, cell 1"
        assert gone(int(told.read_text().split()[0]))
    finally:
        told.unlink()


def test_who_stops_listening_stops_what_runs() -> None:
    pids: list[str] = []
    running = run(
        [Job("1", "warm_jobs:sleeper"), Job("2", "warm_jobs:double", 2), Job("3", "warm_jobs:double", 3)],
        workers=2,
        heard=lambda _, place: pids.append(place),
    )
    assert next(running).fault is None
    while not pids:
        next(running)
    running.close()
    assert gone(int(pids[0]))


def test_jobs_are_taken_as_workers_come_free() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Job]:
        for number in range(10**9):
            taken.append(number)
            yield Job(str(number), "warm_jobs:double", number)

    running = run(endless(), workers=2)
    for _ in range(3):
        next(running)
    running.close()
    assert len(taken) <= 6


def test_the_parent_does_not_grow() -> None:
    def held() -> int:
        pid = client._warm[-1].process.pid
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    size = 50 << 20
    assert all(ended.value == size for ended in done(*(Job(f"{n}", "warm_jobs:large", size) for n in range(4))))
    while reading():
        continue
    before = held()
    found = done(*(Job(f"{n:02}", "warm_jobs:large", size) for n in range(30)))
    assert all(ended.peak > size for ended in found)
    assert held() - before < 10 << 20


def reading() -> bool:
    """Whether the parent is still reading ahead: it uses the processor while nothing is asked of it."""

    def used() -> int:
        stat = Path(f"/proc/{client._warm[-1].process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(stat[11]) + int(stat[12])

    before = used()
    time.sleep(0.5)
    return used() != before


@pytest.mark.parametrize(
    ("job", "test"),
    [
        (Job("1", "warm_jobs:double", 4), lambda ended: ended.value[0] == 8),
        (Job("2", "warm_jobs:refuse", "no"), lambda ended: ended.fault == "no"),
        (Job("3", "warm_jobs:die", "segfault"), lambda ended: ended.fault.startswith("died of SIGSEGV in the way of")),
    ],
)
def test_a_job_where_nothing_can_be_forked(job: Job, test: Callable[[Ended], bool]) -> None:
    one = Running(job, Spawned(job))
    one.fork.wait()
    one.read()
    ended = one.ended()
    one.fork.close()
    assert test(ended), ended
