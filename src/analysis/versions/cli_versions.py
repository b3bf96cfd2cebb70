"""`claimbook publish`, `correct` and `rebuild`: versions that stay."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout
from rich.console import Console

from analysis.errors import ClaimbookError

SITE = Path("_site")
out = Console(highlight=False, markup=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
Name = Annotated[str, typer.Argument(metavar="VERSION", help="Such as 2026.11, 2026.11.1 or 2026.12rc1.")]
Site = Annotated[Path, typer.Option("--site", metavar="DIR", help="The folder of the published site.")]


def publish(
    version: Name,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The folder of the published site.")] = SITE,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where the site is public. Default: html: baseurl in _config.yml, or nowhere."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Build it in retrospect: what is of a later day is hidden."),
    ] = None,
    built: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="DIR", help="A book built by `claimbook book --release`. Default: build it now."
        ),
    ] = None,
    uncommitted: Annotated[
        bool, typer.Option("--uncommitted", help="Publish what is not committed, too: nobody can make it again.")
    ] = False,
) -> None:
    """Build the book as a version and freeze it beside the earlier ones, which stay as they are."""
    from analysis import yamls
    from analysis.book import public
    from analysis.home import home
    from analysis.snapshots.catalogue import day_of
    from analysis.versions import making, names
    from analysis.versions import publish as room
    from analysis.versions.rebuild import build

    name, moment = str(names.version(version)), _now()
    if built is None:
        if making.commit(home()) is None and not uncommitted:
            raise ClaimbookError(_loose(making.uncommitted(home())))
        given = yamls.read(home() / "_config.yml").get("html", {}).get("baseurl") if address is None else address
        day = day_of(as_of) if as_of is not None else None
        room.check_name(into, name)
        with _alone(home() / "_build"):
            built = build(home(), home() / "_build" / "publish", name=name, as_of=day, address=public(given))
            _put(built, name, into, uncommitted=uncommitted, moment=moment)
        return
    if address is not None or as_of is not None:
        raise ClaimbookError("--address and --as-of are for the book that is built now; leave them out beside --from")
    _put(built, name, into, uncommitted=uncommitted, moment=moment)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who builds versions in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".publish.lock", timeout=1):
            yield
    except Timeout:
        raise ClaimbookError(f"another version is being built in {folder}; wait for it to end") from None


def _put(built: Path, name: str, into: Path, *, uncommitted: bool, moment: dt.datetime) -> None:
    from analysis import corrections
    from analysis.versions import publish as room
    from analysis.versions import record

    made = record.read(built)
    if made.name != name:
        raise ClaimbookError(f"{built} holds version {made.name}, not {name}; name that one, or build the other")
    if made.commit is None and not uncommitted:
        raise ClaimbookError(f"{built} was built from files that were not committed; commit and build it anew")
    fresh = room.publish(built, into, moment=moment, log=corrections.corrections(), say=err.print)
    out.print(
        f"version {name} {'is published' if fresh else 'was published already, just so'}: {into}/v/{name}/index.html"
    )


def correct(
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The folder of the published site.")] = SITE,
) -> None:
    """Put the notices of data/corrections.yaml over the pages of a published site; nothing frozen changes."""
    from analysis import corrections
    from analysis.versions import publish as room

    log = corrections.corrections()
    concerned = room.correct(into, log)
    out.print(f"{len(log)} correction(s) logged; versions concerned: {', '.join(concerned) or 'none'}")


def rebuild(
    version: Name,
    site: Site = SITE,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Keep what is built, in an empty folder.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Try with other libraries than it was built with.")] = False,
) -> None:
    """Build a published version again from its commit, offline in a clean folder, and compare it byte by byte."""
    from analysis.versions import names
    from analysis.versions.rebuild import again

    name = str(names.version(version))
    found = again(name, site, output, anyway=anyway, say=err.print)
    if found.differing:
        listed = "\n  ".join(found.differing[:20])
        raise ClaimbookError(f"version {name} came out otherwise in {len(found.differing)} file(s):\n  {listed}")
    out.print(f"version {name}: {found.files:,} files, every byte the same")


def _now() -> dt.datetime:
    """The moment of publication; SOURCE_DATE_EPOCH sets another, as reproducible-builds.org defines it."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told is None:
        return dt.datetime.now(dt.UTC).replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(told), dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise ClaimbookError(f"SOURCE_DATE_EPOCH is {told[:40]!r}; it counts seconds since 1970") from None


def _loose(files: list[str] | None) -> str:
    remedy = "commit first, or publish with --uncommitted"
    if files is None:
        return f"this is no git checkout, so that nobody could make the version again; {remedy}"
    return f"{len(files)} file(s) are not committed, such as {files[0]}, so that nobody could make it again; {remedy}"
