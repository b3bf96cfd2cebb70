"""Build the book: audit, make the pages, execute the chapters, draw, let Jupyter Book make the site, check it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from analysis import audit, claims, engine, yamls
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.documents import documents
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.snapshots.store import store

CONFIGURATION = ("_config.yml",)
CONTENTS = "_toc.yml"
# Pages whose text stands in the checkout as it is shown.
TEXTS = ("about.md",)


def build(output: Path, *, say: Callable[[str], None] = print) -> Path:
    """Build the book into `output`/html and return its first page.

    The site that was there stays until the new one is complete and every link in it has been checked.
    ClaimbookError tells what failed; `say` is called with a line for each step.
    """
    # Drawing and linking need libraries that running a chapter does not.
    from analysis.site import links

    root = home()
    for name in (*CONFIGURATION, CONTENTS, *TEXTS, "index.md"):
        if not (root / name).is_file():
            raise ClaimbookError(f"{root} has no {name}: a book is built in a checkout of the project")
    output = output.resolve()
    work = output / "work"
    shutil.rmtree(work, ignore_errors=True)
    stage = work / "stage"
    known = claims.ledger()
    say(f"auditing {len(known)} statements")
    audits = [audit.audit(claim, store()) for claim in known]
    _stage(stage, root, audits)
    say(f"making the pages of {len(known)} statements")
    tables = _claims(stage, audits)
    say(f"executing {len(engine.names())} chapters")
    _execute(stage)
    say("drawing the figures")
    _draw(stage, output / ".figures")
    say("making the site")
    made = _jupyter_book(stage, work, output / ".figures")
    for name, text in tables.items():
        (made / name).write_text(text, encoding="utf-8", newline="")
    say("checking links")
    faults = links.check(made)
    if faults:
        listed = "\n  ".join(faults[:20])
        raise ClaimbookError(f"the book has {len(faults)} faulty link(s), the old one was kept:\n  {listed}")
    return _swap(made, output / "html") / "index.html"


def _stage(stage: Path, root: Path, audits: Sequence[Audited]) -> None:
    """Lay out the book's source: configuration, contents, texts and generated pages, but for those of claims."""
    from analysis import document_pages, pages, source_page

    (stage / "documents").mkdir(parents=True)
    for name in (*CONFIGURATION, *TEXTS):
        shutil.copy2(root / name, stage / name)
    figures = store()
    template = (root / "index.md").read_text(encoding="utf-8")
    made = {
        CONTENTS: yaml.safe_dump(contents(yamls.read(root / CONTENTS), claims.ledger()), sort_keys=False),
        "index.md": pages.index(template, audits, figures.newest, list(documents().values())),
        "methods.md": pages.methods(audits),
        "glossary.md": pages.glossary_page(),
        "sources.md": source_page.sources(figures),
    }
    for document in documents().values():
        own = [entry for entry in audits if entry.claim.document.id == document.id]
        made[f"documents/{document.id}.md"] = document_pages.page(document, own, figures.newest)
    for name, text in made.items():
        (stage / name).write_text(text, encoding="utf-8")


def contents(toc: dict[str, Any], known: Sequence[Claim]) -> dict[str, Any]:
    """The table of contents with the pages of claims below those of their documents.

    ClaimbookError where a document or a chapter is not named, or one is named that there is not.
    """
    named = {entry["file"]: entry for part in toc["parts"] for entry in part["chapters"]}
    there = {f"documents/{name}" for name in documents()} | {f"chapters/{name}" for name in engine.names()}
    for page in sorted(there - set(named)):
        raise ClaimbookError(f"{CONTENTS} does not name {page}, so no reader would find it; add it")
    for page in sorted(name for name in set(named) - there if "/" in name):
        raise ClaimbookError(f"{CONTENTS} names {page}, which there is not; take it out")
    for document in documents().values():
        page = f"documents/{document.id}"
        own = [{"file": f"claims/{claim.id}"} for claim in known if claim.document.id == document.id]
        if own:
            named[page]["sections"] = own
    return toc


def _claims(stage: Path, audits: Sequence[Audited]) -> dict[str, str]:
    """Make the page of every claim; returns what else of it goes into the site, as text by path."""
    from analysis import claim_pages

    (stage / "claims").mkdir()
    tables = {}
    # Forked where the system forks: the workers then have the figures that the audit has read.
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for found, page in zip(audits, pool.map(claim_pages.page, audits), strict=True):
            (stage / "claims" / f"{found.claim.id}.ipynb").write_bytes(page.notebook)
            if page.csv:
                tables[f"claims/{found.claim.id}.csv"] = page.csv
    return tables


def _execute(stage: Path) -> None:
    """Execute every chapter, as many at once as there are processors."""
    (stage / "chapters").mkdir()
    names = engine.names()
    with ProcessPoolExecutor(max_workers=min(len(names), os.cpu_count() or 1)) as pool:
        for future in [pool.submit(_execute_one, name, stage / "chapters" / f"{name}.ipynb") for name in names]:
            future.result()


def _execute_one(name: str, target: Path) -> None:
    target.write_bytes(engine.text(engine.clean(engine.execute(engine.chapter(name), None, {}))))


def _draw(stage: Path, figures: Path) -> None:
    """Draw every figure of the staged notebooks, so that Jupyter Book, which uses one processor, finds it drawn."""
    notebooks = sorted(stage.rglob("*.ipynb"))
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for future in [pool.submit(_draw_one, path, figures) for path in notebooks]:
            future.result()


def _draw_one(notebook: Path, figures: Path) -> None:
    from analysis.figures import MIME
    from analysis.site.figures_html import FigureError, figure_html

    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                # A fault is told when the page is made, with the name of the figure.
                with contextlib.suppress(FigureError):
                    figure_html(output["data"][MIME], cache=figures)


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
