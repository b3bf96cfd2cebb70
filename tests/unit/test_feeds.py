"""Atom feeds: valid by RFC 4287, the newest entry first, grown from the file before, the same bytes each time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import differing
import hostile
import pytest
from bs4 import BeautifulSoup
from differing import DECIDED, FLIP, NEW, OLD, PUBLISHERS, claim, difference, entry, moved

from analysis.errors import ClaimbookError
from analysis.versions import feed_entries, feeds
from analysis.versions.changes import Difference
from analysis.versions.feed_entries import Publication
from analysis.versions.feeds import ATOM, Entry, Feed
from analysis.versions.listed import Listed

MOMENT = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
ADDRESS = "https://a.example/book/"
A = {"a": ATOM}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@cache
def schema():
    etree = pytest.importorskip("lxml.etree", reason="lxml reads RELAX NG; it is in the extra `test`")
    return etree, etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def invalid(content: bytes) -> bool:
    """Whether the schema refuses a feed."""
    etree, grammar = schema()
    return not grammar.validate(etree.fromstring(content))


def faults(content: bytes) -> list[str]:
    """What breaks a rule of RFC 4287 that its schema does not say."""
    root = ET.fromstring(content)
    found = []
    for moment in [*root.iter(f"{{{ATOM}}}updated"), *root.iter(f"{{{ATOM}}}published")]:
        if not RFC_3339.fullmatch(moment.text or ""):
            found.append(f"3.3: {moment.text} is no moment of RFC 3339")
    entries = root.findall("a:entry", A)
    if not root.findall("a:author", A) and not all(one.findall("a:author", A) for one in entries):
        found.append("4.1.1: neither the feed nor each entry has an author")
    for part in [root, *entries]:
        links = [(link.get("type"), link.get("hreflang")) for link in part.findall("a:link[@rel='alternate']", A)]
        links += [
            (link.get("type"), link.get("hreflang")) for link in part.findall("a:link", A) if "rel" not in link.attrib
        ]
        if len(links) != len(set(links)):
            found.append("4.1.1, 4.1.2: two alternates of a type and language")
    for one in entries:
        if one.find("a:content", A) is None and one.find("a:link[@rel='alternate']", A) is None:
            found.append("4.1.2: an entry has neither content nor an alternate")
    told = [(one.findtext("a:id", "", A), one.findtext("a:updated", "", A)) for one in entries]
    if len(told) != len(set(told)):
        found.append("4.1.1: two entries share id and moment")
    if any(not (name.text or "").strip() for name in root.iter(f"{{{ATOM}}}name")):
        found.append("3.2.1: a person has no name")
    return found


def published(found: Difference, old: Listed | None = OLD, new: Listed = NEW, address: str = ADDRESS, moment=MOMENT):
    return Publication(found, new, old, moment, address, PUBLISHERS)


def first(*added) -> Difference:
    return Difference("", OLD.name, added=added)


def files(publication, previous=None) -> dict[str, bytes]:
    return dict(feed_entries.files(publication, (previous or {}).get))


def read(content: bytes) -> list[ET.Element]:
    return ET.fromstring(content).findall("a:entry", A)


def titles(content: bytes) -> list[str]:
    return [one.findtext("a:title", "", A) for one in read(content)]


def history() -> dict[str, bytes]:
    """The feeds of two versions."""
    there = files(published(first(entry("a", document=differing.STRATEGY)), None, OLD, moment=MOMENT - dt.timedelta(1)))
    return there | files(published(differing.everything()), there)


# Valid.


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_every_feed_is_valid(address):
    there = files(published(first(entry("a"), entry("b")), None, OLD, address))
    made = there | files(published(differing.everything(), address=address), there)
    assert len(made) == 1 + 3 + 7
    for path, content in made.items():
        assert faults(content) == [], path
        assert not invalid(content), path


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_feeds_of_hostile_texts_are_valid_and_their_texts_stay_texts(text):
    there = files(published(first(entry("a", title=text, document=("ics", text))), None, OLD))
    made = there | files(published(differing.everything(text)), there)
    for path, content in made.items():
        assert faults(content) == [] and not invalid(content), path
        for one in read(content):
            page = BeautifulSoup(one.findtext("a:content", "", A), "html.parser")
            assert not page.select("script, svg, img, [onload], [onerror], [onmouseover]")
            assert {tag.name for tag in page.select("*")} <= {"p", "ul", "li", "a", "strong"}
    # Only what no XML can hold, and blanks, become something else.
    plain = " ".join(feeds._NO_XML.sub("\ufffd", text).split())
    assert all(title.startswith(plain) for title in titles(made["feeds/claims/a.xml"]))


GOOD = b"""<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:uuid:1</id><title>T</title><updated>2026-11-21T09:30:00Z</updated>
<author><name>N</name></author><link rel="alternate" href="../x.html"/>
<entry><id>urn:uuid:2</id><title>E</title><updated>2026-11-21T09:30:00Z</updated><link rel="alternate" href="y.html"/>
<content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<id>urn:uuid:1</id>", b""),
        (b"<id>urn:uuid:1</id>", b"<id>urn:uuid:1</id><id>urn:uuid:3</id>"),
        (b"<id>urn:uuid:1</id>", b"<id>../feeds/book.xml</id>"),
        (b"<title>T</title>", b""),
        (b"<title>E</title>", b""),
        (b"<title>E</title>", b"<title><b>E</b></title>"),
        (b"<id>urn:uuid:2</id>", b""),
        (b"2026-11-21T09:30:00Z</updated><link", b"yesterday</updated><link"),
        (b"<updated>2026-11-21T09:30:00Z</updated>\n<author>", b"<author>"),
        (b"<name>N</name>", b""),
        (b'href="y.html"', b""),
        (b'href="y.html"', b'href="y z.html"'),
        (b"&lt;p&gt;x&lt;/p&gt;", b"<p>x</p>"),
        (b'type="html"', b'type="markup"'),
        (b"</feed>", b"<item/></feed>"),
        (b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#"),
    ],
)  # fmt: skip
def test_the_schema_refuses_broken_feeds(old, new):
    assert not invalid(GOOD)
    assert old in GOOD and invalid(GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"2026-11-21T09:30:00Z", b"2026-11-21T09:30:00", "3.3"),
        (b"<author><name>N</name></author>", b"", "4.1.1"),
        (b'<link rel="alternate" href="../x.html"/>', b'<link rel="alternate" href="a"/><link href="b"/>', "4.1.1"),
        (b"</entry>", b"</entry>" + GOOD[GOOD.index(b"<entry>") : GOOD.index(b"</feed>")], "4.1.1"),
        (b"<name>N</name>", b"<name> </name>", "3.2.1"),
    ],
)  # fmt: skip
def test_the_rules_refuse_what_the_schema_lets_through(old, new, rule):
    assert faults(GOOD) == []
    broken = faults(GOOD.replace(old, new, 1))
    assert len(broken) == 1 and broken[0].startswith(rule)


