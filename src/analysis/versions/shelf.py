"""The folder of a published site: frozen versions beside each other, and one generation of everything else.

What changes is made whole in `generations/<number>/`, and shown by moving one symbolic link, `generations/now`. All
that readers ask for in the root leads through that link, so that they see the site before a change or after it, and
nothing in between, whenever whoever makes the change is stopped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.errors import ClaimbookError
from analysis.snapshots.promote import reason
from analysis.versions import record, sums
from analysis.versions.record import Record

VERSIONS, CHANGES, GENERATIONS, NOW = "v", "changes", "generations", "now"
STAGING, LOCK = ".new-", ".lock"
ROOT = (
    ".nojekyll", "SHA256SUMS", "_headers", "_static", "changes.html", "feeds", "index.html", "latest", "layer",
    "robots.txt", "sitemap.xml", "stable", "versions.html", "versions.json",
)  # fmt: skip
"""What stands in the root beside folders that stay: every name leads into the generation that is shown."""
WAIT = 60  # seconds that one publisher waits for another
FROZEN, SHOWN, FOLDER = 0o444, 0o644, 0o755
"""Modes of frozen files, of those that are shown beside them, and of folders: readers' programs open them all."""


@dataclass(frozen=True)
class Shelf:
    """A site's folder. To be changed by whoever holds `locked`."""

    folder: Path

    @property
    def now(self) -> Path | None:
        """The generation that readers see; None before the first."""
        link = self.folder / GENERATIONS / NOW
        return link.resolve() if link.is_symlink() and link.exists() else None

    def version(self, name: str) -> Path:
        """The folder of a frozen version, whether it is there or not."""
        return self.folder / VERSIONS / name

    def changes(self, name: str) -> Path:
        """The folder of what a version changed, whether it is there or not."""
        return self.folder / CHANGES / name

    @contextmanager
    def locked(self, wait: float = WAIT) -> Iterator[None]:
        """Be the only one who changes the site; what a stopped one left half made is removed first.

        ClaimbookError where another has been at it for longer than `wait` seconds, or where the disk refuses something;
        readers then see the site as it was.
        """
        place = self.folder.resolve()
        try:
            self._check()
            generations = place / GENERATIONS
            generations.mkdir(parents=True, exist_ok=True)
            with FileLock(generations / LOCK, timeout=wait):
                self._check()
                self._sweep()
                try:
                    yield
                finally:
                    with suppress(OSError):
                        self._sweep()
        except Timeout:
            raise ClaimbookError(f"another has been changing {place.name}/ for {wait:.0f} seconds; try again") from None
        except OSError as error:
            raise ClaimbookError(f"{place.name}/ was not changed: {reason(error)}") from None

    def freeze(self, built: Path, made: Record, before: str | None) -> None:
        """Put the built version of a record at its place, for good. A file that the version `before` has is shared.

        ClaimbookError where the built version is not what its SHA256SUMS says, or is of another record by now; nothing
        is then put anywhere.
        """
        told = sums.read(built)
        found = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()} - {record.SUMS}
        if missing := set(told) - found:
            raise ClaimbookError(f"{built} lacks {min(missing)}, which its {record.SUMS} lists; build the version anew")
        if stray := found - set(told):
            raise ClaimbookError(f"{built} holds {min(stray)}, which its {record.SUMS} does not list")
        shared = _by_content(self.version(before)) if before else {}
        with self._staged() as stage:
            for path in sorted(told):
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                _put(built / path, stage / path, told[path], shared.get(told[path]))
            (stage / record.SUMS).write_text(sums.text(told), encoding="utf-8")
            if record.read(stage) != made:
                raise ClaimbookError(f"{built} was built anew while version {made.name} was published; publish again")
            self._place(stage, self.version(made.name))

    def write_changes(self, name: str, files: Mapping[str, bytes]) -> None:
        """Put what a version changed at its place, for good."""
        with self._staged() as stage:
            for path, content in files.items():
                (stage / path).write_bytes(content)
            self._place(stage, self.changes(name))

    def show(self, files: Mapping[str, bytes], kept: Mapping[str, Path], links: Mapping[str, str]) -> None:
        """Make a new generation and show it: in one step, and for good.

        `files` by their paths in the root of the site; `kept` are those that stay as they are, with where they stand;
        `links` are names in the root that lead to folders, by their paths from the root.
        """
        generations, before = self.folder / GENERATIONS, self.now
        held = [path for path in generations.iterdir() if path.name.isdigit()]
        target = generations / f"{max((int(path.name) for path in held), default=0) + 1:04}"
        with self._staged() as stage:
            for path, source in kept.items():
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                _share(source, stage / path)
            for path, content in files.items():
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                (stage / path).write_bytes(content)
            for name, path in links.items():
                (stage / name).symlink_to(Path("../..") / path)
            names = sorted(path.name for path in stage.iterdir())
            _open(stage, SHOWN)
            stage.rename(target)
        for name in names:
            self._lead(name)
        os.sync()  # what the link will lead to has to be on the disk before it does
        self._link(generations / NOW, target.name)
        for name in self._leading() - set(names):
            (self.folder / name).unlink()
        for path in held:  # a reader may be in the middle of the one before
            if path.resolve() != before:
                shutil.rmtree(path, ignore_errors=True)

    def _lead(self, name: str) -> None:
        """Let a name in the root lead through the link that is moved."""
        path = self.folder / name
        if not path.is_symlink():
            path.symlink_to(Path(GENERATIONS, NOW, name))

    def _check(self) -> None:
        """Whether the folder is a site as it was left, or none yet. ClaimbookError; nothing is touched then."""
        place = self.folder
        for name in ROOT:
            path = place / name
            if (path.exists() or path.is_symlink()) and not (
                path.is_symlink() and path.readlink() == Path(GENERATIONS, NOW, name)
            ):
                raise ClaimbookError(
                    f"{path} is there and is not this site's own link: either the folder is somebody else's, or a copy "
                    "in which links were followed; publish into a folder of its own, or into the site itself"
                )
        held = sorted(path.name for path in (place / VERSIONS).iterdir()) if (place / VERSIONS).is_dir() else []
        if self.now is None and len(held) > 1:
            raise ClaimbookError(
                f"{place} holds versions ({', '.join(held[:5])}) and no list of them: {GENERATIONS}/ was lost. Restore "
                "it from a copy; without it nobody can say what was published"
            )

    def _leading(self) -> set[str]:
        found = (path for path in self.folder.iterdir() if path.is_symlink())
        return {path.name for path in found if path.readlink() == Path(GENERATIONS, NOW, path.name)}

    def _link(self, link: Path, target: str) -> None:
        """Make or move a symbolic link in one step."""
        fresh = link.with_name(f"{STAGING}{link.name}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(link)

    @contextmanager
    def _staged(self) -> Iterator[Path]:
        """A new folder on the site's own disk; gone at the end unless it was moved to its place."""
        stage = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.folder / GENERATIONS))
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _place(self, stage: Path, target: Path) -> None:
        """Move a whole folder to its place, to stay as it is. One that a stopped publisher left there is replaced.

        ClaimbookError where nothing tells that it was one: there is no list of versions, and it holds something else.
        """
        _open(stage, FROZEN)
        for folder in (self.folder, target.parent, self.folder / GENERATIONS):
            folder.mkdir(exist_ok=True)
            folder.chmod(folder.stat().st_mode | FOLDER)
        if target.exists():
            if self.now is None and sums.of_folder(target) != sums.of_folder(stage):
                raise ClaimbookError(f"{target} is there and no list names it; move it away if a publisher was stopped")
            target.rename(stage.with_name(f"{stage.name}-old"))
        stage.rename(target)

    def _sweep(self) -> None:
        """Remove what was left half made."""
        generations = self.folder / GENERATIONS
        for path in generations.glob(f"{STAGING}*") if generations.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _by_content(folder: Path) -> dict[str, Path]:
    """Where a frozen version holds which content."""
    return {value: folder / path for path, value in sums.read(folder).items()}


def _put(source: Path, target: Path, value: str, other: Path | None) -> None:
    """Put a file with a known hash at a place: shared with another that holds the same, or copied."""
    if other is not None and other.is_file():
        _share(other, target)
        if sums.digest(target) == value:
            return
        target.unlink()
    shutil.copyfile(source, target)
    if sums.digest(target) != value:
        raise ClaimbookError(f"{source} is not what {record.SUMS} says; build the version anew")


def _open(folder: Path, mode: int) -> None:
    """Let everybody read what is in a folder, whatever the mask of who made it."""
    folder.chmod(FOLDER)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(FOLDER if path.is_dir() else mode)


def _share(source: Path, target: Path) -> None:
    """Let two names be one file on the disk; a copy where the disk cannot."""
    try:
        os.link(source, target)
    except OSError:  # too many names for a file, or a disk without them
        shutil.copyfile(source, target)
