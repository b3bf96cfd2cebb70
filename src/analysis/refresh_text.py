"""What a refresh did, in Markdown: the text of a pull request, of a message, or of a page to read before merging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import moves, revisions
from analysis.diff_json import ChangeJson, DiffJson, RevisionJson, SeriesJson
from analysis.markdown import code, escaped, table
from analysis.refresh_json import OutcomeJson, RefreshJson
from analysis.revisions import Revision

# Hosts take no more than 65,536 characters as the text of a pull request.
LIMIT = 60_000
# How many series of a release, revisions of each and of all of them, and of whom withdrawn figures, are listed.
SERIES, OF_EACH, LARGEST, GONE = 40, 3, 12, 8
OUTCOMES = {"new": "new release", "same": "nothing newer", "quarantined": "**in quarantine**", "failed": "**failed**"}
COUNTS = ("added", "revised", "withdrawn", "rounded", "unchanged")
END = (
    "Nothing is merged by itself. Before merging: read what moved, look at large revisions on the publisher's own "
    "page, and see that the tests pass. `claimbook data diff RELEASE` tells everything about one release."
)


@dataclass(frozen=True)
class _Part:
    """A part of the text, and what to call it where there is no room for it."""

    name: str
    text: str


def title(report: RefreshJson) -> str:
    """The refresh in a line, of counts alone: "Figures refreshed: 2 new releases, verdicts of 1 statement moved"."""
    words = [entry.outcome for entry in report.outcomes]
    told = [_counted(words.count("new"), "new release")] if "new" in words else ["no new release"]
    if "new" in words:
        claims = {claim for entry in report.outcomes for claim, _ in _answers(entry)}
        told.append(f"verdicts of {_counted(len(claims), 'statement')} moved" if claims else "no verdict moved")
    told += [f"{words.count('quarantined')} in quarantine"] if "quarantined" in words else []
    told += [f"{_counted(words.count('failed'), 'publisher')} failed"] if "failed" in words else []
    return f"Figures refreshed: {', '.join(told)}"


def text(report: RefreshJson, limit: int = LIMIT) -> str:
    """The whole refresh as Markdown of at most `limit` characters; its first line is the title.

    Parts for which there is no room are named at the end, the verdicts never among them unless they alone are longer.
    """
    told = f"# {title(report)}\n\n{_publishers(report)}\n"
    left = []
    room = limit - len(END) - 400  # for the names of what is left out
    for part in _parts(report):
        if len(told) + len(part.text) + 1 <= room:
            told += f"\n{part.text}\n"
        else:
            left.append(part.name)
    if left:
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        told += f"\nLeft out, because the text would be too long: {', '.join(left[:5])}{more}.\n"
    return f"{told}\n{END}\n"


def _parts(report: RefreshJson) -> Iterator[_Part]:
    """What there is to tell, the most important first."""
    new = [entry for entry in report.outcomes if entry.outcome == "new"]
    if new:
        yield _Part("the verdicts that moved", _moved(new))
    for entry in report.outcomes:
        if entry.cautions or entry.outcome in ("quarantined", "failed") or entry.advice:
            yield _Part(f"remarks on {code(entry.publisher)}", _remarks(entry))
    for entry in new:
        if entry.diff is not None:
            yield _Part(f"figures of {code(entry.diff.new.name)}", _figures(entry.diff))


def _publishers(report: RefreshJson) -> str:
    rows = [
        (code(entry.publisher), OUTCOMES[entry.outcome], code(entry.release or ""), escaped(entry.text, 300))
        for entry in report.outcomes
    ]
    return table(("publisher", "outcome", "newest release held", "what was found"), rows)


def _answers(entry: OutcomeJson) -> list[tuple[str, ChangeJson]]:
    """Each answer that another one follows, with the claim's id."""
    found = entry.diff.moves if entry.diff else []
    return [(move.claim, change) for move in found for change in move.changes if change.kind != "margin"]


def _moved(new: list[OutcomeJson]) -> str:
    rows = []
    for entry in new:
        for claim, change in _answers(entry):
            rows.append(
                (code(claim), moves.TIMES[change.time], _verdict(change.before, change.figure_before),
                 _verdict(change.after, change.figure_after), escaped(_cause(change)), code(entry.release or ""))
            )  # fmt: skip
    told = ["## Verdicts that moved", ""]
    told += [table(("statement", "verdict", "before", "after", "cause", "release"), rows)] if rows else ["None."]
    # `moved` holds the answers first, each in a line, and then the margins that shrank.
    shrunk = [line for entry in new for line in entry.moved[len(_answers(entry)) :]]
    if shrunk:
        told += ["", "Nearer to flipping than before:", "", *(f"- {escaped(line)}" for line in shrunk)]
    return "\n".join(told)


