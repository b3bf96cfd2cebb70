"""Differences between versions told in plain words: headlines, and the sentences that pages and feeds share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis import words
from analysis.versions.changes import CAUSES, Change, ClaimChange, ClaimEntry, Difference, Told

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# What stands behind a change, after "behind six of them stands".
BEHIND = {
    "ledger edit": "an edit of the ledger",
    "method change": "another method",
    "revision": "a revision of the same year",
    "new year": "a newer year",
    "new release": "a release that came or went",
    "new record": "a record that came or went",
    "time passed": "the passing of time",
}
# A verdict by its reading of time, as a headline says it: "no longer true today".
WHEN = {"when_written": "when written", "as_revised": "as revised", "today": "today"}

Found = tuple[ClaimChange, Change]
T = TypeVar("T")


@dataclass(frozen=True)
class Sorted:
    """The changes of a difference by what became of the verdict; `moved` has the biggest share of the margin first."""

    flipped: tuple[Found, ...]
    decided: tuple[Found, ...]
    opened: tuple[Found, ...]
    moved: tuple[Found, ...]

    @property
    def turned(self) -> tuple[Found, ...]:
        """All whose word is another one."""
        return self.flipped + self.decided + self.opened


def by_kind(changed: Iterable[ClaimChange]) -> Sorted:
    """The changes of some claims, sorted by kind and otherwise in their order."""
    groups: dict[str, list[Found]] = {"flipped": [], "decided": [], "opened": [], "moved": []}
    for claim in changed:
        for change in claim.changes:
            groups[change.kind].append((claim, change))
    groups["moved"].sort(key=lambda found: -1.0 if found[1].share is None else found[1].share, reverse=True)
    return Sorted(**{kind: tuple(found) for kind, found in groups.items()})


def counted(number: int, one: str, many: str = "") -> str:
    """A number with what it counts: "nine verdicts", "26 statements", "one chapter"."""
    return f"{spelt(number)} {one if number == 1 else many or one + 's'}"


def spelt(number: int) -> str:
    """A number up to twelve as a word, others in digits."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def sentence(text: str) -> str:
    """Text with a capital at its start and a full stop at its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?" else ".")


def headline(difference: Difference) -> str:
    """What differs, in numbers and without a full stop: "Nine verdicts flipped; 26 statements are new"."""
    found = by_kind(difference.changed)
    clauses = _turned(found)
    if difference.added:
        clauses.append(counted(len(difference.added), "statement is new", "statements are new"))
    if difference.withdrawn:
        clauses.append(counted(len(difference.withdrawn), "statement was withdrawn", "statements were withdrawn"))
    if not found.turned and (found.moved or not clauses):
        clauses.insert(0, "no verdict flipped")
    if not found.turned and found.moved:
        kept = _grounds([change for _, change in found.moved])
        clauses.append(f"{counted(len(found.moved), 'verdict stands', 'verdicts stand')} by another {kept}")
    if len(clauses) == 1 and not found.turned and not (difference.added or difference.withdrawn):
        clauses = [_quiet(difference)]
    return sentence("; ".join(clauses)).removesuffix(".")


def summary(difference: Difference) -> str:
    """What differs, in one line: the headline, and what it left out."""
    found = by_kind(difference.changed)
    told = [headline(difference)]
    if found.moved and found.turned:
        told.append(f"{counted(len(found.moved), 'verdict')} kept by another {_grounds([c for _, c in found.moved])}")
    releases = _releases(difference)
    if releases and releases not in told[0]:
        told.append(releases)
    return "; ".join(told) + "."


def standfirst(difference: Difference) -> list[str]:
    """The sentences below the headline: on how many statements, the most frequent turn, what stands behind them."""
    found = by_kind(difference.changed)
    if difference.empty:
        return ["Every statement, every verdict, every figure and every release is the same in both."]
    return [told for told in (_breadth(found), _turns(found), causes(found.turned), _kept(found)) if told]


def causes(found: Sequence[Found]) -> str:
    """What stands behind some changes, the most frequent first; empty where there are none."""
    tally = Counter(change.cause for _, change in found).most_common()
    if not tally:
        return ""
    if len(tally) == 1:
        them = {1: "it", 2: "both"}.get(len(found), f"all {spelt(len(found))}")
        return sentence(f"{_behind(tally[0][0])} stands behind {them}")
    (first, most), rest = tally[0], tally[1:]
    told = [f"{_behind(first)} stands behind {spelt(most)} of these verdicts"]
    return sentence(", ".join(told + [f"{_behind(name)} behind {spelt(count)}" for name, count in rest]))


def _behind(name: str) -> str:
    return BEHIND.get(name, name)


def fared(entries: Sequence[ClaimEntry], time: str = "today") -> str:
    """How new statements fare in one reading of time, the most frequent word first; empty where none is told."""
    tally = Counter(dict(entry.words).get(time, "") for entry in entries)
    parts = [f"{count} {word}" for word, count in tally.most_common() if word]
    return f"{words_of_time(time)}: {', '.join(parts)}." if parts else ""


def words_of_time(time: str) -> str:
    """A reading of time as the heading of its verdict."""
    return {"when_written": "When written", "as_revised": "That year, as revised", "today": "Today"}.get(time, time)


def cause(change: Change) -> str:
    """What stands behind one change, as a sentence."""
    return sentence(CAUSES.get(change.cause, change.cause))


def because(change: Change) -> str:
    """What stands behind one change, in its own words; the general ones for its cause where it has none."""
    return sentence(change.because) if change.because else cause(change)


def claim(found: ClaimChange) -> str:
    """What became of a claim, as a headline: "10th largest importer of US goods: no longer true today, was true"."""
    turned = [entry for entry in _latest_first(found.changes) if entry.flipped]
    moved = [entry for entry in _latest_first(found.changes) if not entry.flipped]
    if turned:
        told = f"{turned[0].after.word} {WHEN[turned[0].time]}, was {turned[0].before.word}"
        if len(turned) > 1:
            told += f"; {counted(len(turned) - 1, 'other verdict')} changed too"
    elif moved:
        told = f"still {moved[0].after.word} {WHEN[moved[0].time]}, by another {_grounds(moved[:1])}"
    elif found.edits:
        told = f"edited, {found.edits[0].partition(', from ')[0]}"
        if len(found.edits) > 1:
            told += f" and {counted(len(found.edits) - 1, 'other thing')}"
    elif found.readings_added or found.readings_removed:
        told = readings(found)
    else:
        told = "the same answer, with other releases behind it"
    return f"{found.title}: {told}"


def readings(found: ClaimChange) -> str:
    """Which readings of a claim came and went: "with the reading goods, without the reading services"."""
    parts = []
    for way, names in (("with", found.readings_added), ("without", found.readings_removed)):
        if names:
            parts.append(f"{way} the reading{'s' if len(names) > 1 else ''} {words.listing(names)}")
    return ", ".join(parts)


def edits(found: ClaimChange) -> tuple[str, ...]:
    """What was edited of a claim, less the readings that came or went: those are told by themselves."""
    known = {f"the reading {name} was added" for name in found.readings_added}
    known |= {f"the reading {name} was removed" for name in found.readings_removed}
    return tuple(text for text in found.edits if text not in known)


def margin(told: Told) -> str:
    """How far a verdict was from flipping, in words; empty where nothing could flip it or it cannot be told."""
    unit = told.margin_unit
    if told.margin is None or told.margin != told.margin or unit.startswith("years without"):
        return ""
    if unit.startswith("%"):
        text = f"{words.number(told.margin, 2)} percentage points"
    else:
        text = words.amount(told.margin, unit.removesuffix(" above average"))
    return f"{text} from flipping"


def share(change: Change) -> str:
    """How far a figure moved beside the margin it had: "38 per cent of its margin"; empty where neither compares."""
    if change.share is None:
        return ""
    if change.share >= 2:
        return f"{words.number(change.share)} times its margin"
    if change.share < 0.005:
        return "less than 1 per cent of its margin"
    return f"{100 * change.share:.0f} per cent of its margin"


def source(told: Told, publishers: Mapping[str, str]) -> str:
    """Who published a figure and when: "US Census Bureau, 6 March 2025"; empty where no figure decided."""
    if not told.publisher:
        return ""
    name = publishers.get(told.publisher, told.publisher)
    return f"{name}, {released(told.released)}" if told.released else name


def released(text: str) -> str:
    """A release's date in words; as it stands where an older version wrote something else."""
    try:
        return words.released(text)
    except ValueError:
        return text


