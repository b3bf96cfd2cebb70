"""The currency of a country's figures, where it is beyond doubt (from the CLDR, as Babel carries it)."""

from __future__ import annotations

import datetime as dt
from functools import cache

import iso3166
from babel.numbers import get_currency_name, get_territory_currencies

# How publishers call money whose currency depends on the country.
NATIONAL = "national currency"


@cache
def currency(country: str, first: int, last: int) -> str:
    """The ISO 4217 code of a country's one currency from the year `first` to the year `last`, else "".

    `country` is ISO 3166 alpha-3. A publisher that restates old figures in a new currency does not say so in its
    numbers; only where no other currency was tender in all those years is the unit certain.
    """
    entry = iso3166.countries_by_alpha3.get(country)
    if entry is None:
        return ""
    held = get_territory_currencies(entry.alpha2, dt.date(first, 1, 1), dt.date(last, 12, 31))
    return held[0] if len(held) == 1 else ""


def named(code: str) -> str:
    """A currency as running text tells it: "euros", "Polish zlotys"."""
    return get_currency_name(code, count=2, locale="en")
