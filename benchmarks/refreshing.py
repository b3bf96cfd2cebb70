"""What a refresh costs: requests for a full World Bank refresh, and each parser's peak memory on its largest file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HELD = [f"worldbank-{day}" for day in ("2026-07-13", "2026-07-01", "2026-02-24", "2025-12-04", "2025-06-05")]
PARSE = """
import resource, sys
from analysis import publishers
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
publishers.parse(sys.argv[1], sys.argv[2:])
print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
REFRESH = """
import resource, sys
from pathlib import Path
from analysis.fetching.upstreams import upstreams
from analysis.refresh import refresh
(outcome,) = refresh(list(upstreams(Path(sys.argv[1])).values()), Path(sys.argv[2]))
assert outcome.word == "new", outcome.text
print(outcome.requests, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def worldbank(say: Callable[[str], None]) -> None:
    """A full refresh of all declared indicators from a replica that holds them all, into an empty store."""
    import yaml

    sys.path.insert(0, str(ROOT / "tests"))
    from replica import Replica, WorldBank

    from analysis.fetching.worldbank import PAGE
    from analysis.snapshots.store import store

    bank = WorldBank.of(store(), HELD)
    rows = len(bank.economies) * len(bank.years)
    with Replica(worldbank=bank) as replica, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upstreams.yaml"
        entry = {"how": "worldbank", "address": f"{replica.url}/v2", "pace": {"per_second": 1000}}
        file.write_text(yaml.safe_dump({"worldbank": entry}))
        asked, peak = _numbers(REFRESH, str(file), f"{folder}/data", CLAIMBOOK_CACHE=f"{folder}/cache")
        assert asked == len(replica.requests), (
            asked,
            [r.target[:80] for r in replica.requests][:5],
            len(replica.requests),
        )
        again, _ = asked_again(file, folder)
    one_by_one = len(bank.series) * -(-rows // 1000)
    count = len(bank.series)
    say(f"World Bank, {count} indicators, {count * rows:,} rows: {asked} requests of up to {PAGE:,} rows")
    say(f"one request per indicator and page of wbgapi's 1,000 rows: {one_by_one}; when nothing is newer: {again}")
    say(f"peak memory of that refresh: {peak / 1000:.0f} MB")


def asked_again(file: Path, folder: str) -> tuple[int, int]:
    """Requests, and peak memory in kB, of a refresh that finds nothing newer."""
    code = REFRESH.replace('"new"', '"same"')
    return _numbers(code, str(file), f"{folder}/data", CLAIMBOOK_CACHE=f"{folder}/cache")


def memory(say: Callable[[str], None], originals: Path) -> None:
    """Peak memory of each parser beyond what was in use before, on the release whose files are largest."""
    from analysis.home import data
    from analysis.snapshots.catalogue import releases
    from analysis.snapshots.ingest import sha256

    if not originals.is_dir():
        return
    known = {sha256(path): path for path in originals.rglob("*") if path.is_file()}
    largest: dict[str, tuple[int, list[Path]]] = {}
    for release in releases(data()):
        files = [known.get(file.sha256) for file in release.files]
        size = sum(file.bytes for file in release.files)
        if None not in files and size > largest.get(release.publisher, (0, []))[0]:
            largest[release.publisher] = (size, files)
    for publisher, (size, files) in sorted(largest.items()):
        try:
            before, peak = _numbers(PARSE, publisher, *map(str, files))
        except subprocess.CalledProcessError:
            continue  # a file of several editions: which one was taken is not in the catalogue
        say(f"peak memory, {publisher}, {size / 1e6:.2f} MB of files: {(peak - before) / 1000:.0f} MB more")


def _numbers(code: str, *arguments: str, **environment: str) -> tuple[int, int]:
    """The last two numbers that `code` prints in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    first, second = done.stdout.split()[-2:]
    return int(first), int(second)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        memory(print, ROOT.parent / "shared" / "publisher-data")
    worldbank(print)