def _verdict(word: str, figure: str) -> str:
    return f"**{escaped(word)}**" + (f": {escaped(figure)}" if figure else "")


def _cause(change: ChangeJson) -> str:
    return moves.CAUSES[change.cause] if change.cause or not change.reason else change.reason


def _remarks(entry: OutcomeJson) -> str:
    told = [f"## Remarks on {code(entry.publisher)}", ""]
    if entry.outcome == "failed":
        told += [f"The publisher could not be asked, or did not answer as it should: {escaped(entry.text)}", ""]
    if entry.outcome == "quarantined":
        names = " ".join(f"--accept {name}" for name in dict.fromkeys(caution.name for caution in entry.cautions))
        told += [f"What came was not taken: {escaped(entry.text)}", ""]
        if names:
            remedy = f"claimbook data refresh --publisher {entry.publisher} {names}"
            told += [f"Where the publisher is right, take it over what is odd: {code(remedy)}", ""]
    if entry.cautions:
        accepted = "" if entry.outcome == "quarantined" else ", accepted"
        rows = [
            (code(caution.name) + accepted, code(caution.series), escaped(caution.text)) for caution in entry.cautions
        ]
        told += [table(("caution", "series", "what was seen"), rows), ""]
    told += [f"- {escaped(line)}" for line in entry.advice]
    return "\n".join(told).rstrip()


def _figures(diff: DiffJson) -> str:
    """Counts of each series, most changed first, then the largest revisions and what was withdrawn."""
    told = [f"## {code(diff.new.name)} against {code(diff.old.name)}", ""]
    changed = [entry for entry in diff.series if entry.added or entry.revised or entry.withdrawn or entry.note]
    changed.sort(key=lambda entry: (-entry.withdrawn, -entry.revised, -entry.added, entry.series))
    if changed:
        rows = [(code(entry.series), *(f"{getattr(entry, name):,}" for name in COUNTS)) for entry in changed[:SERIES]]
        total = (f"all {len(diff.series)} series", *(f"{_sum(diff, name):,}" for name in COUNTS))
        told += [table(("series", *COUNTS), [*rows, total], range(1, 1 + len(COUNTS)))]
        told += [f"\n{_counted(len(changed) - SERIES, 'more series')}."] if len(changed) > SERIES else []
    else:
        told += [f"Of {len(diff.series)} series nothing was added, revised or withdrawn."]
    told += [f"\n- {code(entry.series)}: {escaped(entry.note)}" for entry in changed[:SERIES] if entry.note]
    largest = [(entry, item) for entry in changed for item in _revisions(entry.largest[:OF_EACH])][:LARGEST]
    if largest:
        told += ["", "Largest revisions:", ""]
        told += [
            f"- {code(entry.series)}: {escaped(revisions.told(item, entry.unit_after))}" for entry, item in largest
        ]
    gone = _gone(changed)
    if gone:
        told += ["", "Withdrawn:", "", *(f"- {line}" for line in gone[:GONE])]
        told += [f"- and figures of {len(gone) - GONE} more"] if len(gone) > GONE else []
    for name, which in ((diff.old.name, diff.only_old), (diff.new.name, diff.only_new)):
        if which:
            more = f" and {len(which) - GONE} more" if len(which) > GONE else ""
            told += ["", f"Only in {code(name)}: {', '.join(map(code, which[:GONE]))}{more}."]
    return "\n".join(told)


def _revisions(found: list[RevisionJson]) -> list[Revision]:
    return [Revision(**item.model_dump()) for item in found]


def _gone(changed: list[SeriesJson]) -> list[str]:
    """Of whom figures were withdrawn, with the years that the report holds, a line for each series."""
    years: dict[tuple[str, str], list[int]] = {}
    for entry in changed:
        for item in _revisions(entry.gone):
            years.setdefault((entry.series, item.who), []).append(item.year)
    return [
        f"{code(series)}: {escaped(who)} {', '.join(map(str, sorted(found)))}" for (series, who), found in years.items()
    ]


def _sum(diff: DiffJson, name: str) -> int:
    return sum(getattr(entry, name) for entry in diff.series)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("s" if count != 1 and not noun.endswith("s") else "")
