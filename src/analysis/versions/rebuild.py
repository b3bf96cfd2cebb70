"""Build versions in processes of their own: new ones from this checkout, old ones again from their commit."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis import imprint, retrospect
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.versions import making, record, sums
from analysis.versions.record import Record
from analysis.versions.shelf import Shelf

_CALL = "from analysis.cli import app; app()"
# What the process that asks was told of its own book is not for the one that it starts.
_OWN = (imprint.VERSION_VARIABLE, retrospect.VARIABLE, "PYTHONPATH", "CLAIMBOOK_HOME", "CLAIMBOOK_FIGURE_CACHE")


@dataclass(frozen=True)
class Compared:
    """A version that was built again: how many files it has, and the paths of those that differ or are on one side."""

    files: int
    differing: tuple[str, ...]


def build(root: Path, output: Path, *, name: str, as_of: dt.date | None, address: str) -> Path:
    """Build the checkout at `root`, with its own code, as a version; returns the folder of its pages.

    `as_of`: the day of a retrospect; `address`: of the whole site, or nothing. Progress goes to stderr. ClaimbookError
    where it fails.
    """
    command = [sys.executable, "-c", _CALL, "book", "--output", str(output), "--release", name, "--address", address]
    command += ["--as-of", as_of.isoformat()] if as_of else []
    environment = {key: value for key, value in os.environ.items() if key not in _OWN}
    environment |= {"CLAIMBOOK_HOME": str(root)}
    if (root / "src" / "analysis").is_dir():
        environment["PYTHONPATH"] = str(root / "src")
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise ClaimbookError(f"version {name} could not be built; what is wrong stands above")
    return output / "html"


def again(
    name: str, site: Path, output: Path | None = None, *, anyway: bool = False, say: Callable[[str], None] = print
) -> Compared:
    """Build a published version again in a clean folder, without a network, and compare it byte by byte.

    `output`: where it is built, an empty folder or none yet; without one a temporary one. ClaimbookError where this
    checkout lacks the commit, or where the libraries installed are not those of the record (`anyway` builds none the
    less).
    """
    shelf = Shelf(site)
    folder = shelf.version(name)
    if not folder.is_dir():
        held = sorted(path.name for path in folder.parent.glob("*"))
        raise ClaimbookError(f"{site} holds no version {name!r}; there are: {', '.join(held) or 'none'}")
    made = record.read(folder)
    _check(made, anyway=anyway)
    if output is not None:
        if output.exists() and any(output.iterdir()):
            raise ClaimbookError(f"{output} is not empty; name a folder that is, or none")
        return _again(made, folder, output.resolve(), say)
    with tempfile.TemporaryDirectory(prefix="claimbook-") as temporary:
        return _again(made, folder, Path(temporary).resolve(), say)


def _again(made: Record, folder: Path, output: Path, say: Callable[[str], None]) -> Compared:
    clone = output / "checkout"
    say(f"checking out {made.commit}")
    clone.parent.mkdir(parents=True, exist_ok=True)
    _git(["clone", "--quiet", "--shared", "--no-checkout", str(home()), str(clone)])
    _git(["-C", str(clone), "checkout", "--quiet", "--detach", str(made.commit)])
    changed = [
        entry.path
        for entry in made.snapshots
        if not (clone / entry.path).is_file() or sums.digest(clone / entry.path) != entry.sha256
    ]
    if changed:
        raise ClaimbookError(f"{changed[0]} at {made.commit} is not the snapshot that version {made.name} records")
    say(f"building version {made.name}")
    html = build(clone, output / "built", name=made.name, as_of=made.retrospective, address=made.address)
    say("comparing")
    return compared(folder, html)


def compared(frozen: Path, built: Path) -> Compared:
    """A frozen version and one that was built, file by file; what was altered since it was frozen is found too."""
    there, here = sums.of_folder(frozen), sums.of_folder(built)
    return Compared(len(there), tuple(sorted(p for p in there.keys() | here.keys() if there.get(p) != here.get(p))))


def _check(made: Record, *, anyway: bool) -> None:
    """Whether this checkout and this environment can make a version again."""
    if made.commit is None:
        raise ClaimbookError(
            f"version {made.name} was built from files that were not committed; nothing can make it again"
        )
    try:
        _git(["-C", str(home()), "cat-file", "-e", f"{made.commit}^{{commit}}"])
    except ClaimbookError:
        raise ClaimbookError(
            f"version {made.name} was built from the commit {made.commit}, which this checkout does not have; fetch it"
        ) from None
    python = f"{platform.python_implementation()} {platform.python_version()}"
    differing = _differing({"Python": made.python, **made.tools}, {"Python": python, **making.installed()})
    if differing and not anyway:
        raise ClaimbookError(
            f"version {made.name} was built with other libraries: {'; '.join(differing[:5])}"
            f"{f' and {len(differing) - 5} more' if len(differing) > 5 else ''}. Install those of requirements.lock at "
            f"{made.commit[:12]} (`make install` in a checkout of it), or try with these by --anyway"
        )


def _differing(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [
        f"{name} {then.get(name, 'absent')} then, {now.get(name, 'absent')} here"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    ]


def _git(words: list[str]) -> None:
    done = subprocess.run(["git", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise ClaimbookError(f"git {' '.join(words[:3])} failed: {done.stderr.strip()[-500:]}")
