import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from analysis.errors import ClaimbookError
from analysis.site import downloads, inline
from analysis.site.citing import Edition
from analysis.site.links import check

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site(tmp_path):
    """Writes files of a site and checks it: site({"index.html": "..."}) -> messages."""

    def written(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check(tmp_path)

    return written


def test_a_sound_site_has_no_faults(site):
    pages = {
        "index.html": """<!doctype html><head><link rel="stylesheet" href="_static/a.css?v=1">
            <link rel="next" href="chapters/trade.html"><script src="_static/a.js"></script></head>
            <body id="top-of-page"><a href="#top-of-page">up</a><a href="#top">top</a><a href="#">here</a>
            <a href="chapters/trade.html#claim%201">claim</a><a href="https://example.org/x#y">out</a>
            <a href="mailto:a@example.org">write</a><a href="chapters/trade.html#:~:text=word">word</a>
            <img srcset="a%20b.png 1x, c.png 2x" src="data:image/png;base64,AA=="><form action="index.html"></form>
            <svg><path clip-path="url(#clip)"/></svg></body>""",
        "chapters/trade.html": '<a name="claim 1"></a><a href="../index.html">back</a><a href="../x.ipynb">file</a>',
        "_static/a.css": """@import 'b.css'; /* url(https://example.org/not-read.png) */
            a{mask:url("data:image/svg+xml,%3Csvg")} b{mask:url(#mask)}""",
        "_static/b.css": "@font-face{src:url(fonts/a.woff2) format('woff2')}",
    }
    pages |= dict.fromkeys(["_static/a.js", "_static/fonts/a.woff2", "a b.png", "c.png", "x.ipynb"], "")
    assert site(pages) == []


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://cdn.example.org/a.js"></script>',
        '<script src="//cdn.example.org/a.js"></script>',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link rel="preload" as="font" href="https://example.org/a.woff2">',
        '<link rel="icon" href="http://example.org/a.ico">',
        '<link rel="preconnect" href="https://example.org">',
        '<link rel="alternate stylesheet" href="https://example.org/a.css">',
        '<img src="HTTPS://example.org/a.png">',
        '<img src="a.png" srcset="a.png 1x, https://example.org/b.png 2x">',
        '<iframe src="https://example.org/"></iframe>',
        '<picture><source srcset="https://example.org/a.webp 2x"></picture>',
        '<video src="a.png" poster="https://example.org/a.png"></video>',
        '<object data="https://example.org/a.svg"></object>',
        '<svg><image href="https://example.org/a.png"/></svg>',
        '<svg><use xlink:href="https://example.org/a.svg#b"/></svg>',
        '<svg><path fill="url(https://example.org/a.svg#b)"/></svg>',
        "<p style=\"background: url( 'https://example.org/a.png' )\"></p>",
        '<style>@import "https://example.org/a.css";</style>',
        "<style>p{background:url(//example.org/a.png)}</style>",
        '<meta http-equiv="Refresh" content="0; url=https://example.org/">',
        '<base href="https://example.org/">',
    ],
)
def test_what_is_loaded_from_another_host_is_reported(site, tag):
    messages = site({"chapters/page.html": tag, "chapters/a.png": ""})
    assert len(messages) == 1
    assert messages[0].startswith("chapters/page.html: <")
    assert messages[0].endswith("is loaded from another host")


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        ('<a href="gone.html">x</a>', "<a href> 'gone.html' names no file of the site"),
        ('<a href="../index.html#gone">x</a>', "<a href> '../index.html#gone' names no anchor of that page"),
        ('<a href="#gone">x</a>', "<a href> '#gone' names no anchor of that page"),
        ('<a href="../">x</a>', "<a href> '../' names no file of the site"),
        ('<a href="/index.html">x</a>', "begins with '/'"),
        ('<a href="../../outside.html">x</a>', "leads out of the site"),
        ('<a href="javascript:alert(1)">x</a>', "is not an address a reader can follow"),
        ('<a href="file:///home/someone/x.html">x</a>', "is not an address a reader can follow"),
        ('<a href="http://[oops">x</a>', "is not an address"),
        ('<img srcset="gone.png 2x">', "<img srcset> 'gone.png' names no file of the site"),
        ('<script src="gone.js?v=3"></script>', "<script src> 'gone.js?v=3' names no file of the site"),
        ('<link rel="next" href="gone.html">', "<link rel='next'> 'gone.html' names no file of the site"),
        ('<p style="background:url(gone.png)">', "<p style> 'gone.png' names no file of the site"),
        ('<form action="gone.html"></form>', "<form action> 'gone.html' names no file of the site"),
        ('<i id="a"></i><b id="a"></b>', "the id 'a' stands twice"),
    ],
)
def test_a_link_that_leads_nowhere_is_reported(site, tag, fault):
    messages = site({"index.html": "", "chapters/page.html": tag})
    assert len(messages) == 1
    assert messages[0].startswith("chapters/page.html: ") and fault in messages[0]


