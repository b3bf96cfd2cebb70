"""What all editions have in common: the list of countries, the sources, the search, and all sentences as files."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis import areas, inputs, source_page, words
from analysis.blocks import escape_markdown
from analysis.documents import audited as documents
from analysis.editions import beside, files, overview_line, pages, state
from analysis.editions.making import RECORDS, WORK, write_configuration
from analysis.home import data
from analysis.snapshots.store import store
from analysis.templates import html, markdown, raw

# Beside what it describes, in data/ and on the site.
SCHEMA = "statements.schema.json"
# Tells of what these pages were made.
_MARK = f"{RECORDS}/overview"
WIDTH, HEIGHT, MARGIN = 150, 44, 4


def known(site: Path) -> list[dict[str, Any]]:
    """The records of the editions that stand on a site, by the names of their countries."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((site / RECORDS).glob("*.json"))]
    return sorted(found, key=lambda entry: areas.normal(entry["country_name"]))


def write(site: Path, *, address: str = "", search: bool = True) -> int:
    """Make the pages and files of all editions that stand on a site anew; returns how many pages the site has."""
    from analysis.site import head, sphinx

    editions = known(site)
    work = site / WORK / "overview"
    shutil.rmtree(work, ignore_errors=True)
    stage = work / "stage"
    stage.mkdir(parents=True)
    (stage / "index.md").write_text(page(editions), encoding="utf-8")
    (stage / "sources.md").write_text(source_page.sources(store()), encoding="utf-8")
    toc = {"format": "jb-book", "root": "index", "chapters": [{"file": "sources"}]}
    write_configuration(stage, toc, additional={"search": "search.html"})
    whole = head.Whole(
        address=address,
        home="All countries",
        offers={"CSV": "statements.csv", "JSON": "statements.json"},
        offered="The sentences of all editions:",
        png=False,
    )
    facts = {
        "index": head.PageFacts(description=standfirst(editions)[:300], kind="editions"),
        "sources": head.PageFacts(filters={"Page": ["About the book"]}),
    }
    head.write(work / "pages.json", whole, facts)
    made = sphinx.build(stage, work, facts=work / "pages.json", cache=site / ".figures")
    for name, text in (("statements.csv", files.as_csv(editions)), ("statements.json", _all(editions))):
        (made / name).write_text(text, encoding="utf-8")
    shutil.copyfile(data(SCHEMA), made / SCHEMA)
    beside.put(made, site)
    shutil.rmtree(work, ignore_errors=True)
    return beside.finish(site, address=address, indexed=search)


def is_due(site: Path, address: str) -> bool:
    """Whether the pages of all editions are not there, or not as they would be made now of the editions that stand."""
    names = ("index.html", "sources.html", "search.html", "statements.csv", "statements.json", SCHEMA)
    if not all((site / name).is_file() for name in names):
        return True
    try:
        return (site / _MARK).read_text(encoding="utf-8") != _digest(site, address)
    except OSError:
        return True


