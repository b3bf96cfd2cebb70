"""Pages and panels: what comes from data is shown as text, never as markup; every verdict can be shown."""

from __future__ import annotations

import dataclasses
import re

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import audit, board, claims, models, narrative, pages, panels, source_page, templates, verdicts
from analysis.documents import documents
from analysis.errors import ClaimbookError
from analysis.snapshots.store import store

NASTY = "<script>alert(1)</script> **bold** `code` {{ x }} | & \"quoted\" 'single'"


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(claim, store()) for claim in claims.ledger()]


def nasty(found: audit.Audited) -> audit.Audited:
    """The same audit with hostile words wherever the ledger holds words."""
    document = found.claim.document.model_copy(update={"title": NASTY, "author": NASTY, "short": NASTY})
    readings = tuple(
        reading.model_copy(update={"definition": NASTY, "note": claims.Note(text=NASTY)})
        for reading in found.claim.readings
    )
    records = tuple(
        cited.model_copy(
            update={
                "told": NASTY,
                "record": cited.record.model_copy(update={"title": NASTY, "publisher": NASTY, "says": NASTY}),
            }
        )
        for cited in found.claim.records
    )
    words = {"title": NASTY, "statement": NASTY, "place": NASTY, "caveats": (NASTY,), "threshold": NASTY}
    change = {**words, "document": document, "readings": readings, "records": records}
    return dataclasses.replace(found, claim=found.claim.model_copy(update=change))


@pytest.mark.parametrize("block", [panels.claim_box, panels.readings_table, panels.records_table])
def test_words_of_the_ledger_are_never_markup(audits: list[audit.Audited], block) -> None:
    shown = 0
    for found in audits:
        html = block(nasty(found))
        assert "<script" not in html
        text = " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
        assert NASTY in text or not html
        shown += bool(html)
    assert shown > 10


def test_the_scoreboard_escapes_too_and_survives_fences(audits: list[audit.Audited]) -> None:
    html = board.table([nasty(audits[0])], store().newest)
    assert "<script" not in html
    block = templates.raw(html + "\n```\n")
    assert block.startswith("````{raw} html\n") and block.endswith("\n````")


def test_every_claim_has_its_three_verdicts_and_a_paragraph(audits: list[audit.Audited]) -> None:
    for found in audits:
        box = BeautifulSoup(panels.claim_box(found), "html.parser")
        shown = [badge.get_text() for badge in box.select(".cb-verdict")]
        told = found.verdicts
        assert shown == [told.when_written.word, told.as_revised.word, told.today.word]
        text = narrative.audited(found)
        assert text.endswith(".") and not re.search(r"\bnan\b", text)
        assert "None" not in text or found.claim.kind == "fact", "a record may say that none was there"


def test_a_pledge_to_move_is_never_shown_without_the_level(audits: list[audit.Audited]) -> None:
    moves = [found for found in audits if found.verdicts.today.choice and found.claim.unit == "percentage points"]
    moves = [found for found in moves if found.claim.kind == "pledge"]
    assert moves
    for found in moves:
        for shown in (panels.told_of(found, "today"), panels.claim_box(found), narrative.audited(found)):
            assert "two per cent" in shown and "reached" in shown and "1.29 per cent of GDP" in shown


# The first page


def told(found: audit.Audited, kind: str, word: str, basis: str = "held", **change) -> audit.Audited:
    """The same audit, as if its claim were of another kind and had come to another verdict."""
    when = found.verdicts.when_written
    choice = dataclasses.replace(when.choice, basis=basis) if word in verdicts.BORNE_OUT and kind != "fact" else None
    claim = found.claim.model_copy(update={"kind": kind, **change})
    when = dataclasses.replace(when, word=word, choice=choice)
    return dataclasses.replace(found, claim=claim, verdicts=dataclasses.replace(found.verdicts, when_written=when))


def test_the_standfirst_counts_figures_facts_and_the_undecidable_apart() -> None:
    trade = audit.audit(claims.claim("ics-two-way-trade"), store())
    made = [
        told(trade, "statistic", "supported"),
        told(trade, "statistic", "supported", "reconstructed"),
        told(trade, "statistic", "held for an earlier year", "older"),
        told(trade, "pledge", "not yet due"),
        told(trade, "fact", "on record"),
        told(trade, "fact", "on record"),
        told(trade, "fact", "record differs"),
        told(trade, "statistic", "not testable", untestable="Nobody counts them."),
    ]
    assert pages.standfirst(made, store().newest) == (
        f"It audits 8 statements of 1 document, by the figures released up to {store().newest:%-d %B %Y} and by public "
        "records. Of 4 that are held against figures, 2 held for the newest year then published, 1 only for an "
        "earlier year and 1 was not yet due when written. Of 3 facts, 2 are on record and of 1 the record differs. "
        "No public figure or record can decide one; its page says why. Of the figures that decided, 1 was taken "
        "from the release of the time, 1 from a later one, cut to the years then published, and 1 from an older one."
    )


