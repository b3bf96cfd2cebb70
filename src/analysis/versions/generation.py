"""Everything of a site that is no frozen version: lists, news, feeds, the layer, what search engines and hosts read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis import imprint, languages
from analysis.corrections import Correction, as_layer
from analysis.documents import documents as declared_documents
from analysis.exports import sitemap
from analysis.site import policy
from analysis.snapshots.catalogue import publishers
from analysis.templates import html
from analysis.versions import difference_json, feed_entries, layer, listed, news_page, record, sums
from analysis.versions.changes import Difference
from analysis.versions.difference import difference
from analysis.versions.listed import Listed, Noted
from analysis.versions.shelf import CHANGES, VERSIONS, Shelf
from analysis.versions.ways import document_feed

LATEST, STABLE, STATIC = "latest", "stable", "_static"
FEEDS, LAYER, HEADERS = "feeds", "layer", "_headers"
# Pages of a version that nobody looks for.
UNSOUGHT = ("cards/", "search.html")


@dataclass
class Generation:
    """What is shown next: files by their paths in the site, those that stay with where they stand, links to folders."""

    files: dict[str, bytes]
    kept: dict[str, Path]
    links: dict[str, str]


@dataclass(frozen=True)
class Coming:
    """A version that comes now, in `folder`, and what differs from the one before it (for the first: everything)."""

    folder: Path
    told: Difference
    new: Listed
    old: Listed | None
    moment: dt.datetime


def changes(coming: Coming, address: str) -> dict[str, bytes]:
    """The files of changes/<version>/: what a version changed, as a page and as JSON. Nothing for the first one."""
    if coming.old is None:
        return {}
    page = news_page.step_page(coming.told, coming.old, coming.new, titles(), address=address)
    return {"index.html": page.encode(), "changes.json": difference_json.text(coming.told).encode()}


def generation(
    shelf: Shelf, known: Sequence[Listed], log: Sequence[Correction], coming: Coming | None, address: str
) -> Generation:
    """The next generation: with one version more (`coming`, which `known` holds too), or with other corrections alone.

    `known`: all versions; `address`: that of the site, with a slash at its end, or nothing.
    """
    entries = [_noted(entry, log) for entry in listed.ordered(known)]
    newest = entries[0]
    made = record.read(shelf.version(newest.name))
    fresh: dict[str, bytes] = {}
    kept: dict[str, Path] = {}
    _put_layer(shelf, entries, log, coming, fresh, kept)
    _put_feeds(shelf, coming, address, fresh, kept)
    fresh[listed.FILE] = listed.text(entries).encode()
    documents = _documents(fresh, kept)
    fresh[news_page.VERSIONS] = news_page.versions_page(entries, documents, address=address).encode()
    fresh["index.html"] = html(
        "versions_root.html.j2", book=imprint.BOOK, about=imprint.ABOUT, latest=f"{LATEST}/index.html",
        canonical=f"{address}{LATEST}/" if address else "", policy=policy.policy(),
    ).encode()  # fmt: skip
    if len(entries) > 1:
        first = entries[-1]
        told = difference(shelf.version(first.name), shelf.version(newest.name))
        fresh[news_page.WHOLE] = news_page.whole_page(told, first, newest, titles(), address=address).encode()
    fresh |= _for_engines(made.pages, entries, address)
    fresh[HEADERS] = _headers(shelf, made.pages, fresh).encode()
    fresh[".nojekyll"] = b""
    stable = listed.stable(entries) or newest.name
    links = {LATEST: f"{VERSIONS}/{newest.name}", STABLE: f"{VERSIONS}/{stable}"}
    links[STATIC] = f"{VERSIONS}/{newest.name}/{STATIC}"
    fresh[record.SUMS] = _sums(shelf, entries, fresh, kept).encode()
    return Generation(fresh, kept, links)


def titles() -> dict[str, str]:
    """The titles of publishers by their ids."""
    return {name: entry.title for name, entry in publishers().items()}


def _noted(entry: Listed, log: Sequence[Correction]) -> Listed:
    """A version with the corrections that concern it."""
    concerned = tuple(Noted(one.id, one.title, one.dated) for one in log if one.concerns(entry.name))
    return replace(entry, corrections=concerned)


def _put_layer(
    shelf: Shelf,
    entries: Sequence[Listed],
    log: Sequence[Correction],
    coming: Coming | None,
    fresh: dict[str, bytes],
    kept: dict[str, Path],
) -> None:
    told = [
        {"name": e.name, "as_of": e.as_of, "retrospective": e.retrospective, "candidate": e.candidate} for e in entries
    ]
    before = shelf.now / LAYER if shelf.now else None
    made = layer.files(before, coming.folder if coming else None, coming.told if coming else None, told, as_layer(log))
    fresh |= {f"{LAYER}/{name}": text.encode() for name, text in made.texts.items()}
    kept |= {f"{LAYER}/{name}": before / name for name in made.kept}


def _put_feeds(
    shelf: Shelf, coming: Coming | None, address: str, fresh: dict[str, bytes], kept: dict[str, Path]
) -> None:
    now = shelf.now
    held = {path.relative_to(now).as_posix(): path for path in sorted((now / FEEDS).rglob("*.xml"))} if now else {}
    if coming is not None:
        publication = feed_entries.Publication(
            coming.told, coming.new, coming.old, coming.moment, address=address, publishers=titles()
        )
        before = {path: place.read_bytes() for path, place in held.items()}
        fresh |= dict(feed_entries.files(publication, before.get))
    kept |= {path: place for path, place in held.items() if path not in fresh}


def _documents(fresh: Mapping[str, bytes], kept: Mapping[str, Path]) -> dict[str, str]:
    """Titles of the documents that have a feed, by id."""
    return {name: entry.title for name, entry in declared_documents().items() if document_feed(name) in {*fresh, *kept}}


def _for_engines(pages: Sequence[str], entries: Sequence[Listed], address: str) -> dict[str, bytes]:
    """The map of the site: the newest version's pages under latest/, and what stands beside the versions."""
    read = [path for path in pages if not path.startswith(UNSOUGHT)]
    found = [f"{LATEST}/{path}" for path in read]
    alternates = {
        f"{LATEST}/{path}": {code: f"{LATEST}/{other}" for code, other in languages.alternates(path).items()}
        for path in read
    }
    found += [news_page.VERSIONS, *(listed.changes_of(entry.name) for entry in entries[:-1])]
    return {name: text.encode() for name, text in sitemap.files(found, address, alternates).items()}


