"""A book of hostile material, built by the command that builds every book: nothing of it runs, all of it can be read.

Its ledger, names of countries and publishers, glossary, chapter, chart, file name and public address try to be more
than text. Pages are looked at as they are served, and once more by a browser that keeps to no policy: what does not
run there is escaped, not only forbidden.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import yaml
from serving import serving

from analysis.blocks import escape_markdown
from analysis.book import public
from analysis.cells import FORMULAS, safe
from analysis.errors import ClaimbookError
from analysis.site import links, onefile

ROOT = Path(__file__).resolve().parents[2]
RUN = "<img src=x onerror=window.pwned=1>"
SCRIPT = "<script>window.pwned=1</script>"
# Ends an attribute, a title, a script, a comment and a fence; Markdown, entities, marks of direction, a line of its own.
TEXT = (
    f"\"'><b>&amp; </title></script>{SCRIPT}--><!-- {RUN} ``` [x](javascript:pwned=1) | \u202eabc\u202c &#x3c;i> \\ *_"
)
LINES = f"{TEXT}\n\n# {RUN}\n\n```html\n{SCRIPT}\n```\n:::\n{RUN}\r- {RUN}"
DIRECTIVE = f"{LINES}\n\n```{{raw}} html\n{SCRIPT}\n```\n\n{{{{ scoreboard }}}}"
LABEL = f"'\"><i>{RUN}"[:40]
TITLE = f"A canary among titles {TEXT}"
FORMULA = '=HYPERLINK("https://evil.example/") a;=1+1;"=2+2"\n@SUM(1)'
COUNTRY = f"Belgium\"'>{RUN}"
ADDRESS = "https://book.example/it's&co/"
CHAPTER = "it's <i>&amp; 100% #1"
LINK = 'https://evil.example/"onmouseover="window.pwned=1"><script>window.pwned=1</script>\''
MINE = [f"hostile-{number}" for number in range(1, 13)]
FIGURE = "window-pwned"
CHAPTER_FIGURE = f"chapters/{CHAPTER}/{FIGURE}"

PAGES = {
    "home": "index.html", "home-nl": "nl/index.html", "home-fr": "fr/index.html",
    "claim": f"claims/{MINE[0]}.html", "fact": f"claims/{MINE[1]}.html", "untestable": f"claims/{MINE[2]}.html",
    "claim-nl": f"nl/claims/{MINE[0]}.html", "fact-fr": f"fr/claims/{MINE[1]}.html",
    "card": f"cards/{MINE[0]}.html", "card-fr": f"cards/{MINE[1]}.fr.html",
    "document": "documents/hostile.html", "chapter": quote(f"chapters/{CHAPTER}.html"),
    "methods": "methods.html", "glossary": "glossary.html", "sources": "sources.html",
    "corrections": "corrections.html",
    "search": "search.html?q=canary",
}  # fmt: skip
# What no page of the book holds by itself, wherever it came from.
INTRUDERS = """[...document.querySelectorAll("*")].filter(found =>
  ["B", "I", "IMG", "IFRAME", "OBJECT", "EMBED", "STYLE", "BASE"].includes(found.tagName.toUpperCase())
  || [...found.attributes].some(one => /^(on|srcdoc)/i.test(one.name)
    || one.name === "style" && !found.closest(".cb-stage, .cb-tip, .cb-dot")
    || /^(href|src|action|formaction|xlink:href)$/i.test(one.name) && /^[\\s\\x00-\\x1f]*(javascript|data|vbscript):/i.test(one.value))
  || found.tagName === "SCRIPT" && /pwned/.test(found.text) && found.type !== "application/ld+json"
).map(found => found.outerHTML.slice(0, 200))"""


@dataclass(frozen=True)
class Hostile:
    """The built site: its folder, and its address on loopback."""

    folder: Path
    served: str


def ledger() -> dict:
    """Statements of the real ledger with other words: one of figures, one of records, and many that nothing decides."""
    real = {entry["id"]: entry for entry in yaml.safe_load((ROOT / "data/claims/nvs.yaml").read_text())["claims"]}
    figures, fact = real["nvs-trade-share"], real["nvs-jobs-fifth"]
    words = {"title": TITLE, "statement": LINES, "place": TEXT, "caveats": [TEXT, LINES, FORMULA]}
    reply = {"by": TEXT, "dated": "2024-01-02", "text": LINES, "address": LINK}
    readings = [
        {**entry, "label": LABEL, "definition": f"{{country}} {TEXT}", "note": {"text": TEXT, "address": LINK}}
        for entry in figures["readings"]
    ]
    records = [{"record": f"bad-{at}", "agrees": agrees, "told": TEXT} for at, agrees in enumerate((True, False, None))]
    drawn = {"title": f"Window pwned {RUN}", "unit": f"per cent {RUN}"}
    own = [
        {
            **figures,
            **words,
            "id": MINE[0],
            "readings": readings,
            "records": records,
            "replies": [reply],
            "figure": drawn,
        },
        {**fact, **words, "id": MINE[1], "records": records},
    ]
    for at, identifier in enumerate(MINE[2:]):
        short = {"title": FORMULA if at else TITLE, "statement": LINES, "place": TEXT, "untestable": LINES}
        own.append({"id": identifier, "theme": "openness", **short})
    return {"document": "hostile", "claims": own}


def chart() -> dict:
    """A chart that readers move, with hostile words wherever one may hold words."""
    rows = [
        {"year": 2020 + at % 3, "value": at, "who": f"{at // 3}{LABEL}", "url": LINK, "href": "javascript:pwned=1"}
        for at in range(6)
    ]
    said = {
        "title": f"{RUN}", "subtitle": TEXT, "alt": TEXT, "source": TEXT, "id": FIGURE,
        "table": {"columns": [FORMULA, f"who {RUN}", "value"], "rows": [[FORMULA, TEXT, -1.5], [LABEL, "+1", 2]]},
        "told": {"signal": "sentence", "text": f"{RUN} at first"},
    }  # fmt: skip
    axis = {"title": f"per cent {LABEL}"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json",
        "usermeta": {"claimbook": said, "embedOptions": {"actions": True, "ast": False, "defaultStyle": RUN}},
        "title": TEXT,
        "width": 400,
        "data": {"values": rows},
        "params": [
            {"name": "by", "value": 1, "bind": {"input": "range", "min": 0, "max": 9, "name": f"By {RUN}"}},
            {"name": "sentence", "expr": f"{json.dumps(RUN)} + by"},
        ],
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "axis": axis},
            "y": {"field": "value", "type": "quantitative", "axis": axis},
            "color": {"field": "who", "type": "nominal", "legend": {"title": LABEL, "orient": "top", "columns": 1}},
        },
    }  # fmt: skip


def written(home: Path) -> None:
    """A book's folder: the repository's own with hostile declarations in the place of some of them."""
    for name in ("_config.yml", "about.md", "index.md"):
        shutil.copy2(ROOT / name, home / name)
    (home / "data" / "claims").mkdir(parents=True)
    (home / "data" / "areas").mkdir()
    for path in [*(ROOT / "data").iterdir(), *(ROOT / "data" / "areas").iterdir()]:
        if not (home / path.relative_to(ROOT)).exists():
            (home / path.relative_to(ROOT)).symlink_to(path)

    def changed(name: str, change) -> None:
        path = home / "data" / name
        told = change(yaml.safe_load((ROOT / "data" / name).read_text(encoding="utf-8")))
        path.unlink(missing_ok=True)
        path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")

    document = {
        "id": "hostile", "short": f"Short {TEXT}", "title": TEXT, "author": TEXT, "language": "nl", "country": "BEL",
        "dated": "2021-12-01", "address": LINK, "address_note": TEXT,
    }  # fmt: skip
    record = {
        "title": TEXT,
        "publisher": TEXT,
        "address": LINK,
        "dated": "2020",
        "seen": "2026-01-02",
        "says": DIRECTIVE,
    }
    term = {"term": TEXT, "also": ["canary"], "meaning": DIRECTIVE, "source": LINK}
    (home / "data/claims/hostile.yaml").write_text(yaml.safe_dump(ledger(), allow_unicode=True), encoding="utf-8")
    changed("documents.yaml", lambda told: [document])
    changed("records.yaml", lambda told: [{**record, "id": f"bad-{at}", "standing": "press"} for at in range(3)])
    changed("glossary.yaml", lambda told: [*told, term])
    changed("conventions.yaml", lambda told: [{"term": TEXT, "rule": DIRECTIVE, "used_for": TEXT}])
    correction = {
        "id": "hostile", "dated": "2026-12-03", "title": TITLE, "told": DIRECTIVE, "since": "2026.11",
        "claims": [MINE[0], "withdrawn"], "reported_by": TEXT, "reported_on": "2026-12-01", "address": LINK,
    }  # fmt: skip
    changed("corrections.yaml", lambda told: [correction])
    changed("areas/common.yaml", lambda told: told["areas"].update(BEL={"kind": "country", "name": COUNTRY}) or told)
    words = dict.fromkeys(("title", "product", "cadence", "cite", "licence_title", "terms"), TEXT)
    changed("publishers.yaml", lambda told: told["worldbank"].update(words) or told)
    bundle = {"application/vnd.vegalite.v6+json": chart(), "text/plain": TEXT}
    cells = [
        (
            "markdown",
            f"# A chapter `{TEXT.replace('`', '')}`\n\nOf the canary.\n\n## One `{RUN}`\n\nText.\n\n## Two\n\nText.",
        ),
        ("code", f"from IPython.display import display\n\nprint({TEXT!r})\ndisplay({bundle!r}, raw=True)"),
        ("code", "from analysis import chapters\n\nchapter = chapters.start(country='BEL')\nchapter.heading()"),
        ("code", f"chapter.claim({MINE[0]!r})"),
        ("code", f"chapter.text({MINE[0]!r})"),
        ("code", "chapter.statements('openness')"),
    ]
    made = [
        {"cell_type": kind, "id": f"c{at}", "metadata": {}, "source": source}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for at, (kind, source) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (home / "chapters").mkdir()
    (home / "chapters" / f"{CHAPTER}.ipynb").write_text(json.dumps(notebook))
    parts = {
        "Chapters": [f"chapters/{CHAPTER}"],
        TEXT: ["documents/hostile"],
        "About": ["about", "methods", "glossary", "sources", "corrections"],
    }
    toc = {"format": "jb-book", "root": "index", "parts": [
        {"caption": caption, "chapters": [{"file": name} for name in files]} for caption, files in parts.items()
    ]}  # fmt: skip
    (home / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Iterator[Hostile]:
    """The book, built by its command, which checks every link and every page against its policy."""
    folder = tmp_path_factory.mktemp("hostile")
    home = folder / "home"
    home.mkdir()
    written(home)
    call = [sys.executable, "-c", "from analysis.cli import app; app()", "book", "--output", str(folder / "book")]
    environment = {**os.environ, "CLAIMBOOK_HOME": str(home)}
    done = subprocess.run([*call, "--address", ADDRESS], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    site = folder / "book" / "html"
    names = [
        "index",
        *(f"claims/{name}" for name in MINE),
        "documents/hostile",
        f"chapters/{CHAPTER}",
        "glossary",
        "sources",
        "corrections",
    ]
    paper = onefile.join(site, [f"{name}.html" for name in names], title=TEXT, told=[TEXT])
    (site / "paper.html").write_text(paper, encoding="utf-8")
    with serving(site) as served:
        yield Hostile(site, served)


@pytest.fixture
def look(open_page, hostile):
    return lambda path, **how: open_page(f"{hostile.served}/{path}", root=hostile.served, **how)


def shown(text: str) -> str:
    """A text as a page shows it: in one line; headings are set with the quotes and dashes of print."""
    for printed, typed in (("\u201c", '"'), ("\u201d", '"'), ("\u2018", "'"), ("\u2019", "'"), ("\u2013", "--")):
        text = text.replace(printed, typed)
    return " ".join(text.removesuffix("\u00b6").split())


def told(page, selector: str) -> str:
    return shown(page.locator(selector).first.text_content())


def test_nothing_runs_and_nothing_is_asked_of_others(look):
    page = look("about.html")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for path in PAGES.values():
        page.goto(f"{page.root}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        if page.locator("figure.cb-live").count():
            page.wake()
        if path.startswith("search"):
            page.until("document.querySelectorAll('.cb-search-found li').length > 0")
        page.pause(50)
        assert page.evaluate(INTRUDERS) == [], path
        assert page.evaluate("window.pwned") is None and dialogs == [], path
        assert page.elsewhere == [] and page.complaints == [], path


def test_nothing_runs_where_no_policy_forbids_it(chromium, hostile):
    context = chromium.new_context(bypass_csp=True)
    context.add_init_script("Object.defineProperty(window, 'pwned', {set() { console.log('pwned'); }})")
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    page = context.new_page()
    page.goto(f"{hostile.served}/about.html")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.pwned=1>')")
    page.wait_for_timeout(100)
    assert "pwned" in said, "what runs is heard of"
    said.clear()
    for path in [*PAGES.values(), "paper.html", f"figures/{quote(CHAPTER_FIGURE)}/{FIGURE}.svg"]:
        page.goto(f"{hostile.served}/{path}")
        page.wait_for_timeout(50)
        assert page.evaluate(INTRUDERS.replace('"STYLE", ', "")) == [], path
    context.close()
    assert "pwned" not in said
    assert [address for address in asked if not address.startswith((hostile.served, "data:", "blob:"))] == []


def test_words_stand_on_the_pages_as_they_are(look):
    page = look(PAGES["claim"])
    assert told(page, "h1").startswith(shown(TITLE)) and told(page, ".cb-statement") == shown(LINES)
    assert shown(LINES) in [shown(text) for text in page.locator("ul.cb-list li").all_text_contents()]
    assert page.locator("h2").count() < 12, "no heading came out of a text"
    assert page.locator(".cb-reply footer a").get_attribute("href") == LINK
    assert shown(page.title()) == shown(f"{TITLE} – claimbook")
    blocks = [json.loads(text) for text in page.locator("script[type='application/ld+json']").all_text_contents()]
    assert {block["@type"] for block in blocks} == {"ClaimReview", "Dataset"}
    assert next(b for b in blocks if b["@type"] == "ClaimReview")["claimReviewed"] == LINES
    for name in ("description", "og:title", "og:description"):
        content = page.locator(f"meta[name='{name}'], meta[property='{name}']").get_attribute("content")
        assert "A canary among titles \"'><b>" in shown(content)
    assert page.locator("link[rel=canonical]").get_attribute("href") == f"{ADDRESS}{PAGES['claim']}"
    page = look(PAGES["document"])
    assert told(page, ".cb-facts cite") == shown(TEXT) and told(page, "h1").startswith(shown(f"Short {TEXT}"))
    for path in (PAGES["claim-nl"], PAGES["card"]):
        assert told(look(path), "h1") == shown(TITLE)
    page = look(PAGES["chapter"])
    assert COUNTRY in told(page, "main") and shown(TEXT) in shown(page.locator(".cb-nav").text_content())
    page = look(PAGES["corrections"])
    assert told(page, ".cb-correction h3") == shown(TITLE) and told(page, ".cb-correction p") == shown(DIRECTIVE)
    assert page.locator(".cb-correction .cb-facts a[href^=http]").get_attribute("href") == LINK
    headings = look(PAGES["sources"]).locator("main h2").all_text_contents()
    assert shown(TEXT) in [shown(text) for text in headings]


def test_the_snippet_is_one_frame_wherever_it_is_put(look):
    page = look(PAGES["claim"])
    snippet = page.locator(".cb-embed code").text_content()
    found = page.evaluate(
        """text => { const body = new DOMParser().parseFromString(text, "text/html").body;
          return [[...body.querySelectorAll("*")].map(one => one.tagName), body.firstChild.title, body.firstChild.src]; }""",
        snippet,
    )
    assert found[0] == ["IFRAME"] and shown(found[1]) == shown(f"{TITLE} – claimbook")
    assert found[2] == f"{ADDRESS}cards/{MINE[0]}.html"


def test_a_chart_wakes_and_tells_its_words(look):
    page = look(PAGES["chapter"])
    page.wake()
    page.locator(".cb-stage .mark-symbol path").first.hover()
    page.until("!document.querySelector('.cb-tip').hidden")
    assert f"0{LABEL}" in page.locator(".cb-tip").inner_text()
    assert set(page.evaluate("[...document.querySelectorAll('.cb-tip *')].map(one => one.tagName)")) == {"DIV", "SPAN"}
    assert (
        page.locator(".cb-told").inner_text() == f"{RUN}1" and f"By {RUN}" in page.locator(".cb-sliders").inner_text()
    )
    texts = page.locator(".cb-stage svg text").all_text_contents()
    assert f"per cent {LABEL}" in texts and any(text.startswith(f"0{LABEL[:9]}") for text in texts)
    assert page.locator(".vega-actions, .cb-stage a").count() == 0, "a chart sets no options of the engine"
    assert page.evaluate("window.pwned") is None and page.complaints == [] and page.elsewhere == []


def cells(text: str) -> Iterator[str]:
    """What a spreadsheet may take for a cell, whichever of comma and semicolon it splits lines at."""
    for row in csv.reader(io.StringIO(text, newline="")):
        yield from row
    # A spreadsheet that splits at semicolons finds quotes within a cell and takes them as they are.
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        yield from row


def test_tables_are_safe_in_a_spreadsheet_whatever_splits_their_cells(hostile):
    files = [
        hostile.folder / "ledger.csv",
        *hostile.folder.glob("claims/*.csv"),
        *hostile.folder.glob("figures/**/*.csv"),
    ]
    assert len(files) == 4
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = [cell for cell in cells(text) if cell.startswith(FORMULAS)]
        assert [cell for cell in found if not re.fullmatch(r"-\d+(\.\d+)?(e-?\d+)?", cell)] == [], path.name
    drawn = (hostile.folder / "figures" / CHAPTER_FIGURE / f"{FIGURE}.csv").read_text(encoding="utf-8")
    assert drawn.splitlines()[2].endswith(",2") and ",-1.5" in drawn, "numbers stay numbers"
    assert safe("a; -5, b;c") == "a; -5, b;c", "other text stays as it is"


def test_the_pages_put_together_for_paper_run_nothing(open_page, hostile):
    page = open_page((hostile.folder / "paper.html").as_uri(), root=hostile.folder.as_uri())
    assert page.locator("article").count() == 6 + len(MINE) and page.evaluate(INTRUDERS) == []
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.pwned=1>')")
    page.pause(100)
    assert page.evaluate("window.pwned") is None, "nor would it, if something came through"
    assert page.elsewhere == [] and any("script-src" in told for told in page.complaints)


def test_other_files_are_whole(hostile):
    folder = hostile.folder / "figures" / CHAPTER_FIGURE
    svg = ElementTree.parse(folder / f"{FIGURE}.svg").getroot()
    assert svg.findtext("{*}title") == RUN
    assert {part.tag.rpartition("}")[2] for part in svg.iter()}.isdisjoint(
        {"script", "img", "a", "image", "foreignObject"}
    )
    assert json.loads((folder / f"{FIGURE}.vl.json").read_text())["title"]["text"] == RUN
    assert json.loads((hostile.folder / f"api/claims/{MINE[0]}.json").read_text())["claim"]["statement"] == LINES
    entry = (hostile.folder / f"claims/{MINE[0]}.bib").read_text()
    assert entry.count("@misc{") == 1 and entry.count("{") == entry.count("}")
    ElementTree.parse(hostile.folder / "sitemap.xml")
    rules = [line for line in (hostile.folder / "_headers").read_text().splitlines() if not line.startswith(" ")]
    assert all(re.fullmatch(r"/[\w./*-]*", line) for line in rules), rules


@pytest.mark.parametrize(
    "asked", [f"q={quote(TEXT[:190])}", f"document={quote(RUN)}&theme=__proto__&sort=constructor", "q=%00%E0%A4%A"]
)
def test_questions_in_an_address_do_nothing_to_the_board(look, asked):
    for path in (PAGES["home"], PAGES["document"]):
        page = look(f"{path}?{asked}#{quote(RUN)}")
        rows = page.locator(".cb-board tbody tr[id]").filter(visible=True).count()
        assert rows == (len(MINE) if "document=" in asked else rows)
        assert page.evaluate(INTRUDERS) == [] and page.evaluate("window.pwned") is None
        assert page.complaints == [] and page.elsewhere == []


@pytest.mark.parametrize(
    "asked", [f"q={quote(TEXT[:190])}", f"q=canary&Document={quote(RUN)}&Today=constructor", "q=canary&Page=__proto__"]
)
def test_questions_in_an_address_do_nothing_to_the_search(look, asked):
    page = look(f"search.html?{asked}")
    page.until("document.querySelector('.cb-search-said').textContent !== ''")
    page.pause(200)
    assert page.evaluate(INTRUDERS) == [] and page.evaluate("window.pwned") is None
    assert page.locator(".cb-search-filters select").evaluate_all("all => all.map(one => one.selectedIndex)") == [0] * 4
    assert page.complaints == [] and page.elsewhere == []


def test_what_is_found_is_told_as_text(look):
    page = look("search.html?q=canary")
    page.until("document.querySelectorAll('.cb-search-found li').length > 0")
    titles = [shown(text) for text in page.locator(".cb-search-found a").all_text_contents()]
    assert shown(TITLE) in titles
    assert RUN in page.locator(".cb-search-found").text_content()
    links = page.locator(".cb-search-found a").evaluate_all("found => found.map(link => link.href)")
    (chapter,) = [link for link in links if "/chapters/" in link]
    assert all(link.startswith(page.root) for link in links)
    page.goto(chapter)
    assert told(page, "h1").startswith("A chapter")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)//", "https://book.example/\nDisallow: /", "https://book.example/\"><script>", " https://book.example/",
     "https://book.example/a b/", "https://user:secret@book.example/"],
)  # fmt: skip
def test_an_address_that_is_more_than_one_is_refused(address):
    with pytest.raises(ClaimbookError, match="is not the address of a folder on the web"):
        public(address)


@pytest.mark.parametrize(
    "address", ["javascript://book.example/%0Aalert(1)", "java\tscript:alert(1)", "data:text/html,<p>"]
)
def test_a_link_that_would_run_is_a_fault_of_the_build(tmp_path, address):
    (tmp_path / "index.html").write_text(f'<a href="{address}">x</a>')
    assert [message.partition("' ")[2] for message in links.check(tmp_path)] == [
        "is not an address a reader can follow"
    ]


def test_every_end_of_a_line_counts_for_markdown():
    assert escape_markdown("a\r- b\r\n::: c\n1. d") == "a\n\\- b\n\\::: c\n1\\. d"
