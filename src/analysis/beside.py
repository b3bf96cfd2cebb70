"""What stands in the site beside the pages that Sphinx makes: other languages, cards, files for machines, pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis import languages
from analysis.audit import Audited
from analysis.errors import ClaimbookError
from analysis.exports import jsonld, machines, names, pictures, sitemap
from analysis.site import policy


def files(audits: Sequence[Audited], as_of: dt.date, address: str, cache: Path) -> dict[str, str | bytes]:
    """All of it by site path. `address`: the book's public address with a slash at its end, or nothing.

    `cache` is a folder for finished pictures.
    """
    made: dict[str, str | bytes] = {}
    for part in (
        machines.files(audits, as_of, address),
        languages.files(
            audits,
            as_of,
            address,
            picture=lambda found: names.places(found.claim).picture,
            data=lambda found: jsonld.claim(found, as_of, address),
        ),
        pictures.files(audits, as_of, cache),
    ):
        if twice := sorted(set(made) & set(part)):
            raise ClaimbookError(f"two parts of the book write {twice[0]}; one of them has to take another name")
        made.update(part)
    return made


def of_all_pages(site: Path, address: str) -> dict[str, str]:
    """What is told of all pages together, once they are there: the headers for hosts, the map of the site."""
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    read = [path for path in pages if not path.startswith("cards/") and path != "search.html"]
    alternates = {path: languages.alternates(path) for path in read}
    return {"_headers": policy.headers_file(pages), **sitemap.files(read, address, alternates)}


def write(site: Path, made: Mapping[str, str | bytes]) -> None:
    """Write files into the site by their paths within it; none of them may be there already."""
    for name, content in made.items():
        path = site / name
        if path.exists():
            raise ClaimbookError(f"{name} is there already; two parts of the book write it")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
