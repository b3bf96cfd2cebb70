"""What stands now that a book can depend on: its files, the package, what is installed, and the surroundings."""

from __future__ import annotations

import os
import platform
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import analysis
from analysis.hearing import of_file
from analysis.home import home

# What of a checkout the build reads; whole folders below.
FILES = ("_config.yml", "_toc.yml", "about.md", "index.md", "requirements.lock")
FOLDERS = ("data", "chapters")
# Variables that decide what the package or the libraries below it make; the rest of these say only where things lie.
VARIABLES = ("CLAIMBOOK_", "PYTHON", "LC_", "LANG", "TZ", "IPYTHON", "JUPYTER", "PAPERMILL", "SPHINX", "SOURCE_DATE_")
PLACES = ("CLAIMBOOK_HOME", "CLAIMBOOK_READS", "CLAIMBOOK_FIGURE_CACHE", "CLAIMBOOK_PAGE_FACTS")
# The clock of a disk may lag behind that of the system by this, in nanoseconds.
_LAG = 20_000_000
_Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Inputs:
    """All inputs by kind and name: the SHA-256 of each file, the version of what is installed, what variables say.

    `book`: files below home by path; `package`: the package's own, templates too; `installed`: Python and every
    distribution; `variables`: by name; `profile`: what IPython runs at each start.
    """

    book: Mapping[str, str]
    package: Mapping[str, str]
    installed: Mapping[str, str]
    variables: Mapping[str, str]
    profile: Mapping[str, str]
    stamps: Mapping[Path, _Stamp]

    def are_settled(self) -> bool:
        """Whether no file has changed since this process began, and none has come or gone since `look`.

        What has changed may have been loaded before: what is made then is used once and not kept.
        """
        now = dict(_stamps(path for paths in _paths() for path in paths.values()))
        return now == self.stamps and all(stamp[1] < analysis.LOADED - _LAG for stamp in now.values())


def look() -> Inputs:
    """Look at all inputs: every file is read, which takes a few hundredths of a second."""
    book, package, profile = _paths()
    stamps = dict(_stamps(path for paths in (book, package, profile) for path in paths.values()))
    return Inputs(
        book={name: of_file(path) for name, path in book.items()},
        package={name: of_file(path) for name, path in package.items()},
        installed=_installed(),
        variables=_variables(),
        profile={name: of_file(path) for name, path in profile.items()},
        stamps=stamps,
    )


def _paths() -> tuple[dict[str, Path], dict[str, Path], dict[str, Path]]:
    """The files of the book, of the package and of IPython's profile, by their names there."""
    root, package = home(), Path(analysis.__file__).parent
    book = {name: root / name for name in FILES if (root / name).is_file()}
    for folder in FOLDERS:
        book |= {f"{folder}/{name}": path for name, path in _below(root / folder)}
    # A wheel carries a book inside the package.
    source = {name: path for name, path in _below(package) if not name.startswith("_book/")}
    profile = Path(os.environ.get("IPYTHONDIR") or Path.home() / ".ipython") / "profile_default"
    started = [path for pattern in ("*.py", "*.json", "startup/*") for path in sorted(profile.glob(pattern))]
    return book, source, {str(path): path for path in started if path.is_file()}


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below a folder by their paths there, but for hidden ones and what Python compiles."""
    for where, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(names):
            if not name.startswith("."):
                path = Path(where, name)
                yield path.relative_to(folder).as_posix(), path


def _stamps(paths: Iterable[Path]) -> Iterator[tuple[Path, _Stamp]]:
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue
        # A copy may keep the time of its original; that of the entry itself nobody can set.
        changed = found.st_ctime_ns if os.name == "posix" else found.st_mtime_ns
        yield path, (found.st_size, changed, found.st_mtime_ns, found.st_ino)


def _installed() -> dict[str, str]:
    """Python, its machine and every distribution that can be imported, by its normal name."""
    found = {
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{sys.platform} {platform.machine()}",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    for folder in reversed([path for path in sys.path if path]):
        try:
            names = os.listdir(folder)  # noqa: PTH208 - of a few hundred names no paths are needed
        except OSError:  # a path of Python's may name an archive, or nothing
            continue
        for name in names:
            if told := re.fullmatch(r"(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info", name):
                found[re.sub(r"[-_.]+", "-", told[1]).lower()] = told[2]
    return found


def _variables() -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if name.startswith(VARIABLES) and name not in PLACES and value
    }
