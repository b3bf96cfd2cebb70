"""Charts that readers move: what stands on the page, the engine, and that browser and Python reckon the same."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from docutils.utils import new_document

from analysis import outlook, outlook_figures, words
from analysis.chapters import start as open_chapter
from analysis.errors import ClaimbookError
from analysis.figures import Caption
from analysis.outlook_figures import Start
from analysis.scenarios import Economy
from analysis.site import drawing, live
from analysis.site.drawing import NARROW, WIDE, FigureError, draw, merged
from analysis.site.figure_words import MIME
from analysis.site.figure_words import words as said
from analysis.site.figures_html import ChartRenderer, figure_html, narrow

SITE = Path(live.__file__).parent
START = Start(year=2025, gdp=640.0, share=2.0, spent=12.8, currency="euros", digits=1)
CAPTION = Caption("A path", "So far", "NATO, release of July 2026.", "Two charts.")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("drawings")


def moved(**change):
    """The chart on made-up figures, its sliders set to what `change` says."""
    begins = {"by": 2035, "target": 3.5, "growth": 1.5, "deflator": 2.0, **change}
    knobs = outlook_figures.knobs(START, **begins, last=2040)
    outturn = pd.DataFrame({"year": [2023, 2024, 2025], "share": [1.2, 1.3, 2.0], "spent": [7.0, float("nan"), 12.8]})
    table = pd.DataFrame([[2025, 2.0, 12.8], [2035, 3.5, 31.7]], columns=["Year", "Per cent of GDP", "Billion euros"])
    return outlook_figures.moved(START, outturn, knobs, CAPTION, table, "In 2035.").to_dict()


# What browser and Python reckon


def evaluated(spec, expressions):
    """What Vega makes of expressions in a specification: drawn as text and read back."""
    spec = copy.deepcopy(spec)
    spec.pop("vconcat")
    marks = [
        {"data": {"values": [{}]}, "mark": {"type": "text", "text": {"expr": expression}, "y": 20 * number}}
        for number, expression in enumerate(expressions)
    ]
    spec |= {"layer": marks, "width": 600, "height": 100}
    spec.pop("usermeta"), spec.pop("resolve", None), spec.pop("datasets", None)
    svg = drawing.converter().vegalite_to_svg(json.dumps(spec))
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg)]


@pytest.mark.parametrize(
    ("by", "target", "growth", "deflator"),
    [
        (2035, 3.5, 1.5, 2.0),
        (2030, 2.0, 1.5, 2.0),
        (2026, 0.5, -2.0, -1.0),
        (2040, 6.0, 5.0, 6.0),
        (2033, 2.05, 0.0, 0.0),
    ],
)
def test_the_browsers_arithmetic_is_that_of_scenarios(by, target, growth, deflator):
    spec = moved(by=by, target=target, growth=growth, deflator=deflator)
    economy = Economy(2025, 640.0, growth, deflator)
    current, constant = economy.cost(target, by), target / 100 * economy.gdp_constant(by)
    told, end_current, end_constant = evaluated(spec, ["told", "'' + end_current", "'' + end_constant"])
    assert float(end_current) == pytest.approx(current, rel=1e-12)
    assert float(end_constant) == pytest.approx(constant, rel=1e-12)
    parts = outlook_figures.sentence(
        START, by=str(by), target=f"{target:g}", current=words.number(current, 1), constant=words.number(constant, 1),
        more=words.number((current - 12.8) / (by - 2025), 1),
    )  # fmt: skip
    assert told == "".join(part for _, part in parts)


def test_the_drawn_path_ends_where_scenarios_does(cache):
    drawn = draw(moved(by=2030, target=2.0), limit=WIDE, narrowest=626, cache=cache)
    economy = Economy(2025, 640.0, 1.5, 2.0)
    texts = re.findall(r">([^<]+)<", drawn.svg)
    assert words.number(economy.cost(2.0, 2030), 1) in texts  # 15.2
    assert words.number(0.02 * economy.gdp_constant(2030), 1) in texts  # 13.8


def test_sliders_are_wide_enough_for_what_they_begin_with_and_fine_enough():
    knobs = outlook_figures.knobs(START, target=7.5, by=2035, growth=-3.0, deflator=1.25, last=2040)
    assert (knobs["target"].high, knobs["growth"].low) == (7.5, -3.0)
    assert (knobs["deflator"].step, knobs["growth"].step) == (0.01, 0.1)
    assert (knobs["by"].low, knobs["by"].high) == (2026, 2040)


def test_both_drawings_fill_their_room_and_no_more(cache):
    spec = moved()
    assert draw(spec, limit=WIDE, narrowest=626, cache=cache).width == pytest.approx(WIDE, abs=3)
    narrow = merged(spec, said(spec).narrow)
    assert draw(narrow, limit=NARROW, narrowest=334, cache=cache).width == pytest.approx(NARROW, abs=3)


# The page and what it reads


def handed_over(script):
    """What a figure's script gives to the page, as the browser would read it."""
    assert script.startswith('document.dispatchEvent(new CustomEvent("cb-figure",{detail:')
    assert script.endswith("}));\n") and script.count("\n") == 1
    return json.loads(script.partition("detail:")[2].removesuffix("}));\n"))


