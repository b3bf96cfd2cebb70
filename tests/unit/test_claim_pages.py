"""The page of a claim: everything a reader asks, in order; nothing of the ledger as markup; figures as CSV."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import re

import pytest
from bs4 import BeautifulSoup

from analysis import audit, claim_csv, claim_pages, claims, panels
from analysis.claims import Cited, Claim, Reply
from analysis.documents import documents
from analysis.figures import MIME
from analysis.records import Record
from analysis.snapshots.store import store

NASTY = "<script>alert(1)</script> **bold** `code` {{ x }} | & \"quoted\" 'single'"
WRITTEN = "ics-two-way-trade"


@pytest.fixture(scope="module")
def found() -> audit.Audited:
    return audit.audit(claims.claim(WRITTEN), store())


@pytest.fixture(scope="module")
def page(found) -> claim_pages.Page:
    return claim_pages.page(found)


@pytest.fixture(scope="module")
def cells(page) -> list[dict]:
    return json.loads(page.notebook)["cells"]


def shown(markdown: str) -> BeautifulSoup:
    """What stands in the blocks of HTML of a page."""
    return BeautifulSoup("\n".join(re.findall(r"(?s)`{3,}\{raw\} html\n(.*?)\n`{3,}", markdown)), "html.parser")


def words(markdown: str) -> str:
    return " ".join(shown(markdown).get_text(" ").split())


def record(name: str, agrees: bool | None, today: bool | None = None, dated: str | None = "2019-06-07") -> Cited:
    about = {"publisher": f"Publisher of {name}", "address": f"https://example.org/{name}", "seen": dt.date(2026, 1, 2)}
    own = Record(
        id=name, title=f"Title of {name}", dated=dated, standing="official", says=f"What {name} says.", **about
    )
    return Cited(record=own, agrees=agrees, told=f"what {name} tells of it", today=today)


def fact(**change) -> audit.Audited:
    """A fact of no document's ledger, audited."""
    told = {
        "id": "made-fact",
        "theme": "security",
        "title": "A made fact",
        "statement": "It was so.",
        "place": "Page one",
    }
    entry = {**told, "kind": "fact", "records": (record("first", True),), "document": documents()["nvs"], **change}
    return audit.audit(Claim.model_validate(entry), store())


def all_of(found: audit.Audited) -> str:
    known = [*claims.ledger(), found.claim]
    return claim_pages.top(found, known) + claim_pages.rest(found, known)


# The notebook


def test_a_page_is_a_notebook_whose_chart_carries_the_call_that_made_it(cells):
    kinds = [cell["cell_type"] for cell in cells]
    assert kinds == ["markdown", "code", "markdown"]
    assert cells[1]["source"].splitlines()[-1].endswith(f'.chart("{WRITTEN}")')
    assert cells[1]["outputs"][0]["data"][MIME]["usermeta"]["claimbook"]["title"]
    assert cells[1]["execution_count"] == cells[1]["outputs"][0]["execution_count"] == 1


def test_the_call_shown_makes_the_chart_that_is_shown(cells):
    scope: dict = {}
    *imports, call = cells[1]["source"].splitlines()
    exec("\n".join(imports), scope)
    made = eval(call, scope)
    assert made.to_dict() == cells[1]["outputs"][0]["data"][MIME]


def test_the_same_figures_make_the_same_page(found, page):
    assert claim_pages.page(found) == page


def test_sections_stand_in_the_order_in_which_a_reader_asks(cells):
    text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    assert re.findall(r"(?m)^#+ .*", text) == [
        "# Two-way trade of around 66 billion dollars a year",
        "## What was said",
        "## What the figures say",
        "## What would change the verdict",
        "## What to keep in mind",
        "## Where the figures come from",
        "## Which published figure could have been meant",
        "## Share this page",
        "## Cite or contest this page",
    ]


def test_the_answer_comes_first_with_its_verdicts_and_figures(cells, found):
    top = shown(cells[0]["source"])
    assert "66.1 billion dollars in 2015" in top.select_one(".cb-answer").get_text()
    told = found.verdicts
    badges = [badge.get_text() for badge in top.select(".cb-verdicts .cb-verdict")]
    assert badges == [told.when_written.word, told.as_revised.word, told.today.word]
    facts = {row.dt.get_text(): row.dd.get_text() for row in top.select(".cb-facts > div")}
    assert facts["Where"].startswith("Integrated Country Strategy, Belgium. Section 1")
    assert facts["Who and when"] == "US Department of State, 27 August 2018"
    assert (
        facts["Printed"]
        == "around 66 billion; read as a figure from 64.2 to 67.8 billion dollars, a tolerance of 2% included"
    )


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("ics-affiliate-jobs", "over 150,000"),
        ("ics-export-market-rank", "10th largest"),
        ("nvs-trade-share", "85 per cent; read as a figure from 84.5 to just under 85.5 per cent of GDP"),
        ("ics-trade-surplus", "a figure of at least 10.0 per cent of two-way trade"),
        ("ics-wales-equipment", "a figure of at least 20.0 per cent of defence expenditure"),
    ],
)
def test_what_a_printed_figure_is_held_against(identifier, said):
    assert claim_pages.held_against(claims.claim(identifier)) == said


