import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from analysis.site import drawing, figure_words
from analysis.site.drawing import NARROW, WIDE, FigureError, draw, merged
from analysis.site.figure_words import MIME, Words, name, words
from analysis.site.figures_html import ChartRenderer, FigureFault, figure_html


def bars(**more):
    """Three bars, the middle one of them Belgium's."""
    rows = [{"c": "Netherlands", "v": 980}, {"c": "Belgium", "v": 171}, {"c": "Spain", "v": 120}]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json",
        "data": {"values": rows},
        "mark": {"type": "bar", "clip": True},
        "encoding": {
            "x": {"field": "v", "type": "quantitative"},
            "y": {"field": "c", "type": "nominal", "title": None},
        },
        "width": 500,
        "height": 120,
    }
    return spec | more


def said(**more):
    return {"claimbook": {"title": "Who invests", "alt": "Netherlands leads.", **more}}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("drawings")


def test_a_figure_has_caption_picture_table_and_source(cache):
    table = {"columns": ["Country", "Position"], "rows": [["Netherlands", 980.5], ["Belgium", 1171.0]]}
    usermeta = said(subtitle="Billion dollars", source="BEA, 2024", table=table, id="who-invests")
    html = figure_html(bars(usermeta=usermeta), cache=cache)
    root = ElementTree.fromstring(html)
    assert root.get("id") == "fig-who-invests"
    assert [(child.tag, child.get("class")) for child in root] == [
        ("figcaption", None), ("div", "cb-chart"), ("div", "cb-below"), ("p", "cb-source"),
    ]  # fmt: skip
    assert [span.text.strip() for span in root[0]] == ["Who invests", "Billion dollars"]
    assert (root[0][0][0].get("href"), root[0][0][0].get("aria-label")) == (
        "#fig-who-invests", "Link to the figure: Who invests",
    )  # fmt: skip
    assert (root[1].get("role"), root[1].get("aria-label")) == ("img", "Netherlands leads.")
    assert [svg.get("class") for svg in root[1]] == ["cb-wide", "cb-narrow"]
    assert [svg.get("aria-hidden") for svg in root[1]] == ["true", "true"]
    assert root[3].text == "Source: BEA, 2024"
    cells = [
        (cell.tag, cell.get("scope"), cell.get("class"), cell.text) for cell in root.iter() if cell.tag in ("th", "td")
    ]
    assert cells == [
        ("th", "col", None, "Country"),
        ("th", "col", "cb-num", "Position"),
        ("th", "row", None, "Netherlands"),
        ("td", None, "cb-num", "980.5"),
        ("th", "row", None, "Belgium"),
        ("td", None, "cb-num", "1,171.0"),
    ]


HOSTILE = [
    "<script>alert('&')</script>\"",
    "--><img src=x onerror=alert(1)>",
    "</figure></script><b>",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
    "=HYPERLINK(1)",
    "a\n\nb\t{{ c }}",
]


@pytest.mark.parametrize("evil", HOSTILE)
def test_all_words_are_escaped(cache, evil):
    table = {"columns": [evil, "b"], "rows": [[evil, evil]]}
    usermeta = {"claimbook": {"title": evil, "subtitle": evil, "alt": evil, "source": evil, "table": table}}
    html = figure_html(bars(usermeta=usermeta), page="chapters/a&b", cache=cache)
    assert not {"<script", "<img", "<b>"} & set(re.findall(r"<\w+>?", html))
    root = ElementTree.fromstring(html)  # it is whole
    assert root[0][0].text.rstrip(" ") == evil
    # The parser of the test makes spaces of line breaks in attributes, as XML asks.
    assert root[1].get("aria-label").split() == evil.split()


