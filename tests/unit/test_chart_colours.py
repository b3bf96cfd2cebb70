"""Charts on a dark page: every colour has its dark one, can be seen there and told from the others."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from analysis import figures
from analysis.site import colours, styles
from analysis.site.drawing import NARROW, FigureError, draw

# How colours look to those who lack one of the three kinds of cones (Machado and others, 2009, severity 1).
SIGHTS = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "without green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "without blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour):
    """The parts of a colour as amounts of light, 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    """The contrast of two colours, as WCAG 2 defines it."""
    weights = (0.2126, 0.7152, 0.0722)
    lights = [sum(weight * part for weight, part in zip(weights, linear(c), strict=True)) for c in (one, other)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def lab(colour, sight):
    """A colour in CIELAB, as it looks."""
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear(colour), strict=True)))) for row in SIGHTS[sight]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) / most for row, most in zip(rows, white, strict=True)]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one, other, sight):
    """How different two colours look; 2 can just be told side by side."""
    return sum((a - b) ** 2 for a, b in zip(lab(one, sight), lab(other, sight), strict=True)) ** 0.5


@pytest.mark.parametrize(("table", "least"), [(colours.TEXT, 4.5), (colours.LINES, 3.0)])
def test_what_is_drawn_stands_out_from_dark_paper(table, least):
    faint = {light: dark for light, dark in table.items() if contrast(dark, colours.DARK_PAPER) < least}
    assert faint == {}


def test_lines_stand_out_from_the_band_of_what_is_claimed():
    band = colours.GROUNDS[figures.BAND]
    assert min(contrast(colours.TEXT[line], band) for line in figures.COLOURS) >= 3
    assert contrast(colours.TEXT["#6b5500"], band) >= 4.5  # its label


@pytest.mark.parametrize("sight", SIGHTS)
def test_lines_can_be_told_apart_in_the_dark_as_well_as_on_paper(sight):
    light = min(apart(one, other, sight) for one, other in combinations(figures.COLOURS, 2))
    dark = [colours.TEXT[colour] for colour in figures.COLOURS]
    assert min(apart(one, other, sight) for one, other in combinations(dark, 2)) >= light > 9


def test_dark_paper_is_that_of_the_page():
    (dark,) = re.findall(r'data-theme="dark"\] \{[^}]*?--cb-paper: (#\w+)', styles.sheet())
    assert dark == colours.DARK_PAPER


def test_the_rules_turn_every_colour_and_only_on_screens():
    css = colours.css()
    for light, dark in colours.DARK.items():
        name = f"--cb-chart-{light.removeprefix('#')}"
        for paint in ("fill", "stroke"):
            # Without a dark page the name stands for nothing, and the colour stays as it is.
            assert f'.cb-chart [{paint}="{light}" i] {{ {paint}: var({name}, {light}); }}' in css
        assert css.count(f"{name}: {dark};") == 2  # chosen, and by the system where no script runs
    for line in css.splitlines():
        assert line.startswith("@media screen") or "--cb-chart-" not in line.partition("var(")[0]
    assert css in styles.sheet() or all(line in styles.sheet() for line in css.split("\n"))


def spec(colour):
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json",
        "data": {"values": [{"c": 'a fill="#123456"', "v": 1}]},
        "mark": {"type": "bar", "color": colour},
        "encoding": {"x": {"field": "v", "type": "quantitative"}, "y": {"field": "c", "type": "nominal"}},
        "width": 200,
    }


@pytest.mark.parametrize("colour", ["red", "#123456", "rgb(1, 2, 3)"])
def test_a_colour_that_would_vanish_in_the_dark_is_refused_by_name(colour):
    with pytest.raises(FigureError, match=rf"drawn in {re.escape(colour)}, for which nobody has said"):
        draw(spec(colour), limit=NARROW, narrowest=NARROW)


def test_colours_are_known_however_they_are_written_and_words_are_none():
    svg = draw(spec("#0B5C96"), limit=NARROW, narrowest=NARROW).svg
    assert "#0b5c96" in colours.used(svg) and "#123456" not in colours.used(svg)


def test_what_has_no_colour_is_none():
    assert colours.used('<g fill="none" stroke="transparent"><path fill="url(#a)" stroke="#FFF"/></g>') == ["#fff"]


def test_charts_that_name_no_colour_have_vegas_own():
    drawn = spec("#0b5c96") | {"mark": "bar", "data": {"values": [{"c": letter, "v": 1} for letter in "abcdefghij"]}}
    drawn["encoding"]["color"] = {"field": "c", "type": "nominal"}
    svg = draw(drawn, limit=NARROW, narrowest=NARROW).svg
    assert {"#4c78a8", "#f58518", "#e45756", "#bab0ac"} <= set(colours.used(svg))
