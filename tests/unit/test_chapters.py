"""What the notebooks call: parameters that are checked, and blocks that read well for any country."""

from __future__ import annotations

import datetime as dt

import altair as alt
import nbformat
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import chapters, claims, engine
from analysis.blocks import Html, Markdown, escape_markdown
from analysis.chapters import start
from analysis.errors import ClaimbookError
from analysis.parameters import parameters_of, parse

X, M, SHARE = "census.goods_exports", "census.goods_imports", "nato.defence_expenditure_share_gdp"
LEDGER = {
    "document": {
        "id": "doc", "short": "A document", "title": "A <i>document</i>", "author": "Somebody & sons", "language": "en",
        "dated": "2016-08-27", "country": "BEL", "partner": "USA",
    },
    "claims": [
        {
            "id": "doc-trade", "theme": "trade", "title": "Trade of around <b>55</b> million & more", "printed": "around 55 million",
            "statement": 'They say "55 million".', "place": "Page 1", "unit": "USD", "caveats": ["No year is named."],
            "readings": [{
                "id": "goods", "label": "Goods", "definition": "Exports plus imports of goods", "measure": "two_way_trade",
                "inputs": {"exports": X, "imports": M},
                "note": {"text": "At customs value.", "address": "https://www.census.gov/"},
            }],
        },
        {
            "id": "doc-market", "theme": "trade", "title": "Second market", "statement": "It is the second market.",
            "place": "Page 2", "printed": "2nd largest", "unit": "rank",
            "readings": [{
                "id": "market", "label": "Market", "definition": "Exports by destination, {country}",
                "measure": "rank_as_destination", "inputs": {"exports": X},
            }],
        },
        {
            "id": "doc-share", "theme": "defence", "title": "Below one per cent", "statement": "It is below one per cent.",
            "place": "Page 3", "printed": "below one per cent", "unit": "% of GDP",
            "readings": [
                {"id": "nato", "label": "NATO", "definition": "Share of GDP", "measure": "expenditure_share",
                 "inputs": {"share": SHARE}},
                {"id": "allies", "label": "Allies below", "definition": "Allies below two per cent", "unit": "allies",
                 "printed": "at most zero", "measure": "allies_short_of", "inputs": {"share": SHARE, "target": 2.0}},
            ],
            "figure": {"title": "{country's} share", "unit": "per thousand", "scale": 0.1, "readings": ["nato"]},
        },
        {
            "id": "doc-world", "theme": "world", "title": "The world spends", "statement": "The world spends more.",
            "place": "Page 4", "printed": "at least 100 billion", "unit": "USD", "country": "WLD",
            "readings": [{"id": "world", "label": "World", "definition": "What {country} spends", "measure": "published_figure",
                          "inputs": {"series": "sipri.military_expenditure_region_usd_current"}}],
        },
        {
            "id": "doc-secret", "theme": "defence", "title": "A secret", "statement": "They keep a secret.", "place": "Page 5",
            "untestable": "Nobody tells it.",
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(kept_shelf, figures):
    """Two publishers, three releases."""
    us = ("USA", "BEL")
    out = {us: {2013: 32.0, 2014: 35.0, 2015: 34.0}, ("USA", "NLD"): {2014: 43.0, 2015: 40.0}, ("USA", "WLD"): {2015: 90.0},
           ("USA", "DEU"): {2015: 12.0}}  # fmt: skip
    into = {us: {2013: 19.0, 2014: 20.0, 2015: 21.0}, ("USA", "NLD"): {2015: 16.0}}
    kept_shelf.add(
        "census", "2015-03-05", figures(X, {us: {2013: 32.0, 2014: 34.0}}) + figures(M, {us: {2013: 19.0, 2014: 20.0}})
    )
    kept_shelf.add("census", "2016-03-04", figures(X, out) + figures(M, into))
    kept_shelf.add("nato", "2016-07-04", figures(SHARE, {
        ("BEL", ""): {2014: 0.97, 2015: 0.91, 2016: (0.90, "estimate")}, ("NLD", ""): {2014: 1.15, 2016: (1.17, "estimate")},
        ("POL", ""): {2014: 1.85, 2016: (2.0, "estimate")}, ("MNE", ""): {2016: (1.42, "estimate")},
    }))  # fmt: skip
    world = figures("sipri.military_expenditure_region_usd_current", {("WLD", ""): {2014: 90.0, 2015: 110.0}})
    kept_shelf.add("sipri", "2016-04-05", world)
    return kept_shelf.store()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Four claims on Belgium, two of them on its tie with the United States, and one on the world."""
    path = tmp_path_factory.mktemp("ledger") / "doc.yaml"
    path.write_text(yaml.safe_dump(LEDGER), encoding="utf-8")
    return tuple(claims.read(path))


@pytest.fixture(autouse=True)
def small_book(store, ledger, monkeypatch):
    """A book of these claims and figures alone."""
    monkeypatch.setattr(chapters, "store", lambda: store)
    monkeypatch.setattr(claims, "declared", lambda: ledger)
    monkeypatch.setattr(claims, "documents", lambda: {"doc": ledger[0].document})


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A book whose only chapter is one on trade."""
    cell = nbformat.v4.new_code_cell(
        'country: str = "BEL"  # the country\npartner: str = "USA"  # the other side\nstart_year: int = 2000  # first year\n'
        'end_year: int = 2025\nas_of: str = ""  # a day',
        metadata={"tags": ["parameters"]},
    )
    (tmp_path / "chapters").mkdir()
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    made = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(made, tmp_path / "chapters" / "trade.ipynb")
    monkeypatch.setattr(engine, "home", lambda: tmp_path)
    return "trade"


# Parameters


def test_a_chapter_opens_with_its_defaults(store):
    chapter = start()
    assert (chapter.country, chapter.partner, chapter.start_year, chapter.end_year) == ("BEL", "", 2000, 2025)
    assert chapter.as_of == store.newest == dt.date(2016, 7, 4)
    assert chapter.heading().text == "About Belgium, 2000 to 2025, by the figures released up to 4 July 2016."


def test_a_chapter_opens_for_another_country_year_and_day():
    chapter = start("NLD", "USA", 2013, 2015, "2016-03")
    told = "About the Netherlands and the United States, 2013 to 2015, by the figures released up to 31 March 2016."
    assert chapter.heading().text == told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"country": "BEX"}, "country: unknown country or group 'BEX'; .* such as BEL or NLD"),
        ({"country": "Belgium"}, "country: .*did you mean BEL"),
        ({"country": "bel"}, "country: .*near: BEL"),
        ({"country": ""}, "country: .* such as BEL or NLD"),
        ({"country": "EUU"}, "country: EUU is European Union, which is not a country; .* BEL"),
        ({"country": "SUN"}, "country: SUN is Soviet Union, which is not a country"),
        ({"country": None}, "country is None; write an ISO 3166 alpha-3 code in quotes, such as 'BEL'"),
        ({"country": 56}, "country is 56; write an ISO 3166"),
        ({"partner": "US"}, "partner: unknown country or group 'US'"),
        ({"partner": "WLD"}, "partner: WLD is World, which is not a country"),
        ({"partner": None}, "partner is None; write"),
        ({"partner": "BEL"}, "country and partner are both BEL; name two countries"),
        ({"start_year": "2010"}, "start_year is '2010'; write a year such as 2010, without quotes"),
        ({"start_year": 2010.0}, "start_year is 2010.0; write a year"),
        ({"end_year": True}, "end_year is True; write a year"),
        ({"start_year": 1948}, "start_year is 1948; years from 1949 to 2050 can be shown"),
        ({"end_year": 2051}, "end_year is 2051; years from 1949 to 2050"),
        ({"end_year": 10**30}, "end_year is 1000000000000000000000000000000; years from 1949 to 2050"),
        ({"start_year": 2015, "end_year": 2015}, "start_year 2015 is not before end_year 2015"),
        ({"start_year": 2016, "end_year": 2015}, "start_year 2016 is not before end_year 2015"),
        ({"as_of": "2016"}, "as_of: '2016' is not a date; write YYYY-MM-DD, or YYYY-MM"),
        ({"as_of": "2016-02-30"}, "as_of: '2016-02-30' is not a date"),
        ({"as_of": "20160704"}, "as_of: '20160704' is not a date"),
        ({"as_of": dt.date(2016, 7, 4)}, r"as_of is datetime.date\(2016, 7, 4\); write a date in quotes"),
        ({"as_of": "2015-03-04"}, r"as_of 2015-03-04 lies before the first release held \(2015-03-05\)"),
    ],
)
def test_a_wrong_parameter_is_named_and_told_what_would_be_right(wrong, said):
    with pytest.raises(ClaimbookError, match=f"^{said}"):
        start(**wrong)


