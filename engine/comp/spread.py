"""Spread: a simulated figure reduced to its mean, quantiles and tail means, each with a 95 % interval.

With n replications x_(1) <= ... <= x_(n) and z the 97.5 % point of the normal distribution:

    mean         mean of x +- z sd / sqrt(n)
    quantile q   linear between order statistics; its interval is [x_(l), x_(u)] with the ranks between which a binomial
                 count of n trials at q falls in 95 % of cases, whatever the distribution of x
    CVaR q       v + mean(max(x - v, 0)) / (1 - q), v the quantile: the mean of the dearest share 1 - q
                 (Rockafellar, Uryasev 2000, Optimization of Conditional Value-at-Risk, J. Risk 2(3), 21-41),
                 with the interval of the mean of max(x - v, 0) / (1 - q)
    reserve      P90 less P50; its interval runs from the lower end of P90 less the upper end of P50 to the upper end of
                 P90 less the lower end of P50, each taken at 97.5 %: it covers in 95 % of cases or more (Bonferroni)

Where there are too few replications for one end of an interval, that end is NaN. The interval of a CVaR rests on the
replications beyond the quantile alone; with twenty of them it covers the truth in nine cases of ten rather than 95 %.
"""

from __future__ import annotations

from math import nan

import numpy as np

from engine.columns import Column
from engine.estimates import Z95, ranks
from engine.inputs import FloatArray

QUANTILES = (10, 50, 90, 99)
TAILS = (90, 99)
COVERED = 0.95
"""Share of cases in which an interval covers the truth."""
Estimate = tuple[float, float, float]
"""A figure and the ends of its interval."""


def spread(values: FloatArray) -> tuple[float, ...]:
    """Return mean, P10, P50, P90, P99, CVaR 90 and CVaR 99 of replications, each followed by its interval."""
    if values.size == 0:
        return (nan,) * (3 * (1 + len(QUANTILES) + len(TAILS)))
    ordered = np.sort(values)
    found = [_mean(ordered)]
    found += [_quantile(ordered, percent) for percent in QUANTILES]
    found += [_tail(ordered, percent) for percent in TAILS]
    return tuple(number for estimate in found for number in estimate)


def reserve_interval(values: FloatArray) -> tuple[float, float]:
    """Return the interval of P90 less P50; an end for which replications are too few is NaN."""
    if values.size == 0:
        return nan, nan
    ordered, confidence = np.sort(values), (1 + COVERED) / 2
    (low50, high50), (low90, high90) = (
        tuple(
            float(ordered[rank - 1]) if 0 < rank <= ordered.size else nan
            for rank in ranks(ordered.size, q, confidence)
        )
        for q in (0.5, 0.9)
    )
    return max(low90 - high50, 0.0), high90 - low50


def spread_columns() -> list[Column]:
    """Describe what `spread` returns of an amount."""
    words = [("mean", "Mean over replications")]
    words += [(f"p{p}", f"{p} % of replications lie at or below") for p in QUANTILES]
    words += [(f"cvar{p}", f"Mean of the dearest {100 - p} % of replications") for p in TAILS]
    columns = []
    for name, meaning in words:
        columns.append(Column(name, "money", f"{meaning}, rounded to the minor unit."))
        for end in ("low", "high"):
            which = "Lower" if end == "low" else "Upper"
            meaning = (
                f"{which} end of the 95 % interval of {name}; blank where replications are too few for it."
            )
            columns.append(Column(f"{name}_{end}", "money", meaning))
    return columns


def _mean(ordered: FloatArray) -> Estimate:
    middle = float(ordered.mean())
    if ordered.size < 2:
        return middle, nan, nan
    half = Z95 * float(ordered.std(ddof=1)) / ordered.size**0.5
    return middle, middle - half, middle + half


def _quantile(ordered: FloatArray, percent: int) -> Estimate:
    size = ordered.size
    low, high = ranks(size, percent / 100)
    value = float(np.percentile(ordered, percent))
    return value, float(ordered[low - 1]) if low else nan, float(ordered[high - 1]) if high <= size else nan


def _tail(ordered: FloatArray, percent: int) -> Estimate:
    size, rest = ordered.size, 1 - percent / 100
    value = float(ordered[-(-size * percent // 100) - 1])
    middle, low, high = _mean(np.maximum(ordered - value, 0.0) / rest)
    return value + middle, value + low, value + high
