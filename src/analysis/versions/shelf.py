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

VERSIONS, CHANGES, GENERATIONS, NOW = "v", "changes", "generations", "now"
STAGING = ".new-"
WAIT = 60  # seconds that one publisher waits for another
KEPT = 2
"""How many generations stay: a reader may be in the middle of the one before."""
READ_ONLY = 0o444


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
            place.mkdir(parents=True, exist_ok=True)
            with FileLock(place.parent / f".{place.name}.lock", timeout=wait):
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

    def freeze(self, built: Path, name: str, before: str | None) -> None:
        """Put a built version at its place, for good. A file that the version `before` has too is shared with it.

        ClaimbookError where the built version is not what its SHA256SUMS says; nothing is then put anywhere.
        """
        told = sums.read(built)
        shared = _by_content(self.version(before)) if before else {}
        with self._staged() as stage:
            for path in sorted(told):
                source, target = built / path, stage / path
                if not source.is_file() or source.is_symlink():
                    raise ClaimbookError(f"{built} lacks {path}, which its {record.SUMS} lists; build the version anew")
                target.parent.mkdir(parents=True, exist_ok=True)
                _put(source, target, told[path], shared.get(told[path]))
            extra = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()} - set(told)
            if extra != {record.SUMS}:
                stray = min(extra - {record.SUMS}, default=record.SUMS)
                raise ClaimbookError(f"{built} holds {stray}, which its {record.SUMS} does not list")
            shutil.copyfile(built / record.SUMS, stage / record.SUMS)
            (stage / record.SUMS).chmod(READ_ONLY)
            self._place(stage, self.version(name))

    def write_changes(self, name: str, files: Mapping[str, bytes]) -> None:
        """Put what a version changed at its place, for good."""
        with self._staged() as stage:
            for path, content in files.items():
                (stage / path).write_bytes(content)
                (stage / path).chmod(READ_ONLY)
            self._place(stage, self.changes(name))

    def show(self, files: Mapping[str, bytes], kept: Mapping[str, Path], links: Mapping[str, str]) -> None:
        """Make a new generation and show it: in one step, and for good.

        `files` by their paths in the root of the site; `kept` are those that stay as they are, with where they stand;
        `links` are names in the root that lead to folders, by their paths from the root.
        """
        generations = self.folder / GENERATIONS
        held = [int(path.name) for path in generations.iterdir() if path.name.isdigit()] if generations.is_dir() else []
        target = generations / f"{max(held, default=0) + 1:04}"
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
            stage.rename(target)
        for name in names:
            self._lead(name)
        os.sync()  # what the link will lead to has to be on the disk before it does
        self._link(generations / NOW, target.name)
        for name in self._leading() - set(names):
            (self.folder / name).unlink()
        for number in sorted(held)[: -(KEPT - 1)]:
            shutil.rmtree(generations / f"{number:04}", ignore_errors=True)

    def _lead(self, name: str) -> None:
        """Let a name in the root lead through the link that is moved."""
        path = self.folder / name
        target = f"{GENERATIONS}/{NOW}/{name}"
        if path.is_symlink() and path.readlink() == Path(target):
            return
        if path.exists() or path.is_symlink():
            raise ClaimbookError(f"{path} is there and is not this site's; publish into a folder of its own")
        path.symlink_to(target)

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
        (self.folder / GENERATIONS).mkdir(exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.folder / GENERATIONS))
        stage.chmod(0o755)
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _place(self, stage: Path, target: Path) -> None:
        """Move a whole folder to its place; one that is there already was left by a stopped publisher, unlisted."""
        target.parent.mkdir(exist_ok=True)
        if target.exists():
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
    if other is not None and other.is_file() and sums.digest(other) == value:
        _share(other, target)
        return
    shutil.copyfile(source, target)
    if sums.digest(target) != value:
        raise ClaimbookError(f"{source} is not what {record.SUMS} says; build the version anew")
    target.chmod(READ_ONLY)


def _share(source: Path, target: Path) -> None:
    """Let two names be one file on the disk; a copy where the disk cannot."""
    try:
        os.link(source, target)
    except OSError:  # too many names for a file, or a disk without them
        shutil.copyfile(source, target)
