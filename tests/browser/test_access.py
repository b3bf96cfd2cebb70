"""Access for everyone, as far as axe-core can tell: every page type, light and dark, wide and on a phone."""

from __future__ import annotations

import pytest
from page_types import CHARTED, OPEN_DETAILS, PAGES

DARK = "document.documentElement.dataset.theme === 'dark'"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_no_fault(open_page, path, width):
    page = open_page(path, width=width)
    page.evaluate(OPEN_DETAILS)
    assert page.faults() == []
    page.emulate_media(color_scheme="dark")
    page.pause(300)
    assert page.faults() == [], "in the dark"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", CHARTED.values(), ids=CHARTED)
def test_axe_finds_no_fault_when_charts_are_awake(open_page, path, dark):
    page = open_page(path, dark=dark)
    page.wake()
    assert page.faults() == []


def test_axe_finds_a_fault_where_there_is_one(open_page):
    page = open_page(PAGES["about"])
    page.evaluate("document.querySelector('main').innerHTML += '<h6>Deep</h6><img src=\"data:,\">'")
    assert {told.partition(":")[0] for told in page.faults()} >= {"heading-order", "image-alt"}
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert "color-contrast" in {told.partition(":")[0] for told in page.faults()}
