"""The Sphinx extension of the book: style sheet, fonts, templates, and where drawings are kept.

Named in _config.yml under `sphinx.config.extensions`. It finds its files beside itself, so that an editable
installation and a wheel are the same to it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from analysis.site import drawing

HERE = Path(__file__).parent
CACHE_VARIABLE = "CLAIMBOOK_FIGURE_CACHE"

UNUSED = ("scripts/fontawesome.js*", "vendor", "images", "locales", "**/*.map", "*webpack-macros.html")
"""What the themes copy into every site and no page of this one asks for (below _static)."""

_ICON_FONT = re.compile(r"@font-face\{[^{}]*/vendor/fontawesome/[^{}]*\}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx. `claimbook_figure_cache` is a folder; see `keep_drawings` for its default."""
    app.add_config_value("claimbook_figure_cache", "", "", [str])
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, even without its extension
    app.add_css_file("css/claimbook.css", priority=900)  # after the theme's own
    app.connect("config-inited", add_folders)
    app.connect("config-inited", keep_drawings)
    app.connect("build-finished", remove_unused)
    app.setup_extension("analysis.site.live")
    return {"version": "1", "env_version": _fingerprint(), "parallel_read_safe": True, "parallel_write_safe": True}


def _fingerprint() -> int:
    """A number that changes with the code that makes figures, so that Sphinx then reads its pages anew."""
    code = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return int(hashlib.sha256(code + drawing.font_digest().encode()).hexdigest()[:8], 16)


def add_folders(app: Sphinx, config: Config) -> None:
    """Add this package's static files and templates; the fonts for drawing stay at home."""
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))
    config.exclude_patterns.extend(["fonts/*.ttf", "fonts/characters.txt", "fonts/README.md"])


def keep_drawings(app: Sphinx, config: Config) -> None:
    """Finished drawings are kept in the folder of the configuration, of the environment, or beside the output."""
    chosen = config.claimbook_figure_cache or os.environ.get(CACHE_VARIABLE)
    config.claimbook_figure_cache = str(chosen or Path(app.outdir).parent / ".figure-cache")


def remove_unused(app: Sphinx, error: Exception | None) -> None:
    """Take what no page asks for out of the finished site: it is most of the site's weight."""
    if error is None and app.builder.format == "html":
        for pattern in UNUSED:
            for path in sorted((Path(app.outdir) / "_static").glob(pattern)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for sheet in sorted((Path(app.outdir) / "_static" / "styles").glob("*.css")):
            sheet.write_text(_ICON_FONT.sub("", sheet.read_text(encoding="utf-8")), encoding="utf-8")
