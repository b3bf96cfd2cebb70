"""Charts that readers move, in a real browser: from a file, from a server with a strict policy, on a phone."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from pathlib import Path

import pytest

from analysis import outlook, words
from analysis.chapters import start
from analysis.scenarios import Economy
from analysis.site import live
from analysis.site.figures_html import figure_html

STATIC = Path(live.__file__).parent / "static"
# No inline script, nothing compiled from text, nothing from another host.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:"
)
PAGE = """<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="_static/css/claimbook.css">
<link rel="stylesheet" href="_static/css/live.css"><script src="_static/js/live.js" defer></script></head>
<body><main class="bd-article" style="max-width: 44rem; margin: auto; padding: 16px">
<p style="height: {above}px">Far above the chart.</p>{figure}<p>Below.</p></main></body></html>
"""
AWAKE = "!!document.querySelector('.cb-awake')"
SENTENCE = "document.querySelector('.cb-told').textContent"


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Two pages with the chapter's chart: at the top, and far below it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(STATIC, folder / "_static", ignore=shutil.ignore_patterns("*.ttf"))
    chapter = outlook.start(start(country="BEL", start_year=2014, end_year=2040))
    spec = chapter.sliders("A path", target=3.5, by=2035).to_dict()
    _, html = figure_html(spec)
    (folder / "_static" / "js" / live.engine(spec)).write_text(live.bundle(live.engine(spec), None))
    (folder / "index.html").write_text(PAGE.format(figure=html, above=10))
    (folder / "below.html").write_text(PAGE.format(figure=html, above=9000))
    return folder


@pytest.fixture(scope="module")
def server(site):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site)) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture(params=["file", "server"])
def address(request, site, server):
    return f"{site.as_uri()}" if request.param == "file" else server


def move(browser, name, value):
    browser.run(
        f"(() => {{ const slider = document.querySelector('input[name={name}]'); slider.value = '{value}';"
        "slider.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


def texts(browser):
    """Every text of the live drawing."""
    return browser.run("[...document.querySelectorAll('.cb-stage svg text')].map(text => text.textContent)")


def test_moving_a_slider_changes_the_numbers(browser, address):
    browser.open(f"{address}/index.html")
    browser.until(AWAKE)
    before = browser.run(SENTENCE)
    assert "In 2035, 3.5 per cent of GDP is 31.8 billion euros" in before
    move(browser, "by", 2030)
    move(browser, "target", 2)
    move(browser, "growth", 1)
    browser.until(f"{SENTENCE}.startsWith('In 2030, 2 per cent')")
    # NATO's edition of July 2026: 12,845 million euros are 2.00 per cent in 2025
    economy = Economy(2025, 642.25, 1.0, 2.0)
    current, constant = (words.number(value, 1) for value in (economy.cost(2, 2030), 0.02 * economy.gdp_constant(2030)))
    assert f"is {current} billion euros, or {constant} billion at the prices of 2025" in browser.run(SENTENCE)
    assert {current, constant} <= set(texts(browser))
    assert browser.complaints == []


def test_no_other_host_is_asked(browser, address):
    browser.open(f"{address}/index.html")
    browser.until(AWAKE)
    assert [name for name in browser.requested if not name.startswith(address)] == []
    assert sum("/vega-lite-" in name for name in browser.requested) == 1


def test_the_engine_is_read_only_when_a_chart_comes_into_view(browser, site):
    browser.open(f"{site.as_uri()}/below.html")
    browser.run("new Promise(done => setTimeout(done, 500))")
    assert not browser.run(AWAKE) and not any("/vega-lite-" in name for name in browser.requested)
    browser.run("document.querySelector('.cb-live').scrollIntoView()")
    browser.until(AWAKE)
    assert any("/vega-lite-" in name for name in browser.requested)


def test_the_static_drawing_gives_way_only_to_a_live_one(browser, site, tmp_path):
    shown = "[...document.querySelectorAll('.cb-chart > svg')].some(svg => svg.getBoundingClientRect().width > 0)"
    browser.open(f"{site.as_uri()}/index.html")
    browser.until(AWAKE)
    assert not browser.run(shown) and browser.run("document.querySelectorAll('.cb-stage svg').length") == 1
    # A site whose engine is missing keeps the drawing, and tells no reader of sliders that are not there
    shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("vega-lite-*"))
    browser.open(f"{(tmp_path / 'site').as_uri()}/index.html")
    browser.run("new Promise(done => setTimeout(done, 500))")
    assert browser.run(shown) and not browser.run(AWAKE) and not browser.run("!!document.querySelector('.cb-sliders')")


def test_without_scripts_the_drawing_and_its_sentence_stand_there(browser, site):
    browser.open(f"{site.as_uri()}/index.html", scripts=False)
    assert browser.run("document.querySelector('.cb-chart > .cb-wide').getBoundingClientRect().width") > 600
    assert browser.run(SENTENCE).startswith("In 2035, 3.5 per cent of GDP")
    assert not any(name.endswith(".js") for name in browser.requested)


def test_sliders_have_names_and_answer_to_the_keyboard(browser, site):
    browser.open(f"{site.as_uri()}/index.html")
    browser.until(AWAKE)
    names = browser.run("[...document.querySelectorAll('.cb-sliders input')].map(slider => slider.labels[0].innerText)")
    assert [re.split(r"\n", name)[0] for name in names] == [
        "Target year", "Target, % of GDP", "Real growth, % a year", "Rise of prices, % a year",
    ]  # fmt: skip
    browser.run("document.querySelector('input[name=by]').focus()")
    browser.press("ArrowLeft", 37)
    browser.until(f"{SENTENCE}.startsWith('In 2034,')")
    browser.press("Tab", 9)
    assert browser.run("document.activeElement.name") == "target"
    assert browser.run("document.querySelector('.cb-told').getAttribute('aria-live')") == "polite"
    assert browser.run("document.querySelector('.cb-chart').getAttribute('aria-label')").startswith("In 2034,")


def test_the_start_can_be_had_back(browser, site):
    browser.open(f"{site.as_uri()}/index.html")
    browser.until(AWAKE)
    before = browser.run(SENTENCE)
    move(browser, "deflator", 5)
    browser.until(f"{SENTENCE} !== {before!r}")
    browser.run("document.querySelector('.cb-reset').click()")
    browser.until(f"{SENTENCE} === {before!r}")
    assert browser.run("document.querySelector('input[name=deflator]').value") == "2"


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_it_fits_every_screen(browser, site, width):
    browser.open(f"{site.as_uri()}/index.html", width)
    browser.until(AWAKE)
    drawn = browser.run("document.querySelector('.cb-stage svg').getBoundingClientRect().width")
    room = browser.run("document.querySelector('.cb-chart').clientWidth")
    assert drawn <= room + 1 and drawn >= min(room, 342) * 0.9
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert (drawn < 400) == (width == 390)  # the phone has the narrow drawing


def test_what_was_set_stays_when_the_width_changes(browser, site):
    browser.open(f"{site.as_uri()}/index.html", 1280)
    browser.until(AWAKE)
    move(browser, "by", 2029)
    browser.until(f"{SENTENCE}.startsWith('In 2029,')")
    browser.call("Emulation.setDeviceMetricsOverride", width=390, height=900, deviceScaleFactor=1, mobile=True)
    browser.until("document.querySelector('.cb-stage svg').getBoundingClientRect().width < 400")
    assert browser.run(SENTENCE).startswith("In 2029,")
    assert browser.run("document.querySelector('input[name=by]').value") == "2029"
    assert browser.run("document.querySelectorAll('.cb-stage, .cb-sliders').length") == 2
    assert browser.complaints == []


def test_text_of_the_live_drawing_is_set_in_the_books_font(browser, site):
    browser.open(f"{site.as_uri()}/index.html")
    browser.until(AWAKE)
    assert browser.run("document.fonts.check('12px \"Claimbook Sans\"')")
    fonts = browser.run(
        "[...new Set([...document.querySelectorAll('.cb-stage text')].map(t => getComputedStyle(t).fontFamily))]"
    )
    assert all("Claimbook Sans" in font for font in fonts)


def test_in_the_dark_the_drawing_stands_on_light_ground(browser, site):
    browser.open(f"{site.as_uri()}/index.html", dark=True)
    browser.until(AWAKE)
    browser.run("document.documentElement.dataset.theme = 'dark'")
    assert browser.run("getComputedStyle(document.querySelector('.cb-chart')).backgroundColor") == "rgb(247, 248, 248)"