def test_a_page_leads_to_its_document_its_chapter_its_figures_and_how_to_contest_it(cells):
    links = {link["href"] for cell in cells for link in shown(cell["source"]).select("a")}
    assert {
        "../documents/ics.html",
        f"../chapters/trade.html#{WRITTEN}",
        f"{WRITTEN}.csv",
        "../about.html#how-to-contest-a-verdict",
        "../glossary.html#customs-basis",
    } <= links


def test_how_to_cite_names_statement_document_data_and_address(cells):
    cite = shown(cells[2]["source"]).select_one(".cb-cite").get_text()
    for part in ("claimbook contributors", WRITTEN, "US Department of State", f"claims/{WRITTEN}.html"):
        assert part in cite
    assert f"data up to {store().newest:%-d %B %Y}" in cite


def test_every_publisher_of_the_figures_is_named_with_releases_licence_and_citation(cells, found):
    text = words(cells[2]["source"])
    for entry in audit.sources(found):
        assert entry.title in text and entry.licence in text and entry.cite in text
    assert "6 March 2025" in text


def test_the_trace_tells_five_candidates_and_how_many_match_by_chance(cells):
    table = shown(cells[2]["source"]).find("div", {"aria-label": "Trace"})
    assert len(table.select("tbody tr")) == claim_pages.CANDIDATES
    assert re.search(r"It tried [\d,]+ candidates in \d+ releases; [\d,]+ match", words(cells[2]["source"]))


@pytest.mark.parametrize(
    ("identifier", "traced"),
    [
        ("ics-two-way-trade", True),
        ("ics-export-market-rank", True),
        ("ics-trade-surplus", False),  # a threshold, no printed figure
        ("ics-wales-two-per-cent", False),  # a pledge to move
        ("ics-wales-equipment", False),  # a pledge, whose level is not a figure that was read off
    ],
)
def test_only_a_printed_figure_is_traced(identifier, traced):
    assert claim_pages.traceable(claims.claim(identifier)) is traced


def test_the_chart_begins_a_generation_before_the_document_and_reaches_the_year_spoken_of():
    claim = claims.claim(WRITTEN)
    assert claim_pages.years(claim, dt.date(2026, 10, 31)) == {"start_year": 1988, "end_year": 2026}
    later = claim.model_copy(update={"kind": "forecast", "due": 2040})
    assert claim_pages.years(later, dt.date(2026, 10, 31))["end_year"] == 2040


def test_release_dates_of_coverage_notes_are_told_in_words():
    said = claim_pages._note("2016 is told by the release of 2023-03, cut to 2025-10-18")
    assert said == "2016 is told by the release of March 2023, cut to 18 October 2025."


# Facts, and what nothing can decide


def test_a_fact_shows_its_records_and_no_figures():
    text = all_of(fact(records=(record("first", True), record("second", False, dated=None), record("third", None))))
    assert "## What the records say" in text and "## What the figures say" not in text
    rows = shown(text).select(".cb-readings tbody tr")
    assert [row.th.a["href"] for row in rows] == [
        f"https://example.org/{name}" for name in ("first", "second", "third")
    ]
    assert "Publisher of first, 7 June 2019; official; read 2 January 2026" in rows[0].get_text()
    assert "undated" in rows[1].get_text()
    marks = [row.strong.get_text() for row in rows]
    assert marks == ["bears it out", "tells it otherwise", "bears on it without settling it"]
    assert ["This record decides." in row.get_text() for row in rows] == [True, False, False]
    assert "The records do not agree; all are shown." in text


def test_records_that_agree_are_not_said_to_differ():
    assert "do not agree" not in all_of(fact(records=(record("first", True), record("second", True))))


def test_a_record_in_another_language_says_so():
    cited = record("first", True)
    dutch = cited.model_copy(update={"record": cited.record.model_copy(update={"language": "nl"})})
    row = shown(all_of(fact(records=(dutch,)))).select_one(".cb-readings tbody tr")
    assert row.cite["lang"] == "nl" and "in Dutch" in row.get_text()


