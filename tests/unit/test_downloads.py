"""What readers take away from a figure: it holds the figures, says where they come from, and harms nobody."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from analysis.site import citing, downloads, drawing, figure_words, lettering, pictures
from analysis.site.citing import Edition, Figure
from analysis.site.drawing import FigureError
from analysis.site.figure_words import MIME, Table
from analysis.site.figures_html import figure_html

EDITION = Edition("https://example.org/book/", dt.date(2026, 7, 14))
HOSTILE = [
    "</script></svg></title><script>alert(1)</script>",
    "--><img src=\"x\" onerror='alert(1)'>",
    "=cmd|' /C calc'!A0",
    "-2+3",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
    "a\r\n@misc{x,\n}} \\input{y} & % #",
    "nul \x00 escape \x1b[31m",
]
TAG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("drawings")


def spec(**said):
    about = {"title": "Who invests", "subtitle": "Billion dollars", "alt": "Netherlands leads.", "source": "BEA, 2024."}
    table = {"columns": ["Country", "Position"], "rows": [["Netherlands", 980.5], ["Belgium", 1171.0], ["Spain", None]]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
        "data": {"values": [{"c": "Netherlands", "v": 980}, {"c": "Belgium", "v": 171}]},
        "mark": "bar",
        "encoding": {"x": {"field": "v", "type": "quantitative"}, "y": {"field": "c", "type": "nominal"}},
        "width": 500,
        "usermeta": {"claimbook": {**about, "table": table, **said}},
    }


def figure(found=None, edition=EDITION, page="chapters/trade"):
    said = figure_words.words(found or spec())
    return Figure(page, figure_words.name(said, ()), said, edition)


def files(found=None, **more):
    return downloads.files(figure(found), found or spec(), **more)


def shown(svg):
    """The lines of text of a picture, those of the drawing last."""
    root = ElementTree.fromstring(svg)
    return [text.text for text in root.findall(f"{TAG}text")]


def test_a_figure_has_its_files(cache):
    assert set(files(cache=cache)) == {
        "who-invests.csv", "who-invests.svg", "who-invests.png", "who-invests.vl.json", "cite.bib", "cite.json",
        "README.txt", "live.js",
    }  # fmt: skip


def test_the_same_figure_gives_the_same_bytes(cache, tmp_path):
    assert files(cache=cache) == files(cache=tmp_path) == files(cache=cache)


# Data


def test_numbers_are_plain_and_gaps_are_nothing():
    rows = [[2023, 1234567.25, "suppressed"], [2024, -0.5, None], [2025, float("nan"), 3.0]]
    text = downloads.table_csv(Table(["Year", "Value (billion, dollars)", "Rank"], rows))
    assert text == 'Year,"Value (billion, dollars)",Rank\n2023,1234567.25,suppressed\n2024,-0.5,\n2025,,3\n'


def test_the_table_on_the_page_and_the_file_hold_the_same_figures(cache):
    html = figure_html(spec(), page="index", cache=cache)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]
    rows = list(csv.reader(io.StringIO(files(cache=cache)["who-invests.csv"])))
    plain = [["" if cell == "n/a" else cell.replace(",", "").replace("\u2212", "-") for cell in row] for row in cells]
    assert rows[0] == plain[0]
    for row, other in zip(rows[1:], plain[1:], strict=True):
        assert row[0] == other[0] and (row[1] == other[1] or float(row[1]) == float(other[1]))


@pytest.mark.parametrize("evil", [*HOSTILE, "\t=1", "\n@x", "\uff1d1+1", "+1", "@x"])
def test_no_cell_is_a_formula_or_breaks_a_line(evil):
    text = downloads.table_csv(Table([evil, "b"], [[evil, -3.5]]))
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2 and rows[1][1] == "-3.5"
    for cell in (rows[0][0], rows[1][0]):
        assert not re.match(r"[=+\-@\s\uff1d]", cell) and cell.isprintable()


# Pictures


def test_the_picture_says_what_it_is_and_where_it_comes_from(cache):
    svg = files(cache=cache)["who-invests.svg"]
    assert shown(svg) == [
        "Who invests", "Billion dollars", "Source: BEA, 2024.",
        "claimbook: https://example.org/book/chapters/trade.html",
        "Chart: CC BY 4.0. Figures: the terms of their publishers.",
    ]  # fmt: skip
    root = ElementTree.fromstring(svg)
    assert root.find(f"{TAG}desc").text == "Netherlands leads."
    assert root.find(f"{TAG}rect").get("fill") == "#ffffff"
    assert "Netherlands" in "".join(root.find(f"{TAG}svg").itertext())


def test_the_picture_needs_no_other_file(cache):
    svg = files(cache=cache)["who-invests.svg"]
    assert set(re.findall(r'url\((?!#)"?([a-z]+:[a-z0-9/]+)', svg)) == {"data:font/woff2"}
    assert not re.search(r"href=|<image|<script|\son[a-z]+=", svg)


def test_an_unknown_address_leaves_the_path(cache):
    drawn = drawing.draw(spec(), limit=drawing.WIDE, narrowest=626, cache=cache)
    assert "claimbook: chapters/trade.html" in shown(pictures.svg(figure(edition=Edition()), drawn))


def test_the_png_is_the_picture_at_twice_its_size(cache):
    found = files(cache=cache)
    root = ElementTree.fromstring(found["who-invests.svg"])
    png = found["who-invests.png"]
    assert png.startswith(b"\x89PNG\r\n\x1a\n") and png.endswith(b"IEND\xaeB`\x82")
    picture = Image.open(io.BytesIO(png))
    sides = tuple(pytest.approx(2 * float(root.get(side)), abs=2) for side in ("width", "height"))
    assert picture.mode == "RGBA" and picture.size == sides
    assert picture.getpixel((0, 0)) == (255, 255, 255, 255)


def test_a_finished_png_is_taken_from_the_cache(tmp_path):
    drawn = drawing.draw(spec(), limit=drawing.WIDE, narrowest=626, cache=tmp_path)
    first = pictures.png(figure(), drawn, tmp_path)
    (kept,) = tmp_path.glob("*.png")
    assert kept.read_bytes() == first
    kept.write_bytes(b"another picture" + first[-8:])
    assert pictures.png(figure(), drawn, tmp_path) == b"another picture" + first[-8:]
    kept.write_bytes(first[:100])  # cut short
    assert pictures.png(figure(), drawn, tmp_path) == first


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_words_stay_words(cache, evil):
    found = spec(title=evil, subtitle=evil, source=evil, alt=evil)
    made = downloads.files(figure(found), found, cache=cache)
    name = figure(found).id
    root = ElementTree.fromstring(made[f"{name}.svg"])  # it is whole
    assert {element.tag.removeprefix(TAG) for element in root.iter()} <= {
        "svg", "title", "desc", "defs", "style", "rect", "text", "path", "g", "clipPath", "line",
    }  # fmt: skip
    for text in (made["README.txt"], made["cite.bib"]):
        assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert made["cite.bib"].count("\n@") == 0 and made["cite.bib"].count("{") == made["cite.bib"].count("}")
    assert json.loads(made["cite.json"])[0]["title"] == figure(found).title
    assert json.loads(made[f"{name}.vl.json"])["title"]["text"] == evil
    assert not set("<>") & set(made["live.js"])


def test_words_fit_their_lines_and_lose_no_letter():
    text = "Rank of Belgium among the sources of direct investment in the United States " * 3 + "x" * 150
    lines = lettering.wrapped(text, 18, 400, lettering.BOLD)
    assert max(lettering.width(line, 18, lettering.BOLD) for line in lines) <= 400
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lettering.wrapped("", 18, 400) == []


def test_words_are_as_wide_as_they_are_drawn():
    """What the engine draws with the same font is the measure."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="30"><rect width="600" height="30" fill="#fff"/>'
    svg += f'<text x="0" y="20" font-size="20px" font-family="{drawing.FONT}">NATO, 2024: HHHHH</text></svg>'
    png = pictures._squeezed(drawing.converter().svg_to_png(svg))
    dark = Image.open(io.BytesIO(png)).convert("L").point(lambda dot: 255 if dot < 250 else 0)
    last = dark.getbbox()[2]
    width = lettering.width("NATO, 2024: HHHHH", 20)
    assert 0.96 * width <= last <= width  # kerning and the room behind the last letter make it a little narrower