def data_of(spec):
    about = said(spec)
    return handed_over(live.script("fig-x", spec, narrow(spec, about), about.told))


def test_a_chart_with_sliders_hands_over_what_the_browser_needs(cache):
    html = figure_html(moved(), page="chapters/scenarios", cache=cache)
    assert '<figure class="cb-figure cb-live" id="fig-a-path"' in html
    assert '<p class="cb-told">In 2035.</p>' in html
    assert html.count("<svg ") == 2  # the static drawings stand there all the same
    assert f'data-engine="{live.engine(moved())}"' in html
    data = data_of(moved())
    assert data["figure"] == "fig-x" and data["told"] == "told"
    assert [param["name"] for param in data["wide"]["params"] if "bind" in param] == [
        "by",
        "target",
        "growth",
        "deflator",
    ]
    assert data["wide"]["vconcat"][0]["width"] > data["narrow"]["vconcat"][0]["width"]
    assert data["wide"]["config"]["font"] == drawing.FONT


def test_nothing_on_the_page_names_another_host_or_runs_inline(cache):
    html = figure_html(moved(), page="chapters/scenarios", cache=cache)
    assert not re.search(r"https?:|[\"']//[a-z]", html)
    assert not re.search(r"<script|<style|\s(?:on[a-z]+|style)=", html)


def test_the_specification_is_not_on_the_page(cache):
    html = figure_html(moved(), page="chapters/scenarios", cache=cache)
    assert "mark" not in re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("evil", ["</script><b>", "<!--<script>", "\u2028alert(1)//", "*/}));alert(1)//", '"}));x("'])
def test_a_script_cannot_be_ended_by_its_data(evil):
    spec = moved()
    spec["params"][0]["value"] = evil
    script = live.script("fig-x", spec, spec, None)
    assert not set("<>\u2028\u2029") & set(script)
    assert handed_over(script)["wide"]["params"][0]["value"] == evil


def test_the_table_says_that_it_holds_the_first_figures(cache):
    assert "<summary>The figures that the sliders begin with, as a table</summary>" in figure_html(moved(), cache=cache)


PLAIN = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json", "data": {"values": [{"c": "a", "v": 1}]},
    "mark": "bar", "width": 300, "params": [{"name": "fixed", "value": 3}],
    "encoding": {"x": {"field": "v", "type": "quantitative"}, "y": {"field": "c", "type": "nominal"}},
}  # fmt: skip


def test_a_chart_without_sliders_is_live_too_and_is_not_said_to_move(cache):
    assert not live.moves(PLAIN)
    html = figure_html(PLAIN, page="index", cache=cache)
    assert 'class="cb-figure cb-live"' in html and "sliders" not in html
    assert data_of(PLAIN)["told"] is None


def test_a_selection_bound_to_scales_is_no_slider():
    assert not live.moves({"params": [{"name": "grid", "select": "interval", "bind": "scales"}]})


