"""Collects every text to translate and brings the catalogues in step: python -m analysis.languages.messages.

Sources are the calls in the code and in the templates, the closed vocabularies, and the ledger's own texts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import jinja2.ext
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from analysis import board, claims, verdicts, words
from analysis.documents import documents
from analysis.languages import catalogue, spelling
from analysis.templates import PAGES

ROOT = Path(__file__).parents[1]
CODE = (*sorted(Path(__file__).parent.glob("*.py")), ROOT / "board.py")
TEMPLATES = (
    "bar", "board_controls", "card", "claim_share", "documents", "language_claim", "language_home", "scoreboard",
)  # fmt: skip
KEYWORDS = {
    "_": None,
    "N_": None,
    "say": None,
    "gettext": None,
    "pgettext": ((1, "c"), 2),
}
NOTE = "Translations of claimbook. The English texts stand in the sources; `make messages` brings this file in step."
# (text or its singular and plural, context, where it comes from)
Found = tuple[str | tuple[str, str], str | None, str]


def template() -> Catalog:
    """All texts of the code, the templates, the vocabularies and the ledger, without translations."""
    made = Catalog(domain="claimbook", project="claimbook", header_comment=f"# {NOTE}", fuzzy=False)
    for message, context, where in (*_written(), *_vocabulary(), *_ledger()):
        made.add(message, context=context, locations=[(where, 0)])
    return made


def update(code: str) -> Catalog:
    """A language's catalogue in step with the sources: new texts are empty, old ones gone, nothing guessed."""
    known = catalogue.read(code) if catalogue.path(code).exists() else Catalog(locale=code, domain="claimbook")
    made = Catalog(
        locale=code,
        domain="claimbook",
        project="claimbook",
        version="1",
        last_translator="The claimbook contributors",
        language_team=code,
        header_comment=f"# {NOTE}",
        # Dates in the header would change with each run and tell nothing.
        creation_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        revision_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        fuzzy=False,
    )
    for message in template():
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        made.add(
            message.id,
            old.string if old is not None and not old.fuzzy else None,
            locations=message.locations,
            context=message.context,
        )
    return made


def write(code: str) -> int:
    """Write a language's catalogue in step with the sources; returns how many texts have no translation."""
    made = update(code)
    file = catalogue.path(code)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, made, width=120, sort_by_file=False, include_lineno=False)
    return sum(not (all(entry.string) if entry.pluralizable else entry.string) for entry in made if entry.id)


def _written() -> Iterator[Found]:
    """What is marked in the code and in the templates."""
    for file, method in (
        *((path, "python") for path in CODE),
        *((PAGES / f"{name}.html.j2", jinja2.ext.babel_extract) for name in TEMPLATES),
    ):
        with file.open("rb") as source:
            for _, message, _, context in extract(method, source, KEYWORDS, options={"encoding": "utf-8"}):
                yield message, context, f"src/analysis/{file.relative_to(ROOT).as_posix()}"


def _vocabulary() -> Iterator[Found]:
    """What is told by its name: verdicts, outcomes, flags, units, ordinals."""
    for own in (verdicts.WHEN_WRITTEN, verdicts.AS_REVISED, verdicts.TODAY):
        for word, meaning in own.items():
            yield word, None, "src/analysis/verdicts.py"
            yield meaning, None, "src/analysis/verdicts.py"
    for word in (*board.OUTCOMES, *board.TODAY):
        yield word, "outcome", "src/analysis/board.py"
    for caption in ("1 statement", "{count} statements"):
        yield f"{caption}, by the figures released up to {{day}}.", None, "src/analysis/board.py"
    for name in words.FLAGS.values():
        yield name, "flag", "src/analysis/words.py"
    where = "src/analysis/languages/spelling.py"
    for pair in spelling.AMOUNTS.values():
        yield pair, "amount", where
    for text in (
        *spelling.UNKNOWN.values(),
        spelling.OTHER_SHARE,
        *spelling.PER_CENT.values(),
        *sum(spelling.TRENDS.values(), ()),
    ):
        yield text, "amount", where
    for form, text in spelling.ORDINALS.items():
        yield text, f"ordinal, {form}", where


def _ledger() -> Iterator[Found]:
    """The texts of the ledger that stand on the pages: titles, themes, short names, authors and publishers."""
    for document in documents().values():
        yield document.short, "document", "data/documents.yaml"
        yield document.author, "author", "data/documents.yaml"
    for claim in claims.ledger():
        where = f"data/claims/{claim.document.id}.yaml"
        yield claim.title, "claim title", where
        name = claim.theme.replace("-", " ")
        yield name[:1].upper() + name[1:], None, where
        for reading in claim.readings:
            yield reading.label, "reading", where
        for cited in claim.records:
            if cited.agrees is not None or cited.today is not None:
                yield cited.record.publisher, "publisher", "data/records.yaml"


if __name__ == "__main__":
    for code in catalogue.TRANSLATED:
        missing = write(code)
        print(f"{catalogue.path(code).name} of {code}: {missing} without a translation")
