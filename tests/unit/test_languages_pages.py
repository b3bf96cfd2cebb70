"""The pages in Dutch and French, the cards, and what a statement's page offers to copy."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from analysis import audit, claims, languages
from analysis.documents import documents
from analysis.languages import cards, pages, share
from analysis.languages.catalogue import TRANSLATED, language
from analysis.snapshots.store import store

HOSTILE = "\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>{figure} {0} &amp; %s"


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(entry, store()) for entry in claims.ledger()]


@pytest.fixture(scope="module")
def made(audits) -> dict[str, str]:
    return languages.files(audits, store().newest, "")


class Seen(HTMLParser):
    """The tags of a page, the text of each with its nearest language, and what it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.tags.append((tag, known))
        if tag not in ("meta", "link", "input", "br", "img"):
            self._open.append((tag, known.get("lang") or (self._open[-1][1] if self._open else "")))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and self._open and self._open[-1][0] not in ("script", "style"):
            self.texts.append((self._open[-1][1], data.strip()))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [known for name, known in self.tags if name == tag]


def test_a_file_for_each_statement_page_and_card(made, audits):
    wanted = {"nl/index.html", "fr/index.html", "_static/card.css"}
    for entry in audits:
        wanted |= {f"{code}/claims/{entry.claim.id}.html" for code in TRANSLATED}
        wanted |= {f"cards/{entry.claim.id}{ending}.html" for ending in ("", ".nl", ".fr")}
    assert set(made) == wanted


def test_alternates_are_the_same_from_every_language():
    home = {"en": "index.html", "nl": "nl/index.html", "fr": "fr/index.html"}
    page = {"en": "claims/x-1.html", "nl": "nl/claims/x-1.html", "fr": "fr/claims/x-1.html"}
    for wanted in (home, page):
        assert [languages.alternates(path) for path in wanted.values()] == [wanted] * 3
    for path in (
        "methods.html",
        "documents/ics.html",
        "cards/x-1.html",
        "claims/x-1.csv",
        "de/index.html",
        "nl/methods.html",
    ):
        assert languages.alternates(path) == {}


def test_links_lead_to_pages_that_there_are(made, audits):
    known = set(made)
    known |= {"index.html", "search.html", "sources.html", "ledger.csv", "ledger.json", "api/verdicts.json"}
    known |= {f"documents/{name}.html" for name in documents()}
    for entry in audits:
        known.add(f"claims/{entry.claim.id}.html")
        if entry.claim.readings:
            known.add(f"claims/{entry.claim.id}.csv")
    checked = 0
    for path, text in made.items():
        if not path.endswith(".html"):
            continue
        seen = Seen(text)
        for link in seen.of("a") + [tag for tag in seen.of("link") if tag["rel"] == "alternate"]:
            parts = urlsplit(link["href"])
            if parts.scheme or not parts.path:
                continue
            there = path.split("/")[:-1]
            for step in parts.path.split("/"):
                there = there[:-1] if step == ".." else [*there, step]
            assert "/".join(there) in known, (path, link["href"])
            checked += 1
    assert checked > 1000


def test_pages_say_their_language_and_mark_what_is_in_another(made):
    for code in TRANSLATED:
        seen = Seen(made[f"{code}/claims/nvs-trade-share.html"])
        assert seen.of("html")[0]["lang"] == code
        place = next(lang for lang, text in seen.texts if text.startswith("Chapter"))
        assert place == "en"
        document = {lang for lang, text in seen.texts if text == "Nationale Veiligheidsstrategie"}
        assert document == {"nl"}
        english = [link for link in seen.of("a") if link["href"].endswith("../claims/nvs-trade-share.html")]
        assert english and all(link["hreflang"] == "en" for link in english if "nl/" not in link["href"])
    card = Seen(made["cards/ics-two-way-trade.nl.html"])
    assert ("en", "Integrated Country Strategy, Belgium") in card.texts


def test_pages_have_one_first_heading_and_none_is_skipped(made):
    for path, text in made.items():
        if path.endswith(".html"):
            levels = [int(tag[1]) for tag, _ in Seen(text).tags if re.fullmatch(r"h[1-6]", tag)]
            assert levels[0] == 1 and levels.count(1) == 1, path
            assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_home_pages_hold_the_whole_board_and_what_its_words_mean(made, audits):
    for code in TRANSLATED:
        text = made[f"{code}/index.html"]
        seen = Seen(text)
        rows = {tag["id"] for tag in seen.of("tr") if tag.get("id")}
        assert rows == {entry.claim.id for entry in audits}
        told = {verdict["data-verdict"] for verdict in seen.of("span") if "data-verdict" in verdict}
        assert {"supported", "now-true", "no-longer-supported", "record-differs"} <= told
        assert "js/board.js" in text
        titles = {shown for _, shown in seen.texts}
        assert all(str(language(code).data("claim title", entry.claim.title)) in titles for entry in audits)


