"""The LP over all pairs, solved by steps inside a box of multipliers.

In the dual LP let every multiplier stay within delta of the best ones known (a "boxstep": Marsten, Hogan, Blankenship
1975). Then only pairs whose reduced cost lies within 2 delta times the unit's scaled weights of their unit's minimum
can matter: few, and exactly known. The small LP over them is solved, its value is the bound at its duals, and the box
moves there; it grows while the LP keeps its promise and shrinks when pairs were cut off by the number of slots. When
no multiplier touches the box the LP over all pairs is solved to its optimum. Each step's bound is evaluated over all
pairs by the pricer: no solver is trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solvers.alignment.instance import BoolArray, FloatArray, IntArray
from solvers.alignment.multipliers import Multipliers, valid
from solvers.alignment.pricing import Candidates, Pricer
from solvers.model import Arrays, Model
from solvers.solution import Solution, Status

SLOTS = 16
STEPS = 40
FIRST = 0.03
"""First half-width of the box, as a share of the mean absolute multiplier."""
GROW, SHRINK = 2.0, 0.25
CONVERGED = 1e-6
TINY = 1e-8
"""Scaled weights below this are left out of the LP (never out of the bound): solvers refuse such coefficients."""
LARGEST_LP = 400_000
"""Columns above which a box is shrunk before its LP is tried."""

Lp = Callable[[Arrays], Solution]


@dataclass(frozen=True)
class Relaxed:
    """The LP over all pairs as far as it was carried."""

    bound: float
    """L, over all pairs."""
    multipliers: Multipliers
    candidates: Candidates
    """Best first for these multipliers."""
    rounded: IntArray
    """Seat of the largest share of each unit, shape (unit,)."""
    lp: float
    """Value of the last LP; the bound when converged."""


def relax(pricer: Pricer, bound: float, multipliers: Multipliers, lp: Lp) -> Relaxed:
    """Improve the multipliers by box steps until the LP over all pairs is solved, or no step helps."""
    mean = float(np.abs(multipliers.band).mean())
    delta = FIRST * (mean if mean > 0 else max(abs(bound), 1e-9) / pricer.instance.units)
    _, candidates = pricer.candidates(multipliers, SLOTS)
    best = Relaxed(bound, multipliers, candidates, candidates.seat[:, 0].astype(np.int64), -np.inf)
    for _ in range(STEPS):
        step = _Step(pricer, best, delta)
        if int(step.inside.sum()) > LARGEST_LP:
            delta *= SHRINK
            continue
        solved = lp(step.arrays())
        if solved.status != Status.OPTIMAL or solved.x is None or solved.row_duals is None:
            break
        found = step.multipliers(solved.row_duals)
        bound, candidates = pricer.candidates(found, SLOTS)
        value, touched = solved.objective + step.constant, step.touched(solved.x)
        if bound > best.bound or not touched:
            kept = found if bound > best.bound else best.multipliers
            held = candidates if bound > best.bound else best.candidates
            best = Relaxed(max(bound, best.bound), kept, held, step.rounded(solved.x), value)
            if not touched or (value - best.bound <= CONVERGED * abs(value) and not touched):
                break
            delta *= GROW if value - bound <= 0.1 * CONVERGED * abs(value) else 1.0
        else:
            delta *= SHRINK
    return best


class _Step:
    """The LP over the pairs that can matter while each multiplier stays within delta of the best known."""

    def __init__(self, pricer: Pricer, best: Relaxed, delta: float) -> None:
        self.pricer, self.best = pricer, best
        instance, candidates = pricer.instance, best.candidates
        self.rows, self.reps = instance.lower.shape
        self.limits = np.maximum(instance.limits, 1).astype(np.float64)
        self.delta = delta
        reach = 2.2 * delta * pricer.pairs.scaled.sum(axis=1)
        self.delta_budget = delta * self.reps / self.limits
        if len(instance.limits):
            reach = reach + 2.2 * self.delta_budget @ candidates.leaves.max(axis=2)
        reduced = reduced_costs(pricer, candidates, best.multipliers)
        self.inside: BoolArray = reduced <= reduced.min(axis=1)[:, None] + reach[:, None]
        alone = self.inside.sum(axis=1) <= 1
        self.first = np.argmax(self.inside, axis=1)
        self.unit, self.slot = np.nonzero(self.inside & ~alone[:, None])
        self.alone = np.flatnonzero(alone)
        self.free = np.flatnonzero(~alone)
        self.constant = float(candidates.cost[self.alone, self.first[self.alone]].sum())

    def arrays(self) -> Arrays:
        """Build the LP: units that have a choice, bands and budgets less what the others use, and the box."""
        instance = self.pricer.instance
        scaled = np.where(self.pricer.pairs.scaled < TINY, 0.0, self.pricer.pairs.scaled)
        candidates, mu = self.best.candidates, self.best.multipliers
        model = Model()
        pair = model.add_columns(
            "x", len(self.unit), cost=candidates.cost[self.unit, self.slot], integer=False
        )
        seat = candidates.seat[self.unit, self.slot].astype(np.int64)
        most = (instance.prices * instance.scale)[:, None]
        above = np.minimum(mu.band + self.delta, most)
        below = np.minimum(self.delta - mu.band, most)
        count = self.rows * self.reps
        over = model.add_columns("over", count, cost=above.ravel(), upper=np.inf, integer=False)
        under = model.add_columns("under", count, cost=below.ravel(), upper=np.inf, integer=False)
        place = np.searchsorted(self.free, self.unit)
        model.add_rows("assign", place, pair, count=len(self.free), lower=1.0, upper=1.0)
        own = candidates.seat[self.alone, self.first[self.alone]]
        for k in range(self.rows):
            used = np.bincount(own, scaled[self.alone, k], minlength=self.reps)
            here, seats = slice(k * self.reps, (k + 1) * self.reps), np.arange(self.reps)
            model.add_rows(
                f"band{k}",
                np.concatenate((seat, seats, seats)),
                np.concatenate((pair, over[here], under[here])),
                np.concatenate((scaled[self.unit, k], -np.ones(self.reps), np.ones(self.reps))),
                count=self.reps,
                lower=self.pricer.lower[k] - used,
                upper=self.pricer.upper[k] - used,
            )
        for b in range(len(instance.limits)):
            self._budget_row(model, pair, b)
        return model.arrays()

    def _budget_row(self, model: Model, pair: IntArray, b: int) -> None:
        """Add a budget, scaled such that its limit is the number of seats."""
        candidates, unit = self.best.candidates, self.limits[b] / self.reps
        price = float(self.best.multipliers.budget[b]) * unit
        over = model.add_columns(f"beyond{b}", 1, cost=price + self.delta, upper=np.inf, integer=False)
        under = (
            model.add_columns(f"within{b}", 1, cost=self.delta - price, upper=np.inf, integer=False)
            if price > self.delta
            else over[:0]
        )
        used = float(candidates.leaves[b, self.alone, self.first[self.alone]].sum())
        leaves = candidates.leaves[b, self.unit, self.slot] / unit
        leaves = np.where(leaves < TINY, 0.0, leaves)
        column = np.concatenate((pair, over, under))
        value = np.concatenate((leaves, -np.ones(1), np.ones(len(under))))
        limit = (float(self.pricer.instance.limits[b]) - used) / unit
        model.add_rows(
            f"budget{b}", np.zeros(len(column), dtype=np.int64), column, value, count=1, upper=limit
        )

    def multipliers(self, duals: FloatArray) -> Multipliers:
        """Return the duals of the LP as multipliers of the instance."""
        first = len(self.free)
        band = -duals[first : first + self.rows * self.reps].reshape(self.rows, self.reps)
        budget = -duals[first + self.rows * self.reps :] / self.limits * self.reps
        return valid(self.pricer.instance, Multipliers(np.ascontiguousarray(band), budget))

    def touched(self, x: FloatArray) -> bool:
        """Say whether a multiplier pushes against the box, where the price of a band is not what stops it."""
        slack = x[len(self.unit) : len(self.unit) + 2 * self.rows * self.reps].reshape(
            2, self.rows, self.reps
        )
        hard = np.isinf(self.pricer.instance.prices)
        budget = x[len(self.unit) + 2 * self.rows * self.reps :]
        return bool((slack[:, hard] > 1e-7).any() or (budget > 1e-7).any())

    def rounded(self, x: FloatArray) -> IntArray:
        """Return the seat of the largest share of each unit."""
        share = np.zeros(self.inside.shape)
        share[self.alone, self.first[self.alone]] = 1.0
        share[self.unit, self.slot] = x[: len(self.unit)]
        best = np.argmax(share, axis=1)
        return np.asarray(self.best.candidates.seat[np.arange(len(best)), best], dtype=np.int64)


def reduced_costs(pricer: Pricer, candidates: Candidates, multipliers: Multipliers) -> FloatArray:
    """Return r of each candidate, shape (unit, slot); inf where there is none."""
    reduced = candidates.cost.copy()
    seat = np.maximum(candidates.seat, 0)
    for k, mu in enumerate(multipliers.band):
        reduced += mu[seat] * pricer.pairs.scaled[:, k, None]
    for b, price in enumerate(multipliers.budget):
        reduced += price * candidates.leaves[b]
    return reduced
