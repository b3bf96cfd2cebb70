"""Weigh the book's pages and let Lighthouse judge them; the table goes into docs/pages.md. Run: `make bench-pages`.

The book is built once as it is and once, from the same staged pages, with Jupyter Book's stock theme, scripts and
styles. Both are served gzipped on loopback, and what a first visit brings is counted in Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from serving import serving  # noqa: E402 (found through the line above)

PAGE = ROOT / "docs" / "pages.md"
BEGIN, END = "<!-- numbers: begin -->", "<!-- numbers: end -->"
# Where the book that is measured says it is public: pages then have all they have when they are.
PUBLIC = "https://example.org/claimbook/"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOAL = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
# A chart that wakes reads its engine; on a first visit none has come into view yet.
ASLEEP = """window.IntersectionObserver = class {
  observe() {} unobserve() {} disconnect() {} takeRecords() { return []; }
};"""
# All of Jupyter Book's own list of extensions, and the folder of finished drawings, which are the same in both books.
STOCK = """
def setup(app):
    app.add_config_value("claimbook_figure_cache", {cache!r}, "")
    return {{"parallel_read_safe": True, "parallel_write_safe": True}}
"""


class Missing(SystemExit):
    """Something that has to be installed first; the text says what and how."""


@dataclass(frozen=True)
class Visit:
    """What a first visit of a page brings: bytes over the wire, headers included, and the number of requests."""

    path: str
    size: int
    requests: int
    outside: int


def browser() -> str:
    """The program of the browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise Missing(f"none of {', '.join(BROWSERS)} is installed; on Debian and Ubuntu: apt install chromium")
    return found


def lighthouse() -> list[str]:
    """The command of Lighthouse: the one that LIGHTHOUSE names, an installed one, or npx, which fetches it."""
    if named := os.environ.get("LIGHTHOUSE"):
        return [named]
    for folder in (Path.cwd(), ROOT):
        for above in (folder, *folder.parents):
            if (program := above / "node_modules" / ".bin" / "lighthouse").is_file():
                return [str(program)]
    if program := shutil.which("lighthouse"):
        return [program]
    if program := shutil.which("npx"):
        return [program, "--yes", "lighthouse@12"]
    raise Missing(
        "Lighthouse is missing. It needs Node.js 18 or newer (apt install nodejs npm); then `npm install lighthouse@12`"
        " in any folder, and LIGHTHOUSE=that-folder/node_modules/.bin/lighthouse before the command. --runs 0 leaves it"
        " out"
    )


def built(output: Path) -> Path:
    """Build the book; returns the folder of its site."""
    from analysis import book

    return book.build(output, address=PUBLIC, say=lambda text: print(text, file=sys.stderr)).parent


