"""The engine `claimbook` and papermill's own give the same: every chapter, and notebooks that are made to be awkward."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from papermill.exceptions import PapermillExecutionError

from analysis import engine
from analysis.home import home
from analysis.warm import client, entry, processes

pytestmark = [
    pytest.mark.skipif(not processes.possible(), reason="no process is forked safely on this system"),
    # Clients of real kernels, and other tests of this process, leave sockets and loops to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
TIMES = ("start_time", "end_time", "duration")


@pytest.fixture(autouse=True, scope="module")
def registered():
    entry.register()
    yield
    client.close()


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels find the same book from wherever they are started."""
    monkeypatch.setenv("CLAIMBOOK_HOME", str(home()))


def notebook(*sources: str | nbformat.NotebookNode) -> nbformat.NotebookNode:
    cells = [
        new_code_cell(source, id=f"c{n}") if isinstance(source, str) else source for n, source in enumerate(sources)
    ]
    return new_notebook(cells=cells, metadata=copy.deepcopy(KERNEL))


def executed(nb: Any, engine_name: str, folder: Path, **more: Any) -> tuple[Any, str]:
    """The notebook that is left in the file, and the error that was raised, if any."""
    output, error = folder / f"{engine_name}.ipynb", ""
    more.setdefault("extra_arguments", ["--IPKernelApp.log_level=50"])
    given = {"engine_name": engine_name, "kernel_name": "python3", "progress_bar": False, **more}
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("PYTEST_CURRENT_TEST")  # where it is set, kernels do not catch what comes on descriptors
            papermill.execute_notebook(copy.deepcopy(nb), str(output), **given)
    except (PapermillExecutionError, CellTimeoutError) as raised:
        error = f"{type(raised).__name__}: {raised}"
    return nbformat.read(output, as_version=4), error


def plain(node: Any) -> Any:
    """Without times, addresses, numbers of processes and names of files that are new in each run."""
    if isinstance(node, dict):
        kept = {key: plain(value) for key, value in node.items() if key not in (*TIMES, "execution", "output_path")}
        if "traceback" in kept:
            kept["traceback"] = once("\n".join(kept["traceback"]))
        if isinstance(kept.get("outputs"), list):
            kept["outputs"] = joined(kept["outputs"])
        if {"papermill-error-cell-tag", "injected-parameters"} & set((kept.get("metadata") or {}).get("tags", ())):
            kept.pop("id", None)  # of a cell that papermill has made
        return kept
    if isinstance(node, list):
        return [plain(entry) for entry in node]
    if isinstance(node, str):
        node = re.sub(r"0x[0-9a-f]{6,}", "0x0", node)
        node = re.sub(r"ipykernel_\d+|(?<=pid )\d+", "N", node)
        return re.sub(r"\bTask-\d+|(?<=/)\d{6,}\.py", "N", node)
    return node


def once(text: str) -> list[str]:
    """Its lines without repetition: how deep a recursion comes depends on what stands below it."""
    return list(dict.fromkeys(text.splitlines()))


def joined(outputs: list[dict]) -> list[dict]:
    """How often a stream is sent on depends on the clock: neighbours of one name are one."""
    found: list[dict] = []
    for output in outputs:
        if found and output.get("name") and output["name"] == found[-1].get("name"):
            found[-1] = {**found[-1], "text": found[-1]["text"] + output["text"]}
        else:
            found.append(output)
    return found


def timed(nb: Any) -> Any:
    """Which times each cell has, without the times."""
    return [sorted(cell.metadata.get("execution", {})) for cell in nb.cells]


def compare(nb: Any, folder: Path, **more: Any) -> tuple[Any, str]:
    own, own_error = executed(nb, "nbclient", folder, **more)
    warm, warm_error = executed(nb, "claimbook", folder, **more)
    for number, (one, other) in enumerate(zip(plain(warm.cells), plain(own.cells), strict=True)):
        assert one == other, f"cell {number}"
    assert plain(warm) == plain(own)
    assert timed(warm) == timed(own)
    assert once(plain(warm_error)) == once(plain(own_error))
    return warm, warm_error


@pytest.mark.parametrize("name", engine.names())
def test_chapters(name: str, tmp_path: Path) -> None:
    nb, error = compare(nbformat.read(engine.chapter(name), as_version=4), tmp_path, parameters={"start_year": 2005})
    assert not error
    assert any(cell.get("outputs") for cell in nb.cells)


