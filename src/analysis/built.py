"""Whether a built site is still what a build of now would make: the mark that a build leaves beside it.

The mark holds all inputs of the build and the SHA-256 of every file of the site. It is taken away before a new site is
made and written after it stands, so that an interrupted build leaves none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis import reasons, rerun
from analysis.inputs import Inputs
from analysis.kept import Result
from analysis.reasons import State
from analysis.snapshots.catalogue import replace
from analysis.versions import sums

FILE = ".built.json"
FORMAT = 1


def stale(output: Path, site: Path, inputs: Inputs, options: Mapping[str, str]) -> list[str]:
    """Why a site has to be made anew; nothing where every input and every file of it is as the last build left it."""
    try:
        mark = json.loads((output / FILE).read_text(encoding="utf-8"))
        if mark["format"] != FORMAT:
            return ["it was made by another version of the book"]
        was, files = mark["state"], mark["files"]
        found = reasons.of(was, _state(inputs, options, rerun.given(was)))
    except FileNotFoundError:
        return ["no finished build is here"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [f"{FILE} is damaged"]
    return found or _altered(files, sums.of_folder(site))


def _altered(then: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    return [
        f"html/{name} "
        + ("is gone" if name not in here else "is not of the build" if name not in then else "was altered")
        for name in sorted(then.keys() | here.keys())
        if then.get(name) != here.get(name)
    ]


def remove(output: Path) -> None:
    """Take the mark away: what stands there is no longer vouched for."""
    (output / FILE).unlink(missing_ok=True)


def mark(
    output: Path, site: Path, inputs: Inputs, options: Mapping[str, str], results: Sequence[Result | None]
) -> str | None:
    """Vouch for a site just made from these inputs and chapters; where that cannot be done, why not."""
    if not inputs.are_settled():
        return "a file changed while the book was being made"
    given: dict[str, dict[str, str]] = {kind: {} for kind in rerun.GIVEN}
    for result in results:
        if result is None:
            return "what a chapter read is not known"
        if result.never:
            return f"a chapter runs every time: {result.never[0]}"
        for kind in rerun.GIVEN:
            given[kind] |= result.state[kind]
    told = {"format": FORMAT, "state": _state(inputs, options, given), "files": sums.of_folder(site)}
    replace(output / FILE, json.dumps(told, sort_keys=True).encode())
    return None


def _state(inputs: Inputs, options: Mapping[str, str], given: State) -> dict[str, dict[str, str]]:
    own = {"options": options, "book": inputs.book, "package": inputs.package, "installed": inputs.installed}
    own |= {"surroundings": inputs.variables, "profile": inputs.profile}
    return {kind: dict(entries) for kind, entries in (own | {kind: given[kind] for kind in rerun.GIVEN}).items()}