def test_downloads_and_what_makes_it_live_are_named_from_the_depth_of_the_page(cache):
    table = {"columns": ["Country", "Position"], "rows": [["Netherlands", 980.5]]}
    spec = bars(usermeta=said(table=table))
    for page, up in (("index", ""), ("claims/trade", "../"), ("a/b/c%20d", "../../")):
        root = ElementTree.fromstring(figure_html(spec, page=page, cache=cache))
        folder = f"{up}figures/{page.replace('%', '%25')}/who-invests"
        assert [link.get("href") for link in root.findall(".//li/a")] == [
            f"{folder}/{file}"
            for file in (
                "who-invests.csv", "who-invests.svg", "who-invests.png", "who-invests.vl.json", "cite.bib", "cite.json",
                "README.txt",
            )
        ]  # fmt: skip
        assert {link.get("download") for link in root.findall(".//li/a")} == {""}
        assert root.get("data-live") == f"{folder}/live.js"


def test_a_figure_without_a_table_offers_no_csv(cache):
    html = figure_html(bars(usermeta=said()), page="index", cache=cache)
    assert ".csv" not in html and ".png" in html


def test_a_figure_that_stands_alone_has_neither_downloads_nor_a_live_chart(cache):
    html = figure_html(bars(usermeta=said()), cache=cache)
    assert "cb-live" not in html and "data-" not in html and "cb-downloads" not in html


@pytest.mark.parametrize(
    ("title", "taken", "id"),
    [
        ("Who invests", (), "who-invests"),
        ("Who invests", ("who-invests",), "who-invests-2"),
        ("Who invests", ("who-invests", "who-invests-2"), "who-invests-3"),
        ("Belgium's trade: 3.5 % of GDP", (), "belgiums-trade-3-5-of-gdp"),
        ("Çelik Øre à côté", (), "celik-re-a-cote"),
        ("", (), "chart"),
        ("</script><b>", (), "script-b"),
        ("../../etc/passwd", (), "etc-passwd"),
        ("שלום", (), "chart"),
        ("Con", (), "chart-con"),
        ("x" * 200, (), "x" * 60),
        ("one two " * 20, (), "one-two-one-two-one-two-one-two-one-two-one-two-one-two-one"),
    ],
)
def test_a_figure_is_called_after_its_title(title, taken, id):
    assert name(Words(title=title), taken) == id


def test_the_name_of_a_figure_stays_when_its_figures_change():
    newer = bars(data={"values": [{"c": "Belgium", "v": 1}]}, usermeta=said())
    first, second = ([{"outputs": [{"data": {MIME: spec}}]}] for spec in (bars(usermeta=said()), newer))
    names = [[found[0] for found in figure_words.figures({"cells": cells})] for cells in (first, second)]
    assert names == [["who-invests"], ["who-invests"]]


def test_figures_of_a_notebook_are_those_that_its_page_shows():
    shown = {"outputs": [{"data": {"text/plain": "x"}}, {"data": {MIME: bars(usermeta=said())}}, {"name": "stdout"}]}
    hidden = {**shown, "metadata": {"tags": ["remove-output"]}}
    found = list(figure_words.figures({"cells": [{"source": "x"}, hidden, shown, shown]}))
    assert [id for id, _, _ in found] == ["who-invests", "who-invests-2"]


def test_words_of_the_data_cannot_become_markup(cache):
    spec = bars(data={"values": [{"c": "<img src=x onerror=alert(1)>", "v": 1}]})
    html = figure_html(spec, cache=cache)
    assert "<img" not in html and "&lt;img src=x" in html


def test_without_usermeta_title_and_description_stand_in(cache):
    assert words(bars(title={"text": ["Who", "invests"]}, description="Three bars")).alt == "Three bars"
    assert words(bars(title={"text": ["Who", "invests"]})).alt == "Who invests"
    html = figure_html(bars(), cache=cache)
    root = ElementTree.fromstring(html)
    assert [child.tag for child in root] == ["div"] and root[0].get("aria-label") == "Chart"


def test_the_title_is_in_the_caption_only(cache):
    html = figure_html(bars(title="A title of its own"), cache=cache)
    assert html.count("A title of its own") == 3  # caption, its link and the text alternative
    assert "A title of its own" not in "".join(re.findall(r"<svg.*?</svg>", html))