def test_the_standfirst_of_a_book_of_figures_alone_says_nothing_of_facts() -> None:
    trade = audit.audit(claims.claim("ics-two-way-trade"), store())
    text = pages.standfirst([told(trade, "statistic", "supported")], store().newest)
    assert "fact" not in text and "can decide" not in text and "none" not in text


def test_the_first_page_fills_every_place_of_its_text(audits: list[audit.Audited]) -> None:
    template = "{{ standfirst }}\n\n{{ documents }}\n\n{{ scoreboard }}"
    text = pages.index(template, audits, store().newest, list(documents().values()))
    assert "{{" not in text and text.index("cb-documents") < text.index("Statements and verdicts")


def test_the_name_of_a_place_in_what_is_filled_in_is_left_as_it_is() -> None:
    hostile = claims.claim("ics-two-way-trade").document.model_copy(update={"short": "A {{ scoreboard }}"})
    text = pages.index("{{ documents }}", [], store().newest, [hostile])
    assert "A {{ scoreboard }}</a>" in text and "Statements and verdicts" not in text


# Methods


def test_methods_tell_every_word_of_every_vocabulary(audits: list[audit.Audited]) -> None:
    text = pages.methods(audits)
    for vocabulary in (verdicts.WHEN_WRITTEN, verdicts.AS_REVISED, verdicts.TODAY):
        for word in vocabulary:
            assert f">{word}</span>" in text
    assert "at least 65.5 billion and less than 66.5 billion" in text


def test_tolerances_and_rules_for_words_are_stated_before_any_verdict(audits: list[audit.Audited]) -> None:
    text = pages.methods(audits)
    order = [
        "## What a printed figure means",
        "## What words mean",
        "Tolerances and thresholds declared",
        "## Verdicts",
    ]
    assert sorted(order, key=text.index) == order
    assert "around 66 billion, with a tolerance of 2%" in text
    for claim in claims.ledger():
        assert (f'href="claims/{claim.id}.html"' in text) == bool(claim.threshold or claim.tolerance)


def test_every_convention_is_told(audits: list[audit.Audited]) -> None:
    shown = BeautifulSoup(pages.methods(audits), "html.parser").get_text()
    for entry in pages.conventions():
        assert entry.term in shown and entry.rule in shown and entry.used_for in shown


def test_a_faulty_convention_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "conventions.yaml"
    for room in (pages, models):
        monkeypatch.setattr(room, "data", lambda name: tmp_path / name)
    assert pages.conventions() == []
    path.write_text(yaml.safe_dump([{"term": "large", "rule": "at least a tenth"}]), encoding="utf-8")
    with pytest.raises(ClaimbookError, match="conventions.yaml, large: used_for"):
        pages.conventions()
    rule = {"term": "large", "rule": "at least a tenth", "used_for": "sizes"}
    path.write_text(yaml.safe_dump([rule, rule]), encoding="utf-8")
    with pytest.raises(ClaimbookError, match="two entries share the term large"):
        pages.conventions()
    path.write_text("- large\n", encoding="utf-8")
    with pytest.raises(ClaimbookError, match="conventions.yaml, entry 1"):
        pages.conventions()


def test_measures_are_told_without_words_of_code(audits: list[audit.Audited]) -> None:
    rows = pages.measures(audits)
    assert dict((name, said) for name, said, _ in rows)["Two-way trade"] == (
        "Exports plus imports between two countries, as one of them counts them."
    )
    for name, said, count in rows:
        assert not re.search(r'[`_"{}=]|series\' unit|value:|universe:', f"{name} {said}"), name
        assert name[0].isupper() and said.endswith(".") and int(count) > 0


# Sources


def test_sources_tell_every_publisher_held_with_its_terms() -> None:
    from analysis.snapshots.catalogue import publishers

    text = source_page.sources(store())
    for name in {release.publisher for release in store().releases}:
        assert f"## {publishers()[name].title}" in text
        assert publishers()[name].licence_address in text
