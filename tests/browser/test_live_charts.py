"""Charts that readers move, in a real browser: from a file, from a server with the book's policy, on a phone."""

from __future__ import annotations

import re
import shutil

import pytest
from serving import serving

from analysis import outlook, words
from analysis.chapters import start
from analysis.scenarios import Economy
from analysis.site import figure_files, figure_words, live, shell, styles
from analysis.site.figures_html import figure_html, narrow
from analysis.site.frame import STATIC
from analysis.site.head import PageFacts

AWAKE = "!!document.querySelector('.cb-awake')"
SENTENCE = "document.querySelector('.cb-told').textContent"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two pages with the chapter's chart: at the top, and far below it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(STATIC, folder / "_static", ignore=shutil.ignore_patterns("*.ttf"))
    (folder / "_static" / "claimbook.css").write_text(styles.sheet(), encoding="utf-8")
    chapter = outlook.start(start(country="BEL", start_year=2014, end_year=2040))
    spec = chapter.sliders("A path", target=3.5, by=2035).to_dict()
    said = figure_words.words(spec)
    name = figure_words.name(said, ())
    engine = folder / "_static" / live.FOLDER / live.engine(spec)
    engine.write_text(live.bundle(engine.name, None), encoding="utf-8")
    filler = "<p>Far above the chart.</p>" * 300
    for page, above in (("index", ""), ("below", filler)):
        script = folder / figure_files.folder(page, name) / figure_files.LIVE
        script.parent.mkdir(parents=True)
        script.write_text(live.script(f"fig-{name}", spec, narrow(spec, said), said.told), encoding="utf-8")
        body = f"<h1>A page</h1>{above}{figure_html(spec, id=name, page=page)}<p>Below.</p>"
        text = shell.page(
            path=f"{page}.html", title="A page", language="en", body=body, facts=PageFacts(), scripts=(live.SCRIPT,)
        )
        (folder / f"{page}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(small):
    with serving(small) as address:
        yield address


@pytest.fixture(params=["file", "server"])
def address(request, small, server):
    return small.as_uri() if request.param == "file" else server


def move(page, name, value):
    page.evaluate(
        f"(() => {{ const slider = document.querySelector('input[name={name}]'); slider.value = '{value}';"
        "slider.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


def texts(page):
    """Every text of the live drawing."""
    return page.evaluate("[...document.querySelectorAll('.cb-stage svg text')].map(text => text.textContent)")


def test_moving_a_slider_changes_the_numbers(open_page, address):
    page = open_page(f"{address}/index.html")
    page.until(AWAKE)
    before = page.evaluate(SENTENCE)
    assert "In 2035, 3.5 per cent of GDP is 31.8 billion euros" in before
    move(page, "by", 2030)
    move(page, "target", 2)
    move(page, "growth", 1)
    page.until(f"{SENTENCE}.startsWith('In 2030, 2 per cent')")
    # NATO's edition of July 2026: 12,845 million euros are 2.00 per cent in 2025
    economy = Economy(2025, 642.25, 1.0, 2.0)
    current, constant = (words.number(value, 1) for value in (economy.cost(2, 2030), 0.02 * economy.gdp_constant(2030)))
    assert f"is {current} billion euros, or {constant} billion at the prices of 2025" in page.evaluate(SENTENCE)
    assert {current, constant} <= set(texts(page))
    assert page.complaints == []


def test_no_other_host_is_asked(open_page, address):
    page = open_page(f"{address}/index.html")
    page.until(AWAKE)
    assert [name for name in page.requests if not name.startswith(address)] == []
    assert sum("/vega-lite-" in name for name in page.requests) == 1


def test_the_engine_is_read_only_when_a_chart_comes_into_view(open_page, small):
    page = open_page(f"{small.as_uri()}/below.html")
    page.pause(800)
    assert not page.evaluate(AWAKE) and not any("/vega-lite-" in name for name in page.requests)
    page.evaluate("document.querySelector('.cb-live').scrollIntoView()")
    page.until(AWAKE)
    assert any("/vega-lite-" in name for name in page.requests)


def test_the_static_drawing_gives_way_only_to_a_live_one(open_page, small, tmp_path):
    shown = "[...document.querySelectorAll('.cb-chart > svg')].some(svg => svg.getBoundingClientRect().width > 0)"
    page = open_page(f"{small.as_uri()}/index.html")
    page.until(AWAKE)
    assert not page.evaluate(shown) and page.evaluate("document.querySelectorAll('.cb-stage svg').length") == 1
    # A site whose engine is missing keeps the drawing, and tells no reader of sliders that are not there
    shutil.copytree(small, tmp_path / "site", ignore=shutil.ignore_patterns("vega-lite-*"))
    page = open_page(f"{(tmp_path / 'site').as_uri()}/index.html")
    page.pause(800)
    assert (
        page.evaluate(shown)
        and not page.evaluate(AWAKE)
        and not page.evaluate("!!document.querySelector('.cb-sliders')")
    )


def test_without_scripts_the_drawing_and_its_sentence_stand_there(open_page, small):
    page = open_page(f"{small.as_uri()}/index.html", scripts=False)
    assert page.evaluate("document.querySelector('.cb-chart > .cb-wide').getBoundingClientRect().width") > 600
    assert page.evaluate(SENTENCE).startswith("In 2035, 3.5 per cent of GDP")
    assert not any(name.endswith(".js") for name in page.requests)


def test_sliders_have_names_and_answer_to_the_keyboard(open_page, small):
    page = open_page(f"{small.as_uri()}/index.html")
    page.until(AWAKE)
    names = page.evaluate(
        "[...document.querySelectorAll('.cb-sliders input')].map(slider => slider.labels[0].innerText)"
    )
    assert [re.split(r"\n", name)[0] for name in names] == [
        "Target year", "Target, % of GDP", "Real growth, % a year", "Rise of prices, % a year",
    ]  # fmt: skip
    page.evaluate("document.querySelector('input[name=by]').focus()")
    page.keyboard.press("ArrowLeft")
    page.until(f"{SENTENCE}.startsWith('In 2034,')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "target"
    assert page.evaluate("document.querySelector('.cb-told').getAttribute('aria-live')") == "polite"
    assert page.evaluate("document.querySelector('.cb-chart').getAttribute('aria-label')").startswith("In 2034,")


def test_the_start_can_be_had_back(open_page, small):
    page = open_page(f"{small.as_uri()}/index.html")
    page.until(AWAKE)
    before = page.evaluate(SENTENCE)
    move(page, "deflator", 5)
    page.until(f"{SENTENCE} !== {before!r}")
    page.evaluate("document.querySelector('.cb-reset').click()")
    page.until(f"{SENTENCE} === {before!r}")
    assert page.evaluate("document.querySelector('input[name=deflator]').value") == "2"


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_it_fits_every_screen(open_page, small, width):
    page = open_page(f"{small.as_uri()}/index.html", width=width)
    page.until(AWAKE)
    drawn = page.evaluate("document.querySelector('.cb-stage svg').getBoundingClientRect().width")
    room = page.evaluate("document.querySelector('.cb-chart').clientWidth")
    assert drawn <= room + 1 and drawn >= min(room, 342) * 0.9
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (drawn < 400) == (width == 390)  # the phone has the narrow drawing


def test_what_was_set_stays_when_the_width_changes(open_page, small):
    page = open_page(f"{small.as_uri()}/index.html")
    page.until(AWAKE)
    move(page, "by", 2029)
    page.until(f"{SENTENCE}.startsWith('In 2029,')")
    page.set_viewport_size({"width": 390, "height": 900})
    page.until("document.querySelector('.cb-stage svg').getBoundingClientRect().width < 400")
    assert page.evaluate(SENTENCE).startswith("In 2029,")
    assert page.evaluate("document.querySelector('input[name=by]').value") == "2029"
    assert page.evaluate("document.querySelectorAll('.cb-stage, .cb-sliders').length") == 2
    assert page.complaints == []


def test_text_of_the_live_drawing_is_set_in_the_books_font(open_page, small):
    page = open_page(f"{small.as_uri()}/index.html")
    page.until(AWAKE)
    assert page.evaluate("document.fonts.check('12px \"Claimbook Sans\"')")
    fonts = page.evaluate(
        "[...new Set([...document.querySelectorAll('.cb-stage text')].map(t => getComputedStyle(t).fontFamily))]"
    )
    assert all("Claimbook Sans" in font for font in fonts)
