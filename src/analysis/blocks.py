"""Blocks that a notebook shows and nbval compares: HTML and generated text, the same from run to run."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Html:
    """A block of HTML as a notebook's output; `text` is shown where there is no HTML."""

    html: str
    text: str = ""

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text or re.sub(r"<[^>]+>", " ", self.html)


@dataclass(frozen=True)
class Markdown:
    """A paragraph of generated text as a notebook's output."""

    text: str

    def _repr_markdown_(self) -> str:
        return escape_markdown(self.text)

    def __repr__(self) -> str:
        return self.text


def escape_markdown(text: str) -> str:
    """Text in which Markdown finds nothing to mark up."""
    text = re.sub(r"\r\n?", "\n", text)  # as Markdown counts lines
    text = re.sub(r"([\\`*_{}\[\]<>#|$~&])", r"\\\1", text)
    # At the beginning of a line only: indented code, lists, rules, MyST's comments, targets and fences.
    text = re.sub(r"(?m)^[ \t]+", "", text)
    return re.sub(r"(?m)^(\d*)([-+=%:(.)])", r"\1\\\2", text)
