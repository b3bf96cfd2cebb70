"""Why a verdict, or the figure behind it, is another one than in an older version: decided from what both hold.

The rule, in this order; the first that the evidence bears out is told.

1. "ledger edit": a field that bears on it differs (the claim's, its document's date, those of the readings or of the
   record that decide), a record that the older version could have known was added, or the one that decided is gone.
2. A record that came since decides: "new record".
3. "method change": the very same evaluation (reading, publisher, release, year) tells another value, rank or verdict.
   Not where a release that lies behind it came to be held since ("new release"), nor where only the ledger's hash
   differs, or the reading's definition ("ledger edit").
4. The same reading, a release that the older version did not hold: for the same year a "revision", for a newer year
   behind `today` a "new year". What was so when written has no newer year: a release that had not been held tells it,
   a "new release".
5. "new release": another reading or no figure, and the release of one side is not held by the other version; also a
   newer release that leaves open what was decided.
6. Nothing came. Where the verdict when written changed, what hangs on it has the same cause. A year that was still
   running, a figure that grew too old, a pledge that came due: "time passed". Else the hashes tell what differs:
   method, then ledger, then the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analysis.verdicts import MAX_AGE
from analysis.versions import edits
from analysis.versions.apis import Entry, Key, close, text
from analysis.versions.changes import Told
from analysis.versions.edits import Pair

_WAITING = "not yet due"


class Why(NamedTuple):
    """A cause (a key of changes.CAUSES) and what is told of it, in plain words."""

    cause: str
    words: str


def why(pair: Pair, time: str, before: Told, after: Told, written: Why | None = None) -> Why:
    """Why one reading of time changed. `written`: why the word when written changed, where it did."""
    case = _Case(pair, time, before, after, written)
    return next(found for rule in _RULES if (found := rule(case)) is not None)


class _Case:
    """One reading of time of a claim, with the evidence at hand."""

    def __init__(self, pair: Pair, time: str, before: Told, after: Told, written: Why | None) -> None:
        self.pair, self.time, self.before, self.after, self.written = pair, time, before, after, written
        self.was, self.now = _key(before), _key(after)
        self.old, self.new = pair.was.evaluations, pair.now.evaluations
        self.records = (pair.was.deciding(time), pair.now.deciding(time))
        self.moved = before.word == after.word

    @property
    def fresh(self) -> bool:
        """Whether the figure that decides now is of a release that the older version did not hold."""
        if self.now is None or self.now in self.old:
            return False
        held = (self.now.publisher, self.now.released) in self.pair.old.releases
        return not held or _backfilled(self.pair, self.now) is not None

    @property
    def gone(self) -> bool:
        """Whether the figure that decided before is of a release that the newer version does not hold."""
        if self.was is None or self.was in self.new:
            return False
        return (self.was.publisher, self.was.released) not in self.pair.new.releases

    def concerned(self) -> set[str]:
        """The readings that decide, and the likeliest; all of them where one side has no figure."""
        if self.was is None or self.now is None:
            return {*self.pair.was.readings, *self.pair.now.readings}
        likeliest = (*list(self.pair.was.readings)[:1], *list(self.pair.now.readings)[:1])
        return {self.was.reading, self.now.reading, *likeliest}


def _edited(case: _Case) -> Why | None:
    found = edits.bearing(case.pair, case.before, case.after, case.moved)
    found += edits.deciding(case.pair, *filter(None, case.records))
    return Why("ledger edit", f"the ledger was edited: {'; '.join(found)}") if found else None


def _recorded(case: _Case) -> Why | None:
    was, now = case.records
    if now and now in case.pair.now.records and now not in case.pair.was.records:
        told = case.pair.now.records[now]
        if not text(told.get("dated")):  # hidden by a retrospect, though nobody can say that it came later
            return Why("new record", "a record without a date, which a version made in retrospect does not count")
        named = text(told.get("publisher")) in case.after.reason
        return Why("new record", "a record that came since" if named else f"{edits.record(told)} came since")
    if was and was in case.pair.was.records and was not in case.pair.now.records:
        return Why("new record", f"{edits.record(case.pair.was.records[was])} is not counted")
    return None


def _altered(case: _Case) -> Why | None:
    key = next(iter(_changed(case)), None)
    if key is None:
        return None
    behind = _backfilled(case.pair, key)
    if behind is not None:
        return Why("new release", f"{_named(case.pair.now, *behind)} came to be held")
    old, new = case.pair.old, case.pair.new
    held = (key.publisher, key.released)
    if old.releases.get(held) != new.releases.get(held) and held in old.releases and held in new.releases:
        return Why("method change", f"{_named(case.pair.now, *held)} was read anew")
    was, now = (entry.readings[key.reading].get("definition") for entry in (case.pair.was, case.pair.now))
    if was != now:
        return Why("ledger edit", f"the ledger was edited: the reading {key.reading} (its definition)")
    if old.record.method == new.record.method and old.record.ledger != new.record.ledger:
        return Why("ledger edit", "a declaration behind its figures was edited")
    return Why("method change", "the same figures are judged by another method")


def _changed(case: _Case) -> Iterator[Key]:
    """Evaluations that both versions have and that tell something else, as far as that can be the cause."""
    decide = [key for key in (case.now, case.was) if key is not None]
    same = case.was == case.now or not (case.fresh or case.gone)
    for key in decide:
        if key not in case.old or key not in case.new or case.old[key].same(case.new[key]):
            continue
        # Beside a figure that came, a value that moved is no cause while it is judged alike.
        if same or case.old[key].verdict != case.new[key].verdict:
            yield key
    if len(decide) == 2:
        return
    readings = case.concerned()
    for key in sorted(case.old.keys() & case.new.keys()):
        if key.reading in readings and case.old[key].verdict != case.new[key].verdict:
            yield key


def _backfilled(pair: Pair, key: Key) -> tuple[str, str] | None:
    """A release that lies behind an evaluation and that the older version did not hold."""
    came = (release for release in pair.now.sources if release not in pair.was.sources)
    return next((release for release in came if release[1] <= key.released and release not in pair.old.releases), None)


def _told_anew(case: _Case) -> Why | None:
    was, now = case.was, case.now
    if was is None or now is None or was.reading != now.reading or not (case.fresh or case.gone):
        return None
    named = _named(case.pair.now, now.publisher, now.released)
    if not case.fresh or now.released < was.released:
        lost = f"{_named(case.pair.was, was.publisher, was.released)} is no longer held"
        return Why("new release", f"{named} came to be held" if case.fresh else lost)
    if was.year == now.year:
        return Why("revision", f"the same year is told anew, in {named}")
    if now.year > was.year and case.time == "today":
        return Why("new year", f"a newer year is told, in {named}")
    return Why("new release", f"{named} tells it")


def _released(case: _Case) -> Why | None:
    """A figure that only one of the two versions can have, where the other has none or decides by another reading."""
    due = case.before.word == _WAITING != case.after.word
    if case.fresh:
        named = _named(case.pair.now, case.now.publisher, case.now.released)
        other = case.was is not None and case.was.reading != case.now.reading
        how = f"{case.now.year} is over, and " if due else "another reading decides, as " if other else ""
        return Why("new release", f"{how}{named} tells it")
    if case.gone:
        return Why("new release", f"{_named(case.pair.was, case.was.publisher, case.was.released)} is no longer held")
    if due or (case.was and case.now and case.was.reading == case.now.reading):
        return None
    # A release may open what was decided, without a figure of its own: only one of that year or a newer one can.
    least = case.was.year if case.was and not case.now else None
    readings = _likeliest(case) if case.time == "today" else case.concerned()
    came = [key for key in case.new if key not in case.old and key.reading in readings]
    came = [key for key in came if least is None or key.year >= least]
    came = [key for key in came if (key.publisher, key.released) not in case.pair.old.releases]
    if not came or (case.time == "today" and _too_old(case) is not None):
        return None
    newest = max(came, key=lambda key: (key.released, key.year, key.publisher))
    return Why("new release", f"{_named(case.pair.now, newest.publisher, newest.released)} came")


def _likeliest(case: _Case) -> set[str]:
    return set(list(case.pair.now.readings)[:1])


def _too_old(case: _Case) -> int | None:
    """The newest year that is told, where a figure decided and none does now because that year is too long ago."""
    today = case.pair.new.day.year
    if case.was is None or case.now is not None or today <= case.pair.old.day.year:
        return None
    # A year that is still running on that day is not told as today's.
    years = [key.year for key in case.new if key.reading == case.was.reading and key.year < today]
    newest = max(years, default=case.was.year)
    return newest if newest <= case.was.year or today - newest > MAX_AGE else None


def _followed(case: _Case) -> Why | None:
    if case.written is None or case.time == "when_written":
        return None
    return Why(case.written.cause, "what was so when it was written is judged otherwise")


def _waited(case: _Case) -> Why | None:
    """Time alone, where it shows."""
    old, new = case.pair.old, case.pair.new
    if new.day <= old.day:
        return None
    if case.before.word == _WAITING and case.after.word != _WAITING:
        return Why("time passed", "its year has come")
    if case.time == "today" and (newest := _too_old(case)) is not None:
        return Why("time passed", f"the newest year told, {newest}, is too long ago")
    if case.time == "today" and case.now and case.was and old.day.year <= case.now.year < new.day.year:
        return Why("time passed", f"{case.now.year}, which was still running, is over")
    was, now = case.records
    if case.time == "today" and was in case.pair.was.records and not now:
        return Why("time passed", f"{edits.record(case.pair.was.records[was])} is too old to speak of the present")
    return None


def _hashes(case: _Case) -> Why:
    old, new = case.pair.old.record, case.pair.new.record
    if old.method != new.method:
        return Why("method change", "the same figures are judged by another method")
    if old.ledger != new.ledger and case.pair.old.day == case.pair.new.day:
        return Why("ledger edit", "a declaration behind its figures was edited")
    if case.pair.old.day != case.pair.new.day:
        return Why("time passed", "nothing came, but time")
    return Why("method change", "the same figures are judged with other tools")


_RULES = (_edited, _recorded, _altered, _told_anew, _released, _followed, _waited, _hashes)


def _key(told: Told) -> Key | None:
    if told.year is None or told.value is None:
        return None
    return Key(told.reading, told.publisher, told.released, told.year)


def _named(entry: Entry, publisher: str, released: str) -> str:
    """A release in words: "NATO's release of 28 August 2025"."""
    titles = {name: title for (name, _), title in entry.sources.items()}
    who = titles.get(publisher, publisher) or "its publisher"
    return f"{who}'{'' if who.endswith('s') else 's'} release of {edits.day(released)}"


def share(before: Told, after: Told) -> float | None:
    """How far a figure moved as a share of the margin that it had; None where the two cannot be compared."""
    if before.value is None or after.value is None or not before.margin or before.margin < 0:
        return None
    same = before.reading == after.reading and before.unit == after.unit == before.margin_unit
    if not same:
        return None
    return 0.0 if close(before.value, after.value) else abs(after.value - before.value) / before.margin
