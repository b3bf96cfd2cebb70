"""Tables of statements: what a search and an order go by, words of another language, counts and their bars."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from analysis import audit, board, claims
from analysis.audit import Audited
from analysis.documents import documents
from analysis.snapshots.store import store
from analysis.verdicts import AS_REVISED, TODAY, WHEN_WRITTEN

NASTY = "<script>alert(1)</script> & \"quoted\" 'single' {count} {day} \u202eשלום\u202c 🦆"


@pytest.fixture(scope="module")
def audits() -> list[Audited]:
    return [audit.audit(claim, store()) for claim in claims.ledger() if claim.document.id in ("ics", "openness")]


def own(audits: list[Audited], document: str) -> list[Audited]:
    return [entry for entry in audits if entry.claim.document.id == document]


def table(audits: list[Audited], **how) -> BeautifulSoup:
    return BeautifulSoup(board.table(audits, store().newest, **how), "html.parser")


def judged(found: audit.Audited, when: str = "supported", today: str = "true") -> audit.Audited:
    """The same audit with other words for its verdicts."""
    told = found.verdicts
    changed = dataclasses.replace(
        told,
        when_written=dataclasses.replace(told.when_written, word=when),
        today=dataclasses.replace(told.today, word=today),
    )
    return dataclasses.replace(found, verdicts=changed)


# The table


def test_the_scoreboard_lists_the_statements_of_each_document_below_its_name(audits: list[Audited]) -> None:
    html = table(audits)
    groups = html.select("tbody")
    for group, (document, own) in zip(groups, board.by_document(audits), strict=True):
        head, *rows = group.select("tr")
        assert head.a["href"] == f"documents/{document.id}.html" and head.th["scope"] == "rowgroup"
        assert [row.a["href"] for row in rows] == [f"claims/{entry.claim.id}.html" for entry in own]
    assert html.caption.get_text().startswith(f"{len(audits)} statements")


def test_a_plain_table_has_neither_controls_nor_anchors_for_a_page_may_hold_several(audits):
    found = table(audits)
    assert found.select("form, button, [hidden]") == []
    assert found.select("table [id]") == [] and found.find(id="board") is None


def test_a_searched_table_has_an_anchor_for_each_statement_and_what_it_is_found_by(audits):
    found = table(audits, searched=True)
    row = found.find(id="ics-two-way-trade")
    entry = next(entry for entry in audits if entry.claim.id == "ics-two-way-trade")
    assert entry.claim.printed in row["data-find"] and entry.claim.place in row["data-find"]
    assert (row["data-theme"], row.parent["data-document"]) == ("trade", "ics")
    told = row.select(".cb-figure-told")
    assert row["data-years"].split() == sorted({text.get_text()[-4:] for text in told})
    assert row.select("td")[-1]["data-share"] == "0.333" and row.select("td")[-1].get_text() == "1 of 3"
    assert len(found.select("tbody tr[id]")) == len(audits)


def test_only_counts_of_readings_have_a_share(audits):
    for row in table(audits, searched=True).select("tbody tr[id]"):
        cell = row.select("td")[-1]
        assert cell.has_attr("data-share") == (" of " in cell.get_text())


def test_every_choice_is_one_that_some_statement_has(audits):
    found = table(audits, searched=True)
    rows = found.select("tbody tr[id]")
    values = {
        name: {o["value"] for o in found.select(f"select[name={name}] option") if o["value"]}
        for name in ("document", "theme", "year")
    }
    assert values["document"] == {"ics", "openness"}
    assert values["theme"] == {row["data-theme"] for row in rows}
    years = {year for row in rows for year in row.get("data-years", "none").split()}
    assert values["year"] == years and {"2017", "none"} <= years
    for name, column in (("written", 0), ("today", 2)):
        offered = [box["value"] for box in found.select(f"input[name={name}]")]
        assert set(offered) == {row.select("td")[column].span["data-verdict"] for row in rows}
        order = found.select_one(f"th[data-sort={name}]")["data-order"].split()
        assert offered == [word for word in order if word in offered]


def test_every_verdict_has_its_place_in_the_order():
    for name, vocabulary in (("when_written", WHEN_WRITTEN), ("as_revised", AS_REVISED), ("today", TODAY)):
        assert sorted(board.RANKS[name]) == sorted(vocabulary)


def test_the_controls_are_hidden_until_a_script_shows_them(audits):
    found = table(audits, searched=True)
    assert found.form.has_attr("hidden") and found.select_one(".cb-board-none").has_attr("hidden")
    outside = [button for button in found.select("button") if not button.find_parent(hidden=True)]
    assert outside == []


def test_every_field_has_a_label_and_no_id_stands_twice(audits):
    found = table(audits, searched=True)
    for field in found.select("form :is(input[type=search], select)"):
        assert found.select_one(f"label[for={field['id']}]").get_text()
    names = [entry["id"] for entry in found.select("[id]")]
    assert len(names) == len(set(names))


def test_a_short_table_is_sorted_but_not_searched(audits):
    found = table(audits[: board.SEARCHED_FROM - 1], searched=True)
    assert found.form is None and len(found.select("th[data-sort]")) == 5


def test_where_there_is_nothing_to_choose_there_is_no_choice(audits):
    found = table(own(audits, "ics"), searched=True, grouped=False)
    assert found.select("select[name=document]") == [] and found.select("select[name=theme]") != []


def test_hostile_words_stay_words(audits):
    entry = audits[7]
    document = entry.claim.document.model_copy(update={"short": NASTY})
    change = {"title": NASTY, "place": NASTY, "printed": NASTY, "theme": NASTY, "document": document}
    made = [dataclasses.replace(one, claim=one.claim.model_copy(update=change)) for one in [entry] * 6 + audits[8:14]]
    found = table(made, searched=True)
    assert found.find("script") is None and found.select("[onerror]") == []
    row = found.select("tbody tr[id]")[0]
    assert row.a.get_text() == NASTY and row["data-theme"] == NASTY and row["data-find"] == f"{NASTY} {NASTY}"
    assert found.select_one(".cb-group").get_text().strip() == NASTY


# Words of another language


def test_a_board_speaks_as_it_is_told_to_and_leads_where_it_is_told_to(audits):
    said = []

    def say(text: str) -> str:
        said.append(text)
        return f"~{text}"

    wording = board.Wording(
        say=say,
        day=lambda day: f"{day:%d/%m/%Y}",
        figure=lambda found, name: Markup('<span lang="en">figure</span>'),
        title=lambda claim: Markup('<span lang="en">title</span>'),
        short=lambda document: f"Doc {document.id}",
        claim="nl/claims/{}.html",
    )
    found = table(audits, up="../", searched=True, wording=wording)
    assert (
        found.caption.get_text()
        == f"~{len(audits)} statements, by the figures released up to {store().newest:%d/%m/%Y}."
    )
    first = found.select_one("tbody tr[id]")
    assert first.a["href"] == f"../nl/claims/{audits[0].claim.id}.html"
    assert first.a.decode_contents() == '<span lang="en">title</span>'
    assert first.select_one(".cb-figure-told").decode_contents() == '<span lang="en">figure</span>'
    assert found.select_one(".cb-group a")["href"] == "../documents/ics.html"
    assert [option.get_text() for option in found.select("select[name=document] option")] == [
        "~All documents",
        "Doc ics",
        "Doc openness",
    ]
    # All that is shown was said in that language, and attributes that the script compares were not.
    heads = [head.get_text() for head in found.select("thead th")]
    assert all(text.startswith("~") for text in heads + [badge.get_text() for badge in found.select(".cb-verdict")])
    assert all(text.get_text().startswith("~") for text in found.select("label[for], legend, button, summary"))
    assert found.select_one(".cb-board-count")["data-told"] == "~{shown} of {all} statements"
    assert {badge["data-verdict"] for badge in found.select(".cb-verdict")} <= {
        w.replace(" ", "-") for own in board.RANKS.values() for w in own
    }
    assert "supported" in said and "Statement" in said


def test_the_overview_speaks_the_same_language(audits):
    wording = board.Wording(say=lambda text: f"~{text}", about=lambda document: "who and when", document="nl/{}.html")
    html = board.overview(audits, [documents()["ics"]], up="../", wording=wording)
    found = BeautifulSoup(html, "html.parser")
    assert found.select_one("tbody a")["href"] == "../nl/ics.html"
    assert found.select_one("tbody .cb-note").get_text() == "who and when"
    assert all("~" in item.get_text() for item in found.select("li, thead th, caption"))


# Counting


def test_every_word_of_the_vocabularies_counts_as_one_outcome():
    for groups, vocabulary in ((board.OUTCOMES, WHEN_WRITTEN), (board.TODAY, TODAY)):
        words = [word for own in groups.values() for word in own]
        assert sorted(words) == sorted(vocabulary)


def test_the_bar_says_in_words_what_it_draws(audits):
    made = [judged(audits[0], word) for word in ("supported", "on record", "not supported", "not testable")]
    bar = BeautifulSoup(board.bar(board.counts(made, "when_written"), "When written"), "html.parser")
    assert bar.ul["aria-label"] == "When written" and bar.svg["aria-hidden"] == "true"
    assert [item.get_text() for item in bar.select("li")] == ["2 borne out", "1 not borne out", "1 not testable"]
    widths = [float(part["width"]) for part in bar.select("rect")]
    # 400 wide, two gaps of 2: 396 to share as 2 to 1 to 1.
    assert widths == [198.0, 99.0, 99.0]
    assert [float(part["x"]) for part in bar.select("rect")] == [0.0, 200.0, 301.0]


def test_what_bears_a_statement_out_is_named_for_each_kind(audits):
    found = audits[0]
    kinds = {
        "record": {"kind": "fact", "untestable": None},
        "none possible": {"untestable": "Nobody counts them."},
        "\u2013": {"kind": "pledge", "untestable": None},
    }
    for said, change in kinds.items():
        claim = found.claim.model_copy(update=change)
        assert board.readings_told(dataclasses.replace(found, claim=claim)) == said
    trade = audit.audit(claims.claim("ics-two-way-trade"), store())
    assert board.readings_told(trade) == "1 of 3"


def test_the_overview_lists_every_document_with_its_counts(audits):
    found = BeautifulSoup(board.overview(audits, list(documents().values())), "html.parser")
    rows = found.select("tbody tr")
    assert [row.a["href"] for row in rows] == [f"documents/{name}.html" for name in documents()]
    for row, document in zip(rows, documents(), strict=True):
        number, *bars = row.select("td")
        assert number.get_text() == str(len(own(audits, document)))
        for bar in bars:
            told = [int(item.strong.get_text()) for item in bar.select("li")]
            assert sum(told) == len(own(audits, document)) and (told != []) == (bar.get_text() != "none yet")


def test_counts_lead_to_the_statements_behind_them(audits):
    found = BeautifulSoup(board.overview(audits, list(documents().values())), "html.parser")
    links = found.select("li a")
    assert links
    for link in links:
        name = "written" if link.find_parent("td")["data-label"] == "When written" else "today"
        asked = parse_qs(urlsplit(link["href"]).query)
        column = {"written": "when_written", "today": "today"}[name]
        behind = [
            entry
            for entry in own(audits, asked["document"][0])
            if getattr(entry.verdicts, column).word.replace(" ", "-") in asked[name]
        ]
        assert len(behind) == int(link.strong.get_text()) and link["href"].endswith("#board")


def test_counts_beside_a_short_table_lead_nowhere(audits):
    found = BeautifulSoup(board.overview(audits[:5], [documents()["ics"]]), "html.parser")
    assert found.select("li") != [] and found.select("li a") == []
