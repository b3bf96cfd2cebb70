"""Trade between a country and its partner, and a country's place among traders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from analysis.measures.frames import SeriesId, gravest, joined, level, newest, pairwise, rank_frame, ranking, same_unit

if TYPE_CHECKING:
    from analysis.snapshots.store import Edition

Side = Literal["country", "partner"]


def _sides(country: str, partner: str, seen_by: Side) -> tuple[str, str]:
    return (country, partner) if seen_by == "country" else (partner, country)


def _flows(edition: Edition, exports: SeriesId, imports: SeriesId, country: str, partner: str, seen_by: Side):
    reporter, other = _sides(country, partner, seen_by)
    return (
        level(edition, exports, reporter=reporter, partner=other),
        level(edition, imports, reporter=reporter, partner=other),
    )


def two_way_trade(
    edition: Edition, *, country: str, partner: str, exports: SeriesId, imports: SeriesId, seen_by: Side = "partner"
) -> pd.DataFrame:
    """Exports plus imports between two countries, as `seen_by` one of them counts them (series' unit)."""
    out, into = _flows(edition, exports, imports, country, partner, seen_by)
    return joined(out, into, lambda x, m: x + m)


def trade_surplus(
    edition: Edition,
    *,
    country: str,
    partner: str,
    exports: SeriesId,
    imports: SeriesId,
    seen_by: Side = "partner",
    surplus_of: Side = "partner",
) -> pd.DataFrame:
    """The trade surplus of one of the two, as `seen_by` one of them counts it (series' unit; negative: deficit)."""
    out, into = _flows(edition, exports, imports, country, partner, seen_by)
    sign = 1 if seen_by == surplus_of else -1
    return joined(out, into, lambda x, m: sign * (x - m))


def trade_surplus_share(
    edition: Edition,
    *,
    country: str,
    partner: str,
    exports: SeriesId,
    imports: SeriesId,
    seen_by: Side = "partner",
    surplus_of: Side = "partner",
) -> pd.DataFrame:
    """The trade surplus as a share of two-way trade, in "% of two-way trade" (negative: deficit)."""
    out, into = _flows(edition, exports, imports, country, partner, seen_by)
    sign = 1 if seen_by == surplus_of else -1
    return joined(out, into, lambda x, m: sign * 100 * (x - m) / (x + m), unit="% of two-way trade")


def rank_as_destination(edition: Edition, *, country: str, partner: str, exports: SeriesId) -> pd.DataFrame:
    """The country's rank among all destinations of its partner's exports (value: those exports)."""
    return ranking(edition, exports, member=country, reporter=partner)


def rank_of_surplus(
    edition: Edition, *, country: str, partner: str, exports: SeriesId, imports: SeriesId
) -> pd.DataFrame:
    """The country's rank by the surplus that its partner has with each country (value: that surplus)."""
    out = edition.figures(exports, ranked=True)
    into = edition.figures(imports, ranked=True)
    keys = ["reporter", "partner", "period"]
    both = out[out["reporter"] == partner].merge(
        into[["value", "unit", "flag", "released", *keys]], on=keys, suffixes=("", "_b")
    )
    same_unit(both["unit"], both["unit_b"])
    both["flag"] = pairwise(gravest, both["flag"], both["flag_b"])
    both["value"] = both["value"] - both.pop("value_b")
    both["released"] = pairwise(newest, both["released"], both.pop("released_b"))
    both = both.rename(columns={"partner": "member", "period": "year"})
    limits = {}
    for year, release in edition.years(exports, ranked=True).items():
        limit = release.scope_of(exports).limit(year)
        if limit is not None:
            limits[year] = limit
    return rank_frame(both, None, member=country, limits=limits)


def rank_as_exporter(edition: Edition, *, country: str, partner: str, exports: SeriesId, to: str = "") -> pd.DataFrame:
    """The country's rank among all exporters of the world (value: its exports)."""
    return ranking(edition, exports, member=country, partner=to)


def share_of_gdp(edition: Edition, *, country: str, partner: str, share: SeriesId) -> pd.DataFrame:
    """A share of GDP as the publisher computes it (series' unit, "% of GDP")."""
    return level(edition, share, reporter=country)


def trade_share_of_gdp(
    edition: Edition, *, country: str, partner: str, exports: SeriesId, imports: SeriesId, half: bool = False
) -> pd.DataFrame:
    """Exports plus imports as a share of GDP, from the two shares; with `half`, their average."""
    out, into = level(edition, exports, reporter=country), level(edition, imports, reporter=country)
    parts = 2 if half else 1
    return joined(out, into, lambda x, m: (x + m) / parts)
