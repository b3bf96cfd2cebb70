"""Atom feeds (RFC 4287) that grow by one entry a version, the newest first.

A feed is made from the file it had before and one entry, so that publishing never reads older versions again.
The same entries make the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import urljoin

from analysis.errors import ClaimbookError
from analysis.imprint import BOOK, LICENCE, LICENCE_ADDRESS, MAKER

ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml"
MOST = 50
# The ids of feeds whose site has no address are made from this one.
_OWN = uuid.UUID("3c0c4a0e-6d5b-5f6e-9c1d-8f2b7a4e5d60")
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """An entry. `id` is a URN, `updated` a moment as RFC 3339 has it, `href` a reference, `content` HTML."""

    id: str
    title: str
    updated: str
    href: str
    content: str


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself. `path`: its place on the site; `address`: that of the site's root with a slash at its
    end, or nothing; `page`: from the site's root, what it is about; `subtitle` may be empty."""

    path: str
    title: str
    page: str
    address: str = ""
    subtitle: str = ""

    @property
    def root(self) -> str:
        """The root of the site: its address where that is known, else the way to it from the feed."""
        return self.address or "../" * self.path.count("/")


def feed_id(feed: Feed) -> str:
    """The id of a new feed. One that has been published keeps its own, whatever becomes of its address."""
    if feed.address:
        return uuid.uuid5(uuid.NAMESPACE_URL, urljoin(feed.address, feed.path)).urn
    return uuid.uuid5(_OWN, f"{BOOK} {feed.path}").urn


def entry_id(feed: str, version: str) -> str:
    """The id of the entry on a version in the feed of an id: that of the feed and the name of the version."""
    return uuid.uuid5(uuid.UUID(feed), version).urn


def moment(when: dt.datetime) -> str:
    """A moment as a feed writes it, in UTC. ValueError where it does not say its time zone."""
    if when.tzinfo is None:
        raise ValueError("the moment of an entry says its time zone; give one in UTC")
    return f"{when.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def known_id(previous: bytes | None, feed: Feed) -> str:
    """The id of a feed: the one it was published under, else that of a new one."""
    return feed_id(feed) if previous is None else _required(_parsed(previous, feed), "id", feed)


def extended(previous: bytes | None, feed: Feed, entry: Entry, most: int = MOST) -> bytes:
    """The feed with one more entry, the newest first, and at most `most` of them.

    An entry of the same id is replaced, so that publishing again adds none. ClaimbookError where `previous` is not a
    feed of ours, or brings a document type.
    """
    root = None if previous is None else _parsed(previous, feed)
    kept = [] if root is None else [_entry(found, feed) for found in root.findall(_tag("entry"))]
    entries = [entry, *(one for one in kept if one.id != entry.id)][:most]
    identifier = feed_id(feed) if root is None else _required(root, "id", feed)
    return _written(feed, identifier, entries)


def entries(content: bytes, feed: Feed) -> list[Entry]:
    """The entries of a feed of ours, as they stand in it."""
    return [_entry(found, feed) for found in _parsed(content, feed).findall(_tag("entry"))]


class _Plain(ET.TreeBuilder):
    """A tree without a document type: that could define entities."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ClaimbookError("it brings a document type, which no feed of ours has")


def _parsed(content: bytes, feed: Feed) -> ET.Element:
    try:
        parser = ET.XMLParser(target=_Plain())
        parser.feed(content)
        root = parser.close()
    except (ET.ParseError, ClaimbookError, ValueError, LookupError) as error:
        raise _faulty(feed, str(error)) from None
    if root.tag != _tag("feed"):
        raise _faulty(feed, f"it is a {root.tag}")
    return root


def _entry(found: ET.Element, feed: Feed) -> Entry:
    link = found.find(_tag("link"))
    return Entry(
        id=_required(found, "id", feed),
        title=_required(found, "title", feed),
        updated=_required(found, "updated", feed),
        href="" if link is None else link.get("href", ""),
        content=found.findtext(_tag("content"), ""),
    )


def _required(parent: ET.Element, name: str, feed: Feed) -> str:
    text = parent.findtext(_tag(name))
    if not text:
        raise _faulty(feed, f"{name} is missing")
    return text


def _faulty(feed: Feed, why: str) -> ClaimbookError:
    return ClaimbookError(
        f"{feed.path} cannot be read as a feed of the book: {why}; restore it from a copy of the site, or take it away "
        "so that it begins anew"
    )


def _written(feed: Feed, identifier: str, entries: list[Entry]) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "id", identifier)
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", max(entry.updated for entry in entries))
    author = ET.SubElement(root, "author")
    _text(author, "name", MAKER)
    if feed.address:
        ET.SubElement(root, "link", {"rel": "self", "type": TYPE, "href": urljoin(feed.address, feed.path)})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.root + feed.page})
    ET.SubElement(root, "link", {"rel": "license", "href": LICENCE_ADDRESS})
    _text(root, "rights", f"{LICENCE}; figures by the terms of their publishers")
    _text(root, "generator", BOOK)
    for entry in entries:
        made = ET.SubElement(root, "entry")
        _text(made, "id", entry.id)
        _text(made, "title", " ".join(entry.title.split()))
        _text(made, "updated", entry.updated)
        ET.SubElement(made, "link", {"rel": "alternate", "type": "text/html", "href": entry.href})
        _text(made, "content", entry.content).set("type", "html")
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, name)
    # A parser makes a line feed of every other end of a line, and the bytes are to be the same again.
    made.text = _NO_XML.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return made


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"
