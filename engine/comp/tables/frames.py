"""Frames: rows and the columns that describe them made a table.

Money is in whole minor units in every table. A mean or a quantile of a simulation seldom is; it is rounded here, once,
a half to the even unit. Differences that a table states are taken of what is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.columns import Column, ColumnType, Table
from engine.inputs import FloatArray

if TYPE_CHECKING:
    import pandas as pd

_KINDS: dict[str, Any] = {
    "text": "str",
    "real": "float64",
    "ratio": "float64",
    "whole": "int64",
    "flag": "bool",
}
_ROUNDED = ", rounded to the minor unit"


def table(
    name: str, meaning: str, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], private: bool = False
) -> Table:
    """Return a table of rows, in the order of the columns; money in minor units, rounded here, NaN for a blank."""
    import pandas as pd

    names = [column.name for column in columns]
    frame = pd.DataFrame.from_records(list(rows), columns=names)
    typed = {
        column.name: _whole(frame[column.name])
        if column.type == "money"
        else frame[column.name].astype(_KINDS[column.type])
        for column in columns
    }
    return Table(name, tuple(columns), pd.DataFrame(typed, columns=names), meaning, private)


def _whole(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return whole minor units: int64, or Int64 where some are blank."""
    whole = values.astype("float64").round()
    return whole.astype("Int64" if whole.isna().any() else "int64")


def quantile_columns(percents: Sequence[int], kind: ColumnType = "money") -> list[Column]:
    """Describe what `quantiles` returns."""
    tail = f"{_ROUNDED}." if kind == "money" else "."
    words = [("mean", "Mean over replications")]
    words += [(f"p{p}", f"{p} % of replications lie at or below") for p in percents]
    return [Column(name, kind, meaning + tail) for name, meaning in words]


def quantiles(values: FloatArray, percents: Sequence[int]) -> tuple[float, ...]:
    """Return mean and percentiles over replications; NaN without any."""
    if values.size == 0:
        return (float("nan"),) * (len(percents) + 1)
    return (float(values.mean()), *(float(q) for q in np.percentile(values, percents)))


def histogram(values: FloatArray, edges: FloatArray) -> list[tuple[float, float, float]]:
    """Return (from, to, share) of each bin; none without values."""
    if values.size == 0:
        return []
    counts, at = np.histogram(values, bins=edges)
    return [(float(a), float(b), float(n) / values.size) for a, b, n in zip(at, at[1:], counts, strict=False)]
