"""Files for machines: the API, the ledger, the citations and the map of the site."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from xml.etree import ElementTree

import hostile
import jsonschema
import pytest
from bs4 import BeautifulSoup
from pybtex.database import parse_string

from analysis import audit, claim_pages, claims
from analysis.cells import FORMULAS
from analysis.errors import ClaimbookError
from analysis.exports import api, citations, ledger, machines, names, sitemap
from analysis.home import data
from analysis.snapshots.store import store

ADDRESS = "https://example.org/book/"
DAY = dt.date(2026, 7, 1)
# A statistic, a pledge that is due, a forecast, a fact, an untestable one.
NAMES = ("nvs-trade-share", "ics-wales-two-per-cent", "nvs-africa-2050", "nvs-founder-host", "ics-seventy-years")
# Types and fields of citation items that CSL 1.0.2 knows, as far as they are used here.
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "type": {"enum": ["article", "dataset", "document", "entry", "figure", "report", "review", "webpage"]},
            "id": {"type": ["string", "number"]},
            **{name: {"$ref": "#/definitions/names"} for name in ("author", "reviewed-author")},
            **{name: {"type": "string"} for name in ("title", "container-title", "reviewed-title", "note")},
            "language": {"type": "string"},
            "URL": {"type": "string"},
            "number": {"type": ["string", "number"]},
            "issued": {"$ref": "#/definitions/date"},
        },
    },
    "definitions": {
        "names": {
            "type": "array",
            "items": {"additionalProperties": False, "properties": {"literal": {"type": "string"}}},
        },
        "date": {
            "additionalProperties": False,
            "properties": {
                "date-parts": {
                    "type": "array",
                    "maxItems": 2,
                    "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": ["string", "number"]}},
                }
            },
        },
    },
}


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(claims.claim(name), store(), DAY) for name in NAMES]


@pytest.fixture(scope="module")
def made(audits) -> dict[str, str]:
    return machines.files(audits, DAY, ADDRESS)


@pytest.fixture(scope="module", params=hostile.TEXTS)
def bad(request, audits) -> list[audit.Audited]:
    return [hostile.claim(found, request.param) for found in audits]


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(data(f"{name}.schema.json").read_text(encoding="utf-8")))


def claim_files(files: dict[str, str]) -> list[dict]:
    return [json.loads(text) for path, text in files.items() if path.startswith("api/claims/")]


# The API


def test_every_file_stands_where_its_claim_says(audits, made):
    there = {"api/verdicts.json", "api/verdicts.schema.json", "api/claim.schema.json", "ledger.csv", "ledger.json"}
    for found in audits:
        places = names.places(found.claim)
        there |= {places.json, places.bibtex, places.csl}
    assert set(made) == there


def test_the_files_keep_their_schemas(made):
    schema("verdicts").validate(json.loads(made["api/verdicts.json"]))
    told = claim_files(made)
    assert len(told) == len(NAMES)
    for entry in told:
        schema("claim").validate(entry)


def test_the_published_schemas_are_those_of_the_book_by_their_address(made):
    for name in ("verdicts", "claim"):
        published = json.loads(made[f"api/{name}.schema.json"])
        assert published.pop("$id") == f"{ADDRESS}api/{name}.schema.json"
        assert published == json.loads(data(f"{name}.schema.json").read_text(encoding="utf-8"))


def test_a_file_leads_to_its_schema(made):
    for path, text in made.items():
        if path.startswith("api/") and not path.endswith("schema.json"):
            folder, leads = path.rpartition("/")[0], json.loads(text)["$schema"]
            while leads.startswith("../"):
                folder, leads = folder.rpartition("/")[0], leads.removeprefix("../")
            assert f"{folder}/{leads}" in made


def test_index_and_claim_file_say_what_the_audit_says(audits, made):
    told = {entry["id"]: entry for entry in json.loads(made["api/verdicts.json"])["claims"]}
    for found, file in zip(audits, claim_files(made), strict=True):
        said = json.loads(audit.as_json(found).model_dump_json())
        assert file["claim"] == said
        entry = told[found.claim.id]
        assert all(entry[name] == said[name] for name in ("id", "document", "title", "verdict", "reason", "margin"))
        assert entry["figure"] == file["figure"] and entry["record"] == file["record"]


def test_what_is_not_testable_tells_no_figure_and_no_record(made):
    told = json.loads(made["api/verdicts.json"])["claims"]
    seen = 0
    for entry in told:
        for time, word in entry["verdict"].items():
            if word == "not testable":
                seen += 1
                assert entry["figure"][time] is None and entry["record"][time] is None
    assert seen > 3
    decided = next(entry for entry in told if entry["id"] == "nvs-trade-share")["figure"]["when_written"]
    assert decided["unit"] == "% of GDP" and decided["year"] == 2020 and decided["released"] and decided["told"]


def test_without_an_address_none_is_told(audits):
    files = machines.files(audits, DAY, "")
    assert json.loads(files["api/verdicts.json"])["address"] is None
    assert "$id" not in json.loads(files["api/claim.schema.json"])
    assert not any("example.org" in text for text in files.values())
    for entry in claim_files(files):
        schema("claim").validate(entry)


def test_the_same_audit_gives_the_same_bytes(audits, made):
    assert machines.files(audits, DAY, ADDRESS) == made


def test_hostile_text_is_text_in_the_api(bad):
    files = api.files(bad, DAY, ADDRESS)
    schema("verdicts").validate(json.loads(files["api/verdicts.json"]))
    for found, entry in zip(bad, claim_files(files), strict=True):
        schema("claim").validate(entry)
        assert entry["claim"]["statement"] == found.claim.statement
        assert entry["document"]["title"] == found.claim.document.title


# The ledger


def rows(files: dict[str, str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["ledger.csv"], newline="")))


def test_the_two_ledgers_say_the_same(made):
    told = json.loads(made["ledger.json"])
    assert list(told["columns"]) == list(told["rows"][0])
    for flat, entry in zip(rows(made), told["rows"], strict=True):
        assert list(flat) == list(entry)
        for name, value in entry.items():
            text = "" if value is None else str(value)
            assert flat[name] == (f"'{text}" if isinstance(value, str) and text.startswith(FORMULAS) else text), name


def test_a_row_tells_verdict_figure_and_unit(audits, made):
    row = next(row for row in rows(made) if row["id"] == "nvs-trade-share")
    found = audits[0].verdicts.when_written
    assert row["verdict_when_written"] == found.word == "not supported"
    assert float(row["value_when_written"]) == found.choice.evaluation.value
    assert row["value_unit_when_written"] == "% of GDP" and row["margin_unit_when_written"] == "% of GDP"
    assert row["page"] == f"{ADDRESS}claims/nvs-trade-share.html"
    fact = next(row for row in rows(made) if row["id"] == "nvs-founder-host")
    assert fact["record_when_written"] and fact["record_address_when_written"].startswith("https://")
    assert fact["value_when_written"] == "" and fact["record_as_revised"] == ""


def test_hostile_text_is_text_in_the_ledger(bad):
    files = ledger.files(bad, DAY, ADDRESS)
    told = rows(files)
    assert len(told) == len(bad)
    for row, found in zip(told, bad, strict=True):
        assert row["statement"].removeprefix("'") == found.claim.statement.removeprefix("'")
        for cell in row.values():
            assert not cell.startswith(FORMULAS) or re.fullmatch(r"-\d+(\.\d+)?(e-?\d+)?", cell)
    assert json.loads(files["ledger.json"])["rows"][0]["title"] == bad[0].claim.title


# Citations


def test_a_citation_is_read_by_bibtex_and_keeps_the_types_of_csl(audits, made):
    for found in audits:
        places = names.places(found.claim)
        entry = parse_string(made[places.bibtex], "bibtex").entries[f"claimbook-{found.claim.id}"]
        assert entry.fields["url"] == f"{ADDRESS}{places.page}" and entry.fields["date"] == DAY.isoformat()
        items = json.loads(made[places.csl])
        jsonschema.validate(items, CSL)
        assert items[0]["title"] == found.claim.title and items[0]["URL"] == f"{ADDRESS}{places.page}"
        assert items[0]["issued"]["date-parts"] == [[2026, 7, 1]]


def test_a_citation_without_an_address_names_the_page(audits):
    cited = citations.claim(audits[0], DAY, "")
    assert cited.text.endswith("Page: claims/nvs-trade-share.html")
    assert "url" not in cited.bibtex and "URL" not in cited.csl


def test_hostile_text_is_text_in_a_citation(bad):
    for found in bad:
        cited = citations.claim(found, DAY, ADDRESS)
        entries = parse_string(cited.bibtex, "bibtex").entries
        assert list(entries) == [f"claimbook-{found.claim.id}"]
        assert entries[f"claimbook-{found.claim.id}"].fields["url"] == f"{ADDRESS}{names.places(found.claim).page}"
        items = json.loads(cited.csl)
        jsonschema.validate(items, CSL)
        assert items[0]["reviewed-title"] == found.claim.document.title


def test_the_page_shows_the_citation_and_leads_to_its_files(audits):
    text = claim_pages.rest(audits[0], claims.ledger(), ADDRESS)
    block = BeautifulSoup(text[text.index("## Cite") :], "html.parser")
    cited = citations.claim(audits[0], DAY, ADDRESS)
    assert " ".join(block.select_one(".cb-cite").get_text().split()) == cited.text
    assert [code.get_text().strip() for code in block.select("details pre code")] == [
        cited.bibtex.strip(),
        cited.csl.strip(),
    ]
    links = {link["href"] for link in block.select("a[href]")}
    own = "nvs-trade-share"
    assert {f"{own}.bib", f"{own}.cite.json", f"../api/claims/{own}.json", "../api/claim.schema.json"} <= links


def test_hostile_text_is_text_in_the_block_on_the_page(bad):
    for found in bad:
        text = claim_pages._cite(found.claim, citations.claim(found, DAY, ADDRESS), DAY, ADDRESS)
        block = BeautifulSoup(text, "html.parser")
        assert {tag.name for tag in block.find_all(True)} == {
            "p", "cite", "details", "summary", "pre", "code", "a",
        }  # fmt: skip
        assert not any(name.startswith("on") or name == "style" for tag in block.find_all(True) for name in tag.attrs)


# The map of the site

PAGES = ("index.html", "claims/b.html", "claims/a.html", "nl/index.html", "nl/claims/a.html", "fr/claims/é&<.html")
OTHERS = {"claims/a.html": {"en": "claims/a.html", "nl": "nl/claims/a.html"}}
SPACES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}


def test_the_sitemap_keeps_the_rules_of_the_protocol():
    files = sitemap.files(PAGES, ADDRESS, OTHERS)
    assert files["sitemap.xml"].startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(files["sitemap.xml"].encode())
    assert root.tag == f"{{{SPACES['map']}}}urlset"
    located = []
    for entry in root:
        assert entry.tag == f"{{{SPACES['map']}}}url"
        assert [child.tag.rpartition("}")[2] for child in entry][:1] == ["loc"]
        located.append(entry.findtext("map:loc", namespaces=SPACES))
    assert all(len(place) < 2048 and place.startswith(ADDRESS) and place.isascii() for place in located)
    assert len(set(located)) == len(PAGES)
    assert {ADDRESS, f"{ADDRESS}nl/", f"{ADDRESS}fr/claims/%C3%A9%26%3C.html"} <= set(located)


def test_the_sitemap_tells_other_languages_both_ways_as_they_are_given():
    root = ElementTree.fromstring(sitemap.files(PAGES, ADDRESS, OTHERS)["sitemap.xml"])
    links = {
        entry.findtext("map:loc", namespaces=SPACES): {
            link.get("hreflang"): link.get("href") for link in entry.findall("xhtml:link[@rel='alternate']", SPACES)
        }
        for entry in root
    }
    assert links[f"{ADDRESS}claims/a.html"] == {"en": f"{ADDRESS}claims/a.html", "nl": f"{ADDRESS}nl/claims/a.html"}
    assert links[f"{ADDRESS}claims/b.html"] == {}


def test_the_order_of_the_pages_does_not_matter_and_robots_find_the_map():
    files = sitemap.files(PAGES, ADDRESS)
    assert files == sitemap.files((*reversed(PAGES), "index.html"), ADDRESS)
    assert files["robots.txt"] == f"User-agent: *\nAllow: /\nSitemap: {ADDRESS}sitemap.xml\n"


def test_without_an_address_there_is_no_map():
    assert sitemap.files(PAGES, "", OTHERS) == {}


def test_a_map_that_the_protocol_forbids_is_refused():
    with pytest.raises(ClaimbookError, match="50,001"):
        sitemap.files([f"{number}.html" for number in range(50_001)], ADDRESS)
    with pytest.raises(ClaimbookError, match="2,048"):
        sitemap.files(["é" * 1000 + ".html"], ADDRESS)
