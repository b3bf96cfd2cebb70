"""Turn the files of one release into one immutable snapshot, or into nothing at all."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import areas, observations, publishers
from analysis.errors import ClaimbookError
from analysis.series import register
from analysis.snapshots import catalogue, promote
from analysis.snapshots.catalogue import Limit, Release, Scope, SourceFile

# A reader of one series opens the row groups that can hold it: small ones leave less to throw away.
ROW_GROUP = 16_384
# How observations are kept: text once for all its repetitions, a year in two bytes.
SCHEMA = pa.schema(
    [
        (column, {"period": pa.int16(), "value": pa.float64()}.get(column, pa.dictionary(pa.int32(), pa.string())))
        for column in observations.COLUMNS
    ]
)


def faults(frame: pd.DataFrame) -> list[str]:
    """What is wrong with observations beyond their form: series, units, areas, impossible values.

    Returns messages, at most twenty of a kind; an empty list where all is well.
    """
    import pandera.errors

    found: list[str] = []
    try:
        observations.check(frame)
    except pandera.errors.SchemaErrors as error:
        for case in error.failure_cases.head(20).itertuples():
            found.append(f"{case.column}: {case.check} fails for {case.failure_case!r} (observation {case.index})")
    known = register()
    for (identifier, unit), part in frame.groupby(["series", "unit"], sort=False):
        series = known.get(identifier)
        if series is None:
            found.append(f"series {identifier!r} is not declared in data/series")
            continue
        if not series.unit_matches(unit):
            found.append(f"{identifier}: unit {unit!r} where data/series declares {series.unit!r}")
        for bound, low in ((series.minimum, True), (series.maximum, False)):
            if bound is None:
                continue
            wrong = part[part["value"] < bound] if low else part[part["value"] > bound]
            for row in wrong.head(20).itertuples():
                side = "below" if low else "above"
                where = f"{identifier}, {row.reporter} {row.partner} {row.period}"
                found.append(f"{where}: impossible value {row.value:g} ({side} {bound:g})")
    for identifier, units in frame.groupby("series")["unit"].nunique().items():
        if units > 1:
            found.append(f"{identifier}: {units} units in one release")
    declared = areas.areas()
    for column in ("reporter", "partner"):
        for code in sorted(set(frame[column]) - set(declared) - {""}):
            found.append(f"{column} {code!r} is neither an ISO 3166 country nor declared in data/areas")
    return found


def scope_of(frame: pd.DataFrame, partial: Sequence[publishers.Partial]) -> tuple[Scope, ...]:
    """The scope that observations declare by what they hold, with the limits a parser knows of."""
    scopes = []
    for identifier, part in frame.groupby("series"):
        scopes.append(
            Scope(
                series=identifier,
                periods=tuple(sorted(int(period) for period in part["period"].unique())),
                reporters=part["reporter"].nunique(),
                partners=part.loc[part["partner"] != "", "partner"].nunique(),
                observations=len(part),
                limits=tuple(
                    Limit(missing_below=limit.missing_below, periods=limit.periods)
                    for limit in partial
                    if limit.series == identifier
                ),
            )
        )
    return tuple(scopes)


def encode(frame: pd.DataFrame) -> bytes:
    """Observations as Parquet, sorted by key, the same bytes for the same figures."""
    frame = frame.sort_values(observations.KEY, kind="stable", ignore_index=True)
    table = pa.Table.from_pandas(frame, schema=SCHEMA, preserve_index=False)
    table = table.replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=15, row_group_size=ROW_GROUP)
    return buffer.getvalue()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Prepared:
    """A release that was read and found without fault, and its observations; nothing is written yet."""

    release: Release
    observations: pd.DataFrame
    notes: tuple[str, ...] = ()


def prepare(
    publisher: str,
    files: Sequence[Path],
    released: str,
    *,
    obtained: catalogue.OBTAINED = "downloaded",
    addresses: Sequence[str] = (),
    edition: str | None = None,
    note: str | None = None,
    only: Sequence[str] = (),
) -> Prepared:
    """Parse the files of one release and check what they hold.

    `only`: the series to keep, where a publisher's terms do not allow more than is needed; all of them if empty.
    Raises ClaimbookError (LayoutError for a file) where anything is not understood, or where the files state
    another date.
    """
    catalogue.day_of(released)
    known = catalogue.publishers()
    if publisher not in known:
        raise ClaimbookError(
            f"publisher {publisher!r} is not declared in data/publishers.yaml; there are: {', '.join(known)}"
        )
    files = [Path(file) for file in files]
    parsed = publishers.parse(publisher, files, edition=edition)
    if parsed.released and not parsed.released.startswith(released):
        raise ClaimbookError(
            f"the files say they were released on {parsed.released}, not {released}; use --released {parsed.released}"
        )
    frame = parsed.observations
    if frame.empty:
        raise ClaimbookError(f"{publisher} {released}: nothing written, the files hold no observation")
    if only:
        unknown = sorted(set(only) - set(frame["series"]))
        if unknown:
            there = ", ".join(sorted(frame["series"].unique()))
            raise ClaimbookError(f"{publisher} {released}: the files do not hold {unknown[0]}; they hold: {there}")
        frame = frame[frame["series"].isin(only)].reset_index(drop=True)
    wrong = faults(frame)
    if wrong:
        listed = "\n  ".join(wrong[:20])
        raise ClaimbookError(f"{publisher} {released}: nothing written, {len(wrong)} fault(s):\n  {listed}")
    release = Release(
        publisher=publisher,
        released=released,
        obtained=obtained,
        addresses=tuple(addresses),
        note=note,
        files=tuple(
            SourceFile(name=_name(file, files), bytes=file.stat().st_size, sha256=sha256(file))
            for file in sorted(files)
        ),
        scope=scope_of(frame, parsed.partial),
    )
    return Prepared(release, frame, parsed.notes)


def _name(file: Path, files: Sequence[Path]) -> str:
    """A file's name; its folder's with it where several files have the same."""
    alone = [other.name for other in files].count(file.name) == 1
    return file.name if alone else f"{file.parent.name}/{file.name}"


def ingest(publisher: str, files: Sequence[Path], released: str, *, folder: Path, **more: Any) -> Release:
    """Prepare a release from its files (see `prepare`) and add it to the catalogue of `folder`.

    Raises ClaimbookError and writes nothing where anything is not understood, or where the release is there
    already with other figures. The same figures ingested again leave everything as it is.
    """
    made = prepare(publisher, files, released, **more)
    promote.promote(made.release, encode(made.observations), catalogue.publishers()[publisher], folder)
    return made.release
