"""What the head of a page says, beside its title: description, picture, other languages, structured data, filters.

The rooms that know claims fill it in (analysis.book); the theme writes it (theme/macros.html).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import ClaimbookError

KINDS = ("home", "chapter", "claim", "document", "editions", "text")


@dataclass(frozen=True)
class PageFacts:
    """One page. `picture` and the values of `languages` are paths within the site; `data` holds schema.org objects."""

    description: str = ""
    picture: str = ""
    data: list[dict[str, Any]] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    kind: str = "text"
    filters: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """ValueError for a kind that no style sheet knows."""
        if self.kind not in KINDS:
            raise ValueError(f"a page is of one of the kinds {', '.join(KINDS)}, not {self.kind!r}")


@dataclass(frozen=True)
class Whole:
    """What the pages of a site have in common.

    `address`: where it is public, with a slash at its end, or nothing; `home`: what its first page is called in the
    list of its pages, by itself "Scoreboard"; `above`: the name and path of a page that leads to that one, or nothing;
    `offers`: what machines can read, by label the path; `offered`: what that is, by itself the ledger; `png`:
    whether each figure can be had as PNG too.
    """

    address: str = ""
    home: str = ""
    above: tuple[str, str] | None = None
    offers: Mapping[str, str] = field(
        default_factory=lambda: {"CSV": "ledger.csv", "JSON": "ledger.json", "API": "api/verdicts.json"}
    )
    offered: str = ""
    png: bool = True


BOOK = Whole()


def write(path: Path, whole: Whole, pages: Mapping[str, PageFacts]) -> None:
    """Keep the facts of all pages, by their names in the table of contents, and what they have in common."""
    told = {"whole": asdict(whole), "pages": {name: asdict(facts) for name, facts in pages.items()}}
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def read(path: Path) -> tuple[Whole, dict[str, PageFacts]]:
    """What `write` kept; ClaimbookError where the file is not one of those."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        above = told["whole"].pop("above")
        whole = Whole(**told["whole"], above=tuple(above) if above else None)
        return whole, {name: PageFacts(**facts) for name, facts in told["pages"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClaimbookError(
            f"{path} holds no facts of pages ({error}); build the book with `claimbook book`"
        ) from error


def json_text(value: Any) -> str:
    """JSON for a data block of a page: nothing in it can end the block it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
