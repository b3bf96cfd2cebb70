"""The layer over frozen versions in a browser: switcher, banners, corrections, histories, and silence without it.

The site is made here in the real theme (versioned.py), so that no book need be built for it.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from serving import serving
from versioned import Said, Version, publish

HOSTILE = '"\'><img src=x onerror="window.broken = 1"></script><script>window.broken = 1</script>{day} {time} \u202eשלום\u202c 🦆'
READY = "document.documentElement.dataset.layer === 'ready'"
TOTAL = "claims/trade-total.html"
BUTTON = ".cb-to-versions"
MENU = "#cb-versions"

_total = {
    "2019.06": Said(("supported", "66.1 billion in 2015"), ("not testable", ""), ("true", "66.0 billion in 2018"), "Two-way trade"),
    "2024.06": Said(("supported", "66.1 billion in 2015"), ("not testable", ""), ("no longer true", "70.2 billion in 2022"), "Two-way trade"),
    "2026.11": Said(("not supported", "66.3 billion in 2015"), ("not testable", ""), ("no longer true", "74.9 billion in 2024"), "Two-way trade"),
}  # fmt: skip
_rank = Said(("supported", "12th in 2017"), ("unchanged", "12th in 2017"), ("true", "12th in 2018"), "Rank")
_moved = Said(("supported", "12th in 2017"), ("unchanged", "12th in 2017"), ("true", "12th in 2024"), "Rank")
_late = Said(("supported", "1"), ("unchanged", "1"), ("true", "1"), "A newer statement", "nvs")
_hostile = Said(("supported", HOSTILE), ("unchanged", "1"), ("true", HOSTILE), HOSTILE, "nvs")
_hostile_now = Said(("supported", HOSTILE), ("unchanged", HOSTILE), ("not true", HOSTILE[::-1]), HOSTILE, "nvs")


def _many(word: str) -> dict[str, Said]:
    return {f"many-{number}": Said(("supported", ""), ("unchanged", ""), (word, ""), f"Statement {number}", "many") for number in range(7)}  # fmt: skip


VERSIONS = (
    Version("2019.06", dt.date(2019, 6, 30), {"trade-total": _total["2019.06"], "trade-rank": _rank, "left": _late, **_many("true")}, retrospective=True),
    Version("2024.06", dt.date(2024, 6, 30), {"trade-total": _total["2024.06"], "trade-rank": _rank, "late": _late, "hostile": _hostile, **_many("true")}, causes={("trade-total", "today"): "new year"}),
    Version("2026.11", dt.date(2026, 10, 31), {"trade-total": _total["2026.11"], "trade-rank": _moved, "late": _late, "hostile": _hostile_now, **_many("not true")}, causes={("trade-total", "when_written"): "revision", ("trade-total", "today"): "new year", ("trade-rank", "today"): "new year"}, prose="What the book has become.", pages=("about.html", "glossary.html")),
    Version("2026.12rc1", dt.date(2026, 11, 30), {"trade-total": _total["2026.11"], "trade-rank": _moved, "late": _late, "hostile": _hostile_now, **_many("not true")}, prose="What the book has become.", pages=("about.html", "glossary.html", "corrections.html")),
)  # fmt: skip
CORRECTIONS = (
    {"id": "euros", "dated": "2026-12-03", "title": "Euros were labelled dollars", "told": "It is 50 billion dollars.", "first": "2019.06", "last": "2024.06", "fixed": "2026.11", "pages": [TOTAL, f"nl/{TOTAL}"], "reported_by": "us"},
    {"id": "open", "dated": "2026-12-04", "title": HOSTILE, "told": HOSTILE, "first": "2026.11", "last": None, "fixed": None, "pages": ["about.html"], "reported_by": HOSTILE},
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    folder: Path
    served: str


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("published") / "a site"
    folder.mkdir()
    publish(folder, VERSIONS, CORRECTIONS)
    with serving(folder.parent) as served:  # a site may stand in any folder of a host
        yield Published(folder, f"{served}/a%20site")


@pytest.fixture
def look(open_page: Callable, published: Published) -> Callable:
    def opened(path: str, *, from_file: bool = False, **how):
        root = published.folder.as_uri() if from_file else published.served
        page = open_page(f"{root}/{path}", root=root, **how)
        page.until(READY)
        return page

    return opened


def notices(page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".cb-notice").all_inner_texts()]


def place(page) -> str:
    """Where the reader is, from the site's root."""
    return page.url.removeprefix(f"{page.root}/")


