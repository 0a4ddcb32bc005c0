"""Frames: rows and the columns that describe them made a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns import Column, ColumnType, Table
from engine.inputs import FloatArray

_KINDS = {
    "text": "str",
    "real": "float64",
    "ratio": "float64",
    "whole": "int64",
    "flag": "bool",
    "money": "int64",
}


def table(
    name: str, meaning: str, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], private: bool = False
) -> Table:
    """Return a table of rows, in the order of the columns."""
    import pandas as pd

    names = [column.name for column in columns]
    frame = pd.DataFrame.from_records(list(rows), columns=names)
    typed = frame.astype({column.name: _KINDS[column.type] for column in columns})
    return Table(name, tuple(columns), typed, meaning, private)


def quantile_columns(
    percents: Sequence[int], kind: ColumnType = "real", unit: str = "currency units"
) -> list[Column]:
    """Describe what `quantiles` returns."""
    means = Column("mean", kind, "Mean over replications.", unit)
    return [
        means,
        *(Column(f"p{p}", kind, f"{p} % of replications lie at or below.", unit) for p in percents),
    ]


def quantiles(values: FloatArray, percents: Sequence[int]) -> tuple[float, ...]:
    """Return mean and percentiles over replications; NaN without any."""
    if values.size == 0:
        return (float("nan"),) * (len(percents) + 1)
    return (float(values.mean()), *(float(q) for q in np.percentile(values, percents)))


def histogram(values: FloatArray, edges: FloatArray | int) -> list[tuple[float, float, float]]:
    """Return (from, to, share) of each bin; none without values, one where all are the same."""
    if values.size == 0:
        return []
    if isinstance(edges, int) and values.min() == values.max():
        return [(float(values.min()), float(values.max()), 1.0)]
    counts, at = np.histogram(values, bins=edges)
    return [(float(a), float(b), float(n) / values.size) for a, b, n in zip(at, at[1:], counts, strict=False)]