def test_a_chart_of_one_view_is_fitted_to_its_room():
    spec = moved()
    spec.pop("vconcat")
    script = live.script("fig-x", spec | {"mark": "point", "width": 500}, spec | {"mark": "point", "width": 200}, None)
    data = handed_over(script)
    assert (data["wide"]["width"], data["narrow"]["width"]) == (WIDE, NARROW)
    assert data["wide"]["autosize"] == {"type": "fit-x", "contains": "padding"}


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ("In 2035.", "told is not"),
        ({"signal": "told"}, "told is not"),
        ({"signal": "told", "text": 3}, "told is not"),
        ({"signal": "tole", "text": "In 2035."}, "names 'tole', which is no parameter"),
    ],
)
def test_a_sentence_that_is_not_understood_is_refused(told, complaint):
    spec = moved()
    spec["usermeta"]["claimbook"]["told"] = told
    with pytest.raises(FigureError, match=complaint):
        said(spec)


def test_layers_of_one_scale_share_its_legend_and_the_drawing_is_the_same(cache):
    colour = {"field": "c", "type": "nominal", "scale": {"range": ["#0b5c96"]}}
    legend = {"title": None, "orient": "top", "symbolType": "stroke"}
    layers = [
        {"mark": "line", "encoding": {**PLAIN["encoding"], "color": {**colour, "legend": legend}}},
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {**PLAIN["encoding"], "color": {**colour, "legend": None}},
        },
        {"mark": "text", "encoding": {**PLAIN["encoding"], "color": {"field": "v", "legend": None}}},
    ]
    spec = {key: value for key, value in PLAIN.items() if key not in ("mark", "encoding")} | {"layer": layers[:2]}
    spec["data"] = {"values": [{"c": "a", "v": 1}, {"c": "a", "v": 3}]}
    found = data_of(spec)["wide"]
    assert [layer["encoding"]["color"]["legend"] for layer in found["layer"]] == [legend, legend]
    agreed = spec | {"layer": found["layer"]}
    assert draw(agreed, limit=342, narrowest=342, cache=cache) == draw(spec, limit=342, narrowest=342, cache=cache)
    other = data_of(spec | {"layer": layers})["wide"]
    assert other["layer"][2]["encoding"]["color"]["legend"] is None
    bars = data_of(spec | {"layer": [{**layers[0], "mark": "bar"}, layers[1]]})["wide"]
    assert bars["layer"][1]["encoding"]["color"]["legend"] is None
    apart = data_of(spec | {"resolve": {"scale": {"color": "independent"}}})["wide"]
    assert apart["layer"][1]["encoding"]["color"]["legend"] is None


# The engine


def test_the_engine_is_one_classic_script_of_the_sites_own(cache):
    name = live.engine(moved())
    text = live.bundle(name, cache)
    assert re.fullmatch(r"vega-lite-6\.\d+-[0-9a-f]{8}\.js", name)
    assert text.startswith("/* Vega") and "(function () {" in text and text.rstrip().endswith("})();")
    assert "window.claimbookEmbed" in text
    assert not re.search(r"(?m)^\s*(import|export)\b", text)
    assert (cache / name).read_text(encoding="utf-8") == text


def test_a_finished_engine_is_taken_from_the_cache(tmp_path):
    (tmp_path / "vega-lite-6.4-00000000.js").write_text("kept")
    assert live.bundle("vega-lite-6.4-00000000.js", tmp_path) == "kept"


def test_an_engine_that_is_not_to_be_had_is_refused(tmp_path):
    with pytest.raises(FigureError, match="names its version|has to name its version"):
        live.engine({"params": []})
    with pytest.raises(FigureError, match=r"Vega-Lite 9\.9 is not among those that vl-convert carries: .*6\."):
        live.bundle("vega-lite-9.9-00000000.js", tmp_path)


# Sphinx


