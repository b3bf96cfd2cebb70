"""Where the releases wait that a store did not take: in a folder beside it, each with a report."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from analysis.errors import ClaimbookError
from analysis.fetching import Fetched
from analysis.snapshots import catalogue, guard
from analysis.snapshots.guard import Caution
from analysis.snapshots.promote import reason

FAULTY = """
## What to do

Open the file at the place that is named. Where the publisher has changed its layout, a spelling or a unit, declare it
as the message says and refresh again. Where the file is damaged, refresh again later. Nothing of it was taken, and the
releases held before are as they were.
"""
ODD = """
## What to do

Compare the figures with the publisher's own page. Where the publisher is wrong, tell it, and refresh again once it has
mended them. Where it is right, take the release over what is odd about it:

    claimbook data refresh --publisher {publisher} {names}

Who took it, and over what, is recorded in the catalogue.
"""


def folder_of(store: Path) -> Path:
    """The quarantine of a store."""
    place = store.resolve()
    return place.parent / f"{place.name}.quarantine"


def put(
    publisher: str, fetched: Fetched, store: Path, *, faults: Sequence[str] = (), odd: Sequence[Caution] = ()
) -> Path:
    """Put the files of a release beside the store with report.md and report.json, and tell where; all of it or nothing.

    What waited there of the same release before is replaced. To be called by whoever holds the lock of refreshes.
    ClaimbookError where the disk takes no more.
    """
    place = folder_of(store)
    target = place / f"{publisher}-{fetched.released}"
    made = place / f".{target.name}.new"
    _sweep(place)
    try:
        _fill(made, publisher, fetched, faults, odd)
        _hide(target)
        made.rename(target)
    except OSError as error:
        why = [*faults, *map(str, odd)][0].splitlines()[0]
        raise ClaimbookError(
            f"{target.name} is not taken ({why}), nor kept in {place.name}/: {reason(error)}"
        ) from None
    finally:
        _sweep(place)
    return target


def clear(release: str, store: Path) -> None:
    """Remove what waits of a release, once it has been taken."""
    place = folder_of(store)
    with suppress(FileNotFoundError):
        _hide(place / release)
    _sweep(place)


def _hide(target: Path) -> None:
    """Take what waits out of sight in one step: removed file by file, it would be there by half for a while."""
    if target.exists():
        target.rename(target.with_name(f".{target.name}.old"))


def _sweep(place: Path) -> None:
    """Remove what is out of sight, that of a killed refresh too, and the quarantine where nothing waits in it."""
    for path in place.glob(".*"):
        shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        place.rmdir()


def _fill(made: Path, publisher: str, fetched: Fetched, faults: Sequence[str], odd: Sequence[Caution]) -> None:
    (made / "files").mkdir(parents=True)
    several = len({file.name for file in fetched.files}) < len(fetched.files)
    for file in fetched.files:
        kept = made / "files" / (file.parent.name if several else "") / file.name
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, kept)
        with suppress(FileNotFoundError):
            shutil.copyfile(file.parent / "datapackage.json", kept.parent / "datapackage.json")
    report = {
        "publisher": publisher,
        "released": fetched.released,
        "addresses": list(fetched.addresses),
        "faults": list(faults),
        "cautions": [{"name": entry.name, "series": entry.series, "text": entry.text} for entry in odd],
    }
    (made / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (made / "report.md").write_text(_report(publisher, fetched, faults, odd), encoding="utf-8")


def _report(publisher: str, fetched: Fetched, faults: Sequence[str], odd: Sequence[Caution]) -> str:
    """What a person needs to decide: what came from where, what is wrong with it, and what can be done."""
    title = catalogue.publishers()[publisher].title
    lines = [f"# {title}: release of {fetched.released}, not taken", "", "Fetched from:", ""]
    lines += [_quoted(address) for address in fetched.addresses]
    if faults:
        lines += ["", "## What is not understood", "", *map(_quoted, faults), FAULTY.rstrip()]
    if odd:
        lines += ["", "## What is odd", "", *(f"- {entry} ({guard.CAUTIONS[entry.name]})" for entry in odd)]
        names = " ".join(f"--accept {name}" for name in dict.fromkeys(entry.name for entry in odd))
        lines += [ODD.format(publisher=publisher, names=names).rstrip()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """What may hold a publisher's own words, as code: no markup in it is any."""
    return textwrap.indent(text, "    ", lambda line: True)
