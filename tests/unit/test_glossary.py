"""The glossary: what it has to explain is there, once; pages find the terms that they use."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import glossary, models, pages
from analysis.errors import ClaimbookError


def test_what_readers_ask_for_is_explained():
    told = {term.anchor for term in glossary.terms()}
    wanted = [
        "vintage",
        "observation",
        "reporter",
        "partner",
        "mirror-statistics",
        "stock",
        "flow",
        "foreign-parent",
        "ultimate-owner",
        "constant-prices",
        "current-prices",
        "purchasing-power-parity",
        "national-and-community-concept",
        "general-imports",
        "f-a-s-and-c-i-f",
        "balance-of-payments-basis",
        "estimate",
        "suppressed",
        "reading",
        "margin-to-flip",
        "tolerance",
        "reconstructed",
        "outturn",
        "rank-universe",
    ]
    assert set(wanted) <= told


def test_terms_stand_once_in_alphabetical_order_and_are_told_in_a_few_words():
    names = [term.term for term in glossary.terms()]
    assert names == sorted(names, key=str.casefold) and len(set(names)) == len(names)
    for term in glossary.terms():
        assert term.meaning.endswith(".") and len(term.meaning) < 320, term.term


def test_no_spelling_belongs_to_two_terms():
    spellings = [spelling.casefold() for term in glossary.terms() for spelling in term.also]
    assert len(spellings) == len(set(spellings))


def test_terms_are_found_as_whole_words_in_any_case():
    def found(text: str) -> list[str]:
        return [term.anchor for term in glossary.used([text])]

    assert found("Position by country of the Ultimate\nowner") == ["stock", "ultimate-owner"]
    assert found("an underestimated composition of stockings") == []
    assert found("f.a.s. value") == ["f-a-s-and-c-i-f"]
    assert found("") == []


def test_the_page_lists_every_term_with_an_anchor_and_its_source():
    page = BeautifulSoup(pages.glossary_page(), "html.parser")
    assert [entry["id"] for entry in page.select("dt")] == [term.anchor for term in glossary.terms()]
    assert len(page.select("dd a")) == sum(term.source is not None for term in glossary.terms())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a glossary of a book's own."""

    def write(entries: list[dict]) -> None:
        (tmp_path / "glossary.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
        monkeypatch.setattr(models, "data", lambda name: tmp_path / name)

    glossary.terms.cache_clear()
    yield write
    glossary.terms.cache_clear()


def test_a_term_that_stands_twice_is_refused(home):
    home([{"term": "Flow", "meaning": "What happens."}, {"term": "flow", "meaning": "The same."}])
    with pytest.raises(ClaimbookError, match="two entries share the anchor flow"):
        glossary.terms()


def test_a_faulty_entry_is_named(home):
    home([{"term": "Flow", "meaning": "What happens.", "sauce": "https://example.org"}])
    with pytest.raises(ClaimbookError, match="glossary.yaml, Flow: sauce"):
        glossary.terms()
