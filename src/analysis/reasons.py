"""In words, why what was made before no longer holds: what stood there then against what stands there now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from analysis.words import listing

State = Mapping[str, Mapping[str, str]]
# How many reasons are told; the rest is counted.
MOST = 3


def of(was: State, now: State) -> list[str]:
    """Every difference in words, the plainest kind first; none where nothing differs."""
    kinds = [*_TOLD, *sorted((was.keys() | now.keys()) - _TOLD.keys())]
    found: list[str] = []
    for kind in kinds:
        then, here = was.get(kind, {}), now.get(kind, {})
        if then != here:
            found += _TOLD.get(kind, _files)(then, here)
    return list(dict.fromkeys(found))


def few(found: Sequence[str]) -> str:
    """The first of some reasons, and how many more there are."""
    more = len(found) - MOST
    return "; ".join(found[:MOST]) + (f"; and {more} more" if more > 0 else "")


def _differing(then: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    return sorted(name for name in then.keys() | here.keys() if then.get(name) != here.get(name))


def _cells(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    yield "its cells changed"


def _parameters(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    yield f"parameter {listing(_differing(then, here))}"


def _options(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    yield f"another {listing(_differing(then, here))}"


def _installed(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name in _differing(then, here):
        was, now = then.get(name), here.get(name)
        if was is None or now is None:
            yield f"{name} is {'newly' if was is None else 'no longer'} installed"
        else:
            yield f"another {name}: {now}, {was} before"


def _package(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    names = _differing(then, here)
    more = len(names) - MOST
    yield f"package source changed ({', '.join(names[:MOST])}{f' and {more} more' if more > 0 else ''})"


def _variables(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name in _differing(then, here):
        yield f"environment variable {name} changed"


def _files(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name in _differing(then, here):
        yield f"{name} {_fate(then, here, name)}"


def _folders(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name in _differing(then, here):
        yield f"the files of {name} are others"


def _releases(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name in _differing(then, here):
        yield f"release {name} {_fate(then, here, name)}"


def _statements(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for name in _differing(then, here):
        yield f"statement {name} {_fate(then, here, name)}"


def _members(what: str) -> Callable[[Mapping[str, str], Mapping[str, str]], Iterator[str]]:
    """Of lists of names, each a text: which names have come and gone."""

    def told(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
        for key in _differing(then, here):
            was, now = then.get(key, "").split(), here.get(key, "").split()
            for name in sorted(set(now) - set(was)):
                yield f"{what} {name} is new"
            for name in sorted(set(was) - set(now)):
                yield f"{what} {name} is gone"
            if set(was) == set(now):
                yield f"each {what} is there, in another order"

    return told


def _newest(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    yield f"the newest release is of {here.get('', 'no day')}, of {then.get('', 'no day')} before"


def _errata(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for series in _differing(then, here):
        yield f"the known errors of {series} changed"


def _fate(then: Mapping[str, str], here: Mapping[str, str], name: str) -> str:
    if not here.get(name):
        return "is gone"
    return "changed" if then.get(name) else "is new"


_TOLD: dict[str, Callable[[Mapping[str, str], Mapping[str, str]], Iterator[str]]] = {
    "cells": _cells,
    "parameters": _parameters,
    "options": _options,
    "installed": _installed,
    "lock": _files,
    "package": _package,
    "surroundings": _variables,
    "variables": _variables,
    "profile": _files,
    "snapshots": _releases,
    "series": _members("release"),
    "releases": _members("release"),
    "entries": _releases,
    "newest": _newest,
    "errata": _errata,
    "register": _files,
    "statements": _statements,
    "themes": _members("statement"),
    "ledger": _members("statement"),
    "declarations": _files,
    "files": _files,
    "folders": _folders,
}
