"""How far published figures stay: the same years by successive releases, and what releases did to verdicts.

The blocks of the chapter on revisions.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from analysis import areas, claims, figures, moves, revisions, units, vintage_figures, words
from analysis.blocks import Html, Markdown
from analysis.figures import Caption
from analysis.moves import Change, Move, Step
from analysis.series import Series
from analysis.series import series as registered
from analysis.snapshots.catalogue import publishers
from analysis.snapshots.store import Store
from analysis.templates import html
from analysis.words import listing

if TYPE_CHECKING:
    from altair import LayerChart

    from analysis.chapters import Chapter

COLUMNS = ["year", "released", "day", "value", "unit", "flag"]
SCALES = ((1e9, "billion "), (1e6, "million "))
# Of how many figures in ten it is told within what they stayed.
MOST_OF_TEN = 9
# What rounds to nothing, in points or per cent, is no move that a sentence tells.
LEAST = 0.005


def vintages(
    store: Store, series: str, reporter: str, years: Iterable[int], until: dt.date | None = None
) -> pd.DataFrame:
    """How each release told some years of a series of one reporter: year, released, day, value, unit, flag.

    A row for each year and release that tells it, oldest release first; figures about a partner and suppressed ones
    are left out, and so are releases in another unit than the newest one's (constant prices of another base year).
    `until` hides later releases.
    """
    return _of(_vintages(store, series, years, until), reporter)


def _of(frame: pd.DataFrame, reporter: str) -> pd.DataFrame:
    return frame.loc[frame["reporter"] == reporter, COLUMNS].reset_index(drop=True)


def _vintages(store: Store, series: str, years: Iterable[int], until: dt.date | None) -> pd.DataFrame:
    """The same of every reporter, with the column `reporter`."""
    wanted, unit, parts = list(years), None, []
    for entry in reversed(store.carrying(series)):
        if until is not None and entry.day > until:
            continue
        frame = store.figures(entry, series)
        frame = frame[(frame["partner"] == "") & frame["value"].notna() & frame["period"].isin(wanted)]
        if frame.empty:
            continue
        own = str(frame["unit"].iloc[0])
        unit = unit or own
        if own == unit:
            told = frame.assign(year=frame["period"].astype(int))
            parts.append(told.assign(released=entry.released, day=entry.day)[["reporter", *COLUMNS]])
    if not parts:
        return pd.DataFrame(columns=["reporter", *COLUMNS])
    return pd.concat(reversed(parts), ignore_index=True)


def stayed(frame: pd.DataFrame) -> pd.DataFrame:
    """For each year told by two releases or more, how far it moved from the first of them to the newest.

    `frame`: see `vintages`; with a column `reporter`, for each reporter and year. Returns year (and reporter), first,
    last, moved: in percentage points where the unit is one of shares, else in per cent of the first figure; a first
    figure of zero is left out. Rows lie in the order of `frame`.
    """
    by = [name for name in ("reporter", "year") if name in frame]
    told = frame.groupby(by, sort=False)["value"].agg(["first", "last", "size"]).reset_index()
    told = told[told["size"] > 1].drop(columns="size")
    moved = told["last"] - told["first"]
    if len(frame) and not revisions.in_points(str(frame["unit"].iloc[0])):
        moved = 100 * moved / told["first"].abs().where(told["first"] != 0)
    return told.assign(moved=moved.astype(float)).dropna(subset="moved").reset_index(drop=True)


def start(chapter: Chapter, series: str) -> Vintages:
    """Open the vintages of a series for a chapter's country. ClaimbookError names a series that there is not."""
    return Vintages(chapter, registered(series))


