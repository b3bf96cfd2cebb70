"""The book as a whole: it builds, every link in it resolves, no page asks another host, every claim is there."""

from __future__ import annotations

import re
from itertools import pairwise
from os.path import normpath
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import book, claims, engine
from analysis.documents import documents
from analysis.errors import ClaimbookError
from analysis.home import home
from analysis.site import links

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")

pytestmark = pytest.mark.xdist_group("book")


@pytest.fixture(scope="module")
def site(built_book: Path) -> Path:
    return built_book


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_every_page_of_the_contents_is_built_and_no_other(site: Path) -> None:
    pages = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    expected = {f"{name}.html" for name in ("index", "about", "methods", "glossary", "sources", "corrections")}
    expected |= {f"chapters/{name}.html" for name in engine.names()}
    expected |= {f"documents/{name}.html" for name in documents()}
    expected |= {f"claims/{claim.id}.html" for claim in claims.ledger()}
    expected |= {f"{code}/index.html" for code in ("nl", "fr")} | {"search.html"}
    for claim in claims.ledger():
        expected |= {f"{code}/claims/{claim.id}.html" for code in ("nl", "fr")}
        expected |= {f"cards/{claim.id}{ending}.html" for ending in ("", ".nl", ".fr")}
    assert pages == expected


def test_links_resolve_and_no_other_host_is_asked(site: Path) -> None:
    assert links.check(site) == []


def test_the_scoreboard_lists_every_claim_with_a_link_that_leads_to_it(site: Path) -> None:
    board = soup(site / "index.html").select("table.cb-scoreboard")[-1]
    rows = board.select("tbody tr:not(.cb-group)")
    assert [row.a["href"] for row in rows] == [f"claims/{claim.id}.html" for claim in claims.ledger()]
    for claim, row in zip(claims.ledger(), rows, strict=True):  # no release revises a fact
        assert len(row.select(".cb-verdict")) == (2 if claim.kind == "fact" else 3)


def test_pages_of_claims_have_the_chart_and_the_figures_that_go_with_readings(site: Path) -> None:
    for claim in claims.ledger():
        page, table = soup(site / "claims" / f"{claim.id}.html"), site / "claims" / f"{claim.id}.csv"
        assert re.findall(r"\w+", page.h1.get_text()) == re.findall(r"\w+", claim.title)
        assert len(page.select(".cb-answer")) == 1
        assert table.is_file() == bool(claim.readings)
        assert len(page.select("figure, .cb-elsewhere")) == bool(claim.readings), claim.id


def test_a_reader_goes_from_claim_to_claim_of_a_document(site: Path) -> None:
    own = [claim for claim in claims.ledger() if claim.document.id == "ics"]
    start = soup(site / "documents" / "ics.html")
    assert start.select_one("a[rel=next]")["href"] == f"../claims/{own[0].id}.html"
    for one, other in pairwise(own):
        page = soup(site / "claims" / f"{one.id}.html")
        assert page.select_one("a[rel=next]")["href"] == f"{other.id}.html"


def test_the_side_lists_documents_and_not_their_claims(site: Path) -> None:
    for name in ("index.html", "documents/ics.html", "claims/ics-two-way-trade.html"):
        links = [link["href"] for link in soup(site / name).select("nav.cb-nav a")]
        folder = Path(name).parent
        reached = {normpath(name if link == "#" else folder / link) for link in links}
        assert {f"documents/{document}.html" for document in documents()} <= reached
        assert not [link for link in reached if link.startswith("claims/")]
    current = soup(site / "claims" / "ics-two-way-trade.html").select_one("nav.cb-nav a[aria-current]")
    assert current["href"] == "../documents/ics.html"


def test_how_to_contest_is_told_where_pages_lead_to_and_the_form_is_there(site: Path) -> None:
    about = soup(site / "about.html")
    assert about.find(id="how-to-contest-a-verdict") is not None
    form = yaml.safe_load((home() / ".github" / "ISSUE_TEMPLATE" / "contest.yml").read_text(encoding="utf-8"))
    assert ".github/ISSUE_TEMPLATE/contest.yml" in about.get_text()
    asked = {field["id"]: field for field in form["body"] if "id" in field}
    assert list(asked) == ["claim", "contested", "evidence", "change", "standing", "reply"]
    required = [name for name, field in asked.items() if field["validations"]["required"]]
    assert required == ["claim", "contested", "evidence", "change"]


def test_figures_carry_a_text_alternative_a_table_and_a_source(site: Path) -> None:
    figures = [figure for page in sorted(site.glob("c*/*.html")) for figure in soup(page).select("figure")]
    assert len(figures) >= 30
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

    # The year of the Wales summit, what a document says and what was decided are names: no data could change them.
    said = [
        text for claim in claims.ledger() for text in (claim.title, claim.statement, f"{claim.printed} {claim.due}")
    ]
    said += [f"{document.day.year}" for document in documents().values()]
    said.append((home() / "data" / "paths.yaml").read_text(encoding="utf-8"))
    named = set(_NUMBER.findall(" ".join(said)))
    for name in engine.names():
        notebook = json.loads(engine.chapter(name).read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                text = "".join(cell["source"])
                told = set(_NUMBER.findall(text.replace("September 2014", "")))
                assert not told - named, f"{name}: {text[:80]}"


def test_contents_that_leave_a_page_out_or_name_one_too_many_are_refused() -> None:
    def toc(*files: str) -> dict:
        return {"parts": [{"chapters": [{"file": name} for name in files]}]}

    there = [f"documents/{name}" for name in documents()] + [f"chapters/{name}" for name in engine.names()]
    made = book.contents(toc(*there, "about"), claims.ledger())
    first = made["parts"][0]["chapters"][0]
    own = [claim.id for claim in claims.ledger() if claim.document.id == first["file"].removeprefix("documents/")]
    assert [entry["file"] for entry in first["sections"]] == [f"claims/{name}" for name in own]
    with pytest.raises(ClaimbookError, match=f"does not name {there[-1]}"):
        book.contents(toc(*there[:-1]), claims.ledger())
    with pytest.raises(ClaimbookError, match="names chapters/gone"):
        book.contents(toc(*there, "chapters/gone"), claims.ledger())


def test_a_failing_build_keeps_the_old_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "html" / "index.html"
    old.parent.mkdir()
    old.write_text("the old book", encoding="utf-8")
    monkeypatch.setattr(book, "_claims", lambda stage, audits, address: {})
    monkeypatch.setattr(book, "_execute", lambda stage, plan: [])
    with pytest.raises(ClaimbookError, match="Jupyter Book failed"):
        book.build(tmp_path, say=lambda _: None)
    assert old.read_text(encoding="utf-8") == "the old book"
