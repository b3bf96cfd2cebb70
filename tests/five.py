"""Five versions of the book, built for the tests of versions: their names and days, and the checkout they come from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

# The book as it would have been on four days, and as it is; the newest is named for the month of its newest release.
FIVE = {
    "2019.06": "2019-06-30",
    "2022.06": "2022-06-30",
    "2024.06": "2024-06-30",
    "2025.12": "2025-12-31",
    "2026.11": "",
}
ADDRESS = "https://example.org/claimbook/"


def checkout_of(tree: Path, folder: Path) -> Path:
    """A clean checkout of what stands in a working tree, committed or not."""
    git = ["git", "-C", str(folder), "-c", "user.name=A. Nalyst", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "clone", "--quiet", "--shared", str(tree), str(folder)], check=True)
    told = ["git", "-C", str(tree), "ls-files", "-z", "--modified", "--others", "--deleted", "--exclude-standard"]
    for name in set(subprocess.run(told, capture_output=True, text=True, check=True).stdout.split("\0")) - {""}:
        target = folder / name
        if (tree / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(tree / name, target)
        else:
            target.unlink()
    subprocess.run([*git, "add", "--all"], check=True)
    if subprocess.run([*git, "diff", "--cached", "--quiet"], check=False).returncode:
        subprocess.run([*git, "commit", "--quiet", "--message", "As it is tested"], check=True)
    return folder
