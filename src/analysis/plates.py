"""The charts of an open chapter: which measures are drawn, and what stands around them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis import areas, bar_figures, claims, figures, measures, panels, retrospect, units, words
from analysis.blocks import Html
from analysis.claims import Claim, Figure, Reading
from analysis.errors import ClaimbookError
from analysis.evaluations import evaluate
from analysis.figures import Caption, Claimed
from analysis.measures import frames
from analysis.series import series
from analysis.snapshots.catalogue import day_of, publishers
from analysis.snapshots.store import Store

ALLIES_SHOWN = 40
# Measures that rank the figures of a series as they are, so that a list of them shows the rank.
LISTED = {"rank_among_countries", "rank_as_destination", "rank_as_exporter", "rank_as_investor"}
# Rooms whose measures are about a tie between two countries.
TIED = {"trade", "investment"}
# How many years a release must tell to be drawn as an edition.
FEWEST_YEARS = 3
# How far back a chart goes of a statement about a year that is long past.
YEARS_BEFORE = 19


def shown_with_its_claim(block: Callable[..., Any]) -> Callable[..., Any]:
    """A block about a claim shows nothing where the claim's document is of a later day than the chapter's book."""

    @functools.wraps(block)
    def shown(self: Plates, identifier: str, *args: Any, **kwargs: Any) -> Any:
        return Html("") if self.is_later(identifier) else block(self, identifier, *args, **kwargs)

    return shown


@dataclass(frozen=True)
class Plates:
    """What a chapter is about, and its charts."""

    store: Store
    country: str
    partner: str
    start_year: int
    end_year: int
    as_of: dt.date

    def subject(self, identifier: str) -> Claim:
        """A claim of the ledger as it would read for the chapter's country and partner."""
        claim = claims.claim(identifier)
        if areas.area(claim.about).kind == "group":  # a statement about the world is the same in every edition
            return claim
        change = {"country": self.country}
        if claim.other and self.partner:
            change["partner"] = self.partner
        return claim.model_copy(update=change)

    def is_later(self, identifier: str) -> bool:
        """Whether the book is made as of a day on which the claim's document was not written yet."""
        day = retrospect.day()
        return day is not None and claims.claim(identifier).document.day > day

    def is_audited(self, identifier: str) -> bool:
        """Whether the ledger makes this claim about the chapter's own country and partner."""
        claim, here = claims.claim(identifier), self.subject(identifier)
        return (claim.about, claim.other) == (here.about, here.other)

    def _frame(self, claim: Claim, readings: Sequence[Reading]) -> pd.DataFrame:
        edition, parts = self.store.as_of(self.as_of), []
        for reading in readings:
            frame = measures.compute(
                reading.measure, edition, country=claim.about, partner=claim.other, inputs=reading.inputs
            )
            frame = frame[frame["year"].between(*self._window(claim))]
            parts.append(frame.assign(line=claim.define(reading.label)))
        return pd.concat(parts, ignore_index=True) if parts else frames.empty().assign(line="")

    def _revisions(self, claim: Claim, reading: Reading) -> pd.DataFrame:
        """A forecast as each release projects it, a line a release, the newest first."""
        first, last = self._window(claim)
        told = [
            {**{name: getattr(entry, name) for name in ("year", "value", "unit", "flag", "released")},
             "line": f"Release of {words.released(entry.released)}"}
            for entry in reversed(evaluate(claim, reading, self.store))
            if entry.day <= self.as_of and first <= entry.year <= last
        ]  # fmt: skip
        return pd.DataFrame(told) if told else frames.empty().assign(line="")

    def _window(self, claim: Claim) -> tuple[int, int]:
        """The years shown: the chapter's own, on to a forecast's year, or those around a year long past."""
        if claim.lasts and claim.year is not None and claim.year < self.start_year:
            return claim.year - YEARS_BEFORE, claim.year
        return self.start_year, max(self.end_year, claim.due or 0) if claim.kind == "forecast" else self.end_year

    def source(self, identifiers: Sequence[str], released: Sequence[str]) -> str:
        """The publishers of the series shown, each with all of its releases that the figures come from."""
        held, known = [], publishers()
        for publisher in dict.fromkeys(series(identifier).publisher for identifier in identifiers):
            own = {
                release.released
                for identifier in identifiers
                for release in self.store.carrying(identifier)
                if release.publisher == publisher and release.released in released
            }
            days = [words.released(day) for day in sorted(own, key=day_of)]
            if days:
                told = days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
                held.append(f"{known[publisher].title}, release{'s' if len(days) > 1 else ''} of {told}")
        return "; ".join(held) + "."

    @shown_with_its_claim
    def chart(
        self, identifier: str, *readings: str, title: str = "", unit: str = "", scale: float = 1.0
    ) -> alt.LayerChart | Html:
        """A claim's readings over the years, with what the document says as a band.

        `readings`: ids, all that share the first one's unit by default; `scale` divides the values, `unit`
        names the result; without a `title`, all as the ledger's `figure` has it. A measure that tells ranks is
        drawn as ranks.
        """
        claim = self.subject(identifier)
        if not title:
            own = claim.figure or Figure(title=claim.title)
            title, unit, scale, readings = own.title, own.unit, own.scale, readings or own.readings
        title = areas.filled(title, country=claim.about, partner=self.partner)
        wanted = [claim.reading(name) for name in readings] or [
            reading
            for reading in claim.readings
            if claim.unit_of(reading) == claim.unit_of(claim.readings[0]) and reading.role == claim.readings[0].role
        ]
        if not wanted:
            raise ClaimbookError(f"claim {identifier} has no readings that a chart could show")
        quantity = claim.quantity(wanted[0])
        frame = self._revisions(claim, wanted[0]) if claim.kind == "forecast" else self._frame(claim, wanted)
        if frame.empty:
            return self._nothing(title)
        ranks = quantity.kind == "rank"
        # One year is no line: who stands above and below tells more.
        if ranks and frame["year"].nunique() == 1 and wanted[0].measure in LISTED:
            return self.ladder(identifier, wanted[0].id, title=title, unit=words.unit_name(frame["unit"].iloc[0]))
        if ranks:
            frame = frame.assign(value=frame["rank"].astype(float))
        else:
            # Elsewhere money may be another: its figures have no place on this axis.
            frame = frame[[units.comparable(u, claim.unit_of(wanted[0])) for u in frame["unit"]]]
            if frame.empty:
                return self._nothing(title)
            factors = [units.factor(u, claim.unit_of(wanted[0])) / scale for u in frame["unit"]]
            frame = frame.assign(value=frame["value"] * factors)
        claimed = None
        if self.is_audited(identifier):
            low, high = quantity.ends()
            claimed = Claimed(
                # An outturn is no test of what was said: its level is drawn for comparison.
                f"{'for comparison' if wanted[0].role == 'outturn' else _said(claim)}: "
                f"{words.printed(wanted[0].printed or claim.printed)}",
                None if low is None else low / (1 if ranks else scale),
                None if high is None else high / (1 if ranks else scale),
            )
        about = f"{title}, {self._who(claim)}"
        told = (lambda v: words.ordinal(int(v))) if ranks else (lambda v: f"{words.number(v)} {unit}".strip())
        caption = Caption(
            title=title,
            subtitle=", ".join(part for part in (self._who(claim), "rank" if ranks else unit, _dashes(frame)) if part),
            source=self.source([name for entry in wanted for name in entry.series], list(frame["released"])),
            alt=figures.alt_lines(frame, about, told=told, claimed=claimed, ranks=ranks),
        )
        day = claim.document.day if self.is_audited(identifier) else None
        told_as = "rank" if ranks else unit
        undated = claim.document.dated is None
        return figures.lines(frame, caption, claimed=claimed, day=day, by=undated, ranks=ranks, unit=told_as)

    def compare(
        self,
        lines: Mapping[str, tuple[str, Mapping[str, Any]]],
        *,
        title: str,
        unit: str,
        scale: float = 1.0,
        about: str = "",
    ) -> alt.LayerChart | Html:
        """Measures side by side, without a claim: label -> (measure, its inputs). `scale` divides the values.

        `about` names what they are of, where that is not the chapter's country.
        """
        edition, parts, used = self.store.as_of(self.as_of), [], []
        title = areas.filled(title, country=self.country, partner=self.partner)
        for label, (name, inputs) in lines.items():
            used += measures.check_inputs(name, inputs)
            frame = measures.compute(name, edition, country=self.country, partner=self.partner, inputs=inputs)
            frame = frame[frame["year"].between(self.start_year, self.end_year)]
            parts.append(frame.assign(line=label, value=frame["value"] / scale))
        frame = pd.concat(parts, ignore_index=True)
        if frame.empty:
            return self._nothing(title)
        who = about or areas.called(self.country) + (f" and {areas.called(self.partner)}" if self.partner else "")
        caption = Caption(
            title=title,
            subtitle=f"{who[:1].upper()}{who[1:]}, {unit}",
            source=self.source(used, list(frame["released"])),
            alt=figures.alt_lines(frame, f"{title}, {who}", told=lambda value: f"{words.number(value)} {unit}"),
        )
        return figures.lines(frame, caption, unit=unit)

    @shown_with_its_claim
    def editions(self, identifier: str, *, title: str, unit: str) -> alt.LayerChart | Html:
        """How each release told the first reading's series: a line a release, the newest last."""
        claim = self.subject(identifier)
        reading, title = claim.readings[0], areas.filled(title, country=self.country, partner=self.partner)
        parts, released = [], []
        for release in self.store.carrying(reading.series[0]):
            frame = self.store.figures(release, reading.series[0])
            own = frame[(frame["reporter"] == claim.about) & frame["value"].notna()].rename(columns={"period": "year"})
            own = own[own["year"].between(self.start_year, self.end_year)]
            # A page that tells one year or two is no edition: its points would be joined to a line of their own.
            if release.day <= self.as_of and len(own) >= FEWEST_YEARS:
                line = f"Release of {words.released(release.released)}"
                parts.append(own[["year", "value", "flag"]].assign(line=line))
                released.append(release.released)
        if not parts:
            return self._nothing(title)
        most = len(figures.COLOURS)
        frame, released = pd.concat(parts[-most:], ignore_index=True), released[-most:]
        claimed = None
        if self.is_audited(identifier):
            low, high = claim.quantity(reading).ends()
            claimed = Claimed(f"{_said(claim)}: {words.printed(claim.printed)}", low, high)
        caption = Caption(
            title=title,
            subtitle=", ".join(part for part in (self._who(claim), unit, _dashes(frame)) if part),
            source=self.source(reading.series, released),
            alt=figures.alt_lines(
                frame, f"{title}, {self._who(claim)}", told=lambda v: f"{words.number(v, 2)} {unit}", claimed=claimed
            ),
        )
        day = claim.document.day if self.is_audited(identifier) else None
        return figures.lines(frame, caption, claimed=claimed, day=day, unit=unit)

    @shown_with_its_claim
    def ladder(
        self, identifier: str, reading: str, *, title: str, unit: str, scale: float = 1.0, top: int = 15
    ) -> alt.LayerChart | Html:
        """The largest members in the newest year that can be ranked, the country highlighted."""
        claim, title = self.subject(identifier), areas.filled(title, country=self.country, partner=self.partner)
        chosen = claim.reading(reading)
        told = frames.members(
            self.store.as_of(self.as_of), chosen.series[0], reporter=self.partner or None,
            also=tuple(chosen.inputs.get("also", ())), among=chosen.inputs.get("among", ""),
            until=min(self.end_year, self.as_of.year - 1),
        )  # fmt: skip
        if told.empty:
            return self._nothing(title)
        year = int(told["year"].iloc[0])
        places = told["value"].rank(method="min", ascending=False).astype(int)
        told = told.assign(place=places, label=[areas.name(code) for code in told["member"]])
        shown = told[(told["place"] <= top) | (told["member"] == self.country)].copy()
        here = told[told["member"] == self.country]
        frame = pd.DataFrame(
            {
                "label": [f"{place}. {label}" for place, label in zip(shown["place"], shown["label"], strict=True)],
                "value": shown["value"] / scale,
                "note": "",
            }
        )
        highlight = ""
        said = f"{areas.name(self.country)} is not among them"
        if len(here):
            place = int(here["place"].iloc[0])
            highlight = f"{place}. {areas.name(self.country)}"
            own = words.number(float(here["value"].iloc[0]) / scale)
            said = f"{areas.name(self.country)} is {words.ordinal(place)}, with {own} {unit}"
        first = told.iloc[0]
        caption = Caption(
            title=title,
            subtitle=f"{year}, {unit}",
            source=self.source(chosen.series, list(told["released"])),
            alt=f"Bar chart: {title}, {year}. Of {len(told)} countries listed the first is {first['label']} with "
            f"{words.number(first['value'] / scale)} {unit}; {said}.",
        )
        return bar_figures.bars(frame, caption, highlight=highlight, unit=unit)

    @shown_with_its_claim
    def allies(
        self, identifier: str, reading: str, *, title: str, unit: str, since: int, until: int
    ) -> alt.LayerChart | Html:
        """Every ally's share in two years against the target, the country highlighted."""
        claim, title = self.subject(identifier), areas.filled(title, country=self.country, partner=self.partner)
        chosen = claim.reading(reading)
        target = float(chosen.inputs["target"])
        edition = self.store.as_of(self.as_of)
        frame = edition.figures(chosen.series[0], ranked=True)
        frame = frame[frame["reporter"].isin(areas.rankable()) & frame["value"].notna()]
        wide = frame.pivot_table(index="reporter", columns="period", values="value")
        if since not in wide or until not in wide:
            return self._nothing(title)
        wide = wide[wide[until].notna()].sort_values(until, ascending=False).head(ALLIES_SHOWN)
        table = pd.DataFrame(
            {
                "label": [areas.name(code) for code in wide.index],
                "before": wide[since].to_numpy(),
                "after": wide[until].to_numpy(),
            }
        )
        short = int((table["after"] < target).sum())
        here = table[table["label"] == areas.name(self.country)]
        said = f"{areas.name(self.country)} is not among them."
        if len(here):
            before, after = here["before"].iloc[0], here["after"].iloc[0]
            first = f"{words.number(before, 2)} in {since}" if figures.finite(before) else f"no figure for {since}"
            own = f"{first}, {words.number(after, 2)} in {until}"
            said = f"{areas.name(self.country)}: {own}."
        caption = Caption(
            title=title,
            subtitle=f"{unit}, {since} (ring) and {until} (dot); the line marks {words.number(target, 0)}",
            source=self.source(chosen.series, list(frame.loc[frame["period"].isin([since, until]), "released"])),
            alt=f"Chart of {len(table)} allies, {title}, {since} and {until}, {unit}. In {until} {short} are below "
            f"{words.number(target, 0)}. {said}",
        )
        return bar_figures.dumbbells(
            table,
            caption,
            highlight=areas.name(self.country),
            first=str(since),
            second=str(until),
            target=target,
            unit=unit,
        )

    def _who(self, claim: Claim) -> str:
        tied = {measures.measure(reading.measure).__module__.rpartition(".")[2] for reading in claim.readings} & TIED
        tie = f" and {areas.called(claim.other)}" if claim.other and self.partner and tied else ""
        text = f"{areas.called(claim.about)}{tie}"
        return text[:1].upper() + text[1:]

    def _nothing(self, title: str) -> Html:
        text = f"{title}: no figures are held for {areas.called(self.country)} in these years."
        return Html(f'<p class="cb-elsewhere">{panels.escape(text)}</p>', text)


def _said(claim: Claim) -> str:
    """What a band in a chart is called."""
    if claim.threshold:
        return "threshold"
    if claim.printed in ("positive", "negative"):
        return "the test"
    return "pledged" if claim.kind == "pledge" else "stated"


def _dashes(frame: pd.DataFrame) -> str:
    dashed = set(frame["flag"]) & set(figures.ESTIMATES)
    kinds = [
        name for name, own in (("estimates", dashed - {"projection"}), ("projections", dashed & {"projection"})) if own
    ]
    return f"dashed: {' and '.join(kinds)}" if kinds else ""
