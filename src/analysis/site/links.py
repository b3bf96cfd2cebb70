"""Does every link of the finished site lead somewhere, and does no page ask another host for anything?

The site is opened from the file system too, so a link has to name its file: neither an address that begins
with "/" nor the name of a folder will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from analysis.errors import ClaimbookError

_LOADING = {
    "audio": ("src",),
    "body": ("background",),
    "embed": ("src",),
    "figure": ("data-live",),  # the file from which a chart comes alive
    "feimage": ("href", "xlink:href"),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src", "href", "xlink:href"),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""What a browser fetches by itself, tag by tag; `link` is told apart by its rel."""

_LEADING = {"a": ("href", "xlink:href"), "area": ("href",), "form": ("action",), "button": ("formaction",)}
"""What a reader may follow."""

_POINTING = frozenset(
    ("alternate", "author", "canonical", "help", "index", "license", "me", "next", "prev", "search", "up")
)
"""The rels of a `link` that loads nothing."""

_ELSEWHERE = frozenset(("http", "https", "mailto", "tel"))
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass
class _Page(HTMLParser):
    """The anchors of a page and the addresses it names: (tag and attribute, address, loaded by itself)."""

    anchors: set[str] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str, bool]] = field(default_factory=list)
    _style: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._anchor(tag, values)
        self._style = tag == "style"
        for name in _LEADING.get(tag, ()):
            if name in values:
                self.addresses.append((f"<{tag} {name}>", values[name], False))
        for name in _LOADING.get(tag, ()):
            if name in values:
                found = _sources(values[name]) if name == "srcset" else (values[name],)
                self.addresses.extend((f"<{tag} {name}>", address, True) for address in found)
        if tag == "link" and "href" in values:
            rels = set(values.get("rel", "").lower().split())
            self.addresses.append((f"<link rel={values.get('rel')!r}>", values["href"], not rels <= _POINTING))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh" and "=" in values.get("content", ""):
            self.addresses.append(("<meta refresh>", values["content"].partition("=")[2].strip(" '\""), True))
        if tag == "base":
            self.addresses.append(("<base>", "base:", True))
        for name in ("style", "fill", "stroke", "filter", "mask", "clip-path"):
            self._css(f"<{tag} {name}>", values.get(name, ""))

    def _anchor(self, tag: str, values: dict[str, str]) -> None:
        named = {values["id"]} if values.get("id") else set()
        self.twice.extend(named & self.anchors)
        self.anchors |= named
        if tag == "a" and values.get("name"):
            self.anchors.add(values["name"])

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._style:
            self._css("<style>", data)

    def _css(self, place: str, text: str) -> None:
        self.addresses.extend((place, address, True) for address in _css_addresses(text))


def check(folder: Path) -> list[str]:
    """What is wrong with the links of the site in `folder`, one message each, with page and address.

    Wrong is: an address within the site whose file or anchor is not there; anything loaded from another
    host, by a tag or a style sheet (links for readers to follow may lead anywhere); an id that stands twice
    on a page. ClaimbookError if the folder holds no page.
    """
    folder = folder.resolve()
    pages = {path: _parsed(path) for path in sorted(folder.rglob("*.html"))}
    if not pages:
        raise ClaimbookError(f"{folder} holds no page; build the book first")
    messages = []
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        messages += [f"{name}: the id {anchor!r} stands twice" for anchor in page.twice]
        for place, address, loaded in page.addresses:
            if fault := _fault(folder, path, address, loaded, pages):
                messages.append(f"{name}: {place} {address[:200]!r} {fault}")
    for path in sorted(folder.rglob("*.css")):
        for address in _css_addresses(path.read_text(encoding="utf-8")):
            if fault := _fault(folder, path, address, True, pages):
                messages.append(f"{path.relative_to(folder).as_posix()}: {address[:200]!r} {fault}")
    return messages


def _parsed(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def _fault(folder: Path, path: Path, address: str, loaded: bool, pages: dict[Path, _Page]) -> str | None:
    """What is wrong with one address that stands in the file `path`, or None."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return "is not an address"
    if parts.scheme == "data" and loaded:
        return None
    if parts.scheme or parts.netloc:
        if loaded:
            return "is loaded from another host"
        # A host does not make an address: "javascript://example.org/%0Arun()" has one and is a script.
        return None if (parts.scheme or "https") in _ELSEWHERE else "is not an address a reader can follow"
    if parts.path.startswith("/"):
        return "begins with '/', which leads nowhere when the page is opened from a file"
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_relative_to(folder):
        return "leads out of the site"
    if not target.is_file():
        return "names no file of the site"
    anchor = unquote(parts.fragment).partition(":~:")[0]
    if anchor and anchor != "top" and target in pages and anchor not in pages[target].anchors:
        return "names no anchor of that page"
    return None


def _sources(srcset: str) -> list[str]:
    """The addresses of a srcset, without their sizes."""
    return [part.split()[0] for part in re.split(r",\s+", srcset) if part.strip()]


def _css_addresses(text: str) -> Iterator[str]:
    """The addresses that a style sheet loads; references to something on the page itself (#...) are left out."""
    for found in _CSS_URL.finditer(_CSS_COMMENT.sub("", text)):
        address = next((group for group in found.groups() if group), "")
        if address and not address.startswith("#"):
            yield address
