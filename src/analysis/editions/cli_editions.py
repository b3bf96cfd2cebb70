"""The commands `claimbook edition` and `claimbook editions`."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from analysis.errors import ClaimbookError

out = Console(highlight=False, markup=False)
err = Console(stderr=True, highlight=False, markup=False)

SITE = Path("_build") / "editions"

Partner = Annotated[
    str,
    typer.Option(metavar="CODE", help="The other side of ties. Default: that of the documents.", show_default=False),
]
Output = Annotated[Path, typer.Option("--output", help="Folder of the site of all editions.")]
Public = Annotated[str, typer.Option("--address", metavar="URL", help="Where the editions will be public.")]
Book = Annotated[
    str | None,
    typer.Option(
        "--book",
        metavar="URL",
        help="Where the book is public, for links to it. Default: html: baseurl of _config.yml.",
    ),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Make every edition anew, changed or not.")]


def edition(
    country: Annotated[str, typer.Argument(help="A country, ISO 3166 alpha-3, such as NLD.")],
    partner: Partner = "",
    output: Output = SITE,
    address: Public = "",
    book: Book = None,
    fresh: Fresh = False,
) -> None:
    """Build the book about another country: its statements restated, its chapters run, ready to cite."""
    from analysis.editions import driver

    outcomes = _build([country], partner, output, address, book, fresh, workers=1)
    if outcomes[0].word == driver.WITHOUT:
        raise ClaimbookError(outcomes[0].why)
    out.print(f"open {output / country / 'index.html'}", soft_wrap=True)


def editions(
    countries: Annotated[str, typer.Option(metavar="CODES", help="Codes such as NLD,DEU, or all.")] = "all",
    partner: Partner = "",
    workers: Annotated[
        int | None, typer.Option(min=1, max=512, help="How many at once. Default: the processors.")
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://10.0.0.1:8786, not workers here."),
    ] = "",
    output: Output = SITE,
    address: Public = "",
    book: Book = None,
    fresh: Fresh = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Build the book about many countries, with a page that leads to all of them, and report what became of each."""
    from analysis.editions import driver

    _build(
        driver.chosen(countries), partner, output, address, book, fresh,
        workers=workers or os.cpu_count() or 1, scheduler=scheduler, as_json=as_json,
    )  # fmt: skip
    if not as_json:
        out.print(f"open {output / 'index.html'}", soft_wrap=True)


def _build(
    countries: list[str],
    partner: str,
    output: Path,
    address: str,
    book: str | None,
    fresh: bool,
    *,
    workers: int,
    scheduler: str = "",
    as_json: bool = False,
) -> list:
    from analysis.book import public
    from analysis.editions import driver, overview, shelf
    from analysis.editions.making import RECORDS, WORK
    from analysis.home import home

    root = home()
    if not (root / "_config.yml").is_file():
        raise ClaimbookError(f"{root} has no _config.yml: editions are built in a checkout of the project")
    from analysis import yamls

    led = public(yamls.read(root / "_config.yml").get("html", {}).get("baseurl") if book is None else book)
    wanted = driver.orders(countries, partner=partner, site=output, address=public(address), book=led)
    outcomes: list[driver.Outcome] = []
    started, interrupted, fault = time.perf_counter(), False, ""
    with shelf.locked(output), _progress() as progress:
        bar = progress.add_task("editions", total=len(wanted), said="")
        try:
            for outcome in driver.build(
                wanted,
                workers=workers,
                scheduler=scheduler,
                fresh=fresh,
                heard=lambda country, place: progress.update(bar, said=f"{country}: {place}"),
            ):
                outcomes.append(outcome)
                progress.update(bar, advance=1)
                if outcome.word == driver.FAILED:
                    progress.console.print(
                        f"{outcome.country} failed: {outcome.why}", style="red", markup=False, soft_wrap=True
                    )
            if any(output.glob(f"{RECORDS}/*.json")) and overview.is_due(output, public(address)):
                progress.update(bar, said="the list of all, the sources and the search")
                fault = overview.make(output, public(address))
        except KeyboardInterrupt:
            interrupted = True
        with suppress(OSError):  # what failed has left its log there
            (output / WORK).rmdir()
    _report(outcomes, len(wanted), time.perf_counter() - started, as_json)
    if interrupted:
        err.print("interrupted; what is made stays, and the same command goes on from there", style="red")
        raise typer.Exit(130)
    if fault:
        raise ClaimbookError(fault)
    if any(outcome.word == driver.FAILED for outcome in outcomes):
        raise typer.Exit(1)
    return outcomes


def _progress() -> Progress:
    """A bar where somebody looks at it; what fails is printed above it as it happens."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[said]}"),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )


def _report(outcomes: list, wanted: int, seconds: float, as_json: bool) -> None:
    from analysis import areas
    from analysis.editions import driver

    if as_json:
        told = {"wanted": wanted, "seconds": round(seconds, 1), "editions": [asdict(entry) for entry in outcomes]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    failed = [entry for entry in outcomes if entry.word == driver.FAILED]
    if failed:
        table = Table(title="Failed", title_justify="left")
        table.add_column("edition")
        table.add_column("why", overflow="fold")
        for entry in failed:
            table.add_row(entry.country, entry.why)
        out.print(table)
    words = (driver.MADE, driver.UNCHANGED, driver.WITHOUT, driver.FAILED)
    told = ", ".join(f"{sum(entry.word == word for entry in outcomes)} {word}" for word in words)
    without = [areas.name(entry.country) for entry in outcomes if entry.word == driver.WITHOUT]
    if without:
        out.print(f"without figures: {', '.join(without)}", soft_wrap=True)
    sentences = sum(entry.statements for entry in outcomes)
    out.print(
        f"{wanted} edition{'s' if wanted != 1 else ''}: {told}; {sentences:,} sentences; {seconds:.0f} s",
        soft_wrap=True,
    )