def go(page, version: str) -> None:
    page.locator(BUTTON).click()
    page.locator(MENU).get_by_role("link", name=version).click()
    page.wait_for_url(f"**/v/{version}/**")
    page.until(READY)


# The switcher


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_reader_walks_through_all_versions_of_a_page(look, from_file, width):
    page = look(f"latest/{TOTAL}?q=a%20b#what-was-said", from_file=from_file, width=width)
    assert page.get_by_role("button", name="Version 2026.12rc1").is_visible()
    for version in ("2026.11", "2024.06", "2019.06", "2026.12rc1"):
        go(page, version)
        assert place(page) == f"v/{version}/{TOTAL}?q=a%20b#what-was-said"
        assert page.evaluate("document.documentElement.dataset.version") == version
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.complaints == [] and page.elsewhere == []


def test_the_list_says_what_each_version_is(look):
    page = look(f"v/2024.06/{TOTAL}")
    assert not page.locator(MENU).is_visible()
    page.locator(BUTTON).click()
    entries = [" ".join(text.split()) for text in page.locator(f"{MENU} li").all_inner_texts()]
    assert entries == [
        "2026.12rc1 figures up to 30 November 2026, candidate",
        "2026.11 newest figures up to 31 October 2026",
        "2024.06 figures up to 30 June 2024",
        "2019.06 figures up to 30 June 2019, built in retrospect",
    ]
    assert page.locator(f"{MENU} [aria-current]").inner_text().startswith("2024.06")
    assert page.get_by_role("navigation", name="Versions of this book").is_visible()
    page.get_by_role("link", name="All versions").click()
    page.wait_for_url("**/versions.html")
    assert place(page) == "versions.html"