def stock(output: Path) -> Path:
    """Build the same staged pages with the stock theme; returns the folder of the site."""
    stage, work = output / "stock" / "stage", output / "stock"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(output / "work" / "stage", stage)
    configuration = yaml.safe_load((stage / "_config.yml").read_text(encoding="utf-8"))
    # Jupyter Book's defaults are what a new book has: its extensions, its theme, its options.
    sphinx = {
        "local_extensions": {"kept_drawings": "extensions"},
        "config": {"html_theme": "sphinx_book_theme", "myst_heading_anchors": 3},
    }
    configuration = {
        key: value for key, value in configuration.items() if key in ("title", "author", "execute", "parse")
    }
    configuration |= {"only_build_toc_files": True, "sphinx": sphinx}
    (stage / "_config.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    (stage / "extensions").mkdir()
    extension = STOCK.format(cache=str(output / ".figures"))
    (stage / "extensions" / "kept_drawings.py").write_text(extension, encoding="utf-8")
    call = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    log = work / "jupyter-book.log"
    with log.open("w", encoding="utf-8") as file:
        subprocess.run(
            [sys.executable, "-c", call, "build", str(stage), "--path-output", str(work)],
            stdout=file, stderr=subprocess.STDOUT, check=True,
        )  # fmt: skip
    return work / "_build" / "html"


def visit(chromium: Any, address: str, path: str, *, width: int = 390, asleep: bool = True) -> Visit:
    """Open a page with nothing kept and count what came, until nothing is under way."""
    context = chromium.new_context(viewport={"width": width, "height": 844}, is_mobile=True, device_scale_factor=2)
    if asleep:
        context.add_init_script(ASLEEP)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: dict[str, str] = {}
    came: dict[str, int] = {}

    def sent(event: dict) -> None:
        if not event["request"]["url"].startswith(("data:", "blob:")):
            asked[event["requestId"]] = event["request"]["url"]

    wire.on("Network.requestWillBeSent", sent)
    wire.on("Network.loadingFinished", lambda event: came.update({event["requestId"]: int(event["encodedDataLength"])}))
    page.goto(f"{address}/{path}", wait_until="networkidle")
    if not asleep:
        wake(page)
    context.close()
    outside = sum(not url.startswith(address) for url in asked.values())
    return Visit(path, sum(size for key, size in came.items() if key in asked), len(asked), outside)


def wake(page: Any) -> None:
    """Bring every chart into view, one after the other, until each of them is live."""
    charts = page.locator("figure.cb-live")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()
        page.locator("figure.cb-live.cb-awake").nth(place).wait_for(state="attached")


def middle(visits: Sequence[Visit]) -> Visit:
    """The visit in the middle, by weight: always one that was made."""
    return sorted(visits, key=lambda one: one.size)[(len(visits) - 1) // 2]


def heaviest(visits: Sequence[Visit]) -> Visit:
    """The one that weighs most."""
    return max(visits, key=lambda one: one.size)


def judged(command: list[str], program: str, address: str, runs: int) -> dict[str, list[int]]:
    """Lighthouse's points from 0 to 100 for a page, run by run, as a phone on a slow line sees it (its preset)."""
    points: dict[str, list[int]] = {name: [] for name in CATEGORIES}
    failed = 0
    while len(points[CATEGORIES[0]]) < runs:
        done = subprocess.run(
            [*command, address, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}",
             "--chrome-flags=--headless=new --no-sandbox"],
            env={**os.environ, "CHROME_PATH": program}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            failed += 1  # Lighthouse now and then misses the beginning of a visit, and asks to be run again
            print(f"Lighthouse failed on {address}: {done.stderr.strip()[-300:]}", file=sys.stderr)
            if failed > runs:
                raise SystemExit(f"Lighthouse failed {failed} times on {address}")
            continue
        told = json.loads(done.stdout)
        for name in CATEGORIES:
            points[name].append(round(100 * told["categories"][name]["score"]))
        lost(told, address)
    return points


def lost(told: dict, address: str) -> None:
    """Tell, on stderr, which audits took points off a category."""
    for name in CATEGORIES:
        for part in told["categories"][name]["auditRefs"]:
            audit = told["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"{address}: {name}: {audit['title']} ({audit.get('displayValue', '')})", file=sys.stderr)


def drawing(output: Path) -> tuple[int, float, float]:
    """How many charts the book has, and the seconds to draw them with all they hand over: none kept, and all kept."""
    from analysis.site import downloads
    from analysis.site.citing import Edition
    from analysis.snapshots.store import store

    stage, made, kept = output / "work" / "stage", output / "drawn", output / "kept"
    edition = Edition("", store().newest)
    shutil.rmtree(kept, ignore_errors=True)
    times = []
    for _ in range(2):
        shutil.rmtree(made, ignore_errors=True)
        began = time.perf_counter()
        downloads.make(stage, made, cache=kept, edition=edition)
        times.append(time.perf_counter() - began)
    return len(list(made.rglob("*.png"))), times[0], times[1]


def kilobytes(size: int) -> str:
    """Thousands of bytes, as browsers tell them."""
    return f"{size / 1000:,.1f}"


def weighed(program: str, site: Path, other: Path) -> tuple[list[str], dict[str, str]]:
    """The rows of the table of weights, and the paths that Lighthouse is to judge."""
    from playwright.sync_api import sync_playwright

    kinds = {
        "Home": [site / "index.html"],
        "Chapter": sorted((site / "chapters").glob("*.html")),
        "Claim": sorted((site / "claims").glob("*.html")),
    }
    rows, chosen = [], {}
    with sync_playwright() as playwright, serving(site) as ours, serving(other) as theirs:
        chromium = playwright.chromium.launch(executable_path=program)

        def row(name: str, own: Visit) -> None:
            against, awake = visit(chromium, theirs, own.path), visit(chromium, ours, own.path, asleep=False)
            rows.append(
                f"| {name} | `{own.path}` | {kilobytes(own.size)} | {own.requests} | {kilobytes(awake.size)} "
                f"| {kilobytes(against.size)} | {against.requests} | {against.outside} |"
            )

        for kind, pages in kinds.items():
            visits = [visit(chromium, ours, page.relative_to(site).as_posix()) for page in pages]
            chosen[kind] = heaviest(visits).path
            if len(visits) == 1:
                row(kind, visits[0])
            else:
                row(f"{kind}, median of {len(visits)}", middle(visits))
                row(f"{kind}, heaviest", heaviest(visits))
        chromium.close()
    return rows, chosen


def report(output: Path, runs: int, reuse: bool) -> str:
    """All tables as Markdown."""
    program, command = browser(), lighthouse() if runs else []
    site = output / "html" if reuse else built(output)
    other = output / "stock" / "_build" / "html" if reuse else stock(output)
    rows, chosen = weighed(program, site, other)
    text = [
        "Bytes that a first visit brings, in kB (thousands) over the wire: gzipped, fonts, icons and headers included.",
        "",
        "| page | the one that was opened | ours, charts at rest | requests | ours, every figure seen "
        "| stock theme | requests | of them to other hosts |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
        *rows,
        "",
    ]
    if runs:
        text += [
            f"Lighthouse's points for a phone on a slow line (its preset), median of {runs} runs, lowest and highest.",
            "",
            "| page | performance | accessibility | best practices | SEO |",
            "|---|--:|--:|--:|--:|",
        ]
        with serving(site) as address:
            for kind, path in chosen.items():
                points = judged(command, program, f"{address}/{path}", runs)
                cells = [f"{statistics.median(own):g} ({min(own)}–{max(own)})" for own in points.values()]
                text.append(f"| {kind}, `{path}` | {' | '.join(cells)} |")
                short = [name for name, own in points.items() if statistics.median(own) < GOAL[name]]
                if short:
                    print(f"{path}: below the goal in {', '.join(short)}", file=sys.stderr)
        text.append("")
    count, anew, again = drawing(output)
    text += [
        f"Drawing all {count} charts, wide and narrow, with their pictures, data and specifications: {anew:.1f} s "
        f"with an empty cache, {again:.1f} s with a full one.",
        "",
        f"Measured with {versions(program, command)} on {os.cpu_count()} processors, {platform.machine()}.",
    ]
    return "\n".join(text)


def versions(program: str, command: list[str]) -> str:
    """What measured."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    names = [" ".join(told.split()[:2])]
    if command:
        told = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
        names.append(f"Lighthouse {told.split()[-1]}")
    return " and ".join(names)


def write(text: str) -> None:
    """Put the tables between the markers of docs/pages.md."""
    held = PAGE.read_text(encoding="utf-8")
    before, rest = held.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "_build" / "bench-pages", help="folder to build into")
    parser.add_argument("--runs", type=int, default=5, help="runs of Lighthouse a page; 0 leaves it out (default: 5)")
    parser.add_argument("--reuse", action="store_true", help="take the two books that an earlier run built there")
    parser.add_argument("--print-only", action="store_true", help=f"leave {PAGE.relative_to(ROOT)} as it is")
    wanted = parser.parse_args()
    text = report(wanted.output.resolve(), wanted.runs, wanted.reuse)
    print(text)
    if not wanted.print_only:
        write(text)


if __name__ == "__main__":
    main()