def test_a_later_day_than_that_of_any_release_is_today():
    assert start(as_of="9999-12-31").heading().text.endswith("31 December 9999.")


# NAME=VALUE


def test_parameters_are_read_from_the_notebook(notebook):
    told = [(entry.name, entry.kind, entry.default, entry.help) for entry in parameters_of(notebook)]
    assert told == [
        ("country", "str", "BEL", "the country"), ("partner", "str", "USA", "the other side"),
        ("start_year", "int", 2000, "first year"), ("end_year", "int", 2025, ""), ("as_of", "str", "", "a day"),
    ]  # fmt: skip


def test_values_are_typed_as_the_notebook_declares_them(notebook):
    given = ["country=NLD", "start_year=2013", "as_of=2016-03-04", "partner="]
    assert parse(notebook, given) == {"country": "NLD", "start_year": 2013, "as_of": "2016-03-04", "partner": ""}
    assert parse(notebook, []) == {}
    assert parse(notebook, ["country=NLD", "country=DEU"]) == {"country": "DEU"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("country", "'country' is not NAME=VALUE"),
        ("", "'' is not NAME=VALUE"),
        ("contry=NLD", "chapter trade has no parameter 'contry'; did you mean country"),
        ("x=red", "no parameter 'x'; it has: country, partner, start_year, end_year, as_of"),
        ("=NLD", "no parameter ''; it has"),
        ("Country =NLD", "no parameter 'Country '; did you mean country"),
        ("start_year=soon", "start_year is 'soon'; write a whole number such as 2000"),
        ("start_year=2010.5", "start_year is '2010.5'; write a whole number"),
        ("start_year= 2010", "start_year is ' 2010'; write a whole number"),
        ("start_year=", "start_year is ''; write a whole number"),
        ("start_year=" + "9" * 5000, "start_year is '9+'; write a whole number"),
        ("start_year=\u0662\u0660\u0661\u0660", "write a whole number"),
        ("end_year=-1", "end_year is -1; years from 1949 to 2050"),
        ("end_year=1999", "start_year 2000 is not before end_year 1999"),
        ("country=USA", "country and partner are both USA"),
        ("country=EUU", "country: EUU"),
        ("as_of=then=now", "as_of: 'then=now' is not a date"),
    ],
)
def test_a_value_that_will_not_do_is_named_before_anything_runs(notebook, given, said):
    with pytest.raises(ClaimbookError, match=said):
        parse(notebook, [given])


