"""Any series of a country: the figure itself, its place among countries, how it moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import areas
from analysis.errors import ClaimbookError
from analysis.measures import groups
from analysis.measures.frames import (
    CUT_OFF,
    SeriesId,
    empty,
    gravest,
    joined,
    level,
    newest,
    pairwise,
    rank_frame,
    ranking,
    shaped,
)
from analysis.series import series as registered

if TYPE_CHECKING:
    from analysis.snapshots.catalogue import Release
    from analysis.snapshots.store import Edition

Rule = Callable[[pd.Series, pd.Series], pd.Series]
PER_MILLION = 1e6


def published_figure(edition: Edition, *, country: str, partner: str, series: SeriesId) -> pd.DataFrame:
    """A figure of one country or group of countries as the publisher gives it (series' unit)."""
    return level(edition, series, reporter=country)


def rank_among_countries(
    edition: Edition, *, country: str, partner: str, series: SeriesId, among: str = "", to: str = ""
) -> pd.DataFrame:
    """The country's rank among all countries of a series, or among the members of a group (value: its figure).

    `to`: the partner that the figures are about, where a series has one.
    """
    return ranking(edition, series, member=country, partner=to and _known(to), among=among)


def rank_among_larger_countries(
    edition: Edition, *, country: str, partner: str, series: SeriesId, population: SeriesId, least: float
) -> pd.DataFrame:
    """The country's rank among the countries that have at least `least` inhabitants in the year.

    A country whose population is not told is not ranked.
    """
    frame = _of_countries(edition, series, ranked=True)
    people = _of_countries(edition, population)
    large = people[people["value"] >= least][["reporter", "period"]]
    frame = frame.merge(large, on=["reporter", "period"]).rename(columns={"reporter": "member", "period": "year"})
    small = people[people["value"] < least].groupby("period")["reporter"].agg(frozenset).to_dict()
    return rank_frame(frame, None, member=country, counted=lambda year: areas.rankable() - small.get(year, frozenset()))


def _of_countries(edition: Edition, series: SeriesId, *, ranked: bool = False) -> pd.DataFrame:
    """A series' figures that are about no partner."""
    frame = edition.figures(series, ranked=ranked)
    return frame[frame["partner"] == ""]


def _per_inhabitant(edition: Edition, count: SeriesId, population: SeriesId, factor: float, unit: str) -> pd.DataFrame:
    """A count over the population of every country: member, year, value, unit, flag, released."""
    keys = ["reporter", "period"]
    people = _of_countries(edition, population)[[*keys, "value", "flag", "released"]]
    frame = _of_countries(edition, count, ranked=True).merge(people, on=keys, suffixes=("", "_people"))
    frame["value"] = factor * frame["value"] / frame.pop("value_people")
    frame["flag"] = pairwise(gravest, frame["flag"], frame.pop("flag_people"))
    frame["released"] = pairwise(newest, frame["released"], frame.pop("released_people"))
    return frame.assign(unit=unit).rename(columns={"reporter": "member", "period": "year"})


def rank_per_inhabitant(
    edition: Edition, *, country: str, partner: str, count: SeriesId, population: SeriesId, among: str = ""
) -> pd.DataFrame:
    """The country's rank by a count per million inhabitants (value: that ratio), among all or a group's members.

    A country whose population is not told is not ranked. Where the list of counts is cut off at a value, whoever it
    leaves out may have had so many, which bounds the rank.
    """
    frame = _per_inhabitant(edition, count, population, PER_MILLION, "per million inhabitants")
    ranked = rank_frame(frame, None, member=country, counted=groups.counted(among))
    people = edition.figures(population)
    releases = edition.years(count, ranked=True)
    rows = ranked.to_dict("records")
    for row in rows:
        limit = releases[row["year"]].scope_of(count).limit(row["year"])
        if limit is None or limit.missing_below is None:
            continue
        listed = set(frame.loc[frame["year"] == row["year"], "member"])
        inside = groups.members(among, row["year"]) if among else areas.rankable()
        others = people[(people["period"] == row["year"]) & people["reporter"].isin(inside - listed)]
        row["rank_worst"] += int((PER_MILLION * limit.missing_below / others["value"] > row["value"]).sum())
        cut = f"{CUT_OFF} {limit.missing_below:,.0f}, whatever the population"
        row["note"] = "; ".join(part for part in (cut, row["note"]) if part)
    return shaped(pd.DataFrame(rows)) if rows else ranked


def share_of_population(
    edition: Edition, *, country: str, partner: str, count: SeriesId, population: SeriesId
) -> pd.DataFrame:
    """A count of people as a share of the population of the same country or group ("% of population").

    Where one publisher tells both, both are taken from one release: revisions of the two go together.
    """
    shares: dict[int, dict] = {}
    if registered(count).publisher == registered(population).publisher:
        releases = [release for release in edition.store.carrying(count) if release.scope_of(population)]
        both = [(_frame_of(edition, release, count, country), _frame_of(edition, release, population, country))
                for release in releases if release.day <= edition.day]  # fmt: skip
    else:
        both = [(level(edition, count, reporter=country), level(edition, population, reporter=country))]
    for part, whole in both:
        share = joined(part, whole, lambda some, everybody: 100 * some / everybody, unit="% of population")
        shares.update({row["year"]: row for row in share.to_dict("records")})
    return shaped(pd.DataFrame(list(shares.values()))) if shares else empty()


def compared_with(edition: Edition, *, country: str, partner: str, series: SeriesId, area: str) -> pd.DataFrame:
    """How far the country's share stands above that of an area, in percentage points (negative: below)."""
    own, other = level(edition, series, reporter=country), level(edition, series, reporter=_known(area))
    return joined(own, other, lambda a, b: a - b, unit="percentage points")


def share_of_population_compared(
    edition: Edition, *, country: str, partner: str, count: SeriesId, population: SeriesId, area: str
) -> pd.DataFrame:
    """How far a share of the country's population stands above that of an area's, in percentage points."""
    given = {"partner": partner, "count": count, "population": population}
    own = share_of_population(edition, country=country, **given)
    other = share_of_population(edition, country=_known(area), **given)
    return joined(own, other, lambda a, b: a - b, unit="percentage points")


def share_of_area(edition: Edition, *, country: str, partner: str, series: SeriesId, area: str) -> pd.DataFrame:
    """The figure of a country or group as a share of a larger area's, say in "% of the world's total".

    For quantities that add up.
    """
    own, whole = level(edition, series, reporter=country), level(edition, series, reporter=_known(area))
    return joined(own, whole, lambda part, total: 100 * part / total, unit=f"% of {areas.possessive(area)} total")


def change_over(edition: Edition, *, country: str, partner: str, series: SeriesId, years: int) -> pd.DataFrame:
    """By how much a figure changed over so many years, in "% over the period", both ends from one release.

    Of a figure that was nought or negative no such change can be told.
    """
    return _over(edition, series, country, years, _per_cent, "% over the period")


def change_since(edition: Edition, *, country: str, partner: str, series: SeriesId, since: int) -> pd.DataFrame:
    """By how much a figure changed since a year, as the change over so many years is told."""
    parts = []
    for frame, told in _by_release(edition, series, country):
        base = frame.loc[frame["year"] == since, "value"]
        later = frame[frame["year"].isin(told) & (frame["year"] > since)]
        if len(base) and base.iloc[0] > 0:
            changed = _per_cent(later["value"], float(base.iloc[0]))
            parts.append(later.assign(value=changed, unit="% over the period"))
    return _joined_up(parts)


def _per_cent(last: Any, first: Any) -> Any:
    """A change in per cent; not a number where there is nothing that it could be a share of."""
    return 100 * (last / np.where(np.asarray(first) > 0, first, math.nan) - 1)


def difference_over(edition: Edition, *, country: str, partner: str, series: SeriesId, years: int) -> pd.DataFrame:
    """By how much a share or a rate moved over so many years, in the points of its unit, both ends from one release."""
    frame = _over(edition, series, country, years, lambda last, first: last - first, None)
    share = frame["unit"].str.startswith("%")
    return frame.assign(unit=np.where(share, "percentage points", frame["unit"].astype(object)))


def share_of_area_difference(
    edition: Edition, *, country: str, partner: str, series: SeriesId, area: str, years: int
) -> pd.DataFrame:
    """By how much the share in a larger area moved over so many years, in percentage points."""
    share = share_of_area(edition, country=country, partner=partner, series=series, area=area)
    return _moved(share, years, lambda last, first: last - first, "percentage points")


def years_without_rise(edition: Edition, *, country: str, partner: str, series: SeriesId, over: int) -> pd.DataFrame:
    """In how many of the last so many years a figure did not rise on the year before, told by one release."""
    return _against(edition, series, country, over, rising=True)


def years_without_fall(edition: Edition, *, country: str, partner: str, series: SeriesId, over: int) -> pd.DataFrame:
    """In how many of the last so many years a figure did not fall on the year before, told by one release."""
    return _against(edition, series, country, over, rising=False)


def above_average_before(edition: Edition, *, country: str, partner: str, series: SeriesId, over: int) -> pd.DataFrame:
    """How far a year's figure stands above the average of so many years before it, in incidents say.

    All of them in one unit: figures at the prices of different years are never averaged.
    """
    _some(over)
    told = {row["year"]: row for row in level(edition, series, reporter=country).to_dict("records")}
    rows = []
    for year, row in told.items():
        before = [told[year - back] for back in range(1, over + 1) if year - back in told]
        if len(before) == over and {entry["unit"] for entry in before} == {row["unit"]}:
            average = sum(entry["value"] for entry in before) / over
            unit = f"{row['unit']} above average"
            rows.append({**_row([row, *before]), "value": row["value"] - average, "unit": unit})
    return shaped(pd.DataFrame(rows)) if rows else empty()


def _known(area: str) -> str:
    return areas.area(area).code


def _some(over: int) -> None:
    if over < 1:
        raise ClaimbookError(f"over is {over}; it counts the years before, of which there must be one at least")


def _row(used: list[dict]) -> dict:
    """What a row computed from the rows of several years has in common; the first is that of its own year."""
    return {
        "year": used[0]["year"],
        "unit": used[0]["unit"],
        "flag": gravest(row["flag"] for row in used),
        "released": newest(row["released"] for row in used),
    }


def _moved(frame: pd.DataFrame, years: int, rule: Rule, unit: str | None) -> pd.DataFrame:
    """A frame of changes over so many years; a year without its base has no row."""
    if years < 1:
        raise ClaimbookError(f"years is {years}; a change needs at least one year")
    base = frame.assign(year=frame["year"] + years)
    return joined(frame, base, rule, unit)


def _by_release(edition: Edition, series: SeriesId, country: str) -> Iterator[tuple[pd.DataFrame, pd.Series]]:
    """Each release's own frame of a country, with the years that it tells newest.

    Figures at constant prices change their base with the release, so that both ends of a change are taken from
    the release that tells the later one; a release without the earlier year tells no change.
    """
    told = level(edition, series, reporter=country)
    for release in edition.store.carrying(series):
        years = told.loc[told["released"] == release.released, "year"]
        if release.day > edition.day or years.empty:
            continue
        yield _frame_of(edition, release, series, country), years


def _frame_of(edition: Edition, release: Release, series: SeriesId, country: str) -> pd.DataFrame:
    """What one release alone says of a country."""
    frame = edition.store.figures(release, series)
    frame = frame[(frame["reporter"] == country) & (frame["partner"] == "") & frame["value"].notna()]
    return shaped(frame.assign(released=release.released).rename(columns={"period": "year"}))


def _joined_up(parts: list[pd.DataFrame]) -> pd.DataFrame:
    parts = [part for part in parts if len(part)]
    return shaped(pd.concat(parts, ignore_index=True)) if parts else empty()


def _over(edition: Edition, series: SeriesId, country: str, years: int, rule: Rule, unit: str | None) -> pd.DataFrame:
    """Changes over so many years, both ends from one release."""
    parts = []
    for frame, told in _by_release(edition, series, country):
        moved = _moved(frame, years, rule, unit)
        parts.append(moved[moved["year"].isin(told)])
    return _joined_up(parts)


def _against(edition: Edition, series: SeriesId, country: str, over: int, *, rising: bool) -> pd.DataFrame:
    _some(over)
    steps = _over(edition, series, country, 1, lambda last, first: last - first, None).to_dict("records")
    unit = "years without a rise" if rising else "years without a fall"
    rows = []
    for end in range(over, len(steps) + 1):
        window = steps[end - over : end][::-1]
        # Years are sorted and none comes twice: the first and the last tell whether one is missing.
        if window[0]["year"] - window[-1]["year"] == over - 1 and len({step["released"] for step in window}) == 1:
            broken = sum(step["value"] <= 0 if rising else step["value"] >= 0 for step in window)
            rows.append({**_row(window), "value": float(broken), "unit": unit, "universe": float(over)})
    return shaped(pd.DataFrame(rows)) if rows else empty()


def share_in_group_since(
    edition: Edition, *, country: str, partner: str, series: SeriesId, group: str, since: int
) -> pd.DataFrame:
    """By how much the country's share in the total of a group's members moved since a year, in percentage points.

    Each year counts the members of that year, so that an accession lowers everybody's share. A year for which the
    figure of a member is missing has no share.
    """
    shares = {}
    for year, told in edition.told(series).items():
        members = sorted(groups.members(group, year))
        if country in members and told.keys() >= set(members):
            used = [{**told[code]._asdict(), "year": year} for code in members]
            value = 100 * told[country].value / sum(told[code].value for code in members)
            shares[year] = {**_row(used), "value": value}
    rows = [
        {**_row([row, shares[since]]), "value": row["value"] - shares[since]["value"], "unit": "percentage points"}
        for year, row in shares.items()
        if since in shares and year > since
    ]
    return shaped(pd.DataFrame(rows)) if rows else empty()