class App:
    """As much of Sphinx as the extension touches."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.outdir, self.builder = str(folder), SimpleNamespace(format="html")
        self.config = SimpleNamespace(claimbook_figure_cache=str(cache))
        self.env = SimpleNamespace(docname="chapters/scenarios", config=self.config)


def page(app):
    return SimpleNamespace(renderer=SimpleNamespace(document=new_document("x"), sphinx_env=app.env))


def test_a_page_with_a_chart_asks_for_its_engine(tmp_path, cache):
    app = App(tmp_path, cache)
    ChartRenderer.handle_mime(page(app), SimpleNamespace(mime_type=MIME, content=PLAIN), False)
    live._write_engines(app, None)
    assert [path.name for path in (tmp_path / "_static" / "js").iterdir()] == [live.engine(PLAIN)]
    assert (SITE / "static" / live.SCRIPT).is_file()


def test_the_engine_is_written_beside_the_script_and_only_where_it_is_needed(tmp_path, cache):
    app = App(tmp_path, cache)
    live._write_engines(app, None)
    assert not (tmp_path / "_static").exists()
    live.note(app.env, "chapters/scenarios", live.engine(moved()))
    live._write_engines(app, RuntimeError("the build failed"))
    assert not (tmp_path / "_static").exists()
    live._write_engines(app, None)
    assert [path.name for path in (tmp_path / "_static" / "js").iterdir()] == [live.engine(moved())]


def test_what_a_page_needed_is_forgotten_and_merged(tmp_path, cache):
    app, other = App(tmp_path, cache), App(tmp_path, cache)
    for name in ("vega-lite-6.4-a.js", "vega-lite-6.4-b.js", "vega-lite-6.4-c.js"):
        drawing.keep(cache / name, "kept")
    live.note(app.env, "chapters/scenarios", "vega-lite-6.4-a.js")
    live.note(other.env, "chapters/defence", "vega-lite-6.4-b.js")
    live.note(other.env, "chapters/trade", "vega-lite-6.4-c.js")
    live._merge(app, app.env, ["chapters/defence"], other.env)
    live._forget(app, app.env, "chapters/scenarios")
    live._write_engines(app, None)
    assert [path.name for path in (tmp_path / "_static" / "js").iterdir()] == ["vega-lite-6.4-b.js"]


def test_the_script_holds_no_address_and_compiles_nothing():
    script = (SITE / "static" / live.SCRIPT).read_text(encoding="utf-8")
    assert not re.search(r"https?:", script)
    assert not re.search(r"\beval\b|new Function|innerHTML|setAttribute\(\"style\"", script)
    assert "ast: true" in script and "actions: false" in script
    width = re.search(r"WIDE = (\d+);", script)[1]
    css = (SITE / "styles" / "figures.css").read_text(encoding="utf-8")
    assert f"@container (width >= {width}px)" in css  # both change over at the same width


# The chapter


def scenario(country="BEL", growth=1.5, deflator=2.0, **more):
    return outlook.start(open_chapter(country=country, start_year=2014, end_year=2040, **more), growth, deflator)


@pytest.mark.parametrize(
    ("growth", "deflator", "complaint"),
    [
        ("2", 2.0, "growth is '2'; write a number such as 1.5"),
        (True, 2.0, "growth is True"),
        (float("nan"), 2.0, "growth is nan"),
        (1.5, 200, "deflator is 200 per cent a year; rates from -10 to 25 are taken"),
    ],
)
def test_assumptions_that_cannot_be_meant_are_named(growth, deflator, complaint):
    with pytest.raises(ClaimbookError, match=complaint):
        scenario(growth=growth, deflator=deflator)


def test_a_chapter_that_begins_after_the_base_year_still_shows_it():
    late = outlook.start(open_chapter(country="BEL", start_year=2045, end_year=2050))
    table = late.sliders("A path", target=3.5, by=2035).to_dict()["usermeta"]["claimbook"]["table"]
    assert [row[0] for row in table["rows"]] == list(range(2025, 2036))


def test_the_base_is_the_newest_full_year():
    base = scenario().base()
    # NATO's edition of July 2026: 12,845 million euros are 2.00 per cent of GDP in 2025
    assert (base.year, base.share, base.spent, base.currency) == (2025, 2.0, 12845.0, "EUR")
    assert base.gdp == pytest.approx(642_250.0)


def test_an_earlier_day_knows_earlier_figures():
    early = scenario(as_of="2024-06-30")
    # TABLE1!M12 over TABLE3!M12 of the workbook of June 2024
    assert (early.base().year, round(early.base().gdp)) == (2023, 583_132)
    assert {path.id for _, path, _ in early.declared} == {
        "wales", "strategic-vision", "strategic-vision-as-told", "star", "two-per-cent-2035", "manifesto",
    }  # fmt: skip


def test_paths_of_a_country_are_shown_for_it_alone():
    assert {path.id for _, path, _ in scenario("NLD").declared} == {"wales", "the-hague"}
    # Finland joined in 2023, Estonia stood above two per cent when The Hague asked for more
    assert {path.id for _, path, _ in scenario("FIN").declared} == {"the-hague"}
    assert "wales" in {path.id for _, path, _ in scenario("EST").declared}


@pytest.mark.parametrize(("country", "money"), [("NLD", "euros"), ("EST", "euros"), ("POL", "Polish zlotys")])
def test_another_country_has_its_own_money_and_not_the_belgian_sum(country, money):
    found = scenario(country)
    rise = found.rise(of="BEL", begins=6, goal=12, first=2024, by=2030, target=2, base_year=2023)
    assert "asks of Belgium" in rise.chart("A sum").text
    assert rise.table().html == "" and rise.text().text == ""
    assert f"billion {money}" in found.asked_text(3.5, 2035).text
    assert money in found.sliders("A path", target=3.5, by=2035).to_dict()["usermeta"]["claimbook"]["told"]["text"]


def test_a_country_outside_the_alliance_gets_a_friendly_line():
    found = scenario("JPN")
    rise = found.rise(of="JPN", begins=6, goal=12, first=2024, by=2030, target=2, base_year=2023)
    blocks = [
        found.standing(), found.paths("Paths"), found.asked(3.5, 2035), found.sliders("A path", target=3.5, by=2035),
        rise.chart("A sum"),
    ]  # fmt: skip
    for block in blocks:
        assert "do not tell defence expenditure of Japan" in block.text and "cb-elsewhere" in block.html
    assert found.paths_table().html == rise.table().html == found.asked_text(3.5, 2035).text == ""


def test_money_of_another_currency_is_left_out_of_the_outturn():
    # Lithuania took the euro in 2015
    found = scenario("LTU")
    assert found.outturn["year"].min() == 2014 and found.spent(found.base())["year"].min() == 2015


def test_the_tables_tell_what_the_arithmetic_does():
    found = scenario()
    html = found.asked(3.5, 2035).html
    economy = Economy(2025, 642.25, 1.5, 2.0)
    assert f'<td class="cb-num">{economy.cost(3.5, 2035):.1f}</td>' in html  # 31.8
    rise = found.rise(of="BEL", begins=6, goal=12, first=2024, by=2030, target=2, base_year=2023)
    # GDP of 2023 by the World Bank: 601,866.5 million euros
    then = Economy(2023, 601.8665, 1.5, 2.0)
    row = re.search(r"<tr><th scope=\"row\">2030</th>(.*?)</tr>", rise.table().html)[1]
    assert re.findall(r">([\d.]+)<", row) == [
        "12.0", f"{then.share(12, 2030):.2f}", f"{then.share(12, 2030, constant=True):.2f}",
        f"{then.cost(2, 2030):.1f}", f"{0.02 * then.gdp_constant(2030):.1f}",
    ]  # fmt: skip


def test_every_path_of_the_table_says_where_it_is_told():
    html = scenario().paths_table().html
    assert html.count('<th scope="row">') == 10
    assert html.count("<a href=") + html.count("<cite>") == 10
    assert "1.54 by 2030,<br>2 by 2035" in html


def test_charts_are_the_same_from_run_to_run():
    first, again = (scenario().sliders("A path", target=3.5, by=2035).to_dict() for _ in range(2))
    assert first == again
    assert dt.date.today().isoformat() not in json.dumps(first)