def test_a_chapter_that_there_is_not(notebook):
    with pytest.raises(ClaimbookError, match="no chapter 'trad'; there are: trade"):
        parse("trad", [])
    with pytest.raises(ClaimbookError, match="no chapter"):
        parse("../secret", [])


# A claim and its figures


def marks(chart: alt.LayerChart) -> list[str]:
    return [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]


def test_a_claim_of_the_ledger_is_shown_with_its_verdicts():
    chapter = start("BEL", "USA", 2013, 2016)
    html = chapter.claim("doc-trade").html
    assert html.count('class="cb-verdict"') == 3
    assert 'data-verdict="supported"' in html
    assert "No year is named." in html
    assert chapter.text("doc-trade").text
    assert "<table" in chapter.readings("doc-trade").html
    assert "https://www.census.gov/" in chapter.readings("doc-trade").html


def test_what_the_ledger_says_is_escaped():
    chapter = start("BEL", "USA", 2013, 2016)
    html = chapter.claim("doc-trade").html + chapter.readings("doc-trade").html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;55&lt;/b&gt; million &amp; more" in html
    assert "Somebody &amp; sons" in html


@pytest.mark.parametrize("identifier", ["doc-trade", "doc-market", "doc-share"])
def test_blocks_are_the_same_from_run_to_run(identifier):
    def shown():
        chapter = start("BEL", "USA", 2013, 2016)
        return (
            chapter.claim(identifier)._repr_html_(), chapter.text(identifier)._repr_markdown_(),
            chapter.readings(identifier)._repr_html_(), chapter.chart(identifier, title="T", unit="u").to_dict(),
        )  # fmt: skip

    assert shown() == shown()


