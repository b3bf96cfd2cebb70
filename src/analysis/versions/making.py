"""The record of a version that is being built: what it was made from, and with what."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
import zlib
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

import analysis
from analysis import retrospect
from analysis.errors import ClaimbookError
from analysis.left_out import Left
from analysis.snapshots.store import Store
from analysis.versions import record
from analysis.versions.names import version

DISTRIBUTION = "claimbook"
# The extra whose libraries take part in building the book.
EXTRA = "book"
METHOD = (
    "areas.py", "currencies.py", "evaluations.py", "measures/*.py", "quantities.py", "snapshots/errata.py",
    "snapshots/store.py", "units.py", "verdicts.py",
)  # fmt: skip
"""The rooms of the package that decide verdicts."""
DECLARED = ("**/*.yaml", "areas/*")
UNDECIDING = ("corrections.yaml", "publishers.yaml", "upstreams.yaml")
"""What of data/ declares documents, claims, records, series and what they mean, and what of that decides nothing."""


def record_of(
    name: str,
    *,
    root: Path,
    store: Store,
    address: str,
    chapters: Mapping[str, str],
    left: Sequence[Left],
    pages: Iterable[str],
) -> record.Record:
    """The record of a version made from the checkout at `root` with the figures of `store`.

    `address` of the whole site, or nothing; `chapters`: titles by name; `left`: chapters left out; `pages`: paths.
    """
    return record.Record(
        name=name,
        as_of=store.newest,
        retrospective=retrospect.day(),
        address=address,
        commit=commit(root),
        lock=_digest([root / "requirements.lock"], root),
        ledger=_digest(_declared(root / "data"), root),
        method=_digest([path for pattern in METHOD for path in _package().glob(pattern)], _package()),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        tools=installed(),
        snapshots=[
            record.Snapshot(
                publisher=release.publisher,
                released=release.released,
                path=f"data/{release.path}",
                sha256=hashlib.sha256((store.folder / release.path).read_bytes()).hexdigest(),
            )
            for release in store.releases
        ],
        chapters=dict(chapters),
        left_out=[record.Left(name=entry.name, title=entry.title, why=entry.why) for entry in left],
        pages=sorted(pages),
    )


def check(name: str, store: Store) -> None:
    """Whether figures may stand in a version of this name: none can be newer than its month. Else ClaimbookError."""
    last = version(name).last_day
    if store.newest > last:
        raise ClaimbookError(
            f"version {name} ends on {last:%-d %B %Y}, and a release of {store.newest:%-d %B %Y} is held; name a later "
            f"version, or hide later releases with --as-of {last}"
        )


def commit(root: Path) -> str | None:
    """The commit of a checkout; None where there is no git, or where something is not committed."""
    if uncommitted(root) != []:
        return None
    return _git(root, "rev-parse", "HEAD").strip()


def uncommitted(root: Path) -> list[str] | None:
    """The files of a checkout that are not as committed; None where it is no checkout of its own."""
    try:
        if Path(_git(root, "rev-parse", "--show-toplevel").strip()).resolve() != root.resolve():
            return None
        return [line[3:] for line in _git(root, "status", "--porcelain", "--untracked-files=all").splitlines()]
    except (OSError, subprocess.CalledProcessError):
        return None


def installed() -> dict[str, str]:
    """The versions of all that takes part in building the book: its libraries, and what packs its pictures."""
    return {**tools(), "zlib": zlib.ZLIB_RUNTIME_VERSION}


def tools() -> dict[str, str]:
    """The version of every installed library that takes part in building the book, by its normal name."""
    found: dict[str, str] = {}
    asked = [(DISTRIBUTION, frozenset({EXTRA}))]
    seen = set()
    while asked:
        name, extras = asked.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # of an extra that is not installed, or for another system
            continue
        if name != DISTRIBUTION:
            found[name] = distribution.version
        for line in distribution.requires or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                asked.append((_normal(needed.name), frozenset(needed.extras)))
    return dict(sorted(found.items()))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(data: Path) -> list[Path]:
    found = {path for pattern in DECLARED for path in data.glob(pattern)}
    return [path for path in found if path.relative_to(data).as_posix() not in UNDECIDING]


def _package() -> Path:
    return Path(analysis.__file__).parent


def _digest(paths: Iterable[Path], root: Path) -> str:
    """One hash of several files with their names; of none where none is there."""
    whole = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def _git(root: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    ).stdout
