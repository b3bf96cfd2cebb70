"""Small frozen versions, made of real audits of a few claims: what `claimbook publish` leaves under v/."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from analysis import audit, retrospect
from analysis import claims as claims_room
from analysis.audit import Audited
from analysis.claims import Claim
from analysis.exports import machines
from analysis.home import data
from analysis.snapshots.store import Store
from analysis.versions import record

# Five days on which a version could have come out, and what it would have been called.
DAYS = {
    "2019.06": dt.date(2019, 6, 30),
    "2022.06": dt.date(2022, 6, 30),
    "2024.06": dt.date(2024, 6, 30),
    "2025.12": dt.date(2025, 12, 31),
    "2026.11": dt.date(2026, 10, 31),
}
# Statistics, a pledge, a forecast, facts that last and that do not, an untestable one; four documents.
CLAIMS = (
    "ics-seventy-years", "ics-wales-two-per-cent", "ics-liege-cargo", "ics-trade-surplus", "ics-two-way-trade",
    "ics-well-below-commitments", "ics-defence-below-one-per-cent", "ics-terror-target", "ct-plan-r",
    "nvs-founder-host", "nvs-trade-share", "nvs-shift-to-asia", "nvs-africa-2050", "nvs-defence-average",
    "manifesto-falling-investment",
)  # fmt: skip
CHAPTERS = {"trade": "Trade", "defence": "Defence"}


@contextmanager
def _as_of(day: dt.date) -> Iterator[None]:
    before = os.environ.get(retrospect.VARIABLE)
    os.environ[retrospect.VARIABLE] = day.isoformat()
    try:
        yield
    finally:
        os.environ.pop(retrospect.VARIABLE)
        if before is not None:
            os.environ[retrospect.VARIABLE] = before


@cache
def _store(day: dt.date) -> Store:
    return Store(data(), until=day)


@cache
def ledger(day: dt.date) -> dict[str, Claim]:
    """The book's claims as the ledger would have held them on a day."""
    with _as_of(day):
        return {claim.id: claim for claim in claims_room.ledger()}


@cache
def audited(name: str, day: dt.date) -> Audited:
    """A claim as it would have been audited on a day, with none of the later releases."""
    return audit.audit(ledger(day)[name], _store(day), day)


def frozen(
    folder: Path, name: str, as_of: dt.date | None = None, claims: Sequence[str | Claim] = CLAIMS, *,
    chapters: Mapping[str, str] = CHAPTERS, retrospective: bool = True, method: str = "a" * 64, address: str = "",
    change: Callable[[Audited], Audited] | None = None,
) -> Path:  # fmt: skip
    """Make the version `name` in `folder / name` (a site has it in v/), and return that folder.

    `as_of` is found in DAYS by the name if not given. `claims` are ids or claims made for the purpose, in the order
    of the index; ids of documents written later are left out. `change` is applied to each audit.
    """
    day = as_of or DAYS[name]
    found = []
    for entry in claims:
        if isinstance(entry, Claim):
            found.append(audit.audit(entry, _store(day), day))
        elif entry in ledger(day):
            found.append(audited(entry, day))
    found = [change(entry) for entry in found] if change else found
    target = folder / name
    made = machines.files(found, day, address)
    pages = {"index.html": (f"claimbook {name}", "Statements and what became of them.")}
    for entry in found:
        about = entry.claim
        pages[f"claims/{about.id}.html"] = (about.title, about.statement)
        pages[f"documents/{about.document.id}.html"] = (about.document.short, about.document.title)
    pages |= {f"chapters/{chapter}.html": (title, title) for chapter, title in chapters.items()}
    made |= {path: page(name, path, *told) for path, told in pages.items()}
    made[record.FILE] = record.text(
        record.Record(
            name=name,
            as_of=day,
            retrospective=day if retrospective else None,
            address=address,
            commit=hashlib.sha1(name.encode()).hexdigest(),
            lock="0" * 64,
            ledger=_sha256(repr([str(entry.claim) for entry in found])),
            method=method,
            python="CPython 3.11.2",
            tools={"pandas": "2.2.3"},
            snapshots=[
                record.Snapshot(
                    publisher=release.publisher,
                    released=release.released,
                    path=str(release.path),
                    sha256=_sha256(release.name),
                )
                for release in _store(day).releases
            ],
            chapters=dict(chapters),
            pages=sorted(pages),
        )
    )
    shell = Path(record.__file__).parents[1] / "site" / "static" / "js" / "shell.js"
    made["_static/js/shell.js"] = shell.read_text(encoding="utf-8")
    for path, text in made.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8")
    sums = [f"{_sha256((target / path).read_bytes())}  {path}\n" for path in sorted(made)]
    (target / record.SUMS).write_text("".join(sums), encoding="utf-8")
    return target


def page(version: str, path: str, title: str, text: str) -> str:
    """A page of a version: as little of one as the layer and the switcher need."""
    root = "../" * path.count("/")
    title, text = html.escape(title), html.escape(text)
    return (
        f'<!DOCTYPE html>\n<html lang="en" data-root="{root}" data-version="{version}" data-page="{path}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{title} – claimbook</title>\n'
        f'<script src="{root}_static/js/shell.js" defer></script>\n</head>\n<body>\n'
        f'<header class="cb-header"><a href="{root}index.html">claimbook</a><div class="cb-tools"></div></header>\n'
        f'<main><article class="cb-article"><h1>{title}</h1>\n<p>{text}</p></article></main>\n</body>\n</html>\n'
    )


def edit(folder: Path, path: str, change: Callable[[dict], object]) -> None:
    """Change a JSON file of a version in place; `change` works on what it holds."""
    told = json.loads((folder / path).read_text(encoding="utf-8"))
    change(told)
    (folder / path).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _sha256(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
