"""The book as one PDF, printed by a headless Chromium where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from analysis.errors import ClaimbookError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LONGEST = 600
"""Seconds that printing may take."""
_OPTIONS = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-pdf-header-footer", "--generate-pdf-document-outline",
)  # fmt: skip


def browser() -> str:
    """The Chromium of this machine; ClaimbookError where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise ClaimbookError(
            f"a PDF is printed by Chromium, and none of {', '.join(NAMES)} is installed "
            "(on Debian and Ubuntu: apt install chromium)"
        )
    return found


def printed(page: Path, target: Path) -> None:
    """Print the page at a path as PDF to `target`, which is put in its place whole or not at all."""
    program = browser()
    with tempfile.TemporaryDirectory(prefix="claimbook-pdf-") as folder:
        made = Path(folder) / "book.pdf"
        # Chromium's sandbox does not start for root; the page printed is our own and asks nobody for anything.
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            program, *_OPTIONS, *root, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", page.as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            raise ClaimbookError(f"Chromium did not finish printing within {LONGEST} seconds") from None
        if done.returncode != 0 or not made.is_file() or not made.read_bytes().startswith(b"%PDF-"):
            raise ClaimbookError(f"Chromium printed no PDF: {done.stderr.strip()[-500:]}")
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = target.with_name(f".{target.name}.new")
        shutil.copyfile(made, kept)
        kept.replace(target)
