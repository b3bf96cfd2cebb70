"""The style sheet: text stands out from its ground, light and dark, and every verdict has its look."""

from __future__ import annotations

import re

import pytest
from test_chart_colours import contrast

from analysis import verdicts
from analysis.site import styles


def given(mode):
    """The custom properties of a mode that are colours."""
    rule = re.search(re.escape(mode) + r" \{([^}]*)\}", styles.sheet())[1]
    return dict(re.findall(r"--cb-([a-z-]+): (#[0-9a-f]{3,6});", rule))


@pytest.mark.parametrize("mode", ["html", 'html[data-theme="dark"]', "html:not([data-theme])"])
def test_all_text_stands_out_from_its_ground(mode):
    found = given(mode)
    for ink in ("ink", "muted", "link", "link-hover", "yes", "part", "no", "record", "open"):
        grounds = ["paper", f"{ink}-ground"] if f"{ink}-ground" in found else ["paper", "shade"]
        for ground in grounds:
            assert contrast(found[ink], found[ground]) >= 4.5, (ink, ground)


def test_every_verdict_has_its_look():
    for word in {*verdicts.WHEN_WRITTEN, *verdicts.AS_REVISED, *verdicts.TODAY}:
        assert f'[data-verdict="{word.replace(" ", "-")}"]' in styles.sheet(), word
