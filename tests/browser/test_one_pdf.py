"""The book as one PDF: printed by the package itself, from the pages of the built book."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from page_types import PAGES
from pypdf import PdfReader

from analysis.errors import ClaimbookError
from analysis.site import onefile, pdf

CHOSEN = [PAGES[name] for name in ("home", "chapter", "document", "claim", "methods")]


@pytest.fixture(scope="module")
def printed(site, tmp_path_factory) -> Path:
    try:
        pdf.browser()
    except ClaimbookError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("paper")
    shutil.copytree(site.folder / "_static", folder / "_static")
    page = folder / "whole.html"
    page.write_text(onefile.join(site.folder, CHOSEN, title="claimbook", told=["On paper."]), encoding="utf-8")
    pdf.printed(page, folder / "made" / "book.pdf")
    assert [path.name for path in (folder / "made").iterdir()] == ["book.pdf"]
    return folder / "made" / "book.pdf"


def test_all_pages_stand_in_it_one_after_the_other(printed):
    reader = PdfReader(printed)
    sheets = ["".join(sheet.extract_text().split()) for sheet in reader.pages]
    whole = "\n".join(sheets)
    places = [
        whole.index(words) for words in ("Onpaper.", "Howtoreadit", "Howmuchistraded", "Itsstatements", "Whatwassaid")
    ]
    assert places == sorted(places)
    assert all([round(float(size)) for size in sheet.mediabox[2:]] == [595, 842] for sheet in reader.pages)


def test_its_outline_lists_the_headings_and_its_links_lead_within(printed):
    reader = PdfReader(printed)

    def titles(entries):
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [entry.title]

    told = " ".join(titles(reader.outline))
    assert "How much is traded" in told and "What the figures say" in told
    links = [note.get_object() for sheet in reader.pages for note in sheet.get("/Annots", ())]
    within = [link for link in links if "/Dest" in link]
    assert within, "no link leads within the book"
    assert {str(link["/Dest"]) for link in within} <= set(reader.named_destinations)


def test_without_chromium_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClaimbookError, match=r"printed by Chromium, and none of .* apt install chromium"):
        pdf.browser()


def test_a_browser_that_prints_nothing_leaves_what_was_there(monkeypatch, tmp_path):
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho broken >&2\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    target = tmp_path / "book.pdf"
    target.write_bytes(b"the old one")
    with pytest.raises(ClaimbookError, match="printed no PDF: broken"):
        pdf.printed(tmp_path / "page.html", target)
    assert target.read_bytes() == b"the old one" and sorted(p.name for p in tmp_path.iterdir()) == [
        "book.pdf",
        "chromium",
    ]
