"""The book as of an earlier day: what came later is hidden, from the ledger to the blocks of chapters."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from analysis import audit, chapters, claims, documents, left_out, retrospect
from analysis.blocks import Html
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.snapshots.store import Store

DAY = dt.date(2022, 6, 30)
NEW, OLD = "manifesto-twelve-billion", "ics-two-way-trade"


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> dt.date:
    monkeypatch.setenv(retrospect.VARIABLE, DAY.isoformat())
    return DAY


def opened(**more) -> chapters.Chapter:
    """A chapter of the book as of the day; the book's own store is opened once for a process, so not that one."""
    held = Store(data(), until=DAY)
    return chapters.Chapter(held, "BEL", "USA", 2000, 2025, held.newest, **more)


def test_without_a_day_the_book_is_of_its_own_time(monkeypatch):
    monkeypatch.delenv(retrospect.VARIABLE, raising=False)
    assert retrospect.day() is None and retrospect.environment(None) == {}
    assert claims.ledger() == claims.declared() and documents.audited() == documents.documents()


@pytest.mark.parametrize("told", ["2022", "yesterday", "2022-02-30", "30.06.2022"])
def test_a_day_that_is_none_is_refused(monkeypatch, told):
    monkeypatch.setenv(retrospect.VARIABLE, told)
    with pytest.raises(ClaimbookError, match=r"CLAIMBOOK_AS_OF is .*; write a date such as 2024-06-30"):
        retrospect.day()


def test_the_environment_tells_the_day():
    assert retrospect.environment(DAY) == {"CLAIMBOOK_AS_OF": "2022-06-30"}


def test_releases_of_later_days_are_not_held():
    whole, held = Store(data()), Store(data(), until=DAY)
    assert held.releases == [release for release in whole.releases if release.day <= DAY] != whole.releases
    assert held.newest <= DAY
    series = "nato.defence_expenditure_share_gdp"
    assert all(release.day <= DAY for release in held.carrying(series)) and held.carrying(series)


def test_a_day_before_the_first_release_is_refused():
    with pytest.raises(ClaimbookError, match="no release of 2001-01-01 or before is held; the first is of 2012-02"):
        Store(data(), until=dt.date(2001, 1, 1))


def test_documents_and_claims_of_later_days_are_left_out(then):
    assert set(documents.audited()) == {"ics", "ct", "nvs"}
    found = {claim.id: claim for claim in claims.ledger()}
    assert OLD in found and NEW not in found
    assert claims.claim(NEW).id == NEW  # declared it is: chapters name it


def test_records_echoes_and_replies_of_later_days_are_hidden(then):
    names = {claim.id for claim in claims.ledger()}
    declared = {claim.id: claim for claim in claims.declared()}
    hidden = 0
    for claim in claims.ledger():
        assert all(cited.record.known_by(then) for cited in claim.records)
        assert set(claim.echoes) <= names and all(reply.dated <= then for reply in claim.replies)
        hidden += len(declared[claim.id].records) - len(claim.records)
    assert hidden > 0


def test_a_fact_whose_records_came_later_is_not_testable(then):
    store = Store(data(), until=then)
    facts = [claim for claim in claims.ledger() if claim.kind == "fact" and claim.untestable]
    declared = {claim.id: claim for claim in claims.declared()}
    turned = [claim for claim in facts if declared[claim.id].untestable is None]
    assert turned
    for claim in turned:
        found = audit.audit(claim, store)
        assert found.verdicts.when_written.word == found.verdicts.today.word == "not testable"
        assert "dated by 30 June 2022" in found.verdicts.when_written.reason


def test_parts_on_statements_of_later_days_are_left_out_of_chapters(then):
    chapter = opened()
    assert chapter.is_later(NEW) and not chapter.is_later(OLD)
    assert "not written by 30 June 2022" in chapter.claim(NEW).html
    for block in (chapter.text(NEW), chapter.readings(NEW), chapter.chart(NEW)):
        assert block == Html("")
    assert "cb-claim" in chapter.claim(OLD).html


def notebook(*outputs: dict) -> bytes:
    cell = {
        "cell_type": "code",
        "source": f'chapter.claim("{NEW}")\nchapter.claim("nvs-africa-2050")',
        "outputs": list(outputs),
    }
    return json.dumps({"cells": [cell]}).encode()


def test_a_chapter_with_a_chart_stays_and_one_without_says_why(then, monkeypatch):
    assert left_out.left_out("people", notebook({"data": {"application/vnd.vegalite.v6+json": {}}})) is None
    left = left_out.left_out("people", notebook({"data": {"text/html": "no figures are held"}}))
    assert left.title == "People and population"
    assert "1 of the 2 statements it rests on were written later" in left.why
    monkeypatch.delenv(retrospect.VARIABLE)
    assert left_out.left_out("people", notebook()) is None