def test_cards_run_nothing_and_ask_nobody(made):
    for path, text in made.items():
        if not path.startswith("cards/"):
            continue
        seen = Seen(text)
        assert not {tag for tag, _ in seen.tags} & {"script", "style", "iframe", "form", "img", "object"}
        assert not [known for _, known in seen.tags if any(name == "style" or name.startswith("on") for name in known)]
        policy = next(tag["content"] for tag in seen.of("meta") if tag.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'") and "script-src" not in policy and "unsafe" not in policy
        assert [tag["href"].partition("?")[0] for tag in seen.of("link")] == ["../_static/card.css"]
        assert all(tag["target"] == "_blank" and tag["rel"] == "noopener" for tag in seen.of("a"))
    sheet = made["_static/card.css"]
    assert "/*" not in sheet and "@import" not in sheet and "prefers-color-scheme: dark" in sheet
    assert set(re.findall(r'url\("([^"]+)"\)', sheet)) == {
        "fonts/claimbook-sans-400.woff2",
        "fonts/claimbook-sans-600.woff2",
    }


def test_a_card_names_its_page_where_the_address_is_known(audits):
    found = audits[7]
    assert 'rel="canonical"' not in cards.card(found, store().newest, language("nl"), "")
    text = cards.card(found, store().newest, language("nl"), "https://book.example/")
    assert f'<link rel="canonical" href="https://book.example/nl/claims/{found.claim.id}.html">' in text


def test_the_snippet_is_one_frame_with_a_title_and_room_for_its_card(audits):
    for found in audits:
        for code in ("en", "nl", "fr"):
            frame = Seen(share.snippet(found, store().newest, "https://book.example/", code)).tags
            assert [tag for tag, _ in frame] == ["iframe"]
            known = frame[0][1]
            assert known["src"] == f"https://book.example/{cards.path(found.claim.id, language(code))}"
            assert known["title"].endswith(" – claimbook") and known["width"] == "100%" and known["loading"] == "lazy"
            assert 300 <= int(known["height"]) <= 600


def test_the_block_shows_the_snippet_as_text_and_says_where_an_address_is_missing(audits):
    found = audits[7]
    known = languages.block(found, store().newest, "https://book.example/")
    assert "&lt;iframe src=&#34;https://book.example/cards/" in known and "<iframe" not in known
    assert share.PLACEHOLDER not in known
    unknown = languages.block(found, store().newest, "")
    assert f"put its address in the place of {share.PLACEHOLDER}." in unknown
    assert f"&lt;iframe src=&#34;{share.PLACEHOLDER}cards/" in unknown
    links = {link["hreflang"]: link["href"] for link in Seen(known).of("a") if "hreflang" in link}
    assert links == {code: f"../{code}/claims/{found.claim.id}.html" for code in TRANSLATED}
    assert "Integrated Country Strategy" in known
    again = languages.block(found, store().newest, "", "fr", quoted=False)
    assert "cb-short" not in again and f'href="../../nl/claims/{found.claim.id}.html"' in again


def test_the_summary_is_plain_text(audits):
    found = next(entry for entry in audits if entry.claim.id == "ics-export-market-rank")
    assert languages.summary(found) == (
        "“Integrated Country Strategy, Belgium” (US Department of State, 27 August 2018) says, in our words: “10th "
        "largest importer of US goods”. When written, only an earlier year bore it out (Customs records: 10th of 234 "
        "in 2016); today it no longer holds (16th of the 88 listed in 2025)."
    )


def hostile(found: audit.Audited) -> audit.Audited:
    """A statement whose every text tries to break out of where it stands."""
    document = found.claim.document.model_copy(update={"title": HOSTILE, "short": HOSTILE, "author": HOSTILE})
    readings = tuple(entry.model_copy(update={"label": HOSTILE}) for entry in found.claim.readings)
    records = tuple(
        entry.model_copy(update={"record": entry.record.model_copy(update={"publisher": HOSTILE})})
        for entry in found.claim.records
    )
    changed = {"title": HOSTILE, "place": HOSTILE, "document": document, "readings": readings, "records": records}
    claim = found.claim.model_copy(update=changed)
    told = found.verdicts
    for name in ("when_written", "as_revised", "today"):
        verdict = getattr(told, name)
        if verdict.record is not None:
            told = dataclasses.replace(told, **{name: dataclasses.replace(verdict, record=records[0])})
    return dataclasses.replace(found, claim=claim, verdicts=told)


def test_hostile_texts_stay_text(audits):
    nasty = [hostile(entry) for entry in audits[:14]]
    assert any(entry.claim.kind == "fact" for entry in nasty)
    day = store().newest
    for code in ("en", "nl", "fr"):
        spoken = language(code)
        for found in nasty:
            for text in (
                cards.card(found, day, spoken, ""),
                share.block(found, day, HOSTILE, code),
                pages.claim(found, day, spoken, HOSTILE),
            ):
                seen = Seen(text)
                assert not {tag for tag, _ in seen.tags} & {"img", "script", "iframe"}
                assert not [name for _, known in seen.tags for name in known if name.startswith("on")]
                assert any("<script>alert(1)</script>{figure} {0} &amp; %s" in shown for _, shown in seen.texts)
        assert not {tag for tag, _ in Seen(pages.home(nasty, day, spoken)).tags} & {"img", "script", "iframe"}
    frame = Seen(share.snippet(nasty[0], day, "https://book.example/")).tags
    assert len(frame) == 1 and set(frame[0][1]) == {"src", "title", "width", "height", "frameborder", "loading"}
    pages_made = languages.files(nasty, day, "")
    assert not [path for path, text in pages_made.items() if "<script>alert" in text or "<img" in text]