@pytest.mark.parametrize(
    ("usermeta", "complaint"),
    [
        ({"claimbook": {"tilte": "x"}}, "unknown key 'tilte'"),
        ({"claimbook": {"title": 3}}, "title is not text: 3"),
        ({"claimbook": {"id": "Who invests"}}, "id 'Who invests' is not made of"),
        ({"claimbook": ["x"]}, "not a mapping"),
        ({"claimbook": {"narrow": [1]}}, "narrow is not a mapping"),
        ({"claimbook": {"table": {"columns": ["a"]}}}, "table is not"),
        ({"claimbook": {"table": {"columns": ["a"], "rows": [[1], [1, 2]]}}}, "row 2 .* does not fit its 1 columns"),
        ({"claimbook": {"table": {"columns": ["a", "b"], "rows": [[1, True]]}}}, "row 1 .* holds True"),
        ({"claimbook": {"table": {"columns": ["a", "b"], "rows": [[1, float("inf")]]}}}, "infinite"),
    ],
)
def test_usermeta_that_is_not_understood_is_refused(usermeta, complaint):
    with pytest.raises(FigureError, match=complaint):
        words(bars(usermeta=usermeta))


def test_a_column_of_numbers_is_set_right_with_the_decimals_it_needs(cache):
    rows = [[2023, 1234.5, "suppressed", 7], [2024, -0.25, "12 %", None], [2025, float("nan"), "< 3", 12345]]
    table = {"columns": ["Year", "Value", "Share", "Rank"], "rows": rows}
    html = figure_html(bars(usermeta=said(table=table)), cache=cache)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]
    assert rows[1:] == [
        ["2023", "1,234.50", "suppressed", "7"],
        ["2024", "−0.25", "12 %", "n/a"],
        ["2025", "n/a", "&lt; 3", "12,345"],
    ]
    assert html.count('<td class="cb-num">') == 9


def test_same_specification_same_bytes_and_other_ids_further_down_the_page(cache, tmp_path):
    first = figure_html(bars(), id="one", page="index", cache=cache)
    assert first == figure_html(dict(reversed(bars().items())), id="one", page="index", cache=tmp_path)  # drawn anew
    assert first == figure_html(bars(), id="one", page="index", cache=None)
    second = figure_html(bars(), id="two", page="index", cache=cache)
    ids = [set(re.findall(r' id="([^"]+)"', html)) for html in (first, second)]
    assert len(ids[0]) == 3 and not ids[0] & ids[1]  # the figure and a clip path in each drawing
    for html in (first, second):
        assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(re.findall(r' id="([^"]+)"', html))
    assert drawing.ID not in first


def test_narrow_overrides_change_the_narrow_drawing_only(cache):
    svgs = re.findall(r"<svg.*?</svg>", figure_html(bars(usermeta=said(narrow={"height": 77})), cache=cache))
    assert "v120h" in svgs[0] and "v77h" not in svgs[0]
    assert "v77h" in svgs[1] and "v120h" not in svgs[1]


def test_merging_reaches_into_mappings_and_numbered_positions():
    base = {"a": {"b": 1, "c": 2}, "layer": [{"mark": "bar"}, {"mark": {"type": "text", "dx": 4}}]}
    over = {"a": {"b": None}, "layer": {"1": {"mark": {"dx": 2}}}}
    assert merged(base, over) == {
        "a": {"b": None, "c": 2},
        "layer": [{"mark": "bar"}, {"mark": {"type": "text", "dx": 2}}],
    }
    assert base["layer"][1]["mark"]["dx"] == 4  # untouched
    assert merged(base, {"layer": []})["layer"] == []
    with pytest.raises(FigureError, match="position '2' of a list of 2"):
        merged(base, {"layer": {"2": {}}})


@pytest.mark.parametrize("width", [100, 900])
@pytest.mark.parametrize("limit", [WIDE, NARROW])
def test_a_drawing_fills_its_room_together_with_its_labels(width, limit):
    values = [{"c": "Saint Vincent and the Grenadines", "v": 5}]
    spec = bars(data={"values": values}, width=width, config={"axis": {"labelLimit": 0}})
    assert limit - 2 <= draw(spec, limit=limit, narrowest=limit).width <= limit


