"""Text that must stay text in Markdown: no link, picture, mention, reference or tag comes of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

LONGEST = 600  # characters of one text
# Stands behind what hosts make links of once the Markdown has become HTML, where a backslash is no help any more.
JOINER = "\u2060"
_INLINE = re.compile(r"([\\`*_\[\]|~$])")
# What would begin a heading, a list or a rule where a text stands first in its line.
_BLOCK = re.compile(r"^(?:(?=[-+=#])|(\d+)(?=[.)](?:\s|$)))")
# Some sites link bare names of hosts too, so that no dot stays beside the letter behind it.
_LINKED = re.compile(
    r"(?=@)|(?<=[@#])|(?<=[a-z]:)(?=\S)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\.)(?=[^\W\d])|(?<=\bgh)(?=-\d)", re.IGNORECASE
)
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./ -]*[A-Za-z0-9])?", re.ASCII)
_GAPS = {"Cc", "Zl", "Zp", "Zs"}  # control characters and separators: a blank; the other unseen ones are left out
_UNSEEN = {"Cf", "Cs", "Co", "Cn"}


def escaped(text: str, longest: int = LONGEST) -> str:
    """A text of anybody's as one line of Markdown that shows it, and does nothing else.

    Line breaks and control characters become blanks; characters that are not seen, such as those that turn the
    direction of writing, are left out. What is longer than `longest` characters is cut, with an ellipsis.
    """
    kinds = ((letter, unicodedata.category(letter)) for letter in text)
    seen = "".join(" " if kind in _GAPS else letter for letter, kind in kinds if kind not in _UNSEEN)
    line = " ".join(seen.split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "\u2026"
    line = _LINKED.sub(JOINER, line)
    line = _BLOCK.sub(r"\1\\", _INLINE.sub(r"\\\1", line))
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(name: str) -> str:
    """A name of the project's own, such as a release, as code; anything that is not spelt as a name, escaped."""
    return f"`{name}`" if _PLAIN.fullmatch(name) else escaped(name)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """A table of cells that are Markdown already; columns at the places `numbers` stand to the right."""
    right = set(numbers)
    rule = ["---:" if place in right else "---" for place in range(len(heading))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heading, rule, *rows))
