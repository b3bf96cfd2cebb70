"""Corrections: the log of our own mistakes, which versions and pages it is about, and the page that tells it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import hostile
import jsonschema
import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from analysis import audit, claims, correction_page, corrections, retrospect
from analysis.corrections import Correction, as_layer, read
from analysis.errors import ClaimbookError
from analysis.home import data
from analysis.languages.catalogue import TRANSLATED
from analysis.snapshots.store import store

TRADE = "ics-two-way-trade"
TRADE_PAGES = (f"claims/{TRADE}.html", f"nl/claims/{TRADE}.html", f"fr/claims/{TRADE}.html")


def an_entry(**fields) -> dict:
    return {
        "id": "euros", "dated": "2026-12-03", "title": "Euros were labelled dollars",
        "told": "The chart said dollars. The figures are in euros.", "since": "2026.11", "pages": ["chapters/trade.html"],
        "reported_by": "us", "reported_on": "2026-12-01", **fields,
    }  # fmt: skip


def made(**fields) -> Correction:
    return Correction.model_validate(an_entry(**fields))


@pytest.fixture
def log(tmp_path):
    """A log as a file: from entries, or as it is written."""
    path = tmp_path / "corrections.yaml"

    def put(*entries: dict | str):
        text = entries[0] if isinstance(entries[0], str) else yaml.safe_dump(list(entries), allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put


# What is written in the log


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": "In Euros"}, "id: String should match"),
        ({"since": "2026.13"}, "since: Value error, '2026.13' is not the name of a version; write year and month"),
        ({"since": "v2026.11"}, "since: Value error, 'v2026.11' is not the name of a version"),
        ({"since": 2026.1}, "since: Value error, write the version in quotes"),
        ({"last": 2026.12}, "last: Value error, write the version in quotes"),
        ({"since": None}, "since: Input should be a valid string"),
        ({"last": "2026.10"}, "`last` 2026.10 comes before `since` 2026.11"),
        ({"last": "2026.11rc2"}, "`last` 2026.11rc2 comes before `since` 2026.11"),
        ({"last": "2026.12", "fixed": "2026.12"}, "`fixed` 2026.12 has to come after `last` 2026.12"),
        ({"last": "2026.12", "fixed": "2026.12rc1"}, "`fixed` 2026.12rc1 has to come after `last` 2026.12"),
        ({"fixed": "2026.12"}, "2026.12 has it right, so name in `last` the last version that has it wrong"),
        ({"reported_on": "2026-12-04"}, "reported on 2026-12-04, after it was logged on 2026-12-03"),
        ({"pages": []}, r"name its `pages` or its `claims`; `pages: \[\"\*\"\]` is every page"),
        ({"pages": ["*", "index.html"]}, r"is every page; name no other page"),
        ({"pages": ["*"], "claims": [TRADE]}, "is every page; name no other page and no `claims`"),
        ({"claims": ["ICS/../x"]}, r"claims\.0: String should match"),
        ({"address": "javascript:alert(1)"}, "address: String should match"),
        ({"told": " "}, "told: String should have at least 3"),
        ({"reported_by": ""}, "reported_by: String should have at least 2"),
        ({"severity": "high"}, "severity: Extra inputs are not permitted"),
    ],
)
def test_a_faulty_entry_is_named_with_what_is_wrong(log, fields, told):
    with pytest.raises(ClaimbookError, match=rf"^corrections\.yaml, .*{told}"):
        read(log(an_entry(**fields)))


@pytest.mark.parametrize(
    "page",
    [
        "../index.html", "claims/../index.html", "/index.html", "//evil.example/x.html", "https://evil.example/x.html",
        "javascript:x.html", "claims\\x.html", "claims//x.html", "./index.html", "claims/.html", "claims/x", "x.html#top",
        "x.html?y.html", "x%2e%2e.html", "x.html\n", "a b.html", "", "*.html", "claims/*",
    ],
)  # fmt: skip
def test_a_page_is_a_path_within_a_version(log, page):
    with pytest.raises(ClaimbookError, match=r"pages\.0: Value error, .* is no page within a version; write its path"):
        read(log(an_entry(pages=[page])))
    schema = jsonschema.Draft202012Validator(corrections.json_schema())
    # Python's own $ lets a line end stand after it; editors' does not.
    assert page.endswith("\n") or not schema.is_valid([an_entry(pages=[page])])


def test_a_file_that_is_no_list_is_told_apart_from_an_empty_one(log):
    assert read(log("[]\n")) == ()
    for text in ("# nothing\n", "id: euros\n", "none\n"):
        with pytest.raises(ClaimbookError, match=r"corrections\.yaml holds no list of corrections; .* write \[\]"):
            read(log(text))
    with pytest.raises(ClaimbookError, match="corrections.yaml, entry 2: "):
        read(log("- {}\n- euros\n".replace("{}", json.dumps(an_entry()))))


def test_an_id_stands_once(log):
    with pytest.raises(ClaimbookError, match="two entries share the id euros"):
        read(log(an_entry(), an_entry(dated="2027-01-01")))


def test_a_version_without_quotes_never_becomes_another_one(log):
    """YAML reads 2026.10 as 2026.1."""
    path = log(yaml.safe_dump([an_entry()]).replace("'2026.11'", "2026.10"))
    with pytest.raises(ClaimbookError, match=r'since: Value error, write the version in quotes, such as "2026\.10"'):
        read(path)


def test_the_newest_comes_first_and_those_of_a_day_stay_in_order(log):
    days = {"a": "2026-12-03", "b": "2027-02-01", "c": "2026-12-03", "d": "2026-12-31"}
    found = read(log(*(an_entry(id=name, dated=day) for name, day in days.items())))
    assert [entry.id for entry in found] == ["b", "d", "a", "c"]


# Which versions and pages


@pytest.mark.parametrize(
    ("span", "yes", "no"),
    [
        (
            {"since": "2026.11"},
            ["2026.11", "2026.11.1", "2026.12rc1", "2026.12", "2031.01"],
            ["2026.11rc1", "2026.10.9", "2025.12"],
        ),
        ({"since": "2026.11", "last": "2026.11"}, ["2026.11"], ["2026.11rc9", "2026.11.1rc1", "2026.11.1", "2026.12"]),
        (
            {"since": "2026.11rc2", "last": "2026.11.10", "fixed": "2026.12"},
            ["2026.11rc2", "2026.11rc10", "2026.11", "2026.11.1rc1", "2026.11.2", "2026.11.10"],
            ["2026.11rc1", "2026.11.11", "2026.12rc1", "2026.12"],
        ),
        (
            {"since": "2026.09", "last": "2026.12rc1", "fixed": "2026.12rc2"},
            ["2026.09", "2026.10", "2026.12rc1"],
            ["2026.08", "2026.12rc2", "2026.12"],
        ),
    ],
)
def test_it_affects_the_versions_from_the_first_to_the_last(span, yes, no):
    entry = made(**span)
    for names, affected in ((yes, True), (no, False)):
        assert {name: entry.affects(name, "chapters/trade.html") for name in names} == dict.fromkeys(names, affected)


def test_it_affects_its_pages_and_those_of_its_claims_in_every_language():
    entry = made(pages=["index.html", TRADE_PAGES[0]], claims=[TRADE])
    assert entry.where == ("index.html", *TRADE_PAGES)
    assert all(entry.affects("2026.11", page) for page in entry.where)
    for page in ("about.html", f"claims/{TRADE}.csv", f"claims/{TRADE}-more.html", "nl/index.html", "*", ""):
        assert not entry.affects("2026.11", page), page
    assert len(entry.where) == 2 + len(TRANSLATED), "a page for each language of the site"


def test_every_page_is_every_page_of_those_versions_alone():
    entry = made(pages=["*"], last="2026.11")
    assert entry.affects("2026.11", "any/page.html") and not entry.affects("2026.12", "any/page.html")


def test_what_is_not_the_name_of_a_version_is_refused():
    with pytest.raises(ClaimbookError, match="'latest' is not the name of a version"):
        made().affects("latest", "index.html")


def test_a_withdrawn_claim_stays_nameable():
    assert made(pages=[], claims=["long-gone"]).affects("2026.11", "fr/claims/long-gone.html")


def test_the_layer_gets_plain_data():
    entries = [made(claims=["x"], pages=[], last="2026.11", fixed="2026.12"), made(id="other", pages=["*"])]
    told = json.loads(json.dumps(as_layer(entries)))
    assert told[0] == {
        "id": "euros", "dated": "2026-12-03", "title": "Euros were labelled dollars",
        "told": "The chart said dollars. The figures are in euros.", "first": "2026.11", "last": "2026.11",
        "pages": ["claims/x.html", "nl/claims/x.html", "fr/claims/x.html"], "fixed": "2026.12", "reported_by": "us",
    }  # fmt: skip
    assert told[1]["last"] is None and told[1]["fixed"] is None and told[1]["pages"] == ["*"]
    assert as_layer([]) == []


# The page


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(claims.claim(TRADE), store())]


def shown(text: str) -> BeautifulSoup:
    """A page as a reader gets it, as far as Markdown and its blocks of HTML go."""
    parser = MarkdownIt()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type == "fence" and token.info == "{raw} html":
            token.type = "html_block"
    return BeautifulSoup(parser.renderer.render(tokens, parser.options, {}), "html.parser")


def facts(section) -> list[dict[str, str]]:
    return [
        {row.dt.get_text(): row.dd.get_text() for row in part.select("dl > div")} for part in section(".cb-correction")
    ]


def test_without_an_entry_it_says_so(audits):
    page = shown(correction_page.page(audits, []))
    assert "No mistake in a published version has been logged so far." in page.get_text()
    assert not page.select(".cb-correction, h3")
    headings = [part.get_text() for part in page("h2")]
    assert headings == ["The log", "How to report a mistake", "What this log does not hold"]


def test_one_entry_is_told_whole(audits):
    entry = made(
        claims=[TRADE, "long-gone"], last="2026.11.1", fixed="2026.12", reported_by="A Reader",
        address="https://example.org/issues/7",
    )  # fmt: skip
    page = shown(correction_page.page(audits, [entry]))
    (section,) = page.select("section.cb-correction")
    assert section.h3["id"] == "correction-euros" and section.h3.get_text() == entry.title
    assert section.p.get_text() == entry.told
    assert facts(page.select) == [
        {
            "Versions": "2026.11 to 2026.11.1; right since 2026.12",
            "Pages": f"{audits[0].claim.title}; the statement long-gone; chapters/trade.html",
            "Reported": "By A Reader on 1 December 2026, report and answer",
            "Logged": "3 December 2026",
        }
    ]
    # What may be gone from this version is not linked: the build refuses links that lead nowhere.
    assert [a["href"] for a in section("a")] == [f"claims/{TRADE}.html", "https://example.org/issues/7"]
    assert "so far" not in page.select_one("h2").find_next("p").get_text()


def test_three_entries_stand_in_their_order(audits, log):
    entries = read(
        log(
            an_entry(id="one", dated="2026-12-03"),
            an_entry(id="two", dated="2027-03-01", pages=["*"], last="2027.02"),
            an_entry(id="three", dated="2027-01-01", last="2026.11", fixed="2027.01"),
        )
    )
    page = shown(correction_page.page(audits, entries))
    assert [part["id"] for part in page("h3")] == ["correction-two", "correction-three", "correction-one"]
    told = facts(page.select)
    assert [one["Versions"] for one in told] == [
        "2026.11 to 2027.02; no longer told in later ones",
        "2026.11; right since 2027.01",
        "2026.11 and every later one so far; not yet put right",
    ]
    assert [one["Pages"] for one in told] == ["Every page", "chapters/trade.html", "chapters/trade.html"]
    assert {one["Reported"] for one in told} == {"Found by ourselves on 1 December 2026"}


@pytest.mark.parametrize("text", [*hostile.TEXTS, "```\n# A heading\n```", "{{ log }} {% if %}"])
def test_hostile_texts_stand_on_it_as_text(audits, text):
    link = 'https://evil.example/"><script>alert(1)</script>'
    words = {"title": text, "told": text, "reported_by": text, "address": link}
    entry = made(claims=[TRADE, "long-gone"]).model_copy(update=words)
    bad = dataclasses.replace(audits[0], claim=audits[0].claim.model_copy(update={"title": text}))
    page = shown(correction_page.page([bad], [entry]))
    assert not page.select("script, img, svg, b, style") and [part.get_text() for part in page("h2")][-1].startswith(
        "What"
    )
    assert not [name for part in page.find_all(True) for name in part.attrs if name.startswith("on") or name == "style"]

    def plain(words: str) -> str:
        return " ".join(words.replace("\x00", "\ufffd").split())

    section = page.select_one(".cb-correction")
    assert plain(section.h3.get_text()) == plain(section.p.get_text()) == plain(text)
    assert [plain(a.get_text()) for a in section("a")] == [plain(text), "report and answer"]
    assert section("a")[-1]["href"] == link and plain(f"By {text} on 1") in plain(facts(page.select)[0]["Reported"])


def test_who_reported_makes_no_difference_to_what_is_told(audits):
    """The same words for a mistake that we found and one that somebody told us, whomever it favoured."""
    ours, theirs = (shown(correction_page.page(audits, [made(reported_by=name)])) for name in ("us", "A Reader"))
    for page in (ours, theirs):
        page.select_one(".cb-correction dl").find("dt", string="Reported").parent.decompose()
    assert str(ours) == str(theirs)


def test_it_tells_what_is_no_mistake_of_ours(audits):
    text = " ".join(shown(correction_page.page(audits, [])).get_text().split())
    assert "Its pages are never rewritten" in text and "contest.yml" in text
    for words in ("Errors of publishers.", "Revisions.", "Rules that were changed.", "CHANGELOG.md"):
        assert words in text


# The book's own log


def test_the_book_s_own_log_is_sound():
    for entry in corrections.corrections():
        assert entry.affects(entry.since, "index.html" if entry.where == ("*",) else entry.where[0])
    assert as_layer() == as_layer(corrections.corrections())


def test_its_schema_is_up_to_date_and_agrees():
    told = json.loads(data("corrections.schema.json").read_text(encoding="utf-8"))
    assert told == corrections.json_schema(), "run `claimbook schemas`"
    jsonschema.Draft202012Validator.check_schema(told)
    schema = jsonschema.Draft202012Validator(told)
    assert schema.is_valid([]) and schema.is_valid([an_entry(last="2026.11", fixed=None, claims=[TRADE], pages=["*"])])
    for wrong in ({"since": 2026.11}, {"id": "In Euros"}, {"address": "ftp://x"}, {"severity": "high"}):
        assert not schema.is_valid([an_entry(**wrong)]), wrong
    comment = data(corrections.FILE).read_text(encoding="utf-8").partition("\n#\n")[2].partition("\n#\n")[0]
    (form,) = yaml.safe_load("\n".join(line.removeprefix("# ") for line in comment.splitlines()))
    assert set(form) == set(Correction.model_fields), "the form in the file names every field"
    assert Correction.model_validate(form).fixed == "2026.12"


def test_in_retrospect_the_log_is_that_of_the_day(audits, log, monkeypatch):
    entries = read(log(an_entry(id="one"), an_entry(id="two", dated="2027-03-01")))
    for day, ids in (
        ("2026-12-02", []),
        ("2026-12-03", ["correction-one"]),
        ("", ["correction-two", "correction-one"]),
    ):
        monkeypatch.setenv(retrospect.VARIABLE, day)
        assert retrospect.day() == (dt.date.fromisoformat(day) if day else None)
        assert [part["id"] for part in shown(correction_page.page(audits, entries))("h3")] == ids
