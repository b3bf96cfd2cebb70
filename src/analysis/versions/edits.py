"""What was edited in the ledger between two versions of a claim, in words, and which edits bear on a verdict.

What a book made in retrospect hid, because it came later, was not edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis import words
from analysis.errors import ClaimbookError
from analysis.versions.apis import Entry, Frozen, Json, by, number, rows, text
from analysis.versions.changes import Told

_LONG = 60
# Fields that decide what figure is told, then those that decide whether it bears the claim out.
_FIGURE = ("kind", "unit", "due", "lasts", "country", "partner")
_JUDGED = ("printed", "tolerance", "untestable", "unheld")
_NAMES = {
    "title": "its title",
    "statement": "its statement",
    "place": "where in the document it stands",
    "theme": "its theme",
    "kind": "its kind",
    "printed": "the printed figure",
    "unit": "the unit of the printed figure",
    "tolerance": "the tolerance",
    "threshold": "what its adjective was taken to mean",
    "due": "the year in which it is due",
    "untestable": "why nothing can decide it",
    "unheld": "the likeliest reading, of which no figures are held",
    "lasts": "whether it is of something past",
    "country": "the country it is about",
    "partner": "the partner",
    "caveats": "its caveats",
}
_DOCUMENT = {
    "title": "the title of its document",
    "author": "the author of its document",
    "language": "the language of its document",
    "address": "the address of its document",
}
_DATES = ("dated", "earliest", "latest")
_READING = {
    "definition": "its definition",
    "role": "its role",
    "measure": "its measure",
    "series": "its series",
    "printed": "what it is held against",
    "unit": "its unit",
}
_RECORD = {
    "title": "its title",
    "publisher": "its publisher",
    "address": "its address",
    "dated": "its date",
    "standing": "its standing",
    "agrees": "whether it agrees",
    "today": "what it says of today",
    "told": "what it is told to say",
}
_DECIDES = ("dated", "agrees", "today")


@dataclass(frozen=True)
class Pair:
    """A claim in an older and a newer version."""

    old: Frozen
    new: Frozen
    was: Entry
    now: Entry

    @property
    def veiled(self) -> bool:
        """Whether one of the two says only that no record that settles the fact was known on its day."""
        return _veiled(self.old, self.was) or _veiled(self.new, self.now)

    @property
    def comparable(self) -> bool:
        """Whether both tell their readings."""
        return not self.veiled and self.both("readings")

    def both(self, field: str) -> bool:
        """Whether both were written when there was such a field."""
        return field in self.was.claim and field in self.now.claim

    def came(self, identifier: str) -> bool:
        """Whether a record that only one of the two has is one that the other could not know."""
        told = self.now.records.get(identifier) or self.was.records[identifier]
        other = self.old if identifier in self.now.records else self.new
        dated = text(told.get("dated"))
        return not by(dated, other.day) if dated else other.record.retrospective is not None


def _veiled(version: Frozen, entry: Entry) -> bool:
    day = version.record.retrospective
    if day is None or entry.claim.get("kind") != "fact":
        return False
    settled = any(told.get("agrees") is not None for told in entry.records.values())
    return not settled and words.released(day.isoformat()) in text(entry.claim.get("untestable"))


def edits(pair: Pair) -> tuple[str, ...]:
    """Everything that was edited, in words and in a fixed order."""
    was, now = pair.was, pair.now
    skipped = {"untestable"} if pair.veiled else set()
    found = [_named(name, was.claim, now.claim, what) for name, what in _NAMES.items() if name not in skipped]
    documents = [entry.file.get("document") for entry in (was, now)]
    if was.document[0] and now.document[0] and was.document[0] != now.document[0]:
        found.append("the document it is counted to")
    elif all(isinstance(told, dict) for told in documents):
        found += [_named(name, *documents, what) for name, what in _DOCUMENT.items()]
        found.append("the date of its document" if any(_differs(name, *documents) for name in _DATES) else "")
    if pair.comparable:
        found += _readings(was, now)
    for name, own in (("records", _records), ("echoes", _echoes), ("replies", _replies)):
        found += own(pair) if pair.both(name) else []
    return tuple(dict.fromkeys(filter(None, found)))


def bearing(pair: Pair, before: Told, after: Told, moved: bool) -> tuple[str, ...]:
    """The edits that bear on one reading of time: of the claim itself, and of the readings that decide.

    `moved`: the word is the same, so that only what decides the figure bears on it.
    """
    was, now = pair.was, pair.now
    skipped = {"untestable"} if pair.veiled else set()
    names = _FIGURE if moved else (*_FIGURE, *_JUDGED)
    found = [_named(name, was.claim, now.claim, _NAMES[name]) for name in names if name not in skipped]
    documents = [entry.file.get("document") for entry in (was, now)]
    if all(isinstance(told, dict) for told in documents):
        found.append("the date of its document" if any(_differs(name, *documents) for name in _DATES) else "")
    return tuple(filter(None, found)) + _of_readings(pair, before, after)


def _of_readings(pair: Pair, before: Told, after: Told) -> tuple[str, ...]:
    was, now = pair.was.readings, pair.now.readings
    if not pair.comparable:
        return ()
    concerned = {name for name in (before.reading, after.reading, *list(was)[:1], *list(now)[:1]) if name}
    if not (before.reading and after.reading):  # any of them may have opened or closed it
        concerned |= {name for name, told in (*was.items(), *now.items()) if told.get("role") != "outturn"}
    found = []
    for name in [*now, *(name for name in was if name not in now)]:
        if name not in concerned:
            continue
        if name not in now or name not in was:
            found.append(f"the reading {name} was {'added' if name in now else 'removed'}")
            continue
        # Another spelling of a definition changes no figure.
        found += _reading(name, pair.was, pair.now, [field for field in _READING if field != "definition"])
    if not found and list(was)[:1] != list(now)[:1]:
        found.append("the order of its readings")
    return tuple(found)


def _reading(name: str, was: Entry, now: Entry, fields: list[str]) -> list[str]:
    old, new = was.readings[name], now.readings[name]
    what = [_READING[field] for field in fields if _differs(field, old, new) and not _inherited(field, name, was, now)]
    return [f"the reading {name} ({', '.join(what)})"] if what else []


def _inherited(field: str, name: str, *entries: Entry) -> bool:
    """Whether a reading only follows its claim: that edit is told already."""
    own = field in ("printed", "unit")
    return own and all(entry.readings[name].get(field) == entry.claim.get(field) for entry in entries)


def _readings(was: Entry, now: Entry) -> list[str]:
    found = [f"the reading {name} was added" for name in now.readings if name not in was.readings]
    found += [f"the reading {name} was removed" for name in was.readings if name not in now.readings]
    shared = [name for name in now.readings if name in was.readings]
    for name in shared:
        found += _reading(name, was, now, list(_READING))
    if shared != [name for name in was.readings if name in now.readings]:
        found.append("the order of its readings")
    return found


def _records(pair: Pair) -> list[str]:
    was, now = pair.was.records, pair.now.records
    found = []
    for name in now:
        if name not in was:
            found.append("" if pair.came(name) else f"{record(now[name])} was added")
        elif what := [told for field, told in _RECORD.items() if _differs(field, was[name], now[name])]:
            found.append(f"{record(now[name])} ({', '.join(what)})")
    found += [f"{record(was[name])} was removed" for name in was if name not in now and not pair.came(name)]
    shared = [name for name in now if name in was]
    if shared != [name for name in was if name in now]:
        found.append("the order of its records")
    return found


def _echoes(pair: Pair) -> list[str]:
    was, now = (set(_texts(entry.claim.get("echoes"))) for entry in (pair.was, pair.now))
    # A statement that only one of the two versions has could not be named in the other.
    both = pair.old.claims.keys() & pair.new.claims.keys()
    return ["which other statements say the same"] if (was ^ now) & both else []


def _replies(pair: Pair) -> list[str]:
    old, new = (rows(entry.claim.get("replies")) for entry in (pair.was, pair.now))
    found = [f"the reply of {text(reply.get('by')) or 'an author'} was added" for reply in new if reply not in old]
    hidden = pair.new.record.retrospective is not None
    gone = [reply for reply in old if reply not in new]
    gone = [reply for reply in gone if not hidden or by(text(reply.get("dated")), pair.new.day)]
    return found + [f"the reply of {text(reply.get('by')) or 'an author'} was removed" for reply in gone]


def deciding(pair: Pair, *identifiers: str) -> tuple[str, ...]:
    """The edits of records that decide: of what they are told to say, or of when."""
    was, now = pair.was.records, pair.now.records
    found = []
    for name in dict.fromkeys(identifiers):
        if name in was and name in now:
            what = [_RECORD[field] for field in _DECIDES if _differs(field, was[name], now[name])]
            found += [f"{record(now[name])} ({', '.join(what)})"] if what else []
        elif pair.both("records") and (name in was or name in now) and not pair.came(name):
            told, how = (now[name], "added") if name in now else (was[name], "removed")
            found.append(f"{record(told)} was {how}")
    return tuple(found)


def record(told: Json) -> str:
    """A record in words: "the record by United Nations of 8 June 2018"."""
    dated = text(told.get("dated"))
    who = text(told.get("publisher")) or text(told.get("id")) or "somebody"
    return f"the record by {who}{f' of {day(dated)}' if dated else ''}"


def day(dated: str) -> str:
    """A date in words, as it is told where it is none."""
    try:
        return words.dated(dated)
    except (ValueError, ClaimbookError):
        return dated


def _differs(name: str, was: Json, now: Json) -> bool:
    """Whether a field differs; not where one of the two was written before there was such a field."""
    return name in was and name in now and was[name] != now[name]


def _named(name: str, was: Json, now: Json, what: str) -> str:
    if not _differs(name, was, now):
        return ""
    old, new = _short(was[name]), _short(now[name])
    return f"{what}, from {old} to {new}" if old and new else what


def _short(told: Any) -> str:
    """A short value as it may stand in a sentence; empty where it is long, or no value."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if (value := number(told)) is not None:
        return f"{value:g}"
    return f"“{told}”" if isinstance(told, str) and 0 < len(told) <= _LONG else ""


def _texts(told: Any) -> list[str]:
    return [entry for entry in told if isinstance(entry, str)] if isinstance(told, list) else []
