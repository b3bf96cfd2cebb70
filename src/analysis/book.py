"""Build the book: audit, execute the chapters, stage the pages, let Jupyter Book make the site, check it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from analysis import audit, claims, engine
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.snapshots.store import store

CONFIGURATION = ("_config.yml", "_toc.yml")


def build(output: Path, *, say: Callable[[str], None] = print) -> Path:
    """Build the book into `output`/html and return its first page.

    The site that was there stays until the new one is complete and every link in it has been checked.
    ClaimbookError tells what failed; `say` is called with a line for each step.
    """
    # Drawing and linking need libraries that running a chapter does not.
    from analysis.site import links

    root = home()
    for name in (*CONFIGURATION, "index.md"):
        if not (root / name).is_file():
            raise ClaimbookError(f"{root} has no {name}: a book is built in a checkout of the project")
    output = output.resolve()
    work = output / "work"
    shutil.rmtree(work, ignore_errors=True)
    stage = work / "stage"
    say("auditing the claims")
    _stage(stage, root)
    say(f"executing {len(engine.names())} chapters")
    _execute(stage)
    say("making the pages")
    made = _jupyter_book(stage, work, output / ".figures")
    say("checking links")
    faults = links.check(made)
    if faults:
        listed = "\n  ".join(faults[:20])
        raise ClaimbookError(f"the book has {len(faults)} faulty link(s), the old one was kept:\n  {listed}")
    return _swap(made, output / "html") / "index.html"


def _stage(stage: Path, root: Path) -> None:
    """Lay out the book's source: configuration, generated pages, chapters still to be executed."""
    from analysis import pages

    stage.mkdir(parents=True)
    for name in CONFIGURATION:
        shutil.copy2(root / name, stage / name)
    figures = store()
    audits = [audit.audit(claim, figures) for claim in claims.ledger()]
    template = (root / "index.md").read_text(encoding="utf-8")
    made = {
        "index.md": pages.index(template, audits, figures.newest, engine.names()),
        "methods.md": pages.methods(),
        "sources.md": pages.sources(figures),
    }
    for name, text in made.items():
        (stage / name).write_text(text, encoding="utf-8")


def _execute(stage: Path) -> None:
    """Execute every chapter, as many at once as there are processors."""
    (stage / "chapters").mkdir()
    names = engine.names()
    with ProcessPoolExecutor(max_workers=min(len(names), os.cpu_count() or 1)) as pool:
        for future in [pool.submit(_execute_one, name, stage / "chapters" / f"{name}.ipynb") for name in names]:
            future.result()


def _execute_one(name: str, target: Path) -> None:
    target.write_bytes(engine.text(engine.clean(engine.execute(engine.chapter(name), None, {}))))


def _jupyter_book(stage: Path, work: Path, figures: Path) -> Path:
    """Run Jupyter Book with warnings as errors; returns the folder of the site."""
    log = work / "jupyter-book.log"
    call = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", call, "build", str(stage), "--path-output", str(work), "-W", "--keep-going"]
    environment = {**os.environ, "CLAIMBOOK_FIGURE_CACHE": str(figures)}
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(command, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [line for line in lines if "WARNING" in line or "ERROR" in line or "error" in line] or lines[-20:]
        raise ClaimbookError(f"Jupyter Book failed (all of it in {log}):\n  " + "\n  ".join(told[:20]))
    return work / "_build" / "html"


def _swap(made: Path, target: Path) -> Path:
    """Put the new site in the place of the old one."""
    old = target.with_name("html.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
