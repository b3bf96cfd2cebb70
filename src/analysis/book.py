"""Build the book: audit, make the pages, execute the chapters, draw, let Jupyter Book make the site, check it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from analysis import audit, claims, engine, imprint, left_out, yamls
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.documents import audited as audited_documents
from analysis.documents import documents
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.left_out import Left
from analysis.snapshots.store import store

if TYPE_CHECKING:
    from analysis.plans import Plan

CONFIGURATION = ("_config.yml",)
CONTENTS = "_toc.yml"
FACTS = "pages.json"
# Pages whose text stands in the checkout as it is shown.
TEXTS = ("about.md",)


def build(
    output: Path,
    *,
    address: str | None = None,
    pdf: bool = False,
    fresh: bool = False,
    explain: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Build the book into `output`/html and return its first page; with `pdf` also as one PDF, `output`/claimbook.pdf.

    `address` is where the book will be public; without one that of _config.yml holds (html: baseurl), if any. Of which
    version and which day the book is, is set for the whole process (analysis.imprint, analysis.retrospect); a version
    carries the record of its making, and `address` is then that of all versions together.
    The site that was there stays until the new one is complete and every link in it has been checked. It is left as it
    is where nothing has changed since, and chapters run where something did that they read; with `fresh`, and for a
    version, all of it is made anew. `explain` says of each chapter why it runs or not.
    ClaimbookError tells what failed; `say` is called with a line for each step.
    """
    # Drawing and linking need libraries that running a chapter does not.
    from analysis import beside, page_facts, paper, plans
    from analysis.site import downloads, head, inline, links, search
    from analysis.site import pdf as printing
    from analysis.site.citing import Edition
    from analysis.versions import making, record, sums

    root = home()
    for name in (*CONFIGURATION, CONTENTS, *TEXTS, "index.md"):
        if not (root / name).is_file():
            raise ClaimbookError(f"{root} has no {name}: a book is built in a checkout of the project")
    whole = public(yamls.read(root / "_config.yml").get("html", {}).get("baseurl") if address is None else address)
    name = imprint.version()
    if name:
        making.check(name, store())
    address = f"{whole}v/{name}/" if name and whole else whole
    if pdf:
        printing.browser()  # what is missing is told before the work, not after it
    output = output.resolve()
    plan = plans.plan(output, address, fresh=fresh, version=bool(name), pdf=pdf)
    for line in plan.lines if explain else ():
        say(line)
    if plan.is_idle:
        say("nothing to do: nothing that the book is made from has changed, and its files are as they were made")
        return output / "html" / "index.html"
    plan.begin()
    work = output / "work"
    shutil.rmtree(work, ignore_errors=True)
    stage = work / "stage"
    known = claims.ledger()
    say(f"auditing {len(known)} statements")
    audits = [audit.audit(claim, store()) for claim in known]
    say(plan.work)
    left = _execute(stage, plan)
    for entry in left:
        say(f"leaving out the chapter {entry.name}: {entry.why}")
    _stage(stage, root, audits, left, whole)
    say(f"making the pages of {len(known)} statements")
    tables = _claims(stage, audits, address)
    say("drawing the figures")
    figures, as_of = output / ".figures", store().newest
    downloads.make(stage, work / "figures", cache=figures, edition=Edition(address, as_of))
    say("making the site")
    head.write(work / FACTS, head.Whole(address=address), page_facts.facts(stage, audits, as_of, address))
    made = _jupyter_book(stage, work, figures)
    say("making what stands beside its pages")
    beside.write(made, tables)
    beside.write(made, beside.files(audits, as_of, address, figures))
    downloads.put(work / "figures", made)
    say("indexing for the search")
    search.index(made)
    beside.write(made, beside.of_all_pages(made, address))
    if name:
        titles = {chapter: left_out.title(chapter) for chapter in _chapters(stage)}
        pages = [path.relative_to(made).as_posix() for path in made.rglob("*.html")]
        told = making.record_of(name, root=root, store=store(), address=whole, chapters=titles, left=left, pages=pages)
        beside.write(made, {record.FILE: record.text(told)})
    say("checking links, and pages against their policy")
    faults = links.check(made) + inline.check(made)
    if faults:
        listed = "\n  ".join(faults[:20])
        raise ClaimbookError(f"the book has {len(faults)} fault(s), the old one was kept:\n  {listed}")
    if name:
        beside.write(made, {record.SUMS: sums.text(sums.of_folder(made))})
    site = _swap(made, output / "html")
    if not_vouched := plan.end(site):
        say(f"the next build makes all pages anew: {not_vouched}")
    if pdf:
        say("printing the book")
        paper.print_book(site, stage / CONTENTS, as_of, output / "claimbook.pdf")
    return site / "index.html"


def public(address: str | None) -> str:
    """The address at which a book is public, with a slash at its end; empty for none. Faulty: ClaimbookError."""
    if not address:
        return ""
    parts = urlsplit(address)
    faulty = parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
    # It is written into files of many kinds, into some of them a line each; and a password is not for readers.
    if faulty or parts.username is not None or re.search(r"[\s\x00-\x1f\x7f\"<>\\^`{|}]", address):
        raise ClaimbookError(
            f"{address!r} is not the address of a folder on the web; give one such as https://example.org/book/ "
            "(html: baseurl in _config.yml, or --address)"
        )
    return address.rstrip("/") + "/"