def _digest(site: Path, address: str) -> str:
    """Of the records of all editions, which hold the sums of their files, and of all that pages are made of."""
    told = json.dumps([known(site), address, state.digest(inputs.look())], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def make(site: Path, address: str) -> str:
    """Make them in a process of its own; why that failed, the next call then makes them, or nothing."""
    from analysis.warm import jobs

    digest = _digest(site, address)
    (site / _MARK).unlink(missing_ok=True)
    wanted = jobs.Job(
        "overview", "analysis.editions.overview:job", {"site": str(site), "address": address}, "analysis.editions.ahead"
    )
    ended = next(iter(jobs.run([wanted], workers=1)))
    if ended.fault:
        return f"the list of all editions: {ended.fault}"
    (site / _MARK).write_text(digest, encoding="utf-8")
    return ""


def job(given: Mapping[str, str]) -> int:
    """The same as a job of a warm parent."""
    return write(Path(given["site"]), address=given["address"])


def _all(editions: Sequence[Mapping[str, Any]]) -> str:
    return files.as_json({"editions": [files.bare(edition) for edition in editions]})


def standfirst(editions: Sequence[Mapping[str, Any]]) -> str:
    """What the site is, in plain text."""
    home = areas.called(next(iter(documents().values())).country)
    count = sum(len(edition["statements"]) for edition in editions)
    days = sorted({edition["as_of"] for edition in editions})
    upto = f", by the figures released up to {words.released(days[-1])}" if days else ""
    return (
        f"{pages.count_of_documents()} about {home} are held against public figures in the book. Here the same is "
        f"asked of {_countries(len(editions))}, in {count:,} sentences{upto}: each is true of its country, and each "
        "names its year, its release and its source."
    )


def _countries(count: int) -> str:
    return "one country" if count == 1 else f"{count} countries"


def page(editions: Sequence[Mapping[str, Any]]) -> str:
    """The list of all editions in Markdown."""
    about = overview_line.about()
    last = max((year for entry in editions for year, _ in entry["line"]), default=overview_line.FIRST_YEAR)
    return markdown(
        "editions.md.j2",
        standfirst=escape_markdown(standfirst(editions)),
        line=escape_markdown(
            f"The small lines show {about['title'][:1].lower()}{about['title'][1:]}, in {_unit(about['unit'])} from "
            f"{overview_line.FIRST_YEAR} on, each above zero on a scale of its own; the number is that of the newest "
            "year held. A line tells how one country's figures moved and does not compare countries."
        ),
        editions=raw(
            html("editions.html.j2", editions=[_card(entry, last) for entry in editions], width=WIDTH, height=HEIGHT)
        ),
    )


def _unit(unit: str) -> str:
    """What the numbers of the lines are counted in; of what a share is, the title says."""
    return "per cent" if unit.startswith("% ") else words.unit_name(unit)


def _card(edition: Mapping[str, Any], last: int) -> Mapping[str, Any]:
    count, chapters = len(edition["statements"]), len(edition["chapters"])
    told = f"{count} sentence{'s' if count != 1 else ''}"
    told += f", {chapters} chapter{'s' if chapters != 1 else ''}" if chapters else ""
    return {
        "href": f"{edition['country']}/index.html",
        "name": edition["country_name"],
        "words": f"{edition['country_name']} {edition['country']}",
        "about": told,
        **_drawn([(int(year), float(value)) for year, value in edition["line"]], edition["country_name"], last),
    }


def _drawn(line: Sequence[tuple[int, float]], name: str, last: int) -> Mapping[str, Any]:
    """The line of figures as a path, up to the `last` year of any; years without a figure leave a gap."""
    if len(line) < 2:
        return {"points": ""}
    first = overview_line.FIRST_YEAR
    top = max(value for _, value in line) or 1.0
    span = max(last - first, 1)

    def at(year: int, value: float) -> tuple[str, str]:
        x = MARGIN + (year - first) / span * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - max(value, 0.0) / top * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f}", f"{y:.1f}"

    parts, shade, before, floor = [], [], None, HEIGHT - MARGIN
    for year, value in line:
        x, y = at(year, value)
        joined = before is not None and before[0] == year - 1
        parts.append(f"{'L' if joined else 'M'}{x},{y}")
        shade.append(f"L{x},{y}" if joined else f"{f'V{floor}Z' if before else ''}M{x},{floor}V{y}")
        before = (year, value)
    shade.append(f"V{floor}Z")
    x, y = at(*line[-1])
    unit = _unit(overview_line.about()["unit"])
    values = [value for _, value in line]
    return {
        "points": "".join(parts),
        "shade": "".join(shade),
        "x": x,
        "y": y,
        "last": f"{words.number(line[-1][1])} {unit} in {line[-1][0]}",
        "alt": f"{name}: {words.number(line[0][1])} {unit} in {line[0][0]}, {words.number(line[-1][1])} in "
        f"{line[-1][0]}; lowest {words.number(min(values))}, highest {words.number(max(values))}.",
    }
