"""Make one edition: restate the statements, run the chapters, draw, let Sphinx make the pages, check, put in place.

All of it in one process of its own, which first forks a child for each chapter and draws only afterwards.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

from analysis import engine, inputs, left_out, rerun, runs, yamls
from analysis import kept as kept_results
from analysis.editions import contents, files, overview_line, pages, statements
from analysis.editions.statements import Statement, Subject
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.left_out import Left
from analysis.rerun import Present
from analysis.site import figure_files
from analysis.snapshots.store import store

# Where an edition is made, and what is known of each, below the folder of all.
WORK, RECORDS = ".work", ".editions"
# Links of chapters that lead to pages which only the book has.
_BEYOND = re.compile(r'<a\b([^>]*?)href="\.\./((?:claims|documents)/[^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Order:
    """What edition is wanted, and where. `address` is where all editions are public, `book` where the book is."""

    country: str
    partner: str
    site: str
    address: str = ""
    book: str = ""

    @property
    def about(self) -> Subject:
        """Its country and partner."""
        return Subject(self.country, self.partner)

    @property
    def folder(self) -> Path:
        """The folder of all editions."""
        return Path(self.site)

    @property
    def work(self) -> Path:
        """The folder in which this one is made."""
        return self.folder / WORK / self.country


def make(order: Order, at: Callable[[str], None] = lambda place: None) -> dict[str, Any] | None:
    """Make an edition and put it in its place; returns what is known of it, as its record keeps it.

    None where no statement can be told of its country: there is then no edition, and one that was there is taken
    away. `at` is called with each step.
    ClaimbookError tells what failed; the edition that was there then stays.
    """
    shutil.rmtree(order.work, ignore_errors=True)
    stage = order.work / "stage"
    (stage / order.country).mkdir(parents=True)
    at("restating")
    told = statements.statements(order.about, store())
    if not told:
        remove(order)
        return None
    kept, left, read = _execute(order, told, stage, at)
    at("drawing")
    _draw(order, kept, stage)
    at("making its pages")
    _stage(order, told, kept, left, stage)
    made = _sphinx(order, stage)
    if (drawn := order.work / "figures").exists():
        drawn.rename(made / figure_files.ROOT)
    at("checking its pages")
    _check(made)
    at("putting it in place")
    known = {
        **files.record(order.about, told, store().newest),
        "chapters": list(kept),
        "left": [asdict(entry) for entry in left],
        "line": overview_line.line(order.country, store()),
        "read": read,
    }
    _place(order, made, known)
    shutil.rmtree(order.work, ignore_errors=True)
    return known


def _execute(
    order: Order, told: Sequence[Statement], stage: Path, at: Callable[[str], None]
) -> tuple[list[str], list[Left], dict[str, dict[str, str]] | None]:
    """Run the chapters in which something can be told; returns those that the edition has, and those it has not.

    And what cells read besides the book (kinds of analysis.rerun.GIVEN); None where that cannot be known.
    """
    wanted, left = contents.chapters(order.about, told)
    kept, present = [], Present(inputs.look(), store())
    read: dict[str, dict[str, str]] | None = {kind: {} for kind in rerun.GIVEN}
    for name in wanted:
        at(f"running {name}")
        notebook, result = _run(order, name, present)
        if result is None or result.never or read is None:
            read = None
        else:
            read = {kind: {**entries, **result.state[kind]} for kind, entries in read.items()}
        why = contents.bare(notebook)
        if why:
            left.append(Left(name, left_out.title(name), why))
            continue
        kept.append(name)
        within = _within(nbformat.reads(notebook.decode(), as_version=4), order.book)
        (stage / order.country / f"{name}.ipynb").write_bytes(engine.text(within))
    return kept, left, read


def _run(order: Order, name: str, present: Present) -> tuple[bytes, kept_results.Result | None]:
    """A chapter executed for the edition's country; taken from what is kept where nothing that it read has changed.

    With what is kept of it now; None where nothing can be.
    """
    from analysis.parameters import parameters_of

    declared = {entry.name for entry in parameters_of(name)}
    wanted = {"country": order.country, "partner": order.partner}
    given = {key: value for key, value in wanted.items() if key in declared}
    folder = order.folder / kept_results.FOLDER
    found = rerun.verdict(name, folder, present, given)
    if found.result is not None:
        return found.result.notebook, found.result
    with runs.recorded() as told:
        executed = engine.text(engine.clean(engine.execute(engine.chapter(name), None, given)))
    return executed, rerun.keep(name, folder, present, executed, told.read, given)


def _within(notebook: Any, book: str) -> Any:
    """A chapter whose links to pages of the book lead to the book where it is public; else they are plain text."""

    def led(found: re.Match[str]) -> str:
        return f'<a{found[1]}href="{book}{found[2]}"{found[3]}>{found[4]}</a>' if book else found[4]

    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = _BEYOND.sub(led, "".join(output.data["text/html"]))
    nbformat.validate(notebook)
    return notebook


def _draw(order: Order, kept: Sequence[str], stage: Path) -> None:
    """Draw the figures of the chapters and write what can be taken away, but for pictures in dots."""
    from analysis.site import downloads
    from analysis.site.citing import Edition

    cited = Edition(order.address, store().newest)
    for name in kept:
        page = f"{order.country}/{name}"
        downloads.make_page(
            stage / f"{page}.ipynb", page, order.work / "figures", order.folder / ".figures", cited, png=False
        )


def _stage(order: Order, told: Sequence[Statement], kept: Sequence[str], left: Sequence[Left], stage: Path) -> None:
    from analysis.page_facts import opening_of
    from analysis.site import head

    about, as_of, country = order.about, store().newest, order.country
    (stage / country / "index.md").write_text(
        pages.first(about, told, kept, left, as_of, order.address), encoding="utf-8"
    )
    # The search page and the sources are those of all editions together.
    told_toc = {
        "format": "jb-book",
        "root": f"{country}/index",
        "parts": [{"caption": "Chapters", "chapters": [{"file": f"{country}/{name}"} for name in kept]}]
        if kept
        else [],
    }
    write_configuration(stage, told_toc, additional={})
    facts = {
        f"{country}/index": head.PageFacts(
            description=pages.standfirst(about, told, as_of)[:300],
            filters={"Country": [about.name], "Page": ["Country"]},
        )
    }
    for name in kept:
        facts[f"{country}/{name}"] = head.PageFacts(
            description=opening_of(engine.chapter(name)),
            kind="chapter",
            filters={"Country": [about.name], "Page": ["Chapter"]},
        )
    whole = head.Whole(
        address=order.address,
        home=about.name,
        above=("All countries", "index.html"),
        offers={"CSV": f"{country}/statements.csv", "JSON": f"{country}/statements.json"},
        offered=f"The statements of this edition ({about.name}):",
        png=False,
    )
    head.write(order.work / "pages.json", whole, facts)


def write_configuration(stage: Path, toc: Mapping[str, Any], additional: Mapping[str, str]) -> None:
    """The book's own configuration with another table of contents and other pages beside it."""
    known = yamls.read(home() / "_config.yml")
    known["sphinx"]["config"]["html_additional_pages"] = dict(additional)
    (stage / "_config.yml").write_text(yaml.safe_dump(known, sort_keys=False), encoding="utf-8")
    (stage / "_toc.yml").write_text(yaml.safe_dump(dict(toc), sort_keys=False), encoding="utf-8")


