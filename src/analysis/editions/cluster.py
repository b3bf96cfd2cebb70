"""Editions on a Dask cluster: the book goes to the workers, finished editions come back; a dead worker costs a retry.

Needs the extra `cluster` (distributed). Workers have claimbook installed, the same as here.
"""

from __future__ import annotations

import io
import os
import platform
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from analysis import kept
from analysis.editions import cluster_code, making
from analysis.editions.making import Order
from analysis.errors import ClaimbookError
from analysis.home import home

CONNECT = 20  # seconds
_OTHER = (
    "has another claimbook, or other libraries, than the machine that asks; install it there from the same commit and "
    "the same lock file"
)


def run(
    due: Sequence[Order], scheduler: str, *, heard: Callable[[str, str], None]
) -> Iterator[tuple[str, dict[str, Any] | None, str, float]]:
    """Make editions on the cluster at `scheduler`, such as tcp://10.0.0.1:8786: country, counts, fault, seconds.

    The book reaches a worker by its path where the worker finds the same there, else by upload. A task whose worker
    dies is given to another; one that takes several workers with it has failed. ClaimbookError where distributed is not
    installed, the scheduler does not answer, it has no workers, or one of them has another claimbook.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ClaimbookError("--scheduler needs Dask; install it with: pip install 'claimbook[cluster]'") from None
    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClaimbookError(f"no Dask scheduler answers at {scheduler} within {CONNECT} s: {error}") from None
    with client:
        _ready(client, scheduler)
        # Scattered data is lost with its worker; a plugin reaches workers that come later too.
        client.register_plugin(_book(), name="claimbook")
        told = {name: os.environ[name] for name in cluster_code.DECIDING if os.environ.get(name)}
        at = {order.country: order for order in due}
        more, stamp = (told, cluster_code.code()), time.time_ns()
        futures = {
            client.submit(make, asdict(order), *more, key=f"edition-{order.country}-{stamp}", pure=False): order
            for order in due
        }
        for future in as_completed(futures, loop=client.loop):
            country = futures[future].country
            heard(country, "fetching it")
            yield _taken(future, at[country])
            future.release()


def _ready(client: Any, scheduler: str) -> None:
    """ClaimbookError where the cluster could not do it, or would do something else than this machine."""
    if not client.scheduler_info()["workers"]:
        raise ClaimbookError(
            f"the scheduler at {scheduler} has no workers yet; start some with: dask worker {scheduler}"
        )
    own = cluster_code.code()
    for worker, theirs in client.run(cluster_code.code, on_error="return").items():
        if isinstance(theirs, Exception):
            raise ClaimbookError(f"the worker {worker} has no claimbook ({theirs}); install it there as it is here")
        if theirs != own:
            raise ClaimbookError(f"the worker {worker} {_OTHER}")


def _book() -> Any:
    from analysis.editions.cluster_book import Book

    return Book(str(home()), cluster_code.book(home()), _packed(home(), cluster_code.PARTS))


def _packed(folder: Path, names: Sequence[str]) -> bytes:
    """Files and folders as a compressed archive; links are not followed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for name in names:
            if (folder / name).exists():
                archive.add(folder / name, arcname=name)
    return buffer.getvalue()


def make(given: dict[str, Any], variables: dict[str, str], code: str) -> tuple[dict[str, int], float, bytes]:
    """On a worker: make one edition in a process of its own; its counts, the seconds it took, and its files.

    ClaimbookError where this worker, which may have come later than the others, has another claimbook than `code`.
    """
    from analysis.warm import jobs

    if cluster_code.code() != code:
        raise ClaimbookError(f"the worker {platform.node()} {_OTHER}")
    with tempfile.TemporaryDirectory(prefix="claimbook-edition-") as folder:
        order = replace(Order(**given), site=folder)
        cluster_code.decide(variables)
        ended = next(
            iter(jobs.run([jobs.Job(order.country, "analysis.editions.making:job", asdict(order))], workers=1))
        )
        if ended.fault:
            raise ClaimbookError(ended.fault)
        for name in (".figures", kept.FOLDER):  # are of use on the worker alone
            shutil.rmtree(Path(folder, name), ignore_errors=True)
        packed = _packed(Path(folder), sorted(path.name for path in Path(folder).iterdir()))
        return ended.value, ended.seconds, packed


def _taken(future: Any, order: Order) -> tuple[str, dict[str, Any] | None, str, float]:
    """Put a finished edition in its place here."""
    try:
        counts, seconds, packed = future.result()
        shutil.rmtree(order.work, ignore_errors=True)
        if not counts:
            making.remove(order)
            return order.country, None, "", seconds
        order.work.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            archive.extractall(order.work, filter="data")
        making.take(order, order.work)
    except ClaimbookError as error:
        return order.country, None, str(error), 0.0
    except Exception as error:  # what Dask raises of tasks and workers, and a disk of its files
        return order.country, None, f"{type(error).__name__}: {error}", 0.0
    shutil.rmtree(order.work, ignore_errors=True)
    return order.country, counts, "", seconds
