"""Is a published site whole, as its readers see it?"""

from __future__ import annotations

import json
import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from analysis.versions import record, sums

Seen = dict[str, bytes]


def seen(site: Path) -> Seen:
    """Every file that a reader can ask for, by its path: through links, and nothing of what is half made."""
    found = {}
    for path in site.iterdir() if site.exists() else ():
        if path.name == "generations" or not path.exists():
            continue
        parts = (path.rglob("*") if not path.is_symlink() else path.resolve().rglob("*")) if path.is_dir() else [path]
        base = path.resolve() if path.is_symlink() and path.is_dir() else path
        for part in parts:
            if part.is_file():
                name = path.name if part == path else f"{path.name}/{part.relative_to(base).as_posix()}"
                found[name] = part.read_bytes()
    return found


def faults(site: Path) -> list[str]:
    """What is wrong with a site: a hash, a version that is listed and not whole, a link that leads nowhere."""
    shown = seen(site)
    if "versions.json" not in shown:
        return [
            f"{name} is shown without a list of versions" for name in shown if not name.startswith(("v/", "changes/"))
        ]
    messages = []
    for name, value in sums.read(site).items():
        if sums.of_bytes(shown.get(name, b"")) != value:
            messages.append(f"{name} is not what {record.SUMS} says")
    listed = json.loads(shown["versions.json"])
    names = [entry["name"] for entry in listed["versions"]]
    for name in names:
        folder = site / "v" / name
        if sums.of_folder(folder) != sums.read(folder):
            messages.append(f"v/{name} is not whole")
    for alias in ("latest", "stable"):
        told = json.loads(shown.get(f"{alias}/{record.FILE}", b"{}")).get("name")
        if told != listed[alias]:
            messages.append(f"{alias}/ is {told}, and the list says {listed[alias]}")
    layer = shown["layer/versions.js"].decode()
    if [name for name in names if f'"name":"{name}"' not in layer]:
        messages.append("the layer does not know every version")
    return messages + _astray(shown)


def _astray(shown: Seen) -> list[str]:
    """Links of pages beside the versions that lead nowhere."""
    messages = []
    for name, content in shown.items():
        if not name.endswith(".html") or name.startswith(("v/", "latest/", "stable/")):
            continue
        for link in BeautifulSoup(content, "html.parser").select("[href]"):
            parts = urlsplit(link["href"])
            if parts.scheme or not parts.path:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            # The small versions of these tests have few of a book's pages.
            if target not in shown and not target.startswith(("latest/", "_static/")):
                messages.append(f"{name} leads to {target}, which there is not")
    return messages
