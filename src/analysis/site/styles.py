"""The style sheet of the site: its parts, joined into one file without what only their readers need."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from analysis.site import colours

PARTS = Path(__file__).parent / "styles"
ORDER = (
    "colours", "shell", "text", "verdicts", "tables", "board", "figures", "claims", "code", "pages", "languages",
    "search", "versions", "editions", "print",
)  # fmt: skip
# On screens only, because paper stays white: chosen by the reader, or by the system where no script runs.
DARK = """
@media screen {{
  html[data-theme="dark"] {{ {colours} }}
}}
@media screen and (prefers-color-scheme: dark) {{
  html:not([data-theme]) {{ {colours} }}
}}
"""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s*\n\s*")


@cache
def sheet() -> str:
    """All parts in order, with the colours of dark pages, of their charts too."""
    texts = {name: (PARTS / f"{name}.css").read_text(encoding="utf-8") for name in ORDER}
    texts["colours"] += DARK.format(colours=(PARTS / "dark.css").read_text(encoding="utf-8"))
    texts["figures"] += colours.css()
    return _BLANK.sub("\n", _COMMENT.sub("", "\n".join(texts[name] for name in ORDER))).strip() + "\n"


def version(content: bytes) -> str:
    """What stands behind the address of a file, so that a browser never takes an old one for the new."""
    return hashlib.sha256(content).hexdigest()[:8]
