"""Templates of generated pages: Markdown around blocks of HTML, in which all that comes from data is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PAGES = Path(__file__).parent / "site" / "pages"

_html = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=FileSystemLoader(PAGES))
# Pages are Markdown around blocks of HTML that are escaped already.
_markdown = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, loader=FileSystemLoader(PAGES))


def ready() -> None:
    """Compile the templates of blocks: a warm parent's forks then find them there."""
    for path in PAGES.glob("*.html.j2"):
        _html.get_template(path.name)


def html(template: str, **known: Any) -> str:
    """A block of HTML; what is not Markup is escaped."""
    return _html.get_template(template).render(**known).strip()


def markdown(template: str, **known: Any) -> str:
    """A page in Markdown; its blocks of HTML come through `raw`, its words through `blocks.escape_markdown`."""
    return _markdown.get_template(template).render(**known).strip() + "\n"


def raw(block: str) -> str:
    """A block of HTML inside a Markdown page, whatever its text holds."""
    fence = "`" * 3
    while fence in block:
        fence += "`"
    return f"{fence}{{raw}} html\n{block.strip()}\n{fence}"


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as a block of HTML inside a Markdown page; cells that are not Markup are escaped."""
    return raw(html("table.html.j2", caption=caption, head=head, rows=rows))
