"""A small published site of versions: pages in the real theme, frozen beside each other, with the layer over them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from analysis.languages import told
from analysis.languages.catalogue import language
from analysis.site import shell, styles
from analysis.site.frame import STATIC
from analysis.site.head import PageFacts
from analysis.versions import layer, names, record
from analysis.versions.changes import TIMES, Change, ClaimChange, Difference, Told

LANGUAGES = {"en": "", "nl": "nl/", "fr": "fr/"}


@dataclass(frozen=True)
class Said:
    """What a version says of a statement: (word, figure) for each reading of time."""

    when_written: tuple[str, str]
    as_revised: tuple[str, str]
    today: tuple[str, str]
    title: str = ""
    document: str = "ics"


@dataclass(frozen=True)
class Version:
    """A version to be frozen. `said`: by id; `prose`: what stands on the page About; `causes`: by (id, time)."""

    name: str
    as_of: dt.date
    said: Mapping[str, Said]
    retrospective: bool = False
    prose: str = "What the book is."
    causes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pages: tuple[str, ...] = ("about.html",)


def publish(site: Path, versions: Sequence[Version], corrections: Sequence[Mapping] = ()) -> None:
    """Freeze the versions in their order, each with the layer brought up to it, and point latest/ at the newest."""
    for number, version in enumerate(versions):
        folder = freeze(site / "v" / version.name, version)
        so_far = [
            {
                "name": one.name,
                "as_of": one.as_of,
                "retrospective": one.as_of if one.retrospective else None,
                "candidate": names.version(one.name).candidate is not None,
            }
            for one in versions[: number + 1]
        ]
        before = site / "layer" if number else None
        difference = difference_of(versions[number - 1], version) if number else None
        made = layer.files(before, folder, difference, so_far, corrections)
        for path, text in made.texts.items():
            (site / "layer" / path).parent.mkdir(parents=True, exist_ok=True)
            (site / "layer" / path).write_text(text, encoding="utf-8")
    (site / "latest").symlink_to(site / "v" / versions[-1].name, target_is_directory=True)
    (site / "versions.html").write_text("<!DOCTYPE html><html lang='en'><title>All</title><h1>All versions</h1>")


def difference_of(old: Version, new: Version) -> Difference:
    """As much of the differences as histories need: the causes."""
    changed: dict[str, list[Change]] = {}
    for (claim, time), cause in new.causes.items():
        changed.setdefault(claim, []).append(Change(time, "flipped", cause, Told(""), Told(""), None, ""))
    return Difference(
        old.name, new.name, changed=tuple(ClaimChange(claim, "", "", "", tuple(own)) for claim, own in changed.items())
    )


def freeze(folder: Path, version: Version) -> Path:
    """Write one version, the way the book's pages stand in it."""
    shutil.copytree(STATIC, folder / "_static")
    (folder / "_static" / "claimbook.css").write_text(styles.sheet(), encoding="utf-8")
    pages = dict(_pages(version))
    for path, text in pages.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    entries = [_entry(claim, said) for claim, said in version.said.items()]
    (folder / "api").mkdir()
    (folder / "api" / "verdicts.json").write_text(json.dumps({"claims": entries}), encoding="utf-8")
    made = record.Record(
        name=version.name,
        as_of=version.as_of,
        retrospective=version.as_of if version.retrospective else None,
        commit=None,
        lock="0" * 64,
        ledger="0" * 64,
        method="0" * 64,
        python="CPython 3.11.2",
        tools={},
        snapshots=[],
        chapters={"trade": "Trade"},
        pages=sorted(pages),
    )
    (folder / record.FILE).write_text(record.text(made), encoding="utf-8")
    return folder


def _entry(claim: str, said: Said) -> dict:
    times = {time: getattr(said, time) for time in TIMES}
    return {
        "id": claim,
        "document": said.document,
        "title": said.title or claim,
        "verdict": {time: word for time, (word, _) in times.items()},
        "figure": {time: {"told": figure} if figure else None for time, (_, figure) in times.items()},
    }


def _pages(version: Version):
    day = version.as_of.isoformat()
    for code, prefix in LANGUAGES.items():
        links = "".join(
            f'<li><a href="claims/{claim}.html">{escape(said.title or claim)}</a></li>'
            for claim, said in version.said.items()
        )
        yield _page(
            version, f"{prefix}index.html", f"<h1>claimbook</h1><p>Up to {day}.</p><ul>{links}</ul>", "home", code
        )
        for claim, said in version.said.items():
            yield _page(version, f"{prefix}claims/{claim}.html", _claim(claim, said, code, day), "claim", code)
    for document in {said.document for said in version.said.values()}:
        yield _page(version, f"documents/{document}.html", f"<h1>Document {document}</h1><p>{day}</p>", "document")
    own = [claim for claim in version.said if claim.startswith("trade")]
    links = "".join(f'<p id="{claim}"><a href="../claims/{claim}.html">{claim}</a></p>' for claim in own)
    yield _page(version, "chapters/trade.html", f"<h1>Trade</h1>{links}", "chapter")
    for path in version.pages:
        yield _page(version, path, f"<h1>About this book</h1><p>{version.prose} Version {version.name}, {day}.</p>")


def _claim(claim: str, said: Said, code: str, day: str) -> str:
    spoken = language(code)
    cells = "".join(
        f"<div><dt>{escape(spoken.gettext(told.HEADINGS[time]))}</dt><dd>"
        f'<span class="cb-verdict" data-verdict="{word.replace(" ", "-")}">{escape(spoken.gettext(word))}</span>'
        f'<span class="cb-figure-told">{escape(figure.replace(".", ",") if code == "nl" else figure)}</span></dd></div>'
        for time in TIMES
        for word, figure in [getattr(said, time)]
    )
    return (
        f"<h1>{escape(said.title or claim)}</h1>"
        f'<p class="cb-crumbs">Document, chapter</p><dl class="cb-verdicts">{cells}</dl>'
        f'<section id="what-was-said"><h2>What was said</h2><p>{"Words and more words. " * 40}</p></section>'
        f'<section id="cite-or-contest-this-page"><h2>Cite</h2><p class="cb-cite">Up to {day}.</p></section>'
    )


def _page(version: Version, path: str, body: str, kind: str = "text", code: str = "en") -> tuple[str, str]:
    alternates = {}
    for own, prefix in LANGUAGES.items():
        plain = path.removeprefix(LANGUAGES[code])
        if plain == "index.html" or plain.startswith("claims/"):
            alternates[own] = prefix + plain
    facts = PageFacts(kind=kind, languages=alternates)
    title = body.partition("<h1>")[2].partition("</h1>")[0]
    return path, shell.page(path=path, title=title, language=code, body=body, facts=facts, version=version.name)
