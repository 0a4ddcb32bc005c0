"""Scores of a forecast that is a sample of futures, against the one value that came.

CRPS (continuous ranked probability score): the integral of (F(x) - [x >= y])^2, in the unit of the forecast; of a point
forecast it is the absolute error. Smaller is better, and no other forecast is expected to do better than the truth
(Gneiting and Raftery 2007, J. Am. Stat. Assoc. 102, 359-378).

PIT (probability integral transform): the level at which the forecast puts what came, drawn evenly within ties. Under
forecasts that are right it is uniform.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray

LEVELS = (0.5, 0.8, 0.95)
"""Coverages of the central intervals."""


def crps(sample: FloatArray, came: float) -> float:
    """Return the CRPS of the empirical distribution of a sample, shape (replication,).

    E|X - y| - E|X - X'| / 2, the second mean over all pairs, which of sorted values is a weighted sum.
    """
    ordered, count = np.sort(sample), len(sample)
    weight = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(ordered - came).mean() - (weight * ordered).sum() / count**2)


def pit(sample: FloatArray, came: float, level: float) -> float:
    """Return (values below + level (values equal + 1)) / (values + 1): the PIT, for a `level` uniform on (0, 1)."""
    below, equal = int((sample < came).sum()), int((sample == came).sum())
    return (below + level * (equal + 1)) / (len(sample) + 1)


def inside(sample: FloatArray, came: float, coverage: float) -> bool:
    """Say whether what came lies in the central interval of a sample, its ends among it."""
    low, high = np.quantile(sample, ((1 - coverage) / 2, (1 + coverage) / 2))
    return bool(low <= came <= high)


def quantile_sample(mean: float, sd: float, count: int) -> FloatArray:
    """Return the quantiles of a normal distribution at (k - 1/2) / count, none below 0: money that is booked."""
    from scipy.special import ndtri

    levels = (np.arange(count) + 0.5) / count
    return np.maximum(mean + sd * np.asarray(ndtri(levels), dtype=np.float64), 0.0)
