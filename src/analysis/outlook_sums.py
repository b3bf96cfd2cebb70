"""A sum that a document asks for, beside a share of GDP: the block of the chapter on scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from analysis import areas, figures, scenarios, words
from analysis.blocks import Html, Markdown
from analysis.figures import Caption
from analysis.outlook_tables import by_year, plain

if TYPE_CHECKING:
    from altair import LayerChart

    from analysis.outlook import Base, Outlook


@dataclass(frozen=True)
class Rise:
    """A sum that rises by equal yearly steps, beside a share of GDP (see `Outlook.rise`)."""

    outlook: Outlook
    of: str
    begins: float
    goal: float
    first: int
    by: int
    target: float
    base_year: int

    @property
    def _base(self) -> Base | None:
        return self.outlook.base(self.base_year) if self.outlook.chapter.country == self.of else None

    @property
    def _name(self) -> str:
        return f"{plain(self.begins)} to {plain(self.goal)} billion"

    def chart(self, title: str) -> LayerChart | Html:
        """The sum, the share in money of each year and of the base year, and the outturn."""
        base, outlook = self._base, self.outlook
        if outlook.chapter.country != self.of:
            whose = areas.called(self.of)
            text = f"The sums of this section are ones that a document asks of {whose}; they are not drawn for others."
            return Html(f'<p class="cb-elsewhere">{escape(text)}</p>', text)
        if base is None:
            return outlook.nothing(title)
        economy = base.economy(outlook.growth, outlook.deflator)
        years, share = range(self.first, self.by + 1), f"{plain(self.target)} per cent of GDP"
        lines = {
            f"The sum: {self._name}": scenarios.stepped(self.begins, self.goal, self.first, self.by),
            f"{share}, prices of each year": {year: economy.cost(self.target, year) / 1e3 for year in years},
            f"{share}, prices of {base.year}": {
                year: self.target / 100 * economy.gdp_constant(year) / 1e3 for year in years
            },
        }
        rows = [
            {"line": name, "year": year, "value": value, "flag": ""}
            for name, told in lines.items()
            for year, value in told.items()
        ]
        outturn = outlook.spent(base)
        rows += [
            {"line": "Outturn", "year": row["year"], "value": row["spent"], "flag": row["flag"]}
            for row in outturn.to_dict("records")
        ]
        frame, money = pd.DataFrame(rows), f"billion {base.money}"
        dashed = "; dashed: estimates" if outturn["flag"].isin(figures.ESTIMATES).any() else ""
        caption = Caption(
            title=title,
            subtitle=f"{money.capitalize()}; from {base.year} on: {outlook.assumptions}{dashed}",
            source=outlook.source(base, outlook.base()),
            alt=figures.alt_lines(frame, f"{title}, {money}", told=lambda value: f"{words.number(value, 1)} billion"),
        )
        return figures.lines(frame, caption, unit=money)

    def text(self) -> Markdown:
        """What the sum is as a share of GDP, and what the share is as a sum."""
        base = self._base
        if base is None:
            return Markdown("")
        economy, by, goal = base.economy(self.outlook.growth, self.outlook.deflator), self.by, 1e3 * self.goal
        step = scenarios.step(self.begins, self.goal, by - self.first)
        nominal, constant = economy.share(goal, by), economy.share(goal, by, constant=True)
        cost, real = economy.cost(self.target, by) / 1e3, self.target / 100 * economy.gdp_constant(by) / 1e3
        return Markdown(
            f"From {self._name} in {by - self.first} years is {words.number(step, 1)} billion more each year. "
            f"{plain(self.goal)} billion is {words.number(100 * goal / base.gdp, 2)} per cent of the GDP of "
            f"{base.year} itself. Of the GDP of {by} it is {words.number(nominal, 2)} per cent if it is meant in money "
            f"of {by}, and {words.number(constant, 2)} per cent if in money of {base.year}. {plain(self.target)} per "
            f"cent of GDP in {by} comes to {words.number(cost, 1)} billion at prices of {by}, or "
            f"{words.number(real, 1)} billion at those of {base.year}."
        )

    def table(self) -> Html:
        """The same year by year."""
        base = self._base
        if base is None:
            return Html("")
        economy = base.economy(self.outlook.growth, self.outlook.deflator)
        rows = [
            [
                str(year),
                words.number(amount, 1),
                words.number(economy.share(1e3 * amount, year), 2),
                words.number(economy.share(1e3 * amount, year, constant=True), 2),
                words.number(economy.cost(self.target, year) / 1e3, 1),
                words.number(self.target / 100 * economy.gdp_constant(year) / 1e3, 1),
            ]
            for year, amount in scenarios.stepped(self.begins, self.goal, self.first, self.by).items()
        ]
        share = f"{plain(self.target)} per cent of GDP"
        head = [
            "Year", "The sum, billion", "Per cent of GDP, if in money of the year",
            f"Per cent of GDP, if in money of {base.year}", f"{share}, billion", f"The same at prices of {base.year}",
        ]  # fmt: skip
        return Html(by_year(f"From {self._name} {base.money}, and {share}", head, rows))
