"""Prove that the store is what its catalogue says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from analysis import observations
from analysis.errors import ClaimbookError
from analysis.snapshots import catalogue, errata
from analysis.snapshots.catalogue import Release
from analysis.snapshots.ingest import SCHEMA, faults, scope_of, sha256
from analysis.snapshots.promote import interrupted
from analysis.snapshots.store import Store


def verify(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Check each release in turn: (name, problems), problems empty where all is well.

    Hashes and sizes, the schema, duplicates, unknown countries and series, impossible values, the scope
    declared; last, files that no release claims, and known errors that the figures no longer have. ClaimbookError
    where the catalogue itself cannot be read.
    """
    package = catalogue.read(folder)
    known = catalogue.publishers()
    if not package.get("resources"):
        raise ClaimbookError(f"{folder.name}/{catalogue.FILE} lists no release")
    claimed, any_bad = set(), False
    for entry in package["resources"]:
        release = catalogue.release_of(entry)
        if folder / release.path in claimed:
            any_bad = True
            yield release.name, ["the catalogue lists it twice"]
            continue
        claimed.add(folder / release.path)
        problems = list(_problems(entry, release, folder))
        if release.publisher not in known:
            problems.append(f"publisher {release.publisher!r} is not declared in publishers.yaml")
        any_bad = any_bad or bool(problems)
        yield release.name, problems
    # What a killed writer left behind is nobody's: the next one removes it. One may also be at work: the files are
    # looked at first, then what is on its way, then what has come meanwhile.
    found = [path for path in (folder / "snapshots").rglob("*") if path.is_file()]
    claimed |= set(interrupted(folder))
    claimed |= {folder / release.path for release in catalogue.releases(folder)}
    stray = sorted(set(found) - claimed)
    if not any_bad:
        mended = [f"{name}: {problem}" for name, problem in errata.problems(Store(folder))]
        if mended:
            yield errata.FILE, mended
    if stray:
        yield "snapshots", [f"{path.relative_to(folder)} is in no release" for path in stray]


def _problems(entry: dict, release: Release, folder: Path) -> Iterator[str]:
    path = folder / release.path
    name, where = entry.get("name"), entry.get("path")
    if name != release.name or where != release.path:
        yield f"the catalogue names it {name!r} at {where!r}, the release says {release.path!r}"
        return
    if not path.is_file():
        yield f"{release.path} is missing"
        return
    if path.stat().st_size != entry.get("bytes"):
        yield f"{path.stat().st_size} bytes where the catalogue says {entry.get('bytes')}"
    digest = f"sha256:{sha256(path)}"
    if digest != entry.get("hash"):
        yield f"{digest} where the catalogue says {entry.get('hash')}: the file was changed"
        return  # a damaged file can make the Parquet reader end the whole process
    try:
        table = pq.read_table(path)
        frame = table.to_pandas()
    except Exception as error:  # a damaged file makes pyarrow raise many kinds
        yield f"not readable as Parquet ({error})"
        return
    if not table.schema.equals(SCHEMA):
        held = [f"{field.name} ({field.type})" for field in table.schema]
        yield f"columns {', '.join(held)} where {', '.join(observations.COLUMNS)} are due, as ingest writes them"
        return
    empty = [name for name in observations.COLUMNS if name != "value" and table[name].null_count]
    if empty:
        yield f"{', '.join(empty)}: cells without anything"
        return
    for column in ("series", "reporter", "partner", "unit", "flag"):
        frame[column] = frame[column].astype(str)
    frame["period"] = frame["period"].astype("int64")
    yield from faults(frame)
    found = {scope.series: scope for scope in scope_of(frame, ())}
    for scope in release.scope:
        if found.get(scope.series) != scope.model_copy(update={"limits": ()}):
            yield f"the scope declared for {scope.series} is not what the file holds"
    for extra in sorted(set(found) - {scope.series for scope in release.scope}):
        yield f"{extra} is in the file but not in the declared scope"
