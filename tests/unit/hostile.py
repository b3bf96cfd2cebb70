"""Texts that try to be more than text, and a claim that is made of them."""

from __future__ import annotations

import dataclasses
import datetime as dt

from analysis import audit
from analysis.audit import Audited
from analysis.claims import Cited, Claim, Reply
from analysis.verdicts import Verdict

TEXTS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><svg onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" \'',
    "@misc{x, title = {y}} } \\input{/etc/passwd} {{ \\write18{id}",
    "=cmd|' /C calc'!A0",
    "\t=HYPERLINK(1)",
    "-2+3",
    "a\r\nb\nc",
    "\u202egnp.exe \u2066abc\u2069 \u200f",
    "nul \x00 bell \x07 escape \x1b[31m",
    "Київ 東京 العربية 𝔘 😀",
    "50% & #1_a $x$ ~ ^ {{ claim }} {% raw %}",
    "\u2028 \u2029 \ufeff \ufffe",
    "&lt;b&gt; &#x3c;",
)


def claim(found: Audited, text: str) -> Audited:
    """An audited claim, each of its texts replaced: in the claim, the document, the readings and the figures."""
    about = found.claim
    document = about.document.model_copy(
        update={"title": text, "short": text, "author": text, "address_note": text, "address": None}
    )
    readings = tuple(entry.model_copy(update={"label": text, "definition": text}) for entry in about.readings)
    records = tuple(
        cited.model_copy(
            update={"told": text, "record": cited.record.model_copy(update={"title": text, "publisher": text})}
        )
        for cited in about.records
    )
    told = {
        "title": text, "statement": text, "place": text, "printed": about.printed and text, "unit": text,
        "threshold": text, "caveats": (text,), "unheld": text, "document": document, "readings": readings,
        "records": records, "replies": (Reply.model_construct(by=text, dated=dt.date(2024, 1, 2), text=text, address=None),),
    }  # fmt: skip
    changed = about.model_copy(update=told)
    assert isinstance(changed, Claim)
    evaluations = {
        name: [dataclasses.replace(entry, note=text, flag="") for entry in entries]
        for name, entries in found.evaluations.items()
    }
    decided = {name: _by(getattr(found.verdicts, name), records) for name in ("when_written", "as_revised", "today")}
    return audit.Audited(changed, evaluations, dataclasses.replace(found.verdicts, **decided))


def _by(verdict: Verdict, records: tuple[Cited, ...]) -> Verdict:
    """A verdict that one of these records decided, where a record did."""
    own = {cited.record.id: cited for cited in records}
    return dataclasses.replace(verdict, record=own[verdict.record.record.id]) if verdict.record else verdict