@pytest.mark.parametrize(("country", "partner"), [("NLD", "USA"), ("BEL", "NLD"), ("USA", "BEL")])
def test_another_country_or_tie_reads_without_verdicts(country, partner):
    chapter = start(country, partner, 2013, 2016)
    for identifier in ("doc-trade", "doc-market"):
        block = chapter.claim(identifier)
        assert "cb-verdict" not in block.html
        assert block.html.startswith('<p class="cb-elsewhere">')
        assert chapter.text(identifier).text == ""
        assert chapter.readings(identifier).html == ""


def test_another_country_is_told_its_newest_figures():
    chapter = start("NLD", "USA", 2013, 2016)
    assert chapter.claim("doc-trade").text == (
        "The ledger holds no claim of this kind about the Netherlands. The newest figures are: "
        "Goods: 56.0 million dollars in 2015."
    )
    assert "1st of 3 in 2015" in chapter.claim("doc-market").text


def test_another_country_is_told_its_figures_in_its_own_currency(store, ledger, kept_shelf, figures, monkeypatch):
    money = "nato.defence_expenditure_ncu_current"
    reading = claims.Reading(
        id="own", label="NATO's", definition="Expenditure", measure="expenditure_ncu", inputs={"expenditure": money}
    )
    update = {"id": "doc-sum", "printed": "4 billion", "unit": "EUR", "readings": (reading,)}
    monkeypatch.setattr(claims, "declared", lambda: (*ledger, ledger[2].model_copy(update=update)))
    kept_shelf.add("nato", "2015-06-22", figures(money, {("BEL", ""): {2014: 4e3}, ("POL", ""): {2014: 31e3}}))
    monkeypatch.setattr(chapters, "store", kept_shelf.store)
    assert "NATO's: 31.0 billion PLN in 2014." in start("POL", "", 2013, 2016).claim("doc-sum").text
    assert "4.00 billion euros" in start("BEL", "", 2013, 2016).claim("doc-sum").html


def test_a_country_of_which_nothing_is_held_says_so():
    chapter = start("TUV", "USA", 2013, 2016)
    assert chapter.claim("doc-trade").text == "No figures are held for Tuvalu."
    block = chapter.chart("doc-trade", title="Two-way <trade>", unit="u")
    assert isinstance(block, Html)
    assert block.text == "Two-way <trade>: no figures are held for Tuvalu in these years."
    assert "&lt;trade&gt;" in block.html


def test_a_chapter_without_a_partner_takes_the_claims_own():
    assert start("BEL", "", 2013, 2016).is_audited("doc-trade")
    assert not start("NLD", "", 2013, 2016).is_audited("doc-trade")
    assert start("NLD", "", 2013, 2016).subject("doc-trade").other == "USA"


