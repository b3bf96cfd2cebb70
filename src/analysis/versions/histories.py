"""The history of each page through the versions, kept from one version to the next.

A history holds a value only where it changes, so it grows with what changed and not with the number of versions. A
version that is added between others is put in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import ClaimbookError
from analysis.languages import told
from analysis.languages.catalogue import SOURCE, TRANSLATED, Language, language
from analysis.site.head import json_text
from analysis.versions import names, page_texts, record
from analysis.versions.changes import TIMES, Difference

CALL = "claimbookLayer.page("
_CLAIM = re.compile(r"(?:(\w\w)/)?claims/([a-z0-9][a-z0-9-]*)\.html")
_DOCUMENT = re.compile(r"documents/([^/]+)\.html")
_HOME = re.compile(r"(?:(\w\w)/)?index\.html")
_UNFRAMED = ("cards/",)  # they run no script

# What one version says of a statement: (word, figure or source) for each of TIMES.
State = tuple[tuple[str, str], ...]
# (version, value) where the value is another one than before; None is: not there.
Steps = list[tuple[str, Any]]
key = cache(names.version)


def at(steps: Steps, name: str) -> Any:
    """The value in a version; None before the first step."""
    value = None
    for version, one in steps:
        if key(version) > key(name):
            break
        value = one
    return value


def put(steps: Steps, name: str, value: Any, after: str | None) -> Steps:
    """The steps with the value of one more version; `after` is the version that follows it, if there is one."""
    followed = at(steps, after) if after else None
    made = [step for step in steps if key(step[0]) < key(name)]
    later = [step for step in steps if key(step[0]) > key(name) and step[0] != after]
    if value != (made[-1][1] if made else None):
        made.append((name, value))
    if after and followed != value:
        made.append((after, followed))
    return made + later


@dataclass
class Statement:
    """A statement on a page: its title in a language, and its steps, values being `State`, with the cause of each."""

    title: str
    language: str = SOURCE
    steps: Steps = field(default_factory=list)
    causes: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class History:
    """A page through the versions. `there`: steps of being there; `texts`: steps of what it says, by digest."""

    page: str
    title: str = ""
    near: tuple[str, ...] = ()
    there: Steps = field(default_factory=list)
    texts: Steps = field(default_factory=list)
    statements: dict[str, Statement] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language that the page's path says."""
        return spoken(self.page)

    def runs(self) -> list[list[str | None]]:
        """From which version to before which it is there."""
        edges: list[str | None] = [version for version, _ in self.there]
        edges += [None] * (len(edges) % 2)
        return [list(pair) for pair in zip(edges[::2], edges[1::2], strict=True)]


def spoken(page: str) -> str:
    """The language of a page by its path."""
    code = page.partition("/")[0]
    return code if code in TRANSLATED else SOURCE


def follow(
    before: Mapping[str, str], folder: Path, difference: Difference | None, order: Sequence[str]
) -> dict[str, str]:
    """The text of every page's history after one more version, by page; the same text where nothing changed.

    `before` holds the texts so far, `folder` the frozen version, `order` the names of all versions, this one too.
    ClaimbookError where a history or the version cannot be read.
    """
    made = record.read(folder)
    after = min((name for name in order if key(name) > key(made.name)), key=key, default=None)
    found = _statements(folder)
    causes = _causes(difference)
    known = {page: read(text, page) for page, text in before.items()}
    pages = {page for page in made.pages if page.endswith(".html") and not page.startswith(_UNFRAMED)}
    for page in sorted(pages | known.keys()):
        history = known.setdefault(page, History(page))
        if page in pages:
            _come(history, folder, made, found, causes, after)
        else:
            _miss(history, made.name, after)
    runs = {page: history.runs() for page, history in known.items()}
    return {page: text(history, runs) for page, history in known.items()}


