"""The scoreboard in a browser: search, filters, order, addresses, keyboard, phone, paper, and hostile words.

Its pages are made here from the real audits in the real theme, so that the book need not be built for them.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import serving

from analysis import audit, board, claims
from analysis.documents import documents
from analysis.site import shell, styles
from analysis.site.frame import STATIC
from analysis.site.head import PageFacts
from analysis.snapshots.store import store

HOSTILE = '"\'><img src=x onerror="window.broken = 1"></script><script>window.broken = 1</script>&amp; {shown} \u202eשלום\u202c 🦆'
SHOWN = "[...document.querySelectorAll('.cb-board tbody tr[id]')].filter((row) => row.checkVisibility()).map((row) => row.id)"


@dataclass(frozen=True)
class Boards:
    """A small site of boards: its folder, its address on loopback, and what was audited."""

    folder: Path
    served: str
    audits: list[audit.Audited]

    def ids(self, keep: Callable[[audit.Audited], bool]) -> list[str]:
        return [entry.claim.id for entry in self.audits if keep(entry)]


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boards]:
    audits = [audit.audit(claim, store()) for claim in claims.ledger()]
    folder = tmp_path_factory.mktemp("boards")
    shutil.copytree(STATIC, folder / "_static")
    (folder / "_static" / "claimbook.css").write_text(styles.sheet(), encoding="utf-8")
    overview = board.overview(audits, list(documents().values()))
    whole = f"<h1>claimbook</h1><p><a id='before' href='#board'>Down</a></p>{overview}{board.table(audits, store().newest, searched=True)}"
    own = [entry for entry in audits if entry.claim.document.id == "nvs"]
    single = f"<h1>One</h1>{board.table(own, store().newest, up='../', grouped=False, searched=True)}"
    nasty = [hostile(entry) for entry in audits[:12]]
    pages = {
        "index.html": (whole, "home"),
        "documents/nvs.html": (single, "document"),
        "few.html": (f"<h1>Few</h1>{board.table(audits[:4], store().newest, searched=True)}", "document"),
        "hostile.html": (f"<h1>Hostile</h1>{board.table(nasty, store().newest, searched=True)}", "document"),
        f"claims/{audits[0].claim.id}.html": ("<h1>A statement</h1>", "claim"),
    }
    for path, (body, kind) in pages.items():
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        text = shell.page(
            path=path, title="claimbook", language="en", body=body, facts=PageFacts(kind=kind), scripts=("js/board.js",)
        )
        target.write_text(text, encoding="utf-8")
    with serving(folder) as served:
        yield Boards(folder, served, audits)


def hostile(found: audit.Audited) -> audit.Audited:
    claim = found.claim
    document = claim.document.model_copy(update={"short": HOSTILE})
    changed = {"title": HOSTILE, "place": HOSTILE, "printed": HOSTILE, "document": document}
    if claim.id.endswith("s"):
        changed["theme"] = HOSTILE
    return dataclasses.replace(found, claim=claim.model_copy(update=changed))


@pytest.fixture
def look(open_page: Callable, boards: Boards) -> Callable:
    def opened(path: str = "index.html", **how):
        root = boards.folder.as_uri() if how.pop("from_file", False) else boards.served
        return open_page(f"{root}/{path}", root=root, **how)

    return opened


def count(page) -> str:
    return page.locator(".cb-board-count").inner_text()


def written(entry: audit.Audited) -> str:
    return entry.verdicts.when_written.word


def years(entry: audit.Audited) -> set[int]:
    told = entry.verdicts
    return {one.choice.evaluation.year for one in (told.when_written, told.as_revised, told.today) if one.choice}


def today(entry: audit.Audited) -> str:
    return entry.verdicts.today.word


# Filters and search


def test_every_filter_shows_what_it_names_and_the_counts_are_those_of_what_is_left(look, boards):
    page = look()
    assert page.evaluate(SHOWN) == boards.ids(lambda entry: True)
    assert count(page) == f"{len(boards.audits)} of {len(boards.audits)} statements"
    page.get_by_label("Document", exact=True).select_option("nvs")
    page.locator("input[name=today][value=not-true]").check()
    page.locator("input[name=today][value=no-longer-true]").check()

    def fits(entry: audit.Audited) -> bool:
        return entry.claim.document.id == "nvs" and today(entry) in ("not true", "no longer true")

    assert page.evaluate(SHOWN) == boards.ids(fits)
    number = len(boards.ids(fits))
    assert count(page) == f"{number} of {len(boards.audits)} statements"
    # A set of choices is counted by all the others: how many there would be, were this one chosen too.
    ticked = page.locator("label:has([name=today][value=true]) .cb-choice-count").inner_text()
    assert int(ticked) == len(boards.ids(lambda e: e.claim.document.id == "nvs" and today(e) == "true"))
    chosen = page.locator("select[name=document] option:checked").inner_text()
    assert chosen == f"{documents()['nvs'].short} ({number})"
    assert page.complaints == [] and page.elsewhere == []


def test_years_and_themes(look, boards):
    page = look("index.html?year=2020&theme=defence")
    assert page.evaluate(SHOWN) == boards.ids(lambda e: e.claim.theme == "defence" and 2020 in years(e)) != []
    page = look("index.html?year=none")
    assert page.evaluate(SHOWN) == boards.ids(lambda e: not years(e)) != []


@pytest.mark.parametrize("typed", ["LIEGE", "liège  cargo", "Lie\u0301ge", "section 1 fourth LIÈGE"])
def test_search_folds_accents_case_and_spaces_and_wants_every_word(look, typed):
    page = look()
    page.get_by_role("searchbox").fill(typed)
    page.until("location.search.includes('q=')")
    assert page.evaluate(SHOWN) == ["ics-liege-cargo"]


def test_search_finds_document_place_printed_figure_and_theme(look, boards):
    page = look()
    field = page.get_by_role("searchbox")
    for typed, fits in (
        (documents()["openness"].short, lambda e: e.claim.document.id == "openness"),
        ("around 66 billion", lambda e: e.claim.printed == "around 66 billion"),
        ("Mission Objective 3.1", lambda e: "Mission Objective 3.1" in e.claim.place),
        ("scenarios", lambda e: e.claim.theme == "scenarios"),
    ):
        field.fill(typed)
        page.until(f"new URLSearchParams(location.search).get('q') === {typed!r}")
        assert set(boards.ids(fits)) <= set(page.evaluate(SHOWN)) < set(boards.ids(lambda e: True))


def test_nothing_found_says_so_and_offers_to_clear_without_losing_the_focus(look, boards):
    page = look("index.html?q=zzzz&document=ct")
    assert page.evaluate(SHOWN) == [] and count(page).startswith("0 of ")
    offer = page.locator(".cb-board-none")
    assert offer.inner_text().startswith("No statement fits this selection.")
    assert not page.locator("table.cb-scoreboard").last.is_visible()
    offer.get_by_role("button").press("Enter")
    assert page.evaluate(SHOWN) == boards.ids(lambda e: True) and not offer.is_visible()
    assert page.evaluate("document.activeElement.name") == "q" and page.evaluate("location.search") == ""
    assert "ct" not in page.locator("select[name=document]").input_value()


# Order


def test_headings_sort_both_ways_and_back_and_groups_dissolve(look, boards):
    page = look()
    heading = page.get_by_role("columnheader", name="Today").last
    ranks = {word: at for at, word in enumerate(board.RANKS["today"])}
    heading.get_by_role("button").click()
    found = {entry.claim.id: ranks[today(entry)] for entry in boards.audits}
    assert page.evaluate(SHOWN) == sorted(found, key=found.get)
    assert heading.get_attribute("aria-sort") == "ascending"
    assert not page.locator(".cb-group").first.is_visible()
    first = page.locator(".cb-board tbody tr[id]:visible").first
    assert first.locator(".cb-board-of").inner_text() == boards.audits[0].claim.document.short
    heading.get_by_role("button").click()
    assert page.evaluate(SHOWN) == sorted(found, key=lambda name: -found[name])
    assert heading.get_attribute("aria-sort") == "descending" and page.evaluate("location.search") == "?sort=-today"
    heading.get_by_role("button").click()
    assert page.evaluate(SHOWN) == list(found) and heading.get_attribute("aria-sort") is None
    assert page.locator(".cb-group").first.is_visible() and not first.locator(".cb-board-of").is_visible()


def test_order_by_title_by_readings_and_by_year(look, boards):
    page = look()
    order = page.get_by_label("Order")
    order.select_option("title")
    page.until("location.search === '?sort=title'")
    titles = page.locator(".cb-board tbody tr[id] th a").all_inner_texts()
    assert titles == page.evaluate("(titles) => titles.sort(new Intl.Collator('en').compare)", titles)
    order.select_option("readings")
    page.until("location.search === '?sort=readings'")
    head = page.get_by_role("columnheader", name="Readings that bear it out")
    assert head.get_attribute("aria-sort") == "descending"  # the most come first
    told = page.locator(".cb-board tbody td:last-child").all_inner_texts()
    shares = [int(a) / int(b) for a, _, b in (text.partition(" of ") for text in told) if b]
    assert shares == sorted(shares, reverse=True) and len(shares) > 30
    assert all(" of " in text for text in told[: len(shares)]), "what has no count comes last"
    order.select_option("year")
    page.until("location.search === '?sort=year'")
    years = page.evaluate(
        "[...document.querySelectorAll('.cb-board tbody tr[id]')].map((row) => row.dataset.years || '')"
    )
    newest = [int(told.split()[-1]) for told in years if told]
    assert newest == sorted(newest, reverse=True) and not any(years[len(newest) :])


# Addresses


@pytest.mark.parametrize("from_file", [False, True])
def test_an_address_keeps_the_selection_and_back_returns_to_it(look, boards, from_file):
    page = look("index.html?campaign=x", from_file=from_file)
    page.locator("input[name=written][value=not-testable]").check()
    page.get_by_label("Order").select_option("title")
    page.get_by_role("searchbox").fill("peace")
    page.until("location.search.includes('q=peace')")
    address = page.evaluate("location.href")
    assert address.endswith("?campaign=x&q=peace&written=not-testable&sort=title")
    shown = page.evaluate(SHOWN)
    assert shown == [boards.audits[0].claim.id]
    page.locator(f"tr#{shown[0]} th a").click()
    assert page.get_by_role("heading", name="A statement").is_visible()
    page.go_back()
    page.until("document.querySelector('.cb-board-count').textContent !== ''")
    assert page.evaluate("location.href") == address and page.evaluate(SHOWN) == shown
    assert page.get_by_role("searchbox").input_value() == "peace"
    again = look(address.rpartition("/")[2], from_file=from_file)
    assert again.evaluate(SHOWN) == shown and again.get_by_label("Order").input_value() == "title"
    assert again.locator("input[name=written][value=not-testable]").is_checked()
    # The browser gives up the icon of a page that is left at once.
    assert [told for told in page.complaints + again.complaints if "icon.svg" not in told] == []


@pytest.mark.parametrize("from_file", [False, True])
def test_counts_of_documents_lead_to_the_statements_behind_them_and_back(look, boards, from_file):
    page = look(from_file=from_file)
    count_of = page.locator(".cb-documents a", has_text="not borne out").first
    said = count_of.inner_text()
    count_of.click()
    fits = boards.ids(lambda e: e.claim.document.id == "ics" and written(e) in board.OUTCOMES["not borne out"])
    assert page.evaluate(SHOWN) == fits and said == f"{len(fits)} not borne out"
    assert page.evaluate("document.querySelector('.cb-board').contains(document.activeElement)")
    page.go_back()
    assert page.evaluate(SHOWN) == boards.ids(lambda e: True)
    page.go_forward()
    assert page.evaluate(SHOWN) == fits
    assert page.complaints == []


@pytest.mark.parametrize(
    "query",
    [
        "?document=nowhere&theme=%00&today=maybe&year=1&sort=__proto__",
        "?sort=constructor&document=__proto__&written=toString",
        "?document=<img src=x onerror=alert(1)>&today=</script>&sort=-",
        "?document=%E0%A4%A&sort=--today#%E0%A4%A",
        "?q=&written=&today=&sort=",
    ],
)
def test_unknown_values_in_an_address_are_ignored(look, boards, query):
    page = look(f"index.html{query}")
    assert page.evaluate(SHOWN) == boards.ids(lambda e: True)
    assert page.locator("[aria-sort]").count() == 0 and page.get_by_label("Order").input_value() == ""
    assert page.complaints == []


def test_one_known_value_among_unknown_ones_counts(look, boards):
    page = look("index.html?document=nowhere&document=ct&written=maybe&written=on-record")

    def fits(e: audit.Audited) -> bool:
        return e.claim.document.id == "ct" and written(e) == "on record"

    assert page.evaluate(SHOWN) == boards.ids(fits) != []


def test_an_anchor_shows_its_statement_whatever_the_selection(look, boards):
    page = look("index.html?q=zzzz#nvs-trade-share")
    assert page.evaluate("location.hash") == "#nvs-trade-share" and page.evaluate("location.search") == ""
    assert page.locator("#nvs-trade-share").is_visible()
    page.until("Math.abs(document.getElementById('nvs-trade-share').getBoundingClientRect().top) < 200")
    page.evaluate("location.hash = 'ics-liege-cargo'")
    page.until("Math.abs(document.getElementById('ics-liege-cargo').getBoundingClientRect().top) < 200")


def test_the_link_to_a_selection_can_be_copied(look, boards):
    page = look("index.html?document=ct")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link").click()
    page.until("document.querySelector('.cb-board-said').textContent === 'Link copied'")
    assert page.evaluate("navigator.clipboard.readText()") == f"{boards.served}/index.html?document=ct#board"


# By keyboard, on a phone, on paper, without scripts


def test_by_keyboard_alone(look, boards):
    page = look()
    page.locator("#board-q").focus()
    page.keyboard.type("trade")
    page.until("location.search === '?q=trade'")
    for name in ("document", "theme", "year", "sort"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == name
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "written"
    page.keyboard.press("Space")
    page.until("location.search.includes('written=supported')")
    assert page.evaluate("document.activeElement.checked")
    ring = page.evaluate("getComputedStyle(document.activeElement.closest('label')).outlineStyle")
    assert ring == "solid"
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        if seen[-1] == "Today":
            break
    assert {"Clear the selection", "Copy a link to this selection", "Statement", "When written", "Today"} <= set(seen)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('th').getAttribute('aria-sort')") == "ascending"
    page.locator(".cb-board-bar [data-do=clear]").press("Enter")
    assert (
        page.evaluate("document.activeElement.dataset.do") == "clear"
        and page.evaluate("location.search") == "?sort=today"
    )


def test_enter_in_the_search_stays_on_the_page(look):
    page = look()
    page.get_by_role("searchbox").press_sequentially("trade\n")
    page.until("location.search === '?q=trade'")
    assert page.evaluate("document.activeElement.name") == "q" and page.complaints == []


def test_on_a_phone_filters_are_folded_rows_are_cards_and_targets_are_large(look, boards):
    page = look("index.html?today=not-true", width=390)
    assert page.evaluate(SHOWN) == boards.ids(lambda e: today(e) == "not true")
    summary = page.locator(".cb-board summary")
    assert summary.text_content() == "Filters and order (1)" and not page.get_by_label("Theme").is_visible()
    summary.click()
    assert page.get_by_label("Theme").is_visible()
    targets = ".cb-board :is(summary, input[type=search], select, .cb-choice, button[data-do]), .cb-fared a"
    low = page.evaluate(
        "(own) => [...document.querySelectorAll(own)].filter((part) => part.checkVisibility())"
        ".map((part) => [part.textContent, part.getBoundingClientRect().height])"
        ".filter(([text, height]) => height < 44)",
        targets,
    )
    assert low == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    hidden = page.evaluate("[...document.querySelectorAll('.cb-board thead button')].map((button) => button.tabIndex)")
    assert set(hidden) == {-1}, "what cannot be seen cannot be tabbed to"


@pytest.mark.parametrize("width", [390, 1280])
def test_without_scripts_it_is_a_whole_plain_table(look, boards, width):
    page = look("index.html?today=true", width=width, scripts=False)
    table = page.locator(".cb-board table.cb-scoreboard")
    assert table.locator("tbody tr[id]:visible").count() == len(boards.audits)
    assert page.locator(".cb-board :is(form, button, .cb-board-none)").filter(visible=True).count() == 0


def test_on_paper_the_selection_is_printed_without_controls(look, boards):
    page = look("index.html?today=not-true", print_=True)
    assert page.evaluate(SHOWN) == boards.ids(lambda e: today(e) == "not true")
    assert page.locator(".cb-board :is(input, select, summary, [data-do])").filter(visible=True).count() == 0
    assert page.locator(".cb-board-count").is_visible()
    assert not look(print_=True).locator(".cb-board-count").is_visible()


def test_the_board_of_one_document_has_no_choice_of_documents_and_a_short_one_no_controls(look, boards):
    page = look("documents/nvs.html?today=true&document=ics&sort=title")
    own = boards.ids(lambda e: e.claim.document.id == "nvs" and today(e) == "true")
    assert sorted(page.evaluate(SHOWN)) == sorted(own)
    assert page.locator("select[name=document]").count() == 0
    few = look("few.html?sort=title")
    assert few.locator(".cb-board form").count() == 0 and few.locator(".cb-board tbody tr[id]:visible").count() == 4
    few.get_by_role("columnheader", name="Statement").get_by_role("button").click()
    assert few.evaluate("location.search") == "?sort=-title"
    assert page.complaints + few.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_for_axe_to_complain_of(look, width, dark):
    page = look("index.html?sort=today&document=ics", width=width, dark=dark)
    if width < 600:
        page.locator(".cb-board summary").click()
    assert page.faults() == []
    assert look("index.html?q=zzzz", width=width, dark=dark).faults() == []


# Hostile words


def test_hostile_words_neither_run_nor_break_the_board(look):
    page = look(f"hostile.html?q={quote(HOSTILE)}")
    shown = page.evaluate(SHOWN)
    assert len(shown) == 12, "a title is found by all of itself"
    assert page.get_by_role("searchbox").input_value() == HOSTILE
    page.get_by_label("Order").select_option("title")
    page.until("location.search.includes('sort=title')")
    assert page.locator(".cb-board-of").first.inner_text() == HOSTILE
    assert page.locator(".cb-board tbody th a").first.inner_text() == HOSTILE
    page.get_by_label("Theme").select_option(index=1)
    page.until("location.search.includes('theme=')")
    assert 0 < len(page.evaluate(SHOWN)) < 12
    assert page.evaluate("window.broken") is None and page.locator(".cb-board :is(img, script)").count() == 0
    assert page.complaints == [] and page.elsewhere == []


@pytest.mark.parametrize(
    "query", ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "{shown} $& \\", "\u202e&#x3c;"]
)
def test_markup_in_the_search_of_an_address_is_text(look, query):
    page = look(f"index.html?q={quote(query)}")
    assert page.get_by_role("searchbox").input_value() == query
    assert page.evaluate(SHOWN) == [] and page.complaints == []


# The book itself


@pytest.mark.parametrize("from_file", [False, True])
def test_the_first_page_of_the_book_has_the_board(open_page, boards, from_file):
    page = open_page("index.html?today=not-true#board", from_file=from_file)
    assert page.evaluate(SHOWN) == boards.ids(lambda e: today(e) == "not true")
    assert page.complaints == [] and page.elsewhere == []