def test_the_rules_miss_no_entry_without_content_and_alternate():
    start, end = GOOD.index(b'<link rel="alternate" href="y'), GOOD.index(b"</entry>")
    assert faults(GOOD[:start] + GOOD[end:]) == ["4.1.2: an entry has neither content nor an alternate"]


# What they tell.


def test_a_feed_says_what_it_is_of_and_where():
    root = ET.fromstring(files(published(differing.everything()))["feeds/claims/a.xml"])
    assert root.findtext("a:title", "", A) == "claimbook: Statement a"
    assert root.findtext("a:subtitle", "", A) == "Country Strategy"
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", A)}
    assert links["self"] == f"{ADDRESS}feeds/claims/a.xml"
    assert links["alternate"] == f"{ADDRESS}latest/claims/a.html"
    assert root.findtext("a:updated", "", A) == "2026-11-21T09:30:00Z"


def test_without_an_address_links_are_relative_and_nothing_claims_to_be_the_feed():
    for path, content in files(published(differing.everything(), address="")).items():
        root = ET.fromstring(content)
        assert not root.findall("a:link[@rel='self']", A)
        up = "../" * path.count("/")
        found = [link.get("href") for link in root.iter(f"{{{ATOM}}}link") if link.get("rel") == "alternate"]
        for one in read(content):
            page = BeautifulSoup(one.findtext("a:content", "", A), "html.parser")
            found += [link["href"] for link in page.select("a")]
        assert found and all(
            href.startswith((f"{up}v/", f"{up}latest/", f"{up}changes/", f"{up}versions.html")) for href in found
        )


