"""The command line: `claimbook --help`."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from analysis import cli_diff, cli_refresh, imprint, retrospect
from analysis.editions import cli_editions
from analysis.errors import ClaimbookError
from analysis.versions import cli_difference, cli_versions

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
data = typer.Typer(no_args_is_help=True, help="Releases of publishers: refresh, diff, ingest, list, verify.")
chapters = typer.Typer(no_args_is_help=True, help="The committed chapters: write them anew, list them.")
app.add_typer(data, name="data")
app.add_typer(chapters, name="chapters")

# Nothing that is printed is markup: a claim may hold brackets.
out = Console(highlight=False, markup=False)
err = Console(stderr=True, highlight=False, markup=False)


@app.callback()
def start() -> None:
    """Audit the figures of strategy papers against public data."""
    # Which day and which version a book is of, is said by options; what a shell happens to hold is not.
    for name in (imprint.VERSION_VARIABLE, retrospect.VARIABLE):
        os.environ.pop(name, None)


def told(function: Callable) -> Callable:
    """Print what a user can put right in a line and leave with 1; let every other fault show its traceback."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except ClaimbookError as error:
            err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
            raise typer.Exit(1) from None

    return wrapper


def _day(text: str | None) -> dt.date | None:
    from analysis.snapshots.catalogue import day_of

    return None if text is None else day_of(text)


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="What 'today' means; hides later releases. Default: the newest release held."
    ),
]
Ledger = Annotated[
    Path | None,
    typer.Option("--claims", metavar="FILE", help="Another ledger, in the form of data/claims.schema.json."),
]
Names = Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Ids of claims. Default: all.")]


def _claims(names: list[str] | None, ledger: Path | None):
    from analysis import claims

    known = claims.ledger() if ledger is None else claims.read(ledger)
    return [claims.claim(name, known) for name in names] if names else list(known)


@app.command()
@told
def audit(
    claim: Names = None,
    as_of: AsOf = None,
    claims: Ledger = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (data/audit.schema.json).")] = False,
) -> None:
    """Audit claims and print the scoreboard, or JSON with every evaluation."""
    from analysis import audit as room
    from analysis import words
    from analysis.snapshots.store import store

    day = _day(as_of) or store().newest
    chosen = _claims(claim, claims)
    audits = [room.audit(entry, store(), day) for entry in chosen]
    if as_json:
        sys.stdout.write(room.report(audits, day).model_dump_json(indent=2) + "\n")
        return
    table = Table(title=f"{len(audits)} claims, figures as of {day:%-d %B %Y}", title_justify="left", show_lines=True)
    for heading in ("claim", "printed", "when written", "that year, as revised", "today", "readings"):
        table.add_column(heading, overflow="fold")
    for entry in audits:
        found = entry.verdicts
        cells = []
        for verdict in (found.when_written, found.as_revised, found.today):
            said = ""
            if verdict.choice is not None:
                said = f"\n{words.figure(verdict.choice.evaluation)} ({verdict.choice.evaluation.year})"
            cells.append(f"{verdict.word}{said}")
        borne, tested = found.borne_out
        printed = entry.claim.printed or ""
        if entry.claim.threshold:
            printed = f"threshold: {printed}"
        if entry.claim.due:
            printed = f"{entry.claim.kind} for {entry.claim.due}: {printed}"
        readings = f"{borne} of {tested}" if entry.claim.readings else entry.claim.kind
        table.add_row(f"{entry.claim.id}\n{entry.claim.title}", printed, *cells, readings)
    out.print(table)


