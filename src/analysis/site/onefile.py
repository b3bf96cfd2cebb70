"""All pages of a finished site as one page, to be printed: chapters, statements and methods one after the other."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from analysis.errors import ClaimbookError

# What only a screen can use.
_SCREEN_ONLY = (
    "script, button, .headerlink, .cb-embed, .cb-downloads, .cb-board-controls, details.above-input, "
    "[data-pagefind-filter]"
)
# What is printed runs nothing and asks nobody.
_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'"
# Attributes that name ids of the same page.
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
_URLS = ("clip-path", "fill", "stroke", "mask", "filter")


def join(site: Path, paths: Sequence[str], *, title: str, told: Sequence[str] = ()) -> str:
    """The pages at `paths` of the site in one, as HTML that stands in the site's root.

    Links between the pages lead within it, and every id is unique. `told`: lines below the title on the first sheet.
    ClaimbookError where a page is not there or has no article.
    """
    numbers = {path: f"p{number}" for number, path in enumerate(paths, start=1)}
    articles = [_article(site, path, numbers) for path in paths]
    contents = "".join(
        f'<li><a href="#{numbers[path]}">{escape(name)}</a></li>'
        for path, (name, _) in zip(paths, articles, strict=True)
        if not path.startswith("claims/")
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in told)
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light">\n<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="_static/claimbook.css"></head>\n'
        f'<body class="cb-onefile"><div class="cb-cover"><p class="cb-cover-title">{escape(title)}</p>{lines}'
        f"<ol>{contents}</ol></div>\n{''.join(html for _, html in articles)}</body>\n</html>\n"
    )


def _article(site: Path, path: str, numbers: Mapping[str, str]) -> tuple[str, str]:
    """The title of a page and its article, its ids and links made to fit the whole."""
    try:
        page = BeautifulSoup((site / path).read_text(encoding="utf-8"), "html.parser")
    except FileNotFoundError:
        raise ClaimbookError(f"{site} has no page {path}; build the book anew") from None
    article = page.select_one("article")
    if article is None or article.h1 is None:
        raise ClaimbookError(f"{path} has no article with a title")
    for element in article.select(_SCREEN_ONLY):
        element.decompose()
    for element in article.select("details"):
        # On paper everything stands open, but for the tables behind the charts: they would be most of the book.
        if "cb-data" in element.get("class", []):
            element.decompose()
        else:
            element["open"] = ""
    name = article.h1.get_text(" ", strip=True)
    own = numbers[path]
    for element in article.find_all(True):
        _fit(element, path, own, numbers)
    article["id"] = own
    article["class"] = "cb-article cb-sheet"
    return name, str(article)


def _fit(element: Tag, path: str, own: str, numbers: Mapping[str, str]) -> None:
    if element.get("id"):
        element["id"] = f"{own}-{element['id']}"
    for name in _POINTERS:
        if element.get(name):
            element[name] = " ".join(f"{own}-{part}" for part in str(element[name]).split())
    for name in _URLS:
        if str(element.get(name, "")).startswith("url(#"):
            element[name] = f"url(#{own}-{element[name][5:]}"
    if element.name == "a" and element.get("href"):
        element["href"] = _target(element["href"], path, own, numbers)


def _target(href: str, path: str, own: str, numbers: Mapping[str, str]) -> str:
    """Where a link leads in the whole: to a page of it, or to the file in the site."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    if not parts.path:
        return f"#{own}-{parts.fragment}" if parts.fragment else f"#{own}"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    if target in numbers:
        return f"#{numbers[target]}-{parts.fragment}" if parts.fragment else f"#{numbers[target]}"
    return target
