"""The search of the finished site: Pagefind reads its pages and writes an index beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from analysis.errors import ClaimbookError

FOLDER = "pagefind"
# Code, the headings' signs and the figures behind charts would be found before what is said of them.
LEFT_OUT = "details.above-input, .headerlink, .cb-data, .cb-downloads, pre"
# Pagefind's own forms of a search page; the book has one of its own.
_UNUSED = ("pagefind-*ui*", "pagefind-highlight.js")


def index(site: Path) -> int:
    """Write the index of the site's pages into its folder `pagefind`; returns how many files that are.

    The same pages give the same bytes. ClaimbookError if Pagefind is not installed or fails.
    """
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--quiet", "--exclude-selectors", LEFT_OUT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        told = (done.stderr or done.stdout).strip()[-1000:]
        raise ClaimbookError(f"Pagefind could not index the book (it comes with the extra `book`): {told}")
    for pattern in _UNUSED:
        for path in sorted((site / FOLDER).glob(pattern)):
            path.unlink()
    return sum(path.is_file() for path in (site / FOLDER).rglob("*"))
