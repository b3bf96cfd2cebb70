"""The page of a document: what it is, how its statements fared, and each of them."""

from __future__ import annotations

import dataclasses
import re

import pytest
from bs4 import BeautifulSoup

from analysis import audit, claims, document_pages
from analysis.documents import documents
from analysis.snapshots.store import store

NASTY = "<script>alert(1)</script> **bold** & \"quoted\" 'single'"


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(claim, store()) for claim in claims.ledger() if claim.document.id in ("ics", "openness")]


def own(audits: list[audit.Audited], document: str) -> list[audit.Audited]:
    return [entry for entry in audits if entry.claim.document.id == document]


def page(audits: list[audit.Audited], document: str, **change) -> str:
    about = documents()[document].model_copy(update=change)
    return document_pages.page(about, own(audits, document), store().newest)


def shown(markdown: str) -> BeautifulSoup:
    return BeautifulSoup("\n".join(re.findall(r"(?s)`{3,}\{raw\} html\n(.*?)\n`{3,}", markdown)), "html.parser")


def test_a_page_says_who_when_and_where_the_original_is(audits):
    facts = {row.dt.get_text(): row.dd for row in shown(page(audits, "ics")).select(".cb-facts > div")}
    assert facts["Title"].get_text() == "Integrated Country Strategy, Belgium"
    assert (facts["Author"].get_text(), facts["Date"].get_text()) == ("US Department of State", "27 August 2018")
    assert facts["Original"].a["href"] == documents()["ics"].address


def test_an_undated_document_tells_its_range_and_how_it_was_found(audits):
    date = shown(page(audits, "openness")).find("dt", string="Date").find_next("dd").get_text()
    assert date.startswith("undated, between") and "How it was dated: " in date


def test_a_document_without_an_address_says_so(audits):
    text = shown(page(audits, "ics", address=None, address_note=None)).get_text()
    assert "No public address is known." in text


def test_a_title_in_another_language_says_so(audits):
    assert shown(page(audits, "ics", language="nl")).cite["lang"] == "nl"


def test_statements_stand_in_the_order_of_the_text_with_three_verdicts_and_a_link(audits):
    rows = shown(page(audits, "ics")).select("table.cb-scoreboard tbody tr")
    expected = [claim.id for claim in claims.ledger() if claim.document.id == "ics"]
    assert [row.a["href"] for row in rows] == [f"../claims/{identifier}.html" for identifier in expected]
    kinds = {claim.id: claim.kind for claim in claims.ledger()}
    for identifier, row in zip(expected, rows, strict=True):  # no release revises a fact
        assert len(row.select(".cb-verdict")) == (2 if kinds[identifier] == "fact" else 3)
    assert rows[0].select_one(".cb-note").get_text() == claims.claim(expected[0]).place


def test_a_document_without_statements_has_a_page_too():
    text = document_pages.page(documents()["ct"], [], store().newest)
    assert "No statement of this document is in the ledger yet." in text and "cb-bar" not in text


def test_words_of_the_register_are_never_markup(audits):
    text = page(audits, "ics", title=NASTY, author=NASTY, short=NASTY, dating=NASTY, address=None, address_note=NASTY)
    assert "<script" not in text.replace("\\<script", "")
    assert shown(text).get_text().count(NASTY) == 4


def test_kinds_are_counted_in_a_sentence(audits):
    figure = audit.audit(claims.claim("ics-two-way-trade"), store())
    fact = dataclasses.replace(figure, claim=figure.claim.model_copy(update={"kind": "fact"}))
    unknown = dataclasses.replace(figure, claim=figure.claim.model_copy(update={"untestable": "Nobody counts them."}))
    assert document_pages.fared([figure, figure, fact, unknown]) == (
        "4 statements of it are in the ledger: 2 that public figures can test, 1 that public records settle "
        "and 1 that neither can decide."
    )
    assert document_pages.fared([figure]) == "One statement of it is in the ledger, which public figures can test."
