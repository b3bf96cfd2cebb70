"""The page of a document, the overview of documents, and the words and bars that count how statements fared."""

from __future__ import annotations

import dataclasses
import re

import pytest
from bs4 import BeautifulSoup

from analysis import audit, board, claims, document_pages
from analysis.documents import documents
from analysis.snapshots.store import store
from analysis.verdicts import TODAY, WHEN_WRITTEN

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


def judged(found: audit.Audited, when: str = "supported", today: str = "true") -> audit.Audited:
    """The same audit with other words for its verdicts."""
    told = found.verdicts
    changed = dataclasses.replace(
        told,
        when_written=dataclasses.replace(told.when_written, word=when),
        today=dataclasses.replace(told.today, word=today),
    )
    return dataclasses.replace(found, verdicts=changed)


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


# Counting


def test_every_word_of_the_vocabularies_counts_as_one_outcome():
    for groups, vocabulary in ((board.OUTCOMES, WHEN_WRITTEN), (board.TODAY, TODAY)):
        words = [word for own in groups.values() for word in own]
        assert sorted(words) == sorted(vocabulary)


def test_the_bar_says_in_words_what_it_draws(audits):
    made = [judged(audits[0], word) for word in ("supported", "on record", "not supported", "not testable")]
    bar = BeautifulSoup(board.bar(board.counts(made, "when_written"), "When written"), "html.parser")
    assert bar.svg["aria-label"] == "When written: 2 borne out, 1 not borne out, 1 not testable"
    assert [item.get_text() for item in bar.select("li")] == ["2 borne out", "1 not borne out", "1 not testable"]
    widths = [float(part["width"]) for part in bar.select("rect")]
    # 400 wide, two gaps of 2: 396 to share as 2 to 1 to 1.
    assert widths == [198.0, 99.0, 99.0]
    assert [float(part["x"]) for part in bar.select("rect")] == [0.0, 200.0, 301.0]


def test_what_bears_a_statement_out_is_named_for_each_kind(audits):
    found = audits[0]
    kinds = {
        "record": {"kind": "fact", "untestable": None},
        "none possible": {"untestable": "Nobody counts them."},
        "\u2013": {"kind": "pledge", "untestable": None},
    }
    for said, change in kinds.items():
        claim = found.claim.model_copy(update=change)
        assert board.readings_told(dataclasses.replace(found, claim=claim)) == said
    trade = audit.audit(claims.claim("ics-two-way-trade"), store())
    assert board.readings_told(trade) == "1 of 3"


def test_kinds_are_counted_in_a_sentence(audits):
    figure = audit.audit(claims.claim("ics-two-way-trade"), store())
    fact = dataclasses.replace(figure, claim=figure.claim.model_copy(update={"kind": "fact"}))
    unknown = dataclasses.replace(figure, claim=figure.claim.model_copy(update={"untestable": "Nobody counts them."}))
    assert document_pages.fared([figure, figure, fact, unknown]) == (
        "4 statements of it are in the ledger: 2 that public figures can test, 1 that public records settle "
        "and 1 that neither can decide."
    )
    assert document_pages.fared([figure]) == "One statement of it is in the ledger, which public figures can test."


def test_the_overview_lists_every_document_with_its_count(audits):
    table = BeautifulSoup(document_pages.overview(audits, list(documents().values())), "html.parser")
    rows = table.select("tbody tr")
    assert [row.a["href"] for row in rows] == [f"documents/{name}.html" for name in documents()]
    counts = {row.a["href"]: row.select("td")[0].get_text() for row in rows}
    assert counts["documents/ics.html"] == str(len(own(audits, "ics")))
    assert rows[1].select("td")[1].get_text() == "none yet"
