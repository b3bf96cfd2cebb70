"""Pages on versions: the difference told as news, nothing empty, nothing unescaped, every link to where it belongs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from itertools import pairwise

import differing
import hostile
import jsonschema
import pytest
from bs4 import BeautifulSoup
from differing import AFTER, BEFORE, DECIDED, FLIP, NEW, OLD, OPENED, PUBLISHERS, claim, difference, entry, moved

from analysis.errors import ClaimbookError
from analysis.site import inline, shell, styles
from analysis.site.head import PageFacts
from analysis.versions import headlines, listed, news_page
from analysis.versions.changes import CAUSES
from analysis.versions.listed import Listed, Noted


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def told(found, **more):
    return soup(news_page.step(found, OLD, NEW, PUBLISHERS, **more))


def words(tag) -> str:
    return " ".join(tag.get_text(" ").split())


# Headlines.


@pytest.mark.parametrize(
    ("found", "headline"),
    [
        (difference(), "Nothing differs"),
        (difference(claim("a", FLIP)), "One verdict flipped"),
        (difference(*(claim(str(n), FLIP) for n in range(9))), "Nine verdicts flipped"),
        (difference(*(claim(str(n), FLIP) for n in range(13))), "13 verdicts flipped"),
        (difference(claim("a", FLIP, DECIDED)), "One verdict flipped; one more got an answer"),
        (difference(claim("a", DECIDED)), "One verdict got an answer"),
        (difference(claim("a", OPENED)), "One verdict lost its answer"),
        (difference(claim("a", FLIP), claim("b", OPENED)), "One verdict flipped; one lost its answer"),
        (
            difference(claim("a", moved(0.1)), claim("b", moved(0.2))),
            "No verdict flipped; two verdicts stand by another figure",
        ),
        (difference(added=(entry("x"),)), "One statement is new"),
        (
            difference(claim("a", moved(0.1)), withdrawn=(entry("x"), entry("y"))),
            "No verdict flipped; two statements were withdrawn; one verdict stands by another figure",
        ),
        (difference(claim("a", edits=("its title",))), "No verdict flipped; one statement was edited"),
        (difference(releases=(("nato", "2025-08-28"),)), "No verdict flipped; one new release of one publisher"),
        (
            difference(claim("a", sources=("nato 2025-08-28",))),
            "No verdict flipped; one statement stands on other releases",
        ),
        (difference(method=True), "No verdict flipped"),
    ],
)
def test_a_headline_counts_what_differs(found, headline):
    assert headlines.headline(found) == headline


def test_a_summary_adds_what_the_headline_leaves_out():
    found = difference(
        claim("a", FLIP, moved(0.1, "as_revised")), releases=(("nato", "2025-08-28"), ("census", "2023-03"))
    )
    assert headlines.summary(found) == (
        "One verdict flipped; one verdict kept by another figure; two new releases of two publishers."
    )
    alone = difference(releases=(("nato", "2025-08-28"),))
    assert headlines.summary(alone) == "No verdict flipped; one new release of one publisher."


def test_the_standfirst_tells_how_broad_which_turn_and_why():
    other = dataclasses.replace(FLIP, cause="revision")
    found = difference(claim("a", FLIP), claim("b", FLIP), claim("c", other, document=differing.PAPER))
    assert headlines.standfirst(found) == [
        "The verdicts that changed belong to three statements of two documents.",
        "The most frequent turn, three times: from “true” to “no longer true”.",
        "A newer year stands behind two of these verdicts, a revision of the same year behind one.",
    ]
    assert "turn" not in " ".join(headlines.standfirst(difference(claim("a", FLIP), claim("b", OPENED))))


def test_every_cause_has_its_words():
    assert set(headlines.BEHIND) == set(CAUSES)


@pytest.mark.parametrize(
    ("changed", "headline"),
    [
        (claim("a", FLIP), "Statement a: no longer true today, was true"),
        (
            claim("a", DECIDED, FLIP),
            "Statement a: no longer true today, was true; one other verdict changed too",
        ),
        (claim("a", DECIDED), "Statement a: supported when written, was not testable"),
        (claim("a", moved(0.2)), "Statement a: still true today, by another figure"),
        (
            claim("a", edits=("its title, from “x” to “y”", "its place")),
            "Statement a: edited, its title and one other thing",
        ),
        (claim("a", readings_added=("goods",)), "Statement a: with the reading goods"),
        (claim("a", sources=("nato 2025",)), "Statement a: the same answer, with other releases behind it"),
    ],
)
def test_a_claim_has_its_headline(changed, headline):
    assert headlines.claim(changed) == headline


def test_the_reason_of_a_change_is_its_own_or_that_of_its_cause():
    assert headlines.because(dataclasses.replace(FLIP, because="a newer year (2025)")) == "A newer year (2025)."
    assert headlines.because(dataclasses.replace(FLIP, because="")) == headlines.sentence(CAUSES["new year"])


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, ""),
        (0.001, "less than 1 per cent of its margin"),
        (0.38, "38 per cent of its margin"),
        (1.3, "130 per cent of its margin"),
        (12.1, "12.1 times its margin"),
    ],
)
def test_a_share_of_the_margin_in_words(share, words):
    assert headlines.share(dataclasses.replace(FLIP, share=share)) == words


@pytest.mark.parametrize(
    ("margin", "unit", "words"),
    [
        (0.09, "% of GDP", "0.09 percentage points from flipping"),
        (7.03e9, "USD", "7.03 billion dollars from flipping"),
        (951.0, "million USD", "951 million dollars from flipping"),
        (None, "", ""),
        (float("nan"), "USD", ""),
        (1.0, "years without a rise", ""),
    ],
)
def test_a_margin_in_words(margin, unit, words):
    assert headlines.margin(dataclasses.replace(BEFORE, margin=margin, margin_unit=unit)) == words


# The page of a difference.


def test_a_flip_is_told_with_both_words_both_figures_and_why():
    page = told(difference(claim("ics-gdp", FLIP)))
    assert words(page.h1) == "One verdict flipped"
    row = page.select_one(".cb-turns tbody tr:not(.cb-of)")
    assert words(row.th) == "Today"
    before, after, why = row.select("td")
    assert before.select_one(".cb-verdict")["data-verdict"] == "true"
    assert words(before) == "true 0.91 per cent of GDP in 2018 NATO, 25 June 2019 0.09 percentage points from flipping"
    assert after.select_one(".cb-verdict")["data-verdict"] == "no-longer-true"
    assert words(after).endswith("NATO, 28 August 2025 1.00 percentage points from flipping")
    assert words(why) == "New year. A newer year is told, in NATO's release. The figure moved by 12.1 times its margin."
    link = page.select_one(".cb-turns .cb-of a")
    assert (link["href"], words(link)) == ("../../v/2025.12/claims/ics-gdp.html", "Statement ics-gdp")


def test_a_verdict_without_a_figure_tells_its_reason():
    page = told(difference(claim("a", DECIDED)))
    assert words(page.select_one(".cb-turns td")) == "not testable no figure for 2017 is held"
    same = dataclasses.replace(OPENED, before=dataclasses.replace(OPENED.after, word="true"))
    assert "newest held" not in words(told(difference(claim("a", same))).select_one(".cb-turns"))


def test_flips_stand_by_document_and_statement_in_the_order_of_time():
    page = told(
        difference(
            claim("a", FLIP, dataclasses.replace(FLIP, time="when_written")),
            claim("b", FLIP, document=differing.PAPER),
            claim("c", FLIP),
        )
    )
    assert [words(found) for found in page.select("h3")] == ["Country Strategy", "Security Strategy"]
    first = page.select_one(".cb-turns")
    assert [words(row) for row in first.select(".cb-of")] == ["Statement a", "Statement c"]
    assert [words(row.th) for row in first.select("tbody tr:not(.cb-of)")] == ["When written", "Today", "Today"]


def test_what_moved_has_the_biggest_share_of_its_margin_first_and_long_lists_are_folded():
    shares = [0.1, None, 0.9, *(0.2 + n / 100 for n in range(10))]
    page = told(difference(*(claim(str(n), moved(share)) for n, share in enumerate(shares))))
    shown, folded = page.select(".cb-moves")
    rows = shown.select("tbody tr")
    assert len(rows) == 10 and words(rows[0].select("td")[2]).startswith("90 per cent of its margin")
    assert words(folded.select("tbody tr")[-1].select("td")[2]).startswith("Not comparable")
    fold = folded.find_parent("details")
    assert fold is not None and "open" not in fold.attrs
    assert words(fold.summary) == "Three more verdicts"
    assert shown.find_parent("details") is None


def test_new_statements_lead_into_the_new_version_and_withdrawn_ones_into_the_old():
    page = told(difference(added=(entry("in"),), withdrawn=(entry("out"),), documents_added=(differing.PAPER,)))
    new, old = page.select(".cb-new")
    assert new.select_one("tbody a")["href"] == "../../v/2025.12/claims/in.html"
    assert old.select_one("tbody a")["href"] == "../../v/2024.06/claims/out.html"
    assert [words(found) for found in new.select("thead th")] == ["Statement", "When written", "Today"]
    assert "The document is new in the book. One new statement. Today: 1 true." in words(page)
    many = told(difference(added=tuple(entry(str(n)) for n in range(20))))
    assert words(many.select_one("details summary")) == "All 20 statements with their verdicts"


def test_releases_stand_by_the_titles_of_their_publishers():
    page = told(
        difference(
            claim("a", FLIP, sources=("nato 2025-08-28",)),
            releases=(("nato", "2025-08-28"), ("nato", "2024-06-17"), ("unknown", "1999")),
        )
    )
    rows = {words(row.th): [words(cell) for cell in row.select("td")] for row in page.select(".cb-releases tbody tr")}
    assert rows["NATO"][0] == "17 June 2024 and 28 August 2025"
    assert rows["NATO"][1] == "One statement Statement a : 28 August 2025"
    assert rows["unknown"] == ["1999", "none"]  # a publisher that is declared no more


def test_a_reading_that_was_added_is_told_once():
    page = words(told(differing.everything()))
    assert page.count("reading goods") == 1
    assert "Statement e : with the reading goods, without the reading services" in page
    assert "Statement e : its statement" in page


def test_everything_that_can_differ_has_its_section():
    page = told(differing.everything())
    assert [words(found) for found in page.select("h2")] == [
        "Verdicts that flipped", "Answered now, and not before", "Answered before, and not now", "New statements",
        "Withdrawn statements", "Kept, by another figure or record", "Readings that came or went",
        "Edits of the ledger", "Method", "New figures, by publisher", "Releases that are no longer held",
        "Documents and chapters that came or went",
    ]  # fmt: skip
    assert [link["href"] for link in page.select(".cb-news-counts a")] == [
        f"#{part['id']}" for part in page.select("h2")
    ]
    parts = {words(link): link["href"] for link in page.select("#parts ~ ul a")}
    assert parts == {
        "Security Strategy": "../../v/2025.12/documents/nvs.html",
        "A document of before": "../../v/2024.06/documents/old.html",
        "People": "../../v/2025.12/chapters/people.html",
        "Trade": "../../v/2024.06/chapters/trade.html",
    }


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(differing.everything())][2:])
def test_nothing_is_told_of_what_does_not_differ(name):
    alone = dataclasses.replace(difference(), **{name: getattr(differing.everything(), name)})
    page = told(alone)
    for section in page.select("h2"):
        body = section.find_next_sibling()
        assert body is not None and body.name != "h2" and words(body)
    assert page.select("h2")
    assert not [found for found in page.select("ul, tbody, p, table, h1, h2, h3") if not words(found)]


def test_a_difference_with_nothing_says_so():
    page = told(difference())
    assert words(page.h1) == "Nothing differs"
    assert "Every statement, every verdict, every figure and every release is the same in both." in words(page)
    assert not page.select("h2, table, nav, ul")


def test_headings_come_in_order_and_tables_have_scopes():
    for page in (told(differing.everything()), soup(news_page.versions([OLD, NEW]))):
        levels = [int(found.name[1]) for found in page.select("h1, h2, h3, h4")]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for table in page.select("table"):
            assert words(table.caption)
            assert all(cell.get("scope") for cell in table.select("th"))
            for row in table.select("tbody tr:not(.cb-of)"):
                heads = [words(cell) for cell in table.select("thead th")][1:]
                assert len(row.select("td")) == len(heads)
        ids = [found["id"] for found in page.select("[id]")]
        assert len(ids) == len(set(ids))


def test_the_page_since_the_first_version_stands_in_the_root():
    page = soup(news_page.whole(difference(claim("a", FLIP)), OLD, NEW, PUBLISHERS))
    assert words(page.select_one(".cb-kicker")) == "What has changed since the first version"
    assert page.select_one(".cb-of a")["href"] == "v/2025.12/claims/a.html"
    assert page.select_one(".cb-crumbs a")["href"] == "versions.html"
    assert "built in retrospect" in words(page.select_one(".cb-place"))


def test_the_same_difference_makes_the_same_page():
    assert news_page.step_page(differing.everything(), OLD, NEW) == news_page.step_page(
        differing.everything(), OLD, NEW
    )


# Their frame.


def pages(address="", found=None):
    found = found or differing.everything()
    return {
        "changes/2025.12/index.html": news_page.step_page(found, OLD, NEW, PUBLISHERS, address=address),
        "changes.html": news_page.whole_page(found, OLD, NEW, PUBLISHERS, address=address),
        "versions.html": news_page.versions_page([OLD, NEW], {"ics": "Country Strategy"}, address=address),
    }


def test_the_frame_leads_into_the_latest_version():
    for path, text in pages("https://a.example/b/").items():
        page, root = soup(text), "../" * path.count("/")
        assert page.select_one(".cb-brand")["href"] == f"{root}latest/index.html"
        assert page.select_one(".cb-tools a")["href"] == f"{root}latest/search.html"
        footer = [link["href"] for link in page.select(".cb-footer a")]
        assert footer == [
            f"{root}latest/{name}" for name in ("sources.html", "ledger.csv", "ledger.json", "api/verdicts.json")
        ]
        assert page.select_one("link[rel=stylesheet]")["href"].startswith(f"{root}_static/claimbook.css?v=")
        feed = page.select_one("link[type='application/atom+xml']")
        assert (feed["rel"], feed["href"]) == (["alternate"], f"{root}feeds/book.xml")
        known = page.select_one("link[rel=canonical]")["href"]
        assert known == f"https://a.example/b/{path.removesuffix('index.html')}"
        assert page.select_one("meta[name=description]")["content"]


def test_a_page_that_stands_nowhere_else_is_as_it_was():
    facts = PageFacts(description="d")
    plain = shell.page(path="nl/claims/x.html", title="T", language="nl", body="<h1>T</h1>", facts=facts)
    inside = shell.page(
        path="nl/claims/x.html",
        title="T",
        language="nl",
        body="<h1>T</h1>",
        facts=facts,
        inside="latest/",
        feed="f.xml",
    )
    assert inside != plain
    link = '<link rel="alternate" type="application/atom+xml" title="claimbook" href="../../f.xml">'
    assert inside.replace("../../latest/", "../../").replace(link, "") == plain


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_texts_stay_texts(text, tmp_path):
    for path, page in pages(found=differing.everything(text)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(page, encoding="utf-8")
    noted = dataclasses.replace(NEW, summary=text, corrections=(Noted("one", text, dt.date(2026, 11, 22)),))
    listing = news_page.versions_page([OLD, noted], {"ics": text})
    (tmp_path / "versions.html").write_text(listing, encoding="utf-8")
    assert inline.check(tmp_path) == []
    page = told(differing.everything(text))
    assert not page.select("script, svg, img, [onload], [onerror], [onmouseover]")
    if "\r" not in text:
        assert text.strip() in page.select_one(".cb-of a").get_text()


# The list of versions.


FIRST = Listed("2019.06", dt.date(2019, 6, 30), dt.date(2019, 6, 30), candidate=False, published=dt.date(2026, 11, 20))
TRIAL = Listed(
    "2026.12rc1", dt.date(2026, 10, 31), None, candidate=True, published=dt.date(2026, 12, 1), summary="Nothing differs.",
    corrections=(Noted("wrong-unit", "Told in euros, and is in dollars", dt.date(2026, 12, 2)),),
)  # fmt: skip


def test_versions_stand_newest_first_with_what_they_are():
    page = soup(news_page.versions([FIRST, TRIAL, NEW, OLD], {"ics": "Country Strategy"}))
    rows = page.select(".cb-versions tbody tr")
    assert [words(row.th.a) for row in rows] == ["2026.12rc1", "2025.12", "2024.06", "2019.06"]
    tags = [[words(tag) for tag in row.select(".cb-tag")] for row in rows]
    assert tags == [["latest", "candidate"], ["stable"], ["in retrospect"], ["in retrospect"]]
    assert rows[0].th.a["href"] == "v/2026.12rc1/index.html"
    last = rows[0].select("td")[2]
    assert [(words(link), link["href"]) for link in last.select("a")] == [
        ("All changes since 2025.12", "changes/2026.12rc1/index.html"),
        ("Told in euros, and is in dollars", "latest/corrections.html#correction-wrong-unit"),
    ]
    assert words(rows[0].select("td")[0]) == "31 October 2026"
    assert words(rows[3].select("td")[1]) == "20 November 2026 built as of 30 June 2019"
    assert words(rows[3].select("td")[2]) == "The first version." and not rows[3].select("td a")
    assert words(page.select_one(".cb-answer")) == (
        "Four versions have been published, with figures up to 30 June 2019 in the first and 31 October 2026 in the "
        "newest. Two were built in retrospect, from the releases held of what had been published by then."
    )
    feeds = [link["href"] for link in page.select("a[href^=feeds]")]
    assert feeds == ["feeds/book.xml", "feeds/documents/ics.xml"]


def test_one_version_alone_has_no_changes_to_lead_to():
    page = soup(news_page.versions([NEW]))
    assert not page.select("a[href^=changes]")
    assert words(page.select_one(".cb-answer")) == (
        "One version has been published, with figures up to 31 December 2025."
    )


# versions.json.


def test_the_list_comes_back_as_it_was_written():
    text = listed.text([FIRST, TRIAL, NEW, OLD])
    assert listed.from_json(json.loads(text)) == [TRIAL, NEW, OLD, FIRST]
    assert text == listed.text([OLD, NEW, TRIAL, FIRST])
    told_ = json.loads(text)
    assert (told_["contract"], told_["latest"], told_["stable"]) == (1, "2026.12rc1", "2025.12")
    assert [entry["changes"] for entry in told_["versions"]][-2:] == ["changes/2024.06/index.html", None]
    jsonschema.Draft202012Validator.check_schema(listed.json_schema())
    jsonschema.validate(told_, listed.json_schema())


def test_an_empty_site_has_no_latest_version():
    assert listed.to_json([]) == {"contract": 1, "latest": None, "stable": None, "versions": []}
    assert listed.stable([TRIAL]) is None and listed.latest([TRIAL]) == "2026.12rc1"


def test_what_a_later_book_added_is_passed_over():
    told_ = listed.to_json([NEW])
    told_["versions"][0] |= {"later": 1}
    assert listed.from_json(told_ | {"more": []}) == [NEW]


def test_versions_are_ordered_by_their_names_not_their_spelling():
    found = [
        dataclasses.replace(NEW, name=name) for name in ("2026.02", "2026.12", "2026.12rc2", "2026.12.1", "2026.12rc10")
    ]
    assert [entry.name for entry in listed.ordered(found)] == [
        "2026.12.1",
        "2026.12",
        "2026.12rc10",
        "2026.12rc2",
        "2026.02",
    ]


def test_a_list_that_cannot_be_one_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match=r"2025\.12 is listed twice"):
        listed.ordered([NEW, NEW])
    for content in ("", "{", "[]", '{"versions": [{"name": "2025.12"}]}'):
        (tmp_path / listed.FILE).write_text(content, encoding="utf-8")
        with pytest.raises(ClaimbookError, match=r"versions\.json"):
            listed.read(tmp_path / listed.FILE)
    with pytest.raises(ClaimbookError, match="not the name of a version"):
        listed.from_json({"versions": [{"name": "../x", "as_of": "2025-12-31", "published": "2026-11-21"}]})
    (tmp_path / listed.FILE).write_text(listed.text([NEW]), encoding="utf-8")
    assert listed.read(tmp_path / listed.FILE) == [NEW]


def test_every_class_of_the_pages_has_its_style():
    sheet = styles.sheet()
    for name in ("cb-news", "cb-kicker", "cb-news-counts", "cb-turns", "cb-moves", "cb-new", "cb-more", "cb-versions"):
        assert re.search(rf"\.{name}\b", sheet), name


def test_sides_of_a_flip_are_those_of_the_two_versions():
    back = dataclasses.replace(FLIP, before=AFTER, after=BEFORE)
    page = told(difference(claim("a", back)))
    cells = page.select(".cb-turns tbody tr:not(.cb-of) td")
    assert [cell["data-label"] for cell in cells] == ["In 2024.06", "In 2025.12", "Why"]
    assert words(cells[0]).startswith("no longer true") and words(cells[1]).startswith("true")
