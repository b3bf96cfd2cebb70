"""Put what all editions have in common into their site, and make what is told of all pages together."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.exports import sitemap
from analysis.site import policy, search


def put(made: Path, site: Path) -> None:
    """Put pages and files into the site, each at one stroke over what was there."""
    for path in sorted(made.rglob("*")):
        name = path.relative_to(made)
        if path.is_dir() or name.name in ("objects.inv", ".buildinfo"):
            continue
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        path.replace(site / name)


def finish(site: Path, *, address: str, indexed: bool) -> int:
    """Write the headers for hosts, the map of the site and, where wanted, the index of the search; count the pages."""
    pages = sorted(
        name for path in site.rglob("*.html") if not (name := path.relative_to(site).as_posix()).startswith(".")
    )
    read = [name for name in pages if name != "search.html"]
    told = {"_headers": policy.headers_file(pages), **sitemap.files(read, address, {})}
    for name in {"sitemap.xml", "robots.txt"} - told.keys():  # of when there was an address
        (site / name).unlink(missing_ok=True)
    for name, text in told.items():
        partial = site / f"{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(site / name)
    if indexed:
        _index(site)
    return len(pages)


def _index(site: Path) -> None:
    folder = site / search.FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    search.index(site)
