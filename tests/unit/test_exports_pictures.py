"""Pictures for sharing: nothing runs out of its place, nothing hostile in the SVG, small PNGs, kept by content."""

from __future__ import annotations

import datetime as dt
import io
import re
from xml.etree import ElementTree

import hostile
import numpy as np
import pytest
from PIL import Image

from analysis import audit, claims, verdicts
from analysis.documents import documents
from analysis.exports import cards, engraving, letters, names, pictures
from analysis.site import styles
from analysis.site.drawing import characters
from analysis.site.lettering import BOLD, width
from analysis.snapshots.store import store

DAY = dt.date(2026, 7, 1)
NAMES = ("nvs-trade-share", "ics-wales-two-per-cent", "nvs-africa-2050", "nvs-founder-host", "ics-seventy-years")
LONG = "A statement of very many words, each of which is needed, about " + "Donaudampfschifffahrtsgesellschaft " * 9


@pytest.fixture(scope="module")
def audits() -> list[audit.Audited]:
    return [audit.audit(claims.claim(name), store(), DAY) for name in NAMES]


@pytest.fixture(scope="module")
def whole() -> list[audit.Audited]:
    """The whole ledger, audited."""
    return [audit.audit(claim, store()) for claim in claims.ledger()]


def drawn(svg: str) -> ElementTree.Element:
    """The picture as XML, every element and every line of its text checked for its place."""
    root = ElementTree.fromstring(svg)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "rect", "text", "circle", "path"}
    boxes = []
    for element in root.iter():
        assert not any(name.startswith("on") or "href" in name or name == "style" for name in element.attrib)
        if element.tag.endswith("rect") and element.get("x"):
            assert float(element.get("x")) + float(element.get("width")) <= cards.WIDTH
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        size, weight = float(element.get("font-size")), int(element.get("font-weight"))
        text = element.text or ""
        assert text and set(text) <= characters() and size >= 19
        wide = width(text, size, weight)
        left = float(element.get("x")) - (wide if element.get("text-anchor") == "end" else 0)
        assert left >= cards.MARGIN and left + wide <= cards.WIDTH - cards.MARGIN + 0.5
        y = float(element.get("y"))
        assert y - size * 0.8 > 12 and y + size * 0.25 < cards.HEIGHT
        boxes.append((left, y - size * 0.75, left + wide, y + size * 0.22))
    panels = [element for element in root.iter() if element.get("rx")]
    for left, top, _, bottom in boxes:  # what begins in a panel ends in it
        for panel in panels:
            x, y, wide, high = (float(panel.get(name)) for name in ("x", "y", "width", "height"))
            if x <= left <= x + wide and y <= top <= y + high:
                assert bottom <= y + high - 6
    for at, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    return root


def words(svg: str) -> str:
    return " ".join(element.text for element in drawn(svg).iter("{http://www.w3.org/2000/svg}text"))


def with_title(found: audit.Audited, title: str) -> audit.Audited:
    return audit.Audited(found.claim.model_copy(update={"title": title}), found.evaluations, found.verdicts)


# What it shows


def test_a_picture_shows_document_title_verdicts_and_figures(audits):
    told = words(cards.claim(audits[0], DAY))
    for part in (
        "Nationale Veiligheidsstrategie", "Belgian federal government", "Trade is 85 per cent of GDP",
        "When written, 1 December 2021", "not supported", "79.2 per cent of GDP in 2020", "Today", "claimbook",
        "data up to 1 July 2026",
    ):  # fmt: skip
        assert part in told


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_everything_has_its_place(audits, number):
    drawn(cards.claim(audits[number], DAY))
    drawn(cards.claim(with_title(audits[number], LONG), DAY))
    drawn(cards.claim(with_title(audits[number], "W" * 400), DAY))


def test_every_claim_of_the_ledger_keeps_its_title_and_its_figures_whole(whole):
    for found in whole:
        told = words(cards.claim(found, DAY))
        assert found.claim.title in told and letters.ELLIPSIS not in told
        for time in ("when_written", "today"):
            assert names.verdict(found, time).word in told


def test_an_untestable_statement_says_so_twice_and_no_figure(audits):
    told = words(cards.claim(audits[NAMES.index("ics-seventy-years")], DAY))
    assert told.count("not testable") == 2 and told.count("no public figure or record can decide it") == 2


