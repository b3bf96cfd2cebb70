"""What a chart tells under the pointer where its notebook does not say."""

from __future__ import annotations

import copy
import json

import pytest

from analysis.site import drawing, tooltips

YEAR = {"field": "year", "type": "quantitative", "title": None, "axis": {"format": "d"}}
VALUE = {"field": "gdp_growth", "type": "quantitative", "axis": None}
LINE = {"field": "line", "type": "nominal", "legend": None}


def unit(mark, **encoding):
    return {"mark": mark, "encoding": encoding}


def told(spec):
    return tooltips.told(spec)["encoding"].get("tooltip")


def test_a_line_tells_its_name_the_place_and_the_figure():
    assert told(unit("line", x=YEAR, y=VALUE, color=LINE)) == [
        {"field": "line", "type": "nominal", "title": "Line"},
        {"field": "year", "type": "quantitative", "title": "Year", "format": "d"},
        {"field": "gdp_growth", "type": "quantitative", "title": "Gdp growth", "format": ",.3~f"},
    ]


def test_a_bar_is_named_by_its_axis_and_its_shade_only_by_a_legend():
    country = {"field": "country", "type": "nominal"}
    assert [field["title"] for field in told(unit("bar", x=VALUE, y=country, color=LINE))] == ["Country", "Gdp growth"]
    shade = {"field": "line", "type": "nominal"}
    fields = told(unit({"type": "bar"}, x=VALUE, y=country, color=shade))
    assert [field["title"] for field in fields] == ["Line", "Country", "Gdp growth"]


def test_titles_of_channels_and_guides_are_taken():
    x = {"field": "a", "type": "quantitative", "title": ["Two", "lines"]}
    y = {"aggregate": "count", "type": "quantitative", "axis": {"title": "How many"}}
    fields = told(unit("point", x=x, y=y))
    assert [(field["title"], field.get("aggregate")) for field in fields] == [
        ("Two lines", None),
        ("How many", "count"),
    ]


@pytest.mark.parametrize("mark", ["text", "rule", "rect", {"type": "image"}])
def test_labels_thresholds_and_bands_tell_nothing(mark):
    assert told(unit(mark, x=YEAR, y=VALUE)) is None


def test_what_the_notebook_says_stands():
    own = [{"field": "x"}]
    assert told(unit("line", x=YEAR, y=VALUE, tooltip=own)) == own
    assert told(unit({"type": "line", "tooltip": None}, x=YEAR, y=VALUE)) is None
    assert told(unit("line", x=YEAR, y=VALUE) | {"config": {"mark": {"tooltip": False}}}) is None
    assert told(unit("line", x={"value": 3})) is None


def test_every_view_within_is_reached_with_the_encoding_above_it():
    inner = {"mark": "line", "encoding": {"y": VALUE}}
    spec = {"vconcat": [{"layer": [inner, unit("text")], "encoding": {"x": YEAR}}, {"facet": {}, "spec": inner}]}
    before = copy.deepcopy(spec)
    first, second = tooltips.told(spec)["vconcat"]
    assert [field["title"] for field in first["layer"][0]["encoding"]["tooltip"]] == ["Year", "Gdp growth"]
    assert "tooltip" not in first["layer"][1]["encoding"]
    assert [field["title"] for field in second["spec"]["encoding"]["tooltip"]] == ["Gdp growth"]
    assert spec == before


def test_vega_lite_takes_it_and_the_drawing_is_the_same():
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
        "data": {
            "values": [{"year": 2020, "gdp_growth": 1.5, "line": "a"}, {"year": 2021, "gdp_growth": 2, "line": "a"}]
        },
        "width": 300,
        **unit("line", x=YEAR, y=VALUE, color=LINE),
    }
    engine = drawing.converter()
    compiled = engine.vegalite_to_vega(json.dumps(tooltips.told(spec)))
    assert '"Gdp growth": format(datum' in json.dumps(compiled["marks"]).replace('\\"', '"')
    drawn = [drawing.draw(each, limit=342, narrowest=342).svg for each in (spec, tooltips.told(spec))]
    assert drawn[0] == drawn[1]
