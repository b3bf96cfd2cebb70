"""Which chapters an edition has: those in which something can be told of its country; of the others, why not."""

from __future__ import annotations

import json
from collections.abc import Sequence

from analysis import areas, claims, left_out, words, yamls
from analysis.editions.statements import Statement, Subject
from analysis.home import home
from analysis.left_out import Left


def order() -> list[str]:
    """The chapters in the order of the book's table of contents."""
    parts = yamls.read(home() / "_toc.yml")["parts"]
    files = [entry["file"] for part in parts for entry in part["chapters"]]
    return [name.removeprefix("chapters/") for name in files if name.startswith("chapters/")]


def chapters(about: Subject, told: Sequence[Statement]) -> tuple[list[str], list[Left]]:
    """The chapters that an edition has, in order, and those that it leaves out, each with the reason."""
    said = {name for statement in told for name in statement.claims}
    kept, left = [], []
    for name in order():
        asked = left_out.asked(name)
        if said & {claim.id for claim in asked}:
            kept.append(name)
        else:
            left.append(Left(name, left_out.title(name), _why(about, asked)))
    return kept, left


def _why(about: Subject, asked: Sequence[claims.Claim]) -> str:
    own = [claim for claim in asked if areas.area(claim.about).kind == "country" and claim.readings]
    if not own:
        return "Nothing there is about one country alone; it would read the same in every edition."
    return f"No figures are held that would tell of {about.called}."


def bare(notebook: bytes) -> str:
    """Why an executed chapter has nothing to show, where none of its cells drew a chart; else empty."""
    outputs = [output for cell in json.loads(notebook)["cells"] for output in cell.get("outputs", ())]
    if any("vega" in kind for output in outputs for kind in output.get("data", ())):
        return ""
    return "No figures are held for the years that it shows."


def listed(titles: Sequence[str]) -> str:
    """Titles of chapters as a sentence has them."""
    return words.listing([f"\u201c{title}\u201d" for title in titles])