def test_a_letter_that_the_font_lacks_is_a_box():
    assert lettering.shown("a\u05e9\u202e\x00\n b") == f"a{lettering.MISSING} b"


# Specification, citation, README


def test_the_specification_is_whole_and_draws(cache):
    found = json.loads(files(cache=cache)["who-invests.vl.json"])
    assert found["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert found["title"]["text"] == "Who invests" and found["background"] == "white"
    assert found["usermeta"]["claimbook"]["source"] == "BEA, 2024."
    svg = drawing.converter().vegalite_to_svg(found)
    assert "Who invests" in svg and "Billion dollars" in svg


def test_a_figure_can_be_cited(cache):
    found = files(cache=cache)
    address = "https://example.org/book/chapters/trade.html#fig-who-invests"
    (item,) = json.loads(found["cite.json"])
    assert (item["title"], item["URL"], item["type"]) == ("Who invests", address, "figure")
    assert item["issued"] == {"date-parts": [[2026, 7, 14]]}
    assert found["cite.bib"].startswith("@misc{claimbook-chapters-trade-who-invests,\n")
    assert f"url = {{{address}}}" in found["cite.bib"] and "BEA, 2024" in found["cite.bib"]
    nowhere = figure(edition=Edition())
    assert "url =" not in citing.entry(nowhere) and "chapters/trade.html" in citing.entry(nowhere)
    assert "URL" not in citing.item(nowhere) and "issued" not in citing.item(nowhere)


def test_the_readme_tells_all_that_a_reader_needs(cache):
    readme = files(cache=cache)["README.txt"]
    for part in ("Who invests\nBillion dollars", "BEA, 2024.", "Netherlands leads.", "CC BY 4.0", "cite.bib"):
        assert part in readme
    for name in ("who-invests.csv", "who-invests.svg", "who-invests.png", "who-invests.vl.json"):
        assert f"\n{name}: " in readme
    assert "move this chart" not in readme
    found = spec(title="", source="", table=None)
    bare = downloads.files(figure(found), found, cache=cache)["README.txt"]
    assert bare.startswith("Figure\nBillion dollars\n") and ".csv" not in bare


# All pages


def notebook(path: Path, *specs):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [{"data": {MIME: each}}]} for each in specs]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_all_pages_are_made_beside_each_other_and_put_into_the_site(tmp_path, cache):
    stage, made, site = tmp_path / "stage", tmp_path / "made", tmp_path / "site"
    notebook(stage / "chapters" / "trade.ipynb", spec(), spec())
    notebook(stage / "claims" / "x.ipynb", spec(title="Another"))
    notebook(stage / "empty.ipynb")
    downloads.make(stage, made, cache=cache, edition=EDITION, workers=2)
    site.mkdir()
    downloads.put(made, site)
    folders = sorted({path.parent.relative_to(site).as_posix() for path in site.rglob("README.txt")})
    assert folders == [
        "figures/chapters/trade/who-invests",
        "figures/chapters/trade/who-invests-2",
        "figures/claims/x/another",
    ]
    for page, id in (("chapters/trade", "who-invests-2"), ("claims/x", "another")):
        html = figure_html(spec(title="Another") if id == "another" else spec(), id=id, page=page, cache=cache)
        here = site / page
        for address in re.findall(r'(?:href|data-live)="([^"#]+)"', html):
            assert (here.parent / address).resolve().is_file(), address
    own = files(cache=cache)
    folder = site / "figures" / "chapters" / "trade" / "who-invests"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: content if isinstance(content, bytes) else content.encode() for name, content in own.items()
    }


def test_a_figure_that_cannot_be_drawn_is_left_for_its_page_to_tell(tmp_path, cache):
    bad = spec(title="Bad") | {"data": {"url": "x.csv"}}
    with pytest.raises(FigureError, match="'url'"):
        downloads.files(figure(bad), bad, cache=cache)
    notebook(tmp_path / "page.ipynb", spec(), bad, spec())
    assert downloads.make_page(tmp_path / "page.ipynb", "page", tmp_path / "made", cache, EDITION) == ["who-invests"]
