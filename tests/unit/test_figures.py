"""Charts: valid specifications, the same bytes for the same figures, with all that a page needs beside them."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import figures
from analysis.bar_figures import bars, dumbbells
from analysis.chapters import FIRST_YEAR, LAST_YEAR
from analysis.figure_places import extent, wrapped, year_ticks
from analysis.figures import COLOURS, MIME, Caption, Claimed, alt_lines, lines, spread

CAPTION = Caption(
    "Two-way trade", "Belgium and the United States, billion dollars", "Source: Census.", "Line chart: x."
)
WRITTEN = dt.date(2018, 8, 27)


def frame(told: dict[str, dict[int, Any]]) -> pd.DataFrame:
    """{line: {year: value, or value and flag}}"""
    rows = [
        (line, year, *(value if isinstance(value, tuple) else (value, "")))
        for line, years in told.items()
        for year, value in years.items()
    ]
    return pd.DataFrame(rows, columns=["line", "year", "value", "flag"])


TRADE = frame({"Goods": {2015: 53.7, 2016: 49.9, 2017: 44.9}, "Goods and services": {2015: 66.1, 2017: 65.0}})
RANKS = frame({"Customs records": {2015: 14.0, 2016: 12.0, 2017: 10.0}})
LADDER = pd.DataFrame({"label": ["1. Canada", "2. Mexico", "10. Belgium"], "value": [320.0, 243.3, 31.4], "note": ""})
ALLIES = pd.DataFrame(
    {"label": ["Poland", "Belgium", "Sweden"], "before": [1.86, 0.97, math.nan], "after": [4.07, 1.3, 2.1]}
)


def a_ladder(**more) -> alt.LayerChart:
    return bars(LADDER, CAPTION, **{"highlight": "10. Belgium", "unit": "billion dollars", **more})


def of_allies(table=ALLIES) -> alt.LayerChart:
    return dumbbells(
        table, CAPTION, highlight="Belgium", first="2014", second="2024", target=2.0, unit="per cent of GDP"
    )


CHARTS = {
    "lines": lambda: lines(TRADE, CAPTION, claimed=Claimed("claimed: around 66 billion", 65.5, 66.5), day=WRITTEN),
    "lines, unit": lambda: lines(TRADE, CAPTION, unit="billion dollars"),
    "one year": lambda: lines(
        frame({"Goods": {2015: 1.0}}), CAPTION, claimed=Claimed("c", 1, 2), day=dt.date(2015, 1, 1)
    ),
    "open band": lambda: lines(TRADE, CAPTION, claimed=Claimed("claimed: over 60", 60, None)),
    "ranks": lambda: lines(RANKS, CAPTION, ranks=True, claimed=Claimed("claimed: top 10", 1, 10), day=WRITTEN),
    "noughts": lambda: lines(frame({"Goods": {2015: 0.0, 2016: 0.0}}), CAPTION),
    "deficits": lambda: lines(frame({"Goods": {2015: -5.0, 2016: -7.5}}), CAPTION),
    "odd names": lambda: lines(frame({"<b>\"'\\ \u202e België [a.b]": {2015: 1.0}, "d.e": {2016: 2.0}}), CAPTION),
    "bars": a_ladder,
    "bars, threshold": lambda: a_ladder(line=100.0),
    "negative bars": lambda: bars(LADDER.assign(value=-LADDER["value"]), CAPTION, highlight="", unit="billion dollars"),
    "dumbbells": of_allies,
    "dumbbells, nothing before": lambda: of_allies(ALLIES.assign(before=math.nan)),
}
every_chart = pytest.mark.parametrize("name", CHARTS)


@cache
def text_of(name: str) -> str:
    return json.dumps(CHARTS[name]().to_dict(), allow_nan=False)


def spec_of(name: str) -> dict[str, Any]:
    return json.loads(text_of(name))


def said(chart: alt.LayerChart) -> dict[str, Any]:
    return chart.to_dict()["usermeta"]["claimbook"]


def walk(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value of a specification, however deep."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield str(key), value
        yield from walk(value)


def layers(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]


def data_of(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["datasets"][(layer.get("data") or spec["data"])["name"]]


# Every chart


@every_chart
def test_a_chart_is_a_valid_specification_on_both_screens(name):
    spec = spec_of(name)
    narrow = {**spec, **spec["usermeta"]["claimbook"]["narrow"]}
    assert narrow["width"] <= figures.NARROW < spec["width"] <= figures.WIDE
    for screen in (spec, narrow):
        screen.pop("$schema")
        alt.LayerChart.from_dict(screen, validate=True)


def test_the_same_figures_are_the_same_bytes_in_every_process():
    """Elsewhere: another order of sets, another time zone, another working directory."""
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import test_figures as t; "
        "print(json.dumps({name: t.text_of(name) for name in t.CHARTS}))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"},
        cwd=Path(__file__).anchor,
        capture_output=True,
        check=True,
    )
    assert json.loads(elsewhere.stdout) == {name: text_of(name) for name in CHARTS}


@every_chart
def test_a_chart_carries_all_that_a_page_needs(name):
    about = spec_of(name)["usermeta"]["claimbook"]
    assert set(about) == {"title", "subtitle", "source", "alt", "table", "narrow"}
    assert [about[key] for key in ("title", "subtitle", "source", "alt")] == [
        CAPTION.title, CAPTION.subtitle, CAPTION.source, CAPTION.alt,
    ]  # fmt: skip
    assert spec_of(name)["description"] == CAPTION.alt
    columns, rows = about["table"]["columns"], about["table"]["rows"]
    assert all(isinstance(column, str) for column in columns)
    assert rows
    assert all(len(row) == len(columns) for row in rows)


@every_chart
def test_a_chart_asks_nobody_for_anything(name):
    spec = spec_of(name)
    for key, value in walk(spec):
        assert key not in ("url", "href", "loader")
        if key == "data":
            assert set(value) == {"name"}
    assert not [value for key, value in walk(spec) if isinstance(value, str) and "://" in value and key != "$schema"]


@every_chart
def test_every_layer_draws_from_data_of_its_own_screen(name):
    spec = spec_of(name)
    for screen in (spec, spec["usermeta"]["claimbook"]["narrow"]):
        # Where all layers draw from the same data, Altair names it once, above them.
        names = {(layer.get("data") or spec["data"])["name"] for layer in screen["layer"]}
        assert names == set(screen["datasets"])


def test_nothing_but_the_specification_is_shown():
    figures.enable()
    shown = a_ladder()._repr_mimebundle_()
    shown = shown[0] if isinstance(shown, tuple) else shown
    assert shown == {MIME: spec_of("bars"), "text/plain": CAPTION.alt}


# Lines


def test_the_figures_of_lines_are_a_table_with_gaps_left_empty():
    table = said(lines(TRADE, CAPTION, unit="billion dollars"))["table"]
    assert table["columns"] == ["Year", "Goods (billion dollars)", "Goods and services (billion dollars)"]
    assert table["rows"] == [[2015, 53.7, 66.1], [2016, 49.9, None], [2017, 44.9, 65.0]]


def test_the_order_of_rows_does_not_matter_to_lines():
    one = lines(TRADE.sort_values(["line", "year"]), CAPTION).to_dict()
    other = lines(TRADE.sort_values(["line", "year"], ascending=[True, False]), CAPTION).to_dict()
    assert one == other


def test_a_line_keeps_its_colour_on_both_screens():
    spec = lines(TRADE, CAPTION).to_dict()
    for screen in (spec, spec["usermeta"]["claimbook"]["narrow"]):
        scale = layers(screen, "line")[0]["encoding"]["color"]["scale"]
        assert scale == {"domain": ["Goods", "Goods and services"], "range": list(COLOURS[:2])}


def test_lines_are_named_at_their_ends_and_above_the_drawing_on_a_phone():
    spec = lines(TRADE, CAPTION).to_dict()
    names = {row["label"] for layer in layers(spec, "text") for row in data_of(spec, layer)}
    assert names == {"Goods", "Goods and services"}
    assert layers(spec, "line")[0]["encoding"]["color"]["legend"] is None
    narrow = spec["usermeta"]["claimbook"]["narrow"]
    assert layers(narrow, "line")[0]["encoding"]["color"]["legend"]["orient"] == "top"
    assert layers(narrow, "text") == []


def test_a_lone_line_needs_no_name():
    spec = lines(RANKS, CAPTION).to_dict()
    assert layers(spec, "text") == []
    assert layers(spec["usermeta"]["claimbook"]["narrow"], "line")[0]["encoding"]["color"]["legend"] is None


def runs(told: dict[str, dict[int, Any]]) -> dict[str, list[tuple[int, str]]]:
    """The runs that are drawn, each with its years and style."""
    spec = lines(frame(told), CAPTION).to_dict()
    found: dict[str, list[tuple[int, str]]] = {}
    for layer in layers(spec, "line"):
        dash = layer["encoding"]["strokeDash"]["scale"]
        assert dash == {"domain": ["actual", "estimate"], "range": [[1, 0], [5, 4]]}
        for row in data_of(spec, layer):
            found.setdefault(row["run"], []).append((row["year"], row["style"]))
    return found


@pytest.mark.parametrize("flag", ["estimate", "uncertain", "provisional"])
def test_a_stretch_that_leads_to_an_estimate_is_dashed(flag):
    told = {"Share": {2013: 1.0, 2014: 1.0, 2015: (0.9, flag), 2016: (0.8, flag)}}
    assert runs(told) == {
        "Share 1": [(2013, "actual"), (2014, "actual")],
        "Share 2": [(2014, "estimate"), (2015, "estimate"), (2016, "estimate")],
    }


@pytest.mark.parametrize("flag", ["", "break", "rounds_to_zero"])
def test_other_flags_are_drawn_through(flag):
    assert runs({"Share": {2014: 1.0, 2015: (0.9, flag)}}) == {"Share 1": [(2014, "actual"), (2015, "actual")]}


def test_a_line_is_not_drawn_over_years_without_a_figure():
    told = {"Share": {2012: 1.0, 2013: 1.0, 2016: 0.9, 2017: (0.9, "estimate"), 2019: (0.9, "estimate")}}
    assert runs(told) == {
        "Share 1": [(2012, "actual"), (2013, "actual")],
        "Share 2": [(2016, "actual")],
        "Share 3": [(2016, "estimate"), (2017, "estimate")],
        "Share 4": [(2019, "estimate")],
    }


def test_every_figure_is_in_some_run_of_its_own_line():
    drawn = runs({"A": {2014: 1.0, 2015: (1.0, "estimate")}, "A 1": {2014: 1.0, 2015: 1.0, 2016: 1.0, 2018: 1.0}})
    assert sorted(drawn) == ["A 1", "A 1 1", "A 1 2", "A 2"]


# The axes


def y_domain(spec: dict[str, Any]) -> list[float]:
    return layers(spec, "line")[0]["encoding"]["y"]["scale"]["domain"]


@settings(max_examples=60)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    st.none() | st.floats(-1e6, 1e6),
    st.none() | st.floats(-1e6, 1e6),
)
def test_the_axis_holds_every_figure_and_the_claim(values, low, high):
    ends = [end for end in (low, high) if end is not None]
    bottom, top = extent([*values, *ends], ranks=False)
    for value in (*values, *ends):
        assert bottom <= value <= top
    assert bottom < top
    assert bottom <= 0 or min(values) > 0


def test_an_axis_begins_at_nought_unless_the_figures_stay_far_above_it():
    assert y_domain(lines(frame({"A": {2015: 10.0, 2016: 53.0}}), CAPTION).to_dict())[0] == 0
    assert y_domain(lines(frame({"A": {2015: 80.0, 2016: 85.0}}), CAPTION).to_dict())[0] > 70
    assert y_domain(lines(frame({"A": {2015: -5.0, 2016: -7.0}}), CAPTION).to_dict())[1] >= 0


@pytest.mark.parametrize("worst", [1, 2, 8, 9, 30, 31, 80, 81, 240])
def test_a_rank_axis_begins_at_one_and_runs_downwards(worst):
    spec = lines(frame({"Rank": {2015: float(worst), 2016: 1.0}}), CAPTION, ranks=True).to_dict()
    (layer,) = layers(spec, "line")
    low, high = layer["encoding"]["y"]["scale"]["domain"]
    assert high == 0.5 < 1
    assert low > worst
    ticks = layer["encoding"]["y"]["axis"]["values"]
    assert ticks[0] == 1
    assert ticks == sorted(set(ticks))
    assert ticks[-1] <= low
    assert len(ticks) <= 11


@given(st.integers(FIRST_YEAR, LAST_YEAR), st.integers(FIRST_YEAR, LAST_YEAR), st.sampled_from([5, 8]))
def test_ticks_stand_at_round_years_within_the_drawing(one, other, most):
    first, last = sorted((one, other))
    ticks = year_ticks(first, last, most)
    assert all(first <= year <= last for year in ticks)
    assert ticks == sorted(set(ticks))
    assert 1 <= len(ticks) <= most + 1
    steps = {later - earlier for earlier, later in pairwise(ticks)}
    assert len(steps) <= 1


# The claim and its day


def test_what_is_claimed_is_a_band_with_its_label():
    spec = lines(TRADE, CAPTION, claimed=Claimed("claimed: around 66 billion", 65.5, 66.5)).to_dict()
    (band,) = layers(spec, "rect")
    (row,) = data_of(spec, band)
    assert (row["bottom"], row["top"], row["from"], row["to"]) == (65.5, 66.5, 2015, 2017)
    assert row["label"] == "claimed: around 66 billion"
    assert layers(spec, "rule") == []


@pytest.mark.parametrize(("low", "high", "edge"), [(60, None, "bottom"), (None, 50, "top")])
def test_a_band_without_an_end_reaches_the_edge_and_marks_its_own(low, high, edge):
    spec = lines(TRADE, CAPTION, claimed=Claimed("claimed", low, high)).to_dict()
    (row,) = data_of(spec, layers(spec, "rect")[0])
    bottom, top = y_domain(spec)
    assert (row["bottom"], row["top"]) == (low if low is not None else bottom, high if high is not None else top)
    (rule,) = layers(spec, "rule")
    assert rule["encoding"]["y"]["field"] == edge


def test_the_band_of_ranks_holds_the_ranks_at_its_ends():
    spec = lines(RANKS, CAPTION, ranks=True, claimed=Claimed("claimed: top 10", 1, 10)).to_dict()
    (row,) = data_of(spec, layers(spec, "rect")[0])
    assert (row["bottom"], row["top"]) == (0.5, 10.5)


@pytest.mark.parametrize(
    ("day", "drawn"), [("2015-06-01", 0), ("2015-08-01", 1), ("2016-06-30", 1), ("2017-06-30", 1), ("2018-01-01", 0)]
)
def test_the_day_of_the_document_is_a_rule_where_it_lies_within_the_years(day, drawn):
    # A year's figure stands for the whole year, so the middle of a year is where its tick is.
    spec = lines(TRADE, CAPTION, day=dt.date.fromisoformat(day)).to_dict()
    assert len(layers(spec, "rule")) == drawn
    told = [row["label"] for rule in layers(spec, "rule") for row in data_of(spec, rule)]
    assert told == [f"written {dt.date.fromisoformat(day):%-d %b %Y}"] * drawn


# Labels


@given(st.lists(st.floats(-1e3, 1e3), min_size=0, max_size=len(COLOURS)), st.floats(0.01, 100))
def test_labels_stand_a_gap_apart_in_the_order_of_their_values(values, gap):
    places = spread(values, gap)
    assert len(places) == len(values)
    order = sorted(range(len(values)), key=lambda index: values[index])
    for lower, upper in pairwise(order):
        assert places[upper] - places[lower] >= gap - 1e-6 * gap
    if values:
        assert sum(places) / len(places) == pytest.approx(sum(values) / len(values), abs=1e-6)


@given(st.lists(st.integers(-100, 100), unique=True, max_size=10))
def test_labels_that_have_room_stay_where_they_are(values):
    assert spread([float(value) for value in values], 1.0) == values


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Goods", "Goods"),
        ("Goods, customs basis", "Goods, customs basis"),
        ("Allies below two per cent, core basis", "Allies below two per\ncent, core basis"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahrtsgesellschaft"),
    ],
)
def test_a_long_label_takes_two_lines(label, told):
    assert wrapped(label) == told


# Bars and dumbbells


def test_bars_stand_in_the_order_of_the_frame_and_one_is_highlighted():
    spec = a_ladder().to_dict()
    (layer,) = layers(spec, "bar")
    assert layer["encoding"]["y"]["sort"] == list(LADDER["label"])
    assert [(row["label"], row["kind"]) for row in data_of(spec, layer)] == [
        ("1. Canada", "other"), ("2. Mexico", "other"), ("10. Belgium", "this"),
    ]  # fmt: skip
    assert [row["text"] for row in data_of(spec, layer)] == ["320", "243", "31.4"]
    assert said(a_ladder())["table"] == {
        "columns": ["Name", "billion dollars"],
        "rows": [["1. Canada", 320.0], ["2. Mexico", 243.3], ["10. Belgium", 31.4]],
    }


def test_a_note_stands_behind_its_figure():
    spec = bars(LADDER.assign(note=["(estimate)", "", ""]), CAPTION, highlight="", unit="u").to_dict()
    assert [row["text"] for row in data_of(spec, layers(spec, "bar")[0])] == ["320 (estimate)", "243", "31.4"]


def test_a_threshold_is_a_rule_across_bars():
    spec = a_ladder(line=100.0).to_dict()
    (rule,) = layers(spec, "rule")
    assert data_of(spec, rule) == [{"at": 100.0}]
    assert layers(a_ladder().to_dict(), "rule") == []


def test_bars_begin_at_nought_and_reach_below_it_where_figures_do():
    domain = [
        layers(bars(LADDER.assign(value=value), CAPTION, highlight="", unit="u").to_dict(), "bar")[0]["encoding"]["x"]
        for value in (5.0, -5.0)
    ]
    assert [x["scale"]["domainMin"] for x in domain] == [0.0, -5.0]


def test_dumbbells_run_from_one_year_to_another_with_a_target():
    spec = of_allies().to_dict()
    goal, line = layers(spec, "rule")
    assert data_of(spec, goal) == [{"at": 2.0, "label": "target 2"}]
    assert (line["encoding"]["x"]["field"], line["encoding"]["x2"]["field"]) == ("before", "after")
    rows = data_of(spec, line)
    assert [(row["label"], row["kind"]) for row in rows] == [
        ("Poland", "other"),
        ("Belgium", "this"),
        ("Sweden", "other"),
    ]
    assert rows[2]["before"] is None
    scale = line["encoding"]["x"]["scale"]
    assert scale["domain"][0] == 0
    assert scale["domain"][1] > 4.07
    assert said(of_allies())["table"]["columns"] == ["Name", "2014 (per cent of GDP)", "2024 (per cent of GDP)"]
    assert said(of_allies())["table"]["rows"][2] == ["Sweden", None, 2.1]


def test_a_target_beyond_every_figure_is_within_the_axis():
    spec = of_allies(ALLIES.assign(before=0.1, after=0.2)).to_dict()
    assert layers(spec, "rule")[1]["encoding"]["x"]["scale"]["domain"][1] > 2.0


# The text alternative


def test_the_text_alternative_tells_span_lowest_highest_and_last():
    told = alt_lines(
        TRADE, "Two-way trade", told=lambda value: f"{value} billion", claimed=Claimed("claimed: 66", 65, 67)
    )
    assert told == (
        "Line chart: Two-way trade. "
        "Goods, 2015 to 2017: lowest 44.9 billion in 2017, highest 53.7 billion in 2015, last 44.9 billion. "
        "Goods and services, 2015 to 2017: lowest 65.0 billion in 2017, highest 66.1 billion in 2015, last 65.0 billion. "
        "A band bears the words “claimed: 66”."
    )


def test_of_ranks_the_lowest_is_the_best():
    told = alt_lines(RANKS, "Rank", told=lambda value: f"{value:.0f}th", ranks=True)
    assert "best 10th in 2017, worst 14th in 2015, last 10th." in told


def test_the_order_of_rows_does_not_change_the_text_alternative():
    shuffled = TRADE.iloc[[4, 2, 0, 3, 1]]
    first = ["Goods and services", "Goods"]
    told = alt_lines(shuffled, "x", told=str)
    assert [told.index(f"{name}, 2015 to 2017") for name in first] == sorted(
        told.index(f"{name}, 2015 to 2017") for name in first
    )
    assert "last 65.0. " in told


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(1.0, True), (0, True), (None, False), (math.nan, False), (math.inf, False), (-math.inf, False)],
)
def test_only_finite_values_are_drawn(value, drawn):
    assert figures.finite(value) is drawn


def marks(spec: Any) -> Iterator[dict[str, Any]]:
    """Every single view within a specification."""
    if "mark" in spec:
        yield spec
    for key in ("layer", "vconcat"):
        for part in spec.get(key, ()):
            yield from marks(part)


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        (lambda: lines(TRADE, CAPTION, unit="billion dollars"), ["Name", "Year", "Billion dollars"]),
        (lambda: lines(RANKS, CAPTION, ranks=True), ["Name", "Year", "Rank"]),
        (lambda: a_ladder(), ["Name", "Billion dollars"]),
    ],
)
def test_under_the_pointer_a_figure_says_what_it_is(chart, told):
    drawn = [mark for mark in marks(chart().to_dict()) if mark["mark"]["type"] in ("line", "point", "bar")]
    assert drawn
    for mark in drawn:
        assert [field["title"] for field in mark["encoding"]["tooltip"]] == told


def test_each_end_of_a_dumbbell_tells_its_own_year():
    points = [mark for mark in marks(of_allies().to_dict()) if mark["mark"]["type"] == "point"]
    told = [[(field["field"], field["title"]) for field in mark["encoding"]["tooltip"]] for mark in points]
    assert told == [
        [("label", "Name"), ("before", "In 2014, per cent of GDP")],
        [("label", "Name"), ("after", "In 2024, per cent of GDP")],
    ]


def test_labels_stay_where_they_can_be_drawn():
    assert spread([0.0, 0.0], 1.0, 0.0, 6.0) == [0.0, 1.0]
    assert spread([6.0, 6.0, 5.9], 1.0, 0.0, 6.0) == [5.0, 6.0, 4.0]
    assert spread([3.0, 3.0], 1.0, 0.0, 6.0) == spread([3.0, 3.0], 1.0)


def test_the_words_of_a_band_at_the_foot_of_the_axis_stand_above_it():
    frame = pd.DataFrame(
        {"line": "Years", "year": range(2000, 2010), "value": [4.0, 3, 2, 1, 0, 0, 0, 1, 0, 0], "flag": ""}
    )
    spec = lines(frame, CAPTION, claimed=Claimed("stated: none", None, 0.0), unit="years").to_dict()
    words = [mark["mark"] for mark in marks(spec) if mark["mark"]["type"] == "text"]
    assert [(mark["baseline"], mark["dy"]) for mark in words if "dy" in mark][:1] == [("bottom", -5)]