def _statements(folder: Path) -> dict[str, dict[str, Any]]:
    """The statements of a frozen version as its api/verdicts.json tells them, by id; none where it has no such file."""
    path = folder / "api" / "verdicts.json"
    try:
        entries = json.loads(path.read_bytes()).get("claims", [])
        return {entry["id"]: entry for entry in entries}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise ClaimbookError(f"{path} cannot be read as the verdicts of a version: {error!r}") from None


def _causes(difference: Difference | None) -> dict[tuple[str, str], str]:
    changed = difference.changed if difference else ()
    return {(claim.id, change.time): change.cause for claim in changed for change in claim.changes}


def _come(
    history: History, folder: Path, made: record.Record, found: Mapping[str, dict], causes: Mapping, after: str | None
) -> None:
    """A page that the version has."""
    page, name = history.page, made.name
    try:
        article = page_texts.article((folder / page).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimbookError(f"the page {page} that {folder / record.FILE} names cannot be read: {error}") from None
    newest = not (after and at(history.there, after))
    history.there = put(history.there, name, True, after)
    history.texts = put(history.texts, name, page_texts.digest(article, name, made.as_of, made.address), after)
    shown = _shown(page, article, found)
    if newest:
        history.title = page_texts.title(article)
        history.near = _near(page, found)
    own = _CLAIM.fullmatch(page)
    for claim in shown:
        statement = history.statements.setdefault(claim, Statement(""))
        if newest or not statement.title:
            statement.title, statement.language = _title(found[claim], language(history.language))
        state = _state(found[claim], article if own else None, language(history.language))
        _step(statement, name, state if own else tuple((word, "") for word, _ in state), after)
        if own:
            _name_causes(statement, claim, name, causes)
    for claim in history.statements.keys() - set(shown):
        _step(history.statements[claim], name, None, after)
    if newest:  # in the order in which the page shows them
        history.statements = {
            claim: history.statements[claim] for claim in dict.fromkeys((*shown, *history.statements))
        }


def _miss(history: History, name: str, after: str | None) -> None:
    """A page that the version has not."""
    history.there = put(history.there, name, None, after)
    history.texts = put(history.texts, name, None, after)
    for statement in history.statements.values():
        _step(statement, name, None, after)


def _step(statement: Statement, name: str, state: State | None, after: str | None) -> None:
    statement.steps = put(statement.steps, name, state, after)
    kept = {version for version, _ in statement.steps}
    statement.causes = {place: cause for place, cause in statement.causes.items() if place[0] in kept}


def _name_causes(statement: Statement, claim: str, name: str, causes: Mapping[tuple[str, str], str]) -> None:
    for time in TIMES:
        if cause := causes.get((claim, time)):
            statement.causes[name, time] = cause


def _shown(page: str, article: str, found: Mapping[str, dict]) -> list[str]:
    """The ids of the statements whose verdicts a page shows."""
    if own := _CLAIM.fullmatch(page):
        return [claim for claim in (own[2],) if claim in found]
    if own := _DOCUMENT.fullmatch(page):
        return [claim for claim, entry in found.items() if entry.get("document") == own[1]]
    if _HOME.fullmatch(page):
        return list(found)
    if page.startswith("chapters/"):
        return [claim for claim in page_texts.statements(article) if claim in found]
    return []


def _near(page: str, found: Mapping[str, dict]) -> tuple[str, ...]:
    """The pages to go to where a version lacks the page, the nearest first; the home page is always there."""
    if own := _CLAIM.fullmatch(page):
        if own[1]:
            return f"{own[1]}/index.html", f"claims/{own[2]}.html"
        document = found.get(own[2], {}).get("document")
        return (f"documents/{document}.html",) if document else ()
    return ()


def _title(entry: Mapping[str, Any], spoken: Language) -> tuple[str, str]:
    """The title of a statement, and the language it is in."""
    title = str(entry.get("title") or entry["id"])
    translated = spoken.known("claim title", title)
    return (title, SOURCE) if translated is None else (translated, spoken.code)


def _state(entry: Mapping[str, Any], article: str | None, spoken: Language) -> State:
    """The words of a statement and what each stands on, as a page in a language tells it; the words stay English."""
    cells = page_texts.verdict_cells(article) if article is not None and spoken.code != SOURCE else {}
    state = []
    for time in TIMES:
        word = str((entry.get("verdict") or {}).get(time) or "")
        figure = (entry.get("figure") or {}).get(time) or {}
        by_record = bool((entry.get("record") or {}).get(time))
        if spoken.code == SOURCE:
            reason = str((entry.get("reason") or {}).get(time) or "") if by_record else ""
            stands = str(figure.get("told") or "") or reason
        else:  # figures are spelt by the page itself
            numbers, source = cells.get(spoken.gettext(told.HEADINGS[time]), ("", ""))
            stands = numbers or (source if by_record else "")
        state.append((word, stands))
    return tuple(state)


def text(history: History, runs: Mapping[str, list]) -> str:
    """The file of a history: a script of one call. `runs` are those of all pages, by page."""
    data: dict[str, Any] = {
        "page": history.page,
        "title": history.title,
        "in": history.runs(),
        "near": [[page, runs[page]] for page in history.near if page in runs],
        "text": [list(step) for step in history.texts],
    }
    if history.statements:
        data["claims"] = [_told(claim, one, history.language) for claim, one in history.statements.items()]
        words = {word for one in history.statements.values() for _, state in one.steps if state for word, _ in state}
        translated = {word: language(history.language).known(None, word) for word in words}
        if history.language != SOURCE:
            data["words"] = {word: other for word, other in translated.items() if other}
    return f"{CALL}{json_text(data)});\n"


def _told(claim: str, statement: Statement, page: str) -> dict[str, Any]:
    """A statement's history: at each step what is another word or figure than before, with the cause."""
    steps, before = [], None
    for version, state in statement.steps:
        step: dict[str, Any] = {"version": version}
        if state is None:
            step["gone"] = True
        for number, time in enumerate(TIMES if state else ()):
            if before is None or before[number] != state[number]:
                parts = [*state[number], statement.causes.get((version, time), "") if before else ""]
                while parts and not parts[-1]:
                    parts.pop()
                step[time] = parts
        steps.append(step)
        before = state
    own = {"lang": statement.language} if statement.language != page else {}
    return {"id": claim, "title": statement.title, **own, "steps": steps}


def read(content: str, page: str) -> History:
    """The history in the text of a page's file; ClaimbookError where it is none."""
    try:
        if not content.startswith(CALL):
            raise ValueError(f"it does not begin with {CALL}")
        data = json.loads(content.removeprefix(CALL).rstrip().removesuffix(");"))
        there = [(edge, value) for run in data["in"] for edge, value in zip(run, (True, None), strict=True) if edge]
        texts = [tuple(step) for step in data["text"]]
        near = tuple(page for page, _ in data["near"])
        history = History(data["page"], data["title"], near, there, texts)
        for entry in data.get("claims", ()):
            history.statements[entry["id"]] = _read_statement(entry, history.language)
        return history
    except (ValueError, KeyError, TypeError) as error:
        raise ClaimbookError(
            f"the history of the page {page} in the site's layer cannot be read ({error}); make the layer anew from "
            "the frozen versions"
        ) from None


def _read_statement(entry: Mapping[str, Any], page: str) -> Statement:
    statement = Statement(entry["title"], entry.get("lang", page))
    state: State | None = None
    for step in entry["steps"]:
        parts = {time: [*step[time], "", "", ""][:3] for time in TIMES if time in step}
        if step.get("gone"):
            state = None
        else:
            before = state or (("", ""),) * len(TIMES)
            state = tuple(
                tuple(parts[time][:2]) if time in parts else before[number] for number, time in enumerate(TIMES)
            )
        statement.steps.append((step["version"], state))
        statement.causes |= {(step["version"], time): part[2] for time, part in parts.items() if part[2]}
    return statement
