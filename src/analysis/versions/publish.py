"""Publish a version: freeze it beside the others, tell what it changed, and show it to readers in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.corrections import Correction
from analysis.errors import ClaimbookError
from analysis.versions import generation, headlines, listed, names, record, sums
from analysis.versions.difference import difference, introduced
from analysis.versions.generation import Coming
from analysis.versions.listed import Listed
from analysis.versions.shelf import Shelf


def publish(
    built: Path, into: Path, *, moment: dt.datetime, log: Sequence[Correction] = (), say: Callable[[str], None] = print
) -> bool:
    """Publish the version that was built in the folder `built` into a site; False where it is there already.

    `moment` of publication, with its time zone; `log`: corrections. Earlier versions stay byte for byte as they are.
    ClaimbookError, and the site as it was, where the version is there with other content, where a newer one is there,
    or where its files are not what its SHA256SUMS says.
    """
    made = record.read(built)
    own = names.version(made.name)
    shelf = Shelf(into)
    with shelf.locked():
        known = _known(shelf)
        if made.name in {entry.name for entry in known}:
            _same(shelf, built, made.name, known[0].name)
            return False
        if known:
            _in_order(made.name, known[0].name)
        if known and made.as_of < known[0].as_of:
            raise ClaimbookError(
                f"the figures of {made.name} end on {made.as_of:%-d %B %Y}, those of {known[0].name}, which is "
                f"published, on {known[0].as_of:%-d %B %Y}; readers of the newest version would be led back in time"
            )
        before = known[0] if known else None
        say(f"freezing version {made.name}")
        shelf.freeze(built, made, before.name if before else None)
        folder = shelf.version(made.name)
        say("telling what it changed" if before else "telling what it holds")
        told = difference(shelf.version(before.name), folder) if before else introduced(folder)
        new = Listed(
            name=made.name,
            as_of=made.as_of,
            retrospective=made.retrospective,
            candidate=own.candidate is not None,
            published=moment.astimezone(dt.UTC).date(),
            summary=headlines.summary(told) if before else "",
        )
        coming = Coming(folder, told, new, before, moment)
        if files := generation.changes(coming, made.address):
            shelf.write_changes(made.name, files)
        say("showing it")
        made_now = generation.generation(shelf, [*known, new], log, coming, made.address)
        shelf.show(made_now.files, made_now.kept, made_now.links)
    return True


def check_name(into: Path, name: str) -> None:
    """Whether a version of this name could come into a site; ClaimbookError where it could not, before it is built."""
    known = _known(Shelf(into))
    if known and name not in {entry.name for entry in known}:
        _in_order(name, known[0].name)


def _in_order(name: str, newest: str) -> None:
    if names.version(name) < names.version(newest):
        raise ClaimbookError(
            f"version {newest} is published, which comes after {name}; a site grows at its end, so name a later one, "
            "or publish the versions in order into another folder"
        )


def correct(into: Path, log: Sequence[Correction]) -> list[str]:
    """Show other corrections over the versions of a site; returns the names of those concerned, newest first.

    Nothing that is frozen changes. ClaimbookError where the site has no version.
    """
    shelf = Shelf(into)
    nothing = ClaimbookError(f"{into} holds no published version; publish one with `claimbook publish`")
    if not into.is_dir():
        raise nothing
    with shelf.locked():
        known = _known(shelf)
        if not known:
            raise nothing
        address = record.read(shelf.version(known[0].name)).address
        made_now = generation.generation(shelf, known, log, None, address)
        shelf.show(made_now.files, made_now.kept, made_now.links)
    return [entry.name for entry in listed.read(shelf.now / listed.FILE) if entry.corrections]


def _known(shelf: Shelf) -> list[Listed]:
    """The versions that readers see, newest first."""
    return listed.read(shelf.now / listed.FILE) if shelf.now else []


def _same(shelf: Shelf, built: Path, name: str, newest: str) -> None:
    """Whether a version that is published is what was built; ClaimbookError says what differs."""
    there, here = sums.read(shelf.version(name)), sums.of_folder(built)
    if there == here:
        return
    differing = sorted(path for path in there.keys() | here.keys() if there.get(path) != here.get(path))
    raise ClaimbookError(
        f"version {name} is published with other content ({len(differing)} files differ, the first is {differing[0]}); "
        f"a version never changes, so publish this one as another, such as {_next(newest)}"
    )


def _next(name: str) -> str:
    """The version that comes after the newest one."""
    own = names.version(name)
    if own.candidate is not None:
        return str(replace(own, candidate=own.candidate + 1))
    return str(replace(own, micro=own.micro + 1))
