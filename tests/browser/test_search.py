"""The search, where the book is served; and what the page says where it is opened from a file."""

from __future__ import annotations

import functools
import http.server
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from page_types import PAGES

from analysis import claims
from analysis.documents import documents

FOUND = ".cb-search-found a"


def asked(page, query):
    page.fill("#cb-query", query)
    page.until("document.querySelector('.cb-search-said').textContent !== ''")
    page.until(f"new URLSearchParams(location.search).get('q') === {query!r}")
    page.until(
        "document.querySelector('.cb-search-said').textContent.includes(new URLSearchParams(location.search).get('q'))"
    )


def number(page):
    return int(page.inner_text(".cb-search-said").split()[0])


def test_it_finds_a_statement_and_leads_to_its_page(open_page):
    page = open_page("search.html")
    asked(page, "two-way trade")
    page.until(f"document.querySelectorAll('{FOUND}').length > 0")
    links = page.locator(FOUND).evaluate_all("found => found.map(link => link.getAttribute('href'))")
    assert any(link.endswith("claims/ics-two-way-trade.html") for link in links)
    assert page.locator(".cb-search-found mark").count() > 0
    page.locator(FOUND).first.click()
    page.wait_for_load_state()
    assert page.evaluate("document.querySelector('h1') !== null")
    assert page.elsewhere == [] and page.complaints == []


def test_an_address_with_a_question_answers_it(open_page):
    page = open_page("search.html?q=cocaine")
    page.until(f"document.querySelectorAll('{FOUND}').length > 0")
    assert page.input_value("#cb-query") == "cocaine"


def test_what_is_not_in_the_book_is_not_found(open_page):
    page = open_page("search.html")
    asked(page, "xylophonequartet")
    page.until("document.querySelector('.cb-search-said').textContent.startsWith('Nothing')")
    assert page.locator(FOUND).count() == 0


def test_filters_of_document_and_verdict_leave_what_fits(open_page):
    page = open_page("search.html")
    page.until("document.querySelectorAll('.cb-search-filters select').length > 0")
    names = page.locator(".cb-search-filters select").evaluate_all("found => found.map(select => select.name)")
    assert {"Document", "When written", "Today"} <= set(names)
    own = [claim for claim in claims.ledger() if claim.document.id == "ics"]
    page.select_option("select[name=Document]", documents()["ics"].short)
    page.until(f"document.querySelectorAll('{FOUND}').length > 0")
    every = number(page)
    assert every >= len(own)
    words = page.locator("select[name=Today] option").evaluate_all("found => found.map(option => option.value)")
    word = next(filter(None, words))
    page.select_option("select[name=Today]", word)
    page.until(f"parseInt(document.querySelector('.cb-search-said').textContent) !== {every}")
    assert 0 < number(page) < every
    told = parse_qs(urlsplit(page.url).query)
    assert told["Document"] == [documents()["ics"].short] and told["Today"] == [word]
    # The address brings the same answer back
    again = open_page(page.url, root=page.root)
    again.until(f"document.querySelectorAll('{FOUND}').length > 0")
    assert number(again) == number(page)


def test_hostile_questions_are_text(open_page):
    page = open_page("search.html")
    asked(page, "<img src=x onerror=document.title='run'>")
    page.pause()
    assert page.title() != "run" and page.locator("main img").count() == 0
    assert page.complaints == []


@pytest.fixture(scope="module")
def below(built_book, tmp_path_factory):
    """The site served two folders below the root of a host, as many hosts do."""
    folder = tmp_path_factory.mktemp("host")
    (folder / "one").mkdir()
    (folder / "one" / "two").symlink_to(built_book)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/one/two/"
        running.shutdown()


def test_it_is_reached_from_deep_pages_and_works_below_a_folder(open_page, below):
    page = open_page(f"{below}nl/claims/ics-two-way-trade.html", root=below)
    page.locator("header a", has_text="Zoeken").click()
    page.wait_for_url(f"{below}search.html")
    asked(page, "cocaine")
    page.until(f"document.querySelectorAll('{FOUND}').length > 0")
    target = page.locator(FOUND).first.evaluate("link => link.href")
    assert target.startswith(below)
    page.goto(target)
    assert page.elsewhere == [] and page.complaints == []


def test_from_a_file_it_says_so_and_leads_to_the_scoreboard_with_the_question(open_page):
    page = open_page(PAGES["search"], from_file=True)
    assert "opened from a file" in page.inner_text("main")
    page.fill("#cb-query", "cocaine")
    page.locator(".cb-search-board").click()
    page.wait_for_url("**/index.html?q=cocaine*")
    page.until("document.querySelector('form.cb-board-controls').elements.q.value === 'cocaine'")
    page.until("document.querySelector('.cb-board-count').textContent !== ''")
    assert 0 < len(page.shown(".cb-board tbody tr[id]")) < len(claims.ledger())
    assert page.evaluate("location.hash && document.querySelector(location.hash) !== null"), (
        "the link leads to the board"
    )
    assert page.complaints == []
