"""The files of layer/: what may change beside frozen versions. Classic scripts, because a site opens from files too.

`layer.js` (code and words) and `layer.css` are the same for all pages; `versions.js` lists the versions and the
corrections; `pages/` holds the history of each page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import ClaimbookError
from analysis.site.head import json_text
from analysis.versions import histories
from analysis.versions.changes import Difference

STATIC = Path(__file__).parent / "static"
# In the order in which they are joined; the last one starts the others.
SCRIPTS = ("switcher.js", "notices.js", "history.js", "layer.js")
PAGES = "pages"
LOG = "corrections.html"
CONTRACT = 1
_CORRECTION = ("id", "dated", "title", "told", "first", "last", "pages", "fixed", "reported_by")


@dataclass(frozen=True)
class Files:
    """The files of layer/ after a change: texts of new and changed ones by path within it, and names of the others."""

    texts: dict[str, str]
    kept: tuple[str, ...]


def files(
    before: Path | None,
    frozen: Path | None,
    difference: Difference | None,
    versions: Sequence[Mapping[str, Any]],
    corrections: Sequence[Mapping[str, Any]] = (),
) -> Files:
    """The layer after one more version, or after other corrections alone (`frozen` is None).

    `before` is the layer/ folder so far, None for the first version. `versions` are all of them, in any order, as
    {name, as_of, retrospective, candidate}; days are dates or their ISO text. `difference` is the one from the version
    before this one, for the causes of what changed. ClaimbookError where a history or the version cannot be read.
    """
    held = _held(before)
    known = {_page(path): text for path, text in held.items() if path.startswith(f"{PAGES}/")}
    order = [str(version["name"]) for version in versions]
    made = histories.follow(known, frozen, difference, order) if frozen else known
    texts = {path(page): text for page, text in made.items()}
    texts |= {
        "layer.js": script(),
        "layer.css": (STATIC / "layer.css").read_text(encoding="utf-8"),
        "versions.js": _versions(versions, corrections, made.get(LOG)),
    }
    kept = tuple(sorted(name for name, text in texts.items() if held.get(name) == text))
    return Files({name: text for name, text in sorted(texts.items()) if name not in kept}, kept)


def path(page: str) -> str:
    """Where the history of a page stands, within layer/."""
    return f"{PAGES}/{page.removesuffix('.html')}.js"


def _page(path: str) -> str:
    return f"{path.removeprefix(f'{PAGES}/').removesuffix('.js')}.html"


@cache
def script() -> str:
    """The code of the layer with its words, as one classic script."""
    words = json.loads((STATIC / "words.json").read_text(encoding="utf-8"))
    parts = [(STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return f"window.claimbookLayer = {{ words: {json_text(words)}, parts: {{}} }};\n\n" + "\n".join(parts)


def _held(before: Path | None) -> dict[str, str]:
    """The files of a layer by path within it."""
    if before is None:
        return {}
    paths = [before / name for name in ("layer.js", "layer.css", "versions.js")]
    paths = [path for path in paths if path.is_file()] + sorted((before / PAGES).rglob("*.js"))
    try:
        return {path.relative_to(before).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimbookError(f"the layer in {before} cannot be read: {error}") from None


def _versions(versions: Sequence[Mapping[str, Any]], corrections: Sequence[Mapping[str, Any]], log: str | None) -> str:
    """The file that lists versions, the newest first, and corrections. `log`: the history of the corrections' page."""
    ordered = sorted(versions, key=lambda version: histories.key(str(version["name"])), reverse=True)
    stable = [version for version in ordered if histories.key(str(version["name"])).candidate is None]
    newest = (stable or ordered)[0]["name"] if ordered else None
    data = {
        "contract": CONTRACT,
        "latest": ordered[0]["name"] if ordered else None,
        "stable": stable[0]["name"] if stable else None,
        "versions": [_version(version) for version in ordered],
        "corrections": [{name: _plain(entry.get(name)) for name in _CORRECTION} for entry in corrections],
    }
    if log and newest and histories.at(histories.read(log, LOG).there, str(newest)):
        data["log"] = LOG
    return f"claimbookLayer.versions({json_text(data)});\n"


def _version(version: Mapping[str, Any]) -> dict[str, Any]:
    """What is not so is left out: a list of many versions stays short."""
    data = {"name": version["name"], "as_of": _plain(version.get("as_of"))}
    return data | {name: _plain(version[name]) for name in ("retrospective", "candidate") if version.get(name)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
