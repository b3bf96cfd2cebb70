"""Measure the engine, the incremental build and many editions, and write the table into docs/editions.md.

make bench-editions        (about half an hour on two processors; --quick leaves the many editions out)
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import engine_runs
import nbformat

from analysis import engine
from analysis.home import home
from analysis.warm import client, jobs

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "editions.md"
BEGIN, END = "<!-- measured: make bench-editions -->", "<!-- end -->"
COUNTRIES = ("NLD", "EST", "FRA", "DEU", "POL")
RUNS, WORKERS = 40, 2
EMPTY = ("pass",)
# One frame, one chart.
SMALL = (
    "import altair as alt\nimport pandas as pd\n\n"
    "frame = pd.DataFrame({'year': range(2000, 2020), 'value': [n * n for n in range(20)]})\nframe",
    "alt.Chart(frame).mark_line().encode(x='year', y='value')",
)
Work = Sequence[tuple[str, dict[str, Any]]]


def of_chapters() -> list[tuple[str, dict[str, Any]]]:
    """Forty runs of the book's own chapters, for several countries in turn."""
    names = engine.names()
    return [(str(engine.chapter(names[n % len(names)])), {"country": COUNTRIES[n // len(names)]}) for n in range(RUNS)]


def small(folder: Path, codes: Sequence[str] = SMALL) -> list[tuple[str, dict[str, Any]]]:
    path = folder / f"of-{len(codes)}.ipynb"
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return [(str(path), {})] * RUNS


def pooled(work: Work, run: Callable, ready: Callable, workers: int = WORKERS) -> float:
    """Seconds for the work in so many processes; each has called `ready` with the first piece before time is taken."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=ready, initargs=(work[0],)) as pool:
        while len(set(pool.map(engine_runs.where, range(workers * 4)))) < workers:
            pass
        began = time.perf_counter()
        list(pool.map(run, work))
        return time.perf_counter() - began


def by_papermill(work: Work) -> float:
    """By papermill's own engine; papermill is imported before."""
    return pooled(work, engine_runs.own, engine_runs.ready)


def by_claimbook(work: Work, *, warm: bool, workers: int = WORKERS) -> float:
    """The same by the engine claimbook; `warm`: the warm parent of each process is there and has read ahead."""
    return pooled(work, engine_runs.warm, engine_runs.warmed if warm else engine_runs.ready, workers)


def own(work: Work) -> bool:
    """Whether chapters of the book are among the work."""
    return any(Path(path).parent == home() / "chapters" for path, _ in work)


def ahead(work: Work) -> None:
    """Start the warm parent and give it the time to read what it reads while nobody asks for anything."""
    run_jobs("engine_runs:warm", work[:1], own(work))
    time.sleep(engine_runs.AHEAD)


def run_jobs(function: str, payloads: Sequence[Any], book: bool) -> list[Any]:
    """The values of jobs, one after the other; the first fault ends the program."""
    wanted = [jobs.Job(str(number), function, payload, book=book) for number, payload in enumerate(payloads)]
    ended = list(jobs.run(wanted, workers=1))
    if faults := [entry.fault for entry in ended if entry.fault]:
        raise SystemExit(faults[0])
    return [entry.value for entry in ended]


def alone(work: Work) -> list[float]:
    """Seconds that the cells of each notebook take by themselves, one after the other, each in a fork of its own."""
    ahead(work)
    return run_jobs("engine_runs:alone", work, own(work))


def pairs(work: Work, runs: int, say: str) -> tuple[list[float], list[float], list[float]]:
    """The work by papermill's own engine, by ours with a warm parent, and by ours from nothing, in turns."""
    theirs, warm, cold = [], [], []
    for turn in range(runs):
        note(f"{say}: {turn + 1} of {runs}")
        theirs.append(by_papermill(work))
        warm.append(by_claimbook(work, warm=True))
        cold.append(by_claimbook(work, warm=False))
    return theirs, warm, cold


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def engines(runs: int, folder: Path) -> Iterator[str]:
    """The rows on single runs."""
    work = of_chapters()
    note("cells alone")
    cells = middle([sum(alone(work)) for _ in range(runs)])
    theirs, warm, cold = (middle(times) for times in pairs(work, runs, "40 runs of chapters"))
    bound = theirs / (cells / WORKERS)
    yield row(
        f"{RUNS} runs of the book's chapters, {WORKERS} at once: {warm:.1f} s (from nothing {cold:.1f} s)",
        f"papermill's own engine, {WORKERS} processes: {theirs:.1f} s",
        f"{theirs / warm:.1f} times faster (from nothing {theirs / cold:.1f}); the bound, cells alone ({cells:.1f} s "
        f"on one processor), is {bound:.1f}: {theirs / warm / bound:.0%} of it",
    )
    theirs, warm, cold = (middle(times) for times in pairs(small(folder), runs, "40 runs of a small notebook"))
    yield row(
        f"{RUNS} runs of a small notebook, {WORKERS} at once: {warm:.2f} s (from nothing {cold:.2f} s)",
        f"the same, {WORKERS} processes: {theirs:.1f} s",
        f"{theirs / warm:.1f} times faster (from nothing {theirs / cold:.1f})",
    )
    empty, fork = small(folder, EMPTY), []
    ones = [by_claimbook(empty, warm=True, workers=1) for _ in range(runs)]
    for _ in range(runs):
        ahead(empty)
        began = time.perf_counter()
        run_jobs("engine_runs:nothing", [None] * RUNS, False)
        fork.append(time.perf_counter() - began)
    yield row(
        f"{RUNS} runs of a notebook whose one cell does nothing, one after the other: {middle(ones):.2f} s",
        f"{RUNS} forks that do nothing: {middle(fork):.2f} s",
        f"{middle(ones) / RUNS * 1000:.0f} ms for a run, of which {middle(fork) / RUNS * 1000:.0f} ms for forking and "
        "ending a process",
    )
    ratios = []
    for name in engine.names():
        note(f"one run: {name}")
        one = (str(engine.chapter(name)), {"country": "NLD"})
        spent = middle(alone([one] * runs))
        engine_runs.warm(one)
        ratios.append(middle([engine_runs.warm(one) for _ in range(runs)]) / spent)
    client.close()
    yield row(
        "one chapter run by papermill with the engine claimbook, its parent warm",
        "its cells alone in a warm interpreter",
        f"{middle(ratios):.2f} times (from {min(ratios):.2f} to {max(ratios):.2f} over {len(ratios)} chapters)",
    )


def build(tree: Path, *words: str) -> tuple[float, str]:
    """Seconds that a build of the book takes, and what it said."""
    environment = {**os.environ, "CLAIMBOOK_HOME": str(tree), "PYTHONPATH": str(ROOT / "src")}
    call = [
        sys.executable,
        "-c",
        "from analysis.cli import app; app()",
        "book",
        "--output",
        str(tree / "_build"),
        *words,
    ]
    began = time.perf_counter()
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - began, done.stderr


def retold(tree: Path) -> str:
    """Give the newest release of NATO other bytes that say the same, and the catalogue their hash; its name."""
    import pyarrow.parquet as pq

    from analysis.snapshots import catalogue, ingest

    release = max(
        (entry for entry in catalogue.releases(tree / "data") if entry.publisher == "nato"), key=lambda e: e.day
    )
    path = tree / "data" / release.path
    pq.write_table(pq.read_table(path), path, compression="gzip")
    told = catalogue.read(tree / "data")
    for entry in told["resources"]:
        if entry["path"] == str(release.path):
            entry["hash"], entry["bytes"] = f"sha256:{ingest.sha256(path)}", path.stat().st_size
    (tree / "data" / catalogue.FILE).write_bytes(catalogue.text(told["resources"]))
    return release.name


def incremental(runs: int, folder: Path) -> Iterator[str]:
    """The rows on builds of the whole book."""
    tree = folder / "book"
    tree.mkdir()
    for name in ("data", "chapters"):
        shutil.copytree(home() / name, tree / name)
    for name in ("_config.yml", "_toc.yml", "about.md", "index.md", "requirements.lock"):
        shutil.copy(home() / name, tree / name)
    time.sleep(1)  # what was written a moment ago counts as changed while the book is made
    clean, idle = [], []
    for turn in range(runs):
        note(f"builds: {turn + 1} of {runs}")
        shutil.rmtree(tree / "_build", ignore_errors=True)
        clean.append(build(tree)[0])
        idle.append(build(tree)[0])
    yield row(
        f"`claimbook build`, nothing changed: {middle(idle):.1f} s",
        f"clean build: {middle(clean):.0f} s",
        f"{middle(idle) / middle(clean):.1%}",
    )
    name = retold(tree)
    seconds, said = build(tree, "--explain")
    ran = [line.partition(":")[0] for line in said.splitlines() if ": run: " in line]
    kept = [line.partition(":")[0] for line in said.splitlines() if ": kept: " in line]
    yield row(
        f"one snapshot changed ({name}): {seconds:.0f} s",
        f"clean build: {middle(clean):.0f} s",
        f"{len(ran)} chapters ran ({', '.join(ran)}), {len(kept)} did not; {seconds / middle(clean):.0%} of the time",
    )


def editions(counts: Sequence[int], folder: Path) -> Iterator[str]:
    """The rows on many editions: each step adds to those that stand."""
    from analysis.editions import driver

    codes, before, first = driver.chosen("all"), 0, None
    for count in counts:
        note(f"editions: {count}")
        words = ["editions", "--countries", ",".join(codes[before:count]), "--workers", str(WORKERS), "--json"]
        call = (
            "import resource, sys\nfrom analysis.cli import app\ntry:\n    app()\nfinally:\n"
            "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
        )
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", call, *words, "--output", str(folder / "site")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        if done.returncode:
            raise SystemExit(done.stderr)
        made = [entry for entry in json.loads(done.stdout)["editions"] if entry["word"] == "made"]
        each = middle([entry["seconds"] for entry in made])
        first = first or each
        pages = sum(1 for _ in (folder / "site").rglob("*.html"))
        memory = int(done.stderr.split()[-1]) / 1024
        yield row(
            f"editions {before + 1} to {count}: {seconds:.0f} s with what all have in common",
            "the first of these rows",
            f"{each:.1f} s each (median), {each / first:.2f} times; {pages:,} pages on the site; the command held at "
            f"most {memory:.0f} MB",
        )
        before = count


def machine() -> str:
    """What this was measured on."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next(line.partition(": ")[2] for line in told.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB of memory, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def row(work: str, against: str, found: str) -> str:
    text = f"| {work} | {against} | {found} |"
    note(text)
    return text


def main() -> None:
    """Measure, print, and write the table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--runs", type=int, default=3)
    ask.add_argument("--counts", default="25,50,100,200", help="how many editions stand in the end of each step")
    ask.add_argument("--quick", action="store_true", help="without many editions")
    ask.add_argument("--print-only", action="store_true")
    told = ask.parse_args()
    os.environ.setdefault("CLAIMBOOK_HOME", str(ROOT))
    parts: list[Callable[[Path], Iterator[str]]] = [
        lambda folder: engines(told.runs, folder),
        lambda folder: incremental(min(told.runs, 2), folder),
    ]
    if not told.quick:
        parts.append(lambda folder: editions([int(count) for count in told.counts.split(",")], folder))
    with tempfile.TemporaryDirectory(prefix="claimbook-") as temporary:
        rows = [line for part in parts for line in part(Path(temporary))]
    lines = [
        f"Medians of {told.runs} (of builds, {min(told.runs, 2)}), both sides of each row in turns in one run.",
        "",
        "| what | against | found |",
        "|---|---|---|",
        *rows,
        "",
        f"Measured on {machine()}.",
    ]
    print("\n".join(lines))
    if not told.print_only:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
