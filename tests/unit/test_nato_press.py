"""NATO's shares as the press printed them, and that a page with a few allies is not taken for the alliance."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analysis import observations
from analysis.errors import ClaimbookError, LayoutError
from analysis.measures import compute
from analysis.publishers import Parsed, Partial, nato

ORIGINALS = Path(__file__).resolve().parents[2].parent / "shared" / "publisher-data"
original = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the publishers' files are not beside the checkout")
SHARE = "nato.defence_expenditure_share_gdp"
PARTIAL = "page_share_partial.csv"
PAGES = "country,year,value,edition_on_page,page"


def parsed(folder: Path, name: str, *lines: str, edition: str | None = None) -> Parsed:
    path = folder / name
    path.write_text("\n".join(["# https://example.org/page, read on a day", *lines]) + "\n", encoding="utf-8")
    return nato.parse([path], edition=edition)


def told(result: Parsed) -> dict[tuple[str, int], tuple[float, str]]:
    frame = observations.check(result.observations)
    assert set(frame["series"]) == {SHARE} and set(frame["unit"]) == {"% of GDP"}
    return {(row.reporter, row.period): (row.value, row.flag) for row in frame.itertuples()}


def test_a_table_of_several_years(tmp_path):
    result = parsed(
        tmp_path, PARTIAL, "country,2016,2017e", "NATO Europe,1.44,1.46", "Belgium,0.92,0.91", "Greece,..,2.3"
    )
    assert told(result) == {
        ("NATO.EUROPE", 2016): (1.44, ""), ("NATO.EUROPE", 2017): (1.46, "estimate"), ("BEL", 2016): (0.92, ""),
        ("BEL", 2017): (0.91, "estimate"), ("GRC", 2017): (2.3, "estimate"),
    }  # fmt: skip
    assert result.partial == (Partial(SHARE, periods=(2016, 2017)),)


def test_years_that_look_swapped_are_left_out(tmp_path):
    result = parsed(
        tmp_path, "graphicnews_any.csv", "note,country,2014,2023", ",Belgium,0.97,1.13",
        "as printed; looks swapped,Croatia,1.79,1.82",
    )  # fmt: skip
    assert told(result) == {("BEL", 2014): (0.97, ""), ("BEL", 2023): (1.13, "")}
    assert result.notes == ("Croatia left out: as printed; looks swapped",)


def test_a_table_of_one_year_in_which_the_dollars_are_not_taken(tmp_path):
    result = parsed(
        tmp_path, "paper.csv", "country,share_gdp_2017,usd_bn_2017", "Slovak Republic,1.19,", "Belgium,0.91,4.3"
    )
    assert told(result) == {("SVK", 2017): (1.19, ""), ("BEL", 2017): (0.91, "")}
    assert result.partial == (Partial(SHARE, periods=(2017,)),)


def test_several_pages_in_one_file(tmp_path):
    lines = (
        PAGES, "Greece,2020,2.58,2020 estimates page of October,https://example.org/a", "Canada,2019,1.31,,a2020",
        "Greece,2020,2.68,provisional 2020 figures,https://example.org/b", "Estonia,2020,2.33,,b2021",
        "Croatia,2022,2.03,recently released,https://example.org/c", "Greece,2022,3.76,,c2022",
    )  # fmt: skip
    found = {name: told(parsed(tmp_path, "pages.csv", *lines, edition=name)) for name in ("a2020", "b2021", "c2022")}
    assert found == {
        "a2020": {("GRC", 2020): (2.58, "estimate"), ("CAN", 2019): (1.31, "")},
        "b2021": {("GRC", 2020): (2.68, "provisional"), ("EST", 2020): (2.33, "provisional")},
        "c2022": {("HRV", 2022): (2.03, ""), ("GRC", 2022): (3.76, "")},
    }
    with pytest.raises(ClaimbookError, match="name one edition; there are: 'a2020', 'b2021', 'c2022'"):
        parsed(tmp_path, "pages.csv", *lines)
    with pytest.raises(ClaimbookError, match="there is no edition 'd'"):
        parsed(tmp_path, "pages.csv", *lines, edition="d")


def test_a_sentence_on_one_ally(tmp_path):
    lines = (
        "topic,measure,year,value,unit,statement,source_url,source_type", "port,tonnes,undated,20,million tonnes,x,y,z",
        "nato,Belgium share of GDP (NATO June 2017 edition),2017,0.91,percent,estimate; last but one,y,z",
        "nato,Belgium share of GDP (NATO March 2023 report),2022,1.18,percent,28th of 30,y,z",
        "nato,Belgium defence expenditure (NATO March 2023),2022,6901,million USD,x,y,z",
    )  # fmt: skip
    result = parsed(tmp_path, "statements.csv", *lines, edition="June 2017 edition")
    assert told(result) == {("BEL", 2017): (0.91, "estimate")}
    assert result.notes == ("left out: Belgium defence expenditure (NATO March 2023)",)
    assert told(parsed(tmp_path, "statements.csv", *lines, edition="March 2023 report")) == {("BEL", 2022): (1.18, "")}


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        (PARTIAL, ("country,2016", "Ruritania,1"), r"row 3, column A: unknown country or group 'Ruritania'"),
        (PARTIAL, ("country,2016", "Belgium,much"), r"row 3, column B: 'much' is not a figure"),
        (PARTIAL, ("country,2016", "Belgium,-1"), r"row 3, column B: -1 is impossible"),
        (PARTIAL, ("country,sixteen", "Belgium,1"), r"column B: the header 'sixteen' is not a year"),
        (PARTIAL, ("country,2016,note", "Belgium,1,odd"), r"row 3, column C: the note 'odd' is not known"),
        (PARTIAL, ("country,2016,2016e", "Belgium,1,2"), r"row 3, column C: .*BEL in 2016 is 2"),
        ("unknown.csv", ("country,2016", "Belgium,1"), "the name 'unknown' is not known"),
        ("pages.csv", (PAGES, "Belgium,2016,x,said,a"), r"row 3, column C: 'x' is not a figure"),
        ("pages.csv", (PAGES, "Belgium,16,1,said,a"), r"row 3, column B: '16' is not a year"),
        ("pages.csv", (PAGES, "Belgium,2016,1,said,https", "Spain,2016,1,,a", "Italy,2016,1,,b", "Malta,2016,1,,b"),
         r"row 4, column E: the page 'a' stands among the rows of 'b'"),
        ("said.csv", ("topic,measure,year,value,unit,statement", "nato,Belgium share of GDP (NATO x),2017,1,euro,y"),
         r"row 3, column E: the unit is 'euro', not percent"),
        ("said.csv", ("topic,measure,year,value,unit,statement", "nato,Ruritania share of GDP (NATO x),2017,1,percent,y"),
         r"row 3, column B: unknown country 'Ruritania'"),
    ],
)  # fmt: skip
def test_faults(tmp_path, name, lines, said):
    with pytest.raises(LayoutError, match=said):
        parsed(tmp_path, name, *lines)


def test_a_table_holds_one_edition(tmp_path):
    with pytest.raises(ClaimbookError, match="holds one edition; leave out edition 'x'"):
        parsed(tmp_path, PARTIAL, "country,2016", "Belgium,1", edition="x")


# --- a page is not the alliance


def test_measures_of_all_allies_pass_over_pages_with_a_few(shelf, figures):
    full = {
        ("BEL", ""): {2014: 0.97, 2016: 0.9},
        ("GRC", ""): {2014: 2.2, 2016: 2.4},
        ("FRA", ""): {2014: 1.8, 2016: 1.8},
    }
    shelf.add("nato", "2017-02", figures(SHARE, full))
    page = {("BEL", ""): {2014: 0.98, 2016: 0.92, 2018: 0.93}}
    shelf.add("nato", "2018-07", figures(SHARE, page), [Partial(SHARE)])
    edition = shelf.store().as_of(dt.date(2019, 1, 1))

    def counted(measure: str, **inputs) -> list[tuple]:
        frame = compute(measure, edition, country="BEL", partner="", inputs={"share": SHARE, "target": 2.0, **inputs})
        return [(row.year, row.value, row.universe, row.released) for row in frame.itertuples()]

    assert counted("allies_short_of") == [(2014, 2.0, 3.0, "2017-02"), (2016, 2.0, 3.0, "2017-02")]
    # Belgium moved down and France stood still, by the list of all; the page's 2018 tells of Belgium alone.
    assert counted("allies_not_moving", since=2014) == [(2016, 2.0, 2.0, "2017-02")]
    own = compute("expenditure_share", edition, country="BEL", partner="", inputs={"share": SHARE})
    assert list(zip(own["year"], own["value"], own["released"], strict=True)) == [
        (2014, 0.98, "2018-07"), (2016, 0.92, "2018-07"), (2018, 0.93, "2018-07"),
    ]  # fmt: skip


# --- the originals


def at(folder: str, name: str, edition: str | None = None) -> Parsed:
    return nato.parse([ORIGINALS / folder / name], edition=edition)


@original
def test_press_originals():
    # newgreektv, line 5; the columns from 2017e on are marked.
    greek = at("nato/press-vintages", "newgreektv_2018-07_share_partial.csv")
    assert told(greek)["BEL", 2018] == (0.93, "estimate") and told(greek)["BEL", 2016] == (0.92, "")
    assert greek.partial == (Partial(SHARE, periods=tuple(range(2011, 2019))),)
    # dailymail, lines 29 and 22 (the Slovak line has no dollars); all 28 allies with forces.
    mail = at("nato/press-vintages", "dailymail_2018-06-14_nato2017.csv")
    assert told(mail)["BEL", 2017] == (0.91, "") and told(mail)["SVK", 2017] == (1.19, "") and len(told(mail)) == 28
    assert mail.partial == ()
    # graphicnews, line 31.
    graphic = at("nato/press-vintages", "graphicnews_GN45478_2023edition.csv")
    assert told(graphic)["BEL", 2023] == (1.13, "") and {code for code, _ in told(graphic)}.isdisjoint(
        {"USA", "GBR", "HRV", "TUR"}
    )
    assert len(told(graphic)) == 52 and graphic.partial == (Partial(SHARE, periods=(2014, 2023)),)


@original
@pytest.mark.parametrize(
    ("edition", "key", "value", "count", "partial"),
    [  # lines 28, 39, 42, 63 and 69 of the file
        ("abcnews", ("BEL", 2016), (0.85, ""), 27, None),
        ("forces2020-10", ("BGR", 2019), (3.25, ""), 12, (2019, 2020)),
        ("vimarsana2021-03", ("USA", 2020), (3.73, "provisional"), 9, (2020,)),
        ("forces2021-06", ("LUX", 2021), (0.57, "estimate"), 13, (2021,)),
        ("shephard2022", ("POL", 2022), (2.42, ""), 9, (2022,)),
    ],
)
def test_pages_of_the_originals(edition, key, value, count, partial):
    result = at("nato/press-vintages", "secondary_partial_shares.csv", edition)
    assert told(result)[key] == value and len(told(result)) == count
    assert result.partial == ((Partial(SHARE, periods=partial),) if partial else ())


@original
def test_sentences_of_the_originals():
    # Lines 34 and 35 of the statements.
    assert told(at("pages", "statements.csv", "June 2017 edition")) == {("BEL", 2017): (0.91, "estimate")}
    assert told(at("pages", "statements.csv", "March 2023 report")) == {("BEL", 2022): (1.18, "")}


@original
def test_a_table_whose_source_is_not_stated_is_not_read():
    with pytest.raises(LayoutError, match="the name 'hoc_hcdef_2008_annexD_2000_2006' is not known"):
        at("nato/press-vintages", "hoc_hcdef_2008_annexD_2000_2006.csv")