def test_the_title_of_an_entry_is_news():
    made = history()
    assert titles(made["feeds/book.xml"]) == [
        "claimbook 2025.12: one verdict flipped; one more got an answer; one lost its answer; one statement is new; "
        "one statement was withdrawn",
        "claimbook 2024.06, the first version, with one statement",
    ]
    assert titles(made["feeds/claims/a.xml"]) == [
        "Statement a: no longer true today, was true",
        "Statement a: now in the book, supported when written, true today",
    ]
    assert titles(made["feeds/claims/g.xml"]) == ["Statement g: withdrawn from the book"]
    assert titles(made["feeds/documents/ics.xml"]) == [
        "Country Strategy: one verdict flipped; one more got an answer; one lost its answer; one statement was withdrawn",
        "Country Strategy: now in the book, with one statement",
    ]
    assert titles(made["feeds/documents/nvs.xml"]) == ["Security Strategy: now in the book, with one statement"]
    assert titles(made["feeds/documents/old.xml"]) == ["A document of before: withdrawn from the book"]


def test_an_entry_tells_the_figures_the_cause_and_leads_to_both_versions():
    one = read(files(published(differing.everything()))["feeds/claims/a.xml"])[0]
    assert one.find("a:content", A).get("type") == "html"
    page = BeautifulSoup(one.findtext("a:content", "", A), "html.parser")
    said = " ".join(page.get_text(" ").split())
    for text in (
        "Today: no longer true, was true.",
        "0.91 per cent of GDP in 2018, then 2.00 per cent of GDP in 2025.",
        "New year: A newer year is told, in NATO's release. The figure moved by 12.1 times its margin.",
        "Now 1.00 percentage points from flipping.",
        "New behind it: NATO, 28 August 2025.",
        "Version 2025.12 has figures up to 31 December 2025.",
    ):
        assert text in said
    links = {link["href"].removeprefix(ADDRESS) for link in page.select("a")}
    assert links == {
        "v/2025.12/claims/a.html", "v/2024.06/claims/a.html", "v/2025.12/index.html", "v/2024.06/index.html",
        "changes/2025.12/index.html",
    }  # fmt: skip
    assert one.find("a:link", A).get("href") == f"{ADDRESS}v/2025.12/claims/a.html"


def test_only_what_changed_gets_an_entry():
    made = files(published(difference(claim("a", FLIP), added=(entry("n"),))))
    assert set(made) == {
        "feeds/book.xml", "feeds/documents/ics.xml", "feeds/documents/nvs.xml", "feeds/claims/a.xml", "feeds/claims/n.xml",
    }  # fmt: skip
    assert set(files(published(difference()))) == {"feeds/book.xml"}
    assert titles(files(published(difference()))["feeds/book.xml"]) == ["claimbook 2025.12: nothing differs"]


def test_an_entry_on_many_statements_says_how_many_it_leaves_out():
    made = files(published(difference(*(claim(f"c{n}", moved(0.1)) for n in range(40)), claim("last", DECIDED))))
    page = BeautifulSoup(read(made["feeds/documents/ics.xml"])[0].findtext("a:content", "", A), "html.parser")
    told = [link.get_text() for link in page.select("a") if link.get_text().startswith("Statement")]
    assert len(told) == feed_entries.MOST and told[0] == "Statement last"  # what flipped comes first
    assert "Eleven more statements." in page.get_text()


def test_a_candidate_and_a_version_in_retrospect_say_so():
    new = dataclasses.replace(NEW, candidate=True, retrospective=NEW.as_of)
    content = files(published(differing.everything(), new=new))["feeds/book.xml"]
    assert "built in retrospect" in content.decode() and "it is a candidate" in content.decode()


