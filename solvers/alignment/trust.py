"""The LP over all pairs, solved by steps inside a box of multipliers.

In the dual LP let every multiplier stay within a delta of its own of the best ones known (a "boxstep": Marsten, Hogan,
Blankenship 1975). Then only pairs whose reduced cost can fall to what their unit's best can rise to can matter: few,
and exactly known. The small LP over them is solved, its value is the bound at its duals, and the box moves there; it
grows along the multipliers that push against it, and shrinks as a whole where its LP would be too large or pairs were
cut off by the number of slots: where many seats compete, some multipliers have a long way to go, and most have none.
When no multiplier touches the box the LP over all pairs is solved to its optimum; the steps end before that when they
raise the bound by too little to matter. Each step's bound is evaluated over all pairs by the pricer: no solver is
trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from solvers.alignment.instance import BoolArray, FloatArray, IntArray
from solvers.alignment.multipliers import Multipliers, valid
from solvers.alignment.pricing import Candidates, Pricer
from solvers.model import Arrays, Model
from solvers.solution import Solution, Status

SLOTS = 16
STEPS = 40
FIRST = 0.012
"""First half-width of the box, as a share of the mean absolute multiplier."""
GROW, SHRINK = 3.0, 0.25
"""Factors of the half-width: along a multiplier that pushes, and of a box that failed."""
KEPT = 0.5
"""Share of the rise that an LP promises and the bound over all pairs must keep for the box to move on."""
TOUCH = 1e-7
BEYOND = 0.02
"""Mean seats outside the rows of an LP above which its multipliers are no guide to an alignment yet."""
TINY = 1e-8
"""Scaled weights below this are left out of the LP (never out of the bound): solvers refuse such coefficients."""
LARGEST_LP = 600_000
"""Columns of units with a choice above which a box is shrunk before its LP is tried."""

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


def priced(pricer: Pricer, bound: float, multipliers: Multipliers) -> Relaxed:
    """Return the relaxation before any LP: each unit at its best candidate for multipliers that prove a bound."""
    _, candidates = pricer.candidates(multipliers, SLOTS)
    return Relaxed(bound, multipliers, candidates, candidates.seat[:, 0].astype(np.int64), -np.inf)


def relax(pricer: Pricer, start: Relaxed, lp: Lp, worth: float = 0.0) -> Relaxed:
    """Improve the multipliers by box steps until the LP over all pairs is solved, or no step helps.

    `worth` is the relative rise of the bound below which a step was the last, once the LP all but keeps its rows.
    """
    best, known = start, start.multipliers
    mean = float(np.abs(known.band).mean())
    unit = mean if mean > 0 else max(abs(start.bound), 1e-9) / pricer.instance.units
    box = Box(np.full(known.band.shape, FIRST * unit), np.full(len(known.budget), FIRST * unit))
    for _ in range(STEPS):
        step = _Step(pricer, best, box)
        if len(step.unit) > LARGEST_LP:
            box = box.scaled(0.5)
            continue
        solved = lp(step.arrays())
        if solved.status != Status.OPTIMAL or solved.x is None or solved.row_duals is None:
            break
        found = step.multipliers(solved.row_duals)
        bound, candidates = pricer.candidates(found, SLOTS)
        value, pushed = solved.objective + step.constant, step.pushed(solved.x)
        before = best.bound
        little = 0.0 <= bound - before < worth * abs(bound) and pushed.beyond < BEYOND
        if bound > before or not pushed.any:
            kept = found if bound > before else best.multipliers
            held = candidates if bound > before else best.candidates
            best = Relaxed(max(bound, before), kept, held, step.rounded(solved.x), value)
            if not pushed.any or little:
                break
            kept_word = bound - before >= KEPT * (value - before)
            box = box.moved(pushed) if kept_word else box
        else:
            box = box.scaled(SHRINK)
    return best


class Pushed(NamedTuple):
    """Which multipliers push against the box."""

    band: BoolArray
    budget: BoolArray
    beyond: float
    """What lies outside the rows at that price, in mean seats."""

    @property
    def any(self) -> bool:
        """Whether one does."""
        return bool(self.band.any() or self.budget.any())


@dataclass(frozen=True)
class Box:
    """Half-widths around the best multipliers, in cost per scaled unit."""

    band: FloatArray
    """Shape (row kind, rep)."""
    budget: FloatArray
    """Shape (budget,); a budget is scaled such that its limit is the number of seats."""

    def scaled(self, factor: float) -> Box:
        """Return the box with every half-width scaled."""
        return Box(self.band * factor, self.budget * factor)

    def moved(self, pushed: Pushed) -> Box:
        """Return the box after a step that kept its promise: longer where it was pushed."""
        return Box(
            self.band * np.where(pushed.band, GROW, 1.0), self.budget * np.where(pushed.budget, GROW, 1.0)
        )


class _Step:
    """The LP over the pairs that can matter while the multipliers stay in a box around the best known."""

    def __init__(self, pricer: Pricer, best: Relaxed, box: Box) -> None:
        self.pricer, self.best, self.box = pricer, best, box
        instance, candidates = pricer.instance, best.candidates
        self.rows, self.reps = instance.lower.shape
        self.limits = np.maximum(instance.limits, 1).astype(np.float64)
        seat = np.maximum(candidates.seat, 0)
        reach = np.zeros(candidates.cost.shape)
        for k, delta in enumerate(box.band):
            reach += 1.1 * delta[seat] * pricer.pairs.scaled[:, k, None]
        for b, delta_budget in enumerate(box.budget * self.reps / self.limits):
            reach += 1.1 * delta_budget * candidates.leaves[b]
        reduced = reduced_costs(pricer, candidates, best.multipliers)
        self.inside: BoolArray = reduced - reach <= (reduced + reach).min(axis=1)[:, None]
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
        above = np.minimum(mu.band + self.box.band, most)
        below = np.minimum(self.box.band - mu.band, most)
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

    def _price(self, b: int) -> float:
        """Return the multiplier of a budget, scaled such that its limit is the number of seats."""
        return float(self.best.multipliers.budget[b]) * float(self.limits[b]) / int(self.reps)

    def _budget_row(self, model: Model, pair: IntArray, b: int) -> None:
        """Add a budget, scaled such that its limit is the number of seats."""
        candidates, unit = self.best.candidates, self.limits[b] / self.reps
        price, delta = self._price(b), float(self.box.budget[b])
        over = model.add_columns(f"beyond{b}", 1, cost=price + delta, upper=np.inf, integer=False)
        under = (
            model.add_columns(f"within{b}", 1, cost=delta - price, upper=np.inf, integer=False)
            if price > delta
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

    def pushed(self, x: FloatArray) -> Pushed:
        """Say which multipliers push against the box, where the price of a band is not what stops them."""
        count, first = self.rows * self.reps, len(self.unit)
        hard = np.isinf(self.pricer.instance.prices)
        slack = x[first : first + 2 * count].reshape(2, self.rows, self.reps)[:, hard]
        band = np.zeros((self.rows, self.reps), dtype=np.bool_)
        band[hard] = (slack > TOUCH).any(axis=0)
        budget, at = np.zeros(len(self.limits), dtype=np.bool_), first + 2 * count
        for b in range(len(self.limits)):
            columns = 2 if self._price(b) > self.box.budget[b] else 1
            budget[b] = bool((x[at : at + columns] > TOUCH).any())
            at += columns
        return Pushed(band, budget, float(slack.sum() + x[first + 2 * count :].sum()))

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