def _sphinx(order: Order, stage: Path) -> Path:
    from analysis.site import sphinx

    return sphinx.build(stage, order.work, facts=order.work / "pages.json", cache=order.folder / ".figures")


def _check(made: Path) -> None:
    """Check the links of an edition; what all editions have together stands in for itself while it is done."""
    from analysis.site import inline, links

    country = next(path.name for path in made.iterdir() if (path / "index.html").is_file())
    beside = [made / name for name in ("index.html", "sources.html", "search.html")]
    beside += [made / country / name for name in ("statements.csv", "statements.json")]
    for path in beside:
        path.write_text("<!doctype html><title>Stands in</title>", encoding="utf-8")
    faults = links.check(made) + inline.check(made / country)
    for path in beside:
        path.unlink()
    if faults:
        listed = "\n  ".join(faults[:20])
        raise ClaimbookError(f"its pages have {len(faults)} fault(s), the old edition was kept:\n  {listed}")


def _place(order: Order, made: Path, known: Mapping[str, Any]) -> None:
    """Write what is for machines beside the pages, and take all of it into its place."""
    own = made / order.country
    (own / "statements.json").write_text(files.as_json(files.bare(known)), encoding="utf-8")
    (own / "statements.csv").write_text(files.as_csv([known]), encoding="utf-8")
    record = made / RECORDS / f"{order.country}.json"
    record.parent.mkdir()
    record.write_text(files.as_json(known), encoding="utf-8")
    take(order, made)


def own_folders(country: str) -> tuple[str, ...]:
    """The folders of a site that belong to one edition."""
    return (country, f"{figure_files.ROOT}/{country}", f"_sources/{country}")


def remove(order: Order) -> None:
    """Take away an edition of which nothing can be told any more, its record first."""
    (order.folder / RECORDS / f"{order.country}.json").unlink(missing_ok=True)
    for folder in (*(order.folder / name for name in own_folders(order.country)), order.work):
        shutil.rmtree(folder, ignore_errors=True)


def take(order: Order, made: Path) -> None:
    """Take a finished edition into its place; its record is taken away first and comes last.

    `made` holds it as a site of its own.
    """
    record = order.folder / RECORDS / f"{order.country}.json"
    record.unlink(missing_ok=True)
    for name in own_folders(order.country):
        target, old = order.folder / name, order.work / "old"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        if (made / name).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (made / name).rename(target)
    for path in sorted((made / "_static").rglob("*")):
        shared = order.folder / path.relative_to(made)
        if path.is_file() and not (shared.is_file() and shared.read_bytes() == path.read_bytes()):
            shared.parent.mkdir(parents=True, exist_ok=True)
            path.replace(shared)
    record.parent.mkdir(parents=True, exist_ok=True)
    (made / RECORDS / record.name).replace(record)


def job(given: Mapping[str, Any]) -> dict[str, int]:
    """Make an edition as a job of a warm parent; how many statements and chapters it has, nothing where it is none."""
    from analysis import warm

    known = make(Order(**given), at=warm.place)
    if known is None:
        return {}
    return {"statements": len(known["statements"]), "chapters": len(known["chapters"])}