@dataclass(frozen=True)
class Vintages:
    """A series as told by each release that came by the chapter's day."""

    chapter: Chapter
    series: Series

    @cached_property
    def _everybody(self) -> pd.DataFrame:
        return _vintages(self.chapter.store, self.series.id, self._years, self.chapter.as_of)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The years of the chapter, of its country (see `vintages`)."""
        return _of(self._everybody, self.chapter.country)

    @property
    def _years(self) -> range:
        return range(self.chapter.start_year, self.chapter.end_year + 1)

    @property
    def _publisher(self) -> str:
        return publishers()[self.series.publisher].title

    def _nothing(self, what: str) -> Html:
        text = f"{what}: no release held here tells them of {areas.called(self.chapter.country)} for these years."
        return Html(f'<p class="cb-elsewhere">{Markup.escape(text)}</p>', text)

    def chart(self) -> LayerChart | Html:
        """How each year was told by successive releases; a line of text where fewer than two tell any."""
        title = f"{areas.possessive(self.chapter.country)} figures, as releases told them: {self.series.title}"
        title, frame = title[:1].upper() + title[1:], self.frame
        if frame.empty:
            return self._nothing(title)
        if frame["released"].nunique() < 2:
            only = words.released(frame["released"].iloc[0])
            text = f"{title}: a single release tells them, that of {only}."
            return Html(f'<p class="cb-elsewhere">{Markup.escape(text)}</p>', text)
        frame, unit = _scaled(frame)
        rings = frame["flag"].isin(figures.ESTIMATES).any()
        caption = Caption(
            title=title,
            subtitle=f"{unit[:1].upper()}{unit[1:]}; a line for each year, by the day of the release"
            + ("; rings are estimates" if rings else ""),
            source=self.chapter.source([self.series.id], list(frame["released"])),
            alt=_alt(frame, title, lambda value: f"{words.number(value, _digits(frame))} {unit}"),
        )
        return vintage_figures.retold(frame, caption)

    def text(self) -> Markdown:
        """How far the figures moved from the first release that told them to the newest."""
        moved = stayed(self.frame)
        if moved.empty:
            return Markdown("")
        who, points = areas.called(self.chapter.country), revisions.in_points(self.series.unit)
        size = moved["moved"].abs()
        middle = f"moved by {_far(size.median(), points)}" if size.median() >= LEAST else "did not move"
        years = "1 year is" if len(moved) == 1 else f"{len(moved)} years are"
        sentences = [
            f"Of {who}, {years} told by more than one release. From the first of them to the newest the figure "
            f"{middle} in the middle case."
        ]
        if size.max() >= LEAST:
            year = int(moved.loc[size.idxmax(), "year"])
            own = self.frame[self.frame["year"] == year]
            first, last = own.iloc[0], own.iloc[-1]
            sentences.append(
                f"It moved furthest for {year}: {_told(first)} in the release of "
                f"{words.released(first['released'])}, {_told(last)} in that of {words.released(last['released'])}."
            )
        others = self._others()
        if len(others):
            sentences.append(
                f"Over all countries that the releases list, in {len(others):,} cases, nine of ten moved by no more "
                f"than {_far(others.quantile(MOST_OF_TEN / 10), points)}."
            )
        return Markdown(" ".join(sentences))

    def _others(self) -> pd.Series:
        """How far each year of every country moved, from its first release to its newest, without its sign."""
        frame = self._everybody
        return stayed(frame[frame["reporter"].isin(areas.rankable())])["moved"].abs()

    def releases(self) -> Html:
        """What each release of the publisher changed against the earlier one that shares most series with it."""
        rows = []
        for new in self.chapter.store.releases:
            if new.publisher != self.series.publisher or new.day > self.chapter.as_of:
                continue
            old = revisions.earlier(self.chapter.store, new)
            if old is None:
                continue
            found = revisions.diff(self.chapter.store, old, new, most=1)
            both = sum(entry.in_both for entry in found.series)
            largest = next((entry for entry in found.series if entry.series == self.series.id and entry.largest), None)
            told = revisions.told(largest.largest[0], largest.unit_after) if largest else "\u2013"
            shares = f"{found.count('revised'):,} of {both:,}" if both else "none told again"
            counts = (f"{found.count('added'):,}", shares, f"{found.count('withdrawn'):,}")
            rows.append((words.released(new.released), words.released(old.released), *counts, told))
        if not rows:
            return self._nothing(f"Releases of {self._publisher}")
        head = [
            "Release of",
            "Against that of",
            "Added",
            "Revised",
            "Withdrawn",
            f"Largest revision: {self.series.title}",
        ]
        return Html(html("table.html.j2", caption=f"Releases of {self._publisher}", head=head, rows=rows))


def history(chapter: Chapter) -> History:
    """What each release did to the verdicts on the ledger's statements about a chapter's country."""
    about = [claim for claim in claims.ledger() if chapter.is_audited(claim.id)]
    known = {claim.id: chapter.audited(claim.id).evaluations for claim in about}
    return History(chapter, tuple(moves.history(about, chapter.store, known, until=chapter.as_of)))


@dataclass(frozen=True)
class History:
    """Every release that came by the chapter's day, with the verdicts it moved."""

    chapter: Chapter
    steps: tuple[Step, ...]

    def _changes(self, wanted: Callable[[Change], bool]) -> list[tuple[Step, Move, tuple[Change, ...]]]:
        found = [
            (step, move, tuple(change for change in move.changes if wanted(change)))
            for step in self.steps
            for move in step.moves
        ]
        return [entry for entry in found if entry[2]]

    def text(self) -> Markdown:
        """How many verdicts were moved, and whether one that rests on a release of the time was among them."""
        who = areas.called(self.chapter.country)
        turned = self._changes(lambda change: change.kind in ("flipped", "opened"))
        first = self._changes(lambda change: change.kind == "decided")
        if not first and not turned:
            return Markdown(f"No release held here moved a verdict on {who}, or on groups of countries.")
        given, changed = (sum((changes for _, _, changes in found), ()) for found in (first, turned))
        moved = {step.release.name for step, _, _ in [*first, *turned]}
        sentences = [
            "Each statement has three answers: for the time when it was written, for that year as revised since, and "
            f"for today. Of {len(self.steps)} releases held, {len(moved)} moved an answer about {who} or about groups "
            f"of countries. Answers given where there had been none: {len(given)}. Answers that had been given and "
            f"changed: {len(changed)}.",
            _because(changed),
            _steady(changed),
            "No release takes the place of another: each stays, and what was known when a statement was written is "
            "still read from the releases of that time.",
        ]
        return Markdown(" ".join(sentence for sentence in sentences if sentence))

    def turned(self) -> Html:
        """The answers that a release changed, and the margins that it more than halved."""
        found = self._changes(lambda change: change.kind in ("flipped", "opened") or change.shrank)
        rows = [
            (_release(step), _link(move), Markup("<br>").join(_sentence(moves.told(change)) for change in changes))
            for step, move, changes in found
        ]
        return _table("Answers that a release changed, and margins that it more than halved", ("What moved",), rows)

    def first(self) -> Html:
        """The statements that a release gave an answer where there had been none."""
        rows = []
        for step in self.steps:
            own = [move for move in step.moves if move.of("decided")]
            if own:
                rows.append((_release(step), str(len(own)), Markup("; ").join(_link(move) for move in own)))
        return _table("Answers that a release gave for the first time", ("Statements",), rows, counted=True)


