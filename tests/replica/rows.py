"""What the publishers' rooms share: their rows, and the edits that make another release of them."""

from __future__ import annotations

import copy
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self

import pandas as pd

from analysis import areas
from analysis.snapshots.catalogue import Release
from analysis.snapshots.store import Store
from replica.wire import Request


class Rows(ABC):
    """Rows of figures, never changed in place: an edit makes new rows, so a reply under way stays whole.

    Subclasses name their columns: SERIES, COUNTRY (a code), NAME (the country's). All have year and value.
    """

    SERIES: ClassVar[str]
    COUNTRY: ClassVar[str]
    NAME: ClassVar[str]

    def __init__(self, rows: pd.DataFrame) -> None:
        """Rows with at least the columns named by the class."""
        self._guard = threading.RLock()
        self._set(rows)

    @property
    def rows(self) -> pd.DataFrame:
        """All rows, not to be changed in place."""
        return self._rows

    def _set(self, rows: pd.DataFrame) -> None:
        with self._guard:
            self._rows = rows.reset_index(drop=True)
            self._kept: dict[Any, Any] = {}

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once until the rows change."""
        with self._guard:
            if key not in self._kept:
                self._kept[key] = make()
            return self._kept[key]

    def copy(self) -> Self:
        """Another room with the same rows, to be changed apart from this one."""
        other = copy.copy(self)
        other._guard = threading.RLock()
        other._set(self._rows)
        return other

    def variant(self, key: Any, edit: Callable[[Self], None]) -> Self:
        """A copy with an edit applied, made once until the rows change."""

        def make() -> Self:
            other = self.copy()
            edit(other)
            return other

        return self.kept(("variant", key), make)

    # Edits: a new release

    def change(self, series: str, country: str, year: int, value: float | None) -> None:
        """Tell another value (None withdraws it) of a series, country and year that the rows have. KeyError if not."""
        rows = self._rows
        there = (rows[self.SERIES] == series) & (rows[self.COUNTRY] == country) & (rows["year"] == year)
        if not there.any():
            raise KeyError(f"no row of {series}, {country}, {year}: add it")
        self._set(rows.assign(value=rows["value"].mask(there, float("nan") if value is None else value)))

    def add(self, **row: Any) -> None:
        """Add a row, given by its columns. A known country's name and other columns follow its other rows."""
        rows = self._rows
        like = rows[(rows[self.COUNTRY] == row[self.COUNTRY]) & (rows[self.SERIES] == row[self.SERIES])]
        like = like if len(like) else rows[rows[self.COUNTRY] == row[self.COUNTRY]]
        known = like.iloc[-1].to_dict() if len(like) else {self.NAME: row[self.COUNTRY]}
        self._set(pd.concat([rows, pd.DataFrame([{**known, **row}])], ignore_index=True))

    def drop(self, **where: Any) -> None:
        """Drop all rows whose columns equal what is given, such as drop(economy="BEL", year=2020)."""
        there = pd.Series(True, index=self._rows.index)
        for column, value in where.items():
            there &= self._rows[column] == value
        if not there.any():
            raise KeyError(f"no row where {where}")
        self._set(self._rows[~there])

    def scale(self, series: str, factor: float) -> None:
        """Multiply every value of a series."""
        rows = self._rows
        there = rows[self.SERIES] == series
        if not there.any():
            raise KeyError(f"no row of {series}")
        self._set(rows.assign(value=rows["value"].mask(there, rows["value"] * factor)))

    def add_country(self, code: str, name: str) -> None:
        """Add a country with the figures of the first country held."""
        rows = self._rows
        like = rows[rows[self.COUNTRY] == rows[self.COUNTRY].iloc[0]]
        self._set(pd.concat([rows, like.assign(**{self.COUNTRY: code, self.NAME: name})], ignore_index=True))

    def call(self, code: str, name: str) -> None:
        """Give a country another name."""
        there = self._rows[self.COUNTRY] == code
        if not there.any():
            raise KeyError(f"no row of {code}")
        self._set(self._rows.assign(**{self.NAME: self._rows[self.NAME].mask(there, name)}))

    def repeat_newest(self, year: int) -> None:
        """Tell the figures of the newest year again, as those of another year."""
        rows = self._rows
        newest = rows[rows["year"] == rows["year"].max()]
        self._set(pd.concat([rows, newest.assign(year=year)], ignore_index=True))

    # What faults look for

    def pick(self, name: str) -> list[str]:
        """The codes of the country with this name or code, the first country's where there is none."""
        rows = self._rows
        there = (rows[self.NAME].str.casefold() == name.casefold()) | (rows[self.COUNTRY] == name)
        return rows[self.COUNTRY][there].unique().tolist() or [rows[self.COUNTRY].iloc[0]]

    def name_of(self, code: str) -> str:
        """The name of a country."""
        return self._rows[self.NAME][self._rows[self.COUNTRY] == code].iloc[0]

    @abstractmethod
    def asked(self, request: Request) -> str | None:
        """The first series that a request asks figures of; None where it asks for none."""

    @abstractmethod
    def widened(self, request: Request, code: str = "", year: int | None = None) -> Request:
        """The request as it would be if it asked for another country or year too."""


def held(store: Store, names: str | Sequence[str]) -> list[Release]:
    """The releases of these names. KeyError where the store has none."""
    by_name = {release.name: release for release in store.releases}
    return [by_name[name] for name in ([names] if isinstance(names, str) else names)]


def named(codes: pd.Series) -> pd.Series:
    """The English name of each area code."""
    return codes.map({code: areas.name(code) for code in codes.unique()})
