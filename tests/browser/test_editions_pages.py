"""The pages of editions in a browser: the list of countries and how it is searched, sentences, charts, widths, colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from page_types import OPEN_DETAILS
from serving import serving

PAGES = {"list": "index.html", "country": "NLD/index.html", "chapter": "NLD/defence.html", "small": "GRD/index.html"}
SHOWN = "[...document.querySelectorAll('.cb-editions > li')].filter(e => e.checkVisibility()).map(e => e.dataset.name)"


@pytest.fixture(scope="module")
def served(built_editions) -> Iterator[str]:
    with serving(built_editions) as address:
        yield f"{address}/"


@pytest.fixture
def opened(open_page: Callable, served: str) -> Callable:
    return lambda path, **named: open_page(served + path, root=served, **named)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_pages_are_open_to_everyone_ask_nobody_else_and_fit_their_window(opened, path, width):
    page = opened(path, width=width)
    page.evaluate(OPEN_DETAILS)
    assert page.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark")
    page.pause(300)
    assert page.faults() == [], "in the dark"
    assert page.elsewhere == [] and page.complaints == []


def test_typing_leaves_the_countries_that_fit(opened):
    page = opened("index.html")
    assert len(page.evaluate(SHOWN)) == 3
    page.locator("#cb-country").fill("esto")
    assert page.evaluate(SHOWN) == ["Estonia EST"]
    assert page.shown(".cb-editions-count") == ["1 country"]
    page.locator("#cb-country").fill("nld")
    assert page.evaluate(SHOWN) == ["Netherlands NLD"]
    page.locator("#cb-country").fill("<img src=x onerror=alert(1)>")
    assert page.evaluate(SHOWN) == [] and page.shown(".cb-editions-count") == ["0 countries"]
    page.locator("#cb-country").fill("")
    assert len(page.evaluate(SHOWN)) == 3
    assert page.complaints == []


def test_without_scripts_the_whole_list_leads_to_every_country(opened):
    page = opened("index.html", scripts=False)
    assert page.locator(".cb-editions > li a").count() == 3
    page.locator(".cb-editions > li a").nth(0).click()
    assert page.locator("h1").inner_text().startswith("Estonia")


def test_a_chart_of_an_edition_comes_alive(opened):
    page = opened("NLD/trade.html")
    page.wake()
    assert page.locator("figure.cb-awake").count() >= 3
    assert page.elsewhere == [] and page.complaints == []


def test_the_search_finds_pages_of_all_editions_by_country(opened):
    page = opened("search.html")
    page.until("!document.getElementById('cb-query').disabled")
    page.locator("#cb-query").fill("military expenditure")
    page.until("document.querySelectorAll('.cb-search-found li').length > 1")
    assert "Country" in " ".join(page.shown(".cb-search-filters"))
    assert page.complaints == []


def test_one_can_walk_from_the_list_to_a_chapter_and_back(opened):
    page = opened("index.html")
    page.locator(".cb-editions a", has_text="Netherlands").click()
    page.locator("nav.cb-nav a", has_text="Defence").click()
    assert page.locator("h1").inner_text().startswith("Defence")
    page.locator("nav.cb-nav a", has_text="All countries").click()
    assert page.locator("h1").inner_text().startswith("Editions")
