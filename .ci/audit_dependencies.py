"""Look every locked dependency up among the known advisories, and fail where one has any or could not be looked up.

    python .ci/audit_dependencies.py LOCK... [--accept ID]...

pip-audit leaves with 0 where the registry knows none of the packages, as a mirror may; here that is a failure.
Leaves with 0 where all were looked up and nothing is known, with 1 where an advisory is, with 2 where it is not known.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

KNOWN, UNKNOWN = 1, 2
LISTED = 5


def main(arguments: list[str]) -> int:
    """Audit each lock file; what to leave with."""
    parser = argparse.ArgumentParser()
    parser.add_argument("locks", metavar="LOCK", nargs="+", type=Path)
    parser.add_argument("--accept", metavar="ID", action="append", default=[])
    given = parser.parse_args(arguments)
    return max(audit(lock, given.accept) for lock in given.locks)


def audit(lock: Path, accepted: list[str]) -> int:
    """Audit one lock file, and tell."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [*command, *(f"--ignore-vuln={name}" for name in accepted)], capture_output=True, text=True, check=False
    )
    try:
        entries = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        print(f"{lock}: nothing was audited, the advisories could not be had: {last}", file=sys.stderr)
        return UNKNOWN
    return tell(lock.name, entries)


def tell(name: str, entries: list[dict]) -> int:
    """Tell what pip-audit found of a lock file's dependencies."""
    skipped = [entry["name"] for entry in entries if "skip_reason" in entry]
    found = [(entry, advisory) for entry in entries for advisory in entry.get("vulns", [])]
    for entry, advisory in found:
        fixed = f"mended in {', '.join(advisory['fix_versions'])}" if advisory["fix_versions"] else "not mended yet"
        names = ", ".join([advisory["id"], *advisory.get("aliases", [])])
        print(f"{name}: {entry['name']} {entry['version']}: {names}; {fixed}")
    if skipped or not entries:
        few = ", ".join(skipped[:LISTED]) + (", ..." if len(skipped) > LISTED else "")
        print(
            f"{name}: {len(skipped)} of {len(entries)} dependencies could not be looked up, so that nothing is known "
            f"of them: {few or 'the file names none'}. A mirror may have no advisories; ask where the registry itself "
            "can be reached.",
            file=sys.stderr,
        )
    else:
        print(f"{name}: {len(entries)} dependencies looked up, {len(found)} advisories")
    return KNOWN if found else UNKNOWN if skipped or not entries else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