def grouped(found: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Some entries by a key of theirs, in the order in which each key comes first."""
    groups: dict[str, list[T]] = {}
    for entry in found:
        groups.setdefault(key(entry), []).append(entry)
    return groups


def _turned(found: Sorted) -> list[str]:
    clauses = [f"{counted(len(found.flipped), 'verdict')} flipped"] if found.flipped else []
    if found.decided:
        noun = f"{spelt(len(found.decided))} more" if clauses else counted(len(found.decided), "verdict")
        clauses.append(f"{noun} got an answer")
    if found.opened:
        noun = spelt(len(found.opened)) if clauses else counted(len(found.opened), "verdict")
        clauses.append(f"{noun} lost {'its' if len(found.opened) == 1 else 'their'} answer")
    return clauses


def _quiet(difference: Difference) -> str:
    """What differs where no verdict, no figure and no statement does."""
    edited = sum(bool(claim.edits) for claim in difference.changed)
    if difference.empty:
        return "nothing differs"
    if edited:
        return f"no verdict flipped; {counted(edited, 'statement was edited', 'statements were edited')}"
    newer = sum(bool(claim.sources) for claim in difference.changed)
    told = _releases(difference)
    if newer and not told:
        told = counted(newer, "statement stands", "statements stand") + " on other releases"
    return "; ".join(filter(None, ["no verdict flipped", told]))


def _releases(difference: Difference) -> str:
    if not difference.releases:
        return ""
    publishers = len({publisher for publisher, _ in difference.releases})
    return f"{counted(len(difference.releases), 'new release')} of {counted(publishers, 'publisher')}"


def _breadth(found: Sorted) -> str:
    """On how many statements of how many documents the verdicts are that read otherwise."""
    if not found.turned:
        return ""
    claims = len({claim.id for claim, _ in found.turned})
    documents = len({claim.document for claim, _ in found.turned})
    return (
        f"The {'verdict' if len(found.turned) == 1 else 'verdicts'} that changed "
        f"{'belongs' if len(found.turned) == 1 else 'belong'} to {counted(claims, 'statement')} "
        f"of {counted(documents, 'document')}."
    )


def _turns(found: Sorted) -> str:
    """The turn that came most often, where one did so more than once."""
    tally = Counter((change.before.word, change.after.word) for _, change in found.turned).most_common(2)
    if not tally or tally[0][1] < 2 or (len(tally) > 1 and tally[0][1] == tally[1][1]):
        return ""
    (before, after), count = tally[0]
    times = "twice" if count == 2 else f"{spelt(count)} times"
    return f"The most frequent turn, {times}: from “{before}” to “{after}”."


def _kept(found: Sorted) -> str:
    if not found.moved:
        return ""
    kept = counted(len(found.moved), "verdict keeps its", "verdicts keep their")
    grounds = _grounds([change for _, change in found.moved])
    return sentence(f"{'another ' if found.turned else ''}{kept} answer by another {grounds}")


def _grounds(changes: Sequence[Change]) -> str:
    """What decides some verdicts: figures, records, or both."""
    figures = {change.after.value is not None or change.before.value is not None for change in changes}
    return "figure or record" if len(figures) > 1 else "figure" if True in figures else "record"


def _latest_first(changes: Sequence[Change]) -> list[Change]:
    order = ("today", "when_written", "as_revised")
    return sorted(changes, key=lambda entry: order.index(entry.time) if entry.time in order else len(order))
