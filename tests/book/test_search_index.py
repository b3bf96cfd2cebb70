"""The index of the search: the same pages give the same bytes, whatever the folder and the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ClaimbookError
from analysis.site import search

VERDICTS = ("supported", "on record", "not testable", "not supported", "record differs", "not yet due")
PAGE = """<!doctype html><html lang="en"><head><title>{n}</title></head><body><main data-pagefind-body>
<span hidden data-pagefind-filter="Verdict[data-value]" data-value="{verdict}"></span>
<span hidden data-pagefind-filter="Kind[data-value]" data-value="k{kind}"></span><h1>Page {n}</h1><p>word{n} trade</p>
<pre>hiddencode{n}</pre></main></body></html>"""


def made(folder: Path) -> dict[str, bytes]:
    folder.mkdir(parents=True)
    for number in range(12):
        text = PAGE.format(n=number, verdict=VERDICTS[number % len(VERDICTS)], kind=number % 4)
        (folder / f"{number}.html").write_text(text, encoding="utf-8")
    count = search.index(folder)
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / search.FOLDER).rglob("*"))
        if path.is_file()
    }
    assert len(found) == count
    return found


def test_the_same_pages_give_the_same_index(tmp_path):
    pytest.importorskip("pagefind_bin", reason="needs the extra `book`")
    first = made(tmp_path / "one")
    for number in range(4):  # Pagefind alone gives two orders of six values alike once in 720 times
        assert made(tmp_path / f"another {number}" / "site") == first
    assert not [name for name in first if "-ui" in name or "highlight" in name]


def test_a_form_that_is_not_known_is_told(tmp_path):
    broken = tmp_path / "a.pf_filter"
    for content in (b"", b"plain", search.gzip.compress(b"other"), search.gzip.compress(b"pagefind_dcd\x01")):
        broken.write_bytes(content)
        with pytest.raises(ClaimbookError, match=r"writes a.pf_filter in a form that is not known"):
            search._unpacked(broken)