STREAMS = (
    "import sys, os, logging, warnings, subprocess\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    "print('a', end=''); sys.stdout.flush(); print('b', file=sys.stderr, flush=True); print('c')",
    "warnings.warn('be careful')\nlogging.getLogger('x').warning('logged')",
    # A kernel may lose what comes on a descriptor when the cell ends at once.
    "import time\nprint('before'); sys.stdout.flush(); os.system('echo from a shell; echo to its stderr >&2'); time.sleep(0.5)",
    "_ = os.write(1, 'straight, ä ☃\\n'.encode()); time.sleep(0.5)",
    "print(subprocess.run(['echo', 'captured'], capture_output=True, text=True).stdout)",
    "print('é ☃ 𝄞 \\x1b[31mred\\x1b[0m \\t\\b\\r\\n\\0')\nsys.stdout.writelines(['x', 'y'])\nprint(sys.stdout.isatty(), sys.stdout.encoding)",
    "for n in range(20000): print(n)",
    "print('x' * 5_000_000)",
)  # fmt: skip
DISPLAYS = (
    "from IPython.display import display, clear_output, HTML, Markdown, JSON, Image, SVG, Latex, Javascript, update_display\n"
    "import base64, pandas as pd\nhandle = display(HTML('<b>x</b>'), display_id='one')\nprint('between')\nhandle.update(HTML('<i>y</i>'))",
    "update_display(Markdown('*z*'), display_id='one'); display('twice', display_id='two'); display('twice', display_id='two')",
    "update_display('both', display_id='two')",
    "print('gone'); display('gone'); clear_output(); print('stays')",
    "print('gone later'); clear_output(wait=True); print('stays')",
    "display({'text/plain': 'raw', 'application/x-own+json': {'a': [1, None, 1.5]}}, raw=True, metadata={'application/x-own+json': {'k': 1}})",
    "png = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')\n"
    "display(Image(png), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Latex('$x$'), Javascript('1'), JSON({'a': 1}))",
    "class Rich:\n    def _repr_html_(self): return '<p>rich</p>'\n    def _repr_png_(self): return png\n    def _repr_markdown_(self): raise ValueError('no')\n    def __repr__(self): return 'Rich'\nRich()",
    "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {'text/plain': 'b', 'text/html': '<b/>'}, {'text/html': {'isolated': True}}\nBundle()",
    "pd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "pd.Series(range(100000)).describe()",
    "float('nan'), 10**30, {'k': {1, 2}}, b'bytes', object",
    "1;",
    "_, __, Out",
    "HTML('<div>' + 'y' * 3_000_000 + '</div>')",
    "class Bad:\n    def __repr__(self): raise RuntimeError('no repr')\nBad()",
)  # fmt: skip
MAGICS = (
    "%pwd\n%env HOME",
    "%%bash\necho from bash; echo its stderr >&2; exit 0",
    "%%bash --out said\necho kept",
    "said",
    "%%capture caught\nprint('caught'); 5",
    "caught.stdout, caught.outputs",
    "!echo from the shell; echo error >&2",
    "lines = !printf 'a\\nb\\n'\nlines",
    "%%writefile here.txt\nsome text",
    "!rm here.txt",
    "%alias_magic t time",
    "%%script python3 -\nprint('in a script')",
    "%%html\n<b>magic</b>",
    "%who_ls",
    "%%python\nprint(2)",
    "print?",
    "len??",
    "%load_ext autoreload\n%autoreload 0",
    "%config InlineBackend",
    "%lsmagic",
    "get_ipython().set_next_input('next')",
    "%xmode Plain\n%precision 3\n3.14159",
    "import sys; sys.path[0], sys.path.index(''), len(sys.argv), sys.argv[1], sys.flags, __name__, sys.stdin.read()",
    "import os, signal; {k: v for k, v in os.environ.items() if k != 'JPY_PARENT_PID'}, os.getcwd(), [signal.getsignal(s) for s in (2, 15, 17, 13)], os.getpid() == os.getsid(0)",
    "type(get_ipython()), get_ipython().kernel.session is not None, 'IPKernelApp' in get_ipython().config, get_ipython().history_manager.hist_file",
    "import gc, threading, faulthandler, random, warnings; gc.isenabled(), threading.current_thread().name, faulthandler.is_enabled(), len(warnings.filters) > 0",
    "%nosuchmagic",
)  # fmt: skip
ASYNC = (
    "import asyncio, contextvars, threading\nasync def slow(x):\n    await asyncio.sleep(0.01)\n    return x\nvariable = contextvars.ContextVar('v', default=0)",
    "await slow(5)",
    "variable.set(3); variable.get()",
    "print(await asyncio.gather(slow(1), slow(2)), variable.get())",
    "async def background():\n    print('in the background')\n    await asyncio.sleep(0)\n    return 7\ntask = asyncio.create_task(background())",
    "await task",
    "async with asyncio.timeout(5):\n    print('inside')",
    "thread = threading.Thread(target=lambda: print('from a thread')); thread.start(); thread.join()",
    "asyncio.get_running_loop().is_running()",
    "await asyncio.wait_for(asyncio.sleep(5), 0.01)",
)  # fmt: skip
FORKS = (
    "import os, sys, multiprocessing\nfrom concurrent.futures import ProcessPoolExecutor\ncontext = multiprocessing.get_context('fork')",
    "def square(x):\n    print('in a fork', flush=True)\n    return x * x\nwith context.Pool(1) as pool: print(pool.map(square, [3]))",
    "process = context.Process(target=print, args=('from a process',)); process.start(); process.join(); process.exitcode",
    "with ProcessPoolExecutor(1, mp_context=context) as pool: print(list(pool.map(square, [4])))",
    "print('after')",
)  # fmt: skip
COMMS = (
    "import comm\nopened = comm.create_comm(target_name='jupyter.widget', data={'state': {'_model_module': 'own', '_model_name': 'Own', '_model_module_version': '1', 'value': 1}, 'buffer_paths': [['blob']]}, buffers=[b'bytes'], comm_id='abc')",
    "opened.send({'method': 'update', 'state': {'value': 2}, 'buffer_paths': []})",
    "output = comm.create_comm(target_name='jupyter.widget', comm_id='out', data={'state': {'_model_module': '@jupyter-widgets/output', '_model_name': 'OutputModel', '_model_module_version': '1', 'outputs': [], 'msg_id': ''}, 'buffer_paths': []})",
    "message = get_ipython().kernel.get_parent()['header']['msg_id']\noutput.send({'method': 'update', 'state': {'msg_id': message}, 'buffer_paths': []})\nprint('into the widget')\noutput.send({'method': 'update', 'state': {'msg_id': ''}, 'buffer_paths': []})\nprint('beside it')",
    "comm.create_comm(target_name='unknown', data={'x': 1}, comm_id='u').close()",
    "opened.close()",
)  # fmt: skip
ERRORS = {
    "chained": ("def f():\n    try:\n        1 / 0\n    except ZeroDivisionError as error:\n        raise ValueError('second') from error", "print('partly')\nf()", "print('never')"),
    "context": ("try:\n    {}['x']\nexcept KeyError:\n    int('y')",),
    "group": ("raise ExceptionGroup('several', [ValueError(1), TypeError(2)])",),
    "syntax": ("x = 1", "if x\n  y"),
    "indent": ("  x = 1\n y = 2",),
    "name": ("undefined_name",),
    "input": ("input('what? ')",),
    "getpass": ("import getpass; getpass.getpass()",),
    "interrupt": ("print('so far'); raise KeyboardInterrupt",),
    "interrupted": ("import os, signal, time\nprint('so far')\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)",),
    "exit_0": ("import sys; sys.exit(0)", "print('never')"),
    "exit_3": ("import sys; sys.exit(3)", "print('never')"),
    "system_exit": ("raise SystemExit",),
    "recursion": ("def f(n): return f(n + 1)\nf(0)",),
    "import": ("import no_such_module_anywhere",),
    "own": ("from analysis.errors import ClaimbookError\nraise ClaimbookError('put it right')",),
    "base": ("class Own(BaseException): pass\nraise Own('x')",),
    "library": ("import pandas as pd\npd.DataFrame({'a': [1]})['b']",),
    "assertion": ("assert [1, 2] == [1, 3], 'differ'",),
    "shell": ("%%bash\nexit 3",),
    "bad_str": ("class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad",),
    "async": ("import asyncio\nasync def f(): raise ValueError('in async')\nawait f()",),
}  # fmt: skip
ALLOWED = new_code_cell("1 / 0", id="allowed", metadata={"tags": ["raises-exception"]})
SKIPPED = new_code_cell("print('never')", id="skipped", metadata={"tags": ["skip-execution"]})
PARAMETERS = new_code_cell("a, b, c = 1, 'x', None", id="parameters", metadata={"tags": ["parameters"]})


