"""Daily: a law of days as an export shows it, in differences of whole dates.

A deal that arises at any moment of its first day and stays for T days is d dates older when it closes, with
P(d <= t) = the mean of F over [t, t + 1]: the clock time of the first day is even. So days are never rounded into the
likelihood, and deals that close on their first day are as good as others.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.inputs import FloatArray
from engine.pipeline.law import Knots

Cdf = Callable[[FloatArray], FloatArray]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def daily(cdf: Cdf, ages: int) -> FloatArray:
    """Return P(d <= t) for t = 0 .. ages - 1; by Simpson's rule, and by Gauss' on the first day."""
    at = cdf(np.arange(2 * ages + 1) / 2)
    mean = (at[:-1:2] + 4 * at[1::2] + at[2::2]) / 6
    first = cdf((_NODES + 1) / 2)
    mean[0] = float(_WEIGHTS @ first) / 2
    return np.clip(mean, 0.0, 1.0)


def tabulated(knots: Knots, times: float = 1.0) -> Cdf:
    """Return the distribution function of a tabulated law whose values are multiplied by a factor."""
    level, value = knots
    return lambda days: np.asarray(np.interp(days, value * times, level, left=0.0), dtype=np.float64)
