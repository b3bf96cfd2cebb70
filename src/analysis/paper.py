"""The whole book on paper: its pages in the order of their table of contents, as one PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from analysis import yamls
from analysis.imprint import BOOK


def print_book(site: Path, contents: Path, as_of: dt.date, target: Path) -> None:
    """Print a built site; `contents` is the table of contents that it was made from, `as_of` the day of its figures."""
    from analysis.site import onefile, pdf

    toc = yamls.read(contents)
    entries = [entry for part in toc["parts"] for entry in part["chapters"]]
    names = [toc["root"], *(name["file"] for entry in entries for name in (entry, *entry.get("sections", ())))]
    told = [f"By the figures released up to {as_of:%-d %B %Y}.", "Text and charts: CC BY 4.0."]
    page = site / ".print.html"
    page.write_text(onefile.join(site, [f"{name}.html" for name in names], title=BOOK, told=told), "utf-8")
    try:
        pdf.printed(page, target)
    finally:
        page.unlink()
