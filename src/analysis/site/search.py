"""The search of the finished site: Pagefind reads its pages and writes an index beside them."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cbor2

from analysis.errors import ClaimbookError

FOLDER = "pagefind"
# Code, the headings' signs and the figures behind charts would be found before what is said of them.
LEFT_OUT = "details.above-input, .headerlink, .cb-verdicts, .cb-data, .cb-downloads, pre"
# Pagefind's own forms of a search page; the book has one of its own.
# What every part of an index begins with, once unpacked.
_BEGINNING = b"pagefind_dcd"
_UNUSED = ("pagefind-*ui*", "pagefind-highlight.js")


def index(site: Path) -> int:
    """Write the index of the site's pages into its folder `pagefind`; returns how many files that are.

    The same pages give the same bytes. ClaimbookError if Pagefind is not installed or fails.
    """
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--quiet", "--exclude-selectors", LEFT_OUT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        told = (done.stderr or done.stdout).strip()[-1000:]
        raise ClaimbookError(f"Pagefind could not index the book (it comes with the extra `book`): {told}")
    for pattern in _UNUSED:
        for path in sorted((site / FOLDER).glob(pattern)):
            path.unlink()
    _put_in_order(site / FOLDER)
    return sum(path.is_file() for path in (site / FOLDER).rglob("*"))


def _put_in_order(folder: Path) -> None:
    """Put the filters in the order of their names: Pagefind writes them in another order each time.

    Files of an index are named by what they hold, so that those of the filters and of what names them change.
    """
    entry = folder / "pagefind-entry.json"
    told = json.loads(entry.read_text(encoding="utf-8"))
    for language, about in told["languages"].items():
        meta = folder / f"pagefind.{about['hash']}.pf_meta"
        parts = _unpacked(meta)
        filters = []
        for name, key in sorted(parts[3]):
            old = folder / "filter" / f"{key}.pf_filter"
            named, values = _unpacked(old)
            packed, digest = _packed([named, sorted(values)])
            old.unlink()
            filters.append([name, f"{language}_{digest[:7]}"])
            (folder / "filter" / f"{filters[-1][1]}.pf_filter").write_bytes(packed)
        packed, digest = _packed([*parts[:3], filters, *parts[4:]])
        meta.unlink()
        about["hash"] = f"{language}_{digest[:10]}"
        (folder / f"pagefind.{about['hash']}.pf_meta").write_bytes(packed)
    entry.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _unpacked(path: Path) -> list[Any]:
    """What a part of the index holds; ClaimbookError where it is not in the form that is known here."""
    try:
        raw = gzip.decompress(path.read_bytes())
        if not raw.startswith(_BEGINNING):
            raise ValueError("it begins otherwise")
        found = cbor2.loads(raw.removeprefix(_BEGINNING))
        if not isinstance(found, list):
            raise ValueError("it holds no list")
    except (OSError, EOFError, ValueError, cbor2.CBORDecodeError) as error:
        raise ClaimbookError(
            f"this Pagefind writes {path.name} in a form that is not known here ({error}); use the one of the lock file"
        ) from error
    return found


def _packed(parts: list[Any]) -> tuple[bytes, str]:
    raw = _BEGINNING + cbor2.dumps(parts)
    return gzip.compress(raw, mtime=0), hashlib.sha256(raw).hexdigest()
