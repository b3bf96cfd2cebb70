"""One observation: the row that every publisher's figures are turned into.

| column   | meaning                                                                          |
|----------|----------------------------------------------------------------------------------|
| series   | id of a series in data/series                                                    |
| reporter | whose statistics these are: ISO 3166 alpha-3, or an area declared in data/areas  |
| partner  | the other side of a tie, same codes; empty where there is none                   |
| period   | calendar year (a fiscal year where the publisher says so)                        |
| value    | the figure in `unit`; empty exactly where it is suppressed                       |
| unit     | the unit printed by the publisher, spelt as data/series spells it                |
| flag     | one of FLAGS; empty means an ordinary figure                                     |

A figure that the publisher marks as not available has no row. A suppressed one has a row without a
value: missing and suppressed are different things, and neither is zero.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

COLUMNS = ["series", "reporter", "partner", "period", "value", "unit", "flag"]
KEY = ["series", "reporter", "partner", "period"]

FLAGS = {
    "": "an ordinary figure",
    "projection": "the publisher projects the figure: the year was not over, or not yet estimated",
    "estimate": "the publisher marks the figure as an estimate",
    "provisional": "the publisher marks the figure as provisional",
    "uncertain": "the publisher marks the figure as highly uncertain",
    "break": "the publisher marks a break in the series",
    "suppressed": "exists but is withheld by the publisher, mostly to protect single firms",
    "rounds_to_zero": "not nil, but smaller than half the unit shown",
}


@cache
def contract():  # pandera is imported late: readers of snapshots do without it
    """The pandera schema that every snapshot keeps."""
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            "series": pa.Column(str, pa.Check.str_matches(r"^[a-z]+\.[A-Za-z0-9_.]+$")),
            "reporter": pa.Column(str, pa.Check.str_length(min_value=2)),
            "partner": pa.Column(str),
            "period": pa.Column("int64", pa.Check.in_range(1800, 2150)),
            "value": pa.Column("float64", pa.Check(lambda s: s.abs() != float("inf"), error="finite"), nullable=True),
            "unit": pa.Column(str, pa.Check.str_length(min_value=1)),
            "flag": pa.Column(str, pa.Check.isin(FLAGS)),
        },
        checks=[
            pa.Check(
                lambda df: df["value"].isna() == (df["flag"] == "suppressed"),
                error="a value is empty exactly where the flag says suppressed",
            ),
        ],
        unique=KEY,
        strict=True,
        ordered=True,
        coerce=False,
    )


def make(rows: list[tuple]) -> pd.DataFrame:
    """Observations from tuples in the order of COLUMNS, sorted by key.

    Returns a frame of shape (len(rows), 7). Raises nothing; call `check` for the contract.
    """
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"period": "int64", "value": "float64"})
    for column in ("series", "reporter", "partner", "unit", "flag"):
        frame[column] = frame[column].astype(str)
    return frame.sort_values(KEY, kind="stable", ignore_index=True)


def check(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame itself if it keeps the contract; pandera.errors.SchemaErrors with all faults otherwise."""
    return contract().validate(frame, lazy=True)