def _headers(shelf: Shelf, pages: Sequence[str], fresh: Mapping[str, bytes]) -> str:
    """Headers for hosts; what only older versions have is carried on from those of before."""
    inside = {f"{path.partition('/')[0]}/" if "/" in path else path for path in pages}
    if shelf.now and (shelf.now / HEADERS).is_file():
        before = (shelf.now / HEADERS).read_text(encoding="utf-8").splitlines()
        own = "/v/:version/"
        named = {line.removeprefix(own) for line in before if line.startswith(own)}
        inside |= {name.removesuffix("*") for name in named if name.endswith(("/*", ".html"))}
    beside = [path for path in fresh if path.endswith(".html")]
    return policy.versions_headers([*beside, f"{CHANGES}/index.html"], inside)


def _sums(shelf: Shelf, entries: Sequence[Listed], fresh: Mapping[str, bytes], kept: Mapping[str, Path]) -> str:
    """SHA256SUMS of the site: every file but those of versions, for each of which its own SHA256SUMS stands.

    What does not change is taken from the list of before, so that one version more costs the same beside many.
    """
    before = sums.read(shelf.now) if shelf.now else {}
    found = {path: sums.of_bytes(content) for path, content in fresh.items()}
    found |= {path: before.get(path) or sums.digest(place) for path, place in kept.items()}
    for entry in entries:
        lasting = [f"{VERSIONS}/{entry.name}/{record.SUMS}"]
        if entry is not entries[-1]:
            lasting += [f"{CHANGES}/{entry.name}/{name}" for name in ("changes.json", "index.html")]
        found |= {path: before.get(path) or sums.digest(shelf.folder / path) for path in lasting}
    return sums.text(found)
