"""The Sphinx extension of the book: its theme, what each page knows of itself, and where drawings are kept.

Named in _config.yml under `sphinx.config.extensions`. It finds its files beside itself, so that an editable
installation and a wheel are the same to it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config

from analysis.imprint import BOOK
from analysis.site import drawing, head, styles
from analysis.site.frame import HERE, SHELL, STATIC, Frame

THEME = "claimbook"
CACHE_VARIABLE, FACTS_VARIABLE = "CLAIMBOOK_FIGURE_CACHE", "CLAIMBOOK_PAGE_FACTS"
# Scripts beside the shell's, by kind of page.
SCRIPTS = {"home": ("js/board.js",), "document": ("js/board.js",), "editions": ("js/editions.js",)}
SEARCH = "search"

UNUSED = ("mystnb.*", "pygments.css", "basic.css", "doctools.js", "*.png", "documentation_options.js")
"""What Sphinx and MyST-NB write into every site and no page of this one asks for (below _static)."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx. `claimbook_figure_cache` is a folder; see `keep_drawings` for its default."""
    app.add_config_value("claimbook_figure_cache", "", "", [str])
    app.add_config_value("claimbook_png", True, "html", [bool])
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, even without its extension
    app.add_html_theme(THEME, str(HERE / "theme"))
    app.connect("config-inited", keep_drawings)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", frame_page)
    app.connect("build-finished", write_files)
    app.setup_extension("analysis.site.live")
    return {"version": "1", "env_version": _fingerprint(), "parallel_read_safe": True, "parallel_write_safe": True}


def _fingerprint() -> int:
    """A number that changes with the code that makes figures, so that Sphinx then reads its pages anew."""
    code = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return int(hashlib.sha256(code + drawing.font_digest().encode()).hexdigest()[:8], 16)


def keep_drawings(app: Sphinx, config: Config) -> None:
    """Finished drawings are kept in the folder of the configuration, of the environment, or beside the output.

    What all pages have in common is read here too: it decides what is offered beside a figure.
    """
    told = os.environ.get(FACTS_VARIABLE)
    app.claimbook_facts = head.read(Path(told)) if told else (head.BOOK, {})
    config.claimbook_png = app.claimbook_facts[0].png
    chosen = config.claimbook_figure_cache or os.environ.get(CACHE_VARIABLE)
    config.claimbook_figure_cache = str(chosen or Path(app.outdir).parent / ".figure-cache")


def prepare(app: Sphinx) -> None:
    """The facts of pages, templates that escape, and no search index of Sphinx's own: Pagefind makes a better one."""
    app.builder.search = False
    # Sphinx escapes nothing by itself; in this theme everything is escaped that does not say otherwise.
    templates = app.builder.templates.environment
    templates.autoescape, templates.trim_blocks = True, True
    app.claimbook_book = []


def frame_page(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """What the theme's templates need to know of one page."""
    whole, known = app.claimbook_facts
    root = app.config.root_doc
    facts = known.get(page) or head.PageFacts(kind="home" if page == root else "text")
    if not app.claimbook_book:
        app.claimbook_book = _contents(app)
    title = app.env.titles[page].astext() if page in app.env.titles else page.capitalize()
    drawn = doctree is not None and "cb-figure" in context.get("body", "")
    notebook = f"_sources/{context['sourcename']}" if context.get("sourcename", "").endswith(".ipynb") else ""
    path = f"{page}.html"
    context["facts"] = facts
    context["body"] = _mended(context.get("body", ""))
    context["page"] = Frame(
        path=path,
        title=BOOK if page == root and not whole.home else f"{title} \u2013 {BOOK}",
        address=whole.address,
        whole=whole,
        scripts=(
            SHELL,
            *SCRIPTS.get(facts.kind, ()),
            *(("js/live.js",) if drawn else ()),
            *(("js/search.js",) if page == SEARCH else ()),
        ),
        contents=_sections(app, page) if page != root else (),
        book=app.claimbook_book,
        above=_above(app, page),
        notebook="../" * page.count("/") + quote(notebook) if notebook else "",
        unsearched=page == SEARCH,
    )


def _mended(body: str) -> str:
    """What Sphinx and MyST-NB write, for keyboard and voice: code can be scrolled, a fold bears its own name."""
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    return body.replace('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">')


def _contents(app: Sphinx) -> list[dict[str, Any]]:
    """The book's parts with their pages, as the table of contents of its first page has them."""
    parts = []
    for toctree in app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree):
        entries = [
            {"name": name, "title": title or app.env.titles[name].astext()}
            for title, name in toctree["entries"]
            if name in app.env.titles
        ]
        parts.append({"caption": toctree.get("caption") or "", "entries": entries})
    return parts


def _sections(app: Sphinx, page: str) -> list[dict[str, str]]:
    """The headings of a page, where there are at least two."""
    found = app.env.tocs.get(page)
    if found is None:
        return []
    entries = []
    for item in found.findall(nodes.reference):
        depth, node = 0, item.parent
        while node is not None:
            depth += isinstance(node, nodes.bullet_list)
            node = node.parent
        if depth == 2 and item.get("anchorname"):
            entries.append({"anchor": item["anchorname"].lstrip("#"), "title": item.astext()})
    return entries if len(entries) > 1 else []


def _above(app: Sphinx, page: str) -> list[str]:
    """The pages that lead to a page."""
    above = []
    parents = {child: parent for parent, children in app.env.toctree_includes.items() for child in children}
    while page in parents:
        page = parents[page]
        above.append(page)
    return [name for name in above if name != app.config.root_doc]


def write_files(app: Sphinx, error: Exception | None) -> None:
    """The style sheet, scripts and fonts of the theme; what no page asks for is taken out."""
    if error is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static"
    for pattern in UNUSED:
        for path in sorted(target.glob(pattern)):
            path.unlink()
    for name in sorted(path.relative_to(STATIC) for path in STATIC.rglob("*") if path.is_file()):
        if name.suffix not in (".ttf",) and name.name not in ("characters.txt", "README.md"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(STATIC / name, target / name)
    (target / "claimbook.css").write_text(styles.sheet(), encoding="utf-8")
