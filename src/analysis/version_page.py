"""The page "About this version" of a book that is built as one: its day, what it was made from, what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import imprint, retrospect
from analysis.blocks import escape_markdown
from analysis.left_out import Left
from analysis.snapshots.store import Store
from analysis.templates import table

PAGE = "version"


def page(store: Store, left: Sequence[Left], *, site: str = "", commit: str | None = None) -> str:
    """The page as Markdown. `site`: the address of all versions together, with a slash at its end, or nothing.

    `commit`: what it was built from; None where that is not known.
    """
    name, day = imprint.version(), retrospect.day()
    lines = [
        "# About this version",
        f"This is version **{name}** of {imprint.BOOK}, by the figures released up to {store.newest:%-d %B %Y}. It "
        "stays as it is: later figures, later verdicts and corrections go into later versions. A notice is put over a "
        "page of this one that turns out to be wrong.",
    ]
    if day is not None:
        lines += [
            "## Built in retrospect",
            f"The book did not exist on {day:%-d %B %Y}. This version was built later, from the releases held of those "
            "that had been published by then, as if it had. Releases, documents and public records of a later date are "
            "hidden; the rules, the wording and the choice of documents are those of the day on which it was built. "
            "Public records that bear no date are hidden too. Publishers of whom no release of that time is held "
            "are missing, so that fewer statements can be tested than could have been then. The text of chapters, "
            "caveats and notes on known errors are those of today, and may speak of later events.",
        ]
    if left:
        rows = [(escape_markdown(entry.title), escape_markdown(entry.why)) for entry in left]
        lines += ["## What is left out", table("Chapters left out of this version", ["Chapter", "Why"], rows)]
    others = (
        f"All of them: [{site}versions.html]({site}versions.html)."
        if site
        else ("All of them are listed in the file `versions.html` beside the folder `v` in which this one stands.")
    )
    lines += [
        "## Other versions",
        "A version is named by year and month, and stays at its own address. Where scripts run, "
        f"the head of each page leads to the same page in every other version. {others}",
        "## How to make it again",
        f"It was built from the commit `{commit}` of the project."
        if commit
        else "It was built from files that had not been committed, so that nobody can make it again.",
        'The file <a href="version.json">version.json</a> names the lock file of the libraries, each snapshot with its '
        "hash, and the versions of the tools; `SHA256SUMS` beside it names every file. From these, "
        f"`claimbook rebuild {name}` builds it in a clean folder without a network and compares it byte by byte.",
    ]
    return "\n\n".join(lines) + "\n"
