"""All pages as one, for paper: ids stay apart, links lead within it, what only a screen can use is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.errors import ClaimbookError
from analysis.site import onefile

PAGES = {
    "index.html": '<article><section id="s"><h1>Home<a class="headerlink" href="#s">#</a></h1>'
    '<a id="a" href="claims/x.html#s">one</a><a href="claims/x.html">two</a><a href="#s">here</a>'
    '<a href="https://a.example/#s">out</a><a href="ledger.csv">file</a></section></article>',
    "claims/x.html": '<article><h1 id="s">X &amp; Y</h1><p aria-labelledby="s s">p</p><label for="s">l</label>'
    '<svg><clipPath id="c"></clipPath><g clip-path="url(#c)"></g></svg><button>b</button><script>1</script>'
    '<details class="cb-data"><table></table></details><details><summary>t</summary>kept</details>'
    '<a href="../index.html">home</a><a href="x.csv">csv</a></article>',
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<html><body>{text}</body></html>", encoding="utf-8")
    return tmp_path


@pytest.fixture
def whole(site: Path) -> BeautifulSoup:
    return BeautifulSoup(onefile.join(site, list(PAGES), title="The <book>", told=["<b>"]), "html.parser")


def test_every_id_stands_once_and_every_link_within_leads_to_one(whole):
    ids = [element["id"] for element in whole.select("[id]")]
    assert sorted(ids) == sorted(set(ids)) == sorted(["p1", "p1-s", "p1-a", "p2", "p2-s", "p2-c"])
    hrefs = [link["href"] for link in whole.select("article a")]
    assert hrefs == ["#p2-s", "#p2", "#p1-s", "https://a.example/#s", "ledger.csv", "#p1", "claims/x.csv"]


def test_what_points_within_a_page_points_within_it_still(whole):
    assert whole.select_one("[aria-labelledby]")["aria-labelledby"] == "p2-s p2-s"
    assert whole.label["for"] == "p2-s" and whole.g["clip-path"] == "url(#p2-c)"


def test_paper_has_no_buttons_scripts_and_tables_behind_charts(whole):
    assert not whole.select("button, script, .headerlink, .cb-data")
    assert whole.details.has_attr("open") and "kept" in whole.details.get_text()


def test_the_first_sheet_lists_the_pages_but_not_each_statement(whole):
    assert whole.select_one(".cb-cover-title").get_text() == "The <book>"
    assert [link.get_text() for link in whole.select(".cb-cover ol a")] == ["Home"]


def test_a_page_that_is_missing_or_holds_no_article_is_named(site):
    with pytest.raises(ClaimbookError, match=r"no page gone.html"):
        onefile.join(site, ["gone.html"], title="x")
    (site / "empty.html").write_text("<p>")
    with pytest.raises(ClaimbookError, match=r"empty.html has no article"):
        onefile.join(site, ["empty.html"], title="x")
