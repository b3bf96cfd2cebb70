"""Where no script runs: what a page says is there, its charts are drawn, its links and its menu work."""

from __future__ import annotations

import pytest
from page_types import PAGES

from analysis import claims


@pytest.mark.parametrize("name", ["home", "chapter", "claim", "document", "claim-nl"])
def test_pages_say_all_they_say(open_page, name):
    parts = "main :is(h1, h2, h3, p, table):not(form *, .cb-figure *, .cb-board-count, .cb-board-none, .cb-board-of, .cb-page-tools)"
    said, bare = (open_page(PAGES[name], scripts=scripts).shown(parts) for scripts in (True, False))
    assert len(bare) > 5
    assert [text for text in said if text not in bare and not text.startswith("Statement")] == []


def test_no_script_is_asked_for(open_page):
    page = open_page(PAGES["moving"], scripts=False)
    assert not [address for address in page.requests if ".js" in address]
    assert page.elsewhere == []


@pytest.mark.parametrize("path", ["index.html", "nl/index.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_scoreboard_is_a_table_of_all_statements(open_page, path, width):
    page = open_page(path, width=width, scripts=False)
    assert len(page.shown(".cb-board tbody tr[id]")) == len(claims.ledger())
    assert not page.locator("form.cb-board-controls").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", [PAGES["chapter"], PAGES["moving"], PAGES["claim"]])
def test_charts_are_drawn_and_their_figures_one_click_away(open_page, path, width):
    page = open_page(path, width=width, scripts=False)
    for figure in page.locator("figure.cb-figure").all():
        shown = [svg for svg in figure.locator(".cb-chart > svg").all() if svg.is_visible()]
        assert len(shown) == 1
        assert shown[0].bounding_box()["width"] > 250
        assert not figure.locator("table").is_visible()
        figure.locator("details.cb-data summary").click()
        assert figure.locator("table").is_visible()


def test_the_menu_of_a_phone_opens_and_leads_elsewhere(open_page):
    page = open_page(PAGES["claim"], width=390, scripts=False)
    link = page.locator(".cb-nav a", has_text="Glossary")
    assert not link.is_visible()
    page.locator(".cb-for-menu").click()
    assert link.is_visible()
    link.click()
    page.wait_for_url("**/glossary.html")


def test_controls_that_need_scripts_are_not_shown(open_page):
    page = open_page(PAGES["chapter"], scripts=False)
    assert not page.locator("button.cb-theme").is_visible()
    assert not page.locator("button.cb-print").is_visible()
    assert "needs scripts" in open_page(PAGES["search"], scripts=False).inner_text("main")
