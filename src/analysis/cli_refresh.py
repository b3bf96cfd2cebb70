"""`claimbook data refresh`: fetch the newest releases, and tell what came of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from analysis.errors import ClaimbookError

if TYPE_CHECKING:
    from analysis.refresh_json import OutcomeJson

FAILED, QUARANTINED = 1, 3  # what the command leaves with; the first where both happened
STYLES = {"new": "green", "same": "", "quarantined": "yellow", "failed": "red"}


def refresh(
    publisher: Annotated[
        list[str] | None, typer.Option("--publisher", metavar="NAME", help="This publisher alone; may be given often.")
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="CAUTION", help="Take a release over this oddity; may be given often. It is recorded."),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who accepts. Default: the user.")] = None,
    store: Annotated[
        Path | None, typer.Option("--store", metavar="DIR", help="Another store. Default: the book's data/.")
    ] = None,
    upstreams: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Other addresses, in the form of data/upstreams.yaml.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (data/refresh.schema.json).")] = False,
    markdown: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all of it as Markdown too, such as for the text of a pull request."),
    ] = None,
) -> None:
    """Fetch the newest releases beside those held, and tell which verdicts they move.

    Leaves with 1 where a publisher could not be asked, with 3 where a release waits in quarantine, else with 0.
    """
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from analysis import refresh as room
    from analysis import refresh_json, refresh_text
    from analysis.fetching.upstreams import upstreams as declared
    from analysis.home import data

    folder = store or data()
    chosen = room.chosen(publisher or (), declared(upstreams))
    # Nothing that is printed is markup: a publisher's answer may hold brackets.
    out, err = (Console(stderr=stderr, highlight=False, markup=False) for stderr in (False, True))
    outcomes = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        tasks = {entry.publisher: bar.add_task("", start=False, visible=False, total=None) for entry in chosen}

        def say(name: str, text: str, share: float | None = None) -> None:
            bar.start_task(tasks[name])
            bar.update(tasks[name], description=f"{name}: {escape(text)}", visible=True, total=1 if share else None)
            bar.update(tasks[name], completed=share or 0)

        for outcome in room.refresh(chosen, folder, accept=accept or (), by=by, say=say):
            told = refresh_json.outcome(outcome, folder)
            bar.update(tasks[outcome.publisher], visible=False)
            outcomes.append(told)
            if not as_json:
                _print(told, out)
    report = refresh_json.RefreshJson(outcomes=outcomes)
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    if markdown is not None:
        _write(markdown, refresh_text.text(report))
    words = {told.outcome for told in outcomes}
    if words & {"failed", "quarantined"}:
        raise typer.Exit(FAILED if "failed" in words else QUARANTINED)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ClaimbookError(
            f"--markdown {path} cannot be written: {error.strerror}; what was fetched is in the store all the same"
        ) from None


def _print(told: OutcomeJson, out: Console) -> None:
    """A line on a publisher, and below it what a release changed and moved, or what is odd about it."""
    out.print(f"{told.publisher}: {told.text}", style=STYLES[told.outcome], soft_wrap=True)
    for caution in told.cautions:
        accepted = "" if told.outcome == "quarantined" else ", accepted"
        where = f"{caution.series}: " if caution.series else ""
        out.print(f"  {caution.name}{accepted}: {where}{caution.text}", soft_wrap=True)
    if told.quarantine:
        out.print(f"  see {os.path.relpath(told.quarantine)}/report.md", soft_wrap=True)
    for line in (*told.advice, *told.moved):
        out.print(f"  {line}", soft_wrap=True)
