"""The blocks of the chapter on scenarios: where a country stands, the declared paths, sums and targets in money."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from analysis import areas, currencies, figures, measures, outlook_figures, scenarios, words
from analysis.blocks import Html, Markdown
from analysis.errors import ClaimbookError
from analysis.figures import Caption
from analysis.measures import groups
from analysis.outlook_figures import Start
from analysis.outlook_sums import Rise
from analysis.outlook_tables import billion, by_year, cards, cited, plain
from analysis.scenarios import Declared, Economy

if TYPE_CHECKING:
    from altair import LayerChart, VConcatChart

    from analysis.plates import Plates

# Shares of GDP and what they come to in money, the alliance's newest concept first.
SHARES = {
    "nato.core_expenditure_share_gdp": "nato.core_expenditure_ncu_current",
    "nato.defence_expenditure_share_gdp": "nato.defence_expenditure_ncu_current",
}
CONCEPTS = {
    "nato.core_expenditure_share_gdp": "core defence expenditure as NATO counts it since 2026",
    "nato.defence_expenditure_share_gdp": "defence expenditure by NATO's definition",
}
GDP, RATE = "worldbank.NY.GDP.MKTP.CD", "worldbank.PA.NUS.FCRF"
GROWTH, PRICES = "worldbank.NY.GDP.MKTP.KD.ZG", "worldbank.NY.GDP.DEFL.KD.ZG"
# Rates beyond these are taken for a slip of the pen.
LOWEST, HIGHEST = -10.0, 25.0
# The years over which past growth is told beside the assumptions.
PAST = 10


def start(chapter: Plates, growth: float = 1.5, deflator: float = 2.0) -> Outlook:
    """Check the assumptions and open the outlook of a chapter's country.

    `growth` of real GDP and `deflator` (rise of its prices) in per cent a year. ClaimbookError names what is wrong.
    """
    for name, rate in (("growth", growth), ("deflator", deflator)):
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not math.isfinite(rate):
            raise ClaimbookError(f"{name} is {rate!r}; write a number such as 1.5, in per cent a year")
        if not LOWEST <= rate <= HIGHEST:
            raise ClaimbookError(f"{name} is {rate:g} per cent a year; rates from {LOWEST:g} to {HIGHEST:g} are taken")
    return Outlook(chapter, float(growth), float(deflator))


@dataclass(frozen=True)
class Base:
    """A year from which is reckoned: GDP and expenditure in millions of `currency` (ISO 4217), share in per cent."""

    year: int
    gdp: float
    share: float
    spent: float
    currency: str
    flag: str
    series: tuple[str, ...]
    released: tuple[str, ...]

    @property
    def money(self) -> str:
        """The currency as running text calls it."""
        return currencies.named(self.currency)

    @property
    def digits(self) -> int:
        """Decimals with which billions of expenditure are told."""
        return 2 if self.spent < 3e3 else 1 if self.spent < 1e6 else 0

    def economy(self, growth: float, deflator: float) -> Economy:
        """The economy from this year on."""
        return Economy(self.year, self.gdp, growth, deflator)


@dataclass(frozen=True)
class Outlook:
    """What is reckoned for one country under constant growth and a constant rise of prices (per cent a year)."""

    chapter: Plates
    growth: float
    deflator: float

    def _measure(self, name: str, **inputs: str) -> pd.DataFrame:
        edition = self.chapter.store.as_of(self.chapter.as_of)
        return measures.compute(name, edition, country=self.chapter.country, partner="", inputs=inputs)

    @cached_property
    def _share(self) -> str:
        """The series that tells the share: the newest concept for which there are figures; "" where none has any."""
        found = (name for name in SHARES if len(self._measure("expenditure_share", share=name)))
        return next(found, "")

    @cached_property
    def outturn(self) -> pd.DataFrame:
        """Expenditure so far: year, share (per cent of GDP), spent (millions, NaN where not known), gdp, flag."""
        if not self._share:
            return pd.DataFrame(columns=["year", "value", "flag", "released", "gdp", "spent", "unit", "by"])
        money = SHARES[self._share]
        frame = self._measure("expenditure_share", share=self._share)[["year", "value", "flag", "released"]]
        # The Bank's GDP is not rounded; the publisher's own can be told only as expenditure over a rounded share.
        ways = {
            "bank": self._measure("gdp_at_exchange_rate", gdp=GDP, rate=RATE),
            "own": self._measure("gdp_from_expenditure", expenditure=money, share=self._share),
        }
        gdp = pd.concat([way.assign(by=name) for name, way in ways.items()]).drop_duplicates("year")
        gdp = gdp.rename(columns={"value": "gdp", "released": "gdp_released"})[
            ["year", "gdp", "unit", "by", "gdp_released"]
        ]
        spent = self._measure("expenditure_ncu", expenditure=money)[["year", "value"]]
        frame = frame.merge(gdp, on="year", how="left").merge(
            spent.rename(columns={"value": "spent"}), on="year", how="left"
        )
        return frame.assign(spent=frame["spent"].fillna(frame["value"] / 100 * frame["gdp"]))

    def spent(self, base: Base) -> pd.DataFrame:
        """Expenditure so far in the base year's currency and from the chapter's first year on: year, value, spent
        (billions), flag. Years in another currency are left out."""
        frame = self.outturn
        frame = frame[
            (frame["unit"] == f"million {base.currency}")
            & frame["spent"].notna()
            & (frame["year"] >= self.chapter.start_year)
        ]
        return frame.assign(spent=frame["spent"].astype(float) / 1e3)

    def base(self, year: int | None = None) -> Base | None:
        """The year from which is reckoned: the one named, else the newest full one; None where it is not known."""
        frame = self.outturn
        frame = frame[frame["gdp"].notna() & (frame["year"] < self.chapter.as_of.year)] if len(frame) else frame
        frame = frame if year is None else frame[frame["year"] == year]
        if frame.empty:
            return None
        row = frame.iloc[-1]
        own = (GDP, RATE) if row["by"] == "bank" else (SHARES[self._share],)
        return Base(
            year=int(row["year"]), gdp=float(row["gdp"]), share=float(row["value"]), spent=float(row["spent"]),
            currency=row["unit"].removeprefix("million "), flag=row["flag"],
            series=(self._share, *own), released=(row["released"], row["gdp_released"]),
        )  # fmt: skip

    @property
    def assumptions(self) -> str:
        """The rates in words."""
        return f"growth of {plain(self.growth)} and prices up by {plain(self.deflator)} per cent a year"

    def source(self, *bases: Base | None) -> str:
        """The publishers and releases behind some base years."""
        held = [base for base in bases if base is not None]
        names = dict.fromkeys(name for base in held for name in base.series)
        return self.chapter.source(list(names), [day for base in held for day in base.released])

    def nothing(self, what: str) -> Html:
        """A line for a country of which the tables tell nothing."""
        who = areas.called(self.chapter.country)
        text = f"{what}: NATO's tables held here do not tell defence expenditure of {who} for these years."
        return Html(f'<p class="cb-elsewhere">{escape(text)}</p>', text)

    # ---------- where the country stands ----------

    def standing(self) -> Markdown | Html:
        """What was spent in the newest full year, and the assumptions beside what the last ten years were like."""
        base = self.base()
        if base is None:
            return self.nothing("Where it stands")
        flag = f" ({words.FLAGS[base.flag]})" if base.flag else ""
        parts = [
            f"In {base.year} {areas.called(self.chapter.country)} spent {billion(base.spent, base)} billion "
            f"{base.money} on defence{flag}, {words.number(base.share, 2)} per cent of a gross domestic product of "
            f"{words.number(base.gdp / 1e3, 0)} billion: {CONCEPTS[self._share]}.",
            f"From there on the economy is taken to grow by {plain(self.growth)} per cent a year and its prices to "
            f"rise by {plain(self.deflator)} per cent.",
        ]
        past = self._past(base.year)
        if past is not None:
            growth, prices = past
            parts.append(
                f"Over the {PAST} years to {base.year} {areas.possessive(self.chapter.country)} economy grew by "
                f"{words.number(growth, 1)} per cent a year on average, and its prices rose by "
                f"{words.number(prices, 1)} per cent, as the World Bank tells it."
            )
        return Markdown(" ".join(parts))

    def _past(self, year: int) -> tuple[float, float] | None:
        """Average growth and rise of prices over the ten years to `year`, per cent a year; None where one lacks."""
        rates = []
        for name in (GROWTH, PRICES):
            frame = self._measure("share_of_gdp", share=name)
            own = frame[frame["year"].between(year - PAST + 1, year)]["value"]
            if len(own) < PAST:
                return None
            rates.append(100 * (float((1 + own / 100).prod()) ** (1 / PAST) - 1))
        return rates[0], rates[1]

    # ---------- the declared paths ----------

    @cached_property
    def declared(self) -> tuple[tuple[int, Declared, float], ...]:
        """The declared paths that concern the country and begin below their target: number, path, share at the start.

        Of a group's paths, those decided when the country was a member; nothing decided after the chapter's day.
        """
        outturn = dict(zip(self.outturn["year"], self.outturn["value"], strict=True))
        found = []
        for path in scenarios.declared():
            meant = path.country == self.chapter.country
            if path.group is not None:
                meant = self.chapter.country in groups.members(path.group, path.decided_in)
            begins = outturn.get(path.since)
            if meant and begins is not None and begins < path.target.share and path.decided <= str(self.chapter.as_of):
                found.append(path)
        return tuple((number, path, outturn[path.since]) for number, path in enumerate(found, start=1))

    def paths(self, title: str) -> LayerChart | Html:
        """The declared paths against the outturn, numbered as in the table."""
        title = areas.filled(title, country=self.chapter.country)
        outturn = self.outturn
        outturn = outturn[outturn["year"].between(self.chapter.start_year, self.chapter.end_year)]
        if outturn.empty or not self.declared:
            return self.nothing(title)
        rows = [
            {"number": number, "line": f"{number}. {path.label}", "kind": _kind(path), "year": year, "value": share}
            for number, path, begins in self.declared
            for year, share in path.shares(begins).items()
        ]
        said = "; ".join(
            f"{number}, {path.label}: {plain(path.target.share)} per cent by {path.target.year}"
            for number, path, _ in self.declared
        )
        begun, last = outturn.iloc[0], outturn.iloc[-1]
        dashed = " Dashed: estimates." if outturn["flag"].isin(figures.ESTIMATES).any() else ""
        caption = Caption(
            title=title,
            subtitle=f"Per cent of GDP; the numbers are those of the table below.{dashed}",
            source=self.chapter.source([self._share], list(outturn["released"]))
            + " Paths: see the table; between the points that were declared they are drawn straight.",
            alt=f"Line chart: {title}, per cent of GDP. The outturn stood at {words.number(begun['value'], 2)} in "
            f"{int(begun['year'])} and at {words.number(last['value'], 2)} in {int(last['year'])}. Paths to: {said}.",
        )
        return outlook_figures.paths(outturn[["year", "value", "flag"]], pd.DataFrame(rows), caption)

    def paths_table(self) -> Html:
        """The declared paths with their sources, what became of them, and what each target comes to in money."""
        if not self.declared:
            return Html("")
        base = self.base()
        money = f"Billion {base.money}" if base else ""
        head = ["Path", "Target, % of GDP", "Outturn then"] + ([money] if money else [])
        rows = []
        outturn = {row["year"]: row for row in self.outturn.to_dict("records")}
        for number, path, _ in self.declared:
            year, share = path.target.year, path.target.share
            when = words.dated(path.decided)
            about = f"<strong>{escape(path.title)}</strong><br>{escape(path.decided_by)}, {escape(when)}. "
            about += cited(path)
            if path.note:
                about += f'<br><span class="cb-note">{escape(path.note)}</span>'
            row = outturn.get(year)
            became = "not yet due"
            if row is not None:
                became = words.number(row["value"], 2) + (f", {words.FLAGS[row['flag']]}" if row["flag"] else "")
            stops = ",<br>".join(f"{plain(stop.share)} by {stop.year}" for stop in path.points)
            cells = [f"{number}. {about}", stops, escape(became)]
            if base:
                cells.append(self._in_money(base, share, year))
            rows.append(cells)
        note = ""
        if base:
            note = (
                f"Money: the target in the year it is for, at that year's prices and, in brackets, at those of "
                f"{base.year}; from {base.year} on with {self.assumptions}."
            )
        return Html(cards("Declared paths, in the order of the numbers in the chart", head, rows, note))

    def _in_money(self, base: Base, share: float, year: int) -> str:
        if year < base.year:
            return "\u2013"
        economy = base.economy(self.growth, self.deflator)
        current, constant = economy.cost(share, year), share / 100 * economy.gdp_constant(year)
        if year == base.year:
            return billion(current, base)
        return f"{billion(current, base)} ({billion(constant, base)})"

    def rise(self, *, of: str, begins: float, goal: float, first: int, by: int, target: float, base_year: int) -> Rise:
        """A sum that a document asks of the country `of`: from `begins` in the year `first` to `goal` in `by`.

        Billions of its currency, by equal yearly steps; held against `target` per cent of GDP, reckoned from the GDP
        of `base_year`.
        """
        scenarios.step(begins, goal, by - first)
        return Rise(self, of, begins, goal, first, by, target, base_year)

    # ---------- a target ----------

    def asked(self, target: float, by: int) -> Html:
        """The straight path to a target, year by year: share, money, and how much more than the year before."""
        base = self.base()
        if base is None:
            return self.nothing(f"{plain(target)} per cent by {by}")
        points = scenarios.path(base.economy(self.growth, self.deflator), share=base.share, target=target, by=by)
        rows, before = [], None
        for point in points:
            more = "" if before is None else billion(point.current - before.current, base)
            rows.append(
                [str(point.year), words.number(point.share, 2), billion(point.current, base),
                 billion(point.constant, base), more]
            )  # fmt: skip
            before = point
        head = ["Year", "Per cent of GDP", f"Billion {base.money}, prices of the year", f"At prices of {base.year}",
                "More than the year before"]  # fmt: skip
        caption = (
            f"A straight path from {words.number(base.share, 2)} per cent in {base.year} to {plain(target)} in {by}"
        )
        return Html(by_year(caption, head, rows))

    def asked_text(self, target: float, by: int) -> Markdown:
        """What a target asks, in a few sentences."""
        base = self.base()
        if base is None:
            return Markdown("")
        economy = base.economy(self.growth, self.deflator)
        end = scenarios.path(economy, share=base.share, target=target, by=by)[-1]
        still = economy.cost(base.share, by)
        first = (
            f"{plain(target)} per cent of GDP in {by} comes to {billion(end.current, base)} billion {base.money}, or "
            f"{billion(end.constant, base)} billion at prices of {base.year}, against "
            f"{billion(base.spent, base)} billion in {base.year}."
        )
        if base.share < target:
            more = words.number(scenarios.step(base.share, target, by - base.year), 2)
            step = f"The straight path adds {more} percentage points of GDP each year."
        else:
            step = (
                f"In {base.year} {areas.called(self.chapter.country)} stood at {words.number(base.share, 2)} per cent."
            )
        return Markdown(
            f"{first} {step} To stay at the share of {base.year} would take {billion(still, base)} billion in {by}, "
            "because the economy and its prices grow."
        )

    # ---------- the chart that readers move ----------

    def sliders(self, title: str, *, target: float, by: int) -> VConcatChart | Html:
        """A path that the reader moves: target, year, growth and rise of prices, each with a slider."""
        title, base = areas.filled(title, country=self.chapter.country), self.base()
        if base is None:
            return self.nothing(title)
        last = max(self.chapter.end_year, by)
        begin = Start(base.year, base.gdp / 1e3, base.share, base.spent / 1e3, base.money, base.digits)
        points = scenarios.path(base.economy(self.growth, self.deflator), share=base.share, target=target, by=by)
        end = points[-1]
        told = "".join(value for _, value in outlook_figures.sentence(
            begin, by=str(by), target=plain(target), current=billion(end.current, base),
            constant=billion(end.constant, base),
            more=billion((end.current - base.spent) / (by - base.year), base),
        ))  # fmt: skip
        # The base year is shown even where the chapter begins after it.
        outturn = self.outturn[self.outturn["year"].between(min(self.chapter.start_year, base.year), base.year)]
        outturn = outturn[["year", "value"]].rename(columns={"value": "share"})
        outturn = outturn.merge(self.spent(base)[["year", "spent"]], on="year", how="left")
        table = pd.DataFrame(
            [[point.year, point.share, point.current / 1e3, point.constant / 1e3] for point in points],
            columns=[
                "Year",
                "Per cent of GDP",
                f"Billion {base.money}, prices of the year",
                f"At prices of {base.year}",
            ],
        ).round(3)
        knobs = outlook_figures.knobs(
            begin, target=target, by=by, growth=self.growth, deflator=self.deflator, last=last
        )  # fmt: skip
        caption = Caption(
            title=title,
            subtitle=f"So far: {CONCEPTS[self._share]}, at prices of each year",
            source=self.source(base) + " The path is arithmetic, not a forecast.",
            alt=f"Two line charts: {title}. {told}",
        )
        return outlook_figures.moved(begin, outturn, knobs, caption, table, told)


def _kind(path: Declared) -> str:
    names = list(outlook_figures.KINDS)
    return names[2] if path.document else names[0] if path.group else names[1]
