"""What a page says of itself and may run: facts, policy, frame, and pages made beside Sphinx."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.errors import ClaimbookError
from analysis.site import head, inline, policy, shell, styles
from analysis.site.frame import STATIC, Frame
from analysis.site.head import PageFacts

HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }} {% raw %} `${1}`",
    "&lt;b&gt; & <b> \u2028 \u2029 \u202e",
    '=HYPERLINK("x")',
]


def made(path="nl/claims/x.html", title="Title", language="nl", body="<h1>Title</h1>", facts=None, address=""):
    return shell.page(path=path, title=title, language=language, body=body, facts=facts or PageFacts(), address=address)


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def test_a_page_leads_to_the_root_from_any_depth():
    for path, root in (("index.html", ""), ("nl/index.html", "../"), ("nl/claims/x.html", "../../")):
        page = soup(made(path))
        assert page.html["data-root"] == root
        assert page.select_one("link[rel=stylesheet]")["href"].startswith(f"{root}_static/claimbook.css?v=")
        assert page.select_one(".cb-tools a[href$='search.html']")["href"] == f"{root}search.html"


def test_the_brand_leads_to_the_first_page_in_the_language_of_the_page():
    assert soup(made("nl/claims/x.html")).select_one(".cb-brand")["href"] == "../../nl/index.html"
    assert soup(made("x.html", language="en")).select_one(".cb-brand")["href"] == "index.html"


def test_other_languages_are_led_to_by_the_way_and_named_by_their_address():
    facts = PageFacts(languages={"en": "claims/x.html", "nl": "nl/claims/x.html"}, kind="claim")
    without, known = soup(made(facts=facts)), soup(made(facts=facts, address="https://a.example/b/"))
    assert not without.select("link[hreflang]")  # search engines take whole addresses only
    assert known.select_one("link[hreflang=en]")["href"] == "https://a.example/b/claims/x.html"
    for page in (without, known):
        switch = page.select(".cb-languages a")
        assert [(link["lang"], link["href"], link.get("aria-current")) for link in switch] == [
            ("en", "../../claims/x.html", None),
            ("nl", "../../nl/claims/x.html", "true"),
        ]


def test_without_an_address_nothing_claims_one():
    page = soup(made())
    assert not page.select("link[rel=canonical]") and not page.select("meta[property='og:url']")
    known = soup(made("nl/index.html", address="https://a.example/"))
    assert known.select_one("link[rel=canonical]")["href"] == "https://a.example/nl/"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text, tmp_path):
    facts = PageFacts(
        description=text, picture=f"pictures/{text}.png", data=[{"@type": "Claim", "name": text}], kind="claim"
    )
    page = made(title=text, facts=facts, address="https://a.example/")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert inline.check(tmp_path) == []
    read = soup(page)
    assert read.title.get_text() == text
    assert read.select_one("meta[name=description]")["content"] == text
    blocks = read.select("script[type='application/ld+json']")
    assert [json.loads(block.string) for block in blocks] == [{"@type": "Claim", "name": text}]
    assert len(read.select("script")) == 1 + 1 + 1  # the first line, the shell, the data
    assert not read.select("img") and not [
        tag for tag in read.find_all(True) if any(n.startswith("on") for n in tag.attrs)
    ]


def test_the_policy_names_the_one_line_that_stands_in_every_page():
    page = soup(made())
    line = next(script for script in page.select("script") if not script.get("src"))
    digest = base64.b64encode(hashlib.sha256(line.string.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.select_one("meta[http-equiv]")["content"]
    assert "unsafe" not in page.select_one("meta[http-equiv]")["content"]


def test_only_the_search_may_run_webassembly_and_workers():
    assert "wasm-unsafe-eval" not in policy.policy() and "worker-src" not in policy.policy()
    assert "'wasm-unsafe-eval'" in policy.policy(search=True) and "worker-src 'self'" in policy.policy(search=True)
    for words in ({}, {"search": True}, {"header": True, "embedded": True}):
        assert "'unsafe-eval'" not in policy.policy(**words) and "'unsafe-inline'" not in policy.policy(**words)


def test_every_page_falls_under_one_policy_of_the_headers():
    pages = ["index.html", "about.html", "search.html", "claims/a.html", "nl/claims/a.html", "cards/a.html"]
    text = policy.headers_file(pages)
    rules = dict(re.findall(r"^(/\S*)\n  Content-Security-Policy: (.*)$", text, re.M))
    assert rules.pop("/figures/*").endswith("sandbox") and "script-src" not in policy.PICTURES
    assert set(rules) == {
        "/", "/index.html", "/about", "/about.html", "/search", "/search.html", "/claims/*", "/nl/*", "/cards/*"
    }  # fmt: skip
    assert "frame-ancestors *" in rules["/cards/*"] and "wasm" in rules["/search"]
    assert all("frame-ancestors 'self'" in rule for path, rule in rules.items() if path != "/cards/*")
    assert text.startswith("/*\n  X-Content-Type-Options: nosniff\n")


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p onclick='x()'>", "<p> has a handler of its own, onclick="),
        ("<p style='color: red'>", "<p> has a style of its own"),
        ("<style>p{}</style>", "<style> stands in the page"),
        ("<script>alert(1)</script>", "its policy does not name the script 'alert(1)'"),
    ],
)
def test_what_the_policy_would_refuse_is_a_fault_of_the_build(html, fault, tmp_path):
    (tmp_path / "a.html").write_text(made(body=html), encoding="utf-8")
    faults = inline.check(tmp_path)
    assert len(faults) == 1 and faults[0].startswith("a.html: ") and fault in faults[0]


def test_a_page_without_policy_or_with_a_loose_one_is_a_fault(tmp_path):
    loose = '<meta http-equiv="Content-Security-Policy" content="script-src \'unsafe-eval\'">'
    (tmp_path / "loose.html").write_text(loose, encoding="utf-8")
    (tmp_path / "none.html").write_text("<p>", encoding="utf-8")
    assert inline.check(tmp_path) == ["loose.html: its policy allows 'unsafe-eval'", "none.html: it states 0 policies"]


def test_facts_come_back_as_they_were_kept(tmp_path):
    told = {"index": PageFacts(kind="home", description="\u201ca\u201d"), "a/b": PageFacts(filters={"Page": ["x"]})}
    whole = head.Whole(address="https://a.example/", above=("All", "index.html"), png=False)
    head.write(tmp_path / "facts.json", whole, told)
    assert head.read(tmp_path / "facts.json") == (whole, told)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"address": "", "pages": {"a": {"colour": 1}}}'])
def test_a_file_without_facts_is_named(text, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(text)
    with pytest.raises(ClaimbookError, match="facts.json holds no facts of pages"):
        head.read(path)


def test_a_page_is_of_a_known_kind():
    with pytest.raises(ValueError, match="home, chapter, claim, document, editions, text, not 'poem'"):
        PageFacts(kind="poem")


def test_the_style_sheet_holds_every_part_and_both_ways_into_the_dark():
    sheet = styles.sheet()
    assert {f"{name}.css" for name in styles.ORDER} | {"dark.css", "card.css"} == {
        path.name for path in styles.PARTS.iterdir()
    }
    assert sheet.count("--cb-paper: #14181b") == 2
    assert 'html[data-theme="dark"]' in sheet and "html:not([data-theme])" in sheet
    assert "/*" not in sheet and "http" not in sheet.replace('[href^="http"]', "")
    for name in re.findall(r"url\(\"?([^)\"]+)", sheet):
        assert name.startswith("data:") or (STATIC / name).is_file()


def test_the_version_of_a_file_changes_with_it():
    frame = Frame(path="a/b.html", title="x")
    assert (
        frame.asset("js/shell.js")
        == f"../_static/js/shell.js?v={styles.version(Path(STATIC / 'js/shell.js').read_bytes())}"
    )
    assert styles.version(b"a") != styles.version(b"b")


@pytest.mark.parametrize("script", sorted(path.name for path in (STATIC / "js").glob("*.js")))
def test_scripts_are_classic_and_keep_to_themselves(script):
    text = (STATIC / "js" / script).read_text(encoding="utf-8")
    assert '"use strict"' in text and text.rstrip().endswith("})();")
    for word in (
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "http:",
        "https:",
    ):
        assert word not in text, word
    assert ("import(" in text) == (script == "search.js")
