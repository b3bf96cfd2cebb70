"""BibTeX from plain text: read back by a parser of BibTeX, whatever the text holds."""

from __future__ import annotations

import re

import pytest
from hostile import TEXTS
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from analysis import bibtex


def read(text: str):
    entries = parse_string(text, "bibtex").entries
    assert len(entries) == 1
    return next(iter(entries.values()))


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ("50% & #1_a $x$", r"50\% \& \#1\_a \$x\$"),
        ("{a} \\b ~ ^", r"\textbraceleft{}a\textbraceright{} \textbackslash{}b \textasciitilde{} \textasciicircum{}"),
        ("België, façade, Łódź", r"Belgi{\"{e}}, fa{\c{c}}ade, {\L}{\'{o}}d{\'{z}}"),
        ("naïve", r"na{\"{\i}}ve"),
        ("“quoted” – it’s…", r"``quoted'' -- it's\ldots{}"),
        ("one\ntwo\t three", "one two three"),
        ("a\x00b\u202ec", "abc"),
        ("Київ", "Київ"),
        ("5\u00a0%", r"5~\%"),
    ],
)
def test_text_is_told_as_tex(plain, told):
    assert bibtex.text(plain) == told


def test_an_entry_reads_as_it_was_meant():
    made = bibtex.entry(
        "misc",
        "nvs trade{share}",
        {"author": ["A & B and C", "World Bank"], "title": "Trade, 85%", "year": "2026", "url": "", "note": ""},
    )
    assert made.startswith("@misc{nvs-trade-share-,\n") and made.endswith("}\n")
    found = read(made)
    assert found.key == "nvs-trade-share-"
    assert [str(person) for person in found.persons["author"]] == [r"{A \& B and C}", "{World Bank}"]
    assert dict(found.fields) == {"title": r"{Trade, 85\%}", "year": "2026"}


def test_an_address_stays_an_address():
    found = read(bibtex.entry("misc", "a", {"url": "https://example.org/a_b/é?x=1%20&y={2}#s"}))
    assert found.fields["url"] == "https://example.org/a_b/%C3%A9?x=1%20&y=%7B2%7D#s"


@pytest.mark.parametrize("kind", ["", "misc{", "@misc", "Misc 1"])
def test_a_kind_is_a_word(kind):
    with pytest.raises(ValueError, match="BibTeX"):
        bibtex.entry(kind, "key", {})


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_stays_in_its_field(text):
    found = read(bibtex.entry("misc", text, {"author": text, "title": text, "note": text, "year": "2026", "url": text}))
    assert set(found.fields) == {"title", "note", "year", "url"}
    assert found.fields["year"] == "2026"


@given(st.text())
def test_any_text_gives_balanced_braces_and_no_command_of_its_own(plain):
    told = bibtex.text(plain)
    depth = 0
    for sign in told:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    known = {*bibtex._COMMANDS.values(), *(rf"\{sign}" for sign in bibtex._ACCENTS.values())}
    for command in re.findall(r"\\(?:[A-Za-z]+|.)", told):
        assert any(entry.lstrip("{").startswith(command) for entry in known) or command in (r"\i", r"\j"), command
    assert not re.search(r"(?<!\\)[%&#$_]", told) and "\n" not in told