def test_a_width_by_steps_is_left_alone():
    spec = bars(width={"step": 40})
    spec["encoding"]["x"] = {"field": "c", "type": "nominal"}
    assert draw(spec, limit=WIDE, narrowest=WIDE).width < 300


def test_labels_without_end_are_refused():
    spec = bars(data={"values": [{"c": "x" * 200, "v": 5}]}, config={"axis": {"labelLimit": 0}})
    with pytest.raises(FigureError, match="no room for the drawing within 342 px"):
        draw(spec, limit=NARROW, narrowest=NARROW)


def test_text_too_small_to_read_is_refused():
    with pytest.raises(FigureError, match=r"smallest text would be 9\.0 px"):
        draw(bars(config={"axis": {"labelFontSize": 9}}), limit=NARROW, narrowest=NARROW)
    with pytest.raises(FigureError, match=r"smallest text would be 6\.0 px"):
        draw(bars(), limit=WIDE, narrowest=draw(bars(), limit=WIDE, narrowest=WIDE).width / 2)


def test_letters_that_the_font_lacks_are_refused():
    with pytest.raises(FigureError, match=r"holds 'Б' \(U\+0411\)"):
        draw(bars(data={"values": [{"c": "Белгия", "v": 1}]}), limit=WIDE, narrowest=WIDE)
    draw(bars(data={"values": [{"c": "Türkiye, Côte d’Ivoire, Łódź −5\u202f%", "v": 1}]}), limit=WIDE, narrowest=WIDE)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"data": {"url": "https://example.org/x.csv"}}, r"specification\.data holds 'url'"),
        (
            {"transform": [{"lookup": "c", "from": {"data": {"url": "x.csv"}, "key": "c"}}]},
            r"transform\[0\]\.from\.data holds 'url'",
        ),
        ({"encoding": {"href": {"field": "c"}}}, r"encoding holds 'href'"),
        ({"mark": "image", "encoding": {"url": {"value": "x.png"}}}, "encoding holds 'url'"),
        ({"data": {"values": []}}, "draws nothing"),
        ({"mark": "no such mark"}, "conversion failed"),
        ({"encoding": {"x": {"value": float("nan")}}}, "not JSON"),
        ({"mark": {"type": "text", "text": "x", "font": "serif"}}, "set in 'serif'"),
        ({"mark": {"type": "bar", "fill": "url(https://example.org/x.svg#a)"}}, "refers to 'url"),
    ],
)
def test_what_loads_or_draws_nothing_is_refused(change, complaint):
    with pytest.raises(FigureError, match=complaint):
        draw(bars(**change), limit=WIDE, narrowest=WIDE)


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        ("<script>1</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ('<image href="x.png"/>', "<image>"),
        ('<path d="M0,0L1,1" onclick="x()"/>', "onclick"),
        ('<path d="M0,0L1,1" style="fill:url(x)"/>', "style"),
        ('<path d="M0,0LNaN,1"/>', "not a number"),
        ('<path d="M0,0L1,1" fill="url(#elsewhere)"/>', "#elsewhere"),
    ],
)
def test_a_drawing_with_more_than_shapes_is_refused(monkeypatch, inside, complaint):
    marks = f'<g><g class="mark-rect role-mark marks"><path d="M0,0h1v1"/>{inside}</g></g>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><g>{marks}</g></svg>'
    monkeypatch.setattr(drawing, "_converted", lambda spec: svg)
    with pytest.raises(FigureError, match=complaint):
        draw(bars(), limit=WIDE, narrowest=WIDE)


def test_a_drawing_holds_no_roles_classes_or_long_numbers():
    svg = draw(bars(width=333.3), limit=WIDE, narrowest=WIDE).svg
    assert not re.search(r"class=|aria-|role=|xmlns|\d\.\d{3}", svg)
    assert 'font-family="Claimbook Sans, sans-serif"' in svg


def test_a_finished_drawing_is_taken_from_the_cache(tmp_path, monkeypatch):
    svg = draw(bars(), limit=WIDE, narrowest=WIDE, cache=tmp_path).svg
    assert [path.suffix for path in tmp_path.iterdir()] == [".svg"]  # nothing half written is left
    monkeypatch.setattr(drawing, "_converted", lambda spec: pytest.fail("drawn again"))
    assert draw(bars(), limit=WIDE, narrowest=WIDE, cache=tmp_path).svg == svg


