"""Print how long each step takes; nothing is asserted, because machines differ. Run it with `make bench`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from refreshing import memory, worldbank
from rich.console import Console
from rich.table import Table

RUNS = 5
ORIGINALS = Path(__file__).resolve().parents[2] / "shared" / "publisher-data"


def timed(step: Callable[[], object], runs: int = RUNS) -> list[float]:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        step()
        times.append(time.perf_counter() - began)
    return times


def fresh(code: str, *arguments: str) -> float:
    """Seconds that `code`, which prints them, says it took in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


AUDIT = """
import time
from analysis import audit, claims
from analysis.snapshots.store import store
began = time.perf_counter()
for claim in claims.ledger():
    audit.audit(claim, store())
print(time.perf_counter() - began)
"""
TRACE = """
import sys, time
from analysis import claims, trace
from analysis.snapshots.store import store
began = time.perf_counter()
trace.trace(claims.claim(sys.argv[1]), store())
print(time.perf_counter() - began)
"""
IMPORTS = """
import time
began = time.perf_counter()
from analysis import audit, claims
from analysis.snapshots.store import store
print(time.perf_counter() - began)
"""


def parsing(add: Callable[[str, list[float]], None]) -> None:
    """Parse every release again whose files lie beside the checkout, told apart by their hashes."""
    from analysis import publishers
    from analysis.errors import ClaimbookError
    from analysis.home import data
    from analysis.snapshots.catalogue import releases
    from analysis.snapshots.ingest import sha256

    if not ORIGINALS.is_dir():
        return
    known = {sha256(path): path for path in ORIGINALS.rglob("*") if path.is_file()}
    for release in releases(data()):
        files = [known.get(file.sha256) for file in release.files]
        if None in files:
            continue
        try:
            publishers.parse(release.publisher, files)
        except ClaimbookError:
            continue  # a file of several editions: which one was taken is not in the catalogue
        name = f"parse {release.name}"
        add(name, timed(lambda release=release, files=files: publishers.parse(release.publisher, files), runs=1))


def tracing(add: Callable[[str, list[float]], None]) -> None:
    """Trace every claim with readings, each in a fresh process: the median and the slowest."""
    from analysis import claims

    times = {claim.id: fresh(TRACE, claim.id) for claim in claims.ledger() if claim.readings and claim.kind != "fact"}
    slowest = max(times, key=times.get)
    add("trace a claim, after imports", list(times.values()))
    add(f"trace the slowest of them, {slowest}", [fresh(TRACE, slowest) for _ in range(RUNS)])


def main() -> None:
    from analysis import book, engine
    from analysis.home import data

    console = Console()
    table = Table("step", "median s", "runs")

    def add(name: str, times: list[float]) -> None:
        table.add_row(name, f"{statistics.median(times):.2f}", str(len(times)))
        console.print(f"{name}: {statistics.median(times):.2f} s", highlight=False)

    parsing(add)
    add("imports", [fresh(IMPORTS) for _ in range(RUNS)])
    add("load the store and audit all claims, after imports", [fresh(AUDIT) for _ in range(RUNS)])
    tracing(add)
    for name in engine.names():
        add(f"execute {name}", timed(lambda name=name: engine.execute(engine.chapter(name), None, {}), runs=3))
    with tempfile.TemporaryDirectory() as folder:
        add("build the book, first time", timed(lambda: book.build(Path(folder), say=lambda _: None), runs=1))
        again = timed(lambda: book.build(Path(folder), fresh=True, say=lambda _: None), runs=3)
        add("build the book again, its drawings kept", again)
        add("build the book, nothing changed", timed(lambda: book.build(Path(folder), say=lambda _: None), runs=3))
    memory(console.print, ORIGINALS)
    worldbank(console.print)
    size = sum(path.stat().st_size for path in data().rglob("*") if path.is_file())
    console.print(table)
    console.print(f"committed data: {size / 1e6:.1f} MB; processors: {os.cpu_count()}")


if __name__ == "__main__":
    main()
