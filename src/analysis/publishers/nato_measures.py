"""NATO's own words for what a table holds, and the series they stand for.

A table's title says what it is about; its unit lines and the headings between its blocks say the unit,
the price basis and the part of the title that the next rows hold. Editions since 2026 speak of "core
defence expenditure", which is another concept and has series of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analysis.publishers.cells import text
from analysis.series import series

CATEGORIES = ("equipment", "personnel", "infrastructure", "other")

# What a title may speak of. A title of several topics needs a heading that says which one follows.
_TOPICS = {
    "share": r"(share|percentage) of (real )?(gdp|gross domestic product)",
    "change": r"real change",
    "gdp per capita": r"gdp per capita",
    "expenditure per capita": r"defence expenditures? per capita",
    "military personnel": r"military personnel",
    "gdp": r"^(real )?(gdp|gross domestic product)$",
    "expenditure": r"^(core )?defence expenditures?$",
}

# What a unit line or heading may say, piece by piece; each piece has to match one of these in full.
_PHRASES = {
    r"current prices( and exchange rates)?": {"basis": "current"},
    r"(based on )?(constant )?(?P<base>\d{4}) prices( and exchange rates)?": {"basis": "constant"},
    r"millions? (of )?national currency( units?)?": {"unit": "million national currency"},
    r"millions? (of )?us dollars": {"unit": "million USD"},
    r"billions? (of )?us dollars": {"unit": "billion USD"},
    r"thousands? (of )?us dollars": {"unit": "thousand USD"},
    r"us dollars": {"unit": "USD"},
    r"thousands?": {"unit": "thousand"},
    r"%": {"unit": "%"},
    r"percentage of total (core )?defence expenditures?": {"unit": "%"},
    r"(as a )?(share|percentage) of (real )?(gdp|gross domestic product)": {"topic": "share", "unit": "%"},
    r"annual real change": {"topic": "change", "unit": "%"},
    r"real gdp": {"topic": "gdp"},
    r"(real )?gdp per capita": {"topic": "gdp per capita"},
    r"(core )?defence expenditures? per capita": {"topic": "expenditure per capita"},
    r"(core )?defence expenditures? per capita in (?P<base>\d{4}) us dollars": {
        "topic": "expenditure per capita",
        "basis": "constant",
        "unit": "USD",
    },
    r"military personnel": {"topic": "military personnel"},
    r"(?P<category>equipment|personnel|infrastructure|other)( expenditures?)?": {},
}

# Topic, unit as printed and price basis: the series and what a figure is multiplied by.
_SERIES = {
    ("expenditure", "million national currency", "current"): ("defence_expenditure_ncu_current", 1),
    ("expenditure", "million national currency", "constant"): ("defence_expenditure_ncu_constant", 1),
    ("expenditure", "million USD", "current"): ("defence_expenditure_usd_current", 1),
    ("expenditure", "million USD", "constant"): ("defence_expenditure_usd_constant", 1),
    ("share", "%", None): ("defence_expenditure_share_gdp", 1),
    ("change", "%", None): ("defence_expenditure_real_change", 1),
    ("expenditure per capita", "USD", "constant"): ("defence_expenditure_per_capita_usd_constant", 1),
    ("gdp", "million USD", "current"): ("gdp_usd_current", 1),
    ("gdp", "million USD", "constant"): ("gdp_usd_constant", 1),
    ("gdp", "billion USD", "constant"): ("gdp_usd_constant", 1000),
    ("gdp per capita", "thousand USD", "constant"): ("gdp_per_capita_usd_constant", 1),
    ("military personnel", "thousand", None): ("military_personnel", 1),
    **{(category, "%", None): (f"{category}_share", 1) for category in CATEGORIES},
}
# A heading may stand under a title that names only the other.
_ALSO_UNDER = {"gdp per capita": "gdp"}
_WITHOUT_BASIS = {"share", "change", "military personnel", *CATEGORIES}
_NEVER_CORE = {"gdp", "gdp per capita", "military personnel"}


def core(name: str) -> str:
    """The name of the series on the core basis that answers to a series on the older basis."""
    return "core_" + name.removeprefix("defence_")


def unit(name: str, base_year: int | None = None) -> str:
    """The unit of NATO's series `name` as data/series/nato.yaml spells it, with its base year if it has one."""
    return series(f"nato.{name}").unit.format(base_year=base_year)


@dataclass(frozen=True)
class Measure:
    """A series without its publisher's prefix, its unit, and the factor from printed figures to that unit."""

    name: str
    unit: str
    factor: int = 1


@dataclass(frozen=True)
class Words:
    """What a table's title, unit lines and headings have said so far."""

    title: str
    topics: frozenset[str]
    core: bool
    topic: str | None = None
    unit: str | None = None
    basis: str | None = None
    base_year: int | None = None

    def heard(self, line: str) -> Words | None:
        """The words after a unit line or heading; None where any piece of it is not understood."""
        said: dict = {}
        for piece in _pieces(line):
            for pattern, meaning in _PHRASES.items():
                if match := re.fullmatch(pattern, piece):
                    found = match.groupdict()
                    said |= meaning
                    said |= {"topic": found["category"]} if found.get("category") else {}
                    said |= {"base_year": int(found["base"])} if found.get("base") else {}
                    said |= {"core": True} if "core" in piece else {}
                    break
            else:
                return None
        return replace(self, **said) if said else None

    def measure(self) -> Measure:
        """What the rows hold that follow. ValueError says which word is missing or does not fit."""
        topic = self.topic or (next(iter(self.topics)) if len(self.topics) == 1 else None)
        if topic is None or not self.topics & {topic, _ALSO_UNDER.get(topic)}:
            raise ValueError(f"it is not said which of {', '.join(sorted(self.topics))} the rows hold")
        basis = None if topic in _WITHOUT_BASIS else self.basis
        try:
            name, factor = _SERIES[topic, self.unit, basis]
        except KeyError:
            raise ValueError(
                f"{topic} in unit {self.unit!r} on price basis {self.basis!r} is not a known table"
            ) from None
        if self.core and topic not in _NEVER_CORE:
            name = core(name)
        return Measure(name, unit(name, self.base_year if basis == "constant" else None), factor)


def opened(title: str) -> Words | None:
    """The words of a table's title; None where the title names no known topic."""
    plain = _plain(title)
    head = re.sub(r"\(.*?\)", "", plain).strip()
    if "distribution of" in head:
        topics = frozenset(CATEGORIES)
    else:
        topics = frozenset(topic for topic, pattern in _TOPICS.items() if re.search(pattern, head))
    if not topics:
        return None
    return Words(title, topics, "core" in head.split(), unit="%" if "(%)" in plain else None)


def repeats_others(title: str) -> bool:
    """Whether a title is that of the table of change over a span of years, which repeats other tables."""
    return re.search(r"real change,? (from )?\d{4} ?e? ?(-|–|to) ?\d{4}", _plain(title)) is not None


def _plain(line: str) -> str:
    line = text(line).casefold().replace("defense", "defence").replace("per cent", "%")
    return re.sub(r"(\((?:[a-z])\)|\*)+\s*$", "", line).strip()


def _pieces(line: str) -> list[str]:
    return [piece for part in re.split(r"[();,:]", _plain(line)) if (piece := part.strip(" -–"))]
