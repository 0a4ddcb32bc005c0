"""One value per replication, summed up."""

from __future__ import annotations

import numpy as np

from engine.columns import Column
from engine.inputs import FloatArray

MEAN = Column("mean", "real", "mean over replications")


def quantile_columns(*levels: int) -> tuple[Column, ...]:
    """Return a column per percentile, `p05` for the 5th."""
    return tuple(
        Column(f"p{level:02d}", "real", f"{level}th percentile over replications") for level in levels
    )


def summed_up(values: FloatArray, *levels: int) -> dict[str, float]:
    """Return mean and percentiles of one value per replication; NaN (undefined there) is left out.

    Percentiles interpolate linearly between order statistics.
    """
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return dict.fromkeys(("mean", *(f"p{level:02d}" for level in levels)), float("nan"))
    cuts = np.quantile(known, [level / 100 for level in levels])
    return {"mean": float(known.mean())} | {
        f"p{level:02d}": float(cut) for level, cut in zip(levels, cuts, strict=True)
    }