@pytest.mark.parametrize("change", [{"height": 121}, {"config": {"bar": {"color": "#0b5c96"}}}])
def test_another_specification_is_another_drawing(tmp_path, change):
    for spec in (bars(), bars(**change)):
        draw(spec, limit=WIDE, narrowest=WIDE, cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_drawing_cut_short_is_drawn_again(tmp_path):
    svg = draw(bars(), limit=WIDE, narrowest=WIDE, cache=tmp_path).svg
    next(tmp_path.iterdir()).write_text(svg[:100])
    assert draw(bars(), limit=WIDE, narrowest=WIDE, cache=tmp_path).svg == svg


def test_dates_do_not_move_with_the_time_zone():
    spec = bars(
        encoding={"x": {"field": "d", "type": "temporal"}, "y": {"field": "v", "type": "quantitative"}}, mark="line"
    )
    spec["data"] = {"values": [{"d": "2020-01-01", "v": 1}, {"d": "2024-01-01", "v": 2}]}
    code = (
        "import json, sys; from analysis.site.drawing import draw\n"
        "print(draw(json.loads(sys.argv[1]), limit=672, narrowest=672).svg)"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code, json.dumps(spec)],
            env=os.environ | {"TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("America/New_York", "Asia/Tokyo")
    }
    assert len(drawn) == 1
    assert ">2020<" in drawn.pop()


def test_the_engine_does_not_start_with_the_module():
    code = "import sys, analysis.site.figures_html, analysis.site.extension; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def page(tmp_path):
    """A stand-in for MyST-NB's renderer, on a page named chapters/trade."""
    config = SimpleNamespace(claimbook_figure_cache=str(tmp_path))
    env = SimpleNamespace(docname="chapters/trade", config=config)
    return SimpleNamespace(renderer=SimpleNamespace(document=new_document("x"), sphinx_env=env))


def output(content, mime_type=MIME):
    return SimpleNamespace(mime_type=mime_type, content=content)


def test_the_renderer_leaves_other_outputs_alone(page):
    assert ChartRenderer.handle_mime(page, output("x", "text/html"), False) is None


def test_the_renderer_gives_html_and_words_for_other_formats(page):
    raw, elsewhere = ChartRenderer.handle_mime(page, output(bars(usermeta=said())), False)
    assert isinstance(raw, nodes.raw) and raw["format"] == "html" and raw.astext().startswith("<figure")
    assert isinstance(elsewhere, addnodes.only) and elsewhere["expr"] == "not html"
    assert elsewhere.astext() == "Who invests. Netherlands leads."


def test_the_same_figure_twice_on_a_page_has_two_ids(page):
    htmls = [ChartRenderer.handle_mime(page, output(bars(usermeta=said())), False)[0].astext() for _ in range(2)]
    ids = [re.findall(r' id="([^"]+)"', html) for html in htmls]
    assert len({*ids[0], *ids[1]}) == 6


def test_an_id_of_ones_own_twice_on_a_page_is_refused(page):
    spec = bars(usermeta=said(id="who"))
    ChartRenderer.handle_mime(page, output(json.dumps(spec)), False)
    with pytest.raises(FigureFault, match=r"chapters/trade, figure 2 .* 'who'"):
        ChartRenderer.handle_mime(page, output(spec), False)


def test_a_figure_that_cannot_be_drawn_names_page_and_figure(page):
    spec = bars(usermeta=said(), data={"url": "x.csv"})
    with pytest.raises(FigureFault, match=r"chapters/trade, figure 1 \(Who invests\): .*'url'"):
        ChartRenderer.handle_mime(page, output(spec), False)
    with pytest.raises(FigureFault, match="chapters/trade, figure 1: "):
        ChartRenderer.handle_mime(page, output("{"), False)


def test_inline_the_words_alone_are_given(page):
    (node,) = ChartRenderer.handle_mime(page, output(bars(usermeta=said())), True)
    assert node.astext() == "Netherlands leads."