def test_the_list_serves_the_keyboard(look):
    page = look(f"v/2024.06/{TOTAL}")
    page.locator(BUTTON).focus()
    page.keyboard.press("Enter")
    page.until(f"document.querySelector('{MENU}').matches(':popover-open')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("2026.12rc1")
    page.keyboard.press("Escape")
    assert not page.locator(MENU).is_visible()
    assert page.evaluate(f"document.activeElement.matches('{BUTTON}')")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v/2026.11/**")


def test_the_way_follows_what_the_page_writes_into_its_address(look):
    page = look(f"v/2024.06/{TOTAL}")
    page.evaluate("history.replaceState(null, '', '?today=true#what-was-said')")
    go(page, "2019.06")
    assert place(page) == f"v/2019.06/{TOTAL}?today=true#what-was-said"


@pytest.mark.parametrize(
    ("start", "version", "arrived", "title"),
    [
        ("claims/left.html", "2026.11", "documents/nvs.html", "A newer statement"),
        ("claims/late.html", "2019.06", "documents/nvs.html", "A newer statement"),
        ("nl/claims/hostile.html", "2019.06", "nl/index.html", HOSTILE),
        ("glossary.html", "2019.06", "index.html", "About this book"),
    ],
)
@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
def test_where_a_page_is_missing_the_nearest_one_says_so(look, start, version, arrived, title, from_file):
    own = next(one.name for one in VERSIONS if start.removeprefix("nl/").split("/")[-1][:-5] in {*one.said, *[p[:-5] for p in one.pages]})  # fmt: skip
    page = look(f"v/{own}/{start}?q=1#x", from_file=from_file)
    page.locator(BUTTON).click()
    entry = page.locator(f"{MENU} li", has_text=version)
    assert ("heeft deze pagina niet" if start.startswith("nl/") else "has no such page") in entry.inner_text()
    entry.get_by_role("link").click()
    page.wait_for_url(f"**/v/{version}/**")
    page.until(READY)
    assert place(page).split("?")[0] == f"v/{version}/{arrived}" and "#" not in place(page)
    notice = page.locator(".cb-notices > :first-child")
    assert notice.get_attribute("role") == "note"
    assert " ".join(title.split()) in " ".join(notice.inner_text().split()) and start in notice.inner_text()
    assert version in notice.inner_text()
    notice.get_by_role("link").click()
    page.wait_for_url(f"**/{start}")
    page.until(READY)
    assert "gone=" not in page.url
    assert page.complaints == []
    assert page.evaluate("window.broken") is None


def test_the_next_step_from_there_leaves_the_notice_behind(look):
    page = look("v/2019.06/documents/nvs.html?gone=claims/late.html")
    assert "A newer statement" in notices(page)[0]
    go(page, "2024.06")
    assert place(page) == "v/2024.06/documents/nvs.html"
    assert not any("nearest" in text for text in notices(page))


@pytest.mark.parametrize(
    "gone", ["claims/late.html", "../../evil.html", "https://example.org/x.html", "<b>x</b>.html", "//x/y.html", "%", "documents/nvs.html"]
)  # fmt: skip
def test_an_address_cannot_make_a_page_say_what_is_not_so(look, gone):
    page = look(f"v/2024.06/documents/nvs.html?gone={gone}")
    assert not any("nearest page" in text or "evil" in text or "example" in text for text in notices(page))
    assert page.elsewhere == [] and page.complaints == []


# Banners


def test_an_old_statement_tells_what_became_of_it(look):
    page = look(f"v/2019.06/{TOTAL}")
    banner = page.get_by_role("region", name="Version 2019.06")
    text = " ".join(banner.inner_text().split())
    assert text.startswith("This is version 2019.06, with figures up to 30 June 2019. It was built in retrospect")
    changes = [" ".join(item.split()) for item in banner.locator("li").all_inner_texts()]
    assert changes == [
        "When written: supported 66.1 billion in 2015, now not supported 66.3 billion in 2015 (since version 2026.11: the same year is told anew by another release)",
        "Today: true 66.0 billion in 2018, now no longer true 74.9 billion in 2024 (since version 2024.06: a newer year is told)",
    ]
    chips = [chip.get_attribute("data-verdict") for chip in banner.locator(".cb-verdict").all()]
    assert chips == ["supported", "not-supported", "true", "no-longer-true"]
    banner.get_by_role("link", name="This page in version 2026.11, the newest").click()
    page.wait_for_url(f"**/v/2026.11/{TOTAL}")
    page.until(READY)
    assert notices(page) == []


def test_figures_that_moved_without_a_word(look):
    page = look("v/2024.06/claims/trade-rank.html")
    items = [" ".join(item.split()) for item in page.locator(".cb-notice-version li").all_inner_texts()]
    assert items == [
        "Today: still true, on other grounds: 12th in 2018, now 12th in 2024 (since version 2026.11: a newer year is told)"
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("v/2024.06/claims/late.html", "Nothing on this page has changed since, but for dates."),
        ("v/2024.06/about.html", "Text or figures on this page have changed since."),
        ("v/2024.06/nl/claims/late.html", "Op deze pagina is sindsdien niets veranderd, behalve data."),
        ("v/2024.06/fr/claims/late.html", "Rien n’a changé depuis sur cette page, sauf des dates."),
        ("v/2019.06/claims/left.html", "The statement is no longer in the book."),
    ],
)
def test_pages_without_other_verdicts(look, path, told):
    assert told in notices(look(path))[-1]


def test_pages_of_many_statements_list_those_with_another_verdict(look):
    page = look("v/2024.06/documents/many.html")
    banner = page.locator(".cb-notice-version")
    assert "7 of the statements on this page have another verdict now:" in banner.inner_text()
    items = [" ".join(item.split()) for item in banner.locator("li").all_inner_texts()]
    assert items[0] == "Statement 0. Today: true, now not true" and items[5] == "and 2 more" and len(items) == 6
    assert banner.get_by_role("link", name="and 2 more").get_attribute("href").endswith("/versions.html")
    banner.get_by_role("link", name="Statement 0").click()
    page.wait_for_url("**/v/2026.11/claims/many-0.html")
    home = " ".join(look("v/2019.06/index.html").locator(".cb-notice-version").inner_text().split())
    assert "8 of the statements" in home and "2 statements have come in since. 1 is no longer on it." in home
    chapter = look("v/2019.06/chapters/trade.html").locator(".cb-notice-version").inner_text()
    assert "1 of the statements on this page has another verdict now:" in chapter


