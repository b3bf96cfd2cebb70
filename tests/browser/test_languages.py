"""The book in Dutch and French: pages say their language, lead to each other, and the scoreboard works in all."""

from __future__ import annotations

import pytest
from page_types import PAGES
from serving import serving

from analysis import claims

CLAIM = "claims/ics-two-way-trade.html"


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("path", ["index.html", CLAIM])
def test_a_reader_switches_between_languages_and_stays_on_the_page(open_page, path, from_file):
    page = open_page(path, from_file=from_file)
    for code in ("nl", "fr", "en"):
        page.locator(f".cb-languages a[hreflang={code}]").click()
        page.wait_for_url(f"{page.root}{'' if code == 'en' else code + '/'}{path}")
        assert page.evaluate("document.documentElement.lang") == code
        assert page.locator(".cb-languages a[aria-current]").get_attribute("hreflang") == code
    assert page.complaints == []


@pytest.mark.parametrize("path", [PAGES["home"], PAGES["claim"], PAGES["home-nl"], PAGES["claim-nl"], PAGES["fact-fr"]])
def test_every_language_that_a_page_names_is_there(open_page, site, path):
    page = open_page(path)
    named = page.evaluate("[...document.querySelectorAll('[hreflang]')].map(link => [link.hreflang, link.href])")
    assert {code for code, _ in named} >= {"en", "nl", "fr"}
    for code, address in named:
        if address.startswith(page.root):
            target = site.folder / address.removeprefix(page.root).partition("#")[0].partition("?")[0]
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), address
            if target.suffix == ".html":
                assert f'<html lang="{code}"' in target.read_text(encoding="utf-8")


def test_names_of_languages_in_the_head_hold_whole_addresses_or_are_left_out(open_page):
    # Search engines take no other: https://developers.google.com/search/docs/specialty/international/localized-versions
    page = open_page(PAGES["claim"])
    told = page.evaluate("[...document.querySelectorAll('head link[hreflang]')].map(link => link.getAttribute('href'))")
    assert all(address.startswith(("https://", "http://")) for address in told)


@pytest.mark.parametrize("path", ["index.html", "nl/index.html", "fr/index.html"])
def test_an_address_keeps_the_choice_on_the_scoreboard(open_page, path):
    page = open_page(f"{path}?document=ics#board")
    assert len(page.shown(".cb-board tbody tr[id]")) == sum(claim.document.id == "ics" for claim in claims.ledger())
    assert page.input_value("select[name=document]") == "ics"
    assert page.complaints == []


def test_a_card_shows_in_a_frame_of_another_site(open_page, site, tmp_path):
    framed = f'<iframe src="{site.address(PAGES["card"])}" width="420" height="260" title="A card"></iframe>'
    (tmp_path / "blog.html").write_text(
        f'<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A blog</title>{framed}', encoding="utf-8"
    )
    with serving(tmp_path) as blog:
        page = open_page(f"{blog}/blog.html")
        card = page.frame_locator("iframe")
        card.locator("h1").wait_for()
        assert card.locator(".cb-verdict").count() >= 2
        assert card.locator("h1 a").get_attribute("target") == "_blank"
        assert {address for address in page.elsewhere if not address.startswith(site.served)} == set()
        assert page.complaints == []


def test_other_pages_do_not_show_in_frames_of_other_sites(open_page, site, tmp_path):
    framed = f'<iframe src="{site.address(PAGES["claim"])}" title="A page"></iframe>'
    (tmp_path / "blog.html").write_text(
        f'<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A blog</title>{framed}', encoding="utf-8"
    )
    with serving(tmp_path) as blog:
        page = open_page(f"{blog}/blog.html")
        page.pause()
        assert page.frame_locator("iframe").locator("h1.cb-none, article").count() == 0


def test_the_snippet_on_a_claims_page_names_its_card(open_page):
    page = open_page(PAGES["claim"])
    page.locator(".cb-embed summary").click()
    snippet = page.locator(".cb-embed code").inner_text()
    assert snippet.startswith("<iframe") and PAGES["card"] in snippet
