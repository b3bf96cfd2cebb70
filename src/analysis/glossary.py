"""The glossary: words that the book uses and a reader may want explained (data/glossary.yaml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pydantic import Field

from analysis.models import Address, Model, Text, listed


class Term(Model):
    """A term, what it means in plain words, and other spellings under which pages use it."""

    term: Text
    also: tuple[Text, ...] = Field(default=(), description="what a page says where it uses the term")
    meaning: Text
    source: Address | None = Field(default=None, description="whose definition it is, told in our words")

    @property
    def anchor(self) -> str:
        """The name of its place on the glossary's page."""
        return "-".join(re.findall(r"[a-z0-9]+", self.term.casefold()))


@cache
def terms() -> tuple[Term, ...]:
    """Every term in alphabetical order. ClaimbookError names a faulty entry, or one that stands twice."""
    found = listed(Term, "glossary.yaml", "anchor")
    return tuple(sorted(found.values(), key=lambda term: term.term.casefold()))


def used(texts: Sequence[str], among: Sequence[Term] | None = None) -> list[Term]:
    """The terms that texts use by one of their other spellings, as whole words, in alphabetical order."""
    whole = " ".join(" ".join(texts).casefold().split())
    return [
        term
        for term in (terms() if among is None else among)
        if any(re.search(rf"(?<!\w){re.escape(spelling.casefold())}(?!\w)", whole) for spelling in term.also)
    ]
