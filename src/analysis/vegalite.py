"""Specifications of Vega-Lite said outright, and the Altair charts that they are.

Altair checks every part of a chart against Vega-Lite's schema while it is put together, and copies it again and
again: that was most of the time of a chapter. Here a specification is said once, as what it is; that each one is
valid is proved by tests. Data are named by what they hold, as Altair names them.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import update_nested

Spec = dict[str, Any]

_TYPES = {"Q": "quantitative", "N": "nominal"}


def field(shorthand: str, **more: Any) -> Spec:
    """A channel that shows a field: "year:Q" for figures, "line:N" for names; `more`: scale, axis, legend, title."""
    name, _, kind = shorthand.rpartition(":")
    return {"field": name, "type": _TYPES[kind], **more}


@dataclass(frozen=True, eq=False)
class Data:
    """Rows that a view draws, and their name."""

    name: str
    rows: list[dict[str, Any]]


def data(source: pd.DataFrame | Sequence[Mapping[str, Any]]) -> Data:
    """Rows as JSON has them: no numbers of numpy, None for what is not a number."""
    if isinstance(source, pd.DataFrame):
        columns = [source[name].tolist() for name in source]
        source = [dict(zip(source, row, strict=True)) for row in zip(*columns, strict=True)]
    rows = [{name: _plain(value) for name, value in row.items()} for row in source]
    told = json.dumps(rows, sort_keys=True)
    return Data(f"data-{hashlib.sha256(told.encode()).hexdigest()[:32]}", rows)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def view(
    source: Data | Spec, mark: str, encoding: Mapping[str, Any], transform: Sequence[Spec] = (), **how: Any
) -> Spec:
    """One mark over some data; `source`: rows, or a generator of Vega-Lite; `how`: the looks of the mark."""
    steps = {"transform": list(transform)} if transform else {}
    return {"data": source, "mark": {"type": mark, **how}, "encoding": dict(encoding), **steps}


def layered(views: Sequence[Spec], **more: Any) -> Spec:
    """Views upon each other; data that all of them draw are named once, above them."""
    sources = [entry["data"] for entry in views]
    shared = isinstance(sources[0], Data) and all(source is sources[0] for source in sources)
    layers = [{**entry, "data": _named(entry["data"])} for entry in views]
    spec: Spec = {"layer": layers, **more, "datasets": {own.name: own.rows for own in sources if isinstance(own, Data)}}
    if shared:
        spec["data"] = _named(sources[0])
        for layer in layers:
            del layer["data"]
    return spec


def _named(source: Data | Spec) -> Spec:
    return {"name": source.name} if isinstance(source, Data) else source


def stacked(panels: Sequence[Spec], **more: Any) -> Spec:
    """Layered views below each other."""
    datasets = {name: rows for panel in panels for name, rows in panel["datasets"].items()}
    shown = [{key: value for key, value in panel.items() if key != "datasets"} for panel in panels]
    return {"vconcat": shown, **more, "datasets": datasets}


class _Untouched:
    """A chart that tells the specification it was drawn with, and is a plain Altair chart once anybody looks inside.

    Altair keeps what is in a chart as `_args` and `_kwds`: whoever reads, changes or copies one comes by these. From
    then on Altair's own checks hold for it, as for any other chart.
    """

    _altair: type[alt.TopLevelMixin]

    def __new__(cls, *args: Any, **kwds: Any) -> Any:
        return cls._altair(*args, **kwds)  # what Altair makes of the parts of this one is plain

    @classmethod
    def of(cls, spec: Spec) -> Any:
        chart = object.__new__(cls)
        # As text it cannot change; numpy's numbers become numbers.
        vars(chart)["_spec"] = json.dumps(spec, default=float)
        return chart

    def _touched(self) -> dict[str, Any]:
        chart = self._altair.from_dict(json.loads(vars(self)["_spec"]))
        object.__setattr__(self, "__class__", self._altair)
        vars(self).clear()
        vars(self).update(vars(chart))
        return vars(self)

    @property
    def _args(self) -> Any:
        return self._touched()["_args"]

    @property
    def _kwds(self) -> Any:
        return self._touched()["_kwds"]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # notebooks ask whether there are other ways to show it
            raise AttributeError(name)
        return self._kwds[name] if name in self._kwds else getattr(self, name)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self).of, (json.loads(vars(self)["_spec"]),)

    def to_dict(self, validate: bool = True, **asked: Any) -> Spec:
        """The specification as Altair tells it: with its version of Vega-Lite and under the theme of the day."""
        if asked not in ({}, {"context": {"pre_transform": False}}):
            self._touched()
            return self.to_dict(validate, **asked)
        spec = {"$schema": alt.SCHEMA_URL, **json.loads(vars(self)["_spec"])}
        return update_nested(alt.theme.get()(), spec, copy=True)


class _Layers(_Untouched, alt.LayerChart):
    _altair = alt.LayerChart


class _Panels(_Untouched, alt.VConcatChart):
    _altair = alt.VConcatChart


def chart(spec: Spec) -> alt.LayerChart | alt.VConcatChart:
    """The Altair chart of a specification of `layered` or `stacked`."""
    return (_Panels if "vconcat" in spec else _Layers).of(spec)
