"""Lower bounds on the dispersion, recomputed in our own code for any prices, over all pairs of centre and unit.

    min  sum_ji d_ji x_ji        x_ji = 1 when unit i belongs to the territory with centre j
    s.t. sum_j x_ji = 1          each unit once                                   price u_i, free
         l_k x_jj <= sum_i w_ik x_ji <= h_k x_jj     band of each activity        prices 0 or more, of each centre
         x_ji <= sum_{c in C} x_jc                   separators of j and i        prices 0 or more
         s x_jj <= sum_i x_ji <= t x_jj,  x_ji <= x_jj,  sum_j x_jj = p

s and t are the least and the greatest number of units whose activities can lie in the band. For any prices the value
of the subproblem (`counting`) plus sum u_i is a bound. A pair whose use raises the bound above the cost of a known plan
is no part of any better plan: it is left out from then on, and the bound holds up to that cost.

Every plan is a point here, with any of its units as centres: the published centre of a territory costs no less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solvers.territory_design.instance import FloatArray, Instance, IntArray

Mask = NDArray[np.bool_]
ROUNDS = 3000
PATIENCE = 30
SHRINK = 0.7
FIRST_STEP, LAST_STEP = 1.0, 1e-4
MOMENTUM = 0.7
CALM = 1e-7
"""Rounding: what lies above the known plan by less than this share is kept."""


@dataclass(frozen=True)
class Median:
    """The relaxation of an instance: which pairs are left, and in which band."""

    instance: Instance
    allowed: Mask
    """Pairs that a better plan may use, shape (centre, unit)."""
    low: IntArray
    high: IntArray
    """Least and greatest load of a territory, shape (activity,)."""

    @property
    def sizes(self) -> tuple[int, int]:
        """Least and greatest number of units whose activities can lie in the band."""
        up = np.cumsum(np.sort(self.instance.weights, axis=0), axis=0)
        down = np.cumsum(np.sort(self.instance.weights, axis=0)[::-1], axis=0)
        return max(1, int((down < self.low).sum(axis=0).max()) + 1), int((up <= self.high).sum(axis=0).min())

    def value(self, cost: FloatArray) -> tuple[float, FloatArray, Mask]:
        """Return the subproblem's value under priced costs (centre, unit), that of each centre, and its pairs."""
        from solvers.territory_design.counting import centres

        chosen = np.zeros(self.allowed.shape, dtype=np.bool_)
        each = centres(cost, self.allowed, *self.sizes, chosen)
        return float(np.sort(each)[: self.instance.territories].sum()), each, chosen

    def without(self, cost: FloatArray, constant: float, upper: float) -> Median:
        """Leave out the pairs whose use costs more than `upper` under priced costs; `constant` is sum u_i."""
        from solvers.territory_design.counting import forced

        total, each, chosen = self.value(cost)
        last = np.sort(each)[self.instance.territories - 1]
        use = forced(cost, self.allowed, *self.sizes, each, chosen)
        bound = constant + total + use - np.minimum(each, last)[:, None]
        return replace(self, allowed=self.allowed & (bound <= upper * (1 + CALM)))


def relaxation(instance: Instance, violation: float = 0.0) -> Median:
    """Return the relaxation with all pairs, in a band that is wider by a violation which a plan may have."""
    low, high = instance.band
    slack = int(np.ceil(violation))
    return Median(
        instance, np.ones((instance.units, instance.units), dtype=np.bool_), low - slack, high + slack
    )


def ascend(median: Median, upper: float, rounds: int = ROUNDS) -> tuple[float, FloatArray]:
    """Return the best bound of a subgradient ascent on the prices of the units, and those prices.

    Steps aim at `upper`, a known plan's cost; they shrink where the bound does not rise (Held, Wolfe and Crowder).
    """
    instance, distance = median.instance, median.instance.distances
    near = np.sort(distance, axis=1)[:, : max(instance.units // instance.territories, 1)]
    price = near.mean(axis=1) * 1.5
    best, kept, step, stall = -np.inf, price, FIRST_STEP, 0
    slope = np.zeros(instance.units)
    for _ in range(rounds):
        total, each, chosen = median.value(distance - price[None, :])
        bound = total + float(price.sum())
        stall += 1
        if bound > best + CALM * upper:
            best, kept, stall = bound, price, 0
        if stall >= PATIENCE:
            step, stall, price, slope = step * SHRINK, 0, kept, np.zeros(instance.units)
        if step < LAST_STEP or not np.isfinite(bound):
            break
        open_ones = np.argsort(each, kind="stable")[: instance.territories]
        slope = MOMENTUM * slope + (1 - MOMENTUM) * (1.0 - chosen[open_ones].sum(axis=0))
        length = float((slope**2).sum())
        if length == 0.0:
            break
        price = price + step * (upper * 1.001 - bound) / length * slope
    return best, kept