@pytest.mark.parametrize("sources", [STREAMS, DISPLAYS, MAGICS, ASYNC, FORKS, COMMS], ids=["streams", "displays", "magics", "async", "forks", "comms"])  # fmt: skip
def test_awkward(sources: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    nb = notebook(*sources)
    for cell in nb.cells:  # each goes on where another has failed
        cell.metadata["tags"] = ["raises-exception"]
    # An error that a cell may raise, papermill reports at the end.
    compare(nb, tmp_path)


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str, tmp_path: Path) -> None:
    nb, error = compare(notebook(*ERRORS[name]), tmp_path)
    assert bool(error) == (name not in ("exit_0", "system_exit"))
    assert any(cell.metadata.get("papermill", {}).get("status") == "failed" for cell in nb.cells)


def test_tags_ids_and_other_cells(tmp_path: Path) -> None:
    nb = notebook(
        new_markdown_cell("# Title", id="m"),
        new_raw_cell("raw", id="r"),
        PARAMETERS,
        "a, b, c",
        SKIPPED,
        "",
        "# only a comment",
    )
    nb.cells[3].metadata["own"] = {"kept": [1]}
    warm, error = compare(nb, tmp_path, parameters={"a": 5, "b": "ü", "c": [1, {"d": None}]})
    assert not error
    assert [cell.get("id") for cell in warm.cells if cell.get("id") in ("m", "r", "skipped")] == ["m", "r", "skipped"]
    compare(nb, tmp_path, parameters={}, report_mode=True)


