"""Pages and panels: what comes from data is shown as text, never as markup; every verdict can be shown."""

from __future__ import annotations

import dataclasses

import pytest
from bs4 import BeautifulSoup

from analysis import audit, claims, narrative, pages, panels, verdicts
from analysis.snapshots.store import store

NASTY = "<script>alert(1)</script> **bold** `code` {{ x }} | & \"quoted\" 'single'"


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(claim, store()) for claim in claims.ledger()]


def nasty(found: audit.Audited) -> audit.Audited:
    """The same audit with hostile words wherever the ledger holds words."""
    document = found.claim.document.model_copy(update={"title": NASTY, "author": NASTY, "short": NASTY})
    readings = tuple(reading.model_copy(update={"definition": NASTY, "note": None}) for reading in found.claim.readings)
    words = {"title": NASTY, "statement": NASTY, "place": NASTY, "caveats": (NASTY,), "threshold": NASTY}
    claim = found.claim.model_copy(update={**words, "document": document, "readings": readings})
    return dataclasses.replace(found, claim=claim)


@pytest.mark.parametrize("block", [panels.claim_box, panels.readings_table])
def test_words_of_the_ledger_are_never_markup(audits: list[audit.Audited], block) -> None:
    for found in audits:
        html = block(nasty(found))
        assert "<script" not in html
        assert NASTY in " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_the_scoreboard_escapes_too_and_survives_fences(audits: list[audit.Audited]) -> None:
    found = nasty(audits[0])
    html = pages.scoreboard([found], store().newest, ["trade"])
    assert "<script" not in html
    block = pages.raw(html + "\n```\n")
    assert block.startswith("````{raw} html\n") and block.endswith("\n````")


def test_the_scoreboard_links_only_to_chapters_that_exist(audits: list[audit.Audited]) -> None:
    html = BeautifulSoup(pages.scoreboard(audits, store().newest, ["trade"]), "html.parser")
    targets = {link["href"].partition("#")[0] for link in html.select("a")}
    assert targets == {"chapters/trade.html"}
    assert len(html.select("tbody tr")) == len(audits)


def test_every_claim_has_its_three_verdicts_and_a_paragraph(audits: list[audit.Audited]) -> None:
    for found in audits:
        box = BeautifulSoup(panels.claim_box(found), "html.parser")
        shown = [badge.get_text() for badge in box.select(".cb-verdict")]
        told = found.verdicts
        assert shown == [told.when_written.word, told.as_revised.word, told.today.word]
        text = narrative.audited(found)
        assert text.endswith(".") and "None" not in text and "nan" not in text and ".." not in text


def test_a_pledge_to_move_is_never_shown_without_the_level(audits: list[audit.Audited]) -> None:
    moves = [found for found in audits if found.verdicts.today.choice and found.claim.unit == "percentage points"]
    assert moves
    for found in moves:
        assert found.claim.kind == "pledge"
        for shown in (panels.told_of(found, "today"), panels.claim_box(found), narrative.audited(found)):
            assert "two per cent" in shown and "reached" in shown and "1.29 per cent of GDP" in shown


def test_methods_tell_every_word_of_every_vocabulary() -> None:
    text = pages.methods()
    for vocabulary in (verdicts.WHEN_WRITTEN, verdicts.AS_REVISED, verdicts.TODAY):
        for word in vocabulary:
            assert f">{word}</span>" in text
    assert "at least 65.5 billion and less than 66.5 billion" in text


def test_sources_tell_every_publisher_held_with_its_terms() -> None:
    from analysis.snapshots.catalogue import publishers

    text = pages.sources(store())
    for name in {release.publisher for release in store().releases}:
        assert f"## {publishers()[name].title}" in text
        assert publishers()[name].licence_address in text
