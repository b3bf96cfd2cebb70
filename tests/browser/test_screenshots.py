"""Pictures of every page type, wide and on a phone, light and dark, for a person to look at.

They go into `_build/screenshots`, or into the folder that CLAIMBOOK_SCREENSHOTS names.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from page_types import CHARTED, PAGES

FOLDER = Path(os.environ.get("CLAIMBOOK_SCREENSHOTS") or Path(__file__).resolve().parents[2] / "_build" / "screenshots")
LONGEST = 8000
"""Height of the tallest picture, in px; of longer pages the beginning is kept."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["wide", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_picture_is_kept(open_page, name, width, dark):
    page = open_page(PAGES[name], width=width, dark=dark)
    if name in CHARTED:
        page.wake()
    height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{'wide' if width > 600 else 'phone'}-{'dark' if dark else 'light'}.png"
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    assert struct.unpack(">II", path.read_bytes()[16:24]) == (width, height)
