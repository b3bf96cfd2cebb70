"""Readers walk through five real versions of the book: by the switcher, from old banners, along the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from five import FIVE
from serving import serving

pytestmark = pytest.mark.xdist_group("versions")

NAMES = list(FIVE)
FIRST, LAST = NAMES[0], NAMES[-1]
CLAIM = "claims/ics-defence-below-one-per-cent.html"
BUTTON, MENU = ".cb-to-versions", "#cb-versions"
READY = "document.documentElement.dataset.layer === 'ready'"
PAGES = (
    "index.html",
    CLAIM,
    "chapters/defence.html",
    "documents/ics.html",
    "version.html",
    "nl/index.html",
    "fr/" + CLAIM,
)


@pytest.fixture(scope="module")
def served(five_versions: Path) -> Iterator[str]:
    with serving(five_versions / "site") as address:
        yield address


@pytest.fixture
def look(open_page: Callable, served: str, five_versions: Path) -> Callable:
    """Open a page of the site, on loopback or from the file system, and wait for what lies over it."""

    def opened(path: str, *, from_file: bool = False, **how):
        root = (five_versions / "site").as_uri() if from_file else served
        page = open_page(f"{root}/{path}", root=root, **how)
        page.until(READY)
        return page

    return opened


def choose(page, version: str) -> None:
    """Go to another version by the switcher."""
    page.locator(BUTTON).click()
    page.locator(MENU).get_by_role("link", name=version).click()
    page.wait_for_url(f"**/v/{version}/**")
    page.until(READY)


def told(page) -> str:
    """What the notices above the page say."""
    return " ".join(" ".join(page.locator(".cb-notice").all_inner_texts()).split())


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
def test_a_reader_walks_through_all_five(look, from_file):
    page = look(f"latest/{CLAIM}", from_file=from_file)
    assert told(page) == ""
    for version in [*reversed(NAMES[:-1]), *NAMES[1:]]:
        choose(page, version)
        assert page.url == f"{page.root}/v/{version}/{CLAIM}"
        assert f"Version {version}" in page.locator(".cb-footer").inner_text()
        assert (f"This is version {version}" in told(page)) == (version != LAST)
    assert page.complaints == [] and page.elsewhere == []


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
def test_the_root_leads_to_the_newest_version(open_page, served, five_versions, from_file):
    root = (five_versions / "site").as_uri() if from_file else served
    page = open_page(f"{root}/index.html", root=root)
    page.wait_for_url("**/latest/index.html")
    page.until(READY)
    assert page.locator(".cb-footer").inner_text().startswith(f"Version {LAST}")
    assert page.elsewhere == []


def test_an_old_statement_says_what_became_of_it(look):
    page = look(f"v/{FIRST}/{CLAIM}")
    notice = told(page)
    assert "with figures up to 25 June 2019. It was built in retrospect" in notice
    assert "Today: true 0.91 per cent of GDP in 2018 (estimate), now no longer true 2.00 per cent of GDP" in notice
    assert "(since version 2024.06: a newer year is told)" in notice
    page.get_by_role("link", name=f"This page in version {LAST}").click()
    page.wait_for_url(f"**/v/{LAST}/{CLAIM}")


def test_an_old_scoreboard_counts_what_became_of_its_statements(look):
    page = look(f"v/{FIRST}/index.html")
    assert "of the statements on this page have another verdict now" in told(page)
    assert "56 statements have come in since" in told(page)


def test_a_page_that_an_old_version_lacks_leads_to_the_nearest_and_says_so(look):
    page = look(f"v/{LAST}/claims/nvs-trade-share.html")
    choose(page, FIRST)
    assert page.url.startswith(f"{page.root}/v/{FIRST}/index.html?gone=")
    assert "Trade is 85 per cent of GDP" in told(page)
    choose(page, "2022.06")
    page = look(f"v/{LAST}/chapters/people.html")
    choose(page, FIRST)
    assert page.url.startswith(f"{page.root}/v/{FIRST}/index.html?gone=")


@pytest.mark.parametrize("version", [FIRST, LAST])
def test_the_history_of_a_verdict_is_drawn_through_all_versions(look, version):
    page = look(f"v/{version}/{CLAIM}")
    section = page.locator("#verdicts-through-the-versions")
    assert sorted(section.locator(".cb-history-name").all_text_contents()) == NAMES
    words = section.locator(".cb-history-word").all_text_contents()
    assert {"true", "no longer true"} <= set(words)
    section.locator("summary").click()
    rows = section.locator("tbody tr")
    assert rows.first.locator("th").inner_text().startswith(FIRST)
    assert "no longer true" in section.locator("tbody").inner_text()


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_old_versions_are_for_everyone(look, path):
    for how in ({}, {"width": 390, "dark": True}):
        page = look(f"v/{FIRST}/{path}", **how)
        assert page.faults() == [] and page.complaints == [] and page.elsewhere == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= how.get("width", 1280)


@pytest.mark.parametrize("path", ["versions.html", "changes.html", f"changes/{LAST}/index.html"])
@pytest.mark.parametrize("scripts", [True, False])
def test_pages_beside_the_versions_are_for_everyone(open_page, served, path, scripts):
    for how in ({}, {"width": 360, "dark": True}):
        page = open_page(f"{served}/{path}", root=served, scripts=scripts, **how)
        assert page.complaints == [] and page.elsewhere == []
        assert page.locator("h1").count() == 1
        if scripts:
            assert page.faults() == []
            assert page.evaluate("document.scrollingElement.scrollWidth") <= how.get("width", 1280)


def test_old_pages_stand_without_scripts(open_page, served):
    page = open_page(f"{served}/v/{FIRST}/{CLAIM}", root=served, scripts=False)
    page.get_by_role("link", name=f"Version {FIRST}, built in retrospect as of 30 June 2019").click()
    assert "The book did not exist on 30 June 2019." in page.locator("main").inner_text()
    assert page.get_by_role("link", name="versions.html").first.get_attribute("href").endswith("/versions.html")


def test_charts_of_old_versions_come_alive(look):
    page = look(f"v/{FIRST}/chapters/defence.html")
    page.wake()
    assert page.complaints == []
