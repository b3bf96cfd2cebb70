"""The pictures for those who share a page: one for each claim, each document and the first page."""

from __future__ import annotations

import datetime as dt
import hashlib
import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path

from analysis import board
from analysis.audit import Audited
from analysis.exports import cards, engraving, names
from analysis.site import drawing

_END = b"IEND\xaeB`\x82"


def files(audits: Sequence[Audited], as_of: dt.date, cache: Path) -> dict[str, bytes]:
    """The pictures by their paths in the site. Those that `cache` does not hold are drawn, several at once."""
    wanted = {names.HOME_PICTURE: cards.home(audits, as_of)}
    for document, own in board.by_document(audits):
        wanted[names.document_picture(document)] = cards.document(document, own, as_of)
    for found in audits:
        wanted[names.places(found.claim).picture] = cards.claim(found, as_of)
    return drawn(wanted, cache)


def drawn(svgs: Mapping[str, str], cache: Path) -> dict[str, bytes]:
    """The PNG of each SVG, by the same names."""
    kept = {svg: cache / f"{_key(svg)}.png" for svg in svgs.values()}
    found = {svg: png for svg, path in kept.items() if (png := _read(path)) is not None}
    missing = [svg for svg in kept if svg not in found]
    if missing:
        # Begun anew rather than forked: the drawing engine does not survive a fork.
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(len(missing), os.cpu_count() or 1), mp_context=fresh) as pool:
            for svg, png in zip(missing, pool.map(engraving.engraved, missing, chunksize=4), strict=True):
                drawing.keep(kept[svg], png)
                found[svg] = png
    return {name: found[svg] for name, svg in svgs.items()}


def _key(svg: str) -> str:
    """Names a finished picture by everything its bytes depend on."""
    made_by = Path(engraving.__file__).read_bytes()
    engines = [metadata.version(name) for name in ("vl-convert-python", "pillow")]
    parts = (svg, *engines, drawing.font_digest(), hashlib.sha256(made_by).hexdigest())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _read(path: Path) -> bytes | None:
    """A finished picture, or None where there is none or it is not whole."""
    try:
        png = path.read_bytes()
    except FileNotFoundError:
        return None
    return png if png.endswith(_END) else None