# How they grow.


FEED = Feed("feeds/book.xml", "T", "versions.html")


def one(number: int, **more) -> Entry:
    told = {
        "id": feeds.entry_id(feeds.feed_id(FEED), f"20{number:02}.01"), "title": f"Entry {number}",
        "updated": f"20{number:02}-01-01T00:00:00Z", "href": "../x.html", "content": f"<p>{number} & more</p>\n",
    }  # fmt: skip
    return Entry(**(told | more))


def test_the_newest_entry_comes_first_and_at_most_fifty_are_kept():
    content = None
    for number in range(60):
        content = feeds.extended(content, FEED, one(number))
        assert faults(content) == []
    assert titles(content) == [f"Entry {number}" for number in range(59, 9, -1)]
    assert ET.fromstring(content).findtext("a:updated", "", A) == "2059-01-01T00:00:00Z"
    assert len(read(feeds.extended(content, FEED, one(60), most=3))) == 3


def test_entries_come_back_as_they_were_written():
    content = feeds.extended(None, FEED, one(1))
    assert feeds.entries(content, FEED) == [one(1)]
    assert feeds.entries(feeds.extended(content, FEED, one(2)), FEED) == [one(2), one(1)]


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_an_entry_has_the_same_bytes_in_every_later_feed(text):
    content = feeds.extended(None, FEED, one(1, title=f"x {text}", content=text, href="../x.html?a=1&b=2"))
    written = content[content.index(b" <entry>") : content.index(b"</feed>")]
    assert written in feeds.extended(feeds.extended(content, FEED, one(2)), FEED, one(3))


def test_the_same_publication_makes_the_same_bytes():
    assert history() == history()


def test_publishing_again_adds_no_entry():
    made = history()
    again = files(published(differing.everything()), made)
    assert len(again) == 11
    assert again == {path: made[path] for path in again}


def test_ids_are_of_the_feed_and_the_version_and_stay():
    made = history()
    ids = [found.text for content in made.values() for found in ET.fromstring(content).iter(f"{{{ATOM}}}id")]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", found) for found in ids)
    # Whatever becomes of the address, a feed that was published keeps its id, and its entries keep theirs.
    path = "feeds/claims/a.xml"
    other = files(published(differing.everything(), address="https://elsewhere.example/"), {path: made[path]})[path]
    assert [found.text for found in ET.fromstring(other).iter(f"{{{ATOM}}}id")] == [
        found.text for found in ET.fromstring(made[path]).iter(f"{{{ATOM}}}id")
    ]
    # Two sites do not share ids.
    assert feeds.feed_id(dataclasses.replace(FEED, address=ADDRESS)) != feeds.feed_id(FEED)


def test_a_moment_is_told_in_utc_and_needs_its_zone():
    brussels = dt.timezone(dt.timedelta(hours=2))
    assert feeds.moment(dt.datetime(2026, 7, 1, 1, 30, tzinfo=brussels)) == "2026-06-30T23:30:00Z"
    with pytest.raises(ValueError, match="time zone"):
        feeds.moment(dt.datetime(2026, 7, 1))


BOMB = b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "previous",
    [
        b"",
        b"not xml",
        b"<feed/>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
        GOOD[:200],
        GOOD.replace(b"<title>E</title>", b""),
        BOMB + GOOD.replace(b"<title>T", b"<title>&b;"),
        b'<!DOCTYPE feed SYSTEM "file:///etc/passwd">' + GOOD,
        (BOMB + GOOD).decode().replace("<?xml version=\"1.0\"?>", "").encode("utf-16"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_feed_of_ours_is_refused(previous):
    with pytest.raises(ClaimbookError, match=r"feeds/book\.xml cannot be read as a feed"):
        feeds.extended(previous, FEED, one(1))


def test_a_document_type_is_what_is_refused():
    with pytest.raises(ClaimbookError, match="document type"):
        feeds.extended(b"<!DOCTYPE feed>" + GOOD, FEED, one(1))
    assert len(read(feeds.extended(GOOD, FEED, one(1)))) == 2
