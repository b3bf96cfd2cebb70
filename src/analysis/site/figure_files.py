"""The files that stand beside a figure in the site: their names and their place, for those who link and who write."""

from __future__ import annotations

from urllib.parse import quote

ROOT = "figures"
LIVE, README, BIBTEX, CSL = "live.js", "README.txt", "cite.bib", "cite.json"


def folder(page: str, id: str) -> str:
    """The folder of a figure's files, from the root of the site."""
    return f"{ROOT}/{page}/{id}"


def address(path: str) -> str:
    """A path of the site as a relative address."""
    return quote(path)


def offered(id: str, *, table: bool, png: bool = True) -> list[tuple[str, str]]:
    """What readers are offered: label and file name. The pictures and the data bear the name of the figure.

    Without `png` there is none in dots.
    """
    files = [
        ("CSV", f"{id}.csv"),
        ("SVG", f"{id}.svg"),
        ("PNG", f"{id}.png"),
        ("Vega-Lite", f"{id}.vl.json"),
        ("BibTeX", BIBTEX),
        ("CSL", CSL),
        ("Read me", README),
    ]
    files = [entry for entry in files if png or entry[0] != "PNG"]
    return files if table else files[1:]