def _stage(stage: Path, root: Path, audits: Sequence[Audited], left: Sequence[Left], whole: str) -> None:
    """Lay out the book's source: configuration, contents, texts and generated pages, but for those of claims.

    `whole`: the address of all versions together, for a book that is one of them.
    """
    from analysis import correction_page, document_pages, pages, source_page, version_page
    from analysis.versions import making

    (stage / "documents").mkdir(parents=True)
    for name in (*CONFIGURATION, *TEXTS):
        shutil.copy2(root / name, stage / name)
    figures = store()
    template = (root / "index.md").read_text(encoding="utf-8")
    made = {
        CONTENTS: yaml.safe_dump(contents(yamls.read(root / CONTENTS), claims.ledger(), left), sort_keys=False),
        "index.md": pages.index(template, audits, figures.newest, list(audited_documents().values())),
        "methods.md": pages.methods(audits),
        "glossary.md": pages.glossary_page(),
        "sources.md": source_page.sources(figures),
        "corrections.md": correction_page.page(audits),
    }
    if imprint.version():
        made[f"{version_page.PAGE}.md"] = version_page.page(figures, left, site=whole, commit=making.commit(root))
    for document in audited_documents().values():
        own = [entry for entry in audits if entry.claim.document.id == document.id]
        made[f"documents/{document.id}.md"] = document_pages.page(document, own, figures.newest)
    for name, text in made.items():
        (stage / name).write_text(text, encoding="utf-8")


def contents(toc: dict[str, Any], known: Sequence[Claim], left: Sequence[Left] = ()) -> dict[str, Any]:
    """The table of contents with the pages of claims below those of their documents, and what is `left` out taken out.

    ClaimbookError where a document or a chapter is not named, or one is named that there is not.
    """
    out = {f"chapters/{entry.name}" for entry in left}
    out |= {f"documents/{name}" for name in documents() if name not in audited_documents()}
    for part in toc["parts"]:
        part["chapters"] = [entry for entry in part["chapters"] if entry["file"] not in out]
    toc["parts"] = [part for part in toc["parts"] if part["chapters"]]
    if imprint.version():
        toc["parts"][-1]["chapters"].append({"file": "version"})
    named = {entry["file"]: entry for part in toc["parts"] for entry in part["chapters"]}
    there = {f"documents/{name}" for name in audited_documents()} | {f"chapters/{name}" for name in engine.names()}
    there -= out
    for page in sorted(there - set(named)):
        raise ClaimbookError(f"{CONTENTS} does not name {page}, so no reader would find it; add it")
    for page in sorted(name for name in set(named) - there if "/" in name):
        raise ClaimbookError(f"{CONTENTS} names {page}, which there is not; take it out")
    for document in audited_documents().values():
        page = f"documents/{document.id}"
        own = [{"file": f"claims/{claim.id}"} for claim in known if claim.document.id == document.id]
        if own:
            named[page]["sections"] = own
    return toc


def _claims(stage: Path, audits: Sequence[Audited], address: str) -> dict[str, str]:
    """Make the page of every claim; returns what else of it goes into the site, as text by path."""
    from analysis import claim_pages

    (stage / "claims").mkdir()
    tables = {}
    # Forked where the system forks: the workers then have the figures that the audit has read.
    with ProcessPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        given = [(address, tuple(_chapters(stage)))] * len(audits)
        for found, page in zip(audits, pool.map(claim_pages.page, audits, *zip(*given, strict=True)), strict=True):
            (stage / "claims" / f"{found.claim.id}.ipynb").write_bytes(page.notebook)
            if page.csv:
                tables[f"claims/{found.claim.id}.csv"] = page.csv
    return tables


def _execute(stage: Path, plan: Plan) -> list[Left]:
    """Put every executed chapter into the stage; returns those left out for want of figures."""
    (stage / "chapters").mkdir(parents=True)
    told = []
    for name, executed in plan.execute():
        left = left_out.left_out(name, executed)
        if left is None:
            (stage / "chapters" / f"{name}.ipynb").write_bytes(executed)
        else:
            told.append(left)
    return sorted(told, key=lambda entry: entry.name)


def _chapters(stage: Path) -> list[str]:
    """The chapters that are not left out, by name."""
    return sorted(path.stem for path in (stage / "chapters").glob("*.ipynb"))


def _jupyter_book(stage: Path, work: Path, figures: Path) -> Path:
    """Run Jupyter Book with warnings as errors; returns the folder of the site."""
    log = work / "jupyter-book.log"
    call = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", call, "build", str(stage), "--path-output", str(work), "-W", "--keep-going"]
    environment = {
        **os.environ,
        "CLAIMBOOK_FIGURE_CACHE": str(figures),
        "CLAIMBOOK_PAGE_FACTS": str(work / FACTS),
    }
    environment.pop("SOURCE_DATE_EPOCH", None)  # Sphinx would let it change the years of a copyright
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(command, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        from analysis.site import sphinx

        raise ClaimbookError(f"Jupyter Book failed (all of it in {log}):\n  " + "\n  ".join(sphinx.warnings(log)))
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