def _table(caption: str, last: Sequence[str], rows: list[tuple], *, counted: bool = False) -> Html:
    if not rows:
        return Html("")
    head = ["Release", "How many" if counted else "Statement", *last]
    return Html(html("table.html.j2", caption=caption, head=head, rows=rows))


def _count(number: int) -> str:
    return str(number) if number else "none"


def _because(changed: Sequence[Change]) -> str:
    """What changed answers that had been given: another year, a revision of the same one, another reading."""
    told = Counter(change.cause for change in changed)
    parts = [
        f"{_count(told[cause])} {text}"
        for cause, text in (
            ("year", "did so because the release told another year"),
            ("revision", "because it revised the same year"),
            ("reading", "because another reading could be told by then"),
        )
        if told[cause] or cause == "revision"
    ]
    return f"Of those that changed, {listing(parts)}." if changed else ""


def _steady(changed: Sequence[Change]) -> str:
    """Whether an answer that rests on a release of the time of its statement was changed by a later one."""
    held = [change for change in changed if change.time == "when_written" and change.basis_before == "held"]
    if held:
        return f"{len(held)} rested on a release of the time when the statement was written."
    return "No answer that rests on a release of the time when its statement was written was changed by a later one."


def _release(step: Step) -> str:
    return f"{publishers()[step.release.publisher].title}, {words.released(step.release.released)}"


def _link(move: Move) -> Markup:
    return Markup('<a href="../claims/{}.html">{}</a>').format(move.claim.id, move.claim.title)


def _sentence(text: str) -> Markup:
    return Markup.escape(f"{text[:1].upper()}{text[1:]}.")


def _scaled(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The figures in a scale that reads well, and the unit as running text tells it."""
    factor, base = units.split(str(frame["unit"].iloc[0]))
    name = words.unit_name(base).replace("% ", "per cent ", 1)
    most = float(frame["value"].abs().max()) * factor
    scale, word = next(((scale, word) for scale, word in SCALES if most >= scale), (1.0, ""))
    return frame.assign(value=frame["value"] * factor / scale), f"{word}{name}"


def _digits(frame: pd.DataFrame) -> int:
    size = float(frame["value"].abs().max())
    return 2 if size < 10 else 1 if size < 1000 else 0


def _alt(frame: pd.DataFrame, title: str, told: Callable[[float], str]) -> str:
    """A text alternative: each year by its first and its newest release."""
    parts = [f"Line chart: {title}, by {frame['released'].nunique()} releases."]
    for year, part in frame.groupby("year"):
        first, last = part.iloc[0], part.iloc[-1]
        text = f"{year}: {told(first['value'])} by the release of {words.released(first['released'])}"
        if len(part) > 1:
            text += f", {told(last['value'])} by that of {words.released(last['released'])}"
        parts.append(f"{text}.")
    return " ".join(parts)


def _told(row: pd.Series) -> str:
    flag = f" ({words.FLAGS[row['flag']]})" if row["flag"] else ""
    return f"{words.amount(row['value'], row['unit'])}{flag}"


def _far(value: float, points: bool) -> str:
    return f"{words.number(float(value), 2)} {'percentage points' if points else 'per cent'}"
