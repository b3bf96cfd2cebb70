"""sitemap.xml and robots.txt: the pages of the site and their other languages, by their full addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from analysis.errors import ClaimbookError

# The limits of the protocol (sitemaps.org) for one file.
MOST_PAGES, MOST_BYTES = 50_000, 50 * 1024 * 1024
LONGEST = 2_048
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def files(
    pages: Sequence[str], address: str, languages: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, str]:
    """The two files, or nothing where `address` (with a trailing "/") is "".

    `pages` are paths in the site; `languages` gives for a page the path of the same page in each language, its own
    among them. ClaimbookError where the protocol's limits do not hold.
    """
    if not address:
        return {}
    known = sorted(set(pages))
    lines = [_page(path, address, (languages or {}).get(path, {})) for path in known]
    text = f"{_HEAD}{''.join(lines)}</urlset>\n"
    if len(known) > MOST_PAGES or len(text.encode()) > MOST_BYTES:
        raise ClaimbookError(f"sitemap.xml would hold {len(known):,} pages; one file holds {MOST_PAGES:,} and 50 MB")
    robots = f"User-agent: *\nAllow: /\nSitemap: {located('sitemap.xml', address)}\n"
    return {"sitemap.xml": text, "robots.txt": robots}


def located(path: str, address: str) -> str:
    """The full address of a page; the first page of a folder is the folder. ClaimbookError where it is too long."""
    if path == "index.html" or path.endswith("/index.html"):
        path = path.removesuffix("index.html")
    whole = address + quote(path)
    if len(whole) >= LONGEST:
        raise ClaimbookError(
            f"the address of {path[:80]}... is longer than a sitemap may hold ({LONGEST:,} characters)"
        )
    return whole


def _page(path: str, address: str, languages: Mapping[str, str]) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(name)} href={quoteattr(located(other, address))}/>'
        for name, other in sorted(languages.items())
    )
    return f"<url><loc>{escape(located(path, address))}</loc>{links}</url>\n"
