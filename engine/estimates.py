"""Estimates: how well a mean, a share or a quantile is known from independent values."""

from __future__ import annotations

from functools import cache
from math import nan, sqrt
from typing import NamedTuple

import numpy as np

from engine.inputs import FloatArray

Z95 = 1.959963984540054
"""97.5 % point of the normal distribution."""


class Estimate(NamedTuple):
    """A figure and the ends of its interval; an end that too few values leave open is NaN."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2


def wilson(hits: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return the interval of a share of at least one trial (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212).

    `z` is the point of the normal distribution that belongs to the confidence; 95 % unless given.
    """
    share, z2 = hits / trials, z * z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = z / (1 + z2 / trials) * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    return max(middle - half, 0.0), min(middle + half, 1.0)


@cache
def ranks(size: int, level: float, confidence: float = 0.95) -> tuple[int, int]:
    """Return the ranks, from 1, of the order statistics that enclose a quantile; 0 and size + 1 stand for none.

    A binomial count of `size` trials at `level` falls between them in the share `confidence` of cases, whatever the
    distribution of the values.
    """
    from scipy.stats import binom

    outside = (1 - confidence) / 2
    low, high = binom.ppf((outside, 1 - outside), size, level)
    return int(low), int(high) + 1


def mean_of(values: FloatArray, confidence: float) -> Estimate:
    """Return the mean and Student's interval; NaN ends with fewer than two values."""
    from scipy.stats import t

    if len(values) < 2:
        return Estimate(float(values.mean()) if len(values) else nan, nan, nan)
    mean = float(values.mean())
    half = float(t.ppf((1 + confidence) / 2, len(values) - 1) * values.std(ddof=1) / sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half)


def share_of(hits: FloatArray, confidence: float) -> Estimate:
    """Return the share of ones among ones and zeros, and Wilson's interval; NaN without any."""
    from scipy.stats import norm

    if not len(hits):
        return Estimate(nan, nan, nan)
    return Estimate(
        float(hits.mean()), *wilson(int(hits.sum()), len(hits), float(norm.ppf((1 + confidence) / 2)))
    )


def quantile_of(values: FloatArray, level: float, confidence: float) -> Estimate:
    """Return a quantile, linear between order statistics, and its interval between two of them."""
    if not len(values):
        return Estimate(nan, nan, nan)
    ordered = np.sort(values)
    low, high = ranks(len(ordered), level, confidence)
    return Estimate(
        float(np.quantile(ordered, level)),
        float(ordered[low - 1]) if low else nan,
        float(ordered[high - 1]) if high <= len(ordered) else nan,
    )