def test_other_languages_tell_it_in_theirs(look):
    words = {
        "nl": ["bevestigd", "niet bevestigd", "klopt", "klopt niet meer"],
        "fr": ["confirmée", "non confirmée", "exacte", "n’est plus exacte"],
    }
    for code, chips in words.items():
        page = look(f"v/2019.06/{code}/{TOTAL}")
        banner = page.locator(".cb-notice-version")
        assert banner.locator(".cb-verdict").all_inner_texts() == chips
        assert banner.locator("[lang=en]").count() == 0
        assert page.locator(BUTTON).inner_text().strip() in ("Versie 2019.06", "Version 2019.06")
        home = look(f"v/2019.06/{code}/index.html").locator(".cb-notice-version")
        assert home.locator("li").count() == 6
        first = home.locator("li a").first
        assert f"/v/2026.11/{code}/claims/" in first.get_attribute("href")


def test_a_candidate_says_that_it_is_one_and_the_newest_version_says_nothing(look):
    assert "a candidate" in notices(look("v/2026.12rc1/index.html"))[0]
    assert "newest" not in notices(look("v/2026.12rc1/index.html"))[0]
    assert notices(look("v/2026.11/index.html")) == []


@pytest.fixture
def listing(open_page, published, tmp_path) -> Callable:
    """The page of a statement with another list of versions over it."""

    def opened(version: str, listed: list[dict], **how):
        for part in ("layer", f"v/{version}"):
            shutil.copytree(published.folder / part, tmp_path / part)
        told = {"versions": listed, "latest": listed[0]["name"], "stable": listed[0]["name"]}
        (tmp_path / "layer" / "versions.js").write_text(f"claimbookLayer.versions({json.dumps(told)});")
        page = open_page((tmp_path / "v" / version / TOTAL).as_uri(), root=tmp_path.as_uri(), **how)
        page.until(READY)
        return page

    return opened


def test_the_newest_version_says_if_it_was_built_in_retrospect(listing):
    page = listing("2024.06", [{"name": "2024.06", "as_of": "2024-06-30", "retrospective": "2024-06-30"}])
    assert notices(page) == [
        "This is version 2024.06, with figures up to 30 June 2024. It was built in retrospect: by later rules, from the releases held of what had been published by 30 June 2024."
    ]


def test_of_many_versions_the_list_shows_the_newest_and_the_own(listing):
    names = [f"{year}.{month:02}" for year in range(2026, 2018, -1) for month in range(12, 0, -1)]
    page = listing("2019.06", [{"name": name, "as_of": f"{name.replace('.', '-')}-01"} for name in names], width=360)
    page.locator(BUTTON).click()
    assert page.locator(f"{MENU} li strong").all_inner_texts() == [*names[:12], "2019.06"]
    box = page.locator(MENU).bounding_box()
    assert box["y"] + box["height"] <= 900, "it scrolls within itself"
    shown = page.locator(".cb-history-name").all_text_contents()
    assert 3 <= len(shown) < 12 and {"2019.06", "2026.12"} <= set(shown)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    assert page.locator(".cb-history tbody tr").count() == 3, "the table tells changes, not versions"


# Corrections


def test_corrections_stand_above_on_the_pages_they_concern_and_nowhere_else(look):
    page = look(f"v/2019.06/{TOTAL}")
    first, second = notices(page)
    assert first == (
        "Correction of 3 December 2026: Euros were labelled dollars It is 50 billion dollars. "
        "Version 2026.11 has it right. This page there. Found by ourselves."
    )
    assert second.startswith("This is version")
    assert page.locator(".cb-notice-correction").get_attribute("role") == "note"
    page.get_by_role("link", name="This page there").click()
    page.wait_for_url(f"**/v/2026.11/{TOTAL}")
    page.until(READY)
    assert notices(page) == []
    dutch = look(f"v/2024.06/nl/{TOTAL}").locator(".cb-notice-correction")
    assert dutch.inner_text().startswith("Correctie van 3 december 2026")
    assert dutch.locator("[lang=en]").all_inner_texts() == ["Euros were labelled dollars", "It is 50 billion dollars."]
    assert not any("Correct" in text for text in notices(look(f"v/2024.06/fr/{TOTAL}")))
    assert not any("Correct" in text for text in notices(look("v/2024.06/claims/trade-rank.html")))


def test_a_correction_that_is_open_holds_for_the_newest_version_too(look):
    for version in ("2026.11", "2026.12rc1"):
        text = notices(look(f"v/{version}/about.html"))[0]
        assert "No version has it right yet." in text
    assert not any("No version" in text for text in notices(look("v/2024.06/about.html")))


# Histories


