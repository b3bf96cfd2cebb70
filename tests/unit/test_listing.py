"""The table of statements: every cell escaped, every verdict told, every statement a link."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import pytest

from analysis import listing, panels
from analysis.audit import Audited, audit
from analysis.claims import Claim
from analysis.records import Record
from analysis.verdicts import decide

SHARE = "worldbank.NE.EXP.GNFS.ZS"
AS_OF = dt.date(2026, 10, 31)


def made(identifier: str = "made-claim", **fields) -> Claim:
    document = {
        "id": "made", "short": "Plan <2018> & more", "title": "Made for a test", "author": "A test", "language": "en",
        "country": "BEL", "dated": dt.date(2018, 8, 27),
    }  # fmt: skip
    entry = {
        "id": identifier, "theme": "openness", "title": 'Exports "above" <b>80</b> & more', "statement": "Made for a test",
        "place": "Page 1", "document": document, "untestable": "Nobody counts it.",
    }  # fmt: skip
    return Claim.model_validate({**entry, **fields})


def audited(claim: Claim) -> Audited:
    return Audited(claim, {}, decide(claim, {}, AS_OF))


def fact(identifier: str = "made-fact") -> Claim:
    record = {
        "id": "vote", "title": "A vote", "publisher": "United Nations", "address": "https://www.un.org/page",
        "dated": "2018-06-08", "seen": dt.date(2026, 10, 1), "standing": "official", "says": "It tells of a vote.",
    }  # fmt: skip
    listed = [{"record": Record.model_validate(record), "agrees": True, "told": "It says so."}]
    return made(identifier, title="A seat", kind="fact", records=listed, untestable=None)


class Table(HTMLParser):
    """Rows of cells as text, and where links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.caption = ""
        self.feed(html)
        self.close()
        assert self.open == []  # what is opened is closed, in order

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "caption" in self.open:
            self.caption += data
        elif self.rows:
            self.rows[-1][-1] += data


def table(*claims: Claim, caption: str = "Two statements", **more) -> Table:
    return Table(listing.statements([audited(claim) for claim in claims], caption, **more))


def test_a_row_tells_a_statement_its_document_and_three_verdicts():
    told = table(made(), fact())
    assert told.rows[0] == ["Statement", "Document", *panels.HEADINGS.values()]
    assert told.rows[1] == [
        'Exports "above" <b>80</b> & more', "Plan <2018> & more", "not testable", "not testable", "not testable",
    ]  # fmt: skip
    assert told.rows[2][:2] == ["A seat", "Plan <2018> & more"]
    assert [told.rows[2][at].startswith(word) for at, word in ((2, "on record"), (3, "not testable"), (4, "true"))]
    assert told.caption == "Two statements."


def test_what_the_ledger_says_is_escaped():
    html = listing.statements([audited(made())], "A <caption>")
    assert "<b>" not in html and "<2018>" not in html and "A <caption>" not in html
    assert "Exports &quot;above&quot; &lt;b&gt;80&lt;/b&gt; &amp; more" in html


def test_a_statement_leads_to_its_own_page():
    assert table(made(), fact()).links == ["../claims/made-claim.html", "../claims/made-fact.html"]
    assert table(made(), up="").links == ["claims/made-claim.html"]
    assert table(made(), up="../../").links == ["../../claims/made-claim.html"]


def test_the_document_is_left_out_where_it_goes_without_saying():
    told = table(made(), document=False)
    assert told.rows[0] == ["Statement", *panels.HEADINGS.values()]
    assert len(told.rows[1]) == 4


def test_a_table_of_nothing_has_its_head():
    assert table(caption="No statement").rows == [["Statement", "Document", *panels.HEADINGS.values()]]


def test_every_cell_is_labelled_for_narrow_screens_and_told_to_readers_aloud():
    html = listing.statements([audited(made())], "One statement")
    assert html.count("data-label=") == 5
    for name in ("Statement", "Document", *panels.HEADINGS.values()):
        assert f'data-label="{name}"' in html
    assert 'role="region" aria-label="One statement"' in html
    assert html.count('scope="col"') == 5 and html.count('scope="row"') == 1


@pytest.mark.parametrize(("value", "word"), [(85.0, "supported"), (70.0, "not supported")])
def test_a_verdict_stands_with_the_figure_that_decided(shelf, figures, value, word):
    years = dict.fromkeys(range(2014, 2026), value)
    shelf.add("worldbank", "2018-07-15", figures(SHARE, {("BEL", ""): {y: v for y, v in years.items() if y < 2018}}))
    shelf.add("worldbank", "2026-07-01", figures(SHARE, {("BEL", ""): years}))
    reading = {
        "id": "exports",
        "label": "Exports",
        "definition": "Exports",
        "measure": "share_of_gdp",
        "inputs": {"share": SHARE},
    }
    claim = made(untestable=None, printed="85 per cent", unit="% of GDP", readings=[reading])
    html = listing.statements([audit(claim, shelf.store())], "One statement")
    then, _, now = Table(html).rows[1][2:]
    assert then == f"{word}{value:.1f} per cent of GDP in 2017"
    assert now.endswith(f"{value:.1f} per cent of GDP in 2025")
    assert f'data-verdict="{word.replace(" ", "-")}"' in html
