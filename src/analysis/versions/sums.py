"""SHA256SUMS: what every file of a folder holds, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import ClaimbookError
from analysis.versions.record import SUMS, is_within


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_bytes(content: bytes) -> str:
    """The SHA-256 of what a file holds."""
    return hashlib.sha256(content).hexdigest()


def of_folder(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder by its path there, but for SHA256SUMS in its root."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name: digest(folder / name) for name in found if name != SUMS}


def text(sums: Mapping[str, str]) -> str:
    """The file's text. ClaimbookError for a name that cannot stand in it."""
    for name in sums:
        if "\n" in name or "\\" in name or "\r" in name:
            raise ClaimbookError(f"{name!r} cannot be listed in {SUMS}; rename it")
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def read(folder: Path) -> dict[str, str]:
    """What a folder's SHA256SUMS says, by path; ClaimbookError where it is missing or not of this form."""
    path = folder / SUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimbookError(f"{path} cannot be read: {error}") from None
    found = {}
    for line in lines:
        value, space, name = line.partition("  ")
        if not space or len(value) != 64 or not is_within(name):
            raise ClaimbookError(f"{path} holds a line that is not of the form of sha256sum: {line[:80]!r}")
        found[name] = value
    return found