def test_every_verdict_has_the_colour_that_the_style_sheet_gives_it():
    every = {*verdicts.WHEN_WRITTEN, *verdicts.AS_REVISED, *verdicts.TODAY}
    assert set(cards.KINDS) == every
    sheet = (styles.PARTS / "verdicts.css").read_text(encoding="utf-8")
    for word, kind in cards.KINDS.items():
        rules = [
            own
            for selector, own in re.findall(r"([^{}]*)\{([^{}]*)\}", sheet)
            if f'"{word.replace(" ", "-")}"' in selector and "--cb-verdict-ink" in own
        ]
        assert (f"var(--cb-{kind})" in rules[0]) if rules else kind == "open", word
        assert re.fullmatch(r"#[0-9a-f]{3,6}", cards.colours()[kind])


def test_documents_and_the_first_page_count_their_statements(audits, whole):
    assert "5 statements of 2 strategy papers" in words(cards.home(audits, DAY))
    told = words(cards.document(documents()["nvs"], audits, DAY))
    assert "3 statements, checked" in told and "Nationale Veiligheidsstrategie" in told
    for document in documents().values():
        assert letters.ELLIPSIS not in words(cards.document(document, whole, DAY))


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_text_is_drawn_as_letters(audits, text):
    for found in audits:
        drawn(cards.claim(hostile.claim(found, text), DAY))
    document = documents()["nvs"].model_copy(update={"title": text, "short": text, "author": text})
    drawn(cards.document(document, audits, DAY))


# Letters


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("België,\n 2021", "België, 2021"),
        ("e\u0301te\u0301", "été"),
        ("a\u202eb\x00c\u200f", "abc"),
        ("ế ﬁ", "e fi"),
        ("Paris 東", "Paris □"),
    ],
)
def test_text_is_told_in_the_letters_of_the_font(text, told):
    assert letters.legible(text) == told
    assert set(told) <= characters()


def test_what_the_font_cannot_tell_gives_way():
    assert letters.legible("Стратегія", "ua-strategy") == "ua-strategy"
    assert letters.legible("Стратегія") == "□" * 9


def test_lines_are_even_and_no_wider_than_their_room():
    text = "A leading country of origin of foreign fighters in Western Europe"
    lines = letters.broken(text, 1072, 66, BOLD)
    assert " ".join(lines) == text
    wide = [width(line, 66, BOLD) for line in lines]
    assert max(wide) <= 1072 and min(wide) > 0.6 * max(wide)


def test_what_is_left_out_is_marked():
    lines = letters.shortened(letters.broken(LONG, 500, 24), 2, 500, 24)
    assert len(lines) == 2 and lines[-1].endswith(letters.ELLIPSIS) and width(lines[-1], 24) <= 500


# PNG


def pixels(png: bytes) -> np.ndarray:
    """The colours of a PNG of at most 256, a row for each line."""
    picture = Image.open(io.BytesIO(png))
    assert picture.mode == "P"
    return np.asarray(picture.convert("RGB"))


def rgba(rows: np.ndarray) -> bytes:
    """A PNG with a transparency of its own, as vl-convert writes it."""
    made = io.BytesIO()
    Image.fromarray(rows, "RGBA").save(made, "PNG")
    return made.getvalue()


def test_a_small_png_has_the_same_pixels():
    rows = np.random.default_rng(1).integers(0, 6, (40, 50, 4), np.uint8) * 40
    rows[..., 3] = 255
    assert (pixels(engraving.small(rgba(rows))) == rows[..., :3]).all()


def test_of_too_many_colours_the_nearest_stand_for_the_rest():
    rows = np.full((64, 64, 4), 255, np.uint8)
    rows[..., 0], rows[..., 1] = np.meshgrid(np.arange(64) * 4, np.arange(64) * 4)
    found = pixels(engraving.small(rgba(rows)))
    assert len(np.unique(found.reshape(-1, 3), axis=0)) <= 256


def test_pictures_are_small_of_the_right_size_and_kept(audits, tmp_path):
    made = pictures.files(audits[:2], DAY, tmp_path)
    assert set(made) == {
        "pictures/home.png", "pictures/documents/nvs.png", "pictures/documents/ics.png",
        "pictures/claims/nvs-trade-share.png", "pictures/claims/ics-wales-two-per-cent.png",
    }  # fmt: skip
    for png in made.values():
        assert pixels(png).shape == (630, 1200, 3) and len(png) < 60_000
    colours = {tuple(colour) for colour in pixels(made["pictures/claims/nvs-trade-share.png"]).reshape(-1, 3).tolist()}
    ground = cards.colours()["no-ground"]
    assert tuple(bytes.fromhex(ground[1:])) in colours
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == len(made)
    kept[0].write_bytes(kept[0].read_bytes()[:-20])  # as after a crash
    assert pictures.files(audits[:2], DAY, tmp_path) == made
    assert sorted(tmp_path.iterdir()) == kept
