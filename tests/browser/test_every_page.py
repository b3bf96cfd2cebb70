"""What holds on every page: nothing from elsewhere, no complaint, no sideways scroll, access for everyone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from page_types import CARDS, CHARTED, FRAMED, OPEN_DETAILS, PAGES

from analysis.documents import documents

SEVERAL = {
    name: PAGES[name] for name in ("home", "chapter", "moving", "claim", "document", "home-nl", "claim-nl", "card")
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
framed_page = pytest.mark.parametrize("path", FRAMED.values(), ids=FRAMED)
# Everything that is shown, without what the style sheet or the markup takes away.
SHOWN = "[...document.querySelectorAll(%r)].filter(found => found.checkVisibility())"


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
@every_page
def test_it_asks_no_other_host_and_nothing_goes_wrong(open_page, path, from_file):
    page = open_page(path, from_file=from_file)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.pause(300)
    assert page.elsewhere == []
    assert page.complaints == []


@every_page
def test_it_fits_phones_and_tablets(open_page, path):
    page = open_page(path, width=360)
    page.evaluate(OPEN_DETAILS)
    for width in (360, 390, 768):
        page.set_viewport_size({"width": width, "height": 800})
        page.pause(50)
        wide = page.evaluate(
            "width => [...document.querySelectorAll('body *')].filter(found => found.checkVisibility()"
            " && found.getBoundingClientRect().right > width + 1 && !found.closest('.cb-scroll, pre, table'))"
            ".slice(0, 5).map(found => found.outerHTML.slice(0, 120))",
            width,
        )
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, (width, wide)


@every_page
def test_its_parts_say_what_they_are(open_page, path):
    page = open_page(path)
    page.evaluate(OPEN_DETAILS)
    # Headings come in order below one title
    levels = page.evaluate(SHOWN % "h1, h2, h3, h4, h5, h6" + ".map(heading => Number(heading.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(level - before <= 1 for before, level in pairwise(levels)), levels
    # Pictures have names, unless they are left out for those who do not see them
    nameless = SHOWN % "svg, img" + (
        ".filter(picture => !picture.closest('[aria-hidden=true]') && !picture.closest('[role=img][aria-label]')"
        " && !picture.getAttribute('aria-label') && !picture.getAttribute('alt') && !picture.querySelector('title'))"
    )
    assert page.evaluate(f"{nameless}.map(picture => picture.outerHTML.slice(0, 100))") == []
    # Tables have heads, and each tells what it is the head of
    headless = (
        SHOWN % "table" + ".filter(table => !table.querySelector('th')).map(table => table.outerHTML.slice(0, 150))"
    )
    assert page.evaluate(headless) == []
    assert page.evaluate(SHOWN % "th:not([scope])" + ".map(head => head.outerHTML.slice(0, 150))") == []
    # The page says its language, and so does what stands in another
    named = path.split("/")[0] if path.startswith(("nl/", "fr/")) else "nl" if ".nl." in path else "en"
    assert page.evaluate("document.documentElement.lang") == named
    marked = page.evaluate("[...document.querySelectorAll('body [lang]')].map(part => part.lang)")
    assert set(marked) <= {"en", "nl", "fr", "de"}


def test_the_title_of_a_document_in_another_language_is_marked(open_page):
    foreign = [document for document in documents().values() if document.language != "en"]
    assert foreign
    for document in foreign:
        page = open_page(f"documents/{document.id}.html")
        assert page.evaluate(f"!!document.querySelector('main [lang={document.language}]')"), document.id


@framed_page
def test_the_first_key_offers_to_skip_to_the_content(open_page, path):
    page = open_page(path)
    if path == PAGES["search"]:
        page.until("document.activeElement.id === 'cb-query'")  # this page puts the reader into its field
        for _ in range(60):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.className") == "cb-skip":
                break
    else:
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cb-skip"
    box = page.locator(".cb-skip").bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0 and box["height"] > 10, "the link is seen while it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main, footer, .cb-toc')")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", SEVERAL.values(), ids=SEVERAL)
def test_the_focus_is_seen_and_goes_down_the_page(open_page, path, width):
    page = open_page(path, width=width, reduced_motion=True)  # so that what has the focus is in view at once
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].filter(found => found.tabIndex > 0).length") == 0
    page.evaluate("document.activeElement.blur()")
    page.evaluate("window.cbSeen = []")
    for _ in range(25):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
              const found = document.activeElement;
              if (found === document.body || window.cbSeen.includes(found)) { return null; }
              const before = window.cbSeen.at(-1);
              window.cbSeen.push(found);
              const style = getComputedStyle(found);
              const box = found.getBoundingClientRect();
              return {
                name: found.outerHTML.slice(0, 120),
                marked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none",
                seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
                  && box.right > 0 && box.left < innerWidth,
                after: !before || Boolean(before.compareDocumentPosition(found) & Node.DOCUMENT_POSITION_FOLLOWING),
              };
            }"""
        )
        if told is None:
            break
        assert told["marked"] and told["seen"] and told["after"], told
    assert page.evaluate("window.cbSeen.length") >= (2 if path in CARDS.values() else 5)


@pytest.mark.parametrize("path", [*CHARTED.values(), PAGES["home"]], ids=[*CHARTED, "home"])
def test_nothing_moves_for_those_who_do_not_want_it(open_page, path):
    page = open_page(path, reduced_motion=True)
    lively = page.evaluate(
        """[...document.querySelectorAll("*")].filter(found => {
          const style = getComputedStyle(found);
          const long = (text) => text.split(",").some(part => parseFloat(part) * (part.includes("ms") ? 1 : 1000) > 1);
          return long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration))
            || style.scrollBehavior === "smooth";
        }).map(found => found.outerHTML.slice(0, 100))"""
    )
    assert lively == []