def test_style_sheets_are_read_too(site):
    messages = site({"index.html": "", "css/a.css": "@import url(https://example.org/a.css);\na{b:url('../gone.svg')}"})
    assert messages == [
        "css/a.css: 'https://example.org/a.css' is loaded from another host",
        "css/a.css: '../gone.svg' names no file of the site",
    ]


def test_scripts_and_comments_are_not_taken_for_tags(site):
    assert site({"index.html": "<script>x='<img src=\"gone.png\">'</script><!-- <a href='gone.html'> -->"}) == []


def test_a_folder_without_pages_is_refused(tmp_path):
    with pytest.raises(ClaimbookError, match="holds no page"):
        check(tmp_path)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two pages with a figure, built with the repository's configuration, warnings being errors."""
    pytest.importorskip("jupyter_book", reason="needs the dependency group 'book'")
    try:
        distribution("claimbook")
    except PackageNotFoundError:
        pytest.skip("the package is not installed, so its renderer is not registered")
    folder = tmp_path_factory.mktemp("book")
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.4.json",
        "data": {"values": [{"x": 2020, "y": 66}, {"x": 2021, "y": 85}]},
        "mark": "line",
        "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
        "usermeta": {"claimbook": {"title": "Trade", "alt": "It rose.", "id": "trade"}},
    }
    data = {"application/vnd.vegalite.v6+json": chart, "text/plain": "a chart"}
    shown = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Trade\n\nFrom $66 to $85 billion."},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": "1", "execution_count": None, "outputs": [shown]},
    ]
    notebook = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "trade.ipynb").write_text(json.dumps(notebook))
    (folder / "index.md").write_text(
        "# Book\n\nSee [the figure](trade.ipynb) and [a heading](#book).\n\n(board)=\n## Scoreboard\n"
    )
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: trade\n")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(folder)]
    command += ["--config", str(ROOT / "_config.yml"), "-W", "-n", "--keep-going"]
    env = {name: value for name, value in os.environ.items() if name != "CLAIMBOOK_FIGURE_CACHE"}
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    site = folder / "_build" / "html"
    # What `claimbook book` puts beside the pages, and every page leads to.
    downloads.make(folder, folder / "figures", cache=folder / "cache", edition=Edition())
    downloads.put(folder / "figures", site)
    for name in ("ledger.csv", "ledger.json", "api/verdicts.json", "sources.html"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).touch()
    return folder / "_build"


def test_a_page_with_a_figure_asks_no_other_host(book):
    assert check(book / "html") == []
    page = (book / "html" / "trade.html").read_text()
    assert page.count('id="fig-trade"') == 1
    assert "From $66 to $85 billion." in page  # money, not mathematics
    for word in ("cdn.", "unpkg", "jsdelivr", "MathJax", "thebe", "require.js", "fontawesome.js"):
        assert word not in page


def test_the_site_carries_its_style_and_fonts_and_nothing_of_other_themes(book):
    static = book / "html" / "_static"
    assert {path.name for path in static.iterdir()} == {"claimbook.css", "fonts", "icon.svg", "js"}
    assert sorted(path.name for path in (static / "fonts").iterdir()) == [
        "OFL.txt",
        "claimbook-sans-400.woff2",
        "claimbook-sans-600.woff2",
    ]


def test_a_book_built_by_jupyter_book_alone_keeps_to_its_policy(book):
    faults = inline.check(book / "html")
    assert faults == ["sources.html: it states 0 policies"]  # the empty file that stands in for a page


def test_drawings_are_kept_beside_the_site(book):
    assert len(list((book / ".figure-cache").glob("*.svg"))) == 2
