"""On paper: A4, what can be read on it, and the addresses that links lead to."""

from __future__ import annotations

import io
import re

import pytest
from page_types import PAGES
from pypdf import PdfReader


def letters(text: str) -> str:
    """Text without the blanks, which a PDF puts where it likes."""
    return re.sub(r"\s+", "", text).replace("­", "")


@pytest.mark.parametrize("path", ["chapters/openness.html", PAGES["claim"]], ids=["chapter", "claim"])
def test_a_page_prints_to_a4_with_its_figures_tables_and_addresses(open_page, path):
    page = open_page(path)
    captions = page.locator("figure.cb-figure .cb-figure-title").evaluate_all(
        "found => found.map(title => [...title.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join(''))"
    )
    sources = page.locator("figure.cb-figure .cb-source").all_inner_texts()
    addresses = page.locator(".cb-article a[href^=http]").evaluate_all(
        "found => found.filter(link => link.checkVisibility()).map(link => link.getAttribute('href'))"
    )
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    for sheet in paper.pages:
        assert [round(float(size)) for size in (sheet.mediabox.width, sheet.mediabox.height)] == [595, 842]
    told = letters("".join(sheet.extract_text() for sheet in paper.pages))
    assert letters(page.inner_text("h1").rstrip("#¶")) in told
    for text in [*captions, *sources]:
        assert letters(text) in told
    for address in addresses:
        assert letters(address) in told


@pytest.mark.parametrize("path", [PAGES["chapter"], PAGES["claim"], PAGES["home"]], ids=["chapter", "claim", "home"])
def test_what_only_a_screen_can_use_is_left_out(open_page, path):
    page = open_page(path, print_=True)
    screens = ".cb-header, .cb-nav, .cb-toc, .cb-skip, .cb-relations, .cb-page-tools, .cb-downloads, form"
    assert page.shown(f"{screens}, button:not(thead *)") == []


def test_a_chart_that_readers_moved_prints_as_it_stands(open_page):
    page = open_page(PAGES["moving"])
    page.wake()
    page.emulate_media(media="print")
    for figure in page.locator("figure.cb-figure").all():
        shown = [svg for svg in figure.locator(".cb-chart svg").all() if svg.is_visible()]
        assert shown, "no drawing"
    assert page.shown(".cb-sliders") == []
