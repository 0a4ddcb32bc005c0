"""Sensitivity and volatility: what cost does as the company's attainment moves, and how it spreads at one attainment.

A broken line is fitted to all replications by least squares: cost over company attainment (credit of all seats over
their quotas, whole plan), its knots at quantiles of attainment. The line is the sensitivity, its slope the cost of a
point of attainment; what is left of each replication, its residual, is the volatility. The variance of cost is that of
the line plus that of the residuals, exactly. Replications are sorted by attainment and cut into bins of equally many; a
bin's fan is quantiles of line + residual at its mean attainment, so that the width of the bin does not widen it.

A line fitted within each bin would follow the noise: fifty replications know their mean, and not their slope.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray

MOST_BINS = 20
LEAST = 50
"""Replications of a bin, at least, where there are as many."""


PIECE = 300
"""Replications of a piece of the line, at least, where there are as many."""
MOST_PIECES = 4


@dataclass(frozen=True)
class Bin:
    """Replications of about the same company attainment."""

    attainment: FloatArray
    cost: FloatArray
    fitted: FloatArray
    """Cost on the line, shape (replication,)."""
    level: float
    """Cost on the line at the bin's mean attainment."""
    slope: float
    """Cost per 1 of attainment there."""

    @property
    def fan(self) -> FloatArray:
        """Cost of each replication moved along the line to the bin's mean attainment, shape (replication,)."""
        moved: FloatArray = self.level + self.cost - self.fitted
        return moved


@dataclass(frozen=True)
class Line:
    """Cost = level + sum of slopes times (attainment - knot), each from its knot on; the first holds everywhere."""

    middle: float
    knots: FloatArray
    level: float
    slopes: FloatArray
    """The first slope, and what each knot adds to it."""

    @classmethod
    def fitted(cls, attainment: FloatArray, cost: FloatArray) -> Line:
        """Fit it by least squares; of lines that fit equally the flattest."""
        pieces = max(min(MOST_PIECES, attainment.size // PIECE), 1)
        knots = np.quantile(attainment, np.arange(1, pieces) / pieces)
        middle = float(attainment.mean())
        found = np.linalg.lstsq(_above(attainment, middle, knots), cost, rcond=None)[0].astype(np.float64)
        return cls(middle, knots, float(found[0]), found[1:])

    def __call__(self, attainment: FloatArray) -> FloatArray:
        """Return cost at some attainments."""
        at: FloatArray = _above(attainment, self.middle, self.knots) @ np.array([self.level, *self.slopes])
        return at

    def slope(self, attainment: float) -> float:
        """Return cost per 1 of attainment at one."""
        return float(self.slopes[0] + self.slopes[1:][self.knots < attainment].sum())


def _above(attainment: FloatArray, middle: float, knots: FloatArray) -> FloatArray:
    """Return what level and slopes are multiplied with, shape (replication, 2 + knots)."""
    beyond = np.maximum(attainment[:, None] - knots, 0.0)
    return np.column_stack([np.ones(attainment.size), attainment - middle, beyond])


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
    line = Line.fitted(attainment, cost)
    order = np.argsort(attainment, kind="stable")
    count = max(min(MOST_BINS, attainment.size // LEAST), 1)
    return [_bin(line, attainment[rows], cost[rows]) for rows in np.array_split(order, count)]


def _bin(line: Line, attainment: FloatArray, cost: FloatArray) -> Bin:
    mean = float(attainment.mean())
    return Bin(attainment, cost, line(attainment), float(line(np.array([mean]))[0]), line.slope(mean))


def spreads(cut: list[Bin]) -> tuple[float, float, float]:
    """Return the standard deviations of cost, of the line (sensitivity) and of what is left (volatility)."""
    cost = np.concatenate([part.cost for part in cut])
    fitted = np.concatenate([part.fitted for part in cut])
    return float(cost.std()), float(fitted.std()), float((cost - fitted).std())
