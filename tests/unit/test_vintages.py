"""How the same year was told by successive releases, and the blocks of the chapter on revisions."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
import yaml

from analysis import chapters, claims, vintage_figures, vintages
from analysis.blocks import Html
from analysis.errors import ClaimbookError
from analysis.figures import COLOURS, Caption

SHARE, CONSTANT, X = (
    "nato.defence_expenditure_share_gdp", "nato.defence_expenditure_usd_constant", "census.goods_exports",
)  # fmt: skip
BASE = "million USD, constant {} prices and exchange rates"
LEDGER = {
    "document": {
        "id": "doc", "short": "A document", "title": "A document", "author": "Somebody", "language": "en",
        "dated": "2018-08-27", "country": "BEL",
    },
    "claims": [{
        "id": "doc-share", "theme": "defence", "title": "Below <b>one</b> per cent", "statement": "It is below one.",
        "place": "Page 1", "printed": "below one per cent", "unit": "% of GDP",
        "readings": [{"id": "nato", "label": "NATO", "definition": "Share of GDP", "measure": "expenditure_share",
                      "inputs": {"share": SHARE}}],
    }],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(kept_shelf, figures):
    """Four releases of NATO's shares of GDP, three of amounts at two base years, one of another publisher's."""

    def add(day, shares, base=None, amounts=()):
        rows = figures(SHARE, {(code, ""): years for code, years in shares.items()})
        if base:
            rows += figures(CONSTANT, {("BEL", ""): dict(amounts)}, BASE.format(base))
        kept_shelf.add("nato", day, rows)

    add("2016-07-04", {"BEL": {2014: 0.97, 2015: (0.91, "estimate")}, "NLD": {2014: 1.15}}, 2010, {2014: 4300.0})
    add("2018-07-10", {"BEL": {2015: 0.92, 2016: 0.91, 2017: (0.90, "estimate")}, "NATO.TOTAL": {2014: 2.5}})
    add("2020-07-10", {"BEL": {2016: 0.9, 2017: 0.89, 2019: 1.07}}, 2015, {2014: 4399.0})
    add("2021-07-10", {"BEL": {2014: None, 2016: 0.9, 2019: 1.08}, "NLD": {2014: 1.45}}, 2015, {2014: 4410.0})
    kept_shelf.add("census", "2019-03-05", figures(X, {("USA", "BEL"): {2015: 30.0}, ("USA", ""): {2015: 90.0}}))
    return kept_shelf.store()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "doc.yaml"
    path.write_text(yaml.safe_dump(LEDGER), encoding="utf-8")
    return tuple(claims.read(path))


@pytest.fixture(autouse=True)
def small_book(store, ledger, monkeypatch):
    """A book of this claim and these figures alone."""
    monkeypatch.setattr(chapters, "store", lambda: store)
    monkeypatch.setattr(claims, "declared", lambda: ledger)
    monkeypatch.setattr(claims, "documents", lambda: {"doc": ledger[0].document})


def opened(series=SHARE, country="BEL", start_year=2014, end_year=2019, as_of=""):
    chapter = chapters.start(country=country, start_year=start_year, end_year=end_year, as_of=as_of)
    return vintages.start(chapter, series)


def rows(frame: pd.DataFrame) -> list[tuple]:
    return list(frame[["year", "released", "value", "flag"]].itertuples(index=False, name=None))


# The same years


def test_each_release_tells_its_years_the_oldest_first(store):
    told = rows(vintages.vintages(store, SHARE, "BEL", [2015, 2016]))
    assert told == [
        (2015, "2016-07-04", 0.91, "estimate"), (2015, "2018-07-10", 0.92, ""), (2016, "2018-07-10", 0.91, ""),
        (2016, "2020-07-10", 0.9, ""), (2016, "2021-07-10", 0.9, ""),
    ]  # fmt: skip


def test_suppressed_figures_and_those_about_a_partner_are_no_telling(store):
    assert rows(vintages.vintages(store, SHARE, "BEL", [2014])) == [(2014, "2016-07-04", 0.97, "")]
    assert rows(vintages.vintages(store, X, "USA", [2015])) == [(2015, "2019-03-05", 90.0, "")]


def test_later_releases_can_be_hidden(store):
    frame = vintages.vintages(store, SHARE, "BEL", [2016, 2019], dt.date(2020, 7, 9))
    assert rows(frame) == [(2016, "2018-07-10", 0.91, "")]


def test_amounts_of_another_base_year_are_left_out(store):
    frame = vintages.vintages(store, CONSTANT, "BEL", [2014])
    assert rows(frame) == [(2014, "2020-07-10", 4399.0, ""), (2014, "2021-07-10", 4410.0, "")]
    assert set(frame["unit"]) == {BASE.format(2015)}
    # Before those came, the older base year is the newest.
    early = vintages.vintages(store, CONSTANT, "BEL", [2014], dt.date(2019, 1, 1))
    assert rows(early) == [(2014, "2016-07-04", 4300.0, "")]


def test_nothing_is_told_of_whom_no_release_lists(store):
    frame = vintages.vintages(store, SHARE, "JPN", range(2000, 2030))
    assert frame.empty and list(frame) == vintages.COLUMNS
    assert vintages.vintages(store, "nato.equipment_share", "BEL", [2014]).empty
    assert vintages.stayed(frame).empty


def test_how_far_figures_stayed_is_told_in_points_for_shares_and_in_per_cent_for_amounts(store):
    shares = vintages.stayed(vintages.vintages(store, SHARE, "BEL", range(2014, 2020)))
    assert shares["year"].tolist() == [2015, 2016, 2017, 2019]  # 2014 is told once
    assert shares["moved"].tolist() == pytest.approx([0.01, -0.01, -0.01, 0.01])
    amounts = vintages.stayed(vintages.vintages(store, CONSTANT, "BEL", [2014]))
    assert amounts["moved"].tolist() == pytest.approx([100 * 11 / 4399])


# The blocks


def about(chart) -> dict:
    return chart.to_dict()["usermeta"]["claimbook"]


def test_the_chart_carries_a_line_a_year_its_figures_and_its_words():
    told = about(opened().chart())
    assert told["title"] == "Belgium's figures, as releases told them: Defence expenditure, share of GDP"
    assert told["subtitle"] == "Per cent of GDP; a line for each year, by the day of the release; rings are estimates"
    assert told["source"] == "NATO, releases of 4 July 2016, 10 July 2018, 10 July 2020 and 10 July 2021."
    assert told["table"]["columns"] == ["Release of", "2014", "2015", "2016", "2017", "2019"]
    assert told["table"]["rows"] == [
        ["4 July 2016", "0.970", "0.910 (estimate)", "", "", ""],
        ["10 July 2018", "", "0.920", "0.910", "0.900 (estimate)", ""],
        ["10 July 2020", "", "", "0.900", "0.890", "1.070"],
        ["10 July 2021", "", "", "0.900", "", "1.080"],
    ]
    assert "2015: 0.91 per cent of GDP by the release of 4 July 2016, 0.92 per cent of GDP by that" in told["alt"]
    assert "2014: 0.97 per cent of GDP by the release of 4 July 2016." in told["alt"]


def test_estimates_are_rings_and_years_stand_at_the_ends_of_lines():
    drawn = opened().chart().to_dict()
    points = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "point"]
    held = [drawn["datasets"][layer["data"]["name"]] for layer in points]
    assert [{row["kind"] for row in part} for part in held] == [{"figure"}, {"estimate"}]
    assert [layer["mark"].get("fill") for layer in points] == [None, "white"]
    assert sorted((row["line"], row["at"]) for row in held[1]) == [("2015", 2016.5055), ("2017", 2018.5205)]
    (labels,) = {layer["data"]["name"] for layer in drawn["layer"] if layer["mark"]["type"] == "text"}
    ends = {row["line"]: row for row in drawn["datasets"][labels]}
    assert list(ends) == ["2014", "2015", "2016", "2017", "2019"]
    assert ends["2014"]["at"] == 2016.5055 and ends["2019"]["at"] == 2021.5205
    colours = drawn["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(colours["domain"], colours["range"], strict=True)) == dict(zip(ends, COLOURS, strict=True))
    narrow = drawn["usermeta"]["claimbook"]["narrow"]
    assert narrow["width"] < 342 < drawn["width"] < 672


def test_labels_of_lines_that_end_together_are_kept_apart():
    days = {"2018-07-10": dt.date(2018, 7, 10), "2024-07-10": dt.date(2024, 7, 10)}
    frame = pd.DataFrame(
        [(year, released, day, value, "") for released, day in days.items()
         for year, value in ((2014, 0.9), (2015, 0.9), (2016, 1.4))],
        columns=["year", "released", "day", "value", "flag"],
    )  # fmt: skip
    drawn = vintage_figures.retold(frame, Caption("T", "S", "Q", "A")).to_dict()
    texts = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "text")
    places = {end["line"]: end["place"] for end in drawn["datasets"][texts["data"]["name"]]}
    low, high = texts["encoding"]["y"]["scale"]["domain"]
    apart = (places["2015"] - places["2014"]) * drawn["height"] / (high - low)
    assert apart == pytest.approx(vintage_figures.APART)
    assert (places["2014"] + places["2015"]) / 2 == pytest.approx(0.9) and places["2016"] == 1.4


def test_months_stand_below_the_axis_where_releases_lie_close_together():
    axis = (
        opened(as_of="2019-01-01", start_year=2014, end_year=2015)
        .chart()
        .to_dict()["layer"][0]["encoding"]["x"]["axis"]
    )
    assert axis["values"] == [2017, 2018]  # two years apart: years
    close = opened(start_year=2018, end_year=2019).chart().to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert close["values"] == [2020.5219, 2021.5205]
    assert '{"2020.5219": "Jul 2020", "2021.5205": "Jul 2021"}' in close["labelExpr"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"country": "JPN"}, "no release held here tells them of Japan for these years."),
        ({"start_year": 2000, "end_year": 2001}, "no release held here tells them of Belgium for these years."),
        ({"country": "USA", "series": X}, "a single release tells them, that of 5 March 2019."),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_line(given, said):
    found = opened(**given)
    block = found.chart()
    assert isinstance(block, Html) and block.text.endswith(said)
    assert found.text().text == ""


def test_a_series_that_there_is_not_is_named_with_the_nearest():
    with pytest.raises(ClaimbookError, match="unknown series 'nato.defence_share'; near: nato.personnel_share"):
        opened("nato.defence_share")


def test_the_text_tells_the_middle_case_and_the_largest_move():
    text = opened().text().text
    assert text.startswith(
        "Of Belgium, 4 years are told by more than one release. From the first of them to the newest the figure moved "
        "by 0.01 percentage points in the middle case."
    )
    # Four years of Belgium's moved by 0.01 and one of the Netherlands by 0.30: nine of ten lie within 0.184.
    assert text.endswith(
        "Over all countries that the releases list, in 5 cases, nine of ten moved by no more than 0.18 percentage points."
    )
    dutch = opened(country="NLD").text().text
    assert (
        "It moved furthest for 2014: 1.15 per cent of GDP in the release of 4 July 2016, 1.45 per cent of GDP" in dutch
    )
    assert "Of the Netherlands, 1 year is told by more than one release." in dutch


def test_the_table_of_releases_tells_what_each_changed():
    text = repr(opened().releases())
    words = " ".join(text.split())
    # 2018 against 2016: 2015 is revised (0.91 to 0.92); 2016, 2017 and the group's 2014 are new; 2014 of both is gone.
    assert "10 July 2018 4 July 2016 3 1 of 1 2 Belgium 2015: 0.91 per cent of GDP (estimate), then 0.92" in words
    assert opened(as_of="2017-01-01").releases().text.endswith("tells them of Belgium for these years.")


# Verdicts


def test_history_tells_which_answers_changed_and_why():
    found = vintages.history(chapters.start())
    words = found.text().text
    assert "Of 5 releases held, 1 moved an answer about Belgium or about groups of countries." in words
    # 2020: that year as revised is told for the first time, and today changes with 2019. 2021: 2019 again, no new word.
    assert "where there had been none: 1. Answers that had been given and changed: 1." in words
    assert "Of those that changed, 1 did so because the release told another year and none because it revised" in words
    assert (
        "No answer that rests on a release of the time when its statement was written was changed by a later" in words
    )
    turned = found.turned().html
    assert "Today was true, now no longer true: 0.90 per cent of GDP in 2017 (estimate), then 1.07" in turned
    assert '<a href="../claims/doc-share.html">Below &lt;b&gt;one&lt;/b&gt; per cent</a>' in turned
    assert "NATO, 10 July 2020" in found.first().html


def test_another_country_has_no_verdicts_to_move():
    found = vintages.history(chapters.start(country="NLD"))
    assert found.text().text == "No release held here moved a verdict on the Netherlands, or on groups of countries."
    assert found.turned().html == found.first().html == ""


def test_later_releases_are_hidden_from_an_earlier_day():
    found = vintages.history(chapters.start(as_of="2020-07-09"))
    assert [step.release.name for step in found.steps] == ["nato-2016-07-04", "nato-2018-07-10", "census-2019-03-05"]
    assert found.turned().html == ""