def test_later_releases_are_hidden_from_an_earlier_day():
    then, now = (start("BEL", "USA", 2010, 2016, day) for day in ("2015-12-31", ""))
    rows = [
        chapter.chart("doc-trade", title="T", unit="u").to_dict()["usermeta"]["claimbook"] for chapter in (then, now)
    ]
    assert [row["table"]["rows"] for row in rows] == [
        [[2013, 51e6], [2014, 54e6]], [[2013, 51e6], [2014, 55e6], [2015, 55e6]],
    ]  # fmt: skip
    assert "release of 5 March 2015" in rows[0]["source"]
    assert "release of 4 March 2016" in rows[1]["source"]


def test_a_claim_that_there_is_not():
    with pytest.raises(ClaimbookError, match="no claim 'doc-trad'; there are: doc-trade"):
        start().claim("doc-trad")


# Statements on a theme


def titles(block: Html) -> list[str]:
    return [part.split("</a>")[0] for part in block.html.split("claims/")[1:] for part in [part.split('.html">')[1]]]


def test_the_statements_on_a_theme_are_those_about_the_country():
    block = start("BEL", "USA", 2013, 2016).statements("trade")
    assert titles(block) == ["Trade of around &lt;b&gt;55&lt;/b&gt; million &amp; more", "Second market"]
    assert block.html.count('class="cb-verdict"') == 6
    assert "2 statements, by the figures released up to" in block.html
    assert titles(start("BEL", "USA", 2013, 2016).statements("defence")) == ["Below one per cent", "A secret"]


def test_one_statement_is_told_in_the_singular():
    assert "1 statement, by the figures released up to" in start("BEL", "", 2013, 2016).statements("world").html


@pytest.mark.parametrize(
    ("country", "partner", "theme"), [("NLD", "", "defence"), ("BEL", "NLD", "trade"), ("BEL", "", "none")]
)
def test_a_theme_without_a_statement_about_the_country_says_so(country, partner, theme):
    block = start(country, partner, 2013, 2016).statements(theme)
    assert "cb-verdict" not in block.html
    who = {"NLD": "the Netherlands", "BEL": "Belgium"}[country]
    assert block.text == f"The ledger holds no statement on this theme about {who}."


def test_a_statement_about_the_world_is_the_same_in_every_countrys_chapter():
    for country, partner in (("BEL", "USA"), ("NLD", ""), ("USA", "BEL")):
        chapter = start(country, partner, 2013, 2016)
        assert chapter.is_audited("doc-world")
        assert chapter.subject("doc-world").about == "WLD"
        assert titles(chapter.statements("world")) == ["The world spends"]
        assert 'data-verdict="supported"' in chapter.claim("doc-world").html
        chart = chapter.chart("doc-world", title="What {country} spends", unit="billion", scale=1e9)
        about = chart.to_dict()["usermeta"]["claimbook"]
        assert about["table"]["rows"] == [[2014, 90.0], [2015, 110.0]]
        assert about["subtitle"].startswith(("World", "The world"))
        assert "rect" in marks(chart)


def test_what_cannot_be_tested_says_so_in_its_own_chapter_alone():
    assert start("BEL", "", 2013, 2016).text("doc-secret").text == "It cannot be tested. Nobody tells it."
    assert start("BEL", "", 2013, 2016).readings("doc-secret").html == ""
    block = start("NLD", "", 2013, 2016).claim("doc-secret")
    assert "cb-verdict" not in block.html and "the Netherlands" in block.text


# Charts


def test_a_chart_is_drawn_as_the_ledger_has_it():
    about = start("BEL", "", 2013, 2016).chart("doc-share").to_dict()["usermeta"]["claimbook"]
    assert about["title"] == "Belgium's share"
    assert about["table"]["columns"] == ["Year", "NATO (per thousand)"]
    assert about["table"]["rows"] == [[2014, 9.7], [2015, 9.1], [2016, 9.0]]
    assert (
        start("NLD", "", 2013, 2016).chart("doc-share").to_dict()["usermeta"]["claimbook"]["title"]
        == "The Netherlands' share"
    )


