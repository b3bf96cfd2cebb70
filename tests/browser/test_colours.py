"""Light and dark: the system's choice, the reader's own, charts that follow, paper that stays white."""

from __future__ import annotations

import re

import pytest
from page_types import FRAMED, PAGES

THEME = "document.documentElement.dataset.theme"
GROUND = "getComputedStyle(document.body).backgroundColor"
BUTTON = "button.cb-theme"


def luminance(colour: str) -> float:
    """Of "rgb(r, g, b)", as WCAG reckons it: 0 black, 1 white."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("path", FRAMED.values(), ids=FRAMED)
def test_the_systems_choice_holds_until_a_reader_chooses(open_page, path, scripts):
    assert luminance(open_page(path, scripts=scripts).evaluate(GROUND)) > 0.8
    assert luminance(open_page(path, dark=True, scripts=scripts).evaluate(GROUND)) < 0.1


def test_a_reader_chooses_and_the_choice_is_remembered_on_every_page(open_page):
    page = open_page(PAGES["home"])
    button = page.locator(BUTTON)
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate(THEME) == "dark"
    assert luminance(page.evaluate(GROUND)) < 0.1
    for path in (PAGES["claim"], PAGES["home-nl"], PAGES["search"]):
        page.goto(f"{page.root}{path}")
        assert page.evaluate(THEME) == "dark"
        assert page.locator(BUTTON).get_attribute("aria-pressed") == "true"
    page.locator(BUTTON).click()
    page.reload()
    assert page.evaluate(THEME) == "light"
    assert page.complaints == []


def test_a_system_that_changes_takes_the_page_with_it_unless_the_reader_chose(open_page):
    page = open_page(PAGES["chapter"])
    page.emulate_media(color_scheme="dark")
    page.until(f"{THEME} === 'dark'")
    page.emulate_media(color_scheme="light")
    page.until(f"{THEME} === 'light'")
    page.locator(BUTTON).click()
    assert page.evaluate(THEME) == "dark"
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    page.pause(100)
    assert page.evaluate(THEME) == "dark"


def test_from_a_file_the_choice_holds_for_the_page_at_least(open_page):
    page = open_page(PAGES["claim"], from_file=True)
    page.locator(BUTTON).click()
    assert page.evaluate(THEME) == "dark"
    assert page.complaints == []


# Each text of a chart with the ground it stands on: the shape beneath it, if there is one, or the chart's.
CHART = """(kind) => {
  const chart = document.querySelector("figure.cb-figure .cb-chart");
  const paper = (found) => {
    for (; found; found = found.parentElement) {
      const colour = getComputedStyle(found).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) { return colour; }
    }
    return "rgb(255, 255, 255)";
  };
  const ground = paper(chart);
  const drawn = chart.querySelector(kind === ".cb-stage" ? ".cb-stage svg" : kind);
  const shapes = [...drawn.querySelectorAll("path, rect")].filter((shape) => {
    const paint = getComputedStyle(shape).fill;
    return paint !== "none" && !/, 0\\)$|transparent/.test(paint) && (shape.tagName === "rect" || /^M[^MLCA]*[hH][^MLCA]*[vV][^MLCA]*$/.test(shape.getAttribute("d")));
  });
  // Letters may have a rim that keeps them apart from what they lie on: the same letters, beneath, with a stroke.
  const letters = [...drawn.querySelectorAll("text")].filter((text) => text.textContent.trim());
  const rims = letters.filter((text) => getComputedStyle(text).stroke !== "none");
  const middle = (found) => {
    const box = found.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const pairs = letters.filter((text) => !rims.includes(text)).map((text) => {
    const [x, y] = middle(text);
    const rim = rims.find((other) => other.textContent === text.textContent
      && Math.hypot(middle(other)[0] - x, middle(other)[1] - y) < 2);
    const beneath = rim || shapes.filter((shape) => {
      const own = shape.getBoundingClientRect();
      return own.left <= x && own.right >= x && own.top <= y && own.bottom >= y
        && shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
    }).pop();
    return [getComputedStyle(text).fill, beneath ? getComputedStyle(beneath).fill : ground].join(" on ");
  });
  return { ground: ground, texts: [...new Set(pairs)] };
}"""


def faint(shown: dict) -> list[str]:
    """The texts of a chart that are hard to read on their ground."""
    assert shown["texts"]
    return [pair for pair in shown["texts"] if contrast(*pair.split(" on ")) < 4.5]


@pytest.mark.parametrize("path", [PAGES["chapter"], PAGES["moving"], PAGES["claim"]])
def test_charts_change_with_the_page_at_rest_and_awake(open_page, path):
    page = open_page(path)
    light = page.evaluate(CHART, ".cb-wide")
    page.locator(BUTTON).click()
    dark = page.evaluate(CHART, ".cb-wide")
    assert light["ground"] != dark["ground"] and luminance(dark["ground"]) < 0.1
    assert light["texts"] != dark["texts"]
    page.wake()
    awake = page.evaluate(CHART, ".cb-stage")
    assert luminance(awake["ground"]) < 0.1
    assert [faint(shown) for shown in (light, dark, awake)] == [[], [], []]
    page.locator(BUTTON).click()  # and back, while it is awake
    page.until("document.querySelector('.cb-stage svg') !== null")
    page.pause(300)
    again = page.evaluate(CHART, ".cb-stage")
    assert faint(again) == []
    assert luminance(again["ground"]) > 0.8
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_paper_stays_white(open_page, scripts):
    page = open_page(PAGES["chapter"], dark=True, scripts=scripts, print_=True)
    assert luminance(page.evaluate(GROUND)) > 0.8
    assert luminance(page.evaluate("getComputedStyle(document.querySelector('main p')).color")) < 0.2
    assert faint(page.evaluate(CHART, ".cb-wide")) == []
