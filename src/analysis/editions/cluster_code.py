"""Are two machines about to make the same editions? By the package, what it is made on, and the book's folder."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from analysis.inputs import look

# What a worker needs of the book's folder.
PARTS = ("data", "chapters", "_config.yml", "_toc.yml")
# Variables that decide what the store shows: those of the one who asked hold, and no others.
DECIDING = ("CLAIMBOOK_AS_OF", "CLAIMBOOK_VERSION")


def code() -> str:
    """A digest of the package's source, of Python, and of the versions of what the package needs, of its extras too.

    What else is installed may differ from machine to machine.
    """
    names = {re.split(r"[^A-Za-z0-9._-]", told)[0] for told in metadata.requires("claimbook") or ()}
    versions = {}
    for name in sorted(names):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    needed = {name: versions[name] for name in versions if name not in _TOOLS}
    told = [dict(look().package), needed, platform.python_version()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


# Of the extras those by which nothing is made: a worker need not have them.
_TOOLS = {
    *("axe-playwright-python", "frictionless", "hypothesis", "jsonschema", "lxml", "nbval", "pagefind", "playwright"),
    *("pybtex", "pypdf", "pytest", "pytest-xdist"),
}


def book(folder: Path) -> str:
    """A digest of what a worker needs of the book's folder."""
    found = hashlib.sha256()
    for part in PARTS:
        path = folder / part
        files = [path] if path.is_file() else sorted(entry for entry in path.rglob("*") if entry.is_file())
        for file in files:
            found.update(file.relative_to(folder).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def decide(given: Mapping[str, str]) -> None:
    """Set the deciding variables of a worker's process as they are where the work was asked for."""
    for name in DECIDING:
        os.environ.pop(name, None)
    os.environ.update(given)