def test_a_chart_of_which_the_ledger_says_nothing_bears_the_claims_title():
    about = start("BEL", "", 2013, 2016).chart("doc-world").to_dict()["usermeta"]["claimbook"]
    assert about["title"] == "The world spends"


def test_readings_that_are_named_take_the_place_of_the_ledgers():
    about = start("BEL", "", 2013, 2016).chart("doc-share", "allies", title="Allies", unit="allies")
    assert about.to_dict()["usermeta"]["claimbook"]["table"]["columns"] == ["Year", "Allies below (allies)"]


def test_nothing_can_be_drawn_of_a_claim_without_readings():
    with pytest.raises(ClaimbookError, match="claim doc-secret has no readings that a chart could show"):
        start("BEL", "", 2013, 2016).chart("doc-secret")


def test_the_chart_of_an_audited_claim_has_its_band_and_the_day():
    chart = start("BEL", "USA", 2013, 2017).chart("doc-trade", title="Two-way trade", unit="million dollars", scale=1e6)
    assert "rect" in marks(chart)
    about = chart.to_dict()["usermeta"]["claimbook"]
    assert about["subtitle"] == "Belgium and the United States, million dollars"
    assert about["source"].endswith("US Census Bureau, release of 4 March 2016.")
    assert "A band bears the words “stated: around 55 million”." in about["alt"]
    assert about["table"]["rows"][-1] == [2015, 55.0]


def test_the_chart_for_another_country_has_neither():
    chart = start("NLD", "USA", 2013, 2017).chart("doc-market", title="Rank")
    assert "rect" not in marks(chart)
    assert "rule" not in marks(chart)
    assert "band" not in chart.to_dict()["usermeta"]["claimbook"]["alt"]


def test_only_the_years_asked_for_are_drawn():
    chart = start("BEL", "USA", 2014, 2050).chart("doc-trade", title="T", unit="u")
    assert [row[0] for row in chart.to_dict()["usermeta"]["claimbook"]["table"]["rows"]] == [2014, 2015]
    assert isinstance(start("BEL", "USA", 1950, 1960).chart("doc-trade", title="T", unit="u"), Html)


def test_readings_in_another_unit_are_drawn_only_when_they_are_named():
    chapter = start("BEL", "", 2013, 2017)
    columns = chapter.chart("doc-share", title="T", unit="per cent").to_dict()["usermeta"]["claimbook"]["table"][
        "columns"
    ]
    assert columns == ["Year", "NATO (per cent)"]
    named = chapter.chart("doc-share", "allies", title="T", unit="allies").to_dict()["usermeta"]["claimbook"]["table"]
    assert named["columns"] == ["Year", "Allies below (allies)"]
    with pytest.raises(ClaimbookError, match="no reading 'ally'"):
        chapter.chart("doc-share", "ally", title="T")


def test_a_ladder_highlights_the_country_and_leaves_groups_out():
    about = start("BEL", "USA", 2013, 2016).ladder("doc-market", "market", title="Destinations", unit="million", top=1)
    about = about.to_dict()["usermeta"]["claimbook"]
    assert about["table"]["rows"] == [["1. Netherlands", 40.0], ["2. Belgium", 34.0]]
    assert about["subtitle"] == "2015, million"
    assert about["alt"].endswith(
        "Of 3 countries listed the first is Netherlands with 40.0 million; Belgium is 2nd, with 34.0 million."
    )


def test_a_ladder_without_the_country_says_so():
    about = start("TUV", "USA", 2013, 2016).ladder("doc-market", "market", title="Destinations", unit="million")
    assert about.to_dict()["usermeta"]["claimbook"]["alt"].endswith("Tuvalu is not among them.")


