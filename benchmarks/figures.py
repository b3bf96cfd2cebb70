"""How long all charts of a built book take to draw, and what its pages weigh without their specifications.

python benchmarks/figures.py OUTPUT     the folder given to `claimbook book`, whose notebooks are drawn anew
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from analysis.site import downloads, figure_words, figures_html, live
from analysis.site.citing import Edition


def drawn(stage: Path, folder: Path, cache: Path) -> tuple[float, float]:
    """Seconds by the clock and of processors that all figures and their files take."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    downloads.make(stage, folder, cache=cache, edition=Edition(), workers=2)
    spent, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def weights(stage: Path, cache: Path) -> dict[str, tuple[int, int, int]]:
    """By page: its figures, the gzipped bytes of their HTML, and those of what makes them live, kept out of it."""
    found = {}
    for path in sorted(stage.rglob("*.ipynb")):
        page, html, scripts, count = path.relative_to(stage).with_suffix("").as_posix(), "", "", 0
        for id, said, spec in figure_words.figures(json.loads(path.read_text(encoding="utf-8"))):
            html += figures_html.figure_html(spec, id=id, page=page, cache=cache)
            scripts += live.script(f"fig-{id}", spec, figures_html.narrow(spec, said), said.told)
            count += 1
        if count:
            found[page] = (count, *(len(gzip.compress(text.encode(), 6)) for text in (html, scripts)))
    return found


def main() -> None:
    """Print a line for each cache and the heaviest pages."""
    stage = Path(sys.argv[1]) / "work" / "stage"
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        for name in ("empty", "full"):
            clock, processors = drawn(stage, Path(folder) / name, cache)
            print(f"{name} cache: {clock:.1f} s by the clock, {processors:.1f} s of processors, two processes")
        found = weights(stage, cache)
    print(f"{sum(count for count, *_ in found.values())} figures on {len(found)} pages; gzipped bytes of")
    print(f"{'':40} {'figures':>8} {'HTML':>8} {'kept out':>9}")
    for page, (count, html, scripts) in sorted(found.items(), key=lambda item: -item[1][1])[:8]:
        print(f"{page:40} {count:8} {html:8,} {scripts:9,}")
    total = [sum(told[place] for told in found.values()) for place in range(3)]
    print(f"{'all pages':40} {total[0]:8} {total[1]:8,} {total[2]:9,}")


if __name__ == "__main__":
    main()
