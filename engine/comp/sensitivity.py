"""Sensitivity and volatility: what cost does as the company's attainment moves, and how it spreads at one attainment.

Replications are sorted by company attainment (credit of all seats over their quotas, whole plan) and cut into bins of
equally many. In each bin a line is fitted by least squares, cost = mean + slope (attainment - mean attainment); it is
the sensitivity. What is left of each replication, its residual, is the volatility. A bin's fan is quantiles of
mean + residual, so that the width of the bin does not widen it. The variance of cost is that of the lines plus
that of the residuals, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray

MOST_BINS = 20
LEAST = 50
"""Replications of a bin, at least, where there are as many."""


@dataclass(frozen=True)
class Bin:
    """Replications of about the same company attainment."""

    attainment: FloatArray
    cost: FloatArray
    slope: float
    """Cost per 1 of attainment."""

    @property
    def fitted(self) -> FloatArray:
        """Cost on the line, shape (replication,)."""
        line: FloatArray = self.cost.mean() + self.slope * (self.attainment - self.attainment.mean())
        return line

    @property
    def fan(self) -> FloatArray:
        """Cost of each replication moved along the line to the bin's mean attainment, shape (replication,)."""
        moved: FloatArray = self.cost.mean() + self.cost - self.fitted
        return moved


def company_attainment(credit: IntArray, quota: IntArray) -> FloatArray:
    """Return credit over quota of the company; NaN without a quota.

    Args:
        credit: by (replication, rep, period), minor units.
        quota: by (rep, period), minor units.

    """
    total = float(quota.sum())
    sold = credit.sum(axis=(1, 2)).astype(np.float64)
    return sold / total if total > 0 else np.full(sold.shape, np.nan)


def bins(attainment: FloatArray, cost: FloatArray) -> list[Bin]:
    """Cut replications, shape (replication,) each, into bins by attainment; none where it is unknown."""
    if not attainment.size or np.isnan(attainment).any():
        return []
    order = np.argsort(attainment, kind="stable")
    count = max(min(MOST_BINS, attainment.size // LEAST), 1)
    return [
        Bin(attainment[rows], cost[rows], _slope(attainment[rows], cost[rows]))
        for rows in np.array_split(order, count)
    ]


def spreads(cut: list[Bin]) -> tuple[float, float, float]:
    """Return the standard deviations of cost, of the lines (sensitivity) and of what is left (volatility)."""
    cost = np.concatenate([part.cost for part in cut])
    fitted = np.concatenate([part.fitted for part in cut])
    return float(cost.std()), float(fitted.std()), float((cost - fitted).std())


def _slope(attainment: FloatArray, cost: FloatArray) -> float:
    apart = attainment - attainment.mean()
    across = float(apart @ apart)
    return float(apart @ (cost - cost.mean())) / across if across > 0 else 0.0