@app.command()
@told
def trace(
    claim: Annotated[str, typer.Argument(help="Id of a claim.")],
    claims: Ledger = None,
    most: Annotated[int, typer.Option(min=1, max=200, help="How many candidates to list.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search every series, year and release for what could have yielded a claim's printed figure."""
    import dataclasses

    from analysis import trace as room
    from analysis import words
    from analysis.snapshots.store import store

    entry = _claims([claim], claims)[0]
    with err.status("searching"):
        found = room.trace(entry, store(), most=most)
    if as_json:
        sys.stdout.write(json.dumps(dataclasses.asdict(found), indent=2, ensure_ascii=False) + "\n")
        return
    if not found.nearest:
        out.print(f"{entry.id}: no release holds a figure that could be compared with {found.printed!r}")
        return
    table = Table(title=f"{entry.id}: {found.printed}", title_justify="left")
    for heading in ("year", "figure", "off by"):
        table.add_column(heading, no_wrap=True)
    table.add_column("definition and releases", overflow="fold")
    for item in found.nearest:
        figure = words.ordinal(item.rank) if item.rank is not None else words.amount(item.value, item.unit)
        off = f"{item.distance:+.0f}" if item.rank is not None else f"{item.distance:+.2%}"
        releases = ", ".join(item.released[:3]) + (" ..." if len(item.released) > 3 else "")
        where = f"{item.definition}" + (f" ({item.universe})" if item.universe else "")
        marks = ["matches"] if item.matches else []
        marks += [f"as in the reading {item.in_reading}"] if item.in_reading else []
        marks += ["released later"] if item.after else []
        table.add_row(
            str(item.year), figure, off, f"{where}\n{item.publisher} {releases}; {', '.join(marks)}".strip("; ")
        )
    out.print(table)
    out.print(
        f"{found.tried:,} candidates tried in {found.releases} releases; {found.matching} match the printed figure, "
        f"and {found.by_chance:.1f} would match a figure picked at random. A trace never changes a verdict."
    )


Parameter = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter of the chapter; may be given often."),
]


@app.command()
@told
def run(
    chapter: Annotated[str, typer.Argument(help="A chapter's name, such as trade.")],
    output: Annotated[Path, typer.Argument(help="Where to write the executed notebook.")],
    parameter: Parameter = None,
) -> None:
    """Run a chapter for another country or year, its parameters checked before it starts."""
    from analysis import engine
    from analysis.parameters import parse

    given = parse(chapter, parameter or [])
    engine.execute(engine.chapter(chapter), output, given, progress=True)
    out.print(f"wrote {output}")


@chapters.command("list")
@told
def chapters_list() -> None:
    """List the chapters and their parameters."""
    from analysis import engine
    from analysis.parameters import parameters_of

    for name in engine.names():
        out.print(name, style="bold")
        for entry in parameters_of(name):
            out.print(f"  {entry.name}: {entry.kind} = {entry.default!r}  {entry.help}", markup=False)


@chapters.command("write")
@told
def chapters_write() -> None:
    """Execute the chapters of this checkout in place: the one way in which committed outputs are written."""
    from analysis import engine

    for name in engine.names():
        engine.write(name)
        out.print(f"wrote chapters/{name}.ipynb")


@app.command("build", hidden=True)
@app.command()
@told
def book(
    output: Annotated[Path, typer.Option("--output", help="Folder for the built book.")] = Path("_build"),
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where the book will be public. Default: html: baseurl in _config.yml, or nowhere."
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it too, as claimbook.pdf beside the folder html; needs Chromium.")
    ] = False,
    release: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION", help="Build it as this version, such as 2026.11; --address is then that of all versions."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Build it in retrospect: what is of a later day is hidden."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say of each chapter why it runs or not.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run everything, whether it changed or not.")] = False,
) -> None:
    """Build the book: audit, execute the chapters, make the pages, check every link. What did not change is kept."""
    from analysis.versions import names

    # Before anything is read: what follows holds for the whole process and for those it starts.
    if release is not None:
        os.environ[imprint.VERSION_VARIABLE] = str(names.version(release))
    if as_of is not None:
        os.environ.update(retrospect.environment(_day(as_of)))
    from analysis import book as room

    page = room.build(
        output,
        address=address,
        pdf=pdf,
        fresh=fresh,
        explain=explain,
        say=lambda text: err.print(text, markup=False, soft_wrap=True),
    )
    out.print(f"open {page}", soft_wrap=True)


@app.command()
@told
def schemas(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where a file is out of date.")] = False,
) -> None:
    """Write the JSON Schemas of the ledger and of what the commands print into data/."""
    from analysis import audit as audit_room
    from analysis import claims as claims_room
    from analysis import corrections, diff_json, refresh_json
    from analysis.editions import statements_json
    from analysis.exports import claim_json, verdicts_json
    from analysis.home import data as data_path
    from analysis.versions import difference_json, listed, record

    stale = []
    rooms = {"claims": claims_room, "audit": audit_room, "diff": diff_json, "refresh": refresh_json}
    rooms |= {"verdicts": verdicts_json, "claim": claim_json, "changes": difference_json, "version": record}
    rooms |= {"corrections": corrections, "versions": listed, "statements": statements_json}
    for name, schema in ((name, room.json_schema()) for name, room in rooms.items()):
        path = data_path(f"{name}.schema.json")
        text = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if not check:
            path.write_text(text, encoding="utf-8")
            out.print(f"wrote data/{path.name}")
    if check and stale:
        raise ClaimbookError(f"out of date: {', '.join(stale)}; run `claimbook schemas`")


Folder = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="Another store. Default: the book's data/.")
]


