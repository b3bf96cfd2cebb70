"""What one version more costs, in time and on the disk, for docs/versions.md. Run: `make bench-versions`.

The book is built under two names. Others are made of the first by changing those files, and those alone, in which the
second one differs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.versions import rebuild, record, sums
from analysis.versions.publish import publish

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "versions.md"
BEGIN, END = "<!-- numbers: begin -->", "<!-- numbers: end -->"
ADDRESS = "https://example.org/claimbook/"
BASE, OTHER = "2030.01.901", "2030.01.902"
MOMENT = dt.datetime(2030, 1, 31, tzinfo=dt.UTC)


def built(output: Path, name: str, *words: str) -> Path:
    """The book as a version, built by the command."""
    call = [sys.executable, "-c", "from analysis.cli import app; app()", "book", "--output", str(output)]
    subprocess.run([*call, "--release", name, "--address", ADDRESS, *words], check=True, capture_output=True)
    return output / "html"


@dataclass(frozen=True)
class Copies:
    """Versions made of one that was built. `bound`: the files in which another name makes a difference."""

    source: Path
    bound: frozenset[str]

    @classmethod
    def of(cls, source: Path, other: Path) -> Copies:
        """From two builds of the same book under two names."""
        differing = {path for path in rebuild.compared(source, other).differing if (source / path).is_file()}
        return cls(source, frozenset(differing - {record.SUMS}))

    def make(self, name: str, folder: Path) -> Path:
        """The version under another name, in a new folder."""
        shutil.copytree(self.source, folder, copy_function=shutil.copyfile)
        for path in self.bound:
            content = (folder / path).read_bytes()
            # In pictures the name stands packed, where it cannot be put in another's place; so it is put behind.
            changed = content.replace(BASE.encode(), name.encode())
            (folder / path).write_bytes(changed if changed != content else content + name.encode())
        (folder / record.SUMS).write_text(sums.text(sums.of_folder(folder)))
        return folder


def size(folder: Path) -> int:
    """Bytes that a folder takes on the disk, what is shared counted once."""
    found = {(told.st_dev, told.st_ino): told.st_blocks * 512 for told in (p.lstat() for p in folder.rglob("*"))}
    return sum(found.values())


def put(copies: Copies, number: int, site: Path, work: Path) -> float:
    """Publish the version of a number; the seconds that took."""
    name = f"2030.01.{number}"
    fresh = copies.make(name, work / "next")
    begun = time.perf_counter()
    publish(fresh, site, moment=MOMENT, say=lambda text: None)
    taken = time.perf_counter() - begun
    shutil.rmtree(fresh)
    return taken


def growth(copies: Copies, counts: Sequence[int], runs: int, work: Path) -> list[str]:
    """The table of what one version more takes beside so many."""
    sites = {count: work / f"site-{count}" for count in counts}
    for count, site in sites.items():
        for number in range(1, count + 1):
            put(copies, number, site, work)
            print(f"\r{count} versions: {number}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    taken: dict[int, list[float]] = {count: [] for count in counts}
    for run in range(1, runs + 1):  # side by side, so that a noisy moment is everybody's
        for count, site in sites.items():
            taken[count].append(put(copies, count + run, site, work))
    middle = {count: statistics.median(times) for count, times in taken.items()}
    lines = ["| versions there | one more takes, s | against the fewest |", "|--:|--:|--:|"]
    for count in counts:
        lines.append(f"| {count} | {middle[count]:.2f} | {middle[count] / middle[counts[0]]:.2f} |")
    return lines


def disk(copies: Copies, count: int, work: Path) -> list[str]:
    """The table of what so many versions take on the disk."""
    site = work / "disk"
    for number in range(1, count + 1):
        put(copies, number, site, work)
        print(f"\ron the disk: {number} of {count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    plain = count * size(site / "v" / "2030.01.1")
    shared, whole = size(site / "v"), size(site)
    return [
        f"| {count} versions of the whole book, the same figures in each | MB on the disk | against plain copies |",
        "|---|--:|--:|",
        f"| plain copies | {plain / 1e6:,.0f} | 1.00 |",
        f"| as published, unchanged files shared | {shared / 1e6:,.0f} | {shared / plain:.2f} |",
        f"| with lists, news, feeds and the layer | {whole / 1e6:,.0f} | {whole / plain:.2f} |",
    ]


def main() -> None:
    """Measure, print, and write the table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--counts", default="5,50,500", help="how many versions there are")
    ask.add_argument("--copies", type=int, default=50, help="how many versions are weighed")
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--print-only", action="store_true")
    told = ask.parse_args()
    os.environ.setdefault("CLAIMBOOK_HOME", str(ROOT))
    with tempfile.TemporaryDirectory(prefix="claimbook-") as temporary:
        work = Path(temporary)
        early = ("--as-of", "2019-06-30")
        print("building the books of mid-2019 and of today, each under two names", file=sys.stderr)
        small, large = (
            Copies.of(built(work / f"{kind}-base", BASE, *words), built(work / f"{kind}-other", OTHER, *words))
            for kind, words in (("small", early), ("large", ()))
        )
        files = len(sums.read(small.source))
        lines = [
            f"A version of {files:,} files and {size(small.source) / 1e6:.0f} MB (the book of mid-2019). Medians of "
            f"{told.runs}, taken in turns:",
            "",
            *growth(small, [int(count) for count in told.counts.split(",")], told.runs, work),
            "",
            *disk(large, told.copies, work),
            "",
            f"Measured on {os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}.",
        ]
    print("\n".join(lines))
    if not told.print_only:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
