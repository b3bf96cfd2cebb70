"""Every chart of the book is valid Vega-Lite, and a plain Altair chart to whoever looks inside.

Charts are said as specifications and not checked while they are drawn (analysis.vegalite): here they are.
"""

from __future__ import annotations

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from analysis import figures, vegalite
from analysis.figures import MIME, Caption, lines
from analysis.home import home

CHAPTERS = sorted((home() / "chapters").glob("*.ipynb"))
# Of the book's own chapters a country with most figures, one of the alliance's youngest, an island with few, and a tie.
OTHERS = [("NLD", None), ("EST", None), ("TUV", None), ("DEU", "FRA")]
CAPTION = Caption("Trade", "Belgium", "Source: Census.", "Line chart: trade.")
FRAME = pd.DataFrame(
    {"line": ["Goods", "Goods", "Services"], "year": [2015, 2016, 2016], "value": [53.7, 49.9, 20.0], "flag": ""}
)


def drawn() -> alt.LayerChart:
    return lines(FRAME, CAPTION, unit="billion dollars")


def check(spec: dict[str, Any]) -> None:
    """Both screens of a chart against the schema that Altair holds charts against."""
    spec = {key: value for key, value in spec.items() if key != "$schema"}
    wanted = alt.VConcatChart if "vconcat" in spec else alt.LayerChart
    wanted.validate(spec)
    wanted.validate({**spec, **spec["usermeta"]["claimbook"]["narrow"]})


def shown(path) -> list[dict[str, Any]]:
    """The charts among the outputs of a committed chapter."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    return [output.data[MIME] for output in outputs if MIME in output.get("data", {})]


def run(path, country: str, partner: str | None) -> Iterator[alt.TopLevelMixin]:
    """The charts that the cells of a chapter end with, for another country."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), path.name, "exec"), names)
        if "parameters" in cell.metadata.get("tags", ()):
            names |= {"country": country} | ({} if partner is None else {"partner": partner})
        elif last is not None:
            told = eval(compile(ast.Expression(last.value), path.name, "eval"), names)
            if isinstance(told, alt.TopLevelMixin):
                yield told


def test_there_are_charts_to_check():
    assert sum(len(shown(path)) for path in CHAPTERS) > 30


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_chart_of_the_book_is_valid(path):
    for spec in shown(path):
        check(spec)


@pytest.mark.parametrize(("country", "partner"), OTHERS)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_chart_about_another_country_is_valid(path, country, partner):
    for chart in run(path, country, partner):
        check(chart.to_dict())


@pytest.mark.parametrize(
    "wrong",
    [
        {"mark": {"type": "squiggle"}},
        {"encoding": {"x": {"field": "year", "type": "quantity"}}},
        {"encoding": {"x": vegalite.field("year:Q", axes={"grid": False})}},
    ],
    ids=["mark", "type", "option"],
)
def test_what_is_not_valid_is_found_on_either_screen(wrong):
    for screen in (lambda spec: spec, lambda spec: spec["usermeta"]["claimbook"]["narrow"]):
        spec = drawn().to_dict()
        screen(spec)["layer"][0].update(wrong)
        with pytest.raises(ValidationError):
            check(spec)


# A plain Altair chart to whoever looks inside


@pytest.mark.parametrize(
    "touch",
    [
        lambda chart: chart.properties(),
        lambda chart: chart.copy(),
        lambda chart: chart.copy(deep=False),
        lambda chart: pickle.loads(pickle.dumps(chart)),
        lambda chart: copy.deepcopy(chart),
        lambda chart: (chart.layer, chart)[1],
        lambda chart: alt.Chart.from_json(chart.to_json()),
    ],
    ids=["properties", "copy", "shallow copy", "pickle", "deepcopy", "attribute", "json"],
)
def test_touched_or_not_it_says_the_same(touch):
    touched = touch(drawn())
    assert isinstance(touched, alt.LayerChart)
    assert touched.to_dict() == drawn().to_dict()


def test_who_looks_inside_holds_a_plain_chart():
    chart = drawn()
    assert chart.width == drawn().to_dict()["width"]
    assert type(chart) is alt.LayerChart
    chart.width = 200
    assert chart.to_dict()["width"] == 200
    assert drawn().properties(height=90).to_dict()["height"] == 90
    assert len((drawn() + alt.Chart(FRAME).mark_point().encode(x="year:Q")).layer) == len(drawn().layer) + 1


def test_altair_checks_what_is_made_of_a_chart_and_everybodys_own():
    with pytest.raises(ValidationError):
        drawn().properties(width="far")
    chart = drawn()
    chart.width = "far"
    with pytest.raises(ValidationError):
        chart.to_dict()
    drawn().to_dict()
    with pytest.raises(ValidationError):
        alt.Chart(FRAME).mark_point().encode(x=alt.X("year:Q", scale=alt.Scale(zero="perhaps"))).to_dict()


def test_a_specification_that_was_handed_out_changes_no_chart():
    chart = drawn()
    told = chart.to_dict()
    told["datasets"].clear()
    told["layer"].clear()
    assert chart.to_dict() == drawn().to_dict()


def test_asking_how_else_it_could_be_shown_leaves_it_as_it_is():
    chart, kind = drawn(), type(drawn())
    assert getattr(chart, "_repr_html_", None) is None
    figures.enable()
    assert chart._repr_mimebundle_()[MIME] == drawn().to_dict()
    assert type(chart) is kind


def test_a_theme_of_the_reader_holds_for_it_too():
    @alt.theme.register("claimbook-test", enable=False)
    def theme() -> alt.theme.ThemeConfig:
        return {"config": {"axis": {"tickSize": 9, "labelFontSize": 1}, "view": {"cornerRadius": 3}}}

    with alt.theme.enable("claimbook-test"):
        told, plain = drawn().to_dict(), drawn().copy().to_dict()
    alt.theme.unregister("claimbook-test")
    assert told == plain
    assert told["config"]["axis"]["tickSize"] == 9
    assert told["config"]["axis"]["labelFontSize"] == figures.STYLE["axis"]["labelFontSize"]


VALUES = st.one_of(
    st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=3),
    st.lists(st.floats(), min_size=3, max_size=3),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=3, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["line", "year", "value", "note"]), VALUES, min_size=1))
def test_data_are_said_and_named_as_altair_does(columns):
    frame = pd.DataFrame(columns)
    altairs = alt.Chart(frame).mark_point().to_dict()
    own = vegalite.data(frame)
    assert {own.name: own.rows} == altairs["datasets"]
    assert json.dumps(own.rows) == json.dumps(altairs["datasets"][own.name])
    assert vegalite.data(frame.to_dict("records")).name == own.name


def test_data_that_all_layers_draw_are_named_once():
    one, other = vegalite.data(FRAME), vegalite.data(FRAME.head(1))
    mark = {"x": vegalite.field("year:Q")}
    both = vegalite.layered([vegalite.view(one, "line", mark), vegalite.view(one, "point", mark)])
    assert both["data"] == {"name": one.name}
    assert all("data" not in layer for layer in both["layer"])
    apart = vegalite.layered([vegalite.view(one, "line", mark), vegalite.view(other, "point", mark)])
    assert [layer["data"]["name"] for layer in apart["layer"]] == [one.name, other.name]
    assert "data" not in apart
