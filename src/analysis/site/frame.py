"""What the theme's templates know of the page they make: its place, its language, its policy, its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.dates import format_date

from analysis import imprint, retrospect
from analysis.imprint import BOOK
from analysis.site import head, policy, styles

HERE = Path(__file__).parent
STATIC = HERE / "static"
NAMES = {"en": "English", "nl": "Nederlands", "fr": "Français"}
LOCALES = {"en": "en_GB", "nl": "nl_BE", "fr": "fr_BE"}
# Every page has it: colours, the place in the page, printing.
SHELL = "js/shell.js"
WORDS = {
    "en": {
        "skip": "Skip to the page's content", "menu": "Menu", "close": "Close", "book": "The book",
        "home": "Scoreboard", "contents": "On this page", "search": "Search", "dark": "Dark colours",
        "languages": "Language", "notebook": "This page as a notebook (.ipynb)", "print": "Print this page",
        "neighbours": "Pages before and after", "sources": "Sources",
        "terms": "Text and charts: CC BY 4.0. Figures: the terms of their publishers, told under",
        "machines": "All statements with their verdicts:",
        "version": "Version", "retrospect": "built in retrospect as of {day}",
    },
    "nl": {
        "skip": "Naar de inhoud van de pagina", "contents": "Op deze pagina", "search": "Zoeken (Engels)",
        "dark": "Donkere kleuren", "languages": "Taal",
        "terms": "Tekst en grafieken: CC BY 4.0. Cijfers: volgens de voorwaarden van hun uitgevers, vermeld onder",
        "sources": "Sources (Engels)", "machines": "Alle uitspraken met hun oordeel (Engels):",
        "version": "Versie", "retrospect": "achteraf gemaakt naar de stand van {day}",
    },
    "fr": {
        "skip": "Aller au contenu de la page", "contents": "Sur cette page", "search": "Recherche (en anglais)",
        "dark": "Couleurs sombres", "languages": "Langue",
        "terms": "Texte et graphiques : CC BY 4.0. Chiffres : selon les conditions de leurs éditeurs, indiquées sous",
        "sources": "Sources (en anglais)", "machines": "Toutes les affirmations avec leur verdict (en anglais) :",
        "version": "Version", "retrospect": "établie rétrospectivement, en l’état du {day}",
    },
}  # fmt: skip


@cache
def _version(name: str) -> str:
    content = styles.sheet().encode() if name == "claimbook.css" else (STATIC / name).read_bytes()
    return styles.version(content)


@dataclass(frozen=True)
class Frame:
    """One page in its frame. `path` is its place within the site, `address` the book's public address or nothing.

    `version` names the version that the page is frozen in; empty for a book that is built as none. `inside` is the
    folder of the book's own pages, from the root of the site with a slash at its end, where they do not stand in the
    root itself; `feed` is the path of the Atom feed that the page names in its head; `whole`
    is what it has in common with the other pages of its site.
    """

    path: str
    title: str
    language: str = "en"
    address: str = ""
    scripts: Sequence[str] = (SHELL,)
    contents: Sequence[dict[str, str]] = ()
    book: Sequence[dict[str, Any]] = ()
    above: Sequence[str] = ()
    notebook: str = ""
    unsearched: bool = False
    inside: str = ""
    feed: str = ""
    whole: head.Whole = head.BOOK
    site: str = BOOK
    names: dict[str, str] = field(default_factory=lambda: NAMES)
    first_line: str = policy.FIRST_LINE
    version: str = field(default_factory=imprint.version)
    retrospective: dt.date | None = field(default_factory=retrospect.day)

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.path.count("/")

    @property
    def policy(self) -> str:
        """The content security policy of the page."""
        return policy.policy(search=self.path == "search.html")

    @property
    def locale(self) -> str:
        """The language as OpenGraph writes it."""
        return LOCALES[self.language]

    @property
    def words(self) -> dict[str, str]:
        """The theme's own words in the language of the page."""
        return WORDS[self.language]

    def asset(self, name: str) -> str:
        """The way to a file of the theme, with its version."""
        return f"{self.root}_static/{name}?v={_version(name)}"

    def to(self, path: str) -> str:
        """The way to another file of the site."""
        return f"{self.root}{quote(path)}"

    def at(self, path: str) -> str:
        """The address of a file of the site where the book has one, else the way to it."""
        first = path == "index.html" or path.endswith("/index.html")
        if not self.address:
            return self.to(path)
        return self.address + quote(path.removesuffix("index.html") if first else path)

    def lasting(self, path: str) -> str:
        """The address under which search engines are to know a page: that of the newest version, if it is in one."""
        own = f"v/{self.version}/"
        if not self.version or not self.address.endswith(own):
            return self.at(path)
        return replace(self, address=f"{self.address.removesuffix(own)}latest/").at(path)

    @property
    def edition(self) -> str:
        """Which version the page is of, in the language of the page; empty for none."""
        if not self.version:
            return ""
        told = f"{self.words['version']} {self.version}"
        if self.retrospective is None:
            return told
        day = format_date(self.retrospective, "long", locale=LOCALES[self.language])
        return f"{told}, {self.words['retrospect'].format(day=day)}"

    def json(self, value: Any) -> str:
        """JSON that can stand in a block of the page."""
        return head.json_text(value)