def test_an_allowed_error_lets_the_next_cell_run(tmp_path: Path) -> None:
    warm, error = compare(notebook("x = 1", ALLOWED, "x"), tmp_path)
    assert "ZeroDivisionError" in str(warm.cells) and "ZeroDivisionError" in error
    compare(notebook("x = 1", "1 / 0", "x"), tmp_path, allow_errors=True)


def test_a_time_limit(tmp_path: Path) -> None:
    nb = notebook("1", "import time\nprint('so far', flush=True)\ntime.sleep(60)", "3")
    (own, own_error), (warm, warm_error) = (
        executed(nb, name, tmp_path, execution_timeout=1) for name in ("nbclient", "claimbook")
    )
    assert plain([cell.get("outputs") for cell in warm.cells]) == plain([cell.get("outputs") for cell in own.cells])
    assert "after 1 seconds" in own_error and "after 1 seconds" in warm_error
    assert "cell 1" in warm_error and warm.cells[1].metadata.papermill.status == "failed"


def test_interrupted_at_its_time_limit(tmp_path: Path) -> None:
    nb = notebook("import time\ntime.sleep(60)", "print('goes on')")
    compare(nb, tmp_path, execution_timeout=1, interrupt_on_timeout=True, allow_errors=True)


def test_folder_logs_and_files(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    nb = notebook("import os, sys; print(os.path.basename(os.getcwd())); print('err', file=sys.stderr); 5")
    (tmp_path / "folder").mkdir()
    told = {}
    for name in ("nbclient", "claimbook"):
        caplog.clear()
        with (
            (tmp_path / "out").open("w+") as out,
            (tmp_path / "err").open("w+") as err,
            caplog.at_level("INFO", "papermill"),
        ):
            executed(
                nb, name, tmp_path, cwd=str(tmp_path / "folder"), log_output=True, stdout_file=out, stderr_file=err
            )
            files = [(tmp_path / file).read_text() for file in ("out", "err")]
        told[name] = files, [(r.levelname, r.message) for r in caplog.records if "Notebook" not in r.message]
    assert told["claimbook"] == told["nbclient"]
    assert told["claimbook"][0] == ["folder\n", "err\n"]


def test_the_progress_bar(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for name in ("nbclient", "claimbook"):
        papermill.execute_notebook(notebook("1", "2"), None, engine_name=name, kernel_name="python3")
        assert "2/2" in capsys.readouterr().err


def test_another_kernel_is_left_to_papermill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kernels = tmp_path / "kernels" / "other"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(
        '{"argv": ["/no/such/python", "-f", "{connection_file}"], "display_name": "Other", "language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with caplog.at_level("INFO", "papermill"), pytest.raises(FileNotFoundError):
        papermill.execute_notebook(
            notebook("1"), None, engine_name="claimbook", kernel_name="other", progress_bar=False
        )
    assert "papermill's own: the kernel 'other' is not that of" in caplog.text