def test_what_nothing_can_decide_says_why_once():
    text = all_of(fact(records=(), kind="statistic", untestable="No body counts them."))
    assert "## Why it cannot be tested" in text
    assert words(text).count("No body counts them.") == 1


def test_a_claim_without_figures_has_neither_chart_nor_csv():
    claim = next(claim for claim in claims.ledger() if claim.kind == "fact" and not claim.readings)
    page = claim_pages.page(audit.audit(claim, store()))
    assert [cell["cell_type"] for cell in json.loads(page.notebook)["cells"]] == ["markdown", "markdown"]
    assert page.csv == ""


def test_figures_beside_a_fact_are_said_not_to_decide():
    share = {
        "id": "share",
        "role": "outturn",
        "label": "Share",
        "definition": "A share",
        "measure": "expenditure_share",
    }
    share["inputs"] = {"share": "nato.defence_expenditure_share_gdp"}
    text = all_of(fact(printed="below one per cent", unit="% of GDP", readings=(share,)))
    assert text.index("## What the records say") < text.index("## What the figures add")
    assert "they do not decide" in words(text)


def test_a_likeliest_reading_without_figures_stands_first_among_the_readings(found):
    claim = found.claim.model_copy(update={"unheld": "what everybody pays"})
    rows = shown(panels_block(dataclasses.replace(found, claim=claim))).select("tbody tr")
    assert rows[0].th.get_text() == "What everybody pays"
    assert len(rows) == len(claim.readings) + 1


def test_only_a_level_is_said_to_be_reached_or_not(found):
    level, other = found.claim.readings[1:]
    level = level.model_copy(update={"role": "outturn", "printed": "at least 90 billion"})
    other = other.model_copy(update={"role": "outturn", "printed": "nearly 90 billion"})
    claim = found.claim.model_copy(update={"readings": (found.claim.readings[0], level, other)})
    rows = shown(panels_block(dataclasses.replace(found, claim=claim))).select("tbody tr")
    assert ["reached" in row.get_text() for row in rows] == [False, True, False]


def test_a_note_that_stands_above_is_not_told_again(found):
    readings = tuple(
        entry.model_copy(update={"note": claims.Note(text="A long note.")}) for entry in found.claim.readings
    )
    changed = dataclasses.replace(found, claim=found.claim.model_copy(update={"readings": readings}))
    text = panels.readings_table(changed)
    assert text.count("A long note.") == 1 and text.count("Note as above.") == len(readings) - 1


def test_a_statement_on_a_year_long_past_shows_that_year_in_the_newest_release():
    claim = claims.claim("ics-defence-below-one-per-cent").model_copy(update={"year": 2014, "lasting": True})
    told = audit.audit(claim, store())
    rows = shown(panels_block(told)).select("tbody tr")
    assert {row.select("td")[1]["data-label"] for row in rows} == {"2014, newest release held"}
    assert "in 2014" in rows[0].select("td")[1].get_text()


def test_a_translated_title_is_not_said_to_be_in_the_language_of_its_page():
    cited = record("first", True)
    about = {"title": "The plan (translated title)", "language": "fr"}
    french = cited.model_copy(update={"record": cited.record.model_copy(update=about)})
    assert "lang" not in shown(all_of(fact(records=(french,)))).select_one(".cb-readings tbody cite").attrs


def panels_block(found: audit.Audited) -> str:
    return f"```{{raw}} html\n{panels.readings_table(found)}\n```"


def test_echoes_are_shown_and_said_to_be_no_record():
    text = all_of(fact(echoes=("ics-two-way-trade",)))
    link = shown(text).find("a", href="ics-two-way-trade.html")
    assert link.get_text() == claims.claim("ics-two-way-trade").title
    assert "is no record of it" in words(text)


def test_an_author_s_reply_is_shown_as_given():
    reply = Reply(
        by="The author", dated=dt.date(2026, 3, 4), text="We meant goods.", address="https://example.org/reply"
    )
    text = all_of(fact(replies=(reply,)))
    quote = shown(text).select_one("blockquote")
    assert quote.p.get_text() == "We meant goods." and quote.footer.get_text().startswith("The author, 4 March 2026")
    assert "## The author's reply" in text


