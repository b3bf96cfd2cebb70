"""The book as a whole: it builds, every link in it resolves, no page asks another host, every claim is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis import book, claims, engine
from analysis.site import links

pytestmark = pytest.mark.xdist_group("book")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    said: list[str] = []
    page = book.build(folder, say=said.append)
    assert said, "a long step that says nothing looks like a hang"
    return page.parent


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_every_page_of_the_contents_is_built_and_no_other(site: Path) -> None:
    pages = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    chapters = {f"chapters/{name}.html" for name in engine.names()}
    assert pages - {"search.html", "genindex.html"} == {"index.html", "methods.html", "sources.html"} | chapters


def test_links_resolve_and_no_other_host_is_asked(site: Path) -> None:
    assert links.check(site) == []


def test_the_scoreboard_lists_every_claim_with_a_link_that_leads_to_it(site: Path) -> None:
    board = soup(site / "index.html").select_one("table.cb-scoreboard")
    rows = board.select("tbody tr")
    assert len(rows) == len(claims.ledger())
    for row, claim in zip(rows, claims.ledger(), strict=True):
        target = row.select_one("th a")["href"]
        page, _, anchor = target.partition("#")
        assert anchor == claim.id
        assert soup(site / page).find(id=claim.id) is not None
        assert len(row.select(".cb-verdict")) == 3


def test_figures_carry_a_text_alternative_a_table_and_a_source(site: Path) -> None:
    figures = [
        figure for name in engine.names() for figure in soup(site / "chapters" / f"{name}.html").select("figure")
    ]
    assert len(figures) >= 10
    for figure in figures:
        assert len(figure.select_one("[role=img]")["aria-label"]) > 40
        assert figure.select_one("table") is not None
        assert figure.select_one(".cb-source").get_text(strip=True).startswith("Source:")
        assert len(figure.select("svg")) == 2, "one drawing for wide pages and one for phones"


def test_no_page_shows_an_error_or_an_unfilled_place(site: Path) -> None:
    for page in site.rglob("*.html"):
        shown = soup(page)
        for code in shown.select("pre"):
            code.decompose()
        text = shown.get_text(" ")
        assert "Traceback" not in text and "ClaimbookError" not in text
        assert not re.search(r"\{\{|\}\}|\bnan\b|<NA>|\{country|\{partner", text), page.name


def test_prose_of_chapters_holds_no_figure_typed_by_hand() -> None:
    import json

    for name in engine.names():
        notebook = json.loads(engine.chapter(name).read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                text = "".join(cell["source"])
                # The year of the Wales summit is a name, not a figure that data could change.
                assert not re.search(r"\d", text.replace("September 2014", "")), f"{name}: {text[:80]}"


def test_a_failing_build_keeps_the_old_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "html" / "index.html"
    old.parent.mkdir()
    old.write_text("the old book", encoding="utf-8")
    monkeypatch.setattr(book, "_execute", lambda stage: (stage / "chapters").mkdir())
    with pytest.raises(book.ClaimbookError, match="Jupyter Book failed"):
        book.build(tmp_path, say=lambda _: None)
    assert old.read_text(encoding="utf-8") == "the old book"
