"""The book on a worker of a cluster: by the path where it is here, or out of an archive that came with the work."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

VARIABLE = "CLAIMBOOK_HOME"


class Book(WorkerPlugin):
    """Puts the book where the jobs of a worker find it, before it gets any work; workers that come later too."""

    name = "claimbook"

    def __init__(self, home: str, digest: str, packed: bytes) -> None:
        """`home`: the book's folder where the work was asked for; `digest`: of its content; `packed`: an archive."""
        self.home, self.digest, self.packed = home, digest, packed

    def setup(self, worker: Any) -> None:
        """Called by Dask when a worker starts, or at once on those that run."""
        os.environ[VARIABLE] = str(self._folder(Path(worker.local_directory)))

    def _folder(self, scratch: Path) -> Path:
        from analysis.editions import cluster_code

        shared = Path(self.home)
        if (shared / "data" / "datapackage.json").is_file() and cluster_code.book(shared) == self.digest:
            return shared
        name = f"claimbook-{hashlib.sha256(self.digest.encode()).hexdigest()[:16]}"
        target = scratch / name
        if not target.exists():
            partial = scratch / f"{name}.{os.getpid()}"
            with tarfile.open(fileobj=io.BytesIO(self.packed), mode="r:gz") as archive:
                archive.extractall(partial, filter="data")
            partial.rename(target)
        return target