def test_records_beside_a_statistic_are_shown_and_decide_nothing(found):
    records = (record("first", False), record("second", True))
    beside = dataclasses.replace(found, claim=found.claim.model_copy(update={"records": records}))
    text = claim_pages.rest(beside, claims.ledger())
    assert "do not agree" not in text
    assert "## Public records beside the figures" in text and "the figures decide" in text
    assert "This record decides." not in text


def test_a_title_in_another_language_says_so():
    top = shown(claim_pages.top(fact(), [fact().claim]))
    assert top.select_one(".cb-facts cite")["lang"] == "nl"


# Words of the ledger are never markup


def test_words_of_the_ledger_are_never_markup(found):
    document = found.claim.document.model_copy(update={"title": NASTY, "author": NASTY, "short": NASTY})
    readings = tuple(entry.model_copy(update={"definition": NASTY, "label": "x"}) for entry in found.claim.readings)
    own = {"title": NASTY, "statement": NASTY, "place": NASTY, "caveats": (NASTY,), "threshold": NASTY}
    cited = record("first", None)
    hostile = cited.record.model_copy(update={"title": NASTY, "publisher": NASTY, "says": NASTY})
    own |= {
        "records": (cited.model_copy(update={"record": hostile, "told": NASTY}),),
        "replies": (Reply(by=NASTY, dated=dt.date(2026, 1, 1), text=NASTY),),
    }
    claim = found.claim.model_copy(update={**own, "document": document, "readings": readings})
    text = all_of(dataclasses.replace(found, claim=claim))
    assert "<script" not in text.replace("\\<script", "")
    assert words(text).count(NASTY) >= 8
    assert text.startswith("# \\<script\\>")


def test_a_claim_box_leads_to_the_page_of_its_claim(found):
    box = BeautifulSoup(panels.claim_box(found), "html.parser")
    assert box.select_one(f"#{WRITTEN} a")["href"] == f"../claims/{WRITTEN}.html"


# The figures as CSV


def test_the_csv_holds_every_evaluation_as_the_audit_tells_it(found, page):
    rows = list(csv.DictReader(io.StringIO(page.csv)))
    told = [(reading, entry) for reading, entries in found.evaluations.items() for entry in entries]
    assert len(rows) == len(told) > 100
    for row, (reading, entry) in zip(rows, told, strict=True):
        assert (row["reading"], row["released"], int(row["year"])) == (reading, entry.released, entry.year)
        assert float(row["value"]) == entry.value and row["verdict"] == entry.verdict
    assert rows[0]["publisher"] == "US Bureau of Economic Analysis"
    assert rows[0]["definition"].startswith("Exports plus imports of goods and services")


def test_ranks_are_told_with_their_bounds_and_universe():
    found = audit.audit(claims.claim("ics-export-market-rank"), store())
    rows = [row for row in csv.DictReader(io.StringIO(claim_csv.text(found))) if row["year"] == "2016"]
    # Census, release of March 2023: Belgium is the 10th of the 234 countries listed for 2016.
    own = next(row for row in rows if row["released"] == "2023-03")
    assert (own["rank"], own["rank_best"], own["rank_worst"], own["universe"]) == ("10", "10", "10", "234")


def test_a_reading_made_of_two_publishers_figures_names_both():
    """The classification of states by one, their GDP by the other: neither alone is the source."""
    found = audit.audit(claims.claim("nvs-democracies-gdp"), store())
    rows = list(csv.DictReader(io.StringIO(claim_csv.text(found))))
    eiu = {row["publisher"] for row in rows if row["reading"] == "eiu"}
    assert eiu == {"Economist Intelligence; World Bank"}
    assert [source.publisher for source in audit.sources(found)] == ["eiu", "freedomhouse", "vdem", "worldbank"]
    entry = next(entry for entry in found.evaluations["eiu"] if entry.released == "2025-12-04")
    assert entry.sources == (("eiu", "2023-02"), ("worldbank", "2025-12-04")) and entry.publisher == "worldbank"


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@x", "\tx", "\rx"])
def test_a_text_cell_is_never_a_formula(cell):
    assert claim_csv.safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", [-1.5, 0, None, "a-b", ""])
def test_other_cells_stay_as_they_are(cell):
    assert claim_csv.safe(cell) is cell


def test_a_hostile_definition_is_told_as_text_in_the_csv(found):
    first = found.claim.readings[0].model_copy(update={"definition": "=HYPERLINK(1)"})
    claim = found.claim.model_copy(update={"readings": (first, *found.claim.readings[1:])})
    rows = list(csv.DictReader(io.StringIO(claim_csv.text(dataclasses.replace(found, claim=claim)))))
    assert rows[0]["definition"] == "'=HYPERLINK(1)"
