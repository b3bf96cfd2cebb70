"""`claimbook data diff`: what a release changed, and which verdicts it moved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from analysis.errors import ClaimbookError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.moves import Move
    from analysis.revisions import Diff

# How many figures are listed of what only a machine needs in full.
LISTED = 8


def diff(
    releases: Annotated[
        list[str],
        typer.Argument(
            metavar="[OLD] NEW",
            help="Names of two releases of one publisher. Without OLD: the earlier one that shares most series.",
        ),
    ],
    store: Annotated[
        Path | None, typer.Option("--store", metavar="DIR", help="Another store. Default: the book's data/.")
    ] = None,
    series: Annotated[str | None, typer.Option(metavar="ID", help="This series alone.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many revisions to list of each series.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (data/diff.schema.json).")] = False,
) -> None:
    """Tell what a release changed against an earlier one, and which verdicts it moved."""
    from analysis import claims, diff_json, moves, revisions
    from analysis.home import data
    from analysis.snapshots.store import Store

    if len(releases) > 2:
        raise ClaimbookError(f"{len(releases)} releases are named; name one or two: claimbook data diff OLD NEW")
    held = Store(store or data())
    new = revisions.release(held, releases[-1])
    old = revisions.release(held, releases[0]) if len(releases) == 2 else revisions.before(held, new)
    found = revisions.diff(held, old, new, series=series, most=most)
    moved = moves.moves(claims.ledger(), held, old, new)
    if series is not None:  # a verdict that rests on nothing of it was not moved by it
        moved = [move for move in moved if any(series in reading.series for reading in move.claim.readings)]
    if as_json:
        sys.stdout.write(diff_json.report(found, moved).model_dump_json(indent=2) + "\n")
        return
    # Nothing that is printed is markup: a claim may hold brackets.
    out = Console(highlight=False, markup=False)
    _counts(out, found)
    _largest(out, found)
    _moved(out, moved)


def _counts(out: Console, found: Diff) -> None:
    from analysis import revisions, words

    out.print(f"{found.old.name}, then {found.new.name}: {revisions.sentence(found.series)}.", soft_wrap=True)
    # Counts that are nought throughout are left out, but for the three that everybody asks for.
    always = ("added", "revised", "withdrawn")
    rest = [
        name
        for name in ("rounded", "suppressed", "disclosed", "unchanged", "incomparable", "outside")
        if found.count(name)
    ]
    names = {"incomparable": "not comparable", "outside": "out of scope", "rounded": "only rounded"}
    table = Table()
    table.add_column("series", overflow="fold")
    for name in (*always, *rest):
        table.add_column(names.get(name, name), justify="right")
    for entry in found.series:
        table.add_row(entry.series, *(f"{getattr(entry, name):,}" for name in (*always, *rest)))
    if found.series:
        out.print(table)
    for entry in found.series:
        if entry.note:
            out.print(f"{entry.series}: {entry.note}", soft_wrap=True)
        flags = [
            f"{count:,} from {words.FLAGS.get(was, 'no mark')} to {words.FLAGS.get(now, 'no mark')}"
            for was, now, count in entry.flags
        ]
        if flags:
            out.print(f"{entry.series}: flags changed, {'; '.join(flags)}", soft_wrap=True)
    for name, which in ((found.old.name, found.only_old), (found.new.name, found.only_new)):
        if which:
            more = f" and {len(which) - LISTED} more" if len(which) > LISTED else ""
            out.print(f"Only in {name}: {', '.join(which[:LISTED])}{more}", soft_wrap=True)


def _largest(out: Console, found: Diff) -> None:
    from analysis import revisions

    for entry in found.series:
        if entry.largest or entry.gone:
            heading = "Largest revisions" if entry.largest else "Withdrawn"
            out.print(f"\n{heading}: {entry.title} ({entry.series})", style="bold", soft_wrap=True)
        for item in entry.largest:
            out.print(f"  {revisions.told(item, entry.unit_after)}", soft_wrap=True)
        if entry.gone:
            told = ", ".join(f"{item.who} {item.year}" for item in entry.gone)
            more = f" and {entry.withdrawn - len(entry.gone):,} more" if entry.withdrawn > len(entry.gone) else ""
            out.print(f"  withdrawn: {told}{more}", soft_wrap=True)


def _moved(out: Console, moved: Sequence[Move]) -> None:
    from analysis import moves

    out.print("\nVerdicts that moved", style="bold")
    for text in moves.lines(moved):
        out.print(f"  {text}", soft_wrap=True)
    if not any(move.of("flipped", "decided", "opened") for move in moved):
        out.print("  no verdict moved")
