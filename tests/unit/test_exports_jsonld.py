"""schema.org blocks: honest ratings, no address where none is known, and text that cannot leave its block."""

from __future__ import annotations

import datetime as dt
import json

import hostile
import pytest
from bs4 import BeautifulSoup

from analysis import audit, claims, verdicts
from analysis.documents import documents
from analysis.exports import jsonld
from analysis.snapshots.store import store

ADDRESS = "https://example.org/book/"
DAY = dt.date(2026, 7, 1)


def audited(name: str) -> audit.Audited:
    return audit.audit(claims.claim(name), store(), DAY)


def with_word(word: str) -> audit.Audited:
    """An audited claim whose verdict when written is a word of the vocabulary."""
    found = audited("nvs-trade-share")
    told = audit.verdicts.Verdict(word, "why")
    changed = {name: getattr(found.verdicts, name) for name in found.verdicts.__dataclass_fields__}
    return audit.Audited(found.claim, found.evaluations, verdicts.Verdicts(**{**changed, "when_written": told}))


def test_a_review_says_what_was_claimed_by_whom_where_and_how_it_fared():
    found = audited("nvs-trade-share")
    review, figures = jsonld.claim(found, DAY, ADDRESS)
    assert review["@context"] == "https://schema.org" and review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == found.claim.statement
    assert review["url"] == f"{ADDRESS}claims/nvs-trade-share.html"
    assert review["datePublished"] == "2026-07-01" and review["author"]["@type"] == "Organization"
    item = review["itemReviewed"]
    assert (item["@type"], item["datePublished"]) == ("Claim", "2021-12-01")
    assert item["author"] == {"@type": "Organization", "name": found.claim.document.author}
    assert item["appearance"]["name"] == "Nationale Veiligheidsstrategie" and item["appearance"]["inLanguage"] == "nl"
    rating = review["reviewRating"]
    assert rating["alternateName"] == found.verdicts.when_written.word == "not supported"
    assert (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (1, 1, 3)
    assert figures["@type"] == "Dataset" and 50 <= len(figures["description"]) <= 5000
    years = [entry.year for entries in found.evaluations.values() for entry in entries]
    assert figures["temporalCoverage"] == f"{min(years)}/{max(years)}"
    assert [file["encodingFormat"] for file in figures["distribution"]] == ["text/csv", "application/json"]
    assert [source["name"] for source in figures["isBasedOn"]] == [entry.product for entry in audit.sources(found)]
    assert all(source["license"] in figures["license"] for source in figures["isBasedOn"])


@pytest.mark.parametrize("word", verdicts.WHEN_WRITTEN)
def test_every_word_has_a_place_on_the_scale_or_no_number(word):
    told = jsonld.rating(with_word(word))
    assert told["alternateName"] == word
    wanted = {
        "supported": 3, "on record": 3, "held for an earlier year": 2, "supported under another reading": 2,
        "not supported": 1, "record differs": 1,
    }.get(word)  # fmt: skip
    assert told.get("ratingValue") == wanted
    assert ("bestRating" in told) == ("worstRating" in told) == (wanted is not None)


def test_what_has_no_figures_has_no_data_set():
    assert [block["@type"] for block in jsonld.claim(audited("ics-seventy-years"), DAY, ADDRESS)] == ["ClaimReview"]


def test_an_undated_document_has_no_date_and_an_unnamed_author_is_a_person():
    name = next(claim.id for claim in claims.ledger() if claim.document.id == "manifesto")
    item = jsonld.claim(audited(name), DAY, ADDRESS)[0]["itemReviewed"]
    assert "datePublished" not in item and "datePublished" not in item["appearance"]
    assert item["appearance"]["description"] == "undated, between March 2024 and June 2024"
    assert item["author"]["@type"] == "Person"


def test_the_first_page_tells_of_the_site_and_of_the_whole_ledger():
    audits = [audited(name) for name in ("nvs-trade-share", "ics-seventy-years")]
    site, ledger = jsonld.home(audits, DAY, ADDRESS)
    assert (site["@type"], site["url"]) == ("WebSite", ADDRESS)
    assert ledger["description"].startswith("2 statements of 2 strategy papers")
    assert {file["contentUrl"] for file in ledger["distribution"]} == {
        f"{ADDRESS}ledger.csv", f"{ADDRESS}ledger.json", f"{ADDRESS}api/verdicts.json",
    }  # fmt: skip


def test_a_document_lists_its_own_statements():
    audits = [audited(name) for name in ("nvs-trade-share", "ics-seventy-years")]
    (page,) = jsonld.document(documents()["nvs"], audits, DAY, ADDRESS)
    assert [part["url"] for part in page["hasPart"]] == [f"{ADDRESS}claims/nvs-trade-share.html"]
    assert page["about"]["name"] == "Nationale Veiligheidsstrategie"


def test_without_an_address_no_block_names_one_of_the_book():
    found = audited("nvs-trade-share")
    blocks = [*jsonld.claim(found, DAY, ""), *jsonld.home([found], DAY, "")]
    blocks += jsonld.document(documents()["nvs"], [found], DAY, "")
    assert all("url" not in block and "distribution" not in block for block in blocks)


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_text_stays_in_its_block(text):
    found = hostile.claim(audited("nvs-trade-share"), text)
    for block in jsonld.claim(found, DAY, ADDRESS):
        told = jsonld.text(block)
        assert not set("<>&\u2028\u2029") & set(told)
        assert json.loads(told) == block
        page = BeautifulSoup(f'<script type="application/ld+json">{told}</script><p>after</p>', "html.parser")
        assert [tag.name for tag in page.find_all(True)] == ["script", "p"]
        assert json.loads(page.script.string) == block
    assert jsonld.claim(found, DAY, ADDRESS)[0]["claimReviewed"] == text