def test_allies_in_two_years_against_the_target():
    chart = start("BEL", "", 2013, 2016).allies(
        "doc-share", "allies", title="Shares", unit="per cent", since=2014, until=2016
    )
    about = chart.to_dict()["usermeta"]["claimbook"]
    assert about["table"]["rows"] == [
        ["Poland", 1.85, 2.0], ["Montenegro", None, 1.42], ["Netherlands", 1.15, 1.17], ["Belgium", 0.97, 0.9],
    ]  # fmt: skip
    assert about["alt"].endswith("In 2016 3 are below 2. Belgium: 0.97 in 2014, 0.90 in 2016.")


@pytest.mark.parametrize(
    ("country", "said"),
    [("MNE", "Montenegro: no figure for 2014, 1.42 in 2016."), ("TUV", "Tuvalu is not among them.")],
)
def test_an_ally_that_joined_later_or_is_none_is_told_without_a_gap(country, said):
    chart = start(country, "", 2013, 2016).allies("doc-share", "allies", title="S", unit="u", since=2014, until=2016)
    assert chart.to_dict()["usermeta"]["claimbook"]["alt"].endswith(said)


def test_allies_in_a_year_that_nobody_tells():
    block = start("BEL", "", 2013, 2016).allies("doc-share", "allies", title="S", unit="u", since=2000, until=2016)
    assert block.text == "S: no figures are held for Belgium in these years."


def test_each_edition_is_a_line():
    chart = start("BEL", "", 2013, 2016).editions("doc-share", title="Share", unit="per cent")
    assert chart.to_dict()["usermeta"]["claimbook"]["table"]["columns"] == ["Year", "Release of 4 July 2016 (per cent)"]
    assert isinstance(start("TUV", "", 2013, 2016).editions("doc-share", title="Share", unit="per cent"), Html)


# Blocks


def test_a_block_of_html_has_text_too():
    assert Html("<p>a <b>b</b></p>", "a b").__repr__() == "a b"
    assert Html("<p>a</p>").__repr__().split() == ["a"]
    assert Html("<p>a</p>")._repr_html_() == "<p>a</p>"


def test_a_paragraph_is_escaped_for_markdown_and_not_for_readers():
    block = Markdown("5 * 3 $ [x](y)")
    assert repr(block) == "5 * 3 $ [x](y)"
    assert block._repr_markdown_() == r"5 \* 3 \$ \[x\](y)"


@pytest.mark.parametrize(
    "text",
    [
        "plain text, 12th of 232 (2015): 0.97 per cent", "*a* _b_ **c**", "`code`", "[link](address)", "![image](a)",
        "<b>html</b>", "# heading", "a | b", "$x$", "~~gone~~", "{role}`x`", "{{ name }}", "&amp; &lt;", "back\\slash",
        "1. one", "12) two", "- a list", "+ a list", "+++", "% no comment", "(target)=", "::: {note}", "=====", "    code",
        "\tcode", "> quoted", "---", "2.5 per cent", "a\n- b", "a\n===", "a\n# b", "https://example.org",
    ],
)  # fmt: skip
def test_markdown_finds_nothing_to_mark_up(text):
    assert rendered(escape_markdown(text)) == unindented(text)


@given(st.text(st.characters(codec="ascii", exclude_characters="\r\x0b\x0c\x00\x1c\x1d\x1e\x1f"), max_size=40))
def test_markdown_finds_nothing_to_mark_up_in_any_line(text):
    line = " ".join(text.split())
    assert rendered(escape_markdown(line)) == line


def unindented(text: str) -> str:
    return "\n".join(line.lstrip() for line in text.split("\n"))


def rendered(text: str) -> str:
    """The text of the only paragraph that a reader of Markdown sees; what it was told where it sees more."""
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = markdown.parse(text)
    if not text:
        return "" if not tokens else str(tokens)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return str([token.type for token in tokens])
    kinds = {"text": lambda child: child.content, "softbreak": lambda child: "\n"}
    return "".join(kinds.get(child.type, str)(child) for child in tokens[1].children)