def test_the_history_of_a_verdict_is_drawn_and_told(look):
    page = look(f"v/2024.06/{TOTAL}")
    section = page.locator("#verdicts-through-the-versions")
    assert section.locator("h2").inner_text() == "Verdicts through the versions"
    following = page.evaluate("document.querySelector('#verdicts-through-the-versions').nextElementSibling.id")
    assert following == "cite-or-contest-this-page"
    bars = page.evaluate(
        """[...document.querySelectorAll('.cb-history-bar')].map(bar => [bar.getAttribute('class').split('cb-history-').pop(),
           bar.querySelector('text')?.textContent, bar.querySelectorAll('.cb-history-tick').length,
           Math.round(bar.querySelector('rect').getBBox().width / (document.querySelector('.cb-history-drawn').getBBox().width / 3))])"""
    )
    assert bars == [["yes", "supported", 0, 2], ["no", "not supported", 0, 1], ["yes", "true", 0, 1], ["no", "no longer true", 1, 2]]  # fmt: skip
    # Every version is named once, and the one that is read is marked, under its own column
    assert page.locator(".cb-history-name").all_text_contents() == ["2024.06", "2026.11", "2019.06"]
    marked, name = page.locator(".cb-history-mark").bounding_box(), page.locator(".cb-history-own").bounding_box()
    assert marked["x"] < name["x"] and name["x"] + name["width"] < marked["x"] + marked["width"]
    section.locator("summary").click()
    rows = [[" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()] for row in section.locator("tbody tr").all()]  # fmt: skip
    assert rows == [
        ["2019.06", "supported 66.1 billion in 2015", "true 66.0 billion in 2018"],
        ["2024.06 this page", "supported 66.1 billion in 2015", "no longer true 70.2 billion in 2022 a newer year is told"],
        ["2026.11", "not supported 66.3 billion in 2015 the same year is told anew by another release", "no longer true 74.9 billion in 2024 a newer year is told"],
    ]  # fmt: skip
    section.get_by_role("link", name="2019.06").click()
    page.wait_for_url(f"**/v/2019.06/{TOTAL}")


def test_only_statements_of_two_versions_and_more_have_a_history(look):
    for path, drawn in (
        ("v/2019.06/claims/left.html", 0),
        ("v/2019.06/index.html", 0),
        ("v/2024.06/documents/nvs.html", 0),
        ("v/2024.06/claims/late.html", 1),
        (f"v/2024.06/nl/{TOTAL}", 1),
    ):
        assert look(path).locator(".cb-history").count() == drawn, path


def test_the_drawing_fits_phones_and_follows_the_window(look):
    page = look(f"v/2019.06/{TOTAL}", width=360)
    for width in (360, 768, 1280, 400):
        page.set_viewport_size({"width": width, "height": 800})
        page.until(
            "Math.abs(document.querySelector('.cb-history-drawn').getBoundingClientRect().width"
            " - document.querySelector('.cb-history-figure').clientWidth) <= 1"
        )
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        texts = page.evaluate(
            "[...document.querySelectorAll('.cb-history-drawn text')].map(text => text.getBoundingClientRect())"
            ".filter(box => box.left < -1 || box.right > innerWidth + 1).length"
        )
        assert texts == 0


def test_it_prints(look):
    page = look(f"v/2019.06/{TOTAL}", print_=True)
    assert page.locator(".cb-history-drawn").is_visible() and not page.locator(".cb-history-table").is_visible()
    assert page.locator(".cb-notice-version").is_visible() and not page.locator(BUTTON).is_visible()


# Whatever stands beside it


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [f"v/2019.06/{TOTAL}", "v/2024.06/documents/many.html", f"v/2019.06/fr/{TOTAL}", "v/2026.12rc1/about.html", "v/2019.06/documents/nvs.html?gone=claims/late.html"],
)  # fmt: skip
def test_axe_finds_no_fault(look, path, width):
    page = look(path, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.faults() == []
    page.locator(BUTTON).click()
    assert page.faults() == [], "with the list open"
    page.emulate_media(color_scheme="dark")
    page.pause(300)
    assert page.faults() == [], "in the dark"


@pytest.mark.parametrize("width", [320, 360, 414, 430, 768])
@pytest.mark.parametrize("path", [f"v/2019.06/nl/{TOTAL}", "v/2024.06/claims/hostile.html", "v/2026.11/about.html"])
def test_nothing_scrolls_sideways(look, path, width):
    page = look(path, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.locator(BUTTON).click()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    box = page.locator(MENU).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    for control in page.locator(".cb-tools > :is(a, button), .cb-languages a").all():
        size = control.bounding_box()
        assert size["width"] >= 24 and size["height"] >= 24 and size["x"] + size["width"] <= width


def test_hostile_texts_are_texts(look):
    for path in ("v/2024.06/claims/hostile.html", "v/2024.06/documents/nvs.html", "v/2024.06/index.html", "v/2026.11/about.html", "v/2019.06/documents/nvs.html?gone=claims/hostile.html"):  # fmt: skip
        page = look(path)
        text = " ".join(notices(page))
        assert "<script>window.broken = 1</script>" in text, path
        assert page.locator(".cb-notice img, .cb-notice script, .cb-history img").count() == 0
        assert page.evaluate("window.broken") is None
        assert page.complaints == [] and page.elsewhere == []


# Silence


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("lost", ["layer", "layer/versions.js", "layer/pages", "layer/layer.css"])
def test_a_page_stands_without_the_layer_or_a_part_of_it(open_page, published, tmp_path, lost, from_file):
    folder = tmp_path / "site"
    shutil.copytree(published.folder, folder, symlinks=True, ignore=lambda at, _: ["_static"] if "2019" in at else [])
    shutil.copytree(published.folder / "v/2026.11/_static", folder / "v/2019.06/_static", dirs_exist_ok=True)
    place = folder / lost
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    with serving(folder) as served:
        root = folder.as_uri() if from_file else served
        page = open_page(f"{root}/v/2019.06/{TOTAL}", root=root)
        page.pause(600)
        assert page.locator("h1").inner_text() == "Two-way trade"
        # What the browser itself says of a file that is not there cannot be helped
        said = [
            text for text in page.complaints if "Failed to load resource" not in text and not text.startswith("lost: ")
        ]
        assert said == []
        assert page.elsewhere == []
        if lost in ("layer", "layer/versions.js"):
            assert page.locator(f"{BUTTON}, .cb-notices, .cb-history").count() == 0
        if lost == "layer/pages":
            assert len(notices(page)) == 2 and page.locator(".cb-history").count() == 0
            page.locator(BUTTON).click()
            page.locator(MENU).get_by_role("link", name="2026.11").click()
            page.wait_for_url("**/v/2026.11/index.html")


@pytest.mark.parametrize("data", ["null", "{}", "{versions: 3}", "{versions: [null]}", "{versions: [{name: 'x'}]}"])
def test_data_of_another_form_leaves_the_page_as_it_was(open_page, published, tmp_path, data):
    folder = tmp_path / "site"
    for part in ("layer", "v/2026.11"):
        shutil.copytree(published.folder / part, folder / part)
    (folder / "layer" / "versions.js").write_text(f"claimbookLayer.versions({data});")
    with serving(folder) as served:
        page = open_page(f"{served}/v/2026.11/{TOTAL}", root=served)
        page.pause(400)
        assert page.locator(f"{BUTTON}, .cb-notices, .cb-history").count() == 0
        assert page.complaints == []


@pytest.mark.parametrize("place", ["v/2024.05", "book", "v/2026.11/copy", "latest-copy"])
def test_a_version_that_stands_elsewhere_asks_for_nothing(open_page, published, tmp_path, place):
    shutil.copytree(published.folder / "v" / "2026.11", tmp_path / place)
    with serving(tmp_path) as served:
        page = open_page(f"{served}/{place}/{TOTAL}", root=served)
        page.pause(300)
        assert not [address for address in page.requests if "/layer/" in address]
        assert page.complaints == []


def test_a_book_that_is_no_version_asks_for_nothing(open_page, published, tmp_path):
    folder = tmp_path / "latest"
    shutil.copytree(published.folder / "v" / "2026.11", folder)
    text = (folder / TOTAL).read_text(encoding="utf-8")
    bare = text.replace(f' data-version="2026.11" data-page="{TOTAL}"', "")
    assert bare != text
    (folder / TOTAL).write_text(bare, encoding="utf-8")
    with serving(tmp_path) as served:
        page = open_page(f"{served}/latest/{TOTAL}", root=served)
        page.pause(300)
        assert not [address for address in page.requests if "/layer/" in address]
