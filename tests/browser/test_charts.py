"""Figures on the book's own pages: they come alive, their sliders reckon, and what they hand over is what they show."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from page_types import CHARTED, PAGES

from analysis import words
from analysis.scenarios import Economy

SENTENCE = "document.querySelector('.cb-told').textContent"
# A table on the page as rows of text, the way a reader would copy it.
TABLES = """[...document.querySelectorAll("figure.cb-figure")].map((figure) => ({
  name: figure.id,
  rows: [...figure.querySelectorAll("table tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
  links: Object.fromEntries([...figure.querySelectorAll(".cb-downloads a")].map((link) => [link.textContent, link.href])),
}))"""


@pytest.mark.parametrize("from_file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("path", CHARTED.values(), ids=CHARTED)
def test_every_chart_comes_alive(open_page, path, from_file):
    page = open_page(path, from_file=from_file)
    page.wake()
    assert page.evaluate("document.querySelectorAll('figure.cb-figure:not(.cb-awake)').length") == 0
    assert (
        page.evaluate("document.querySelectorAll('.cb-stage svg').length") == page.locator("figure.cb-figure").count()
    )
    # The live drawing has taken the place of the still one, and the page is as long as before
    assert page.shown(".cb-chart > svg") == []
    assert page.elsewhere == []
    assert page.complaints == []


def test_a_page_does_not_jump_when_its_charts_come_alive(open_page):
    page = open_page(PAGES["chapter"])
    before = page.evaluate("[...document.querySelectorAll('figure.cb-figure')].map(figure => figure.offsetHeight)")
    page.wake()
    after = page.evaluate("[...document.querySelectorAll('figure.cb-figure')].map(figure => figure.offsetHeight)")
    assert [abs(one - other) <= 4 for one, other in zip(before, after, strict=True)] == [True] * len(before), (
        before,
        after,
    )


def test_the_sliders_of_the_chapter_reckon_as_python_does(open_page):
    page = open_page(PAGES["moving"])
    page.wake()
    for name, value in {"by": 2030, "target": 2, "growth": 1}.items():
        page.locator(f"input[name={name}]").fill(str(value))
    page.until(f"{SENTENCE}.startsWith('In 2030, 2 per cent')")
    # NATO's edition of July 2026: 12,845 million euros are 2.00 per cent in 2025
    economy = Economy(2025, 642.25, 1.0, 2.0)
    current, constant = (words.number(value, 1) for value in (economy.cost(2, 2030), 0.02 * economy.gdp_constant(2030)))
    assert f"is {current} billion euros, or {constant} billion at the prices of 2025" in page.evaluate(SENTENCE)
    assert page.complaints == []


@pytest.mark.parametrize("path", CHARTED.values(), ids=CHARTED)
def test_what_is_handed_over_is_what_is_shown(open_page, path):
    page = open_page(path)
    for figure in page.evaluate(TABLES):
        with_table = len(figure["rows"]) > 0
        assert set(figure["links"]) >= {"SVG", "PNG", "Vega-Lite", "BibTeX", "CSL"} | ({"CSV"} if with_table else set())
        got = {name: page.request.get(address) for name, address in figure["links"].items()}
        assert all(answer.ok for answer in got.values()), figure["name"]
        if with_table:
            rows = list(csv.reader(io.StringIO(got["CSV"].body().decode("utf-8-sig"))))
            assert [len(row) for row in rows] == [len(row) for row in figure["rows"]]
            for told, shown in zip(rows, figure["rows"], strict=True):
                different = [pair for pair in zip(told, shown, strict=True) if not same(*pair)]
                assert different == [], figure["name"]
        specification = json.loads(got["Vega-Lite"].text())
        assert "vega-lite" in specification["$schema"]
        assert '"url"' not in got["Vega-Lite"].text()
        assert got["PNG"].body().startswith(b"\x89PNG")
        assert got["SVG"].text().lstrip().startswith(("<svg", "<?xml"))
        assert got["BibTeX"].text().lstrip().startswith("@")
        json.loads(got["CSL"].text())


def same(told: str, shown: str) -> bool:
    """Whether a cell of a CSV file says what the cell of a table does, which is rounded and set for the eye."""
    told, shown = " ".join(told.split()), " ".join(shown.split())
    if told == shown or (told == "" and shown == "n/a"):
        return True
    plain = shown.replace("−", "-").replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return told.removeprefix("'") == shown  # a spreadsheet would take it for a formula
    decimals = len(plain.partition(".")[2])
    return abs(float(told) - float(plain)) <= 0.5 * 10**-decimals + 1e-9


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_pictures_that_are_handed_over_can_be_looked_at(open_page, kind):
    page = open_page(PAGES["claim"])
    address = page.evaluate(TABLES)[0]["links"][kind]
    size = page.evaluate(
        """address => new Promise((done, fail) => {
          const picture = new Image();
          picture.onload = () => done([picture.naturalWidth, picture.naturalHeight]);
          picture.onerror = () => fail(new Error("no picture"));
          picture.src = address;
        })""",
        address,
    )
    assert size[0] > 600 and size[1] > 200


def test_a_pointer_is_told_the_figures_of_a_chart(open_page):
    page = open_page(PAGES["claim"])
    page.wake()
    stage = page.locator(".cb-stage svg").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    for step in range(1, 40):
        page.mouse.move(box["x"] + box["width"] * step / 40, box["y"] + box["height"] * 0.5)
        page.pause(40)
        if told := page.shown(".cb-tip"):
            break
    assert told and re.search(r"\d", told[0])
    page.keyboard.press("Escape")
    page.until("document.querySelector('.cb-tip').hidden")


def test_a_link_to_a_figure_leads_to_it(open_page):
    name = open_page(PAGES["chapter"]).locator("figure.cb-figure").last.get_attribute("id")
    page = open_page(f"{PAGES['chapter']}#{name}")
    page.until(f"document.getElementById({name!r}).getBoundingClientRect().top < innerHeight")