def _folder(store: Path | None) -> Path:
    from analysis.home import data as data_path

    return store or data_path()


@data.command()
@told
def ingest(
    publisher: Annotated[str, typer.Argument(help="Name of a publisher in data/publishers.yaml.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The files of one release.")],
    released: Annotated[
        str, typer.Option(metavar="DATE", help="Day of publication, or YYYY-MM if only that is known.")
    ],
    store: Folder = None,
    edition: Annotated[str | None, typer.Option(help="Which edition, where a file holds several.")] = None,
    obtained: Annotated[str, typer.Option(help="downloaded, extracted or transcribed.")] = "downloaded",
    address: Annotated[
        list[str] | None, typer.Option(help="Where the files were published; may be given often.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="What a reader must know of this release.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="SERIES", help="Keep this series alone; may be given often.")
    ] = None,
) -> None:
    """Parse the files of one release into one immutable snapshot; write nothing where anything is not understood."""
    import typing

    from analysis.snapshots import catalogue
    from analysis.snapshots import ingest as room

    allowed = typing.get_args(catalogue.OBTAINED)
    if obtained not in allowed:
        raise ClaimbookError(f"--obtained {obtained}: say one of {', '.join(allowed)}")
    with err.status(f"parsing {len(files)} file(s) of {publisher}"):
        release = room.ingest(
            publisher, files, released, folder=_folder(store), obtained=obtained, addresses=address or (),
            edition=edition, note=note, only=only or (),
        )  # fmt: skip
    count = sum(scope.observations for scope in release.scope)
    out.print(f"{release.name}: {count:,} observations of {len(release.scope)} series")


@data.command("list")
@told
def data_list(store: Folder = None) -> None:
    """List the releases held and what each covers."""
    from analysis.snapshots import catalogue

    table = Table(title="Releases held, oldest first", title_justify="left")
    for heading in ("publisher", "released", "obtained", "series", "years", "observations", "ranks"):
        table.add_column(heading, justify="right" if heading in ("series", "observations") else "left")
    for release in catalogue.releases(_folder(store)):
        years = [year for scope in release.scope for year in scope.periods]
        partial = sum(bool(scope.limits) for scope in release.scope)
        ranks = "all" if not partial else f"{len(release.scope) - partial} of {len(release.scope)} series in full"
        table.add_row(
            release.publisher, release.released, release.obtained, str(len(release.scope)),
            f"{min(years)}\u2013{max(years)}", f"{sum(scope.observations for scope in release.scope):,}", ranks,
        )  # fmt: skip
    out.print(table)


@data.command("verify")
@told
def data_verify(store: Folder = None) -> None:
    """Check hashes, schema, duplicates, countries, values and scope of every release."""
    from analysis.snapshots.verify import verify

    bad = 0
    for name, problems in verify(_folder(store)):
        if problems:
            bad += 1
            err.print(f"{name}: {len(problems)} problem(s)", style="red")
            for problem in problems:
                err.print(f"  {problem}", markup=False, soft_wrap=True)
        else:
            out.print(f"{name}: ok")
    if bad:
        raise ClaimbookError(f"{bad} release(s) failed; restore them from version control or ingest them anew")


# Larger commands have rooms of their own.
data.command()(told(cli_refresh.refresh))
data.command()(told(cli_diff.diff))
app.command()(told(cli_editions.edition))
app.command()(told(cli_editions.editions))
app.command()(told(cli_versions.publish))
app.command()(told(cli_difference.diff))
app.command()(told(cli_versions.correct))
app.command()(told(cli_versions.rebuild))
